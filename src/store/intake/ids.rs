//! The numbers of the rows that an import makes: none that a row had which may come back.

use rusqlite::Connection;

use super::super::journal::unused_id;
use crate::domain::ids::BatchId;

/// The tables into which an import writes past the journal; their names are its words.
const TABLES: [&str; 6] = ["deal", "touch", "note", "contact", "move", "account"];

/// How new rows are numbered: their batch, and for each table the number that its next row must
/// have. SQLite's own follow that one, so it is looked up once for each transaction.
#[derive(Debug)]
pub(super) struct Numbers {
    /// The batch.
    pub(super) batch: BatchId,
    next: [Option<i64>; TABLES.len()],
}

impl Numbers {
    /// Those of a batch, before its first transaction.
    pub(super) fn new(batch: BatchId) -> Self {
        Self {
            batch,
            next: [None; TABLES.len()],
        }
    }

    /// Looks what the journal knows, at the beginning of a transaction.
    pub(super) fn look(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        TABLES.iter().try_for_each(|table| self.renew(conn, table))
    }

    /// Looks again, after rows of a table were removed.
    pub(super) fn renew(&mut self, conn: &Connection, table: &str) -> rusqlite::Result<()> {
        if let Some(at) = place(table) {
            self.next[at] = unused_id(conn, table, table)?;
        }
        Ok(())
    }

    /// The number for the next row of a table; `None` leaves it to SQLite.
    pub(super) fn of(&self, table: &str) -> Option<i64> {
        self.next[place(table)?]
    }

    /// Notes that so many rows went in: from then on SQLite counts on.
    pub(super) fn made(&mut self, table: &str, rows: usize) {
        if let Some(at) = place(table).filter(|_| rows > 0) {
            self.next[at] = None;
        }
    }
}

fn place(table: &str) -> Option<usize> {
    TABLES.iter().position(|of| *of == table)
}
