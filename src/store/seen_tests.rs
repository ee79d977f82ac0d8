//! What a person tells of a deal: written, read back, taken back, done again.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::domain::act::{
    CommitmentSheet, ConcessionSheet, ContactSheet, DealField, FieldValue, FireSheet, HandoffSheet,
    PersonSheet, Settlement, TouchSheet, Typed,
};
use crate::domain::answer::{AnswerKey, Grade, Value};
use crate::domain::deal::{
    AccessAnswer, AskState, CommitmentState, ConcessionKind, ContactRole, Direction, DueKind,
    FreshEyes, GateFlag, Side, Status, SweepWord, TouchStatus, Word,
};
use crate::domain::hours::Channel;
use crate::domain::signs::Sign;
use crate::domain::verdict::{Reason, Thresholds, Verdict};

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn stamp_on(today: &str) -> Stamp {
    Stamp {
        at: now(),
        today: day(today),
        who: "Ana".into(),
        place: Place::Command,
        session: "one".into(),
    }
}

fn ana() -> Stamp {
    stamp_on("2026-11-23")
}

fn store() -> Store {
    Store::in_memory(now(), Judge::new(Vec::new(), Thresholds::default())).unwrap()
}

fn add(store: &mut Store, account: &str) -> DealId {
    let fields = vec![FieldValue {
        field: DealField::Account,
        value: Some(Typed::Text(account.into())),
    }];
    store.act(&ana(), &Act::Add { fields }).unwrap().deals[0]
}

fn one() -> (Store, DealId) {
    let mut store = store();
    let deal = add(&mut store, "Northwind");
    (store, deal)
}

fn detail(store: &Store, deal: DealId) -> Detail {
    store.detail(deal).unwrap().unwrap()
}

fn call() -> TouchSheet {
    TouchSheet {
        minutes: Some(20),
        text: Some("asked for the quote again".into()),
        contacts: vec!["tom reed".into(), "Priya".into()],
        ..TouchSheet::on(day("2026-11-20"), Direction::In, Channel::Call)
    }
}

fn owes(side: Side, what: &str, due: &str) -> CommitmentSheet {
    CommitmentSheet {
        side,
        what: what.into(),
        due: Some(day(due)),
        paired: None,
    }
}

fn tom() -> ContactSheet {
    ContactSheet {
        name: "Tom Reed".into(),
        role: Some(ContactRole::Champion),
        level: Some(2),
        ..ContactSheet::default()
    }
}

/// Every table that an act may write, as text to compare; the journal is none of them.
fn content(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for entity in vocabulary::ENTITIES {
        let sql = format!("SELECT * FROM {} ORDER BY id", entity.table);
        let mut statement = store.conn.prepare(&sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..columns)
                .map(|i| journal::to_json(row.get_ref(i).unwrap()).to_string())
                .collect();
            lines.push(format!("{}: {}", entity.word, cells.join(" | ")));
        }
    }
    lines
}

fn refused(store: &mut Store, act: &Act) -> String {
    let before = content(store);
    let error = store.act(&ana(), act).unwrap_err();
    assert_eq!(content(store), before);
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    error.to_string()
}

/// One of each act that a person tells, on a deal that has what they need.
fn each(store: &mut Store, deal: DealId) -> Vec<Act> {
    let mut run = |act: Act| store.act(&ana(), &act).unwrap();
    run(Act::ContactAdd {
        deal,
        contact: tom(),
    });
    run(Act::TouchAdd {
        deal,
        touch: call(),
    });
    for (side, what) in [(Side::They, "data sample"), (Side::We, "quote v3")] {
        run(Act::CommitmentAdd {
            deal,
            commitment: owes(side, what, "2026-11-27"),
        });
    }
    let bait = ConcessionSheet {
        kind: ConcessionKind::Bait,
        what: "3 more plants".into(),
        amount: None,
        percent: None,
        traded_for: None,
        hard_to_keep: false,
    };
    run(Act::ConcessionAdd {
        deal,
        concession: bait.clone(),
    });
    run(Act::Ask {
        deal,
        question: Some("PWR1".into()),
        whom: Some("Tom Reed".into()),
        due: None,
    });
    vec![
        Act::TouchAdd {
            deal,
            touch: TouchSheet {
                contacts: vec!["Tom Reed".into()],
                ..TouchSheet::on(day("2026-11-23"), Direction::Out, Channel::Meeting)
            },
        },
        Act::TouchEdit {
            touch: 1,
            to: TouchSheet::on(day("2026-11-19"), Direction::Out, Channel::Email),
        },
        Act::TouchRemove { touch: 1 },
        Act::CommitmentAdd {
            deal,
            commitment: CommitmentSheet {
                paired: Some(1),
                ..owes(Side::We, "a workshop", "2026-12-01")
            },
        },
        Act::CommitmentEdit {
            commitment: 1,
            to: owes(Side::They, "two data samples", "2026-11-30"),
        },
        Act::CommitmentSettle {
            commitment: 1,
            settlement: Settlement {
                state: CommitmentState::Kept,
                day: None,
            },
        },
        Act::CommitmentPair {
            commitment: 2,
            with: Some(1),
        },
        Act::GateSet {
            deal,
            flag: GateFlag::Objectives,
            owner: Some("Tom".into()),
        },
        Act::GateStarts {
            deal,
            starts: Some(day("2026-12-01")),
        },
        Act::ConcessionAdd {
            deal,
            concession: ConcessionSheet {
                kind: ConcessionKind::Discount,
                percent: Some(10.0),
                hard_to_keep: true,
                ..bait
            },
        },
        Act::BaitSettle {
            concession: 1,
            kept: Some(false),
        },
        Act::Unwanted {
            deal,
            unwanted: true,
            words: Some("they shout".into()),
        },
        Act::AccessAsk {
            deal,
            whom: "the board".into(),
            swap: true,
        },
        Act::AccessAnswer {
            deal,
            whom: "the CFO".into(),
            answer: AccessAnswer::Refused,
        },
        Act::ContactAdd {
            deal,
            contact: ContactSheet {
                name: "Ines".into(),
                ..ContactSheet::default()
            },
        },
        Act::ContactEdit {
            contact: 1,
            to: ContactSheet {
                met: Some(day("2026-11-20")),
                ..tom()
            },
        },
        Act::ContactRemove { contact: 1 },
        Act::AskPut { ask: 1 },
        Act::AskReply {
            ask: 1,
            key: AnswerKey::No(Grade::Said),
            reply: Some("board, 9 Dec".into()),
        },
        Act::AskNoReply { ask: 1 },
        Act::AskNotAsked { ask: 1 },
        Act::AskDrop { ask: 1 },
        Act::AskMove {
            ask: 1,
            due: day("2026-12-04"),
        },
        Act::Sweep {
            words: vec![(deal, SweepWord::Dread)],
        },
        Act::Sign {
            deal,
            sign: Sign::NoCase,
            ticked: true,
        },
        Act::FreshEyes {
            deal,
            answer: Some(FreshEyes::No),
        },
        Act::Handoff {
            deal,
            sheet: HandoffSheet {
                to: "Ben".into(),
                overseer: Some("Dana".into()),
                next_check: Some(day("2026-11-30")),
                from: None,
            },
        },
        Act::PersonSet {
            name: "Dana".into(),
            sheet: PersonSheet {
                senior: Some(true),
                ..PersonSheet::default()
            },
        },
        Act::AskSignal {
            deal,
            signal: SignalId::Dark,
            whom: None,
            due: None,
        },
        Act::GateSheet {
            deal,
            owners: vec![(GateFlag::Process, Some("Tom Reed".into()))],
            starts: Some(day("2026-12-02")),
        },
        Act::SellingHours { minutes: 1_800 },
        Act::HoursPlan {
            deal: Some(deal),
            week: day("2026-11-25"),
            minutes: 360,
        },
        Act::HoursPlan {
            deal: None,
            week: day("2026-11-25"),
            minutes: 60,
        },
    ]
}

#[test]
fn each_act_is_one_action_that_undo_takes_back_and_redo_does_again() {
    let (mut store, deal) = one();
    for act in each(&mut store, deal) {
        let before = content(&store);

        let done = store.act(&ana(), &act).unwrap();
        let after = content(&store);
        assert!(done.action.is_some(), "{act:?}");
        assert_ne!(before, after, "{act:?}");
        store.undo(&ana()).unwrap();
        assert_eq!(content(&store), before, "{act:?}");
        store.redo(&ana(), true).unwrap();
        assert_eq!(content(&store), after, "{act:?}");
        store.undo(&ana()).unwrap();
    }
}

#[test]
fn a_touch_is_the_deals_and_an_unknown_name_is_said() {
    let (mut store, deal) = one();
    let contact = Act::ContactAdd {
        deal,
        contact: tom(),
    };
    store.act(&ana(), &contact).unwrap();

    let act = Act::TouchAdd {
        deal,
        touch: call(),
    };
    let done = store.act(&ana(), &act).unwrap();

    assert_eq!(done.what, "Northwind: they, call, 2026-11-20");
    assert_eq!(done.left.len(), 1);
    assert!(done.left[0].starts_with("Priya is no known contact"));
    let detail = detail(&store, deal);
    let touch = &detail.touches[0];
    let names: Vec<_> = touch
        .contacts
        .iter()
        .map(Name::expose_for_storage)
        .collect();
    assert_eq!(names, ["Tom Reed", "Priya"]);
    assert_eq!(touch.people, ["Ana"]);
    assert!(touch.typed && touch.status == TouchStatus::Held);
    let eval = detail.eval.unwrap();
    assert_eq!(eval.last_act, Some(day("2026-11-20")));
    assert!((eval.hours.spent - 0.33).abs() < 0.01);
}

#[test]
fn a_meeting_that_was_held_is_a_contact_who_was_met() {
    let (mut store, deal) = one();
    let contact = Act::ContactAdd {
        deal,
        contact: tom(),
    };
    store.act(&ana(), &contact).unwrap();
    let meeting = |status| Act::TouchAdd {
        deal,
        touch: TouchSheet {
            status,
            contacts: vec!["tom reed".into()],
            ..TouchSheet::on(day("2026-11-20"), Direction::Out, Channel::Meeting)
        },
    };

    store.act(&ana(), &meeting(TouchStatus::Declined)).unwrap();
    assert_eq!(detail(&store, deal).contacts[0].met, None);
    store.act(&ana(), &meeting(TouchStatus::Held)).unwrap();

    // The signals and the page read it by the same rule.
    let sponsor = |store: &Store| {
        let seen = detail(store, deal);
        let eval = seen.eval.as_ref().unwrap();
        let speaks = eval.signals.iter().any(|s| s.id == SignalId::SpeaksFor);
        (seen.contacts[0].met, seen.contacts[0].noted, speaks)
    };
    assert_eq!(sponsor(&store), (Some(day("2026-11-20")), None, true));

    let held = detail(&store, deal).touches[0].id;
    store
        .act(&ana(), &Act::TouchRemove { touch: held })
        .unwrap();
    assert_eq!(sponsor(&store), (None, None, false), "it was no meeting");
}

#[test]
fn a_typed_touch_is_one_with_the_copy_that_an_import_brought() {
    let (mut store, deal) = one();
    store
        .conn
        .execute(
            "INSERT INTO touch(deal, source, external_id, at, direction, channel, text)
             VALUES(?1, 'hubspot', '9', '2026-11-20T10:00:00Z', 'in', 'call', NULL)",
            [deal.0],
        )
        .unwrap();

    let act = Act::TouchAdd {
        deal,
        touch: call(),
    };
    store.act(&ana(), &act).unwrap();

    let touches = detail(&store, deal).touches;
    assert_eq!(touches.len(), 1);
    assert_eq!(touches[0].at, "2026-11-20T10:00:00Z");
    assert_eq!(touches[0].minutes, Some(20));
    // A second call of that day is one of its own.
    store.act(&ana(), &act).unwrap();
    assert_eq!(detail(&store, deal).touches.len(), 2);
}

#[test]
fn what_cannot_have_been_is_refused_in_words() {
    let (mut store, deal) = one();
    let future = TouchSheet::on(day("2026-11-24"), Direction::In, Channel::Call);
    let long = TouchSheet {
        minutes: Some(1_441),
        ..call()
    };
    let cases = [
        (
            Act::TouchAdd {
                deal,
                touch: future,
            },
            "2026-11-24 is in the future",
        ),
        (
            Act::TouchAdd { deal, touch: long },
            "a touch has at most 24 hours",
        ),
        (Act::TouchRemove { touch: 7 }, "there is no touch 7"),
        (
            Act::CommitmentAdd {
                deal,
                commitment: owes(Side::We, "  ", "2026-11-27"),
            },
            "what is promised is empty",
        ),
        (
            Act::CommitmentPair {
                commitment: 1,
                with: None,
            },
            "there is no commitment 1",
        ),
        (
            Act::ContactAdd {
                deal,
                contact: ContactSheet {
                    level: Some(5),
                    ..tom()
                },
            },
            "a level is 1 to 4",
        ),
        (Act::AskDrop { ask: 3 }, "there is no ask 3"),
        (Act::Sweep { words: Vec::new() }, "no deal was named"),
        (
            Act::Handoff {
                deal,
                sheet: HandoffSheet::default(),
            },
            "who carries it now is empty",
        ),
        (
            Act::HoursPlan {
                deal: None,
                week: day("2026-11-23"),
                minutes: 20_000,
            },
            "a week has 168 hours",
        ),
    ];
    for (act, says) in cases {
        assert_eq!(refused(&mut store, &act), says);
    }

    let close = Act::Close {
        deals: vec![deal],
        status: Status::Won,
        reason: None,
    };
    store.act(&ana(), &close).unwrap();
    let sign = Act::Sign {
        deal,
        sign: Sign::Curt,
        ticked: true,
    };
    assert_eq!(refused(&mut store, &sign), "Northwind is won");
}

#[test]
fn what_is_kept_after_its_day_is_late_and_the_rate_counts_it() {
    let (mut store, deal) = one();
    let promises = [
        (Side::They, "2026-11-20", Some(CommitmentState::Kept)),
        (Side::They, "2026-11-27", Some(CommitmentState::Kept)),
        (Side::They, "2026-11-20", None),
        (Side::They, "2026-11-20", Some(CommitmentState::Waived)),
        (Side::We, "2026-11-27", None),
    ];
    for (id, (side, due, state)) in (1..).zip(promises) {
        let commitment = owes(side, "it", due);
        store
            .act(&ana(), &Act::CommitmentAdd { deal, commitment })
            .unwrap();
        if let Some(state) = state {
            let settlement = Settlement { state, day: None };
            let act = Act::CommitmentSettle {
                commitment: id,
                settlement,
            };
            store.act(&ana(), &act).unwrap();
        }
    }

    let rows = detail(&store, deal).commitments;
    let word = Word::count(&rows, day("2026-11-23"));

    assert_eq!((word.they.kept, word.they.of, word.they.overdue), (1, 3, 1));
    assert_eq!(word.we.of, 0);
    let late = rows.iter().find(|row| row.id == 1).unwrap();
    assert_eq!(late.state, CommitmentState::Late);
}

#[test]
fn a_give_is_paired_only_with_a_get_of_the_same_deal() {
    let (mut store, deal) = one();
    let other = add(&mut store, "Contoso");
    for (deal, side) in [(deal, Side::They), (other, Side::They), (deal, Side::They)] {
        let commitment = owes(side, "it", "2026-11-27");
        store
            .act(&ana(), &Act::CommitmentAdd { deal, commitment })
            .unwrap();
    }
    let give = |paired| Act::CommitmentAdd {
        deal,
        commitment: CommitmentSheet {
            paired: Some(paired),
            ..owes(Side::We, "quote", "2026-11-27")
        },
    };

    refused(&mut store, &give(2));
    let pair = Act::CommitmentPair {
        commitment: 1,
        with: Some(3),
    };
    refused(&mut store, &pair);
    store.act(&ana(), &give(1)).unwrap();

    let rows = detail(&store, deal).commitments;
    assert!(rows.iter().any(|row| row.paired == Some(1)));
}

#[test]
fn the_gate_is_agreed_when_the_last_of_the_four_has_an_owner() {
    let (mut store, deal) = one();
    let starts = Act::GateStarts {
        deal,
        starts: Some(day("2026-11-24")),
    };
    store.act(&ana(), &starts).unwrap();
    for flag in GateFlag::ALL {
        let gate = detail(&store, deal).seen.gate.unwrap();
        assert!(gate.is_breached(day("2026-11-24")) && !gate.is_breached(day("2026-11-23")));
        assert_eq!(gate.agreed, None);
        let act = Act::GateSet {
            deal,
            flag: *flag,
            owner: Some("Tom".into()),
        };
        store.act(&ana(), &act).unwrap();
    }

    let gate = detail(&store, deal).seen.gate.unwrap();
    assert_eq!(gate.agreed, Some(day("2026-11-23")));
    assert!(gate.open().is_empty() && !gate.is_breached(day("2026-12-24")));
    let open = Act::GateSet {
        deal,
        flag: GateFlag::Process,
        owner: None,
    };
    store.act(&ana(), &open).unwrap();
    let week = store.week(&ana()).unwrap();
    let due = week.due.iter().find(|due| due.what == DueKind::Trial);
    assert_eq!(due.unwrap().words.expose_for_storage(), "open: process");
}

#[test]
fn a_discount_in_per_cent_is_the_deals_where_it_is_larger() {
    let (mut store, deal) = one();
    let discount = |percent| Act::ConcessionAdd {
        deal,
        concession: ConcessionSheet {
            kind: ConcessionKind::Discount,
            what: "early payment".into(),
            amount: None,
            percent: Some(percent),
            traded_for: None,
            hard_to_keep: false,
        },
    };
    let stands = |store: &Store| -> Option<f64> {
        let sql = "SELECT discount FROM deal WHERE id = ?1";
        store.conn.query_row(sql, [deal.0], |r| r.get(0)).unwrap()
    };

    store.act(&ana(), &discount(12.0)).unwrap();
    store.act(&ana(), &discount(5.0)).unwrap();

    assert_eq!(stands(&store), Some(12.0));
    let not_bait = Act::BaitSettle {
        concession: 1,
        kept: Some(true),
    };
    assert!(refused(&mut store, &not_bait).contains("is no bait"));
}

#[test]
fn an_unwanted_sale_fires_and_can_be_wanted_again() {
    let (mut store, deal) = one();
    let unwanted = |unwanted| Act::Unwanted {
        deal,
        unwanted,
        words: None,
    };

    store.act(&ana(), &unwanted(true)).unwrap();
    let is = detail(&store, deal);
    assert_eq!(is.eval.unwrap().verdict, Some(Verdict::Fire));
    assert!(is.seen.is_unwanted);
    let glad = is.answers.iter().find(|a| a.question == "MON4").unwrap();
    assert_eq!((glad.value, glad.grade), (Value::No, Grade::Said));

    store.act(&ana(), &unwanted(false)).unwrap();
    let is = detail(&store, deal);
    assert_eq!(is.eval.unwrap().verdict, Some(Verdict::GetToNo));
    assert!(!is.seen.is_unwanted && is.answers.is_empty());
}

#[test]
fn a_sign_answers_its_question_and_taking_it_back_brings_the_older_answer_back() {
    let (mut store, deal) = one();
    let sign = |ticked| Act::Sign {
        deal,
        sign: Sign::NoCase,
        ticked,
    };
    let answer = |key| Act::Answer {
        deal,
        question: "BIZ1".into(),
        key,
        evidence: None,
    };
    let now = |store: &Store| {
        let answers = detail(store, deal).answers;
        answers.first().map(|a| (a.value, a.grade))
    };
    store
        .act(&ana(), &answer(AnswerKey::Yes(Grade::Hunch)))
        .unwrap();

    store.act(&ana(), &sign(true)).unwrap();
    assert_eq!(now(&store), Some((Value::No, Grade::Said)));
    assert_eq!(detail(&store, deal).seen.signs[0].sign, Sign::NoCase);
    assert!(store.act(&ana(), &sign(true)).unwrap().action.is_none());
    store.act(&ana(), &sign(false)).unwrap();
    assert_eq!(now(&store), Some((Value::Yes, Grade::Hunch)));

    // What was answered since stays.
    store.act(&ana(), &sign(true)).unwrap();
    store.act(&ana(), &answer(AnswerKey::Partly)).unwrap();
    store.act(&ana(), &sign(false)).unwrap();
    assert_eq!(now(&store), Some((Value::Partly, Grade::Said)));
    assert!(detail(&store, deal).seen.signs.is_empty());
}

#[test]
fn what_came_back_answers_the_question_with_their_words() {
    let (mut store, deal) = one();
    let ask = Act::Ask {
        deal,
        question: Some("PWR1".into()),
        whom: Some("Kim".into()),
        due: Some(day("2026-11-20")),
    };
    store.act(&ana(), &ask).unwrap();
    let week = store.week(&ana()).unwrap();
    assert_eq!(week.came_back(day("2026-11-23")).count(), 1);
    assert!(week.asks[0].is_overdue(day("2026-11-23")));

    let reply = Act::AskReply {
        ask: 1,
        key: AnswerKey::Yes(Grade::Said),
        reply: Some("the board, 9 Dec".into()),
    };
    store.act(&ana(), &reply).unwrap();

    let is = detail(&store, deal);
    assert_eq!(is.asks[0].state, AskState::Answered);
    assert_eq!(is.asks[0].replied, Some(day("2026-11-23")));
    let answer = &is.answers[0];
    // Their words are kept; they do not make it shown.
    assert_eq!((answer.value, answer.grade), (Value::Yes, Grade::Said));
    let words = answer.evidence.as_ref().unwrap();
    assert_eq!(words.expose_for_storage(), "the board, 9 Dec");
    assert!(refused(&mut store, &reply).contains("answered already"));
    let week = store.week(&ana()).unwrap();
    assert_eq!(week.came_back(day("2026-11-23")).count(), 0);
    assert_eq!(week.asks.len(), 1);
}

#[test]
fn a_hard_question_that_came_to_nothing_fires_once_its_day_is_over() {
    let (mut store, deal) = one();
    let ask = Act::Ask {
        deal,
        question: Some("SIL1".into()),
        whom: None,
        due: Some(day("2026-11-25")),
    };
    store.act(&ana(), &ask).unwrap();
    store
        .conn
        .execute("UPDATE ask SET signal = 'dark'", [])
        .unwrap();
    store.act(&ana(), &Act::AskNoReply { ask: 1 }).unwrap();
    assert_eq!(store.week(&ana()).unwrap().may_fire, 1);

    store.renew_all(day("2026-11-26")).unwrap();
    let fires = |store: &Store| {
        let reasons = detail(store, deal).eval.unwrap().reasons;
        reasons.contains(&Reason::HardQuestionUnanswered)
    };
    assert!(fires(&store));
    let later = stamp_on("2026-11-26");
    store.act(&later, &Act::AskNotAsked { ask: 1 }).unwrap();
    assert!(!fires(&store));
}

#[test]
fn a_page_of_the_sweep_is_one_action_and_the_piles_add_up() {
    let mut store = store();
    let names = ["Woodgrove", "adatum", "Contoso", "Fabrikam"];
    let deals: Vec<_> = names.iter().map(|name| add(&mut store, name)).collect();
    let fire = Act::Fire {
        deals: vec![deals[3]],
        sheet: FireSheet::default(),
    };
    store.act(&ana(), &fire).unwrap();

    let order = store.sweep_order().unwrap();
    assert_eq!(order, [deals[1], deals[2], deals[0]].map(DealId::short));
    let swept = store.sweep_deals(&order[1..]).unwrap();
    let ids: Vec<_> = swept.iter().map(|deal| deal.id).collect();
    assert_eq!(ids, [deals[2], deals[0]]);
    let gone = store.sweep_deals(&[deals[3].short()]).unwrap();
    assert!(gone.is_empty(), "fired since");
    let words = vec![(deals[1], SweepWord::Glad), (deals[2], SweepWord::Dread)];
    let done = store.act(&ana(), &Act::Sweep { words }).unwrap();
    assert_eq!(done.what, "Swept 2 deals: 1 glad, 1 dread, 0 no idea");
    // The last word counts.
    let words = vec![(deals[1], SweepWord::Dread)];
    store.act(&ana(), &Act::Sweep { words }).unwrap();

    let piles = store.sweep_piles().unwrap();
    let counts: Vec<_> = piles.iter().map(|pile| (pile.word, pile.deals)).collect();
    assert_eq!(counts, [(Some(SweepWord::Dread), 2), (None, 1)]);
    assert_eq!(store.sweep_pile(SweepWord::Dread).unwrap().len(), 2);
    let row = store.own_rows(&[deals[1]]).unwrap().remove(0);
    assert_eq!(row.sweep.as_deref(), Some("dread"));
}

#[test]
fn the_week_tells_what_was_fired_planned_and_falls_due() {
    let (mut store, deal) = one();
    let gone = add(&mut store, "Contoso");
    let fire = Act::Fire {
        deals: vec![gone],
        sheet: FireSheet::default(),
    };
    store.act(&ana(), &fire).unwrap();
    let plan = |deal, minutes| Act::HoursPlan {
        deal,
        week: day("2026-11-27"),
        minutes,
    };
    let told = [
        Act::SellingHours { minutes: 1_800 },
        plan(Some(deal), 360),
        plan(Some(deal), 120),
        plan(None, 60),
        Act::CommitmentAdd {
            deal,
            commitment: owes(Side::They, "data sample", "2026-11-20"),
        },
        Act::Handoff {
            deal,
            sheet: HandoffSheet {
                to: "Ben".into(),
                overseer: Some("Dana".into()),
                next_check: Some(day("2026-11-30")),
                from: None,
            },
        },
    ];
    for act in told {
        store.act(&ana(), &act).unwrap();
    }

    let week = store.week(&ana()).unwrap();
    assert_eq!(week.monday, Some(day("2026-11-23")));
    assert_eq!(week.selling_minutes, Some(1_800));
    assert_eq!(week.placed(), 180);
    assert_eq!(week.plans[0].deal, Some(deal));
    assert_eq!(week.fired.len(), 1);
    assert!(!week.fired[0].note_left);
    let due: Vec<_> = week.due.iter().map(|due| due.what).collect();
    assert_eq!(due, [DueKind::Commitment, DueKind::Check]);
    store.log_message(&ana(), gone, "farewell", "copy").unwrap();
    assert!(store.week(&ana()).unwrap().fired[0].note_left);
    store.act(&ana(), &plan(Some(deal), 0)).unwrap();
    assert_eq!(store.week(&ana()).unwrap().placed(), 60);
}

#[test]
fn access_is_asked_once_and_answered_for_the_same_person() {
    let (mut store, deal) = one();
    let ask = Act::AccessAsk {
        deal,
        whom: "Kim Lee".into(),
        swap: false,
    };
    store.act(&ana(), &ask).unwrap();
    assert!(store.act(&ana(), &ask).unwrap().action.is_none());
    let given = Act::AccessAnswer {
        deal,
        whom: "kim lee".into(),
        answer: AccessAnswer::Given,
    };
    store.act(&ana(), &given).unwrap();

    let access = detail(&store, deal).seen.access;
    assert_eq!(access.len(), 1);
    assert_eq!(access[0].answer, Some(AccessAnswer::Given));
}

#[test]
fn our_own_file_brings_all_of_it_back_as_it_was() {
    let (mut from, deal) = one();
    for act in each(&mut from, deal) {
        let removes = matches!(act, Act::TouchRemove { .. } | Act::ContactRemove { .. });
        if !removes {
            let _ = from.act(&ana(), &act);
        }
    }
    // A promise that is traded for a later one.
    let pair = Act::CommitmentPair {
        commitment: 1,
        with: Some(2),
    };
    from.act(&ana(), &pair).unwrap();
    // What left the program is in no journal.
    let said = Said {
        file: "update.csv".to_owned(),
        seen: "fired:1:".to_owned(),
        ..Said::default()
    };
    from.tell(&ana(), &[(deal, said)]).unwrap();
    from.log_message(&ana(), deal, "farewell", "copy").unwrap();
    let whole = |store: &Store| {
        let deal = store.own_deal(deal, OwnParts::All).unwrap().unwrap();
        (deal, store.own_pipeline().unwrap())
    };
    let (out, pipeline) = whole(&from);
    for member in [
        "touches",
        "contacts",
        "commitments",
        "trial_gates",
        "concessions",
        "access_asks",
        "signs",
        "sweeps",
        "fresh_eyes",
        "handoffs",
        "hours_plans",
        "asks",
        "told",
    ] {
        assert!(out.contains_key(member), "{member}");
    }

    let mut to = store();
    let taken: Result<Done, StoreError> = to.take_own(&ana(), "own.json", |intake| {
        intake.pipeline(&pipeline)?;
        intake.deal(out.clone())
    });
    taken.unwrap();

    assert_eq!(whole(&to), (out, pipeline));
    let done = to.undo_action(&ana(), ActionId(1)).unwrap();
    assert_eq!(done.left, [""; 0]);
    assert!(to.is_empty().unwrap());
}

#[test]
fn the_map_holds_open_deals_that_were_asked_about_either() {
    let mut store = store();
    let deals: Vec<DealId> = ["A", "B", "C"].map(|name| add(&mut store, name)).to_vec();
    assert!(!store.overview(&ana()).unwrap().has_map);
    let answer = |store: &mut Store, deal, question: &str, key| {
        let act = Act::Answer {
            deal,
            question: question.into(),
            key,
            evidence: None,
        };
        store.act(&ana(), &act).unwrap();
    };
    answer(&mut store, deals[0], "PRB1", AnswerKey::Yes(Grade::Said));
    answer(&mut store, deals[0], "PRB2", AnswerKey::No(Grade::Said));
    answer(&mut store, deals[1], "PWR1", AnswerKey::Yes(Grade::Said));

    let map = store.map().unwrap();

    assert!(store.overview(&ana()).unwrap().has_map);
    assert_eq!(map.unasked, 2);
    let rows: Vec<_> = map
        .rows
        .iter()
        .map(|row| (row.id, row.problem, row.solution))
        .collect();
    assert_eq!(rows, [(deals[0], Some(Value::Yes), Some(Value::No))]);
    store
        .act(
            &ana(),
            &Act::Close {
                deals: vec![deals[0]],
                status: Status::Lost,
                reason: None,
            },
        )
        .unwrap();
    assert!(
        !store.overview(&ana()).unwrap().has_map,
        "a closed deal stands on no map"
    );
}

#[test]
fn a_signal_comes_with_its_rows_and_only_a_red_one_marks_its_question() {
    let (mut store, deal) = one();
    for what in ["data sample", "call"] {
        let commitment = owes(Side::They, what, "2026-11-06");
        store
            .act(&ana(), &Act::CommitmentAdd { deal, commitment })
            .unwrap();
    }
    let raised = store.raised(deal, day("2026-11-23")).unwrap();
    let rows = raised.iter().find(|(id, _)| *id == SignalId::TheirWord);
    let mut rows = rows.unwrap().1.clone();
    rows.sort_by_key(|row| matches!(row, Row::Promise(2)));
    assert_eq!(rows, [Row::Promise(1), Row::Promise(2)]);

    let ask = |signal| Act::AskSignal {
        deal,
        signal,
        whom: Some("Tom Reed".into()),
        due: None,
    };
    store.act(&ana(), &ask(SignalId::TheirWord)).unwrap();
    store.act(&ana(), &ask(SignalId::Slipped)).unwrap();
    let asks = detail(&store, deal).asks;
    assert_eq!(asks[1].signal.as_deref(), Some("their-word"));
    assert_eq!(
        asks[1].text.expose_for_storage(),
        SignalId::TheirWord.to_say()
    );
    assert_eq!(
        asks[0].signal, None,
        "it is not red, so its silence fires nobody"
    );

    let words = refused(&mut store, &ask(SignalId::Untouched));
    assert!(words.contains("no question to put to anybody"), "{words}");
}

#[test]
fn a_larger_deal_that_took_fewer_hours_stands_beside_it() {
    let mut store = store();
    let deal = |store: &mut Store, account: &str, amount: &str, minutes: u32| {
        let amount = crate::domain::money::Money::parse(amount, None).unwrap();
        let fields = vec![
            FieldValue {
                field: DealField::Account,
                value: Some(Typed::Text(account.into())),
            },
            FieldValue {
                field: DealField::Amount,
                value: Some(Typed::Money(amount)),
            },
        ];
        let deal = store.act(&ana(), &Act::Add { fields }).unwrap().deals[0];
        if minutes > 0 {
            let touch = TouchSheet {
                minutes: Some(minutes),
                ..TouchSheet::on(day("2026-11-20"), Direction::Out, Channel::Call)
            };
            store.act(&ana(), &Act::TouchAdd { deal, touch }).unwrap();
        }
        deal
    };
    let small = deal(&mut store, "Northwind", "48000 EUR", 600);
    deal(&mut store, "No hours", "900000 EUR", 0);
    deal(&mut store, "Dollars", "900000 USD", 60);
    deal(&mut store, "More hours", "800000 EUR", 900);
    let large = deal(&mut store, "Adventure Works", "210000 EUR", 90);
    // The large ones are counted once a day.
    assert!(store.beside(small).unwrap().is_none());
    store.renew_day(day("2026-11-24"), |_| Ok(())).unwrap();

    let beside = store.beside(small).unwrap().unwrap();

    assert_eq!(beside.deal, large);
    assert_eq!((beside.amount.minor, beside.spent), (21_000_000, 1.5));
    assert!(store.beside(large).unwrap().is_none());
}
