//! What an import remembers, finds and waits for, seen from outside.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use walkaway::domain::verdict::Thresholds;
use walkaway::store::{Access, Judge, Store};

use super::support::bench::{Bench, DEALS, START};

/// A table of nobody's CRM: what `Worth` means and how days are read must be said.
const TABLE: &str = "\
Opportunity Name,Account Name,Stage,Worth,Close Date
Rollout,Northwind,Proposal,48000,03/04/2027
";

/// The same kind of table on another day.
const LATER: &str = "\
Worth,Close Date,Opportunity Name,Account Name,Stage
51000,03/04/2027,Rollout,Northwind,Proposal
7000,05/04/2027,Seats,Contoso,Discovery
";

fn field_of<'v>(report: &'v Value, column: &str) -> &'v Value {
    let columns = report["columns"].as_array().unwrap();
    let found = columns.iter().find(|c| c["column"] == column);
    &found.unwrap_or_else(|| panic!("no column {column}"))["field"]
}

fn assumed(report: &Value) -> Vec<String> {
    let all = report["assumptions"].as_array().unwrap();
    all.iter()
        .map(|a| a["reading"].as_str().unwrap().to_owned())
        .collect()
}

fn corrected(report: &Value) -> usize {
    let is = |text: &&String| text.contains("as you corrected it on 23 Nov 2026");
    assumed(report).iter().filter(is).count()
}

/// The path, dated so many minutes before the day on which every test begins.
fn date(path: &Path, minutes: u64) {
    let start: chrono::DateTime<chrono::Utc> = START.parse().unwrap();
    let at = SystemTime::from(start) - Duration::from_secs(60 * minutes);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(at).unwrap();
}

#[test]
fn what_was_corrected_holds_for_the_next_file_of_its_kind_until_it_is_forgotten() {
    let bench = Bench::new();
    bench.write("table.csv", TABLE);
    bench.write("later.csv", LATER);
    let map = [
        "--map",
        "Worth=amount",
        "--dates",
        "mdy",
        "--currency",
        "EUR",
    ];
    let first: Vec<&str> = ["import", "table.csv", "--json"]
        .into_iter()
        .chain(map)
        .collect();
    assert_eq!(corrected(&bench.run(&first).json()), 0);

    let report = bench.run(&["import", "later.csv", "--json"]).json();

    assert_eq!(field_of(&report, "Worth"), "amount");
    assert_eq!((&report["updated"], &report["new"]), (&1.into(), &1.into()));
    assert_eq!(corrected(&report), 3, "{:?}", assumed(&report));
    let deal = bench.run(&["show", "Seats", "--json"]).json();
    assert_eq!(deal["amount"]["minor"], 700_000);
    assert_eq!(deal["amount"]["currency"], "EUR");
    assert_eq!(deal["expected_close"], "2027-05-04");

    let again = [
        "import",
        "later.csv",
        "--dates",
        "dmy",
        "--dry-run",
        "--json",
    ];
    let said = bench.run(&again).json();
    assert_eq!(corrected(&said), 2, "what is said now goes before it");

    let plain = bench
        .run(&["import", "later.csv", "--forget", "--dry-run", "--json"])
        .json();
    assert_eq!(corrected(&plain), 0);
    assert!(field_of(&plain, "Worth").is_null());
    let kept = bench.run(&["import", "later.csv", "--json"]).json();
    assert_eq!(corrected(&kept), 3, "a dry run forgets nothing");
    bench.run(&["import", "later.csv", "--forget"]).ok();
    let gone = bench.run(&["import", "later.csv", "--json"]).json();
    assert_eq!(corrected(&gone), 0);
}

#[test]
fn a_dry_run_and_a_strict_one_that_fails_remember_nothing() {
    let bench = Bench::new();
    bench.write("table.csv", TABLE);
    let bad = TABLE.replace("48000", "many");
    bench.write("bad.csv", &bad);
    let dry = ["import", "table.csv", "--map", "Worth=amount", "--dry-run"];
    bench.run(&dry).ok();
    let strict = ["import", "bad.csv", "--map", "Worth=amount", "--strict"];
    assert_eq!(bench.run(&strict).code, 1);

    let report = bench.run(&["import", "table.csv", "--json"]).json();

    assert!(field_of(&report, "Worth").is_null());
}

#[test]
fn a_teams_own_crm_beside_the_configuration_is_read_too() {
    let bench = Bench::new();
    bench.config(
        "crm/ours.toml",
        "name = \"ours\"\nlabel = \"Our CRM\"\n[[object]]\nkind = \"deal\"\n\
         needs = [[\"Vorgang\"]]\n[object.columns]\ntitle = [\"Vorgang\"]\namount = [\"Wert\"]\n",
    );
    bench.write("x.csv", "Vorgang,Wert\nRollout,100\n");

    let report = bench.run(&["import", "x.csv", "--json"]).json();

    assert_eq!(report["files"][0]["crm"], "ours");
    assert_eq!(field_of(&report, "Wert"), "amount");
}

#[test]
fn without_a_file_the_newest_export_is_taken_and_named_with_its_age() {
    let bench = Bench::new();
    let downloads = bench.home("Downloads");
    std::fs::create_dir_all(&downloads).unwrap();
    for (name, text, minutes) in [
        ("old.csv", DEALS, 9_000),
        ("deals.csv", DEALS, 12),
        ("deals (1).csv.crdownload", DEALS, 1),
        ("invoice.csv", "Invoice,Total\n1,2\n", 2),
    ] {
        std::fs::write(downloads.join(name), text).unwrap();
        date(&downloads.join(name), minutes);
    }

    let out = bench.run(&["import"]).ok();

    assert!(
        out.starts_with("PLACE/home/Downloads/deals.csv: HubSpot, 12 min old\n"),
        "{out}"
    );
    assert!(out.contains("4 are new"), "{out}");
}

#[test]
fn silence_is_counted_to_the_day_on_which_the_file_was_written() {
    let bench = Bench::new();
    bench.write("deals.csv", DEALS);
    let path = bench.path("deals.csv");
    let now = std::fs::metadata(&path).unwrap().modified().unwrap();
    let written = now - Duration::from_secs(5 * 86_400);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(written).unwrap();
    let run = |args: &[&str]| {
        let mut command = bench.command(args);
        let output = command.env_remove("WALKAWAY_NOW").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let record = || {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        let now = START.parse().unwrap();
        let store = Store::open(&bench.path("pipeline.db"), Access::Write, now, judge).unwrap();
        let stamp = walkaway::store::Stamp {
            at: now,
            today: now.date_naive(),
            who: "ana".into(),
            place: walkaway::store::Place::Command,
            session: "test".into(),
        };
        store.overview(&stamp).unwrap().record_day.unwrap()
    };

    let report = run(&["import", "deals.csv", "--json"]);

    let day = chrono::DateTime::<chrono::Utc>::from(written).date_naive();
    assert_eq!(record(), day);
    let named = day.format("written on %-d %b %Y").to_string();
    assert!(assumed(&report).iter().any(|a| a.contains(&named)));

    let day = (day + chrono::Days::new(2)).to_string();
    let report = run(&["import", "deals.csv", "--record-day", &day, "--json"]);
    assert_eq!(record().to_string(), day);
    assert!(!assumed(&report).iter().any(|a| a.contains("written on")));
}

#[test]
fn oddity_25_undo_of_an_import_leaves_what_was_worked_on_since_and_names_it() {
    let bench = Bench::with_deals();
    bench.run(&["edit", "Seats", "stage=Mine"]).ok();

    let said = bench.run(&["undo", "import"]).ok();

    let kept = "1 deal stays as it is, because it was worked on since: 3";
    assert!(said.contains(kept), "{said}");
    let left = bench.run(&["list", "--json"]).json();
    let left = left.as_array().unwrap();
    assert_eq!((left.len(), &left[0]["stage"]), (1, &"Mine".into()));

    bench.run(&["redo"]).ok();
    let all = bench.run(&["list", "--json"]).json();
    assert_eq!(all.as_array().unwrap().len(), 4);
}

#[test]
fn a_file_that_changes_while_it_is_read_is_named_and_nothing_of_it_stays() {
    use std::fmt::Write as _;
    use std::io::Write as _;

    let bench = Bench::new();
    bench.run(&["add", "account=Northwind", "title=Ours"]).ok();
    let mut text = String::from("deal_id,title,account,stage\n");
    for n in 0..50_000 {
        let _ = writeln!(text, "{n},Deal {n},Account {},New", n % 997);
    }
    bench.write("deals.csv", &text);
    let child = bench
        .command(&["import", "deals.csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pipeline =
        Connection::open_with_flags(bench.path("pipeline.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)
            .unwrap();
    let deals = || -> i64 {
        let count = "SELECT count(*) FROM deal";
        pipeline.query_row(count, [], |r| r.get(0)).unwrap()
    };
    // The first of three chunks is in.
    while deals() < 2 {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(pipeline);
    let mut file = std::fs::File::options()
        .append(true)
        .open(bench.path("deals.csv"))
        .unwrap();
    file.write_all(b"9,Late,,New\n").unwrap();
    drop(file);

    let done = child.wait_with_output().unwrap();

    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("changed while it was read"), "{said}");
    let left = bench.run(&["list", "--json"]).json();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert!(!bench.run(&["journal"]).ok().contains("Imported"));
}

/// A watch of a folder, with the lines that it prints.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(bench: &Bench, args: &[&str]) -> Self {
        std::fs::create_dir_all(bench.path("in")).unwrap();
        let mut all = vec!["import", "--watch", "in"];
        all.extend(args);
        let mut child = bench
            .command(&all)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines() {
                let _ = tell.send(line.unwrap());
            }
        });
        Self { child, lines }
    }

    #[track_caller]
    fn line(&self) -> String {
        self.lines
            .recv_timeout(Duration::from_secs(60))
            .expect("the watch says something")
    }

    #[cfg(unix)]
    fn end(mut self) {
        let pid = i32::try_from(self.child.id()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        assert!(self.lines.recv().is_err(), "it says nothing more");
    }
}

impl Drop for Watch {
    /// A watch that nobody ended would outlive the test that failed.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn a_watched_folder_is_taken_in_file_by_file_and_what_is_in_doubt_is_left() {
    let bench = Bench::new();
    let watch = Watch::start(&bench, &[]);
    assert!(watch.line().starts_with("Watching in"));

    bench.write("in/deals.csv.crdownload", DEALS);
    std::fs::rename(
        bench.path("in/deals.csv.crdownload"),
        bench.path("in/deals.csv"),
    )
    .unwrap();
    let line = watch.line();
    assert!(
        line.starts_with("deals.csv: 4 new, 0 updated, 0 same, 0 skipped; `walkaway undo "),
        "{line}"
    );

    bench.write("in/deals.csv", &DEALS.replace("Negotiation", "Contract"));
    assert!(watch.line().starts_with("deals.csv: 0 new, 1 updated"));

    bench.run(&["edit", "Seats", "stage=Mine"]).ok();
    bench.write("in/deals.csv", &DEALS.replace("Negotiation", "Paper"));
    let look = format!("walkaway import {}", bench.path("in/deals.csv").display());
    assert_eq!(
        watch.line(),
        format!("deals.csv: left, 1 row in conflict; look: {look}")
    );

    bench.write("in/a table.csv", TABLE);
    let line = watch.line();
    assert!(
        line.starts_with("a table.csv: left, nobody has seen yet"),
        "{line}"
    );
    assert!(line.ends_with("in/a table.csv'"), "{line}");
    bench.run(&["import", "in/a table.csv"]).ok();
    bench.write("in/a table.csv", &TABLE.replace("Proposal", "Paper"));
    let line = watch.line();
    assert!(line.starts_with("a table.csv: 0 new, 1 updated"), "{line}");

    bench.write("in/note.csv", "hello\n");
    assert!(watch.line().starts_with("note.csv: left, "));
    watch.end();
}

#[cfg(unix)]
#[test]
fn a_watch_for_scripts_prints_one_value_a_line() {
    let bench = Bench::new();
    std::fs::create_dir_all(bench.path("in")).unwrap();
    bench.write("in/before.csv", DEALS);
    let watch = Watch::start(&bench, &["--json"]);
    // It says nothing before a file comes, so the file comes until it is heard.
    let first = (0..60).find_map(|turn| {
        bench.write(
            "in/deals.csv",
            &DEALS.replace("call Kim", &format!("call {turn}")),
        );
        watch.lines.recv_timeout(Duration::from_secs(2)).ok()
    });
    let value: Value = serde_json::from_str(&first.unwrap()).unwrap();
    assert_eq!((&value["schema"], &value["new"]), (&1.into(), &4.into()));

    bench.write("in/bad.csv", &DEALS.replace("48000", "many"));
    let value = loop {
        let value: Value = serde_json::from_str(&watch.line()).unwrap();
        if value["left"] == true {
            break value;
        }
    };
    assert_eq!(value["why"][0], "1 row cannot be read");
    let look = format!("walkaway import {}", bench.path("in/bad.csv").display());
    assert_eq!(value["command"], look);
    watch.end();
}

#[test]
fn a_folder_that_is_not_there_cannot_be_watched() {
    let bench = Bench::new();
    let shot = bench.run(&["import", "--watch", "nowhere"]);

    assert_eq!(shot.code, 1);
    assert!(shot.err.contains("`nowhere` cannot be watched"), "{shot}");
    assert_eq!(bench.run(&["import", "x.csv", "--watch", "."]).code, 2);
}

#[test]
fn rows_that_go_into_another_do_not_crowd_out_what_is_passed_over() {
    let bench = Bench::new();
    let mut text = String::from("Snapshot date,Deal ID,Deal,Company,Stage\n");
    for (day, stage) in [("2026-01-05", "Demo"), ("2026-01-12", "Proposal")] {
        for id in 0..1_100 {
            writeln!(text, "{day},{id},Deal {id},Northwind,{stage}").unwrap();
        }
    }
    text.push_str("Grand Total,,,,\n");
    bench.write("pictures.csv", &text);

    let told = bench.run(&["import", "pictures.csv", "--json"]).json();

    assert_eq!(
        (&told["new"], &told["skipped"]),
        (&json!(1_100), &json!(1_101))
    );
    let skips = told["skips"].as_array().unwrap();
    assert_eq!(
        skips.len(),
        101,
        "a hundred that went into another, and the total"
    );
    assert_eq!(skips[100]["why"], "it is a total");
    let first = told["assumptions"][0]["reading"].as_str().unwrap();
    assert!(
        first.starts_with("1100 deals stand on several rows"),
        "{first}"
    );

    let again = bench.run(&["import", "pictures.csv"]);
    let head = again.out.lines().find(|l| l.contains(" skipped, "));
    assert_eq!(
        head,
        Some(
            "2201 rows: 0 are new, 0 updated, 1100 same, 0 in conflict, 1 skipped, 0 refused, 1100 joined"
        ),
        "{again}"
    );
    let at = |title: &str| again.out.find(title).unwrap();
    assert!(
        at("it is a total") < at("Joined with another row"),
        "{again}"
    );
}

#[test]
fn pictures_of_several_days_in_one_file_are_as_if_each_had_come_on_its_own() {
    let header =
        "Snapshot date,Opportunity ID,Opportunity Name,Account,Owner,Stage,Amount,Next Step\n";
    let days = [
        "2026-01-05,A1,Plant rollout,Northwind,Ana,Demo,1000,call Kim\n\
         2026-01-05,A2,Yard audit,Contoso,Ana,Demo,500,\n",
        "2026-01-12,A1,Plant rollout,Northwind,Bo,Demo,,\n\
         2026-01-12,A2,Yard audit,Contoso,,Proposal,700,send it\n",
        "2026-01-19,A1,,,,Closed Lost,,\n",
    ];
    let (one, each) = (Bench::new(), Bench::new());
    one.write("all.csv", &format!("{header}{}", days.concat()));
    for (at, day) in days.iter().enumerate() {
        let name = format!("{at}.csv");
        each.write(&name, &format!("{header}{day}"));
        each.run(&["import", &name]).ok();
    }

    let told = one.run(&["import", "all.csv", "--json"]).json();

    assert_eq!((&told["new"], &told["conflict"]), (&json!(2), &json!(0)));
    let deals = |bench: &Bench| {
        let all = bench.run(&["list", "--view", "all", "--json"]).json();
        let told = |deal: &Value| {
            let fields = [
                "title",
                "account",
                "owner",
                "stage",
                "amount",
                "status",
                "next_step",
            ];
            fields.map(|field| deal[field].clone())
        };
        all.as_array().unwrap().iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(deals(&one), deals(&each));
}
