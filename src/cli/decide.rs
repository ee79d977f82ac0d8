//! `fire`, `hold`, `continue` and `close`: decisions about one deal or many, as one action.

use chrono::Days;
use clap::Args;

use super::error::CliError;
use super::fields::{Pair, split, unknown};
use super::message;
use super::session::Session;
use crate::domain::act::{Act, ContinueSheet, FireSheet, HoldSheet};
use crate::domain::deal::{Disposition, Status, WalkedBy};
use crate::domain::defaults::{HOLD_DAYS, NURTURE_DAYS, STEP_DAYS, Slots, TRIPWIRE_DAYS};
use crate::domain::when::Lean;
use crate::store::Access;

/// Fires prospects: reasons, where they go, and what is said.
///
/// Fields: reasons (parted by `;`; by default those of each deal's verdict), to (walked_away,
/// regift, nurture), whom, until, by (who walked away: us, them, both), back_if (what would bring
/// them back), phone, subject, mail (each deal's own by default; empty for none), note (which
/// message, see `message`), lang, word (on whose word).
#[derive(Args, Debug)]
pub struct FireArgs {
    /// The deals, then what differs from the sheet as it is filled in.
    #[arg(value_name = "DEAL|FIELD=VALUE", required = true)]
    arguments: Vec<String>,
}

/// Puts deals on hold until they move, or a day comes.
///
/// Fields: what (they must do first; by default each deal's next ask), until (by default in four
/// weeks), why.
#[derive(Args, Debug)]
pub struct HoldArgs {
    /// The deals, then what differs from the sheet as it is filled in.
    #[arg(value_name = "DEAL|FIELD=VALUE", required = true)]
    arguments: Vec<String>,
}

/// Continues with deals: a next step, and a tripwire.
///
/// Fields: next (the step; by default each deal's next ask), due (by default in a week), tripwire
/// (the sentence; by default the weakest must), by (by default in two weeks), hours (a week),
/// senior.
#[derive(Args, Debug)]
pub struct ContinueArgs {
    /// The deals, then what differs from the sheet as it is filled in.
    #[arg(value_name = "DEAL|FIELD=VALUE", required = true)]
    arguments: Vec<String>,
}

/// Closes deals as won, lost or removed, or opens them again.
///
/// Removed is for mistakes and duplicates: such a deal counts nowhere. Field: reason.
#[derive(Args, Debug)]
pub struct CloseArgs {
    /// The deals, then won, lost, removed or open.
    #[arg(value_name = "DEAL|STATUS|reason=WORDS", required = true, num_args = 2..)]
    arguments: Vec<String>,
}

fn words(value: &str) -> Option<String> {
    (!value.trim().is_empty()).then(|| value.to_owned())
}

fn in_days(session: &Session<'_>, days: u64) -> chrono::NaiveDate {
    session
        .around
        .today()
        .checked_add_days(Days::new(days))
        .unwrap_or(chrono::NaiveDate::MAX)
}

fn fire_sheet(session: &Session<'_>, pairs: &[Pair<'_>]) -> Result<FireSheet, CliError> {
    let mut sheet = FireSheet::default();
    for Pair { field, value } in pairs {
        match *field {
            "reasons" | "reason" => {
                let list: Vec<String> = value.split(';').filter_map(words).collect();
                sheet.reasons = (!list.is_empty()).then_some(list);
            }
            "to" => {
                sheet.to = Disposition::from_code(value).ok_or_else(|| {
                    CliError::usage(format!("a fired prospect does not go to `{value}`"))
                        .hint("to is walked_away, regift or nurture")
                })?;
            }
            "whom" => sheet.whom = words(value),
            "until" => {
                sheet.until = Some(session.day(value, Lean::Ahead)?);
                // A day on which they are looked at again is what nurture means.
                if sheet.to == Disposition::WalkedAway {
                    sheet.to = Disposition::Nurture;
                }
            }
            "by" => {
                sheet.walked_by = WalkedBy::from_code(value).ok_or_else(|| {
                    CliError::usage(format!("nobody called `{value}` walked away"))
                        .hint("by is us, them or both")
                })?;
            }
            "back_if" => sheet.back_if = words(value),
            // An empty text leaves it out; who says nothing gets the deal's own.
            "phone" => sheet.phone = Some((*value).to_owned()),
            "subject" => sheet.subject = Some((*value).to_owned()),
            "mail" => sheet.mail = Some((*value).to_owned()),
            "note" => sheet.note = Some(message::kind(value)?),
            "lang" => sheet.language = Some(message::language(session, value)?),
            "word" => sheet.word = words(value),
            other => {
                let all = [
                    "reasons", "to", "whom", "until", "by", "back_if", "phone", "subject", "mail",
                    "note", "lang", "word",
                ];
                return Err(unknown(other, all));
            }
        }
    }
    if sheet.to == Disposition::Nurture && sheet.until.is_none() {
        sheet.until = Some(in_days(session, NURTURE_DAYS));
    }
    Ok(sheet)
}

fn hold_sheet(session: &Session<'_>, pairs: &[Pair<'_>]) -> Result<HoldSheet, CliError> {
    let mut sheet = HoldSheet {
        what: None,
        until: in_days(session, HOLD_DAYS),
        why: None,
    };
    for Pair { field, value } in pairs {
        match *field {
            "what" => sheet.what = words(value),
            "until" => sheet.until = session.day(value, Lean::Ahead)?,
            "why" => sheet.why = words(value),
            other => return Err(unknown(other, ["what", "until", "why"])),
        }
    }
    Ok(sheet)
}

fn continue_sheet(session: &Session<'_>, pairs: &[Pair<'_>]) -> Result<ContinueSheet, CliError> {
    let mut sheet = ContinueSheet {
        next: None,
        due: in_days(session, STEP_DAYS),
        tripwire: None,
        by: in_days(session, TRIPWIRE_DAYS),
        hours: None,
        senior: None,
    };
    let mut slots = Slots::default();
    for Pair { field, value } in pairs {
        match *field {
            "who" => (*value).clone_into(&mut slots.who),
            "act" => (*value).clone_into(&mut slots.act),
            "else" => (*value).clone_into(&mut slots.otherwise),
            "next" => sheet.next = words(value),
            "due" => sheet.due = session.day(value, Lean::Ahead)?,
            "tripwire" => sheet.tripwire = words(value),
            "by" => sheet.by = session.day(value, Lean::Ahead)?,
            "hours" => {
                let hours: Option<f64> = value.parse().ok().filter(|h| (0.0..=168.0).contains(h));
                sheet.hours = Some(hours.ok_or_else(|| {
                    CliError::usage(format!("`{value}` is no number of hours a week"))
                        .hint("write a number from 0 to 168")
                })?);
            }
            "senior" => sheet.senior = words(value),
            other => {
                let all = [
                    "next", "due", "tripwire", "by", "hours", "senior", "who", "act", "else",
                ];
                return Err(unknown(other, all));
            }
        }
    }
    if sheet.tripwire.is_none() && !slots.is_empty() {
        sheet.tripwire = Some(slots.sentence(&sheet.by.to_string()));
    }
    Ok(sheet)
}

fn decide(
    session: &mut Session<'_>,
    words: &[String],
    act: impl FnOnce(Vec<crate::domain::ids::DealId>) -> Act,
) -> Result<(), CliError> {
    if words.is_empty() {
        return Err(CliError::usage("no deal was named")
            .hint("name one by its number, or by words in quotes: \"Plant rollout\""));
    }
    let mut store = session.open(Access::Write)?;
    let deals = Session::deals(&store, words)?;
    let done = store.act(&session.stamp(), &act(deals))?;
    session.done(&store, &done)
}

/// Carries out `fire`.
pub fn fire(session: &mut Session<'_>, args: &FireArgs) -> Result<(), CliError> {
    let (deals, pairs) = split(&args.arguments);
    let sheet = fire_sheet(session, &pairs)?;
    decide(session, &deals, |deals| Act::Fire { deals, sheet })
}

/// Carries out `hold`.
pub fn hold(session: &mut Session<'_>, args: &HoldArgs) -> Result<(), CliError> {
    let (deals, pairs) = split(&args.arguments);
    let sheet = hold_sheet(session, &pairs)?;
    decide(session, &deals, |deals| Act::Hold { deals, sheet })
}

/// Carries out `continue`.
pub fn go_on(session: &mut Session<'_>, args: &ContinueArgs) -> Result<(), CliError> {
    let (deals, pairs) = split(&args.arguments);
    let sheet = continue_sheet(session, &pairs)?;
    decide(session, &deals, |deals| Act::Continue { deals, sheet })
}

/// Carries out `close`.
pub fn close(session: &mut Session<'_>, args: &CloseArgs) -> Result<(), CliError> {
    let (mut deals, pairs) = split(&args.arguments);
    let mut reason = None;
    for Pair { field, value } in pairs {
        match field {
            "reason" => reason = words(value),
            other => return Err(unknown(other, ["reason"])),
        }
    }
    let word = deals.pop().unwrap_or_default();
    let status = Status::from_code(&word).ok_or_else(|| {
        CliError::usage(format!("`{word}` is no status"))
            .hint("end with won, lost, removed or open")
    })?;
    decide(session, &deals, |deals| Act::Close {
        deals,
        status,
        reason,
    })
}
