//! The signals of power and access: whom we met, and whom they keep from us.

use super::super::eval::{ContactRole, Touch, TouchStatus};
use super::{Found, Level, Row, Scene, SignalId};

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
            .count("contacts", 1)
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
            .count("contacts", roles.clone().count())
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
