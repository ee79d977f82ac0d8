//! What came of firings and wins, the bank of hours and the tripwires, as JSON.

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

use super::deals::{MoneyJson, SCHEMA};
use super::json::rounded;
use crate::domain::deal::{
    After, FiredRow, HoursView, OutcomeDue, PromiseSums, RegretRow, TripwireDue,
};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Label, Mask, Name};

/// Minutes as hours.
pub fn hours(minutes: i64) -> f64 {
    rounded(minutes as f64 / 60.0, 2)
}

fn called(mask: &Mask, deal: DealId, name: &Name) -> String {
    mask.name(name, Label::Deal(deal)).into_owned()
}

fn free(mask: &Mask, deal: DealId, text: &str) -> String {
    mask.free(&Free::new(text), Some(deal)).into_owned()
}

/// A firing.
pub fn fired(row: &FiredRow, mask: &Mask) -> Json {
    let deal = row.deal;
    let back = row.reinstated.as_ref().map(|(day, terms)| {
        let terms = terms.as_ref().map(|terms| mask.free(terms, Some(deal)));
        json!({"day": day, "terms": terms})
    });
    let overruled = row.overruled.as_ref().map(|over| {
        let why = over.why.as_ref().map(|why| mask.free(why, Some(deal)));
        json!({"by": over.by, "why": why, "since": over.since.code()})
    });
    let whom = row.whom.as_ref();
    let whom = whom.map(|whom| free(mask, deal, whom.expose_for_storage()));
    let reasons = row.reasons.iter().map(|reason| free(mask, deal, reason));
    json!({
        "schema": SCHEMA, "deal": deal.0, "name": called(mask, deal, &row.name), "day": row.day,
        "who": row.who, "why": reasons.collect::<Vec<_>>(),
        "to": row.to.map(crate::domain::deal::Disposition::code), "whom": whom,
        "until": row.until, "hours_back": hours(row.minutes_reclaimed),
        "time": row.time.0, "times": row.time.1,
        "outcome": row.came_of().map(crate::domain::deal::OutcomeKind::code),
        "outcome_day": row.outcome.map(|(_, day)| day),
        "words": row.words.as_ref().map(|words| mask.free(words, Some(deal))),
        "heard": row.heard, "reinstated": back, "overruled": overruled,
        "status": row.status.code(),
    })
}

/// A fired prospect of which to ask.
pub fn outcome_due(due: &OutcomeDue, mask: &Mask) -> Json {
    let reason = due.reason.as_deref();
    json!({
        "schema": SCHEMA, "deal": due.deal.0, "name": called(mask, due.deal, &due.name),
        "fired": due.fired, "check": due.check, "due": due.due,
        "why": reason.map(|reason| free(mask, due.deal, reason)), "heard": due.heard,
    })
}

/// A win, and whether it would be sold again.
pub fn regret(row: &RegretRow, mask: &Mask) -> Json {
    let deal = row.deal;
    json!({
        "schema": SCHEMA, "deal": deal.0, "name": called(mask, deal, &row.name), "won": row.won,
        "due": row.due, "money": row.money.code(), "against": row.against, "again": row.again,
        "day": row.day, "was_right": row.was_right(),
        "words": row.words.as_ref().map(|words| mask.free(words, Some(deal))),
    })
}

/// The record of all firings.
pub fn record(after: &After, mask: &Mask) -> Json {
    let sums = &after.sums;
    let outcomes: serde_json::Map<String, Json> = sums
        .outcomes
        .iter()
        .map(|(kind, count)| (kind.code().to_owned(), json!(count)))
        .collect();
    let overruled: serde_json::Map<String, Json> = sums
        .overruled
        .iter()
        .map(|(fate, count)| (fate.code().to_owned(), json!(count)))
        .collect();
    let rows = after.fired.iter().map(|row| fired(row, mask));
    json!({
        "schema": SCHEMA, "fired": sums.fired, "hours_back": hours(sums.minutes_reclaimed),
        "estimate": true, "outcomes": outcomes, "open": sums.open,
        "reinstated": sums.reinstated, "overruled": overruled, "rows": rows.collect::<Vec<_>>(),
    })
}

/// The bank of hours.
pub fn bank(view: &HoursView, mask: &Mask) -> Json {
    let ledger = &view.ledger;
    let weeks = ledger.weeks.iter().map(|week| {
        json!({
            "week": week.monday, "reclaimed": hours(week.reclaimed),
            "reinvested": hours(week.reinvested), "planned": hours(week.planned),
            "own_time": hours(week.own_time), "not_placed": hours(week.not_placed),
        })
    });
    let deals = view.earned.iter().map(|row| {
        json!({
            "deal": row.deal.0, "name": called(mask, row.deal, &row.name),
            "reinvested": hours(row.reinvested), "planned": hours(row.planned),
            "status": row.status.code(), "stage": row.stage, "moves": row.moves,
            "amount": MoneyJson::new(row.amount, mask),
        })
    });
    let bad = view.bad_money.iter().map(|row| {
        json!({
            "deal": row.deal.0, "name": called(mask, row.deal, &row.name),
            "spent": rounded(row.spent, 2), "per_week": rounded(row.per_week, 2),
            "amount": MoneyJson::new(row.amount, mask),
        })
    });
    json!({
        "schema": SCHEMA, "estimate": true, "reclaimed": hours(ledger.reclaimed),
        "reinvested": hours(ledger.reinvested), "planned": hours(ledger.planned),
        "own_time": hours(ledger.own_time), "not_placed": hours(ledger.not_placed),
        "decisions": view.decisions, "weeks": weeks.collect::<Vec<_>>(),
        "deals": deals.collect::<Vec<_>>(),
        "bad_money": {"deals": view.bad_count, "per_week": rounded(view.bad_per_week, 2),
            "rows": bad.collect::<Vec<_>>()},
    })
}

/// The tripwires that wait, and how others ended.
pub fn tripwires(rows: &[TripwireDue], sums: PromiseSums, today: NaiveDate, mask: &Mask) -> Json {
    let rows = rows.iter().map(|row| {
        json!({
            "deal": row.deal.0, "name": called(mask, row.deal, &row.name),
            "sentence": mask.free(&row.sentence, Some(row.deal)), "due": row.due,
            "is_due": row.due <= today, "moved": row.moved, "anyway": row.anyway,
        })
    });
    json!({
        "schema": SCHEMA, "waiting": sums.waiting, "happened": sums.happened,
        "fired": sums.fired, "anyway": sums.anyway, "moved": sums.moved,
        "holds": {"lasting": sums.held, "ended": sums.ended},
        "tripwires": rows.collect::<Vec<_>>(),
    })
}
