//! Leaving well, as commands from outside: closing notes, messages and the calendar.

use serde_json::{Value, json};

use super::support::bench::Bench;

#[test]
fn who_is_fired_gets_a_note_of_their_own_and_each_of_many_too() {
    let bench = Bench::with_deals();

    bench
        .run(&["fire", "1", "2", "to=regift", "whom=Contoso", "by=both"])
        .ok();

    let mut notes = Vec::new();
    for deal in ["1", "2"] {
        let shown = bench.run(&["show", deal, "--json"]).json();
        let fired = &shown["decisions"][0];
        assert_eq!(fired["walked_by"], json!("both"));
        assert!(
            fired["phone"].as_str().unwrap().contains("Contoso"),
            "{fired}"
        );
        let printed = bench.run(&["message", deal, "farewell", "--json"]).json();
        assert_eq!(printed["body"], fired["mail"]);
        notes.push(fired["subject"].as_str().unwrap().to_owned());
    }
    assert_ne!(notes[0], notes[1]);
}

#[test]
fn a_text_of_ones_own_is_kept_and_an_empty_one_is_none() {
    let bench = Bench::with_deals();

    bench
        .run(&[
            "fire",
            "1",
            "subject=Goodbye",
            "mail=We part.",
            "phone=",
            "back_if=they pay",
        ])
        .ok();

    let fired = &bench.run(&["show", "1", "--json"]).json()["decisions"][0];
    assert_eq!(
        (
            &fired["subject"],
            &fired["mail"],
            &fired["phone"],
            &fired["back_if"]
        ),
        (
            &json!("Goodbye"),
            &json!("We part."),
            &json!(null),
            &json!("they pay")
        )
    );
}

#[test]
fn messages_are_listed_written_filled_in_and_masked() {
    let bench = Bench::with_deals();

    let listed = bench.run(&["message", "--json"]).json();
    assert_eq!(listed["kinds"][5]["kind"], json!("opener"));
    let message = |more: &[&str]| {
        let words = ["message", "1", "opener", "--json"];
        bench.run(&[words.as_slice(), more].concat()).json()
    };
    let german = message(&["--lang", "de", "first_name=Tom"]);
    assert!(
        german["body"]
            .as_str()
            .unwrap()
            .starts_with("Guten Tag Tom,")
    );
    let told = message(&["account="]);
    assert_eq!(
        told["blanks"].as_array().unwrap().last(),
        Some(&json!("account"))
    );
    let masked = message(&["--mask", "2"]);
    assert_eq!(masked["body"], json!("•••••"));

    let shot = bench.run(&["message", "1", "goodbye"]);
    assert_eq!(
        (shot.code, shot.err.contains("opener")),
        (2, true),
        "{}",
        shot.err
    );
    let shot = bench.run(&["message", "1", "opener", "surname=Reed"]);
    assert_eq!(shot.code, 2);
    let shot = bench.run(&["message", "1", "farewell"]);
    assert_eq!((shot.code, shot.err.contains("never fired")), (1, true));
}

#[test]
fn a_message_goes_to_a_new_file_and_never_over_another() {
    let bench = Bench::with_deals();

    bench
        .run(&["message", "1", "opener", "--to-file", "note.txt"])
        .ok();
    bench
        .run(&["message", "1", "opener", "--to-file", "note.eml"])
        .ok();

    assert!(bench.read("note.eml").contains("X-Unsent: 1"));
    let again = bench.run(&["message", "1", "opener", "--to-file", "note.txt"]);
    assert_eq!((again.code, again.err.contains("exists")), (1, true));
}

#[test]
fn all_closing_notes_go_to_one_folder_and_each_is_logged_once() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "2", "3"]).ok();
    let logged = || {
        let own = bench.path("own.json");
        let own = own.to_string_lossy();
        bench
            .run(&["export", &own, "--format", "json", "--raw", "--force"])
            .ok();
        bench.read("own.json").matches("\"farewell\"").count()
    };
    bench.run(&["message", "2", "farewell"]).ok();

    let told = bench.run(&["message", "farewell", "--to-folder", "."]).ok();

    assert!(
        told.contains("Wrote 2 closing notes to ./notes-2026-11-23"),
        "{told}"
    );
    let folder = bench.path("notes-2026-11-23");
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(files.len(), 2);
    let again = bench
        .run(&["message", "farewell", "--to-folder", ".", "--json"])
        .json();
    assert_eq!(
        (&again["notes"], &again["folder"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(logged(), 3, "one for each");
    assert_eq!(
        bench.run(&["message", "farewell"]).ok().trim(),
        "No closing note waits"
    );
}

#[test]
fn closing_notes_are_one_text_to_print_and_a_mask_lets_none_go() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "3"]).ok();

    let refused = bench.run(&["message", "farewell", "--to-folder", ".", "--mask", "1"]);
    assert_eq!(refused.code, 2, "{refused}");
    let masked = bench.run(&["message", "farewell", "--mask", "2"]).ok();
    assert!(!masked.contains("Northwind"), "{masked}");

    let text = bench.run(&["message", "farewell"]).ok();
    assert!(
        text.contains("Northwind") && text.contains("-----"),
        "{text}"
    );
    let refused = bench.run(&["message", "farewell", "--to-folder", "no/such"]);
    assert_eq!(refused.out.trim(), "No closing note waits");
}

#[test]
fn the_calendar_is_written_over_by_its_own_pipeline_only() {
    let bench = Bench::with_deals();
    let file = bench.path("dates.ics");
    let file = file.to_str().unwrap();
    bench
        .run(&["continue", "1", "next=call Kim", "due=2026-12-04"])
        .ok();

    let told = bench.run(&["calendar", file, "--json"]).json();
    assert!(told["path"].as_str().unwrap().ends_with("dates.ics"));
    assert!(told["dates"].as_u64().unwrap() >= 2);
    bench.run(&["calendar", file]).ok();
    let other = Bench::with_deals();
    let refused = other.run(&["calendar", file]);
    assert_eq!(
        (refused.code, refused.err.contains("no calendar of this")),
        (1, true)
    );

    bench.run(&["calendar", "masked.ics", "--mask", "2"]).ok();
    assert!(!bench.read("masked.ics").contains("Kim"));
}

#[test]
fn a_configured_calendar_follows_every_change() {
    let bench = Bench::with_deals();
    let file = bench.path("mine.ics");
    bench.config(
        "config.toml",
        &format!("calendar = {:?}\n", file.to_str().unwrap()),
    );

    bench
        .run(&["continue", "1", "next=call Kim", "due=2026-12-04"])
        .ok();
    assert!(bench.read("mine.ics").contains("call Kim"));
    bench.run(&["undo"]).ok();
    assert!(!bench.read("mine.ics").contains("call Kim"));

    bench.config("config.toml", "calendar = \"/no/such/folder/x.ics\"\n");
    let shot = bench.run(&["continue", "1", "next=call Kim"]);
    assert_eq!(
        (shot.code, shot.err.matches("warning").count()),
        (0, 1),
        "{}",
        shot.err
    );
}

#[test]
fn a_template_with_an_unknown_field_is_refused_and_the_built_in_one_stands() {
    let bench = Bench::with_deals();
    bench.config("config.toml", "language = \"de\"\n");
    let own = |body: &str| {
        format!(
            "language = \"de\"\n[opener]\nsubject = \"Hallo\"\nbody = \"{body}\"\nphone = \"x\"\n"
        )
    };
    bench.config("messages/ours.toml", &own("Hallo {{ surname }}"));

    let shot = bench.run(&["config", "check", "--json"]);
    assert_eq!(shot.code, 1);
    let told: serde_json::Value = serde_json::from_str(&shot.out).unwrap();
    let mistake = told["mistakes"][0].to_string();
    assert!(
        mistake.contains("surname") && mistake.contains("first_name"),
        "{mistake}"
    );
    assert!(
        mistake.contains("\"line\":4") && mistake.contains("\"column\":18"),
        "{mistake}"
    );
    let opener = bench.run(&["message", "1", "opener", "--json"]).json();
    assert!(opener["body"].as_str().unwrap().starts_with("Guten Tag"));

    bench.config("messages/ours.toml", &own("Hallo {{ first_name }}"));
    bench.run(&["config", "check"]).ok();
    let opener = bench
        .run(&["message", "1", "opener", "first_name=Tom", "--json"])
        .json();
    assert_eq!(opener["body"], json!("Hallo Tom"));
}
