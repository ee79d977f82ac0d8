//! One line that says what no CRM sees: a touch, a promise, a concession.
//!
//! A line that cannot be read is not lost: the mistake says where it is, so that the field can
//! mark the place. Names are completed from those that are known; whoever is not is said so.

mod complete;
mod concession;
mod promise;
mod scan;
mod touch;

#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::NaiveDate;

use super::deal::{CommitmentState, Detail, Side};
use super::locale::DayOrder;
use super::money::Currency;

pub use complete::{Completion, LineKind, complete};
pub use concession::concession;
pub use promise::promise;
pub use touch::{TouchLine, channel, touch};

/// What a line may name.
#[derive(Clone, Debug)]
pub struct Known {
    /// The day it is for the person.
    pub today: NaiveDate,
    /// How `12/11` is read.
    pub order: DayOrder,
    /// The contacts of the deal, by their names.
    pub contacts: Vec<String>,
    /// Our own people, by their names.
    pub people: Vec<String>,
    /// What is promised and open.
    pub promises: Vec<OpenPromise>,
    /// The currency of an amount without one: the deal's.
    pub currency: Option<Currency>,
}

/// A promise for which another may be traded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPromise {
    /// Its number.
    pub id: i64,
    /// Who owes it.
    pub side: Side,
    /// What.
    pub what: String,
}

impl Known {
    /// Nothing but the day.
    pub fn on(today: NaiveDate, order: DayOrder) -> Self {
        Self {
            today,
            order,
            contacts: Vec::new(),
            people: Vec::new(),
            promises: Vec::new(),
            currency: None,
        }
    }

    /// What the lines of a deal may name.
    pub fn of(detail: &Detail, people: Vec<String>, today: NaiveDate, order: DayOrder) -> Self {
        let mut contacts: Vec<String> = detail
            .contacts
            .iter()
            .map(|contact| contact.name.expose_for_storage().to_owned())
            .collect();
        if let Some(named) = &detail.deal.contact {
            let named = named.expose_for_storage();
            if contacts.iter().all(|other| other != named) {
                contacts.push(named.to_owned());
            }
        }
        let open = detail
            .commitments
            .iter()
            .filter(|row| row.state == CommitmentState::Open);
        let promises = open.map(|row| OpenPromise {
            id: row.id,
            side: row.side,
            what: row.what.expose_for_storage().to_owned(),
        });
        Self {
            today,
            order,
            contacts,
            people,
            promises: promises.collect(),
            currency: detail.deal.amount.and_then(|amount| amount.currency),
        }
    }
}

/// Why a line cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct LineMistake {
    /// The bytes of the line that are wrong; empty at its end where something is missing.
    pub place: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// What to write instead; empty when there is nothing to add.
    pub hint: String,
}

impl LineMistake {
    fn new(place: Range<usize>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            place,
            what: what.into(),
            hint: hint.into(),
        }
    }
}
