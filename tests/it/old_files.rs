//! Files of every schema that landed open, keep every field, and are undone; newer ones are refused.
//!
//! `tests/data/vN.sql` holds the rows of a file of schema N and never changes.
//! `WALKAWAY_WRITE_DUMP=1 cargo test --test it old_files` writes the one of the newest schema, from
//! a pipeline in which every kind of thing was done: to be kept before a migration follows. Schemas
//! that landed together, of which no program was ever alone, are written from the same pipeline
//! without the columns that came after them: 4 and 5 were.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use walkaway::domain::ids::ActionId;
use walkaway::store::newest_schema;

use crate::support::bench::Bench;
use crate::support::content::{look, stamp, store};

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn migrations() -> Vec<String> {
    let files = std::fs::read_dir(root("assets/migrations")).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The versions of which there is a file.
fn kept() -> Vec<i64> {
    (1..=newest_schema())
        .filter(|n| root(&format!("tests/data/v{n}.sql")).exists())
        .collect()
}

/// An empty file of a schema.
#[expect(
    clippy::disallowed_methods,
    reason = "it is written as the program of then did, table by table"
)]
fn empty(path: &Path, version: i64) -> Connection {
    let conn = Connection::open(path).unwrap();
    for step in &migrations()[..version as usize] {
        conn.execute_batch(step).unwrap();
    }
    conn
}

/// A file of an older schema, as it was written then.
fn write(path: &Path, version: i64) {
    let conn = empty(path, version);
    // Rows stand by table here, and some before what they belong to.
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    let rows = std::fs::read_to_string(root(&format!("tests/data/v{version}.sql"))).unwrap();
    conn.execute_batch(&rows).unwrap();
    conn.pragma_update(None, "application_id", 0x7761_6c6b)
        .unwrap();
    conn.pragma_update(None, "user_version", version).unwrap();
}

fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The tables of a file with their columns, but for what is derived and what SQLite keeps.
fn tables(conn: &Connection) -> Vec<(String, Vec<String>)> {
    let names = texts(
        conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'
         AND name NOT LIKE 'sqlite%' AND name NOT IN('deal_eval', 'stage_age', 'hour_share', 'won_age')",
    );
    names
        .into_iter()
        .map(|name| {
            let sql = format!("SELECT name FROM pragma_table_info('{name}')");
            let columns = texts(conn, &sql);
            (name, columns)
        })
        .collect()
}

fn rows(conn: &Connection, tables: &[(String, Vec<String>)]) -> Vec<(String, Vec<String>)> {
    let read = |(table, columns): &(String, Vec<String>)| {
        let also = match table.as_str() {
            "meta" => "WHERE key NOT LIKE 'stat%'",
            // Each step that follows is noted there.
            "migration" => "WHERE version = 1",
            _ => "",
        };
        let columns = columns.join(", ");
        let sql = format!("SELECT json_array({columns}) FROM {table} {also} ORDER BY 1");
        (table.clone(), texts(conn, &sql))
    };
    tables.iter().map(read).collect()
}

#[test]
fn every_schema_that_landed_opens_with_all_its_fields_and_its_actions_are_undone() {
    assert!(kept().contains(&1));
    for version in kept() {
        let bench = Bench::new();
        let path = bench.path("pipeline.db");
        write(&path, version);
        let conn = look(&path);
        let tables = tables(&conn);
        let before = rows(&conn, &tables);
        let full = before.iter().filter(|(_, rows)| !rows.is_empty()).count();
        assert!(
            full > 20,
            "version {version} has rows in {full} tables only"
        );

        bench.run(&["list"]).ok();

        let after = rows(&conn, &tables);
        for ((table, before), (_, after)) in before.iter().zip(&after) {
            assert_eq!(before, after, "version {version}: {table}");
        }
        let backup = bench.path(&format!("pipeline.db.v{version}.bak"));
        assert_eq!(
            backup.exists(),
            version < newest_schema(),
            "version {version}"
        );
        assert!(
            bench
                .run(&["doctor", "--deep"])
                .ok()
                .ends_with("All is well.\n")
        );

        let mut store = store(&path);
        let entries = store.journal(None, None, None, 1_000).unwrap();
        let standing = entries.iter().filter(|entry| {
            let is_plain = !matches!(entry.kind.as_str(), "undo" | "import");
            is_plain && entry.undone_by.is_none() && entry.state == "done"
        });
        let mut undone = 0;
        for entry in standing {
            let ana = stamp("Ana", "later");
            store
                .undo_action(&ana, ActionId(entry.id.0))
                .unwrap_or_else(|error| {
                    panic!("version {version}: {} {}: {error}", entry.id, entry.what)
                });
            undone += 1;
        }
        assert!(
            undone > 2,
            "version {version}: {undone} actions were undone"
        );
        assert!(store.check(true).unwrap().is_empty(), "version {version}");
    }
}

#[test]
fn a_newer_file_is_refused_in_words_and_nothing_of_its_folder_changes() {
    let bench = Bench::with_deals();
    let path = bench.path("pipeline.db");
    let newer = newest_schema() + 1;
    look(&path)
        .pragma_update(None, "user_version", newer)
        .unwrap();
    let files = std::fs::read_dir(bench.path("")).unwrap();
    let before: Vec<_> = files
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect();

    for args in [
        &["list"][..],
        &["fire", "8001"],
        &["import", "deals.csv"],
        &["undo"],
        &["backup", "copy.db"],
        &["restore", "pipeline.db", "--db", "other.db"],
    ] {
        let shot = bench.run(args);
        assert_eq!(shot.code, 1, "{args:?}: {shot}");
        let words = [
            format!("version {newer}"),
            format!("up to {}", newest_schema()),
        ];
        assert!(
            words.iter().all(|word| shot.err.contains(word)),
            "{args:?}: {shot}"
        );
        assert!(shot.err.contains("newer walkaway"), "{args:?}: {shot}");
    }
    for (path, bytes) in before {
        let is_same = std::fs::read(&path).is_ok_and(|now| now == bytes);
        assert!(is_same, "{} is not as it was", path.display());
    }
}

/// Everything that can be done by a command, once.
const DONE: [&[&str]; 42] = [
    &["answer", "8001", "PRB1", "3", "they showed the loss"],
    &["answer", "8001", "PWR1", "n"],
    &["answer", "8002", "PRO1", "2"],
    &["answer", "8002", "curt", "y"],
    &["answer", "8002", "fresh", "n"],
    &["answer", "8003", "unwanted", "y", "they shout"],
    &["note", "8001", "they shout"],
    &["touch", "8001", "they call 20m asked for the quote again"],
    &[
        "contact",
        "8002",
        "name=Tom Reed",
        "role=champion",
        "level=2",
    ],
    &["touch", "8002", "we meeting 1h yesterday with Tom Reed"],
    &["commitment", "8001", "they data sample by fri"],
    &["commitment", "8001", "we quote v3 by wed for data sample"],
    &["concession", "8002", "discount 10% for a reference"],
    &["bait", "8002", "3 more plants"],
    &["gate", "8002", "objectives", "Tom Reed"],
    &["access", "8002", "the board"],
    &["ask", "8002", "PWR1", "Tom Reed", "fri"],
    &["ask", "8003", "PRB1"],
    &["ask", "reply", "2", "n", "board, 9 Dec"],
    &["handoff", "8002", "to=Ben", "overseer=Dana"],
    &["person", "Dana", "senior=yes"],
    &["sweep", "8002", "dread"],
    &["view", "save", "gone quiet", "--filter", "dark:yes"],
    &["week", "hours", "30h"],
    &["week", "place", "8002", "6h"],
    &["edit", "8001", "amount=51000 EUR", "stage=Negotiation"],
    &["edit", "8003", "title=Seats and more"],
    &["hold", "8002", "what=they answer", "until=+4w"],
    &["continue", "8003", "tripwire=they sign", "by=+2w"],
    &["tripwire", "8003", "by=+3w"],
    &["fire", "8001", "to=nurture", "until=+3m"],
    &["reinstate", "8001", "they called"],
    &["fire", "8001"],
    &["undo"],
    &["redo"],
    &["close", "8003", "won"],
    &[
        "add",
        "account=Fabrikam",
        "title=Ours",
        "amount=5000.25 EUR",
    ],
    &["note", "Fabrikam", "a first call"],
    &["undo"],
    &["close", "Fabrikam", "lost", "reason=price"],
    &["import", "deals.csv", "--source", "other"],
    &["undo", "import"],
];

/// The same for what schema 5 brought: the 1:1.
const MET: [&[&str]; 11] = [
    &["person", "Dana", "role=manager"],
    &["review", "raise", "8002", "may", "I", "fire", "them?"],
    &["charter", "sign", "ceiling=50000 EUR"],
    &["charter", "sign", "--as", "Dana"],
    &[
        "seal",
        "8002",
        "PWR1=1 Kim says she can",
        "verdict=continue",
    ],
    &["review", "start", "Dana", "for=30", "each=5"],
    &["seal", "8002", "PWR1=n", "verdict=fire", "--for", "Dana"],
    &["review", "open", "8002"],
    &["review", "reveal", "8002", "--all"],
    &["review", "may-fire", "8002"],
    &["seal", "8001", "PRB1=2"],
];

/// The first schema that has what [`MET`] leaves behind.
const OF_MEETINGS: i64 = 5;

/// The rows of a file in the tables and columns of a schema.
fn dump(conn: &Connection, version: i64) -> String {
    let of_then = empty(Path::new(":memory:"), version);
    let mut text = String::from(
        "-- Rows of every table as the program of this schema wrote them. Never changed: a file of\n\
         -- that time must always open.\n",
    );
    let names = texts(
        &of_then,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'
         AND name NOT LIKE 'sqlite%'",
    );
    for name in names {
        let columns = texts(
            &of_then,
            &format!("SELECT name FROM pragma_table_info('{name}')"),
        );
        let cells: Vec<_> = columns
            .iter()
            .map(|column| format!("quote({column})"))
            .collect();
        let cells = cells.join(" || ', ' || ");
        let columns = columns.join(", ");
        let also = match name.as_str() {
            "migration" => format!("WHERE version <= {version}"),
            _ => String::new(),
        };
        let rows = format!("SELECT {cells} FROM {name} {also} ORDER BY rowid");
        for row in texts(conn, &rows) {
            text.extend([
                "INSERT INTO ",
                &name,
                "(",
                &columns,
                ") VALUES(",
                &row,
                ");\n",
            ]);
        }
    }
    text
}

#[test]
fn a_pipeline_of_everything_is_written_and_read_back_from_its_rows() {
    let bench = Bench::with_deals();
    let conn = look(&bench.path("pipeline.db"));
    let carry_out = |commands: &[&[&str]]| {
        for args in commands {
            bench.run(args).ok();
        }
    };
    let lacks: Vec<i64> = (1..newest_schema())
        .filter(|n| !kept().contains(n))
        .collect();
    let (early, late): (Vec<i64>, Vec<i64>) = lacks.iter().partition(|n| **n < OF_MEETINGS);
    let of = |versions: Vec<i64>| -> Vec<(i64, String)> {
        versions.into_iter().map(|n| (n, dump(&conn, n))).collect()
    };
    carry_out(&DONE);
    let mut dumps = of(early);
    carry_out(&MET);
    dumps.extend(of(late));
    let text = dump(&conn, newest_schema());
    let count = |table: &str| text.matches(&format!("INSERT INTO {table}(")).count();
    assert!(count("action") > 25 && count("change") > 40);
    let empty: Vec<_> = [
        "handoff",
        "sweep",
        "fresh_eyes",
        "hours_plan",
        "trial_gate",
        "hold",
        "review",
        "sealed_answer",
        "charter",
        "may_fire",
    ]
    .into_iter()
    .filter(|table| count(table) == 0)
    .collect();
    assert!(empty.is_empty(), "{empty:?}");
    dumps.push((newest_schema(), text));
    if std::env::var_os("WALKAWAY_WRITE_DUMP").is_some() {
        for (version, text) in dumps {
            std::fs::write(root(&format!("tests/data/v{version}.sql")), text).unwrap();
        }
    }
}
