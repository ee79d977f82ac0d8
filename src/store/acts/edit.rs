//! Making deals by hand and changing their fields.

use serde_json::{Value as Json, json};

use super::{BLOCK, Before, LINE, Work};
use crate::domain::act::{DealField, FieldValue, Typed};
use crate::domain::clean;
use crate::domain::ids::DealId;
use crate::domain::phase::Phase;
use crate::store::error::{Doing, StoreError};
use crate::store::journal::as_text;

type Wrote = Result<(String, Vec<DealId>), StoreError>;

/// Fields whose changes are facts of the record, with a date.
const MOVES: [&str; 3] = ["stage", "amount", "expected_close"];

/// A value as its column keeps it; an amount brings its currency along.
fn columns(value: &FieldValue) -> Vec<(&'static str, Json)> {
    let word = value.field.info().word;
    match &value.value {
        None if value.field == DealField::Amount => {
            vec![(word, Json::Null), ("currency", Json::Null)]
        }
        None => vec![(word, Json::Null)],
        Some(Typed::Text(text)) => {
            let text = if value.field == DealField::Description {
                clean::clean_block(text, BLOCK).trim().to_owned()
            } else {
                clean::clean_line(text, LINE).trim().to_owned()
            };
            vec![(
                word,
                if text.is_empty() {
                    Json::Null
                } else {
                    json!(text)
                },
            )]
        }
        Some(Typed::Day(day)) => vec![(word, json!(day))],
        Some(Typed::Money(money)) => {
            let currency = money.currency.map_or(Json::Null, |c| json!(c.as_str()));
            vec![(word, json!(money.minor)), ("currency", currency)]
        }
        Some(Typed::Phase(phase)) => vec![(word, json!(phase.code()))],
        Some(Typed::Percent(percent)) => vec![(word, json!(percent))],
    }
}

/// The columns of fields, of a field that is given twice those of the last; a stage whose words name
/// a phase brings it along, as in an import.
fn row_of(fields: &[FieldValue]) -> Vec<(&'static str, Json)> {
    let is_last = |(at, value): &(usize, &FieldValue)| {
        let mut later = fields[at + 1..].iter();
        !later.any(|other| other.field == value.field)
    };
    let fields: Vec<&FieldValue> = fields
        .iter()
        .enumerate()
        .filter(is_last)
        .map(|(_, value)| value)
        .collect();
    let mut row: Vec<(&'static str, Json)> = fields.iter().copied().flat_map(columns).collect();
    let is_given = fields.iter().any(|value| value.field == DealField::Phase);
    let stage = fields.iter().find(|value| value.field == DealField::Stage);
    let phase = stage.and_then(|value| {
        let Some(Typed::Text(stage)) = &value.value else {
            return None;
        };
        Phase::from_stage_words(stage)
    });
    if let Some(phase) = phase.filter(|_| !is_given) {
        row.push(("phase", json!(phase.code())));
    }
    row
}

impl Work<'_, '_> {
    pub(super) fn add(&mut self, fields: &[FieldValue]) -> Wrote {
        let mut row = row_of(fields);
        let of = |row: &[(&str, Json)], word: &str| {
            row.iter()
                .find(|(w, v)| *w == word && !v.is_null())
                .map(|(_, v)| v.clone())
        };
        let account = of(&row, "account");
        if of(&row, "title").is_none() {
            let Some(account) = account.clone() else {
                return Err(StoreError::refused(
                    "a deal needs an account or a title",
                    "give one of them: account=NAME",
                ));
            };
            row.retain(|(w, _)| *w != "title");
            row.push(("title", account));
        }
        if of(&row, "created").is_none() {
            row.retain(|(w, _)| *w != "created");
            row.push(("created", json!(self.stamp.today)));
        }
        if of(&row, "owner").is_none()
            && let Some(owner) = self.store.owner_of(&self.stamp.who)?
        {
            row.retain(|(w, _)| *w != "owner");
            row.push(("owner", json!(owner)));
        }
        let file: String = self
            .journal
            .conn()
            .query_row("SELECT value FROM meta WHERE key = 'file'", [], |r| {
                r.get(0)
            })
            .doing("reading the file's own id")?;
        let next = self.journal.next_id("deal")?;
        row.push(("source", json!(format!("walkaway:{file}"))));
        row.push(("key", json!(next.to_string())));
        row.push(("external_id", json!(next.to_string())));
        row.push(("status", json!("open")));
        row.push(("decision", json!("undecided")));
        let name = account
            .or_else(|| of(&row, "title"))
            .and_then(|n| n.as_str().map(str::to_owned))
            .unwrap_or_default();
        let deal = DealId(self.journal.insert("deal", Some(next), &row)?);
        crate::store::search::mark(self.journal.conn(), deal)?;
        Ok((format!("Added {name}"), vec![deal]))
    }

    pub(super) fn edit(&mut self, deal: DealId, fields: &[FieldValue]) -> Wrote {
        let before = self.before(deal)?;
        let row = row_of(fields);
        if row
            .iter()
            .any(|(word, value)| *word == "title" && value.is_null())
        {
            return Err(StoreError::refused("a deal needs a title", "write one"));
        }
        self.set_fields(deal, &before, &row)?;
        Ok((format!("Edited {}", before.name), vec![deal]))
    }

    /// Writes fields of a deal: remembers what the import had said of them, and notes moves of
    /// stage, amount and close date as facts with their day.
    pub(super) fn set_fields(
        &mut self,
        deal: DealId,
        before: &Before,
        fields: &[(&str, Json)],
    ) -> Result<(), StoreError> {
        for (word, value) in fields {
            let old = self.column(deal, word)?;
            if crate::store::journal::same(&old, value) {
                continue;
            }
            if before.batch.is_some() && !self.has_imported_value(deal, word)? {
                let old = json!(as_text(&old));
                self.journal.insert(
                    "imported_value",
                    None,
                    &[
                        ("deal", json!(deal.0)),
                        ("field", json!(word)),
                        ("value", old),
                    ],
                )?;
            }
            if MOVES.contains(word) {
                self.journal.insert(
                    "move",
                    None,
                    &[
                        ("deal", json!(deal.0)),
                        ("field", json!(word)),
                        ("day", json!(self.stamp.today)),
                        ("old", json!(as_text(&old))),
                        ("new", json!(as_text(value))),
                        ("source", json!(self.stamp.who)),
                    ],
                )?;
            }
        }
        if self.journal.update("deal", deal.0, fields)? {
            crate::store::search::mark(self.journal.conn(), deal)?;
        }
        Ok(())
    }

    fn column(&self, deal: DealId, word: &str) -> Result<Json, StoreError> {
        let column = crate::store::vocabulary::Entity::by_word("deal")
            .and_then(|e| e.column(word))
            .ok_or_else(|| StoreError::refused(format!("a deal has no field `{word}`"), ""))?;
        self.journal
            .conn()
            .prepare_cached(&format!("SELECT {column} FROM deal WHERE id = ?1"))
            .and_then(|mut s| {
                s.query_row([deal.0], |r| {
                    Ok(crate::store::journal::to_json(r.get_ref(0)?))
                })
            })
            .doing("reading the deal")
    }

    fn has_imported_value(&self, deal: DealId, word: &str) -> Result<bool, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM imported_value WHERE deal = ?1 AND field = ?2)",
            )
            .and_then(|mut s| s.query_row((deal.0, word), |r| r.get(0)))
            .doing("reading what was imported")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase_of(stage: &str, given: Option<Phase>) -> Option<Json> {
        let of = |field, value| FieldValue {
            field,
            value: Some(value),
        };
        let mut fields = vec![of(DealField::Stage, Typed::Text(stage.to_owned()))];
        fields.extend(given.map(|phase| of(DealField::Phase, Typed::Phase(phase))));
        let row = row_of(&fields);
        let mut phases = row.into_iter().filter(|(word, _)| *word == "phase");
        let phase = phases.next().map(|(_, value)| value);
        assert!(phases.next().is_none(), "one phase for a deal");
        phase
    }

    #[test]
    fn a_stage_brings_its_phase_along_unless_one_is_given() {
        let code = |phase: Phase| Some(json!(phase.code()));

        assert_eq!(phase_of("Negotiation", None), code(Phase::Negotiation));
        assert_eq!(
            phase_of("Negotiation", Some(Phase::Early)),
            code(Phase::Early)
        );
        assert_eq!(phase_of("Column 4", None), None);
    }
}
