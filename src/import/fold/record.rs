//! How what is kept of rows is written, and read back: figures by their bytes, the last first, and
//! texts behind their length.

use std::io;

use super::super::table::{Cells, Place};

/// What is left of a record.
pub(super) struct Record<'r>(pub(super) &'r [u8]);

impl<'r> Record<'r> {
    /// Reads some bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let first = self.0.split_first_chunk();
        let (bytes, rest) = first.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(*bytes)
    }

    pub(super) fn u32(&mut self) -> io::Result<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self) -> io::Result<i32> {
        self.bytes().map(i32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> io::Result<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> io::Result<i64> {
        self.bytes().map(i64::from_le_bytes)
    }

    fn part(&mut self) -> io::Result<&'r [u8]> {
        let len = self.u32()? as usize;
        let parts = self.0.split_at_checked(len);
        let (part, rest) = parts.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(part)
    }

    /// Reads a text.
    pub(super) fn text(&mut self) -> io::Result<&'r str> {
        std::str::from_utf8(self.part()?).map_err(io::Error::other)
    }

    /// Reads a row of the file.
    pub(super) fn row(&mut self) -> io::Result<(Cells, Place)> {
        let line = self.u64()?;
        let is_open = false;
        let mut cells = Cells::new();
        while !self.0.is_empty() {
            cells.push_field(self.part()?);
        }
        Ok((cells, Place { line, is_open }))
    }
}

/// Writes a text.
pub(super) fn put_text(into: &mut Vec<u8>, text: &str) {
    put_part(into, text.as_bytes());
}

fn put_part(into: &mut Vec<u8>, part: &[u8]) {
    into.extend((part.len() as u32).to_le_bytes());
    into.extend(part);
}

/// Writes a row of the file that is a deal: in such a row no quote is open.
pub(super) fn put_row(into: &mut Vec<u8>, cells: &Cells, place: Place) {
    into.extend(place.line.to_le_bytes());
    for cell in cells {
        put_part(into, cell);
    }
}
