//! What the record must show of a deal, worked out from its plan by the words of the scoring
//! model. It is a second, plain reading of that page on purpose: it shares no code with the one
//! that it holds to account.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::day_of;
use super::names::{OWNERS, SENIORS};
use super::plan::{Fate, Outcome, Plan, Role, Step, Touch};
use crate::domain::hours::Channel;

/// One signal that the record must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// Its id in the table of the scoring model.
    pub id: &'static str,
    /// `amber`, `red` or `good`.
    pub level: &'static str,
    /// What it counts, by name.
    pub figures: Vec<(&'static str, i64)>,
}

impl Planted {
    fn new(id: &'static str, level: &'static str) -> Self {
        Self {
            id,
            level,
            figures: Vec::new(),
        }
    }

    pub(super) fn amber(id: &'static str) -> Self {
        Self::new(id, "amber")
    }

    pub(super) fn red(id: &'static str) -> Self {
        Self::new(id, "red")
    }

    pub(super) fn good(id: &'static str) -> Self {
        Self::new(id, "good")
    }

    pub(super) fn with(mut self, figure: &'static str, count: i64) -> Self {
        self.figures.push((figure, count));
        self
    }
}

/// What the files of a CRM can tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// When a close date was moved.
    pub(super) moves: bool,
    /// How long enough won deals were in each stage.
    pub(super) stages: bool,
}

/// Tells whether so many deals were won that the age of a stage can be compared.
pub(super) fn has_won_enough(plans: &[Plan]) -> bool {
    let won = plans.iter().filter(|p| matches!(p.fate, Fate::Won(_)));
    won.count() >= 20
}

/// What must be true of one open deal on the day of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Its place in the file of deals, from 0.
    pub place: usize,
    /// The id that the CRM gives it.
    pub id: String,
    /// The story's name.
    pub story: &'static str,
    /// Its name.
    pub title: String,
    /// Its company.
    pub account: String,
    /// Whose it is.
    pub owner: &'static str,
    /// How far it is.
    pub phase: &'static str,
    /// Its value in minor units with the ISO code.
    pub amount: Option<(i64, &'static str)>,
    /// The day on which it is to close.
    pub expected_close: NaiveDate,
    /// Whether something is to be done next.
    pub has_next_step: bool,
    /// The day of the last contact that came from them.
    pub last_inbound: Option<NaiveDate>,
    /// The day of the last contact at all.
    pub last_touch: Option<NaiveDate>,
    /// The contacts on record.
    pub touches: usize,
    /// What they cost, in minutes.
    pub minutes: u32,
    /// Hours spent, in hundredths.
    pub spent: u64,
    /// Hours a week, in hundredths.
    pub per_week: u64,
    /// Hours at stake, in hundredths.
    pub at_stake: u64,
    /// Whether the hours a week are the least, for want of contacts.
    pub assumed: bool,
    /// Whether it is dead on paper, and so to fire; else it is to get to no.
    pub is_dead_on_paper: bool,
    /// The complete set of signals, sorted by their id.
    pub signals: Vec<Planted>,
    /// Those that come to them once it is known who of our own people is senior.
    pub with_people: Vec<Planted>,
}

/// Divides and rounds half up.
fn rounded(dividend: u64, divisor: u64) -> u64 {
    (dividend * 2 + divisor) / (divisor * 2)
}

impl Truth {
    pub(super) fn of(plan: &Plan, id: String, known: Known, today: NaiveDate) -> Self {
        let touches = &plan.touches;
        let close = plan.close(0);
        let sum = |days: i64| -> u64 {
            let within = touches.iter().filter(|touch| touch.age < days);
            within.map(|touch| u64::from(touch.cost())).sum()
        };
        // Minutes in 12 weeks, so that both windows are whole numbers: at least 0.1 hours a week.
        let measured = (sum(28) * 3).max(sum(84));
        let least = 12 * 6;
        let in_12_weeks = measured.max(least);
        let days_left = (close - today).num_days();
        let days_counted = if days_left < 0 {
            84
        } else {
            days_left.clamp(7, 84).unsigned_abs()
        };
        let last_inbound = touches.iter().filter(|t| t.is_inbound).map(|t| t.age).min();
        let last_touch = touches.iter().map(|touch| touch.age).min();
        Self {
            place: plan.place,
            id,
            story: plan.story.code(),
            title: plan.title.clone(),
            account: plan.account.clone(),
            owner: OWNERS[plan.owner],
            phase: plan.stage(0).map_or("", |(step, _)| step.phase().code()),
            amount: plan.amount.map(|amount| {
                let is_whole = plan.currency == "JPY";
                (if is_whole { amount / 100 } else { amount }, plan.currency)
            }),
            expected_close: close,
            has_next_step: plan.next_step.is_some(),
            last_inbound: last_inbound.map(|age| day_of(today, age)),
            last_touch: last_touch.map(|age| day_of(today, age)),
            touches: touches.len(),
            minutes: touches.iter().map(Touch::cost).sum(),
            spent: rounded(sum(i64::MAX) * 100, 60),
            per_week: rounded(in_12_weeks * 100, 60 * 12),
            at_stake: rounded(in_12_weeks * days_counted * 100, 60 * 12 * 7),
            assumed: measured < least,
            is_dead_on_paper: is_dead_on_paper(plan, last_inbound, last_touch, -days_left),
            signals: signals(plan, known, last_touch, -days_left),
            with_people: junior_alone(plan).into_iter().collect(),
        }
    }

    /// Returns the signal of an id, where the deal must show it.
    pub fn signal(&self, id: &str) -> Option<&Planted> {
        self.signals.iter().find(|planted| planted.id == id)
    }
}

fn is_dead_on_paper(
    plan: &Plan,
    last_inbound: Option<i64>,
    last_touch: Option<i64>,
    days_over: i64,
) -> bool {
    let are_they_silent = last_inbound.is_none_or(|age| age >= 60);
    let is_untouched = last_touch.unwrap_or(plan.created()).min(plan.created()) >= 45;
    let is_stuck = days_over >= 30 || plan.next_step.is_none();
    are_they_silent && is_untouched && is_stuck
}

/// What the story planted, and what stands in the fields of the deal.
fn signals(plan: &Plan, known: Known, last_touch: Option<i64>, days_over: i64) -> Vec<Planted> {
    let mut signals = plan.planted.clone();
    if days_over > 0 {
        let overdue = if days_over >= 30 {
            Planted::red("overdue")
        } else {
            Planted::amber("overdue")
        };
        signals.push(overdue.with("days", days_over));
    }
    let still = last_touch.unwrap_or(plan.created()).min(plan.created());
    if still >= 45 {
        signals.push(Planted::amber("untouched").with("days", still));
    }
    if plan.next_step.is_none() {
        signals.push(Planted::amber("no-next-step"));
    }
    let moves = plan.closes.len() as i64 - 1;
    if known.moves && moves >= 2 {
        let slipped = if moves >= 3 {
            Planted::red("slipped")
        } else {
            Planted::amber("slipped")
        };
        signals.push(slipped.with("moves", moves));
    }
    // No deal that was won was longer than 45 days in a stage; an open one is there for two
    // weeks at most or for sixty days and more.
    let stage = plan.stage(0).filter(|(step, _)| Step::OPEN.contains(step));
    if let Some((_, age)) = stage.filter(|(_, age)| known.stages && *age >= 60) {
        signals.push(Planted::amber("stale-stage").with("days", age));
    }
    let sponsors = plan.people.iter().enumerate();
    let sponsors = sponsors.filter(|(nth, person)| {
        let met = |touch: &&Touch| touch.who == *nth && is_held_meeting(touch);
        person.role == Some(Role::Budget) && plan.touches.iter().any(|t| met(&t))
    });
    let sponsors = sponsors.count() as i64;
    if sponsors > 0 {
        signals.push(Planted::good("speaks-for").with("sponsor", sponsors));
    }
    signals.sort_by_key(|planted| planted.id);
    signals
}

fn is_held_meeting(touch: &Touch) -> bool {
    touch.is_meeting() && touch.outcome == Outcome::Held
}

/// No senior was in the first two meetings and none has come since, or none is in those of the
/// closing; a trial is no meeting.
fn junior_alone(plan: &Plan) -> Option<Planted> {
    let held = plan.touches.iter().filter(|touch| is_held_meeting(touch));
    let mut held: Vec<&Touch> = held.filter(|touch| touch.way != Channel::Trial).collect();
    held.sort_by_key(|touch| (-touch.age, touch.at));
    let has_senior = |of: &[&Touch]| of.iter().any(|t| SENIORS.contains(&plan.ours(t)));
    let closing: Vec<&Touch> = match plan.stage(0) {
        Some((Step::Terms, since)) => {
            let late = held.iter().filter(|touch| touch.age <= since);
            late.copied().collect()
        }
        Some(_) | None => Vec::new(),
    };
    let is_alone = !closing.is_empty() && !has_senior(&closing);
    let had_start = held.len() < 2 || has_senior(&held[..2]);
    if !is_alone && (had_start || has_senior(&held)) {
        return None;
    }
    let mut alone = Planted::amber("junior-alone");
    if !had_start {
        alone = alone.with("start", 2);
    }
    if is_alone {
        alone = alone.with("close", closing.len() as i64);
    }
    Some(alone)
}

/// Of the deals of a currency, five at least, each takes hours as its value is to that of all. One
/// that took more than twice its share, and a day's work, is heavy.
pub(super) fn add_heavy(truths: &mut [Truth]) {
    let valued = |truth: &Truth| truth.amount.map(|(minor, code)| (minor as f64, code));
    let mut shares: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    for truth in truths.iter() {
        if let Some((value, code)) = valued(truth) {
            let share = shares.entry(code).or_default();
            *share = (
                share.0 + 1,
                share.1 + truth.spent as f64 / 100.0,
                share.2 + value,
            );
        }
    }
    for truth in truths {
        let Some((value, code)) = valued(truth) else {
            continue;
        };
        let (deals, hours, all) = shares[code];
        let (spent, warranted) = (truth.spent as f64 / 100.0, hours * value / all);
        if deals >= 5 && spent >= 8.0 && spent > 2.0 * warranted {
            let heavy = Planted::amber("heavy").with("hours", spent.round() as i64);
            let heavy = heavy.with("warranted", warranted.round() as i64);
            truth.signals.push(heavy);
            truth.signals.sort_by_key(|planted| planted.id);
        }
    }
}
