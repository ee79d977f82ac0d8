//! The signals of contact: silence, one-sidedness, and what their replies are like.

use std::num::NonZeroU64;

use chrono::{Days, NaiveDate};

use super::super::eval::{Touch, TouchStatus};
use super::super::hours::Channel;
use super::{Figure, Found, Level, Row, Scene, SignalId};

/// Our touches since their last act.
#[derive(Default)]
struct Unanswered {
    rows: Vec<Row>,
    /// The days of the first and the last.
    span: Option<(NaiveDate, NaiveDate)>,
    /// On how many different days.
    on_days: u16,
    /// Whether there was joint work, at any time.
    after_work: bool,
}

impl Unanswered {
    fn read(scene: &Scene<'_>) -> Self {
        let record = scene.record;
        let granted = record.access.iter().filter(|ask| ask.given == Some(true));
        let given = granted.map(|ask| ask.day).chain(record.last_kept_get);
        let given = given.filter(|day| scene.clock.has_reached(*day)).max();
        let mut ours = Self::default();
        for touch in scene.touches() {
            ours.after_work |= touch.status == TouchStatus::Held && touch.channel.is_joint_work();
            if touch.is_theirs() {
                ours.rows.clear();
                (ours.span, ours.on_days) = (None, 0);
            } else if touch.is_ours() && given.is_none_or(|day| touch.day > day) {
                ours.rows.push(Row::Touch(touch.id));
                match &mut ours.span {
                    Some((_, last)) if *last == touch.day => {}
                    Some((_, last)) => {
                        *last = touch.day;
                        ours.on_days += 1;
                    }
                    none => {
                        *none = Some((touch.day, touch.day));
                        ours.on_days = 1;
                    }
                }
            }
        }
        ours
    }

    /// Tells how dark it is; `None` where it is not.
    fn level(&self, scene: &Scene<'_>) -> Option<Level> {
        let (first, last) = self.span?;
        let bounds = &scene.thresholds.contact;
        let many = self.rows.len() >= usize::from(bounds.dark_touches)
            && self.on_days >= bounds.dark_on_days
            && (last - first).num_days() >= i64::from(bounds.dark_spread_days);
        let silent = |days| scene.is_silent_for(first, scene.silence_limit(days));
        if many || silent(bounds.dark_days) {
            return Some(Level::Red);
        }
        silent(bounds.quiet_days).then_some(Level::Amber)
    }
}

/// Reads the silence of a deal that is not on hold, in a file that tells of contacts.
fn silence(scene: &Scene<'_>) -> Option<(Unanswered, Level)> {
    if scene.is_held || !scene.record.known.activity {
        return None;
    }
    let ours = Unanswered::read(scene);
    let level = ours.level(scene)?;
    Some((ours, level))
}

/// Puts together a signal of silence.
fn of_silence(scene: &Scene<'_>, id: SignalId, level: Level, ours: Unanswered) -> Found {
    let first = ours.span.map(|(first, _)| first);
    let count = ours.rows.len();
    let found = Found::new(id, level)
        .since(first)
        .settled(scene.is_settled(id, first));
    let found = match scene.record.last_act().or(first) {
        Some(from) => found.figure(
            "days",
            Figure::Days {
                from,
                to: scene.record.known.day,
            },
        ),
        None => found,
    };
    found.count("unanswered", count).rows(ours.rows)
}

/// Our touches are unanswered for long (amber: quiet), or for very long or many of them (red).
pub(super) fn dark(scene: &Scene<'_>) -> Option<Found> {
    let (ours, level) = silence(scene)?;
    Some(of_silence(scene, SignalId::Dark, level, ours))
}

/// Dark, after joint work.
pub(super) fn dark_after_work(scene: &Scene<'_>) -> Option<Found> {
    let (ours, level) = silence(scene)?;
    let is_it = level == Level::Red && ours.after_work;
    is_it.then(|| of_silence(scene, SignalId::DarkAfterWork, level, ours))
}

/// Many more of ours than of theirs of late. A meeting that was held is theirs as well.
pub(super) fn one_sided(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.contact;
    let (mut ours, mut theirs, mut rows) = (0_usize, 0_usize, Vec::new());
    let mut last = None;
    for touch in scene.touches() {
        let Some(over) = touch
            .day
            .checked_add_days(Days::new(u64::from(bounds.one_sided_days)))
        else {
            continue;
        };
        if scene.has_ended(over) {
            continue;
        }
        if touch.is_theirs() {
            theirs += 1;
        } else if touch.is_ours() {
            ours += 1;
        } else {
            continue;
        }
        last = Some(touch.day);
        rows.push(Row::Touch(touch.id));
    }
    let is_it = ours + theirs >= usize::from(bounds.one_sided_touches)
        && ours > theirs * usize::from(bounds.one_sided_ratio);
    is_it.then(|| {
        Found::new(SignalId::OneSided, Level::Amber)
            .since(last)
            .settled(scene.is_settled(SignalId::OneSided, last))
            .count("out", ours)
            .count("in", theirs)
            .rows(rows)
    })
}

/// The last inbound touches had a word or two each.
pub(super) fn curt(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.contact;
    let wanted = usize::from(bounds.curt_touches);
    let inbound: Vec<&Touch> = scene.touches().filter(|touch| touch.inbound).collect();
    let last = &inbound[inbound.len().checked_sub(wanted)?..];
    let is_curt =
        |touch: &&Touch| touch.curt || touch.words.is_some_and(|n| n <= bounds.curt_words);
    let day = last.last()?.day;
    last.iter().all(is_curt).then(|| {
        Found::new(SignalId::Curt, Level::Amber)
            .since(Some(day))
            .settled(scene.is_over(SignalId::Curt, Some(day)))
            .count("touches", last.len())
            .rows(last.iter().map(|touch| Row::Touch(touch.id)))
    })
}

/// Times that we proposed came to nothing, since a meeting was held last.
///
/// A proposed time whose day is over counts as ignored, unless they were in touch since.
pub(super) fn wont_meet(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.contact;
    let (mut refused, mut no_shows) = (Vec::new(), 0_usize);
    let mut proposed: Vec<&Touch> = Vec::new();
    for touch in scene.touches() {
        if touch.is_held_meeting() {
            refused.clear();
            proposed.clear();
            no_shows = 0;
            continue;
        }
        match touch.status {
            TouchStatus::Held if touch.inbound => proposed.clear(),
            TouchStatus::Held => {}
            TouchStatus::Proposed => proposed.push(touch),
            TouchStatus::Declined | TouchStatus::Moved => refused.push(touch),
            TouchStatus::NoShow => {
                refused.push(touch);
                no_shows += 1;
            }
        }
    }
    let is_over = |touch: &&Touch| touch.day.succ_opt().is_some_and(|d| scene.has_ended(d));
    refused.extend(proposed.into_iter().filter(|touch| is_over(touch)));
    refused.sort_by_key(|touch| (touch.day, touch.id));
    let is_red = refused.len() >= usize::from(bounds.refused_red)
        || no_shows >= usize::from(bounds.no_shows_red);
    if !is_red && refused.len() < usize::from(bounds.refused_amber) {
        return None;
    }
    let last = refused.last().map(|touch| touch.day);
    let found = Found::new(
        SignalId::WontMeet,
        if is_red { Level::Red } else { Level::Amber },
    )
    .since(last)
    .settled(scene.is_over(SignalId::WontMeet, last))
    .count("refused", refused.len())
    .rows(refused.iter().map(|touch| Row::Touch(touch.id)));
    Some(if no_shows > 0 {
        found.count("no_shows", no_shows)
    } else {
        found
    })
}

/// More of theirs than one in a few falls outside working hours.
pub(super) fn after_hours(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.contact;
    let known = scene.touches().filter(|touch| touch.inbound);
    let (mut of, mut rows, mut last) = (0_usize, Vec::new(), None);
    for touch in known {
        let Some(is_after) = touch.after_hours else {
            continue;
        };
        of += 1;
        if is_after {
            rows.push(Row::Touch(touch.id));
            last = Some(touch.day);
        }
    }
    let is_it = rows.len() >= usize::from(bounds.after_hours_least)
        && rows.len() * usize::from(bounds.after_hours_one_in) > of;
    is_it.then(|| {
        Found::new(SignalId::AfterHours, Level::Amber)
            .since(last)
            .settled(scene.is_over(SignalId::AfterHours, last))
            .count("touches", rows.len())
            .count("of", of)
            .rows(rows)
    })
}

/// The same document was sent again and again.
pub(super) fn re_quoted(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.contact;
    let mut copies: Vec<(NonZeroU64, &Touch)> = Vec::new();
    for touch in scene.touches() {
        if let Some(document) = touch.document.filter(|_| is_sent(touch)) {
            copies.push((document, touch));
        }
    }
    let times = |document| copies.iter().filter(|(d, _)| *d == document).count();
    // Of documents sent equally often the one sent last.
    let most = copies.iter().max_by_key(|(d, t)| (times(*d), t.day, t.id))?.0;
    let sent: Vec<&Touch> = copies
        .iter()
        .filter(|(d, _)| *d == most)
        .map(|(_, t)| *t)
        .collect();
    if sent.len() < usize::from(bounds.same_document_amber) {
        return None;
    }
    let is_red = sent.len() >= usize::from(bounds.same_document_red);
    let last = sent.last().map(|touch| touch.day);
    Some(
        Found::new(
            SignalId::ReQuoted,
            if is_red { Level::Red } else { Level::Amber },
        )
        .since(last)
        .settled(scene.is_over(SignalId::ReQuoted, last))
        .count("times", sent.len())
        .rows(sent.iter().map(|touch| Row::Touch(touch.id))),
    )
}

/// Tells whether a touch sent a document of ours.
fn is_sent(touch: &Touch) -> bool {
    let by_hand = match touch.channel {
        Channel::Email | Channel::Message | Channel::Proposal | Channel::Quote => true,
        Channel::Call
        | Channel::Meeting
        | Channel::Demo
        | Channel::Workshop
        | Channel::Trial => false,
    };
    by_hand && !touch.inbound && touch.status == TouchStatus::Held
}

/// They asked for information again and again since they kept a get.
pub(super) fn info_drip(scene: &Scene<'_>) -> Option<Found> {
    let kept = scene.record.last_kept_get;
    let asked = scene.touches().filter(|touch| {
        touch.inbound && touch.asks_info && kept.is_none_or(|kept| touch.day > kept)
    });
    let asked: Vec<&Touch> = asked.collect();
    if asked.len() < usize::from(scene.thresholds.contact.info_requests) {
        return None;
    }
    let last = asked.last().map(|touch| touch.day);
    Some(
        Found::new(SignalId::InfoDrip, Level::Amber)
            .since(last)
            .settled(scene.is_over(SignalId::InfoDrip, last))
            .count("requests", asked.len())
            .rows(asked.iter().map(|touch| Row::Touch(touch.id))),
    )
}
