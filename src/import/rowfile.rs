//! Rows that were unpacked from a sheet or a page, kept as they are: no delimiter, no quotes.
//!
//! A row is its number in the sheet (eight bytes), the count of its cells (four) and each cell as
//! its length (four) and its UTF-8 text; all little-endian.

use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::bytes::Counts;
use super::error::ImportError;
use super::input::{Spool, SpoolWriter};
use super::table::{Cells, Place, Table};

const BUFFER: usize = 64 * 1024;

/// Writes rows.
#[derive(Debug)]
pub(crate) struct RowWriter {
    out: SpoolWriter,
    rows: u64,
}

impl RowWriter {
    /// Of at most `most` bytes; a row beyond them fails with `FileTooLarge`.
    pub(crate) fn new(most: u64) -> io::Result<Self> {
        Ok(Self {
            out: SpoolWriter::new(most)?,
            rows: 0,
        })
    }

    /// Writes a row unless it is blank; blank cells at its end are left out.
    pub(crate) fn row(&mut self, number: u64, cells: &[String]) -> io::Result<()> {
        let is_filled = |cell: &String| !cell.trim().is_empty();
        let Some(last) = cells.iter().rposition(is_filled) else {
            return Ok(());
        };
        self.out.write_all(&number.to_le_bytes())?;
        self.out.write_all(&(last as u32 + 1).to_le_bytes())?;
        for cell in &cells[..=last] {
            self.out.write_all(&(cell.len() as u32).to_le_bytes())?;
            self.out.write_all(cell.as_bytes())?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Rows written so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the writing.
    pub(crate) fn finish(self) -> io::Result<Spool> {
        self.out.finish()
    }
}

/// Reads rows.
pub(crate) struct RowTable<R> {
    from: BufReader<R>,
    cell: Vec<u8>,
    counts: Arc<Counts>,
    path: String,
}

impl<R: Read> RowTable<R> {
    pub(crate) fn new(from: R, counts: Arc<Counts>, path: String) -> Self {
        Self {
            from: BufReader::with_capacity(BUFFER, from),
            cell: Vec::new(),
            counts,
            path,
        }
    }

    fn next(&mut self, cells: &mut Cells) -> io::Result<Option<u64>> {
        let mut number = [0; 8];
        if self.from.read(&mut number[..1])? == 0 {
            return Ok(None);
        }
        self.from.read_exact(&mut number[1..])?;
        let mut four = [0; 4];
        self.from.read_exact(&mut four)?;
        let mut read = 12;
        for _ in 0..u32::from_le_bytes(four) {
            self.from.read_exact(&mut four)?;
            self.cell.resize(u32::from_le_bytes(four) as usize, 0);
            self.from.read_exact(&mut self.cell)?;
            cells.push_field(&self.cell);
            read += 4 + self.cell.len() as u64;
        }
        self.counts.read.fetch_add(read, Ordering::Relaxed);
        Ok(Some(u64::from_le_bytes(number)))
    }
}

impl<R: Read + Send> Table for RowTable<R> {
    fn read(&mut self, cells: &mut Cells) -> Result<Option<Place>, ImportError> {
        if self.cell.capacity() > 1024 * 1024 {
            // One huge cell must not keep its memory for the rest of the file.
            self.cell = Vec::new();
            *cells = Cells::new();
        }
        cells.clear();
        let row = self.next(cells).map_err(|source| ImportError::Io {
            path: self.path.clone(),
            source,
        })?;
        Ok(row.map(|line| Place {
            line,
            is_open: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_with_their_numbers() {
        let mut writer = RowWriter::new(1000).unwrap();
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        writer
            .row(1, &row(&["Id", "a \"b\"\r\nc", "", " "]))
            .unwrap();
        writer.row(2, &row(&["", ""])).unwrap();
        writer.row(7, &row(&["", "ü;,\t"])).unwrap();
        assert_eq!(writer.rows(), 2);
        let spool = writer.finish().unwrap();
        let counts = Arc::new(Counts::default());

        let mut table = RowTable::new(spool.open(), Arc::clone(&counts), "x".to_owned());
        let mut cells = Cells::new();
        let mut rows = Vec::new();
        while let Some(place) = table.read(&mut cells).unwrap() {
            let texts: Vec<String> = cells
                .iter()
                .map(|c| String::from_utf8(c.to_vec()).unwrap())
                .collect();
            rows.push((place.line, texts));
        }

        assert_eq!(
            rows,
            [(1, row(&["Id", "a \"b\"\r\nc"])), (7, row(&["", "ü;,\t"]))]
        );
        assert_eq!(counts.read.load(Ordering::Relaxed), spool.size());
    }
}
