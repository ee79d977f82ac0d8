//! What a person says of a deal because no CRM sees it, ready to be written.

use chrono::NaiveDate;

use crate::domain::deal::{
    AfterHours, CommitmentState, ConcessionKind, ContactRole, Direction, Side, TouchStatus,
};
use crate::domain::hours::Channel;
use crate::domain::money::Money;

/// One contact in either direction.
#[derive(Clone, Debug, PartialEq)]
pub struct TouchSheet {
    /// The day, in the person's zone.
    pub day: NaiveDate,
    /// They to us, or we to them.
    pub direction: Direction,
    /// By what.
    pub channel: Channel,
    /// Minutes it cost us; `None` takes what is usual for the channel.
    pub minutes: Option<u32>,
    /// How it came about.
    pub status: TouchStatus,
    /// How many words theirs had; `None` where they are not known.
    pub words: Option<u32>,
    /// The document that was sent.
    pub document: Option<String>,
    /// Whether they asked for information.
    pub asks_info: bool,
    /// Whether it fell outside working hours.
    pub after_hours: AfterHours,
    /// Who of them took part.
    pub contacts: Vec<String>,
    /// Who of us took part, besides whoever writes it down.
    pub people: Vec<String>,
    /// What it was about.
    pub text: Option<String>,
}

impl TouchSheet {
    /// A touch of a day of which no more is known.
    pub fn on(day: NaiveDate, direction: Direction, channel: Channel) -> Self {
        Self {
            day,
            direction,
            channel,
            minutes: None,
            status: TouchStatus::Held,
            words: None,
            document: None,
            asks_info: false,
            after_hours: AfterHours::Unknown,
            contacts: Vec::new(),
            people: Vec::new(),
            text: None,
        }
    }

    /// Whether they answered in one word or two.
    pub fn is_curt(&self) -> bool {
        self.direction == Direction::In && self.words.is_some_and(|words| (1..=2).contains(&words))
    }
}

/// Something one side promised the other.
#[derive(Clone, Debug, PartialEq)]
pub struct CommitmentSheet {
    /// Who owes it.
    pub side: Side,
    /// What.
    pub what: String,
    /// By when; `None` without a day.
    pub due: Option<NaiveDate>,
    /// The commitment of the other side for which it is traded.
    pub paired: Option<i64>,
}

/// How a commitment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// How; open takes the settling back.
    pub state: CommitmentState,
    /// When; `None` is today.
    pub day: Option<NaiveDate>,
}

/// What was given up, or dangled.
#[derive(Clone, Debug, PartialEq)]
pub struct ConcessionSheet {
    /// Of what kind.
    pub kind: ConcessionKind,
    /// What.
    pub what: String,
    /// Its worth.
    pub amount: Option<Money>,
    /// Per cent of the price, 0 to 100.
    pub percent: Option<f64>,
    /// What it was traded for.
    pub traded_for: Option<String>,
    /// Whether it may be hard to keep.
    pub hard_to_keep: bool,
}

/// A person at the prospect's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactSheet {
    /// The name.
    pub name: String,
    /// The job title.
    pub title: Option<String>,
    /// What they are in the purchase.
    pub role: Option<ContactRole>,
    /// How high up they are: 1 works with it, 2 leads a team, 3 leads a part, 4 leads the whole.
    pub level: Option<u8>,
    /// The day we met.
    pub met: Option<NaiveDate>,
    /// The mail address.
    pub email: Option<String>,
}

/// A hand-off of a deal among us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoffSheet {
    /// Who had it; `None` is whoever writes it down.
    pub from: Option<String>,
    /// Who carries it now.
    pub to: String,
    /// Who looks over their shoulder.
    pub overseer: Option<String>,
    /// When they look next.
    pub next_check: Option<NaiveDate>,
}

/// What is said of one of our own people; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSheet {
    /// What they do here.
    pub role: Option<crate::domain::deal::PersonRole>,
    /// Whether they are senior.
    pub senior: Option<bool>,
    /// The name under which they own deals in the record.
    pub owner: Option<String>,
}
