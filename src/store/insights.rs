//! What the insights are drawn from, read in one pass over what was decided and closed.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, ToSql, params_from_iter};

use super::Store;
use super::detail::word;
use super::error::{Doing, StoreError};
use super::ledger::ledger;
use crate::domain::bank::{Bank, Knockout};
use crate::domain::deal::{CommitmentState, OutcomeKind, Side, SweepWord, names};
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;
use crate::domain::insights::{Facts, Fired, Knocked, Period, Promise, Swept, Taken, Won};
use crate::domain::phase::Phase;

/// A deal that counts: neither a mistake nor a duplicate, and of the owner asked for. Binds
/// `?1` the owner, `?2` and `?3` the first and the last day.
const COUNTS: &str = "d.status <> 'removed' AND (?1 IS NULL OR d.owner = ?1)";

/// What every query binds.
struct Asked<'p>(&'p Period);

impl Asked<'_> {
    fn all<T>(
        &self,
        conn: &Connection,
        sql: &str,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let Period {
            since,
            until,
            owner,
        } = self.0;
        conn.prepare_cached(sql)?
            .query_map((owner, since, until), map)?
            .collect()
    }
}

fn deal(row: &Row<'_>, at: usize) -> rusqlite::Result<u32> {
    Ok(DealId(row.get(at)?).short())
}

fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<u32> {
    u32::try_from((to? - from?).num_days()).ok()
}

fn won(conn: &Connection, asked: &Asked<'_>) -> rusqlite::Result<Vec<Won>> {
    let sql = format!(
        "SELECT d.id, d.created, d.closed FROM deal d WHERE d.status = 'won' AND {COUNTS}
           AND (?2 IS NULL OR d.closed >= ?2) AND (?3 IS NULL OR d.closed <= ?3)"
    );
    asked.all(conn, &sql, |r| {
        Ok(Won {
            deal: deal(r, 0)?,
            days: days(r.get(1)?, r.get(2)?),
        })
    })
}

/// The stage of a deal `d` at the end of the day of its firing `x`: what it moved to last before,
/// else what it moved from first after, else where it stands.
const PHASE_THEN: &str = "coalesce(
    (SELECT new FROM move WHERE deal = d.id AND field = 'stage' AND day <= x.day
     ORDER BY day DESC, id DESC LIMIT 1),
    (SELECT old FROM move WHERE deal = d.id AND field = 'stage' AND day > x.day
     ORDER BY day, id LIMIT 1),
    d.stage)";

fn fired(conn: &Connection, asked: &Asked<'_>, bank: &Bank) -> rusqlite::Result<Vec<Fired>> {
    let sql = format!(
        "SELECT d.id, d.created, x.day, {PHASE_THEN}, d.stage, d.phase,
                coalesce(x.core_unasked, 0), x.dead_on_paper,
                (SELECT kind FROM outcome WHERE decision = x.id ORDER BY day DESC, id DESC LIMIT 1)
         FROM decision x JOIN deal d ON d.id = x.deal
         WHERE x.kind = 'fired' AND {COUNTS}
           AND x.id = (SELECT max(id) FROM decision WHERE deal = d.id AND kind = 'fired')
           AND (?2 IS NULL OR x.day >= ?2) AND (?3 IS NULL OR x.day <= ?3)
         ORDER BY d.id"
    );
    let mut left = Vec::new();
    let mut fired = asked.all(conn, &sql, |r| {
        let day: NaiveDate = r.get(2)?;
        let (then, now): (Option<String>, Option<String>) = (r.get(3)?, r.get(4)?);
        let phase: Option<String> = r.get(5)?;
        // What its file says of the stage outranks what its words say.
        let phase = (phase.filter(|_| then == now))
            .as_deref()
            .and_then(Phase::from_code)
            .or_else(|| Phase::from_stage_words(&then?));
        left.push(day);
        Ok(Fired {
            deal: deal(r, 0)?,
            day,
            days: days(r.get(1)?, Some(day)),
            phase,
            unasked: r.get(6)?,
            on_paper: r.get(7)?,
            outcome: (r.get::<_, Option<String>>(8)?)
                .as_deref()
                .and_then(OutcomeKind::from_code),
            knocked: None,
        })
    })?;
    for (fired, day) in fired.iter_mut().zip(left) {
        fired.knocked = knocked(conn, bank, fired.deal, day)?;
    }
    Ok(fired)
}

/// The first asked "no" to a question that fires alone, before the deal was left on `left`.
fn knocked(
    conn: &Connection,
    bank: &Bank,
    deal: u32,
    left: NaiveDate,
) -> rusqlite::Result<Option<Knocked>> {
    let alone: Vec<&str> = (bank.questions().iter())
        .filter(|question| question.knockout == Knockout::Alone)
        .map(|question| question.id.as_str())
        .collect();
    let marks = vec!["?"; alone.len()].join(", ");
    let sql = format!(
        "SELECT min(day) FROM answer WHERE deal = ? AND bank = ? AND day <= ? AND value = 'no'
           AND grade IN ('said', 'shown') AND question IN ({marks})"
    );
    let bank = bank.id();
    let bound: [&dyn ToSql; 3] = [&deal, &bank, &left];
    let bound = bound
        .into_iter()
        .chain(alone.iter().map(|id| id as &dyn ToSql));
    let first: Option<NaiveDate> = conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(bound), |r| r.get(0))?;
    let Some(first) = first else {
        return Ok(None);
    };
    let minutes = conn
        .prepare_cached(
            "SELECT channel, minutes, people FROM touch WHERE deal = ?1 AND status = 'held'
               AND substr(at, 1, 10) > ?2 AND substr(at, 1, 10) <= ?3",
        )?
        .query_map((deal, first, left), |r| {
            let channel: String = r.get(0)?;
            let channel = Channel::from_code(&channel).unwrap_or(Channel::Message);
            let people: Option<String> = r.get(2)?;
            let heads = names::split(&people.unwrap_or_default()).count();
            Ok(channel.cost(r.get(1)?, heads))
        })?
        .try_fold(0_u32, |sum, minutes| {
            minutes.map(|minutes| sum.saturating_add(minutes))
        })?;
    Ok(days(Some(first), Some(left)).map(|days| Knocked { days, minutes }))
}

fn promises(
    conn: &Connection,
    asked: &Asked<'_>,
    today: NaiveDate,
) -> rusqlite::Result<Vec<Promise>> {
    let sql = format!(
        "SELECT c.deal, c.side, c.state, c.due FROM commitment c JOIN deal d ON d.id = c.deal
         WHERE {COUNTS} AND (?2 IS NULL OR coalesce(c.settled, c.due) >= ?2)
           AND (?3 IS NULL OR coalesce(c.settled, c.due) <= ?3)
         ORDER BY c.id"
    );
    let read = asked.all(conn, &sql, |r| {
        let promise = Promise {
            deal: deal(r, 0)?,
            side: word(r, 1, Side::from_code, Side::They)?,
            state: word(r, 2, CommitmentState::from_code, CommitmentState::Open)?,
        };
        Ok((promise, r.get(3)?))
    })?;
    Ok(read
        .into_iter()
        .filter_map(
            |(promise, due): (Promise, Option<NaiveDate>)| match promise.state {
                CommitmentState::Open if due.is_some_and(|due| due < today) => Some(Promise {
                    state: CommitmentState::Missed,
                    ..promise
                }),
                CommitmentState::Open => None,
                CommitmentState::Kept
                | CommitmentState::Late
                | CommitmentState::Missed
                | CommitmentState::Waived => Some(promise),
            },
        )
        .collect())
}

fn swept(conn: &Connection, asked: &Asked<'_>) -> rusqlite::Result<Vec<Swept>> {
    let sql = format!(
        "SELECT s.deal, substr(s.at, 1, 10), s.word FROM sweep s JOIN deal d ON d.id = s.deal
         WHERE {COUNTS} AND (?2 IS NULL OR substr(s.at, 1, 10) >= ?2)
           AND (?3 IS NULL OR substr(s.at, 1, 10) <= ?3)
         ORDER BY s.id"
    );
    asked.all(conn, &sql, |r| {
        Ok(Swept {
            deal: deal(r, 0)?,
            day: r.get(1)?,
            word: word(r, 2, SweepWord::from_code, SweepWord::Unknown)?,
        })
    })
}

/// What stands on an open deal now; the days of the period say nothing of it.
fn taken(conn: &Connection, asked: &Asked<'_>) -> rusqlite::Result<Vec<Taken>> {
    let sql = format!(
        "SELECT d.id, e.spent FROM deal_eval e JOIN deal d ON d.id = e.deal
         WHERE d.status = 'open' AND d.decision <> 'fired' AND e.spent > 0 AND {COUNTS}
           AND (?2 IS ?2) AND (?3 IS ?3)"
    );
    asked.all(conn, &sql, |r| {
        Ok(Taken {
            deal: deal(r, 0)?,
            hours: r.get(1)?,
        })
    })
}

impl Store {
    /// Reads what the insights are drawn from. Takes as long as a look at every deal that was
    /// closed or decided: not for a thread that somebody waits for.
    ///
    /// # Errors
    ///
    /// Those of reading; interrupted by [`Store::interrupt`].
    pub fn insight_facts(&self, period: &Period, today: NaiveDate) -> Result<Facts, StoreError> {
        let asked = Asked(period);
        let read = || -> rusqlite::Result<Facts> {
            let ledger = ledger(&self.conn, today)?;
            let decisions: i64 = self.conn.query_row(
                "SELECT count(*) FROM decision WHERE kind <> 'reinstated'",
                [],
                |r| r.get(0),
            )?;
            Ok(Facts {
                won: won(&self.conn, &asked)?,
                fired: fired(&self.conn, &asked, self.judge.bank())?,
                promises: promises(&self.conn, &asked, today)?,
                swept: swept(&self.conn, &asked)?,
                taken: taken(&self.conn, &asked)?,
                invested: (ledger.deals.iter())
                    .filter(|share| share.reinvested > 0)
                    .map(|share| share.deal.short())
                    .collect(),
                weeks: ledger.weeks,
                decisions: usize::try_from(decisions).unwrap_or_default(),
            })
        };
        read().doing("reading what the insights are drawn from")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::Thresholds;
    use crate::store::Judge;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Deal 1 won; 2 fired with a knock-out that stood unheard, and moved on by its CRM since; 3 a
    /// duplicate; 4 fired, of another owner, dead on paper.
    fn store() -> Store {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let store = Store::in_memory(now, Judge::new(Vec::new(), Thresholds::default())).unwrap();
        store
            .conn
            .execute_batch(
                "INSERT INTO deal(id, source, key, title, owner, stage, phase, status, created,
                                  closed, decision) VALUES
                   (1, 's', '1', 'A', 'Ana', 'Closed Won', 'won', 'won', '2026-01-01',
                    '2026-03-02', 'undecided'),
                   (2, 's', '2', 'B', 'Ana', 'Closed Lost', 'lost', 'lost', '2026-08-01', NULL,
                    'fired'),
                   (3, 's', '3', 'C', 'Ana', NULL, NULL, 'removed', '2026-08-01', NULL, 'fired'),
                   (4, 's', '4', 'D', 'Ben', 'Negotiation', 'negotiation', 'open', NULL, NULL,
                    'fired');
                 INSERT INTO move(deal, field, day, old, new, source) VALUES
                   (2, 'stage', '2026-10-01', 'Discovery', 'Proposal', 's'),
                   (2, 'stage', '2026-11-15', 'Proposal', 'Closed Lost', 's');
                 INSERT INTO decision(id, deal, kind, at, day, who, core_unasked, dead_on_paper)
                 VALUES (1, 2, 'fired', 't', '2026-10-20', 'Ana', 9, 0),
                        (2, 2, 'fired', 't', '2026-11-10', 'Ana', 4, 0),
                        (3, 3, 'fired', 't', '2026-11-10', 'Ana', 0, 0),
                        (4, 4, 'fired', 't', '2026-11-12', 'Ben', 12, 1);
                 INSERT INTO outcome(deal, decision, kind, day) VALUES
                   (2, 1, 'came_back_better', '2026-10-30'), (2, 2, 'silence', '2026-11-20');
                 INSERT INTO answer(deal, bank, question, value, grade, day, at, current) VALUES
                   (2, 'walkaway', 'PWR1', 'no', 'hunch', '2026-09-01', 't', 0),
                   (2, 'walkaway', 'PWR1', 'no', 'said', '2026-11-03', 't', 1),
                   (2, 'walkaway', 'RES2', 'no', 'said', '2026-10-01', 't', 1);
                 INSERT INTO touch(deal, source, at, direction, channel, minutes, status, people)
                 VALUES (2, 's', '2026-11-03', 'out', 'call', 45, 'held', NULL),
                        (2, 's', '2026-11-04', 'out', 'call', NULL, 'held', NULL),
                        (2, 's', '2026-11-05', 'out', 'meeting', 30, 'held', 'Ana;Dana'),
                        (2, 's', '2026-11-06', 'out', 'meeting', 60, 'declined', NULL),
                        (2, 's', '2026-11-12', 'out', 'call', 99, 'held', NULL);
                 INSERT INTO commitment(deal, side, what, due, state, settled, at) VALUES
                   (2, 'they', 'a', '2026-11-01', 'kept', '2026-11-01', 't'),
                   (2, 'they', 'b', '2026-11-01', 'open', NULL, 't'),
                   (2, 'we', 'c', '2026-12-01', 'open', NULL, 't');",
            )
            .unwrap();
        store
    }

    fn facts(store: &Store, period: &Period) -> Facts {
        store.insight_facts(period, day("2026-11-23")).unwrap()
    }

    #[test]
    fn a_deal_counts_with_its_latest_firing_and_the_stage_of_that_day() {
        let facts = facts(&store(), &Period::default());

        assert_eq!(
            facts.fired[0],
            Fired {
                deal: 2,
                day: day("2026-11-10"),
                days: Some(101),
                phase: Some(Phase::Proposal),
                unasked: 4,
                on_paper: false,
                outcome: Some(OutcomeKind::Silence),
                // A hunch and a "no" that does not fire alone are none; the day itself and what
                // came after the firing do not count.
                knocked: Some(Knocked {
                    days: 7,
                    minutes: 20 + 2 * 30,
                }),
            }
        );
        assert_eq!(facts.fired.len(), 2, "a duplicate counts nowhere");
        assert_eq!(facts.fired[1].phase, Some(Phase::Negotiation));
        assert_eq!(
            facts.won,
            [Won {
                deal: 1,
                days: Some(60)
            }]
        );
    }

    #[test]
    fn an_open_promise_counts_once_it_is_overdue() {
        let facts = facts(&store(), &Period::default());

        let states: Vec<_> = facts.promises.iter().map(|p| p.state).collect();
        assert_eq!(states, [CommitmentState::Kept, CommitmentState::Missed]);
    }

    #[test]
    fn days_and_owner_narrow_what_counts() {
        let store = store();
        let period = |since: Option<&str>, until: Option<&str>, owner: Option<&str>| Period {
            since: since.map(day),
            until: until.map(day),
            owner: owner.map(str::to_owned),
        };
        let fired = |period: &Period| -> Vec<u32> {
            let facts = facts(&store, period);
            facts.fired.iter().map(|fired| fired.deal).collect()
        };

        assert_eq!(fired(&period(Some("2026-11-11"), None, None)), [4]);
        assert_eq!(fired(&period(None, Some("2026-11-11"), None)), [2]);
        assert_eq!(fired(&period(None, None, Some("Ben"))), [4]);
        let none = facts(&store, &period(Some("2026-03-03"), None, Some("Ana")));
        assert!(none.won.is_empty());
    }
}
