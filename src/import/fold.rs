//! Deals that stand on several rows of a file: one row for each stage that they were in, for each
//! of their products, or for each of their contacts. Whether a file is such a one is decided from
//! all of its rows, of which fifty-six bytes each are kept; what is not sure stays a conflict.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

mod book;
#[cfg(test)]
mod tests;
mod told;

use super::check_cancel;
use super::deal::Outcome;
use super::error::ImportError;
use super::lookup::Lookups;
use super::rows::DealFile;
use super::table::Cells;
use super::words::Known;
use crate::store::IncomingMove;
use book::{Book, hash};
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
    moves: Vec<IncomingMove>,
    amount: Option<i64>,
    product: Option<String>,
    /// Rows that have all cells of an earlier one.
    repeats: Vec<u32>,
}

/// What becomes of the rows of such a file.
#[derive(Debug)]
pub(crate) struct Folds {
    /// The deal of each row, from 1; 0 for those of one row.
    of: Vec<u32>,
    deals: Vec<Folded>,
}

impl Folds {
    /// Makes of a row what it is beside the other rows of its deal.
    pub(crate) fn take(&self, outcome: Outcome) -> Outcome {
        let Outcome::Deal(mut deal) = outcome else {
            return outcome;
        };
        let at = usize::try_from(deal.row).unwrap_or(usize::MAX);
        let folded = match self.of.get(at - 1) {
            None | Some(0) => return Outcome::Deal(deal),
            Some(number) => &self.deals[*number as usize - 1],
        };
        if u64::from(folded.row) == deal.row {
            deal.moves.clone_from(&folded.moves);
            if let (Some(amount), Some(sum)) = (&mut deal.amount, folded.amount) {
                amount.minor = sum;
            }
            if folded.product.is_some() {
                deal.product.clone_from(&folded.product);
            }
            return Outcome::Deal(deal);
        }
        let line = folded.line;
        let is_repeat = folded.repeats.iter().any(|row| u64::from(*row) == deal.row);
        let why = match folded.how {
            _ if is_repeat => format!("all of its cells are those of another row of line {line}"),
            How::States => {
                format!("it tells how the deal on line {line} stood before: its moves are taken")
            }
            How::Sum => {
                format!("it is a line of the deal on line {line}: its amount is in the sum")
            }
            How::Again => {
                format!("it tells of the deal on line {line} again, with another part of it")
            }
        };
        Outcome::Skip {
            file: deal.file,
            row: deal.row,
            line: deal.line,
            why,
        }
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
    let mut book = Book::new(&file.frame);
    let mut table = file.open(Arc::default())?;
    let (mut cells, mut known) = (Cells::new(), Known::default());
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
        let outcome = file
            .frame
            .judge(&cells, place, u64::from(row), lookups, &mut known);
        if let Outcome::Deal(deal) = outcome {
            book.add(&deal, hash(cells.iter().collect::<Vec<_>>()));
        }
    }
    Ok(book.decide(row as usize, is_lines))
}
