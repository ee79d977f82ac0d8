//! What the sheets for deciding say before a person changes a word of it.
//!
//! One source for the cockpit, the commands and decisions about many deals at once.

use chrono::NaiveDate;

use super::bank::Bank;
use super::eval::DealEval;
use super::fit::MustState;
use super::hours::weeks_to;
use super::signal::Signal;
use super::verdict::{Reason, Thresholds, Verdict};

/// The question that a sale which one does not want answers with no.
pub const GLAD: &str = "MON4";
/// Days after which a hold ends at the latest, when none is given.
pub const HOLD_DAYS: u64 = 28;
/// Days until a next step is due, when none is given.
pub const STEP_DAYS: u64 = 7;
/// Days until a tripwire falls due, when none is given.
pub const TRIPWIRE_DAYS: u64 = 14;
/// Days until a nurtured prospect is looked at again, when none is given.
pub const NURTURE_DAYS: u64 = 90;

/// What to say to them next; `None` where nothing is left to ask.
pub fn ask<'b>(bank: &'b Bank, eval: &DealEval) -> Option<&'b str> {
    Some(bank[eval.ask?].words_to_say(&eval.signals))
}

/// The reasons to fire that are offered, and whether each is ticked: those of a FIRE, and where the
/// verdict is another one the open red signals, which then stand first with what they counted. What
/// is merely not known is offered and not ticked.
pub fn fire_reasons(
    bank: &Bank,
    eval: &DealEval,
    figures: impl Fn(&Signal) -> String,
) -> Vec<(String, bool)> {
    let fires = eval.verdict == Some(Verdict::Fire);
    let mut rows: Vec<(String, bool)> = eval
        .reasons
        .iter()
        .filter(|reason| fires || !matches!(reason, Reason::Red(_)))
        .map(|reason| (reason.words(bank), fires))
        .collect();
    let is_told = |id| fires && eval.reasons.contains(&Reason::Red(id));
    let red = eval.signals.iter().filter(|signal| signal.is_open_red());
    let red = red.filter(|signal| !is_told(signal.id)).map(|signal| {
        let title = signal.id.kind().title;
        let figures = figures(signal);
        if figures.is_empty() {
            (title.to_owned(), !fires)
        } else {
            (format!("{title}: {figures}"), !fires)
        }
    });
    let at = if fires { rows.len() } else { 0 };
    rows.splice(at..at, red.collect::<Vec<_>>());
    rows
}

/// The next step of a deal that goes on.
pub fn next_step(bank: &Bank, eval: &DealEval) -> String {
    match eval.ask {
        Some(ix) => format!("ask them: {}", bank[ix].ask),
        None => "agree the next step".to_owned(),
    }
}

/// What they must do before a hold ends.
pub fn hold_until(bank: &Bank, eval: &DealEval) -> String {
    match eval.ask {
        Some(ix) => format!("they answer about {}", bank[ix].short),
        None => "they make the next move".to_owned(),
    }
}

/// The parts of a tripwire's sentence: the weakest must, or else the next ask.
pub fn tripwire(bank: &Bank, eval: &DealEval) -> Slots {
    let musts = [
        (eval.musts.signer, "the signer", "met us"),
        (
            eval.musts.problem,
            THEY,
            "named the problem in their own words",
        ),
        (eval.musts.date, THEY, "said when and how they buy"),
    ];
    let unmet = musts
        .into_iter()
        .find(|(state, ..)| *state != MustState::Yes);
    let (who, act) = match (unmet, eval.ask) {
        (Some((_, who, act)), _) => (who, act.to_owned()),
        (None, Some(ix)) => (THEY, format!("answered about {}", bank[ix].short)),
        (None, None) => (THEY, MOVED.to_owned()),
    };
    Slots {
        who: who.to_owned(),
        act,
        otherwise: FIRE.to_owned(),
    }
}

/// Who is to act where nobody is named.
const THEY: &str = "they";
/// What they are to have done where nothing is said.
const MOVED: &str = "moved";
/// What follows where nothing is said.
const FIRE: &str = "I fire it";

/// The parts of a tripwire's sentence: who, what act, else what. Its day is the tripwire's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Who is to act; empty: they.
    pub who: String,
    /// What they are to have done, as "met us"; empty: moved.
    pub act: String,
    /// What follows where they have not; empty: I fire it.
    pub otherwise: String,
}

impl Slots {
    /// Tells whether none was given.
    pub fn is_empty(&self) -> bool {
        [&self.who, &self.act, &self.otherwise]
            .iter()
            .all(|slot| slot.trim().is_empty())
    }

    /// Returns the sentence for a day, as it is written where it is read.
    pub fn sentence(&self, by: &str) -> String {
        let or = |slot: &str, other: &str| {
            let slot = slot.trim().trim_end_matches('.');
            if slot.is_empty() { other } else { slot }.to_owned()
        };
        let who = or(&self.who, THEY);
        let are_many = who.eq_ignore_ascii_case(THEY) || who.contains(" and ");
        let have = if are_many { "have" } else { "has" };
        format!(
            "{} if {who} {have} not {} by {by}.",
            or(&self.otherwise, FIRE),
            or(&self.act, MOVED),
        )
    }

    /// Reads the parts of a sentence that was made of them; `None` for one in other words.
    pub fn read(sentence: &str) -> Option<Self> {
        let (otherwise, rest) = sentence.strip_suffix('.')?.split_once(" if ")?;
        let split = |have: &str| rest.split_once(have);
        let (who, rest) = split(" has not ").or_else(|| split(" have not "))?;
        let (act, by) = rest.rsplit_once(" by ")?;
        let slots = Self {
            who: who.to_owned(),
            act: act.to_owned(),
            otherwise: otherwise.to_owned(),
        };
        (slots.sentence(by) == sentence).then_some(slots)
    }
}

/// How the hours that firing frees were worked out.
pub fn hours_formula(
    eval: &DealEval,
    close: Option<NaiveDate>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> String {
    let weeks = weeks_to(close, &thresholds.hours, today);
    let assumed = if eval.hours.assumed { ", assumed" } else { "" };
    format!(
        "{} h a week{assumed} × {weeks:.1} weeks",
        eval.hours.per_week
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(who: &str, act: &str, otherwise: &str) -> Slots {
        Slots {
            who: who.to_owned(),
            act: act.to_owned(),
            otherwise: otherwise.to_owned(),
        }
    }

    #[test]
    fn a_sentence_is_made_of_its_parts_and_read_back() {
        let by = "2026-12-07";
        let cases = [
            (
                slots("Tom Reed", "met us", ""),
                "I fire it if Tom Reed has not met us by 2026-12-07.",
            ),
            (
                slots("Tom and Kim", "met us", "It goes to Dana"),
                "It goes to Dana if Tom and Kim have not met us by 2026-12-07.",
            ),
            (
                Slots::default(),
                "I fire it if they have not moved by 2026-12-07.",
            ),
        ];
        for (slots, sentence) in cases {
            assert_eq!(slots.sentence(by), sentence);
            assert_eq!(Slots::read(sentence).unwrap().sentence(by), sentence);
        }
        assert_eq!(
            slots("", "met us.", "").sentence(by).matches('.').count(),
            1
        );
    }

    #[test]
    fn a_sentence_in_other_words_has_no_parts() {
        for sentence in [
            "I fire it if the data sample is not here by 23 Nov.",
            "I fire it if nothing happens",
            "If they has not moved by Friday.",
            "",
        ] {
            assert_eq!(Slots::read(sentence), None, "{sentence}");
        }
    }
}
