//! `add` and `edit`: a deal by hand.

use clap::Args;

use super::error::CliError;
use super::fields;
use super::session::Session;
use crate::domain::act::Act;
use crate::store::Access;

/// Adds a deal by hand.
///
/// Fields are named as in `list --json`: account, title, contact, owner, amount, stage, phase,
/// expected_close, created, next_step, next_step_due, product, description, margin, discount.
/// Days are written as `2026-12-12`, `fri` or `+2w`, amounts as `48000 EUR` or `50k`.
#[derive(Args, Debug)]
pub struct AddArgs {
    /// What is known of it; an account or a title at the least.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    fields: Vec<String>,
}

/// Changes fields of a deal; an empty value erases.
#[derive(Args, Debug)]
pub struct EditArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// What changes.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    fields: Vec<String>,
}

/// Carries out `add`.
pub fn add(session: &mut Session<'_>, args: &AddArgs) -> Result<(), CliError> {
    let pairs = fields::only(&args.fields)?;
    let fields = fields::of_deal(session, &pairs, None)?;
    let mut store = session.open(Access::Create)?;
    let done = store.act(&session.stamp(), &Act::Add { fields })?;
    Session::index(&mut store)?;
    session.done(&store, &done)
}

/// Carries out `edit`.
pub fn edit(session: &mut Session<'_>, args: &EditArgs) -> Result<(), CliError> {
    let pairs = fields::only(&args.fields)?;
    // Mistakes in the arguments are told even where there is no pipeline.
    fields::of_deal(session, &pairs, None)?;
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let currency = store
        .detail(deal)?
        .and_then(|d| d.deal.amount)
        .and_then(|m| m.currency);
    let fields = fields::of_deal(session, &pairs, currency)?;
    let done = store.act(&session.stamp(), &Act::Edit { deal, fields })?;
    Session::index(&mut store)?;
    session.done(&store, &done)
}
