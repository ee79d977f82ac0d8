//! The signals that answers raise: what they cannot say, and what is left to choose by.

use super::super::answer::{Answer, Value};
use super::super::bank::Topic;
use super::super::phase::Phase;
use super::{Found, Level, Row, Scene, SignalId};

/// At or past proposal timing, criteria or steps were asked for, and nobody knows.
pub(super) fn no_process(scene: &Scene<'_>) -> Option<Found> {
    if !scene.record.is_late() {
        return None;
    }
    let topics = [Topic::Timing, Topic::Criteria, Topic::Process];
    let unknown: Vec<_> = topics
        .into_iter()
        .flat_map(|topic| scene.answered(topic))
        .filter(|(.., answer)| answer.value == Value::Unknown)
        .collect();
    let since = unknown.iter().map(|(.., answer)| answer.as_of).max()?;
    Some(
        Found::new(SignalId::NoProcess, Level::Amber)
            .since(Some(since))
            .settled(scene.is_settled(SignalId::NoProcess, Some(since)))
            .count("steps", unknown.len())
            .rows(unknown.into_iter().map(|(ix, ..)| Row::Answer(ix))),
    )
}

/// A question of a topic was asked, and they said no. Only another answer settles it.
fn asked_no(scene: &Scene<'_>, id: SignalId, topic: Topic) -> Option<Found> {
    let mut noes = scene.answered(topic);
    let (ix, _, answer) = noes.find(|(.., answer)| answer.is_asked_no())?;
    Some(
        Found::new(id, Level::Red)
            .since(Some(answer.as_of))
            .rows([Row::Answer(ix)]),
    )
}

/// They cannot say why they would do it.
pub(super) fn no_case(scene: &Scene<'_>) -> Option<Found> {
    asked_no(scene, SignalId::NoCase, Topic::Case)
}

/// They cannot name what must come of it.
pub(super) fn no_outcome(scene: &Scene<'_>) -> Option<Found> {
    asked_no(scene, SignalId::NoOutcome, Topic::Outcome)
}

/// They will not talk about what could fail.
pub(super) fn no_risk_talk(scene: &Scene<'_>) -> Option<Found> {
    asked_no(scene, SignalId::NoRiskTalk, Topic::Risk)
}

/// The solution is chosen, purchasing leads, and only the price is left: they see no difference,
/// or it is negotiated.
pub(super) fn commodity(scene: &Scene<'_>) -> Option<Found> {
    let no = |topic| {
        let mut answered = scene.answered(topic);
        answered.find(|(.., answer)| answer.value == Value::No && answer.is_by_person())
    };
    let (chosen, _, answer): (_, _, Answer) = no(Topic::Solution)?;
    let leads = scene.touches().filter(|touch| touch.purchasing.is_some());
    let last = leads
        .last()
        .filter(|touch| touch.purchasing == Some(true))?;
    let same = no(Topic::Competition);
    if same.is_none() && scene.record.phase != Some(Phase::Negotiation) {
        return None;
    }
    let since = Some(answer.as_of.max(last.day));
    let rows = [Row::Answer(chosen), Row::Touch(last.id)].into_iter();
    Some(
        Found::new(SignalId::Commodity, Level::Amber)
            .since(since)
            .settled(scene.is_settled(SignalId::Commodity, since))
            .rows(rows.chain(same.map(|(ix, ..)| Row::Answer(ix)))),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::answer::Grade;
    use super::super::super::eval::Record;
    use super::super::super::hours::Channel;
    use super::super::staged::*;
    use super::*;

    fn with(given: &[(&str, Value, Grade)], phase: Phase) -> Record {
        Record {
            answers: answers(given),
            phase: Some(phase),
            ..Record::default()
        }
    }

    #[test]
    fn no_process_is_asked_and_unknown_late() {
        let unknown = [("PRO1", Value::Unknown, Grade::Said)];
        let of = |given, phase| level(&with(given, phase), SignalId::NoProcess);

        assert_eq!(of(&unknown, Phase::Proposal), "amber");
        assert_eq!(of(&unknown, Phase::Middle), "");
        assert_eq!(
            of(&[("PRO3", Value::Partly, Grade::Said)], Phase::Proposal),
            ""
        );
        assert_eq!(of(&[], Phase::Proposal), "", "not asked");
    }

    #[test]
    fn a_no_that_was_asked_is_red_and_a_hunch_is_none() {
        for (question, id) in [
            ("BIZ1", SignalId::NoCase),
            ("BIZ2", SignalId::NoOutcome),
            ("BIZ3", SignalId::NoRiskTalk),
        ] {
            let of = |grade| level(&with(&[(question, Value::No, grade)], Phase::Early), id);
            assert_eq!(of(Grade::Said), "red");
            assert_eq!(of(Grade::Shown), "red");
            assert_eq!(of(Grade::Hunch), "");
            let yes = with(&[(question, Value::Yes, Grade::Said)], Phase::Early);
            assert_eq!(level(&yes, id), "");
        }
        let own = with(&[("FIT4", Value::No, Grade::Said)], Phase::Early);
        assert_eq!(level(&own, SignalId::NoRiskTalk), "", "our own conduct");
    }

    #[test]
    fn a_commodity_is_chosen_led_by_purchasing_and_left_to_the_price() {
        let led = |purchasing, given: &[(&str, Value, Grade)], phase| {
            let call = super::super::super::eval::Touch {
                purchasing,
                ..touch(3, true, Channel::Call)
            };
            let record = Record {
                answers: answers(given),
                phase: Some(phase),
                ..deal([call])
            };
            level(&record, SignalId::Commodity)
        };
        let chosen = ("PRB2", Value::No, Grade::Said);
        let same = ("PRB3", Value::No, Grade::Said);

        assert_eq!(led(Some(true), &[chosen, same], Phase::Middle), "amber");
        assert_eq!(led(Some(true), &[chosen], Phase::Negotiation), "amber");
        assert_eq!(led(Some(true), &[chosen], Phase::Middle), "");
        assert_eq!(led(Some(false), &[chosen, same], Phase::Middle), "");
        assert_eq!(led(None, &[chosen, same], Phase::Middle), "");
        assert_eq!(led(Some(true), &[same], Phase::Middle), "");
    }
}
