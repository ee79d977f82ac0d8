//! The only home of SQL: a pipeline's file, its journal and what is derived from both.
//!
//! A [`Store`] is one connection. Cockpit and commands read through it and write by handing it
//! an [`Act`]; an import goes in through [`Intake`]. Every write is one action of the journal,
//! so everything can be undone. What is derived (`deal_eval`, the search index) is renewed in
//! the transaction that changes what it is derived from, and is never journalled.

mod acts;
mod after;
mod backup;
mod bound;
mod closed;
mod dates;
mod detail;
mod error;
mod eval;
mod facts;
mod filter;
mod firings;
mod indexes;
mod insights;
mod intake;
mod journal;
mod judgement;
mod ledger;
mod list;
mod log;
mod map;
mod mapping;
mod met;
mod migrate;
mod open;
mod own;
mod regrets;
mod restore;
mod review;
mod rows;
mod search;
mod told;
mod triage;
mod tripwires;
mod vocabulary;
mod week;

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

pub use closed::ClosedDeal;
pub use error::StoreError;
pub use eval::{Counted, Facts, Judge, Renewal};
pub use facts::{Overview, SavedView, Today};
pub use intake::{
    Assumed, Belongs, CHUNK, Counts, Difference, DryRun, Fate, Incoming, IncomingContact,
    IncomingMove, IncomingNote, IncomingTouch, Intake, Judged, Outlook, Part, PartKind, Plan,
    Taken, Telling, WhatBecame,
};
pub use journal::{ChangeView, Concerned, Entry, Place, Stamp};
pub use judgement::Judgement;
pub use list::Matches;
pub use mapping::Mapping;
pub use migrate::newest as newest_schema;
pub use open::{Access, TURN};
pub use own::{OwnIntake, OwnParts, OwnRow};
pub use restore::{Health, SAFE_SQLITE, is_sqlite_safe, restore, sqlite_version};
pub use told::{Said, Standing};

use crate::domain::act::Act;
use crate::domain::deal::{Beside, Detail, Done, ListRow, SupportLoad};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::shown::Name;
use crate::domain::signal::{Row, SignalId};
use crate::domain::view::{Index, ListQuery};
use error::Doing;
use journal::Journal;

/// One connection to a pipeline file.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    /// Which file was at the path when it was opened; `None` in memory.
    file: Option<open::FileId>,
    read_only: bool,
    judge: Judge,
    upkeep: log::Upkeep,
    /// Says to others that the file is in use; `None` for further connections of one program.
    _open: Option<std::fs::File>,
}

/// Opens further connections to a pipeline that is open; holds none itself.
#[derive(Clone, Debug)]
pub struct Entrance {
    path: PathBuf,
    file: Option<open::FileId>,
    read_only: bool,
    judge: Judge,
}

impl Entrance {
    /// Opens one more connection.
    ///
    /// # Errors
    ///
    /// Those of opening it.
    pub fn open(&self) -> Result<Store, StoreError> {
        Ok(Store {
            conn: open::again(&self.path, self.read_only)?,
            path: self.path.clone(),
            file: self.file,
            read_only: self.read_only,
            judge: self.judge.clone(),
            upkeep: log::Upkeep::default(),
            _open: None,
        })
    }
}

impl Store {
    /// Opens a pipeline, or makes it where `access` says so, and brings an older one up to date.
    ///
    /// # Errors
    ///
    /// See [`StoreError`]; the file is then as it was.
    pub fn open(
        path: &Path,
        access: Access,
        now: DateTime<Utc>,
        mut judge: Judge,
    ) -> Result<Self, StoreError> {
        let opened = open::open(path, access, now)?;
        judge.take_up(&opened.conn).map_err(|e| e.at(path))?;
        Ok(Self {
            conn: opened.conn,
            file: open::file_at(&opened.path),
            path: opened.path,
            read_only: opened.read_only,
            judge,
            upkeep: log::Upkeep::default(),
            _open: opened.lock,
        })
    }

    /// A private pipeline in memory.
    pub fn in_memory(now: DateTime<Utc>, judge: Judge) -> Result<Self, StoreError> {
        let opened = open::in_memory(now)?;
        Ok(Self {
            conn: opened.conn,
            file: None,
            path: opened.path,
            read_only: false,
            judge,
            upkeep: log::Upkeep::default(),
            _open: None,
        })
    }

    /// The way to further connections to the same file, for other threads.
    pub fn entrance(&self) -> Entrance {
        Entrance {
            path: self.path.clone(),
            file: self.file,
            read_only: self.read_only,
            judge: self.judge.clone(),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is no file.
    fn is_in_memory(&self) -> bool {
        self.path.as_os_str() == ":memory:"
    }

    /// Whether the file can only be read.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The question bank in force and the thresholds.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Starts a write: from here on no other program writes until it ends.
    fn immediate(&self) -> Result<Transaction<'_>, StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly {
                path: self.path.clone(),
            });
        }
        // SQLite goes on writing into a file without a name, where nobody would find it again.
        if self.file.is_some() && open::file_at(&self.path) != self.file {
            return Err(StoreError::Moved {
                path: self.path.clone(),
            });
        }
        Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate).doing("writing")
    }

    fn at<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        result.map_err(|e| e.at(&self.path))
    }

    // Reading --------------------------------------------------------------------------

    /// Begins to read the file as it is at one moment: until [`Store::let_go`], what others write
    /// is not seen, and the locks are taken once instead of with each statement. Nothing is to be
    /// written meanwhile. Returns false where that began before, and ends where it began.
    pub fn hold(&self) -> Result<bool, StoreError> {
        let is_free = self.conn.is_autocommit();
        if is_free {
            self.at(self.conn.execute_batch("BEGIN").doing("reading"))?;
        }
        Ok(is_free)
    }

    /// Ends what [`Store::hold`] began.
    pub fn let_go(&self) -> Result<(), StoreError> {
        self.at(self.conn.execute_batch("COMMIT").doing("reading"))
    }

    /// Builds the ordered index of a list: which deals, in which order, under which headings.
    ///
    /// `who` is the person whose own deals `owner:me` means.
    pub fn index(
        &self,
        query: &ListQuery,
        today: NaiveDate,
        who: &str,
    ) -> Result<Index, StoreError> {
        let me = self.owner_of(who)?;
        let (conn, judge) = (&self.conn, &self.judge);
        self.at(list::index(conn, judge, query, today, me.as_deref(), None))
    }

    /// The date of the record, which is that of the newest import.
    pub fn record_day(&self) -> Result<Option<NaiveDate>, StoreError> {
        self.at(facts::record_day(&self.conn).doing("reading the date of the record"))
    }

    /// Whether the pipeline never had more than so many deals.
    pub fn has_at_most(&self, deals: u32) -> Result<bool, StoreError> {
        let read = || -> rusqlite::Result<bool> {
            self.conn
                .prepare_cached("SELECT ifnull(max(id), 0) <= ?1 FROM deal")?
                .query_row([deals], |r| r.get(0))
        };
        self.at(read().doing("counting the deals"))
    }

    /// Builds the beginning of an index: all of it where it has fewer than `most` deals.
    pub fn index_begin(
        &self,
        query: &ListQuery,
        today: NaiveDate,
        who: &str,
        most: usize,
    ) -> Result<Index, StoreError> {
        let me = self.owner_of(who)?;
        let (conn, judge) = (&self.conn, &self.judge);
        let most = Some(most);
        self.at(list::index(conn, judge, query, today, me.as_deref(), most))
    }

    /// The first hits of a search by words, by their numbers, while the whole set is still to be
    /// found; `None` for any other query.
    pub fn first_hits(&self, query: &ListQuery) -> Result<Option<Vec<u32>>, StoreError> {
        self.at(list::first_hits(&self.conn, query))
    }

    /// Reads the rows of deals, in the order given; deals that are gone are left out.
    pub fn rows(&self, ids: &[DealId]) -> Result<Vec<ListRow>, StoreError> {
        self.at(list::rows(&self.conn, &self.judge, ids))
    }

    /// Reads a deal with all that its panes show; `None` when there is no such deal.
    pub fn detail(&self, deal: DealId) -> Result<Option<Detail>, StoreError> {
        self.at(detail::read(&self.conn, &self.judge, deal))
    }

    /// Finds the rows that raise a signal of a deal; none where it is not on.
    pub fn signal_rows(
        &self,
        deal: DealId,
        signal: SignalId,
        today: NaiveDate,
    ) -> Result<Vec<Row>, StoreError> {
        self.at(eval::rows_of(&self.conn, &self.judge, deal, signal, today))
    }

    /// Finds every signal of a deal with the rows that raise it.
    pub fn raised(
        &self,
        deal: DealId,
        today: NaiveDate,
    ) -> Result<Vec<(SignalId, Vec<Row>)>, StoreError> {
        self.at(eval::raised(&self.conn, &self.judge, deal, today))
    }

    /// Finds a deal that is worth at least twice as much as this one and took fewer hours; `None`
    /// where there is none among the largest, or no value or hours are known.
    pub fn beside(&self, deal: DealId) -> Result<Option<Beside>, StoreError> {
        self.at(detail::beside(&self.conn, deal))
    }

    /// What they ask of us since our first offer, up to a day; `None` where the record cannot know.
    pub fn support(
        &self,
        deal: DealId,
        today: NaiveDate,
    ) -> Result<Option<SupportLoad>, StoreError> {
        self.at(detail::support(&self.conn, deal, today))
    }

    /// Finds the one deal that words name: a number, `source:id`, or words of account and title.
    pub fn find(&self, words: &str) -> Result<Matches, StoreError> {
        self.at(list::find(&self.conn, words))
    }

    /// What the header and the welcome screen tell of the file.
    pub fn overview(&self, stamp: &Stamp) -> Result<Overview, StoreError> {
        self.at(facts::overview(
            &self.conn,
            self.judge().bank(),
            stamp,
            true,
        ))
    }

    /// The same without the views: counting them takes as long as all the rest.
    pub fn overview_without_views(&self, stamp: &Stamp) -> Result<Overview, StoreError> {
        self.at(facts::overview(
            &self.conn,
            self.judge().bank(),
            stamp,
            false,
        ))
    }

    /// Reads actions of the journal, the latest first.
    pub fn journal(
        &self,
        deal: Option<DealId>,
        before: Option<ActionId>,
        since: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.at(journal::entries(&self.conn, deal, before, since, limit))
    }

    /// Reads what one action changed.
    pub fn changes(&self, action: ActionId) -> Result<Vec<ChangeView>, StoreError> {
        self.at(journal::changes(&self.conn, action))
    }

    /// Which deal an action concerns, where it is one, and how many changes it wrote.
    pub fn concerned(&self, action: ActionId) -> Result<Concerned, StoreError> {
        self.at(journal::concerned(&self.conn, action))
    }

    /// What a deal is called: its account, or where there is none its title.
    pub fn name(&self, deal: DealId) -> Result<Option<Name>, StoreError> {
        self.at(detail::name_of(&self.conn, deal))
    }

    /// Reads one action; `None` when there is none of that number.
    pub fn action(&self, action: ActionId) -> Result<Option<Entry>, StoreError> {
        self.at(journal::find(&self.conn, action))
    }

    /// The latest action that stands, but for undos: of an import only, with `imports`.
    pub fn latest(&self, imports: bool) -> Result<Option<Entry>, StoreError> {
        self.at(journal::latest(&self.conn, imports))
    }

    /// The sources of all deals.
    pub fn deal_sources(&self) -> Result<Vec<String>, StoreError> {
        self.at(intake::sources_of_deals(&self.conn))
    }

    /// The title of the deal of a source that has a key; `None` where there is none.
    pub fn title_of(&self, source: &str, key: &str) -> Result<Option<String>, StoreError> {
        let found = self
            .conn
            .prepare_cached("SELECT title FROM deal WHERE source = ?1 AND key = ?2")
            .and_then(|mut s| s.query_row([source, key], |r| r.get(0)).optional());
        self.at(found.doing("looking up a deal"))
    }

    /// The source of deals to which a CRM's further files belong: that CRM's own, whatever its
    /// portal, where there is one and only one; else the name itself.
    pub fn home_of(&self, source: &str) -> Result<String, StoreError> {
        self.at(intake::home_of(&self.conn, source))
    }

    /// The name under which the person's own deals stand in the record; `None` until said.
    pub fn owner_of(&self, who: &str) -> Result<Option<String>, StoreError> {
        self.at(facts::owner_of(&self.conn, who))
    }

    /// How often the file was written by others so far; a change means: look again.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.at(self
            .conn
            .query_row("PRAGMA data_version", [], |r| r.get(0))
            .doing("looking for changes of others"))
    }

    /// Stops a running query from another thread.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(self.conn.get_interrupt_handle())
    }

    // Writing --------------------------------------------------------------------------

    /// Carries out an act as one action.
    pub fn act(&mut self, stamp: &Stamp, act: &Act) -> Result<Done, StoreError> {
        let done = self.at(acts::run(self, stamp, act))?;
        if let Act::UseBank { .. } | Act::Learn { .. } = act {
            self.refresh_bank()?;
        }
        Ok(done)
    }

    /// Writes what is to be handed to the other one of two who seal on two machines: a
    /// commitment first, and the answers once the other one's commitment was taken. Returns what
    /// was done, and the text of the file.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] where nothing is sealed, or it was sealed anew since the commitment.
    pub fn write_seals(&mut self, stamp: &Stamp) -> Result<(Done, String), StoreError> {
        self.at(acts::write_seals(self, stamp))
    }

    /// Takes a file of another person's seals: a commitment, or answers that agree with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for any other file, with nothing kept.
    pub fn take_seals(&mut self, stamp: &Stamp, text: &str) -> Result<Done, StoreError> {
        self.at(acts::take_seals(self, stamp, text))
    }

    /// Takes back the person's latest action of this session that still stands.
    pub fn undo(&mut self, stamp: &Stamp) -> Result<Done, StoreError> {
        let entry = self.at(journal::undoable(&self.conn, &stamp.who, &stamp.session))?;
        let entry = entry.ok_or(StoreError::Nothing { verb: "undo" })?;
        self.undo_action(stamp, entry.id)
    }

    /// Takes back any action that still stands, an import too.
    ///
    /// Of an import, what a person worked on since is left as it is: `deals` of the result
    /// then lists those deals, and its words say so.
    pub fn undo_action(&mut self, stamp: &Stamp, action: ActionId) -> Result<Done, StoreError> {
        let Some(entry) = self.action(action)? else {
            return Err(StoreError::refused(
                format!("there is no action {action}"),
                "`walkaway journal` lists them",
            ));
        };
        if let Some(by) = entry.undone_by {
            return Err(StoreError::refused(
                format!("“{}” is undone already, by action {by}", entry.what),
                "",
            ));
        }
        if entry.state != "done" {
            return Err(StoreError::refused(
                format!("“{}” is not finished", entry.what),
                "an unfinished import is taken back by itself",
            ));
        }
        // Taking back an undo is doing again, whichever way it is asked for.
        let (kind, plain) = match entry.what.strip_prefix("Undid: ") {
            Some(plain) if entry.kind == "undo" => ("redo", plain.to_owned()),
            Some(_) | None => ("undo", entry.what.clone()),
        };
        let done = self.at(self.reverse(stamp, &[entry], kind, &plain))?;
        self.refresh_bank()?;
        Ok(done)
    }

    /// Redoes the person's latest undo, of this session only when `session_only`.
    pub fn redo(&mut self, stamp: &Stamp, session_only: bool) -> Result<Done, StoreError> {
        let session = session_only.then_some(stamp.session.as_str());
        let entry = self.at(journal::redoable(&self.conn, &stamp.who, session))?;
        let entry = entry.ok_or(StoreError::Nothing { verb: "redo" })?;
        let plain = entry
            .what
            .strip_prefix("Undid: ")
            .unwrap_or(&entry.what)
            .to_owned();
        let done = self.at(self.reverse(stamp, &[entry], "redo", &plain))?;
        self.refresh_bank()?;
        Ok(done)
    }

    /// Takes back everything that came after an action, as one action.
    pub fn undo_to(&mut self, stamp: &Stamp, action: ActionId) -> Result<Done, StoreError> {
        let Some(entry) = self.action(action)? else {
            return Err(StoreError::refused(
                format!("there is no action {action}"),
                "`walkaway journal` lists them",
            ));
        };
        let later = self.at(journal::after(&self.conn, action))?;
        if later.is_empty() {
            return Err(StoreError::Nothing { verb: "undo" });
        }
        let count = match later.len() {
            1 => "1 action".to_owned(),
            count => format!("{count} actions"),
        };
        let what = format!("{count}, back to “{}”", entry.what);
        let done = self.at(self.reverse(stamp, &later, "undo", &what))?;
        self.refresh_bank()?;
        Ok(done)
    }

    /// Takes back actions, the latest first, as one action.
    fn reverse(
        &self,
        stamp: &Stamp,
        entries: &[Entry],
        kind: &str,
        plain: &str,
    ) -> Result<Done, StoreError> {
        let tx = self.immediate()?;
        let what = if kind == "redo" {
            plain.to_owned()
        } else {
            format!("Undid: {plain}")
        };
        let ids: Vec<ActionId> = entries.iter().map(|e| e.id).collect();
        let mut journal = Journal::begin_undoing(&tx, stamp, kind, &what, &ids)?;
        let mut kept = Vec::new();
        for entry in entries {
            if entry.kind == "import" {
                kept.extend(intake::undo(&tx, &mut journal, entry.id)?);
            } else {
                journal.reverse_all(entry)?;
            }
        }
        let (action, touched) = journal.finish(&what)?;
        for deal in &touched {
            search::mark(&tx, *deal)?;
        }
        let mut judge = self.judge.clone();
        if judge.take_up(&tx)? {
            eval::rebuild(&tx, &judge, stamp.today)?;
        } else {
            eval::renew(&tx, &judge, &touched, stamp.today)?;
            eval::renew_people(&tx, &judge, action, stamp.today)?;
        }
        tx.commit().doing("saving")?;
        let left = if kept.is_empty() {
            Vec::new()
        } else {
            let numbers: Vec<String> = kept.iter().take(10).map(ToString::to_string).collect();
            let more = if kept.len() > 10 { ", …" } else { "" };
            let stay = match kept.len() {
                1 => "1 deal stays as it is, because it was".to_owned(),
                n => format!("{n} deals stay as they are, because they were"),
            };
            vec![format!(
                "{stay} worked on since: {}{more}",
                numbers.join(", ")
            )]
        };
        Ok(Done {
            action: Some(action),
            what,
            deals: touched,
            hours_back: None,
            left,
        })
    }

    /// Takes up a question bank that another connection put in force, and what banks learnt.
    pub fn refresh_bank(&mut self) -> Result<(), StoreError> {
        let taken = self.judge.take_up(&self.conn);
        self.at(taken).map(|_| ())
    }

    /// Evaluates every open deal, in one transaction.
    pub fn renew_all(&self, today: NaiveDate) -> Result<(), StoreError> {
        let work = || -> Result<(), StoreError> {
            let tx = self.immediate()?;
            eval::rebuild(&tx, &self.judge, today)?;
            tx.commit().doing("evaluating all deals")
        };
        self.at(work())
    }

    /// Evaluates the deals that a new day changes, in steps that let others write and that do not
    /// fill the log; after each step it tells how many it judged in it.
    ///
    /// # Errors
    ///
    /// That of a step, and what `tell` returns; the steps before it stay.
    pub fn renew_day(
        &self,
        today: NaiveDate,
        mut tell: impl FnMut(usize) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut unsaved = 0;
        loop {
            let judged = match self.renew_some(today)? {
                Renewal::Judged(judged) => judged,
                Renewal::ToCount => {
                    self.keep(self.count(today)?, today)?;
                    0
                }
                Renewal::Done => return Ok(()),
            };
            unsaved += judged;
            if unsaved > CHUNK {
                self.at(self.upkeep.between_steps(&self.conn))?;
                unsaved = 0;
            }
            tell(judged)?;
            open::give_turn();
        }
    }

    /// Evaluates some of the deals that a new day changes, in a transaction of some thirty
    /// milliseconds, unless figures of the whole file are to be counted first.
    pub fn renew_some(&self, today: NaiveDate) -> Result<Renewal, StoreError> {
        let work = || -> Result<Renewal, StoreError> {
            if !eval::is_due(&self.conn, today)? {
                return Ok(Renewal::Done);
            }
            let tx = self.immediate()?;
            let renewal = eval::renew_some(&tx, &self.judge, today)?;
            tx.commit().doing("evaluating the deals for a new day")?;
            Ok(renewal)
        };
        self.at(work())
    }

    /// Counts the figures of the whole file that a new day renews next. It takes as long as the file
    /// is large, and locks nothing.
    pub fn count(&self, today: NaiveDate) -> Result<Counted, StoreError> {
        self.at(Counted::count(&self.conn, &self.judge, today))
    }

    /// Keeps figures that were counted; those that an import overtook are to be counted again.
    pub fn keep(&self, counted: Counted, today: NaiveDate) -> Result<(), StoreError> {
        let work = || -> Result<(), StoreError> {
            let tx = self.immediate()?;
            eval::keep(&tx, counted, today)?;
            tx.commit().doing("keeping the figures of the file")
        };
        self.at(work())
    }

    /// Brings the search index up by at most `limit` deals and returns how many it did.
    pub fn index_search(&mut self, limit: usize) -> Result<usize, StoreError> {
        let done = search::catch_up(&mut self.conn, limit);
        self.at(done)
    }

    /// Whether the search index lacks more than so many deals.
    pub fn has_more_to_index(&self, than: usize) -> Result<bool, StoreError> {
        self.at(search::lacks_more(&self.conn, than))
    }

    /// Takes back imports that were not finished, unless another program is importing; how many.
    pub fn take_back_unfinished(&self) -> Result<usize, StoreError> {
        if self.read_only {
            return Ok(0);
        }
        match open::import_lock(&self.path) {
            Ok(Some(lock)) => intake::take_back_unfinished(self, Some(&lock)),
            // Whoever imports next tells why there is no lock.
            Ok(None) | Err(_) => Ok(0),
        }
    }

    /// Whether an import is under way, in whatever program: at its end it judges what is due.
    pub fn is_importing(&self) -> bool {
        let has_lock = !self.read_only && !self.is_in_memory();
        has_lock && matches!(open::import_lock(&self.path), Ok(None))
    }

    /// Writes back what the write-ahead log holds.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.at(log::write_back(&self.conn))
    }

    /// Writes back what the write-ahead log holds, and empties one that is long; false where others
    /// use a long one just now: work for which nobody waits is to rest then. It is not for ever, as
    /// one of them may be a program that was stopped.
    pub fn keep_log_short(&self) -> Result<bool, StoreError> {
        self.at(self.upkeep.may_go_on(&self.conn))
    }

    /// Reads a value that the program keeps in the file for itself.
    pub fn memory(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.at(self
            .conn
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get(0))
            .optional()
            .doing("reading what was kept"))
    }

    /// Keeps a value for the program itself, such as the place in the list; not journalled.
    pub fn remember(&self, key: &str, value: &str) -> Result<(), StoreError> {
        if self.read_only {
            return Ok(());
        }
        self.at(self
            .conn
            .execute(
                "INSERT INTO meta(key, value) VALUES(?1, ?2)
                     ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
            .map(|_| ())
            .doing("keeping the place"))
    }

    // Care -----------------------------------------------------------------------------

    /// Copies the pipeline to a file that then exists whole and checked, or not at all.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        backup::copy(&self.conn, to)
    }

    /// Looks for damage: quickly, or with `deep` through every index and the search index.
    ///
    /// Returns what is wrong; nothing when the file is well.
    pub fn check(&self, deep: bool) -> Result<Vec<String>, StoreError> {
        self.at(facts::check(&self.conn, deep))
    }
}

/// Stops what a store is reading, from another thread.
pub struct Interrupt(rusqlite::InterruptHandle);

impl Interrupt {
    /// Stops it; the reading ends as [`StoreError::Cancelled`].
    pub fn stop(&self) {
        self.0.interrupt();
    }
}

#[cfg(test)]
mod intake_tests;
#[cfg(test)]
mod review_tests;
#[cfg(test)]
mod seen_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod undo_tests;
#[cfg(test)]
mod work_tests;
