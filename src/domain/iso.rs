//! Days as they are written down: ISO 8601, `2026-11-23`.

use std::fmt;

use chrono::{Datelike, NaiveDate};

/// A day as text that takes no memory of its own; a load writes millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsoDay {
    /// No year that a calendar of ours has takes more.
    bytes: [u8; 16],
    len: usize,
}

impl IsoDay {
    /// Spells a day.
    pub fn of(day: NaiveDate) -> Self {
        let mut text = Self {
            bytes: [b'-'; 16],
            len: 10,
        };
        if let Ok(year @ 0..=9999) = u32::try_from(day.year()) {
            text.digits(0, 4, year);
            text.digits(5, 2, day.month());
            text.digits(8, 2, day.day());
        } else {
            let far = day.to_string();
            text.len = far.len().min(16);
            text.bytes[..text.len].copy_from_slice(&far.as_bytes()[..text.len]);
        }
        text
    }

    /// Reads a day as [`IsoDay::of`] spells it, of a year of four digits; `None` for any other text.
    pub fn read(text: &str) -> Option<NaiveDate> {
        let text: &[u8; 10] = text.as_bytes().try_into().ok()?;
        if text[4] != b'-' || text[7] != b'-' {
            return None;
        }
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0, |sum, digit| {
                let digit = digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
                Some(sum * 10 + digit)
            })
        };
        let year = i32::try_from(number(&text[..4])?).ok()?;
        NaiveDate::from_ymd_opt(year, number(&text[5..7])?, number(&text[8..])?)
    }

    fn digits(&mut self, at: usize, count: usize, mut number: u32) {
        for place in (at..at + count).rev() {
            self.bytes[place] = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("a day is written in ASCII")
    }
}

impl fmt::Display for IsoDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_the_calendar_of_everybody_else_does() {
        for text in [
            "2026-02-09",
            "0007-12-31",
            "9999-01-01",
            "+12345-06-07",
            "-0044-03-15",
        ] {
            let day: NaiveDate = text.parse().unwrap();

            assert_eq!(IsoDay::of(day).as_str(), day.to_string());
            let is_short = text.len() == 10;
            assert_eq!(IsoDay::read(text), is_short.then_some(day));
        }
    }

    #[test]
    fn no_other_text_is_read_as_a_day() {
        for text in [
            "",
            "2026-2-09",
            "2026-02-30",
            "2026-02-09T",
            "2026/02/09",
            "+026-02-09",
            "２026-02-0",
        ] {
            assert_eq!(IsoDay::read(text), None, "{text}");
        }
    }
}
