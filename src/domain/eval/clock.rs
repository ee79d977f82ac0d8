//! Today, and the first later day on which something changes by itself.

use std::cell::Cell;

use chrono::{Days, NaiveDate};

/// Answers whether days have come, and remembers the soonest one that has not.
///
/// Whatever asks the clock instead of comparing days itself cannot be forgotten by
/// [`changes_on`](Self::changes_on): until that day every answer of it stays the same.
#[derive(Debug)]
pub struct Clock {
    today: NaiveDate,
    next: Cell<Option<NaiveDate>>,
}

impl Clock {
    /// Starts on a day.
    pub fn new(today: NaiveDate) -> Self {
        Self {
            today,
            next: Cell::new(None),
        }
    }

    /// Returns the day.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Tells whether a day has come: it is today or earlier.
    pub fn has_reached(&self, day: NaiveDate) -> bool {
        let is_reached = day <= self.today;
        if !is_reached {
            self.note(Some(day));
        }
        is_reached
    }

    /// Tells whether so many days have passed since a day.
    pub fn has_passed(&self, since: NaiveDate, days: u16) -> bool {
        // A day past the end of the calendar never comes.
        let end = since.checked_add_days(Days::new(u64::from(days)));
        end.is_some_and(|end| self.has_reached(end))
    }

    /// Remembers a day on which something changes; today and earlier ones are over.
    pub fn note(&self, day: Option<NaiveDate>) {
        let later = day.filter(|day| *day > self.today);
        self.next
            .set(self.next.get().into_iter().chain(later).min());
    }

    /// Returns the first day after today on which any answer changes; `None`: never.
    pub fn changes_on(&self) -> Option<NaiveDate> {
        self.next.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soonest_day_to_come_is_remembered() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let clock = Clock::new(day("2026-11-23"));

        assert!(clock.has_reached(day("2026-11-23")));
        assert_eq!(clock.changes_on(), None);
        assert!(!clock.has_passed(day("2026-11-23"), 30));
        assert!(!clock.has_reached(day("2026-11-25")));
        assert!(!clock.has_reached(day("2026-12-01")));
        assert!(!clock.has_passed(NaiveDate::MAX, 1));
        clock.note(Some(day("2026-11-20")));

        assert_eq!(clock.changes_on(), Some(day("2026-11-25")));
    }
}
