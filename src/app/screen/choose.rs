//! What is typed or picked on top of a page: the palette, a prompt, a menu.

use super::doc::{Content, Line, Picked, Role, Row, Span, Width};
use super::sheet::caret_of;
use super::text::width;
use super::words::{Words, safe};
use super::{Sheet, line, uncovered};
use crate::app::layout::overlay_rows;
use crate::app::model::{Menu, Model, Prompt, PromptKind};
use crate::app::palette::Palette;

/// Rows that a palette or menu shows on this screen: about half of it, so that one still sees
/// what it is about.
fn rows_shown(model: &Model) -> usize {
    overlay_rows(model.size).min(usize::from(model.size.height / 2))
}

/// The first row to show, so that the cursor is among them.
fn first_row(top: usize, cursor: usize, shown: usize) -> usize {
    top.min(cursor).max((cursor + 1).saturating_sub(shown))
}

/// Doing by name. Its height stays, so that nothing jumps while one types.
pub fn palette(model: &Model, palette: &Palette) -> Sheet {
    let text = safe(&palette.input.text());
    let title = Row::new(1).fixed(2, Span::key(":")).cell(
        Width::Fill,
        Content::Input {
            text,
            caret: Some(caret_of(&palette.input)),
        },
    );
    let shown = rows_shown(model);
    let first = first_row(palette.top, palette.cursor, shown);
    let mut lines = vec![Line::Blank];
    for (at, row) in palette.rows.iter().enumerate().skip(first).take(shown) {
        let able = row.reason.is_none();
        let role = if able { Role::Text } else { Role::Quiet };
        let says = row.reason.map_or_else(
            || row.summary.clone(),
            |reason| format!("not now: {reason}"),
        );
        let picked = if at == palette.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        let title = if able {
            Span::strong(safe(&row.title))
        } else {
            Span::quiet(safe(&row.title))
        };
        let line = Row::new(1)
            .fixed(2, "")
            .fixed(25, title)
            .fixed(1, "")
            .fill(Span::new(safe(&says), role))
            .fit(Span::key(format!("  {}", safe(&row.keys))))
            .picked(picked);
        lines.push(line.into());
    }
    if palette.rows.is_empty() {
        lines.push(Line::words(3, "No command is called that.", Role::Text));
    }
    while lines.len() < shown + 1 {
        lines.push(Line::Blank);
    }
    Sheet {
        title,
        lines,
        scroll: 0,
        after: Vec::new(),
        left: uncovered(model),
        tall: false,
    }
}

/// One line to type.
pub fn prompt(model: &Model, words: &Words<'_>, prompt: &Prompt) -> Sheet {
    let text = safe(&prompt.input.text());
    let mut title = Row::new(1)
        .fit(Span::new(format!("{} ", prompt.label), Role::Accent))
        .cell(
            Width::Fill,
            Content::Input {
                text,
                caret: Some(caret_of(&prompt.input)),
            },
        );
    if !prompt.hint.is_empty() {
        title = title.fit(Span::quiet(format!("  {}", safe(&prompt.hint))));
    }
    let mut lines = Vec::new();
    if let PromptKind::Line { kind, deal } = prompt.kind {
        lines = line::lines(model, words, prompt, kind, deal);
    } else if let Some(error) = &prompt.error {
        lines.push(Line::para(
            1,
            3,
            vec![Span::new(
                format!("! {}", words.days_in(&safe(error))),
                Role::Error,
            )],
        ));
    }
    Sheet {
        title,
        lines,
        scroll: 0,
        after: Vec::new(),
        left: 0,
        tall: false,
    }
}

/// One of several things to pick.
pub fn menu(model: &Model, menu: &Menu) -> Sheet {
    let shown = rows_shown(model);
    let first = first_row(menu.top, menu.cursor, shown);
    // As wide as what is said, and never more than half.
    let notes = menu.rows.iter().map(|row| width(&safe(&row.note)));
    let half = model.size.width.saturating_sub(uncovered(model)) / 2;
    let note = notes.max().unwrap_or_default().clamp(12, half.max(12));
    let mut lines = vec![Line::Blank];
    for (at, row) in menu.rows.iter().enumerate().skip(first).take(shown) {
        let picked = if at == menu.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        let now = if row.current { "now" } else { "" };
        let line = Row::new(3)
            .fill(Span::text(safe(&row.title)))
            .right(note, Span::text(safe(&row.note)))
            .right(6, Span::new(now, Role::Accent))
            .picked(picked);
        lines.push(line.into());
    }
    let below = menu.rows.len().saturating_sub(first + shown);
    if below > 0 {
        lines.push(Line::words(3, format!("{below} more"), Role::Quiet));
    }
    if menu.rows.is_empty() {
        lines.push(Line::words(3, "Nothing is called that.", Role::Text));
    }
    let head = Span::new(safe(&menu.title), Role::Head);
    let title = match &menu.find {
        None => Row::new(1).fill(head),
        Some(find) => {
            // Its height stays, so that nothing jumps while one types.
            while lines.len() < shown.min(find.all.len()) + 2 {
                lines.push(Line::Blank);
            }
            let text = safe(&find.input.text());
            let caret = Some(caret_of(&find.input));
            Row::new(1)
                .fit(head)
                .fixed(2, "")
                .cell(Width::Fill, Content::Input { text, caret })
        }
    };
    Sheet {
        title,
        lines,
        scroll: 0,
        after: Vec::new(),
        left: uncovered(model),
        tall: false,
    }
}
