//! The signals of power and access: whom we met, and whom they keep from us.

use super::super::eval::{ContactRole, Touch, TouchStatus};
use super::{Figure, Found, Level, Row, Scene, SignalId};

/// It names no company and nobody there, in a file whose won deals do: there is nobody to ask.
///
/// It speaks where at least 20 won deals are known and a file has neither activity nor a history of
/// stages, as for the age of a deal.
pub(super) fn no_account(scene: &Scene<'_>) -> Option<Found> {
    let record = scene.record;
    let ages = record.won_ages?;
    let is_named = record.is_named || !record.contacts.is_empty();
    (ages.name_somebody() && !is_named).then(|| {
        Found::new(SignalId::NoAccount, Level::Amber)
            .figure("won", Figure::Count(ages.won))
            .figure("unnamed", Figure::Count(ages.unnamed))
    })
}

/// Only one contact is known, at or past proposal, in a file that tells of contacts.
pub(super) fn one_contact(scene: &Scene<'_>) -> Option<Found> {
    let record = scene.record;
    let contacts = &record.contacts;
    let is_known = record.known.contacts || contacts.iter().any(|contact| contact.id > 0);
    if !is_known || !record.is_late() || contacts.len() != 1 {
        return None;
    }
    let since = record.stage_since;
    Some(
        Found::new(SignalId::OneContact, Level::Amber)
            .since(since)
            .settled(scene.is_settled(SignalId::OneContact, since))
            .rows(contacts.iter().map(|c| Row::Contact(c.id))),
    )
}

/// At or past proposal the roles are known, and nobody who can sign has met us.
pub(super) fn no_power(scene: &Scene<'_>) -> Option<Found> {
    let record = scene.record;
    let roles = record.contacts.iter().filter(|c| c.role.is_some());
    if !record.is_late() || roles.clone().next().is_none() {
        return None;
    }
    let is_met = roles.clone().any(|contact| {
        let met = contact.met.is_some_and(|day| scene.clock.has_reached(day));
        met && contact.role == Some(ContactRole::EconomicBuyer)
    });
    if is_met {
        return None;
    }
    let since = record.stage_since;
    Some(
        Found::new(SignalId::NoPower, Level::Red)
            .since(since)
            .settled(scene.is_settled(SignalId::NoPower, since))
            .rows(roles.map(|contact| Row::Contact(contact.id))),
    )
}

/// We asked to meet somebody senior, and they refused.
pub(super) fn blocked(scene: &Scene<'_>) -> Option<Found> {
    let answered = scene.record.access.iter();
    let mut refused = Vec::new();
    for ask in answered.filter(|ask| scene.clock.has_reached(ask.day)) {
        match ask.given {
            Some(true) => refused.clear(),
            Some(false) => refused.push(ask),
            None => {}
        }
    }
    let last = refused.last()?.day;
    Some(
        Found::new(SignalId::Blocked, Level::Red)
            .since(Some(last))
            .settled(scene.is_over(SignalId::Blocked, Some(last)))
            .count("times", refused.len())
            .rows(refused.iter().map(|ask| Row::Access(ask.id))),
    )
}

/// Those whom we dealt with last are of a lower level than those before, once or twice.
///
/// Read from the end: whenever an earlier touch was with a higher level than all later ones,
/// we were handed down after it.
pub(super) fn handed_down(scene: &Scene<'_>) -> Option<Found> {
    let known: Vec<(&Touch, u8)> = scene
        .touches()
        .filter(|touch| touch.status == TouchStatus::Held)
        .filter_map(|touch| touch.level.map(|level| (touch, level)))
        .collect();
    let (last, mut highest) = *known.last()?;
    let (mut rows, mut since, mut later) = (vec![Row::Touch(last.id)], None, last);
    for (touch, level) in known.into_iter().rev() {
        if level > highest {
            highest = level;
            since = since.or(Some(later.day));
            rows.push(Row::Touch(touch.id));
        }
        later = touch;
    }
    let times = rows.len() - 1;
    let level = match times {
        0 => return None,
        1 => Level::Amber,
        _ => Level::Red,
    };
    rows.reverse();
    Some(
        Found::new(SignalId::HandedDown, level)
            .since(since)
            .settled(scene.is_over(SignalId::HandedDown, since))
            .count("times", times)
            .rows(rows),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::eval::{AccessAsk, Contact, Record, WonAges};
    use super::super::super::hours::Channel;
    use super::super::super::phase::Phase;
    use super::super::staged::*;
    use super::*;

    const BUYER: Option<ContactRole> = Some(ContactRole::EconomicBuyer);
    const OTHER: Option<ContactRole> = Some(ContactRole::Other);

    fn late(contacts: Vec<Contact>) -> Record {
        Record {
            phase: Some(Phase::Proposal),
            contacts,
            ..Record::default()
        }
    }

    #[test]
    fn no_company_is_held_against_a_deal_only_where_the_won_deals_name_theirs() {
        let deal = |is_named, unnamed| Record {
            is_named,
            won_ages: Some(WonAges {
                won: 40,
                within: 88,
                longest: 138,
                unnamed,
                until: today(),
            }),
            ..Record::default()
        };
        let level = |record: &Record| level(record, SignalId::NoAccount);

        assert_eq!(level(&deal(false, 2)), "amber");
        assert_eq!(level(&deal(false, 3)), "", "it is nothing unusual there");
        assert_eq!(level(&deal(true, 0)), "");
        assert_eq!(level(&Record::default()), "", "too few were won");
        let met = Record {
            contacts: vec![contact(0, None, None)],
            ..deal(false, 0)
        };
        assert_eq!(level(&met), "", "there is somebody to ask");
        let words = |unnamed| words(&deal(false, unnamed), SignalId::NoAccount);
        assert_eq!(words(0), "all 40 won name one");
        assert_eq!(words(2), "all but 2 of 40 won name one");
    }

    #[test]
    fn one_contact_is_one_at_or_past_proposal_where_contacts_are_known() {
        let one = late(vec![contact(1, None, None)]);
        assert_eq!(level(&one, SignalId::OneContact), "amber");
        let two = late(vec![contact(1, None, None), contact(2, None, None)]);
        assert_eq!(level(&two, SignalId::OneContact), "");
        assert_eq!(level(&late(vec![]), SignalId::OneContact), "");
        let named = late(vec![contact(0, None, None)]);
        assert_eq!(level(&named, SignalId::OneContact), "", "only a name");
        let early = Record {
            phase: Some(Phase::Middle),
            ..one.clone()
        };
        assert_eq!(level(&early, SignalId::OneContact), "");
        let unknown = Record { phase: None, ..one };
        assert_eq!(level(&unknown, SignalId::OneContact), "");
    }

    #[test]
    fn no_power_needs_roles_and_ends_with_a_meeting_of_the_economic_buyer() {
        let power = |contacts| level(&late(contacts), SignalId::NoPower);

        assert_eq!(power(vec![contact(1, None, Some(5))]), "");
        assert_eq!(power(vec![contact(1, OTHER, Some(5))]), "red");
        assert_eq!(power(vec![contact(1, BUYER, None)]), "red");
        assert_eq!(power(vec![contact(1, BUYER, Some(0))]), "");
    }

    #[test]
    fn blocked_is_a_refusal_without_access_after_it() {
        let of = |asks: &[(u64, Option<bool>)]| {
            let access = asks.iter().map(|(days, given)| AccessAsk {
                id: 1,
                day: ago(*days),
                given: *given,
            });
            let record = Record {
                access: access.collect(),
                ..Record::default()
            };
            level(&record, SignalId::Blocked)
        };

        assert_eq!(of(&[(5, None)]), "");
        assert_eq!(of(&[(5, Some(false))]), "red");
        assert_eq!(of(&[(5, Some(false)), (2, Some(true))]), "");
        assert_eq!(of(&[(9, Some(true)), (5, Some(false))]), "red");
        assert_eq!(of(&[(60, Some(false))]), "red settled");
    }

    #[test]
    fn handed_down_counts_the_levels_that_went_for_good() {
        let of = |levels: &[u8]| {
            let touches = levels
                .iter()
                .zip((1..=20).rev())
                .map(|(level, days)| Touch {
                    level: Some(*level),
                    ..touch(days, false, Channel::Call)
                });
            level(&deal(touches), SignalId::HandedDown)
        };

        assert_eq!(of(&[3, 3]), "");
        assert_eq!(of(&[2, 3]), "", "moved up");
        assert_eq!(of(&[4, 2]), "amber");
        assert_eq!(of(&[4, 2, 4]), "", "and back");
        assert_eq!(of(&[4, 3, 2]), "red");
    }
}
