//! How values are written in JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::domain::clean::TermSafe;

/// Replaces characters that a terminal would obey, or that cannot be seen, by `\u` escapes.
///
/// JSON has such characters inside of strings only, where the escape means the same character:
/// nothing is lost, and nothing can be run by a terminal that the text is printed on.
pub fn escaped(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_hidden) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("a string takes all that is written");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c == '\u{7f}';
    }
    if c.is_alphanumeric() || c == '\u{a0}' {
        return false;
    }
    // A mark needs something before it, else the cleaning drops it as well.
    c.is_whitespace() || TermSafe::new(&format!("x{c}")).as_str() == "x"
}

/// Rounds to so many decimals, and never to -0.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (value * factor).round() / factor + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_reads_back() {
        let text = "a\u{9b}31m\u{202e}b\u{2028}c\u{7f}é漢\u{1f389}";
        let json = serde_json::to_string(text).unwrap();

        let out = escaped(&json);

        assert_eq!(out, r#""a\u009b31m\u202eb\u2028c\u007fé漢🎉""#);
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }

    #[test]
    fn tags_beyond_the_first_plane_are_escaped_as_pairs() {
        let json = serde_json::to_string("\u{e0041}").unwrap();

        assert_eq!(escaped(&json), r#""\udb40\udc41""#);
    }

    #[test]
    fn nothing_is_minus_zero() {
        assert_eq!(rounded(-0.01, 1).to_string(), "0");
        assert!((rounded(37.45, 1) - 37.5).abs() < 1e-9);
    }
}
