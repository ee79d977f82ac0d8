//! What was acknowledged is on the disk: after a kill, beside a disk that fails, with many
//! writers at once. Long runs: see `support::rounds`.

mod disk;
mod kills;
mod writers;

use std::path::{Path, PathBuf};

use crate::support::bench::{Bench, DEALS};
use crate::support::content::Whole;

/// A pipeline of four deals, of which a fresh copy is made for each round.
struct Template {
    bench: Bench,
    whole: Whole,
    bytes: Vec<u8>,
}

impl Template {
    fn new() -> Self {
        let bench = Bench::new();
        bench.write("deals.csv", DEALS);
        bench.run(&["import", "deals.csv"]).ok();
        // Whoever is asked for once, and the day's work, are done before.
        bench.run(&["list"]).ok();
        let path = bench.path("pipeline.db");
        let whole = Whole::begin(&path);
        let bytes = std::fs::read(&path).unwrap();
        Self {
            bench,
            whole,
            bytes,
        }
    }

    /// A copy of this name.
    fn copy(&self, name: &str) -> PathBuf {
        let path = self.bench.path(name);
        for ending in ["", "-wal", "-shm", ".lock", ".import-lock"] {
            let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
        }
        std::fs::write(&path, &self.bytes).unwrap();
        path
    }
}

/// A file of so many deals that none of the template's is among.
fn export_of(rows: i64) -> String {
    let rows = (0..rows).map(|n| {
        [
            (9_000 + n).to_string(),
            format!(",Deal {n},Proposal,{n}00\n"),
        ]
    });
    let head = "Record ID,Deal Name,Deal Stage,Amount\n".to_owned();
    std::iter::once(head).chain(rows.flatten()).collect()
}

/// One number of a file, with other eyes than the program's.
fn number(path: &Path, sql: &str) -> i64 {
    let conn = crate::support::content::look(path);
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}
