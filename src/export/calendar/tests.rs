use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::domain::act::{Act, ContinueSheet, DealField, FieldValue, FireSheet, Typed};
use crate::domain::deal::{Disposition, OutcomeKind, Status};
use crate::domain::ids::DealId;
use crate::domain::shown::Level;
use crate::domain::verdict::Thresholds;
use crate::store::{Judge, Place, Stamp};

fn stamp(day: &str) -> Stamp {
    Stamp {
        at: format!("{day}T09:00:00Z").parse().unwrap(),
        today: day.parse().unwrap(),
        who: "Ana".to_owned(),
        place: Place::Command,
        session: "test".to_owned(),
    }
}

fn store() -> Store {
    let judge = Judge::new(Vec::new(), Thresholds::default());
    Store::in_memory(stamp("2026-11-23").at, judge).unwrap()
}

fn add(store: &mut Store, account: &str) -> DealId {
    let fields = vec![FieldValue {
        field: DealField::Account,
        value: Some(Typed::Text(account.to_owned())),
    }];
    let done = store
        .act(&stamp("2026-11-23"), &Act::Add { fields })
        .unwrap();
    done.deals[0]
}

fn go_on(store: &mut Store, deal: DealId, next: &str, due: &str) {
    let sheet = ContinueSheet {
        next: Some(next.to_owned()),
        due: due.parse().unwrap(),
        tripwire: Some("I fire it if, and only if; nothing happens".to_owned()),
        by: "2026-12-07".parse().unwrap(),
        hours: None,
        senior: None,
    };
    let deals = vec![deal];
    store
        .act(&stamp("2026-11-23"), &Act::Continue { deals, sheet })
        .unwrap();
}

fn put(store: &Store, path: &Path, day: &str) -> Written {
    let stamp = stamp(day);
    write(store, path, &Mask::off(), stamp.at, stamp.today).unwrap()
}

type Entry = BTreeMap<String, String>;

/// Reads a calendar with a library that did not write it: the entries by their id.
fn parsed(path: &Path) -> BTreeMap<String, Entry> {
    let text = std::fs::read(path).unwrap();
    let mut calendars = ical::IcalParser::new(text.as_slice());
    let calendar = calendars.next().unwrap().unwrap();
    assert!(calendars.next().is_none());
    let entries = calendar.events.into_iter().map(|event| {
        let values = event.properties.into_iter();
        let entry: Entry = values
            .map(|p| (p.name, p.value.unwrap_or_default()))
            .collect();
        (entry["UID"].clone(), entry)
    });
    entries.collect()
}

fn of<'e>(entries: &'e BTreeMap<String, Entry>, kind: &str) -> &'e Entry {
    let mut found = entries
        .iter()
        .filter(|(uid, _)| uid.starts_with(&format!("{kind}-")));
    let (_, entry) = found
        .next()
        .unwrap_or_else(|| panic!("no {kind} in {entries:?}"));
    entry
}

#[test]
fn another_library_reads_what_is_due() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let deal = add(&mut store, "Northwind, Söhne; \\ Co");
    go_on(&mut store, deal, "call Kim", "2026-11-27");

    let written = put(&store, folder.path(), "2026-11-23");

    assert_eq!(written.path, folder.path().join("walkaway.ics"));
    assert_eq!(written.dates, 2);
    let entries = parsed(&written.path);
    let step = of(&entries, "step");
    assert_eq!(step["SUMMARY"], "Northwind\\, Söhne\\; \\\\ Co: call Kim");
    assert_eq!(
        (step["DTSTART"].as_str(), step["DTEND"].as_str()),
        ("20261127", "20261128")
    );
    assert_eq!(
        (step["SEQUENCE"].as_str(), step["STATUS"].as_str()),
        ("0", "CONFIRMED")
    );
    let tripwire = of(&entries, "tripwire");
    assert_eq!(
        tripwire["DESCRIPTION"],
        "I fire it if\\, and only if\\; nothing happens"
    );
    let text = std::fs::read_to_string(&written.path).unwrap();
    assert!(
        text.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n')),
        "{text}"
    );
}

#[test]
fn written_again_it_changes_entries_and_cancels_what_is_gone() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let path = folder.path().join("x.ics");
    let deal = add(&mut store, "Northwind");
    go_on(&mut store, deal, "call Kim", "2026-11-27");
    put(&store, &path, "2026-11-23");
    let first = std::fs::read_to_string(&path).unwrap();

    put(&store, &path, "2026-11-24");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        first,
        "nothing changed"
    );

    let fields = vec![FieldValue {
        field: DealField::NextStepDue,
        value: Some(Typed::Day("2026-12-01".parse().unwrap())),
    }];
    store
        .act(&stamp("2026-11-25"), &Act::Edit { deal, fields })
        .unwrap();
    put(&store, &path, "2026-11-25");
    let moved = parsed(&path);
    let step = of(&moved, "step");
    assert_eq!(
        (step["DTSTART"].as_str(), step["SEQUENCE"].as_str()),
        ("20261201", "1")
    );
    assert_eq!(step["DTSTAMP"], "20261125T090000Z");
    assert_eq!(of(&moved, "tripwire")["SEQUENCE"], "0");

    let sheet = FireSheet {
        to: Disposition::Nurture,
        until: Some("2027-03-01".parse().unwrap()),
        ..FireSheet::default()
    };
    let deals = vec![deal];
    store
        .act(&stamp("2026-11-26"), &Act::Fire { deals, sheet })
        .unwrap();
    assert_eq!(put(&store, &path, "2026-11-26").dates, 3);
    let gone = parsed(&path);
    assert_eq!(of(&gone, "nurture")["DTSTART"], "20270301");
    for kind in ["step", "tripwire"] {
        assert_eq!(of(&gone, kind)["STATUS"], "CANCELLED");
    }

    put(&store, &path, "2027-01-02");
    let left = ids(&path);
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!(parsed(&path).len(), 3, "a month later they are left out");

    store
        .undo_action(
            &stamp("2027-01-03"),
            store.latest(false).unwrap().unwrap().id,
        )
        .unwrap();
    put(&store, &path, "2027-01-03");
    assert_eq!(of(&parsed(&path), "step")["STATUS"], "CONFIRMED");
}

fn fired(store: &mut Store, account: &str) -> DealId {
    let deal = add(store, account);
    let sheet = FireSheet {
        reasons: Some(vec!["gone dark".to_owned()]),
        ..FireSheet::default()
    };
    let deals = vec![deal];
    store
        .act(&stamp("2026-11-23"), &Act::Fire { deals, sheet })
        .unwrap();
    deal
}

/// The ids of what is still due, without the pipeline's own part.
fn ids(path: &Path) -> Vec<String> {
    let is_due = |entry: &Entry| entry["STATUS"] == "CONFIRMED";
    let all = parsed(path).into_iter().filter(|(_, entry)| is_due(entry));
    all.map(|(uid, _)| uid.split('@').next().unwrap().to_owned())
        .collect()
}

#[test]
fn what_came_of_a_firing_is_asked_at_90_and_180_days_until_it_is_told() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let path = folder.path().join("x.ics");
    let deal = fired(&mut store, "Northwind");
    let tell = |store: &mut Store, day: &str, kind| {
        let words = None;
        store
            .act(&stamp(day), &Act::Outcome { deal, kind, words })
            .unwrap();
    };

    put(&store, &path, "2026-11-23");
    let first = parsed(&path);
    let entry = of(&first, "outcome90");
    assert_eq!(entry["DTSTART"], "20270221");
    assert_eq!(entry["SUMMARY"], "Northwind: what came of it?");
    assert_eq!(entry["DESCRIPTION"], "gone dark");
    assert_eq!(of(&first, "outcome180")["DTSTART"], "20270522");

    // What is told before it is asked answers nothing yet.
    tell(&mut store, "2027-01-04", OutcomeKind::Silence);
    put(&store, &path, "2027-01-04");
    assert_eq!(ids(&path), ["outcome180-1", "outcome90-1"]);

    tell(&mut store, "2027-02-22", OutcomeKind::Silence);
    put(&store, &path, "2027-02-22");
    assert_eq!(ids(&path), ["outcome180-1"]);
    assert_eq!(of(&parsed(&path), "outcome90")["STATUS"], "CANCELLED");

    // Taken back, it is asked again under its id.
    let last = store.latest(false).unwrap().unwrap().id;
    store.undo_action(&stamp("2027-02-23"), last).unwrap();
    put(&store, &path, "2027-02-23");
    assert_eq!(ids(&path), ["outcome180-1", "outcome90-1"]);

    // Where it is asked at 180 days, it is no longer asked at 90.
    put(&store, &path, "2027-05-22");
    assert_eq!(ids(&path), ["outcome180-1"]);

    tell(&mut store, "2027-05-22", OutcomeKind::BoughtElsewhere);
    put(&store, &path, "2027-05-23");
    assert_eq!(ids(&path), [""; 0]);
}

#[test]
fn what_is_reinstated_or_bought_elsewhere_is_asked_no_more() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let path = folder.path().join("x.ics");
    let back = fired(&mut store, "Northwind");
    let gone = fired(&mut store, "Contoso");
    fired(&mut store, "Fabrikam");

    let terms = "half the scope".to_owned();
    let act = Act::Reinstate { deal: back, terms };
    store.act(&stamp("2026-12-01"), &act).unwrap();
    let act = Act::Outcome {
        deal: gone,
        kind: OutcomeKind::BoughtElsewhere,
        words: None,
    };
    store.act(&stamp("2026-12-01"), &act).unwrap();
    put(&store, &path, "2026-12-01");

    let left: Vec<String> = ids(&path);
    assert_eq!(left.len(), 2, "{left:?}");
    let name = |entry: &Entry| entry["SUMMARY"].starts_with("Fabrikam");
    assert!(parsed(&path).values().all(name));
}

#[test]
fn a_win_is_looked_back_on_at_60_days_until_it_is_told() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let path = folder.path().join("x.ics");
    let deal = add(&mut store, "Northwind");
    go_on(&mut store, deal, "call Kim", "2026-11-27");
    let close = Act::Close {
        deals: vec![deal],
        status: Status::Won,
        reason: None,
    };
    store.act(&stamp("2026-11-24"), &close).unwrap();

    put(&store, &path, "2026-11-24");
    assert_eq!(of(&parsed(&path), "regret")["DTSTART"], "20270123");

    let act = Act::Regret {
        deal,
        again: true,
        words: None,
    };
    store.act(&stamp("2027-01-24"), &act).unwrap();
    put(&store, &path, "2027-01-24");
    assert_eq!(ids(&path), [""; 0]);
}

#[test]
fn hostile_names_stay_text() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let deal = add(&mut store, "A\r\nEND:VEVENT\r\nBEGIN:VALARM\r\n\u{1b}[31m");
    let long = "漢字".repeat(200);
    go_on(
        &mut store,
        deal,
        &format!("x\nATTACH:http://evil.example {long}"),
        "2026-11-27",
    );

    let entries = parsed(&put(&store, folder.path(), "2026-11-23").path);

    assert_eq!(entries.len(), 2);
    let step = of(&entries, "step");
    assert!(
        step["SUMMARY"].starts_with("A END:VEVENT BEGIN:VALARM"),
        "{step:?}"
    );
    assert!(!step["SUMMARY"].contains('\u{1b}'));
    assert!(!step.contains_key("ATTACH"));
}

#[test]
fn a_mask_hides_names_and_words_and_counts_nothing() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    let deal = add(&mut store, "Northwind");
    go_on(&mut store, deal, "call Kim", "2026-11-27");
    let (open, masked) = (folder.path().join("a.ics"), folder.path().join("b.ics"));
    put(&store, &open, "2026-11-23");

    let stamp = stamp("2026-11-23");
    let mask = Mask::new(Level::Names, 7);
    write(&store, &masked, &mask, stamp.at, stamp.today).unwrap();

    let text = std::fs::read_to_string(&masked).unwrap();
    assert!(
        !text.contains("Northwind") && !text.contains("Kim"),
        "{text}"
    );
    let ids = |path: &Path| parsed(path).into_keys().collect::<Vec<_>>();
    assert_eq!(ids(&masked), ids(&open));
    assert_eq!(of(&parsed(&masked), "step")["SEQUENCE"], "0");
}

#[test]
fn no_other_file_is_written_over() {
    let (folder, mut store) = (tempfile::tempdir().unwrap(), store());
    add(&mut store, "Northwind");
    let path = folder.path().join("x.ics");
    std::fs::write(&path, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").unwrap();

    let stamp = stamp("2026-11-23");
    let refused = write(&store, &path, &Mask::off(), stamp.at, stamp.today);

    assert!(matches!(refused, Err(CalendarError::Foreign { .. })));
    let none = write(
        &store,
        Path::new("/no/such/x.ics"),
        &Mask::off(),
        stamp.at,
        stamp.today,
    );
    assert!(matches!(none, Err(CalendarError::File(_))));
}
