//! Parts that are given: who a deal is with and which story it tells, the rest is made up.

use super::plan::{Fate, Step};
use super::story::Story;

/// One deal whose part is given.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its company.
    pub account: String,
    /// Its name.
    pub title: String,
    /// Given and family name of the one who speaks for them.
    pub contact: Option<(String, String)>,
    /// Its value in minor units, with the ISO code.
    pub amount: Option<(i64, &'static str)>,
    /// Why it is there.
    pub story: Story,
    /// How it stands.
    pub fate: Fate,
    /// Where it stands; the story decides where none.
    pub step: Option<Step>,
    /// In how many days from the record it is to close. Then its date was never moved, it is
    /// fresh in its stage, and whoever signs was met.
    pub closes: Option<i64>,
    /// Whether whoever signs was not met all the same.
    pub unmet: bool,
}

/// What is wanted of an open deal beside its story.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wish {
    pub(super) step: Option<Step>,
    pub(super) closes: Option<i64>,
    pub(super) unmet: bool,
}
