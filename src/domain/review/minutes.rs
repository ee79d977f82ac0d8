//! What a 1:1 leaves behind, as data.

use chrono::{DateTime, NaiveDate, Utc};

use super::agenda::{AgendaWhy, ItemState};
use super::changed::Changed;
use super::charter::{CharterReply, MayFire};
use super::clock::Session;
use super::seal::Pair;
use crate::domain::bank::Bank;
use crate::domain::deal::{DecisionKind, Disposition, Side};
use crate::domain::ids::DealId;
use crate::domain::money::Money;
use crate::domain::shown::{Free, Mask, Name};

/// A decision that was taken in the meeting.
#[derive(Clone, Debug)]
pub struct MinutesDecision {
    /// What.
    pub kind: DecisionKind,
    /// By whom.
    pub who: String,
    /// On whose word.
    pub authority: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// Where a fired prospect goes.
    pub to: Option<Disposition>,
    /// Until what day: of a nurture, a hold, or the tripwire.
    pub until: Option<NaiveDate>,
    /// The tripwire's or the hold's sentence, or the terms of a reinstatement.
    pub sentence: Option<Free>,
}

/// Something that somebody owes after the meeting.
#[derive(Clone, Debug)]
pub struct MinutesOwed {
    /// Which side.
    pub side: Side,
    /// Who: our person for what we owe and ask, their contact where one was named.
    pub who: Option<String>,
    /// What.
    pub what: Free,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Whether it is a question to put to them.
    pub is_ask: bool,
    /// To whom it is put.
    pub to: Option<Name>,
}

impl MinutesOwed {
    /// Says what is owed: a question of the bank that is to be put as it is, anything else masked.
    pub fn words(&self, deal: DealId, bank: &Bank, mask: &Mask) -> String {
        let bank = Some(bank).filter(|_| self.is_ask);
        mask.asked(&self.what, bank, Some(deal)).into_owned()
    }
}

/// One deal that was on the table.
#[derive(Clone, Debug)]
pub struct MinutesDeal {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// Its title.
    pub title: Name,
    /// Its value.
    pub amount: Option<Money>,
    /// Why it was on the agenda.
    pub why: AgendaWhy,
    /// How its item stands.
    pub state: ItemState,
    /// Seconds spent on it.
    pub seconds: u32,
    /// What had changed since it was talked about last.
    pub changed: Changed,
    /// What was decided, the first first.
    pub decisions: Vec<MinutesDecision>,
    /// Revealed answers that differed, settled or not.
    pub differences: Vec<Pair>,
    /// How many revealed answers were the same.
    pub same: u16,
    /// The manager's sentence, where it was said.
    pub may_fire: Option<MayFire>,
    /// What the manager said to a firing above the ceiling, with the reason.
    pub request: Option<(CharterReply, Option<Free>)>,
    /// Who owes what.
    pub owed: Vec<MinutesOwed>,
    /// Notes that were written down.
    pub notes: Vec<Free>,
}

/// What a 1:1 leaves behind.
#[derive(Clone, Debug)]
pub struct Minutes {
    /// The meeting.
    pub session: Session,
    /// The deals that were on the table, in the order of the agenda.
    pub deals: Vec<MinutesDeal>,
    /// Those that were put off, or not reached.
    pub next_time: Vec<(DealId, Name)>,
    /// Up to when it counts: the end, or now while it runs.
    pub until: DateTime<Utc>,
}

impl Minutes {
    /// How many prospects were fired, held and continued, in this order.
    pub fn decided(&self) -> [usize; 3] {
        let count = |kind: DecisionKind| {
            let of = self.deals.iter().flat_map(|deal| &deal.decisions);
            of.filter(|one| one.kind == kind).count()
        };
        [
            count(DecisionKind::Fired),
            count(DecisionKind::Hold),
            count(DecisionKind::Continued),
        ]
    }

    /// Whole minutes that the meeting took.
    pub fn took(&self) -> i64 {
        self.session.clock.spent(self.until)
    }
}
