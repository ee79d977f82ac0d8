//! Instants and days in the forms in which CRMs write them.
//!
//! The day is read by [`dates`]; a time of day beside it makes an instant. A time without a zone
//! is one of the computer that wrote the file, taken as ours; midnight without one is a day that
//! a program wrote with a time.

use chrono::{
    DateTime, Duration, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat,
    TimeZone, Utc,
};

use super::dates::{self, Order};

/// Where times without a zone are at home, and what is early or late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// In UTC.
    #[default]
    Utc,
    /// Where this computer is (`TZ`).
    Local,
}

impl Zone {
    /// Returns the instant of a local time; one that the clocks skip is taken as UTC.
    pub fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Utc => local.and_utc(),
            Self::Local => Local
                .from_local_datetime(&local)
                .earliest()
                .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc)),
        }
    }

    /// Returns an instant as the clocks there show it, with how far they are from UTC.
    fn shown(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Self::Utc => at.fixed_offset(),
            Self::Local => at.with_timezone(&Local).fixed_offset(),
        }
    }

    /// Returns the local time of an instant.
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        self.shown(at).naive_local()
    }
}

/// When something was, as exactly as a file tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(NaiveDate),
    /// An instant.
    At(DateTime<Utc>),
}

impl When {
    /// Returns the day for people in a zone.
    pub fn day(self, zone: Zone) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::At(at) => zone.local(at).date(),
        }
    }

    /// Returns the text that is kept: an ISO day, or RFC 3339 in UTC to the second.
    pub fn text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::At(at) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }

    /// Returns the text that is kept of a touch: an ISO day, or RFC 3339 with the offset of a
    /// zone, whose first ten characters are the day for people there.
    pub fn local_text(self, zone: Zone) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::At(at) => zone.shown(at).to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }

    /// Returns it with a time of day, where it is a day and there is one.
    pub fn with_time(self, time: Option<NaiveTime>, zone: Zone) -> Self {
        match (self, time) {
            (Self::Day(day), Some(time)) if time != NaiveTime::MIN => {
                Self::At(zone.instant(day.and_time(time)))
            }
            (Self::Day(_) | Self::At(_), _) => self,
        }
    }
}

/// Reads an instant or a day of a column with this order.
pub(crate) fn read(cell: &str, order: Order, zone: Zone) -> Result<Option<When>, &'static str> {
    let Some(day) = dates::read(cell, order)? else {
        return Ok(None);
    };
    if let Some(at) = number(cell, zone) {
        return Ok(Some(at));
    }
    let Some((time, rest)) = clock(cell) else {
        return Ok(Some(When::Day(day)));
    };
    if time == NaiveTime::MIN {
        return Ok(Some(When::Day(day)));
    }
    let local = day.and_time(time);
    Ok(Some(When::At(match offset(rest) {
        Some(minutes) => (local - Duration::minutes(minutes)).and_utc(),
        None => zone.instant(local),
    })))
}

/// Seconds or milliseconds since 1970, or a spreadsheet's day with a part of one.
fn number(cell: &str, zone: Zone) -> Option<When> {
    if let Some((days, _)) = cell.split_once('.')
        && days.len() == 5
    {
        let serial: f64 = cell.parse().ok()?;
        let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
        let local =
            zero.checked_add_signed(Duration::seconds((serial * 86_400.0).round() as i64))?;
        return Some(if local.time() == NaiveTime::MIN {
            When::Day(local.date())
        } else {
            When::At(zone.instant(local))
        });
    }
    let seconds = match cell.len() {
        10 => cell.parse::<i64>().ok()?,
        13 => cell.parse::<i64>().ok()? / 1000,
        _ => return None,
    };
    DateTime::from_timestamp(seconds, 0).map(When::At)
}

/// Reads a time of day, such as `9:05`, `14:30:00` or `2.30 pm`.
pub(crate) fn time(cell: &str) -> Option<NaiveTime> {
    clock(cell).map(|(time, _)| time)
}

/// Finds the time of day in a cell; returns it with what is behind it.
fn clock(cell: &str) -> Option<(NaiveTime, &str)> {
    let bytes = cell.as_bytes();
    if let Some(at) = cell.find(['T', 't'])
        && at == 8
        && bytes[..8].iter().all(u8::is_ascii_digit)
        && bytes.len() >= 15
        && bytes[9..15].iter().all(u8::is_ascii_digit)
    {
        let part = |from: usize| cell[from..from + 2].parse().ok();
        let time = NaiveTime::from_hms_opt(part(9)?, part(11)?, part(13)?)?;
        return Some((time, &cell[15..]));
    }
    let colon = cell.find(':')?;
    let head = &cell[..colon];
    let start = head.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| {
        at + head[at..].chars().next().map_or(1, char::len_utf8)
    });
    let mut hour: u32 = head[start..].parse().ok()?;
    let mut rest = &cell[colon + 1..];
    let minute = two(&mut rest)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(':') {
        rest = after;
        second = two(&mut rest)?;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    let tail = rest.trim_start().to_ascii_lowercase();
    let is = |words: [&str; 3]| words.iter().any(|word| tail.starts_with(word));
    if is(["pm", "p.m", "p. m"]) && hour < 12 {
        hour += 12;
    } else if is(["am", "a.m", "a. m"]) && hour == 12 {
        hour = 0;
    }
    Some((NaiveTime::from_hms_opt(hour, minute, second.min(59))?, rest))
}

fn two(rest: &mut &str) -> Option<u32> {
    let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let (value, after) = rest.split_at(digits);
    *rest = after;
    value.parse().ok()
}

/// Minutes east of Greenwich behind a time; none where no zone is named.
fn offset(rest: &str) -> Option<i64> {
    let rest = rest.trim();
    let lower = rest.to_ascii_lowercase();
    let bare = lower
        .trim_start_matches("am")
        .trim_start_matches("pm")
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')');
    if matches!(bare, "z" | "utc" | "gmt") {
        return Some(0);
    }
    let bare = bare
        .strip_prefix("utc")
        .or_else(|| bare.strip_prefix("gmt"))
        .unwrap_or(bare);
    let (sign, digits) = match bare.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i64>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    (hours <= 14).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(cell: &str) -> String {
        read(cell, Order::Mdy, Zone::Utc)
            .unwrap()
            .map_or_else(String::new, When::text)
    }

    #[test]
    fn a_time_beside_the_day_makes_an_instant() {
        for (cell, expected) in [
            ("2024-01-22T16:14:25.000+0000", "2024-01-22T16:14:25Z"),
            ("2024-01-22T23:30:00+09:00", "2024-01-22T14:30:00Z"),
            ("2024-01-22T01:30:00+09:00", "2024-01-21T16:30:00Z"),
            ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00Z"),
            ("02/23/26 08:55 PM", "2026-02-23T20:55:00Z"),
            ("5/20/2024 7:42", "2024-05-20T07:42:00Z"),
            ("15 Apr, 2021 00:02:00", "2021-04-15T00:02:00Z"),
            ("Oct 7, 2025 12:05 AM", "2025-10-07T00:05:00Z"),
            ("20240122T161425Z", "2024-01-22T16:14:25Z"),
            ("1570000000000", "2019-10-02T07:06:40Z"),
            ("45631.5", "2024-12-05T12:00:00Z"),
            ("2023-06-08 23:22:38.270000", "2023-06-08T23:22:38Z"),
            ("2023-11-11 08:18:16.519000 UTC", "2023-11-11T08:18:16Z"),
        ] {
            assert_eq!(when(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_day_alone_and_a_midnight_stay_days() {
        for (cell, expected) in [
            ("2024-01-22", "2024-01-22"),
            ("2023-05-11 00:00:00", "2023-05-11"),
            ("2026-11-20T00:00:00.000Z", "2026-11-20"),
            ("8/31/2024", "2024-08-31"),
            ("45631", "2024-12-05"),
            ("9999-12-31", ""),
        ] {
            assert_eq!(when(cell), expected, "{cell}");
        }
        assert!(read("soon", Order::Mdy, Zone::Utc).is_err());
    }

    #[test]
    fn a_time_in_a_column_of_its_own_is_put_to_the_day() {
        let day = When::Day("2026-11-20".parse().unwrap());

        assert_eq!(
            day.with_time(time("14:30"), Zone::Utc).text(),
            "2026-11-20T14:30:00Z"
        );
        assert_eq!(
            day.with_time(time("2:30 pm"), Zone::Utc).text(),
            "2026-11-20T14:30:00Z"
        );
        assert_eq!(day.with_time(None, Zone::Utc), day);
    }
}
