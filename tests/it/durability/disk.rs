//! A disk that is full, fails, or can only be read from some moment on.

use std::fmt::Write as _;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use super::{Template, number};
use crate::support::bench::{Bench, START, Shot};
use crate::support::faults::{FAULTS, Fault, shim};
use crate::support::pty::Launch;
use crate::support::rounds::{dice, pick, rounds, tell};

/// Commands that write, each on a file of its own.
const WRITES: [&[&str]; 8] = [
    &["fire", "8001"],
    &["hold", "8002", "what=they answer", "until=+4w"],
    &["continue", "8003", "tripwire=they sign", "by=+2w"],
    &["answer", "8001", "PWR1", "n"],
    &["note", "8002", "they shout"],
    &["add", "account=Fabrikam", "title=Ours"],
    &["import", "more.csv"],
    &["undo", "import"],
];

fn more() -> String {
    super::export_of(400)
}

fn run(bench: &Bench, fault: &Fault, n: u64, args: &[&str]) -> (Shot, bool) {
    let log = bench.path("failed");
    let _ = std::fs::remove_file(&log);
    let mut command = bench.command(args);
    command.args(["--db", "victim.db", "--json"]);
    command.envs(fault.variables(n, "victim.db", &log));
    let shot = bench.shot(&mut command);
    (shot, log.exists())
}

#[test]
fn a_disk_that_fails_loses_nothing_and_says_so() {
    if shim().is_none() {
        return;
    }
    let template = Template::new();
    let bench = &template.bench;
    bench.write("more.csv", &more());
    let rounds = rounds(24);
    let mut refused = 0;
    let mut told_as = std::collections::BTreeSet::new();
    for round in 0..rounds {
        let mut dice = dice(round);
        let fault = &FAULTS[round as usize % FAULTS.len()];
        let args = *pick(&mut dice, &WRITES);
        let n = dice.u64(1..if args[0] == "import" { 60 } else { 16 });
        let when = format!("round {round}: {}, call {n}, {args:?}", fault.name);
        let path = template.copy("victim.db");
        let earlier = number(&path, "SELECT count(*) FROM action");

        let (shot, failed) = run(bench, fault, n, args);

        let words = format!("{}{}", shot.out, shot.err);
        assert!(!words.contains("panicked"), "{when}\n{shot}");
        if shot.code == 0 {
            let done: Value = serde_json::from_str(&shot.out).unwrap();
            let action = &done["action"];
            let action = action["id"].as_i64().or_else(|| action.as_i64());
            let action = action.unwrap_or_else(|| panic!("{when}: {done:#}"));
            let sql = format!("SELECT count(*) FROM action WHERE id = {action} AND state = 'done'");
            assert_eq!(number(&path, &sql), 1, "{when}: acknowledged and lost");
        } else {
            refused += 1;
            assert!(failed && shot.code == 1, "{when}\n{shot}");
            let told: Value = serde_json::from_str(&shot.err).expect("an error in JSON");
            told_as.insert(told["error"]["what"].to_string());
            let error = &told["error"];
            let what = format!("{} {}", error["what"], error["why"]);
            assert!(
                fault.words.iter().any(|word| what.contains(word)),
                "{when}\n{error:#}"
            );
            assert!(
                error["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
                "{when}\n{error:#}"
            );
        }
        template.whole.assert(&path, &when);
        if shot.code != 0 && args[0] != "import" {
            let now = number(&path, "SELECT count(*) FROM action WHERE who <> 'Checker'");
            assert!(now == earlier || now == earlier + 1, "{when}");
        }
    }
    tell(format!(
        "{rounds} commands on a disk that fails, {refused} of them refused: 0 lost, 0 panics; \
         it says {told_as:#?}"
    ));
}

#[test]
fn a_full_disk_beside_the_file_stops_an_import_of_deals_on_several_rows() {
    if shim().is_none() {
        return;
    }
    let template = Template::new();
    let bench = &template.bench;
    std::fs::create_dir(bench.path("scratch")).unwrap();
    // What is sorted on the disk is more than is kept in memory.
    let mut text = "Deal ID,Deal,Company,Stage,Product,Amount\n".to_owned();
    for id in 0..3_000 {
        for product in ["Sensor ".repeat(250), "Gateway ".repeat(250)] {
            writeln!(text, "{id},Plant {id},Northwind,Demo,{product},100").unwrap();
        }
    }
    bench.write("lines.csv", &text);
    let import = |fault: Option<&Fault>, args: &[&str]| {
        let path = template.copy("victim.db");
        let log = bench.path("failed");
        let mut command = bench.command(&["import", "lines.csv", "--db", "victim.db", "--json"]);
        command.args(args).env("TMPDIR", bench.path("scratch"));
        let variables = fault.map(|fault| fault.variables(1, "/scratch/", &log));
        command.envs(variables.into_iter().flatten());
        let shot = bench.shot(&mut command);
        if fault.is_some() {
            template
                .whole
                .assert(&path, "its temporary files had no room");
            assert!(log.exists(), "{shot}");
        }
        shot
    };

    for args in [&["--dry-run"][..], &[]] {
        assert_eq!(import(None, args).json()["new"], 3_000);
        for fault in &FAULTS[..3] {
            let shot = import(Some(fault), args);

            assert_eq!(shot.code, 1, "{shot}");
            let told: Value = serde_json::from_str(&shot.err).expect("an error in JSON");
            let words = told["error"].to_string();
            assert!(words.contains("scratch"), "{words}");
            let is_full = words.contains("is full") && words.contains("Free some space");
            assert_eq!(is_full, fault.error == 28, "{words}");
        }
    }
    let left = std::fs::read_dir(bench.path("scratch")).unwrap();
    assert_eq!(left.count(), 0, "temporary files have no names");
}

#[test]
fn the_cockpit_says_that_the_disk_fails_and_acknowledges_nothing() {
    if shim().is_none() {
        return;
    }
    let template = Template::new();
    let rounds = rounds(6);
    let mut told = 0;
    for round in 0..rounds {
        let mut dice = dice(round);
        let fault = &FAULTS[round as usize % FAULTS.len()];
        let n = dice.u64(1..12);
        let when = format!("round {round}: {}, call {n}", fault.name);
        let path = template.copy("victim.db");
        let log = template.bench.path("failed");
        let launch = fault
            .variables(n, "victim.db", &log)
            .into_iter()
            .fold(Launch::walkaway().size(120, 36), |l, (k, v)| l.env(k, v));
        let mut pty = launch
            .env("WALKAWAY_DB", &path)
            .env("WALKAWAY_NOW", START)
            .start();
        let open = pty.settles(|screen| screen.contains("to decide"));
        if open {
            pty.keys("F");
            // A file that can only be read opens, says so, and takes no decision.
            pty.settles(|s| s.contains("hours back") || s.contains("READ-ONLY"));
            pty.keys("<CR>");
            let answered = |screen: &str| {
                let words = ["Fired ", "full", "disk", "read-only", "READ-ONLY"];
                words.iter().any(|word| screen.contains(word))
            };
            assert!(pty.settles(answered), "{when}\n{}", pty.screen());
            let screen = pty.screen();
            told += usize::from(!screen.contains("Fired "));
            pty.signal(Signal::KILL);
            pty.wait_exit();
            if screen.contains("Fired ") {
                let fired = "SELECT count(*) FROM deal WHERE decision = 'fired'";
                assert_eq!(number(&path, fired), 1, "{when}\n{screen}");
            }
        } else {
            assert_eq!(pty.wait_exit(), 1, "{when}\n{}", pty.screen());
            let words = String::from_utf8_lossy(&pty.output()).into_owned();
            assert!(
                words.contains("hint") && !words.contains("panicked"),
                "{when}\n{words}"
            );
        }
        template.whole.assert(&path, &when);
    }
    tell(format!(
        "{rounds} cockpits on a disk that fails, {told} said so on the screen: 0 lost, 0 panics"
    ));
}

#[test]
fn a_slow_disk_delays_the_word_and_not_the_keys() {
    let Some(library) = shim() else { return };
    let template = Template::new();
    let path = template.copy("victim.db");
    let pty = Launch::walkaway()
        .env("WALKAWAY_DB", &path)
        .env("WALKAWAY_NOW", START)
        .env("LD_PRELOAD", library)
        .env("WALKAWAY_SLOW", "1500")
        .env("WALKAWAY_FAULT_FILE", "victim.db")
        .start();
    pty.wait_for("to decide");
    pty.keys("F");
    pty.wait_for("hours back");

    pty.keys("<CR>");
    // The write takes one and a half seconds and more; a key is answered meanwhile.
    std::thread::sleep(Duration::from_millis(100));
    let fired = "SELECT count(*) FROM deal WHERE decision = 'fired'";
    let screen = pty.screen();
    assert!(
        !screen.contains("Fired "),
        "before it is on the disk:\n{screen}"
    );
    pty.wait_for("Fired ");
    assert_eq!(number(&path, fired), 1);
}
