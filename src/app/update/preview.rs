//! Imports: the preview, what its columns mean, and the import itself.

use super::{Effects, lists, prompts, say};
use crate::app::effect::Effect;
use crate::app::list::{ListQuery, View};
use crate::app::model::{FoundExport, MenuKind, Model, Page, Pick, PromptKind};
use crate::app::msg::Doing;
use crate::app::preview::{Part, Preview, PreviewData, Progress, RowCounts};

/// Previews the newest export, looks for it first, or asks for a path.
pub(super) fn newest(model: &mut Model, effects: &mut Effects) {
    if let Some(export) = model.export.clone() {
        open(model, export.path, effects);
    } else {
        model.work.open_found = true;
        look(model, effects);
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
            let path = export.path.clone();
            open(model, path, effects);
        }
        Some(export) if export.is_newer && matches!(model.page(), Page::Cockpit) => {
            let words = format!("A newer export is here: {} ({})", export.file, export.kind);
            say::note(model, words, "I imports it");
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

/// Opens the preview of a file.
pub(super) fn open(model: &mut Model, path: String, effects: &mut Effects) {
    if model.pages.iter().any(is_importing) {
        say::refused(model, "An import is on its way: Esc stops it");
        return;
    }
    model.pages.retain(|page| !matches!(page, Page::Preview(_)));
    let mapping = Vec::new();
    effects.push(Effect::PreviewImport {
        path: path.clone(),
        mapping,
    });
    let page = Preview {
        path,
        reading: true,
        ..Preview::default()
    };
    model.pages.push(Page::Preview(page));
}

/// Whether a page shows an import that is on its way.
pub(super) fn is_importing(page: &Page) -> bool {
    page.preview()
        .is_some_and(|preview| preview.progress.is_some())
}

/// Takes what a file would do.
pub(super) fn read(model: &mut Model, path: &str, data: PreviewData) {
    let Some(preview) = preview_mut(model) else {
        return;
    };
    if preview.path != path || !preview.reading {
        return;
    }
    preview.reading = false;
    preview.data = Some(data);
    let len = match preview.part {
        Part::Rows | Part::Problems => preview.shown_rows().len(),
        Part::Columns => preview.data.as_ref().map_or(0, |data| data.columns.len()),
    };
    preview.cursor = preview.cursor.min(len.saturating_sub(1));
    preview.top = preview.top.min(preview.cursor);
}

/// Goes on to the next part: rows, problems, columns.
pub(super) fn next_part(model: &mut Model) {
    if let Some(preview) = preview_mut(model) {
        preview.part = match preview.part {
            Part::Rows => Part::Problems,
            Part::Problems => Part::Columns,
            Part::Columns => Part::Rows,
        };
        preview.cursor = 0;
        preview.top = 0;
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
    preview.mapping.retain(|(other, _)| *other != header);
    preview.mapping.push((header, field));
    preview.reading = true;
    let (path, mapping) = (preview.path.clone(), preview.mapping.clone());
    effects.push(Effect::PreviewImport { path, mapping });
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
        cancelling: false,
    });
    let (path, mapping) = (preview.path.clone(), preview.mapping.clone());
    effects.push(Effect::ApplyImport { path, mapping });
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
pub(super) fn progress(model: &mut Model, done: u64, of: Option<u64>) {
    if let Some(progress) = preview_mut(model).and_then(|preview| preview.progress.as_mut()) {
        progress.done = done;
        progress.of = of;
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
        preview.reading = false;
        if preview.data.is_none() && model.pages.len() > 1 {
            model.pages.pop();
        }
    }
}

fn preview_mut(model: &mut Model) -> Option<&mut Preview> {
    let pages = model.pages.iter_mut().rev();
    pages.filter_map(Page::preview_mut).next()
}
