//! Asks: put on the week, put to a person, and what came back.

use chrono::{Duration, NaiveDate};
use rusqlite::OptionalExtension;
use serde_json::{Value as Json, json};

use super::{Work, Wrote, json_block, json_line};
use crate::domain::answer::AnswerKey;
use crate::domain::ids::DealId;
use crate::domain::signal::{Signal, SignalId};
use crate::store::error::{Doing, StoreError};
use crate::store::eval;

/// Days until an ask falls due when no date was given.
const ASK_DAYS: i64 = 7;

/// What the rules need to know of an ask.
struct AskNow {
    deal: DealId,
    name: String,
    bank: String,
    question: String,
    state: String,
}

impl Work<'_, '_> {
    pub(super) fn ask(
        &mut self,
        deal: DealId,
        question: Option<&str>,
        whom: Option<&str>,
        due: Option<NaiveDate>,
    ) -> Wrote {
        let before = self.before(deal)?;
        let evaluated = eval::of(
            self.journal.conn(),
            self.store.judge(),
            deal,
            self.stamp.today,
        )?;
        let bank = self.bank();
        let ix = match question {
            Some(id) => bank.find(id),
            None => evaluated.as_ref().and_then(|e| e.ask),
        };
        let Some(ix) = ix else {
            return Err(StoreError::refused(
                format!("there is nothing left to ask about {}", before.name),
                "name a question: `walkaway questions list` shows them",
            ));
        };
        let question = &bank.questions()[ix.at()];
        let signal = evaluated
            .as_ref()
            .and_then(|e| {
                e.signals
                    .iter()
                    .find(|s| s.red_topic() == Some(question.topic))
            })
            .map(|s| s.id.code());
        let (id, short) = (question.id.clone(), question.short.clone());
        let text = question
            .words_to_say(evaluated.as_ref().map_or(&[][..], |e| &e.signals))
            .to_owned();
        let bank_id = bank.id().to_owned();
        let due = due.unwrap_or(self.stamp.today + Duration::days(ASK_DAYS));
        // The same question asked again is the same ask, by another day.
        let waiting: Option<i64> = self
            .journal
            .conn()
            .query_row(
                "SELECT id FROM ask WHERE deal = ?1 AND bank = ?2 AND question = ?3
                   AND state IN ('open', 'no_reply', 'not_asked') ORDER BY id DESC LIMIT 1",
                (deal.0, &bank_id, &id),
                |r| r.get(0),
            )
            .optional()
            .doing("reading the asks")?;
        if let Some(ask) = waiting {
            let mut fields = vec![
                ("signal", json!(signal)),
                ("text", json!(text)),
                ("due", json!(due)),
                ("state", json!("open")),
            ];
            if whom.is_some() {
                fields.push(("contact", json_line(whom)));
            }
            self.journal.update("ask", ask, &fields)?;
        } else {
            self.journal.insert(
                "ask",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("bank", json!(bank_id)),
                    ("question", json!(id)),
                    ("signal", json!(signal)),
                    ("text", json!(text)),
                    ("contact", json_line(whom)),
                    ("due", json!(due)),
                    ("at", json!(self.stamp.at_text())),
                    ("who", json!(self.stamp.who)),
                ],
            )?;
        }
        Ok((
            format!("{}: will ask {short} by {due}", before.name),
            vec![deal],
        ))
    }

    /// Puts a signal's hard question on the week, under the first question of its topic. Only a
    /// red signal marks it: its silence is then a reason to fire.
    pub(super) fn ask_signal(
        &mut self,
        deal: DealId,
        signal: SignalId,
        whom: Option<&str>,
        due: Option<NaiveDate>,
    ) -> Wrote {
        let before = self.before(deal)?;
        let kind = signal.kind();
        let bank = self.bank();
        let question = kind.topic.and_then(|topic| bank.first_of(topic));
        let (Some(question), Some(text)) = (question, signal.to_them()) else {
            return Err(StoreError::refused(
                format!("`{}` has no question to put to anybody", kind.title),
                "it is settled by what one does: log a touch, hold the deal or fire it",
            ));
        };
        let evaluated = eval::of(
            self.journal.conn(),
            self.store.judge(),
            deal,
            self.stamp.today,
        )?;
        let is_red = evaluated.is_some_and(|e| {
            let mut of_it = e.signals.iter().filter(|s| s.id == signal);
            of_it.any(Signal::is_open_red)
        });
        let (question, bank) = (bank[question].id.clone(), bank.id().to_owned());
        let due = due.unwrap_or(self.stamp.today + Duration::days(ASK_DAYS));
        self.journal.insert(
            "ask",
            None,
            &[
                ("deal", json!(deal.0)),
                ("bank", json!(bank)),
                ("question", json!(question)),
                ("signal", json!(is_red.then(|| signal.code()))),
                ("text", json!(text)),
                ("contact", json_line(whom)),
                ("due", json!(due)),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
            ],
        )?;
        Ok((
            format!("{}: will ask about {} by {due}", before.name, kind.title),
            vec![deal],
        ))
    }

    /// Reads an ask that waits; refused where something came back already or it was dropped.
    fn waiting(&self, ask: i64) -> Result<AskNow, StoreError> {
        let now = self.row(
            "ask",
            "SELECT a.deal, coalesce(d.account, d.title), a.bank, a.question, a.state
             FROM ask a JOIN deal d ON d.id = a.deal WHERE a.id = ?1",
            ask,
            |r| {
                Ok(AskNow {
                    deal: DealId(r.get(0)?),
                    name: r.get(1)?,
                    bank: r.get(2)?,
                    question: r.get(3)?,
                    state: r.get(4)?,
                })
            },
        )?;
        match now.state.as_str() {
            "answered" => Err(StoreError::refused(
                format!("ask {ask} on {} is answered already", now.name),
                "answer the question itself, or undo the reply",
            )),
            "dropped" => Err(StoreError::refused(
                format!("ask {ask} on {} was dropped", now.name),
                "ask the question again",
            )),
            _ => Ok(now),
        }
    }

    fn short_of(&self, now: &AskNow) -> String {
        let bank = self.bank();
        match bank.find(&now.question) {
            Some(ix) if bank.id() == now.bank => bank[ix].short.clone(),
            Some(_) | None => now.question.clone(),
        }
    }

    fn change_ask(&mut self, ask: i64, fields: &[(&str, Json)], said: &str) -> Wrote {
        let now = self.waiting(ask)?;
        self.journal.update("ask", ask, fields)?;
        let short = self.short_of(&now);
        Ok((format!("{}: {short} {said}", now.name), vec![now.deal]))
    }

    pub(super) fn ask_put(&mut self, ask: i64) -> Wrote {
        self.change_ask(
            ask,
            &[("put", json!(1)), ("state", json!("open"))],
            "was put to them",
        )
    }

    pub(super) fn ask_reply(&mut self, ask: i64, key: AnswerKey, reply: Option<&str>) -> Wrote {
        let now = self.waiting(ask)?;
        if matches!(key, AnswerKey::StillSo | AnswerKey::Clear) {
            return Err(StoreError::refused(
                "this is no answer to an ask",
                "take 3 2 1 0 p n; `.` says that no reply came yet",
            ));
        }
        let words = json_block(reply);
        self.journal.update(
            "ask",
            ask,
            &[
                ("state", json!("answered")),
                ("put", json!(1)),
                ("reply", words),
                ("replied", json!(self.stamp.today)),
            ],
        )?;
        let is_ours = self.bank().id() == now.bank && self.bank().find(&now.question).is_some();
        if !is_ours {
            self.left.push(format!(
                "the reply is kept, but the question bank in force has no question `{}`",
                now.question
            ));
            let what = format!("{}: {} came back", now.name, now.question);
            return Ok((what, vec![now.deal]));
        }
        // Their literal words stand behind the answer, and do not make more of it than the key.
        self.answer_with(now.deal, &now.question, key, reply, false)
    }

    pub(super) fn ask_no_reply(&mut self, ask: i64) -> Wrote {
        self.change_ask(
            ask,
            &[("put", json!(1)), ("state", json!("no_reply"))],
            "no reply yet",
        )
    }

    pub(super) fn ask_not_asked(&mut self, ask: i64) -> Wrote {
        self.change_ask(
            ask,
            &[("put", json!(0)), ("state", json!("not_asked"))],
            "was not asked",
        )
    }

    pub(super) fn ask_drop(&mut self, ask: i64) -> Wrote {
        self.change_ask(ask, &[("state", json!("dropped"))], "is asked no more")
    }

    pub(super) fn ask_move(&mut self, ask: i64, due: NaiveDate) -> Wrote {
        if due < self.stamp.today {
            return Err(StoreError::refused(
                "an ask falls due today or later",
                "take a later day, such as fri or +1w",
            ));
        }
        self.change_ask(
            ask,
            &[("due", json!(due)), ("state", json!("open"))],
            &format!("by {due}"),
        )
    }
}
