//! What undo and redo refuse: what a later action that stands wrote too, and nothing else.

use super::*;
use crate::domain::act::{DealField, FieldValue, FireSheet, Typed};
use crate::domain::deal::Decision;
use crate::domain::verdict::Thresholds;

fn stamp(who: &str) -> Stamp {
    Stamp {
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        today: "2026-11-23".parse().unwrap(),
        who: who.into(),
        place: Place::Cockpit,
        session: "one".into(),
    }
}

fn store() -> Store {
    let judge = Judge::new(Vec::new(), Thresholds::default());
    Store::in_memory(stamp("Ana").at, judge).unwrap()
}

fn done(store: &mut Store, who: &str, act: &Act) -> ActionId {
    store.act(&stamp(who), act).unwrap().action.unwrap()
}

fn set(field: DealField, value: &str) -> Vec<FieldValue> {
    let value = Some(Typed::Text(value.into()));
    vec![FieldValue { field, value }]
}

fn deal(store: &mut Store) -> DealId {
    let fields = set(DealField::Account, "Northwind");
    let added = store.act(&stamp("Ana"), &Act::Add { fields }).unwrap();
    added.deals[0]
}

fn title(deal: DealId, title: &str) -> Act {
    let fields = set(DealField::Title, title);
    Act::Edit { deal, fields }
}

fn note(deal: DealId, text: &str) -> Act {
    let text = text.to_owned();
    Act::Note { deal, text }
}

fn fire(deal: DealId) -> Act {
    Act::Fire {
        deals: vec![deal],
        sheet: FireSheet::default(),
    }
}

fn reinstate(deal: DealId) -> Act {
    Act::Reinstate {
        deal,
        terms: "the signer called".into(),
    }
}

fn decision(store: &Store, deal: DealId) -> Decision {
    store.detail(deal).unwrap().unwrap().deal.decision
}

fn title_of(store: &Store, deal: DealId) -> String {
    let name = store.detail(deal).unwrap().unwrap().deal.title;
    name.expose_for_storage().to_owned()
}

#[track_caller]
fn refused(store: &mut Store, action: ActionId, by: ActionId) {
    let error = store.undo_action(&stamp("Ana"), action).unwrap_err();
    assert!(matches!(error, StoreError::UndoConflict { .. }), "{error}");
    let words = format!("action {by}, ");
    assert!(error.to_string().contains(&words), "{error}");
}

#[test]
fn the_first_of_two_firings_is_not_taken_back_under_the_second() {
    let mut store = store();
    let deal = deal(&mut store);
    let first = done(&mut store, "Ana", &fire(deal));
    let back = done(&mut store, "Ana", &reinstate(deal));
    let second = done(&mut store, "Ben", &fire(deal));

    refused(&mut store, first, second);

    assert_eq!(decision(&store, deal), Decision::Fired);
    store.undo_action(&stamp("Ben"), second).unwrap();
    refused(&mut store, first, back);
    store.undo_action(&stamp("Ana"), back).unwrap();
    store.undo_action(&stamp("Ana"), first).unwrap();
    assert_eq!(decision(&store, deal), Decision::Undecided);
}

#[test]
fn a_later_action_on_another_field_or_row_is_in_nobodys_way() {
    let mut store = store();
    let deal = deal(&mut store);
    let named = done(&mut store, "Ana", &title(deal, "Rollout"));
    let said = done(&mut store, "Ana", &note(deal, "they shout"));
    done(&mut store, "Ben", &note(deal, "they shout again"));
    done(&mut store, "Ben", &fire(deal));

    store.undo_action(&stamp("Ana"), named).unwrap();
    store.undo_action(&stamp("Ana"), said).unwrap();

    assert_eq!(decision(&store, deal), Decision::Fired);
    assert_eq!(store.detail(deal).unwrap().unwrap().notes.len(), 1);
}

#[test]
fn what_was_taken_back_is_in_nobodys_way_until_it_is_done_again() {
    let mut store = store();
    let deal = deal(&mut store);
    let ana = stamp("Ana");
    let first = done(&mut store, "Ana", &title(deal, "one"));
    let second = done(&mut store, "Ana", &title(deal, "two"));
    let third = done(&mut store, "Ana", &title(deal, "one"));
    refused(&mut store, first, third);
    let back = store.undo_action(&ana, third).unwrap().action.unwrap();
    refused(&mut store, first, second);
    let again = store.undo_action(&ana, back).unwrap().action.unwrap();
    refused(&mut store, first, third);
    store.undo_action(&ana, again).unwrap();
    let again = store.redo(&ana, true).unwrap().action.unwrap();
    refused(&mut store, first, third);
    store.undo_action(&ana, again).unwrap();
    store.undo_action(&ana, second).unwrap();
    store.undo_action(&ana, first).unwrap();
    assert_eq!(title_of(&store, deal), "Northwind");
}

#[test]
fn what_an_undo_of_many_took_back_is_in_nobodys_way() {
    let mut store = store();
    let deal = deal(&mut store);
    let ana = stamp("Ana");
    let first = done(&mut store, "Ana", &title(deal, "one"));
    let then = done(&mut store, "Ana", &note(deal, "here"));
    let second = done(&mut store, "Ana", &title(deal, "two"));
    store.undo_action(&ana, second).unwrap();
    let third = done(&mut store, "Ana", &title(deal, "three"));

    let many = store.undo_to(&ana, then).unwrap().action.unwrap();

    let back = store.undo_action(&ana, first).unwrap().action.unwrap();
    assert_eq!(title_of(&store, deal), "Northwind");
    let redone = store.undo_action(&ana, back).unwrap().action.unwrap();
    // Done again, the third stands and the second does not.
    let again = store.undo_action(&ana, many).unwrap().action.unwrap();
    assert_eq!(title_of(&store, deal), "three");
    assert!(stands(&store, third) && !stands(&store, second));
    assert!(stands(&store, again) && !stands(&store, many));
    refused(&mut store, redone, third);
}

#[test]
fn what_was_done_again_stands_where_it_was_first_done() {
    let mut store = store();
    let deal = deal(&mut store);
    let ana = stamp("Ana");
    done(&mut store, "Ana", &title(deal, "one"));
    done(&mut store, "Ana", &title(deal, "two"));
    let third = done(&mut store, "Ana", &title(deal, "one"));
    for _ in 0..3 {
        store.undo(&ana).unwrap();
    }
    let first = store.redo(&ana, true).unwrap().action.unwrap();
    store.redo(&ana, true).unwrap();
    store.redo(&ana, true).unwrap();

    refused(&mut store, first, third);
    assert_eq!(title_of(&store, deal), "one");
}

/// A damaged file says that two actions undid each other.
#[test]
fn a_ring_of_undos_has_an_end() {
    let mut store = store();
    let deal = deal(&mut store);
    let first = done(&mut store, "Ana", &title(deal, "one"));
    let second = done(&mut store, "Ana", &title(deal, "two"));
    let ring = "UPDATE action SET undone_by = CASE id WHEN ?1 THEN ?2 ELSE ?1 END
                WHERE id IN (?1, ?2)";
    store.conn.execute(ring, (first.0, second.0)).unwrap();

    assert!(!stands(&store, first) && stands(&store, second));
}

fn stands(store: &Store, action: ActionId) -> bool {
    journal::stands(&store.conn, action.0).unwrap()
}

/// Found by the model of two writers: Ben's note had the number of the one that Ana took back.
#[test]
fn a_row_comes_back_under_its_number_though_others_were_made_since() {
    let mut store = store();
    let deal = deal(&mut store);
    let ana = stamp("Ana");
    done(&mut store, "Ana", &note(deal, "mine"));
    store.undo(&ana).unwrap();
    done(&mut store, "Ben", &note(deal, "yours"));

    store.redo(&ana, true).unwrap();

    assert_eq!(store.detail(deal).unwrap().unwrap().notes.len(), 2);
    assert_eq!(ids(&store, "note"), [1, 2]);
}

fn ids(store: &Store, table: &str) -> Vec<i64> {
    let sql = format!("SELECT id FROM {table} ORDER BY id");
    let mut rows = store.conn.prepare(&sql).unwrap();
    let ids = rows.query_map([], |r| r.get(0)).unwrap();
    ids.map(Result::unwrap).collect()
}

/// The same for every table in which the journal makes rows.
#[test]
fn no_number_is_given_twice_in_any_table() {
    let store = store();
    for entity in vocabulary::ENTITIES {
        let (word, table) = (entity.word, entity.table);
        let free = || journal::unused_id(&store.conn, word, table).unwrap();
        let before: Option<i64> = free();
        assert_eq!(before, None, "{table}: SQLite counts by itself");
        let highest = ids(&store, table).last().copied().unwrap_or(0);
        let add = "INSERT INTO action(at, who, place, session, kind, what, state)
                   VALUES('2026-11-23', 'Ana', 'command', 'one', 'note', 'x', 'done')";
        store.conn.execute(add, []).unwrap();
        let known = highest + 7;
        store
            .conn
            .execute(
                "INSERT INTO change(action, entity, entity_id, op, fields)
                 VALUES(last_insert_rowid(), ?1, ?2, 'delete', '{}')",
                (word, known),
            )
            .unwrap();
        assert_eq!(free(), Some(known + 1), "{table}");
    }
}

/// What it costs to take back a batch of `n` rows, for each of them.
fn cost_of_a_batch(n: u32) -> f64 {
    let mut store = store();
    let deal = deal(&mut store);
    let tx = store.immediate().unwrap();
    let ana = stamp("Ana");
    let mut journal = Journal::begin(&tx, &ana, "note", "many notes").unwrap();
    for at in 0..n {
        let fields = [
            ("deal", deal.0.into()),
            ("at", "2026-11-23T09:00:00Z".into()),
            ("who", "Ana".into()),
            ("text", format!("note {at}").into()),
        ];
        let id = journal.insert("note", None, &fields).unwrap();
        journal
            .update("note", id, &[("text", "another".into())])
            .unwrap();
    }
    journal.finish("many notes").unwrap();
    tx.commit().unwrap();
    let count = store.count_work();
    store.undo(&ana).unwrap();
    count.load(std::sync::atomic::Ordering::Relaxed) as f64 / f64::from(n)
}

#[test]
fn undo_of_ten_times_as_much_costs_ten_times_as_much() {
    let (few, many) = (cost_of_a_batch(300), cost_of_a_batch(3_000));
    assert!(many < few * 1.5, "{few} and {many} for each row");
}

#[test]
fn a_deal_that_was_added_with_a_field_given_twice_is_taken_back() {
    let mut store = store();
    let fields = [
        set(DealField::Account, "Northwind"),
        set(DealField::Description, "they called"),
        set(DealField::Description, "they wrote"),
    ];
    let fields = fields.concat();
    let added = store.act(&stamp("Ana"), &Act::Add { fields }).unwrap();
    let deal = added.deals[0];
    let detail = store.detail(deal).unwrap().unwrap();
    let told = detail.deal.description.unwrap();
    assert_eq!(told.expose_for_storage(), "they wrote");
    done(&mut store, "Ana", &note(deal, "a word"));

    store.undo(&stamp("Ana")).unwrap();
    store.undo(&stamp("Ana")).unwrap();

    assert!(store.detail(deal).unwrap().is_none());
}
