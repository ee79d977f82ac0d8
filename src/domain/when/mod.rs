//! Days as people type them: `fri`, `+2w`, `12 dec`, `2026-12-12`.
//!
//! [`Day`] keeps what was typed, so that a stored view means a new day every day;
//! [`Day::resolve`] turns it into a date. Which way an open word leans, `fri` or `12 dec`, is the
//! caller's to say: a due date lies ahead, a touch behind.

mod read;
mod resolve;

use std::fmt;

use chrono::{NaiveDate, Weekday};

use super::locale::{DayOrder, MONTHS, weekday_name};

/// Where a day lies that its words leave open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lean {
    /// At or after today: due dates.
    Ahead,
    /// At or before today: touches, creation.
    Back,
}

/// A unit of relative days.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unit {
    /// Calendar days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months; a day that the month lacks becomes its last.
    Month,
    /// Twelve months.
    Year,
}

impl Unit {
    /// Returns how many days the unit counts for where only a length is wanted: 1, 7, 30, 365.
    pub fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Day => 'd',
            Self::Week => 'w',
            Self::Month => 'm',
            Self::Year => 'y',
        }
    }
}

/// A stretch of the calendar that has a last day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stretch {
    /// The working week, which ends on Friday; at a weekend the one that follows.
    Week,
    /// The calendar month.
    Month,
    /// The calendar quarter.
    Quarter,
    /// The calendar year.
    Year,
}

/// Which of the days of one name is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Which {
    /// The nearest one other than today, on the side to which the caller leans.
    Nearest,
    /// The one in the next calendar week, which starts on Monday.
    Next,
    /// The nearest one before today.
    Last,
}

/// A day as it was typed, still relative where the words were.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Day {
    /// A date.
    On(NaiveDate),
    /// So many units from today, back where negative. `today` is no days from it.
    Offset {
        /// How many.
        count: i32,
        /// Of what.
        unit: Unit,
    },
    /// So many units from today, to the side to which the caller leans: `2w`.
    Span {
        /// How many.
        count: u32,
        /// Of what.
        unit: Unit,
    },
    /// A day of the week.
    Weekday {
        /// Its name.
        day: Weekday,
        /// Which one.
        which: Which,
    },
    /// A day of a month without a year: the nearest one, today included, on the side to which the
    /// caller leans.
    MonthDay {
        /// 1 to 12.
        month: u32,
        /// 1 to 31; exists in a leap year.
        day: u32,
    },
    /// The last day of the stretch that today is in.
    EndOf(Stretch),
}

/// Why text is no day, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WhenError {
    /// The byte at which it stopped making sense.
    pub at: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with text that should be a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Nothing was typed.
    Empty,
    /// No day is written like this.
    Unreadable,
    /// The calendar has no such day.
    NoSuchDay,
    /// Farther than a hundred years off, or a year before 1900 or after 2999.
    TooFar,
}

impl fmt::Display for WhenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.problem {
            Problem::Empty => "a day is missing; write fri, +2w, 12 dec or 2026-12-12",
            Problem::Unreadable => "this is no day; write fri, +2w, 12 dec or 2026-12-12",
            Problem::NoSuchDay => "the calendar has no such day",
            Problem::TooFar => "this day is too far off: at most 100 years, from 1900 to 2999",
        })
    }
}

impl std::error::Error for WhenError {}

/// Reads a day and resolves it at once, as sheets and commands do.
pub fn parse_day(
    text: &str,
    today: NaiveDate,
    order: DayOrder,
    lean: Lean,
) -> Result<NaiveDate, WhenError> {
    Day::parse(text, order).map(|day| day.resolve(today, lean))
}

impl Day {
    /// Today.
    pub const TODAY: Self = Self::Offset {
        count: 0,
        unit: Unit::Day,
    };

    /// Reads a day: `2026-12-12`, `today`, `tomorrow`, `yesterday`, `fri`, `next fri`, `last fri`,
    /// `+2w`, `-3d`, `2w`, `in 2 weeks`, `3 days ago`, `12 dec`, `dec 12`, `12 dec 2026`,
    /// `12.12.2026`, `12/12` (in the order of the locale), `eow`, `eom`, `eoq`, `eoy`. Case and
    /// spaces do not matter.
    pub fn parse(text: &str, order: DayOrder) -> Result<Self, WhenError> {
        read::day(text, order)
    }

    /// Returns the date that is meant on the day `today`. Never fails: beyond the calendar lies
    /// its first or last day.
    pub fn resolve(self, today: NaiveDate, lean: Lean) -> NaiveDate {
        resolve::date(self, today, lean)
    }

    /// Returns the date if it is one already, not relative to a today.
    pub fn date(self) -> Option<NaiveDate> {
        match self {
            Self::On(date) => Some(date),
            Self::Offset { .. }
            | Self::Span { .. }
            | Self::Weekday { .. }
            | Self::MonthDay { .. }
            | Self::EndOf(_) => None,
        }
    }
}

impl fmt::Display for Day {
    /// Writes the day in a form without spaces, which reads back as the same in every locale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => write!(f, "{date}"),
            Self::Offset {
                count: 0,
                unit: Unit::Day,
            } => f.write_str("today"),
            Self::Offset { count, unit } => write!(f, "{count:+}{}", unit.letter()),
            Self::Span { count, unit } => write!(f, "{count}{}", unit.letter()),
            Self::Weekday { day, which } => {
                f.write_str(match which {
                    Which::Nearest => "",
                    Which::Next => "next-",
                    Which::Last => "last-",
                })?;
                f.write_str(&weekday_name(*day).to_ascii_lowercase())
            }
            Self::MonthDay { month, day } => {
                let name = MONTHS[(*month as usize - 1) % MONTHS.len()];
                write!(f, "{day}{}", name.to_ascii_lowercase())
            }
            Self::EndOf(stretch) => f.write_str(match stretch {
                Stretch::Week => "eow",
                Stretch::Month => "eom",
                Stretch::Quarter => "eoq",
                Stretch::Year => "eoy",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    /// A Monday.
    const TODAY: &str = "2026-11-23";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read_from(today: &str, text: &str, lean: Lean) -> String {
        parse_day(text, day(today), DayOrder::DayFirst, lean)
            .unwrap()
            .to_string()
    }

    #[test]
    fn days_ahead_are_read() {
        let cases = [
            ("2026-12-12", "2026-12-12"),
            ("2026/12/12", "2026-12-12"),
            ("today", "2026-11-23"),
            (" Tomorrow ", "2026-11-24"),
            ("yesterday", "2026-11-22"),
            ("fri", "2026-11-27"),
            ("Friday", "2026-11-27"),
            ("thurs", "2026-11-26"),
            ("mon", "2026-11-30"),
            ("this fri", "2026-11-27"),
            ("next fri", "2026-12-04"),
            ("next-mon", "2026-11-30"),
            ("last fri", "2026-11-20"),
            ("last mon", "2026-11-16"),
            ("+2w", "2026-12-07"),
            ("+3d", "2026-11-26"),
            ("+1m", "2026-12-23"),
            ("+1y", "2027-11-23"),
            ("2w", "2026-12-07"),
            ("2 weeks", "2026-12-07"),
            ("in 2 weeks", "2026-12-07"),
            ("-2d", "2026-11-21"),
            ("3 days ago", "2026-11-20"),
            ("12 dec", "2026-12-12"),
            ("12dec", "2026-12-12"),
            ("dec 12", "2026-12-12"),
            ("December 12th", "2026-12-12"),
            ("12. dec", "2026-12-12"),
            ("23 nov", "2026-11-23"),
            ("22 nov", "2027-11-22"),
            ("29 feb", "2028-02-29"),
            ("12 dec 2026", "2026-12-12"),
            ("dec 12, 2026", "2026-12-12"),
            ("12-dec-26", "2026-12-12"),
            ("12.12.2026", "2026-12-12"),
            ("12.12.", "2026-12-12"),
            ("12.12", "2026-12-12"),
            ("11/12/26", "2026-12-11"),
            ("11/12", "2026-12-11"),
            ("eow", "2026-11-27"),
            ("eom", "2026-11-30"),
            ("eoq", "2026-12-31"),
            ("eoy", "2026-12-31"),
            ("0d", "2026-11-23"),
        ];
        for (text, expected) in cases {
            assert_eq!(read_from(TODAY, text, Lean::Ahead), expected, "{text}");
        }
    }

    #[test]
    fn days_behind_lean_back() {
        let cases = [
            ("fri", "2026-11-20"),
            ("mon", "2026-11-16"),
            ("last fri", "2026-11-20"),
            ("2w", "2026-11-09"),
            ("12 dec", "2025-12-12"),
            ("23 nov", "2026-11-23"),
            ("+2d", "2026-11-25"),
            ("29 feb", "2024-02-29"),
        ];
        for (text, expected) in cases {
            assert_eq!(read_from(TODAY, text, Lean::Back), expected, "{text}");
        }
    }

    #[test]
    fn slashes_follow_the_locale() {
        let read = |text| parse_day(text, day(TODAY), DayOrder::MonthFirst, Lean::Ahead);

        assert_eq!(read("12/11"), Ok(day("2026-12-11")));
        assert_eq!(read("12/11/2026"), Ok(day("2026-12-11")));
        assert_eq!(read("12.11.2026"), Ok(day("2026-11-12")));
    }

    #[test]
    fn the_ends_of_stretches_hold_on_their_own_days() {
        assert_eq!(read_from("2026-11-27", "eow", Lean::Ahead), "2026-11-27");
        assert_eq!(read_from("2026-11-28", "eow", Lean::Ahead), "2026-12-04");
        assert_eq!(read_from("2028-02-10", "eom", Lean::Ahead), "2028-02-29");
        assert_eq!(read_from("2026-04-01", "eoq", Lean::Ahead), "2026-06-30");
        assert_eq!(read_from("2026-01-31", "+1m", Lean::Ahead), "2026-02-28");
        assert_eq!(
            read_from("2026-11-28", "next fri", Lean::Ahead),
            "2026-12-04"
        );
    }

    #[test]
    fn what_is_no_day_is_refused_where_it_stands() {
        let cases = [
            ("", 0, Problem::Empty),
            ("  ", 0, Problem::Empty),
            ("soon", 0, Problem::Unreadable),
            ("  fr", 2, Problem::Unreadable),
            ("12 foo", 0, Problem::Unreadable),
            ("fri?", 3, Problem::Unreadable),
            ("2w +", 0, Problem::Unreadable),
            ("12", 0, Problem::Unreadable),
            ("dec 2026", 0, Problem::Unreadable),
            ("31 feb", 0, Problem::NoSuchDay),
            ("2026-02-29", 0, Problem::NoSuchDay),
            ("0 dec", 0, Problem::NoSuchDay),
            ("13/13", 0, Problem::NoSuchDay),
            ("0001-01-01", 0, Problem::TooFar),
            ("+9999999999d", 1, Problem::TooFar),
            ("+999999999y", 0, Problem::TooFar),
            ("+101y", 0, Problem::TooFar),
        ];
        for (text, at, problem) in cases {
            let error = Day::parse(text, DayOrder::DayFirst).unwrap_err();
            assert_eq!(error, WhenError { at, problem }, "{text}");
        }
    }

    #[test]
    fn an_error_says_what_to_write() {
        let error = Day::parse("soon", DayOrder::DayFirst).unwrap_err();

        let text = error.to_string();
        assert_eq!(text, "this is no day; write fri, +2w, 12 dec or 2026-12-12");
    }

    #[test]
    fn the_edges_of_the_calendar_hold() {
        let all = [
            "+100y", "-100y", "eoy", "eow", "29 feb", "next fri", "last fri", "+36525d",
        ];
        for text in all {
            for today in [NaiveDate::MIN, NaiveDate::MAX] {
                for lean in [Lean::Ahead, Lean::Back] {
                    let _ = parse_day(text, today, DayOrder::DayFirst, lean);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,20}", likely in "[-+/. 0-9adefimnortwy]{0,14}") {
            for text in [text, likely] {
                for order in [DayOrder::DayFirst, DayOrder::MonthFirst] {
                    if let Err(error) = parse_day(&text, day(TODAY), order, Lean::Ahead) {
                        prop_assert!(text.is_char_boundary(error.at));
                    }
                }
            }
        }

        #[test]
        fn what_is_written_reads_back(text in "[+-]?[0-9]{1,3}[dwmy]|[0-9]{1,2} (jan|feb|sep|dec)|(next |last )?(mon|wed|sun)|eo[wmqy]|20[0-9]{2}-(0[1-9]|1[0-2])-[0-2][0-9]|[0-3]?[0-9]/[01]?[0-9]") {
            for order in [DayOrder::DayFirst, DayOrder::MonthFirst] {
                let Ok(day) = Day::parse(&text, order) else { continue };
                let written = day.to_string();
                for again in [DayOrder::DayFirst, DayOrder::MonthFirst] {
                    prop_assert_eq!(Day::parse(&written, again), Ok(day), "{}", written);
                }
            }
        }

        #[test]
        fn open_words_lie_where_they_lean(days in 0u64..4000, text in "mon|fri|sun|12 dec|29 feb|2w|3m") {
            let today = day("2020-01-01") + Days::new(days);
            let on = |lean| parse_day(&text, today, DayOrder::DayFirst, lean).unwrap();
            prop_assert!(on(Lean::Ahead) >= today);
            prop_assert!(on(Lean::Back) <= today);
        }
    }
}
