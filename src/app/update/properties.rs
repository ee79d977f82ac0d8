//! What holds after any keys, in any order, at any size.

use proptest::prelude::*;

use super::*;
use crate::app::chord::{Chord, Key};
use crate::app::desk::{Desk, size, today};
use crate::app::layout::ListLine;
use crate::app::model::{DetailPane, Overlay};
use crate::app::msg::{Doing, Mouse, MouseKind, Reply};
use crate::domain::deal::{Decision, Status};
use crate::domain::eval::Due;

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    Key(Chord, bool),
    Paste(String),
    Mouse(MouseKind, u16, u16),
    Resize(u16, u16),
    DataChanged,
    Changed(u32, u8),
    Wake,
    NewDay,
    Answer,
    FailOne,
}

fn any_key() -> impl Strategy<Value = Chord> {
    let named = prop::sample::select(vec![
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::Delete,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::Home,
        Key::End,
        Key::PageUp,
        Key::PageDown,
    ]);
    let bound: Vec<Chord> = crate::app::command::table()
        .flat_map(|row| row.command.default_keys())
        .flat_map(|keys| keys.chords().to_vec())
        .filter(|chord| *chord != Chord::ctrl('c') && *chord != Chord::ctrl('z'))
        .collect();
    prop_oneof![
        6 => prop::sample::select(bound),
        3 => named.prop_map(Chord::new),
        2 => proptest::char::range('!', '~').prop_map(Chord::char),
        1 => Just(Chord::char('é')),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        30 => (any_key(), prop::bool::weighted(0.05)).prop_map(|(k, hurried)| Event::Key(k, hurried)),
        1 => "\\PC{0,8}".prop_map(Event::Paste),
        1 => (
            prop::sample::select(vec![MouseKind::Click, MouseKind::WheelDown, MouseKind::WheelUp]),
            0_u16..210,
            0_u16..65,
        )
            .prop_map(|(kind, column, line)| Event::Mouse(kind, column, line)),
        1 => (0_u16..210, 0_u16..65).prop_map(|(w, h)| Event::Resize(w, h)),
        1 => prop::sample::select(vec![(0, 0), (1, 1), (1, 50), (60, 16), (80, 24), (120, 36)])
            .prop_map(|(w, h)| Event::Resize(w, h)),
        1 => Just(Event::DataChanged),
        2 => (1_u32..60, 0_u8..6).prop_map(|(deal, how)| Event::Changed(deal, how)),
        1 => Just(Event::Wake),
        1 => Just(Event::NewDay),
        8 => Just(Event::Answer),
        1 => Just(Event::FailOne),
    ]
}

fn happen(desk: &mut Desk, event: Event) {
    match event {
        Event::Key(chord, hurried) => desk.key(chord, hurried),
        Event::Paste(text) => desk.tell(Msg::Paste(text)),
        Event::Mouse(kind, column, line) => {
            desk.tell(Msg::Mouse(Mouse { kind, column, line }));
        }
        Event::Resize(width, height) => desk.tell(Msg::Resize(size(width, height))),
        Event::DataChanged => desk.tell(Msg::Reply(Reply::Overtaken)),
        Event::Changed(deal, how) => {
            if let Some(fake) = desk.deals.get_mut(&deal) {
                match how {
                    0 => fake.decision = Decision::Fired,
                    1 => fake.status = Status::Won,
                    2 => fake.due = Some(Due::Tripwire),
                    3 => fake.due = Some(Due::CameBack),
                    4 => fake.answers.clear(),
                    _ => {
                        desk.deals.remove(&deal);
                    }
                }
            }
            desk.tell(Msg::Reply(Reply::Overtaken));
        }
        Event::Wake => desk.tell(Msg::Wake),
        Event::NewDay => {
            let (at, day) = (
                desk.model.at,
                desk.model.today.succ_opt().unwrap_or_else(today),
            );
            desk.tell_at(at, day, Msg::Wake);
        }
        Event::Answer => desk.answer_some(),
        Event::FailOne => desk.fail_one(),
    }
}

/// What no effect may be twice on its way.
fn kind_on_its_way(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::LoadFacts => "facts".to_owned(),
        // A newer order overtakes the rows of the older one.
        Effect::FetchWindow { request, .. } => format!("window {request}"),
        Effect::LoadDetail(_) => "detail".to_owned(),
        Effect::LoadWeek => "week".to_owned(),
        Effect::LoadReviews => "reviews".to_owned(),
        Effect::FindNewestExport => "export".to_owned(),
        Effect::ApplyImport { .. } => "import".to_owned(),
        Effect::CancelImport => "cancel".to_owned(),
        Effect::Demo => "demo".to_owned(),
        Effect::EditText { .. } => "editor".to_owned(),
        Effect::SetActor(_) => "actor".to_owned(),
        Effect::WriteExport { .. } | Effect::ExportForCrm { .. } => "export file".to_owned(),
        Effect::LoadCrms => "crms".to_owned(),
        Effect::DraftMail(_) | Effect::WriteMessage(_) | Effect::PutOutNotes(_) => {
            "message".to_owned()
        }
        Effect::WriteCalendar { .. } => "calendar".to_owned(),
        Effect::BuildIndex { generation, .. } => format!("index {generation}"),
        Effect::Act(_)
        | Effect::Undo(_)
        | Effect::UndoAction(_)
        | Effect::UndoTo(_)
        | Effect::Redo => "write".to_owned(),
        Effect::LoadJournal { .. }
        | Effect::LoadChanges(_)
        | Effect::LogMessage(_)
        | Effect::LoadSweep(_)
        | Effect::LoadSweepPiles
        | Effect::LoadPaper
        | Effect::LoadMap
        | Effect::LoadAfter
        | Effect::LoadHours
        | Effect::LoadInsights(_)
        | Effect::LoadBehind(_)
        | Effect::LoadMinutes(_)
        | Effect::LoadMeeting(_)
        | Effect::LayTable(_)
        | Effect::WriteMinutes(_)
        | Effect::PreviewImport { .. }
        | Effect::Copy(_)
        | Effect::SavePlace(_)
        | Effect::Quit
        | Effect::Suspend
        | Effect::Tend => return None,
    })
}

fn holds(desk: &Desk) -> Result<(), TestCaseError> {
    let model = &desk.model;
    let list = &model.list;
    prop_assert!(!model.pages.is_empty());
    prop_assert!(list.cursor < list.ids.len() || (list.cursor == 0 && list.ids.is_empty()));
    prop_assert!(list.top <= list.cursor);
    let grouped: usize = list.groups.iter().map(|group| group.count).sum();
    prop_assert!(list.groups.is_empty() || grouped == list.ids.len());

    let height = list_height(model);
    let lines = list.shape().lines(height, model.size.is_roomy());
    if height >= 3 && !list.ids.is_empty() && matches!(model.page(), Page::Cockpit) {
        prop_assert!(
            lines.contains(&ListLine::Row(list.cursor)),
            "the cursor is off the screen"
        );
    }
    let DetailPane { top, loaded, .. } = &model.detail;
    prop_assert!(*top <= layout::detail_extent(loaded.as_deref()));
    if let Some(Overlay::Menu(menu)) = model.overlay() {
        prop_assert!(menu.cursor < menu.rows.len().max(1) && menu.top <= menu.cursor);
    }
    if let Some(Overlay::Palette(open)) = model.overlay() {
        prop_assert!(open.cursor < open.rows.len().max(1) && open.top <= open.cursor);
    }

    let mut on_their_way: Vec<String> = desk.open.iter().filter_map(kind_on_its_way).collect();
    on_their_way.sort();
    let all = on_their_way.len();
    on_their_way.dedup();
    prop_assert_eq!(on_their_way.len(), all, "twice on its way: {:?}", desk.open);
    Ok(())
}

/// Everything that `Esc` takes off one by one.
fn depth(model: &Model) -> usize {
    let list =
        usize::from(!model.list.marks.is_empty()) + usize::from(!model.list.query.text.is_empty());
    let opened = model
        .pages
        .iter()
        .any(|page| matches!(page, Page::Journal(journal) if journal.opened.is_some()));
    model.overlays.len()
        + model.pages.len()
        + usize::from(opened)
        + usize::from(model.zoom)
        + usize::from(model.pane != Pane::List)
        + usize::from(!model.pending.is_empty())
        + list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_keep_the_cockpit_whole(
        deals in prop::sample::select(vec![0_u32, 1, 7, 40, 400]),
        late in any::<bool>(),
        events in proptest::collection::vec(any_event(), 1..120),
    ) {
        let mut desk = Desk::new(deals);
        desk.answers = !late;
        for event in events {
            let before = depth(&desk.model);
            let overlays = desk.model.overlays.len();
            let is_escape = matches!(event, Event::Key(chord, _) if chord == Chord::new(Key::Esc));
            happen(&mut desk, event);
            if is_escape && !late {
                prop_assert!(desk.model.overlays.len() + 1 >= overlays);
                prop_assert!(depth(&desk.model) <= before);
            }
            if desk.model.left {
                break;
            }
            holds(&desk)?;
        }
        if !desk.model.left {
            // However deep one is, escape leads back to the first page, and never out.
            desk.end_imports();
            for _ in 0..60 {
                desk.press("Esc");
                desk.end_imports();
            }
            prop_assert_eq!(desk.model.pages.len(), 1);
            prop_assert!(desk.model.overlays.is_empty() && !desk.model.left);
            prop_assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
        }
    }

    #[test]
    fn once_all_is_answered_what_is_on_screen_is_loaded(
        events in proptest::collection::vec(any_event(), 1..60),
    ) {
        let mut desk = Desk::new(350);
        desk.answers = false;
        for event in events {
            // What failed is not asked for again by itself.
            if !matches!(event, Event::FailOne) {
                happen(&mut desk, event);
            }
        }
        prop_assume!(!desk.model.left);
        desk.answer_all();
        let model = &desk.model;
        for line in model.list.shape().lines(list_height(model), model.size.is_roomy()) {
            if let ListLine::Row(row) = line {
                // A deal that went while another page was on screen is still listed.
                let is_gone = !desk.deals.contains_key(&model.list.ids[row]);
                prop_assert!(is_gone || model.list.row(row).is_some(), "row {row} is not loaded");
            }
        }
        if let Some(deal) = model.current_deal() {
            let known = desk.deals.contains_key(&deal.short());
            prop_assert!(!known || model.current_detail().is_some() || model.detail.missing.is_some());
        }
        prop_assert!(model.work.write.is_none() && model.work.waiting.is_empty());
    }
}

#[test]
fn a_failed_load_is_not_asked_for_again_and_again() {
    let mut desk = Desk::new(5);
    desk.answers = false;
    desk.press("j");
    for _ in 0..5 {
        desk.fail_one();
    }

    assert!(desk.open.is_empty(), "{:?}", desk.open);
    desk.reply(Reply::Failed {
        doing: Doing::Facts,
        what: "It failed".to_owned(),
        why: String::new(),
        hint: String::new(),
    });
    assert!(desk.open.is_empty());
    assert_eq!(desk.toast(), "It failed");
}
