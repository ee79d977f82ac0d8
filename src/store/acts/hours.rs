//! Hours to sell, and where they go.

use chrono::{Datelike, Duration, NaiveDate};
use rusqlite::OptionalExtension;
use serde_json::json;

use super::{Work, Wrote};
use crate::domain::ids::DealId;
use crate::store::error::{Doing, StoreError};

/// The minutes of a week.
const WEEK: u32 = 7 * 24 * 60;

/// How the settings begin that keep a person's minutes to sell.
const SELLING: &str = "selling_minutes:";

/// The setting that keeps a person's minutes to sell.
pub(in crate::store) fn selling_key(who: &str) -> String {
    format!("{SELLING}{who}")
}

/// Whether a setting is one of them.
pub(in crate::store) fn is_selling_key(key: &str) -> bool {
    key.starts_with(SELLING)
}

/// The Monday of a day's week.
pub(in crate::store) fn monday(day: NaiveDate) -> NaiveDate {
    day - Duration::days(i64::from(day.weekday().num_days_from_monday()))
}

fn hours(minutes: u32) -> String {
    let text = format!("{:.2}", f64::from(minutes) / 60.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn check(minutes: u32) -> Result<(), StoreError> {
    if minutes <= WEEK {
        return Ok(());
    }
    Err(StoreError::refused(
        "a week has 168 hours",
        "give the hours of one week",
    ))
}

impl Work<'_, '_> {
    pub(super) fn selling_hours(&mut self, minutes: u32) -> Wrote {
        check(minutes)?;
        let key = selling_key(&self.stamp.who);
        let row: Option<i64> = self
            .journal
            .conn()
            .query_row("SELECT id FROM meta WHERE key = ?1", [&key], |r| r.get(0))
            .optional()
            .doing("reading the hours to sell")?;
        let value = ("value", json!(minutes.to_string()));
        match row {
            Some(id) => {
                self.journal.update("setting", id, &[value])?;
            }
            None => {
                self.journal
                    .insert("setting", None, &[("key", json!(key)), value])?;
            }
        }
        Ok((format!("{} h a week to sell", hours(minutes)), Vec::new()))
    }

    pub(super) fn plan_hours(
        &mut self,
        deal: Option<DealId>,
        week: NaiveDate,
        minutes: u32,
    ) -> Wrote {
        check(minutes)?;
        let name = match deal {
            Some(deal) => self.open(deal)?.name,
            None => "own time".to_owned(),
        };
        let week = monday(week);
        let row: Option<i64> = self
            .journal
            .conn()
            .query_row(
                "SELECT id FROM hours_plan WHERE deal IS ?1 AND week = ?2 AND who = ?3",
                (deal.map(|d| d.0), week, &self.stamp.who),
                |r| r.get(0),
            )
            .optional()
            .doing("reading the hours of the week")?;
        let deals = deal.into_iter().collect();
        match (row, minutes) {
            (Some(row), 0) if deal.is_none() => self.journal.delete("hours_plan", row)?,
            (None, 0) if deal.is_none() => {}
            (Some(row), _) => {
                self.journal
                    .update("hours_plan", row, &[("minutes", json!(minutes))])?;
            }
            (None, _) => {
                self.journal.insert(
                    "hours_plan",
                    None,
                    &[
                        ("deal", json!(deal.map(|d| d.0))),
                        ("week", json!(week)),
                        ("minutes", json!(minutes)),
                        ("at", json!(self.stamp.at_text())),
                        ("who", json!(self.stamp.who)),
                    ],
                )?;
            }
        }
        let what = format!("{name}: {} h in the week of {week}", hours(minutes));
        Ok((what, deals))
    }
}
