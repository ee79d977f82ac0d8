//! Putting a backup in the place of a pipeline, and looking at a file's health.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::error::{Doing, StoreError, explain};
use super::{Access, Store, backup, open};

/// The oldest SQLite that is safe with two programs on one file in its log mode.
pub const SAFE_SQLITE: &str = "3.51.3";

/// The version of SQLite in use.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Whether that version is at least [`SAFE_SQLITE`].
pub fn is_sqlite_safe() -> bool {
    rusqlite::version_number() >= 3_051_003
}

/// What `doctor` tells of an open pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The schema's version.
    pub schema: i64,
    /// Deals of any status.
    pub deals: i64,
    /// Deals that are open.
    pub open: i64,
    /// Answers in force.
    pub answers: i64,
    /// Decisions of all times.
    pub decisions: i64,
    /// Actions of the journal.
    pub actions: i64,
    /// Changes that they wrote.
    pub changes: i64,
    /// Imports that were not finished.
    pub unfinished: i64,
    /// Open deals without their evaluation.
    pub unjudged: i64,
    /// Deals that the search index does not have yet.
    pub to_index: i64,
}

impl Store {
    /// Counts what `doctor` tells of.
    pub fn health(&self) -> Result<Health, StoreError> {
        let one = |sql: &str| self.conn.query_row(sql, [], |r| r.get::<_, i64>(0));
        let read = || -> rusqlite::Result<Health> {
            Ok(Health {
                schema: one("PRAGMA user_version")?,
                deals: one("SELECT count(*) FROM deal")?,
                open: one("SELECT count(*) FROM deal WHERE status = 'open'")?,
                answers: one("SELECT count(*) FROM answer WHERE current = 1")?,
                decisions: one("SELECT count(*) FROM decision")?,
                actions: one("SELECT count(*) FROM action")?,
                changes: one("SELECT count(*) FROM change")?,
                unfinished: one("SELECT count(*) FROM action WHERE state = 'running'")?,
                unjudged: one("SELECT count(*) FROM deal d WHERE d.status = 'open'
                       AND NOT EXISTS(SELECT 1 FROM deal_eval e WHERE e.deal = d.id)")?,
                to_index: one("SELECT count(*) FROM search_todo")?,
            })
        };
        self.at(read().doing("counting what the file holds"))
    }
}

/// Adds an ending to a path.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Opens a backup for reading, once it is proven to be a whole pipeline of a version we know.
fn proven(from: &Path) -> Result<Connection, StoreError> {
    let conn = open::inspect(from, Access::Read)?;
    let check: String = conn
        .query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))
        .map_err(|e| explain(from, "checking the backup", e))?;
    if check != "ok" {
        return Err(StoreError::Damaged {
            path: from.into(),
            what: check,
        });
    }
    Ok(conn)
}

/// What a file was when it was opened: its length, when it was written, and whether it had a log.
fn state(path: &Path) -> Option<(u64, std::time::SystemTime, bool)> {
    let meta = std::fs::metadata(path).ok()?;
    let has_log = with_ending(path, "-wal").exists();
    Some((meta.len(), meta.modified().ok()?, has_log))
}

/// Keeps the pipeline that is about to be replaced, and returns where.
///
/// A file that is well is copied by SQLite, so that what its log holds is in the copy. One that
/// is not is kept as it is, with its log beside it.
fn keep(path: &Path, kept: &Path) -> Result<(), StoreError> {
    let io = |source| StoreError::Io {
        path: kept.into(),
        source,
    };
    if let Ok(conn) = open::inspect(path, Access::Write)
        && backup::copy(&conn, kept).is_ok()
        && conn
            .query_row("PRAGMA journal_mode = DELETE", [], |r| {
                r.get::<_, String>(0)
            })
            .is_ok_and(|mode| mode == "delete")
    {
        return Ok(());
    }
    for ending in ["-wal", "-shm"] {
        let (from, to) = (with_ending(path, ending), with_ending(kept, ending));
        match std::fs::rename(&from, &to) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(io(e)),
        }
    }
    if kept.exists() {
        std::fs::remove_file(kept).map_err(io)?;
    }
    match std::fs::hard_link(path, kept) {
        Ok(()) => Ok(()),
        // Not every file system has links; the copy is then made while nobody has it open.
        Err(_) => std::fs::rename(path, kept).map_err(io),
    }
}

/// Puts the backup `from` in the place of the pipeline at `path`.
///
/// The backup is proven first, copied beside its place, and moved there in one step. What was
/// there is kept as `path.STAMP.bak`, which is returned; `None` where nothing was.
///
/// # Errors
///
/// Those of opening the backup; [`StoreError::Locked`] while another program has the pipeline
/// open. The pipeline is then as it was.
pub fn restore(from: &Path, path: &Path, stamp: &str) -> Result<Option<PathBuf>, StoreError> {
    let before = state(from);
    let shared = with_ending(from, "-shm");
    // The index of a log is made by whoever reads it first, and is left by a reader.
    let is_ours = !shared.exists() && !with_ending(from, ".lock").exists();
    let source = proven(from)?;
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| StoreError::Io {
            path: folder.into(),
            source,
        })?;
    }
    let Some(_alone) = open::exclusive_lock(path) else {
        return Err(StoreError::Locked { path: path.into() });
    };
    let fresh = with_ending(path, ".restoring");
    let _ = std::fs::remove_file(&fresh);
    backup::copy(&source, &fresh)?;
    drop(source);
    if is_ours {
        let _ = std::fs::remove_file(&shared);
    }
    if state(from) != before {
        let _ = std::fs::remove_file(&fresh);
        return Err(StoreError::refused(
            format!("{} was written to while it was read", from.display()),
            "close what has it open, and restore it again",
        ));
    }
    let put = || -> Result<Option<PathBuf>, StoreError> {
        let is_there = std::fs::symlink_metadata(path).is_ok();
        let kept = is_there.then(|| with_ending(path, &format!(".{stamp}.bak")));
        if let Some(kept) = &kept {
            keep(path, kept)?;
        }
        std::fs::rename(&fresh, path).map_err(|source| StoreError::Io {
            path: path.into(),
            source,
        })?;
        Ok(kept)
    };
    let done = put();
    if done.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::Thresholds;
    use crate::store::Judge;

    fn open(path: &Path) -> Store {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        Store::open(path, Access::Create, now, judge).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let files = std::fs::read_dir(folder).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// A copy of the file alone, which says of itself that it has a log.
    fn copied(folder: &Path, name: &str) -> PathBuf {
        drop(open(&folder.join("first.db")));
        let to = folder.join("of others");
        std::fs::create_dir(&to).unwrap();
        std::fs::copy(folder.join("first.db"), to.join(name)).unwrap();
        to.join(name)
    }

    #[test]
    fn nothing_is_left_beside_a_backup_that_was_read() {
        for name in ["b.db", "50% of #1? ü.db"] {
            let folder = tempfile::tempdir().unwrap();
            let from = copied(folder.path(), name);
            let before = std::fs::read(&from).unwrap();

            restore(&from, &folder.path().join("new.db"), "now").unwrap();

            assert_eq!(names(from.parent().unwrap()), [name]);
            assert_eq!(std::fs::read(&from).unwrap(), before);
            assert_eq!(open(&folder.path().join("new.db")).count_of("deal"), 0);
        }
    }

    #[test]
    fn what_the_log_beside_a_backup_holds_is_restored_and_the_log_is_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("first.db");
        let store = open(&first);
        store.remember("place", "here").unwrap();
        let to = folder.path().join("of others");
        std::fs::create_dir(&to).unwrap();
        for ending in ["", "-wal"] {
            let name = format!("b.db{ending}");
            std::fs::copy(with_ending(&first, ending), to.join(name)).unwrap();
        }
        drop(store);
        let log = std::fs::read(to.join("b.db-wal")).unwrap();
        assert!(!log.is_empty());
        let new = folder.path().join("new.db");

        restore(&to.join("b.db"), &new, "now").unwrap();

        assert_eq!(names(&to), ["b.db", "b.db-wal"]);
        assert_eq!(std::fs::read(to.join("b.db-wal")).unwrap(), log);
        assert_eq!(open(&new).memory("place").unwrap().as_deref(), Some("here"));
    }
}
