//! The cursor of the deal's pane: from row to row where there are rows to open, else by lines.

use super::moves::Step;
use crate::app::model::{DetailRow, Model};
use crate::app::screen::{DetailShape, detail_shape};

/// Moves in the deal's pane: rows in sight are gone to, what is out of sight is scrolled to.
pub(super) fn step(model: &mut Model, step: Step) {
    let Some(shape) = detail_shape(model) else {
        return;
    };
    let most = shape.most();
    model.detail.top = model.detail.top.min(most);
    match step {
        Step::Rows(by) => {
            for _ in 0..by.unsigned_abs().min(shape.extent.max(1)) {
                one(model, &shape, by > 0);
            }
            return;
        }
        Step::First => model.detail.row = None,
        Step::Pages(_) | Step::Halves(_) | Step::Last => {}
    }
    model.detail.top = step.from(model.detail.top, most + 1, shape.height);
    drop_unseen(model, &shape);
}

/// Scrolls by lines, as a wheel does.
pub(super) fn scroll(model: &mut Model, by: isize) {
    let Some(shape) = detail_shape(model) else {
        return;
    };
    let top = model.detail.top.min(shape.most());
    model.detail.top = top.saturating_add_signed(by).min(shape.most());
    drop_unseen(model, &shape);
}

/// Opens the signal under the cursor to what raised it, or closes it again.
pub(super) fn open(model: &mut Model) {
    let Some(DetailRow::Signal(id)) = model.detail_row() else {
        return;
    };
    model.detail.opened = (model.detail.opened != Some(id)).then_some(id);
    // What was opened is brought in sight, but never past its own first line.
    let Some(shape) = detail_shape(model) else {
        return;
    };
    let row = shape
        .rows
        .iter()
        .find(|row| row.row == DetailRow::Signal(id));
    if let Some(row) = row {
        let end = row.line + row.lines;
        let top = model.detail.top.max(end.saturating_sub(shape.height));
        model.detail.top = top.min(row.line).min(shape.most());
    }
}

/// One row or one line down or up.
fn one(model: &mut Model, shape: &DetailShape, down: bool) {
    let at = model
        .detail
        .row
        .and_then(|here| shape.rows.iter().position(|row| row.row == here));
    let (top, bottom) = (model.detail.top, model.detail.top + shape.height);
    let is_seen = |at: usize| (top..bottom).contains(&shape.rows[at].line);
    let next = match (at, down) {
        (Some(at), true) => Some(at + 1).filter(|at| *at < shape.rows.len()),
        (Some(at), false) => at.checked_sub(1),
        (None, true) => shape.rows.iter().position(|row| row.line >= top),
        (None, false) => shape.rows.iter().rposition(|row| row.line < bottom),
    };
    // Nothing is chosen on the way up from the beginning.
    let next = next.filter(|_| down || at.is_some() || top > 0);
    if let Some(next) = next.filter(|next| is_seen(*next)) {
        let row = &shape.rows[next];
        model.detail.row = Some(row.row);
        let end = row.line + row.lines.min(shape.height);
        model.detail.top = top.max(end.saturating_sub(shape.height)).min(row.line);
        return;
    }
    if down {
        model.detail.top = (top + 1).min(shape.most());
    } else if top > 0 {
        model.detail.top = top - 1;
    } else {
        model.detail.row = None;
        return;
    }
    drop_unseen(model, shape);
    if model.detail.top == top {
        return;
    }
    let (top, bottom) = (model.detail.top, model.detail.top + shape.height);
    if let Some(next) = next
        && (top..bottom).contains(&shape.rows[next].line)
    {
        model.detail.row = Some(shape.rows[next].row);
    }
}

/// A cursor that was scrolled out of sight is on nothing.
fn drop_unseen(model: &mut Model, shape: &DetailShape) {
    let seen = model.detail.top..model.detail.top + shape.height;
    let is_seen = |here: DetailRow| {
        let mut rows = shape.rows.iter();
        rows.any(|row| row.row == here && seen.contains(&row.line))
    };
    if model.detail.row.is_some_and(|here| !is_seen(here)) {
        model.detail.row = None;
    }
}
