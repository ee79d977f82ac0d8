//! The generator of exports: its files are sound, and its sheet is true of them.

mod import;
mod recount;
mod truths;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use insta::assert_snapshot;
use walkaway::sample::{Crm, Fate, File, Order, Sample, Story};

use super::support::bench::Bench;

pub(crate) fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

pub(crate) fn sample(crm: Crm, seed: u64, deals: usize) -> Sample {
    Sample::new(Order {
        seed,
        deals,
        today: today(),
        crm,
    })
}

/// A file as rows by header.
pub(crate) struct Rows(Vec<HashMap<String, String>>);

impl Rows {
    pub(crate) fn of(files: &[File], name: &str) -> Self {
        let file = files.iter().find(|file| file.name == name).unwrap();
        let mut reader = csv::Reader::from_reader(file.text.as_bytes());
        Self(reader.deserialize().map(Result::unwrap).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &HashMap<String, String>> {
        self.0.iter()
    }
}

#[test]
fn the_same_order_gives_the_same_bytes_and_another_seed_others() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let (one, two, other) = (
            sample(crm, 7, 120),
            sample(crm, 7, 120),
            sample(crm, 8, 120),
        );

        assert_eq!(one.files(), two.files());
        assert_eq!(one.truth_sheet(), two.truth_sheet());
        assert_eq!(one.acts_sheet(), two.acts_sheet());
        assert_ne!(one.files(), other.files());
    }
}

#[test]
fn any_count_of_deals_is_made_and_enough_are_closed() {
    for deals in [1, 9, 120, 500, 5_000] {
        let sample = sample(Crm::Hubspot, 3, deals);
        let rows = Rows::of(&sample.files(), "deals.csv");
        let of_fate =
            |wanted: fn(&Fate) -> bool| sample.plans().iter().filter(|p| wanted(&p.fate)).count();
        let won = of_fate(|fate| matches!(fate, Fate::Won(_)));

        assert_eq!(rows.iter().count(), deals);
        assert_eq!(sample.truths().len(), of_fate(|fate| *fate == Fate::Open));
        assert!(deals < 120 || won >= 30, "{deals}: {won}");
    }
}

#[test]
fn every_story_is_told_in_a_hundred_and_twenty_deals() {
    let sample = sample(Crm::Salesforce, 1, 120);
    let told: BTreeSet<Story> = sample.plans().iter().map(|plan| plan.story).collect();

    let missing: Vec<_> = Story::ALL.iter().filter(|s| !told.contains(s)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn ids_are_unique_and_every_link_leads_somewhere() {
    for (crm, deals, links) in [
        (
            Crm::Salesforce,
            ("Opportunity.csv", "Id"),
            [
                ("Task.csv", "WhatId"),
                ("Event.csv", "WhatId"),
                ("OpportunityHistory.csv", "OpportunityId"),
                ("OpportunityContactRole.csv", "OpportunityId"),
            ],
        ),
        (
            Crm::Hubspot,
            ("deals.csv", "Record ID"),
            ["calls.csv", "emails.csv", "meetings.csv", "contacts.csv"]
                .map(|file| (file, "Associated Deal IDs")),
        ),
    ] {
        let files = sample(crm, 5, 500).files();
        let rows = Rows::of(&files, deals.0);
        let ids: BTreeSet<&str> = rows.iter().map(|row| row[deals.1].as_str()).collect();
        assert_eq!(ids.len(), 500);
        for (file, column) in links {
            let rows = Rows::of(&files, file);
            let own = if crm == Crm::Salesforce {
                "Id"
            } else {
                "Record ID"
            };
            let own: BTreeSet<&str> = rows.iter().map(|row| row[own].as_str()).collect();
            assert_eq!(own.len(), rows.iter().count(), "{file}");
            assert!(own.len() > 100, "{file}");
            assert!(
                rows.iter().all(|row| ids.contains(row[column].as_str())),
                "{file}"
            );
        }
    }
}

#[test]
fn an_earlier_export_knows_nothing_of_what_came_later() {
    let sample = sample(Crm::Salesforce, 2, 500);
    let (then, now) = (sample.files_before(30), sample.files());
    let until = today() - chrono::Days::new(30);

    let (before, after) = (
        Rows::of(&then, "Opportunity.csv"),
        Rows::of(&now, "Opportunity.csv"),
    );
    assert!(before.iter().count() < after.iter().count());
    for (file, column) in [
        ("Task.csv", "ActivityDate"),
        ("Opportunity.csv", "CreatedDate"),
    ] {
        for row in Rows::of(&then, file).iter() {
            let day: NaiveDate = row[column][..10].parse().unwrap();
            assert!(day <= until, "{file}: {day}");
        }
    }
    let closing = |rows: &Rows| -> HashMap<String, String> {
        let pairs = rows
            .iter()
            .map(|row| (row["Id"].clone(), row["CloseDate"].clone()));
        pairs.collect()
    };
    let (before, after) = (closing(&before), closing(&after));
    assert!(
        before.iter().any(|(id, close)| *close < after[id]),
        "some dates moved out"
    );
}

#[test]
fn the_sheet_of_acts_names_deals_that_are_there_and_gives_each_its_truth() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let sample = sample(crm, 1, 500);
        let acts = sample.acts();
        let stories: BTreeSet<&str> = acts.iter().map(|act| act.story).collect();

        assert_eq!(stories.len(), 12, "{stories:?}");
        for act in &acts {
            let id = sample.id(act.place.unwrap());
            assert_eq!(act.deal, format!("{}:{id}", crm.code()));
        }
        let adds = acts
            .iter()
            .flat_map(|act| &act.adds)
            .map(|planted| planted.id);
        let adds: BTreeSet<&str> = adds.collect();
        assert_eq!(
            adds.into_iter().collect::<Vec<_>>(),
            [
                "bait",
                "blocked",
                "returned",
                "speaks-for",
                "their-word",
                "thin-margin",
                "trial-ungated"
            ]
        );
    }
}

#[test]
fn the_command_writes_an_export_that_goes_in_and_writes_over_nothing() {
    let bench = Bench::new();

    let made = bench.run(&[
        "demo", "--export", "out", "--deals", "120", "--crm", "hubspot",
    ]);
    let again = bench.run(&[
        "demo", "--export", "out", "--deals", "120", "--crm", "hubspot",
    ]);
    let files = ["out/deals.csv", "out/companies.csv", "out/contacts.csv"];
    let import = [["--db", "new.db", "import"].as_slice(), &files].concat();
    let taken = bench.run(&import);

    assert_snapshot!(made, @r"
    Wrote 10 files of made-up deals to out
    `walkaway --db try.db import out/deals.csv out/companies.csv out/contacts.csv out/calls.csv out/emails.csv out/meetings.csv out/tasks.csv out/notes.csv` takes them in
    truth.tsv says what must be true of each open deal then
    acts.tsv says what no CRM knows, as commands to try
    --- exit 0
    ");
    assert_eq!(again.code, 1);
    assert!(
        again.err.contains("`out/deals.csv` exists"),
        "{}",
        again.err
    );
    assert_eq!((taken.code, taken.err.as_str()), (0, ""));
    assert!(taken.out.contains("120"), "{}", taken.out);
}
