//! What a sitting did, on one page: decisions with their reasons and hours, asks, what is due.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::changed::Telling;
use super::told::MinutesBlock;
use crate::domain::deal::{AskState, DecisionKind, DueKind, WeekAsk, WeekDue};
use crate::domain::ids::DealId;
use crate::domain::locale::with_days;
use crate::domain::shown::{Free, Label, Name};

/// Why writing to a string cannot fail.
const TAKES: &str = "a string takes all that is written";

/// The most that is listed under one heading, so that it stays a page.
const LISTED: usize = 40;

/// A decision of the sitting.
#[derive(Clone, Debug)]
pub struct TriageDecision {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// What was decided.
    pub kind: DecisionKind,
    /// On which day.
    pub day: NaiveDate,
    /// By whom.
    pub who: String,
    /// Why, in the words of the record.
    pub reasons: Vec<String>,
    /// Minutes that a firing freed, an estimate.
    pub minutes_reclaimed: i64,
    /// The sentence of the tripwire, what a hold waits for, or the terms of a reinstatement.
    pub sentence: Option<Free>,
    /// Until what day: of a nurture, a hold, or the tripwire.
    pub until: Option<NaiveDate>,
    /// The deal's next step, and its day.
    pub next_step: Option<(Free, Option<NaiveDate>)>,
}

/// What a sitting did.
#[derive(Clone, Debug)]
pub struct Triage {
    /// The first day that counts.
    pub since: NaiveDate,
    /// Decisions from that day on, the first first.
    pub decisions: Vec<TriageDecision>,
    /// Asks that were made or answered from that day on.
    pub asks: Vec<WeekAsk>,
    /// What falls due within a fortnight, or did.
    pub due: Vec<WeekDue>,
}

impl Triage {
    /// The decisions of one kind, the first first.
    pub fn of(&self, kind: DecisionKind) -> impl Iterator<Item = &TriageDecision> {
        let all = self.decisions.iter();
        all.filter(move |decision| decision.kind == kind)
    }

    /// Minutes that the firings freed, an estimate.
    pub fn minutes_reclaimed(&self) -> i64 {
        let fired = self.of(DecisionKind::Fired);
        fired.map(|decision| decision.minutes_reclaimed).sum()
    }

    /// Says it, line by line.
    pub fn told(&self, told: &Telling<'_>) -> Vec<MinutesBlock> {
        let says = Says { told };
        let last = says.told.locale.whole_date(told.today);
        let title = if self.since >= told.today {
            format!("Triage of {last}")
        } else {
            let first = says.told.locale.whole_date(self.since);
            format!("Triage, {first} to {last}")
        };
        let count = |kind| says.number(self.of(kind).count());
        let mut blocks = vec![
            MinutesBlock::Title(title),
            MinutesBlock::Line(format!(
                "{} fired, {} on hold, {} continued; {} h back, an estimate.",
                count(DecisionKind::Fired),
                count(DecisionKind::Hold),
                count(DecisionKind::Continued),
                says.hours(self.minutes_reclaimed()),
            )),
        ];
        for (heading, kind) in [
            ("Fired", DecisionKind::Fired),
            ("On hold", DecisionKind::Hold),
            ("Continued", DecisionKind::Continued),
            ("Taken back", DecisionKind::Reinstated),
        ] {
            let items = self.of(kind).map(|decision| says.decision(decision));
            says.list(heading, items.collect(), &mut blocks);
        }
        let asks = self.asks.iter().map(|ask| says.ask(ask)).collect();
        says.list("Asked", asks, &mut blocks);
        let due = self.due.iter().map(|due| says.due(due)).collect();
        says.list("Due", due, &mut blocks);
        blocks
    }
}

/// What the sentences need.
struct Says<'t> {
    told: &'t Telling<'t>,
}

impl Says<'_> {
    fn number(&self, count: usize) -> String {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.told.locale.number(count)
    }

    fn hours(&self, minutes: i64) -> String {
        self.told.locale.hours(minutes as f64 / 60.0)
    }

    fn date(&self, day: NaiveDate) -> String {
        self.told.locale.date(day, self.told.today)
    }

    fn name(&self, deal: DealId, name: &Name) -> String {
        self.told.mask.name(name, Label::Deal(deal)).into_owned()
    }

    /// A text of the user's, with its days as all others here.
    fn free(&self, deal: DealId, text: &Free) -> String {
        let text = self.told.mask.free(text, Some(deal));
        with_days(&text, |day| self.date(day)).into_owned()
    }

    /// What is put to them: a question of the bank is no text of the user's.
    fn asked(&self, ask: &WeekAsk) -> String {
        let Telling { bank, mask, .. } = *self.told;
        mask.asked(&ask.text, Some(bank), Some(ask.deal))
            .into_owned()
    }

    /// A heading with its items, as far as a page holds them; nothing where there is none.
    fn list(&self, heading: &str, items: Vec<String>, blocks: &mut Vec<MinutesBlock>) {
        if items.is_empty() {
            return;
        }
        let more = items.len().saturating_sub(LISTED);
        blocks.push(MinutesBlock::Heading(heading.to_owned()));
        let shown = items.into_iter().take(LISTED);
        blocks.extend(shown.map(|text| MinutesBlock::Item("", text)));
        if more > 0 {
            let text = format!("and {} more", self.number(more));
            blocks.push(MinutesBlock::Line(text));
        }
    }

    fn decision(&self, one: &TriageDecision) -> String {
        let mut text = format!("{}, by {}", self.name(one.deal, &one.name), one.who);
        if !one.reasons.is_empty() {
            let why = Free::new(one.reasons.join(", "));
            write!(text, ": {}", self.free(one.deal, &why)).expect(TAKES);
        }
        if let Some((step, due)) = &one.next_step {
            write!(text, "; next: {}", self.free(one.deal, step)).expect(TAKES);
            if let Some(due) = due {
                write!(text, ", {}", self.date(*due)).expect(TAKES);
            }
        }
        if let Some(sentence) = &one.sentence {
            write!(text, "; {}", self.free(one.deal, sentence)).expect(TAKES);
        }
        // The sentence of a tripwire says its day itself.
        let until = one.until.filter(|_| one.kind != DecisionKind::Continued);
        if let Some(until) = until {
            write!(text, " ({})", self.date(until)).expect(TAKES);
        }
        if one.kind == DecisionKind::Fired {
            write!(text, "; {} h back", self.hours(one.minutes_reclaimed)).expect(TAKES);
        }
        text
    }

    fn ask(&self, ask: &WeekAsk) -> String {
        let label = Label::Contact {
            id: ask.deal.0,
            deal: Some(ask.deal),
        };
        let whom = ask.contact.as_ref();
        let whom = whom.map(|name| format!(", {}", self.told.mask.name(name, label)));
        let mut text = format!(
            "{}{}: {}",
            self.name(ask.deal, &ask.name),
            whom.unwrap_or_default(),
            self.asked(ask),
        );
        match (ask.state, &ask.reply, ask.due) {
            (AskState::Answered, Some(reply), _) => {
                write!(text, " answered: {}", self.free(ask.deal, reply)).expect(TAKES);
            }
            (AskState::Answered, None, _) => text.push_str(" answered"),
            (
                AskState::Open | AskState::NoReply | AskState::NotAsked | AskState::Dropped,
                _,
                Some(day),
            ) => {
                write!(text, " by {}", self.date(day)).expect(TAKES);
            }
            (
                AskState::Open | AskState::NoReply | AskState::NotAsked | AskState::Dropped,
                _,
                None,
            ) => {}
        }
        text
    }

    fn due(&self, due: &WeekDue) -> String {
        let what = match due.what {
            DueKind::Tripwire | DueKind::Commitment | DueKind::Check => "",
            DueKind::Hold => "on hold until: ",
            DueKind::Trial => "trial begins, ",
        };
        format!(
            "{}, {}: {what}{}",
            self.date(due.day),
            self.name(due.deal, &due.name),
            self.free(due.deal, &due.words),
        )
    }
}
