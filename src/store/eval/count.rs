//! What a new day counts of the whole file. It takes as long as the file is large, so it is only
//! read while others write, and kept in a moment.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::super::error::{Doing, StoreError};
use super::Judge;
use super::ages::WonBySource;
use super::sources::{Sources, sources};
use super::stats::{self, Figures};
use crate::domain::ids::DealId;

/// Figures of the whole file as they were counted, and the deals on which they bear otherwise than
/// those before.
#[derive(Debug)]
pub struct Counted {
    figures: Kind,
    bears_on: Vec<DealId>,
    /// The imports that it was counted after.
    imports: Imports,
}

#[derive(Debug)]
enum Kind {
    Ages(WonBySource),
    Others(Figures),
}

/// How many imports there were, and how many of them stand.
type Imports = (i64, i64);

fn imports(conn: &Connection) -> rusqlite::Result<Imports> {
    conn.prepare_cached(
        "SELECT count(*), count(*) FILTER (WHERE state = 'done') FROM import_batch",
    )?
    .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
}

impl Counted {
    /// Counts what is due next: the ages of the won deals before the deals of a new day are judged,
    /// the other figures after it.
    pub(in crate::store) fn count(
        conn: &Connection,
        judge: &Judge,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let counting = "counting the figures of the file";
        if stats::are_ages_due(conn, today).doing(counting)? {
            return Self::ages(conn, judge);
        }
        let imports = imports(conn).doing(counting)?;
        let (figures, bears_on) = Figures::count(conn, judge.thresholds()).doing(counting)?;
        Ok(Self {
            figures: Kind::Others(figures),
            bears_on,
            imports,
        })
    }

    /// Counts the ages of the won deals.
    pub(in crate::store) fn ages(conn: &Connection, judge: &Judge) -> Result<Self, StoreError> {
        let imports = imports(conn).doing("counting the figures of the file")?;
        let (ages, bears_on) = WonBySource::count(conn, judge.thresholds())?;
        Ok(Self {
            figures: Kind::Ages(ages),
            bears_on,
            imports,
        })
    }

    /// The deals on which it bears otherwise than what was counted before.
    pub(in crate::store) fn bears_on(&self) -> &[DealId] {
        &self.bears_on
    }

    /// What the file tells of its deals once the ages of the won ones are kept.
    pub(in crate::store) fn sources(&self, conn: &Connection) -> Result<Sources, StoreError> {
        let mut sources = sources(conn)?;
        if let Kind::Ages(ages) = &self.figures {
            ages.put_into(&mut sources);
        }
        Ok(sources)
    }

    /// Keeps it as that of a day, and returns the deals that are to be judged again; `None` where an
    /// import ended meanwhile, so that it is to be counted anew.
    pub(in crate::store) fn keep(
        self,
        conn: &Connection,
        today: NaiveDate,
    ) -> Result<Option<Vec<DealId>>, StoreError> {
        let keep = || -> rusqlite::Result<bool> {
            if imports(conn)? != self.imports {
                return Ok(false);
            }
            match &self.figures {
                Kind::Ages(ages) => ages.keep(conn, today)?,
                Kind::Others(figures) => figures.keep(conn, today)?,
            }
            Ok(true)
        };
        let is_kept = keep().doing("keeping the figures of the file")?;
        Ok(is_kept.then_some(self.bears_on))
    }
}
