//! `tripwire`: what became of it, or a new one.

use chrono::Days;
use clap::Args;

use super::error::CliError;
use super::fields::{Pair, split, unknown};
use super::session::Session;
use super::table::{Table, cell, figures, text};
use crate::domain::act::Act;
use crate::domain::defaults::{Slots, TRIPWIRE_DAYS};
use crate::domain::shown::Label;
use crate::domain::when::Lean;
use crate::store::Access;

/// Says what became of a deal's tripwire, or sets it.
///
/// `happened WORDS`: it happened, and this is the evidence. `anyway WORDS`: it did not, and this
/// is why we keep going; until by=DAY, by default in two weeks. To change it: tripwire=SENTENCE,
/// by=DAY; or the sentence from its parts: who=NAME act='met us' else='I fire it'. To fire as
/// promised, `fire`. `tripwire list` shows those that wait, and how others ended.
#[derive(Args, Debug)]
pub struct TripwireArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// happened or anyway with words, or fields.
    #[arg(value_name = "happened|anyway|FIELD=VALUE")]
    arguments: Vec<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

fn list(session: &mut Session<'_>, mask: Option<u8>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let (rows, sums) = store.tripwires()?;
    let (mask, today) = (session.mask(mask), session.around.today());
    if session.global.json {
        let value = crate::export::after::tripwires(&rows, sums, today, &mask);
        session.out.value(&value)?;
        return Ok(());
    }
    let columns = [
        figures("deal"),
        text("name", 8),
        text("due", 10),
        text("sentence", 20),
        figures("moved"),
        figures("anyway"),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for row in &rows {
        let mark = if row.due <= today { "! " } else { "" };
        table.row(vec![
            cell(&row.deal.to_string()),
            cell(&mask.name(&row.name, Label::Deal(row.deal))),
            cell(&format!("{mark}{}", row.due)),
            cell(&mask.free(&row.sentence, Some(row.deal))),
            cell(&row.moved.to_string()),
            cell(&row.anyway.to_string()),
        ])?;
    }
    table.end()?;
    session.out.safe(&format!(
        "{} wait, {} happened, {} fired as promised, {} kept going anyway; {} on hold, {} holds \
         ended",
        sums.waiting, sums.happened, sums.fired, sums.anyway, sums.held, sums.ended
    ))?;
    Ok(())
}

/// Carries out `tripwire`.
pub fn run(session: &mut Session<'_>, args: &TripwireArgs) -> Result<(), CliError> {
    if args.arguments.is_empty() {
        if args.deal == "list" {
            return list(session, args.mask);
        }
        return Err(
            CliError::usage("what became of the tripwire is missing").hint(
                "say happened or anyway with words, give tripwire=SENTENCE by=DAY, or \
             `walkaway tripwire list`",
            ),
        );
    }
    let (words, pairs) = split(&args.arguments);
    let (mut sentence, mut by) = (None, None);
    let mut slots = Slots::default();
    for Pair { field, value } in pairs {
        match field {
            "tripwire" | "sentence" => sentence = Some(value.to_owned()),
            "by" | "due" => by = Some(session.day(value, Lean::Ahead)?),
            "who" => value.clone_into(&mut slots.who),
            "act" => value.clone_into(&mut slots.act),
            "else" => value.clone_into(&mut slots.otherwise),
            other => return Err(unknown(other, ["tripwire", "by", "who", "act", "else"])),
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
        _ => {
            let sentence = match (sentence, slots.is_empty(), by) {
                (None, false, Some(by)) => Some(slots.sentence(&by.to_string())),
                (None, false, None) => {
                    return Err(CliError::usage("a tripwire of parts needs its day")
                        .hint("give by=DAY as well"));
                }
                (sentence, ..) => sentence,
            };
            Act::TripwireSet {
                deal,
                sentence,
                due: by,
            }
        }
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
