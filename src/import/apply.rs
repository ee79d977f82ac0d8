//! From recognised files into the pipeline: a preview that writes nothing, and the import.

use std::collections::BTreeMap;

use super::Export;
use super::crm::{Object, identity};
use super::deal::{DealRow, Outcome};
use super::entered;
use super::error::ImportError;
use super::feed;
use super::field::Field;
use super::parts::PartOutcome;
use super::rows::Progress;
use super::values::amounts::Amount;
use crate::domain::ids::{ActionId, DealId};
use crate::domain::money::{Currency, Money};
use crate::store::{
    Assumed, Counts, DryRun, Facts, Fate, Incoming, Intake, Part, PartKind, Plan, Stamp, Store,
    StoreError, WhatBecame,
};
use serde_json::Value as Json;
use thiserror::Error;

/// Rows that a report lists of each kind; all are counted.
const LISTED: usize = 1_000;
/// Of rows that went into the deal of another one.
const JOINED: u64 = 100;

/// Rows of which a preview shows what would become, whatever it is.
const SHOWN: usize = 200;

/// Rows between two reports of progress.
pub(super) const STRIDE: u64 = 2_000;

/// Why an import did not happen.
#[derive(Debug, Error)]
pub enum RunError {
    /// A file cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The pipeline cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RunError {
    /// Whether it was stopped on purpose, and so taken back.
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Import(ImportError::Cancelled) | Self::Store(StoreError::Cancelled)
        )
    }

    /// What to do next; empty when the message says it all.
    pub fn hint(&self) -> String {
        match self {
            Self::Import(e) => e.hint().unwrap_or_default(),
            Self::Store(e) => e.hint(),
        }
    }
}

/// A field that moved here and in the file: what stands, and what the file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The deal; none where the row contradicts another row of the same file.
    pub deal: Option<DealId>,
    /// The field; empty where the whole row is in conflict.
    pub field: &'static str,
    /// What stands here.
    pub ours: Json,
    /// What the file says.
    pub theirs: Json,
    /// Why, in words.
    pub why: String,
}

/// A row that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file, as an index into those of the export.
    pub file: usize,
    /// The row, from 1.
    pub row: u64,
    /// The physical line, from 1.
    pub line: u64,
    /// Why.
    pub why: String,
    /// It went into the deal of another row.
    pub is_joined: bool,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file, as an index into those of the export.
    pub file: usize,
    /// The row, from 1.
    pub row: u64,
    /// The physical line, from 1.
    pub line: u64,
    /// The column; none where it is the row as such.
    pub column: Option<String>,
    /// Why.
    pub why: String,
}

/// A row of a preview: what it names, and what would become of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The physical line, from 1.
    pub line: u64,
    /// What it names: account and title.
    pub name: String,
    /// What would become of it.
    pub what: SeenAs,
}

/// What becomes of a row of the file.
#[derive(Clone, Debug)]
pub enum SeenAs {
    /// A deal, with its fate.
    Deal(Fate),
    /// None, and why.
    Skipped(String),
    /// A part of the deal of another row, and how.
    Joined(String),
    /// Unreadable: the column, and why.
    Refused(Option<String>, String),
}

/// The rows that were taken, by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// Deals.
    pub deal: u64,
    /// Accounts of which only the name is taken; they are no rows of the report.
    pub account: u64,
    /// People.
    pub contact: u64,
    /// Activities.
    pub touch: u64,
    /// Notes.
    pub note: u64,
    /// Rows of history.
    pub moved: u64,
}

impl By {
    fn add(&mut self, kind: &PartKind) {
        match kind {
            PartKind::Touch(_) => self.touch += 1,
            PartKind::Note(_) => self.note += 1,
            PartKind::Contact(_) => self.contact += 1,
            PartKind::Moves(_) => self.moved += 1,
        }
    }
}

/// What an import did, or in a preview would do.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The action; none for a preview and where nothing changed.
    pub action: Option<ActionId>,
    /// The counts; they add up.
    pub counts: Counts,
    /// The rows that were taken, by what they are.
    pub by: By,
    /// Activities that belong to no deal here: kept, and counted nowhere.
    pub orphans: u64,
    /// Of the rows passed over those that went into the deal of another row.
    pub joined: u64,
    /// Conflicts, at most a thousand.
    pub conflicts: Vec<Conflict>,
    /// Rows passed over, at most a thousand, and of those that went into another a hundred.
    pub skips: Vec<Skipped>,
    /// Rows refused, at most a thousand.
    pub refused: Vec<Refused>,
    /// The rows whose text was cut, by column; at most a thousand of each.
    pub cut: BTreeMap<String, Vec<u64>>,
    /// The first rows, and then every problem up to a thousand in all (previews only).
    pub seen: Vec<Seen>,
}

impl Report {
    pub(super) fn note(&mut self, deal: Option<DealId>, fate: &Fate) {
        let Fate::Conflict { kept, why, .. } = fate else {
            return;
        };
        if self.conflicts.len() >= LISTED {
            return;
        }
        if kept.is_empty() {
            self.conflicts.push(Conflict {
                deal,
                field: "",
                ours: Json::Null,
                theirs: Json::Null,
                why: why.clone(),
            });
        }
        for difference in kept {
            self.conflicts.push(Conflict {
                deal,
                field: difference.field,
                ours: difference.ours.clone(),
                theirs: difference.theirs.clone(),
                why: why.clone(),
            });
        }
    }

    /// Notes what became of a row beside the deals.
    pub(super) fn became(&mut self, part: &Part, became: &WhatBecame) {
        match became {
            WhatBecame::Taken(deal, fate) => {
                self.by.add(&part.kind);
                self.note(deal.filter(|d| d.0 > 0), fate);
                let is_touch = matches!(part.kind, PartKind::Touch(_));
                let is_kept = !matches!(fate, Fate::Conflict { .. });
                if is_touch && is_kept && deal.is_none() {
                    self.orphans += 1;
                }
            }
            WhatBecame::Skipped(why) => {
                if self.skips.len() < LISTED {
                    let (file, row, line) = part.place;
                    self.skips.push(Skipped {
                        file,
                        row,
                        line,
                        why: (*why).to_owned(),
                        is_joined: false,
                    });
                }
            }
        }
    }

    fn see(&mut self, line: u64, name: impl FnOnce() -> String, what: SeenAs) {
        let is_problem = match &what {
            SeenAs::Deal(Fate::Conflict { .. }) | SeenAs::Skipped(_) | SeenAs::Refused(..) => true,
            SeenAs::Deal(Fate::New | Fate::Updated(_) | Fate::Same) | SeenAs::Joined(_) => false,
        };
        if self.seen.len() < SHOWN || (is_problem && self.seen.len() < LISTED) {
            self.seen.push(Seen {
                line,
                name: name(),
                what,
            });
        }
    }
}

/// A row's identity within its source: its id in one form, or the fields that stand for it.
fn key(row: &DealRow) -> String {
    if let Some(id) = &row.external_id {
        return identity(&row.source, id).to_owned();
    }
    let created = row.created.map(|d| d.to_string()).unwrap_or_default();
    let part = |p: &Option<String>| p.clone().unwrap_or_default();
    [
        "",
        &row.title,
        &part(&row.account),
        &created,
        &part(&row.owner),
    ]
    .join("\u{1f}")
}

fn money(amount: Amount) -> Money {
    let currency = amount
        .currency
        .as_ref()
        .and_then(|code| std::str::from_utf8(code).ok());
    Money::new(amount.minor, currency.and_then(Currency::parse))
}

/// What the store takes of a row.
/// A file of history knows every move, and the columns of the deals only the last into each stage.
pub(crate) fn incoming(row: DealRow, has_history: bool) -> Incoming {
    Incoming {
        key: key(&row),
        phase: row.phase,
        is_cut: !row.cut.is_empty(),
        assumed: Assumed {
            title: row.title_assumed.is_some(),
            status: row.status_assumed,
        },
        source: row.source,
        external_id: row.external_id,
        title: row.title,
        account: row.account,
        contact: row.contact,
        owner: row.owner,
        stage: row.stage,
        pipeline: row.pipeline,
        amount: row.amount.map(money),
        probability: row.probability,
        status: row.status,
        created: row.created,
        expected_close: row.expected_close,
        closed: row.closed,
        lost_reason: row.lost_reason,
        last_activity: row.last_activity,
        stage_changed: row.stage_changed,
        updated: row.updated,
        entered: if has_history {
            Vec::new()
        } else if row.moves.is_empty() {
            entered::moves(&row.entered)
        } else {
            row.moves
        },
        next_step: row.next_step,
        next_step_due: row.next_step_date,
        lead_source: row.lead_source,
        product: row.product,
        description: row.notes,
    }
}

/// Whether a file of a kind is read.
pub(super) fn holds(export: &Export, object: Object) -> bool {
    export.files().iter().any(|f| f.used && f.object == object)
}

/// What the files can know, by the columns that they have. One that is blank in each row, in those of
/// won deals too, is one that nobody keeps.
fn facts(export: &Export) -> Facts {
    let columns = || {
        let deals = export.files().iter().filter(|f| f.object == Object::Deal);
        deals.flat_map(|f| &f.columns)
    };
    let has = |field: Field| columns().any(|c| c.field == Some(field) && c.example.is_some());
    Facts {
        activity: holds(export, Object::Activity),
        next_step: has(Field::NextStep) || has(Field::NextStepDate),
        last_activity: has(Field::LastActivity),
        contacts: holds(export, Object::Contact),
        stage_moves: holds(export, Object::History)
            || has(Field::StageChanged)
            || has(Field::StageEntered),
    }
}

fn plan(store: &Store, export: &Export, take_theirs: bool) -> Result<Plan, StoreError> {
    let used = || export.files().iter().filter(|f| f.used);
    let deals = || used().filter(|f| f.object == Object::Deal);
    // What belongs to deals that are there already is told of their source.
    let source = if let Some(source) = deals().find_map(|f| f.source.clone()) {
        source
    } else {
        let own = used().find_map(|f| f.source.clone()).unwrap_or_default();
        store.home_of(&own)?
    };
    let files = used()
        .filter(|f| f.source.is_some())
        .map(|f| file_name(&f.file))
        .collect();
    Ok(Plan {
        source,
        files,
        take_theirs,
        facts: facts(export),
        record_day: export.record_day,
    })
}

/// The last part of a path: what the journal says of a file, which is nobody's folders.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// Called about every [`STRIDE`] rows with how far the reading is and how many rows it had.
pub type OnProgress<'p> = &'p mut dyn FnMut(Progress, u64);

fn name_of(row: &DealRow) -> String {
    match &row.account {
        Some(account) => format!("{account} · {}", row.title),
        None => row.title.clone(),
    }
}

/// Called in a preview with how far the reading is and what was found so far: once the first rows
/// are known, and then about every [`STRIDE`] rows.
pub type OnLook<'p> = &'p mut dyn FnMut(Progress, &Report);

/// Says what an import would do, without writing anything.
///
/// # Errors
///
/// A file that cannot be read to its end, a pipeline that cannot be read, or that it was
/// cancelled.
pub fn preview(
    store: &Store,
    export: &Export,
    take_theirs: bool,
    look: OnLook<'_>,
) -> Result<Report, RunError> {
    let mut report = Report::default();
    let has_history = holds(export, Object::History);
    let mut run = DryRun::new(store, plan(store, export, take_theirs)?);
    let mut rows = export.rows();
    let mut parts = export.parts();
    let rest = parts.progress().total;
    while let Some(outcome) = rows.next() {
        match outcome? {
            Outcome::Deal(row) => {
                note_cut(&mut report, row.row, &row.cut);
                let (line, row) = (row.line, *row);
                let name = name_of(&row);
                let (deal, fate) = run.row(&incoming(row, has_history))?;
                report.counts.add(&fate);
                report.by.deal += 1;
                report.note(deal, &fate);
                report.see(line, || name, SeenAs::Deal(fate));
            }
            other @ (Outcome::Skip { .. } | Outcome::Refuse { .. }) => {
                no_deal(&mut report, other, true);
            }
        }
        let rows_read = report.counts.rows;
        if rows_read == SHOWN as u64 || rows_read.is_multiple_of(STRIDE) {
            look(further(rows.progress(), 0, rest), &report);
        }
    }
    let before = rows.progress().total;
    while let Some(outcome) = parts.next() {
        match outcome? {
            PartOutcome::Part(part) => {
                let became = run.part(&part)?;
                if let WhatBecame::Taken(_, fate) = &became {
                    report.counts.add(fate);
                } else {
                    report.counts.rows += 1;
                    report.counts.skipped += 1;
                }
                report.became(&part, &became);
            }
            other @ (PartOutcome::Skip { .. } | PartOutcome::Refuse { .. }) => {
                no_part(&mut report, other, true);
            }
        }
        if report.counts.rows.is_multiple_of(STRIDE) {
            look(further(parts.progress(), before, before), &report);
        }
    }
    report.by.account = export.accounts();
    Ok(report)
}

/// How far all files are, of which some are done or to come.
pub(super) fn further(at: Progress, done: u64, others: u64) -> Progress {
    Progress {
        read: at.read + done,
        total: at.total + others,
        ending: at.ending,
    }
}

/// Notes a row beside the deals that is nothing; counts it as well where nobody else does.
pub(super) fn no_part(report: &mut Report, outcome: PartOutcome, count: bool) {
    let outcome = match outcome {
        PartOutcome::Part(_) => return,
        PartOutcome::Skip {
            place: (file, row, line),
            why,
        } => Outcome::Skip {
            file,
            row,
            line,
            why,
            is_joined: false,
        },
        PartOutcome::Refuse {
            place: (file, row, line),
            column,
            why,
        } => Outcome::Refuse {
            file,
            row,
            line,
            column,
            why,
        },
    };
    no_deal(report, outcome, count);
}

pub(super) fn note_cut(report: &mut Report, row: u64, columns: &[String]) {
    for column in columns {
        let rows = report.cut.entry(column.clone()).or_default();
        if rows.len() < LISTED {
            rows.push(row);
        }
    }
}

/// Notes a row that is no deal; counts it as well where nobody else does.
pub(super) fn no_deal(report: &mut Report, outcome: Outcome, count: bool) {
    match outcome {
        Outcome::Deal(_) => {}
        Outcome::Skip {
            file,
            row,
            line,
            why,
            is_joined,
        } => {
            report.joined += u64::from(is_joined);
            if count {
                report.counts.rows += 1;
                report.counts.skipped += 1;
                let seen = if is_joined {
                    SeenAs::Joined
                } else {
                    SeenAs::Skipped
                };
                report.see(line, String::new, seen(why.clone()));
            }
            let is_told = !is_joined || report.joined <= JOINED;
            if is_told && report.skips.len() < LISTED {
                report.skips.push(Skipped {
                    file,
                    row,
                    line,
                    why,
                    is_joined,
                });
            }
        }
        Outcome::Refuse {
            file,
            row,
            line,
            column,
            why,
        } => {
            if count {
                report.counts.rows += 1;
                report.counts.refused += 1;
                report.see(
                    line,
                    String::new,
                    SeenAs::Refused(column.clone(), why.clone()),
                );
            }
            if report.refused.len() < LISTED {
                report.refused.push(Refused {
                    file,
                    row,
                    line,
                    column,
                    why,
                });
            }
        }
    }
}

/// Imports the deals of recognised files as one action.
///
/// # Errors
///
/// A file that cannot be read to its end, a pipeline that cannot be written, or that it was
/// cancelled: what had gone in is then taken back.
pub fn run(
    store: &Store,
    export: &Export,
    take_theirs: bool,
    stamp: Stamp,
    progress: OnProgress<'_>,
) -> Result<Report, RunError> {
    let mut report = Report::default();
    let mut intake = Intake::begin(store, plan(store, export, take_theirs)?, stamp)?;
    if let Err(e) = feed::all(&mut intake, export, &mut report, progress) {
        intake.cancel()?;
        return Err(e);
    }
    let (rows, total) = (intake.rows(), export.rows().progress().total);
    let total = total + export.parts().progress().total;
    let taken = intake.finish_telling(&mut |ending| {
        let at = Progress {
            read: total,
            total,
            ending: Some(ending),
        };
        progress(at, rows);
        match export.check_cancel() {
            Ok(()) => Ok(()),
            Err(_stopped) => Err(StoreError::Cancelled),
        }
    })?;
    report.action = taken.action;
    report.counts = taken.counts;
    report.by.account = export.accounts();
    Ok(report)
}
