//! A deal judged on the spot, so that range and verdict move with the key and not with the disk.
//!
//! The store judges it again from everything it knows, and that stands.

use chrono::NaiveDate;

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::domain::act::Act;
use crate::domain::answer::{Answer, AnswerKey, Grade, Value};
use crate::domain::bank::{Bank, QuestionIx, Topic};
use crate::domain::calibration::chance_of;
use crate::domain::deal::{AnswerRow, Detail};
use crate::domain::eval::{DealEval, with_record};
use crate::domain::fit::Fit;
use crate::domain::phase::Phase;
use crate::domain::shown::Free;
use crate::domain::verdict::{Circumstances, Paper, Reason, Thresholds, judge};

/// Puts answers that are not written yet into the loaded detail: their own and those that wait.
pub(super) fn pending_answers(model: &mut Model) {
    let Some(bank) = model.bank.clone() else {
        return;
    };
    let Some(detail) = model.detail.loaded.as_deref_mut() else {
        return;
    };
    let on_its_way = model.work.write.iter().chain(&model.work.waiting);
    let mut any = false;
    for write in on_its_way {
        if let Effect::Act(act) = &write.effect
            && let Act::Answer {
                deal,
                question,
                key,
                evidence,
            } = act.as_ref()
            && *deal == detail.deal.id
            && let Some(ix) = bank.find(question)
        {
            any |= put(
                detail,
                &bank,
                ix,
                *key,
                evidence.as_deref(),
                model.today,
                &model.who,
            );
        }
    }
    if any {
        rejudge(detail, &bank, &model.thresholds, model.today);
    }
}

/// Puts an answer into the detail and says whether it was taken.
fn put(
    detail: &mut Detail,
    bank: &Bank,
    ix: QuestionIx,
    key: AnswerKey,
    evidence: Option<&str>,
    today: NaiveDate,
    who: &str,
) -> bool {
    let question = &bank[ix];
    let at = detail
        .answers
        .iter()
        .position(|row| row.question == question.id);
    let before = at.map(|at| answer_of(&detail.answers[at]));
    let Ok(answer) = key.apply(before, question.must.is_some(), today) else {
        return false;
    };
    let Some(answer) = answer else {
        if let Some(at) = at {
            detail.answers.remove(at);
        }
        return true;
    };
    let shown = evidence.is_some() && matches!(answer.value, Value::Yes | Value::No);
    let row = AnswerRow {
        question: question.id.clone(),
        value: answer.value,
        grade: if shown { Grade::Shown } else { answer.grade },
        day: answer.as_of,
        evidence: evidence.map(Free::from),
        who: Some(who.to_owned()),
    };
    match at {
        Some(at) => detail.answers[at] = row,
        None => detail.answers.push(row),
    }
    true
}

fn answer_of(row: &AnswerRow) -> Answer {
    Answer::new(row.value, row.grade, row.day)
}

/// Returns the answers of a deal aligned to the bank, with what the record answers.
pub(in crate::app) fn answers(bank: &Bank, detail: &Detail) -> Vec<Option<Answer>> {
    let mut aligned = vec![None; bank.questions().len()];
    for row in &detail.answers {
        if let Some(ix) = bank.find(&row.question) {
            aligned[ix.at()] = Some(answer_of(row));
        }
    }
    match &detail.eval {
        Some(eval) => with_record(&aligned, &eval.recorded).into_owned(),
        None => aligned,
    }
}

/// Returns the topics of the open red signals.
pub(super) fn red_topics(eval: Option<&DealEval>) -> Vec<Topic> {
    let signals = eval.into_iter().flat_map(|eval| &eval.signals);
    signals
        .filter_map(crate::domain::signal::Signal::red_topic)
        .collect()
}

fn rejudge(detail: &mut Detail, bank: &Bank, thresholds: &Thresholds, today: NaiveDate) {
    let aligned = answers(bank, detail);
    let is_late = detail.deal.phase.is_some_and(Phase::is_late);
    let Some(eval) = detail.eval.as_mut() else {
        return;
    };
    let fit = Fit::of(bank, &aligned, is_late, today);
    let had = |reason: &Reason| eval.reasons.contains(reason);
    let paper = if had(&Reason::DeadOnPaper) {
        Paper::Dead
    } else if had(&Reason::ImportFirst) {
        Paper::ImportFirst
    } else {
        Paper::Alive
    };
    let judgement = judge(
        bank,
        &aligned,
        &fit,
        &Circumstances {
            is_late,
            paper,
            tripwire_passed: had(&Reason::TripwirePassed),
            hard_question_unanswered: had(&Reason::HardQuestionUnanswered),
            signals: &eval.signals,
        },
        thresholds,
    );
    let (hours, made) = (eval.hours, eval.made);
    *eval = DealEval {
        verdict: Some(judgement.verdict),
        reasons: judgement.reasons,
        evidence: fit.evidence,
        earned: fit.earned,
        fit: fit.fit,
        they_fit_us: fit.they_fit_us,
        we_fit_them: fit.we_fit_them,
        coverage: fit.coverage,
        chance: chance_of(bank, &aligned),
        weakest: fit.weakest,
        musts: fit.musts,
        core_total: fit.core_total,
        core_asked: fit.core_asked,
        core_answered: fit.core_answered,
        ask: judgement.ask,
        is_final: judgement.is_final,
        due: eval.due,
        tier: eval.tier,
        to_decide: eval.to_decide,
        hours,
        last_act: eval.last_act,
        made,
        signals: std::mem::take(&mut eval.signals),
        recorded: std::mem::take(&mut eval.recorded),
        valid_until: eval.valid_until,
        holds_until: eval.holds_until,
    };
}
