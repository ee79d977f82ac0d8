//! `tripwire`: what became of it, or a new one.

use chrono::Days;
use clap::Args;

use super::error::CliError;
use super::fields::{Pair, split, unknown};
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::defaults::TRIPWIRE_DAYS;
use crate::domain::when::Lean;
use crate::store::Access;

/// Says what became of a deal's tripwire, or sets it.
///
/// `happened WORDS`: it happened, and this is the evidence. `anyway WORDS`: it did not, and this
/// is why we keep going; until by=DAY, by default in two weeks. To change it: tripwire=SENTENCE,
/// by=DAY. To fire as promised, `fire`.
#[derive(Args, Debug)]
pub struct TripwireArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// happened or anyway with words, or fields.
    #[arg(value_name = "happened|anyway|FIELD=VALUE", required = true)]
    arguments: Vec<String>,
}

/// Carries out `tripwire`.
pub fn run(session: &mut Session<'_>, args: &TripwireArgs) -> Result<(), CliError> {
    let (words, pairs) = split(&args.arguments);
    let (mut sentence, mut by) = (None, None);
    for Pair { field, value } in pairs {
        match field {
            "tripwire" | "sentence" => sentence = Some(value.to_owned()),
            "by" | "due" => by = Some(session.day(value, Lean::Ahead)?),
            other => return Err(unknown(other, ["tripwire", "by"])),
        }
    }
    let (verb, rest) = words
        .split_first()
        .map_or(("", Vec::new()), |(v, r)| (v.as_str(), r.to_vec()));
    let rest = rest.join(" ");
    match verb {
        "" | "happened" | "anyway" => {}
        other => {
            return Err(CliError::usage(format!(
                "`{other}` is nothing that becomes of a tripwire"
            ))
            .hint("say happened or anyway with words, or give tripwire=SENTENCE by=DAY"));
        }
    }
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = match verb {
        "happened" => Act::TripwireHappened { deal, words: rest },
        "anyway" => {
            let due = by.unwrap_or(session.around.today() + Days::new(TRIPWIRE_DAYS));
            Act::TripwireAnyway {
                deal,
                words: rest,
                due,
            }
        }
        _ => Act::TripwireSet {
            deal,
            sentence,
            due: by,
        },
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
