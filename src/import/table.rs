//! A table as a stream of rows of cells, whatever the file is.
//!
//! A format has one type that implements [`Table`]; everything behind it sees cells only. A
//! table is read twice: once for a sample, from which the meaning of its columns is decided, and
//! once for its rows; so [`open`] can be called again and gives the same rows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::bytes::{Counts, Decoded};
use super::csv::CsvTable;
use super::error::ImportError;
use super::grouped::Grouped;
use super::input::Input;
use super::json::JsonTable;
use super::rowfile::RowTable;
use super::sniff::{Form, Sniffed};
use super::text;

/// Columns that are read.
pub(crate) const COLUMNS: usize = 2000;
/// Rows among which the header is sought.
pub(crate) const PREVIEW: usize = 25;
/// Bytes of one row: a quote or bracket that is never closed must not fill the memory.
pub(crate) const ROW_MIB: u64 = 16;

/// The cells of one row, reused from row to row. The bytes are UTF-8.
pub(crate) type Cells = csv::ByteRecord;

/// Where a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Physical line on which it begins, the number of the record (JSON) or of the row in its
    /// sheet, from 1.
    pub(crate) line: u64,
    /// A quote in it is still open at the end of the file.
    pub(crate) is_open: bool,
}

/// A stream of rows. Blank lines are no rows.
pub(crate) trait Table: Send {
    /// Reads the next row into `cells`; none at the end.
    fn read(&mut self, cells: &mut Cells) -> Result<Option<Place>, ImportError>;
}

/// Opens the rows of a file.
pub(crate) fn open(
    input: &Input,
    sniffed: &Sniffed,
    keys: &[String],
    counts: Arc<Counts>,
) -> Result<Box<dyn Table>, ImportError> {
    let bytes = input.open()?;
    let name = input.name().to_owned();
    let text = |bytes, counts| Decoded::new(bytes, sniffed.encoding, counts);
    let table: Box<dyn Table> = match sniffed.form {
        Form::Text { delimiter } => Box::new(CsvTable::new(text(bytes, counts), delimiter, name)),
        Form::Json { skip } => Box::new(JsonTable::new(text(bytes, counts), skip, keys, name)?),
        Form::Rows => Box::new(RowTable::new(bytes, counts, name)),
    };
    Ok(Box::new(Grouped::new(table)))
}

/// The first rows of a table, of which one is its header.
#[derive(Debug)]
pub(crate) struct Preview {
    rows: Vec<Vec<String>>,
}

impl Preview {
    /// Reads the first rows.
    pub(crate) fn read(table: &mut dyn Table) -> Result<Self, ImportError> {
        let mut rows = Vec::new();
        let mut cells = Cells::new();
        while rows.len() < PREVIEW && table.read(&mut cells)?.is_some() {
            rows.push(
                cells
                    .iter()
                    .take(COLUMNS + 1)
                    .map(|cell| String::from_utf8_lossy(&cell[..cell.len().min(4096)]).into_owned())
                    .collect(),
            );
        }
        Ok(Self { rows })
    }

    /// Finds the header: the row for which `known` counts most columns, the first of equals; if it
    /// counts none, the first row that is as wide as the table and has a name in each cell.
    ///
    /// Returns how many rows are above it, and its names.
    pub(crate) fn header(
        &self,
        known: impl Fn(&[String]) -> usize,
    ) -> Option<(usize, Vec<String>)> {
        let mut best: Option<(usize, usize)> = None;
        for (at, row) in self.rows.iter().enumerate() {
            let count = known(row);
            if count > best.map_or(0, |(_, most)| most) {
                best = Some((at, count));
            }
        }
        let at = match best {
            Some((at, _)) => at,
            None => self.first_full()?,
        };
        Some((at, names(&self.rows[at])))
    }

    /// The rows below a header that has so many above it.
    pub(crate) fn below(&self, above: usize) -> &[Vec<String>] {
        self.rows.get(above + 1..).unwrap_or_default()
    }

    /// The rows above a header.
    pub(crate) fn above(&self, above: usize) -> &[Vec<String>] {
        self.rows.get(..above).unwrap_or_default()
    }

    /// The first row, where it is one like those below it: two of its cells are figures or days,
    /// as in those columns of the rows below. A year may be the name of a column.
    pub(crate) fn without_header(&self) -> Option<String> {
        let (first, below) = self.rows.split_first()?;
        let goes_on = |at: usize| {
            let mut filled = below.iter().filter_map(|row| row.get(at)).peekable();
            filled.peek().is_none() || filled.any(|cell| is_figure(cell))
        };
        let figures = first.iter().enumerate();
        let figures = figures.filter(|(at, cell)| is_figure(cell) && goes_on(*at));
        if figures.count() < 2 {
            return None;
        }
        let mut shown: Vec<String> = first
            .iter()
            .take(6)
            .map(|cell| text::header(cell))
            .collect();
        if first.len() > shown.len() {
            shown.push("\u{2026}".to_owned());
        }
        Some(text::clean(&shown.join(", "), 200, text::Lines::One).into_owned())
    }

    fn first_full(&self) -> Option<usize> {
        let width = self.rows.iter().map(Vec::len).max()?;
        let is_full = |row: &Vec<String>| {
            row.len() == width && row.iter().all(|cell| cell.chars().any(char::is_alphabetic))
        };
        Some(self.rows.iter().position(is_full).unwrap_or(0))
    }
}

/// Whether a cell is a figure or a day, which names no column; a year may.
fn is_figure(cell: &str) -> bool {
    let cell = cell.trim();
    let is_year = cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20"));
    cell.bytes().any(|b| b.is_ascii_digit())
        && cell
            .bytes()
            .all(|b| b.is_ascii_digit() || b" .,:/-+TZ".contains(&b))
        && !is_year
}

/// Whether a row has two figures or days, as no header has.
pub(crate) fn has_figures(row: &[String]) -> bool {
    row.iter().filter(|cell| is_figure(cell)).nth(1).is_some()
}

/// Returns the names of a header: tidy, without unnamed columns at the end, a second `Amount` as
/// `Amount (2)`, one without a name as `column 7`.
fn names(row: &[String]) -> Vec<String> {
    let mut names: Vec<String> = row.iter().map(|cell| text::header(cell)).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    // A header of thousands of columns may have one name only.
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut times: HashMap<String, usize> = HashMap::new();
    for (at, name) in names.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("column {}", at + 1);
        }
        let number = times.entry(name.clone()).or_default();
        *number += 1;
        if *number > 1 {
            while !taken.insert(format!("{name} ({number})")) {
                *number += 1;
            }
            *name = format!("{name} ({number})");
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(rows: &[&[&str]]) -> Preview {
        Preview {
            rows: rows
                .iter()
                .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
                .collect(),
        }
    }

    #[test]
    fn a_header_below_title_rows_is_found() {
        let preview = preview(&[
            &["My report"],
            &["As of", "2026-11-01"],
            &["Id", "Stage"],
            &["1", "New"],
        ]);

        let known = |row: &[String]| row.iter().filter(|c| *c == "Id" || *c == "Stage").count();

        assert_eq!(
            preview.header(known),
            Some((2, vec!["Id".to_owned(), "Stage".to_owned()]))
        );
    }

    #[test]
    fn without_a_known_column_the_first_full_row_is_the_header() {
        let preview = preview(&[&["title"], &["a", "b"], &["1", "2"]]);

        assert_eq!(preview.header(|_| 0).map(|(at, _)| at), Some(1));
    }

    #[test]
    fn columns_have_one_name_each() {
        let row = ["Amount", " Amount ", "", "Cafe\u{301} *", "Amount", "", " "];

        let names = names(&row.map(str::to_owned));

        assert_eq!(
            names,
            ["Amount", "Amount (2)", "column 3", "Café", "Amount (3)"]
        );
    }

    #[test]
    fn a_number_that_a_column_has_already_is_left_out() {
        let row = ["x", "x (2)", "x", "x", "column 5", "", "y"];

        let names = names(&row.map(str::to_owned));

        assert_eq!(
            names,
            ["x", "x (2)", "x (3)", "x (4)", "column 5", "column 6", "y"]
        );
    }

    /// Found by fuzzing: as many steps as the third power of the columns.
    #[test]
    fn thousands_of_columns_of_one_name_are_numbered_at_once() {
        let row = vec!["x".to_owned(); 40_000];

        assert_eq!(names(&row).last().map(String::as_str), Some("x (40000)"));
    }
}
