//! Where the fired were left, with what unasked, and what came of them.

use super::{Drawn, Facts, Plot, count, deals, enough};
use crate::domain::deal::OutcomeKind;
use crate::domain::phase::Phase;

/// The phases in which a deal can be left, in their order; what tells none stands last.
const PHASES: [(Option<Phase>, &str); 5] = [
    (Some(Phase::Early), "early"),
    (Some(Phase::Middle), "middle"),
    (Some(Phase::Proposal), "proposal"),
    (Some(Phase::Negotiation), "negotiation"),
    (None, "not known"),
];

/// The stage in which each of the fired was left.
pub(super) fn by_stage(facts: &Facts) -> Drawn {
    enough(facts.fired.len(), "fired deals")?;
    let place = |phase: Option<Phase>| {
        let is_same = |(known, _): &(Option<Phase>, &str)| *known == phase;
        PHASES.iter().position(is_same).unwrap_or(PHASES.len() - 1)
    };
    let mut bars = count(
        "",
        PHASES.len(),
        &facts.fired,
        |fired| place(fired.phase),
        |fired| fired.deal,
    );
    let before = bars.bars[0].deals.len() + bars.bars[1].deals.len();
    let all = facts.fired.len() as f64;
    for bar in &mut bars.bars {
        bar.value = 100.0 * bar.value / all;
    }
    let sentence = format!(
        "{before} of {} fired were left before a proposal was out.",
        deals(facts.fired.len())
    );
    Ok((
        sentence,
        Plot {
            across: "stage on the day we left",
            up: "% of the fired",
            places: PHASES.map(|(_, name)| name.to_owned()).into(),
            series: vec![bars],
        },
    ))
}

/// Where one place of the axis of unasked questions ends.
const UNASKED: [(u32, &str); 4] = [(0, "none"), (3, "1-3"), (6, "4-6"), (u32::MAX, "7 or more")];

/// Core questions that were never asked of the fired. What the record alone fired needed none.
pub(super) fn unasked(facts: &Facts) -> Drawn {
    let judged: Vec<_> = (facts.fired.iter())
        .filter(|fired| !fired.on_paper)
        .collect();
    enough(judged.len(), "fired deals that were not dead on paper")?;
    let on_paper = facts.fired.len() - judged.len();
    let left_out = judged.iter().filter(|fired| fired.unasked > 0).count();
    let sentence = format!(
        "{left_out} of {} were fired with core questions never asked; {on_paper} dead on paper \
         are not counted.",
        deals(judged.len()),
    );
    let bars = count(
        "",
        UNASKED.len(),
        judged,
        |fired| {
            let within = |(end, _): &(u32, &str)| fired.unasked <= *end;
            UNASKED.iter().position(within).unwrap_or_default()
        },
        |fired| fired.deal,
    );
    Ok((
        sentence,
        Plot {
            across: "core questions never asked",
            up: "deals",
            places: UNASKED.map(|(_, name)| name.to_owned()).into(),
            series: vec![bars],
        },
    ))
}

/// What can come of a fired prospect, as it is said; what nobody knows stands last.
const OUTCOMES: [(Option<OutcomeKind>, &str); 8] = [
    (Some(OutcomeKind::CameBackBetter), "back, better"),
    (Some(OutcomeKind::CameBackUnchanged), "back, same"),
    (Some(OutcomeKind::Silence), "silence"),
    (Some(OutcomeKind::BoughtElsewhere), "elsewhere"),
    (Some(OutcomeKind::BoughtNothing), "nothing"),
    (Some(OutcomeKind::Won), "won"),
    (Some(OutcomeKind::Lost), "lost"),
    (None, "not known"),
];

/// What came of the fired.
pub(super) fn outcomes(facts: &Facts) -> Drawn {
    enough(facts.fired.len(), "fired deals")?;
    let bars = count(
        "",
        OUTCOMES.len(),
        &facts.fired,
        |fired| {
            let is_same = |(known, _): &(Option<OutcomeKind>, &str)| *known == fired.outcome;
            OUTCOMES
                .iter()
                .position(is_same)
                .unwrap_or(OUTCOMES.len() - 1)
        },
        |fired| fired.deal,
    );
    let [better, same] = [0, 1].map(|at| bars.bars[at].deals.len());
    let sentence = format!(
        "Of {} fired, {better} came back on better terms and {same} unchanged; of {} nothing is \
         known yet.",
        deals(facts.fired.len()),
        bars.bars[OUTCOMES.len() - 1].deals.len(),
    );
    Ok((
        sentence,
        Plot {
            across: "what came of it",
            up: "deals",
            places: OUTCOMES.map(|(_, name)| name.to_owned()).into(),
            series: vec![bars],
        },
    ))
}
