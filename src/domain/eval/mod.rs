//! The one function that judges a deal from everything that is known of it.
//!
//! Its result is what the store keeps of each deal to sort and filter by. It depends on the
//! day; [`DealEval::valid_until`] names the first one on which it may change by itself, so that
//! a new day renews only what has to be renewed. Whatever looks at the day asks the [`Clock`],
//! which is what makes that day right.

mod clock;
mod dealings;
mod level;
mod met;
mod paper;
mod record;
mod recorded;

pub use clock::Clock;
pub use dealings::{
    AccessAsk, CloseMove, Concession, Contact, ContactRole, Gate, Promise, PromiseState, Tick,
    Touch, TouchStatus,
};
pub use level::level_of_title;
pub use met::{Meetings, first_met, spelt};
pub use record::{Decided, Decision, Known, Record, WonAges};
pub use recorded::{Recorded, with_record};

use chrono::NaiveDate;

use super::answer::{Answer, Grade, Value};
use super::bank::{Bank, QuestionIx};
use super::calibration::chance_of;
use super::fit::{Fit, Musts, Range, Weakest};
use super::hours::Hours;
use super::signal::{Row, Scene, Signal, SignalId, all_evidence, detect, evidence};
use super::verdict::{Circumstances, Reason, Thresholds, Verdict, judge};

/// Why a decided deal is on top again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// Its tripwire fell due.
    Tripwire,
    /// Its hold ended.
    Hold,
    /// Its nurture date came.
    Nurture,
    /// They made contact again after they were fired.
    CameBack,
    /// Its verdict is worse than it was at the decision.
    Worse,
}

impl Due {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Tripwire,
        Self::Hold,
        Self::Nurture,
        Self::CameBack,
        Self::Worse,
    ];

    /// Returns the text that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tripwire => "tripwire",
            Self::Hold => "hold",
            Self::Nurture => "nurture",
            Self::CameBack => "came_back",
            Self::Worse => "worse",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|due| due.code() == code)
    }
}

/// The part of the queue in which a deal stands, the first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Due again.
    Due,
    /// To fire.
    Fire,
    /// To get to no.
    GetToNo,
    /// To continue, without a next step.
    ContinueNoStep,
    /// To continue, with one.
    Rest,
    /// Decided and not due, or closed: not in the queue.
    Settled,
}

impl Tier {
    /// Every tier in the order of the queue.
    pub const ALL: [Self; 6] = [
        Self::Due,
        Self::Fire,
        Self::GetToNo,
        Self::ContinueNoStep,
        Self::Rest,
        Self::Settled,
    ];

    /// Returns its rank, from 0, by which the store sorts.
    pub fn rank(self) -> u8 {
        self as u8
    }

    /// Reads a stored rank.
    pub fn from_rank(rank: u8) -> Option<Self> {
        Self::ALL.get(usize::from(rank)).copied()
    }
}

/// What is known of a deal once it is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct DealEval {
    /// The verdict; `None` for closed deals.
    pub verdict: Option<Verdict>,
    /// Its reasons in their order; none for CONTINUE and for closed deals.
    pub reasons: Vec<Reason>,
    /// The evidence, in nats.
    pub evidence: f64,
    /// What is earned, in nats.
    pub earned: f64,
    /// The fit range.
    pub fit: Range,
    /// Whether they fit us.
    pub they_fit_us: Range,
    /// Whether we fit them.
    pub we_fit_them: Range,
    /// The coverage, 0 to 100.
    pub coverage: f64,
    /// The chance of winning, 0 to 100, by what was learnt from deals that are over; `None` before
    /// a calibration and for closed deals.
    pub chance: Option<f64>,
    /// The weakest link; `None` where every core question is a fresh yes as shown.
    pub weakest: Option<Weakest>,
    /// The musts.
    pub musts: Musts,
    /// The core questions that apply.
    pub core_total: u16,
    /// Those of them that are asked; what the record answers counts.
    pub core_asked: u16,
    /// Those of them that are answered.
    pub core_answered: u16,
    /// What to ask next; `None` for closed deals and where nothing is left to ask.
    pub ask: Option<QuestionIx>,
    /// Whether no open answer can change the verdict.
    pub is_final: bool,
    /// Why it is on top again, if it is.
    pub due: Option<Due>,
    /// Where it stands in the queue.
    pub tier: Tier,
    /// Whether it is to decide: open and undecided, or due.
    pub to_decide: bool,
    /// What it costs.
    pub hours: Hours,
    /// The day of their last act; `None`: none on record.
    pub last_act: Option<NaiveDate>,
    /// The day on which it was made, by which the queue goes where no act of theirs can be on
    /// record; `None` where one can, and where the day is not known.
    pub made: Option<NaiveDate>,
    /// The signals in the order of their table; none for closed deals.
    pub signals: Vec<Signal>,
    /// What the record answers, in the order of the signals; a person's answer outranks it.
    pub recorded: Vec<Recorded>,
    /// The first day on which any of this may change by itself; `None`: never.
    pub valid_until: Option<NaiveDate>,
    /// The first day on which any of it but [`Hours::per_week`] and what follows from that may;
    /// `None`: never.
    pub holds_until: Option<NaiveDate>,
}

/// Judges one deal as of a day.
pub fn evaluate(
    record: &Record,
    bank: &Bank,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> DealEval {
    let clock = Clock::new(today);
    let is_open = record.is_open();
    let scene = Scene {
        record,
        bank,
        thresholds,
        clock: &clock,
        is_held: is_held(record, &clock),
    };

    let signals = if is_open { detect(&scene) } else { Vec::new() };
    let recorded = if is_open {
        recorded::read(&scene, &signals)
    } else {
        Vec::new()
    };
    let answers = with_record(&record.answers, &recorded);
    note_stale_days(bank, &answers, &clock);
    let fit = Fit::of(bank, &answers, record.is_late(), today);
    let judgement = is_open.then(|| {
        let circumstances = Circumstances {
            is_late: record.is_late(),
            paper: paper::read(&scene),
            tripwire_passed: tripwire(record).is_some_and(|due| clock.has_passed(due, 1)),
            hard_question_unanswered: record
                .hard_question_due
                .is_some_and(|due| clock.has_passed(due, 1)),
            signals: &signals,
        };
        judge(bank, &answers, &fit, &circumstances, thresholds)
    });

    let verdict = judgement.as_ref().map(|judgement| judgement.verdict);
    let due = verdict.and_then(|verdict| due(record, verdict, &clock));
    let tier = tier(record, verdict, due);
    note_what_lies_ahead(record, &clock);
    let holds_until = clock.changes_on();
    let (spent, close, bounds) = (record.spent, record.expected_close, &thresholds.hours);
    let hours = if is_open {
        clock.note(Hours::change_on(spent, close, bounds, today));
        Hours::of_open(spent, close, bounds, today)
    } else {
        clock.note(spent.changes_on);
        Hours::of_closed(spent)
    };

    let (reasons, ask, is_final) = judgement.map_or((Vec::new(), None, false), |judgement| {
        (judgement.reasons, judgement.ask, judgement.is_final)
    });
    DealEval {
        verdict,
        reasons,
        evidence: fit.evidence,
        earned: fit.earned,
        fit: fit.fit,
        they_fit_us: fit.they_fit_us,
        we_fit_them: fit.we_fit_them,
        coverage: fit.coverage,
        chance: is_open.then(|| chance_of(bank, &answers)).flatten(),
        weakest: fit.weakest,
        musts: fit.musts,
        core_total: fit.core_total,
        core_asked: fit.core_asked,
        core_answered: fit.core_answered,
        ask,
        is_final,
        due,
        tier,
        to_decide: tier != Tier::Settled,
        hours,
        last_act: record.last_act(),
        made: record
            .created
            .filter(|_| !record.known.activity && record.last_act().is_none()),
        signals,
        recorded,
        valid_until: clock.changes_on(),
        holds_until,
    }
}

/// Returns the rows that raise a signal of a deal as of a day; none where it is not on.
pub fn rows_of(
    record: &Record,
    bank: &Bank,
    thresholds: &Thresholds,
    today: NaiveDate,
    id: SignalId,
) -> Vec<Row> {
    let clock = Clock::new(today);
    let scene = Scene {
        record,
        bank,
        thresholds,
        clock: &clock,
        is_held: is_held(record, &clock),
    };
    evidence(&scene, id)
}

/// Returns the signals of a deal as of a day, each with the rows that raise it.
pub fn raised(
    record: &Record,
    bank: &Bank,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Vec<(SignalId, Vec<Row>)> {
    let clock = Clock::new(today);
    let scene = Scene {
        record,
        bank,
        thresholds,
        clock: &clock,
        is_held: is_held(record, &clock),
    };
    all_evidence(&scene)
}

/// Tells whether the record may answer a question: no person did, or asked and nobody knew. What
/// a person said does not apply stays out of it.
pub fn is_for_the_record(answer: Option<Answer>) -> bool {
    match answer {
        None => true,
        Some(answer) => match answer.value {
            Value::Unknown => true,
            Value::NotApplicable => false,
            Value::No | Value::Partly | Value::Yes => answer.grade == Grade::Record,
        },
    }
}

/// Tells the clock on which days answers go stale.
fn note_stale_days(bank: &Bank, answers: &[Option<Answer>], clock: &Clock) {
    for (question, answer) in bank.questions().iter().zip(answers) {
        if let Some(yes) = answer.filter(|answer| answer.value == Value::Yes) {
            clock.has_passed(yes.as_of, question.shelf_days.saturating_add(1));
        }
    }
}

/// Tells the clock when what is written down for a later day comes to count.
fn note_what_lies_ahead(record: &Record, clock: &Clock) {
    let touches = record.touches.iter().map(|touch| touch.day);
    let promises = record.promises.iter().filter_map(|promise| promise.settled);
    let access = record.access.iter().map(|ask| ask.day);
    for day in touches.chain(promises).chain(access) {
        clock.note(Some(day));
    }
}

/// Returns the open tripwire of a deal that was continued.
fn tripwire(record: &Record) -> Option<NaiveDate> {
    match record.decision {
        Decision::Continued { tripwire, .. } => tripwire,
        Decision::Undecided | Decision::Held { .. } | Decision::Fired { .. } => None,
    }
}

/// Tells whether a hold is in force: its date has not come, they have not been in touch, and
/// no get of theirs was kept since.
fn is_held(record: &Record, clock: &Clock) -> bool {
    match record.decision {
        Decision::Held { decided, until } => {
            let moved = record.last_inbound.max(record.last_kept_get);
            moved.is_none_or(|day| day <= decided.on) && !clock.has_reached(until)
        }
        Decision::Undecided | Decision::Continued { .. } | Decision::Fired { .. } => false,
    }
}

/// Returns why an open deal that was decided is on top again.
fn due(record: &Record, verdict: Verdict, clock: &Clock) -> Option<Due> {
    let worse = |decided: Decided| {
        let is_worse = decided.verdict.is_some_and(|before| verdict > before);
        (is_worse && !decided.worse_was_seen).then_some(Due::Worse)
    };
    match record.decision {
        Decision::Undecided => None,
        Decision::Continued { decided, tripwire } => {
            let is_due = tripwire.is_some_and(|day| clock.has_reached(day));
            if is_due {
                Some(Due::Tripwire)
            } else {
                worse(decided)
            }
        }
        Decision::Held { decided, .. } => {
            if is_held(record, clock) {
                worse(decided)
            } else {
                Some(Due::Hold)
            }
        }
        Decision::Fired {
            nurture, came_back, ..
        } => {
            let is_time = nurture.is_some_and(|day| clock.has_reached(day));
            if came_back {
                Some(Due::CameBack)
            } else {
                is_time.then_some(Due::Nurture)
            }
        }
    }
}

/// Returns where a deal stands in the queue.
fn tier(record: &Record, verdict: Option<Verdict>, due: Option<Due>) -> Tier {
    if due.is_some() {
        return Tier::Due;
    }
    match (record.decision, verdict) {
        (Decision::Undecided, Some(Verdict::Fire)) => Tier::Fire,
        (Decision::Undecided, Some(Verdict::GetToNo)) => Tier::GetToNo,
        (Decision::Undecided, Some(Verdict::Continue)) if !record.has_next_step => {
            Tier::ContinueNoStep
        }
        (Decision::Undecided, Some(Verdict::Continue)) => Tier::Rest,
        (
            Decision::Undecided
            | Decision::Continued { .. }
            | Decision::Held { .. }
            | Decision::Fired { .. },
            _,
        ) => Tier::Settled,
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "points are sums of sixteenths, which are exact"
)]
mod tests;
