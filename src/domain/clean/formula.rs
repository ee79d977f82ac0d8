//! The guard that keeps a spreadsheet from running a text cell as a formula (CWE-1236).

use std::borrow::Cow;

use super::is_dropped;

/// Says whether a spreadsheet may take text as a formula, or could not tell it from a guarded one.
///
/// True for text that, after any apostrophes, then spaces and invisible characters, goes on with
/// `=`, `+`, `-`, `@`, one of their full-width forms, or with a tab, a line break or NUL.
pub fn needs_guard(text: &str) -> bool {
    let body = text.trim_start_matches('\'');
    for c in body.chars() {
        match c {
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | '\0' => {
                return true;
            }
            c if c.is_whitespace() || is_dropped(c) => {}
            _ => return false,
        }
    }
    false
}

/// Puts an apostrophe before text that [`needs_guard`].
///
/// For every text `x`, `unguard_formula(&guard_formula(x)) == x`.
pub fn guard_formula(text: &str) -> Cow<'_, str> {
    if needs_guard(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Takes back the one apostrophe that [`guard_formula`] put there; leaves any other text alone.
pub fn unguard_formula(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| needs_guard(rest))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::hostile;
    use super::*;

    #[test]
    fn triggers_are_guarded() {
        let cases = [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "  =1",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            "\t=1",
            "\rx",
            "\nx",
            "\0",
            "'=1",
            "''=1",
            "\u{a0}=1",
            "\u{feff}=1",
            "' -1",
            "   \t",
        ];
        for text in cases {
            assert_eq!(guard_formula(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in [
            "", "a=b", "'quoted'", "1-2", "O'Hara", "'", "   ", " '=1", "''",
        ] {
            assert!(matches!(guard_formula(text), Cow::Borrowed(_)), "{text:?}");
            assert_eq!(unguard_formula(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_guard_is_taken_back_exactly(text in prop_oneof![hostile(), "['= +@\t-]{0,6}[a=]?"]) {
            let guarded = guard_formula(&text);
            prop_assert_eq!(unguard_formula(&guarded), &text);
            let first = guarded.trim_start().chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@')), "{guarded:?}");
        }
    }
}
