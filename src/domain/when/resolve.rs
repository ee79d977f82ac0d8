//! From a day as it was typed to a date.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::{Day, Lean, Stretch, Unit, Which};

/// Returns the date that is meant on the day `today`; see [`Day::resolve`].
pub(super) fn date(day: Day, today: NaiveDate, lean: Lean) -> NaiveDate {
    match day {
        Day::On(date) => date,
        Day::Offset { count, unit } => shift(today, i64::from(count), unit),
        Day::Span { count, unit } => match lean {
            Lean::Ahead => shift(today, i64::from(count), unit),
            Lean::Back => shift(today, -i64::from(count), unit),
        },
        Day::Weekday { day, which } => weekday_of(today, day, which, lean),
        Day::MonthDay { month, day } => month_day_of(today, month, day, lean),
        Day::EndOf(stretch) => end_of(today, stretch),
    }
}

fn shift(day: NaiveDate, count: i64, unit: Unit) -> NaiveDate {
    let size = count.unsigned_abs();
    let months = |factor: u64| Months::new(u32::try_from(size * factor).unwrap_or(u32::MAX));
    let back = count < 0;
    let moved = match (unit, back) {
        (Unit::Day, false) => day.checked_add_days(Days::new(size)),
        (Unit::Day, true) => day.checked_sub_days(Days::new(size)),
        (Unit::Week, false) => day.checked_add_days(Days::new(size * 7)),
        (Unit::Week, true) => day.checked_sub_days(Days::new(size * 7)),
        (Unit::Month, false) => day.checked_add_months(months(1)),
        (Unit::Month, true) => day.checked_sub_months(months(1)),
        (Unit::Year, false) => day.checked_add_months(months(12)),
        (Unit::Year, true) => day.checked_sub_months(months(12)),
    };
    moved.unwrap_or(if back { NaiveDate::MIN } else { NaiveDate::MAX })
}

fn weekday_of(today: NaiveDate, day: Weekday, which: Which, lean: Lean) -> NaiveDate {
    let now = i64::from(today.weekday().num_days_from_monday());
    let then = i64::from(day.num_days_from_monday());
    // One to seven days off: the same weekday is a week away.
    let ahead = (then - now - 1).rem_euclid(7) + 1;
    let back = (now - then - 1).rem_euclid(7) + 1;
    let days = match (which, lean) {
        (Which::Nearest, Lean::Ahead) => ahead,
        (Which::Next, Lean::Ahead | Lean::Back) => 7 - now + then,
        (Which::Nearest, Lean::Back) | (Which::Last, Lean::Ahead | Lean::Back) => -back,
    };
    shift(today, days, Unit::Day)
}

fn month_day_of(today: NaiveDate, month: u32, day: u32, lean: Lean) -> NaiveDate {
    // Two leap years are at most eight years apart.
    let found = (0..=8).find_map(|years| match lean {
        Lean::Ahead => {
            NaiveDate::from_ymd_opt(today.year() + years, month, day).filter(|d| *d >= today)
        }
        Lean::Back => {
            NaiveDate::from_ymd_opt(today.year() - years, month, day).filter(|d| *d <= today)
        }
    });
    found.unwrap_or(today)
}

fn end_of(today: NaiveDate, stretch: Stretch) -> NaiveDate {
    let last_month = match stretch {
        Stretch::Week => {
            let now = i64::from(today.weekday().num_days_from_monday());
            let friday = i64::from(Weekday::Fri.num_days_from_monday());
            return shift(today, (friday - now).rem_euclid(7), Unit::Day);
        }
        Stretch::Month => today.month(),
        Stretch::Quarter => today.month0() / 3 * 3 + 3,
        Stretch::Year => 12,
    };
    let mut lengths = (28..=31).rev();
    lengths
        .find_map(|day| NaiveDate::from_ymd_opt(today.year(), last_month, day))
        .unwrap_or(today)
}
