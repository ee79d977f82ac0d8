//! Any table, through to the pipeline: what is told adds up to the rows of the file, the preview
//! says what the import then does, and what is stopped leaves nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use super::*;
use crate::domain::verdict::Thresholds;
use crate::store::{Judge, Place, Stamp, Store};

fn stamp() -> Stamp {
    Stamp {
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        today: "2026-11-23".parse().unwrap(),
        who: "Ana".into(),
        place: Place::Command,
        session: "one".into(),
    }
}

fn store() -> Store {
    Store::in_memory(stamp().at, Judge::new(Vec::new(), Thresholds::default())).unwrap()
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

/// How many rows the tables have that an import fills.
fn contents(store: &Store) -> Vec<(&'static str, i64)> {
    [
        "deal",
        "touch",
        "note",
        "contact",
        "move",
        "account",
        "imported_value",
    ]
    .into_iter()
    .map(|table| (table, store.count_of(table)))
    .collect()
}

fn take(store: &Store, files: &[PathBuf]) -> Option<Report> {
    let options = Options {
        today: Some(stamp().today),
        ..Options::default()
    };
    // What is no table of deals at all is an error in words, which other tests look at.
    let export = open(files, &options).ok()?;
    let rows = {
        let (mut deals, mut parts) = (export.rows(), export.parts());
        let deals = deals.by_ref().flatten().count();
        deals + parts.by_ref().flatten().count()
    };
    let before = contents(store);
    let foretold = preview(store, &export, false, &mut |_, _| {}).unwrap();
    assert_eq!(contents(store), before, "a preview writes nothing");
    let report = run(store, &export, false, stamp(), &mut |_, _| {}).unwrap();
    let c = report.counts;
    assert_eq!(c.rows, rows as u64, "every row is told of");
    assert_eq!(
        c.rows,
        c.new + c.updated + c.same + c.conflict + c.skipped + c.refused
    );
    assert_eq!(foretold.counts, c, "the preview said so");
    assert_eq!(foretold.by, report.by);
    assert_eq!(c.skipped, report.skips.len() as u64);
    assert_eq!(c.refused, report.refused.len() as u64);
    Some(report)
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[1-5]",
        2 => "[A-C]",
        1 => Just(String::new()),
        1 => "[0-9]{1,6}([.,][0-9]{1,3})?",
        1 => "(2026-0[1-9]-1[0-9]|1[0-9]/0[1-9]/2026)( 10:00)?",
        1 => prop::sample::select(vec!["Closed Won", "Lost", "Open", "New", "deal_id", "Total"])
            .prop_map(ToOwned::to_owned),
        1 => "\\PC{0,6}",
        1 => "[\"\r\n,;=']{0,3}",
    ]
}

fn table(header: &'static str) -> impl Strategy<Value = String> {
    let width = header.split(',').count();
    let row = prop::collection::vec(cell(), 0..=width + 1);
    prop::collection::vec(row, 0..16).prop_map(move |rows| {
        let rows = rows.iter().map(|row| row.join(",") + "\n");
        format!("{header}\n{}", rows.collect::<String>())
    })
}

#[test]
fn whatever_a_table_says_the_counts_add_up_and_the_same_again_changes_nothing() {
    let mut runner = TestRunner::new(Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let tables = (
        table("deal_id,title,account,stage,status,amount,created,close date,notes"),
        table("date,type,direction,deal id,account,minutes,note"),
        table("deal id,changed at,from stage,to stage"),
    );
    runner
        .run(&tables, |(deals, touches, moves)| {
            let folder = Folder::new();
            let files = [
                folder.put("deals.csv", &deals),
                folder.put("activities.csv", &touches),
                folder.put("history.csv", &moves),
            ];
            let store = store();
            if take(&store, &files).is_some() {
                let before = contents(&store);
                let again = take(&store, &files).expect("it was read before");
                assert_eq!(again.counts.new, 0, "{again:?}");
                assert_eq!(contents(&store), before);
            }
            Ok(())
        })
        .unwrap();
}

/// So many deals and, beside them, so many activities of theirs.
fn big(folder: &Folder, deals: u32, touches: u32) -> Vec<PathBuf> {
    let mut rows = String::from("deal_id,title,account,stage,created\n");
    for n in 1..=deals {
        let _ = writeln!(rows, "{n},Deal {n},Account {},New,2026-01-05", n % 97);
    }
    let mut calls = String::from("date,type,direction,deal id,minutes\n");
    for n in 0..touches {
        let _ = writeln!(calls, "2026-02-05,call,out,{},{}", 1 + n % deals, n / deals);
    }
    vec![
        folder.put("deals.csv", &rows),
        folder.put("activities.csv", &calls),
    ]
}

#[test]
fn what_is_stopped_anywhere_leaves_nothing_behind() {
    let folder = Folder::new();
    let known = [folder.put(
        "before.csv",
        "deal_id,title,account,stage\n1,Deal 1,Account 1,Old\n",
    )];
    // Before a chunk is on the disk, with one of deals, and with one of activities.
    for (deals, touches, stop) in [
        (3_000, 9, 2_000),
        (21_000, 9, 20_000),
        (500, 22_500, 22_000),
    ] {
        let files = big(&folder, deals, touches);
        let store = store();
        take(&store, &known).unwrap();
        let before = contents(&store);
        let cancel = Arc::new(AtomicBool::new(false));
        let options = Options {
            cancel: Some(Arc::clone(&cancel)),
            ..Options::default()
        };
        let export = open(&files, &options).unwrap();

        let error = run(&store, &export, false, stamp(), &mut |_, rows| {
            if rows >= stop {
                cancel.store(true, Ordering::Relaxed);
            }
        })
        .unwrap_err();

        assert!(error.is_cancelled(), "{error}");
        assert_eq!(contents(&store), before, "stopped at {stop}");
        let latest = store.latest(true).unwrap().unwrap();
        assert!(latest.what.contains("before.csv"), "{}", latest.what);
        let again = take(&store, &known).unwrap();
        assert_eq!(again.action, None, "its stage is as it was: {again:?}");
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_taken_back() {
    let folder = Folder::new();
    for (place, deals, touches, when) in [(0, 25_000, 9, 20_000), (1, 500, 26_500, 22_000)] {
        let files = big(&folder, deals, touches);
        let store = store();
        let export = open(&files, &Options::default()).unwrap();
        let mut is_changed = false;

        let error = run(&store, &export, false, stamp(), &mut |_, rows| {
            if rows >= when && !is_changed {
                is_changed = true;
                let mut text = fs::read_to_string(&files[place]).unwrap();
                text.push_str("9,Late,,New,2026-01-05\n");
                fs::write(&files[place], text).unwrap();
            }
        })
        .unwrap_err();

        assert!(is_changed);
        assert!(
            matches!(error, RunError::Import(ImportError::Changed { .. })),
            "{error}"
        );
        assert!(contents(&store).iter().all(|(_, rows)| *rows == 0));
    }
}

/// Counted in instructions of SQLite, for time is too noisy.
#[test]
fn a_row_costs_no_more_among_ten_times_as_many() {
    let folder = Folder::new();
    let cost = |rows: u32| {
        let files = big(&folder, rows, rows);
        let mut store = store();
        let export = open(&files, &Options::default()).unwrap();
        let count = store.count_work();
        run(&store, &export, false, stamp(), &mut |_, _| {}).unwrap();
        count.load(Ordering::Relaxed)
    };
    let (small, large) = (cost(800), cost(8_000));
    assert!(
        large < small * 13,
        "{small} for 800 rows of each, {large} for ten times as many"
    );
}
