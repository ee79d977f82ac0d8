//! What can go wrong before a row is judged: files, options, a team's own CRM file.

use std::io;
use std::path::Path;

use crate::domain::clean::TermSafe;

/// Why an import cannot start or cannot go on.
///
/// A row that cannot be taken is no error: see `Outcome::Refuse`.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No file is at the path.
    #[error("`{path}` was not found.")]
    Missing {
        /// The path, printable.
        path: String,
    },
    /// The path is a folder.
    #[error("`{path}` is a folder.")]
    Folder {
        /// The path, printable.
        path: String,
    },
    /// The path is a pipe, a socket or a device: it cannot be read twice.
    #[error("`{path}` is {what}, no file.")]
    Special {
        /// The path, printable.
        path: String,
        /// "a pipe", "a device", ...
        what: &'static str,
    },
    /// This user may not read the file.
    #[error("`{path}` may not be read by you.")]
    NoPermission {
        /// The path, printable.
        path: String,
    },
    /// The file has no bytes, or only blank lines.
    #[error("`{path}` is empty.")]
    Empty {
        /// The path, printable.
        path: String,
    },
    /// The file is something else than a table.
    #[error("`{path}` is {what}, no table of deals.")]
    NotATable {
        /// The path, printable.
        path: String,
        /// "a PDF", "a picture", ...
        what: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A workbook or an archive that cannot be unpacked, or must not be.
    #[error("`{path}` cannot be unpacked: {why}.")]
    Unpack {
        /// The path, printable.
        path: String,
        /// Why, in words.
        why: String,
    },
    /// The file is another than it was when its reading began.
    #[error("`{path}` changed while it was read.")]
    Changed {
        /// The path, printable.
        path: String,
    },
    /// There is a header, and nothing below it.
    #[error("`{path}` has a header and no rows below it.")]
    NoRows {
        /// The path, printable.
        path: String,
    },
    /// The header names more columns than are read.
    #[error("`{path}` has {columns} columns; at most {most} are read.")]
    TooManyColumns {
        /// The path, printable.
        path: String,
        /// How many the header has.
        columns: usize,
        /// The bound.
        most: usize,
    },
    /// One row is so long that a quote or a bracket before it was most likely never closed.
    #[error("`{path}`: the row that begins on line {line} has no end within {mib} MiB.")]
    Runaway {
        /// The path, printable.
        path: String,
        /// Physical line, from 1.
        line: u64,
        /// The bound.
        mib: u64,
    },
    /// Broken JSON.
    #[error("`{path}`: record {record} cannot be read: {why}.")]
    Json {
        /// The path, printable.
        path: String,
        /// Which record, from 1.
        record: u64,
        /// What the parser says.
        why: String,
    },
    /// No file given holds deals.
    #[error("No deals were found in {files}.")]
    NoDeals {
        /// The paths, printable.
        files: String,
        /// What each file was taken for.
        why: String,
    },
    /// A table whose first row is one like the others: nothing says what its columns are.
    #[error("`{path}` has no header: nothing says what its columns are.")]
    NoHeader {
        /// The path, printable.
        path: String,
        /// Its first row.
        row: String,
    },
    /// `--map` names a column that no file has.
    #[error("No file has a column `{column}`.")]
    UnknownColumn {
        /// As given.
        column: String,
        /// Columns that are there.
        known: String,
    },
    /// `--map` names a field that is none, or has no `=`.
    #[error("`{field}` is no field.")]
    UnknownField {
        /// As given.
        field: String,
    },
    /// `--currency` is no ISO 4217 code.
    #[error("`{code}` is no currency.")]
    UnknownCurrency {
        /// As given.
        code: String,
    },
    /// `--dates` is none of dmy, mdy, ymd.
    #[error("`{order}` is no order of day, month and year.")]
    UnknownOrder {
        /// As given.
        order: String,
    },
    /// A file that describes a CRM cannot be understood.
    #[error("The CRM file `{name}` cannot be used: {why}.")]
    CrmFile {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// Reading failed.
    #[error("`{path}` could not be read.")]
    Io {
        /// The path, printable.
        path: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The disk has no room left for what is kept of the rows while they are read.
    #[error("The disk that holds `{path}` is full.")]
    DiskFull {
        /// The folder of temporary files, printable.
        path: String,
    },
    /// The cancel flag was set.
    #[error("The import was cancelled.")]
    Cancelled,
}

impl ImportError {
    /// Whether it is about one file or table, without which others can still be read.
    pub(crate) fn is_of_one(&self) -> bool {
        matches!(self, Self::NotATable { .. } | Self::Empty { .. })
    }

    /// Returns why it happened, where there is more to say than what happened.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::NoDeals { why, .. } => Some(why.clone()),
            Self::NoHeader { row, .. } => Some(format!(
                "Its first row is `{row}`, as the rows below it are."
            )),
            Self::Io { source, .. } => Some(source.to_string()),
            Self::Runaway { .. } => Some("A quote in it is most likely never closed.".to_owned()),
            Self::Missing { .. }
            | Self::Folder { .. }
            | Self::Special { .. }
            | Self::NoPermission { .. }
            | Self::Empty { .. }
            | Self::NotATable { .. }
            | Self::Unpack { .. }
            | Self::Changed { .. }
            | Self::NoRows { .. }
            | Self::TooManyColumns { .. }
            | Self::Json { .. }
            | Self::UnknownColumn { .. }
            | Self::UnknownField { .. }
            | Self::UnknownCurrency { .. }
            | Self::UnknownOrder { .. }
            | Self::CrmFile { .. }
            | Self::DiskFull { .. }
            | Self::Cancelled => None,
        }
    }

    /// Returns what to do next, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Missing { .. } => "Look at the spelling and at the folder you are in.",
            Self::Folder { .. } => "Name the files in it, for instance with `*.csv`.",
            Self::Special { .. } => "Save it to a file first; it is read twice.",
            Self::NoPermission { .. } => "Change its permissions, or copy it to a folder of yours.",
            Self::Empty { .. } | Self::Json { .. } => {
                "Export it again: the download may have broken off."
            }
            Self::NotATable { hint, .. } => hint,
            Self::Unpack { .. } => "Export it again, or save its sheet as .csv and give that.",
            Self::Changed { .. } => "Import it again; nothing of it was kept.",
            Self::NoRows { .. } => "Export it again: a filter may have left out every deal.",
            Self::TooManyColumns { .. } => "Choose fewer columns in the export.",
            Self::Runaway { .. } => "Look for a lone quote on that line, or export it again.",
            Self::NoDeals { .. } => {
                "Give the file of deals or opportunities, or name its columns with \
                 `--map COLUMN=FIELD`."
            }
            Self::NoHeader { .. } => {
                "Write the names of its columns as a first row, such as `Deal ID,Deal Name,Company,\
                 Owner,Stage,Amount,Close Date`, or export it with its header."
            }
            Self::UnknownColumn { known, .. } => return Some(format!("There are: {known}.")),
            Self::UnknownField { .. } => {
                return Some(format!("Write `COLUMN=FIELD`; the fields are: {}.", {
                    super::field::names()
                }));
            }
            Self::UnknownCurrency { .. } => "Write its three letters, for instance `EUR`.",
            Self::UnknownOrder { .. } => "Write `dmy`, `mdy` or `ymd`.",
            Self::CrmFile { .. } => "Compare it with the ones that come with the program.",
            Self::DiskFull { .. } => "Free some space and import again; nothing of it was kept.",
            Self::Io { .. } | Self::Cancelled => return None,
        };
        Some(hint.to_owned())
    }

    /// Names the error of opening or reading `path` by what the user can do about it.
    pub(crate) fn reading(path: &Path, source: io::Error) -> Self {
        let shown = shown(path);
        let kind = source.kind();
        if kind == io::ErrorKind::NotFound {
            Self::Missing { path: shown }
        } else if kind == io::ErrorKind::PermissionDenied {
            Self::NoPermission { path: shown }
        } else {
            Self::Io {
                path: shown,
                source,
            }
        }
    }
}

/// Returns a path that may be printed: control and direction characters are written as escapes.
pub(crate) fn shown(path: &Path) -> String {
    TermSafe::caret(&path.to_string_lossy()).into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_path_is_printable() {
        let path = shown(Path::new("a\u{1b}[31m\u{202e}b"));

        assert_eq!(path, "a^[[31m\\u{202e}b");
    }

    #[test]
    fn an_unknown_field_lists_the_fields() {
        let error = ImportError::UnknownField {
            field: "foo".to_owned(),
        };

        assert!(error.hint().is_some_and(|h| h.contains("expected_close")));
    }
}
