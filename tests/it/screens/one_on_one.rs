//! The 1:1: agenda, table, reveal, and sealing before it.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use walkaway::app::model::{Model, Page};
use walkaway::app::one_on_one::{Meeting, OneOnOne, SealPage};
use walkaway::domain::answer::{Grade, Value};
use walkaway::domain::deal::DecisionKind;
use walkaway::domain::eval::Due;
use walkaway::domain::ids::DealId;
use walkaway::domain::review::{
    Agenda, AgendaItem, AgendaWhy, Change, Changed, DecidedRow, Effect, Hand, ItemState, MayFire,
    OnTable, Pair, PairOf, ReviewClock, SealCount, SealState, Session, Stand,
};
use walkaway::domain::shown::{Level, Mask};
use walkaway::domain::verdict::Verdict;

use super::{look, sample};

/// How far the talk about the deal on the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Proposed,
    Open,
    Asking,
    Revealing,
    Settling,
}

impl Stage {
    pub const ALL: [Self; 5] = [
        Self::Proposed,
        Self::Open,
        Self::Asking,
        Self::Revealing,
        Self::Settling,
    ];
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn item(deal: i64, name: &str, why: AgendaWhy, state: ItemState) -> AgendaItem {
    AgendaItem {
        id: Some(deal),
        deal: DealId(deal),
        name: name.into(),
        verdict: Some(Verdict::Fire),
        why,
        minutes: 5,
        seconds: 0,
        state,
    }
}

fn agenda() -> Agenda {
    let open = |deal, name: &str, why| item(deal, name, why, ItemState::Open);
    let raised = AgendaWhy::Raised {
        who: Some("Ana".to_owned()),
        note: Some("they want 12 % more off".into()),
    };
    let decided = |deal, name: &str, kind, since: &str| DecidedRow {
        deal: DealId(deal),
        name: name.into(),
        kind,
        day: sample::day("2026-11-09"),
        since: since.to_owned(),
    };
    Agenda {
        items: vec![
            item(
                1,
                "Trey Research",
                AgendaWhy::Due(Due::Tripwire),
                ItemState::Done,
            ),
            open(2, "Northwind", AgendaWhy::Fire),
            open(3, "Contoso", AgendaWhy::Fire),
            open(5, "Litware", AgendaWhy::Money),
            open(6, "Fabrikam", raised),
            open(23, "Adventure Works", AgendaWhy::Invest),
            open(4, "Proseware", AgendaWhy::Fire),
            open(16, "VanArsdel", AgendaWhy::Stale { answers: 4 }),
        ],
        fits: 6,
        decided_last_time: vec![
            decided(40, "Wide World", DecisionKind::Fired, "silent"),
            decided(41, "Fourth Coffee", DecisionKind::Fired, "came back"),
        ],
    }
}

fn answer(value: Value, grade: Grade) -> Stand {
    Stand::Answer {
        value,
        grade,
        evidence: Some("they said so".into()),
    }
}

fn pair(of: PairOf, rep: Stand, manager: Stand, turns: bool) -> Pair {
    let differs = rep != manager;
    Pair {
        of,
        rep,
        manager,
        differs,
        effect: Effect {
            rep: Some(Verdict::GetToNo),
            manager: Some(if turns {
                Verdict::Fire
            } else {
                Verdict::GetToNo
            }),
            apart: if differs { 0.75 } else { 0.0 },
        },
        chosen: None,
    }
}

fn sealed(stage: Stage) -> SealState {
    let count = |person: &str, day: &str| SealCount {
        person: person.to_owned(),
        sealed: 4,
        of: 12,
        verdict: true,
        day: sample::day(day),
        checked: None,
    };
    let both = vec![count("Ana", "2026-11-22"), count("Dana", "2026-11-23")];
    let question = |id: &str| PairOf::Question(id.to_owned());
    let mut pairs = vec![
        pair(
            PairOf::Verdict,
            Stand::Verdict(Verdict::GetToNo),
            Stand::Verdict(Verdict::Fire),
            false,
        ),
        pair(
            question("PWR1"),
            answer(Value::Yes, Grade::Hunch),
            answer(Value::No, Grade::Said),
            true,
        ),
        pair(
            question("MON2"),
            answer(Value::Yes, Grade::Hunch),
            answer(Value::No, Grade::Hunch),
            false,
        ),
        pair(
            question("PRB1"),
            answer(Value::Yes, Grade::Said),
            answer(Value::Yes, Grade::Said),
            false,
        ),
        pair(question("PRO1"), Stand::Nothing, Stand::Nothing, false),
    ];
    match stage {
        Stage::Proposed | Stage::Open => SealState::default(),
        Stage::Asking => SealState {
            counts: both[..1].to_vec(),
            pairs: Vec::new(),
            hidden: 0,
        },
        Stage::Revealing => {
            pairs.truncate(2);
            SealState {
                counts: both,
                pairs,
                hidden: 3,
            }
        }
        Stage::Settling => SealState {
            counts: Vec::new(),
            pairs,
            hidden: 0,
        },
    }
}

fn table(stage: Stage) -> OnTable {
    let changes = vec![
        Change::Touches {
            inbound: false,
            channel: "call".to_owned(),
            count: 2,
        },
        Change::SentAgain {
            document: "the quote".into(),
            times: 3,
        },
        Change::Minutes(120),
        Change::CloseMoved {
            on: sample::day("2026-11-12"),
            from: Some(sample::day("2026-12-12")),
            to: Some(sample::day("2027-01-29")),
            nth: 2,
        },
    ];
    let hand = Hand {
        id: 1,
        deal: DealId(2),
        note: Some("they ask for 9,876 off".into()),
        who: Some("Ana".to_owned()),
        at: "2026-11-22T09:00:00Z".to_owned(),
    };
    let said = MayFire {
        id: 1,
        sentence: "You may fire them.".into(),
        who: "Dana".to_owned(),
        day: sample::today(),
    };
    OnTable {
        deal: DealId(2),
        changed: Changed {
            since: Some(sample::day("2026-11-09")),
            changes,
        },
        sealed: sealed(stage),
        hands: if stage == Stage::Asking {
            vec![hand]
        } else {
            Vec::new()
        },
        may_fire: (stage == Stage::Settling).then_some(said),
        charter: None,
        beyond: None,
        request: None,
    }
}

/// The 1:1 of the sketch, in its eleventh minute.
pub fn page(width: u16, height: u16, stage: Stage) -> Model {
    let mut model = sample::cockpit(width, height);
    let started = at("2026-11-23T07:49:00Z");
    let session = Session {
        id: 1,
        rep: "Ana".to_owned(),
        manager: Some("Dana".to_owned()),
        started,
        ended: None,
        table: Some((DealId(2), at("2026-11-23T07:57:30Z"))),
        clock: ReviewClock {
            started,
            plan: 30,
            each: 5,
        },
    };
    let page = OneOnOne {
        meeting: Some(Box::new(Meeting {
            session: (stage != Stage::Proposed).then_some(session),
            agenda: agenda(),
        })),
        deal: Some(DealId(2)),
        table: Some(Box::new(table(stage))),
        row: usize::from(stage == Stage::Settling || stage == Stage::Asking),
        said: vec![PairOf::Verdict],
        ..OneOnOne::default()
    };
    model.pages.push(Page::OneOnOne(Box::new(page)));
    model
}

/// The same as the other person in the call sees it.
pub fn shared(width: u16, height: u16, stage: Stage) -> Model {
    let mut model = page(width, height, stage);
    model.shared = true;
    model.mask = Mask::new(Level::Open, 7);
    model.mask.share(Some(DealId(2)));
    model.last_key = "Enter".parse().ok();
    model
}

/// Sealing before the call.
pub fn seal(width: u16, height: u16) -> Model {
    let mut model = sample::cockpit(width, height);
    let mut card = SealPage::of(DealId(2));
    card.said = vec![PairOf::Verdict, PairOf::Question("PRB1".to_owned())];
    card.row = 2;
    model.pages.push(Page::Seal(card));
    model
}

#[test]
fn the_1_to_1_of_the_sketch() {
    let at = |width, height| look(&shared(width, height, Stage::Settling));

    insta::assert_snapshot!("oneone_120x36", at(120, 36));
    insta::assert_snapshot!("oneone_80x24", at(80, 24));
    insta::assert_snapshot!("oneone_200x60", at(200, 60));
    insta::assert_snapshot!("oneone_60x16", at(60, 16));
}

#[test]
fn a_deal_from_the_proposed_agenda_to_what_is_settled() {
    let mut shown = String::new();
    for stage in Stage::ALL {
        let look = look(&page(80, 24, stage));
        writeln!(shown, "{stage:?}\n{look}").expect("a string takes all that is written");
    }

    insta::assert_snapshot!("oneone_stages_80x24", shown);
    insta::assert_snapshot!("oneone_asking_120x36", look(&page(120, 36, Stage::Asking)));
}

#[test]
fn the_keys_that_settle_and_decide_are_on_the_page_in_every_size() {
    let answer_all = |model: &mut Model| {
        let bank = model.bank.clone().unwrap();
        let Some(Page::OneOnOne(page)) = model.pages.last_mut() else {
            panic!("no 1:1 is open")
        };
        let pairs = &mut page.table.as_mut().unwrap().sealed.pairs;
        pairs.truncate(3);
        for question in bank.questions().iter().filter(|question| question.core) {
            let of = PairOf::Question(question.id.clone());
            if pairs.iter().all(|pair| pair.of != of) {
                let said = answer(Value::Yes, Grade::Said);
                pairs.push(pair(of, said.clone(), said, false));
            }
        }
        pairs.len() - 1
    };
    for (width, height) in [(80, 24), (120, 36), (60, 16), (200, 60)] {
        for stage in Stage::ALL.into_iter().skip(1) {
            let mut model = page(width, height, stage);
            if stage == Stage::Settling {
                let last = answer_all(&mut model);
                for row in [0, last] {
                    if let Some(Page::OneOnOne(page)) = model.pages.last_mut() {
                        page.row = row;
                    }
                    let shown = look(&model);
                    assert!(shown.contains("Ana's   "), "{shown}");
                }
            }
            let shown = look(&model);
            assert!(shown.contains("F fire"), "{stage:?}\n{shown}");
            assert!(shown.contains("C continue"), "{stage:?}\n{shown}");
        }
    }

    let mut model = page(80, 24, Stage::Settling);
    answer_all(&mut model);
    insta::assert_snapshot!("oneone_all_80x24", look(&model));
}

#[test]
fn a_deal_that_is_talked_about_as_it_stands_is_scrolled_to_its_end() {
    let mut model = page(60, 16, Stage::Open);
    let hand = table(Stage::Asking).hands.remove(0);
    if let Some(Page::OneOnOne(page)) = model.pages.last_mut() {
        page.table.as_mut().unwrap().hands = vec![hand; 9];
    }
    let most = walkaway::app::screen::table_extent(&model);
    let shown = look(&model);
    assert!(shown.contains(&format!("{most} more below")), "{shown}");

    if let Some(Page::OneOnOne(page)) = model.pages.last_mut() {
        page.top = most + 5;
    }
    let shown = look(&model);
    assert!(shown.contains(&format!("{most} more above")), "{shown}");
    assert!(shown.contains("F fire"), "{shown}");
}

#[test]
fn what_one_of_two_said_stands() {
    let mut model = page(120, 36, Stage::Settling);
    if let Some(Page::OneOnOne(page)) = model.pages.last_mut() {
        let pairs = &mut page.table.as_mut().unwrap().sealed.pairs;
        pairs[2].manager = Stand::Nothing;
        pairs[2].differs = false;
    }

    let shown = look(&model);
    let row = shown.lines().find(|line| line.contains("Trades")).unwrap();
    assert!(row.contains("stands"), "{row}");
    assert!(row.contains("yes, hunch ✓"), "{row}");
}

#[test]
fn the_agenda_is_put_away_and_the_deal_has_the_screen() {
    let mut model = shared(120, 36, Stage::Revealing);
    if let Some(Page::OneOnOne(page)) = model.pages.last_mut() {
        page.away = true;
    }

    insta::assert_snapshot!("oneone_away_120x36", look(&model));
}

#[test]
fn what_is_sealed_is_not_on_the_page_where_it_is_sealed() {
    insta::assert_snapshot!("seal_80x24", look(&seal(80, 24)));
    insta::assert_snapshot!("seal_120x36", look(&seal(120, 36)));
}

#[test]
fn a_meeting_in_ascii_is_ascii() {
    for stage in Stage::ALL {
        let mut model = page(120, 36, stage);
        model.ascii = true;
        let shown = look(&model);
        assert!(shown.is_ascii(), "{shown}");
    }
}
