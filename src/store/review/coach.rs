//! How often two people said the same before they heard each other.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::seals::{Opening, Row, open, pairs_of};
use super::{all, people};
use crate::domain::bank::{Bank, Must};
use crate::domain::ids::DealId;
use crate::domain::review::{Agreement, Coaching, Pair, PairOf, Stand};
use crate::store::Judge;
use crate::store::error::{Doing, StoreError};

/// What two people said of one question of a deal, and heard of each other at the reveal.
#[derive(Clone)]
struct Heard {
    deal: DealId,
    /// The 1:1 of the reveal, if there was one.
    review: Option<i64>,
    turn: Option<i64>,
    /// When the later of the two sealed, and when it was revealed, as text.
    sealed: String,
    revealed: String,
    pair: Pair,
}

/// Reads what both sealed before they had heard each other: the first reveal of a question of a
/// deal, in a 1:1 or outside of one, and the first one after the deal's answer became another than
/// the two had said. To seal once more what one has heard is no agreement.
fn unheard(
    conn: &Connection,
    bank: &Bank,
    rep: &str,
    manager: &str,
) -> Result<Vec<Heard>, StoreError> {
    let mut rows = open(conn, Some(bank), None, Opening::Revealed(None))?;
    rows.retain(|row| row.person == rep || row.person == manager);
    rows.sort_by(|a, b| (a.deal, &a.of, a.turn).cmp(&(b.deal, &b.of, b.turn)));
    let mut unheard: Vec<Heard> = Vec::new();
    let mut last: Option<Heard> = None;
    while let Some(first) = rows.first() {
        let key = (first.deal, first.of.clone(), first.turn);
        let is_same = |row: &Row| row.deal == key.0 && row.of == key.1 && row.turn == key.2;
        let rest = rows.split_off(rows.partition_point(is_same));
        let reveal = std::mem::replace(&mut rows, rest);
        let text = |of: fn(&Row) -> Option<&str>| {
            let latest = reveal.iter().filter_map(of).max();
            latest.unwrap_or_default().to_owned()
        };
        let (sealed, revealed) = (
            text(|row| Some(row.sealed.as_str())),
            text(|row| row.revealed.as_deref()),
        );
        let review = reveal.iter().find_map(|row| row.review);
        let both = pairs_of(reveal, rep, manager)
            .into_iter()
            .find(|pair| pair.rep != Stand::Nothing && pair.manager != Stand::Nothing);
        let Some(pair) = both else { continue };
        let heard = Heard {
            deal: key.0,
            review,
            turn: key.2,
            sealed,
            revealed,
            pair,
        };
        let before = last.take().filter(|last| last.deal == heard.deal);
        let before = before.filter(|before| before.pair.of == heard.pair.of);
        let is_unheard = match &before {
            Some(before) => is_news(conn, bank, before, &heard)?,
            None => true,
        };
        if is_unheard {
            unheard.push(heard.clone());
        }
        last = Some(heard);
    }
    Ok(unheard)
}

/// Whether the deal's answer became another than the two had said, after the 1:1 in which they
/// heard it and before they sealed again; of what to do with the deal, whether any answer did.
fn is_news(
    conn: &Connection,
    bank: &Bank,
    before: &Heard,
    after: &Heard,
) -> Result<bool, StoreError> {
    let said = |stand: &Stand| match stand {
        Stand::Answer { value, grade, .. } => (Some(value.code()), Some(grade.code())),
        Stand::Verdict(_) | Stand::Nothing => (None, None),
    };
    let question = match &before.pair.of {
        PairOf::Question(id) => Some(id.as_str()),
        PairOf::Verdict => None,
    };
    let (rep, manager) = (said(&before.pair.rep), said(&before.pair.manager));
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM answer
           WHERE deal = ?1 AND bank = ?2 AND (?3 IS NULL OR question = ?3)
             AND at > coalesce((SELECT ended FROM review WHERE id = ?4), ?5) AND at <= ?6
             AND NOT (value IS ?7 AND grade IS ?8) AND NOT (value IS ?9 AND grade IS ?10))",
    )
    .and_then(|mut statement| {
        statement.query_row(
            rusqlite::params![
                before.deal.0,
                bank.id(),
                question,
                before.review,
                before.revealed,
                after.sealed,
                rep.0,
                rep.1,
                manager.0,
                manager.1,
            ],
            |r| r.get(0),
        )
    })
    .doing("reading what changed between two seals")
}

pub(super) fn read(
    conn: &Connection,
    judge: &Judge,
    rep: &str,
    manager: &str,
) -> Result<Coaching, StoreError> {
    let bank = judge.bank();
    let reviews: Vec<(i64, NaiveDate)> = all(
        conn,
        "reading the 1:1s of two people",
        "SELECT r.id, substr(r.started, 1, 10) FROM review r
         WHERE r.rep = ?1 AND r.manager = ?2 AND EXISTS(
           SELECT 1 FROM sealed_answer s WHERE s.review = r.id AND s.revealed IS NOT NULL)
         ORDER BY r.id",
        &[&rep, &manager],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let mut unheard = unheard(conn, bank, rep, manager)?;
    unheard.retain(|heard| reviews.iter().any(|(id, _)| heard.review == Some(*id)));
    unheard.sort_by_key(|heard| (heard.review, heard.deal, heard.turn));
    let deals: BTreeSet<DealId> = unheard.iter().map(|heard| heard.deal).collect();
    let count = |of: &PairOf| {
        let same: Vec<bool> = unheard
            .iter()
            .map(|heard| &heard.pair)
            .filter(|pair| pair.of == *of)
            .map(|pair| !pair.differs)
            .collect();
        Agreement::count(of.code(), &same)
    };
    let question = |id: &str| count(&PairOf::Question(id.to_owned()));
    let questions: Vec<Agreement> = bank
        .questions()
        .iter()
        .map(|q| question(&q.id))
        .filter(|one| one.of > 0)
        .collect();
    let musts = Must::ALL
        .iter()
        .map(|must| question(&bank[bank.must(*must)].id));
    let senior = people(conn)?
        .iter()
        .any(|one| one.name == rep && one.senior);
    Ok(Coaching {
        rep: rep.to_owned(),
        manager: manager.to_owned(),
        deals: deals.len() as u32,
        days: reviews
            .first()
            .zip(reviews.last())
            .map(|(first, last)| (first.1, last.1)),
        verdict: count(&PairOf::Verdict),
        questions,
        musts: musts.collect(),
        is_senior: senior,
    })
}
