//! Measuring and breaking text in terminal cells.

use unicode_segmentation::{Graphemes, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

use super::doc::{Glyph, Line, Para, Piece, Role, Span};

/// Whether a text is made of nothing but visible ASCII and spaces, a cell each: most texts are,
/// and need no tables.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Cells that a text takes.
pub fn width(text: &str) -> u16 {
    let cells = if is_plain(text) {
        text.len()
    } else {
        text.width()
    };
    cells.try_into().unwrap_or(u16::MAX)
}

/// The characters of a text as one sees them.
pub enum Seen<'t> {
    /// What is left of a plain text.
    Plain(&'t str),
    /// What is left of any other.
    Any(Graphemes<'t>),
}

/// Takes a text apart into the characters that one sees.
pub fn seen(text: &str) -> Seen<'_> {
    if is_plain(text) {
        Seen::Plain(text)
    } else {
        Seen::Any(text.graphemes(true))
    }
}

impl<'t> Iterator for Seen<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        match self {
            Self::Plain(left) => {
                let (first, rest) = left.split_at_checked(1)?;
                *left = rest;
                Some(first)
            }
            Self::Any(left) => left.next(),
        }
    }
}

impl Glyph {
    /// Cells that the sign takes: two for those that bring their space along.
    pub fn width(self) -> u16 {
        match self {
            Self::Fire | Self::GetToNo | Self::Continue => 2,
            Self::Yes
            | Self::Partly
            | Self::No
            | Self::Open
            | Self::NotReached
            | Self::NotFor
            | Self::Due
            | Self::Waiting
            | Self::Moved
            | Self::Marked
            | Self::Red
            | Self::Amber
            | Self::For => 1,
        }
    }
}

impl Span {
    /// Cells that the span takes.
    pub fn width(&self) -> u16 {
        match &self.piece {
            Piece::Words(words) => width(words),
            Piece::Sign(glyph) => glyph.width(),
        }
    }
}

/// Cells that several spans take together.
pub fn spans_width(spans: &[Span]) -> u16 {
    spans
        .iter()
        .fold(0, |sum, span| sum.saturating_add(span.width()))
}

/// Cuts a text to at most `cells`, with `…` in the last of them when something is lost.
pub fn cut(text: &str, cells: u16) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in seen(text) {
        let wide = width(grapheme);
        if used + wide > cells - 1 {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    out.push('…');
    out
}

/// A piece that is not broken here: characters as one sees them, or one sign.
enum Atom<'a> {
    Char(&'a str),
    Sign(Glyph),
    Break,
}

/// Breaks spans into lines of at most `cells` cells less their indent.
///
/// Breaks at spaces, inside a word only when the word alone is too wide, and at each `\n`. Returns
/// at least one line. With `most`, lines beyond it are dropped and the last one ends in `…`.
pub fn wrap(para: &Para, cells: u16) -> Vec<Vec<Span>> {
    let mut lines = Wrap::new(para, cells, Vec::new()).run();
    let most = usize::from(para.most.max(1));
    if lines.len() > most {
        lines.truncate(most);
        let room = cells.saturating_sub(if most == 1 { para.indent } else { para.hang });
        if let Some(last) = lines.last_mut() {
            mark_cut(last, room);
        }
    }
    lines
}

/// Words that stand behind a number and belong to it.
const UNITS: [&str; 18] = [
    "%", "h", "d", "w", "m", "min", "hour", "hours", "day", "days", "week", "weeks", "month",
    "months", "minutes", "year", "years", "times",
];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Whether two words that follow each other are one figure, which no line end parts: a number and
/// its unit, a day and its month, a month and its year, an amount and its currency.
fn is_one_figure(before: &str, after: &str) -> bool {
    // Lines of their own meet only at their ends.
    let before = before.rsplit('\n').next().unwrap_or(before);
    let after = after.split('\n').next().unwrap_or(after);
    let before = before.trim_start_matches(['(', '"', '\'']);
    let after = after.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let is_number = |word: &str| {
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let digits = word.trim_start_matches(['-', '+']);
        ends(digits.chars().next())
            && ends(digits.chars().next_back())
            && digits
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '\'' | '’' | '\u{a0}'))
    };
    let is_currency = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
    let leads =
        |word: &str| MONTHS.contains(&word) || WEEKDAYS.contains(&word) || is_currency(word);
    let follows = |word: &str| UNITS.contains(&word) || MONTHS.contains(&word) || is_currency(word);
    (is_number(before) && follows(after)) || (leads(before) && is_number(after))
}

/// Ends a line with `…`, inside `room`.
fn mark_cut(line: &mut Vec<Span>, room: u16) {
    while spans_width(line) >= room.max(1) {
        let Some(span) = line.last_mut() else { break };
        let shorter = match &mut span.piece {
            Piece::Words(words) => {
                let end = words
                    .grapheme_indices(true)
                    .next_back()
                    .map_or(0, |(at, _)| at);
                words.truncate(end);
                !words.is_empty()
            }
            Piece::Sign(_) => false,
        };
        if !shorter {
            line.pop();
        }
    }
    if room > 0 {
        line.push(Span::text("…"));
    }
}

/// Lines that a document line takes at a width.
pub fn height(line: &Line, cells: u16) -> usize {
    match line {
        Line::Blank | Line::Row(_) | Line::Rule => 1,
        Line::Para(para) => {
            let lines = Wrap::new(para, cells, Count(0)).run();
            lines.0.min(usize::from(para.most.max(1)))
        }
        Line::Plot(plot) => usize::from(plot.height),
    }
}

/// Lines that a document takes at a width.
pub fn height_of(lines: &[Line], cells: u16) -> usize {
    lines.iter().map(|line| height(line, cells)).sum()
}

/// What is kept of the lines of a paragraph.
trait Lines {
    /// What is kept of a line that is being filled.
    type Line: Default;

    /// Adds an atom, joining it to the last one where the meaning is the same.
    fn add(line: &mut Self::Line, atom: &Atom<'_>, role: Role);

    /// Adds a word to a line, and empties it.
    fn join(line: &mut Self::Line, word: &mut Self::Line);

    /// Ends a line.
    fn end(&mut self, line: Self::Line);

    /// Lines so far.
    fn count(&self) -> usize;
}

impl Lines for Vec<Vec<Span>> {
    type Line = Vec<Span>;

    fn add(line: &mut Vec<Span>, atom: &Atom<'_>, role: Role) {
        push(line, atom, role);
    }

    fn join(line: &mut Vec<Span>, word: &mut Vec<Span>) {
        for span in word.drain(..) {
            match (line.last_mut(), &span.piece) {
                (
                    Some(Span {
                        piece: Piece::Words(words),
                        role,
                    }),
                    Piece::Words(more),
                ) if *role == span.role => {
                    words.push_str(more);
                }
                _ => line.push(span),
            }
        }
    }

    fn end(&mut self, line: Vec<Span>) {
        self.push(line);
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// The number of lines alone: a height is asked for more often than the lines.
struct Count(usize);

impl Lines for Count {
    type Line = ();

    fn add((): &mut (), _: &Atom<'_>, _: Role) {}

    fn join((): &mut (), (): &mut ()) {}

    fn end(&mut self, (): ()) {
        self.0 += 1;
    }

    fn count(&self) -> usize {
        self.0
    }
}

/// A paragraph being broken.
struct Wrap<'a, L: Lines> {
    para: &'a Para,
    cells: u16,
    lines: L,
    line: L::Line,
    used: u16,
    /// The word that waits for its place, with its width.
    word: L::Line,
    has_word: bool,
    word_width: u16,
    /// Spaces between the line and that word.
    spaces: u16,
    space_role: Role,
}

impl<'a, L: Lines> Wrap<'a, L> {
    fn new(para: &'a Para, cells: u16, lines: L) -> Self {
        Self {
            para,
            cells,
            lines,
            line: L::Line::default(),
            used: 0,
            word: L::Line::default(),
            has_word: false,
            word_width: 0,
            spaces: 0,
            space_role: Role::Text,
        }
    }

    /// Cells that the present line may take.
    fn room(&self) -> u16 {
        let indent = if self.lines.count() == 0 {
            self.para.indent
        } else {
            self.para.hang
        };
        self.cells.saturating_sub(indent).max(1)
    }

    fn run(mut self) -> L {
        let para = self.para;
        for span in &para.spans {
            match &span.piece {
                Piece::Words(words) => {
                    let mut last = "";
                    for (at, word) in words.split(' ').enumerate() {
                        let whole = self.word_width.saturating_add(1 + width(word));
                        if at > 0 && whole <= self.room() && is_one_figure(last, word) {
                            self.atom(&Atom::Char(" "), 1, span.role);
                        } else if at > 0 {
                            self.space(span.role);
                        }
                        self.unbroken(word, span.role);
                        last = word;
                    }
                }
                Piece::Sign(glyph) => self.atom(&Atom::Sign(*glyph), glyph.width(), span.role),
            }
        }
        self.place_word();
        self.lines.end(self.line);
        self.lines
    }

    /// Takes a text without spaces: a plain one as a whole where it does not have to be broken,
    /// any other character by character.
    fn unbroken(&mut self, text: &str, role: Role) {
        let wide = width(text);
        if is_plain(text) && self.word_width.saturating_add(wide) <= self.room() {
            if wide > 0 {
                self.atom(&Atom::Char(text), wide, role);
            }
            return;
        }
        for grapheme in seen(text) {
            match grapheme {
                "\n" | "\r\n" => self.atom(&Atom::Break, 0, role),
                _ => self.atom(&Atom::Char(grapheme), width(grapheme), role),
            }
        }
    }

    fn space(&mut self, role: Role) {
        self.place_word();
        self.spaces += 1;
        self.space_role = role;
    }

    fn atom(&mut self, atom: &Atom<'_>, wide: u16, role: Role) {
        if let Atom::Break = atom {
            self.place_word();
            self.end_line();
            return;
        }
        // A word wider than a whole line is broken where the line ends.
        if self.word_width > 0 && self.word_width + wide > self.room() {
            self.place_word();
        }
        L::add(&mut self.word, atom, role);
        self.has_word = true;
        self.word_width += wide;
    }

    fn place_word(&mut self) {
        if !std::mem::take(&mut self.has_word) {
            return;
        }
        if self.used > 0 && self.used + self.spaces + self.word_width > self.room() {
            self.end_line();
        }
        if self.spaces > 0 && (self.used > 0 || self.lines.count() == 0) {
            for _ in 0..self.spaces {
                L::add(&mut self.line, &Atom::Char(" "), self.space_role);
            }
            self.used += self.spaces;
        }
        self.spaces = 0;
        L::join(&mut self.line, &mut self.word);
        self.used += self.word_width;
        self.word_width = 0;
    }

    fn end_line(&mut self) {
        self.lines.end(std::mem::take(&mut self.line));
        self.used = 0;
        self.spaces = 0;
    }
}

/// Adds an atom to spans, joining it to the last one where the meaning is the same.
fn push(spans: &mut Vec<Span>, atom: &Atom<'_>, role: Role) {
    match atom {
        Atom::Char(text) => match spans.last_mut() {
            Some(Span {
                piece: Piece::Words(words),
                role: last,
            }) if *last == role => {
                words.push_str(text);
            }
            _ => spans.push(Span::new(*text, role)),
        },
        Atom::Sign(glyph) => spans.push(Span::sign(*glyph, role)),
        Atom::Break => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, cells: u16, hang: u16) -> Vec<String> {
        let para = Para {
            indent: 0,
            hang,
            spans: vec![Span::text(text)],
            most: u16::MAX,
        };
        lines(&para, cells)
    }

    fn lines(para: &Para, cells: u16) -> Vec<String> {
        wrap(para, cells)
            .into_iter()
            .map(|line| {
                line.into_iter()
                    .map(|span| match span.piece {
                        Piece::Words(words) => words,
                        Piece::Sign(_) => "#".to_owned(),
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn words_break_at_spaces_and_hang() {
        assert_eq!(
            wrapped("are you still serious", 9, 1),
            ["are you", "still", "serious"]
        );
        assert_eq!(wrapped("", 9, 0), [""]);
        assert_eq!(wrapped("one\ntwo", 9, 0), ["one", "two"]);
    }

    #[test]
    fn a_figure_is_not_parted_from_what_it_counts() {
        let broken = |text: &str| wrapped(text, 11, 0);

        assert_eq!(broken("we asked 21 Feb"), ["we asked", "21 Feb"]);
        assert_eq!(
            broken("until the 7 Dec 2026."),
            ["until the", "7 Dec 2026."]
        );
        assert_eq!(broken("it was on Sun 22 Nov"), ["it was on", "Sun 22 Nov"]);
        assert_eq!(broken("it is from Jan 29"), ["it is from", "Jan 29"]);
        assert_eq!(broken("they took 34 d, we"), ["they took", "34 d, we"]);
        assert_eq!(broken("it costs EUR 12,000"), ["it costs", "EUR 12,000"]);
        assert_eq!(broken("it is (12,000 EUR)"), ["it is", "(12,000", "EUR)"]);
        assert_eq!(broken("naïve was 1.5 h"), ["naïve was", "1.5 h"]);
        assert_eq!(
            broken("it took 3 of 12 parts"),
            ["it took 3", "of 12 parts"]
        );
        assert_eq!(broken("one 7\nFeb or so"), ["one 7", "Feb or so"]);
        assert_eq!(
            wrapped("7 Dec", 3, 0),
            ["7", "Dec"],
            "narrower than the figure"
        );
    }

    #[test]
    fn a_word_that_is_too_wide_is_broken() {
        assert_eq!(wrapped("abcdefgh", 3, 0), ["abc", "def", "gh"]);
        assert_eq!(wrapped("漢字漢字", 5, 0), ["漢字", "漢字"]);
        assert_eq!(wrapped("abc", 0, 0), ["a", "b", "c"]);
    }

    #[test]
    fn signs_and_roles_stay_with_their_words() {
        let spans = vec![
            Span::sign(Glyph::Red, Role::Fire),
            Span::text(" dark "),
            Span::strong("34 d"),
        ];
        let para = Para {
            indent: 0,
            hang: 2,
            spans,
            most: u16::MAX,
        };
        assert_eq!(lines(&para, 8), ["# dark", "34 d"]);
        assert_eq!(height(&Line::Para(para), 40), 1);
    }

    #[test]
    fn a_paragraph_with_a_limit_says_that_it_was_cut() {
        let para = Para {
            indent: 0,
            hang: 0,
            spans: vec![Span::text("one two three")],
            most: 2,
        };
        assert_eq!(lines(&para, 5), ["one", "two…"]);
        let para = Para { most: 1, ..para };
        assert_eq!(lines(&para, 3), ["on…"]);
    }

    #[test]
    fn a_cut_counts_cells_not_characters() {
        assert_eq!(cut("Adventure Works", 13), "Adventure Wo…");
        assert_eq!(cut("漢字漢字", 5), "漢字…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(cut("one two", 5), "one…");
    }
}
