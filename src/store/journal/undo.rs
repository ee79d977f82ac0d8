//! Taking back what an action did.

use rusqlite::{Connection, ErrorCode, OptionalExtension};
use serde_json::{Map, Value as Json};

use super::super::error::{Doing, StoreError};
use super::super::vocabulary::{self, Entity};
use super::entry::{Noted, noted, well_formed};
use super::{Entry, Journal, same, stands, swapped};
use crate::domain::ids::{ActionId, DealId};

impl Journal<'_> {
    /// Takes back all changes of an action, the last one first.
    ///
    /// # Errors
    ///
    /// [`StoreError::UndoConflict`] where a value is no longer what the action wrote, or a later
    /// action that stands wrote it too; the caller's transaction must then not be committed.
    pub fn reverse_all(&mut self, entry: &Entry) -> Result<(), StoreError> {
        for change in noted(self.conn, entry.id)?.iter().rev() {
            self.reverse(change, &entry.what)?;
        }
        Ok(())
    }

    /// Takes back what still stands of an action and returns the deals of which something does
    /// not, because it was changed since.
    pub fn reverse_standing(&mut self, action: ActionId) -> Result<Vec<DealId>, StoreError> {
        let mut kept = Vec::new();
        for change in noted(self.conn, action)?.iter().rev() {
            match self.reverse(change, "") {
                Ok(()) => {}
                Err(StoreError::UndoConflict { .. }) => {
                    if let Some(deal) = change.deal.map(DealId)
                        && !kept.contains(&deal)
                    {
                        kept.push(deal);
                    }
                }
                Err(other) => return Err(other),
            }
        }
        Ok(kept)
    }

    /// Takes back one change of an earlier action, when its values still stand and nothing that
    /// came later forbids it: a deal that is gone, another answer that is in force.
    fn reverse(&mut self, change: &Noted, label: &str) -> Result<(), StoreError> {
        match self.put_back(change, label) {
            Err(StoreError::Sql { source, .. })
                if source.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) =>
            {
                Err(StoreError::UndoConflict {
                    label: label.to_owned(),
                    what: self.later_action(change),
                })
            }
            other => other,
        }
    }

    fn put_back(&mut self, change: &Noted, label: &str) -> Result<(), StoreError> {
        let entity = Self::entity(&change.entity)?;
        if !self.is_all_later
            && let Some((id, what)) = self.overlaid_by(change)?
        {
            return Err(StoreError::UndoConflict {
                label: label.to_owned(),
                what: changed_since(id, &what),
            });
        }
        let row = self.read(entity, change.id)?;
        let conflict = |journal: &Self| {
            let later = journal.later_action(change);
            StoreError::UndoConflict {
                label: label.to_owned(),
                what: later,
            }
        };
        match change.op.as_str() {
            "insert" => {
                let Some(row) = row else {
                    return Err(conflict(self));
                };
                let stands = self.is_as_made(entity, change, &row)?;
                if !stands || self.has_later_parts(entity, change)? {
                    return Err(conflict(self));
                }
                self.remove(entity, change.id)?;
                let map = swapped(&change.fields);
                self.note(entity, change.id, change.deal, "delete", &map)
            }
            "update" => {
                let stands = row.is_some_and(|row| {
                    change
                        .fields
                        .iter()
                        .all(|(field, pair)| row.get(field).is_some_and(|v| same(v, &pair[1])))
                });
                if !stands {
                    return Err(conflict(self));
                }
                self.write(entity, change.id, &change.fields, 0)?;
                let map = swapped(&change.fields);
                self.note(entity, change.id, change.deal, "update", &map)
            }
            _ => {
                if row.is_some() {
                    return Err(conflict(self));
                }
                if !entity.hidden.is_empty() {
                    return Err(StoreError::UndoConflict {
                        label: label.to_owned(),
                        what: "what was sealed is deleted and kept nowhere; seal it again".into(),
                    });
                }
                let fields: Vec<(&str, Json)> = change
                    .fields
                    .iter()
                    .map(|(f, pair)| (f.as_str(), pair[0].clone()))
                    .collect();
                self.insert(&change.entity, Some(change.id), &fields)
                    .map(|_| ())
            }
        }
    }

    /// Whether a row is in every field as it was made: what was not given then is empty, or what
    /// the table gives by itself.
    fn is_as_made(
        &self,
        entity: &Entity,
        change: &Noted,
        row: &Map<String, Json>,
    ) -> Result<bool, StoreError> {
        let given = |field: &String| change.fields.get(field).map(|pair| &pair[1]);
        let changed: Vec<_> = row
            .iter()
            // What is never noted cannot be held against what it was.
            .filter(|(field, _)| !entity.hidden.contains(&field.as_str()))
            .filter(|(field, now)| !given(field).map_or(now.is_null(), |then| same(now, then)))
            .collect();
        if changed.is_empty() {
            return Ok(true);
        }
        if changed.iter().any(|(field, _)| given(field).is_some()) {
            return Ok(false);
        }
        let by_itself = self.defaults(entity)?;
        Ok(changed.iter().all(|(field, now)| {
            let column = entity.column(field).unwrap_or_default();
            by_itself.get(column).is_some_and(|then| same(now, then))
        }))
    }

    /// What a table puts into columns for which nothing is given, by column.
    fn defaults(&self, entity: &Entity) -> Result<Map<String, Json>, StoreError> {
        let literal = |text: String| {
            let quoted = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
            match (quoted, serde_json::from_str(&text)) {
                (Some(inner), _) => Json::from(inner.replace("''", "'")),
                (None, Ok(number)) => number,
                (None, Err(_)) => Json::Null,
            }
        };
        self.conn
            .prepare_cached(
                "SELECT name, dflt_value FROM pragma_table_info(?1) WHERE dflt_value IS NOT NULL",
            )
            .and_then(|mut s| {
                s.query_map([entity.table], |r| Ok((r.get(0)?, literal(r.get(1)?))))?
                    .collect()
            })
            .doing("reading what a table gives by itself")
    }

    /// Whether rows that hang on a new row were made by later actions that still stand.
    fn has_later_parts(&self, entity: &Entity, change: &Noted) -> Result<bool, StoreError> {
        let any = match entity.word {
            "deal" => None,
            "review" => Some(
                "SELECT EXISTS(SELECT 1 FROM agenda_item WHERE review = ?1)
                   OR EXISTS(SELECT 1 FROM sealed_answer WHERE review = ?1)",
            ),
            "sealed_answer" => Some(
                "SELECT EXISTS(SELECT 1 FROM sealed_answer
                               WHERE id = ?1 AND (revealed IS NOT NULL OR replaced = 1))",
            ),
            _ => return Ok(false),
        };
        if let Some(sql) = any {
            return self
                .conn
                .prepare_cached(sql)
                .and_then(|mut s| s.query_row([change.id], |r| r.get(0)))
                .doing("looking for what was added later");
        }
        for part in vocabulary::ENTITIES.iter().filter(|e| e.has_deal()) {
            let sql = format!(
                "SELECT EXISTS(SELECT 1 FROM {} WHERE deal = ?1)",
                part.table
            );
            let any: bool = self
                .conn
                .prepare_cached(&sql)
                .and_then(|mut s| s.query_row([change.id], |r| r.get(0)))
                .doing("looking for what was added later")?;
            if any {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The latest action that stands and wrote, after this change, what it wrote: a field of the
    /// same row, or the row itself. Whatever was taken back and done again stands where it was
    /// first done.
    fn overlaid_by(&self, change: &Noted) -> Result<Option<(i64, String)>, StoreError> {
        let mut seq = change.seq;
        if change.root != change.action {
            seq = self
                .conn
                .prepare_cached(
                    "SELECT ifnull(max(id), ?4) FROM change
                     WHERE entity = ?1 AND entity_id = ?2 AND +action = ?3",
                )
                .and_then(|mut s| {
                    let row = (&change.entity, change.id, change.root, seq);
                    s.query_row(row, |r| r.get(0))
                })
                .doing("reading the journal")?;
        }
        let mut later = self
            .conn
            .prepare_cached(
                "SELECT a.id, a.what, c.op, c.fields FROM change c CROSS JOIN action a
                 WHERE c.entity = ?1 AND c.entity_id = ?2 AND c.id > ?3
                   AND c.action NOT IN (?4, ?5)
                   AND a.id = c.action AND a.kind NOT IN('undo', 'redo') AND a.state <> 'taken_back'
                 ORDER BY c.id DESC",
            )
            .doing("reading the journal")?;
        let mut rows = later
            .query((&change.entity, change.id, seq, change.root, self.action.0))
            .doing("reading the journal")?;
        while let Some(row) = rows.next().doing("reading the journal")? {
            let read = || -> rusqlite::Result<_> {
                let fields = well_formed(&row.get::<_, String>(3)?);
                Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, fields))
            };
            let (id, what, op, fields) = read().doing("reading the journal")?;
            let is_of_fields = change.op == "update" && op == "update";
            let is_apart = is_of_fields && !fields.keys().any(|f| change.fields.contains_key(f));
            if !is_apart && stands(self.conn, id).doing("reading the journal")? {
                return Ok(Some((id, what)));
            }
        }
        Ok(None)
    }

    /// Names the latest action after this change that touched the same row or deal.
    fn later_action(&self, change: &Noted) -> String {
        let later: Option<(i64, String)> = self
            .conn
            .prepare_cached(
                "SELECT a.id, a.what FROM change c JOIN action a ON a.id = c.action
                 WHERE c.id > ?1 AND c.action NOT IN (?4, ?6) AND a.undone_by IS NULL
                   AND ((c.entity = ?2 AND c.entity_id = ?3) OR c.deal = ?5)
                 ORDER BY c.id DESC LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row(
                    (
                        change.seq,
                        &change.entity,
                        change.id,
                        self.action.0,
                        (change.entity == "deal").then_some(change.id),
                        change.action,
                    ),
                    |r| Ok((r.get(0)?, r.get(1)?)),
                )
                .optional()
            })
            .unwrap_or_default();
        match later {
            Some((id, what)) => changed_since(id, &what),
            None => "the row was changed since by an import or another program".into(),
        }
    }
}

fn changed_since(action: i64, what: &str) -> String {
    format!("action {action}, “{what}”, changed it since")
}

/// Takes back what still stands of an action that never finished, without a new action.
pub(crate) fn revert_standing(conn: &Connection, action: ActionId) -> Result<(), StoreError> {
    let mut journal = Journal::resume(conn, action);
    journal.reverse_standing(action).map(|_| ())
}
