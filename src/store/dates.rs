//! The days that a calendar shows.

use chrono::NaiveDate;
use rusqlite::Row;

use super::Store;
use super::error::{Doing, StoreError};
use super::firings::{IN_FORCE, untold_since};
use super::regrets::{DUE, WON, wins};
use crate::domain::dates::{DateKind, DealDate};
use crate::domain::deal::{CHECKS, REGRET_DAYS};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Name};

/// The day before which all wins to come are asked about, as the pipeline writes days.
const FAR: &str = "9999-12-31";

/// What is due of deals that go on, and of fired ones that are nurtured.
const DATES: &str = "
  SELECT 'step' kind, d.id id, d.id deal, d.next_step_due day, coalesce(d.next_step, '') words
    FROM deal d WHERE d.next_step_due IS NOT NULL AND d.status = 'open' AND d.decision <> 'fired'
  UNION ALL SELECT 'tripwire', t.id, t.deal, t.due, t.sentence
    FROM tripwire t JOIN deal d ON d.id = t.deal
    WHERE t.state = 'set' AND d.status = 'open' AND d.decision <> 'fired'
  UNION ALL SELECT 'hold', h.id, h.deal, h.until, h.what
    FROM hold h JOIN deal d ON d.id = h.deal
    WHERE h.ended IS NULL AND d.status = 'open' AND d.decision = 'hold'
  UNION ALL SELECT 'ask', a.id, a.deal, a.due, a.text
    FROM ask a JOIN deal d ON d.id = a.deal
    WHERE a.due IS NOT NULL AND a.state IN ('open', 'no_reply', 'not_asked')
      AND d.status = 'open' AND d.decision <> 'fired'
  UNION ALL SELECT 'check', h.id, h.deal, h.next_check,
      coalesce(h.overseer || ' looks at ', '') || h.taker
    FROM handoff h JOIN deal d ON d.id = h.deal
    WHERE h.next_check IS NOT NULL AND d.status = 'open' AND d.decision <> 'fired'
      AND h.id = (SELECT max(id) FROM handoff WHERE deal = h.deal)
  UNION ALL SELECT 'nurture', x.id, x.deal, x.until, coalesce(x.comes_back_if, '')
    FROM decision x JOIN deal d ON d.id = x.deal
    WHERE x.kind = 'fired' AND x.disposition = 'nurture' AND x.until IS NOT NULL
      AND d.decision = 'fired' AND d.status <> 'removed'
      AND x.id = (SELECT max(id) FROM decision WHERE deal = x.deal)";

/// What is due of deals as of a day: the above, and what is asked of firings and of wins.
fn sql() -> String {
    let [first, second] = CHECKS.map(|days| format!("date(x.day, '+{days} days')"));
    let asked = |kind: DateKind, day: &str| {
        format!(
            "SELECT '{}', x.id, x.deal, {day}, coalesce(x.reasons ->> 0, '')
             FROM decision x CROSS JOIN deal d ON d.id = x.deal WHERE {IN_FORCE} AND {}",
            kind.code(),
            untold_since(day)
        )
    };
    format!(
        "WITH due(kind, id, deal, day, words) AS ({DATES}
           UNION ALL {} AND {second} > ?3
           UNION ALL {}
           UNION ALL SELECT '{}', d.id, d.id, date({WON}, '+{REGRET_DAYS} days'), ''
             FROM deal d WHERE {DUE})
         SELECT x.kind, x.id, x.deal, x.day, x.words, coalesce(d.account, d.title)
         FROM due x JOIN deal d ON d.id = x.deal ORDER BY x.day, x.kind, x.id",
        // What is asked at the second check is no longer asked at the first.
        asked(DateKind::First, &first),
        asked(DateKind::Second, &second),
        DateKind::Regret.code(),
    )
}

impl Store {
    /// Reads the days on which something is due as of a day, the earliest first.
    pub fn dates(&self, today: NaiveDate) -> Result<Vec<DealDate>, StoreError> {
        let (from, _) = wins(today);
        let date = |r: &Row<'_>| {
            let kind: String = r.get(0)?;
            Ok(DealDate {
                kind: DateKind::from_code(&kind).unwrap_or(DateKind::Step),
                row: r.get(1)?,
                deal: DealId(r.get(2)?),
                day: r.get(3)?,
                words: Free::new(r.get::<_, String>(4)?),
                name: Name::new(r.get::<_, String>(5)?),
            })
        };
        let read = || -> rusqlite::Result<Vec<DealDate>> {
            self.conn()
                .prepare_cached(&sql())?
                .query_map((from, FAR, today), date)?
                .collect()
        };
        self.at(read().doing("reading what is due"))
    }
}
