//! What an import may and may not do to a pipeline.

use std::sync::Arc;

use chrono::NaiveDate;

use super::*;
use crate::domain::act::{DealField, FieldValue, FireSheet, Typed};
use crate::domain::deal::Status;
use crate::domain::load::Ending;
use crate::domain::money::{Currency, Money};
use crate::domain::verdict::Thresholds;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn stamp() -> Stamp {
    Stamp {
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        today: day("2026-11-23"),
        who: "Ana".into(),
        place: Place::Command,
        session: "one".into(),
    }
}

fn store() -> Store {
    let judge = Judge::new(Vec::new(), Thresholds::default());
    Store::in_memory(stamp().at, judge).unwrap()
}

pub(super) fn plan() -> Plan {
    Plan {
        source: "hubspot".into(),
        files: vec!["deals.csv".into()],
        take_theirs: false,
        facts: Facts {
            next_step: true,
            ..Facts::default()
        },
        record_day: None,
    }
}

pub(super) fn row(id: &str) -> Incoming {
    Incoming {
        source: Arc::from("hubspot"),
        key: id.into(),
        external_id: Some(id.into()),
        title: format!("Deal {id}"),
        account: Some(format!("Account {id}")),
        contact: None,
        owner: Some("Ana Ruiz".into()),
        stage: Some("Proposal".into()),
        phase: None,
        pipeline: None,
        amount: Some(Money::new(100_000, Currency::parse("EUR"))),
        probability: None,
        status: Status::Open,
        created: Some(day("2026-08-01")),
        expected_close: Some(day("2026-12-12")),
        closed: None,
        lost_reason: None,
        last_activity: None,
        stage_changed: None,
        entered: Vec::new(),
        updated: None,
        next_step: None,
        next_step_due: None,
        lead_source: None,
        product: None,
        description: None,
        is_cut: false,
        assumed: Assumed::default(),
    }
}

fn take_with(store: &Store, plan: Plan, rows: &[Incoming]) -> (Taken, Vec<Fate>) {
    let mut fates = Vec::new();
    let mut intake = Intake::begin(store, plan, stamp()).unwrap();
    for row in rows {
        fates.push(intake.row(row.clone()).unwrap().1);
    }
    let taken = intake.finish().unwrap();
    (taken, fates)
}

fn take(store: &Store, rows: &[Incoming]) -> (Counts, Vec<Fate>) {
    let (taken, fates) = take_with(store, plan(), rows);
    let c = taken.counts;
    assert_eq!(
        c.rows,
        c.new + c.updated + c.same + c.conflict + c.skipped + c.refused
    );
    (c, fates)
}

fn close_of(store: &Store, deal: i64) -> Option<NaiveDate> {
    store
        .detail(DealId(deal))
        .unwrap()
        .unwrap()
        .deal
        .expected_close
}

fn edit_close(store: &mut Store, deal: i64, to: &str) {
    let value = FieldValue {
        field: DealField::ExpectedClose,
        value: Some(Typed::Day(day(to))),
    };
    let act = Act::Edit {
        deal: DealId(deal),
        fields: vec![value],
    };
    store.act(&stamp(), &act).unwrap();
}

#[test]
fn the_same_rows_twice_change_nothing() {
    let store = store();

    let (first, _) = take(&store, &[row("1"), row("2")]);
    let (second, _) = take(&store, &[row("1"), row("2")]);

    assert_eq!((first.new, first.same), (2, 0));
    assert_eq!((second.new, second.updated, second.same), (0, 0, 2));
}

#[test]
fn what_moved_in_the_file_alone_is_an_update_and_a_fact_with_its_day() {
    let store = store();
    take(&store, &[row("1")]);
    let moved = Incoming {
        expected_close: Some(day("2027-01-29")),
        ..row("1")
    };

    let (counts, fates) = take(&store, &[moved]);

    assert_eq!(counts.updated, 1);
    assert!(matches!(&fates[0], Fate::Updated(d) if d[0].field == "expected_close"));
    assert_eq!(close_of(&store, 1), Some(day("2027-01-29")));
    let moves = store.detail(DealId(1)).unwrap().unwrap().moves;
    assert_eq!(moves[0].old.as_deref(), Some("2026-12-12"));
    assert_eq!(moves[0].new.as_deref(), Some("2027-01-29"));
}

#[test]
fn a_blank_never_erases_and_a_missing_row_is_no_deletion() {
    let store = store();
    take(&store, &[row("1"), row("2")]);
    let narrower = Incoming {
        owner: None,
        amount: None,
        expected_close: None,
        ..row("1")
    };

    let (counts, _) = take(&store, &[narrower]);

    assert_eq!(counts.same, 1);
    assert_eq!(close_of(&store, 1), Some(day("2026-12-12")));
    assert!(store.detail(DealId(2)).unwrap().is_some());
}

#[test]
fn what_a_person_changed_stays_until_the_file_moves_too_and_that_is_a_conflict() {
    let mut store = store();
    take(&store, &[row("1")]);
    edit_close(&mut store, 1, "2026-12-20");

    let (same, _) = take(&store, &[row("1")]);
    let both = Incoming {
        expected_close: Some(day("2027-02-01")),
        ..row("1")
    };
    let (conflict, fates) = take(&store, std::slice::from_ref(&both));

    assert_eq!(same.same, 1);
    assert_eq!(conflict.conflict, 1);
    assert!(matches!(&fates[0], Fate::Conflict { kept, .. } if kept[0].field == "expected_close"));
    assert_eq!(close_of(&store, 1), Some(day("2026-12-20")), "ours stays");
    let theirs = Plan {
        take_theirs: true,
        ..plan()
    };
    take_with(&store, theirs, std::slice::from_ref(&both));
    assert_eq!(
        close_of(&store, 1),
        Some(day("2027-02-01")),
        "theirs was asked for"
    );
}

#[test]
fn where_the_file_comes_to_say_the_same_the_conflict_is_over() {
    let mut store = store();
    take(&store, &[row("1")]);
    edit_close(&mut store, 1, "2026-12-20");

    let agreed = Incoming {
        expected_close: Some(day("2026-12-20")),
        ..row("1")
    };
    take(&store, &[agreed]);
    let later = Incoming {
        expected_close: Some(day("2027-03-01")),
        ..row("1")
    };
    let (counts, _) = take(&store, &[later]);

    assert_eq!(counts.updated, 1);
    assert_eq!(close_of(&store, 1), Some(day("2027-03-01")));
}

#[test]
fn one_id_with_two_contents_is_a_conflict_and_no_update() {
    let store = store();
    let other = Incoming {
        title: "Another".into(),
        account: Some("Somebody".into()),
        ..row("1")
    };

    let (counts, _) = take(&store, &[row("1"), other.clone(), row("1")]);
    let (again, _) = take(&store, &[row("1"), other.clone(), row("1")]);
    let (later, fates) = take(&store, &[other]);

    assert_eq!((counts.new, counts.conflict, counts.same), (1, 1, 1));
    assert_eq!(
        (again.new, again.updated, again.conflict, again.same),
        (0, 0, 1, 2)
    );
    assert_eq!(later.conflict, 1);
    assert!(matches!(&fates[0], Fate::Conflict { kept, .. } if kept.len() == 2));
}

#[test]
fn a_preview_says_what_the_import_then_does_and_writes_nothing() {
    let mut store = store();
    take(&store, &[row("1"), row("2")]);
    edit_close(&mut store, 2, "2026-12-20");
    let rows = [
        row("1"),
        Incoming {
            expected_close: Some(day("2027-02-01")),
            ..row("2")
        },
        row("3"),
        row("3"),
        Incoming {
            stage: Some("Won".into()),
            ..row("1")
        },
        Incoming {
            stage: None,
            ..row("3")
        },
        Incoming {
            stage: Some("Won".into()),
            ..row("3")
        },
    ];
    let mut preview = DryRun::new(&store, plan());

    let foretold: Vec<Fate> = rows.iter().map(|r| preview.row(r).unwrap().1).collect();
    let (_, happened) = take(&store, &rows);

    let kind = |f: &Fate| match f {
        Fate::New => "new",
        Fate::Updated(_) => "updated",
        Fate::Same => "same",
        Fate::Conflict { .. } => "conflict",
    };
    let kinds = |fates: &[Fate]| fates.iter().map(kind).collect::<Vec<_>>();
    assert_eq!(
        kinds(&foretold),
        [
            "same", "conflict", "new", "same", "conflict", "same", "conflict"
        ]
    );
    assert_eq!(kinds(&happened), kinds(&foretold));
}

#[test]
fn undoing_an_import_leaves_what_was_worked_on_since_and_redo_brings_the_rest_back() {
    let mut store = store();
    let (taken, _) = take_with(&store, plan(), &[row("1"), row("2"), row("3")]);
    let fire = Act::Fire {
        deals: vec![DealId(2)],
        sheet: FireSheet::default(),
    };
    store.act(&stamp(), &fire).unwrap();

    let done = store.undo_action(&stamp(), taken.action.unwrap()).unwrap();

    assert_eq!(done.left.len(), 1, "{:?}", done.left);
    assert!(store.detail(DealId(1)).unwrap().is_none());
    assert!(store.detail(DealId(2)).unwrap().is_some());
    store.redo(&stamp(), true).unwrap();
    assert_eq!(close_of(&store, 1), Some(day("2026-12-12")));
    let (again, _) = take(&store, &[row("1"), row("2"), row("3")]);
    assert_eq!(again.same, 3);
}

#[test]
fn a_cancelled_import_leaves_nothing_behind_but_its_entry() {
    let store = store();
    take(&store, &[row("1")]);
    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    let changed = Incoming {
        expected_close: Some(day("2027-02-01")),
        ..row("1")
    };
    for row in [changed, row("2")] {
        intake.row(row).unwrap();
    }
    intake.flush().unwrap();
    assert!(
        store.detail(DealId(2)).unwrap().is_some(),
        "rows show as they land"
    );

    intake.cancel().unwrap();

    assert!(store.detail(DealId(2)).unwrap().is_none());
    assert_eq!(close_of(&store, 1), Some(day("2026-12-12")));
    assert_eq!(
        store.journal(None, None, None, 1).unwrap()[0].state,
        "taken_back"
    );
}

/// A harness with a disk that fails was told that somebody else imports.
#[test]
fn a_lock_that_cannot_be_made_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    std::fs::create_dir(folder.path().join("p.db.import-lock")).unwrap();
    let judge = Judge::new(Vec::new(), Thresholds::default());
    let store = Store::open(&path, Access::Create, stamp().at, judge).unwrap();

    let error = Intake::begin(&store, plan(), stamp()).unwrap_err();

    let told = error.to_string();
    assert!(
        told.contains("cannot open") && told.contains("import-lock"),
        "{told}"
    );
    assert!(!error.hint().is_empty());
}

#[test]
fn a_first_import_for_which_the_disk_has_no_room_leaves_a_small_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let judge = Judge::new(Vec::new(), Thresholds::default());
    let store = Store::open(&path, Access::Create, stamp().at, judge).unwrap();
    let pages = |what| -> i64 { store.conn().query_row(what, [], |r| r.get(0)).unwrap() };
    let (before, all) = (pages("PRAGMA page_count"), index_names(&store));
    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    for number in 0..30_000 {
        intake.row(row(&number.to_string())).unwrap();
    }
    let most = pages("PRAGMA page_count");
    assert!(most > 1_000);
    store
        .conn()
        .pragma_update(None, "max_page_count", most)
        .unwrap();

    let error = intake.finish().unwrap_err();

    assert!(error.is_full(), "{error}");
    assert_eq!(pages("SELECT count(*) FROM deal"), 0);
    // What is listed for the search index is small, and goes when that comes by.
    assert!(pages("PRAGMA page_count") < before + most / 20);
    assert_eq!(index_names(&store), all);
    assert_eq!(
        store.journal(None, None, None, 1).unwrap()[0].state,
        "taken_back"
    );
}

#[test]
fn a_killed_import_is_taken_back_by_the_next_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let judge = || Judge::new(Vec::new(), Thresholds::default());
    let store = Store::open(&path, Access::Create, stamp().at, judge()).unwrap();
    take(&store, &[row("1")]);
    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    intake.row(row("2")).unwrap();
    intake.flush().unwrap();
    let other = Store::open(&path, Access::Write, stamp().at, judge()).unwrap();
    other.take_back_unfinished().unwrap();
    assert!(
        other.detail(DealId(2)).unwrap().is_some(),
        "it is still running"
    );
    let busy = Intake::begin(&other, plan(), stamp()).unwrap_err();
    assert!(
        busy.to_string().contains("another program is importing"),
        "{busy}"
    );
    assert!(other.is_importing());

    drop(intake);
    assert!(!other.is_importing());
    other.take_back_unfinished().unwrap();

    assert!(other.detail(DealId(2)).unwrap().is_none());
    assert!(other.detail(DealId(1)).unwrap().is_some());
}

#[test]
fn a_deal_closed_by_the_crm_keeps_its_decision_and_leaves_the_queue() {
    let mut store = store();
    take(&store, &[row("1")]);
    let fire = Act::Fire {
        deals: vec![DealId(1)],
        sheet: FireSheet::default(),
    };
    store.act(&stamp(), &fire).unwrap();

    let won = Incoming {
        status: Status::Won,
        closed: Some(day("2026-11-20")),
        stage: Some("Closed Won".into()),
        ..row("1")
    };
    take(&store, &[won]);

    let detail = store.detail(DealId(1)).unwrap().unwrap();
    assert_eq!(detail.deal.status, Status::Won);
    assert_eq!(detail.deal.decision, crate::domain::deal::Decision::Fired);
    assert!(detail.eval.is_none());
}

#[test]
fn a_deal_that_an_import_made_is_evaluated_as_any_other() {
    let store = store();
    let late = Incoming {
        phase: Some(crate::domain::phase::Phase::Proposal),
        expected_close: Some(day("2026-09-01")),
        created: Some(day("2026-01-01")),
        ..row("1")
    };
    take(
        &store,
        &[
            late,
            row("2"),
            Incoming {
                status: Status::Lost,
                ..row("3")
            },
        ],
    );
    let evals = |store: &Store| {
        (1..=3)
            .map(|i| store.detail(DealId(i)).unwrap().unwrap().eval)
            .collect::<Vec<_>>()
    };
    let fresh = evals(&store);

    store.renew_all(day("2026-11-23")).unwrap();

    assert_eq!(evals(&store), fresh);
    assert!(fresh[0].is_some() && fresh[2].is_none());
}

#[test]
fn what_one_crm_records_is_not_held_against_the_deals_of_another() {
    let store = store();
    let silent = |source: &str| Incoming {
        source: Arc::from(source),
        created: Some(day("2026-01-05")),
        expected_close: Some(day("2026-06-30")),
        ..row("1")
    };
    let bare = Plan {
        source: "table:id".into(),
        facts: Facts::default(),
        ..plan()
    };
    let telling = Plan {
        facts: Facts {
            last_activity: true,
            ..Facts::default()
        },
        ..plan()
    };

    take_with(&store, bare, &[silent("table:id")]);
    take_with(&store, telling, &[silent("hubspot")]);

    let fires = |deal: i64| {
        let eval = store.detail(DealId(deal)).unwrap().unwrap().eval.unwrap();
        eval.verdict == Some(crate::domain::verdict::Verdict::Fire)
    };
    assert!(!fires(1), "its file could not know who acted when");
    assert!(fires(2));
}

/// The indexes of a file, by name.
fn index_names(store: &Store) -> Vec<String> {
    store
        .conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn the_indexes_of_an_empty_file_are_built_after_the_load_and_those_of_a_full_one_stay() {
    let store = store();
    let all = index_names(&store);
    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    intake.row(row("1")).unwrap();
    intake.flush().unwrap();
    assert!(!index_names(&store).contains(&"deal_key".to_owned()));
    assert!(
        store.detail(DealId(1)).unwrap().is_some(),
        "rows show as they land"
    );

    intake.finish().unwrap();
    assert_eq!(index_names(&store), all);

    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    intake.row(row("2")).unwrap();
    intake.flush().unwrap();
    assert_eq!(index_names(&store), all);
    intake.cancel().unwrap();
    assert_eq!(index_names(&store), all);
}

#[test]
fn a_first_import_that_was_cancelled_or_killed_leaves_a_file_with_all_its_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let judge = || Judge::new(Vec::new(), Thresholds::default());
    let store = Store::open(&path, Access::Create, stamp().at, judge()).unwrap();
    let all = index_names(&store);
    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    intake.row(row("1")).unwrap();
    intake.cancel().unwrap();
    assert_eq!(index_names(&store), all);

    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    intake.row(row("1")).unwrap();
    intake.flush().unwrap();
    for access in [Access::Write, Access::Read] {
        let other = Store::open(&path, access, stamp().at, judge()).unwrap();
        other.take_back_unfinished().unwrap();
        assert!(other.detail(DealId(1)).unwrap().is_some());
        assert_ne!(index_names(&other), all, "it is still running");
    }
    drop(intake);
    drop(store);

    let store = Store::open(&path, Access::Write, stamp().at, judge()).unwrap();
    store.take_back_unfinished().unwrap();

    assert_eq!(index_names(&store), all);
    assert!(store.detail(DealId(1)).unwrap().is_none());
    assert_eq!(take(&store, &[row("1"), row("2")]).0.new, 2);
}

#[test]
fn the_checks_of_the_schema_hold_again_after_a_load() {
    let store = store();
    let wrong = |sql| store.conn().execute(sql, []).is_err();
    let hold = || {
        assert!(wrong("UPDATE deal SET status = 'gone'"));
        assert!(wrong("UPDATE deal SET batch = 77"));
    };
    take(&store, &[row("1")]);
    hold();

    let stopped = Intake::begin(&store, plan(), stamp()).unwrap();
    stopped.cancel().unwrap();

    hold();
}

#[test]
fn what_belongs_to_a_deal_that_is_taken_back_goes_with_it() {
    let store = store();
    let told = Incoming {
        entered: vec![IncomingMove {
            field: "stage",
            day: day("2026-10-01"),
            old: Some("Discovery".into()),
            new: Some("Proposal".into()),
        }],
        ..row("2")
    };
    let mut stopped = Intake::begin(&store, plan(), stamp()).unwrap();
    stopped.row(row("1")).unwrap();
    stopped.row(told).unwrap();
    stopped.flush().unwrap();
    stopped.cancel().unwrap();

    for table in ["deal", "deal_eval", "move"] {
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = store.conn().query_row(&count, [], |r| r.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[test]
fn all_deals_of_a_load_are_listed_for_the_search_and_those_that_it_changed() {
    let store = store();
    let listed = || -> Vec<i64> {
        let sql = "SELECT deal FROM search_todo ORDER BY deal";
        let mut statement = store.conn().prepare(sql).unwrap();
        let rows = statement.query_map([], |r| r.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    take(&store, &[row("1"), row("2"), row("1"), row("3")]);
    assert_eq!(listed(), [1, 2, 3]);
    store
        .conn()
        .execute_batch("DELETE FROM search_todo")
        .unwrap();

    let mut moved = row("2");
    moved.title = "Another".into();
    take(&store, &[row("1"), moved, row("4")]);

    assert_eq!(listed(), [2, 4]);
}

#[test]
fn an_id_that_stands_twice_in_the_first_file_is_taken_once() {
    let store = store();
    let later = Incoming {
        expected_close: Some(day("2027-02-01")),
        ..row("1")
    };

    let (counts, fates) = take(&store, &[row("1"), row("2"), row("1"), later]);

    assert_eq!((counts.new, counts.same, counts.conflict), (2, 1, 1));
    let Fate::Conflict { kept, .. } = &fates[3] else {
        panic!("{fates:?}");
    };
    assert_eq!(kept[0].field, "expected_close");
    assert_eq!(close_of(&store, 1), Some(day("2026-12-12")));
}

#[test]
fn a_deal_of_a_source_that_an_import_tells_nothing_new_of_is_not_judged_again() {
    let store = store();
    take(&store, &[row("1"), row("2")]);
    let mark = "UPDATE deal_eval SET spent = 77";
    store.conn.execute(mark, []).unwrap();

    let moved = Incoming {
        next_step: Some("Call".into()),
        ..row("2")
    };
    take(&store, &[row("1"), moved]);

    let spent = |deal| -> f64 {
        store
            .conn
            .query_row("SELECT spent FROM deal_eval WHERE deal = ?1", [deal], |r| {
                r.get(0)
            })
            .unwrap()
    };
    assert!((spent(1) - 77.0).abs() < 1e-9);
    assert!(spent(2).abs() < 1e-9);

    let newer = Plan {
        facts: Facts {
            last_activity: true,
            next_step: true,
            ..Facts::default()
        },
        ..plan()
    };
    take_with(&store, newer, &[row("1")]);
    assert!(spent(1).abs() < 1e-9);
}

#[test]
fn the_end_of_an_import_tells_what_it_is_at() {
    let store = store();
    take(&store, &[row("1"), row("2")]);
    let newer = Plan {
        facts: Facts {
            last_activity: true,
            next_step: true,
            ..Facts::default()
        },
        ..plan()
    };
    let mut intake = Intake::begin(&store, newer, stamp()).unwrap();
    intake.row(row("3")).unwrap();
    let mut told = Vec::new();
    let tell = &mut |ending| {
        told.push(ending);
        Ok(())
    };
    intake.finish_telling(tell).unwrap();

    told.dedup();
    let judging = |done, of| Ending::Judging {
        done,
        of,
        is_in: true,
    };
    // The two that were there, of which more is known now.
    assert_eq!(told, [Ending::Sorting, judging(0, 2), judging(2, 2)]);
}

#[test]
fn stopping_an_import_at_its_end_takes_it_back_until_it_is_in() {
    let store = store();
    let deals = || store.overview(&stamp()).unwrap().deals;
    let stopped = |at: fn(Ending) -> bool| {
        let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
        intake.row(row("1")).unwrap();
        intake.finish_telling(&mut |ending| {
            if at(ending) {
                return Err(StoreError::Cancelled);
            }
            Ok(())
        })
    };

    let sorting = stopped(|ending| ending == Ending::Sorting);
    assert!(matches!(sorting, Err(StoreError::Cancelled)));
    assert_eq!(deals(), 0);

    let judging = stopped(|ending| !ending.can_be_taken_back());
    assert!(judging.is_ok());
    assert_eq!(deals(), 1);
}

#[test]
fn a_load_into_an_empty_file_counts_ages_beside_its_indexes_and_forgets_them_when_it_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let judge = Judge::new(Vec::new(), Thresholds::default());
    let file = Store::open(&path, Access::Create, stamp().at, judge).unwrap();
    let made_before = |id: &str, days| Incoming {
        created: Some(stamp().today - chrono::Days::new(days)),
        ..row(id)
    };
    let won = |n: u64| Incoming {
        status: Status::Won,
        closed: Some(stamp().today),
        ..made_before(&format!("W{n}"), 100)
    };
    let mut rows = vec![made_before("1", 90), made_before("2", 101)];
    rows.extend((0..20).map(won));
    let ages = |store: &Store| -> u32 {
        let counted = store
            .conn()
            .query_row("SELECT count(*) FROM won_age", [], |r| r.get(0));
        counted.unwrap()
    };
    let red = |store: &Store| -> Vec<bool> {
        let sql = "SELECT signals LIKE '%;open-long red%' FROM deal_eval ORDER BY deal";
        let mut statement = store.conn().prepare(sql).unwrap();
        let all = statement.query_map([], |r| r.get(0)).unwrap();
        all.collect::<Result<_, _>>().unwrap()
    };

    let mut intake = Intake::begin(&file, plan(), stamp()).unwrap();
    for row in &rows {
        intake.row(row.clone()).unwrap();
    }
    let mut sorted = 0;
    let stopped = intake.finish_telling(&mut |ending| {
        sorted += u32::from(ending == Ending::Sorting);
        if sorted == 2 {
            assert_eq!(ages(&file), 1, "they are counted by then");
            return Err(StoreError::Cancelled);
        }
        Ok(())
    });
    assert!(matches!(stopped, Err(StoreError::Cancelled)));
    file.renew_day(stamp().today, |_| Ok(())).unwrap();
    assert_eq!(ages(&file), 0);

    take(&file, &rows);
    assert_eq!(red(&file), [false, true]);
    // With nothing beside it, all is counted when it is in.
    let memory = store();
    take(&memory, &rows);
    assert_eq!(red(&memory), red(&file));
}

#[test]
fn won_deals_that_move_the_line_have_those_judged_again_that_it_passed() {
    let store = store();
    let made_before = |id: &str, days| Incoming {
        created: Some(stamp().today - chrono::Days::new(days)),
        ..row(id)
    };
    let won = |n: u64, took| Incoming {
        status: Status::Won,
        closed: Some(stamp().today),
        ..made_before(&format!("W{n}"), took)
    };
    let open = [("1", 90), ("2", 101), ("3", 300)].map(|(id, age)| made_before(id, age));
    let first: Vec<Incoming> = open
        .into_iter()
        .chain((0..20).map(|n| won(n, 100)))
        .collect();
    take(&store, &first);
    let signals = || -> Vec<(f64, bool)> {
        let sql = "SELECT spent, signals LIKE '%;open-long red%' FROM deal_eval ORDER BY deal";
        let mut statement = store.conn().prepare(sql).unwrap();
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get::<_, Option<bool>>(1)?)));
        let rows = rows.unwrap().map(Result::unwrap);
        rows.map(|(spent, is_red)| (spent, is_red.unwrap_or(false)))
            .collect()
    };
    assert_eq!(signals(), [(0.0, false), (0.0, true), (0.0, true)]);
    let mark = "UPDATE deal_eval SET spent = 77";
    store.conn().execute(mark, []).unwrap();

    let longer: Vec<Incoming> = (20..40).map(|n| won(n, 200)).collect();
    take(&store, &longer);

    assert_eq!(signals(), [(77.0, false), (0.0, false), (77.0, true)]);
}

#[test]
fn a_deal_of_an_import_that_was_taken_back_keeps_its_number_from_the_next_one() {
    let mut store = store();
    take(&store, &[row("1")]);
    let (taken, _) = take_with(&store, plan(), &[row("2"), row("3")]);
    let ben = Stamp {
        who: "Ben".into(),
        ..stamp()
    };
    store.undo_action(&ben, taken.action.unwrap()).unwrap();

    take(&store, &[row("4"), row("5")]);
    store.redo(&ben, true).unwrap();

    let keys: Vec<(i64, String)> = store
        .conn
        .prepare("SELECT id, key FROM deal ORDER BY id")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let keys: Vec<(i64, &str)> = keys.iter().map(|(id, key)| (*id, key.as_str())).collect();
    assert_eq!(keys, [(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")]);
}

/// A noticed move that a history replaces, and rows of both kinds in one chunk: the numbers of
/// the removed ones stay free, and the import is taken back whole.
#[test]
fn an_import_that_replaced_rows_is_taken_back_whole() {
    let mut store = store();
    take(&store, &[row("1"), row("2")]);
    let mut moved = row("1");
    moved.stage = Some("Contract".into());
    take(&store, &[moved.clone()]);
    let moves = |store: &Store| -> Option<String> {
        let sql = "SELECT group_concat(id) FROM (SELECT id FROM move ORDER BY id)";
        store.conn.query_row(sql, [], |r| r.get(0)).unwrap()
    };
    let before = moves(&store);
    assert!(before.is_some());
    let told = |on: &str| IncomingMove {
        day: day(on),
        field: "stage",
        old: Some("Proposal".into()),
        new: Some("Contract".into()),
    };
    moved.entered = vec![told("2026-11-02")];
    let mut fresh = row("9");
    fresh.entered = vec![told("2026-11-03"), told("2026-11-04")];
    let (taken, _) = take_with(&store, plan(), &[moved, fresh]);

    let done = store.undo_action(&stamp(), taken.action.unwrap()).unwrap();

    assert!(done.left.is_empty(), "{:?}", done.left);
    assert_eq!(moves(&store), before);
}
