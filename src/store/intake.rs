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

mod ages;
mod back;
mod coming;
mod compare;
mod contacts;
mod deals;
mod dry;
mod find;
mod ids;
mod outlook;
mod part;
mod parts;
mod room;
mod row;
mod scribe;
mod seen;
mod spill;
mod take;
mod touches;

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction};
use serde_json::Value as Json;

use super::error::{Doing, StoreError};
use super::eval::{self, Facts, Sources};
use super::journal::{Journal, Stamp};
use super::{Store, indexes, log, open, search};
use crate::domain::ids::{ActionId, BatchId, DealId};
use crate::domain::load::Ending;

pub(super) use back::{take_back_unfinished, undo};
use deals::DealWriter;
pub use dry::DryRun;
pub use find::Belongs;
pub(super) use find::sources as sources_of_deals;
use ids::Numbers;
pub use outlook::{Judged, Outlook};
pub use part::{
    IncomingContact, IncomingMove, IncomingNote, IncomingTouch, Part, PartFate as WhatBecame,
    PartKind,
};
use parts::Decider;
use room::Room;
use row::hash;
pub use row::{Assumed, Incoming};
use scribe::Scribe;
use seen::Seen;
use take::Touched;

/// Rows in one durable transaction.
pub const CHUNK: usize = 20_000;

/// Chunks after which a load is a long one: its log is written back beside it.
const LONG: usize = 5;

/// Chunks of a long load that may be in the log alone before it waits for them.
const BEHIND: usize = 4;

/// Rows for which a load keeps room on the disk: fewer find a place where the log was.
const ROOMY: usize = 2_000;

/// The memory in which SQLite keeps pages while an import runs, in KiB: its rows touch any page of the
/// indexes.
const CACHE: i64 = 16_000;

/// The same for a load whose indexes are put off, which writes each page once. It is less than a chunk
/// writes: what does not fit goes into the log as the rows come, and not all at the chunk's end, while
/// nobody reads or writes a row.
const CACHE_OF_ROWS: i64 = 4_000;

/// The memory in which each of two threads sorts an index, or what is counted at the end, in KiB:
/// with three times as much it takes as long.
const SORT: i64 = 5_000;

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

/// An import that is going in.
#[derive(Debug)]
pub struct Intake<'s> {
    store: &'s Store,
    plan: Plan,
    stamp: Stamp,
    action: ActionId,
    batch: BatchId,
    record_day: NaiveDate,
    lock: Option<File>,
    counts: Counts,
    /// The deals met, each with its number where this run made it.
    met: Seen,
    decider: Decider,
    touched: Touched,
    outlook: Outlook,
    /// What the imports before this one could tell, and the last deal before it.
    before: Sources,
    last: DealId,
    /// Whether the file was empty, so that its indexes are built when all rows are in.
    is_put_off: bool,
    /// Whether a row that is no deal came: the deals are all in then.
    has_parts: bool,
    /// Whether the last row was of a deal that stood here already; so is the next one, then.
    expects_known: bool,
    deals: DealWriter<'s>,
    numbers: Numbers,
    /// The rows that are written and not yet durable, and how many they are.
    chunk: Option<Transaction<'s>>,
    written: usize,
    room: Option<Room>,
    /// The chunks that are durable.
    chunks: usize,
    scribe: Option<Scribe>,
    /// Deals that these rows changed.
    changed: BTreeSet<i64>,
    loading: Loading<'s>,
}

/// Called with what the end of an import is at; an error stops it.
pub type Telling<'t> = &'t mut dyn FnMut(Ending) -> Result<(), StoreError>;

/// What [`Intake::finish`] tells.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The action in the journal; `None` when nothing had to change.
    pub action: Option<ActionId>,
    /// The counts.
    pub counts: Counts,
}

impl<'s> Intake<'s> {
    /// Starts an import: takes the import lock and takes back what an earlier one left behind.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] while another program imports into the same file.
    pub fn begin(store: &'s Store, plan: Plan, stamp: Stamp) -> Result<Self, StoreError> {
        let lock = import_lock(store)?;
        take_back_unfinished(store, lock.as_ref())?;
        Self::start(store, plan, stamp, lock).map_err(|e| e.at(store.path()))
    }

    fn start(
        store: &'s Store,
        plan: Plan,
        stamp: Stamp,
        lock: Option<File>,
    ) -> Result<Self, StoreError> {
        let conn = store.conn();
        let record_day = plan
            .record_day
            .map_or(stamp.today, |day| day.min(stamp.today));
        let tx = store.immediate()?;
        let before = eval::sources(&tx)?;
        let last = tx
            .query_row("SELECT ifnull(max(id), 0) FROM deal", [], |r| r.get(0))
            .doing("preparing to import")?;
        let is_put_off = indexes::is_empty(&tx)?;
        if is_put_off {
            indexes::put_off(&tx)?;
        }
        let what = format!("Importing {}", plan.files.join(", "));
        let action = Journal::begin(&tx, &stamp, "import", &what)?.action();
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
        let outlook = Outlook::new(store.judge().clone(), eval::sources(&tx)?, stamp.today);
        tx.commit().doing("starting the import")?;
        Ok(Self {
            store,
            plan,
            stamp,
            action,
            batch,
            record_day,
            lock,
            counts: Counts::default(),
            met: Seen::default(),
            decider: Decider::new(store.judge().thresholds().working.clone()),
            touched: Touched::default(),
            outlook,
            before,
            last: DealId(last),
            is_put_off,
            has_parts: false,
            expects_known: false,
            loading: Loading::begin(conn, is_put_off).doing("preparing to import")?,
            deals: DealWriter::new(conn, batch, is_put_off).doing("preparing to import")?,
            numbers: Numbers::new(batch),
            chunk: None,
            written: 0,
            room: None,
            chunks: 0,
            scribe: None,
            changed: BTreeSet::new(),
        })
    }

    /// How many rows it took so far.
    pub fn rows(&self) -> u64 {
        self.counts.rows
    }

    /// What new deals are judged by, for a thread that reads ahead.
    pub fn outlook(&self) -> Outlook {
        self.outlook.clone()
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

    /// Takes a row and says what became of it; every [`CHUNK`] rows they become durable.
    pub fn row(&mut self, row: Incoming) -> Result<(Option<DealId>, Fate), StoreError> {
        let judged = self.outlook.judge(row);
        self.judged(&judged)
    }

    /// Takes a row that was judged ahead, as [`Intake::row`] does.
    pub fn judged(&mut self, row: &Judged) -> Result<(Option<DealId>, Fate), StoreError> {
        let taken = self.write(|intake| intake.take_deal(row))?;
        self.counts.add(&taken.1);
        Ok(taken)
    }

    /// Writes a row into the chunk, which is begun for the first one and ends with the last.
    fn write<T>(
        &mut self,
        row: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let path = self.store.path();
        if self.written >= CHUNK {
            self.flush()?;
        }
        if self.chunk.is_none() {
            self.chunk = Some(self.store.immediate().map_err(|e| e.at(path))?);
            let looked = self.numbers.look(self.store.conn());
            looked.doing("numbering rows").map_err(|e| e.at(path))?;
        }
        self.written += 1;
        row(self).map_err(|e| e.at(path))
    }

    /// Makes durable what was written; nothing is locked then.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let Some(tx) = self.chunk.take() else {
            return Ok(());
        };
        if self.written > ROOMY && self.room.is_none() && !self.store.is_in_memory() {
            self.room = Room::keep(self.store.path(), 1)?;
        }
        self.written = 0;
        let changed: Vec<DealId> = std::mem::take(&mut self.changed)
            .into_iter()
            .map(DealId)
            .collect();
        let end = || -> Result<(), StoreError> {
            self.deals.list()?;
            eval::renew(&tx, self.store.judge(), &changed, self.stamp.today)?;
            for deal in &changed {
                search::mark(&tx, *deal)?;
            }
            tx.commit().doing("saving the import")?;
            self.chunks += 1;
            self.write_back()
        };
        end().map_err(|e| e.at(self.store.path()))?;
        open::give_turn();
        Ok(())
    }

    /// Writes back what the log holds. A long load leaves that to another thread, and waits for all
    /// of it every few chunks: only then does the log begin anew.
    fn write_back(&mut self) -> Result<(), StoreError> {
        if self.chunks == LONG && !self.store.is_in_memory() {
            // What is kept is given up first.
            self.room = None;
            match Room::keep(self.store.path(), BEHIND as u64) {
                Ok(room) => {
                    self.room = room;
                    self.scribe = Some(Scribe::start(&self.store.entrance())?);
                }
                // A disk without room for so many chunks may have it for one.
                Err(error) if error.is_full() => self.room = Room::keep(self.store.path(), 1)?,
                Err(error) => return Err(error),
            }
        }
        match &mut self.scribe {
            Some(scribe) if !self.chunks.is_multiple_of(BEHIND) => scribe.ask(),
            Some(scribe) => {
                scribe.wait()?;
                log::write_back(self.store.conn())
            }
            None => log::write_back(self.store.conn()),
        }
    }

    /// Sets the memory for pages, or for what is sorted, in KiB.
    fn room(&self, kib: i64) -> Result<(), StoreError> {
        let conn = self.store.conn();
        let set = conn.pragma_update(None, "cache_size", -kib);
        set.doing("setting the memory")
    }

    /// Builds the indexes of tables, if they were put off.
    fn build(&self, tables: &[&str]) -> Result<(), StoreError> {
        if !self.is_put_off {
            return Ok(());
        }
        let build = || -> Result<(), StoreError> {
            for table in tables {
                let tx = self.store.immediate()?;
                indexes::build(&tx, &[table])?;
                tx.commit().doing("building the indexes")?;
                log::write_back(self.store.conn())?;
            }
            Ok(())
        };
        build().map_err(|e| e.at(self.store.path()))
    }

    /// Ends the import: what waits goes in, the action is done, and deals whose silence is now
    /// counted to a newer record are evaluated again.
    ///
    /// An import that changed nothing leaves no action behind, only the date of the record.
    ///
    /// # Errors
    ///
    /// What could not be written; all of the import is then taken back, now or by the next
    /// program that comes.
    pub fn finish(self) -> Result<Taken, StoreError> {
        self.finish_telling(&mut |_| Ok(()))
    }

    /// Ends the import as [`Intake::finish`] does, and tells what it is at: who answers with an error
    /// has it taken back, or, when it is in, stops the judging.
    ///
    /// # Errors
    ///
    /// As for [`Intake::finish`], and what was answered.
    pub fn finish_telling(mut self, tell: Telling<'_>) -> Result<Taken, StoreError> {
        match self.end(tell) {
            Ok(action) => Ok(Taken {
                action,
                counts: self.counts,
            }),
            Err(error) => {
                // The error that made it fail says more than most of taking it back.
                match self.cancel() {
                    Err(left @ StoreError::NotTakenBack { .. }) => Err(left),
                    Ok(()) | Err(_) => Err(error),
                }
            }
        }
    }

    fn end(&mut self, tell: Telling<'_>) -> Result<Option<ActionId>, StoreError> {
        self.flush()?;
        // No row comes any more.
        self.met = Seen::default();
        self.scribe = None;
        log::write_back(self.store.conn()).map_err(|e| e.at(self.store.path()))?;
        self.room(SORT)?;
        tell(Ending::Sorting)?;
        let has_ages = self.build_and_age()?;
        self.renew_touched(tell)?;
        tell(Ending::Sorting)?;
        self.build(&["deal_eval"])?;
        self.list_older().map_err(|e| e.at(self.store.path()))?;
        let is_change = self.close(has_ages).map_err(|e| e.at(self.store.path()))?;
        // The import is done. What cannot be judged now is on the next occasion.
        let _ = self.judge_older(tell);
        log::empty(self.store.conn());
        Ok(is_change.then_some(self.action))
    }

    /// Lists the older deals that the import bears on as due to be judged.
    fn list_older(&self) -> Result<(), StoreError> {
        let (conn, touched) = (self.store.conn(), self.touched.deals());
        let older = eval::older(conn, self.batch, self.last, &self.before, touched)?;
        for deals in older.chunks(CHUNK) {
            let tx = self.store.immediate()?;
            eval::judge_again(&tx, deals.iter().copied())?;
            tx.commit().doing("listing deals to evaluate")?;
            self.store.upkeep.between_steps(self.store.conn())?;
        }
        Ok(())
    }

    /// Judges them, in steps that let others write.
    fn judge_older(&self, tell: Telling<'_>) -> Result<(), StoreError> {
        let left = || eval::due(self.store.conn(), self.stamp.today);
        let (mut done, mut of) = (0, left()?);
        self.store.renew_day(self.stamp.today, |judged| {
            done += judged as u64;
            // What was counted meanwhile may have listed others.
            if judged == 0 {
                of = done + left()?;
            }
            tell(Ending::Judging {
                done,
                of: of.max(done),
                is_in: true,
            })
        })
    }

    /// Writes that the import is done; false where it changed nothing. Whether the ages of the won
    /// deals are those of its deals is told.
    fn close(&self, has_ages: bool) -> Result<bool, StoreError> {
        let tx = self.store.immediate()?;
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
        if unchanged == 0 {
            eval::stats::forget_days(&tx, !has_ages).doing("ending the import")?;
        }
        tx.commit().doing("ending the import")?;
        Ok(unchanged == 0)
    }

    /// Stops the import and takes back what it wrote.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotTakenBack`] where the disk has no room for that.
    pub fn cancel(self) -> Result<(), StoreError> {
        let Self {
            store,
            lock,
            chunk,
            room,
            loading,
            scribe,
            ..
        } = self;
        drop(scribe);
        drop(chunk);
        drop((loading, room));
        // What was not saved is in the log still, and may be what fills the disk.
        log::empty(store.conn());
        match take_back_unfinished(store, lock.as_ref()) {
            Err(error) if error.is_full() => Err(StoreError::NotTakenBack {
                path: store.path().to_owned(),
            }),
            Err(error) => Err(error),
            Ok(_) => {
                log::empty(store.conn());
                Ok(())
            }
        }
    }
}

/// How a connection works while an import runs: with other memory for pages, sorting by two threads,
/// and without the schema's checks of words. All words that a load writes are spelled by
/// enums of ours, and each check builds a table of its words for every row: a third of the time of
/// writing a deal.
#[derive(Debug)]
struct Loading<'s>(&'s Connection);

impl<'s> Loading<'s> {
    fn begin(conn: &'s Connection, is_put_off: bool) -> rusqlite::Result<Self> {
        let loading = Self(conn);
        let cache = if is_put_off { CACHE_OF_ROWS } else { CACHE };
        conn.pragma_update(None, "cache_size", -cache)?;
        conn.pragma_update(None, "threads", 1)?;
        conn.pragma_update(None, "ignore_check_constraints", true)?;
        conn.pragma_update(None, "foreign_keys", false)?;
        Ok(loading)
    }

    /// From now on rows come that belong to others, which may be gone meanwhile: what a deal's own
    /// rows refer to is written with them.
    fn belonging(&self) -> rusqlite::Result<()> {
        self.0.pragma_update(None, "foreign_keys", true)
    }
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        // A connection that could not be set back is one that failed, and ends with its store.
        let _ = self
            .0
            .pragma_update(None, "ignore_check_constraints", false);
        let _ = self.belonging();
        let _ = self.0.pragma_update(None, "threads", 0);
        let _ = self.0.pragma_update(None, "cache_size", -open::CACHE);
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
    if store.is_in_memory() {
        return Ok(None);
    }
    let lock = open::import_lock(store.path())?;
    lock.map(Some).ok_or_else(|| {
        StoreError::refused(
            "another program is importing into this pipeline",
            "wait until it has finished, or cancel it there",
        )
    })
}

#[cfg(test)]
#[path = "intake_part_tests.rs"]
mod part_tests;

#[cfg(test)]
mod tests {
    use super::super::{Access, Judge};
    use super::*;
    use crate::domain::verdict::Thresholds;

    #[test]
    fn a_connection_is_after_a_load_what_it_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let judge = Judge::new(Vec::new(), Thresholds::default());
        let store =
            Store::open(&path, Access::Create, chrono::DateTime::UNIX_EPOCH, judge).unwrap();
        let settings = || -> Vec<i64> {
            let names = [
                "synchronous",
                "foreign_keys",
                "cache_size",
                "threads",
                "ignore_check_constraints",
            ];
            let of = |name| {
                store
                    .conn()
                    .pragma_query_value(None, name, |r| r.get(0))
                    .unwrap()
            };
            names.map(of).to_vec()
        };

        let before = settings();
        let loading = Loading::begin(store.conn(), true).unwrap();
        let meanwhile = settings();
        drop(loading);

        let (sync, others) = (0, 1);
        assert_eq!(meanwhile[sync], before[sync], "each chunk is durable");
        let mut others = before[others..].iter().zip(&meanwhile[others..]);
        assert!(others.all(|(before, then)| before != then));
        assert_eq!(settings(), before);
    }
}
