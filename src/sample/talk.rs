//! What is said, and everything that was said before the last weeks of a deal.

use chrono::{Datelike, NaiveDate, Weekday};
use fastrand::Rng;

use super::plan::{Outcome, Plan, Touch};
use crate::domain::hours::Channel;

/// Whole sentences, which nobody would call curt.
pub(super) const SENTENCES: &[&str] = &[
    "We talked about it on Monday and everybody liked the idea.",
    "Could we move the second part to the week after next?",
    "The numbers of the north plant are in the sheet that I sent.",
    "Our head of operations wants to see the report once more.",
    "That fits well with what we plan for the spring.",
];

/// Requests for something to read.
pub(super) const ASKS: &[&str] = &[
    "Could you send us the sheet on safety for our files?",
    "Please send the list of references in our industry as well.",
    "Could you send us the report of the audit of last year?",
];

/// What we write.
pub(super) const OURS: &[&str] = &[
    "Following up on our talk, here is what we agreed so far.",
    "Did you have the time to look at the two open points?",
    "I would like to fix the date of the visit with you.",
    "Here is the summary with the three steps that come next.",
];

/// What mails and calls are about.
pub(super) const SUBJECTS: &[&str] = &[
    "Two open points",
    "Next steps",
    "Your plant in spring",
    "Summary of our talk",
    "Dates",
];

impl Touch {
    /// A contact with the first person, of which nothing special is to be said.
    pub(super) fn plain(
        age: i64,
        at: u32,
        is_inbound: bool,
        way: Channel,
        subject: &'static str,
    ) -> Self {
        Self {
            age,
            at,
            is_inbound,
            way,
            minutes: None,
            outcome: Outcome::Held,
            who: 0,
            by: None,
            subject,
            document: None,
            words: SENTENCES[0],
        }
    }
}

/// Returns the age, or that of the working day before.
pub(super) fn weekday(today: NaiveDate, age: i64) -> i64 {
    match super::day_of(today, age).weekday() {
        Weekday::Sat => age + 1,
        Weekday::Sun => age + 2,
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => age,
    }
}

/// Everything before the last weeks: they and we in turns, down to an age.
pub(super) fn past(rng: &mut Rng, plan: &mut Plan, down_to: i64, today: NaiveDate) {
    let mut age = plan.created() - 2;
    while age > down_to + 4 {
        let (subject, ours) = (
            SUBJECTS[rng.usize(..SUBJECTS.len())],
            OURS[rng.usize(..OURS.len())],
        );
        let who = if plan.people.iter().any(|person| person.card.is_some()) {
            0
        } else {
            rng.usize(..plan.people.len().min(2))
        };
        let is_call = rng.bool();
        let way = if is_call {
            Channel::Call
        } else {
            Channel::Email
        };
        plan.touches.push(Touch {
            minutes: is_call.then(|| rng.u32(1..9) * 5),
            words: ours,
            who,
            ..Touch::plain(age, rng.u32(9 * 60..17 * 60), false, way, subject)
        });
        let at = rng.u32(10 * 60..16 * 60);
        plan.touches.push(Touch {
            who,
            words: SENTENCES[rng.usize(..SENTENCES.len())],
            ..Touch::plain(weekday(today, age - 2), at, true, Channel::Email, subject)
        });
        age -= rng.i64(11..34);
    }
}
