//! The bounds of the scoring model, which a config file may move.

use serde::{Deserialize, Serialize};

use super::super::hours::HourBounds;

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
    /// How hours are estimated.
    pub hours: HourBounds,
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
            hours: HourBounds::default(),
        }
    }
}
