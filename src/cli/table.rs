//! Aligned columns that fit the terminal.

use std::io;

use super::out::{Out, Tone};
use crate::domain::clean::{TermSafe, pad_left, pad_right, width};

/// On which side a column is filled up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Text.
    Left,
    /// Figures.
    Right,
}

/// A column: its heading, its side, and how few cells it can do with.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    head: &'static str,
    side: Side,
    least: usize,
}

/// A column of text.
pub const fn text(head: &'static str, least: usize) -> Column {
    Column {
        head,
        side: Side::Left,
        least,
    }
}

/// A column of figures, never cut.
pub const fn figures(head: &'static str) -> Column {
    Column {
        head,
        side: Side::Right,
        least: usize::MAX,
    }
}

/// Space between columns.
const GAP: usize = 2;

/// Rows from which the widths are taken; those after them follow.
const SAMPLE: usize = 200;

/// A cell: its text, made safe, and its tone.
pub type Cell = (String, Tone);

/// A plain cell of text from outside.
pub fn cell(text: &str) -> Cell {
    (TermSafe::new(text).into_string(), Tone::Plain)
}

/// A table that is written as its rows come.
#[derive(Debug)]
pub struct Table<'o> {
    out: &'o mut Out,
    columns: Vec<Column>,
    waiting: Vec<Vec<Cell>>,
    widths: Option<Vec<usize>>,
}

impl<'o> Table<'o> {
    /// Starts a table.
    pub fn new(out: &'o mut Out, columns: &[Column]) -> Self {
        Self {
            out,
            columns: columns.to_vec(),
            waiting: Vec::new(),
            widths: None,
        }
    }

    /// Adds a row of as many cells as there are columns.
    pub fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        self.waiting.push(cells);
        if self.waiting.len() >= SAMPLE {
            self.write()
        } else {
            Ok(())
        }
    }

    /// Writes what waits.
    pub fn end(mut self) -> io::Result<()> {
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let is_first = self.widths.is_none();
        let widths = match self.widths.take() {
            Some(widths) => widths,
            None => fitting(&self.columns, &rows, self.out.width),
        };
        if is_first {
            let heads: Vec<Cell> = self
                .columns
                .iter()
                .map(|c| (c.head.to_owned(), Tone::Quiet))
                .collect();
            self.line(&heads, &widths)?;
        }
        for row in &rows {
            self.line(row, &widths)?;
        }
        self.widths = Some(widths);
        Ok(())
    }

    fn line(&mut self, cells: &[Cell], widths: &[usize]) -> io::Result<()> {
        let mut line = String::new();
        let mut blank = 0;
        let last = cells.len().saturating_sub(1);
        for (at, ((text, tone), column)) in cells.iter().zip(&self.columns).enumerate() {
            let room = widths[at];
            let is_over = self.out.width.is_none() && width(text) > room;
            let filled = match column.side {
                _ if is_over => text.clone(),
                Side::Left => pad_right(text, room, self.out.end),
                Side::Right => pad_left(text, room, self.out.end),
            };
            let start = filled.len() - filled.trim_start().len();
            let end = filled.trim_end().len().max(start);
            // Blanks at the end of a line say nothing, and colours belong to the text alone.
            blank += start;
            if end > start {
                line.push_str(&" ".repeat(blank));
                line.push_str(&tone.paint(&filled[start..end]));
                blank = filled.len() - end;
            } else {
                blank += filled.len() - start;
            }
            blank += if at == last { 0 } else { GAP };
        }
        self.out.line(line)
    }
}

/// Chooses widths: what the rows need, and where that is too much the widest text gives way.
fn fitting(columns: &[Column], rows: &[Vec<Cell>], room: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = rows.iter().map(|row| width(&row[at].0)).max().unwrap_or(0);
            cells.max(width(column.head))
        })
        .collect();
    let Some(room) = room else { return widths };
    let gaps = GAP * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let widest = (0..columns.len())
            .filter(|at| widths[*at] > columns[*at].least)
            .max_by_key(|at| widths[*at]);
        let Some(at) = widest else { break };
        widths[at] -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<Cell> {
        cells.iter().map(|c| cell(c)).collect()
    }

    #[test]
    fn the_widest_text_gives_way() {
        let columns = [figures("id"), text("account", 6), text("title", 6)];
        let rows = [row(&["1", "Northwind", "A very long title of a deal"])];

        assert_eq!(fitting(&columns, &rows, None), [2, 9, 27]);
        assert_eq!(fitting(&columns, &rows, Some(30)), [2, 9, 15]);
        assert_eq!(fitting(&columns, &rows, Some(1)), [2, 6, 6]);
    }
}
