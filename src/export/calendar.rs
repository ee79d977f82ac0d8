//! The dates of a pipeline as a file that a calendar imports or subscribes to (`.ics`).
//!
//! Every date has an id that stays, so that writing the file again changes an entry and makes no
//! second one; what is no longer due is cancelled for a month, then left out. The pipeline keeps
//! what was written, so that an entry's number grows only when the entry changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::file::{self, FileError};
use crate::domain::clean::{clean_block, clean_line};
use crate::domain::dates::{DateKind, DealDate};
use crate::domain::shown::{Label, Mask};
use crate::store::{Store, StoreError};

/// The name of the file in a folder.
const FILE: &str = "walkaway.ics";

/// Under which key the pipeline keeps what was written.
const MEMORY: &str = "calendar";

/// Days for which an entry that is no longer due is written as cancelled.
const CANCELLED_DAYS: i64 = 30;

/// The header that names the pipeline whose calendar a file is.
const OWNER: &str = "X-WALKAWAY-PIPELINE";

/// Bytes of a file that are looked through for that header.
const HEAD: u64 = 2_048;

/// Why the calendar was not written.
#[derive(Debug, Error)]
pub enum CalendarError {
    /// The pipeline could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file could not be written.
    #[error("cannot write the calendar")]
    Io(#[from] io::Error),
    /// What is there is not ours.
    #[error("`{path}` is no calendar of this pipeline")]
    Foreign {
        /// The path.
        path: String,
    },
}

impl CalendarError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Store(error) => error.hint(),
            Self::File(error) => error.hint().to_owned(),
            Self::Io(_) => "check the folder, and the room on the disk".to_owned(),
            Self::Foreign { .. } => "name another file".to_owned(),
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// The dates in it that are still due.
    pub dates: usize,
}

/// What is remembered of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    day: NaiveDate,
    /// A hash over all that the entry says.
    says: String,
    sequence: u32,
    /// When it came to say that.
    at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

type Memory = BTreeMap<String, Kept>;

/// Writes the dates of a pipeline to a file, or to `walkaway.ics` in a folder, whole or not at
/// all. A calendar of the same pipeline is written over, and nothing else.
pub fn write(
    store: &Store,
    path: &Path,
    mask: &Mask,
    at: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Written, CalendarError> {
    let path = if path.is_dir() {
        path.join(FILE)
    } else {
        path.to_path_buf()
    };
    let owner = store.memory("file")?.unwrap_or_default();
    let is_there = is_ours(&path, &owner)?;
    let dates = store.dates(today)?;
    let old: Memory = store
        .memory(MEMORY)?
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let new = renewed(&old, &dates, &owner, at, today);
    let text = calendar(&dates, &new, &owner, mask);
    let unchanged = is_there && std::fs::read_to_string(&path).is_ok_and(|old| old == text);
    if !unchanged {
        file::write(&path, is_there, |to| -> Result<(), CalendarError> {
            Ok(to.write_all(text.as_bytes())?)
        })?;
    }
    if new != old {
        let kept = serde_json::to_string(&new).unwrap_or_default();
        store.remember(MEMORY, &kept)?;
    }
    Ok(Written {
        path,
        dates: dates.len(),
    })
}

/// Whether a calendar of this pipeline is at the path; refused where it is anything else.
fn is_ours(path: &Path, owner: &str) -> Result<bool, CalendarError> {
    if std::fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return Ok(false);
    }
    file::check(path, true)?;
    let mut head = Vec::new();
    std::fs::File::open(path)?
        .take(HEAD)
        .read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    let mark = format!("{OWNER}:{owner}");
    if head.lines().any(|line| line.trim_end() == mark) {
        Ok(true)
    } else {
        let path = path.to_string_lossy().into_owned();
        Err(CalendarError::Foreign { path })
    }
}

fn uid(date: &DealDate, owner: &str) -> String {
    format!("{}-{}@{owner}.walkaway", date.kind.code(), date.row)
}

/// What an entry says in one line, and in full.
fn words(date: &DealDate, mask: &Mask) -> (String, String) {
    let name = mask.name(&date.name, Label::Deal(date.deal));
    let words = mask.free(&date.words, Some(date.deal));
    let (name, words) = (clean_line(&name, 120), clean_block(&words, 1_000));
    let first = words.lines().next().unwrap_or_default();
    let head = match date.kind {
        DateKind::Step if first.is_empty() => format!("{name}: next step"),
        DateKind::Step => format!("{name}: {}", clean_line(first, 120)),
        DateKind::Tripwire => format!("{name}: tripwire"),
        DateKind::Hold => format!("{name}: the hold ends"),
        DateKind::Ask => format!("{name}: what came back?"),
        DateKind::Check => format!("{name}: look over a shoulder"),
        DateKind::Nurture => format!("{name}: ask once more"),
        DateKind::First | DateKind::Second => format!("{name}: what came of it?"),
        DateKind::Regret => format!("{name}: was it good money?"),
    };
    (head, words.into_owned())
}

fn renewed(
    old: &Memory,
    dates: &[DealDate],
    owner: &str,
    at: DateTime<Utc>,
    today: NaiveDate,
) -> Memory {
    let open = Mask::off();
    let mut new = Memory::new();
    for date in dates {
        let (head, body) = words(date, &open);
        let mut hash = Sha256::new();
        for part in [date.day.to_string(), head, body] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let mut says = String::with_capacity(16);
        for byte in &hash.finalize()[..8] {
            write!(says, "{byte:02x}").expect("a string takes all that is written");
        }
        let uid = uid(date, owner);
        let kept = match old.get(&uid) {
            Some(same) if same.says == says && !same.gone => same.clone(),
            before => Kept {
                day: date.day,
                says,
                sequence: before.map_or(0, |before| before.sequence.saturating_add(1)),
                at,
                gone: false,
            },
        };
        new.insert(uid, kept);
    }
    for (uid, before) in old {
        let is_recent =
            !before.gone || today - before.at.date_naive() <= Duration::days(CANCELLED_DAYS);
        if is_recent && !new.contains_key(uid) {
            let kept = if before.gone {
                before.clone()
            } else {
                Kept {
                    sequence: before.sequence.saturating_add(1),
                    at,
                    gone: true,
                    ..before.clone()
                }
            };
            new.insert(uid.clone(), kept);
        }
    }
    new
}

fn calendar(dates: &[DealDate], kept: &Memory, owner: &str, mask: &Mask) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//walkaway//walkaway//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        (OWNER, owner),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.name("walkaway");
    let mut due: BTreeMap<String, &DealDate> = BTreeMap::new();
    for date in dates {
        due.insert(uid(date, owner), date);
    }
    for (uid, kept) in kept {
        let mut event = Event::with_uid(uid);
        event.timestamp(kept.at).sequence(kept.sequence);
        if let Some(date) = due.get(uid) {
            let (head, body) = words(date, mask);
            let next = date.day.succ_opt().unwrap_or(date.day);
            event.starts(date.day).ends(next).summary(&head);
            event.status(EventStatus::Confirmed);
            if !body.is_empty() {
                event.description(&body);
            }
        } else {
            event.starts(kept.day).summary("No longer due");
            event.status(EventStatus::Cancelled);
        }
        // A day to keep in mind, in which other things have room.
        event.add_property("TRANSP", "TRANSPARENT");
        calendar.push(event.done());
    }
    calendar.to_string()
}

#[cfg(test)]
mod tests;
