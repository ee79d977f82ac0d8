//! Three ways compared: what stands, what was imported last, and what the file says now.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value as Json;

use super::super::error::{Doing, StoreError};
use super::super::journal::{same, to_json};
use super::row::{FIELDS, Incoming};
use super::{Difference, Fate, Plan};
use crate::domain::ids::DealId;

/// The source of a file of our own.
const OWN: &str = "walkaway";

/// What stands in the file for a row.
pub(super) enum Standing {
    /// No deal.
    None,
    /// A deal to which the row adds nothing, and of which nothing was changed here since.
    Same(DealId),
    /// A deal with its import fields.
    Other(DealId, Vec<Json>),
}

impl Standing {
    /// Looks up a row by its key, or its deal by the number that it is known to have.
    pub(super) fn of(
        conn: &Connection,
        row: &Incoming,
        known: Option<DealId>,
    ) -> Result<Self, StoreError> {
        let columns = FIELDS.join(", ");
        let read = |r: &Row<'_>| Self::read(r, row);
        let found = match known {
            Some(deal) => conn
                .prepare_cached(&format!(
                    "SELECT id, {columns}, {SHADOWED} FROM deal WHERE id = ?1"
                ))
                .and_then(|mut s| s.query_row([deal.0], read).optional()),
            None => conn
                .prepare_cached(&format!(
                    "SELECT id, {columns}, {SHADOWED} FROM deal WHERE source = ?1 AND key = ?2"
                ))
                .and_then(|mut s| s.query_row((&*row.source, &row.key), read).optional()),
        };
        Ok(found.doing("looking up a deal")?.unwrap_or(Self::None))
    }

    fn read(r: &Row<'_>, row: &Incoming) -> rusqlite::Result<Self> {
        let deal = DealId(r.get(0)?);
        let is_shadowed: bool = r.get(FIELDS.len() + 1)?;
        let mut is_same = !is_shadowed;
        for (at, cell) in row.told().iter().enumerate() {
            is_same = is_same && cell.adds_nothing_to(r.get_ref(at + 1)?);
        }
        if is_same {
            return Ok(Self::Same(deal));
        }
        let values: rusqlite::Result<Vec<Json>> = (1..=FIELDS.len())
            .map(|at| r.get_ref(at).map(to_json))
            .collect();
        Ok(Self::Other(deal, values?))
    }
}

/// Whether a person changed a deal since it was imported last.
const SHADOWED: &str = "EXISTS(SELECT 1 FROM imported_value v WHERE v.deal = deal.id)";

/// What the last import had said of the fields that a person changed since.
fn shadows(conn: &Connection, deal: DealId) -> Result<Vec<(i64, String, Json)>, StoreError> {
    let read = || -> rusqlite::Result<Vec<(i64, String, Json)>> {
        conn.prepare_cached("SELECT id, field, value FROM imported_value WHERE deal = ?1")?
            .query_map([deal.0], |r| {
                Ok((r.get(0)?, r.get(1)?, to_json(r.get_ref(2)?)))
            })?
            .collect()
    };
    read().doing("reading what was imported last")
}

/// Whether a shadow's text says the same as a value.
pub(super) fn says(shadow: &Json, value: &Json) -> bool {
    match (shadow, value) {
        (Json::String(s), Json::Number(n)) => s
            .parse::<f64>()
            .ok()
            .zip(n.as_f64())
            .is_some_and(|(a, b)| (a - b).abs() < 1e-9),
        _ => same(shadow, value),
    }
}

/// The comparison of one row with what stands.
pub(super) struct Compared {
    pub(super) deal: Option<DealId>,
    pub(super) fate: Fate,
    /// Shadows that are no longer needed because both sides agree, or theirs was taken.
    pub(super) settled: Vec<i64>,
}

impl Compared {
    fn plain(deal: Option<DealId>, fate: Fate) -> Self {
        Self {
            deal,
            fate,
            settled: Vec::new(),
        }
    }
}

/// The fate of a row whose id an earlier one had.
fn twice(kept: Vec<Difference>) -> Fate {
    Fate::Conflict {
        kept,
        updated: Vec::new(),
        why: "the same id stands twice in the file".into(),
    }
}

/// Says what becomes of a row, which is the first of its id in this run or not.
pub(super) fn compare(
    conn: &Connection,
    plan: &Plan,
    row: &Incoming,
    first: bool,
    standing: Standing,
) -> Result<Compared, StoreError> {
    let (deal, ours) = match standing {
        Standing::None if first => return Ok(Compared::plain(None, Fate::New)),
        Standing::None => return Ok(Compared::plain(None, twice(Vec::new()))),
        Standing::Same(deal) => return Ok(Compared::plain(Some(deal), Fate::Same)),
        Standing::Other(deal, ours) => (deal, ours),
    };
    let theirs = row.values();
    let shadows = shadows(conn, deal)?;
    let (mut kept, mut updated, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    for (index, field) in FIELDS.into_iter().enumerate() {
        let (ours, theirs) = (&ours[index], &theirs[index]);
        let shadow = shadows.iter().find(|(_, f, _)| f == field);
        if theirs.is_null() || same(ours, theirs) || row.is_start_of(field, ours, theirs) {
            // What we wrote ourselves is no word of the CRM.
            if let (Some((id, ..)), false) = (shadow, theirs.is_null() || plan.source == OWN) {
                settled.push(*id);
            }
            continue;
        }
        let difference = Difference {
            field,
            ours: ours.clone(),
            theirs: theirs.clone(),
        };
        match shadow {
            None => updated.push(difference),
            Some((_, _, last)) if says(last, theirs) => {}
            Some((id, ..)) if plan.take_theirs => {
                settled.push(*id);
                updated.push(difference);
            }
            Some(_) => kept.push(difference),
        }
    }
    let contradicts = |field: &str| updated.iter().any(|d| d.field == field);
    let fate = if contradicts("title") && contradicts("account") {
        kept.append(&mut updated);
        settled.clear();
        Fate::Conflict {
            kept,
            updated,
            why: "title and account differ: this id is another deal here".into(),
        }
    } else if !first && !updated.is_empty() {
        kept.append(&mut updated);
        settled.clear();
        twice(kept)
    } else if !kept.is_empty() {
        Fate::Conflict {
            kept,
            updated,
            why: "changed here and in the file".into(),
        }
    } else if updated.is_empty() {
        Fate::Same
    } else {
        Fate::Updated(updated)
    };
    Ok(Compared {
        deal: Some(deal),
        fate,
        settled,
    })
}
