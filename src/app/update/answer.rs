//! Answers, from the checklist and on the page of questions.

use super::{judged, say, write};
use crate::app::command::Command;
use crate::app::model::{Model, Page, Pane, Then};
use crate::app::walk::{Walk, WalkNote};
use crate::domain::act::Act;
use crate::domain::answer::{AnswerKey, Grade};
use crate::domain::bank::{Knockout, QuestionIx};
use crate::domain::ids::DealId;
use crate::domain::verdict::{Verdict, walk_order};

/// Opens the page of questions for the current deal, at the question under the checklist's
/// cursor or else at the one that is worth most.
pub(super) fn open(model: &mut Model) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    let question = if model.pane == Pane::Checklist {
        model.detail.question
    } else {
        None
    };
    model.mask.turn_to(deal);
    model.pages.push(Page::Walk(Walk {
        deal,
        question,
        trail: Vec::new(),
        skipped: Vec::new(),
        note: None,
        asks_on: false,
    }));
    settle(model);
}

/// Turns the page of questions to another deal.
pub(super) fn turn(model: &mut Model, deal: DealId) {
    if let Some(walk) = walk_mut(model) {
        *walk = Walk {
            deal,
            question: None,
            trail: Vec::new(),
            skipped: Vec::new(),
            note: None,
            asks_on: false,
        };
        model.mask.turn_to(deal);
        settle(model);
    }
}

/// Finds the question to show, once the deal is loaded.
pub(super) fn settle(model: &mut Model) {
    let is_ready = model.current_detail().is_some();
    let next = next_question(model);
    let Some(walk) = walk_mut(model) else { return };
    let waits = walk.question.is_none() && walk.note != Some(WalkNote::NoneLeft);
    if is_ready && waits {
        walk.question = next;
        if next.is_none() {
            walk.note = Some(WalkNote::NoneLeft);
        }
    }
}

/// Answers the question under the cursor.
pub(super) fn answer(model: &mut Model, key: AnswerKey) {
    let (Some(deal), Some(ix), Some(bank)) =
        (model.current_deal(), model.question(), model.bank.clone())
    else {
        say::refused(model, "There is no question here: the checklist lists them");
        return;
    };
    let verdict = |model: &Model| model.eval(deal).and_then(|eval| eval.verdict);
    let before = verdict(model);
    let question = bank[ix].id.clone();
    write::act(
        model,
        Act::Answer {
            deal,
            question,
            key,
            evidence: None,
        },
        Then::Nothing,
    );
    judged::pending_answers(model);

    if matches!(model.page(), Page::Walk(_)) {
        let is_asked_no = key == AnswerKey::No(Grade::Said);
        let fires = verdict(model) == Some(Verdict::Fire);
        let alone = bank[ix].knockout == Knockout::Alone;
        let enough = is_asked_no && fires && (alone || before != Some(Verdict::Fire));
        leave_question(model, ix);
        if let Some(walk) = walk_mut(model)
            && enough
        {
            walk.note = Some(WalkNote::EnoughToFire(ix));
        }
    } else {
        let short = bank[ix].short.clone();
        say::note(model, format!("{short}: {}", words(key)), "u undoes");
        // One key answers and goes on, here too.
        let listed = model.listed_questions();
        let next = listed
            .iter()
            .position(|other| *other == ix)
            .and_then(|at| listed.get(at + 1));
        if let Some(next) = next {
            model.detail.question = Some(*next);
        }
    }
}

/// What a key says, in a few words.
fn words(key: AnswerKey) -> &'static str {
    match key {
        AnswerKey::Unknown => "asked, nobody knows",
        AnswerKey::Yes(Grade::Hunch) => "yes, I think",
        AnswerKey::Yes(Grade::Said) => "yes, they told us",
        AnswerKey::Yes(Grade::Shown | Grade::Record) => "yes, it happened",
        AnswerKey::Partly => "partly",
        AnswerKey::No(Grade::Hunch) => "no, I think",
        AnswerKey::No(Grade::Said | Grade::Shown | Grade::Record) => "no, and we asked",
        AnswerKey::NotApplicable => "does not apply",
        AnswerKey::StillSo => "still so, as of today",
        AnswerKey::Clear => "back to not asked",
    }
}

/// Returns the key that a command presses.
pub(super) fn key_of(command: Command) -> Option<AnswerKey> {
    let keys = [
        (Command::AnswerUnknown, AnswerKey::Unknown),
        (Command::AnswerYes, AnswerKey::Yes(Grade::Hunch)),
        (Command::AnswerYesSaid, AnswerKey::Yes(Grade::Said)),
        (Command::AnswerYesShown, AnswerKey::Yes(Grade::Shown)),
        (Command::AnswerPartly, AnswerKey::Partly),
        (Command::AnswerNo, AnswerKey::No(Grade::Said)),
        (Command::AnswerNoHunch, AnswerKey::No(Grade::Hunch)),
        (Command::AnswerNotForThem, AnswerKey::NotApplicable),
        (Command::AnswerStillSo, AnswerKey::StillSo),
        (Command::AnswerClear, AnswerKey::Clear),
    ];
    keys.into_iter()
        .find(|(other, _)| *other == command)
        .map(|(_, key)| key)
}

/// Skips the question, or goes on after a message.
pub(super) fn skip(model: &mut Model) {
    let Some(walk) = walk_mut(model) else { return };
    match walk.note {
        Some(WalkNote::EnoughToFire(_)) => {
            walk.note = None;
            note_after(model);
            return;
        }
        Some(WalkNote::Final) => {
            walk.asks_on = true;
            note_after(model);
            return;
        }
        Some(WalkNote::NoneLeft) | None => {}
    }
    let Some(ix) = walk.question else { return };
    walk.skipped.push(ix);
    leave_question(model, ix);
}

/// Goes back to the question before; after a message takes the answer back.
pub(super) fn back(model: &mut Model) {
    let Some(walk) = walk_mut(model) else { return };
    let takes_back = matches!(walk.note, Some(WalkNote::EnoughToFire(_)));
    let Some(before) = walk.trail.pop() else {
        return;
    };
    walk.question = Some(before);
    walk.skipped.retain(|ix| *ix != before);
    walk.note = None;
    if takes_back {
        write::undo_mine(model);
    }
}

/// Goes on after a sheet that belongs to a question: the ask, their words.
pub(super) fn go_on(model: &mut Model) {
    let Some(walk) = walk_mut(model) else { return };
    if let Some(ix) = walk.question {
        walk.skipped.push(ix);
        leave_question(model, ix);
    }
}

fn leave_question(model: &mut Model, ix: QuestionIx) {
    let Some(walk) = walk_mut(model) else { return };
    walk.trail.push(ix);
    walk.question = None;
    walk.note = None;
    let next = next_question(model);
    if let Some(walk) = walk_mut(model) {
        walk.question = next;
    }
    note_after(model);
}

/// Says what the answers so far come to.
fn note_after(model: &mut Model) {
    let Page::Walk(walk) = model.page() else {
        return;
    };
    let is_final = model.eval(walk.deal).is_some_and(|eval| eval.is_final);
    // One that became final anew says so anew.
    let asks_on = walk.asks_on && is_final;
    let note = match walk.question {
        _ if is_final && !asks_on => Some(WalkNote::Final),
        None => Some(WalkNote::NoneLeft),
        Some(_) => None,
    };
    if let Some(walk) = walk_mut(model) {
        walk.note = note;
        walk.asks_on = asks_on;
    }
}

/// Returns the question whose answer can change the verdict most, of those that were neither
/// skipped nor on screen; what the record answers is passed over.
fn next_question(model: &Model) -> Option<QuestionIx> {
    let Page::Walk(walk) = model.page() else {
        return None;
    };
    let bank = model.bank.as_deref()?;
    let detail = model.current_detail()?;
    let answers = judged::answers(bank, detail);
    let order = walk_order(bank, &answers, &judged::red_topics(detail.eval.as_ref()));
    order
        .into_iter()
        .find(|ix| !walk.skipped.contains(ix) && !walk.trail.contains(ix))
}

fn walk_mut(model: &mut Model) -> Option<&mut Walk> {
    let Some(Page::Walk(walk)) = model.pages.last_mut() else {
        return None;
    };
    Some(walk)
}
