//! One row of a file of activities as a touch or a note.
//!
//! What a CRM calls a task, an event, an engagement or a phone call is one contact here: who
//! began it, by what, when, how long, and how it went. A task that is not done is a plan, and a
//! plan is no touch.

use std::fmt::Write as _;

use chrono::NaiveTime;
use sha2::{Digest, Sha256};

use super::field::Field;
use super::frame::No;
use super::kind::{self, Kind, State};
use super::prose;
use super::sheet::{Row, Sheet, cut};
use super::text::{Lines, clean};
use super::values::times::{self, When, Zone};
use crate::domain::deal::Direction;
use crate::domain::hours::Channel;
use crate::store::{Belongs, IncomingNote, IncomingTouch, Part, PartKind};

/// Bytes of a body that are looked at.
const BODY: usize = 256 * 1024;
/// Bytes of what is kept of one.
const TEXT: usize = 4000;
/// Minutes of the longest touch; what is longer is no time that somebody spent.
const LONGEST: u64 = 5 * 24 * 60;

/// Reads a row.
pub(crate) fn read(row: &Row<'_>, place: (usize, u64, u64)) -> Result<Part, No> {
    if row.flag(Field::Deleted) == Some(true) {
        return Err(No::Skip("it is deleted in the CRM".to_owned()));
    }
    let subject = row.line(Field::Subject).or_else(|| row.line(Field::Title));
    let title = subject.as_deref().unwrap_or_default();
    let (kind, is_told) = kind_of(row, title);
    let body = row
        .raw(Field::Notes)
        .map(|text| prose::plain(cut(text, BODY)));
    let ids = row.ids(Field::ExternalId);
    let id = ids.first().map(String::as_str);
    let mut contact_ids = row.ids(Field::ContactId);
    if let Some(id) = id {
        contact_ids.extend(row.sheet.ties.contacts(id).iter().cloned());
    }
    let belongs = row.belongs(id, &contact_ids);
    let state = Went::of(row, title);
    let is_note = match kind {
        Kind::Note => true,
        Kind::Task => kind::is_inner_work(title),
        Kind::Contact(_) => false,
    };
    let zone = row.sheet.zone;
    if is_note {
        if kind == Kind::Task && !state.is_done(row, zone)? {
            return Err(No::Skip(PLAN.to_owned()));
        }
        let when = first_of(
            row,
            &[Field::At, Field::Completed, Field::Created, Field::Due],
        )?;
        return note(row, place, belongs, subject, body, when);
    }
    let channel = match kind {
        Kind::Contact(channel) => channel,
        Kind::Task | Kind::Note => Channel::Message,
    };
    let is_meeting = !matches!(channel, Channel::Email | Channel::Message | Channel::Call);
    let when = when(row, kind, is_meeting)?;
    let status = state.judge(row, kind, is_meeting, when)?;
    let direction = direction(row, title, body.as_deref());
    let channel = if is_told {
        kind::refine(channel, title, direction)
    } else {
        channel
    };
    let minutes = minutes(row, when, is_meeting)?;
    let own = body.as_deref().map(prose::own_words);
    let words = own
        .as_deref()
        .filter(|_| matches!(channel, Channel::Email | Channel::Message))
        .map(prose::words);
    let is_in = direction == Some(Direction::In);
    let text = [subject.as_deref(), own.as_deref()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    let text = clean(cut(&text, TEXT), TEXT, Lines::Many).into_owned();
    let document = row.line(Field::Document).or_else(|| {
        matches!(channel, Channel::Proposal | Channel::Quote)
            .then(|| kind::document(title))
            .filter(|name| !name.is_empty())
    });
    let lookups = row.lookups;
    let contacts = row.people(
        Field::Contact,
        contact_ids
            .iter()
            .map(|id| lookups.contact(id).map(ToOwned::to_owned)),
    );
    let owners = row.ids(Field::OwnerId);
    let people = row.people(
        Field::Owner,
        owners
            .iter()
            .map(|id| lookups.user(id).map(ToOwned::to_owned)),
    );
    let mut touch = IncomingTouch {
        external_id: String::new(),
        at: when.local_text(zone),
        day: when.day(zone),
        local: match when {
            When::At(at) => Some(zone.local(at)),
            When::Day(_) => None,
        },
        direction,
        channel,
        minutes,
        status,
        words,
        curt: words.map(|words| is_in && prose::is_curt(words)),
        document,
        asks_info: own.as_deref().map(|own| is_in && prose::asks_info(own)),
        contacts,
        people,
        text: Some(text).filter(|text| !text.is_empty()),
    };
    touch.external_id = match id {
        Some(id) => id.to_owned(),
        None => fingerprint(&touch, &when.text(), &belongs),
    };
    Ok(Part {
        source: std::sync::Arc::clone(&row.sheet.file.frame.source),
        belongs,
        kind: PartKind::Touch(Box::new(touch)),
        place,
    })
}

/// Why a row without any time is refused.
pub(crate) const NO_TIME: &str = "it says nowhere when it was";
/// Why a row that is to come is passed over.
const PLAN: &str = "it is not done yet: a plan, no touch";

/// What the row is, and whether a column says so.
fn kind_of(row: &Row<'_>, subject: &str) -> (Kind, bool) {
    let by_type = [Field::DealType, Field::Category]
        .into_iter()
        .filter_map(|field| kind::of_type(&row.line(field)?))
        .collect::<Vec<_>>();
    // `Event` and `Task` are the words of a CRM for all of them; a second word tells more.
    let by_type = by_type
        .iter()
        .find(|kind| **kind != Kind::Task)
        .or(by_type.first())
        .copied();
    let by_table = row.sheet.what.as_deref().and_then(kind::of_type);
    if by_type.is_none() && row.raw(Field::From).is_some() {
        return (Kind::Contact(Channel::Email), true);
    }
    let by_type = by_type.or(by_table);
    // A tick in the column of events, where no word says more.
    if matches!(by_type, Some(Kind::Task) | None) && row.flag(Field::IsEvent) == Some(true) {
        let channel = kind::of_subject(subject).unwrap_or(Channel::Meeting);
        return (Kind::Contact(channel), true);
    }
    match by_type {
        Some(Kind::Task) | None => match kind::of_subject(subject) {
            Some(channel) => (Kind::Contact(channel), true),
            None => (Kind::Task, true),
        },
        Some(kind) => (kind, true),
    }
}

/// The first of some columns that has a time.
fn first_of(row: &Row<'_>, fields: &[Field]) -> Result<Option<When>, No> {
    for field in fields {
        if let Some(when) = at(row, *field)? {
            return Ok(Some(when));
        }
    }
    Ok(None)
}

/// A time of a column, with the time of day that stands beside the day when it was due.
fn at(row: &Row<'_>, field: Field) -> Result<Option<When>, No> {
    let when = row.when(field)?;
    let time: Option<NaiveTime> = (field == Field::Due)
        .then(|| times::time(row.raw(Field::DueTime)?))
        .flatten();
    Ok(when.map(|when| when.with_time(time, row.sheet.zone)))
}

/// When it was: a meeting when it was to be, a task when it was done.
fn when(row: &Row<'_>, kind: Kind, is_meeting: bool) -> Result<When, No> {
    use Field::{At, Completed, Created, Due, End};
    let fields: &[Field] = match kind {
        Kind::Contact(Channel::Call) => &[At, Due, Completed, End, Created],
        Kind::Contact(_) if is_meeting => &[At, Due, End, Completed, Created],
        Kind::Contact(_) | Kind::Note => &[At, Completed, Due, Created, End],
        Kind::Task => &[Completed, At, Due, End, Created],
    };
    let Some(when) = first_of(row, fields)? else {
        return Err(No::Refuse(None, NO_TIME.to_owned()));
    };
    // Of a day that another column knows to the minute, that minute.
    if let When::Day(day) = when {
        for field in [At, Completed, End] {
            if let Some(exact @ When::At(_)) = at(row, field)?
                && exact.day(row.sheet.zone) == day
            {
                return Ok(exact);
            }
        }
    }
    Ok(when)
}

/// What the columns say of how it went.
struct Went {
    state: Option<State>,
    /// What the subject of a meeting says before its name.
    marked: Option<State>,
    closed: Option<bool>,
    has_completed: bool,
    /// Whether the file says of any row how it stands.
    is_told: bool,
}

impl Went {
    fn of(row: &Row<'_>, subject: &str) -> Self {
        let read = |field| row.line(field).and_then(|text| kind::state(&text));
        let outcome = read(Field::Outcome);
        let status = read(Field::Status);
        // A calendar writes what became of a meeting before its name.
        let marked = kind::marked_state(subject);
        // What came of it says more than that it is closed.
        let state = match (outcome, status) {
            (Some(State::NoShow | State::Moved | State::Declined | State::Lost), _) => outcome,
            _ => status.or(outcome),
        };
        let done_words = row
            .line(Field::IsClosed)
            .and_then(|text| match kind::state(&text) {
                Some(State::Done) => Some(true),
                Some(State::Planned) => Some(false),
                Some(State::Declined | State::Moved | State::NoShow | State::Lost) | None => None,
            });
        Self {
            state,
            marked,
            closed: row.flag(Field::IsClosed).or(done_words),
            has_completed: row.raw(Field::Completed).is_some(),
            is_told: row.sheet.has(Field::Status)
                || row.sheet.has(Field::IsClosed)
                || row.sheet.has(Field::Completed),
        }
    }

    /// Whether a task was done.
    fn is_done(&self, row: &Row<'_>, zone: Zone) -> Result<bool, No> {
        if self.closed == Some(true) || self.state == Some(State::Done) || self.has_completed {
            return Ok(self.state != Some(State::Planned) || self.closed == Some(true));
        }
        if self.state.is_some() || self.closed.is_some() || self.is_told {
            return Ok(false);
        }
        let when = first_of(row, &[Field::At, Field::Due, Field::Created])?;
        Ok(when.is_some_and(|when| when.day(zone) <= row.sheet.today))
    }

    /// Says what the touch's status is, or that it is none.
    fn judge(
        &self,
        row: &Row<'_>,
        kind: Kind,
        is_meeting: bool,
        when: When,
    ) -> Result<Option<&'static str>, No> {
        let plan = || Err(No::Skip(PLAN.to_owned()));
        let is_past = when.day(row.sheet.zone) <= row.sheet.today;
        let state = match self.state {
            // What was put off before may have been held in the end.
            Some(State::Done) if self.marked == Some(State::Moved) => self.state,
            None | Some(State::Planned | State::Done) if is_meeting => self.marked.or(self.state),
            state => state,
        };
        match state {
            Some(State::Lost) => {
                return Err(No::Skip("it never arrived".to_owned()));
            }
            Some(State::Declined) if is_meeting => return Ok(Some("declined")),
            Some(State::NoShow) if is_meeting => return Ok(Some("no_show")),
            Some(State::Moved) if is_meeting => return Ok(Some("moved")),
            Some(State::Declined | State::Moved) => {
                return Err(No::Skip("it was called off".to_owned()));
            }
            Some(State::Done | State::Planned | State::NoShow) | None => {}
        }
        if is_meeting {
            if !is_past {
                return Ok(Some("proposed"));
            }
            return Ok(Some("held"));
        }
        let is_done = match kind {
            Kind::Task => self.is_done(row, row.sheet.zone)?,
            // A mail or a call of which nothing is said took place.
            Kind::Contact(_) | Kind::Note => {
                let is_open = self.state == Some(State::Planned) || self.closed == Some(false);
                let is_done = self.closed == Some(true)
                    || self.state == Some(State::Done)
                    || self.has_completed;
                is_done || (!is_open && is_past)
            }
        };
        if is_done { Ok(Some("held")) } else { plan() }
    }
}

/// Who began it: by a column, by marks in the subject, by whose address it came from.
fn direction(row: &Row<'_>, subject: &str, body: Option<&str>) -> Option<Direction> {
    if let Some(incoming) = row.flag(Field::Incoming) {
        return Some(if incoming {
            Direction::In
        } else {
            Direction::Out
        });
    }
    let by_column = row
        .line(Field::Direction)
        .and_then(|text| kind::direction(&text));
    let by_type = || {
        let text = row.line(Field::DealType)?;
        match kind::direction(&text) {
            Some(Direction::In) => Some(Direction::In),
            Some(Direction::Out) | None => None,
        }
    };
    by_column
        .or_else(|| kind::marked_direction(subject))
        .or_else(by_type)
        .or_else(|| {
            let from = row.line(Field::From)?;
            by_address(row, &from)
        })
        .or_else(|| by_address(row, head_line(body?, "from:")?))
        .or_else(|| {
            let status = row.line(Field::Status)?;
            match crate::import::text::key(&status).as_str() {
                "received" | "replied" => Some(Direction::In),
                "sent" => Some(Direction::Out),
                _ => None,
            }
        })
}

/// The line of a logged mail's head.
fn head_line<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    body.lines()
        .take(12)
        .map(str::trim)
        .find(|line| {
            line.get(..name.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(name))
        })
        .map(|line| &line[name.len()..])
}

fn by_address(row: &Row<'_>, text: &str) -> Option<Direction> {
    let mail = text
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ';' | ',' | '"' | '(' | ')'))
        .find(|part| part.contains('@'))?;
    row.sheet
        .ties
        .is_ours(mail)
        .map(|ours| if ours { Direction::Out } else { Direction::In })
}

/// How long it took; 0 is what a CRM writes that was not told.
fn minutes(row: &Row<'_>, when: When, is_meeting: bool) -> Result<Option<u32>, No> {
    let unit = |field: Field, seconds: f64| {
        let text = row.line(field)?;
        seconds_of(&text, seconds, false)
    };
    let header = row
        .sheet
        .file
        .frame
        .slots
        .iter()
        .find(|slot| slot.field == Field::Duration)
        .map(|slot| super::text::key(&slot.header))
        .unwrap_or_default();
    let by_header = if header.ends_with("ms") || header.contains("millisecond") {
        0.001
    } else if header.contains("second") || header.ends_with("sec") {
        1.0
    } else if header.contains("hour") || header.ends_with("hrs") {
        3600.0
    } else {
        60.0
    };
    let both = match (unit(Field::Hours, 3600.0), unit(Field::Minutes, 60.0)) {
        (Some(hours), minutes) => Some(hours + minutes.unwrap_or(0.0)),
        (None, minutes) => minutes,
    };
    let seconds = both
        .or_else(|| unit(Field::Seconds, 1.0))
        .or_else(|| unit(Field::Milliseconds, 0.001))
        .or_else(|| seconds_of(&row.line(Field::TalkTime)?, 60.0, true))
        .or_else(|| unit(Field::Duration, by_header))
        .filter(|seconds| *seconds > 0.0);
    if let Some(seconds) = seconds {
        let minutes = (seconds / 60.0).ceil();
        return Ok((minutes <= LONGEST as f64).then_some(minutes as u32));
    }
    let may_end = is_meeting || row.sheet.has(Field::At);
    if let (When::At(from), true, Some(When::At(to))) = (when, may_end, row.when(Field::End)?) {
        let minutes = (to - from).num_minutes();
        if (1..=LONGEST as i64).contains(&minutes) {
            return Ok(u32::try_from(minutes).ok());
        }
    }
    Ok(None)
}

/// Reads `90`, `1:30`, `0:01:30`, `1h 30m`, `30 minutes`; `unit` is the seconds of a bare number.
fn seconds_of(text: &str, unit: f64, is_talk: bool) -> Option<f64> {
    let text = text.trim().to_lowercase();
    if text.contains(':') {
        let parts: Option<Vec<f64>> = text.split(':').map(|p| p.trim().parse().ok()).collect();
        return match parts?.as_slice() {
            [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
            [minutes, seconds] if is_talk => Some(minutes * 60.0 + seconds),
            [hours, minutes] => Some(hours * 3600.0 + minutes * 60.0),
            _ => None,
        };
    }
    if let Ok(number) = text.replace(',', ".").parse::<f64>() {
        return (number.is_finite() && number >= 0.0).then_some(number * unit);
    }
    let mut sum = 0.0;
    let mut rest = text.as_str();
    let mut is_read = false;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[start..];
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(rest.len());
        let number: f64 = rest[..end].replace(',', ".").parse().ok()?;
        rest = rest[end..].trim_start();
        let seconds = match rest.chars().next()? {
            'd' => 86_400.0,
            'h' | 'u' | 'ч' | '時' | '小' => 3600.0,
            // `2 Std.`
            's' if rest.starts_with("st") => 3600.0,
            'm' if rest.starts_with("ms") || rest.starts_with("milli") => 0.001,
            'm' | 'м' | '分' => 60.0,
            's' | 'с' | '秒' => 1.0,
            _ => return None,
        };
        sum += number * seconds;
        is_read = true;
    }
    is_read.then_some(sum)
}

fn note(
    row: &Row<'_>,
    place: (usize, u64, u64),
    belongs: Belongs,
    subject: Option<String>,
    body: Option<String>,
    when: Option<When>,
) -> Result<Part, No> {
    let Some(when) = when else {
        return Err(No::Refuse(None, NO_TIME.to_owned()));
    };
    let parts = [subject, body];
    let text = parts
        .iter()
        .flatten()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    let text = clean(cut(&text, BODY), BODY, Lines::Many).into_owned();
    if text.is_empty() {
        return Err(No::Skip("it is empty".to_owned()));
    }
    let owners = row.ids(Field::OwnerId);
    let who = row.people(
        Field::Owner,
        owners
            .iter()
            .map(|id| row.lookups.user(id).map(ToOwned::to_owned)),
    );
    Ok(Part {
        source: std::sync::Arc::clone(&row.sheet.file.frame.source),
        belongs,
        kind: PartKind::Note(Box::new(IncomingNote {
            at: when.text(),
            day: when.day(row.sheet.zone),
            who,
            text,
        })),
        place,
    })
}

/// What stands for the id of a row that has none: all that it says but how it went, so that the
/// same row is the same touch in any later file.
fn fingerprint(touch: &IncomingTouch, at: &str, belongs: &Belongs) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0x1f]);
    };
    part(at);
    part(touch.channel.code());
    part(touch.direction.map_or("", Direction::code));
    part(&touch.minutes.map_or_else(String::new, |m| m.to_string()));
    part(touch.text.as_deref().unwrap_or_default());
    part(touch.contacts.as_deref().unwrap_or_default());
    part(touch.people.as_deref().unwrap_or_default());
    for deal in &belongs.deals {
        part(deal);
    }
    part(belongs.deal_name.as_deref().unwrap_or_default());
    part(belongs.account.as_deref().unwrap_or_default());
    part(belongs.account_id.as_deref().unwrap_or_default());
    let bytes = hash.finalize();
    let mut out = String::from("#");
    for byte in &bytes[..12] {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// What a file of activities leaves to be assumed, in words, each with the columns of which the
/// first that is there shows it.
pub(crate) fn assumptions(sheet: &Sheet) -> Vec<(&'static str, &'static [Field])> {
    const TOLD: &[Field] = &[Field::Subject, Field::Notes, Field::At, Field::Created];
    const DAYS: &[Field] = &[Field::At, Field::Due, Field::Created, Field::End];
    let mut all = Vec::new();
    let table = sheet.what.as_deref().and_then(kind::of_type);
    if !sheet.has(Field::DealType) && !matches!(table, Some(Kind::Contact(_) | Kind::Note)) {
        let reading = "what kind of contact each was is told by the words of its subject; a task \
                       done that names none counts as a message";
        all.push((reading, TOLD));
    }
    let is_note = table == Some(Kind::Note);
    if !is_note && !sheet.has(Field::Direction) && !sheet.has(Field::Incoming) {
        all.push(if sheet.has(Field::From) {
            let reading = "who began a contact is told by the address it came from; where that is \
                           unknown, we did";
            (reading, &[Field::From])
        } else {
            let reading = "no column says who began a contact: where its subject does not, we did";
            (reading, TOLD)
        });
    }
    if !is_note
        && !sheet.has(Field::Status)
        && !sheet.has(Field::IsClosed)
        && !sheet.has(Field::Completed)
        && !sheet.has(Field::Outcome)
    {
        let reading = "no column says what took place: what lies in the past did";
        all.push((reading, DAYS));
    }
    all
}
