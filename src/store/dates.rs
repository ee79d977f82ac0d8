//! The days that a calendar shows.

use rusqlite::Row;

use super::Store;
use super::error::{Doing, StoreError};
use crate::domain::dates::{DateKind, DealDate};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Name};

/// What is due of deals that go on, of fired ones that are nurtured, and of won ones.
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
      AND x.id = (SELECT max(id) FROM decision WHERE deal = x.deal)
  UNION ALL SELECT 'regret', r.id, r.deal, r.due, ''
    FROM regret r JOIN deal d ON d.id = r.deal
    WHERE r.answer IS NULL AND d.status = 'won'";

impl Store {
    /// Reads the days on which something is due, the earliest first.
    pub fn dates(&self) -> Result<Vec<DealDate>, StoreError> {
        let sql = format!(
            "SELECT x.kind, x.id, x.deal, x.day, x.words, coalesce(d.account, d.title)
             FROM ({DATES}) x JOIN deal d ON d.id = x.deal ORDER BY x.day, x.kind, x.id"
        );
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
                .prepare_cached(&sql)?
                .query_map([], date)?
                .collect()
        };
        self.at(read().doing("reading what is due"))
    }
}
