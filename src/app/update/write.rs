//! Writes, one at a time, in the order in which they were asked for.

use super::{Effects, Renewal, answer, decide, notes, one_on_one, overtaken, say, week};
use crate::app::effect::{Effect, Left, Reach};
use crate::app::form::FormKind;
use crate::app::model::{Model, Overlay, Page, Prompt, Then, Write};
use crate::app::msg::AppliedKind;
use crate::app::toast::{Part, Tone};
use crate::domain::act::Act;
use crate::domain::bank::Knockout;
use crate::domain::deal::{Decision, Done, OutcomeKind};
use crate::domain::defaults::GLAD;
use crate::domain::ids::DealId;
use crate::domain::message::FAREWELL;
use crate::domain::shown::Free;

/// Asks for a write.
pub(super) fn act(model: &mut Model, act: Act, then: Then) {
    push(model, Effect::Act(Box::new(act)), then);
}

/// Asks for an undo or a redo.
pub(super) fn push(model: &mut Model, effect: Effect, then: Then) {
    debug_assert!(effect.is_write(), "only writes wait for each other");
    model.work.waiting.push_back(Write {
        effect,
        then,
        line: None,
    });
}

/// Asks for the write of a line that was typed.
pub(super) fn line(model: &mut Model, act: Act, prompt: Prompt) {
    model.work.waiting.push_back(Write {
        effect: Effect::Act(Box::new(act)),
        then: Then::Say,
        line: Some(Box::new(prompt)),
    });
}

/// Takes back the latest action of this person.
pub(super) fn undo_mine(model: &mut Model) {
    push(model, Effect::Undo(Reach::Mine), Then::Say);
}

/// Hands out the next write, if none is on its way.
pub(super) fn next(model: &mut Model, effects: &mut Effects) {
    if model.work.write.is_none()
        && let Some(write) = model.work.waiting.pop_front()
    {
        effects.push(write.effect.clone());
        model.work.write = Some(write);
    }
}

/// Hands out all that waits, in order: the cockpit is being left.
pub(super) fn flush(model: &mut Model, effects: &mut Effects) {
    effects.extend(model.work.waiting.drain(..).map(|write| write.effect));
}

/// A write was done.
pub(super) fn applied(
    model: &mut Model,
    done: &Done,
    kind: AppliedKind,
    left: &[String],
    effects: &mut Effects,
) {
    let Some(write) = model.work.write.take() else {
        return;
    };
    note_copied(model, done);
    let with_calendar = matches!(
        model.overlays.last(),
        Some(Overlay::Form(form)) if form.sending && form.calendar
    );
    let notes_go = match model.overlays.last() {
        Some(Overlay::Form(form)) if form.sending => form.notes,
        Some(_) | None => None,
    };
    match write.then {
        Then::Say | Then::FireSheet => tell(model, &write, done, kind, left),
        Then::Nothing => {}
        Then::NextDeal | Then::CloseSheet | Then::ContinueSheet | Then::NextQuestion => {
            close_sheet(model);
            tell(model, &write, done, kind, left);
        }
    }
    if kind == AppliedKind::Undone {
        week::undone(model);
    }
    if matches!(act_of(&write), Some(Act::ReviewEnd)) {
        one_on_one::closed(model);
    }
    remember(model, done, kind);
    overtaken(model);
    if with_calendar {
        decide::write_calendar(model, None, effects);
    }
    if let Some(way) = notes_go {
        notes::of_fired(model, &done.deals, way, effects);
    }
    match write.then {
        Then::NextDeal => next_deal(model, &done.deals),
        Then::ContinueSheet => decide::sheet_after(model, FormKind::Continue, &done.deals),
        Then::FireSheet => decide::sheet_after(model, FormKind::Fire, &done.deals),
        Then::NextQuestion => answer::go_on(model),
        Then::CloseSheet => {
            if matches!(act_of(&write), Some(Act::Add { .. }))
                && let Some(deal) = done.deals.first()
            {
                begin(model, *deal);
            }
        }
        Then::Say | Then::Nothing => {}
    }
}

/// `u` and `Ctrl-r` know of it at once; the figures that follow say the same.
fn remember(model: &mut Model, done: &Done, kind: AppliedKind) {
    if done.action.is_none() {
        return;
    }
    let what = Some(done.what.clone());
    match kind {
        AppliedKind::Done => {
            model.facts.undo = what;
            model.facts.redo = None;
        }
        AppliedKind::Undone => model.facts.redo = what,
        AppliedKind::Redone => model.facts.undo = what,
    }
}

/// A write was refused or failed: the sheet keeps what was typed, a line comes back into its field.
pub(super) fn refused(model: &mut Model, what: &str, why: &str, hint: &str) {
    let write = model.work.write.take();
    let has_sheet = write.as_ref().is_some_and(|write| match write.then {
        Then::NextDeal | Then::CloseSheet | Then::ContinueSheet | Then::NextQuestion => true,
        Then::Say | Then::FireSheet | Then::Nothing => false,
    });
    // What was shown before it was written is taken off the screen again.
    overtaken(model);
    if let Some(mut prompt) = write.and_then(|write| write.line) {
        prompt.error = Some(reason(what, why, hint));
        model.overlays.push(Overlay::Prompt(*prompt));
        return;
    }
    if has_sheet
        && let Some(Overlay::Form(form)) = model.overlays.last_mut()
        && form.sending
    {
        form.sending = false;
        form.failed = Some(reason(what, why, hint));
        // Such as that it is on its way.
        model.toast = None;
    } else {
        say::failed(model, what, why, hint);
    }
}

/// What is wrong and what to do, in one line.
fn reason(what: &str, why: &str, hint: &str) -> String {
    let sentence = say::sentence(what, why);
    if hint.is_empty() {
        sentence
    } else {
        format!("{sentence}; {hint}")
    }
}

fn act_of(write: &Write) -> Option<&Act> {
    let Effect::Act(act) = &write.effect else {
        return None;
    };
    Some(act)
}

/// A closing note that was copied, drafted or written from its sheet left with the decision.
fn note_copied(model: &mut Model, done: &Done) {
    if let (Some(Overlay::Form(form)), [deal]) = (model.overlays.last(), done.deals.as_slice())
        && form.sending
        && form.kind == FormKind::Fire
    {
        let left = form.left.iter().map(|way| Left {
            deal: *deal,
            kind: FAREWELL,
            way: *way,
        });
        model.work.notes.extend(left);
    }
}

fn close_sheet(model: &mut Model) {
    if matches!(model.overlays.last(), Some(Overlay::Form(form)) if form.sending) {
        model.overlays.pop();
    }
}

/// A first deal ends the welcome; the cursor goes to what is new.
fn begin(model: &mut Model, deal: DealId) {
    if matches!(model.pages.first(), Some(Page::Welcome(_))) {
        model.pages = vec![Page::Cockpit];
        model.list.want(Renewal::Renew);
    }
    model.list.anchor = Some(deal.short());
}

/// Goes on to the next deal that is still to be decided, from any page.
fn next_deal(model: &mut Model, decided: &[DealId]) {
    while matches!(model.page(), Page::Walk(_) | Page::Paper(_)) && model.pages.len() > 1 {
        model.pages.pop();
    }
    for deal in decided {
        model.list.marks.remove(&deal.short());
    }
    if one_on_one::decided(model) {
        return;
    }
    let list = &model.list;
    let is_open = |place: &usize| {
        let id = list.ids[*place];
        let is_decided = decided.iter().any(|deal| deal.short() == id);
        !is_decided
            && list.rows.get(&id).is_none_or(|row| {
                let is_due = row.eval.as_ref().is_some_and(|eval| eval.due.is_some());
                row.decision == Decision::Undecided || is_due
            })
    };
    let len = list.ids.len();
    let from = list.cursor.min(len);
    let next = (from..len)
        .find(is_open)
        .or_else(|| (0..from).rev().find(is_open));
    if let Some(place) = next {
        if place != list.cursor {
            model.detail.top = 0;
        }
        model.list.cursor = place;
        model.list.anchor = model.list.ids.get(place).copied();
    }
}

/// Says what was done, with what undoes it.
fn tell(model: &mut Model, write: &Write, done: &Done, kind: AppliedKind, left: &[String]) {
    if done.action.is_none() {
        say::note(model, "Nothing had to change", "");
        return;
    }
    let deal = match done.deals.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let plain = done.what.strip_prefix("Undid: ").unwrap_or(&done.what);
    let what = || Part::Free(deal, Free::new(plain));
    let mut parts = match kind {
        AppliedKind::Done => in_our_words(model, write, done).unwrap_or_else(|| vec![what()]),
        AppliedKind::Undone => vec![Part::from("Taken back: "), what()],
        AppliedKind::Redone => vec![Part::from("Done again: "), what()],
    };
    let hours = done.hours_back.filter(|_| kind != AppliedKind::Undone);
    if let Some(hours) = hours {
        parts.push(Part::Words(format!(
            " · {} h back, an estimate",
            model.locale.hours(hours)
        )));
    }
    if let Some(first) = left.first() {
        let more = left.len() - 1;
        let more = if more > 0 {
            format!(", and {} more", model.locale.number(more as i64))
        } else {
            String::new()
        };
        parts.push(Part::from(" · but not: "));
        parts.push(Part::Free(deal, Free::new(format!("{first}{more}"))));
        say::say(model, Tone::Note, parts, "g j lists every change");
        return;
    }
    let hint = match (kind, hours) {
        (AppliedKind::Done | AppliedKind::Redone, Some(_)) => "u undoes · :export tells the CRM",
        (AppliedKind::Done | AppliedKind::Redone, None) => "u undoes",
        (AppliedKind::Undone, _) => "Ctrl-r does it again",
    };
    say::done(model, parts, hint);
}

/// Says it in words of our own, with the deal by its name, so that a mask hides the name only.
fn in_our_words(model: &Model, write: &Write, done: &Done) -> Option<Vec<Part>> {
    let verb = match act_of(write)? {
        Act::Fire { .. } => "Fired ",
        Act::Hold { .. } => "On hold: ",
        Act::Continue { .. } => "Continued ",
        Act::TripwireHappened { .. } => "It happened: ",
        Act::TripwireAnyway { .. } => "Going on anyway with ",
        Act::TripwireSet { .. } => "Tripwire set for ",
        Act::Reinstate { .. } => "Reinstated ",
        Act::NurtureLater { .. } => "Later: ",
        Act::LetGo { .. } => "Let go of ",
        Act::Outcome { kind, .. } => match kind {
            OutcomeKind::CameBackBetter => "Came back better: ",
            OutcomeKind::CameBackUnchanged => "Came back unchanged: ",
            OutcomeKind::Silence => "Silence: ",
            OutcomeKind::BoughtElsewhere => "Bought elsewhere: ",
            OutcomeKind::BoughtNothing => "Bought nothing: ",
            OutcomeKind::Won | OutcomeKind::Lost => return None,
        },
        Act::NoChange { .. } => "No change: ",
        Act::Regret { again: true, .. } => "You would sell it again: ",
        Act::Regret { again: false, .. } => "You would not sell it again: ",
        Act::Note { .. } => "Noted on ",
        Act::Ask { .. } | Act::AskSignal { .. } => "To ask: ",
        Act::GateSheet { .. } => "Before the trial: ",
        Act::Answer { .. } => "Their words kept for ",
        Act::Edit { .. } => "Changed ",
        Act::Close { .. }
        | Act::Add { .. }
        | Act::UseBank { .. }
        | Act::Learn { .. }
        | Act::SaveView { .. }
        | Act::DeleteView { .. }
        | Act::OwnerIs { .. }
        | Act::CommitmentPair { .. }
        | Act::GateSet { .. }
        | Act::GateStarts { .. }
        | Act::AskPut { .. }
        | Act::Sweep { .. }
        | Act::FreshEyes { .. }
        | Act::PersonSet { .. }
        | Act::SellingHours { .. }
        | Act::HoursPlan { .. }
        | Act::ReviewStart { .. }
        | Act::ReviewTurn { .. }
        | Act::ReviewTime { .. }
        | Act::ReviewEnd
        | Act::CharterSign { .. } => return None,
        Act::RaiseHand { .. } => "Hand up for ",
        Act::LowerHand { .. } => "Hand down for ",
        Act::ReviewItem { .. } | Act::ReviewAdd { .. } | Act::ReviewMove { .. } => "Agenda: ",
        Act::MayFire { .. } => "May be fired: ",
        Act::Seal { .. } | Act::SealStanding { .. } => "Sealed: ",
        Act::Reveal { .. } => "Revealed: ",
        Act::Choose { .. } => "Settled: ",
        Act::CharterAnswer { .. } => "Answered: ",
        Act::TouchAdd { .. } => "Touch on ",
        Act::TouchEdit { .. } => "Touch corrected on ",
        Act::TouchRemove { .. } => "Touch removed on ",
        Act::CommitmentAdd { .. } => "Promise kept in mind for ",
        Act::CommitmentEdit { .. } => "Promise corrected on ",
        Act::CommitmentSettle { .. } => "Promise settled on ",
        Act::ConcessionAdd { .. } => "Concession on ",
        Act::BaitSettle { .. } => "Bait settled on ",
        Act::Unwanted { unwanted: true, .. } => "Not wanted: ",
        Act::Unwanted {
            unwanted: false, ..
        } => "Wanted after all: ",
        Act::AccessAsk { .. } => "Access asked of ",
        Act::AccessAnswer { .. } => "Access answered by ",
        Act::ContactAdd { .. } | Act::ContactEdit { .. } => "Contact kept for ",
        Act::ContactRemove { .. } => "Contact removed from ",
        Act::AskReply { .. } => "What came back is kept for ",
        Act::AskNoReply { .. } => "No reply yet from ",
        Act::AskNotAsked { .. } => "Not asked yet: ",
        Act::AskDrop { .. } => "Asked no more: ",
        Act::AskMove { .. } => "Ask moved on ",
        Act::Sign { ticked: true, .. } => "Sign ticked on ",
        Act::Sign { ticked: false, .. } => "Sign taken back on ",
        Act::Handoff { .. } => "Handed off: ",
    };
    let whom = match done.deals.as_slice() {
        [one] => Part::Name(*one, model.name(*one)?.clone()),
        many => Part::Words(format!("{} deals", model.locale.number(many.len() as i64))),
    };
    let mut parts = vec![Part::from(verb), whom];
    if let Some(Act::Unwanted { unwanted: true, .. }) = act_of(write)
        && let Some(bank) = model.bank.as_deref()
        && let Some(glad) = bank.find(GLAD)
    {
        let fires = if bank[glad].knockout == Knockout::Alone {
            ", so the verdict is FIRE"
        } else {
            ""
        };
        let short = &bank[glad].short;
        parts.push(Part::Words(format!(" · {short}: no, said{fires}")));
    }
    Some(parts)
}
