//! Promises kept by both sides, and what the sweeps said over time.

use chrono::{Datelike, NaiveDate};

use super::{Drawn, Facts, Plot, Promise, count, deals, enough};
use crate::domain::deal::{CommitmentState, Side, SweepWord};

/// What can become of a promise that was settled, as it is said.
const STATES: [(CommitmentState, &str); 4] = [
    (CommitmentState::Kept, "kept"),
    (CommitmentState::Late, "late"),
    (CommitmentState::Missed, "missed"),
    (CommitmentState::Waived, "waived"),
];

fn kept(promises: &[&Promise]) -> String {
    let kept = promises.iter().filter(|p| p.state == CommitmentState::Kept);
    format!("{} of {}", kept.count(), promises.len())
}

/// Promises kept, late, missed and waived, theirs beside ours.
pub(super) fn promises(facts: &Facts) -> Drawn {
    let of = |side: Side| -> Vec<&Promise> {
        (facts.promises.iter())
            .filter(|promise| promise.side == side)
            .collect()
    };
    let (they, we) = (of(Side::They), of(Side::We));
    enough(they.len() + we.len(), "promises that fell due")?;
    let sentence = format!(
        "They kept {} promises on their day, we {}.",
        kept(&they),
        kept(&we)
    );
    let place = |promise: &&Promise| {
        let is_same = |(state, _): &(CommitmentState, &str)| *state == promise.state;
        STATES.iter().position(is_same).unwrap_or_default()
    };
    let series = [("they", they), ("we", we)]
        .map(|(name, promises)| count(name, STATES.len(), promises, place, |promise| promise.deal));
    Ok((
        sentence,
        Plot {
            across: "what became of it",
            up: "promises",
            places: STATES.map(|(_, name)| name.to_owned()).into(),
            series: series.into(),
        },
    ))
}

/// The most months that are drawn.
const MONTHS: usize = 12;

fn month(day: NaiveDate) -> (i32, u32) {
    (day.year(), day.month())
}

/// The words of the sweeps by month: of a deal that was swept twice in one, the later.
pub(super) fn sweeps(facts: &Facts) -> Drawn {
    let mut swept: Vec<_> = facts.swept.clone();
    swept.sort_by_key(|swept| (month(swept.day), swept.deal, swept.day));
    swept.reverse();
    swept.dedup_by_key(|swept| (month(swept.day), swept.deal));
    swept.reverse();
    let mut months: Vec<(i32, u32)> = swept.iter().map(|swept| month(swept.day)).collect();
    months.dedup();
    let months = months.split_off(months.len().saturating_sub(MONTHS));
    let Some(last) = months.last() else {
        return Err(enough(0, "swept deals").expect_err("none is not enough"));
    };
    let of = |word: SweepWord| swept.iter().filter(move |swept| swept.word == word);
    let latest = |word: SweepWord| of(word).filter(|swept| month(swept.day) == *last).count();
    let [glad, dread, unknown] =
        [SweepWord::Glad, SweepWord::Dread, SweepWord::Unknown].map(latest);
    let all = glad + dread + unknown;
    enough(all, "swept deals in the latest month")?;
    let sentence = format!(
        "The latest sweep of {}: {glad} glad, {dread} dread, of {unknown} no idea. The rule of \
         thumb is 90 to 10.",
        deals(all)
    );
    let place = |found: (i32, u32)| months.iter().position(|month| *month == found);
    let series = [
        ("glad", SweepWord::Glad),
        ("dread", SweepWord::Dread),
        ("no idea", SweepWord::Unknown),
    ]
    .map(|(name, word)| {
        let drawn = of(word).filter_map(|swept| Some((place(month(swept.day))?, swept.deal)));
        count(
            name,
            months.len(),
            drawn,
            |(place, _)| *place,
            |(_, deal)| *deal,
        )
    });
    Ok((
        sentence,
        Plot {
            across: "month of the sweep",
            up: "deals",
            places: (months.iter())
                .map(|(year, month)| format!("{year}-{month:02}"))
                .collect(),
            series: series.into(),
        },
    ))
}
