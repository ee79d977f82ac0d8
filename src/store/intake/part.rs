//! What a row of a file beside the deals is, and what may become of it.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use super::Fate;
use super::find::Belongs;
use crate::domain::deal::Direction;
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;

/// An activity as a file tells it; `None` is a blank or a column that the file does not have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IncomingTouch {
    /// Its id there, or `#` and a fingerprint of the row.
    pub external_id: String,
    /// An ISO day, or RFC 3339 with the offset of where we are, so that it begins with the day
    /// that it was for people.
    pub at: String,
    /// The day it was for people.
    pub day: NaiveDate,
    /// The local time, where it is known.
    pub local: Option<NaiveDateTime>,
    /// Who began it.
    pub direction: Option<Direction>,
    /// By what.
    pub channel: Channel,
    /// How long it took us.
    pub minutes: Option<u32>,
    /// How it came about: a word of the column `status`.
    pub status: Option<&'static str>,
    /// The words that it had itself.
    pub words: Option<u32>,
    /// Whether it was an answer of one or two words.
    pub curt: Option<bool>,
    /// The document that was sent.
    pub document: Option<String>,
    /// Whether they asked for information.
    pub asks_info: Option<bool>,
    /// Who of them took part.
    pub contacts: Option<String>,
    /// Who of us took part.
    pub people: Option<String>,
    /// What it was about.
    pub text: Option<String>,
}

/// A note as a file tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingNote {
    /// An ISO day, or RFC 3339 in UTC.
    pub at: String,
    /// The day it was for people.
    pub day: NaiveDate,
    /// Who wrote it.
    pub who: Option<String>,
    /// The text.
    pub text: String,
}

/// A person at the prospect's as a file tells of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IncomingContact {
    /// Their id there.
    pub external_id: Option<String>,
    /// The name.
    pub name: String,
    /// The job title.
    pub title: Option<String>,
    /// What they are in the purchase: a word of the column `role`.
    pub role: Option<&'static str>,
    /// The mail address.
    pub email: Option<String>,
}

/// A move of a deal's stage, amount or close date as a history tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IncomingMove {
    /// `stage`, `amount` (minor units) or `expected_close`.
    pub field: &'static str,
    /// The day it was for people.
    pub day: NaiveDate,
    /// What it was.
    pub old: Option<String>,
    /// What it became.
    pub new: Option<String>,
}

/// What a row of a file beside the deals is.
#[derive(Clone, Debug, PartialEq)]
pub enum PartKind {
    /// An activity.
    Touch(Box<IncomingTouch>),
    /// A note.
    Note(Box<IncomingNote>),
    /// A person.
    Contact(Box<IncomingContact>),
    /// Moves that one row tells of; none: it tells of nothing new.
    Moves(Vec<IncomingMove>),
}

/// A row of a file beside the deals.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which system it comes from.
    pub source: Arc<str>,
    /// Where it belongs.
    pub belongs: Belongs,
    /// What it is.
    pub kind: PartKind,
    /// Where it stands: file, row from 1, line from 1.
    pub place: (usize, u64, u64),
}

/// What becomes of such a row.
#[derive(Clone, Debug, PartialEq)]
pub enum PartFate {
    /// It is taken, and belongs to this deal; to none, it is kept and counts nowhere.
    Taken(Option<DealId>, Fate),
    /// It cannot be kept, and why.
    Skipped(&'static str),
}
