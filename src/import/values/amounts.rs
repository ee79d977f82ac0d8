//! Amounts of money in the forms in which CRMs and spreadsheets write them.
//!
//! Arithmetic is on integers: an amount is exact or it is refused. Whether `1.234` is a thousand
//! or one and a bit is decided by column, see [`Tally::decide`].

use iso_currency::Currency;

/// Bytes of an amount with all that may stand around it.
const LONGEST: usize = 64;

/// Three letters of ISO 4217.
pub type Code = [u8; 3];

/// An amount in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Cents, or what the currency has; units of a currency that has none.
    pub minor: i64,
    /// None: the file does not say.
    pub currency: Option<Code>,
}

/// The mark before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `1,234.56`.
    Dot,
    /// `1.234,56`.
    Comma,
}

impl Mark {
    fn other(self) -> Self {
        match self {
            Self::Dot => Self::Comma,
            Self::Comma => Self::Dot,
        }
    }

    /// Returns the mark in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Dot => "decimal point",
            Self::Comma => "decimal comma",
        }
    }
}

/// Digits after the mark of a currency; 2 when it is not known.
pub(crate) fn exponent(currency: Option<Code>) -> u32 {
    let known = |code: Code| {
        let text = std::str::from_utf8(&code).ok()?;
        Currency::from_code(text)?.exponent()
    };
    // The usual ones without a search.
    match currency {
        None | Some([b'E', b'U', b'R'] | [b'U', b'S', b'D'] | [b'G', b'B', b'P']) => 2,
        Some(code) => known(code).map_or(2, u32::from),
    }
}

/// Returns the code of a currency by its code, symbol or name.
pub(crate) fn currency(text: &str) -> Option<Code> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        let upper = text.to_ascii_uppercase();
        if Currency::from_code(&upper).is_some() {
            return upper.as_bytes().try_into().ok();
        }
    }
    if let Some(code) = symbol(text) {
        return Some(code);
    }
    // `EUR - Euro`, `Euro (EUR)`, `US Dollar`.
    let name = text.to_lowercase();
    for (known, code) in NAMES {
        if name == *known || name.strip_suffix('s') == Some(*known) {
            return Some(**code);
        }
    }
    let mut codes = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 3 && Currency::from_code(word).is_some());
    codes
        .next()
        .filter(|_| text.len() > 3)?
        .as_bytes()
        .try_into()
        .ok()
}

/// Names as CRMs write them in a column of their own.
const NAMES: &[(&str, &Code)] = &[
    ("us dollar", b"USD"),
    ("российский рубль", b"RUB"),
    ("рубль", b"RUB"),
    ("рубли", b"RUB"),
    ("доллар сша", b"USD"),
    ("евро", b"EUR"),
    ("гривна", b"UAH"),
    ("тенге", b"KZT"),
    ("türk lirası", b"TRY"),
    ("amerikan doları", b"USD"),
    ("人民币", b"CNY"),
    ("美元", b"USD"),
    ("欧元", b"EUR"),
    ("日元", b"JPY"),
    ("u.s. dollar", b"USD"),
    ("dollar", b"USD"),
    ("euro", b"EUR"),
    ("british pound", b"GBP"),
    ("pound sterling", b"GBP"),
    ("pound", b"GBP"),
    ("swiss franc", b"CHF"),
    ("japanese yen", b"JPY"),
    ("yen", b"JPY"),
    ("canadian dollar", b"CAD"),
    ("australian dollar", b"AUD"),
    ("new zealand dollar", b"NZD"),
    ("singapore dollar", b"SGD"),
    ("hong kong dollar", b"HKD"),
    ("indian rupee", b"INR"),
    ("mexican peso", b"MXN"),
    ("colombian peso", b"COP"),
    ("brazilian real", b"BRL"),
    ("swedish krona", b"SEK"),
    ("norwegian krone", b"NOK"),
    ("danish krone", b"DKK"),
    ("polish zloty", b"PLN"),
    ("czech koruna", b"CZK"),
    ("south african rand", b"ZAR"),
    ("chinese yuan", b"CNY"),
    ("uae dirham", b"AED"),
    ("sol", b"PEN"),
    ("dollar américain", b"USD"),
    ("dollar des états-unis", b"USD"),
    ("us-dollar", b"USD"),
    ("amerikanischer dollar", b"USD"),
    ("dólar estadounidense", b"USD"),
    ("dólar americano", b"USD"),
    ("dollaro statunitense", b"USD"),
    ("amerikaanse dollar", b"USD"),
    ("amerikansk dollar", b"USD"),
    ("dolar amerykański", b"USD"),
    ("yhdysvaltain dollari", b"USD"),
    ("米ドル", b"USD"),
    ("us-dollars", b"USD"),
    ("britisches pfund", b"GBP"),
    ("livre sterling", b"GBP"),
    ("libra esterlina", b"GBP"),
    ("sterlina britannica", b"GBP"),
    ("schweizer franken", b"CHF"),
    ("franc suisse", b"CHF"),
    ("franco suizo", b"CHF"),
    ("franco svizzero", b"CHF"),
    ("peso mexicano", b"MXN"),
    ("peso colombiano", b"COP"),
    ("peso argentino", b"ARS"),
    ("peso chileno", b"CLP"),
    ("real brasileiro", b"BRL"),
    ("real brasileño", b"BRL"),
    ("svensk krona", b"SEK"),
    ("norsk krone", b"NOK"),
    ("dansk krone", b"DKK"),
    ("złoty", b"PLN"),
    ("złoty polski", b"PLN"),
    ("polish złoty", b"PLN"),
    ("日本円", b"JPY"),
    ("円", b"JPY"),
    ("ユーロ", b"EUR"),
    ("turkish lira", b"TRY"),
    ("russian ruble", b"RUB"),
    ("south korean won", b"KRW"),
    ("israeli new shekel", b"ILS"),
    ("hungarian forint", b"HUF"),
    ("romanian leu", b"RON"),
    ("thai baht", b"THB"),
    ("saudi riyal", b"SAR"),
    ("peruvian sol", b"PEN"),
];

/// Symbols; the longer ones first, for `R$` has a `$` in it.
const SYMBOLS: &[(&str, &Code)] = &[
    ("US$", b"USD"),
    ("руб", b"RUB"),
    ("грн", b"UAH"),
    ("тг", b"KZT"),
    ("₸", b"KZT"),
    ("лв", b"BGN"),
    ("Ft", b"HUF"),
    ("lei", b"RON"),
    ("TL", b"TRY"),
    ("RMB", b"CNY"),
    ("₱", b"PHP"),
    ("₦", b"NGN"),
    ("Rp", b"IDR"),
    ("RM", b"MYR"),
    ("CA$", b"CAD"),
    ("AU$", b"AUD"),
    ("NZ$", b"NZD"),
    ("HK$", b"HKD"),
    ("MX$", b"MXN"),
    ("S/", b"PEN"),
    ("円", b"JPY"),
    ("￥", b"JPY"),
    ("元", b"CNY"),
    ("R$", b"BRL"),
    ("C$", b"CAD"),
    ("A$", b"AUD"),
    ("S$", b"SGD"),
    ("$", b"USD"),
    ("€", b"EUR"),
    ("£", b"GBP"),
    ("¥", b"JPY"),
    ("₹", b"INR"),
    ("₩", b"KRW"),
    ("₺", b"TRY"),
    ("₽", b"RUB"),
    ("₪", b"ILS"),
    ("฿", b"THB"),
    ("₫", b"VND"),
    ("₴", b"UAH"),
    ("zł", b"PLN"),
    ("Kč", b"CZK"),
    ("Rs", b"INR"),
    ("Fr", b"CHF"),
    ("SFr", b"CHF"),
];

fn symbol(text: &str) -> Option<Code> {
    let text = text.trim_end_matches('.');
    SYMBOLS
        .iter()
        .find(|(symbol, _)| *symbol == text)
        .map(|(_, code)| **code)
}

/// Words that multiply.
fn factor(word: &str) -> Option<i128> {
    let word = word.to_lowercase();
    Some(match word.as_str() {
        "k" | "tsd" | "mil" | "thousand" | "tausend" | "тыс" => 1_000,
        "万" | "萬" => 10_000,
        "lakh" | "lakhs" | "lac" | "lacs" => 100_000,
        "m" | "mm" | "mn" | "mio" | "mln" | "million" | "millions" | "millionen" | "млн" => {
            1_000_000
        }
        "cr" | "crore" | "crores" => 10_000_000,
        "億" | "亿" => 100_000_000,
        "b" | "bn" | "mrd" | "billion" | "milliarden" | "млрд" => 1_000_000_000,
        _ => return None,
    })
}

/// A cell without its column: what is not digits and marks is understood.
struct Bare {
    is_negative: bool,
    /// Digits, points and commas; a blank where a blank or an apostrophe stood between digits.
    digits: String,
    /// Whether there is such a blank.
    is_spaced: bool,
    factor: i128,
    currency: Option<Code>,
    /// A short word behind the digits that is no currency: `HA`, `pcs`.
    has_unit: bool,
}

/// An amount as whole units and a fraction in text, without rounding.
fn bare(cell: &str) -> Result<Bare, &'static str> {
    const NO: &str = "is no amount";
    if cell.len() > LONGEST {
        return Err(NO);
    }
    if let Some(narrow) = super::narrow(cell) {
        return bare(&narrow);
    }
    let mut out = Bare {
        is_negative: false,
        digits: String::with_capacity(cell.len()),
        is_spaced: false,
        factor: 1,
        currency: None,
        has_unit: false,
    };
    let mut rest = cell;
    let (mut has_gap, mut is_over) = (false, false);
    while let Some(c) = rest.chars().next() {
        let mut next = c.len_utf8();
        match c {
            '0'..='9' | '.' | ',' if !is_over => {
                if has_gap && !out.digits.is_empty() {
                    out.is_spaced = true;
                    out.digits.push(' ');
                }
                has_gap = false;
                out.digits.push(c);
            }
            // `12.-` has no cents, it is not below zero.
            // `48'000.–`
            '-' | '\u{2013}' | '\u{2014}' if out.digits.ends_with(['.', ',']) => is_over = true,
            // The sign of the yen, and of the won, in the code pages of their countries: which of
            // them it is, the cell does not say.
            '\\' | '~' | '\u{2248}' | '+' if out.digits.is_empty() => {}
            '-' | '\u{2212}' if !out.is_negative => {
                out.is_negative = true;
                is_over = !out.digits.is_empty();
            }
            '(' if out.digits.is_empty() && cell.ends_with(')') => out.is_negative = true,
            ')' if !out.digits.is_empty() => is_over = true,
            '\'' | '\u{2019}' | '_' => has_gap = true,
            c if c.is_whitespace() => has_gap = true,
            '0'..='9' | '.' | ',' | '+' | '(' | ')' => return Err(NO),
            _ => {
                is_over = !out.digits.is_empty();
                let end = rest
                    .find(|c: char| c.is_whitespace() || "0123456789+-.,()\u{2212}".contains(c))
                    .unwrap_or(rest.len());
                let word = &rest[..end];
                next = end;
                if let Some(times) = factor(word).filter(|_| !out.digits.is_empty()) {
                    out.factor = times;
                } else if let Some(code) = symbol(word).or_else(|| iso(word)) {
                    // `1.5K USD`: the first that is named counts, unless it was a bare `$`.
                    out.currency = Some(code);
                } else if let Some((code, times)) = both(word) {
                    (out.currency, out.factor) = (Some(code), times);
                } else if out.digits.is_empty() && is_about(word) {
                    // `ca. 5000`
                } else if is_over
                    && is_unit(word)
                    && rest[end..].trim_matches(['.', ' ']).is_empty()
                {
                    out.has_unit = true;
                } else {
                    return Err(if word == "%" { "is a percentage" } else { NO });
                }
                // The point of `Rs.` and `Fr.` is no mark.
                if (out.digits.is_empty() || is_over) && rest[end..].starts_with('.') {
                    next += 1;
                }
            }
        }
        rest = &rest[next..];
    }
    // A mark at the end, as in `12.-` or `12,`, is none.
    while out.digits.ends_with(['.', ',']) {
        out.digits.pop();
    }
    if out.digits.bytes().any(|b| b.is_ascii_digit()) {
        Ok(out)
    } else {
        Err(NO)
    }
}

/// Whether a word may be the unit of what is counted: `5360 HA`.
/// Whether a word before a number says that it is no exact one.
fn is_about(word: &str) -> bool {
    [
        "ca", "circa", "approx", "about", "etwa", "env", "environ", "c",
    ]
    .iter()
    .any(|about| word.eq_ignore_ascii_case(about))
}

fn is_unit(word: &str) -> bool {
    word.chars().count() <= 4 && word.chars().all(char::is_alphabetic)
}

fn iso(word: &str) -> Option<Code> {
    if word.len() != 3 || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    currency(word)
}

/// `K€`, `MEUR`, `M$`: a factor and a currency in one word.
fn both(word: &str) -> Option<(Code, i128)> {
    word.char_indices().skip(1).find_map(|(at, _)| {
        let (a, b) = word.split_at(at);
        let code = |text: &str| symbol(text).or_else(|| iso(text));
        // `TEUR`, `T€`: thousands.
        let before = if matches!(a, "T" | "t") {
            Some(1_000)
        } else {
            factor(a)
        };
        match (before, code(b), code(a), factor(b)) {
            (Some(times), Some(code), _, _) | (_, _, Some(code), Some(times)) => {
                Some((code, times))
            }
            _ => None,
        }
    })
}

/// Splits digits at the decimal mark; none when they do not fit it.
fn split(digits: &str, mark: Mark) -> Option<(&str, &str)> {
    let (decimal, group) = match mark {
        Mark::Dot => ('.', ','),
        Mark::Comma => (',', '.'),
    };
    let (whole, fraction) = digits.split_once(decimal).unwrap_or((digits, ""));
    if fraction.contains([decimal, group, ' ']) {
        return None;
    }
    let mut groups = whole.split([group, ' ']);
    let first = groups.next()?;
    let mut last = 3;
    for part in groups {
        // India groups by two after the first thousand.
        if !(2..=3).contains(&part.len()) || first.is_empty() || first.len() > 3 {
            return None;
        }
        last = part.len();
    }
    (last == 3).then_some((whole, fraction))
}

/// Reads an amount of a column with this mark. `default` is the currency where the cell names none.
pub(crate) fn read(cell: &str, mark: Mark, default: Option<Code>) -> Result<Amount, &'static str> {
    if let Some(amount) = plain(cell, mark, default) {
        return Ok(amount);
    }
    if let Some(minor) = scientific(cell, default) {
        return minor.map(|minor| Amount {
            minor,
            currency: default,
        });
    }
    let bare = bare(cell)?;
    let currency = match (default, bare.currency) {
        // A bare `$` is the dollar of the column, if it is one.
        (Some(given), Some([b'U', b'S', b'D'])) if cell.contains('$') => Some(given),
        (given, None) => given,
        (_, named) => named,
    };
    // A cell that the mark of its column does not fit can have only one other reading.
    let parts = split(&bare.digits, mark).or_else(|| split(&bare.digits, mark.other()));
    let Some((whole, fraction)) = parts else {
        return Err(match mark {
            Mark::Dot => "is no amount with a decimal point",
            Mark::Comma => "is no amount with a decimal comma",
        });
    };
    let minor = minor(whole, fraction, bare.factor, exponent(currency))?;
    Ok(Amount {
        minor: if bare.is_negative { -minor } else { minor },
        currency,
    })
}

/// Whether a cell is an amount, however its mark is read.
pub(crate) fn is_amount(cell: &str) -> bool {
    bare(cell).is_ok() || scientific(cell, None).is_some()
}

/// The fast path: digits, at most one decimal mark, a sign.
fn plain(cell: &str, mark: Mark, default: Option<Code>) -> Option<Amount> {
    let b = cell.as_bytes();
    if b.len() > 15 {
        return None;
    }
    let (is_negative, b) = match b {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, b),
    };
    let decimal = match mark {
        Mark::Dot => b'.',
        Mark::Comma => b',',
    };
    let exponent = exponent(default);
    let mut value: i64 = 0;
    let mut places = None;
    for &byte in b {
        if byte.is_ascii_digit() {
            value = value * 10 + i64::from(byte - b'0');
            if let Some(n) = &mut places {
                *n += 1;
            }
        } else if byte == decimal && places.is_none() {
            places = Some(0);
        } else {
            return None;
        }
    }
    let missing = exponent.checked_sub(places.unwrap_or(0))?;
    if b.is_empty() || b == [decimal] {
        return None;
    }
    let minor = value.checked_mul(10_i64.pow(missing))?;
    Some(Amount {
        minor: if is_negative { -minor } else { minor },
        currency: default,
    })
}

/// `1.5E+06`, as spreadsheets write long numbers.
fn scientific(cell: &str, currency: Option<Code>) -> Option<Result<i64, &'static str>> {
    let at = cell.find(['e', 'E'])?;
    let (mantissa, power) = (&cell[..at], &cell[at + 1..]);
    let power: i32 = power.parse().ok()?;
    if !mantissa
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
        || !(0..=18).contains(&power)
    {
        return None;
    }
    let is_negative = mantissa.starts_with('-');
    let (whole, fraction) = split(mantissa.trim_start_matches('-'), Mark::Dot)?;
    let value = minor(
        whole,
        fraction,
        10_i128.pow(power as u32),
        exponent(currency),
    );
    Some(value.map(|minor| if is_negative { -minor } else { minor }))
}

/// Whole and fraction times a factor in minor units, rounded half away from zero.
fn minor(whole: &str, fraction: &str, factor: i128, exponent: u32) -> Result<i64, &'static str> {
    const LARGE: &str = "is too large an amount";
    let fraction = fraction.get(..fraction.len().min(12)).unwrap_or_default();
    let mut value: i128 = 0;
    for byte in whole
        .bytes()
        .chain(fraction.bytes())
        .filter(u8::is_ascii_digit)
    {
        value = value * 10 + i128::from(byte - b'0');
        if value > 10_i128.pow(32) {
            return Err(LARGE);
        }
    }
    let value = value
        .checked_mul(factor)
        .and_then(|v| v.checked_mul(10_i128.pow(exponent)))
        .ok_or(LARGE)?;
    let divisor = 10_i128.pow(fraction.len() as u32);
    i64::try_from((value + divisor / 2) / divisor).map_err(|_too_large| LARGE)
}

/// How often an amount of this period is due in a year: 12 for a monthly one, 1 for one that is
/// due once or every year; none for a word that is no period.
pub(crate) fn per_year(period: &str) -> Option<i64> {
    let word = super::super::text::key(period);
    Some(match word.as_str() {
        "onetime" | "once" | "single" | "einmalig" | "unique" | "único" | "unico" | "annual"
        | "annually" | "yearly" | "year" | "peryear" | "jährlich" | "annuel" | "anual"
        | "annuale" | "jaarlijks" => 1,
        "halfyearly" | "semiannual" | "semiannually" => 2,
        "quarterly" | "quarter" | "perquarter" | "vierteljährlich" | "trimestriel"
        | "trimestral" => 4,
        "monthly" | "month" | "permonth" | "monatlich" | "mensuel" | "mensual" | "mensal"
        | "mensile" | "maandelijks" => 12,
        "weekly" | "week" | "perweek" | "wöchentlich" => 52,
        _ => return None,
    })
}

/// What the sample of a column says about its mark.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    dot: u64,
    comma: u64,
    /// One point with three digits behind it, and nothing else.
    dot_three: u64,
    comma_three: u64,
    /// Numbers of four digits and more without any grouping.
    ungrouped: u64,
    /// Whether a cell names its currency.
    pub(crate) has_currency: bool,
    /// A cell with a bare `$`.
    pub(crate) dollar: Option<String>,
    /// A cell with a unit behind its number.
    pub(crate) unit: Option<String>,
    decider: Option<String>,
    unclear: Option<String>,
}

/// The mark of a column, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) mark: Mark,
    /// None when cells prove it or none needs it.
    pub(crate) assumed: Option<&'static str>,
    pub(crate) example: Option<String>,
}

impl Tally {
    /// Counts a cell.
    pub(crate) fn add(&mut self, cell: &str) {
        let Ok(bare) = bare(cell) else { return };
        self.has_currency |= bare.currency.is_some();
        if bare.has_unit && self.unit.is_none() {
            self.unit = Some(cell.to_owned());
        }
        if self.dollar.is_none()
            && bare.currency == Some(*b"USD")
            && cell.contains('$')
            && !cell.contains("US")
        {
            self.dollar = Some(cell.to_owned());
        }
        let digits = bare.digits.as_str();
        let dots = digits.matches('.').count();
        let commas = digits.matches(',').count();
        let clear = match (dots, commas) {
            (0, 0) => {
                self.ungrouped += u64::from(digits.len() >= 4 && !bare.is_spaced);
                return;
            }
            (1.., 1..) => {
                if digits.rfind('.') > digits.rfind(',') {
                    Mark::Dot
                } else {
                    Mark::Comma
                }
            }
            (2.., 0) => Mark::Comma,
            (0, 2..) => Mark::Dot,
            (1, 0) | (0, 1) => {
                let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
                let own = if dots == 1 { Mark::Dot } else { Mark::Comma };
                let is_group = fraction.len() == 3
                    && (1..=3).contains(&whole.len())
                    && !whole.starts_with('0')
                    && !bare.is_spaced;
                if is_group {
                    let count = if dots == 1 {
                        &mut self.dot_three
                    } else {
                        &mut self.comma_three
                    };
                    *count += 1;
                    self.unclear.get_or_insert_with(|| cell.to_owned());
                    return;
                }
                own
            }
        };
        match clear {
            Mark::Dot => self.dot += 1,
            Mark::Comma => self.comma += 1,
        }
        self.decider.get_or_insert_with(|| cell.to_owned());
    }

    /// The mark that cells prove, if they do.
    pub(crate) fn proven(&self) -> Option<Mark> {
        (self.dot + self.comma > 0).then(|| self.decide().mark)
    }

    /// Decides the mark of the column.
    pub(crate) fn decide(&self) -> Decision {
        if self.dot + self.comma > 0 {
            let mark = if self.comma > self.dot {
                Mark::Comma
            } else {
                Mark::Dot
            };
            let is_mixed = self.dot.min(self.comma) > 0;
            let assumed = is_mixed.then_some("both marks occur; the more frequent one was taken");
            return Decision {
                mark,
                assumed,
                example: self.decider.clone(),
            };
        }
        let example = self.unclear.clone();
        let (mark, assumed) = match (self.dot_three > 0, self.comma_three > 0) {
            (false, false) => (Mark::Dot, None),
            // Both, each with three digits behind: one groups thousands, the other cannot.
            (true, true) => (
                Mark::Dot,
                Some("points and commas occur alone; commas group"),
            ),
            (true, false) if self.ungrouped > 0 => {
                (Mark::Dot, Some("other rows have thousands without a mark"))
            }
            (false, true) if self.ungrouped > 0 => (
                Mark::Comma,
                Some("other rows have thousands without a mark"),
            ),
            (true, false) => (
                Mark::Comma,
                Some("always three digits behind the point: it groups"),
            ),
            (false, true) => (
                Mark::Dot,
                Some("always three digits behind the comma: it groups"),
            ),
        };
        Decision {
            mark,
            assumed,
            example,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn minor(cell: &str, mark: Mark) -> Option<i64> {
        read(cell, mark, None).ok().map(|amount| amount.minor)
    }

    #[test]
    fn thousands_lakhs_wide_digits_and_signs_of_other_countries_are_read() {
        for (cell, minor, code) in [
            ("2 Mio.", 200_000_000, ""),
            ("1.1 million", 110_000_000, ""),
            ("US$1.2M", 120_000_000, "USD"),
            ("TEUR 12", 1_200_000, "EUR"),
            ("48 T\u{20ac}", 4_800_000, "EUR"),
            ("\u{20b9}12,34,567", 123_456_700, "INR"),
            ("5 lakh", 50_000_000, ""),
            (
                "\u{ff14}\u{ff18}\u{ff0c}\u{ff10}\u{ff10}\u{ff10}円",
                48_000,
                "JPY",
            ),
            ("120万円", 1_200_000, "JPY"),
            ("\\48,000", 4_800_000, ""),
            ("48'000.\u{2013}", 4_800_000, ""),
            ("1 234,50 руб.", 123_450, "RUB"),
            ("150 тыс. руб", 15_000_000, "RUB"),
            ("ca. 5000", 500_000, ""),
            ("48.000,00 kr.", 4_800_000, ""),
        ] {
            let amount = read(cell, Mark::Dot, None);
            let code = Some(code.as_bytes()).filter(|code| !code.is_empty());
            let found = amount.as_ref().map(|amount| amount.minor);
            assert_eq!(found, Ok(minor), "{cell}");
            let found = amount.ok().and_then(|amount| amount.currency);
            assert_eq!(found.as_ref().map(|code| &code[..]), code, "{cell}");
        }
    }

    #[test]
    fn amounts_of_all_forms_are_read() {
        for (cell, mark, expected) in [
            ("1054", Mark::Dot, 105_400),
            ("30000.0", Mark::Dot, 3_000_000),
            ("$22,700.00", Mark::Dot, 2_270_000),
            ("$1,117.10K", Mark::Dot, 111_710_000),
            ("1.2M", Mark::Dot, 120_000_000),
            ("USD 450,000.00", Mark::Dot, 45_000_000),
            ("120\u{202f}000", Mark::Dot, 12_000_000),
            ("120 000,5 €", Mark::Comma, 12_000_050),
            ("9350,09", Mark::Comma, 935_009),
            ("1.234,56", Mark::Comma, 123_456),
            ("1'234.50", Mark::Dot, 123_450),
            ("12,34,567.00", Mark::Dot, 123_456_700),
            ("-12000", Mark::Dot, -1_200_000),
            ("(12,000.00)", Mark::Dot, -1_200_000),
            ("12000-", Mark::Dot, -1_200_000),
            ("1.5E+06", Mark::Dot, 150_000_000),
            ("0.005", Mark::Dot, 1),
            ("3,5 M€", Mark::Comma, 350_000_000),
            ("Rs. 1,00,000", Mark::Dot, 10_000_000),
            ("12.-", Mark::Dot, 1200),
        ] {
            assert_eq!(minor(cell, mark), Some(expected), "{cell}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for cell in [
            "5360 hectares",
            "abc",
            "12%",
            "1,2,3",
            "1.2.3",
            "12-34",
            "1)2",
            "12 34",
            "5 k 3",
            "-",
            "$",
            "99999999999999999999",
        ] {
            assert!(read(cell, Mark::Dot, None).is_err(), "{cell}");
        }
        assert_eq!(minor("1.234,56,7", Mark::Dot), None);
        assert_eq!(
            minor("1.234,56", Mark::Dot),
            Some(123_456),
            "there is no other reading"
        );
    }

    #[test]
    fn the_currency_gives_the_minor_unit() {
        assert_eq!(read("1500", Mark::Dot, Some(*b"JPY")).unwrap().minor, 1500);
        assert_eq!(read("1.5", Mark::Dot, Some(*b"KWD")).unwrap().minor, 1500);
        let named = read("€12", Mark::Dot, Some(*b"USD")).unwrap();
        assert_eq!(named.currency, Some(*b"EUR"));
        assert_eq!(
            read("$12", Mark::Dot, Some(*b"CAD")).unwrap().currency,
            Some(*b"CAD")
        );
    }

    #[test]
    fn currencies_are_known_by_code_symbol_and_name() {
        for (text, code) in [
            ("eur", b"EUR"),
            ("US Dollar", b"USD"),
            ("€", b"EUR"),
            ("EUR - Euro", b"EUR"),
            ("R$", b"BRL"),
        ] {
            assert_eq!(currency(text), Some(*code), "{text}");
        }
        assert_eq!(currency("gold"), None);
    }

    #[test]
    fn the_column_decides_the_mark() {
        let decide = |cells: &[&str]| {
            let mut tally = Tally::default();
            for cell in cells {
                tally.add(cell);
            }
            tally.decide()
        };

        assert_eq!(decide(&["1.234", "9.350,09"]).mark, Mark::Comma);
        assert_eq!(decide(&["1.234", "12.5"]).mark, Mark::Dot);
        assert_eq!(decide(&["1,234", "22,700.00"]).mark, Mark::Dot);
        assert_eq!(decide(&["1,234", "22,700.00"]).assumed, None);
        assert_eq!(decide(&["1.234", "5.000"]).mark, Mark::Comma);
        assert!(decide(&["1.234", "5.000"]).assumed.is_some());
        assert_eq!(decide(&["1.234", "5000"]).mark, Mark::Dot);
        assert_eq!(
            decide(&["12", "50"]),
            Decision {
                mark: Mark::Dot,
                assumed: None,
                example: None
            }
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(cell in ".{1,30}|[-0-9., $€kKM()]{1,30}") {
            let _ = read(cell.trim(), Mark::Dot, None);
            let _ = read(cell.trim(), Mark::Comma, Some(*b"JPY"));
            Tally::default().add(cell.trim());
        }

        #[test]
        fn an_amount_written_is_the_amount_read(minor in -10_i64.pow(14)..10_i64.pow(14)) {
            let sign = if minor < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100);
            prop_assert_eq!(read(&text, Mark::Dot, None).unwrap().minor, minor);
        }
    }
}
