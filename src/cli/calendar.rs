//! `calendar`: all dates as one file for the rep's own calendar.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::session::Session;
use crate::export::calendar;
use crate::export::deals::SCHEMA;
use crate::store::Access;

/// The file where neither the command nor the configuration names one.
const FILE: &str = "walkaway.ics";

/// Writes next steps, tripwires, holds, asks, checks, nurture dates and what is asked of the fired
/// and the won to one .ics file.
///
/// Written again, it changes the entries that are in the calendar already, and cancels those that
/// are no longer due. `calendar = "PATH"` in the configuration keeps such a file up to date after
/// every change, for a calendar that subscribes to it.
#[derive(Args, Debug)]
pub struct CalendarArgs {
    /// The file, or the folder that gets walkaway.ics [default: the configured one, else here].
    path: Option<PathBuf>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Carries out `calendar`.
pub fn run(session: &mut Session<'_>, args: &CalendarArgs) -> Result<(), CliError> {
    let configured = session.config.calendar_path(session.around);
    let path = args.path.clone().or(configured);
    let path = path.unwrap_or_else(|| PathBuf::from(FILE));
    let store = session.open(Access::Write)?;
    let (now, today) = (session.around.now, session.around.today());
    let mask = session.mask(args.mask);
    let written = calendar::write(&store, &path, &mask, now, today)?;
    let path = written.path.to_string_lossy();
    if session.global.json {
        let value = json!({"schema": SCHEMA, "path": path, "dates": written.dates});
        session.out.value(&value)?;
    } else {
        let dates = if written.dates == 1 { "date" } else { "dates" };
        session
            .out
            .safe(&format!("Wrote {} {dates} to {path}", written.dates))?;
    }
    Ok(())
}
