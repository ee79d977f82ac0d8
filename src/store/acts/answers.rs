//! Answering questions, and notes.

use rusqlite::OptionalExtension;
use serde_json::json;

use super::{Work, Wrote, json_block};
use crate::domain::answer::{Answer, AnswerKey, Grade, Value};
use crate::domain::ids::DealId;
use crate::store::error::{Doing, StoreError};

impl Work<'_, '_> {
    pub(super) fn current_answer(
        &self,
        deal: DealId,
        question: &str,
    ) -> Result<Option<(i64, Answer)>, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id, value, grade, day FROM answer
                 WHERE deal = ?1 AND bank = ?2 AND question = ?3 AND current = 1",
            )
            .and_then(|mut s| {
                s.query_row((deal.0, self.bank().id(), question), |r| {
                    let value: String = r.get(1)?;
                    let grade: String = r.get(2)?;
                    Ok((
                        r.get(0)?,
                        Answer::new(
                            Value::from_code(&value).unwrap_or(Value::Unknown),
                            Grade::from_code(&grade).unwrap_or(Grade::Said),
                            r.get(3)?,
                        ),
                    ))
                })
                .optional()
            })
            .doing("reading the answer")
    }

    pub(super) fn answer(
        &mut self,
        deal: DealId,
        question: &str,
        key: AnswerKey,
        evidence: Option<&str>,
    ) -> Wrote {
        let wrote = self.answer_with(deal, question, key, evidence, true)?;
        let found = self.bank().find(question);
        if let Some(id) = found.map(|ix| self.bank()[ix].id.clone()) {
            let now = self.current_answer(deal, &id)?;
            self.settle_by_answer(deal, &id, now.map(|(_, answer)| answer))?;
        }
        Ok(wrote)
    }

    /// Answers a question; words only make it shown where they `lift` it.
    pub(super) fn answer_with(
        &mut self,
        deal: DealId,
        question: &str,
        key: AnswerKey,
        evidence: Option<&str>,
        lift: bool,
    ) -> Wrote {
        let before = self.before(deal)?;
        let bank = self.bank();
        let Some(ix) = bank.find(question) else {
            return Err(StoreError::refused(
                format!(
                    "the question bank `{}` has no question `{question}`",
                    bank.id()
                ),
                "`walkaway questions list` shows them",
            ));
        };
        let question = &bank.questions()[ix.at()];
        let (id, short) = (question.id.clone(), question.short.clone());
        let bank_id = bank.id().to_owned();
        let current = self.current_answer(deal, &id)?;
        let next = key
            .apply(
                current.map(|(_, a)| a),
                question.must.is_some(),
                self.stamp.today,
            )
            .map_err(|e| StoreError::refused(e.to_string(), ""))?;
        let evidence = json_block(evidence);
        let what = match next {
            None => format!("{}: {short} back to not asked", before.name),
            Some(a) => format!("{}: {short} {}", before.name, words(a)),
        };
        let unchanged = match (&current, &next) {
            (None, None) => true,
            (Some((_, old)), Some(new)) => old == new && evidence.is_null(),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if unchanged {
            return Ok((what, vec![deal]));
        }
        if let Some((row, _)) = current {
            self.journal
                .update("answer", row, &[("current", json!(0))])?;
        }
        if let Some(mut next) = next {
            let told = lift && matches!(next.grade, Grade::Hunch | Grade::Said);
            if !evidence.is_null() && told && matches!(next.value, Value::Yes | Value::No) {
                next.grade = Grade::Shown;
            }
            self.journal.insert(
                "answer",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("bank", json!(bank_id)),
                    ("question", json!(id)),
                    ("value", json!(next.value.code())),
                    ("grade", json!(next.grade.code())),
                    ("day", json!(next.as_of)),
                    ("evidence", evidence),
                    ("who", json!(self.stamp.who)),
                    ("at", json!(self.stamp.at_text())),
                    ("current", json!(1)),
                ],
            )?;
        }
        Ok((what, vec![deal]))
    }

    pub(super) fn note(&mut self, deal: DealId, text: &str) -> Wrote {
        let before = self.before(deal)?;
        let text = json_block(Some(text));
        if text.is_null() {
            return Err(StoreError::refused(
                "the note is empty",
                "write a few words",
            ));
        }
        self.journal.insert(
            "note",
            None,
            &[
                ("deal", json!(deal.0)),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
                ("text", text),
            ],
        )?;
        crate::store::search::mark(self.journal.conn(), deal)?;
        Ok((format!("Noted on {}", before.name), vec![deal]))
    }
}

/// An answer in a word or two, as the journal and the toast say it.
fn words(answer: Answer) -> String {
    let grade = match answer.grade {
        Grade::Hunch => "a hunch",
        Grade::Said if answer.value == Value::No => "asked",
        Grade::Said => "said",
        Grade::Shown => "shown",
        Grade::Record => "on record",
    };
    match answer.value {
        Value::Unknown => "unknown, asked".into(),
        Value::No => format!("no, {grade}"),
        Value::Partly => "partly".into(),
        Value::Yes => format!("yes, {grade}"),
        Value::NotApplicable => "does not apply".into(),
    }
}
