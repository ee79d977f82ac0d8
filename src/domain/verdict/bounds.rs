//! Where the signals draw their lines, by what they are about.

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::super::phase::Phase;

/// The lines of the signals about contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactBounds {
    /// Quiet: our touches are unanswered for so many days.
    pub quiet_days: u16,
    /// Dark: for so many days.
    pub dark_days: u16,
    /// Dark as well: so many touches are unanswered …
    pub dark_touches: u16,
    /// … on so many different days …
    pub dark_on_days: u16,
    /// … of which the last comes more than so many days after the first.
    pub dark_spread_days: u16,
    /// The limits of dark and quiet are multiplied by this in an early phase.
    pub factor_early: f64,
    /// By this in the middle, and where the phase is not known.
    pub factor_middle: f64,
    /// By this at proposal.
    pub factor_proposal: f64,
    /// By this in negotiation.
    pub factor_negotiation: f64,
    /// Within so many days of the close date or of the period's end …
    pub near_days: u16,
    /// … they are multiplied by this as well.
    pub factor_near: f64,
    /// One-sided: looked at are so many days.
    pub one_sided_days: u16,
    /// One-sided: takes at least so many touches.
    pub one_sided_touches: u16,
    /// One-sided: more than so many of ours for one of theirs.
    pub one_sided_ratio: u16,
    /// Curt: the last so many inbound touches.
    pub curt_touches: u16,
    /// Curt: of at most so many words.
    pub curt_words: u16,
    /// Will not meet, in amber: so many proposed times came to nothing.
    pub refused_amber: u16,
    /// Will not meet, in red: so many of them.
    pub refused_red: u16,
    /// Will not meet, in red: so many times nobody came.
    pub no_shows_red: u16,
    /// After hours: takes at least so many.
    pub after_hours_least: u16,
    /// After hours: more than one in so many of theirs.
    pub after_hours_one_in: u16,
    /// Re-quoted, in amber: the same document was sent so many times.
    pub same_document_amber: u16,
    /// Re-quoted, in red: so many times.
    pub same_document_red: u16,
    /// Asks and asks: so many requests since their last kept get.
    pub info_requests: u16,
}

impl Default for ContactBounds {
    fn default() -> Self {
        Self {
            quiet_days: 14,
            dark_days: 30,
            dark_touches: 4,
            dark_on_days: 3,
            dark_spread_days: 7,
            factor_early: 1.5,
            factor_middle: 1.0,
            factor_proposal: 0.75,
            factor_negotiation: 0.5,
            near_days: 14,
            factor_near: 0.5,
            one_sided_days: 60,
            one_sided_touches: 8,
            one_sided_ratio: 3,
            curt_touches: 3,
            curt_words: 2,
            refused_amber: 2,
            refused_red: 3,
            no_shows_red: 2,
            after_hours_least: 3,
            after_hours_one_in: 3,
            same_document_amber: 3,
            same_document_red: 4,
            info_requests: 3,
        }
    }
}

impl ContactBounds {
    /// Returns a limit of silence in whole days: one of [`quiet_days`](Self::quiet_days) and
    /// [`dark_days`](Self::dark_days), by phase and nearness; a part of a day counts as one.
    pub fn silence(&self, days: u16, phase: Option<Phase>, is_near: bool) -> u16 {
        let by_phase = match phase {
            Some(Phase::Early) => self.factor_early,
            Some(Phase::Proposal) => self.factor_proposal,
            Some(Phase::Negotiation) => self.factor_negotiation,
            Some(Phase::Middle | Phase::Won | Phase::Lost) | None => self.factor_middle,
        };
        let near = if is_near { self.factor_near } else { 1.0 };
        (f64::from(days) * by_phase * near).ceil().max(1.0) as u16
    }
}

/// The lines of the signals about promises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordBounds {
    /// Their word, in red: so many gets are late or missed.
    pub late_red: u16,
    /// Their word, in red: fewer than half were kept of at least so many.
    pub gets_enough: u16,
}

impl Default for WordBounds {
    fn default() -> Self {
        Self {
            late_red: 2,
            gets_enough: 3,
        }
    }
}

/// The lines of the signals about dates and stages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimingBounds {
    /// Slipped, in amber: the close date moved out so many times.
    pub slipped_amber: u16,
    /// Slipped, in red: so many times.
    pub slipped_red: u16,
    /// Old in its stage, or open too long: older than so many per cent of the won deals were.
    pub stage_percent: u16,
    /// Old in its stage, or open too long: takes at least so many won deals.
    pub stage_won: u16,
    /// The month in which the fiscal year begins, 1 to 12; a period is a quarter of it.
    pub year_starts: u16,
    /// A signal that happened is settled after so many days without it.
    pub settled_days: u16,
}

impl Default for TimingBounds {
    fn default() -> Self {
        Self {
            slipped_amber: 2,
            slipped_red: 3,
            stage_percent: 75,
            stage_won: 20,
            year_starts: 1,
            settled_days: 60,
        }
    }
}

impl TimingBounds {
    /// Returns the last day of the quarter in which a day lies.
    pub fn period_end(&self, day: NaiveDate) -> Option<NaiveDate> {
        let starts = u32::from(self.year_starts.clamp(1, 12));
        let into_quarter = (day.month() + 12 - starts) % 3;
        let first = day.with_day(1)?;
        first
            .checked_add_months(Months::new(3 - into_quarter))?
            .pred_opt()
    }
}

/// The lines of the signals about money and hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoneyBounds {
    /// Thin margin: below so many per cent.
    pub margin_floor: f64,
    /// Thin margin: a discount above so many per cent.
    pub discount_ceiling: f64,
    /// Heavy: more than so many times the share of hours that the value warrants.
    pub heavy_times: f64,
    /// Heavy: takes at least so many hours.
    pub heavy_hours: f64,
    /// Heavy: takes at least so many open deals with a value in the currency.
    pub heavy_deals: u16,
}

impl Default for MoneyBounds {
    fn default() -> Self {
        Self {
            margin_floor: 20.0,
            discount_ceiling: 20.0,
            heavy_times: 2.0,
            heavy_hours: 8.0,
            heavy_deals: 5,
        }
    }
}

/// When we work, and how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkingHours {
    /// The days of the week, as `mon`.
    pub days: Vec<Day>,
    /// When the day begins.
    pub from: Minute,
    /// When it ends; what happens at this minute is after hours.
    pub to: Minute,
    /// Days on which nobody works.
    pub holidays: Vec<Holiday>,
    /// Hours a week that are there to sell.
    pub selling_hours: f64,
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self {
            days: [
                Weekday::Mon,
                Weekday::Tue,
                Weekday::Wed,
                Weekday::Thu,
                Weekday::Fri,
            ]
            .map(Day)
            .to_vec(),
            from: Minute(NaiveTime::from_hms_opt(8, 0, 0).expect("eight o'clock is a time")),
            to: Minute(NaiveTime::from_hms_opt(18, 0, 0).expect("six o'clock is a time")),
            holidays: Vec::new(),
            selling_hours: 30.0,
        }
    }
}

impl WorkingHours {
    /// Tells whether a local moment lies outside of them.
    pub fn is_after_hours(&self, at: NaiveDateTime) -> bool {
        let day = at.date();
        let works = self.days.iter().any(|d| d.0 == day.weekday())
            && !self.holidays.iter().any(|h| h.0 == day);
        !works || at.time() < self.from.0 || at.time() >= self.to.0
    }
}

/// Makes a type that a config file spells as a text.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident($inner:ty), $what:literal, $read:expr, $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub $inner);

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let read: fn(&str) -> Option<$inner> = $read;
                read(text.trim()).map(Self).ok_or_else(|| format!($what, text))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                let write: fn($inner) -> String = $write;
                write(value.0)
            }
        }
    };
}

spelled! {
    /// A day of the week.
    Day(Weekday), "`{}` is no day of the week: write \"mon\", \"tue\", …",
    |text| text.parse().ok(), |day| day.to_string().to_lowercase()
}
spelled! {
    /// A time of day, to the minute.
    Minute(NaiveTime), "`{}` is no time of day: write \"08:00\"",
    |text| NaiveTime::parse_from_str(text, "%H:%M").ok(), |time| time.format("%H:%M").to_string()
}
spelled! {
    /// A day on which nobody works.
    Holiday(NaiveDate), "`{}` is no day: write \"2026-12-25\"",
    |text| text.parse().ok(), |day| day.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn limits_of_silence_go_by_phase_and_nearness_and_are_whole_days() {
        let bounds = ContactBounds::default();
        let limits = |phase, near| {
            (
                bounds.silence(bounds.quiet_days, phase, near),
                bounds.silence(bounds.dark_days, phase, near),
            )
        };

        assert_eq!(limits(Some(Phase::Early), false), (21, 45));
        assert_eq!(limits(Some(Phase::Middle), false), (14, 30));
        assert_eq!(limits(None, false), (14, 30));
        assert_eq!(limits(Some(Phase::Proposal), false), (11, 23));
        assert_eq!(limits(Some(Phase::Negotiation), false), (7, 15));
        assert_eq!(limits(Some(Phase::Negotiation), true), (4, 8));
        assert_eq!(limits(Some(Phase::Early), true), (11, 23));
    }

    #[test]
    fn a_period_is_a_quarter_of_the_fiscal_year() {
        let end = |starts, of: &str| {
            let bounds = TimingBounds {
                year_starts: starts,
                ..TimingBounds::default()
            };
            bounds.period_end(day(of)).unwrap()
        };

        assert_eq!(end(1, "2026-11-23"), day("2026-12-31"));
        assert_eq!(end(1, "2026-12-31"), day("2026-12-31"));
        assert_eq!(end(1, "2027-01-01"), day("2027-03-31"));
        assert_eq!(end(2, "2026-11-23"), day("2027-01-31"));
        assert_eq!(end(3, "2026-11-23"), day("2026-11-30"));
        assert_eq!(
            TimingBounds::default().period_end(NaiveDate::MAX),
            None,
            "past the calendar"
        );
    }

    #[test]
    fn the_working_day_begins_at_its_first_minute_and_ends_before_its_last() {
        let mut hours = WorkingHours::default();
        hours.holidays.push(Holiday(day("2026-12-25")));
        let after = |text: &str| hours.is_after_hours(text.parse().unwrap());

        assert!(after("2026-11-23T07:59:00"));
        assert!(!after("2026-11-23T08:00:00"));
        assert!(!after("2026-11-23T17:59:59"));
        assert!(after("2026-11-23T18:00:00"));
        assert!(after("2026-11-22T12:00:00"), "a Sunday");
        assert!(after("2026-12-25T12:00:00"), "a holiday");
    }
}
