//! What is known of the deal on the table, besides what every pane shows.

use super::agenda::Hand;
use super::changed::Changed;
use super::charter::{Beyond, Charter, CharterRequest, MayFire};
use super::seal::SealState;
use crate::domain::ids::DealId;

/// The deal on the table.
#[derive(Clone, Debug)]
pub struct OnTable {
    /// The deal.
    pub deal: DealId,
    /// What changed since it was talked about last.
    pub changed: Changed,
    /// What is sealed, as counts, and what is revealed.
    pub sealed: SealState,
    /// The hands that are up on it, the oldest first.
    pub hands: Vec<Hand>,
    /// The manager's sentence, where it was said since the last decision.
    pub may_fire: Option<MayFire>,
    /// The charter that holds for whoever looks; `None` while it is not signed.
    pub charter: Option<Charter>,
    /// Why firing it is above the charter's ceiling; `None` where it is not.
    pub beyond: Option<Beyond>,
    /// The last firing of it above the ceiling.
    pub request: Option<CharterRequest>,
}

/// What the sheet for firing, and the pane of a deal, need of the 1:1.
#[derive(Clone, Debug, Default)]
pub struct TableSeen {
    /// The hands that are up on the deal, the oldest first.
    pub hands: Vec<Hand>,
    /// The manager's sentence, where it was said since the last decision: the authority that a
    /// firing carries where nobody says otherwise.
    pub may_fire: Option<MayFire>,
    /// The charter, once everybody signed who has to; its line stands in every sheet for firing.
    pub charter: Option<Charter>,
    /// Why firing it is above the charter's ceiling; `None` where it is not.
    pub beyond: Option<Beyond>,
    /// The last firing of it above the ceiling.
    pub request: Option<CharterRequest>,
}
