//! Whether a verdict can still change.
//!
//! FIRE and CONTINUE are final when they stay with every open question of the core or of the
//! knock-outs that fire alone at its worst and at its best, GET TO NO when none of them is open
//! (scoring model). Evidence only falls towards the worst and rises towards the best, so both
//! ends are told from sums and no combination has to be tried. A calibrated bank may stop earlier,
//! when the rest would hardly turn what it predicts.

use super::super::answer::{Answer, Value};
use super::super::bank::{Bank, Knockout, Question, QuestionIx, Section};
use super::super::calibration::Outlook;
use super::super::fit::{Fit, answer_at};
use super::{Circumstances, HARD_NOES, Reason, Thresholds, Verdict};

/// Tells whether no answer that is still open can change the verdict.
pub(super) fn is_final(
    verdict: Verdict,
    reasons: &[Reason],
    bank: &Bank,
    answers: &[Option<Answer>],
    fit: &Fit,
    circumstances: &Circumstances<'_>,
    thresholds: &Thresholds,
) -> bool {
    if stops_early(verdict, bank, answers) {
        return true;
    }
    let mut open = open_questions(bank, answers);
    match verdict {
        Verdict::GetToNo => open.next().is_none(),
        Verdict::Fire => {
            let stays = |reason: &Reason| !matches!(reason, Reason::Evidence(_));
            let gain: f64 = open.filter(|q| q.is_evidence()).map(Question::most).sum();
            reasons.iter().any(stays) || fit.evidence + gain <= thresholds.fire_evidence
        }
        Verdict::Continue => {
            let mut hard = hard_noes(bank, answers);
            let (mut evidence, mut earned) = (fit.evidence, fit.earned);
            for question in open {
                if question.knockout == Knockout::Alone || question.section == Section::Money {
                    return false;
                }
                hard += usize::from(question.knockout == Knockout::Hard);
                if question.is_evidence() {
                    // Answered, it costs no longer what it costs to be unknown late.
                    let late = if circumstances.is_late {
                        question.stake() / 2.0
                    } else {
                        0.0
                    };
                    evidence += question.least();
                    earned += question.least() + late;
                }
            }
            hard < HARD_NOES
                && earned >= thresholds.continue_earned
                && evidence > thresholds.fire_evidence
        }
    }
}

/// Tells whether a calibrated bank takes a verdict for final before everything is asked: the
/// prediction agrees with it, and the open questions would turn the prediction too rarely.
fn stops_early(verdict: Verdict, bank: &Bank, answers: &[Option<Answer>]) -> bool {
    let (Some(basis), Some(outlook)) = (bank.basis(), Outlook::of(bank, answers)) else {
        return false;
    };
    let agrees = match verdict {
        Verdict::Fire | Verdict::GetToNo => !outlook.won,
        Verdict::Continue => outlook.won,
    };
    agrees && outlook.turn < f64::from(basis.stop_at) / 1000.0
}

/// Iterates over the questions that are open and belong to the core or fire alone.
fn open_questions<'a>(
    bank: &'a Bank,
    answers: &'a [Option<Answer>],
) -> impl Iterator<Item = &'a Question> {
    let bears = |question: &Question| question.core || question.knockout == Knockout::Alone;
    let is_open = |ix: QuestionIx, question: &Question| match answer_at(answers, ix) {
        None => true,
        Some(answer) => match answer.value {
            Value::Unknown => true,
            Value::NotApplicable => question.must.is_some(),
            Value::No | Value::Partly | Value::Yes => false,
        },
    };
    let open = bank
        .iter()
        .filter(move |(ix, q)| bears(q) && is_open(*ix, q));
    open.map(|(_, question)| question)
}

/// Counts the hard noes that were asked.
fn hard_noes(bank: &Bank, answers: &[Option<Answer>]) -> usize {
    let noes = bank.iter().filter(|(ix, question)| {
        let answer = answer_at(answers, *ix);
        question.knockout == Knockout::Hard && answer.is_some_and(Answer::is_asked_no)
    });
    noes.count()
}
