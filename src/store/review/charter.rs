//! The charter, what is above its ceiling, and the manager's sentence on a deal.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde_json::Value as Json;

use super::{all, first, people};
use crate::domain::deal::PersonRole;
use crate::domain::ids::DealId;
use crate::domain::money::{Currency, Money};
use crate::domain::phase::Phase;
use crate::domain::review::{Beyond, Ceiling, Charter, CharterReply, CharterRequest, MayFire};
use crate::domain::shown::{Free, Name};
use crate::store::detail::{free, money};
use crate::store::error::StoreError;

/// Reads the signatures as they are kept: `[["Ana","2026-11-09"]]`.
fn signatures(text: Option<&str>) -> Vec<(String, NaiveDate)> {
    let list: Vec<Json> = text
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let one = |pair: &Json| {
        let day = pair.get(1)?.as_str()?.parse().ok()?;
        Some((pair.get(0)?.as_str()?.to_owned(), day))
    };
    list.iter().filter_map(one).collect()
}

/// Reads the ceilings as they are kept: `[[5000000,"EUR"]]`.
fn ceilings(text: Option<&str>) -> Vec<Ceiling> {
    let list: Vec<Json> = text
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let one = |pair: &Json| {
        let currency = pair.get(1).and_then(Json::as_str).and_then(Currency::parse);
        Some(Ceiling {
            most: Money::new(pair.get(0)?.as_i64()?, currency),
        })
    };
    list.iter().filter_map(one).collect()
}

/// The charter as it stands, signed or not.
pub(in crate::store) fn current(conn: &Connection) -> Result<Option<Charter>, StoreError> {
    first(
        conn,
        "reading the charter",
        "SELECT id, text, ceilings, phases, exceptions, signed_by FROM charter
         WHERE current = 1 ORDER BY id DESC LIMIT 1",
        &[],
        |r| {
            let text = |at: usize| r.get::<_, Option<String>>(at);
            let phases = text(3)?.unwrap_or_default();
            let exceptions: Vec<String> = text(4)?
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            Ok(Charter {
                id: r.get(0)?,
                text: Free::new(r.get::<_, String>(1)?),
                ceilings: ceilings(text(2)?.as_deref()),
                phases: phases.split(' ').filter_map(Phase::from_code).collect(),
                exceptions,
                signed: signatures(text(5)?.as_deref()),
            })
        },
    )
}

/// The charter that holds for whoever signed it: a manager did, where the file has one.
pub(in crate::store) fn in_force_for_all(conn: &Connection) -> Result<Option<Charter>, StoreError> {
    let Some(charter) = current(conn)? else {
        return Ok(None);
    };
    let people = people(conn)?;
    let mut managers = people
        .iter()
        .filter(|person| person.role == PersonRole::Manager)
        .peekable();
    let signed = |name: &str| charter.signed.iter().any(|(by, _)| by == name);
    let holds = if managers.peek().is_some() {
        managers.any(|person| signed(&person.name)) && charter.signed.len() > 1
    } else {
        !charter.signed.is_empty()
    };
    Ok(holds.then_some(charter))
}

/// The charter that holds for somebody: signed by them, and by a manager where the file has one.
pub(in crate::store) fn in_force(
    conn: &Connection,
    who: &str,
) -> Result<Option<Charter>, StoreError> {
    let Some(charter) = in_force_for_all(conn)? else {
        return Ok(None);
    };
    let people = people(conn)?;
    let is_manager = people
        .iter()
        .any(|person| person.name == who && person.role == PersonRole::Manager);
    let holds = is_manager || charter.signed.iter().any(|(name, _)| name == who);
    Ok(holds.then_some(charter))
}

/// Why a deal is above what the charter lets a rep fire alone; `None` where it is not, or no
/// charter holds.
pub(in crate::store) fn beyond(
    conn: &Connection,
    charter: Option<&Charter>,
    deal: DealId,
) -> Result<Option<Beyond>, StoreError> {
    let Some(charter) = charter else {
        return Ok(None);
    };
    let found = first(
        conn,
        "holding the deal against the charter",
        "SELECT amount, currency, phase, account, title FROM deal WHERE id = ?1",
        &[&deal.0],
        |r| {
            let phase: Option<String> = r.get(2)?;
            let account = r.get::<_, Option<String>>(3)?.map(Name::new);
            Ok(charter.beyond(
                money(r, 0, 1)?,
                phase.as_deref().and_then(Phase::from_code),
                account.as_ref(),
                &Name::new(r.get::<_, String>(4)?),
            ))
        },
    )?;
    Ok(found.flatten())
}

/// The manager's sentence that holds for a deal: the last one said since it was decided last.
pub(in crate::store) fn may_fire(
    conn: &Connection,
    deal: DealId,
) -> Result<Option<MayFire>, StoreError> {
    first(
        conn,
        "reading the manager's sentence",
        "SELECT m.id, m.sentence, m.who, m.day FROM may_fire m WHERE m.deal = ?1
           AND m.at >= coalesce((SELECT max(x.at) FROM decision x WHERE x.deal = m.deal
                                 AND x.kind IN ('fired', 'reinstated')), '')
         ORDER BY m.id DESC LIMIT 1",
        &[&deal.0],
        |r| {
            Ok(MayFire {
                id: r.get(0)?,
                sentence: Free::new(r.get::<_, String>(1)?),
                who: r.get(2)?,
                day: r.get(3)?,
            })
        },
    )
}

/// The last firing of a deal above the ceiling.
pub(in crate::store) fn last_request(
    conn: &Connection,
    deal: DealId,
) -> Result<Option<CharterRequest>, StoreError> {
    let all = requests(conn, Some(deal), NaiveDate::MIN)?;
    Ok(all.into_iter().max_by_key(|request| request.id))
}

/// Firings above the ceiling, of one deal or of all: those that wait first, then the latest.
pub(in crate::store) fn requests(
    conn: &Connection,
    deal: Option<DealId>,
    today: NaiveDate,
) -> Result<Vec<CharterRequest>, StoreError> {
    let mut found = all(
        conn,
        "reading what is above the ceiling",
        "SELECT q.id, q.deal, coalesce(d.account, d.title), d.amount, d.currency, x.day, x.who,
                x.reasons, q.due, q.reply, q.reason, q.replied, q.who, d.status,
                (SELECT o.kind FROM outcome o WHERE o.deal = q.deal AND o.day >= x.day
                 ORDER BY o.id DESC LIMIT 1)
         FROM charter_request q JOIN deal d ON d.id = q.deal
         JOIN decision x ON x.id = q.decision
         WHERE ?1 IS NULL OR q.deal = ?1 ORDER BY q.id DESC",
        &[&deal.map(|deal| deal.0)],
        |r| {
            let reasons: Option<String> = r.get(7)?;
            let reply: Option<String> = r.get(9)?;
            let (status, outcome): (String, Option<String>) = (r.get(13)?, r.get(14)?);
            Ok(CharterRequest {
                id: r.get(0)?,
                deal: DealId(r.get(1)?),
                name: Name::new(r.get::<_, String>(2)?),
                amount: money(r, 3, 4)?,
                fired: r.get(5)?,
                who: r.get(6)?,
                reasons: reasons
                    .and_then(|text| serde_json::from_str(&text).ok())
                    .unwrap_or_default(),
                due: r.get(8)?,
                reply: reply.as_deref().and_then(CharterReply::from_code),
                reason: free(r, 10)?,
                replied: r.get(11)?,
                replied_by: r.get(12)?,
                // A deal that is won since was not lost by what was heard of them before.
                since: match outcome {
                    Some(outcome) if status != "won" => outcome,
                    Some(_) | None => status,
                },
            })
        },
    )?;
    found.sort_by_key(|request| !request.is_open(today));
    Ok(found)
}
