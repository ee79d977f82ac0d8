//! The signals of promises: gets that are late or missed, and trials that began too soon.

use chrono::NaiveDate;

use super::super::deal::Side;
use super::super::eval::PromiseState;
use super::super::hours::Channel;
use super::{Found, Level, Row, Scene, SignalId};

/// What became of their promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gets {
    /// Kept in time.
    pub kept: u32,
    /// Came due: kept, late, missed, and open past their day.
    pub due: u32,
    /// Late or missed.
    pub late: u32,
    /// Of those the ones still open.
    pub waiting: u32,
    /// The day of the last that was late or missed.
    last: Option<NaiveDate>,
    rows: Vec<Row>,
}

impl Gets {
    /// Counts their promises; one without a day or waived counts not at all.
    pub fn of(scene: &Scene<'_>) -> Self {
        let mut gets = Self::default();
        let theirs = scene.record.promises.iter();
        for get in theirs.filter(|promise| promise.side == Side::They) {
            let failed_on = match get.state {
                PromiseState::Waived => continue,
                PromiseState::Kept => {
                    gets.kept += 1;
                    gets.due += 1;
                    continue;
                }
                PromiseState::Open => match get.due {
                    Some(due) if scene.clock.has_passed(due, 1) => {
                        gets.waiting += 1;
                        None
                    }
                    Some(_) | None => continue,
                },
                PromiseState::Late | PromiseState::Missed => get.settled.or(get.due),
            };
            gets.due += 1;
            gets.late += 1;
            gets.last = gets.last.max(failed_on.or(get.due));
            gets.rows.push(Row::Promise(get.id));
        }
        gets
    }
}

/// A get is late, several are, or fewer than half of enough were kept.
pub(super) fn their_word(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.word;
    let gets = Gets::of(scene);
    if gets.late == 0 {
        return None;
    }
    let few = gets.due >= u32::from(bounds.gets_enough) && gets.kept * 2 < gets.due;
    let is_red = gets.late >= u32::from(bounds.late_red) || few;
    let level = if is_red { Level::Red } else { Level::Amber };
    // What still waits is late today as well, and no time settles it.
    let settled = scene.is_settled(SignalId::TheirWord, gets.last)
        || (gets.waiting == 0 && scene.is_long_ago(gets.last));
    Some(
        Found::new(SignalId::TheirWord, level)
            .since(gets.last)
            .settled(settled)
            .count("late", gets.late as usize)
            .count("kept", gets.kept as usize)
            .count("of", gets.due as usize)
            .rows(gets.rows),
    )
}

/// Trial work began before the four things were agreed, where somebody keeps a gate for it.
pub(super) fn trial_ungated(scene: &Scene<'_>) -> Option<Found> {
    let gate = scene.record.gate.filter(|gate| gate.open > 0)?;
    let work = scene
        .touches()
        .find(|touch| touch.channel == Channel::Trial && touch.is_held_meeting());
    let starts = gate.starts.filter(|day| scene.clock.has_reached(*day));
    let began = [starts, work.map(|touch| touch.day)];
    let began = began.into_iter().flatten().min()?;
    let rows = [Some(Row::Gate(gate.id)), work.map(|t| Row::Touch(t.id))];
    Some(
        Found::new(SignalId::TrialUngated, Level::Red)
            .since(Some(began))
            .settled(scene.is_settled(SignalId::TrialUngated, Some(began)))
            .count("open", usize::from(gate.open))
            .rows(rows.into_iter().flatten()),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::answer::{Grade, Value};
    use super::super::super::eval::{Gate, Record};
    use super::super::staged::*;
    use super::*;

    fn of(promises: &[(u64, PromiseState)]) -> Record {
        let gets = promises.iter().enumerate();
        Record {
            promises: gets
                .map(|(n, (due, state))| get(n as i64, *due, *state))
                .collect(),
            ..Record::default()
        }
    }

    fn word(promises: &[(u64, PromiseState)]) -> String {
        level(&of(promises), SignalId::TheirWord)
    }

    #[test]
    fn a_get_is_late_from_the_day_after_its_own() {
        use PromiseState::{Kept, Late, Missed, Open, Waived};
        assert_eq!(word(&[(0, Open)]), "");
        assert_eq!(word(&[(1, Open)]), "amber");
        assert_eq!(word(&[(1, Open), (5, Missed)]), "red");
        assert_eq!(word(&[(1, Open), (5, Waived)]), "amber");
        assert_eq!(word(&[(5, Late), (4, Kept), (3, Kept)]), "amber");
    }

    #[test]
    fn fewer_than_half_kept_of_three_are_red() {
        use PromiseState::{Kept, Missed, Open};
        let one_of_three = [(9, Kept), (6, Missed), (1, Open)];
        assert_eq!(word(&one_of_three), "red");
        assert_eq!(
            words(&of(&one_of_three), SignalId::TheirWord),
            "kept 1 of 3"
        );
        assert_eq!(word(&[(9, Kept), (6, Missed)]), "amber", "half of two");
        let rows = find(&of(&one_of_three), SignalId::TheirWord).unwrap().rows;
        assert_eq!(rows, [1, 2].map(Row::Promise));
    }

    #[test]
    fn what_was_missed_long_ago_is_settled_and_what_still_waits_is_not() {
        use PromiseState::{Missed, Open};
        assert_eq!(word(&[(59, Missed)]), "amber");
        assert_eq!(word(&[(60, Missed)]), "amber settled");
        assert_eq!(word(&[(100, Open)]), "amber");
        let mut answered = of(&[(30, Missed)]);
        answered.answers = answers(&[("RES2", Value::Partly, Grade::Said)]);
        answered.last_kept_get = Some(ago(5));
        assert_eq!(level(&answered, SignalId::TheirWord), "amber settled");
    }

    #[test]
    fn our_own_promises_are_no_signal_of_theirs() {
        let mut record = of(&[(5, PromiseState::Missed)]);
        record.promises[0].side = Side::We;
        assert_eq!(level(&record, SignalId::TheirWord), "");
    }

    #[test]
    fn a_trial_that_began_with_one_of_four_open_is_red() {
        let with = |open, starts: Option<u64>, work: Option<u64>| {
            let touches = work.map(|days| touch(days, false, Channel::Trial));
            let record = Record {
                gate: Some(Gate {
                    id: 1,
                    open,
                    starts: starts.map(ago),
                }),
                ..deal(touches)
            };
            level(&record, SignalId::TrialUngated)
        };

        assert_eq!(with(1, Some(0), None), "red", "its day has come");
        assert_eq!(with(1, None, None), "");
        assert_eq!(with(1, None, Some(2)), "red");
        assert_eq!(with(0, Some(5), Some(2)), "");
        let ungated = deal([touch(2, false, Channel::Trial)]);
        assert_eq!(
            level(&ungated, SignalId::TrialUngated),
            "",
            "nobody keeps a gate"
        );
    }
}
