//! The form of the charter: its terms, and one's signature.

use super::super::field::{text, tick_field};
use super::super::{FieldKey, Form, Input};
use super::Seed;
use crate::domain::act::CharterSheet;
use crate::domain::money::Money;
use crate::domain::phase::Phase;
use crate::domain::review::Charter;
use crate::domain::shown::Free;

/// The phases that a deal can be fired in, each with the words of its tick.
const PHASES: [(Phase, &str); 4] = [
    (Phase::Early, "early: first contact, qualification"),
    (Phase::Middle, "middle: needs, demo, evaluation"),
    (Phase::Proposal, "proposal: an offer is out"),
    (Phase::Negotiation, "negotiation: terms and papers"),
];

impl Form {
    /// The terms as they stand, and the fields that change them; an empty field keeps what stands.
    pub(super) fn charter(&mut self, seed: &Seed<'_>) {
        let empty = Charter::default();
        let now = seed.charter.unwrap_or(&empty);
        if seed.charter.is_some() {
            let says = seed.mask.free(&now.text, None).into_owned();
            self.line("it says", &says);
            self.line("signed", &signed(now, seed));
        }
        let ceilings: Vec<String> = now
            .ceilings
            .iter()
            .map(|ceiling| seed.mask.money(ceiling.most, seed.locale).into_owned())
            .collect();
        let except = Free::new(now.exceptions.join(", "));
        let except = seed.mask.free(&except, None).into_owned();
        let stands = |text: String, none: &str| {
            if text.is_empty() {
                none.to_owned()
            } else {
                format!("as it stands: {text}; none takes it off")
            }
        };
        self.fields.push(
            text(FieldKey::Words, "other words", "")
                .hint("as it stands")
                .private(),
        );
        self.fields.push(
            text(FieldKey::Ceiling, "alone up to", "")
                .hint(&stands(
                    ceilings.join(", "),
                    "no limit; or 50000 EUR, 60000 USD",
                ))
                .private(),
        );
        let rows = PHASES.map(|(phase, words)| (words.to_owned(), now.phases.contains(&phase)));
        self.fields
            .push(tick_field(FieldKey::Phases, "only in", rows.to_vec()));
        self.fields.push(
            text(FieldKey::Exceptions, "but not", "")
                .hint(&stands(except, "nobody; or accounts, by commas"))
                .private(),
        );
        self.line("only in", "none ticked: in every phase");
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
            phases: self.ticked_phases(),
            exceptions,
        };
        Ok((sheet != CharterSheet::default()).then_some(sheet))
    }

    /// The phases that are ticked; `None` where the ticks are as they were.
    fn ticked_phases(&self) -> Option<Vec<Phase>> {
        let field = self
            .field(FieldKey::Phases)
            .filter(|field| !field.is_untouched())?;
        let Input::Ticks { rows, .. } = &field.input else {
            return None;
        };
        let ticked = PHASES.iter().zip(rows).filter(|(_, (_, on))| *on);
        Some(ticked.map(|((phase, _), _)| *phase).collect())
    }
}

/// Who signed, and when.
fn signed(charter: &Charter, seed: &Seed<'_>) -> String {
    let names: Vec<String> = charter
        .signed
        .iter()
        .map(|(name, day)| format!("{name}, {}", seed.locale.date(*day, seed.today)))
        .collect();
    if names.is_empty() {
        "by nobody yet".to_owned()
    } else {
        names.join(" · ")
    }
}
