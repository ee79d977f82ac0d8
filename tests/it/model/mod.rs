//! The store beside a reference model, and every act taken back and done again.
//!
//! Two people write through a connection each. What they do is drawn by chance, and after each
//! deed the tables of the store are those of the plain maps. Long runs: see `support::rounds`.

mod acts;
pub mod reference;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rusqlite::Connection;
use serde_json::Value;
use walkaway::domain::act::{
    Act, ContinueSheet, DealField, FieldValue, FireSheet, HoldSheet, Typed,
};
use walkaway::domain::answer::AnswerKey;
use walkaway::domain::bank::Bank;
use walkaway::domain::deal::Status;
use walkaway::domain::ids::{ActionId, DealId};
use walkaway::domain::verdict::Thresholds;
use walkaway::store::{Access, Judge, Stamp, Store, StoreError};

use crate::support::bench::START;
use crate::support::content::{Contents, difference, look, rows, stamp, store};
use crate::support::rounds::{dice, pick, rounds, tell};
use acts::{Any, KINDS};
use reference::{Came, Deed, Pipeline, Row, TABLES};

const QUESTIONS: [&str; 5] = ["PRB1", "PWR1", "TIM1", "FIT1", "none"];

fn act_of(deed: &Deed) -> Option<Act> {
    let text = |field, value: &str| {
        vec![FieldValue {
            field,
            value: Some(Typed::Text(value.to_owned())),
        }]
    };
    Some(match deed {
        Deed::Add(account) => Act::Add {
            fields: text(DealField::Account, account),
        },
        Deed::Title(deal, title) => Act::Edit {
            deal: DealId(*deal),
            fields: text(DealField::Title, title),
        },
        Deed::Answer(deal, question, key) => Act::Answer {
            deal: DealId(*deal),
            question: question.clone(),
            key: *key,
            evidence: None,
        },
        Deed::Note(deal, text) => Act::Note {
            deal: DealId(*deal),
            text: text.clone(),
        },
        Deed::Fire(deals) => Act::Fire {
            deals: deals.iter().copied().map(DealId).collect(),
            sheet: FireSheet::default(),
        },
        Deed::Hold(deal, until) => Act::Hold {
            deals: vec![DealId(*deal)],
            sheet: HoldSheet {
                what: Some("they answer".into()),
                until: until.parse().unwrap(),
                why: None,
            },
        },
        Deed::Continue(deal, by) => Act::Continue {
            deals: vec![DealId(*deal)],
            sheet: ContinueSheet {
                next: Some("call".into()),
                due: by.parse().unwrap(),
                tripwire: Some("they sign".into()),
                by: by.parse().unwrap(),
                hours: None,
                senior: None,
            },
        },
        Deed::Reinstate(deal) => Act::Reinstate {
            deal: DealId(*deal),
            terms: "the signer called".into(),
        },
        Deed::Close(deal, status) => Act::Close {
            deals: vec![DealId(*deal)],
            status: Status::from_code(status).unwrap(),
            reason: None,
        },
        Deed::Undo | Deed::UndoAction(_) | Deed::Redo => return None,
    })
}

/// Has the store do it.
pub fn carry_out(store: &mut Store, stamp: &Stamp, deed: &Deed) -> Result<Option<i64>, StoreError> {
    let done = match (act_of(deed), deed) {
        (Some(act), _) => store.act(stamp, &act),
        (None, Deed::UndoAction(id)) => store.undo_action(stamp, ActionId(*id)),
        (None, Deed::Redo) => store.redo(stamp, true),
        (None, _) => store.undo(stamp),
    };
    Ok(done?.action.map(|action| action.0))
}

fn came(result: &Result<Option<i64>, StoreError>) -> Came {
    match result {
        Ok(Some(_)) => Came::Done,
        Ok(None) => Came::Unchanged,
        Err(
            StoreError::Refused { .. }
            | StoreError::UndoConflict { .. }
            | StoreError::Nothing { .. },
        ) => Came::Refused,
        Err(other) => panic!("{other}"),
    }
}

/// A deed on deals of which some are there.
pub fn any_deed(dice: &mut fastrand::Rng, deals: i64, latest: i64) -> Deed {
    let deal = dice.i64(1..deals + 2);
    let until = format!("2026-12-{:02}", dice.u8(1..29));
    match dice.u8(..22) {
        0 => Deed::Add(format!("Account {}", dice.u8(..4))),
        1 | 2 => Deed::Title(deal, format!("Rollout {}", dice.u8(..3))),
        3..7 => {
            let keys = AnswerKey::KEYS;
            let key = AnswerKey::parse(pick(dice, &keys).0).unwrap();
            Deed::Answer(deal, (*pick(dice, &QUESTIONS)).to_owned(), key)
        }
        7 => Deed::Note(deal, format!("note {}", dice.u8(..4))),
        8 | 9 => Deed::Fire(
            (0..dice.usize(1..3))
                .map(|_| dice.i64(1..deals + 2))
                .collect(),
        ),
        10 | 11 => Deed::Hold(deal, until),
        12 | 13 => Deed::Continue(deal, until),
        14 => Deed::Reinstate(deal),
        15 => {
            let statuses = ["open", "won", "lost"];
            Deed::Close(deal, statuses[dice.usize(..statuses.len())])
        }
        16..19 => Deed::Undo,
        19 => Deed::UndoAction(dice.i64(1..latest + 2)),
        _ => Deed::Redo,
    }
}

/// The tables of a file that the plain maps have too.
fn tables(conn: &Connection) -> BTreeMap<&'static str, BTreeMap<i64, Row>> {
    TABLES
        .iter()
        .map(|(table, columns)| {
            let sql = format!("SELECT id, {} FROM {table}", columns.join(", "));
            let mut statement = conn.prepare_cached(&sql).unwrap();
            let rows = statement.query_map([], |row| {
                let mut cells = Row::new();
                for (at, column) in columns.iter().enumerate() {
                    let cell = row.get_ref(at + 1)?;
                    let cell = match (cell.as_i64(), cell.as_str()) {
                        (Ok(number), _) => Value::from(number),
                        (_, Ok(text)) => Value::from(text),
                        (Err(_), Err(_)) => continue,
                    };
                    cells.insert(*column, cell);
                }
                Ok((row.get(0)?, cells))
            });
            (*table, rows.unwrap().map(Result::unwrap).collect())
        })
        .collect()
}

/// Asserts that a file holds what the plain maps hold.
#[track_caller]
pub fn assert_same(conn: &Connection, model: &Pipeline, when: &str) {
    for (table, rows) in tables(conn) {
        let expected = model.table(table);
        assert!(
            rows == expected,
            "{when}: {table} is\n{rows:?}\nand should be\n{expected:?}"
        );
    }
}

/// An empty file in a folder: a copy of one that the program made.
pub fn empty(folder: &tempfile::TempDir) -> std::path::PathBuf {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    let path = folder.path().join("pipeline.db");
    let made = MADE.get_or_init(|| {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        drop(Store::open(&path, Access::Create, START.parse().unwrap(), judge).unwrap());
        std::fs::read(&path).unwrap()
    });
    std::fs::write(&path, made).unwrap();
    path
}

#[test]
fn two_writers_and_the_plain_maps_always_agree() {
    let bank = Bank::default_bank();
    let mut deeds = 0;
    let mut done = 0;
    let rounds = rounds(12);
    for round in 0..rounds {
        let mut dice = dice(round);
        let folder = tempfile::tempdir().unwrap();
        let path = empty(&folder);
        let mut writers = [("Ana", store(&path)), ("Ben", store(&path))];
        let conn = look(&path);
        let mut model = Pipeline::default();
        let mut told: Vec<String> = Vec::new();
        for _ in 0..dice.usize(10..60) {
            let deals = model.table("deal").len() as i64;
            let deed = any_deed(&mut dice, deals.min(4), model.latest());
            let (who, store) = &mut writers[dice.usize(..2)];
            let session = "one";
            let expected = model.act(&bank, who, session, &deed);
            let result = carry_out(store, &stamp(who, session), &deed);
            told.push(format!("{who}: {deed:?} {expected:?}"));
            let when = format!("round {round}\n{}", told.join("\n"));
            assert_eq!(came(&result), expected, "{when}\n{result:?}");
            if let Ok(Some(action)) = result {
                assert_eq!(action, model.latest(), "{when}");
                done += 1;
            }
            assert_same(&conn, &model, &when);
            deeds += 1;
        }
        assert_derived(&writers[0].1, &conn, &format!("round {round}"));
    }
    tell(format!(
        "{rounds} sequences of two writers, {deeds} deeds, {done} of them actions: 0 differences"
    ));
}

/// Asserts that what is derived is what it would be if it were made anew.
#[track_caller]
fn assert_derived(store: &Store, conn: &Connection, when: &str) {
    let before = rows(conn, "deal_eval", "1");
    store.renew_all(reference::TODAY.parse().unwrap()).unwrap();
    let anew = rows(conn, "deal_eval", "1");
    assert_eq!(before, anew, "{when}");
}

#[test]
fn any_acts_are_taken_back_and_done_again_exactly() {
    let bank = Bank::default_bank();
    let mut kinds = std::collections::BTreeSet::new();
    let mut taken_back = 0;
    let rounds = rounds(12);
    for round in 0..rounds {
        let mut dice = dice(round);
        let folder = tempfile::tempdir().unwrap();
        let path = empty(&folder);
        let mut store = store(&path);
        let conn = look(&path);
        let ana = stamp("Ana", "one");
        let contents = Contents::of(&conn);
        let start = contents.read();
        for account in ["Northwind", "Contoso"] {
            store.act(&ana, &Any::add(account)).unwrap();
        }
        let mut actions = 2;
        let mut told = Vec::new();
        for _ in 0..dice.usize(10..80) {
            let kind = dice.usize(..KINDS);
            let mut any = Any {
                dice: &mut dice,
                bank: &bank,
                deals: 2,
            };
            let act = any.act(kind);
            let before = contents.version();
            match store.act(&ana, &act) {
                Ok(done) if done.action.is_some() => {
                    kinds.insert(kind);
                    actions += 1;
                    told.push(format!("{act:?}"));
                }
                Ok(_) | Err(StoreError::Refused { .. }) => {
                    let after = contents.version();
                    assert_eq!(after, before, "round {round}: {act:?} wrote");
                }
                Err(other) => panic!("round {round}: {act:?}: {other}"),
            }
        }
        let end = contents.read();
        for n in (0..actions).rev() {
            if let Err(error) = store.undo(&ana) {
                panic!("round {round}, back to {n}: {error}\n{}", told.join("\n"));
            }
        }
        assert!(matches!(store.undo(&ana), Err(StoreError::Nothing { .. })));
        let back = contents.read();
        assert!(
            back == start,
            "round {round}\n{}\n{}",
            difference(&start, &back),
            told.join("\n")
        );
        for _ in 0..actions {
            store.redo(&ana, true).unwrap();
        }
        let again = contents.read();
        assert!(
            again == end,
            "round {round}\n{}\n{}",
            difference(&end, &again),
            told.join("\n")
        );
        taken_back += actions;
        assert_derived(&store, &conn, &format!("round {round}"));
    }
    tell(format!(
        "{rounds} sequences, {taken_back} actions of {} kinds taken back and done again: 0 differences",
        kinds.len()
    ));
}
