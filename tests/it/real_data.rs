//! Real and public pipelines, imported with no option. Skipped, and saying so, where they are
//! not beside the checkout.

use std::path::{Path, PathBuf};

use walkaway::domain::verdict::Thresholds;
use walkaway::domain::view::{ListQuery, View};
use walkaway::import::{self, Options, Report};
use walkaway::store::{Judge, Place, Stamp, Store};

fn data(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {file} is not beside this checkout");
    None
}

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
