//! `reinstate` and `nurture`: fired prospects.

use chrono::Days;
use clap::{Args, ValueEnum};

use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::defaults::HOLD_DAYS;
use crate::domain::when::Lean;
use crate::store::Access;

/// Takes a fired prospect back, on the terms on which it came.
#[derive(Args, Debug)]
pub struct ReinstateArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// What is different now.
    #[arg(required = true)]
    terms: Vec<String>,
}

/// What becomes of a prospect whose nurture date was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Then {
    /// It is looked at again on a later day.
    Later,
    /// It stays fired and is asked for no more.
    LetGo,
}

/// Says what becomes of a fired prospect whose nurture date was reached.
#[derive(Args, Debug)]
pub struct NurtureArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// What becomes of it.
    then: Then,
    /// The later day, such as +3m [default: in four weeks].
    day: Option<String>,
}

/// Carries out `reinstate`.
pub fn reinstate(session: &mut Session<'_>, args: &ReinstateArgs) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = Act::Reinstate {
        deal,
        terms: args.terms.join(" "),
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

/// Carries out `nurture`.
pub fn nurture(session: &mut Session<'_>, args: &NurtureArgs) -> Result<(), CliError> {
    let until = match (&args.day, args.then) {
        (Some(_), Then::LetGo) => {
            return Err(CliError::usage("who is let go comes back on no day")
                .hint("leave out the day, or say `later`"));
        }
        (Some(text), Then::Later) => session.day(text, Lean::Ahead)?,
        (None, _) => session.around.today() + Days::new(HOLD_DAYS),
    };
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = match args.then {
        Then::Later => Act::NurtureLater { deal, until },
        Then::LetGo => Act::LetGo { deal },
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
