//! Counted work: what one key costs must not grow with the pipeline.
//!
//! Time is too noisy to assert, so these tests count what SQLite does: the instructions of its
//! virtual machine, in units of a hundred, for each thing that a key asks of the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;

use super::*;
use crate::domain::act::{FireSheet, TouchSheet};
use crate::domain::answer::AnswerKey;
use crate::domain::deal::{Direction, Status};
use crate::domain::hours::Channel;
use crate::domain::locale::DayOrder;
use crate::domain::query::{Filter, Order};
use crate::domain::verdict::Thresholds;
use crate::domain::view::View;

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn stamp() -> Stamp {
    Stamp {
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        today: today(),
        who: "Ana".into(),
        place: Place::Cockpit,
        session: "one".into(),
    }
}

/// A pipeline of `n` deals, half of them open, with close dates all over the year.
fn pipeline(n: u32) -> Store {
    let judge = Judge::new(Vec::new(), Thresholds::default());
    let store = Store::in_memory(stamp().at, judge).unwrap();
    let facts = Facts {
        next_step: true,
        ..Facts::default()
    };
    let plan = Plan {
        source: "t".into(),
        files: vec!["t.csv".into()],
        take_theirs: false,
        facts,
        record_day: None,
    };
    let mut intake = Intake::begin(&store, plan, stamp()).unwrap();
    let source: Arc<str> = Arc::from("t");
    for i in 0..n {
        let day = |offset: u32| today().checked_add_days(chrono::Days::new(u64::from(offset)));
        let row = Incoming {
            source: Arc::clone(&source),
            key: i.to_string(),
            external_id: Some(i.to_string()),
            title: format!("Rollout {i}"),
            account: Some(format!("Account {}", i % 977)),
            contact: None,
            owner: Some(format!("Owner {}", i % 7)),
            stage: None,
            phase: None,
            pipeline: None,
            amount: None,
            probability: None,
            status: if i % 2 == 0 {
                Status::Open
            } else {
                Status::Lost
            },
            created: None,
            expected_close: day(100 + i % 365),
            closed: None,
            lost_reason: None,
            last_activity: None,
            stage_changed: None,
            entered: Vec::new(),
            updated: None,
            next_step: (i % 3 == 0).then(|| "call".to_owned()),
            next_step_due: None,
            lead_source: None,
            product: None,
            description: None,
            is_cut: false,
            assumed: Assumed::default(),
        };
        intake.row(row).unwrap();
    }
    intake.finish().unwrap();
    let mut store = store;
    while store.index_search(50_000).unwrap() > 0 {}
    store
}

/// Hundreds of instructions that some work on a store takes.
fn cost(store: &mut Store, work: impl FnOnce(&mut Store)) -> u64 {
    let count = store.count_work();
    work(store);
    store
        .conn
        .progress_handler(100, None::<fn() -> bool>)
        .unwrap();
    count.load(Ordering::Relaxed)
}

impl Store {
    /// Begins to count what SQLite does, in hundreds of instructions.
    pub(crate) fn count_work(&mut self) -> Arc<AtomicU64> {
        let count = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&count);
        let tick = move || {
            seen.fetch_add(1, Ordering::Relaxed);
            false
        };
        self.conn.progress_handler(100, Some(tick)).unwrap();
        count
    }

    /// How many rows a table has.
    pub(crate) fn count_of(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM \"{table}\"");
        self.conn.query_row(&sql, [], |r| r.get(0)).unwrap()
    }
}

/// A call of theirs on a deal, of today.
fn touch(deal: DealId) -> Act {
    Act::TouchAdd {
        deal,
        touch: TouchSheet {
            minutes: Some(20),
            ..TouchSheet::on(today(), Direction::In, Channel::Call)
        },
    }
}

/// The deals that are judged anew by some work: all others keep a figure that no judgement gives.
fn judged(store: &mut Store, work: impl FnOnce(&mut Store)) -> Vec<i64> {
    let wrong = "UPDATE deal_eval SET coverage = -7";
    store.conn.execute(wrong, []).unwrap();
    work(store);
    let renewed = "SELECT deal FROM deal_eval WHERE coverage IS NOT -7 ORDER BY deal";
    let mut statement = store.conn.prepare(renewed).unwrap();
    let deals = statement.query_map([], |r| r.get(0)).unwrap();
    deals.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_touch_judges_one_deal_and_a_new_day_only_what_changes_by_itself() {
    let mut store = pipeline(1_000);

    let by_touch = judged(&mut store, |s| {
        s.act(&stamp(), &touch(DealId(21))).unwrap();
    });
    let by_undo = judged(&mut store, |s| {
        s.undo(&stamp()).unwrap();
    });
    let due: Vec<i64> = vec![41, 43, 45];
    let by_day = judged(&mut store, |s| {
        let early = "UPDATE deal_eval SET valid_until = '2026-11-24' WHERE deal BETWEEN 41 AND 49";
        let all_of_it = "UPDATE deal_eval SET holds_until = '2026-11-24'
                         WHERE deal IN (41, 43, 45)";
        // The hours of the others are renewed, and no more of them.
        s.conn.execute(early, []).unwrap();
        s.conn.execute(all_of_it, []).unwrap();
        s.renew_day(today() + chrono::Days::new(1), |_| Ok(()))
            .unwrap();
    });

    assert_eq!((by_touch, by_undo), (vec![21], vec![21]));
    assert_eq!(by_day, due);
}

/// What a key asks of the store.
type Key = Box<dyn Fn(&mut Store)>;

/// What a person does all day, each by name.
fn keys() -> Vec<(&'static str, Key)> {
    let search = |text: &'static str| ListQuery {
        text: text.into(),
        filter: Some(Filter::parse(text, DayOrder::DayFirst).unwrap()),
        ..ListQuery::default()
    };
    let deal = DealId(21);
    vec![
        (
            "the sitting",
            Box::new(|s: &mut Store| {
                assert!(
                    s.index(&ListQuery::default(), today(), "Ana")
                        .unwrap()
                        .ids
                        .len()
                        <= 25
                );
            }),
        ),
        (
            "a window of rows",
            Box::new(|s: &mut Store| {
                let ids: Vec<DealId> = (100..220).map(DealId).collect();
                assert_eq!(s.rows(&ids).unwrap().len(), 120);
            }),
        ),
        (
            "one deal",
            Box::new(move |s: &mut Store| {
                assert!(s.detail(deal).unwrap().is_some());
            }),
        ),
        (
            "the first hits of a search",
            Box::new(move |s: &mut Store| {
                let hits = s.first_hits(&search("rollout")).unwrap().unwrap();
                assert_eq!(hits, (1..=50).collect::<Vec<_>>());
            }),
        ),
        (
            "an answer",
            Box::new(move |s: &mut Store| {
                let key = AnswerKey::parse("2").unwrap();
                let act = Act::Answer {
                    deal,
                    question: "PRB1".into(),
                    key,
                    evidence: None,
                };
                s.act(&stamp(), &act).unwrap();
            }),
        ),
        (
            "a touch",
            Box::new(move |s: &mut Store| {
                s.act(&stamp(), &touch(deal)).unwrap();
            }),
        ),
        (
            "a decision",
            Box::new(move |s: &mut Store| {
                let act = Act::Fire {
                    deals: vec![deal],
                    sheet: FireSheet::default(),
                };
                s.act(&stamp(), &act).unwrap();
            }),
        ),
        (
            "an undo",
            Box::new(|s: &mut Store| {
                s.undo(&stamp()).unwrap();
            }),
        ),
        (
            "a page of the journal",
            Box::new(|s: &mut Store| {
                assert!(!s.journal(None, None, None, 200).unwrap().is_empty());
            }),
        ),
        (
            "the journal of one deal",
            Box::new(move |s: &mut Store| {
                assert!(!s.journal(Some(deal), None, None, 200).unwrap().is_empty());
            }),
        ),
        (
            "a new day on which nothing changes",
            Box::new(|s: &mut Store| {
                assert_eq!(s.renew_some(today()).unwrap(), Renewal::Done);
            }),
        ),
    ]
}

#[test]
fn no_key_costs_more_in_a_hundred_times_larger_pipeline() {
    let (mut small, mut large) = (pipeline(1_000), pipeline(100_000));
    let mut dearer = Vec::new();

    for (name, key) in keys() {
        let in_small = cost(&mut small, &key);
        let in_large = cost(&mut large, &key);
        // Half as much again, and a few steps for the deeper trees.
        if in_large > in_small + in_small / 2 + 3 {
            dearer.push(format!(
                "{name}: {in_small}00 and {in_large}00 instructions"
            ));
        }
    }

    // The header counts the deals of each view up to a thousand, and no further.
    let header = |s: &mut Store| assert!(s.overview(&stamp()).unwrap().to_decide > 0);
    // What the first frame shows of a list is its beginning, however long it is.
    let beginning = |s: &mut Store| {
        let open = ListQuery {
            view: View::Open,
            ..ListQuery::default()
        };
        let begun = s.index_begin(&open, today(), "Ana", 301).unwrap();
        assert_eq!(begun.ids.len(), 301);
    };
    let mut middling = pipeline(3_000);
    let works: [(&str, Key); 2] = [
        ("the header", Box::new(header)),
        ("the beginning of a list", Box::new(beginning)),
    ];
    for (name, work) in &works {
        let (in_some, in_many) = (cost(&mut middling, work), cost(&mut large, work));
        if in_many > in_some + in_some / 10 {
            dearer.push(format!("{name}: {in_some}00 and {in_many}00 instructions"));
        }
    }

    assert!(dearer.is_empty(), "{dearer:#?}");
}

#[test]
fn what_a_key_asks_for_is_found_by_an_index() {
    let store = pipeline(10);
    let plan = |sql: &str| -> String {
        let mut statement = store
            .conn
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let lines: Vec<String> = statement
            .query_map([], |r| r.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        lines.join("; ")
    };

    let sitting = plan(
        "SELECT deal FROM deal_eval WHERE tier = 1
         ORDER BY tier, at_stake DESC, spent DESC, last_act, made, deal LIMIT 25",
    );
    assert!(
        sitting.contains("USING COVERING INDEX deal_eval_queue"),
        "{sitting}"
    );
    assert!(!sitting.contains("TEMP B-TREE"), "{sitting}");
    let due = plan("SELECT EXISTS(SELECT 1 FROM deal_eval WHERE valid_until <= '2026-11-23')");
    assert!(due.contains("deal_eval_valid"), "{due}");
    let identity = plan("SELECT id FROM deal WHERE source = 's' AND key = 'k'");
    assert!(identity.contains("deal_key"), "{identity}");
    let journal = plan("SELECT id FROM change WHERE action = 1 ORDER BY id");
    assert!(journal.contains("change_action"), "{journal}");
}

#[test]
fn an_order_of_the_whole_pipeline_lists_every_deal_once() {
    let store = pipeline(1_000);

    for order in Order::ALL {
        let query = ListQuery {
            view: View::All,
            order,
            ..ListQuery::default()
        };
        let mut ids = store.index(&query, today(), "Ana").unwrap().ids;
        ids.sort_unstable();
        assert!(ids.iter().copied().eq(1..=1_000), "{order}");
    }
}

#[test]
fn a_statement_is_not_planned_anew_for_another_deal() {
    let store = pipeline(20);
    let sql = "SELECT id FROM touch WHERE deal = ?1 ORDER BY at, id";
    let mut touches = store.conn().prepare(sql).unwrap();

    for deal in 1..=20 {
        let mut rows = touches.query([deal]).unwrap();
        assert!(rows.next().unwrap().is_none());
    }

    assert_eq!(touches.get_status(rusqlite::StatementStatus::RePrepare), 0);
}
