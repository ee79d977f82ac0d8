//! Forms: fields, what is wrong with them, and the row of actions.

use super::doc::{Content, Line, Para, Picked, Role, Row, Span, Width};
use super::text::{height_of, width};
use super::words::{Words, capital, safe};
use super::{Sheet, uncovered};
use crate::app::form::text::TextInput;
use crate::app::form::{Field, FieldKey, Form, FormFocus, FormKind, Input, MinutesOf};
use crate::app::model::Model;
use crate::domain::message::Fact;
use crate::domain::shown::Free;

/// The column of labels.
const LABEL: u16 = 18;

/// Lines that a long text takes at most while it is not written in, and while it is.
const LONG: (u16, usize) = (5, 8);

/// The form on top.
pub fn sheet(model: &Model, words: &Words<'_>, form: &Form) -> Sheet {
    let left = uncovered(model);
    let inner = inner(model);
    let mut lines = vec![Line::Blank];
    let mut focus = 0;
    if form.waiting {
        lines.push(Line::words(3, "loading…", Role::Quiet));
    }
    for (at, field) in form
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !field.hidden)
    {
        // What a person should know before it is done stands above the long texts.
        if field.key == FieldKey::Note {
            known(form, &mut lines);
        }
        let here = form.focus == FormFocus::Field(at);
        if here {
            focus = height_of(&lines, inner);
        }
        field_lines(form, field, here, model, words, &mut lines);
    }
    if !form.fields.iter().any(|field| field.key == FieldKey::Note) {
        known(form, &mut lines);
    }
    let mut after = actions(form, model, words);
    let shown = usize::from(model.size.height.saturating_sub(4)).saturating_sub(after.len());
    let all = height_of(&lines, inner.saturating_sub(1));
    // The field with the cursor stands in sight, with what follows it.
    let scroll = if matches!(form.focus, FormFocus::Action(_)) {
        0
    } else {
        (focus + 4)
            .saturating_sub(shown)
            .min(all.saturating_sub(shown))
    };
    let below = all.saturating_sub(scroll + shown);
    if below > 0 {
        // A text that is cut does not look as if it ended there.
        let more = words.count(below as u64, "line more", "lines more");
        after[0] = Row::new(1).fill("").fit(Span::quiet(more)).into();
    }
    Sheet {
        title: title(form, words),
        lines,
        scroll,
        after,
        left,
        tall: false,
    }
}

/// The lines that are only read.
fn known(form: &Form, lines: &mut Vec<Line>) {
    if form.lines.is_empty() {
        return;
    }
    lines.push(Line::Blank);
    for line in &form.lines {
        let role = if line.warn { Role::Fire } else { Role::Text };
        let label = format!("{:<width$}", safe(&line.label), width = usize::from(LABEL));
        let spans = vec![Span::text(label), Span::new(safe(&line.text), role)];
        lines.push(Line::para(3, 3 + LABEL, spans));
    }
    if form.fields.iter().any(|field| field.key == FieldKey::Note) {
        lines.push(Line::Blank);
    }
}

/// What the form is for, and about whom.
fn title(form: &Form, words: &Words<'_>) -> Row {
    let word = match form.kind {
        FormKind::Fire => "Fire",
        FormKind::Hold => "Hold",
        FormKind::Continue => "Continue",
        FormKind::TripwireHappened => "It happened",
        FormKind::TripwireAnyway => "Keep going anyway",
        FormKind::TripwireSet => "Tripwire",
        FormKind::Reinstate => "Reinstate",
        FormKind::Outcome => "What came of it",
        FormKind::Regret => "Looked back on",
        FormKind::Close => "Close",
        FormKind::Add => "Add a deal",
        FormKind::Edit => "Edit",
        FormKind::Note => "Note",
        FormKind::Evidence => "Their words",
        FormKind::Ask => "Ask",
        FormKind::Tell(tell) => tell.title(),
        FormKind::Message => "Write to them",
        FormKind::Export => "Export",
        FormKind::Minutes(MinutesOf::Running) => "End the 1:1 with its minutes",
        FormKind::Minutes(MinutesOf::Earlier) => "Write the minutes of this 1:1",
        FormKind::Charter => "The charter",
    };
    let whom = match (form.deals.as_slice(), &form.name) {
        ([one], Some(name)) => words.name(*one, name),
        ([] | [_], _) => String::new(),
        (many, _) => words.count(many.len() as u64, "deal", "deals"),
    };
    Row::new(1).fill_spans(vec![
        Span::new(word, Role::Head),
        Span::strong(if whom.is_empty() {
            whom
        } else {
            format!("  {whom}")
        }),
    ])
}

/// The columns of a sheet.
fn inner(model: &Model) -> u16 {
    let free = model.size.width.saturating_sub(uncovered(model));
    free.min(super::SHEET_COLUMN)
}

/// The cells of a text field of a sheet.
pub(in crate::app) fn room(model: &Model) -> u16 {
    inner(model).saturating_sub(4 + LABEL)
}

fn field_lines(
    form: &Form,
    field: &Field,
    here: bool,
    model: &Model,
    words: &Words<'_>,
    lines: &mut Vec<Line>,
) {
    let label = safe(&field.label);
    let role = if here { Role::Accent } else { Role::Text };
    let start = || Row::new(3).fixed(LABEL, Span::new(label.clone(), role));
    let room = room(model);
    let blanks = form.blanks();
    let hidden = field.private && !here && words.mask.hides_amounts();
    match &field.input {
        Input::Text(input) if input.is_block() => {
            if here {
                written(input, room, most(model), start(), lines);
            } else {
                read(field, input, hidden, words, &blanks, lines);
            }
        }
        Input::Text(input) if !here && !hidden && width(&input.text()) > room => {
            let label = format!("{label:<width$}", width = usize::from(LABEL));
            lines.push(Line::Para(Para {
                indent: 3,
                hang: 3 + LABEL,
                spans: marked(Span::text(label), &safe(&input.text()), Role::Text, &blanks),
                most: LONG.0,
            }));
        }
        Input::Text(input) => {
            let row = if hidden && !input.is_blank() {
                start().fill(Span::text(words.mask.figure()))
            } else if input.is_blank() && !here {
                start().fill(Span::quiet(safe(&field.placeholder)))
            } else {
                let caret = here.then(|| caret_of(input));
                let text = safe(&input.text());
                start().cell(Width::Fill, Content::Input { text, caret })
            };
            let read = field
                .read
                .map(|day| words.locale.weekday_date(day, words.today));
            let typed = here && input.is_blank() && !field.placeholder.is_empty();
            let note = if typed {
                Some(safe(&field.placeholder))
            } else {
                read
            };
            let row = match note {
                Some(note) => row.fit(Span::quiet(format!("  {note}"))),
                None => row,
            };
            lines.push(row.into());
        }
        Input::Choice { options, picked } => {
            // Where they have no room beside each other, the picked one stands alone.
            let all: u16 = options.iter().map(|option| width(option) + 4).sum();
            let is_narrow = all > room;
            let mut spans = Vec::new();
            for (at, option) in options.iter().enumerate() {
                if is_narrow && at != *picked {
                    continue;
                }
                if !spans.is_empty() {
                    spans.push(Span::text("  "));
                }
                let option = safe(option);
                if at == *picked {
                    let role = if here { Role::Badge } else { Role::Strong };
                    spans.push(Span::new(format!("[{option}]"), role));
                } else {
                    spans.push(Span::text(format!(" {option} ")));
                }
            }
            if is_narrow {
                let place = format!("  {} of {}", picked + 1, options.len());
                spans.push(Span::quiet(place));
            }
            lines.push(start().fill_spans(spans).into());
        }
        Input::Ticks { rows, cursor } => {
            if rows.is_empty() {
                lines.push(start().fill(Span::quiet(safe(&field.placeholder))).into());
            }
            for (at, (text, ticked)) in rows.iter().enumerate() {
                let first = if at == 0 {
                    label.clone()
                } else {
                    String::new()
                };
                let text = if hidden {
                    words.mask.figure().to_owned()
                } else {
                    safe(text)
                };
                let tick = if *ticked { "[x] " } else { "[ ] " };
                let row = Row::new(3)
                    .fixed(LABEL, Span::new(first, role))
                    .fixed(4, Span::text(tick))
                    .fill(Span::text(text));
                let picked = if here && at == *cursor {
                    Picked::Here
                } else {
                    Picked::No
                };
                lines.push(row.picked(picked).into());
            }
        }
    }
    if let Some(error) = &field.error {
        let spans = vec![Span::new(
            format!("! {}", capital(&words.days_in(&safe(error)))),
            Role::Error,
        )];
        lines.push(Line::para(3 + LABEL, 5 + LABEL, spans));
    }
    let long = matches!(&field.input, Input::Text(input) if input.is_block() && !input.is_blank())
        || matches!(field.input, Input::Ticks { .. });
    if long && model.size.is_roomy() {
        lines.push(Line::Blank);
    }
}

/// A text of several lines, as it is read.
fn read(
    field: &Field,
    input: &TextInput,
    hidden: bool,
    words: &Words<'_>,
    blanks: &[(Fact, String)],
    lines: &mut Vec<Line>,
) {
    let text = if hidden && !input.is_blank() {
        words.mask.figure().to_owned()
    } else if input.is_blank() {
        safe(&field.placeholder)
    } else {
        let lines: Vec<String> = input.lines().iter().map(|line| safe(line)).collect();
        lines.join("\n").trim_end().to_owned()
    };
    let role = if input.is_blank() {
        Role::Quiet
    } else {
        Role::Text
    };
    let label = format!("{:<width$}", safe(&field.label), width = usize::from(LABEL));
    lines.push(Line::Para(Para {
        indent: 3,
        hang: 3 + LABEL,
        spans: marked(Span::text(label), &text, role, blanks),
        most: LONG.0,
    }));
}

/// A text whose blanks stand out.
fn marked(label: Span, text: &str, role: Role, blanks: &[(Fact, String)]) -> Vec<Span> {
    let mut spans = vec![label];
    let mut rest = text;
    while let Some((at, marker)) = blanks
        .iter()
        .filter_map(|(_, marker)| Some((rest.find(marker.as_str())?, marker)))
        .min_by_key(|(at, _)| *at)
    {
        spans.push(Span::new(&rest[..at], role));
        spans.push(Span::new(marker.clone(), Role::Badge));
        rest = &rest[at + marker.len()..];
    }
    spans.push(Span::new(rest, role));
    spans
}

/// Rows of a text of several lines while it is written.
fn most(model: &Model) -> usize {
    usize::from(model.size.height / 3).max(LONG.1)
}

/// A text of several lines, as it is written: the rows around the caret.
fn written(input: &TextInput, room: u16, most: usize, start: Row, lines: &mut Vec<Line>) {
    let (rows, at, before) = input.view(room);
    let first = (at + 1).saturating_sub(most);
    let mut label = Some(start);
    for (row, text) in rows.iter().enumerate().skip(first).take(most) {
        let start = label.take().unwrap_or_else(|| Row::new(3).fixed(LABEL, ""));
        let caret = (row == at).then(|| width(&safe(&before)));
        let text = safe(text);
        lines.push(
            start
                .cell(Width::Fill, Content::Input { text, caret })
                .into(),
        );
    }
}

/// Cells between the start of the caret's line and the caret.
pub fn caret_of(input: &TextInput) -> u16 {
    let (row, column) = input.cursor();
    let line = input.lines().get(row).map_or("", String::as_str);
    let before: String = line.chars().take(column).collect();
    width(&safe(&before))
}

/// The row of actions, with what went wrong above it.
fn actions(form: &Form, model: &Model, words: &Words<'_>) -> Vec<Line> {
    let mut lines = vec![Line::Blank];
    if let Some(failed) = &form.failed {
        let deal = form
            .deals
            .first()
            .copied()
            .filter(|_| form.deals.len() == 1);
        let failed = words.said(deal, &Free::new(failed.as_str()));
        let spans = vec![Span::new(format!("! {failed}"), Role::Error)];
        lines.push(Line::Para(Para {
            indent: 3,
            hang: 5,
            spans,
            most: 3,
        }));
    }
    if form.sending {
        lines.push(Line::words(3, "writing…", Role::Quiet));
        return lines;
    }
    let enter = if model.ascii { "Enter" } else { "⏎" };
    let mut spans = Vec::new();
    for (at, action) in form.actions.iter().enumerate() {
        if at > 0 {
            spans.push(Span::text("    "));
        }
        let key = action.letter.map_or_else(|| enter.to_owned(), String::from);
        spans.push(Span::key(key));
        spans.push(Span::text(" "));
        let here = form.focus == FormFocus::Action(at);
        let role = if here { Role::Badge } else { Role::Text };
        let word = if here {
            format!(" {} ", action.label)
        } else {
            action.label.to_owned()
        };
        spans.push(Span::new(word, role));
    }
    lines.push(Line::Row(Row::new(3).fill_spans(spans)));
    lines
}
