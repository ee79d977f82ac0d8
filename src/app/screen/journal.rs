//! The journal: every action, the latest first, and what it changed.

use super::doc::{Line, Picked, Role, Row, Span};
use super::words::{Words, safe};
use super::{Body, Page, Pane};
use crate::app::journal::{ChangeRow, Journal, JournalRow, Opened};
use crate::app::model::Model;
use crate::domain::shown::Free;

/// Columns from which on the changes stand beside the list.
const BESIDE: u16 = 110;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, journal: &Journal) -> Row {
    let of = journal.deal.map(|id| {
        let name = model.name(id).map(|name| words.name(id, name));
        name.unwrap_or_else(|| format!("deal {id}"))
    });
    let of = of.map_or_else(String::new, |name| format!(" · {name}"));
    let title = vec![Span::new("Journal", Role::Head), Span::text(of)];
    super::head::titled(model, title, "")
}

/// The page, or its two panes where there is room beside the list.
pub fn body(model: &Model, words: &Words<'_>, journal: &Journal) -> Body {
    let height = usize::from(model.size.height.saturating_sub(5));
    let Some(opened) = &journal.opened else {
        return Body::Page(plain(model, list(words, journal, height, true)));
    };
    if model.size.width >= BESIDE {
        let left = model.size.width / 2;
        let panes = vec![
            Pane {
                width: left,
                title: Row::new(1).fill(Span::new("Actions", Role::Head)),
                here: false,
                lines: list(words, journal, height, false),
                scroll: 0,
            },
            Pane {
                width: model.size.width - left - 1,
                title: opened_title(journal, words, opened),
                here: true,
                lines: changes(words, opened),
                scroll: 0,
            },
        ];
        return Body::Panes(panes);
    }
    let mut lines = vec![opened_title(journal, words, opened).into(), Line::Blank];
    lines.extend(changes(words, opened));
    Body::Page(plain(model, lines))
}

fn plain(model: &Model, lines: Vec<Line>) -> Page {
    Page {
        column: model.size.width,
        lines,
        scroll: 0,
        middle: false,
        ruled: true,
        after: Vec::new(),
    }
}

fn list(words: &Words<'_>, journal: &Journal, height: usize, here: bool) -> Vec<Line> {
    if journal.rows.is_empty() {
        let text = if journal.loading || !journal.whole {
            "loading…"
        } else {
            "Nothing was done yet. Every change will stand here."
        };
        return vec![Line::Blank, Line::words(3, text, Role::Text)];
    }
    let last = (journal.cursor + 1).saturating_sub(height);
    let first = journal.top.min(journal.cursor).max(last);
    let rows = journal.rows.iter().enumerate().skip(first).take(height);
    let mut lines: Vec<Line> = rows
        .map(|(at, row)| {
            let picked = match (at == journal.cursor, here) {
                (true, true) => Picked::Here,
                (true, false) => Picked::There,
                (false, _) => Picked::No,
            };
            action(words, row).picked(picked).into()
        })
        .collect();
    if journal.loading && lines.len() < height {
        lines.push(Line::words(3, "loading…", Role::Quiet));
    }
    lines
}

fn action(words: &Words<'_>, row: &JournalRow) -> Row {
    let day = words.day(row.at.date());
    let when = format!("{day} {}", row.at.format("%H:%M"));
    let deal = row.deal.as_ref().map(|(id, _)| *id);
    let what = words.said(deal, &row.what);
    // Under a mask the sentence is hidden; the deal's label still says which one it was.
    let hidden = words.mask.hides_names_of(deal);
    let what = match &row.deal {
        Some((id, name)) if hidden => format!("{what} {}", words.name(*id, name)),
        Some(_) | None => what,
    };
    let state = if row.undone { "undone" } else { "" };
    let role = if row.undone || row.is_undo {
        Role::Quiet
    } else {
        Role::Text
    };
    Row::new(1)
        .fixed(14, Span::quiet(when))
        .fill(Span::new(what, role))
        .fit(Span::quiet(format!("  {state}")))
        .fixed(1, "")
        .fixed(12, Span::text(safe(&row.who)))
        .right(
            12,
            Span::quiet(words.count(row.changes, "change", "changes")),
        )
}

fn opened_title(journal: &Journal, words: &Words<'_>, opened: &Opened) -> Row {
    let row = journal.rows.iter().find(|row| row.id == opened.action);
    let what = row.map_or_else(String::new, |row| {
        words.said(row.deal.as_ref().map(|(id, _)| *id), &row.what)
    });
    Row::new(1).fill(Span::strong(what)).fit(Span::text(format!(
        "  action {}",
        words.locale.number(opened.action.0)
    )))
}

fn changes(words: &Words<'_>, opened: &Opened) -> Vec<Line> {
    let Some(rows) = &opened.changes else {
        return vec![Line::Blank, Line::words(1, "loading…", Role::Quiet)];
    };
    let mut lines = Vec::new();
    let mut deal: Option<String> = None;
    for row in rows.iter().skip(opened.top).take(200) {
        let named = row.deal.as_ref().map(|name| words.loose_name(name));
        if named.is_some() && named != deal {
            deal.clone_from(&named);
            lines.push(Line::head(1, named.unwrap_or_default()));
        }
        lines.push(change(words, row));
    }
    if opened.more > 0 {
        let more = words.count(opened.more, "more change", "more changes");
        lines.push(Line::words(3, more, Role::Quiet));
    }
    lines
}

fn change(words: &Words<'_>, row: &ChangeRow) -> Line {
    let value = |text: &Option<Free>| {
        text.as_ref()
            .map(|text| words.said(None, text))
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| "nothing".to_owned())
    };
    let (old, new) = (value(&row.old), value(&row.new));
    let mut spans = vec![Span::text(format!("{:<22} ", safe(&row.what)))];
    spans.push(Span::quiet(old));
    spans.push(Span::text(" → "));
    spans.push(Span::strong(new));
    Line::para(3, 26, spans)
}
