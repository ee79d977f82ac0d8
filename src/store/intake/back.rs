//! Taking an import back: one that was not finished, or a finished one by undo.

use std::fs::File;

use rusqlite::{Connection, OptionalExtension};

use super::super::error::{Doing, StoreError};
use super::super::journal::{self, Journal};
use super::super::{Store, eval, indexes, log, open, search};
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
                by_steps(store, (batch, action), &Going::beside(table))?;
            }
            let bare = Going::bare_deals(store.conn()).doing("reading the schema")?;
            without_keys(store.conn(), || by_steps(store, (batch, action), &bare))?;
            by_steps(store, (batch, action), &Going::deals())?;
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

/// The rows of a table that go with an import.
struct Going {
    table: &'static str,
    /// Which of its rows: `?1` is the import and `?2` its action.
    rows: String,
    /// What is done for each range of them before, behind the number `?3` and up to `?4`.
    before: Vec<String>,
}

impl Going {
    /// Those of a table beside the deals. The deals of touches that go are judged again on the next
    /// occasion.
    fn beside(table: &'static str) -> Self {
        let rows = take::standing(table);
        let judge = format!(
            "INSERT OR IGNORE INTO judge_todo(deal)
             SELECT deal FROM deal_eval
             WHERE deal IN (SELECT deal FROM touch WHERE {RANGE} AND {rows})"
        );
        let before = (table == "touch").then_some(judge).into_iter().collect();
        Self {
            table,
            rows,
            before,
        }
    }

    fn deals() -> Self {
        Self {
            table: "deal",
            rows: NOT_WORKED_ON.into(),
            before: vec![search::unlisting(NOT_WORKED_ON)],
        }
    }

    /// The deals to which nothing belongs that has rows of its own: all but a few. They go with
    /// what belongs to them by ranges, without the foreign keys, for which SQLite looks into some
    /// thirty tables for each deal.
    fn bare_deals(conn: &Connection) -> rusqlite::Result<Self> {
        let mut belonging = conn.prepare(
            r#"SELECT t.name, k."from",
                 k.on_delete = 'CASCADE' AND NOT EXISTS(
                   SELECT 1 FROM sqlite_schema u, pragma_foreign_key_list(u.name) l
                   WHERE u.type = 'table' AND l."table" = t.name)
               FROM sqlite_schema t, pragma_foreign_key_list(t.name) k
               WHERE t.type = 'table' AND k."table" = 'deal'"#,
        )?;
        let belonging = belonging
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<Vec<(String, String, bool)>>>()?;
        let mut deals = Self::deals();
        for (table, deal, is_bare) in &belonging {
            if !is_bare {
                let none =
                    format!(" AND NOT EXISTS(SELECT 1 FROM {table} b WHERE b.{deal} = deal.id)");
                deals.rows.push_str(&none);
            }
        }
        for (table, deal, is_bare) in &belonging {
            if *is_bare {
                deals.before.push(format!(
                    "DELETE FROM {table} WHERE {deal} > ?3 AND {deal} <= ?4 AND EXISTS(
                       SELECT 1 FROM deal WHERE deal.id = {table}.{deal} AND {})",
                    deals.rows
                ));
            }
        }
        Ok(deals)
    }
}

/// The rows of one step.
const RANGE: &str = "id > ?3 AND id <= ?4";

/// Works without the schema's foreign keys, which hold again afterwards.
fn without_keys<T>(
    conn: &Connection,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let set = |is_on: bool| {
        conn.pragma_update(None, "foreign_keys", is_on)
            .doing("preparing to take an import back")
    };
    set(false)?;
    let done = work();
    set(true)?;
    done
}

/// Removes rows of a table, those with the smallest numbers first; of fewer at a time where the
/// disk has no room for more.
fn by_steps(store: &Store, (batch, action): (i64, i64), going: &Going) -> Result<(), StoreError> {
    let Going {
        table,
        rows,
        before,
    } = going;
    let last = format!(
        "SELECT max(id) FROM (
           SELECT id FROM {table} WHERE id > ?3 AND {rows} ORDER BY id LIMIT ?4)"
    );
    let remove = format!("DELETE FROM {table} WHERE {RANGE} AND {rows}");
    let step = |after: i64, most: usize| -> Result<Option<i64>, StoreError> {
        let tx = store.immediate()?;
        let work = || -> rusqlite::Result<Option<i64>> {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let last: Option<i64> = tx
                .prepare_cached(&last)?
                .query_row((batch, action, after, most), |r| r.get(0))?;
            if let Some(last) = last {
                for sql in before.iter().chain([&remove]) {
                    tx.prepare_cached(sql)?
                        .execute((batch, action, after, last))?;
                }
            }
            Ok(last)
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
    use super::super::super::Judge;
    use super::super::super::intake_tests::{plan, row, stamp};
    use super::super::Intake;
    use super::*;
    use crate::domain::verdict::Thresholds;

    fn store() -> Store {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        Store::in_memory(stamp().at, judge).unwrap()
    }

    fn load(store: &Store, ids: std::ops::RangeInclusive<u32>) -> Intake<'_> {
        let mut load = Intake::begin(store, plan(), stamp()).unwrap();
        for id in ids {
            load.row(row(&id.to_string())).unwrap();
        }
        load.flush().unwrap();
        load
    }

    fn texts(store: &Store, sql: &str) -> Vec<String> {
        let mut statement = store.conn().prepare(sql).unwrap();
        let rows = statement.query_map([], |r| r.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn count(store: &Store, sql: &str) -> i64 {
        store.conn().query_row(sql, [], |r| r.get(0)).unwrap()
    }

    /// Writes one row of a deal into each table that has a column for one, whatever else a row of it
    /// has to say; which tables these are.
    fn fill(store: &Store, deal: i64) -> Vec<String> {
        let conn = store.conn();
        conn.execute_batch("PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on")
            .unwrap();
        let tables = texts(
            store,
            "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND c.name = 'deal' AND t.name <> 'change' ORDER BY 1",
        );
        for table in &tables {
            let of_columns = |what: &str| -> String {
                let sql = format!(
                    "SELECT group_concat({what}) FROM pragma_table_info('{table}')
                     WHERE name = 'deal' OR (\"notnull\" AND name <> 'id')"
                );
                texts(store, &sql).concat()
            };
            let (columns, values) = (
                of_columns("name"),
                of_columns(&format!(
                    "CASE WHEN name = 'deal' THEN '{deal}' WHEN type = 'TEXT' THEN '''x''' ELSE '1' END"
                )),
            );
            conn.execute_batch(&format!(
                "INSERT OR IGNORE INTO {table}({columns}) VALUES({values})"
            ))
            .unwrap();
        }
        conn.execute_batch("PRAGMA ignore_check_constraints = off; PRAGMA foreign_keys = on")
            .unwrap();
        tables
    }

    #[test]
    fn whatever_belongs_to_a_deal_goes_with_it_and_nothing_of_another() {
        let store = store();
        let kept = load(&store, 1..=1);
        kept.finish().unwrap();
        let stopped = load(&store, 2..=5);
        for deal in [1, 3] {
            let tables = fill(&store, deal);
            assert!(tables.len() > 30, "{tables:?}");
        }
        let of = |table: &String, which: &str| {
            count(
                &store,
                &format!("SELECT count(*) FROM {table} WHERE deal {which}"),
            )
        };
        let tables = fill(&store, 4);
        for table in tables.iter().filter(|table| *table != "draft") {
            assert!(of(table, "= 4") > 0, "{table}");
        }
        // A commitment and a decision have rows of their own, so that deal 4 has to go with the
        // foreign keys; deal 3 without.
        store
            .conn()
            .execute_batch(
                "DELETE FROM decision WHERE deal = 3; DELETE FROM commitment WHERE deal = 3",
            )
            .unwrap();

        stopped.cancel().unwrap();

        assert_eq!(texts(&store, "SELECT key FROM deal"), ["1"]);
        for table in &tables {
            assert_eq!(of(table, "<> 1"), 0, "{table}");
            assert!(of(table, "= 1") > 0, "{table}");
        }
        let loose = "SELECT count(*) FROM pragma_foreign_key_check WHERE parent = 'deal'";
        assert_eq!(count(&store, loose), 0);
    }

    #[test]
    fn a_deal_that_goes_stays_listed_for_the_search_only_if_it_was_indexed() {
        let store = store();
        let stopped = load(&store, 1..=3);
        store
            .conn()
            .execute_batch("INSERT INTO search_word(rowid, account) VALUES(2, 'before')")
            .unwrap();

        stopped.cancel().unwrap();

        let listed = texts(&store, "SELECT CAST(deal AS TEXT) FROM search_todo");
        assert_eq!(listed, ["2"]);
    }

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
