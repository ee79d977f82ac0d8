//! One deal as a file tells it, and the form in which it is compared.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value as Json;

use super::super::bound::Cell;
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
    /// What the file does not say, so that a deal that is made of it can be.
    pub assumed: Assumed,
}

/// What stands in a row that its file does not say: it makes a deal, and changes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// Another of its texts stands for the title.
    pub title: bool,
    /// It is open because nothing is said.
    pub status: bool,
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

/// What a row says of each of [`FIELDS`], in a form to compare.
pub(super) type Digest = [u32; FIELDS.len()];

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

    /// The same but for what the file does not say.
    pub(super) fn told(&self) -> [Cell<'_>; 24] {
        let mut cells = self.cells();
        let is_assumed = [
            ("title", self.assumed.title),
            ("status", self.assumed.status),
        ];
        for (field, _) in is_assumed.into_iter().filter(|(_, assumed)| *assumed) {
            if let Some(at) = FIELDS.iter().position(|other| *other == field) {
                cells[at] = Cell::Nothing;
            }
        }
        cells
    }

    /// What it says, as the journal writes it.
    pub(super) fn values(&self) -> [Json; 24] {
        self.told().map(|cell| cell.to_json())
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

    /// Four bytes for the value of each field, 0 for a blank.
    pub(super) fn digest(&self) -> Digest {
        self.values().map(|v| {
            if v.is_null() {
                0
            } else {
                hash(v.to_string()) as u32 | 1
            }
        })
    }
}
