//! A 1:1 from hand to minutes: written, read back, taken back; and what is sealed stays sealed.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::act::{CharterSheet, DealField, FieldValue, FireSheet, PersonSheet, Typed};
use crate::domain::answer::{AnswerKey, Grade, Value};
use crate::domain::deal::{DecisionKind, PersonRole};
use crate::domain::money::{Currency, Money};
use crate::domain::phase::Phase;
use crate::domain::review::{
    AgendaWhy, Change, CharterReply, Chosen, Envelope, ItemState, PairOf, Part, Sealed, Spoken,
};
use crate::domain::verdict::{Thresholds, Verdict};

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The stamp of somebody some minutes after nine.
fn at(who: &str, minutes: i64) -> Stamp {
    let at = now() + Duration::minutes(minutes);
    Stamp {
        at,
        today: at.date_naive(),
        who: who.into(),
        place: Place::Command,
        session: who.into(),
    }
}

fn empty() -> Store {
    Store::in_memory(now(), Judge::new(Vec::new(), Thresholds::default())).unwrap()
}

fn add(store: &mut Store, account: &str, euros: i64) -> DealId {
    let fields = vec![
        FieldValue {
            field: DealField::Account,
            value: Some(Typed::Text(account.into())),
        },
        FieldValue {
            field: DealField::Amount,
            value: Some(Typed::Money(Money::new(
                euros * 100,
                Currency::parse("EUR"),
            ))),
        },
    ];
    store
        .act(&at("Ana", -60), &Act::Add { fields })
        .unwrap()
        .deals[0]
}

/// A file of Ana, a rep, and Dana, her manager, with three deals.
fn both() -> (Store, [DealId; 3]) {
    let mut store = empty();
    for (name, role) in [("Ana", PersonRole::Rep), ("Dana", PersonRole::Manager)] {
        let sheet = PersonSheet {
            role: Some(role),
            ..PersonSheet::default()
        };
        let name = name.into();
        store
            .act(&at("Ana", -61), &Act::PersonSet { name, sheet })
            .unwrap();
    }
    let deals = [
        add(&mut store, "Northwind", 48_000),
        add(&mut store, "Contoso", 31_500),
        add(&mut store, "Litware", 90_000),
    ];
    (store, deals)
}

fn start() -> Act {
    Act::ReviewStart {
        with: None,
        minutes: 30,
        each: 5,
    }
}

fn question(id: &str, value: Value, grade: Grade) -> Sealed {
    Sealed::new(
        PairOf::Question(id.into()),
        Spoken::Answer(value, grade),
        None,
    )
}

fn seal(deal: DealId, person: &str, answers: Vec<Sealed>) -> Act {
    Act::Seal {
        deal,
        person: Some(person.into()),
        answers: Envelope::new(answers),
    }
}

/// Ana and Dana seal three answers and a verdict each; they differ on the signer and the verdict.
fn both_seal(store: &mut Store, deal: DealId) {
    let of = |signer, verdict| {
        vec![
            question("PRB1", Value::Yes, Grade::Said),
            question("PWR1", signer, Grade::Said),
            Sealed::new(PairOf::Verdict, Spoken::Verdict(verdict), None),
        ]
    };
    let ana = seal(deal, "Ana", of(Value::Yes, Verdict::GetToNo));
    let dana = seal(deal, "Dana", of(Value::No, Verdict::Fire));
    store.act(&at("Ana", -30), &ana).unwrap();
    store.act(&at("Ana", 3), &dana).unwrap();
}

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

#[test]
fn the_agenda_begins_with_what_was_asked_for_and_what_is_left_waits() {
    let (mut store, [one, two, three]) = both();
    let raise = Act::RaiseHand {
        deal: three,
        note: Some("may I fire them?".into()),
    };
    store.act(&at("Ana", -20), &raise).unwrap();
    let no = Act::Answer {
        deal: two,
        question: "PWR1".into(),
        key: AnswerKey::No(Grade::Said),
        evidence: None,
    };
    store.act(&at("Ana", -10), &no).unwrap();

    let proposed = store.agenda(&at("Ana", 0), None).unwrap();
    store.act(&at("Ana", 0), &start()).unwrap();
    let agenda = store.agenda(&at("Dana", 1), None).unwrap();

    let deals = |agenda: &crate::domain::review::Agenda| -> Vec<DealId> {
        agenda.items.iter().map(|item| item.deal).collect()
    };
    assert_eq!(deals(&proposed), [three, two]);
    assert_eq!(deals(&agenda), [three, two]);
    assert!(
        matches!(&agenda.items[0].why, AgendaWhy::Raised { who: Some(who), .. } if who == "Ana")
    );
    assert_eq!(agenda.items[1].why, AgendaWhy::Fire);

    store
        .act(&at("Ana", 1), &Act::ReviewAdd { deal: one })
        .unwrap();
    let first = Act::ReviewMove {
        deal: one,
        place: 1,
    };
    store.act(&at("Ana", 1), &first).unwrap();
    for (minute, deal) in [(2, Some(three)), (6, Some(two)), (8, None)] {
        store
            .act(&at("Ana", minute), &Act::ReviewTurn { deal })
            .unwrap();
    }
    let later = Act::ReviewItem {
        deal: two,
        state: ItemState::NextTime,
    };
    store.act(&at("Ana", 9), &later).unwrap();
    let agenda = store.agenda(&at("Ana", 9), None).unwrap();
    assert_eq!(deals(&agenda), [one, three, two]);
    let states: Vec<_> = agenda
        .items
        .iter()
        .map(|i| (i.state.code(), i.seconds))
        .collect();
    assert_eq!(states, [("open", 0), ("done", 240), ("next_time", 120)]);
    store.act(&at("Ana", 12), &Act::ReviewEnd).unwrap();

    let next = store.agenda(&at("Ana", 20), None).unwrap();
    assert_eq!(deals(&next), [one, two]);
    assert!(
        next.items
            .iter()
            .all(|item| item.why == AgendaWhy::LeftOver { wanted: true })
    );
    assert!(store.review("Ana").unwrap().is_none());
}

#[test]
fn sealed_answers_are_revealed_by_turns_and_the_deal_takes_what_is_equal() {
    let (mut store, [deal, ..]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    let early = Act::Reveal { deal, all: true };
    assert!(store.act(&at("Ana", 1), &early).is_err());
    both_seal(&mut store, deal);
    let before = store.rows(&[deal]).unwrap()[0].eval.clone();

    let state = store.sealed(deal, "Ana").unwrap();
    assert_eq!((state.counts.len(), state.hidden), (2, 3));
    assert_eq!((state.counts[0].sealed, state.counts[0].verdict), (2, true));
    assert!(state.pairs.is_empty());
    let one = Act::Reveal { deal, all: false };
    let said: Vec<String> = (4..7)
        .map(|minute| store.act(&at("Ana", minute), &one).unwrap().what)
        .collect();

    assert_eq!(
        said,
        [
            "Northwind: the verdict revealed, they differ",
            "Northwind: signer revealed, they differ",
            "Northwind: problem revealed, they agree"
        ]
    );
    let state = store.sealed(deal, "Dana").unwrap();
    assert_eq!((state.hidden, state.unsettled()), (0, 2));
    assert_eq!(state.pairs[1].rep.words(), "yes, said");
    assert_eq!(state.pairs[1].manager.words(), "no, asked");
    assert!(state.pairs[1].effect.turns());
    let detail = store.detail(deal).unwrap().unwrap();
    let answered: Vec<&str> = detail.answers.iter().map(|a| a.question.as_str()).collect();
    assert_eq!(answered, ["PRB1"], "what differs waits");
    assert_ne!(detail.eval, before);

    let manager = Act::Choose {
        deal,
        question: Some("PWR1".into()),
        chosen: Chosen::Manager,
    };
    store.act(&at("Ana", 8), &manager).unwrap();
    let eval = store.detail(deal).unwrap().unwrap().eval.unwrap();
    assert_eq!(eval.verdict, Some(Verdict::Fire));
    let state = store.sealed(deal, "Ana").unwrap();
    assert_eq!(
        state.pairs[1].rep.words(),
        "yes, said",
        "the original stays"
    );
    assert_eq!(state.pairs[1].chosen, Some(Chosen::Manager));
}

#[test]
fn what_one_of_two_said_more_is_revealed_too() {
    let (mut store, [deal, other, _]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    let few = vec![question("PRB1", Value::Yes, Grade::Said)];
    let more = vec![
        question("PRB1", Value::No, Grade::Said),
        question("PWR1", Value::No, Grade::Said),
        Sealed::new(PairOf::Verdict, Spoken::Verdict(Verdict::Fire), None),
    ];
    for deal in [deal, other] {
        store
            .act(&at("Ana", -30), &seal(deal, "Ana", few.clone()))
            .unwrap();
        store
            .act(&at("Ana", 3), &seal(deal, "Dana", more.clone()))
            .unwrap();
    }
    let one = |deal| Act::Reveal { deal, all: false };
    let hidden = |store: &Store, deal| store.sealed(deal, "Ana").unwrap().hidden;

    assert_eq!(hidden(&store, deal), 3);
    for left in [2, 1, 0] {
        store.act(&at("Ana", 4), &one(deal)).unwrap();
        assert_eq!(hidden(&store, deal), left);
    }
    let state = store.sealed(deal, "Ana").unwrap();
    assert!(state.counts.is_empty() && state.pairs.len() == 3);
    assert!(store.act(&at("Ana", 5), &one(deal)).is_err());

    // Also without a meeting. What is sealed after that waits for the other one again.
    store.act(&at("Ana", 6), &Act::ReviewEnd).unwrap();
    for left in [2, 1, 0] {
        store.act(&at("Ana", 7), &one(other)).unwrap();
        assert_eq!(hidden(&store, other), left);
    }
    store
        .act(&at("Ana", 9), &seal(other, "Dana", more))
        .unwrap();
    assert_eq!(hidden(&store, other), 0);
    assert!(store.act(&at("Ana", 10), &one(other)).is_err());
}

#[test]
fn silence_is_no_difference_and_takes_no_answer_away() {
    let (mut store, [deal, ..]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    let answered = Act::Answer {
        deal,
        question: "BIZ2".into(),
        key: AnswerKey::Yes(Grade::Shown),
        evidence: Some("the controller said so".into()),
    };
    store.act(&at("Ana", 1), &answered).unwrap();
    let ana = vec![
        question("BIZ2", Value::Yes, Grade::Shown),
        question("PWR1", Value::Yes, Grade::Said),
    ];
    let dana = vec![
        question("PWR1", Value::No, Grade::Said),
        question("PRB1", Value::Partly, Grade::Said),
    ];
    store.act(&at("Ana", 2), &seal(deal, "Ana", ana)).unwrap();
    store.act(&at("Ana", 3), &seal(deal, "Dana", dana)).unwrap();
    let said: Vec<String> = (4..7)
        .map(|minute| {
            let one = Act::Reveal { deal, all: false };
            store.act(&at("Ana", minute), &one).unwrap().what
        })
        .collect();

    assert_eq!(said[0], "Northwind: signer revealed, they differ");
    assert!(
        said[1..]
            .iter()
            .all(|said| said.ends_with("revealed, one of them said it")),
        "{said:?}"
    );
    assert_eq!(store.sealed(deal, "Ana").unwrap().unsettled(), 1);
    for chosen in [Chosen::Rep, Chosen::Manager] {
        let silence = Act::Choose {
            deal,
            question: Some("BIZ2".into()),
            chosen,
        };
        assert!(store.act(&at("Ana", 8), &silence).is_err());
    }
    let answers = store.detail(deal).unwrap().unwrap().answers;
    let mut stands: Vec<_> = answers
        .iter()
        .map(|a| (a.question.as_str(), a.value, a.evidence.is_some()))
        .collect();
    stands.sort_unstable_by_key(|(question, ..)| *question);
    assert_eq!(
        stands,
        [("BIZ2", Value::Yes, true), ("PRB1", Value::Partly, false)]
    );
}

#[test]
fn what_changed_says_no_answer_while_one_is_sealed() {
    let (mut store, [deal, ..]) = both();
    let answered = Act::Answer {
        deal,
        question: "PRB1".into(),
        key: AnswerKey::Yes(Grade::Shown),
        evidence: None,
    };
    store.act(&at("Ana", 0), &answered).unwrap();
    store.act(&at("Ana", 1), &start()).unwrap();
    let told = |store: &Store| {
        let table = store.on_table(&at("Ana", 20), deal).unwrap();
        table.changed.of(Part::Answers).count()
    };
    assert_eq!(told(&store), 1);

    let deals = vec![deal];
    store
        .act(&at("Ana", 2), &Act::SealStanding { deals })
        .unwrap();
    assert_eq!(told(&store), 0);

    let dana = vec![question("PRB1", Value::No, Grade::Said)];
    store.act(&at("Ana", 3), &seal(deal, "Dana", dana)).unwrap();
    store
        .act(&at("Ana", 4), &Act::Reveal { deal, all: true })
        .unwrap();
    assert_eq!(told(&store), 1);
}

#[test]
fn what_is_revealed_is_sealed_anew_in_a_new_1_1_only_and_the_originals_stay() {
    let (mut store, [deal, ..]) = both();
    let all = Act::Reveal { deal, all: true };
    let revealed = |store: &Store| -> String {
        let sql = "SELECT group_concat(person || ' ' || value, ', ') FROM (
             SELECT person, value FROM sealed_answer
             WHERE question = 'PWR1' AND revealed IS NOT NULL ORDER BY id)";
        store.conn.query_row(sql, [], |r| r.get(0)).unwrap()
    };
    store.act(&at("Ana", 0), &start()).unwrap();
    both_seal(&mut store, deal);
    store.act(&at("Ana", 4), &all).unwrap();
    let before = content(&store);

    // In this 1:1 both have seen it: neither seals it again, by key, command or as it stands.
    let again = vec![question("PWR1", Value::Yes, Grade::Said)];
    for person in ["Ana", "Dana"] {
        let refused = store.act(&at("Ana", 5), &seal(deal, person, again.clone()));
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("signer is revealed in this 1:1"), "{said}");
    }
    assert_eq!(content(&store), before);
    assert_eq!(revealed(&store), "Ana yes, Dana no");
    let other = vec![question("BIZ2", Value::Yes, Grade::Said)];
    store.act(&at("Ana", 5), &seal(deal, "Ana", other)).unwrap();
    store.act(&at("Ana", 6), &Act::ReviewEnd).unwrap();

    // A new 1:1 makes a new seal beside the old one, which is counted as another time.
    store.act(&at("Ana", 10), &start()).unwrap();
    both_seal(&mut store, deal);
    store.act(&at("Ana", 14), &all).unwrap();
    assert_eq!(revealed(&store), "Ana yes, Dana no, Ana yes, Dana no");
}

#[test]
fn meetings_charter_and_what_was_revealed_come_along_in_a_file_of_our_own() {
    let (mut from, [deal, other, third]) = both();
    let terms = CharterSheet {
        text: Some("Fire what will not sign.".into()),
        ceilings: Some(vec![Money::new(5_000_000, Currency::parse("EUR"))]),
        phases: Some(vec![Phase::Early, Phase::Middle]),
        exceptions: Some(vec!["Contoso".into()]),
    };
    for (who, terms) in [("Ana", Some(terms)), ("Dana", None)] {
        from.act(&at(who, -60), &Act::CharterSign { terms })
            .unwrap();
    }
    from.act(&at("Ana", 0), &start()).unwrap();
    for (minute, deal) in [(1, deal), (5, other)] {
        let turn = Act::ReviewTurn { deal: Some(deal) };
        from.act(&at("Ana", minute), &turn).unwrap();
        both_seal(&mut from, deal);
    }
    let reveal = Act::Reveal { deal, all: true };
    from.act(&at("Ana", 6), &reveal).unwrap();
    let chosen = Act::Choose {
        deal,
        question: Some("PWR1".into()),
        chosen: Chosen::Manager,
    };
    from.act(&at("Ana", 7), &chosen).unwrap();
    from.act(&at("Ana", 8), &Act::ReviewEnd).unwrap();
    from.act(&at("Ana", 20), &start()).unwrap();
    let turn = Act::ReviewTurn { deal: Some(other) };
    from.act(&at("Ana", 21), &turn).unwrap();
    let whole = |store: &Store, deals: &[DealId]| {
        let parts = deals.iter().map(|deal| {
            let deal = store.own_deal(*deal, OwnParts::All).unwrap();
            deal.expect("it is there")
        });
        (store.own_pipeline().unwrap(), parts.collect::<Vec<_>>())
    };
    let (pipeline, deals) = whole(&from, &[deal, other, third]);
    let count = |map: &serde_json::Map<String, serde_json::Value>, word: &str| {
        map.get(word)
            .and_then(|rows| rows.as_array())
            .map_or(0, Vec::len)
    };
    assert_eq!(
        (count(&pipeline, "reviews"), count(&pipeline, "charters")),
        (2, 1)
    );
    assert_eq!(count(&deals[0], "revealed_answers"), 6);
    assert_eq!(
        count(&deals[1], "revealed_answers"),
        0,
        "it is still sealed"
    );
    assert!(count(&deals[1], "agenda_items") > 0);

    let take = |store: &mut Store, deals: &[serde_json::Map<String, serde_json::Value>]| {
        let taken: Result<_, StoreError> = store.take_own(&at("Eve", 30), "own.json", |intake| {
            intake.pipeline(&pipeline)?;
            deals.iter().try_for_each(|deal| intake.deal(deal.clone()))
        });
        taken.unwrap();
    };
    let mut to = empty();
    take(&mut to, &deals);

    assert_eq!(
        whole(&to, &[deal, other, third]),
        (pipeline.clone(), deals.clone())
    );
    let stamp = at("Ana", 31);
    let minutes = |store: &Store| format!("{:?}", store.minutes(1, &stamp).unwrap().unwrap());
    assert_eq!(minutes(&to), minutes(&from));
    assert_eq!(
        to.coaching("Ana", "Dana").unwrap(),
        from.coaching("Ana", "Dana").unwrap()
    );
    assert_eq!(to.charter("Ana").unwrap(), from.charter("Ana").unwrap());
    assert_eq!(to.review("Ana").unwrap(), from.review("Ana").unwrap());
    let state = to.sealed(deal, "Ana").unwrap();
    assert_eq!(state.pairs, from.sealed(deal, "Ana").unwrap().pairs);

    // It goes and comes back as one action.
    let action = to.latest(false).unwrap().unwrap().id;
    let done = to.undo_action(&at("Eve", 32), action).unwrap();
    assert_eq!(done.left, [""; 0]);
    assert!(to.is_empty().unwrap() && to.charter_draft().unwrap().is_none());
    to.redo(&at("Eve", 33), true).unwrap();
    assert_eq!(
        whole(&to, &[deal, other, third]),
        (pipeline.clone(), deals.clone())
    );

    // Without the deal on its table, a meeting has none there.
    let mut part = empty();
    take(&mut part, &deals[..1]);
    let session = part.review("Ana").unwrap().expect("it still runs");
    assert_eq!(session.table, None);
}

#[test]
fn an_answer_given_at_the_table_settles_the_difference() {
    let (mut store, [deal, ..]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    both_seal(&mut store, deal);
    store
        .act(&at("Ana", 4), &Act::Reveal { deal, all: true })
        .unwrap();

    let partly = Act::Answer {
        deal,
        question: "PWR1".into(),
        key: AnswerKey::Partly,
        evidence: None,
    };
    store.act(&at("Ana", 5), &partly).unwrap();

    let state = store.sealed(deal, "Ana").unwrap();
    assert_eq!(state.pairs[1].chosen, Some(Chosen::Other));
    assert_eq!(state.unsettled(), 1);
}

#[test]
fn an_undone_seal_is_gone_for_good_and_a_revealed_one_stays() {
    let (mut store, [deal, ..]) = both();
    let sealed = seal(deal, "Ana", vec![question("PWR1", Value::No, Grade::Shown)]);
    let before = content(&store);
    let done = store.act(&at("Ana", 0), &sealed).unwrap();
    assert_eq!(done.what, "Northwind: Ana sealed 1 of 12");

    store.undo(&at("Ana", 1)).unwrap();
    assert_eq!(content(&store), before);
    let error = store.redo(&at("Ana", 2), true).unwrap_err();
    assert!(matches!(error, StoreError::UndoConflict { .. }), "{error}");

    store.act(&at("Ana", 3), &start()).unwrap();
    both_seal(&mut store, deal);
    let action = store.latest(false).unwrap().unwrap().id;
    store
        .act(&at("Ana", 4), &Act::Reveal { deal, all: true })
        .unwrap();
    assert!(store.undo_action(&at("Ana", 5), action).is_err());
}

#[test]
fn every_act_of_a_1_1_is_taken_back_exactly() {
    let (mut store, [deal, other, _]) = both();
    both_seal(&mut store, deal);
    let acts = [
        Act::RaiseHand { deal, note: None },
        start(),
        Act::ReviewTurn { deal: Some(deal) },
        Act::ReviewAdd { deal: other },
        Act::ReviewMove {
            deal: other,
            place: 1,
        },
        Act::ReviewTime {
            minutes: 20,
            each: 4,
        },
        Act::MayFire {
            deal,
            sentence: None,
            who: None,
        },
        Act::Reveal { deal, all: true },
        Act::Choose {
            deal,
            question: Some("PWR1".into()),
            chosen: Chosen::Rep,
        },
        Act::LowerHand { deal },
        Act::CharterSign { terms: None },
        Act::ReviewEnd,
    ];
    let mut before = Vec::new();
    for (minute, act) in acts.iter().enumerate() {
        before.push(content(&store));
        let done = store.act(&at("Ana", 5 + minute as i64), act).unwrap();
        assert!(done.action.is_some(), "{act:?}");
    }
    let actions: Vec<Entry> = store.journal(None, None, None, acts.len()).unwrap();
    for (entry, before) in actions.iter().zip(before.iter().rev()) {
        store.undo_action(&at("Ana", 40), entry.id).unwrap();
        assert_eq!(&content(&store), before, "{}", entry.what);
    }
}

#[test]
fn the_key_takes_back_no_closing_and_no_turning() {
    let (mut store, [deal, ..]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    let note = Act::Note {
        deal,
        text: "they wait".into(),
    };
    store.act(&at("Ana", 1), &note).unwrap();
    store
        .act(&at("Ana", 2), &Act::ReviewTurn { deal: Some(deal) })
        .unwrap();
    store.act(&at("Ana", 3), &Act::ReviewEnd).unwrap();

    let done = store.undo(&at("Ana", 4)).unwrap();

    assert_eq!(done.what, "Undid: Noted on Northwind");
    assert!(store.review("Ana").unwrap().is_none());
}

#[test]
fn the_managers_sentence_is_the_authority_of_the_firing() {
    let (mut store, [deal, ..]) = both();
    let says = |who: Option<&str>| Act::MayFire {
        deal,
        sentence: None,
        who: who.map(Into::into),
    };
    assert!(store.act(&at("Ana", 0), &says(None)).is_err(), "a rep");
    store.act(&at("Dana", 1), &says(None)).unwrap();
    let fire = Act::Fire {
        deals: vec![deal],
        sheet: FireSheet::default(),
    };
    store.act(&at("Ana", 2), &fire).unwrap();

    let detail = store.detail(deal).unwrap().unwrap();
    assert_eq!(
        detail.decisions[0].authority.as_deref(),
        Some("“You may fire them.” Dana, 2026-11-23")
    );
}

#[test]
fn above_the_ceiling_it_is_fired_at_once_and_asked_for() {
    let (mut store, [small, _, large]) = both();
    let terms = CharterSheet {
        ceilings: Some(vec![Money::new(5_000_000, Currency::parse("EUR"))]),
        ..CharterSheet::default()
    };
    let sign = |terms| Act::CharterSign { terms };
    store.act(&at("Ana", 0), &sign(Some(terms))).unwrap();
    assert!(store.charter("Ana").unwrap().is_none());
    store.act(&at("Dana", 1), &sign(None)).unwrap();
    assert!(store.charter("Ana").unwrap().is_some());
    let fire = |deal| Act::Fire {
        deals: vec![deal],
        sheet: FireSheet::default(),
    };
    store.act(&at("Ana", 2), &fire(small)).unwrap();
    let done = store.act(&at("Ana", 3), &fire(large)).unwrap();
    assert!(done.left[0].contains("2026-11-30"), "{:?}", done.left);

    let requests = store.charter_requests(day("2026-11-23")).unwrap();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].is_open(day("2026-11-30")) && requests[0].stands(day("2026-12-01")));
    let detail = store.detail(small).unwrap().unwrap();
    assert_eq!(
        detail.decisions[0].authority.as_deref(),
        Some("charter, 2026-11-23")
    );
    let agenda = store.agenda(&at("Dana", 4), Some("Ana")).unwrap();
    assert!(matches!(agenda.items[0].why, AgendaWhy::Request { .. }));

    let answer = |reply, reason: Option<&str>| Act::CharterAnswer {
        deal: large,
        reply,
        reason: reason.map(Into::into),
    };
    let no_reason = answer(CharterReply::Overruled, None);
    assert!(store.act(&at("Dana", 5), &no_reason).is_err());
    let overrule = answer(CharterReply::Overruled, Some("the board asked us"));
    assert!(store.act(&at("Ana", 5), &overrule).is_err(), "a rep");
    let late = 8 * 24 * 60;
    assert!(store.act(&at("Dana", late), &overrule).is_err(), "too late");
    store.act(&at("Dana", 6), &overrule).unwrap();

    let detail = store.detail(large).unwrap().unwrap();
    assert_eq!(detail.deal.decision.code(), "undecided");
    assert_eq!(detail.decisions[0].kind, DecisionKind::Reinstated);
    let requests = store.charter_requests(day("2026-11-24")).unwrap();
    assert_eq!(requests[0].reply, Some(CharterReply::Overruled));
    assert_eq!(requests[0].since, "open");
}

#[test]
fn what_changed_is_told_since_the_last_talk_and_nothing_is_told_too() {
    let (mut store, [deal, other, _]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    for deal in [Some(deal), Some(other), None] {
        store.act(&at("Ana", 1), &Act::ReviewTurn { deal }).unwrap();
    }
    store.act(&at("Ana", 2), &Act::ReviewEnd).unwrap();
    let week = 7 * 24 * 60;
    let close = Act::Edit {
        deal,
        fields: vec![FieldValue {
            field: DealField::ExpectedClose,
            value: Some(Typed::Day(day("2027-01-29"))),
        }],
    };
    store.act(&at("Ana", week), &close).unwrap();
    let yes = Act::Answer {
        deal,
        question: "PRB1".into(),
        key: AnswerKey::Yes(Grade::Said),
        evidence: None,
    };
    store.act(&at("Ana", week + 1), &yes).unwrap();

    let today = day("2026-11-30");
    let changed = store.changed(deal, today, None).unwrap();

    assert_eq!(changed.since, Some(day("2026-11-23")));
    assert!(changed.changes.iter().any(|change| matches!(
        change,
        Change::Answered { question, from: None, to: Some((Value::Yes, Grade::Said)), .. }
            if question == "PRB1"
    )));
    assert!(store.changed(other, today, None).unwrap().is_nothing());
}

#[test]
fn two_machines_exchange_a_commitment_first_and_the_answers_after_it() {
    let file = |who: &str| {
        let (mut store, [deal, ..]) = both();
        // The same deal has the same key on both machines.
        store
            .conn
            .execute(
                "UPDATE deal SET key = 'same', source = 'hubspot' WHERE id = ?1",
                [deal.0],
            )
            .unwrap();
        let answers = vec![question("PWR1", Value::No, Grade::Said)];
        store.act(&at(who, 0), &seal(deal, who, answers)).unwrap();
        (store, deal)
    };
    let (mut ana, deal) = file("Ana");
    let (mut dana, _) = file("Dana");

    let (_, from_ana) = ana.write_seals(&at("Ana", 1)).unwrap();
    let (_, from_dana) = dana.write_seals(&at("Dana", 1)).unwrap();
    assert!(!from_ana.contains("PWR1") && from_ana.contains("commitment"));
    ana.take_seals(&at("Ana", 2), &from_dana).unwrap();
    let (_, opened) = ana.write_seals(&at("Ana", 3)).unwrap();
    let early = dana.take_seals(&at("Dana", 3), &opened).unwrap_err();
    assert!(early.to_string().contains("no commitment"), "{early}");
    dana.take_seals(&at("Dana", 4), &from_ana).unwrap();
    let changed = opened.replace("\\\"no\\\"", "\\\"yes\\\"");
    assert_ne!(changed, opened);
    let error = dana.take_seals(&at("Dana", 5), &changed).unwrap_err();
    assert!(error.to_string().contains("not the answers"), "{error}");
    let done = dana.take_seals(&at("Dana", 6), &opened).unwrap();

    assert!(
        done.what.contains("agree with the commitment"),
        "{}",
        done.what
    );
    let state = dana.sealed(deal, "Dana").unwrap();
    let theirs = state.counts.iter().find(|count| count.person == "Ana");
    assert_eq!(theirs.unwrap().checked, Some(true));
    assert!(dana.take_seals(&at("Dana", 7), &opened).is_err(), "twice");
    assert!(
        dana.take_seals(&at("Ana", 7), &opened).is_err(),
        "one's own"
    );
    // Once the answers went out, theirs cannot be replaced by others.
    let other = seal(
        deal,
        "Dana",
        vec![question("PWR1", Value::Yes, Grade::Said)],
    );
    let mut again = both().0;
    again
        .conn
        .execute(
            "UPDATE deal SET key = 'same', source = 'hubspot' WHERE id = ?1",
            [deal.0],
        )
        .unwrap();
    again.act(&at("Dana", 8), &other).unwrap();
    let (_, second) = again.write_seals(&at("Dana", 9)).unwrap();
    assert!(ana.take_seals(&at("Ana", 10), &second).is_err());
}

#[test]
fn hostile_files_of_seals_are_refused_and_leave_nothing() {
    let (mut store, _) = both();
    let before = content(&store);
    for text in [
        "",
        "null",
        "{}",
        "[]",
        "{\"walkaway_seal\":\"commitment\"}",
        "{\"walkaway_seal\":\"commitment\",\"schema\":1,\"person\":\"\",\"hash\":\"00\",\"answers\":1}",
        "{\"walkaway_seal\":\"commitment\",\"schema\":1,\"person\":\"Eve\",\"hash\":\"zz\",\"answers\":1}",
        "{\"walkaway_seal\":\"commitment\",\"schema\":9,\"person\":\"Eve\",\"hash\":\"00\",\"answers\":1}",
        "{\"walkaway_seal\":\"answers\",\"schema\":1,\"person\":\"Eve\",\"salt\":\"00\",\"sealed\":\"{}\"}",
        "{\"walkaway_seal\":\"answers\",\"schema\":1,\"person\":\"a\\u001b[31m\",\"salt\":\"\",\"sealed\":\"\"}",
    ] {
        assert!(store.take_seals(&at("Ana", 0), text).is_err(), "{text}");
    }
    let long = format!("[{}", "[".repeat(5 << 20));
    assert!(store.take_seals(&at("Ana", 0), &long).is_err());
    assert_eq!(content(&store), before);
}

#[test]
fn agreement_is_counted_over_what_both_said() {
    let (mut store, deals) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    for deal in deals {
        both_seal(&mut store, deal);
        store
            .act(&at("Ana", 4), &Act::Reveal { deal, all: true })
            .unwrap();
    }

    let coaching = store.coaching("Ana", "Dana").unwrap();

    assert_eq!(coaching.deals, 3);
    assert_eq!((coaching.verdict.same, coaching.verdict.of), (0, 3));
    let problem = coaching.questions.iter().find(|one| one.question == "PRB1");
    assert_eq!(problem.map(|one| (one.same, one.of)), Some((3, 3)));
    assert!(!coaching.may_lead() && coaching.words().contains("too few"));
    assert_eq!(store.pairs().unwrap(), [("Ana".into(), "Dana".into())]);
}

#[test]
fn what_both_have_heard_is_no_agreement_when_it_is_sealed_again() {
    let (mut store, [deal, other, _]) = both();
    let again = |store: &mut Store, deal: DealId, minute: i64, id: &str, value: Value| {
        for person in ["Ana", "Dana"] {
            let answers = vec![question(id, value, Grade::Said)];
            store
                .act(&at(person, minute), &seal(deal, person, answers))
                .unwrap();
        }
        store
            .act(&at("Ana", minute + 1), &Act::Reveal { deal, all: true })
            .unwrap();
    };
    let counted = |store: &Store, id: &str| {
        let coaching = store.coaching("Ana", "Dana").unwrap();
        let found = coaching.questions.iter().find(|one| one.question == id);
        (found.map(|one| (one.same, one.of)), coaching.deals)
    };
    // Outside of a 1:1 they hear each other on the other deal; that is heard, and no agreement.
    again(&mut store, other, -50, "PRB1", Value::Yes);
    store.act(&at("Ana", 0), &start()).unwrap();
    both_seal(&mut store, deal);
    store
        .act(&at("Ana", 4), &Act::Reveal { deal, all: true })
        .unwrap();
    // They differ on the signer, and settle it in the 1:1.
    let settle = Act::Choose {
        deal,
        question: Some("PWR1".into()),
        chosen: Chosen::Rep,
    };
    store.act(&at("Ana", 5), &settle).unwrap();
    again(&mut store, other, 6, "PRB1", Value::Yes);
    store.act(&at("Ana", 10), &Act::ReviewEnd).unwrap();
    assert_eq!(counted(&store, "PRB1"), (Some((1, 1)), 1));
    assert_eq!(counted(&store, "PWR1"), (Some((0, 1)), 1));

    // Another 1:1 in which both say what they heard in the first.
    store.act(&at("Ana", 60), &start()).unwrap();
    again(&mut store, deal, 61, "PWR1", Value::Yes);
    again(&mut store, deal, 63, "PRB1", Value::Yes);
    store.act(&at("Ana", 66), &Act::ReviewEnd).unwrap();
    assert_eq!(counted(&store, "PRB1"), (Some((1, 1)), 1));
    assert_eq!(counted(&store, "PWR1"), (Some((0, 1)), 1));

    // The buyer says something else; what both make of it is unheard again, on this question.
    let told = Act::Answer {
        deal,
        question: "PWR1".into(),
        key: AnswerKey::Yes(Grade::Shown),
        evidence: None,
    };
    store.act(&at("Ana", 80), &told).unwrap();
    store.act(&at("Ana", 90), &start()).unwrap();
    again(&mut store, deal, 91, "PWR1", Value::Yes);
    again(&mut store, deal, 93, "PRB1", Value::Yes);
    assert_eq!(counted(&store, "PWR1"), (Some((1, 2)), 1));
    assert_eq!(counted(&store, "PRB1"), (Some((1, 1)), 1));
}

#[test]
fn minutes_tell_what_was_decided_and_nothing_that_is_sealed() {
    let (mut store, [deal, other, _]) = both();
    store.act(&at("Ana", 0), &start()).unwrap();
    store
        .act(&at("Ana", 1), &Act::ReviewTurn { deal: Some(deal) })
        .unwrap();
    both_seal(&mut store, deal);
    store
        .act(&at("Ana", 4), &Act::Reveal { deal, all: false })
        .unwrap();
    let says = Act::MayFire {
        deal,
        sentence: None,
        who: None,
    };
    store.act(&at("Ana", 4), &says).unwrap();
    let fire = Act::Fire {
        deals: vec![deal],
        sheet: FireSheet::default(),
    };
    store.act(&at("Ana", 5), &fire).unwrap();
    store
        .act(&at("Ana", 6), &Act::ReviewTurn { deal: Some(other) })
        .unwrap();
    let ask = Act::Ask {
        deal: other,
        question: Some("PWR1".into()),
        whom: Some("Tom Reed".into()),
        due: Some(day("2026-11-27")),
    };
    store.act(&at("Ana", 7), &ask).unwrap();
    store.act(&at("Ana", 9), &Act::ReviewEnd).unwrap();

    let id = store.last_review("Dana").unwrap().unwrap().id;
    let minutes = store.minutes(id, &at("Ana", 10)).unwrap().unwrap();

    assert_eq!(minutes.decided(), [1, 0, 0]);
    assert_eq!((minutes.took(), minutes.deals.len()), (9, 2));
    let first = &minutes.deals[0];
    assert_eq!(first.seconds, 300);
    assert_eq!(first.differences.len(), 1, "the second is still sealed");
    assert!(
        first.decisions[0]
            .authority
            .as_deref()
            .unwrap()
            .contains("Dana")
    );
    assert!(minutes.deals[1].owed[0].is_ask);

    // What comes after the meeting changes nothing of them.
    let told = |store: &Store, minute| {
        let minutes = store.minutes(id, &at("Ana", minute)).unwrap().unwrap();
        format!("{:?}", minutes.deals)
    };
    let before = told(&store, 10);
    let week = 7 * 24 * 60;
    let reinstate = Act::Reinstate {
        deal,
        terms: "they called".into(),
    };
    store.act(&at("Ana", week), &reinstate).unwrap();
    for (deal, key) in [
        (deal, AnswerKey::Yes(Grade::Shown)),
        (other, AnswerKey::Partly),
    ] {
        let answer = Act::Answer {
            deal,
            question: "PRB1".into(),
            key,
            evidence: None,
        };
        store.act(&at("Ana", week + 1), &answer).unwrap();
    }
    assert_eq!(told(&store, week + 2), before);
}

/// All that the store hands out of a deal and of the file, as text.
fn told(store: &Store, deal: DealId) -> String {
    let entries = store.journal(None, None, None, 100).unwrap();
    let changes: Vec<String> = entries
        .iter()
        .map(|entry| format!("{:?}", store.changes(entry.id).unwrap()))
        .collect();
    let state = store.sealed(deal, "Ana").unwrap();
    let rows = store.rows(&[deal]).unwrap();
    let own = store.own_deal(deal, OwnParts::All).unwrap();
    let detail = store.detail(deal).unwrap().unwrap();
    let minutes = store.last_review("Ana").unwrap().map(|session| {
        let minutes = store.minutes(session.id, &at("Ana", 9)).unwrap();
        format!("{minutes:?}")
    });
    let agenda = store.agenda(&at("Ana", 9), None).unwrap();
    format!(
        "{entries:?}{changes:?}{state:?}{rows:?}{own:?}{detail:?}{minutes:?}{agenda:?}{:?}{:?}{:?}",
        store.own_pipeline().unwrap(),
        store.changed(deal, day("2026-11-23"), None).unwrap(),
        store.find("zqbolt").unwrap(),
    )
}

fn spoken() -> impl Strategy<Value = (Value, Grade)> {
    (0..Value::ALL.len(), 0..3_usize)
        .prop_map(|(value, grade)| (Value::ALL[value], Grade::ALL[grade]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What is handed out does not depend on what was sealed: two files that differ in nothing
    /// else cannot be told apart, by anything but the file itself.
    #[test]
    fn what_is_sealed_shows_in_nothing(
        one in (spoken(), spoken(), 0..3_usize),
        two in (spoken(), spoken(), 0..3_usize),
    ) {
        let tell = |((case, case_grade), (core, core_grade), verdict): ((Value, Grade), (Value, Grade), usize), words: &str| {
            let (mut store, [deal, ..]) = both();
            store.act(&at("Ana", 0), &start()).unwrap();
            store.act(&at("Ana", 1), &Act::ReviewTurn { deal: Some(deal) }).unwrap();
            let of = |id: &str, value, grade| {
                let spoken = Spoken::Answer(value, grade);
                Sealed::new(PairOf::Question(id.into()), spoken, Some(words.into()))
            };
            let verdict = Spoken::Verdict(Verdict::ALL[verdict]);
            for person in ["Ana", "Dana"] {
                let answers = vec![
                    of("BIZ1", case, case_grade),
                    of("RES2", core, core_grade),
                    Sealed::new(PairOf::Verdict, verdict, None),
                ];
                let act = seal(deal, person, answers);
                assert!(!format!("{act:?}").contains(words));
                store.act(&at("Ana", 2), &act).unwrap();
            }
            store.index_search(100).unwrap();
            told(&store, deal)
        };

        let (first, second) = (tell(one, "zqbolt"), tell(two, "zqrivet"));

        // A deal made here has a key drawn anew; nothing else differs.
        let plain = |text: &str| {
            let mut out = String::new();
            let mut rest = text;
            while let Some(at) = rest.find("walkaway:") {
                out.push_str(&rest[..at]);
                rest = rest[at + 9..].trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-');
            }
            out.push_str(rest);
            out
        };
        prop_assert!(!first.contains("zqbolt") && !second.contains("zqrivet"));
        prop_assert_eq!(plain(&first), plain(&second));
    }
}
