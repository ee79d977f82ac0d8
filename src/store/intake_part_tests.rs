//! What rows beside the deals may and may not do to a pipeline.

use super::*;
use crate::domain::hours::Channel;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn stamp_on(today: &str) -> Stamp {
    Stamp {
        at: format!("{today}T09:00:00Z").parse().unwrap(),
        today: day(today),
        who: "Ana".into(),
        place: super::super::journal::Place::Command,
        session: "one".into(),
    }
}

fn stamp() -> Stamp {
    stamp_on("2026-11-23")
}

fn store() -> Store {
    let judge = super::eval::Judge::new(Vec::new(), crate::domain::verdict::Thresholds::default());
    let store = Store::in_memory(stamp().at, judge).unwrap();
    store
        .conn()
        .execute_batch(
            "INSERT INTO deal(id, source, key, title, account, status, created) VALUES
             (1, 'hubspot', '1', 'Plant', 'Northwind', 'open', '2026-08-01'),
             (2, 'hubspot', '2', 'Yard', 'Contoso', 'open', '2026-08-01'),
             (3, 'hubspot', '3', 'Roof', 'Contoso', 'lost', '2026-08-01'),
             (4, 'hubspot', '4', 'Gate', 'Fabrikam', 'open', '2026-08-01'),
             (5, 'hubspot', '5', 'Wall', 'Fabrikam', 'open', '2026-08-01')",
        )
        .unwrap();
    store
}

fn plan() -> Plan {
    Plan {
        source: "hubspot".into(),
        files: vec!["calls.csv".into()],
        take_theirs: false,
        record_day: None,
        facts: Facts {
            activity: true,
            ..Facts::default()
        },
    }
}

fn call(id: &str, belongs: Belongs, on: &str) -> Part {
    Part {
        source: Arc::from("hubspot"),
        belongs,
        kind: PartKind::Touch(Box::new(IncomingTouch {
            external_id: id.into(),
            at: on.into(),
            day: day(&on[..10]),
            local: None,
            direction: Some(crate::domain::deal::Direction::In),
            channel: Channel::Call,
            minutes: Some(20),
            status: Some("held"),
            words: None,
            curt: None,
            document: None,
            asks_info: None,
            contacts: Some("Dana Fox".into()),
            people: None,
            text: None,
        })),
        place: (0, 1, 1),
    }
}

fn of_deal(id: &str) -> Belongs {
    Belongs {
        deals: vec![id.into()],
        ..Belongs::default()
    }
}

fn of_account(name: &str) -> Belongs {
    Belongs {
        account: Some(name.into()),
        ..Belongs::default()
    }
}

fn take(store: &Store, parts: &[Part]) -> Taken {
    let mut intake = Intake::begin(store, plan(), stamp()).unwrap();
    for part in parts {
        intake.part(part).unwrap();
    }
    intake.finish().unwrap()
}

fn count(store: &Store, sql: &str) -> i64 {
    store.conn().query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn an_activity_of_an_account_goes_to_its_only_deal_that_was_open_then() {
    let store = store();

    take(
        &store,
        &[
            call("a", of_account("contoso"), "2026-11-02"),
            call("b", of_account("Fabrikam"), "2026-11-02"),
            call("c", of_account("Contoso"), "2026-07-02"),
            call("d", of_deal("99"), "2026-11-02"),
        ],
    );

    let deal = |id: &str| -> Option<i64> {
        store
            .conn()
            .query_row("SELECT deal FROM touch WHERE external_id = ?1", [id], |r| {
                r.get(0)
            })
            .unwrap()
    };
    assert_eq!(
        (deal("a"), deal("b"), deal("c"), deal("d")),
        (Some(2), None, None, None)
    );
}

#[test]
fn a_row_that_stands_twice_is_taken_once_and_a_contradiction_is_named() {
    let store = store();

    let taken = take(
        &store,
        &[
            call("a", of_deal("1"), "2026-11-02"),
            call("a", of_deal("1"), "2026-11-02"),
            call("a", of_deal("1"), "2026-11-03"),
        ],
    );

    let c = taken.counts;
    assert_eq!((c.new, c.same, c.conflict), (1, 1, 1));
    let again = take(&store, &[call("a", of_deal("1"), "2026-11-02")]);
    assert_eq!((again.counts.same, again.action), (1, None));
}

#[test]
fn a_typed_touch_and_its_imported_copy_are_one() {
    let store = store();
    store
        .conn()
        .execute_batch(
            "INSERT INTO touch(id, deal, source, at, direction, channel, typed, text)
             VALUES(7, 1, 'walkaway', '2026-11-02', 'in', 'call', 1, 'they asked for a quote')",
        )
        .unwrap();
    let copy = [call("a", of_deal("1"), "2026-11-02T10:00:00Z")];

    let taken = take(&store, &copy);
    let again = take(&store, &copy);

    assert_eq!(taken.counts.updated, 1);
    assert_eq!(again.counts.same, 1);
    let row: (String, i64, String) = store
        .conn()
        .query_row("SELECT at, minutes, text FROM touch", [], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })
        .unwrap();
    assert_eq!(
        row,
        (
            "2026-11-02T10:00:00Z".into(),
            20,
            "they asked for a quote".into()
        )
    );
}

#[test]
fn undo_takes_touches_back_but_for_those_changed_since_and_redo_brings_them() {
    let mut store = store();
    let taken = take(
        &store,
        &[
            call("a", of_deal("1"), "2026-11-02"),
            call("b", of_deal("2"), "2026-11-02"),
        ],
    );
    let tx = store.immediate().unwrap();
    let mut journal = Journal::begin(&tx, &stamp(), "touch", "Corrected a touch").unwrap();
    let id = count(&store, "SELECT id FROM touch WHERE external_id = 'b'");
    journal
        .update("touch", id, &[("minutes", serde_json::json!(5))])
        .unwrap();
    journal.finish("Corrected a touch").unwrap();
    tx.commit().unwrap();

    let kept = take(&store, &[call("b", of_deal("2"), "2026-11-02")]);
    let done = store.undo_action(&stamp(), taken.action.unwrap()).unwrap();

    assert_eq!(kept.counts.same, 1, "what a person changed stays");
    assert_eq!(count(&store, "SELECT count(*) FROM touch"), 1);
    assert!(done.left[0].contains('2'), "{:?}", done.left);
    store.redo(&stamp(), false).unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM touch"), 2);
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let store = store();
    let mut intake = Intake::begin(&store, plan(), stamp()).unwrap();
    intake.part(&call("a", of_deal("1"), "2026-11-02")).unwrap();
    intake
        .account(&Arc::from("hubspot"), "9", "Northwind")
        .unwrap();
    intake.flush().unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM touch"), 1);

    intake.cancel().unwrap();

    assert_eq!(count(&store, "SELECT count(*) FROM touch"), 0);
    assert_eq!(count(&store, "SELECT count(*) FROM account"), 0);
}

#[test]
fn an_inbound_touch_brings_a_fired_deal_back_and_ends_a_hold() {
    let store = store();
    store
        .conn()
        .execute_batch(
            "UPDATE deal SET decision = 'fired' WHERE id = 1;
             UPDATE deal SET decision = 'hold' WHERE id = 2;
             INSERT INTO decision(deal, kind, at, day, who) VALUES
               (1, 'fired', '2026-11-10T09:00:00Z', '2026-11-10', 'Ana'),
               (2, 'hold', '2026-11-10T09:00:00Z', '2026-11-10', 'Ana');
             INSERT INTO hold(deal, what, until, starts) VALUES(2, 'budget', '2027-03-01', '2026-11-10');",
        )
        .unwrap();
    store.renew_all(stamp().today).unwrap();
    let due = |deal: i64| -> Option<String> {
        store
            .conn()
            .query_row("SELECT due FROM deal_eval WHERE deal = ?1", [deal], |r| {
                r.get(0)
            })
            .unwrap()
    };
    assert_eq!((due(1), due(2)), (None, None));

    take(
        &store,
        &[
            call("a", of_deal("1"), "2026-11-20"),
            call("b", of_deal("2"), "2026-11-20"),
        ],
    );

    assert_eq!(due(1).as_deref(), Some("came_back"));
    assert_eq!(due(2).as_deref(), Some("hold"));
}

/// A row that an import makes never has the number of one that may come back.
#[test]
fn what_was_taken_back_comes_back_under_its_number_though_an_import_made_rows_since() {
    let mut store = store();
    let ben = super::super::journal::Stamp {
        who: "Ben".into(),
        ..stamp()
    };
    let act = crate::domain::act::Act::Note {
        deal: DealId(1),
        text: "they shout".into(),
    };
    store.act(&ben, &act).unwrap();
    store.undo(&ben).unwrap();
    let first = take(&store, &[call("7", of_deal("1"), "2026-11-20T10:00:00Z")]);
    store.undo_action(&ben, first.action.unwrap()).unwrap();
    let said = |id: &str| Part {
        kind: PartKind::Note(Box::new(IncomingNote {
            at: "2026-11-20T10:00:00Z".into(),
            day: day("2026-11-20"),
            who: None,
            text: format!("note {id}"),
        })),
        ..call(id, of_deal("2"), "2026-11-20T10:00:00Z")
    };
    let more = [
        said("8"),
        said("9"),
        call("10", of_deal("2"), "2026-11-21T10:00:00Z"),
        call("11", of_deal("2"), "2026-11-22T10:00:00Z"),
    ];
    take(&store, &more);

    store.redo(&ben, true).unwrap();
    store.redo(&ben, true).unwrap();

    let all = |table: &str| {
        let sql = format!("SELECT group_concat(id) FROM (SELECT id FROM {table} ORDER BY id)");
        store.conn().query_row(&sql, [], |r| r.get::<_, String>(0))
    };
    assert_eq!(all("note").unwrap(), "1,2,3");
    assert_eq!(all("touch").unwrap(), "1,2,3");
}
