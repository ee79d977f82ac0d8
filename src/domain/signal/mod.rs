//! Signals: what the record shows without being asked.
//!
//! A signal is computed from a deal's [`Record`](super::eval::Record). It reads topics of
//! questions and never their ids, and adds no points of its own. One function detects one
//! signal; [`detect`] runs all of them in the order of the table. To add one, write its
//! function beside the others of its kind and name it in [`DETECTORS`].

mod answers;
mod clocks;
mod contact;
mod figure;
mod good;
mod kinds;
mod money;
mod power;
mod scene;
mod senior;
#[cfg(test)]
mod staged;
mod word;

pub use figure::{Figure, Figures};
pub use kinds::{KINDS, SignalId, SignalKind};
pub use scene::Scene;
pub use senior::Cover;
pub use word::Gets;

use std::fmt;

use chrono::NaiveDate;

use super::bank::{QuestionIx, Topic};
use super::iso::IsoDay;

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

    /// Says what it counted, for people: `34 d, 4 unanswered`; empty where it counts nothing.
    pub fn words(&self, today: NaiveDate) -> String {
        self.words_with(today, |number| number.to_string())
    }

    /// Says the same with large numbers as `large` writes them.
    pub fn words_with(&self, today: NaiveDate, large: impl Fn(i64) -> String) -> String {
        self.figures.words(today, large)
    }

    /// Reads what is shown of it; `None` for anything else.
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

/// The spelling of the store: `overdue red open days:2026-10-01..`.
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for word in [self.id.code(), " ", self.level.code(), " "] {
            f.write_str(word)?;
        }
        f.write_str(if self.settled { "settled" } else { "open" })?;
        if let Some(day) = self.since {
            f.write_str(" since:")?;
            f.write_str(IsoDay::of(day).as_str())?;
        }
        self.figures.fmt(f)
    }
}

/// What a detector found: a signal, and the rows that raised it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The signal.
    pub signal: Signal,
    /// The rows, in the order of their days.
    pub rows: Vec<Row>,
}

/// A row of the record or of the answers to which a signal opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A touch.
    Touch(i64),
    /// A commitment.
    Promise(i64),
    /// A move of the close date.
    Move(i64),
    /// A time that we asked for access.
    Access(i64),
    /// A contact.
    Contact(i64),
    /// A concession, or bait.
    Concession(i64),
    /// The gate of a trial.
    Gate(i64),
    /// A tick of the card of signs.
    Tick(i64),
    /// An answer.
    Answer(QuestionIx),
}

impl Found {
    fn new(id: SignalId, level: Level) -> Self {
        let signal = Signal {
            id,
            level,
            settled: false,
            since: None,
            figures: Figures::default(),
        };
        Self {
            signal,
            rows: Vec::new(),
        }
    }

    fn figure(mut self, name: &'static str, figure: Figure) -> Self {
        self.signal.figures = self.signal.figures.with(name, figure);
        self
    }

    fn count(self, name: &'static str, count: usize) -> Self {
        self.figure(
            name,
            Figure::Count(u32::try_from(count).unwrap_or(u32::MAX)),
        )
    }

    fn since(mut self, day: Option<NaiveDate>) -> Self {
        self.signal.since = day;
        self
    }

    fn settled(mut self, settled: bool) -> Self {
        self.signal.settled = settled;
        self
    }

    fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }
}

/// Finds one signal, or none.
type Detector = fn(&Scene<'_>) -> Option<Found>;

/// Every detector, in the order of [`KINDS`].
const DETECTORS: &[Detector] = &[
    clocks::overdue,
    clocks::untouched,
    contact::dark,
    contact::dark_after_work,
    word::their_word,
    word::trial_ungated,
    contact::one_sided,
    contact::curt,
    contact::wont_meet,
    contact::after_hours,
    contact::re_quoted,
    contact::info_drip,
    power::one_contact,
    power::no_power,
    power::blocked,
    power::handed_down,
    answers::no_process,
    answers::no_case,
    answers::no_outcome,
    answers::no_risk_talk,
    answers::commodity,
    money::thin_margin,
    money::bait,
    money::our_word,
    clocks::slipped,
    clocks::stale_stage,
    clocks::open_long,
    power::no_account,
    clocks::no_next_step,
    money::heavy,
    senior::junior_alone,
    good::returned,
    good::speaks_for,
];

/// Finds the signals of an open deal, in the order of the table; often none.
pub fn detect(scene: &Scene<'_>) -> Vec<Signal> {
    let found = found(scene);
    found.into_iter().map(|found| found.signal).collect()
}

/// Returns the rows that raised a signal; none where it is not on.
pub fn evidence(scene: &Scene<'_>, id: SignalId) -> Vec<Row> {
    let found = found(scene).into_iter();
    let mut of_it = found.filter(|found| found.signal.id == id);
    of_it.next().map_or_else(Vec::new, |found| found.rows)
}

/// Returns every signal that is on with the rows that raise it.
pub fn all_evidence(scene: &Scene<'_>) -> Vec<(SignalId, Vec<Row>)> {
    let found = found(scene).into_iter();
    found.map(|found| (found.signal.id, found.rows)).collect()
}

/// Finds the signals with their rows: those of the record, and what a person ticked.
fn found(scene: &Scene<'_>) -> Vec<Found> {
    let mut all: Vec<Found> = DETECTORS
        .iter()
        .filter_map(|detector| detector(scene))
        .collect();
    for tick in &scene.record.ticks {
        let same = all.iter_mut().find(|found| found.signal.id == tick.signal);
        match same {
            Some(found) if !found.signal.settled => found.rows.push(Row::Tick(tick.id)),
            Some(_) | None => {
                let settled = scene.is_settled(tick.signal, Some(tick.day))
                    || scene.is_long_ago(Some(tick.day));
                all.retain(|found| found.signal.id != tick.signal);
                all.push(
                    Found::new(tick.signal, tick.signal.level_of_tick())
                        .since(Some(tick.day))
                        .settled(settled)
                        .rows([Row::Tick(tick.id)]),
                );
            }
        }
    }
    all.sort_by_key(|found| found.signal.id);
    all
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

        let text = overdue.to_string();

        assert_eq!(
            text,
            "overdue red open since:2026-10-01 days:2026-10-01.. unanswered:4"
        );
        assert_eq!(Signal::from_text(&text), Some(overdue));
        assert_eq!(Signal::from_text(&untouched.to_string()), Some(untouched));
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
