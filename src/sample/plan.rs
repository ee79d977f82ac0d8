//! What was decided of one deal, before any CRM writes it down. Days count back from the day of
//! the record: an age of 3 is three days ago, one of -3 in three days.

use chrono::NaiveDate;

use super::story::Story;
use super::truth::Planted;
use crate::domain::hours::Channel;
use crate::domain::phase::Phase;

/// How a deal stands for its CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is open.
    Open,
    /// It was won so many days ago.
    Won(i64),
    /// It was lost so many days ago.
    Lost(i64),
}

/// A stage of the pipeline, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// First contact.
    Contact,
    /// Qualified.
    Qualify,
    /// Needs, demo.
    Needs,
    /// An offer is out.
    Offer,
    /// Terms.
    Terms,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

impl Step {
    /// Every stage that an open deal can be in.
    pub const OPEN: [Self; 5] = [
        Self::Contact,
        Self::Qualify,
        Self::Needs,
        Self::Offer,
        Self::Terms,
    ];

    /// Finds an open one by its word: contact, qualify, needs, offer, terms.
    pub fn from_word(word: &str) -> Option<Self> {
        let words = ["contact", "qualify", "needs", "offer", "terms"];
        let at = words.iter().position(|other| *other == word)?;
        Some(Self::OPEN[at])
    }

    /// Returns how far it is.
    pub fn phase(self) -> Phase {
        match self {
            Self::Contact | Self::Qualify => Phase::Early,
            Self::Needs => Phase::Middle,
            Self::Offer => Phase::Proposal,
            Self::Terms => Phase::Negotiation,
            Self::Won => Phase::Won,
            Self::Lost => Phase::Lost,
        }
    }
}

/// What a person there has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Signs for the money.
    Budget,
    /// Compares.
    Evaluator,
    /// Will use it.
    User,
}

/// A person there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Given and family name.
    pub name: (String, String),
    /// What they have to say, where the CRM knows it.
    pub role: Option<Role>,
    /// The title on their card, where the CRM knows it; it tells their level.
    pub card: Option<&'static str>,
}

/// What became of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took place; so for everything that is no meeting.
    Held,
    /// They declined.
    Declined,
    /// They moved it.
    Moved,
    /// They did not come.
    NoShow,
}

/// One contact, as it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Days before the day of the record.
    pub age: i64,
    /// Minutes after midnight.
    pub at: u32,
    /// Whether it came from them.
    pub is_inbound: bool,
    /// Its way.
    pub way: Channel,
    /// What it took, where a CRM would note it.
    pub minutes: Option<u32>,
    /// What became of it.
    pub outcome: Outcome,
    /// Who there, as a place among the people of the deal.
    pub who: usize,
    /// Who of ours, as a place among our own people; whose deal it is where none.
    pub by: Option<usize>,
    /// Its subject, without the number of a document.
    pub subject: &'static str,
    /// The number of the document that was sent.
    pub document: Option<usize>,
    /// What was said.
    pub words: &'static str,
}

impl Touch {
    /// Returns the minutes that it cost (scoring model).
    pub fn cost(&self) -> u32 {
        self.minutes.unwrap_or(match self.way {
            Channel::Message => 5,
            Channel::Email => 10,
            Channel::Call => 20,
            Channel::Quote => 30,
            Channel::Meeting | Channel::Demo => 60,
            Channel::Proposal => 120,
            Channel::Workshop | Channel::Trial => 480,
        })
    }

    /// Tells whether it has an hour in a calendar.
    pub fn is_meeting(&self) -> bool {
        match self.way {
            Channel::Meeting | Channel::Demo | Channel::Workshop | Channel::Trial => true,
            Channel::Email
            | Channel::Call
            | Channel::Message
            | Channel::Proposal
            | Channel::Quote => false,
        }
    }

    /// Tells whether it is an act of theirs: they wrote, called, or came.
    pub fn is_theirs(&self) -> bool {
        self.is_inbound || (self.is_meeting() && self.outcome == Outcome::Held)
    }

    /// Returns the subject with the number of its document.
    pub fn title(&self) -> String {
        match self.document {
            Some(number) => format!("{} Q-{}", self.subject, 1000 + number),
            None => self.subject.to_owned(),
        }
    }
}

/// Something to do that was not done: a plan, no contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Todo {
    /// Days before the day of the record; mostly negative.
    pub age: i64,
    /// What.
    pub subject: &'static str,
}

/// Everything that was decided of one deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its place in the file of deals, from 0.
    pub place: usize,
    /// Why it is there.
    pub story: Story,
    /// How it stands.
    pub fate: Fate,
    /// Its company.
    pub account: String,
    /// Its name.
    pub title: String,
    /// What is sold.
    pub product: &'static str,
    /// Whose it is, as a place among our own people.
    pub owner: usize,
    /// Who is there, at least one.
    pub people: Vec<Person>,
    /// Its value in minor units; none where nobody filled it in.
    pub amount: Option<i64>,
    /// ISO code.
    pub currency: &'static str,
    /// Its stages with the age at which each was entered, the oldest first.
    pub stages: Vec<(Step, i64)>,
    /// Its close dates with the age at which each was set, the oldest first; never empty.
    pub closes: Vec<(NaiveDate, i64)>,
    /// What is to be done next.
    pub next_step: Option<&'static str>,
    /// Every contact, the oldest first.
    pub touches: Vec<Touch>,
    /// What is planned.
    pub todos: Vec<Todo>,
    /// Notes: age and text.
    pub notes: Vec<(i64, &'static str)>,
    /// What the story wants the record to show of who speaks to whom.
    pub planted: Vec<Planted>,
}

impl Plan {
    /// Returns the age of the deal in days.
    pub fn created(&self) -> i64 {
        self.stages[0].1
    }

    /// Returns the stage so many days before the day of the record, with the age at which it was
    /// entered; none where the deal was not there yet.
    pub fn stage(&self, cut: i64) -> Option<(Step, i64)> {
        let mut until = self.stages.iter().filter(|(_, age)| *age >= cut);
        until.next_back().copied()
    }

    /// Returns the close date as it stood so many days before the day of the record.
    pub fn close(&self, cut: i64) -> NaiveDate {
        let mut until = self.closes.iter().filter(|(_, age)| *age >= cut);
        until.next_back().unwrap_or(&self.closes[0]).0
    }

    /// Returns the contacts that had happened so many days before the day of the record.
    pub fn touches(&self, cut: i64) -> impl Iterator<Item = &Touch> {
        self.touches.iter().filter(move |touch| touch.age >= cut)
    }

    /// Returns who of ours had a contact.
    pub fn ours(&self, touch: &Touch) -> usize {
        touch.by.unwrap_or(self.owner)
    }

    /// Returns the age of the last thing that changed.
    pub fn changed(&self, cut: i64) -> i64 {
        let stages = self.stages.iter().map(|(_, age)| *age);
        let closes = self.closes.iter().map(|(_, age)| *age);
        let touches = self.touches.iter().map(|touch| touch.age);
        let all = stages.chain(closes).chain(touches);
        all.filter(|age| *age >= cut).min().unwrap_or(cut)
    }
}
