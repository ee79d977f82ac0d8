//! Reading of days.

use chrono::{NaiveDate, Weekday};

use super::super::locale::DayOrder;
use super::{Day, Problem, Stretch, Unit, WhenError, Which};

/// Years that a date may have.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// Farthest that a relative day may lie, in days.
const FARTHEST: u32 = 36_525;

/// Reads a day; see [`Day::parse`] for its forms.
pub(super) fn day(text: &str, order: DayOrder) -> Result<Day, WhenError> {
    let parts = split(text)?;
    let shapes: Vec<Shape<'_>> = parts.iter().map(Part::shape).collect();
    let at = parts.first().map_or(0, |part| part.at);
    read(&shapes, order).map_err(|problem| WhenError { at, problem })
}

/// A run of digits, a run of letters or one sign, and where it stands.
struct Part {
    at: usize,
    text: String,
}

/// A part as the patterns of [`read`] see it.
#[derive(Clone, Copy)]
enum Shape<'p> {
    /// A number and how many digits it was written with.
    Number(u32, usize),
    Word(&'p str),
    Sign(char),
}

impl Part {
    fn shape(&self) -> Shape<'_> {
        let first = self.text.chars().next().unwrap_or(' ');
        if first.is_ascii_digit() {
            // Nine digits at most: see split.
            Shape::Number(self.text.parse().unwrap_or(u32::MAX), self.text.len())
        } else if first.is_ascii_alphabetic() {
            Shape::Word(&self.text)
        } else {
            Shape::Sign(first)
        }
    }
}

/// Splits text into its parts, in lower case, without spaces, commas and the `th` of `12th`.
fn split(text: &str) -> Result<Vec<Part>, WhenError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at = text.len() - rest.len();
        let length = match c {
            '0'..='9' => rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len()),
            'a'..='z' | 'A'..='Z' => rest
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(rest.len()),
            '+' | '-' | '/' | '.' => 1,
            c if c == ',' || c.is_whitespace() => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            _ => {
                return Err(WhenError {
                    at,
                    problem: Problem::Unreadable,
                });
            }
        };
        let part = rest[..length].to_ascii_lowercase();
        rest = &rest[length..];
        if c.is_ascii_digit() && length > 9 {
            return Err(WhenError {
                at,
                problem: Problem::TooFar,
            });
        }
        let follows_number = parts
            .last()
            .is_some_and(|last| last.text.starts_with(|c: char| c.is_ascii_digit()));
        if follows_number && matches!(part.as_str(), "st" | "nd" | "rd" | "th") {
            continue;
        }
        parts.push(Part { at, text: part });
    }
    if parts.is_empty() {
        return Err(WhenError {
            at: 0,
            problem: Problem::Empty,
        });
    }
    Ok(parts)
}

/// Finds the form that the parts have.
fn read(parts: &[Shape<'_>], order: DayOrder) -> Result<Day, Problem> {
    use Shape::{Number, Sign, Word};
    match *parts {
        [Word(word)] => named(word).ok_or(Problem::Unreadable),
        [Word(which), Word(day)] | [Word(which), Sign('-'), Word(day)]
            if matches!(which, "next" | "last" | "this") =>
        {
            let which = match which {
                "next" => Which::Next,
                "last" => Which::Last,
                _ => Which::Nearest,
            };
            weekday(day)
                .map(|day| Day::Weekday { day, which })
                .ok_or(Problem::Unreadable)
        }
        [Sign('+') | Word("in"), Number(count, _), Word(unit)] => offset(count, unit, 1),
        [Sign('-'), Number(count, _), Word(unit)] | [Number(count, _), Word(unit), Word("ago")] => {
            offset(count, unit, -1)
        }
        [Number(count, digits), Word(word)] => match unit(word) {
            Some(unit) => Ok(Day::Span {
                count: within(count, unit)?,
                unit,
            }),
            None => month_day(month(word)?, count, digits),
        },
        [Word(word), Number(day, digits)] | [Number(day, digits), Sign('.' | '-'), Word(word)] => {
            month_day(month(word)?, day, digits)
        }
        [Number(day, _), Word(word), Number(year, digits)]
        | [Number(day, _), Sign('.'), Word(word), Number(year, digits)]
        | [
            Number(day, _),
            Sign('-'),
            Word(word),
            Sign('-'),
            Number(year, digits),
        ]
        | [Word(word), Number(day, _), Number(year, digits)] => {
            date(year, digits, month(word)?, day)
        }
        [
            Number(year, 4),
            Sign('-'),
            Number(month, _),
            Sign('-'),
            Number(day, _),
        ]
        | [
            Number(year, 4),
            Sign('/'),
            Number(month, _),
            Sign('/'),
            Number(day, _),
        ] => date(year, 4, month, day),
        [
            Number(day, _),
            Sign('.'),
            Number(month, _),
            Sign('.'),
            Number(year, digits),
        ] => date(year, digits, month, day),
        [
            Number(a, _),
            Sign('/'),
            Number(b, _),
            Sign('/'),
            Number(year, digits),
        ] => {
            let (day, month) = in_order(a, b, order);
            date(year, digits, month, day)
        }
        [Number(day, _), Sign('.'), Number(month, _)]
        | [Number(day, _), Sign('.'), Number(month, _), Sign('.')] => month_day(month, day, 2),
        [Number(a, _), Sign('/'), Number(b, _)] => {
            let (day, month) = in_order(a, b, order);
            month_day(month, day, 2)
        }
        _ => Err(Problem::Unreadable),
    }
}

/// Reads a word that is a day by itself.
fn named(word: &str) -> Option<Day> {
    let relative = |count| Day::Offset {
        count,
        unit: Unit::Day,
    };
    Some(match word {
        "today" | "now" => Day::TODAY,
        "tomorrow" => relative(1),
        "yesterday" => relative(-1),
        "eow" => Day::EndOf(Stretch::Week),
        "eom" => Day::EndOf(Stretch::Month),
        "eoq" => Day::EndOf(Stretch::Quarter),
        "eoy" => Day::EndOf(Stretch::Year),
        _ => Day::Weekday {
            day: weekday(word)?,
            which: Which::Nearest,
        },
    })
}

/// Reads the name of a weekday, or three letters or more of it.
fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];
    let found = NAMES
        .iter()
        .find(|(name, _)| word.len() >= 3 && name.starts_with(word));
    found.map(|(_, day)| *day)
}

/// Reads the name of a month, or three letters or more of it.
fn month(word: &str) -> Result<u32, Problem> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let found = NAMES
        .iter()
        .position(|name| word.len() >= 3 && name.starts_with(word));
    found.map(|at| at as u32 + 1).ok_or(Problem::Unreadable)
}

/// Reads a unit, in short or in full.
fn unit(word: &str) -> Option<Unit> {
    match word {
        "d" | "day" | "days" => Some(Unit::Day),
        "w" | "wk" | "week" | "weeks" => Some(Unit::Week),
        "m" | "mo" | "month" | "months" => Some(Unit::Month),
        "y" | "yr" | "year" | "years" => Some(Unit::Year),
        _ => None,
    }
}

fn in_order(a: u32, b: u32, order: DayOrder) -> (u32, u32) {
    match order {
        DayOrder::DayFirst => (a, b),
        DayOrder::MonthFirst => (b, a),
    }
}

fn within(count: u32, unit: Unit) -> Result<u32, Problem> {
    let days = count.checked_mul(unit.days()).ok_or(Problem::TooFar)?;
    if days > FARTHEST {
        Err(Problem::TooFar)
    } else {
        Ok(count)
    }
}

fn offset(count: u32, word: &str, sign: i32) -> Result<Day, Problem> {
    let unit = unit(word).ok_or(Problem::Unreadable)?;
    let count = within(count, unit)?.cast_signed() * sign;
    // No weeks from today is today.
    Ok(if count == 0 {
        Day::TODAY
    } else {
        Day::Offset { count, unit }
    })
}

fn month_day(month: u32, day: u32, digits: usize) -> Result<Day, Problem> {
    if digits > 2 {
        return Err(Problem::Unreadable);
    }
    // A leap year, so that the 29th of February passes.
    NaiveDate::from_ymd_opt(2024, month, day).ok_or(Problem::NoSuchDay)?;
    Ok(Day::MonthDay { month, day })
}

fn date(year: u32, digits: usize, month: u32, day: u32) -> Result<Day, Problem> {
    let year = match digits {
        2 => year.cast_signed() + 2000,
        4 => year.cast_signed(),
        _ => return Err(Problem::Unreadable),
    };
    if !YEARS.contains(&year) {
        return Err(Problem::TooFar);
    }
    NaiveDate::from_ymd_opt(year, month, day)
        .map(Day::On)
        .ok_or(Problem::NoSuchDay)
}
