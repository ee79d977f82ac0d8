//! Bringing a pipeline up to the newest schema, and refusing one that is not as it should be.
//!
//! A migration is a text of SQL that has landed and never changes again: a test holds the hash
//! of each. An older file is backed up beside itself first, by SQLite's own backup.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::error::{Doing, StoreError, explain};
use super::indexes;
use super::open::APPLICATION_ID;

/// One step of the schema.
struct Migration {
    /// The statements.
    sql: &'static str,
    /// SHA-256 over the schema after it, as [`fingerprint`] gives it.
    schema: &'static str,
}

/// All steps, the first one first; step `n` leads to version `n + 1`.
const MIGRATIONS: &[Migration] = &[
    Migration {
        sql: include_str!("../../assets/migrations/0001_initial.sql"),
        schema: "42fb4b64cc31f3cca77b6eac3e63ae71eb0def1513aec442148441c418fb8e9d",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0002_signals.sql"),
        schema: "dd08b6b22ff7040577a687541536a6569434aaa502aaed3713fe369aab700e93",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0003_cover.sql"),
        schema: "696eaed4caec83cafb72e0cb85b51298616ac8dab0f18e0d68a1c7791f4f1626",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0004_farewell.sql"),
        schema: "0062091c0f65c8aab36f75771706e43630f9501b00dbdc09d1aa609e21ba3bcf",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0005_review.sql"),
        schema: "0da7bd318d8cd1d34927b091364d167e7da824568dcdcac1168245c0b895e327",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0006_chance.sql"),
        schema: "ee60f5e87f26dbea2cb729c58ac10e4c76a512d9c1df4e94f25158f666f642f4",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0007_ages.sql"),
        schema: "7f1869edf75617b66ebfcd34459564a2f7b91020e6e8b34f7eee5cf88f4ede24",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0008_loads.sql"),
        schema: "64bcef5584414b4c617e84bdbb103e2700bf4ca47210822dd2190fc2e33f65ac",
    },
    Migration {
        sql: include_str!("../../assets/migrations/0009_lighter.sql"),
        schema: "2de4a5dbb01b857c9e2383dbfeca34f1c93c0c554236cd9f869f1486fc66b0e2",
    },
];

/// The version that this program writes.
pub fn newest() -> i64 {
    MIGRATIONS.len() as i64
}

/// The texts that lead to a version, the first one first.
pub(super) fn texts(version: i64) -> impl Iterator<Item = &'static str> {
    let steps = usize::try_from(version).unwrap_or(0);
    MIGRATIONS.iter().take(steps).map(|step| step.sql)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// SHA-256 over the text of all tables, indexes and triggers of a database, in hexadecimal; the
/// tables that the search index keeps for itself are SQLite's, and may differ by its version. An
/// index that a load put off counts as if it were there.
fn fingerprint(conn: &Connection, version: i64) -> rusqlite::Result<String> {
    let mut statement = conn.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema
         WHERE substr(name, 1, 7) <> 'sqlite_'
           AND tbl_name NOT IN (SELECT s.name || e.name FROM
             (SELECT 'search_word' AS name UNION SELECT 'search_part') s,
             (SELECT '_data' AS name UNION SELECT '_idx' UNION SELECT '_docsize'
              UNION SELECT '_config' UNION SELECT '_content') e)",
    )?;
    let mut parts: Vec<[String; 4]> = statement
        .query_map([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?
        .collect::<Result<_, _>>()?;
    for index in indexes::may_lack(version) {
        if !parts.iter().any(|[_, name, ..]| name == index.name) {
            parts.push(["index", index.name, index.table, index.sql].map(str::to_owned));
        }
    }
    parts.sort_unstable();
    let mut hash = Sha256::new();
    for text in parts.iter().flatten() {
        hash.update(text);
        hash.update([0]);
    }
    Ok(hex(&hash.finalize()))
}

/// Refuses a file whose schema is not exactly that of its version.
pub(crate) fn check_schema(conn: &Connection, path: &Path, version: i64) -> Result<(), StoreError> {
    let found = fingerprint(conn, version).map_err(|e| explain(path, "reading the schema", e))?;
    let expected = usize::try_from(version - 1)
        .ok()
        .and_then(|i| MIGRATIONS.get(i));
    if expected.is_some_and(|m| m.schema == found) {
        return Ok(());
    }
    Err(StoreError::NotAPipeline {
        path: path.into(),
        what: format!("its tables are not those of schema version {version}"),
    })
}

/// Where the backup of an older file goes before it is migrated.
fn backup_path(path: &Path, version: i64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".v{version}.bak"));
    PathBuf::from(name)
}

/// Applies the steps that a file lacks, each in one transaction of its own.
pub(crate) fn run(
    conn: &mut Connection,
    path: &Path,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    run_steps(conn, path, now, MIGRATIONS)
}

fn version_of(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA user_version", [], |r| r.get(0))
}

fn run_steps(
    conn: &mut Connection,
    path: &Path,
    now: DateTime<Utc>,
    steps: &[Migration],
) -> Result<(), StoreError> {
    let found = version_of(conn).map_err(|e| explain(path, "reading the version", e))?;
    if found as usize >= steps.len() {
        return Ok(());
    }
    if found > 0 {
        let target = backup_path(path, found);
        super::backup::copy(conn, &target)?;
    }
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    for (index, step) in steps.iter().enumerate() {
        let version = index as i64 + 1;
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|e| explain(path, "preparing the pipeline", e))?;
        // Another program may have done it while we waited for the lock.
        if version_of(&tx).doing("reading the version")? >= version {
            continue;
        }
        let apply = || -> rusqlite::Result<()> {
            if version > 1 {
                indexes::build_older(&tx, version - 1)?;
            }
            tx.execute_batch(step.sql)?;
            tx.execute(
                "INSERT INTO migration(version, sha256, at) VALUES(?1, ?2, ?3)",
                (version, hex(&Sha256::digest(step.sql.as_bytes())), &at),
            )?;
            if version == 1 {
                tx.pragma_update(None, "application_id", APPLICATION_ID)?;
                let file = uuid::Uuid::now_v7().to_string();
                tx.execute("INSERT INTO meta(key, value) VALUES('file', ?1)", [file])?;
                tx.execute(
                    "INSERT INTO meta(key, value) VALUES('bank', 'walkaway')",
                    [],
                )?;
            }
            tx.pragma_update(None, "user_version", version)
        };
        apply().map_err(|e| explain(path, "preparing the pipeline", e))?;
        tx.commit()
            .map_err(|e| explain(path, "preparing the pipeline", e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open;

    fn now() -> DateTime<Utc> {
        "2026-11-23T09:00:00Z".parse().unwrap()
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "each step is looked at by itself, which no file of ours is"
    )]
    fn each_schema_has_the_fingerprint_that_is_expected_of_it() {
        let mut found = Vec::new();
        for steps in 1..=MIGRATIONS.len() {
            let mut conn = Connection::open_in_memory().unwrap();
            run_steps(&mut conn, Path::new(""), now(), &MIGRATIONS[..steps]).unwrap();
            found.push(fingerprint(&conn, 0).unwrap());
        }

        let expected: Vec<_> = MIGRATIONS.iter().map(|m| m.schema).collect();
        assert_eq!(found, expected);
    }

    /// What has landed is never edited: these hashes are only ever added to.
    #[test]
    fn migrations_that_have_landed_are_as_they_were() {
        let hashes: Vec<String> = MIGRATIONS
            .iter()
            .map(|m| hex(&Sha256::digest(m.sql.as_bytes())))
            .collect();

        insta::assert_debug_snapshot!(hashes);
    }

    #[test]
    fn an_older_file_is_backed_up_and_migrated_and_a_newer_one_is_refused_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        drop(open::open(&path, open::Access::Create, now()).unwrap());
        let version = newest();
        let step = |sql| Migration { sql, schema: "" };
        let mut steps: Vec<_> = MIGRATIONS.iter().map(|m| step(m.sql)).collect();
        steps.push(step("ALTER TABLE deal ADD COLUMN colour TEXT;"));

        let mut conn = open::again(&path, false).unwrap();
        run_steps(&mut conn, &path, now(), &steps).unwrap();
        drop(conn);

        let backup = folder.path().join(format!("p.db.v{version}.bak"));
        assert!(open::open(&backup, open::Access::Read, now()).is_ok());
        let before = std::fs::read(&path).unwrap();
        let error = open::open(&path, open::Access::Write, now()).unwrap_err();
        let StoreError::TooNew { found, known, .. } = error else {
            panic!("{error}");
        };
        assert_eq!((found, known), (version + 1, version));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "it stands at an earlier schema, which no file of ours does"
    )]
    fn a_file_whose_load_was_killed_is_brought_up_whatever_indexes_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        for version in 1..MIGRATIONS.len() {
            let path = folder.path().join(format!("{version}.db"));
            let mut conn = Connection::open_in_memory().unwrap();
            run_steps(&mut conn, &path, now(), &MIGRATIONS[..version]).unwrap();
            let put_off: Vec<_> = indexes::may_lack(version as i64).collect();
            assert!(put_off.len() > 5, "{put_off:?}");
            for index in put_off {
                let drop = format!("DROP INDEX {}", index.name);
                conn.execute_batch(&drop).unwrap();
            }

            run_steps(&mut conn, &path, now(), MIGRATIONS).unwrap();

            let found = fingerprint(&conn, 0).unwrap();
            assert_eq!(Some(found.as_str()), MIGRATIONS.last().map(|m| m.schema));
        }
    }

    /// All rows of the tables that the first schema had, by table, with its columns.
    fn rows_of_v1(conn: &Connection, tables: &[(String, String)]) -> Vec<(String, Vec<String>)> {
        let read = |(table, columns): &(String, String)| {
            let sql = format!("SELECT json_array({columns}) FROM {table} ORDER BY 1");
            let mut statement = conn.prepare(&sql).unwrap();
            let rows = statement.query_map([], |r| r.get(0)).unwrap();
            (table.clone(), rows.map(Result::unwrap).collect())
        };
        tables.iter().map(read).collect()
    }

    /// The tables of a file with their columns, but for what is derived and what SQLite keeps.
    fn tables(conn: &Connection) -> Vec<(String, String)> {
        let mut statement = conn
            .prepare(
                "SELECT m.name, group_concat(c.name, ', ') FROM sqlite_schema m
                 JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
                   AND m.name NOT LIKE 'search%' AND m.name NOT LIKE 'sqlite%'
                   AND m.name NOT IN ('deal_eval', 'migration', 'meta') GROUP BY 1 ORDER BY 1",
            )
            .unwrap();
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "it is written as the first program did, table by table"
    )]
    fn a_file_of_the_first_version_keeps_every_row_and_its_actions_are_undone() {
        use crate::domain::ids::{ActionId, DealId};
        use crate::domain::verdict::Thresholds;
        use crate::store::{Judge, Place, Stamp, Store};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(MIGRATIONS[0].sql).unwrap();
        // Rows stand by table here, and some before what they belong to.
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        conn.execute_batch(include_str!("../../tests/data/v1.sql"))
            .unwrap();
        conn.pragma_update(None, "application_id", APPLICATION_ID)
            .unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        let tables = tables(&conn);
        let before = rows_of_v1(&conn, &tables);
        assert!(tables.len() > 30, "{tables:?}");
        let empty: Vec<_> = before.iter().filter(|(_, rows)| rows.is_empty()).collect();
        assert!(empty.is_empty(), "{empty:?}");
        drop(conn);

        let judge = Judge::new(Vec::new(), Thresholds::default());
        let mut store = Store::open(&path, open::Access::Write, now(), judge).unwrap();

        assert_eq!(
            rows_of_v1(&open::again(&path, true).unwrap(), &tables),
            before
        );
        assert!(folder.path().join("p.db.v1.bak").exists());
        let stamp = Stamp {
            at: now(),
            today: "2026-11-23".parse().unwrap(),
            who: "Ana".into(),
            place: Place::Command,
            session: "two".into(),
        };
        let mut judged = 0;
        let add = |more| {
            judged += more;
            Ok(())
        };
        store.renew_day(stamp.today, add).unwrap();
        assert!(judged >= 4);
        // What the rules did not see before counts now: this one's get is late.
        let detail = store.detail(DealId(3)).unwrap().unwrap();
        let signals = detail.eval.unwrap().signals;
        assert!(
            signals.iter().any(|s| s.id.code() == "their-word"),
            "{signals:?}"
        );
        let answered = |store: &Store, question| {
            let detail = store.detail(DealId(3)).unwrap().unwrap();
            detail.answers.iter().any(|a| a.question == question)
        };
        assert!(answered(&store, "FIT2"));
        store.undo_action(&stamp, ActionId(15)).unwrap();
        assert!(!answered(&store, "FIT2"));
        store.undo_action(&stamp, ActionId(11)).unwrap();
        store.undo_action(&stamp, ActionId(7)).unwrap();
        let detail = store.detail(DealId(1)).unwrap().unwrap();
        assert_eq!(detail.deal.decision.code(), "undecided");
    }

    #[test]
    fn a_file_with_a_trigger_of_somebody_elses_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        drop(open::open(&path, open::Access::Create, now()).unwrap());
        let conn = open::again(&path, false).unwrap();
        conn.execute_batch(
            "CREATE TRIGGER evil AFTER INSERT ON note BEGIN DELETE FROM answer; END;",
        )
        .unwrap();
        drop(conn);

        let error = open::open(&path, open::Access::Write, now()).unwrap_err();

        assert!(matches!(error, StoreError::NotAPipeline { .. }), "{error}");
    }

    #[test]
    fn what_is_no_pipeline_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("notes.txt");
        std::fs::write(
            &text,
            "not a database, but long enough to be read as one. ".repeat(40),
        )
        .unwrap();
        let empty = folder.path().join("empty.db");
        std::fs::write(&empty, "").unwrap();

        for path in [&text, &empty, &folder.path().to_path_buf()] {
            let error = open::open(path, open::Access::Write, now()).unwrap_err();
            assert!(matches!(error, StoreError::NotAPipeline { .. }), "{error}");
        }
        let missing = folder.path().join("none.db");
        let error = open::open(&missing, open::Access::Write, now()).unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error}");
        assert!(!missing.exists());
    }
}
