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
    if let Some(code) = named(text) {
        return Some(code);
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

fn named(text: &str) -> Option<Code> {
    let name = text.to_lowercase();
    NAMES
        .iter()
        .find(|(known, _)| name == *known || name.strip_suffix('s') == Some(*known))
        .map(|(_, code)| **code)
}

/// Names as CRMs write them in a column of their own.
const NAMES: &[(&str, &Code)] = &[
    ("us dollar", b"USD"),
    ("российский рубль", b"RUB"),
    ("рубль", b"RUB"),
    ("рубли", b"RUB"),
    ("рублей", b"RUB"),
    ("рубля", b"RUB"),
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
    ("RD$", b"DOP"),
    ("NT$", b"TWD"),
    ("COP$", b"COP"),
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
    ("원", b"KRW"),
    ("R", b"ZAR"),
    ("SR", b"SAR"),
    ("Dhs", b"AED"),
    ("KSh", b"KES"),
    ("Ksh", b"KES"),
    ("DA", b"DZD"),
    ("Skr", b"SEK"),
    ("Nkr", b"NOK"),
    ("Dkr", b"DKK"),
];

/// Marks of money of several countries, which do not say of which.
const VAGUE: [&str; 11] = [
    "kr", "Kr", "KR", "Dh", "DH", "dh", "F", "CFA", "FCFA", "Bs", "BS",
];

fn is_vague(word: &str) -> bool {
    VAGUE.contains(&word.trim_end_matches('.'))
}

fn symbol(text: &str) -> Option<Code> {
    let text = text.trim_end_matches('.');
    SYMBOLS
        .iter()
        .find(|(symbol, _)| *symbol == text)
        .map(|(_, code)| **code)
}

/// Words that multiply. `mil` is a thousand where nothing makes a million of it, see [`read`].
fn factor(word: &str) -> Option<i128> {
    let word = word.to_lowercase();
    Some(match word.as_str() {
        "k" | "tsd" | "mil" | "thousand" | "thousands" | "tausend" | "ths" | "тыс" | "тысяч"
        | "тис" | "tys" | "tysięcy" | "tis" | "tisíc" | "mille" | "milliers" | "miles"
        | "milhares" | "mila" | "migliaia" | "duizend" | "duizenden" | "tusen" | "tusental"
        | "tusind" | "tusinde" | "tuhatta" | "ezer" | "bin" | "rb" | "ribu" | "千" | "천" => {
            1_000
        }
        "万" | "萬" | "만" => 10_000,
        "lakh" | "lakhs" | "lac" | "lacs" => 100_000,
        "m" | "mm" | "mn" | "mio" | "mln" | "million" | "millions" | "millionen" | "mill"
        | "млн" | "millón" | "millones" | "mi" | "milhão" | "milhões" | "milione" | "milioni"
        | "miljoen" | "milj" | "miljon" | "miljoner" | "millioner" | "milionów" | "milyon"
        | "jt" | "juta" | "triệu" | "百万" | "백만" => 1_000_000,
        "cr" | "crore" | "crores" | "千万" | "천만" => 10_000_000,
        "億" | "亿" | "억" => 100_000_000,
        "b" | "bn" | "mrd" | "mld" | "md" | "mds" | "mia" | "billion" | "billions"
        | "milliarden" | "milliard" | "milliards" | "miliardi" | "miliar" | "milyar"
        | "miljard" | "bi" | "bilhões" | "млрд" | "tỷ" | "十億" | "十亿" | "십억" => {
            1_000_000_000
        }
        _ => return counted(&word),
    })
}

/// A unit in figures, as headers have it: `1000`, `x1000`, `000s`.
fn counted(word: &str) -> Option<i128> {
    let word = word.trim_start_matches(['x', '×']).trim_end_matches('s');
    let zeros = word.strip_prefix('1').unwrap_or(word);
    let is_power = (3..=9).contains(&zeros.len()) && zeros.bytes().all(|b| b == b'0');
    is_power.then(|| 10_i128.pow(zeros.len() as u32))
}

/// The unit in which a header says that its amounts are, and its currency: `k€`, `Mio. €`,
/// `百万円`, `тыс. руб.`, `in 1000 EUR`.
pub(crate) fn unit(text: &str) -> Option<(Option<Code>, i128)> {
    const FILLERS: [&str; 9] = ["in", "of", "de", "di", "en", "von", "w", "i", "в"];
    let word: String = text
        .split_whitespace()
        .filter(|word| !FILLERS.contains(&word.to_lowercase().as_str()))
        .flat_map(str::chars)
        .filter(|c| !".,'’".contains(*c))
        .collect();
    if symbol(&word).or_else(|| iso(&word)).is_some() {
        return None;
    }
    let (currency, times) = match factor(&word) {
        Some(times) => (None, times),
        None => both(&word)?,
    };
    // `($ mil)` is of millions where English is spoken.
    let is_mil = begins_mil(&word) || word.to_lowercase().ends_with("mil");
    let is_clear = !is_mil || currency == Some(*b"BRL");
    is_clear.then_some((currency, times))
}

/// Returns one unit of a column of amounts in words: `1k`.
pub(crate) fn unit_in_words(times: i128) -> String {
    const WORDS: [(i128, &str); 7] = [
        (1_000, "1k"),
        (10_000, "10k"),
        (100_000, "1 lakh"),
        (1_000_000, "1m"),
        (10_000_000, "1 crore"),
        (100_000_000, "100m"),
        (1_000_000_000, "1bn"),
    ];
    let known = WORDS.iter().find(|(unit, _)| *unit == times);
    known.map_or_else(|| times.to_string(), |(_, words)| (*words).to_owned())
}

/// Whether a word is a thousand in Spanish and Portuguese, and short for a million in English.
fn is_mil(word: &str) -> bool {
    word.eq_ignore_ascii_case("mil")
}

/// Whether a word of a number and a currency begins so.
fn begins_mil(word: &str) -> bool {
    let money = word.get(3..).filter(|_| word.get(..3).is_some_and(is_mil));
    money.is_some_and(|rest| rest.is_empty() || symbol(rest).or_else(|| iso(rest)).is_some())
}

/// Ends that say that an amount is one of a year, as all amounts are taken to be.
const YEARLY: [&str; 10] = [
    " p.a.",
    " p.a",
    " p. a.",
    " pa",
    " per annum",
    " per year",
    " pro jahr",
    "/jahr",
    "/year",
    "/yr",
];

fn without_year(cell: &str) -> &str {
    YEARLY
        .iter()
        .find_map(|end| {
            let at = cell.len().checked_sub(end.len())?;
            let is_there = cell.get(at..)?.eq_ignore_ascii_case(end);
            is_there.then(|| cell[..at].trim_end())
        })
        .unwrap_or(cell)
}

/// `1億2000万円` as `12000万円`; none for a cell with less than both.
fn joined(cell: &str) -> Option<String> {
    let (large, rest) = cell.split_once(['億', '亿', '억'])?;
    let end = rest.find(['万', '萬', '만'])?;
    let begin = large.find(|c: char| c.is_ascii_digit())?;
    let digits = |text: &str| {
        let text: String = text.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        let is_whole = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        is_whole.then_some(text)
    };
    let (large, small) = (digits(&large[begin..])?, digits(&rest[..end])?);
    let before = &cell[..begin];
    (small.len() <= 4).then(|| format!("{before}{large}{small:0>4}{}", &rest[end..]))
}

/// A word that is one number to some, and another one or none to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Double {
    /// `mil`: a thousand, or a million.
    Mil,
    /// `L`: a lakh of rupees, or litres.
    Lakh,
}

/// A cell without its column: what is not digits and marks is understood.
struct Bare {
    is_negative: bool,
    /// Digits, points and commas; a blank where a blank or an apostrophe stood between digits.
    digits: String,
    factor: i128,
    currency: Option<Code>,
    /// A short word behind the digits that is no currency: `HA`, `pcs`.
    has_unit: bool,
    /// A mark of money that does not say whose: `kr`.
    is_vague: bool,
    /// A word behind the digits that may stand for two numbers.
    double: Option<Double>,
    /// The decimal mark that a whole amount shows by what groups it: `12.500,-`.
    shown: Option<Mark>,
}

impl Bare {
    /// The factor with that of one more word; of two words only `mil millones` are one number.
    fn times(&self, word: i128) -> Option<i128> {
        match (self.factor, word, self.double) {
            (1, word, None) => Some(word),
            (1_000, 1_000_000, Some(Double::Mil)) => Some(1_000_000_000),
            _ => None,
        }
    }
}

/// Dashes that stand for no cents.
const DASHES: [char; 3] = ['-', '\u{2013}', '\u{2014}'];

/// An amount as whole units and a fraction in text, without rounding.
fn bare(cell: &str) -> Result<Bare, &'static str> {
    const NO: &str = "is no amount";
    if cell.len() > LONGEST {
        return Err(NO);
    }
    if let Some(narrow) = super::narrow(cell) {
        return bare(&narrow);
    }
    if !cell.is_ascii()
        && let Some(joined) = joined(cell)
    {
        return bare(&joined);
    }
    let cell = without_year(cell);
    let mut out = Bare {
        is_negative: false,
        digits: String::with_capacity(cell.len()),
        factor: 1,
        currency: None,
        has_unit: false,
        is_vague: false,
        double: None,
        shown: None,
    };
    let mut rest = cell;
    let (mut has_gap, mut is_over, mut is_whole) = (false, false, false);
    while let Some(c) = rest.chars().next() {
        let mut next = c.len_utf8();
        match c {
            '0'..='9' | '.' | ',' if !is_over => {
                if has_gap && !out.digits.is_empty() {
                    out.digits.push(' ');
                }
                has_gap = false;
                out.digits.push(c);
            }
            // `12.-`, `48'000.–` and `12.500,--` have no cents, they are not below zero.
            '-' | '\u{2013}' | '\u{2014}' if is_whole || out.digits.ends_with(['.', ',']) => {
                (is_over, is_whole) = (true, true);
            }
            // `12 500:-`, `48,000/-`
            ':' | '/' if !is_over && !out.digits.is_empty() && rest[1..].starts_with(DASHES) => {
                (is_over, is_whole) = (true, true);
            }
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
                let is_thousand =
                    is_over && word.eq_ignore_ascii_case("t") && is_before_money(&rest[end..]);
                let times = Some(1_000).filter(|_| is_thousand);
                if let Some(times) = times.or_else(|| factor(word)).filter(|_| is_over) {
                    out.factor = out.times(times).ok_or(NO)?;
                    out.double = is_mil(word).then_some(Double::Mil);
                } else if let Some(code) = symbol(word).or_else(|| iso(word)) {
                    // `1.5K USD`: the first that is named counts, unless it was a bare `$`.
                    out.currency = Some(code);
                } else if let Some((code, times)) = both(word) {
                    out.currency = code.or(out.currency);
                    out.is_vague |= code.is_none();
                    out.double = begins_mil(word).then_some(Double::Mil);
                    out.factor = out.times(times).ok_or(NO)?;
                } else if is_vague(word) {
                    out.is_vague = true;
                } else if is_over && word.eq_ignore_ascii_case("l") {
                    out.times(1).ok_or(NO)?;
                    out.double = Some(Double::Lakh);
                } else if let Some(code) = named(word) {
                    out.currency = Some(code);
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
    if is_whole {
        // What is left of marks groups thousands.
        out.shown = match (out.digits.contains('.'), out.digits.contains(',')) {
            (true, true) => return Err(NO),
            (true, false) => Some(Mark::Comma),
            (false, true) => Some(Mark::Dot),
            (false, false) => None,
        };
        if out.shown.is_some() {
            out.digits = out.digits.replace(['.', ','], " ");
        }
    }
    if out.digits.bytes().any(|b| b.is_ascii_digit()) {
        Ok(out)
    } else {
        Err(NO)
    }
}

/// Whether a word before a number says that it is no exact one.
fn is_about(word: &str) -> bool {
    [
        "ca", "circa", "approx", "about", "etwa", "env", "environ", "c",
    ]
    .iter()
    .any(|about| word.eq_ignore_ascii_case(about))
}

/// Whether a word may be the unit of what is counted: `5360 HA`.
fn is_unit(word: &str) -> bool {
    word.chars().count() <= 4 && word.chars().all(char::is_alphabetic)
}

fn iso(word: &str) -> Option<Code> {
    if word.len() != 3 || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    currency(word)
}

/// Whether what follows begins with money: behind a number `t. kr` are thousands, `t` are tonnes.
fn is_before_money(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['.', ' ', '\u{a0}']);
    let word = rest.split([' ', '\u{a0}', '.']).next().unwrap_or_default();
    symbol(word).or_else(|| iso(word)).is_some() || is_vague(word)
}

/// `K€`, `MEUR`, `M$`, `mkr`: a factor and a currency in one word, which may not say whose.
fn both(word: &str) -> Option<(Option<Code>, i128)> {
    let money = |text: &str| {
        // An `R` within a word is none of the rand.
        let known = symbol(text).filter(|_| text != "R").or_else(|| iso(text));
        match known.or_else(|| named(text)) {
            None if is_vague(text) => Some(None),
            None => None,
            Some(code) => Some(Some(code)),
        }
    };
    word.char_indices().skip(1).find_map(|(at, _)| {
        let (a, b) = word.split_at(at);
        // `TEUR`, `T€`: thousands.
        let before = if matches!(a, "T" | "t") {
            Some(1_000)
        } else {
            factor(a)
        };
        let of = |times: Option<i128>, text| Some((money(text)?, times?));
        of(before, b).or_else(|| of(factor(b), a))
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
    read_in(cell, mark, default, 1)
}

/// Reads an amount of a column that is in units of `unit`, where a cell names none of its own.
pub(crate) fn read_in(
    cell: &str,
    mark: Mark,
    default: Option<Code>,
    unit: i128,
) -> Result<Amount, &'static str> {
    if unit == 1
        && let Some(amount) = plain(cell, mark, default)
    {
        return Ok(amount);
    }
    if let Some(minor) = scientific(cell, default, unit) {
        return minor.map(|minor| Amount {
            minor,
            currency: default,
        });
    }
    let bare = bare(cell)?;
    let currency = match (default, bare.currency) {
        // A bare `$` is the dollar of the column, if it is one.
        (Some(given), Some([b'U', b'S', b'D'])) if is_bare_dollar(cell) => Some(given),
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
    let is_pointed = bare
        .digits
        .strip_suffix(fraction)
        .is_some_and(|before| before.ends_with('.'));
    let factor = match (bare.double, bare.factor) {
        (Some(Double::Mil), _) if is_pointed => {
            return Err("has `mil`, a thousand in Spanish and a million in English: write it out");
        }
        (Some(Double::Lakh), _) if currency == Some(*b"INR") => 100_000,
        (Some(Double::Lakh), _) => return Err("has an `L`, and names no rupees"),
        (None, 1) => unit,
        (Some(Double::Mil) | None, own) => own,
    };
    let minor = minor(whole, fraction, factor, exponent(currency))?;
    Ok(Amount {
        minor: if bare.is_negative { -minor } else { minor },
        currency,
    })
}

/// Whether the dollars of a cell may be those of any country.
fn is_bare_dollar(cell: &str) -> bool {
    cell.contains('$') || cell.to_lowercase().contains("dollar")
}

/// Whether a cell is an amount, however its mark is read.
pub(crate) fn is_amount(cell: &str) -> bool {
    bare(cell).is_ok() || scientific(cell, None, 1).is_some()
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
fn scientific(cell: &str, currency: Option<Code>, unit: i128) -> Option<Result<i64, &'static str>> {
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
        10_i128.pow(power as u32) * unit,
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
    /// A cell with a mark of money that does not say whose.
    pub(crate) vague: Option<String>,
    /// A cell with a `mil` that may be meant in English.
    pub(crate) mil: Option<String>,
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
        if bare.is_vague && bare.currency.is_none() {
            self.vague.get_or_insert_with(|| cell.to_owned());
        }
        let is_clear = matches!(bare.currency, Some([b'B', b'R', b'L'] | [b'E', b'U', b'R']));
        if bare.double == Some(Double::Mil) && !is_clear {
            self.mil.get_or_insert_with(|| cell.to_owned());
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
        let clear = match (bare.shown, dots, commas) {
            (Some(mark), ..) => mark,
            (None, 0, 0) => {
                self.ungrouped += u64::from(digits.len() >= 4 && !digits.contains(' '));
                return;
            }
            (None, 1.., 1..) => {
                if digits.rfind('.') > digits.rfind(',') {
                    Mark::Dot
                } else {
                    Mark::Comma
                }
            }
            (None, 2.., 0) => Mark::Comma,
            (None, 0, 2..) => Mark::Dot,
            (None, 1, 0) | (None, 0, 1) => {
                let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
                let own = if dots == 1 { Mark::Dot } else { Mark::Comma };
                let is_group = fraction.len() == 3
                    && (1..=3).contains(&whole.len())
                    && !whole.starts_with('0')
                    && !digits.contains(' ');
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

    /// Minor units and the currency of a cell; blank for none.
    fn read_with_code(cell: &str, mark: Mark) -> Result<(i64, String), &'static str> {
        let amount = read(cell, mark, None)?;
        let code = amount.currency.unwrap_or_default();
        let code = code.iter().filter(|b| **b != 0).map(|b| char::from(*b));
        Ok((amount.minor, code.collect()))
    }

    #[test]
    fn words_of_magnitude_multiply_in_the_languages_of_their_users() {
        for (cell, minor, code) in [
            ("\u{20b9}45 L", 450_000_000, "INR"),
            ("\u{20b9}2,5L", 25_000_000, "INR"),
            ("INR 4,8 Lacs", 48_000_000, "INR"),
            ("4.800千円", 4_800_000, "JPY"),
            ("48百万円", 48_000_000, "JPY"),
            ("500만원", 5_000_000, "KRW"),
            ("1억원", 100_000_000, "KRW"),
            ("5천만원", 50_000_000, "KRW"),
            ("1億2000万円", 120_000_000, "JPY"),
            ("1억 2,000만원", 120_000_000, "KRW"),
            ("1,2 mkr", 120_000_000, ""),
            ("1,2 mnkr", 120_000_000, ""),
            ("48 tkr", 4_800_000, ""),
            ("48 t.kr.", 4_800_000, ""),
            ("48 t kr", 4_800_000, ""),
            ("1,2 mio. kr.", 120_000_000, ""),
            ("R$ 1,2 mi", 120_000_000, "BRL"),
            ("R$ 12 mil", 1_200_000, "BRL"),
            ("12 mil €", 1_200_000, "EUR"),
            ("12 mil millones", 1_200_000_000_000, ""),
            ("1,2 mio", 120_000_000, ""),
            ("Rp 1,2 juta", 120_000_000, "IDR"),
            ("Rp 48 rb", 4_800_000, "IDR"),
            ("Rp 2 miliar", 200_000_000_000, "IDR"),
            ("48 tys. zł", 4_800_000, "PLN"),
            ("48 tis. Kč", 4_800_000, "CZK"),
            ("48 тис. грн", 4_800_000, "UAH"),
            ("48 bin TL", 4_800_000, "TRY"),
            ("1,5 Mio Euro", 150_000_000, "EUR"),
        ] {
            let expected = Ok((minor, code.to_owned()));
            assert_eq!(read_with_code(cell, Mark::Comma), expected, "{cell}");
        }
    }

    #[test]
    fn a_magnitude_that_may_be_two_is_refused_and_never_left_out() {
        for cell in [
            "$1.2 mil",
            "1.2 mil",
            "45 L",
            "1億2千万円",
            "5 k M",
            "48 k L",
        ] {
            assert!(read(cell, Mark::Dot, None).is_err(), "{cell}");
        }
        let rupees = read("45 L", Mark::Dot, Some(*b"INR")).unwrap();
        assert_eq!(rupees.minor, 450_000_000);
        assert_eq!(minor("$1,200 mil", Mark::Dot), Some(120_000_000));
        let mut tally = Tally::default();
        for cell in ["R$ 3 mil", "5360 HA", "$12 mil", "48 kr"] {
            tally.add(cell);
        }
        assert_eq!(tally.mil.as_deref(), Some("$12 mil"));
        assert_eq!(tally.unit.as_deref(), Some("5360 HA"));
        assert_eq!(tally.vague.as_deref(), Some("48 kr"));
    }

    #[test]
    fn money_is_read_as_each_country_writes_it() {
        for (cell, minor, code) in [
            ("kr 48 000,00", 4_800_000, ""),
            ("kr48 000", 4_800_000, ""),
            ("kr. 12.500,00", 1_250_000, ""),
            ("12 500:-", 1_250_000, ""),
            ("12.500:-", 1_250_000, ""),
            ("12.500,-", 1_250_000, ""),
            ("12.500,- €", 1_250_000, "EUR"),
            ("€ 12.500,--", 1_250_000, "EUR"),
            ("-12.500,-", -1_250_000, ""),
            ("R 48 000,00", 4_800_000, "ZAR"),
            ("NT$48,000", 4_800_000, "TWD"),
            ("Rs 48,000/-", 4_800_000, "INR"),
            ("Rs. 1,48,000/-", 14_800_000, "INR"),
            ("SR 48,000", 4_800_000, "SAR"),
            ("Dhs 48,000", 4_800_000, "AED"),
            ("KSh 48,000", 4_800_000, "KES"),
            ("12,000 € p.a.", 1_200_000, "EUR"),
            ("12,000 €/Jahr", 1_200_000, "EUR"),
            ("Fr. 12'500.\u{2013}", 1_250_000, "CHF"),
            ("Fr. 12\u{2019}500.\u{2014}", 1_250_000, "CHF"),
            ("48 000 F CFA", 4_800_000, ""),
            ("48,000 COP$", 4_800_000, "COP"),
            ("48,000 SEK", 4_800_000, "SEK"),
        ] {
            let expected = Ok((minor, code.to_owned()));
            assert_eq!(read_with_code(cell, Mark::Dot), expected, "{cell}");
        }
        for cell in ["12.5,-", "1.234,567,-", "12.000 € / Monat", "48:12"] {
            assert!(read(cell, Mark::Dot, None).is_err(), "{cell}");
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
        assert_eq!(decide(&["1.234", "12.500,-"]).mark, Mark::Comma);
        assert_eq!(decide(&["1.234", "12.500,-"]).assumed, None);
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
        fn any_text_is_read_or_refused(cell in ".{1,30}|[-0-9., $€kKM():/L億万円tr]{1,30}") {
            let _ = read(cell.trim(), Mark::Dot, None);
            let _ = read_in(cell.trim(), Mark::Dot, None, 1_000_000_000);
            let _ = unit(&cell);
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
