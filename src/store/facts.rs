//! What is told of a whole file: its header, its views, its health.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::after;
use super::error::{Doing, StoreError};
use super::journal::{self, Stamp};
use super::{firings, list, map, review, week};
use crate::domain::bank::Bank;
use crate::domain::deal::PersonRow;
use crate::domain::review::Charter;
use crate::domain::view::{COUNTED, View};

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// Its filter, as typed.
    pub filter: String,
    /// Its order's name.
    pub order: String,
}

/// What today brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Today {
    /// Deals fired today that are still fired.
    pub fired: u64,
    /// Hours freed by them, an estimate.
    pub hours_back: f64,
}

/// What the header and the welcome screen tell of a file.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of one page whether it has anything to show"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// How many deals there are, of any status; counting ends at [`COUNTED`].
    pub deals: u64,
    /// Deals of the sitting.
    pub to_decide: u64,
    /// The built-in views that have something in them, each with its count; counting ends at
    /// [`COUNTED`].
    pub views: Vec<(View, u64)>,
    /// The views that people saved.
    pub saved: Vec<SavedView>,
    /// What today brought.
    pub today: Today,
    /// The day of the newest import; `None` when there was none.
    pub record_day: Option<NaiveDate>,
    /// The owners that the record names, at most a hundred.
    pub owners: Vec<String>,
    /// Which of them this person is; `None` until said.
    pub me: Option<String>,
    /// Whether the week has anything to show.
    pub week: bool,
    /// Fired prospects and wins that it is time to ask about.
    pub after_due: u64,
    /// Whether anything was ever fired.
    pub has_fired: bool,
    /// Whether firing ever freed hours.
    pub has_hours: bool,
    /// Whether the map has anything to show, as far as the latest answers tell.
    pub has_map: bool,
    /// Whether any 1:1 was held.
    pub has_reviews: bool,
    /// The charter as it stands, signed or not.
    pub charter: Option<Charter>,
    /// Our own people, by name.
    pub people: Vec<PersonRow>,
    /// How often bait of theirs was kept, over the whole file: kept, of how many settled.
    pub bait: (u32, u32),
    /// What `u` would take back, in words.
    pub undo: Option<String>,
    /// What redo would do again, in words.
    pub redo: Option<String>,
}

pub(super) fn owner_of(conn: &Connection, who: &str) -> Result<Option<String>, StoreError> {
    conn.prepare_cached("SELECT owner FROM person WHERE name = ?1")
        .and_then(|mut s| s.query_row([who], |r| r.get(0)).optional())
        .map(Option::flatten)
        .doing("reading the people")
}

/// The sources of the deals, at most a hundred: from one to the next by the index.
pub(super) fn sources(conn: &Connection) -> Result<Vec<String>, StoreError> {
    conn.prepare_cached(
        "WITH RECURSIVE next(source) AS (
           SELECT min(source) FROM deal
           UNION ALL
           SELECT (SELECT min(d.source) FROM deal d WHERE d.source > next.source)
           FROM next WHERE next.source IS NOT NULL
         ) SELECT source FROM next WHERE source IS NOT NULL LIMIT 100",
    )
    .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
    .doing("reading the sources")
}

/// The views that have a deal, with how many; counting ends at [`COUNTED`].
fn views(conn: &Connection, to_decide: u64) -> rusqlite::Result<Vec<(View, u64)>> {
    let mut views = Vec::new();
    for view in View::BUILT_IN {
        let sql = format!(
            "SELECT count(*) FROM ({} LIMIT {COUNTED})",
            list::part_of(&view)
        );
        let count: i64 = conn.prepare_cached(&sql)?.query_row([], |r| r.get(0))?;
        if count > 0 {
            // A sitting is shorter than all that is undecided: what opens is what is counted.
            let count = if view == View::ToDecide {
                to_decide
            } else {
                count as u64
            };
            views.push((view, count));
        }
    }
    Ok(views)
}

/// Reads what the header tells, and with `counts` how many deals each view has.
pub(super) fn overview(
    conn: &Connection,
    bank: &Bank,
    stamp: &Stamp,
    counts: bool,
) -> Result<Overview, StoreError> {
    let read = || -> rusqlite::Result<Overview> {
        let deals: i64 = conn
            .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM deal LIMIT ?1)")?
            .query_row([COUNTED as i64], |r| r.get(0))?;
        let today = conn
            .prepare_cached(
                "SELECT count(*), coalesce(sum(minutes_reclaimed), 0) FROM decision x
                 JOIN deal d ON d.id = x.deal
                 WHERE x.day = ?1 AND x.kind = 'fired' AND d.decision = 'fired'
                   AND x.id = (SELECT max(id) FROM decision y WHERE y.deal = x.deal)",
            )?
            .query_row([stamp.today], |r| {
                Ok(Today {
                    fired: r.get::<_, i64>(0)? as u64,
                    hours_back: r.get::<_, i64>(1)? as f64 / 60.0,
                })
            })?;
        let saved = conn
            .prepare_cached("SELECT name, filter, ordering FROM saved_view ORDER BY name")?
            .query_map([], |r| {
                Ok(SavedView {
                    name: r.get(0)?,
                    filter: r.get(1)?,
                    order: r.get(2)?,
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let record_day = record_day(conn)?;
        let to_decide = list::sitting(conn)?.ids.len() as u64;
        let views = if counts {
            views(conn, to_decide)?
        } else {
            Vec::new()
        };
        let (has_fired, has_hours) = firings::has_fired(conn)?;
        Ok(Overview {
            deals: deals as u64,
            to_decide,
            views,
            saved,
            today,
            record_day,
            owners: Vec::new(),
            me: None,
            week: week::has_any(conn, stamp)?,
            after_due: after::count_due(conn, stamp.today)?,
            has_fired,
            has_hours,
            has_map: map::has_any(conn, bank)?,
            has_reviews: review::any_held(conn)?,
            charter: None,
            people: Vec::new(),
            bait: week::bait(conn)?,
            undo: None,
            redo: None,
        })
    };
    let mut overview = read().doing("reading what the header tells")?;
    overview.people = review::people(conn)?;
    overview.charter = review::charter_now(conn)?;
    overview.me = owner_of(conn, &stamp.who)?;
    overview.undo = journal::undoable(conn, &stamp.who, &stamp.session)?.map(|e| e.what);
    overview.redo = journal::redoable(conn, &stamp.who, Some(&stamp.session))?.map(|e| e.what);
    if overview.record_day.is_some() {
        overview.owners = conn
            .prepare_cached(
                // From one owner to the next by the index, whatever each of them has.
                "WITH RECURSIVE next(owner) AS (
                   SELECT min(owner) FROM deal
                   UNION ALL
                   SELECT (SELECT min(d.owner) FROM deal d WHERE d.owner > next.owner)
                   FROM next WHERE next.owner IS NOT NULL
                 ) SELECT owner FROM next WHERE owner IS NOT NULL LIMIT 100",
            )
            .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
            .doing("reading the owners")?;
    }
    Ok(overview)
}

pub(super) fn check(conn: &Connection, deep: bool) -> Result<Vec<String>, StoreError> {
    let mut wrong = Vec::new();
    let pragma = if deep {
        "PRAGMA integrity_check(20)"
    } else {
        "PRAGMA quick_check(20)"
    };
    let lines: Vec<String> = conn
        .prepare(pragma)
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .doing("checking the file")?;
    wrong.extend(lines.into_iter().filter(|l| l != "ok"));
    let dangling: i64 = conn
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |r| {
            r.get(0)
        })
        .doing("checking the file")?;
    if dangling > 0 {
        wrong.push(format!("{dangling} rows belong to rows that are gone"));
    }
    if deep {
        for table in ["search_word", "search_part"] {
            let sql = format!("INSERT INTO {table}({table}, rank) VALUES('integrity-check', 0)");
            if let Err(e) = conn.execute(&sql, []) {
                wrong.push(format!("the search index: {e}"));
            }
        }
    }
    Ok(wrong)
}

/// The day up to which the newest import can know anything.
pub(super) fn record_day(conn: &Connection) -> rusqlite::Result<Option<NaiveDate>> {
    conn.prepare_cached("SELECT max(record_day) FROM import_batch WHERE state = 'done'")?
        .query_row([], |r| r.get(0))
}
