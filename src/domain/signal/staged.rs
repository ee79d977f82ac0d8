//! What the tests of the detectors are built from.

use chrono::{Days, NaiveDate};

use super::super::answer::{Answer, Grade, Value};
use super::super::bank::Bank;
use super::super::deal::Side;
use super::super::eval::{
    Clock, Contact, ContactRole, Known, Promise, PromiseState, Record, Touch, TouchStatus,
};
use super::super::hours::Channel;
use super::super::verdict::Thresholds;
use super::{Found, Scene, SignalId, found};

pub(super) fn today() -> NaiveDate {
    "2026-11-04".parse().unwrap()
}

pub(super) fn ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

/// A touch so many days ago; the days are its number as well.
pub(super) fn touch(days: u64, inbound: bool, channel: Channel) -> Touch {
    Touch::new(1000 - days as i64, ago(days), inbound, channel)
}

pub(super) fn ours(days: u64) -> Touch {
    touch(days, false, Channel::Email)
}

pub(super) fn theirs(days: u64) -> Touch {
    touch(days, true, Channel::Email)
}

pub(super) fn meeting(days: u64, status: TouchStatus) -> Touch {
    Touch {
        status,
        ..touch(days, false, Channel::Meeting)
    }
}

pub(super) fn get(id: i64, due: u64, state: PromiseState) -> Promise {
    Promise {
        id,
        side: Side::They,
        due: Some(ago(due)),
        state,
        settled: (state != PromiseState::Open).then(|| ago(due)),
    }
}

pub(super) fn contact(id: i64, role: Option<ContactRole>, met: Option<u64>) -> Contact {
    Contact {
        id,
        role,
        met: met.map(ago),
    }
}

/// A deal of a file that tells of contacts, with touches in their order, as the store reads it.
pub(super) fn deal(touches: impl IntoIterator<Item = Touch>) -> Record {
    let mut touches: Vec<Touch> = touches.into_iter().collect();
    touches.sort_by_key(|touch| touch.day);
    let last = |of: fn(&Touch) -> bool| touches.iter().filter(|t| of(t)).map(|t| t.day).max();
    Record {
        last_touch: last(|_| true),
        last_inbound: last(|t| t.inbound),
        last_their_act: last(Touch::is_theirs),
        known: Known {
            activity: true,
            day: Some(today()),
            ..Known::default()
        },
        touches,
        ..Record::default()
    }
}

/// Answers of the default bank, by id.
pub(super) fn answers(given: &[(&str, Value, Grade)]) -> Vec<Option<Answer>> {
    let bank = Bank::shared_default();
    let mut all = vec![None; bank.questions().len()];
    for (id, value, grade) in given {
        all[bank.find(id).unwrap().at()] = Some(Answer::new(*value, *grade, ago(10)));
    }
    all
}

/// Looks for one signal on a day, on hold or not, with thresholds.
pub(super) fn find_with(
    record: &Record,
    id: SignalId,
    thresholds: &Thresholds,
    is_held: bool,
) -> Option<Found> {
    let scene = Scene {
        record,
        bank: Bank::shared_default(),
        thresholds,
        clock: &Clock::new(today()),
        is_held,
    };
    found(&scene).into_iter().find(|f| f.signal.id == id)
}

/// Looks for one signal.
pub(super) fn find(record: &Record, id: SignalId) -> Option<Found> {
    find_with(record, id, &Thresholds::default(), false)
}

/// The level of a signal that is on, and whether it is settled, as `red`, `amber settled`.
pub(super) fn level(record: &Record, id: SignalId) -> String {
    find(record, id).map_or_else(String::new, |found| {
        let settled = if found.signal.settled { " settled" } else { "" };
        format!("{}{settled}", found.signal.level.code())
    })
}

/// The figures of a signal in words.
pub(super) fn words(record: &Record, id: SignalId) -> String {
    find(record, id).map_or_else(String::new, |found| found.signal.words(today()))
}
