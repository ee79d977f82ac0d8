//! What a deal costs in hours, and how many of them ending it would free.
//!
//! Minutes are whole; hours are rounded to two decimals where they leave this module and
//! nowhere before, so that 100 minutes a month are not multiplied as if they were 0.42 hours.

use chrono::{Days, NaiveDate};

/// The way of one contact, with the time that it takes where nobody noted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// A mail.
    Email,
    /// A call.
    Call,
    /// A short message.
    Message,
    /// A meeting.
    Meeting,
    /// A demo.
    Demo,
    /// A day of a workshop.
    Workshop,
    /// A day of a trial.
    Trial,
    /// A proposal that was written.
    Proposal,
    /// A quote that was sent.
    Quote,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Call,
        Self::Message,
        Self::Meeting,
        Self::Demo,
        Self::Workshop,
        Self::Trial,
        Self::Proposal,
        Self::Quote,
    ];

    /// Returns the text that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Call => "call",
            Self::Message => "message",
            Self::Meeting => "meeting",
            Self::Demo => "demo",
            Self::Workshop => "workshop",
            Self::Trial => "trial",
            Self::Proposal => "proposal",
            Self::Quote => "quote",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// Returns the minutes that a touch costs where it has none of its own (scoring model).
    pub fn default_minutes(self) -> u32 {
        match self {
            Self::Message => 5,
            Self::Email => 10,
            Self::Call => 20,
            Self::Quote => 30,
            Self::Meeting | Self::Demo => 60,
            Self::Proposal => 120,
            Self::Workshop | Self::Trial => 480,
        }
    }

    /// Returns the minutes that a touch cost us: its own, else the default, of each of our people
    /// who took part; at least one did.
    pub fn cost(self, own: Option<i64>, heads: usize) -> u32 {
        let each = own.map_or_else(
            || self.default_minutes(),
            |own| u32::try_from(own).unwrap_or(0),
        );
        let heads = u32::try_from(heads.max(1)).unwrap_or(1);
        each.saturating_mul(heads)
    }

    /// Tells whether both sides are there when it takes place.
    pub fn is_meeting(self) -> bool {
        match self {
            Self::Meeting | Self::Demo | Self::Workshop | Self::Trial => true,
            Self::Email | Self::Call | Self::Message | Self::Proposal | Self::Quote => false,
        }
    }

    /// Tells whether it is joint work: after it silence is an answer withheld.
    pub fn is_joint_work(self) -> bool {
        match self {
            Self::Demo | Self::Workshop | Self::Trial | Self::Proposal => true,
            Self::Email | Self::Call | Self::Message | Self::Meeting | Self::Quote => false,
        }
    }
}

/// The days of the shorter window of the run rate.
pub const SHORT_WINDOW: u64 = 28;

/// The days of the longer window of the run rate.
pub const LONG_WINDOW: u64 = 84;

/// The minutes that went into one deal, colleagues' minutes included, as of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// All of them.
    pub total: u32,
    /// Those of the last 28 days, today included.
    pub last_28: u32,
    /// Those of the last 84 days, today included.
    pub last_84: u32,
    /// The first day on which these sums change without a new touch, if they ever do.
    pub changes_on: Option<NaiveDate>,
}

impl Spent {
    /// Adds up touches of any order, as (day, minutes); those after today do not count yet.
    pub fn from_touches(
        touches: impl IntoIterator<Item = (NaiveDate, u32)>,
        today: NaiveDate,
    ) -> Self {
        let mut spent = Self::default();
        for (day, minutes) in touches {
            if minutes == 0 {
                continue;
            }
            if day > today {
                spent.note(Some(day));
                continue;
            }
            let age = (today - day).num_days().unsigned_abs();
            spent.total = spent.total.saturating_add(minutes);
            if age < SHORT_WINDOW {
                spent.last_28 = spent.last_28.saturating_add(minutes);
                spent.note(day.checked_add_days(Days::new(SHORT_WINDOW)));
            }
            if age < LONG_WINDOW {
                spent.last_84 = spent.last_84.saturating_add(minutes);
                spent.note(day.checked_add_days(Days::new(LONG_WINDOW)));
            }
        }
        spent
    }

    fn note(&mut self, day: Option<NaiveDate>) {
        let soonest = self.changes_on.into_iter().chain(day).min();
        self.changes_on = soonest;
    }

    /// Returns the hours a week: the larger of both windows, not rounded.
    pub fn per_week(self) -> f64 {
        let short = f64::from(self.last_28) / 60.0 / (SHORT_WINDOW as f64 / 7.0);
        let long = f64::from(self.last_84) / 60.0 / (LONG_WINDOW as f64 / 7.0);
        short.max(long)
    }
}

/// The bounds within which hours are estimated (scoring model).
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct HourBounds {
    /// The least that an open deal takes, in hours a week; less than this is not believed.
    pub least_per_week: f64,
    /// The fewest weeks that an open deal goes on.
    pub least_weeks: f64,
    /// The most weeks that are counted; also where the close date is missing or passed.
    pub most_weeks: f64,
}

impl Default for HourBounds {
    fn default() -> Self {
        Self {
            least_per_week: 0.1,
            least_weeks: 1.0,
            most_weeks: 12.0,
        }
    }
}

/// What one deal costs, in hours with two decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hours {
    /// Spent so far.
    pub spent: f64,
    /// The run rate, a week.
    pub per_week: f64,
    /// What ending it today would free; an estimate.
    pub at_stake: f64,
    /// Whether the run rate is the least one, for want of touches.
    pub assumed: bool,
}

impl Hours {
    /// Estimates the hours of an open deal.
    pub fn of_open(
        spent: Spent,
        expected_close: Option<NaiveDate>,
        bounds: &HourBounds,
        today: NaiveDate,
    ) -> Self {
        let measured = spent.per_week();
        let assumed = measured < bounds.least_per_week;
        let rate = if assumed {
            bounds.least_per_week
        } else {
            measured
        };
        Self {
            spent: rounded(f64::from(spent.total) / 60.0),
            per_week: rounded(rate),
            at_stake: rounded(rate * weeks_to(expected_close, bounds, today)),
            assumed,
        }
    }

    /// Returns the first day after today on which [`Hours::of_open`] gives other hours for the same
    /// touches; `None`: never.
    pub fn change_on(
        spent: Spent,
        expected_close: Option<NaiveDate>,
        bounds: &HourBounds,
        today: NaiveDate,
    ) -> Option<NaiveDate> {
        let weeks = expected_close.and_then(|close| weeks_change_on(close, bounds, today));
        spent.changes_on.into_iter().chain(weeks).min()
    }

    /// Returns the hours of a closed deal: nothing is at stake any more.
    pub fn of_closed(spent: Spent) -> Self {
        Self {
            spent: rounded(f64::from(spent.total) / 60.0),
            per_week: rounded(spent.per_week()),
            at_stake: 0.0,
            assumed: false,
        }
    }
}

/// Returns the weeks to the close date within the bounds; the most where it is missing or
/// passed.
pub fn weeks_to(close: Option<NaiveDate>, bounds: &HourBounds, today: NaiveDate) -> f64 {
    match close {
        Some(close) if close >= today => {
            let weeks = (close - today).num_days() as f64 / 7.0;
            weeks.max(bounds.least_weeks).min(bounds.most_weeks)
        }
        Some(_) | None => bounds.most_weeks,
    }
}

/// Returns the first day after today on which the weeks to a close date change; `None`: never.
fn weeks_change_on(close: NaiveDate, bounds: &HourBounds, today: NaiveDate) -> Option<NaiveDate> {
    if close < today {
        return None;
    }
    let left = (close - today).num_days() as f64;
    let most = (bounds.most_weeks * 7.0).floor();
    let least = (bounds.least_weeks * 7.0).floor();
    if left > most {
        // Nothing changes before the first day that is nearer than the most weeks.
        close.checked_sub_days(Days::new(most.max(0.0) as u64))
    } else if left > least {
        today.succ_opt()
    } else {
        close.succ_opt()
    }
}

/// Rounds hours to the two decimals that are stored and shown.
pub fn rounded(hours: f64) -> f64 {
    (hours * 100.0).round() / 100.0
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "the figures are rounded to what they are compared with"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn today() -> NaiveDate {
        day("2026-11-23")
    }

    fn ago(days: u64) -> NaiveDate {
        today() - Days::new(days)
    }

    fn spent(touches: &[(u64, u32)]) -> Spent {
        Spent::from_touches(touches.iter().map(|(age, m)| (ago(*age), *m)), today())
    }

    #[test]
    fn channels_have_their_code_and_minutes() {
        let minutes: Vec<_> = Channel::ALL.iter().map(|c| c.default_minutes()).collect();

        assert_eq!(minutes, [10, 20, 5, 60, 60, 480, 480, 120, 30]);
        assert_eq!(Channel::Call.cost(None, 0), 20);
        assert_eq!(Channel::Call.cost(Some(45), 3), 135);
        assert_eq!(Channel::Call.cost(Some(-1), 1), 0);
        assert!(
            Channel::ALL
                .into_iter()
                .all(|c| Channel::from_code(c.code()) == Some(c))
        );
        assert!(Channel::Demo.is_joint_work() && !Channel::Quote.is_joint_work());
    }

    #[test]
    fn windows_include_today_and_end_on_their_last_day() {
        let spent = spent(&[(0, 1), (27, 2), (28, 4), (83, 8), (84, 16)]);

        assert_eq!((spent.last_28, spent.last_84, spent.total), (3, 15, 31));
        assert_eq!(spent.changes_on, Some(today() + Days::new(1)));
    }

    #[test]
    fn a_touch_of_tomorrow_counts_tomorrow() {
        let tomorrow = today() + Days::new(1);

        let spent = Spent::from_touches([(tomorrow, 60)], today());

        assert_eq!((spent.total, spent.changes_on), (0, Some(tomorrow)));
    }

    #[test]
    fn the_run_rate_is_the_larger_of_both_windows() {
        let lately = spent(&[(3, 240)]);
        let earlier = spent(&[(50, 1440)]);

        assert_eq!(lately.per_week(), 1.0);
        assert_eq!(earlier.per_week(), 2.0);
    }

    #[test]
    fn hours_at_stake_are_rate_times_weeks() {
        let hours = |close: Option<&str>| {
            let spent = spent(&[(3, 360), (200, 990)]);
            Hours::of_open(spent, close.map(day), &HourBounds::default(), today())
        };

        let in_nine_weeks_and_a_half = hours(Some("2027-01-29"));
        assert_eq!(in_nine_weeks_and_a_half.spent, 22.5);
        assert_eq!(in_nine_weeks_and_a_half.per_week, 1.5);
        assert_eq!(in_nine_weeks_and_a_half.at_stake, 14.36);
        assert_eq!(hours(None).at_stake, 18.0);
        assert_eq!(hours(Some("2026-11-22")).at_stake, 18.0, "passed");
        assert_eq!(hours(Some("2026-11-23")).at_stake, 1.5, "today");
        assert_eq!(hours(Some("2026-11-30")).at_stake, 1.5);
        assert_eq!(hours(Some("2030-01-01")).at_stake, 18.0);
    }

    #[test]
    fn an_open_deal_without_touches_is_assumed_to_take_a_little() {
        let bounds = HourBounds::default();

        let blank = Hours::of_open(Spent::default(), None, &bounds, today());
        let closed = Hours::of_closed(spent(&[(3, 60)]));

        assert_eq!(
            (blank.per_week, blank.at_stake, blank.assumed),
            (0.1, 1.2, true)
        );
        assert_eq!((closed.at_stake, closed.assumed), (0.0, false));
    }

    proptest! {
        #[test]
        fn sums_hold_until_the_day_that_they_name(
            touches in prop::collection::vec((0u64..120, 0u32..500), 0..12),
            later in 1u64..150,
        ) {
            let touches: Vec<_> = touches
                .into_iter()
                .map(|(age, m)| (today() + Days::new(20) - Days::new(age), m))
                .collect();
            let before = Spent::from_touches(touches.clone(), today());
            let on = today() + Days::new(later);
            let after = Spent::from_touches(touches, on);

            if before.changes_on.is_none_or(|changes| on < changes) {
                let sums = |s: Spent| (s.total, s.last_28, s.last_84);
                prop_assert_eq!(sums(before), sums(after));
            }
        }
    }
}
