//! Dead on paper: what the record alone fires, ticked, one sheet for all of it.

use std::collections::BTreeSet;

use crate::domain::deal::ListRow;
use crate::domain::ids::DealId;

/// Deals that the page lists at most: more than one sitting can read.
pub const MOST: usize = 500;

/// The page.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// The deals in the order of the queue.
    pub rows: Vec<ListRow>,
    /// How many there are, the listed ones included.
    pub total: usize,
    /// Those that are not ticked any more.
    pub spared: BTreeSet<DealId>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on screen.
    pub top: usize,
    /// Whether the deals are on their way again.
    pub loading: bool,
    /// Whether somebody wrote since, so that they are to be loaded again.
    pub stale: bool,
}

impl Paper {
    /// Takes the deals; what was spared stays so.
    pub fn take(&mut self, rows: Vec<ListRow>, total: usize) {
        let current = self.rows.get(self.cursor).map(|row| row.id);
        self.loading = false;
        self.rows = rows;
        self.total = total;
        let found = current.and_then(|id| self.rows.iter().position(|row| row.id == id));
        let last = self.rows.len().saturating_sub(1);
        self.cursor = found.unwrap_or(self.cursor).min(last);
    }

    /// The deals that are ticked, in their order.
    pub fn ticked(&self) -> Vec<DealId> {
        let ids = self.rows.iter().map(|row| row.id);
        ids.filter(|id| !self.spared.contains(id)).collect()
    }

    /// The hours that firing the ticked ones gives back; an estimate.
    pub fn hours(&self) -> f64 {
        let ticked = self
            .rows
            .iter()
            .filter(|row| !self.spared.contains(&row.id));
        let evals = ticked.filter_map(|row| row.eval.as_ref());
        evals.map(|eval| eval.hours.at_stake).sum()
    }

    /// Ticks the deal under the cursor, or spares it, and goes on to the next.
    pub fn toggle(&mut self) {
        let Some(id) = self.rows.get(self.cursor).map(|row| row.id) else {
            return;
        };
        if !self.spared.remove(&id) {
            self.spared.insert(id);
        }
        self.cursor = (self.cursor + 1).min(self.rows.len() - 1);
    }

    /// Ticks all of them, or where all are ticked spares all.
    pub fn toggle_all(&mut self) {
        if self.spared.is_empty() {
            self.spared = self.rows.iter().map(|row| row.id).collect();
        } else {
            self.spared.clear();
        }
    }
}
