//! A mistake in a bank file, told so that its author can mend it.

use std::fmt;
use std::ops::Range;

/// One mistake in a bank file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankMistake {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, as a sentence.
    pub what: String,
    /// What to do about it, as a sentence; may be empty.
    pub hint: String,
}

impl fmt::Display for BankMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.what
        )?;
        if !self.hint.is_empty() {
            write!(f, " {}", self.hint)?;
        }
        Ok(())
    }
}

/// A mistake whose place in the text is not worked out yet.
struct Found {
    start: usize,
    what: String,
    hint: String,
}

/// Collects mistakes over one text.
pub(super) struct Mistakes<'a> {
    text: &'a str,
    found: Vec<Found>,
}

impl<'a> Mistakes<'a> {
    /// The most mistakes that are told of one file; who has more of them reads no further.
    const MOST: usize = 500;

    /// Starts a list over a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    /// Adds a mistake at a span of bytes; without one it stands at the start of the file.
    pub(super) fn add(
        &mut self,
        span: Option<Range<usize>>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.found.push(Found {
            start: span.map_or(0, |span| span.start),
            what: what.into(),
            hint: hint.into(),
        });
    }

    /// Tells whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns the mistakes in the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<BankMistake> {
        self.found.sort_by_key(|found| found.start);
        self.found.truncate(Self::MOST);
        let text = self.text;
        let placed = self.found.into_iter().map(|found| {
            let (line, column) = place_of(text, found.start);
            BankMistake {
                line,
                column,
                what: found.what,
                hint: found.hint,
            }
        });
        placed.collect()
    }
}

/// Returns line and column, from 1, of a byte of a text; the column counts characters.
fn place_of(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// Shows a text of the file inside a message: in backquotes, short, and without characters
/// that a terminal would obey.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .map(|c| if is_hidden(c) || c == '`' { '?' } else { c })
        .collect();
    if text.chars().count() > MOST {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Tells whether a character has no place in a line of text: a control, a change of the
/// direction of writing, or another line break.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || c == '\u{feff}'
}

/// Returns the word of a list that was probably meant, if one is near enough.
pub(super) fn did_you_mean<'a>(
    given: &str,
    words: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const LONGEST: usize = 32;
    let given = given.to_lowercase();
    if given.chars().count() > LONGEST {
        return None;
    }
    let near = words.into_iter().map(|word| (distance(&given, word), word));
    let (steps, word) = near.min_by_key(|(steps, _)| *steps)?;
    let is_near = steps * 3 <= word.len().max(3);
    is_near.then_some(word)
}

/// Counts the letters to insert, drop, change or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1)
                .min(rows[i][j - 1] + 1)
                .min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let text = "ab\nçdé = 1\n";

        assert_eq!(place_of(text, 0), (1, 1));
        assert_eq!(place_of(text, 3), (2, 1));
        assert_eq!(place_of(text, text.find('=').unwrap()), (2, 5));
        assert_eq!(place_of(text, 4), (2, 1), "inside a character");
        assert_eq!(place_of(text, 9999), (3, 1));
        assert_eq!(place_of("", 0), (1, 1));
    }

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let words = ["weight", "topic", "text", "core"];

        assert_eq!(did_you_mean("wieght", words), Some("weight"));
        assert_eq!(did_you_mean("Topics", words), Some("topic"));
        assert_eq!(did_you_mean("banana", words), None);
        assert_eq!(did_you_mean(&"x".repeat(5000), words), None);
    }

    #[test]
    fn what_a_file_says_is_quoted_harmlessly() {
        assert_eq!(quoted("a\u{1b}[31mb`"), "`a?[31mb?`");
        assert_eq!(quoted(&"x".repeat(50)).chars().count(), 43);
    }
}
