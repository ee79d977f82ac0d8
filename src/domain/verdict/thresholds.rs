//! The bounds of the scoring model, which a config file may move.

use serde::{Deserialize, Serialize};

use super::super::hours::HourBounds;
use super::bounds::{ContactBounds, MoneyBounds, TimingBounds, WordBounds, WorkingHours};

/// Where the rules draw their lines; the defaults are those of the scoring model.
///
/// They are our best judgement, tried on worked and on real closed deals, and not a law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// FIRE at or below this evidence, in nats.
    pub fire_evidence: f64,
    /// FIRE by evidence takes at least so many answered core questions.
    pub fire_core_answered: u16,
    /// CONTINUE takes at least so much earned, in nats.
    pub continue_earned: f64,
    /// CONTINUE takes at least this coverage, 0 to 100.
    pub continue_coverage: f64,
    /// Dead on paper: no inbound for so many days.
    pub dead_inbound_days: u16,
    /// Dead on paper, and the signal untouched: nothing by anyone for so many days.
    pub untouched_days: u16,
    /// Dead on paper, and overdue in red: the close date passed by so many days.
    pub overdue_days: u16,
    /// Silence fires nobody on a record older than so many days.
    pub record_days: u16,
    /// Told as silence: nothing was heard of a fired prospect for so many days of the record.
    pub silent_days: u16,
    /// How hours are estimated.
    pub hours: HourBounds,
    /// The lines of the signals about contact.
    pub contact: ContactBounds,
    /// The lines of the signals about promises.
    pub word: WordBounds,
    /// The lines of the signals about dates and stages.
    pub timing: TimingBounds,
    /// The lines of the signals about money and hours.
    pub money: MoneyBounds,
    /// When we work, and how long.
    pub working: WorkingHours,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            fire_evidence: -1.5,
            fire_core_answered: 4,
            continue_earned: 1.7,
            continue_coverage: 75.0,
            dead_inbound_days: 60,
            untouched_days: 45,
            overdue_days: 30,
            record_days: 7,
            silent_days: 30,
            hours: HourBounds::default(),
            contact: ContactBounds::default(),
            word: WordBounds::default(),
            timing: TimingBounds::default(),
            money: MoneyBounds::default(),
            working: WorkingHours::default(),
        }
    }
}

impl Thresholds {
    /// Says what of it makes no sense, each in a sentence; nothing where all does.
    pub fn mistakes(&self) -> Vec<String> {
        let percent = |number: f64| (0.0..=100.0).contains(&number);
        let positive = |number: f64| number.is_finite() && number > 0.0;
        let factors = [
            self.contact.factor_early,
            self.contact.factor_middle,
            self.contact.factor_proposal,
            self.contact.factor_negotiation,
            self.contact.factor_near,
        ];
        let checks = [
            (
                percent(self.continue_coverage),
                "continue_coverage is a number from 0 to 100",
            ),
            (
                self.fire_evidence.is_finite() && self.continue_earned.is_finite(),
                "fire_evidence and continue_earned are numbers",
            ),
            (
                self.silent_days > 0,
                "silent_days is a number of days, 1 or more",
            ),
            (
                factors.into_iter().all(|f| positive(f) && f <= 10.0),
                "a factor is a number above 0, up to 10",
            ),
            (
                self.contact.quiet_days <= self.contact.dark_days,
                "quiet_days are no more than dark_days",
            ),
            (
                (1..=12).contains(&self.timing.year_starts),
                "year_starts is a month from 1 to 12",
            ),
            (
                (1..=100).contains(&self.timing.stage_percent),
                "stage_percent is a number from 1 to 100",
            ),
            (
                percent(self.money.margin_floor) && percent(self.money.discount_ceiling),
                "margin_floor and discount_ceiling are numbers from 0 to 100",
            ),
            (
                positive(self.money.heavy_times),
                "heavy_times is a number above 0",
            ),
            (
                self.money.heavy_hours.is_finite() && self.money.heavy_hours >= 0.0,
                "heavy_hours is a number of hours, 0 or more",
            ),
            (
                self.working.from.0 < self.working.to.0,
                "the working day ends after it begins",
            ),
            (
                positive(self.working.selling_hours) && self.working.selling_hours <= 168.0,
                "selling_hours is a number of hours a week, up to 168",
            ),
            (
                positive(self.hours.least_per_week)
                    && positive(self.hours.least_weeks)
                    && self.hours.least_weeks <= self.hours.most_weeks
                    && self.hours.most_weeks <= 520.0,
                "hours: least_per_week and least_weeks are above 0, and most_weeks no less",
            ),
        ];
        let wrong = checks.into_iter().filter(|(is_right, _)| !is_right);
        wrong.map(|(_, what)| what.to_owned()).collect()
    }
}
