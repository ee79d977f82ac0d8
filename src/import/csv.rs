//! Delimited text as a table: flexible rows, bounded memory, physical lines.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::error::ImportError;
use super::sniff;
use super::table::{Cells, Place, ROW_MIB, Table};

const BUFFER: usize = 64 * 1024;
/// Put behind the last byte of the text. UTF-8 never has this byte, so it ends up in a row of its
/// own, or inside the cell whose quote was never closed.
const END: &[u8] = b"\n\xff";

/// The rows of delimited text.
pub(crate) struct CsvTable<R> {
    reader: csv::Reader<Guard<R>>,
    state: Arc<State>,
    path: String,
    is_first: bool,
}

/// What the guard below the reader and the table above it share.
#[derive(Default)]
struct State {
    /// Bytes that may still be read before the row must end.
    budget: AtomicU64,
    /// The end of the text was handed on.
    is_ended: AtomicBool,
}

impl State {
    fn renew(&self) {
        self.budget.store(ROW_MIB * 1024 * 1024, Ordering::Relaxed);
    }
}

/// Stops a row that does not end, marks the end of the text, and makes every line end in LF, so
/// that lines can be counted whatever their ends are.
struct Guard<R> {
    inner: R,
    state: Arc<State>,
    end: &'static [u8],
    /// The last byte was a CR, handed on as LF: an LF behind it belongs to it.
    was_cr: bool,
}

impl<R> Guard<R> {
    /// Makes the line ends of a block LF; returns its length.
    fn mend(&mut self, block: &mut [u8]) -> usize {
        if !self.was_cr && !block.contains(&b'\r') {
            return block.len();
        }
        let mut kept = 0;
        for at in 0..block.len() {
            let byte = block[at];
            let is_second = byte == b'\n' && self.was_cr;
            self.was_cr = byte == b'\r';
            if !is_second {
                block[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let budget = self.state.budget.load(Ordering::Relaxed);
        if budget == 0 {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let mut n = 0;
        let mut is_end = false;
        while n == 0 && !is_end {
            n = self.inner.read(out)?;
            is_end = n == 0;
            n = self.mend(&mut out[..n]);
        }
        if is_end {
            self.state.is_ended.store(true, Ordering::Relaxed);
            n = out.len().min(self.end.len());
            out[..n].copy_from_slice(&self.end[..n]);
            self.end = &self.end[n..];
        }
        self.state
            .budget
            .store(budget.saturating_sub(n as u64), Ordering::Relaxed);
        Ok(n)
    }
}

impl<R: Read> CsvTable<R> {
    pub(crate) fn new(text: R, delimiter: u8, path: String) -> Self {
        let state = Arc::new(State::default());
        state.renew();
        let guard = Guard {
            inner: text,
            state: Arc::clone(&state),
            end: END,
            was_cr: false,
        };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(guard);
        Self {
            reader,
            state,
            path,
            is_first: true,
        }
    }

    /// `line` is where the row began that could not be read.
    fn failed(&self, error: csv::Error, line: u64) -> ImportError {
        let path = self.path.clone();
        let csv::ErrorKind::Io(source) = error.into_kind() else {
            let source = io::Error::from(io::ErrorKind::InvalidData);
            return ImportError::Io { path, source };
        };
        if source.kind() == io::ErrorKind::FileTooLarge {
            return ImportError::Runaway {
                path,
                line,
                mib: ROW_MIB,
            };
        }
        ImportError::Io { path, source }
    }
}

impl<R: Read + Send> Table for CsvTable<R> {
    fn read(&mut self, cells: &mut Cells) -> Result<Option<Place>, ImportError> {
        loop {
            if cells.as_slice().len() > 1024 * 1024 {
                // One huge row must not keep its memory for the rest of the file.
                *cells = Cells::new();
            }
            self.state.renew();
            let line = self.reader.position().line();
            match self.reader.read_byte_record(cells) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => return Err(self.failed(error, line)),
            }
            // The reader stands behind the LF that ends the row.
            let text = cells.as_slice();
            let has_lines = text.contains(&b'\n');
            let within = if has_lines { lines(text) } else { 0 };
            let mut line = self.reader.position().line().saturating_sub(within + 1);
            let mut is_open = false;
            if self.state.is_ended.load(Ordering::Relaxed)
                && cells.as_slice().last() == Some(&END[1])
            {
                if cells.len() == 1 && cells.as_slice().len() == 1 {
                    return Ok(None);
                }
                is_open = true;
                line += 1;
                let last = cells.len() - 1;
                let mut whole = Cells::new();
                for (at, cell) in cells.iter().enumerate() {
                    let cut = if at == last {
                        END.len().min(cell.len())
                    } else {
                        0
                    };
                    whole.push_field(&cell[..cell.len() - cut]);
                }
                *cells = whole;
            }
            let was_first = std::mem::replace(&mut self.is_first, false);
            if was_first && is_sep(cells) {
                continue;
            }
            if cells
                .iter()
                .all(|cell| cell.iter().all(u8::is_ascii_whitespace))
            {
                continue;
            }
            return Ok(Some(Place { line, is_open }));
        }
    }
}

fn lines(text: &[u8]) -> u64 {
    text.split(|b| *b == b'\n').count() as u64 - 1
}

/// Whether a first row is a `sep=` line, which its own delimiter has cut in two.
fn is_sep(cells: &Cells) -> bool {
    let Some(first) = cells.get(0) else {
        return false;
    };
    let rest_is_blank = cells.iter().skip(1).all(<[u8]>::is_empty);
    rest_is_blank
        && (first.eq_ignore_ascii_case(b"sep=")
            || std::str::from_utf8(first).is_ok_and(|line| sniff::sep_line(line).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<(u64, bool, Vec<String>)> {
        let mut table = CsvTable::new(text, b',', "x".to_owned());
        let mut cells = Cells::new();
        let mut rows = Vec::new();
        while let Some(place) = table.read(&mut cells).unwrap() {
            let cells = cells
                .iter()
                .map(|c| String::from_utf8(c.to_vec()).unwrap())
                .collect();
            rows.push((place.line, place.is_open, cells));
        }
        rows
    }

    #[test]
    fn rows_know_the_line_on_which_they_begin() {
        let rows = rows(b"a,b\r\n\r\n\"x\ny\",2\r\n , \r\n3\r\n");

        let lines: Vec<_> = rows
            .iter()
            .map(|(line, _, cells)| (*line, cells.len()))
            .collect();
        assert_eq!(lines, [(1, 2), (3, 2), (6, 1)]);
        assert_eq!(rows[1].2, ["x\ny", "2"]);
    }

    #[test]
    fn lines_of_an_old_mac_are_lines() {
        let rows = rows(b"a,b\r1,2\r3,4");

        let lines: Vec<_> = rows
            .iter()
            .map(|(line, _, cells)| (*line, cells.len()))
            .collect();
        assert_eq!(lines, [(1, 2), (2, 2), (3, 2)]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_of() {
        let rows = rows(b"a,b\n1,\"x\n2,y\n3,z\n");

        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows[1],
            (2, true, vec!["1".to_owned(), "x\n2,y\n3,z\n".to_owned()])
        );
    }

    #[test]
    fn a_closed_quote_at_the_end_is_no_open_one() {
        assert!(rows(b"a\n\"x\"").iter().all(|(_, is_open, _)| !is_open));
    }

    #[test]
    fn a_row_without_end_stops_with_its_line() {
        let mut text = b"a,b\n1,2\n3,\"".to_vec();
        text.resize(20 * 1024 * 1024, b'x');
        let mut table = CsvTable::new(text.as_slice(), b',', "x".to_owned());
        let mut cells = Cells::new();

        let error = loop {
            match table.read(&mut cells) {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the row ended"),
                Err(error) => break error,
            }
        };

        assert!(
            matches!(error, ImportError::Runaway { line: 3, .. }),
            "{error:?}"
        );
    }

    #[test]
    fn a_sep_line_is_no_row() {
        let mut table = CsvTable::new(&b"sep=;\na;b\n"[..], b';', "x".to_owned());
        let mut cells = Cells::new();

        table.read(&mut cells).unwrap();

        assert_eq!(&cells[0], b"a");
    }
}
