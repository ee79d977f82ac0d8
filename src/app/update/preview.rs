//! Imports: the preview, what its columns mean, and the import itself.

use super::{Effects, lists, prompts, say};
use crate::app::effect::Effect;
use crate::app::list::{ListQuery, View};
use crate::app::model::{FoundExport, MenuKind, Model, Page, Pick, PromptKind};
use crate::app::msg::Doing;
use crate::app::preview::{Part, Preview, PreviewData, Progress, Request, RowCounts};
use crate::domain::load::Ending;

/// Previews the newest export, looks for it first, or asks for a path.
pub(super) fn newest(model: &mut Model, effects: &mut Effects) {
    if let Some(export) = model.export.clone() {
        open(model, export.paths, effects);
    } else {
        model.work.open_found = true;
        look(model, effects);
    }
}

/// Takes the newest export in, unless something in it must be seen first.
pub(super) fn take_newest(model: &mut Model, effects: &mut Effects) {
    newest(model, effects);
    if let Some(preview) = preview_mut(model) {
        preview.take = preview.progress.is_none();
    }
}

/// Looks for the newest export, unless that is under way.
pub(super) fn look(model: &mut Model, effects: &mut Effects) {
    if !model.work.finding {
        model.work.finding = true;
        effects.push(Effect::FindNewestExport);
    }
}

/// The search for the newest export is over.
pub(super) fn found(model: &mut Model, export: Option<FoundExport>, effects: &mut Effects) {
    model.work.finding = false;
    let opens = std::mem::take(&mut model.work.open_found);
    model.export = export;
    match &model.export {
        Some(export) if opens => {
            let paths = export.paths.clone();
            open(model, paths, effects);
        }
        None if opens => {
            prompts::open(
                model,
                PromptKind::Import,
                "import",
                "",
                "no export was found: its path",
            );
        }
        Some(_) | None => {}
    }
}

/// Opens the preview of files.
pub(super) fn open(model: &mut Model, paths: Vec<String>, effects: &mut Effects) {
    if model.pages.iter().any(is_importing) {
        say::refused(model, "An import is on its way: Esc stops it");
        return;
    }
    model.pages.retain(|page| !matches!(page, Page::Preview(_)));
    let asked = Request {
        paths,
        ..Request::default()
    };
    let page = Preview {
        found: asked.clone(),
        asked,
        ..Preview::default()
    };
    model.pages.push(Page::Preview(page));
    ask(model, effects);
}

/// Asks for the files to be read as is said now; an earlier reading of them stops.
fn ask(model: &mut Model, effects: &mut Effects) {
    model.work.previews += 1;
    let number = model.work.previews;
    let Some(preview) = preview_mut(model) else {
        return;
    };
    preview.number = number;
    preview.reading = Some(0.0);
    let request = Box::new(preview.asked.clone());
    effects.push(Effect::PreviewImport { number, request });
}

/// Whether a page shows an import that is on its way.
pub(super) fn is_importing(page: &Page) -> bool {
    page.preview()
        .is_some_and(|preview| preview.progress.is_some())
}

/// Takes what the files would do, as far as they are read.
pub(super) fn read(
    model: &mut Model,
    number: u64,
    data: Box<PreviewData>,
    share: Option<f64>,
    effects: &mut Effects,
) {
    let Some(preview) = preview_mut(model).filter(|preview| preview.number == number) else {
        return;
    };
    let counts = data.counts;
    let is_plain = data.is_plain();
    preview.reading = share;
    preview.data = Some(data);
    preview.cursor = preview.cursor.min(preview.extent().saturating_sub(1));
    preview.top = preview.top.min(preview.cursor);
    if share.is_some() {
        return;
    }
    // What was forgotten is not to be forgotten again when the file goes in.
    preview.asked.forget = false;
    preview.found = preview.asked.clone();
    if !std::mem::take(&mut preview.take) {
        return;
    }
    if !is_plain {
        say::note(model, "Look at it first: something is new or in doubt", "");
    } else if counts.new + counts.updated > 0 {
        apply(model, effects);
    } else {
        say::note(model, "Nothing in the file is new", "Esc goes back");
    }
}

/// Takes how far a long file is read.
pub(super) fn counted(model: &mut Model, number: u64, counts: RowCounts, share: f64) {
    if let Some(preview) = preview_mut(model).filter(|preview| preview.number == number) {
        preview.reading = Some(share);
        if let Some(data) = &mut preview.data {
            data.counts = counts;
        }
    }
}

/// Shows another part from its first row.
fn show(model: &mut Model, part: impl FnOnce(Part) -> Part) {
    if let Some(preview) = preview_mut(model) {
        preview.part = part(preview.part);
        preview.cursor = 0;
        preview.top = 0;
    }
}

/// Goes on to the next part: rows, problems, columns, what was assumed.
pub(super) fn next_part(model: &mut Model) {
    show(model, |part| match part {
        Part::Rows => Part::Problems,
        Part::Problems => Part::Columns,
        Part::Columns => Part::Assumed,
        Part::Assumed => Part::Rows,
    });
}

/// Shows only the problems, or all rows again.
pub(super) fn problems(model: &mut Model) {
    show(model, |part| match part {
        Part::Problems => Part::Rows,
        Part::Rows | Part::Columns | Part::Assumed => Part::Problems,
    });
}

/// Takes the file's value where both sides moved, or leaves ours again.
pub(super) fn take_theirs(model: &mut Model, effects: &mut Effects) {
    if let Some(preview) = preview_mut(model) {
        preview.asked.take_theirs = !preview.asked.take_theirs;
        ask(model, effects);
    }
}

/// Forgets what was corrected for this kind of file, and reads it as it is.
pub(super) fn forget(model: &mut Model, effects: &mut Effects) {
    let Some(preview) = preview_mut(model) else {
        return;
    };
    preview.asked = Request {
        paths: preview.asked.paths.clone(),
        take_theirs: preview.asked.take_theirs,
        forget: true,
        ..Request::default()
    };
    ask(model, effects);
    say::note(model, "Forgotten: the file is read as it is", "");
}

/// Opens the menu of how days are read.
pub(super) fn dates(model: &mut Model) {
    let now = preview_mut(model).and_then(|preview| preview.asked.dates.clone());
    let orders = [
        (None, "as the file itself tells"),
        (Some("dmy"), "day, month, year: 31.12.2026"),
        (Some("mdy"), "month, day, year: 12/31/2026"),
        (Some("ymd"), "year, month, day: 2026-12-31"),
    ];
    let rows = orders.map(|(order, words)| {
        let is_now = now.as_deref() == order;
        lists::row(words.to_owned(), String::new(), Pick::Dates(order), is_now)
    });
    lists::menu(
        model,
        MenuKind::Dates,
        "How days are read",
        rows.to_vec(),
        "There are no orders",
    );
}

/// Currencies that are offered; any other is typed.
const CURRENCIES: [&str; 16] = [
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY", "CNY",
    "INR", "BRL", "MXN",
];

/// Opens the menu of currencies.
pub(super) fn currencies(model: &mut Model) {
    let now = preview_mut(model).and_then(|preview| preview.asked.currency.clone());
    let row = |code: Option<&str>| {
        let words = code.unwrap_or("as the file itself tells").to_owned();
        let pick = Pick::Currency(code.map(str::to_owned));
        lists::row(words, String::new(), pick, now.as_deref() == code)
    };
    let mut rows = vec![row(None)];
    rows.extend(CURRENCIES.iter().map(|code| row(Some(code))));
    if let Some(other) = now.as_deref().filter(|code| !CURRENCIES.contains(code)) {
        rows.push(row(Some(other)));
    }
    lists::menu(
        model,
        MenuKind::Currency,
        "The currency of amounts that name none",
        rows,
        "There are no currencies",
    );
    lists::find_by_typing(model);
}

/// Opens the menu of where the deals come from; a name that is not there is typed.
pub(super) fn sources(model: &mut Model) {
    let preview = preview_mut(model);
    let now = preview
        .as_ref()
        .and_then(|preview| preview.asked.source.clone());
    let known = preview.and_then(|preview| preview.data.as_ref());
    let known = known.map_or_else(Vec::new, |data| data.sources.clone());
    let row = |name: Option<&str>| {
        let words = name.unwrap_or("as the file itself tells").to_owned();
        let pick = Pick::Source(name.map(str::to_owned));
        lists::row(words, String::new(), pick, now.as_deref() == name)
    };
    let mut rows = vec![row(None)];
    let typed = now.as_deref().filter(|now| !known.iter().any(|k| k == now));
    rows.extend(typed.map(|name| row(Some(name))));
    rows.extend(known.iter().map(|name| row(Some(name))));
    lists::menu(
        model,
        MenuKind::Source,
        "Where the deals come from: type a name",
        rows,
        "There are no sources",
    );
    lists::find_by_typing(model);
}

/// Reads days in another order.
pub(super) fn set_dates(model: &mut Model, order: Option<&str>, effects: &mut Effects) {
    if let Some(preview) = preview_mut(model) {
        preview.asked.dates = order.map(str::to_owned);
        ask(model, effects);
    }
}

/// Gives amounts without a currency another one.
pub(super) fn set_currency(model: &mut Model, code: Option<String>, effects: &mut Effects) {
    if let Some(preview) = preview_mut(model) {
        preview.asked.currency = code;
        ask(model, effects);
    }
}

/// Says where the deals come from.
pub(super) fn set_source(model: &mut Model, name: Option<String>, effects: &mut Effects) {
    if let Some(preview) = preview_mut(model) {
        preview.asked.source = name;
        ask(model, effects);
    }
}

/// Opens the menu of what the column under the cursor can mean.
pub(super) fn meanings(model: &mut Model) {
    let Some(preview) = preview_mut(model) else {
        return;
    };
    let Some(data) = &preview.data else { return };
    let Some(column) = data.columns.get(preview.cursor) else {
        return;
    };
    let header = column.header.clone();
    let is_unused = column.field.is_none();
    let unused = lists::row(
        "not used".to_owned(),
        String::new(),
        Pick::Field(None),
        is_unused,
    );
    let fields = data.fields.iter().map(|(name, words)| {
        let current = column.field.as_ref() == Some(name);
        lists::row(
            words.clone(),
            name.clone(),
            Pick::Field(Some(name.clone())),
            current,
        )
    });
    let rows = std::iter::once(unused).chain(fields).collect();
    let title = format!("What `{header}` means");
    lists::menu(
        model,
        MenuKind::Field { header },
        &title,
        rows,
        "There are no fields",
    );
    lists::find_by_typing(model);
}

/// Gives a column another meaning, and reads the file again.
pub(super) fn set_meaning(
    model: &mut Model,
    header: String,
    field: Option<String>,
    effects: &mut Effects,
) {
    let Some(preview) = preview_mut(model) else {
        return;
    };
    let mapping = &mut preview.asked.mapping;
    mapping.retain(|(other, _)| *other != header);
    mapping.push((header, field));
    ask(model, effects);
}

/// Imports the file as previewed.
pub(super) fn apply(model: &mut Model, effects: &mut Effects) {
    let since = model.at;
    let Some(preview) = preview_mut(model) else {
        return;
    };
    preview.progress = Some(Progress {
        since,
        done: 0,
        of: None,
        ending: None,
        cancelling: false,
    });
    effects.push(Effect::ApplyImport(Box::new(preview.found.clone())));
}

/// `Esc` on an import that is on its way stops it. Says whether there is one here.
pub(super) fn stop(model: &mut Model, effects: &mut Effects) -> bool {
    let Some(progress) = preview_mut(model).and_then(|preview| preview.progress.as_mut()) else {
        return false;
    };
    if !progress.cancelling {
        progress.cancelling = true;
        effects.push(Effect::CancelImport);
    }
    true
}

/// Takes how far the import is.
pub(super) fn progress(model: &mut Model, done: u64, of: Option<u64>, ending: Option<Ending>) {
    if let Some(progress) = preview_mut(model).and_then(|preview| preview.progress.as_mut()) {
        progress.done = done;
        progress.of = of;
        progress.ending = ending;
    }
}

/// The import is over.
pub(super) fn done(model: &mut Model, counts: RowCounts, cancelled: bool) {
    super::overtaken(model);
    if cancelled {
        if let Some(preview) = preview_mut(model) {
            preview.progress = None;
        }
        say::note(
            model,
            "The import was stopped, and nothing of it was kept",
            "",
        );
        return;
    }
    model.pages.retain(|page| !matches!(page, Page::Preview(_)));
    if let Some(first) = model.pages.first_mut()
        && matches!(first, Page::Welcome(_))
    {
        *first = Page::Cockpit;
    }
    if model.pages.is_empty() {
        model.pages.push(Page::Cockpit);
    }
    model.list.query = ListQuery {
        view: View::ToDecide,
        ..ListQuery::default()
    };
    lists::renew(model);
    model.export = None;
    model.work.ask_owner = true;
    model.work.look_for_paper = true;
    let number = |count: u64| {
        model
            .locale
            .number(i64::try_from(count).unwrap_or(i64::MAX))
    };
    let mut words = format!(
        "Imported: {} new, {} updated",
        number(counts.new),
        number(counts.updated)
    );
    for (count, what) in [
        (counts.conflict, "in conflict"),
        (counts.refused, "refused"),
    ] {
        if count > 0 {
            words = format!("{words}, {} {what}", number(count));
        }
    }
    say::note(model, words, ":undo takes it back");
}

/// Reading or importing failed: the page stays, with what was found before.
pub(super) fn failed(model: &mut Model, doing: &Doing) {
    let Some(preview) = preview_mut(model) else {
        return;
    };
    if *doing == Doing::Import {
        preview.progress = None;
        super::overtaken(model);
    } else {
        // What was said last cannot be done: what was found before still stands.
        preview.reading = None;
        preview.take = false;
        preview.asked = preview.found.clone();
        if preview.data.is_none() && model.pages.len() > 1 {
            model.pages.pop();
        }
    }
}

fn preview_mut(model: &mut Model) -> Option<&mut Preview> {
    let mut pages = model.pages.iter_mut().rev();
    pages.find_map(Page::preview_mut)
}
