//! What is over: what is to be asked of it, and the record of it.

use chrono::{Duration, NaiveDate};
use rusqlite::Connection;

use super::Store;
use super::error::{Doing, StoreError};
use super::facts::record_day;
use super::{firings, regrets};
use crate::domain::deal::{After, CHECKS, OutcomeDue};

/// How many fired prospects and wins it is time to ask about, as far as the decisions tell that
/// were taken last before the days of asking: the header asks after each write, and costs the same
/// in a pipeline of any size.
pub(super) fn count_due(conn: &Connection, today: NaiveDate) -> rusqlite::Result<u64> {
    let [first, second] = CHECKS;
    let (from, to) = regrets::wins(today);
    let check = format!(
        "iif(x.day <= date(?3, '-{second} days'), date(x.day, '+{second} days'),
             date(x.day, '+{first} days'))"
    );
    let sql = format!(
        "WITH fired AS (
           SELECT * FROM decision WHERE day <= date(?3, '-{first} days')
           ORDER BY day DESC LIMIT 200),
         decided AS (
           SELECT DISTINCT deal FROM (
             SELECT deal FROM decision WHERE day <= ?2 ORDER BY day DESC LIMIT 200))
         SELECT (SELECT count(*) FROM fired x CROSS JOIN deal d ON d.id = x.deal
           WHERE {} AND {})
         + (SELECT count(*) FROM decided x CROSS JOIN deal d ON d.id = x.deal
            WHERE {})",
        firings::IN_FORCE,
        firings::untold_since(&check),
        regrets::DUE
    );
    conn.prepare_cached(&sql)?
        .query_row((from, to, today), |r| r.get::<_, i64>(0))
        .map(i64::unsigned_abs)
}

impl Store {
    /// Reads what is to be asked of what is over, and the record of it with at most so many
    /// firings.
    pub fn after(&self, today: NaiveDate, most: usize) -> Result<After, StoreError> {
        let conn = self.conn();
        let bank = self.judge().bank();
        let silent_days = i64::from(self.judge().thresholds().silent_days);
        let read = || -> rusqlite::Result<After> {
            let known = record_day(conn)?.map_or(today, |day| day.min(today));
            let silent_by = known - Duration::days(silent_days);
            let rows = firings::all(conn, silent_by)?;
            let mut outcomes: Vec<OutcomeDue> =
                rows.iter().filter_map(|read| read.due(today)).collect();
            outcomes.sort_by_key(|due| (due.due, due.deal));
            Ok(After {
                outcomes,
                regrets: regrets::due(conn, bank, today)?,
                sums: firings::sums(&rows),
                fired: rows.into_iter().take(most).map(|read| read.row).collect(),
                told: regrets::told(conn, bank)?,
            })
        };
        self.at(read().doing("reading what came of the firings"))
    }
}
