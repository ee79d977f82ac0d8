//! Firings, and what came of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, Row};

use super::detail::{free, name, word};
use super::judgement::OUTCOME;
use super::rows::each;
use crate::domain::deal::{
    Disposition, FiredRow, FiredSums, OutcomeDue, OutcomeKind, Overruled, Status, check_due,
};
use crate::domain::ids::DealId;
use crate::domain::judgement::Fate;
use crate::domain::shown::Name;

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
  WHERE x.kind = 'fired' AND d.status <> 'removed' ORDER BY x.id DESC";

/// The decision `x` is a firing that is in force and of which one can still ask.
pub(super) const IN_FORCE: &str = "
  x.kind = 'fired' AND d.decision = 'fired' AND d.status IN ('open', 'lost')
    AND x.id = (SELECT max(y.id) FROM decision y WHERE y.deal = x.deal AND y.kind = 'fired')";

/// Of the firing `x` nothing is told that is final, or was told since a day.
pub(super) fn untold_since(day: &str) -> String {
    format!(
        "NOT EXISTS(SELECT 1 FROM outcome o WHERE o.deal = x.deal AND o.decision = x.id
           AND (o.kind IN ('bought_elsewhere', 'bought_nothing') OR o.day >= {day}))"
    )
}

/// A firing as it is read, with whether it is the one in force.
pub(super) struct Read {
    pub(super) row: FiredRow,
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
            is_silent: false,
            heard: r.get(16)?,
            reinstated: None,
            overruled: None,
            status: word(r, 10, Status::from_code, Status::Open)?,
        },
        in_force: is_fired && time.0 == time.1,
        reinstated: r.get(14)?,
        closed: r.get(11)?,
    })
}

/// Reads every firing, the latest first. Those up to `silent_by` of whom nothing was heard since
/// are told as silence.
pub(super) fn all(conn: &Connection, silent_by: NaiveDate) -> rusqlite::Result<Vec<Read>> {
    let mut rows = each(conn, FIRED, &[], read_fired)?;
    let mut overruled = overruled(conn)?;
    for read in &mut rows {
        read.row.overruled = overruled.remove(&read.row.decision);
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
        let row = &mut read.row;
        row.is_silent = row.heard.is_none() && row.reinstated.is_none() && row.day <= silent_by;
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

/// The firings that a manager overruled, by the number of their decision.
fn overruled(conn: &Connection) -> rusqlite::Result<BTreeMap<i64, Overruled>> {
    let rows = each(
        conn,
        &format!(
            "SELECT q.decision, q.who, q.reason, d.status, {OUTCOME}
             FROM charter_request q JOIN deal d ON d.id = q.deal
             WHERE q.reply = 'overruled' AND q.decision IS NOT NULL"
        ),
        &[],
        |r| {
            let (status, outcome): (String, Option<String>) = (r.get(3)?, r.get(4)?);
            let overruled = Overruled {
                by: r.get(1)?,
                why: free(r, 2)?,
                since: Fate::of(&status, outcome.as_deref()),
            };
            Ok((r.get(0)?, overruled))
        },
    )?;
    Ok(rows.into_iter().collect())
}

impl Read {
    /// Whether it is time to ask what came of it.
    pub(super) fn due(&self, today: NaiveDate) -> Option<OutcomeDue> {
        let row = &self.row;
        let told = row.outcome.filter(|(kind, _)| *kind != OutcomeKind::Lost);
        if !self.in_force || told.is_some_and(|(kind, _)| kind.is_final()) {
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
}

/// Counts what came of firings.
pub(super) fn sums(rows: &[Read]) -> FiredSums {
    let mut sums = FiredSums {
        fired: rows.len(),
        ..FiredSums::default()
    };
    let mut counts: BTreeMap<OutcomeKind, usize> = BTreeMap::new();
    let mut fates: BTreeMap<Fate, usize> = BTreeMap::new();
    for Read { row, .. } in rows {
        sums.minutes_reclaimed += row.minutes_reclaimed;
        sums.reinstated += usize::from(row.reinstated.is_some());
        if let Some(overruled) = &row.overruled {
            *fates.entry(overruled.since).or_default() += 1;
        }
        match row.came_of() {
            Some(kind) => *counts.entry(kind).or_default() += 1,
            None if row.reinstated.is_none() => sums.open += 1,
            None => {}
        }
    }
    sums.outcomes = counts.into_iter().collect();
    sums.overruled = fates.into_iter().collect();
    sums
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
