//! Signals: what the record shows without being asked.
//!
//! A signal is computed from a deal's [`Record`]. It reads topics of
//! questions and never their ids, and adds no points of its own. One function detects one
//! signal; [`detect`] runs all of them in the order of the table. To add one, write its
//! function beside the others of its kind and name it in [`DETECTORS`].

mod clocks;
mod figure;
mod kinds;

pub use figure::{Figure, Figures};
pub use kinds::{KINDS, SignalId, SignalKind};

use chrono::NaiveDate;

use super::eval::{Clock, Record};
use super::verdict::Thresholds;
use super::{bank::Bank, bank::Topic, fit::answer_at};

/// How much a signal weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It speaks for the deal.
    Good,
    /// It is worth a question.
    Amber,
    /// It keeps a deal from CONTINUE until it is settled.
    Red,
}

impl Level {
    /// Returns the text that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Good, Self::Amber, Self::Red];
        all.into_iter().find(|level| level.code() == code)
    }
}

/// One signal of one deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Which one.
    pub id: SignalId,
    /// How much it weighs.
    pub level: Level,
    /// Whether it was settled; then it is shown and counts no more.
    pub settled: bool,
    /// The day from which it can be settled by an answer; `None` where only the fact settles it.
    pub since: Option<NaiveDate>,
    /// What it counted.
    pub figures: Figures,
}

impl Signal {
    /// Tells whether it is red and not settled.
    pub fn is_open_red(&self) -> bool {
        self.level == Level::Red && !self.settled
    }

    /// Returns the topic whose first core question it answers with no: that of an open red one.
    pub fn red_topic(&self) -> Option<Topic> {
        let topic = self.id.kind().topic;
        topic.filter(|_| self.is_open_red())
    }

    /// Spells it for the store: `overdue red open days:2026-10-01..`.
    pub fn to_text(&self) -> String {
        let state = if self.settled { "settled" } else { "open" };
        let since = self
            .since
            .map_or(String::new(), |day| format!(" since:{day}"));
        let (id, level) = (self.id.code(), self.level.code());
        format!("{id} {level} {state}{since}{}", self.figures)
    }

    /// Reads what [`to_text`](Self::to_text) spelled; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split(' ').peekable();
        let id = SignalId::from_code(words.next()?)?;
        let level = Level::from_code(words.next()?)?;
        let settled = match words.next()? {
            "settled" => true,
            "open" => false,
            _ => return None,
        };
        let mut since = None;
        if let Some(day) = words.peek().and_then(|word| word.strip_prefix("since:")) {
            since = Some(day.parse().ok()?);
            words.next();
        }
        Some(Self {
            id,
            level,
            settled,
            since,
            figures: Figures::from_words(words)?,
        })
    }
}

/// What a detector looks at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The deal.
    pub record: &'a Record,
    /// The bank in force.
    pub bank: &'a Bank,
    /// Where the lines are drawn.
    pub thresholds: &'a Thresholds,
    /// Today, and what changes by itself later.
    pub clock: &'a Clock,
    /// Whether a hold silences the clocks.
    pub is_held: bool,
}

impl Scene<'_> {
    /// Tells whether so many days of silence have passed since a day, counted to the date of
    /// the record and never past it; to today where the deal has none.
    pub fn is_silent_for(&self, since: NaiveDate, days: u16) -> bool {
        let Some(end) = since.checked_add_days(chrono::Days::new(u64::from(days))) else {
            return false;
        };
        let is_known = self.record.known.day.is_none_or(|record| record >= end);
        is_known && self.clock.has_reached(end)
    }

    /// Returns the last day on which anyone did anything, as far as the record tells; its
    /// creation counts, since a deal cannot have been silent before there was one.
    pub fn last_act_by_anyone(&self) -> Option<NaiveDate> {
        let record = self.record;
        let days = [
            record.last_touch,
            record.last_inbound,
            record.last_activity,
            record.created,
        ];
        days.into_iter().flatten().max()
    }

    /// Tells whether an answer settled a signal: a person answered a question of its topic
    /// since the signal began, and a get of theirs was kept after that.
    fn is_settled(&self, id: SignalId, since: NaiveDate) -> bool {
        let (Some(topic), Some(kept)) = (id.kind().topic, self.record.last_kept_get) else {
            return false;
        };
        let mut of_topic = self.bank.iter().filter(|(_, q)| q.topic == topic);
        of_topic.any(|(ix, _)| {
            answer_at(&self.record.answers, ix)
                .is_some_and(|a| a.is_by_person() && a.as_of >= since && kept >= a.as_of)
        })
    }
}

/// Finds one signal, or none.
type Detector = fn(&Scene<'_>) -> Option<Signal>;

/// Every detector, in the order of [`KINDS`].
const DETECTORS: &[Detector] = &[clocks::overdue, clocks::untouched, clocks::no_next_step];

/// Finds the signals of an open deal, in the order of the table; often none.
pub fn detect(scene: &Scene<'_>) -> Vec<Signal> {
    DETECTORS
        .iter()
        .filter_map(|detector| detector(scene))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_signal_is_read_back() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let clock = Figure::Days {
            from: day("2026-10-01"),
            to: None,
        };
        let stopped = Figure::Days {
            from: day("2026-09-01"),
            to: Some(day("2026-11-22")),
        };
        let figures = Figures::default()
            .with("days", clock)
            .with("unanswered", Figure::Count(4));
        let overdue = Signal {
            id: SignalId::Overdue,
            level: Level::Red,
            settled: false,
            since: Some(day("2026-10-01")),
            figures,
        };
        let untouched = Signal {
            id: SignalId::Untouched,
            level: Level::Amber,
            settled: true,
            since: None,
            figures: Figures::default().with("days", stopped),
        };

        let text = overdue.to_text();

        assert_eq!(
            text,
            "overdue red open since:2026-10-01 days:2026-10-01.. unanswered:4"
        );
        assert_eq!(Signal::from_text(&text), Some(overdue));
        assert_eq!(Signal::from_text(&untouched.to_text()), Some(untouched));
        for other in [
            "",
            "overdue",
            "overdue red",
            "overdue red ajar",
            "overdue red open x:1",
        ] {
            assert_eq!(Signal::from_text(other), None, "{other}");
        }
    }

    #[test]
    fn only_an_open_red_signal_bears_on_its_topic() {
        let signal = |level, settled| Signal {
            id: SignalId::Overdue,
            level,
            settled,
            since: None,
            figures: Figures::default(),
        };

        assert_eq!(signal(Level::Red, false).red_topic(), Some(Topic::Timing));
        assert_eq!(signal(Level::Red, true).red_topic(), None);
        assert_eq!(signal(Level::Amber, false).red_topic(), None);
    }
}
