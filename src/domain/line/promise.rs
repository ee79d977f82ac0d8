//! `they data sample by fri`, `we quote v3 wed for data sample`: one promise in one line.

use super::scan::{self, Token};
use super::{Known, LineMistake};
use crate::domain::act::CommitmentSheet;
use crate::domain::deal::Side;
use crate::domain::when::Lean;

/// Reads one line: who owes it, what, by when, and for what of the other side.
///
/// `side` is known where a key said it; a side at the start of the line is then taken as well.
///
/// # Errors
///
/// A [`LineMistake`] with its place: no side, nothing promised, no day.
pub fn promise(
    line: &str,
    side: Option<Side>,
    known: &Known,
) -> Result<CommitmentSheet, LineMistake> {
    let tokens = scan::tokens(line);
    let said = tokens.first().and_then(scan::side);
    let words = match said {
        Some(_) => &tokens[1..],
        None => &tokens[..],
    };
    let Some(side) = said.or(side) else {
        return Err(LineMistake::new(
            scan::place(&tokens[..tokens.len().min(1)], line),
            "say who owes it: they or we",
            "they data sample by fri",
        ));
    };
    let (words, paired) = pairing(line, words, side, known);
    let Some((what, due)) = by(words, known) else {
        return Err(no_day(line, words));
    };
    let what = scan::rest(line, what);
    if what.is_empty() {
        let end = words.first().map_or(line.len(), |t| t.place.start);
        return Err(LineMistake::new(
            end..end,
            "nothing is promised",
            "write what, then by when: data sample by fri",
        ));
    }
    Ok(CommitmentSheet {
        side,
        what: what.trim_matches('"').to_owned(),
        due: Some(due),
        paired,
    })
}

/// Cuts `for …` off where it names an open promise of the other side.
fn pairing<'t, 'l>(
    line: &str,
    words: &'t [Token<'l>],
    side: Side,
    known: &Known,
) -> (&'t [Token<'l>], Option<i64>) {
    for at in (1..words.len().saturating_sub(1)).rev() {
        if !words[at].is(&["for"]) {
            continue;
        }
        let named = scan::rest(line, &words[at + 1..]).to_lowercase();
        let fits = |what: &str| what == named || what.starts_with(&named);
        let other = known
            .promises
            .iter()
            .find(|p| p.side != side && fits(&p.what.to_lowercase()));
        if let Some(other) = other {
            return (&words[..at], Some(other.id));
        }
    }
    (words, None)
}

/// What is promised, and the day: after the last `by`, or at the end.
fn by<'t, 'l>(
    words: &'t [Token<'l>],
    known: &Known,
) -> Option<(&'t [Token<'l>], chrono::NaiveDate)> {
    let last = words.len().saturating_sub(4);
    (last..words.len()).find_map(|at| {
        let introduced = words[at].is(&["by", "on", "until", "before"]);
        let days = &words[at + usize::from(introduced)..];
        let (day, taken) = scan::day(days, known, Lean::Ahead)?;
        (taken == days.len()).then_some((&words[..at], day))
    })
}

fn no_day(line: &str, words: &[Token<'_>]) -> LineMistake {
    let by = words.iter().rposition(|t| t.is(&["by", "until", "before"]));
    let place = match by {
        Some(at) if at + 1 < words.len() => scan::place(&words[at + 1..], line),
        Some(_) | None => line.len()..line.len(),
    };
    LineMistake::new(
        place,
        "say by when",
        "by fri, by +2w, by 12 dec or by 2026-12-12",
    )
}
