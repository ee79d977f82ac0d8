//! The agenda: what it proposes, and what stands on it.

use chrono::{Duration, NaiveDate};
use rusqlite::Connection;

use super::super::list::QUEUE;
use super::{all, charter, hands, last_of, pair, running};
use crate::domain::deal::{DecisionKind, TripwireState};
use crate::domain::eval::Due;
use crate::domain::ids::DealId;
use crate::domain::review::{
    Agenda, AgendaItem, AgendaWhy, Candidate, DecidedRow, ItemState, LONGEST, ReviewClock, Session,
    arrange,
};
use crate::domain::shown::Name;
use crate::domain::verdict::Verdict;
use crate::store::Judge;
use crate::store::detail::{free, word};
use crate::store::error::StoreError;
use crate::store::facts;
use crate::store::journal::{Stamp, instant};

/// The most candidates of one kind that are looked at.
const EACH: i64 = 24;

/// The shelf life below which no question's is, in days: answers younger than that are not read.
const YOUNG: i64 = 14;

/// Below so many hours a week a deal that can be won gets too few.
const STARVED: f64 = 0.5;

/// What the agenda of a pair proposes, with the number that an item is about.
pub(in crate::store) fn propose(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
    rep: &str,
    manager: Option<&str>,
) -> Result<Vec<(Candidate, Option<i64>)>, StoreError> {
    let owner = facts::owner_of(conn, rep)?;
    let mut about: Vec<(DealId, &'static str, i64)> = Vec::new();
    let mut found: Vec<Candidate> = Vec::new();
    if manager.is_some() {
        for request in charter::requests(conn, None, today)? {
            if request.is_open(today) {
                about.push((request.deal, "request", request.id));
                found.push(Candidate {
                    deal: request.deal,
                    why: AgendaWhy::Request {
                        id: request.id,
                        due: request.due,
                    },
                });
            }
        }
    }
    if let Some(last) = last_of(conn, rep, manager)? {
        let left = all(
            conn,
            "reading what was left over",
            "SELECT i.deal, i.state, i.why FROM agenda_item i JOIN deal d ON d.id = i.deal
             WHERE i.review = ?1 AND i.state <> 'done' AND d.status = 'open' ORDER BY i.place",
            &[&last.id],
            |r| {
                let (state, why): (String, String) = (r.get(1)?, r.get(2)?);
                let put_off = state == ItemState::NextTime.code();
                let wanted = put_off || is_wanted(&why);
                Ok(Candidate {
                    deal: DealId(r.get(0)?),
                    why: AgendaWhy::LeftOver { wanted },
                })
            },
        )?;
        found.extend(left);
    }
    for hand in hands(conn, None)? {
        about.push((hand.deal, "raised", hand.id));
        found.push(Candidate {
            deal: hand.deal,
            why: AgendaWhy::Raised {
                who: hand.who,
                note: hand.note,
            },
        });
    }
    let judged = |filter: &str| {
        let sql = format!(
            "SELECT e.deal, e.due FROM deal_eval e JOIN deal d ON d.id = e.deal
             WHERE {filter} AND d.status = 'open' AND (?1 IS NULL OR d.owner = ?1)
             ORDER BY {QUEUE} LIMIT {EACH}"
        );
        all(
            conn,
            "reading what is to be talked about",
            &sql,
            &[&owner],
            |r| {
                let due: Option<String> = r.get(1)?;
                Ok((DealId(r.get(0)?), due.as_deref().and_then(Due::from_code)))
            },
        )
    };
    for (deal, due) in judged("e.tier = 0")? {
        if let Some(due) = due {
            let why = AgendaWhy::Due(due);
            found.push(Candidate { deal, why });
        }
    }
    for (deal, _) in judged("e.tier = 1")? {
        let why = AgendaWhy::Fire;
        found.push(Candidate { deal, why });
    }
    let sealed = all(
        conn,
        "reading what two people sealed",
        "SELECT deal, count(DISTINCT question) FROM (
           SELECT deal, question FROM sealed_answer
           WHERE replaced = 0 AND bank = ?1 AND chosen IS NULL
           GROUP BY deal, question, turn HAVING count(DISTINCT person) > 1
             AND (turn IS NULL OR max(value) <> min(value) OR max(grade) <> min(grade)))
         GROUP BY deal ORDER BY 2 DESC, deal",
        &[&judge.bank().id()],
        |r| Ok((DealId(r.get(0)?), r.get(1)?)),
    )?;
    found.extend(sealed.into_iter().map(|(deal, questions)| Candidate {
        deal,
        why: AgendaWhy::Differ { questions },
    }));
    for (deal, _) in judged("e.bad_money = 1 AND e.tier BETWEEN 2 AND 5")? {
        let why = AgendaWhy::Money;
        found.push(Candidate { deal, why });
    }
    let starved = format!(
        "e.verdict = 'continue' AND e.tier BETWEEN 2 AND 5
         AND (e.assumed = 1 OR e.per_week < {STARVED} OR e.tier = 3)"
    );
    for (deal, _) in judged(&starved)? {
        let why = AgendaWhy::Invest;
        found.push(Candidate { deal, why });
    }
    found.extend(stale(conn, judge, today, owner.as_deref())?);
    let number = |one: &Candidate| {
        let mut of = about.iter();
        of.find(|(deal, kind, _)| *deal == one.deal && *kind == one.why.code())
            .map(|(_, _, id)| *id)
    };
    let arranged = arrange(found, LONGEST);
    Ok(arranged
        .into_iter()
        .map(|one| {
            let id = number(&one);
            (one, id)
        })
        .collect())
}

/// Deals with answers past their shelf life, those with the most first.
fn stale(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
    owner: Option<&str>,
) -> Result<Vec<Candidate>, StoreError> {
    let bank = judge.bank();
    let old = today - Duration::days(YOUNG);
    let answers: Vec<(i64, String, NaiveDate)> = all(
        conn,
        "reading old answers",
        "SELECT a.deal, a.question, a.day FROM answer a
         JOIN deal_eval e ON e.deal = a.deal JOIN deal d ON d.id = a.deal
         WHERE a.current = 1 AND a.value = 'yes' AND a.bank = ?1 AND a.day < ?2
           AND e.tier BETWEEN 0 AND 5 AND d.status = 'open' AND (?3 IS NULL OR d.owner = ?3)
         ORDER BY a.deal LIMIT 5000",
        &[&bank.id(), &old, &owner],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )?;
    let mut counts: Vec<(i64, u16)> = Vec::new();
    for (deal, question, day) in answers {
        let shelf = bank.find(&question).map(|ix| bank[ix].shelf_days);
        if shelf.is_none_or(|shelf| (today - day).num_days() <= i64::from(shelf)) {
            continue;
        }
        match counts.last_mut() {
            Some((last, count)) if *last == deal => *count += 1,
            Some(_) | None => counts.push((deal, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let candidates = counts.into_iter().map(|(deal, answers)| Candidate {
        deal: DealId(deal),
        why: AgendaWhy::Stale { answers },
    });
    Ok(candidates.collect())
}

/// Reads the agenda of the 1:1 that runs; where none does, the one that is proposed.
pub(super) fn read(
    conn: &Connection,
    judge: &Judge,
    stamp: &Stamp,
    with: Option<&str>,
) -> Result<Agenda, StoreError> {
    if let Some(session) = running(conn, &stamp.who)? {
        return of(conn, &session, stamp.today);
    }
    let (rep, manager) = pair(conn, &stamp.who, with)?;
    let clock = ReviewClock {
        started: stamp.at,
        plan: ReviewClock::PLAN,
        each: ReviewClock::EACH,
    };
    let mut agenda = Agenda {
        fits: clock.fits(),
        decided_last_time: decided_last(conn, &rep, manager.as_deref(), stamp.today)?,
        ..Agenda::default()
    };
    for (one, _) in propose(conn, judge, stamp.today, &rep, manager.as_deref())? {
        let (name, verdict) = named(conn, one.deal)?;
        agenda.items.push(AgendaItem {
            id: None,
            deal: one.deal,
            name,
            verdict,
            why: one.why,
            minutes: clock.each,
            seconds: 0,
            state: ItemState::Open,
        });
    }
    Ok(agenda)
}

fn named(conn: &Connection, deal: DealId) -> Result<(Name, Option<Verdict>), StoreError> {
    let found = super::first(
        conn,
        "reading the deal's name",
        "SELECT coalesce(d.account, d.title), e.verdict
         FROM deal d LEFT JOIN deal_eval e ON e.deal = d.id WHERE d.id = ?1",
        &[&deal.0],
        |r| {
            let verdict: Option<String> = r.get(1)?;
            Ok((
                Name::new(r.get::<_, String>(0)?),
                verdict.as_deref().and_then(Verdict::from_code),
            ))
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Reads the agenda of one 1:1.
pub(super) fn of(
    conn: &Connection,
    session: &Session,
    today: NaiveDate,
) -> Result<Agenda, StoreError> {
    let mut items = all(
        conn,
        "reading the agenda",
        "SELECT i.id, i.deal, coalesce(d.account, d.title), e.verdict, i.why, i.state, i.seconds,
                h.who, h.note, q.id, q.due, e.due
         FROM agenda_item i JOIN deal d ON d.id = i.deal LEFT JOIN deal_eval e ON e.deal = d.id
         LEFT JOIN raised_hand h ON i.why = 'raised' AND h.id = i.about
         LEFT JOIN charter_request q ON i.why = 'request' AND q.id = i.about
         WHERE i.review = ?1 ORDER BY i.place, i.id",
        &[&session.id],
        |r| {
            let (verdict, why): (Option<String>, String) = (r.get(3)?, r.get(4)?);
            let due: Option<String> = r.get(11)?;
            let request: Option<(i64, NaiveDate)> = r.get::<_, Option<i64>>(9)?.zip(r.get(10)?);
            let (kind, more) = why.split_once(' ').unwrap_or((&why, ""));
            let count = more.parse().unwrap_or_default();
            Ok(AgendaItem {
                id: Some(r.get(0)?),
                deal: DealId(r.get(1)?),
                name: Name::new(r.get::<_, String>(2)?),
                verdict: verdict.as_deref().and_then(Verdict::from_code),
                why: match (kind, request) {
                    ("request", Some((id, due))) => AgendaWhy::Request { id, due },
                    ("left_over", _) => AgendaWhy::LeftOver {
                        wanted: is_wanted(&why),
                    },
                    ("raised", _) => AgendaWhy::Raised {
                        who: r.get(7)?,
                        note: free(r, 8)?,
                    },
                    ("due", _) => AgendaWhy::Due(
                        Due::from_code(more)
                            .or(due.as_deref().and_then(Due::from_code))
                            .unwrap_or(Due::Worse),
                    ),
                    ("fire", _) => AgendaWhy::Fire,
                    ("differ", _) => AgendaWhy::Differ { questions: count },
                    ("money", _) => AgendaWhy::Money,
                    ("invest", _) => AgendaWhy::Invest,
                    ("stale", _) => AgendaWhy::Stale { answers: count },
                    _ => AgendaWhy::Added,
                },
                minutes: session.clock.each,
                seconds: r.get(6)?,
                state: word(r, 5, ItemState::from_code, ItemState::Open)?,
            })
        },
    )?;
    items.dedup_by_key(|item| item.deal);
    Ok(Agenda {
        items,
        fits: session.clock.fits(),
        decided_last_time: decided_last(conn, &session.rep, session.manager.as_deref(), today)?,
    })
}

/// What follows the word of an item that was proposed and that time ran out for.
const RAN_OUT: &str = "out";

/// Whether somebody had asked for an item, or put it off, by how its kind is kept.
fn is_wanted(kept: &str) -> bool {
    match kept.split_once(' ').unwrap_or((kept, "")) {
        ("left_over", more) => more != RAN_OUT,
        ("fire" | "differ" | "money" | "invest" | "stale", _) => false,
        (_, _) => true,
    }
}

/// How the kind of an item is kept, with what it counts.
pub(in crate::store) fn kept(why: &AgendaWhy) -> String {
    match why {
        AgendaWhy::Due(due) => format!("due {}", due.code()),
        AgendaWhy::Differ { questions } => format!("differ {questions}"),
        AgendaWhy::Stale { answers } => format!("stale {answers}"),
        AgendaWhy::LeftOver { wanted: false } => format!("{} {RAN_OUT}", why.code()),
        AgendaWhy::Request { .. }
        | AgendaWhy::LeftOver { wanted: true }
        | AgendaWhy::Raised { .. }
        | AgendaWhy::Fire
        | AgendaWhy::Money
        | AgendaWhy::Invest
        | AgendaWhy::Added => why.code().to_owned(),
    }
}

/// What a pair decided last time, with what came of it.
fn decided_last(
    conn: &Connection,
    rep: &str,
    manager: Option<&str>,
    today: NaiveDate,
) -> Result<Vec<DecidedRow>, StoreError> {
    let Some(last) = last_of(conn, rep, manager)? else {
        return Ok(Vec::new());
    };
    let (from, to) = (instant(last.started), last.ended.map(instant));
    all(
        conn,
        "reading what was decided last time",
        "SELECT x.deal, coalesce(d.account, d.title), x.kind, x.day, d.status,
                (SELECT o.kind FROM outcome o WHERE o.deal = x.deal AND o.day >= x.day
                 ORDER BY o.id DESC LIMIT 1),
                EXISTS(SELECT 1 FROM touch t WHERE t.deal = x.deal AND t.direction = 'in'
                       AND t.status <> 'no_show' AND substr(t.at, 1, 10) > x.day),
                (SELECT t.state FROM tripwire t WHERE t.decision = x.id ORDER BY t.id DESC LIMIT 1),
                (SELECT t.due FROM tripwire t WHERE t.decision = x.id ORDER BY t.id DESC LIMIT 1),
                (SELECT h.ended IS NOT NULL FROM hold h WHERE h.decision = x.id LIMIT 1),
                d.decision
         FROM decision x JOIN deal d ON d.id = x.deal
         WHERE x.at >= ?1 AND x.at <= ?2 AND x.deal IN
           (SELECT i.deal FROM agenda_item i WHERE i.review = ?3)
           AND x.id = (SELECT max(y.id) FROM decision y WHERE y.deal = x.deal
                       AND y.at >= ?1 AND y.at <= ?2)
         ORDER BY x.id",
        &[&from, &to, &last.id],
        |r| {
            let kind = word(r, 2, DecisionKind::from_code, DecisionKind::Continued)?;
            let (status, outcome): (String, Option<String>) = (r.get(4)?, r.get(5)?);
            let touched: bool = r.get(6)?;
            let state: Option<String> = r.get(7)?;
            let due: Option<NaiveDate> = r.get(8)?;
            let ended: Option<bool> = r.get(9)?;
            let now: String = r.get(10)?;
            let since = if status != "open" {
                status
            } else if let Some(outcome) = outcome {
                outcome.replace('_', " ")
            } else {
                match kind {
                    DecisionKind::Fired if now != "fired" => "taken back".to_owned(),
                    DecisionKind::Fired if touched => "came back".to_owned(),
                    DecisionKind::Fired => "silent".to_owned(),
                    DecisionKind::Continued => {
                        match state.as_deref().and_then(TripwireState::from_code) {
                            Some(TripwireState::Happened) => "it happened".to_owned(),
                            Some(TripwireState::Anyway) => "kept going anyway".to_owned(),
                            Some(TripwireState::Fired) => "fired as promised".to_owned(),
                            Some(TripwireState::Set) if due.is_some_and(|day| day <= today) => {
                                "tripwire due".to_owned()
                            }
                            Some(TripwireState::Set) => "tripwire waits".to_owned(),
                            Some(TripwireState::Moot) | None => "decided again".to_owned(),
                        }
                    }
                    DecisionKind::Hold if ended == Some(true) => "hold ended".to_owned(),
                    DecisionKind::Hold if touched => "they moved".to_owned(),
                    DecisionKind::Hold => "still on hold".to_owned(),
                    DecisionKind::Reinstated => "open again".to_owned(),
                }
            };
            Ok(DecidedRow {
                deal: DealId(r.get(0)?),
                name: Name::new(r.get::<_, String>(1)?),
                kind,
                day: r.get(3)?,
                since,
            })
        },
    )
}
