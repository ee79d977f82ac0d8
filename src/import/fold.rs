//! Deals that stand on several rows of a file: one row for each stage that they were in, for each
//! of their products, or for each of their contacts. Whether a file is such a one is decided from
//! all of its rows; of those of an id that stands on several, forty-eight bytes each are kept until
//! then, and of a deal a hundred and more. What is not sure stays a conflict.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;

mod book;
mod part;
#[cfg(test)]
mod tests;
mod told;

use super::check_cancel;
use super::deal::{DealRow, Outcome};
use super::error::ImportError;
use super::history::Followed;
use super::lookup::Lookups;
use super::rows::DealFile;
use super::table::{Cells, Place};
use super::words::Known;
use crate::store::IncomingMove;
use book::{Book, Decided, Wanted, key};
use part::hash;
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

/// A deal of several rows.
#[derive(Debug)]
struct Folded {
    how: How,
    /// The row that is the deal, and its line.
    row: u32,
    line: u32,
    /// How many steps there are before its own, and up to its last one.
    steps: (u32, u32),
    lines: Option<Box<Lines>>,
}

/// What its rows say together, where they are its lines or tell of it again.
#[derive(Debug, Default)]
struct Lines {
    amount: Option<i64>,
    product: Option<String>,
    /// Rows that have all cells of an earlier one.
    repeats: Vec<u32>,
}

/// A move of a deal, with its values as the rows keep them.
#[derive(Debug)]
struct Step {
    what: Followed,
    day: i32,
    old: i64,
    new: i64,
}

/// What becomes of the rows of such a file.
#[derive(Debug)]
pub(crate) struct Folds {
    /// The deal of each row, from 1; 0 for those of one row.
    of: Vec<u32>,
    deals: Vec<Folded>,
    steps: Vec<Step>,
    /// The names of stages and products.
    texts: Vec<String>,
    /// What other rows say where those that are the deals are blank.
    blanks: HashMap<u32, Box<DealRow>>,
}

impl Folds {
    /// Makes of a row what it is beside the other rows of its deal.
    pub(crate) fn take(&self, outcome: Outcome) -> Outcome {
        let Outcome::Deal(mut deal) = outcome else {
            return outcome;
        };
        let at = usize::try_from(deal.row).unwrap_or(usize::MAX);
        let (number, folded) = match self.of.get(at - 1) {
            None | Some(0) => return Outcome::Deal(deal),
            Some(number) => (number, &self.deals[*number as usize - 1]),
        };
        let lines = folded.lines.as_deref();
        if u64::from(folded.row) == deal.row {
            if let Some(others) = self.blanks.get(number) {
                part::take(&mut deal, others, u32::MAX);
            }
            deal.moves = self.moves(folded);
            if let (Some(amount), Some(sum)) = (&mut deal.amount, lines.and_then(|l| l.amount)) {
                amount.minor = sum;
            }
            if let Some(products) = lines.and_then(|lines| lines.product.as_ref()) {
                deal.product = Some(products.clone());
            }
            return Outcome::Deal(deal);
        }
        let line = folded.line;
        let is_repeat = |lines: &Lines| lines.repeats.iter().any(|row| u64::from(*row) == deal.row);
        let why = match folded.how {
            _ if lines.is_some_and(is_repeat) => {
                format!("all of its cells are those of another row of line {line}")
            }
            How::States => {
                format!("how the deal on line {line} stood before: its moves are taken")
            }
            How::Sum => {
                format!("a line of the deal on line {line}: its amount is in the sum")
            }
            How::Again => {
                format!("the deal on line {line} again, with another part of it")
            }
        };
        Outcome::Skip {
            file: deal.file,
            row: deal.row,
            line: deal.line,
            why,
            is_joined: true,
        }
    }

    fn moves(&self, folded: &Folded) -> Vec<IncomingMove> {
        let (from, to) = folded.steps;
        let steps = &self.steps[from as usize..to as usize];
        let word = |step: &Step, value: i64| match step.what {
            Followed::Amount => Some(value.to_string()),
            Followed::Close => Some(day(i32::try_from(value).ok()?)?.to_string()),
            Followed::Stage => self.texts.get(usize::try_from(value).ok()?).cloned(),
        };
        let moves = steps.iter().filter_map(|step| {
            Some(IncomingMove {
                field: step.what.word(),
                day: day(step.day)?,
                old: word(step, step.old),
                new: word(step, step.new),
            })
        });
        moves.collect()
    }
}

fn day(number: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(number)
}

/// Reads all rows of a file in which an id stands on several, and decides what they are; none
/// where they are deals each, or the same.
pub(crate) fn read(
    file: &DealFile,
    is_lines: bool,
    lookups: &Lookups,
    cancel: Option<&Arc<AtomicBool>>,
) -> Result<(Option<Folds>, Vec<Told>), ImportError> {
    let frame = &file.frame;
    let mut keys = Vec::new();
    each(file, cancel, |cells, _, _| {
        keys.extend(frame.id(cells).map(|id| key(&frame.source, &id)));
    })?;
    let mut book = Book::new(frame, keys);
    if book.is_empty() {
        return Ok((None, Vec::new()));
    }
    let mut known = Known::default();
    let rows = each(file, cancel, |cells, place, row| {
        if frame.id(cells).is_some_and(|id| book.has(&id))
            && let Outcome::Deal(deal) =
                frame.judge(cells, place, u64::from(row), lookups, &mut known)
        {
            book.add(&deal, hash(cells.iter().collect::<Vec<_>>()));
        }
    })?;
    let Decided {
        mut folds,
        mut wanted,
        summary,
    } = book.decide(rows as usize, is_lines);
    wanted.sort_unstable_by_key(|wanted| wanted.row);
    let mut left = wanted.iter().peekable();
    if left.peek().is_some() {
        each(file, cancel, |cells, place, row| {
            let Some(Wanted { deal, parts, .. }) = left.next_if(|wanted| wanted.row == row) else {
                return;
            };
            let outcome = frame.judge(cells, place, u64::from(row), lookups, &mut known);
            if let Outcome::Deal(other) = outcome {
                let all = folds.blanks.entry(*deal);
                let all = all.or_insert_with(|| Box::new(part::nothing()));
                part::take(all, &other, *parts);
            }
        })?;
    }
    let told = summary.told();
    Ok((Some(folds).filter(|folds| !folds.deals.is_empty()), told))
}

/// Reads all rows of a file, and counts them.
fn each(
    file: &DealFile,
    cancel: Option<&Arc<AtomicBool>>,
    mut read: impl FnMut(&Cells, Place, u32),
) -> Result<u32, ImportError> {
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
        read(&cells, place, row);
    }
    Ok(row)
}
