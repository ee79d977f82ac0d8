//! Tables of a web page: what many CRMs call an Excel file and name `.xls`.
//!
//! A small and forgiving reader: end tags may be missing, unknown tags are passed over, a table
//! within a cell is text of that cell. Scripts and styles are dropped, nothing is fetched.

use std::io::{self, BufReader, Read};

use super::archive;
use super::bytes::Decoded;
use super::error::ImportError;
use super::input::{Input, Spool};
use super::rowfile::RowWriter;
use super::sniff::Sniffed;
use super::table::{COLUMNS, ROW_MIB};
use super::values::entities;
use super::workbook::Unpacking;

/// Tables that are looked at.
const TABLES: usize = 50;
/// Bytes of a tag that are kept.
const TAG: usize = 4096;
/// Bytes of one cell.
const CELL: usize = ROW_MIB as usize * 1024 * 1024;

/// Reads the tables of a page that have rows, in their order.
pub(crate) fn tables(
    input: &Input,
    sniffed: &Sniffed,
    how: &Unpacking,
) -> Result<Vec<Spool>, ImportError> {
    let most = archive::bound(input.size());
    let text = Decoded::new(input.open()?, sniffed.encoding, std::sync::Arc::default());
    let mut text = BufReader::with_capacity(64 * 1024, text);
    let mut page = Page::new(most);
    let mut block = vec![0; 64 * 1024];
    let failed = |e: io::Error| {
        if e.kind() == io::ErrorKind::FileTooLarge {
            let (path, why) = (input.name().to_owned(), archive::GROWS.to_owned());
            ImportError::Unpack { path, why }
        } else {
            input.failed(e)
        }
    };
    loop {
        how.check()?;
        let n = text.read(&mut block).map_err(|e| input.failed(e))?;
        if n == 0 {
            break;
        }
        page.feed(&block[..n]).map_err(failed)?;
    }
    page.finish().map_err(failed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Text,
    /// In a tag; the quote that is open.
    Tag(Option<u8>),
    Comment,
}

/// A page that is being read.
struct Page {
    most: u64,
    at: At,
    tag: Vec<u8>,
    /// The element of which the content is dropped.
    dropped: Option<&'static str>,
    /// How many tables are open.
    depth: usize,
    tables: Vec<Spool>,
    out: Option<RowWriter>,
    /// Columns of the widest row of the table.
    width: usize,
    number: u64,
    row: Vec<String>,
    /// Cells that go on below: column, rows left, text.
    below: Vec<(usize, u32, String)>,
    cell: Option<Cell>,
}

struct Cell {
    text: Vec<u8>,
    columns: usize,
    rows: u32,
}

impl Page {
    fn new(most: u64) -> Self {
        Self {
            most,
            at: At::Text,
            tag: Vec::new(),
            dropped: None,
            depth: 0,
            tables: Vec::new(),
            out: None,
            width: 0,
            number: 0,
            row: Vec::new(),
            below: Vec::new(),
            cell: None,
        }
    }

    fn feed(&mut self, block: &[u8]) -> io::Result<()> {
        for byte in block {
            match self.at {
                At::Text if *byte == b'<' => {
                    self.at = At::Tag(None);
                    self.tag.clear();
                }
                At::Text => self.letter(*byte)?,
                At::Comment => {
                    self.tag.push(*byte);
                    if self.tag.len() > 3 {
                        self.tag.remove(0);
                    }
                    if self.tag == b"-->" {
                        self.at = At::Text;
                    }
                }
                At::Tag(quote) => self.in_tag(*byte, quote)?,
            }
        }
        Ok(())
    }

    fn in_tag(&mut self, byte: u8, quote: Option<u8>) -> io::Result<()> {
        let is_first = self.tag.is_empty();
        if is_first && self.dropped.is_some() && byte != b'/' {
            // In a script only its end is a tag.
            self.at = At::Text;
            return Ok(());
        }
        if is_first && !(byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?')) {
            // A lone `<` is text.
            self.at = At::Text;
            self.letter(b'<')?;
            return self.feed(&[byte]);
        }
        match (quote, byte) {
            (Some(open), byte) if byte == open => self.at = At::Tag(None),
            (None, b'>') => {
                self.at = At::Text;
                let tag = std::mem::take(&mut self.tag);
                self.act(&tag)?;
                self.tag = tag;
                return Ok(());
            }
            (None, b'"' | b'\'') if self.tag.ends_with(b"=") => self.at = At::Tag(Some(byte)),
            (None | Some(_), _) => {}
        }
        if self.tag.len() < TAG {
            self.tag.push(byte);
        }
        if self.tag == b"!--" {
            self.at = At::Comment;
            self.tag.clear();
        }
        Ok(())
    }

    /// A byte of text; blanks in a row are one.
    fn letter(&mut self, byte: u8) -> io::Result<()> {
        let Some(cell) = self.cell.as_mut().filter(|_| self.dropped.is_none()) else {
            return Ok(());
        };
        if cell.text.len() >= CELL {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        if byte.is_ascii_whitespace() {
            if cell.text.last().is_some_and(|b| !b.is_ascii_whitespace()) {
                cell.text.push(b' ');
            }
        } else {
            cell.text.push(byte);
        }
        Ok(())
    }

    fn act(&mut self, tag: &[u8]) -> io::Result<()> {
        let (is_end, body) = match tag.strip_prefix(b"/") {
            Some(body) => (true, body),
            None => (false, tag),
        };
        let end = body
            .iter()
            .position(|b| b.is_ascii_whitespace() || *b == b'/')
            .unwrap_or(body.len());
        let name = body[..end].to_ascii_lowercase();
        if let Some(dropped) = self.dropped {
            if is_end && name == dropped.as_bytes() {
                self.dropped = None;
            }
            return Ok(());
        }
        match (name.as_slice(), is_end) {
            (b"script", false) => self.dropped = Some("script"),
            (b"style", false) => self.dropped = Some("style"),
            (b"table", false) => {
                self.depth += 1;
                if self.depth == 1 && self.tables.len() < TABLES {
                    self.out = Some(RowWriter::new(self.most)?);
                    self.number = 0;
                    self.width = 0;
                }
            }
            (b"table", true) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.end_table()?;
                }
            }
            (b"tr", _) if self.depth == 1 => self.end_row()?,
            (b"td" | b"th", false) if self.depth == 1 => {
                self.end_cell();
                self.cell = Some(Cell {
                    text: Vec::new(),
                    columns: attribute(body, b"colspan").unwrap_or(1).min(COLUMNS as u32) as usize,
                    rows: attribute(body, b"rowspan").unwrap_or(1),
                });
            }
            (b"td" | b"th", true) if self.depth == 1 => self.end_cell(),
            (b"br", _) | (b"p" | b"div" | b"li" | b"tr", true) => {
                if let Some(cell) = self.cell.as_mut().filter(|c| !c.text.is_empty()) {
                    cell.text.push(b'\n');
                }
            }
            (b"td" | b"th", true) => self.letter(b' ')?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else {
            return;
        };
        self.fill();
        let text = decoded(&String::from_utf8_lossy(&cell.text));
        if cell.rows > 1 {
            self.below
                .push((self.row.len(), cell.rows - 1, text.clone()));
        }
        self.row.push(text);
        for _ in 1..cell.columns {
            self.row.push(String::new());
        }
    }

    /// Puts the cells of rows above that reach into this one.
    fn fill(&mut self) {
        let at = self.row.len();
        let above = self
            .below
            .iter_mut()
            .find(|(column, rows, _)| *column == at && *rows > 0);
        // The next cell may be one of them as well.
        if let Some((_, rows, text)) = above {
            *rows -= 1;
            let text = text.clone();
            self.row.push(text);
            self.fill();
        }
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.end_cell();
        if self.row.is_empty() {
            return Ok(());
        }
        self.fill();
        self.below.retain(|(_, rows, _)| *rows > 0);
        self.number += 1;
        self.width = self.width.max(self.row.len());
        let row = std::mem::take(&mut self.row);
        match &mut self.out {
            Some(out) => out.row(self.number, &row),
            None => Ok(()),
        }
    }

    fn end_table(&mut self) -> io::Result<()> {
        self.end_row()?;
        self.below.clear();
        if let Some(out) = self.out.take()
            && out.rows() > 0
            && self.width > 1
        {
            self.tables.push(out.finish()?);
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<Vec<Spool>> {
        self.end_table()?;
        Ok(self.tables)
    }
}

/// The number in an attribute.
fn attribute(tag: &[u8], name: &[u8]) -> Option<u32> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.windows(name.len()).position(|w| w == name)?;
    let digits: String = lower[at + name.len()..]
        .iter()
        .skip_while(|b| matches!(b, b'=' | b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_digit())
        .map(|b| char::from(*b))
        .collect();
    digits.parse().ok().filter(|n| *n > 0)
}

/// Puts characters in place of entities; what is none stays.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match entities::read(rest) {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rowfile::RowTable;
    use super::super::table::{Cells, Table};
    use super::*;

    fn read(text: &str) -> Vec<Vec<Vec<String>>> {
        let mut page = Page::new(1 << 30);
        for block in text.as_bytes().chunks(5) {
            page.feed(block).unwrap();
        }
        let rows = |spool: &Spool| {
            let mut table = RowTable::new(spool.open(), std::sync::Arc::default(), String::new());
            let mut cells = Cells::new();
            let mut rows = Vec::new();
            while table.read(&mut cells).unwrap().is_some() {
                let text = |c: &[u8]| String::from_utf8(c.to_vec()).unwrap();
                rows.push(cells.iter().map(text).collect());
            }
            rows
        };
        page.finish().unwrap().iter().map(rows).collect()
    }

    #[test]
    fn a_table_is_read_with_its_entities_and_without_its_scripts() {
        let tables = read(
            "<html><style>td > p {}</style><body><h1>Report</h1><!-- <td>no</td> -->\
             <TABLE border=1><thead><tr><th>Deal&nbsp;Name<th>Amount</tr></thead>\
             <tr><td>M&uuml;ller &amp; S&#246;hne\n   GmbH</td><td x:num=\"1>0\">&euro; 5</td></tr>\
             <tr><td>a < b<br>c<script>if (a<b) x()</script><td>R&D;</table>",
        );

        assert_eq!(
            tables,
            [[
                ["Deal\u{a0}Name", "Amount"],
                ["Müller & Söhne GmbH", "€ 5"],
                ["a < b\nc", "R&D;"]
            ]]
        );
    }

    #[test]
    fn cells_over_several_rows_are_read_in_each() {
        let tables = read(
            "<table><tr><td colspan=2>Title<td>x<tr><td rowspan=\"2\">New<td>A<td>1\
             <tr><td>B<td>2</table>",
        );

        assert_eq!(
            tables,
            [[["Title", "", "x"], ["New", "A", "1"], ["New", "B", "2"]]]
        );
    }

    #[test]
    fn a_table_in_a_cell_is_text_and_one_of_one_column_is_layout() {
        let tables = read(
            "<table><tr><td>Login</td></tr></table>\
             <table><tr><td>a</td><td><table><tr><td>x</td><td>y</td></tr></table></td></tr></table>",
        );

        assert_eq!(tables, [[["a", "x y"]]]);
    }

    proptest! {
        #[test]
        fn whatever_a_page_is_it_is_read(text in "(<|</|<!--|-->|<table>|<tr>|<td>|</td>|</table>|&|&#x|;|\"|=|[a-z ]{0,4}){0,60}") {
            read(&text);
        }
    }
}
