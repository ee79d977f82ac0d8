//! The sweep: its pages, the words said, and its end.

use super::{Effects, say, write};
use crate::app::effect::Effect;
use crate::app::model::{Model, Page, Then};
use crate::app::sweep::{End, PAGE, Sweep};
use crate::domain::act::Act;
use crate::domain::deal::{SweepPage, SweepPile, SweepWord};

/// Rows of one column of labels.
const ROWS: usize = PAGE / 2;

/// Opens the sweep at its first page.
pub(super) fn open(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Sweep(_)));
    model.pages.push(Page::Sweep(Sweep::default()));
}

/// Asks for the page on screen, or for the piles once every word is written.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    let is_writing = model.work.write.is_some() || !model.work.waiting.is_empty();
    let Some(sweep) = sweep_mut(model) else {
        return;
    };
    if let Some(end) = &mut sweep.end {
        if !is_writing && !end.loading && end.piles.is_none() {
            end.loading = true;
            effects.push(Effect::LoadSweepPiles);
        }
        return;
    }
    if !sweep.loading && (sweep.deals.is_none() || sweep.stale) {
        sweep.stale = false;
        sweep.loading = true;
        effects.push(Effect::LoadSweep(sweep.page));
    }
}

/// Takes a page.
pub(super) fn page(model: &mut Model, page: usize, data: SweepPage) {
    if let Some(sweep) = sweep_mut(model) {
        sweep.take(page, data);
    }
}

/// Takes the piles.
pub(super) fn piles(model: &mut Model, piles: Vec<SweepPile>) {
    if let Some(end) = sweep_mut(model).and_then(|sweep| sweep.end.as_mut()) {
        end.loading = false;
        end.piles = Some(piles);
    }
}

/// A page or the piles could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    if model.pages.len() > 1 {
        model.pages.retain(|page| !matches!(page, Page::Sweep(_)));
    }
}

/// A letter was pressed.
pub(super) fn letter(model: &mut Model, letter: char) {
    if let Some(sweep) = sweep_mut(model).filter(|sweep| sweep.is_asking()) {
        sweep.say(letter);
    }
}

/// Moves along the page, or says dread of the deal under the cursor.
pub(super) fn step(model: &mut Model, by: isize) {
    if let Some(sweep) = sweep_mut(model) {
        let last = sweep
            .deals
            .as_ref()
            .map_or(0, |deals| deals.len().saturating_sub(1));
        sweep.cursor = sweep.cursor.saturating_add_signed(by).min(last);
    }
}

/// Goes to the other column.
pub(super) fn side(model: &mut Model) {
    if let Some(sweep) = sweep_mut(model) {
        let len = sweep.deals.as_ref().map_or(0, Vec::len);
        let other = if sweep.cursor < ROWS {
            sweep.cursor + ROWS
        } else {
            sweep.cursor - ROWS
        };
        if other < len {
            sweep.cursor = other;
        }
    }
}

/// Says dread of the deal under the cursor, or takes it back.
pub(super) fn dread(model: &mut Model) {
    if let Some(sweep) = sweep_mut(model) {
        let at = sweep.cursor;
        sweep.say_at(at, SweepWord::Dread);
    }
}

/// Writes the page and goes to the next one, or to the end.
pub(super) fn next(model: &mut Model) {
    let Some(sweep) = sweep_mut(model).filter(|sweep| sweep.deals.is_some()) else {
        return;
    };
    let words = sweep.written();
    if sweep.page + 1 < sweep.pages() {
        turn(sweep, sweep.page + 1);
    } else {
        sweep.end = Some(End::default());
    }
    if !words.is_empty() {
        write::act(model, Act::Sweep { words }, Then::Nothing);
    }
}

/// Goes to the page before.
pub(super) fn back(model: &mut Model) {
    match sweep_mut(model) {
        Some(sweep) if sweep.page > 0 => turn(sweep, sweep.page - 1),
        Some(_) => say::note(model, "This is the first page", ""),
        None => {}
    }
}

fn turn(sweep: &mut Sweep, page: usize) {
    sweep.page = page;
    sweep.deals = None;
    sweep.loading = false;
    sweep.cursor = 0;
}

fn sweep_mut(model: &mut Model) -> Option<&mut Sweep> {
    let Some(Page::Sweep(sweep)) = model.pages.last_mut() else {
        return None;
    };
    Some(sweep)
}
