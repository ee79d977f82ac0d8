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
    /// The day of the last joint work.
    worked: Option<NaiveDate>,
}

impl Unanswered {
    fn read(scene: &Scene<'_>) -> Self {
        let record = scene.record;
        let granted = record.access.iter().filter(|ask| ask.given == Some(true));
        let given = granted.map(|ask| ask.day).chain(record.last_kept_get);
        let given = given.filter(|day| scene.clock.has_reached(*day)).max();
        let mut ours = Self::default();
        for touch in scene.touches() {
            if touch.status == TouchStatus::Held && touch.channel.is_joint_work() {
                ours.worked = Some(touch.day);
            }
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

    /// The day from which silence counts: their last act, or our first touch where there is
    /// none; `None` where nothing of ours is unanswered.
    fn since(&self, scene: &Scene<'_>) -> Option<NaiveDate> {
        let (first, _) = self.span?;
        Some(scene.record.last_act().unwrap_or(first))
    }

    /// Tells how dark it is; `None` where it is not.
    fn level(&self, scene: &Scene<'_>) -> Option<Level> {
        let (first, last) = self.span?;
        let since = self.since(scene)?;
        let bounds = &scene.thresholds.contact;
        let many = self.rows.len() >= usize::from(bounds.dark_touches)
            && self.on_days >= bounds.dark_on_days
            && (last - first).num_days() > i64::from(bounds.dark_spread_days);
        let silent = |days| scene.is_silent_for(since, scene.silence_limit(days));
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
fn of_silence(scene: &Scene<'_>, id: SignalId, level: Level, ours: &Unanswered) -> Found {
    let since = ours.since(scene);
    let found = Found::new(id, level)
        .since(since)
        .settled(scene.is_settled(id, since))
        .rows(ours.rows.iter().copied());
    match since {
        Some(from) => {
            let to = scene.record.known.day;
            found.figure("days", Figure::Days { from, to })
        }
        None => found,
    }
}

/// Our touches are unanswered for long (amber: quiet), or for very long or many of them (red).
pub(super) fn dark(scene: &Scene<'_>) -> Option<Found> {
    let (ours, level) = silence(scene)?;
    let found = of_silence(scene, SignalId::Dark, level, &ours);
    Some(found.count("unanswered", ours.rows.len()))
}

/// Dark, and the last that there was is joint work.
pub(super) fn dark_after_work(scene: &Scene<'_>) -> Option<Found> {
    let (ours, level) = silence(scene)?;
    let after_work = ours
        .worked
        .is_some_and(|day| ours.since(scene) <= Some(day));
    let is_it = level == Level::Red && after_work;
    is_it.then(|| of_silence(scene, SignalId::DarkAfterWork, level, &ours))
}

/// Many more of ours than of theirs of late.
pub(super) fn one_sided(scene: &Scene<'_>) -> Option<Found> {
    let bounds = &scene.thresholds.contact;
    let over = Days::new(u64::from(bounds.one_sided_days) + 1);
    let (mut ours, mut theirs, mut rows) = (0_usize, 0_usize, Vec::new());
    let mut last = None;
    for touch in scene.touches() {
        let is_old = touch
            .day
            .checked_add_days(over)
            .map(|day| scene.has_ended(day));
        if is_old != Some(false) {
            continue;
        }
        if touch.inbound {
            theirs += 1;
        } else {
            ours += 1;
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
        |touch: &&Touch| touch.curt || touch.words.is_some_and(|n| 0 < n && n <= bounds.curt_words);
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
    let most = copies
        .iter()
        .max_by_key(|(d, t)| (times(*d), t.day, t.id))?
        .0;
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
        Channel::Call | Channel::Meeting | Channel::Demo | Channel::Workshop | Channel::Trial => {
            false
        }
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

#[cfg(test)]
mod tests {
    use super::super::super::answer::{Grade, Value};
    use super::super::super::eval::{AccessAsk, Record};
    use super::super::super::phase::Phase;
    use super::super::super::verdict::Thresholds;
    use super::super::staged::*;
    use super::*;

    fn dark_of(record: &Record) -> String {
        level(record, SignalId::Dark)
    }

    #[test]
    fn quiet_and_dark_begin_on_their_days_by_phase() {
        let cases = [
            (Some(Phase::Early), 21, 45),
            (Some(Phase::Middle), 14, 30),
            (None, 14, 30),
            (Some(Phase::Proposal), 11, 23),
            (Some(Phase::Negotiation), 7, 15),
        ];
        for (phase, quiet, dark) in cases {
            let of = |days| {
                dark_of(&Record {
                    phase,
                    ..deal([theirs(days), ours(days - 1)])
                })
            };
            assert_eq!(of(quiet - 1), "", "{phase:?}");
            assert_eq!(of(quiet), "amber", "{phase:?}");
            assert_eq!(of(dark - 1), "amber", "{phase:?}");
            assert_eq!(of(dark), "red", "{phase:?}");
        }
    }

    #[test]
    fn limits_are_halved_near_the_close_date_and_the_period_s_end() {
        let closing = |ahead: u64, silent| {
            dark_of(&Record {
                expected_close: Some(today() + Days::new(ahead)),
                ..deal([ours(silent)])
            })
        };

        assert_eq!(closing(15, 7), "");
        assert_eq!(closing(14, 6), "");
        assert_eq!(closing(14, 7), "amber");
        assert_eq!(closing(0, 15), "red");
        let quarter = |starts| {
            let mut thresholds = Thresholds::default();
            thresholds.timing.year_starts = starts;
            find_with(&deal([ours(7)]), SignalId::Dark, &thresholds, false).is_some()
        };
        assert!(!quarter(1), "the year's quarter ends in December");
        assert!(!quarter(3), "in 26 days");
    }

    #[test]
    fn four_touches_on_three_days_over_a_week_are_red_before_their_time() {
        assert_eq!(dark_of(&deal([ours(9), ours(9), ours(4), ours(1)])), "red");
        assert_eq!(dark_of(&deal([ours(9), ours(4), ours(1)])), "", "three");
        assert_eq!(
            dark_of(&deal([ours(8), ours(8), ours(4), ours(1)])),
            "",
            "a week"
        );
        assert_eq!(
            dark_of(&deal([ours(9), ours(9), ours(1), ours(1)])),
            "",
            "on two days"
        );
    }

    #[test]
    fn any_act_of_theirs_answers_what_came_before_it() {
        let silent = [ours(40), ours(35)];
        let with = |touch| dark_of(&deal(silent.into_iter().chain([touch])));

        assert_eq!(dark_of(&deal(silent)), "red");
        assert_eq!(with(theirs(20)), "");
        assert_eq!(with(meeting(20, TouchStatus::Held)), "");
        assert_eq!(with(meeting(20, TouchStatus::Proposed)), "red");
        let kept = Record {
            last_kept_get: Some(ago(20)),
            ..deal(silent)
        };
        assert_eq!(dark_of(&kept), "");
        let access = |given| Record {
            access: vec![AccessAsk {
                id: 1,
                day: ago(20),
                given: Some(given),
            }],
            ..deal(silent)
        };
        assert_eq!(dark_of(&access(true)), "");
        assert_eq!(dark_of(&access(false)), "red");
    }

    #[test]
    fn silence_ends_at_the_record_and_a_hold_and_an_absent_column_silence_it() {
        let old = |record_age| {
            let mut record = deal([ours(40)]);
            record.known.day = Some(ago(record_age));
            record
        };
        assert_eq!(dark_of(&old(10)), "red");
        assert_eq!(dark_of(&old(11)), "amber");
        assert_eq!(dark_of(&old(27)), "");
        let bounds = Thresholds::default();
        assert_eq!(find_with(&old(0), SignalId::Dark, &bounds, true), None);
        let mut unknowing = old(0);
        unknowing.known.activity = false;
        assert_eq!(dark_of(&unknowing), "");
    }

    #[test]
    fn dark_counts_the_days_since_their_act_and_opens_to_our_touches() {
        let record = deal([theirs(34), ours(33), ours(20), ours(13), ours(6)]);

        let found = find(&record, SignalId::Dark).unwrap();

        assert_eq!(found.signal.words(today()), "34 d, 4 unanswered");
        assert_eq!(found.signal.since, Some(ago(34)));
        assert_eq!(
            found.rows,
            [967, 980, 987, 994].map(Row::Touch),
            "the touches that nobody answered"
        );
    }

    #[test]
    fn dark_after_work_is_dark_with_joint_work_before_it() {
        let worked = |silent, channel| {
            let record = deal([touch(silent + 2, false, channel), ours(silent)]);
            level(&record, SignalId::DarkAfterWork)
        };

        assert_eq!(worked(30, Channel::Workshop), "red");
        assert_eq!(worked(30, Channel::Proposal), "red");
        assert_eq!(worked(30, Channel::Meeting), "");
        assert_eq!(worked(20, Channel::Workshop), "", "only quiet");
        let before = deal([touch(90, false, Channel::Demo), theirs(40), ours(30)]);
        assert_eq!(
            level(&before, SignalId::DarkAfterWork),
            "",
            "they spoke since"
        );
        let record = deal([touch(40, false, Channel::Demo), ours(30)]);
        assert_eq!(words(&record, SignalId::DarkAfterWork), "40 d");
    }

    #[test]
    fn dark_is_settled_by_an_answer_with_a_kept_get_after_it() {
        let mut record = deal([ours(40)]);
        record.answers = answers(&[("SIL1", Value::Yes, Grade::Said)]);
        assert_eq!(dark_of(&record), "red");

        record.last_kept_get = Some(ago(10));
        assert_eq!(dark_of(&record), "", "the get itself is an act of theirs");
    }

    #[test]
    fn one_sided_is_above_three_to_one_of_at_least_eight() {
        let of = |ours_n: u64, theirs_n: u64| {
            let touches = (0..ours_n)
                .map(|n| ours(n + 1))
                .chain((0..theirs_n).map(|n| theirs(n + 1)));
            level(&deal(touches), SignalId::OneSided)
        };

        assert_eq!(of(8, 0), "amber");
        assert_eq!(of(7, 0), "");
        assert_eq!(of(6, 2), "", "three to one");
        assert_eq!(of(7, 2), "amber");
        let old = |day| deal((0..7).map(ours).chain([ours(day)]));
        assert_eq!(level(&old(60), SignalId::OneSided), "amber");
        assert_eq!(level(&old(61), SignalId::OneSided), "");
    }

    #[test]
    fn curt_takes_the_last_three_of_theirs() {
        let reply = |days, words| Touch {
            words,
            ..theirs(days)
        };
        let of = |last: [Option<u16>; 3]| {
            let touches = [reply(9, Some(40))].into_iter().chain(
                last.into_iter()
                    .zip([5, 3, 1])
                    .map(|(words, days)| reply(days, words)),
            );
            level(&deal(touches), SignalId::Curt)
        };

        assert_eq!(of([Some(1), Some(2), Some(2)]), "amber");
        assert_eq!(of([Some(1), Some(2), Some(3)]), "");
        assert_eq!(of([Some(1), None, Some(1)]), "", "nobody counted");
        assert_eq!(of([Some(1), Some(0), Some(1)]), "", "nothing to count");
        let old = |days| deal([64, 62, days].map(|d| reply(d, Some(1))));
        assert_eq!(level(&old(59), SignalId::Curt), "amber");
        assert_eq!(level(&old(60), SignalId::Curt), "amber settled");
    }

    #[test]
    fn proposed_times_that_come_to_nothing_add_up_until_a_meeting() {
        use TouchStatus::{Declined, Held, Moved, NoShow, Proposed};
        let of = |statuses: &[TouchStatus]| {
            let touches = statuses.iter().zip((1..=20).rev());
            let touches = touches.map(|(status, days)| meeting(days, *status));
            level(&deal(touches), SignalId::WontMeet)
        };

        assert_eq!(of(&[Declined]), "");
        assert_eq!(of(&[Declined, Moved]), "amber");
        assert_eq!(of(&[Declined, Proposed]), "amber", "ignored");
        assert_eq!(of(&[Declined, Moved, Declined]), "red");
        assert_eq!(of(&[NoShow]), "");
        assert_eq!(of(&[NoShow, NoShow]), "red");
        assert_eq!(of(&[Declined, Moved, Held]), "");
        assert_eq!(of(&[Declined, Held, Moved]), "");
    }

    #[test]
    fn a_proposed_time_is_ignored_once_its_day_is_over_without_a_reply() {
        let proposed = |days| meeting(days, TouchStatus::Proposed);
        let is_on = |touches: Vec<Touch>| level(&deal(touches), SignalId::WontMeet) == "amber";

        assert!(is_on(vec![proposed(3), proposed(1)]));
        assert!(!is_on(vec![proposed(3), proposed(0)]), "it is today");
        assert!(!is_on(vec![proposed(3), theirs(2), proposed(1)]));
    }

    #[test]
    fn after_hours_is_over_a_third_of_at_least_three() {
        let of = |after: u64, within: u64| {
            let touches = (0..after + within).map(|n| Touch {
                after_hours: Some(n < after),
                ..theirs(n + 1)
            });
            level(&deal(touches), SignalId::AfterHours)
        };

        assert_eq!(of(2, 0), "");
        assert_eq!(of(3, 5), "amber");
        assert_eq!(of(3, 6), "", "a third");
        let unknown = deal((0..5).map(|n| theirs(n + 1)));
        assert_eq!(level(&unknown, SignalId::AfterHours), "", "days alone");
    }

    #[test]
    fn the_same_document_sent_again_is_amber_and_then_red() {
        let sent = |days: u64, document: u64| Touch {
            document: NonZeroU64::new(document),
            ..touch(days, false, Channel::Quote)
        };
        let of = |copies: &[(u64, u64)]| {
            let touches = copies.iter().map(|(days, document)| sent(*days, *document));
            level(&deal(touches), SignalId::ReQuoted)
        };

        assert_eq!(of(&[(9, 1), (6, 1), (5, 2)]), "");
        assert_eq!(of(&[(9, 1), (6, 1), (5, 2), (3, 1)]), "amber");
        assert_eq!(of(&[(9, 1), (6, 1), (5, 1), (3, 1)]), "red");
        assert_eq!(of(&[(90, 1), (80, 1), (59, 1)]), "amber");
        assert_eq!(of(&[(90, 1), (80, 1), (60, 1)]), "amber settled");
    }

    #[test]
    fn requests_add_up_until_a_kept_get() {
        let asked = |days| Touch {
            asks_info: true,
            ..theirs(days)
        };
        let of = |kept: Option<u64>| {
            let record = Record {
                last_kept_get: kept.map(ago),
                ..deal([asked(9), asked(6), asked(3)])
            };
            level(&record, SignalId::InfoDrip)
        };

        assert_eq!(of(None), "amber");
        assert_eq!(of(Some(10)), "amber");
        assert_eq!(of(Some(9)), "");
        assert_eq!(level(&deal([asked(9), asked(6)]), SignalId::InfoDrip), "");
    }
}
