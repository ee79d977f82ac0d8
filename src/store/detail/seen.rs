//! Reading what people told of a deal.

use rusqlite::{Connection, OptionalExtension};

use super::{all, free, money, name, word};
use crate::domain::deal::{
    AccessAnswer, AccessRow, ConcessionKind, ConcessionRow, FreshEyes, FreshRow, GateRow,
    HandoffRow, PlanRow, Seen, SignRow, SweepRow, SweepWord,
};
use crate::domain::ids::DealId;
use crate::domain::review::TableSeen;
use crate::domain::shown::{Free, Name};
use crate::domain::signs::Sign;
use crate::store::error::{Doing, StoreError};
use crate::store::review;

/// Reads what people told of a deal.
pub(super) fn read(conn: &Connection, id: DealId) -> Result<Seen, StoreError> {
    let mut signs: Vec<SignRow> = all(
        conn,
        "SELECT sign, at, who FROM sign WHERE deal = ?1",
        id,
        |r| {
            let code: String = r.get(0)?;
            let Some(sign) = Sign::from_code(&code) else {
                return Ok(None);
            };
            Ok(Some(SignRow {
                sign,
                at: r.get(1)?,
                who: r.get(2)?,
            }))
        },
    )?
    .into_iter()
    .flatten()
    .collect();
    signs.sort_by_key(|row| row.sign);
    let charter = review::in_force_for_all(conn)?;
    Ok(Seen {
        table: TableSeen {
            hands: review::hands(conn, Some(id))?,
            may_fire: review::may_fire(conn, id)?,
            beyond: review::beyond(conn, charter.as_ref(), id)?,
            request: review::last_request(conn, id)?,
            charter,
        },
        sell_again: all(
            conn,
            "SELECT answer = 'yes', day FROM regret
             WHERE deal = ?1 AND answer IS NOT NULL AND day IS NOT NULL ORDER BY id DESC LIMIT 1",
            id,
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?
        .pop(),
        gate: gate(conn, id)?,
        concessions: concessions(conn, id)?,
        access: all(
            conn,
            "SELECT id, whom, day, answer, answered, swap FROM access_ask WHERE deal = ?1
             ORDER BY id DESC",
            id,
            |r| {
                Ok(AccessRow {
                    id: r.get(0)?,
                    whom: Name::new(r.get::<_, String>(1)?),
                    day: r.get(2)?,
                    answer: r
                        .get::<_, Option<String>>(3)?
                        .as_deref()
                        .and_then(AccessAnswer::from_code),
                    answered: r.get(4)?,
                    swap: r.get(5)?,
                })
            },
        )?,
        signs,
        sweep: all(
            conn,
            "SELECT word, substr(at, 1, 10) FROM sweep WHERE deal = ?1 AND current = 1
             ORDER BY id DESC LIMIT 1",
            id,
            |r| {
                Ok(SweepRow {
                    word: word(r, 0, SweepWord::from_code, SweepWord::Unknown)?,
                    day: r.get(1)?,
                })
            },
        )?
        .pop(),
        fresh_eyes: all(
            conn,
            "SELECT answer, substr(at, 1, 10) FROM fresh_eyes WHERE deal = ?1
             ORDER BY id DESC LIMIT 1",
            id,
            |r| {
                Ok(FreshRow {
                    answer: word(r, 0, FreshEyes::from_code, FreshEyes::Unknown)?,
                    day: r.get(1)?,
                })
            },
        )?
        .pop(),
        handoffs: all(
            conn,
            "SELECT id, giver, taker, overseer, next_check, day FROM handoff WHERE deal = ?1
             ORDER BY id DESC",
            id,
            |r| {
                Ok(HandoffRow {
                    id: r.get(0)?,
                    from: r.get(1)?,
                    to: r.get(2)?,
                    overseer: r.get(3)?,
                    next_check: r.get(4)?,
                    day: r.get(5)?,
                })
            },
        )?,
        plans: all(
            conn,
            "SELECT week, sum(minutes) FROM hours_plan WHERE deal = ?1
             GROUP BY week ORDER BY week DESC",
            id,
            |r| {
                Ok(PlanRow {
                    deal: Some(id),
                    week: r.get(0)?,
                    minutes: r.get(1)?,
                })
            },
        )?,
        is_unwanted: conn
            .prepare_cached("SELECT wanted = 0 FROM deal WHERE id = ?1")
            .and_then(|mut s| s.query_row([id.0], |r| r.get(0)))
            .doing("reading whether the sale is wanted")?,
    })
}

fn gate(conn: &Connection, id: DealId) -> Result<Option<GateRow>, StoreError> {
    conn.prepare_cached(
        "SELECT objectives, requirements, process, equipment, starts, agreed
         FROM trial_gate WHERE deal = ?1",
    )
    .and_then(|mut s| {
        s.query_row([id.0], |r| {
            Ok(GateRow {
                objectives: name(r, 0)?,
                requirements: name(r, 1)?,
                process: name(r, 2)?,
                equipment: name(r, 3)?,
                starts: r.get(4)?,
                agreed: r.get(5)?,
            })
        })
        .optional()
    })
    .doing("reading the trial")
}

fn concessions(conn: &Connection, id: DealId) -> Result<Vec<ConcessionRow>, StoreError> {
    all(
        conn,
        "SELECT id, kind, what, amount, currency, percent, traded_for, hard_to_keep, kept, at
         FROM concession WHERE deal = ?1 ORDER BY id DESC",
        id,
        |r| {
            Ok(ConcessionRow {
                id: r.get(0)?,
                kind: word(r, 1, ConcessionKind::from_code, ConcessionKind::Promise)?,
                what: Free::new(r.get::<_, String>(2)?),
                amount: money(r, 3, 4)?,
                percent: r.get(5)?,
                traded_for: free(r, 6)?,
                hard_to_keep: r.get(7)?,
                kept: r.get(8)?,
                at: r.get(9)?,
            })
        },
    )
}
