//! What is written about the program is what the program does.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use walkaway::app::command::key_table;
use walkaway::export::crm::{Close, Field, Rules};
use walkaway::import::{GENERIC, crm_files};

use super::support::bench::Bench;

const BEGIN: &str = "<!-- keys: made from the table of commands; a test compares -->\n";
const END: &str = "<!-- /keys -->";
const CRMS: &str = "<!-- crms: made from assets/crm; a test compares -->\n";
const CRMS_END: &str = "<!-- /crms -->";

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The key table as the README has it.
fn keys() -> String {
    let mut text = String::from("| where | keys | does |\n| --- | --- | --- |\n");
    let mut place = "";
    for row in key_table() {
        let here = if row.place == place { "" } else { row.place };
        place = row.place;
        let keys: Vec<String> = row
            .keys
            .split(' ')
            .map(|key| format!("`{}`", key.replace('|', "\\|")))
            .collect();
        let _ = writeln!(text, "| {here} | {} | {} |", keys.join(" "), row.does);
    }
    text
}

/// The table of CRMs as the README has it: what is read, and what can be written back.
fn crms() -> String {
    let mut text = String::from(
        "| CRM | read | written back by a file | closed there |\n| --- | --- | --- | --- |\n",
    );
    let rules = Rules::load(&[]).unwrap();
    for (name, file) in crm_files().iter().filter(|(name, _)| *name != GENERIC) {
        let file: Value = toml_edit::de::from_str(file).unwrap();
        let rules = rules.iter().find(|rules| rules.name == *name);
        let rules = rules.unwrap_or_else(|| panic!("{name} says nothing of what goes back"));
        let objects = file["object"].as_array().unwrap();
        let is_read = |kind: &str| {
            objects
                .iter()
                .any(|object| object["kind"] == kind && object["columns"].is_object())
        };
        let read: Vec<&str> = [
            ("deal", "deals"),
            ("account", "accounts"),
            ("contact", "contacts"),
            ("activity", "activities"),
            ("history", "history"),
        ]
        .into_iter()
        .filter(|(kind, _)| is_read(kind))
        .map(|(_, words)| words)
        .collect();
        let written = match rules.key() {
            None => "no; a print-out".to_owned(),
            Some(key) => {
                let closing = |field: &Field| *field != Field::Status && *field != Field::Currency;
                let fields = rules.fields().map(|(field, _)| field).filter(closing);
                let mut words: Vec<&str> = fields.map(Field::words).collect();
                words.push("the columns you name");
                format!("by `{key}`: {}", words.join(", "))
            }
        };
        let closed = match rules.close() {
            Close::Stage => "by the stage",
            Close::Status => "by the status",
            Close::Hand => "by hand, from a print-out",
        };
        let read = read.join(", ");
        let _ = writeln!(text, "| {} | {read} | {written} | {closed} |", rules.label);
    }
    text
}

/// Holds a part of the README against what it is made from. With `WALKAWAY_WRITE_README` set it
/// writes the part instead.
#[expect(
    clippy::disallowed_methods,
    reason = "a switch for whoever changes the tables"
)]
fn compare(begin: &str, end: &str, made: &str) {
    // Two tests may write at the same time.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(readme()).unwrap();
    let (before, rest) = text
        .split_once(begin)
        .expect("the README marks where the table begins");
    let (found, after) = rest
        .split_once(end)
        .expect("the README marks where the table ends");

    if std::env::var("WALKAWAY_WRITE_README").is_ok() {
        fs::write(readme(), format!("{before}{begin}{made}{end}{after}")).unwrap();
        return;
    }

    assert_eq!(
        found, made,
        "run the tests once with WALKAWAY_WRITE_README=1"
    );
}

#[test]
fn the_readme_has_the_keys_of_the_program() {
    compare(BEGIN, END, &keys());
}

#[test]
fn the_readme_has_the_crms_of_the_program() {
    compare(CRMS, CRMS_END, &crms());
}

#[test]
fn the_help_names_every_crm_and_what_it_takes() {
    let help = Bench::new().run(&["export", "--help"]).out;
    let words: Vec<&str> = help.split_whitespace().collect();
    let told = words.join(" ");
    let (_, told) = told.split_once("update file of a CRM:").unwrap();
    let (told, _) = told.split_once("a print-out").unwrap();
    let (files, hands) = told.split_once("for ").unwrap();

    for rules in Rules::load(&[]).unwrap() {
        let place = if rules.key().is_some() { files } else { hands };
        assert!(place.contains(&rules.name), "{}: {told}", rules.name);
    }
}

#[test]
fn what_the_readme_shows_is_there() {
    let text = fs::read_to_string(readme()).unwrap();
    let pictures = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());

    for target in pictures.filter(|target| !target.contains("://")) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(path.exists(), "the README shows `{target}`");
    }
}
