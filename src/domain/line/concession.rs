//! `discount 10% for early payment`, `bait 3 more plants next year`: one concession in one line.

use super::scan::{self, Token};
use super::{Known, LineMistake};
use crate::domain::act::ConcessionSheet;
use crate::domain::deal::ConcessionKind;
use crate::domain::money::Money;

/// Words for each kind, the first one offered.
pub(super) const KINDS: [(&[&str], ConcessionKind); 4] = [
    (&["discount", "rebate"], ConcessionKind::Discount),
    (&["free", "gratis"], ConcessionKind::FreeWork),
    (&["promise", "promised"], ConcessionKind::Promise),
    (&["bait"], ConcessionKind::Bait),
];

/// Reads one line: its kind, what, its worth, what it was traded for, whether it is hard to keep.
///
/// # Errors
///
/// A [`LineMistake`] with its place: no kind, nothing behind it, per cent that cannot be.
pub fn concession(line: &str, known: &Known) -> Result<ConcessionSheet, LineMistake> {
    let tokens = scan::tokens(line);
    let kind = tokens
        .first()
        .and_then(|token| KINDS.iter().find(|(words, _)| token.is(words)));
    let Some((_, kind)) = kind else {
        return Err(LineMistake::new(
            scan::place(&tokens[..tokens.len().min(1)], line),
            "say what it is: discount, free, promise or bait",
            "discount 10% for early payment",
        ));
    };
    let mut words = &tokens[1..];
    let hard = hard_to_keep(&mut words);
    let mut traded_for = None;
    if *kind != ConcessionKind::Bait
        && let Some(at) = words.iter().position(|t| t.is(&["for"]))
        && at + 1 < words.len()
        && at > 0
    {
        traded_for = Some(scan::rest(line, &words[at + 1..]).to_owned());
        words = &words[..at];
    }
    let what = scan::rest(line, words);
    if what.is_empty() {
        return Err(LineMistake::new(
            line.len()..line.len(),
            "say what was given or promised",
            "discount 10%, free 2 days of training, bait 3 more plants next year",
        ));
    }
    Ok(ConcessionSheet {
        kind: *kind,
        what: what.trim_matches('"').to_owned(),
        amount: amount(words, *kind, known),
        percent: percent(words)?,
        traded_for,
        hard_to_keep: hard,
    })
}

/// Cuts `hard to keep` off the end.
fn hard_to_keep(words: &mut &[Token<'_>]) -> bool {
    let n = words.len();
    let is_hard = n >= 3
        && words[n - 3].is(&["hard"])
        && words[n - 2].is(&["to"])
        && words[n - 1].is(&["keep"]);
    if is_hard {
        *words = &words[..n - 3];
    }
    is_hard
}

fn percent(words: &[Token<'_>]) -> Result<Option<f64>, LineMistake> {
    for (at, token) in words.iter().enumerate().filter(|(_, t)| !t.quoted) {
        let apart = words
            .get(at + 1)
            .is_some_and(|next| next.is(&["%", "percent"]));
        let number = match token.text.strip_suffix('%') {
            Some(number) => number,
            None if apart => token.text,
            None => continue,
        };
        let Ok(percent) = number.replace(',', ".").parse::<f64>() else {
            continue;
        };
        if !(0.0..=100.0).contains(&percent) {
            return Err(LineMistake::new(
                token.place.clone(),
                "per cent go from 0 to 100",
                "discount 10%",
            ));
        }
        return Ok(Some(percent));
    }
    Ok(None)
}

/// An amount: a number with a currency, or the bare number of a discount.
fn amount(words: &[Token<'_>], kind: ConcessionKind, known: &Known) -> Option<Money> {
    let plain: Vec<&str> = words
        .iter()
        .take_while(|t| !t.quoted)
        .map(|t| t.text)
        .collect();
    let with_currency = (0..plain.len()).find_map(|at| {
        let two = plain.get(at..at + 2).map(|pair| pair.join(" "));
        let read = |text: &str| {
            let money = Money::parse(text, None).ok();
            money.filter(|m| m.currency.is_some() && names_currency(text))
        };
        two.as_deref().and_then(read).or_else(|| read(plain[at]))
    });
    with_currency.or_else(|| {
        let first = plain.first().filter(|_| kind == ConcessionKind::Discount)?;
        let is_alone =
            !first.ends_with('%') && !plain.get(1).is_some_and(|w| *w == "%" || *w == "percent");
        Money::parse(first, known.currency)
            .ok()
            .filter(|_| is_alone)
    })
}

/// Whether a currency stands in the text: three capitals or a sign, not any word of three letters.
fn names_currency(text: &str) -> bool {
    let sign = |c: char| matches!(c, '$' | '€' | '£' | '¥' | '₹' | '₺' | '₩');
    let mut words = text.split(|c: char| !c.is_alphabetic());
    text.contains(sign) || words.any(|w| w.len() == 3 && w.bytes().all(|b| b.is_ascii_uppercase()))
}
