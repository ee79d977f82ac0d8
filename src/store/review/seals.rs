//! What was sealed. [`open`] is the only function that reads what somebody sealed, and it refuses
//! before the reveal.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::{all, pair, running};
use crate::domain::answer::{Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::ids::DealId;
use crate::domain::review::{Chosen, Effect, Pair, PairOf, SealCount, SealState, Stand, in_order};
use crate::domain::shown::Free;
use crate::domain::verdict::Verdict;
use crate::store::Judge;
use crate::store::error::{Doing, StoreError};
use crate::store::eval;

/// Why sealed answers are read.
#[derive(Clone, Copy)]
pub(in crate::store) enum Opening<'a> {
    /// They were revealed: those of this 1:1, or of none.
    Revealed(Option<i64>),
    /// Two people sealed theirs, and are about to see both, in this 1:1 or in none.
    Together(&'a str, &'a str, Option<i64>),
    /// Whose they are hands them on, after a commitment of the other one came.
    Own(&'a str),
}

/// One row that was opened. It is read here and nowhere printed.
pub(in crate::store) struct Row {
    pub id: i64,
    pub deal: DealId,
    pub person: String,
    pub of: PairOf,
    pub stand: Stand,
    pub turn: Option<i64>,
    pub chosen: Option<Chosen>,
    pub effect: Effect,
    pub bank: String,
    pub review: Option<i64>,
    /// When it was sealed, and when it was revealed, as text.
    pub sealed: String,
    pub revealed: Option<String>,
    /// Whether it came from another machine and agreed with the commitment.
    pub checked: bool,
}

fn stand(value: &str, grade: &str, evidence: Option<String>) -> Stand {
    if let Some(verdict) = Verdict::from_code(value).filter(|_| grade == PairOf::VERDICT) {
        return Stand::Verdict(verdict);
    }
    match (Value::from_code(value), Grade::from_code(grade)) {
        (Some(value), Some(grade)) => Stand::Answer {
            value,
            grade,
            evidence: evidence.map(Free::new),
        },
        (None, _) | (_, None) => Stand::Nothing,
    }
}

/// Whether one of two people has given theirs: sealed and not revealed, or revealed in this 1:1,
/// or revealed when the other one's were sealed already. Of two who sealed, one may have answered
/// more than the other.
fn has_given(
    conn: &Connection,
    deal: Option<DealId>,
    (person, other): (&str, &str),
    review: Option<i64>,
) -> Result<bool, StoreError> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM sealed_answer WHERE deal = ?1 AND person = ?2
           AND replaced = 0 AND (revealed IS NULL OR review = ?4 OR revealed >=
             (SELECT max(sealed) FROM sealed_answer WHERE deal = ?1 AND person = ?3
                AND revealed IS NULL AND replaced = 0)))",
    )
    .and_then(|mut s| s.query_row((deal.map(|d| d.0), person, other, review), |r| r.get(0)))
    .doing("looking for what is sealed")
}

/// Reads sealed answers of a deal, or of all deals, as far as that is allowed; of one question
/// bank, or of all.
///
/// # Errors
///
/// [`StoreError::Refused`] where they are not revealed and one of the two has not sealed theirs.
pub(in crate::store) fn open(
    conn: &Connection,
    bank: Option<&Bank>,
    deal: Option<DealId>,
    why: Opening<'_>,
) -> Result<Vec<Row>, StoreError> {
    let (filter, one, two) = match why {
        Opening::Revealed(Some(_)) => ("revealed IS NOT NULL AND review = ?3", "", ""),
        Opening::Revealed(None) => ("revealed IS NOT NULL", "", ""),
        Opening::Together(rep, manager, review) => {
            for (person, other) in [(rep, manager), (manager, rep)] {
                if !has_given(conn, deal, (person, other), review)? {
                    return Err(StoreError::refused(
                        format!("{person} has sealed nothing on this deal that is not revealed"),
                        "both seal first; then the answers are revealed together",
                    ));
                }
            }
            ("revealed IS NULL AND person IN (?4, ?5)", rep, manager)
        }
        Opening::Own(person) => ("revealed IS NULL AND person = ?4", person, ""),
    };
    let review = match why {
        Opening::Revealed(review) => review,
        Opening::Together(..) | Opening::Own(_) => None,
    };
    let bank = bank.map(Bank::id);
    let sql = format!(
        "SELECT id, deal, person, question, value, grade, evidence, turn, chosen, effect,
           bank, review, sealed, revealed, checked
         FROM sealed_answer
         WHERE (?1 IS NULL OR deal = ?1) AND (?2 IS NULL OR bank = ?2) AND replaced = 0
           AND ?3 IS ?3 AND ?4 IS ?4 AND ?5 IS ?5 AND {filter} ORDER BY turn, id"
    );
    all(
        conn,
        "reading what was sealed",
        &sql,
        &[&deal.map(|d| d.0), &bank, &review, &one, &two],
        |r| {
            let (value, grade): (String, String) = (r.get(4)?, r.get(5)?);
            let (chosen, effect): (Option<String>, Option<String>) = (r.get(8)?, r.get(9)?);
            Ok(Row {
                id: r.get(0)?,
                deal: DealId(r.get(1)?),
                person: r.get(2)?,
                of: PairOf::from_code(&r.get::<_, String>(3)?),
                stand: stand(&value, &grade, r.get(6)?),
                turn: r.get(7)?,
                chosen: chosen.as_deref().and_then(Chosen::from_code),
                effect: effect.as_deref().map(Effect::from_text).unwrap_or_default(),
                bank: r.get(10)?,
                review: r.get(11)?,
                sealed: r.get(12)?,
                revealed: r.get(13)?,
                checked: r.get(14)?,
            })
        },
    )
}

/// Puts rows of two people side by side, in the order of their turns.
pub(in crate::store) fn pairs_of(rows: Vec<Row>, rep: &str, manager: &str) -> Vec<Pair> {
    let mut pairs: Vec<(Option<i64>, Pair)> = Vec::new();
    for row in rows {
        let at = pairs
            .iter()
            .position(|(turn, pair)| pair.of == row.of && *turn == row.turn);
        let at = at.unwrap_or_else(|| {
            let blank = Pair {
                of: row.of.clone(),
                rep: Stand::Nothing,
                manager: Stand::Nothing,
                differs: false,
                effect: row.effect,
                chosen: row.chosen,
            };
            pairs.push((row.turn, blank));
            pairs.len() - 1
        });
        let pair = &mut pairs[at].1;
        if row.person == rep {
            pair.rep = row.stand;
        } else if row.person == manager {
            pair.manager = row.stand;
        }
        pair.differs = pair.rep.differs(&pair.manager);
    }
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// Puts side by side what two people sealed and nobody has seen, in the order of the reveal, with
/// what each difference does to the verdict.
pub(in crate::store) fn to_reveal(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    (rep, manager): (&str, &str),
    (review, today): (Option<i64>, NaiveDate),
) -> Result<Vec<Pair>, StoreError> {
    let bank = judge.bank();
    let why = Opening::Together(rep, manager, review);
    let rows = open(conn, Some(bank), Some(deal), why)?;
    let mut pairs = pairs_of(rows, rep, manager);
    if let Some(record) = eval::record_of(conn, judge, deal, today)? {
        for pair in pairs.iter_mut().filter(|pair| pair.differs) {
            let question = match &pair.of {
                PairOf::Question(id) => bank.find(id),
                PairOf::Verdict => None,
            };
            if let Some(question) = question {
                let both = (&pair.rep, &pair.manager);
                pair.effect = Effect::of(&record, bank, judge.thresholds(), today, question, both);
            }
        }
    }
    in_order(&mut pairs, bank);
    Ok(pairs)
}

/// Whether somebody has sealed something on a deal that is not revealed yet.
pub(super) fn is_any_sealed(conn: &Connection, deal: DealId) -> Result<bool, StoreError> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM sealed_answer
           WHERE deal = ?1 AND revealed IS NULL AND replaced = 0)",
    )
    .and_then(|mut s| s.query_row([deal.0], |r| r.get(0)))
    .doing("looking for what is sealed")
}

/// The two whose answers are held side by side: those at the table, else the two who sealed.
pub(in crate::store) fn sides(
    conn: &Connection,
    deal: DealId,
    who: &str,
) -> Result<Option<(String, String)>, StoreError> {
    if let Some(session) = running(conn, who)?
        && let Some(manager) = session.manager
    {
        return Ok(Some((session.rep, manager)));
    }
    let sealed: Vec<String> = all(
        conn,
        "reading who sealed",
        // Who has nothing left, but was seen when the other one's were sealed already, is one of
        // the two.
        "SELECT DISTINCT person FROM sealed_answer
         WHERE deal = ?1 AND replaced = 0 AND (revealed IS NULL OR revealed >=
           (SELECT max(sealed) FROM sealed_answer
            WHERE deal = ?1 AND revealed IS NULL AND replaced = 0))
         ORDER BY person",
        &[&deal.0],
        |r| r.get(0),
    )?;
    let [one, two] = sealed.as_slice() else {
        return Ok(None);
    };
    let (rep, manager) = pair(conn, one, Some(two))?;
    Ok(manager.map(|manager| (rep, manager)))
}

/// What is sealed on a deal, as counts, and what was revealed of it in the 1:1 that runs, or in
/// the last one.
pub(super) fn state(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    who: &str,
) -> Result<SealState, StoreError> {
    let bank = judge.bank();
    let core = bank.questions().iter().filter(|q| q.core).count() as u16;
    let counts = all(
        conn,
        "counting what is sealed",
        "SELECT person, sum(question <> ?3), max(question = ?3), max(substr(sealed, 1, 10)),
                max(checked)
         FROM sealed_answer
         WHERE deal = ?1 AND bank = ?2 AND revealed IS NULL AND replaced = 0
         GROUP BY person ORDER BY min(id)",
        &[&deal.0, &bank.id(), &PairOf::VERDICT],
        |r| {
            Ok(SealCount {
                person: r.get(0)?,
                sealed: r.get(1)?,
                of: core,
                verdict: r.get(2)?,
                day: r.get(3)?,
                checked: r.get::<_, bool>(4)?.then_some(true),
            })
        },
    )?;
    let last: Option<Option<i64>> = super::first(
        conn,
        "reading what was revealed last",
        "SELECT review FROM sealed_answer WHERE deal = ?1 AND revealed IS NOT NULL
         ORDER BY revealed DESC, id DESC LIMIT 1",
        &[&deal.0],
        |r| r.get(0),
    )?;
    let review = running(conn, who)?.map(|session| session.id);
    let mut pairs = Vec::new();
    if let Some(last) = last
        && (review.is_none() || review == last)
    {
        let rows = open(conn, Some(bank), Some(deal), Opening::Revealed(last))?;
        let of = match last {
            Some(id) => super::first(
                conn,
                "reading the 1:1",
                "SELECT rep, manager FROM review WHERE id = ?1",
                &[&id],
                |r| {
                    Ok((
                        r.get::<_, Option<String>>(0)?,
                        r.get::<_, Option<String>>(1)?,
                    ))
                },
            )?,
            None => None,
        };
        let people = if let Some((Some(rep), Some(manager))) = of {
            Some((rep, manager))
        } else {
            let mut people: Vec<&str> = rows.iter().map(|row| row.person.as_str()).collect();
            people.sort_unstable();
            people.dedup();
            if let [one, two] = people.as_slice() {
                let (rep, manager) = pair(conn, one, Some(two))?;
                manager.map(|manager| (rep, manager))
            } else {
                None
            }
        };
        if let Some((rep, manager)) = people {
            pairs = pairs_of(rows, &rep, &manager);
        }
    }
    let hidden = match sides(conn, deal, who)? {
        Some((rep, manager))
            if has_given(conn, Some(deal), (&rep, &manager), review)?
                && has_given(conn, Some(deal), (&manager, &rep), review)? =>
        {
            super::first(
                conn,
                "counting what is sealed",
                "SELECT count(DISTINCT question) FROM sealed_answer
                 WHERE deal = ?1 AND bank = ?2 AND person IN (?3, ?4)
                   AND revealed IS NULL AND replaced = 0",
                &[&deal.0, &bank.id(), &rep, &manager],
                |r| r.get(0),
            )?
            .unwrap_or_default()
        }
        Some(_) | None => 0,
    };
    Ok(SealState {
        counts,
        pairs,
        hidden,
    })
}
