//! Our own files of deals, which come back as they went out.
//!
//! **JSON** carries all: answers with their history, decisions, tripwires, holds, asks, notes,
//! touches, moves, and of the pipeline its people, views and the dates of its record. It is an
//! array with one element a line; the first tells of the pipeline, each other one is a deal.
//! **CSV** carries a deal's fields and what stands of its decision, for spreadsheets.
//!
//! Taken into an empty pipeline, either is written again byte for byte; into a pipeline with
//! deals, it is imported like the file of any CRM, which touches no decision.
//! **XLSX** holds what the CSV holds, and is always imported like the file of any CRM.

mod csv;
mod json;
mod xlsx;

use std::io::{self, Read, Write};

use chrono::NaiveDate;
use thiserror::Error;

use crate::domain::ids::DealId;
use crate::domain::shown::Mask;
use crate::store::{OwnIntake, Store, StoreError};

pub use csv::{COLUMNS, Guard};
pub use xlsx::Written;

/// What can go wrong with a file of our own.
#[derive(Debug, Error)]
pub enum OwnError {
    /// The pipeline.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] super::file::FileError),
    /// The system refused to read or write.
    #[error("the file cannot be read or written")]
    Io(#[from] io::Error),
    /// More deals than one sheet holds.
    #[error("a sheet holds 1,048,575 deals, and there are {0}")]
    TooMany(usize),
    /// The file is not as this program writes it.
    #[error("{what}")]
    Odd {
        /// What is wrong.
        what: String,
        /// The line, from 1.
        line: u64,
        /// The column's header; `None` where it is the whole line.
        column: Option<String>,
    },
}

/// How a file of our own is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A deal's fields and its decision.
    Csv,
    /// All.
    Json,
}

/// Deals that are fetched at a time.
const WINDOW: usize = 500;

/// Writes deals in the order given, in constant memory.
pub fn write(
    store: &Store,
    deals: &[u32],
    format: Format,
    guard: Guard,
    mask: &Mask,
    to: &mut dyn Write,
) -> Result<u64, OwnError> {
    let ids = deals
        .chunks(WINDOW)
        .flatten()
        .map(|short| DealId::from(*short));
    match format {
        Format::Csv => csv::write(store, ids, guard, mask, to),
        Format::Json => json::write(store, ids, mask, to),
    }
}

/// Writes deals in the order given as a workbook of one sheet, in constant memory.
///
/// # Errors
///
/// [`OwnError::TooMany`], before anything is written.
pub fn write_xlsx(
    store: &Store,
    deals: &[u32],
    mask: &Mask,
    today: NaiveDate,
    to: &mut dyn Write,
) -> Result<Written, OwnError> {
    if deals.len() > xlsx::MOST {
        return Err(OwnError::TooMany(deals.len()));
    }
    let ids = deals.iter().map(|short| DealId::from(*short));
    xlsx::write(store, ids, mask, today, to)
}

/// Says which of our formats a text begins with; `None` for any other text.
pub fn recognise(head: &[u8]) -> Option<Format> {
    if csv::is_own(head) {
        Some(Format::Csv)
    } else if json::is_own(head) {
        Some(Format::Json)
    } else {
        None
    }
}

/// Bytes that are enough for [`recognise`].
pub const HEAD: usize = 4096;

/// Reads a file of ours into an empty pipeline.
///
/// # Errors
///
/// [`OwnError::Odd`] with its place where the file is not as this program writes it.
pub fn read(
    from: impl Read,
    format: Format,
    today: NaiveDate,
    intake: &mut OwnIntake<'_>,
) -> Result<(), OwnError> {
    match format {
        Format::Csv => csv::read(from, today, intake),
        Format::Json => json::read(from, intake),
    }
}
