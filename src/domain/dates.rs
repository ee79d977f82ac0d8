//! The days on which something about a deal is due, as a calendar shows them.

use chrono::NaiveDate;

use super::ids::DealId;
use super::shown::{Free, Name};

/// What is due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateKind {
    /// The next step.
    Step,
    /// A tripwire.
    Tripwire,
    /// The end of a hold.
    Hold,
    /// An ask that waits for a reply.
    Ask,
    /// The overseer's next look.
    Check,
    /// A nurtured prospect is looked at again.
    Nurture,
    /// At 90 days: what came of a firing.
    First,
    /// At 180 days: the same.
    Second,
    /// The regret check after a win.
    Regret,
}

impl DateKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Step,
        Self::Tripwire,
        Self::Hold,
        Self::Ask,
        Self::Check,
        Self::Nurture,
        Self::First,
        Self::Second,
        Self::Regret,
    ];

    /// Returns its word, of which the ids of a calendar are made; it never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Tripwire => "tripwire",
            Self::Hold => "hold",
            Self::Ask => "ask",
            Self::Check => "check",
            Self::Nurture => "nurture",
            Self::First => "outcome90",
            Self::Second => "outcome180",
            Self::Regret => "regret",
        }
    }

    /// Reads its word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Something that is due on a day.
#[derive(Clone, Debug)]
pub struct DealDate {
    /// What.
    pub kind: DateKind,
    /// The number of the row that says so; with the kind it names the date for good.
    pub row: i64,
    /// The deal.
    pub deal: DealId,
    /// What the deal is called.
    pub name: Name,
    /// The day.
    pub day: NaiveDate,
    /// In whose words; may be empty.
    pub words: Free,
}
