//! Opening a pipeline file: the flags, settings and checks of every connection.
//!
//! A file named by a person may come from somebody else, so it is checked before its first row
//! is read: it must be ours, of a version we know, and hold exactly the schema of that version.
//! The file itself is never opened, read or locked by other means than SQLite: closing such a
//! handle would drop SQLite's locks (sqlite.org/howtocorrupt.html, 2.2). What needs a lock of
//! its own takes it on a file beside it.

use std::cell::Cell;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::error::{StoreError, explain};
use super::{log, migrate};

/// Marks a file as a walkaway pipeline (`PRAGMA application_id`, the letters "walk").
pub(crate) const APPLICATION_ID: i64 = 0x7761_6c6b;

/// How long a connection waits for another's write.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it rests between two looks whether that is over.
pub(super) const LOOK: Duration = Duration::from_millis(1);

/// How long whoever writes much leaves the file to others between two steps: who waits looks at
/// least once meanwhile.
pub const TURN: Duration = Duration::from_millis(2);

/// The largest text or row that SQLite will handle, in bytes; cells are cut long before.
const LENGTH_LIMIT: i32 = 8 << 20;

/// The memory in which a connection keeps pages, in KiB.
pub(super) const CACHE: i64 = 2_000;

/// What a program means to do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read and write; a file that is not there is an error.
    Write,
    /// As [`Access::Write`], and make the file when it is not there.
    Create,
    /// Read only.
    Read,
}

/// Opens a connection with all settings but no look at the content.
fn connect(path: &Path, access: Access) -> Result<Connection, StoreError> {
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    connect_as(path, path, flags)
}

/// Opens a file that nobody writes, so that nothing is made beside it.
fn connect_still(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    connect_as(path, Path::new(&still(path)), flags)
}

/// The address of a file that does not change while it is open.
fn still(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut address = String::from(if path.is_absolute() {
        "file://"
    } else {
        "file:"
    });
    for byte in bytes {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' => address.push(char::from(*byte)),
            _ if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            _ => address.extend(format!("%{byte:02X}").chars()),
        }
    }
    address.push_str("?immutable=1");
    address
}

/// Rests before another look at a file that is being written. SQLite's own way rests for up to a
/// tenth of a second, in which who writes step by step has long begun the next one.
fn look_again(looks: i32) -> bool {
    thread_local! {
        static SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    if IS_HASTY.get() {
        return false;
    }
    if looks == 0 {
        SINCE.set(Some(Instant::now()));
    }
    std::thread::sleep(LOOK);
    SINCE.get().is_some_and(|since| since.elapsed() < PATIENCE)
}

thread_local! {
    /// Whether this thread waits for nobody.
    static IS_HASTY: Cell<bool> = const { Cell::new(false) };
}

/// Does what fails at once where others use the file.
pub(super) fn without_waiting<T>(work: impl FnOnce() -> T) -> T {
    IS_HASTY.set(true);
    let done = work();
    IS_HASTY.set(false);
    done
}

/// Leaves the file to others for a moment, between two steps of much work.
pub(super) fn give_turn() {
    std::thread::sleep(TURN);
}

fn connect_as(path: &Path, address: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let mut conn = Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|e| explain(path, "opening the pipeline", e))?;
    let mut settings = || -> rusqlite::Result<()> {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false)?;
        // Without it a statement may be planned anew for each value that it is given: what a key
        // asks for is asked again and again, of other deals.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, LENGTH_LIMIT)?;
        conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        conn.busy_handler(Some(look_again))?;
        conn.set_prepared_statement_cache_capacity(128);
        conn.pragma_update(None, "cell_size_check", true)?;
        conn.pragma_update(None, "mmap_size", 0)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "cache_size", -CACHE)?;
        super::filter::teach(&conn)
    };
    settings().map_err(|e| explain(path, "preparing the connection", e))?;
    Ok(conn)
}

/// An open pipeline file: a connection with its settings, and the lock that says so.
#[derive(Debug)]
pub struct Opened {
    /// The connection.
    pub(crate) conn: Connection,
    /// The file.
    pub(crate) path: PathBuf,
    /// Whether writes are impossible.
    pub(crate) read_only: bool,
    /// Held for as long as the file is open: restore and migration need it alone.
    pub(crate) lock: Option<File>,
}

/// Opens a pipeline, makes it where asked, and brings an older one up to date.
///
/// A file or folder that cannot be written opens read-only.
///
/// # Errors
///
/// [`StoreError::Missing`], [`StoreError::NotAPipeline`], [`StoreError::TooNew`],
/// [`StoreError::Locked`], [`StoreError::Damaged`] or [`StoreError::Io`]; the file is then as
/// it was.
pub fn open(path: &Path, access: Access, now: DateTime<Utc>) -> Result<Opened, StoreError> {
    let exists = match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            return Err(StoreError::NotAPipeline {
                path: path.into(),
                what: "it is a folder".into(),
            });
        }
        Ok(meta) if !meta.is_file() => {
            return Err(StoreError::NotAPipeline {
                path: path.into(),
                what: "it is not an ordinary file".into(),
            });
        }
        Ok(_) => true,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => false,
        Err(source) => {
            return Err(StoreError::Io {
                path: path.into(),
                source,
            });
        }
    };
    if !exists {
        if access != Access::Create {
            return Err(StoreError::Missing { path: path.into() });
        }
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| StoreError::Io {
                path: folder.into(),
                source,
            })?;
        }
    }
    if exists && !beside(path, ".lock").exists() {
        refuse_strangers(path, access)?;
    }
    let lock = shared_lock(path);
    let wanted = if lock.is_none() && exists {
        Access::Read
    } else {
        access
    };
    let mut conn = connect(path, wanted)?;
    let mut read_only = wanted == Access::Read
        || conn
            .is_readonly("main")
            .map_err(|e| explain(path, "opening the pipeline", e))?;

    let state = identity(&conn, path)?;
    match state {
        Identity::Blank if read_only => {
            return Err(StoreError::NotAPipeline {
                path: path.into(),
                what: "it is empty".into(),
            });
        }
        Identity::Blank if exists && access != Access::Create => {
            return Err(StoreError::NotAPipeline {
                path: path.into(),
                what: "it is empty".into(),
            });
        }
        Identity::Blank => {}
        Identity::Ours(version) => {
            migrate::check_schema(&conn, path, version)?;
            if version < migrate::newest() && read_only {
                return Err(StoreError::ReadOnly { path: path.into() });
            }
        }
    }
    if !read_only {
        let prepared = (|| -> rusqlite::Result<()> {
            let _: String = conn.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0))?;
            conn.pragma_update(None, "synchronous", "FULL")?;
            conn.pragma_update(None, "fullfsync", true)?;
            conn.pragma_update(None, "checkpoint_fullfsync", true)?;
            conn.pragma_update(None, "wal_autocheckpoint", 0)?;
            Ok(())
        })();
        match prepared.map_err(|e| explain(path, "preparing the pipeline", e)) {
            Ok(()) => {}
            Err(StoreError::ReadOnly { .. }) if exists => {
                read_only = true;
                conn = connect(path, Access::Read)?;
            }
            Err(other) => return Err(other),
        }
    }
    if !read_only {
        migrate::run(&mut conn, path, now)?;
    }
    Ok(Opened {
        conn,
        path: path.into(),
        read_only,
        lock,
    })
}

/// Refuses a file that is not ours before anything is made beside it.
///
/// Only what the file says of itself counts here; a file that cannot be looked at now, such as a
/// locked one, is left to the opening proper, which looks again under its lock.
fn refuse_strangers(path: &Path, access: Access) -> Result<(), StoreError> {
    let looked = connect(path, Access::Write).and_then(|conn| match identity(&conn, path)? {
        Identity::Blank if access == Access::Create => Ok(()),
        Identity::Blank => Err(StoreError::NotAPipeline {
            path: path.into(),
            what: "it is empty".into(),
        }),
        Identity::Ours(version) => migrate::check_schema(&conn, path, version),
    });
    match looked {
        Err(error @ (StoreError::NotAPipeline { .. } | StoreError::TooNew { .. })) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Opens one more connection to a file that is open already, for another thread.
pub(crate) fn again(path: &Path, read_only: bool) -> Result<Connection, StoreError> {
    let conn = connect(
        path,
        if read_only {
            Access::Read
        } else {
            Access::Write
        },
    )?;
    if !read_only {
        conn.pragma_update(None, "synchronous", "FULL")
            .and_then(|()| conn.pragma_update(None, "fullfsync", true))
            .and_then(|()| conn.pragma_update(None, "checkpoint_fullfsync", true))
            .and_then(|()| conn.pragma_update(None, "wal_autocheckpoint", 0))
            .map_err(|e| explain(path, "preparing the pipeline", e))?;
    }
    Ok(conn)
}

/// Opens a whole pipeline without a lock of its own, to look at it or to copy it.
///
/// Nothing is brought up to date. The caller holds the exclusive lock where others could come. A
/// file without a log beside it is read without one.
pub(crate) fn inspect(path: &Path, access: Access) -> Result<Connection, StoreError> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() => {}
        Ok(_) => {
            return Err(StoreError::NotAPipeline {
                path: path.into(),
                what: "it is not an ordinary file".into(),
            });
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.into() });
        }
        Err(source) => {
            return Err(StoreError::Io {
                path: path.into(),
                source,
            });
        }
    }
    let has_log = ["-wal", "-journal"]
        .iter()
        .any(|ending| beside(path, ending).exists());
    let conn = if access == Access::Read && cfg!(unix) && !has_log {
        connect_still(path)?
    } else {
        connect(path, access)?
    };
    match identity(&conn, path)? {
        Identity::Blank => Err(StoreError::NotAPipeline {
            path: path.into(),
            what: "it is empty".into(),
        }),
        Identity::Ours(version) => {
            migrate::check_schema(&conn, path, version)?;
            Ok(conn)
        }
    }
}

/// Opens an empty file that a backup is about to fill.
pub(crate) fn blank(path: &Path) -> Result<Connection, StoreError> {
    connect(path, Access::Create)
}

/// A private database in memory with the newest schema, for tests and dry runs.
pub(crate) fn in_memory(now: DateTime<Utc>) -> Result<Opened, StoreError> {
    let path = PathBuf::from(":memory:");
    let mut conn = connect(&path, Access::Create)?;
    migrate::run(&mut conn, &path, now)?;
    Ok(Opened {
        conn,
        path,
        read_only: false,
        lock: None,
    })
}

/// What tells a file from another at the same path: its device and its number there.
pub(crate) type FileId = (u64, u64);

/// Which file is at the path now; `None` where there is none.
#[cfg(unix)]
pub(crate) fn file_at(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;

    let meta = std::fs::metadata(path).ok()?;
    Some((meta.dev(), meta.ino()))
}

/// Whether a file is at the path now: an open one can be neither deleted nor replaced here.
#[cfg(not(unix))]
pub(crate) fn file_at(path: &Path) -> Option<FileId> {
    path.is_file().then_some((0, 0))
}

/// What a file says of itself.
enum Identity {
    Blank,
    Ours(i64),
}

fn identity(conn: &Connection, path: &Path) -> Result<Identity, StoreError> {
    let pragma = |name: &str| -> Result<i64, StoreError> {
        conn.query_row(&format!("PRAGMA {name}"), [], |r| r.get(0))
            .map_err(|e| explain(path, "reading the pipeline's header", e))
    };
    let version = pragma("user_version")?;
    match pragma("application_id")? {
        APPLICATION_ID if version > migrate::newest() => Err(StoreError::TooNew {
            path: path.into(),
            found: version,
            known: migrate::newest(),
        }),
        APPLICATION_ID if version >= 1 => Ok(Identity::Ours(version)),
        0 if version == 0 => {
            let tables: i64 = conn
                .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
                .map_err(|e| explain(path, "reading the pipeline's header", e))?;
            if tables == 0 {
                Ok(Identity::Blank)
            } else {
                Err(StoreError::NotAPipeline {
                    path: path.into(),
                    what: "it is an SQLite database of another program".into(),
                })
            }
        }
        _ => Err(StoreError::NotAPipeline {
            path: path.into(),
            what: "it is an SQLite database of another program".into(),
        }),
    }
}

/// The path of a file beside the pipeline, by its ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The ending of the file whose lock an import has.
const IMPORT_LOCK: &str = ".import-lock";

fn lock_file(path: &Path, ending: &str) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(beside(path, ending))
}

/// Says that the file is in use; `None` where the folder cannot be written.
fn shared_lock(path: &Path) -> Option<File> {
    let file = lock_file(path, ".lock").ok()?;
    file.lock_shared().ok()?;
    Some(file)
}

/// Takes the file for oneself, as migration and restore need; `None` while others have it open.
pub(crate) fn exclusive_lock(path: &Path) -> Option<File> {
    let file = lock_file(path, ".lock").ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// Takes the import lock, which is not the write lock: others go on deciding meanwhile.
///
/// `None` while another program imports. An import in memory needs none.
pub(crate) fn import_lock(path: &Path) -> Result<Option<File>, StoreError> {
    let failed = |source| StoreError::Io {
        path: beside(path, IMPORT_LOCK),
        source,
    };
    let file = lock_file(path, IMPORT_LOCK).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// The pages of a file that is worth making smaller.
const MANY_PAGES: i64 = 1_000;

/// Makes a file small again that is mostly empty now. A file that stays long does no harm, so a
/// failure is none of the caller's.
pub(crate) fn shrink(conn: &Connection) {
    let count = |pragma| conn.query_row(pragma, [], |r| r.get::<_, i64>(0));
    let free = count("PRAGMA freelist_count").unwrap_or(0);
    let all = count("PRAGMA page_count").unwrap_or(0);
    if all > MANY_PAGES && free * 4 > all * 3 {
        // SQLite writes what is left into a file of its own first, and attaches that.
        let shrunk = conn
            .set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)
            .and_then(|_| conn.execute_batch("VACUUM"));
        let barred = conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0);
        if shrunk.is_ok() && barred.is_ok() {
            log::empty(conn);
        }
    }
}
