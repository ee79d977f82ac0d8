//! What is over: firings and what came of them, wins and whether they would be sold again, the
//! hours that firing freed, and tripwires on their way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use rusqlite::{Connection, Row, ToSql};

use super::Store;
use super::detail::{free, money, name, word};
use super::error::{Doing, StoreError};
use super::journal::Stamp;
use super::rows::each;
use super::week::plans;
use crate::domain::answer::Value;
use crate::domain::bank::{Bank, Section};
use crate::domain::deal::{
    After, BadMoneyRow, CHECKS, Disposition, EarnedRow, FiredRow, FiredSums, HoursView, MoneySaid,
    OutcomeDue, OutcomeKind, PromiseSums, REGRET_DAYS, RegretRow, Status, TripwireDue, check_due,
    names,
};
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;
use crate::domain::ledger::{Freed, Ledger, Placed, Share, Spent, monday};
use crate::domain::shown::{Free, Name};

/// Days after which a win is too long ago to be asked about.
const OLD_WIN: i64 = REGRET_DAYS + 365;

/// Deals with bad money that are named.
const NAMED: i64 = 20;

/// Every firing of a deal that was not removed, the latest first.
const FIRED: &str = "
  SELECT x.id, x.deal, coalesce(d.account, d.title), x.day, x.who, x.reasons, x.disposition,
         x.whom, x.until, coalesce(x.minutes_reclaimed, 0), d.status, d.closed,
         (SELECT count(*) FROM decision y WHERE y.deal = x.deal AND y.kind = 'fired'
            AND y.id <= x.id),
         (SELECT count(*) FROM decision y WHERE y.deal = x.deal AND y.kind = 'fired'),
         (SELECT y.id FROM decision y WHERE y.deal = x.deal AND y.kind = 'reinstated'
            AND y.id > x.id ORDER BY y.id LIMIT 1),
         d.decision = 'fired',
         (SELECT max(substr(t.at, 1, 10)) FROM touch t WHERE t.deal = x.deal
            AND t.direction = 'in' AND t.status <> 'no_show' AND substr(t.at, 1, 10) > x.day
            AND substr(t.at, 1, 10) <= coalesce((SELECT min(y.day) FROM decision y
              WHERE y.deal = x.deal AND y.kind = 'fired' AND y.id > x.id), '9999'))
  FROM decision x CROSS JOIN deal d ON d.id = x.deal
  WHERE x.kind = 'fired' AND d.status <> 'removed'";

/// A firing as it is read, with whether it is the one in force.
struct Read {
    row: FiredRow,
    in_force: bool,
    reinstated: Option<i64>,
    closed: Option<NaiveDate>,
}

fn read_fired(r: &Row<'_>) -> rusqlite::Result<Read> {
    let reasons: Option<String> = r.get(5)?;
    let time: (u32, u32) = (r.get(12)?, r.get(13)?);
    let is_fired: bool = r.get(15)?;
    Ok(Read {
        row: FiredRow {
            decision: r.get(0)?,
            deal: DealId(r.get(1)?),
            name: Name::new(r.get::<_, String>(2)?),
            day: r.get(3)?,
            who: r.get(4)?,
            reasons: reasons
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
            to: r
                .get::<_, Option<String>>(6)?
                .as_deref()
                .and_then(Disposition::from_code),
            whom: name(r, 7)?,
            until: r.get(8)?,
            minutes_reclaimed: r.get(9)?,
            time,
            outcome: None,
            words: None,
            heard: r.get(16)?,
            reinstated: None,
            status: word(r, 10, Status::from_code, Status::Open)?,
        },
        in_force: is_fired && time.0 == time.1,
        reinstated: r.get(14)?,
        closed: r.get(11)?,
    })
}

fn fired(conn: &Connection, deal: Option<DealId>) -> rusqlite::Result<Vec<Read>> {
    let sql = match deal {
        Some(_) => format!("{FIRED} AND x.deal = ?1 ORDER BY x.id DESC"),
        None => format!("{FIRED} ORDER BY x.id DESC"),
    };
    let id = deal.map(|deal| deal.0);
    let with: Vec<&dyn ToSql> = id.iter().map(|id| id as &dyn ToSql).collect();
    let mut rows = each(conn, &sql, &with, read_fired)?;
    for read in &mut rows {
        let told = each(
            conn,
            "SELECT kind, day, words FROM outcome WHERE deal = ?1 AND decision = ?2
             ORDER BY id DESC LIMIT 1",
            &[&read.row.deal.0, &read.row.decision],
            |r| {
                let kind = word(r, 0, OutcomeKind::from_code, OutcomeKind::Silence)?;
                Ok((kind, r.get(1)?, free(r, 2)?))
            },
        )?;
        for (kind, day, words) in told {
            read.row.outcome = Some((kind, day));
            read.row.words = words;
        }
        if let Some(id) = read.reinstated {
            let back = each(
                conn,
                "SELECT day, terms FROM decision WHERE id = ?1",
                &[&id],
                |r| Ok((r.get(0)?, free(r, 1)?)),
            )?;
            read.row.reinstated = back.into_iter().next();
        }
        // What the CRM says of a deal that is still fired is an outcome too.
        let closed = read.closed.unwrap_or(read.row.day);
        match read.row.status {
            Status::Won if read.in_force => read.row.outcome = Some((OutcomeKind::Won, closed)),
            Status::Lost if read.in_force && read.row.outcome.is_none() => {
                read.row.outcome = Some((OutcomeKind::Lost, closed));
            }
            Status::Open | Status::Won | Status::Lost | Status::Removed => {}
        }
    }
    Ok(rows)
}

/// Whether it is time to ask what came of a firing.
fn due(read: &Read, today: NaiveDate) -> Option<OutcomeDue> {
    let row = &read.row;
    let told = row.outcome.filter(|(kind, _)| *kind != OutcomeKind::Lost);
    if !read.in_force || told.is_some_and(|(kind, _)| kind.is_final()) {
        return None;
    }
    let (check, since) = check_due(row.day, told.map(|(_, day)| day), today)?;
    Some(OutcomeDue {
        deal: row.deal,
        name: row.name.clone(),
        fired: row.day,
        check,
        due: since,
        reason: row.reasons.first().cloned(),
        heard: row
            .heard
            .filter(|heard| told.is_none_or(|(_, day)| *heard > day)),
    })
}

fn sums(rows: &[Read], record: NaiveDate) -> FiredSums {
    let mut sums = FiredSums {
        fired: rows.len(),
        ..FiredSums::default()
    };
    let mut counts: BTreeMap<OutcomeKind, usize> = BTreeMap::new();
    for Read { row, .. } in rows {
        sums.minutes_reclaimed += row.minutes_reclaimed;
        sums.reinstated += usize::from(row.reinstated.is_some());
        match row.came_of(record) {
            Some(kind) => *counts.entry(kind).or_default() += 1,
            None if row.reinstated.is_none() => sums.open += 1,
            None => {}
        }
    }
    sums.outcomes = counts.into_iter().collect();
    sums
}

/// What the money questions said of a deal, with the short names of those that said no.
fn money_said(
    conn: &Connection,
    bank: &Bank,
    deal: DealId,
) -> rusqlite::Result<(MoneySaid, Vec<String>)> {
    let answers = each(
        conn,
        "SELECT question, value FROM answer
         WHERE deal = ?1 AND bank = ?2 AND current = 1 AND value IN ('yes', 'no')",
        &[&deal.0, &bank.id()],
        |r| {
            let value = word(r, 1, Value::from_code, Value::Unknown)?;
            Ok((r.get::<_, String>(0)?, value))
        },
    )?;
    let (mut said, mut against) = (MoneySaid::Nothing, Vec::new());
    for (question, value) in answers {
        let Some(ix) = bank.find(&question) else {
            continue;
        };
        if bank[ix].section != Section::Money {
            continue;
        }
        if value == Value::No {
            said = MoneySaid::Bad;
            against.push(bank[ix].short.clone());
        } else if said == MoneySaid::Nothing {
            said = MoneySaid::Good;
        }
    }
    Ok((said, against))
}

/// The wins of deals that were decided or asked about here, and that nobody answered for yet.
const REGRET_DUE: &str = "
  d.status = 'won'
    AND coalesce(d.closed, d.stage_changed) BETWEEN ?1 AND ?2
    AND (EXISTS(SELECT 1 FROM decision x WHERE x.deal = d.id)
         OR EXISTS(SELECT 1 FROM answer a WHERE a.deal = d.id))
    AND NOT EXISTS(SELECT 1 FROM regret g WHERE g.deal = d.id AND g.answer IS NOT NULL
                     AND g.due >= coalesce(d.closed, d.stage_changed))";

/// The days between which a win is asked about.
fn wins(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (
        today - Duration::days(OLD_WIN),
        today - Duration::days(REGRET_DAYS),
    )
}

fn regrets_due(
    conn: &Connection,
    bank: &Bank,
    today: NaiveDate,
) -> rusqlite::Result<Vec<RegretRow>> {
    let (from, to) = wins(today);
    let sql = format!(
        "SELECT d.id, coalesce(d.account, d.title), coalesce(d.closed, d.stage_changed) AS won
         FROM deal d WHERE {REGRET_DUE} ORDER BY won, d.id"
    );
    let rows = each(conn, &sql, &[&from, &to], |r| {
        let won: NaiveDate = r.get(2)?;
        Ok(RegretRow {
            deal: DealId(r.get(0)?),
            name: Name::new(r.get::<_, String>(1)?),
            won,
            due: won + Duration::days(REGRET_DAYS),
            money: MoneySaid::Nothing,
            against: Vec::new(),
            again: None,
            day: None,
            words: None,
        })
    })?;
    with_money(conn, bank, rows)
}

fn regrets_told(conn: &Connection, bank: &Bank) -> rusqlite::Result<Vec<RegretRow>> {
    let rows = each(
        conn,
        "SELECT d.id, coalesce(d.account, d.title),
                coalesce(d.closed, d.stage_changed, date(g.due, '-60 days')), g.due,
                g.answer = 'yes', g.day, g.words
         FROM regret g JOIN deal d ON d.id = g.deal
         WHERE g.answer IS NOT NULL AND d.status <> 'removed' ORDER BY g.id DESC",
        &[],
        |r| {
            Ok(RegretRow {
                deal: DealId(r.get(0)?),
                name: Name::new(r.get::<_, String>(1)?),
                won: r.get(2)?,
                due: r.get(3)?,
                money: MoneySaid::Nothing,
                against: Vec::new(),
                again: Some(r.get(4)?),
                day: r.get(5)?,
                words: free(r, 6)?,
            })
        },
    )?;
    with_money(conn, bank, rows)
}

fn with_money(
    conn: &Connection,
    bank: &Bank,
    mut rows: Vec<RegretRow>,
) -> rusqlite::Result<Vec<RegretRow>> {
    for row in &mut rows {
        (row.money, row.against) = money_said(conn, bank, row.deal)?;
    }
    Ok(rows)
}

/// How many fired prospects and wins it is time to ask about, as far as the decisions tell that
/// were taken last before the days of asking: the header asks after each write, and costs the same
/// in a pipeline of any size.
pub(super) fn count_due(conn: &Connection, today: NaiveDate) -> rusqlite::Result<u64> {
    let [first, second] = CHECKS;
    let (from, to) = wins(today);
    let sql = format!(
        "WITH fired AS (
           SELECT * FROM decision WHERE day <= date(?3, '-{first} days')
           ORDER BY day DESC LIMIT 200),
         decided AS (
           SELECT DISTINCT deal FROM (
             SELECT deal FROM decision WHERE day <= ?2 ORDER BY day DESC LIMIT 200))
         SELECT (SELECT count(*) FROM fired x CROSS JOIN deal d ON d.id = x.deal
           WHERE x.kind = 'fired' AND d.decision = 'fired' AND d.status IN ('open', 'lost')
             AND x.id = (SELECT max(y.id) FROM decision y
                         WHERE y.deal = x.deal AND y.kind = 'fired')
             AND NOT EXISTS(SELECT 1 FROM outcome o WHERE o.deal = x.deal AND o.decision = x.id
               AND (o.kind IN ('bought_elsewhere', 'bought_nothing')
                    OR o.day >= iif(x.day <= date(?3, '-{second} days'),
                         date(x.day, '+{second} days'), date(x.day, '+{first} days')))))
         + (SELECT count(*) FROM decided x CROSS JOIN deal d ON d.id = x.deal
            WHERE {REGRET_DUE})"
    );
    conn.prepare_cached(&sql)?
        .query_row((from, to, today), |r| r.get::<_, i64>(0))
        .map(i64::unsigned_abs)
}

/// Whether anything was ever fired, and whether that freed hours, as far as the first and the
/// last decisions tell.
pub(super) fn has_fired(conn: &Connection) -> rusqlite::Result<(bool, bool)> {
    conn.prepare_cached(
        "WITH some AS (
           SELECT * FROM (SELECT * FROM decision ORDER BY id DESC LIMIT 200)
           UNION ALL SELECT * FROM (SELECT * FROM decision ORDER BY id LIMIT 200))
         SELECT count(*) > 0, coalesce(max(minutes_reclaimed), 0) > 0
         FROM some WHERE kind = 'fired'",
    )?
    .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
}

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
    /// Reads what is to be asked of what is over, and the record of it with at most so many
    /// firings.
    pub fn after(&self, today: NaiveDate, most: usize) -> Result<After, StoreError> {
        let conn = self.conn();
        let bank = self.judge().bank();
        let read = || -> rusqlite::Result<After> {
            let rows = fired(conn, None)?;
            let record: Option<NaiveDate> = conn
                .prepare_cached("SELECT max(record_day) FROM import_batch WHERE state = 'done'")?
                .query_row([], |r| r.get(0))?;
            let known = record.map_or(today, |day| day.min(today));
            let mut outcomes: Vec<OutcomeDue> =
                rows.iter().filter_map(|read| due(read, today)).collect();
            outcomes.sort_by_key(|due| (due.due, due.deal));
            Ok(After {
                outcomes,
                regrets: regrets_due(conn, bank, today)?,
                sums: sums(&rows, known),
                fired: rows.into_iter().take(most).map(|read| read.row).collect(),
                told: regrets_told(conn, bank)?,
                record,
            })
        };
        self.at(read().doing("reading what came of the firings"))
    }

    /// Reads the firings of one deal, the latest first.
    pub fn firings(&self, deal: DealId) -> Result<Vec<FiredRow>, StoreError> {
        let rows = fired(self.conn(), Some(deal)).doing("reading the firings");
        Ok(self.at(rows)?.into_iter().map(|read| read.row).collect())
    }

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

    /// Reads the tripwires that wait, the soonest first, and how others ended.
    pub fn tripwires(&self) -> Result<(Vec<TripwireDue>, PromiseSums), StoreError> {
        let conn = self.conn();
        let read = || -> rusqlite::Result<(Vec<TripwireDue>, PromiseSums)> {
            let rows = each(
                conn,
                "SELECT t.deal, coalesce(d.account, d.title), t.sentence, t.due, t.moved,
                        (SELECT count(*) FROM tripwire a
                         WHERE a.deal = t.deal AND a.state = 'anyway')
                 FROM tripwire t JOIN deal d ON d.id = t.deal
                 WHERE t.state = 'set' AND d.status = 'open' AND d.decision = 'continued'
                 ORDER BY t.due, t.id",
                &[],
                |r| {
                    Ok(TripwireDue {
                        deal: DealId(r.get(0)?),
                        name: Name::new(r.get::<_, String>(1)?),
                        sentence: Free::new(r.get::<_, String>(2)?),
                        due: r.get(3)?,
                        moved: r.get(4)?,
                        anyway: r.get(5)?,
                    })
                },
            )?;
            let sums = conn
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE state = 'set'),
                            count(*) FILTER (WHERE state = 'happened'),
                            count(*) FILTER (WHERE state = 'fired'),
                            count(*) FILTER (WHERE state = 'anyway'),
                            coalesce(sum(moved) FILTER (WHERE state = 'set'), 0),
                            (SELECT count(*) FROM hold h JOIN deal d ON d.id = h.deal
                             WHERE h.ended IS NULL AND d.status = 'open' AND d.decision = 'hold'),
                            (SELECT count(*) FROM hold WHERE ended IS NOT NULL)
                     FROM tripwire",
                )?
                .query_row([], |r| {
                    Ok(PromiseSums {
                        waiting: r.get(0)?,
                        happened: r.get(1)?,
                        fired: r.get(2)?,
                        anyway: r.get(3)?,
                        moved: r.get(4)?,
                        held: r.get(5)?,
                        ended: r.get(6)?,
                    })
                })?;
            Ok((rows, sums))
        };
        self.at(read().doing("reading the tripwires"))
    }
}
