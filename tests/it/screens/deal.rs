//! A deal of which much is told: blocks, signals that open, one-line inputs.

use walkaway::app::form::text::TextInput;
use walkaway::app::form::{FormKind, Tell};
use walkaway::app::model::{DetailRow, Model, Overlay, Pane, Prompt, PromptKind};
use walkaway::app::screen::detail_shape;
use walkaway::domain::deal::{
    AccessAnswer, AccessRow, Beside, ClosingNote, CommitmentState, ConcessionKind, ConcessionRow,
    ContactRole, ContactRow, Decision, DecisionKind, DecisionRow, Detail, Disposition, FreshEyes,
    FreshRow, GateRow, HandoffRow, HoldRow, OutcomeRow, PersonRole, PersonRow, Status, SweepRow,
    SweepWord, WalkedBy,
};
use walkaway::domain::ids::DealId;
use walkaway::domain::line::LineKind;
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::shown::{Level, Mask};
use walkaway::domain::signal::{Row, SignalId};

use super::{look, pages, sample};

/// Northwind, with all that people can tell of a deal.
pub fn told(text: Option<&str>) -> Detail {
    let words = |own: &str| text.unwrap_or(own).to_owned();
    let mut detail = sample::northwind();
    for (at, touch) in (1..).zip(&mut detail.touches) {
        touch.id = at;
        touch.people = vec!["Dana".to_owned()];
    }
    "meeting".clone_into(&mut detail.touches[1].channel);
    detail.raised = vec![
        (SignalId::Dark, vec![Row::Touch(2), Row::Touch(1)]),
        (SignalId::TheirWord, vec![Row::Promise(1), Row::Promise(2)]),
    ];
    detail.commitments[3].paired = Some(3);
    detail.deal.margin = Some(12.5);
    detail.deal.discount = Some(15.0);
    detail.beside = Some(Beside {
        deal: DealId(23),
        name: "Adventure Works".into(),
        amount: Money::new(21_000_000, Currency::parse("EUR")),
        spent: 19.0,
    });
    let contact = |id, name: &str, role, level, met: Option<&str>| ContactRow {
        id,
        name: words(name).as_str().into(),
        title: None,
        role,
        level,
        met: met.map(sample::day),
        noted: met.map(sample::day),
        email: Some(words("x@example.com").as_str().into()),
        typed: true,
    };
    detail.contacts = vec![
        contact(
            1,
            "Tom Reed",
            Some(ContactRole::User),
            Some(2),
            Some("2026-09-01"),
        ),
        contact(
            2,
            "Ines Wolf",
            Some(ContactRole::EconomicBuyer),
            Some(4),
            None,
        ),
    ];
    let given = |id, kind, what: &str, amount, traded: Option<&str>| ConcessionRow {
        id,
        kind,
        what: words(what).as_str().into(),
        amount,
        percent: None,
        traded_for: traded.map(|traded| words(traded).as_str().into()),
        hard_to_keep: kind == ConcessionKind::Promise,
        kept: None,
        at: "2026-11-02T09:00:00Z".to_owned(),
    };
    let worth = Money::new(480_000, Currency::parse("EUR"));
    detail.seen.concessions = vec![
        given(
            1,
            ConcessionKind::Bait,
            "3 more plants next year",
            None,
            None,
        ),
        given(
            2,
            ConcessionKind::Discount,
            "10 %",
            Some(worth),
            Some("early payment"),
        ),
        given(3, ConcessionKind::Promise, "two days on site", None, None),
    ];
    detail.seen.access = vec![AccessRow {
        id: 1,
        whom: words("Ines Wolf").as_str().into(),
        day: sample::day("2026-11-03"),
        answer: Some(AccessAnswer::Refused),
        answered: Some(sample::day("2026-11-05")),
        swap: true,
    }];
    detail.seen.gate = Some(GateRow {
        objectives: Some(words("Tom Reed").as_str().into()),
        requirements: Some(words("Tom Reed").as_str().into()),
        starts: Some(sample::day("2026-12-02")),
        ..GateRow::default()
    });
    detail.seen.handoffs = vec![HandoffRow {
        id: 1,
        from: Some("Dana".to_owned()),
        to: "Ana Ruiz".to_owned(),
        overseer: Some("Dana".to_owned()),
        next_check: Some(sample::day("2026-11-26")),
        day: sample::day("2026-10-20"),
    }];
    detail.seen.is_unwanted = true;
    detail.seen.sweep = Some(SweepRow {
        word: SweepWord::Dread,
        day: sample::day("2026-11-16"),
    });
    detail.seen.fresh_eyes = Some(FreshRow {
        answer: FreshEyes::No,
        day: sample::day("2026-11-16"),
    });
    detail
}

/// The cockpit on it, the deal's pane with the keys.
pub fn cockpit(width: u16, height: u16) -> Model {
    let mut model = sample::cockpit(width, height);
    model.detail.loaded = Some(Box::new(told(None)));
    model.pane = Pane::Detail;
    model.facts.people = ["Ana Ruiz", "Dana"]
        .map(|name| PersonRow {
            name: name.to_owned(),
            role: PersonRole::Rep,
            senior: name == "Dana",
            owner: None,
        })
        .to_vec();
    model
}

/// The same with a signal open under the cursor.
pub fn opened(width: u16, height: u16, id: SignalId) -> Model {
    let mut model = cockpit(width, height);
    model.detail.row = Some(DetailRow::Signal(id));
    model.detail.opened = Some(id);
    model
}

/// The same at its end.
fn scrolled(width: u16, height: u16) -> Model {
    let mut model = cockpit(width, height);
    model.detail.top = detail_shape(&model).expect("the deal is shown").most();
    model
}

/// A one-line input over it.
pub fn line(width: u16, height: u16, kind: LineKind, text: &str, wrong: bool) -> Model {
    let mut model = cockpit(width, height);
    model.overlays.push(Overlay::Prompt(Prompt {
        kind: PromptKind::Line {
            kind,
            deal: DealId(2),
        },
        label: "touch",
        input: TextInput::line(text),
        error: wrong.then(|| "wrong".to_owned()),
        hint: String::new(),
    }));
    model
}

#[test]
fn all_that_is_told_stands_in_blocks() {
    insta::assert_snapshot!("told_120x36", look(&cockpit(120, 36)));
    insta::assert_snapshot!("told_200x60", look(&cockpit(200, 60)));
    insta::assert_snapshot!("told_end_120x36", look(&scrolled(120, 36)));
    insta::assert_snapshot!("told_end_80x24", look(&scrolled(80, 24)));
}

#[test]
fn a_signal_opens_to_what_raised_it() {
    insta::assert_snapshot!("signal_80x24", look(&opened(80, 24, SignalId::Dark)));
    insta::assert_snapshot!("signal_120x36", look(&opened(120, 36, SignalId::TheirWord)));
    let mut ascii = opened(120, 36, SignalId::Dark);
    ascii.ascii = true;
    assert!(look(&ascii).is_ascii());
}

#[test]
fn a_promise_has_its_keys_in_the_footer() {
    let mut model = cockpit(80, 24);
    model.pane = Pane::Checklist;
    model.side = Pane::Checklist;
    model.detail.promise = Some(4);

    insta::assert_snapshot!("owed_80x24", look(&model));
}

#[test]
fn a_line_is_read_back_as_one_types_and_a_mistake_marked_at_its_place() {
    let touch = "they call 20m with Tom and Kim Lee after hours asked for the quote again";
    let at = |kind, text, wrong| look(&line(80, 24, kind, text, wrong));
    insta::assert_snapshot!("line_touch_80x24", at(LineKind::Touch, touch, false));
    insta::assert_snapshot!(
        "line_wrong_80x24",
        at(LineKind::Touch, "they call -5m about the quote", true)
    );
    insta::assert_snapshot!("line_empty_80x24", at(LineKind::Touch, "", false));
    let bait = look(&line(
        120,
        36,
        LineKind::Concession,
        "bait 3 more plants",
        false,
    ));
    insta::assert_snapshot!("line_bait_120x36", bait);
}

#[test]
fn the_height_of_a_line_stays_while_one_types() {
    let touch = "they call 20m yesterday with Tom after hours asked for the quote again";
    let top_of = |text: &str| {
        let shown = look(&line(80, 24, LineKind::Touch, text, false));
        shown.lines().position(|line| line.starts_with(" touch"))
    };
    let tops: Vec<_> = (0..touch.len()).map(|end| top_of(&touch[..end])).collect();

    assert!(tops[0].is_some());
    assert!(tops.iter().all(|top| *top == tops[0]), "{tops:?}");
}

#[test]
fn forms_of_what_no_crm_sees() {
    let at = |tell| {
        let mut model = cockpit(80, 24);
        model.pane = Pane::List;
        look(&pages::opened(model, FormKind::Tell(tell), &[DealId(2)]))
    };
    insta::assert_snapshot!("gate_80x24", at(Tell::Gate));
    insta::assert_snapshot!("contact_80x24", at(Tell::Contact(Some(2))));
    insta::assert_snapshot!("access_80x24", at(Tell::Access));
    insta::assert_snapshot!("handoff_80x24", at(Tell::Handoff));
    insta::assert_snapshot!("ask_signal_80x24", at(Tell::AskSignal(SignalId::Dark)));
}

#[test]
fn percentages_are_masked_with_the_amounts() {
    let mut model = cockpit(200, 60);
    model.mask = Mask::new(Level::Amounts, 7);
    let shown = look(&model);

    assert!(shown.contains("margin •••••, floor •••••"), "{shown}");
    assert!(
        !shown.contains("12.5") && !shown.contains("210k"),
        "{shown}"
    );
}

#[test]
fn a_trial_of_which_nothing_is_told_and_a_file_of_one_stay_silent() {
    let mut model = cockpit(200, 60);
    model.facts.people.truncate(1);
    let detail = model.detail.loaded.as_mut().unwrap();
    detail.seen.gate = None;
    detail.seen.handoffs.clear();
    detail
        .commitments
        .retain(|row| row.state == CommitmentState::Kept);
    let shown = look(&model);

    assert!(
        !shown.contains("Our seniors") && !shown.contains("Trial "),
        "{shown}"
    );
}

/// Northwind, fired two months ago on the manager's word.
fn fired() -> Detail {
    let mut detail = sample::northwind();
    detail.deal.decision = Decision::Fired;
    detail.decisions = vec![DecisionRow {
        id: 1,
        kind: DecisionKind::Fired,
        day: sample::day("2026-09-21"),
        who: "Ana Ruiz".to_owned(),
        authority: Some("“You may fire them.” Dana, 2026-09-20".to_owned()),
        reasons: vec!["asked for the signer: no".to_owned()],
        verdict: Some("fire".to_owned()),
        core_unasked: Some(3),
        disposition: Some(Disposition::Nurture),
        whom: None,
        until: Some(sample::day("2027-01-11")),
        minutes_reclaimed: Some(840),
        formula: None,
        walked_by: Some(WalkedBy::Us),
        comes_back_if: Some("their director asks for it".into()),
        note: ClosingNote::default(),
        terms: None,
        why: None,
    }];
    detail.tripwires.clear();
    detail
}

fn shown(detail: Detail) -> String {
    let mut model = sample::cockpit(120, 36);
    model.detail.loaded = Some(Box::new(detail));
    look(&model)
}

#[test]
fn a_fired_deal_speaks_of_the_firing_and_asks_for_nothing() {
    let text = shown(fired());

    insta::assert_snapshot!("fired_120x36", text);
    for gone in ["CONTINUE needs", "✗ FIRE", "ask it", "Against", "a week"] {
        let detail: Vec<&str> = text
            .lines()
            .skip(3)
            .filter_map(|l| l.split('│').nth(1))
            .collect();
        assert!(!detail.join("\n").contains(gone), "{gone}\n{text}");
    }

    let mut told = fired();
    told.outcomes = vec![OutcomeRow {
        kind: "bought_elsewhere".to_owned(),
        day: sample::day("2026-11-20"),
        words: Some("from Contoso".into()),
    }];
    let text = shown(told);
    assert!(text.contains("20 Nov bought elsewhere"), "{text}");
    assert!(!text.contains("you are asked"), "{text}");
}

#[test]
fn a_deal_on_hold_waits_and_a_closed_one_is_over() {
    let mut held = fired();
    held.deal.decision = Decision::Hold;
    held.decisions[0].kind = DecisionKind::Hold;
    held.holds = vec![HoldRow {
        id: 1,
        what: "they name a date".into(),
        until: sample::day("2026-12-21"),
        why: Some("their budget round".into()),
        starts: sample::day("2026-11-16"),
        ended: None,
    }];
    let text = shown(held);
    assert!(text.contains("until they: they name a date"), "{text}");
    assert!(text.contains("since 16 Nov by Ana Ruiz"), "{text}");
    assert!(
        !text.contains("CONTINUE needs") && !text.contains("ask it"),
        "{text}"
    );

    let mut won = fired();
    won.deal.status = Status::Won;
    won.deal.closed = Some(sample::day("2026-11-20"));
    won.eval = None;
    let text = shown(won.clone());
    assert!(
        text.contains("Would you sell it again?") && text.contains("19 Jan"),
        "{text}"
    );
    // What was decided before stays told.
    assert!(text.contains("21 Sep by Ana Ruiz"), "{text}");
    won.seen.sell_again = Some((false, sample::day("2026-11-22")));
    assert!(shown(won).contains("You would not sell it again"));
}
