//! Deals that are read before a key asks for them.
//!
//! What one key can reach is read while the person looks at what the last one brought, so that the
//! frame of the next has nothing to wait for. Whatever was written by anyone makes all of it
//! forgotten.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use crate::domain::deal::Detail;
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
}

impl Ahead {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all, also what is being read now.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.era += 1;
        kept.deals.clear();
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
            kept.deals.clear();
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
}
