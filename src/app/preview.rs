//! The preview of an import: what it would do, by row, before anything is written.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::load::Ending;
use crate::domain::money::Money;
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
    /// Rows that go into the deal of another row.
    pub joined: u64,
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
    /// Goes into the deal of another row.
    Joined,
    /// Cannot be read.
    Refused,
}

impl RowKind {
    /// Whether a person should look at it.
    pub fn is_problem(self) -> bool {
        match self {
            Self::Conflict | Self::Skipped | Self::Refused => true,
            Self::New | Self::Updated | Self::Same | Self::Joined => false,
        }
    }
}

/// A value of a field, before and after.
#[derive(Clone, Debug, PartialEq)]
pub enum PreviewValue {
    /// Nothing.
    Nothing,
    /// An amount.
    Money(Money),
    /// A day.
    Day(NaiveDate),
    /// Anything else, as text.
    Text(Free),
}

/// A field of a deal that the file tells otherwise.
#[derive(Clone, Debug)]
pub struct PreviewChange {
    /// The field, in words.
    pub field: String,
    /// What stands here.
    pub ours: PreviewValue,
    /// What the file says.
    pub theirs: PreviewValue,
    /// Whether the file's value goes in.
    pub taken: bool,
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
    /// Why it does not go in as it is; empty where nothing needs to be said.
    pub note: Free,
    /// What would change, or does not because both sides moved.
    pub changes: Vec<PreviewChange>,
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

/// Something that holds though the file does not prove it.
#[derive(Clone, Debug)]
pub struct PreviewAssumption {
    /// The column; `None` where it concerns all of the file.
    pub column: Option<String>,
    /// What holds, and why.
    pub reading: String,
    /// A cell that shows it.
    pub example: Option<Free>,
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewFile {
    /// Its name, without its folder.
    pub name: String,
    /// Whether anything of it is read.
    pub used: bool,
    /// Why it is, or is not.
    pub why: String,
}

/// What the reader of the files found.
#[derive(Clone, Debug, Default)]
pub struct PreviewData {
    /// The files, in the order given.
    pub files: Vec<PreviewFile>,
    /// Which system they come from: `HubSpot deals`, `a table`.
    pub kind: String,
    /// The counts.
    pub counts: RowCounts,
    /// Rows by what they are: `deal`, `account`, `contact`, `touch`; those without any left out.
    pub by: Vec<(String, u64)>,
    /// The columns, in the order of the file.
    pub columns: Vec<PreviewColumn>,
    /// The fields that a column can be given: name and words.
    pub fields: Vec<(String, String)>,
    /// The CRMs from which deals can be said to come.
    pub sources: Vec<String>,
    /// Rows: the first 200, and then every problem up to 1,000 in all.
    pub rows: Vec<PreviewRow>,
    /// What was assumed.
    pub assumptions: Vec<PreviewAssumption>,
    /// Whether something of it holds because a person corrected it before.
    pub corrected: bool,
    /// Whether something of it was never seen by anybody.
    pub unseen: bool,
}

impl PreviewData {
    /// Whether the files may go in without a look at the rows.
    pub fn is_plain(&self) -> bool {
        self.counts.conflict == 0 && self.counts.refused == 0 && !self.unseen
    }

    /// Rows that a person should look at.
    pub fn problems(&self) -> u64 {
        self.counts.conflict + self.counts.skipped + self.counts.refused
    }
}

/// What is asked of the reader of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The paths, as given; a leading `~` is the home folder.
    pub paths: Vec<String>,
    /// Columns whose meaning was changed: header and field (`None`: not used).
    pub mapping: Vec<(String, Option<String>)>,
    /// The order of day, month and year, where one was given: `dmy`, `mdy`, `ymd`.
    pub dates: Option<String>,
    /// The currency of amounts that name none, where one was given.
    pub currency: Option<String>,
    /// Where the deals come from, where it was given.
    pub source: Option<String>,
    /// Whether the file's value is taken where both sides moved.
    pub take_theirs: bool,
    /// Whether what was corrected for this kind of file before is to be forgotten first.
    pub forget: bool,
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
    /// What it is at when all rows are read.
    pub ending: Option<Ending>,
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
    /// What was assumed.
    Assumed,
}

/// The page of an import.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// What was asked for last.
    pub asked: Request,
    /// What was asked for when `data` was found: what is asked for again where a change fails.
    pub found: Request,
    /// The number of the newest request; replies to older ones change nothing.
    pub number: u64,
    /// What was found; `None` while nothing is known.
    pub data: Option<Box<PreviewData>>,
    /// How much of the files is read, from 0 to 1, while they are read (again).
    pub reading: Option<f64>,
    /// Whether it is imported once it is read, if nothing in it must be seen first.
    pub take: bool,
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

    /// How many lines the cursor can be on in the part that is shown.
    pub fn extent(&self) -> usize {
        let data = self.data.as_ref();
        match self.part {
            Part::Rows | Part::Problems => self.shown_rows().len(),
            Part::Columns => data.map_or(0, |data| data.columns.len()),
            Part::Assumed => data.map_or(0, |data| data.assumptions.len() + data.files.len()),
        }
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<&PreviewRow> {
        match self.part {
            Part::Rows | Part::Problems => self.shown_rows().get(self.cursor).copied(),
            Part::Columns | Part::Assumed => None,
        }
    }
}
