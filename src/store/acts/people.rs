//! Contacts at the prospect's, our own people, and who carries a deal.

use rusqlite::OptionalExtension;
use serde_json::{Value as Json, json};

use super::{Work, Wrote, json_line, line, required};
use crate::domain::act::{ContactSheet, HandoffSheet, PersonSheet};
use crate::domain::deal::{ContactRole, PersonRole};
use crate::domain::ids::DealId;
use crate::store::error::{Doing, StoreError};

/// The highest level of a contact: whoever leads the whole.
const TOP: u8 = 4;

fn contact_fields(sheet: &ContactSheet, name: &str) -> Vec<(&'static str, Json)> {
    vec![
        ("name", json!(name)),
        ("title", json_line(sheet.title.as_deref())),
        ("role", json!(sheet.role.map(ContactRole::code))),
        ("level", json!(sheet.level)),
        ("met", json!(sheet.met)),
        ("email", json_line(sheet.email.as_deref())),
    ]
}

impl Work<'_, '_> {
    fn check_contact(&self, sheet: &ContactSheet) -> Result<String, StoreError> {
        if sheet.level.is_some_and(|level| !(1..=TOP).contains(&level)) {
            return Err(StoreError::refused(
                "a level is 1 to 4",
                "1 works with it, 2 leads a team, 3 leads a part, 4 leads the whole",
            ));
        }
        if sheet.met.is_some_and(|day| day > self.stamp.today) {
            return Err(StoreError::refused(
                "the day on which we met is in the future",
                "a meeting to come is a next step",
            ));
        }
        required(&sheet.name, "the contact's name")
    }

    pub(super) fn contact(&mut self, deal: DealId, sheet: &ContactSheet) -> Wrote {
        let before = self.before(deal)?;
        let name = self.check_contact(sheet)?;
        let is_there: bool = self
            .journal
            .conn()
            .query_row(
                "SELECT EXISTS(SELECT 1 FROM contact WHERE deal = ?1 AND lower(name) = lower(?2))",
                (deal.0, &name),
                |r| r.get(0),
            )
            .doing("reading the contacts")?;
        if is_there {
            return Err(StoreError::refused(
                format!("{} has a contact {name} already", before.name),
                "change that one",
            ));
        }
        let mut fields = contact_fields(sheet, &name);
        fields.push(("deal", json!(deal.0)));
        fields.push(("source", json!("walkaway")));
        self.journal.insert("contact", None, &fields)?;
        crate::store::search::mark(self.journal.conn(), deal)?;
        Ok((format!("{}: contact {name}", before.name), vec![deal]))
    }

    fn contact_now(&self, id: i64) -> Result<(DealId, String, bool), StoreError> {
        self.row(
            "contact",
            "SELECT c.deal, c.name, c.batch IS NULL FROM contact c
             WHERE c.id = ?1 AND c.deal IS NOT NULL",
            id,
            |r| Ok((DealId(r.get(0)?), r.get(1)?, r.get(2)?)),
        )
    }

    pub(super) fn edit_contact(&mut self, id: i64, to: &ContactSheet) -> Wrote {
        let (deal, ..) = self.contact_now(id)?;
        let before = self.before(deal)?;
        let name = self.check_contact(to)?;
        self.journal
            .update("contact", id, &contact_fields(to, &name))?;
        crate::store::search::mark(self.journal.conn(), deal)?;
        Ok((format!("{}: contact {name}", before.name), vec![deal]))
    }

    pub(super) fn remove_contact(&mut self, id: i64) -> Wrote {
        let (deal, name, is_ours) = self.contact_now(id)?;
        let before = self.before(deal)?;
        if !is_ours {
            return Err(StoreError::refused(
                format!("{name} came with an import"),
                "the next one would bring them back; correct it in the CRM",
            ));
        }
        self.journal.delete("contact", id)?;
        crate::store::search::mark(self.journal.conn(), deal)?;
        Ok((format!("{}: no contact {name}", before.name), vec![deal]))
    }

    pub(super) fn hand_off(&mut self, deal: DealId, sheet: &HandoffSheet) -> Wrote {
        let before = self.open(deal)?;
        let to = required(&sheet.to, "who carries it now")?;
        if sheet.next_check.is_some_and(|day| day < self.stamp.today) {
            return Err(StoreError::refused(
                "the next check is in the past",
                "take a later day, such as +1w",
            ));
        }
        let from = sheet.from.as_deref().and_then(line);
        self.journal.insert(
            "handoff",
            None,
            &[
                ("deal", json!(deal.0)),
                ("giver", json!(from.as_ref().unwrap_or(&self.stamp.who))),
                ("taker", json!(to)),
                ("overseer", json_line(sheet.overseer.as_deref())),
                ("next_check", json!(sheet.next_check)),
                ("day", json!(self.stamp.today)),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
            ],
        )?;
        Ok((format!("{}: handed to {to}", before.name), vec![deal]))
    }

    pub(super) fn person(&mut self, name: &str, sheet: &PersonSheet) -> Wrote {
        let name = required(name, "the person's name")?;
        let row: Option<i64> = self
            .journal
            .conn()
            .query_row("SELECT id FROM person WHERE name = ?1", [&name], |r| {
                r.get(0)
            })
            .optional()
            .doing("reading the people")?;
        let mut fields = Vec::new();
        if let Some(role) = sheet.role {
            fields.push(("role", json!(role.code())));
        }
        if let Some(senior) = sheet.senior {
            fields.push(("senior", json!(i64::from(senior))));
        }
        if sheet.owner.is_some() {
            fields.push(("owner", json_line(sheet.owner.as_deref())));
        }
        if let Some(id) = row {
            self.journal.update("person", id, &fields)?;
        } else {
            fields.push(("name", json!(name)));
            if sheet.role.is_none() {
                fields.push(("role", json!(PersonRole::Rep.code())));
            }
            self.journal.insert("person", None, &fields)?;
        }
        let what = match (sheet.role, sheet.senior) {
            (_, Some(true)) => format!("{name} is senior"),
            (_, Some(false)) => format!("{name} is not senior"),
            (Some(role), None) => format!("{name} is a {}", role.code()),
            (None, None) => format!("{name} is one of us"),
        };
        Ok((what, Vec::new()))
    }
}
