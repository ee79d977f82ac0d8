//! Help: every key that works in this place, the word under the cursor, the signs.

use super::doc::{Glyph, Line, Role, Row, Span};
use super::words::{capital, quoted, safe};
use super::{Sheet, text::height_of};
use crate::app::command::table;
use crate::app::keymap::page_scopes;
use crate::app::model::{Help, Model, Page};
use crate::domain::bank::Question;

/// The page of help.
pub fn sheet(model: &Model, help: &Help) -> Sheet {
    let lines = lines(model, help);
    let width = model.size.width.min(super::SHEET_COLUMN).saturating_sub(1);
    let shown = usize::from(model.size.height.saturating_sub(4));
    let most = height_of(&lines, width).saturating_sub(shown);
    let title = Row::new(1).fill(Span::new("Help", Role::Head));
    Sheet {
        title,
        lines,
        scroll: help.top.min(most),
        after: Vec::new(),
        left: 0,
        tall: true,
    }
}

fn lines(model: &Model, help: &Help) -> Vec<Line> {
    let mut lines = Vec::new();
    let bank = model.bank.as_deref();
    if let Some(question) = help
        .question
        .zip(bank)
        .and_then(|(ix, bank)| bank.questions().get(ix.at()))
    {
        explain(question, &mut lines);
    }
    for scope in page_scopes(model) {
        let rows: Vec<_> = table()
            .filter(|row| row.scope == scope)
            .map(|row| (row, model.keymap.keys_of(row.command)))
            .filter(|(_, keys)| !keys.is_empty())
            .collect();
        if rows.is_empty() {
            continue;
        }
        lines.push(Line::Blank);
        lines.push(Line::head(1, scope.title()));
        for (row, keys) in rows {
            let keys: Vec<String> = keys
                .iter()
                .map(|keys| keys.label(model.spells_keys()))
                .collect();
            let able = (row.enabled)(model);
            let line = Row::new(3)
                .fixed(20, Span::key(keys.join(" ")))
                .fixed(20, Span::text(row.title))
                .fill(match able {
                    Ok(()) => Span::text(row.summary),
                    Err(reason) => Span::quiet(format!("not now: {reason}")),
                });
            lines.push(line.into());
        }
    }
    if matches!(model.page(), Page::Cockpit) {
        order(&mut lines);
    }
    signs(&mut lines);
    lines
}

/// A question in full.
fn explain(question: &Question, lines: &mut Vec<Line>) {
    lines.push(Line::Blank);
    lines.push(Line::head(1, capital(&safe(&question.short))));
    lines.push(Line::words(3, safe(&question.text), Role::Strong));
    if !question.counts_as_evidence.is_empty() {
        let counts = format!("Counts: {}", safe(&question.counts_as_evidence));
        lines.push(Line::words(3, counts, Role::Text));
    }
    lines.push(Line::words(3, quoted(&safe(&question.ask)), Role::Text));
}

/// Why the list stands as it does.
fn order(lines: &mut Vec<Line>) {
    const PARTS: [(&str, &str); 5] = [
        (
            "due",
            "what you promised yourself: a tripwire, a hold or a date came, or they came back",
        ),
        (
            "fire",
            "deciding these frees hours at once; those with the most hours at stake first",
        ),
        (
            "get to no",
            "one question away from a no or a step; the most hours at stake first",
        ),
        (
            "continue",
            "earned it, and lacks a next step with a date; the most hours first",
        ),
        (
            "rest",
            "goes on by itself until its tripwire or hold; then it is due",
        ),
    ];
    lines.push(Line::Blank);
    lines.push(Line::head(1, "The order of the list"));
    for (part, why) in PARTS {
        lines.push(Line::para(
            3,
            23,
            vec![Span::strong(format!("{part:<20}")), Span::text(why)],
        ));
    }
    let rule = "Hours at stake are the hours a week that go into a deal, times the weeks to its \
                close date, at most twelve. Where they are equal: the most spent, then the \
                longest silence. Space on a deal says why it stands where it does.";
    lines.push(Line::words(3, rule, Role::Text));
}

/// What the signs mean.
fn signs(lines: &mut Vec<Line>) {
    lines.push(Line::Blank);
    lines.push(Line::head(1, "Signs"));
    let rows: [(&[(Glyph, Role)], &str); 8] = [
        (
            &[
                (Glyph::Yes, Role::Good),
                (Glyph::Partly, Role::Text),
                (Glyph::No, Role::Fire),
            ],
            "yes, partly, no",
        ),
        (
            &[(Glyph::Open, Role::Open)],
            "open: unknown, or not yet earned",
        ),
        (&[(Glyph::NotReached, Role::Quiet)], "not reached yet"),
        (&[(Glyph::Due, Role::Fire)], "due"),
        (&[(Glyph::Waiting, Role::Open)], "waiting for them"),
        (
            &[(Glyph::Moved, Role::Accent)],
            "moved since the order was made",
        ),
        (&[(Glyph::Marked, Role::Accent)], "marked"),
        (
            &[
                (Glyph::Red, Role::Fire),
                (Glyph::Amber, Role::Fire),
                (Glyph::For, Role::Good),
            ],
            "against it: red, amber; for it",
        ),
    ];
    for (glyphs, meaning) in rows {
        let mut spans = Vec::new();
        for (glyph, role) in glyphs {
            spans.push(Span::sign(*glyph, *role));
            spans.push(Span::text(" "));
        }
        lines.push(Row::new(3).fixed_spans(20, spans).fill(meaning).into());
    }
}
