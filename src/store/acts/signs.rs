//! Sweep, signs, fresh eyes, and "I do not want this sale".

use rusqlite::OptionalExtension;
use serde_json::json;

use super::{Work, Wrote};
use crate::domain::answer::{AnswerKey, Grade, Value};
use crate::domain::deal::{FreshEyes, SweepWord};
use crate::domain::defaults::GLAD;
use crate::domain::ids::DealId;
use crate::domain::signs::{Sign, SignEffect};
use crate::store::error::{Doing, StoreError};

impl Work<'_, '_> {
    pub(super) fn sweep(&mut self, words: &[(DealId, SweepWord)]) -> Wrote {
        if words.is_empty() {
            return Err(StoreError::refused(
                "no deal was named",
                "name at least one",
            ));
        }
        let mut name = String::new();
        let mut deals = Vec::with_capacity(words.len());
        for (deal, word) in words {
            name = self.open(*deal)?.name;
            let current: Option<i64> = self
                .journal
                .conn()
                .prepare_cached("SELECT id FROM sweep WHERE deal = ?1 AND current = 1")
                .and_then(|mut s| s.query_row([deal.0], |r| r.get(0)).optional())
                .doing("reading the sweep")?;
            if let Some(row) = current {
                self.journal
                    .update("sweep", row, &[("current", json!(0))])?;
            }
            self.journal.insert(
                "sweep",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("word", json!(word.code())),
                    ("at", json!(self.stamp.at_text())),
                    ("who", json!(self.stamp.who)),
                    ("current", json!(1)),
                ],
            )?;
            deals.push(*deal);
        }
        let of = |word| words.iter().filter(|(_, w)| *w == word).count();
        let what = if let [(_, word)] = words {
            match word {
                SweepWord::Glad => format!("{name}: glad to call"),
                SweepWord::Dread => format!("{name}: a call to dread"),
                SweepWord::Unknown => format!("{name}: no idea about them"),
            }
        } else {
            format!(
                "Swept {} deals: {} glad, {} dread, {} no idea",
                words.len(),
                of(SweepWord::Glad),
                of(SweepWord::Dread),
                of(SweepWord::Unknown)
            )
        };
        Ok((what, deals))
    }

    pub(super) fn sign(&mut self, deal: DealId, sign: Sign, ticked: bool) -> Wrote {
        let before = self.open(deal)?;
        let row: Option<(i64, Option<i64>, Option<i64>)> = self
            .journal
            .conn()
            .query_row(
                "SELECT id, answer, before FROM sign WHERE deal = ?1 AND sign = ?2",
                (deal.0, sign.code()),
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()
            .doing("reading the signs")?;
        let words = sign.info().words;
        match (row, ticked) {
            (None, true) => self.tick(deal, sign)?,
            (Some((row, answer, earlier)), false) => self.untick(row, answer, earlier)?,
            (Some(_), true) | (None, false) => {}
        }
        let what = if ticked {
            format!("{}: they {words}", before.name)
        } else {
            format!("{}: not that they {words}", before.name)
        };
        Ok((what, vec![deal]))
    }

    fn tick(&mut self, deal: DealId, sign: Sign) -> Result<(), StoreError> {
        let mut fields = vec![
            ("deal", json!(deal.0)),
            ("sign", json!(sign.code())),
            ("at", json!(self.stamp.at_text())),
            ("who", json!(self.stamp.who)),
        ];
        let question = match sign.info().effect {
            SignEffect::Answers(topic) => {
                let bank = self.bank();
                bank.first_of(topic).map(|ix| bank[ix].id.clone())
            }
            SignEffect::Raises(_) => None,
        };
        if let Some(question) = question {
            let earlier = self.current_answer(deal, &question)?;
            if !earlier.is_some_and(|(_, answer)| answer.is_asked_no()) {
                self.answer(deal, &question, AnswerKey::No(Grade::Said), None)?;
                let new = self.current_answer(deal, &question)?.map(|(id, _)| id);
                fields.push(("answer", json!(new)));
                fields.push(("before", json!(earlier.map(|(id, _)| id))));
            }
        }
        self.journal.insert("sign", None, &fields)?;
        Ok(())
    }

    /// Takes a tick back, and its answer where nobody has answered otherwise since.
    fn untick(
        &mut self,
        row: i64,
        answer: Option<i64>,
        earlier: Option<i64>,
    ) -> Result<(), StoreError> {
        self.journal.delete("sign", row)?;
        let Some(answer) = answer else { return Ok(()) };
        let is_current: bool = self
            .journal
            .conn()
            .query_row(
                "SELECT EXISTS(SELECT 1 FROM answer WHERE id = ?1 AND current = 1)",
                [answer],
                |r| r.get(0),
            )
            .doing("reading the answer")?;
        if is_current {
            self.journal
                .update("answer", answer, &[("current", json!(0))])?;
            if let Some(earlier) = earlier {
                self.journal
                    .update("answer", earlier, &[("current", json!(1))])?;
            }
        }
        Ok(())
    }

    pub(super) fn fresh_eyes(&mut self, deal: DealId, answer: Option<FreshEyes>) -> Wrote {
        let before = self.open(deal)?;
        let what = if let Some(answer) = answer {
            self.journal.insert(
                "fresh_eyes",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("answer", json!(answer.code())),
                    ("at", json!(self.stamp.at_text())),
                    ("who", json!(self.stamp.who)),
                ],
            )?;
            match answer {
                FreshEyes::Yes => "we would take it today",
                FreshEyes::No => "we would not take it today",
                FreshEyes::Unknown => "hard to say whether we would take it today",
            }
        } else {
            let last: Option<i64> = self
                .journal
                .conn()
                .query_row(
                    "SELECT id FROM fresh_eyes WHERE deal = ?1 ORDER BY id DESC LIMIT 1",
                    [deal.0],
                    |r| r.get(0),
                )
                .optional()
                .doing("reading what fresh eyes said")?;
            if let Some(last) = last {
                self.journal.delete("fresh_eyes", last)?;
            }
            "fresh eyes said nothing"
        };
        let what = format!("{}: {what}", before.name);
        Ok((what, vec![deal]))
    }

    /// Says that one does not want the sale: a no of ours to the question whether it is a glad
    /// one, and a mark on the deal for banks without that question.
    pub(super) fn unwanted(&mut self, deal: DealId, unwanted: bool, words: Option<&str>) -> Wrote {
        let before = self.open(deal)?;
        self.journal
            .update("deal", deal.0, &[("wanted", json!(i64::from(!unwanted)))])?;
        if self.bank().find(GLAD).is_some() {
            let is_no = self
                .current_answer(deal, GLAD)?
                .is_some_and(|(_, a)| a.value == Value::No && a.grade == Grade::Said);
            if unwanted {
                self.answer_with(deal, GLAD, AnswerKey::No(Grade::Said), words, false)?;
            } else if is_no {
                self.answer(deal, GLAD, AnswerKey::Clear, None)?;
            }
        }
        let what = if unwanted {
            format!("{}: I do not want this sale", before.name)
        } else {
            format!("{}: wanted after all", before.name)
        };
        Ok((what, vec![deal]))
    }
}
