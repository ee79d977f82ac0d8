//! Everything that is read of one deal to judge it.

use chrono::NaiveDate;

use super::super::answer::Answer;
use super::super::deal::{Side, Status};
use super::super::hours::Spent;
use super::super::phase::Phase;
use super::super::verdict::Verdict;
use super::dealings::{
    AccessAsk, CloseMove, Concession, Contact, Gate, Promise, PromiseState, Tick, Touch,
};

/// When a person decided, and what the cockpit had suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The day.
    pub on: NaiveDate,
    /// The verdict at that moment; `None` where it is not known.
    pub verdict: Option<Verdict>,
    /// Whether the deal has already come back once because its verdict had become worse.
    pub worse_was_seen: bool,
}

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet, or not any more.
    #[default]
    Undecided,
    /// To go on.
    Continued {
        /// When, and on which verdict.
        decided: Decided,
        /// The day of the open tripwire on which none of its three keys was pressed.
        tripwire: Option<NaiveDate>,
    },
    /// To stop investing until they move.
    Held {
        /// When, and on which verdict.
        decided: Decided,
        /// The day on which it ends at the latest.
        until: NaiveDate,
    },
    /// To end it.
    Fired {
        /// When, and on which verdict.
        decided: Decided,
        /// The day on which to look again; `None`: never, or let go.
        nurture: Option<NaiveDate>,
        /// Whether they made contact again and nobody dealt with that yet.
        came_back: bool,
    },
}

impl Decision {
    /// Returns the text that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Continued { .. } => "continued",
            Self::Held { .. } => "hold",
            Self::Fired { .. } => "fired",
        }
    }
}

/// What the file could know of its deals, and when. What it could not is never held against one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a file can tell or not"
)]
pub struct Known {
    /// The date of the record: the day of the newest import. `None` for deals that were made
    /// here; their silence is counted to today.
    pub day: Option<NaiveDate>,
    /// Whether contacts in either direction are recorded.
    pub activity: bool,
    /// Whether next steps are recorded.
    pub next_step: bool,
    /// Whether there is a column for the CRM's own last activity.
    pub last_activity: bool,
    /// Whether the contacts of a deal are recorded, and not only one name.
    pub contacts: bool,
    /// Whether moves from stage to stage are recorded.
    pub stage_moves: bool,
    /// Whether several of our people work in this file and a senior is among them.
    pub seniors: bool,
}

/// How long the won deals of a file took, from the day they were made to their close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WonAges {
    /// How many of them tell.
    pub won: u32,
    /// Most of them took so many days at most: as many in a hundred as
    /// [`TimingBounds::stage_percent`](crate::domain::verdict::TimingBounds) says.
    pub within: u16,
    /// All of them did.
    pub longest: u16,
    /// So many of them name no company.
    pub unnamed: u32,
    /// The day to which the age of an open deal is counted.
    pub until: NaiveDate,
}

/// At most so many in a hundred won deals name no company where every deal should: all but a
/// stray row.
const STRAY_PERCENT: u32 = 5;

impl WonAges {
    /// Whether a deal that names nobody stands out: nearly all won ones do.
    pub fn name_somebody(&self) -> bool {
        self.unnamed * 100 <= self.won * STRAY_PERCENT
    }
}

/// Everything that is read of one deal to judge it.
///
/// Days are local calendar days. The default is a blank open deal of which nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The answers, aligned to the bank in force; those past its end are not asked, so that a
    /// deal without answers needs no memory for them.
    pub answers: Vec<Option<Answer>>,
    /// Where it stands for the CRM.
    pub status: Status,
    /// What a person chose.
    pub decision: Decision,
    /// How far it is; `None`: unknown, and nothing that needs it is held against it.
    pub phase: Option<Phase>,
    /// Whether it names a company or a person.
    pub is_named: bool,
    /// When it was made.
    pub created: Option<NaiveDate>,
    /// When it is to close.
    pub expected_close: Option<NaiveDate>,
    /// Whether it has a next step.
    pub has_next_step: bool,
    /// The soonest day by which the hard question of a red signal, once put, had to be
    /// answered, where it was not.
    pub hard_question_due: Option<NaiveDate>,
    /// Their last touch.
    pub last_inbound: Option<NaiveDate>,
    /// Their last act of any kind: a touch, a held meeting, a kept get, access granted. May be
    /// left out where it is the touch.
    pub last_their_act: Option<NaiveDate>,
    /// The last touch in either direction.
    pub last_touch: Option<NaiveDate>,
    /// The CRM's own last activity, of whomever; it is none of theirs.
    pub last_activity: Option<NaiveDate>,
    /// The last day on which they kept a get.
    pub last_kept_get: Option<NaiveDate>,
    /// The minutes that went into it.
    pub spent: Spent,
    /// What the file could know.
    pub known: Known,
    /// All touches, those of days to come too.
    pub touches: Vec<Touch>,
    /// What either side promised.
    pub promises: Vec<Promise>,
    /// The times that we asked to meet somebody senior.
    pub access: Vec<AccessAsk>,
    /// Who is known at the prospect's.
    pub contacts: Vec<Contact>,
    /// What must be agreed before trial work begins, where somebody wrote it down.
    pub gate: Option<Gate>,
    /// What we gave up, and what they dangle.
    pub concessions: Vec<Concession>,
    /// The moves of the close date.
    pub moves: Vec<CloseMove>,
    /// The ticks that stand for signals.
    pub ticks: Vec<Tick>,
    /// The day on which it came into its stage.
    pub stage_since: Option<NaiveDate>,
    /// The margin, in per cent.
    pub margin: Option<f64>,
    /// The discount, in per cent.
    pub discount: Option<f64>,
    /// The days after which it is older in its stage than most won deals were; `None` where too
    /// few are known.
    pub stage_limit: Option<u16>,
    /// How long the won deals of its file took; `None` where too few are known, and where the file
    /// has the history of its stages, which tells more.
    pub won_ages: Option<WonAges>,
    /// The hours that its value warrants within its currency; `None` where there is nothing to
    /// compare.
    pub warranted: Option<f64>,
}

impl Record {
    /// Tells whether it may still be won.
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }

    /// Tells whether it is at or past proposal, as far as its phase is known.
    pub fn is_late(&self) -> bool {
        self.phase.is_some_and(Phase::is_late)
    }

    /// Returns the record as it was on an earlier day, as far as its rows tell: what happened
    /// later is left out, and what ended later was open. The answers are those given. Stage,
    /// amount and the figures of the file are as they are now.
    #[must_use]
    pub fn as_of(&self, day: NaiveDate, answers: Vec<Option<Answer>>) -> Self {
        let mut then = self.clone();
        then.answers = answers;
        then.touches.retain(|touch| touch.day <= day);
        then.moves.retain(|step| step.day <= day);
        then.concessions.retain(|one| one.day <= day);
        then.access.retain(|ask| ask.day <= day);
        then.ticks.retain(|tick| tick.day <= day);
        for promise in &mut then.promises {
            if promise.settled.is_some_and(|settled| settled > day) {
                promise.state = PromiseState::Open;
                promise.settled = None;
            }
        }
        for contact in &mut then.contacts {
            contact.met = contact.met.filter(|met| *met <= day);
        }
        let last = |touches: &[Touch], of: fn(&Touch) -> bool| {
            touches.iter().filter(|t| of(t)).map(|t| t.day).max()
        };
        then.last_inbound = last(&then.touches, Touch::is_theirs);
        then.last_touch = last(&then.touches, |_| true);
        let kept = then.promises.iter().filter(|promise| {
            promise.side == Side::They
                && matches!(promise.state, PromiseState::Kept | PromiseState::Late)
        });
        then.last_kept_get = kept.filter_map(|promise| promise.settled).max();
        then.last_their_act = then.last_inbound.max(then.last_kept_get);
        then.last_activity = then.last_activity.filter(|on| *on <= day);
        then.known.day = then.known.day.map(|known| known.min(day));
        then
    }

    /// Returns the day of their last act.
    pub fn last_act(&self) -> Option<NaiveDate> {
        self.last_inbound.max(self.last_their_act)
    }
}
