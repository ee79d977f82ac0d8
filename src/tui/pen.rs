//! Writes changed cells with as few bytes as every terminal understands.
//!
//! The library's own writer moves the cursor to row and column for every gap, however short, sets
//! each colour and weight with a sequence of its own, and also for blanks, on which neither is
//! seen. Over a slow line most of a frame was that.

use std::io::Write;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Modifiers that are seen on a blank.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

/// Bytes of the shortest erasing.
const LEAST_ERASE: usize = 4;

/// How a cell looks, besides its glyph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            underline: cell.underline_color,
            modifier: cell.modifier,
        }
    }

    /// Whether a glyph looks the same in both.
    fn is_alike(self, other: Self, glyph: u8) -> bool {
        let is_plain = |look: Self| !look.modifier.intersects(SEEN_ON_BLANKS);
        self == other || glyph == b' ' && self.bg == other.bg && is_plain(self) && is_plain(other)
    }

    /// What makes this look of another, without the frame of the sequence; from the beginning
    /// where that is shorter.
    fn after(self, before: Self) -> Vec<u8> {
        let mut anew = Vec::new();
        self.change(Self::default(), &mut anew);
        if !anew.is_empty() {
            anew.splice(0..0, *b"0;");
        }
        let mut change = Vec::new();
        self.change(before, &mut change);
        let is_shorter = change.len() <= anew.len() && self != Self::default();
        if is_shorter { change } else { anew }
    }

    fn change(self, before: Self, out: &mut Vec<u8>) {
        let removed = before.modifier - self.modifier;
        let mut added = self.modifier - before.modifier;
        let weights = Modifier::BOLD | Modifier::DIM;
        if removed.intersects(weights) {
            // One code ends both.
            added |= self.modifier & weights;
        }
        let blinks = Modifier::SLOW_BLINK | Modifier::RAPID_BLINK;
        if removed.intersects(blinks) {
            added |= self.modifier & blinks;
        }
        let ends = [
            (weights, 22),
            (Modifier::ITALIC, 23),
            (Modifier::UNDERLINED, 24),
            (blinks, 25),
            (Modifier::REVERSED, 27),
            (Modifier::HIDDEN, 28),
            (Modifier::CROSSED_OUT, 29),
        ];
        let begins = [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::ITALIC, 3),
            (Modifier::UNDERLINED, 4),
            (Modifier::SLOW_BLINK, 5),
            (Modifier::RAPID_BLINK, 6),
            (Modifier::REVERSED, 7),
            (Modifier::HIDDEN, 8),
            (Modifier::CROSSED_OUT, 9),
        ];
        let ended = ends.into_iter().filter(|(of, _)| removed.intersects(*of));
        let begun = begins.into_iter().filter(|(of, _)| added.intersects(*of));
        for (_, code) in ended.chain(begun) {
            parameter(code, out);
        }
        let colors = [
            (38, before.fg, self.fg),
            (48, before.bg, self.bg),
            (58, before.underline, self.underline),
        ];
        for (ground, before, after) in colors {
            if before != after {
                color(ground, after, out);
            }
        }
    }
}

fn parameter(code: u8, out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b';');
    }
    tell(out, format_args!("{code}"));
}

/// A colour of what `ground` says: 38 the glyph, 48 what is under it, 58 the line below it. The
/// sixteen are told by their number in the palette, as terminals draw the older codes for them
/// brighter where the text is bold.
fn color(ground: u8, color: Color, out: &mut Vec<u8>) {
    let number = match color {
        Color::Reset => return parameter(ground + 1, out),
        Color::Rgb(r, g, b) => {
            parameter(ground, out);
            return tell(out, format_args!(";2;{r};{g};{b}"));
        }
        Color::Indexed(number) => number,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    parameter(ground, out);
    tell(out, format_args!(";5;{number}"));
}

fn tell(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory takes what is written");
}

/// A cell as it is on the screen: its glyph where that is ASCII, else 0.
type There = (u8, Look);

/// What is on the screen, as far as it can be written again.
#[derive(Debug)]
pub struct Pen {
    rows: Vec<Vec<There>>,
    /// What is where nothing was written.
    elsewhere: There,
    /// The column behind the last one that was ever written, in any row.
    widest: usize,
}

impl Default for Pen {
    /// On a screen that was emptied.
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            elsewhere: (b' ', Look::default()),
            widest: 0,
        }
    }
}

impl Pen {
    /// Forgets what is on the screen.
    pub fn forget(&mut self) {
        self.rows.clear();
        self.elsewhere.0 = 0;
    }

    /// Appends what writes these cells, wherever the cursor is; looks are reset before and after.
    pub fn write<'a>(
        &mut self,
        cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
        out: &mut Vec<u8>,
    ) {
        let mut look = Look::default();
        // Where the next glyph goes, and whether that is certain: terminals do not agree on how
        // wide some glyphs are, so behind one of those a gap is never filled but jumped over.
        let mut at: Option<(u16, u16)> = None;
        let mut is_certain = true;
        let cells: Vec<_> = cells.collect();
        let mut next = 0;
        while let Some(&(x, y, cell)) = cells.get(next) {
            next += 1;
            if at != Some((x, y)) {
                let near = at.filter(|_| is_certain);
                let known = |row, columns, most| self.gap(row, columns, look, most);
                let way = match (at, near) {
                    (Some((column, row)), _) if row == y && column < x => {
                        let jump = jump(x);
                        let gap = near.and_then(|_| known(y, column..x, jump.len()));
                        gap.unwrap_or(jump)
                    }
                    // Behind the last column terminals do not agree in which row they are.
                    (_, Some((column, row)))
                        if row + 1 == y && usize::from(column) < self.widest =>
                    {
                        let place = place(x, y);
                        let gap = known(y, 0..x, place.len() - LINE.len());
                        gap.map_or(place, |gap| [LINE, &gap].concat())
                    }
                    (_, _) => place(x, y),
                };
                out.extend(way);
                is_certain = true;
            }
            let glyph = match cell.symbol().as_bytes() {
                [byte @ b' '..=b'~'] => *byte,
                _ => 0,
            };
            let wanted = Look::of(cell);
            if !wanted.is_alike(look, glyph) {
                out.extend(b"\x1b[");
                out.extend(wanted.after(look));
                out.push(b'm');
                look = wanted;
            }
            if let Some((run, taken)) = self.erased(&cells[next - 1..]) {
                out.extend(erase(run).as_bytes());
                (x..).take(run).for_each(|x| self.keep(x, y, b' ', look));
                // The cursor stays where it is.
                at = Some((x, y));
                next += taken - 1;
                continue;
            }
            out.extend(cell.symbol().as_bytes());
            is_certain &= glyph != 0;
            self.keep(x, y, glyph, look);
            at = x.checked_add(1).map(|next| (next, y));
        }
        if look != Look::default() {
            out.extend(b"\x1b[m");
        }
    }

    /// The glyphs of a gap, if they are known, look like what is being written, and are no longer
    /// than a jump.
    fn gap(
        &self,
        row: u16,
        columns: std::ops::Range<u16>,
        look: Look,
        most: usize,
    ) -> Option<Vec<u8>> {
        if columns.len() > most {
            return None;
        }
        let row = self
            .rows
            .get(usize::from(row))
            .map_or(&[][..], Vec::as_slice);
        columns
            .map(|x| *row.get(usize::from(x)).unwrap_or(&self.elsewhere))
            .map(|(glyph, has)| (glyph != 0 && has.is_alike(look, glyph)).then_some(glyph))
            .collect()
    }

    /// The columns and cells of [`Pen::blanks`] where erasing them, and jumping to what is behind
    /// them in their row, is shorter than writing them.
    fn erased(&self, cells: &[(u16, u16, &Cell)]) -> Option<(usize, usize)> {
        let (run, taken) = self.blanks(cells);
        if run <= LEAST_ERASE {
            return None;
        }
        let behind = cells.get(taken).filter(|cell| cell.1 == cells[0].1);
        let back = behind.map_or(0, |cell| jump(cell.0).len());
        (run > erase(run).len() + back).then_some((run, taken))
    }

    /// How many columns from the first of these cells on are to be empty with nothing under them,
    /// and how many of the cells that takes; what is between them and stays is empty too. A terminal
    /// erases those alike whatever colour it draws with.
    fn blanks(&self, cells: &[(u16, u16, &Cell)]) -> (usize, usize) {
        let is_bare = |(glyph, look): There| {
            glyph == b' ' && look.bg == Color::Reset && !look.modifier.intersects(SEEN_ON_BLANKS)
        };
        let (mut run, mut taken) = (0, 0);
        let Some(&(first, row, _)) = cells.first() else {
            return (run, taken);
        };
        let there = self
            .rows
            .get(usize::from(row))
            .map_or(&[][..], Vec::as_slice);
        for (x, y, cell) in cells {
            let from = usize::from(first) + run;
            let mut between = from..usize::from(*x);
            let stays = between.all(|x| is_bare(*there.get(x).unwrap_or(&self.elsewhere)));
            let is_blank = cell.symbol() == " " && is_bare((b' ', Look::of(cell)));
            if *y != row || !stays || !is_blank {
                break;
            }
            run = usize::from(*x) + 1 - usize::from(first);
            taken += 1;
        }
        (run, taken)
    }

    fn keep(&mut self, x: u16, y: u16, glyph: u8, look: Look) {
        let (x, y) = (usize::from(x), usize::from(y));
        if self.rows.len() <= y {
            self.rows.resize_with(y + 1, Vec::new);
        }
        let row = &mut self.rows[y];
        // A glyph that may be wide also covers the cell behind it.
        let end = if glyph == 0 { x + 2 } else { x + 1 };
        if row.len() < end {
            row.resize(end, self.elsewhere);
        }
        self.widest = self.widest.max(end);
        row[x] = (glyph, look);
        if glyph == 0 {
            row[x + 1].0 = 0;
        }
    }
}

/// To the beginning of the next row. Never without the first of the two: what the second does to the
/// column is a setting of the terminal.
const LINE: &[u8] = b"\r\n";

/// To a cell, from anywhere.
fn place(x: u16, y: u16) -> Vec<u8> {
    let mut place = Vec::with_capacity(10);
    let row = u32::from(y) + 1;
    match x {
        0 => tell(&mut place, format_args!("\x1b[{row}H")),
        _ => tell(&mut place, format_args!("\x1b[{row};{}H", u32::from(x) + 1)),
    }
    place
}

/// Makes so many columns from here on empty; the cursor stays.
fn erase(run: usize) -> String {
    format!("\x1b[{run}X")
}

/// To a column of the same row.
fn jump(x: u16) -> Vec<u8> {
    let mut jump = Vec::with_capacity(8);
    tell(&mut jump, format_args!("\x1b[{}G", u32::from(x) + 1));
    jump
}

#[cfg(test)]
mod tests;
