//! Who judged what, and what became of it.

use rusqlite::Connection;

use super::Store;
use super::error::{Doing, StoreError};
use crate::domain::judgement::{Fate, Judged, Tally, tally};

impl Store {
    /// Holds decisions, and the verdicts at them, against what happened. Of each person the latest
    /// decision on a deal counts; a manager's answers to what needed one are decisions too.
    pub fn judgement(&self) -> Result<Judgement, StoreError> {
        self.at(read(&self.conn).doing("reading what was decided and what happened"))
    }
}

/// Judgements held against what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What people decided.
    pub decisions: Vec<Tally>,
    /// What the cockpit suggested at the latest decision on a deal.
    pub verdicts: Vec<Tally>,
}

/// The latest thing that was told of a deal's fate: what they bought outweighs whether they spoke.
pub(super) const OUTCOME: &str = "(SELECT o.kind FROM outcome o WHERE o.deal = d.id
    ORDER BY o.kind IN('won', 'lost', 'bought_elsewhere', 'bought_nothing') DESC,
             o.day DESC, o.id DESC LIMIT 1)";

fn read(conn: &Connection) -> rusqlite::Result<Judgement> {
    let judged = |sql: &str| -> rusqlite::Result<Vec<Judged>> {
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |r| {
            let (status, outcome): (String, Option<String>) = (r.get(3)?, r.get(4)?);
            Ok(Judged {
                who: r.get(0)?,
                role: r.get(1)?,
                what: r.get(2)?,
                fate: Fate::of(&status, outcome.as_deref()),
            })
        })?;
        rows.collect()
    };
    let mut decisions = judged(&format!(
        "SELECT x.who, coalesce(p.role, 'rep'), x.kind, d.status, {OUTCOME}
         FROM decision x JOIN deal d ON d.id = x.deal LEFT JOIN person p ON p.name = x.who
         WHERE d.status <> 'removed' AND x.kind <> 'reinstated'
           AND x.id = (SELECT max(y.id) FROM decision y
                       WHERE y.deal = x.deal AND y.who = x.who AND y.kind <> 'reinstated')"
    ))?;
    decisions.extend(judged(&format!(
        "SELECT c.who, 'manager', c.reply, d.status, {OUTCOME}
         FROM charter_request c JOIN deal d ON d.id = c.deal
         WHERE d.status <> 'removed' AND c.reply IS NOT NULL AND c.who IS NOT NULL"
    ))?);
    let verdicts = judged(&format!(
        "SELECT '', '', x.verdict, d.status, {OUTCOME}
         FROM decision x JOIN deal d ON d.id = x.deal
         WHERE d.status <> 'removed' AND x.verdict IS NOT NULL
           AND x.id = (SELECT max(y.id) FROM decision y
                       WHERE y.deal = x.deal AND y.verdict IS NOT NULL)"
    ))?;
    Ok(Judgement {
        decisions: tally(decisions),
        verdicts: tally(verdicts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::Thresholds;
    use crate::store::Judge;

    #[test]
    fn the_latest_decision_of_each_person_is_held_against_what_happened() {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let store = Store::in_memory(now, Judge::new(Vec::new(), Thresholds::default())).unwrap();
        store
            .conn
            .execute_batch(
                "INSERT INTO person(name, role) VALUES('Mia', 'manager');
                 INSERT INTO deal(id, source, key, title, status)
                   VALUES(1, 'w', '1', 'a', 'won'), (2, 'w', '2', 'b', 'open'),
                         (3, 'w', '3', 'c', 'removed');
                 INSERT INTO decision(deal, kind, at, day, who, verdict)
                   VALUES(1, 'fired', '', '2026-01-01', 'Ana', 'fire'),
                         (1, 'continued', '', '2026-02-01', 'Ana', 'continue'),
                         (1, 'fired', '', '2026-01-15', 'Mia', 'get_to_no'),
                         (2, 'fired', '', '2026-02-01', 'Ana', 'fire'),
                         (3, 'fired', '', '2026-02-01', 'Ana', 'fire');
                 INSERT INTO charter_request(deal, due, reply, who)
                   VALUES(2, '2026-02-03', 'overruled', 'Mia');
                 INSERT INTO outcome(deal, kind, day)
                   VALUES(2, 'bought_nothing', '2026-08-01'), (2, 'silence', '2026-09-01');",
            )
            .unwrap();

        let judgement = store.judgement().unwrap();

        let told: Vec<_> = judgement
            .decisions
            .iter()
            .map(|t| (t.who.as_str(), t.role.as_str(), t.what.as_str(), t.known()))
            .collect();
        assert_eq!(
            told,
            [
                ("Ana", "rep", "continued", (1, 1)),
                ("Ana", "rep", "fired", (1, 0)),
                ("Mia", "manager", "fired", (1, 1)),
                ("Mia", "manager", "overruled", (1, 0)),
            ]
        );
        assert_eq!(judgement.decisions[1].count(Fate::BoughtNothing), 1);
        let verdicts: Vec<_> = judgement.verdicts.iter().map(|t| t.what.as_str()).collect();
        assert_eq!(verdicts, ["fire", "get_to_no"]);
    }
}
