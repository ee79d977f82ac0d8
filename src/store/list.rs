//! Lists: the ordered index of a query, the rows of a window, and finding one deal by words.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::detail::{money, name, word};
use super::error::{Doing, StoreError};
use super::eval::{self, Judge};
use super::filter;
use crate::domain::deal::{Decision, ListRow, Status};
use crate::domain::eval::Tier;
use crate::domain::ids::DealId;
use crate::domain::query::{Filter, Order};
use crate::domain::shown::{Free, Name};
use crate::domain::view::{Group, Heading, Index, ListQuery, View};
use chrono::NaiveDate;

/// How many deals a sitting takes beside what is due: what one hour can decide.
pub const SITTING: usize = 25;

/// How many hits of a search are shown before the whole set is known.
pub const FIRST_HITS: usize = 50;

/// Where the deals of a view are looked for. What is open and judged is found by its rank, which
/// an index has; `CROSS JOIN` keeps SQLite from beginning with the deals.
fn from(view: &View) -> &'static str {
    match view {
        View::ToDecide
        | View::Open
        | View::Due
        | View::CameBack
        | View::Gone
        | View::OnHold
        | View::Continued
        | View::Nurture
        | View::Dark
        | View::BadMoney
        | View::NoSeniorAtStart
        | View::UnaskedCore
        | View::DeadOnPaper => "deal_eval e CROSS JOIN deal d ON d.id = e.deal",
        // From the few words of the sweep to their deals.
        View::Dreaded => "deal d CROSS JOIN deal_eval e ON e.deal = d.id",
        View::Closed | View::All | View::Saved(_) => {
            "deal d LEFT JOIN deal_eval e ON e.deal = d.id"
        }
    }
}

/// The condition that makes a deal part of a view, over `deal d` and its `deal_eval e`.
///
/// The ranks are those of [`eval::rank`]: 0 is due, 5 continued, 6 on hold, 7 fired.
pub(super) fn condition(view: &View) -> &'static str {
    match view {
        View::ToDecide => "e.tier <= 4",
        View::Open => "e.tier <= 6",
        View::Due => "e.tier = 0",
        View::CameBack => "e.tier = 0 AND e.due = 'came_back'",
        View::Gone => "e.tier IN (0, 7) AND d.decision = 'fired'",
        View::OnHold => "e.tier IN (0, 6) AND d.decision = 'hold'",
        View::Continued => "e.tier IN (0, 5) AND d.decision = 'continued'",
        View::Nurture => {
            "e.tier IN (0, 7) AND d.decision = 'fired' AND EXISTS(
               SELECT 1 FROM decision x WHERE x.deal = d.id AND x.disposition = 'nurture'
                 AND x.id = (SELECT max(y.id) FROM decision y WHERE y.deal = d.id))"
        }
        View::Dark => "e.dark > 0 AND e.dark = 2 AND e.tier <= 6",
        View::BadMoney => "e.bad_money = 1 AND e.tier <= 6",
        View::Dreaded => {
            "d.id IN (SELECT s.deal FROM sweep s WHERE s.word = 'dread' AND s.current = 1)
             AND e.tier <= 6"
        }
        View::NoSeniorAtStart => "e.cover IS NOT NULL AND e.cover >= 'no_start' AND e.tier <= 6",
        View::UnaskedCore => "e.tier <= 6 AND e.core_asked < e.core_total",
        // It comes first among the reasons, wherever it is one.
        View::DeadOnPaper => "e.tier = 1 AND e.reasons LIKE 'dead on paper%'",
        View::Closed => "d.status <> 'open'",
        View::All | View::Saved(_) => "1",
    }
}

/// Where the deals of a view are counted: what is judged alone tells most of them.
fn counted_from(view: &View) -> &'static str {
    match view {
        View::ToDecide
        | View::Open
        | View::Due
        | View::Dark
        | View::BadMoney
        | View::NoSeniorAtStart
        | View::UnaskedCore
        | View::DeadOnPaper => "deal_eval e",
        View::CameBack
        | View::Gone
        | View::OnHold
        | View::Continued
        | View::Nurture
        | View::Dreaded
        | View::Closed
        | View::All
        | View::Saved(_) => from(view),
    }
}

/// A query with one row for each deal of a view.
pub(super) fn part_of(view: &View) -> String {
    format!(
        "SELECT 1 FROM {} WHERE {}",
        counted_from(view),
        condition(view)
    )
}

/// The order of the queue, as its index has it.
pub(super) const QUEUE: &str = "e.tier, e.at_stake DESC, e.spent DESC, e.last_act, e.made, e.deal";

fn order_by(order: Order) -> &'static str {
    match order {
        Order::Queue => {
            "coalesce(e.tier, 8), e.at_stake DESC, e.spent DESC, e.last_act, e.made, d.id"
        }
        Order::Amount => "d.amount IS NULL, d.currency, d.amount DESC, d.id",
        Order::Close => "d.expected_close IS NULL, d.expected_close, d.id",
        Order::Hours => "coalesce(e.spent, -1) DESC, d.id",
        Order::Last => "e.last_act IS NULL, e.last_act, d.id",
        Order::Account => {
            "coalesce(d.account, d.title) COLLATE NOCASE, d.title COLLATE NOCASE, d.id"
        }
        Order::Verdict => "coalesce(e.tier, 8), d.id",
        Order::Stage => "d.stage IS NULL, d.stage COLLATE NOCASE, d.id",
        Order::Created => "d.created DESC, d.id DESC",
    }
}

/// One line of an index while it is being built.
struct Line {
    id: u32,
    /// See [`eval::rank`]; `None` for deals that are not open.
    rank: Option<i64>,
    at_stake: f64,
    per_week: f64,
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        id: DealId(row.get(0)?).short(),
        rank: row.get(1)?,
        at_stake: row.get::<_, Option<f64>>(2)?.unwrap_or(0.0),
        per_week: row.get::<_, Option<f64>>(3)?.unwrap_or(0.0),
    })
}

fn heading(rank: Option<i64>) -> Heading {
    let tier = rank
        .and_then(|rank| u8::try_from(rank).ok())
        .and_then(Tier::from_rank);
    match (tier, rank) {
        (Some(Tier::Due), _) => Heading::Due,
        (Some(Tier::Fire), _) => Heading::Fire,
        (Some(Tier::GetToNo), _) => Heading::GetToNo,
        (Some(Tier::ContinueNoStep | Tier::Rest), _) => Heading::Continue,
        (_, Some(eval::ON_HOLD)) => Heading::OnHold,
        (_, Some(eval::FIRED)) => Heading::Gone,
        (_, Some(_)) => Heading::Continued,
        (_, None) => Heading::Closed,
    }
}

/// Puts lines together with the headings over them. A line is kept as its number only: of a million
/// of them the rest would be the most memory that the cockpit ever takes.
fn grouped(
    lines: impl Iterator<Item = rusqlite::Result<Line>>,
    with_headings: bool,
) -> rusqlite::Result<Index> {
    let (mut ids, mut groups): (Vec<u32>, Vec<Group>) = (Vec::new(), Vec::new());
    for line in lines {
        let line = line?;
        let start = ids.len();
        ids.push(line.id);
        if !with_headings {
            continue;
        }
        let heading = heading(line.rank);
        let hours = match heading {
            Heading::Fire => Some(line.at_stake),
            Heading::Continue | Heading::Continued => Some(line.per_week),
            Heading::Due | Heading::GetToNo | Heading::OnHold | Heading::Gone | Heading::Closed => {
                None
            }
        };
        match groups.last_mut() {
            Some(group) if group.heading == heading => {
                group.count += 1;
                group.hours = group.hours.zip(hours).map(|(a, b)| a + b);
            }
            _ => groups.push(Group {
                heading,
                start,
                count: 1,
                hours,
            }),
        }
    }
    Ok(Index { ids, groups })
}

/// The sitting: all that is due, then at most [`SITTING`] of FIRE, CONTINUE without a next
/// step and GET TO NO, shown in the order of the queue.
pub(super) fn sitting(conn: &Connection) -> rusqlite::Result<Index> {
    let of = |tier: Tier, limit: i64| -> rusqlite::Result<Vec<Line>> {
        conn.prepare_cached(
            "SELECT deal, tier, at_stake, per_week FROM deal_eval WHERE tier = ?1
             ORDER BY tier, at_stake DESC, spent DESC, last_act, made, deal LIMIT ?2",
        )?
        .query_map((tier.rank(), limit), line)?
        .collect()
    };
    let read = || -> rusqlite::Result<Vec<Line>> {
        let mut lines = of(Tier::Due, -1)?;
        let mut left = SITTING as i64;
        let fire = of(Tier::Fire, left)?;
        left -= fire.len() as i64;
        let without_step = of(Tier::ContinueNoStep, left)?;
        left -= without_step.len() as i64;
        let get_to_no = of(Tier::GetToNo, left)?;
        lines.extend(fire);
        lines.extend(get_to_no);
        lines.extend(without_step);
        Ok(lines)
    };
    grouped(read()?.into_iter().map(Ok), true)
}

/// The view whose deals a query looks through: a search by words alone looks everywhere, since
/// who types a name wants that deal.
fn searched(query: &ListQuery) -> &View {
    let searches = query.filter.as_ref().is_some_and(Filter::is_search);
    if searches && query.view == View::ToDecide {
        &View::All
    } else {
        &query.view
    }
}

/// The first hits of a search, at once; `None` for a query that is no search by words.
pub(super) fn first_hits(
    conn: &Connection,
    query: &ListQuery,
) -> Result<Option<Vec<u32>>, StoreError> {
    match &query.filter {
        Some(filter) if filter.is_search() => {
            filter::first_hits(conn, filter, condition(searched(query)), FIRST_HITS).map(Some)
        }
        Some(_) | None => Ok(None),
    }
}

/// Builds the index of a query, or its first deals, `most` of them.
pub(super) fn index(
    conn: &Connection,
    judge: &Judge,
    query: &ListQuery,
    today: NaiveDate,
    me: Option<&str>,
    most: Option<usize>,
) -> Result<Index, StoreError> {
    // Saved as it was, it is a sitting too.
    let filter = query.filter.as_ref();
    let saved = filter.is_some_and(|f| f.only_view() == Some(View::ToDecide));
    let is_whole = query.view == View::ToDecide && filter.is_none()
        || matches!(query.view, View::Saved(_)) && saved;
    if is_whole && query.order == Order::Queue {
        return sitting(conn).doing("listing what is to decide");
    }
    let view = searched(query);
    let mut clauses = vec![condition(view).to_owned()];
    let mut values = Vec::new();
    if let Some(filter) = &query.filter {
        let sql = filter::sql(judge, filter, today, me)?;
        clauses.extend(sql.clauses);
        values.extend(sql.values);
    }
    let (tables, id, order) = match (&query.view, query.order) {
        (View::Gone | View::Nurture, Order::Queue) => (
            from(view),
            "d.id",
            "(SELECT max(x.id) FROM decision x WHERE x.deal = d.id) DESC, d.id",
        ),
        // What is open, in the order of the queue, is read off its index alone.
        (View::ToDecide | View::Open | View::Due | View::UnaskedCore, Order::Queue)
            if query.filter.is_none() =>
        {
            ("deal_eval e", "e.deal", QUEUE)
        }
        (View::ToDecide | View::Open | View::Due | View::UnaskedCore, Order::Queue)
            if !matches!(view, View::All) =>
        {
            (from(view), "d.id", QUEUE)
        }
        (_, order) => (from(view), "d.id", order_by(order)),
    };
    let mut sql = format!(
        "SELECT {id}, e.tier, e.at_stake, e.per_week
         FROM {tables} WHERE {} ORDER BY {order}",
        clauses.join(" AND ")
    );
    if let Some(most) = most {
        let _ = write!(sql, " LIMIT {most}");
    }
    let with_headings = query.order == Order::Queue;
    conn.prepare_cached(&sql)
        .and_then(|mut s| grouped(s.query_map(params_from_iter(values), line)?, with_headings))
        .doing("ordering the list")
}

/// Reads the rows of deals in the order given.
pub(super) fn rows(
    conn: &Connection,
    judge: &Judge,
    ids: &[DealId],
) -> Result<Vec<ListRow>, StoreError> {
    let sql = format!(
        "SELECT d.id, d.account, d.title, d.owner, d.stage, d.amount, d.currency, d.status,
                d.decision, d.expected_close, d.next_step, d.next_step_due,
                (SELECT max(x.day) FROM decision x WHERE x.deal = d.id),
                (SELECT a.question || ' ' || coalesce(a.due, '') FROM ask a
                 WHERE a.deal = d.id AND a.state = 'open' ORDER BY a.due LIMIT 1),
                d.created, {}
         FROM deal d LEFT JOIN deal_eval e ON e.deal = d.id WHERE d.id = ?1",
        eval::COLUMNS
    );
    let read = || -> rusqlite::Result<Vec<ListRow>> {
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row = statement
                .query_row([id.0], |r| {
                    let asked: Option<String> = r.get(13)?;
                    Ok(ListRow {
                        id: DealId(r.get(0)?),
                        account: name(r, 1)?,
                        title: Name::new(r.get::<_, String>(2)?),
                        owner: r.get(3)?,
                        stage: r.get(4)?,
                        amount: money(r, 5, 6)?,
                        status: word(r, 7, Status::from_code, Status::Open)?,
                        decision: word(r, 8, Decision::from_code, Decision::Undecided)?,
                        created: r.get(14)?,
                        expected_close: r.get(9)?,
                        next_step: r.get::<_, Option<String>>(10)?.map(Free::new),
                        next_step_due: r.get(11)?,
                        decided: r.get(12)?,
                        asked: asked.map(|text| {
                            let (question, due) = text.split_once(' ').unwrap_or((&text, ""));
                            (question.to_owned(), due.parse().ok())
                        }),
                        eval: eval::from_row(r, 15, judge)?,
                    })
                })
                .optional()?;
            rows.extend(row);
        }
        Ok(rows)
    };
    read().doing("reading the rows")
}

/// What words found.
#[derive(Clone, Debug)]
pub enum Matches {
    /// Exactly one deal.
    One(DealId),
    /// None.
    None,
    /// Several: the first ten with account and title.
    Many(Vec<(DealId, Option<Name>, Name)>),
}

/// Finds the deal that a person names.
pub(super) fn find(conn: &Connection, words: &str) -> Result<Matches, StoreError> {
    let words = words.trim();
    let one = |sql: &str, values: &[&str]| -> Result<Option<DealId>, StoreError> {
        conn.prepare_cached(sql)
            .and_then(|mut s| {
                s.query_row(params_from_iter(values), |r| r.get(0).map(DealId))
                    .optional()
            })
            .doing("finding the deal")
    };
    if let Ok(number) = words.parse::<i64>()
        && let Some(deal) = one("SELECT id FROM deal WHERE id = ?1", &[&number.to_string()])?
    {
        return Ok(Matches::One(deal));
    }
    // A source may hold a colon itself (`walkaway:FILE:7`), an id as well; every split counts.
    for (at, _) in words.match_indices(':') {
        let (source, id) = (&words[..at], &words[at + 1..]);
        let sql = "SELECT id FROM deal WHERE source = ?1 AND (key = ?2 OR external_id = ?2)";
        if let Some(deal) = one(sql, &[source, id])? {
            return Ok(Matches::One(deal));
        }
    }
    let found = filter::by_words(conn, words, 11)?;
    match found.as_slice() {
        [] => Ok(Matches::None),
        [only] => Ok(Matches::One(*only)),
        many => {
            let mut list = Vec::new();
            for id in many.iter().take(10) {
                let row = conn
                    .prepare_cached("SELECT account, title FROM deal WHERE id = ?1")
                    .and_then(|mut s| {
                        s.query_row([id.0], |r| {
                            Ok((*id, name(r, 0)?, Name::new(r.get::<_, String>(1)?)))
                        })
                        .optional()
                    })
                    .doing("finding the deal")?;
                list.extend(row);
            }
            Ok(Matches::Many(list))
        }
    }
}
