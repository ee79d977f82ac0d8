//! Putting a file in place: whole, or not at all.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use thiserror::Error;

/// Why a file was not written.
#[derive(Debug, Error)]
pub enum FileError {
    /// Something is there, and it was not said to write over it.
    #[error("`{path}` exists")]
    Exists {
        /// The path.
        path: String,
    },
    /// The path is a link; what it points to is not written over.
    #[error("`{path}` is a link to another file")]
    Link {
        /// The path.
        path: String,
    },
    /// The path is a folder or a device.
    #[error("`{path}` is no ordinary file")]
    Special {
        /// The path.
        path: String,
    },
    /// The folder of the path is not there.
    #[error("there is no folder for `{path}`")]
    NoFolder {
        /// The path.
        path: String,
    },
    /// The system refused.
    #[error("cannot write `{path}`")]
    Io {
        /// The path.
        path: String,
        /// What it said.
        #[source]
        source: io::Error,
    },
}

impl FileError {
    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "name another file, or write over it with `--force`",
            Self::Link { .. } | Self::Special { .. } => "name another file",
            Self::NoFolder { .. } => "make the folder first, or name another file",
            Self::Io { .. } => "check the folder, your permission to it, and the room on the disk",
        }
    }
}

/// Refuses a path that must not be written to.
pub fn check(path: &Path, force: bool) -> Result<(), FileError> {
    let shown = || path.to_string_lossy().into_owned();
    match std::fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(FileError::Io {
            path: shown(),
            source,
        }),
        Ok(meta) if meta.is_symlink() => Err(FileError::Link { path: shown() }),
        Ok(meta) if !meta.is_file() => Err(FileError::Special { path: shown() }),
        Ok(_) if !force => Err(FileError::Exists { path: shown() }),
        Ok(_) => Ok(()),
    }
}

/// Writes a file beside its place and puts it there once it is on the disk.
///
/// # Errors
///
/// What `write` returns, and [`FileError`] as its own kind of error; the path is then as it was.
pub fn write<E>(
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<FileError> + From<io::Error>,
{
    check(path, force)?;
    let io = |source| FileError::Io {
        path: path.to_string_lossy().into_owned(),
        source,
    };
    let folder = path
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let path = path.to_string_lossy().into_owned();
        return Err(FileError::NoFolder { path }.into());
    }
    let temp = tempfile::Builder::new()
        .prefix(".walkaway-")
        .tempfile_in(folder)
        .map_err(io)?;
    let mut to = BufWriter::new(temp);
    write(&mut to)?;
    let temp = to.into_inner().map_err(|e| io(e.into_error()))?;
    temp.as_file().sync_all().map_err(io)?;
    readable(temp.as_file()).map_err(io)?;
    if force {
        temp.persist(path).map_err(|e| io(e.error))?;
    } else {
        // Somebody may have made the file since it was looked for.
        temp.persist_noclobber(path).map_err(|e| {
            if e.error.kind() == io::ErrorKind::AlreadyExists {
                FileError::Exists {
                    path: path.to_string_lossy().into_owned(),
                }
            } else {
                io(e.error)
            }
        })?;
    }
    Ok(())
}

/// Writes bytes to a new file beside its place and puts it there once it is on the disk.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    enum Failure {
        File(FileError),
        Io(io::Error),
    }
    impl From<FileError> for Failure {
        fn from(error: FileError) -> Self {
            Self::File(error)
        }
    }
    impl From<io::Error> for Failure {
        fn from(error: io::Error) -> Self {
            Self::Io(error)
        }
    }
    let written = write(path, false, |to| -> Result<(), Failure> {
        Ok(to.write_all(bytes)?)
    });
    written.map_err(|failure| match failure {
        Failure::File(error) => error,
        Failure::Io(source) => FileError::Io {
            path: path.to_string_lossy().into_owned(),
            source,
        },
    })
}

/// A temporary file is its owner's alone, and so is a file of deals.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn readable(_file: &std::fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Error)]
    enum Failure {
        #[error(transparent)]
        File(#[from] FileError),
        #[error(transparent)]
        Io(#[from] io::Error),
    }

    fn put(path: &Path, force: bool, text: &str) -> Result<(), Failure> {
        write(path, force, |to| Ok(to.write_all(text.as_bytes())?))
    }

    #[test]
    fn a_file_is_written_over_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");

        put(&path, false, "one").unwrap();
        let second = put(&path, false, "two");
        assert!(matches!(
            second,
            Err(Failure::File(FileError::Exists { .. }))
        ));
        put(&path, true, "three").unwrap();

        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");

        let failed: Result<(), Failure> = write(&path, false, |to| {
            to.write_all(b"half")?;
            Err(io::Error::other("no").into())
        });

        assert!(failed.is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();

        let refused = put(&link, true, "theirs");

        assert!(matches!(
            refused,
            Err(Failure::File(FileError::Link { .. }))
        ));
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
    }
}
