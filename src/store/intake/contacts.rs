//! The people of a deal: who of them stands already, and what a file tells anew of them.

use rusqlite::{Connection, OptionalExtension};
use serde_json::json;

use super::super::error::{Doing, StoreError};
use super::part::{IncomingContact, PartFate};
use super::parts::{Decided, Write};
use super::{Difference, Fate, hash};
use crate::domain::ids::DealId;

/// What tells one contact of no deal from another.
pub(super) fn loose_key(source: &str, contact: &IncomingContact) -> u64 {
    hash((source, &contact.external_id, &contact.name))
}

/// The contact of a deal that is this one: by id, else by name where one of both has none.
pub(super) fn contact_of(
    conn: &Connection,
    deal: DealId,
    source: &str,
    contact: &IncomingContact,
) -> Result<Option<i64>, StoreError> {
    conn.prepare_cached(
        "SELECT id FROM contact WHERE deal = ?1
           AND ((source = ?2 AND external_id = ?3)
             OR ((external_id IS NULL OR ?3 IS NULL) AND name = ?4 COLLATE NOCASE))
         ORDER BY external_id IS NULL LIMIT 1",
    )
    .and_then(|mut s| {
        s.query_row((deal.0, source, &contact.external_id, &contact.name), |r| {
            r.get(0)
        })
        .optional()
    })
    .doing("looking up a contact")
}

/// Compares a contact with what stands: blanks are filled, an imported one follows its file.
pub(super) fn change_contact(
    conn: &Connection,
    row: i64,
    deal: Option<DealId>,
    contact: &IncomingContact,
) -> Result<Decided, StoreError> {
    type Standing = (
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
        bool,
    );
    let (name, title, role, email, id, is_typed): Standing = conn
        .prepare_cached(
            "SELECT name, title, role, email, external_id,
               batch IS NULL OR EXISTS(
                 SELECT 1 FROM change c JOIN action a ON a.id = c.action
                 WHERE c.entity = 'contact' AND c.entity_id = contact.id
                   AND a.kind NOT IN ('import', 'undo', 'redo') AND a.undone_by IS NULL)
             FROM contact WHERE id = ?1",
        )
        .and_then(|mut s| {
            s.query_row([row], |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get(3)?,
                    r.get(4)?,
                    r.get(5)?,
                ))
            })
        })
        .doing("reading a contact")?;
    let fields = [
        ("name", Some(name), Some(contact.name.clone())),
        ("title", title, contact.title.clone()),
        ("role", role, contact.role.map(str::to_owned)),
        ("email", email, contact.email.clone()),
        ("external_id", id, contact.external_id.clone()),
    ];
    let updated: Vec<Difference> = fields
        .into_iter()
        .filter(|(_, ours, theirs)| theirs.is_some() && ours != theirs)
        .filter(|(_, ours, _)| ours.is_none() || !is_typed)
        .map(|(field, ours, theirs)| Difference {
            field,
            ours: json!(ours),
            theirs: json!(theirs),
        })
        .collect();
    Ok(if updated.is_empty() {
        Decided::nothing(deal, Fate::Same)
    } else {
        Decided {
            fate: PartFate::Taken(deal, Fate::Updated(updated.clone())),
            write: Write::ChangeContact(row, updated),
        }
    })
}
