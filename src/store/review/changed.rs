//! What changed on a deal since it was talked about last.

use chrono::{DateTime, NaiveDate};
use rusqlite::Connection;

use super::{all, first, seals};
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::deal::{CommitmentState, DecisionKind, Side};
use crate::domain::eval::evaluate;
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;
use crate::domain::money::{Currency, Money};
use crate::domain::review::{Change, Changed, Part};
use crate::domain::shown::{Free, Name};
use crate::domain::signal::{Level, Signal};
use crate::store::Judge;
use crate::store::detail::{free, word};
use crate::store::error::{Doing, StoreError};
use crate::store::{eval, met};

/// When a deal was talked about last before the 1:1 of that number, or before the one that runs:
/// the instant at which that 1:1 was closed. `None`: never.
pub(in crate::store) fn talked(
    conn: &Connection,
    deal: DealId,
    before: Option<i64>,
) -> Result<Option<String>, StoreError> {
    first(
        conn,
        "reading when it was talked about",
        "SELECT r.ended FROM agenda_item i JOIN review r ON r.id = i.review
         WHERE i.deal = ?1 AND i.state = 'done' AND r.ended IS NOT NULL
           AND (?2 IS NULL OR r.id < ?2) ORDER BY r.id DESC LIMIT 1",
        &[&deal.0, &before],
        |r| r.get(0),
    )
}

/// From when to when it is told what changed.
struct Span {
    /// The instant of the last talk, as text; empty: since ever.
    at: String,
    /// The day of it, as text; empty: since ever.
    after: String,
    /// The instant up to which it is told, as text; above any where it is told up to now.
    until: String,
    /// The day of that.
    today: NaiveDate,
}

/// Above every instant as text.
const FOREVER: &str = "~";

impl Span {
    fn last_day(&self) -> String {
        self.today.to_string()
    }
}

/// Reads what changed on a deal since an instant; since ever where there is none. What happened
/// on that day and has no time of day counts as before it. `until`: the end of a meeting that is
/// over, as text, with `today` as its day; what came after it is not told.
pub(in crate::store) fn read(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    (since, until): (Option<String>, Option<String>),
    today: NaiveDate,
) -> Result<Changed, StoreError> {
    let day = since
        .as_deref()
        .and_then(|at| DateTime::parse_from_rfc3339(at).ok())
        .map(|at| at.date_naive());
    let span = Span {
        at: since.unwrap_or_default(),
        after: day.map_or(String::new(), |day| day.to_string()),
        until: until.unwrap_or_else(|| FOREVER.to_owned()),
        today,
    };
    let mut changes = touches(conn, deal, &span)?;
    changes.extend(documents(conn, deal, &span)?);
    changes.extend(commitments(conn, deal, &span)?);
    changes.extend(asks(conn, deal, &span)?);
    changes.extend(moves(conn, deal, &span)?);
    changes.extend(answers(conn, judge, deal, &span)?);
    changes.extend(contacts(conn, deal, &span)?);
    if let Some(day) = day {
        changes.extend(signals(conn, judge, deal, &span, day)?);
    }
    changes.extend(decisions(conn, deal, &span)?);
    let place = |change: &Change| Part::ALL.iter().position(|part| *part == change.part());
    changes.sort_by_key(place);
    Ok(Changed {
        since: day,
        changes,
    })
}

fn touches(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<(String, String, u32, Option<i64>, u32)> = all(
        conn,
        "reading what changed",
        "SELECT direction, channel, count(*), sum(minutes), sum(minutes IS NULL) FROM touch
         WHERE deal = ?1 AND at > ?2 AND at <= ?4 AND substr(at, 1, 10) <= ?3 AND status = 'held'
         GROUP BY direction, channel ORDER BY direction, min(at)",
        &[&deal.0, &span.at, &span.last_day(), &span.until],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
    )?;
    let mut minutes = 0;
    let mut changes = Vec::new();
    for (direction, channel, count, known, unknown) in rows {
        let usual = Channel::from_code(&channel).map_or(0, Channel::default_minutes);
        minutes += known.unwrap_or_default() + i64::from(unknown) * i64::from(usual);
        changes.push(Change::Touches {
            inbound: direction == "in",
            channel,
            count,
        });
    }
    if minutes > 0 {
        changes.push(Change::Minutes(minutes));
    }
    Ok(changes)
}

fn documents(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    all(
        conn,
        "reading what changed",
        "SELECT document, count(*) FROM touch
         WHERE deal = ?1 AND direction = 'out' AND document IS NOT NULL
           AND at <= ?4 AND substr(at, 1, 10) <= ?3
         GROUP BY document HAVING count(*) > 1 AND max(at) > ?2 ORDER BY max(at)",
        &[&deal.0, &span.at, &span.last_day(), &span.until],
        |r| {
            Ok(Change::SentAgain {
                document: Free::new(r.get::<_, String>(0)?),
                times: r.get(1)?,
            })
        },
    )
}

fn commitments(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<Vec<Change>> = all(
        conn,
        "reading what changed",
        "SELECT side, what, due, state, at > ?2,
                coalesce((settled > ?3 OR (settled = ?3 AND at > ?2)) AND settled <= ?4, 0),
                (state = 'open' OR settled > ?4) AND due IS NOT NULL AND due < ?4 AND due >= ?3
         FROM commitment WHERE deal = ?1 AND at <= ?5 ORDER BY id",
        &[
            &deal.0,
            &span.at,
            &span.after,
            &span.last_day(),
            &span.until,
        ],
        |r| {
            let side = word(r, 0, Side::from_code, Side::They)?;
            let what = Free::new(r.get::<_, String>(1)?);
            let state = word(r, 3, CommitmentState::from_code, CommitmentState::Open)?;
            let mut changes = Vec::new();
            if r.get(4)? {
                changes.push(Change::Promised {
                    side,
                    what: what.clone(),
                    due: r.get(2)?,
                });
            }
            let (settled, late): (bool, bool) = (r.get(5)?, r.get(6)?);
            if settled && state != CommitmentState::Open {
                changes.push(Change::Settled { side, what, state });
            } else if late {
                let state = CommitmentState::Open;
                changes.push(Change::Settled { side, what, state });
            }
            Ok(changes)
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

fn asks(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<Option<Change>> = all(
        conn,
        "reading what changed",
        "SELECT question, reply, due, state, coalesce(replied > ?2 AND replied <= ?3, 0) FROM ask
         WHERE deal = ?1 AND at <= ?4 AND ((state = 'answered' AND replied > ?2 AND replied <= ?3)
           OR ((state IN ('open', 'no_reply') OR replied > ?3) AND due < ?3 AND due >= ?2))
         ORDER BY id",
        &[&deal.0, &span.after, &span.last_day(), &span.until],
        |r| {
            let question: String = r.get(0)?;
            let due: Option<NaiveDate> = r.get(2)?;
            Ok(if r.get(4)? {
                Some(Change::Replied {
                    question,
                    reply: free(r, 1)?,
                })
            } else {
                due.map(|due| Change::NoReply { question, due })
            })
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

/// A move: its field, its day, the value before and after, and whether it is new.
type Moved = (String, NaiveDate, Option<String>, Option<String>, bool);

fn moves(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    let currency: Option<Option<String>> = first(
        conn,
        "reading the currency",
        "SELECT currency FROM deal WHERE id = ?1",
        &[&deal.0],
        |r| r.get(0),
    )?;
    let currency = currency.flatten().as_deref().and_then(Currency::parse);
    let rows: Vec<Moved> = all(
        conn,
        "reading what changed",
        "SELECT field, day, old, new, day > ?2 FROM move
         WHERE deal = ?1 AND day <= ?3 ORDER BY day, id",
        &[&deal.0, &span.after, &span.last_day()],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
    )?;
    let mut nth = 0;
    let mut changes = Vec::new();
    for (field, on, from, to, is_new) in rows {
        if field == "expected_close" {
            nth += 1;
        }
        if !is_new {
            continue;
        }
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let amount = |text: &Option<String>| {
            let minor = text.as_deref().and_then(|text| text.parse().ok());
            minor.map(|minor| Money::new(minor, currency))
        };
        changes.push(match field.as_str() {
            "expected_close" => Change::CloseMoved {
                on,
                from: day(&from),
                to: day(&to),
                nth,
            },
            "amount" => Change::AmountMoved {
                from: amount(&from),
                to: amount(&to),
            },
            _ => Change::StageMoved { from, to },
        });
    }
    Ok(changes)
}

/// An answer of the history of a deal.
struct Answered {
    question: String,
    answer: Answer,
    /// Whether it was given by the last talk.
    was: bool,
    /// Whether it was given by the end of the span.
    is: bool,
    /// Whether it holds now.
    current: bool,
    who: Option<String>,
}

/// The answer to a question that held at the end of a span, among those of its history, the
/// oldest first. That one was cleared is in no history: where nothing came after the span, what
/// holds now held then.
fn at_the_end<'r>(rows: impl Iterator<Item = &'r Answered> + Clone) -> Option<&'r Answered> {
    if rows.clone().all(|row| row.is) {
        return rows.filter(|row| row.current).last();
    }
    rows.filter(|row| row.is).last()
}

/// The answers of a deal, the oldest first.
fn history(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    span: &Span,
) -> Result<Vec<Answered>, StoreError> {
    all(
        conn,
        "reading how the answers were",
        "SELECT question, value, grade, day, at <= ?3, at <= ?4, current, who FROM answer
         WHERE deal = ?1 AND bank = ?2 ORDER BY id",
        &[&deal.0, &judge.bank().id(), &span.at, &span.until],
        |r| {
            let value = word(r, 1, Value::from_code, Value::Unknown)?;
            let grade = word(r, 2, Grade::from_code, Grade::Said)?;
            Ok(Answered {
                question: r.get(0)?,
                answer: Answer::new(value, grade, r.get(3)?),
                was: r.get(4)?,
                is: r.get(5)?,
                current: r.get(6)?,
                who: r.get(7)?,
            })
        },
    )
}

/// The answers that are others than at the last talk; none of a deal on which answers are sealed:
/// what was sealed is mostly what stands there, and it is shown nowhere before the reveal.
fn answers(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    span: &Span,
) -> Result<Vec<Change>, StoreError> {
    if seals::is_any_sealed(conn, deal)? {
        return Ok(Vec::new());
    }
    let rows = history(conn, judge, deal, span)?;
    let mut changes = Vec::new();
    for (_, question) in judge.bank().iter() {
        let of = rows.iter().filter(|row| row.question == question.id);
        let now = at_the_end(of.clone());
        let said = |row: &Answered| (row.answer.value, row.answer.grade);
        let from = of.rev().find(|row| row.was).map(said);
        let to = now.map(said);
        if from != to {
            changes.push(Change::Answered {
                question: question.id.clone(),
                from,
                to,
                who: now.and_then(|row| row.who.clone()),
            });
        }
    }
    Ok(changes)
}

fn contacts(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    let meetings = met::meetings(conn, deal).doing("reading what changed")?;
    let mut rows: Vec<(Option<NaiveDate>, i64, String, Option<i64>)> = all(
        conn,
        "reading what changed",
        "SELECT id, name, level, met FROM contact WHERE deal = ?1 ORDER BY id",
        &[&deal.0],
        |r| {
            let name: String = r.get(1)?;
            Ok((meetings.met(&name, r.get(3)?), r.get(0)?, name, r.get(2)?))
        },
    )?;
    rows.retain(|(met, ..)| met.is_some_and(|day| day <= span.today));
    rows.sort_by_key(|(met, id, ..)| (*met, *id));
    let is_new = |met: Option<NaiveDate>| met.is_some_and(|day| day.to_string() > span.after);
    let (new, old): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(met, ..)| is_new(*met));
    let before = old.iter().filter_map(|(.., level)| *level).max();
    let changes = new
        .into_iter()
        .map(|(_, contact, name, level)| Change::Met {
            contact,
            name: Name::new(name),
            step: level
                .zip(before)
                .map(|(now, before)| (now - before).signum() as i8),
        });
    Ok(changes.collect())
}

fn signals(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    span: &Span,
    day: NaiveDate,
) -> Result<Vec<Change>, StoreError> {
    let today = span.today;
    let Some(mut record) = eval::record_of(conn, judge, deal, today)? else {
        return Ok(Vec::new());
    };
    let bank = judge.bank();
    let history = history(conn, judge, deal, span)?;
    let mut then = vec![None; bank.questions().len()];
    let mut now = then.clone();
    for (ix, question) in bank.iter() {
        let of = history.iter().filter(|row| row.question == question.id);
        now[ix.at()] = at_the_end(of.clone()).map(|row| row.answer);
        then[ix.at()] = of.rev().find(|row| row.was).map(|row| row.answer);
    }
    if span.until != FOREVER {
        record = record.as_of(today, now);
    }
    let then = evaluate(&record.as_of(day, then), bank, judge.thresholds(), day);
    let now = evaluate(&record, bank, judge.thresholds(), today);
    let on = |signals: &[Signal]| -> Vec<Signal> {
        let open = |signal: &&Signal| !signal.settled && signal.level != Level::Good;
        signals.iter().filter(open).copied().collect()
    };
    let (then, now) = (on(&then.signals), on(&now.signals));
    let find = |of: &[Signal], signal: &Signal| of.iter().find(|s| s.id == signal.id).copied();
    let mut changes = Vec::new();
    for signal in &now {
        let worse = find(&then, signal)
            .is_none_or(|before| before.level == Level::Amber && signal.level == Level::Red);
        if worse {
            changes.push(Change::SignalOn(*signal));
        }
    }
    for signal in &then {
        if find(&now, signal).is_none() {
            changes.push(Change::SignalOff(*signal));
        }
    }
    Ok(changes)
}

fn decisions(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Change>, StoreError> {
    all(
        conn,
        "reading what changed",
        "SELECT kind, who FROM decision WHERE deal = ?1 AND at > ?2 AND at <= ?3 ORDER BY id",
        &[&deal.0, &span.at, &span.until],
        |r| {
            Ok(Change::Decided {
                kind: word(r, 0, DecisionKind::from_code, DecisionKind::Continued)?,
                who: r.get(1)?,
            })
        },
    )
}
