//! Deals that are over, with their answers as they stood then.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::Store;
use super::error::{Doing, StoreError};
use crate::domain::answer::{Grade, Value};
use crate::domain::ids::DealId;

/// A deal that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDeal {
    /// The deal.
    pub deal: DealId,
    /// Whether it was won.
    pub won: bool,
    /// Its answers by question id, as they stood when it was closed or fired.
    pub answers: BTreeMap<String, (Value, Grade)>,
}

impl Store {
    /// Reads the deals that are over and have an answer to a bank: the won, the lost, and of the
    /// fired those of which is known what became of them.
    pub fn closed_deals(&self, bank: &str) -> Result<Vec<ClosedDeal>, StoreError> {
        self.at(read(&self.conn, bank).doing("reading the deals that are over"))
    }
}

/// A deal, whether it was won, and until which day its answers count.
type Over = (i64, bool, Option<NaiveDate>);

fn read(conn: &Connection, bank: &str) -> rusqlite::Result<Vec<ClosedDeal>> {
    // What became of a fired deal: its status tells, else what a person found out later.
    let mut deals = conn.prepare(
        "SELECT d.id,
           CASE d.status WHEN 'won' THEN 1 WHEN 'lost' THEN 0 ELSE
             (SELECT o.kind = 'won' FROM outcome o WHERE o.deal = d.id
                AND o.kind IN('won', 'lost', 'bought_elsewhere', 'bought_nothing')
              ORDER BY o.day DESC, o.id DESC LIMIT 1) END AS won,
           CASE d.decision WHEN 'fired' THEN
             (SELECT x.day FROM decision x WHERE x.deal = d.id AND x.kind = 'fired'
              ORDER BY x.id DESC LIMIT 1) ELSE d.closed END
         FROM deal d
         WHERE (d.status IN('won', 'lost') OR (d.status = 'open' AND d.decision = 'fired'))
           AND won IS NOT NULL
           AND EXISTS(SELECT 1 FROM answer a WHERE a.deal = d.id AND a.bank = ?1)
         ORDER BY d.id",
    )?;
    let over: Vec<Over> = deals
        .query_map([bank], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<Result<_, _>>()?;
    // The newest answer up to that day; one that was taken back later stands for nothing.
    let mut answers = conn.prepare(
        "SELECT question, value, grade, current,
           EXISTS(SELECT 1 FROM answer b WHERE b.deal = a.deal AND b.bank = a.bank
                    AND b.question = a.question AND b.id > a.id)
         FROM answer a WHERE deal = ?1 AND bank = ?2 AND substr(at, 1, 10) <= ?3 ORDER BY id",
    )?;
    let mut found = Vec::with_capacity(over.len());
    for (deal, won, until) in over {
        let until = until.map_or_else(|| "9999".to_owned(), |day| day.to_string());
        let mut stood = BTreeMap::new();
        let mut rows = answers.query(rusqlite::params![deal, bank, until])?;
        while let Some(row) = rows.next()? {
            let (question, value, grade): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (is_current, has_newer): (bool, bool) = (row.get(3)?, row.get(4)?);
            let answer = Value::from_code(&value).zip(Grade::from_code(&grade));
            match answer.filter(|_| is_current || has_newer) {
                Some(answer) => stood.insert(question, answer),
                None => stood.remove(&question),
            };
        }
        if !stood.is_empty() {
            found.push(ClosedDeal {
                deal: DealId(deal),
                won,
                answers: stood,
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::Judge;
    use super::*;
    use crate::domain::verdict::Thresholds;

    fn store() -> Store {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        Store::in_memory(now, Judge::new(Vec::new(), Thresholds::default())).unwrap()
    }

    fn add(store: &Store, id: i64, status: &str, decision: &str, closed: Option<&str>) {
        store
            .conn
            .execute(
                "INSERT INTO deal(id, source, key, title, status, decision, closed)
                 VALUES(?1, 'walkaway', ?1, 'Plant', ?2, ?3, ?4)",
                rusqlite::params![id, status, decision, closed],
            )
            .unwrap();
    }

    fn answer(store: &Store, deal: i64, value: &str, at: &str, current: bool) {
        store
            .conn
            .execute(
                "INSERT INTO answer(deal, bank, question, value, grade, day, at, current)
                 VALUES(?1, 'walkaway', 'PRB1', ?2, 'said', substr(?3, 1, 10), ?3, ?4)",
                rusqlite::params![deal, value, at, current],
            )
            .unwrap();
    }

    #[test]
    fn answers_count_as_they_stood_at_the_close() {
        let store = store();
        add(&store, 1, "won", "undecided", Some("2026-06-30"));
        answer(&store, 1, "yes", "2026-06-01T10:00:00Z", false);
        answer(&store, 1, "no", "2026-07-01T10:00:00Z", true);
        add(&store, 2, "lost", "undecided", None);
        answer(&store, 2, "no", "2026-07-01T10:00:00Z", true);
        add(&store, 3, "lost", "undecided", Some("2026-06-30"));
        add(&store, 4, "open", "undecided", None);
        answer(&store, 4, "yes", "2026-06-01T10:00:00Z", true);
        add(&store, 5, "lost", "undecided", Some("2026-06-30"));
        answer(&store, 5, "yes", "2026-06-01T10:00:00Z", false);

        let found = store.closed_deals("walkaway").unwrap();

        let told: Vec<_> = found
            .iter()
            .map(|d| (d.deal.0, d.won, d.answers["PRB1"].0))
            .collect();
        assert_eq!(told, [(1, true, Value::Yes), (2, false, Value::No)]);
        assert!(store.closed_deals("other").unwrap().is_empty());
    }

    #[test]
    fn a_fired_deal_counts_with_its_later_outcome_only() {
        let store = store();
        for (id, status) in [(1, "open"), (2, "open"), (3, "won")] {
            add(&store, id, status, "fired", Some("2026-09-30"));
            answer(&store, id, "no", "2026-03-01T10:00:00Z", false);
            answer(&store, id, "yes", "2026-05-01T10:00:00Z", true);
            store
                .conn
                .execute(
                    "INSERT INTO decision(deal, kind, at, day, who)
                     VALUES(?1, 'fired', '2026-04-01T10:00:00Z', '2026-04-01', 'ana')",
                    [id],
                )
                .unwrap();
        }
        for (deal, kind) in [(1, "silence"), (2, "silence"), (2, "bought_nothing")] {
            store
                .conn
                .execute(
                    "INSERT INTO outcome(deal, kind, day) VALUES(?1, ?2, '2026-10-01')",
                    rusqlite::params![deal, kind],
                )
                .unwrap();
        }

        let found = store.closed_deals("walkaway").unwrap();

        let told: Vec<_> = found
            .iter()
            .map(|d| (d.deal.0, d.won, d.answers["PRB1"].0))
            .collect();
        assert_eq!(
            told,
            [(2, false, Value::No), (3, true, Value::No)],
            "as it stood at the firing"
        );
    }
}
