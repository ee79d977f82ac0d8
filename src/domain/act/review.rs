//! What the sheet of the charter says.

use crate::domain::money::Money;
use crate::domain::phase::Phase;

/// The terms of a charter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CharterSheet {
    /// What it says; `None` keeps the words.
    pub text: Option<String>,
    /// Up to which value a rep fires alone, one of each currency; `None` keeps them, none at all
    /// is without a limit.
    pub ceilings: Option<Vec<Money>>,
    /// In which phases; `None` keeps them, none at all is in every phase.
    pub phases: Option<Vec<Phase>>,
    /// Accounts or titles to which it does not apply; `None` keeps them.
    pub exceptions: Option<Vec<String>>,
}
