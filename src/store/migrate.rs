//! Bringing a pipeline up to the newest schema, and refusing one that is not as it should be.
//!
//! A migration is a text of SQL that has landed and never changes again: a test holds the hash
//! of each. An older file is backed up beside itself first, by SQLite's own backup.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::error::{Doing, StoreError, explain};
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
        schema: "",
    },
];

/// The version that this program writes.
pub fn newest() -> i64 {
    MIGRATIONS.len() as i64
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// SHA-256 over the text of all tables, indexes and triggers of a database, in hexadecimal; the
/// tables that the search index keeps for itself are SQLite's, and may differ by its version.
fn fingerprint(conn: &Connection) -> rusqlite::Result<String> {
    let mut statement = conn.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema
         WHERE substr(name, 1, 7) <> 'sqlite_'
           AND tbl_name NOT IN (SELECT s.name || e.name FROM
             (SELECT 'search_word' AS name UNION SELECT 'search_part') s,
             (SELECT '_data' AS name UNION SELECT '_idx' UNION SELECT '_docsize'
              UNION SELECT '_config' UNION SELECT '_content') e)
         ORDER BY type, name",
    )?;
    let mut hash = Sha256::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            hash.update(row.get_ref(column)?.as_bytes().unwrap_or_default());
            hash.update([0]);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Refuses a file whose schema is not exactly that of its version.
pub(crate) fn check_schema(conn: &Connection, path: &Path, version: i64) -> Result<(), StoreError> {
    let found = fingerprint(conn).map_err(|e| explain(path, "reading the schema", e))?;
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
    fn each_schema_has_the_fingerprint_that_is_expected_of_it() {
        let opened = open::in_memory(now()).unwrap();

        assert_eq!(
            fingerprint(&opened.conn).unwrap(),
            MIGRATIONS.last().unwrap().schema
        );
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
        const NEXT: Migration = Migration {
            sql: "ALTER TABLE deal ADD COLUMN colour TEXT;",
            schema: "",
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        drop(open::open(&path, open::Access::Create, now()).unwrap());

        let mut conn = open::again(&path, false).unwrap();
        let steps = [
            Migration {
                sql: MIGRATIONS[0].sql,
                schema: "",
            },
            NEXT,
        ];
        run_steps(&mut conn, &path, now(), &steps).unwrap();
        drop(conn);

        let backup = folder.path().join("p.db.v1.bak");
        assert!(open::open(&backup, open::Access::Read, now()).is_ok());
        let before = std::fs::read(&path).unwrap();
        let error = open::open(&path, open::Access::Write, now()).unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::TooNew {
                    found: 2,
                    known: 1,
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
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
