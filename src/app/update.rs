//! What happens next: one message in, effects out. No I/O, no clock, no randomness.
//!
//! Handlers change the model and note what is needed; [`settle`] then asks for it in one place,
//! so that nothing that is on its way is asked for twice: a key that is held down costs one
//! request at a time.

mod after;
mod answer;
mod cards;
mod decide;
mod export;
mod insights;
mod journal;
pub(in crate::app) mod judged;
mod keys;
mod lists;
mod map;
mod moves;
mod notes;
mod one_on_one;
mod palette;
mod places;
mod preview;
mod prompts;
mod replies;
mod reviews;
mod rows;
mod run;
mod say;
mod share;
mod sweep;
mod tell;
mod week;
mod write;

use crate::app::effect::Effect;
use crate::app::layout;
use crate::app::list::Renewal;
use crate::app::model::{Model, Overlay, Page, Pane};
use crate::app::msg::{Msg, Stamped};
use crate::app::settings::Glyphs;
use crate::domain::ids::DealId;

pub use moves::{ends, near};
pub(in crate::app) use tell::{known as known_names, offered as offered_names};

/// What a handler adds to.
type Effects = Vec<Effect>;

/// Takes in what happened and returns what is to be done outside, in its order.
pub fn update(model: &mut Model, stamped: Stamped) -> Vec<Effect> {
    let mut effects = Effects::new();
    if model.left {
        return effects;
    }
    let is_new_day = stamped.today != model.today;
    model.at = stamped.at;
    model.today = stamped.today;
    if model
        .toast
        .as_ref()
        .is_some_and(|toast| toast.until <= model.at)
    {
        model.toast = None;
    }
    if is_new_day {
        overtaken(model);
    }
    // Whatever the first word of a new day is: nobody can say when a wake-up comes on a clock that
    // was put forward or slept through midnight.
    if is_new_day || matches!(stamped.msg, Msg::Wake) {
        effects.push(Effect::Tend);
    }
    match stamped.msg {
        Msg::Key { chord, hurried } => keys::key(model, chord, hurried, &mut effects),
        Msg::Paste(text) => keys::paste(model, &text),
        Msg::Mouse(mouse) => moves::mouse(model, mouse),
        Msg::Resize(size) => model.size = size,
        Msg::Reply(reply) => replies::reply(model, reply, &mut effects),
        Msg::AmbiguousIsWide => {
            if model.settings.glyphs == Glyphs::Auto {
                model.ascii = true;
                model.mask = model.mask.clone().with_ascii(true);
            }
        }
        Msg::Wake | Msg::Resumed => {}
    }
    settle(model, &mut effects);
    effects
}

/// Notes that what is loaded may be old: the person wrote, or a day began.
fn overtaken(model: &mut Model) {
    model.list.outdate();
    model.list.want(Renewal::Keep);
    all_stale(model);
}

/// Notes that what is loaded may be old: others wrote.
fn overtaken_by_others(model: &mut Model) {
    model.list.overtake();
    all_stale(model);
}

fn all_stale(model: &mut Model) {
    model.work.facts_stale = true;
    model.detail.stale = true;
    model.detail.missing = None;
    for page in &mut model.pages {
        if let Page::Journal(journal) = page {
            journal.stale = true;
        }
        if let Page::Sweep(sweep) = page {
            sweep.stale = true;
        }
        if let Page::Week(week) = page {
            week.stale = true;
        }
        if let Page::Paper(paper) = page {
            paper.stale = true;
        }
        if let Page::Map(map) = page {
            map.stale = true;
        }
        if let Page::After(after) = page {
            after.stale = true;
        }
        if let Page::Hours(hours) = page {
            hours.stale = true;
        }
        if let Page::Insights(insights) = page {
            insights.stale = true;
        }
        if let Page::OneOnOne(page) = page {
            one_on_one::overtaken(page);
        }
        if let Page::Reviews(page) = page {
            page.stale = true;
        }
    }
}

/// Asks for what is needed now and is not on its way.
fn settle(model: &mut Model, effects: &mut Effects) {
    if model.left || !model.opened {
        return;
    }
    write::next(model, effects);
    scroll(model);
    want_window(model, effects);
    want_detail(model, effects);
    journal::want_page(model, effects);
    sweep::want(model, effects);
    week::want(model, effects);
    effects.extend(model.work.notes.drain(..).map(Effect::LogMessage));
    cards::want_paper(model, effects);
    map::want(model, effects);
    after::want(model, effects);
    insights::want(model, effects);
    one_on_one::want(model, effects);
    reviews::want(model, effects);
    cards::settled(model);
    if model.work.facts_stale && !model.work.facts {
        model.work.facts_stale = false;
        model.work.facts = true;
        effects.push(Effect::LoadFacts);
    }
    // The list is not seen from the other pages; it is renewed once, on the way back to it.
    // It waits for what a person did just before, which may say what belongs in it.
    if matches!(model.page(), Page::Cockpit)
        && !model.work.is_acting()
        && let Some(generation) = model.list.take_wish()
    {
        let query = Box::new(model.list.query.clone());
        effects.push(Effect::BuildIndex { generation, query });
    }
}

/// Keeps the cursors of list and checklist on something, and on screen.
fn scroll(model: &mut Model) {
    let (height, roomy) = (list_height(model), model.size.is_roomy());
    let list = &mut model.list;
    list.cursor = list.cursor.min(list.ids.len().saturating_sub(1));
    list.top = list.shape().top_for(height, roomy);
    let listed = model.listed_questions();
    let here = model.detail.question;
    if !here.is_some_and(|ix| listed.contains(&ix)) {
        model.detail.question = listed.first().copied();
    }
    model.keep_rows();
    model.detail.top = model
        .detail
        .top
        .min(layout::detail_extent(model.current_detail()));
}

/// The lines that the list has, also while another pane covers it.
fn list_height(model: &Model) -> u16 {
    let zoom = model.zoom && model.pane == Pane::List;
    layout::cockpit(model.size, Pane::List, Pane::Detail, zoom)
        .list
        .map_or(0, |area| area.height)
}

fn want_window(model: &mut Model, effects: &mut Effects) {
    let lines = model
        .list
        .shape()
        .lines(list_height(model), model.size.is_roomy());
    let rows = lines.iter().filter_map(|line| match line {
        layout::ListLine::Row(row) => Some(*row),
        layout::ListLine::Heading(_) | layout::ListLine::More(_) | layout::ListLine::Blank => None,
    });
    // The row under the cursor is needed for the keys even where no list is on screen.
    let cursor = (!model.list.ids.is_empty()).then_some(model.list.cursor);
    let (mut first, mut end) = (usize::MAX, 0);
    for row in rows.chain(cursor) {
        first = first.min(row);
        end = end.max(row + 1);
    }
    let visible = first.min(end)..end;
    if let Some(range) = model.list.window_to_fetch(&visible) {
        let ids = model.list.ids[range.clone()].to_vec();
        let request = model.list.fetch(range);
        effects.push(Effect::FetchWindow { request, ids });
    }
}

fn want_detail(model: &mut Model, effects: &mut Effects) {
    // A sheet that waits for its deal comes before the deal under the cursor, which may be another
    // by then.
    let waited = match model.overlays.last() {
        Some(Overlay::Form(form)) if form.waiting => form.deals.first().copied(),
        Some(_) | None => None,
    };
    let Some(deal) = waited.or_else(|| model.current_deal()) else {
        return;
    };
    let pane = &mut model.detail;
    let is_loaded = pane
        .loaded
        .as_ref()
        .is_some_and(|detail| detail.deal.id == deal);
    if pane.loading.is_none() && pane.missing != Some(deal) && (!is_loaded || pane.stale) {
        pane.stale = false;
        pane.loading = Some(deal);
        effects.push(Effect::LoadDetail(deal));
    }
}

/// Goes to a deal of the list, if it is there.
fn go_to(model: &mut Model, deal: DealId) {
    let short = deal.short();
    match model.list.ids.iter().position(|id| *id == short) {
        Some(place) => model.list.cursor = place,
        None => model.list.anchor = Some(short),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
