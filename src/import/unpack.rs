//! From a file to the tables in it: most are one table, others hold several.

#[cfg(test)]
mod tests;

use std::path::Path;

use super::archive::{Archive, Holds};
use super::error::ImportError;
use super::input::{Input, Spool};
use super::page;
use super::sniff::{self, Form, Kind, Sniffed};
use super::text::{self, Lines};
use super::workbook::{self, Sheet, Unpacking};

/// Something of a file that may be a table.
pub(crate) enum Part {
    /// A table.
    Table(Box<Whole>),
    /// It is not read, and why.
    Left {
        /// Its name, printable.
        name: String,
        /// Why, in words.
        why: String,
    },
}

/// A table with what is known of it before its header is sought.
pub(crate) struct Whole {
    pub(crate) input: Input,
    pub(crate) sniffed: Sniffed,
    /// The workbook or page of which it is one table, by its number among those of the import.
    pub(crate) book: Option<String>,
    /// What was decided about its cells, with an example.
    pub(crate) notes: Vec<(String, String)>,
}

/// Finds the tables of a file.
///
/// Errors: those of opening it; that it is neither a table nor holds any.
pub(crate) fn parts(path: &Path, how: &Unpacking) -> Result<Vec<Part>, ImportError> {
    let input = Input::file(path)?;
    let parts = of_input(input.clone(), how, false)?;
    let is_itself = |part: &Part| match part {
        Part::Table(whole) => whole.input.name() == input.name() && whole.book.is_none(),
        Part::Left { .. } => false,
    };
    if parts.is_empty() {
        return Err(ImportError::Empty {
            path: input.name().to_owned(),
        });
    }
    // What was unpacked stays as it is; it must all be of one file.
    if !parts.iter().any(is_itself) {
        input.check()?;
    }
    Ok(parts)
}

fn of_input(input: Input, how: &Unpacking, is_within: bool) -> Result<Vec<Part>, ImportError> {
    how.check()?;
    match sniff::sniff(&input)? {
        Kind::Table(sniffed) => Ok(vec![Part::Table(Box::new(Whole {
            input,
            sniffed,
            book: None,
            notes: Vec::new(),
        }))]),
        Kind::Page(sniffed) => {
            let tables = page::tables(&input, &sniffed, how)?;
            let is_only = tables.len() == 1;
            let parts = tables.into_iter().enumerate().map(|(at, rows)| {
                let name = if is_only {
                    input.name().to_owned()
                } else {
                    format!("{}/table {}", input.name(), at + 1)
                };
                whole(&input, name, rows, Vec::new())
            });
            let parts: Vec<Part> = parts.collect();
            if parts.is_empty() {
                return Err(ImportError::NotATable {
                    path: input.name().to_owned(),
                    what: sniff::PAGE.0,
                    hint: sniff::PAGE.1,
                });
            }
            Ok(parts)
        }
        Kind::Zip => {
            let archive = Archive::open(&input)?;
            match archive.holds()? {
                Holds::Workbook => book(&input, archive, how),
                Holds::Files if is_within => Err(ImportError::NotATable {
                    path: input.name().to_owned(),
                    what: "a ZIP within a ZIP",
                    hint: "Unpack the outer one, and give the inner one.",
                }),
                Holds::Files => files(&input, archive, how),
            }
        }
    }
}

fn whole(input: &Input, name: String, rows: Spool, notes: Vec<(String, String)>) -> Part {
    let sniffed = Sniffed {
        form: Form::Rows,
        encoding: encoding_rs::UTF_8,
        is_guess: false,
        size: rows.size(),
    };
    Part::Table(Box::new(Whole {
        input: Input::spool(name, rows, input),
        sniffed,
        book: Some(input.name().to_owned()),
        notes,
    }))
}

fn book(input: &Input, archive: Archive, how: &Unpacking) -> Result<Vec<Part>, ImportError> {
    let sheets = workbook::sheets(input, archive, how)?;
    let is_only = sheets.len() == 1;
    let name = |sheet: &str| {
        if is_only {
            input.name().to_owned()
        } else {
            format!("{}/{}", input.name(), text::clean(sheet, 100, Lines::One))
        }
    };
    if let [Sheet::Left { why, .. }] = sheets.as_slice() {
        return Err(ImportError::Unpack {
            path: input.name().to_owned(),
            why: format!("of its one sheet: {why}"),
        });
    }
    Ok(sheets
        .into_iter()
        .map(|sheet| match sheet {
            Sheet::Rows {
                name: sheet,
                rows,
                notes,
            } => whole(input, name(&sheet), rows, notes),
            Sheet::Left { name: sheet, why } => Part::Left {
                name: name(&sheet),
                why,
            },
        })
        .collect())
}

/// The files of a ZIP, each for what it is.
fn files(input: &Input, mut archive: Archive, how: &Unpacking) -> Result<Vec<Part>, ImportError> {
    let mut parts = Vec::new();
    for (at, inner) in archive.files() {
        how.check()?;
        let name = format!("{}/{}", input.name(), text::clean(&inner, 200, Lines::One));
        let spool = archive.unpack(at)?;
        match of_input(Input::spool(name.clone(), spool, input), how, true) {
            Ok(inner) => parts.extend(inner),
            Err(error @ (ImportError::NotATable { .. } | ImportError::Empty { .. })) => {
                parts.push(Part::Left {
                    name,
                    why: error.to_string(),
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(parts)
}
