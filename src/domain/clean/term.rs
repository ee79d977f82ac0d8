//! Text that may be written to a terminal.

use std::fmt::{self, Write as _};

use super::{Breaks, Cluster, Kind, is_plain, scrub};

/// Text that is safe to write to a terminal, a log, a window title or a clipboard.
///
/// It has no control character but `\n` (and that only from [`TermSafe::block`]), no
/// bidirectional or other format character, and no stack of marks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TermSafe(String);

impl TermSafe {
    /// Cleans text for one line: breaks and tabs become a space, spaces stay as they are.
    pub fn new(text: &str) -> Self {
        if is_plain(text) {
            Self(text.to_owned())
        } else {
            Self(scrub(text, Breaks::Spaces))
        }
    }

    /// Cleans text of several lines: breaks become `\n`, a tab four spaces.
    pub fn block(text: &str) -> Self {
        Self(scrub(text, Breaks::Lines))
    }

    /// Shows an id or a path with nothing left out: a control as `^[`, any other character that
    /// would be dropped as `\u{202e}`. Such text names something, and two names that differ only
    /// in what cannot be seen must not look the same.
    pub fn caret(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut cluster = Cluster::default();
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            let kind = Kind::of(c);
            if cluster.admits(c, kind, rest) {
                out.push(c);
                continue;
            }
            cluster = Cluster::default();
            match u32::from(c) {
                code @ 0..=0x1f => {
                    out.push('^');
                    out.push(char::from_u32(code + 0x40).expect("a letter or sign of ASCII"));
                }
                0x7f => out.push_str("^?"),
                code => write!(out, "\\u{{{code:x}}}").expect("a string takes all that is written"),
            }
        }
        Self(out)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text as an owned string.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for TermSafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for TermSafe {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::is_dropped;
    use super::super::tests::hostile;
    use super::*;

    #[test]
    fn spaces_stay_and_breaks_become_spaces() {
        assert_eq!(TermSafe::new("  a\tb\nc  ").as_str(), "  a b c  ");
        assert_eq!(TermSafe::block("a\r\n  b").as_str(), "a\n  b");
    }

    #[test]
    fn caret_leaves_nothing_out() {
        let cases = [
            ("plain/path.csv", "plain/path.csv"),
            ("a\u{1b}[2Jb", "a^[[2Jb"),
            ("a\nb\r\0", "a^Jb^M^@"),
            ("a\u{7f}", "a^?"),
            ("evil\u{202e}vsc.exe", "evil\\u{202e}vsc.exe"),
            ("a\u{9b}m", "a\\u{9b}m"),
            ("e\u{301}", "e\u{301}"),
            ("\u{301}", "\\u{301}"),
            ("a\u{200d}b", "a\\u{200d}b"),
            ("\u{e0041}", "\\u{e0041}"),
        ];
        for (raw, shown) in cases {
            assert_eq!(TermSafe::caret(raw).as_str(), shown, "{raw:?}");
        }
    }

    #[test]
    fn display_pads() {
        assert_eq!(format!("{:>4}|", TermSafe::new("ab")), "  ab|");
    }

    proptest! {
        #[test]
        fn nothing_hostile_comes_through(text in hostile()) {
            for safe in [TermSafe::new(&text), TermSafe::caret(&text)] {
                let visible = |c: char| c == '\u{200d}' || !is_dropped(c);
                prop_assert!(safe.as_str().chars().all(visible), "{safe:?}");
                let broken = safe.as_str().contains(['\u{2028}', '\u{2029}']);
                prop_assert!(!broken);
            }
            let block = TermSafe::block(&text);
            let visible = |c: char| c == '\n' || c == '\u{200d}' || !is_dropped(c);
            prop_assert!(block.as_str().chars().all(visible));
        }

        #[test]
        fn different_names_that_differ_in_hidden_characters_look_different(text in "[a-c]{1,5}", at in 0usize..5) {
            let at = at.min(text.len());
            let mut other = text.clone();
            other.insert(at, '\u{202e}');
            prop_assert_ne!(TermSafe::caret(&text), TermSafe::caret(&other));
        }
    }
}
