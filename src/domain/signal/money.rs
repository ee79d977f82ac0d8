//! The signals of money: what is left, what we gave, what they dangle, and what it costs.

use super::super::eval::Concession;
use super::{Figure, Found, Level, Row, Scene, SignalId};

/// The margin is below the floor, or the discount above the ceiling.
pub(super) fn thin_margin(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.money;
    let margin = scene.record.margin.filter(|m| *m < bounds.margin_floor);
    let discount = scene
        .record
        .discount
        .filter(|d| *d > bounds.discount_ceiling);
    if margin.is_none() && discount.is_none() {
        return None;
    }
    let mut found = Found::new(SignalId::ThinMargin, Level::Red);
    for (name, percent) in [("margin", margin), ("discount", discount)] {
        if let Some(percent) = percent {
            found = found.figure(name, Figure::Count(percent.round().max(0.0) as u32));
        }
    }
    Some(found)
}

/// Concessions that wait for somebody to keep them.
fn waiting(
    scene: &Scene<'_>,
    id: SignalId,
    is_it: impl Fn(&Concession) -> bool,
) -> Option<Found> {
    let all = scene.record.concessions.iter();
    let open: Vec<_> = all
        .filter(|one| is_it(one) && one.kept.is_none() && scene.clock.has_reached(one.day))
        .collect();
    let last = open.iter().map(|one| one.day).max()?;
    Some(
        Found::new(id, Level::Amber)
            .since(Some(last))
            .settled(scene.is_over(id, Some(last)))
            .count("times", open.len())
            .rows(open.iter().map(|one| Row::Concession(one.id))),
    )
}

/// They asked for a concession against future business.
pub(super) fn bait(scene: &Scene<'_>) -> Option<Found> {
    waiting(scene, SignalId::Bait, |one| one.bait)
}

/// A concession of ours may be hard to keep.
pub(super) fn our_word(scene: &Scene<'_>) -> Option<Found> {
    waiting(scene, SignalId::OurWord, |one| {
        one.hard_to_keep && !one.bait
    })
}

/// It took more hours than its value warrants among the open deals of its currency.
pub(super) fn heavy(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.money;
    let warranted = scene.record.warranted?;
    let spent = f64::from(scene.record.spent.total) / 60.0;
    let is_it = spent > warranted * bounds.heavy_times && spent >= bounds.heavy_hours;
    if scene.is_held || !is_it {
        return None;
    }
    Some(
        Found::new(SignalId::Heavy, Level::Amber)
            .figure("hours", Figure::Count(spent.round() as u32))
            .figure("warranted", Figure::Count(warranted.round() as u32)),
    )
}
