//! A comparison of a file's rows with the pipeline that writes nothing.

use super::super::Store;
use super::super::error::StoreError;
use super::compare::{Standing, compare};
use super::part::{Part, PartFate};
use super::parts::Decider;
use super::row::Incoming;
use super::{Fate, Plan};
use crate::domain::ids::DealId;

/// A comparison of a file's rows with the pipeline that writes nothing.
#[derive(Debug)]
pub struct DryRun<'s> {
    store: &'s Store,
    plan: Plan,
    decider: Decider,
}

impl<'s> DryRun<'s> {
    /// Starts a comparison.
    pub fn new(store: &'s Store, plan: Plan) -> Self {
        Self {
            store,
            plan,
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
        let coming = &mut self.decider.finder.coming;
        let identity = row.identity();
        let met = coming.met(identity)?;
        let conn = self.store.conn();
        let compared = Standing::of(conn, row, None)
            .and_then(|standing| compare(conn, &self.plan, row, met.is_none(), standing))
            .map_err(|e| e.at(self.store.path()))?;
        match (met, compared.deal) {
            (None, Some(_)) => coming.meet(identity)?,
            (None, None) => coming.come(identity, row)?,
            (Some(place), None) if !coming.says_more(place, row)? => {
                return Ok((None, Fate::Same));
            }
            (Some(_), _) => {}
        }
        Ok((compared.deal, compared.fate))
    }
}
