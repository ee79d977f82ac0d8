//! What the model says of each deal, kept so that a pipeline can be sorted and filtered by it.
//!
//! One function of the domain computes it ([`evaluate`]); here its input is read and its result
//! kept, one row an open deal. A write renews the rows of the deals that it touched, in its own
//! transaction; a new day renews those that say they may change by then. None of it is
//! journalled: it can be rebuilt at any time.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row};

use super::error::{Doing, StoreError};
use super::intake::Incoming;
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::deal::Status;
use crate::domain::eval::{DealEval, Decided, Decision, Due, Known, Record, Tier, evaluate};
use crate::domain::fit::{MustState, Musts, Range, Weakest};
use crate::domain::hours::{Channel, Hours, Spent};
use crate::domain::ids::{BatchId, DealId};
use crate::domain::phase::Phase;
use crate::domain::signal::{Level, Signal};
use crate::domain::verdict::{Reason, Thresholds, Verdict};

/// The question banks that there are, the one in force, and where the rules draw their lines.
#[derive(Clone, Debug)]
pub struct Judge {
    banks: Vec<Arc<Bank>>,
    chosen: usize,
    thresholds: Arc<Thresholds>,
}

impl Judge {
    /// Takes banks of a team's own beside the default one, which comes first; one of a team's
    /// with the default's id takes its place.
    pub fn new(own: Vec<Bank>, thresholds: Thresholds) -> Self {
        let mut banks = vec![Arc::new(Bank::default_bank())];
        for bank in own {
            match banks.iter_mut().find(|b| b.id() == bank.id()) {
                Some(same) => *same = Arc::new(bank),
                None => banks.push(Arc::new(bank)),
            }
        }
        Self {
            banks,
            chosen: 0,
            thresholds: Arc::new(thresholds),
        }
    }

    /// Puts a bank in force; where there is none of that id, the default one.
    pub(super) fn choose(&mut self, id: &str) {
        self.chosen = self.banks.iter().position(|b| b.id() == id).unwrap_or(0);
    }

    /// The bank in force.
    pub fn bank(&self) -> &Bank {
        &self.banks[self.chosen]
    }

    /// The bank in force, to be kept.
    pub fn shared_bank(&self) -> Arc<Bank> {
        Arc::clone(&self.banks[self.chosen])
    }

    /// All banks, the default one first.
    pub fn banks(&self) -> impl Iterator<Item = &Bank> {
        self.banks.iter().map(AsRef::as_ref)
    }

    /// Where the rules draw their lines.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }
}

/// What the columns of a file can tell of its deals; what they cannot is held against none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Contacts in either direction.
    pub activity: bool,
    /// Next steps.
    pub next_step: bool,
    /// The CRM's own last activity.
    pub last_activity: bool,
}

impl Facts {
    /// The text that is kept.
    pub(super) fn code(self) -> String {
        let parts = [
            (self.activity, "activity"),
            (self.next_step, "next_step"),
            (self.last_activity, "last_activity"),
        ];
        parts
            .into_iter()
            .filter(|(has, _)| *has)
            .map(|(_, w)| w)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn add(&mut self, code: &str) {
        for word in code.split(' ') {
            match word {
                "activity" => self.activity = true,
                "next_step" => self.next_step = true,
                "last_activity" => self.last_activity = true,
                _ => {}
            }
        }
    }
}

/// What the imports of each source can tell of its deals, and the day of the newest of them.
#[derive(Debug, Default)]
pub(super) struct Sources(HashMap<String, (Facts, NaiveDate)>);

impl Sources {
    /// What could be known of a deal; of one that was made here, that it has no next step.
    fn known(&self, source: &str) -> Known {
        match self.0.get(source) {
            Some((facts, day)) => Known {
                day: Some(*day),
                activity: facts.activity,
                next_step: facts.next_step,
                last_activity: facts.last_activity,
            },
            None => Known {
                next_step: source.starts_with(OWN),
                ..Known::default()
            },
        }
    }
}

/// How the source of deals that were made here begins.
const OWN: &str = "walkaway:";

/// Reads what all imports so far can tell.
pub(super) fn sources(conn: &Connection) -> Result<Sources, StoreError> {
    let read = || -> rusqlite::Result<Sources> {
        let mut sources = Sources::default();
        let mut statement = conn.prepare_cached(
            "SELECT source, knows, max(record_day) FROM import_batch
             WHERE state <> 'taken_back' GROUP BY source, knows",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let day: NaiveDate = row.get(2)?;
            let (facts, newest) = sources
                .0
                .entry(row.get(0)?)
                .or_insert((Facts::default(), day));
            facts.add(&row.get::<_, String>(1)?);
            *newest = day.max(*newest);
        }
        Ok(sources)
    };
    read().doing("reading what the imports can tell")
}

const RECORD: &str = "SELECT d.status, d.decision, d.phase, d.created, d.expected_close,
    d.next_step IS NOT NULL, d.last_activity, d.source,
    (SELECT min(t.due) FROM tripwire t WHERE t.deal = d.id AND t.state = 'set'),
    (SELECT max(h.until) FROM hold h WHERE h.deal = d.id AND h.ended IS NULL),
    (SELECT min(a.due) FROM ask a WHERE a.deal = d.id AND a.signal IS NOT NULL
       AND a.state IN ('open', 'no_reply')),
    EXISTS(SELECT 1 FROM answer a WHERE a.deal = d.id),
    EXISTS(SELECT 1 FROM touch t WHERE t.deal = d.id)
  FROM deal d WHERE d.id = ?1";

/// Reads everything that a deal is judged by; `None` when there is no such deal.
fn record(
    conn: &Connection,
    judge: &Judge,
    sources: &Sources,
    deal: DealId,
    today: NaiveDate,
) -> rusqlite::Result<Option<Record>> {
    let read = conn
        .prepare_cached(RECORD)?
        .query_row([deal.0], |r| {
            let status: String = r.get(0)?;
            let decision: String = r.get(1)?;
            let phase: Option<String> = r.get(2)?;
            let source: String = r.get(7)?;
            let record = Record {
                status: Status::from_code(&status).unwrap_or(Status::Open),
                phase: phase.as_deref().and_then(Phase::from_code),
                created: r.get(3)?,
                expected_close: r.get(4)?,
                has_next_step: r.get(5)?,
                last_activity: r.get(6)?,
                hard_question_due: r.get(10)?,
                known: sources.known(&source),
                ..Record::default()
            };
            let tripwire: Option<NaiveDate> = r.get(8)?;
            let hold: Option<NaiveDate> = r.get(9)?;
            Ok((
                record,
                decision,
                tripwire,
                hold,
                r.get::<_, bool>(11)?,
                r.get::<_, bool>(12)?,
            ))
        })
        .optional()?;
    let Some((mut record, decision, tripwire, hold, has_answers, has_touches)) = read else {
        return Ok(None);
    };
    if has_answers {
        record.answers = answers(conn, judge, deal)?;
    }
    if has_touches {
        touches(conn, deal, today, &mut record)?;
    }
    if decision != "undecided" {
        record.decision = decided(conn, deal, &decision, tripwire, hold, record.last_inbound)?;
    }
    Ok(Some(record))
}

fn answers(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
) -> rusqlite::Result<Vec<Option<Answer>>> {
    let bank = judge.bank();
    let mut answers = vec![None; bank.questions().len()];
    let mut statement = conn.prepare_cached(
        "SELECT question, value, grade, day FROM answer
         WHERE deal = ?1 AND bank = ?2 AND current = 1",
    )?;
    let mut rows = statement.query((deal.0, bank.id()))?;
    while let Some(r) = rows.next()? {
        let (value, grade): (String, String) = (r.get(1)?, r.get(2)?);
        let read = Value::from_code(&value).zip(Grade::from_code(&grade));
        if let (Some(ix), Some((value, grade))) = (bank.find(&r.get::<_, String>(0)?), read) {
            answers[ix.at()] = Some(Answer::new(value, grade, r.get(3)?));
        }
    }
    Ok(answers)
}

/// Reads what touches and promises tell: who acted last, and the minutes.
fn touches(
    conn: &Connection,
    deal: DealId,
    today: NaiveDate,
    record: &mut Record,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT substr(at, 1, 10), direction, channel, minutes, status FROM touch WHERE deal = ?1",
    )?;
    let mut rows = statement.query([deal.0])?;
    let mut minutes = Vec::new();
    while let Some(r) = rows.next()? {
        let day: NaiveDate = r.get(0)?;
        let (direction, channel): (String, String) = (r.get(1)?, r.get(2)?);
        let status: String = r.get(4)?;
        let channel = Channel::from_code(&channel).unwrap_or(Channel::Message);
        let is_held = status == "held";
        if day <= today {
            record.last_touch = record.last_touch.max(Some(day));
            if direction == "in" {
                record.last_inbound = record.last_inbound.max(Some(day));
            }
            if is_held && channel == Channel::Meeting {
                record.last_their_act = record.last_their_act.max(Some(day));
            }
        }
        if is_held {
            let own: Option<u32> = r.get(3)?;
            minutes.push((day, own.unwrap_or_else(|| channel.default_minutes())));
        }
    }
    record.spent = Spent::from_touches(minutes, today);
    record.known.activity = true;
    Ok(())
}

/// Reads the decision in force with what the rules ask of it.
fn decided(
    conn: &Connection,
    deal: DealId,
    word: &str,
    tripwire: Option<NaiveDate>,
    hold: Option<NaiveDate>,
    last_inbound: Option<NaiveDate>,
) -> rusqlite::Result<Decision> {
    let last = conn
        .prepare_cached(
            "SELECT day, verdict, disposition, until FROM decision
             WHERE deal = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((deal.0, word), |r| {
            let verdict: Option<String> = r.get(1)?;
            let disposition: Option<String> = r.get(2)?;
            Ok((
                Decided {
                    on: r.get(0)?,
                    verdict: verdict.as_deref().and_then(Verdict::from_code),
                    worse_was_seen: false,
                },
                r.get::<_, Option<NaiveDate>>(3)?
                    .filter(|_| disposition.as_deref() == Some("nurture")),
            ))
        })
        .optional()?;
    let Some((decided, nurture)) = last else {
        return Ok(Decision::Undecided);
    };
    Ok(match word {
        "continued" => Decision::Continued { decided, tripwire },
        "hold" => Decision::Held {
            decided,
            until: hold.unwrap_or(decided.on),
        },
        "fired" => Decision::Fired {
            decided,
            nurture,
            came_back: last_inbound.is_some_and(|day| day > decided.on),
        },
        _ => Decision::Undecided,
    })
}

/// Judges one deal as of today, whatever is kept of it; `None` when it is not open or not there.
pub(super) fn of(
    conn: &Connection,
    judge: &Judge,
    deal: DealId,
    today: NaiveDate,
) -> Result<Option<DealEval>, StoreError> {
    let sources = sources(conn)?;
    let record =
        record(conn, judge, &sources, deal, today).doing("reading the deal to judge it")?;
    Ok(record
        .filter(Record::is_open)
        .map(|record| evaluate(&record, judge.bank(), judge.thresholds(), today)))
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
    e.valid_until";

fn keep(
    conn: &Connection,
    bank: &Bank,
    deal: DealId,
    rank: i64,
    e: &DealEval,
) -> rusqlite::Result<()> {
    let reasons: Vec<String> = e.reasons.iter().map(|r| r.to_text(bank)).collect();
    let mut signals = String::new();
    for signal in &e.signals {
        signals.push(';');
        signals.push_str(&signal.to_text());
        signals.push(' ');
    }
    let dark = e
        .signals
        .iter()
        .filter(|s| s.id.code().starts_with("dark") && !s.settled)
        .map(|s| if s.level == Level::Red { 2 } else { 1 })
        .max()
        .unwrap_or(0);
    let bad_money = e.reasons.contains(&Reason::BadMoney);
    let musts = [e.musts.problem, e.musts.signer, e.musts.date]
        .map(MustState::code)
        .join(" ");
    let weakest = e.weakest.and_then(|w| w.answer);
    conn.prepare_cached(
        "INSERT OR REPLACE INTO deal_eval(deal, tier, due, verdict, reasons, evidence, earned,
           fit_lo, fit_hi, they_lo, they_hi, we_lo, we_hi, coverage, core_total, core_asked,
           core_answered, weakest, weakest_value, weakest_grade, weakest_day, musts, ask, final,
           signals, dark, bad_money, spent, per_week, at_stake, assumed, last_act, valid_until)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
           ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)",
    )?
    .execute(rusqlite::params![
        deal.0,
        rank,
        e.due.map(Due::code),
        e.verdict.map(Verdict::code),
        reasons.join("\n"),
        e.evidence,
        e.earned,
        e.fit.lo,
        e.fit.hi,
        e.they_fit_us.lo,
        e.they_fit_us.hi,
        e.we_fit_them.lo,
        e.we_fit_them.hi,
        e.coverage,
        e.core_total,
        e.core_asked,
        e.core_answered,
        e.weakest.map(|w| bank[w.question].id.as_str()),
        weakest.map(|a| a.value.code()),
        weakest.map(|a| a.grade.code()),
        weakest.map(|a| a.as_of),
        musts,
        e.ask.map(|ix| bank[ix].id.as_str()),
        e.is_final,
        (!signals.is_empty()).then_some(signals),
        dark,
        bad_money,
        e.hours.spent,
        e.hours.per_week,
        e.hours.at_stake,
        e.hours.assumed,
        e.last_act,
        e.valid_until,
    ])?;
    Ok(())
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
        let mut drop = conn.prepare_cached("DELETE FROM deal_eval WHERE deal = ?1")?;
        for deal in deals {
            match record(conn, judge, sources, deal, today)? {
                Some(record) if record.is_open() => {
                    let e = evaluate(&record, judge.bank(), judge.thresholds(), today);
                    keep(conn, judge.bank(), deal, rank(e.tier, &record.decision), &e)?;
                    renewed += 1;
                }
                Some(_) | None => {
                    drop.execute([deal.0])?;
                }
            }
        }
        Ok(renewed)
    };
    work().doing("evaluating deals")
}

/// Evaluates a deal that an import just made, from its row alone: nothing else is known of it.
pub(super) fn keep_new(
    conn: &Connection,
    judge: &Judge,
    sources: &Sources,
    deal: DealId,
    row: &Incoming,
    today: NaiveDate,
) -> Result<(), StoreError> {
    if row.status != Status::Open {
        return Ok(());
    }
    let record = Record {
        status: row.status,
        phase: row.phase,
        created: row.created,
        expected_close: row.expected_close,
        has_next_step: row.next_step.is_some(),
        last_activity: row.last_activity,
        known: sources.known(&row.source),
        ..Record::default()
    };
    let e = evaluate(&record, judge.bank(), judge.thresholds(), today);
    keep(conn, judge.bank(), deal, rank(e.tier, &record.decision), &e).doing("evaluating deals")
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

fn ids(
    conn: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<DealId>, StoreError> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.query_map(values, |r| r.get(0).map(DealId))?.collect())
        .doing("listing deals to evaluate")
}

/// Whether a new day changes any row.
pub(super) fn is_due(conn: &Connection, today: NaiveDate) -> Result<bool, StoreError> {
    conn.prepare_cached("SELECT EXISTS(SELECT 1 FROM deal_eval WHERE valid_until <= ?1)")
        .and_then(|mut s| s.query_row([today], |r| r.get(0)))
        .doing("looking for what a new day changes")
}

/// Evaluates the deals that may have changed by today.
pub(super) fn renew_day(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    let due = ids(
        conn,
        "SELECT deal FROM deal_eval WHERE valid_until <= ?1",
        [today],
    )?;
    let sources = sources(conn)?;
    renew_with(conn, judge, &sources, due, today)
}

/// Evaluates every open deal.
pub(super) fn rebuild(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    conn.execute("DELETE FROM deal_eval", [])
        .doing("evaluating deals")?;
    let open = ids(
        conn,
        "SELECT id FROM deal WHERE status = 'open' ORDER BY id",
        [],
    )?;
    let sources = sources(conn)?;
    renew_with(conn, judge, &sources, open, today)
}

/// Evaluates the open deals that an import did not make: the record is newer for them now.
pub(super) fn rebuild_older(
    conn: &Connection,
    judge: &Judge,
    batch: BatchId,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    let older = ids(
        conn,
        "SELECT id FROM deal WHERE status = 'open' AND (batch IS NULL OR batch <> ?1) ORDER BY id",
        [batch.0],
    )?;
    let sources = sources(conn)?;
    renew_with(conn, judge, &sources, older, today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_as_words_and_added_up() {
        let one = Facts {
            activity: true,
            next_step: false,
            last_activity: true,
        };
        let mut sum = Facts {
            next_step: true,
            ..Facts::default()
        };

        sum.add(&one.code());

        assert_eq!(
            sum,
            Facts {
                activity: true,
                next_step: true,
                last_activity: true
            }
        );
        assert_eq!(Facts::default().code(), "");
    }

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
