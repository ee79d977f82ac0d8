//! What the model says of each deal, kept so that a pipeline can be sorted and filtered by it.
//!
//! One function of the domain computes it ([`evaluate`]); here its input is read and its result
//! kept, one row an open deal. A write renews the rows of the deals that it touched, in its own
//! transaction; a new day renews those that say they may change by then. None of it is
//! journalled: it can be rebuilt at any time.

mod ages;
mod count;
mod day;
mod hours;
mod judge;
mod kept;
mod read;
mod sources;
pub(super) mod stats;

use chrono::NaiveDate;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row};

use super::bound::Bound;
use super::error::{Doing, StoreError};
use super::intake::Incoming;
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::deal::Status;
use crate::domain::eval::{
    DealEval, Decision, Due, Record, Recorded, Tier, evaluate, raised as evaluated_all,
    rows_of as evaluated_rows,
};
use crate::domain::fit::{MustState, Musts, Range, Weakest};
use crate::domain::hours::Hours;
use crate::domain::ids::{ActionId, DealId};
use crate::domain::iso::IsoDay;
use crate::domain::signal::{Cover, Row as SignalRow, Signal, SignalId};
use crate::domain::verdict::{Reason, Verdict};
pub use count::Counted;
pub use day::Renewal;
pub(super) use day::{due, is_due, judge_again, keep, older, renew_some};
pub use judge::Judge;
pub(super) use judge::{LEARNT, learnt_key};
pub(super) use kept::Kept;
use kept::UNKNOWN_DAY;
use read::record;
pub use sources::Facts;
pub(super) use sources::{Sources, sources};

/// Judges one deal as of today, whatever is kept of it; `None` when it is not open or not there.
pub(super) fn of(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    today: NaiveDate,
) -> Result<Option<DealEval>, StoreError> {
    let record = record_of(conn, judge, deal, today)?;
    Ok(record.map(|record| evaluate(&record, judge.bank(), judge.thresholds(), today)))
}

/// Reads everything that a deal is judged by; `None` when it is not open or not there.
pub(super) fn record_of(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    today: NaiveDate,
) -> Result<Option<Record>, StoreError> {
    let sources = sources(conn)?;
    let record = record(conn, judge, &sources, deal, today);
    let record = record.doing("reading the deal to judge it")?;
    Ok(record.filter(Record::is_open))
}

/// The rows that raise a signal of a deal as of today; none where it is not on.
pub(super) fn rows_of(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    signal: SignalId,
    today: NaiveDate,
) -> Result<Vec<SignalRow>, StoreError> {
    let record = record_of(conn, judge, deal, today)?;
    Ok(record.map_or_else(Vec::new, |r| {
        evaluated_rows(&r, judge.bank(), judge.thresholds(), today, signal)
    }))
}

/// Every signal of a deal as of today with the rows that raise it.
pub(super) fn raised(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    today: NaiveDate,
) -> Result<Vec<(SignalId, Vec<SignalRow>)>, StoreError> {
    let record = record_of(conn, judge, deal, today)?;
    Ok(record.map_or_else(Vec::new, |r| {
        evaluated_all(&r, judge.bank(), judge.thresholds(), today)
    }))
}

// Keeping ------------------------------------------------------------------------------

/// The rank of a deal in the queue as it is kept: that of its tier, and for what is decided and
/// not due one of its own for each decision.
pub(super) fn rank(tier: Tier, decision: &Decision) -> i64 {
    match (tier, decision) {
        (Tier::Settled, Decision::Held { .. }) => ON_HOLD,
        (Tier::Settled, Decision::Fired { .. }) => FIRED,
        (Tier::Settled, Decision::Continued { .. } | Decision::Undecided) => CONTINUED,
        (
            Tier::Due | Tier::Fire | Tier::GetToNo | Tier::ContinueNoStep | Tier::Rest,
            Decision::Undecided
            | Decision::Continued { .. }
            | Decision::Held { .. }
            | Decision::Fired { .. },
        ) => i64::from(tier.rank()),
    }
}

/// The rank of what was continued.
pub(super) const CONTINUED: i64 = 5;
/// The rank of what is on hold.
pub(super) const ON_HOLD: i64 = 6;
/// The rank of what was fired.
pub(super) const FIRED: i64 = 7;

/// The columns of `deal_eval e`, in the order in which [`from_row`] reads them.
pub(super) const COLUMNS: &str = "e.tier, e.due, e.verdict, e.reasons, e.evidence, e.earned,
    e.fit_lo, e.fit_hi, e.they_lo, e.they_hi, e.we_lo, e.we_hi, e.coverage, e.core_total,
    e.core_asked, e.core_answered, e.weakest, e.weakest_value, e.weakest_grade, e.weakest_day,
    e.musts, e.ask, e.final, e.signals, e.spent, e.per_week, e.at_stake, e.assumed, e.last_act,
    e.valid_until, e.recorded, e.chance, e.made, e.holds_until";

/// Spells where no senior was, as filters ask for it; `None` where one was.
fn cover(signals: &[Signal]) -> Option<&'static str> {
    let cover = Cover::of(signals);
    match (cover.no_start, cover.no_close) {
        (false, false) => None,
        (true, false) => Some("no_start"),
        (false, true) => Some("no_close"),
        (true, true) => Some("no_start no_close"),
    }
}

/// Spells what the record answers: `SIL1 no 2026-10-19;RES2 yes 2026-11-20`.
fn recorded(all: &[Recorded], bank: &Bank) -> Option<String> {
    let mut text = String::new();
    for (at, one) in all.iter().enumerate() {
        let id = bank[one.question].id.as_str();
        let day = IsoDay::of(one.answer.as_of);
        text.push_str(if at > 0 { ";" } else { "" });
        text.extend([id, " ", one.answer.value.code(), " ", day.as_str()]);
    }
    (!text.is_empty()).then_some(text)
}

/// Reads what [`recorded`] spelled; what is not in this bank is left out.
fn read_recorded(text: &str, bank: &Bank) -> Vec<Recorded> {
    let one = |text: &str| {
        let mut words = text.split(' ');
        let question = bank.find(words.next()?)?;
        let value = Value::from_code(words.next()?)?;
        let day = words.next()?.parse().ok()?;
        let answer = Answer::new(value, Grade::Record, day);
        Some(Recorded { question, answer })
    };
    text.split(';').filter_map(one).collect()
}

/// Reads a kept evaluation from the columns that begin at `at`; `None` where there is none.
pub(super) fn from_row(
    row: &Row<'_>,
    at: usize,
    judge: &Judge,
) -> rusqlite::Result<Option<DealEval>> {
    let Some(rank) = row.get::<_, Option<i64>>(at)? else {
        return Ok(None);
    };
    let bank = judge.bank();
    let text = |i: usize| row.get::<_, Option<String>>(at + i);
    let real = |i: usize| row.get::<_, f64>(at + i);
    let known_day = |i: usize| {
        let day = row.get::<_, Option<NaiveDate>>(at + i)?;
        Ok::<_, rusqlite::Error>(day.filter(|day| *day < UNKNOWN_DAY))
    };
    let range = |i: usize| {
        Ok::<_, rusqlite::Error>(Range {
            lo: real(i)?,
            hi: real(i + 1)?,
        })
    };
    let tier = u8::try_from(rank)
        .ok()
        .and_then(Tier::from_rank)
        .unwrap_or(Tier::Settled);
    let reasons: String = row.get(at + 3)?;
    let answer = match (
        text(17)?,
        text(18)?,
        row.get::<_, Option<NaiveDate>>(at + 19)?,
    ) {
        (Some(value), Some(grade), Some(day)) => Value::from_code(&value)
            .zip(Grade::from_code(&grade))
            .map(|(value, grade)| Answer::new(value, grade, day)),
        _ => None,
    };
    let musts: String = row.get(at + 20)?;
    let mut musts = musts
        .split(' ')
        .map(|w| MustState::from_code(w).unwrap_or(MustState::Open));
    let mut must = || musts.next().unwrap_or(MustState::Open);
    Ok(Some(DealEval {
        tier,
        to_decide: tier != Tier::Settled,
        due: text(1)?.as_deref().and_then(Due::from_code),
        verdict: text(2)?.as_deref().and_then(Verdict::from_code),
        reasons: reasons
            .lines()
            .filter_map(|r| Reason::from_text(r, bank))
            .collect(),
        evidence: real(4)?,
        earned: real(5)?,
        fit: range(6)?,
        they_fit_us: range(8)?,
        we_fit_them: range(10)?,
        coverage: real(12)?,
        core_total: row.get(at + 13)?,
        core_asked: row.get(at + 14)?,
        core_answered: row.get(at + 15)?,
        weakest: text(16)?
            .and_then(|id| bank.find(&id))
            .map(|question| Weakest { question, answer }),
        musts: Musts {
            problem: must(),
            signer: must(),
            date: must(),
        },
        ask: text(21)?.and_then(|id| bank.find(&id)),
        is_final: row.get(at + 22)?,
        signals: text(23)?
            .unwrap_or_default()
            .split(';')
            .filter_map(|s| Signal::from_text(s.trim_end()))
            .collect(),
        hours: Hours {
            spent: real(24)?,
            per_week: real(25)?,
            at_stake: real(26)?,
            assumed: row.get(at + 27)?,
        },
        last_act: row.get(at + 28)?,
        valid_until: row.get(at + 29)?,
        recorded: read_recorded(&text(30)?.unwrap_or_default(), bank),
        chance: row.get(at + 31)?,
        made: known_day(32)?,
        holds_until: known_day(33)?,
    }))
}

/// Reads what is kept of one deal; `None` for deals that are not open.
pub(super) fn stored(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
) -> Result<Option<DealEval>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM deal_eval e WHERE e.deal = ?1"
    ))
    .and_then(|mut s| s.query_row([deal.0], |r| from_row(r, 0, judge)).optional())
    .map(Option::flatten)
    .doing("reading what the model says")
}

// Renewing -----------------------------------------------------------------------------

fn renew_with(
    conn: &Connection,
    judge: &Judge,
    sources: &Sources,
    deals: impl IntoIterator<Item = DealId>,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    let work = || -> rusqlite::Result<usize> {
        let mut renewed = 0;
        let mut place = Place::prepare(conn, judge)?;
        for deal in deals {
            let kept = judged(conn, judge, sources, deal, today)?;
            renewed += usize::from(kept.is_some());
            place.put(deal, kept.as_ref())?;
        }
        Ok(renewed)
    };
    work().doing("evaluating deals")
}

/// Judges a deal by what is on record; `None` for one that is not open.
fn judged(
    conn: &Connection,
    judge: &Judge,
    sources: &Sources,
    deal: DealId,
    today: NaiveDate,
) -> rusqlite::Result<Option<Kept>> {
    let record = record(conn, judge, sources, deal, today)?;
    Ok(record.filter(Record::is_open).map(|record| {
        let e = evaluate(&record, judge.bank(), judge.thresholds(), today);
        Kept::new(judge.bank(), rank(e.tier, &record.decision), e)
    }))
}

/// Where judgements are kept.
struct Place<'c> {
    keep: Bound<'c>,
    drop: CachedStatement<'c>,
    bank: &'c Bank,
}

impl<'c> Place<'c> {
    fn prepare(conn: &'c Connection, judge: &'c Judge) -> rusqlite::Result<Self> {
        Ok(Self {
            keep: Kept::prepare(conn)?,
            drop: conn.prepare_cached("DELETE FROM deal_eval WHERE deal = ?1")?,
            bank: judge.bank(),
        })
    }

    fn put(&mut self, deal: DealId, kept: Option<&Kept>) -> rusqlite::Result<()> {
        match kept {
            Some(kept) => kept.write(&mut self.keep, self.bank, deal),
            None => self.drop.execute([deal.0]).map(|_| ()),
        }
    }
}

/// A deal with what it was judged to be on a connection that writes nothing; `None` in it for one
/// that is not open.
pub(super) type Ahead = (DealId, Option<Kept>);

/// Judges deals, and writes nothing.
pub(super) fn judge_ahead(
    conn: &Connection,
    judge: &Judge,
    sources: &Sources,
    deals: &[DealId],
    today: NaiveDate,
) -> Result<Vec<Ahead>, StoreError> {
    let judged = |deal: &DealId| Ok((*deal, judged(conn, judge, sources, *deal, today)?));
    let all: rusqlite::Result<_> = deals.iter().map(judged).collect();
    all.doing("evaluating deals")
}

/// Keeps what deals were judged to be ahead, inside the caller's transaction: nothing of them may be
/// other than it was then.
pub(super) fn keep_ahead(
    conn: &Connection,
    judge: &Judge,
    ahead: &[Ahead],
) -> Result<(), StoreError> {
    let work = || -> rusqlite::Result<()> {
        let mut place = Place::prepare(conn, judge)?;
        ahead
            .iter()
            .try_for_each(|(deal, kept)| place.put(*deal, kept.as_ref()))
    };
    work().doing("evaluating deals")
}

/// Evaluates a deal that an import is about to make, from its row alone: nothing else is known of
/// it. `None` for one that is not open.
pub(super) fn of_new(
    judge: &Judge,
    sources: &Sources,
    row: &Incoming,
    today: NaiveDate,
) -> Option<Kept> {
    if row.status != Status::Open {
        return None;
    }
    let record = Record {
        status: row.status,
        phase: row.phase,
        is_named: row.account.is_some() || row.contact.is_some(),
        created: row.created,
        expected_close: row.expected_close,
        has_next_step: row.next_step.is_some(),
        last_activity: row.last_activity,
        known: sources.known(&row.source),
        stage_since: row.stage_changed,
        stage_limit: sources
            .stats
            .stage_limit(row.stage.as_deref(), judge.thresholds()),
        won_ages: sources.won_ages(&row.source, judge.thresholds()),
        ..Record::default()
    };
    let e = evaluate(&record, judge.bank(), judge.thresholds(), today);
    Some(Kept::new(judge.bank(), rank(e.tier, &record.decision), e))
}

/// Evaluates deals that a write touched, inside its transaction.
pub(super) fn renew(
    conn: &Connection,
    judge: &Judge,
    deals: &[DealId],
    today: NaiveDate,
) -> Result<(), StoreError> {
    if deals.is_empty() {
        return Ok(());
    }
    let sources = sources(conn)?;
    renew_with(conn, judge, &sources, deals.iter().copied(), today).map(|_| ())
}

/// Evaluates the deals with meetings of ours anew where an action said who of us is senior.
pub(super) fn renew_people(
    conn: &Connection,
    judge: &Judge,
    action: ActionId,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let bears: bool = conn
        .prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM change WHERE action = ?1 AND entity = 'person'
               AND (fields LIKE '%senior%' OR EXISTS(SELECT 1 FROM person WHERE senior = 1)))",
        )
        .and_then(|mut s| s.query_row([action.0], |r| r.get(0)))
        .doing("reading what changed of our people")?;
    if !bears {
        return Ok(());
    }
    let met = ids(
        conn,
        "SELECT DISTINCT t.deal FROM touch t JOIN deal d ON d.id = t.deal
         WHERE d.status = 'open' AND t.people IS NOT NULL
           AND t.channel IN ('meeting', 'demo', 'workshop')",
        [],
    )?;
    renew_with(conn, judge, &sources(conn)?, met, today).map(|_| ())
}

fn ids(
    conn: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<DealId>, StoreError> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.query_map(values, |r| r.get(0).map(DealId))?.collect())
        .doing("listing deals to evaluate")
}

/// Evaluates every open deal.
pub(super) fn rebuild(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    let work = "evaluating deals";
    conn.execute_batch("DELETE FROM deal_eval").doing(work)?;
    stats::forget_days(conn, true).doing(work)?;
    day::recount(conn, judge, today)?;
    conn.execute_batch("DELETE FROM judge_todo").doing(work)?;
    let open = ids(
        conn,
        "SELECT id FROM deal WHERE status = 'open' ORDER BY id",
        [],
    )?;
    let renewed = renew_with(conn, judge, &sources(conn)?, open, today)?;
    loop {
        match renew_some(conn, judge, today)? {
            Renewal::Judged(_) => {}
            Renewal::ToCount => day::recount(conn, judge, today)?,
            Renewal::Done => return Ok(renewed),
        }
    }
}

#[cfg(test)]
mod record_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::eval::Decided;

    #[test]
    fn every_decision_has_a_rank_behind_what_is_to_decide() {
        let day: NaiveDate = "2026-11-23".parse().unwrap();
        let decided = Decided {
            on: day,
            verdict: None,
            worse_was_seen: false,
        };

        assert_eq!(rank(Tier::GetToNo, &Decision::Undecided), 2);
        assert_eq!(
            rank(
                Tier::Settled,
                &Decision::Continued {
                    decided,
                    tripwire: None
                }
            ),
            CONTINUED
        );
        assert_eq!(
            rank(
                Tier::Settled,
                &Decision::Held {
                    decided,
                    until: day
                }
            ),
            ON_HOLD
        );
        assert_eq!(
            rank(
                Tier::Due,
                &Decision::Held {
                    decided,
                    until: day
                }
            ),
            0
        );
    }
}
