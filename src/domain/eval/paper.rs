//! Dead on paper: what the record alone says is over.
//!
//! They were silent for long, nobody did anything, and the date has passed or nothing is
//! planned (scoring model). Only where the file could know: a column that is absent is never
//! held against a deal, and silence on an old record fires nobody.

use super::super::signal::Scene;
use super::super::verdict::Paper;

/// Reads what the record alone says of an open deal.
pub(super) fn read(scene: &Scene<'_>) -> Paper {
    let is_over =
        !scene.is_held && is_stuck(scene) && are_they_silent(scene) && is_untouched(scene);
    if !is_over {
        return Paper::Alive;
    }
    let days = scene.thresholds.record_days.saturating_add(1);
    let is_old = scene
        .record
        .known
        .day
        .is_some_and(|day| scene.clock.has_passed(day, days));
    if is_old {
        Paper::ImportFirst
    } else {
        Paper::Dead
    }
}

/// The close date passed long ago, or nothing is planned in a file that records plans.
fn is_stuck(scene: &Scene<'_>) -> bool {
    let record = scene.record;
    let has_no_step = record.known.next_step && !record.has_next_step;
    let is_past = |close| scene.clock.has_passed(close, scene.thresholds.overdue_days);
    has_no_step || record.expected_close.is_some_and(is_past)
}

/// No inbound for long, or none on record.
///
/// The CRM's own last activity is none of theirs, but where nobody did anything, neither did
/// they: so it stands in for touches where the file has none.
fn are_they_silent(scene: &Scene<'_>) -> bool {
    let record = scene.record;
    let last = match (record.known.activity, record.known.last_activity) {
        (true, _) => record.last_inbound,
        (false, true) => record.last_inbound.max(record.last_activity),
        (false, false) => return false,
    };
    last.is_none_or(|day| scene.is_silent_for(day, scene.thresholds.dead_inbound_days))
}

/// Nothing by anyone for long.
fn is_untouched(scene: &Scene<'_>) -> bool {
    let last = scene.last_act_by_anyone();
    last.is_none_or(|day| scene.is_silent_for(day, scene.thresholds.untouched_days))
}
