//! What the journal tells of actions, and which of them can be taken back or done again.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value as Json};

use super::super::detail;
use super::super::error::{Doing, StoreError};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::shown::Name;

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
        Some(deal) => detail::name_of(conn, deal)?.map(|name| (deal, name)),
        None => None,
    };
    Ok(Concerned {
        deal,
        changes: changes as u64,
    })
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

/// A change as the journal keeps it.
pub(super) struct Noted {
    /// Its number; later is larger.
    pub(super) seq: i64,
    pub(super) action: i64,
    /// The action that was first done: what this one is, or takes back, or does again.
    pub(super) root: i64,
    pub(super) entity: String,
    pub(super) id: i64,
    pub(super) deal: Option<i64>,
    pub(super) op: String,
    pub(super) fields: Map<String, Json>,
}

/// Reads the changes of an action, the first one first.
pub(super) fn noted(conn: &Connection, action: ActionId) -> Result<Vec<Noted>, StoreError> {
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
pub(super) fn well_formed(text: &str) -> Map<String, Json> {
    let Ok(Json::Object(map)) = serde_json::from_str(text) else {
        return Map::new();
    };
    map.into_iter()
        .filter(|(_, pair)| pair.as_array().is_some_and(|p| p.len() == 2))
        .collect()
}
