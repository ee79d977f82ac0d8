//! `report minutes`: what a 1:1 leaves behind.

use clap::Args;

use super::super::error::CliError;
use super::super::review::minutes_of;
use super::super::session::Session;
use super::{Form, Output};
use crate::export::minutes::Layout;

#[derive(Args, Debug)]
pub(super) struct MinutesArgs {
    /// The number of the 1:1 [default: the one that runs, else the last].
    review: Option<i64>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
    #[command(flatten)]
    output: Output,
}

/// Carries out `report minutes`.
pub(super) fn run(session: &mut Session<'_>, args: &MinutesArgs) -> Result<(), CliError> {
    let layout = match args.output.form() {
        Form::Md => Layout::Markdown,
        Form::Html => Layout::Html,
    };
    let text = minutes_of(session, args.review, args.mask, layout)?;
    args.output.put(session, &text)
}
