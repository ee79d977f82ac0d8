//! Figures of the whole pipeline.

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::list::View;
use crate::domain::deal::PersonRow;
use crate::domain::review::Charter;

/// A view that a person saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// Its filter as typed.
    pub filter: String,
    /// Its order's word.
    pub order: String,
}

/// An export of a known kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundExport {
    /// The paths of its files, the one with the deals first.
    pub paths: Vec<String>,
    /// The name of the first without the folder.
    pub file: String,
    /// Which system it comes from.
    pub kind: String,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Whether it is newer than the record, and not taken in yet.
    pub is_newer: bool,
}

/// Figures of the whole pipeline, renewed after each write.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they do not exclude each other"
)]
pub struct Facts {
    /// Deals of every kind but the removed.
    pub deals: u64,
    /// Deals of the sitting.
    pub to_decide: u64,
    /// Fired today by anyone.
    pub fired_today: u64,
    /// Hours that they give back, an estimate.
    pub hours_back_today: f64,
    /// The day of the record: of the newest import; `None` before the first.
    pub record: Option<NaiveDate>,
    /// How many deals each view has; views without any are left out.
    pub views: Vec<(View, u64)>,
    /// The saved views.
    pub saved: Vec<SavedView>,
    /// The owners named by the record, the one with most deals first.
    pub owners: Vec<String>,
    /// The owner who is oneself; `None` before it is known.
    pub me: Option<String>,
    /// The question banks there are: id and title.
    pub banks: Vec<(String, String)>,
    /// Whether the week has anything to show.
    pub week: bool,
    /// Fired prospects and wins that it is time to ask about.
    pub after_due: u64,
    /// Whether anything was ever fired.
    pub has_fired: bool,
    /// Whether firing ever freed hours.
    pub has_hours: bool,
    /// Our own people.
    pub people: Vec<PersonRow>,
    /// Bait of theirs over the whole file: how often it was kept, of how much that is settled.
    pub bait: (u32, u32),
    /// Whether `u` has something to take back, in words.
    pub undo: Option<String>,
    /// Whether `Ctrl-r` has something to do again, in words.
    pub redo: Option<String>,
    /// Whether the map has anything to show.
    pub has_map: bool,
    /// Whether any 1:1 was held.
    pub has_reviews: bool,
    /// The charter as it stands, signed or not.
    pub charter: Option<Charter>,
    /// Whether the pipeline can only be read.
    pub read_only: bool,
}
