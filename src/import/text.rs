//! Text of a file: cleaned, and in the forms in which it is compared.
//!
//! What may stay of a text from outside is [`clean`](crate::domain::clean)'s to say.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::domain::clean::{clean_block, clean_line, needs_guard, unguard_formula};

/// Whether line breaks stay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// They become a blank.
    One,
    /// They stay, as LF.
    Many,
}

/// Returns `text` fit to keep and to show, at most `max` bytes of it, without blanks around it,
/// composed (NFC).
pub(crate) fn clean(text: &str, max: usize, lines: Lines) -> Cow<'_, str> {
    let text = text.trim();
    let clean = match lines {
        Lines::One => clean_line(text, max),
        Lines::Many => clean_block(text, max),
    };
    // What was dropped may have stood before a blank, which is at the edge now.
    let clean = match clean {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() < text.len() => Cow::Owned(text.trim().to_owned()),
        Cow::Owned(text) => Cow::Owned(text),
    };
    if clean.len() <= max && is_nfc_quick(clean.chars()) == IsNormalized::Yes {
        return clean;
    }
    let mut out: String = clean.nfc().collect();
    let mut end = out.len().min(max);
    while !out.is_char_boundary(end) {
        end -= 1;
    }
    out.truncate(end);
    out.truncate(out.trim_end_matches('\u{200d}').trim_end().len());
    Cow::Owned(out)
}

/// Takes off the mark by which an exporter keeps a spreadsheet from running text as a formula:
/// one quote (Odoo, `EspoCRM`, ours) or an invisible joiner (Twenty) before a trigger.
pub(crate) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\u{200d}') {
        Some(rest) if needs_guard(rest) => rest,
        Some(_) | None => unguard_formula(text),
    }
}

/// Returns a header as it is shown: NFC, one line, single blanks, no `*` at its end.
pub(crate) fn header(raw: &str) -> String {
    let text = clean(raw, 400, Lines::One);
    let text = text.trim_end_matches('*');
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the form in which headers, stages and words are compared: letters and digits only, in
/// small letters, so that `CloseDate`, `close_date` and `Close Date` are one.
pub(crate) fn key(text: &str) -> String {
    text.nfc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns the header as a name: small letters and digits, anything else as one `_`.
pub(crate) fn snake(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// Whether a cell says that there is nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    match text.len() {
        0 => true,
        1 => matches!(text, "-" | "?" | "*" | "."),
        2..=14 => {
            // All words begin with one of few characters: most cells leave here.
            if !matches!(
                text.as_bytes()[0],
                b'n' | b'N' | b'#' | b'-' | b'(' | b'<' | b'u' | b'U' | b't' | b'T' | 0xe2
            ) {
                return false;
            }
            matches!(text, "--" | "---" | "\u{2014}" | "\u{2013}")
                || [
                    "null",
                    "n/a",
                    "na",
                    "#n/a",
                    "none",
                    "nil",
                    "nan",
                    "(none)",
                    "(null)",
                    "(blank)",
                    "<null>",
                    "<none>",
                    "undefined",
                    "#null!",
                    "#ref!",
                    "#value!",
                    "#name?",
                    "#div/0!",
                    "tbd",
                    "tba",
                    "tbc",
                    "t.b.d.",
                ]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Whether an id points nowhere: zeros, `000000000000000AAA`, or blank.
pub(crate) fn is_null_id(id: &str) -> bool {
    is_blank(id)
        || id
            .trim_end_matches("AAA")
            .bytes()
            .all(|b| b == b'0' || b == b'-')
        || id.eq_ignore_ascii_case("unassigned")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_and_direction_characters_are_dropped() {
        let text = clean(
            "a\u{1b}[31mb\u{202e}c\u{9b}d\u{e0041}\r\nZoe\u{301}",
            100,
            Lines::One,
        );

        assert_eq!(text, "abcd Zoé");
    }

    #[test]
    fn a_letter_keeps_four_marks() {
        let text = format!("q{}", "\u{301}".repeat(200));

        assert_eq!(clean(&text, 4000, Lines::One).chars().count(), 5);
    }

    #[test]
    fn a_joiner_stays_only_inside_an_emoji() {
        let family = "\u{1f469}\u{200d}\u{1f469}";

        assert_eq!(clean(family, 100, Lines::One), family);
        assert_eq!(clean("a\u{200d}b", 100, Lines::One), "ab");
    }

    #[test]
    fn one_guard_is_taken_off_before_a_trigger() {
        assert_eq!(unguard("'+33 1"), "+33 1");
        assert_eq!(unguard("\u{200d}=1+1"), "=1+1");
        assert_eq!(unguard("''=x"), "'=x");
        assert_eq!(unguard("'s Hertogenbosch"), "'s Hertogenbosch");
    }

    #[test]
    fn headers_of_all_spellings_have_one_key() {
        for header in ["CloseDate", "close_date", " Close  Date* ", "CLOSE-DATE"] {
            assert_eq!(key(header), "closedate");
        }
        assert_eq!(key("Probability (%)"), "probability");
        assert_eq!(snake("Opportunity ID (18)"), "opportunity_id_18");
    }

    #[test]
    fn words_for_nothing_are_known() {
        for word in ["", "-", "NULL", "n/a", "#N/A", "\u{2014}", "None", "TBD"] {
            assert!(is_blank(word), "{word}");
        }
        for word in ["Acme", "0", "Nonesuch", "Tanaka", "no"] {
            assert!(!is_blank(word), "{word}");
        }
        assert!(is_null_id("000000000000000AAA"));
        assert!(is_null_id("0"));
        assert!(!is_null_id("006Ec00000AieKFIAZ"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC{0,40}|.{0,40}") {
            let once = clean(&text, 60, Lines::Many).into_owned();
            prop_assert_eq!(clean(&once, 60, Lines::Many), once.as_str());
            prop_assert!(once.len() <= 60);
            prop_assert!(!once.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
