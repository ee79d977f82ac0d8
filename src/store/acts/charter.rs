//! The manager's sentence, the charter, and what is above its ceiling.

use chrono::Duration;
use serde_json::{Value as Json, json};

use super::{Work, Wrote, json_line, line, required};
use crate::domain::act::CharterSheet;
use crate::domain::deal::PersonRole;
use crate::domain::ids::DealId;
use crate::domain::phase::Phase;
use crate::domain::review::{Ceiling, Charter, CharterReply, YOU_MAY_FIRE_THEM};
use crate::store::error::{Doing, StoreError};
use crate::store::review::{beyond, charter_now, in_force, may_fire, people, running};

/// Days within which a manager can overrule a firing above the ceiling.
const ANSWER_WITHIN: i64 = 7;

/// What a charter says where nobody wrote it otherwise.
const TEXT: &str = "You may fire a prospect on your own. A deal that was fired is not held \
                    against you: not in the forecast, not in a review, not in your pay talk.";

impl Work<'_, '_> {
    fn role(&self, name: &str) -> Result<Option<PersonRole>, StoreError> {
        let people = people(self.journal.conn())?;
        Ok(people.iter().find(|p| p.name == name).map(|p| p.role))
    }

    pub(super) fn may_fire(
        &mut self,
        deal: DealId,
        sentence: Option<&str>,
        who: Option<&str>,
    ) -> Wrote {
        let before = self.open(deal)?;
        let session = running(self.journal.conn(), &self.stamp.who)?;
        let manager = session.and_then(|session| session.manager);
        let who = who
            .and_then(line)
            .or(manager)
            .unwrap_or_else(|| self.stamp.who.clone());
        let has_manager = people(self.journal.conn())?
            .iter()
            .any(|person| person.role == PersonRole::Manager);
        if has_manager && self.role(&who)? != Some(PersonRole::Manager) {
            return Err(StoreError::refused(
                format!("{who} is no manager"),
                "the manager says it: in the 1:1, or with `--as NAME`",
            ));
        }
        let sentence = sentence
            .and_then(line)
            .unwrap_or_else(|| YOU_MAY_FIRE_THEM.to_owned());
        self.journal.insert(
            "may_fire",
            None,
            &[
                ("deal", json!(deal.0)),
                ("sentence", json!(sentence)),
                ("who", json!(who)),
                ("day", json!(self.stamp.today)),
                ("at", json!(self.stamp.at_text())),
            ],
        )?;
        Ok((format!("{}: {who}: “{sentence}”", before.name), vec![deal]))
    }

    /// On whose word a deal is fired where nobody says: the manager's sentence on it, else the
    /// charter, where it allows this one.
    pub(super) fn authority(&self, deal: DealId) -> Result<Json, StoreError> {
        let conn = self.journal.conn();
        if let Some(said) = may_fire(conn, deal)? {
            return Ok(json!(said.authority()));
        }
        let charter = in_force(conn, &self.stamp.who)?;
        if beyond(conn, charter.as_ref(), deal)?.is_some() {
            return Ok(Json::Null);
        }
        Ok(json!(charter.and_then(|charter| charter.authority())))
    }

    /// Asks the manager about a deal that was fired above the charter's ceiling. It stays fired
    /// unless it is overruled in time.
    pub(super) fn ask_manager(&mut self, deal: DealId, decision: i64) -> Result<(), StoreError> {
        let conn = self.journal.conn();
        let leads = self.role(&self.stamp.who)? == Some(PersonRole::Manager);
        if leads || may_fire(conn, deal)?.is_some() {
            return Ok(());
        }
        let charter = in_force(conn, &self.stamp.who)?;
        if beyond(conn, charter.as_ref(), deal)?.is_none() {
            return Ok(());
        }
        let due = self.stamp.today + Duration::days(ANSWER_WITHIN);
        self.journal.insert(
            "charter_request",
            None,
            &[
                ("deal", json!(deal.0)),
                ("decision", json!(decision)),
                ("due", json!(due)),
            ],
        )?;
        self.left.push(format!(
            "above the charter's ceiling: the manager can overrule it until {due}, else it stands"
        ));
        Ok(())
    }

    pub(super) fn sign_charter(&mut self, terms: Option<&CharterSheet>) -> Wrote {
        let now = charter_now(self.journal.conn())?;
        let mut next = now.clone().unwrap_or_else(|| Charter {
            text: TEXT.into(),
            ..Charter::default()
        });
        if let Some(terms) = terms {
            if let Some(text) = &terms.text {
                next.text = required(text, "the charter")?.into();
            }
            if let Some(ceilings) = &terms.ceilings {
                for (at, most) in ceilings.iter().enumerate() {
                    let again = ceilings[..at]
                        .iter()
                        .any(|one| one.currency == most.currency);
                    if again || most.minor < 0 {
                        return Err(StoreError::refused(
                            "there is one ceiling for each currency, of 0 or more",
                            "such as ceiling=\"50000 EUR, 60000 USD\"",
                        ));
                    }
                }
                next.ceilings = ceilings
                    .iter()
                    .map(|most| Ceiling { most: *most })
                    .collect();
            }
            if let Some(phases) = &terms.phases {
                next.phases.clone_from(phases);
            }
            if let Some(exceptions) = &terms.exceptions {
                next.exceptions = exceptions.iter().filter_map(|word| line(word)).collect();
            }
        }
        let same = now.as_ref().is_some_and(|now| {
            now.text == next.text
                && now.ceilings == next.ceilings
                && now.phases == next.phases
                && now.exceptions == next.exceptions
        });
        let me = (self.stamp.who.clone(), self.stamp.today);
        if !same {
            next.signed.clear();
        }
        let has_signed = next.signed.iter().any(|(name, _)| *name == me.0);
        if !has_signed {
            next.signed.push(me);
        }
        let signed: Vec<Json> = next
            .signed
            .iter()
            .map(|(name, day)| json!([name, day]))
            .collect();
        let signed = json!(Json::Array(signed).to_string());
        if let (true, Some(now)) = (same, &now) {
            self.journal.update(
                "charter",
                now.id,
                &[("signed_by", signed), ("signed", json!(next.day()))],
            )?;
        } else {
            if let Some(now) = &now {
                self.journal
                    .update("charter", now.id, &[("current", json!(0))])?;
            }
            let ceilings: Vec<Json> = next
                .ceilings
                .iter()
                .map(|one| {
                    json!([
                        one.most.minor,
                        one.most.currency.map(|c| c.as_str().to_owned())
                    ])
                })
                .collect();
            let phases: Vec<&str> = next
                .phases
                .iter()
                .map(|phase| Phase::code(*phase))
                .collect();
            self.journal.insert(
                "charter",
                None,
                &[
                    ("text", json!(next.text.expose_for_storage())),
                    ("ceilings", json!(Json::Array(ceilings).to_string())),
                    ("phases", json!(phases.join(" "))),
                    ("exceptions", json!(json!(next.exceptions).to_string())),
                    ("signed_by", signed),
                    ("signed", json!(next.day())),
                ],
            )?;
        }
        let holds = in_force(self.journal.conn(), &self.stamp.who)?.is_some();
        let what = if holds {
            format!("Charter signed by {}", self.stamp.who)
        } else {
            format!(
                "Charter signed by {}; the other signature is missing",
                self.stamp.who
            )
        };
        Ok((what, Vec::new()))
    }

    pub(super) fn answer_request(
        &mut self,
        deal: DealId,
        reply: CharterReply,
        reason: Option<&str>,
    ) -> Wrote {
        let before = self.before(deal)?;
        let found: Option<(i64, i64, chrono::NaiveDate, Option<String>)> = {
            use rusqlite::OptionalExtension as _;
            self.journal
                .conn()
                .prepare_cached(
                    "SELECT id, decision, due, reply FROM charter_request WHERE deal = ?1
                     ORDER BY id DESC LIMIT 1",
                )
                .and_then(|mut s| {
                    s.query_row([deal.0], |r| {
                        Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
                    })
                    .optional()
                })
                .doing("reading what is above the ceiling")?
        };
        let Some((id, _, due, None)) = found else {
            return Err(StoreError::refused(
                format!("nothing waits for an answer on {}", before.name),
                "`walkaway charter` lists what was fired above the ceiling",
            ));
        };
        // In a 1:1 it is the manager who speaks, whoever has the keyboard.
        let session = running(self.journal.conn(), &self.stamp.who)?;
        let who = session
            .and_then(|session| session.manager)
            .unwrap_or_else(|| self.stamp.who.clone());
        if self.role(&who)? != Some(PersonRole::Manager) {
            return Err(StoreError::refused(
                format!("{who} is no manager"),
                "the manager answers: `--as NAME`",
            ));
        }
        if self.stamp.today > due {
            return Err(StoreError::refused(
                format!("the firing of {} stands since {due}", before.name),
                "an overruling comes within its date; `reinstate` takes a prospect back with the \
                 terms on which it came back",
            ));
        }
        let fields = |reason: Json| {
            [
                ("reply", json!(reply.code())),
                ("reason", reason),
                ("replied", json!(self.stamp.today)),
                ("who", json!(who)),
            ]
        };
        match reply {
            CharterReply::Stands => {
                let fields = fields(json_line(reason));
                self.journal.update("charter_request", id, &fields)?;
                Ok((format!("{}: the firing stands", before.name), vec![deal]))
            }
            CharterReply::Overruled => {
                let reason = required(reason.unwrap_or_default(), "the reason")?;
                if before.decision != "fired" {
                    return Err(StoreError::refused(
                        format!("{} is not fired any more", before.name),
                        "there is nothing to overrule",
                    ));
                }
                let fields = fields(json!(reason));
                self.journal.update("charter_request", id, &fields)?;
                self.reinstate(deal, &format!("overruled: {reason}"))?;
                Ok((
                    format!("{}: overruled, open again", before.name),
                    vec![deal],
                ))
            }
        }
    }
}
