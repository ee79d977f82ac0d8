//! Keys as the cockpit knows them: values with a stable text, free of any terminal library.
//!
//! The text is what the key table, the user's own bindings, the footer, the help and the manual
//! share: `F`, `Ctrl-r`, `Enter`, `PgDn`, `Space`, `]`, and sequences such as `g g`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A character, in the case in which it was typed.
    Char(char),
    /// The return key.
    Enter,
    /// The escape key.
    Esc,
    /// The tabulator.
    Tab,
    /// The tabulator with shift.
    BackTab,
    /// Deletes to the left.
    Backspace,
    /// Deletes to the right.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// The named keys, with the word that is written for each and, where a footer may draw one, the
/// sign for it. Words are compared without regard to case.
const NAMES: [(Key, &str, Option<&str>); 14] = [
    (Key::Enter, "Enter", Some("⏎")),
    (Key::Esc, "Esc", None),
    (Key::Tab, "Tab", None),
    (Key::Backspace, "Backspace", None),
    (Key::Delete, "Del", None),
    (Key::Insert, "Ins", None),
    (Key::Up, "Up", Some("↑")),
    (Key::Down, "Down", Some("↓")),
    (Key::Left, "Left", Some("←")),
    (Key::Right, "Right", Some("→")),
    (Key::Home, "Home", None),
    (Key::End, "End", None),
    (Key::PageUp, "PgUp", None),
    (Key::PageDown, "PgDn", None),
];

/// A key with its modifiers.
///
/// INVARIANT, kept by [`Chord::canonical`]: a character carries its own case and never `shift`,
/// a letter under control is lower case (a terminal cannot tell the two), and shift with the
/// tabulator is [`Key::BackTab`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// The key itself.
    pub key: Key,
    /// Control is held.
    pub ctrl: bool,
    /// Alt, also called meta or option, is held.
    pub alt: bool,
    /// Shift is held; never with a character.
    pub shift: bool,
}

impl Chord {
    /// Returns the key without modifiers.
    pub const fn new(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// Returns the plain character.
    pub const fn char(c: char) -> Self {
        Self::new(Key::Char(c))
    }

    /// Returns the character with control.
    pub const fn ctrl(c: char) -> Self {
        Self {
            key: Key::Char(c),
            ctrl: true,
            alt: false,
            shift: false,
        }
    }

    /// Folds equal presses into one value; see the type.
    #[must_use]
    pub fn canonical(self) -> Self {
        let mut chord = self;
        match chord.key {
            Key::Char(c) => {
                let c = if chord.ctrl {
                    c.to_ascii_lowercase()
                } else if chord.shift {
                    c.to_ascii_uppercase()
                } else {
                    c
                };
                chord.key = Key::Char(c);
                chord.shift = false;
            }
            Key::Tab if chord.shift => {
                chord.key = Key::BackTab;
                chord.shift = false;
            }
            Key::BackTab => chord.shift = false,
            Key::Enter
            | Key::Esc
            | Key::Tab
            | Key::Backspace
            | Key::Delete
            | Key::Insert
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
            | Key::F(_) => {}
        }
        chord
    }

    /// Returns the character that this key types into a text field, if it types one.
    pub fn printable(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            Key::Char(_)
            | Key::Enter
            | Key::Esc
            | Key::Tab
            | Key::BackTab
            | Key::Backspace
            | Key::Delete
            | Key::Insert
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
            | Key::F(_) => None,
        }
    }

    /// Returns how a footer names the key: `⏎ ← ↑` where glyphs are drawn, the words otherwise.
    pub fn label(self, ascii: bool) -> String {
        let sign = NAMES
            .iter()
            .find(|row| row.0 == self.key)
            .and_then(|row| row.2);
        match sign {
            Some(sign) if !ascii => format!("{}{sign}", self.prefix()),
            Some(_) | None => self.to_string(),
        }
    }

    fn prefix(self) -> String {
        let mut text = String::new();
        for (held, word) in [
            (self.ctrl, "Ctrl-"),
            (self.alt, "Alt-"),
            (self.shift, "Shift-"),
        ] {
            if held {
                text.push_str(word);
            }
        }
        text
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self::new(key)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.prefix())?;
        match self.key {
            Key::Char(' ') => out.write_str("Space"),
            Key::Char(c) if c.is_whitespace() || c.is_control() => {
                write!(out, "U+{:04X}", u32::from(c))
            }
            Key::Char(c) => write!(out, "{c}"),
            Key::BackTab => out.write_str("Shift-Tab"),
            Key::F(n) => write!(out, "F{n}"),
            Key::Enter
            | Key::Esc
            | Key::Tab
            | Key::Backspace
            | Key::Delete
            | Key::Insert
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown => {
                let row = NAMES.iter().find(|row| row.0 == self.key);
                out.write_str(row.expect("every key of this arm has a row in NAMES").1)
            }
        }
    }
}

/// A text that names no key.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ChordError {
    /// The text names no key.
    #[error("`{0}` names no key; keys are written `F`, `Ctrl-r`, `Enter`, `PgDn`, `Space`, `F5`")]
    Unknown(String),
    /// A sequence of no keys.
    #[error("no key is named; a sequence is keys with spaces between them, like `g g`")]
    Empty,
}

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Self, ChordError> {
        let unknown = || ChordError::Unknown(text.to_owned());
        let mut chord = Self::char(' ');
        let mut rest = text;
        loop {
            // A prefix alone is no key: what is left of `Ctrl--` is the key `-`.
            let held = [("ctrl-", 0), ("alt-", 1), ("shift-", 2)]
                .into_iter()
                .find(|(word, _)| rest.len() > word.len() && starts_with(rest, word));
            let Some((word, which)) = held else { break };
            match which {
                0 => chord.ctrl = true,
                1 => chord.alt = true,
                _ => chord.shift = true,
            }
            rest = &rest[word.len()..];
        }
        chord.key = key(rest).ok_or_else(unknown)?;
        Ok(chord.canonical())
    }
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn key(text: &str) -> Option<Key> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if chars.next().is_none() {
        return (!first.is_whitespace() && !first.is_control()).then_some(Key::Char(first));
    }
    if text.eq_ignore_ascii_case("Space") {
        return Some(Key::Char(' '));
    }
    if let Some(row) = NAMES.iter().find(|row| row.1.eq_ignore_ascii_case(text)) {
        return Some(row.0);
    }
    if let Some(digits) = text.strip_prefix("U+") {
        return u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32)
            .map(Key::Char);
    }
    let number = text.strip_prefix(['F', 'f'])?;
    let number: u8 = number.parse().ok()?;
    (1..=35).contains(&number).then_some(Key::F(number))
}

/// One or more keys pressed one after the other, such as `g g`.
///
/// INVARIANT: there is at least one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(Vec<Chord>);

impl Sequence {
    /// Returns the keys in the order in which they are pressed.
    pub fn chords(&self) -> &[Chord] {
        &self.0
    }

    /// Returns how a footer names the sequence; a sequence of plain characters stands together,
    /// like `gg`.
    pub fn label(&self, ascii: bool) -> String {
        let plain = |chord: &Chord| chord.printable().is_some_and(|c| !c.is_whitespace());
        let between = if self.0.iter().all(plain) { "" } else { " " };
        self.0
            .iter()
            .map(|chord| chord.label(ascii))
            .collect::<Vec<_>>()
            .join(between)
    }
}

impl From<Chord> for Sequence {
    fn from(chord: Chord) -> Self {
        Self(vec![chord])
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, chord) in self.0.iter().enumerate() {
            if place > 0 {
                out.write_str(" ")?;
            }
            write!(out, "{chord}")?;
        }
        Ok(())
    }
}

impl FromStr for Sequence {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Self, ChordError> {
        let chords = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<Vec<_>, _>>()?;
        if chords.is_empty() {
            Err(ChordError::Empty)
        } else {
            Ok(Self(chords))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_chord() -> impl Strategy<Value = Chord> {
        let key = prop_oneof![
            4 => any::<char>().prop_map(Key::Char),
            4 => proptest::char::range(' ', '~').prop_map(Key::Char),
            2 => (0..NAMES.len()).prop_map(|row| NAMES[row].0),
            1 => Just(Key::BackTab),
            1 => (1_u8..=35).prop_map(Key::F),
        ];
        (key, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(key, ctrl, alt, shift)| {
            Chord {
                key,
                ctrl,
                alt,
                shift,
            }
            .canonical()
        })
    }

    proptest! {
        #[test]
        fn every_chord_prints_and_parses_back(chord in any_chord()) {
            prop_assert_eq!(chord.to_string().parse(), Ok(chord));
        }

        #[test]
        fn every_sequence_prints_and_parses_back(
            chords in proptest::collection::vec(any_chord(), 1..5),
        ) {
            let sequence = Sequence(chords);
            prop_assert_eq!(sequence.to_string().parse(), Ok(sequence));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,12}") {
            let _ = text.parse::<Chord>();
            let _ = text.parse::<Sequence>();
        }

        #[test]
        fn ascii_labels_of_ascii_keys_are_ascii(row in 0..NAMES.len()) {
            prop_assert!(Chord::new(NAMES[row].0).label(true).is_ascii());
        }
    }

    #[test]
    fn the_documented_words_name_their_keys() {
        for (text, chord) in [
            ("F", Chord::char('F')),
            ("Ctrl-r", Chord::ctrl('r')),
            ("Enter", Chord::new(Key::Enter)),
            ("PgDn", Chord::new(Key::PageDown)),
            ("Space", Chord::char(' ')),
            ("]", Chord::char(']')),
            ("-", Chord::char('-')),
            ("Ctrl--", Chord::ctrl('-')),
            ("Shift-Tab", Chord::new(Key::BackTab)),
            ("F12", Chord::new(Key::F(12))),
        ] {
            assert_eq!(text.parse(), Ok(chord), "{text}");
            assert_eq!(chord.to_string(), text);
        }
    }

    #[test]
    fn case_of_words_and_of_letters_under_control_does_not_matter() {
        assert_eq!("ctrl-R".parse(), Ok(Chord::ctrl('r')));
        assert_eq!("pgdn".parse(), Ok(Chord::new(Key::PageDown)));
        assert_eq!("Shift-g".parse(), Ok(Chord::char('G')));
    }

    #[test]
    fn what_names_no_key_is_refused_by_its_text() {
        assert_eq!(
            "Hyper-x".parse::<Chord>(),
            Err(ChordError::Unknown("Hyper-x".into()))
        );
        assert_eq!("F0".parse::<Chord>(), Err(ChordError::Unknown("F0".into())));
        assert_eq!(" ".parse::<Sequence>(), Err(ChordError::Empty));
    }

    #[test]
    fn footers_draw_signs_or_words() {
        assert_eq!(Chord::new(Key::Enter).label(false), "⏎");
        assert_eq!(Chord::new(Key::Enter).label(true), "Enter");
        assert_eq!("g g".parse::<Sequence>().unwrap().label(false), "gg");
        assert_eq!("g Left".parse::<Sequence>().unwrap().label(false), "g ←");
        assert_eq!("Ctrl-Up".parse::<Chord>().unwrap().label(false), "Ctrl-↑");
    }
}
