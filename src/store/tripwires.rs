//! Tripwires on their way.

use super::Store;
use super::error::{Doing, StoreError};
use super::rows::each;
use crate::domain::deal::{PromiseSums, TripwireDue};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Name};

impl Store {
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
