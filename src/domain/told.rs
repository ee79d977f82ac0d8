//! What a CRM is told of decisions, and under which of its columns.

use std::collections::BTreeMap;

/// What a person may name a column of the CRM for: no CRM has a usual column for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// The decision in a word: fired, hold, continued, undecided.
    Decision,
    /// Whether it is fired: yes or no, in the CRM's words.
    Fired,
    /// Until when it is on hold.
    Hold,
    /// The day of the tripwire.
    Tripwire,
    /// Why it was fired.
    Reasons,
    /// The next step.
    NextStep,
}

impl Told {
    /// All of them, in the order of a file's columns.
    pub const ALL: [Self; 6] = [
        Self::Decision,
        Self::Fired,
        Self::Hold,
        Self::Tripwire,
        Self::Reasons,
        Self::NextStep,
    ];

    /// Its word: in `--column WORD=NAME`, and in what is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Fired => "fired",
            Self::Hold => "hold",
            Self::Tripwire => "tripwire",
            Self::Reasons => "reasons",
            Self::NextStep => "next_step",
        }
    }

    /// What its column holds, in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Decision => "decision, a word",
            Self::Fired => "fired, yes or no",
            Self::Hold => "on hold until",
            Self::Tripwire => "tripwire's day",
            Self::Reasons => "reasons",
            Self::NextStep => "next step",
        }
    }

    /// What it is called where it is done by hand.
    pub fn words(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Fired => "fired",
            Self::Hold => "on hold until",
            Self::Tripwire => "tripwire on",
            Self::Reasons => "reasons",
            Self::NextStep => "next step",
        }
    }

    /// Reads its word.
    pub fn from_code(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|told| told.code() == word)
    }
}

/// What a person chose for a CRM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The columns named.
    pub columns: BTreeMap<Told, String>,
    /// Where its records are found, such as the host; fills the CRM's pattern of links.
    pub site: Option<String>,
}

/// A CRM that deals came from, for the cockpit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The source of its deals.
    pub source: String,
    /// Its name.
    pub label: String,
    /// Decisions that it does not know yet.
    pub unknown: u64,
    /// Whether it takes a file; else all goes by hand.
    pub takes_files: bool,
    /// Whether its deals have a column for the next step of its own.
    pub has_next_step: bool,
    /// What was chosen for it before.
    pub choices: Choices,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for told in Told::ALL {
            assert_eq!(Told::from_code(told.code()), Some(told));
        }
    }
}
