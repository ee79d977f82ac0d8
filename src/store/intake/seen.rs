//! What a run has read already, so that a row that stands twice is taken once.

use rusqlite::{Connection, OptionalExtension};

use super::super::error::{Doing, StoreError};
use super::super::open;

/// Whether a row was met before in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// It was not.
    First,
    /// It was, and said the same.
    Again,
    /// It was, and said something else.
    Differs,
}

/// The rows met, sixteen bytes each: in a database of its own that goes to a temporary file when
/// it grows, so that millions of rows need no memory.
#[derive(Debug)]
pub(super) struct Seen(Connection);

impl Seen {
    /// Starts with none.
    pub(super) fn new() -> Result<Self, StoreError> {
        let make = || -> rusqlite::Result<Connection> {
            let conn = open::scratch()?;
            conn.execute_batch(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;
                 CREATE TABLE seen(key INTEGER PRIMARY KEY, said INTEGER NOT NULL) STRICT;
                 BEGIN;",
            )?;
            Ok(conn)
        };
        make().map(Self).doing("making a temporary file")
    }

    /// Notes a row by what it is and what it says.
    pub(super) fn note(&self, key: u64, said: u64) -> Result<Met, StoreError> {
        let (key, said) = (key.cast_signed(), said.cast_signed());
        let note = || -> rusqlite::Result<Met> {
            let made = self
                .0
                .prepare_cached("INSERT INTO seen VALUES(?1, ?2) ON CONFLICT DO NOTHING")?
                .execute((key, said))?;
            if made > 0 {
                return Ok(Met::First);
            }
            let before: Option<i64> = self
                .0
                .prepare_cached("SELECT said FROM seen WHERE key = ?1")?
                .query_row([key], |r| r.get(0))
                .optional()?;
            Ok(if before == Some(said) {
                Met::Again
            } else {
                Met::Differs
            })
        };
        note().doing("writing a temporary file")
    }
}
