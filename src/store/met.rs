//! Whom of a deal's people we met, as the touches tell.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::rows::each;
use crate::domain::deal::names;
use crate::domain::eval::{Meetings, Touch, TouchStatus};
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;

/// Reads the meetings that were held with each person of a deal.
pub(super) fn meetings(conn: &Connection, deal: DealId) -> rusqlite::Result<Meetings> {
    let mut meetings = Meetings::default();
    let sql = "SELECT id, substr(at, 1, 10), channel, status, contacts FROM touch
               WHERE deal = ?1 AND contacts IS NOT NULL";
    let held: Vec<Option<(NaiveDate, String)>> = each(conn, sql, &[&deal.0], |r| {
        let (channel, status): (String, String) = (r.get(2)?, r.get(3)?);
        let Some(channel) = Channel::from_code(&channel) else {
            return Ok(None);
        };
        let touch = Touch {
            status: TouchStatus::from_code(&status),
            ..Touch::new(r.get(0)?, r.get(1)?, false, channel)
        };
        let with: String = r.get(4)?;
        Ok(touch.is_held_meeting().then_some((touch.day, with)))
    })?;
    for (day, with) in held.into_iter().flatten() {
        for name in names::split(&with) {
            meetings.held(name, day);
        }
    }
    Ok(meetings)
}
