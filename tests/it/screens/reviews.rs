//! Earlier 1:1s: the list, the minutes of one, and how two people compare.

use walkaway::app::model::{Model, Page};
use walkaway::app::reviews::{OpenedMinutes, PairSide, ReviewsPage};
use walkaway::domain::answer::{Grade, Value};
use walkaway::domain::deal::{DecisionKind, Disposition, Side};
use walkaway::domain::ids::DealId;
use walkaway::domain::review::{
    AgendaWhy, Agreement, Change, Changed, Chosen, Coaching, Effect, HeldReview, ItemState,
    MayFire, Minutes, MinutesDeal, MinutesDecision, MinutesOwed, Pair, PairOf, PairReviews,
    ReviewClock, Session, Stand,
};
use walkaway::domain::shown::{Level, Mask};
use walkaway::domain::verdict::Verdict;

use super::{look, sample};

/// What is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    Held,
    Minutes,
    Coaching,
    TooFew,
    NobodyElse,
}

impl Shows {
    pub const ALL: [Self; 5] = [
        Self::Held,
        Self::Minutes,
        Self::Coaching,
        Self::TooFew,
        Self::NobodyElse,
    ];
}

fn session(id: i64, day: &str, manager: Option<&str>) -> Session {
    let at = |time: &str| format!("{day}T{time}:00Z").parse().unwrap();
    let started = at("09:00");
    Session {
        id,
        rep: "Ana".to_owned(),
        manager: manager.map(str::to_owned),
        started,
        ended: Some(at("09:27")),
        table: None,
        clock: ReviewClock {
            started,
            plan: 30,
            each: 5,
        },
    }
}

fn held(id: i64, day: &str, decided: [u32; 3]) -> HeldReview {
    HeldReview {
        session: session(id, day, Some("Dana")),
        talked: 6,
        decided,
    }
}

/// Agreement on a question: so many, the first half as often as given.
fn agreed(question: &str, same: u32, of: u32, earlier: u32) -> Agreement {
    Agreement {
        question: question.to_owned(),
        same,
        of,
        earlier: (earlier, of / 2),
        later: (same - earlier, of - of / 2),
    }
}

fn coaching(is_enough: bool) -> Coaching {
    let parts = if is_enough { 18 } else { 3 };
    let all = |id: &str| agreed(id, parts, parts, parts / 2);
    let signer = agreed("PWR1", parts * 2 / 3, parts, parts / 6);
    Coaching {
        rep: "Ana".to_owned(),
        manager: "Dana".to_owned(),
        deals: parts,
        days: Some((sample::day("2026-09-14"), sample::day("2026-11-09"))),
        verdict: all(PairOf::VERDICT),
        questions: vec![all("PRB1"), signer.clone(), agreed("PRO1", 2, 5, 1)],
        musts: vec![all("PRB1"), signer, agreed("PRO1", 2, 5, 1)],
        is_senior: false,
    }
}

fn pairs(shows: Shows) -> Vec<PairReviews> {
    let both = PairReviews {
        rep: "Ana".to_owned(),
        manager: Some("Dana".to_owned()),
        held: vec![
            held(7, "2026-11-09", [2, 1, 2]),
            held(5, "2026-10-26", [1, 0, 3]),
            held(2, "2025-12-01", [0, 0, 0]),
        ],
        coaching: Some(coaching(shows != Shows::TooFew)),
    };
    let alone = PairReviews {
        rep: "Ana".to_owned(),
        manager: None,
        held: vec![HeldReview {
            session: session(6, "2026-11-02", None),
            talked: 3,
            decided: [1, 1, 0],
        }],
        coaching: None,
    };
    vec![both, alone]
}

fn deal(id: i64, name: &str, why: AgendaWhy) -> MinutesDeal {
    MinutesDeal {
        deal: DealId(id),
        name: name.into(),
        title: "Plant rollout".into(),
        amount: None,
        why,
        state: ItemState::Done,
        seconds: 290,
        changed: Changed::default(),
        decisions: Vec::new(),
        differences: Vec::new(),
        same: 0,
        may_fire: None,
        request: None,
        owed: Vec::new(),
        notes: Vec::new(),
    }
}

/// What a meeting of the sketch left behind.
fn minutes() -> Minutes {
    let session = session(7, "2026-11-09", Some("Dana"));
    let said = MayFire {
        id: 1,
        sentence: "You may fire them.".into(),
        who: "Dana".to_owned(),
        day: sample::day("2026-11-09"),
    };
    let decision = |kind, authority| MinutesDecision {
        kind,
        who: "Ana".to_owned(),
        authority,
        reasons: Vec::new(),
        to: None,
        until: None,
        sentence: None,
    };
    let mut fired = deal(2, "Northwind", AgendaWhy::Fire);
    fired.decisions.push(MinutesDecision {
        reasons: vec!["asked twice for the signer: no".to_owned()],
        to: Some(Disposition::WalkedAway),
        ..decision(DecisionKind::Fired, Some(said.authority()))
    });
    fired.may_fire = Some(said);
    fired.same = 4;
    fired.differences.push(Pair {
        of: PairOf::Question("PWR1".to_owned()),
        rep: Stand::Answer {
            value: Value::Yes,
            grade: Grade::Hunch,
            evidence: None,
        },
        manager: Stand::Answer {
            value: Value::No,
            grade: Grade::Said,
            evidence: None,
        },
        differs: true,
        effect: Effect {
            rep: Some(Verdict::GetToNo),
            manager: Some(Verdict::Fire),
            apart: 0.75,
        },
        chosen: Some(Chosen::Manager),
    });
    fired.changed.changes.push(Change::Touches {
        inbound: false,
        channel: "call".to_owned(),
        count: 2,
    });
    let mut asked = deal(5, "Litware", AgendaWhy::Money);
    asked.owed.push(MinutesOwed {
        side: Side::We,
        who: Some("Ana".to_owned()),
        what: "Who signs, and can the three of us meet?".into(),
        due: Some(sample::day("2026-11-13")),
        is_ask: true,
        to: Some("Kim Ray".into()),
    });
    asked.notes.push("they ask for 9,876 off".into());
    let mut goes_on = deal(23, "Adventure Works", AgendaWhy::Invest);
    goes_on.decisions.push(MinutesDecision {
        until: Some(sample::day("2027-01-15")),
        sentence: Some("I fire it if the pilot has not begun by 15 Jan.".into()),
        ..decision(DecisionKind::Continued, None)
    });
    Minutes {
        until: session.ended.unwrap(),
        session,
        deals: vec![fired, asked, goes_on],
        next_time: vec![(DealId(16), "VanArsdel".into())],
    }
}

/// The page.
pub fn page(width: u16, height: u16, shows: Shows) -> Model {
    let mut model = sample::cockpit(width, height);
    model.facts.has_reviews = true;
    let opened = (shows == Shows::Minutes).then(|| OpenedMinutes {
        review: 7,
        minutes: Some(Box::new(minutes())),
    });
    let side = match shows {
        Shows::Held | Shows::Minutes => PairSide::Held,
        Shows::Coaching | Shows::TooFew | Shows::NobodyElse => PairSide::Coaching,
    };
    model.pages.push(Page::Reviews(Box::new(ReviewsPage {
        pairs: Some(pairs(shows)),
        at: usize::from(shows == Shows::NobodyElse),
        side,
        opened,
        ..ReviewsPage::default()
    })));
    model
}

#[test]
fn earlier_meetings_and_their_minutes() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let at = |shows| look(&page(width, height, shows));
        insta::assert_snapshot!(format!("reviews_{width}x{height}"), at(Shows::Held));
        insta::assert_snapshot!(format!("minutes_{width}x{height}"), at(Shows::Minutes));
        insta::assert_snapshot!(format!("coaching_{width}x{height}"), at(Shows::Coaching));
    }
    insta::assert_snapshot!("coaching_few_80x24", look(&page(80, 24, Shows::TooFew)));
}

#[test]
fn minutes_on_a_shared_screen_name_nobody_of_theirs() {
    let mut model = page(120, 36, Shows::Minutes);
    model.shared = true;
    model.mask = Mask::new(Level::Open, 7);
    model.mask.share(None);

    let shown = look(&model);

    for name in [
        "Northwind",
        "Litware",
        "Adventure",
        "VanArsdel",
        "Kim",
        "9,876",
    ] {
        assert!(!shown.contains(name), "{name}:\n{shown}");
    }
    assert!(
        shown.contains("Dana") && shown.contains("fired by Ana"),
        "{shown}"
    );
}

#[test]
fn they_are_ascii_where_the_terminal_is() {
    for shows in Shows::ALL {
        let mut model = page(120, 36, shows);
        model.ascii = true;
        let shown = look(&model);
        assert!(shown.is_ascii(), "{shown}");
    }
}
