//! The 1:1: going from deal to deal, and what `Enter` does there.

mod ask;
mod end;

use super::{Effects, say, write};
use crate::app::effect::Effect;
use crate::app::model::{Model, Page, PromptKind, Then};
use crate::app::one_on_one::{Held, Meeting, OneOnOne, Talk};
use crate::domain::act::Act;
use crate::domain::ids::DealId;
use crate::domain::review::{ItemState, OnTable, Pair, ReviewClock};

pub(super) use ask::{answer, choose, open_seal, seal_here, seal_standing, turn_seal};
pub(super) use end::{
    answer_request, closed, copy_minutes, end, minuted, minutes, on_whose_word, sign, wish,
};

/// By how many minutes a meeting becomes longer or shorter.
const STEP: u16 = 5;

/// Opens the page.
pub(super) fn open(model: &mut Model, with: Option<&str>) {
    model
        .pages
        .retain(|page| !matches!(page, Page::OneOnOne(_)));
    model.pages.push(Page::OneOnOne(Box::new(OneOnOne {
        with: with.map(str::to_owned),
        stale: true,
        ..OneOnOne::default()
    })));
}

/// Asks for what is new or old of the meeting and of the deal on the table.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    if model.work.write.is_none() && std::mem::take(&mut model.work.is_closed) {
        let wish = model.work.minutes.take();
        effects.extend(wish.map(|wish| Effect::WriteMinutes(Box::new(wish))));
    }
    let Some(page) = page(model) else { return };
    if page.stale && !page.loading {
        page.stale = false;
        page.loading = true;
        effects.push(Effect::LoadMeeting(page.with.clone()));
    }
    let Some(deal) = page.deal else { return };
    if page.laying.is_none() && (page.on_table().is_none() || page.table_stale) {
        page.table_stale = false;
        page.laying = Some(deal);
        effects.push(Effect::LayTable(deal));
    }
}

/// Somebody wrote: what is loaded may be old.
pub(super) fn overtaken(page: &mut OneOnOne) {
    page.stale = true;
    page.table_stale = true;
}

/// Takes who meets, and what about.
pub(super) fn take(model: &mut Model, meeting: Meeting) {
    let is_writing = model.work.is_writing();
    let Some(page) = page(model) else { return };
    page.loading = false;
    let on_table = meeting.table();
    let first = meeting.agenda.next_after(None).map(|item| item.deal);
    let before = page.meeting.as_ref().and_then(|meeting| meeting.table());
    let is_new = page.meeting.is_none() || page.deal.is_none();
    page.meeting = Some(Box::new(meeting));
    // Somebody turned to another deal, or it was taken back.
    let is_turned = on_table.is_some() && on_table != before && !is_writing;
    if is_new || is_turned {
        lay(model, on_table.or(first));
    }
    press_held(model);
}

/// Takes what is known of the deal on the table.
pub(super) fn take_table(model: &mut Model, table: OnTable) {
    let Some(bank) = model.bank.clone() else {
        return;
    };
    let Some(page) = page(model) else { return };
    page.laying = None;
    let revealed = |page: &OneOnOne| page.on_table().map_or(0, |table| table.sealed.pairs.len());
    let before = (page.talk(), revealed(page));
    page.table = Some(Box::new(table));
    // The row that was just revealed is the one to look at; once all are, the first to settle.
    let now = (page.talk(), revealed(page));
    if now != before && now.1 > 0 {
        let pairs = page.on_table().map_or(&[][..], |table| &table.sealed.pairs);
        let unsettled = pairs.iter().position(Pair::is_unsettled);
        page.row = match now.0 {
            Talk::Settling => unsettled.unwrap_or(0),
            Talk::Open | Talk::Asking | Talk::Revealing => now.1 - 1,
        };
    }
    page.row = page.row.min(page.rows(&bank).saturating_sub(1));
    press_held(model);
}

/// Keys that are held at most: more than that nobody presses ahead.
const HELD: usize = 24;

/// Holds a key until the table is there: what it does depends on what lies on it. Says whether it
/// is held.
fn holds(model: &mut Model, key: Held) -> bool {
    let is_writing = model.work.is_writing();
    let Some(Page::OneOnOne(page)) = model.pages.last_mut() else {
        return false;
    };
    if !page.waits(is_writing) {
        return false;
    }
    if page.held.len() < HELD {
        page.held.push(key);
    } else {
        say::refused(model, "Still loading: this key did nothing");
    }
    true
}

/// Presses the keys that were held; one that has to wait again is held again.
fn press_held(model: &mut Model) {
    let Some(page) = page(model) else { return };
    for key in std::mem::take(&mut page.held) {
        match key {
            Held::Answer(key) => answer(model, key),
            Held::Choose(chosen) => choose(model, chosen),
            Held::Enter => enter(model),
        }
    }
}

/// It could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model
        .pages
        .retain(|page| !matches!(page, Page::OneOnOne(_)));
}

/// Puts a deal on the table of this screen.
fn lay(model: &mut Model, deal: Option<DealId>) {
    let Some(page) = page(model) else { return };
    if page.deal == deal {
        return;
    }
    // What was pressed for another deal is not meant for this one.
    if page.deal.is_some() {
        page.held.clear();
    }
    page.deal = deal;
    page.row = 0;
    page.top = 0;
    page.said.clear();
    model.detail.top = 0;
    model.detail.missing = None;
    if let Some(deal) = deal {
        model.mask.turn_to(deal);
    }
}

/// Begins the meeting, with the first deal on the table.
fn begin(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let first = page.deal;
    let with = page.with.clone();
    let start = Act::ReviewStart {
        with,
        minutes: ReviewClock::PLAN,
        each: ReviewClock::EACH,
    };
    write::act(model, start, Then::Nothing);
    if first.is_some() {
        write::act(model, Act::ReviewTurn { deal: first }, Then::Nothing);
    }
}

/// `Enter`: begins, seals what stands, or reveals the next row.
pub(super) fn enter(model: &mut Model) {
    if holds(model, Held::Enter) {
        return;
    }
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let Some(deal) = page.deal else {
        say::refused(model, "Nothing is on the agenda: r on a deal raises a hand");
        return;
    };
    if page.session().is_none() {
        begin(model);
        return;
    }
    let manager = page.manager().map(str::to_owned);
    match (page.talk(), manager) {
        (Talk::Open, None) => say::note(model, "You review alone: decide, or ] goes on", ""),
        (Talk::Open, Some(_)) => {
            let deals = vec![deal];
            write::act(model, Act::SealStanding { deals }, Then::Say);
        }
        (Talk::Asking, Some(manager)) if !page.has_sealed(&manager) => say::refused(
            model,
            format!("{manager} first says it aloud, unseen: the answer keys type it"),
        ),
        (Talk::Asking | Talk::Revealing, _) => {
            write::act(model, Act::Reveal { deal, all: false }, Then::Nothing);
        }
        (Talk::Settling, _) => say::note(model, "All of it is revealed: settle it, decide", ""),
    }
}

/// Goes to the next or previous deal of the agenda.
pub(super) fn turn(model: &mut Model, by: isize) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let is_running = page.session().is_some();
    let Some(deal) = page.along(by) else {
        let (end, hint) = if by > 0 {
            ("last", ":minutes ends the 1:1")
        } else {
            ("first", "")
        };
        say::note(model, format!("This is the {end} deal of the agenda"), hint);
        return;
    };
    lay(model, Some(deal));
    if is_running {
        write::act(model, Act::ReviewTurn { deal: Some(deal) }, Then::Nothing);
    }
}

/// A deal was decided at the table: the next one that is open comes by itself.
pub(super) fn decided(model: &mut Model) -> bool {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return false;
    };
    let agenda = page.meeting.as_ref().map(|meeting| &meeting.agenda);
    let next = agenda
        .and_then(|agenda| agenda.next_after(page.deal))
        .map(|item| item.deal)
        .filter(|deal| Some(*deal) != page.deal);
    let is_running = page.session().is_some();
    if let Some(deal) = next {
        lay(model, Some(deal));
        if is_running {
            write::act(model, Act::ReviewTurn { deal: Some(deal) }, Then::Nothing);
        }
    }
    true
}

/// Puts the manager's sentence on the deal.
pub(super) fn may_fire(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        let said = Act::MayFire {
            deal,
            sentence: None,
            who: None,
        };
        write::act(model, said, Then::Say);
    }
}

/// Puts the agenda away, and back.
pub(super) fn away(model: &mut Model) {
    if let Some(page) = page(model) {
        page.away = !page.away;
    }
}

/// Moves the deal on the table up or down the agenda.
pub(super) fn shift(model: &mut Model, by: isize) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let count = page
        .meeting
        .as_ref()
        .map_or(0, |one| one.agenda.items.len());
    let place = page.item().and_then(|(at, item)| {
        let place = at.checked_add_signed(by)?;
        (place < count).then_some((item.deal, place + 1))
    });
    if let Some((deal, place)) = place {
        write::act(model, Act::ReviewMove { deal, place }, Then::Nothing);
    }
}

/// Puts the deal on the table off to the next 1:1, and goes on.
pub(super) fn next_time(model: &mut Model) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    let state = ItemState::NextTime;
    write::act(model, Act::ReviewItem { deal, state }, Then::Say);
    decided(model);
}

/// Makes the meeting longer or shorter.
pub(super) fn time(model: &mut Model, longer: bool) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let Some(clock) = page.session().map(|session| session.clock) else {
        return;
    };
    let minutes = if longer {
        clock.plan.saturating_add(STEP)
    } else {
        clock.plan.saturating_sub(STEP).max(STEP)
    };
    let each = clock.each;
    write::act(model, Act::ReviewTime { minutes, each }, Then::Nothing);
    say::note(
        model,
        format!("{minutes} min in all"),
        "+ - five more or less",
    );
}

/// Asks what a hand is raised for.
pub(super) fn hand(model: &mut Model, note: Option<&str>) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    match note {
        Some(note) => raise(model, deal, note),
        None => super::prompts::open(
            model,
            PromptKind::Hand(deal),
            "raise a hand",
            "",
            "what about; empty is enough",
        ),
    }
}

/// Raises a hand for the next 1:1.
pub(super) fn raise(model: &mut Model, deal: DealId, note: &str) {
    let note = (!note.is_empty()).then(|| note.to_owned());
    write::act(model, Act::RaiseHand { deal, note }, Then::Say);
}

fn page(model: &mut Model) -> Option<&mut OneOnOne> {
    model.pages.iter_mut().rev().find_map(|page| {
        if let Page::OneOnOne(page) = page {
            Some(&mut **page)
        } else {
            None
        }
    })
}
