//! Figures of the whole file that single deals are held against.
//!
//! In how many days most won deals left a stage, or were closed where a file has no history of its
//! stages, and the share of hours that a value warrants within its currency. They are kept, and
//! renewed once a day and after an import, never by one touch: so a touch renews one deal, and a
//! deal does not change because another did.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::ages::{Ages, kept_ages};
use crate::domain::ids::DealId;
use crate::domain::verdict::Thresholds;

/// Where the day of the figures is kept.
const DAY: &str = "stats_day";

/// Where the day of the ages of the won deals is kept: they are counted before the deals of a new
/// day are judged, and the other figures add up what is judged.
const AGES_DAY: &str = "stats_ages_day";

/// The hours and the value of the open deals of a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Share {
    deals: i64,
    hours: f64,
    value: f64,
}

/// The figures of a file.
#[derive(Debug, Default, PartialEq)]
pub(in crate::store) struct Stats {
    /// By stage: how many won deals are known, and in how many days most of them left it.
    stages: HashMap<String, (i64, u16)>,
    /// By currency; none is the empty one.
    shares: HashMap<String, Share>,
    /// By source, for those without a history of stages.
    pub(super) ages: HashMap<String, Ages>,
}

impl Stats {
    /// Reads what is kept.
    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let mut stats = Self::default();
        let mut statement = conn.prepare_cached("SELECT stage, won, days FROM stage_age")?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            stats.stages.insert(r.get(0)?, (r.get(1)?, r.get(2)?));
        }
        let mut statement =
            conn.prepare_cached("SELECT currency, deals, hours, value FROM hour_share")?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let share = Share {
                deals: r.get(1)?,
                hours: r.get(2)?,
                value: r.get(3)?,
            };
            stats.shares.insert(r.get(0)?, share);
        }
        stats.ages = kept_ages(conn)?;
        Ok(stats)
    }

    /// How long the won deals of a source took, where enough are known.
    pub(super) fn ages(&self, source: &str, thresholds: &Thresholds) -> Option<Ages> {
        let ages = self.ages.get(source).copied();
        ages.filter(|ages| ages.won >= u32::from(thresholds.timing.stage_won))
    }

    /// The days after which a deal is older in a stage than most won deals were.
    pub(super) fn stage_limit(&self, stage: Option<&str>, thresholds: &Thresholds) -> Option<u16> {
        let (won, days) = self.stages.get(stage?)?;
        (*won >= i64::from(thresholds.timing.stage_won)).then_some(*days)
    }

    /// The hours that an amount warrants among the open deals of its currency.
    pub(super) fn warranted(
        &self,
        amount: Option<i64>,
        currency: Option<&str>,
        thresholds: &Thresholds,
    ) -> Option<f64> {
        let share = self.shares.get(currency.unwrap_or_default())?;
        let amount = amount.filter(|minor| *minor > 0)?;
        let is_enough = share.hours > 0.0 && share.deals >= i64::from(thresholds.money.heavy_deals);
        is_enough.then(|| share.hours * amount as f64 / share.value)
    }

    /// Whether there are hours enough of any currency for a deal to be heavy among its others.
    fn weighs(&self, thresholds: &Thresholds) -> bool {
        let least = i64::from(thresholds.money.heavy_deals);
        let mut shares = self.shares.values();
        shares.any(|share| share.hours > 0.0 && share.deals >= least)
    }

    /// The deals that are heavy by these figures and were not by those that they were judged by,
    /// or were and no longer are.
    fn other_heavy(
        &self,
        conn: &Connection,
        thresholds: &Thresholds,
    ) -> rusqlite::Result<Vec<DealId>> {
        let money = &thresholds.money;
        let mut statement = conn.prepare_cached(
            "SELECT e.deal, d.amount, d.currency, e.spent,
               instr(coalesce(e.signals, ''), ';heavy ') > 0
             FROM deal_eval e CROSS JOIN deal d ON d.id = e.deal
             WHERE d.amount > 0 AND e.tier <> 6",
        )?;
        let mut others = Vec::new();
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (amount, spent): (i64, f64) = (r.get(1)?, r.get(3)?);
            let currency = r.get_ref(2)?.as_str_or_null()?;
            let warranted = self.warranted(Some(amount), currency, thresholds);
            let is_heavy = spent >= money.heavy_hours
                && warranted.is_some_and(|hours| spent > hours * money.heavy_times);
            if is_heavy != r.get::<_, bool>(4)? {
                others.push(DealId(r.get(0)?));
            }
        }
        Ok(others)
    }

    fn keep(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.execute_batch("DELETE FROM stage_age; DELETE FROM hour_share;")?;
        let mut insert =
            conn.prepare_cached("INSERT INTO stage_age(stage, won, days) VALUES(?1, ?2, ?3)")?;
        for (stage, (won, days)) in &self.stages {
            insert.execute((stage, won, days))?;
        }
        let mut insert = conn.prepare_cached(
            "INSERT INTO hour_share(currency, deals, hours, value) VALUES(?1, ?2, ?3, ?4)",
        )?;
        for (currency, share) in &self.shares {
            insert.execute((currency, share.deals, share.hours, share.value))?;
        }
        Ok(())
    }
}

/// Adds up how long each won deal was in each stage, as far as its moves tell.
fn stages(
    conn: &Connection,
    thresholds: &Thresholds,
) -> rusqlite::Result<HashMap<String, (i64, u16)>> {
    let mut statement = conn.prepare_cached(
        "SELECT d.id, d.created, d.closed, m.day, m.old, m.new
         FROM deal d CROSS JOIN move m ON m.deal = d.id
         WHERE d.status = 'won' AND d.status <> 'open' AND m.field = 'stage'
         ORDER BY d.id, m.day, m.id",
    )?;
    let mut ages: HashMap<String, Vec<i64>> = HashMap::new();
    let mut of_deal: BTreeMap<String, i64> = BTreeMap::new();
    let mut at: Option<(i64, Option<String>, Option<NaiveDate>)> = None;
    let mut end = |of_deal: &mut BTreeMap<String, i64>| {
        for (stage, days) in std::mem::take(of_deal) {
            ages.entry(stage).or_default().push(days);
        }
    };
    let spend = |of: &mut BTreeMap<String, i64>, stage, from: Option<NaiveDate>, to| {
        if let (Some(stage), Some(from), Some(to)) = (stage, from, to) {
            let to: NaiveDate = to;
            *of.entry(stage).or_default() += (to - from).num_days().max(0);
        }
    };
    let mut closed: Option<NaiveDate> = None;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let (deal, day): (i64, NaiveDate) = (r.get(0)?, r.get(3)?);
        let new: Option<String> = r.get(5)?;
        match at.take() {
            Some((same, stage, since)) if same == deal => {
                spend(&mut of_deal, stage, since, Some(day));
            }
            other => {
                if let Some((_, stage, since)) = other {
                    spend(&mut of_deal, stage, since, closed);
                    end(&mut of_deal);
                }
                spend(&mut of_deal, r.get(4)?, r.get(1)?, Some(day));
            }
        }
        closed = r.get(2)?;
        at = Some((deal, new, Some(day)));
    }
    if let Some((_, stage, since)) = at {
        spend(&mut of_deal, stage, since, closed);
        end(&mut of_deal);
    }
    let limits = ages.into_iter().filter_map(|(stage, mut days)| {
        days.sort_unstable();
        let limit = most_of(&days, thresholds)?;
        Some((stage, (days.len() as i64, limit)))
    });
    Ok(limits.collect())
}

/// The days within which most of them lie, of days in their order; `None` of none.
pub(super) fn most_of(days: &[i64], thresholds: &Thresholds) -> Option<u16> {
    let percent = usize::from(thresholds.timing.stage_percent);
    let place = (days.len() * percent).div_ceil(100).checked_sub(1)?;
    Some(u16::try_from(*days.get(place)?).unwrap_or(u16::MAX))
}

/// How many of the largest deals of a currency are kept.
const LARGEST: usize = 200;

/// What is counted of the open deals of a currency.
#[derive(Debug, Default)]
struct OfCurrency {
    share: Share,
    /// The largest of those that took an hour, by amount and number.
    largest: BinaryHeap<Reverse<(i64, i64)>>,
}

impl OfCurrency {
    fn add(&mut self, deal: i64, amount: i64, spent: f64) {
        self.share.deals += 1;
        self.share.hours += spent;
        self.share.value += amount as f64;
        if spent > 0.0 {
            self.largest.push(Reverse((amount, deal)));
            if self.largest.len() > LARGEST {
                self.largest.pop();
            }
        }
    }
}

/// What the open deals took, by currency, and the largest of each; nothing while none took an hour.
fn shares(conn: &Connection) -> rusqlite::Result<(HashMap<String, Share>, Vec<i64>)> {
    let mut counted: HashMap<String, OfCurrency> = HashMap::new();
    let took: bool = conn
        .prepare_cached("SELECT EXISTS(SELECT 1 FROM deal_eval WHERE spent > 0)")?
        .query_row([], |r| r.get(0))?;
    if !took {
        return Ok(Default::default());
    }
    let mut statement = conn.prepare_cached(
        "SELECT d.id, coalesce(d.currency, ''), d.amount, e.spent
         FROM deal_eval e CROSS JOIN deal d ON d.id = e.deal
         WHERE d.amount > 0 AND d.decision <> 'fired'",
    )?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let (deal, amount): (i64, i64) = (r.get(0)?, r.get(2)?);
        let spent: f64 = r.get(3)?;
        let currency = r.get_ref(1)?.as_str()?;
        if let Some(known) = counted.get_mut(currency) {
            known.add(deal, amount, spent);
        } else {
            let mut first = OfCurrency::default();
            first.add(deal, amount, spent);
            counted.insert(currency.to_owned(), first);
        }
    }
    let mut shares = HashMap::with_capacity(counted.len());
    let mut large = Vec::new();
    for (currency, OfCurrency { share, largest }) in counted {
        large.extend(largest.into_iter().map(|Reverse((_, deal))| deal));
        shares.insert(currency, share);
    }
    large.sort_unstable();
    Ok((shares, large))
}

/// Keeps which deals are the largest; writes nothing where they are the same.
fn keep_large(conn: &Connection, large: &[i64]) -> rusqlite::Result<()> {
    let kept = conn
        .prepare_cached("SELECT deal FROM large_deal ORDER BY deal")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    if kept == large {
        return Ok(());
    }
    conn.execute("DELETE FROM large_deal", [])?;
    let mut insert = conn.prepare_cached("INSERT INTO large_deal(deal) VALUES(?1)")?;
    for deal in large {
        insert.execute([deal])?;
    }
    Ok(())
}

fn is_past(conn: &Connection, key: &str, today: NaiveDate) -> rusqlite::Result<bool> {
    let day: Option<String> = conn
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |r| r.get(0))
        .optional()?;
    Ok(day.is_none_or(|day| day < today.to_string()))
}

fn keep_day(conn: &Connection, key: &str, today: NaiveDate) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta(key, value) VALUES(?1, ?2)
         ON CONFLICT(key) DO UPDATE SET value = excluded.value",
    )?
    .execute((key, today.to_string()))
    .map(|_| ())
}

/// Whether any figures are of an earlier day, or were never made.
pub(super) fn is_due(conn: &Connection, today: NaiveDate) -> rusqlite::Result<bool> {
    Ok(is_past(conn, DAY, today)? || are_ages_due(conn, today)?)
}

/// Whether the ages of the won deals are of an earlier day, or were never counted.
pub(super) fn are_ages_due(conn: &Connection, today: NaiveDate) -> rusqlite::Result<bool> {
    is_past(conn, AGES_DAY, today)
}

/// Keeps that the ages of the won deals are those of a day.
pub(super) fn keep_ages_day(conn: &Connection, today: NaiveDate) -> rusqlite::Result<()> {
    keep_day(conn, AGES_DAY, today)
}

/// Has the figures renewed on the next occasion; the ages of the won deals too, unless they were
/// counted just now. The rows stay: another setting that an undo brings back could not have the
/// number of one that came anew.
pub(in crate::store) fn forget_days(conn: &Connection, with_ages: bool) -> rusqlite::Result<()> {
    conn.execute(
        "UPDATE meta SET value = '0001-01-01' WHERE key = ?1 OR key = ?2 AND ?3",
        (DAY, AGES_DAY, with_ages),
    )
    .map(|_| ())
}

/// The figures of a file but for the ages of the won deals, as they were counted.
#[derive(Debug)]
pub(super) struct Figures {
    stats: Stats,
    /// The largest deals of each currency.
    large: Vec<i64>,
}

impl Figures {
    /// Counts them, and finds the deals that they bear on now and did not before, or did and no
    /// longer do.
    pub(super) fn count(
        conn: &Connection,
        thresholds: &Thresholds,
    ) -> rusqlite::Result<(Self, Vec<DealId>)> {
        let before = Stats::read(conn)?;
        let (shares, large) = shares(conn)?;
        let stats = Stats {
            stages: stages(conn, thresholds)?,
            shares,
            ages: HashMap::new(),
        };
        let mut changed = Vec::new();
        let names = before.stages.keys().chain(stats.stages.keys());
        let names: BTreeSet<&String> = names.collect();
        let mut in_stage =
            conn.prepare_cached("SELECT id FROM deal WHERE status = 'open' AND stage = ?1")?;
        for stage in names {
            if before.stages.get(stage) != stats.stages.get(stage) {
                let ids = in_stage.query_map([stage], |r| r.get(0).map(DealId))?;
                changed.extend(ids.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        let is_weighed = before.weighs(thresholds) || stats.weighs(thresholds);
        if is_weighed && before.shares != stats.shares {
            changed.extend(stats.other_heavy(conn, thresholds)?);
        }
        changed.sort_unstable();
        changed.dedup();
        Ok((Self { stats, large }, changed))
    }

    /// Keeps them as those of a day; writes nothing of what is the same.
    pub(super) fn keep(&self, conn: &Connection, today: NaiveDate) -> rusqlite::Result<()> {
        keep_large(conn, &self.large)?;
        keep_day(conn, DAY, today)?;
        let before = Stats::read(conn)?;
        if before.stages == self.stats.stages && before.shares == self.stats.shares {
            return Ok(());
        }
        self.stats.keep(conn)
    }
}
