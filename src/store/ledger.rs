//! The hours that firing freed, and where they went.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};
use rusqlite::Connection;

use super::Store;
use super::detail::{money, word};
use super::error::{Doing, StoreError};
use super::journal::Stamp;
use super::rows::each;
use super::week::plans;
use crate::domain::deal::{BadMoneyRow, EarnedRow, HoursView, Status, names};
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;
use crate::domain::ledger::{Freed, Ledger, Placed, Share, Spent, monday};
use crate::domain::shown::Name;

/// Deals with bad money that are named.
const NAMED: i64 = 20;

fn freed(conn: &Connection) -> rusqlite::Result<Vec<Freed>> {
    each(
        conn,
        "SELECT x.deal, x.day, x.minutes_reclaimed
         FROM decision x CROSS JOIN deal d ON d.id = x.deal
         WHERE x.kind = 'fired' AND x.minutes_reclaimed > 0 AND d.status <> 'removed'
           AND NOT EXISTS(SELECT 1 FROM charter_request c
                          WHERE c.decision = x.id AND c.reply = 'overruled')
         ORDER BY x.day, x.id",
        &[],
        |r| {
            Ok(Freed {
                deal: DealId(r.get(0)?),
                day: r.get(1)?,
                minutes: r.get(2)?,
            })
        },
    )
}

/// Hours that were given a place: week by week, else as often as the decision to continue says.
fn placed(conn: &Connection, today: NaiveDate) -> rusqlite::Result<Vec<Placed>> {
    const GOES_ON: &str = "d.status = 'open' AND d.decision <> 'fired'";
    let mut placed = each(
        conn,
        &format!(
            "SELECT h.deal, h.week, sum(h.minutes), coalesce({GOES_ON}, 0)
             FROM hours_plan h LEFT JOIN deal d ON d.id = h.deal
             WHERE h.deal IS NULL OR d.status <> 'removed' GROUP BY h.deal, h.week"
        ),
        &[],
        |r| {
            Ok(Placed {
                deal: r.get::<_, Option<i64>>(0)?.map(DealId),
                week: monday(r.get(1)?),
                minutes: r.get(2)?,
                goes_on: r.get(3)?,
            })
        },
    )?;
    let planned: BTreeSet<(Option<DealId>, NaiveDate)> =
        placed.iter().map(|plan| (plan.deal, plan.week)).collect();
    let standing = each(
        conn,
        &format!(
            "SELECT x.deal, x.day, CAST(round(x.hours_per_week * 60) AS INTEGER), {GOES_ON},
                    (SELECT y.day FROM decision y WHERE y.deal = x.deal AND y.id > x.id
                     ORDER BY y.id LIMIT 1),
                    CASE WHEN d.status <> 'open' THEN d.closed END
             FROM decision x CROSS JOIN deal d ON d.id = x.deal
             WHERE x.kind = 'continued' AND x.hours_per_week > 0 AND d.status <> 'removed'"
        ),
        &[],
        |r| {
            let deal = DealId(r.get(0)?);
            let plan = (r.get::<_, i64>(2)?, r.get::<_, bool>(3)?);
            let days: (NaiveDate, Option<NaiveDate>, Option<NaiveDate>) =
                (r.get(1)?, r.get(4)?, r.get(5)?);
            Ok((deal, plan, days))
        },
    )?;
    for (deal, (minutes, goes_on), (from, next, closed)) in standing {
        let this_week = monday(today);
        let last = closed.map_or(this_week, |day| monday(day).min(this_week));
        let end = next.map(monday);
        let mut week = monday(from);
        while week <= last && end.is_none_or(|end| week < end) {
            if !planned.contains(&(Some(deal), week)) {
                placed.push(Placed {
                    deal: Some(deal),
                    week,
                    minutes,
                    goes_on,
                });
            }
            week += Duration::days(7);
        }
    }
    Ok(placed)
}

/// What went into the deals onto which hours were planned.
fn spent(conn: &Connection, placed: &[Placed]) -> rusqlite::Result<Vec<Spent>> {
    let deals: BTreeSet<DealId> = placed.iter().filter_map(|plan| plan.deal).collect();
    let mut spent = Vec::new();
    for deal in deals {
        spent.extend(each(
            conn,
            "SELECT substr(at, 1, 10), channel, minutes, people FROM touch
             WHERE deal = ?1 AND status = 'held' ORDER BY at, id",
            &[&deal.0],
            |r| {
                let channel: String = r.get(1)?;
                let channel = Channel::from_code(&channel).unwrap_or(Channel::Message);
                let people: Option<String> = r.get(3)?;
                let heads = names::split(&people.unwrap_or_default()).count();
                Ok(Spent {
                    deal,
                    day: r.get(0)?,
                    minutes: channel.cost(r.get(2)?, heads).into(),
                })
            },
        )?);
    }
    Ok(spent)
}

/// Works the bank out as of a day.
pub(super) fn ledger(conn: &Connection, today: NaiveDate) -> rusqlite::Result<Ledger> {
    let freed = freed(conn)?;
    if freed.is_empty() {
        return Ok(Ledger::default());
    }
    let placed = placed(conn, today)?;
    let spent = spent(conn, &placed)?;
    Ok(Ledger::of(&freed, &placed, &spent, today))
}

fn earned(conn: &Connection, share: &Share) -> rusqlite::Result<Option<EarnedRow>> {
    let rows = each(
        conn,
        "SELECT coalesce(account, title), status, amount, currency, stage,
                (SELECT count(*) FROM move m WHERE m.deal = d.id AND m.field = 'stage'
                   AND m.day >= ?2)
         FROM deal d WHERE d.id = ?1",
        &[&share.deal.0, &share.since],
        |r| {
            Ok(EarnedRow {
                deal: share.deal,
                name: Name::new(r.get::<_, String>(0)?),
                reinvested: share.reinvested,
                planned: share.planned,
                status: word(r, 1, Status::from_code, Status::Open)?,
                amount: money(r, 2, 3)?,
                stage: r.get(4)?,
                moves: usize::try_from(r.get::<_, i64>(5)?).unwrap_or_default(),
            })
        },
    )?;
    Ok(rows.into_iter().next())
}

fn bad_money(conn: &Connection) -> rusqlite::Result<(Vec<BadMoneyRow>, usize, f64)> {
    const BAD: &str = "deal_eval e CROSS JOIN deal d ON d.id = e.deal
        WHERE e.bad_money = 1 AND e.tier <= 6";
    let rows = each(
        conn,
        &format!(
            "SELECT d.id, coalesce(d.account, d.title), d.amount, d.currency, e.spent, e.per_week
             FROM {BAD} ORDER BY e.per_week DESC, e.spent DESC, d.id LIMIT {NAMED}"
        ),
        &[],
        |r| {
            Ok(BadMoneyRow {
                deal: DealId(r.get(0)?),
                name: Name::new(r.get::<_, String>(1)?),
                amount: money(r, 2, 3)?,
                spent: r.get(4)?,
                per_week: r.get(5)?,
            })
        },
    )?;
    let (count, per_week): (i64, f64) = conn
        .prepare_cached(&format!("SELECT count(*), total(e.per_week) FROM {BAD}"))?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok((rows, usize::try_from(count).unwrap_or_default(), per_week))
}

impl Store {
    /// Works out the bank of hours, with where they went and what they earned.
    pub fn hours_view(&self, stamp: &Stamp) -> Result<HoursView, StoreError> {
        let conn = self.conn();
        let today = stamp.today;
        let week = monday(today);
        let plans = self.at(plans(conn, &stamp.who, week))?;
        let read = || -> rusqlite::Result<HoursView> {
            let ledger = ledger(conn, today)?;
            let mut rows = Vec::new();
            for share in &ledger.deals {
                rows.extend(earned(conn, share)?);
            }
            rows.sort_by_key(|row| std::cmp::Reverse((row.reinvested, row.planned)));
            let decisions: i64 = conn.query_row(
                "SELECT count(*) FROM decision WHERE kind <> 'reinstated'",
                [],
                |r| r.get(0),
            )?;
            let (bad_money, bad_count, bad_per_week) = bad_money(conn)?;
            Ok(HoursView {
                ledger,
                monday: Some(week),
                decisions: usize::try_from(decisions).unwrap_or_default(),
                plans,
                earned: rows,
                bad_money,
                bad_count,
                bad_per_week,
            })
        };
        self.at(read().doing("adding up the hours"))
    }
}
