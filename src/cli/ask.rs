//! `ask`: a question onto the week.

use clap::Args;

use super::answer::known;
use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::when::Lean;
use crate::store::Access;

/// Puts a question on the week, for a person and a day.
#[derive(Args, Debug)]
pub struct AskArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// The question's id; without it the deal's own next ask.
    question: Option<String>,
    /// Whom to ask.
    #[arg(value_name = "WHO")]
    whom: Option<String>,
    /// By when, such as fri or +1w [default: in a week].
    day: Option<String>,
}

/// Carries out `ask`.
pub fn run(session: &mut Session<'_>, args: &AskArgs) -> Result<(), CliError> {
    let due = args
        .day
        .as_deref()
        .map(|text| session.day(text, Lean::Ahead))
        .transpose()?;
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    if let Some(question) = &args.question {
        known(&store, question)?;
    }
    let act = Act::Ask {
        deal,
        question: args.question.clone(),
        whom: args.whom.clone(),
        due,
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
