//! How long the won deals of a source took, which the age of an open one is held against.

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use super::super::error::{Doing, StoreError};
use super::sources::{Sources, sources};
use super::stats::{keep_ages_day, most_of};
use crate::domain::eval::WonAges;
use crate::domain::ids::DealId;
use crate::domain::verdict::Thresholds;

/// How long the won deals of a source took, and when a deal of it last closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ages {
    pub(super) won: u32,
    /// Most took so many days at most.
    pub(super) within: u16,
    /// All did.
    pub(super) longest: u16,
    /// So many of them name no account.
    pub(super) unnamed: u32,
    pub(super) last_close: NaiveDate,
}

/// Reads what is kept, by source.
pub(super) fn kept_ages(conn: &Connection) -> rusqlite::Result<HashMap<String, Ages>> {
    let mut statement = conn
        .prepare_cached("SELECT source, won, within, longest, unnamed, last_close FROM won_age")?;
    let rows = statement.query_map([], |r| {
        let ages = Ages {
            won: r.get(1)?,
            within: r.get(2)?,
            longest: r.get(3)?,
            unnamed: r.get(4)?,
            last_close: r.get(5)?,
        };
        Ok((r.get(0)?, ages))
    })?;
    rows.collect()
}

/// Counts how long each won deal took, by source, for those whose imports tell of no stages.
fn ages(conn: &Connection, thresholds: &Thresholds) -> rusqlite::Result<HashMap<String, Ages>> {
    let mut sources = conn.prepare_cached(
        "SELECT source FROM import_batch WHERE state <> 'taken_back'
         GROUP BY source HAVING max(instr(knows, 'stage_moves')) = 0",
    )?;
    let sources = sources.query_map([], |r| r.get(0));
    let sources: Vec<String> = sources?.collect::<rusqlite::Result<_>>()?;
    let mut statement = conn.prepare_cached(
        "SELECT status = 'won', created, closed, account IS NULL FROM deal
         WHERE status IN ('won', 'lost') AND status <> 'open' AND +source = ?1
           AND closed IS NOT NULL",
    )?;
    let mut all = HashMap::new();
    for source in sources {
        let (mut days, mut unnamed): (Vec<i64>, u32) = (Vec::new(), 0);
        let mut last_close = NaiveDate::MIN;
        let mut rows = statement.query([&source])?;
        while let Some(r) = rows.next()? {
            let closed: NaiveDate = r.get(2)?;
            last_close = last_close.max(closed);
            let made = r.get::<_, Option<NaiveDate>>(1)?;
            if let (true, Some(made)) = (r.get(0)?, made.filter(|made| *made <= closed)) {
                days.push((closed - made).num_days());
                unnamed += r.get::<_, u32>(3)?;
            }
        }
        days.sort_unstable();
        if let Some(within) = most_of(&days, thresholds) {
            let longest = days.last().copied().unwrap_or(0);
            let ages = Ages {
                won: u32::try_from(days.len()).unwrap_or(u32::MAX),
                within,
                longest: u16::try_from(longest).unwrap_or(u16::MAX),
                unnamed,
                last_close,
            };
            all.insert(source, ages);
        }
    }
    Ok(all)
}

/// So many deals of a source are judged anew at once where the ages of the won ones changed: the
/// oldest, which lead the queue. Any other is when something of it changes, as on a new day; so an
/// import of a million deals waits for a second of it and not for a minute.
const AT_ONCE: u32 = 20_000;

/// Before this day no deal was made.
const NEVER: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a day");

/// How long the won deals of each source took, as it was counted.
#[derive(Debug)]
pub(super) struct WonBySource(HashMap<String, Ages>);

impl WonBySource {
    /// Counts it, and finds the open deals of which it says otherwise than before, the oldest of
    /// them.
    pub(super) fn count(
        conn: &Connection,
        thresholds: &Thresholds,
    ) -> Result<(Self, Vec<DealId>), StoreError> {
        let before = sources(conn)?;
        let counted = ages(conn, thresholds).doing("counting the ages of won deals")?;
        let counted = Self(counted);
        let mut after = sources(conn)?;
        counted.put_into(&mut after);
        let (was, is) = (&before.stats.ages, &counted.0);
        let mut changed = Vec::new();
        for source in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
            let of = |sources: &Sources| sources.won_ages(source, thresholds);
            if of(&before) != of(&after) {
                let crossed = crossed(conn, source, of(&before), of(&after));
                changed.extend(crossed.doing("listing deals to evaluate")?);
            }
        }
        // In the order in which they are written, one page after the other.
        changed.sort_unstable();
        changed.dedup();
        Ok((counted, changed))
    }

    /// Puts it in the place of what the file keeps.
    pub(super) fn put_into(&self, sources: &mut Sources) {
        sources.stats.ages.clone_from(&self.0);
    }

    /// Keeps it as that of a day; writes nothing of what is the same.
    pub(super) fn keep(&self, conn: &Connection, today: NaiveDate) -> rusqlite::Result<()> {
        keep_ages_day(conn, today)?;
        if kept_ages(conn)? == self.0 {
            return Ok(());
        }
        conn.execute("DELETE FROM won_age", [])?;
        let mut insert = conn.prepare_cached(
            "INSERT INTO won_age(source, won, within, longest, unnamed, last_close)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for (source, a) in &self.0 {
            let days = (a.within, a.longest);
            insert.execute((source, a.won, days.0, days.1, a.unnamed, a.last_close))?;
        }
        Ok(())
    }
}

/// The open deals of a source that are on the other side of a line of the ages than before, the
/// oldest of them.
fn crossed(
    conn: &Connection,
    source: &str,
    before: Option<WonAges>,
    after: Option<WonAges>,
) -> rusqlite::Result<Vec<DealId>> {
    let made_before = |ages: Option<WonAges>, days: fn(WonAges) -> u16| {
        let day = ages.and_then(|a| a.until.checked_sub_days(Days::new(days(a).into())));
        day.unwrap_or(NEVER)
    };
    let between = |days| {
        let (was, is) = (made_before(before, days), made_before(after, days));
        (was.min(is), was.max(is))
    };
    let (within, longest) = (between(|a| a.within), between(|a| a.longest));
    let names = |ages: Option<WonAges>| ages.is_some_and(|a| a.name_somebody());
    let mut statement = conn.prepare_cached(
        "SELECT id FROM deal WHERE status = 'open' AND source = ?1
           AND (created >= ?2 AND created < ?3 OR created >= ?4 AND created < ?5
                OR ?6 AND account IS NULL)
         ORDER BY created IS NULL, created, id LIMIT ?7",
    )?;
    let lines = (within.0, within.1, longest.0, longest.1);
    let is_named = names(before) != names(after);
    let ids = statement.query_map(
        (
            source, lines.0, lines.1, lines.2, lines.3, is_named, AT_ONCE,
        ),
        |r| r.get(0).map(DealId),
    )?;
    ids.collect()
}
