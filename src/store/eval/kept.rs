//! What is kept of an evaluation, in the form in which it goes into its row.

use std::fmt::Write as _;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::super::bound::{Bound, Cell};
use super::{cover, recorded};
use crate::domain::answer::{Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::eval::{DealEval, Due};
use crate::domain::fit::MustState;
use crate::domain::ids::DealId;
use crate::domain::signal::{Level, Signal};
use crate::domain::verdict::{Reason, Verdict};

/// What [`Kept::write`] carries out, behind its first word.
const WRITE: &str = "INTO deal_eval(deal, tier, due, verdict, reasons, evidence,
    earned, fit_lo, fit_hi, they_lo, they_hi, we_lo, we_hi, coverage, core_total, core_asked,
    core_answered, weakest, weakest_value, weakest_grade, weakest_day, musts, ask, final, signals,
    dark, bad_money, spent, per_week, at_stake, assumed, last_act, valid_until, cover, recorded,
    chance, made, holds_until)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
    ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38)";

/// What is kept where it is not known when a deal was made, and where its judgement holds for ever:
/// after every day.
pub(super) const UNKNOWN_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");

/// An evaluation with the texts of its row.
#[derive(Debug)]
pub(in crate::store) struct Kept {
    rank: i64,
    eval: DealEval,
    reasons: String,
    signals: Option<String>,
    recorded: Option<String>,
    musts: String,
    cover: Option<&'static str>,
    /// How dark it is: 0 not, 1 amber, 2 red.
    dark: u8,
}

impl Kept {
    /// Spells an evaluation; its rank is that of the queue.
    pub(super) fn new(bank: &Bank, rank: i64, eval: DealEval) -> Self {
        let mut reasons = String::with_capacity(64);
        for reason in &eval.reasons {
            if !reasons.is_empty() {
                reasons.push('\n');
            }
            reason.spell(bank, &mut reasons);
        }
        let mut signals = String::with_capacity(64 * eval.signals.len());
        for signal in &eval.signals {
            // A string takes whatever is written.
            let _ = write!(signals, ";{signal} ");
        }
        Self {
            rank,
            reasons,
            signals: (!signals.is_empty()).then_some(signals),
            recorded: recorded(&eval.recorded, bank),
            musts: [eval.musts.problem, eval.musts.signer, eval.musts.date]
                .map(MustState::code)
                .join(" "),
            cover: cover(&eval.signals),
            dark: dark(&eval.signals),
            eval,
        }
    }

    /// Prepares to write rows, in the place of those that stand.
    pub(in crate::store) fn prepare(conn: &Connection) -> rusqlite::Result<Bound<'_>> {
        Bound::prepare(conn, &format!("REPLACE {WRITE}"))
    }

    /// Prepares to write rows of deals that have none: SQLite then keeps no copy of each page that
    /// it changes, as it does for a statement that may be taken back half-way.
    pub(in crate::store) fn prepare_new(conn: &Connection) -> rusqlite::Result<Bound<'_>> {
        Bound::prepare(conn, &format!("INSERT {WRITE}"))
    }

    /// Writes the row of a deal by a statement of [`Kept::prepare`] or [`Kept::prepare_new`].
    pub(in crate::store) fn write(
        &self,
        statement: &mut Bound<'_>,
        bank: &Bank,
        deal: DealId,
    ) -> rusqlite::Result<()> {
        let e = &self.eval;
        let weakest = e.weakest.and_then(|w| w.answer);
        let id = |question| Cell::Text(bank[question].id.as_str());
        statement.run([
            Cell::Whole(deal.0),
            Cell::Whole(self.rank),
            Cell::text(e.due.map(Due::code)),
            Cell::text(e.verdict.map(Verdict::code)),
            Cell::Text(&self.reasons),
            Cell::Real(e.evidence),
            Cell::Real(e.earned),
            Cell::Real(e.fit.lo),
            Cell::Real(e.fit.hi),
            Cell::Real(e.they_fit_us.lo),
            Cell::Real(e.they_fit_us.hi),
            Cell::Real(e.we_fit_them.lo),
            Cell::Real(e.we_fit_them.hi),
            Cell::Real(e.coverage),
            Cell::Whole(e.core_total.into()),
            Cell::Whole(e.core_asked.into()),
            Cell::Whole(e.core_answered.into()),
            e.weakest.map_or(Cell::Nothing, |w| id(w.question)),
            Cell::text(weakest.map(|a| Value::code(a.value))),
            Cell::text(weakest.map(|a| Grade::code(a.grade))),
            Cell::day(weakest.map(|a| a.as_of)),
            Cell::Text(&self.musts),
            e.ask.map_or(Cell::Nothing, id),
            Cell::flag(e.is_final),
            Cell::text(self.signals.as_deref()),
            Cell::Whole(self.dark.into()),
            Cell::flag(e.reasons.contains(&Reason::BadMoney)),
            Cell::Real(e.hours.spent),
            Cell::Real(e.hours.per_week),
            Cell::Real(e.hours.at_stake),
            Cell::flag(e.hours.assumed),
            Cell::day(e.last_act),
            Cell::day(e.valid_until),
            Cell::text(self.cover),
            Cell::text(self.recorded.as_deref()),
            e.chance.map_or(Cell::Nothing, Cell::Real),
            Cell::day(e.made.or(Some(UNKNOWN_DAY))),
            Cell::day(e.holds_until.or(Some(UNKNOWN_DAY))),
        ])?;
        Ok(())
    }
}

fn dark(signals: &[Signal]) -> u8 {
    let dark = signals
        .iter()
        .filter(|s| s.id.code().starts_with("dark") && !s.settled);
    let level = dark.map(|s| if s.level == Level::Red { 2 } else { 1 });
    level.max().unwrap_or(0)
}
