//! The rows of a file in which deals stand on several: those of each deal, when all are read.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{Datelike, NaiveDate};

use super::super::check_cancel;
use super::super::crm::identity;
use super::super::deal::DealRow;
use super::super::error::ImportError;
use super::super::field::Field;
use super::super::frame::Frame;
use super::super::values::amounts::Code;
use super::decide::{Decided, Decider};
use super::part::{AMOUNT, CLOSE, Digest, Group, OF_LINES, PRODUCT, STAGE, digest, hash, said};
use super::record::{Record, put_text};
use super::sorted::{Sorted, Sorter};
use super::{STRIDE, failed};

/// That a row has the day by which it is newer, beside the parts of which it says something.
const DATED: u32 = 1 << 31;

/// A row of a deal; what it does not have is 0.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) line: u32,
    /// The parts of which it says something.
    pub(super) has: u32,
    /// The day by which it is newer than another one.
    pub(super) day: i32,
    close: i32,
    /// Where its stage begins, its product does, and both end.
    texts: [u32; 3],
    minor: i64,
    /// All of its cells.
    pub(super) cells: u64,
}

impl Row {
    pub(super) fn amount(&self) -> Option<i64> {
        Some(self.minor).filter(|_| self.has & AMOUNT != 0)
    }

    pub(super) fn close(&self) -> Option<i32> {
        Some(self.close).filter(|_| self.has & CLOSE != 0)
    }
}

/// The rows of one deal, in the order of the file.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) group: Group,
    pub(super) all: Vec<Row>,
    /// Their stages and products, one after the other.
    texts: String,
}

impl Rows {
    fn clear(&mut self) {
        self.group = Group::default();
        self.all.clear();
        self.texts.clear();
    }

    fn add(&mut self, number: u32, record: &[u8]) -> io::Result<()> {
        let mut record = Record(record);
        let flags = record.u32()?;
        let has = flags & !DATED;
        let mut digest = Digest::default();
        for (at, part) in digest.iter_mut().enumerate() {
            if has & 1 << at != 0 {
                *part = record.u64()?;
            }
        }
        self.group.meet(&digest, flags & DATED != 0);
        let mut row = Row {
            number,
            has,
            line: record.u32()?,
            day: record.i32()?,
            close: record.i32()?,
            minor: record.i64()?,
            cells: record.u64()?,
            texts: [self.texts.len() as u32; 3],
        };
        for (bit, at) in [(STAGE, 1), (PRODUCT, 2)] {
            if has & bit != 0 {
                self.texts.push_str(record.text()?);
            }
            row.texts[at] = self.texts.len() as u32;
        }
        self.all.push(row);
        Ok(())
    }

    pub(super) fn stage(&self, row: &Row) -> Option<&str> {
        let [from, to, _] = row.texts;
        self.named(from, to).filter(|_| row.has & STAGE != 0)
    }

    pub(super) fn product(&self, row: &Row) -> Option<&str> {
        let [_, from, to] = row.texts;
        self.named(from, to).filter(|_| row.has & PRODUCT != 0)
    }

    fn named(&self, from: u32, to: u32) -> Option<&str> {
        self.texts.get(from as usize..to as usize)
    }
}

/// What tells an id from every other one.
pub(super) fn key(source: &str, id: &str) -> u64 {
    hash(identity(source, id))
}

/// The rows of a file whose ids stand on several, until its end.
pub(super) struct Book<'f> {
    frame: &'f Frame,
    /// By which day a row is newer than another one.
    dated: Option<Field>,
    /// By the keys of their ids.
    rows: Sorter,
    run: usize,
    record: Vec<u8>,
    /// The parts of which some row says something.
    any: u32,
    currency: Option<Code>,
}

impl<'f> Book<'f> {
    /// Of a file; `run` bytes of it are sorted in memory.
    pub(super) fn new(frame: &'f Frame, run: usize) -> Self {
        let has = |field: &Field| frame.slots.iter().any(|slot| slot.field == *field);
        let dated = [Field::AsOf, Field::StageChanged, Field::Updated];
        Self {
            frame,
            dated: dated.into_iter().find(has),
            rows: Sorter::new(run),
            run,
            record: Vec::new(),
            any: 0,
            currency: None,
        }
    }

    pub(super) fn add(&mut self, deal: &DealRow, cells: u64) -> Result<(), ImportError> {
        let Some(id) = &deal.external_id else {
            return Ok(());
        };
        let day = match self.dated {
            Some(Field::AsOf) => deal.as_of,
            Some(Field::StageChanged) => deal.stage_changed,
            Some(_) => deal.updated,
            None => None,
        };
        let digest = digest(deal);
        let has = said(&digest);
        self.any |= has;
        self.currency = self.currency.or(deal.amount.and_then(|a| a.currency));
        let number_of = |day: Option<NaiveDate>| day.map_or(0, |day| day.num_days_from_ce());
        let record = &mut self.record;
        record.clear();
        record.extend((has | if day.is_some() { DATED } else { 0 }).to_le_bytes());
        for part in digest.iter().filter(|part| **part != 0) {
            record.extend(part.to_le_bytes());
        }
        record.extend((deal.line as u32).to_le_bytes());
        record.extend(number_of(day).to_le_bytes());
        record.extend(number_of(deal.expected_close).to_le_bytes());
        let minor = deal.amount.map_or(0, |amount| amount.minor);
        record.extend(minor.to_le_bytes());
        record.extend(cells.to_le_bytes());
        for text in [&deal.stage, &deal.product].into_iter().flatten() {
            put_text(record, text);
        }
        let key = (key(&self.frame.source, id), deal.row as u32);
        self.rows.push(key, record).map_err(failed)
    }

    /// Decides what the rows of each deal are.
    pub(super) fn decide(
        self,
        is_lines: bool,
        cancel: Option<&Arc<AtomicBool>>,
    ) -> Result<Decided, ImportError> {
        let sorted = self.rows.finish().map_err(failed)?;
        let may_be_lines = self.any & PRODUCT != 0 && self.any & AMOUNT != 0;
        let is_lines = is_lines || may_be_lines && are_lines(&sorted, cancel)?;
        let mut decider = Decider::new(self.dated, is_lines, self.currency, self.run);
        each(&sorted, cancel, |rows| decider.take(rows))?;
        decider.finish().map_err(failed)
    }
}

/// Whether the amounts are those of lines: products differ, nothing else of the deal does, and so
/// do the amounts of most such deals.
fn are_lines(sorted: &Sorted, cancel: Option<&Arc<AtomicBool>>) -> Result<bool, ImportError> {
    let (mut all, mut different) = (0_u64, 0_u64);
    each(sorted, cancel, |Rows { group, .. }| {
        if group.has(PRODUCT) && group.only(OF_LINES) {
            all += 1;
            different += u64::from(group.has(AMOUNT));
        }
        Ok(())
    })?;
    Ok(different * 2 > all)
}

/// Calls with the rows of each deal.
fn each(
    sorted: &Sorted,
    cancel: Option<&Arc<AtomicBool>>,
    mut call: impl FnMut(&mut Rows) -> io::Result<()>,
) -> Result<(), ImportError> {
    let mut merge = sorted.read().map_err(failed)?;
    let mut rows = Rows::default();
    let mut seen = 0_u32;
    while let Some(((deal, _), _)) = merge.head() {
        rows.clear();
        while let Some(((_, number), record)) = merge.head().filter(|(key, _)| key.0 == deal) {
            if seen.is_multiple_of(STRIDE) {
                check_cancel(cancel)?;
            }
            seen = seen.wrapping_add(1);
            rows.add(number, record).map_err(failed)?;
            merge.advance().map_err(failed)?;
        }
        call(&mut rows).map_err(failed)?;
    }
    Ok(())
}
