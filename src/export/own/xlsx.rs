//! Our CSV as a workbook: typed numbers, real dates, and text that no spreadsheet runs.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::OwnError;
use super::csv::{Kind, TABLE, is_text, texts};
use crate::domain::clean::guard_formula;
use crate::domain::ids::DealId;
use crate::domain::shown::Mask;
use crate::store::Store;

/// Deals that one sheet holds below its header.
pub(super) const MOST: usize = 1_048_575;
/// Characters that one cell holds.
const CELL: usize = 32_767;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Deals.
    pub deals: u64,
    /// Texts of which only the start fits into a cell.
    pub cut: u64,
}

fn failed(error: XlsxError) -> OwnError {
    OwnError::Io(io::Error::other(error))
}

/// How wide a column is, in letters.
fn width(kind: Kind) -> u8 {
    match kind {
        Kind::Number | Kind::Real => 9,
        Kind::Day => 12,
        Kind::Amount | Kind::Text => 14,
        Kind::Account | Kind::Contact => 24,
        Kind::Title | Kind::Free => 36,
    }
}

/// The formats of days and amounts.
struct Formats {
    day: Format,
    amount: Format,
}

impl Formats {
    /// Writes a text as what its column holds; returns whether all of it fitted.
    fn put(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        kind: Kind,
        text: &str,
    ) -> Result<bool, XlsxError> {
        match kind {
            Kind::Number | Kind::Real => {
                if let Some(number) = number(text) {
                    sheet.write_number(row, column, number)?;
                    return Ok(true);
                }
            }
            Kind::Amount => {
                if let Some(number) = number(text) {
                    sheet.write_number_with_format(row, column, number, &self.amount)?;
                    return Ok(true);
                }
            }
            Kind::Day => {
                if let Some(day) = text.parse().ok().and_then(day) {
                    sheet.write_datetime_with_format(row, column, &day, &self.day)?;
                    return Ok(true);
                }
            }
            Kind::Text | Kind::Account | Kind::Title | Kind::Contact | Kind::Free => {}
        }
        // A text in a cell of text is never run. Only one that an import would take for a guarded
        // one needs a guard of its own.
        let text = if is_text(kind) && text.starts_with('\'') {
            guard_formula(text)
        } else {
            Cow::Borrowed(text)
        };
        let end = text.char_indices().nth(CELL).map(|(at, _)| at);
        sheet.write_string(row, column, &text[..end.unwrap_or(text.len())])?;
        Ok(end.is_none())
    }
}

/// A number that fifteen digits hold; any other one is written as text.
fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let number: f64 = text.parse().ok()?;
    (digits <= 15 && number.is_finite()).then_some(number)
}

/// A day that a spreadsheet knows, which begins with 1900.
fn day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year > 1900)?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

pub(super) fn write(
    store: &Store,
    ids: impl Iterator<Item = DealId>,
    mask: &Mask,
    today: NaiveDate,
    to: &mut dyn Write,
) -> Result<Written, OwnError> {
    let mut book = Workbook::new();
    if let Some(today) = day(today) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&today));
    }
    let formats = Formats {
        day: Format::new().set_num_format("yyyy-mm-dd"),
        amount: Format::new().set_num_format("#,##0.00"),
    };
    let head = Format::new().set_bold().set_align(FormatAlign::Left);
    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("Deals").map_err(failed)?;
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    for (at, column) in TABLE.iter().enumerate() {
        let at = at as u16;
        sheet
            .set_column_width(at, width(column.kind))
            .map_err(failed)?;
        sheet
            .write_string_with_format(0, at, column.name, &head)
            .map_err(failed)?;
    }
    let mut written = Written::default();
    for id in ids {
        let Some(texts) = texts(store, id, mask)? else {
            continue;
        };
        written.deals += 1;
        let row = written.deals as u32;
        for (at, (column, text)) in TABLE.iter().zip(&texts).enumerate() {
            if text.is_empty() {
                continue;
            }
            let place = (row, at as u16);
            let fits = formats
                .put(sheet, place, column.kind, text)
                .map_err(failed)?;
            written.cut += u64::from(!fits);
        }
    }
    // A ZIP is put together here, and handed on whole.
    let mut whole: File = tempfile::tempfile()?;
    book.save_to_writer(&whole).map_err(failed)?;
    whole.seek(SeekFrom::Start(0))?;
    io::copy(&mut whole, to)?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_would_lose_digits_stay_text() {
        assert_eq!(number("48000.50"), Some(48000.5));
        assert_eq!(number("-7"), Some(-7.0));
        assert_eq!(number("12345678901234567"), None);
        assert_eq!(number("***"), None);
        assert_eq!(number("nan"), None);
    }

    #[test]
    fn days_before_spreadsheets_stay_text() {
        assert!(day("2026-11-23".parse().unwrap()).is_some());
        assert!(day("1899-11-23".parse().unwrap()).is_none());
    }
}
