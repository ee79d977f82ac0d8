//! Rows of a deal that have keys of their own: signals, promises, bait, access.

use super::{Model, Page, Pane};
use crate::domain::deal::{CommitmentRow, CommitmentState, Side};
use crate::domain::ids::DealId;
use crate::domain::signal::SignalId;

/// A row of the deal's pane that the keys can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DetailRow {
    /// A signal, which opens to what raised it.
    Signal(SignalId),
    /// Bait of theirs, by its number among the concessions.
    Bait(i64),
    /// A request to meet somebody senior, by its number.
    Access(i64),
}

/// What the keys that settle are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// A promise, by its number.
    Promise(i64),
    /// Bait, by its number.
    Bait(i64),
    /// A request for access, by its number.
    Access(i64),
}

impl Model {
    /// The row under the cursor of the deal's pane, while that has the keys.
    pub fn detail_row(&self) -> Option<DetailRow> {
        let has_keys = matches!(self.page(), Page::Cockpit) && self.pane == Pane::Detail;
        self.detail.row.filter(|_| has_keys)
    }

    /// The promise under the cursor of the checklist, while that has the keys.
    pub fn promise(&self) -> Option<&CommitmentRow> {
        let has_keys = matches!(self.page(), Page::Cockpit) && self.pane == Pane::Checklist;
        let id = self.detail.promise.filter(|_| has_keys)?;
        let rows = &self.current_detail()?.commitments;
        rows.iter().find(|row| row.id == id)
    }

    /// What the keys that settle are about.
    pub fn to_settle(&self) -> Option<Settled> {
        if let Some(row) = self.promise() {
            return Some(Settled::Promise(row.id));
        }
        match self.detail_row()? {
            DetailRow::Bait(id) => Some(Settled::Bait(id)),
            DetailRow::Access(id) => Some(Settled::Access(id)),
            DetailRow::Signal(_) => None,
        }
    }

    /// The signal whose hard question the keys are about: the one under the cursor, or that of a
    /// promise of theirs which was not kept.
    pub fn signal(&self) -> Option<SignalId> {
        if let Some(DetailRow::Signal(id)) = self.detail_row() {
            return Some(id);
        }
        let row = self.promise().filter(|row| row.side == Side::They)?;
        let is_broken = match row.state {
            CommitmentState::Open => row.due.is_some_and(|day| day < self.today),
            CommitmentState::Late | CommitmentState::Missed => true,
            CommitmentState::Kept | CommitmentState::Waived => false,
        };
        is_broken.then_some(SignalId::TheirWord)
    }

    /// The rows of the deal's pane that can have its cursor, as far as the deal has them.
    pub(in crate::app) fn has_row(&self, row: DetailRow) -> bool {
        let Some(detail) = self.current_detail() else {
            return true;
        };
        match row {
            DetailRow::Signal(id) => {
                let eval = detail.eval.as_ref();
                eval.is_some_and(|eval| eval.signals.iter().any(|signal| signal.id == id))
            }
            DetailRow::Bait(id) => detail.seen.concessions.iter().any(|row| row.id == id),
            DetailRow::Access(id) => detail.seen.access.iter().any(|row| row.id == id),
        }
    }

    /// Keeps the cursors of the deal's pane and of what is owed on rows that are there; another
    /// deal starts without them.
    pub(in crate::app) fn keep_rows(&mut self) {
        let here: Option<DealId> = self.current_deal();
        if here.is_some() && self.detail.of != here {
            self.detail.of = here;
            self.detail.row = None;
            self.detail.opened = None;
            self.detail.promise = None;
        }
        if self.detail.row.is_some_and(|row| !self.has_row(row)) {
            self.detail.row = None;
        }
        if let Some(id) = self.detail.promise
            && let Some(detail) = self.current_detail()
            && detail.commitments.iter().all(|row| row.id != id)
        {
            self.detail.promise = None;
        }
    }
}
