use super::*;
use crate::app::desk::{Desk, today};
use crate::app::form::{FieldKey, FormFocus, FormKind};
use crate::app::model::{DetailRow, Overlay, Pane};
use crate::domain::deal::{AccessRow, CommitmentRow, ConcessionKind, ConcessionRow, ContactRow};
use crate::domain::hours::Channel;
use crate::domain::shown::{Free, Level as MaskLevel, Mask, Name};
use crate::domain::signal::{Figures, Level, Signal, SignalId};

fn signal(id: SignalId, level: Level) -> Signal {
    Signal {
        id,
        level,
        settled: false,
        since: None,
        figures: Figures::default(),
    }
}

/// Two signals, a late promise of theirs and one of ours, bait, and access that was asked for.
fn dressed(detail: &mut Detail) {
    if let Some(eval) = &mut detail.eval {
        eval.signals = vec![
            signal(SignalId::Untouched, Level::Amber),
            signal(SignalId::Dark, Level::Red),
        ];
    }
    let owed = |id, side, what: &str, due: &str| CommitmentRow {
        id,
        side,
        what: Free::new(what),
        due: Some(due.parse().unwrap()),
        state: CommitmentState::Open,
        settled: None,
        paired: None,
    };
    detail.commitments = vec![
        owed(7, Side::They, "data sample", "2026-11-06"),
        owed(8, Side::We, "quote v3", "2026-12-01"),
    ];
    detail.contacts = vec![ContactRow {
        id: 3,
        name: Name::new("Tom Reed"),
        title: None,
        role: None,
        level: Some(2),
        met: None,
        noted: None,
        email: None,
        typed: true,
    }];
    detail.seen.concessions = vec![ConcessionRow {
        id: 5,
        kind: ConcessionKind::Bait,
        what: Free::new("3 more plants"),
        amount: None,
        percent: None,
        traded_for: None,
        hard_to_keep: false,
        kept: None,
        at: "2026-11-02T09:00:00Z".to_owned(),
    }];
    detail.seen.access = vec![AccessRow {
        id: 6,
        whom: Name::new("Ines Wolf"),
        day: today(),
        answer: None,
        answered: None,
        swap: false,
    }];
}

fn desk() -> Desk {
    let mut desk = Desk::closed(2);
    desk.dress = dressed;
    desk.open_pipeline(None);
    desk
}

fn error(desk: &Desk) -> Option<String> {
    match desk.model.overlay() {
        Some(Overlay::Prompt(prompt)) => prompt.error.clone(),
        other => panic!("no line is open, but {other:?}"),
    }
}

fn typed(desk: &Desk) -> String {
    match desk.model.overlay() {
        Some(Overlay::Prompt(prompt)) => prompt.input.text(),
        other => panic!("no line is open, but {other:?}"),
    }
}

#[test]
fn a_line_is_one_act_on_the_deal_under_the_cursor() {
    let mut desk = desk();
    desk.press("j t").type_text("they call 20m asked again");
    desk.press("Enter");

    let Act::TouchAdd { deal, touch } = desk.act() else {
        panic!("{:?}", desk.act());
    };
    assert_eq!(deal.short(), 2);
    assert_eq!((touch.channel, touch.minutes), (Channel::Call, Some(20)));
    assert!(desk.model.overlays.is_empty());
    assert_eq!(desk.toast(), "Touch on Account 2 · u undoes");
    assert_eq!(desk.acts.len(), 1);
}

#[test]
fn each_side_has_its_key_and_a_promise_can_be_traded() {
    let mut desk = desk();
    desk.press("<")
        .type_text("user list by fri for quote v3")
        .press("Enter");
    let Act::CommitmentAdd { commitment, .. } = desk.act() else {
        panic!("{:?}", desk.act());
    };
    assert_eq!((commitment.side, commitment.paired), (Side::They, Some(8)));
    assert_eq!(commitment.what, "user list");

    desk.press(">").type_text("call by wed").press("Enter");
    assert!(matches!(desk.act(), Act::CommitmentAdd { commitment, .. }
        if commitment.side == Side::We));

    desk.press("$")
        .type_text("discount 10% for early payment")
        .press("Enter");
    assert!(matches!(desk.act(), Act::ConcessionAdd { concession, .. }
        if concession.percent == Some(10.0)));
}

#[test]
fn a_mistake_keeps_the_line_until_the_next_key() {
    let mut desk = desk();
    desk.press("t").type_text("they -5m").press("Enter");

    assert!(desk.acts.is_empty());
    assert_eq!(typed(&desk), "they -5m");
    assert!(error(&desk).is_some());
    desk.press("Backspace");
    assert_eq!(error(&desk), None);
    desk.press("Esc");
    assert!(desk.model.overlays.is_empty() && desk.acts.is_empty());
}

#[test]
fn a_line_that_the_file_refuses_comes_back_into_its_field() {
    let mut desk = desk();
    desk.fails = Some("that touch is on record already".to_owned());
    desk.press("t").type_text("they call 20m asked again");
    desk.press("Left Left Enter");

    assert_eq!(typed(&desk), "they call 20m asked again");
    let told = error(&desk).unwrap();
    assert!(
        told.starts_with("that touch is on record already"),
        "{told}"
    );
    let Some(Overlay::Prompt(prompt)) = desk.model.overlay() else {
        panic!("no line is open");
    };
    assert_eq!(prompt.input.cursor(), (0, 23), "the cursor is where it was");
    assert!(desk.acts.is_empty());

    desk.press("Enter");
    assert!(desk.model.overlays.is_empty());
    assert_eq!(desk.toast(), "Touch on Account 1 · u undoes");
}

#[test]
fn names_are_completed_and_masked_ones_are_not() {
    let mut desk = desk();
    desk.press("t").type_text("they call with to").press("Tab");
    assert_eq!(typed(&desk), "they call with Tom Reed ");
    desk.press("Esc");

    desk.model.mask = Mask::new(MaskLevel::Names, 7);
    desk.press("t").type_text("they call with to").press("Tab");
    assert_eq!(typed(&desk), "they call with to");
}

#[test]
fn a_line_can_stand_behind_the_name_of_its_command() {
    let mut desk = desk();
    desk.press(":")
        .type_text("touch we email the plan")
        .press("Enter");
    assert!(matches!(desk.act(), Act::TouchAdd { .. }));

    desk.press(":").type_text("they-owe nothing").press("Enter");
    assert_eq!(typed(&desk), "nothing");
    assert!(error(&desk).is_some());
}

#[test]
fn an_unwanted_sale_says_what_it_answers_and_is_not_said_by_a_burst() {
    let mut desk = desk();
    desk.key(crate::app::chord::Chord::char('!'), true);
    assert!(desk.acts.is_empty());

    desk.press("!");
    assert!(matches!(desk.act(), Act::Unwanted { unwanted: true, .. }));
    assert_eq!(
        desk.toast(),
        "Not wanted: Account 1 · glad: no, said, so the verdict is FIRE · u undoes"
    );
    let Some(Overlay::Form(form)) = desk.model.overlay() else {
        panic!("no sheet")
    };
    assert_eq!(form.kind, FormKind::Fire);
    desk.press("Esc u");
    assert!(desk.acts.is_empty());

    desk.press(":").type_text("unwanted no").press("Enter");
    assert!(matches!(
        desk.act(),
        Act::Unwanted {
            unwanted: false,
            ..
        }
    ));
}

#[test]
fn a_promise_is_settled_by_one_key_where_the_cursor_is_on_it() {
    let mut desk = desk();
    desk.press("Tab Tab End k");
    assert_eq!(desk.model.promise().map(|row| row.id), Some(7));
    assert_eq!(desk.model.question(), None);

    let kept = |desk: &Desk| {
        let Act::CommitmentSettle {
            commitment,
            settlement,
        } = desk.act()
        else {
            panic!("{:?}", desk.act());
        };
        (*commitment, settlement.state)
    };
    desk.press("3");
    assert_eq!(kept(&desk), (7, CommitmentState::Kept));
    desk.press("j 1");
    assert_eq!(kept(&desk), (8, CommitmentState::Late));
    desk.press("n");
    assert_eq!(kept(&desk), (8, CommitmentState::Missed));
    desk.press("x");
    assert_eq!(kept(&desk), (8, CommitmentState::Waived));
    desk.press("Del");
    assert_eq!(kept(&desk), (8, CommitmentState::Open));

    desk.press("Home 3");
    assert!(
        matches!(desk.act(), Act::Answer { .. }),
        "the questions have their keys"
    );
}

#[test]
fn a_late_promise_asks_what_changed() {
    let mut desk = desk();
    desk.press("Tab Tab End k a");

    let lines: Vec<_> = desk
        .form()
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(lines[0], "What has changed since you promised it?");
    while !matches!(desk.form().focus, FormFocus::Action(_)) {
        desk.press("Tab");
    }
    desk.press("Enter");
    assert!(matches!(
        desk.act(),
        Act::AskSignal {
            signal: SignalId::TheirWord,
            ..
        }
    ));
}

#[test]
fn bait_and_access_are_settled_in_the_deal() {
    let mut desk = desk();
    desk.press("Tab");
    let mut seen = Vec::new();
    for _ in 0..60 {
        desk.press("j");
        if let Some(row) = desk.model.detail.row
            && seen.last() != Some(&row)
        {
            seen.push(row);
            match row {
                DetailRow::Bait(_) => {
                    desk.press("n");
                    let act = desk.act();
                    assert!(matches!(
                        act,
                        Act::BaitSettle {
                            concession: 5,
                            kept: Some(false)
                        }
                    ));
                }
                DetailRow::Access(_) => {
                    desk.press("3");
                    let act = desk.act();
                    assert!(matches!(
                        act,
                        Act::AccessAnswer {
                            answer: AccessAnswer::Given,
                            ..
                        }
                    ));
                    desk.press("1");
                    assert!(desk.toast().contains("only a promise"), "{}", desk.toast());
                }
                DetailRow::Signal(_) => {}
            }
        }
    }
    let expected = [
        DetailRow::Signal(SignalId::Dark),
        DetailRow::Signal(SignalId::Untouched),
        DetailRow::Bait(5),
        DetailRow::Access(6),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn a_signal_asks_its_own_question_and_one_to_ourselves_is_only_copied() {
    let mut desk = desk();
    desk.press("Tab j a");
    assert_eq!(desk.form().lines[0].text, SignalId::Dark.to_say());
    desk.press("Esc j a");
    assert!(desk.toast().contains("to ourselves"), "{}", desk.toast());
    desk.press("c");
    let copied = desk.effects.iter().rev().find_map(|effect| {
        let crate::app::effect::Effect::Copy(text) = effect else {
            return None;
        };
        Some(text.clone())
    });
    assert_eq!(copied.as_deref(), Some("Is this one ours at all?"));
}

#[test]
fn what_is_agreed_before_a_trial_is_one_act() {
    let mut desk = desk();
    desk.press(":").type_text("gate").press("Enter");
    desk.type_text("Tom Reed");
    for _ in 0..3 {
        desk.press("Tab");
    }
    desk.press("Tab").type_text("+2w");
    while !matches!(desk.form().focus, FormFocus::Action(_)) {
        desk.press("Tab");
    }
    desk.press("Enter");

    let Act::GateSheet { owners, starts, .. } = desk.act() else {
        panic!("{:?}", desk.act());
    };
    let objectives = crate::domain::deal::GateFlag::Objectives;
    assert_eq!(owners, &[(objectives, Some("Tom Reed".to_owned()))]);
    assert_eq!(*starts, Some("2026-12-07".parse().unwrap()));
}

#[test]
fn a_contact_is_picked_and_changed_and_masked_ones_are_not() {
    let mut desk = desk();
    desk.press(":").type_text("contact").press("Enter Enter");
    let at = |key| {
        let fields = &desk.form().fields;
        fields.iter().position(|field| field.key == key).unwrap()
    };
    let (role, name) = (at(FieldKey::Role), at(FieldKey::Name));
    assert_eq!(desk.form().fields[name].text(), "Tom Reed");
    while desk.form().focus != FormFocus::Field(role) {
        desk.press("Tab");
    }
    desk.press("Right");
    while !matches!(desk.form().focus, FormFocus::Action(_)) {
        desk.press("Tab");
    }
    desk.press("Enter");
    let Act::ContactEdit { contact: 3, to } = desk.act() else {
        panic!("{:?}", desk.act());
    };
    assert_eq!(
        to.role,
        Some(crate::domain::deal::ContactRole::EconomicBuyer)
    );
    assert_eq!(to.level, Some(2));

    desk.model.mask = Mask::new(MaskLevel::Names, 7);
    desk.press(":").type_text("contact").press("Enter");
    assert!(desk.toast().contains("masked"), "{}", desk.toast());
}

#[test]
fn another_deal_starts_without_a_cursor_in_its_panes() {
    let mut desk = desk();
    desk.press("Tab j Enter");
    assert!(desk.model.detail.row.is_some() && desk.model.detail.opened.is_some());

    desk.press("]");

    assert_eq!(desk.model.pane, Pane::Detail);
    assert_eq!(
        (desk.model.detail.row, desk.model.detail.opened),
        (None, None)
    );
}

#[test]
fn an_open_signal_closes_again_and_lines_scroll_where_no_row_is_near() {
    let mut desk = desk();
    desk.tell(crate::app::msg::Msg::Resize(crate::app::desk::size(80, 16)));
    desk.press("Tab Shift-Tab");
    crate::app::update::moves::focus(&mut desk.model, Pane::Detail);
    desk.press("j Space");
    assert_eq!(desk.model.detail.opened, Some(SignalId::Dark));
    desk.press("Space");
    assert_eq!(desk.model.detail.opened, None);
    for _ in 0..80 {
        desk.press("j");
    }
    let shape = crate::app::screen::detail_shape(&desk.model).unwrap();
    assert_eq!(desk.model.detail.top, shape.most(), "to the last line");
    for _ in 0..80 {
        desk.press("k");
    }
    assert_eq!((desk.model.detail.top, desk.model.detail.row), (0, None));
}
