use crate::app::desk::Desk;
use crate::app::effect::{Effect, Left};
use crate::app::form::{FieldKey, FormFocus, FormKind};
use crate::app::model::Overlay;
use crate::app::msg::Reply;
use crate::domain::act::{Act, FireSheet};
use crate::domain::deal::{Disposition, WalkedBy};
use crate::domain::ids::DealId;
use crate::domain::message::{Fact, MessageKind, Way};

fn text(desk: &Desk, key: FieldKey) -> String {
    desk.form().field(key).unwrap().text()
}

/// Goes to a field.
fn go(desk: &mut Desk, key: FieldKey) {
    for _ in 0..40 {
        let at = desk.form().fields.iter().position(|field| field.key == key);
        if at.map(FormFocus::Field) == Some(desk.form().focus) {
            return;
        }
        desk.press("Tab");
    }
    panic!("{key:?} is not on the sheet");
}

fn to_the_actions(desk: &mut Desk) {
    while !matches!(desk.form().focus, FormFocus::Action(_)) {
        desk.press("Tab");
    }
}

fn sheet(desk: &Desk) -> FireSheet {
    let Act::Fire { sheet, .. } = desk.act() else {
        panic!("not fired")
    };
    sheet.clone()
}

/// A desk whose first deal names nobody.
fn nameless() -> Desk {
    let mut desk = Desk::closed(2);
    desk.dress = |detail| detail.deal.contact = None;
    desk.open_pipeline(None);
    desk
}

#[test]
fn the_texts_are_those_of_where_they_go() {
    let mut desk = Desk::new(1);
    desk.press("F");
    assert!(text(&desk, FieldKey::Mail).starts_with("Dear Tom,\n\nthank you for the time"));
    assert_eq!(
        text(&desk, FieldKey::Subject),
        "Deal 1: stepping back on our side"
    );

    go(&mut desk, FieldKey::To);
    desk.press("Space");
    assert!(text(&desk, FieldKey::Phone).contains("[who is the better choice]"));
    go(&mut desk, FieldKey::Whom);
    desk.type_text("Contoso");
    to_the_actions(&mut desk);
    assert!(text(&desk, FieldKey::Phone).contains("speak to Contoso"));
    desk.press("Enter");

    let sheet = sheet(&desk);
    assert_eq!(sheet.to, Disposition::Regift);
    assert_eq!(sheet.note, Some(MessageKind::Regift));
    assert!(sheet.mail.unwrap().contains("speak to Contoso"));
}

#[test]
fn what_a_person_wrote_stays_when_they_go_elsewhere() {
    let mut desk = Desk::new(1);
    desk.press("F");
    go(&mut desk, FieldKey::Phone);
    desk.press("Ctrl-u").type_text("Goodbye, and thank you.");
    go(&mut desk, FieldKey::To);
    desk.press("Space Space");
    to_the_actions(&mut desk);

    assert!(text(&desk, FieldKey::Phone).ends_with("Goodbye, and thank you."));
    assert!(text(&desk, FieldKey::Mail).contains("right moment"));
}

#[test]
fn a_missing_fact_is_asked_for_in_place_and_never_stops_a_firing() {
    let mut desk = nameless();
    desk.press("F");
    let form = desk.form();
    assert_eq!(
        form.blanks(),
        [(Fact::FirstName, "[first name]".to_owned())]
    );
    assert!(
        form.lines
            .iter()
            .any(|line| line.warn && line.text == "[first name]")
    );
    assert!(!form.field(FieldKey::Fact(Fact::FirstName)).unwrap().hidden);
    assert!(form.field(FieldKey::Fact(Fact::Work)).unwrap().hidden);

    // A text that was changed is filled as well.
    go(&mut desk, FieldKey::Mail);
    desk.type_text("PS");
    go(&mut desk, FieldKey::Fact(Fact::FirstName));
    desk.type_text("Ines");
    to_the_actions(&mut desk);
    let mail = text(&desk, FieldKey::Mail);
    assert!(
        mail.starts_with("Dear Ines,") && mail.ends_with("PS"),
        "{mail}"
    );
    assert_eq!(desk.form().blanks(), []);

    let mut desk = nameless();
    desk.press("F Enter");
    assert!(sheet(&desk).mail.unwrap().contains("[first name]"));
}

#[test]
fn another_language_is_picked_in_the_sheet() {
    let mut desk = Desk::new(1);
    desk.press("F");
    go(&mut desk, FieldKey::Language);
    desk.press("Space");
    assert!(text(&desk, FieldKey::Mail).starts_with("Guten Tag Tom,"));

    to_the_actions(&mut desk);
    desk.press("Enter");
    assert_eq!(sheet(&desk).language.as_deref(), Some("de"));
}

#[test]
fn many_deals_get_a_note_of_their_own_each() {
    let mut desk = Desk::new(3);
    desk.press("Space Space F");
    assert_eq!(text(&desk, FieldKey::Mail), "");
    desk.press("Enter");

    let sheet = sheet(&desk);
    assert_eq!((sheet.mail, sheet.phone, sheet.note), (None, None, None));
}

#[test]
fn under_a_mask_the_texts_are_left_to_the_writing() {
    let mut desk = Desk::new(1);
    desk.press("m F");
    assert_eq!(text(&desk, FieldKey::Mail), "");
    desk.press("d");
    assert_eq!(
        desk.count(|effect| matches!(effect, Effect::DraftMail(_))),
        0
    );
    desk.press("Enter");

    assert_eq!(sheet(&desk).mail, None);
}

#[test]
fn an_emptied_text_is_none_and_who_walked_away_is_told() {
    let mut desk = Desk::new(1);
    desk.press("F");
    go(&mut desk, FieldKey::Subject);
    desk.press("Ctrl-u");
    go(&mut desk, FieldKey::Walked);
    desk.press("Space Space");
    go(&mut desk, FieldKey::BackIf);
    desk.type_text("they name a date");
    to_the_actions(&mut desk);
    desk.press("Enter");

    let sheet = sheet(&desk);
    assert_eq!(sheet.subject.as_deref(), Some(""));
    assert_eq!(sheet.walked_by, WalkedBy::Both);
    assert_eq!(sheet.back_if.as_deref(), Some("they name a date"));
}

#[test]
fn a_note_that_left_in_several_ways_is_logged_once_it_is_fired() {
    let mut desk = Desk::new(2);
    desk.press("F d");
    let drafts = |desk: &Desk| desk.count(|effect| matches!(effect, Effect::DraftMail(_)));
    assert_eq!(drafts(&desk), 1);
    desk.press("w");
    assert!(desk.toast().contains("on its way out"), "{}", desk.toast());
    let path = Some("note.eml".to_owned());
    desk.reply(Reply::Left {
        way: Way::Mail,
        path,
    });
    assert!(desk.toast().contains("note.eml"), "{}", desk.toast());
    desk.press("c w");
    desk.reply(Reply::Left {
        way: Way::File,
        path: Some("note.txt".to_owned()),
    });
    desk.press("Enter");

    let logged: Vec<Left> = desk
        .effects
        .iter()
        .filter_map(|effect| {
            let Effect::LogMessage(left) = effect else {
                return None;
            };
            Some(*left)
        })
        .collect();
    let ways: Vec<Way> = logged.iter().map(|left| left.way).collect();
    assert_eq!(ways, [Way::Mail, Way::Copy, Way::File]);
    assert!(logged.iter().all(|left| left.kind == "farewell"));
}

#[test]
fn a_first_meeting_is_opened_by_a_message_that_decides_nothing() {
    let mut desk = Desk::new(1);
    desk.press(":").type_text("message opener").press("Enter");
    assert_eq!(desk.form().kind, FormKind::Message);
    assert!(text(&desk, FieldKey::Mail).contains("Either of us may say no"));

    to_the_actions(&mut desk);
    desk.press("Enter");

    assert!(!matches!(
        desk.model.overlays.last(),
        Some(Overlay::Form(_))
    ));
    let left = Left {
        deal: DealId(1),
        kind: "opener",
        way: Way::Copy,
    };
    assert_eq!(
        desk.count(|effect| matches!(effect, Effect::LogMessage(l) if *l == left)),
        1
    );
    assert!(desk.acts.is_empty());
}

#[test]
fn a_step_goes_into_the_calendar_with_the_decision() {
    let mut desk = Desk::new(2);
    desk.press("C w");

    assert!(matches!(desk.act(), Act::Continue { .. }));
    let wrote = |effect: &Effect| {
        matches!(
            effect,
            Effect::WriteCalendar {
                path: None,
                mask: 0
            }
        )
    };
    assert_eq!(desk.count(wrote), 1);
    desk.reply(Reply::CalendarWritten {
        path: "walkaway.ics".to_owned(),
        dates: 2,
    });
    assert!(desk.toast().contains("2 dates"), "{}", desk.toast());
}
