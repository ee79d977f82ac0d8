//! The week, and what came back.

use walkaway::app::model::{Model, Page};
use walkaway::app::week::{CameBack, WeekPage, WeekRow};
use walkaway::domain::deal::{AskState, DueKind, Week, WeekAsk, WeekDue, WeekFired, WeekPlan};
use walkaway::domain::ids::DealId;
use walkaway::domain::shown::{Level, Mask};

use super::{look, sample};

fn ask(id: i64, name: &str, text: &str, whom: &str, due: &str) -> WeekAsk {
    WeekAsk {
        id,
        deal: DealId(id),
        name: name.into(),
        question: "PWR1".to_owned(),
        signal: None,
        text: text.into(),
        contact: Some(whom.into()),
        due: due.parse().ok(),
        state: AskState::Open,
        put: false,
        reply: None,
        replied: None,
    }
}

fn plan(id: i64, name: &str, minutes: i64, step: &str, due: &str) -> WeekPlan {
    WeekPlan {
        deal: Some(DealId(id)),
        name: Some(name.into()),
        minutes,
        is_planned: true,
        per_week: 0.0,
        next_step: Some(step.into()),
        next_step_due: due.parse().ok(),
        senior: None,
    }
}

/// The week of the sketch.
pub fn data() -> Week {
    let fired = |id: i64, note_left| WeekFired {
        deal: DealId(id),
        name: format!("Gone {id}").as_str().into(),
        day: sample::today(),
        minutes_reclaimed: 70,
        note_left,
        note: Some("We are stepping back.".into()),
    };
    let mut asks = vec![
        ask(
            6,
            "Fabrikam",
            "What breaks if it is not live by March?",
            "Raj",
            "2026-11-26",
        ),
        ask(
            7,
            "Tailspin",
            "Who signs, and can the three of us meet?",
            "Kim",
            "2026-11-25",
        ),
        ask(
            8,
            "Wingtip",
            "Are you still serious about this?",
            "Lee",
            "2026-11-20",
        ),
        ask(
            9,
            "Lucerne",
            "How would you explain it to finance?",
            "Ines",
            "2026-11-27",
        ),
        ask(
            10,
            "Woodgrove",
            "What will you decide once you have it?",
            "Jo",
            "2026-11-20",
        ),
    ];
    asks[2].put = true;
    asks[2].state = AskState::NoReply;
    asks[3].signal = Some("signer".to_owned());
    asks[4].put = true;
    asks[4].state = AskState::Answered;
    asks[4].reply = Some("board, 9 Dec".into());
    let mut plans = vec![
        plan(20, "Adventure Works", 360, "offer", "2026-11-26"),
        plan(21, "Alpine Ski", 180, "pilot ends", "2026-11-25"),
        plan(22, "Graphic Design", 120, "demo", "2026-11-25"),
    ];
    plans[0].senior = Some("Dana".to_owned());
    plans[2].is_planned = false;
    plans[2].minutes = 0;
    plans[2].per_week = 2.0;
    let due = |id: i64, name: &str, day: &str, words: &str| WeekDue {
        deal: DealId(id),
        name: name.into(),
        day: day.parse().unwrap(),
        what: DueKind::Tripwire,
        words: words.into(),
    };
    Week {
        monday: Some(sample::today()),
        wants_senior: true,
        selling_minutes: Some(1_800),
        fired: (0..17).map(|id| fired(30 + id, id < 3)).collect(),
        may_fire: 1,
        asks,
        plans,
        due: vec![
            due(
                1,
                "Trey Research",
                "2026-11-23",
                "I fire it if the data sample is not here by 23 Nov.",
            ),
            due(
                2,
                "Northwind",
                "2026-11-27",
                "I fire it if the signer has not met us by 27 Nov.",
            ),
        ],
    }
}

/// The page of a week with the cursor on a row.
pub fn week(width: u16, height: u16, data: Week, row: WeekRow) -> Model {
    let mut model = sample::cockpit(width, height);
    let mut page = WeekPage::default();
    page.take(data);
    page.go(row);
    page.crms = vec![("HubSpot".to_owned(), 19)];
    model.pages.push(Page::Week(page));
    model
}

/// "What came back?" on the first ask.
pub fn came_back(width: u16, height: u16, words: Option<&str>) -> Model {
    let mut model = week(width, height, data(), WeekRow::Ask(8));
    if let Some(Page::Week(page)) = model.pages.last_mut() {
        page.back = Some(CameBack {
            asks: vec![8, 7, 6],
            at: 0,
            words: words.map(str::to_owned),
            at_start: true,
        });
    }
    model
}

#[test]
fn the_week() {
    let at = |width, height, row| look(&week(width, height, data(), row));
    let ask = WeekRow::Ask(7);
    insta::assert_snapshot!("week_80x24", at(80, 24, ask));
    insta::assert_snapshot!("week_120x36", at(120, 36, WeekRow::Plan(DealId(20))));
    insta::assert_snapshot!("week_200x60", at(200, 60, ask));
    insta::assert_snapshot!("week_60x16", at(60, 16, WeekRow::Due(1)));
}

#[test]
fn more_than_the_hours_hold_has_a_waterline() {
    let data = Week {
        selling_minutes: Some(540),
        asks: Vec::new(),
        ..data()
    };
    let at = |row| look(&week(80, 24, data.clone(), row));
    let above = at(WeekRow::Plan(DealId(20)));
    let below = at(WeekRow::Plan(DealId(22)));

    insta::assert_snapshot!("week_waterline_80x24", above);
    let mut wide = week(120, 36, data.clone(), WeekRow::Plan(DealId(22)));
    wide.ascii = true;
    insta::assert_snapshot!("week_waterline_ascii_120x36", look(&wide));
    assert!(below.contains("for it would go: Alpine Ski 3 h"), "{below}");
}

#[test]
fn hours_that_nobody_said_are_asked_for() {
    let data = Week {
        selling_minutes: None,
        fired: Vec::new(),
        asks: Vec::new(),
        due: Vec::new(),
        ..data()
    };

    insta::assert_snapshot!(
        "week_unsaid_80x24",
        look(&week(80, 24, data, WeekRow::Selling))
    );
}

#[test]
fn what_came_back() {
    insta::assert_snapshot!("came_back_80x24", look(&came_back(80, 24, None)));
    insta::assert_snapshot!(
        "came_back_120x36",
        look(&came_back(120, 36, Some("will look")))
    );
    insta::assert_snapshot!("came_back_60x16", look(&came_back(60, 16, None)));
}

#[test]
fn a_masked_week_names_nobody() {
    for mut model in [
        week(120, 36, data(), WeekRow::Plan(DealId(20))),
        week(120, 36, data(), WeekRow::Ask(7)),
        week(80, 24, data(), WeekRow::Due(0)),
        came_back(80, 24, Some("will look at 48,000")),
    ] {
        model.mask = Mask::new(Level::Names, 7);
        let shown = look(&model);
        for secret in [
            "Tailspin",
            "Wingtip",
            "Adventure",
            "Alpine",
            "Trey",
            "Kim",
            "Raj",
            "board",
            "pilot",
            "data sample",
            "48,000",
        ] {
            assert!(!shown.contains(secret), "{secret}\n{shown}");
        }
    }
}

#[test]
fn a_question_of_the_bank_is_readable_under_masks() {
    let mut data = data();
    let bank = walkaway::domain::bank::Bank::default_bank();
    let question = &bank.questions()[0].ask;
    for ask in &mut data.asks {
        ask.text = question.as_str().into();
    }
    let mut model = came_back(120, 36, None);
    if let Some(Page::Week(page)) = model.pages.last_mut() {
        page.take(data);
    }
    model.mask = Mask::new(Level::Names, 7);

    let shown = look(&model);
    // As far as its first line goes.
    assert!(shown.contains(&question[..60]), "{shown}");
}

#[test]
fn a_week_in_ascii_is_ascii() {
    for mut model in [
        week(120, 36, data(), WeekRow::Ask(7)),
        came_back(60, 16, None),
    ] {
        model.ascii = true;
        let shown = look(&model);
        assert!(shown.is_ascii(), "{shown}");
    }
}
