//! What files of our own tell of the points that banks learnt: with them a deal is judged as before.

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::{OwnIntake, odd};
use crate::domain::calibration::Learnt;
use crate::domain::clean;
use crate::store::error::StoreError;
use crate::store::eval::{LEARNT, learnt_key};

/// The member of what the banks learnt.
pub(super) const MEMBER: &str = "learnt";

/// The longest id of a bank that is taken, in characters.
const LONGEST_ID: usize = 200;

/// Reads what each bank learnt, as an object that names the bank, in the order of their ids. What
/// cannot be read weighs nothing here, so it does not go out.
pub(super) fn rows(conn: &Connection) -> rusqlite::Result<Vec<Json>> {
    let mut statement = conn.prepare(
        "SELECT substr(key, length(?1) + 1), value FROM meta
         WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
    )?;
    let rows = statement.query_map([LEARNT], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let settings: Vec<(String, String)> = rows.collect::<Result<_, _>>()?;
    let told = settings.into_iter().filter_map(|(bank, value)| {
        let learnt: Learnt = serde_json::from_str(&value).ok()?;
        let Json::Object(points) = json!(learnt) else {
            return None;
        };
        let mut map = serde_json::Map::new();
        map.insert("bank".to_owned(), json!(bank));
        map.extend(points);
        Some(Json::Object(map))
    });
    Ok(told.collect())
}

impl OwnIntake<'_> {
    /// Takes what a bank learnt, known here or not yet; never over what this file learnt itself.
    pub(super) fn learnt(&mut self, row: Json) -> Result<(), StoreError> {
        let bank = row.get("bank").and_then(Json::as_str).unwrap_or_default();
        let bank = clean::clean_line(bank, LONGEST_ID).into_owned();
        let learnt: Learnt = serde_json::from_value(row)
            .map_err(|e| odd(format!("one of `{MEMBER}` is not what a bank learns: {e}")))?;
        if bank.is_empty() || learnt.won > learnt.deals {
            return Err(odd(format!(
                "one of `{MEMBER}` names no bank, or more deals won than there were"
            )));
        }
        let key = learnt_key(&bank);
        if self.is_set(&key)? {
            return Ok(());
        }
        let fields = [
            ("key", json!(key)),
            ("value", json!(json!(learnt).to_string())),
        ];
        self.journal.insert("setting", None, &fields)?;
        Ok(())
    }
}
