//! The indexes that a load into an empty file puts off, and builds when its rows are in.
//!
//! Kept up row by row, each costs a page of its tree for every row; built at the end it is one
//! sort. A file lacks them while such a load runs, or after it was killed: then whoever gets the
//! import lock next builds them.

use rusqlite::Connection;

use super::error::{Doing, StoreError};
use super::migrate;

/// The tables whose indexes may be put off: those that a load of any size fills.
const TABLES: [&str; 3] = ["deal", "deal_eval", "touch"];

/// Those of them that a new deal with nothing on it is not in: they cost a load less than looking
/// at all of its rows at the end for the few that are.
const OF_FEW: [&str; 3] = ["deal_eval_dark", "deal_eval_bad_money", "deal_eval_cover"];

/// An index as the schema has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    /// Its name.
    pub(super) name: &'static str,
    /// The table that it is over.
    pub(super) table: &'static str,
    /// The statement that makes it, as SQLite keeps it.
    pub(super) sql: &'static str,
}

impl Definition {
    /// Reads a statement of the schema; `None` for one that makes no index.
    fn read(sql: &'static str) -> Option<Self> {
        let rest = ["CREATE INDEX ", "CREATE UNIQUE INDEX "]
            .iter()
            .find_map(|head| sql.strip_prefix(head))?;
        let mut words = rest.split_whitespace();
        let name = words.next()?;
        let over = words.nth(1)?;
        let table = over.split_once('(').map_or(over, |(table, _)| table);
        Some(Self { name, table, sql })
    }
}

/// The statements of a migration that begin a line, without what stands between them.
fn statements(text: &'static str) -> impl Iterator<Item = &'static str> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.filter_map(|at| text[at..].split(';').next())
}

/// The index that a statement drops.
fn dropped(sql: &str) -> Option<&str> {
    sql.strip_prefix("DROP INDEX ").map(str::trim)
}

/// The indexes that a file of a schema version may lack for a while; of one that a later
/// migration makes anew, what it is then.
pub(super) fn may_lack(version: i64) -> impl Iterator<Item = Definition> {
    let mut all: Vec<Definition> = Vec::new();
    for sql in migrate::texts(version).flat_map(statements) {
        if let Some(name) = dropped(sql) {
            all.retain(|earlier| earlier.name != name);
        }
        let index = Definition::read(sql);
        all.extend(index.filter(|index| TABLES.contains(&index.table)));
    }
    all.into_iter()
}

fn is_there(conn: &Connection, index: &Definition) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)",
    )?
    .query_row([index.name], |r| r.get(0))
}

/// Whether the file has no row in any of the tables, so that a load may put its indexes off.
pub(super) fn is_empty(conn: &Connection) -> Result<bool, StoreError> {
    for table in TABLES {
        let has_rows: bool = conn
            .query_row(&format!("SELECT EXISTS(SELECT 1 FROM {table})"), [], |r| {
                r.get(0)
            })
            .doing("looking for rows")?;
        if has_rows {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Drops the indexes of empty tables, inside the transaction that begins a load.
pub(super) fn put_off(conn: &Connection) -> Result<(), StoreError> {
    let drop = || -> rusqlite::Result<()> {
        let of_many = |index: &Definition| !OF_FEW.contains(&index.name);
        for index in may_lack(migrate::newest()).filter(of_many) {
            conn.execute_batch(&format!("DROP INDEX IF EXISTS {}", index.name))?;
        }
        Ok(())
    };
    drop().doing("putting off the indexes")
}

/// Builds the indexes of some tables that were put off, inside the caller's transaction.
pub(super) fn build(conn: &Connection, tables: &[&str]) -> Result<(), StoreError> {
    build_of(conn, migrate::newest(), tables).doing("building the indexes")
}

fn build_of(conn: &Connection, version: i64, tables: &[&str]) -> rusqlite::Result<()> {
    for index in may_lack(version) {
        if tables.contains(&index.table) && !is_there(conn, &index)? {
            conn.execute_batch(index.sql)?;
        }
    }
    Ok(())
}

/// Whether the file lacks an index, as one does whose load was killed.
pub(super) fn is_lacking(conn: &Connection) -> Result<bool, StoreError> {
    let look = || -> rusqlite::Result<bool> {
        for index in may_lack(migrate::newest()) {
            if !is_there(conn, &index)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    look().doing("looking for the indexes")
}

/// Builds every index that was put off.
pub(super) fn build_all(conn: &Connection) -> Result<(), StoreError> {
    build(conn, &TABLES)
}

/// Builds every index that a file of an older schema lacks, which its next one may make anew.
pub(super) fn build_older(conn: &Connection, version: i64) -> rusqlite::Result<()> {
    build_of(conn, version, &TABLES)
}
