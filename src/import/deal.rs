//! One row of a file as a deal, and what became of it.

use std::sync::Arc;

use chrono::NaiveDate;

use super::own;
use super::text;
use super::values::amounts::Amount;
use super::words::Status;
use crate::domain::phase::Phase;
use crate::store::IncomingMove;

/// A deal as a file tells of it. Blank is none, and says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DealRow {
    /// Which of the files, as an index into the files of the export.
    pub file: usize,
    /// The row, from 1; the header is none.
    pub row: u64,
    /// The physical line on which it begins, from 1; the record for JSON.
    pub line: u64,
    /// Where the deal comes from: a CRM's name, `table:<header of the id>`, or what our own
    /// export says.
    pub source: Arc<str>,
    /// The id as it is written; see `identity` for the form in which two are compared.
    pub external_id: Option<String>,
    /// Our own integer id (own export only).
    pub public_id: Option<i64>,
    /// Never empty.
    pub title: String,
    /// What stands for a title that is not there: `product`, `account` or `id`.
    pub title_assumed: Option<&'static str>,
    /// Whether it is open because nothing says how it stands.
    pub status_assumed: bool,
    /// The account's name.
    pub account: Option<String>,
    /// The account's id.
    pub account_id: Option<String>,
    /// The contact's name.
    pub contact: Option<String>,
    /// The contact's id.
    pub contact_id: Option<String>,
    /// The owner's name, or the id where no name is known.
    pub owner: Option<String>,
    /// The owner's id.
    pub owner_id: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// What that stage means, or else an open deal's chance.
    pub phase: Option<Phase>,
    /// The pipeline.
    pub pipeline: Option<String>,
    /// Chance to win as the CRM states it, 0 to 100; a closed deal's may contradict its status.
    pub probability: Option<f64>,
    /// Where it stands.
    pub status: Status,
    /// None also for an amount of 0 on a lost deal.
    pub amount: Option<Amount>,
    /// Made on.
    pub created: Option<NaiveDate>,
    /// Shall be won on.
    pub expected_close: Option<NaiveDate>,
    /// Was won or lost on; none for an open deal.
    pub closed: Option<NaiveDate>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// The CRM's own "last activity".
    pub last_activity: Option<NaiveDate>,
    /// Last changed on.
    pub updated: Option<NaiveDate>,
    /// Last moved between stages on.
    pub stage_changed: Option<NaiveDate>,
    /// The day of which its row tells, where a file has pictures of several days.
    pub as_of: Option<NaiveDate>,
    /// Into which stages it came on which days, the earliest first.
    pub entered: Vec<(NaiveDate, String)>,
    /// Its moves, where other rows of the file tell how it stood before.
    pub moves: Vec<IncomingMove>,
    /// What is to be done next.
    pub next_step: Option<String>,
    /// When.
    pub next_step_date: Option<NaiveDate>,
    /// Where the lead came from.
    pub lead_source: Option<String>,
    /// What is sold.
    pub product: Option<String>,
    /// New business, renewal, ...
    pub deal_type: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Columns whose text was cut, here or by the program that wrote the file.
    pub cut: Vec<String>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is a deal.
    Deal(Box<DealRow>),
    /// It is no deal, or one that is gone.
    Skip {
        /// Which of the files.
        file: usize,
        /// The row, from 1.
        row: u64,
        /// The physical line, from 1.
        line: u64,
        /// Why, in words.
        why: String,
        /// It went into the deal of another row.
        is_joined: bool,
    },
    /// It cannot be read.
    Refuse {
        /// Which of the files.
        file: usize,
        /// The row, from 1.
        row: u64,
        /// The physical line, from 1.
        line: u64,
        /// The column; none where it is the row as such.
        column: Option<String>,
        /// Why, in words.
        why: String,
    },
}

/// Names the source of a table of no known CRM by the header of its ids.
pub(crate) fn table_source(id_header: Option<&str>) -> String {
    match id_header {
        Some(header) => format!("table:{}", text::snake(header)),
        None => "table".to_owned(),
    }
}

/// The source of deals of our own export that name none.
pub(crate) const OWN: &str = own::SOURCE;
