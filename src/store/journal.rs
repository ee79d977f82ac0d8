//! Writing with a memory: every change goes through here, and so can be taken back.
//!
//! A [`Journal`] is one action being written, inside one transaction. It makes, changes and
//! removes rows by the words of [`super::vocabulary`] and notes each old and new value. Undo
//! walks an action's changes backwards, checks that every value is still what the action
//! wrote and that no later action that stands wrote it too, and is itself an action, so that redo
//! is nothing but undoing the undo. A row's number is never given to another row: what was taken
//! back comes back under it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde_json::{Map, Value as Json};

mod entry;
mod undo;

use super::error::{Doing, StoreError};
use super::vocabulary::Entity;
use crate::domain::ids::{ActionId, DealId};
pub use entry::{ChangeView, Concerned, Entry};
pub(crate) use entry::{after, changes, concerned, entries, find, latest, redoable, undoable};
pub(crate) use undo::revert_standing;

/// From where an action was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The cockpit.
    Cockpit,
    /// A command.
    Command,
}

impl Place {
    /// The word kept in the journal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cockpit => "cockpit",
            Self::Command => "command",
        }
    }
}

/// Who does something, when and from where: what every action is stamped with.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The day it is for the person.
    pub today: NaiveDate,
    /// The person's name.
    pub who: String,
    /// From where.
    pub place: Place,
    /// One cockpit's opening, or one command; `u` reaches only what has the same.
    pub session: String,
}

impl Stamp {
    /// The instant as it is kept: RFC 3339 in UTC, to the second.
    pub fn at_text(&self) -> String {
        instant(self.at)
    }
}

/// An instant as it is kept: RFC 3339 in UTC, to the second.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A field word with the value to write.
pub(crate) type Field<'a> = (&'a str, Json);

/// Reads a column as the journal writes it.
pub(crate) fn to_json(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Json::Null,
        ValueRef::Integer(i) => Json::from(i),
        ValueRef::Real(r) => Json::from(r),
        ValueRef::Text(t) => Json::from(String::from_utf8_lossy(t).into_owned()),
    }
}

/// Writes a value of the journal into a column.
pub(crate) fn to_sql(value: &Json) -> Sql {
    match value {
        Json::Null | Json::Array(_) | Json::Object(_) => Sql::Null,
        Json::Bool(b) => Sql::Integer(i64::from(*b)),
        Json::Number(n) => n
            .as_i64()
            .map_or_else(|| n.as_f64().map_or(Sql::Null, Sql::Real), Sql::Integer),
        Json::String(s) => Sql::Text(s.clone()),
    }
}

/// A value as text, where it stands beside values of other kinds; `None` for nothing.
pub(crate) fn as_text(value: &Json) -> Option<String> {
    match value {
        Json::Null | Json::Array(_) | Json::Object(_) => None,
        Json::Bool(b) => Some(u8::from(*b).to_string()),
        Json::Number(n) => Some(n.to_string()),
        Json::String(s) => Some(s.clone()),
    }
}

/// Whether two values of the journal are the same in a column: 1 and 1.0 are, true and 1 are.
pub(crate) fn same(a: &Json, b: &Json) -> bool {
    let number = |v: &Json| match v {
        Json::Bool(b) => Some(f64::from(u8::from(*b))),
        Json::Number(n) => n.as_f64(),
        Json::Null | Json::String(_) | Json::Array(_) | Json::Object(_) => None,
    };
    match (number(a), number(b)) {
        (Some(x), Some(y)) => (x - y).abs() < f64::EPSILON,
        _ => a == b,
    }
}

/// One action being written.
pub(crate) struct Journal<'c> {
    conn: &'c Connection,
    action: ActionId,
    touched: BTreeSet<i64>,
    changes: usize,
    /// Whether everything that came later is taken back as well, so that none of it stands.
    is_all_later: bool,
}

impl<'c> Journal<'c> {
    /// Starts an action; `what` names it in words and may be corrected in [`Journal::finish`].
    pub fn begin(
        conn: &'c Connection,
        stamp: &Stamp,
        kind: &str,
        what: &str,
    ) -> Result<Self, StoreError> {
        Self::start(conn, stamp, kind, what, None)
    }

    /// Starts an action that takes back another, or several: those are all that came after one,
    /// and are taken back the last one first.
    pub fn begin_undoing(
        conn: &'c Connection,
        stamp: &Stamp,
        kind: &str,
        what: &str,
        undoes: &[ActionId],
    ) -> Result<Self, StoreError> {
        let only = if let [one] = undoes { Some(*one) } else { None };
        let mut journal = Self::start(conn, stamp, kind, what, only)?;
        journal.is_all_later = only.is_none();
        for action in undoes {
            conn.prepare_cached("UPDATE action SET undone_by = ?2 WHERE id = ?1")
                .and_then(|mut s| s.execute((action.0, journal.action.0)))
                .doing("writing the journal")?;
        }
        Ok(journal)
    }

    fn start(
        conn: &'c Connection,
        stamp: &Stamp,
        kind: &str,
        what: &str,
        undoes: Option<ActionId>,
    ) -> Result<Self, StoreError> {
        conn.prepare_cached(
            "INSERT INTO action(at, who, place, session, kind, what, state, undoes)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, 'running', ?7)",
        )
        .and_then(|mut s| {
            s.execute((
                stamp.at_text(),
                &stamp.who,
                stamp.place.code(),
                &stamp.session,
                kind,
                what,
                undoes.map(|a| a.0),
            ))
        })
        .doing("writing the journal")?;
        Ok(Self::resume(conn, ActionId(conn.last_insert_rowid())))
    }

    /// Goes on with an action that was begun in an earlier transaction.
    pub fn resume(conn: &'c Connection, action: ActionId) -> Self {
        Self {
            conn,
            action,
            touched: BTreeSet::new(),
            changes: 0,
            is_all_later: false,
        }
    }

    /// The action's number.
    pub fn action(&self) -> ActionId {
        self.action
    }

    /// The connection, for reading within the same transaction.
    pub fn conn(&self) -> &'c Connection {
        self.conn
    }

    fn entity(word: &str) -> Result<&'static Entity, StoreError> {
        Entity::by_word(word).ok_or_else(|| {
            StoreError::refused(
                format!("this file's journal names `{word}`, which this walkaway does not know"),
                "install the newest walkaway",
            )
        })
    }

    fn note(
        &mut self,
        entity: &Entity,
        id: i64,
        deal: Option<i64>,
        op: &str,
        fields: &Map<String, Json>,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO change(action, entity, entity_id, deal, op, fields)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .and_then(|mut s| {
                s.execute((
                    self.action.0,
                    entity.word,
                    id,
                    deal,
                    op,
                    Json::Object(fields.clone()).to_string(),
                ))
            })
            .doing("writing the journal")?;
        self.changes += 1;
        if let Some(deal) = deal {
            self.touched.insert(deal);
        }
        Ok(())
    }

    /// The number that the next new row gets.
    pub fn next_id(&self, word: &str) -> Result<i64, StoreError> {
        let entity = Self::entity(word)?;
        let ids = highest_ids(self.conn, entity.word, entity.table);
        let (known, now) = ids.doing("numbering a row")?;
        Ok(known.max(now) + 1)
    }

    /// Makes a row, under a number of its own or under `id`, and returns its number.
    pub fn insert(
        &mut self,
        word: &str,
        id: Option<i64>,
        fields: &[Field<'_>],
    ) -> Result<i64, StoreError> {
        let entity = Self::entity(word)?;
        let id = match id {
            Some(id) => Some(id),
            None => unused_id(self.conn, entity.word, entity.table).doing("numbering a row")?,
        };
        let mut columns = String::from("id");
        let mut marks = String::from("?1");
        let mut values = vec![id.map_or(Sql::Null, Sql::Integer)];
        let mut map = Map::new();
        for (field, value) in fields {
            let Some(column) = entity.column(field) else {
                return Err(unknown_field(word, field));
            };
            if value.is_null() {
                continue;
            }
            columns.push_str(", ");
            columns.push_str(column);
            values.push(to_sql(value));
            marks.push_str(", ?");
            marks.push_str(&values.len().to_string());
            if entity.hidden.contains(field) {
                continue;
            }
            map.insert(
                (*field).to_owned(),
                Json::Array(vec![Json::Null, value.clone()]),
            );
        }
        let sql = format!("INSERT INTO {}({columns}) VALUES({marks})", entity.table);
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.execute(params_from_iter(values)))
            .doing("writing")?;
        let id = self.conn.last_insert_rowid();
        let deal = deal_of(entity, id, &map);
        self.note(entity, id, deal, "insert", &map)?;
        Ok(id)
    }

    /// Reads a whole row in the journal's words; `None` where there is none.
    fn read(&self, entity: &Entity, id: i64) -> Result<Option<Map<String, Json>>, StoreError> {
        let columns: Vec<&str> = entity.fields.iter().map(|(_, column)| *column).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE id = ?1",
            columns.join(", "),
            entity.table
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_row([id], |row| {
                    let mut map = Map::new();
                    for (index, (field, _)) in entity.fields.iter().enumerate() {
                        map.insert((*field).to_owned(), to_json(row.get_ref(index)?));
                    }
                    Ok(map)
                })
                .optional()
            })
            .doing("reading what is to change")
    }

    /// Changes fields of a row; fields that have the value already are left out.
    ///
    /// Returns whether anything changed.
    pub fn update(
        &mut self,
        word: &str,
        id: i64,
        fields: &[Field<'_>],
    ) -> Result<bool, StoreError> {
        let entity = Self::entity(word)?;
        let Some(row) = self.read(entity, id)? else {
            return Err(StoreError::refused(
                format!("the {word} number {id} is gone"),
                "somebody else removed it; look again",
            ));
        };
        let mut map = Map::new();
        for (field, value) in fields {
            let Some(old) = row.get(*field) else {
                return Err(unknown_field(word, field));
            };
            if !same(old, value) {
                map.insert(
                    (*field).to_owned(),
                    Json::Array(vec![old.clone(), value.clone()]),
                );
            }
        }
        if map.is_empty() {
            return Ok(false);
        }
        self.write(entity, id, &map, 1)?;
        map.retain(|field, _| !entity.hidden.contains(&field.as_str()));
        let deal = if entity.word == "deal" {
            Some(id)
        } else {
            row.get("deal").and_then(Json::as_i64)
        };
        self.note(entity, id, deal, "update", &map)?;
        Ok(true)
    }

    /// Writes the old (`side` 0) or new (`side` 1) values of a change.
    fn write(
        &self,
        entity: &Entity,
        id: i64,
        map: &Map<String, Json>,
        side: usize,
    ) -> Result<(), StoreError> {
        let mut sets = Vec::new();
        let mut values = vec![Sql::Integer(id)];
        for (field, pair) in map {
            let column = entity
                .column(field)
                .ok_or_else(|| unknown_field(entity.word, field))?;
            values.push(to_sql(&pair[side]));
            sets.push(format!("{column} = ?{}", values.len()));
        }
        let sql = format!(
            "UPDATE {} SET {} WHERE id = ?1",
            entity.table,
            sets.join(", ")
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.execute(params_from_iter(values)))
            .doing("writing")?;
        Ok(())
    }

    /// Removes a row.
    pub fn delete(&mut self, word: &str, id: i64) -> Result<(), StoreError> {
        let entity = Self::entity(word)?;
        let Some(row) = self.read(entity, id)? else {
            return Ok(());
        };
        let map: Map<String, Json> = row
            .into_iter()
            .filter(|(field, old)| !old.is_null() && !entity.hidden.contains(&field.as_str()))
            .map(|(field, old)| (field, Json::Array(vec![old, Json::Null])))
            .collect();
        let deal = deal_of(entity, id, &map);
        self.remove(entity, id)?;
        self.note(entity, id, deal, "delete", &map)
    }

    fn remove(&self, entity: &Entity, id: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", entity.table))
            .and_then(|mut s| s.execute([id]))
            .doing("removing")?;
        Ok(())
    }

    /// Ends the action under its final name and returns the deals to evaluate again.
    pub fn finish(self, what: &str) -> Result<(ActionId, Vec<DealId>), StoreError> {
        self.conn
            .prepare_cached("UPDATE action SET what = ?2, state = 'done' WHERE id = ?1")
            .and_then(|mut s| s.execute((self.action.0, what)))
            .doing("writing the journal")?;
        Ok((self.action, self.touched.into_iter().map(DealId).collect()))
    }

    /// The deals that were touched so far.
    pub fn touched(&self) -> Vec<DealId> {
        self.touched.iter().copied().map(DealId).collect()
    }

    /// How many changes were noted so far.
    pub fn changes(&self) -> usize {
        self.changes
    }
}

/// Whether what an action did is in force: nothing took it back, or what did was taken back.
pub(super) fn stands(conn: &Connection, action: i64) -> rusqlite::Result<bool> {
    let mut of = conn.prepare_cached(
        "SELECT a.undone_by, u.undoes IS NULL FROM action a LEFT JOIN action u ON u.id = a.undone_by
         WHERE a.id = ?1",
    )?;
    let mut alone =
        conn.prepare_cached("SELECT max(id) FROM action WHERE undoes = ?1 AND id > ?1")?;
    let (mut action, mut is_it) = (action, true);
    loop {
        let (undone_by, with_others): (Option<i64>, bool) =
            of.query_row([action], |r| Ok((r.get(0)?, r.get(1)?)))?;
        // Only a later one undoes; a damaged file may say otherwise.
        let Some(mut undone_by) = undone_by.filter(|by| *by > action) else {
            return Ok(is_it);
        };
        if with_others {
            if stands(conn, undone_by)? {
                return Ok(!is_it);
            }
            // It may have been taken back before that on its own.
            match alone.query_row([action], |r| r.get(0))? {
                Some(before) => undone_by = before,
                None => return Ok(is_it),
            }
        }
        action = undone_by;
        is_it = !is_it;
    }
}

/// The last action, whatever became of it; everything that a person does is one.
pub(super) fn last(conn: &Connection) -> Result<ActionId, StoreError> {
    conn.prepare_cached("SELECT ifnull(max(id), 0) FROM action")
        .and_then(|mut s| s.query_row([], |r| r.get(0).map(ActionId)))
        .doing("reading the journal")
}

/// The highest number that a row of a table ever had by the journal, and the one that a row has
/// now; 0 for none.
fn highest_ids(conn: &Connection, word: &str, table: &str) -> rusqlite::Result<(i64, i64)> {
    let known = conn
        .prepare_cached("SELECT ifnull(max(entity_id), 0) FROM change WHERE entity = ?1")?
        .query_row([word], |r| r.get(0))?;
    let now = conn
        .prepare_cached(&format!("SELECT ifnull(max(id), 0) FROM {table}"))?
        .query_row([], |r| r.get(0))?;
    Ok((known, now))
}

/// The number for a new row where the one that SQLite would take was in use before: it is kept
/// for the row that had it, which may come back.
pub(super) fn unused_id(
    conn: &Connection,
    word: &str,
    table: &str,
) -> rusqlite::Result<Option<i64>> {
    let (known, now) = highest_ids(conn, word, table)?;
    Ok((known > now).then_some(known + 1))
}

fn unknown_field(word: &str, field: &str) -> StoreError {
    StoreError::refused(
        format!("this file's journal names `{word}.{field}`, which this walkaway does not know"),
        "install the newest walkaway",
    )
}

fn deal_of(entity: &Entity, id: i64, fields: &Map<String, Json>) -> Option<i64> {
    if entity.word == "deal" {
        return Some(id);
    }
    let pair = fields.get("deal")?;
    pair[1].as_i64().or_else(|| pair[0].as_i64())
}

fn swapped(fields: &Map<String, Json>) -> Map<String, Json> {
    fields
        .iter()
        .map(|(field, pair)| {
            (
                field.clone(),
                Json::Array(vec![pair[1].clone(), pair[0].clone()]),
            )
        })
        .collect()
}
