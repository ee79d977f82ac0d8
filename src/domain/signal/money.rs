//! The signals of money: what is left, what we gave, what they dangle, and what it costs.

use super::super::eval::Concession;
use super::super::hours::rounded;
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
fn waiting(scene: &Scene<'_>, id: SignalId, is_it: impl Fn(&Concession) -> bool) -> Option<Found> {
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
    // Rounded as it is shown and kept, so that the figures of the file find the same deals.
    let spent = rounded(f64::from(scene.record.spent.total) / 60.0);
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

#[cfg(test)]
mod tests {
    use super::super::super::eval::Record;
    use super::super::super::hours::Spent;
    use super::super::super::verdict::Thresholds;
    use super::super::staged::*;
    use super::*;

    #[test]
    fn a_margin_below_the_floor_and_a_discount_above_the_ceiling_are_thin() {
        let of = |margin, discount| {
            let record = Record {
                margin,
                discount,
                ..Record::default()
            };
            level(&record, SignalId::ThinMargin)
        };

        assert_eq!(of(None, None), "");
        assert_eq!(of(Some(20.0), Some(20.0)), "");
        assert_eq!(of(Some(19.9), None), "red");
        assert_eq!(of(Some(50.0), Some(20.1)), "red");
    }

    #[test]
    fn bait_and_hard_promises_wait_until_they_are_kept_or_old() {
        let of = |bait, hard_to_keep, kept, days| {
            let one = Concession {
                id: 7,
                day: ago(days),
                bait,
                hard_to_keep,
                kept,
            };
            let record = Record {
                concessions: vec![one],
                ..Record::default()
            };
            let both = [SignalId::Bait, SignalId::OurWord];
            both.map(|id| level(&record, id))
        };

        assert_eq!(of(true, false, None, 5), ["amber", ""]);
        assert_eq!(of(true, true, Some(true), 5), ["", ""]);
        assert_eq!(of(false, true, None, 5), ["", "amber"]);
        assert_eq!(of(false, false, None, 5), ["", ""]);
        assert_eq!(of(false, true, None, 60), ["", "amber settled"]);
    }

    #[test]
    fn heavy_is_more_hours_than_the_value_warrants() {
        let of = |minutes, warranted| {
            let record = Record {
                spent: Spent {
                    total: minutes,
                    ..Spent::default()
                },
                warranted,
                ..Record::default()
            };
            let thresholds = Thresholds::default();
            find_with(&record, SignalId::Heavy, &thresholds, false).is_some()
        };

        assert!(!of(1_200, Some(10.0)), "twice the share");
        assert!(of(1_201, Some(10.0)));
        assert!(!of(479, Some(1.0)), "not a day's work");
        assert!(!of(9_000, None), "nothing to compare");
    }
}
