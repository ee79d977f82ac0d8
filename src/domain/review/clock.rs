//! The time of a meeting and of the deal on the table. It never interrupts: it only counts.

use chrono::{DateTime, Duration, Utc};

use crate::domain::ids::DealId;

/// A review that runs, or ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// The rep.
    pub rep: String,
    /// The manager; `None` for somebody who reviews alone.
    pub manager: Option<String>,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it was closed; `None` while it runs.
    pub ended: Option<DateTime<Utc>>,
    /// The deal on the table, and since when.
    pub table: Option<(DealId, DateTime<Utc>)>,
    /// Its time.
    pub clock: ReviewClock,
}

/// How long a meeting and a deal of it may take, and how long they took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewClock {
    /// When the meeting began.
    pub started: DateTime<Utc>,
    /// Minutes planned for the meeting.
    pub plan: u16,
    /// Minutes meant for one deal.
    pub each: u16,
}

impl ReviewClock {
    /// Minutes of a meeting where nobody says otherwise.
    pub const PLAN: u16 = 30;
    /// Minutes of a deal where nobody says otherwise.
    pub const EACH: u16 = 5;

    /// How many deals the time is enough for.
    pub fn fits(&self) -> usize {
        usize::from(self.plan / self.each.max(1)).max(1)
    }

    /// Whole minutes since the meeting began; 0 where the clock was set back.
    pub fn spent(&self, now: DateTime<Utc>) -> i64 {
        minutes(now - self.started)
    }

    /// Minutes that are left of the plan, begun ones counted; negative once it is over.
    pub fn left(&self, now: DateTime<Utc>) -> i64 {
        i64::from(self.plan) - self.spent(now)
    }

    /// Which minute of the deal on the table it is, from 1.
    pub fn on_deal(since: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
        minutes(now - since) + 1
    }

    /// Whether the deal on the table took longer than was meant for it.
    pub fn is_over(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        minutes(now - since) >= i64::from(self.each)
    }

    /// When the clock changes next: the next whole minute since the meeting began.
    pub fn changes_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.started + Duration::minutes(self.spent(now) + 1)
    }
}

fn minutes(of: Duration) -> i64 {
    of.num_minutes().max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn it_counts_minutes_and_wakes_once_in_each() {
        let clock = ReviewClock {
            started: at("2026-11-23T09:00:10Z"),
            plan: 30,
            each: 5,
        };
        let now = at("2026-11-23T09:11:40Z");

        assert_eq!(clock.fits(), 6);
        assert_eq!(clock.spent(now), 11);
        assert_eq!(clock.left(now), 19);
        assert_eq!(clock.changes_at(now), at("2026-11-23T09:12:10Z"));
        assert_eq!(ReviewClock::on_deal(at("2026-11-23T09:09:30Z"), now), 3);
        assert!(!clock.is_over(at("2026-11-23T09:09:30Z"), now));
        assert!(clock.is_over(at("2026-11-23T09:06:40Z"), now));
    }

    #[test]
    fn a_clock_that_was_set_back_counts_nothing() {
        let clock = ReviewClock {
            started: at("2026-11-23T09:00:00Z"),
            plan: 30,
            each: 0,
        };
        let before = at("2026-11-23T08:00:00Z");

        assert_eq!(clock.spent(before), 0);
        assert_eq!(clock.left(at("2026-11-23T09:40:00Z")), -10);
        assert!(clock.fits() > 0);
    }
}
