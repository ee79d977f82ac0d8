//! A line as words with their places.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Known, LineMistake};
use crate::domain::deal::Side;
use crate::domain::when::{Day, Lean, Problem};

/// One word of a line, or what stands in quotes.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    /// The word, without quotes and the comma after it.
    pub text: &'t str,
    /// Its place, quotes included, the comma not.
    pub place: Range<usize>,
    /// Whether it stood in quotes.
    pub quoted: bool,
    /// Whether a comma or semicolon follows.
    pub comma: bool,
}

impl Token<'_> {
    /// Whether it is one of some words; what is quoted is none.
    pub fn is(&self, words: &[&str]) -> bool {
        !self.quoted
            && words
                .iter()
                .any(|word| self.text.eq_ignore_ascii_case(word))
    }
}

/// The mark that ends what a mark begins; `None` where it begins nothing.
fn closing(mark: char) -> Option<char> {
    match mark {
        '"' => Some('"'),
        '“' | '„' => Some('”'),
        '«' => Some('»'),
        _ => None,
    }
}

/// Takes a line apart.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(mark) = line[at..].chars().next() {
        if mark.is_whitespace() {
            at += mark.len_utf8();
            continue;
        }
        let start = at;
        let (text, quoted) = if let Some(end) = closing(mark) {
            let from = at + mark.len_utf8();
            let to = line[from..].find(end).map_or(line.len(), |n| from + n);
            at = (to + end.len_utf8()).min(line.len());
            (line[from..to].trim(), true)
        } else {
            let to = line[at..]
                .find(|c: char| c.is_whitespace() || closing(c).is_some())
                .map_or(line.len(), |n| at + n);
            at = to;
            (&line[start..to], false)
        };
        let mut end = at;
        let mut comma = false;
        let mut text = text;
        if quoted {
            let rest = &line[at..];
            if rest.starts_with([',', ';']) {
                comma = true;
                at += 1;
            }
        } else {
            let bare = text.trim_end_matches([',', ';']);
            comma = bare.len() < text.len();
            end = start + bare.len();
            text = bare;
        }
        if text.is_empty() && !quoted {
            if let Some(last) = tokens.last_mut() {
                let last: &mut Token<'_> = last;
                last.comma = true;
            }
            continue;
        }
        tokens.push(Token {
            text,
            place: start..end,
            quoted,
            comma,
        });
    }
    tokens
}

/// The place of several words.
pub(super) fn place(tokens: &[Token<'_>], line: &str) -> Range<usize> {
    match tokens {
        [] => line.len()..line.len(),
        [first, .., last] => first.place.start..last.place.end,
        [only] => only.place.clone(),
    }
}

/// The words from a place on as they were written, trimmed.
pub(super) fn rest<'l>(line: &'l str, tokens: &[Token<'_>]) -> &'l str {
    line[place(tokens, line)].trim()
}

/// Reads which side the first word names.
pub(super) fn side(token: &Token<'_>) -> Option<Side> {
    if token.is(&["they", "them", "their", "in", "inbound", "<"]) {
        Some(Side::They)
    } else if token.is(&["we", "us", "i", "me", "our", "out", "outbound", ">"]) {
        Some(Side::We)
    } else {
        None
    }
}

/// The longest day at the start of some words, with how many of them it takes.
pub(super) fn day(tokens: &[Token<'_>], known: &Known, lean: Lean) -> Option<(NaiveDate, usize)> {
    (1..=tokens.len().min(3)).rev().find_map(|n| {
        let words = &tokens[..n];
        let whole = words[..n - 1].iter().all(|t| !t.comma) && words.iter().all(|t| !t.quoted);
        if !whole {
            return None;
        }
        let text: Vec<_> = words.iter().map(|t| t.text).collect();
        let day = Day::parse(&text.join(" "), known.order).ok()?;
        Some((day.resolve(known.today, lean), n))
    })
}

/// What is wrong with a word that looks like a day; `None` where it does not.
pub(super) fn odd_day(token: &Token<'_>, known: &Known) -> Option<LineMistake> {
    let looks = !token.quoted
        && token.text.starts_with(|c: char| c.is_ascii_digit())
        && token.text.contains(['-', '/', '.'])
        && token
            .text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.'));
    let error = Day::parse(token.text, known.order).err()?;
    match error.problem {
        Problem::Empty | Problem::Unreadable if !looks => return None,
        Problem::Empty | Problem::Unreadable | Problem::NoSuchDay | Problem::TooFar => {}
    }
    Some(LineMistake::new(
        token.place.clone(),
        error.to_string(),
        "write yesterday, fri, 12 nov or 2026-11-12",
    ))
}
