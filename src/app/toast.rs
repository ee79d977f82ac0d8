//! The line that says what happened, in one sentence.

use chrono::{DateTime, Utc};

use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Name};

/// How a toast is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something is worth knowing.
    Note,
    /// A key did nothing, and why.
    Refused,
    /// Something went wrong.
    Failed,
}

/// A piece of a toast; the names in it obey the mask.
#[derive(Clone, Debug)]
pub enum Part {
    /// Our own words.
    Words(String),
    /// A deal by the name of its account or title.
    Name(DealId, Name),
    /// Text that may name or quote something of the user's, and the deal it is about.
    Free(Option<DealId>, Free),
}

impl From<&str> for Part {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Part {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

/// One line, with what undoes it where something does.
#[derive(Clone, Debug)]
pub struct Toast {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence, in pieces, without a full stop.
    pub parts: Vec<Part>,
    /// What to do about it, after a separator: `u undoes`; empty for nothing.
    pub hint: String,
    /// When it goes.
    pub until: DateTime<Utc>,
}
