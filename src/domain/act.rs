//! What a person can do to a pipeline: the one vocabulary of cockpit and commands.
//!
//! An [`Act`] says what is wanted; the store checks it against the deal's state as it is then,
//! writes it as one action, and so makes it undoable as one.

mod decide;
mod field;
mod review;
mod seen;

pub use decide::{ContinueSheet, FireSheet, HoldSheet};
pub use field::{DealField, FIELDS, FieldInfo, FieldKind, FieldValue, Typed};
pub use review::CharterSheet;
pub use seen::{
    CommitmentSheet, ConcessionSheet, ContactSheet, HandoffSheet, PersonSheet, Settlement,
    TouchSheet,
};

use chrono::NaiveDate;

use super::answer::AnswerKey;
use super::calibration::Learnt;
use super::deal::{AccessAnswer, FreshEyes, GateFlag, OutcomeKind, Status, SweepWord};
use super::ids::DealId;
use super::review::{CharterReply, Chosen, Envelope, ItemState};
use super::signal::SignalId;
use super::signs::Sign;

/// One thing to do, whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Makes a deal.
    Add {
        /// Its fields; a title or an account must be among them.
        fields: Vec<FieldValue>,
    },
    /// Changes fields of a deal.
    Edit {
        /// The deal.
        deal: DealId,
        /// The fields; an empty value erases.
        fields: Vec<FieldValue>,
    },
    /// Answers a question.
    Answer {
        /// The deal.
        deal: DealId,
        /// The question's id in the bank in force.
        question: String,
        /// What was pressed.
        key: AnswerKey,
        /// What was said or done; with it a yes or no is shown, not said.
        evidence: Option<String>,
    },
    /// Puts a question on the list of what to ask.
    Ask {
        /// The deal.
        deal: DealId,
        /// The question's id; `None` takes the deal's own next ask.
        question: Option<String>,
        /// To whom.
        whom: Option<String>,
        /// By when; `None` is a week from now.
        due: Option<NaiveDate>,
    },
    /// Puts the hard question of a signal on the list of what to ask.
    AskSignal {
        /// The deal.
        deal: DealId,
        /// The signal.
        signal: SignalId,
        /// To whom.
        whom: Option<String>,
        /// By when; `None` is a week from now.
        due: Option<NaiveDate>,
    },
    /// Writes a note.
    Note {
        /// The deal.
        deal: DealId,
        /// The text.
        text: String,
    },
    /// Fires prospects.
    Fire {
        /// The deals.
        deals: Vec<DealId>,
        /// The sheet.
        sheet: FireSheet,
    },
    /// Stops investing for a while.
    Hold {
        /// The deals.
        deals: Vec<DealId>,
        /// The sheet.
        sheet: HoldSheet,
    },
    /// Continues with intent.
    Continue {
        /// The deals.
        deals: Vec<DealId>,
        /// The sheet.
        sheet: ContinueSheet,
    },
    /// Says that what a tripwire waited for happened.
    TripwireHappened {
        /// The deal.
        deal: DealId,
        /// The evidence.
        words: String,
    },
    /// Keeps going although a tripwire passed.
    TripwireAnyway {
        /// The deal.
        deal: DealId,
        /// The reason.
        words: String,
        /// The new day.
        due: NaiveDate,
    },
    /// Sets or changes a deal's tripwire.
    TripwireSet {
        /// The deal.
        deal: DealId,
        /// The sentence; `None` keeps it.
        sentence: Option<String>,
        /// The day; `None` keeps it.
        due: Option<NaiveDate>,
    },
    /// Takes a fired prospect back.
    Reinstate {
        /// The deal.
        deal: DealId,
        /// On what terms it came back.
        terms: String,
    },
    /// Moves a nurture date that was reached.
    NurtureLater {
        /// The deal.
        deal: DealId,
        /// The new day.
        until: NaiveDate,
    },
    /// Lets a nurtured prospect go: it stays fired and is asked for no more.
    LetGo {
        /// The deal.
        deal: DealId,
    },
    /// Says what came of a firing.
    Outcome {
        /// The deal.
        deal: DealId,
        /// What came of it; better needs a changed act on record.
        kind: OutcomeKind,
        /// In words.
        words: Option<String>,
    },
    /// Says of fired prospects that nothing changed: silence, as of today.
    NoChange {
        /// The deals; those that made contact since are left.
        deals: Vec<DealId>,
    },
    /// Says whether one would sell a won deal again.
    Regret {
        /// The deal.
        deal: DealId,
        /// Whether.
        again: bool,
        /// In words.
        words: Option<String>,
    },
    /// Closes deals as won, lost or removed, or opens them again.
    Close {
        /// The deals.
        deals: Vec<DealId>,
        /// The new status.
        status: Status,
        /// Why, in words.
        reason: Option<String>,
    },
    /// Puts another question bank in force.
    UseBank {
        /// Its id.
        bank: String,
    },
    /// Puts what was learnt from deals that are over into the place of a bank's weights.
    Learn {
        /// The bank's id.
        bank: String,
        /// What was learnt; `None` goes back to the weights of its file.
        learnt: Option<Box<Learnt>>,
    },
    /// Saves or replaces a view.
    SaveView {
        /// Its name.
        name: String,
        /// Its filter, as typed.
        filter: String,
        /// Its order's name.
        order: String,
    },
    /// Removes a saved view.
    DeleteView {
        /// Its name.
        name: String,
    },
    /// Says whose deals are this person's own.
    OwnerIs {
        /// The owner's name as the CRM has it.
        owner: String,
    },
    /// Writes down a touch that no CRM saw.
    TouchAdd {
        /// The deal.
        deal: DealId,
        /// The touch.
        touch: TouchSheet,
    },
    /// Corrects a touch that was typed here.
    TouchEdit {
        /// Its number.
        touch: i64,
        /// What it shall be.
        to: TouchSheet,
    },
    /// Removes a touch that was typed here.
    TouchRemove {
        /// Its number.
        touch: i64,
    },
    /// Writes down what one side promised.
    CommitmentAdd {
        /// The deal.
        deal: DealId,
        /// The promise.
        commitment: CommitmentSheet,
    },
    /// Corrects a promise.
    CommitmentEdit {
        /// Its number.
        commitment: i64,
        /// What it shall be.
        to: CommitmentSheet,
    },
    /// Says how a promise ended.
    CommitmentSettle {
        /// Its number.
        commitment: i64,
        /// How, and when.
        settlement: Settlement,
    },
    /// Ties a promise to the one of the other side for which it is traded.
    CommitmentPair {
        /// Its number.
        commitment: i64,
        /// The other's; `None` unties.
        with: Option<i64>,
    },
    /// Says who on their side answers for one of the four that a trial waits for.
    GateSet {
        /// The deal.
        deal: DealId,
        /// Which of the four.
        flag: GateFlag,
        /// Who; `None` opens it again.
        owner: Option<String>,
    },
    /// Says when the trial begins.
    GateStarts {
        /// The deal.
        deal: DealId,
        /// The day; `None` where none is set any more.
        starts: Option<NaiveDate>,
    },
    /// Says all that is agreed before a trial.
    GateSheet {
        /// The deal.
        deal: DealId,
        /// Those of the four that change, each with who answers for it; `None` opens it again.
        owners: Vec<(GateFlag, Option<String>)>,
        /// The day on which it begins; `None` where none is set.
        starts: Option<NaiveDate>,
    },
    /// Writes down a concession of ours, or bait of theirs.
    ConcessionAdd {
        /// The deal.
        deal: DealId,
        /// What.
        concession: ConcessionSheet,
    },
    /// Says whether bait was kept.
    BaitSettle {
        /// Its number among the concessions.
        concession: i64,
        /// Whether; `None` where it is open again.
        kept: Option<bool>,
    },
    /// Says that one does not want this sale, or takes that back.
    Unwanted {
        /// The deal.
        deal: DealId,
        /// Whether it is unwanted.
        unwanted: bool,
        /// Why.
        words: Option<String>,
    },
    /// Writes down that we asked to meet somebody senior.
    AccessAsk {
        /// The deal.
        deal: DealId,
        /// Whom.
        whom: String,
        /// Whether something was offered for it in return.
        swap: bool,
    },
    /// Writes down what came of it; where nothing was asked yet, that it was.
    AccessAnswer {
        /// The deal.
        deal: DealId,
        /// Whom.
        whom: String,
        /// What came of it.
        answer: AccessAnswer,
    },
    /// Makes a contact.
    ContactAdd {
        /// The deal.
        deal: DealId,
        /// The contact.
        contact: ContactSheet,
    },
    /// Changes a contact.
    ContactEdit {
        /// Its number.
        contact: i64,
        /// What it shall be.
        to: ContactSheet,
    },
    /// Removes a contact that was made here.
    ContactRemove {
        /// Its number.
        contact: i64,
    },
    /// Says that an ask was put to them.
    AskPut {
        /// Its number.
        ask: i64,
    },
    /// Writes down what came back, and so answers the question.
    AskReply {
        /// The ask's number.
        ask: i64,
        /// The answer.
        key: AnswerKey,
        /// Their words.
        reply: Option<String>,
    },
    /// Says that an ask was put and nothing came back yet.
    AskNoReply {
        /// Its number.
        ask: i64,
    },
    /// Says that an ask was not put.
    AskNotAsked {
        /// Its number.
        ask: i64,
    },
    /// Takes an ask from the week.
    AskDrop {
        /// Its number.
        ask: i64,
    },
    /// Gives an ask another day, and so opens it again.
    AskMove {
        /// Its number.
        ask: i64,
        /// The day.
        due: NaiveDate,
    },
    /// Writes down what a page of the sweep said.
    Sweep {
        /// Each deal with its word.
        words: Vec<(DealId, SweepWord)>,
    },
    /// Ticks a sign, or takes the tick back.
    Sign {
        /// The deal.
        deal: DealId,
        /// Which one.
        sign: Sign,
        /// Whether it is ticked.
        ticked: bool,
    },
    /// Says whether one would take the deal if it came today.
    FreshEyes {
        /// The deal.
        deal: DealId,
        /// The answer; `None` takes it back.
        answer: Option<FreshEyes>,
    },
    /// Hands a deal over among us.
    Handoff {
        /// The deal.
        deal: DealId,
        /// From whom, to whom, and who looks after it.
        sheet: HandoffSheet,
    },
    /// Says who one of us is.
    PersonSet {
        /// The name.
        name: String,
        /// What is said.
        sheet: PersonSheet,
    },
    /// Says how many minutes a week this person has to sell.
    SellingHours {
        /// How many.
        minutes: u32,
    },
    /// Gives hours of a week a place.
    HoursPlan {
        /// The deal; `None` is one's own time.
        deal: Option<DealId>,
        /// Any day of the week.
        week: NaiveDate,
        /// How many minutes in all; 0 are none on purpose, and take one's own time away.
        minutes: u32,
    },
    /// Raises a hand: this deal is to be talked about in the next 1:1.
    RaiseHand {
        /// The deal.
        deal: DealId,
        /// What about.
        note: Option<String>,
    },
    /// Lowers the hands that are up on a deal.
    LowerHand {
        /// The deal.
        deal: DealId,
    },
    /// Begins a 1:1 with the agenda that the cockpit proposes.
    ReviewStart {
        /// With whom; `None`: with the one other person there is, else alone.
        with: Option<String>,
        /// Minutes planned.
        minutes: u16,
        /// Minutes meant for one deal.
        each: u16,
    },
    /// Puts another deal on the table; the one before was talked about.
    ReviewTurn {
        /// The deal; `None` clears the table.
        deal: Option<DealId>,
    },
    /// Says how an item of the agenda stands.
    ReviewItem {
        /// The deal.
        deal: DealId,
        /// How.
        state: ItemState,
    },
    /// Puts a deal on the agenda that runs.
    ReviewAdd {
        /// The deal.
        deal: DealId,
    },
    /// Moves an item of the agenda that runs.
    ReviewMove {
        /// The deal.
        deal: DealId,
        /// Its new place, from 1.
        place: usize,
    },
    /// Changes how long the meeting, or each deal of it, is meant to take.
    ReviewTime {
        /// Minutes planned.
        minutes: u16,
        /// Minutes meant for one deal.
        each: u16,
    },
    /// Closes the 1:1; what was not talked about waits for the next one.
    ReviewEnd,
    /// Puts the manager's sentence on a deal.
    MayFire {
        /// The deal.
        deal: DealId,
        /// What was said; `None`: "You may fire them."
        sentence: Option<String>,
        /// By whom; `None`: the manager at the table, else whoever writes it.
        who: Option<String>,
    },
    /// Seals what a person says of a deal before hearing the other one.
    Seal {
        /// The deal.
        deal: DealId,
        /// Whose answers; `None`: of whoever writes them.
        person: Option<String>,
        /// The answers; those sealed before to the same questions are replaced.
        answers: Envelope,
    },
    /// Seals the deal's answers to the core questions and its verdict, as they stand.
    SealStanding {
        /// The deals.
        deals: Vec<DealId>,
    },
    /// Reveals what two people sealed on a deal.
    Reveal {
        /// The deal.
        deal: DealId,
        /// All that is left, not only the next row.
        all: bool,
    },
    /// Says whose answer the deal takes where two differ.
    Choose {
        /// The deal.
        deal: DealId,
        /// The question's id; `None` is what to do with the deal.
        question: Option<String>,
        /// Whose.
        chosen: Chosen,
    },
    /// Signs the charter, with other terms where some are given.
    CharterSign {
        /// The terms; `None` signs those that stand.
        terms: Option<CharterSheet>,
    },
    /// Answers a firing above the charter's ceiling.
    CharterAnswer {
        /// The deal.
        deal: DealId,
        /// What.
        reply: CharterReply,
        /// Why; an overruling has a reason.
        reason: Option<String>,
    },
}

impl Act {
    /// The deals that it names, in its order; those of a touch, a promise, an ask or a contact
    /// that is named by its number are the store's to find.
    pub fn deals(&self) -> Vec<DealId> {
        match self {
            Self::Fire { deals, .. }
            | Self::Hold { deals, .. }
            | Self::Continue { deals, .. }
            | Self::NoChange { deals }
            | Self::Close { deals, .. }
            | Self::SealStanding { deals } => deals.clone(),
            Self::Sweep { words } => words.iter().map(|(deal, _)| *deal).collect(),
            Self::HoursPlan { deal, .. } | Self::ReviewTurn { deal } => {
                deal.iter().copied().collect()
            }
            Self::Edit { deal, .. }
            | Self::Answer { deal, .. }
            | Self::Ask { deal, .. }
            | Self::AskSignal { deal, .. }
            | Self::GateSheet { deal, .. }
            | Self::Note { deal, .. }
            | Self::TripwireHappened { deal, .. }
            | Self::TripwireAnyway { deal, .. }
            | Self::TripwireSet { deal, .. }
            | Self::Reinstate { deal, .. }
            | Self::NurtureLater { deal, .. }
            | Self::LetGo { deal }
            | Self::Outcome { deal, .. }
            | Self::Regret { deal, .. }
            | Self::TouchAdd { deal, .. }
            | Self::CommitmentAdd { deal, .. }
            | Self::GateSet { deal, .. }
            | Self::GateStarts { deal, .. }
            | Self::ConcessionAdd { deal, .. }
            | Self::Unwanted { deal, .. }
            | Self::AccessAsk { deal, .. }
            | Self::AccessAnswer { deal, .. }
            | Self::ContactAdd { deal, .. }
            | Self::Sign { deal, .. }
            | Self::FreshEyes { deal, .. }
            | Self::Handoff { deal, .. }
            | Self::RaiseHand { deal, .. }
            | Self::LowerHand { deal }
            | Self::ReviewItem { deal, .. }
            | Self::ReviewAdd { deal }
            | Self::ReviewMove { deal, .. }
            | Self::MayFire { deal, .. }
            | Self::Seal { deal, .. }
            | Self::Reveal { deal, .. }
            | Self::Choose { deal, .. }
            | Self::CharterAnswer { deal, .. } => vec![*deal],
            Self::Add { .. }
            | Self::UseBank { .. }
            | Self::Learn { .. }
            | Self::SaveView { .. }
            | Self::DeleteView { .. }
            | Self::OwnerIs { .. }
            | Self::TouchEdit { .. }
            | Self::TouchRemove { .. }
            | Self::CommitmentEdit { .. }
            | Self::CommitmentSettle { .. }
            | Self::CommitmentPair { .. }
            | Self::BaitSettle { .. }
            | Self::ContactEdit { .. }
            | Self::ContactRemove { .. }
            | Self::AskPut { .. }
            | Self::AskReply { .. }
            | Self::AskNoReply { .. }
            | Self::AskNotAsked { .. }
            | Self::AskDrop { .. }
            | Self::AskMove { .. }
            | Self::PersonSet { .. }
            | Self::SellingHours { .. }
            | Self::ReviewStart { .. }
            | Self::ReviewTime { .. }
            | Self::ReviewEnd
            | Self::CharterSign { .. } => Vec::new(),
        }
    }
}
