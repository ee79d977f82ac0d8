//! Whether a senior of ours was there at the start and is there in closing.

use super::super::eval::Touch;
use super::super::hours::Channel;
use super::super::phase::Phase;
use super::{Figure, Found, Level, Row, Scene, Signal, SignalId};

/// Where no senior was, as a filter asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// None was in the first two meetings.
    pub no_start: bool,
    /// None was in those of the closing.
    pub no_close: bool,
}

impl Cover {
    /// Reads it off the signals of a deal.
    pub fn of(signals: &[Signal]) -> Self {
        let mut open = signals
            .iter()
            .filter(|s| s.id == SignalId::JuniorAlone && !s.settled);
        open.next().map_or_else(Self::default, |signal| Self {
            no_start: signal.figures.has("start"),
            no_close: signal.figures.has("close"),
        })
    }
}

/// How many of the first meetings a senior belongs in.
const FIRST: usize = 2;

/// Several people work in this file, and no senior was in the first two meetings or is in
/// closing. A meeting of which nobody noted who took part is held against no deal.
pub(super) fn junior_alone(scene: &Scene<'_>) -> Option<Found> {
    if !scene.record.known.seniors {
        return None;
    }
    let met = |touch: &&Touch| touch.is_held_meeting() && touch.channel != Channel::Trial;
    let meetings: Vec<&Touch> = scene.touches().filter(met).collect();
    let alone = |of: &[&Touch]| !of.is_empty() && of.iter().all(|m| m.senior == Some(false));
    let first = meetings.get(..FIRST).filter(|of| alone(of));
    let closing = match (scene.record.phase, scene.record.stage_since) {
        (Some(Phase::Negotiation), Some(since)) => {
            let from = meetings.partition_point(|m| m.day < since);
            &meetings[from..]
        }
        (Some(Phase::Negotiation), None) => &meetings[meetings.len().saturating_sub(1)..],
        (Some(_) | None, _) => &[],
    };
    let closing = Some(closing).filter(|of| alone(of));
    if first.is_none() && closing.is_none() {
        return None;
    }
    let mut found = Found::new(SignalId::JuniorAlone, Level::Amber);
    for (name, of) in [("start", first), ("close", closing)] {
        if let Some(of) = of {
            found = found.figure(name, Figure::Count(of.len() as u32));
            found.rows.extend(of.iter().map(|m| Row::Touch(m.id)));
        }
    }
    // Too late for the start, but somebody senior has joined since.
    let joined = closing.is_none() && meetings.iter().any(|m| m.senior == Some(true));
    Some(found.settled(joined))
}

#[cfg(test)]
mod tests {
    use super::super::super::eval::{Record, TouchStatus};
    use super::super::staged::*;
    use super::*;

    fn met(seniors: &[Option<bool>], phase: Phase, several: bool) -> Record {
        let meetings = seniors
            .iter()
            .zip((1..=20).rev())
            .map(|(senior, days)| Touch {
                senior: *senior,
                ..meeting(days, TouchStatus::Held)
            });
        let mut record = deal(meetings);
        record.phase = Some(phase);
        record.known.seniors = several;
        record
    }

    const WITH: Option<bool> = Some(true);
    const NONE: Option<bool> = Some(false);

    #[test]
    fn the_first_two_meetings_take_a_senior_where_several_work_in_the_file() {
        let of = |seniors: &[_], several| {
            level(&met(seniors, Phase::Middle, several), SignalId::JuniorAlone)
        };

        assert_eq!(of(&[NONE, NONE], true), "amber");
        assert_eq!(of(&[NONE, NONE], false), "");
        assert_eq!(of(&[NONE], true), "", "there is a second one to come");
        assert_eq!(of(&[NONE, WITH], true), "");
        assert_eq!(of(&[NONE, None], true), "", "nobody noted who was there");
        assert_eq!(of(&[NONE, NONE, WITH], true), "amber settled");
    }

    #[test]
    fn closing_takes_a_senior_as_well() {
        let mut record = met(&[WITH, WITH, NONE], Phase::Negotiation, true);
        record.stage_since = Some(ago(18));
        let found = find(&record, SignalId::JuniorAlone).unwrap();
        let cover = Cover::of(&[found.signal]);
        assert_eq!((cover.no_start, cover.no_close), (false, true));
        assert_eq!(found.signal.words(today()), "not in closing");

        record.stage_since = Some(ago(19));
        assert_eq!(level(&record, SignalId::JuniorAlone), "", "one was there");
        record.stage_since = None;
        assert_eq!(
            level(&record, SignalId::JuniorAlone),
            "amber",
            "the last one"
        );
    }
}
