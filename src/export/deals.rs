//! A deal as `list --json` prints it, and what an action prints.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::json::rounded;
use crate::domain::answer::Answer;
use crate::domain::bank::{Bank, Must, QuestionIx};
use crate::domain::deal::Done;
use crate::domain::eval::DealEval;
use crate::domain::fit;
use crate::domain::ids::DealId;
use crate::domain::money::Money;
use crate::domain::shown::{Label, Mask};
use crate::store::{Store, StoreError};

pub use crate::store::OwnRow as Record;

/// The version of every JSON value that is printed.
pub const SCHEMA: u8 = 1;

/// Reads what is printed of deals, in the order given.
pub fn records(store: &Store, ids: &[DealId]) -> Result<Vec<Record>, StoreError> {
    store.own_rows(ids)
}

/// An amount.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MoneyJson {
    minor: i64,
    currency: Option<String>,
}

impl MoneyJson {
    /// The amount, unless it is hidden.
    pub fn new(money: Option<Money>, mask: &Mask) -> Option<Self> {
        let money = money.filter(|_| !mask.hides_amounts())?;
        Some(Self {
            minor: money.minor,
            currency: money.currency.map(|c| c.as_str().to_owned()),
        })
    }
}

/// The worst and the best that a fit can still be.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct RangeJson {
    lo: f64,
    hi: f64,
}

impl From<fit::Range> for RangeJson {
    fn from(range: fit::Range) -> Self {
        Self {
            lo: rounded(range.lo, 1),
            hi: rounded(range.hi, 1),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct WeakestJson {
    question: String,
    text: String,
    answer: &'static str,
    grade: Option<&'static str>,
    age_days: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct MustsJson {
    problem: &'static str,
    signer: &'static str,
    date: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct QuestionJson {
    question: String,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StepJson {
    what: String,
    due: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SignalJson {
    id: &'static str,
    level: &'static str,
    figures: Map<String, Json>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct HoursJson {
    spent: f64,
    per_week: f64,
    at_stake: f64,
    assumed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ExternalJson {
    source: String,
    id: Option<String>,
}

/// A deal as `list --json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DealJson {
    schema: u8,
    id: i64,
    account: Option<String>,
    title: String,
    owner: Option<String>,
    stage: Option<String>,
    phase: Option<&'static str>,
    amount: Option<MoneyJson>,
    status: &'static str,
    decision: &'static str,
    verdict: Option<&'static str>,
    reasons: Vec<String>,
    evidence: Option<f64>,
    earned: Option<f64>,
    fit: Option<RangeJson>,
    they_fit_us: Option<RangeJson>,
    we_fit_them: Option<RangeJson>,
    coverage: Option<f64>,
    /// None until a bank was calibrated.
    chance: Option<f64>,
    weakest: Option<WeakestJson>,
    #[serde(rename = "final")]
    is_final: bool,
    musts: Option<MustsJson>,
    ask: Option<QuestionJson>,
    next_step: Option<StepJson>,
    due: Option<&'static str>,
    sweep: Option<String>,
    signals: Vec<SignalJson>,
    last_inbound: Option<NaiveDate>,
    expected_close: Option<NaiveDate>,
    hours: Option<HoursJson>,
    external: Option<ExternalJson>,
}

impl DealJson {
    /// Puts together what is printed of a deal as of a day.
    pub fn new(record: &Record, bank: &Bank, mask: &Mask, today: NaiveDate) -> Self {
        let row = &record.row;
        let (id, eval) = (row.id, row.eval.as_ref());
        let title = mask.name(&row.title, Label::Deal(id)).into_owned();
        let account = row
            .account
            .as_ref()
            .map(|account| account_name(account, id, mask));
        Self {
            schema: SCHEMA,
            id: id.0,
            account,
            title,
            owner: row.owner.clone(),
            stage: row.stage.clone(),
            phase: record.phase.map(crate::domain::phase::Phase::code),
            amount: MoneyJson::new(row.amount, mask),
            status: row.status.code(),
            decision: row.decision.code(),
            verdict: eval
                .and_then(|e| e.verdict)
                .map(crate::domain::verdict::Verdict::code),
            reasons: eval.map_or_else(Vec::new, |e| {
                e.reasons
                    .iter()
                    .map(|reason| reason.to_text(bank))
                    .collect()
            }),
            evidence: eval.map(|e| rounded(e.evidence, 4)),
            earned: eval.map(|e| rounded(e.earned, 4)),
            fit: eval.map(|e| e.fit.into()),
            they_fit_us: eval.map(|e| e.they_fit_us.into()),
            we_fit_them: eval.map(|e| e.we_fit_them.into()),
            coverage: eval.map(|e| rounded(e.coverage, 1)),
            chance: eval.and_then(|e| e.chance).map(|chance| rounded(chance, 1)),
            weakest: eval.and_then(|e| weakest(e, bank, today)),
            is_final: eval.is_some_and(|e| e.is_final),
            musts: eval.map(|e| MustsJson {
                problem: e.musts.get(Must::Problem).code(),
                signer: e.musts.get(Must::Signer).code(),
                date: e.musts.get(Must::Date).code(),
            }),
            ask: eval.and_then(|e| e.ask).map(|ix| question(bank, ix)),
            next_step: row.next_step.as_ref().map(|what| StepJson {
                what: mask.free(what, Some(id)).into_owned(),
                due: row.next_step_due,
            }),
            due: eval.and_then(|e| e.due).map(crate::domain::eval::Due::code),
            sweep: record.sweep.clone(),
            signals: eval.map_or_else(Vec::new, |e| {
                let open = e.signals.iter().filter(|signal| !signal.settled);
                open.map(|signal| SignalJson {
                    id: signal.id.code(),
                    level: signal.level.code(),
                    figures: signal
                        .figures
                        .on(today)
                        .map(|(name, number)| (name.to_owned(), Json::from(number)))
                        .collect(),
                })
                .collect()
            }),
            last_inbound: record.last_inbound,
            expected_close: row.expected_close,
            hours: eval.map(|e| HoursJson {
                spent: rounded(e.hours.spent, 2),
                per_week: rounded(e.hours.per_week, 2),
                at_stake: rounded(e.hours.at_stake, 2),
                assumed: e.hours.assumed,
            }),
            external: external(record),
        }
    }
}

/// The account's name, or its label. A label stands for the account of one deal, so that it
/// does not tell which deals are of one account.
pub fn account_name(account: &crate::domain::shown::Name, deal: DealId, mask: &Mask) -> String {
    let label = Label::Account {
        id: deal.0,
        deal: Some(deal),
    };
    mask.name(account, label).into_owned()
}

/// The key of a deal in its own system; `None` for deals that were made here.
fn external(record: &Record) -> Option<ExternalJson> {
    let is_ours = record.source == "walkaway" || record.source.starts_with("walkaway:");
    (!is_ours).then(|| ExternalJson {
        source: record.source.clone(),
        id: record.external_id.clone(),
    })
}

fn question(bank: &Bank, ix: QuestionIx) -> QuestionJson {
    QuestionJson {
        question: bank[ix].id.clone(),
        text: bank[ix].short.clone(),
    }
}

fn weakest(eval: &DealEval, bank: &Bank, today: NaiveDate) -> Option<WeakestJson> {
    let weakest = eval.weakest?;
    let QuestionJson { question, text } = question(bank, weakest.question);
    let answer: Option<Answer> = weakest.answer;
    Some(WeakestJson {
        question,
        text,
        answer: answer.map_or("not_asked", |a| a.value.code()),
        grade: answer.map(|a| a.grade.code()),
        age_days: answer.map(|a| (today - a.as_of).num_days().max(0)),
    })
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ActionPart {
    id: Option<i64>,
    what: String,
}

/// What an action prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionJson {
    schema: u8,
    action: ActionPart,
    deals: Vec<DealJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<String>,
}

impl ActionJson {
    /// Puts together what is printed of an action. Its id is null where nothing had to change.
    pub fn new(done: &Done, deals: Vec<DealJson>) -> Self {
        let action = ActionPart {
            id: done.action.map(|a| a.0),
            what: done.what.clone(),
        };
        Self {
            schema: SCHEMA,
            action,
            deals,
            left: done.left.clone(),
        }
    }
}
