//! What was learnt from deals that are over, in the place of a bank's weights.

use rusqlite::OptionalExtension;
use serde_json::json;

use super::{Work, Wrote};
use crate::domain::bank::Bank;
use crate::domain::calibration::Learnt;
use crate::store::error::{Doing, StoreError};
use crate::store::eval::learnt_key;

impl Work<'_, '_> {
    pub(super) fn learn(&mut self, bank: &str, learnt: Option<&Learnt>) -> Wrote {
        let Some(known) = self.store.judge().banks().find(|b| b.id() == bank) else {
            let ids: Vec<_> = self.store.judge().banks().map(Bank::id).collect();
            return Err(StoreError::refused(
                format!("there is no question bank `{bank}`"),
                format!("there are: {}", ids.join(", ")),
            ));
        };
        let what = match learnt {
            Some(learnt) => format!(
                "{}: points learnt from {} closed deals",
                known.name(),
                learnt.deals
            ),
            None => format!("{}: back to its own weights", known.name()),
        };
        let key = learnt_key(bank);
        let kept: Option<(i64, String)> = self
            .journal
            .conn()
            .query_row("SELECT id, value FROM meta WHERE key = ?1", [&key], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()
            .doing("reading what the bank learnt")?;
        let text = learnt.map(|learnt| json!(learnt).to_string());
        match (kept, text) {
            (Some((_, before)), Some(text)) if before == text => {}
            (Some((row, _)), Some(text)) => {
                self.journal
                    .update("setting", row, &[("value", json!(text))])?;
            }
            (Some((row, _)), None) => self.journal.delete("setting", row)?,
            (None, Some(text)) => {
                let fields = [("key", json!(key)), ("value", json!(text))];
                self.journal.insert("setting", None, &fields)?;
            }
            (None, None) => {}
        }
        Ok((what, Vec::new()))
    }
}
