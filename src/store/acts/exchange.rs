//! Two people who seal on two machines: a salted commitment first, the answers after it.
//!
//! A commitment is SHA-256 over 32 random bytes and the answers. Without the salt, whoever has
//! the commitment could try all answers to a dozen questions and find those that fit; the salt
//! is kept here and goes out with the answers. So neither can read the other's answers early, and
//! neither can change their own after having read them.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Work, line, write};
use crate::domain::answer::{Grade, Value};
use crate::domain::clean;
use crate::domain::deal::Done;
use crate::domain::ids::DealId;
use crate::domain::review::{PairOf, Sealed, Spoken, Stand};
use crate::domain::shown::Free;
use crate::domain::verdict::Verdict;
use crate::store::Store;
use crate::store::error::{Doing, StoreError};
use crate::store::journal::Stamp;
use crate::store::review::seals::{Opening, open};

/// What the hash begins with, so that it stands for nothing else.
const DOMAIN: &[u8] = b"walkaway seal 1\0";

/// The longest file that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// The most answers of one file.
const MOST: usize = 20_000;

/// A file that is handed to the other one.
#[derive(Serialize, Deserialize)]
#[serde(tag = "walkaway_seal", rename_all = "lowercase", deny_unknown_fields)]
enum SealFile {
    /// First: what the answers will have to agree with.
    Commitment {
        schema: u32,
        person: String,
        hash: String,
        answers: usize,
    },
    /// Then: the salt, and the answers as the text that was hashed.
    Answers {
        schema: u32,
        person: String,
        salt: String,
        sealed: String,
    },
}

/// What is hashed: the answers of one person.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    person: String,
    bank: String,
    answers: Vec<Line>,
}

/// One answer: the deal by its source and key, the question, what was said, and why.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    source: String,
    key: String,
    question: String,
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut out, byte| {
            write!(out, "{byte:02x}").expect("a string takes all that is written");
            out
        })
}

fn is_hex(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn hash(salt: &str, payload: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(payload.as_bytes());
    hex(&hash.finalize())
}

/// The first digits of a commitment, to be read to each other: `3fa9 12bc`.
fn check(hash: &str) -> String {
    let digits = hash.get(..8).unwrap_or(hash);
    let (one, two) = digits.split_at(digits.len() / 2);
    format!("{one} {two}")
}

fn odd(what: impl Into<String>) -> StoreError {
    StoreError::refused(
        what,
        "ask for the file again: `walkaway seal export FILE` writes it",
    )
}

/// The latest exchange row of one side: its number, hash, salt, and whether it was opened.
type Exchange = (i64, String, Option<String>, bool);

impl Work<'_, '_> {
    fn last_exchange(&self, person: &str, mine: bool) -> Result<Option<Exchange>, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id, hash, salt, opened IS NOT NULL FROM seal_exchange
                 WHERE mine = ?1 AND person = ?2 ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row((mine, person), |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
                })
                .optional()
            })
            .doing("reading what was exchanged")
    }

    /// Whether somebody else is bound: their commitment is here and their answers are not, or
    /// those answers are here and still sealed.
    fn they_committed(&self) -> Result<bool, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM seal_exchange x WHERE x.mine = 0
                   AND x.id = (SELECT max(y.id) FROM seal_exchange y
                               WHERE y.mine = 0 AND y.person = x.person)
                   AND (x.opened IS NULL OR EXISTS(SELECT 1 FROM sealed_answer s
                        WHERE s.person = x.person AND s.checked = 1 AND s.revealed IS NULL
                          AND s.replaced = 0)))",
            )
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("reading what was exchanged")
    }

    /// What this person sealed and nobody has seen, as the text that is hashed, and how much.
    fn payload(&self) -> Result<(String, usize), StoreError> {
        let conn = self.journal.conn();
        let who = &self.stamp.who;
        let rows = open(conn, Some(self.bank()), None, Opening::Own(who))?;
        let mut answers = Vec::new();
        for mut row in rows {
            let (source, key): (String, String) = conn
                .prepare_cached("SELECT source, key FROM deal WHERE id = ?1")
                .and_then(|mut s| s.query_row([row.deal.0], |r| Ok((r.get(0)?, r.get(1)?))))
                .doing("reading the deal")?;
            let (value, grade, evidence) = match std::mem::replace(&mut row.stand, Stand::Nothing) {
                Stand::Nothing => continue,
                Stand::Verdict(verdict) => (verdict.code(), None, None),
                Stand::Answer {
                    value,
                    grade,
                    evidence,
                } => (value.code(), Some(grade.code().to_owned()), evidence),
            };
            answers.push((
                row.id,
                Line {
                    source,
                    key,
                    question: row.of.code().to_owned(),
                    value: value.to_owned(),
                    grade,
                    evidence: evidence.map(|text| text.expose_for_storage().to_owned()),
                },
            ));
        }
        answers.sort_by_key(|(id, _)| *id);
        let count = answers.len();
        let payload = Payload {
            person: who.clone(),
            bank: self.bank().id().to_owned(),
            answers: answers.into_iter().map(|(_, line)| line).collect(),
        };
        let text = serde_json::to_string(&payload).map_err(|e| odd(e.to_string()))?;
        Ok((text, count))
    }

    fn write_seals(&mut self, text: &mut String) -> Result<String, StoreError> {
        let who = self.stamp.who.clone();
        let (payload, count) = self.payload()?;
        if count == 0 {
            return Err(StoreError::refused(
                format!("{who} has sealed nothing that is not revealed"),
                "`walkaway seal DEAL` seals",
            ));
        }
        let mine = self.last_exchange(&who, true)?;
        let (file, what) = match mine {
            Some((id, committed, Some(salt), opened))
                if self.they_committed()? && (!opened || hash(&salt, &payload) == committed) =>
            {
                if hash(&salt, &payload) != committed {
                    return Err(StoreError::refused(
                        "what is sealed now is not what you committed to",
                        "undo what was sealed since: `walkaway journal` lists it",
                    ));
                }
                self.journal.update(
                    "seal_exchange",
                    id,
                    &[("opened", json!(self.stamp.at_text()))],
                )?;
                let what = format!(
                    "{count} sealed answers handed on, check {}",
                    check(&committed)
                );
                let file = SealFile::Answers {
                    schema: 1,
                    person: who,
                    salt,
                    sealed: payload,
                };
                (file, what)
            }
            Some(_) | None => {
                let mut bytes = [0_u8; 32];
                getrandom::fill(&mut bytes).map_err(|e| {
                    StoreError::refused(
                        format!("the system gives no random numbers: {e}"),
                        "without them a commitment could be guessed",
                    )
                })?;
                let salt = hex(&bytes);
                let hash = hash(&salt, &payload);
                self.journal.insert(
                    "seal_exchange",
                    None,
                    &[
                        ("person", json!(who)),
                        ("mine", json!(1)),
                        ("hash", json!(hash)),
                        ("salt", json!(salt)),
                        ("at", json!(self.stamp.at_text())),
                    ],
                )?;
                let what = format!(
                    "Commitment to {count} sealed answers, check {}; the answers follow once \
                     theirs is taken",
                    check(&hash)
                );
                let file = SealFile::Commitment {
                    schema: 1,
                    person: who,
                    hash,
                    answers: count,
                };
                (file, what)
            }
        };
        *text = serde_json::to_string_pretty(&file).map_err(|e| odd(e.to_string()))?;
        text.push('\n');
        Ok(what)
    }

    fn take_commitment(&mut self, person: &str, hash: &str) -> Result<String, StoreError> {
        if !is_hex(hash) {
            return Err(odd("the commitment is none"));
        }
        let i_opened = self
            .last_exchange(&self.stamp.who, true)?
            .is_some_and(|(.., opened)| opened);
        if let Some((_, before, _, false)) = self.last_exchange(person, false)? {
            if before == hash {
                return Ok(format!("{person} committed, check {}", check(hash)));
            }
            if i_opened {
                return Err(StoreError::refused(
                    format!("{person} committed to something else before your answers went out"),
                    format!(
                        "the commitment that counts has the check {}",
                        check(&before)
                    ),
                ));
            }
        }
        self.journal.insert(
            "seal_exchange",
            None,
            &[
                ("person", json!(person)),
                ("mine", json!(0)),
                ("hash", json!(hash)),
                ("at", json!(self.stamp.at_text())),
            ],
        )?;
        Ok(format!("{person} committed, check {}", check(hash)))
    }

    fn take_answers(
        &mut self,
        person: &str,
        salt: &str,
        payload: &str,
    ) -> Result<(String, Vec<DealId>), StoreError> {
        let Some((id, committed, _, opened)) = self.last_exchange(person, false)? else {
            return Err(StoreError::refused(
                format!("no commitment of {person} came before these answers"),
                "take the commitment first: answers without one could follow yours",
            ));
        };
        if opened {
            return Err(StoreError::refused(
                format!("the answers of {person} to this commitment are here already"),
                "",
            ));
        }
        if !is_hex(salt) || hash(salt, payload) != committed {
            return Err(StoreError::refused(
                format!("these are not the answers to which {person} committed"),
                format!(
                    "the check of the commitment is {}; ask what happened",
                    check(&committed)
                ),
            ));
        }
        let sealed: Payload =
            serde_json::from_str(payload).map_err(|e| odd(format!("the answers are none: {e}")))?;
        if sealed.person != person || sealed.answers.len() > MOST {
            return Err(odd("the answers are not as this program writes them"));
        }
        if sealed.bank != self.bank().id() {
            return Err(StoreError::refused(
                format!("{person} answered the questions of another bank"),
                "both work with one question bank: `walkaway questions use`",
            ));
        }
        let mut by_deal: Vec<(DealId, Vec<Sealed>)> = Vec::new();
        let mut unknown = 0;
        for line in sealed.answers {
            let Some(deal) = self.deal_by_key(&line.source, &line.key)? else {
                unknown += 1;
                continue;
            };
            let answer = read_line(line)?;
            match by_deal.iter_mut().find(|(of, _)| *of == deal) {
                Some((_, answers)) => answers.push(answer),
                None => by_deal.push((deal, vec![answer])),
            }
        }
        let mut count = 0;
        for (deal, answers) in &by_deal {
            count += self.take_sealed(*deal, person, answers)?;
        }
        self.journal.update(
            "seal_exchange",
            id,
            &[("opened", json!(self.stamp.at_text()))],
        )?;
        if unknown > 0 {
            self.left.push(format!(
                "{unknown} answers are about deals that this file does not have"
            ));
        }
        let deals: Vec<DealId> = by_deal.iter().map(|(deal, _)| *deal).collect();
        let what = format!(
            "{person} sealed {count} answers on {} deals; they agree with the commitment, check {}",
            deals.len(),
            check(&committed)
        );
        Ok((what, deals))
    }

    fn deal_by_key(&self, source: &str, key: &str) -> Result<Option<DealId>, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id FROM deal WHERE source = ?1 AND key = ?2 AND status = 'open'",
            )
            .and_then(|mut s| {
                s.query_row((source, key), |r| r.get(0).map(DealId))
                    .optional()
            })
            .doing("looking for the deal")
    }
}

fn read_line(line: Line) -> Result<Sealed, StoreError> {
    let of = PairOf::from_code(&line.question);
    let spoken = match (&of, line.grade.as_deref()) {
        (PairOf::Verdict, None) => Verdict::from_code(&line.value).map(Spoken::Verdict),
        (PairOf::Question(_), Some(grade)) => Value::from_code(&line.value)
            .zip(Grade::from_code(grade).filter(|grade| *grade != Grade::Record))
            .map(|(value, grade)| Spoken::Answer(value, grade)),
        (PairOf::Verdict, Some(_)) | (PairOf::Question(_), None) => None,
    };
    let Some(spoken) = spoken else {
        return Err(odd("one of the answers is none"));
    };
    let evidence = line
        .evidence
        .map(|text| Free::new(clean::clean_block(&text, super::BLOCK).into_owned()));
    Ok(Sealed::new(of, spoken, evidence))
}

/// Writes what is to be handed to the other one, and its text.
pub(in crate::store) fn write_seals(
    store: &Store,
    stamp: &Stamp,
) -> Result<(Done, String), StoreError> {
    let mut text = String::new();
    let done = write(store, stamp, "seal", false, |work| {
        work.write_seals(&mut text).map(|what| (what, Vec::new()))
    })?;
    Ok((done, text))
}

/// Takes a file of another person's seals.
pub(in crate::store) fn take_seals(
    store: &Store,
    stamp: &Stamp,
    text: &str,
) -> Result<Done, StoreError> {
    if text.len() > LONGEST {
        return Err(odd("the file is too long for sealed answers"));
    }
    let file: SealFile = serde_json::from_str(text)
        .map_err(|e| odd(format!("this is no file of sealed answers: {e}")))?;
    let (SealFile::Commitment { schema, person, .. } | SealFile::Answers { schema, person, .. }) =
        &file;
    if *schema != 1 {
        return Err(odd("a newer walkaway wrote this file"));
    }
    if line(person).as_ref() != Some(person) {
        return Err(odd("the file names nobody"));
    }
    if *person == stamp.who {
        return Err(StoreError::refused(
            format!("these are the seals of {person}, who is at this keyboard"),
            "take the other one's file, or say who you are with `--as NAME`",
        ));
    }
    write(store, stamp, "seal", false, |work| match &file {
        SealFile::Commitment { person, hash, .. } => work
            .take_commitment(person, hash)
            .map(|what| (what, Vec::new())),
        SealFile::Answers {
            person,
            salt,
            sealed,
            ..
        } => work.take_answers(person, salt, sealed),
    })
}
