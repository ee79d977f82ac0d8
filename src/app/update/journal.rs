//! The journal: pages of it, the changes of one action, and undo from there.

use super::{Effects, write};
use crate::app::effect::Effect;
use crate::app::journal::{ChangeRow, Journal, JournalRow, Opened};
use crate::app::model::{Model, Page, Then};
use crate::domain::ids::{ActionId, DealId};

/// Rows from the end at which the next page is asked for.
const NEAR_END: usize = 40;

/// Opens the journal.
pub(super) fn open(model: &mut Model) {
    if !matches!(model.page(), Page::Journal(_)) {
        model.pages.retain(|page| !matches!(page, Page::Journal(_)));
        model.pages.push(Page::Journal(Journal {
            stale: true,
            ..Journal::default()
        }));
    }
}

/// Asks for a page: the first when something happened, the next near the end.
pub(super) fn want_page(model: &mut Model, effects: &mut Effects) {
    let Some(journal) = journal_mut(model) else {
        return;
    };
    if journal.loading {
        return;
    }
    let is_near = journal.cursor + NEAR_END >= journal.rows.len();
    let before = if journal.stale {
        None
    } else if is_near && !journal.whole {
        journal.rows.last().map(|row| row.id)
    } else {
        return;
    };
    journal.stale = false;
    journal.loading = true;
    effects.push(Effect::LoadJournal {
        deal: journal.deal,
        before,
    });
}

/// Takes a page.
pub(super) fn page(
    model: &mut Model,
    deal: Option<DealId>,
    before: Option<ActionId>,
    rows: Vec<JournalRow>,
    whole: bool,
) {
    let Some(journal) = journal_mut(model) else {
        return;
    };
    if journal.deal != deal {
        return;
    }
    journal.loading = false;
    if before.is_none() {
        let current = journal.rows.get(journal.cursor).map(|row| row.id);
        journal.rows = rows;
        let found = current.and_then(|id| journal.rows.iter().position(|row| row.id == id));
        journal.cursor = found.unwrap_or(0);
    } else if journal.rows.last().map(|row| row.id) == before {
        journal.rows.extend(rows);
    } else {
        return;
    }
    journal.whole = whole;
    journal.cursor = journal.cursor.min(journal.rows.len().saturating_sub(1));
    journal.top = journal.top.min(journal.cursor);
}

/// A page could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    if let Some(journal) = journal_mut(model) {
        journal.loading = false;
        journal.whole = true;
    }
}

/// Shows what the action under the cursor changed, or the list again.
pub(super) fn toggle(model: &mut Model, effects: &mut Effects) {
    let Some(journal) = journal_mut(model) else {
        return;
    };
    if journal.opened.take().is_some() {
        return;
    }
    if let Some(row) = journal.rows.get(journal.cursor) {
        journal.opened = Some(Opened {
            action: row.id,
            changes: None,
            more: 0,
            top: 0,
        });
        effects.push(Effect::LoadChanges(row.id));
    }
}

/// Takes the changes of an action.
pub(super) fn changes(model: &mut Model, action: ActionId, changes: Vec<ChangeRow>, more: u64) {
    if let Some(opened) = journal_mut(model).and_then(|journal| journal.opened.as_mut())
        && opened.action == action
    {
        opened.changes = Some(changes);
        opened.more = more;
    }
}

/// Takes the action under the cursor back, or all that came after it.
pub(super) fn undo(model: &mut Model, and_after: bool) {
    let Some(journal) = journal_mut(model) else {
        return;
    };
    let Some(id) = journal.rows.get(journal.cursor).map(|row| row.id) else {
        return;
    };
    let effect = if and_after {
        Effect::UndoTo(id)
    } else {
        Effect::UndoAction(id)
    };
    write::push(model, effect, Then::Say);
}

/// Shows only the actions on the deal of the action under the cursor, or all again.
pub(super) fn one_deal(model: &mut Model) {
    let current = model.current_deal();
    let Some(journal) = journal_mut(model) else {
        return;
    };
    let of_row = journal
        .rows
        .get(journal.cursor)
        .and_then(|row| row.deal.as_ref());
    let deal = of_row.map(|(deal, _)| *deal).or(current);
    *journal = Journal {
        deal: if journal.deal.is_some() { None } else { deal },
        stale: true,
        ..Journal::default()
    };
}

fn journal_mut(model: &mut Model) -> Option<&mut Journal> {
    let Some(Page::Journal(journal)) = model.pages.last_mut() else {
        return None;
    };
    Some(journal)
}
