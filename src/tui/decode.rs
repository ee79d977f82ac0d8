//! What a terminal sends, as keys: a decoder from bytes to [`Raw`] input.
//!
//! The terminal library has such a decoder, but none that can be asked without waiting: its
//! reader, when it reads the terminal itself, answers a time limit of zero without looking, and
//! its other reader leaves a key behind when a resize arrives with it; it never returns once the
//! terminal has been closed; and it computes below zero on hostile input. So the bytes are read
//! in [`super::wait`] and understood here: the sequences of xterm and its kin, of the Linux
//! console and of rxvt, bracketed pastes, mouse reports, focus, and reports of the cursor.
//! What is none of these is swallowed whole: no part of a sequence ever counts as a key.

use crate::app::chord::{Chord, Key};

/// The most bytes that one paste hands on.
pub const PASTE_LIMIT: usize = 64 * 1024;

/// The most bytes of one control sequence that are kept; a longer one is swallowed.
const SEQUENCE_LIMIT: usize = 64;

const PASTE_END: &[u8] = b"\x1b[201~";

/// One thing that the terminal sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// A key was pressed, or repeats.
    Key(Chord),
    /// A bracketed paste, as it came.
    Paste {
        /// The bytes, at most [`PASTE_LIMIT`].
        bytes: Vec<u8>,
        /// There was more than the limit; the rest is dropped.
        cut: bool,
    },
    /// A click or a turn of the wheel.
    Mouse(Mouse),
    /// The window has the focus, or has it no longer.
    Focus(bool),
    /// Where the cursor is, counted from 1; the answer to a question of ours.
    Cursor {
        /// The row.
        row: u16,
        /// The column.
        column: u16,
    },
}

/// What the mouse did, and in which cell, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub what: MouseKind,
    /// The column; decoded as sent, within the screen once it is an event.
    pub column: u16,
    /// The row; as the column.
    pub row: u16,
}

/// What a mouse can do that we listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The main button went down.
    Click,
    /// The wheel turned away from the person.
    WheelUp,
    /// The wheel turned towards the person.
    WheelDown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// Within a character of several bytes, of which so many are still to come.
    Character(usize),
    /// After an escape.
    Escape,
    /// Within `ESC [`.
    Control,
    /// Within `ESC O`.
    Single,
    /// After `ESC [ [`, from the Linux console.
    Console,
    /// Within a mouse report of the oldest kind, of which so many bytes are still to come.
    OldMouse(usize),
    /// Within a string (title, colour, device report), up to its end.
    String,
    /// Within a string, after an escape that may begin its end.
    StringEnd,
    Paste,
}

/// What a decoder still waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For the rest of a sequence; a terminal sends it in one piece, so it is late soon.
    Sequence,
    /// For the rest of a paste.
    Paste,
}

/// Turns bytes into input; remembers what is not complete yet.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// The bytes of the sequence, string or character so far, without its introducer.
    held: Vec<u8>,
    paste: Vec<u8>,
    cut: bool,
}

impl Decoder {
    /// Takes the bytes of one read and appends what they complete.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Raw>) {
        for &byte in bytes {
            self.step(byte, out);
        }
    }

    /// Tells the decoder that nothing more is ready to be read: a lone escape is the key.
    pub fn settle(&mut self, out: &mut Vec<Raw>) {
        if self.state == State::Escape {
            self.state = State::Ground;
            out.push(Raw::Key(Chord::new(Key::Esc)));
        }
    }

    /// Returns what the decoder waits for, if for anything.
    pub fn waiting(&self) -> Option<Waiting> {
        match self.state {
            State::Ground => None,
            State::Paste => Some(Waiting::Paste),
            State::Character(_)
            | State::Escape
            | State::Control
            | State::Single
            | State::Console
            | State::OldMouse(_)
            | State::String
            | State::StringEnd => Some(Waiting::Sequence),
        }
    }

    /// Ends the wait for something whose rest does not come: a paste is handed on as far as it
    /// came, `ESC [` and `ESC O` alone are keys with alt, any other sequence is dropped.
    pub fn give_up(&mut self, out: &mut Vec<Raw>) {
        let alone = self.held.is_empty();
        match self.state {
            State::Paste => self.end_paste(out),
            State::Escape => out.push(Raw::Key(Chord::new(Key::Esc))),
            State::Control if alone => push_alt('[', out),
            State::Single if alone => push_alt('O', out),
            State::Ground
            | State::Character(_)
            | State::Control
            | State::Single
            | State::Console
            | State::OldMouse(_)
            | State::String
            | State::StringEnd => {}
        }
        self.enter(State::Ground);
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.held.clear();
    }

    fn step(&mut self, byte: u8, out: &mut Vec<Raw>) {
        match self.state {
            State::Ground => self.ground(byte, out),
            State::Character(left) => self.character(byte, left, out),
            State::Escape => self.escape(byte, out),
            State::Control => self.control(byte, out),
            State::Single => {
                self.enter(State::Ground);
                match byte {
                    // A digit here is a modifier of an old terminal; no key of ours has one.
                    b'0'..=b'9' => self.state = State::Single,
                    0x1b => self.state = State::Escape,
                    _ => push_some(single(byte), out),
                }
            }
            State::Console => {
                self.enter(State::Ground);
                if let b'A'..=b'E' = byte {
                    out.push(Raw::Key(Chord::new(Key::F(byte - b'A' + 1))));
                }
            }
            State::OldMouse(left) => {
                self.held.push(byte);
                if left == 1 {
                    let at = |place: usize| u16::from(self.held[place]).saturating_sub(32);
                    push_mouse(at(0), at(1), at(2), true, out);
                    self.enter(State::Ground);
                } else {
                    self.state = State::OldMouse(left - 1);
                }
            }
            State::String => match byte {
                0x07 | 0x18 | 0x1a => self.enter(State::Ground),
                0x1b => self.state = State::StringEnd,
                _ => {}
            },
            State::StringEnd if byte == b'\\' => self.enter(State::Ground),
            // Not the end of the string but the begin of something else.
            State::StringEnd => {
                self.enter(State::Escape);
                self.escape(byte, out);
            }
            State::Paste => self.pasting(byte, out),
        }
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Raw>) {
        match byte {
            0x1b => self.enter(State::Escape),
            0x00..=0x7f => push_some(ascii(byte), out),
            // Bytes that begin no character are dropped, and so is a character that is cut short.
            0xc2..=0xf4 => {
                self.enter(State::Character(match byte {
                    0xc2..=0xdf => 1,
                    0xe0..=0xef => 2,
                    _ => 3,
                }));
                self.held.push(byte);
            }
            0x80..=0xc1 | 0xf5..=0xff => {}
        }
    }

    fn character(&mut self, byte: u8, left: usize, out: &mut Vec<Raw>) {
        if !(0x80..=0xbf).contains(&byte) {
            self.enter(State::Ground);
            self.ground(byte, out);
            return;
        }
        self.held.push(byte);
        if left > 1 {
            self.state = State::Character(left - 1);
            return;
        }
        let c = std::str::from_utf8(&self.held)
            .ok()
            .and_then(|text| text.chars().next());
        push_some(c.filter(|c| !c.is_control()).map(Chord::char), out);
        self.enter(State::Ground);
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Raw>) {
        match byte {
            b'[' => self.enter(State::Control),
            b'O' => self.enter(State::Single),
            b']' | b'P' | b'X' | b'^' | b'_' => self.enter(State::String),
            // The first of two escapes is the key; the second may begin a sequence.
            0x1b => out.push(Raw::Key(Chord::new(Key::Esc))),
            // What must always work is not lost behind an escape that was read with it: these two
            // with alt are no key of anybody, and a busy machine reads late.
            0x03 | 0x1a => {
                self.enter(State::Ground);
                out.push(Raw::Key(Chord::new(Key::Esc)));
                push_some(ascii(byte), out);
            }
            0x00..=0x7f => {
                self.enter(State::Ground);
                push_some(ascii(byte).map(|chord| Chord { alt: true, ..chord }), out);
            }
            0x80..=0xff => {
                self.enter(State::Ground);
                self.ground(byte, out);
            }
        }
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Raw>) {
        match byte {
            0x1b => self.enter(State::Escape),
            b'[' if self.held.is_empty() => self.enter(State::Console),
            b'M' if self.held.is_empty() => self.enter(State::OldMouse(3)),
            0x20..=0x3f => {
                if self.held.len() < SEQUENCE_LIMIT {
                    self.held.push(byte);
                }
            }
            0x40..=0x7e => {
                let held = std::mem::take(&mut self.held);
                self.enter(State::Ground);
                if held == b"200" && byte == b'~' {
                    self.state = State::Paste;
                } else if held.len() < SEQUENCE_LIMIT {
                    dispatch(&held, byte, out);
                }
            }
            0x00..=0x1f | 0x7f..=0xff => self.enter(State::Ground),
        }
    }

    fn pasting(&mut self, byte: u8, out: &mut Vec<Raw>) {
        self.paste.push(byte);
        if self.paste.ends_with(PASTE_END) {
            self.paste.truncate(self.paste.len() - PASTE_END.len());
            self.end_paste(out);
        } else if self.paste.len() > PASTE_LIMIT + PASTE_END.len() {
            // The last bytes are kept to see the end of the paste; the oldest above the limit go.
            self.paste.remove(PASTE_LIMIT);
            self.cut = true;
        }
    }

    fn end_paste(&mut self, out: &mut Vec<Raw>) {
        self.cut |= self.paste.len() > PASTE_LIMIT;
        self.paste.truncate(PASTE_LIMIT);
        out.push(Raw::Paste {
            bytes: std::mem::take(&mut self.paste),
            cut: self.cut,
        });
        self.cut = false;
        self.enter(State::Ground);
    }
}

fn push_some(chord: Option<Chord>, out: &mut Vec<Raw>) {
    out.extend(chord.map(|chord| Raw::Key(chord.canonical())));
}

fn push_alt(c: char, out: &mut Vec<Raw>) {
    out.push(Raw::Key(Chord {
        alt: true,
        ..Chord::char(c)
    }));
}

/// A byte below 0x80 as the key that sends it. Backspace is sent as 0x7F or 0x08, by the settings
/// of the terminal; nothing is lost by taking both, since no key of ours is Ctrl-h.
fn ascii(byte: u8) -> Option<Chord> {
    match byte {
        b'\r' => Some(Chord::new(Key::Enter)),
        b'\t' => Some(Chord::new(Key::Tab)),
        0x08 | 0x7f => Some(Chord::new(Key::Backspace)),
        0x00 => Some(Chord::ctrl(' ')),
        0x01..=0x1a => Some(Chord::ctrl(char::from(byte - 1 + b'a'))),
        0x1c..=0x1f => Some(Chord::ctrl(char::from(byte - 0x1c + b'\\'))),
        0x20..=0x7e => Some(Chord::char(char::from(byte))),
        0x1b | 0x80..=0xff => None,
    }
}

/// The final byte of `ESC O`: keys of the application mode.
fn single(byte: u8) -> Option<Chord> {
    let key = match byte {
        b'M' => Key::Enter,
        b'P'..=b'S' => Key::F(byte - b'P' + 1),
        // The operators and digits of the keypad.
        b'j'..=b'y' => Key::Char(char::from(byte - b'j' + b'*')),
        _ => letter(byte)?,
    };
    Some(Chord::new(key))
}

/// The final byte of a cursor key, which `ESC [` and `ESC O` share.
fn letter(byte: u8) -> Option<Key> {
    match byte {
        b'A' => Some(Key::Up),
        b'B' => Some(Key::Down),
        b'C' => Some(Key::Right),
        b'D' => Some(Key::Left),
        b'H' => Some(Key::Home),
        b'F' => Some(Key::End),
        _ => None,
    }
}

/// The number before the `~` of a key.
fn numbered(number: u16) -> Option<Key> {
    match number {
        1 | 7 => Some(Key::Home),
        2 => Some(Key::Insert),
        3 => Some(Key::Delete),
        4 | 8 => Some(Key::End),
        5 => Some(Key::PageUp),
        6 => Some(Key::PageDown),
        11..=15 => Some(Key::F((number - 10) as u8)),
        17..=21 => Some(Key::F((number - 11) as u8)),
        23..=24 => Some(Key::F((number - 12) as u8)),
        _ => None,
    }
}

/// The code point before a `u`, or in the third place of `27;…~`.
fn coded(code: u32) -> Option<Chord> {
    match code {
        13 | 57414 => Some(Chord::new(Key::Enter)),
        27 => Some(Chord::new(Key::Esc)),
        8 | 9 | 127 => ascii(code as u8),
        // The private range names keys that type nothing, such as a held shift.
        0xe000..=0xf8ff => None,
        _ => char::from_u32(code)
            .filter(|c| !c.is_control())
            .map(Chord::char),
    }
}

/// One parameter of a control sequence: numbers with colons between them.
fn numbers(text: &[u8]) -> Vec<u32> {
    let number = |text: &[u8]| {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u32, |sum, byte| {
            sum.saturating_mul(10)
                .saturating_add(u32::from(byte - b'0'))
        })
    };
    text.split(|&byte| byte == b':').map(number).collect()
}

fn dispatch(held: &[u8], end: u8, out: &mut Vec<Raw>) {
    if let Some(rest) = held.strip_prefix(b"<") {
        if let (b'M' | b'm', [button, column, row]) = (end, &places(rest)[..]) {
            push_mouse(*button, *column, *row, end == b'M', out);
        }
        return;
    }
    if held
        .iter()
        .any(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))
    {
        return;
    }
    let parameters: Vec<Vec<u32>> = held.split(|&byte| byte == b';').map(numbers).collect();
    let nth = |place: usize| {
        parameters
            .get(place)
            .and_then(|p| p.first())
            .copied()
            .unwrap_or(0)
    };
    // What a kitty says of a key: 1 pressed, 2 repeats, 3 released.
    if parameters.get(1).and_then(|p| p.get(1)) == Some(&3) {
        return;
    }
    let chord = match end {
        b'Z' => Some(Chord::new(Key::BackTab)),
        b'I' | b'O' if held.is_empty() => {
            out.push(Raw::Focus(end == b'I'));
            None
        }
        // A row above the first tells the place of the cursor from the third function key.
        b'R' if parameters.len() == 2 && nth(0) != 1 => {
            let [row, column] = [nth(0), nth(1)].map(|n| u16::try_from(n).unwrap_or(u16::MAX));
            out.push(Raw::Cursor { row, column });
            None
        }
        b'P'..=b'S' => Some(Chord::new(Key::F(end - b'P' + 1))),
        b'~' if nth(0) == 27 => coded(nth(2)),
        b'~' => u16::try_from(nth(0))
            .ok()
            .and_then(numbered)
            .map(Chord::new),
        b'u' => coded(nth(0)),
        b'M' => {
            if let [button, column, row] = places(held)[..] {
                push_mouse(button.saturating_sub(32), column, row, true, out);
            }
            None
        }
        _ => letter(end).map(Chord::new),
    };
    // One more than the bits of what is held.
    let bits = nth(1).saturating_sub(1);
    let held = |bit: u32| bits & bit != 0;
    push_some(
        chord.map(|chord| Chord {
            shift: chord.shift || held(1),
            alt: held(2),
            ctrl: chord.ctrl || held(4),
            ..chord
        }),
        out,
    );
}

fn places(text: &[u8]) -> Vec<u16> {
    text.split(|&byte| byte == b';')
        .map(|part| {
            numbers(part)
                .first()
                .map_or(0, |&n| u16::try_from(n).unwrap_or(u16::MAX))
        })
        .collect()
}

/// Buttons are 0 to 3, 32 marks a movement, 64 the wheel; 4, 8 and 16 are modifiers.
fn push_mouse(button: u16, column: u16, row: u16, pressed: bool, out: &mut Vec<Raw>) {
    let what = match button & !(4 | 8 | 16) {
        0 => MouseKind::Click,
        64 => MouseKind::WheelUp,
        65 => MouseKind::WheelDown,
        _ => return,
    };
    if pressed {
        let [column, row] = [column, row].map(|place| place.saturating_sub(1));
        out.push(Raw::Mouse(Mouse { what, column, row }));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(bytes: &[u8]) -> Vec<Raw> {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        decoder.feed(bytes, &mut out);
        decoder.settle(&mut out);
        out
    }

    fn keys(bytes: &[u8]) -> String {
        let text = |raw: Raw| match raw {
            Raw::Key(chord) => chord.to_string(),
            other @ (Raw::Paste { .. } | Raw::Mouse(_) | Raw::Focus(_) | Raw::Cursor { .. }) => {
                format!("{other:?}")
            }
        };
        decode(bytes)
            .into_iter()
            .map(text)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn keys_of_every_terminal_get_their_names() {
        for (bytes, names) in [
            (
                &b"jF]\r\t\x7f\x08 "[..],
                "j F ] Enter Tab Backspace Backspace Space",
            ),
            (b"\x12\x03\x00\x1c", "Ctrl-r Ctrl-c Ctrl-Space Ctrl-\\"),
            (b"\x1b[A\x1b[B\x1bOC\x1bOD", "Up Down Right Left"),
            (
                b"\x1b[H\x1b[1~\x1b[7~\x1bOF\x1b[4~",
                "Home Home Home End End",
            ),
            (
                b"\x1b[5~\x1b[6~\x1b[3~\x1b[2~\x1b[Z",
                "PgUp PgDn Del Ins Shift-Tab",
            ),
            (b"\x1bOP\x1b[[B\x1b[13~\x1b[15~\x1b[24~", "F1 F2 F3 F5 F12"),
            (
                b"\x1b[1;5A\x1b[1;2B\x1b[3;3~\x1b[1;2R",
                "Ctrl-Up Shift-Down Alt-Del Shift-F3",
            ),
            (b"\x1bOj\x1bOM\x1bOu", "* Enter 5"),
            (b"\x1bb\x1b\x7f", "Alt-b Alt-Backspace"),
            (
                b"\x1b[114;5u\x1b[97u\x1b[13;2u\x1b[27u",
                "Ctrl-r a Shift-Enter Esc",
            ),
            (b"\x1b[27;5;105~", "Ctrl-i"),
            ("é✓€".as_bytes(), "é ✓ €"),
        ] {
            assert_eq!(keys(bytes), names);
        }
    }

    #[test]
    fn a_lone_escape_is_the_key_and_two_are_two() {
        assert_eq!(keys(b"\x1b"), "Esc");
        assert_eq!(keys(b"\x1b\x1b"), "Esc Esc");
        assert_eq!(keys(b"\x1b\x1b[A"), "Esc Up");
        assert_eq!(
            keys(b"\x1b\x03\x1b\x1a\x1bx"),
            "Esc Ctrl-c Esc Ctrl-z Alt-x"
        );
    }

    #[test]
    fn a_sequence_in_two_reads_is_one_key() {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();

        decoder.feed(b"\x1b[", &mut out);
        decoder.settle(&mut out);
        assert_eq!((out.len(), decoder.waiting()), (0, Some(Waiting::Sequence)));
        decoder.feed(b"A", &mut out);

        assert_eq!(out, [Raw::Key(Chord::new(Key::Up))]);
        assert_eq!(decoder.waiting(), None);
    }

    #[test]
    fn what_never_comes_is_given_up() {
        for (bytes, left) in [
            (&b"\x1b["[..], vec![Raw::Key("Alt-[".parse().unwrap())]),
            (b"\x1bO", vec![Raw::Key("Alt-O".parse().unwrap())]),
            (b"\x1b[1;", vec![]),
            (b"\x1b]52;c;aGk=", vec![]),
            (
                b"\x1b[200~text",
                vec![Raw::Paste {
                    bytes: b"text".to_vec(),
                    cut: false,
                }],
            ),
        ] {
            let mut decoder = Decoder::default();
            let mut out = Vec::new();
            decoder.feed(bytes, &mut out);

            decoder.give_up(&mut out);

            assert_eq!(out, left, "{bytes:?}");
            assert_eq!(decoder.waiting(), None);
        }
    }

    #[test]
    fn a_released_key_is_no_key() {
        assert_eq!(keys(b"\x1b[97;1:1u\x1b[97;1:2u\x1b[97;1:3u"), "a a");
        assert_eq!(keys(b"\x1b[1;1:3A"), "");
    }

    #[test]
    fn a_paste_is_one_text_whatever_it_holds() {
        let paste = Raw::Paste {
            bytes: b"F\x1b[A\r!".to_vec(),
            cut: false,
        };
        assert_eq!(decode(b"\x1b[200~F\x1b[A\r!\x1b[201~"), [paste]);
    }

    #[test]
    fn a_huge_paste_is_cut_at_the_limit_and_keys_work_after_it() {
        let mut bytes = b"\x1b[200~".to_vec();
        bytes.resize(bytes.len() + PASTE_LIMIT + 999, b'x');
        bytes.extend(b"\x1b[201~j");

        let out = decode(&bytes);

        let Raw::Paste { bytes, cut } = &out[0] else {
            panic!("{:?}", out[0])
        };
        assert_eq!((bytes.len(), *cut), (PASTE_LIMIT, true));
        assert!(bytes.iter().all(|&byte| byte == b'x'));
        assert_eq!(out[1..], [Raw::Key(Chord::char('j'))]);
    }

    #[test]
    fn a_paste_of_just_the_limit_is_whole() {
        let mut bytes = b"\x1b[200~".to_vec();
        bytes.resize(bytes.len() + PASTE_LIMIT, b'x');
        bytes.extend(b"\x1b[201~");

        let Raw::Paste { bytes, cut } = &decode(&bytes)[0] else {
            panic!("no paste")
        };

        assert_eq!((bytes.len(), *cut), (PASTE_LIMIT, false));
    }

    #[test]
    fn mouse_focus_and_cursor_reports_are_told_apart() {
        let click = |column, row| {
            Raw::Mouse(Mouse {
                what: MouseKind::Click,
                column,
                row,
            })
        };
        let wheel = |what| {
            Raw::Mouse(Mouse {
                what,
                column: 4,
                row: 6,
            })
        };
        assert_eq!(decode(b"\x1b[<0;5;7M\x1b[<0;5;7m"), [click(4, 6)]);
        assert_eq!(
            decode(b"\x1b[<64;5;7M\x1b[<65;5;7M"),
            [wheel(MouseKind::WheelUp), wheel(MouseKind::WheelDown)]
        );
        assert_eq!(decode(b"\x1b[<35;5;7M\x1b[<2;5;7M"), []);
        assert_eq!(decode(b"\x1b[M %'"), [click(4, 6)]);
        assert_eq!(decode(b"\x1b[32;5;7M"), [click(4, 6)]);
        assert_eq!(
            decode(b"\x1b[I\x1b[O"),
            [Raw::Focus(true), Raw::Focus(false)]
        );
        assert_eq!(decode(b"\x1b[2;3R"), [Raw::Cursor { row: 2, column: 3 }]);
    }

    #[test]
    fn reports_that_compute_below_zero_elsewhere_are_harmless() {
        for bytes in [
            &b"\x1b[<0;0;5M"[..],
            b"\x1b[M   ",
            b"\x1b[0;0R",
            b"\x1b[32;0;0M",
        ] {
            assert_eq!(decode(bytes).len(), 1, "{bytes:?}");
        }
    }

    #[test]
    fn answers_and_strings_of_a_terminal_are_no_keys() {
        for bytes in [
            &b"\x1b[?62;22c"[..],
            b"\x1bP>|xterm(388)\x1b\\",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1b]52;c;Rmly\x07",
            b"\x1b_Gi=1;OK\x1b\\",
            b"\x1b[?2026;2$y",
            b"\xff\xfe\xc0\x80",
            b"\xc2\x9b",
        ] {
            assert_eq!(keys(bytes), "", "{bytes:?}");
        }
        assert_eq!(keys(b"\x1b]0;a\x1b[Aj"), "Up j");
    }

    #[test]
    fn an_endless_sequence_is_swallowed_without_growing() {
        let mut bytes = b"\x1b[".to_vec();
        bytes.resize(100_000, b'1');
        bytes.extend(b"Aj");
        let mut decoder = Decoder::default();
        let mut out = Vec::new();

        decoder.feed(&bytes, &mut out);

        assert_eq!(out, [Raw::Key(Chord::char('j'))]);
        assert!(decoder.held.capacity() <= 4 * SEQUENCE_LIMIT);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same_and_no_control_character(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b';'), Just(b'M'), Just(b'~')],
                0..200,
            ),
            cut in 0_usize..200,
        ) {
            let whole = decode(&bytes);
            let mut decoder = Decoder::default();
            let mut out = Vec::new();
            let (one, two) = bytes.split_at(cut.min(bytes.len()));
            decoder.feed(one, &mut out);
            decoder.feed(two, &mut out);
            decoder.settle(&mut out);
            prop_assert_eq!(&out, &whole);
            for raw in whole {
                if let Raw::Key(Chord { key: Key::Char(c), .. }) = raw {
                    prop_assert!(!c.is_control());
                }
            }
        }
    }
}
