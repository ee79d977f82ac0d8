//! Turns what is known into words for the screen: masked first, then made safe for a terminal.
//!
//! Every text of the user's passes through here on its way into the document.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::doc::{Glyph, Role, Span};
use super::text::{cut, width};
use crate::app::model::Model;
use crate::domain::bank::Bank;
use crate::domain::clean::TermSafe;
use crate::domain::deal::Deal;
use crate::domain::fit::MustState;
use crate::domain::ids::DealId;
use crate::domain::locale::{Locale, weekday_name, with_days};
use crate::domain::money::Money;
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::domain::verdict::Verdict;

/// What words depend on.
#[derive(Clone, Copy)]
pub struct Words<'m> {
    /// What is hidden.
    pub mask: &'m Mask,
    /// How numbers and days are written.
    pub locale: &'m Locale,
    /// The day.
    pub today: NaiveDate,
    /// The day of the record, up to which silence is counted; today where there is none.
    pub record: NaiveDate,
}

impl<'m> Words<'m> {
    /// Takes them from the model.
    pub fn of(model: &'m Model) -> Self {
        let today = model.today;
        let record = model.facts.record.map_or(today, |record| record.min(today));
        Self {
            mask: &model.mask,
            locale: &model.locale,
            today,
            record,
        }
    }

    /// The name by which a list calls a deal.
    pub fn name(&self, deal: DealId, name: &Name) -> String {
        safe(&self.mask.name(name, Label::Deal(deal)))
    }

    /// The name of the account and the title of a deal, or its label alone.
    pub fn full_name(&self, deal: &Deal) -> String {
        self.joined_name(deal.id, deal.account.as_ref(), &deal.title)
    }

    /// The same from its parts.
    pub fn joined_name(&self, id: DealId, account: Option<&Name>, title: &Name) -> String {
        let label = Label::Deal(id);
        if self.mask.hides_names_of(Some(id)) {
            return self.mask.label(label);
        }
        let title = safe(&self.mask.name(title, label));
        let Some(account) = account else { return title };
        let account = safe(&self.mask.name(account, label));
        match beside(&account, &title) {
            "" => account,
            title => format!("{account} · {title}"),
        }
    }

    /// Account and title in so many cells; the account gives way first.
    pub fn name_by_title(
        &self,
        id: DealId,
        account: Option<&Name>,
        title: &Name,
        cells: u16,
    ) -> String {
        let label = Label::Deal(id);
        let title = safe(&self.mask.name(title, label));
        match account.map(|account| safe(&self.mask.name(account, label))) {
            Some(account) => match beside(&account, &title) {
                "" => cut(&account, cells),
                title => joined(&account, title, cells),
            },
            None => cut(&title, cells),
        }
    }

    /// A name that stands alone, with no deal to draw a label from.
    pub fn loose_name(&self, name: &Name) -> String {
        if self.mask.hides_names() {
            return self.mask.figure().to_owned();
        }
        safe(&self.mask.name(name, Label::Account { id: 0, deal: None }))
    }

    /// The name of a person at the prospect's.
    pub fn contact(&self, deal: DealId, name: &Name) -> String {
        safe(&self.mask.name(
            name,
            Label::Contact {
                id: deal.0,
                deal: Some(deal),
            },
        ))
    }

    /// Text that somebody wrote, on one line.
    pub fn free(&self, deal: Option<DealId>, text: &Free) -> String {
        safe(&self.mask.free(text, deal))
    }

    /// What is put to them, on one line: a question of the bank stays under every mask.
    pub fn asked(&self, bank: Option<&Bank>, deal: DealId, text: &Free) -> String {
        safe(&self.mask.asked(text, bank, Some(deal)))
    }

    /// A sentence that was kept with its days, on one line: they read as all other days here.
    pub fn said(&self, deal: Option<DealId>, sentence: &Free) -> String {
        self.days_in(&self.free(deal, sentence))
    }

    /// The same of words that hide nothing.
    pub fn days_in(&self, sentence: &str) -> String {
        with_days(sentence, |day| self.day(day)).into_owned()
    }

    /// The name of a file, which somebody may have called after an account.
    pub fn file(&self, name: &str) -> String {
        self.free(None, &Free::new(name))
    }

    /// Text that somebody wrote, with its lines.
    pub fn block(&self, deal: Option<DealId>, text: &Free) -> String {
        TermSafe::block(&self.mask.free(text, deal)).into_string()
    }

    /// An amount.
    pub fn money(&self, money: Money) -> String {
        self.mask.money(money, self.locale).into_owned()
    }

    /// An amount in few characters.
    pub fn short_money(&self, money: Money) -> String {
        self.mask.money_short(money, self.locale).into_owned()
    }

    /// A day, as `29 Jan`; with its year only where it could be taken for another one.
    pub fn day(&self, day: NaiveDate) -> String {
        let away = (day - self.today).num_days();
        let is_plain = (-120..300).contains(&away);
        self.locale
            .date(day, if is_plain { day } else { self.today })
    }

    /// A day that is near by its weekday, any other as `29 Jan`.
    pub fn near_day(&self, day: NaiveDate) -> String {
        let away = (day - self.today).num_days();
        match away {
            -1 => "yesterday".to_owned(),
            0 => "today".to_owned(),
            1..=6 => weekday_name(day.weekday()).to_owned(),
            _ => self.day(day),
        }
    }

    /// How old something is, in the largest unit that tells enough.
    pub fn age(&self, then: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let age = now - then;
        let number = |n: i64| self.locale.number(n);
        match (age.num_minutes(), age.num_hours()) {
            (..1, _) => "just now".to_owned(),
            (minutes @ 1..=119, _) => format!("{} min old", number(minutes)),
            (_, hours @ ..=47) => format!("{} h old", number(hours)),
            (..) => format!("{} days old", number(age.num_days())),
        }
    }

    /// A number of hours without its unit.
    pub fn hours(&self, hours: f64) -> String {
        self.locale.hours(hours)
    }

    /// Days of silence since their last act, counted to the record and never past it.
    pub fn silence(&self, last_act: Option<NaiveDate>) -> Option<i64> {
        last_act.map(|day| (self.record - day).num_days().max(0))
    }

    /// A count with its noun: `1 deal`, `1,204 deals`.
    pub fn count(&self, count: u64, one: &str, many: &str) -> String {
        let number = self.locale.number(count.try_into().unwrap_or(i64::MAX));
        format!("{number} {}", if count == 1 { one } else { many })
    }
}

/// Makes text from outside safe, on one line.
pub fn safe(text: &str) -> String {
    TermSafe::new(text).into_string()
}

/// Puts a text in quotes, unless it brings its own.
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '“', '„', '«']) {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}

/// Makes the first letter a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The role in which a verdict is shown.
pub fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Fire => Role::Fire,
        Verdict::GetToNo => Role::Open,
        Verdict::Continue => Role::Good,
    }
}

/// A verdict with the sign before it.
pub fn verdict(verdict: Verdict) -> Vec<Span> {
    let glyph = match verdict {
        Verdict::Fire => Glyph::Fire,
        Verdict::GetToNo => Glyph::GetToNo,
        Verdict::Continue => Glyph::Continue,
    };
    let role = verdict_role(verdict);
    vec![Span::sign(glyph, role), Span::new(verdict.words(), role)]
}

/// How far a must is.
pub fn must(state: MustState, short: &str) -> Vec<Span> {
    let (glyph, role) = match state {
        MustState::Yes => (Glyph::Yes, Role::Good),
        MustState::Partly => (Glyph::Partly, Role::Text),
        MustState::No => (Glyph::No, Role::Fire),
        MustState::Open => (Glyph::Open, Role::Open),
    };
    vec![
        Span::sign(glyph, role),
        Span::text(format!(" {}", safe(short))),
    ]
}

/// What a title says beside the account: a title such as `Acme - 140 Widgets` names it itself.
fn beside<'t>(account: &str, title: &'t str) -> &'t str {
    let gap = |c: char| c.is_whitespace() || "-–—·:,/|".contains(c);
    match title.strip_prefix(account) {
        Some(rest) if rest.is_empty() || rest.starts_with(gap) => rest.trim_start_matches(gap),
        Some(_) | None => title,
    }
}

/// An account and a title. The account gives way first: the title is what tells its deals apart.
pub(super) fn joined(account: &str, title: &str, room: u16) -> String {
    let whole = format!("{account} · {title}");
    if width(&whole) <= room {
        return whole;
    }
    if width(account) + 1 + width(title) <= room {
        return format!("{account} {title}");
    }
    let least = (room / 3).max(6);
    let spare = room.saturating_sub(width(title) + 1).max(least);
    if width(account) <= spare {
        return cut(&whole, room);
    }
    cut(&format!("{} {title}", cut(account, spare)), room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn with_words(check: impl Fn(&Words<'_>)) {
        let (mask, locale) = (Mask::off(), Locale::default());
        check(&Words {
            mask: &mask,
            locale: &locale,
            today: day("2026-11-23"),
            record: day("2026-11-20"),
        });
    }

    #[test]
    fn near_days_have_their_weekday_and_far_ones_their_year() {
        with_words(|words| {
            assert_eq!(words.near_day(day("2026-11-22")), "yesterday");
            assert_eq!(words.near_day(day("2026-11-23")), "today");
            assert_eq!(words.near_day(day("2026-11-27")), "Fri");
            assert_eq!(words.near_day(day("2026-12-02")), "2 Dec");
            assert_eq!(words.near_day(day("2026-11-18")), "18 Nov");
            assert_eq!(words.day(day("2027-01-29")), "29 Jan");
            assert_eq!(words.day(day("2027-11-29")), "29 Nov 2027");
            assert_eq!(words.day(day("2025-11-29")), "29 Nov 2025");
        });
    }

    #[test]
    fn silence_is_counted_to_the_record_and_never_past_it() {
        with_words(|words| {
            assert_eq!(words.silence(Some(day("2026-11-10"))), Some(10));
            assert_eq!(words.silence(Some(day("2026-11-23"))), Some(0));
            assert_eq!(words.silence(None), None);
        });
    }

    #[test]
    fn an_account_without_a_title_of_its_own_stands_alone() {
        with_words(|words| {
            let joined = |account: Option<&str>, title: &str| {
                let account = account.map(Name::new);
                words.joined_name(DealId(1), account.as_ref(), &Name::new(title))
            };
            assert_eq!(joined(Some("Northwind"), "Plant"), "Northwind · Plant");
            assert_eq!(joined(Some("Northwind"), "Northwind"), "Northwind");
            assert_eq!(joined(None, "Plant"), "Plant");
        });
    }

    #[test]
    fn quotes_are_not_doubled() {
        assert_eq!(quoted("will look"), "\"will look\"");
        assert_eq!(quoted("\"a week\", Ines"), "\"a week\", Ines");
        assert_eq!(capital("élan"), "Élan");
        assert_eq!(capital(""), "");
    }

    #[test]
    fn a_title_keeps_its_place_where_the_account_is_long() {
        assert_eq!(joined("Acme", "140 Widgets", 20), "Acme · 140 Widgets");
        assert_eq!(joined("Acme", "1,200 Widgets", 14), "Acme · 1,200…");
        assert_eq!(joined("Acme", "140 Widgets", 16), "Acme 140 Widgets");
        assert_eq!(
            joined("salesforce.com", "320 Widgets", 14),
            "sales… 320 Wi…"
        );
        assert_eq!(
            joined("salesforce.com", "320 Widgets", 24),
            "salesforce.… 320 Widgets"
        );
    }

    #[test]
    fn an_account_that_its_title_names_is_said_once() {
        assert_eq!(beside("Acme", "Acme - 140 Widgets"), "140 Widgets");
        assert_eq!(beside("Acme", "Acmeology fair"), "Acmeology fair");
        assert_eq!(beside("Acme", "Acme"), "");
        assert_eq!(beside("Acme", "Plant rollout"), "Plant rollout");
    }
}
