//! What a new day changes, and what an import bears on: deals are listed as due, and judged in
//! steps.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::super::error::{Doing, StoreError};
use super::hours::{self, Hourly};
use super::sources::{Sources, sources};
use super::{Counted, Judge, renew_with, stats};
use crate::domain::ids::{BatchId, DealId};

/// How many deals are to be judged again.
pub(in crate::store) fn due(conn: &Connection, today: NaiveDate) -> Result<u64, StoreError> {
    let count = "SELECT (SELECT count(*) FROM judge_todo)
        + (SELECT count(*) FROM deal_eval e WHERE e.valid_until <= ?1
             AND NOT EXISTS(SELECT 1 FROM judge_todo t WHERE t.deal = e.deal))";
    conn.prepare_cached(count)
        .and_then(|mut s| s.query_row([today], |r| r.get(0)))
        .map(i64::cast_unsigned)
        .doing("counting deals to evaluate")
}

/// Whether a new day changes any row, or the figures of the file.
pub(in crate::store) fn is_due(conn: &Connection, today: NaiveDate) -> Result<bool, StoreError> {
    let rows = conn
        .prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM deal_eval WHERE valid_until <= ?1)
                OR EXISTS(SELECT 1 FROM judge_todo)",
        )
        .and_then(|mut s| s.query_row([today], |r| r.get(0)));
    rows.and_then(|rows: bool| Ok(rows || stats::is_due(conn, today)?))
        .doing("looking for what a new day changes")
}

/// Has open deals judged again on the next occasion.
pub(in crate::store) fn judge_again(
    conn: &Connection,
    deals: impl IntoIterator<Item = DealId>,
) -> Result<(), StoreError> {
    let work = || -> rusqlite::Result<()> {
        let mut list = conn.prepare_cached("INSERT OR IGNORE INTO judge_todo(deal) VALUES(?1)")?;
        for deal in deals {
            list.execute([deal.0])?;
        }
        Ok(())
    };
    work().doing("listing deals to evaluate")
}

/// What a step of a new day came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// So many deals were judged.
    Judged(usize),
    /// Figures of the whole file are to be counted before the next step.
    ToCount,
    /// Nothing is left to do.
    Done,
}

/// Keeps what was counted, and lists the deals on which it bears.
pub(in crate::store) fn keep(
    conn: &Connection,
    counted: Counted,
    today: NaiveDate,
) -> Result<(), StoreError> {
    judge_again(conn, counted.keep(conn, today)?.unwrap_or_default())
}

/// Counts what is due, and keeps it.
pub(super) fn recount(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<(), StoreError> {
    keep(conn, Counted::count(conn, judge, today)?, today)
}

/// Deals that a new day judges in one step: a decision waits for some thirty milliseconds of it at
/// most, and fewer would write the pages of the queue more often.
pub(super) const STEP: usize = 500;

/// Deals of which it renews the hours alone, for which that is long enough.
const STEP_OF_HOURS: usize = 2_000;

/// Deals that may have changed.
struct Due {
    /// Deals to be judged.
    judged: Vec<DealId>,
    /// Deals of which only the hours are renewed.
    hourly: Vec<Hourly>,
}

/// Takes listed deals off their list, no more than one step takes.
fn take_listed(conn: &Connection) -> Result<Vec<DealId>, StoreError> {
    let take = || -> rusqlite::Result<Vec<DealId>> {
        let listed: Vec<DealId> = conn
            .prepare_cached("SELECT deal FROM judge_todo ORDER BY deal LIMIT ?1")?
            .query_map([STEP as i64], |r| r.get(0).map(DealId))?
            .collect::<Result<_, _>>()?;
        if let Some(last) = listed.last() {
            conn.prepare_cached("DELETE FROM judge_todo WHERE deal <= ?1")?
                .execute([last.0])?;
        }
        Ok(listed)
    };
    take().doing("listing deals to evaluate")
}

/// Reads deals that a day may have changed, no more than one step takes.
fn some_due(conn: &Connection, today: NaiveDate) -> Result<Due, StoreError> {
    let read = || -> rusqlite::Result<Due> {
        let (mut judged, mut hourly) = (Vec::new(), Vec::new());
        let mut statement = conn.prepare_cached(
            "SELECT e.deal, d.expected_close, nullif(e.holds_until, '9999-12-31'),
               coalesce(e.holds_until > ?1, 0)
             FROM deal_eval e JOIN deal d ON d.id = e.deal WHERE e.valid_until <= ?1",
        )?;
        let mut rows = statement.query([today])?;
        while judged.len() < STEP && hourly.len() < STEP_OF_HOURS {
            let Some(r) = rows.next()? else { break };
            let deal = DealId(r.get(0)?);
            if r.get(3)? {
                hourly.push(Hourly {
                    deal,
                    expected_close: r.get(1)?,
                    holds_until: r.get(2)?,
                });
            } else {
                judged.push(deal);
            }
        }
        Ok(Due { judged, hourly })
    };
    read().doing("listing deals to evaluate")
}

/// Evaluates some of the deals that may have changed by today. Before the first of them the ages of
/// the won deals are to be counted, and after the last one the other figures; both may add to them.
pub(in crate::store) fn renew_some(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<Renewal, StoreError> {
    let looking = "looking for what a new day changes";
    if stats::are_ages_due(conn, today).doing(looking)? {
        return Ok(Renewal::ToCount);
    }
    let listed = take_listed(conn)?;
    if !listed.is_empty() {
        return renew_with(conn, judge, &sources(conn)?, listed, today).map(Renewal::Judged);
    }
    let Due { judged, hourly } = some_due(conn, today)?;
    if !(judged.is_empty() && hourly.is_empty()) {
        hours::renew(conn, &judge.thresholds().hours, &hourly, today)
            .doing("renewing the hours of deals")?;
        let judged = renew_with(conn, judge, &sources(conn)?, judged, today)?;
        return Ok(Renewal::Judged(hourly.len() + judged));
    }
    if stats::is_due(conn, today).doing(looking)? {
        return Ok(Renewal::ToCount);
    }
    Ok(Renewal::Done)
}

/// The open deals that an import did not make and that it bears on: those up to the last one before
/// it of a source of which it made more known, and those that it touched.
pub(in crate::store) fn older(
    conn: &Connection,
    batch: BatchId,
    last: DealId,
    before: &Sources,
    touched: impl Iterator<Item = DealId>,
) -> Result<Vec<DealId>, StoreError> {
    let now = sources(conn)?;
    let read = || -> rusqlite::Result<Vec<DealId>> {
        let mut older = Vec::new();
        let mut is_older = conn.prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM deal WHERE id = ?1 AND status = 'open' AND batch IS NOT ?2)",
        )?;
        for deal in touched {
            if is_older.query_row((deal.0, batch.0), |r| r.get(0))? {
                older.push(deal);
            }
        }
        let mut of_source = conn.prepare_cached(
            "SELECT id FROM deal WHERE id <= ?2 AND status = 'open' AND +source = ?1",
        )?;
        for source in now.which_know_more(before) {
            let ids = of_source.query_map((source, last.0), |r| r.get(0).map(DealId))?;
            for id in ids {
                older.push(id?);
            }
        }
        older.sort_unstable();
        older.dedup();
        Ok(older)
    };
    read().doing("listing deals to evaluate")
}
