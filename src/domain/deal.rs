//! What is known of a deal, as the store hands it out.

use chrono::NaiveDate;

use super::answer::{Grade, Value};
use super::eval::DealEval;
use super::ids::{ActionId, DealId};
use super::money::Money;
use super::phase::Phase;
use super::shown::{Free, Name};
use super::signal::{Row as SignalRow, SignalId};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that is kept, printed in JSON and taken in filters.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Reads the word back; `None` for any other.
            pub fn from_code(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

pub(in crate::domain) use words;

mod after;
pub mod names;
mod seen;
mod support;

pub use after::{
    After, BadMoneyRow, CHECKS, ENOUGH, EarnedRow, FiredRow, FiredSums, HoursView, MoneySaid,
    OutcomeDue, OutcomeKind, Overruled, PromiseSums, REGRET_DAYS, RegretRow, TripwireDue,
    check_due,
};
pub use seen::{
    AccessAnswer, AccessRow, AfterHours, CommitmentState, ConcessionKind, ConcessionRow,
    ContactRole, DueKind, FreshEyes, FreshRow, GateFlag, GateRow, HandoffRow, KeptRate, PersonRole,
    PersonRow, PlanRow, Seen, SignRow, SweepDeal, SweepPage, SweepPile, SweepRow, SweepWord,
    TouchStatus, Week, WeekAsk, WeekDue, WeekFired, WeekPlan, Word, cover_is_unknown,
};
pub use support::{Served, SupportLoad};

words! {
    /// Where a deal stands in the CRM's eyes, or after `close`.
    Status {
        /// Still to be won or lost.
        Open = "open",
        /// Won.
        Won = "won",
        /// Lost.
        Lost = "lost",
        /// A mistake or a duplicate; counts nowhere.
        Removed = "removed",
    }
}

words! {
    /// What a person decided about a deal last.
    Decision {
        /// Nothing yet, or nothing any more.
        Undecided = "undecided",
        /// To be continued, with a next step and a tripwire.
        Continued = "continued",
        /// Nothing more from us until they move.
        Hold = "hold",
        /// Fired.
        Fired = "fired",
    }
}

words! {
    /// What a row of the decision table records.
    DecisionKind {
        /// The prospect was fired.
        Fired = "fired",
        /// The deal goes on.
        Continued = "continued",
        /// The deal waits.
        Hold = "hold",
        /// A fired prospect came back.
        Reinstated = "reinstated",
    }
}

words! {
    /// Where a fired prospect goes.
    Disposition {
        /// We part.
        WalkedAway = "walked_away",
        /// To a named competitor or partner.
        Regift = "regift",
        /// Back on a date.
        Nurture = "nurture",
    }
}

words! {
    /// Who walked away.
    WalkedBy {
        /// We did.
        Us = "us",
        /// They did, and we only say so.
        Them = "them",
        /// Both sides agreed that it is no fit.
        Both = "both",
    }
}

words! {
    /// How a tripwire stands.
    TripwireState {
        /// Waiting for its day.
        Set = "set",
        /// What it waited for happened.
        Happened = "happened",
        /// The deal was fired as promised.
        Fired = "fired",
        /// Passed, and the rep kept going anyway.
        Anyway = "anyway",
        /// Overtaken: the deal was closed or decided otherwise.
        Moot = "moot",
    }
}

words! {
    /// How an ask stands.
    AskState {
        /// Not answered yet.
        Open = "open",
        /// A reply came.
        Answered = "answered",
        /// Its date passed without a reply.
        NoReply = "no_reply",
        /// The person did not ask.
        NotAsked = "not_asked",
        /// No longer wanted.
        Dropped = "dropped",
    }
}

words! {
    /// Which side a touch came from.
    Direction {
        /// They to us.
        In = "in",
        /// We to them.
        Out = "out",
    }
}

words! {
    /// Which side owes a commitment.
    Side {
        /// We owe: a give.
        We = "we",
        /// They owe: a get.
        They = "they",
    }
}

impl Default for Status {
    /// A deal is open until somebody says otherwise.
    fn default() -> Self {
        Self::Open
    }
}

/// One deal's own fields, as imported or typed.
#[derive(Clone, Debug)]
pub struct Deal {
    /// Its number.
    pub id: DealId,
    /// Which system it came from; `walkaway:…` for those made here.
    pub source: String,
    /// Its id there; `None` for deals made here or without one.
    pub external_id: Option<String>,
    /// What the deal is called.
    pub title: Name,
    /// The prospect's company.
    pub account: Option<Name>,
    /// The person named in the record.
    pub contact: Option<Name>,
    /// Whose deal it is, a person on our side.
    pub owner: Option<String>,
    /// The CRM's stage, in its own words.
    pub stage: Option<String>,
    /// What that stage means.
    pub phase: Option<Phase>,
    /// The CRM's pipeline.
    pub pipeline: Option<String>,
    /// The value, when one is recorded.
    pub amount: Option<Money>,
    /// The CRM's probability in per cent, as stated.
    pub probability: Option<f64>,
    /// The margin in per cent, when one is known.
    pub margin: Option<f64>,
    /// The discount in per cent, when one is known.
    pub discount: Option<f64>,
    /// Open, won, lost or removed.
    pub status: Status,
    /// What was decided.
    pub decision: Decision,
    /// The day it was created.
    pub created: Option<NaiveDate>,
    /// The day on which it is expected to close.
    pub expected_close: Option<NaiveDate>,
    /// The day it was closed.
    pub closed: Option<NaiveDate>,
    /// Why it was lost, in the CRM's words.
    pub lost_reason: Option<String>,
    /// The CRM's own "last activity".
    pub last_activity: Option<NaiveDate>,
    /// The next step on record.
    pub next_step: Option<Free>,
    /// When that step is due.
    pub next_step_due: Option<NaiveDate>,
    /// Where the lead came from.
    pub lead_source: Option<String>,
    /// What is being sold.
    pub product: Option<String>,
    /// Free text of the record.
    pub description: Option<Free>,
}

impl Deal {
    /// What a list calls the deal: its account, or where there is none its title.
    pub fn name(&self) -> &Name {
        self.account.as_ref().unwrap_or(&self.title)
    }
}

/// A row of the list: what one line needs.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// The deal.
    pub id: DealId,
    /// Its company.
    pub account: Option<Name>,
    /// Its title.
    pub title: Name,
    /// Its owner.
    pub owner: Option<String>,
    /// Its stage.
    pub stage: Option<String>,
    /// Its value.
    pub amount: Option<Money>,
    /// Open, won, lost or removed.
    pub status: Status,
    /// What was decided.
    pub decision: Decision,
    /// When it was created, in the record.
    pub created: Option<NaiveDate>,
    /// When it is expected to close.
    pub expected_close: Option<NaiveDate>,
    /// What the model says; `None` for deals that are not open.
    pub eval: Option<DealEval>,
    /// The next step on record.
    pub next_step: Option<Free>,
    /// When that step is due.
    pub next_step_due: Option<NaiveDate>,
    /// The earliest open ask: the question's id and its date.
    pub asked: Option<(String, Option<NaiveDate>)>,
    /// The day of the last decision; `None` for undecided deals.
    pub decided: Option<NaiveDate>,
}

/// An answer in force.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// The question's id in the bank in force.
    pub question: String,
    /// The answer.
    pub value: Value,
    /// What stands behind it.
    pub grade: Grade,
    /// The day as of which it holds.
    pub day: NaiveDate,
    /// What was said or done.
    pub evidence: Option<Free>,
    /// Who answered.
    pub who: Option<String>,
}

/// A decision that was taken.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// Its number.
    pub id: i64,
    /// What was decided.
    pub kind: DecisionKind,
    /// The day.
    pub day: NaiveDate,
    /// By whom.
    pub who: String,
    /// On whose word.
    pub authority: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// The verdict's word at that moment.
    pub verdict: Option<String>,
    /// How many core questions had never been asked.
    pub core_unasked: Option<i64>,
    /// Where a fired prospect went.
    pub disposition: Option<Disposition>,
    /// To whom it was given, or who keeps in touch.
    pub whom: Option<String>,
    /// Until when.
    pub until: Option<NaiveDate>,
    /// Minutes freed, an estimate.
    pub minutes_reclaimed: Option<i64>,
    /// How that was worked out.
    pub formula: Option<String>,
    /// Who walked away.
    pub walked_by: Option<WalkedBy>,
    /// On which condition a fired prospect would be taken back.
    pub comes_back_if: Option<Free>,
    /// The closing note as it was decided on.
    pub note: ClosingNote,
    /// On what terms a fired prospect came back.
    pub terms: Option<Free>,
    /// The reason of a hold or of going on anyway.
    pub why: Option<Free>,
}

/// What a fired prospect is to read or hear.
#[derive(Clone, Debug, Default)]
pub struct ClosingNote {
    /// The subject of the mail.
    pub subject: Option<Free>,
    /// The mail.
    pub mail: Option<Free>,
    /// Two sentences for the phone.
    pub phone: Option<Free>,
}

/// A condition with a date, in the rep's own words.
#[derive(Clone, Debug)]
pub struct TripwireRow {
    /// Its number.
    pub id: i64,
    /// The sentence.
    pub sentence: Free,
    /// Its day.
    pub due: NaiveDate,
    /// How it stands.
    pub state: TripwireState,
    /// Evidence that it happened, or why one kept going.
    pub words: Option<Free>,
    /// How often its day was moved.
    pub moved: i64,
    /// The day it was settled.
    pub settled: Option<NaiveDate>,
}

/// A pause.
#[derive(Clone, Debug)]
pub struct HoldRow {
    /// Its number.
    pub id: i64,
    /// What they must do first.
    pub what: Free,
    /// The day on which it ends at the latest.
    pub until: NaiveDate,
    /// Why.
    pub why: Option<Free>,
    /// The day it began.
    pub starts: NaiveDate,
    /// The day it ended; `None` while it lasts.
    pub ended: Option<NaiveDate>,
}

/// A question put on the list for a person.
#[derive(Clone, Debug)]
pub struct AskRow {
    /// Its number.
    pub id: i64,
    /// The question's id.
    pub question: String,
    /// What to say.
    pub text: Free,
    /// To whom.
    pub contact: Option<Name>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How it stands.
    pub state: AskState,
    /// Their words.
    pub reply: Option<Free>,
    /// The day of the reply.
    pub replied: Option<NaiveDate>,
    /// Whether it was put to them.
    pub put: bool,
    /// The code of the red signal that raised it.
    pub signal: Option<String>,
}

/// One contact in either direction.
#[derive(Clone, Debug)]
pub struct TouchRow {
    /// Its number.
    pub id: i64,
    /// When: RFC 3339, or a day alone.
    pub at: String,
    /// Its day.
    pub day: NaiveDate,
    /// They to us, or we to them.
    pub direction: Direction,
    /// By what: `email`, `call`, `meeting`, ….
    pub channel: String,
    /// Minutes it cost us; `None` when not known.
    pub minutes: Option<i64>,
    /// What it was about.
    pub text: Option<Free>,
    /// How it came about.
    pub status: TouchStatus,
    /// How many words theirs had.
    pub words: Option<i64>,
    /// Whether they answered in a word or two.
    pub curt: bool,
    /// The document that was sent.
    pub document: Option<Free>,
    /// Whether they asked for information.
    pub asks_info: bool,
    /// Whether it fell outside working hours.
    pub after_hours: AfterHours,
    /// Who of them took part.
    pub contacts: Vec<Name>,
    /// Who of us took part.
    pub people: Vec<String>,
    /// Whether it was typed here.
    pub typed: bool,
}

/// Something one side promised the other.
#[derive(Clone, Debug)]
pub struct CommitmentRow {
    /// Its number.
    pub id: i64,
    /// Who owes it.
    pub side: Side,
    /// What.
    pub what: Free,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How it stands.
    pub state: CommitmentState,
    /// When it was settled.
    pub settled: Option<NaiveDate>,
    /// The promise of the other side for which it is traded.
    pub paired: Option<i64>,
}

/// A note.
#[derive(Clone, Debug)]
pub struct NoteRow {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// By whom.
    pub who: Option<String>,
    /// The text.
    pub text: Free,
}

/// A person at the prospect's.
#[derive(Clone, Debug)]
pub struct ContactRow {
    /// Its number.
    pub id: i64,
    /// The name.
    pub name: Name,
    /// The job title.
    pub title: Option<String>,
    /// What they are in the purchase.
    pub role: Option<ContactRole>,
    /// How high up they are, 1 to 4; 4 leads the whole.
    pub level: Option<i64>,
    /// The day on which we met first, by what was noted or by a meeting that was held; `None`
    /// when we have not.
    pub met: Option<NaiveDate>,
    /// The day that was noted for it here.
    pub noted: Option<NaiveDate>,
    /// The mail address.
    pub email: Option<Free>,
    /// Whether the row was made here and not imported.
    pub typed: bool,
}

impl ContactRow {
    /// The day on which we met first, once it has come.
    pub fn met_by(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.met.filter(|day| *day <= today)
    }
}

/// A move of stage, amount or close date.
#[derive(Clone, Debug)]
pub struct MoveRow {
    /// Its number.
    pub id: i64,
    /// The day.
    pub day: NaiveDate,
    /// `stage`, `amount` or `expected_close`.
    pub field: String,
    /// The value before.
    pub old: Option<String>,
    /// The value after.
    pub new: Option<String>,
    /// Who or what reported it.
    pub source: String,
}

/// What happened after a decision.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// The word, as `came_back_better`.
    pub kind: String,
    /// The day.
    pub day: NaiveDate,
    /// In words.
    pub words: Option<Free>,
}

/// All that a deal's panes show.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The deal's own fields.
    pub deal: Deal,
    /// What the model says; `None` for deals that are not open.
    pub eval: Option<DealEval>,
    /// The answers in force, in the order of the bank.
    pub answers: Vec<AnswerRow>,
    /// Decisions, the latest first.
    pub decisions: Vec<DecisionRow>,
    /// Tripwires, the latest first.
    pub tripwires: Vec<TripwireRow>,
    /// Holds, the latest first.
    pub holds: Vec<HoldRow>,
    /// Asks, the latest first.
    pub asks: Vec<AskRow>,
    /// Touches, the latest first, at most 50.
    pub touches: Vec<TouchRow>,
    /// Commitments, the latest first.
    pub commitments: Vec<CommitmentRow>,
    /// Notes, the latest first, at most 50.
    pub notes: Vec<NoteRow>,
    /// Contacts.
    pub contacts: Vec<ContactRow>,
    /// Moves, the latest first, at most 50.
    pub moves: Vec<MoveRow>,
    /// Outcomes, the latest first.
    pub outcomes: Vec<OutcomeRow>,
    /// What people told of it because no CRM sees it.
    pub seen: Seen,
    /// The rows that raise each of its signals; filled in where they are shown.
    pub raised: Vec<(SignalId, Vec<SignalRow>)>,
    /// A larger deal that took fewer hours, to be shown beside this one's.
    pub beside: Option<Beside>,
    /// What they ask of us since our offer; filled in where it is shown.
    pub support: Option<SupportLoad>,
}

/// A larger deal that took fewer hours.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// Its value.
    pub amount: Money,
    /// The hours that went into it.
    pub spent: f64,
}

impl Detail {
    /// The tripwire that waits for its day.
    pub fn open_tripwire(&self) -> Option<&TripwireRow> {
        self.tripwires
            .iter()
            .find(|t| t.state == TripwireState::Set)
    }

    /// The hold that lasts.
    pub fn open_hold(&self) -> Option<&HoldRow> {
        self.holds.iter().find(|h| h.ended.is_none())
    }
}

/// What an action did.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its number in the journal; `None` when nothing had to change.
    pub action: Option<ActionId>,
    /// In words, as "Fired Northwind".
    pub what: String,
    /// The deals it concerns, in the order given.
    pub deals: Vec<DealId>,
    /// Hours freed, an estimate; `None` for actions that free none.
    pub hours_back: Option<f64>,
    /// What could not be done and why, in sentences: rows that an undo of an import leaves.
    pub left: Vec<String>,
}
