//! What fits at the cursor of a line.

use std::ops::Range;

use super::Known;
use super::concession::KINDS;
use super::scan::{self, Token};
use super::touch::{CHANNELS, fitting};
use crate::domain::deal::Side;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A touch.
    Touch,
    /// A promise of the side that owes it; `None` where the line says which.
    Promise(Option<Side>),
    /// A concession or bait.
    Concession,
}

/// What may stand at a place of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that an option takes the place of.
    pub place: Range<usize>,
    /// The options, the likeliest first.
    pub options: Vec<String>,
}

/// Finds what fits at the cursor, a byte of the line; `None` where nothing does.
pub fn complete(kind: LineKind, line: &str, cursor: usize, known: &Known) -> Option<Completion> {
    let cursor = (0..=cursor.min(line.len()))
        .rev()
        .find(|at| line.is_char_boundary(*at))?;
    let before = &line[..cursor];
    let start = before
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let typed = before[start..].to_lowercase();
    let words = scan::tokens(&before[..start]);
    let options = match kind {
        LineKind::Touch => touch(&words, &typed, known),
        LineKind::Promise(side) => promise(&words, &typed, side, known),
        LineKind::Concession => concession(&words, &typed),
    };
    (!options.is_empty()).then_some(Completion {
        place: start..cursor,
        options,
    })
}

fn starting<'w>(words: impl IntoIterator<Item = &'w str>, typed: &str) -> Vec<String> {
    let fits = words.into_iter().filter(|word| word.starts_with(typed));
    fits.map(str::to_owned).collect()
}

fn touch(words: &[Token<'_>], typed: &str, known: &Known) -> Vec<String> {
    if words.is_empty() {
        return starting(["they", "we"], typed);
    }
    let with = words.iter().rposition(|t| t.is(&["with"]));
    let naming = with.is_some_and(|with| {
        let named = &words[with + 1..];
        named
            .last()
            .is_none_or(|t| t.comma || t.is(&["and", "&", "+"]))
    });
    if naming {
        return names(typed, known);
    }
    if words.len() == 1 {
        return starting(CHANNELS.iter().map(|(words, _)| words[0]), typed);
    }
    if typed.is_empty() {
        return Vec::new();
    }
    let more = [
        "with",
        "yesterday",
        "after hours",
        "declined",
        "moved",
        "no-show",
        "proposed",
    ];
    starting(more, typed)
}

fn names(typed: &str, known: &Known) -> Vec<String> {
    if typed.is_empty() {
        return known
            .contacts
            .iter()
            .chain(&known.people)
            .cloned()
            .collect();
    }
    let fits = fitting(typed, known);
    fits.into_iter().map(|(name, _)| name).collect()
}

fn promise(words: &[Token<'_>], typed: &str, side: Option<Side>, known: &Known) -> Vec<String> {
    if words.is_empty() && side.is_none() {
        return starting(["they", "we"], typed);
    }
    let side = words.first().and_then(scan::side).or(side);
    let after_for = words.last().is_some_and(|t| t.is(&["for"]));
    if after_for {
        return known
            .promises
            .iter()
            .filter(|p| Some(p.side) != side && p.what.to_lowercase().starts_with(typed))
            .map(|p| p.what.clone())
            .collect();
    }
    if words.last().is_some_and(|t| t.is(&["by"])) {
        return starting(["fri", "+1w", "+2w", "eom"], typed);
    }
    Vec::new()
}

fn concession(words: &[Token<'_>], typed: &str) -> Vec<String> {
    if words.is_empty() {
        return starting(KINDS.iter().map(|(words, _)| words[0]), typed);
    }
    if words.len() > 1 && !typed.is_empty() {
        return starting(["hard to keep"], typed);
    }
    Vec::new()
}
