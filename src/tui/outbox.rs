//! Messages on their way out: to the person's mail program, or to a file. Nothing is sent.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};

use super::clipboard::Desktop;
use super::cockpit::Failure;
use crate::app::effect::Outgoing;
use crate::domain::message::{Farewell, Way};
use crate::export::draft::{self, Draft};
use crate::export::file::{self, FileError};
use crate::export::notes::{self, FilesAs};

/// Files of one name and day that are counted before it is given up.
const MOST: usize = 200;

/// How long the desktop may take to say that it has no mail program.
const PATIENCE: Duration = Duration::from_secs(3);

/// A program of the desktop that opens an address with what the person chose for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opener {
    name: &'static str,
    arguments: &'static [&'static str],
}

const CANDIDATES: [Opener; 3] = [
    Opener {
        name: "xdg-open",
        arguments: &[],
    },
    Opener {
        name: "open",
        arguments: &[],
    },
    Opener {
        name: "rundll32",
        arguments: &["url.dll,FileProtocolHandler"],
    },
];

impl Opener {
    /// Finds the one of this desktop; `None` where there is no desktop, as over ssh.
    pub fn find(desktop: Desktop<'_>) -> Option<Self> {
        let [linux, mac, windows] = CANDIDATES;
        let fits = [
            (linux, desktop.wayland || desktop.x11),
            (mac, cfg!(target_os = "macos")),
            (windows, cfg!(windows)),
        ];
        let mut fits = fits.into_iter().filter(|(_, fits)| *fits);
        fits.find(|(opener, _)| is_present(opener.name, desktop.path))
            .map(|(opener, _)| opener)
    }

    /// Opens an address, and says whether that seems to have worked: a desktop that has nothing
    /// to open it with says so at once.
    fn open(self, address: &str) -> bool {
        let child = Command::new(self.name)
            .args(self.arguments)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else {
            return false;
        };
        let end = Instant::now() + PATIENCE;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
                // It stays as long as the mail program does.
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }
}

fn is_present(name: &str, path: Option<&OsStr>) -> bool {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    path.is_some_and(|path| std::env::split_paths(path).any(|folder| folder.join(&file).is_file()))
}

/// Opens the mail program on a draft; where there is none, or it does not open, writes the draft
/// to a file of the folder. Returns that file.
pub fn draft(
    outgoing: &Outgoing,
    opener: Option<Opener>,
    folder: &Path,
    at: DateTime<Utc>,
    day: NaiveDate,
) -> Result<Option<PathBuf>, Failure> {
    let draft = Draft {
        to: outgoing.to.as_deref(),
        subject: &outgoing.subject,
        body: &outgoing.body,
    };
    let address = draft.address();
    if let (Some(opener), Some(address)) = (opener, address)
        && opener.open(&address)
    {
        return Ok(None);
    }
    save(&outgoing.name, "eml", &draft.file(at), folder, day).map(Some)
}

/// Writes a message to a new file of the folder, and returns it.
pub fn write(outgoing: &Outgoing, folder: &Path, day: NaiveDate) -> Result<PathBuf, Failure> {
    let text = draft::text(&outgoing.subject, &outgoing.body, &outgoing.phone);
    save(&outgoing.name, "txt", text.as_bytes(), folder, day)
}

/// Writes closing notes to a new folder of the given one, a file each, and returns it; for a copy
/// returns them as one text.
pub fn put_out(
    found: &[Farewell],
    way: Way,
    into: &Path,
    at: DateTime<Utc>,
    day: NaiveDate,
) -> Result<(Option<PathBuf>, String), Failure> {
    let files = match way {
        Way::Copy | Way::Print => return Ok((None, notes::joined(found))),
        Way::Mail => FilesAs::Drafts,
        Way::File => FilesAs::Texts,
    };
    if found.is_empty() {
        return Ok((None, String::new()));
    }
    match notes::write(found, into, files, at, day) {
        Ok(folder) => Ok((Some(folder), String::new())),
        Err(error) => {
            let hint = format!("the notes are kept, none left: {}", error.hint());
            Err((error.to_string(), hint))
        }
    }
}

fn save(
    about: &str,
    ending: &str,
    bytes: &[u8],
    folder: &Path,
    day: NaiveDate,
) -> Result<PathBuf, Failure> {
    let mut again = 0;
    loop {
        let path = folder.join(draft::file_name(about, day, ending, again));
        match file::put(&path, bytes) {
            Ok(()) => return Ok(path),
            Err(FileError::Exists { .. }) if again < MOST => again += 1,
            Err(error) => {
                let hint = format!("the text is still here: {}", error.hint());
                return Err((error.to_string(), hint));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing() -> Outgoing {
        Outgoing {
            name: "../Northwind".to_owned(),
            to: Some("tom@northwind.example".to_owned()),
            subject: "Plant rollout".to_owned(),
            body: "Dear Tom".to_owned(),
            phone: "Hello".to_owned(),
        }
    }

    fn day() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn at() -> DateTime<Utc> {
        "2026-11-23T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn no_file_is_written_over() {
        let folder = tempfile::tempdir().unwrap();

        let one = write(&outgoing(), folder.path(), day()).unwrap();
        let two = write(&outgoing(), folder.path(), day()).unwrap();

        assert_eq!(one, folder.path().join("note-northwind-2026-11-23.txt"));
        assert_eq!(two, folder.path().join("note-northwind-2026-11-23-2.txt"));
        let text = std::fs::read_to_string(one).unwrap();
        assert_eq!(text, "Plant rollout\n\nDear Tom\n\nHello\n");
    }

    #[test]
    fn without_a_mail_program_a_draft_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Opener {
            name: "walkaway-has-no-such-program",
            arguments: &[],
        };

        for opener in [None, Some(missing)] {
            let path = draft(&outgoing(), opener, folder.path(), at(), day()).unwrap();
            let text = std::fs::read_to_string(path.unwrap()).unwrap();
            assert!(text.contains("X-Unsent: 1"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_desktop_that_opens_nothing_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (yes, no) = ("true", "false");
        let with = |name| Opener {
            name,
            arguments: &[],
        };

        let opened = draft(&outgoing(), Some(with(yes)), folder.path(), at(), day()).unwrap();
        let refused = draft(&outgoing(), Some(with(no)), folder.path(), at(), day()).unwrap();

        assert_eq!(opened, None);
        assert!(refused.is_some());
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_loses_nothing() {
        let (what, hint) = write(&outgoing(), Path::new("/no/such/folder"), day()).unwrap_err();

        assert!(what.contains("there is no folder"), "{what}");
        assert!(hint.contains("the text is still here"), "{hint}");
    }
}
