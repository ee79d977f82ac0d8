//! Where the bytes of a table are: in a file, or unpacked beside it into a nameless one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::error::{ImportError, shown};

/// Bytes that can be read from any place.
pub(crate) trait Bytes: Read + Seek + Send {}

impl<T: Read + Seek + Send> Bytes for T {}

/// Something that can be opened again and gives the same bytes.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    name: String,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    File {
        path: PathBuf,
        mark: Mark,
    },
    Spool {
        spool: Spool,
        modified: Option<SystemTime>,
    },
}

/// What tells that a file is the one that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    size: u64,
    modified: Option<SystemTime>,
}

impl Mark {
    fn of(meta: &fs::Metadata) -> Self {
        Self {
            size: meta.len(),
            modified: meta.modified().ok(),
        }
    }
}

impl Input {
    /// Looks at a regular file; anything else is refused before it is opened, for a pipe would
    /// block.
    pub(crate) fn file(path: &Path) -> Result<Self, ImportError> {
        let meta = fs::metadata(path).map_err(|e| ImportError::reading(path, e))?;
        let kind = meta.file_type();
        if kind.is_dir() {
            return Err(ImportError::Folder { path: shown(path) });
        }
        if !kind.is_file() {
            return Err(ImportError::Special {
                path: shown(path),
                what: special(kind),
            });
        }
        Ok(Self {
            name: shown(path),
            place: Place::File {
                path: path.to_owned(),
                mark: Mark::of(&meta),
            },
        })
    }

    /// What was unpacked from another, under a name that tells from where. It is printable.
    pub(crate) fn spool(name: String, spool: Spool, from: &Self) -> Self {
        Self {
            name,
            place: Place::Spool {
                spool,
                modified: from.modified(),
            },
        }
    }

    /// When it was written, or the file out of which it was unpacked.
    pub(crate) fn modified(&self) -> Option<SystemTime> {
        match &self.place {
            Place::File { mark, .. } => mark.modified,
            Place::Spool { modified, .. } => *modified,
        }
    }

    /// Its name, printable.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its size in bytes.
    pub(crate) fn size(&self) -> u64 {
        match &self.place {
            Place::File { mark, .. } => mark.size,
            Place::Spool { spool, .. } => spool.size,
        }
    }

    /// Opens it at its start.
    pub(crate) fn open(&self) -> Result<Box<dyn Bytes>, ImportError> {
        match &self.place {
            Place::File { path, .. } => {
                let file = File::open(path).map_err(|e| ImportError::reading(path, e))?;
                Ok(Box::new(file))
            }
            Place::Spool { spool, .. } => Ok(Box::new(spool.open())),
        }
    }

    /// Makes sure that a file is still the one that was looked at.
    pub(crate) fn check(&self) -> Result<(), ImportError> {
        let Place::File { path, mark } = &self.place else {
            return Ok(());
        };
        let meta = fs::metadata(path).map_err(|e| ImportError::reading(path, e))?;
        if Mark::of(&meta) == *mark {
            Ok(())
        } else {
            Err(ImportError::Changed {
                path: self.name.clone(),
            })
        }
    }

    /// Names a failure to read it.
    pub(crate) fn failed(&self, source: io::Error) -> ImportError {
        ImportError::Io {
            path: self.name.clone(),
            source,
        }
    }
}

#[cfg(unix)]
fn special(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;

    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_kind: fs::FileType) -> &'static str {
    "a device"
}

/// A file without a name, gone when nobody has it open any more, however the program ends.
#[derive(Clone, Debug)]
pub(crate) struct Spool {
    file: Arc<Mutex<File>>,
    size: u64,
}

impl Spool {
    /// Its size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Opens it at its start; several may read it at once.
    pub(crate) fn open(&self) -> SpoolReader {
        SpoolReader {
            spool: self.clone(),
            at: 0,
        }
    }
}

/// Reads a [`Spool`].
#[derive(Debug)]
pub(crate) struct SpoolReader {
    spool: Spool,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut file = self
            .spool
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let n = file.read(out)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for SpoolReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.spool.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// Writes a [`Spool`] of a bounded size.
#[derive(Debug)]
pub(crate) struct SpoolWriter {
    out: BufWriter<File>,
    size: u64,
    most: u64,
}

impl SpoolWriter {
    /// Of at most `most` bytes; a write beyond them fails with `FileTooLarge`.
    pub(crate) fn new(most: u64) -> io::Result<Self> {
        Ok(Self {
            out: BufWriter::with_capacity(64 * 1024, tempfile::tempfile()?),
            size: 0,
            most,
        })
    }

    /// Ends the writing.
    pub(crate) fn finish(self) -> io::Result<Spool> {
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        Ok(Spool {
            file: Arc::new(Mutex::new(file)),
            size: self.size,
        })
    }
}

impl Write for SpoolWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.size + bytes.len() as u64 > self.most {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let n = self.out.write(bytes)?;
        self.size += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_a_missing_file_are_named_as_such() {
        let folder = tempfile::tempdir().unwrap();

        assert!(matches!(
            Input::file(folder.path()),
            Err(ImportError::Folder { .. })
        ));
        assert!(matches!(
            Input::file(&folder.path().join("x")),
            Err(ImportError::Missing { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused_before_it_is_read() {
        assert!(matches!(
            Input::file(Path::new("/dev/zero")),
            Err(ImportError::Special { .. })
        ));
    }

    #[test]
    fn two_readers_of_a_spool_do_not_disturb_each_other() {
        let mut writer = SpoolWriter::new(100).unwrap();
        writer.write_all(b"one two").unwrap();
        let spool = writer.finish().unwrap();
        let (mut first, mut second) = (spool.open(), spool.open());
        let mut word = [0; 3];

        first.read_exact(&mut word).unwrap();
        second.seek(SeekFrom::End(-3)).unwrap();
        let mut text = String::new();
        second.read_to_string(&mut text).unwrap();
        assert_eq!((&word, text.as_str()), (b"one", "two"));
        text.clear();
        first.read_to_string(&mut text).unwrap();
        assert_eq!(text, " two");
    }

    #[test]
    fn a_spool_has_a_bound() {
        let mut writer = SpoolWriter::new(4).unwrap();
        writer.write_all(b"four").unwrap();

        let kind = writer.write_all(b"!").unwrap_err().kind();

        assert_eq!(kind, io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_file_that_grew_is_not_the_one_that_was_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deals.csv");
        fs::write(&path, "a").unwrap();
        let input = Input::file(&path).unwrap();
        assert!(input.check().is_ok());

        fs::write(&path, "ab").unwrap();

        assert!(matches!(input.check(), Err(ImportError::Changed { .. })));
    }
}
