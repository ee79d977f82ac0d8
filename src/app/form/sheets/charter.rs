//! The form of the charter: its terms, and one's signature.

use super::super::field::text;
use super::super::{FieldKey, Form};
use crate::domain::act::CharterSheet;
use crate::domain::money::Money;

impl Form {
    /// The fields; an empty one keeps what stands.
    pub(super) fn charter(&mut self) {
        let fields = [
            (FieldKey::Words, "what it says", "as it stands"),
            (
                FieldKey::Ceiling,
                "alone up to",
                "as it stands; 50000 EUR, 60000 USD; none: no limit",
            ),
            (
                FieldKey::Exceptions,
                "but not",
                "as it stands; accounts, by commas",
            ),
        ];
        for (key, label, hint) in fields {
            self.fields.push(text(key, label, "").hint(hint).private());
        }
        self.line("signing", "what you fire under it is not held against you");
    }

    /// What of the charter was changed; `None` where it is signed as it stands.
    ///
    /// # Errors
    ///
    /// A ceiling that is no amount, in words.
    pub(in crate::app) fn charter_terms(&self) -> Result<Option<CharterSheet>, String> {
        let parts = |key| {
            let words = self.words_of(key)?;
            let parts = words.split(',').map(|part| part.trim().to_owned());
            Some(parts.collect::<Vec<String>>())
        };
        let none = |words: &[String]| matches!(words, [one] if one == "none");
        let ceilings = match parts(FieldKey::Ceiling) {
            None => None,
            Some(words) if none(&words) => Some(Vec::new()),
            Some(words) => {
                let read = words
                    .iter()
                    .map(|word| Money::parse(word, None).map_err(|e| format!("`{word}`: {e}")));
                Some(read.collect::<Result<Vec<_>, _>>()?)
            }
        };
        let exceptions =
            parts(FieldKey::Exceptions).map(|words| if none(&words) { Vec::new() } else { words });
        let sheet = CharterSheet {
            text: self.words_of(FieldKey::Words),
            ceilings,
            phases: None,
            exceptions,
        };
        Ok((sheet != CharterSheet::default()).then_some(sheet))
    }
}
