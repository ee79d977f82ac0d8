//! Reading one deal with everything that hangs on it.

mod seen;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use rusqlite::{Connection, OptionalExtension, Row};

use super::error::{Doing, StoreError};
use super::eval::{self, Judge};
use super::met;
use crate::domain::answer::{Grade, Value};
use crate::domain::bank::QuestionIx;
use crate::domain::deal::{
    AfterHours, AnswerRow, AskRow, AskState, Beside, ClosingNote, CommitmentRow, CommitmentState,
    ContactRole, ContactRow, Deal, Decision, DecisionKind, DecisionRow, Detail, Direction,
    Disposition, HoldRow, MoveRow, NoteRow, OutcomeRow, Served, Side, Status, SupportLoad,
    TouchRow, TouchStatus, TripwireRow, TripwireState, WalkedBy, names,
};
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;
use crate::domain::money::{Currency, Money};
use crate::domain::phase::Phase;
use crate::domain::shown::{Free, Name};

/// At most so many touches, notes and moves come with a deal; the panes show fewer.
const MANY: i64 = 50;

/// An instant that is kept with the offset of its place, in UTC; a day alone as it is.
fn in_utc(at: String) -> String {
    match DateTime::parse_from_rfc3339(&at) {
        Ok(instant) => instant.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true),
        Err(_) => at,
    }
}

/// Reads an amount from its two columns.
pub(super) fn money(
    row: &Row<'_>,
    minor: usize,
    currency: usize,
) -> rusqlite::Result<Option<Money>> {
    let minor: Option<i64> = row.get(minor)?;
    let code: Option<String> = row.get(currency)?;
    Ok(minor.map(|minor| Money {
        minor,
        currency: code.as_deref().and_then(Currency::parse),
    }))
}

/// Reads a word of ours; a word that only a damaged file can hold becomes `other`.
pub(super) fn word<T>(
    row: &Row<'_>,
    column: usize,
    read: fn(&str) -> Option<T>,
    other: T,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    Ok(read(&text).unwrap_or(other))
}

pub(super) fn free(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Free>> {
    Ok(row.get::<_, Option<String>>(column)?.map(Free::new))
}

pub(super) fn name(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Name>> {
    Ok(row.get::<_, Option<String>>(column)?.map(Name::new))
}

/// Several names that stand in one column.
fn listed(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let joined: Option<String> = row.get(column)?;
    let joined = joined.unwrap_or_default();
    Ok(names::split(&joined).map(str::to_owned).collect())
}

/// What a deal is called; `None` when there is no such deal.
pub(super) fn name_of(conn: &Connection, deal: DealId) -> Result<Option<Name>, StoreError> {
    conn.prepare_cached("SELECT coalesce(account, title) FROM deal WHERE id = ?1")
        .and_then(|mut s| s.query_row([deal.0], |r| name(r, 0)).optional())
        .map(Option::flatten)
        .doing("reading the deal's name")
}

/// Reads a deal's own fields; `None` when there is no such deal.
pub(super) fn deal(conn: &Connection, id: DealId) -> Result<Option<Deal>, StoreError> {
    conn.prepare_cached(
        "SELECT id, source, external_id, title, account, contact, owner, stage, phase, pipeline,
                amount, currency, probability, status, decision, created, expected_close, closed,
                lost_reason, last_activity, next_step, next_step_due, lead_source, product,
                description, margin, discount
         FROM deal WHERE id = ?1",
    )
    .and_then(|mut s| {
        s.query_row([id.0], |r| {
            Ok(Deal {
                id: DealId(r.get(0)?),
                source: r.get(1)?,
                external_id: r.get(2)?,
                title: Name::new(r.get::<_, String>(3)?),
                account: name(r, 4)?,
                contact: name(r, 5)?,
                owner: r.get(6)?,
                stage: r.get(7)?,
                phase: r
                    .get::<_, Option<String>>(8)?
                    .as_deref()
                    .and_then(Phase::from_code),
                pipeline: r.get(9)?,
                amount: money(r, 10, 11)?,
                probability: r.get(12)?,
                status: word(r, 13, Status::from_code, Status::Open)?,
                decision: word(r, 14, Decision::from_code, Decision::Undecided)?,
                created: r.get(15)?,
                expected_close: r.get(16)?,
                closed: r.get(17)?,
                lost_reason: r.get(18)?,
                last_activity: r.get(19)?,
                next_step: free(r, 20)?,
                next_step_due: r.get(21)?,
                lead_source: r.get(22)?,
                product: r.get(23)?,
                description: free(r, 24)?,
                margin: r.get(25)?,
                discount: r.get(26)?,
            })
        })
        .optional()
    })
    .doing("reading the deal")
}

/// Among the largest of a currency, the largest deal that is worth at least twice as much and took
/// fewer hours, but some.
pub(super) fn beside(conn: &Connection, id: DealId) -> Result<Option<Beside>, StoreError> {
    conn.prepare_cached(
        "SELECT b.id, coalesce(b.account, b.title), b.amount, b.currency, f.spent
         FROM deal d JOIN deal_eval e ON e.deal = d.id
         JOIN large_deal l
         JOIN deal b ON b.id = l.deal AND b.currency IS d.currency AND b.amount >= 2 * d.amount
         JOIN deal_eval f ON f.deal = b.id
         WHERE d.id = ?1 AND d.amount > 0 AND e.spent > 0 AND f.spent > 0 AND f.spent < e.spent
         ORDER BY b.amount DESC, b.id LIMIT 1",
    )
    .and_then(|mut s| {
        s.query_row([id.0], |r| {
            let amount = money(r, 2, 3)?;
            Ok(amount.map(|amount| -> rusqlite::Result<Beside> {
                Ok(Beside {
                    deal: DealId(r.get(0)?),
                    name: Name::new(r.get::<_, String>(1)?),
                    amount,
                    spent: r.get(4)?,
                })
            }))
        })
        .optional()
    })
    .map(Option::flatten)
    .and_then(Option::transpose)
    .doing("reading a larger deal")
}

/// Counts what they ask of us since our first offer, up to a day.
pub(super) fn support(
    conn: &Connection,
    id: DealId,
    today: NaiveDate,
) -> Result<Option<SupportLoad>, StoreError> {
    let served = all(
        conn,
        "SELECT substr(at, 1, 10), direction, channel, asks_info, minutes, people
         FROM touch WHERE deal = ?1 AND status = 'held' ORDER BY at, id",
        id,
        |r| {
            let channel: String = r.get(2)?;
            let channel = Channel::from_code(&channel).unwrap_or(Channel::Message);
            Ok(Served {
                day: r.get(0)?,
                is_theirs: word(r, 1, Direction::from_code, Direction::Out)? == Direction::In,
                channel,
                asks_info: r.get(3)?,
                minutes: channel.cost(r.get(4)?, listed(r, 5)?.len()),
            })
        },
    )?;
    Ok(SupportLoad::count(served, today))
}

/// Runs a query over one deal's rows and maps each.
fn all<T>(
    conn: &Connection,
    sql: &str,
    deal: DealId,
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let read = || -> rusqlite::Result<Vec<T>> {
        conn.prepare_cached(sql)?
            .query_map([deal.0], map)?
            .collect()
    };
    read().doing("reading what hangs on the deal")
}

/// Reads a deal with all that its panes show; `None` when there is no such deal.
pub(super) fn read(
    conn: &Connection,
    judge: &Judge,
    id: DealId,
) -> Result<Option<Detail>, StoreError> {
    let Some(deal) = deal(conn, id)? else {
        return Ok(None);
    };
    let mut answers = conn
        .prepare_cached(
            "SELECT question, value, grade, day, evidence, who FROM answer
             WHERE deal = ?1 AND bank = ?2 AND current = 1",
        )
        .and_then(|mut s| {
            s.query_map((id.0, judge.bank().id()), |r| {
                Ok(AnswerRow {
                    question: r.get(0)?,
                    value: word(r, 1, Value::from_code, Value::Unknown)?,
                    grade: word(r, 2, Grade::from_code, Grade::Said)?,
                    day: r.get(3)?,
                    evidence: free(r, 4)?,
                    who: r.get(5)?,
                })
            })?
            .collect::<Result<Vec<_>, _>>()
        })
        .doing("reading the answers")?;
    answers.sort_by_key(|a| {
        judge
            .bank()
            .find(&a.question)
            .map_or(usize::MAX, QuestionIx::at)
    });
    let meetings = met::meetings(conn, id).doing("reading whom we met")?;
    Ok(Some(Detail {
        eval: eval::stored(conn, judge, id)?,
        answers,
        decisions: all(
            conn,
            "SELECT id, kind, day, who, authority, reasons, verdict, core_unasked, disposition,
                    whom, until, minutes_reclaimed, formula, terms, why, walked_by, comes_back_if,
                    subject, mail, phone
             FROM decision WHERE deal = ?1 ORDER BY id DESC",
            id,
            |r| {
                let reasons: Option<String> = r.get(5)?;
                Ok(DecisionRow {
                    id: r.get(0)?,
                    kind: word(r, 1, DecisionKind::from_code, DecisionKind::Continued)?,
                    day: r.get(2)?,
                    who: r.get(3)?,
                    authority: r.get(4)?,
                    reasons: reasons
                        .and_then(|text| serde_json::from_str(&text).ok())
                        .unwrap_or_default(),
                    verdict: r.get(6)?,
                    core_unasked: r.get(7)?,
                    disposition: r
                        .get::<_, Option<String>>(8)?
                        .as_deref()
                        .and_then(Disposition::from_code),
                    whom: r.get(9)?,
                    until: r.get(10)?,
                    minutes_reclaimed: r.get(11)?,
                    formula: r.get(12)?,
                    terms: free(r, 13)?,
                    why: free(r, 14)?,
                    walked_by: r
                        .get::<_, Option<String>>(15)?
                        .as_deref()
                        .and_then(WalkedBy::from_code),
                    comes_back_if: free(r, 16)?,
                    note: ClosingNote {
                        subject: free(r, 17)?,
                        mail: free(r, 18)?,
                        phone: free(r, 19)?,
                    },
                })
            },
        )?,
        tripwires: all(
            conn,
            "SELECT id, sentence, due, state, words, moved, settled
             FROM tripwire WHERE deal = ?1 ORDER BY id DESC",
            id,
            |r| {
                Ok(TripwireRow {
                    id: r.get(0)?,
                    sentence: Free::new(r.get::<_, String>(1)?),
                    due: r.get(2)?,
                    state: word(r, 3, TripwireState::from_code, TripwireState::Moot)?,
                    words: free(r, 4)?,
                    moved: r.get(5)?,
                    settled: r.get(6)?,
                })
            },
        )?,
        holds: all(
            conn,
            "SELECT id, what, until, why, starts, ended FROM hold WHERE deal = ?1 ORDER BY id DESC",
            id,
            |r| {
                Ok(HoldRow {
                    id: r.get(0)?,
                    what: Free::new(r.get::<_, String>(1)?),
                    until: r.get(2)?,
                    why: free(r, 3)?,
                    starts: r.get(4)?,
                    ended: r.get(5)?,
                })
            },
        )?,
        asks: all(
            conn,
            "SELECT id, question, text, contact, due, state, reply, replied, put, signal
             FROM ask WHERE deal = ?1 ORDER BY id DESC",
            id,
            |r| {
                Ok(AskRow {
                    id: r.get(0)?,
                    question: r.get(1)?,
                    text: Free::new(r.get::<_, String>(2)?),
                    contact: name(r, 3)?,
                    due: r.get(4)?,
                    state: word(r, 5, AskState::from_code, AskState::Dropped)?,
                    reply: free(r, 6)?,
                    replied: r.get(7)?,
                    put: r.get(8)?,
                    signal: r.get(9)?,
                })
            },
        )?,
        touches: all(
            conn,
            &format!(
                "SELECT at, substr(at, 1, 10), direction, channel, minutes, text, id, status,
                        words, curt, document, asks_info, after_hours, contacts, people, typed
                 FROM touch WHERE deal = ?1 ORDER BY at DESC, id DESC LIMIT {MANY}"
            ),
            id,
            |r| {
                Ok(TouchRow {
                    at: in_utc(r.get(0)?),
                    day: r.get(1)?,
                    direction: word(r, 2, Direction::from_code, Direction::Out)?,
                    channel: r.get(3)?,
                    minutes: r.get(4)?,
                    text: free(r, 5)?,
                    id: r.get(6)?,
                    status: word(r, 7, TouchStatus::from_code, TouchStatus::Held)?,
                    words: r.get(8)?,
                    curt: r.get(9)?,
                    document: free(r, 10)?,
                    asks_info: r.get(11)?,
                    after_hours: word(r, 12, AfterHours::from_code, AfterHours::Unknown)?,
                    contacts: listed(r, 13)?.into_iter().map(Name::new).collect(),
                    people: listed(r, 14)?,
                    typed: r.get(15)?,
                })
            },
        )?,
        commitments: all(
            conn,
            "SELECT id, side, what, due, state, settled, paired FROM commitment WHERE deal = ?1
             ORDER BY due DESC, id DESC",
            id,
            |r| {
                Ok(CommitmentRow {
                    id: r.get(0)?,
                    side: word(r, 1, Side::from_code, Side::They)?,
                    what: Free::new(r.get::<_, String>(2)?),
                    due: r.get(3)?,
                    state: word(r, 4, CommitmentState::from_code, CommitmentState::Waived)?,
                    settled: r.get(5)?,
                    paired: r.get(6)?,
                })
            },
        )?,
        notes: all(
            conn,
            &format!(
                "SELECT at, who, text FROM note WHERE deal = ?1 ORDER BY at DESC, id DESC
                 LIMIT {MANY}"
            ),
            id,
            |r| {
                Ok(NoteRow {
                    at: r.get(0)?,
                    who: r.get(1)?,
                    text: Free::new(r.get::<_, String>(2)?),
                })
            },
        )?,
        contacts: all(
            conn,
            "SELECT name, title, role, met, id, level, email, batch IS NULL
             FROM contact WHERE deal = ?1 ORDER BY id",
            id,
            |r| {
                let (name, noted): (String, Option<NaiveDate>) = (r.get(0)?, r.get(3)?);
                Ok(ContactRow {
                    met: meetings.met(&name, noted),
                    noted,
                    name: Name::new(name),
                    title: r.get(1)?,
                    role: r
                        .get::<_, Option<String>>(2)?
                        .as_deref()
                        .and_then(ContactRole::from_code),
                    id: r.get(4)?,
                    level: r.get(5)?,
                    email: free(r, 6)?,
                    typed: r.get(7)?,
                })
            },
        )?,
        moves: all(
            conn,
            &format!(
                "SELECT day, field, old, new, source, id FROM move WHERE deal = ?1
                 ORDER BY day DESC, id DESC LIMIT {MANY}"
            ),
            id,
            |r| {
                Ok(MoveRow {
                    day: r.get(0)?,
                    field: r.get(1)?,
                    old: r.get(2)?,
                    new: r.get(3)?,
                    source: r.get(4)?,
                    id: r.get(5)?,
                })
            },
        )?,
        outcomes: all(
            conn,
            "SELECT kind, day, words FROM outcome WHERE deal = ?1 ORDER BY day DESC, id DESC",
            id,
            |r| {
                Ok(OutcomeRow {
                    kind: r.get(0)?,
                    day: r.get(1)?,
                    words: free(r, 2)?,
                })
            },
        )?,
        seen: seen::read(conn, id)?,
        raised: Vec::new(),
        beside: None,
        support: None,
        deal,
    }))
}
