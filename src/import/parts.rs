//! The rows of all files beside the deals, one after the other.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bytes::Counts;
use super::crm::Object;
use super::error::ImportError;
use super::frame::No;
use super::history::{self, Book, Told};
use super::lookup::Lookups;
use super::rows::Progress;
use super::sheet::{Row, Sheet};
use super::table::{Cells, Table};
use super::{activity, check_cancel, people};
use crate::store::Part;

/// What became of a row beside the deals.
#[derive(Clone, Debug, PartialEq)]
pub enum PartOutcome {
    /// It is something that hangs on deals.
    Part(Box<Part>),
    /// It is none, or one that is gone.
    Skip {
        /// File, row from 1, line from 1.
        place: (usize, u64, u64),
        /// Why, in words.
        why: String,
    },
    /// It cannot be read.
    Refuse {
        /// File, row from 1, line from 1.
        place: (usize, u64, u64),
        /// The column; none where it is the row as such.
        column: Option<String>,
        /// Why, in words.
        why: String,
    },
}

/// The outcomes of all rows. After an error there are no more.
pub struct Parts {
    files: Arc<[Sheet]>,
    lookups: Arc<Lookups>,
    cancel: Option<Arc<AtomicBool>>,
    at: usize,
    table: Option<Box<dyn Table>>,
    row: u64,
    cells: Cells,
    counts: Arc<Counts>,
    done: u64,
    book: Book,
    /// The rows of the file of history that ended last.
    ready: Option<Box<dyn Iterator<Item = Part> + Send>>,
    is_over: bool,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("at", &self.at)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

impl Parts {
    pub(crate) fn new(
        files: Arc<[Sheet]>,
        lookups: Arc<Lookups>,
        cancel: Option<Arc<AtomicBool>>,
    ) -> Self {
        Self {
            files,
            lookups,
            cancel,
            at: 0,
            table: None,
            row: 0,
            cells: Cells::new(),
            counts: Arc::default(),
            done: 0,
            book: Book::default(),
            ready: None,
            is_over: false,
        }
    }

    /// Returns how far the reading is.
    pub fn progress(&self) -> Progress {
        let total = self.files.iter().map(|sheet| sheet.file.sniffed.size).sum();
        let read = self.done + self.counts.read.load(Ordering::Relaxed);
        Progress {
            read: read.min(total),
            total,
            ending: None,
        }
    }

    fn step(&mut self) -> Result<Option<PartOutcome>, ImportError> {
        loop {
            check_cancel(self.cancel.as_ref())?;
            if let Some(part) = self.ready.as_mut().and_then(Iterator::next) {
                return Ok(Some(PartOutcome::Part(Box::new(part))));
            }
            self.ready = None;
            let files = Arc::clone(&self.files);
            let Some(sheet) = files.get(self.at) else {
                return Ok(None);
            };
            let table = match &mut self.table {
                Some(table) => table,
                None => self
                    .table
                    .insert(sheet.file.open(Arc::clone(&self.counts))?),
            };
            let Some(found) = table.read(&mut self.cells)? else {
                sheet.file.input.check()?;
                self.next_file(sheet);
                continue;
            };
            self.row += 1;
            let place = (sheet.file.frame.file, self.row, found.line);
            let row = Row {
                sheet,
                cells: &self.cells,
                lookups: &self.lookups,
            };
            let read = sheet
                .check(&self.cells, found)
                .and_then(|()| match sheet.object {
                    Object::History => history::read(&row, place),
                    Object::Contact | Object::Link => {
                        people::read(&row, place).map(|part| Told::Part(Box::new(part)))
                    }
                    Object::Activity
                    | Object::Deal
                    | Object::Account
                    | Object::Lead
                    | Object::User
                    | Object::Stage
                    | Object::Pipeline
                    | Object::Other
                    | Object::Unknown => {
                        activity::read(&row, place).map(|part| Told::Part(Box::new(part)))
                    }
                });
            match read {
                Ok(Told::Part(part)) => return Ok(Some(PartOutcome::Part(part))),
                Ok(Told::States {
                    belongs,
                    when,
                    states,
                    before,
                }) => {
                    self.book.add(sheet, place, belongs, when, states, before);
                }
                Err(No::Skip(why)) => return Ok(Some(PartOutcome::Skip { place, why })),
                Err(No::Refuse(column, why)) => {
                    return Ok(Some(PartOutcome::Refuse { place, column, why }));
                }
            }
        }
    }

    fn next_file(&mut self, sheet: &Sheet) {
        self.done += sheet.file.sniffed.size;
        self.counts = Arc::default();
        self.table = None;
        self.row = 0;
        self.at += 1;
        let book = std::mem::take(&mut self.book);
        self.ready = Some(Box::new(book.parts(&sheet.file.frame.source)));
    }
}

impl Iterator for Parts {
    type Item = Result<PartOutcome, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.step() {
            Ok(Some(outcome)) => Some(Ok(outcome)),
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(error))
            }
        }
    }
}
