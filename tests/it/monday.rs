//! What a sitting costs: every key is counted, on a real terminal, over a generated export.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use walkaway::sample::{Crm, Order, Sample};

use crate::support::pty::{Launch, Pty};

const NOW: &str = "2026-11-23T09:00:00Z";

/// A person at a terminal, whose keys are counted.
struct Person {
    folder: tempfile::TempDir,
    pty: Pty,
    pressed: Cell<usize>,
}

impl Person {
    /// Sits down before an empty pipeline, with the export of a CRM among the downloads.
    fn with_export(crm: Crm, deals: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let downloads = folder.path().join("Downloads");
        std::fs::create_dir(&downloads).unwrap();
        let today = NOW[..10].parse().unwrap();
        let sample = Sample::new(Order {
            seed: 1,
            deals,
            today,
            crm,
        });
        for file in sample.files() {
            std::fs::write(downloads.join(file.name), file.text).unwrap();
        }
        let vars = [
            ("WALKAWAY_NOW", NOW),
            ("TZ", "UTC"),
            ("LANG", "en_GB.UTF-8"),
            ("USER", "ana"),
            ("TERM", "xterm-256color"),
        ];
        let launch = Launch::walkaway()
            .env("WALKAWAY_DB", folder.path().join("pipeline.db"))
            .env("HOME", folder.path());
        let launch = vars
            .into_iter()
            .fold(launch, |launch, (name, value)| launch.env(name, value));
        Self {
            pty: launch.start(),
            folder,
            pressed: Cell::new(0),
        }
    }

    /// Presses keys, parted by blanks.
    fn press(&self, keys: &str) {
        let count = keys.split_whitespace().count();
        self.pressed.set(self.pressed.get() + count);
        self.pty.keys(keys);
    }

    /// Presses keys and waits for what they bring.
    #[track_caller]
    fn get(&self, keys: &str, text: &str) {
        self.press(keys);
        self.pty.wait_for(text);
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("pipeline.db")
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_walkaway"))
            .args(args)
            .arg("--json")
            .env_clear()
            .env("HOME", self.folder.path())
            .env("WALKAWAY_DB", self.db())
            .env("WALKAWAY_NOW", NOW)
            .env("TZ", "UTC")
            .env("USER", "ana")
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// How many deals have a value in a field.
    fn count(&self, field: &str, value: &str) -> usize {
        let deals = self.json(&["list"]);
        deals.iter().filter(|deal| deal[field] == value).count()
    }

    /// The export goes in, and what the record alone fires is fired.
    fn begin(&self) {
        self.pty.wait_for("Opportunity.csv");
        self.get("<CR>", "120 deals");
        self.get("<CR>", "Which of them are you?");
        self.get("<CR>", "4 of 4 ticked");
        self.pty.wait_gone("Which of them are you?");
        self.get("F", "hours back");
        self.get("<CR>", "Fired 4");
    }
}

#[test]
fn from_the_export_to_three_fired_with_a_reason_takes_at_most_ten_keys() {
    let person = Person::with_export(Crm::Salesforce, 120);

    person.begin();

    let deals = person.json(&["list"]);
    let fired: Vec<_> = deals.iter().filter(|d| d["decision"] == "fired").collect();
    assert!(fired.len() >= 3, "{}", fired.len());
    for deal in fired {
        let reasons = deal["reasons"].as_array().unwrap();
        assert!(reasons.contains(&"dead on paper".into()), "{reasons:?}");
    }
    assert!(person.pressed.get() <= 10, "{} keys", person.pressed.get());
}

#[test]
fn a_first_monday_over_a_hundred_and_twenty_deals_takes_at_most_150_keys() {
    let person = Person::with_export(Crm::Salesforce, 120);
    person.begin();

    // The sweep: two dreaded on each page.
    person.get("S", "page 1 of");
    let pages = 4;
    for page in 1..=pages {
        person.pty.wait_for(&format!("page {page} of {pages}"));
        person.get("a", &format!("{} dread", 2 * page - 1));
        person.get("b", &format!("{} dread", 2 * page));
        person.press("<CR>");
    }
    person.pty.wait_for("The split");
    person.get("<CR>", "sweep:dread");

    // The dreaded one by one: signs, and who is a no by them is fired.
    let dreaded = 2 * pages;
    for nth in 1..=dreaded {
        person.pty.wait_for(&format!("{nth} of {dreaded}"));
        person.get("s", "0 of 12");
        person.get("1", "1 of 12");
        person.get("a", "2 of 12");
        person.press("<CR>");
        person.pty.wait_gone("of 12");
        if nth < dreaded {
            person.press("j");
        }
    }
    for _ in 0..3 {
        person.get("F", "hours back");
        person.get("<CR>", "Fired");
        person.pty.wait_gone("hours back");
    }
    // All others: five hard questions, and three that earn it.
    person.press("<Esc>");
    person.pty.wait_gone("sweep:dread");
    for _ in 0..5 {
        person.get("a", "whom");
        person.get("<CR>", "To ask");
        person.pty.wait_gone("whom");
        person.press("j");
    }
    for _ in 0..3 {
        person.get("C", "which senior");
        person.get("<CR>", "Continued");
        person.pty.wait_gone("which senior");
    }

    assert!(person.pressed.get() <= 150, "{} keys", person.pressed.get());
    assert_eq!(person.count("sweep", "dread"), dreaded);
    assert_eq!(person.count("decision", "fired"), 4 + 3);
    assert_eq!(person.count("decision", "continued"), 3);
}
