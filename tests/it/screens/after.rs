//! What is over, and the hours that it freed.

use walkaway::app::after::AfterPage;
use walkaway::app::chord::Sequence;
use walkaway::app::hours::HoursPage;
use walkaway::app::model::{Model, Page};
use walkaway::app::msg::{Msg, Stamped};
use walkaway::app::update::update;
use walkaway::domain::deal::{
    After, BadMoneyRow, Disposition, EarnedRow, FiredRow, FiredSums, HoursView, MoneySaid,
    OutcomeDue, OutcomeKind, Overruled, RegretRow, Status, WeekPlan,
};
use walkaway::domain::ids::DealId;
use walkaway::domain::judgement::Fate;
use walkaway::domain::ledger::{Freed, Ledger, Placed, Spent};
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::shown::{Level, Mask};

use super::{look, sample};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn fired(id: i64, name: &str, on: &str, why: &str, minutes: i64) -> FiredRow {
    FiredRow {
        decision: id,
        deal: DealId(id),
        name: name.into(),
        day: day(on),
        who: "Ana Ruiz".to_owned(),
        reasons: vec![why.to_owned()],
        to: Some(Disposition::WalkedAway),
        whom: None,
        until: None,
        minutes_reclaimed: minutes,
        time: (1, 1),
        outcome: None,
        words: None,
        is_silent: false,
        heard: None,
        reinstated: None,
        overruled: None,
        status: Status::Open,
    }
}

fn over() -> After {
    let due = |id: i64, name: &str, heard: Option<&str>| OutcomeDue {
        deal: DealId(id),
        name: name.into(),
        fired: day("2026-08-17"),
        check: 90,
        due: day("2026-11-15"),
        reason: Some("asked twice for the signer: no".to_owned()),
        heard: heard.map(day),
    };
    let win = |id: i64, name: &str, money, against: &[&str]| RegretRow {
        deal: DealId(id),
        name: name.into(),
        won: day("2026-09-11"),
        due: day("2026-11-10"),
        money,
        against: against.iter().map(|word| (*word).to_owned()).collect(),
        again: None,
        day: None,
        words: None,
    };
    let back = FiredRow {
        to: Some(Disposition::Nurture),
        until: Some(day("2026-11-02")),
        outcome: Some((OutcomeKind::CameBackBetter, day("2026-10-30"))),
        reinstated: Some((day("2026-10-31"), Some("half the scope, with Dana".into()))),
        time: (1, 2),
        ..fired(
            34,
            "Woodgrove",
            "2026-06-01",
            "gone dark after the workshop",
            840,
        )
    };
    let told = RegretRow {
        again: Some(false),
        day: Some(day("2026-11-01")),
        ..win(40, "Bellows College", MoneySaid::Bad, &["margin"])
    };
    After {
        outcomes: vec![
            due(30, "Fabrikam", None),
            due(31, "Lucerne", Some("2026-11-18")),
            due(32, "Wide World Importers", None),
        ],
        regrets: vec![
            win(41, "Coho Winery", MoneySaid::Bad, &["margin", "glad"]),
            win(42, "Margie Travel", MoneySaid::Good, &[]),
        ],
        fired: vec![
            fired(33, "Contoso", "2026-11-23", "their race, not ours", 1_230),
            FiredRow {
                to: Some(Disposition::Regift),
                whom: Some("Tailspin Toys".into()),
                outcome: Some((OutcomeKind::BoughtElsewhere, day("2026-10-01"))),
                ..fired(35, "Proseware", "2026-07-06", "never kept their word", 400)
            },
            back,
            FiredRow {
                reinstated: Some((day("2026-05-12"), Some("overruled: a reference".into()))),
                overruled: Some(Overruled {
                    by: Some("Dana Kim".to_owned()),
                    why: Some("a reference".into()),
                    since: Fate::Lost,
                }),
                status: Status::Lost,
                ..fired(36, "Litware", "2026-05-11", "the margin", 600)
            },
        ],
        sums: FiredSums {
            fired: 4,
            minutes_reclaimed: 3_070,
            outcomes: vec![
                (OutcomeKind::CameBackBetter, 1),
                (OutcomeKind::BoughtElsewhere, 1),
            ],
            open: 1,
            reinstated: 2,
            overruled: vec![(Fate::Lost, 1)],
        },
        told: vec![told],
    }
}

pub fn bank() -> HoursView {
    let freed = |id: i64, on: &str, minutes| Freed {
        deal: DealId(id),
        day: day(on),
        minutes,
    };
    let placed = |id: Option<i64>, week: &str, minutes| Placed {
        deal: id.map(DealId),
        week: day(week),
        minutes,
        goes_on: true,
    };
    let spent = |id: i64, on: &str, minutes| Spent {
        deal: DealId(id),
        day: day(on),
        minutes,
    };
    let plan = |id: Option<i64>, name: &str, minutes| WeekPlan {
        deal: id.map(DealId),
        name: id.map(|_| name.into()),
        minutes,
        is_planned: true,
        per_week: 0.0,
        next_step: None,
        next_step_due: None,
        senior: None,
    };
    let eur = |minor| Money {
        minor,
        currency: Currency::parse("EUR"),
    };
    let ledger = Ledger::of(
        &[
            freed(1, "2026-09-29", 600),
            freed(2, "2026-10-20", 900),
            freed(3, "2026-11-17", 1_200),
        ],
        &[
            placed(Some(20), "2026-10-05", 240),
            placed(Some(20), "2026-10-26", 300),
            placed(None, "2026-11-02", 120),
            placed(Some(21), "2026-11-23", 360),
        ],
        &[
            spent(20, "2026-10-07", 200),
            spent(20, "2026-10-27", 300),
            spent(21, "2026-11-23", 60),
        ],
        sample::today(),
    );
    HoursView {
        ledger,
        monday: Some(day("2026-11-23")),
        decisions: 17,
        plans: vec![
            plan(Some(21), "Adventure Works", 360),
            plan(Some(22), "Alpine Ski", 180),
            plan(None, "", 60),
        ],
        earned: vec![
            EarnedRow {
                deal: DealId(20),
                name: "Relecloud".into(),
                reinvested: 500,
                planned: 0,
                status: Status::Won,
                amount: Some(eur(4_800_000)),
                stage: Some("Closed Won".to_owned()),
                moves: 2,
            },
            EarnedRow {
                deal: DealId(21),
                name: "Adventure Works".into(),
                reinvested: 60,
                planned: 300,
                status: Status::Open,
                amount: Some(eur(21_000_000)),
                stage: Some("Negotiation".to_owned()),
                moves: 1,
            },
        ],
        bad_money: vec![BadMoneyRow {
            deal: DealId(25),
            name: "Litware".into(),
            amount: Some(eur(890_000)),
            spent: 22.5,
            per_week: 1.5,
        }],
        bad_count: 1,
        bad_per_week: 1.5,
    }
}

pub fn after(width: u16, height: u16, cursor: usize) -> Model {
    let mut model = sample::cockpit(width, height);
    let mut page = AfterPage::default();
    page.take(over());
    page.cursor = cursor;
    model.pages.push(Page::After(page));
    model
}

pub fn hours(width: u16, height: u16, cursor: usize, data: HoursView) -> Model {
    let mut model = sample::cockpit(width, height);
    let mut page = HoursPage::default();
    page.take(data);
    page.cursor = cursor;
    model.pages.push(Page::Hours(page));
    model
}

#[test]
fn what_came_of_it() {
    let at = |width, height, cursor| look(&after(width, height, cursor));
    insta::assert_snapshot!("after_80x24", at(80, 24, 0));
    insta::assert_snapshot!("after_win_80x24", at(80, 24, 3));
    insta::assert_snapshot!("after_120x36", at(120, 36, 1));
    insta::assert_snapshot!("after_record_120x36", at(120, 36, 7));
    insta::assert_snapshot!("after_200x60", at(200, 60, 0));
    insta::assert_snapshot!("after_60x16", at(60, 16, 7));
}

/// The sheet that takes the words of the row under the cursor.
fn in_words(width: u16, height: u16, cursor: usize) -> Model {
    let mut model = after(width, height, cursor);
    let key = "e".parse::<Sequence>().unwrap().chords()[0];
    let msg = Msg::Key {
        chord: key,
        hurried: false,
    };
    let (at, today) = (model.at, model.today);
    update(&mut model, Stamped { at, today, msg });
    model
}

#[test]
fn words_for_what_came_of_it() {
    insta::assert_snapshot!("outcome_80x24", look(&in_words(80, 24, 1)));
    insta::assert_snapshot!("outcome_120x36", look(&in_words(120, 36, 0)));
    insta::assert_snapshot!("regret_80x24", look(&in_words(80, 24, 3)));
}

#[test]
fn hours_and_money() {
    let at = |width, height, cursor| look(&hours(width, height, cursor, bank()));
    insta::assert_snapshot!("hours_80x24", at(80, 24, 0));
    insta::assert_snapshot!("hours_end_80x24", at(80, 24, 5));
    insta::assert_snapshot!("hours_120x36", at(120, 36, 0));
    insta::assert_snapshot!("hours_200x60", at(200, 60, 3));
    insta::assert_snapshot!("hours_60x16", at(60, 16, 5));
}

#[test]
fn a_plot_waits_for_enough_decisions_and_says_how_many_are_missing() {
    let early = HoursView {
        decisions: 3,
        ..bank()
    };
    let shown = look(&hours(80, 24, 0, early));

    assert!(shown.contains("drawn after 5 decisions more"), "{shown}");
}

#[test]
fn masked_they_name_nobody_and_no_amount() {
    for mut model in [
        after(120, 36, 0),
        after(120, 36, 7),
        hours(120, 60, 3, bank()),
    ] {
        model.mask = Mask::new(Level::Names, 7);
        let shown = look(&model);
        for secret in [
            "Fabrikam",
            "Lucerne",
            "Contoso",
            "Tailspin",
            "Woodgrove",
            "Relecloud",
            "Litware",
            "their race",
            "half the scope",
            "48,000",
            "8,900",
        ] {
            assert!(!shown.contains(secret), "{secret}\n{shown}");
        }
    }
}

#[test]
fn in_ascii_they_are_ascii() {
    for mut model in [after(120, 36, 7), hours(120, 60, 0, bank())] {
        model.ascii = true;
        let shown = look(&model);
        assert!(shown.is_ascii(), "{shown}");
    }
}
