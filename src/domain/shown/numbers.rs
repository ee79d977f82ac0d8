//! Masking of the numbers in free text.

use std::borrow::Cow;

/// Words that say the size of a number. Each is masked, alone or after digits: `2 million` must
/// not become `••••• million`.
const SCALES: [&str; 30] = [
    "hundred",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "billions",
    "grand",
    "k",
    "m",
    "mn",
    "mio",
    "mln",
    "mil",
    "bn",
    "tsd",
    "mrd",
    "tausend",
    "millionen",
    "milliarde",
    "milliarden",
    "mille",
    "milliard",
    "milliards",
    "millones",
    "mila",
    "milioni",
    "lakh",
    "crore",
    "miljoner",
];

/// The scales that are words of their own, and so are masked even where no digit precedes.
const SHORTEST_ALONE: usize = 5;

/// Replaces each number of `text` by `mask`: digits of any script with the marks inside them, the
/// letters that hang on them (`50k`, `3rd`) and a scale that follows (`1.2 million`).
pub(super) fn mask_numbers<'t>(text: &'t str, mask: &str) -> Cow<'t, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = if c.is_numeric() {
            number_end(text, at)
        } else if c.is_alphabetic() {
            let word = word_end(text, at);
            if !is_lone_scale(&text[at..word]) {
                at = word;
                continue;
            }
            word
        } else {
            at += c.len_utf8();
            continue;
        };
        out.push_str(&text[copied..at]);
        out.push_str(mask);
        at = end;
        copied = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns where the number that starts at `start` ends.
fn number_end(text: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        let after = at + c.len_utf8();
        let goes_on = if c.is_numeric() {
            true
        } else if c.is_alphabetic() {
            at = word_end(text, at);
            continue;
        } else if is_mark(c) {
            text[after..].starts_with(char::is_numeric)
        } else {
            is_space(c) && starts_group(&text[after..])
        };
        if !goes_on {
            break;
        }
        at = after;
    }
    let rest = text[at..].trim_start_matches(is_space);
    let word = &rest[..word_end(rest, 0)];
    if is_scale(word) {
        text.len() - rest.len() + word.len()
    } else {
        at
    }
}

/// Returns where the run of letters that starts at `start` ends.
fn word_end(text: &str, start: usize) -> usize {
    text[start..]
        .find(|c: char| !c.is_alphabetic() || c.is_numeric())
        .map_or(text.len(), |length| start + length)
}

/// Says whether three digits follow and then none: the next group of a number.
fn starts_group(text: &str) -> bool {
    let digits = text.chars().take_while(|c| c.is_numeric()).count();
    digits == 3
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '.' | ',' | '\'' | '’' | ':' | '/' | '-' | '–' | '_' | '\u{66b}' | '\u{66c}'
    )
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn is_scale(word: &str) -> bool {
    SCALES.iter().any(|scale| scale.eq_ignore_ascii_case(word))
}

fn is_lone_scale(word: &str) -> bool {
    word.len() >= SHORTEST_ALONE && is_scale(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_number_is_masked() {
        let cases = [
            ("no number", "no number"),
            ("48,000 EUR", "# EUR"),
            ("at 48 000,50 now", "at # now"),
            ("€48k", "€#"),
            ("EUR50k", "EUR#"),
            ("1.2 million, or 3 bn.", "#, or #."),
            ("2 million users", "# users"),
            ("two million", "two #"),
            ("a hundred seats", "a # seats"),
            ("on 2026-12-12 at 12:30", "on # at #"),
            ("12/12, then 3rd", "#, then #"),
            ("call 20m yesterday", "call # yesterday"),
            ("-500 and 15%", "-# and #%"),
            ("1'000.", "#."),
            ("5 or 6", "# or #"),
            ("5 600 700 seats", "# seats"),
            ("room 12 3456", "room # #"),
            ("٣٤ and ４８", "# and #"),
            ("½ of it²", "# of it#"),
            ("PWR1", "PWR#"),
            ("phase Ⅳ, phaseⅣ", "phase #, phase#"),
            ("2x the 5-year plan", "# the #-year plan"),
            ("7", "#"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask_numbers(text, "#"), expected, "{text}");
        }
    }

    #[test]
    fn text_without_numbers_is_borrowed() {
        assert!(matches!(mask_numbers("will look", "#"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_digit_of_any_script_remains(text in "[0-9a-k., ٣½:-]{0,30}|\\PC{0,30}") {
            let masked = mask_numbers(&text, "#");
            prop_assert!(!masked.chars().any(char::is_numeric), "{masked}");
        }

        #[test]
        fn every_size_looks_the_same(a in 0u64.., b in 0u64..) {
            let of = |n: u64| mask_numbers(&format!("offer of {n} EUR"), "#").into_owned();
            prop_assert_eq!(of(a), of(b));
        }
    }
}
