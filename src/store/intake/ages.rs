//! The end of a load into an empty file: while its indexes are built, another thread counts how
//! long the won deals took, and judges the deals on which that bears.

use std::sync::mpsc::{SyncSender, sync_channel};

use chrono::NaiveDate;

use super::super::error::{Doing, StoreError};
use super::super::eval::{self, Ahead, Counted};
use super::super::journal;
use super::{Intake, Store};
use crate::domain::ids::ActionId;

/// Deals that are judged and handed over together.
const STEP: usize = 500;

/// Steps that may wait to be kept: what is judged ahead is bounded.
const WAITING: usize = 2;

/// Steps that are kept in one durable transaction.
const KEPT: usize = 8;

/// What the other thread tells.
enum Told {
    /// How long the won deals took, and the last action before it was read: a later one may have
    /// changed what is told.
    Counted(Counted, ActionId),
    /// What deals are judged to be by it, by their numbers.
    Judged(Vec<Ahead>),
}

/// Counts and judges, for as long as somebody listens.
fn count(store: &Store, today: NaiveDate, tell: &SyncSender<Told>) -> Result<(), StoreError> {
    let (conn, judge) = (store.conn(), store.judge());
    let known = journal::last(conn)?;
    let counted = Counted::ages(conn, judge)?;
    let sources = counted.sources(conn)?;
    let bears_on = counted.bears_on().to_vec();
    let has_touches: bool = conn
        .query_row("SELECT EXISTS(SELECT 1 FROM touch)", [], |r| r.get(0))
        .doing("looking for activities")?;
    if tell.send(Told::Counted(counted, known)).is_err() || has_touches {
        // The activities of a deal are found by an index that is not built yet.
        return Ok(());
    }
    for deals in bears_on.chunks(STEP) {
        let judged = eval::judge_ahead(conn, judge, &sources, deals, today)?;
        if tell.send(Told::Judged(judged)).is_err() {
            break;
        }
    }
    Ok(())
}

impl Intake<'_> {
    /// Builds the indexes of deals and touches, if they were put off. Meanwhile another thread
    /// counts how long the won deals took and judges deals by it, which is then kept; true where it
    /// was.
    pub(super) fn build_and_age(&mut self) -> Result<bool, StoreError> {
        if !self.is_put_off || self.store.is_in_memory() {
            return self.build(&["deal", "touch"]).map(|()| false);
        }
        let (entrance, today) = (self.store.entrance(), self.stamp.today);
        std::thread::scope(|scope| {
            let (tell, told) = sync_channel(WAITING);
            let counting = scope.spawn(move || {
                let store = entrance.open()?;
                count(&store, today, &tell).map_err(|e| e.at(store.path()))
            });
            self.build(&["deal", "touch"])?;
            let kept = self.keep_ages(told.into_iter());
            let counted = counting.join();
            counted.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            kept.map_err(|e| e.at(self.store.path()))
        })
    }

    /// Keeps the ages of the won deals, and what deals were judged to be by them; what was not
    /// judged, or may be other than it was read, is among the deals that the run touched.
    fn keep_ages(&mut self, told: impl Iterator<Item = Told>) -> Result<bool, StoreError> {
        let mut told = told.peekable();
        let Some(Told::Counted(counted, known)) = told.next() else {
            return Ok(false);
        };
        let store = self.store;
        let tx = store.immediate()?;
        let bears_on = counted.keep(&tx, self.stamp.today)?;
        tx.commit().doing("keeping the figures of the file")?;
        let Some(bears_on) = bears_on else {
            return Ok(false);
        };
        let mut kept = 0;
        while told.peek().is_some() {
            let tx = store.immediate()?;
            if journal::last(&tx)? != known {
                break;
            }
            let mut steps = told.by_ref().take(KEPT);
            while let Some(Told::Judged(judged)) = steps.next() {
                eval::keep_ahead(&tx, store.judge(), &judged)?;
                kept += judged.len();
            }
            tx.commit().doing("evaluating deals")?;
            store.upkeep.between_steps(store.conn())?;
        }
        for deal in &bears_on[kept..] {
            self.touched.add(*deal);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::intake_tests::{plan, row, stamp};
    use super::super::super::{Access, Judge};
    use super::*;
    use crate::domain::act::{Act, FireSheet};
    use crate::domain::deal::Status;
    use crate::domain::ids::DealId;
    use crate::domain::verdict::Thresholds;
    use crate::store::{Incoming, StoreError};

    /// A file with a load of won deals that took 100 days and open ones that take longer, as far as
    /// its rows are in.
    fn load(store: &Store) -> Intake<'_> {
        let made_before = |id: &str, days| Incoming {
            created: Some(stamp().today - chrono::Days::new(days)),
            ..row(id)
        };
        let mut intake = Intake::begin(store, plan(), stamp()).unwrap();
        for open in ["1", "2"] {
            intake.row(made_before(open, 101)).unwrap();
        }
        for won in 0..20 {
            let won = Incoming {
                status: Status::Won,
                closed: Some(stamp().today),
                ..made_before(&format!("W{won}"), 100)
            };
            intake.row(won).unwrap();
        }
        intake.flush().unwrap();
        intake
    }

    fn file(folder: &tempfile::TempDir) -> Store {
        let path = folder.path().join("p.db");
        let judge = Judge::new(Vec::new(), Thresholds::default());
        Store::open(&path, Access::Create, stamp().at, judge).unwrap()
    }

    fn told(store: &Store) -> Vec<Told> {
        let (tell, told) = sync_channel(WAITING);
        count(store, stamp().today, &tell).unwrap();
        drop(tell);
        told.into_iter().collect()
    }

    fn red(store: &Store, deal: i64) -> bool {
        let sql = "SELECT signals LIKE '%;open-long red%' FROM deal_eval WHERE deal = ?1";
        let red = store.conn().query_row(sql, [deal], |r| r.get(0));
        red.unwrap()
    }

    #[test]
    fn what_was_judged_beside_the_indexes_is_kept_and_not_judged_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let mut intake = load(&file);

        let told = told(&file);
        assert!(!red(&file, 1));
        assert!(intake.keep_ages(told.into_iter()).unwrap());

        assert!(red(&file, 1) && red(&file, 2));
        assert_eq!(intake.touched.deals().count(), 0);
    }

    #[test]
    fn what_somebody_did_meanwhile_is_not_judged_by_what_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let mut intake = load(&file);
        let mut cockpit = file.entrance().open().unwrap();

        let told = told(&file);
        let sheet = FireSheet::default();
        let fire = Act::Fire {
            deals: vec![DealId(1)],
            sheet,
        };
        cockpit.act(&stamp(), &fire).unwrap();
        assert!(intake.keep_ages(told.into_iter()).unwrap());
        let touched: Vec<DealId> = intake.touched.deals().collect();
        assert_eq!(touched, [DealId(1), DealId(2)]);
        intake.finish().unwrap();

        let tier: i64 = file
            .conn()
            .query_row("SELECT tier FROM deal_eval WHERE deal = 1", [], |r| {
                r.get(0)
            })
            .unwrap();
        assert_eq!(tier, eval::FIRED);
        assert!(red(&file, 2));
    }

    #[test]
    fn a_load_that_nobody_listens_to_any_more_stops_judging() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let _intake = load(&file);

        let (tell, told) = sync_channel(WAITING);
        drop(told);
        let stopped: Result<(), StoreError> = count(&file, stamp().today, &tell);
        stopped.unwrap();
    }
}
