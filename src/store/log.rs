//! The write-ahead log: when it is written back to the file, and kept from growing.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::error::{Doing, StoreError};
use super::open::{self, LOOK};

/// Pages from which on a log is emptied before work for which nobody waits goes on.
const LONG: i64 = 16_000;

/// How long such work rests for others who use a long log: one of them may be a program that was
/// stopped, and never ends.
const REST: Duration = Duration::from_secs(20);

/// Looks for a moment in which nobody reads the log.
const LOOKS: u32 = 100;

/// Writes back what the log holds, as far as nobody reads what was there before.
pub(super) fn write_back(conn: &Connection) -> Result<(), StoreError> {
    pages(conn).map(|_| ())
}

/// How much work keeps the log short: as long as somebody always reads, it grows.
#[derive(Debug, Default)]
pub(super) struct Upkeep {
    /// Since when a long log could not be emptied.
    long_since: Cell<Option<Instant>>,
}

impl Upkeep {
    /// Writes back what the log holds and empties a long one; false where others use it just now,
    /// so that work for which nobody waits is to rest.
    pub(super) fn may_go_on(&self, conn: &Connection) -> Result<bool, StoreError> {
        self.goes_on(conn, LONG, REST)
    }

    fn goes_on(&self, conn: &Connection, most: i64, rest: Duration) -> Result<bool, StoreError> {
        if keep_short(conn, most)? {
            self.long_since.set(None);
            return Ok(true);
        }
        let since = self.long_since.get().unwrap_or_else(Instant::now);
        self.long_since.set(Some(since));
        Ok(since.elapsed() >= rest)
    }

    /// Between two steps of much work: keeps the log short, and leaves the file to others.
    pub(super) fn between_steps(&self, conn: &Connection) -> Result<(), StoreError> {
        while !self.may_go_on(conn)? {
            open::give_turn();
        }
        open::give_turn();
        Ok(())
    }
}

/// Writes back what the log holds, and empties it where it has more pages than `most`; false where
/// it has and others use it just now.
fn keep_short(conn: &Connection, most: i64) -> Result<bool, StoreError> {
    if pages(conn)? <= most {
        return Ok(true);
    }
    try_to_empty(conn)
}

/// Writes back what the log holds and makes it empty, in a moment in which nobody uses it. A log
/// that stays long takes place on the disk and does no harm, so a failure is none of the caller's.
pub(super) fn empty(conn: &Connection) {
    for _ in 0..LOOKS {
        if !matches!(try_to_empty(conn), Ok(false)) {
            return;
        }
        std::thread::sleep(LOOK);
    }
}

/// Writes back what can be, and returns how many pages the log has.
fn pages(conn: &Connection) -> Result<i64, StoreError> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |r| r.get(1))
        .doing("writing back the log")
}

/// Makes the log empty unless others use it now, and says whether it did. It does not wait for
/// them: everybody who wants to write would wait with it.
fn try_to_empty(conn: &Connection) -> Result<bool, StoreError> {
    let is_busy: rusqlite::Result<bool> = open::without_waiting(|| {
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))
    });
    Ok(!is_busy.doing("writing back the log")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Access;

    /// A file with a log of some pages, and two connections to it.
    fn with_log(folder: &tempfile::TempDir) -> (std::path::PathBuf, Connection, Connection) {
        let path = folder.path().join("p.db");
        let opened = open::open(&path, Access::Create, chrono::DateTime::UNIX_EPOCH).unwrap();
        let other = open::again(&path, false).unwrap();
        empty(&opened.conn);
        write(&opened.conn);
        (open::beside(&path, "-wal"), opened.conn, other)
    }

    fn write(conn: &Connection) {
        let sql = "REPLACE INTO meta(key, value) VALUES('large', hex(randomblob(20000)))";
        conn.execute(sql, []).unwrap();
    }

    #[test]
    fn a_long_log_is_emptied_and_a_short_one_only_written_back() {
        let folder = tempfile::tempdir().unwrap();
        let (log, conn, _other) = with_log(&folder);
        let length = || std::fs::metadata(&log).unwrap().len();
        assert!(keep_short(&conn, 1_000).unwrap());
        assert!(length() > 40_000);
        assert!(keep_short(&conn, 5).unwrap());
        assert_eq!(length(), 0);
    }

    #[test]
    fn a_log_that_somebody_reads_stays_and_keeps_nobody_from_writing() {
        let folder = tempfile::tempdir().unwrap();
        let (log, conn, other) = with_log(&folder);
        let reading = other.unchecked_transaction().unwrap();
        let tables = "SELECT count(*) FROM sqlite_schema";
        let _: i64 = reading.query_row(tables, [], |r| r.get(0)).unwrap();

        write(&conn);
        assert!(!keep_short(&conn, 5).unwrap());
        empty(&conn);
        assert!(std::fs::metadata(&log).unwrap().len() > 40_000);
        write(&conn);
        drop(reading);
        assert!(keep_short(&conn, 5).unwrap());
    }

    #[test]
    fn who_rests_for_a_reader_goes_on_after_a_while_and_rests_no_more_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (_log, conn, other) = with_log(&folder);
        let reading = other.unchecked_transaction().unwrap();
        let tables = "SELECT count(*) FROM sqlite_schema";
        let _: i64 = reading.query_row(tables, [], |r| r.get(0)).unwrap();
        write(&conn);
        let upkeep = Upkeep::default();
        let goes_on = |rest| upkeep.goes_on(&conn, 5, rest).unwrap();

        let rest = Duration::from_millis(30);
        let since = Instant::now();
        assert!(!goes_on(REST));
        while !goes_on(rest) {}
        assert!(since.elapsed() >= rest);
        assert!(goes_on(rest));
        drop(reading);
        assert!(goes_on(REST));
        assert!(upkeep.long_since.get().is_none());
    }

    #[test]
    fn who_empties_a_log_waits_for_the_file_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let (_log, conn, other) = with_log(&folder);
        let holding =
            rusqlite::Transaction::new_unchecked(&other, rusqlite::TransactionBehavior::Immediate);
        let holding = holding.unwrap();
        assert!(!keep_short(&conn, 5).unwrap());
        std::thread::scope(|scope| {
            let writing = scope.spawn(move || write(&conn));
            std::thread::sleep(LOOK * 20);
            drop(holding);
            writing.join().unwrap();
        });
    }
}
