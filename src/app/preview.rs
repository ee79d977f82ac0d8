//! The preview of an import: what it would do, by row, before anything is written.

use chrono::{DateTime, Utc};

use crate::domain::shown::Free;

/// How many rows would do what. They add up to `rows`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// All rows.
    pub rows: u64,
    /// Rows that make a deal.
    pub new: u64,
    /// Rows that change one.
    pub updated: u64,
    /// Rows that change nothing.
    pub same: u64,
    /// Rows where both sides moved; ours stays.
    pub conflict: u64,
    /// Rows that are passed over.
    pub skipped: u64,
    /// Rows that cannot be read.
    pub refused: u64,
}

/// What a row would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// Makes a deal.
    New,
    /// Changes one.
    Updated,
    /// Changes nothing.
    Same,
    /// Both sides moved; ours stays.
    Conflict,
    /// Is passed over.
    Skipped,
    /// Cannot be read.
    Refused,
}

impl RowKind {
    /// Whether a person should look at it.
    pub fn is_problem(self) -> bool {
        match self {
            Self::Conflict | Self::Skipped | Self::Refused => true,
            Self::New | Self::Updated | Self::Same => false,
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct PreviewRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What it would do.
    pub kind: RowKind,
    /// What it names.
    pub name: Free,
    /// What would change, or why not.
    pub note: Free,
}

/// A column and what it is taken for.
#[derive(Clone, Debug)]
pub struct PreviewColumn {
    /// Its header.
    pub header: String,
    /// The field's name; `None` for a column that is not used.
    pub field: Option<String>,
    /// How its values are read: `day, dmy`, `amount, 1.234,50`.
    pub reading: String,
    /// A value of it.
    pub example: Free,
}

/// What the reader of the file found.
#[derive(Clone, Debug)]
pub struct PreviewData {
    /// The file's name, without its folder.
    pub file: String,
    /// Which system it comes from: `HubSpot deals`, `a table`.
    pub kind: String,
    /// The counts.
    pub counts: RowCounts,
    /// The columns, in the order of the file.
    pub columns: Vec<PreviewColumn>,
    /// The fields that a column can be given: name and words.
    pub fields: Vec<(String, String)>,
    /// Rows: the first 200, and then every problem up to 1,000 in all.
    pub rows: Vec<PreviewRow>,
    /// What was assumed, in sentences.
    pub assumptions: Vec<String>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When it was begun.
    pub since: DateTime<Utc>,
    /// Rows that are in.
    pub done: u64,
    /// All rows, when known.
    pub of: Option<u64>,
    /// Whether it was asked to stop.
    pub cancelling: bool,
}

/// Which part of the page the cursor is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Part {
    /// The rows.
    #[default]
    Rows,
    /// The rows that are problems.
    Problems,
    /// The columns.
    Columns,
}

/// The page of an import.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// The path, as given.
    pub path: String,
    /// Columns whose meaning was changed: header and field (`None`: not used).
    pub mapping: Vec<(String, Option<String>)>,
    /// What was found; `None` while it is read.
    pub data: Option<PreviewData>,
    /// Whether the file is being read (again).
    pub reading: bool,
    /// Which part the cursor is in.
    pub part: Part,
    /// The row or column under the cursor, counted within the part.
    pub cursor: usize,
    /// The first of them on screen.
    pub top: usize,
    /// How far the import is; `None` before it was begun.
    pub progress: Option<Progress>,
}

impl Preview {
    /// The rows of the part that is shown.
    pub fn shown_rows(&self) -> Vec<&PreviewRow> {
        let only_problems = self.part == Part::Problems;
        let rows = self.data.iter().flat_map(|data| &data.rows);
        rows.filter(|row| !only_problems || row.kind.is_problem())
            .collect()
    }
}
