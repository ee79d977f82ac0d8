//! `report triage`: what a sitting did, on one page.

use clap::Args;
use serde_json::{Value as Json, json};

use super::super::error::CliError;
use super::super::session::Session;
use super::super::week::{ask_json, due_json, hours};
use super::{Form, Output};
use crate::domain::bank::Bank;
use crate::domain::review::{Telling, Triage};
use crate::domain::shown::{Free, Label, Mask};
use crate::domain::when::Lean;
use crate::export::deals::SCHEMA;
use crate::export::minutes::{Layout, lay_out};
use crate::store::Access;

#[derive(Args, Debug)]
pub(super) struct TriageArgs {
    /// What was decided on this day or later, such as 2026-08-01 or 1w [default: today].
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
    #[command(flatten)]
    output: Output,
}

/// Carries out `report triage`.
pub(super) fn run(session: &mut Session<'_>, args: &TriageArgs) -> Result<(), CliError> {
    let stamp = session.stamp();
    let since = match &args.since {
        Some(text) => session.day(text, Lean::Back)?,
        None => stamp.today,
    };
    let store = session.open(Access::Write)?;
    let triage = store.triage(since, &stamp)?;
    let mask = session.mask(args.mask);
    if session.global.json {
        return Ok(session
            .out
            .value(&to_json(&triage, store.judge().bank(), &mask))?);
    }
    let told = Telling {
        bank: store.judge().bank(),
        mask: &mask,
        locale: &session.around.locale,
        today: stamp.today,
    };
    let layout = match args.output.form() {
        Form::Md => Layout::Markdown,
        Form::Html => Layout::Html,
    };
    let text = lay_out(&triage.told(&told), layout);
    args.output.put(session, &text)
}

fn to_json(triage: &Triage, bank: &Bank, mask: &Mask) -> Json {
    let decisions = triage.decisions.iter().map(|one| {
        let deal = Some(one.deal);
        let free = |text: &Free| mask.free(text, deal).into_owned();
        let reasons = one.reasons.iter().map(|why| free(&why.as_str().into()));
        let step = one.next_step.as_ref();
        json!({
            "deal": one.deal.0, "name": mask.name(&one.name, Label::Deal(one.deal)),
            "kind": one.kind.code(), "day": one.day, "who": one.who,
            "reasons": reasons.collect::<Vec<_>>(), "hours_back": hours(one.minutes_reclaimed),
            "words": one.sentence.as_ref().map(free), "until": one.until,
            "next_step": step.map(|(step, due)| json!({ "what": free(step), "due": due })),
        })
    });
    json!({
        "schema": SCHEMA, "since": triage.since,
        "hours_back": hours(triage.minutes_reclaimed()),
        "decisions": decisions.collect::<Vec<_>>(),
        "asks": triage.asks.iter().map(|ask| ask_json(ask, bank, mask)).collect::<Vec<_>>(),
        "due": triage.due.iter().map(|due| due_json(due, mask)).collect::<Vec<_>>(),
    })
}
