//! Touches that come by file: what stands of them, how they are compared, and the writing.

use std::collections::HashMap;

use chrono::DateTime;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value as Json, json};

use super::super::error::{Doing, StoreError};
use super::super::journal::{same, to_json};
use super::compare::says;
use super::ids::Numbers;
use super::part::{IncomingTouch, PartFate};
use super::parts::{Decided, Write};
use super::{Difference, Fate, Plan};
use crate::domain::deal::Direction;
use crate::domain::ids::DealId;
use crate::domain::iso::IsoDay;

/// The columns of a touch that an import may write, in the order of [`NewTouch::values`].
const TOUCH_FIELDS: [&str; 15] = [
    "deal",
    "account",
    "at",
    "direction",
    "channel",
    "minutes",
    "status",
    "words",
    "curt",
    "document",
    "asks_info",
    "after_hours",
    "contacts",
    "people",
    "text",
];

/// Which touches there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stood {
    /// Whether some came by file.
    pub(super) imported: bool,
    /// Whether somebody typed some.
    pub(super) typed: bool,
}

impl Stood {
    pub(super) fn look(conn: &Connection) -> Result<Self, StoreError> {
        conn.query_row(
            "SELECT EXISTS(SELECT 1 FROM touch),
               EXISTS(SELECT 1 FROM touch WHERE typed = 1)",
            [],
            |r| {
                Ok(Self {
                    imported: r.get(0)?,
                    typed: r.get(1)?,
                })
            },
        )
        .doing("looking for touches")
    }
}

/// Where a touch goes, and what it says only there.
#[derive(Debug)]
pub(super) struct NewTouch {
    /// Its deals, the main one first; none for an orphan.
    pub(super) deals: Vec<DealId>,
    /// Its account.
    pub(super) account: Option<String>,
    /// Whether it was outside of our hours; none where nobody knows.
    pub(super) after_hours: Option<bool>,
}

impl NewTouch {
    /// What a touch says of itself in [`TOUCH_FIELDS`], under its main deal.
    pub(super) fn values(&self, touch: &IncomingTouch) -> [Json; 15] {
        let text = |t: Option<&str>| t.map_or(Json::Null, Json::from);
        let flag = |f: Option<bool>| f.map_or(Json::Null, |f| json!(i64::from(f)));
        let deal = self.deals.first();
        [
            deal.map_or(Json::Null, |d| json!(d.0)),
            text(self.account.as_deref()),
            json!(touch.at),
            text(touch.direction.map(Direction::code)),
            json!(touch.channel.code()),
            touch.minutes.map_or(Json::Null, |m| json!(m)),
            text(touch.status),
            touch.words.map_or(Json::Null, |w| json!(w)),
            flag(touch.curt),
            text(touch.document.as_deref()),
            flag(touch.asks_info),
            self.after_hours
                .map_or(Json::Null, |after| json!(told(after))),
            text(touch.contacts.as_deref()),
            text(touch.people.as_deref()),
            text(touch.text.as_deref()),
        ]
    }

    /// Writes a touch under each of its deals, or one under none.
    pub(super) fn write(
        &self,
        conn: &Connection,
        source: &str,
        touch: &IncomingTouch,
        numbers: &mut Numbers,
    ) -> Result<(), StoreError> {
        self.insert(
            conn,
            source,
            touch,
            numbers,
            self.deals.first().copied(),
            &touch.external_id,
        )?;
        for deal in self.deals.iter().skip(1) {
            let further = format!("{}\u{1f}{deal}", touch.external_id);
            self.insert(conn, source, touch, numbers, Some(*deal), &further)?;
        }
        Ok(())
    }

    fn insert(
        &self,
        conn: &Connection,
        source: &str,
        touch: &IncomingTouch,
        numbers: &mut Numbers,
        deal: Option<DealId>,
        id: &str,
    ) -> Result<(), StoreError> {
        // The hours were spent once, under the main deal.
        let minutes = if deal == self.deals.first().copied() {
            touch.minutes
        } else {
            Some(0)
        };
        // What the file does not tell has the column's own default.
        let made = conn
            .prepare_cached(INSERT)
            .and_then(|mut s| {
                s.execute(rusqlite::params![
                    source,
                    id,
                    numbers.batch.0,
                    deal.map(|deal| deal.0),
                    self.account,
                    touch.at,
                    touch.direction.map_or("out", Direction::code),
                    touch.channel.code(),
                    minutes,
                    touch.status.unwrap_or("held"),
                    touch.words,
                    touch.curt.unwrap_or(false),
                    touch.document,
                    touch.asks_info.unwrap_or(false),
                    self.after_hours.map_or("unknown", told),
                    touch.contacts,
                    touch.people,
                    touch.text,
                    numbers.of("touch"),
                ])
            })
            .doing("importing a touch")?;
        numbers.made("touch", made);
        Ok(())
    }
}

const INSERT: &str = "INSERT INTO touch(source, external_id, batch, deal, account, at, direction,
    channel, minutes, status, words, curt, document, asks_info, after_hours, contacts, people, text, id)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
  ON CONFLICT DO NOTHING";

/// The word for whether a touch was after hours.
fn told(after_hours: bool) -> &'static str {
    if after_hours { "yes" } else { "no" }
}

/// The touch that somebody typed of the same deal, day and channel.
pub(super) fn typed_copy(
    conn: &Connection,
    deal: DealId,
    touch: &IncomingTouch,
) -> Result<Option<(i64, Vec<Json>)>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT id, {} FROM touch
         WHERE deal = ?1 AND at >= ?2 AND at < ?2 || '~' AND channel = ?3
           AND typed = 1 AND external_id IS NULL
         ORDER BY id LIMIT 1",
        TOUCH_FIELDS.join(", ")
    ))
    .and_then(|mut s| {
        let day = IsoDay::of(touch.day);
        s.query_row((deal.0, day.as_str(), touch.channel.code()), |r| {
            Ok((r.get(0)?, row_values(r)?))
        })
        .optional()
    })
    .doing("looking for a typed touch")
}

/// What a typed touch learns from its imported copy: what nobody typed, and whose copy it is.
pub(super) fn joined(ours: &[Json], theirs: &[Json], source: &str, id: &str) -> Vec<Difference> {
    let mut updated = blanks(ours, theirs);
    for (field, value) in [("source", source), ("external_id", id)] {
        updated.push(Difference {
            field,
            ours: Json::Null,
            theirs: json!(value),
        });
    }
    updated
}

fn row_values(r: &rusqlite::Row<'_>) -> rusqlite::Result<Vec<Json>> {
    (1..=TOUCH_FIELDS.len())
        .map(|i| r.get_ref(i).map(to_json))
        .collect()
}

/// A touch that stands.
pub(super) struct Standing {
    row: i64,
    ours: Vec<Json>,
    typed: bool,
}

/// Finds the touch that stands under an id.
pub(super) fn standing(
    conn: &Connection,
    source: &str,
    id: &str,
) -> Result<Option<Standing>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT id, {}, typed FROM touch WHERE source = ?1 AND external_id = ?2",
        TOUCH_FIELDS.join(", ")
    ))
    .and_then(|mut s| {
        s.query_row((source, id), |r| {
            Ok(Standing {
                row: r.get(0)?,
                ours: row_values(r)?,
                typed: r.get(TOUCH_FIELDS.len() + 1)?,
            })
        })
        .optional()
    })
    .doing("looking up a touch")
}

impl Standing {
    /// Decides what becomes of the row of a file that tells of it.
    pub(super) fn judge(
        self,
        conn: &Connection,
        plan: &Plan,
        theirs: &[Json],
    ) -> Result<Decided, StoreError> {
        let fate = compare(conn, plan, self.row, &self.ours, theirs, self.typed)?;
        let write = match &fate {
            Fate::Updated(updated) | Fate::Conflict { updated, .. } if !updated.is_empty() => {
                Write::Change(self.row, updated.clone())
            }
            Fate::New | Fate::Updated(_) | Fate::Same | Fate::Conflict { .. } => Write::Nothing,
        };
        let deal = theirs[0].as_i64().or_else(|| self.ours[0].as_i64());
        Ok(Decided {
            fate: PartFate::Taken(deal.map(DealId), fate),
            write,
        })
    }
}

/// Whether two texts are one instant, told in two zones: the day that it was for people when it
/// came in stays.
fn is_same_instant(ours: &Json, theirs: &Json) -> bool {
    let read = |text: &Json| DateTime::parse_from_rfc3339(text.as_str()?).ok();
    read(ours).is_some_and(|ours| Some(ours) == read(theirs))
}

fn is_empty(field: &str, value: &Json) -> bool {
    value.is_null()
        || (field == "after_hours" && value == &json!("unknown"))
        || (matches!(field, "curt" | "asks_info") && value == &json!(0))
}

/// What a file knows and a typed touch does not.
fn blanks(ours: &[Json], theirs: &[Json]) -> Vec<Difference> {
    let mut filled = Vec::new();
    for (index, field) in TOUCH_FIELDS.into_iter().enumerate() {
        let (ours, theirs) = (&ours[index], &theirs[index]);
        // A day becomes the instant on it.
        let is_day = field == "at" && ours.as_str().is_some_and(|at| at.len() == 10);
        if (is_empty(field, ours) || is_day) && !theirs.is_null() && !same(ours, theirs) {
            filled.push(Difference {
                field,
                ours: ours.clone(),
                theirs: theirs.clone(),
            });
        }
    }
    filled
}

/// Compares an imported touch with what stands: what a person changed since stays.
fn compare(
    conn: &Connection,
    plan: &Plan,
    row: i64,
    ours: &[Json],
    theirs: &[Json],
    typed: bool,
) -> Result<Fate, StoreError> {
    if typed {
        let filled = blanks(ours, theirs);
        return Ok(if filled.is_empty() {
            Fate::Same
        } else {
            Fate::Updated(filled)
        });
    }
    let differs: Vec<usize> = (0..TOUCH_FIELDS.len())
        .filter(|i| !theirs[*i].is_null() && !same(&ours[*i], &theirs[*i]))
        .filter(|i| TOUCH_FIELDS[*i] != "at" || !is_same_instant(&ours[*i], &theirs[*i]))
        .collect();
    if differs.is_empty() {
        return Ok(Fate::Same);
    }
    let changed = changed_by_people(conn, row)?;
    let (mut kept, mut updated) = (Vec::new(), Vec::new());
    for index in differs {
        let field = TOUCH_FIELDS[index];
        let difference = Difference {
            field,
            ours: ours[index].clone(),
            theirs: theirs[index].clone(),
        };
        match changed.get(field) {
            None => updated.push(difference),
            Some(last) if says(last, &theirs[index]) => {}
            Some(_) if plan.take_theirs => updated.push(difference),
            Some(_) => kept.push(difference),
        }
    }
    Ok(if !kept.is_empty() {
        Fate::Conflict {
            kept,
            updated,
            why: "changed here and in the file".into(),
        }
    } else if updated.is_empty() {
        Fate::Same
    } else {
        Fate::Updated(updated)
    })
}

/// The fields of a touch that people changed, each with what the import had said.
fn changed_by_people(conn: &Connection, row: i64) -> Result<HashMap<String, Json>, StoreError> {
    let read = || -> rusqlite::Result<Vec<String>> {
        conn.prepare_cached(
            "SELECT c.fields FROM change c JOIN action a ON a.id = c.action
             WHERE c.entity = 'touch' AND c.entity_id = ?1 AND c.op = 'update'
               AND a.kind NOT IN ('import', 'undo', 'redo') AND a.undone_by IS NULL
             ORDER BY c.id DESC",
        )?
        .query_map([row], |r| r.get(0))?
        .collect()
    };
    let mut changed = HashMap::new();
    for text in read().doing("reading what was changed here")? {
        if let Ok(Json::Object(fields)) = serde_json::from_str(&text) {
            for (field, pair) in fields {
                // The oldest change stands last, and its old value is the import's.
                changed.insert(field, pair[0].clone());
            }
        }
    }
    Ok(changed)
}
