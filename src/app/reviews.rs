//! The page of earlier 1:1s: who met, what each meeting left behind, and how two people compare.

use crate::domain::review::{HeldReview, Minutes, PairReviews};

/// What the page shows of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PairSide {
    /// Their 1:1s, the newest first.
    #[default]
    Held,
    /// How often both sealed the same.
    Coaching,
}

/// The minutes of one meeting.
#[derive(Clone, Debug)]
pub struct OpenedMinutes {
    /// The meeting's number.
    pub review: i64,
    /// What it left behind; `None` while it is on its way.
    pub minutes: Option<Box<Minutes>>,
}

/// The page.
#[derive(Clone, Debug, Default)]
pub struct ReviewsPage {
    /// The pairs, the one that met last first; `None` while they are on their way the first time.
    pub pairs: Option<Vec<PairReviews>>,
    /// The pair that is wanted first, where somebody came from its 1:1: rep and manager.
    pub wanted: Option<(String, Option<String>)>,
    /// Whether they are on their way.
    pub loading: bool,
    /// Whether somebody wrote since, so that they are to be loaded again.
    pub stale: bool,
    /// The place of the pair on screen.
    pub at: usize,
    /// What is shown of it.
    pub side: PairSide,
    /// The 1:1 under the cursor.
    pub cursor: usize,
    /// Rows of the minutes, or of the comparison, that are above the upper edge.
    pub top: usize,
    /// The minutes that were opened.
    pub opened: Option<OpenedMinutes>,
}

impl ReviewsPage {
    /// Returns the pair on screen.
    pub fn pair(&self) -> Option<&PairReviews> {
        self.pairs.as_ref()?.get(self.at)
    }

    /// Returns the 1:1 under the cursor.
    pub fn review(&self) -> Option<&HeldReview> {
        self.pair()?.held.get(self.cursor)
    }

    /// Returns the minutes on screen; `None` where none are open, or they are on their way.
    pub fn minutes(&self) -> Option<&Minutes> {
        self.opened.as_ref()?.minutes.as_deref()
    }

    /// Goes to another pair.
    pub fn go(&mut self, by: isize) {
        let pairs = self.pairs.as_ref().map_or(0, Vec::len);
        self.at = self
            .at
            .saturating_add_signed(by)
            .min(pairs.saturating_sub(1));
        self.cursor = 0;
        self.top = 0;
    }

    /// Takes what was loaded; pair and cursor stay where they can.
    pub fn take(&mut self, pairs: Vec<PairReviews>) {
        self.loading = false;
        let here = self
            .pair()
            .map(|pair| (pair.rep.clone(), pair.manager.clone()));
        let review = self.review().map(|one| one.session.id);
        let wanted = self.wanted.take().or(here);
        let place = |(rep, manager): &(String, Option<String>)| {
            pairs
                .iter()
                .position(|pair| pair.rep == *rep && pair.manager == *manager)
        };
        self.at = wanted.as_ref().and_then(place).unwrap_or(0);
        self.pairs = Some(pairs);
        let held = self.pair().map_or(&[][..], |pair| &pair.held);
        let again = held.iter().position(|one| Some(one.session.id) == review);
        self.cursor = again.unwrap_or(self.cursor.min(held.len().saturating_sub(1)));
    }
}
