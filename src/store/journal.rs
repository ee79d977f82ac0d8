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
use rusqlite::{Connection, ErrorCode, OptionalExtension, params_from_iter};
use serde_json::{Map, Value as Json};

use super::error::{Doing, StoreError};
use super::vocabulary::Entity;
use crate::domain::ids::{ActionId, DealId};
use crate::domain::shown::Name;

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

    /// How many changes were noted so far.
    pub fn changes(&self) -> usize {
        self.changes
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
        for part in super::vocabulary::ENTITIES.iter().filter(|e| e.has_deal()) {
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

/// A change as the journal keeps it.
struct Noted {
    /// Its number; later is larger.
    seq: i64,
    action: i64,
    /// The action that was first done: what this one is, or takes back, or does again.
    root: i64,
    entity: String,
    id: i64,
    deal: Option<i64>,
    op: String,
    fields: Map<String, Json>,
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

/// An action of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; later is larger.
    pub id: ActionId,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// By whom.
    pub who: String,
    /// From where: `cockpit` or `command`.
    pub place: String,
    /// What kind: `answer`, `fire`, `import`, `undo`, ….
    pub kind: String,
    /// In words.
    pub what: String,
    /// `running`, `done`, `unchanged` (an import that changed nothing) or `taken_back`.
    pub state: String,
    /// The action that this one undid.
    pub undoes: Option<ActionId>,
    /// The action that undid this one; `None` while it stands.
    pub undone_by: Option<ActionId>,
}

const ENTRY_COLUMNS: &str =
    "a.id, a.at, a.who, a.place, a.kind, a.what, a.state, a.undoes, a.undone_by";

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: ActionId(row.get(0)?),
        at: row.get(1)?,
        who: row.get(2)?,
        place: row.get(3)?,
        kind: row.get(4)?,
        what: row.get(5)?,
        state: row.get(6)?,
        undoes: row.get::<_, Option<i64>>(7)?.map(ActionId),
        undone_by: row.get::<_, Option<i64>>(8)?.map(ActionId),
    })
}

/// Reads one action.
pub(crate) fn find(conn: &Connection, id: ActionId) -> Result<Option<Entry>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS} FROM action a WHERE a.id = ?1"
    ))
    .and_then(|mut s| s.query_row([id.0], entry).optional())
    .doing("reading the journal")
}

/// Reads actions, the latest first: of one deal or of all, those before `before`.
pub(crate) fn entries(
    conn: &Connection,
    deal: Option<DealId>,
    before: Option<ActionId>,
    since: Option<&str>,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let before = before.map_or(i64::MAX, |a| a.0);
    let since = since.unwrap_or("");
    let read = || -> rusqlite::Result<Vec<Entry>> {
        match deal {
            Some(deal) => conn
                .prepare_cached(&format!(
                    "SELECT {ENTRY_COLUMNS} FROM action a
                     WHERE a.id < ?2 AND a.at >= ?4 AND (
                       a.id IN (SELECT action FROM change WHERE deal = ?1)
                       OR a.id = (SELECT b.action FROM deal d JOIN import_batch b ON b.id = d.batch
                                  WHERE d.id = ?1))
                     ORDER BY a.id DESC LIMIT ?3"
                ))?
                .query_map((deal.0, before, limit, since), entry)?
                .collect(),
            None => conn
                .prepare_cached(&format!(
                    "SELECT {ENTRY_COLUMNS} FROM action a
                     WHERE a.id < ?1 AND a.at >= ?3 AND a.state <> 'unchanged'
                     ORDER BY a.id DESC LIMIT ?2"
                ))?
                .query_map((before, limit, since), entry)?
                .collect(),
        }
    };
    read().doing("reading the journal")
}

/// What one change of an action was, for showing it.
#[derive(Clone, Debug)]
pub struct ChangeView {
    /// The entity's word.
    pub entity: String,
    /// `insert`, `update` or `delete`.
    pub op: String,
    /// The deal it belongs to.
    pub deal: Option<DealId>,
    /// Each field's word with its old and new value.
    pub fields: Vec<(String, Json, Json)>,
}

/// Reads the changes of an action in the order in which they were made.
pub(crate) fn changes(conn: &Connection, action: ActionId) -> Result<Vec<ChangeView>, StoreError> {
    Ok(noted(conn, action)?
        .into_iter()
        .map(|c| ChangeView {
            entity: c.entity,
            op: c.op,
            deal: c.deal.map(DealId),
            fields: c
                .fields
                .into_iter()
                .map(|(f, pair)| (f, pair[0].clone(), pair[1].clone()))
                .collect(),
        })
        .collect())
}

/// What an action is about.
#[derive(Clone, Debug, Default)]
pub struct Concerned {
    /// The deal with its name, where all changes belong to one.
    pub deal: Option<(DealId, Name)>,
    /// How many changes it wrote; those of an import are the rows that it updated.
    pub changes: u64,
}

pub(crate) fn concerned(conn: &Connection, action: ActionId) -> Result<Concerned, StoreError> {
    let (changes, first, last): (i64, Option<i64>, Option<i64>) = conn
        .prepare_cached("SELECT count(*), min(deal), max(deal) FROM change WHERE action = ?1")
        .and_then(|mut s| s.query_row([action.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))))
        .doing("reading the journal")?;
    let only = first.filter(|_| first == last).map(DealId);
    let deal = match only {
        Some(deal) => super::detail::name_of(conn, deal)?.map(|name| (deal, name)),
        None => None,
    };
    Ok(Concerned {
        deal,
        changes: changes as u64,
    })
}

fn noted(conn: &Connection, action: ActionId) -> Result<Vec<Noted>, StoreError> {
    let read = || -> rusqlite::Result<Vec<Noted>> {
        let mut undoes = conn.prepare_cached("SELECT undoes FROM action WHERE id = ?1")?;
        let mut root = action.0;
        let mut of = |root: i64| undoes.query_row([root], |r| r.get::<_, Option<i64>>(0));
        // Only an earlier one can be undone; a damaged file may say otherwise.
        while let Some(before) = of(root).optional()?.flatten().filter(|id| *id < root) {
            root = before;
        }
        conn.prepare_cached(
            "SELECT action, entity, entity_id, deal, op, fields, id FROM change
             WHERE action = ?1 ORDER BY id",
        )?
        .query_map([action.0], |r| {
            let fields: String = r.get(5)?;
            Ok(Noted {
                seq: r.get(6)?,
                action: r.get(0)?,
                root,
                entity: r.get(1)?,
                id: r.get(2)?,
                deal: r.get(3)?,
                op: r.get(4)?,
                fields: well_formed(&fields),
            })
        })?
        .collect()
    };
    read().doing("reading the journal")
}

/// The fields of a change; a pair that is none, as a damaged file may hold, is left out.
fn well_formed(text: &str) -> Map<String, Json> {
    let Ok(Json::Object(map)) = serde_json::from_str(text) else {
        return Map::new();
    };
    map.into_iter()
        .filter(|(_, pair)| pair.as_array().is_some_and(|p| p.len() == 2))
        .collect()
}

/// The latest action of a person in a session that `u` takes back.
pub(crate) fn undoable(
    conn: &Connection,
    who: &str,
    session: &str,
) -> Result<Option<Entry>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS} FROM action a
         WHERE a.who = ?1 AND a.session = ?2 AND a.undone_by IS NULL AND a.state = 'done'
           AND a.kind NOT IN ('undo', 'import', 'review_end', 'review_turn')
         ORDER BY a.id DESC LIMIT 1"
    ))
    .and_then(|mut s| s.query_row((who, session), entry).optional())
    .doing("reading the journal")
}

/// The latest standing action of anybody but undos; of imports only, with `imports`.
pub(crate) fn latest(conn: &Connection, imports: bool) -> Result<Option<Entry>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS} FROM action a
         WHERE a.undone_by IS NULL AND a.state = 'done' AND a.kind <> 'undo'
           AND (NOT ?1 OR a.kind = 'import')
         ORDER BY a.id DESC LIMIT 1"
    ))
    .and_then(|mut s| s.query_row([imports], entry).optional())
    .doing("reading the journal")
}

/// All finished actions after one, the latest first, whether undone or not: taken back one
/// after the other they lead exactly to the state after that one.
pub(crate) fn after(conn: &Connection, action: ActionId) -> Result<Vec<Entry>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS} FROM action a WHERE a.id > ?1 AND a.state = 'done'
         ORDER BY a.id DESC"
    ))
    .and_then(|mut s| s.query_map([action.0], entry)?.collect())
    .doing("reading the journal")
}

/// The undo that redo takes back: the latest standing one of a person after which that person
/// did nothing new. With a session, only of that session.
pub(crate) fn redoable(
    conn: &Connection,
    who: &str,
    session: Option<&str>,
) -> Result<Option<Entry>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS} FROM action a
         WHERE a.who = ?1 AND (?2 IS NULL OR a.session = ?2) AND a.kind = 'undo'
           AND a.undone_by IS NULL AND a.state = 'done'
           AND NOT EXISTS(SELECT 1 FROM action n WHERE n.id > a.id AND n.who = a.who
                          AND n.kind NOT IN ('undo', 'redo', 'review_turn') AND n.state = 'done')
         ORDER BY a.id DESC LIMIT 1"
    ))
    .and_then(|mut s| s.query_row((who, session), entry).optional())
    .doing("reading the journal")
}

/// Takes back what still stands of an action that never finished, without a new action.
pub(crate) fn revert_standing(conn: &Connection, action: ActionId) -> Result<(), StoreError> {
    let mut journal = Journal::resume(conn, action);
    journal.reverse_standing(action).map(|_| ())
}
