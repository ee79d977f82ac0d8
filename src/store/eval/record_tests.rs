//! What is read of the tables, what it costs, and when it is read again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::{Assumed, Facts, Incoming, Intake, ListQuery, Place, Plan, Stamp, Store};
use super::day::STEP;
use super::*;
use crate::domain::locale::DayOrder;
use crate::domain::query::Filter;
use crate::domain::verdict::Thresholds;
use crate::domain::view::View;

fn today() -> NaiveDate {
    "2026-11-04".parse().unwrap()
}

fn ago(days: u64) -> NaiveDate {
    today() - chrono::Days::new(days)
}

fn stamp() -> Stamp {
    Stamp {
        at: "2026-11-04T09:00:00Z".parse().unwrap(),
        today: today(),
        who: "Ana".into(),
        place: Place::Cockpit,
        session: "one".into(),
    }
}

fn incoming(n: i64) -> Incoming {
    Incoming {
        source: Arc::from("t"),
        key: n.to_string(),
        external_id: Some(n.to_string()),
        title: format!("Rollout {n}"),
        account: Some(format!("Account {n}")),
        contact: None,
        owner: Some("Ana".into()),
        stage: Some("Needs".into()),
        phase: Some(crate::domain::phase::Phase::Middle),
        pipeline: None,
        amount: Some(crate::domain::money::Money {
            minor: 100_000,
            currency: None,
        }),
        probability: None,
        status: Status::Open,
        created: Some(ago(20)),
        expected_close: Some(today() + chrono::Days::new(40)),
        closed: None,
        lost_reason: None,
        last_activity: None,
        stage_changed: None,
        entered: Vec::new(),
        updated: None,
        next_step: Some("call".into()),
        next_step_due: None,
        lead_source: None,
        product: None,
        description: None,
        is_cut: false,
        assumed: Assumed::default(),
    }
}

/// A file of so many open deals with their activities known, as of today.
fn store(deals: i64) -> Store {
    let store = Store::in_memory(stamp().at, Judge::new(Vec::new(), Thresholds::default()));
    let store = store.unwrap();
    let plan = Plan {
        source: "t".into(),
        files: vec!["t.csv".into()],
        take_theirs: false,
        record_day: None,
        facts: Facts {
            activity: true,
            next_step: true,
            stage_moves: true,
            ..Facts::default()
        },
    };
    let mut intake = Intake::begin(&store, plan, stamp()).unwrap();
    for n in 1..=deals {
        intake.row(incoming(n)).unwrap();
    }
    intake.finish().unwrap();
    store
}

/// Writes a touch as an import would, and renews its deal.
fn touch(store: &Store, deal: i64, day: NaiveDate, rest: &str) {
    let (columns, values) = rest.split_once('=').unwrap_or(("", ""));
    store
        .conn
        .execute(
            &format!(
                "INSERT INTO touch(deal, source, at, direction, channel{columns})
                 VALUES(?1, 't', ?2, 'out', 'email'{values})"
            ),
            (deal, day),
        )
        .unwrap();
    renew(&store.conn, &store.judge, &[DealId(deal)], today()).unwrap();
}

/// The signals of a deal as they are kept: `dark amber`.
fn signals(store: &Store, deal: i64) -> Vec<String> {
    let eval = stored(&store.conn, &store.judge, DealId(deal)).unwrap();
    let signals = eval.unwrap().signals.into_iter();
    let open = signals.filter(|s| !s.settled);
    open.map(|s| format!("{} {}", s.id.code(), s.level.code()))
        .collect()
}

fn listed(store: &Store, view: View, text: &str) -> Vec<u32> {
    let query = ListQuery {
        view,
        text: text.into(),
        filter: (!text.is_empty()).then(|| Filter::parse(text, DayOrder::DayFirst).unwrap()),
        ..ListQuery::default()
    };
    let mut ids = store.index(&query, today(), "Ana").unwrap().ids;
    ids.sort_unstable();
    ids
}

#[test]
fn every_table_that_hangs_on_a_deal_is_read() {
    let store = store(1);
    store
        .conn
        .execute_batch(
            "INSERT INTO person(name, senior) VALUES('Ana', 0), ('Dana', 1);
             UPDATE deal SET phase = 'negotiation', margin = 12, stage_changed = '2026-10-01';
             INSERT INTO contact(deal, source, name, role, title) VALUES
               (1, 't', 'Kim Oh', 'user', 'Head of Plant'), (1, 't', 'Raj Rao', NULL, 'Assistant');
             INSERT INTO touch(deal, source, at, direction, channel, status, contacts, people,
               words, curt, document, asks_info, after_hours, minutes) VALUES
               (1, 't', '2026-10-02', 'out', 'meeting', 'held', 'Kim Oh', 'Ana', 3, 0, NULL, 0, 'no', 30),
               (1, 't', '2026-10-03', 'out', 'meeting', 'held', 'Raj Rao', 'Ana; Bo', 3, 0, NULL, 0, 'no', 30),
               (1, 't', '2026-10-25', 'in', 'email', 'held', 'raj rao', NULL, 1, 0, NULL, 1, 'yes', NULL),
               (1, 't', '2026-10-26', 'in', 'email', 'held', NULL, NULL, 2, 0, NULL, 1, 'yes', NULL),
               (1, 't', '2026-10-27', 'in', 'email', 'held', NULL, NULL, NULL, 1, NULL, 1, 'yes', NULL),
               (1, 't', '2026-10-28', 'out', 'quote', 'held', NULL, NULL, NULL, 0, 'Quote 7', 0, 'unknown', NULL),
               (1, 't', '2026-10-29', 'out', 'quote', 'held', NULL, NULL, NULL, 0, 'quote  7', 0, 'unknown', NULL),
               (1, 't', '2026-10-30', 'out', 'email', 'held', NULL, NULL, NULL, 0, 'QUOTE 7', 0, 'unknown', NULL),
               (1, 't', '2026-10-30', 'out', 'meeting', 'declined', NULL, NULL, NULL, 0, NULL, 0, 'unknown', 60),
               (1, 't', '2026-10-31', 'out', 'meeting', 'moved', NULL, NULL, NULL, 0, NULL, 0, 'unknown', 60);
             INSERT INTO commitment(deal, side, what, due, state, at) VALUES
               (1, 'they', 'list', '2026-10-20', 'open', '2026-10-01'),
               (1, 'we', 'quote', '2026-10-20', 'missed', '2026-10-01');
             INSERT INTO access_ask(deal, whom, day, answer, answered) VALUES
               (1, 'CFO', '2026-10-10', 'refused', '2026-10-12');
             INSERT INTO concession(deal, kind, what, at, hard_to_keep) VALUES
               (1, 'bait', 'more', '2026-10-15T09:00:00Z', 0),
               (1, 'promise', 'by May', '2026-10-15T09:00:00Z', 1);
             INSERT INTO trial_gate(deal, objectives, starts) VALUES(1, 'Kim', '2026-11-01');
             INSERT INTO move(deal, field, day, old, new, source) VALUES
               (1, 'expected_close', '2026-10-10', '2026-11-01', '2026-12-01', 't'),
               (1, 'expected_close', '2026-10-20', '2026-12-01', '2026-12-14', 't'),
               (1, 'expected_close', '2026-10-21', '2026-12-14', '2026-12-10', 't');
             INSERT INTO sign(deal, sign, at) VALUES(1, 'no-time', '2026-11-02T08:00:00Z'),
               (1, 'no-case', '2026-11-02T08:00:00Z');",
        )
        .unwrap();

    renew(&store.conn, &store.judge, &[DealId(1)], today()).unwrap();

    assert_eq!(
        signals(&store, 1),
        [
            "dark amber",
            "their-word amber",
            "trial-ungated red",
            "curt amber",
            "won't-meet amber",
            "after-hours amber",
            "re-quoted amber",
            "info-drip amber",
            "no-power red",
            "blocked red",
            "handed-down amber",
            "thin-margin red",
            "bait amber",
            "our-word amber",
            "slipped amber",
            "junior-alone amber",
        ]
    );
    let eval = stored(&store.conn, &store.judge, DealId(1))
        .unwrap()
        .unwrap();
    // Half an hour for one, half an hour for two, and the defaults of the mails and quotes.
    assert!((eval.hours.spent - rounded_hours(30 + 60 + 4 * 10 + 2 * 30)).abs() < 1e-9);
    assert_eq!(eval.last_act, Some(ago(8)));
    let by_record: Vec<String> = eval
        .recorded
        .iter()
        .map(|r| {
            format!(
                "{} {}",
                store.judge.bank()[r.question].id,
                r.answer.value.code()
            )
        })
        .collect();
    assert_eq!(by_record, ["RES2 no", "PWR1 no", "MON1 no"]);
    let rows = store
        .signal_rows(DealId(1), SignalId::ReQuoted, today())
        .unwrap();
    assert_eq!(rows, [6, 7, 8].map(SignalRow::Touch));
    for (filter, found) in [
        ("signal:re-quoted", true),
        ("signal:heavy", false),
        ("cover:no-start", true),
        ("cover:no-close", true),
        ("cover:yes", false),
        ("money:bad", true),
        ("dark:quiet", true),
    ] {
        assert_eq!(
            listed(&store, View::All, filter).len(),
            usize::from(found),
            "{filter}"
        );
    }
    for view in [View::BadMoney, View::NoSeniorAtStart] {
        assert_eq!(listed(&store, view, ""), [1]);
    }
    for view in [View::Dark, View::Dreaded] {
        assert!(listed(&store, view, "").is_empty());
    }
}

fn rounded_hours(minutes: u32) -> f64 {
    crate::domain::hours::rounded(f64::from(minutes) / 60.0)
}

#[test]
fn a_touch_renews_one_deal_and_dark_and_dread_are_found() {
    let store = store(3);
    touch(&store, 2, ago(30), "");
    store
        .conn
        .execute(
            "INSERT INTO sweep(deal, word, at) VALUES(3, 'dread', 'x')",
            [],
        )
        .unwrap();

    assert_eq!(signals(&store, 2), ["dark red"]);
    assert!(signals(&store, 1).is_empty());
    assert_eq!(listed(&store, View::Dark, ""), [2]);
    assert_eq!(listed(&store, View::All, "dark:yes"), [2]);
    assert!(listed(&store, View::All, "dark:quiet").is_empty());
    assert_eq!(listed(&store, View::Dreaded, ""), [3]);
    assert_eq!(listed(&store, View::All, "sweep:dread"), [3]);
    assert_eq!(listed(&store, View::All, "weak:problem hours>0"), [2]);
    // A topic is weak where a signal of it is on, whatever the weakest link is; so is a question
    // that the record answers with no.
    assert_eq!(listed(&store, View::All, "weak:contact"), [2]);
    assert_eq!(listed(&store, View::All, "dark:yes weak:in-touch"), [2]);
    assert_eq!(listed(&store, View::All, "-weak:contact"), [1, 3]);
    assert!(listed(&store, View::All, "weak:power").is_empty());
}

#[test]
fn a_filter_by_a_question_that_the_bank_has_not_is_refused_and_not_empty() {
    let store = store(1);
    for text in ["weak:xyzzy", "ask:xyzzy"] {
        let query = ListQuery {
            view: View::All,
            filter: Some(Filter::parse(text, DayOrder::DayFirst).unwrap()),
            ..ListQuery::default()
        };
        let refused = store.index(&query, today(), "Ana").unwrap_err();
        assert!(
            refused.to_string().contains("knows no question"),
            "{refused}"
        );
    }
}

/// Statements that reading a deal to judge it runs.
fn statements(store: &mut Store, deal: i64) -> u64 {
    let count = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&count);
    store.conn.flush_prepared_statement_cache();
    store
        .conn
        .authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
            if context.accessor.is_none()
                && matches!(context.action, rusqlite::hooks::AuthAction::Select)
            {
                seen.fetch_add(1, Ordering::Relaxed);
            }
            rusqlite::hooks::Authorization::Allow
        }))
        .unwrap();
    let sources = Sources::default();
    record(&store.conn, &store.judge, &sources, DealId(deal), today()).unwrap();
    count.load(Ordering::Relaxed)
}

#[test]
fn a_deal_of_which_nothing_happened_is_read_by_one_statement() {
    let mut store = store(2);
    touch(&store, 2, ago(3), "");

    let (bare, touched) = (statements(&mut store, 1), statements(&mut store, 2));

    assert_eq!(touched, bare + 1);
}

/// Brings a pipeline to a day, and tells how many deals that judged.
fn renew_day(store: &Store, day: NaiveDate) -> usize {
    let mut judged = 0;
    let add = |more| {
        judged += more;
        Ok(())
    };
    store.renew_day(day, add).unwrap();
    judged
}

#[test]
fn a_new_day_renews_what_changes_by_itself_and_no_other_deal() {
    let store = store(50);
    // Its record is of today, so silence grows no longer; only the hours at stake do, and the
    // sums of the hours spent.
    assert_eq!(renew_day(&store, today()), 0);
    touch(&store, 7, ago(27), "");

    let tomorrow = today() + chrono::Days::new(1);
    let before: Vec<_> = (1..=50).map(|n| signals(&store, n)).collect();
    let renewed = renew_day(&store, tomorrow);

    assert!(renewed <= 50);
    assert_eq!(renew_day(&store, tomorrow), 0, "once a day");
    let after: Vec<_> = (1..=50).map(|n| signals(&store, n)).collect();
    assert_eq!(before, after);
}

/// What is kept of every deal, as text.
fn kept(store: &Store) -> Vec<String> {
    let names = "SELECT group_concat('quote(' || name || ')', ' || '' '' || ')
                 FROM pragma_table_info('deal_eval')";
    let row: String = store.conn.query_row(names, [], |r| r.get(0)).unwrap();
    let sql = format!("SELECT {row} FROM deal_eval ORDER BY deal");
    let mut statement = store.conn.prepare(&sql).unwrap();
    let rows = statement.query_map([], |r| r.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_many_days_renew_is_what_judging_all_anew_gives() {
    let stores = [store(40), store(40)];
    for store in &stores {
        for n in 1..=40 {
            for touched in 0..n % 6 {
                let rest = [
                    "",
                    ", minutes=, 45",
                    ", people=, 'Ana; Ben'",
                    ", status=, 'no_show'",
                    ", minutes, people=, 30, 'Ana; Ben; Cleo'",
                ];
                let day = ago((n * 7 + touched * 13) as u64 % 80);
                touch(store, n, day, rest[(n + touched) as usize % 5]);
            }
            let close = today() + chrono::Days::new(n as u64 * 3);
            let dated = "UPDATE deal SET expected_close = ?2 WHERE id = ?1 AND id % 3 > 0";
            store.conn.execute(dated, (n, close)).unwrap();
        }
        // A touch of a day to come, at an hour.
        touch(store, 5, ago(1), "");
        let ahead = "UPDATE touch SET at = '2026-11-09T16:30:00Z' WHERE deal = 5";
        store.conn.execute(ahead, []).unwrap();
        store.renew_all(today()).unwrap();
    }
    let [by_the_day, anew] = &stores;
    for later in 1..=100 {
        let day = today() + chrono::Days::new(later);
        renew_day(by_the_day, day);
        anew.renew_all(day).unwrap();
        for (one, other) in kept(by_the_day).iter().zip(kept(anew)) {
            assert_eq!(*one, other, "{later} days later");
        }
    }
}

#[test]
fn a_new_day_is_many_short_transactions() {
    let store = store(2 * STEP as i64 + 20);
    let steps = |day| {
        let mut steps = Vec::new();
        loop {
            match store.renew_some(day).unwrap() {
                Renewal::Judged(deals) => steps.push(deals),
                Renewal::ToCount => {
                    store.keep(store.count(day).unwrap(), day).unwrap();
                    steps.push(0);
                }
                Renewal::Done => return steps,
            }
        }
    };
    let all_due = "UPDATE deal_eval SET valid_until = '2026-11-04', holds_until = '2026-11-04'";

    assert_eq!(steps(today()), [0; 0]);
    store.conn.execute(all_due, []).unwrap();
    assert_eq!(steps(today()), [STEP, STEP, 20]);
    store.conn.execute(all_due, []).unwrap();
    let tomorrow = today() + chrono::Days::new(1);
    // First the ages of what was won, last the sums of what was judged.
    assert_eq!(steps(tomorrow), [0, STEP, STEP, 20, 0]);
}

#[test]
fn the_whole_file_is_counted_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let judge = Judge::new(Vec::new(), Thresholds::default());
    let access = super::super::Access::Create;
    let store = Store::open(&path, access, stamp().at, judge).unwrap();
    let other = store.entrance().open().unwrap();

    let writing = other.immediate().unwrap();
    let counted = store.count(today()).unwrap();
    drop(writing);

    store.keep(counted, today()).unwrap();
}

#[test]
fn what_was_counted_before_an_import_ended_is_counted_again() {
    let store = store(1);
    let tomorrow = today() + chrono::Days::new(1);
    assert_eq!(store.renew_some(tomorrow).unwrap(), Renewal::ToCount);
    let counted = store.count(tomorrow).unwrap();

    let plan = Plan {
        source: "t".into(),
        files: vec!["more.csv".into()],
        take_theirs: false,
        record_day: None,
        facts: Facts::default(),
    };
    let mut intake = Intake::begin(&store, plan, stamp()).unwrap();
    intake.row(incoming(2)).unwrap();
    intake.finish().unwrap();
    store.keep(counted, tomorrow).unwrap();

    assert_eq!(store.renew_some(tomorrow).unwrap(), Renewal::ToCount);
    store
        .keep(store.count(tomorrow).unwrap(), tomorrow)
        .unwrap();
    assert_ne!(store.renew_some(tomorrow).unwrap(), Renewal::ToCount);
}

#[test]
fn hours_above_the_share_that_the_value_warrants_are_found_once_a_day() {
    let store = store(10);
    for n in 0..12 {
        touch(&store, 1, ago(n), ", minutes=, 60");
    }
    for deal in 2..=10 {
        touch(&store, deal, ago(1), ", minutes=, 60");
    }
    assert!(
        !signals(&store, 1).contains(&"heavy amber".to_owned()),
        "not by a touch"
    );

    let tomorrow = today() + chrono::Days::new(1);
    renew_day(&store, tomorrow);

    assert!(signals(&store, 1).contains(&"heavy amber".to_owned()));
    assert!(!signals(&store, 2).contains(&"heavy amber".to_owned()));
    store
        .conn
        .execute("DELETE FROM touch WHERE deal = 1", [])
        .unwrap();
    renew(&store.conn, &store.judge, &[DealId(1)], tomorrow).unwrap();
    assert!(!signals(&store, 1).contains(&"heavy amber".to_owned()));
}

#[test]
fn the_age_of_a_stage_is_held_against_that_of_twenty_won_deals() {
    let aged = |won: i64| {
        let store = store(1 + won);
        store
            .conn
            .execute_batch(
                "UPDATE deal SET status = 'won', closed = '2026-10-20' WHERE id > 1;
                 DELETE FROM deal_eval WHERE deal > 1;
                 UPDATE deal SET created = '2026-10-04' WHERE id = 1;
                 INSERT INTO move(deal, field, day, old, new, source)
                   SELECT id, 'stage', date('2026-10-15', '+' || (id % 20) || ' days'), 'Needs',
                     'Won', 't' FROM deal WHERE id > 1;",
            )
            .unwrap();
        let tomorrow = today() + chrono::Days::new(1);
        renew_day(&store, tomorrow);
        let limit: Option<i64> = store
            .conn
            .query_row(
                "SELECT days FROM stage_age WHERE stage = 'Needs'",
                [],
                |r| r.get(0),
            )
            .optional()
            .unwrap();
        (limit, signals(&store, 1))
    };

    // They left it after 0 to 19 days, three in four of them within 14.
    assert_eq!(aged(20), (Some(14), vec!["stale-stage amber".to_owned()]));
    assert_eq!(aged(19).1, Vec::<String>::new(), "too few were won");
}

/// A store of one open deal and won ones that took 1 day, 2 days and so on to their close on a
/// day; an import told of them, or not.
fn after_won(won: i64, closed: &str, told: bool) -> Store {
    let store = store(1 + won);
    let made = ago(100);
    store
        .conn
        .execute_batch(&format!(
            "UPDATE import_batch SET knows = '{}';
             UPDATE deal SET status = 'won', account = 'A', closed = '{closed}',
               created = date('{closed}', '-' || (id - 1) || ' days') WHERE id > 1;
             UPDATE deal SET account = 'A', created = '{made}' WHERE id = 1;
             DELETE FROM deal_eval WHERE deal > 1;",
            if told { "stage_moves" } else { "" },
        ))
        .unwrap();
    super::rebuild(&store.conn, &store.judge, today()).unwrap();
    store
}

#[test]
fn the_age_of_a_deal_is_held_against_those_of_twenty_won_ones() {
    let open_for = |won: i64, closed: &str, told: bool| {
        let store = after_won(won, closed, told);
        let text: Option<String> = store
            .conn
            .query_row("SELECT signals FROM deal_eval WHERE deal = 1", [], |r| {
                r.get(0)
            })
            .unwrap();
        let signal = text.and_then(|text| Signal::from_text(text.trim_matches([';', ' '])));
        signal.map(|signal| format!("{} {}", signal.level.code(), signal.words(today())))
    };
    let recent = ago(10).to_string();

    let red = "red 100 d, none of 20 won took over 20";
    assert_eq!(open_for(20, &recent, false).as_deref(), Some(red));
    let amber = "amber 100 d, 3 in 4 of 120 won took 90 at most";
    assert_eq!(open_for(120, &recent, false).as_deref(), Some(amber));
    assert_eq!(open_for(140, &recent, false), None, "105 days are usual");
    assert_eq!(open_for(19, &recent, false), None, "too few were won");
    assert_eq!(open_for(20, &recent, true), None, "its stages tell more");
    // The last close is more than a quarter before the record: the file ends with it.
    let long_ago = "2025-01-01";
    assert_eq!(
        open_for(20, long_ago, false),
        None,
        "made after the file ended"
    );
}

#[test]
fn the_queue_goes_by_age_where_no_act_of_theirs_can_be_on_record() {
    let store = store(4);
    store
        .conn
        .execute_batch(&format!(
            "UPDATE import_batch SET knows = '';
             UPDATE deal SET created = NULL WHERE id = 1;
             UPDATE deal SET created = '{}' WHERE id = 2;
             UPDATE deal SET created = '{}' WHERE id IN (3, 4);",
            ago(3),
            ago(9),
        ))
        .unwrap();
    super::rebuild(&store.conn, &store.judge, today()).unwrap();

    let query = ListQuery::default();
    let index = store.index(&query, today(), "Ana").unwrap();

    assert_eq!(index.ids, [3, 4, 2, 1], "what has no day comes last");
}
