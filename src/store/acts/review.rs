//! Hands, the agenda, the table, and the end of a 1:1.

use serde_json::json;

use super::{Work, Wrote, json_line, line};
use crate::domain::deal::{PersonRole, Status};
use crate::domain::ids::DealId;
use crate::domain::review::{AgendaWhy, ItemState, Session};
use crate::store::error::{Doing, StoreError};
use crate::store::journal::instant;
use crate::store::review::{hands, kept, pair, people, propose, running};

/// The longest meeting, in minutes.
const LONGEST: u16 = 480;

fn check_time(minutes: u16, each: u16) -> Result<(), StoreError> {
    if !(1..=LONGEST).contains(&minutes) || !(1..=minutes).contains(&each) {
        return Err(StoreError::refused(
            format!("{minutes} minutes with {each} for a deal is no plan"),
            "a 1:1 takes 1 to 480 minutes, and a deal at most as long",
        ));
    }
    Ok(())
}

impl Work<'_, '_> {
    pub(super) fn raise_hand(&mut self, deal: DealId, note: Option<&str>) -> Wrote {
        let before = self.before(deal)?;
        let mine = hands(self.journal.conn(), Some(deal))?;
        let mine = mine
            .iter()
            .find(|hand| hand.who.as_ref() == Some(&self.stamp.who));
        if let Some(hand) = mine {
            self.journal
                .update("raised_hand", hand.id, &[("note", json_line(note))])?;
        } else {
            self.journal.insert(
                "raised_hand",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("note", json_line(note)),
                    ("at", json!(self.stamp.at_text())),
                    ("who", json!(self.stamp.who)),
                ],
            )?;
        }
        Ok((format!("{}: for the 1:1", before.name), vec![deal]))
    }

    pub(super) fn lower_hand(&mut self, deal: DealId) -> Wrote {
        let before = self.before(deal)?;
        for hand in hands(self.journal.conn(), Some(deal))? {
            self.journal
                .update("raised_hand", hand.id, &[("taken", json!(1))])?;
        }
        Ok((format!("{}: no hand is up", before.name), vec![deal]))
    }

    /// The 1:1 at which this person sits; refused where there is none.
    fn at_table(&self) -> Result<Session, StoreError> {
        running(self.journal.conn(), &self.stamp.who)?.ok_or_else(|| {
            StoreError::refused(
                format!("{} is in no 1:1", self.stamp.who),
                "`walkaway review start` begins one",
            )
        })
    }

    /// Makes sure that a person has a row, in this role where they are new.
    fn known(&mut self, name: &str, role: PersonRole) -> Result<(), StoreError> {
        let people = people(self.journal.conn())?;
        if people.iter().all(|person| person.name != name) {
            let fields = [("name", json!(name)), ("role", json!(role.code()))];
            self.journal.insert("person", None, &fields)?;
        }
        Ok(())
    }

    pub(super) fn start_review(&mut self, with: Option<&str>, minutes: u16, each: u16) -> Wrote {
        check_time(minutes, each)?;
        let with = with.and_then(line);
        if let Some(session) = running(self.journal.conn(), &self.stamp.who)? {
            return Err(StoreError::refused(
                format!("{} is in a 1:1 already", self.stamp.who),
                format!(
                    "it began at {}; `walkaway review end` closes it",
                    instant(session.started)
                ),
            ));
        }
        let (rep, manager) = pair(self.journal.conn(), &self.stamp.who, with.as_deref())?;
        self.known(&rep, PersonRole::Rep)?;
        if let Some(manager) = &manager {
            self.known(manager, PersonRole::Manager)?;
        }
        let review = self.journal.insert(
            "review",
            None,
            &[
                ("kind", json!("one_to_one")),
                ("started", json!(self.stamp.at_text())),
                ("rep", json!(rep)),
                ("manager", json!(manager)),
                ("plan", json!(minutes)),
                ("per_deal", json!(each)),
            ],
        )?;
        let proposed = propose(
            self.journal.conn(),
            self.store.judge(),
            self.stamp.today,
            &rep,
            manager.as_deref(),
        )?;
        for (place, (one, about)) in proposed.iter().enumerate() {
            self.journal.insert(
                "agenda_item",
                None,
                &[
                    ("review", json!(review)),
                    ("deal", json!(one.deal.0)),
                    ("place", json!(place + 1)),
                    ("why", json!(kept(&one.why))),
                    ("about", json!(about)),
                ],
            )?;
        }
        let who = match manager {
            Some(manager) => format!("{rep} and {manager}"),
            None => rep,
        };
        Ok((
            format!("1:1 of {who}: {} deals", proposed.len()),
            Vec::new(),
        ))
    }

    /// Finds an item of the agenda: its number, place and state.
    fn find_item(
        &self,
        session: &Session,
        deal: DealId,
    ) -> Result<Option<(i64, i64, String)>, StoreError> {
        use rusqlite::OptionalExtension as _;
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id, place, state FROM agenda_item WHERE review = ?1 AND deal = ?2",
            )
            .and_then(|mut s| {
                s.query_row((session.id, deal.0), |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?))
                })
                .optional()
            })
            .doing("reading the agenda")
    }

    /// Finds an item of the agenda, and puts the deal on it where it is not.
    fn item_or_new(&mut self, session: &Session, deal: DealId) -> Result<i64, StoreError> {
        if let Some((id, ..)) = self.find_item(session, deal)? {
            return Ok(id);
        }
        let last: i64 = self
            .journal
            .conn()
            .prepare_cached("SELECT coalesce(max(place), 0) FROM agenda_item WHERE review = ?1")
            .and_then(|mut s| s.query_row([session.id], |r| r.get(0)))
            .doing("reading the agenda")?;
        self.journal.insert(
            "agenda_item",
            None,
            &[
                ("review", json!(session.id)),
                ("deal", json!(deal.0)),
                ("place", json!(last + 1)),
                ("why", json!(AgendaWhy::Added.code())),
            ],
        )
    }

    /// Takes the deal from the table: its time is counted, and it was talked about.
    fn clear_table(&mut self, session: &Session) -> Result<(), StoreError> {
        let Some((deal, since)) = session.table else {
            return Ok(());
        };
        let Some((item, _, state)) = self.find_item(session, deal)? else {
            return Ok(());
        };
        let seconds: i64 = self
            .journal
            .conn()
            .prepare_cached("SELECT seconds FROM agenda_item WHERE id = ?1")
            .and_then(|mut s| s.query_row([item], |r| r.get(0)))
            .doing("reading the agenda")?;
        let more = (self.stamp.at - since).num_seconds().max(0);
        let mut fields = vec![("seconds", json!(seconds + more))];
        if state == ItemState::Open.code() {
            fields.push(("state", json!(ItemState::Done.code())));
        }
        self.journal.update("agenda_item", item, &fields)?;
        Ok(())
    }

    pub(super) fn turn_to(&mut self, deal: Option<DealId>) -> Wrote {
        let session = self.at_table()?;
        let what = match deal {
            Some(deal) => {
                let before = self.before(deal)?;
                if session.table.is_some_and(|(on, _)| on == deal) {
                    return Ok((format!("On the table: {}", before.name), vec![deal]));
                }
                format!("On the table: {}", before.name)
            }
            None => "Nothing on the table".to_owned(),
        };
        self.clear_table(&session)?;
        if let Some(deal) = deal {
            self.item_or_new(&session, deal)?;
        }
        self.journal.update(
            "review",
            session.id,
            &[
                ("on_table", json!(deal.map(|deal| deal.0))),
                ("table_since", json!(deal.map(|_| self.stamp.at_text()))),
            ],
        )?;
        Ok((what, deal.into_iter().collect()))
    }

    pub(super) fn item(&mut self, deal: DealId, state: ItemState) -> Wrote {
        let before = self.before(deal)?;
        let session = self.at_table()?;
        let item = self.item_or_new(&session, deal)?;
        self.journal
            .update("agenda_item", item, &[("state", json!(state.code()))])?;
        let words = match state {
            ItemState::Open => "still to be talked about",
            ItemState::Done => "talked about",
            ItemState::NextTime => "next time",
        };
        Ok((format!("{}: {words}", before.name), vec![deal]))
    }

    pub(super) fn add_item(&mut self, deal: DealId) -> Wrote {
        let before = self.before(deal)?;
        if before.status == Status::Removed {
            return Err(StoreError::refused(
                format!("{} is removed", before.name),
                "`close DEAL open` opens it again",
            ));
        }
        let session = self.at_table()?;
        self.item_or_new(&session, deal)?;
        Ok((format!("{}: on the agenda", before.name), vec![deal]))
    }

    pub(super) fn move_item(&mut self, deal: DealId, place: usize) -> Wrote {
        let before = self.before(deal)?;
        let session = self.at_table()?;
        let mut items: Vec<(i64, i64)> = {
            let mut statement = self
                .journal
                .conn()
                .prepare_cached(
                    "SELECT id, deal FROM agenda_item WHERE review = ?1 ORDER BY place, id",
                )
                .doing("reading the agenda")?;
            let rows = statement.query_map([session.id], |r| Ok((r.get(0)?, r.get(1)?)));
            rows.and_then(Iterator::collect)
                .doing("reading the agenda")?
        };
        let Some(at) = items.iter().position(|(_, of)| *of == deal.0) else {
            return Err(StoreError::refused(
                format!("{} is not on the agenda", before.name),
                "`walkaway review add DEAL` puts it there",
            ));
        };
        let item = items.remove(at);
        let to = place.clamp(1, items.len() + 1);
        items.insert(to - 1, item);
        for (at, (id, _)) in items.iter().enumerate() {
            self.journal
                .update("agenda_item", *id, &[("place", json!(at + 1))])?;
        }
        Ok((
            format!("{}: number {to} of the agenda", before.name),
            vec![deal],
        ))
    }

    pub(super) fn review_time(&mut self, minutes: u16, each: u16) -> Wrote {
        check_time(minutes, each)?;
        let session = self.at_table()?;
        let fields = [("plan", json!(minutes)), ("per_deal", json!(each))];
        self.journal.update("review", session.id, &fields)?;
        Ok((
            format!("1:1: {minutes} minutes, {each} for a deal"),
            Vec::new(),
        ))
    }

    pub(super) fn end_review(&mut self) -> Wrote {
        let session = self.at_table()?;
        self.clear_table(&session)?;
        let items: Vec<(i64, i64, String)> = {
            let mut statement = self
                .journal
                .conn()
                .prepare_cached(
                    "SELECT id, deal, state FROM agenda_item WHERE review = ?1
                     ORDER BY place, id",
                )
                .doing("reading the agenda")?;
            let rows = statement.query_map([session.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
            rows.and_then(Iterator::collect)
                .doing("reading the agenda")?
        };
        let (mut done, mut left) = (0, 0);
        for (id, deal, state) in items {
            if state == ItemState::Done.code() {
                done += 1;
                for hand in hands(self.journal.conn(), Some(DealId(deal)))? {
                    self.journal
                        .update("raised_hand", hand.id, &[("taken", json!(1))])?;
                }
            } else {
                left += 1;
                self.journal.update(
                    "agenda_item",
                    id,
                    &[("state", json!(ItemState::NextTime.code()))],
                )?;
            }
        }
        self.journal.update(
            "review",
            session.id,
            &[
                ("ended", json!(self.stamp.at_text())),
                ("on_table", serde_json::Value::Null),
                ("table_since", serde_json::Value::Null),
            ],
        )?;
        let next = match left {
            0 => String::new(),
            n => format!(", {n} next time"),
        };
        Ok((
            format!("1:1 closed: {done} deals talked about{next}"),
            Vec::new(),
        ))
    }
}
