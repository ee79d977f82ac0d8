//! The rows of all files of deals, one after the other, in constant memory.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bytes::Counts;
use super::check_cancel;
use super::deal::Outcome;
use super::error::ImportError;
use super::fold::{Along, Folds};
use super::frame::Frame;
use super::input::Input;
use super::lookup::Lookups;
use super::sniff::Sniffed;
use super::table::{self, Cells, Table};
use super::words::Known;
use crate::domain::load::Ending;

/// A file of deals, ready to be read.
#[derive(Debug)]
pub(crate) struct DealFile {
    pub(crate) input: Input,
    pub(crate) sniffed: Sniffed,
    pub(crate) keys: Vec<String>,
    /// Rows up to and with the header.
    pub(crate) above: usize,
    pub(crate) frame: Frame,
    /// What rows of one deal are, where a deal stands on several.
    pub(crate) folds: Option<Folds>,
}

impl DealFile {
    /// Opens the rows below the header.
    pub(crate) fn open(&self, counts: Arc<Counts>) -> Result<Box<dyn Table>, ImportError> {
        let mut table = table::open(&self.input, &self.sniffed, &self.keys, counts)?;
        let mut cells = Cells::new();
        for _ in 0..self.above {
            table.read(&mut cells)?;
        }
        Ok(table)
    }
}

/// How many rows were read and what became of them: `rows = deals + skipped + refused`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows below the headers that are not blank.
    pub rows: u64,
    /// Rows that are deals.
    pub deals: u64,
    /// Rows that are none.
    pub skipped: u64,
    /// Rows that cannot be read.
    pub refused: u64,
    /// Deals with text that was cut.
    pub cut: u64,
    /// NUL characters dropped.
    pub nuls: u64,
    /// Bytes that were not of the encoding.
    pub strays: u64,
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// Bytes of all files of deals.
    pub total: u64,
    /// What the import is at when all is read.
    pub ending: Option<Ending>,
}

/// The outcomes of all rows. After an error there are no more rows of that file.
pub struct Rows {
    files: Arc<[DealFile]>,
    lookups: Arc<Lookups>,
    cancel: Option<Arc<AtomicBool>>,
    /// The file that is read, and its rows.
    at: usize,
    table: Option<Box<dyn Table>>,
    along: Option<Along>,
    row: u64,
    cells: Cells,
    counts: Arc<Counts>,
    done: u64,
    tally: Tally,
    known: Known,
    is_over: bool,
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("at", &self.at)
            .field("tally", &self.tally)
            .finish_non_exhaustive()
    }
}

impl Rows {
    pub(crate) fn new(
        files: Arc<[DealFile]>,
        lookups: Arc<Lookups>,
        cancel: Option<Arc<AtomicBool>>,
    ) -> Self {
        Self {
            files,
            lookups,
            cancel,
            at: 0,
            table: None,
            along: None,
            row: 0,
            cells: Cells::new(),
            counts: Arc::default(),
            done: 0,
            tally: Tally::default(),
            known: Known::default(),
            is_over: false,
        }
    }

    /// Returns the counts so far.
    pub fn tally(&self) -> Tally {
        Tally {
            nuls: self.tally.nuls + self.counts.nuls.load(Ordering::Relaxed),
            strays: self.tally.strays + self.counts.strays.load(Ordering::Relaxed),
            ..self.tally
        }
    }

    /// Returns how far the reading is.
    pub fn progress(&self) -> Progress {
        let total = self.files.iter().map(|file| file.sniffed.size).sum();
        let read = self.done + self.counts.read.load(Ordering::Relaxed);
        Progress {
            read: read.min(total),
            total,
            ending: None,
        }
    }

    fn step(&mut self) -> Result<Option<Outcome>, ImportError> {
        loop {
            check_cancel(self.cancel.as_ref())?;
            let Some(file) = self.files.get(self.at) else {
                return Ok(None);
            };
            let table = if let Some(table) = &mut self.table {
                table
            } else {
                self.along = file.folds.as_ref().map(Folds::along).transpose()?;
                self.table.insert(file.open(Arc::clone(&self.counts))?)
            };
            let Some(place) = table.read(&mut self.cells)? else {
                file.input.check()?;
                self.next_file();
                continue;
            };
            self.row += 1;
            let Self {
                along,
                cells,
                lookups,
                known,
                row,
                ..
            } = self;
            let mut judge =
                |cells: &Cells, place, row| file.frame.judge(cells, place, row, lookups, known);
            let outcome = judge(cells, place, *row);
            return match along {
                Some(along) => along.take(outcome, judge).map(Some),
                None => Ok(Some(outcome)),
            };
        }
    }

    fn next_file(&mut self) {
        self.tally = self.tally();
        self.done += self.files[self.at].sniffed.size;
        self.counts = Arc::default();
        self.table = None;
        self.along = None;
        self.known = Known::default();
        self.row = 0;
        self.at += 1;
    }
}

impl Iterator for Rows {
    type Item = Result<Outcome, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.step() {
            Ok(Some(outcome)) => {
                self.tally.rows += 1;
                match &outcome {
                    Outcome::Deal(deal) => {
                        self.tally.deals += 1;
                        self.tally.cut += u64::from(!deal.cut.is_empty());
                    }
                    Outcome::Skip { .. } => self.tally.skipped += 1,
                    Outcome::Refuse { .. } => self.tally.refused += 1,
                }
                Some(Ok(outcome))
            }
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                // Cancelling ends it all; a broken file ends with its error, the next is read.
                if matches!(error, ImportError::Cancelled) {
                    self.is_over = true;
                } else {
                    self.next_file();
                }
                Some(Err(error))
            }
        }
    }
}
