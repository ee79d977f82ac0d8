//! One text field, of one line or several: the only place that knows the text widget.
//!
//! Hands out text and a cursor, never the widget.

use ratatui_textarea::{CursorMove, DataCursor, TextArea, WrapMode};

use crate::app::chord::{Chord, Key};

/// A field holds at most so many bytes; a longer paste is cut.
const LIMIT: usize = 64 * 1024;

/// A text with a cursor.
#[derive(Clone, Debug)]
pub struct TextInput {
    area: TextArea<'static>,
    is_block: bool,
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
        };
        input.area.set_wrap_mode(WrapMode::None);
        input.area.set_max_histories(0);
        input.set(text);
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

    /// Moves to the line below, and says whether there is one.
    pub fn down(&mut self) -> bool {
        let below = self.cursor().0 + 1 < self.area.lines().len();
        if below {
            self.area.move_cursor(CursorMove::Down);
        }
        below
    }

    /// Moves to the line above, and says whether there is one.
    pub fn up(&mut self) -> bool {
        let above = self.cursor().0 > 0;
        if above {
            self.area.move_cursor(CursorMove::Up);
        }
        above
    }

    /// Takes a key, and says whether it changed the text.
    ///
    /// The keys are those of a shell's line: arrows, `Home`, `End`, `Ctrl-a`, `Ctrl-e`, `Ctrl-w`
    /// (word), `Ctrl-u` (to the start), `Ctrl-k` (to the end), `Ctrl-Left`, `Ctrl-Right`.
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
    fn a_paste_beyond_the_limit_is_cut() {
        let mut input = TextInput::block("");
        input.insert(&"é".repeat(LIMIT));

        assert!(input.text().len() <= LIMIT);
        assert!(input.text().len() > LIMIT - 4);
    }
}
