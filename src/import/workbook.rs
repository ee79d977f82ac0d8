//! XLSX: its sheets as rows of text.
//!
//! The cells are streamed; only the texts that cells share are held in memory, and these are
//! bounded by [`archive`]. A cell is its value: formulas are never run, links to
//! other workbooks never followed.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufReader};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use calamine::{
    Data, DataRef, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, SheetVisible, Style, Xlsx,
    XlsxError,
};

use super::archive::{self, Archive};
use super::error::ImportError;
use super::input::{Bytes, Input, Spool};
use super::rowfile::RowWriter;
use super::table::COLUMNS;
use super::values::amounts::{self, Code};

/// Rows of a sheet, as spreadsheets have them.
const ROWS: u32 = 1_048_576;
/// The first number of a number format that is not one of every spreadsheet's.
const OWN_FORMATS: u32 = 164;
/// Rows of a sheet that is only looked at.
const PEEK: u64 = 200;

type Book = Xlsx<BufReader<Box<dyn Bytes>>>;

/// What became of a sheet.
pub(crate) enum Sheet {
    /// Its rows.
    Rows {
        name: String,
        rows: Spool,
        /// What was decided about its cells, with an example.
        notes: Vec<(String, String)>,
    },
    /// It is not read, and why.
    Left { name: String, why: String },
}

/// How much of a workbook is read, and until when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unpacking {
    /// Only the first rows.
    pub(crate) is_peek: bool,
    /// Set by another thread to stop.
    pub(crate) cancel: Option<Arc<AtomicBool>>,
}

impl Unpacking {
    pub(crate) fn check(&self) -> Result<(), ImportError> {
        let is_set = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
        if self.cancel.as_ref().is_some_and(is_set) {
            return Err(ImportError::Cancelled);
        }
        Ok(())
    }
}

/// Reads the sheets of a workbook, in its order.
pub(crate) fn sheets(
    input: &Input,
    mut archive: Archive,
    how: &Unpacking,
) -> Result<Vec<Sheet>, ImportError> {
    let is_merged = archive.look_through()?.is_merged;
    drop(archive);
    how.check()?;
    let damaged = |error: XlsxError| broken(input, &error);
    let mut book: Book = Xlsx::new(BufReader::new(input.open()?)).map_err(damaged)?;
    let all: Vec<_> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.typ, sheet.visible))
        .collect();
    let is_shown = |visible| visible == SheetVisible::Visible;
    let any_shown = all.iter().any(|(_, _, visible)| is_shown(*visible));
    let mut sheets = Vec::new();
    for (name, kind, visible) in all {
        let left = |why: &str| Sheet::Left {
            name: name.clone(),
            why: why.to_owned(),
        };
        if kind != SheetType::WorkSheet {
            sheets.push(left("it is no sheet of cells"));
            continue;
        }
        if any_shown && !is_shown(visible) {
            sheets.push(left("it is a hidden sheet, which is not read"));
            continue;
        }
        let merged = if is_merged {
            merged(&mut book, &name)
        } else {
            BTreeMap::new()
        };
        sheets.push(match read(input, &mut book, &name, merged, how) {
            Ok((rows, _)) if rows.size() == 0 => left("it is empty"),
            Ok((rows, notes)) => Sheet::Rows { name, rows, notes },
            Err(Broken::NoSheet) => left("it is no sheet of cells"),
            Err(Broken::Wide(columns)) => Sheet::Left {
                why: format!("it has {columns} columns; at most {COLUMNS} are read"),
                name,
            },
            Err(Broken::Import(error)) => return Err(error),
        });
    }
    Ok(sheets)
}

fn broken(input: &Input, error: &XlsxError) -> ImportError {
    ImportError::Unpack {
        path: input.name().to_owned(),
        why: format!("it is damaged ({error})"),
    }
}

enum Broken {
    NoSheet,
    Wide(u32),
    Import(ImportError),
}

impl From<ImportError> for Broken {
    fn from(error: ImportError) -> Self {
        Self::Import(error)
    }
}

/// Cells that go on over the rows below them: by first row and column, the last row.
type Merged = BTreeMap<u32, HashMap<u32, u32>>;

fn merged(book: &mut Book, name: &str) -> Merged {
    let mut merged = Merged::new();
    // Where they cannot be read, their cells are blank, as they stand.
    let Ok(areas) = book.merge_cells_by_sheet_name(name) else {
        return merged;
    };
    for area in areas {
        if area.end.0 > area.start.0 {
            merged
                .entry(area.start.0)
                .or_default()
                .insert(area.start.1, area.end.0);
        }
    }
    merged
}

/// A row that is being put together.
struct Row {
    out: RowWriter,
    number: u32,
    cells: Vec<String>,
    merged: Merged,
    /// Texts that go on below: column, last row, text.
    going: Vec<(u32, u32, String)>,
    filled: u64,
    example: String,
}

impl Row {
    fn put(&mut self, column: u32, text: &str) {
        let at = column as usize;
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        self.cells[at].clear();
        self.cells[at].push_str(text);
    }

    /// Writes the row, and begins another.
    fn turn(&mut self, next: u32) -> io::Result<()> {
        let number = self.number;
        if let Some(begin) = self.merged.get(&number) {
            for (column, last) in begin {
                if let Some(text) = self.cells.get(*column as usize) {
                    self.going.push((*column, *last, text.clone()));
                }
            }
        }
        let is_filled = self.cells.iter().any(|cell| !cell.trim().is_empty());
        if is_filled && !self.going.is_empty() {
            let going = std::mem::take(&mut self.going);
            for (column, last, text) in &going {
                let is_free = self
                    .cells
                    .get(*column as usize)
                    .is_none_or(|cell| cell.trim().is_empty());
                if number <= *last && is_free && !text.trim().is_empty() {
                    self.put(*column, text);
                    self.filled += 1;
                    if self.example.is_empty() {
                        self.example = place(number, *column);
                    }
                }
            }
            self.going = going;
        }
        self.out.row(u64::from(number) + 1, &self.cells)?;
        self.cells.iter_mut().for_each(String::clear);
        self.going.retain(|(_, last, _)| *last > number);
        self.number = next;
        Ok(())
    }
}

fn read(
    input: &Input,
    book: &mut Book,
    name: &str,
    merged: Merged,
    how: &Unpacking,
) -> Result<(Spool, Vec<(String, String)>), Broken> {
    let io = |source: io::Error| {
        if source.kind() == io::ErrorKind::FileTooLarge {
            let path = input.name().to_owned();
            let why = archive::GROWS.to_owned();
            return ImportError::Unpack { path, why };
        }
        input.failed(source)
    };
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Err(Broken::NoSheet),
        Err(error) => return Err(broken(input, &error).into()),
    };
    let mut row = Row {
        out: RowWriter::new(archive::bound(input.size())).map_err(io)?,
        number: 0,
        cells: Vec::new(),
        merged,
        going: Vec::new(),
        filled: 0,
        example: String::new(),
    };
    let mut errors: Option<(u64, String)> = None;
    // What the number formats name, and the first cell of each column that has such a one.
    let currencies: Vec<Option<Code>> = cells.styles().iter().map(currency_of).collect();
    let mut formatted: BTreeMap<u32, (Code, String)> = BTreeMap::new();
    let mut seen = 0_u64;
    while let Some((cell, style)) = cells
        .next_cell_with_style_id()
        .map_err(|e| broken(input, &e))?
    {
        seen += 1;
        if seen.is_multiple_of(10_000) {
            how.check()?;
        }
        let (number, column) = cell.get_position();
        if number >= ROWS {
            let path = input.name().to_owned();
            let why = format!(
                "it is damaged (a cell stands in row {})",
                u64::from(number) + 1
            );
            return Err(ImportError::Unpack { path, why }.into());
        }
        if number != row.number {
            row.turn(number).map_err(io)?;
            if how.is_peek && row.out.rows() >= PEEK {
                break;
            }
        }
        let value = cell.get_value();
        if let DataRef::Error(kind) = value {
            let (count, _) = errors.get_or_insert_with(|| {
                (
                    0,
                    format!("{} in {}", Data::Error(kind.clone()), place(number, column)),
                )
            });
            *count += 1;
        }
        let mut text = text(value);
        if text.trim().is_empty() {
            continue;
        }
        if column as usize >= COLUMNS {
            return Err(Broken::Wide(column.saturating_add(1)));
        }
        let currency = currencies.get(style).copied().flatten();
        if let (Some(code), DataRef::Int(_) | DataRef::Float(_)) = (currency, value) {
            let code_text = String::from_utf8_lossy(&code);
            text = format!("{text} {code_text}");
            let first = || (code, place(number, column));
            formatted.entry(column).or_insert_with(first);
        }
        row.put(column, &text);
    }
    row.turn(0).map_err(io)?;
    let mut notes = Vec::new();
    if let Some((count, example)) = errors {
        let cells = if count == 1 {
            "1 cell holds"
        } else {
            &format!("{count} cells hold")
        };
        notes.push((
            format!("{cells} an error of the spreadsheet, and is read as blank"),
            example,
        ));
    }
    for (code, example) in formatted.into_values() {
        let code = String::from_utf8_lossy(&code);
        let reading = format!("the number format of cells names {code}: they are read as {code}");
        notes.push((reading, example));
    }
    if row.filled > 0 {
        let reading = "cells that are merged over several rows are read in each of them";
        notes.push((reading.to_owned(), row.example));
    }
    Ok((row.out.finish().map_err(io)?, notes))
}

/// The currency that a number format names: `#,##0.00 [$€-407]`, `"€"#,##0`, `[$CHF] 0`. The
/// formats that come with a spreadsheet name none: theirs is that of whoever opens the file.
fn currency_of(style: &Style) -> Option<Code> {
    let format = style.number_format.as_ref()?;
    if format.format_id.is_none_or(|id| id < OWN_FORMATS) {
        return None;
    }
    // Positive numbers have the first of up to four parts.
    let code = format.format_code.split(';').next().unwrap_or_default();
    let in_brackets = code.split("[$").skip(1).filter_map(|rest| {
        let name = rest.split(']').next()?;
        name.split('-').next()
    });
    let quoted = code.split('"').skip(1).step_by(2);
    // `[$-409]` names a language, `[Red]` a colour.
    let mut plain = String::new();
    let mut is_within = false;
    for c in code.chars() {
        is_within = (is_within || c == '[') && c != ']';
        plain.push(if is_within { ' ' } else { c });
    }
    let outside = plain.split('"').step_by(2).flat_map(|text| {
        let symbols = text.split(|c: char| c.is_ascii() && c != '$');
        symbols.filter(|symbol| !symbol.is_empty())
    });
    let mut named = in_brackets.chain(quoted).chain(outside);
    named.find_map(|name| amounts::currency(name).filter(|_| name.trim().chars().count() <= 3))
}

/// `C7`, of a row and a column from 0.
fn place(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.push(b'A' + (left % 26) as u8);
        left /= 26;
    }
    let letters: String = letters.iter().rev().map(|b| char::from(*b)).collect();
    format!("{letters}{}", u64::from(row) + 1)
}

/// The value of a cell as text.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => day_text(*at),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A number with the fifteen digits that a spreadsheet keeps, so that 0.1 + 0.2 is 0.3. Beyond
/// fifteen digits before the point it is written as a power of ten: its last digits are lost, and
/// an id that looks so is refused.
fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{}", number as i64);
    }
    let rounded = format!("{number:.14e}");
    let (mantissa, power) = rounded.split_once('e').expect("it is written with a power");
    if (1e-6..1e15).contains(&number.abs()) {
        return rounded.parse::<f64>().unwrap_or(number).to_string();
    }
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let sign = if power.starts_with('-') { "" } else { "+" };
    // A mantissa of one digit would look like a name.
    let point = if mantissa.contains('.') { "" } else { ".0" };
    format!("{mantissa}{point}E{sign}{power}")
}

/// A day, with its time if it has one; a time or a span without a day as hours.
fn day_text(at: ExcelDateTime) -> String {
    let serial = at.as_f64();
    let seconds = (serial * 86_400.0).round();
    if !(0.0..2_958_466.0).contains(&serial) {
        return number_text(serial);
    }
    if at.is_duration() || serial < 1.0 {
        let seconds = seconds as u64;
        let (hours, rest) = (seconds / 3600, seconds % 3600);
        return format!("{hours}:{:02}:{:02}", rest / 60, rest % 60);
    }
    // Half a millisecond keeps the whole seconds from falling to the one before.
    let is_1904 = at == ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, true);
    let whole = (seconds + 0.0005) / 86_400.0;
    let (year, month, day, hour, minute, second, _) =
        ExcelDateTime::new(whole, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    if hour == 0 && minute == 0 && second == 0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}
