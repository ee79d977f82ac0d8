//! Taking in the rows of an import: three ways compared, in durable chunks of one action.
//!
//! The last imported value of each field is known: it is the deal's own, unless a person
//! changed it since, and then `imported_value` has it. A file that says what it said last time
//! changes nothing; one that moved where we did not is an update; where both moved it is a
//! conflict, and ours stays. A blank never erases.
//!
//! The rows go in as transactions of their own under one action in state *running*. Finished,
//! cancelled and killed are one path: an action that is not finished is taken back by the next
//! program that gets the import lock.

mod contacts;
mod find;
mod part;
mod parts;
mod seen;
mod take;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value as Json, json};

use super::error::{Doing, StoreError};
use super::eval::{self, Facts};
use super::journal::{Journal, Stamp, as_text, same, to_json};
use super::{Store, open};
use crate::domain::deal::Status;
use crate::domain::ids::{ActionId, BatchId, DealId};
use crate::domain::money::Money;
use crate::domain::phase::Phase;

pub use find::Belongs;
use part::PartFate;
pub use part::{
    IncomingContact, IncomingMove, IncomingNote, IncomingTouch, Part, PartFate as WhatBecame,
    PartKind,
};
use parts::Decider;
pub use take::PartReport;
use take::Touched;

/// Rows in one durable transaction.
pub const CHUNK: usize = 20_000;

/// One deal as a file tells it; `None` is a blank or a column that the file does not have.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Which system it comes from.
    pub source: Arc<str>,
    /// What identifies it within its source: its id there, made uniform, or its fields.
    pub key: String,
    /// Its id there, as given.
    pub external_id: Option<String>,
    /// The title.
    pub title: String,
    /// The company.
    pub account: Option<String>,
    /// The person named.
    pub contact: Option<String>,
    /// Whose deal it is.
    pub owner: Option<String>,
    /// The stage, in the file's words.
    pub stage: Option<String>,
    /// What that stage means.
    pub phase: Option<Phase>,
    /// The pipeline.
    pub pipeline: Option<String>,
    /// The value.
    pub amount: Option<Money>,
    /// Per cent, as stated.
    pub probability: Option<f64>,
    /// Open, won or lost.
    pub status: Status,
    /// The day it was created.
    pub created: Option<NaiveDate>,
    /// When it is expected to close.
    pub expected_close: Option<NaiveDate>,
    /// When it was closed.
    pub closed: Option<NaiveDate>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// The CRM's own last activity.
    pub last_activity: Option<NaiveDate>,
    /// When the stage moved last.
    pub stage_changed: Option<NaiveDate>,
    /// Its moves from stage to stage as its own row tells them, the earliest first.
    pub entered: Vec<IncomingMove>,
    /// When the record was changed last.
    pub updated: Option<NaiveDate>,
    /// The next step.
    pub next_step: Option<String>,
    /// When that is due.
    pub next_step_due: Option<NaiveDate>,
    /// Where the lead came from.
    pub lead_source: Option<String>,
    /// What is sold.
    pub product: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Whether the file holds only the start of one of its texts.
    pub is_cut: bool,
}

/// The source of a file of our own.
const OWN: &str = "walkaway";

/// The fields that hold free text, of which a file may have only the start.
const FREE: [&str; 3] = ["lost_reason", "next_step", "description"];

/// The fields that an import may write, in the order of [`Incoming::values`].
const FIELDS: [&str; 24] = [
    "external_id",
    "title",
    "account",
    "contact",
    "owner",
    "stage",
    "phase",
    "pipeline",
    "amount",
    "currency",
    "probability",
    "status",
    "created",
    "expected_close",
    "closed",
    "lost_reason",
    "last_activity",
    "stage_changed",
    "updated",
    "next_step",
    "next_step_due",
    "lead_source",
    "product",
    "description",
];

/// Fields whose changes are facts with a date.
const MOVES: [&str; 3] = ["stage", "amount", "expected_close"];

impl Incoming {
    fn values(&self) -> [Json; 24] {
        let text = |t: &Option<String>| t.as_deref().map_or(Json::Null, Json::from);
        let day = |d: Option<NaiveDate>| d.map_or(Json::Null, |d| json!(d));
        [
            text(&self.external_id),
            json!(self.title),
            text(&self.account),
            text(&self.contact),
            text(&self.owner),
            text(&self.stage),
            self.phase.map_or(Json::Null, |p| json!(p.code())),
            text(&self.pipeline),
            self.amount.map_or(Json::Null, |m| json!(m.minor)),
            self.amount
                .and_then(|m| m.currency)
                .map_or(Json::Null, |c| json!(c.as_str())),
            self.probability.map_or(Json::Null, |p| json!(p)),
            json!(self.status.code()),
            day(self.created),
            day(self.expected_close),
            day(self.closed),
            text(&self.lost_reason),
            day(self.last_activity),
            day(self.stage_changed),
            day(self.updated),
            text(&self.next_step),
            day(self.next_step_due),
            text(&self.lead_source),
            text(&self.product),
            text(&self.description),
        ]
    }
}

/// One field of a row whose value differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field's word.
    pub field: &'static str,
    /// What stands here.
    pub ours: Json,
    /// What the file says.
    pub theirs: Json,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// A deal that was not known.
    New,
    /// Fields that moved in the file and not here.
    Updated(Vec<Difference>),
    /// Nothing moved.
    Same,
    /// Fields that moved on both sides, or a row that contradicts another one of its id.
    Conflict {
        /// What stays as it is here.
        kept: Vec<Difference>,
        /// What is updated nevertheless.
        updated: Vec<Difference>,
        /// Why, in words.
        why: String,
    },
}

/// What an import is called and how it is to decide.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the file comes from, as shown.
    pub source: String,
    /// The files, as shown.
    pub files: Vec<String>,
    /// Whether the file's value is taken where both moved.
    pub take_theirs: bool,
    /// What the file can know, by the columns it has.
    pub facts: Facts,
    /// The day up to which the files can know anything; the day of the import where none is
    /// told, and never a later one.
    pub record_day: Option<NaiveDate>,
}

/// Counts of what became of the rows; they add up to `rows`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Deals made.
    pub new: u64,
    /// Deals changed.
    pub updated: u64,
    /// Deals that said the same.
    pub same: u64,
    /// Rows in conflict.
    pub conflict: u64,
    /// Rows that are none, or that are marked as deleted.
    pub skipped: u64,
    /// Rows that could not be read.
    pub refused: u64,
}

impl Counts {
    /// Counts one fate.
    pub fn add(&mut self, fate: &Fate) {
        self.rows += 1;
        match fate {
            Fate::New => self.new += 1,
            Fate::Updated(_) => self.updated += 1,
            Fate::Same => self.same += 1,
            Fate::Conflict { .. } => self.conflict += 1,
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn identity(source: &str, key: &str) -> u64 {
    hash((source, key))
}

impl Incoming {
    /// Whether a text of a row that was cut is the start of what stands here, which is not lost.
    fn is_start_of(&self, field: &str, ours: &Json, theirs: &Json) -> bool {
        self.is_cut
            && FREE.contains(&field)
            && ours
                .as_str()
                .zip(theirs.as_str())
                .is_some_and(|(ours, theirs)| ours.starts_with(theirs))
    }

    /// What tells this row from every other deal's, in eight bytes.
    fn identity(&self) -> u64 {
        identity(&self.source, &self.key)
    }

    /// Two bytes for the value of each field, 0 for a blank.
    fn digest(&self) -> [u16; 24] {
        self.values().map(|v| {
            if v.is_null() {
                0
            } else {
                hash(v.to_string()) as u16 | 1
            }
        })
    }
}

/// The deals that a run has met, so that one met again is no second update.
#[derive(Debug, Default)]
struct Met(HashSet<u64>);

impl Met {
    /// Notes a row's identity; false when it was met before.
    fn first(&mut self, row: &Incoming) -> bool {
        self.0.insert(row.identity())
    }
}

/// What stands in the file for a key: the deal's number and its import fields.
fn standing(
    conn: &Connection,
    source: &str,
    key: &str,
) -> Result<Option<(DealId, Vec<Json>)>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT id, {} FROM deal WHERE source = ?1 AND key = ?2",
        FIELDS.join(", ")
    ))
    .and_then(|mut s| {
        s.query_row((source, key), |r| {
            let values: rusqlite::Result<Vec<Json>> = (1..=FIELDS.len())
                .map(|i| r.get_ref(i).map(to_json))
                .collect();
            Ok((DealId(r.get(0)?), values?))
        })
        .optional()
    })
    .doing("looking up a deal")
}

/// What the last import had said of the fields that a person changed since.
fn shadows(conn: &Connection, deal: DealId) -> Result<Vec<(i64, String, Json)>, StoreError> {
    let read = || -> rusqlite::Result<Vec<(i64, String, Json)>> {
        conn.prepare_cached("SELECT id, field, value FROM imported_value WHERE deal = ?1")?
            .query_map([deal.0], |r| {
                Ok((r.get(0)?, r.get(1)?, to_json(r.get_ref(2)?)))
            })?
            .collect()
    };
    read().doing("reading what was imported last")
}

/// Whether a shadow's text says the same as a value.
fn says(shadow: &Json, value: &Json) -> bool {
    match (shadow, value) {
        (Json::String(s), Json::Number(n)) => s
            .parse::<f64>()
            .ok()
            .zip(n.as_f64())
            .is_some_and(|(a, b)| (a - b).abs() < 1e-9),
        _ => same(shadow, value),
    }
}

/// The comparison of one row with what stands.
struct Compared {
    deal: Option<DealId>,
    fate: Fate,
    /// Shadows that are no longer needed because both sides agree, or theirs was taken.
    settled: Vec<i64>,
}

fn compare(
    conn: &Connection,
    plan: &Plan,
    row: &Incoming,
    first: bool,
) -> Result<Compared, StoreError> {
    let Some((deal, ours)) = standing(conn, &row.source, &row.key)? else {
        let fate = if first {
            Fate::New
        } else {
            Fate::Conflict {
                kept: Vec::new(),
                updated: Vec::new(),
                why: "the same id stands twice in the file".into(),
            }
        };
        return Ok(Compared {
            deal: None,
            fate,
            settled: Vec::new(),
        });
    };
    let theirs = row.values();
    let shadows = shadows(conn, deal)?;
    let (mut kept, mut updated, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    for (index, field) in FIELDS.into_iter().enumerate() {
        let (ours, theirs) = (&ours[index], &theirs[index]);
        let shadow = shadows.iter().find(|(_, f, _)| f == field);
        if theirs.is_null() || same(ours, theirs) || row.is_start_of(field, ours, theirs) {
            // What we wrote ourselves is no word of the CRM.
            if let (Some((id, ..)), false) = (shadow, theirs.is_null() || plan.source == OWN) {
                settled.push(*id);
            }
            continue;
        }
        let difference = Difference {
            field,
            ours: ours.clone(),
            theirs: theirs.clone(),
        };
        match shadow {
            None => updated.push(difference),
            Some((_, _, last)) if says(last, theirs) => {}
            Some((id, ..)) if plan.take_theirs => {
                settled.push(*id);
                updated.push(difference);
            }
            Some(_) => kept.push(difference),
        }
    }
    let contradicts = |field: &str| updated.iter().any(|d| d.field == field);
    let fate = if contradicts("title") && contradicts("account") {
        kept.append(&mut updated);
        settled.clear();
        Fate::Conflict {
            kept,
            updated,
            why: "title and account differ: this id is another deal here".into(),
        }
    } else if !first && !updated.is_empty() {
        kept.append(&mut updated);
        settled.clear();
        Fate::Conflict {
            kept,
            updated,
            why: "the same id stands twice in the file".into(),
        }
    } else if !kept.is_empty() {
        Fate::Conflict {
            kept,
            updated,
            why: "changed here and in the file".into(),
        }
    } else if updated.is_empty() {
        Fate::Same
    } else {
        Fate::Updated(updated)
    };
    Ok(Compared {
        deal: Some(deal),
        fate,
        settled,
    })
}

/// A comparison of a file's rows with the pipeline that writes nothing.
#[derive(Debug)]
pub struct DryRun<'s> {
    store: &'s Store,
    plan: Plan,
    met: Met,
    /// The rows that would be new, 56 bytes each, to tell what a second row of the same id says.
    new: HashMap<u64, [u16; 24]>,
    decider: Decider,
}

impl<'s> DryRun<'s> {
    /// Starts a comparison.
    pub fn new(store: &'s Store, plan: Plan) -> Self {
        Self {
            store,
            plan,
            met: Met::default(),
            new: HashMap::new(),
            decider: Decider::new(store.judge().thresholds().working.clone()),
        }
    }

    /// Says what would become of a row beside the deals; after all rows of deals. The number of a
    /// deal that would be new is below zero.
    pub fn part(&mut self, part: &Part) -> Result<PartFate, StoreError> {
        self.decider
            .decide(self.store.conn(), &self.plan, part)
            .map(|decided| decided.fate)
            .map_err(|e| e.at(self.store.path()))
    }

    /// Says what would become of a row, and of which deal.
    pub fn row(&mut self, row: &Incoming) -> Result<(Option<DealId>, Fate), StoreError> {
        let first = self.met.first(row);
        let compared = compare(self.store.conn(), &self.plan, row, first)
            .map_err(|e| e.at(self.store.path()))?;
        if compared.deal.is_none() {
            let digest = row.digest();
            let standing = *self.new.entry(row.identity()).or_insert(digest);
            let says_more = digest
                .iter()
                .zip(standing)
                .any(|(new, old)| *new != 0 && *new != old);
            if !first && !says_more {
                return Ok((None, Fate::Same));
            }
            if first {
                self.decider.finder.come(row);
            }
        }
        Ok((compared.deal, compared.fate))
    }
}

/// An import that is going in.
#[derive(Debug)]
pub struct Intake<'s> {
    store: &'s Store,
    plan: Plan,
    stamp: Stamp,
    met: Met,
    action: ActionId,
    batch: BatchId,
    counts: Counts,
    waiting: Vec<Incoming>,
    parts: Vec<Part>,
    accounts: Vec<(Arc<str>, String, String)>,
    decider: Decider,
    touched: Touched,
    record_day: NaiveDate,
    lock: Option<File>,
}

/// What [`Intake::finish`] tells.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The action in the journal; `None` when nothing had to change.
    pub action: Option<ActionId>,
    /// The counts.
    pub counts: Counts,
}

/// Called for each row of a chunk with its deal and fate, after the chunk is on the disk.
pub type Report<'r> = &'r mut dyn FnMut(&Incoming, Option<DealId>, &Fate);

impl<'s> Intake<'s> {
    /// Starts an import: takes the import lock and takes back what an earlier one left behind.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] while another program imports into the same file.
    pub fn begin(store: &'s Store, plan: Plan, stamp: Stamp) -> Result<Self, StoreError> {
        let lock = import_lock(store)?;
        take_back_unfinished(store, lock.as_ref())?;
        let tx = store.immediate()?;
        let what = format!("Importing {}", plan.files.join(", "));
        let journal = Journal::begin(&tx, &stamp, "import", &what)?;
        let action = journal.action();
        let record_day = plan
            .record_day
            .map_or(stamp.today, |day| day.min(stamp.today));
        tx.execute(
            "INSERT INTO import_batch(action, source, files, record_day, state, knows)
             VALUES(?1, ?2, ?3, ?4, 'running', ?5)",
            (
                action.0,
                &plan.source,
                plan.files.join(", "),
                record_day,
                plan.facts.code(),
            ),
        )
        .doing("starting the import")?;
        let batch = BatchId(tx.last_insert_rowid());
        tx.commit()
            .doing("starting the import")
            .map_err(|e| e.at(store.path()))?;
        Ok(Self {
            store,
            plan,
            stamp,
            met: Met::default(),
            action,
            batch,
            counts: Counts::default(),
            waiting: Vec::with_capacity(CHUNK),
            parts: Vec::new(),
            accounts: Vec::new(),
            decider: Decider::new(store.judge().thresholds().working.clone()),
            touched: Touched::default(),
            record_day,
            lock,
        })
    }

    /// Counts a row that is none or that is marked as deleted.
    pub fn skip(&mut self) {
        self.counts.rows += 1;
        self.counts.skipped += 1;
    }

    /// Counts a row that could not be read.
    pub fn refuse(&mut self) {
        self.counts.rows += 1;
        self.counts.refused += 1;
    }

    /// What was counted so far, without the rows that wait for their chunk.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes a row; every [`CHUNK`] rows it goes to the disk.
    pub fn row(&mut self, row: Incoming, report: Report<'_>) -> Result<(), StoreError> {
        self.waiting.push(row);
        if self.waiting.len() >= CHUNK {
            self.flush(report)?;
        }
        Ok(())
    }

    /// Writes the rows that wait as one durable transaction.
    pub fn flush(&mut self, report: Report<'_>) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let fates = self.chunk(&rows).map_err(|e| e.at(self.store.path()))?;
        for (row, (deal, fate)) in rows.iter().zip(&fates) {
            self.counts.add(fate);
            report(row, *deal, fate);
        }
        open::checkpoint(self.store.conn()).map_err(|e| e.at(self.store.path()))
    }

    fn chunk(&mut self, rows: &[Incoming]) -> Result<Vec<(Option<DealId>, Fate)>, StoreError> {
        let tx = self.store.immediate()?;
        let mut journal = Journal::resume(&tx, self.action);
        let sources = eval::sources(&tx)?;
        let mut fates = Vec::with_capacity(rows.len());
        for row in rows {
            let first = self.met.first(row);
            let made = if first { self.insert(&tx, row)? } else { None };
            if let Some(deal) = made {
                eval::keep_new(
                    &tx,
                    self.store.judge(),
                    &sources,
                    deal,
                    row,
                    self.stamp.today,
                )?;
                super::search::mark(&tx, deal)?;
                self.tell_stages(&tx, deal, row)?;
                fates.push((made, Fate::New));
                continue;
            }
            let compared = compare(&tx, &self.plan, row, first)?;
            let updated: &[Difference] = match &compared.fate {
                Fate::Updated(updated) | Fate::Conflict { updated, .. } => updated,
                Fate::New | Fate::Same => &[],
            };
            if let Some(deal) = compared.deal {
                Self::retell_stages(&mut journal, deal, row)?;
                self.update(&mut journal, deal, row, updated, &compared.settled)?;
            }
            fates.push((compared.deal, compared.fate));
        }
        let touched = journal.touched();
        eval::renew(&tx, self.store.judge(), &touched, self.stamp.today)?;
        for deal in &touched {
            super::search::mark(&tx, *deal)?;
        }
        tx.commit().doing("saving the import")?;
        Ok(fates)
    }

    /// Makes the deal of a row, unless its key is taken.
    fn insert(&self, conn: &Connection, row: &Incoming) -> Result<Option<DealId>, StoreError> {
        let mut statement = conn
            .prepare_cached(
                "INSERT INTO deal(source, key, external_id, title, account, contact, owner, stage,
                   phase, pipeline, amount, currency, probability, status, created,
                   expected_close, closed, lost_reason, last_activity, stage_changed, updated,
                   next_step, next_step_due, lead_source, product, description, batch)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                   ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
                 ON CONFLICT(source, key) DO NOTHING",
            )
            .doing("preparing to import")?;
        let made = statement
            .execute(rusqlite::params![
                row.source.as_ref(),
                row.key,
                row.external_id,
                row.title,
                row.account,
                row.contact,
                row.owner,
                row.stage,
                row.phase.map(Phase::code),
                row.pipeline,
                row.amount.map(|m| m.minor),
                row.amount
                    .and_then(|m| m.currency)
                    .map(|c| c.as_str().to_owned()),
                row.probability,
                row.status.code(),
                row.created,
                row.expected_close,
                row.closed,
                row.lost_reason,
                row.last_activity,
                row.stage_changed,
                row.updated,
                row.next_step,
                row.next_step_due,
                row.lead_source,
                row.product,
                row.description,
                self.batch.0,
            ])
            .doing("importing a deal")?;
        Ok((made > 0).then(|| DealId(conn.last_insert_rowid())))
    }

    fn update(
        &self,
        journal: &mut Journal<'_>,
        deal: DealId,
        row: &Incoming,
        updated: &[Difference],
        settled: &[i64],
    ) -> Result<(), StoreError> {
        for shadow in settled {
            journal.delete("imported_value", *shadow)?;
        }
        for difference in updated.iter().filter(|d| MOVES.contains(&d.field)) {
            let new = as_text(&difference.theirs);
            // The row itself tells on which day the deal came into its stage.
            let last = row.entered.last().and_then(|one| one.new.as_deref());
            if difference.field == "stage" && last.is_some() && last == new.as_deref() {
                continue;
            }
            if take::is_told(journal.conn(), deal, difference.field, new.as_deref())? {
                continue;
            }
            journal.insert(
                "move",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("field", json!(difference.field)),
                    ("day", json!(self.record_day)),
                    ("old", json!(as_text(&difference.ours))),
                    ("new", json!(as_text(&difference.theirs))),
                    ("source", json!(self.plan.source)),
                ],
            )?;
        }
        let fields: Vec<(&str, Json)> = updated
            .iter()
            .map(|d| (d.field, d.theirs.clone()))
            .collect();
        if !fields.is_empty() {
            journal.update("deal", deal.0, &fields)?;
        }
        if updated
            .iter()
            .any(|d| d.field == "status" && d.theirs != json!("open"))
        {
            moot_tripwires(journal, deal, self.stamp.today)?;
        }
        Ok(())
    }

    /// Ends the import: what waits goes in, the action is done, and deals whose silence is now
    /// counted to a newer record are evaluated again.
    ///
    /// An import that changed nothing leaves no action behind, only the date of the record.
    pub fn finish(mut self, report: Report<'_>) -> Result<Taken, StoreError> {
        self.flush(report)?;
        self.flush_parts(&mut |_, _| {})?;
        self.renew_touched()?;
        let store = self.store;
        let finish = || -> Result<bool, StoreError> {
            let tx = store.immediate()?;
            let counts = self.counts;
            let what = format!(
                "Imported {}: {} new, {} updated",
                self.plan.files.join(", "),
                counts.new,
                counts.updated
            );
            Journal::resume(&tx, self.action).finish(&what)?;
            tx.execute(
                "UPDATE import_batch SET state = 'done', rows = ?2, created = ?3, updated = ?4,
                   same = ?5, conflict = ?6, skipped = ?7, refused = ?8 WHERE id = ?1",
                (
                    self.batch.0,
                    counts.rows as i64,
                    counts.new as i64,
                    counts.updated as i64,
                    counts.same as i64,
                    counts.conflict as i64,
                    counts.skipped as i64,
                    counts.refused as i64,
                ),
            )
            .doing("ending the import")?;
            // What changed nothing is nothing to undo, and clears nobody's redo.
            let unchanged = tx
                .execute(
                    "UPDATE action SET state = 'unchanged' WHERE id = ?1 AND ?2 = 0
                       AND NOT EXISTS(SELECT 1 FROM change c WHERE c.action = ?1)",
                    (self.action.0, counts.new as i64),
                )
                .doing("ending the import")?;
            eval::rebuild_older(&tx, store.judge(), self.batch, self.stamp.today)?;
            tx.commit().doing("ending the import")?;
            Ok(unchanged == 0)
        };
        let changed = finish().map_err(|e| e.at(store.path()))?;
        Ok(Taken {
            action: changed.then_some(self.action),
            counts: self.counts,
        })
    }

    /// Stops the import and takes back what it wrote.
    pub fn cancel(self) -> Result<(), StoreError> {
        let (store, lock) = (self.store, self.lock);
        take_back_unfinished(store, lock.as_ref())
    }
}

/// The one source of deals in which a CRM's further files are at home, else the name itself.
pub(super) fn home_of(conn: &Connection, source: &str) -> Result<String, StoreError> {
    let name: Arc<str> = Arc::from(source);
    let mut finder = find::Finder::default();
    Ok(match finder.homes(conn, &name)? {
        [only] => only.clone(),
        [] | [_, _, ..] => source.to_owned(),
    })
}

fn import_lock(store: &Store) -> Result<Option<File>, StoreError> {
    if store.path().as_os_str() == ":memory:" {
        return Ok(None);
    }
    open::import_lock(store.path()).map(Some).ok_or_else(|| {
        StoreError::refused(
            "another program is importing into this pipeline",
            "wait until it has finished, or cancel it there",
        )
    })
}

/// Marks tripwires of a deal that was closed as overtaken.
fn moot_tripwires(
    journal: &mut Journal<'_>,
    deal: DealId,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let open: Vec<i64> = journal
        .conn()
        .prepare_cached("SELECT id FROM tripwire WHERE deal = ?1 AND state = 'set'")
        .and_then(|mut s| s.query_map([deal.0], |r| r.get(0))?.collect())
        .doing("reading the tripwires")?;
    for id in open {
        journal.update(
            "tripwire",
            id,
            &[("state", json!("moot")), ("settled", json!(today))],
        )?;
    }
    Ok(())
}

/// Takes back every import that was not finished. The caller holds the import lock.
///
/// Rows that a person worked on since stay; the others are gone as if they had never come.
pub(super) fn take_back_unfinished(store: &Store, _lock: Option<&File>) -> Result<(), StoreError> {
    let work = || -> Result<(), StoreError> {
        let unfinished: Vec<(i64, i64)> = store
            .conn()
            .prepare_cached(
                "SELECT b.id, b.action FROM import_batch b WHERE b.state = 'running' ORDER BY b.id DESC",
            )
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .doing("looking for unfinished imports")?;
        for (batch, action) in unfinished {
            let tx = store.immediate()?;
            super::journal::revert_standing(&tx, ActionId(action))?;
            let remove = || -> rusqlite::Result<()> {
                take::take_back(&tx, batch, action)?;
                tx.execute(
                    "DELETE FROM deal WHERE batch = ?1 AND id NOT IN (
                       SELECT c.deal FROM change c JOIN action a ON a.id = c.action
                       WHERE c.deal IS NOT NULL AND c.action <> ?2)",
                    (batch, action),
                )?;
                tx.execute(
                    "UPDATE import_batch SET state = 'taken_back' WHERE id = ?1",
                    [batch],
                )?;
                tx.execute(
                    "UPDATE action SET state = 'taken_back' WHERE id = ?1",
                    [action],
                )?;
                Ok(())
            };
            remove().doing("taking back an unfinished import")?;
            tx.commit().doing("taking back an unfinished import")?;
        }
        Ok(())
    };
    work().map_err(|e| e.at(store.path()))
}

/// Takes back a finished import inside the caller's transaction: rows that a person worked on
/// since are left as they are and returned.
pub(super) fn undo(
    conn: &Connection,
    journal: &mut Journal<'_>,
    action: ActionId,
) -> Result<Vec<DealId>, StoreError> {
    let mut kept = journal.reverse_standing(action)?;
    let batch: Option<i64> = conn
        .query_row(
            "SELECT id FROM import_batch WHERE action = ?1",
            [action.0],
            |r| r.get(0),
        )
        .optional()
        .doing("reading the import")?;
    let Some(batch) = batch else { return Ok(kept) };
    take::undo(conn, journal, batch, action, &mut kept)?;
    let made: Vec<(i64, bool)> = conn
        .prepare(
            "SELECT d.id, EXISTS(
               SELECT 1 FROM change c JOIN action a ON a.id = c.action
               WHERE c.deal = d.id AND c.action > ?2 AND a.id <> ?3 AND a.undone_by IS NULL
                 AND a.kind <> 'undo')
               OR EXISTS(SELECT 1 FROM touch t WHERE t.deal = d.id AND t.batch > ?1)
               OR EXISTS(SELECT 1 FROM note n WHERE n.deal = d.id AND n.batch > ?1)
               OR EXISTS(SELECT 1 FROM contact p WHERE p.deal = d.id AND p.batch > ?1)
               OR EXISTS(SELECT 1 FROM move m WHERE m.deal = d.id AND m.batch > ?1)
             FROM deal d WHERE d.batch = ?1",
        )
        .and_then(|mut s| {
            s.query_map((batch, action.0, journal.action().0), |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?
            .collect()
        })
        .doing("reading what the import made")?;
    for (deal, worked_on) in made {
        if worked_on {
            if !kept.contains(&DealId(deal)) {
                kept.push(DealId(deal));
            }
        } else {
            journal.delete("deal", deal)?;
        }
    }
    Ok(kept)
}

#[cfg(test)]
#[path = "intake_part_tests.rs"]
mod part_tests;
