//! The two sets of glyphs: Unicode, and whole frames of plain ASCII.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::app::screen::doc::Glyph;

/// Which glyphs a frame is drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Rules, bars and signs as Unicode has them.
    #[default]
    Unicode,
    /// Nothing but ASCII, names included: where the locale is not UTF-8, or the terminal draws
    /// signs two cells wide.
    Ascii,
}

impl Glyphs {
    /// How a sign looks.
    pub fn sign(self, glyph: Glyph) -> &'static str {
        let (unicode, ascii) = match glyph {
            Glyph::Yes => ("✓", "y"),
            Glyph::Partly => ("◐", "p"),
            Glyph::No => ("✗", "n"),
            Glyph::Open => ("?", "?"),
            Glyph::NotReached => ("·", "."),
            Glyph::NotFor => ("-", "-"),
            Glyph::Fire => ("✗ ", ""),
            Glyph::GetToNo => ("? ", "? "),
            Glyph::Continue => ("✓ ", ""),
            Glyph::Due => ("!", "!"),
            Glyph::Waiting => ("…", "w"),
            Glyph::Moved => ("*", "*"),
            Glyph::Marked => ("■", "x"),
            Glyph::Red => ("●", "#"),
            Glyph::Amber => ("○", "o"),
            Glyph::For => ("+", "+"),
        };
        self.pick(unicode, ascii)
    }

    /// The cell that stands for what was cut.
    pub fn cut(self) -> &'static str {
        self.pick("…", "~")
    }

    /// The mark of a selected row.
    pub fn selected(self) -> &'static str {
        self.pick("▌", ">")
    }

    /// A filled and an empty cell of a range.
    pub fn range(self) -> (&'static str, &'static str) {
        (self.pick("━", "="), self.pick("·", "."))
    }

    /// A filled and an empty cell of a share.
    pub fn share(self) -> (&'static str, &'static str) {
        (self.pick("█", "#"), self.pick("·", "."))
    }

    /// A light horizontal rule.
    pub fn rule(self) -> &'static str {
        self.pick("─", "-")
    }

    /// The rule of what has the keys.
    pub fn rule_here(self) -> &'static str {
        self.pick("━", "=")
    }

    /// The rule between two panes.
    pub fn beside(self) -> &'static str {
        self.pick("│", "|")
    }

    /// Where the rule between two panes crosses the one under their titles.
    pub fn crossing(self, here: bool) -> &'static str {
        self.pick(if here { "┿" } else { "┼" }, "+")
    }

    /// Where the rule between two halves begins under the upper rule, or ends on the lower one.
    pub fn tee(self, upper: bool) -> &'static str {
        self.pick(if upper { "┬" } else { "┴" }, "+")
    }

    fn pick(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }

    /// How a text looks: as it is, or in ASCII with the names of keys in words, letters without
    /// their accents and `?` for each cell of anything else.
    pub fn text(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for grapheme in text.graphemes(true) {
            if grapheme.is_ascii() {
                out.push_str(grapheme);
            } else if let Some(words) = known(grapheme) {
                out.push_str(words);
            } else {
                plain(grapheme, &mut out);
            }
        }
        Cow::Owned(out)
    }
}

/// What our own words use beyond ASCII, and what stands for it.
fn known(grapheme: &str) -> Option<&'static str> {
    Some(match grapheme {
        "·" | "–" | "—" | "─" | "‐" | "‑" => "-",
        "…" => "~",
        "•" | "×" => "*",
        "⏎" => "Enter",
        "←" => "Left",
        "→" => "Right",
        "↑" => "Up",
        "↓" => "Down",
        "✓" => "y",
        "◐" => "p",
        "✗" => "n",
        "●" => "#",
        "○" => "o",
        "│" => "|",
        "“" | "”" | "„" => "\"",
        "‘" | "’" | "‚" => "'",
        "ß" => "ss",
        "€" => "EUR",
        "£" => "GBP",
        "¥" => "JPY",
        "\u{a0}" | "\u{202f}" | "\u{2009}" => " ",
        _ => return None,
    })
}

/// Writes the letter under its accents, or `?` for each cell.
fn plain(grapheme: &str, out: &mut String) {
    let base: String = grapheme.nfkd().filter(|c| matches!(c, ' '..='~')).collect();
    if base.is_empty() {
        out.extend(std::iter::repeat_n('?', grapheme.width()));
    } else {
        out.push_str(&base);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_text_is_ascii_and_keeps_what_can_be_kept() {
        let ascii = |text| Glyphs::Ascii.text(text).into_owned();

        assert_eq!(ascii("Müller & Söhne · 漢"), "Muller & Sohne - ??");
        assert_eq!(ascii("⏎ questions  ← back"), "Enter questions  Left back");
        assert_eq!(ascii("👩‍🚒 fire"), "?? fire");
    }

    #[test]
    fn unicode_text_stays() {
        assert_eq!(Glyphs::Unicode.text("⏎ Müller"), "⏎ Müller");
    }
}
