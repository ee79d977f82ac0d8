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
