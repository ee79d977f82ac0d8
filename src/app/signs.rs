//! Two cards about one deal: twelve signs to tick, and the deal as if it came today.

use crate::domain::ids::DealId;
use crate::domain::signs::Sign;

/// The card of signs.
#[derive(Clone, Debug)]
pub struct SignsCard {
    /// The deal.
    pub deal: DealId,
    /// Ticks that are on their way to the store, with what they say.
    pub pending: Vec<(Sign, bool)>,
}

impl SignsCard {
    /// Opens the card of a deal.
    pub fn of(deal: DealId) -> Self {
        Self {
            deal,
            pending: Vec::new(),
        }
    }

    /// Whether a sign is ticked: as it was pressed last, else as it is kept.
    pub fn is_ticked(&self, sign: Sign, kept: bool) -> bool {
        let pressed = self.pending.iter().rev().find(|(other, _)| *other == sign);
        pressed.map_or(kept, |(_, ticked)| *ticked)
    }
}
