//! What each command does.

use super::moves::{self, Step};
use super::{
    Effects, after, answer, cards, decide, export, insights, journal, lists, map, notes,
    one_on_one, palette, places, preview, prompts, reviews, rows, say, share, sweep, tell, week,
    write,
};
use crate::app::chord::Chord;
use crate::app::command::Command;
use crate::app::effect::{Effect, Reach};
use crate::app::form::{Form, FormKind, Reading, Tell};
use crate::app::list::{Order, View};
use crate::app::model::{Help, Model, Overlay, Page, Pane, PromptKind, Then, Welcome, WelcomeRow};
use crate::app::paper::Paper;
use crate::app::reviews::PairSide;
use crate::app::screen;
use crate::domain::act::Act;
use crate::domain::deal::{CommitmentState, FreshEyes, OutcomeKind, Side};
use crate::domain::ids::ActionId;
use crate::domain::line::LineKind;
use crate::domain::message::Way;
use crate::domain::review::{CharterReply, Chosen};

/// Runs a command by its key. One that decides is ignored when the key came too fast for a hand.
pub(super) fn by_key(
    model: &mut Model,
    command: Command,
    chord: Chord,
    hurried: bool,
    effects: &mut Effects,
) {
    if hurried && command.info().careful {
        let key = chord.label(model.ascii);
        say::refused(
            model,
            format!("{key} came too fast for a hand, and decided nothing"),
        );
        return;
    }
    run(model, command, None, effects);
}

/// Runs a command, if it can be done now; else says why not.
pub(super) fn run(model: &mut Model, command: Command, arg: Option<&str>, effects: &mut Effects) {
    let info = command.info();
    if let Err(reason) = (info.enabled)(model) {
        say::refused(model, format!("{}: {reason}", info.title));
        return;
    }
    let arg = arg.map(str::trim).filter(|arg| !arg.is_empty());
    match command {
        Command::Back | Command::SignsDone => {
            moves::back(model, effects);
        }
        Command::BackOrQuit => {
            if !moves::back_to_base(model, effects) {
                leave(model, effects);
            }
        }
        Command::Leave => leave(model, effects),
        Command::Suspend => effects.push(Effect::Suspend),
        Command::RowDown => moves::step(model, Step::Rows(1)),
        Command::RowUp => moves::step(model, Step::Rows(-1)),
        Command::PageDown => moves::step(model, Step::Pages(1)),
        Command::PageUp => moves::step(model, Step::Pages(-1)),
        Command::HalfDown => moves::step(model, Step::Halves(1)),
        Command::HalfUp => moves::step(model, Step::Halves(-1)),
        Command::First => moves::step(model, Step::First),
        Command::Last => moves::step(model, Step::Last),
        Command::Help => help(model),
        Command::NextDeal => moves::along_queue(model, 1),
        Command::PreviousDeal => moves::along_queue(model, -1),
        Command::Fire | Command::FireAsPromised => decide::open(model, FormKind::Fire),
        Command::Hold => decide::open(model, FormKind::Hold),
        // A tripwire that is due is settled first, from whichever pane.
        Command::Continue if crate::app::command::is_tripwire_due(model) => {
            decide::open(model, FormKind::TripwireAnyway);
        }
        Command::Continue => decide::open(model, FormKind::Continue),
        Command::Happened => decide::open(model, FormKind::TripwireHappened),
        Command::KeepGoing => decide::open(model, FormKind::TripwireAnyway),
        Command::Ask => match model.signal() {
            Some(signal) => decide::open(model, FormKind::Tell(Tell::AskSignal(signal))),
            None => decide::open(model, FormKind::Ask),
        },
        Command::Touch => tell::open(model, LineKind::Touch, arg),
        Command::TheyOwe => tell::open(model, LineKind::Promise(Some(Side::They)), arg),
        Command::WeOwe => tell::open(model, LineKind::Promise(Some(Side::We)), arg),
        Command::Concession => tell::open(model, LineKind::Concession, arg),
        Command::Unwanted => tell::unwanted(model, arg),
        Command::Contact => tell::contact(model, arg),
        Command::Gate => decide::open(model, FormKind::Tell(Tell::Gate)),
        Command::Access => decide::open(model, FormKind::Tell(Tell::Access)),
        Command::Handoff => decide::open(model, FormKind::Tell(Tell::Handoff)),
        Command::OpenSignal => rows::open(model),
        Command::SettleKept => tell::settle(model, CommitmentState::Kept),
        Command::SettleLate => tell::settle(model, CommitmentState::Late),
        Command::SettleMissed => tell::settle(model, CommitmentState::Missed),
        Command::SettleWaived => tell::settle(model, CommitmentState::Waived),
        Command::SettleOpen => tell::settle(model, CommitmentState::Open),
        Command::Evidence => decide::open(model, FormKind::Evidence),
        Command::Copy => copy(model, effects),
        Command::Undo => write::undo_mine(model),
        Command::Redo => write::push(model, Effect::Redo, Then::Say),
        Command::UndoAny => undo_any(model, arg),
        Command::Palette => palette::open(model, ""),
        Command::GoCockpit => leave_pages(model),
        Command::GoWeek => week::open(model),
        Command::GoJournal => journal::open(model),
        Command::GoMap => map::open(model),
        Command::GoAfter => after::open(model),
        Command::GoHours => after::open_hours(model),
        Command::GoInsights => insights::open(model),
        Command::InsightNext => insights::go(model, 1),
        Command::InsightPrevious => insights::go(model, -1),
        Command::InsightOpen => insights::enter(model, effects),
        Command::InsightPeriod => insights::other_period(model),
        Command::InsightOwn => insights::own_or_all(model),
        Command::CameBackBetter => after::outcome(model, OutcomeKind::CameBackBetter),
        Command::CameBackUnchanged => after::outcome(model, OutcomeKind::CameBackUnchanged),
        Command::BoughtElsewhere => after::outcome(model, OutcomeKind::BoughtElsewhere),
        Command::BoughtNothing => after::outcome(model, OutcomeKind::BoughtNothing),
        Command::Silence => after::outcome(model, OutcomeKind::Silence),
        Command::NoChange => after::no_change(model),
        Command::SellAgain => after::regret(model, true),
        Command::NotAgain => after::regret(model, false),
        Command::NotesCopy => notes::all(model, Way::Copy, effects),
        Command::NotesDraft => notes::all(model, Way::Mail, effects),
        Command::NotesFile => notes::all(model, Way::File, effects),
        Command::AfterWords => after::words(model),
        Command::AfterOpen | Command::HoursOpen => after::open_deal(model),
        Command::HoursMore => after::hours(model, true),
        Command::HoursLess => after::hours(model, false),
        Command::GoReviews => reviews::open(model, PairSide::Held),
        Command::GoCoaching => reviews::open(model, PairSide::Coaching),
        Command::ReviewNext => reviews::go(model, 1),
        Command::ReviewPrevious => reviews::go(model, -1),
        Command::ReviewTurn => reviews::turn(model),
        Command::ReviewOpen => reviews::enter(model, effects),
        Command::ReviewSave => reviews::save(model),
        Command::GoOneOnOne => one_on_one::open(model, arg),
        Command::SealDeal => one_on_one::open_seal(model),
        Command::Minutes => one_on_one::minutes(model),
        Command::Charter => decide::open(model, FormKind::Charter),
        Command::LetStand => one_on_one::answer_request(model, CharterReply::Stands, arg),
        Command::Overrule => one_on_one::answer_request(model, CharterReply::Overruled, arg),
        Command::RaiseHand => one_on_one::hand(model, arg),
        Command::OneOnOneEnter => one_on_one::enter(model),
        Command::TakeRep => one_on_one::choose(model, Chosen::Rep),
        Command::TakeManager => one_on_one::choose(model, Chosen::Manager),
        Command::MayFire => one_on_one::may_fire(model),
        Command::AgendaAway => one_on_one::away(model),
        Command::AgendaUp => one_on_one::shift(model, -1),
        Command::AgendaDown => one_on_one::shift(model, 1),
        Command::NextTime => one_on_one::next_time(model),
        Command::MeetingLonger => one_on_one::time(model, true),
        Command::MeetingShorter => one_on_one::time(model, false),
        Command::SealStanding => one_on_one::seal_standing(model),
        Command::MapNext => map::go(model, 1),
        Command::MapPrevious => map::go(model, -1),
        Command::MapOpen => map::open_deal(model),
        Command::Mask => share::mask(model),
        Command::Unmask => share::unmask(model, arg),
        Command::Share => share::share(model, arg),
        Command::Add | Command::WelcomeAdd => decide::open(model, FormKind::Add),
        Command::Edit => decide::open(model, FormKind::Edit),
        Command::Note => note(model, arg),
        Command::Close => decide::close(model, arg),
        Command::Reinstate | Command::TakeBack => reinstate(model, arg),
        Command::SetTripwire => decide::open(model, FormKind::TripwireSet),
        Command::Later => decide::later(model),
        Command::LetGo => decide::let_go(model),
        Command::ShowView => show_view(model, arg),
        Command::SaveView => lists::save_view(model, arg),
        Command::DeleteView => delete_view(model, arg),
        Command::Filter => {
            leave_pages(model);
            if let Some(text) = arg {
                lists::set_filter(model, text);
            } else {
                prompts::find(model);
            }
        }
        Command::OrderBy => match arg.map(Order::parse) {
            Some(Some(order)) => lists::order(model, order),
            Some(None) => {
                let names = Order::ALL.map(Order::name).join(", ");
                say::refused(model, format!("Orders are {names}"));
            }
            None => lists::orders(model),
        },
        Command::Import => match arg {
            Some(path) => preview::open(model, vec![path.to_owned()], effects),
            None => preview::newest(model, effects),
        },
        Command::ImportNewest | Command::WelcomeImport => preview::newest(model, effects),
        Command::TakeNewest | Command::WelcomeTake => preview::take_newest(model, effects),
        Command::Message => decide::message(model, arg),
        Command::Calendar => decide::write_calendar(model, arg, effects),
        Command::Export => export::open(model, arg, effects),
        Command::UseBank => match arg {
            Some(bank) => write::act(
                model,
                Act::UseBank {
                    bank: bank.to_owned(),
                },
                Then::Say,
            ),
            None => lists::banks(model),
        },
        Command::Actor => match arg {
            Some(name) => set_actor(model, name.to_owned(), effects),
            None => prompts::open(model, PromptKind::Actor, "as", "", "your name"),
        },
        Command::Owner => match arg {
            Some(owner) => write::act(
                model,
                Act::OwnerIs {
                    owner: owner.to_owned(),
                },
                Then::Say,
            ),
            None => lists::owners(model),
        },
        Command::Demo | Command::WelcomeDemo => demo(model, effects),
        Command::OpenQuestions => answer::open(model),
        Command::OpenSweep => sweep::open(model),
        Command::SweepNext => sweep::next(model),
        Command::SweepBack => sweep::back(model),
        Command::SweepDown => sweep::step(model, 1),
        Command::SweepUp => sweep::step(model, -1),
        Command::SweepSide => sweep::side(model),
        Command::SweepDread => sweep::dread(model),
        Command::SweptGo => {
            leave_pages(model);
            lists::set_filter(model, "sweep:dread");
        }
        Command::WeekOpen => week::enter(model),
        Command::WeekMore => week::hours(model, true),
        Command::WeekLess => week::hours(model, false),
        Command::NoReply => week::no_reply(model),
        Command::NotAsked => week::not_asked(model),
        Command::AskBefore => week::ask_before(model),
        Command::TheirWords => week::ask_words(model),
        Command::SellingHours => selling_hours(model, arg),
        Command::OpenPaper => cards::paper(model),
        Command::OpenSigns => cards::signs(model),
        Command::OpenFresh => cards::fresh(model),
        Command::FreshYes => cards::would_take(model, FreshEyes::Yes),
        Command::FreshNo => cards::would_take(model, FreshEyes::No),
        Command::FreshUnknown => cards::would_take(model, FreshEyes::Unknown),
        Command::PaperTick => cards::on_paper(model, Paper::toggle),
        Command::PaperTickAll => cards::on_paper(model, Paper::toggle_all),
        Command::PaperOpen => cards::open_on_paper(model),
        Command::PaneNext => moves::next_pane(model, true),
        Command::PanePrevious => moves::next_pane(model, false),
        Command::PaneRight => moves::side_pane(model, true),
        Command::PaneLeft => moves::side_pane(model, false),
        Command::Zoom => model.zoom = !model.zoom,
        Command::Find => prompts::find(model),
        Command::Views => lists::views(model),
        Command::Orders => lists::orders(model),
        Command::Renew => lists::renew_in_place(model),
        Command::Mark => lists::mark(model),
        Command::Why => {
            model.detail.why = !model.detail.why;
            model.detail.top = 0;
            if model.pane == Pane::List {
                moves::focus(model, Pane::Detail);
            }
        }
        Command::AnswerUnknown
        | Command::AnswerYes
        | Command::AnswerYesSaid
        | Command::AnswerYesShown
        | Command::AnswerPartly
        | Command::AnswerNo
        | Command::AnswerNoHunch
        | Command::AnswerNotForThem
        | Command::AnswerStillSo
        | Command::AnswerClear => match answer::key_of(command) {
            Some(key) if week::is_back(model) => week::reply(model, key),
            Some(key) if matches!(model.page(), Page::OneOnOne(_)) => {
                one_on_one::answer(model, key);
            }
            Some(key) if matches!(model.page(), Page::Seal(_)) => one_on_one::seal_here(model, key),
            Some(key) => answer::answer(model, key),
            None => {}
        },
        Command::AllQuestions => model.detail.all_questions = !model.detail.all_questions,
        Command::Skip => answer::skip(model),
        Command::QuestionBack => answer::back(model),
        Command::JournalOpen => journal::toggle(model, effects),
        Command::JournalUndo => journal::undo(model, false),
        Command::JournalUndoTo => journal::undo(model, true),
        Command::JournalDeal => journal::one_deal(model),
        Command::PreviewApply => preview::apply(model, effects),
        Command::PreviewPart => preview::next_part(model),
        Command::PreviewProblems => preview::problems(model),
        Command::PreviewMeaning => preview::meanings(model),
        Command::PreviewDates => preview::dates(model),
        Command::PreviewCurrency => preview::currencies(model),
        Command::PreviewSource => preview::sources(model),
        Command::PreviewTheirs => preview::take_theirs(model, effects),
        Command::PreviewForget => preview::forget(model, effects),
        Command::WelcomeOpen => welcome(model, effects),
        Command::PaletteRun => palette::take(model, effects),
        Command::PaletteComplete => palette::complete(model),
        Command::PaletteDown => palette::step(model, 1),
        Command::PaletteUp => palette::step(model, -1),
        Command::PromptTake => prompts::take(model, effects),
        Command::PromptComplete => prompts::complete(model),
        Command::MenuTake => lists::menu_take(model, effects),
        Command::FieldNext => in_form(model, Form::next),
        Command::FieldPrevious => in_form(model, Form::previous),
        Command::FieldDown => in_form(model, Form::down),
        Command::FieldUp => in_form(model, Form::up),
        Command::ChoiceTick => in_form(model, |form, _| form.tick()),
        Command::ChoiceNext => in_form(model, |form, _| form.choose(1)),
        Command::ChoicePrevious => in_form(model, |form, _| form.choose(-1)),
        Command::SheetNext => in_form(model, |form, _| form.action_step(1)),
        Command::SheetPrevious => in_form(model, |form, _| form.action_step(-1)),
        Command::TextNewline => in_form(model, |form, _| {
            if let Some(input) = form.text_mut() {
                input.newline();
            }
        }),
        Command::TextEditor => decide::edit_field(model, effects),
        Command::SheetConfirm => decide::confirm(model, effects),
        Command::SheetEdit => decide::edit(model, effects),
        Command::SheetDraft => decide::draft(model, effects),
        Command::SheetFile => decide::file(model, effects),
        Command::SheetCopy => {
            decide::copy(model, effects);
        }
    }
}

fn in_form(model: &mut Model, change: impl FnOnce(&mut Form, Reading)) {
    let reading = Reading {
        today: model.today,
        order: model.locale.order(),
    };
    let cells = screen::sheet_room(model);
    if let Some(Overlay::Form(form)) = model.overlays.last_mut() {
        form.set_width(cells);
        change(form, reading);
    }
}

/// Leaves the cockpit: what waits is written, the place is kept.
fn leave(model: &mut Model, effects: &mut Effects) {
    write::flush(model, effects);
    if model.opened && model.facts.deals > 0 {
        effects.push(Effect::SavePlace(places::of(model)));
    }
    effects.push(Effect::Quit);
    model.left = true;
}

/// Goes to the first page; an import that is on its way keeps its page.
fn leave_pages(model: &mut Model) {
    if model.pages.iter().any(preview::is_importing) {
        say::refused(model, "An import is on its way: Esc stops it");
        return;
    }
    model.pages.truncate(1);
}

fn help(model: &mut Model) {
    if matches!(model.overlays.last(), Some(Overlay::Help(_))) {
        model.overlays.pop();
        return;
    }
    let question = if let Page::Walk(walk) = model.page() {
        walk.question
    } else if matches!(model.page(), Page::Cockpit) && model.pane == Pane::Checklist {
        model.detail.question
    } else {
        None
    };
    model
        .overlays
        .push(Overlay::Help(Help { top: 0, question }));
}

fn selling_hours(model: &mut Model, arg: Option<&str>) {
    match arg.map(|text| week::selling(model, text)) {
        None => week::ask_selling(model),
        Some(Err(wrong)) => say::refused(model, wrong),
        Some(Ok(())) => {}
    }
}

fn copy(model: &mut Model, effects: &mut Effects) {
    if notes::copy_next(model, effects) || reviews::copy(model, effects) {
        return;
    }
    match decide::text_under_cursor(model) {
        Some(text) if !text.is_empty() => effects.push(Effect::Copy(text)),
        Some(_) | None => say::refused(model, "There is nothing to copy here"),
    }
}

fn undo_any(model: &mut Model, arg: Option<&str>) {
    match arg.map(str::parse::<i64>) {
        None => write::push(model, Effect::Undo(Reach::Any), Then::Say),
        Some(Ok(id)) => write::push(model, Effect::UndoAction(ActionId(id)), Then::Say),
        Some(Err(_)) => say::refused(
            model,
            "`:undo` takes the number of an action: g j lists them",
        ),
    }
}

fn note(model: &mut Model, arg: Option<&str>) {
    match (arg, model.current_deal()) {
        (Some(text), Some(deal)) => {
            write::act(
                model,
                Act::Note {
                    deal,
                    text: text.to_owned(),
                },
                Then::Say,
            );
        }
        (_, _) => decide::open(model, FormKind::Note),
    }
}

fn reinstate(model: &mut Model, arg: Option<&str>) {
    match (arg, model.current_deal()) {
        (Some(terms), Some(deal)) => {
            write::act(
                model,
                Act::Reinstate {
                    deal,
                    terms: terms.to_owned(),
                },
                Then::Say,
            );
        }
        (_, _) => decide::open(model, FormKind::Reinstate),
    }
}

fn show_view(model: &mut Model, arg: Option<&str>) {
    let Some(name) = arg else {
        leave_pages(model);
        lists::views(model);
        return;
    };
    let saved = model
        .facts
        .saved
        .iter()
        .find(|saved| saved.name.eq_ignore_ascii_case(name));
    let view = View::by_name(name).or_else(|| saved.map(|saved| View::Saved(saved.name.clone())));
    // As at the command line: `view save NAME`.
    match name.split_once(' ') {
        Some(("save", name)) if view.is_none() => {
            lists::save_view(model, Some(name.trim()));
            return;
        }
        Some(("delete", name)) if view.is_none() => {
            delete_view(model, Some(name.trim()));
            return;
        }
        Some(_) | None => {}
    }
    match view {
        Some(view) if !model.pages.iter().any(preview::is_importing) => lists::show(model, &view),
        Some(_) => say::refused(model, "An import is on its way: Esc stops it"),
        None => say::refused(model, format!("No view is called `{name}`: v lists them")),
    }
}

fn delete_view(model: &mut Model, arg: Option<&str>) {
    match arg {
        Some(name) => write::act(
            model,
            Act::DeleteView {
                name: name.to_owned(),
            },
            Then::Say,
        ),
        None => palette::open(model, &format!("{} ", Command::DeleteView.info().name)),
    }
}

/// Says who is sitting here.
pub(super) fn set_actor(model: &mut Model, name: String, effects: &mut Effects) {
    if !model.work.naming {
        model.work.naming = true;
        effects.push(Effect::SetActor(name));
    }
}

fn demo(model: &mut Model, effects: &mut Effects) {
    if !model.work.demo {
        model.work.demo = true;
        effects.push(Effect::Demo);
        say::note(model, "Making a throw-away pipeline…", "");
    }
}

fn welcome(model: &mut Model, effects: &mut Effects) {
    let Page::Welcome(welcome) = model.page() else {
        return;
    };
    match Welcome::ROWS[welcome.cursor.min(Welcome::ROWS.len() - 1)] {
        WelcomeRow::Import => preview::newest(model, effects),
        WelcomeRow::Demo => demo(model, effects),
        WelcomeRow::Add => decide::open(model, FormKind::Add),
    }
}
