//! What the sheets for deciding say before a person changes a word of it.
//!
//! One source for the cockpit, the commands and decisions about many deals at once.

use chrono::NaiveDate;

use super::bank::Bank;
use super::eval::DealEval;
use super::fit::MustState;
use super::hours::weeks_to;
use super::verdict::Thresholds;

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
    let question = &bank[eval.ask?];
    let is_red = eval
        .signals
        .iter()
        .any(|s| s.red_topic() == Some(question.topic));
    Some(question.words_to_say(is_red))
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

/// The sentence of a tripwire: the weakest must, or else the next ask, with its day as it is
/// written where it is read.
pub fn tripwire(bank: &Bank, eval: &DealEval, by: &str) -> String {
    let musts = [
        (eval.musts.signer, "the signer has not met us"),
        (
            eval.musts.problem,
            "they have not named the problem in their own words",
        ),
        (eval.musts.date, "they cannot say when and how they buy"),
    ];
    let unmet = musts
        .into_iter()
        .find(|(state, _)| *state != MustState::Yes);
    match (unmet, eval.ask) {
        (Some((_, what)), _) => format!("I fire it if {what} by {by}."),
        (None, Some(ix)) => format!("I fire it if {} is still open on {by}.", bank[ix].short),
        (None, None) => format!("I fire it if they have not moved by {by}."),
    }
}

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

    /// Returns the sentence for a day.
    pub fn sentence(&self, by: NaiveDate) -> String {
        let or = |slot: &str, other: &str| {
            let slot = slot.trim().trim_end_matches('.');
            if slot.is_empty() { other } else { slot }.to_owned()
        };
        let who = or(&self.who, "they");
        let have = if who.eq_ignore_ascii_case("they") {
            "have"
        } else {
            "has"
        };
        format!(
            "{} if {who} {have} not {} by {by}.",
            or(&self.otherwise, "I fire it"),
            or(&self.act, "moved"),
        )
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

    #[test]
    fn a_sentence_is_made_of_its_parts() {
        let by = NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
        let slots = Slots {
            who: "Tom Reed".to_owned(),
            act: "met us.".to_owned(),
            otherwise: String::new(),
        };

        assert_eq!(
            slots.sentence(by),
            "I fire it if Tom Reed has not met us by 2026-12-07."
        );
        assert_eq!(
            Slots::default().sentence(by),
            "I fire it if they have not moved by 2026-12-07."
        );
    }
}
