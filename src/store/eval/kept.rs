//! What is kept of an evaluation, in the form in which it goes into its row.

use rusqlite::{Connection, Statement};

use super::{cover, recorded};
use crate::domain::answer::{Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::eval::{DealEval, Due};
use crate::domain::fit::MustState;
use crate::domain::ids::DealId;
use crate::domain::signal::{Level, Signal};
use crate::domain::verdict::{Reason, Verdict};

/// The statement that [`Kept::write`] carries out.
pub(super) const WRITE: &str =
    "INSERT OR REPLACE INTO deal_eval(deal, tier, due, verdict, reasons, evidence,
    earned, fit_lo, fit_hi, they_lo, they_hi, we_lo, we_hi, coverage, core_total, core_asked,
    core_answered, weakest, weakest_value, weakest_grade, weakest_day, musts, ask, final, signals,
    dark, bad_money, spent, per_week, at_stake, assumed, last_act, valid_until, cover, recorded,
    chance)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
    ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36)";

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
        let reasons: Vec<String> = eval.reasons.iter().map(|r| r.to_text(bank)).collect();
        let mut signals = String::new();
        for signal in &eval.signals {
            signals.push(';');
            signals.push_str(&signal.to_text());
            signals.push(' ');
        }
        Self {
            rank,
            reasons: reasons.join("\n"),
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

    /// Prepares to write.
    pub(in crate::store) fn prepare(conn: &Connection) -> rusqlite::Result<Statement<'_>> {
        conn.prepare(WRITE)
    }

    /// Writes the row of a deal by a statement of [`Kept::prepare`].
    pub(in crate::store) fn write(
        &self,
        statement: &mut Statement<'_>,
        bank: &Bank,
        deal: DealId,
    ) -> rusqlite::Result<()> {
        let e = &self.eval;
        let weakest = e.weakest.and_then(|w| w.answer);
        statement.execute(rusqlite::params![
            deal.0,
            self.rank,
            e.due.map(Due::code),
            e.verdict.map(Verdict::code),
            self.reasons,
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
            weakest.map(|a| Value::code(a.value)),
            weakest.map(|a| Grade::code(a.grade)),
            weakest.map(|a| a.as_of),
            self.musts,
            e.ask.map(|ix| bank[ix].id.as_str()),
            e.is_final,
            self.signals,
            self.dark,
            e.reasons.contains(&Reason::BadMoney),
            e.hours.spent,
            e.hours.per_week,
            e.hours.at_stake,
            e.hours.assumed,
            e.last_act,
            e.valid_until,
            self.cover,
            self.recorded,
            e.chance,
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
