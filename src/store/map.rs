//! The map of the pipeline, read from the answers.

use rusqlite::Connection;

use super::Store;
use super::detail::name;
use super::error::{Doing, StoreError};
use crate::domain::answer::Value;
use crate::domain::bank::{Bank, Topic};
use crate::domain::ids::DealId;
use crate::domain::map::{MapRow, PipelineMap};
use crate::domain::shown::Name;

/// The questions of the two topics: the core one, else the first; empty where a bank has none.
fn questions(bank: &Bank) -> [&str; 2] {
    [Topic::Problem, Topic::Solution].map(|topic| {
        let found = bank.core_of(topic).or_else(|| bank.first_of(topic));
        found.map_or("", |ix| bank[ix].id.as_str())
    })
}

/// Answers among which one is looked for that the map would show.
const LATEST: u32 = 1_000;

/// The open deals that are not fired, over `deal d`.
const OPEN: &str = "d.status = 'open' AND d.decision <> 'fired'";

fn read(conn: &Connection, bank: &Bank) -> rusqlite::Result<PipelineMap> {
    let [problem, solution] = questions(bank);
    let sql = format!(
        "SELECT d.id, d.account, d.title, coalesce(e.per_week, 0),
                max(CASE WHEN a.question = ?2 THEN a.value END),
                max(CASE WHEN a.question = ?3 THEN a.value END)
         FROM answer a JOIN deal d ON d.id = a.deal LEFT JOIN deal_eval e ON e.deal = d.id
         WHERE a.current = 1 AND a.bank = ?1 AND a.question IN (?2, ?3) AND {OPEN}
         GROUP BY d.id ORDER BY e.per_week DESC, d.id"
    );
    let value = |text: Option<String>| text.as_deref().and_then(Value::from_code);
    let rows: Vec<MapRow> = conn
        .prepare_cached(&sql)?
        .query_map((bank.id(), problem, solution), |r| {
            Ok(MapRow {
                id: DealId(r.get(0)?),
                account: name(r, 1)?,
                title: Name::new(r.get::<_, String>(2)?),
                per_week: r.get(3)?,
                problem: value(r.get(4)?),
                solution: value(r.get(5)?),
            })
        })?
        .collect::<Result<_, _>>()?;
    let open: i64 = conn.query_row(
        &format!("SELECT count(*) FROM deal d WHERE {OPEN}"),
        [],
        |r| r.get(0),
    )?;
    let unasked = usize::try_from(open).unwrap_or_default();
    Ok(PipelineMap {
        unasked: unasked.saturating_sub(rows.len()),
        rows,
    })
}

/// Whether the map has anything to show, as far as the latest answers tell: the header asks after
/// each write, and costs the same in a pipeline of any size.
pub(super) fn has_any(conn: &Connection, bank: &Bank) -> rusqlite::Result<bool> {
    let [problem, solution] = questions(bank);
    let sql = format!(
        "SELECT EXISTS(
           SELECT 1 FROM (SELECT * FROM answer ORDER BY id DESC LIMIT {LATEST}) a
             JOIN deal d ON d.id = a.deal
           WHERE a.current = 1 AND a.bank = ?1 AND a.question IN (?2, ?3) AND {OPEN})"
    );
    conn.prepare_cached(&sql)?
        .query_row((bank.id(), problem, solution), |r| r.get(0))
}

impl Store {
    /// Reads where the open deals stand: the problem against the solution.
    pub fn map(&self) -> Result<PipelineMap, StoreError> {
        let map = read(self.conn(), self.judge().bank());
        self.at(map.doing("reading the map"))
    }
}
