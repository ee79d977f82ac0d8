//! A whole 1:1 on a real terminal: over an imported pipeline, masked from start to end, read as
//! the other person in the call reads it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;
use walkaway::sample::{Crm, Order, Sample};

use crate::support::content::{actions, look};
use crate::support::pty::{Launch, Pty};
use crate::support::rounds::{dice, rounds, tell};

const NOW: &str = "2026-11-23T09:00:00Z";

/// Manager and rep before one screen; every key is counted, every screen is read.
struct Call {
    folder: tempfile::TempDir,
    pty: Option<Pty>,
    pressed: Cell<usize>,
    accounts: Vec<String>,
    /// Titles, each with the accounts that have a deal so called.
    titles: BTreeMap<String, BTreeSet<String>>,
    amounts: Vec<String>,
    seen: RefCell<BTreeSet<String>>,
}

impl Call {
    /// An imported pipeline, with a manager in it and six deals that the rep wants to talk about.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let today = NOW[..10].parse().unwrap();
        let sample = Sample::new(Order {
            seed: 1,
            deals: 120,
            today,
            crm: Crm::Salesforce,
        });
        let mut call = Self {
            folder,
            pty: None,
            pressed: Cell::new(0),
            accounts: Vec::new(),
            titles: BTreeMap::new(),
            amounts: Vec::new(),
            seen: RefCell::default(),
        };
        let mut import = vec!["import".to_owned()];
        for file in sample.files() {
            let path = call.folder.path().join(file.name);
            std::fs::write(&path, file.text).unwrap();
            import.push(path.to_string_lossy().into_owned());
        }
        let import: Vec<&str> = import.iter().map(String::as_str).collect();
        call.json(&import);
        call.json(&["person", "ana", "role=rep"]);
        call.json(&["person", "Dana", "role=manager"]);
        let deals = call.json(&["list", "--view", "open"]);
        let deals = deals.as_array().unwrap();
        for deal in deals.iter().take(6) {
            let id = deal["id"].to_string();
            call.json(&["review", "raise", &id, "what do we do here"]);
            call.json(&["seal", &id, "PRB1=2", "verdict=get_to_no"]);
        }
        let all = call.json(&["list"]);
        let all = all.as_array().unwrap();
        let accounts: BTreeSet<String> = all
            .iter()
            .filter_map(|deal| deal["account"].as_str())
            .filter(|name| name.len() >= 5)
            .map(str::to_owned)
            .collect();
        call.accounts = accounts.into_iter().collect();
        for deal in all {
            let account = deal["account"].as_str().unwrap_or_default().to_owned();
            let title = deal["title"].as_str().unwrap_or_default().to_owned();
            call.titles.entry(title).or_default().insert(account);
        }
        call.amounts = all
            .iter()
            .filter_map(|deal| deal["amount"]["minor"].as_i64())
            .filter(|minor| *minor >= 1_000_000)
            .map(|minor| {
                let whole = minor / 100;
                format!("{},{:03}", whole / 1000, whole % 1000)
            })
            .collect();
        call
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_walkaway"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("WALKAWAY_DB", self.db())
            .env("WALKAWAY_NOW", NOW)
            .env("TZ", "UTC")
            .env("USER", "ana");
        command
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.command().args(args).arg("--json").output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("pipeline.db")
    }

    /// Opens the cockpit on a shared screen.
    fn share(&mut self) {
        let vars = [
            ("WALKAWAY_NOW", NOW),
            ("TZ", "UTC"),
            ("LANG", "en_GB.UTF-8"),
            ("USER", "ana"),
            ("TERM", "xterm-256color"),
        ];
        let launch = Launch::walkaway()
            .arg("--share")
            .env("WALKAWAY_DB", self.db())
            .size(120, 36);
        let launch = vars
            .into_iter()
            .fold(launch, |launch, (name, value)| launch.env(name, value));
        self.pty = Some(launch.start());
    }

    fn pty(&self) -> &Pty {
        self.pty.as_ref().expect("the cockpit is open")
    }

    /// Waits for a text and reads the screen as the other person does: no amount, and of all
    /// accounts at most the one on the table.
    #[track_caller]
    fn read(&self, text: &str) -> String {
        let screen = self.pty().wait_for(text);
        let named: Vec<&String> = self
            .accounts
            .iter()
            .filter(|name| screen.contains(name.as_str()))
            .collect();
        assert!(named.len() <= 1, "{named:?} are named:\n{screen}");
        // What is named is the deal on the table, and nothing of another one.
        let of_table =
            |accounts: &BTreeSet<String>| named.iter().any(|one| accounts.contains(*one));
        for (title, accounts) in &self.titles {
            let is_told = title.len() >= 8 && screen.contains(title.as_str());
            assert!(!is_told || of_table(accounts), "{title} is told:\n{screen}");
        }
        for amount in &self.amounts {
            assert!(!screen.contains(amount), "{amount} is shown:\n{screen}");
        }
        assert!(screen.contains("MASKED"), "{screen}");
        self.seen.borrow_mut().extend(named.into_iter().cloned());
        screen
    }

    /// Whatever went to the terminal so far, titles and what is copied among it, names no account
    /// that was not on the table.
    #[track_caller]
    fn assert_told_nobody_else(&self) {
        let output = String::from_utf8_lossy(&self.pty().output()).into_owned();
        let seen = self.seen.borrow();
        let others = self.accounts.iter().filter(|name| !seen.contains(*name));
        let told: Vec<&String> = others
            .filter(|name| output.contains(name.as_str()))
            .collect();
        assert!(told.is_empty(), "{told:?} went to the terminal");
    }

    /// Kills the program, opens it again, and goes back to the 1:1.
    #[track_caller]
    fn kill(&mut self, text: &str) -> String {
        self.pty().signal(Signal::KILL);
        let mut pty = self.pty.take().expect("the cockpit is open");
        assert!(pty.wait_exit() >= 128);
        self.share();
        self.read("to decide");
        self.get("g", "then");
        self.get("o", text)
    }

    /// Presses keys, parted by blanks.
    fn press(&self, keys: &str) {
        let count = keys.split_whitespace().count();
        self.pressed.set(self.pressed.get() + count);
        self.pty().keys(keys);
    }

    /// Presses keys and reads what they bring.
    #[track_caller]
    fn get(&self, keys: &str, text: &str) -> String {
        self.press(keys);
        self.read(text)
    }

    /// Types text; each letter is a key.
    fn type_text(&self, text: &str) {
        self.pressed.set(self.pressed.get() + text.len());
        self.pty().send(text.as_bytes());
    }

    /// What the manager says of the deal on the table, and its reveal.
    fn compare(&self) {
        self.read("says it aloud, unseen");
        self.get("n", "reveals");
        self.get("n", "n no");
        self.get("<CR>", "reveals the next");
        self.press("<CR>");
        self.pty().wait_gone("reveals the next");
        self.read("To settle now");
    }
}

#[test]
fn a_1_to_1_of_six_deals_takes_at_most_80_keys_and_shows_the_other_person_no_other_name() {
    let mut call = Call::new();
    call.share();
    let screen = call.read("to decide");
    assert!(screen.contains("all names until opened"), "{screen}");
    assert!(call.seen.borrow().is_empty(), "nothing is opened yet");

    call.get("g", "then");
    call.get("o", "begins the 1:1");
    call.get("<CR>", "ana and Dana");
    for nth in 1..=6 {
        call.read(&format!("deal {nth} of"));
        call.compare();
        if nth == 3 {
            call.get("P", "Dana, today");
        }
        let next = if nth < 6 {
            format!("deal {} of", nth + 1)
        } else {
            "Fired".to_owned()
        };
        match nth % 3 {
            0 => {
                call.get("F", "hours back");
                call.get("<CR>", &next);
            }
            1 => {
                call.get("H", "at the latest");
                call.get("<CR>", &next);
            }
            _ => {
                call.get("]", &next);
            }
        }
    }
    call.get(":", ":");
    call.type_text("minutes");
    call.get("<CR>", "as masked on the screen");
    call.get("<CR>", "The 1:1 is closed");

    call.assert_told_nobody_else();
    let keys = call.pressed.get();
    assert!(keys <= 80, "{keys} keys");
    let seen = call.seen.borrow().len();
    assert!(seen >= 4, "{seen} accounts were on the table");
    let decided = |word: &str| {
        let deals = call.json(&["list"]);
        let deals = deals.as_array().unwrap();
        deals.iter().filter(|deal| deal["decision"] == word).count()
    };
    assert_eq!((decided("fired"), decided("hold")), (2, 2));

    let home = call.pty().home().to_owned();
    let minutes = std::fs::read_dir(&home)
        .unwrap()
        .filter_map(Result::ok)
        .find(|file| file.file_name().to_string_lossy().starts_with("minutes-"))
        .expect("the minutes are written");
    let minutes = std::fs::read_to_string(minutes.path()).unwrap();
    let named = call
        .accounts
        .iter()
        .filter(|name| minutes.contains(name.as_str()))
        .count();
    assert!(named <= 1, "the minutes name {named} accounts:\n{minutes}");
    assert!(minutes.contains("Dana"), "{minutes}");
}

#[test]
fn a_1_to_1_that_is_killed_at_any_point_goes_on_where_it_was() {
    let mut call = Call::new();
    call.share();
    call.read("to decide");
    call.get("g", "then");
    call.get("o", "begins the 1:1");
    call.get("<CR>", "ana and Dana");

    // What the manager said is sealed, and still unseen.
    call.read("says it aloud, unseen");
    call.get("n", "reveals");
    call.kill("reveals");
    call.get("n", "n no");

    // What was revealed stays revealed, the rest sealed.
    call.get("<CR>", "reveals the next");
    let screen = call.kill("reveals the next");
    assert!(screen.contains("differ"), "{screen}");
    call.press("<CR>");
    call.pty().wait_gone("reveals the next");
    call.get("P", "Dana, today");
    call.kill("Dana, today");

    // A decision stands, and the next deal is on the table.
    call.get("H", "at the latest");
    call.get("<CR>", "deal 2 of");
    call.read("says it aloud, unseen");
    call.kill("deal 2 of");
    let held = call.json(&["list", "--view", "on-hold"]);
    assert_eq!(held.as_array().unwrap().len(), 1);
    let screen = call.get("[", "deal 1 of");
    assert!(screen.contains("Dana"), "{screen}");
    call.read("differ");

    // A sheet that was not confirmed is nothing; one that was is all of it.
    call.get(":", ":");
    call.type_text("minutes");
    call.get("<CR>", "as masked on the screen");
    call.kill("deal 1 of");
    call.get(":", ":");
    call.type_text("minutes");
    call.get("<CR>", "as masked on the screen");
    call.get("<CR>", "The 1:1 is closed");
    call.kill("begins the 1:1");
    call.get("g", "then");
    call.get("r", "Earlier 1:1s");
    let minutes = call.get("<CR>", "on hold by ana");
    assert!(minutes.contains("Dana"), "{minutes}");
    call.assert_told_nobody_else();
}

/// The keys of a 1:1 with what each of them shows, and the word that its deed has in the journal.
fn journey() -> Vec<(&'static str, String, Option<&'static str>)> {
    let mut steps = vec![
        ("g", "then".to_owned(), None),
        ("o", "begins the 1:1".to_owned(), None),
        ("<CR>", "deal 1 of".to_owned(), Some("review")),
    ];
    for nth in 1..=3 {
        let next = format!("deal {} of", nth + 1);
        let mut step = |keys, shows: &str, deed| steps.push((keys, shows.to_owned(), deed));
        step("", "says it aloud, unseen", None);
        step("n", "reveals", None);
        step("n", "n no", Some("seal"));
        step("<CR>", "reveals the next", None);
        step("<CR>", "To settle now", None);
        match nth {
            1 => {
                step("H", "at the latest", None);
                step("<CR>", &next, Some("hold"));
            }
            2 => {
                step("F", "hours back", None);
                step("<CR>", &next, Some("fire"));
            }
            _ => step("]", &next, None),
        }
    }
    steps
}

#[test]
fn a_1_to_1_that_is_killed_at_any_moment_goes_on_where_it_was() {
    let mut call = Call::new();
    let before = std::fs::read(call.db()).unwrap();
    let steps = journey();
    let rounds = rounds(2);
    let mut deeds = 0;
    for round in 0..rounds {
        let mut dice = dice(round);
        for ending in ["", "-wal", "-shm", ".lock", ".import-lock"] {
            let _ = std::fs::remove_file(format!("{}{ending}", call.db().display()));
        }
        std::fs::write(call.db(), &before).unwrap();
        let known = actions(&look(&call.db())).len();
        call.share();
        call.read("to decide");

        let last = dice.usize(2..steps.len());
        let (mut table, mut said) = (0, Vec::new());
        for (keys, shows, deed) in &steps[..last] {
            call.get(keys, shows);
            said.extend(*deed);
            if let Some(deal) = shows.strip_prefix("deal ") {
                table = deal[..1].parse().unwrap();
            }
        }
        // Nobody waits for what the last keys bring.
        call.press(steps[last].0);
        if dice.bool() {
            std::thread::sleep(Duration::from_micros(dice.u64(..60_000)));
        }
        call.pty().signal(Signal::KILL);
        assert!(call.pty.take().unwrap().wait_exit() >= 128);

        let when = format!("round {round}, killed in step {last}: {}", steps[last].0);
        let done = actions(&look(&call.db()));
        let mut done = done[known..].iter().map(|(kind, _)| kind.as_str());
        for deed in &said {
            let found = done.any(|kind| kind.starts_with(deed));
            assert!(found, "{when}: {deed} was shown and is lost");
        }
        deeds += said.len();
        call.json(&["doctor", "--deep"]);
        call.share();
        call.read("to decide");
        call.get("g", "then");
        let is_on = |screen: &str| {
            let on = |deal: i32| screen.contains(&format!("deal {deal} of"));
            on(table) || on(table + 1)
        };
        call.press("o");
        if table == 0 {
            // Its beginning was not seen; it stands or does not.
            let begun = |screen: &str| screen.contains("begins the 1:1") || is_on(screen);
            call.pty().wait_until(&when, begun);
        } else {
            call.pty().wait_until(&when, is_on);
        }
        call.pty().signal(Signal::TERM);
        assert_eq!(call.pty.take().unwrap().wait_exit(), 143, "{when}");
    }
    tell(format!(
        "{rounds} kills in a 1:1, {deeds} deeds seen as done: 0 lost, each goes on where it was"
    ));
}
