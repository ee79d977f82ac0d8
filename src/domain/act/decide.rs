//! What the sheets for fire, hold and continue say.

use chrono::NaiveDate;

use crate::domain::deal::{Disposition, WalkedBy};
use crate::domain::message::MessageKind;

/// What the sheet for firing says.
#[derive(Clone, Debug, PartialEq)]
pub struct FireSheet {
    /// Why; `None` takes each deal's own reasons from its verdict.
    pub reasons: Option<Vec<String>>,
    /// Where they go.
    pub to: Disposition,
    /// To whom they are given, or who keeps in touch.
    pub whom: Option<String>,
    /// Until when they are nurtured.
    pub until: Option<NaiveDate>,
    /// Who walked away.
    pub walked_by: WalkedBy,
    /// On which condition they would be taken back.
    pub back_if: Option<String>,
    /// Two sentences for the phone; `None` writes each deal's own, empty text leaves it out.
    pub phone: Option<String>,
    /// The subject of the mail; as the sentences.
    pub subject: Option<String>,
    /// The mail; as the sentences.
    pub mail: Option<String>,
    /// Which message is written where a text is each deal's own; `None` takes the one that fits.
    pub note: Option<MessageKind>,
    /// In which language; `None` takes the preferred one.
    pub language: Option<String>,
    /// On whose word.
    pub word: Option<String>,
}

impl Default for FireSheet {
    fn default() -> Self {
        Self {
            reasons: None,
            to: Disposition::WalkedAway,
            whom: None,
            until: None,
            walked_by: WalkedBy::Us,
            back_if: None,
            phone: None,
            subject: None,
            mail: None,
            note: None,
            language: None,
            word: None,
        }
    }
}

/// What the sheet for holding says.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldSheet {
    /// What they must do first; `None` takes each deal's own next ask.
    pub what: Option<String>,
    /// The day on which it ends at the latest.
    pub until: NaiveDate,
    /// Why.
    pub why: Option<String>,
}

/// What the sheet for continuing says.
#[derive(Clone, Debug, PartialEq)]
pub struct ContinueSheet {
    /// The next step; `None` takes each deal's own next ask.
    pub next: Option<String>,
    /// When it is due.
    pub due: NaiveDate,
    /// The tripwire's sentence; `None` names each deal's weakest must.
    pub tripwire: Option<String>,
    /// The tripwire's day.
    pub by: NaiveDate,
    /// Hours a week meant for it.
    pub hours: Option<f64>,
    /// Which senior joins.
    pub senior: Option<String>,
}
