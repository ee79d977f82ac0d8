//! `week` and `sweep`: what a sitting leaves behind, and whose call one dreads.

use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::session::Session;
use super::table::{Table, cell, text};
use crate::domain::act::Act;
use crate::domain::bank::Bank;
use crate::domain::deal::{SweepWord, Week, WeekAsk, WeekDue};
use crate::domain::shown::{Label, Mask};
use crate::domain::when::Lean;
use crate::export::deals::SCHEMA;
use crate::store::Access;

/// Shows this week: what was fired, what is asked, where the hours go, what falls due.
#[derive(Args, Debug)]
pub struct WeekArgs {
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
    /// What to do instead of showing it.
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Gives hours of a week a place: a deal, or `own` for one's own time; 0 takes it away.
    Place {
        /// The deal: its number, `source:id`, words that find it alone, or own.
        deal: String,
        /// How many hours, such as 2 or 1.5.
        hours: String,
        /// Any day of the week [default: this week].
        week: Option<String>,
    },
    /// Says how many hours a week you have to sell.
    Hours {
        /// How many.
        hours: String,
    },
}

/// Says whose call you would dread, or shows the piles of the last sweep.
#[derive(Args, Debug)]
pub struct SweepArgs {
    /// The deals, then glad, dread or unknown.
    #[arg(value_name = "DEAL... glad|dread|unknown")]
    words: Vec<String>,
}

/// Reads hours as minutes.
fn minutes(text: &str) -> Result<u32, CliError> {
    let hours: Option<f64> = text.trim_end_matches('h').trim().parse().ok();
    hours
        .filter(|hours| (0.0..=168.0).contains(hours))
        .map(|hours| (hours * 60.0).round() as u32)
        .ok_or_else(|| {
            CliError::usage(format!("`{text}` is no number of hours of a week"))
                .hint("write 2 or 1.5, at most 168")
        })
}

/// Carries out `week`.
pub fn week(session: &mut Session<'_>, args: &WeekArgs) -> Result<(), CliError> {
    match &args.verb {
        None => show(session, args.mask),
        Some(Verb::Hours { hours }) => {
            let act = Act::SellingHours {
                minutes: minutes(hours)?,
            };
            let mut store = session.open(Access::Write)?;
            let done = store.act(&session.stamp(), &act)?;
            session.done(&store, &done)
        }
        Some(Verb::Place { deal, hours, week }) => {
            let minutes = minutes(hours)?;
            let week = match week {
                Some(text) => session.day(text, Lean::Ahead)?,
                None => session.around.today(),
            };
            let mut store = session.open(Access::Write)?;
            let deal = match deal.as_str() {
                "own" => None,
                words => Some(Session::deal(&store, words)?),
            };
            let act = Act::HoursPlan {
                deal,
                week,
                minutes,
            };
            let done = store.act(&session.stamp(), &act)?;
            session.done(&store, &done)
        }
    }
}

/// Minutes as hours with two places.
pub(super) fn hours(minutes: i64) -> f64 {
    crate::export::json::rounded(minutes as f64 / 60.0, 2)
}

/// An ask as JSON.
pub fn ask_json(ask: &WeekAsk, bank: &Bank, mask: &Mask) -> Json {
    let deal = Some(ask.deal);
    let contact = ask.contact.as_ref().map(|name| {
        let id = ask.deal.0;
        mask.name(name, Label::Contact { id, deal })
    });
    json!({
        "schema": SCHEMA, "id": ask.id, "deal": ask.deal.0,
        "name": mask.name(&ask.name, Label::Deal(ask.deal)), "question": ask.question,
        "signal": ask.signal, "say": mask.asked(&ask.text, Some(bank), deal), "contact": contact,
        "due": ask.due, "state": ask.state.code(), "put": ask.put,
        "reply": ask.reply.as_ref().map(|reply| mask.free(reply, deal)), "replied": ask.replied,
    })
}

/// What falls due, as JSON.
pub(super) fn due_json(due: &WeekDue, mask: &Mask) -> Json {
    json!({
        "deal": due.deal.0, "name": mask.name(&due.name, Label::Deal(due.deal)),
        "day": due.day, "what": due.what.code(),
        "words": mask.free(&due.words, Some(due.deal)),
    })
}

fn week_json(week: &Week, bank: &Bank, mask: &Mask) -> Json {
    let fired = week.fired.iter().map(|fired| {
        json!({
            "deal": fired.deal.0, "name": mask.name(&fired.name, Label::Deal(fired.deal)),
            "day": fired.day, "hours_back": hours(fired.minutes_reclaimed),
            "note_left": fired.note_left,
        })
    });
    let plans = week.plans.iter().filter(|plan| plan.minutes > 0);
    let plans = plans.map(|plan| {
        let name = plan.name.as_ref().zip(plan.deal);
        json!({
            "deal": plan.deal.map(|deal| deal.0),
            "name": name.map(|(name, deal)| mask.name(name, Label::Deal(deal))),
            "hours": hours(plan.minutes),
            "next_step": plan.next_step.as_ref().map(|step| mask.free(step, plan.deal)),
            "next_step_due": plan.next_step_due, "senior": plan.senior,
            "lacks_senior": week.lacks_senior(plan),
        })
    });
    let due = week.due.iter().map(|due| due_json(due, mask));
    json!({
        "schema": SCHEMA, "week": week.monday,
        "hours_to_sell": week.selling_minutes.map(hours), "hours_placed": hours(week.placed()),
        "fired": fired.collect::<Vec<_>>(), "may_fire": week.may_fire,
        "asks": week.asks.iter().map(|ask| ask_json(ask, bank, mask)).collect::<Vec<_>>(),
        "invest": plans.collect::<Vec<_>>(), "due": due.collect::<Vec<_>>(),
    })
}

fn show(session: &mut Session<'_>, mask: Option<u8>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let week = store.week(&session.stamp())?;
    let bank = store.judge().bank();
    let mask = session.mask(mask);
    if session.global.json {
        session.out.value(&week_json(&week, bank, &mask))?;
        return Ok(());
    }
    let back: i64 = week.fired.iter().map(|fired| fired.minutes_reclaimed).sum();
    let notes = week.fired.iter().filter(|fired| !fired.note_left).count();
    session.out.safe(&format!(
        "Gone    {} fired, {} h back, an estimate; {notes} closing notes not copied yet",
        week.fired.len(),
        hours(back),
    ))?;
    session.out.safe("Ask")?;
    ask_table(session, &week.asks, bank, &mask)?;
    let placed = hours(week.placed());
    session.out.safe(&match week.selling_minutes {
        Some(minutes) => format!("Invest  {placed} of {} h placed", hours(minutes)),
        None => format!("Invest  {placed} h placed"),
    })?;
    for plan in week.plans.iter().filter(|plan| plan.minutes > 0) {
        let name = match (&plan.name, plan.deal) {
            (Some(name), Some(deal)) => mask.name(name, Label::Deal(deal)).into_owned(),
            (Some(_) | None, _) => "own time".to_owned(),
        };
        let senior = match &plan.senior {
            Some(senior) => format!(", senior: {senior}"),
            None if week.lacks_senior(plan) => ", senior: nobody yet".to_owned(),
            None => String::new(),
        };
        let line = format!("  {} h  {name}{senior}", hours(plan.minutes));
        session.out.safe(&line)?;
    }
    session.out.safe("Due")?;
    for due in &week.due {
        session.out.safe(&format!(
            "  {}  {}  {}: {}",
            due.day,
            mask.name(&due.name, Label::Deal(due.deal)),
            due.what.code(),
            mask.free(&due.words, Some(due.deal)),
        ))?;
    }
    Ok(())
}

/// Prints asks as a table.
pub fn ask_table(
    session: &mut Session<'_>,
    asks: &[WeekAsk],
    bank: &Bank,
    mask: &Mask,
) -> Result<(), CliError> {
    let columns = [
        text("id", 3),
        text("deal", 14),
        text("ask", 20),
        text("whom", 8),
        text("by", 10),
        text("state", 8),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for ask in asks {
        let deal = Some(ask.deal);
        let whom = ask.contact.as_ref().map(|name| {
            let id = ask.deal.0;
            mask.name(name, Label::Contact { id, deal })
        });
        table.row(vec![
            cell(&ask.id.to_string()),
            cell(&mask.name(&ask.name, Label::Deal(ask.deal))),
            cell(&mask.asked(&ask.text, Some(bank), deal)),
            cell(&whom.unwrap_or_default()),
            cell(&ask.due.map(|day| day.to_string()).unwrap_or_default()),
            cell(ask.state.code()),
        ])?;
    }
    table.end()?;
    Ok(())
}

/// Carries out `sweep`.
pub fn sweep(session: &mut Session<'_>, args: &SweepArgs) -> Result<(), CliError> {
    let Some((last, deals)) = args.words.split_last() else {
        return piles(session);
    };
    let Some(word) = SweepWord::from_code(last) else {
        return Err(CliError::usage(format!("`{last}` is none of the three"))
            .hint("end with glad, dread or unknown"));
    };
    if deals.is_empty() {
        return Err(CliError::usage("no deal was named").hint("name it before the word"));
    }
    let mut store = session.open(Access::Write)?;
    let deals = Session::deals(&store, deals)?;
    let words = deals.into_iter().map(|deal| (deal, word)).collect();
    let done = store.act(&session.stamp(), &Act::Sweep { words })?;
    session.done(&store, &done)
}

fn piles(session: &mut Session<'_>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let piles = store.sweep_piles()?;
    if session.global.json {
        let piles: Vec<Json> = piles
            .iter()
            .map(|pile| {
                json!({
                    "word": pile.word.map(SweepWord::code), "deals": pile.deals,
                    "spent": crate::export::json::rounded(pile.spent, 2),
                    "per_week": crate::export::json::rounded(pile.per_week, 2),
                })
            })
            .collect();
        session
            .out
            .value(&json!({"schema": SCHEMA, "piles": piles}))?;
        return Ok(());
    }
    for pile in piles {
        let word = pile.word.map_or("not swept", SweepWord::code);
        session.out.safe(&format!(
            "{word:<10}{:>6} deals {:>8.1} h spent {:>7.1} h a week",
            pile.deals, pile.spent, pile.per_week
        ))?;
    }
    Ok(())
}
