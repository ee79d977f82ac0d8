//! The first screen: what this is, and three ways to begin.

use super::doc::{Content, Line, Picked, Role, Row, Span, Width};
use super::words::{Words, safe};
use super::{Page, doc::Cell, squeeze};
use crate::app::command::Command;
use crate::app::model::{Model, Welcome, WelcomeRow};

/// The width of the page.
const COLUMN: u16 = 60;

/// The page.
pub fn page(model: &Model, words: &Words<'_>, welcome: &Welcome) -> Page {
    let mut lines = Vec::new();
    if model.size.is_roomy() {
        lines.push(Line::Blank);
    }
    lines.push(Row::new(4).fill(Span::strong("w a l k a w a y")).into());
    lines.push(Line::Blank);
    lines.push(mark());
    lines.push(Line::Blank);
    lines.push(Line::words(
        4,
        "Fire the prospect, or continue with intent.",
        Role::Text,
    ));
    lines.push(Line::Blank);
    lines.push(Line::Blank);
    for (at, row) in Welcome::ROWS.iter().enumerate() {
        let (command, says, more) = choice(*row, model, words);
        let key = model.keymap.keys_of(command);
        let key = key
            .first()
            .map_or_else(String::new, |key| key.label(model.spells_keys()));
        let picked = if at == welcome.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        let line = Row::new(4)
            .fixed(4, Span::key(key))
            .fill(says)
            .picked(picked);
        lines.push(line.into());
        lines.push(Line::words(8, more, Role::Quiet));
        lines.push(Line::Blank);
    }
    lines.push(Line::Blank);
    let promise = "The pipeline is one file on this machine. Nothing leaves it.";
    lines.push(Line::words(4, promise, Role::Text));
    squeeze(
        &mut lines,
        COLUMN,
        usize::from(model.size.height.saturating_sub(4)),
    );
    Page {
        column: COLUMN + 8,
        lines,
        scroll: 0,
        middle: true,
        ruled: false,
        after: Vec::new(),
    }
}

/// The sign of the house: what a deal's fit can still be, and the room on both sides of it.
fn mark() -> Line {
    let bar = Content::Range { lo: 36.0, hi: 72.0 };
    let mut row = Row::new(4);
    row.cells.push(Cell {
        width: Width::Fixed(43),
        right: false,
        content: bar,
    });
    row.into()
}

/// The key of a choice, what it says, and the line under it.
fn choice(row: WelcomeRow, model: &Model, words: &Words<'_>) -> (Command, &'static str, String) {
    match row {
        WelcomeRow::Import => {
            let found = model.export.as_ref();
            let more = found.map_or_else(
                || "a file from your CRM: CSV or any such table".to_owned(),
                |export| {
                    let age = words.age(export.at, model.at);
                    format!(
                        "{}, {}, {age}",
                        words.file(&export.file),
                        safe(&export.kind)
                    )
                },
            );
            let says = if found.is_some() {
                "Import the newest export"
            } else {
                "Import your pipeline"
            };
            (Command::WelcomeImport, says, more)
        }
        WelcomeRow::Demo => (
            Command::WelcomeDemo,
            "Look around in a demo pipeline",
            "made up, thrown away when you leave".to_owned(),
        ),
        WelcomeRow::Add => (
            Command::WelcomeAdd,
            "Type your first deal",
            "a name is enough to begin".to_owned(),
        ),
    }
}
