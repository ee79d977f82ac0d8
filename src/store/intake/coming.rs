//! The deals that a preview would make: what their rows said, and what they are known by.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::error::StoreError;
use super::Incoming;
use super::find::Named;
use super::row::{Digest, FIELDS};
use super::seen::Seen;
use super::spill::Spill;
use crate::domain::ids::DealId;

/// Bytes of what a row said.
const SAID: usize = FIELDS.len() * size_of::<u32>();
/// Bytes of a deal.
const RECORD: usize = SAID + Named::BYTES;

/// The rows that a preview met, and the deals that it would make of them. The numbers of those are
/// below zero.
#[derive(Debug, Default)]
pub(super) struct Coming {
    /// By what a row is: the place of the deal that it would make, from 1; 0 where it stands.
    met: Seen,
    deals: Spill<RECORD>,
    sources: BTreeSet<Arc<str>>,
}

impl Coming {
    /// Returns what [`Coming::meet`] and [`Coming::come`] noted of a row.
    pub(super) fn met(&mut self, identity: u64) -> Result<Option<u64>, StoreError> {
        self.met.get(identity)
    }

    /// Notes the first row of a deal that stands.
    pub(super) fn meet(&mut self, identity: u64) -> Result<(), StoreError> {
        self.met.put(identity, 0)
    }

    /// Notes the first row of a deal that would be new.
    pub(super) fn come(&mut self, identity: u64, row: &Incoming) -> Result<(), StoreError> {
        let mut record = [0; RECORD];
        let (said, known) = record.split_at_mut(SAID);
        for (bytes, part) in said.chunks_exact_mut(size_of::<u32>()).zip(row.digest()) {
            bytes.copy_from_slice(&part.to_le_bytes());
        }
        known.copy_from_slice(&Named::of_row(row).to_bytes());
        self.deals.push(record)?;
        self.met.put(identity, self.deals.len())?;
        if !self.sources.contains(&row.source) {
            self.sources.insert(Arc::clone(&row.source));
        }
        Ok(())
    }

    /// Whether a further row of a deal that would be new says what its first one did not.
    pub(super) fn says_more(&mut self, place: u64, row: &Incoming) -> Result<bool, StoreError> {
        let Some(at) = place.checked_sub(1) else {
            return Ok(true);
        };
        let record = self.deals.get(at)?;
        let (parts, _) = record[..SAID].as_chunks();
        let mut first: Digest = [0; FIELDS.len()];
        for (part, bytes) in first.iter_mut().zip(parts) {
            *part = u32::from_le_bytes(*bytes);
        }
        let more = |(new, old)| new != 0 && new != old;
        Ok(row.digest().into_iter().zip(first).any(more))
    }

    /// Finds a deal that would be new.
    pub(super) fn deal(&mut self, identity: u64) -> Result<Option<DealId>, StoreError> {
        let place = self.met.get(identity)?.filter(|place| *place > 0);
        Ok(place.map(|place| DealId(-place.cast_signed())))
    }

    /// Where they come from.
    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(AsRef::as_ref)
    }

    /// Calls with each deal and what it is known by.
    pub(super) fn each(&mut self, mut call: impl FnMut(i64, Named)) -> Result<(), StoreError> {
        let mut number = 0;
        self.deals.each(|record| {
            number -= 1;
            if let Some(known) = record.last_chunk() {
                call(number, Named::from_bytes(known));
            }
        })
    }
}
