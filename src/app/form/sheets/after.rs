//! The sheets of what is over: what came of a firing and whether a win would be sold again, with
//! the words that go with it.

use super::super::field::{choice, text};
use super::super::{FieldKey, Form, Input};
use crate::domain::act::Act;
use crate::domain::deal::OutcomeKind;
use crate::domain::ids::DealId;

impl Form {
    pub(super) fn outcome(&mut self) {
        let kinds = OutcomeKind::TOLD.map(OutcomeKind::words);
        self.fields
            .push(choice(FieldKey::Outcome, "outcome", &kinds, 0));
        self.in_words("what they said, what they bought");
    }

    pub(super) fn regret(&mut self) {
        self.fields
            .push(choice(FieldKey::Again, "sell it again", &["yes", "no"], 0));
        self.in_words("what made it good or bad money");
    }

    fn in_words(&mut self, hint: &str) {
        self.fields
            .push(text(FieldKey::Words, "in words", "").hint(hint).private());
    }

    /// Fills in what is known of a firing already.
    pub(in crate::app) fn came(&mut self, kind: OutcomeKind, words: &str) {
        let at = OutcomeKind::TOLD.iter().position(|told| *told == kind);
        for field in &mut self.fields {
            match (&mut field.input, at) {
                (Input::Choice { picked, .. }, Some(at)) => *picked = at,
                (Input::Text(_), _) => field.refill(words),
                (Input::Choice { .. } | Input::Ticks { .. }, _) => {}
            }
        }
    }

    pub(in super::super) fn after_act(&self, deal: DealId) -> Option<Act> {
        let words = self.words_of(FieldKey::Words);
        if self.field(FieldKey::Again).is_some() {
            let again = self.picked(FieldKey::Again) == 0;
            return Some(Act::Regret { deal, again, words });
        }
        let kind = *OutcomeKind::TOLD.get(self.picked(FieldKey::Outcome))?;
        Some(Act::Outcome { deal, kind, words })
    }
}
