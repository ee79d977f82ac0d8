//! Amounts of money and their currencies.
//!
//! An amount prices something of the user's, so it may be masked: [`Money`] has no `Display`, its
//! `Debug` names the currency only, and people see it through [`super::shown::Mask::money`].

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::{Decimal, ToPrimitive};

/// Digits after the decimal mark of an amount whose currency is not known.
const DEFAULT_EXPONENT: u32 = 2;

/// A currency by its three letters (ISO 4217). Letters that no standard knows are kept: a CRM may
/// count in points of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three ASCII letters, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|b| b.to_ascii_uppercase())))
    }

    /// Returns the three letters, in capitals.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("three ASCII letters")
    }

    /// Returns how many digits the minor unit takes: 2 for the euro, 0 for the yen, 2 where no
    /// standard says.
    pub fn exponent(self) -> u32 {
        iso_currency::Currency::from_code(self.as_str())
            .and_then(iso_currency::Currency::exponent)
            .map_or(DEFAULT_EXPONENT, u32::from)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An amount in minor units, of a currency if one is known.
///
/// Equal only within one currency; see [`Money::cmp_within`] for an order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount in minor units (cents), of either sign.
    pub minor: i64,
    /// The currency; `None` where neither the file nor the user named one.
    pub currency: Option<Currency>,
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Money({})",
            self.currency.as_ref().map_or("-", Currency::as_str)
        )
    }
}

/// Why typed text is no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MoneyError {
    /// Nothing was typed.
    #[error("an amount is missing; write it as 48000, 50k or 48000.50 EUR")]
    Empty,
    /// No number stands there.
    #[error("this is no amount; write it as 48000, 50k or 48000.50 EUR")]
    NotANumber,
    /// The number has digits below the minor unit.
    #[error("this amount is finer than the smallest coin of its currency")]
    TooFine,
    /// The number does not fit.
    #[error("this amount is too large")]
    TooLarge,
}

impl Money {
    /// Makes an amount from minor units.
    pub fn new(minor: i64, currency: Option<Currency>) -> Self {
        Self { minor, currency }
    }

    /// Reads an amount as a person types it: `48000`, `48,000`, `50k`, `1.2m`, `48 000,50 EUR`,
    /// `EUR 5`, `€5`. Text without a currency takes `default`.
    ///
    /// A lone mark followed by three digits groups (`48.000` is forty-eight thousand) unless the
    /// currency counts in thousandths; any other lone mark is the decimal one.
    pub fn parse(text: &str, default: Option<Currency>) -> Result<Self, MoneyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        let (number, named) = split_currency(text, default);
        let currency = named.or(default);
        let exponent = currency.map_or(DEFAULT_EXPONENT, Currency::exponent);
        let value = parse_number(number, exponent)?;
        Self::from_decimal(value, currency)
    }

    /// Makes an amount from a number of major units. Fails where it is finer than the minor unit
    /// or does not fit.
    pub fn from_decimal(value: Decimal, currency: Option<Currency>) -> Result<Self, MoneyError> {
        let exponent = currency.map_or(DEFAULT_EXPONENT, Currency::exponent);
        let factor = Decimal::from(10_u64.pow(exponent));
        let minor = value.checked_mul(factor).ok_or(MoneyError::TooLarge)?;
        if !minor.fract().is_zero() {
            return Err(MoneyError::TooFine);
        }
        Ok(Self {
            minor: minor.to_i64().ok_or(MoneyError::TooLarge)?,
            currency,
        })
    }

    /// Returns the number of major units.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.exponent())
    }

    /// Returns how many digits the minor unit takes.
    pub fn exponent(self) -> u32 {
        self.currency.map_or(DEFAULT_EXPONENT, Currency::exponent)
    }

    /// Returns the bare amount for files and the store: plain digits, a dot, every digit of the
    /// minor unit (`48000.00`). Nothing that a person looks at may call this; see the mask.
    pub fn expose_for_storage(self) -> String {
        self.to_decimal().to_string()
    }

    /// Adds within one currency; `None` across currencies or where the sum does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency).then_some(Self { minor, ..self })
    }

    /// Subtracts within one currency; `None` across currencies or where the rest does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_sub(other.minor)?;
        (self.currency == other.currency).then_some(Self { minor, ..self })
    }

    /// Compares within one currency; `None` across currencies.
    pub fn cmp_within(self, other: Self) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

/// Sums of amounts, one for each currency.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Totals(BTreeMap<Option<Currency>, i128>);

impl Totals {
    /// Adds an amount to the sum of its currency.
    pub fn add(&mut self, money: Money) {
        *self.0.entry(money.currency).or_default() += i128::from(money.minor);
    }

    /// Iterates over the sums: amounts without a currency first, then by the letters of it. A sum
    /// beyond what an amount can hold stays at the limit.
    pub fn iter(&self) -> impl Iterator<Item = Money> + '_ {
        self.0.iter().map(|(currency, sum)| {
            let limit = if *sum < 0 { i64::MIN } else { i64::MAX };
            Money {
                minor: i64::try_from(*sum).unwrap_or(limit),
                currency: *currency,
            }
        })
    }

    /// Says whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Totals({})", self.0.len())
    }
}

impl Extend<Money> for Totals {
    fn extend<I: IntoIterator<Item = Money>>(&mut self, amounts: I) {
        for money in amounts {
            self.add(money);
        }
    }
}

impl FromIterator<Money> for Totals {
    fn from_iter<I: IntoIterator<Item = Money>>(amounts: I) -> Self {
        let mut totals = Self::default();
        totals.extend(amounts);
        totals
    }
}

/// Reads a number as a person types it, with grouping marks and a scale: `48,000`, `1.2m`, `50k`,
/// `3bn`, `48'000`, `-500`. `exponent` is how many digits the unit has after its decimal mark, and
/// settles what a lone mark with three digits after it means.
pub fn parse_number(text: &str, exponent: u32) -> Result<Decimal, MoneyError> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" => 1,
        "k" => 1_000,
        "m" | "mn" | "mio" => 1_000_000,
        "b" | "bn" => 1_000_000_000_i64,
        _ => return Err(MoneyError::NotANumber),
    };
    let plain = plain_digits(
        digits.trim_end(),
        if scale == 1 { Some(exponent) } else { None },
    )
    .ok_or(MoneyError::NotANumber)?;
    let too_long = plain.len() > 27;
    let value = Decimal::from_str(&plain)
        .ok()
        .filter(|_| !too_long)
        .and_then(|value| value.checked_mul(Decimal::from(scale)))
        .ok_or(MoneyError::TooLarge)?;
    Ok(if negative { -value } else { value }.normalize())
}

/// Takes the grouping marks out of digits and writes the decimal mark as a dot. `exponent` is
/// `None` where a scale follows, which makes a lone mark a decimal one.
fn plain_digits(text: &str, exponent: Option<u32>) -> Option<String> {
    let is_space = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    let known = |c: char| c.is_ascii_digit() || is_space(c) || c == '.' || c == ',';
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let starts = edge(text.chars().next()) || text.starts_with(['.', ',']);
    if !starts || !edge(text.chars().next_back()) || !text.chars().all(known) {
        return None;
    }
    let (whole, fraction) = match decimal_mark(text, exponent) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    if !fraction.chars().all(|c| c.is_ascii_digit()) || !is_grouped(whole) {
        return None;
    }
    let mut plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    if plain.is_empty() {
        plain.push('0');
    }
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

/// Returns where the decimal mark stands, if one does.
fn decimal_mark(text: &str, exponent: Option<u32>) -> Option<usize> {
    let last = text.rfind(['.', ','])?;
    let mark = text[last..].chars().next()?;
    if text[..last].contains(mark) {
        return None;
    }
    let whole = &text[..last];
    let after = text.len() - last - 1;
    let alone = whole.chars().all(|c| c.is_ascii_digit());
    let groups = alone && after == 3 && (1..=3).contains(&whole.len()) && whole != "0";
    let decimal = !groups || exponent.is_none_or(|exponent| exponent == 3);
    decimal.then_some(last)
}

/// Says whether the digits before the decimal mark stand in groups as numbers do: the last of
/// three, those before of two or three, one kind of mark.
fn is_grouped(whole: &str) -> bool {
    let mut marks = whole.chars().filter(|c| !c.is_ascii_digit());
    let Some(mark) = marks.next() else {
        return true;
    };
    if marks.any(|other| other != mark) {
        return false;
    }
    let mut groups = whole.split(mark).rev();
    let last = groups.next().is_some_and(|group| group.len() == 3);
    let middle: Vec<&str> = groups.collect();
    let Some((first, middle)) = middle.split_last() else {
        return false;
    };
    last && (1..=3).contains(&first.len())
        && middle.iter().all(|group| (2..=3).contains(&group.len()))
}

/// Splits letters or a sign of a currency off either end. A dollar or a yen sign stands for the
/// default currency where that is one of theirs.
fn split_currency(text: &str, default: Option<Currency>) -> (&str, Option<Currency>) {
    let lettered = |code: Option<&str>| code.and_then(Currency::parse);
    if let Some(currency) = lettered(text.get(..3)) {
        return (&text[3..], Some(currency));
    }
    let cut = text.char_indices().nth_back(2).map_or(0, |(at, _)| at);
    let before = text[..cut].chars().next_back();
    let apart = before.is_some_and(|c| c.is_ascii_digit() || c.is_whitespace());
    if apart
        && !text[cut..].eq_ignore_ascii_case("mio")
        && let Some(currency) = lettered(text.get(cut..))
    {
        return (&text[..cut], Some(currency));
    }
    let signs = [
        ('€', "EUR", &["EUR"][..]),
        ('£', "GBP", &["GBP"][..]),
        (
            '$',
            "USD",
            &["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"][..],
        ),
        ('¥', "JPY", &["JPY", "CNY"][..]),
        ('₹', "INR", &["INR"][..]),
    ];
    for (sign, usual, all) in signs {
        let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
        if let Some(rest) = rest {
            let own = default.filter(|currency| all.contains(&currency.as_str()));
            return (rest, own.or_else(|| Currency::parse(usual)));
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Option<Currency> {
        Currency::parse(code)
    }

    fn minor(text: &str) -> Result<i64, MoneyError> {
        Money::parse(text, currency("EUR")).map(|money| money.minor)
    }

    #[test]
    fn a_currency_is_three_letters() {
        assert_eq!(
            currency("eur").map(|c| c.to_string()),
            Some("EUR".to_owned())
        );
        for text in ["", "EU", "EURO", "E1R", "€", "éa"] {
            assert_eq!(currency(text), None, "{text}");
        }
    }

    #[test]
    fn exponents_are_those_of_the_standard() {
        for (code, exponent) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("ZZZ", 2), ("XAU", 2)] {
            assert_eq!(
                currency(code).map(Currency::exponent),
                Some(exponent),
                "{code}"
            );
        }
    }

    #[test]
    fn typed_amounts_are_read() {
        let cases = [
            ("48000", 4_800_000),
            ("48,000", 4_800_000),
            ("48.000", 4_800_000),
            ("50k", 5_000_000),
            ("50 K", 5_000_000),
            ("1.2m", 120_000_000),
            ("1,2m", 120_000_000),
            ("1.234m", 123_400_000),
            ("3bn", 300_000_000_000),
            ("2 mio", 200_000_000),
            ("48 000,50 EUR", 4_800_050),
            ("48\u{202f}000,50", 4_800_050),
            ("48'000.50", 4_800_050),
            ("1,234,567.89", 123_456_789),
            ("1.234.567,89", 123_456_789),
            ("12,34,567", 123_456_700),
            ("EUR 5", 500),
            ("5EUR", 500),
            ("eur5", 500),
            ("€5", 500),
            ("5 €", 500),
            ("-500", -50_000),
            ("+500", 50_000),
            ("0.125k", 12_500),
            (".5", 50),
            ("0,5", 50),
            ("12.5", 1_250),
        ];
        for (text, expected) in cases {
            assert_eq!(minor(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_typed_currency_wins() {
        let read = |text, default| Money::parse(text, default).map(|money| money.currency);

        assert_eq!(read("5 USD", currency("EUR")), Ok(currency("USD")));
        assert_eq!(read("$5", currency("AUD")), Ok(currency("AUD")));
        assert_eq!(read("$5", currency("EUR")), Ok(currency("USD")));
        assert_eq!(read("5", None), Ok(None));
    }

    #[test]
    fn a_currency_of_thousandths_reads_a_lone_mark_as_decimal() {
        assert_eq!(
            Money::parse("1.234 KWD", None),
            Ok(Money::new(1_234, currency("KWD")))
        );
        assert_eq!(
            Money::parse("500 JPY", None),
            Ok(Money::new(500, currency("JPY")))
        );
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let cases = [
            ("", MoneyError::Empty),
            ("abc", MoneyError::NotANumber),
            ("5x", MoneyError::NotANumber),
            ("1,23,4", MoneyError::NotANumber),
            ("1 2", MoneyError::NotANumber),
            ("1.2.3", MoneyError::NotANumber),
            ("--5", MoneyError::NotANumber),
            ("EUR", MoneyError::NotANumber),
            ("1..2", MoneyError::NotANumber),
            ("٣", MoneyError::NotANumber),
            ("1.2345", MoneyError::TooFine),
            ("99999999999999999999", MoneyError::TooLarge),
            (
                "9999999999999999999999999999999999999999bn",
                MoneyError::TooLarge,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(minor(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn storage_text_is_plain() {
        let cases = [
            (4_800_000, "EUR", "48000.00"),
            (5, "EUR", "0.05"),
            (-5, "EUR", "-0.05"),
            (500, "JPY", "500"),
            (1_234, "KWD", "1.234"),
        ];
        for (minor, code, text) in cases {
            assert_eq!(Money::new(minor, currency(code)).expose_for_storage(), text);
        }
    }

    #[test]
    fn arithmetic_stays_within_a_currency() {
        let (five, usd) = (
            Money::new(5, currency("EUR")),
            Money::new(5, currency("USD")),
        );

        assert_eq!(
            five.checked_add(five),
            Some(Money::new(10, currency("EUR")))
        );
        assert_eq!(five.checked_sub(five), Some(Money::new(0, currency("EUR"))));
        assert_eq!(five.checked_add(usd), None);
        assert_eq!(
            five.checked_add(Money::new(i64::MAX, currency("EUR"))),
            None
        );
        assert_eq!(five.cmp_within(usd), None);
        assert_eq!(five.cmp_within(five), Some(Ordering::Equal));
    }

    #[test]
    fn totals_are_one_a_currency() {
        let totals: Totals = [
            (5, "USD"),
            (7, "EUR"),
            (1, "USD"),
            (i64::MAX, "JPY"),
            (1, "JPY"),
        ]
        .into_iter()
        .map(|(minor, code)| Money::new(minor, currency(code)))
        .collect();

        let sums: Vec<_> = totals.iter().map(|money| money.minor).collect();
        assert_eq!(sums, [7, i64::MAX, 6]);
        assert!(Totals::default().is_empty());
    }

    #[test]
    fn debug_tells_no_amount() {
        assert_eq!(
            format!("{:?}", Money::new(4_800_000, currency("EUR"))),
            "Money(EUR)"
        );
        assert_eq!(format!("{:?}", Money::new(4_800_000, None)), "Money(-)");
    }

    proptest! {
        #[test]
        fn storage_text_is_read_back(minor: i64, code in "EUR|JPY|USD|ZZZ") {
            let money = Money::new(minor, currency(&code));
            let text = format!("{} {code}", money.expose_for_storage());
            prop_assert_eq!(Money::parse(&text, None), Ok(money));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}", digits in "[-0-9., '’kmbnEUR€$]{0,24}") {
            let _ = Money::parse(&text, None);
            let _ = Money::parse(&digits, currency("KWD"));
        }
    }
}
