//! What hangs on deals and comes by file: touches, notes, contacts, and moves of their fields.
//!
//! Each row is compared with what stands, and what becomes of it is decided here, for an import
//! and for its preview alike; [`Intake`](super::Intake) then writes it.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, NaiveDate};
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value as Json, json};

use super::super::error::{Doing, StoreError};
use super::super::journal::{same, to_json};
use super::contacts::{change_contact, contact_of, loose_key};
use super::find::{Finder, Place};
use super::part::{
    IncomingContact, IncomingMove, IncomingNote, IncomingTouch, Part, PartFate, PartKind,
};
use super::seen::{Met, Seen};
use super::{Difference, Fate, Plan, hash, says};
use crate::domain::deal::Direction;
use crate::domain::ids::DealId;
use crate::domain::verdict::WorkingHours;

/// A day on which the deals are open that are open now.
const OPEN_NOW: NaiveDate = NaiveDate::from_ymd_opt(2300, 1, 1).expect("a day of the calendar");

/// Why a row without its deal is passed over.
const NO_DEAL: &str = "its deal is not in the pipeline";

/// The columns of a touch that an import may write, in the order of [`values`].
pub(super) const TOUCH_FIELDS: [&str; 15] = [
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

/// What a touch says of itself in those columns.
pub(super) fn values(
    touch: &IncomingTouch,
    deal: Option<DealId>,
    account: Option<&str>,
    after_hours: Option<bool>,
) -> [Json; 15] {
    let text = |t: Option<&str>| t.map_or(Json::Null, Json::from);
    let flag = |f: Option<bool>| f.map_or(Json::Null, |f| json!(i64::from(f)));
    [
        deal.map_or(Json::Null, |d| json!(d.0)),
        text(account),
        json!(touch.at),
        text(touch.direction.map(Direction::code)),
        json!(touch.channel.code()),
        touch.minutes.map_or(Json::Null, |m| json!(m)),
        text(touch.status),
        touch.words.map_or(Json::Null, |w| json!(w)),
        flag(touch.curt),
        text(touch.document.as_deref()),
        flag(touch.asks_info),
        after_hours.map_or(Json::Null, |a| json!(if a { "yes" } else { "no" })),
        text(touch.contacts.as_deref()),
        text(touch.people.as_deref()),
        text(touch.text.as_deref()),
    ]
}

/// What is to be written for a row.
#[derive(Debug)]
pub(super) enum Write {
    /// Nothing.
    Nothing,
    /// A touch for each deal, or one for none; those but the first cost nothing.
    Touch(Vec<NewTouch>),
    /// New values of a touch that stands.
    Change(i64, Vec<Difference>),
    /// A note to a deal.
    Note(DealId),
    /// A contact to each of these deals, or to an account.
    Contact(Vec<DealId>, Option<String>),
    /// New values of a contact that stands.
    ChangeContact(i64, Vec<Difference>),
    /// Moves of a deal.
    Moves(DealId, Vec<IncomingMove>),
}

/// A touch to be made.
#[derive(Debug)]
pub(super) struct NewTouch {
    pub external_id: String,
    pub values: [Json; 15],
}

/// A row with what becomes of it.
#[derive(Debug)]
pub(super) struct Decided {
    pub fate: PartFate,
    pub write: Write,
}

impl Decided {
    pub(super) fn nothing(deal: Option<DealId>, fate: Fate) -> Self {
        Self {
            fate: PartFate::Taken(deal, fate),
            write: Write::Nothing,
        }
    }

    fn skipped(why: &'static str) -> Self {
        Self {
            fate: PartFate::Skipped(why),
            write: Write::Nothing,
        }
    }

    fn new(deal: Option<DealId>, write: Write) -> Self {
        Self {
            fate: PartFate::Taken(deal, Fate::New),
            write,
        }
    }
}

/// The external id of a touch that stands under a further deal.
fn further(id: &str, deal: DealId) -> String {
    format!("{id}\u{1f}{deal}")
}

/// Decides what becomes of rows, one after the other.
#[derive(Debug)]
pub(super) struct Decider {
    pub finder: Finder,
    seen: Option<Seen>,
    /// The contacts of accounts that belong to no deal, by source and id.
    loose: Option<HashMap<u64, i64>>,
    /// Whether any touch was typed here.
    has_typed: Option<bool>,
    /// When we work; a touch outside of that is after hours.
    working: WorkingHours,
}

impl Decider {
    pub(super) fn new(working: WorkingHours) -> Self {
        Self {
            working,
            finder: Finder::default(),
            seen: None,
            loose: None,
            has_typed: None,
        }
    }

    fn seen(&mut self, key: impl Hash, said: impl Hash) -> Result<Met, StoreError> {
        if self.seen.is_none() {
            self.seen = Some(Seen::new()?);
        }
        let seen = self.seen.as_ref().expect("it was made just now");
        seen.note(hash(key), hash(said))
    }

    /// Decides one row.
    pub(super) fn decide(
        &mut self,
        conn: &Connection,
        plan: &Plan,
        part: &Part,
    ) -> Result<Decided, StoreError> {
        match &part.kind {
            PartKind::Touch(touch) => self.touch(conn, plan, part, touch),
            PartKind::Note(note) => self.note(conn, part, note),
            PartKind::Contact(contact) => self.contact(conn, part, contact),
            PartKind::Moves(moves) => self.moves(conn, part, moves),
        }
    }

    fn touch(
        &mut self,
        conn: &Connection,
        plan: &Plan,
        part: &Part,
        touch: &IncomingTouch,
    ) -> Result<Decided, StoreError> {
        let id = &touch.external_id;
        let said = format!("{touch:?}{:?}", part.belongs);
        let Place { deals, account } =
            self.finder
                .place(conn, &part.source, &part.belongs, touch.day)?;
        let main = deals.first().copied();
        match self.seen(("touch", &part.source, id), said)? {
            Met::First => {}
            Met::Again => return Ok(Decided::nothing(main, Fate::Same)),
            Met::Differs => {
                return Ok(Decided::nothing(
                    main,
                    Fate::Conflict {
                        kept: Vec::new(),
                        updated: Vec::new(),
                        why: "the same id stands twice in the file".into(),
                    },
                ));
            }
        }
        let after_hours = touch.local.map(|local| self.working.is_after_hours(local));
        let theirs = values(touch, main, account.as_deref(), after_hours);
        if let Some((row, ours, typed)) = standing(conn, &part.source, id)? {
            let mut fate = compare(conn, plan, row, &ours, &theirs, typed)?;
            let write = match &mut fate {
                Fate::Updated(updated) | Fate::Conflict { updated, .. } if !updated.is_empty() => {
                    Write::Change(row, updated.clone())
                }
                Fate::New | Fate::Updated(_) | Fate::Same | Fate::Conflict { .. } => Write::Nothing,
            };
            let deal = main.or_else(|| ours[0].as_i64().map(DealId));
            return Ok(Decided {
                fate: PartFate::Taken(deal, fate),
                write,
            });
        }
        if let Some(deal) = main
            && let Some((row, ours)) = self.typed_copy(conn, deal, touch)?
        {
            let mut updated = blanks(&ours, &theirs);
            for (field, value) in [("source", part.source.as_ref()), ("external_id", id)] {
                updated.push(Difference {
                    field,
                    ours: Json::Null,
                    theirs: json!(value),
                });
            }
            return Ok(Decided {
                fate: PartFate::Taken(main, Fate::Updated(updated.clone())),
                write: Write::Change(row, updated),
            });
        }
        let mut new = vec![NewTouch {
            external_id: id.clone(),
            values: theirs,
        }];
        for deal in deals.iter().skip(1) {
            let mut values = values(touch, Some(*deal), account.as_deref(), after_hours);
            // The hours were spent once.
            values[5] = json!(0);
            new.push(NewTouch {
                external_id: further(id, *deal),
                values,
            });
        }
        Ok(Decided::new(main, Write::Touch(new)))
    }

    /// The touch that somebody typed of the same deal, day and channel.
    fn typed_copy(
        &mut self,
        conn: &Connection,
        deal: DealId,
        touch: &IncomingTouch,
    ) -> Result<Option<(i64, Vec<Json>)>, StoreError> {
        if self.has_typed.is_none() {
            let any = conn
                .query_row(
                    "SELECT EXISTS(SELECT 1 FROM touch WHERE typed = 1)",
                    [],
                    |r| r.get(0),
                )
                .doing("looking for typed touches")?;
            self.has_typed = Some(any);
        }
        if self.has_typed == Some(false) {
            return Ok(None);
        }
        conn.prepare_cached(&format!(
            "SELECT id, {} FROM touch
             WHERE deal = ?1 AND at >= ?2 AND at < ?2 || '~' AND channel = ?3
               AND typed = 1 AND external_id IS NULL
             ORDER BY id LIMIT 1",
            TOUCH_FIELDS.join(", ")
        ))
        .and_then(|mut s| {
            s.query_row((deal.0, touch.day.to_string(), touch.channel.code()), |r| {
                Ok((r.get(0)?, row_values(r)?))
            })
            .optional()
        })
        .doing("looking for a typed touch")
    }

    fn note(
        &mut self,
        conn: &Connection,
        part: &Part,
        note: &IncomingNote,
    ) -> Result<Decided, StoreError> {
        let said = (&note.at, &note.text, &note.who);
        if self.seen(("note", &part.source, &part.belongs, said), 0)? != Met::First {
            return Ok(Decided::nothing(None, Fate::Same));
        }
        let place = self
            .finder
            .place(conn, &part.source, &part.belongs, note.day)?;
        let Some(deal) = place.deals.first().copied() else {
            return Ok(Decided::skipped(NO_DEAL));
        };
        let stands: bool = conn
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM note WHERE deal = ?1 AND at = ?2 AND text = ?3)",
            )
            .and_then(|mut s| s.query_row((deal.0, &note.at, &note.text), |r| r.get(0)))
            .doing("looking for a note")?;
        Ok(if stands {
            Decided::nothing(Some(deal), Fate::Same)
        } else {
            Decided::new(Some(deal), Write::Note(deal))
        })
    }

    fn contact(
        &mut self,
        conn: &Connection,
        part: &Part,
        contact: &IncomingContact,
    ) -> Result<Decided, StoreError> {
        let key = (
            "contact",
            &part.source,
            &contact.external_id,
            &contact.name,
            &part.belongs,
        );
        let said = format!("{contact:?}");
        match self.seen(key, said)? {
            Met::First => {}
            Met::Again | Met::Differs => return Ok(Decided::nothing(None, Fate::Same)),
        }
        let place = self
            .finder
            .place(conn, &part.source, &part.belongs, OPEN_NOW)?;
        if place.deals.is_empty() {
            if !part.belongs.deals.is_empty() || part.belongs.deal_name.is_some() {
                return Ok(Decided::skipped(NO_DEAL));
            }
            let Some(account) = place.account else {
                return Ok(Decided::skipped("it belongs to no deal and no account"));
            };
            let loose = self.loose(conn)?;
            let known = loose.get(&loose_key(&part.source, contact)).copied();
            return match known {
                Some(row) => change_contact(conn, row, None, contact),
                None => Ok(Decided::new(
                    None,
                    Write::Contact(Vec::new(), Some(account)),
                )),
            };
        }
        let mut missing = Vec::new();
        let mut first = None;
        for deal in &place.deals {
            let here = (
                "at",
                deal.0,
                &part.source,
                &contact.external_id,
                &contact.name,
            );
            if self.seen(here, 0)? != Met::First {
                // An earlier row of this run brought them to this deal.
                continue;
            }
            match contact_of(conn, *deal, &part.source, contact)? {
                Some(row) => first = first.or(Some((row, *deal))),
                None => missing.push(*deal),
            }
        }
        match first {
            Some((row, deal)) if missing.is_empty() => {
                change_contact(conn, row, Some(deal), contact)
            }
            None if missing.is_empty() => {
                Ok(Decided::nothing(place.deals.first().copied(), Fate::Same))
            }
            Some(_) | None => Ok(Decided::new(
                missing.first().copied(),
                Write::Contact(missing, place.account),
            )),
        }
    }

    /// The contacts that belong to no deal; there is no index over them, so they are read once.
    fn loose(&mut self, conn: &Connection) -> Result<&HashMap<u64, i64>, StoreError> {
        if self.loose.is_none() {
            let mut loose = HashMap::new();
            let mut read = || -> rusqlite::Result<()> {
                let mut statement = conn.prepare(
                    "SELECT source, external_id, name, id FROM contact WHERE deal IS NULL",
                )?;
                let mut rows = statement.query([])?;
                while let Some(r) = rows.next()? {
                    let source: String = r.get(0)?;
                    let id: Option<String> = r.get(1)?;
                    let name: String = r.get(2)?;
                    loose.insert(hash((source, id, name)), r.get(3)?);
                }
                Ok(())
            };
            read().doing("reading the contacts")?;
            self.loose = Some(loose);
        }
        Ok(self.loose.as_ref().expect("it was made just now"))
    }

    fn moves(
        &mut self,
        conn: &Connection,
        part: &Part,
        moves: &[IncomingMove],
    ) -> Result<Decided, StoreError> {
        let day = moves.first().map_or(NaiveDate::MIN, |m| m.day);
        let place = self.finder.place(conn, &part.source, &part.belongs, day)?;
        let Some(deal) = place.deals.first().copied() else {
            return Ok(Decided::skipped(NO_DEAL));
        };
        let mut new = Vec::new();
        for one in moves {
            let is_known = knows_move(conn, deal, one)?;
            let key = ("move", &part.source, &part.belongs, one);
            if !is_known && self.seen(key, 0)? == Met::First {
                new.push(one.clone());
            }
        }
        if new.is_empty() {
            return Ok(Decided::nothing(Some(deal), Fate::Same));
        }
        Ok(Decided::new(Some(deal), Write::Moves(deal, new)))
    }
}

/// Whether a move stands, as a history told it before.
fn knows_move(conn: &Connection, deal: DealId, one: &IncomingMove) -> Result<bool, StoreError> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM move WHERE deal = ?1 AND day = ?2 AND field = ?3
                       AND old IS ?4 AND new IS ?5)",
    )
    .and_then(|mut s| {
        s.query_row((deal.0, one.day, one.field, &one.old, &one.new), |r| {
            r.get(0)
        })
    })
    .doing("looking for a move")
}

fn row_values(r: &rusqlite::Row<'_>) -> rusqlite::Result<Vec<Json>> {
    (1..=TOUCH_FIELDS.len())
        .map(|i| r.get_ref(i).map(to_json))
        .collect()
}

/// The touch that stands under an id, and whether it was typed.
fn standing(
    conn: &Connection,
    source: &str,
    id: &str,
) -> Result<Option<(i64, Vec<Json>, bool)>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT id, {}, typed FROM touch WHERE source = ?1 AND external_id = ?2",
        TOUCH_FIELDS.join(", ")
    ))
    .and_then(|mut s| {
        s.query_row((source, id), |r| {
            Ok((r.get(0)?, row_values(r)?, r.get(TOUCH_FIELDS.len() + 1)?))
        })
        .optional()
    })
    .doing("looking up a touch")
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
