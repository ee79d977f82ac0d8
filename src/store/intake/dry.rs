//! A comparison of a file's rows with the pipeline that writes nothing.

use std::collections::HashMap;

use super::super::Store;
use super::super::error::StoreError;
use super::compare::{Standing, compare};
use super::part::{Part, PartFate};
use super::parts::Decider;
use super::row::Incoming;
use super::seen::Seen;
use super::{Fate, Plan};
use crate::domain::ids::DealId;

/// A comparison of a file's rows with the pipeline that writes nothing.
#[derive(Debug)]
pub struct DryRun<'s> {
    store: &'s Store,
    plan: Plan,
    met: Seen,
    /// The rows that would be new, 56 bytes each, to tell what a second row of the same id says.
    new: HashMap<u64, [u16; 24]>,
    decider: Decider,
}

impl<'s> DryRun<'s> {
    /// Starts a comparison.
    pub fn new(store: &'s Store, plan: Plan) -> Self {
        Self {
            store,
            plan,
            met: Seen::default(),
            new: HashMap::new(),
            decider: Decider::new(store.judge().thresholds().working.clone()),
        }
    }

    /// Says what would become of a row beside the deals; after all rows of deals. The number of a
    /// deal that would be new is below zero.
    pub fn part(&mut self, part: &Part) -> Result<PartFate, StoreError> {
        self.decider
            .decide(self.store.conn(), &self.plan, part)
            .map(|decided| decided.fate)
            .map_err(|e| e.at(self.store.path()))
    }

    /// Says what would become of a row, and of which deal.
    pub fn row(&mut self, row: &Incoming) -> Result<(Option<DealId>, Fate), StoreError> {
        let identity = row.identity();
        let first = self.met.get(identity)?.is_none();
        if first {
            self.met.put(identity, 0)?;
        }
        let conn = self.store.conn();
        let compared = Standing::of(conn, row, None)
            .and_then(|standing| compare(conn, &self.plan, row, first, standing))
            .map_err(|e| e.at(self.store.path()))?;
        if compared.deal.is_none() {
            let digest = row.digest();
            let standing = *self.new.entry(identity).or_insert(digest);
            let says_more = digest
                .iter()
                .zip(standing)
                .any(|(new, old)| *new != 0 && *new != old);
            if !first && !says_more {
                return Ok((None, Fate::Same));
            }
            if first {
                self.decider.finder.come(row);
            }
        }
        Ok((compared.deal, compared.fate))
    }
}
