//! How often two people said the same before they heard each other.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::seals::{Opening, open, pairs_of};
use super::{all, people};
use crate::domain::bank::Must;
use crate::domain::review::{Agreement, Coaching, Pair, PairOf, Stand};
use crate::store::Judge;
use crate::store::error::StoreError;

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
    let mut all_pairs: Vec<Pair> = Vec::new();
    let mut deals = 0;
    for (review, _) in &reviews {
        let mut rows = open(conn, Some(bank), None, Opening::Revealed(Some(*review)))?;
        rows.sort_by_key(|row| (row.deal, row.turn));
        while let Some(first) = rows.first().map(|row| row.deal) {
            let rest = rows.split_off(rows.partition_point(|row| row.deal == first));
            let pairs = pairs_of(std::mem::replace(&mut rows, rest), rep, manager);
            let both: Vec<Pair> = pairs
                .into_iter()
                .filter(|p| p.rep != Stand::Nothing && p.manager != Stand::Nothing)
                .collect();
            deals += u32::from(!both.is_empty());
            all_pairs.extend(both);
        }
    }
    let count = |of: &PairOf| {
        let same: Vec<bool> = all_pairs
            .iter()
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
        deals,
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
