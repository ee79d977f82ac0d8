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
    let last = leads.last().filter(|touch| touch.purchasing == Some(true))?;
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
