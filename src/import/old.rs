//! A table of old deals as it is: names of columns and words of answers, nothing interpreted.

use std::path::Path;
use std::sync::Arc;

use super::bytes::{Counts, Decoded};
use super::error::ImportError;
use super::sniff::Form;
use super::table::{self, Cells, Preview};
use super::unpack::{self, Part};
use super::workbook::Unpacking;
use super::{json, text};

/// The rows of a table under its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldDeals {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells of each row, as many as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The longest answer that is read, in bytes.
const LONGEST: usize = 200;

impl OldDeals {
    /// Reads the first table of a file, whatever its delimiter, encoding or format; its header is
    /// the row that names the column `outcome`, else the first full one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or that holds no table with rows; see [`ImportError`].
    pub fn read(path: &Path, outcome: &str) -> Result<Self, ImportError> {
        let mut tables = unpack::parts(path, &Unpacking::default())?.into_iter();
        let whole = tables.find_map(|part| match part {
            Part::Table(whole) => Some(whole),
            Part::Left { .. } => None,
        });
        let empty = || ImportError::NoRows {
            path: path.to_string_lossy().into_owned(),
        };
        let whole = whole.ok_or_else(empty)?;
        let (input, sniffed) = (&whole.input, &whole.sniffed);
        let keys = match sniffed.form {
            Form::Text { .. } | Form::Rows => Vec::new(),
            Form::Json { skip } => {
                let text = Decoded::new(input.open()?, sniffed.encoding, Arc::default());
                json::keys(text, skip, input.name())?
            }
        };
        let open = || table::open(input, sniffed, &keys, Arc::new(Counts::default()));
        let wanted = text::key(outcome);
        let names_it =
            |row: &[String]| usize::from(row.iter().any(|cell| text::key(cell) == wanted));
        let preview = Preview::read(open()?.as_mut())?;
        let (above, columns) = preview.header(names_it).ok_or_else(empty)?;

        let mut rows = Vec::new();
        let mut table = open()?;
        let mut cells = Cells::new();
        let mut at = 0;
        while table.read(&mut cells)?.is_some() {
            at += 1;
            if at <= above + 1 {
                continue;
            }
            let mut row: Vec<String> = cells.iter().take(columns.len()).map(word).collect();
            row.resize(columns.len(), String::new());
            if row.iter().any(|cell| !cell.is_empty()) {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return Err(empty());
        }
        Ok(Self { columns, rows })
    }

    /// Finds a column by its name; case and blanks around it do not count.
    pub fn column(&self, name: &str) -> Option<usize> {
        let wanted = text::key(name);
        let exact = self.columns.iter().position(|column| column == name);
        let same = |column: &String| text::key(column) == wanted;
        exact.or_else(|| self.columns.iter().position(same))
    }
}

/// Reads a cell as a word.
fn word(cell: &[u8]) -> String {
    let mut end = cell.len().min(LONGEST);
    while end > 0 && end < cell.len() && cell[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    String::from_utf8_lossy(&cell[..end]).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<OldDeals, ImportError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.csv");
        std::fs::write(&path, text).unwrap();
        OldDeals::read(&path, "Result")
    }

    #[test]
    fn any_delimiter_will_do_and_a_title_above_is_no_header() {
        let comma = read("Need,Result\nyes,Won\nUnknown,Lost\n").unwrap();
        let tab = read("Need\tResult\nyes\tWon\nUnknown\tLost\n").unwrap();
        let semicolon =
            read("\"Need\";\"Result\"\n\"yes\";\"Won\"\n\"Unknown\";\"Lost\"\n").unwrap();

        assert_eq!(comma.columns, ["Need", "Result"]);
        assert_eq!(comma.rows, [["yes", "Won"], ["Unknown", "Lost"]]);
        assert_eq!((&comma, &comma), (&tab, &semicolon));
        assert_eq!(comma.column(" result "), Some(1));
        assert_eq!(comma.column("Status"), None);
    }

    #[test]
    fn a_header_without_rows_is_no_table() {
        assert!(read("Need,Result\n").is_err());
    }
}
