//! Touches that no CRM saw.

use rusqlite::OptionalExtension;
use serde_json::{Value as Json, json};

use super::{Before, Work, Wrote, json_block, json_line, line};
use crate::domain::act::TouchSheet;
use crate::domain::deal::{Direction, TouchStatus, names};
use crate::domain::ids::DealId;
use crate::store::error::{Doing, StoreError};
use crate::store::rows::all;

/// The most minutes of one touch: a workshop of several days is written down day by day.
const LONGEST: u32 = 24 * 60;

/// A typed touch that is to change.
struct Typed {
    deal: DealId,
    name: String,
    imported: bool,
}

impl Work<'_, '_> {
    /// Refuses a touch that cannot have been.
    fn check_touch(&self, touch: &TouchSheet) -> Result<(), StoreError> {
        let took_place = match touch.status {
            TouchStatus::Held | TouchStatus::NoShow => true,
            TouchStatus::Proposed | TouchStatus::Declined | TouchStatus::Moved => false,
        };
        if took_place && touch.day > self.stamp.today {
            return Err(StoreError::refused(
                format!("{} is in the future", touch.day),
                "a touch is written down when it has been; a next step or `proposed` lies ahead",
            ));
        }
        if touch.minutes.is_some_and(|m| m > LONGEST) {
            return Err(StoreError::refused(
                "a touch has at most 24 hours",
                "write down each day by itself",
            ));
        }
        Ok(())
    }

    /// The names of the known contacts of a deal.
    fn known_contacts(&self, deal: DealId) -> Result<Vec<String>, StoreError> {
        all(
            self.journal.conn(),
            "reading the contacts",
            "SELECT name FROM contact WHERE deal = ?1 ORDER BY id",
            &[&deal.0],
            |r| r.get(0),
        )
    }

    /// Names as they are known here; whoever is not known is said so.
    fn named_contacts(
        &mut self,
        deal: DealId,
        given: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let known = self.known_contacts(deal)?;
        let of_deal: Option<String> = self.row(
            "deal",
            "SELECT contact FROM deal WHERE id = ?1",
            deal.0,
            |r| r.get(0),
        )?;
        let mut named = Vec::with_capacity(given.len());
        for name in given.iter().filter_map(|name| line(name)) {
            let same = |other: &str| other.to_lowercase() == name.to_lowercase();
            let found = known.iter().chain(&of_deal).find(|n| same(n));
            if let Some(found) = found {
                named.push(found.clone());
            } else {
                self.left.push(format!(
                    "{name} is no known contact of this deal; `contact` adds them"
                ));
                named.push(name);
            }
        }
        Ok(named)
    }

    /// A touch as its columns keep it.
    fn touch_fields(
        touch: &TouchSheet,
        contacts: &[String],
        people: &[String],
    ) -> Vec<(&'static str, Json)> {
        let list = |of: &[String]| {
            let joined = names::join(of.iter().map(String::as_str));
            if joined.is_empty() {
                Json::Null
            } else {
                json!(joined)
            }
        };
        vec![
            ("at", json!(touch.day)),
            ("direction", json!(touch.direction.code())),
            ("channel", json!(touch.channel.code())),
            ("minutes", json!(touch.minutes)),
            ("status", json!(touch.status.code())),
            ("words", json!(touch.words)),
            ("curt", json!(i64::from(touch.is_curt()))),
            ("document", json_line(touch.document.as_deref())),
            ("asks_info", json!(i64::from(touch.asks_info))),
            ("after_hours", json!(touch.after_hours.code())),
            ("contacts", list(contacts)),
            ("people", list(people)),
            ("text", json_block(touch.text.as_deref())),
            ("typed", json!(1)),
        ]
    }

    /// The row that an import brought of the same touch, unless one was typed for it already.
    fn imported_copy(&self, deal: DealId, touch: &TouchSheet) -> Result<Option<i64>, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id FROM touch
                 WHERE deal = ?1 AND substr(at, 1, 10) = ?2 AND channel = ?3 AND direction = ?4
                   AND typed = 0 ORDER BY id LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row(
                    (
                        deal.0,
                        touch.day,
                        touch.channel.code(),
                        touch.direction.code(),
                    ),
                    |r| r.get(0),
                )
                .optional()
            })
            .doing("looking for the imported copy")
    }

    pub(super) fn touch(&mut self, deal: DealId, touch: &TouchSheet) -> Wrote {
        let before = self.before(deal)?;
        self.check_touch(touch)?;
        let contacts = self.named_contacts(deal, &touch.contacts)?;
        let mut people: Vec<String> = vec![self.stamp.who.clone()];
        for name in touch.people.iter().filter_map(|name| line(name)) {
            if !people.contains(&name) {
                people.push(name);
            }
        }
        let mut fields = Self::touch_fields(touch, &contacts, &people);
        if let Some(row) = self.imported_copy(deal, touch)? {
            // What the CRM knew stays; what only the person knew is added.
            fields.retain(|(word, value)| !value.is_null() && *word != "at");
            self.journal.update("touch", row, &fields)?;
            self.left
                .push("it is one with the touch that the import brought".to_owned());
        } else {
            fields.push(("deal", json!(deal.0)));
            fields.push(("source", json!("walkaway")));
            self.journal.insert("touch", None, &fields)?;
        }
        Ok((said(&before, touch), vec![deal]))
    }

    /// Reads a touch that was typed here; refused for what only the CRM knows.
    fn typed_touch(&self, touch: i64) -> Result<Typed, StoreError> {
        let (typed, is_typed) = self.row(
            "touch",
            "SELECT t.deal, coalesce(d.account, d.title), t.batch IS NOT NULL, t.typed
             FROM touch t JOIN deal d ON d.id = t.deal WHERE t.id = ?1",
            touch,
            |r| {
                let typed = Typed {
                    deal: DealId(r.get(0)?),
                    name: r.get(1)?,
                    imported: r.get(2)?,
                };
                Ok((typed, r.get::<_, bool>(3)?))
            },
        )?;
        if is_typed {
            return Ok(typed);
        }
        Err(StoreError::refused(
            format!("touch {touch} on {} came with an import", typed.name),
            "correct it in the CRM and import again",
        ))
    }

    pub(super) fn edit_touch(&mut self, id: i64, to: &TouchSheet) -> Wrote {
        let now = self.typed_touch(id)?;
        self.check_touch(to)?;
        let contacts = self.named_contacts(now.deal, &to.contacts)?;
        let fields = Self::touch_fields(to, &contacts, &to.people);
        self.journal.update("touch", id, &fields)?;
        Ok((format!("Corrected a touch on {}", now.name), vec![now.deal]))
    }

    pub(super) fn remove_touch(&mut self, id: i64) -> Wrote {
        let now = self.typed_touch(id)?;
        if now.imported {
            return Err(StoreError::refused(
                format!("touch {id} on {} is also in the CRM", now.name),
                "the next import would bring it back; correct it instead",
            ));
        }
        self.journal.delete("touch", id)?;
        Ok((format!("Removed a touch on {}", now.name), vec![now.deal]))
    }
}

/// A touch in a few words, as the journal and the toast say it.
fn said(before: &Before, touch: &TouchSheet) -> String {
    let who = match touch.direction {
        Direction::In => "they",
        Direction::Out => "we",
    };
    let what = touch.channel.code();
    let how = match touch.status {
        TouchStatus::Held => String::new(),
        TouchStatus::Proposed => ", proposed".to_owned(),
        TouchStatus::Declined => ", declined".to_owned(),
        TouchStatus::Moved => ", moved".to_owned(),
        TouchStatus::NoShow => ", nobody came".to_owned(),
    };
    format!("{}: {who}, {what}{how}, {}", before.name, touch.day)
}
