//! Deals, and rows of the list, that are read before a key asks for them.
//!
//! What one key can reach is read while the person looks at what the last one brought, so that the
//! frame of the next has nothing to wait for. Whatever was written by anyone makes all of it
//! forgotten.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use crate::domain::deal::{Detail, ListRow};
use crate::domain::ids::DealId;

/// The deals that were read ahead; shared by the thread that reads and the one that draws, each of
/// which holds it for a few steps only.
#[derive(Debug, Default)]
pub struct Ahead(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Counts how often all was forgotten.
    era: u64,
    /// The day on which they were read: what is told of a deal depends on it.
    day: Option<NaiveDate>,
    deals: HashMap<DealId, Box<Detail>>,
    rows: HashMap<DealId, ListRow>,
}

impl Kept {
    fn clear(&mut self) {
        self.deals.clear();
        self.rows.clear();
    }
}

impl Ahead {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all, also what is being read now.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.era += 1;
        kept.clear();
    }

    /// Takes a deal out, if it was read on this day.
    pub fn take(&self, deal: DealId, day: NaiveDate) -> Option<Box<Detail>> {
        let mut kept = self.kept();
        if kept.day != Some(day) {
            return None;
        }
        kept.deals.remove(&deal)
    }

    /// Drops all but these deals. Returns those of them that are still to be read, and what
    /// [`Ahead::put`] asks for.
    pub fn narrow(&self, deals: &[DealId], day: NaiveDate) -> (Vec<DealId>, u64) {
        let mut kept = self.kept();
        if kept.day.replace(day) != Some(day) {
            kept.clear();
        }
        kept.deals.retain(|deal, _| deals.contains(deal));
        let is_missing = |deal: &&DealId| !kept.deals.contains_key(deal);
        (deals.iter().filter(is_missing).copied().collect(), kept.era)
    }

    /// Keeps a deal, unless all was forgotten since it was asked for. Returns whether it was kept.
    pub fn put(&self, deal: DealId, detail: Box<Detail>, era: u64) -> bool {
        let mut kept = self.kept();
        let holds = kept.era == era;
        if holds {
            kept.deals.insert(deal, detail);
        }
        holds
    }

    /// Returns the rows of these deals, if all of them were read on this day; they stay.
    pub fn rows(&self, deals: &[DealId], day: NaiveDate) -> Option<Vec<ListRow>> {
        let kept = self.kept();
        if kept.day != Some(day) {
            return None;
        }
        deals.iter().map(|d| kept.rows.get(d).cloned()).collect()
    }

    /// Drops the rows of all but these deals. Returns those of them whose row is still to be read,
    /// and what [`Ahead::put_rows`] asks for. Follows [`Ahead::narrow`].
    pub fn narrow_rows(&self, deals: &[DealId]) -> (Vec<DealId>, u64) {
        let mut kept = self.kept();
        let wanted: HashSet<&DealId> = deals.iter().collect();
        kept.rows.retain(|deal, _| wanted.contains(deal));
        let is_missing = |deal: &&DealId| !kept.rows.contains_key(deal);
        (deals.iter().filter(is_missing).copied().collect(), kept.era)
    }

    /// Keeps rows, unless all was forgotten since they were asked for.
    pub fn put_rows(&self, rows: Vec<ListRow>, era: u64) {
        let mut kept = self.kept();
        if kept.era == era {
            kept.rows.extend(rows.into_iter().map(|row| (row.id, row)));
        }
    }
}
