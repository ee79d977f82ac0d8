//! What a detector looks at, and the questions that several of them ask of it.

use chrono::{Days, NaiveDate};

use super::super::answer::Answer;
use super::super::bank::{Bank, Question, QuestionIx, Topic};
use super::super::eval::{Clock, Record, Touch};
use super::super::fit::answer_at;
use super::super::verdict::Thresholds;
use super::SignalId;

/// What a detector looks at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The deal.
    pub record: &'a Record,
    /// The bank in force.
    pub bank: &'a Bank,
    /// Where the lines are drawn.
    pub thresholds: &'a Thresholds,
    /// Today, and what changes by itself later.
    pub clock: &'a Clock,
    /// Whether a hold silences the clocks.
    pub is_held: bool,
}

impl<'a> Scene<'a> {
    /// Returns today for what has no day of its own, which changes tomorrow.
    pub fn now(&self) -> NaiveDate {
        let today = self.clock.today();
        self.clock.note(today.succ_opt());
        today
    }

    /// Tells whether so many days of silence have passed since a day, counted to the date of
    /// the record and never past it; to today where the deal has none.
    pub fn is_silent_for(&self, since: NaiveDate, days: u16) -> bool {
        let Some(end) = since.checked_add_days(Days::new(u64::from(days))) else {
            return false;
        };
        let is_known = self.record.known.day.is_none_or(|record| record >= end);
        is_known && self.clock.has_reached(end)
    }

    /// Tells whether a day is within so many days ahead of the end of the record, that day and
    /// the end itself included.
    pub(super) fn is_ahead_within(&self, day: NaiveDate, days: u16) -> bool {
        let begins = day.checked_sub_days(Days::new(u64::from(days)));
        let has_begun = begins.is_none_or(|begins| self.has_ended(begins));
        has_begun && !day.succ_opt().is_some_and(|over| self.has_ended(over))
    }

    /// Tells whether a day had come by the end of the record.
    pub(super) fn has_ended(&self, day: NaiveDate) -> bool {
        let is_known = self.record.known.day.is_none_or(|record| record >= day);
        is_known && self.clock.has_reached(day)
    }

    /// Returns a limit of silence in days, by phase, nearness of the close date and of the
    /// period's end.
    pub fn silence_limit(&self, days: u16) -> u16 {
        let bounds = &self.thresholds.contact;
        let near = |day| self.is_ahead_within(day, bounds.near_days);
        let close = self.record.expected_close.is_some_and(near);
        let is_near = self.is_near_period_end() || close;
        bounds.silence(days, self.record.phase, is_near)
    }

    /// Tells whether the quarter in which the record ends is nearly over.
    fn is_near_period_end(&self) -> bool {
        let today = self.clock.today();
        let at = self.record.known.day.map_or(today, |day| day.min(today));
        let Some(end) = self.thresholds.timing.period_end(at) else {
            return false;
        };
        let is_near = self.is_ahead_within(end, self.thresholds.contact.near_days);
        if self.record.known.day.is_none_or(|day| day > at) {
            self.clock.note(end.succ_opt());
        }
        is_near
    }

    /// Iterates over the touches that have happened, the first first.
    pub(super) fn touches(&self) -> impl Iterator<Item = &'a Touch> {
        let clock = self.clock;
        let touches = self.record.touches.iter();
        touches.take_while(move |touch| clock.has_reached(touch.day))
    }

    /// Returns the last day on which anyone did anything, as far as the record tells; its
    /// creation counts, since a deal cannot have been silent before there was one.
    pub fn last_act_by_anyone(&self) -> Option<NaiveDate> {
        let record = self.record;
        let days = [
            record.last_touch,
            record.last_inbound,
            record.last_activity,
            record.created,
        ];
        days.into_iter().flatten().max()
    }

    /// Iterates over the questions of a topic that are about them or the race, with what a
    /// person answered.
    pub(super) fn answered(
        &self,
        topic: Topic,
    ) -> impl Iterator<Item = (QuestionIx, &'a Question, Answer)> {
        // Zipped, so that a deal of which nothing was asked costs nothing.
        let asked = self.bank.iter().zip(&self.record.answers);
        asked
            .filter_map(|((ix, q), answer)| answer.map(|answer| (ix, q, answer)))
            .filter(move |(_, q, _)| q.topic == topic && q.is_evidence())
    }

    /// Tells whether an answer settled a signal: a person answered a question of its topic
    /// since the signal began, and a get of theirs was kept after that.
    pub(super) fn is_settled(&self, id: SignalId, since: Option<NaiveDate>) -> bool {
        let (Some(topic), Some(kept)) = (id.kind().topic, self.record.last_kept_get) else {
            return false;
        };
        let mut of_topic = self.bank.iter().filter(|(_, q)| q.topic == topic);
        of_topic.any(|(ix, _)| {
            answer_at(&self.record.answers, ix).is_some_and(|a| {
                let is_later = since.is_none_or(|since| a.as_of >= since);
                a.is_by_person() && is_later && kept >= a.as_of
            })
        })
    }

    /// Tells whether what happened last happened so long ago that it is settled by that.
    pub(super) fn is_long_ago(&self, last: Option<NaiveDate>) -> bool {
        last.is_some_and(|day| self.is_silent_for(day, self.thresholds.timing.settled_days))
    }

    /// Tells whether something that happens now and then is settled, by an answer or by time.
    pub(super) fn is_over(&self, id: SignalId, last: Option<NaiveDate>) -> bool {
        self.is_settled(id, last) || self.is_long_ago(last)
    }
}
