//! Real and public pipelines, imported with no option. Skipped, and saying so, where they are
//! not beside the checkout.

use std::path::PathBuf;

use walkaway::domain::verdict::Thresholds;
use walkaway::domain::view::{ListQuery, View};
use walkaway::import::{self, Object, Options, Report};
use walkaway::store::{Judge, Place, Stamp, Store};

use crate::support::shared as data;

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

fn take(store: &Store, path: PathBuf) -> Report {
    let export = import::open(&[path], &Options::default()).unwrap();
    let foretold = import::preview(store, &export, false, &mut |_, _| {}).unwrap();
    let report = import::run(store, &export, false, stamp(), &mut |_, _| {}).unwrap();
    assert_eq!(foretold.counts, report.counts, "the preview said so");
    let c = report.counts;
    assert_eq!(
        c.rows,
        c.new + c.updated + c.same + c.conflict + c.skipped + c.refused
    );
    report
}

#[test]
fn the_maven_pipeline_goes_in_once_in_either_date_format() {
    let (Some(american), Some(iso)) = (
        data("maven/sales_pipeline.csv"),
        data("maven/sales_pipeline_isodates.csv"),
    ) else {
        return;
    };
    let store = store();

    let first = take(&store, american.clone()).counts;
    let again = take(&store, american).counts;
    let other = take(&store, iso).counts;

    assert_eq!((first.rows, first.new), (8_800, 8_800));
    assert_eq!((again.new, again.updated, again.same), (0, 0, 8_800));
    assert_eq!((other.new, other.updated, other.same), (0, 0, 8_800));
    let all = ListQuery {
        view: View::All,
        ..ListQuery::default()
    };
    assert_eq!(
        store.index(&all, stamp().today, "Ana").unwrap().ids.len(),
        8_800
    );
}

#[test]
fn crm_exports_go_in_with_no_column_mapped_by_hand() {
    for (file, deals) in [
        ("salesforce-export-a/Opportunity.csv", 50),
        ("salesforce-export-b/Opportunity.csv", 58),
        ("salesforce-history/Opportunity.csv", 36),
        ("hubspot-tables/deal_data.csv", 44),
        ("olga/opportunities.csv", 6_000),
        ("gtm/opportunities.csv", 2_784),
    ] {
        let Some(path) = data(file) else { continue };
        let store = store();

        let first = take(&store, path.clone()).counts;
        let again = take(&store, path).counts;

        assert_eq!(first.new, deals, "{file}: {first:?}");
        assert_eq!(
            (again.new, again.updated, again.conflict),
            (0, 0, 0),
            "{file}: {again:?}"
        );
    }
}

#[test]
fn deleted_rows_are_reported_as_skipped() {
    let Some(path) = data("salesforce-tables/sf_opportunity_data.csv") else {
        return;
    };

    let report = take(&store(), path);

    assert_eq!(report.counts.skipped, 10, "{report:?}");
    assert!(
        report.skips.iter().all(|s| s.why.contains("deleted")),
        "{:?}",
        report.skips
    );
}

fn take_all(store: &Store, files: &[&str]) -> Option<Report> {
    let paths: Option<Vec<PathBuf>> = files.iter().map(|file| data(file)).collect();
    let paths = paths?;
    let export = import::open(&paths, &Options::default()).unwrap();
    let foretold = import::preview(store, &export, false, &mut |_, _| {}).unwrap();
    let report = import::run(store, &export, false, stamp(), &mut |_, _| {}).unwrap();
    assert_eq!(foretold.counts, report.counts, "the preview said so");
    assert_eq!(foretold.by, report.by);
    let c = report.counts;
    assert_eq!(
        c.rows,
        c.new + c.updated + c.same + c.conflict + c.skipped + c.refused
    );
    Some(report)
}

#[test]
fn activities_histories_and_links_are_read_beside_the_deals() {
    for files in [
        &[
            "salesforce-export-a/Task.csv",
            "salesforce-export-a/Opportunity.csv",
            "salesforce-export-a/Account.csv",
            "salesforce-export-a/Contact.csv",
        ][..],
        &[
            "salesforce-history/OpportunityHistory.csv",
            "salesforce-history/Opportunity.csv",
        ],
        &[
            "hubspot-tables/deal_data.csv",
            "hubspot-tables/deal_stage_data.csv",
            "hubspot-tables/merged_deal_data.csv",
            "hubspot-tables/engagement_data.csv",
            "hubspot-tables/engagement_deal_data.csv",
            "hubspot-tables/engagement_call_data.csv",
            "hubspot-tables/engagement_email_data.csv",
            "hubspot-tables/engagement_meeting_data.csv",
            "hubspot-tables/engagement_note_data.csv",
            "hubspot-tables/engagement_task_data.csv",
        ],
        &[
            "salesforce-tables/sf_opportunity_data.csv",
            "salesforce-tables/sf_opportunity_history_data.csv",
            "salesforce-tables/sf_task_data.csv",
            "salesforce-tables/sf_event_data.csv",
            "salesforce-tables/sf_user_data.csv",
        ],
    ] {
        let store = store();

        let Some(first) = take_all(&store, files) else {
            continue;
        };
        let again = take_all(&store, files).unwrap();

        eprintln!(
            "{files:?}: {:?} {:?} {}",
            first.counts, first.by, first.orphans
        );
        assert!(first.by.touch + first.by.moved > 0, "{files:?}: {first:?}");
        assert_eq!(
            (again.counts.new, again.counts.updated),
            (0, 0),
            "{files:?}: {again:?}"
        );
    }
}

/// All tables of a folder of the shared data, in the order of their names.
fn folder(name: &str) -> Option<Vec<PathBuf>> {
    let folder = data(name)?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv" || e == "json"))
        .collect();
    files.sort();
    Some(files)
}

/// Folders, with the deals in them and the columns of the deals that have no use and no name.
const FOLDERS: &[(&str, u64, &[&str])] = &[
    ("gtm", 2_784, &["lead_id", "segment"]),
    ("hubspot-tables", 44, &[]),
    ("maven", 17_600, &[]),
    (
        "olga",
        6_000,
        &[
            "segment",
            "region",
            "sales_cycle_days",
            "close_date_pushed",
            "lost_at_stage",
        ],
    ),
    ("salesforce-export-a", 50, &["External_id__c"]),
    ("salesforce-export-b", 58, &[]),
    (
        "salesforce-history",
        36,
        &[
            "Opportunity Lifecycle (Days)",
            "Opp Creation Date_Simulated",
            "Opp Close Date_Simulated",
        ],
    ),
    ("salesforce-json", 9, &[]),
    ("salesforce-tables", 10, &[]),
];

#[test]
fn each_folder_goes_in_with_no_option_and_each_file_is_named() {
    let mut wrong = Vec::new();
    for (name, rows, strange) in FOLDERS {
        let Some(files) = folder(name) else { continue };
        let export = import::open(&files, &Options::default()).unwrap();
        let store = store();

        let report = import::run(&store, &export, false, stamp(), &mut |_, _| {}).unwrap();

        assert!(report.counts.rows >= *rows, "{name}: {:?}", report.counts);
        assert_eq!(report.counts.refused, 0, "{name}: {:?}", report.refused);
        assert_eq!(export.files().len(), files.len(), "{name}");
        for file in export.files() {
            assert!(!file.why.is_empty(), "{name}: {file:?}");
        }
        let deals = export.files().iter().filter(|f| f.object == Object::Deal);
        let unknown: Vec<&str> = deals
            .flat_map(|file| &file.columns)
            .filter(|c| c.reading.contains("not known"))
            .map(|c| c.column.as_str())
            .collect();
        wrong.extend((unknown != *strange).then(|| format!("{name}: {unknown:?} are not known")));
        for assumption in export.assumptions() {
            let is_shown = assumption.example.is_some() || assumption.column.is_none();
            assert!(
                is_shown && !assumption.reading.is_empty(),
                "{name}: {assumption:?}"
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_each_folder_says_is_read_into_its_field() {
    use walkaway::import::Field;

    for (name, wanted) in [
        (
            "gtm",
            &[
                Field::ExternalId,
                Field::AccountId,
                Field::OwnerId,
                Field::Stage,
                Field::Amount,
                Field::Product,
                Field::LeadSource,
                Field::Created,
                Field::CloseDate,
            ][..],
        ),
        (
            "maven",
            &[
                Field::ExternalId,
                Field::Owner,
                Field::Product,
                Field::Account,
                Field::Stage,
                Field::Created,
                Field::CloseDate,
                Field::Amount,
            ],
        ),
        (
            "olga",
            &[
                Field::ExternalId,
                Field::Account,
                Field::Product,
                Field::LeadSource,
                Field::Owner,
                Field::Created,
                Field::CloseDate,
                Field::Stage,
                Field::Amount,
                Field::LostReason,
                Field::IsWon,
                Field::IsClosed,
            ],
        ),
        (
            "salesforce-export-b",
            &[
                Field::ExternalId,
                Field::AccountId,
                Field::Title,
                Field::Notes,
                Field::Stage,
                Field::Amount,
                Field::Probability,
                Field::CloseDate,
                Field::NextStep,
                Field::LeadSource,
                Field::IsClosed,
                Field::IsWon,
                Field::OwnerId,
                Field::Created,
                Field::LastActivity,
            ],
        ),
        (
            "salesforce-json",
            &[
                Field::ExternalId,
                Field::AccountId,
                Field::Title,
                Field::Stage,
                Field::Amount,
                Field::Probability,
                Field::CloseDate,
                Field::LeadSource,
            ],
        ),
        (
            "hubspot-tables",
            &[
                Field::ExternalId,
                Field::Deleted,
                Field::Pipeline,
                Field::Stage,
                Field::OwnerId,
                Field::Title,
                Field::Notes,
                Field::Amount,
                Field::CloseDate,
                Field::Created,
            ],
        ),
    ] {
        let Some(files) = folder(name) else { continue };
        let export = import::open(&files, &Options::default()).unwrap();
        for field in wanted {
            assert!(
                export.columns().any(|c| c.field == Some(*field)),
                "{name}: no column is the {}",
                field.words()
            );
        }
    }
}

#[test]
fn references_in_json_name_the_accounts() {
    let Some(files) = folder("salesforce-json") else {
        return;
    };
    let export = import::open(&files, &Options::default()).unwrap();

    let deals: Vec<_> = export
        .rows()
        .filter_map(|row| match row.unwrap() {
            import::Outcome::Deal(deal) => Some(deal),
            import::Outcome::Skip { .. } | import::Outcome::Refuse { .. } => None,
        })
        .collect();

    assert_eq!(deals.len(), 9, "the file says 10");
    assert!(deals.iter().all(|deal| deal.account.is_some()));
    assert!(deals.iter().all(|deal| {
        deal.external_id
            .as_ref()
            .is_some_and(|id| id.starts_with("006"))
    }));
}

#[test]
fn a_table_of_answers_is_no_pipeline() {
    let Some(files) = folder("qualification") else {
        return;
    };

    let error = import::open(&files, &Options::default()).unwrap_err();

    let why = error.why().unwrap();
    assert!(
        why.contains("table of answers") && why.contains("walkaway calibrate --from"),
        "{why}"
    );
}
