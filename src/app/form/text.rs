//! One text field, of one line or several: the only place that knows the text widget.
//!
//! Hands out text and a cursor, never the widget.

use ratatui_textarea::{CursorMove, DataCursor, TextArea, WrapMode};

use unicode_segmentation::UnicodeSegmentation as _;

use crate::app::chord::{Chord, Key};
use crate::domain::clean::width;

/// A field holds at most so many bytes; a longer paste is cut.
const LIMIT: usize = 64 * 1024;

/// Changes that a field can take back.
const UNDOES: usize = 1_000;

/// Rows that a page up or down moves by.
const PAGE: isize = 8;

/// A text with a cursor.
#[derive(Clone, Debug)]
pub struct TextInput {
    area: TextArea<'static>,
    is_block: bool,
    /// The cells of a row on screen, by which a block moves up and down.
    cells: u16,
}

/// A row on screen: a part of a line, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    line: usize,
    from: usize,
    to: usize,
}

impl Default for TextInput {
    fn default() -> Self {
        Self::line("")
    }
}

impl TextInput {
    /// Makes a field of one line, with the cursor behind its text.
    pub fn line(text: &str) -> Self {
        Self::new(text, false)
    }

    /// Makes a field of several lines, with the cursor behind its text.
    pub fn block(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, is_block: bool) -> Self {
        let mut input = Self {
            area: TextArea::default(),
            is_block,
            cells: u16::MAX,
        };
        input.area.set_wrap_mode(WrapMode::None);
        input.set(text);
        // What it was opened with is not taken back.
        input.area.set_max_histories(UNDOES);
        input
    }

    /// Whether it may have several lines.
    pub fn is_block(&self) -> bool {
        self.is_block
    }

    /// Returns the text; lines are ended by `\n`.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Returns its lines, at least one.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Returns the cursor: line and character in it, both from 0.
    pub fn cursor(&self) -> (usize, usize) {
        let DataCursor(line, character) = self.area.cursor();
        (line, character)
    }

    /// Says how wide it is on screen, in cells.
    pub fn set_width(&mut self, cells: u16) {
        self.cells = cells;
    }

    /// Returns the rows on screen of so many cells, and the cursor: its row and the text before it
    /// in that row. Long lines go on in the next row, between words where that is possible.
    pub fn view(&self, cells: u16) -> (Vec<String>, usize, String) {
        let rows = self.rows(cells);
        let at = self.row_of_cursor(&rows);
        let (_, column) = self.cursor();
        let part = |line: usize, from: usize, to: usize| -> String {
            let text = self.area.lines().get(line).map_or("", String::as_str);
            text.chars()
                .skip(from)
                .take(to.saturating_sub(from))
                .collect()
        };
        let before = rows.get(at).map(|row| part(row.line, row.from, column));
        let shown = rows.iter().map(|row| part(row.line, row.from, row.to));
        (shown.collect(), at, before.unwrap_or_default())
    }

    fn rows(&self, cells: u16) -> Vec<Row> {
        let lines = self.area.lines().iter().enumerate();
        let mut rows = Vec::new();
        for (line, text) in lines {
            // The cursor stands behind the last character, and needs a cell there.
            let parts = wrap(text, usize::from(cells.saturating_sub(1)).max(1));
            rows.extend(parts.into_iter().map(|(from, to)| Row { line, from, to }));
        }
        rows
    }

    fn row_of_cursor(&self, rows: &[Row]) -> usize {
        let (line, column) = self.cursor();
        let found = rows
            .iter()
            .rposition(|row| row.line == line && row.from <= column);
        found.unwrap_or(0)
    }

    /// Goes so many rows down, or up, and says whether there were any.
    fn go_rows(&mut self, by: isize) -> bool {
        let rows = self.rows(self.cells);
        let at = self.row_of_cursor(&rows);
        let to = at.saturating_add_signed(by).min(rows.len() - 1);
        if to == at {
            return false;
        }
        let (_, column) = self.cursor();
        let (here, there) = (rows[at], rows[to]);
        let line = &self.area.lines()[here.line];
        let before: String = line
            .chars()
            .skip(here.from)
            .take(column.saturating_sub(here.from))
            .collect();
        let column = column_at(&self.area.lines()[there.line], there, width(&before));
        let jump = CursorMove::Jump(
            u16::try_from(there.line).unwrap_or(u16::MAX),
            u16::try_from(column).unwrap_or(u16::MAX),
        );
        self.area.move_cursor(jump);
        true
    }

    /// Whether nothing is typed but blanks.
    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Replaces the text; the cursor goes behind it.
    pub fn set(&mut self, text: &str) {
        self.area.select_all();
        self.area.delete_str(usize::MAX);
        self.area.clear();
        self.insert(text);
    }

    /// Types text at the cursor. In a field of one line its line ends become blanks; control
    /// characters are left out.
    pub fn insert(&mut self, text: &str) {
        let have: usize = self.area.lines().iter().map(|line| line.len() + 1).sum();
        let mut room = LIMIT.saturating_sub(have);
        let mut clean = String::with_capacity(text.len().min(room));
        for c in text.replace("\r\n", "\n").chars() {
            let c = match c {
                '\n' | '\r' if self.is_block => '\n',
                '\n' | '\r' | '\t' => ' ',
                c if c.is_control() => continue,
                c => c,
            };
            let Some(left) = room.checked_sub(c.len_utf8()) else {
                break;
            };
            room = left;
            clean.push(c);
        }
        self.area.insert_str(clean);
    }

    /// Starts a new line, in a field that has several.
    pub fn newline(&mut self) {
        if self.is_block {
            self.insert("\n");
        }
    }

    /// Moves to the row below, and says whether there is one.
    pub fn down(&mut self) -> bool {
        self.is_block && self.go_rows(1)
    }

    /// Moves to the row above, and says whether there is one.
    pub fn up(&mut self) -> bool {
        self.is_block && self.go_rows(-1)
    }

    /// Takes a key, and says whether it changed the text.
    ///
    /// The keys are those of a shell's line: arrows, `Home`, `End`, `Ctrl-a`, `Ctrl-e`, `Ctrl-w`
    /// (word), `Ctrl-u` (to the start), `Ctrl-k` (to the end), `Ctrl-Left`, `Ctrl-Right`; `Ctrl-_`
    /// takes the last change back and `Ctrl-r` makes it again. In several lines also `PgUp`,
    /// `PgDn`, `Ctrl-Home` and `Ctrl-End`.
    pub fn key(&mut self, chord: Chord) -> bool {
        if let Some(c) = chord.printable() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        match (chord.key, chord.ctrl, chord.alt) {
            (Key::Backspace, false, _) => self.area.delete_char(),
            (Key::Backspace, true, _) | (Key::Char('w'), true, false) => self.area.delete_word(),
            (Key::Delete, false, _) => self.area.delete_next_char(),
            (Key::Char('u'), true, false) => self.area.delete_line_by_head(),
            (Key::Char('k'), true, false) => self.area.delete_line_by_end(),
            (Key::Left, false, _) => self.go(CursorMove::Back),
            (Key::Right, false, _) => self.go(CursorMove::Forward),
            (Key::Left, true, _) => self.go(CursorMove::WordBack),
            (Key::Right, true, _) => self.go(CursorMove::WordForward),
            (Key::Char('_'), true, false) => self.area.undo(),
            (Key::Char('r'), true, false) => self.area.redo(),
            (Key::Home, true, _) => self.go(CursorMove::Jump(0, 0)),
            (Key::End, true, _) => self.go(CursorMove::Jump(u16::MAX, u16::MAX)),
            (Key::PageUp, ..) if self.is_block => {
                self.go_rows(-PAGE);
                false
            }
            (Key::PageDown, ..) if self.is_block => {
                self.go_rows(PAGE);
                false
            }
            (Key::Home, ..) | (Key::Char('a'), true, false) => self.go(CursorMove::Head),
            (Key::End, ..) | (Key::Char('e'), true, false) => self.go(CursorMove::End),
            (
                Key::Char(_)
                | Key::Enter
                | Key::Esc
                | Key::Tab
                | Key::BackTab
                | Key::Delete
                | Key::Insert
                | Key::Up
                | Key::Down
                | Key::PageUp
                | Key::PageDown
                | Key::F(_),
                ..,
            ) => false,
        }
    }

    fn go(&mut self, to: CursorMove) -> bool {
        self.area.move_cursor(to);
        false
    }
}

/// Parts a line into rows of so many cells, between words where one ends in time.
fn wrap(line: &str, cells: usize) -> Vec<(usize, usize)> {
    let (mut rows, mut from, mut at, mut used) = (Vec::new(), 0, 0, 0);
    // Where the row could end after a word, and the cells up to there.
    let mut word: Option<(usize, usize)> = None;
    for grapheme in line.graphemes(true) {
        let (chars, wide) = (grapheme.chars().count(), width(grapheme));
        if used + wide > cells && at > from && grapheme != " " {
            let (end, before) = word.take().unwrap_or((at, used));
            rows.push((from, end));
            (from, used) = (end, used - before);
        }
        (at, used) = (at + chars, used + wide);
        if grapheme == " " {
            word = Some((at, used));
        }
    }
    rows.push((from, at));
    rows
}

/// The character of a row that begins nearest before so many cells.
fn column_at(line: &str, row: Row, cells: usize) -> usize {
    let part: String = line
        .chars()
        .skip(row.from)
        .take(row.to - row.from)
        .collect();
    let (mut column, mut used) = (row.from, 0);
    for grapheme in part.graphemes(true) {
        used += width(grapheme);
        // The end of a row that goes on is the beginning of the next.
        if used > cells
            || column + grapheme.chars().count() >= row.to && row.to < line.chars().count()
        {
            break;
        }
        column += grapheme.chars().count();
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(input: &mut TextInput, text: &str) {
        for c in text.chars() {
            input.key(Chord::char(c));
        }
    }

    #[test]
    fn typing_appends_at_the_cursor() {
        let mut input = TextInput::line("north");
        typed(&mut input, "wind");
        input.key(Chord::new(Key::Home));
        typed(&mut input, "> ");

        assert_eq!(input.text(), "> northwind");
        assert_eq!(input.cursor(), (0, 2));
    }

    #[test]
    fn a_field_of_one_line_stays_one_line() {
        let mut input = TextInput::line("");
        input.insert("two\r\nlines\tand\u{7} a bell");
        input.newline();

        assert_eq!(input.lines(), ["two lines and a bell"]);
    }

    #[test]
    fn a_block_keeps_its_lines() {
        let mut input = TextInput::block("one\ntwo");
        assert!(!input.down());
        assert!(input.up());
        assert!(!input.up());
        input.key(Chord::new(Key::End));
        input.newline();
        typed(&mut input, "and");

        assert_eq!(input.lines(), ["one", "and", "two"]);
    }

    #[test]
    fn the_keys_of_a_line_work() {
        let mut input = TextInput::line("one two three");
        assert!(input.key(Chord::ctrl('w')));
        assert_eq!(input.text(), "one two ");
        assert!(!input.key(Chord::ctrl('a')));
        input.key(Chord::ctrl('k'));
        assert_eq!(input.text(), "");
        typed(&mut input, "né");
        input.key(Chord::new(Key::Backspace));
        assert_eq!(input.text(), "n");
        assert!(!input.is_blank());
        input.key(Chord::ctrl('u'));
        assert!(input.is_blank());
    }

    #[test]
    fn replacing_puts_the_cursor_behind_the_text() {
        let mut input = TextInput::block("a\nb\nc");
        input.set("x\ny");

        assert_eq!((input.text().as_str(), input.cursor()), ("x\ny", (1, 1)));
    }

    #[test]
    fn what_was_typed_is_taken_back_and_made_again() {
        let mut input = TextInput::block("filled in");
        typed(&mut input, " ab");

        input.key(Chord::ctrl('_'));
        assert_eq!(input.text(), "filled in a");
        for _ in 0..9 {
            input.key(Chord::ctrl('_'));
        }
        assert_eq!(input.text(), "filled in", "what it was opened with stays");
        input.key(Chord::ctrl('r'));
        assert_eq!(input.text(), "filled in ");
    }

    #[test]
    fn long_lines_go_on_in_the_next_row() {
        let mut input = TextInput::block("one two three\n漢字漢字漢字\n\nabcdefghijkl");
        input.set_width(9);

        let (rows, at, before) = input.view(9);

        assert_eq!(
            rows,
            [
                "one two ",
                "three",
                "漢字漢字",
                "漢字",
                "",
                "abcdefgh",
                "ijkl"
            ]
        );
        assert_eq!((at, before.as_str()), (6, "ijkl"));
        assert!(input.up() && input.up() && input.up());
        assert_eq!(input.view(9).1, 3);
        assert!(input.up() && input.up());
        assert_eq!(input.cursor(), (0, 8));
        input.key(Chord::new(Key::End));
        assert!(input.up());
        assert_eq!(input.cursor(), (0, 5));
        assert!(!input.up());
    }

    #[test]
    fn a_text_of_five_thousand_characters_is_moved_through() {
        let text = "word and 漢字 ".repeat(500);
        let mut input = TextInput::block(&text);
        input.set_width(60);

        let rows = input.view(60).0.len();
        for _ in 1..rows {
            assert!(input.up());
        }
        assert_eq!(input.cursor().0, 0);
        assert!(!input.up());
        for _ in 1..rows {
            assert!(input.down());
        }
        assert!(!input.down());
        input.key(Chord {
            ctrl: true,
            ..Chord::new(Key::Home)
        });
        assert_eq!(input.cursor(), (0, 0));
        assert_eq!(input.text(), text);
    }

    #[test]
    fn a_paste_beyond_the_limit_is_cut() {
        let mut input = TextInput::block("");
        input.insert(&"é".repeat(LIMIT));

        assert!(input.text().len() <= LIMIT);
        assert!(input.text().len() > LIMIT - 4);
    }
}
