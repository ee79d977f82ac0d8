//! Many closing notes at once: one text to copy, or a folder with a file for each.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::draft::{self, Draft};
use super::file::{self, FileError};
use crate::domain::clean::clean_line;
use crate::domain::message::Farewell;
use crate::domain::shown::{Free, Label, Mask};

/// Folders, and files, of one name that are counted before it is given up.
const MOST: usize = 1_000;

/// What stands between two notes of one text.
const BETWEEN: &str = "\n----------------------------------------\n\n";

/// The longest name of a prospect, in characters.
const NAME: usize = 120;

/// What the files of a folder are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesAs {
    /// Drafts that a mail program opens (`.eml`).
    Drafts,
    /// Texts (`.txt`), with what to say on the phone.
    Texts,
}

/// Returns all notes as one text: to whom, then subject, mail, and what to say instead, with a
/// line between them.
pub fn joined(notes: &[Farewell]) -> String {
    let texts = notes.iter().map(|note| {
        let to = note.to.as_ref().map(Free::expose_for_storage);
        let to = to.map(|to| format!(", {to}")).unwrap_or_default();
        format!("{}{to}\n\n{}", called(note), text(note))
    });
    texts.collect::<Vec<_>>().join(BETWEEN)
}

/// Writes each note to a file of its own in a new folder `notes-DAY` of the given one, and returns
/// that folder. Either all of them are written or none.
pub fn write(
    notes: &[Farewell],
    into: &Path,
    files: FilesAs,
    at: DateTime<Utc>,
    day: NaiveDate,
) -> Result<PathBuf, FileError> {
    let failed = |path: &Path| {
        let path = path.to_string_lossy().into_owned();
        move |source: io::Error| FileError::Io { path, source }
    };
    if !into.is_dir() {
        let path = into.join("notes").to_string_lossy().into_owned();
        return Err(FileError::NoFolder { path });
    }
    let made = tempfile::Builder::new()
        .prefix(".walkaway-")
        .tempdir_in(into)
        .map_err(failed(into))?;
    for note in notes {
        let (ending, bytes) = match files {
            FilesAs::Drafts => ("eml", mail(note, at)),
            FilesAs::Texts => ("txt", text(note).into_bytes()),
        };
        first_free(|again| {
            let name = draft::file_name(&called(note), day, ending, again);
            file::put(&made.path().join(name), &bytes)
        })?;
    }
    first_free(|again| {
        let number = match again {
            0 => String::new(),
            n => format!("-{}", n + 1),
        };
        let folder = into.join(format!("notes-{day}{number}"));
        file::check(&folder, false).map_err(|error| match error {
            FileError::Special { path } | FileError::Link { path } => FileError::Exists { path },
            error @ (FileError::Exists { .. }
            | FileError::NoFolder { .. }
            | FileError::Io { .. }) => error,
        })?;
        std::fs::rename(made.path(), &folder).map_err(failed(&folder))?;
        Ok(folder)
    })
}

/// Does it under the first name that is free.
fn first_free<T>(mut attempt: impl FnMut(usize) -> Result<T, FileError>) -> Result<T, FileError> {
    let mut again = 0;
    loop {
        match attempt(again) {
            Err(FileError::Exists { .. }) if again < MOST => again += 1,
            done => return done,
        }
    }
}

fn called(note: &Farewell) -> String {
    let name = Mask::off()
        .name(&note.name, Label::Deal(note.deal))
        .into_owned();
    clean_line(&name, NAME).into_owned()
}

fn text(note: &Farewell) -> String {
    draft::text(
        note.subject.expose_for_storage(),
        note.body.expose_for_storage(),
        note.phone.expose_for_storage(),
    )
}

/// A note that is only said on the phone is a draft of those words.
fn mail(note: &Farewell, at: DateTime<Utc>) -> Vec<u8> {
    let body = note.body.expose_for_storage();
    let body = if body.trim().is_empty() {
        note.phone.expose_for_storage()
    } else {
        body
    };
    let draft = Draft {
        to: note.to.as_ref().map(Free::expose_for_storage),
        subject: note.subject.expose_for_storage(),
        body,
    };
    draft.file(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DealId;

    fn note(deal: i64, name: &str) -> Farewell {
        Farewell {
            deal: DealId(deal),
            name: name.into(),
            to: Some("tom@northwind.example".into()),
            subject: "Plant rollout".into(),
            body: format!("Dear {name}").as_str().into(),
            phone: "Hello".into(),
        }
    }

    fn day() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn put(notes: &[Farewell], into: &Path, files: FilesAs) -> Result<PathBuf, FileError> {
        write(
            notes,
            into,
            files,
            "2026-11-23T09:00:00Z".parse().unwrap(),
            day(),
        )
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_note_is_a_file_and_two_of_one_name_are_two() {
        let into = tempfile::tempdir().unwrap();
        let notes = [
            note(1, "Northwind"),
            note(2, "../Contoso"),
            note(3, "Northwind"),
        ];

        let drafts = put(&notes, into.path(), FilesAs::Drafts).unwrap();
        let texts = put(&notes, into.path(), FilesAs::Texts).unwrap();

        assert_eq!(
            names(into.path()),
            ["notes-2026-11-23", "notes-2026-11-23-2"]
        );
        assert_eq!(
            names(&drafts),
            [
                "note-contoso-2026-11-23.eml",
                "note-northwind-2026-11-23-2.eml",
                "note-northwind-2026-11-23.eml",
            ]
        );
        let text = std::fs::read_to_string(texts.join("note-contoso-2026-11-23.txt")).unwrap();
        assert_eq!(text, "Plant rollout\n\nDear ../Contoso\n\nHello\n");
        let mail = std::fs::read_to_string(drafts.join("note-contoso-2026-11-23.eml")).unwrap();
        assert!(mail.contains("X-Unsent: 1") && mail.contains("tom@northwind.example"));
    }

    #[test]
    fn one_text_names_whom_each_note_goes_to() {
        let notes = [note(1, "Northwind"), note(2, "Contoso\r\nEve")];

        let text = joined(&notes);

        assert!(text.starts_with("Northwind, tom@northwind.example\n\nPlant rollout\n\nDear"));
        assert_eq!(text.matches(BETWEEN.trim()).count(), 1);
        assert!(text.contains("Contoso Eve, tom@"), "{text}");
    }

    #[test]
    fn where_nothing_can_be_written_nothing_is_left_behind() {
        let into = tempfile::tempdir().unwrap();
        let error = put(&[note(1, "A")], &into.path().join("gone"), FilesAs::Texts).unwrap_err();

        assert!(matches!(error, FileError::NoFolder { .. }));
        assert_eq!(names(into.path()), [""; 0]);
    }
}
