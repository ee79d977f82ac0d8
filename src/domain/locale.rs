//! How numbers, amounts, dates and hours are written in the cockpit and in reports.
//!
//! Words stay English; the locale decides marks and the order of day and month. Commands, JSON and
//! CSV write ISO instead and do not come here.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};

use super::money::Money;

/// The order of day, month and year in a date.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum DayOrder {
    /// 29 Jan; 12/11 is the 12th of November.
    #[default]
    DayFirst,
    /// Jan 29; 12/11 is the 11th of December.
    MonthFirst,
}

/// Marks of numbers and the order of dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Locale {
    /// Between whole and fraction.
    decimal: char,
    /// Between groups of three digits.
    group: char,
    /// Numbers of four digits are not grouped.
    long_groups_only: bool,
    order: DayOrder,
}

/// How one language, or one language in one country, writes numbers and dates.
struct Row {
    name: &'static str,
    decimal: char,
    group: char,
    long_groups_only: bool,
    order: DayOrder,
}

const fn row(name: &'static str, marks: (char, char), long: bool, order: DayOrder) -> Row {
    Row {
        name,
        decimal: marks.0,
        group: marks.1,
        long_groups_only: long,
        order,
    }
}

const POINT: (char, char) = ('.', ',');
const COMMA: (char, char) = (',', '.');
const SPACE: (char, char) = (',', '\u{a0}');

/// The known locales; a language in a country stands before the language.
const ROWS: [Row; 17] = [
    row("en_US", POINT, false, DayOrder::MonthFirst),
    row("en_PH", POINT, false, DayOrder::MonthFirst),
    row("en", POINT, false, DayOrder::DayFirst),
    row("de_CH", ('.', '’'), false, DayOrder::DayFirst),
    row("de_AT", SPACE, false, DayOrder::DayFirst),
    row("de", COMMA, false, DayOrder::DayFirst),
    row("fr", SPACE, false, DayOrder::DayFirst),
    row("es_MX", POINT, false, DayOrder::DayFirst),
    row("es", COMMA, true, DayOrder::DayFirst),
    row("it", COMMA, true, DayOrder::DayFirst),
    row("nl", COMMA, false, DayOrder::DayFirst),
    row("pl", SPACE, true, DayOrder::DayFirst),
    row("pt_BR", COMMA, false, DayOrder::DayFirst),
    row("pt", SPACE, true, DayOrder::DayFirst),
    row("sv", SPACE, false, DayOrder::DayFirst),
    row("fi", SPACE, false, DayOrder::DayFirst),
    row("ja", POINT, false, DayOrder::MonthFirst),
];

impl Default for Locale {
    /// The form for `C`, `POSIX` and every locale that is not known: `48,000.50`, `29 Jan`.
    fn default() -> Self {
        Self {
            decimal: '.',
            group: ',',
            long_groups_only: false,
            order: DayOrder::DayFirst,
        }
    }
}

impl Locale {
    /// Finds the form for the values of `LC_ALL`, `LC_NUMERIC`, `LC_TIME` and `LANG`. An empty
    /// value counts as absent; numbers and dates may follow different locales.
    pub fn from_values(
        all: Option<&str>,
        numeric: Option<&str>,
        time: Option<&str>,
        lang: Option<&str>,
    ) -> Self {
        let first = |own: Option<&str>| {
            let set = [all, own, lang]
                .into_iter()
                .flatten()
                .find(|value| !value.is_empty());
            set.map(Self::named).unwrap_or_default()
        };
        Self {
            order: first(time).order,
            ..first(numeric)
        }
    }

    /// Finds the form for one name, such as `de_DE.UTF-8`.
    pub fn named(name: &str) -> Self {
        let base = name.split(['.', '@']).next().unwrap_or_default();
        let language = base.split(['_', '-']).next().unwrap_or_default();
        let same = |wanted: &str, row: &str| {
            wanted.len() == row.len()
                && wanted
                    .bytes()
                    .zip(row.bytes())
                    .all(|(a, b)| a.eq_ignore_ascii_case(&b) || (a == b'-' && b == b'_'))
        };
        let find = |wanted: &str| ROWS.iter().find(|row| same(wanted, row.name));
        find(base)
            .or_else(|| find(language))
            .map_or_else(Self::default, |row| Self {
                decimal: row.decimal,
                group: row.group,
                long_groups_only: row.long_groups_only,
                order: row.order,
            })
    }

    /// Returns the same form with marks of plain ASCII only.
    #[must_use]
    pub fn in_ascii(self) -> Self {
        let group = match self.group {
            '\u{a0}' => ' ',
            '’' => '\'',
            other => other,
        };
        Self { group, ..self }
    }

    /// Returns the order of day and month, for reading dates as well.
    pub fn order(&self) -> DayOrder {
        self.order
    }

    /// Writes a whole number with its groups: `1,000,000`.
    pub fn number(&self, number: i64) -> String {
        let sign = if number < 0 { "-" } else { "" };
        format!("{sign}{}", self.grouped(&number.unsigned_abs().to_string()))
    }

    /// Writes anew each whole number that stands in a sentence of ours: `100070 deals` becomes
    /// `100,070 deals`. What is told has its numbers plain, for scripts too, and is read in the
    /// form of the place. Days, words with digits in them and fractions stay.
    pub fn numbers_in<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let is_joined = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | ',');
        let mut out = String::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some(start) = text[at..]
            .find(|c: char| c.is_ascii_digit())
            .map(|s| at + s)
        {
            let rest = &text[start..];
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            at = start + end;
            let mut after = text[at..].chars();
            let is_whole = match after.next() {
                Some('.' | ',') => !after.next().is_some_and(char::is_alphanumeric),
                Some(c) => !is_joined(c),
                None => true,
            };
            if is_whole && !text[..start].ends_with(is_joined) {
                out.push_str(&text[copied..start]);
                out.push_str(&self.grouped(&text[start..at]));
                copied = at;
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[copied..]);
        Cow::Owned(out)
    }

    /// Writes a number with at most `places` digits after the decimal mark, and none that are
    /// zero at its end: `22.5`, `14`.
    pub fn decimal(&self, number: f64, places: usize) -> String {
        let text = format!("{number:.places$}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = whole.trim_start_matches('-');
        let zero = fraction.is_empty() && digits.bytes().all(|b| b == b'0');
        let sign = if whole.starts_with('-') && !zero {
            "-"
        } else {
            ""
        };
        let mut out = format!("{sign}{}", self.grouped(digits));
        if !fraction.is_empty() {
            out.push(self.decimal);
            out.push_str(fraction);
        }
        out
    }

    /// Writes hours with at most one digit after the mark, without the unit: `22.5`, `14`.
    pub fn hours(&self, hours: f64) -> String {
        self.decimal(hours, 1)
    }

    /// Writes a number of days: `34 d`.
    pub fn days(&self, days: i64) -> String {
        format!("{} d", self.number(days))
    }

    /// Writes an amount, without its minor part where that is zero: `48,000 EUR`, `48,000.50 EUR`,
    /// `48,000` without a currency. Under a mask this is not called; see
    /// [`super::shown::Mask::money`].
    pub fn amount(&self, money: Money) -> String {
        let plain = money.expose_for_storage();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = whole.trim_start_matches('-');
        let sign = if whole.starts_with('-') { "-" } else { "" };
        let mut out = format!("{sign}{}", self.grouped(digits));
        if fraction.bytes().any(|b| b != b'0') {
            out.push(self.decimal);
            out.push_str(fraction);
        }
        if let Some(currency) = money.currency {
            write!(out, " {currency}").expect("a string takes all that is written");
        }
        out
    }

    /// Writes an amount in few characters, without its currency: `950`, `9.5k`, `210k`, `1.2m`.
    pub fn short_amount(&self, money: Money) -> String {
        let factor = 10_f64.powi(money.exponent().cast_signed());
        let major = money.minor as f64 / factor;
        let size = major.abs();
        // The limits lie where rounding would reach the next unit: 999.6k is 1m.
        let (value, unit) = match size {
            _ if size < 999.5 => (major, ""),
            _ if size < 999_500.0 => (major / 1e3, "k"),
            _ if size < 999_500_000.0 => (major / 1e6, "m"),
            _ => (major / 1e9, "bn"),
        };
        let places = usize::from(!unit.is_empty() && value.abs() < 9.95);
        format!("{}{unit}", self.decimal(value, places))
    }

    /// Writes a day: `29 Jan`, or `29 Jan 2027` in another year than today's.
    pub fn date(&self, day: NaiveDate, today: NaiveDate) -> String {
        let month = month_name(day);
        let text = match self.order {
            DayOrder::DayFirst => format!("{} {month}", day.day()),
            DayOrder::MonthFirst => format!("{month} {}", day.day()),
        };
        if day.year() == today.year() {
            text
        } else {
            format!("{text} {}", day.year())
        }
    }

    /// Writes a day with its year, as it is read back wherever days are typed: `29 Jan 2027`.
    pub fn whole_date(&self, day: NaiveDate) -> String {
        let (month, year) = (month_name(day), day.year());
        match self.order {
            DayOrder::DayFirst => format!("{} {month} {year}", day.day()),
            DayOrder::MonthFirst => format!("{month} {} {year}", day.day()),
        }
    }

    /// Writes a day with its weekday: `Sun 22 Nov`.
    pub fn weekday_date(&self, day: NaiveDate, today: NaiveDate) -> String {
        format!("{} {}", weekday_name(day.weekday()), self.date(day, today))
    }

    fn grouped(&self, digits: &str) -> String {
        if digits.len() <= 3 || (self.long_groups_only && digits.len() <= 4) {
            return digits.to_owned();
        }
        let mut out = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(self.group);
            }
            out.push(digit);
        }
        out
    }
}

/// Writes anew each day that stands in a sentence as `2026-12-07`: what is kept has its days in
/// one form, and is read in the form of the place.
pub fn with_days(text: &str, write: impl Fn(NaiveDate) -> String) -> Cow<'_, str> {
    const DAY: usize = "2026-12-07".len();
    let is_joined =
        |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while at + DAY <= bytes.len() {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let is_alone = bytes[at].is_ascii_digit()
            && bytes[at + 4] == b'-'
            && !is_joined(before)
            && !is_joined(bytes.get(at + DAY));
        let day = text.get(at..at + DAY).filter(|_| is_alone);
        if let Some(day) = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()) {
            out.push_str(&text[copied..at]);
            out.push_str(&write(day));
            at += DAY;
            copied = at;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns the three letters of a weekday: `Sun`.
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Mon",
        Weekday::Tue => "Tue",
        Weekday::Wed => "Wed",
        Weekday::Thu => "Thu",
        Weekday::Fri => "Fri",
        Weekday::Sat => "Sat",
        Weekday::Sun => "Sun",
    }
}

/// Three letters for each month, in order.
pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn month_name(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize]
}

#[cfg(test)]
mod tests {
    use super::super::money::Currency;
    use super::*;

    fn euro(minor: i64) -> Money {
        Money::new(minor, Currency::parse("EUR"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_numbers_of_a_sentence_are_written_as_in_the_place() {
        let german = Locale::named("de_DE");
        for (text, written) in [
            (
                "medians of 100070 deals fired.",
                "medians of 100.070 deals fired.",
            ),
            ("1000 of 999, 12345.", "1.000 of 999, 12.345."),
            (
                "on 2026-11-22 PWR1234 1234567",
                "on 2026-11-22 PWR1234 1.234.567",
            ),
            ("1234.5 and 0,1234 stay", "1234.5 and 0,1234 stay"),
            ("", ""),
        ] {
            assert_eq!(german.numbers_in(text), written);
        }
        assert_eq!(Locale::named("es").numbers_in("1000 deals"), "1000 deals");
    }

    #[test]
    fn days_in_a_sentence_are_written_as_they_are_read() {
        let said = |text: &str| {
            let written = with_days(text, |day| Locale::named("en_GB").whole_date(day));
            written.into_owned()
        };

        assert_eq!(
            said("On hold: Kä, until 2026-12-07. Or 2027-01-02"),
            "On hold: Kä, until 7 Dec 2026. Or 2 Jan 2027"
        );
        for kept in [
            "",
            "2026-13-01",
            "a2026-12-07",
            "2026-12-07T09:00",
            "12026-12-07-1",
            "é",
        ] {
            assert_eq!(said(kept), kept);
        }
        assert_eq!(said("2026-12-07"), "7 Dec 2026");
    }

    #[test]
    fn a_whole_date_has_its_year_in_the_order_of_the_locale() {
        let whole = |name| Locale::named(name).whole_date(day("2027-01-29"));

        assert_eq!(whole("de_DE"), "29 Jan 2027");
        assert_eq!(whole("en_US"), "Jan 29 2027");
    }

    #[test]
    fn amounts_follow_the_locale() {
        let cases = [
            ("en_US.UTF-8", "48,000.50 EUR"),
            ("en_GB", "48,000.50 EUR"),
            ("C", "48,000.50 EUR"),
            ("POSIX", "48,000.50 EUR"),
            ("xx_YY", "48,000.50 EUR"),
            ("de_DE@euro", "48.000,50 EUR"),
            ("de-CH", "48’000.50 EUR"),
            ("fr_FR", "48\u{a0}000,50 EUR"),
            ("es_ES", "48.000,50 EUR"),
            ("it_IT", "48.000,50 EUR"),
            ("nl_NL", "48.000,50 EUR"),
            ("pl_PL", "48\u{a0}000,50 EUR"),
            ("pt_BR", "48.000,50 EUR"),
            ("pt_PT", "48\u{a0}000,50 EUR"),
            ("sv_SE", "48\u{a0}000,50 EUR"),
            ("fi_FI", "48\u{a0}000,50 EUR"),
            ("ja_JP", "48,000.50 EUR"),
        ];
        for (name, text) in cases {
            assert_eq!(Locale::named(name).amount(euro(4_800_050)), text, "{name}");
        }
    }

    #[test]
    fn a_minor_part_of_zero_is_left_out() {
        let locale = Locale::default();

        assert_eq!(locale.amount(euro(4_800_000)), "48,000 EUR");
        assert_eq!(locale.amount(Money::new(4_800_000, None)), "48,000");
        assert_eq!(locale.amount(euro(-50)), "-0.50 EUR");
        assert_eq!(
            locale.amount(Money::new(500, Currency::parse("JPY"))),
            "500 JPY"
        );
        assert_eq!(
            locale.amount(euro(i64::MIN)),
            "-92,233,720,368,547,758.08 EUR"
        );
    }

    #[test]
    fn short_numbers_are_not_grouped_where_the_language_does_not() {
        assert_eq!(Locale::named("es").number(1_234), "1234");
        assert_eq!(Locale::named("es").number(12_345), "12.345");
        assert_eq!(Locale::named("de").number(-1_234), "-1.234");
    }

    #[test]
    fn plain_ascii_has_no_other_mark() {
        assert_eq!(
            Locale::named("fr").in_ascii().amount(euro(4_800_000)),
            "48 000 EUR"
        );
        assert_eq!(Locale::named("de_CH").in_ascii().number(48_000), "48'000");
    }

    #[test]
    fn short_amounts_round_to_few_digits() {
        let cases = [
            (0, "0"),
            (95_000, "950"),
            (99_949, "999"),
            (99_950, "1k"),
            (950_000, "9.5k"),
            (995_000, "10k"),
            (21_000_000, "210k"),
            (99_960_000, "1m"),
            (120_000_000, "1.2m"),
            (-120_000_000, "-1.2m"),
            (250_000_000_000, "2.5bn"),
        ];
        for (minor, text) in cases {
            assert_eq!(Locale::default().short_amount(euro(minor)), text, "{minor}");
        }
        assert_eq!(Locale::named("de").short_amount(euro(120_000_000)), "1,2m");
    }

    #[test]
    fn hours_and_days_are_short() {
        let locale = Locale::default();

        assert_eq!(locale.hours(22.5), "22.5");
        assert_eq!(locale.hours(14.0), "14");
        assert_eq!(locale.hours(-0.04), "0");
        assert_eq!(Locale::named("de").hours(22.5), "22,5");
        assert_eq!(locale.days(34), "34 d");
        assert_eq!(locale.decimal(-1.25, 2), "-1.25");
    }

    #[test]
    fn dates_have_a_year_only_where_it_differs() {
        let today = day("2026-11-23");
        let (gb, us) = (Locale::named("en_GB"), Locale::named("en_US"));

        assert_eq!(gb.date(day("2026-01-29"), today), "29 Jan");
        assert_eq!(us.date(day("2026-01-29"), today), "Jan 29");
        assert_eq!(gb.date(day("2027-01-29"), today), "29 Jan 2027");
        assert_eq!(us.date(day("2027-01-29"), today), "Jan 29 2027");
        assert_eq!(gb.weekday_date(day("2026-11-22"), today), "Sun 22 Nov");
    }

    #[test]
    fn numbers_and_dates_may_follow_different_locales() {
        let mixed = Locale::from_values(None, Some("de_DE"), Some("en_US"), Some("fr_FR"));
        assert_eq!(mixed.number(48_000), "48.000");
        assert_eq!(mixed.order(), DayOrder::MonthFirst);

        let all = Locale::from_values(Some("de_DE"), Some("en_US"), Some("en_US"), None);
        assert_eq!(
            (all.number(48_000), all.order()),
            ("48.000".to_owned(), DayOrder::DayFirst)
        );

        let lang = Locale::from_values(Some(""), None, Some(""), Some("en_US"));
        assert_eq!(lang.order(), DayOrder::MonthFirst);
        assert_eq!(
            Locale::from_values(None, None, None, None),
            Locale::default()
        );
    }
}
