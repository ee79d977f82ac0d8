//! Fire, hold, continue, and what follows from them.

use chrono::NaiveDate;
use rusqlite::OptionalExtension;
use serde_json::{Value as Json, json};

use super::{Before, Work, json_block, json_line, line, required};
use crate::domain::act::{ContinueSheet, FireSheet, HoldSheet};
use crate::domain::deal::{Disposition, OutcomeKind, Status};
use crate::domain::defaults;
use crate::domain::eval::DealEval;
use crate::domain::ids::DealId;
use crate::domain::message::{About, MessageFacts, MessageKind};
use crate::domain::signal::Signal;
use crate::domain::verdict::Reason;
use crate::store::error::{Doing, StoreError};
use crate::store::eval;

type Wrote = Result<(String, Vec<DealId>), StoreError>;

/// Names one deal, or counts several.
pub(super) fn named(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        many => format!("{} deals", many.len()),
    }
}

impl Work<'_, '_> {
    /// Reads a deal that is about to be decided; refused where it cannot be.
    fn decidable(&self, deal: DealId) -> Result<(Before, DealEval), StoreError> {
        let before = self.before(deal)?;
        if before.status != Status::Open {
            return Err(StoreError::refused(
                format!("{} is {}", before.name, before.status.code()),
                "only open deals can be decided; `close DEAL open` opens it again",
            ));
        }
        if before.decision == "fired" {
            return Err(StoreError::refused(
                format!("{} is fired already", before.name),
                "reinstate it first, with the terms on which it came back",
            ));
        }
        let evaluated = eval::of(
            self.journal.conn(),
            self.store.judge(),
            deal,
            self.stamp.today,
        )?
        .ok_or_else(|| {
            StoreError::refused(format!("{} is not open", before.name), String::new())
        })?;
        Ok((before, evaluated))
    }

    /// Refuses an empty list and takes each deal once.
    pub(super) fn each(deals: &[DealId]) -> Result<Vec<DealId>, StoreError> {
        let mut once: Vec<DealId> = Vec::with_capacity(deals.len());
        for deal in deals {
            if !once.contains(deal) {
                once.push(*deal);
            }
        }
        if once.is_empty() {
            return Err(StoreError::refused(
                "no deal was named",
                "name at least one",
            ));
        }
        Ok(once)
    }

    fn formula(&self, deal: DealId, evaluated: &DealEval) -> Result<String, StoreError> {
        let close: Option<NaiveDate> = self
            .journal
            .conn()
            .query_row(
                "SELECT expected_close FROM deal WHERE id = ?1",
                [deal.0],
                |r| r.get(0),
            )
            .doing("reading the close date")?;
        let thresholds = self.store.judge().thresholds();
        Ok(defaults::hours_formula(
            evaluated,
            close,
            thresholds,
            self.stamp.today,
        ))
    }

    /// Puts the decision into the deal and returns the new decision's number.
    fn decided(
        &mut self,
        deal: DealId,
        kind: &str,
        evaluated: &DealEval,
        more: Vec<(&str, Json)>,
    ) -> Result<i64, StoreError> {
        let verdict = evaluated.verdict.map_or(Json::Null, |v| json!(v.code()));
        let unasked = i64::from(evaluated.core_total) - i64::from(evaluated.core_asked);
        let mut fields = vec![
            ("deal", json!(deal.0)),
            ("kind", json!(kind)),
            ("at", json!(self.stamp.at_text())),
            ("day", json!(self.stamp.today)),
            ("who", json!(self.stamp.who)),
            ("verdict", verdict.clone()),
            ("evidence", json!(evaluated.evidence)),
            ("core_unasked", json!(unasked)),
            (
                "dead_on_paper",
                json!(i64::from(evaluated.reasons.contains(&Reason::DeadOnPaper))),
            ),
        ];
        fields.extend(more);
        let id = self.journal.insert("decision", None, &fields)?;
        self.journal.update(
            "deal",
            deal.0,
            &[("decision", json!(kind)), ("seen_verdict", verdict)],
        )?;
        Ok(id)
    }

    fn open_tripwire(&self, deal: DealId) -> Result<Option<(i64, NaiveDate, i64)>, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id, due, moved FROM tripwire WHERE deal = ?1 AND state = 'set'
                 ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row([deal.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                    .optional()
            })
            .doing("reading the tripwire")
    }

    /// Settles the tripwire that waits, if any.
    fn settle_tripwire(
        &mut self,
        deal: DealId,
        state: &str,
        words: Json,
    ) -> Result<(), StoreError> {
        if let Some((id, ..)) = self.open_tripwire(deal)? {
            self.journal.update(
                "tripwire",
                id,
                &[
                    ("state", json!(state)),
                    ("words", words),
                    ("settled", json!(self.stamp.today)),
                ],
            )?;
        }
        Ok(())
    }

    /// Ends the hold that lasts, if any.
    fn end_hold(&mut self, deal: DealId, by: &str) -> Result<(), StoreError> {
        let open: Option<i64> = self
            .journal
            .conn()
            .prepare_cached("SELECT id FROM hold WHERE deal = ?1 AND ended IS NULL")
            .and_then(|mut s| s.query_row([deal.0], |r| r.get(0)).optional())
            .doing("reading the hold")?;
        if let Some(id) = open {
            self.journal.update(
                "hold",
                id,
                &[("ended", json!(self.stamp.today)), ("ended_by", json!(by))],
            )?;
        }
        Ok(())
    }

    /// Writes what is left to the deal itself: subject, mail, and what to say on the phone.
    fn closing_note(&self, deal: DealId, sheet: &FireSheet) -> Result<[String; 3], StoreError> {
        if let (Some(subject), Some(mail), Some(phone)) =
            (&sheet.subject, &sheet.mail, &sheet.phone)
        {
            return Ok([subject.clone(), mail.clone(), phone.clone()]);
        }
        let detail = self.store.detail(deal)?;
        let about = detail.as_ref().map(About::of).unwrap_or_default();
        let messages = self.store.judge().messages();
        let kind = sheet.note;
        let kind = kind.unwrap_or_else(|| MessageKind::farewell(sheet.to, about.is_silent));
        let facts = MessageFacts {
            whom: sheet.whom.as_deref(),
            until: sheet.until,
            ..about.facts(&self.stamp.who)
        };
        let language = sheet.language.as_deref();
        let own = messages.write(kind, language.unwrap_or(messages.preferred()), &facts);
        let given = |text: &Option<String>, own: String| text.clone().unwrap_or(own);
        Ok([
            given(&sheet.subject, own.subject),
            given(&sheet.mail, own.body),
            given(&sheet.phone, own.phone),
        ])
    }

    pub(super) fn fire(&mut self, deals: &[DealId], sheet: &FireSheet) -> Wrote {
        let deals = Self::each(deals)?;
        match sheet.to {
            Disposition::Regift if sheet.whom.as_deref().and_then(line).is_none() => {
                return Err(StoreError::refused(
                    "a prospect is re-gifted to somebody",
                    "name the competitor or partner: whom=NAME",
                ));
            }
            Disposition::Nurture if sheet.until.is_none() => {
                return Err(StoreError::refused(
                    "a nurtured prospect comes back on a date",
                    "name it: until=DAY",
                ));
            }
            Disposition::Nurture if sheet.until.is_some_and(|d| d <= self.stamp.today) => {
                return Err(StoreError::refused(
                    "the nurture date is not in the future",
                    "take a later day, such as +3m",
                ));
            }
            Disposition::WalkedAway | Disposition::Regift | Disposition::Nurture => {}
        }
        let mut names = Vec::with_capacity(deals.len());
        let mut back = 0.0;
        for deal in &deals {
            let (before, evaluated) = self.decidable(*deal)?;
            let reasons: Vec<String> = if let Some(reasons) = &sheet.reasons {
                reasons.iter().filter_map(|r| line(r)).collect()
            } else {
                let figures = |signal: &Signal| signal.words(self.stamp.today);
                let all = defaults::fire_reasons(self.bank(), &evaluated, figures);
                // Where nothing is ticked, what is not known is why.
                let none = all.iter().all(|(_, ticked)| !ticked);
                let of_it = all.into_iter().filter(|(_, ticked)| none || *ticked);
                of_it.map(|(reason, _)| reason).collect()
            };
            let [subject, mail, phone] = self.closing_note(*deal, sheet)?;
            let mail = json_block(Some(&mail));
            let subject = if mail.is_null() {
                Json::Null
            } else {
                json_line(Some(&subject))
            };
            let authority = match sheet.word.as_deref().and_then(line) {
                Some(word) => json!(word),
                None => self.authority(*deal)?,
            };
            let minutes = (evaluated.hours.at_stake * 60.0).round() as i64;
            back += minutes as f64 / 60.0;
            let passed = self
                .open_tripwire(*deal)?
                .is_some_and(|(_, due, _)| due <= self.stamp.today);
            self.settle_tripwire(*deal, if passed { "fired" } else { "moot" }, Json::Null)?;
            self.end_hold(*deal, "fired")?;
            let more = vec![
                (
                    "reasons",
                    json!(serde_json::to_string(&reasons).unwrap_or_default()),
                ),
                ("disposition", json!(sheet.to.code())),
                ("whom", json_line(sheet.whom.as_deref())),
                ("until", json!(sheet.until)),
                ("phone", json_block(Some(&phone))),
                ("subject", subject),
                ("mail", mail),
                ("authority", authority),
                ("walked_by", json!(sheet.walked_by.code())),
                ("comes_back_if", json_line(sheet.back_if.as_deref())),
                ("minutes_reclaimed", json!(minutes)),
                ("formula", json!(self.formula(*deal, &evaluated)?)),
            ];
            let decision = self.decided(*deal, "fired", &evaluated, more)?;
            self.ask_manager(*deal, decision)?;
            names.push(before.name);
        }
        self.hours_back = Some(back);
        Ok((format!("Fired {}", named(&names)), deals))
    }

    pub(super) fn hold(&mut self, deals: &[DealId], sheet: &HoldSheet) -> Wrote {
        let deals = Self::each(deals)?;
        if sheet.until <= self.stamp.today {
            return Err(StoreError::refused(
                "a hold ends on a day in the future",
                "take a later day, such as +4w",
            ));
        }
        let mut names = Vec::with_capacity(deals.len());
        for deal in &deals {
            let (before, evaluated) = self.decidable(*deal)?;
            let what = match &sheet.what {
                Some(what) => required(what, "what they must do first")?,
                None => defaults::hold_until(self.bank(), &evaluated),
            };
            self.settle_tripwire(*deal, "moot", Json::Null)?;
            self.end_hold(*deal, "held again")?;
            let why = json_block(sheet.why.as_deref());
            let decision = self.decided(*deal, "hold", &evaluated, vec![("why", why.clone())])?;
            self.journal.insert(
                "hold",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("decision", json!(decision)),
                    ("what", json!(what)),
                    ("until", json!(sheet.until)),
                    ("why", why),
                    ("starts", json!(self.stamp.today)),
                ],
            )?;
            names.push(before.name);
        }
        Ok((
            format!("On hold: {}, until {}", named(&names), sheet.until),
            deals,
        ))
    }

    pub(super) fn go_on(&mut self, deals: &[DealId], sheet: &ContinueSheet) -> Wrote {
        let deals = Self::each(deals)?;
        if sheet.by <= self.stamp.today {
            return Err(StoreError::refused(
                "a tripwire needs a day in the future",
                "take a later day, such as +2w",
            ));
        }
        let mut names = Vec::with_capacity(deals.len());
        for deal in &deals {
            let (before, evaluated) = self.decidable(*deal)?;
            let open = self.open_tripwire(*deal)?;
            if open.is_some_and(|(_, due, _)| due <= self.stamp.today) {
                return Err(StoreError::refused(
                    format!("the tripwire of {} has passed", before.name),
                    "say first that it happened, fire as promised, or keep going anyway",
                ));
            }
            let next = match &sheet.next {
                Some(next) => required(next, "the next step")?,
                None => defaults::next_step(self.bank(), &evaluated),
            };
            let sentence = if let Some(sentence) = &sheet.tripwire {
                required(sentence, "the tripwire")?
            } else {
                let by = sheet.by.to_string();
                defaults::tripwire(self.bank(), &evaluated).sentence(&by)
            };
            self.settle_tripwire(*deal, "moot", Json::Null)?;
            self.end_hold(*deal, "continued")?;
            let more = vec![
                ("hours_per_week", json!(sheet.hours)),
                ("senior", json_line(sheet.senior.as_deref())),
            ];
            let decision = self.decided(*deal, "continued", &evaluated, more)?;
            self.journal.insert(
                "tripwire",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("decision", json!(decision)),
                    ("sentence", json!(sentence)),
                    ("due", json!(sheet.by)),
                    ("at", json!(self.stamp.at_text())),
                    ("who", json!(self.stamp.who)),
                ],
            )?;
            let step = [
                ("next_step", json!(next)),
                ("next_step_due", json!(sheet.due)),
            ];
            self.set_fields(*deal, &before, &step)?;
            names.push(before.name);
        }
        Ok((format!("Continued {}", named(&names)), deals))
    }

    /// Reads the tripwire of an open deal; refused where there is none.
    fn tripwire_of(&self, deal: DealId) -> Result<(Before, i64, NaiveDate, i64), StoreError> {
        let before = self.before(deal)?;
        match self.open_tripwire(deal)? {
            Some((id, due, moved)) if before.status == Status::Open => Ok((before, id, due, moved)),
            Some(_) | None => Err(StoreError::refused(
                format!("{} has no tripwire that waits", before.name),
                "`continue` sets one",
            )),
        }
    }

    pub(super) fn happened(&mut self, deal: DealId, words: &str) -> Wrote {
        let (before, ..) = self.tripwire_of(deal)?;
        let words = required(words, "the evidence")?;
        self.settle_tripwire(deal, "happened", json!(words))?;
        self.journal
            .update("deal", deal.0, &[("decision", json!("undecided"))])?;
        Ok((format!("{}: it happened", before.name), vec![deal]))
    }

    pub(super) fn anyway(&mut self, deal: DealId, words: &str, due: NaiveDate) -> Wrote {
        let (before, id, was, moved) = self.tripwire_of(deal)?;
        let words = required(words, "the reason")?;
        if due <= self.stamp.today {
            return Err(StoreError::refused(
                "a tripwire needs a day in the future",
                "take a later day, such as +2w",
            ));
        }
        let (sentence, decision) = self.promised(id)?;
        self.settle_tripwire(deal, "anyway", json!(words))?;
        self.journal.insert(
            "tripwire",
            None,
            &[
                ("deal", json!(deal.0)),
                ("decision", json!(decision)),
                ("sentence", json!(for_day(&sentence, was, due))),
                ("due", json!(due)),
                ("moved", json!(moved + 1)),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
            ],
        )?;
        Ok((
            format!("{}: kept going anyway, until {due}", before.name),
            vec![deal],
        ))
    }

    /// The sentence of a tripwire and the decision that set it.
    fn promised(&self, tripwire: i64) -> Result<(String, Option<i64>), StoreError> {
        self.journal
            .conn()
            .query_row(
                "SELECT sentence, decision FROM tripwire WHERE id = ?1",
                [tripwire],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .doing("reading the tripwire")
    }

    pub(super) fn set_tripwire(
        &mut self,
        deal: DealId,
        sentence: Option<&str>,
        due: Option<NaiveDate>,
    ) -> Wrote {
        let before = self.before(deal)?;
        if before.decision != "continued" || before.status != Status::Open {
            return Err(StoreError::refused(
                format!("{} is not continued, so it has no tripwire", before.name),
                "continue it: that sets one",
            ));
        }
        if due.is_some_and(|d| d <= self.stamp.today) {
            return Err(StoreError::refused(
                "a tripwire needs a day in the future",
                "take a later day, such as +2w",
            ));
        }
        if let Some((id, old, moved)) = self.open_tripwire(deal)? {
            let mut fields = Vec::new();
            if let Some(sentence) = sentence {
                fields.push(("sentence", json!(required(sentence, "the tripwire")?)));
            } else if let Some(due) = due {
                let (said, _) = self.promised(id)?;
                fields.push(("sentence", json!(for_day(&said, old, due))));
            }
            if let Some(due) = due {
                fields.push(("due", json!(due)));
                if due != old {
                    fields.push(("moved", json!(moved + 1)));
                }
            }
            self.journal.update("tripwire", id, &fields)?;
        } else {
            let (Some(sentence), Some(due)) = (sentence, due) else {
                return Err(StoreError::refused(
                    "a new tripwire needs a sentence and a day",
                    "give both",
                ));
            };
            self.journal.insert(
                "tripwire",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("sentence", json!(required(sentence, "the tripwire")?)),
                    ("due", json!(due)),
                    ("at", json!(self.stamp.at_text())),
                    ("who", json!(self.stamp.who)),
                ],
            )?;
        }
        Ok((format!("{}: tripwire set", before.name), vec![deal]))
    }

    pub(super) fn reinstate(&mut self, deal: DealId, terms: &str) -> Wrote {
        let before = self.before(deal)?;
        if before.decision != "fired" {
            return Err(StoreError::refused(
                format!("{} is not fired", before.name),
                "only a fired prospect can be taken back",
            ));
        }
        let terms = json_block(Some(terms));
        if terms.is_null() {
            return Err(StoreError::refused(
                "the terms are empty",
                "say what is different now that they came back",
            ));
        }
        self.journal.insert(
            "decision",
            None,
            &[
                ("deal", json!(deal.0)),
                ("kind", json!("reinstated")),
                ("at", json!(self.stamp.at_text())),
                ("day", json!(self.stamp.today)),
                ("who", json!(self.stamp.who)),
                ("terms", terms),
            ],
        )?;
        self.journal.update(
            "deal",
            deal.0,
            &[
                ("decision", json!("undecided")),
                ("seen_verdict", Json::Null),
            ],
        )?;
        Ok((format!("Reinstated {}", before.name), vec![deal]))
    }

    pub(super) fn nurture(&mut self, deal: DealId, until: Option<NaiveDate>) -> Wrote {
        let before = self.before(deal)?;
        if before.decision != "fired" {
            return Err(StoreError::refused(
                format!("{} is not fired", before.name),
                "only fired prospects are nurtured",
            ));
        }
        if until.is_some_and(|d| d <= self.stamp.today) {
            return Err(StoreError::refused(
                "the nurture date is not in the future",
                "take a later day, such as +4w",
            ));
        }
        let (last, _) = self.firing(deal)?;
        // They made contact, and nothing came of that: it is on top for that no more.
        if self.is_back(deal)? {
            self.came(deal, last, OutcomeKind::CameBackUnchanged, None)?;
        }
        let to = if until.is_some() {
            "nurture"
        } else {
            "walked_away"
        };
        self.journal.update(
            "decision",
            last,
            &[("until", json!(until)), ("disposition", json!(to))],
        )?;
        let what = match until {
            Some(day) => format!("{}: later, on {day}", before.name),
            None => format!("{}: let go", before.name),
        };
        Ok((what, vec![deal]))
    }

    pub(super) fn close(
        &mut self,
        deals: &[DealId],
        status: Status,
        reason: Option<&str>,
    ) -> Wrote {
        let deals = Self::each(deals)?;
        let mut names = Vec::with_capacity(deals.len());
        for deal in &deals {
            let before = self.before(*deal)?;
            let mut fields = vec![("status", json!(status.code()))];
            match status {
                Status::Open => fields.push(("closed", Json::Null)),
                Status::Won | Status::Lost | Status::Removed => {
                    fields.push(("closed", json!(self.stamp.today)));
                    self.settle_tripwire(*deal, "moot", Json::Null)?;
                }
            }
            if let Some(reason) = reason.and_then(line) {
                fields.push(("lost_reason", json!(reason)));
            }
            if before.status != status {
                self.set_fields(*deal, &before, &fields)?;
            }
            names.push(before.name);
        }
        let verb = match status {
            Status::Open => "Opened again",
            Status::Won => "Won",
            Status::Lost => "Lost",
            Status::Removed => "Removed",
        };
        Ok((format!("{verb}: {}", named(&names)), deals))
    }
}

/// A tripwire's sentence for another day, where it has its day in the form in which days are kept.
fn for_day(sentence: &str, was: NaiveDate, due: NaiveDate) -> String {
    sentence.replace(&was.to_string(), &due.to_string())
}
