//! Deals that stand on several rows of a file: one row for each stage that they were in, for each
//! of their products, or for each of their contacts. Whether a file is such a one is decided from
//! all of its rows; what is needed of them until then is sorted by deal, and what becomes of them by
//! row, in temporary files. In memory are a bit of each row and the rows of one deal. What is not
//! sure stays a conflict.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;

mod book;
mod decide;
mod part;
#[cfg(test)]
mod random_tests;
mod record;
mod said;
mod several;
mod sorted;
#[cfg(test)]
mod tests;
mod told;

use super::check_cancel;
use super::deal::{DealRow, Outcome};
use super::error::{ImportError, shown};
use super::lookup::Lookups;
use super::rows::DealFile;
use super::table::{Cells, Place};
use super::words::Known;
use book::{Book, key};
use decide::Decided;
use part::hash;
use record::{Record, put_row};
use said::{Said, Together};
use several::Several;
use sorted::{Merge, RUN, Sorted, Sorter};
pub(crate) use told::Told;

/// Rows between two looks at whether somebody wants it to stop.
const STRIDE: u32 = 1024;

/// What several rows of a deal are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// One for each stage, or each state otherwise: the newest is the deal.
    States,
    /// Its lines, whose amounts are added.
    Sum,
    /// The same deal again, with another product, contact or note.
    Again,
}

/// What becomes of the rows of such a file.
#[derive(Debug)]
pub(crate) struct Folds(Sorted);

impl Folds {
    /// Tells it of the rows in turn.
    pub(crate) fn along(&self) -> Result<Along, ImportError> {
        self.0.read().map(Along).map_err(failed)
    }
}

/// Reads what becomes of the rows along with them.
#[derive(Debug)]
pub(crate) struct Along(Merge);

impl Along {
    /// Makes of a row what it is beside the other rows of its deal, some of which are judged again.
    pub(crate) fn take(
        &mut self,
        outcome: Outcome,
        judge: impl FnMut(&Cells, Place, u64) -> Outcome,
    ) -> Result<Outcome, ImportError> {
        self.read(outcome, judge).map_err(failed)
    }

    fn read(
        &mut self,
        outcome: Outcome,
        judge: impl FnMut(&Cells, Place, u64) -> Outcome,
    ) -> io::Result<Outcome> {
        let Outcome::Deal(mut deal) = outcome else {
            return Ok(outcome);
        };
        while self.0.head().is_some_and(|((row, _), _)| row < deal.row) {
            self.0.advance()?;
        }
        let Some((_, record)) = self.0.head().filter(|((row, _), _)| *row == deal.row) else {
            return Ok(Outcome::Deal(deal));
        };
        let together = match Said::read(Record(record))? {
            Said::Deal(together) => together,
            Said::Joined(why, line) => {
                return Ok(Outcome::Skip {
                    file: deal.file,
                    row: deal.row,
                    line: deal.line,
                    why: why.told(line),
                    is_joined: true,
                });
            }
        };
        self.0.advance()?;
        self.fill(&mut deal, judge)?;
        let Together {
            amount,
            product,
            moves,
        } = together;
        deal.moves = moves;
        if let (Some(amount), Some(sum)) = (&mut deal.amount, amount) {
            amount.minor = sum;
        }
        deal.product = product.or(deal.product.take());
        Ok(Outcome::Deal(deal))
    }

    /// Takes what other rows say where the one that is the deal is blank.
    fn fill(
        &mut self,
        deal: &mut DealRow,
        mut judge: impl FnMut(&Cells, Place, u64) -> Outcome,
    ) -> io::Result<()> {
        let mut others = None;
        while let Some(((_, row), record)) = self.0.head().filter(|(key, _)| key.0 == deal.row) {
            let mut record = Record(record);
            let parts = record.u32()?;
            let (cells, place) = record.row()?;
            if let Outcome::Deal(other) = judge(&cells, place, row.into()) {
                part::take(others.get_or_insert_with(part::nothing), &other, parts);
            }
            self.0.advance()?;
        }
        if let Some(others) = others {
            part::take(deal, &others, u32::MAX);
        }
        Ok(())
    }
}

fn day(number: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(number)
}

/// What became of a temporary file.
fn failed(source: io::Error) -> ImportError {
    let path = shown(&std::env::temp_dir());
    if source.kind() == io::ErrorKind::StorageFull {
        ImportError::DiskFull { path }
    } else {
        ImportError::Io { path, source }
    }
}

/// Reads all rows of a file in which an id stands on several, and decides what they are; none
/// where they are deals each, or the same.
pub(crate) fn read(
    file: &DealFile,
    is_lines: bool,
    lookups: &Lookups,
    cancel: Option<&Arc<AtomicBool>>,
) -> Result<(Option<Folds>, Vec<Told>), ImportError> {
    read_in(RUN, file, is_lines, lookups, cancel)
}

/// The same, with so many bytes in memory of what is sorted.
fn read_in(
    run: usize,
    file: &DealFile,
    is_lines: bool,
    lookups: &Lookups,
    cancel: Option<&Arc<AtomicBool>>,
) -> Result<(Option<Folds>, Vec<Told>), ImportError> {
    let frame = &file.frame;
    let mut keys = Sorter::new(run);
    each(file, cancel, |cells, _, row| match frame.id(cells) {
        Some(id) => {
            let key = (key(&frame.source, &id), row);
            keys.push(key, &[]).map_err(failed)
        }
        None => Ok(()),
    })?;
    let keys = keys.finish().map_err(failed)?;
    let several = Several::of(&keys).map_err(failed)?;
    drop(keys);
    if several.is_empty() {
        return Ok((None, Vec::new()));
    }
    let mut known = Known::default();
    let mut book = Book::new(frame, run);
    each(file, cancel, |cells, place, row| {
        if several.has(row)
            && let Outcome::Deal(deal) =
                frame.judge(cells, place, u64::from(row), lookups, &mut known)
        {
            return book.add(&deal, hash(cells.iter().collect::<Vec<_>>()));
        }
        Ok(())
    })?;
    let Decided {
        mut said,
        wanted,
        summary,
    } = book.decide(is_lines, cancel)?;
    let mut wanted = wanted.read().map_err(failed)?;
    if wanted.head().is_some() {
        let mut record = Vec::new();
        each(file, cancel, |cells, place, row| {
            let of_row = wanted.head().filter(|((of, _), _)| *of == u64::from(row));
            let Some((_, of_row)) = of_row else {
                return Ok(());
            };
            let (deal, parts) = decide::wanted(of_row).map_err(failed)?;
            record.clear();
            record.extend(parts.to_le_bytes());
            put_row(&mut record, cells, place);
            said.push((deal.into(), row), &record).map_err(failed)?;
            wanted.advance().map_err(failed)
        })?;
    }
    let told = summary.told();
    if said.is_empty() {
        return Ok((None, told));
    }
    let said = said.finish().map_err(failed)?;
    Ok((Some(Folds(said)), told))
}

/// Reads all rows of a file.
fn each(
    file: &DealFile,
    cancel: Option<&Arc<AtomicBool>>,
    mut read: impl FnMut(&Cells, Place, u32) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut table = file.open(Arc::default())?;
    let mut cells = Cells::new();
    let mut row = 0_u32;
    loop {
        if row.is_multiple_of(STRIDE) {
            check_cancel(cancel)?;
        }
        let place = match table.read(&mut cells) {
            Ok(Some(place)) => place,
            // What is wrong there is told where the rows are taken.
            Ok(None) | Err(ImportError::Runaway { .. } | ImportError::Json { .. }) => break,
            Err(error) => return Err(error),
        };
        row = row.saturating_add(1);
        read(&cells, place, row)?;
    }
    Ok(())
}
