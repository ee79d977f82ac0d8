//! What minutes say, line by line: the same on screen, as Markdown and as a page.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::changed::{Part, Telling};
use super::charter::CharterReply;
use super::minutes::{Minutes, MinutesDeal, MinutesDecision, MinutesOwed};
use super::seal::{Chosen, Pair, PairOf};
use crate::domain::deal::{DecisionKind, Side};
use crate::domain::locale::with_days;
use crate::domain::shown::{Free, Label};

/// Why writing to a string cannot fail.
const TAKES: &str = "a string takes all that is written";

/// A line of the minutes, before it is laid out. What a mask hides is hidden in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MinutesBlock {
    /// The heading of all.
    Title(String),
    /// A heading of a deal or a part.
    Heading(String),
    /// A sentence.
    Line(String),
    /// An item of a list, with a word before it.
    Item(&'static str, String),
}

impl Minutes {
    /// Says the minutes: of each deal first what was decided and is owed, then how they came to it.
    pub fn told(&self, told: &Telling<'_>) -> Vec<MinutesBlock> {
        let says = Says {
            minutes: self,
            told,
            day: self.session.started.date_naive(),
        };
        says.blocks()
    }
}

/// What the sentences need.
struct Says<'m, 't> {
    minutes: &'m Minutes,
    told: &'t Telling<'t>,
    /// The day of the meeting.
    day: NaiveDate,
}

fn item(word: &'static str, text: impl Into<String>) -> MinutesBlock {
    MinutesBlock::Item(word, text.into())
}

impl Says<'_, '_> {
    fn blocks(&self) -> Vec<MinutesBlock> {
        let minutes = self.minutes;
        let session = &minutes.session;
        let who = match &session.manager {
            Some(manager) => format!("{} and {manager}", session.rep),
            None => session.rep.clone(),
        };
        let day = self.told.locale.whole_date(self.day);
        let [fired, held, continued] = minutes.decided();
        let deals = match minutes.deals.len() {
            1 => "1 deal".to_owned(),
            count => format!("{count} deals"),
        };
        let mut blocks = vec![
            MinutesBlock::Title(format!("1:1 of {who}, {day}")),
            MinutesBlock::Line(format!(
                "{deals} in {} of {} minutes: {fired} fired, {held} on hold, {continued} continued.",
                minutes.took(),
                session.clock.plan,
            )),
        ];
        for deal in &minutes.deals {
            self.deal(deal, &mut blocks);
        }
        let owed = minutes.deals.iter().flat_map(|deal| {
            let owed = deal.owed.iter();
            owed.map(move |owed| format!("{}: {}", self.name(deal), self.owes(deal, owed)))
        });
        let owed: Vec<String> = owed.collect();
        if !owed.is_empty() {
            blocks.push(MinutesBlock::Heading("Who owes what".to_owned()));
            blocks.extend(owed.into_iter().map(|text| item("", text)));
        }
        if !minutes.next_time.is_empty() {
            blocks.push(MinutesBlock::Heading("Next time".to_owned()));
            for (deal, name) in &minutes.next_time {
                let name = self.told.mask.name(name, Label::Deal(*deal)).into_owned();
                blocks.push(item("", name));
            }
        }
        blocks
    }

    fn name(&self, deal: &MinutesDeal) -> String {
        let label = Label::Deal(deal.deal);
        self.told.mask.name(&deal.name, label).into_owned()
    }

    fn free(&self, deal: &MinutesDeal, text: &Free) -> String {
        self.told.mask.free(text, Some(deal.deal)).into_owned()
    }

    /// The same of a sentence that was kept with its days: they read as all others here.
    fn said(&self, deal: &MinutesDeal, sentence: &Free) -> String {
        with_days(&self.free(deal, sentence), |day| self.date(day)).into_owned()
    }

    /// A day, with its year where that is not the meeting's.
    fn date(&self, day: NaiveDate) -> String {
        self.told.locale.date(day, self.day)
    }

    fn deal(&self, deal: &MinutesDeal, blocks: &mut Vec<MinutesBlock>) {
        let minutes = (f64::from(deal.seconds) / 60.0).ceil();
        let why = deal.why.words();
        blocks.push(MinutesBlock::Heading(format!(
            "{} · {why} · {minutes} min",
            self.name(deal)
        )));
        if deal.decisions.is_empty() {
            blocks.push(item("Decided", "nothing"));
        }
        for decision in &deal.decisions {
            blocks.push(item("Decided", self.decided(deal, decision)));
        }
        if let Some(said) = &deal.may_fire {
            let sentence = self.free(deal, &said.sentence);
            blocks.push(item("Said", format!("{}: “{sentence}”", said.who)));
        }
        if let Some((reply, reason)) = &deal.request {
            let words = match reply {
                CharterReply::Stands => "the firing stands".to_owned(),
                CharterReply::Overruled => {
                    let why = reason.as_ref().map(|why| self.free(deal, why));
                    format!("overruled: {}", why.unwrap_or_default())
                }
            };
            blocks.push(item("Charter", words));
        }
        for owed in &deal.owed {
            blocks.push(item("Owed", self.owes(deal, owed)));
        }
        for pair in &deal.differences {
            blocks.push(item("Differed", self.difference(pair)));
        }
        if deal.same > 0 {
            blocks.push(item("Agreed", format!("{} sealed answers", deal.same)));
        }
        blocks.push(item("Changed", self.changed(deal)));
        for note in &deal.notes {
            blocks.push(item("Note", self.free(deal, note)));
        }
    }

    fn changed(&self, deal: &MinutesDeal) -> String {
        if deal.changed.is_nothing() {
            return "nothing".to_owned();
        }
        let parts = Part::ALL
            .iter()
            .filter(|part| deal.changed.of(**part).next().is_some());
        let parts = parts.map(|part| {
            let words = deal.changed.words(*part, deal.deal, self.told);
            format!("{}: {words}", part.code())
        });
        parts.collect::<Vec<_>>().join("; ")
    }

    fn difference(&self, pair: &Pair) -> String {
        let rep = &self.minutes.session.rep;
        let manager = self.minutes.session.manager.as_deref().unwrap_or("they");
        let settled = match pair.chosen {
            Some(Chosen::Rep) => format!("settled as {rep} said"),
            Some(Chosen::Manager) => format!("settled as {manager} said"),
            Some(Chosen::Other) => "settled otherwise".to_owned(),
            None => "not settled".to_owned(),
        };
        let effect = match pair.effect.words() {
            words if words.is_empty() => words,
            words => format!(" ({words})"),
        };
        format!(
            "{}: {rep} {}; {manager} {}{effect}; {settled}",
            self.short(&pair.of),
            pair.rep.words(),
            pair.manager.words(),
        )
    }

    fn short(&self, of: &PairOf) -> String {
        match of {
            PairOf::Verdict => "the verdict".to_owned(),
            PairOf::Question(id) => {
                let bank = self.told.bank;
                let found = bank.find(id).map(|ix| bank[ix].short.clone());
                found.unwrap_or_else(|| id.clone())
            }
        }
    }

    fn decided(&self, deal: &MinutesDeal, decision: &MinutesDecision) -> String {
        let free = |text: &str| self.said(deal, &text.into());
        let mut text = format!("{} by {}", verb(decision.kind), decision.who);
        let said = deal.may_fire.as_ref();
        match (&decision.authority, said) {
            (Some(of), Some(said)) if *of == said.authority() => {
                write!(text, " on {}'s word", said.who).expect(TAKES);
            }
            (Some(of), _) => write!(text, " ({})", free(of)).expect(TAKES),
            (None, _) => {}
        }
        if !decision.reasons.is_empty() {
            write!(text, ": {}", free(&decision.reasons.join(", "))).expect(TAKES);
        }
        if let Some(sentence) = &decision.sentence {
            write!(text, "; {}", self.said(deal, sentence)).expect(TAKES);
        }
        if let Some(until) = decision.until {
            write!(text, " ({})", self.date(until)).expect(TAKES);
        }
        text
    }

    fn owes(&self, deal: &MinutesDeal, owed: &MinutesOwed) -> String {
        let who = match (&owed.who, owed.side) {
            (Some(who), _) => who.clone(),
            (None, Side::We) => "we".to_owned(),
            (None, Side::They) => "they".to_owned(),
        };
        let Telling { bank, mask, .. } = *self.told;
        let what = owed.words(deal.deal, bank, mask);
        let mut text = if owed.is_ask {
            let label = Label::Contact {
                id: deal.deal.0,
                deal: Some(deal.deal),
            };
            let to = owed.to.as_ref().map(|to| mask.name(to, label));
            match to {
                Some(to) => format!("{who} asks {to}: {what}"),
                None => format!("{who} asks: {what}"),
            }
        } else {
            format!("{who}: {what}")
        };
        if let Some(due) = owed.due {
            write!(text, ", by {}", self.date(due)).expect(TAKES);
        }
        text
    }
}

/// A decision's verb.
fn verb(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Fired => "fired",
        DecisionKind::Continued => "continued",
        DecisionKind::Hold => "on hold",
        DecisionKind::Reinstated => "reinstated",
    }
}
