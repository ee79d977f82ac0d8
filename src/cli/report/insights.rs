//! `report insights`: what one's own past tells.

use clap::Args;
use serde_json::{Value as Json, json};

use super::super::error::CliError;
use super::super::session::Session;
use super::{Form, Output};
use crate::domain::insights::{Insight, Period, insights};
use crate::domain::when::Lean;
use crate::export::deals::SCHEMA;
use crate::export::json::rounded;
use crate::export::report::{self, About, ReportError};
use crate::store::Access;

#[derive(Args, Debug)]
pub(super) struct InsightsArgs {
    /// Only what happened on this day or later, such as 2026-08-01 or 12w.
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only what happened on this day or earlier.
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Only deals of this owner; `me` is you.
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        Self::failed(error.to_string()).hint("Markdown is written without it: `--format md`")
    }
}

/// Carries out `report insights`.
pub(super) fn run(session: &mut Session<'_>, args: &InsightsArgs) -> Result<(), CliError> {
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
    if session.global.json {
        return Ok(session.out.value(&to_json(&found))?);
    }
    let about = About {
        today,
        record: store.overview(&session.stamp())?.record_day,
        period: &period,
        locale: &session.around.locale,
    };
    let text = match args.output.form() {
        Form::Md => report::markdown(&found, &about),
        Form::Html => report::html(&found, &about)?,
    };
    args.output.put(session, &text)
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
