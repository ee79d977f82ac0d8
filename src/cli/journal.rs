//! `journal`: what was done, by whom and when.

use clap::Args;
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::out::Tone;
use super::session::Session;
use super::table::{Table, cell, figures, text};
use crate::domain::shown::Free;
use crate::domain::when::Lean;
use crate::export::deals::SCHEMA;
use crate::export::show;
use crate::store::Access;

/// Actions that are read at a time.
const PAGE: usize = 200;

/// Lists what was done, by whom and when; the latest first.
#[derive(Args, Debug)]
pub struct JournalArgs {
    /// Only of this deal: its number, `source:id`, or words that find it alone.
    deal: Option<String>,
    /// Only since this day, such as 2026-11-01, mon or 2w.
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Carries out `journal`.
pub fn run(session: &mut Session<'_>, args: &JournalArgs) -> Result<(), CliError> {
    let since = args
        .since
        .as_deref()
        .map(|day| session.day(day, Lean::Back))
        .transpose()?;
    let since = since.map(|day| {
        let start = session.around.start_of(day);
        start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    });
    let store = session.open(Access::Write)?;
    let deal = args
        .deal
        .as_deref()
        .map(|words| Session::deal(&store, words))
        .transpose()?;
    let mask = session.mask(args.mask);
    let mut left = args.limit.unwrap_or(usize::MAX);
    let mut before = None;
    let is_json = session.global.json;
    let (mut array, mut table) = if is_json {
        (Some(session.out.array()), None)
    } else {
        let columns = [
            figures("id"),
            text("when", 16),
            text("who", 6),
            text("what", 20),
        ];
        (None, Some(Table::new(&mut session.out, &columns)))
    };
    loop {
        let page = store.journal(deal, before, since.as_deref(), left.min(PAGE))?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        left -= page.len();
        for entry in &page {
            if let Some(array) = &mut array {
                let mut value = json!({ "schema": SCHEMA });
                if let (Json::Object(map), Json::Object(more)) =
                    (&mut value, show::entry(entry, &mask, deal))
                {
                    map.extend(more);
                }
                array.push(&value)?;
            } else if let Some(table) = &mut table {
                let what = Free::new(entry.what.clone());
                let what = mask.free(&what, deal);
                let tone = if entry.undone_by.is_some() {
                    Tone::Quiet
                } else {
                    Tone::Plain
                };
                let note = match (entry.undone_by, entry.state.as_str()) {
                    (Some(by), _) => format!("{what} (undone by {by})"),
                    (None, "running") => format!("{what} (not finished)"),
                    (None, "taken_back") => format!("{what} (taken back)"),
                    (None, _) => what.into_owned(),
                };
                let when = entry.at.get(..16).unwrap_or(&entry.at).replace('T', " ");
                let mut row = vec![
                    cell(&entry.id.to_string()),
                    cell(&when),
                    cell(&entry.who),
                    cell(&note),
                ];
                for cell in &mut row {
                    cell.1 = tone;
                }
                table.row(row)?;
            }
        }
        if left == 0 {
            break;
        }
    }
    if let Some(array) = array {
        array.end()?;
    }
    if let Some(table) = table {
        table.end()?;
    }
    Ok(())
}
