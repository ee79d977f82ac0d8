//! The print-out: what a person does in the CRM, as Markdown with boxes to tick.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Hand, Rules};
use crate::domain::clean::TermSafe;

/// Text of a deal, which is not read as Markdown or HTML.
fn plain(text: &str) -> String {
    let safe = TermSafe::new(text).into_string();
    let mut out = String::with_capacity(safe.len());
    for c in safe.chars() {
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '('
                | ')'
                | '#'
                | '|'
                | '!'
                | '&'
                | '~'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes the page.
pub(super) fn page(rules: &Rules, hands: &[Hand], day: NaiveDate) -> String {
    let mut out = format!("# To do by hand in {}, {day}\n\n", plain(&rules.label));
    for hand in hands {
        let name = plain(&hand.name);
        let name = match &hand.link {
            Some(link) => format!("[{name}]({link})"),
            None => name,
        };
        let id = match &hand.id {
            Some(id) => format!(" (id {})", plain(id)),
            None => " (no id)".to_owned(),
        };
        writeln!(out, "- [ ] **{name}**{id}").expect("a string takes all that is written");
        for what in &hand.what {
            writeln!(out, "  - {}", plain(what)).expect("a string takes all that is written");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_deals_are_no_markup() {
        let rules = Rules::load(&[]).unwrap();
        let hand = Hand {
            id: Some("oppo_1".to_owned()),
            name: "<b>[x](javascript:1)\u{202e}\n# y".to_owned(),
            link: None,
            what: vec!["close it as `lost`".to_owned()],
        };

        let page = page(
            Rules::find(&rules, "close").unwrap(),
            &[hand],
            NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        );

        assert_eq!(page.lines().count(), 4, "{page}");
        assert!(page.contains("\\<b\\>\\[x\\]\\(javascript:1\\)"), "{page}");
        assert!(!page.contains('\u{202e}'));
    }
}
