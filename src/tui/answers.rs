//! What the store knows, in the form that the cockpit takes.

use chrono::{DateTime, Local, NaiveDate};
use serde_json::Value as Json;

use crate::app::journal::{ChangeRow, JournalRow};
use crate::app::model::{Facts, SavedView};
use crate::app::preview::{PreviewColumn, PreviewData, PreviewRow, RowCounts, RowKind};
use crate::domain::deal::Detail;
use crate::domain::ids::{ActionId, DealId};
use crate::domain::shown::Free;
use crate::export::crm;
use crate::import::{self, Export, Field, Report, SeenAs};
use crate::store::{Counts, Fate, Overview, Store, StoreError};

/// Changes of one action that are shown.
const CHANGES: usize = 500;

/// The figures of the file.
pub fn facts(overview: Overview, store: &Store) -> Facts {
    Facts {
        deals: overview.deals,
        to_decide: overview.to_decide,
        fired_today: overview.today.fired,
        hours_back_today: overview.today.hours_back,
        record: overview.record_day,
        views: overview.views,
        saved: overview
            .saved
            .into_iter()
            .map(|v| SavedView {
                name: v.name,
                filter: v.filter,
                order: v.order,
            })
            .collect(),
        owners: overview.owners,
        me: overview.me,
        banks: store
            .judge()
            .banks()
            .map(|b| (b.id().to_owned(), b.name().to_owned()))
            .collect(),
        people: store.people().unwrap_or_default(),
        bait: store.bait_kept().unwrap_or_default(),
        undo: overview.undo,
        redo: overview.redo,
        read_only: store.is_read_only(),
    }
}

/// What was written for a CRM.
pub fn told(label: &str, report: &crm::Report) -> String {
    let deals = |n: usize| match n {
        1 => "1 deal".to_owned(),
        n => format!("{n} deals"),
    };
    let files = report.files.iter().map(|file| {
        let path = file.path.to_string_lossy();
        format!("{} to {path}", deals(file.rows))
    });
    let hand = report.printout.as_ref().map(|(path, count)| {
        let path = path.to_string_lossy();
        format!("{} to do by hand to {path}", deals(*count))
    });
    let written: Vec<String> = files.chain(hand).collect();
    if written.is_empty() {
        format!("There is nothing that {label} does not know")
    } else {
        format!("For {label}: wrote {}", written.join(", "))
    }
}

/// A deal with what its panes show beside its own rows.
pub fn detail(
    store: &Store,
    deal: DealId,
    today: NaiveDate,
) -> Result<Option<Detail>, StoreError> {
    let Some(mut detail) = store.detail(deal)? else {
        return Ok(None);
    };
    let has_signals = detail.eval.as_ref().is_some_and(|e| !e.signals.is_empty());
    if has_signals {
        detail.raised = store.raised(deal, today)?;
    }
    detail.beside = store.beside(deal)?;
    Ok(Some(detail))
}

/// A page of the journal, and whether it is the last one.
pub fn journal(
    store: &Store,
    deal: Option<DealId>,
    before: Option<ActionId>,
    page: usize,
) -> Result<(Vec<JournalRow>, bool), StoreError> {
    let entries = store.journal(deal, before, None, page + 1)?;
    let whole = entries.len() <= page;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().take(page) {
        let concerned = store.concerned(entry.id)?;
        rows.push(JournalRow {
            id: entry.id,
            at: DateTime::parse_from_rfc3339(&entry.at)
                .map_or(DateTime::UNIX_EPOCH.naive_utc(), |at| {
                    at.with_timezone(&Local).naive_local()
                }),
            who: entry.who,
            origin: if entry.kind == "import" {
                "import".into()
            } else {
                entry.place
            },
            what: Free::new(entry.what),
            deal: concerned.deal,
            changes: concerned.changes,
            undone: entry.undone_by.is_some(),
            is_undo: entry.kind == "undo",
        });
    }
    Ok((rows, whole))
}

/// A value of the journal as text; `None` for nothing.
fn text(value: &Json) -> Option<Free> {
    match value {
        Json::Null | Json::Array(_) | Json::Object(_) => None,
        Json::String(s) => Some(Free::new(s.as_str())),
        Json::Bool(b) => Some(Free::new(b.to_string())),
        Json::Number(n) => Some(Free::new(n.to_string())),
    }
}

/// Fields that only tell the store how things hang together.
const INNER: [&str; 7] = [
    "deal", "source", "key", "batch", "current", "decision", "at",
];

/// What an action changed, field by field, and how many changes there are beyond those.
pub fn changes(store: &Store, action: ActionId) -> Result<(Vec<ChangeRow>, u64), StoreError> {
    let mut rows = Vec::new();
    let mut more = 0;
    for change in store.changes(action)? {
        let deal = match change.deal {
            Some(deal) => store.name(deal)?,
            None => None,
        };
        for (field, old, new) in change.fields {
            if INNER.contains(&field.as_str()) {
                continue;
            }
            if rows.len() >= CHANGES {
                more += 1;
                continue;
            }
            rows.push(ChangeRow {
                deal: deal.clone(),
                what: format!("{} {}", change.entity, field).replace('_', " "),
                old: text(&old),
                new: text(&new),
            });
        }
    }
    Ok((rows, more))
}

/// Counts, in the cockpit's form.
pub fn counts(counts: Counts) -> RowCounts {
    RowCounts {
        rows: counts.rows,
        new: counts.new,
        updated: counts.updated,
        same: counts.same,
        conflict: counts.conflict,
        skipped: counts.skipped,
        refused: counts.refused,
    }
}

fn difference(field: &str, ours: &Json, theirs: &Json) -> String {
    let word = |v: &Json| match v {
        Json::Null => "nothing".to_owned(),
        Json::String(s) => s.clone(),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => v.to_string(),
    };
    format!(
        "{}: {} → {}",
        field.replace('_', " "),
        word(ours),
        word(theirs)
    )
}

/// What a preview found, in the cockpit's form.
pub fn preview(export: &Export, report: Report) -> PreviewData {
    let used = || export.files().iter().filter(|f| f.used);
    let kind = used().next().map_or_else(
        || "a table".to_owned(),
        |f| match &f.crm {
            Some(crm) => format!("{crm} {}s", f.object.name()),
            None => "a table of deals".to_owned(),
        },
    );
    let rows = report.seen.into_iter().map(|seen| {
        let (kind, note) = match seen.what {
            SeenAs::Deal(Fate::New) => (RowKind::New, String::new()),
            SeenAs::Deal(Fate::Same) => (RowKind::Same, String::new()),
            SeenAs::Deal(Fate::Updated(fields)) => {
                let lines: Vec<String> = fields
                    .iter()
                    .map(|d| difference(d.field, &d.ours, &d.theirs))
                    .collect();
                (RowKind::Updated, lines.join(" · "))
            }
            SeenAs::Deal(Fate::Conflict { kept, why, .. }) => {
                let lines: Vec<String> = kept
                    .iter()
                    .map(|d| difference(d.field, &d.ours, &d.theirs))
                    .collect();
                (RowKind::Conflict, format!("{why}. {}", lines.join(" · ")))
            }
            SeenAs::Skipped(why) => (RowKind::Skipped, why),
            SeenAs::Refused(column, why) => (
                RowKind::Refused,
                column.map_or_else(|| why.clone(), |column| format!("{column}: {why}")),
            ),
        };
        PreviewRow {
            line: seen.line,
            kind,
            name: Free::new(seen.name),
            note: Free::new(note),
        }
    });
    PreviewData {
        file: used()
            .map(|f| f.file.clone())
            .collect::<Vec<_>>()
            .join(", "),
        kind,
        counts: counts(report.counts),
        rows: rows.collect(),
        columns: export
            .columns()
            .map(|c| PreviewColumn {
                header: c.column.clone(),
                field: c.field.map(|f| f.name().to_owned()),
                reading: c.reading.clone(),
                example: Free::new(c.example.clone().unwrap_or_default()),
            })
            .collect(),
        fields: Field::choices()
            .map(|f| (f.name().to_owned(), f.words()))
            .collect(),
        assumptions: export
            .assumptions()
            .map(|a| match (&a.column, &a.example) {
                (Some(column), Some(example)) => {
                    format!("{column}: {} (as in “{example}”)", a.reading)
                }
                (Some(column), None) => format!("{column}: {}", a.reading),
                (None, _) => a.reading.clone(),
            })
            .collect(),
    }
}

/// The found export, in the cockpit's form.
pub fn found(
    found: import::FoundExport,
    newest_import: Option<chrono::NaiveDate>,
) -> crate::app::model::FoundExport {
    let file = found
        .path
        .file_name()
        .map(|f| f.to_string_lossy().into_owned())
        .unwrap_or_default();
    crate::app::model::FoundExport {
        path: found.path.to_string_lossy().into_owned(),
        file: crate::domain::clean::TermSafe::new(&file).into_string(),
        kind: found.crm,
        day: found.day,
        is_newer: newest_import.is_none_or(|day| found.day > day),
    }
}
