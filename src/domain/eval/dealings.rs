//! What happened between both sides, as small as a hundred thousand deals at once ask for.
//!
//! Each piece carries the number of its row, so that a signal can open to the rows that raised
//! it. Lists are in the order of their days.

use std::num::NonZeroU64;

use chrono::NaiveDate;

use super::super::deal::Side;
use super::super::hours::Channel;
use super::super::signal::SignalId;

/// How a touch came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TouchStatus {
    /// It took place.
    #[default]
    Held,
    /// A time was proposed.
    Proposed,
    /// The other side said no to the time.
    Declined,
    /// It was moved.
    Moved,
    /// Nobody came.
    NoShow,
}

impl TouchStatus {
    /// Reads a stored word; what is none of ours took place.
    pub fn from_code(code: &str) -> Self {
        match code {
            "proposed" => Self::Proposed,
            "declined" => Self::Declined,
            "moved" => Self::Moved,
            "no_show" => Self::NoShow,
            _ => Self::Held,
        }
    }
}

/// What a contact is in the purchase, as far as signals ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactRole {
    /// Whoever can sign.
    EconomicBuyer,
    /// Whoever sells it inside.
    Champion,
    /// Whoever buys for a living.
    Purchasing,
    /// Anything else.
    Other,
}

impl ContactRole {
    /// Reads a stored word.
    pub fn from_code(code: &str) -> Self {
        match code {
            "economic_buyer" => Self::EconomicBuyer,
            "champion" => Self::Champion,
            "purchasing" => Self::Purchasing,
            _ => Self::Other,
        }
    }
}

/// One contact in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The number of its row.
    pub id: i64,
    /// Its day.
    pub day: NaiveDate,
    /// Whether it came from them.
    pub inbound: bool,
    /// By what.
    pub channel: Channel,
    /// How it came about.
    pub status: TouchStatus,
    /// The words that it had; `None` where nobody counted.
    pub words: Option<u16>,
    /// Whether somebody called it curt.
    pub curt: bool,
    /// Whether they asked for information.
    pub asks_info: bool,
    /// Whether it fell outside working hours; `None` where only its day is known.
    pub after_hours: Option<bool>,
    /// What names the document that was sent.
    pub document: Option<NonZeroU64>,
    /// The highest level of those of them who took part; more is higher.
    pub level: Option<u8>,
    /// Whether whoever of them took part buys for a living; `None` where no role is known.
    pub purchasing: Option<bool>,
    /// Whether a senior of ours took part; `None` where nobody noted who did.
    pub senior: Option<bool>,
}

impl Touch {
    /// Starts one of a day with nothing else known of it.
    pub fn new(id: i64, day: NaiveDate, inbound: bool, channel: Channel) -> Self {
        Self {
            id,
            day,
            inbound,
            channel,
            status: TouchStatus::Held,
            words: None,
            curt: false,
            asks_info: false,
            after_hours: None,
            document: None,
            level: None,
            purchasing: None,
            senior: None,
        }
    }

    /// Tells whether both sides met.
    pub fn is_held_meeting(&self) -> bool {
        self.status == TouchStatus::Held && self.channel.is_meeting()
    }

    /// Tells whether it is an act of theirs: a touch from them, or a meeting that was held.
    pub fn is_theirs(&self) -> bool {
        self.is_held_meeting() || (self.inbound && self.status != TouchStatus::NoShow)
    }

    /// Tells whether it is ours and waits for an answer of theirs.
    pub fn is_ours(&self) -> bool {
        !self.inbound
            && !self.is_held_meeting()
            && matches!(self.status, TouchStatus::Held | TouchStatus::Proposed)
    }
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseState {
    /// Not done yet.
    Open,
    /// Done in time.
    Kept,
    /// Done after its day.
    Late,
    /// Not done.
    Missed,
    /// No longer asked for.
    Waived,
}

impl PromiseState {
    /// Reads a stored word; what is none of ours is open.
    pub fn from_code(code: &str) -> Self {
        match code {
            "kept" => Self::Kept,
            "late" => Self::Late,
            "missed" => Self::Missed,
            "waived" => Self::Waived,
            _ => Self::Open,
        }
    }
}

/// Something that one side promised the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The number of its row.
    pub id: i64,
    /// Who owes it.
    pub side: Side,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How it stands.
    pub state: PromiseState,
    /// When that was said.
    pub settled: Option<NaiveDate>,
}

/// One time that we asked to meet somebody senior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessAsk {
    /// The number of its row.
    pub id: i64,
    /// The day on which it was answered, or asked where it was not.
    pub day: NaiveDate,
    /// Whether it was given; `None` while there is no answer.
    pub given: Option<bool>,
}

/// A person at the prospect's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The number of its row; 0 for one that is only named by a touch.
    pub id: i64,
    /// What they are in the purchase.
    pub role: Option<ContactRole>,
    /// The first day on which we met; `None`: never.
    pub met: Option<NaiveDate>,
}

/// What must be agreed before trial work begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The number of its row.
    pub id: i64,
    /// How many of the four nobody answers for.
    pub open: u8,
    /// The day on which the trial begins.
    pub starts: Option<NaiveDate>,
}

/// What we gave up, or what they dangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concession {
    /// The number of its row.
    pub id: i64,
    /// The day.
    pub day: NaiveDate,
    /// Whether it is future business that they dangle.
    pub bait: bool,
    /// Whether it may be hard to keep.
    pub hard_to_keep: bool,
    /// Whether it was kept, by whoever owed it; `None` while it is open.
    pub kept: Option<bool>,
}

/// A move of the close date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseMove {
    /// The number of its row.
    pub id: i64,
    /// The day on which it was seen.
    pub day: NaiveDate,
    /// Whether it moved out and not in.
    pub out: bool,
}

/// A tick of the card of signs that stands for a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The number of its row.
    pub id: i64,
    /// The signal.
    pub signal: SignalId,
    /// The day.
    pub day: NaiveDate,
}
