//! What files of our own tell of 1:1s: the meetings, the charter, and what was revealed.

use rusqlite::Connection;
use serde_json::{Map, Value as Json, json};

use super::OwnIntake;
use crate::domain::ids::DealId;
use crate::domain::review::{Chosen, PairOf, Stand};
use crate::domain::shown::Free;
use crate::store::error::{Doing, StoreError};
use crate::store::review::seals::{Opening, Row, open};

/// The word of what two people sealed and have seen. What is still sealed stays in the file.
pub(super) const REVEALED: &str = "revealed_answer";

/// What belongs to no deal.
pub(super) const OF_ALL: [&str; 2] = ["review", "charter"];

/// Reads what was revealed on a deal, the oldest first, in every question bank.
pub(super) fn revealed(conn: &Connection, deal: DealId) -> Result<Vec<Json>, StoreError> {
    let mut rows = open(conn, None, Some(deal), Opening::Revealed(None))?;
    rows.sort_by_key(|row| row.id);
    Ok(rows.iter().filter_map(in_words).collect())
}

/// A row in the journal's words; `None` where what was said is in no word that is known.
fn in_words(row: &Row) -> Option<Json> {
    let (value, grade, evidence) = match &row.stand {
        Stand::Nothing => return None,
        Stand::Verdict(verdict) => (verdict.code(), PairOf::VERDICT, None),
        Stand::Answer {
            value,
            grade,
            evidence,
        } => {
            let words = evidence.as_ref().map(Free::expose_for_storage);
            (value.code(), grade.code(), words)
        }
    };
    let mut map = Map::new();
    for (word, value) in [
        ("id", json!(row.id)),
        ("review", json!(row.review)),
        ("person", json!(row.person)),
        ("bank", json!(row.bank)),
        ("question", json!(row.of.code())),
        ("value", json!(value)),
        ("grade", json!(grade)),
        ("evidence", json!(evidence)),
        ("sealed", json!(row.sealed)),
        ("revealed", json!(row.revealed)),
        ("turn", json!(row.turn)),
        ("chosen", json!(row.chosen.map(Chosen::code))),
        ("effect", json!(row.effect.to_text())),
        ("checked", json!(i64::from(row.checked))),
    ] {
        if !value.is_null() {
            map.insert(word.to_owned(), value);
        }
    }
    Some(Json::Object(map))
}

impl OwnIntake<'_> {
    /// Clears the tables of meetings on which a deal lay that did not come along.
    pub(super) fn clear_tables(&mut self) -> Result<(), StoreError> {
        let lost: Vec<i64> = {
            let conn = self.journal.conn();
            let mut statement = conn
                .prepare_cached(
                    "SELECT id FROM review r WHERE on_table IS NOT NULL
                       AND NOT EXISTS(SELECT 1 FROM deal WHERE id = r.on_table)",
                )
                .doing("looking at the tables")?;
            let rows = statement.query_map([], |r| r.get(0));
            rows.and_then(Iterator::collect)
                .doing("looking at the tables")?
        };
        for review in lost {
            let empty = [("on_table", Json::Null), ("table_since", Json::Null)];
            self.journal.update("review", review, &empty)?;
        }
        Ok(())
    }
}
