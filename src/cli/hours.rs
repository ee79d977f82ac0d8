//! `hours`: what firing freed, where it went, and what it earned.

use clap::Args;

use super::error::CliError;
use super::list::amount;
use super::session::Session;
use super::table::{Table, cell, figures, text};
use crate::domain::shown::Label;
use crate::export::after;
use crate::store::Access;

/// Shows the bank of hours: what firing freed, and where those hours went.
///
/// At all times reclaimed = reinvested + planned + own time + not placed. Reclaimed hours are an
/// estimate. `week place DEAL HOURS` gives hours a place, `week place own HOURS` one's own time;
/// touches move planned hours to reinvested.
#[derive(Args, Debug)]
pub struct HoursArgs {
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Carries out `hours`.
pub fn run(session: &mut Session<'_>, args: &HoursArgs) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let view = store.hours_view(&session.stamp())?;
    let mask = session.mask(args.mask);
    if session.global.json {
        session.out.value(&after::bank(&view, &mask))?;
        return Ok(());
    }
    let ledger = &view.ledger;
    if ledger.is_empty() {
        session
            .out
            .safe("No hours were freed yet: firing frees them.")?;
        return Ok(());
    }
    session.out.safe(&format!(
        "{} h reclaimed, an estimate = {} reinvested + {} planned + {} own time + {} not placed",
        after::hours(ledger.reclaimed),
        after::hours(ledger.reinvested),
        after::hours(ledger.planned),
        after::hours(ledger.own_time),
        after::hours(ledger.not_placed),
    ))?;
    let columns = [
        text("week", 10),
        figures("reclaimed"),
        figures("reinvested"),
        figures("planned"),
        figures("own time"),
        figures("not placed"),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for week in &ledger.weeks {
        let hours = |minutes| cell(&after::hours(minutes).to_string());
        table.row(vec![
            cell(&week.monday.to_string()),
            hours(week.reclaimed),
            hours(week.reinvested),
            hours(week.planned),
            hours(week.own_time),
            hours(week.not_placed),
        ])?;
    }
    table.end()?;
    if view.earned.is_empty() {
        return Ok(());
    }
    let columns = [
        figures("deal"),
        text("name", 8),
        figures("reinvested"),
        figures("planned"),
        text("status", 6),
        figures("stage moves"),
        figures("amount"),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for row in &view.earned {
        let value = row.amount.map(|money| amount(money, &mask));
        table.row(vec![
            cell(&row.deal.to_string()),
            cell(&mask.name(&row.name, Label::Deal(row.deal))),
            cell(&after::hours(row.reinvested).to_string()),
            cell(&after::hours(row.planned).to_string()),
            cell(row.status.code()),
            cell(&row.moves.to_string()),
            cell(&value.unwrap_or_default()),
        ])?;
    }
    Ok(table.end()?)
}
