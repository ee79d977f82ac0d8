//! The week: its page, the hours of its deals, and what came back.

use chrono::TimeDelta;

use super::{Effects, export, lists, places, prompts, say, write};
use crate::app::effect::Effect;
use crate::app::form::number;
use crate::app::list::View;
use crate::app::model::{Model, Page, PromptKind, Then};
use crate::app::place::Place;
use crate::app::week::{CameBack, WeekPage, WeekRow, step};
use crate::domain::act::Act;
use crate::domain::answer::AnswerKey;
use crate::domain::deal::{AskState, Week};
use crate::domain::ids::DealId;
use crate::domain::shown::Free;
use crate::domain::told::Listener;

/// Hours after which the next start is another sitting, on the same day too.
const SITTING_HOURS: i64 = 12;

/// Opens the week.
pub(super) fn open(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Week(_)));
    model.pages.push(Page::Week(WeekPage::default()));
}

/// Asks for the week where it is shown, or where it may open by itself.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    // What is shown knows of the writes that are on their way.
    let is_writing = model.work.is_writing();
    let opens = model.work.came_back && !model.work.week;
    let page = page_mut(model).filter(|week| !week.loading);
    match page {
        Some(week) if !is_writing && (week.data.is_none() || week.stale) => {
            week.stale = false;
            week.loading = true;
            effects.push(Effect::LoadWeek);
            export::load(model, effects);
        }
        None if opens => {
            model.work.week = true;
            effects.push(Effect::LoadWeek);
        }
        Some(_) | None => {}
    }
}

/// Takes the week.
pub(super) fn take(model: &mut Model, week: Week, effects: &mut Effects) {
    model.work.week = false;
    if let Some(page) = page_mut(model) {
        page.take(week);
    } else if std::mem::take(&mut model.work.came_back) {
        open_at_start(model, week, effects);
    }
}

/// Takes what the CRMs do not know yet.
pub(super) fn take_crms(model: &mut Model, crms: &[Listener]) {
    if let Some(week) = page_mut(model) {
        let waiting = crms.iter().filter(|crm| crm.unknown > 0);
        week.crms = waiting
            .map(|crm| (crm.label.clone(), crm.unknown))
            .collect();
    }
}

/// The week could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model.work.week = false;
    model.work.came_back = false;
    if model.pages.len() > 1 {
        model.pages.retain(|page| !matches!(page, Page::Week(_)));
    }
}

/// Whether this start begins another sitting than the one whose place was kept: a later day, or
/// half a day later.
pub(super) fn is_another_sitting(model: &Model, place: Option<&Place>) -> bool {
    let Some(place) = place else { return true };
    let is_later = |day| day < model.today;
    let is_long_ago = |left| model.at - left >= TimeDelta::hours(SITTING_HOURS);
    let was_asked = place.came_back == Some(model.today);
    !was_asked && (place.day.is_none_or(is_later) || place.left.is_none_or(is_long_ago))
}

/// Opens "what came back?" where asks wait for it, nobody pressed a key yet, and the deals are
/// on screen.
fn open_at_start(model: &mut Model, week: Week, effects: &mut Effects) {
    let asks: Vec<i64> = week.came_back(model.today).map(|ask| ask.id).collect();
    let is_still = model.overlays.is_empty()
        && model.last_key.is_none()
        && matches!(model.page(), Page::Cockpit);
    if asks.is_empty() || !is_still {
        return;
    }
    let mut page = WeekPage::default();
    page.take(week);
    page.back = Some(CameBack {
        asks,
        at: 0,
        words: None,
        at_start: true,
    });
    model.pages.push(Page::Week(page));
    model.asked_back = Some(model.today);
    effects.push(Effect::SavePlace(places::of(model)));
}

/// `Esc` in "what came back?": to the week, or to the deals where the cockpit opened with it.
///
/// Returns whether it was left.
pub(super) fn leave_back(model: &mut Model) -> bool {
    let Some(back) = page_mut(model).and_then(|week| week.back.take()) else {
        return false;
    };
    if back.at_start {
        model.pages.pop();
    }
    true
}

/// Whether the keys say what came back.
pub(super) fn is_back(model: &Model) -> bool {
    matches!(model.page(), Page::Week(week) if week.back.is_some())
}

/// `Enter`: what the row under the cursor leads to.
pub(super) fn enter(model: &mut Model) {
    let Some(week) = page_mut(model) else { return };
    match week.row() {
        Some(WeekRow::Gone) => lists::show(model, &View::Gone),
        Some(WeekRow::Ask(_)) if week.open_back() => {}
        Some(WeekRow::Ask(_)) => {
            say::refused(model, "This one came back already: u takes it back");
        }
        Some(WeekRow::Selling) => ask_selling(model),
        Some(WeekRow::Plan(_) | WeekRow::Due(_)) => {
            if let Some(deal) = week.deal() {
                open_deal(model, deal);
            }
        }
        Some(WeekRow::OwnTime) => say::note(model, "Your own time: + and - give it hours", ""),
        None => {}
    }
}

/// Goes to a deal in the cockpit, in a view that has it.
pub(super) fn open_deal(model: &mut Model, deal: DealId) {
    let short = deal.short();
    if model.list.ids.contains(&short) {
        lists::home(model);
        super::go_to(model, deal);
        model.detail.top = 0;
        return;
    }
    lists::show(model, &View::Open);
    model.list.anchor = Some(short);
    model.list.from_top = false;
}

/// `+` and `-`: an hour more or less for what is under the cursor.
pub(super) fn hours(model: &mut Model, up: bool) {
    let Some(week) = page_mut(model) else { return };
    let deal = match week.row() {
        Some(WeekRow::Plan(deal)) => Some(deal),
        Some(WeekRow::OwnTime) => None,
        Some(WeekRow::Gone | WeekRow::Ask(_) | WeekRow::Selling | WeekRow::Due(_)) | None => {
            say::refused(model, "+ and - give hours to a deal of Invest, or to you");
            return;
        }
    };
    let Some(minutes) = step(week.plan(deal), up) else {
        say::refused(model, "No hours are planned here");
        return;
    };
    let Some(monday) = week.data.as_ref().and_then(|data| data.monday) else {
        return;
    };
    week.note_minutes(deal, i64::from(minutes));
    let act = Act::HoursPlan {
        deal,
        week: monday,
        minutes,
    };
    write::act(model, act, Then::Nothing);
}

/// Opens the line that asks for the hours to sell.
pub(super) fn ask_selling(model: &mut Model) {
    let hint = "a week: what is left for calls and meetings";
    prompts::open(model, PromptKind::Selling, "hours to sell", "", hint);
}

/// Takes the hours to sell as typed; on a mistake says what is wrong with them.
pub(super) fn selling(model: &mut Model, text: &str) -> Result<(), String> {
    let typed = text.trim().trim_end_matches('h').trim_end();
    let hours = number(typed).filter(|hours| (0.0..=168.0).contains(hours));
    let Some(hours) = hours else {
        return Err(format!("`{text}` is no number of hours a week, such as 30"));
    };
    let minutes = (hours * 60.0).round() as u32;
    write::act(model, Act::SellingHours { minutes }, Then::Say);
    Ok(())
}

/// Writes down what came back, and goes to the next ask.
pub(super) fn reply(model: &mut Model, key: AnswerKey) {
    if matches!(key, AnswerKey::StillSo | AnswerKey::Clear) {
        say::refused(
            model,
            "That is no answer to an ask: 3 2 1 0 p n, or . for none",
        );
        return;
    }
    let words = page_mut(model).and_then(|week| week.back.as_mut()?.words.clone());
    settle(model, AskState::Answered, |ask| Act::AskReply {
        ask,
        key,
        reply: words,
    });
}

/// Says that it was put and nothing came back yet.
pub(super) fn no_reply(model: &mut Model) {
    settle(model, AskState::NoReply, |ask| Act::AskNoReply { ask });
}

/// Says that it was not put to them.
pub(super) fn not_asked(model: &mut Model) {
    settle(model, AskState::NotAsked, |ask| Act::AskNotAsked { ask });
}

fn settle(model: &mut Model, state: AskState, act: impl FnOnce(i64) -> Act) {
    let today = model.today;
    let Some(week) = page_mut(model) else { return };
    let Some(id) = week.back.as_ref().map(CameBack::ask) else {
        return;
    };
    week.note_ask(id, state, today);
    if let Some(words) = week.back.as_ref().and_then(|back| back.words.clone())
        && let Some(data) = &mut week.data
        && let Some(ask) = data.asks.iter_mut().find(|ask| ask.id == id)
        && state == AskState::Answered
    {
        ask.reply = Some(Free::new(words));
    }
    week.next_ask();
    write::act(model, act(id), Then::Say);
}

/// Goes to the ask before.
pub(super) fn ask_before(model: &mut Model) {
    if page_mut(model).is_some_and(|week| !week.ask_before()) {
        say::note(
            model,
            "This is the first one",
            "u takes the last answer back",
        );
    }
}

/// After an undo the ask that it was about is on screen again.
pub(super) fn undone(model: &mut Model) {
    if let Some(back) = page_mut(model).and_then(|week| week.back.as_mut()) {
        back.at = back.at.saturating_sub(1);
        back.words = None;
    }
}

/// Opens the line for their words.
pub(super) fn ask_words(model: &mut Model) {
    let Some(back) = page_mut(model).and_then(|week| week.back.as_ref()) else {
        return;
    };
    let text = back.words.clone().unwrap_or_default();
    let hint = "what they said, as they said it";
    prompts::open(model, PromptKind::Reply, "their words", &text, hint);
}

/// Takes their words; the key that follows sends them.
pub(super) fn words(model: &mut Model, text: &str) {
    if let Some(back) = page_mut(model).and_then(|week| week.back.as_mut()) {
        back.words = (!text.is_empty()).then(|| text.to_owned());
    }
}

/// Notes at once that a closing note left.
pub(super) fn note_left(model: &mut Model, deal: DealId) {
    let data = page_mut(model).and_then(|week| week.data.as_mut());
    let fired = data.into_iter().flat_map(|week| &mut week.fired);
    for fired in fired.filter(|fired| fired.deal == deal) {
        fired.note_left = true;
    }
}

fn page_mut(model: &mut Model) -> Option<&mut WeekPage> {
    let Some(Page::Week(week)) = model.pages.last_mut() else {
        return None;
    };
    Some(week)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::{Desk, today};
    use crate::app::form::FieldKey;
    use crate::app::msg::{Msg, Reply};
    use crate::domain::answer::Grade;
    use crate::domain::deal::{DueKind, WeekAsk, WeekDue, WeekFired, WeekPlan};
    use crate::domain::shown::{Level, Mask, Name};

    fn ask(id: i64, due: &str) -> WeekAsk {
        WeekAsk {
            id,
            deal: DealId(id),
            name: Name::new(format!("Account {id}")),
            question: "PWR1".to_owned(),
            signal: None,
            text: Free::new("Who signs?"),
            contact: Some(Name::new("Kim")),
            due: due.parse().ok(),
            state: AskState::Open,
            put: false,
            reply: None,
            replied: None,
        }
    }

    fn plan(deal: i64, minutes: i64) -> WeekPlan {
        WeekPlan {
            deal: Some(DealId(deal)),
            name: Some(Name::new(format!("Account {deal}"))),
            minutes,
            is_planned: true,
            per_week: 0.0,
            next_step: None,
            next_step_due: None,
            senior: None,
        }
    }

    fn week() -> Week {
        Week {
            monday: Some(today()),
            wants_senior: false,
            selling_minutes: Some(600),
            fired: vec![WeekFired {
                deal: DealId(5),
                name: Name::new("Account 5"),
                day: today(),
                minutes_reclaimed: 600,
                note_left: false,
                note: Some(Free::new("We are stepping back.")),
            }],
            may_fire: 0,
            asks: vec![
                ask(1, "2026-11-23"),
                ask(2, "2026-11-24"),
                ask(3, "2026-12-24"),
            ],
            plans: vec![plan(4, 120)],
            due: vec![WeekDue {
                deal: DealId(4),
                name: Name::new("Account 4"),
                day: today(),
                what: DueKind::Tripwire,
                words: Free::new("I fire it if nothing happens"),
            }],
        }
    }

    /// A desk on the page of the week.
    fn desk() -> Desk {
        let mut desk = Desk::closed(6);
        desk.week = week();
        desk.model.asked_for = true;
        desk.open_pipeline(None);
        desk.press("g w");
        desk
    }

    fn page(desk: &Desk) -> &WeekPage {
        let Page::Week(week) = desk.model.page() else {
            panic!("not the week, but {:?}", desk.model.page());
        };
        week
    }

    fn place(day: &str, at: &str) -> Place {
        Place {
            view: "to_decide".to_owned(),
            day: day.parse().ok(),
            left: at.parse().ok(),
            ..Place::default()
        }
    }

    /// A desk that opens with asks after it was left.
    fn opened(place: Option<Place>) -> Desk {
        let mut desk = Desk::closed(6);
        desk.week = week();
        desk.open_pipeline(place);
        desk
    }

    #[test]
    fn the_cursor_starts_on_the_first_ask_and_the_keys_are_about_its_deal() {
        let mut desk = desk();

        assert_eq!(page(&desk).row(), Some(WeekRow::Ask(1)));
        assert_eq!(desk.model.current_deal(), Some(DealId(1)));
        desk.press("k");
        assert_eq!(page(&desk).row(), Some(WeekRow::Gone));
        assert_eq!(desk.model.current_deal(), None, "no deal, no decision");
        desk.press("F");
        assert!(desk.model.overlays.is_empty());
    }

    #[test]
    fn one_key_each_says_what_came_back_and_goes_on() {
        let mut desk = desk();
        desk.press("Enter 2");

        let reply = Act::AskReply {
            ask: 1,
            key: AnswerKey::Yes(Grade::Said),
            reply: None,
        };
        assert_eq!(desk.act(), &reply);
        assert_eq!(page(&desk).back.as_ref().map(CameBack::ask), Some(2));
        desk.press(".");
        assert_eq!(desk.act(), &Act::AskNoReply { ask: 2 });
        desk.press("Right");
        assert_eq!(desk.act(), &Act::AskNotAsked { ask: 3 });
        assert_eq!(page(&desk).back, None, "that was the last one");
        assert_eq!(page(&desk).data.as_ref().unwrap().tally(), (2, 1, 3));
    }

    #[test]
    fn their_words_go_with_the_key_and_only_with_that_one() {
        let mut desk = desk();
        desk.press("Enter e")
            .type_text("the board, 9 Dec")
            .press("Enter n 0");

        let [
            Act::AskReply { reply, .. },
            Act::AskReply { reply: next, .. },
        ] = &desk.acts[..]
        else {
            panic!("{:?}", desk.acts)
        };
        assert_eq!(reply.as_deref(), Some("the board, 9 Dec"));
        assert_eq!(*next, None);
    }

    #[test]
    fn what_came_back_is_taken_back_and_asked_again() {
        let mut desk = desk();
        desk.press("Enter n u");

        assert_eq!(page(&desk).back.as_ref().map(CameBack::ask), Some(1));
        assert!(page(&desk).ask(1).unwrap().is_waiting());
        desk.press("Del Enter Space");
        assert!(desk.acts.is_empty(), "{:?}", desk.acts);
    }

    #[test]
    fn asking_again_takes_the_deals_next_ask() {
        let mut desk = desk();
        desk.press("a");

        assert_eq!(
            desk.form().field(FieldKey::Whom).unwrap().text(),
            "Tom Reed"
        );
        desk.press("Enter");
        let Act::Ask { deal, question, .. } = desk.act() else {
            panic!("not asked")
        };
        assert_eq!((*deal, question.as_deref()), (DealId(1), Some("PRB1")));
        assert!(matches!(desk.model.page(), Page::Week(_)));
    }

    #[test]
    fn hours_are_placed_an_hour_a_key() {
        let mut desk = desk();
        desk.press("j j j + + -");

        assert_eq!(page(&desk).row(), Some(WeekRow::Plan(DealId(4))));
        let placed = |minutes| Act::HoursPlan {
            deal: Some(DealId(4)),
            week: today(),
            minutes,
        };
        assert_eq!(desk.acts, [placed(180), placed(240), placed(180)]);
        desk.press("j +");
        assert!(matches!(
            desk.act(),
            Act::HoursPlan {
                deal: None,
                minutes: 60,
                ..
            }
        ));
        desk.press("k k +");
        assert!(desk.toast().contains("give hours to a deal"));
    }

    #[test]
    fn hours_to_sell_are_asked_for_where_nobody_said() {
        let mut desk = Desk::closed(6);
        desk.week = Week {
            selling_minutes: None,
            asks: Vec::new(),
            ..week()
        };
        desk.open_pipeline(None);
        desk.press("g w j Enter").type_text("lots").press("Enter");
        assert!(desk.acts.is_empty());

        desk.press("Ctrl-u").type_text("37.5 h").press("Enter");

        assert_eq!(desk.act(), &Act::SellingHours { minutes: 2250 });
        let minutes = page(&desk).data.as_ref().unwrap().selling_minutes;
        assert_eq!(minutes, Some(2250));
    }

    #[test]
    fn what_is_due_opens_its_deal() {
        let mut desk = desk();
        desk.press("G Enter");

        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.current(), 4);
    }

    #[test]
    fn a_closing_note_is_copied_and_counted() {
        let mut desk = desk();
        desk.press("k c");

        let logged = desk
            .count(|effect| matches!(effect, Effect::LogMessage(left) if left.deal == DealId(5)));
        let copied =
            |effect: &Effect| matches!(effect, Effect::Copy(text) if text.contains("back"));
        assert_eq!((logged, desk.count(copied)), (1, 1));
        desk.press("c");
        assert_eq!(desk.count(copied), 1, "every note was copied");
    }

    #[test]
    fn a_masked_closing_note_is_not_copied() {
        let mut desk = desk();
        desk.model.mask = Mask::new(Level::Names, 7);
        desk.press("k c");

        assert_eq!(desk.count(|effect| matches!(effect, Effect::Copy(_))), 0);
    }

    #[test]
    fn the_page_is_loaded_again_after_a_change_and_keeps_its_row() {
        let mut desk = desk();
        desk.press("j");
        desk.week.asks.remove(0);

        desk.tell(Msg::Reply(Reply::Overtaken));

        assert_eq!(page(&desk).row(), Some(WeekRow::Ask(2)));
        assert_eq!(page(&desk).data.as_ref().unwrap().asks.len(), 2);
    }

    #[test]
    fn a_later_day_opens_on_what_came_back_and_escape_leaves_it() {
        let mut desk = opened(Some(place("2026-11-22", "2026-11-22T20:00:00Z")));

        let back = page(&desk).back.clone().unwrap();
        assert_eq!(back.asks, [1], "the one whose day has come");
        let kept = |effect: &Effect| matches!(effect, Effect::SavePlace(place) if place.came_back == Some(today()));
        assert_eq!(desk.count(kept), 1, "once a day, whatever comes");
        desk.press("Esc");
        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert!(desk.acts.is_empty());
    }

    #[test]
    fn half_a_day_later_is_another_sitting_too() {
        let early = opened(Some(place("2026-11-23", "2026-11-22T21:00:00Z")));
        let soon = opened(Some(place("2026-11-23", "2026-11-23T08:30:00Z")));

        assert!(is_back(&early.model));
        assert!(!is_back(&soon.model));
    }

    #[test]
    fn once_a_day_is_enough_and_a_view_that_was_asked_for_comes_first() {
        let mut asked = place("2026-11-22", "2026-11-22T20:00:00Z");
        asked.came_back = Some(today());
        assert!(!is_back(&opened(Some(asked)).model));

        let mut desk = Desk::closed(6);
        desk.week = week();
        desk.model.asked_for = true;
        desk.open_pipeline(Some(place("2026-11-22", "2026-11-22T20:00:00Z")));
        assert!(!is_back(&desk.model));
        assert_eq!(desk.count(|effect| matches!(effect, Effect::LoadWeek)), 0);
    }

    #[test]
    fn it_does_not_open_under_hands_that_type() {
        let mut desk = Desk::closed(6);
        desk.week = week();
        desk.answers = false;
        desk.open_pipeline(Some(place("2026-11-22", "2026-11-22T20:00:00Z")));
        desk.press("j");

        desk.answers = true;
        desk.answer_all();

        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn asks_that_lie_ahead_open_nothing() {
        let mut desk = Desk::closed(6);
        desk.week = Week {
            asks: vec![ask(3, "2026-12-24")],
            ..week()
        };
        desk.open_pipeline(Some(place("2026-11-22", "2026-11-22T20:00:00Z")));

        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn a_week_without_anything_is_not_offered() {
        let mut desk = Desk::new(3);
        desk.press("g");
        let offered = |desk: &Desk| {
            let next = desk.model.continuations();
            next.iter().any(|next| next.chord.to_string() == "w")
        };
        assert!(!offered(&desk));
        desk.press("w");
        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert!(desk.toast().contains("nothing is on it yet"));

        desk.week = week();
        desk.tell(Msg::Reply(Reply::Overtaken));
        desk.press("g");
        assert!(offered(&desk));
    }
}
