//! Taking an import back: one that was not finished, or a finished one by undo.

use std::fs::File;

use rusqlite::{Connection, OptionalExtension};

use super::super::error::{Doing, StoreError};
use super::super::journal::{self, Journal};
use super::super::{Store, eval, indexes, log, open};
use super::{room, take};
use crate::domain::ids::{ActionId, DealId};

/// Rows that go in one durable step.
const STEP: usize = 20_000;

/// How many times fewer rows go in a step for which the disk had no room.
const FEWER: usize = 16;

/// Takes back every import that was not finished. The caller holds the import lock.
///
/// Rows that a person worked on since stay; the others are gone as if they had never come. They
/// go step by step, each durable and written back before the next: a disk that is full has little
/// room, and others may write in between. Whoever comes after a kill goes on where it was.
pub(in crate::store) fn take_back_unfinished(
    store: &Store,
    _lock: Option<&File>,
) -> Result<usize, StoreError> {
    let work = || -> Result<usize, StoreError> {
        let unfinished: Vec<(i64, i64)> = store
            .conn()
            .prepare_cached(
                "SELECT b.id, b.action FROM import_batch b WHERE b.state = 'running' ORDER BY b.id DESC",
            )
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .doing("looking for unfinished imports")?;
        let count = unfinished.len();
        if count > 0 && !store.is_in_memory() {
            room::forget(store.path());
        }
        for (batch, action) in unfinished {
            for table in take::TABLES {
                let rows = take::standing(table);
                by_steps(store, table, &rows, (batch, action))?;
            }
            by_steps(store, "deal", NOT_WORKED_ON, (batch, action))?;
            let tx = store.immediate()?;
            end(&tx, batch, ActionId(action))?;
            tx.commit().doing("taking back an unfinished import")?;
        }
        if indexes::is_lacking(store.conn())? {
            let tx = store.immediate()?;
            indexes::build_all(&tx)?;
            tx.commit().doing("building the indexes")?;
        }
        if count > 0 {
            open::shrink(store.conn());
        }
        Ok(count)
    };
    work().map_err(|e| e.at(store.path()))
}

/// The deals of an import with which nobody did anything else.
const NOT_WORKED_ON: &str = "batch = ?1 AND NOT EXISTS(
    SELECT 1 FROM change c WHERE c.deal = deal.id AND c.action <> ?2)";

/// Removes rows of a table, those with the smallest numbers first; of fewer at a time where the
/// disk has no room for more.
fn by_steps(
    store: &Store,
    table: &str,
    rows: &str,
    (batch, action): (i64, i64),
) -> Result<(), StoreError> {
    let list = format!("SELECT id FROM {table} WHERE id > ?3 AND {rows} ORDER BY id LIMIT ?4");
    let remove = format!("DELETE FROM {table} WHERE id = ?1");
    let step = |after: i64, most: usize| -> Result<Option<i64>, StoreError> {
        let tx = store.immediate()?;
        let work = || -> rusqlite::Result<Option<i64>> {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let ids: Vec<i64> = tx
                .prepare_cached(&list)?
                .query_map((batch, action, after, most), |r| r.get(0))?
                .collect::<Result<_, _>>()?;
            let mut remove = tx.prepare_cached(&remove)?;
            for id in &ids {
                if table == "touch" {
                    take::judge_again(&tx, *id)?;
                }
                remove.execute([id])?;
            }
            Ok(ids.last().copied())
        };
        let last = work().doing("taking back an unfinished import")?;
        tx.commit().doing("taking back an unfinished import")?;
        log::write_back(store.conn())?;
        open::give_turn();
        Ok(last)
    };
    in_steps(step, || log::empty(store.conn()))
}

/// Takes steps until one finds nothing left, each behind the last number of the one before; smaller
/// ones after each for which the disk had no room.
fn in_steps(
    mut step: impl FnMut(i64, usize) -> Result<Option<i64>, StoreError>,
    make_room: impl Fn(),
) -> Result<(), StoreError> {
    let (mut after, mut most) = (0, STEP);
    loop {
        match step(after, most) {
            Ok(Some(last)) => after = last,
            Ok(None) => return Ok(()),
            Err(error) if error.is_full() && most > 1 => {
                // What was not saved is in the log still, and takes the place of what could be.
                make_room();
                most /= FEWER.min(most);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Takes back what an import changed of other rows, and says that it is taken back.
fn end(conn: &Connection, batch: i64, action: ActionId) -> Result<(), StoreError> {
    journal::revert_standing(conn, action)?;
    let end = || -> rusqlite::Result<()> {
        take::judge_changed_again(conn, action)?;
        // They may have been counted with its deals.
        eval::stats::forget_days(conn, true)?;
        conn.execute(
            "UPDATE import_batch SET state = 'taken_back' WHERE id = ?1",
            [batch],
        )?;
        conn.execute(
            "UPDATE action SET state = 'taken_back' WHERE id = ?1",
            [action.0],
        )?;
        Ok(())
    };
    end().doing("taking back an unfinished import")
}

/// Takes back a finished import inside the caller's transaction: rows that a person worked on
/// since are left as they are and returned.
pub(in crate::store) fn undo(
    conn: &Connection,
    journal: &mut Journal<'_>,
    action: ActionId,
) -> Result<Vec<DealId>, StoreError> {
    let mut kept = journal.reverse_standing(action)?;
    let batch: Option<i64> = conn
        .query_row(
            "SELECT id FROM import_batch WHERE action = ?1",
            [action.0],
            |r| r.get(0),
        )
        .optional()
        .doing("reading the import")?;
    let Some(batch) = batch else { return Ok(kept) };
    take::undo(conn, journal, batch, action, &mut kept)?;
    let made: Vec<(i64, bool)> = conn
        .prepare(
            "SELECT d.id, EXISTS(
               SELECT 1 FROM change c JOIN action a ON a.id = c.action
               WHERE c.deal = d.id AND c.action > ?2 AND a.id <> ?3 AND a.undone_by IS NULL
                 AND a.kind <> 'undo')
               OR EXISTS(SELECT 1 FROM touch t WHERE t.deal = d.id AND t.batch > ?1)
               OR EXISTS(SELECT 1 FROM note n WHERE n.deal = d.id AND n.batch > ?1)
               OR EXISTS(SELECT 1 FROM contact p WHERE p.deal = d.id AND p.batch > ?1)
               OR EXISTS(SELECT 1 FROM move m WHERE m.deal = d.id AND m.batch > ?1)
             FROM deal d WHERE d.batch = ?1",
        )
        .and_then(|mut s| {
            s.query_map((batch, action.0, journal.action().0), |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?
            .collect()
        })
        .doing("reading what the import made")?;
    for (deal, worked_on) in made {
        if worked_on {
            if !kept.contains(&DealId(deal)) {
                kept.push(DealId(deal));
            }
        } else {
            journal.delete("deal", deal)?;
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> StoreError {
        StoreError::DiskFull {
            path: "p.db".into(),
        }
    }

    #[test]
    fn steps_get_smaller_where_the_disk_is_full_and_leave_nothing_out() {
        let mut left: Vec<i64> = (1..=50).collect();
        let made = std::cell::Cell::new(0);
        let step = |after: i64, most: usize| {
            if most > 10 {
                return Err(full());
            }
            let taken: Vec<i64> = left
                .iter()
                .copied()
                .filter(|id| *id > after)
                .take(most)
                .collect();
            left.retain(|id| !taken.contains(id));
            Ok(taken.last().copied())
        };

        in_steps(step, || made.set(made.get() + 1)).unwrap();

        assert!(left.is_empty(), "{left:?}");
        assert_eq!(made.get(), 3, "20,000, 1,250 and 78 were too many");
    }

    #[test]
    fn a_disk_without_room_for_one_row_and_any_other_failure_end_it() {
        let mut tried = 0;
        let never = |_: i64, _: usize| {
            tried += 1;
            Err(full())
        };
        assert!(in_steps(never, || ()).unwrap_err().is_full());
        assert_eq!(tried, 5, "down to one row");

        let broken = |_: i64, _: usize| Err(StoreError::Cancelled);
        let error = in_steps(broken, || ()).unwrap_err();
        assert!(matches!(error, StoreError::Cancelled));
    }
}
