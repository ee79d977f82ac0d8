//! What hangs on deals and comes by file: touches, notes, contacts, and moves of their fields.
//!
//! Each row is compared with what stands, and what becomes of it is decided here, for an import
//! and for its preview alike; [`Intake`](super::Intake) then writes it.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::super::error::{Doing, StoreError};
use super::contacts::{change_contact, contact_of, loose_key};
use super::find::{Finder, Place};
use super::part::{
    IncomingContact, IncomingMove, IncomingNote, IncomingTouch, Part, PartFate, PartKind,
};
use super::seen::Seen;
use super::touches::{self, NewTouch, Stood};
use super::{Difference, Fate, Plan, hash};
use crate::domain::ids::DealId;
use crate::domain::verdict::WorkingHours;

/// A day on which the deals are open that are open now.
const OPEN_NOW: NaiveDate = NaiveDate::from_ymd_opt(2300, 1, 1).expect("a day of the calendar");

/// Why a row without its deal is passed over.
const NO_DEAL: &str = "its deal is not in the pipeline";

/// Whether a row was met before in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// It was not.
    First,
    /// It was, and said the same.
    Again,
    /// It was, and said something else.
    Differs,
}

/// What is to be written for a row.
#[derive(Debug)]
pub(super) enum Write {
    /// Nothing.
    Nothing,
    /// A touch for each deal, or one for none.
    Touch(NewTouch),
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

/// Decides what becomes of rows, one after the other.
#[derive(Debug)]
pub(super) struct Decider {
    pub finder: Finder,
    seen: Seen,
    /// The contacts of accounts that belong to no deal, by source and id.
    loose: Option<HashMap<u64, i64>>,
    /// Which touches there were before this run.
    stood: Option<Stood>,
    /// When we work; a touch outside of that is after hours.
    working: WorkingHours,
}

impl Decider {
    pub(super) fn new(working: WorkingHours) -> Self {
        Self {
            working,
            finder: Finder::default(),
            seen: Seen::default(),
            loose: None,
            stood: None,
        }
    }

    /// Notes a row by what it is and what it says.
    fn seen(&mut self, key: impl Hash, said: impl Hash) -> Result<Met, StoreError> {
        let (key, said) = (hash(key), hash(said));
        Ok(match self.seen.get(key)? {
            Some(before) if before == said => Met::Again,
            Some(_) => Met::Differs,
            None => {
                self.seen.put(key, said)?;
                Met::First
            }
        })
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
        let Place { deals, account } =
            self.finder
                .place(conn, &part.source, &part.belongs, touch.day)?;
        let main = deals.first().copied();
        match self.seen(("touch", &*part.source, id), (touch, &part.belongs))? {
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
        let new = NewTouch {
            deals,
            account,
            after_hours,
        };
        let stood = self.stood(conn)?;
        if stood.imported
            && let Some(standing) = touches::standing(conn, &part.source, id)?
        {
            return standing.judge(conn, plan, &new.values(touch));
        }
        if stood.typed
            && let Some(deal) = main
            && let Some((row, ours)) = touches::typed_copy(conn, deal, touch)?
        {
            let updated = touches::joined(&ours, &new.values(touch), &part.source, id);
            return Ok(Decided {
                fate: PartFate::Taken(main, Fate::Updated(updated.clone())),
                write: Write::Change(row, updated),
            });
        }
        Ok(Decided::new(main, Write::Touch(new)))
    }

    /// Which touches there were before this run: where there were none, none is looked for.
    fn stood(&mut self, conn: &Connection) -> Result<Stood, StoreError> {
        if let Some(stood) = self.stood {
            return Ok(stood);
        }
        let stood = Stood::look(conn)?;
        Ok(*self.stood.insert(stood))
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
        match self.seen(key, contact)? {
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
