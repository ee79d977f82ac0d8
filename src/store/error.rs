//! What can go wrong with a pipeline file, by what a person can do about it.

use std::path::PathBuf;

use thiserror::Error;

/// Why the store could not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No file at the path, and none was to be made.
    #[error("there is no pipeline at `{}`", path.display())]
    Missing {
        /// The path that was looked at.
        path: PathBuf,
    },
    /// The file is something else than a pipeline of ours.
    #[error("`{}` is no walkaway pipeline: {what}", path.display())]
    NotAPipeline {
        /// The file.
        path: PathBuf,
        /// What it is instead, or what is wrong with it.
        what: String,
    },
    /// A newer program wrote the file.
    #[error(
        "`{}` has schema version {found}, and this walkaway knows versions up to {known}",
        path.display()
    )]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Somebody else holds the file for longer than we wait.
    #[error("`{}` is in use by another program that has held it for 5 seconds", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error("`{}` cannot be written: it is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file that is open was deleted, moved or replaced meanwhile.
    #[error("`{}` was deleted, moved or replaced while it was open; nothing was saved", path.display())]
    Moved {
        /// Where the file was.
        path: PathBuf,
    },
    /// The disk has no room left.
    #[error("the disk that holds `{}` is full; nothing was changed", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The disk has no room left, not even for taking back what an import wrote.
    #[error(
        "the disk that holds `{}` is full: the import stopped, and what it wrote could not be taken \
         back yet",
        path.display()
    )]
    NotTakenBack {
        /// The file.
        path: PathBuf,
    },
    /// The disk fails, or has no room left for what SQLite keeps beside the file.
    #[error("the disk that holds `{}` is full or failing ({source}); nothing was saved", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file or folder cannot be reached.
    #[error("cannot open `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is damaged.
    #[error("`{}` is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check found.
        what: String,
    },
    /// What was asked is against the rules of a deal's states, or names something unknown.
    #[error("{what}")]
    Refused {
        /// The reason, a whole sentence without its full stop.
        what: String,
        /// What to do instead; empty when there is nothing to add.
        hint: String,
    },
    /// A value is no longer what the action to undo wrote.
    #[error("cannot undo “{label}”: {what}")]
    UndoConflict {
        /// The action that was to be undone.
        label: String,
        /// What stands in the way.
        what: String,
    },
    /// There is nothing to undo or redo.
    #[error("nothing to {verb}")]
    Nothing {
        /// `undo` or `redo`.
        verb: &'static str,
    },
    /// The work was stopped because somebody asked for that.
    #[error("cancelled; nothing was kept")]
    Cancelled,
    /// Any other failure of the database.
    #[error("{doing}: {source}")]
    Sql {
        /// What was being done.
        doing: String,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Builds a refusal from its reason and what to do instead.
    pub fn refused(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused {
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// What to do next, in one sentence; empty when the message says it all.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { .. } => {
                "run `walkaway import FILE`, `walkaway add account=NAME` or `walkaway` to make one"
                    .into()
            }
            Self::NotAPipeline { .. } => "name another file with `--db FILE`".into(),
            Self::TooNew { .. } => {
                "install the newer walkaway, or name another file with `--db FILE`; \
                 this file was left untouched"
                    .into()
            }
            Self::Locked { .. } => "close the other program, or wait for it, and try again".into(),
            Self::ReadOnly { .. } => {
                "make the file and its folder writable, or copy it and use `--db COPY`".into()
            }
            Self::Moved { .. } => {
                "put the file back, or start again, with `walkaway restore BACKUP` if it is lost"
                    .into()
            }
            Self::DiskFull { .. } => "free some space and try again".into(),
            Self::NotTakenBack { .. } => {
                "free some space; the next command then takes it back".into()
            }
            Self::Disk { .. } => {
                "look at its free space and its health, then try again; `walkaway doctor` checks \
                 the file, and `walkaway backup` copies it to another disk"
                    .into()
            }
            Self::Io { .. } => "check the path and your permission to it".into(),
            Self::Damaged { .. } => {
                "run `walkaway doctor --deep`, then `walkaway restore BACKUP`".into()
            }
            Self::Refused { hint, .. } => hint.clone(),
            Self::UndoConflict { .. } => {
                "undo the later action first: `walkaway journal` lists them".into()
            }
            Self::Nothing { .. } | Self::Cancelled => String::new(),
            Self::Sql { .. } => "run `walkaway doctor` to check the file".into(),
        }
    }
}

/// Turns an error of SQLite into what a person can do about it.
pub(crate) fn explain(path: &std::path::Path, doing: &str, source: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    let path = path.to_path_buf();
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { path },
        Some(ErrorCode::SystemIoFailure) => StoreError::Disk { path, source },
        Some(ErrorCode::NotADatabase) => StoreError::NotAPipeline {
            path,
            what: "it is not an SQLite database".into(),
        },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged {
            path,
            what: source.to_string(),
        },
        Some(ErrorCode::OperationInterrupted) => StoreError::Cancelled,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::Io {
            path,
            source: std::io::Error::other(source.to_string()),
        },
        _ => StoreError::Sql {
            doing: doing.into(),
            source,
        },
    }
}

/// Adds what was being done to an error of SQLite.
pub(crate) trait Doing<T> {
    /// Names the work that failed.
    fn doing(self, what: &str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, rusqlite::Error> {
    fn doing(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Sql {
            doing: what.into(),
            source,
        })
    }
}

impl StoreError {
    /// Whether the disk had no room.
    pub fn is_full(&self) -> bool {
        match self {
            Self::DiskFull { .. } | Self::NotTakenBack { .. } => true,
            Self::Sql { source, .. } => {
                source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            }
            Self::Missing { .. }
            | Self::NotAPipeline { .. }
            | Self::TooNew { .. }
            | Self::Locked { .. }
            | Self::ReadOnly { .. }
            | Self::Moved { .. }
            | Self::Disk { .. }
            | Self::Io { .. }
            | Self::Damaged { .. }
            | Self::Refused { .. }
            | Self::UndoConflict { .. }
            | Self::Nothing { .. }
            | Self::Cancelled => false,
        }
    }

    /// Says again what an error of SQLite means, now that the file is known.
    pub(crate) fn at(self, path: &std::path::Path) -> Self {
        if let Self::Sql { doing, source } = self {
            return explain(path, &doing, source);
        }
        self
    }
}
