//! Days in the forms in which CRMs and spreadsheets write them.
//!
//! Only the day is read, as it is written: a time zone never moves it, for a day without a time
//! that is read as local midnight is lost east of Greenwich. Which of day and month comes first
//! is decided by column, see [`Tally::decide`].

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

/// Bytes of a day with the time and the zone behind it.
const LONGEST: usize = 80;

/// Which of day, month and year comes first in `1/2/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

impl Order {
    /// Returns the order of its three letters, or none.
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "dmy" => Some(Self::Dmy),
            "mdy" => Some(Self::Mdy),
            "ymd" => Some(Self::Ymd),
            _ => None,
        }
    }

    /// Returns the order in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Dmy => "day/month/year",
            Self::Mdy => "month/day/year",
            Self::Ymd => "year/month/day",
        }
    }
}

/// A cell, as far as it can be read without its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// One day, whatever the column.
    Fixed(NaiveDate),
    /// Three numbers; the last is the year, with two or four digits.
    Three {
        a: u32,
        b: u32,
        year: u32,
        short: bool,
        sep: u8,
    },
    /// A bare number that a spreadsheet would show as this day.
    Serial(NaiveDate),
    /// A month or a quarter of a year, by its last day.
    Span(NaiveDate),
    /// `Nov-26`: a month and the year 2026, or its 26th day.
    Short { month: u32, number: u32 },
    /// There is no day: `0000-00-00`, `9999-12-31`.
    Never,
    /// No day can be read.
    No,
}

/// What a column of days has beside days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// A month and a quarter stand for their last day.
    pub(crate) has_spans: bool,
    /// The number behind a month is a year: `Nov-26`.
    pub(crate) has_short: bool,
    /// Cells that nobody can read are told of, and count as blank.
    pub(crate) has_strange: bool,
}

/// Reads a day of a column with this order.
pub(crate) fn read(cell: &str, order: Order) -> Result<Option<NaiveDate>, &'static str> {
    meaning(look(cell), order)
}

/// Reads a day of a column with this order, and what it is known to have beside days.
pub(crate) fn read_beside(
    cell: &str,
    order: Order,
    beside: Beside,
) -> Result<Option<NaiveDate>, &'static str> {
    let look = look(cell);
    if let Look::Span(end) = look
        && beside.has_spans
    {
        return Ok(Some(end));
    }
    if let Look::Short { month, number } = look
        && beside.has_short
    {
        return Ok(end_of(2000 + number, month));
    }
    if beside.has_strange && is_strange(look) {
        return Ok(None);
    }
    meaning(look, order)
}

/// Whether no order of day, month and year makes a day of it.
fn is_strange(look: Look) -> bool {
    match look {
        Look::Fixed(_) | Look::Serial(_) | Look::Never => false,
        Look::Span(_) | Look::Short { .. } | Look::No => true,
        Look::Three {
            a, b, year, short, ..
        } => [Order::Dmy, Order::Mdy, Order::Ymd]
            .iter()
            .all(|order| resolve(a, b, year, short, *order).is_none()),
    }
}

fn meaning(look: Look, order: Order) -> Result<Option<NaiveDate>, &'static str> {
    match look {
        Look::Fixed(day) | Look::Serial(day) => Ok(Some(day)),
        Look::Never => Ok(None),
        Look::Span(_) | Look::Short { .. } | Look::No => Err("is no date that can be read"),
        Look::Three {
            a, b, year, short, ..
        } => resolve(a, b, year, short, order)
            .map(Some)
            .ok_or(match order {
                Order::Dmy => "is no date with the day first",
                Order::Mdy => "is no date with the month first",
                Order::Ymd => "is no date with the year first",
            }),
    }
}

fn resolve(a: u32, b: u32, c: u32, short: bool, order: Order) -> Option<NaiveDate> {
    let (year, month, day) = match order {
        Order::Dmy => (c, b, a),
        Order::Mdy => (c, a, b),
        Order::Ymd if short => (a, b, c),
        Order::Ymd => return None,
    };
    date(full_year(year, short), month, day)
}

/// Two digits of a year: up to 69 is this century.
fn full_year(year: u32, short: bool) -> u32 {
    match (short, year) {
        (false, year) => year,
        (true, 0..=69) => 2000 + year,
        (true, year) => 1900 + year,
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    if !(1900..=2200).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year as i32, month, day)
}

/// The last day of a month.
fn end_of(year: u32, month: u32) -> Option<NaiveDate> {
    let (year, month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    date(year, month, 1)?.pred_opt()
}

/// Looks at a cell that is trimmed and not empty.
pub(crate) fn look(cell: &str) -> Look {
    let b = cell.as_bytes();
    if b.len() > LONGEST {
        return Look::No;
    }
    if let Some(narrow) = super::narrow(cell) {
        return look(&narrow);
    }
    if b.len() >= 10
        && b[4] == b'-'
        && b[7] == b'-'
        && is_time_tail(&b[10..])
        && let (Some(year), Some(month), Some(day)) =
            (digits(&b[..4]), digits(&b[5..7]), digits(&b[8..10]))
    {
        return fixed(year, month, day);
    }
    words(cell)
}

fn fixed(year: u32, month: u32, day: u32) -> Look {
    if year == 0 || year >= 9000 {
        return Look::Never;
    }
    date(year, month, day).map_or(Look::No, Look::Fixed)
}

/// What may follow an ISO day: nothing, or `T` or a blank and a time of any form.
fn is_time_tail(tail: &[u8]) -> bool {
    match tail {
        [] => true,
        [b'T' | b't' | b' ', first, ..] => first.is_ascii_digit(),
        [..] => false,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0, |sum, b| {
        b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0'))
    })
}

/// A run of digits or of letters.
#[derive(Clone, Copy)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
}

/// Months by how their names begin, in English, German, French, Spanish, Italian, Portuguese,
/// Dutch, Polish, Finnish and the Scandinavian languages; longer beginnings first where one is part
/// of another.
const MONTHS: &[(&str, u32)] = &[
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("май", 5),
    ("мая", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("oca", 1),
    ("şub", 2),
    ("nis", 4),
    ("haz", 6),
    ("tem", 7),
    ("ağu", 8),
    ("eyl", 9),
    ("eki", 10),
    ("kas", 11),
    ("ara", 12),
    ("márc", 3),
    ("ápr", 4),
    ("máj", 5),
    ("jún", 6),
    ("júl", 7),
    ("jan", 1),
    ("gen", 1),
    ("ene", 1),
    ("jän", 1),
    ("sty", 1),
    ("tammi", 1),
    ("feb", 2),
    ("fev", 2),
    ("fév", 2),
    ("lut", 2),
    ("helmi", 2),
    ("marras", 11),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("maa", 3),
    ("mrt", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("kwi", 4),
    ("huhti", 4),
    ("may", 5),
    ("mai", 5),
    ("mag", 5),
    ("mei", 5),
    ("maj", 5),
    ("touko", 5),
    ("juin", 6),
    ("jun", 6),
    ("giu", 6),
    ("cze", 6),
    ("kesä", 6),
    ("juil", 7),
    ("jul", 7),
    ("lug", 7),
    ("lip", 7),
    ("heinä", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("sie", 8),
    ("elo", 8),
    ("sep", 9),
    ("set", 9),
    ("wrz", 9),
    ("syys", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("paź", 10),
    ("loka", 10),
    ("nov", 11),
    ("lis", 11),
    ("dec", 12),
    ("déc", 12),
    ("dez", 12),
    ("dic", 12),
    ("des", 12),
    ("gru", 12),
    ("joulu", 12),
];

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    MONTHS
        .iter()
        .find(|(start, _)| word.starts_with(start))
        .map(|(_, month)| *month)
}

/// Words that say nothing about the day.
fn is_filler(word: &str) -> bool {
    [
        "de", "del", "of", "th", "st", "nd", "rd", "er", "at", "um", "le", "den", "el", "年", "月",
        "日",
    ]
    .iter()
    .any(|filler| word.eq_ignore_ascii_case(filler))
}

fn is_weekday(word: &str) -> bool {
    // Long enough, so that `mar` (a month in four languages) is none.
    const DAYS: &[&str] = &[
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
        "mo",
        "di",
        "mi",
        "do",
        "fr",
        "sa",
        "so",
    ];
    let word = word.to_lowercase();
    DAYS.contains(&word.as_str())
}

fn words(cell: &str) -> Look {
    let mut tokens: [Option<Token>; 4] = [None; 4];
    let mut count = 0;
    let mut sep = 0;
    let mut rest = cell;
    while count < 4 {
        let start = rest.find(char::is_alphanumeric).unwrap_or(rest.len());
        if count == 1 && sep == 0 {
            sep = rest.as_bytes().first().copied().unwrap_or(0);
        }
        rest = &rest[start..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let is_digit = first.is_ascii_digit();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != is_digit)
            .unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        if is_digit {
            tokens[count] = Some(Token::Number(token));
        } else if is_filler(token) || (count == 0 && is_weekday(token)) {
            continue;
        } else {
            tokens[count] = Some(Token::Word(token));
        }
        count += 1;
    }
    let number = |text: &str| digits(text.as_bytes());
    if let Some(span) = span(&tokens, sep) {
        return span;
    }
    match tokens {
        [Some(Token::Number(only)), None, ..] => bare(only, cell),
        [Some(Token::Number(whole)), Some(Token::Number(_)), None, _]
            if matches!(sep, b'.' | b',') && whole.len() == 5 =>
        {
            bare(whole, whole)
        }
        [Some(Token::Number(whole)), Some(Token::Word(word)), ..]
            if whole.len() == 8 && word.eq_ignore_ascii_case("t") =>
        {
            bare(whole, whole)
        }
        [
            Some(Token::Number(first)),
            Some(Token::Number(second)),
            Some(Token::Number(third)),
            _,
        ] => {
            let (Some(a), Some(b), Some(year)) = (number(first), number(second), number(third))
            else {
                return Look::No;
            };
            match (first.len(), second.len(), third.len()) {
                (4, 1..=2, 1..=2) => fixed(a, b, year),
                (1..=2, 1..=2, 4) if year == 0 || year >= 9000 => Look::Never,
                (1..=2, 1..=2, len @ (2 | 4)) if sep != b':' => Look::Three {
                    a,
                    b,
                    year,
                    short: len == 2,
                    sep,
                },
                _ => Look::No,
            }
        }
        [
            Some(Token::Number(first)),
            Some(Token::Word(word)),
            Some(Token::Number(last)),
            _,
        ]
        | [
            Some(Token::Word(word)),
            Some(Token::Number(first)),
            Some(Token::Number(last)),
            _,
        ] => {
            let (Some(day), Some(month), Some(year)) = (number(first), month(word), number(last))
            else {
                return Look::No;
            };
            match (first.len(), last.len()) {
                (4, 1..=2) => fixed(day, month, year),
                (1..=2, len @ (2 | 4)) => fixed(full_year(year, len == 2), month, day),
                _ => Look::No,
            }
        }
        _ => Look::No,
    }
}

/// Words for a quarter of a year.
const QUARTERS: [&str; 9] = [
    "q",
    "quarter",
    "quartal",
    "kvartal",
    "kwartał",
    "kwartaal",
    "trimestre",
    "trim",
    "t",
];

/// A month or a quarter without a day: `2026-11`, `11/2026`, `Nov 2026`, `Q1 2027`, `1. Quartal 2027`.
fn span(tokens: &[Option<Token>; 4], sep: u8) -> Option<Look> {
    use Token::{Number, Word};
    let is_quarter = |word: &str| QUARTERS.contains(&word.to_lowercase().as_str());
    let number = |text: &str| digits(text.as_bytes());
    let (month, year) = match *tokens {
        [Some(Number(a)), Some(Number(b)), None, _] if sep != b':' => match (a.len(), b.len()) {
            (4, 1..=2) => (number(b)?, a),
            (1..=2, 4) => (number(a)?, b),
            _ => return None,
        },
        [Some(Word(word)), Some(Number(short)), None, _]
            if short.len() == 2 && matches!(sep, b'-' | b'\'') =>
        {
            let (month, number) = (month(word)?, number(short)?);
            return Some(Look::Short { month, number });
        }
        [Some(Word(word)), Some(Number(year)), None, _]
        | [Some(Number(year)), Some(Word(word)), None, _]
            if year.len() == 4 =>
        {
            (month(word)?, year)
        }
        [
            Some(Word(word)),
            Some(Number(one)),
            Some(Number(year)),
            None,
        ]
        | [
            Some(Number(one)),
            Some(Word(word)),
            Some(Number(year)),
            None,
        ]
        | [
            Some(Number(year)),
            Some(Word(word)),
            Some(Number(one)),
            None,
        ] if one.len() == 1 && matches!(year.len(), 2 | 4) && is_quarter(word) => {
            let quarter = number(one).filter(|one| (1..=4).contains(one))?;
            (3 * quarter, year)
        }
        _ => return None,
    };
    let full = full_year(number(year)?, year.len() == 2);
    let is_month = (1..=12).contains(&month);
    end_of(full, month).filter(|_| is_month).map(Look::Span)
}

/// A bare number: `20240131`, seconds or milliseconds since 1970, or a spreadsheet's day.
fn bare(number: &str, cell: &str) -> Look {
    if number.len() != cell.len() {
        return Look::No;
    }
    let epoch = |seconds: i64| {
        chrono::DateTime::from_timestamp(seconds, 0)
            .map(|at| at.date_naive())
            .filter(|day| (1990..=2200).contains(&day.year()))
            .map_or(Look::No, Look::Fixed)
    };
    match number.len() {
        5 => {
            let days = digits(number.as_bytes()).unwrap_or(0);
            let zero = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a day of the calendar");
            match days {
                // 1927 to 2119.
                10_000..=80_500 => zero
                    .checked_add_days(Days::new(u64::from(days)))
                    .map_or(Look::No, Look::Serial),
                _ => Look::No,
            }
        }
        8 => {
            let b = number.as_bytes();
            match (digits(&b[..4]), digits(&b[4..6]), digits(&b[6..])) {
                (Some(year), Some(month), Some(day)) => fixed(year, month, day),
                _ => Look::No,
            }
        }
        10 => number.parse().map_or(Look::No, epoch),
        13 => number
            .parse::<i64>()
            .map_or(Look::No, |ms| epoch(ms / 1000)),
        _ => Look::No,
    }
}

/// Years in two digits in which deals are made and closed. Where all numbers behind a month are
/// such ones, they are no days.
const YEARS: RangeInclusive<u32> = 20..=69;

/// What the sample of a column says about its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Cells with a day that needs no order.
    pub(crate) fixed: u64,
    /// Cells that are a spreadsheet's number.
    pub(crate) serial: u64,
    only_dmy: u64,
    only_mdy: u64,
    only_ymd: u64,
    /// Cells that fit with either first.
    both: u64,
    /// Cells that are a month or a quarter, and one of them.
    spans: u64,
    pub(crate) span: Option<String>,
    /// Cells such as `Nov-26`, one of them, and whether each number is that of a year.
    shorts: u64,
    pub(crate) short: Option<String>,
    has_early: bool,
    /// Cells that fit nothing, and one of them.
    no: u64,
    pub(crate) strange: Option<String>,
    /// A cell that needs an order.
    pub(crate) example: Option<String>,
    /// The cell that decided.
    decider: Option<String>,
    has_noon: bool,
    sep: u8,
}

/// The order of a column, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) order: Order,
    /// None when a cell proves it; else in words why it was chosen.
    pub(crate) assumed: Option<&'static str>,
    /// The cell that shows it.
    pub(crate) example: Option<String>,
}

impl Tally {
    /// Counts a cell.
    pub(crate) fn add(&mut self, cell: &str) {
        match look(cell) {
            Look::Fixed(_) => self.fixed += 1,
            Look::Serial(_) => self.serial += 1,
            Look::Never => {}
            Look::Span(_) => {
                self.spans += 1;
                self.span.get_or_insert_with(|| cell.to_owned());
            }
            Look::Short { number, .. } => {
                self.shorts += 1;
                self.has_early |= !YEARS.contains(&number);
                self.short.get_or_insert_with(|| cell.to_owned());
            }
            Look::No => self.add_strange(cell),
            Look::Three {
                a,
                b,
                year,
                short,
                sep,
            } => {
                let fits = |order| resolve(a, b, year, short, order).is_some();
                let (dmy, mdy, ymd) = (fits(Order::Dmy), fits(Order::Mdy), fits(Order::Ymd));
                let decides = match (dmy, mdy) {
                    (true, true) => {
                        self.both += 1;
                        false
                    }
                    (true, false) => {
                        self.only_dmy += 1;
                        true
                    }
                    (false, true) => {
                        self.only_mdy += 1;
                        true
                    }
                    (false, false) if ymd => {
                        self.only_ymd += 1;
                        true
                    }
                    (false, false) => {
                        self.add_strange(cell);
                        return;
                    }
                };
                if decides && self.decider.is_none() {
                    self.decider = Some(cell.to_owned());
                }
                if self.example.is_none() {
                    self.example = Some(cell.to_owned());
                }
                self.sep = sep;
                let tail = cell.as_bytes();
                self.has_noon |= tail.len() > 2
                    && tail[tail.len() - 2..].eq_ignore_ascii_case(b"am")
                    || tail.len() > 2 && tail[tail.len() - 2..].eq_ignore_ascii_case(b"pm");
            }
        }
    }

    fn add_strange(&mut self, cell: &str) {
        self.no += 1;
        // Words without a figure may be how the column says that there is no day.
        let has_figure = |cell: &str| cell.contains(char::is_numeric);
        let shown = self.strange.as_deref();
        if shown.is_none_or(|shown| !has_figure(shown) && has_figure(cell)) {
            self.strange = Some(cell.to_owned());
        }
    }

    /// What such a column has beside days, but for what nobody can read. Where it may have months,
    /// the last day of one is taken.
    pub(crate) fn beside(&self, may_span: bool) -> Beside {
        Beside {
            has_spans: may_span && self.spans > 0,
            has_short: may_span && self.shorts > 0 && !self.has_early,
            has_strange: false,
        }
    }

    /// How many cells are a month or a quarter.
    pub(crate) fn months(&self) -> u64 {
        self.spans + self.shorts
    }

    /// How many cells of such a column nobody can read.
    pub(crate) fn unread(&self, may_span: bool) -> u64 {
        let spans = if may_span { 0 } else { self.spans };
        let are_years = may_span && !self.has_early;
        self.no + spans + if are_years { 0 } else { self.shorts }
    }

    /// A cell that nobody can read, of a column with some.
    pub(crate) fn unread_example(&self, may_span: bool) -> Option<&String> {
        let spans = self.span.as_ref().filter(|_| !may_span);
        let shorts = self.short.as_ref();
        let shorts = shorts.filter(|_| !may_span || self.has_early);
        self.strange.as_ref().or(spans).or(shorts)
    }

    /// How many cells are days.
    pub(crate) fn days(&self) -> u64 {
        self.fixed + self.serial + self.only_dmy + self.only_mdy + self.only_ymd + self.both
    }

    /// Whether an order is needed at all.
    pub(crate) fn needs_order(&self) -> bool {
        self.both + self.only_dmy + self.only_mdy + self.only_ymd > 0
    }

    /// The order that cells prove, if they do.
    pub(crate) fn proven(&self) -> Option<Order> {
        let counts = [
            (Order::Dmy, self.only_dmy),
            (Order::Mdy, self.only_mdy),
            (Order::Ymd, self.only_ymd),
        ];
        let (order, most) = counts.into_iter().max_by_key(|(_, n)| *n)?;
        // Both kinds in one column: the greater part must be clear, or nothing is proven.
        let rest: u64 = counts
            .iter()
            .filter(|(o, _)| *o != order)
            .map(|(_, n)| n)
            .sum();
        (most > rest * 4).then_some(order)
    }

    /// Decides the order: given, proven here, proven by the other columns of the file, by the
    /// habits of who wrote it (order, and why they are known), by custom.
    pub(crate) fn decide(
        &self,
        given: Option<Order>,
        siblings: Option<Order>,
        habit: Option<(Order, &'static str)>,
    ) -> Decision {
        let example = self.decider.clone().or_else(|| self.example.clone());
        if let Some(order) = given {
            return Decision {
                order,
                assumed: None,
                example,
            };
        }
        if let Some(order) = self.proven() {
            return Decision {
                order,
                assumed: None,
                example,
            };
        }
        if let Some(order) = siblings {
            let assumed = Some("as in the other date columns of this file");
            return Decision {
                order,
                assumed,
                example,
            };
        }
        if let Some((order, why)) = habit.filter(|_| self.both > 0 && !self.has_noon) {
            return Decision {
                order,
                assumed: Some(why),
                example,
            };
        }
        if self.only_dmy > 0 && self.only_mdy > 0 {
            let order = if self.only_mdy > self.only_dmy {
                Order::Mdy
            } else {
                Order::Dmy
            };
            let assumed = Some("cells with the day first and with the month first occur");
            return Decision {
                order,
                assumed,
                example,
            };
        }
        let (order, why) = if self.has_noon {
            (
                Order::Mdy,
                "both orders fit; times with AM and PM are American",
            )
        } else if self.sep == b'/' {
            (
                Order::Mdy,
                "both orders fit; with slashes most exports have the month first",
            )
        } else {
            (
                Order::Dmy,
                "both orders fit; without slashes most exports have the day first",
            )
        };
        Decision {
            order,
            assumed: Some(why),
            example,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(cell: &str, order: Order) -> Option<String> {
        read(cell, order).ok().flatten().map(|day| day.to_string())
    }

    #[test]
    fn forms_that_name_the_month_or_begin_with_the_year_need_no_order() {
        for (cell, iso) in [
            ("2024-01-22", "2024-01-22"),
            ("2024-01-22T16:14:25.000+0000", "2024-01-22"),
            ("2024-01-22T23:14:25+09:00", "2024-01-22"),
            ("2023-05-11 00:00:00", "2023-05-11"),
            ("2023-06-08 23:22:38.270000", "2023-06-08"),
            ("2023-5-1 3:15:52", "2023-05-01"),
            ("2026/06/15", "2026-06-15"),
            ("20240131", "2024-01-31"),
            ("20240122T161425Z", "2024-01-22"),
            ("15 Apr, 2021 00:02:00", "2021-04-15"),
            ("Oct 7, 2025 6:55 PM", "2025-10-07"),
            ("Tuesday, October 7, 2025", "2025-10-07"),
            ("7. Oktober 2025", "2025-10-07"),
            ("20 de mayo de 2024", "2024-05-20"),
            ("1er février 2024", "2024-02-01"),
            ("07-Oct-25", "2025-10-07"),
            ("2024年5月20日", "2024-05-20"),
            ("15 ene 2024", "2024-01-15"),
            ("15. März 2024", "2024-03-15"),
            ("29 января 2027 г.", "2027-01-29"),
            ("29 Kas 2026", "2026-11-29"),
            ("２０２７年１月２９日", "2027-01-29"),
            ("3 marca 2024", "2024-03-03"),
            ("3. marraskuuta 2024", "2024-11-03"),
            ("2 maj 2024", "2024-05-02"),
            ("31 déc. 2024", "2024-12-31"),
            ("2024-01-22T00:30:00+14:00", "2024-01-22"),
            ("2024-01-22Z", "2024-01-22"),
            ("45631,25", "2024-12-05"),
            ("45631", "2024-12-05"),
            ("45631.5", "2024-12-05"),
            ("1570000000", "2019-10-02"),
            ("1570000000000", "2019-10-02"),
        ] {
            assert_eq!(day(cell, Order::Dmy).as_deref(), Some(iso), "{cell}");
            assert_eq!(day(cell, Order::Mdy).as_deref(), Some(iso), "{cell}");
        }
    }

    #[test]
    fn three_numbers_follow_the_order() {
        for (cell, order, iso) in [
            ("5/20/2024 7:42", Order::Mdy, "2024-05-20"),
            ("02/23/26 08:55 PM", Order::Mdy, "2026-02-23"),
            ("1/08/26", Order::Dmy, "2026-08-01"),
            ("01-14-2020", Order::Mdy, "2020-01-14"),
            ("26-02-2018 19:58", Order::Dmy, "2018-02-26"),
            ("30.09.2026", Order::Dmy, "2026-09-30"),
            ("26/09/30", Order::Ymd, "2026-09-30"),
            ("1/2/99", Order::Dmy, "1999-02-01"),
        ] {
            assert_eq!(day(cell, order).as_deref(), Some(iso), "{cell}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for cell in [
            "31/02/2024",
            "hello",
            "12:30:45",
            "2024-13-01",
            "7",
            "Q3 2024",
            "Jan 2024",
            "1/2",
            "3000-01-01",
        ] {
            assert!(read(cell, Order::Dmy).is_err(), "{cell}");
        }
        assert_eq!(read("0000-00-00", Order::Dmy), Ok(None));
        assert_eq!(read("9999-12-31 23:59:59", Order::Dmy), Ok(None));
    }

    #[test]
    fn a_month_and_a_quarter_stand_for_their_last_day_where_a_column_may_have_them() {
        let may = Beside {
            has_spans: true,
            has_short: true,
            has_strange: false,
        };
        for (cell, iso) in [
            ("2026-11", "2026-11-30"),
            ("2026/2", "2026-02-28"),
            ("11/2026", "2026-11-30"),
            ("11.2026", "2026-11-30"),
            ("2026年11月", "2026-11-30"),
            ("Nov 2026", "2026-11-30"),
            ("Dezember 2026", "2026-12-31"),
            ("febrero de 2028", "2028-02-29"),
            ("2026 Nov", "2026-11-30"),
            ("Nov-2026", "2026-11-30"),
            ("Nov-26", "2026-11-30"),
            ("Dec'26", "2026-12-31"),
            ("Q1 2027", "2027-03-31"),
            ("Q4/26", "2026-12-31"),
            ("2027 Q1", "2027-03-31"),
            ("2027-Q2", "2027-06-30"),
            ("1. Quartal 2027", "2027-03-31"),
            ("3rd quarter 2027", "2027-09-30"),
            ("T1 2027", "2027-03-31"),
        ] {
            let end = read_beside(cell, Order::Dmy, may).ok().flatten();
            assert_eq!(
                end.map(|day| day.to_string()).as_deref(),
                Some(iso),
                "{cell}"
            );
            assert!(read(cell, Order::Dmy).is_err(), "{cell}");
        }
        for cell in [
            "Nov 26", "26-Nov", "Q5 2027", "13/2026", "2026", "KW 48", "10:2026",
        ] {
            assert!(read_beside(cell, Order::Dmy, may).is_err(), "{cell}");
        }
    }

    #[test]
    fn the_column_decides_what_a_number_behind_a_month_is() {
        let tally = |cells: &[&str]| {
            let mut tally = Tally::default();
            for cell in cells {
                tally.add(cell);
            }
            tally
        };

        assert!(tally(&["Nov-26", "Jan-27"]).beside(true).has_short);
        let days = tally(&["Nov-26", "Dec-05"]);
        assert!(!days.beside(true).has_short, "no deal closes in 2005");
        assert_eq!(days.unread(true), 2);
        let created = tally(&["2026-11", "2026-11-02"]);
        assert_eq!((created.unread(false), created.unread(true)), (1, 0));
        assert_eq!(
            created.unread_example(false).map(String::as_str),
            Some("2026-11")
        );
    }

    #[test]
    fn what_nobody_can_read_is_blank_only_where_it_was_told_of() {
        let told = Beside {
            has_strange: true,
            ..Beside::default()
        };
        for cell in ["KW 48", "3 days ago", "31/02/2024", "Q1 2027"] {
            assert_eq!(read_beside(cell, Order::Dmy, told), Ok(None), "{cell}");
            assert!(read_beside(cell, Order::Dmy, Beside::default()).is_err());
        }
        // The month first in a column with the day first puts all others in doubt.
        assert!(read_beside("12/31/2026", Order::Dmy, told).is_err());
    }

    #[test]
    fn the_column_decides_the_order() {
        let decide = |cells: &[&str]| {
            let mut tally = Tally::default();
            for cell in cells {
                tally.add(cell);
            }
            tally.decide(None, None, None)
        };

        assert_eq!(decide(&["1/2/2024", "1/13/2024"]).order, Order::Mdy);
        assert_eq!(decide(&["1/2/2024", "13/1/2024"]).order, Order::Dmy);
        assert_eq!(decide(&["1/2/2024", "13/1/2024"]).assumed, None);
        let both = decide(&["1/2/2024"]);
        assert_eq!(both.order, Order::Mdy);
        assert!(both.assumed.is_some());
        assert_eq!(both.example.as_deref(), Some("1/2/2024"));
        assert_eq!(decide(&["1.2.2024"]).order, Order::Dmy);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(cell in ".{1,30}|[0-9/:. -]{1,20}") {
            let cell = cell.trim();
            prop_assume!(!cell.is_empty());
            for order in [Order::Dmy, Order::Mdy, Order::Ymd] {
                let _ = read(cell, order);
                let may = Beside {
                    has_spans: true,
                    has_short: true,
                    has_strange: true,
                };
                let _ = read_beside(cell, order, may);
            }
        }
    }
}
