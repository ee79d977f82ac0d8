//! What deals are judged by: the question banks, the one in force, and the thresholds.

use std::sync::{Arc, OnceLock};

use rusqlite::Connection;

use super::super::error::{Doing, StoreError};
use crate::domain::bank::Bank;
use crate::domain::calibration::Learnt;
use crate::domain::message::Messages;
use crate::domain::verdict::Thresholds;

/// The question banks that there are, the one in force, and where the rules draw their lines.
#[derive(Clone, Debug)]
pub struct Judge {
    banks: Vec<Shelf>,
    chosen: usize,
    thresholds: Arc<Thresholds>,
    messages: Arc<Messages>,
}

/// A bank that is read when it is first asked for: a start reads the one in force only.
#[derive(Clone, Debug)]
struct Shelf {
    id: String,
    name: String,
    /// A team's own bank; `None`: one that the program brings along.
    own: Option<Arc<Bank>>,
    /// What it learnt, as the file keeps it.
    learnt: Option<String>,
    /// Shared by all connections: it is read once.
    taken: Arc<OnceLock<Arc<Bank>>>,
}

impl Shelf {
    fn new(id: &str, name: &str, own: Option<Arc<Bank>>) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            own,
            learnt: None,
            taken: Arc::default(),
        }
    }

    fn bank(&self) -> &Arc<Bank> {
        self.taken.get_or_init(|| {
            let plain = match &self.own {
                Some(own) => Arc::clone(own),
                None if self.id == Bank::BROUGHT[0].0 => Arc::clone(Bank::shared_default()),
                None => Bank::brought(&self.id)
                    .map_or_else(|| Arc::clone(Bank::shared_default()), Arc::new),
            };
            // What cannot be read was written by somebody else: its own weights stand then.
            let learnt: Option<Learnt> = self
                .learnt
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok());
            learnt.map_or(plain.clone(), |learnt| Arc::new(plain.with_learnt(&learnt)))
        })
    }
}

/// How the settings begin that keep what a bank learnt.
pub(in crate::store) const LEARNT: &str = "learnt:";

/// The setting that keeps what a bank learnt.
pub(in crate::store) fn learnt_key(bank: &str) -> String {
    format!("{LEARNT}{bank}")
}

impl Judge {
    /// Takes banks of a team's own beside those that the program brings along, of which the default
    /// one comes first; one of a team's with the same id takes the place.
    pub fn new(own: Vec<Bank>, thresholds: Thresholds) -> Self {
        let brought = Bank::BROUGHT.iter();
        let mut banks: Vec<Shelf> = brought
            .map(|(id, name, _)| Shelf::new(id, name, None))
            .collect();
        for bank in own {
            let shelf = Shelf::new(bank.id(), bank.name(), Some(Arc::new(bank.clone())));
            match banks.iter_mut().find(|b| b.id == shelf.id) {
                Some(same) => *same = shelf,
                None => banks.push(shelf),
            }
        }
        Self {
            banks,
            chosen: 0,
            thresholds: Arc::new(thresholds),
            messages: Arc::default(),
        }
    }

    /// Takes a team's own messages in place of those of the program.
    #[must_use]
    pub fn with_messages(mut self, messages: Messages) -> Self {
        self.messages = Arc::new(messages);
        self
    }

    /// The messages, to be kept.
    pub fn messages(&self) -> &Arc<Messages> {
        &self.messages
    }

    /// Takes up which bank a file has in force, the default one where it is not known here, and
    /// what its banks learnt. Tells whether anything is other than before.
    pub(in crate::store) fn take_up(&mut self, conn: &Connection) -> Result<bool, StoreError> {
        let sql = "SELECT key, value FROM meta WHERE key = 'bank' OR substr(key, 1, 7) = 'learnt:'
                   ORDER BY key";
        let settings: Vec<(String, String)> = conn
            .prepare_cached(sql)
            .and_then(|mut statement| {
                let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
                rows.collect()
            })
            .doing("reading the bank in force")?;
        let value = |key: &str| {
            let found = settings.iter().find(|(other, _)| other == key);
            found.map(|(_, value)| value.as_str())
        };
        let mut is_other = false;
        for shelf in &mut self.banks {
            let learnt = value(&learnt_key(&shelf.id));
            if learnt != shelf.learnt.as_deref() {
                shelf.learnt = learnt.map(str::to_owned);
                shelf.taken = Arc::default();
                is_other = true;
            }
        }
        let in_force = value("bank").unwrap_or_default();
        let chosen = self.banks.iter().position(|b| b.id == in_force);
        is_other |= self.chosen != chosen.unwrap_or(0);
        self.chosen = chosen.unwrap_or(0);
        Ok(is_other)
    }

    /// The bank in force.
    pub fn bank(&self) -> &Bank {
        self.banks[self.chosen].bank()
    }

    /// The bank in force, to be kept.
    pub fn shared_bank(&self) -> Arc<Bank> {
        Arc::clone(self.banks[self.chosen].bank())
    }

    /// All banks, the default one first.
    pub fn banks(&self) -> impl Iterator<Item = &Bank> {
        self.banks.iter().map(|shelf| shelf.bank().as_ref())
    }

    /// The ids and the names of all banks, the default one first; reads none of them.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.banks
            .iter()
            .map(|shelf| (shelf.id.as_str(), shelf.name.as_str()))
    }

    /// Where the rules draw their lines.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }
}
