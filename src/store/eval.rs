//! What the model says of each deal, kept so that a pipeline can be sorted and filtered by it.
//!
//! One function of the domain computes it ([`evaluate`]); here its input is read and its result
//! kept, one row an open deal. A write renews the rows of the deals that it touched, in its own
//! transaction; a new day renews those that say they may change by then. None of it is
//! journalled: it can be rebuilt at any time.

mod ages;
mod hours;
mod kept;
mod read;
mod sources;
pub(super) mod stats;

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row};

use super::error::{Doing, StoreError};
use super::intake::Incoming;
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::calibration::Learnt;
use crate::domain::deal::Status;
use crate::domain::eval::{
    DealEval, Decision, Due, Record, Recorded, Tier, evaluate, raised as evaluated_all,
    rows_of as evaluated_rows,
};
use crate::domain::fit::{MustState, Musts, Range, Weakest};
use crate::domain::hours::Hours;
use crate::domain::ids::{ActionId, BatchId, DealId};
use crate::domain::iso::IsoDay;
use crate::domain::message::Messages;
use crate::domain::signal::{Cover, Row as SignalRow, Signal, SignalId};
use crate::domain::verdict::{Reason, Thresholds, Verdict};
use hours::Hourly;
pub(super) use kept::Kept;
use kept::UNKNOWN_DAY;
use read::record;
pub use sources::Facts;
pub(super) use sources::{Sources, sources};

/// The question banks that there are, the one in force, and where the rules draw their lines.
#[derive(Clone, Debug)]
pub struct Judge {
    banks: Vec<Shelf>,
    chosen: usize,
    thresholds: Arc<Thresholds>,
    messages: Arc<Messages>,
}

/// A bank that is read when it is first asked for: a start reads the one in force only.
#[derive(Clone, Debug)]
struct Shelf {
    id: String,
    name: String,
    /// A team's own bank; `None`: one that the program brings along.
    own: Option<Arc<Bank>>,
    /// What it learnt, as the file keeps it.
    learnt: Option<String>,
    /// Shared by all connections: it is read once.
    taken: Arc<OnceLock<Arc<Bank>>>,
}

impl Shelf {
    fn new(id: &str, name: &str, own: Option<Arc<Bank>>) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            own,
            learnt: None,
            taken: Arc::default(),
        }
    }

    fn bank(&self) -> &Arc<Bank> {
        self.taken.get_or_init(|| {
            let plain = match &self.own {
                Some(own) => Arc::clone(own),
                None if self.id == Bank::BROUGHT[0].0 => Arc::clone(Bank::shared_default()),
                None => Bank::brought(&self.id)
                    .map_or_else(|| Arc::clone(Bank::shared_default()), Arc::new),
            };
            // What cannot be read was written by somebody else: its own weights stand then.
            let learnt: Option<Learnt> = self
                .learnt
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok());
            learnt.map_or(plain.clone(), |learnt| Arc::new(plain.with_learnt(&learnt)))
        })
    }
}

/// How the settings begin that keep what a bank learnt.
pub(super) const LEARNT: &str = "learnt:";

/// The setting that keeps what a bank learnt.
pub(super) fn learnt_key(bank: &str) -> String {
    format!("{LEARNT}{bank}")
}

impl Judge {
    /// Takes banks of a team's own beside those that the program brings along, of which the default
    /// one comes first; one of a team's with the same id takes the place.
    pub fn new(own: Vec<Bank>, thresholds: Thresholds) -> Self {
        let brought = Bank::BROUGHT.iter();
        let mut banks: Vec<Shelf> = brought
            .map(|(id, name, _)| Shelf::new(id, name, None))
            .collect();
        for bank in own {
            let shelf = Shelf::new(bank.id(), bank.name(), Some(Arc::new(bank.clone())));
            match banks.iter_mut().find(|b| b.id == shelf.id) {
                Some(same) => *same = shelf,
                None => banks.push(shelf),
            }
        }
        Self {
            banks,
            chosen: 0,
            thresholds: Arc::new(thresholds),
            messages: Arc::default(),
        }
    }

    /// Takes a team's own messages in place of those of the program.
    #[must_use]
    pub fn with_messages(mut self, messages: Messages) -> Self {
        self.messages = Arc::new(messages);
        self
    }

    /// The messages, to be kept.
    pub fn messages(&self) -> &Arc<Messages> {
        &self.messages
    }

    /// Takes up which bank a file has in force, the default one where it is not known here, and
    /// what its banks learnt. Tells whether anything is other than before.
    pub(super) fn take_up(&mut self, conn: &Connection) -> Result<bool, StoreError> {
        let sql = "SELECT key, value FROM meta WHERE key = 'bank' OR substr(key, 1, 7) = 'learnt:'
                   ORDER BY key";
        let settings: Vec<(String, String)> = conn
            .prepare_cached(sql)
            .and_then(|mut statement| {
                let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
                rows.collect()
            })
            .doing("reading the bank in force")?;
        let value = |key: &str| {
            let found = settings.iter().find(|(other, _)| other == key);
            found.map(|(_, value)| value.as_str())
        };
        let mut is_other = false;
        for shelf in &mut self.banks {
            let learnt = value(&learnt_key(&shelf.id));
            if learnt != shelf.learnt.as_deref() {
                shelf.learnt = learnt.map(str::to_owned);
                shelf.taken = Arc::default();
                is_other = true;
            }
        }
        let in_force = value("bank").unwrap_or_default();
        let chosen = self.banks.iter().position(|b| b.id == in_force);
        is_other |= self.chosen != chosen.unwrap_or(0);
        self.chosen = chosen.unwrap_or(0);
        Ok(is_other)
    }

    /// The bank in force.
    pub fn bank(&self) -> &Bank {
        self.banks[self.chosen].bank()
    }

    /// The bank in force, to be kept.
    pub fn shared_bank(&self) -> Arc<Bank> {
        Arc::clone(self.banks[self.chosen].bank())
    }

    /// All banks, the default one first.
    pub fn banks(&self) -> impl Iterator<Item = &Bank> {
        self.banks.iter().map(|shelf| shelf.bank().as_ref())
    }

    /// The ids and the names of all banks, the default one first; reads none of them.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.banks
            .iter()
            .map(|shelf| (shelf.id.as_str(), shelf.name.as_str()))
    }

    /// Where the rules draw their lines.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }
}

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
        let mut drop = conn.prepare_cached("DELETE FROM deal_eval WHERE deal = ?1")?;
        let mut keep = Kept::prepare(conn)?;
        for deal in deals {
            match record(conn, judge, sources, deal, today)? {
                Some(record) if record.is_open() => {
                    let e = evaluate(&record, judge.bank(), judge.thresholds(), today);
                    let kept = Kept::new(judge.bank(), rank(e.tier, &record.decision), e);
                    kept.write(&mut keep, judge.bank(), deal)?;
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

/// How many deals are to be judged again.
pub(super) fn due(conn: &Connection, today: NaiveDate) -> Result<u64, StoreError> {
    conn.prepare_cached("SELECT count(*) FROM deal_eval WHERE valid_until <= ?1")
        .and_then(|mut s| s.query_row([today], |r| r.get(0)))
        .map(i64::cast_unsigned)
        .doing("counting deals to evaluate")
}

/// Whether a new day changes any row, or the figures of the file.
pub(super) fn is_due(conn: &Connection, today: NaiveDate) -> Result<bool, StoreError> {
    let rows = conn
        .prepare_cached("SELECT EXISTS(SELECT 1 FROM deal_eval WHERE valid_until <= ?1)")
        .and_then(|mut s| s.query_row([today], |r| r.get(0)));
    rows.and_then(|rows: bool| Ok(rows || stats::is_due(conn, today)?))
        .doing("looking for what a new day changes")
}

/// Has open deals judged again on the next occasion.
pub(super) fn judge_again(
    conn: &Connection,
    deals: impl IntoIterator<Item = DealId>,
) -> Result<(), StoreError> {
    let work = || -> rusqlite::Result<()> {
        let mut list =
            conn.prepare_cached("UPDATE deal_eval SET valid_until = '0001-01-01' WHERE deal = ?1")?;
        for deal in deals {
            list.execute([deal.0])?;
        }
        Ok(())
    };
    work().doing("listing deals to evaluate")
}

/// Counts the ages of the won deals anew, and lists the deals on which they bear otherwise.
fn renew_ages(conn: &Connection, judge: &Judge, today: NaiveDate) -> Result<(), StoreError> {
    judge_again(conn, ages::renew_ages(conn, judge.thresholds(), today)?)
}

/// Renews the other figures of the file, and lists the deals on which they bear otherwise.
fn renew_figures(conn: &Connection, judge: &Judge, today: NaiveDate) -> Result<(), StoreError> {
    judge_again(conn, stats::renew(conn, judge.thresholds(), today)?)
}

/// Deals that a new day judges in one step: a decision waits for some thirty milliseconds of it at
/// most, and fewer would write the pages of the queue more often.
const STEP: usize = 500;

/// Deals of which it renews the hours alone, for which that is long enough.
const STEP_OF_HOURS: usize = 2_000;

/// Deals that a new day may change.
struct Listed {
    /// Deals to be judged.
    judged: Vec<DealId>,
    /// Deals of which only the hours are renewed.
    hourly: Vec<Hourly>,
}

/// Reads deals that may have changed by today, no more than one step takes.
fn some_due(conn: &Connection, today: NaiveDate) -> Result<Listed, StoreError> {
    let read = || -> rusqlite::Result<Listed> {
        let (mut judged, mut hourly) = (Vec::new(), Vec::new());
        // What was listed for another reason than a day is judged.
        let mut statement = conn.prepare_cached(
            "SELECT e.deal, d.expected_close, nullif(e.holds_until, '9999-12-31'),
               coalesce(e.valid_until > '0001-01-01' AND e.holds_until > ?1, 0)
             FROM deal_eval e JOIN deal d ON d.id = e.deal WHERE e.valid_until <= ?1",
        )?;
        let mut rows = statement.query([today])?;
        while judged.len() < STEP && hourly.len() < STEP_OF_HOURS {
            let Some(r) = rows.next()? else { break };
            let deal = DealId(r.get(0)?);
            if r.get(3)? {
                hourly.push(Hourly {
                    deal,
                    expected_close: r.get(1)?,
                    holds_until: r.get(2)?,
                });
            } else {
                judged.push(deal);
            }
        }
        Ok(Listed { judged, hourly })
    };
    read().doing("listing deals to evaluate")
}

/// Evaluates some of the deals that may have changed by today. Before the first of them the ages of
/// the won deals are counted, and after the last one the other figures; both may add to them.
/// Returns how many it judged, `None` where nothing was left to do.
pub(super) fn renew_some(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<Option<usize>, StoreError> {
    let looking = "looking for what a new day changes";
    if stats::are_ages_due(conn, today).doing(looking)? {
        return renew_ages(conn, judge, today).map(|()| Some(0));
    }
    let Listed { judged, hourly } = some_due(conn, today)?;
    if !(judged.is_empty() && hourly.is_empty()) {
        hours::renew(conn, &judge.thresholds().hours, &hourly, today)
            .doing("renewing the hours of deals")?;
        let judged = renew_with(conn, judge, &sources(conn)?, judged, today)?;
        return Ok(Some(hourly.len() + judged));
    }
    if stats::is_due(conn, today).doing(looking)? {
        return renew_figures(conn, judge, today).map(|()| Some(0));
    }
    Ok(None)
}

/// Has the figures of the file renewed on the next occasion, as an import may change them.
pub(super) fn renew_figures_again(conn: &Connection) -> Result<(), StoreError> {
    stats::forget_days(conn).doing("renewing the figures of the file")
}

/// Evaluates every open deal.
pub(super) fn rebuild(
    conn: &Connection,
    judge: &Judge,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    conn.execute("DELETE FROM deal_eval", [])
        .doing("evaluating deals")?;
    renew_ages(conn, judge, today)?;
    let open = ids(
        conn,
        "SELECT id FROM deal WHERE status = 'open' ORDER BY id",
        [],
    )?;
    let renewed = renew_with(conn, judge, &sources(conn)?, open, today)?;
    renew_figures(conn, judge, today)?;
    while renew_some(conn, judge, today)?.is_some() {}
    Ok(renewed)
}

/// The open deals that an import did not make and that it bears on: those of a source of which it
/// made more known than before, and those that it touched.
pub(super) fn older(
    conn: &Connection,
    batch: BatchId,
    before: &Sources,
    touched: impl Iterator<Item = DealId>,
) -> Result<Vec<DealId>, StoreError> {
    let now = sources(conn)?;
    let read = || -> rusqlite::Result<Vec<DealId>> {
        let mut older = Vec::new();
        let mut is_older = conn.prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM deal WHERE id = ?1 AND status = 'open' AND batch IS NOT ?2)",
        )?;
        for deal in touched {
            if is_older.query_row((deal.0, batch.0), |r| r.get(0))? {
                older.push(deal);
            }
        }
        let mut of_source = conn.prepare_cached(
            "SELECT id FROM deal WHERE status = 'open' AND source = ?1 AND batch IS NOT ?2",
        )?;
        for source in now.which_know_more(before) {
            let ids = of_source.query_map((source, batch.0), |r| r.get(0).map(DealId))?;
            for id in ids {
                older.push(id?);
            }
        }
        older.sort_unstable();
        older.dedup();
        Ok(older)
    };
    read().doing("listing deals to evaluate")
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
