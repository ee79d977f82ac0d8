//! The verdict: FIRE, GET TO NO or CONTINUE, always with its reasons.
//!
//! The first rule that holds decides (scoring model). A verdict is a suggestion: only a person
//! decides. Rules read evidence and never a base rate, so nothing fires a deal about which
//! nothing is known.

mod ask;
mod bounds;
mod finality;
mod reason;
mod thresholds;

pub use ask::walk_order;
pub use bounds::{
    ContactBounds, Day, Holiday, Minute, MoneyBounds, TimingBounds, WordBounds, WorkingHours,
};
pub use reason::Reason;
pub use thresholds::Thresholds;

use super::answer::{Answer, Grade, Value};
use super::bank::{Bank, Knockout, Must, QuestionIx, Section, Topic};
use super::fit::{Fit, MustState};
use super::signal::{Level, Signal, SignalId};

/// What the cockpit suggests, from the best to the worst for the deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Go on, with intent.
    Continue,
    /// Ask what is missing; the honest answer may be no.
    GetToNo,
    /// End it.
    Fire,
}

impl Verdict {
    /// Every verdict, the best first.
    pub const ALL: [Self; 3] = [Self::Continue, Self::GetToNo, Self::Fire];

    /// Returns the text that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::GetToNo => "get_to_no",
            Self::Fire => "fire",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    /// Returns the words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Continue => "CONTINUE",
            Self::GetToNo => "GET TO NO",
            Self::Fire => "FIRE",
        }
    }
}

/// What the record alone says of a deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// It may be alive.
    #[default]
    Alive,
    /// It is over.
    Dead,
    /// It would be over, but the record is too old to tell.
    ImportFirst,
}

/// What besides the answers bears on a verdict.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// Whether the deal is at or past proposal.
    pub is_late: bool,
    /// What the record alone says.
    pub paper: Paper,
    /// Whether a tripwire passed and none of its keys was pressed.
    pub tripwire_passed: bool,
    /// Whether the date of a hard question passed without a reply.
    pub hard_question_unanswered: bool,
    /// The signals, settled ones too.
    pub signals: &'a [Signal],
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Its reasons in the order of the rules; none for CONTINUE.
    pub reasons: Vec<Reason>,
    /// What to ask next. GET TO NO has one unless there is no question left that a person
    /// could answer.
    pub ask: Option<QuestionIx>,
    /// Whether no answer that is still open can change the verdict.
    pub is_final: bool,
}

/// Judges a deal. `answers` are aligned to the bank and include what open red signals answer
/// with no; `fit` is what they add up to.
pub fn judge(
    bank: &Bank,
    answers: &[Option<Answer>],
    fit: &Fit,
    circumstances: &Circumstances<'_>,
    thresholds: &Thresholds,
) -> Judgement {
    let noes = Noes::of(bank, answers);
    let mut reasons = fire_reasons(&noes, fit, circumstances, thresholds);
    let verdict = if reasons.is_empty() {
        reasons = get_to_no_reasons(bank, noes, fit, circumstances, thresholds);
        if blocks_continue(&reasons) {
            Verdict::GetToNo
        } else {
            reasons.clear();
            Verdict::Continue
        }
    } else {
        Verdict::Fire
    };

    let red_topics: Vec<Topic> = circumstances
        .signals
        .iter()
        .filter_map(Signal::red_topic)
        .collect();
    let next = ask::next_question(bank, answers, &red_topics);
    let ask = match verdict {
        Verdict::Fire | Verdict::GetToNo => next,
        Verdict::Continue => next.filter(|(_, is_open_or_hunch)| *is_open_or_hunch),
    };
    let is_final = finality::is_final(
        verdict,
        &reasons,
        bank,
        answers,
        fit,
        circumstances,
        thresholds,
    );
    Judgement {
        verdict,
        reasons,
        ask: ask.map(|(ix, _)| ix),
        is_final,
    }
}

/// The noes among the answers, by what they do.
#[derive(Default)]
struct Noes {
    alone: Vec<QuestionIx>,
    hard: Vec<QuestionIx>,
    hunches: Vec<QuestionIx>,
    about_money: bool,
}

impl Noes {
    fn of(bank: &Bank, answers: &[Option<Answer>]) -> Self {
        let mut noes = Self::default();
        // Zipping is what keeps a deal without answers cheap: there is nothing to walk.
        for ((ix, question), answer) in bank.iter().zip(answers) {
            let Some(answer) = answer.filter(|answer| answer.value == Value::No) else {
                continue;
            };
            noes.about_money |= question.section == Section::Money;
            if answer.is_asked_no() {
                match question.knockout {
                    Knockout::Alone => noes.alone.push(ix),
                    Knockout::Hard => noes.hard.push(ix),
                    Knockout::Soft | Knockout::None => {}
                }
            } else if answer.grade == Grade::Hunch {
                noes.hunches.push(ix);
            }
        }
        // Machines read these lists: by id they stay the same when a bank is rearranged.
        noes.hard.sort_by_key(|ix| &bank[*ix].id);
        noes.hunches.sort_by_key(|ix| &bank[*ix].id);
        noes
    }
}

/// How many hard noes fire together.
const HARD_NOES: usize = 2;

/// Returns what fires, in the order of the rules.
fn fire_reasons(
    noes: &Noes,
    fit: &Fit,
    circumstances: &Circumstances<'_>,
    thresholds: &Thresholds,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if circumstances.paper == Paper::Dead {
        reasons.push(Reason::DeadOnPaper);
    }
    reasons.extend(noes.alone.iter().copied().map(Reason::KnockOut));
    if noes.hard.len() >= HARD_NOES {
        reasons.push(Reason::HardNoes(noes.hard.clone()));
    }
    if circumstances.tripwire_passed {
        reasons.push(Reason::TripwirePassed);
    }
    if circumstances.hard_question_unanswered {
        reasons.push(Reason::HardQuestionUnanswered);
    }
    let is_known = fit.core_answered >= thresholds.fire_core_answered;
    if is_known && fit.evidence <= thresholds.fire_evidence {
        reasons.push(Reason::Evidence(fit.evidence));
    }
    reasons
}

/// Returns what is between the deal and CONTINUE, and what else to know of it.
fn get_to_no_reasons(
    bank: &Bank,
    noes: Noes,
    fit: &Fit,
    circumstances: &Circumstances<'_>,
    thresholds: &Thresholds,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if circumstances.paper == Paper::ImportFirst {
        reasons.push(Reason::ImportFirst);
    }
    let unearned = Must::ALL
        .iter()
        .filter(|must| fit.musts.get(**must) != MustState::Yes);
    reasons.extend(unearned.map(|must| Reason::Earn(bank.must(*must))));
    let is_bad_money = noes.about_money || is_bad_money(circumstances.signals);
    if !noes.hunches.is_empty() {
        reasons.push(Reason::AskNoes(noes.hunches));
    }
    if fit.earned < thresholds.continue_earned {
        reasons.push(Reason::Points(fit.earned));
    }
    if fit.coverage < thresholds.continue_coverage {
        reasons.push(Reason::Coverage(fit.coverage));
    }
    let reds = circumstances
        .signals
        .iter()
        .filter(|signal| signal.is_open_red());
    reasons.extend(reds.map(|signal| Reason::Red(signal.id)));
    if is_bad_money {
        reasons.push(Reason::BadMoney);
    }
    reasons
}

/// Tells whether any of these reasons keeps a deal from CONTINUE.
fn blocks_continue(reasons: &[Reason]) -> bool {
    reasons.iter().any(|reason| match reason {
        Reason::DeadOnPaper
        | Reason::KnockOut(_)
        | Reason::HardNoes(_)
        | Reason::TripwirePassed
        | Reason::HardQuestionUnanswered
        | Reason::Evidence(_)
        | Reason::Earn(_)
        | Reason::Points(_)
        | Reason::Coverage(_)
        | Reason::Red(_)
        | Reason::BadMoney => true,
        // Worth knowing, but no rule.
        Reason::AskNoes(_) | Reason::ImportFirst => false,
    })
}

/// Tells whether signals alone make the money bad: a thin margin, or two about money.
pub fn is_bad_money(signals: &[Signal]) -> bool {
    let mut open = signals
        .iter()
        .filter(|s| !s.settled && s.level >= Level::Amber);
    let about_money = open
        .clone()
        .filter(|signal| signal.id.is_about_money())
        .count();
    about_money >= 2 || open.any(|signal| signal.id == SignalId::ThinMargin)
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
