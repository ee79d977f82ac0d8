//! Wins, and whether they would be sold again.

use chrono::{Duration, NaiveDate};
use rusqlite::Connection;

use super::detail::{free, word};
use super::rows::each;
use crate::domain::answer::Value;
use crate::domain::bank::{Bank, Section};
use crate::domain::deal::{MoneySaid, REGRET_DAYS, RegretRow};
use crate::domain::ids::DealId;
use crate::domain::shown::Name;

/// Days after which a win is too long ago to be asked about.
const OLD_WIN: i64 = REGRET_DAYS + 365;

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

/// The day of a win.
pub(super) const WON: &str = "coalesce(d.closed, d.stage_changed)";

/// The wins of deals that were decided or asked about here, and that nobody answered for yet.
pub(super) const DUE: &str = "
  d.status = 'won'
    AND coalesce(d.closed, d.stage_changed) BETWEEN ?1 AND ?2
    AND (EXISTS(SELECT 1 FROM decision x WHERE x.deal = d.id)
         OR EXISTS(SELECT 1 FROM answer a WHERE a.deal = d.id))
    AND NOT EXISTS(SELECT 1 FROM regret g WHERE g.deal = d.id AND g.answer IS NOT NULL
                     AND g.due >= coalesce(d.closed, d.stage_changed))";

/// The days between which a win is asked about.
pub(super) fn wins(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (
        today - Duration::days(OLD_WIN),
        today - Duration::days(REGRET_DAYS),
    )
}

/// Reads the wins of which it is time to ask, the longest due first.
pub(super) fn due(
    conn: &Connection,
    bank: &Bank,
    today: NaiveDate,
) -> rusqlite::Result<Vec<RegretRow>> {
    let (from, to) = wins(today);
    let sql = format!(
        "SELECT d.id, coalesce(d.account, d.title), {WON} AS won
         FROM deal d WHERE {DUE} ORDER BY won, d.id"
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

/// Reads what was said of wins, the latest first.
pub(super) fn told(conn: &Connection, bank: &Bank) -> rusqlite::Result<Vec<RegretRow>> {
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
