//! An import: what the file would do, by row and by column, and how far it is.

use super::doc::{Content, Line, Picked, Role, Row, Span, Width};
use super::text::{cut, height_of};
use super::words::{Words, safe};
use super::{Page, head};
use crate::app::model::Model;
use crate::app::preview::{
    Part, Preview, PreviewAssumption, PreviewData, PreviewRow, PreviewValue, Progress, RowKind,
};
use crate::domain::load::Ending;
use crate::domain::shown::Free;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, preview: &Preview) -> Row {
    let file = preview.asked.paths.first().map_or("", String::as_str);
    // The folder is known to whoever typed it.
    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let more = preview.asked.paths.len().saturating_sub(1);
    let file = words.file(file);
    let file = match more {
        0 => file,
        more => format!("{file} and {more} more"),
    };
    let rest = preview.data.as_ref().map_or_else(String::new, |data| {
        format!(
            "  {} · {}",
            safe(&data.kind),
            words.count(data.counts.rows, "row", "rows")
        )
    });
    let mut row = Row::new(1)
        .fill_spans(vec![Span::new("Import ", Role::Head), Span::strong(file)])
        .fit(Span::text(rest));
    let badges = head::badges(model);
    if !badges.is_empty() {
        let mut spans = vec![Span::text("  ")];
        spans.extend(badges);
        row = row.fit_spans(spans);
    }
    row
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, preview: &Preview) -> Page {
    let column = model.size.width.min(150);
    let mut lines = vec![Line::Blank];
    let mut after = Vec::new();
    match (&preview.data, &preview.progress) {
        (data, Some(progress)) => {
            let counted = data.as_ref().filter(|_| preview.reading.is_none());
            let of = counted.map(|data| data.counts.rows).or(progress.of);
            running(model, words, of.filter(|of| *of > 0), *progress, &mut lines);
        }
        (None, None) => lines.push(Line::words(3, "reading the file…", Role::Text)),
        (Some(data), None) => {
            after = under_cursor(model, words, preview);
            let below = height_of(&after, column.saturating_sub(1));
            found(model, words, preview, data, (column, below), &mut lines);
        }
    }
    Page {
        column,
        lines,
        scroll: 0,
        middle: false,
        ruled: true,
        after,
    }
}

/// How far the import is among all rows, how fast, and how long it still takes.
fn running(model: &Model, words: &Words<'_>, of: Option<u64>, at: Progress, lines: &mut Vec<Line>) {
    let number = |n: u64| words.locale.number(n.try_into().unwrap_or(i64::MAX));
    let is_in = at.ending.is_some_and(|ending| !ending.can_be_taken_back());
    let word = match (at.cancelling, is_in) {
        (true, false) => "Stopping, and taking it back",
        (true, true) => "Stopping; the import is in",
        (false, _) => "Importing",
    };
    lines.push(Row::new(3).fill(Span::strong(word)).into());
    lines.push(Line::Blank);
    let share = match at.ending {
        Some(Ending::Judging { done, of, .. }) if of > 0 => Some(done as f64 / of as f64),
        Some(Ending::Sorting | Ending::Judging { .. }) => Some(1.0),
        None => of.map(|of| at.done as f64 / of as f64),
    };
    if let Some(share) = share {
        lines.push(
            Row::new(3)
                .cell(Width::Fill, Content::Share(share))
                .fixed(2, "")
                .into(),
        );
        lines.push(Line::Blank);
    }
    let mut parts = vec![match of {
        Some(of) => format!("{} of {} rows", number(at.done), number(of)),
        None => format!("{} rows", number(at.done)),
    }];
    if let Some(ending) = at.ending {
        parts.push(ending.words(number));
    }
    let seconds = (model.at - at.since).num_milliseconds() as f64 / 1000.0;
    // The first moments tell nothing of the rate.
    if seconds >= 1.0 && at.done > 0 && at.ending.is_none() {
        let rate = at.done as f64 / seconds;
        parts.push(format!("{} a second", number(rate.round() as u64)));
        if let Some(left) = of.map(|of| of.saturating_sub(at.done) as f64 / rate)
            && !at.cancelling
        {
            parts.push(time_left(left));
        }
    }
    lines.push(Line::words(3, parts.join(" · "), Role::Text));
    lines.push(Line::Blank);
    let text = match (at.cancelling, is_in) {
        (_, true) => {
            "All rows are in; what is not judged when you stop is judged on the next occasion."
        }
        (true, false) => "The pipeline is put back as it was before.",
        (false, false) => {
            "Each part is safe on disk as it lands; Esc stops and takes all of it back."
        }
    };
    lines.push(Line::words(3, text, Role::Text));
}

/// How long something still takes.
fn time_left(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    if seconds < 90 {
        format!("{seconds} s left")
    } else {
        format!("{} min left", seconds.div_ceil(60))
    }
}

/// What the file would do.
fn found(
    model: &Model,
    words: &Words<'_>,
    preview: &Preview,
    data: &PreviewData,
    (column, below): (u16, usize),
    lines: &mut Vec<Line>,
) {
    counts(words, data, lines);
    if let Some(line) = by(words, preview, data) {
        lines.push(line);
    }
    if preview.part != Part::Assumed {
        assumed_first(model, words, data, lines);
    }
    lines.push(Line::Blank);
    lines.push(tabs(words, preview, data));
    lines.push(Line::Blank);
    let used = height_of(lines, column.saturating_sub(1));
    let shown = usize::from(model.size.height.saturating_sub(4))
        .saturating_sub(used + below)
        .max(1);
    match preview.part {
        Part::Rows | Part::Problems => rows(words, preview, shown, column, lines),
        Part::Columns => columns(words, preview, data, shown, column, lines),
        Part::Assumed => assumed(words, preview, data, shown, lines),
    }
}

/// How far a long file is read, else rows by what they are.
fn by(words: &Words<'_>, preview: &Preview, data: &PreviewData) -> Option<Line> {
    if let Some(share) = preview.reading {
        let percent = (share * 100.0).round().clamp(0.0, 100.0);
        let text = format!("reading it, {percent} %…");
        return Some(Line::words(3, text, Role::Quiet));
    }
    let parts = data.by.iter().map(|(what, count)| {
        let many = match what.as_str() {
            "touch" => "touches".to_owned(),
            other => format!("{other}s"),
        };
        words.count(*count, what, &many)
    });
    let parts: Vec<String> = parts.collect();
    // That all of them are deals is what everybody expects.
    let is_plain = data.by.iter().all(|(what, _)| what == "deal");
    (!is_plain).then(|| Line::words(3, parts.join(" · "), Role::Text))
}

/// What was assumed, in words with the cell that shows it.
fn assumption(words: &Words<'_>, assumption: &PreviewAssumption) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(column) = &assumption.column {
        spans.push(Span::strong(format!("{}: ", safe(column))));
    }
    // It may quote values of the file.
    let reading = Free::new(assumption.reading.as_str());
    spans.push(Span::text(words.free(None, &reading)));
    if let Some(example) = &assumption.example {
        let example = words.free(None, example);
        spans.push(Span::text(format!(", as in “{example}”")));
    }
    spans
}

/// The first of what was assumed; all of it is a part of its own.
fn assumed_first(model: &Model, words: &Words<'_>, data: &PreviewData, lines: &mut Vec<Line>) {
    let most = if model.size.is_roomy() { 5 } else { 2 };
    if !data.assumptions.is_empty() {
        lines.push(Line::Blank);
    }
    for (at, text) in data.assumptions.iter().take(most).enumerate() {
        let word = if at == 0 { "Assumed   " } else { "          " };
        let mut spans = vec![Span::new(word, Role::Head)];
        spans.extend(assumption(words, text));
        lines.push(Line::para(3, 13, spans));
    }
    if data.assumptions.len() > most {
        let more = data.assumptions.len() - most;
        lines.push(Line::words(13, format!("and {more} more"), Role::Quiet));
    }
}

/// All that was assumed, and what each file was taken for.
fn assumed(
    words: &Words<'_>,
    preview: &Preview,
    data: &PreviewData,
    shown: usize,
    lines: &mut Vec<Line>,
) {
    let mut all: Vec<Line> = Vec::new();
    for item in &data.assumptions {
        all.push(Line::para(3, 5, assumption(words, item)));
    }
    for file in &data.files {
        let used = if file.used { "" } else { " (not used)" };
        let spans = vec![
            Span::strong(format!("{}{used}: ", words.file(&file.name))),
            Span::text(safe(&file.why)),
        ];
        all.push(Line::para(3, 5, spans));
    }
    let first = preview.cursor.min(all.len().saturating_sub(1));
    lines.extend(all.into_iter().skip(first).take(shown));
}

/// What the row under the cursor would change, field by field.
fn under_cursor(model: &Model, words: &Words<'_>, preview: &Preview) -> Vec<Line> {
    let Some(row) = preview.row().filter(|row| !row.changes.is_empty()) else {
        return Vec::new();
    };
    let most = if model.size.is_roomy() { 8 } else { 3 };
    let shown = row.changes.iter().take(most);
    let mut lines: Vec<Line> = shown
        .map(|change| {
            let (ours, theirs) = (value(words, &change.ours), value(words, &change.theirs));
            let spans = if change.taken {
                vec![Span::text(format!("{ours} → ")), Span::strong(theirs)]
            } else {
                vec![
                    Span::strong(ours),
                    Span::text(format!(" stays; the file says {theirs}")),
                ]
            };
            Row::new(3)
                .fixed(18, Span::new(safe(&change.field), Role::Head))
                .fill_spans(spans)
                .into()
        })
        .collect();
    if row.changes.len() > most {
        let more = row.changes.len() - most;
        lines.push(Line::words(3, format!("and {more} more"), Role::Quiet));
    }
    lines
}

/// A value as it is written here.
fn value(words: &Words<'_>, value: &PreviewValue) -> String {
    match value {
        PreviewValue::Nothing => "nothing".to_owned(),
        PreviewValue::Money(money) => words.money(*money),
        PreviewValue::Day(day) => words.day(*day),
        PreviewValue::Text(text) => words.free(None, text),
    }
}

/// What a row would change, on one line.
fn note(words: &Words<'_>, row: &PreviewRow) -> String {
    let mut parts = Vec::new();
    if !row.note.is_empty() {
        parts.push(words.free(None, &row.note));
    }
    parts.extend(row.changes.iter().map(|change| {
        let (ours, theirs) = (value(words, &change.ours), value(words, &change.theirs));
        if change.taken {
            format!("{} {ours} → {theirs}", safe(&change.field))
        } else {
            format!("{} {ours}, not {theirs}", safe(&change.field))
        }
    }));
    parts.join(" · ")
}

/// The counts by what a row would do.
fn counts(words: &Words<'_>, data: &PreviewData, lines: &mut Vec<Line>) {
    let c = &data.counts;
    let number = |n: u64| words.locale.number(n.try_into().unwrap_or(i64::MAX));
    let mut spans = Vec::new();
    for (kind, count) in [
        (RowKind::New, c.new),
        (RowKind::Updated, c.updated),
        (RowKind::Same, c.same),
        (RowKind::Conflict, c.conflict),
        (RowKind::Skipped, c.skipped),
        (RowKind::Refused, c.refused),
        (RowKind::Joined, c.joined),
    ] {
        // Most files have a row for each deal.
        if kind == RowKind::Joined && count == 0 {
            continue;
        }
        if !spans.is_empty() {
            spans.push(Span::text("   "));
        }
        let bad = kind.is_problem() && count > 0;
        let role = if bad {
            Role::Fire
        } else if count > 0 {
            Role::Strong
        } else {
            Role::Text
        };
        spans.push(Span::new(number(count), role));
        spans.push(Span::text(format!(" {}", kind_words(kind))));
    }
    lines.push(Line::para(3, 3, spans));
}

fn kind_words(kind: RowKind) -> &'static str {
    match kind {
        RowKind::New => "new",
        RowKind::Updated => "updated",
        RowKind::Same => "same",
        RowKind::Conflict => "conflict",
        RowKind::Skipped => "skipped",
        RowKind::Joined => "joined",
        RowKind::Refused => "refused",
    }
}

/// The three parts, and which one is shown.
fn tabs(words: &Words<'_>, preview: &Preview, data: &PreviewData) -> Line {
    let c = &data.counts;
    let assumed = data.assumptions.len() as u64;
    let parts = [
        (Part::Rows, "Rows", c.rows),
        (Part::Problems, "Problems", data.problems()),
        (Part::Columns, "Columns", data.columns.len() as u64),
        (Part::Assumed, "Assumed", assumed),
    ];
    let mut spans = Vec::new();
    for (part, word, count) in parts {
        if !spans.is_empty() {
            spans.push(Span::text("   "));
        }
        let number = words.locale.number(count.try_into().unwrap_or(i64::MAX));
        let text = format!("{word} {number}");
        let here = preview.part == part;
        let text = if here {
            format!("[{text}]")
        } else {
            format!(" {text} ")
        };
        spans.push(Span::new(
            text,
            if here { Role::Accent } else { Role::Text },
        ));
    }
    Row::new(2)
        .fill_spans(spans)
        .fit_spans(vec![Span::key("Tab"), Span::text(" next part ")])
        .into()
}

/// The rows around the cursor.
fn window(preview: &Preview, len: usize, shown: usize) -> std::ops::Range<usize> {
    let first = preview
        .top
        .min(preview.cursor)
        .max((preview.cursor + 1).saturating_sub(shown));
    first.min(len)..(first + shown).min(len)
}

fn rows(words: &Words<'_>, preview: &Preview, shown: usize, column: u16, lines: &mut Vec<Line>) {
    let all = preview.shown_rows();
    if all.is_empty() {
        let has_rows = preview
            .data
            .as_ref()
            .is_some_and(|data| data.counts.rows > 0);
        let text = match preview.part {
            Part::Problems => "No problem: every row can be read and none is in conflict.",
            Part::Rows | Part::Columns | Part::Assumed if has_rows => "None of its rows is a deal.",
            Part::Rows | Part::Columns | Part::Assumed if preview.reading.is_some() => return,
            Part::Rows | Part::Columns | Part::Assumed => "The file has no rows.",
        };
        lines.push(Line::words(3, text, Role::Text));
        return;
    }
    let on_screen = window(preview, all.len(), shown);
    // Names have all the room while no row has a note.
    let has_notes = all[on_screen.clone()]
        .iter()
        .any(|row| !row.note.is_empty() || !row.changes.is_empty());
    let name_room = has_notes.then(|| (column.saturating_sub(21) * 9 / 20).max(18));
    for at in on_screen {
        let picked = if at == preview.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        lines.push(row(words, all[at], name_room).picked(picked).into());
    }
}

fn row(words: &Words<'_>, row: &PreviewRow, name_room: Option<u16>) -> Row {
    let role = if row.kind.is_problem() {
        Role::Fire
    } else {
        Role::Text
    };
    let line = Row::new(1)
        .right(
            8,
            Span::quiet(words.locale.number(row.line.try_into().unwrap_or(i64::MAX))),
        )
        .fixed(2, "")
        .fixed(10, Span::new(kind_words(row.kind), role));
    let name = words.free(None, &row.name);
    let note = note(words, row);
    match name_room {
        // What names nothing leaves its room to the note.
        Some(_) if name.is_empty() => line.fill(Span::text(note)),
        Some(room) => line
            .fixed(room, Span::text(cut(&name, room - 1)))
            .fill(Span::text(note)),
        None => line.fill(Span::text(name)),
    }
}

fn columns(
    words: &Words<'_>,
    preview: &Preview,
    data: &PreviewData,
    shown: usize,
    room: u16,
    lines: &mut Vec<Line>,
) {
    let wide: [u16; 3] = if room < 100 {
        [23, 15, 19]
    } else {
        [30, 18, 24]
    };
    for at in window(preview, data.columns.len(), shown) {
        let column = &data.columns[at];
        let picked = if at == preview.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        let field = column.field.as_deref();
        let words_of = |name: &str| {
            let known = data.fields.iter().find(|(other, _)| other == name);
            known.map_or_else(|| safe(name), |(_, words)| safe(words))
        };
        let means = field.map_or_else(
            || Span::quiet("not used"),
            |name| Span::strong(words_of(name)),
        );
        let line = Row::new(3)
            .fixed(wide[0], Span::text(cut(&safe(&column.header), wide[0] - 1)))
            .fixed(wide[1], means)
            .fixed(
                wide[2],
                Span::text(cut(&safe(&column.reading), wide[2] - 1)),
            )
            .fill(Span::quiet(words.free(None, &column.example)))
            .picked(picked);
        lines.push(line.into());
    }
}
