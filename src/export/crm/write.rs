//! The files of an update: one for each set of columns, with one beside it of what was before.

use std::io::Write;
use std::path::{Path, PathBuf};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{CrmError, Listed, Plan, Quote, Row, page};
use crate::export::file;
use crate::import::update;
use crate::store::{Stamp, Store};

/// Where the files go.
#[derive(Clone, Debug)]
pub struct Place {
    /// A file, or a folder in which names are made up; nothing is the folder one is in.
    pub path: Option<PathBuf>,
    /// Whether files that are there are written over.
    pub force: bool,
}

/// One file of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// The file with the same columns as they were.
    pub before: PathBuf,
    /// Its rows, without the header.
    pub rows: usize,
    /// Its headers.
    pub columns: Vec<String>,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The files.
    pub files: Vec<Written>,
    /// The print-out and how many deals stand in it; `None` where nothing is to be done by hand.
    pub printout: Option<(PathBuf, usize)>,
    /// Of which deals something is not in the file.
    pub listed: Vec<Listed>,
}

/// The columns and the rows of one file.
struct Part<'p> {
    headers: Vec<&'p str>,
    rows: Vec<&'p Row>,
}

/// Puts rows with the same columns together, in the order in which the first of each stands.
fn parts(plan: &Plan) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for row in &plan.rows {
        let headers: Vec<&str> = row.cells.iter().map(|cell| cell.header.as_str()).collect();
        let limit = plan.rules.rows();
        match parts
            .iter_mut()
            .find(|part| part.headers == headers && part.rows.len() < limit)
        {
            Some(part) => part.rows.push(row),
            None => parts.push(Part {
                headers,
                rows: vec![row],
            }),
        }
    }
    parts
}

fn csv(plan: &Plan, part: &Part<'_>, is_before: bool, to: &mut dyn Write) -> Result<(), CrmError> {
    let style = match plan.rules.quote() {
        Quote::Needed => QuoteStyle::Necessary,
        Quote::All => QuoteStyle::Always,
    };
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(style)
        .from_writer(to);
    let io = |error: csv::Error| CrmError::Io(error.into());
    let key = plan.rules.key().unwrap_or_default();
    writer
        .write_record(std::iter::once(key).chain(part.headers.iter().copied()))
        .map_err(io)?;
    for row in &part.rows {
        let cells = row.cells.iter().map(|cell| {
            if is_before {
                cell.before.as_str()
            } else {
                cell.value.as_str()
            }
        });
        writer
            .write_record(std::iter::once(row.id.as_str()).chain(cells))
            .map_err(io)?;
    }
    writer.flush()?;
    Ok(())
}

/// The paths of everything that is written.
struct Names {
    files: Vec<(PathBuf, PathBuf)>,
    printout: PathBuf,
}

impl Names {
    /// Names made of a folder and a stem; one part needs no number.
    fn new(folder: &Path, stem: &str, mark: &str, parts: usize) -> Self {
        let at = |word: &str, number: usize| {
            let number = if parts > 1 {
                format!("-{number}")
            } else {
                String::new()
            };
            folder.join(format!("{stem}{word}{number}.csv"))
        };
        Self {
            files: (1..=parts)
                .map(|number| (at(mark, number), at(update::BEFORE, number)))
                .collect(),
            printout: folder.join(format!("{stem}-by-hand.md")),
        }
    }

    fn all(&self, has_printout: bool) -> impl Iterator<Item = &Path> {
        let files = self
            .files
            .iter()
            .flat_map(|(update, before)| [update.as_path(), before.as_path()]);
        files.chain(has_printout.then_some(self.printout.as_path()))
    }
}

/// Names that are not taken, where the names are ours to choose.
fn names(plan: &Plan, stamp: &Stamp, place: &Place, parts: usize) -> Result<Names, CrmError> {
    let has_printout = !plan.hands.is_empty();
    if let Some(path) = place.path.as_deref().filter(|path| !path.is_dir()) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let names = Names::new(folder, &stem, "", parts);
        for path in names.all(has_printout) {
            file::check(path, place.force)?;
        }
        return Ok(names);
    }
    let folder = place.path.clone().unwrap_or_default();
    let stem = update::stem(&plan.source, stamp.today);
    for number in 1..=1000 {
        let stem = if number == 1 {
            stem.clone()
        } else {
            format!("{stem}-{number}")
        };
        let names = Names::new(&folder, &stem, update::UPDATE, parts);
        let is_free = names
            .all(has_printout)
            .all(|path| path.symlink_metadata().is_err());
        if is_free {
            return Ok(names);
        }
    }
    let names = Names::new(&folder, &stem, update::UPDATE, parts);
    for path in names.all(has_printout) {
        file::check(path, false)?;
    }
    Ok(names)
}

/// Writes the files, and notes what the CRM was told.
///
/// # Errors
///
/// [`CrmError`]; files that were made by then are taken away again, and nothing counts as told.
pub fn write(store: &Store, stamp: &Stamp, plan: &Plan, place: &Place) -> Result<Report, CrmError> {
    let parts = parts(plan);
    let names = names(plan, stamp, place, parts.len())?;
    let mut made: Vec<&Path> = Vec::new();
    let done = put(plan, &parts, &names, stamp, place.force, &mut made)
        .and_then(|report| Ok(tell(store, stamp, plan, &report).map(|()| report)?));
    if done.is_err() && !place.force {
        for path in made {
            // What cannot be taken away either is at least not counted as told.
            let _ = std::fs::remove_file(path);
        }
    }
    done
}

fn put<'n>(
    plan: &Plan,
    parts: &[Part<'_>],
    names: &'n Names,
    stamp: &Stamp,
    force: bool,
    made: &mut Vec<&'n Path>,
) -> Result<Report, CrmError> {
    let mut report = Report {
        listed: plan.listed.clone(),
        ..Report::default()
    };
    for (part, (update, before)) in parts.iter().zip(&names.files) {
        for (path, is_before) in [(before, true), (update, false)] {
            file::write(path, force, |to| csv(plan, part, is_before, to))?;
            made.push(path);
        }
        let key = plan.rules.key().unwrap_or_default();
        report.files.push(Written {
            path: update.clone(),
            before: before.clone(),
            rows: part.rows.len(),
            columns: std::iter::once(key)
                .chain(part.headers.iter().copied())
                .map(str::to_owned)
                .collect(),
        });
    }
    if !plan.hands.is_empty() {
        let text = page::page(&plan.rules, &plan.hands, stamp.today);
        let path = names.printout.as_path();
        file::write(path, force, |to| -> Result<(), CrmError> {
            Ok(to.write_all(text.as_bytes())?)
        })?;
        made.push(path);
        report.printout = Some((path.to_owned(), plan.hands.len()));
    }
    Ok(report)
}

fn tell(
    store: &Store,
    stamp: &Stamp,
    plan: &Plan,
    report: &Report,
) -> Result<(), crate::store::StoreError> {
    let first = report.files.first().map(|file| file.path.as_path());
    let first = first.or(report.printout.as_ref().map(|(path, _)| path.as_path()));
    let file = first
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut said = plan.said.clone();
    for (_, said) in &mut said {
        said.file.clone_from(&file);
    }
    store.tell(stamp, &said)?;
    let files = report.files.iter();
    update::note(
        store,
        files.flat_map(|file| [file.path.as_path(), file.before.as_path()]),
    )
}
