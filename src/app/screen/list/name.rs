//! What a row is called, so that no two rows of a list look alike where it can be helped.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::super::text::{cut, width};
use super::super::words::{Words, joined, safe};
use crate::domain::deal::ListRow;
use crate::domain::shown::{Label, Name};

/// Cells that a name keeps at least beside what tells it apart.
const LEAST: u16 = 11;

/// How often each name stands among some rows.
pub struct Names<'l> {
    accounts: HashMap<Cow<'l, str>, u16>,
    deals: HashMap<Key<'l>, Same<'l>>,
}

/// What a row says of a deal: its account and its title.
type Key<'l> = (Option<&'l Name>, &'l Name);

/// Deals of the same account and title.
struct Same<'l> {
    deals: u16,
    owner: Option<&'l str>,
    has_one_owner: bool,
    created: Option<NaiveDate>,
    has_one_day: bool,
}

impl<'l> Names<'l> {
    /// Counts them.
    pub fn of(words: &Words<'_>, rows: impl Iterator<Item = &'l ListRow>) -> Self {
        let most = rows.size_hint().1.unwrap_or(0);
        let mut accounts = HashMap::with_capacity(most);
        let mut deals: HashMap<Key<'l>, Same<'l>> = HashMap::with_capacity(most);
        for row in rows {
            if let Some((account, _)) = parts(words, row) {
                *accounts.entry(account).or_insert(0) += 1;
            }
            let owner = row.owner.as_deref();
            let same = deals
                .entry((row.account.as_ref(), &row.title))
                .or_insert(Same {
                    deals: 0,
                    owner,
                    has_one_owner: true,
                    created: row.created,
                    has_one_day: true,
                });
            same.deals += 1;
            same.has_one_owner &= same.owner == owner;
            same.has_one_day &= same.created == row.created;
        }
        Self { accounts, deals }
    }

    /// The name of a row in so many cells: the account; its title too where the account has
    /// several deals; and owner or first day where even the titles are the same.
    pub fn name(&self, words: &Words<'_>, row: &ListRow, room: u16) -> String {
        let name = words.name(row.id, row.account.as_ref().unwrap_or(&row.title));
        if words.mask.hides_names_of(Some(row.id)) {
            return cut(&name, room);
        }
        let by = self
            .apart(words, row)
            .filter(|by| room > width(by) + width(&name).min(LEAST));
        let left = by.as_ref().map_or(room, |by| room - width(by) - 1);
        let shared = parts(words, row).filter(|(account, _)| {
            self.accounts
                .get(&**account)
                .is_some_and(|deals| *deals > 1)
        });
        let name = match shared {
            Some((account, rest)) if !rest.is_empty() => {
                joined(&safe(&account), &safe(&rest), left)
            }
            Some(_) | None => cut(&name, left),
        };
        match by {
            Some(by) => format!("{name} {by}"),
            None => name,
        }
    }

    /// What tells a deal from the others of the same account and title.
    fn apart(&self, words: &Words<'_>, row: &ListRow) -> Option<String> {
        let same = self.deals.get(&(row.account.as_ref(), &row.title))?;
        if same.deals < 2 {
            return None;
        }
        let by = if !same.has_one_owner {
            initials(row.owner.as_deref()?)
        } else if !same.has_one_day {
            words.day(row.created?)
        } else {
            return None;
        };
        Some(by).filter(|by| !by.is_empty())
    }
}

/// The account of a deal and its title without it, where no mask hides them. A title such as
/// `Acme - 140 Widgets` names the account itself.
fn parts<'r>(words: &Words<'_>, row: &'r ListRow) -> Option<(Cow<'r, str>, Cow<'r, str>)> {
    if words.mask.hides_names_of(Some(row.id)) {
        return None;
    }
    let label = Label::Deal(row.id);
    let title = words.mask.name(&row.title, label);
    let part = |text: &Cow<'r, str>, range: Range<usize>| match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    };
    let Some(account) = &row.account else {
        let at = title.find(" - ")?;
        return Some((part(&title, 0..at), part(&title, at + 3..title.len())));
    };
    let account = words.mask.name(account, label);
    let rest = title.strip_prefix(&*account).unwrap_or(&title);
    let gap = |c: char| c.is_whitespace() || "-–—·:,/|".contains(c);
    let from = title.len() - rest.trim_start_matches(gap).len();
    let rest = part(&title, from..title.len());
    Some((account, rest))
}

/// The first letters of a name's words, at most three.
fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| {
        let first = word.chars().next()?;
        first.is_alphanumeric().then(|| first.to_uppercase())
    });
    safe(&letters.take(3).flatten().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_three_letters_at_most() {
        assert_eq!(initials("Kami Bicknell"), "KB");
        assert_eq!(initials("ana de la cruz"), "ADL");
        assert_eq!(initials("- 7"), "7");
    }
}
