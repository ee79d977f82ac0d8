//! What a pipeline file holds, table by table, and whether it is whole.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use walkaway::domain::ids::ActionId;
use walkaway::domain::verdict::Thresholds;
use walkaway::store::{Access, Judge, Place, Stamp, Store};

use super::bench::START;

/// Tables that are the journal, remember what it need not, or are derived from the others.
const LEFT_OUT: [&str; 9] = [
    "action",
    "change",
    "import_batch",
    "mapping_memory",
    "message_log",
    "deal_eval",
    "stage_age",
    "hour_share",
    "won_age",
];

/// What the program keeps for itself, beside the journal.
const OWN_MEMORY: &str = "key NOT IN('place', 'taken_files') AND key NOT LIKE 'stat%'";

/// The rows of every table but the journal, what is derived and the search index.
pub type Content = BTreeMap<String, Vec<String>>;

/// Looks into a file without any of the program's own code.
pub fn look(path: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(20))
        .unwrap();
    conn.set_prepared_statement_cache_capacity(100);
    conn
}

fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare_cached(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// What reads the rows of a table as JSON, in a fixed order.
fn reading(conn: &Connection, table: &str, condition: &str) -> String {
    let columns = texts(
        conn,
        &format!("SELECT '\"' || name || '\"' FROM pragma_table_info('{table}')"),
    )
    .join(", ");
    format!("SELECT json_array({columns}) FROM \"{table}\" WHERE {condition} ORDER BY 1")
}

/// The rows of a table as JSON, in a fixed order.
pub fn rows(conn: &Connection, table: &str, condition: &str) -> Vec<String> {
    texts(conn, &reading(conn, table, condition))
}

/// Reads the content of one file again and again.
pub struct Contents<'c> {
    conn: &'c Connection,
    /// Each table with what reads its rows.
    tables: Vec<(String, String)>,
}

impl<'c> Contents<'c> {
    /// Looks up which tables there are.
    pub fn of(conn: &'c Connection) -> Self {
        let tables = texts(
            conn,
            "SELECT name FROM sqlite_schema WHERE type = 'table'
             AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%' AND name <> 'migration'",
        );
        let kept = tables
            .into_iter()
            .filter(|name| !LEFT_OUT.contains(&name.as_str()));
        let tables = kept.map(|table| {
            let condition = if table == "meta" { OWN_MEMORY } else { "1" };
            let reading = reading(conn, &table, condition);
            (table, reading)
        });
        Self {
            conn,
            tables: tables.collect(),
        }
    }

    /// Reads it.
    pub fn read(&self) -> Content {
        self.tables
            .iter()
            .map(|(table, reading)| (table.clone(), texts(self.conn, reading)))
            .collect()
    }

    /// A number that is another one after any other connection has changed anything in the file.
    pub fn version(&self) -> i64 {
        let version = self
            .conn
            .query_row("PRAGMA data_version", [], |row| row.get(0));
        version.unwrap()
    }
}

/// Reads the content.
pub fn content(conn: &Connection) -> Content {
    Contents::of(conn).read()
}

/// What two contents do not share, in a few lines.
pub fn difference(left: &Content, right: &Content) -> String {
    let mut lines = Vec::new();
    for (table, rows) in left {
        let other = right.get(table).map_or(&[][..], Vec::as_slice);
        let only = |these: &[String], those: &[String], sign: &str| {
            these
                .iter()
                .filter(|row| !those.contains(row))
                .map(|row| format!("{sign} {table} {row}"))
                .collect::<Vec<_>>()
        };
        lines.extend(only(rows, other, "-"));
        lines.extend(only(other, rows, "+"));
    }
    lines.truncate(12);
    lines.join("\n")
}

/// The program's own way to a file, as a person of this name would have it.
pub fn store(path: &Path) -> Store {
    let judge = Judge::new(Vec::new(), Thresholds::default());
    Store::open(path, Access::Write, START.parse().unwrap(), judge).unwrap()
}

/// The stamp of a person in a session.
pub fn stamp(who: &str, session: &str) -> Stamp {
    Stamp {
        at: START.parse().unwrap(),
        today: START[..10].parse().unwrap(),
        who: who.into(),
        place: Place::Command,
        session: session.into(),
    }
}

/// What a file holds that was left by a program that ended by force.
pub struct Whole {
    /// What it held when it began.
    base: Content,
    /// The latest action of then.
    since: ActionId,
}

impl Whole {
    /// A file as it is now is where all later ones began.
    pub fn begin(path: &Path) -> Self {
        let conn = look(path);
        let since = conn.query_row("SELECT max(id) FROM action", [], |row| row.get(0));
        Self {
            base: content(&conn),
            since: ActionId(since.unwrap()),
        }
    }

    /// Asserts that a file is sound, that nothing is half done, and that the journal says exactly
    /// how it came from the beginning to what it holds: all is taken back, and done again.
    #[track_caller]
    pub fn assert(&self, path: &Path, round: &str) {
        let mut store = store(path);
        store.take_back_unfinished().unwrap();
        let conn = look(path);
        let wrong = store.check(true).unwrap();
        assert!(wrong.is_empty(), "{round}: {wrong:?}");
        let loose = texts(&conn, "SELECT \"table\" FROM pragma_foreign_key_check");
        assert!(
            loose.is_empty(),
            "{round}: rows without their deal: {loose:?}"
        );
        let running = texts(&conn, "SELECT what FROM action WHERE state = 'running'");
        assert!(running.is_empty(), "{round}: half done: {running:?}");

        let held = content(&conn);
        let ana = stamp("Checker", "check");
        match store.undo_to(&ana, self.since) {
            Ok(_) => {
                let back = content(&conn);
                assert!(
                    back == self.base,
                    "{round}: the journal does not lead back:\n{}",
                    difference(&self.base, &back)
                );
                store.redo(&ana, true).unwrap();
                let again = content(&conn);
                assert!(
                    again == held,
                    "{round}: the journal does not lead here:\n{}",
                    difference(&held, &again)
                );
            }
            Err(walkaway::store::StoreError::Nothing { .. }) => {
                assert!(
                    held == self.base,
                    "{round}: changed without a word:\n{}",
                    difference(&self.base, &held)
                );
            }
            Err(error) => panic!("{round}: {error}"),
        }
    }
}

/// The kinds and words of all actions, the first one first.
pub fn actions(conn: &Connection) -> Vec<(String, String)> {
    let mut statement = conn
        .prepare("SELECT kind, what FROM action ORDER BY id")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}
