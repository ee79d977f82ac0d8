//! Where a person was, kept over a restart.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The place, in words that stay readable for later versions.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The view's word, see [`crate::app::list::View::code`].
    pub view: String,
    /// The filter as typed.
    pub filter: String,
    /// The order's word.
    pub order: String,
    /// The deal under the cursor.
    pub deal: Option<i64>,
    /// How many rows stood above it on screen.
    pub above: usize,
    /// The pane's word: `list`, `detail`, `checklist`.
    pub pane: String,
    /// Whether one pane was full.
    pub zoom: bool,
    /// When the cockpit was left.
    pub left: Option<DateTime<Utc>>,
    /// Its local day.
    pub day: Option<NaiveDate>,
    /// The day on which the cockpit last opened with "what came back?".
    pub came_back: Option<NaiveDate>,
}
