//! What a person told the program of a deal, because no CRM sees it.

use chrono::NaiveDate;

use super::{AskState, Name, Side};
use crate::domain::capacity::Stack;
use crate::domain::ids::DealId;
use crate::domain::money::Money;
use crate::domain::review::TableSeen;
use crate::domain::shown::Free;
use crate::domain::signs::Sign;

words! {
    /// How a touch came about.
    TouchStatus {
        /// It took place.
        Held = "held",
        /// A time was proposed.
        Proposed = "proposed",
        /// The other side said no to the time.
        Declined = "declined",
        /// It was moved.
        Moved = "moved",
        /// Nobody came.
        NoShow = "no_show",
    }
}

words! {
    /// Whether a touch fell outside working hours.
    AfterHours {
        /// It did.
        Yes = "yes",
        /// It did not.
        No = "no",
        /// Only its day is known.
        Unknown = "unknown",
    }
}

words! {
    /// How a commitment stands.
    CommitmentState {
        /// Not done yet.
        Open = "open",
        /// Done in time.
        Kept = "kept",
        /// Done after its day.
        Late = "late",
        /// Not done.
        Missed = "missed",
        /// The other side no longer asks for it.
        Waived = "waived",
    }
}

words! {
    /// What kind of thing was given up, or dangled.
    ConcessionKind {
        /// A lower price.
        Discount = "discount",
        /// Work without pay.
        FreeWork = "free_work",
        /// A promise.
        Promise = "promise",
        /// Future business that they dangle.
        Bait = "bait",
    }
}

words! {
    /// What a contact is in the purchase.
    ContactRole {
        /// Whoever can sign.
        EconomicBuyer = "economic_buyer",
        /// Whoever sells it inside.
        Champion = "champion",
        /// Whoever works with it.
        User = "user",
        /// Whoever buys for a living.
        Purchasing = "purchasing",
        /// Whoever stands in the way.
        Blocker = "blocker",
    }
}

words! {
    /// What came of asking for access to somebody senior.
    AccessAnswer {
        /// They let us meet.
        Given = "given",
        /// They did not.
        Refused = "refused",
    }
}

words! {
    /// What the sweep says of a deal.
    SweepWord {
        /// A call one likes to make.
        Glad = "glad",
        /// A call one dreads.
        Dread = "dread",
        /// No idea about them.
        Unknown = "unknown",
    }
}

words! {
    /// Whether one would take the deal if it came today.
    FreshEyes {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Hard to say.
        Unknown = "unknown",
    }
}

words! {
    /// What must be agreed before a trial begins.
    GateFlag {
        /// What the trial shall show.
        Objectives = "objectives",
        /// What it must do for them.
        Requirements = "requirements",
        /// Who does what, in which steps.
        Process = "process",
        /// What it runs on.
        Equipment = "equipment",
    }
}

words! {
    /// What one of us does here.
    PersonRole {
        /// Sells.
        Rep = "rep",
        /// Leads those who sell.
        Manager = "manager",
    }
}

/// What must be agreed before a trial begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateRow {
    /// Who on their side answers for the objectives; `None` while they are open. So for the rest.
    pub objectives: Option<Name>,
    /// For the requirements.
    pub requirements: Option<Name>,
    /// For the process.
    pub process: Option<Name>,
    /// For the equipment.
    pub equipment: Option<Name>,
    /// The day on which the trial begins.
    pub starts: Option<NaiveDate>,
    /// The day on which the last of the four was agreed; `None` while one is open.
    pub agreed: Option<NaiveDate>,
}

impl GateRow {
    /// Who on their side answers for one of the four; `None` while it is open.
    pub fn owner(&self, flag: GateFlag) -> Option<&Name> {
        match flag {
            GateFlag::Objectives => self.objectives.as_ref(),
            GateFlag::Requirements => self.requirements.as_ref(),
            GateFlag::Process => self.process.as_ref(),
            GateFlag::Equipment => self.equipment.as_ref(),
        }
    }

    /// Which of the four are open, in their order.
    pub fn open(&self) -> Vec<GateFlag> {
        let flags = GateFlag::ALL.iter().copied();
        flags.filter(|flag| self.owner(*flag).is_none()).collect()
    }

    /// Whether the trial's first day has come while one of the four is open.
    pub fn is_breached(&self, today: NaiveDate) -> bool {
        self.starts.is_some_and(|day| day <= today) && !self.open().is_empty()
    }
}

/// What was given up, or dangled.
#[derive(Clone, Debug)]
pub struct ConcessionRow {
    /// Its number.
    pub id: i64,
    /// Of what kind.
    pub kind: ConcessionKind,
    /// What.
    pub what: Free,
    /// Its worth, where that is known.
    pub amount: Option<Money>,
    /// Per cent of the price, where that was said.
    pub percent: Option<f64>,
    /// What it was traded for.
    pub traded_for: Option<Free>,
    /// Whether it may be hard to keep.
    pub hard_to_keep: bool,
    /// Whether bait was kept; `None` until that is known.
    pub kept: Option<bool>,
    /// When it was said, RFC 3339 in UTC.
    pub at: String,
}

/// A request to meet somebody senior.
#[derive(Clone, Debug)]
pub struct AccessRow {
    /// Its number.
    pub id: i64,
    /// Whom.
    pub whom: Name,
    /// The day on which it was asked.
    pub day: NaiveDate,
    /// What came of it; `None` until then.
    pub answer: Option<AccessAnswer>,
    /// When that was known.
    pub answered: Option<NaiveDate>,
    /// Whether something was offered for it in return.
    pub swap: bool,
}

/// A sign that was ticked.
#[derive(Clone, Debug)]
pub struct SignRow {
    /// Which one.
    pub sign: Sign,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// By whom.
    pub who: Option<String>,
}

/// What the last sweep said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepRow {
    /// The word.
    pub word: SweepWord,
    /// The day.
    pub day: NaiveDate,
}

/// What was said with fresh eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshRow {
    /// The answer.
    pub answer: FreshEyes,
    /// The day.
    pub day: NaiveDate,
}

/// A hand-off from the senior who opened the deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoffRow {
    /// Its number.
    pub id: i64,
    /// Who had it.
    pub from: Option<String>,
    /// Who carries it now.
    pub to: String,
    /// Who looks over their shoulder.
    pub overseer: Option<String>,
    /// When the overseer looks next.
    pub next_check: Option<NaiveDate>,
    /// The day.
    pub day: NaiveDate,
}

/// Hours that were given a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// The deal; `None` is one's own time.
    pub deal: Option<DealId>,
    /// The Monday of its week.
    pub week: NaiveDate,
    /// How much.
    pub minutes: i64,
}

/// One of our own people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The name.
    pub name: String,
    /// What they do here.
    pub role: PersonRole,
    /// Whether they are senior.
    pub senior: bool,
    /// The name under which they own deals in the record.
    pub owner: Option<String>,
}

/// Why it is not known whether a senior was there, in words; `None` where it can be known.
pub fn cover_is_unknown(people: &[PersonRow]) -> Option<&'static str> {
    if !people.iter().any(|person| person.senior) {
        return Some("Nobody here is senior yet, so no deal lacks one");
    }
    (people.len() < 2).then_some("One person works here, so no deal lacks a senior")
}

/// What hangs on a deal of what people told.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The four that a trial waits for; `None` where nobody spoke of a trial.
    pub gate: Option<GateRow>,
    /// Concessions and bait, the latest first.
    pub concessions: Vec<ConcessionRow>,
    /// Requests to meet somebody senior, the latest first.
    pub access: Vec<AccessRow>,
    /// Signs that are ticked, in the order of the card.
    pub signs: Vec<SignRow>,
    /// What the last sweep said.
    pub sweep: Option<SweepRow>,
    /// What was said last with fresh eyes.
    pub fresh_eyes: Option<FreshRow>,
    /// Hand-offs, the latest first.
    pub handoffs: Vec<HandoffRow>,
    /// Hours planned on it, the latest week first.
    pub plans: Vec<PlanRow>,
    /// Whether somebody said that they do not want this sale.
    pub is_unwanted: bool,
    /// Of a win: whether one would sell it again, and the day on which that was said.
    pub sell_again: Option<(bool, NaiveDate)>,
    /// What the 1:1 left on it: hands, the manager's sentence, the charter.
    pub table: TableSeen,
}

/// How often one side did what it said, among what is settled and was not waived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptRate {
    /// Kept, in time.
    pub kept: u32,
    /// Kept, late or missed; and open past its day.
    pub of: u32,
    /// Open past its day.
    pub overdue: u32,
}

impl KeptRate {
    /// Counts the commitments of one side: an open one whose day is over counts as not kept,
    /// one without a day or waived not at all.
    pub fn count(
        of: impl IntoIterator<Item = (CommitmentState, Option<NaiveDate>)>,
        today: NaiveDate,
    ) -> Self {
        let mut rate = Self::default();
        for (state, due) in of {
            match state {
                CommitmentState::Kept => {
                    rate.kept += 1;
                    rate.of += 1;
                }
                CommitmentState::Late | CommitmentState::Missed => rate.of += 1,
                CommitmentState::Open if due.is_some_and(|day| day < today) => {
                    rate.of += 1;
                    rate.overdue += 1;
                }
                CommitmentState::Open | CommitmentState::Waived => {}
            }
        }
        rate
    }
}

/// An ask of the week.
#[derive(Clone, Debug)]
pub struct WeekAsk {
    /// Its number.
    pub id: i64,
    /// The deal.
    pub deal: DealId,
    /// What the deal is called.
    pub name: Name,
    /// The question's id.
    pub question: String,
    /// The code of the red signal that raised it.
    pub signal: Option<String>,
    /// What to say.
    pub text: Free,
    /// To whom.
    pub contact: Option<Name>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How it stands.
    pub state: AskState,
    /// Whether it was put to them.
    pub put: bool,
    /// Their words.
    pub reply: Option<Free>,
    /// The day of the reply.
    pub replied: Option<NaiveDate>,
}

impl WeekAsk {
    /// Whether it waits for a word of ours or theirs.
    pub fn is_waiting(&self) -> bool {
        match self.state {
            AskState::Open | AskState::NoReply | AskState::NotAsked => true,
            AskState::Answered | AskState::Dropped => false,
        }
    }

    /// Whether it was due before a day and nothing came back.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_waiting() && self.due.is_some_and(|day| day < today)
    }
}

/// A prospect that was fired this week.
#[derive(Clone, Debug)]
pub struct WeekFired {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The day.
    pub day: NaiveDate,
    /// Minutes freed, an estimate.
    pub minutes_reclaimed: i64,
    /// Whether its closing note was copied, drafted or written to a file since.
    pub note_left: bool,
    /// The closing note: the mail, else what to say on the phone.
    pub note: Option<Free>,
}

/// A deal that goes on, with the hours that it is to have this week; or one's own time.
#[derive(Clone, Debug)]
pub struct WeekPlan {
    /// The deal; `None` is one's own time.
    pub deal: Option<DealId>,
    /// What it is called.
    pub name: Option<Name>,
    /// Minutes planned for the week; 0 where none were.
    pub minutes: i64,
    /// Whether they were planned, for this week or for each: 0 minutes then are none on purpose.
    pub is_planned: bool,
    /// Hours a week that go into it as things are; 0 of one's own time.
    pub per_week: f64,
    /// The next step on record.
    pub next_step: Option<Free>,
    /// When that is due.
    pub next_step_due: Option<NaiveDate>,
    /// Which senior joins, as the last decision to continue said.
    pub senior: Option<String>,
}

impl WeekPlan {
    /// Minutes that it takes: those planned, else those that go into it as things are.
    pub fn takes(&self) -> i64 {
        if self.is_planned {
            self.minutes
        } else {
            (self.per_week * 60.0).round() as i64
        }
    }
}

/// Something that falls due within a fortnight, or did.
#[derive(Clone, Debug)]
pub struct WeekDue {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub what: DueKind,
    /// The sentence, the promise, or what is open.
    pub words: Free,
}

words! {
    /// What falls due.
    DueKind {
        /// A tripwire.
        Tripwire = "tripwire",
        /// A hold that ends.
        Hold = "hold",
        /// Something that one side promised.
        Commitment = "commitment",
        /// A trial whose four are not all agreed.
        Trial = "trial",
        /// An overseer's look at a deal that was handed off.
        Check = "check",
    }
}

/// What a sitting leaves behind, and what the next one opens with.
#[derive(Clone, Debug, Default)]
pub struct Week {
    /// The Monday.
    pub monday: Option<NaiveDate>,
    /// Minutes a week that the person has to sell; `None` until said.
    pub selling_minutes: Option<i64>,
    /// Prospects fired since Monday, the latest first.
    pub fired: Vec<WeekFired>,
    /// Deals of which a red signal's ask falls due within the week: they may get to fire them.
    pub may_fire: usize,
    /// Asks that wait, the soonest first, then what came back since Monday.
    pub asks: Vec<WeekAsk>,
    /// Deals that go on, in the order of the queue, then one's own time where it has a place.
    pub plans: Vec<WeekPlan>,
    /// What falls due, the soonest first.
    pub due: Vec<WeekDue>,
    /// Whether several people work in this file and the one who plans is no senior: a deal that
    /// goes on takes one.
    pub wants_senior: bool,
}

impl Week {
    /// Whether hours go into a deal and nobody senior joins it, where one should.
    pub fn lacks_senior(&self, plan: &WeekPlan) -> bool {
        self.wants_senior && plan.deal.is_some() && plan.minutes > 0 && plan.senior.is_none()
    }

    /// Asks that were put or whose day has come, and of which nothing is known: "what came
    /// back?".
    pub fn came_back(&self, today: NaiveDate) -> impl Iterator<Item = &WeekAsk> {
        let asks = self.asks.iter();
        asks.filter(move |ask| {
            ask.is_waiting() && (ask.put || ask.due.is_none_or(|day| day <= today))
        })
    }

    /// The day by which the questions of red signals fall due this week; `None` where none does.
    pub fn may_fire_by(&self) -> Option<NaiveDate> {
        let sunday = self.monday? + chrono::Duration::days(6);
        let asks = self.asks.iter();
        asks.filter(|ask| ask.signal.is_some() && ask.is_waiting())
            .filter_map(|ask| ask.due.filter(|day| *day <= sunday))
            .max()
    }

    /// How the asks stand: put, answered, of how many.
    pub fn tally(&self) -> (usize, usize, usize) {
        let is_answered = |ask: &&WeekAsk| ask.state == AskState::Answered;
        let answered = self.asks.iter().filter(is_answered).count();
        let put = self.asks.iter().filter(|ask| ask.put || is_answered(ask));
        (put.count(), answered, self.asks.len())
    }

    /// Deals that go on, in the order of the queue.
    pub fn deals(&self) -> impl Iterator<Item = &WeekPlan> {
        self.plans.iter().filter(|plan| plan.deal.is_some())
    }

    /// Minutes of one's own time.
    pub fn own_time(&self) -> i64 {
        let own = self.plans.iter().filter(|plan| plan.deal.is_none());
        own.map(|plan| plan.minutes).sum()
    }

    /// The deals stacked into what one's own time leaves of the hours to sell.
    pub fn stack(&self) -> Stack {
        let room = self
            .selling_minutes
            .map(|minutes| minutes - self.own_time());
        Stack::new(room, self.deals().map(WeekPlan::takes))
    }

    /// Whether it has anything to show.
    pub fn is_empty(&self) -> bool {
        self.fired.is_empty()
            && self.asks.is_empty()
            && self.plans.is_empty()
            && self.due.is_empty()
    }

    /// Minutes that have a place.
    pub fn placed(&self) -> i64 {
        self.plans.iter().map(|plan| plan.minutes).sum()
    }
}

/// One deal of a page of the sweep; amounts and stages are not shown there.
#[derive(Clone, Debug)]
pub struct SweepDeal {
    /// The deal.
    pub id: DealId,
    /// Its company.
    pub account: Option<Name>,
    /// Its title.
    pub title: Name,
    /// What was said of it last.
    pub word: Option<SweepWord>,
}

/// A page of the sweep.
#[derive(Clone, Debug, Default)]
pub struct SweepPage {
    /// Its deals, by name.
    pub deals: Vec<SweepDeal>,
    /// How many deals the sweep goes through.
    pub total: usize,
}

/// One pile that a sweep made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SweepPile {
    /// The word; `None` for those not swept.
    pub word: Option<SweepWord>,
    /// How many deals.
    pub deals: usize,
    /// Hours spent on them.
    pub spent: f64,
    /// Hours a week that go into them.
    pub per_week: f64,
}

/// Which side kept its word how often, of one deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Theirs.
    pub they: KeptRate,
    /// Ours.
    pub we: KeptRate,
}

impl Word {
    /// Counts what both sides promised.
    pub fn count(rows: &[super::CommitmentRow], today: NaiveDate) -> Self {
        let side = |side: Side| {
            let of = rows.iter().filter(move |row| row.side == side);
            KeptRate::count(of.map(|row| (row.state, row.due)), today)
        };
        Self {
            they: side(Side::They),
            we: side(Side::We),
        }
    }
}
