//! Sealing, revealing, and settling what differs.

use serde_json::json;

use super::{Work, Wrote, json_block};
use crate::domain::answer::{Answer, AnswerKey, Grade, Value};
use crate::domain::ids::DealId;
use crate::domain::review::{Chosen, Pair, PairOf, Sealed, Spoken, Stand};
use crate::domain::shown::Free;
use crate::store::error::{Doing, StoreError};
use crate::store::eval;
use crate::store::review::{running, seals};

/// The key that answers what a person said; `None` where they said nothing of a question: silence
/// takes no answer away.
fn key(stand: &Stand) -> Option<AnswerKey> {
    match stand {
        Stand::Nothing | Stand::Verdict(_) => None,
        Stand::Answer { value, grade, .. } => Some(match value {
            Value::Unknown => AnswerKey::Unknown,
            Value::No => AnswerKey::No(*grade),
            Value::Partly => AnswerKey::Partly,
            Value::Yes => AnswerKey::Yes(*grade),
            Value::NotApplicable => AnswerKey::NotApplicable,
        }),
    }
}

fn evidence(stand: &Stand) -> Option<String> {
    match stand {
        Stand::Answer {
            evidence: Some(text),
            ..
        } => Some(text.expose_for_storage().to_owned()),
        Stand::Answer { evidence: None, .. } | Stand::Nothing | Stand::Verdict(_) => None,
    }
}

impl Work<'_, '_> {
    /// Writes the answers of one person, and returns how many questions they are.
    fn keep_sealed(
        &mut self,
        deal: DealId,
        person: &str,
        answers: &[Sealed],
        checked: bool,
    ) -> Result<usize, StoreError> {
        let mut questions = 0;
        let bank = self.bank().id().to_owned();
        for sealed in answers {
            if let PairOf::Question(id) = sealed.of() {
                let Some(ix) = self.bank().find(id) else {
                    return Err(StoreError::refused(
                        format!("the question bank `{bank}` has no question `{id}`"),
                        "`walkaway questions list` shows them",
                    ));
                };
                let (spoken, _) = sealed.open_for_reveal();
                let is_must = self.bank().questions()[ix.at()].must.is_some();
                if is_must && matches!(spoken, Spoken::Answer(Value::NotApplicable, _)) {
                    return Err(StoreError::refused(
                        "one of these questions applies to every deal",
                        "answer it with 0 1 2 3 p n or N",
                    ));
                }
                questions += 1;
            }
            let before: Vec<i64> = {
                let mut statement = self
                    .journal
                    .conn()
                    .prepare_cached(
                        "SELECT id FROM sealed_answer WHERE deal = ?1 AND person = ?2
                           AND bank = ?3 AND question = ?4 AND revealed IS NULL AND replaced = 0",
                    )
                    .doing("reading what is sealed")?;
                let with = (deal.0, person, &bank, sealed.of().code());
                let rows = statement.query_map(with, |r| r.get(0));
                rows.and_then(Iterator::collect)
                    .doing("reading what is sealed")?
            };
            for id in before {
                self.journal
                    .update("sealed_answer", id, &[("replaced", json!(1))])?;
            }
            let (spoken, evidence) = sealed.open_for_reveal();
            let (value, grade) = match spoken {
                Spoken::Answer(value, grade) => (value.code(), grade.code()),
                Spoken::Verdict(verdict) => (verdict.code(), PairOf::VERDICT),
            };
            self.journal.insert(
                "sealed_answer",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("person", json!(person)),
                    ("bank", json!(bank)),
                    ("question", json!(sealed.of().code())),
                    ("value", json!(value)),
                    ("grade", json!(grade)),
                    (
                        "evidence",
                        json_block(evidence.map(Free::expose_for_storage)),
                    ),
                    ("sealed", json!(self.stamp.at_text())),
                    ("checked", json!(i64::from(checked))),
                ],
            )?;
        }
        Ok(questions)
    }

    /// Whether an answer was revealed in the 1:1 that runs: both have seen it, and what is said
    /// after that is no longer unseen.
    fn is_seen(&self, deal: DealId, of: &PairOf) -> Result<bool, StoreError> {
        let conn = self.journal.conn();
        let Some(session) = running(conn, &self.stamp.who)? else {
            return Ok(false);
        };
        conn.prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM sealed_answer WHERE deal = ?1 AND bank = ?2
               AND question = ?3 AND replaced = 0 AND revealed IS NOT NULL AND review = ?4)",
        )
        .and_then(|mut s| {
            s.query_row((deal.0, self.bank().id(), of.code(), session.id), |r| {
                r.get(0)
            })
        })
        .doing("reading what was revealed")
    }

    fn core(&self) -> usize {
        self.bank().questions().iter().filter(|q| q.core).count()
    }

    pub(super) fn seal(&mut self, deal: DealId, person: Option<&str>, answers: &[Sealed]) -> Wrote {
        let before = self.open(deal)?;
        if answers.is_empty() {
            return Err(StoreError::refused(
                "there is nothing to seal",
                "answer at least one question, or say what you would do",
            ));
        }
        for sealed in answers {
            if self.is_seen(deal, sealed.of())? {
                let of = self.short(sealed.of());
                return Err(StoreError::refused(
                    format!("{}: {of} is revealed in this 1:1", before.name),
                    "change the answer, with evidence; a new 1:1 takes a new seal",
                ));
            }
        }
        let person = person.unwrap_or(&self.stamp.who).to_owned();
        self.keep_sealed(deal, &person, answers, false)?;
        Ok((self.sealed_words(deal, &before.name, &person)?, vec![deal]))
    }

    /// Says how many of the core questions a person has sealed, and nothing of what they say.
    fn sealed_words(&self, deal: DealId, name: &str, person: &str) -> Result<String, StoreError> {
        let sealed: i64 = self
            .journal
            .conn()
            .prepare_cached(
                "SELECT count(*) FROM sealed_answer WHERE deal = ?1 AND person = ?2
                   AND revealed IS NULL AND replaced = 0 AND question <> ?3",
            )
            .and_then(|mut s| s.query_row((deal.0, person, PairOf::VERDICT), |r| r.get(0)))
            .doing("counting what is sealed")?;
        Ok(format!(
            "{name}: {person} sealed {sealed} of {}",
            self.core()
        ))
    }

    /// Takes what another person sealed on their own machine, after it agreed with the
    /// commitment.
    pub(in crate::store) fn take_sealed(
        &mut self,
        deal: DealId,
        person: &str,
        answers: &[Sealed],
    ) -> Result<usize, StoreError> {
        self.keep_sealed(deal, person, answers, true)
    }

    pub(super) fn seal_standing(&mut self, deals: &[DealId]) -> Wrote {
        let mut words = Vec::new();
        let person = self.stamp.who.clone();
        for deal in deals {
            let before = self.open(*deal)?;
            let core: Vec<String> = self
                .bank()
                .questions()
                .iter()
                .filter(|q| q.core)
                .map(|q| q.id.clone())
                .collect();
            let mut answers = Vec::new();
            for question in core {
                if let Some((_, answer)) = self.current_answer(*deal, &question)?
                    && answer.grade != Grade::Record
                {
                    let spoken = Spoken::Answer(answer.value, answer.grade);
                    answers.push(Sealed::new(PairOf::Question(question), spoken, None));
                }
            }
            let evaluated = eval::of(
                self.journal.conn(),
                self.store.judge(),
                *deal,
                self.stamp.today,
            )?;
            if let Some(verdict) = evaluated.and_then(|e| e.verdict) {
                answers.push(Sealed::new(PairOf::Verdict, Spoken::Verdict(verdict), None));
            }
            let mut unseen = Vec::new();
            for sealed in answers {
                if !self.is_seen(*deal, sealed.of())? {
                    unseen.push(sealed);
                }
            }
            self.keep_sealed(*deal, &person, &unseen, false)?;
            words.push(self.sealed_words(*deal, &before.name, &person)?);
        }
        let what = match words.as_slice() {
            [one] => one.clone(),
            many => format!("{person} sealed {} deals", many.len()),
        };
        Ok((what, deals.to_vec()))
    }

    pub(super) fn reveal(&mut self, deal: DealId, all: bool) -> Wrote {
        let before = self.open(deal)?;
        let conn = self.journal.conn();
        let Some((rep, manager)) = seals::sides(conn, deal, &self.stamp.who)? else {
            return Err(StoreError::refused(
                format!("{}: not both have sealed their answers", before.name),
                "both seal first; then the answers are revealed together",
            ));
        };
        let review = running(conn, &self.stamp.who)?.map(|session| session.id);
        let judge = self.store.judge();
        let both = (rep.as_str(), manager.as_str());
        let mut pairs = seals::to_reveal(conn, judge, deal, both, (review, self.stamp.today))?;
        if pairs.is_empty() {
            return Err(StoreError::refused(
                format!("{}: all is revealed", before.name),
                "settle what differs, or seal again",
            ));
        }
        if !all {
            pairs.truncate(1);
        }
        let mut turn: i64 = conn
            .prepare_cached("SELECT coalesce(max(turn), 0) FROM sealed_answer WHERE deal = ?1")
            .and_then(|mut s| s.query_row([deal.0], |r| r.get(0)))
            .doing("reading what was revealed")?;
        let mut differ = 0;
        for pair in &pairs {
            turn += 1;
            self.reveal_one(deal, pair, turn, review)?;
            if pair.differs {
                differ += 1;
            } else {
                self.take_undisputed(deal, pair)?;
            }
        }
        let what = match pairs.as_slice() {
            [one] => {
                let of = self.short(&one.of);
                let word = match (one.differs, one.is_one_sided()) {
                    (true, _) => "they differ",
                    (false, true) => "one of them said it",
                    (false, false) => "they agree",
                };
                format!("{}: {of} revealed, {word}", before.name)
            }
            many => format!("{}: {} revealed, {differ} differ", before.name, many.len()),
        };
        Ok((what, vec![deal]))
    }

    /// Gives the deal what nobody disputes: what both said, or what one of them said.
    fn take_undisputed(&mut self, deal: DealId, pair: &Pair) -> Result<(), StoreError> {
        let PairOf::Question(question) = &pair.of else {
            return Ok(());
        };
        let said = match pair.rep {
            Stand::Nothing => &pair.manager,
            Stand::Answer { .. } | Stand::Verdict(_) => &pair.rep,
        };
        let Some(key) = key(said) else {
            return Ok(());
        };
        // What one of them said and the deal says already keeps its day and its evidence.
        if pair.is_one_sided()
            && let Some((_, now)) = self.current_answer(deal, question)?
            && let Stand::Answer { value, grade, .. } = said
            && (now.value, now.grade) == (*value, *grade)
        {
            return Ok(());
        }
        let words = evidence(&pair.manager).or_else(|| evidence(&pair.rep));
        self.answer_with(deal, question, key, words.as_deref(), false)?;
        Ok(())
    }

    fn short(&self, of: &PairOf) -> String {
        match of {
            PairOf::Verdict => "the verdict".to_owned(),
            PairOf::Question(id) => {
                let found = self.bank().find(id);
                found.map_or_else(
                    || id.clone(),
                    |ix| self.bank().questions()[ix.at()].short.clone(),
                )
            }
        }
    }

    fn reveal_one(
        &mut self,
        deal: DealId,
        pair: &Pair,
        turn: i64,
        review: Option<i64>,
    ) -> Result<(), StoreError> {
        for id in self.sealed_rows(deal, &pair.of, false)? {
            self.journal.update(
                "sealed_answer",
                id,
                &[
                    ("revealed", json!(self.stamp.at_text())),
                    ("review", json!(review)),
                    ("turn", json!(turn)),
                    ("effect", json!(pair.effect.to_text())),
                ],
            )?;
        }
        Ok(())
    }

    /// The rows of a question: those that are not revealed, or those that were revealed last.
    fn sealed_rows(
        &self,
        deal: DealId,
        of: &PairOf,
        revealed: bool,
    ) -> Result<Vec<i64>, StoreError> {
        let mut statement = self
            .journal
            .conn()
            .prepare_cached(
                "SELECT id FROM sealed_answer s WHERE deal = ?1 AND bank = ?2 AND question = ?3
                   AND replaced = 0 AND (revealed IS NOT NULL) = ?4
                   AND (NOT ?4 OR turn = (SELECT max(turn) FROM sealed_answer m
                        WHERE m.deal = s.deal AND m.bank = s.bank AND m.question = s.question))",
            )
            .doing("reading what is sealed")?;
        let rows = statement.query_map((deal.0, self.bank().id(), of.code(), revealed), |r| {
            r.get(0)
        });
        rows.and_then(Iterator::collect)
            .doing("reading what is sealed")
    }

    /// Reads the pair of a question that was revealed last.
    fn last_pair(&self, deal: DealId, of: &PairOf) -> Result<Option<Pair>, StoreError> {
        let state = self.store.sealed(deal, &self.stamp.who)?;
        let mut pairs = state.pairs.into_iter().rev();
        Ok(pairs.find(|pair| pair.of == *of))
    }

    pub(super) fn choose(&mut self, deal: DealId, question: Option<&str>, chosen: Chosen) -> Wrote {
        let before = self.open(deal)?;
        let of = question.map_or(PairOf::Verdict, |id| {
            let found = self.bank().find(id);
            let id = found.map_or(id, |ix| self.bank().questions()[ix.at()].id.as_str());
            PairOf::Question(id.to_owned())
        });
        let Some(pair) = self.last_pair(deal, &of)?.filter(|pair| pair.differs) else {
            return Err(StoreError::refused(
                format!("{}: no answers to this differ", before.name),
                "only what was revealed and differs is settled; the rest stands",
            ));
        };
        let short = self.short(&of);
        let taken = match chosen {
            Chosen::Rep => Some(&pair.rep),
            Chosen::Manager => Some(&pair.manager),
            Chosen::Other => None,
        };
        if let (PairOf::Question(id), Some(stand)) = (&of, taken)
            && let Some(key) = key(stand)
        {
            self.answer_with(deal, id, key, evidence(stand).as_deref(), false)?;
        }
        self.mark_chosen(deal, &of, chosen)?;
        let whose = match chosen {
            Chosen::Rep => "the rep's",
            Chosen::Manager => "the manager's",
            Chosen::Other => "another answer",
        };
        Ok((
            format!("{}: {short} settled, {whose}", before.name),
            vec![deal],
        ))
    }

    fn mark_chosen(&mut self, deal: DealId, of: &PairOf, chosen: Chosen) -> Result<(), StoreError> {
        for id in self.sealed_rows(deal, of, true)? {
            self.journal
                .update("sealed_answer", id, &[("chosen", json!(chosen.code()))])?;
        }
        Ok(())
    }

    /// Settles a difference that was revealed and is answered now, where there is one.
    pub(super) fn settle_by_answer(
        &mut self,
        deal: DealId,
        question: &str,
        now: Option<Answer>,
    ) -> Result<(), StoreError> {
        let of = PairOf::Question(question.to_owned());
        if self.sealed_rows(deal, &of, true)?.is_empty() {
            return Ok(());
        }
        let pair = self.last_pair(deal, &of)?;
        let Some(pair) = pair.filter(Pair::is_unsettled) else {
            return Ok(());
        };
        let said = now.map_or(Stand::Nothing, |answer| Stand::Answer {
            value: answer.value,
            grade: answer.grade,
            evidence: None,
        });
        let chosen = if said.agrees(&pair.rep) {
            Chosen::Rep
        } else if said.agrees(&pair.manager) {
            Chosen::Manager
        } else {
            Chosen::Other
        };
        self.mark_chosen(deal, &of, chosen)
    }
}
