//! What a sitting did, read from what was decided and asked since a day.

use chrono::{Duration, NaiveDate};
use rusqlite::Connection;

use super::Store;
use super::detail::{free, word};
use super::error::StoreError;
use super::journal::Stamp;
use super::rows::all;
use super::week::{AHEAD, asks_where, due};
use crate::domain::deal::DecisionKind;
use crate::domain::ids::DealId;
use crate::domain::review::{Triage, TriageDecision};
use crate::domain::shown::Name;

fn decisions(conn: &Connection, since: NaiveDate) -> Result<Vec<TriageDecision>, StoreError> {
    all(
        conn,
        "reading what was decided",
        "SELECT x.deal, coalesce(d.account, d.title), x.kind, x.day, x.who, x.reasons,
                coalesce(x.minutes_reclaimed, 0), x.until, x.terms, t.sentence, t.due,
                h.what, h.until, d.next_step, d.next_step_due
         FROM decision x JOIN deal d ON d.id = x.deal
         LEFT JOIN tripwire t ON t.id = (SELECT min(id) FROM tripwire WHERE decision = x.id)
         LEFT JOIN hold h ON h.id = (SELECT min(id) FROM hold WHERE decision = x.id)
         WHERE x.day >= ?1 ORDER BY x.id",
        &[&since],
        |r| {
            let kind = word(r, 2, DecisionKind::from_code, DecisionKind::Continued)?;
            let reasons: Option<String> = r.get(5)?;
            let (sentence, until) = match kind {
                DecisionKind::Fired => (None, r.get(7)?),
                DecisionKind::Reinstated => (free(r, 8)?, None),
                DecisionKind::Continued => (free(r, 9)?, r.get(10)?),
                DecisionKind::Hold => (free(r, 11)?, r.get(12)?),
            };
            let step = match kind {
                DecisionKind::Continued => free(r, 13)?,
                DecisionKind::Fired | DecisionKind::Reinstated | DecisionKind::Hold => None,
            };
            let step_due = r.get(14)?;
            Ok(TriageDecision {
                deal: DealId(r.get(0)?),
                name: Name::new(r.get::<_, String>(1)?),
                kind,
                day: r.get(3)?,
                who: r.get(4)?,
                reasons: reasons
                    .and_then(|text| serde_json::from_str(&text).ok())
                    .unwrap_or_default(),
                minutes_reclaimed: r.get(6)?,
                sentence,
                until,
                next_step: step.map(|step| (step, step_due)),
            })
        },
    )
}

impl Store {
    /// Reads what was decided and asked since a day, and what falls due.
    pub fn triage(&self, since: NaiveDate, stamp: &Stamp) -> Result<Triage, StoreError> {
        let conn = self.conn();
        let read = || -> Result<Triage, StoreError> {
            Ok(Triage {
                since,
                decisions: decisions(conn, since)?,
                asks: asks_where(
                    conn,
                    "a.state <> 'dropped' AND (substr(a.at, 1, 10) >= ?1 OR a.replied >= ?1)",
                    Some(since),
                )?,
                due: due(conn, stamp.today + Duration::days(AHEAD))?,
            })
        };
        self.at(read())
    }
}
