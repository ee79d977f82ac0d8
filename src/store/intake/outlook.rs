//! Judging new deals ahead: from their rows alone, on whatever thread reads them.

use std::sync::Arc;

use chrono::NaiveDate;

use super::super::eval::{self, Judge, Kept, Sources};
use super::row::Incoming;

/// What new deals of an import are judged by.
#[derive(Clone, Debug)]
pub struct Outlook(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    judge: Judge,
    sources: Sources,
    today: NaiveDate,
}

/// A row with what the model says of it, should it be a new deal.
#[derive(Debug)]
pub struct Judged {
    pub(super) row: Incoming,
    /// What tells the row from every other deal's.
    pub(super) identity: u64,
    pub(super) kept: Option<Kept>,
}

impl Outlook {
    pub(super) fn new(judge: Judge, sources: Sources, today: NaiveDate) -> Self {
        Self(Arc::new(Inner {
            judge,
            sources,
            today,
        }))
    }

    /// Judges a row.
    pub fn judge(&self, row: Incoming) -> Judged {
        let kept = eval::of_new(&self.0.judge, &self.0.sources, &row, self.0.today);
        Judged {
            identity: row.identity(),
            row,
            kept,
        }
    }
}
