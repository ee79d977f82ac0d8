//! What a mask hides is in no cell, no title, no toast and no copied text of any screen.
//!
//! Every page, overlay, sheet, menu and line to type is walked: each kind stands in a `match`
//! without a wildcard, so that a new one does not compile before it is walked as well.

use std::collections::BTreeSet;

use walkaway::app::chord::{Chord, Sequence};
use walkaway::app::effect::Effect;
use walkaway::app::form::text::TextInput;
use walkaway::app::form::{FormKind, Tell};
use walkaway::app::list::View;
use walkaway::app::model::{
    FoundExport, MenuKind, Model, Overlay, Page, Pane, Prompt, PromptKind, SavedView, Welcome,
};
use walkaway::app::msg::{Msg, Stamped};
use walkaway::app::preview::{Part, PreviewValue};
use walkaway::app::screen::derive;
use walkaway::app::toast::{Part as ToastPart, Toast, Tone};
use walkaway::app::update::update;
use walkaway::app::week::WeekRow;
use walkaway::domain::deal::{Detail, PersonRole, PersonRow, Side};
use walkaway::domain::ids::DealId;
use walkaway::domain::line::LineKind;
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::review::{Ceiling, Change, Charter, MayFire};
use walkaway::domain::shown::{Level, Mask};
use walkaway::domain::signal::SignalId;
use walkaway::ui::{Colors, Glyphs, Styles, Theme};

use super::{after, buffer, cards, deal, insights, one_on_one, pages, reviews, rows, sample, week};

/// A text with a name and a number in it.
const SECRET: &str = "Zyzzyva 4711";

/// What must not be seen at a level, in any writing.
fn secrets(level: Level) -> &'static [&'static str] {
    match level {
        Level::Open => &[],
        Level::Amounts => &[
            "48,000", "48k", "9,876", "9.9m", "9876", "210k", "12.5", "4,800",
        ],
        Level::Names => &[
            "Zyzzyva", "4711", "48,000", "48k", "9,876", "9.9m", "9876", "210k", "12.5", "4,800",
        ],
    }
}

/// The place of a page among all kinds of pages.
fn page_kind(page: &Page) -> usize {
    match page {
        Page::Welcome(_) => 0,
        Page::Cockpit => 1,
        Page::Walk(_) => 2,
        Page::Journal(_) => 3,
        Page::Preview(_) => 4,
        Page::Sweep(_) => 5,
        Page::Week(_) => 6,
        Page::Signs(_) => 7,
        Page::Fresh(_) => 8,
        Page::Paper(_) => 9,
        Page::Map(_) => 10,
        Page::OneOnOne(_) => 11,
        Page::Seal(_) => 12,
        Page::After(_) => 13,
        Page::Hours(_) => 14,
        Page::Insights(_) => 15,
        Page::Reviews(_) => 16,
    }
}

/// How many kinds of pages there are.
const PAGES: usize = 17;

/// The place of an overlay among all kinds of overlays.
fn overlay_kind(overlay: &Overlay) -> usize {
    match overlay {
        Overlay::Help(_) => 0,
        Overlay::Palette(_) => 1,
        Overlay::Form(form) => 2 + form_kind(form.kind),
        Overlay::Prompt(prompt) => 2 + FORMS + prompt_kind(&prompt.kind),
        Overlay::Menu(menu) => 2 + FORMS + PROMPTS + menu_kind(&menu.kind),
    }
}

fn form_kind(kind: FormKind) -> usize {
    match kind {
        FormKind::Fire => 0,
        FormKind::Hold => 1,
        FormKind::Continue => 2,
        FormKind::TripwireHappened => 3,
        FormKind::TripwireAnyway => 4,
        FormKind::TripwireSet => 5,
        FormKind::Reinstate => 6,
        FormKind::Close => 7,
        FormKind::Add => 8,
        FormKind::Edit => 9,
        FormKind::Note => 10,
        FormKind::Evidence => 11,
        FormKind::Ask => 12,
        FormKind::Export => 13,
        FormKind::Tell(Tell::AskSignal(_)) => 14,
        FormKind::Tell(Tell::Contact(_)) => 15,
        FormKind::Tell(Tell::Gate) => 16,
        FormKind::Tell(Tell::Access) => 17,
        FormKind::Tell(Tell::Handoff) => 18,
        FormKind::Minutes(_) => 19,
        FormKind::Charter => 20,
        FormKind::Message => 21,
        FormKind::Outcome => 22,
        FormKind::Regret => 23,
    }
}

/// How many kinds of sheets there are.
const FORMS: usize = 24;

fn prompt_kind(kind: &PromptKind) -> usize {
    match kind {
        PromptKind::Filter { .. } => 0,
        PromptKind::Import => 1,
        PromptKind::Actor => 2,
        PromptKind::Selling => 3,
        PromptKind::Reply => 4,
        PromptKind::Line { kind, .. } => match kind {
            LineKind::Touch => 5,
            LineKind::Promise(_) => 6,
            LineKind::Concession => 7,
        },
        PromptKind::Hand(_) => 8,
    }
}

/// How many kinds of lines to type there are.
const PROMPTS: usize = 9;

fn menu_kind(kind: &MenuKind) -> usize {
    match kind {
        MenuKind::Views => 0,
        MenuKind::Orders => 1,
        MenuKind::Field { .. } => 2,
        MenuKind::Dates => 3,
        MenuKind::Currency => 4,
        MenuKind::Source => 5,
        MenuKind::Banks => 6,
        MenuKind::Owner => 7,
        MenuKind::Contact => 8,
    }
}

/// How many kinds of menus there are.
const MENUS: usize = 9;

/// Puts the secret into whatever the page shows of deals; of other deals only, where one is left
/// open by name.
fn poison_page(page: &mut Page, open: Option<DealId>) {
    let is_other = |deal: DealId| Some(deal) != open;
    match page {
        Page::Welcome(_)
        | Page::Cockpit
        | Page::Walk(_)
        | Page::Signs(_)
        | Page::Fresh(_)
        | Page::Seal(_) => {}
        Page::OneOnOne(page) => {
            let meeting = page.meeting.as_mut().expect("the agenda is there");
            let agenda = &mut meeting.agenda;
            for item in agenda.items.iter_mut().filter(|item| is_other(item.deal)) {
                item.name = SECRET.into();
            }
            for row in &mut agenda.decided_last_time {
                row.name = SECRET.into();
            }
            let table = page.table.as_mut().expect("a deal is on the table");
            if is_other(table.deal) {
                let contact = Change::Met {
                    contact: 1,
                    name: SECRET.into(),
                    step: Some(1),
                };
                let promised = Change::Promised {
                    side: Side::They,
                    what: SECRET.into(),
                    due: None,
                };
                let replied = Change::Replied {
                    question: "PWR1".to_owned(),
                    reply: Some(SECRET.into()),
                };
                table.changed.changes.extend([contact, promised, replied]);
                table.may_fire = Some(said());
                for hand in &mut table.hands {
                    hand.note = Some(SECRET.into());
                }
            }
            table.changed.changes.push(Change::AmountMoved {
                from: Some(amount()),
                to: None,
            });
        }
        Page::Journal(journal) => {
            for row in &mut journal.rows {
                row.deal = Some((DealId(9), SECRET.into()));
                row.what = SECRET.into();
            }
            if let Some(opened) = &mut journal.opened {
                for change in opened.changes.iter_mut().flatten() {
                    change.deal = Some(SECRET.into());
                    change.old = Some(SECRET.into());
                    change.new = Some(SECRET.into());
                }
            }
        }
        Page::Preview(preview) => {
            preview.asked.paths = vec![SECRET.to_owned()];
            let data = preview.data.as_mut().expect("a file was read");
            for file in &mut data.files {
                SECRET.clone_into(&mut file.name);
            }
            for assumption in &mut data.assumptions {
                SECRET.clone_into(&mut assumption.reading);
                assumption.example = Some(SECRET.into());
            }
            for row in &mut data.rows {
                row.name = SECRET.into();
                row.note = SECRET.into();
                for change in &mut row.changes {
                    change.ours = PreviewValue::Text(SECRET.into());
                    change.theirs = PreviewValue::Money(amount());
                }
            }
            for column in &mut data.columns {
                column.example = SECRET.into();
            }
        }
        Page::Sweep(sweep) => {
            let deals = sweep.deals.iter_mut().flatten();
            for deal in deals.filter(|deal| is_other(deal.id)) {
                deal.account = Some(SECRET.into());
                deal.title = SECRET.into();
            }
        }
        Page::Week(week) => {
            let data = week.data.as_mut().expect("the week was read");
            for fired in &mut data.fired {
                fired.name = SECRET.into();
                fired.note = Some(SECRET.into());
            }
            for ask in data.asks.iter_mut().filter(|ask| is_other(ask.deal)) {
                ask.name = SECRET.into();
                ask.text = SECRET.into();
                ask.contact = Some(SECRET.into());
                ask.reply = Some(SECRET.into());
            }
            for plan in &mut data.plans {
                if plan.deal.is_none_or(is_other) {
                    plan.name = Some(SECRET.into());
                    plan.next_step = Some(SECRET.into());
                }
            }
            for due in data.due.iter_mut().filter(|due| is_other(due.deal)) {
                due.name = SECRET.into();
                due.words = SECRET.into();
            }
        }
        Page::Paper(paper) => {
            for row in paper.rows.iter_mut().filter(|row| is_other(row.id)) {
                row.account = Some(SECRET.into());
                row.title = SECRET.into();
            }
        }
        Page::After(page) => {
            let data = page.data.as_mut().expect("what is over was read");
            for row in &mut data.outcomes {
                row.name = SECRET.into();
                row.reason = Some(SECRET.to_owned());
            }
            for row in data.regrets.iter_mut().chain(&mut data.told) {
                row.name = SECRET.into();
                row.words = Some(SECRET.into());
            }
            for row in &mut data.fired {
                row.name = SECRET.into();
                row.whom = Some(SECRET.into());
                row.reasons = vec![SECRET.to_owned()];
                row.words = Some(SECRET.into());
                row.reinstated = Some((sample::today(), Some(SECRET.into())));
            }
        }
        Page::Reviews(page) => {
            let opened = page.opened.iter_mut();
            for minutes in opened.filter_map(|opened| opened.minutes.as_mut()) {
                for (_, name) in &mut minutes.next_time {
                    *name = SECRET.into();
                }
                for deal in minutes.deals.iter_mut().filter(|of| is_other(of.deal)) {
                    deal.name = SECRET.into();
                    deal.notes = vec![SECRET.into()];
                    deal.may_fire = Some(said());
                    for one in &mut deal.decisions {
                        one.authority = Some(SECRET.to_owned());
                        one.reasons = vec![SECRET.to_owned()];
                        one.sentence = Some(SECRET.into());
                    }
                    for owed in &mut deal.owed {
                        owed.what = SECRET.into();
                        owed.to = Some(SECRET.into());
                    }
                }
            }
        }
        Page::Hours(page) => {
            let data = page.data.as_mut().expect("the hours were read");
            for plan in &mut data.plans {
                plan.name = Some(SECRET.into());
                plan.next_step = Some(SECRET.into());
            }
            for row in &mut data.earned {
                row.name = SECRET.into();
                row.amount = Some(amount());
            }
            for row in &mut data.bad_money {
                row.name = SECRET.into();
                row.amount = Some(amount());
            }
        }
        Page::Insights(page) => {
            let opened = page.opened.iter_mut().flat_map(|opened| &mut opened.rows);
            for row in opened.flatten().filter(|row| is_other(row.id)) {
                row.account = Some(SECRET.into());
                row.title = SECRET.into();
                row.amount = Some(amount());
            }
        }
        Page::Map(map) => {
            let rows = map.map.iter_mut().flat_map(|map| &mut map.rows);
            for row in rows.filter(|row| is_other(row.id)) {
                row.account = Some(SECRET.into());
                row.title = SECRET.into();
            }
        }
    }
}

/// A sentence of the manager's that names somebody.
fn said() -> MayFire {
    MayFire {
        id: 1,
        sentence: SECRET.into(),
        who: "Dana".to_owned(),
        day: sample::today(),
    }
}

fn amount() -> Money {
    Money::new(987_654_321, Currency::parse("EUR"))
}

/// Puts the secret into all that is known of the deal on screen.
fn poison_detail(detail: &mut Detail) {
    let secret = || Some(SECRET.into());
    detail.deal.account = secret();
    detail.deal.title = SECRET.into();
    detail.deal.contact = secret();
    detail.deal.next_step = Some(SECRET.into());
    detail.deal.description = Some(SECRET.into());
    detail.deal.product = Some(SECRET.to_owned());
    detail.deal.lead_source = Some(SECRET.to_owned());
    for touch in &mut detail.touches {
        touch.text = Some(SECRET.into());
        touch.contacts = vec![SECRET.into()];
        touch.document = Some(SECRET.into());
    }
    for row in &mut detail.commitments {
        row.what = SECRET.into();
    }
    for row in &mut detail.answers {
        row.evidence = Some(SECRET.into());
    }
    for row in &mut detail.tripwires {
        row.sentence = SECRET.into();
    }
    for row in &mut detail.contacts {
        row.title = Some(SECRET.to_owned());
    }
    detail.seen.table.may_fire = Some(said());
    if let Some(beside) = &mut detail.beside {
        beside.name = SECRET.into();
    }
}

/// Puts the secret everywhere, as the pipeline would bring it in.
fn poison(model: &mut Model, open: Option<DealId>) {
    model.facts.saved = vec![SavedView {
        name: SECRET.to_owned(),
        filter: SECRET.to_owned(),
        order: "queue".to_owned(),
    }];
    model.facts.charter = Some(Charter {
        text: SECRET.into(),
        ceilings: vec![Ceiling { most: amount() }],
        exceptions: vec![SECRET.to_owned()],
        ..Charter::default()
    });
    model.export = Some(FoundExport {
        paths: vec![SECRET.to_owned()],
        file: SECRET.to_owned(),
        kind: "HubSpot deals".to_owned(),
        at: model.at,
        is_newer: true,
    });
    SECRET.clone_into(&mut model.list.query.text);
    for row in model.list.rows.values_mut() {
        row.amount = Some(amount());
        if Some(row.id) != open {
            row.account = Some(SECRET.into());
            row.title = SECRET.into();
            row.next_step = Some(SECRET.into());
        }
    }
    if let Some(detail) = &mut model.detail.loaded {
        detail.deal.amount = Some(amount());
        if Some(detail.deal.id) != open {
            let mut told = deal::told(Some(SECRET));
            told.deal.amount = Some(amount());
            poison_detail(&mut told);
            **detail = told;
        }
    }
    for page in &mut model.pages {
        poison_page(page, open);
    }
}

fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for chord in keys.parse::<Sequence>().expect("keys").chords() {
        effects.extend(key(model, *chord));
    }
    effects
}

fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let (at, today) = (model.at, model.today);
    let msg = Msg::Key {
        chord,
        hurried: false,
    };
    let effects = update(model, Stamped { at, today, msg });
    model.drawn();
    effects
}

fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        key(model, Chord::char(c));
    }
}

/// The pages, most of them as they are drawn elsewhere.
fn all_pages() -> Vec<Model> {
    let size = (120, 36);
    let mut welcome = sample::empty(size.0, size.1);
    welcome.pages = vec![Page::Welcome(Welcome::default())];
    let mut decided = deal::cockpit(200, 60);
    decided.detail.why = true;
    let mut saved = sample::cockpit(size.0, size.1);
    saved.list.query.view = View::Saved(SECRET.to_owned());
    let mut narrow = sample::cockpit(80, 24);
    narrow.pane = Pane::Checklist;
    narrow.side = Pane::Checklist;
    let mut all = vec![
        welcome,
        sample::cockpit(size.0, size.1),
        sample::cockpit(200, 60),
        saved,
        narrow,
        decided,
        deal::opened(200, 60, SignalId::Dark),
        deal::opened(200, 60, SignalId::TheirWord),
        pages::walk(size.0, size.1, "PRO1", None),
        pages::journal(size.0, size.1, true),
        week::week(size.0, size.1, week::data(), WeekRow::Ask(6)),
        week::week(size.0, size.1, week::data(), WeekRow::Gone),
        week::week(size.0, size.1, week::data(), WeekRow::Plan(DealId(20))),
        week::week(size.0, size.1, week::data(), WeekRow::Due(0)),
        week::came_back(size.0, size.1, None),
    ];
    for part in [Part::Rows, Part::Problems, Part::Columns, Part::Assumed] {
        all.push(pages::preview(size.0, size.1, part, false));
    }
    for stage in one_on_one::Stage::ALL {
        all.push(one_on_one::page(size.0, size.1, stage));
    }
    all.push(one_on_one::seal(size.0, size.1));
    all.extend((0..8).map(|cursor| after::after(size.0, size.1, cursor)));
    all.push(after::hours(size.0, size.1, 0, after::bank()));
    all.extend(reviews::Shows::ALL.map(|shows| reviews::page(size.0, size.1, shows)));
    all.extend([false, true].map(|opened| insights::page(size.0, size.1, opened)));
    all.extend((0..cards::PAGES).map(|which| cards::page(size.0, size.1, which, None)));
    all
}

/// Opens everything that can lie over a page, on a model that is masked already.
fn overlays(masked: &Model) -> Vec<Model> {
    let opened = |keys: &str| {
        let mut model = masked.clone();
        press(&mut model, keys);
        assert!(model.overlay().is_some(), "{keys} opens nothing");
        model
    };
    let done = |name: &str| {
        let mut model = masked.clone();
        press(&mut model, ":");
        type_text(&mut model, name);
        press(&mut model, "Enter");
        assert!(model.overlay().is_some(), ":{name} opens nothing");
        model
    };
    let mut all = vec![
        opened("?"),
        opened(":"),
        opened("/"),
        opened("t"),
        opened("<"),
    ];
    all.extend([opened("$"), opened("v"), opened("o"), opened("r")]);
    all.extend(["as", "selling-hours", "questions", "me"].map(done));
    let mut import = masked.clone();
    import.overlays.push(Overlay::Prompt(Prompt {
        kind: PromptKind::Import,
        label: "import",
        input: TextInput::line(""),
        error: None,
        hint: "its path".to_owned(),
    }));
    all.push(import);
    for saved in ["view ", "delete-view "] {
        let mut model = opened(":");
        type_text(&mut model, saved);
        all.push(model);
    }
    let forms = [
        FormKind::Fire,
        FormKind::Hold,
        FormKind::Continue,
        FormKind::TripwireHappened,
        FormKind::TripwireAnyway,
        FormKind::TripwireSet,
        FormKind::Reinstate,
        FormKind::Close,
        FormKind::Add,
        FormKind::Edit,
        FormKind::Note,
        FormKind::Evidence,
        FormKind::Ask,
        FormKind::Export,
        FormKind::Charter,
        FormKind::Message,
        FormKind::Tell(Tell::AskSignal(SignalId::Dark)),
        FormKind::Tell(Tell::Contact(Some(2))),
        FormKind::Tell(Tell::Gate),
        FormKind::Tell(Tell::Access),
        FormKind::Tell(Tell::Handoff),
    ];
    for kind in forms {
        // They hold nothing but names, and are refused where those are masked.
        let is_names = matches!(kind, FormKind::Tell(Tell::Contact(_) | Tell::Gate));
        if is_names && masked.mask.hides_names() {
            continue;
        }
        let mut model = pages::opened(masked.clone(), kind, &[DealId(2)]);
        pages::form(&mut model).failed = Some(SECRET.to_owned());
        all.push(model);
    }
    all
}

/// Menus and lines of other pages than the cockpit.
fn on_other_pages(mask: &Mask) -> Vec<Model> {
    let mut all = Vec::new();
    for (part, keys) in [
        (Part::Columns, "e"),
        (Part::Rows, "d"),
        (Part::Rows, "c"),
        (Part::Rows, "s"),
    ] {
        let mut model = pages::preview(120, 36, part, false);
        poison(&mut model, None);
        model.mask = mask.clone();
        press(&mut model, keys);
        all.push(model);
    }
    let mut reply = week::came_back(120, 36, None);
    poison(&mut reply, None);
    reply.mask = mask.clone();
    press(&mut reply, "e");
    all.push(reply);
    for row in [0, 3] {
        let mut over = after::after(120, 36, row);
        poison(&mut over, None);
        over.mask = mask.clone();
        press(&mut over, "e");
        all.push(over);
    }
    let mut minutes = one_on_one::page(120, 36, one_on_one::Stage::Settling);
    poison(&mut minutes, None);
    minutes.mask = mask.clone();
    press(&mut minutes, ":");
    type_text(&mut minutes, "minutes");
    press(&mut minutes, "Enter");
    all.push(minutes);
    all
}

/// Fails where a secret of the level is in a cell, in the title of the window, or in what `c`
/// copies from here.
#[track_caller]
fn assert_hidden(model: &Model, level: Level) {
    let styles = Styles::new(Theme::Contrast, Colors::True, Glyphs::Unicode);
    let mut model = model.clone();
    for over in [80, 120, 200] {
        model.size.width = over;
        let mut shown = rows(&buffer(&model, &styles));
        shown.push_str(&derive(&model).window_title);
        for secret in secrets(level) {
            assert!(!shown.contains(secret), "{level:?} {secret}\n{shown}");
        }
    }
    let parts = vec![
        ToastPart::Name(DealId(9), SECRET.into()),
        ToastPart::Free(Some(DealId(9)), SECRET.into()),
        ToastPart::Free(None, SECRET.into()),
    ];
    model.toast = Some(Toast {
        tone: Tone::Done,
        parts,
        hint: String::new(),
        until: model.at + chrono::TimeDelta::seconds(9),
    });
    let shown = rows(&buffer(&model, &styles));
    for secret in secrets(level) {
        assert!(!shown.contains(secret), "{level:?} {secret}\n{shown}");
    }
    for effect in press(&mut model, "c") {
        if let Effect::Copy(text) = effect {
            for secret in secrets(level) {
                assert!(!text.contains(secret), "copied at {level:?}: {text}");
            }
        }
    }
}

fn people(model: &mut Model) {
    model.facts.people = ["Ana Ruiz", "Dana"]
        .map(|name| PersonRow {
            name: name.to_owned(),
            role: PersonRole::Rep,
            senior: name == "Dana",
            owner: None,
        })
        .to_vec();
    model.facts.owners = vec!["Ana Ruiz".to_owned(), "Dana".to_owned()];
    model.facts.banks = vec![("default".to_owned(), "Default".to_owned())];
}

#[test]
fn a_mask_leaks_nothing_on_any_screen() {
    let mut seen_pages = BTreeSet::new();
    let mut seen_overlays = BTreeSet::new();
    for level in [Level::Amounts, Level::Names] {
        let mask = Mask::new(level, 7);
        for mut model in all_pages() {
            seen_pages.insert(page_kind(model.page()));
            people(&mut model);
            poison(&mut model, None);
            model.mask = mask.clone();
            assert_hidden(&model, level);
        }
        let mut cockpit = deal::cockpit(120, 36);
        people(&mut cockpit);
        poison(&mut cockpit, None);
        cockpit.mask = mask.clone();
        let mut over = overlays(&cockpit);
        over.extend(on_other_pages(&mask));
        if !mask.hides_names() {
            // The people at a prospect's can only be chosen where they may be seen.
            let mut contact = cockpit.clone();
            press(&mut contact, ":");
            type_text(&mut contact, "contact");
            press(&mut contact, "Enter");
            over.push(contact);
        }
        for model in over {
            let overlay = model.overlay().expect("something lies over it");
            seen_overlays.insert(overlay_kind(overlay));
            assert_hidden(&model, level);
        }
    }
    assert_eq!(seen_pages, (0..PAGES).collect());
    assert_eq!(seen_overlays, (0..2 + FORMS + PROMPTS + MENUS).collect());
}

#[test]
fn a_shared_screen_names_the_deal_on_the_table_and_no_other() {
    let table = DealId(2);
    for mut model in all_pages() {
        people(&mut model);
        poison(&mut model, Some(table));
        model.shared = true;
        model.mask = Mask::new(Level::Open, 7);
        model.mask.share(Some(table));
        assert_hidden(&model, Level::Names);
    }
}

#[test]
fn a_promise_is_typed_under_a_mask_as_well() {
    let mut model = deal::cockpit(120, 36);
    poison(&mut model, None);
    model.mask = Mask::new(Level::Names, 7);
    press(&mut model, "<");
    let Some(Overlay::Prompt(prompt)) = model.overlay() else {
        panic!("there is a line to type")
    };
    assert!(matches!(
        prompt.kind,
        PromptKind::Line {
            kind: LineKind::Promise(Some(Side::They)),
            ..
        }
    ));
    press(&mut model, "Tab");
    assert_hidden(&model, Level::Names);
}
