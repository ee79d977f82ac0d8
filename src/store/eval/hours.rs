//! The hours of deals of which a new day changes nothing else. They are most of what it changes:
//! touches leave the windows of the run rate, and the close date is a day nearer.

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use super::super::bound::{Bound, Cell};
use super::read::{day, text};
use crate::domain::deal::names;
use crate::domain::eval::TouchStatus;
use crate::domain::hours::{Channel, HourBounds, Hours, LONG_WINDOW, Spent};
use crate::domain::ids::DealId;

/// A deal of which nothing but its hours at stake may have changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hourly {
    /// The deal.
    pub(super) deal: DealId,
    /// When it is to close.
    pub(super) expected_close: Option<NaiveDate>,
    /// The first day on which more may change, after today; `None`: never.
    pub(super) holds_until: Option<NaiveDate>,
}

/// Renews the hours at stake of deals. What was spent on them stays as it is kept.
pub(super) fn renew(
    conn: &Connection,
    bounds: &HourBounds,
    deals: &[Hourly],
    today: NaiveDate,
) -> rusqlite::Result<()> {
    let since = today.checked_sub_days(Days::new(LONG_WINDOW - 1));
    let mut lately = conn.prepare_cached(
        "SELECT at, status, channel, minutes, people FROM touch WHERE deal = ?1 AND at >= ?2",
    )?;
    let mut keep = Bound::prepare(
        conn,
        "UPDATE deal_eval SET per_week = ?1, at_stake = ?2, assumed = ?3, valid_until = ?4
         WHERE deal = ?5",
    )?;
    let mut minutes: Vec<(NaiveDate, u32)> = Vec::new();
    for hourly in deals {
        minutes.clear();
        let mut rows = lately.query((hourly.deal.0, since))?;
        while let Some(r) = rows.next()? {
            if TouchStatus::from_code(text(r, 1)?) != TouchStatus::Held {
                continue;
            }
            let channel = Channel::from_code(text(r, 2)?).unwrap_or(Channel::Message);
            let heads = names::split(text(r, 4)?).count();
            if let Some(day) = day(r, 0)? {
                minutes.push((day, channel.cost(r.get(3)?, heads)));
            }
        }
        let spent = Spent::from_touches(minutes.iter().copied(), today);
        let close = hourly.expected_close;
        let hours = Hours::of_open(spent, close, bounds, today);
        let change = Hours::change_on(spent, close, bounds, today);
        keep.run([
            Cell::Real(hours.per_week),
            Cell::Real(hours.at_stake),
            Cell::flag(hours.assumed),
            Cell::day(change.into_iter().chain(hourly.holds_until).min()),
            Cell::Whole(hourly.deal.0),
        ])?;
    }
    Ok(())
}
