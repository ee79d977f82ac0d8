//! How a story becomes a deal: who is there, its stages, its dates.

use chrono::{Datelike, Days, NaiveDate};
use fastrand::Rng;

use super::cast::{Part, Wish};
use super::names;
use super::plan::{Fate, Person, Plan, Role, Step, Todo, Touch};
use super::story::{CAST, Closing, Story};
use super::tail::{Limits, Tail};
use super::talk;
use super::truth::Planted;
use crate::domain::hours::Channel;
use crate::domain::phase::Phase;

/// What is closed among twenty deals in a row, and which of the others is how manyth open one.
const WON: usize = 5;
const LOST: usize = 4;
const BLOCK: usize = 20;

/// Whether the people there are a truth of their own.
#[derive(Clone, Copy)]
enum Power {
    /// One contact and no more.
    OneContact,
    /// Roles are known, and whoever signs was not met.
    NotMet,
    /// Roles are known, and whoever signs was met.
    Met,
    /// Nobody's role is known.
    Unknown,
}

/// Decides on one deal of a sample.
pub(super) fn plan(rng: &mut Rng, place: usize, today: NaiveDate) -> Plan {
    // Deals that belong together are not neighbours in a file: 7 shares no factor with 20.
    let slot = place * 7 % BLOCK;
    let account = names::company(rng, place);
    let (product, title) = names::deal(rng);
    let mut plan = Plan {
        place,
        story: Story::Closed,
        fate: Fate::Open,
        account,
        title,
        product,
        owner: rng.usize(..names::OWNERS.len()),
        people: Vec::new(),
        amount: (rng.u8(..33) != 0).then(|| amount(rng)),
        currency: [
            "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "USD", "USD", "GBP",
        ][rng.usize(..10)],
        stages: Vec::new(),
        closes: Vec::new(),
        next_step: (rng.u8(..4) != 0)
            .then(|| names::NEXT_STEPS[rng.usize(..names::NEXT_STEPS.len())]),
        touches: Vec::new(),
        todos: Vec::new(),
        notes: Vec::new(),
        planted: Vec::new(),
    };
    if place % 67 == 5 {
        plan.currency = "JPY";
    }
    if slot < WON + LOST {
        let age = rng.i64(5..500);
        plan.fate = if slot < WON {
            Fate::Won(age)
        } else {
            Fate::Lost(age)
        };
        close(rng, &mut plan, age, today);
    } else {
        let nth = place / BLOCK * (BLOCK - WON - LOST) + (slot - WON - LOST);
        plan.story = CAST[nth % CAST.len()];
        if plan.story == Story::Heavy {
            plan.amount = Some(100_000);
        } else if plan.story.is_of_our_people() {
            plan.owner = 0;
        } else if nth % CAST.len() == 1 {
            // One that can be fired and takes nothing from the others: it has no share of the
            // value of all.
            plan.amount = None;
        }
        open(rng, &mut plan, Wish::default(), today);
    }
    plan.touches.sort_by_key(|touch| (-touch.age, touch.at));
    plan
}

/// Decides on what a given part leaves open; the deal is that of the first of our people.
pub(super) fn part(rng: &mut Rng, place: usize, part: &Part, today: NaiveDate) -> Plan {
    let (product, _) = names::deal(rng);
    let mut plan = Plan {
        place,
        story: part.story,
        fate: part.fate,
        account: part.account.clone(),
        title: part.title.clone(),
        product,
        owner: 0,
        people: Vec::new(),
        amount: part.amount.map(|(minor, _)| minor),
        currency: part.amount.map_or("EUR", |(_, code)| code),
        stages: Vec::new(),
        closes: Vec::new(),
        next_step: Some(names::NEXT_STEPS[rng.usize(..names::NEXT_STEPS.len())]),
        touches: Vec::new(),
        todos: Vec::new(),
        notes: Vec::new(),
        planted: Vec::new(),
    };
    match part.fate {
        Fate::Won(age) | Fate::Lost(age) => {
            close(rng, &mut plan, age, today);
            plan.amount = part.amount.map(|(minor, _)| minor);
        }
        Fate::Open => {
            let wish = Wish {
                step: part.step,
                closes: part.closes,
                unmet: part.unmet,
            };
            open(rng, &mut plan, wish, today);
        }
    }
    if let (Some(first), Some(name)) = (plan.people.first_mut(), &part.contact) {
        first.name = name.clone();
    }
    plan.touches.sort_by_key(|touch| (-touch.age, touch.at));
    plan
}

/// Returns an amount in minor units: most are small, a few are large.
fn amount(rng: &mut Rng) -> i64 {
    let scale = [4, 9, 15, 30, 60, 120, 400][rng.usize(..7)];
    (rng.i64(5..20) * scale * 50) * 100
}

fn person(rng: &mut Rng, role: Option<Role>) -> Person {
    Person {
        name: names::person(rng),
        role,
        card: None,
    }
}

/// People of one deal, no two of whom have the same name.
fn persons(rng: &mut Rng, roles: &[Option<Role>]) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for role in roles {
        let mut next = person(rng, *role);
        while people.iter().any(|other| other.name == next.name) {
            next = person(rng, *role);
        }
        people.push(next);
    }
    people
}

/// A deal that is over: it went through stages of two to six weeks.
fn close(rng: &mut Rng, plan: &mut Plan, age: i64, today: NaiveDate) {
    let (is_won, steps) = match plan.fate {
        Fate::Won(_) => (true, Step::OPEN.len()),
        Fate::Open | Fate::Lost(_) => (false, rng.usize(1..=Step::OPEN.len())),
    };
    let mut at = age;
    let end = if is_won { Step::Won } else { Step::Lost };
    let mut stages = vec![(end, at)];
    for step in Step::OPEN[..steps].iter().rev() {
        at += rng.i64(15..=45);
        stages.push((*step, at));
    }
    stages.reverse();
    plan.stages = stages;
    plan.closes = vec![
        (super::day_of(today, age - 20), at),
        (super::day_of(today, age), age),
    ];
    plan.people = (0..rng.usize(1..=3)).map(|_| person(rng, None)).collect();
    plan.next_step = None;
    if plan.fate == Fate::Lost(age) && rng.bool() {
        plan.amount = None;
    }
    talk::past(rng, plan, age, today);
}

/// An open deal, whose story is told by its last weeks.
fn open(rng: &mut Rng, plan: &mut Plan, wish: Wish, today: NaiveDate) {
    let story = plan.story;
    let is_steady = wish.closes.is_some();
    let step = wish.step.unwrap_or_else(|| story.step(rng));
    let closing = match wish.closes {
        Some(days @ ..0) => Closing::Past(-days),
        Some(0..=14) => Closing::Soon,
        Some(_) => Closing::Far,
        None => story.closing(rng),
    };
    let wished = wish.closes.map(|days| super::day_of(today, -days));
    let close = wished.unwrap_or_else(|| match closing {
        Closing::Far => today + Days::new(rng.u64(15..150)),
        Closing::Soon => today + Days::new(rng.u64(0..=14)),
        Closing::Past(days) => today - Days::new(days.unsigned_abs()),
    });
    let is_near = (0..=14).contains(&(close - today).num_days()) || is_period_ending(today);
    let limits = Limits::of(step.phase(), is_near);
    let tail = Tail::of(rng, story, limits, plan.place, today);

    let created = if story == Story::Blank {
        rng.i64(1..=5)
    } else {
        (tail.oldest() + 12).max(rng.i64(80..260))
    };
    // Who calls at night is told by a share of all that came from them, and so by few.
    let has_past = !matches!(
        story,
        Story::Blank | Story::NeverAnswered | Story::AfterHours | Story::TwiceAfterHours
    );
    let can_have_met = has_past && created > 75;
    let power = if is_steady && can_have_met {
        met(rng, plan, step, wish.unmet)
    } else {
        people(rng, plan, step, can_have_met)
    };
    plan.touches = tail.touches;
    plan.planted.extend(tail.planted);
    stages(rng, plan, step, created, is_steady);
    moves(rng, plan, close, created, is_steady);
    next_steps(rng, plan, closing);
    if has_past {
        let since = plan.touches.iter().map(|touch| touch.age).max();
        talk::past(rng, plan, since.map_or(62, |age| (age + 4).max(62)), today);
        if matches!(power, Power::Met) {
            meet_the_signer(plan, today);
        }
    }
}

/// Tells whether the quarter, which is the period where none is set, ends within two weeks.
fn is_period_ending(today: NaiveDate) -> bool {
    let month = today.month0() / 3 * 3 + 3;
    let next = if month == 12 {
        NaiveDate::from_ymd_opt(today.year() + 1, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(today.year(), month + 1, 1)
    };
    next.is_some_and(|next| (next - today).num_days() <= 15)
}

/// Whoever compares, whoever will use it, and whoever signs.
fn met(rng: &mut Rng, plan: &mut Plan, step: Step, unmet: bool) -> Power {
    let roles = [Role::Evaluator, Role::User, Role::Budget];
    plan.people = persons(rng, &roles.map(Some));
    if !unmet {
        return Power::Met;
    }
    if is_late(step) {
        plan.planted.push(Planted::red("no-power"));
    }
    Power::NotMet
}

fn is_late(step: Step) -> bool {
    matches!(step.phase(), Phase::Proposal | Phase::Negotiation)
}

/// Decides who is there, and what that is a sign of.
fn people(rng: &mut Rng, plan: &mut Plan, step: Step, can_have_met: bool) -> Power {
    let is_late = is_late(step);
    if matches!(plan.story, Story::HandedDown | Story::HandedDownTwice) {
        plan.people = ["Chief Financial Officer", "Head of Finance", "Assistant"]
            .map(|card| Person {
                name: names::person(rng),
                role: None,
                card: Some(card),
            })
            .into();
        return Power::Unknown;
    }
    let power = match rng.u8(..10) {
        0..2 => Power::OneContact,
        2..4 => Power::NotMet,
        4..7 if can_have_met => Power::Met,
        _ => Power::Unknown,
    };
    let roles: &[Option<Role>] = match power {
        Power::OneContact => &[None],
        Power::NotMet if rng.bool() => &[Some(Role::Evaluator), Some(Role::User)],
        Power::NotMet | Power::Met => {
            &[Some(Role::Evaluator), Some(Role::User), Some(Role::Budget)]
        }
        Power::Unknown => &[None, None],
    };
    plan.people = persons(rng, roles);
    match power {
        Power::OneContact if is_late => plan.planted.push(Planted::amber("one-contact")),
        Power::NotMet if is_late => plan.planted.push(Planted::red("no-power")),
        Power::OneContact | Power::NotMet | Power::Met | Power::Unknown => {}
    }
    power
}

/// Where the signer was met, there was a meeting with them long ago.
fn meet_the_signer(plan: &mut Plan, today: NaiveDate) {
    let age = talk::weekday(today, plan.created() - 6);
    plan.touches.push(Touch {
        minutes: Some(45),
        who: 2,
        words: "Went through the budget of the project together.",
        ..Touch::plain(age, 11 * 60, false, Channel::Meeting, "Budget and timing")
    });
}

/// A deal is either fresh in its stage, or in it far longer than any that was won.
fn stages(rng: &mut Rng, plan: &mut Plan, step: Step, created: i64, is_steady: bool) {
    let place = Step::OPEN
        .iter()
        .position(|other| *other == step)
        .unwrap_or(0) as i64;
    let is_fresh = !plan.story.is_still() && (is_steady || rng.u8(..10) < 7);
    let entered = if place == 0 {
        created
    } else if is_fresh {
        rng.i64(2..=14)
    } else {
        60 + rng.i64(0..=(created - 66).clamp(0, 60))
    };
    let step_of = |at: i64| Step::OPEN[at as usize];
    plan.stages = (0..=place)
        .map(|at| {
            (
                step_of(at),
                created - (created - entered) * at / place.max(1),
            )
        })
        .collect();
    if let Some(last) = plan.stages.last_mut() {
        last.1 = entered.min(created);
    }
}

/// Its close date moved out none to four times within the last seven weeks.
fn moves(rng: &mut Rng, plan: &mut Plan, close: NaiveDate, created: i64, is_steady: bool) {
    let can_move = !is_steady && !plan.story.is_still() && created > 60;
    let moves: i64 = if can_move {
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 4][rng.usize(..10)]
    } else {
        0
    };
    plan.closes = (0..=moves)
        .map(|at| {
            let before = close - Days::new(21 * (moves - at).unsigned_abs());
            let age = if at == 0 { created } else { 52 - 11 * at };
            (before, age)
        })
        .collect();
}

/// What is planned of it; a deal without a next step has no task either.
fn next_steps(rng: &mut Rng, plan: &mut Plan, closing: Closing) {
    let is_far = matches!(closing, Closing::Far);
    if plan.story == Story::DeadOnPaper && is_far {
        // Its date is still to come, so it is dead for want of anything planned.
        plan.next_step = None;
    } else if [Story::DeadEdge, Story::AlmostDeadDate].contains(&plan.story) {
        plan.next_step = Some(names::NEXT_STEPS[0]);
    }
    if plan.next_step.is_none() {
        return;
    }
    if rng.u8(..3) == 0 {
        let age = -rng.i64(1..10);
        plan.todos.push(Todo {
            age,
            subject: "Prepare the next call",
        });
    }
    if rng.u8(..8) == 0 && !plan.story.is_still() {
        plan.todos.push(Todo {
            age: 3,
            subject: "Read up on their site",
        });
    }
    if plan.story == Story::Lively && rng.u8(..4) == 0 {
        plan.notes
            .push((2, "They look for a partner, not for a price."));
    }
}
