//! The signals of time: a date that passed or moved, silence by everyone, nothing planned.
//!
//! A hold silences those that count days.

use chrono::Days;

use super::{Figure, Found, Level, Row, Scene, SignalId};

/// The close date has passed and the deal is still open; red after long enough.
pub(super) fn overdue(scene: &Scene<'_>) -> Option<Found> {
    let close = scene.record.expected_close?;
    if scene.is_held || !scene.clock.has_passed(close, 1) {
        return None;
    }
    let is_red = scene.clock.has_passed(close, scene.thresholds.overdue_days);
    let level = if is_red { Level::Red } else { Level::Amber };
    let days = Figure::Days {
        from: close,
        to: None,
    };
    Some(
        Found::new(SignalId::Overdue, level)
            .since(Some(close))
            .settled(scene.is_settled(SignalId::Overdue, Some(close)))
            .figure("days", days),
    )
}

/// Nothing was done by anyone for a long time, in a file that would know.
pub(super) fn untouched(scene: &Scene<'_>) -> Option<Found> {
    let known = scene.record.known;
    if scene.is_held || !(known.activity || known.last_activity) {
        return None;
    }
    let last = scene.last_act_by_anyone();
    if last.is_some_and(|day| !scene.is_silent_for(day, scene.thresholds.untouched_days)) {
        return None;
    }
    let found = Found::new(SignalId::Untouched, Level::Amber);
    let days = |from| Figure::Days {
        from,
        to: known.day,
    };
    Some(match last {
        Some(from) => found.figure("days", days(from)),
        None => found,
    })
}

/// The close date moved out again and again; every move counts, however small.
pub(super) fn slipped(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.timing;
    let mut out = Vec::new();
    let mut last = None;
    for one in scene.record.moves.iter().filter(|one| one.out) {
        if scene.clock.has_reached(one.day) {
            out.push(Row::Move(one.id));
            last = last.max(Some(one.day));
        }
    }
    if out.len() < usize::from(bounds.slipped_amber) {
        return None;
    }
    let is_red = out.len() >= usize::from(bounds.slipped_red);
    let level = if is_red { Level::Red } else { Level::Amber };
    Some(
        Found::new(SignalId::Slipped, level)
            .since(last)
            .settled(scene.is_over(SignalId::Slipped, last))
            .count("moves", out.len())
            .rows(out),
    )
}

/// It is older in its stage than most of the won deals were.
pub(super) fn stale_stage(scene: &Scene<'_>) -> Option<Found> {
    let (since, limit) = (scene.record.stage_since?, scene.record.stage_limit?);
    if scene.is_held || !scene.is_silent_for(since, limit.saturating_add(1)) {
        return None;
    }
    let days = Figure::Days {
        from: since,
        to: scene.record.known.day,
    };
    Some(
        Found::new(SignalId::StaleStage, Level::Amber)
            .since(Some(since))
            .settled(scene.is_settled(SignalId::StaleStage, Some(since)))
            .figure("days", days),
    )
}

/// It has been open for longer than most won deals of its file took; red where none took so long.
///
/// It speaks where a file has no history of stages, which would tell more: what is left there is
/// the day on which a deal was made. The line is that of the age in a stage, 3 in 4 of at least 20
/// won deals. That not one won deal took as long is the sharper fact and asks for an answer, so it
/// is red; like every red signal it fires nobody by itself.
pub(super) fn open_long(scene: &Scene<'_>) -> Option<Found> {
    let record = scene.record;
    let (made, ages) = (record.created?, record.won_ages?);
    let has_stage = record.stage_since.is_some() && record.stage_limit.is_some();
    if scene.is_held || has_stage {
        return None;
    }
    let age_is_over = |days: u16| {
        let over = made.checked_add_days(Days::new(u64::from(days) + 1));
        over.is_some_and(|day| day <= ages.until && scene.clock.has_reached(day))
    };
    if !age_is_over(ages.within) {
        return None;
    }
    let is_red = age_is_over(ages.longest);
    let days = Figure::Days {
        from: made,
        to: Some(ages.until),
    };
    let count = |n: u16| Figure::Count(u32::from(n));
    let found = Found::new(
        SignalId::OpenLong,
        if is_red { Level::Red } else { Level::Amber },
    )
    .since(Some(made))
    .settled(scene.is_settled(SignalId::OpenLong, Some(made)))
    .figure("days", days)
    .figure("won", Figure::Count(ages.won));
    Some(if is_red {
        found.figure("longest", count(ages.longest))
    } else {
        found
            .figure("percent", count(scene.thresholds.timing.stage_percent))
            .figure("within", count(ages.within))
    })
}

/// Next steps are recorded in this file, and this deal has none.
pub(super) fn no_next_step(scene: &Scene<'_>) -> Option<Found> {
    let is_missing = scene.record.known.next_step && !scene.record.has_next_step;
    if scene.is_held || !is_missing {
        return None;
    }
    Some(Found::new(SignalId::NoNextStep, Level::Amber))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::super::answer::{Answer, Grade, Value};
    use super::super::super::bank::{Bank, Must};
    use super::super::super::eval::{Clock, CloseMove, Known, Record, WonAges};
    use super::super::super::verdict::Thresholds;
    use super::super::{detect, staged};
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn ago(days: u64) -> NaiveDate {
        today() - Days::new(days)
    }

    /// Detects as (code, level, days, settled).
    fn found(record: &Record, is_held: bool) -> Vec<(&'static str, Level, Option<i64>, bool)> {
        let scene = Scene {
            record,
            bank: &Bank::default_bank(),
            thresholds: &Thresholds::default(),
            clock: &Clock::new(today()),
            is_held,
        };
        detect(&scene)
            .iter()
            .map(|s| {
                (
                    s.id.code(),
                    s.level,
                    s.figures.get("days", today()),
                    s.settled,
                )
            })
            .collect()
    }

    #[test]
    fn overdue_is_amber_from_the_next_day_and_red_by_thirty() {
        let closing = |days| {
            let record = Record {
                expected_close: Some(ago(days)),
                ..Record::default()
            };
            found(&record, false)
        };

        assert_eq!(closing(0), []);
        assert_eq!(closing(1), [("overdue", Level::Amber, Some(1), false)]);
        assert_eq!(closing(29), [("overdue", Level::Amber, Some(29), false)]);
        assert_eq!(closing(30), [("overdue", Level::Red, Some(30), false)]);
    }

    #[test]
    fn overdue_is_settled_by_an_answer_and_a_kept_get_after_it() {
        let bank = Bank::default_bank();
        let settled = |answered: u64, kept: Option<u64>| {
            let mut answers = vec![None; bank.questions().len()];
            let answer = Answer::new(Value::Yes, Grade::Said, ago(answered));
            answers[bank.must(Must::Date).at()] = Some(answer);
            let record = Record {
                answers,
                expected_close: Some(ago(40)),
                last_kept_get: kept.map(ago),
                ..Record::default()
            };
            found(&record, false)[0].3
        };

        assert!(settled(10, Some(5)));
        assert!(!settled(10, Some(12)), "the get was kept before the answer");
        assert!(!settled(10, None));
        assert!(!settled(50, Some(5)), "the answer is older than the signal");
    }

    #[test]
    fn untouched_needs_a_file_that_would_know() {
        let silent = |known| Record {
            last_touch: Some(ago(100)),
            known,
            ..Record::default()
        };
        let activity = Known {
            activity: true,
            day: Some(today()),
            ..Known::default()
        };

        assert_eq!(found(&silent(Known::default()), false), []);
        let expected = [("untouched", Level::Amber, Some(100), false)];
        assert_eq!(found(&silent(activity), false), expected);
        assert_eq!(
            found(&silent(activity), true),
            [],
            "a hold silences the clock"
        );
    }

    #[test]
    fn untouched_counts_to_the_record_from_the_last_act_of_anyone() {
        let silent = |last: u64, created: u64, record: u64| {
            let record = Record {
                last_activity: Some(ago(last)),
                created: Some(ago(created)),
                known: Known {
                    last_activity: true,
                    day: Some(ago(record)),
                    ..Known::default()
                },
                ..Record::default()
            };
            found(&record, false).len()
        };

        assert_eq!(silent(45, 200, 0), 1);
        assert_eq!(silent(44, 200, 0), 0);
        assert_eq!(silent(50, 200, 6), 0, "44 days to the record");
        assert_eq!(
            silent(100, 10, 0),
            0,
            "there was no deal before it was made"
        );
    }

    #[test]
    fn no_next_step_needs_a_file_that_records_them() {
        let deal = |next_step, has_next_step| Record {
            has_next_step,
            known: Known {
                next_step,
                ..Known::default()
            },
            ..Record::default()
        };

        let expected = [("no-next-step", Level::Amber, None, false)];
        assert_eq!(found(&deal(true, false), false), expected);
        assert_eq!(found(&deal(true, true), false), []);
        assert_eq!(found(&deal(false, false), false), []);
    }

    fn moved(days: &[(u64, bool)]) -> Record {
        let one = |(n, (days, out)): (usize, &(u64, bool))| CloseMove {
            id: n as i64,
            day: staged::ago(*days),
            out: *out,
        };
        Record {
            moves: days.iter().enumerate().map(one).collect(),
            ..Record::default()
        }
    }

    #[test]
    fn slipped_counts_every_move_out() {
        let slipped = |days: &[(u64, bool)]| staged::level(&moved(days), SignalId::Slipped);

        assert_eq!(slipped(&[(90, true)]), "");
        assert_eq!(slipped(&[(90, true), (59, true)]), "amber");
        assert_eq!(slipped(&[(90, true), (60, true)]), "amber settled");
        assert_eq!(slipped(&[(90, true), (50, false), (40, false)]), "");
        let record = moved(&[(9, true), (9, true), (8, true)]);
        assert_eq!(staged::level(&record, SignalId::Slipped), "red");
        assert_eq!(staged::words(&record, SignalId::Slipped), "moved 3 times");
        let rows = staged::find(&record, SignalId::Slipped).unwrap().rows;
        assert_eq!(rows, [0, 1, 2].map(Row::Move));
    }

    #[test]
    fn old_in_its_stage_is_older_than_the_limit_of_the_file() {
        let aged = |days, limit| Record {
            stage_since: Some(staged::ago(days)),
            stage_limit: limit,
            known: Known {
                day: Some(staged::today()),
                ..Known::default()
            },
            ..Record::default()
        };

        let level = |record: &Record| staged::level(record, SignalId::StaleStage);
        assert_eq!(level(&aged(20, Some(20))), "");
        assert_eq!(level(&aged(21, Some(20))), "amber");
        assert_eq!(level(&aged(300, None)), "", "too few were won");
        let words = staged::words(&aged(21, Some(20)), SignalId::StaleStage);
        assert_eq!(words, "21 d");
    }

    #[test]
    fn open_too_long_is_longer_than_most_won_deals_took_and_red_longer_than_all() {
        let aged = |days: u64| Record {
            created: Some(staged::ago(days)),
            won_ages: Some(WonAges {
                won: 4238,
                within: 88,
                longest: 138,
                unnamed: 0,
                until: staged::today(),
            }),
            ..Record::default()
        };
        let level = |record: &Record| staged::level(record, SignalId::OpenLong);
        let words = |days: u64| staged::words(&aged(days), SignalId::OpenLong);

        assert_eq!(level(&aged(88)), "");
        assert_eq!(level(&aged(89)), "amber");
        assert_eq!(level(&aged(138)), "amber");
        assert_eq!(level(&aged(139)), "red");
        assert_eq!(words(89), "89 d, 3 in 4 of 4238 won took 88 at most");
        assert_eq!(words(423), "423 d, none of 4238 won took over 138");
        let undated = Record {
            created: None,
            ..aged(0)
        };
        assert_eq!(level(&undated), "", "its day is not known");
        let few = Record {
            won_ages: None,
            ..aged(423)
        };
        assert_eq!(level(&few), "", "too few were won");
    }

    #[test]
    fn the_age_of_a_deal_ends_with_its_file_and_gives_way_to_that_of_its_stage() {
        let mut record = Record {
            created: Some(staged::ago(423)),
            won_ages: Some(WonAges {
                won: 20,
                within: 88,
                longest: 138,
                unnamed: 0,
                until: staged::ago(330),
            }),
            ..Record::default()
        };
        let level = |record: &Record| staged::level(record, SignalId::OpenLong);

        assert_eq!(level(&record), "amber", "93 days by the end of the file");
        assert_eq!(
            staged::words(&record, SignalId::OpenLong),
            "93 d, 3 in 4 of 20 won took 88 at most"
        );
        let (thresholds, held) = (Thresholds::default(), true);
        let found = staged::find_with(&record, SignalId::OpenLong, &thresholds, held);
        assert_eq!(found, None, "a hold silences the clock");
        record.stage_since = Some(staged::ago(400));
        assert_eq!(level(&record), "amber", "too few left that stage");
        record.stage_limit = Some(500);
        assert_eq!(level(&record), "", "its stage tells more");
    }
}
