//! What the store knows, in the form that the cockpit takes.

use chrono::{DateTime, Local, NaiveDate};
use serde_json::Value as Json;

use crate::app::journal::{ChangeRow, JournalRow};
use crate::app::model::{Facts, FoundExport, SavedView};
use crate::app::one_on_one::Meeting;
use crate::app::paper::MOST;
use crate::app::preview::{
    PreviewAssumption, PreviewChange, PreviewColumn, PreviewData, PreviewFile, PreviewRow,
    PreviewValue, RowCounts, RowKind,
};
use crate::domain::clean::TermSafe;
use crate::domain::deal::{Detail, ListRow};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::money::{Currency, Money};
use crate::domain::shown::Free;
use crate::domain::view::{ListQuery, View};
use crate::export::crm;
use crate::import::{self, By, Export, Field, Report, Seen, SeenAs};
use crate::store::{Counts, Difference, Fate, Overview, Stamp, Store, StoreError};

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
            .names()
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .collect(),
        week: overview.week,
        after_due: overview.after_due,
        has_fired: overview.has_fired,
        has_hours: overview.has_hours,
        people: overview.people,
        bait: overview.bait,
        undo: overview.undo,
        redo: overview.redo,
        has_map: overview.has_map,
        has_reviews: overview.has_reviews,
        charter: overview.charter,
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

/// The 1:1 at which this person sits, or the agenda of one with somebody.
pub fn meeting(store: &Store, stamp: &Stamp, with: Option<&str>) -> Result<Meeting, StoreError> {
    Ok(Meeting {
        session: store.review(&stamp.who)?,
        agenda: store.agenda(stamp, with)?,
    })
}

/// A deal with what its panes show beside its own rows.
pub fn detail(store: &Store, deal: DealId, today: NaiveDate) -> Result<Option<Detail>, StoreError> {
    let Some(mut detail) = store.detail(deal)? else {
        return Ok(None);
    };
    let has_signals = detail.eval.as_ref().is_some_and(|e| !e.signals.is_empty());
    if has_signals {
        detail.raised = store.raised(deal, today)?;
    }
    detail.beside = store.beside(deal)?;
    detail.support = store.support(deal, today)?;
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

/// What is dead on paper: the first deals in the order of the queue, and how many there are.
pub fn paper(store: &Store, today: NaiveDate) -> Result<(Vec<ListRow>, usize), StoreError> {
    let query = ListQuery {
        view: View::DeadOnPaper,
        ..ListQuery::default()
    };
    let ids = store.index(&query, today, "")?.ids;
    let first: Vec<DealId> = ids.iter().take(MOST).copied().map(DealId::from).collect();
    Ok((store.rows(&first)?, ids.len()))
}

/// Counts, of which some rows passed over are a part of another one's deal, in the cockpit's form.
pub fn counts(counts: Counts, joined: u64) -> RowCounts {
    RowCounts {
        rows: counts.rows,
        new: counts.new,
        updated: counts.updated,
        same: counts.same,
        conflict: counts.conflict,
        skipped: counts.skipped - joined,
        joined,
        refused: counts.refused,
    }
}

/// The differences of a row, its amounts with their currencies.
fn changes_of(differences: &[Difference], taken: bool) -> Vec<PreviewChange> {
    let currency = |pick: fn(&Difference) -> &Json| {
        let found = differences.iter().find(|d| d.field == "currency");
        found
            .and_then(|d| pick(d).as_str())
            .and_then(Currency::parse)
    };
    let value = |field: &str, value: &Json, currency: Option<Currency>| match value {
        Json::Null => PreviewValue::Nothing,
        Json::Number(minor) if field == "amount" => match minor.as_i64() {
            Some(minor) => PreviewValue::Money(Money::new(minor, currency)),
            None => PreviewValue::Text(Free::new(minor.to_string())),
        },
        Json::String(text) => match text.parse::<NaiveDate>() {
            Ok(day) => PreviewValue::Day(day),
            Err(_) => PreviewValue::Text(Free::new(text.as_str())),
        },
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            PreviewValue::Text(Free::new(value.to_string()))
        }
    };
    // A phase is read from the stage, which is named itself.
    let shown = differences.iter().filter(|d| d.field != "phase");
    shown
        .map(|d| PreviewChange {
            field: d.field.replace('_', " "),
            ours: value(d.field, &d.ours, currency(|d| &d.ours)),
            theirs: value(d.field, &d.theirs, currency(|d| &d.theirs)),
            taken,
        })
        .collect()
}

fn row(seen: Seen) -> PreviewRow {
    let mut changes = Vec::new();
    let (kind, note) = match seen.what {
        SeenAs::Deal(Fate::New) => (RowKind::New, String::new()),
        SeenAs::Deal(Fate::Same) => (RowKind::Same, String::new()),
        SeenAs::Deal(Fate::Updated(fields)) => {
            changes = changes_of(&fields, true);
            (RowKind::Updated, String::new())
        }
        SeenAs::Deal(Fate::Conflict { kept, why, updated }) => {
            changes = changes_of(&kept, false);
            changes.extend(changes_of(&updated, true));
            (RowKind::Conflict, why)
        }
        SeenAs::Skipped(why) => (RowKind::Skipped, why),
        SeenAs::Joined(how) => (RowKind::Joined, how),
        SeenAs::Refused(column, why) => {
            let column = column.map_or_else(String::new, |column| format!("{column}: "));
            (RowKind::Refused, format!("{column}{why}"))
        }
    };
    PreviewRow {
        line: seen.line,
        kind,
        name: Free::new(seen.name),
        note: Free::new(note),
        changes,
    }
}

/// Rows by what they are; kinds without any are left out.
fn by(by: &By) -> Vec<(String, u64)> {
    let all = [
        ("deal", by.deal),
        ("account", by.account),
        ("contact", by.contact),
        ("touch", by.touch),
        ("note", by.note),
        ("move", by.moved),
    ];
    let some = all.into_iter().filter(|(_, count)| *count > 0);
    some.map(|(kind, count)| (kind.to_owned(), count)).collect()
}

/// What a preview found, in the cockpit's form.
pub fn preview(export: &Export, report: &Report) -> PreviewData {
    let used = || export.files().iter().filter(|f| f.used);
    let deals = used().find(|f| f.object == import::Object::Deal);
    let kind = deals.or_else(|| used().next()).map_or_else(
        || "a table".to_owned(),
        |f| match (&f.label, f.object) {
            (Some(crm), import::Object::Deal) => format!("{crm} deals"),
            (Some(crm), object) => format!("{crm} · {}", object.plural()),
            (None, object) => format!("a table of {}", object.plural()),
        },
    );
    PreviewData {
        files: export
            .files()
            .iter()
            .map(|f| PreviewFile {
                name: f
                    .file
                    .rsplit(['/', '\\'])
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                used: f.used,
                why: f.why.clone(),
            })
            .collect(),
        kind,
        counts: counts(report.counts, report.joined),
        by: by(&report.by),
        rows: report.seen.iter().cloned().map(row).collect(),
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
        sources: import::crm_files()
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .filter(|name| name != import::GENERIC)
            .collect(),
        assumptions: export
            .assumptions()
            .map(|a| PreviewAssumption {
                column: a.column.clone(),
                reading: a.reading.clone(),
                example: a.example.as_deref().map(Free::new),
            })
            .collect(),
        corrected: export.files().iter().any(|f| f.about.is_corrected),
        unseen: export.has_unseen(),
    }
}

/// The found export, in the cockpit's form: newer where it was written no earlier than on the
/// day of the record, and not taken in yet.
pub fn found(found: import::FoundExport, record: Option<NaiveDate>, day: NaiveDate) -> FoundExport {
    let file = found.files.first().and_then(|path| path.file_name());
    let file = file.map(|f| f.to_string_lossy().into_owned());
    let paths = found.files.iter();
    FoundExport {
        paths: paths.map(|p| p.to_string_lossy().into_owned()).collect(),
        file: TermSafe::new(&file.unwrap_or_default()).into_string(),
        kind: found.crm,
        at: found.written,
        is_newer: !found.is_taken && record.is_none_or(|record| day >= record),
    }
}
