//! `outcome` and `regret`: what came of a firing, and whether a win would be sold again.

use std::fmt::Write as _;

use clap::Args;

use super::error::CliError;
use super::session::Session;
use super::table::{Table, cell, figures, text};
use crate::domain::act::Act;
use crate::domain::deal::{After, Disposition, FiredRow, OutcomeDue, OutcomeKind, RegretRow};
use crate::domain::shown::{Free, Label, Mask};
use crate::export::after;
use crate::store::Access;

/// Why writing to a string cannot fail.
const TAKES: &str = "a string takes all that is written";

/// How many firings are listed.
const MOST: usize = 100_000;

/// Says what came of a fired prospect, or asks about all of them.
///
/// `outcome DEAL KIND [WORDS]`: better, unchanged, silence, elsewhere or nothing. Better needs
/// something on record that they do differently: a promise kept, a meeting held, a senior met, an
/// answer shown. `outcome due` shows those of whom it is time to ask, at 90 and at 180 days;
/// `outcome nochange` says of all of them that nothing changed, but of those that made contact.
/// `outcome list` is the record: who was fired, why, what it freed, what came of it.
#[derive(Args, Debug)]
pub struct OutcomeArgs {
    /// The deal: its number, `source:id`, or words that find it alone; or due, nochange, list.
    #[arg(value_name = "DEAL|due|nochange|list")]
    deal: String,
    /// better, unchanged, silence, elsewhere or nothing.
    kind: Option<String>,
    /// What is to be said of it.
    words: Vec<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Says whether you would sell a won deal again, or lists those of which to ask.
///
/// `regret DEAL yes|no [WORDS]`. `regret due` shows the wins of which it is time to ask, 60 days
/// after each; `regret list` what was said, beside what the money questions had said.
#[derive(Args, Debug)]
pub struct RegretArgs {
    /// The deal: its number, `source:id`, or words that find it alone; or due, list.
    #[arg(value_name = "DEAL|due|list")]
    deal: String,
    /// yes or no.
    again: Option<String>,
    /// What is to be said of it.
    words: Vec<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

fn read(session: &Session<'_>) -> Result<After, CliError> {
    let store = session.open(Access::Write)?;
    Ok(store.after(session.around.today(), MOST)?)
}

fn words(words: &[String]) -> Option<String> {
    let words = words.join(" ");
    (!words.trim().is_empty()).then_some(words)
}

/// Carries out `outcome`.
pub fn outcome(session: &mut Session<'_>, args: &OutcomeArgs) -> Result<(), CliError> {
    let mask = session.mask(args.mask);
    let kind = args.kind.as_deref();
    match (args.deal.as_str(), kind) {
        ("due", None) => {
            let after = read(session)?;
            due_table(session, &after.outcomes, &mask)
        }
        ("list", None) => {
            let after = read(session)?;
            record(session, &after, &mask)
        }
        ("nochange", None) => no_change(session),
        (words, None) => Err(
            CliError::usage(format!("what came of `{words}` is missing"))
                .hint("say better, unchanged, silence, elsewhere or nothing"),
        ),
        (deal, Some(kind)) => {
            let kind = OutcomeKind::told(kind).ok_or_else(|| {
                CliError::usage(format!("`{kind}` is nothing that comes of a firing")).hint(
                    "say better, unchanged, silence, elsewhere or nothing; won and lost are said \
                     by `close`",
                )
            })?;
            let words = words(&args.words);
            let mut store = session.open(Access::Write)?;
            let deal = Session::deal(&store, deal)?;
            let act = Act::Outcome { deal, kind, words };
            let done = store.act(&session.stamp(), &act)?;
            session.done(&store, &done)
        }
    }
}

fn no_change(session: &mut Session<'_>) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let after = store.after(session.around.today(), 0)?;
    let silent = after.outcomes.iter().filter(|due| due.heard.is_none());
    let deals: Vec<_> = silent.map(|due| due.deal).collect();
    if deals.is_empty() {
        return Err(CliError::failed(
            "there is no fired prospect of which it is time to ask and nothing was heard",
        )
        .hint("`walkaway outcome due` shows those of whom it is time"));
    }
    let done = store.act(&session.stamp(), &Act::NoChange { deals })?;
    session.done(&store, &done)
}

fn due_table(session: &mut Session<'_>, due: &[OutcomeDue], mask: &Mask) -> Result<(), CliError> {
    if session.global.json {
        let mut array = session.out.array();
        for due in due {
            array.push(&after::outcome_due(due, mask))?;
        }
        return Ok(array.end()?);
    }
    let columns = [
        figures("deal"),
        text("name", 8),
        text("fired", 10),
        figures("asked at"),
        text("why", 8),
        text("heard", 10),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for due in due {
        let why = due.reason.as_deref().map(Free::new);
        let why = why.map(|why| mask.free(&why, Some(due.deal)).into_owned());
        table.row(vec![
            cell(&due.deal.to_string()),
            cell(&mask.name(&due.name, Label::Deal(due.deal))),
            cell(&due.fired.to_string()),
            cell(&format!("{} d", due.check)),
            cell(&why.unwrap_or_default()),
            cell(&due.heard.map(|day| day.to_string()).unwrap_or_default()),
        ])?;
    }
    Ok(table.end()?)
}

/// Where a fired prospect went, in words.
fn went(row: &FiredRow, mask: &Mask) -> String {
    match (row.to, &row.whom) {
        (None, _) => String::new(),
        (Some(Disposition::WalkedAway), _) => "walked away".to_owned(),
        (Some(Disposition::Regift), Some(whom)) => {
            let whom = Free::new(whom.expose_for_storage());
            format!("to {}", mask.free(&whom, Some(row.deal)))
        }
        (Some(Disposition::Regift), None) => "re-gifted".to_owned(),
        (Some(Disposition::Nurture), _) => match row.until {
            Some(day) => format!("nurture, {day}"),
            None => "nurture".to_owned(),
        },
    }
}

/// Prints the record of firings.
pub fn record(session: &mut Session<'_>, after: &After, mask: &Mask) -> Result<(), CliError> {
    if session.global.json {
        let value = after::record(after, mask);
        session.out.value(&value)?;
        return Ok(());
    }
    let sums = &after.sums;
    let mut line = format!(
        "{} fired, {} h back, an estimate",
        sums.fired,
        after::hours(sums.minutes_reclaimed)
    );
    for (kind, count) in &sums.outcomes {
        write!(line, " · {count} {}", kind.words()).expect(TAKES);
    }
    if sums.open > 0 {
        write!(line, " · {} too early to say", sums.open).expect(TAKES);
    }
    session.out.safe(&line)?;
    let columns = [
        figures("deal"),
        text("name", 8),
        text("fired", 10),
        text("why", 10),
        text("went", 8),
        figures("h back"),
        text("came of it", 8),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for row in &after.fired {
        let why = Free::new(row.reasons.join("; "));
        let mut came = row
            .came_of()
            .map_or_else(String::new, |kind| kind.words().to_owned());
        if let Some((day, _)) = row.reinstated {
            let and = if came.is_empty() { "" } else { ", " };
            let how = row.overruled.as_ref().map_or_else(
                || "reinstated".to_owned(),
                |over| format!("since then {}, overruled", over.since.words()),
            );
            came = format!("{came}{and}{how} {day}");
        }
        if row.time.1 > 1 {
            came = format!("{came} (firing {} of {})", row.time.0, row.time.1);
        }
        table.row(vec![
            cell(&row.deal.to_string()),
            cell(&mask.name(&row.name, Label::Deal(row.deal))),
            cell(&row.day.to_string()),
            cell(&mask.free(&why, Some(row.deal))),
            cell(&went(row, mask)),
            cell(&after::hours(row.minutes_reclaimed).to_string()),
            cell(came.trim()),
        ])?;
    }
    Ok(table.end()?)
}

/// Carries out `regret`.
pub fn regret(session: &mut Session<'_>, args: &RegretArgs) -> Result<(), CliError> {
    let mask = session.mask(args.mask);
    let again = match (args.deal.as_str(), args.again.as_deref()) {
        ("due", None) => {
            let after = read(session)?;
            return regret_table(session, &after.regrets, &mask);
        }
        ("list", None) => {
            let after = read(session)?;
            return regret_table(session, &after.told, &mask);
        }
        (_, Some("yes" | "y")) => true,
        (_, Some("no" | "n")) => false,
        (_, other) => {
            let other = other.unwrap_or_default();
            return Err(
                CliError::usage(format!("`{other}` does not say whether you would"))
                    .hint("say yes or no: would you sell it again?"),
            );
        }
    };
    let words = words(&args.words);
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = Act::Regret { deal, again, words };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

fn regret_table(
    session: &mut Session<'_>,
    rows: &[RegretRow],
    mask: &Mask,
) -> Result<(), CliError> {
    if session.global.json {
        let mut array = session.out.array();
        for row in rows {
            array.push(&after::regret(row, mask))?;
        }
        return Ok(array.end()?);
    }
    let columns = [
        figures("deal"),
        text("name", 8),
        text("won", 10),
        text("money said", 8),
        text("sell again", 8),
        text("words", 8),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for row in rows {
        let said = if row.against.is_empty() {
            row.money.code().to_owned()
        } else {
            format!("{}: {}", row.money.code(), row.against.join(", "))
        };
        let words = row.words.as_ref();
        let words = words.map(|words| mask.free(words, Some(row.deal)).into_owned());
        table.row(vec![
            cell(&row.deal.to_string()),
            cell(&mask.name(&row.name, Label::Deal(row.deal))),
            cell(&row.won.to_string()),
            cell(&said),
            cell(match row.again {
                Some(true) => "yes",
                Some(false) => "no",
                None => "?",
            }),
            cell(&words.unwrap_or_default()),
        ])?;
    }
    Ok(table.end()?)
}
