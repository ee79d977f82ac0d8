//! What is talked about, and what was decided last time.

use super::super::doc::{Glyph, Line, Picked, Role, Row, Span};
use super::super::words::{Words, safe};
use crate::app::model::Model;
use crate::app::one_on_one::OneOnOne;
use crate::domain::deal::DecisionKind;
use crate::domain::review::{AgendaItem, AgendaWhy, DecidedRow, ItemState};

/// Columns from which on there is room around the columns of a row.
const AIRY: u16 = 30;

/// The lines of the agenda in so many columns.
pub fn lines(model: &Model, words: &Words<'_>, page: &OneOnOne, width: u16) -> Vec<Line> {
    let inset = if width >= AIRY { 3 } else { 1 };
    let mut lines = vec![Line::head(inset, "Agenda"), Line::Blank];
    let Some(meeting) = &page.meeting else {
        lines.push(Line::words(inset, "loading…", Role::Quiet));
        return lines;
    };
    let agenda = &meeting.agenda;
    if agenda.items.is_empty() {
        lines.push(Line::words(inset, "Nothing yet.", Role::Strong));
        lines.push(Line::Blank);
        lines.push(Line::para(
            inset,
            inset,
            vec![
                Span::key("r"),
                Span::text(" on a deal raises a hand for it"),
            ],
        ));
    }
    for (at, item) in agenda.items.iter().enumerate() {
        if at == agenda.fits && at > 0 {
            lines.push(Line::Blank);
            lines.push(Line::words(inset, "if time is left", Role::Quiet));
        }
        lines.push(row(model, words, page, (at, item), width).into());
    }
    if !agenda.decided_last_time.is_empty() {
        lines.push(Line::Blank);
        lines.push(Line::head(inset, "Decided last time"));
        for row in &agenda.decided_last_time {
            lines.push(decided(words, row, inset, width).into());
        }
    }
    lines
}

fn row(
    model: &Model,
    words: &Words<'_>,
    page: &OneOnOne,
    (at, item): (usize, &AgendaItem),
    width: u16,
) -> Row {
    let here = page.deal == Some(item.deal);
    let picked = match (here, model.overlays.is_empty()) {
        (true, true) => Picked::Here,
        (true, false) => Picked::There,
        (false, _) => Picked::No,
    };
    let (sign, role) = match item.state {
        ItemState::Done => (Some(Glyph::Yes), Role::Text),
        ItemState::NextTime => (Some(Glyph::Waiting), Role::Text),
        ItemState::Open => (None, why_role(&item.why)),
    };
    let sign = sign.map(|sign| Span::sign(sign, Role::Good));
    let (number, why) = if width >= AIRY { (5, 11) } else { (3, 9) };
    Row::new(0)
        .right(number - 1, Span::text((at + 1).to_string()))
        .fixed(if width >= AIRY { 2 } else { 1 }, "")
        .fill(Span::text(words.name(item.deal, &item.name)))
        .fixed(1, "")
        .fixed(why, Span::new(safe(&item.why.brief()), role))
        .fixed_spans(2, sign.into_iter().collect())
        .picked(picked)
}

fn why_role(why: &AgendaWhy) -> Role {
    match why {
        AgendaWhy::Request { .. } | AgendaWhy::Due(_) | AgendaWhy::Fire => Role::Fire,
        AgendaWhy::Stale { .. } | AgendaWhy::Differ { .. } => Role::Open,
        AgendaWhy::Invest => Role::Good,
        AgendaWhy::LeftOver { .. }
        | AgendaWhy::Raised { .. }
        | AgendaWhy::Money
        | AgendaWhy::Added => Role::Text,
    }
}

fn decided(words: &Words<'_>, row: &DecidedRow, inset: u16, width: u16) -> Row {
    // What came of it says what it was, but for a silence.
    let says = match (row.kind, row.since.as_str()) {
        (DecisionKind::Fired, "silent") => "fired, silent".to_owned(),
        (DecisionKind::Fired, "") => "fired".to_owned(),
        (DecisionKind::Hold, "") => "on hold".to_owned(),
        (DecisionKind::Continued, "") => "goes on".to_owned(),
        (DecisionKind::Reinstated, "") => "back".to_owned(),
        (_, since) => safe(since),
    };
    Row::new(inset)
        .fill(Span::text(words.name(row.deal, &row.name)))
        .fixed(1, "")
        .fixed(if width >= AIRY { 17 } else { 14 }, Span::text(says))
}
