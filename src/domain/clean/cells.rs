//! Measuring and cutting text in terminal cells.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Returns the cells that clean text takes on a terminal: two for a wide character or an emoji,
/// none for a mark. Counted by visible character, as the screen does.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Returns text that takes at most `cells` cells; what was too long ends with `end` (`…`, or `~`
/// in plain ASCII). Room that has no place even for `end` stays empty.
pub fn fit<'a>(text: &'a str, cells: usize, end: &str) -> Cow<'a, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(width(end)).filter(|_| cells > 0) else {
        return Cow::Borrowed("");
    };
    let mut used = 0;
    let mut cut = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > room {
            break;
        }
        cut = at + cluster.len();
    }
    Cow::Owned(format!("{}{end}", text[..cut].trim_end()))
}

/// Returns text of exactly `cells` cells, cut as by [`fit`] and filled up on the right.
pub fn pad_right(text: &str, cells: usize, end: &str) -> String {
    let mut out = fit(text, cells, end).into_owned();
    out.push_str(&fill(&out, cells));
    out
}

/// Returns text of exactly `cells` cells, cut as by [`fit`] and filled up on the left.
pub fn pad_left(text: &str, cells: usize, end: &str) -> String {
    let fitted = fit(text, cells, end);
    format!("{}{fitted}", fill(&fitted, cells))
}

fn fill(text: &str, cells: usize) -> String {
    " ".repeat(cells.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{clean_line, tests::hostile};
    use super::*;

    #[test]
    fn wide_text_counts_twice_and_marks_not_at_all() {
        let cases = [
            ("", 0),
            ("abc", 3),
            ("中文", 4),
            ("é", 1),
            ("e\u{301}", 1),
            ("👩‍👩‍👧‍👦", 2),
            ("…", 1),
        ];
        for (text, cells) in cases {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_wide_character() {
        assert_eq!(fit("中文字", 4, "…"), "中…");
        assert_eq!(fit("中文字", 5, "…"), "中文…");
        assert_eq!(fit("中文字", 6, "…"), "中文字");
        assert_eq!(pad_right("中文字", 4, "…"), "中… ");
    }

    #[test]
    fn a_cut_ends_with_the_given_mark() {
        assert_eq!(fit("Adventure Works", 13, "…"), "Adventure Wo…");
        assert_eq!(fit("Adventure Works", 11, "…"), "Adventure…");
        assert_eq!(fit("Adventure Works", 13, "~"), "Adventure Wo~");
        assert_eq!(fit("abc", 1, "…"), "…");
        assert_eq!(fit("abc", 0, "…"), "");
        assert_eq!(fit("abc", 0, ""), "");
    }

    #[test]
    fn padding_fills_either_side() {
        assert_eq!(pad_left("34d", 5, "…"), "  34d");
        assert_eq!(pad_right("34d", 5, "…"), "34d  ");
    }

    proptest! {
        #[test]
        fn padded_clean_text_has_exactly_its_width(text in hostile(), cells in 0usize..40) {
            let clean = clean_line(&text, 200).into_owned();
            prop_assert_eq!(width(&pad_right(&clean, cells, "…")), cells);
            prop_assert_eq!(width(&pad_left(&clean, cells, "~")), cells);
        }
    }
}
