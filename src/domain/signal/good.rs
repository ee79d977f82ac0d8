//! What speaks for a deal.

use super::super::answer::{Answer, Grade, Value};
use super::super::bank::{Direction, Topic};
use super::super::eval::{ContactRole, Decision};
use super::{Figure, Found, Gets, Level, Row, Scene, SignalId};

/// A fired prospect made contact again.
pub(super) fn returned(scene: &Scene<'_>) -> Option<Found> {
    match scene.record.decision {
        Decision::Fired {
            came_back: true, ..
        } => Some(Found::new(SignalId::Returned, Level::Good).since(scene.record.last_inbound)),
        Decision::Fired { .. }
        | Decision::Undecided
        | Decision::Continued { .. }
        | Decision::Held { .. } => None,
    }
}

/// A sponsor has met us, gets are kept, the problem is known and the solution open, the race
/// leans to us, or it is agreed that a no is fine: each for itself.
pub(super) fn speaks_for(scene: &Scene<'_>) -> Option<Found> {
    let mut found = Found::new(SignalId::SpeaksFor, Level::Good);
    let sponsors = scene.record.contacts.iter().filter(|contact| {
        let is_one = matches!(
            contact.role,
            Some(ContactRole::EconomicBuyer | ContactRole::Champion)
        );
        is_one && contact.met.is_some_and(|day| scene.clock.has_reached(day))
    });
    let sponsors: Vec<Row> = sponsors.map(|c| Row::Contact(c.id)).collect();
    if !sponsors.is_empty() {
        found = found.count("sponsor", sponsors.len());
        found.rows.extend(sponsors);
    }
    let gets = Gets::of(scene);
    if gets.kept > 0 && gets.late == 0 {
        found = found.count("kept", gets.kept as usize);
    }
    let earned = |topic| {
        let mut answered = scene.answered(topic);
        answered.find(|(.., answer)| answer.is_earned_yes())
    };
    if let (Some((problem, ..)), Some((solution, ..))) =
        (earned(Topic::Problem), earned(Topic::Solution))
    {
        found = found.figure("problem", Figure::Count(1));
        found
            .rows
            .extend([Row::Answer(problem), Row::Answer(solution)]);
    }
    let race: Vec<_> = scene.answered(Topic::Competition).collect();
    let leans = |answer: &Answer| answer.value == Value::Yes;
    let shown = |answer: &Answer| leans(answer) && answer.grade == Grade::Shown;
    if race.iter().all(|(.., a)| leans(a)) && race.iter().any(|(.., a)| shown(a)) {
        found = found.figure("wired", Figure::Count(1));
        found
            .rows
            .extend(race.iter().map(|(ix, ..)| Row::Answer(*ix)));
    }
    // What either side may do is agreed: no question of the prospect alone.
    let mut rules = scene.answered(Topic::Word).filter(|(_, question, answer)| {
        question.direction == Some(Direction::Both)
            && question.weight == 1
            && answer.is_earned_yes()
    });
    if let Some((ix, ..)) = rules.next() {
        found = found.figure("agreed", Figure::Count(1));
        found.rows.push(Row::Answer(ix));
    }
    (!found.signal.figures.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::super::eval::{Decided, PromiseState, Record};
    use super::super::staged::*;
    use super::*;

    #[test]
    fn a_fired_prospect_that_is_back_speaks_for_itself() {
        let fired = |came_back| Record {
            decision: Decision::Fired {
                decided: Decided {
                    on: ago(40),
                    verdict: None,
                    worse_was_seen: false,
                },
                nurture: None,
                came_back,
            },
            ..Record::default()
        };

        assert_eq!(level(&fired(true), SignalId::Returned), "good");
        assert_eq!(level(&fired(false), SignalId::Returned), "");
    }

    #[test]
    fn each_thing_that_speaks_for_a_deal_is_named() {
        const SAID: Grade = Grade::Said;
        let mut record = Record::default();
        assert_eq!(level(&record, SignalId::SpeaksFor), "");

        record.contacts = vec![contact(1, Some(ContactRole::Champion), Some(3))];
        assert_eq!(words(&record, SignalId::SpeaksFor), "sponsor met");
        record.promises = vec![get(1, 9, PromiseState::Kept), get(2, 5, PromiseState::Kept)];
        record.answers = answers(&[
            ("PRB1", Value::Yes, SAID),
            ("PRB2", Value::Yes, SAID),
            ("WIN1", Value::Yes, Grade::Shown),
            ("FIT3", Value::Yes, SAID),
        ]);
        assert_eq!(
            words(&record, SignalId::SpeaksFor),
            "sponsor met, 2 kept, problem known, solution open, the race leans to us, \
             a no is fine, agreed"
        );
    }

    #[test]
    fn a_hunch_or_a_get_that_is_late_speaks_for_nothing() {
        let mut record = Record {
            contacts: vec![contact(1, Some(ContactRole::Champion), None)],
            promises: vec![get(1, 9, PromiseState::Kept), get(2, 5, PromiseState::Open)],
            ..Record::default()
        };
        record.answers = answers(&[
            ("PRB1", Value::Yes, Grade::Hunch),
            ("PRB2", Value::Yes, Grade::Said),
            ("WIN1", Value::Yes, Grade::Said),
        ]);

        assert_eq!(level(&record, SignalId::SpeaksFor), "");
    }
}
