//! The page of what is over: what came of the fired, whether wins would be sold again, and the
//! record of both.

use chrono::NaiveDate;

use crate::domain::deal::{After, OutcomeKind};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Name};

/// A row that the cursor can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterRow {
    /// A fired prospect of which it is time to ask, by its place.
    Outcome(usize),
    /// A win of which it is time to ask, by its place.
    Regret(usize),
    /// A firing of the record, by its place.
    Fired(usize),
}

/// What is known of a row that is to be said in words.
#[derive(Clone, Debug)]
pub struct Said {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The day on which it was fired or won.
    pub day: NaiveDate,
    /// Why it was fired, the first reason.
    pub because: Option<String>,
    /// What it is about.
    pub known: Known,
}

/// What a row is about.
#[derive(Clone, Debug)]
pub enum Known {
    /// A firing, with what came of it as far as it is known, and the words of that.
    Came(OutcomeKind, Option<Free>),
    /// A win, with what the money questions said of it.
    Won(String),
}

/// The page.
#[derive(Clone, Debug, Default)]
pub struct AfterPage {
    /// What it shows; `None` while it is on its way the first time.
    pub data: Option<After>,
    /// Whether it is on its way.
    pub loading: bool,
    /// Whether somebody wrote since, so that it is to be loaded again.
    pub stale: bool,
    /// The row under the cursor.
    pub cursor: usize,
}

impl AfterPage {
    /// Returns the rows that the cursor can be on, from top to bottom.
    pub fn rows(&self) -> Vec<AfterRow> {
        let Some(data) = &self.data else {
            return Vec::new();
        };
        let outcomes = (0..data.outcomes.len()).map(AfterRow::Outcome);
        let regrets = (0..data.regrets.len()).map(AfterRow::Regret);
        let fired = (0..data.fired.len()).map(AfterRow::Fired);
        outcomes.chain(regrets).chain(fired).collect()
    }

    /// Returns the row under the cursor.
    pub fn row(&self) -> Option<AfterRow> {
        self.rows().get(self.cursor).copied()
    }

    /// Returns the deal of the row under the cursor.
    pub fn deal(&self) -> Option<DealId> {
        let data = self.data.as_ref()?;
        match self.row()? {
            AfterRow::Outcome(at) => data.outcomes.get(at).map(|due| due.deal),
            AfterRow::Regret(at) => data.regrets.get(at).map(|row| row.deal),
            AfterRow::Fired(at) => data.fired.get(at).map(|row| row.deal),
        }
    }

    /// Takes what was loaded; the cursor stays on its place.
    pub fn take(&mut self, data: After) {
        self.loading = false;
        self.data = Some(data);
        self.keep();
    }

    fn keep(&mut self) {
        self.cursor = self.cursor.min(self.rows().len().saturating_sub(1));
    }

    /// The deals of which "no change" can be said at once: of those that made contact it is not.
    pub fn silent(&self) -> Vec<DealId> {
        let data = self.data.iter();
        let due = data.flat_map(|data| &data.outcomes);
        due.filter(|due| due.heard.is_none())
            .map(|due| due.deal)
            .collect()
    }

    /// Notes at once what is being written, so that the next key is about the next one.
    pub fn answered(&mut self, deals: &[DealId]) {
        if let Some(data) = &mut self.data {
            data.outcomes.retain(|due| !deals.contains(&due.deal));
            data.regrets.retain(|row| !deals.contains(&row.deal));
        }
        self.keep();
    }

    /// Whether what came of a firing can be said of the row under the cursor, and whether `kind`
    /// is one of those.
    pub fn takes(&self, kind: OutcomeKind) -> Result<DealId, &'static str> {
        let nothing = "What came of it is said of a fired prospect";
        let data = self.data.as_ref().ok_or(nothing)?;
        match self.row().ok_or(nothing)? {
            AfterRow::Outcome(at) => {
                let due = data.outcomes.get(at).ok_or(nothing)?;
                if kind == OutcomeKind::Silence && due.heard.is_some() {
                    return Err("They made contact again: 1 better, or 2 unchanged");
                }
                Ok(due.deal)
            }
            AfterRow::Fired(at) => {
                let row = data.fired.get(at).ok_or(nothing)?;
                let is_last = row.time.0 == row.time.1 && row.reinstated.is_none();
                is_last.then_some(row.deal).ok_or("It was taken back since")
            }
            AfterRow::Regret(_) => Err("A win asks y or n: would you sell it again?"),
        }
    }

    /// What is known of the row under the cursor, for the sheet that takes words; where it takes
    /// none, why.
    pub fn said(&self) -> Result<Said, &'static str> {
        let nothing = "There is nothing here to say in words";
        let data = self.data.as_ref().ok_or(nothing)?;
        match self.row().ok_or(nothing)? {
            AfterRow::Outcome(at) => {
                let due = data.outcomes.get(at).ok_or(nothing)?;
                let kind = match due.heard {
                    Some(_) => OutcomeKind::CameBackUnchanged,
                    None => OutcomeKind::Silence,
                };
                Ok(Said {
                    deal: due.deal,
                    name: due.name.clone(),
                    day: due.fired,
                    because: due.reason.clone(),
                    known: Known::Came(kind, None),
                })
            }
            AfterRow::Fired(at) => {
                let row = data.fired.get(at).ok_or(nothing)?;
                self.takes(OutcomeKind::Silence)?;
                let kind = row.came_of().unwrap_or(match row.heard {
                    Some(_) => OutcomeKind::CameBackUnchanged,
                    None => OutcomeKind::Silence,
                });
                Ok(Said {
                    deal: row.deal,
                    name: row.name.clone(),
                    day: row.day,
                    because: row.reasons.first().cloned(),
                    known: Known::Came(kind, row.words.clone()),
                })
            }
            AfterRow::Regret(at) => {
                let win = data.regrets.get(at).ok_or(nothing)?;
                Ok(Said {
                    deal: win.deal,
                    name: win.name.clone(),
                    day: win.won,
                    because: None,
                    known: Known::Won(win.money_said()),
                })
            }
        }
    }

    /// The win under the cursor.
    pub fn win(&self) -> Option<DealId> {
        match self.row()? {
            AfterRow::Regret(_) => self.deal(),
            AfterRow::Outcome(_) | AfterRow::Fired(_) => None,
        }
    }
}
