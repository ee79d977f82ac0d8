//! The journal: every action, the latest first, and what it changed.

use chrono::NaiveDateTime;

use crate::domain::ids::{ActionId, DealId};
use crate::domain::shown::{Free, Name};

/// An action as the journal lists it.
#[derive(Clone, Debug)]
pub struct JournalRow {
    /// Its number.
    pub id: ActionId,
    /// When, in the zone of whoever reads it.
    pub at: NaiveDateTime,
    /// By whom.
    pub who: String,
    /// Where from: `cockpit`, `command`, `import`.
    pub origin: String,
    /// What, in words.
    pub what: Free,
    /// The deal it concerns, where it is one.
    pub deal: Option<(DealId, Name)>,
    /// How many changes it wrote.
    pub changes: u64,
    /// Whether it was taken back.
    pub undone: bool,
    /// Whether it takes something back itself.
    pub is_undo: bool,
}

/// One change of an action.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// The deal, where there is one.
    pub deal: Option<Name>,
    /// The thing and its field, in words: `deal stage`, `answer signer`.
    pub what: String,
    /// The value before; `None` for nothing.
    pub old: Option<Free>,
    /// The value after; `None` for nothing.
    pub new: Option<Free>,
}

/// The changes of one action, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The action.
    pub action: ActionId,
    /// Its changes, at most 500; `None` while they are on their way.
    pub changes: Option<Vec<ChangeRow>>,
    /// How many there are beyond those.
    pub more: u64,
    /// The first change on screen.
    pub top: usize,
}

/// The page of the journal.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// Only actions of this deal; `None` for all.
    pub deal: Option<DealId>,
    /// The loaded actions, the latest first.
    pub rows: Vec<JournalRow>,
    /// Whether there are no earlier ones.
    pub whole: bool,
    /// Whether a page is on its way.
    pub loading: bool,
    /// Whether something happened since, so that the latest actions are to be loaded again.
    pub stale: bool,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on screen.
    pub top: usize,
    /// The action whose changes are shown beside the list.
    pub opened: Option<Opened>,
}
