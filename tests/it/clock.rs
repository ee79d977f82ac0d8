//! Clocks that jump, days that are too long or too short, and zones that change between sessions.

use std::path::{Path, PathBuf};

use rustix::process::Signal;
use serde_json::Value;

use crate::support::bench::{Bench, DEALS};
use crate::support::content::look;
use crate::support::faults::shim;
use crate::support::pty::{Launch, Pty};
use crate::support::rounds::{dice, rounds, tell};

/// Runs a command at an instant in a zone.
fn at(bench: &Bench, now: &str, zone: &str, args: &[&str]) -> Value {
    let mut command = bench.command(args);
    command
        .arg("--json")
        .env("WALKAWAY_NOW", now)
        .env("TZ", zone);
    bench.shot(&mut command).json()
}

/// Every number whose name says that it counts days, with its path.
fn ages(value: &Value, path: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}/{name}");
                let counts = name.contains("days") || name.contains("age");
                if let Some(number) = value.as_f64().filter(|_| counts) {
                    found.push((path.clone(), number));
                }
                ages(value, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| ages(item, path, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn assert_no_age_below_zero(value: &Value, when: &str) {
    let mut found = Vec::new();
    ages(value, "", &mut found);
    let below: Vec<_> = found.iter().filter(|(_, number)| *number < 0.0).collect();
    assert!(below.is_empty(), "{when}: {below:?}");
}

#[test]
fn a_clock_that_jumps_changes_no_order_and_makes_no_age_below_zero() {
    let bench = Bench::with_deals();
    let rounds = rounds(12);
    let mut said = Vec::new();
    for round in 0..rounds {
        let mut dice = dice(round);
        let year = dice.i32(2016..2037);
        let (month, day) = (dice.u8(1..13), dice.u8(1..29));
        let now = format!("{year}-{month:02}-{day:02}T{:02}:59:59Z", dice.u8(..24));
        let note = format!("note {round}");
        let key = ["2", "n", "0", "3"][dice.usize(..4)];
        let done = at(&bench, &now, "UTC", &["note", "8001", &note]);
        said.push(done["action"]["id"].as_i64().unwrap());
        at(&bench, &now, "UTC", &["answer", "8002", "PRB1", key]);
        for args in [
            &["list"][..],
            &["show", "8001"],
            &["week"],
            &["show", "8002"],
        ] {
            let value = at(&bench, &now, "UTC", args);
            assert_no_age_below_zero(&value, &format!("round {round}, {now}, {args:?}"));
        }
    }
    let conn = look(&bench.path("pipeline.db"));
    let mut statement = conn.prepare("SELECT action FROM change WHERE entity = 'note' ORDER BY id");
    let kept: Vec<i64> = statement
        .as_mut()
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        kept, said,
        "the order of the journal is the order of the words"
    );
    assert!(said.is_sorted());
    bench.run(&["doctor", "--deep"]).ok();
    tell(format!(
        "{rounds} jumps of the clock within 20 years: the order stands, no age below 0"
    ));
}

/// The deals that are on top, by what is due.
fn due(bench: &Bench, now: &str, zone: &str) -> Vec<(i64, String)> {
    let list = at(bench, now, zone, &["list"]);
    let rows = list.as_array().unwrap().iter();
    rows.filter_map(|deal| Some((deal["id"].as_i64()?, deal["due"].as_str()?.to_owned())))
        .collect()
}

#[test]
fn a_day_begins_at_local_midnight_where_the_clock_is_put_forward_or_back() {
    // Put forward on 28 March 2027 and back on 31 October 2027, at one in the morning UTC.
    for (day, before, begin) in [
        ("2027-03-28", "2027-03-27T22:59:59Z", "2027-03-27T23:00:00Z"),
        ("2027-03-29", "2027-03-28T21:59:59Z", "2027-03-28T22:00:00Z"),
        ("2027-10-31", "2027-10-30T21:59:59Z", "2027-10-30T22:00:00Z"),
        ("2027-11-01", "2027-10-31T22:59:59Z", "2027-10-31T23:00:00Z"),
    ] {
        let bench = Bench::with_deals();
        let until = format!("until={day}");
        bench
            .run(&["hold", "8002", "what=they answer", &until])
            .ok();

        assert_eq!(due(&bench, before, "Europe/Berlin"), [], "{day}");
        let on_top = due(&bench, begin, "Europe/Berlin");
        assert_eq!(on_top, [(2, "hold".to_owned())], "{day}");
    }
}

#[test]
fn a_leap_day_is_a_day_like_any_other() {
    let bench = Bench::with_deals();
    bench
        .run(&["hold", "8002", "what=they answer", "until=2028-02-29"])
        .ok();

    assert_eq!(due(&bench, "2028-02-28T12:00:00Z", "UTC"), []);
    assert_eq!(
        due(&bench, "2028-02-29T12:00:00Z", "UTC"),
        [(2, "hold".to_owned())]
    );
    let later = ["hold", "8002", "what=they answer", "until=+1y"];
    at(&bench, "2028-02-29T12:00:00Z", "UTC", &later);
    assert_eq!(due(&bench, "2029-02-27T12:00:00Z", "UTC"), []);
    assert_eq!(
        due(&bench, "2029-03-01T12:00:00Z", "UTC"),
        [(2, "hold".to_owned())]
    );
    let no_such_day = bench.run(&["hold", "8003", "what=they answer", "until=2027-02-29"]);
    assert_eq!(no_such_day.code, 2, "{no_such_day}");
}

#[test]
fn another_zone_in_the_next_session_loses_nothing_and_counts_no_day_twice() {
    let bench = Bench::with_deals();
    // It is the 24th in Auckland and the 23rd in Los Angeles.
    let now = "2026-11-23T18:00:00Z";
    let touch = ["touch", "8001", "they call 20m asked for the quote again"];
    at(&bench, now, "Pacific/Auckland", &touch);
    at(&bench, now, "Pacific/Auckland", &["fire", "8003"]);

    for zone in [
        "America/Los_Angeles",
        "UTC",
        "Asia/Kathmandu",
        "Pacific/Auckland",
    ] {
        let shown = at(&bench, now, zone, &["show", "8001"]);
        assert_eq!(shown["touches"].as_array().unwrap().len(), 1, "{zone}");
        assert_no_age_below_zero(&shown, zone);
        assert_no_age_below_zero(&at(&bench, now, zone, &["list"]), zone);
        assert_no_age_below_zero(&at(&bench, now, zone, &["week"]), zone);
    }
    at(&bench, now, "America/Los_Angeles", &["undo"]);
    assert_eq!(
        at(&bench, now, "UTC", &["show", "8003"])["decision"],
        "undecided"
    );
}

/// A cockpit whose clock of the wall is ahead by what a file says.
struct Ahead {
    bench: Bench,
    file: PathBuf,
}

impl Ahead {
    fn new() -> Option<Self> {
        shim()?;
        let bench = Bench::new();
        bench.write("deals.csv", DEALS);
        let file = bench.path("ahead");
        std::fs::write(&file, "0").unwrap();
        let here = Self { bench, file };
        here.run(&["import", "deals.csv"]);
        Some(here)
    }

    fn jump(&self, seconds: i64) {
        // In one step: a file that is half written is no number.
        let fresh = self.bench.path("ahead.new");
        std::fs::write(&fresh, seconds.to_string()).unwrap();
        std::fs::rename(fresh, &self.file).unwrap();
    }

    fn variables(&self) -> [(&'static str, &Path); 2] {
        [
            ("LD_PRELOAD", shim().unwrap()),
            ("WALKAWAY_CLOCK", &self.file),
        ]
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = self.bench.command(args);
        command.env_remove("WALKAWAY_NOW").envs(self.variables());
        self.bench.shot(&mut command).ok()
    }

    fn cockpit(&self) -> Pty {
        let launch = Launch::walkaway()
            .size(120, 36)
            .env("USER", "ana")
            .env("WALKAWAY_DB", self.bench.path("pipeline.db"));
        let pty = self
            .variables()
            .into_iter()
            .fold(launch, |launch, (name, value)| launch.env(name, value))
            .start();
        pty.wait_for("to decide");
        pty
    }
}

const DAY: i64 = 86_400;

#[test]
fn a_new_day_that_comes_while_the_cockpit_is_open_brings_what_is_due() {
    // Whoever looked away presses a key, changes the window, or comes back from the shell.
    for way in ["key", "window", "shell"] {
        let Some(here) = Ahead::new() else { return };
        here.run(&["hold", "8002", "what=they answer", "until=+2d"]);
        let mut pty = here.cockpit();
        pty.wait_for("Northwind");
        assert!(!pty.screen().contains("Contoso"), "{way}: {}", pty.screen());

        here.jump(3 * DAY);
        match way {
            "key" => pty.keys("j"),
            "window" => pty.resize(118, 36),
            _ => pty.signal(Signal::CONT),
        }

        pty.wait_for("Contoso");
        pty.signal(Signal::TERM);
        assert_eq!(pty.wait_exit(), 143, "{way}");
    }
}

/// What the kernel tells of a program's timer.
#[cfg(target_os = "linux")]
fn timer(program: rustix::process::Pid) -> Option<String> {
    let of = PathBuf::from(format!("/proc/{}", program.as_raw_nonzero()));
    let files = std::fs::read_dir(of.join("fd")).ok()?.flatten();
    let timer = files.map(|file| file.path()).find(|path| {
        std::fs::read_link(path).is_ok_and(|what| what.as_os_str() == "anon_inode:[timerfd]")
    })?;
    std::fs::read_to_string(of.join("fdinfo").join(timer.file_name()?)).ok()
}

/// A limit of the wait itself would stand still with the computer.
#[cfg(target_os = "linux")]
#[test]
fn midnight_is_waited_for_on_a_clock_that_goes_on_while_the_computer_sleeps() {
    let bench = Bench::with_deals();
    let mut pty = Launch::walkaway()
        .size(120, 36)
        .env("USER", "ana")
        .env("TZ", "UTC")
        .env("WALKAWAY_NOW", "2026-11-23T22:00:00Z")
        .env("WALKAWAY_DB", bench.path("pipeline.db"))
        .start();
    pty.wait_for("to decide");

    let pid = pty.pid();
    let left = |told: &str| -> Option<u32> {
        let seconds = told.split_once("it_value: (")?.1.split_once(',')?.0;
        seconds.parse().ok()
    };
    let two_hours = |told: &String| left(told).is_some_and(|left| (7_000..=7_200).contains(&left));
    assert!(pty.settles(|_| timer(pid).as_ref().is_some_and(two_hours)));
    // The clock of that number is the one since the computer was started.
    let told = timer(pid).unwrap();
    assert!(told.contains("clockid: 7\n"), "{told}");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
}

#[test]
fn a_clock_that_is_put_back_while_the_cockpit_is_open_harms_nothing() {
    let Some(here) = Ahead::new() else { return };
    let mut pty = here.cockpit();
    here.jump(-400 * DAY);
    pty.keys("j k F");
    pty.wait_for("hours back");
    pty.keys("<CR>");
    pty.wait_for("Fired ");
    here.jump(400 * DAY);
    pty.keys("u");
    pty.wait_for("Taken back: ");
    pty.keys("<C-c>");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();

    let conn = look(&here.bench.path("pipeline.db"));
    let kinds: String = conn
        .query_row(
            "SELECT group_concat(kind) FROM (SELECT kind FROM action ORDER BY id DESC LIMIT 2)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(kinds, "undo,fire");
    here.run(&["doctor", "--deep"]);
}
