//! What a 1:1 leaves behind, read from what was written down while it ran.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::seals::{Opening, open, pairs_of};
use super::{all, changed, first};
use crate::domain::deal::{DecisionKind, Disposition, Side};
use crate::domain::ids::DealId;
use crate::domain::review::{
    AgendaItem, CharterReply, ItemState, MayFire, Minutes, MinutesDeal, MinutesDecision,
    MinutesOwed, Session,
};
use crate::domain::shown::{Free, Name};
use crate::store::Store;
use crate::store::detail::{free, money, name, word};
use crate::store::error::StoreError;
use crate::store::journal::{Stamp, instant};

/// Between which instants something belongs to a meeting, as text.
struct Span {
    from: String,
    to: String,
}

pub(super) fn read(store: &Store, session: Session, stamp: &Stamp) -> Result<Minutes, StoreError> {
    let conn = store.conn();
    let until: DateTime<Utc> = session.ended.unwrap_or(stamp.at);
    let span = Span {
        from: instant(session.started),
        to: instant(until),
    };
    let agenda = super::agenda::of(conn, &session, stamp.today)?;
    let mut deals = Vec::new();
    let mut next_time = Vec::new();
    for item in agenda.items {
        let open = session.table.filter(|(deal, _)| *deal == item.deal);
        match (item.state, open) {
            (ItemState::Done, _) | (_, Some(_)) => {
                let since = open.map(|(_, since)| (until - since).num_seconds().max(0) as u32);
                let mut deal = one(store, &session, &span, item, stamp)?;
                deal.seconds += since.unwrap_or_default();
                deals.push(deal);
            }
            (ItemState::Open | ItemState::NextTime, None) => {
                next_time.push((item.deal, item.name));
            }
        }
    }
    Ok(Minutes {
        session,
        deals,
        next_time,
        until,
    })
}

fn one(
    store: &Store,
    session: &Session,
    span: &Span,
    item: AgendaItem,
    stamp: &Stamp,
) -> Result<MinutesDeal, StoreError> {
    let conn = store.conn();
    let deal = item.deal;
    let (title, amount) = first(
        conn,
        "reading the deal",
        "SELECT title, amount, currency FROM deal WHERE id = ?1",
        &[&deal.0],
        |r| Ok((Name::new(r.get::<_, String>(0)?), money(r, 1, 2)?)),
    )?
    .unwrap_or_default();
    let since = changed::talked(conn, deal, Some(session.id))?;
    // Of a meeting that is over it is told how things were then.
    let until = session.ended.is_some().then(|| span.to.clone());
    let today = session.ended.map_or(stamp.today, |at| at.date_naive());
    let rows = open(
        conn,
        Some(store.judge().bank()),
        Some(deal),
        Opening::Revealed(Some(session.id)),
    )?;
    let manager = session.manager.clone().unwrap_or_default();
    let mut pairs = pairs_of(rows, &session.rep, &manager);
    let same = pairs
        .iter()
        .filter(|pair| !pair.differs && !pair.is_one_sided())
        .count() as u16;
    pairs.retain(|pair| pair.differs);
    Ok(MinutesDeal {
        deal,
        name: item.name,
        title,
        amount,
        why: item.why,
        state: item.state,
        seconds: item.seconds,
        changed: changed::read(conn, store.judge(), deal, (since, until), today)?,
        decisions: decisions(conn, deal, span)?,
        differences: pairs,
        same,
        may_fire: may_fire(conn, deal, span)?,
        request: request(conn, deal, session, stamp)?,
        owed: owed(conn, deal, span)?,
        notes: notes(conn, deal, span)?,
    })
}

fn decisions(
    conn: &Connection,
    deal: DealId,
    span: &Span,
) -> Result<Vec<MinutesDecision>, StoreError> {
    all(
        conn,
        "reading what was decided",
        "SELECT x.kind, x.who, x.authority, x.reasons, x.disposition, x.until, x.terms,
                t.sentence, t.due, h.what, h.until
         FROM decision x
         LEFT JOIN tripwire t ON t.id = (SELECT min(id) FROM tripwire WHERE decision = x.id)
         LEFT JOIN hold h ON h.id = (SELECT min(id) FROM hold WHERE decision = x.id)
         WHERE x.deal = ?1 AND x.at >= ?2 AND x.at <= ?3 ORDER BY x.id",
        &[&deal.0, &span.from, &span.to],
        |r| {
            let kind = word(r, 0, DecisionKind::from_code, DecisionKind::Continued)?;
            let reasons: Option<String> = r.get(3)?;
            let to: Option<String> = r.get(4)?;
            let (sentence, until) = match kind {
                DecisionKind::Fired => (None, r.get(5)?),
                DecisionKind::Reinstated => (free(r, 6)?, None),
                DecisionKind::Continued => (free(r, 7)?, r.get(8)?),
                DecisionKind::Hold => (free(r, 9)?, r.get(10)?),
            };
            Ok(MinutesDecision {
                kind,
                who: r.get(1)?,
                authority: r.get(2)?,
                reasons: reasons
                    .and_then(|text| serde_json::from_str(&text).ok())
                    .unwrap_or_default(),
                to: to.as_deref().and_then(Disposition::from_code),
                until,
                sentence,
            })
        },
    )
}

fn may_fire(conn: &Connection, deal: DealId, span: &Span) -> Result<Option<MayFire>, StoreError> {
    first(
        conn,
        "reading the manager's sentence",
        "SELECT id, sentence, who, day FROM may_fire
         WHERE deal = ?1 AND at >= ?2 AND at <= ?3 ORDER BY id DESC LIMIT 1",
        &[&deal.0, &span.from, &span.to],
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

/// What the manager said in the meeting to a firing above the ceiling.
fn request(
    conn: &Connection,
    deal: DealId,
    session: &Session,
    stamp: &Stamp,
) -> Result<Option<(CharterReply, Option<Free>)>, StoreError> {
    let last = super::charter::requests(conn, Some(deal), stamp.today)?;
    let days = (
        session.started.date_naive(),
        session.ended.map_or(stamp.today, |at| at.date_naive()),
    );
    let said = last.into_iter().find(|request| {
        let day = request.replied;
        day.is_some_and(|day| (days.0..=days.1).contains(&day))
    });
    Ok(said.and_then(|request| request.reply.map(|reply| (reply, request.reason))))
}

/// What somebody owes since the meeting: promises and questions to put.
fn owed(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<MinutesOwed>, StoreError> {
    let mut owed = all(
        conn,
        "reading what is owed",
        "SELECT side, who, what, due FROM commitment
         WHERE deal = ?1 AND at >= ?2 AND at <= ?3 AND state <> 'waived' ORDER BY due IS NULL, due, id",
        &[&deal.0, &span.from, &span.to],
        |r| {
            let side = word(r, 0, Side::from_code, Side::We)?;
            let who: Option<String> = r.get(1)?;
            Ok(MinutesOwed {
                side,
                who: who.filter(|_| side == Side::We),
                what: Free::new(r.get::<_, String>(2)?),
                due: r.get(3)?,
                is_ask: false,
                to: None,
            })
        },
    )?;
    owed.extend(all(
        conn,
        "reading what is to be asked",
        "SELECT who, text, due, contact FROM ask
         WHERE deal = ?1 AND at >= ?2 AND at <= ?3 AND state <> 'dropped' ORDER BY due IS NULL, due, id",
        &[&deal.0, &span.from, &span.to],
        |r| {
            Ok(MinutesOwed {
                side: Side::We,
                who: r.get(0)?,
                what: Free::new(r.get::<_, String>(1)?),
                due: r.get(2)?,
                is_ask: true,
                to: name(r, 3)?,
            })
        },
    )?);
    owed.extend(all(
        conn,
        "reading the next step",
        "SELECT x.who, d.next_step, d.next_step_due FROM decision x JOIN deal d ON d.id = x.deal
         WHERE x.deal = ?1 AND x.at >= ?2 AND x.at <= ?3 AND x.kind = 'continued'
           AND d.next_step IS NOT NULL
           AND x.id = (SELECT max(id) FROM decision WHERE deal = x.deal)",
        &[&deal.0, &span.from, &span.to],
        |r| {
            Ok(MinutesOwed {
                side: Side::We,
                who: r.get(0)?,
                what: Free::new(r.get::<_, String>(1)?),
                due: r.get(2)?,
                is_ask: false,
                to: None,
            })
        },
    )?);
    Ok(owed)
}

fn notes(conn: &Connection, deal: DealId, span: &Span) -> Result<Vec<Free>, StoreError> {
    all(
        conn,
        "reading the notes",
        "SELECT text FROM note WHERE deal = ?1 AND at >= ?2 AND at <= ?3 AND batch IS NULL
         ORDER BY id",
        &[&deal.0, &span.from, &span.to],
        |r| Ok(Free::new(r.get::<_, String>(0)?)),
    )
}
