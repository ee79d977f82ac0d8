//! Taking an import back: one that was not finished, or a finished one by undo.

use std::fs::File;

use rusqlite::{Connection, OptionalExtension};

use super::super::error::{Doing, StoreError};
use super::super::journal::{self, Journal};
use super::super::{Store, indexes};
use super::take;
use crate::domain::ids::{ActionId, DealId};

/// Takes back every import that was not finished. The caller holds the import lock.
///
/// Rows that a person worked on since stay; the others are gone as if they had never come.
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
        for (batch, action) in unfinished {
            let tx = store.immediate()?;
            journal::revert_standing(&tx, ActionId(action))?;
            let remove = || -> rusqlite::Result<()> {
                take::take_back(&tx, batch, action)?;
                tx.execute(
                    "DELETE FROM deal WHERE batch = ?1 AND id NOT IN (
                       SELECT c.deal FROM change c JOIN action a ON a.id = c.action
                       WHERE c.deal IS NOT NULL AND c.action <> ?2)",
                    (batch, action),
                )?;
                tx.execute(
                    "UPDATE import_batch SET state = 'taken_back' WHERE id = ?1",
                    [batch],
                )?;
                tx.execute(
                    "UPDATE action SET state = 'taken_back' WHERE id = ?1",
                    [action],
                )?;
                Ok(())
            };
            remove().doing("taking back an unfinished import")?;
            tx.commit().doing("taking back an unfinished import")?;
        }
        if indexes::is_lacking(store.conn())? {
            let tx = store.immediate()?;
            indexes::build_all(&tx)?;
            tx.commit().doing("building the indexes")?;
        }
        Ok(count)
    };
    work().map_err(|e| e.at(store.path()))
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
