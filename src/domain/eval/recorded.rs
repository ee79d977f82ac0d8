//! What the record answers where no person did.
//!
//! A red signal answers the first core question of its topic with no. Whether they are in
//! touch, whether they keep their word, whether the signer has met us and whether the margin is
//! enough, the record can also answer with yes (scoring model).

use std::borrow::Cow;

use chrono::NaiveDate;

use super::super::answer::{Answer, Grade, Value};
use super::super::bank::{QuestionIx, Topic};
use super::super::fit::answer_at;
use super::super::signal::{Gets, Scene, Signal};
use super::{ContactRole, is_for_the_record};

/// One answer of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The question.
    pub question: QuestionIx,
    /// The answer, of grade record.
    pub answer: Answer,
}

/// Returns all that the record answers, whether a person did or not.
pub(super) fn read(scene: &Scene<'_>, signals: &[Signal]) -> Vec<Recorded> {
    let mut recorded: Vec<Recorded> = Vec::new();
    let mut add = |topic: Topic, value: Value, as_of: NaiveDate| {
        let Some(question) = scene.bank.core_of(topic) else {
            return;
        };
        if recorded.iter().all(|r| r.question != question) {
            let answer = Answer::new(value, Grade::Record, as_of);
            recorded.push(Recorded { question, answer });
        }
    };
    let of_record = || scene.record.known.day.unwrap_or_else(|| scene.now());
    for signal in signals {
        if let Some(topic) = signal.red_topic() {
            add(topic, Value::No, signal.since.unwrap_or_else(of_record));
        }
    }
    if let Some(day) = in_touch(scene) {
        add(Topic::Contact, Value::Yes, day);
    }
    if let Some(day) = keeps_word(scene) {
        add(Topic::Word, Value::Yes, day);
    }
    if let Some(day) = signer_met(scene) {
        add(Topic::Power, Value::Yes, day);
    }
    if is_margin_enough(scene) {
        add(Topic::Margin, Value::Yes, of_record());
    }
    recorded
}

/// Returns answers with what the record says where no person answered.
pub fn with_record<'a>(
    answers: &'a [Option<Answer>],
    recorded: &[Recorded],
) -> Cow<'a, [Option<Answer>]> {
    let mut all = Cow::Borrowed(answers);
    for one in recorded {
        let at = one.question.at();
        if is_for_the_record(answer_at(&all, one.question)) {
            let owned = all.to_mut();
            if owned.len() <= at {
                owned.resize(at + 1, None);
            }
            owned[at] = Some(one.answer);
        }
    }
    all
}

/// The day of their last act, where the file tells of contacts and it is not long ago.
fn in_touch(scene: &Scene<'_>) -> Option<NaiveDate> {
    let last = scene.record.last_act()?;
    let is_known = scene.record.known.activity && scene.clock.has_reached(last);
    let quiet = scene.silence_limit(scene.thresholds.contact.quiet_days);
    (is_known && !scene.is_silent_for(last, quiet)).then_some(last)
}

/// The day of their last kept get, where enough came due, half of them were kept and none waits.
fn keeps_word(scene: &Scene<'_>) -> Option<NaiveDate> {
    let gets = Gets::of(scene);
    let enough = gets.due >= u32::from(scene.thresholds.word.gets_enough);
    let kept = gets.waiting == 0 && gets.kept * 2 >= gets.due;
    scene.record.last_kept_get.filter(|_| enough && kept)
}

/// The first day on which somebody who can sign met us.
fn signer_met(scene: &Scene<'_>) -> Option<NaiveDate> {
    let signers = scene.record.contacts.iter();
    signers
        .filter(|c| c.role == Some(ContactRole::EconomicBuyer))
        .filter_map(|c| c.met)
        .filter(|met| scene.clock.has_reached(*met))
        .min()
}

/// Whether the margin is known, at the floor or above, and no discount takes it away.
fn is_margin_enough(scene: &Scene<'_>) -> bool {
    let money = &scene.thresholds.money;
    let margin = scene.record.margin.is_some_and(|m| m >= money.margin_floor);
    let discount = scene.record.discount.unwrap_or(0.0);
    margin && discount <= money.discount_ceiling
}
