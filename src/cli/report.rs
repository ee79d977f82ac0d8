//! `report`: what the past tells, to read and to pass on.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::session::Session;
use crate::domain::insights::{Insight, Period, insights};
use crate::domain::when::Lean;
use crate::export::deals::SCHEMA;
use crate::export::file;
use crate::export::json::rounded;
use crate::export::report::{self, About, ReportError};
use crate::store::Access;

/// Writes a report to read, print or pass on, as Markdown or as one HTML page.
#[derive(Args, Debug)]
pub struct ReportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What your own past tells: days to no and to yes, where you left, what came of it.
    Insights(InsightsArgs),
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Markdown.
    Md,
    /// One HTML page with its plots in it.
    Html,
}

#[derive(Args, Debug)]
struct InsightsArgs {
    /// The file; `-`, or nothing, is standard output.
    file: Option<PathBuf>,
    /// The form [default: by the file's ending, else md].
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
    /// Only what happened on this day or later, such as 2026-08-01 or 12w.
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only what happened on this day or earlier.
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Only deals of this owner; `me` is you.
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
    /// Writes over a file that is there.
    #[arg(long)]
    force: bool,
}

impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        Self::failed(error.to_string()).hint("Markdown is written without it: `--format md`")
    }
}

/// Carries out `report`.
pub fn run(session: &mut Session<'_>, args: &ReportArgs) -> Result<(), CliError> {
    match &args.what {
        What::Insights(args) => write_insights(session, args),
    }
}

fn write_insights(session: &mut Session<'_>, args: &InsightsArgs) -> Result<(), CliError> {
    let day = |text: &Option<String>| -> Result<_, CliError> {
        let text = text.as_deref();
        text.map(|text| session.day(text, Lean::Back)).transpose()
    };
    let store = session.open(Access::Write)?;
    let owner = match args.owner.as_deref() {
        Some("me") => Some(store.owner_of(&session.who())?.ok_or_else(|| {
            CliError::failed("nobody said which owner of the record you are")
                .hint("say it once: `walkaway me OWNER`")
        })?),
        other => other.map(str::to_owned),
    };
    let period = Period {
        since: day(&args.since)?,
        until: day(&args.until)?,
        owner,
    };
    let today = session.around.today();
    let found = insights(&store.insight_facts(&period, today)?);
    let path = args.file.as_ref().filter(|path| path.as_os_str() != "-");
    if session.global.json && path.is_none() {
        return Ok(session.out.value(&to_json(&found))?);
    }
    let ends_in_html = path.is_some_and(|path| {
        let ending = path.extension().unwrap_or_default();
        ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
    });
    let form = args
        .format
        .unwrap_or(if ends_in_html { Form::Html } else { Form::Md });
    let about = About {
        today,
        record: store.overview(&session.stamp())?.record_day,
        period: &period,
    };
    let text = match form {
        Form::Md => report::markdown(&found, &about),
        Form::Html => report::html(&found, &about)?,
    };
    let Some(path) = path else {
        for line in text.lines() {
            session.out.safe(line)?;
        }
        return Ok(());
    };
    file::write(path, args.force, |to| -> Result<(), CliError> {
        Ok(to.write_all(text.as_bytes())?)
    })?;
    let shown = path.to_string_lossy();
    if session.global.json {
        session
            .out
            .value(&json!({ "schema": SCHEMA, "file": shown }))?;
    } else {
        session.out.safe(&format!("Wrote {shown}"))?;
    }
    Ok(())
}

fn to_json(found: &[Insight]) -> Json {
    let insights: Vec<Json> = found
        .iter()
        .map(|insight| {
            let plot = insight.plot.as_ref().map(|plot| {
                let series = plot.series.iter().map(|series| {
                    let bars = series.bars.iter().zip(&plot.places).map(|(bar, place)| {
                        json!({ "at": place, "value": rounded(bar.value, 2), "deals": bar.deals })
                    });
                    json!({ "name": series.name, "bars": bars.collect::<Vec<_>>() })
                });
                json!({
                    "across": plot.across, "up": plot.up,
                    "series": series.collect::<Vec<_>>(),
                })
            });
            json!({ "id": insight.id.code(), "says": insight.sentence, "plot": plot })
        })
        .collect();
    json!({ "schema": SCHEMA, "insights": insights })
}
