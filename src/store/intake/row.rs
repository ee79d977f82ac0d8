//! One deal as a file tells it, and the form in which it is compared.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use serde_json::Value as Json;

use super::part::IncomingMove;
use crate::domain::deal::Status;
use crate::domain::money::{Currency, Money};
use crate::domain::phase::Phase;

/// One deal as a file tells it; `None` is a blank or a column that the file does not have.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Which system it comes from.
    pub source: Arc<str>,
    /// What identifies it within its source: its id there, made uniform, or its fields.
    pub key: String,
    /// Its id there, as given.
    pub external_id: Option<String>,
    /// The title.
    pub title: String,
    /// The company.
    pub account: Option<String>,
    /// The person named.
    pub contact: Option<String>,
    /// Whose deal it is.
    pub owner: Option<String>,
    /// The stage, in the file's words.
    pub stage: Option<String>,
    /// What that stage means.
    pub phase: Option<Phase>,
    /// The pipeline.
    pub pipeline: Option<String>,
    /// The value.
    pub amount: Option<Money>,
    /// Per cent, as stated.
    pub probability: Option<f64>,
    /// Open, won or lost.
    pub status: Status,
    /// The day it was created.
    pub created: Option<NaiveDate>,
    /// When it is expected to close.
    pub expected_close: Option<NaiveDate>,
    /// When it was closed.
    pub closed: Option<NaiveDate>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// The CRM's own last activity.
    pub last_activity: Option<NaiveDate>,
    /// When the stage moved last.
    pub stage_changed: Option<NaiveDate>,
    /// Its moves from stage to stage as its own row tells them, the earliest first.
    pub entered: Vec<IncomingMove>,
    /// When the record was changed last.
    pub updated: Option<NaiveDate>,
    /// The next step.
    pub next_step: Option<String>,
    /// When that is due.
    pub next_step_due: Option<NaiveDate>,
    /// Where the lead came from.
    pub lead_source: Option<String>,
    /// What is sold.
    pub product: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Whether the file holds only the start of one of its texts.
    pub is_cut: bool,
}

/// The fields that hold free text, of which a file may have only the start.
const FREE: [&str; 3] = ["lost_reason", "next_step", "description"];

/// The fields that an import may write, in the order of [`Incoming::cells`].
pub(super) const FIELDS: [&str; 24] = [
    "external_id",
    "title",
    "account",
    "contact",
    "owner",
    "stage",
    "phase",
    "pipeline",
    "amount",
    "currency",
    "probability",
    "status",
    "created",
    "expected_close",
    "closed",
    "lost_reason",
    "last_activity",
    "stage_changed",
    "updated",
    "next_step",
    "next_step_due",
    "lead_source",
    "product",
    "description",
];

/// A value of a deal as it is written and compared, before it is text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// A blank.
    Nothing,
    /// A text.
    Text(&'a str),
    /// A day, as ISO text.
    Day(Day),
    /// Minor units.
    Whole(i64),
    /// Per cent.
    Real(f64),
}

impl<'a> Cell<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Nothing, |day| Self::Day(Day::of(day)))
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Day(day) => Some(day.as_str()),
            Self::Nothing | Self::Whole(_) | Self::Real(_) => None,
        }
    }

    /// The value as the journal writes it.
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Nothing => Json::Null,
            Self::Text(text) => Json::from(*text),
            Self::Day(day) => Json::from(day.as_str()),
            Self::Whole(whole) => Json::from(*whole),
            Self::Real(real) => Json::from(*real),
        }
    }

    /// Whether a blank, or what stands in a column.
    pub(super) fn adds_nothing_to(&self, ours: ValueRef<'_>) -> bool {
        match (self, ours) {
            (Self::Nothing, _) => true,
            (Self::Whole(whole), ValueRef::Integer(ours)) => *whole == ours,
            (Self::Real(real), ValueRef::Real(ours)) => (real - ours).abs() < f64::EPSILON,
            (cell, ValueRef::Text(ours)) => cell.as_text().map(str::as_bytes) == Some(ours),
            (
                Self::Text(_) | Self::Day(_) | Self::Whole(_) | Self::Real(_),
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_),
            ) => false,
        }
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Nothing => ValueRef::Null,
            Self::Whole(whole) => ValueRef::Integer(*whole),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Day(day) => ValueRef::Text(day.as_str().as_bytes()),
        }))
    }
}

/// A day as ISO text, without a place of its own in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    /// No year that a calendar of ours has takes more.
    bytes: [u8; 16],
    len: usize,
}

impl Day {
    pub(super) fn of(day: NaiveDate) -> Self {
        let mut text = Self {
            bytes: [b'-'; 16],
            len: 10,
        };
        if let Ok(year @ 0..=9999) = u32::try_from(day.year()) {
            text.digits(0, 4, year);
            text.digits(5, 2, day.month());
            text.digits(8, 2, day.day());
        } else {
            let far = day.to_string();
            text.len = far.len().min(16);
            text.bytes[..text.len].copy_from_slice(&far.as_bytes()[..text.len]);
        }
        text
    }

    fn digits(&mut self, at: usize, count: usize, mut number: u32) {
        for place in (at..at + count).rev() {
            self.bytes[place] = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("a day is written in ASCII")
    }
}

impl Incoming {
    /// The values of [`FIELDS`].
    pub(super) fn cells(&self) -> [Cell<'_>; 24] {
        let text = |t| Cell::text(Option::as_deref(t));
        [
            text(&self.external_id),
            Cell::Text(&self.title),
            text(&self.account),
            text(&self.contact),
            text(&self.owner),
            text(&self.stage),
            Cell::text(self.phase.map(Phase::code)),
            text(&self.pipeline),
            self.amount.map_or(Cell::Nothing, |m| Cell::Whole(m.minor)),
            Cell::text(
                self.amount
                    .as_ref()
                    .and_then(|m| m.currency.as_ref())
                    .map(Currency::as_str),
            ),
            self.probability.map_or(Cell::Nothing, Cell::Real),
            Cell::Text(self.status.code()),
            Cell::day(self.created),
            Cell::day(self.expected_close),
            Cell::day(self.closed),
            text(&self.lost_reason),
            Cell::day(self.last_activity),
            Cell::day(self.stage_changed),
            Cell::day(self.updated),
            text(&self.next_step),
            Cell::day(self.next_step_due),
            text(&self.lead_source),
            text(&self.product),
            text(&self.description),
        ]
    }

    /// The same as the journal writes them.
    pub(super) fn values(&self) -> [Json; 24] {
        self.cells().map(|cell| cell.to_json())
    }
}

/// Eight bytes that tell one value from any other.
pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Incoming {
    /// Whether a text of a row that was cut is the start of what stands here, which is not lost.
    pub(super) fn is_start_of(&self, field: &str, ours: &Json, theirs: &Json) -> bool {
        self.is_cut
            && FREE.contains(&field)
            && ours
                .as_str()
                .zip(theirs.as_str())
                .is_some_and(|(ours, theirs)| ours.starts_with(theirs))
    }

    /// What tells this row from every other deal's, in eight bytes.
    pub(super) fn identity(&self) -> u64 {
        hash((&*self.source, &self.key))
    }

    /// Two bytes for the value of each field, 0 for a blank.
    pub(super) fn digest(&self) -> [u16; 24] {
        self.values().map(|v| {
            if v.is_null() {
                0
            } else {
                hash(v.to_string()) as u16 | 1
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_the_calendar_of_everybody_else_does() {
        for text in [
            "2026-02-09",
            "0007-12-31",
            "9999-01-01",
            "+12345-06-07",
            "-0044-03-15",
        ] {
            let day: NaiveDate = text.parse().unwrap();

            assert_eq!(Day::of(day).as_str(), day.to_string());
        }
    }

    #[test]
    fn a_blank_and_what_stands_add_nothing() {
        let same = [
            (Cell::Nothing, ValueRef::Text(b"x")),
            (Cell::Text("x"), ValueRef::Text(b"x")),
            (Cell::Whole(5), ValueRef::Integer(5)),
            (Cell::Real(0.5), ValueRef::Real(0.5)),
        ];
        let other = [
            (Cell::Text("x"), ValueRef::Null),
            (Cell::Text("x"), ValueRef::Text(b"y")),
            (Cell::Whole(5), ValueRef::Null),
            (Cell::Real(0.5), ValueRef::Integer(0)),
        ];

        assert!(same.iter().all(|(cell, ours)| cell.adds_nothing_to(*ours)));
        assert!(!other.iter().any(|(cell, ours)| cell.adds_nothing_to(*ours)));
    }
}
