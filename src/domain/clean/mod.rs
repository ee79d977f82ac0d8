//! Cleaning of text that came from outside: a CRM file, a paste, a path, another program.
//!
//! Such text is hostile until it went through here. [`clean_line`] and [`clean_block`] are used where
//! text enters (import, text fields); [`TermSafe`] is the only text that may be written to a
//! terminal, a log or a clipboard; [`guard_formula`] keeps a spreadsheet from running a cell;
//! [`fit`] and its relatives measure in terminal cells.
//!
//! What is dropped is named in [`Kind`]: controls, escape sequences, bidirectional and other format
//! characters, tag characters, fillers and noncharacters. What is kept is what a person sees.

mod cells;
mod formula;
mod term;

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

pub use cells::{fit, pad_left, pad_right, width};
pub use formula::{guard_formula, needs_guard, unguard_formula};
pub use term::TermSafe;

/// Most combining marks, and most joiners, that one visible character may carry.
const MARKS_PER_CLUSTER: usize = 4;

/// Most characters of an escape sequence that are taken with its introducer. A longer one loses
/// its introducer only, so that a stray ESC never eats a note.
const ESCAPE_REACH: usize = 4_096;

/// Columns that a tab is worth in a block.
const TAB: &str = "    ";

/// Cleans text for a field of one line and cuts it after `max_chars` characters.
///
/// Line breaks and tabs become spaces, runs of white space become one space, the ends are
/// trimmed. The cut falls between visible characters. Borrows when there is nothing to do;
/// cleaning twice changes nothing more.
pub fn clean_line(text: &str, max_chars: usize) -> Cow<'_, str> {
    if text.len() <= max_chars && (is_simple(text) || is_plain(text) && is_collapsed(text)) {
        return Cow::Borrowed(text);
    }
    let clean = scrub(text, Breaks::Spaces);
    let collapsed = collapse(&clean);
    Cow::Owned(cut(&collapsed, max_chars).trim_end().to_owned())
}

/// Cleans text of several lines and cuts it after `max_chars` characters.
///
/// Every kind of line break becomes `\n`, a tab four spaces, white space at the end goes. Borrows
/// when there is nothing to do; cleaning twice changes nothing more.
pub fn clean_block(text: &str, max_chars: usize) -> Cow<'_, str> {
    let plain = text.split('\n').all(is_plain) && !text.ends_with(char::is_whitespace);
    if text.len() <= max_chars && plain {
        return Cow::Borrowed(text);
    }
    let clean = scrub(text, Breaks::Lines);
    Cow::Owned(cut(clean.trim_end(), max_chars).trim_end().to_owned())
}

/// What becomes of a line break.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    /// One space for a break or a tab.
    Spaces,
    /// `\n` for a break, [`TAB`] for a tab.
    Lines,
}

/// How a character is treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Visible, or an ordinary space.
    Plain,
    /// A break of a line, of whatever convention.
    Break,
    /// A tab.
    Tab,
    /// Joins the character before it: at most four each.
    Mark,
    /// Chooses the form of the character before it: at most one each.
    Variation,
    /// Zero width joiner: only between two emoji.
    Joiner,
    /// Never kept.
    Drop,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            ' '..='~' => Self::Plain,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Self::Break,
            '\t' => Self::Tab,
            '\u{200d}' => Self::Joiner,
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Self::Variation,
            c if is_dropped(c) => Self::Drop,
            // Vowels and finals of Hangul, and skin tones, stack like marks without being any.
            '\u{1161}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' | '\u{1f3fb}'..='\u{1f3ff}' => {
                Self::Mark
            }
            c if is_combining_mark(c) => Self::Mark,
            _ => Self::Plain,
        }
    }
}

/// Says whether a character is never kept: controls, format characters (bidirectional ones first
/// of all), fillers that draw nothing, tags, noncharacters.
fn is_dropped(c: char) -> bool {
    if c.is_control() {
        return true;
    }
    let code = u32::from(c);
    let nonchar = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    nonchar
        || matches!(code,
            0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2
            | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f
            | 0x3164 | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            | 0x110bd | 0x110cd | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
            | 0xe0000..=0xe00ff | 0xe01f0..=0xe0fff)
}

/// Says whether a character can stand on either side of a joiner: a close approximation of
/// Unicode's `Extended_Pictographic`, wide enough for every joined emoji in use.
fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c),
        0x2190..=0x21ff | 0x2300..=0x23ff | 0x2600..=0x27bf | 0x2b00..=0x2bff
        | 0x1f000..=0x1faff)
}

/// Says whether text consists of characters that need no look at all. Common scripts only: a no
/// costs time, not correctness.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c,
            ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}'
            | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}' | '\u{3041}'..='\u{3096}'
            | '\u{30a0}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
    })
}

/// Says whether text is visible ASCII with single spaces inside, as nearly all of a file is: such
/// text is clean, trimmed and composed.
pub fn is_simple(text: &str) -> bool {
    let mut before = b' ';
    text.bytes().all(|byte| {
        let is_fine = matches!(byte, b' '..=b'~') && (byte != b' ' || before != b' ');
        before = byte;
        is_fine
    }) && (before != b' ' || text.is_empty())
}

/// Says whether text has no white space at its ends and no two spaces in a row.
fn is_collapsed(text: &str) -> bool {
    !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ")
}

/// Removes everything that is not text and turns breaks and tabs into what `breaks` says.
fn scrub(text: &str, breaks: Breaks) -> String {
    let mut out = String::with_capacity(text.len());
    let mut cluster = Cluster::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\u{1b}' {
            rest = after_escape(rest);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match Kind::of(c) {
            Kind::Break => {
                if c == '\r' && rest.starts_with('\n') {
                    continue;
                }
                out.push(if breaks == Breaks::Lines { '\n' } else { ' ' });
                cluster = Cluster::default();
            }
            Kind::Tab => {
                out.push_str(if breaks == Breaks::Lines { TAB } else { " " });
                cluster = Cluster::default();
            }
            kind @ (Kind::Plain | Kind::Mark | Kind::Variation | Kind::Joiner | Kind::Drop) => {
                if cluster.admits(c, kind, rest) {
                    out.push(c);
                }
            }
        }
    }
    out
}

/// What marks and joiners would attach to.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Base {
    /// Nothing, or white space.
    #[default]
    Nothing,
    /// A visible character.
    Text,
    /// An emoji, which a joiner may follow.
    Emoji,
}

/// The visible character being built, as far as the limits need to know it.
#[derive(Default)]
struct Cluster {
    base: Base,
    /// A joiner was the last character.
    joined: bool,
    /// A variation was chosen.
    varied: bool,
    marks: usize,
    joiners: usize,
}

impl Cluster {
    /// Takes the next character, followed by `rest`, and says whether it stays.
    fn admits(&mut self, c: char, kind: Kind, rest: &str) -> bool {
        let open = self.base != Base::Nothing && !self.joined;
        match kind {
            Kind::Plain => {
                let base = match c {
                    c if c.is_whitespace() => Base::Nothing,
                    c if is_pictograph(c) => Base::Emoji,
                    _ => Base::Text,
                };
                let joiners = if self.joined { self.joiners } else { 0 };
                *self = Self {
                    base,
                    joiners,
                    ..Self::default()
                };
                true
            }
            // A skin tone is an emoji of its own where there is nothing to tint.
            Kind::Mark if self.base == Base::Nothing && is_pictograph(c) => {
                *self = Self {
                    base: Base::Emoji,
                    ..Self::default()
                };
                true
            }
            Kind::Mark => {
                let fits = open && self.marks < MARKS_PER_CLUSTER;
                self.marks += usize::from(fits);
                fits
            }
            Kind::Variation => {
                let fits = open && !self.varied;
                self.varied |= fits;
                fits
            }
            Kind::Joiner => {
                let next = rest
                    .chars()
                    .next()
                    .is_some_and(|next| is_pictograph(next) && Kind::of(next) == Kind::Plain);
                let room = self.joiners < MARKS_PER_CLUSTER;
                let fits = open && self.base == Base::Emoji && room && next;
                self.joined |= fits;
                self.joiners += usize::from(fits);
                fits
            }
            Kind::Break | Kind::Tab | Kind::Drop => false,
        }
    }
}

/// Returns what follows the escape sequence at the start of `text`, which begins with ESC.
///
/// Without this, dropping ESC alone would leave the rest of the sequence as junk to read.
fn after_escape(text: &str) -> &str {
    let after = &text[1..];
    let whole = match after.chars().next() {
        Some('[') => control_sequence(after),
        Some(']' | 'P' | 'X' | '^' | '_') => string_sequence(after),
        Some('(' | ')' | '*' | '+') => after
            .char_indices()
            .nth(1)
            .filter(|(_, c)| c.is_ascii_alphanumeric())
            .map(|(at, c)| at + c.len_utf8()),
        Some('\\' | '7' | '8' | '=' | '>' | 'c') => Some(1),
        Some(_) | None => None,
    };
    &after[whole.unwrap_or(0)..]
}

/// Returns the length of `[`, parameters and final byte, if that is what stands there.
fn control_sequence(text: &str) -> Option<usize> {
    let body = text.bytes().skip(1).take(64);
    let middle = body.take_while(|b| (0x20..=0x3f).contains(b)).count();
    let last = 1 + middle;
    text.as_bytes()
        .get(last)
        .filter(|b| (0x40..=0x7e).contains(*b))
        .map(|_| last + 1)
}

/// Returns the length of a string sequence (title, clipboard, link) with its terminator, if it
/// has one within reach.
fn string_sequence(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().take(ESCAPE_REACH) {
        match c {
            '\u{7}' | '\u{9c}' => return Some(at + c.len_utf8()),
            '\\' if escaped => return Some(at + 1),
            _ => escaped = c == '\u{1b}',
        }
    }
    None
}

/// Turns runs of white space into one space and trims the ends. A lone space of another kind
/// (one that does not break, an ideographic one) stays as it is.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.trim().split_inclusive(char::is_whitespace) {
        let body = word.trim_end_matches(char::is_whitespace);
        if body.is_empty() {
            // A second white space in a row: the run becomes one ordinary space.
            if out.pop().is_some() {
                out.push(' ');
            }
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Cuts text after at most `max` characters, between visible characters.
fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut chars = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        chars += cluster.chars().count();
        if chars > max {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NO_END: usize = usize::MAX;

    /// Strings in which hostile characters are common.
    pub(super) fn hostile() -> impl Strategy<Value = String> {
        let odd = proptest::sample::select(vec![
            '\u{1b}',
            '\u{9b}',
            '\u{7}',
            '\0',
            '\r',
            '\n',
            '\t',
            '\u{7f}',
            '\u{85}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2066}',
            '\u{2028}',
            '\u{feff}',
            '\u{ad}',
            '\u{301}',
            '\u{fe0f}',
            '\u{e0041}',
            '\u{fffa}',
            '\u{1f469}',
            '\u{1f3fd}',
            '\u{2764}',
            '[',
            ']',
            '\\',
            'm',
            '3',
            ';',
            ' ',
            '\u{a0}',
            '\u{3000}',
            '中',
            '\u{1161}',
            '=',
            '+',
            '\'',
        ]);
        proptest::collection::vec(prop_oneof![3 => odd, 1 => any::<char>()], 0..60)
            .prop_map(|chars| chars.into_iter().collect())
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in [
            "",
            "Northwind",
            "Ærø Shipping A/S",
            "Ελλάδα",
            "Ж",
            "株式会社",
            "48.000 €",
        ] {
            assert!(matches!(clean_line(text, 100), Cow::Borrowed(_)), "{text}");
            assert!(matches!(clean_block(text, 100), Cow::Borrowed(_)), "{text}");
        }
        assert!(matches!(clean_block("two\nlines", 100), Cow::Borrowed(_)));
    }

    #[test]
    fn a_line_has_no_breaks_and_single_spaces() {
        assert_eq!(
            clean_line("  a\r\n\tb \u{2028} c\u{85}d  ", NO_END),
            "a b c d"
        );
        assert_eq!(clean_line("48\u{a0}000", NO_END), "48\u{a0}000");
        assert_eq!(clean_line("a \u{200b} b", NO_END), "a b");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(
            clean_block("a\r\nb\rc\td\u{2029}e \n\n", NO_END),
            "a\nb\nc    d\ne"
        );
    }

    #[test]
    fn escape_sequences_go_whole() {
        let cases = [
            ("a\u{1b}[31;1mred\u{1b}[0m", "ared"),
            ("a\u{1b}]52;c;aGk=\u{7}b", "ab"),
            ("a\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "alink"),
            ("a\u{1b}P1$q\u{9c}b", "ab"),
            ("a\u{1b}(0b", "ab"),
            ("a\u{1b}\u{1b}[2Jb", "ab"),
            ("a\u{1b}]0;never ended", "a]0;never ended"),
            ("a\u{9b}31mb", "a31mb"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[é", "a[é"),
        ];
        for (dirty, clean) in cases {
            assert_eq!(clean_line(dirty, NO_END), clean, "{dirty:?}");
        }
    }

    #[test]
    fn invisible_characters_go() {
        let dropped = [
            '\0',
            '\u{8}',
            '\u{7f}',
            '\u{9d}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{fff9}',
            '\u{fffb}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{fffe}',
            '\u{fdd0}',
            '\u{3164}',
            '\u{180e}',
            '\u{10ffff}',
        ];
        for c in dropped {
            assert_eq!(
                clean_line(&format!("a{c}b"), NO_END),
                "ab",
                "{:x}",
                u32::from(c)
            );
        }
    }

    #[test]
    fn emoji_stay_whole() {
        for emoji in ["👩‍👩‍👧‍👦", "👩🏽‍🚀", "❤️", "🏳️‍🌈", "1️⃣", "🇩🇪", "👩🏻‍❤️‍💋‍👨🏻"]
        {
            assert_eq!(clean_line(emoji, NO_END), emoji);
        }
    }

    #[test]
    fn a_joiner_between_letters_goes() {
        assert_eq!(clean_line("a\u{200d}b👩\u{200d}", NO_END), "ab👩");
    }

    #[test]
    fn stacked_marks_are_capped_at_four() {
        let stacked = format!("a{}b", "\u{301}".repeat(200));
        assert_eq!(
            clean_line(&stacked, NO_END),
            format!("a{}b", "\u{301}".repeat(4))
        );
        assert_eq!(clean_line("\u{301}a", NO_END), "a");
        assert_eq!(clean_line("a\u{fe0f}\u{fe0f}\u{fe0e}", NO_END), "a\u{fe0f}");
    }

    #[test]
    fn a_long_chain_of_joined_emoji_is_broken_up() {
        let chain = vec!["👩"; 50].join("\u{200d}");
        let clean = clean_line(&chain, NO_END).into_owned();
        assert!(
            clean
                .graphemes(true)
                .all(|cluster| cluster.chars().count() <= 9),
            "{clean}"
        );
    }

    #[test]
    fn a_cut_falls_between_visible_characters() {
        assert_eq!(clean_line("abcdef", 3), "abc");
        assert_eq!(clean_line("ab cdef", 3), "ab");
        assert_eq!(clean_line("ae\u{301}x", 2), "a");
        assert_eq!(clean_line("é中x", 2), "é中");
        assert_eq!(clean_line("x", 0), "");
    }

    proptest! {
        #[test]
        fn a_line_holds_no_control_and_no_format_character(text in hostile(), max in 0usize..80) {
            let clean = clean_line(&text, max).into_owned();
            prop_assert!(clean.chars().count() <= max);
            let visible = |c: char| c == '\u{200d}' || !is_dropped(c);
            prop_assert!(clean.chars().all(visible), "{clean:?}");
            prop_assert!(clean.chars().all(|c| !matches!(Kind::of(c), Kind::Break | Kind::Tab)));
            prop_assert_eq!(clean.trim(), &clean);
        }

        #[test]
        fn what_is_simple_is_clean(text in "[ -~\t]{0,8}") {
            let scrubbed = scrub(&text, Breaks::Spaces);
            let is_clean = cut(&collapse(&scrubbed), 80).trim_end() == text;
            prop_assert_eq!(is_simple(&text), is_clean);
        }

        #[test]
        fn cleaning_twice_changes_nothing(text in hostile(), max in 0usize..80) {
            let line = clean_line(&text, max).into_owned();
            prop_assert_eq!(clean_line(&line, max).into_owned(), line);
            let block = clean_block(&text, max).into_owned();
            prop_assert_eq!(clean_block(&block, max).into_owned(), block);
        }

        #[test]
        fn the_fast_path_agrees_with_the_slow_one(text in "[ -~éЖ中\n]{0,20}") {
            prop_assert_eq!(
                clean_line(&text, NO_END).into_owned(),
                collapse(&scrub(&text, Breaks::Spaces))
            );
            let slow = scrub(&text, Breaks::Lines);
            prop_assert_eq!(clean_block(&text, NO_END).into_owned(), slow.trim_end());
        }
    }
}
