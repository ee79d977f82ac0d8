//! Going from row to row and place to place.

use super::{Effects, answer, one_on_one, rows, say};
use crate::app::layout::{self, Area, ListLine};
use crate::app::list::WHOLE;
use crate::app::model::{Model, Overlay, Page, Pane, Welcome};
use crate::app::msg::{Mouse, MouseKind};
use crate::app::one_on_one::{Talk, rows_to_ask};
use crate::app::reviews::PairSide;
use crate::domain::ids::DealId;

/// How far a move goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many rows.
    Rows(isize),
    /// So many pages.
    Pages(isize),
    /// So many half pages.
    Halves(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Step {
    /// Returns where it leads from a place, among so many, a page being so long.
    pub(super) fn from(self, place: usize, len: usize, page: usize) -> usize {
        let last = len.saturating_sub(1);
        let page = page.max(1) as isize;
        let by = match self {
            Self::Rows(rows) => rows,
            Self::Pages(pages) => pages.saturating_mul((page - 1).max(1)),
            Self::Halves(halves) => halves.saturating_mul((page / 2).max(1)),
            Self::First => return 0,
            Self::Last => return last,
        };
        place.saturating_add_signed(by).min(last)
    }
}

/// Moves in what has the keys.
pub(super) fn step(model: &mut Model, step: Step) {
    let body = usize::from(layout::page(model.size).body.height);
    let lines = layout::HELP_EXTENT;
    match model.overlays.last_mut() {
        Some(Overlay::Help(help)) => help.top = step.from(help.top, lines, body),
        Some(Overlay::Menu(menu)) => {
            menu.cursor = step.from(menu.cursor, menu.rows.len(), body);
            menu.top = window(menu.top, menu.cursor, layout::overlay_rows(model.size));
        }
        Some(Overlay::Palette(_) | Overlay::Prompt(_) | Overlay::Form(_)) => {}
        None => on_page(model, step, body),
    }
}

fn on_page(model: &mut Model, step: Step, body: usize) {
    match model.pages.last_mut() {
        Some(Page::Welcome(welcome)) => {
            welcome.cursor = step.from(welcome.cursor, Welcome::ROWS.len(), body);
        }
        Some(Page::Journal(journal)) => {
            if let Some(opened) = &mut journal.opened {
                let len = opened.changes.as_ref().map_or(0, Vec::len);
                opened.top = step.from(opened.top, len, body);
            } else {
                journal.cursor = step.from(journal.cursor, journal.rows.len(), body);
                journal.top = window(journal.top, journal.cursor, body);
            }
        }
        Some(Page::Preview(preview)) => {
            let len = preview.extent();
            preview.cursor = step.from(preview.cursor, len, body);
            let shown = usize::from(layout::preview_rows(model.size));
            preview.top = window(preview.top, preview.cursor, shown);
        }
        Some(Page::Cockpit) => in_pane(model, model.pane, step),
        Some(Page::Week(week)) if week.back.is_none() => {
            week.cursor = step.from(week.cursor, week.rows().len(), body);
        }
        Some(Page::Paper(paper)) => {
            paper.cursor = step.from(paper.cursor, paper.rows.len(), body);
            paper.top = window(paper.top, paper.cursor, body.saturating_sub(2));
        }
        Some(Page::Map(map)) => map.step(|at, len| step.from(at, len, body)),
        Some(Page::After(after)) => {
            after.cursor = step.from(after.cursor, after.rows().len(), body);
        }
        Some(Page::Insights(page)) => match &mut page.opened {
            Some(opened) => {
                let len = opened.rows.as_ref().map_or(0, Vec::len);
                opened.cursor = step.from(opened.cursor, len, body);
            }
            None => page.cursor = step.from(page.cursor, page.bars(), body),
        },
        Some(Page::Hours(hours)) => {
            hours.cursor = step.from(hours.cursor, hours.rows().len(), body);
        }
        // Where no row has the cursor, the deal itself is scrolled.
        Some(Page::OneOnOne(page)) if page.talk() == Talk::Open => {
            let rows = crate::app::screen::table_extent(model) + 1;
            if let Some(Page::OneOnOne(page)) = model.pages.last_mut() {
                page.top = step.from(page.top, rows, body);
            }
        }
        Some(Page::OneOnOne(page)) => {
            if let Some(bank) = model.bank.as_deref() {
                page.row = step.from(page.row, page.rows(bank), body);
            }
        }
        Some(Page::Reviews(page)) if page.opened.is_none() && page.side == PairSide::Held => {
            let held = page.pair().map_or(0, |pair| pair.held.len());
            page.cursor = step.from(page.cursor, held, body);
        }
        Some(Page::Reviews(_)) => {
            let rows = crate::app::screen::reviews_extent(model) + 1;
            if let Some(Page::Reviews(page)) = model.pages.last_mut() {
                page.top = step.from(page.top, rows, body);
            }
        }
        Some(Page::Seal(card)) => {
            if let Some(bank) = model.bank.as_deref() {
                card.row = step.from(card.row, rows_to_ask(bank).len(), body);
            }
        }
        // In the sweep letters are labels: it has moves of its own.
        Some(Page::Walk(_) | Page::Sweep(_) | Page::Signs(_) | Page::Fresh(_) | Page::Week(_))
        | None => {}
    }
}

/// How many rows the list shows: its page.
fn rows_on_screen(model: &Model) -> usize {
    let height = super::list_height(model);
    let lines = model.list.shape().lines(height, model.size.is_roomy());
    let is_row = |line: &&ListLine| matches!(line, ListLine::Row(_));
    lines.iter().filter(is_row).count()
}

/// Returns the deals that one key goes to from the one under the list's cursor, the most likely
/// first; none where another page is on screen.
pub fn near(model: &Model) -> Vec<DealId> {
    if !matches!(model.page(), Page::Cockpit) {
        return Vec::new();
    }
    let list = &model.list;
    let (len, page) = (list.ids.len(), rows_on_screen(model));
    let mut deals = Vec::with_capacity(6);
    for step in [
        Step::Rows(1),
        Step::Rows(-1),
        Step::Pages(1),
        Step::Pages(-1),
        Step::Last,
        Step::First,
    ] {
        let place = step.from(list.cursor, len, page);
        let deal = list.ids.get(place).map(|id| DealId::from(*id));
        deals.extend(deal.filter(|deal| place != list.cursor && !deals.contains(deal)));
    }
    deals
}

/// Returns the deals whose rows the keys to the beginning and the end of a long list ask for: those
/// of a page, of the two beyond, and some more for lines that headings leave free.
pub fn ends(model: &Model) -> Vec<DealId> {
    let list = &model.list;
    let is_here = matches!(model.page(), Page::Cockpit) && !list.partial;
    if !is_here || list.ids.len() <= WHOLE {
        return Vec::new();
    }
    let most = (3 * rows_on_screen(model) + 6).min(list.ids.len());
    let (first, last) = (&list.ids[..most], &list.ids[list.ids.len() - most..]);
    first
        .iter()
        .chain(last)
        .map(|id| DealId::from(*id))
        .collect()
}

fn in_pane(model: &mut Model, pane: Pane, step: Step) {
    let panes = layout::cockpit(model.size, model.pane, model.side, model.zoom);
    match pane {
        Pane::List => {
            let rows = rows_on_screen(model);
            let before = model.list.cursor;
            model.list.cursor = step.from(before, model.list.ids.len(), rows);
            turned(model, before);
        }
        Pane::Detail => rows::step(model, step),
        Pane::Checklist => {
            let listed = model.listed_questions();
            let at = model
                .detail
                .question
                .and_then(|ix| listed.iter().position(|q| *q == ix));
            let page = panes.checklist.map_or(1, |area| usize::from(area.height));
            let owed: Vec<i64> = model
                .current_detail()
                .map_or(&[][..], |detail| &detail.commitments)
                .iter()
                .map(|row| row.id)
                .collect();
            // What is owed follows the questions.
            let on_owed = model
                .detail
                .promise
                .and_then(|id| owed.iter().position(|o| *o == id));
            let here = on_owed.map_or(at.unwrap_or(0), |at| listed.len() + at);
            let place = step.from(here, listed.len() + owed.len(), page);
            if place < listed.len() {
                model.detail.question = listed.get(place).copied();
            }
            model.detail.promise = place
                .checked_sub(listed.len())
                .and_then(|at| owed.get(at).copied());
            model.detail.checklist_top = window(model.detail.checklist_top, place, page);
        }
    }
}

/// The cursor of the list may be on another deal: its detail starts at its top.
fn turned(model: &mut Model, before: usize) {
    if model.list.cursor != before {
        model.list.anchor = None;
        model.list.from_top = false;
        model.detail.top = 0;
        model.detail.checklist_top = 0;
        model.detail.missing = None;
    }
}

/// Returns the first row of a window so that the cursor is in it.
fn window(top: usize, cursor: usize, height: usize) -> usize {
    let height = height.max(1);
    top.min(cursor).max((cursor + 1).saturating_sub(height))
}

/// Goes to the next or previous deal of the frozen queue, from any page.
pub(super) fn along_queue(model: &mut Model, by: isize) {
    if matches!(model.page(), Page::OneOnOne(_)) {
        one_on_one::turn(model, by);
        return;
    }
    let before = model.list.cursor;
    if !model.list.step(by) {
        let end = if by > 0 { "last" } else { "first" };
        say::note(
            model,
            format!("This is the {end} deal of the list"),
            "R renews the order",
        );
        return;
    }
    turned(model, before);
    if let Some(deal) = model.list.current() {
        answer::turn(model, deal);
        one_on_one::turn_seal(model, deal);
    }
}

/// Gives the keys to a pane.
pub(super) fn focus(model: &mut Model, pane: Pane) {
    model.pane = pane;
    if pane != Pane::List {
        model.side = pane;
    }
}

/// `Tab`: the next pane. Where two panes are on screen it turns detail into checklist and back.
pub(super) fn next_pane(model: &mut Model, forward: bool) {
    if model.size.panes() == 2 && !model.zoom && model.pane != Pane::Checklist && forward {
        focus(model, Pane::Checklist);
        return;
    }
    let next = match (model.pane, forward) {
        (Pane::List, true) | (Pane::Checklist, false) => Pane::Detail,
        (Pane::Detail, true) | (Pane::List, false) => Pane::Checklist,
        (Pane::Checklist, true) | (Pane::Detail, false) => Pane::List,
    };
    focus(model, next);
    if next == Pane::List && model.size.panes() == 2 {
        model.side = Pane::Detail;
    }
}

/// `h l`: the pane on the left or right, not around the end.
pub(super) fn side_pane(model: &mut Model, right: bool) {
    let next = match (model.pane, right) {
        (Pane::List, true) | (Pane::Checklist, false) => Pane::Detail,
        (Pane::Detail | Pane::Checklist, true) => Pane::Checklist,
        (Pane::List | Pane::Detail, false) => Pane::List,
    };
    focus(model, next);
}

/// `Esc` and `q`: one step back. Says whether there was one.
pub(super) fn back(model: &mut Model, effects: &mut Effects) -> bool {
    if let Some(overlay) = model.overlays.pop() {
        if let Overlay::Prompt(prompt) = overlay {
            super::prompts::left(model, prompt);
        }
        return true;
    }
    if super::week::leave_back(model) {
        return true;
    }
    if super::preview::stop(model, effects) {
        return true;
    }
    if let Some(Page::Journal(journal)) = model.pages.last_mut()
        && journal.opened.take().is_some()
    {
        return true;
    }
    if super::insights::close(model) || super::reviews::close(model) {
        return true;
    }
    if model.pages.len() > 1 {
        model.pages.pop();
        return true;
    }
    if !matches!(model.page(), Page::Cockpit) {
        return false;
    }
    if model.zoom {
        model.zoom = false;
    } else if model.pane != Pane::List {
        model.pane = Pane::List;
    } else if !model.list.marks.is_empty() {
        model.list.marks.clear();
    } else if !model.list.query.text.is_empty() {
        super::lists::set_filter(model, "");
    } else {
        return false;
    }
    true
}

/// `q`: one step back; on the first page there is none, whatever pane has the keys.
pub(super) fn back_to_base(model: &mut Model, effects: &mut Effects) -> bool {
    let is_base = model.overlays.is_empty() && model.pages.len() == 1;
    !is_base && back(model, effects)
}

/// Takes the mouse: a click gives a pane the keys and goes to a row, the wheel scrolls.
pub(super) fn mouse(model: &mut Model, mouse: Mouse) {
    if !model.size.is_enough() {
        return;
    }
    let by = match mouse.kind {
        MouseKind::WheelDown => 3,
        MouseKind::WheelUp => -3,
        MouseKind::Click => {
            click(model, mouse);
            return;
        }
    };
    match pane_at(model, mouse) {
        Some((Pane::Detail, _)) => rows::scroll(model, by),
        Some((pane, _)) => in_pane(model, pane, Step::Rows(by)),
        None => step(model, Step::Rows(by)),
    }
}

fn click(model: &mut Model, mouse: Mouse) {
    let Some((pane, line)) = pane_at(model, mouse) else {
        return;
    };
    focus(model, pane);
    if pane == Pane::List {
        let height = super::list_height(model);
        let lines = model.list.shape().lines(height, model.size.is_roomy());
        if let Some(ListLine::Row(row)) = lines.get(usize::from(line)) {
            let before = model.list.cursor;
            model.list.cursor = *row;
            turned(model, before);
        }
    }
}

/// Returns the pane under the mouse and the line in it, where nothing lies over the cockpit.
fn pane_at(model: &Model, mouse: Mouse) -> Option<(Pane, u16)> {
    if model.overlay().is_some() || !matches!(model.page(), Page::Cockpit) {
        return None;
    }
    let layout = layout::cockpit(model.size, model.pane, model.side, model.zoom);
    let panes = [
        (Pane::List, layout.list),
        (Pane::Detail, layout.detail),
        (Pane::Checklist, layout.checklist),
    ];
    let inside = |area: &Area| {
        (area.x..area.x + area.width).contains(&mouse.column)
            && (area.y..area.y + area.height).contains(&mouse.line)
    };
    let areas = panes
        .into_iter()
        .filter_map(|(pane, area)| Some((pane, area?)));
    areas
        .filter(|(_, area)| inside(area))
        .map(|(pane, area)| (pane, mouse.line - area.y))
        .next()
}
