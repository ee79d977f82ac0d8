//! `export`: the deals as a file.

use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::error::CliError;
use super::list::{self, ListArgs};
use super::session::Session;
use super::tell::{self, TellArgs};
use crate::export::deals::SCHEMA;
use crate::export::file::{self, FileError};
use crate::export::own::{self, Guard, OwnError};
use crate::store::{Access, Store};

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A deal's fields and its decision, for spreadsheets.
    Csv,
    /// All: answers, decisions, tripwires, asks, notes, touches.
    Json,
    /// A workbook with the columns of the CSV, its numbers and dates typed.
    Xlsx,
}

/// Writes the deals to a file, as CSV, JSON or XLSX.
///
/// Imported into an empty pipeline, a CSV or JSON gives back what it says: numbers and decisions
/// too, and from JSON all. In a CSV a text that a spreadsheet would run as a formula is written with an
/// apostrophe before it, which the import takes off again; `--raw` leaves it out.
///
/// With `--for` it is the file that a CRM takes as an update: the ids of the deals and only what
/// the CRM does not know yet, with a file beside it of what was before. What no file can do there
/// is a print-out.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The file; `-`, or nothing, is standard output. With `--for` a file or a folder.
    file: Option<PathBuf>,
    /// The format [default: by the file's ending, else csv].
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Only the deals of a view.
    #[arg(long, value_name = "NAME")]
    view: Option<String>,
    /// Only the deals for which every term holds.
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
    /// Writes texts as they are; a spreadsheet may run those that begin with = + - or @.
    #[arg(long)]
    raw: bool,
    /// Writes over a file that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    tell: TellArgs,
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        let told = Self::failed(error.to_string()).hint(error.hint());
        match &error {
            FileError::Io { path, source } => told.because(source.to_string()).in_file(path),
            FileError::Exists { path }
            | FileError::Link { path }
            | FileError::Special { path }
            | FileError::NoFolder { path } => told.in_file(path),
        }
    }
}

impl From<OwnError> for CliError {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Store(error) => error.into(),
            OwnError::File(error) => error.into(),
            OwnError::Io(source) => source.into(),
            error @ OwnError::TooMany(_) => Self::failed(error.to_string())
                .hint("write a CSV, or only a part with `--view` or `--filter`"),
            OwnError::Odd { what, line, column } => {
                let column = column
                    .map(|c| format!("column `{c}`: "))
                    .unwrap_or_default();
                Self::failed(format!("{column}{what}"))
                    .hint("export it again, or import it with `--source NAME`")
                    .at(line, None)
            }
        }
    }
}

/// The deals that are meant, by number where no view has an order of its own.
fn ids(session: &Session<'_>, store: &Store, which: &ListArgs) -> Result<Vec<u32>, CliError> {
    let query = list::query(session, store, which)?;
    let mut ids = store
        .index(&query, session.around.today(), &session.who())?
        .ids;
    if which.view.is_none() {
        // The order of numbers does not depend on the day.
        ids.sort_unstable();
    }
    Ok(ids)
}

/// Carries out `export`.
pub fn run(session: &mut Session<'_>, args: &ExportArgs) -> Result<(), CliError> {
    let path = args.file.as_deref().filter(|path| *path != Path::new("-"));
    let ends_in = |ending: &str| {
        path.and_then(Path::extension)
            .is_some_and(|e| e.eq_ignore_ascii_case(ending))
    };
    let by_name = if ends_in("json") {
        Format::Json
    } else if ends_in("xlsx") {
        Format::Xlsx
    } else {
        Format::Csv
    };
    let format = args.format.unwrap_or(by_name);
    let guard = if args.raw { Guard::Off } else { Guard::On };
    let which = ListArgs {
        view: args.view.clone(),
        filter: args.filter.clone(),
        order: None,
        mask: args.mask,
    };
    if let Some(crm) = &args.tell.crm {
        let place = tell::place(args.file.as_ref(), args.force);
        return tell::run(session, crm, &args.tell, &which, &place);
    }
    if let Some(path) = path {
        file::check(path, args.force)?;
    }
    let store = session.open(Access::Write)?;
    let ids = ids(session, &store, &which)?;
    let mask = session.mask(args.mask);
    let today = session.around.today();
    let write = |to: &mut dyn Write| -> Result<own::Written, OwnError> {
        let own = |format, to| {
            let deals = own::write(&store, &ids, format, guard, &mask, to)?;
            Ok(own::Written { deals, cut: 0 })
        };
        match format {
            Format::Csv => own(own::Format::Csv, to),
            Format::Json => own(own::Format::Json, to),
            Format::Xlsx => own::write_xlsx(&store, &ids, &mask, today, to),
        }
    };
    let Some(path) = path else {
        if format == Format::Xlsx && session.around.out_is_terminal {
            return Err(CliError::failed("a workbook is nothing for a terminal")
                .hint("name a file: walkaway export deals.xlsx"));
        }
        write(&mut session.out)?;
        return Ok(());
    };
    let mut written = own::Written::default();
    file::write(path, args.force, |to| -> Result<(), OwnError> {
        written = write(to)?;
        Ok(())
    })?;
    let (count, cut) = (written.deals, written.cut);
    let shown = path.to_string_lossy();
    if session.global.json {
        let mut told = json!({ "schema": SCHEMA, "file": shown, "deals": count });
        if cut > 0 {
            told["cut"] = json!(cut);
        }
        session.out.value(&told)?;
    } else {
        session
            .out
            .safe(&format!("Wrote {count} deals to {shown}"))?;
        if cut > 0 {
            let texts = if cut == 1 {
                "1 text is".to_owned()
            } else {
                format!("{cut} texts are")
            };
            session.out.line(format!(
                "{texts} cut: a cell of a workbook holds 32,767 characters; CSV and JSON \
                 hold all"
            ))?;
        }
    }
    Ok(())
}

/// Says which of our own formats a file has; `None` for any other file.
///
/// Only an ordinary file is opened: to open a pipe that nobody writes to is to wait for ever. What
/// else it is, and why it cannot be read, is for the import to tell.
pub fn recognise(path: &Path) -> Result<Option<own::Format>, CliError> {
    if !path.is_file() {
        return Ok(None);
    }
    let Ok(file) = std::fs::File::open(path) else {
        return Ok(None);
    };
    let mut head = Vec::with_capacity(own::HEAD);
    file.take(own::HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|e| CliError::file("read", path, &e))?;
    Ok(own::recognise(&head))
}
