//! Sheets: opening them, filling them in, and what confirming does.

use chrono::Days;

use super::{Effects, export, notes, one_on_one, say, write};
use crate::app::effect::{Effect, Left, Outgoing};
use crate::app::form::{ActionKind, Form, FormFocus, FormKind, MinutesOf, Reading, Seed};
use crate::app::model::{Model, Overlay, Page, Then};
use crate::app::toast::Part;
use crate::app::week::WeekRow;
use crate::domain::act::Act;
use crate::domain::bank::QuestionIx;
use crate::domain::deal::Status;
use crate::domain::eval::DealEval;
use crate::domain::ids::DealId;
use crate::domain::message::{MessageKind, Way};
use crate::domain::shown::Free;

/// Days after which a fired prospect is asked about again with `2`.
const LATER_DAYS: u64 = 28;

/// Opens a sheet for the deals that the keys are about.
pub(super) fn open(model: &mut Model, kind: FormKind) {
    let deals = match kind {
        FormKind::Fire | FormKind::Hold | FormKind::Continue | FormKind::Close => model.targets(),
        FormKind::Add | FormKind::Charter | FormKind::Export | FormKind::Minutes(_) => Vec::new(),
        FormKind::TripwireHappened
        | FormKind::TripwireAnyway
        | FormKind::TripwireSet
        | FormKind::Reinstate
        | FormKind::Outcome
        | FormKind::Regret
        | FormKind::Edit
        | FormKind::Note
        | FormKind::Evidence
        | FormKind::Tell(_)
        | FormKind::Message
        | FormKind::Ask => model.current_deal().into_iter().collect(),
    };
    let question = match kind {
        FormKind::Evidence | FormKind::Ask => model.question(),
        FormKind::Fire
        | FormKind::Hold
        | FormKind::Continue
        | FormKind::TripwireHappened
        | FormKind::TripwireAnyway
        | FormKind::TripwireSet
        | FormKind::Reinstate
        | FormKind::Outcome
        | FormKind::Regret
        | FormKind::Close
        | FormKind::Add
        | FormKind::Edit
        | FormKind::Note
        | FormKind::Tell(_)
        | FormKind::Message
        | FormKind::Charter
        | FormKind::Export
        | FormKind::Minutes(_) => None,
    };
    open_for(model, kind, &deals, question);
}

fn open_for(model: &mut Model, kind: FormKind, deals: &[DealId], question: Option<QuestionIx>) {
    if let Some(form) = build(model, kind, deals, question) {
        model.overlays.push(Overlay::Form(Box::new(form)));
    }
}

fn build(
    model: &Model,
    kind: FormKind,
    deals: &[DealId],
    question: Option<QuestionIx>,
) -> Option<Form> {
    let bank = model.bank.as_deref()?;
    let detail = match deals {
        [one] => model.detail.loaded.as_deref().filter(|d| d.deal.id == *one),
        _ => None,
    };
    let evals: Vec<&DealEval> = deals.iter().filter_map(|deal| model.eval(*deal)).collect();
    let mut form = Form::open(
        kind,
        &Seed {
            today: model.today,
            locale: &model.locale,
            mask: &model.mask,
            bank,
            thresholds: &model.thresholds,
            deals,
            detail,
            evals: &evals,
            question,
            messages: &model.messages,
            who: &model.who,
            charter: model.facts.charter.as_ref(),
        },
    );
    if let Some(detail) = detail.filter(|_| kind == FormKind::Fire) {
        one_on_one::on_whose_word(model, detail, &mut form);
    }
    Some(form)
}

/// Opens a sheet for one deal, and returns it.
pub(super) fn open_sheet(model: &mut Model, kind: FormKind, deal: DealId) -> Option<&mut Form> {
    open_for(model, kind, &[deal], None);
    match model.overlays.last_mut() {
        Some(Overlay::Form(form)) if form.kind == kind => Some(form),
        Some(_) | None => None,
    }
}

/// Fills in the sheet on top that waited for its deal.
pub(super) fn fill_waiting(model: &mut Model) {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return;
    };
    if !form.waiting {
        return;
    }
    let question = form
        .question
        .as_deref()
        .and_then(|id| model.bank.as_deref()?.find(id));
    let wanted = form.wanted;
    let mut filled = build(model, form.kind, &form.deals, question);
    if let (Some(form), Some(kind)) = (&mut filled, wanted) {
        form.pick_message(kind);
    }
    if let (Some(filled), Some(Overlay::Form(form))) = (filled, model.overlays.last_mut()) {
        **form = filled;
    }
}

/// Does what is under the cursor of the row of actions.
pub(super) fn confirm(model: &mut Model, effects: &mut Effects) {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return;
    };
    let FormFocus::Action(at) = form.focus else {
        return;
    };
    let kind = form.kind;
    match form.actions.get(at).map(|action| action.kind) {
        Some(ActionKind::Confirm) if kind == FormKind::Export => export::send(model, effects),
        Some(ActionKind::Confirm) if kind == FormKind::Message => copy_and_close(model, effects),
        Some(ActionKind::Confirm) if kind == FormKind::Minutes(MinutesOf::Running) => {
            one_on_one::end(model);
        }
        Some(ActionKind::Confirm) if kind == FormKind::Minutes(MinutesOf::Earlier) => {
            super::reviews::write(model, effects);
        }
        Some(ActionKind::Confirm) if kind == FormKind::Charter => one_on_one::sign(model),
        Some(ActionKind::Confirm) => send(model),
        Some(ActionKind::Copy) => {
            copy(model, effects);
        }
        Some(ActionKind::Edit) => edit(model, effects),
        Some(ActionKind::Draft) => draft(model, effects),
        Some(ActionKind::File | ActionKind::Calendar) => file(model, effects),
        None => {}
    }
}

pub(super) fn send(model: &mut Model) {
    let reading = Reading {
        today: model.today,
        order: model.locale.order(),
    };
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else {
        return;
    };
    if !form.check(reading) {
        return;
    }
    let kind = form.kind;
    let Some(act) = form.act() else {
        model.overlays.pop();
        say::note(model, "Nothing was changed", "");
        return;
    };
    form.sending = true;
    form.failed = None;
    let then = match kind {
        FormKind::Fire
        | FormKind::Hold
        | FormKind::Continue
        | FormKind::TripwireAnyway
        | FormKind::Close => Then::NextDeal,
        FormKind::TripwireHappened => Then::ContinueSheet,
        FormKind::Evidence | FormKind::Ask => Then::NextQuestion,
        FormKind::TripwireSet
        | FormKind::Reinstate
        | FormKind::Outcome
        | FormKind::Regret
        | FormKind::Add
        | FormKind::Edit
        | FormKind::Note
        | FormKind::Tell(_)
        | FormKind::Message
        | FormKind::Charter
        | FormKind::Export
        | FormKind::Minutes(_) => Then::CloseSheet,
    };
    write::act(model, act, then);
}

fn copy_and_close(model: &mut Model, effects: &mut Effects) {
    if copy(model, effects) {
        model.overlays.pop();
    }
}

/// Copies the text of the sheet, and says whether there was one.
pub(super) fn copy(model: &mut Model, effects: &mut Effects) -> bool {
    if let Some(Overlay::Form(form)) = model.overlays.last()
        && matches!(form.kind, FormKind::Minutes(_))
    {
        one_on_one::copy_minutes(model, effects);
        return true;
    }
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return false;
    };
    match form.main_text() {
        _ if notes::with_firing(model, Way::Copy) => true,
        Some((_, text)) if !text.trim().is_empty() => {
            note_way(model, Way::Copy);
            effects.push(Effect::Copy(text));
            true
        }
        Some(_) | None => {
            say::refused(model, "There is nothing to copy yet");
            false
        }
    }
}

/// Hands the mail of the sheet to the mail program.
pub(super) fn draft(model: &mut Model, effects: &mut Effects) {
    if notes::with_firing(model, Way::Mail) {
        return;
    }
    if let Some(outgoing) = outgoing(model) {
        model.work.leaving = true;
        effects.push(Effect::DraftMail(Box::new(outgoing)));
    }
}

/// Writes the text of the sheet to a file; the sheet that continues writes the calendar.
pub(super) fn file(model: &mut Model, effects: &mut Effects) {
    if let Some(Overlay::Form(form)) = model.overlays.last_mut()
        && form.kind == FormKind::Continue
    {
        form.calendar = true;
        send(model);
        return;
    }
    if notes::with_firing(model, Way::File) {
        return;
    }
    if let Some(outgoing) = outgoing(model) {
        model.work.leaving = true;
        effects.push(Effect::WriteMessage(Box::new(outgoing)));
    }
}

/// What the sheet sends out; says why where there is nothing.
fn outgoing(model: &mut Model) -> Option<Outgoing> {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return None;
    };
    if model.work.leaving {
        say::refused(model, "A message is on its way out already");
        return None;
    }
    let outgoing = form.outgoing();
    if outgoing.is_none() {
        say::refused(model, "There is no message here yet");
    }
    outgoing
}

/// Notes the way in which the text of the sheet on top left.
fn note_way(model: &mut Model, way: Way) {
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else {
        return;
    };
    match (form.kind, form.message_kind(), form.deals.as_slice()) {
        (FormKind::Message, Some(kind), [deal]) => model.work.notes.push(Left {
            deal: *deal,
            kind: kind.code(),
            way,
        }),
        (_, _, _) if !form.left.contains(&way) => form.left.push(way),
        (_, _, _) => {}
    }
}

/// A message reached the mail program or a file.
pub(super) fn left(model: &mut Model, way: Way, path: Option<String>) {
    model.work.leaving = false;
    note_way(model, way);
    match (way, path) {
        (_, None) => say::note(model, "Open in your mail program: nothing was sent", ""),
        (Way::Mail, Some(path)) => {
            let words = "No mail program here: the draft is in ";
            say::done(
                model,
                vec![Part::from(words), Part::Free(None, Free::new(path))],
                "",
            );
        }
        (Way::Copy | Way::File | Way::Print, Some(path)) => {
            say::done(
                model,
                vec![Part::from("Wrote "), Part::Free(None, Free::new(path))],
                "",
            );
        }
    }
}

/// Writes the calendar.
pub(super) fn write_calendar(model: &mut Model, path: Option<&str>, effects: &mut Effects) {
    if model.work.calendar {
        return;
    }
    model.work.calendar = true;
    effects.push(Effect::WriteCalendar {
        path: path.map(str::to_owned),
        mask: export::mask_number(model),
    });
}

/// The calendar is written.
pub(super) fn calendar_written(model: &mut Model, path: String, dates: usize) {
    model.work.calendar = false;
    let count = model
        .locale
        .number(i64::try_from(dates).unwrap_or(i64::MAX));
    let days = if dates == 1 { "date" } else { "dates" };
    let words = vec![
        Part::Words(format!("{count} {days} for your calendar in ")),
        Part::Free(None, Free::new(path)),
    ];
    say::done(model, words, "");
}

/// Opens the form of a message, of the kind that is named.
pub(super) fn message(model: &mut Model, word: Option<&str>) {
    let kind =
        word.map(|word| MessageKind::from_code(&word.to_lowercase().replace(['-', ' '], "_")));
    if let Some(None) = kind {
        let all = MessageKind::ALL.map(MessageKind::code).join(", ");
        say::refused(model, format!("There are: {all}"));
        return;
    }
    open(model, FormKind::Message);
    if let (Some(Some(kind)), Some(Overlay::Form(form))) = (kind, model.overlays.last_mut()) {
        form.pick_message(kind);
    }
}

/// Opens the editor on the text of the sheet.
pub(super) fn edit(model: &mut Model, effects: &mut Effects) {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return;
    };
    if let Some((Some(field), text)) = form.main_text() {
        hand_to_editor(model, field, text, effects);
    }
}

/// Opens the editor on the text field under the cursor.
pub(super) fn edit_field(model: &mut Model, effects: &mut Effects) {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return;
    };
    if let FormFocus::Field(field) = form.focus
        && let Some(shown) = form.fields.get(field)
    {
        let text = shown.text();
        hand_to_editor(model, field, text, effects);
    }
}

fn hand_to_editor(model: &mut Model, field: usize, text: String, effects: &mut Effects) {
    if !model.work.editing {
        model.work.editing = true;
        effects.push(Effect::EditText { field, text });
    }
}

/// Takes the text that came back from the editor.
pub(super) fn edited(model: &mut Model, field: usize, text: Option<String>) {
    model.work.editing = false;
    if let Some(text) = text
        && let Some(Overlay::Form(form)) = model.overlays.last_mut()
        && let Some(field) = form.fields.get_mut(field)
    {
        field.replace(&text);
    }
}

/// After a tripwire happened, the sheet that continues the deal comes by itself, and that which fires
/// it once it is said that nobody wants it.
pub(super) fn sheet_after(model: &mut Model, kind: FormKind, deals: &[DealId]) {
    let [deal] = deals else { return };
    // What is loaded does not know of it; the sheet is filled in from what comes.
    if model
        .detail
        .loaded
        .as_ref()
        .is_some_and(|detail| detail.deal.id == *deal)
    {
        model.detail.loaded = None;
    }
    open_for(model, kind, &[*deal], None);
}

/// Asks about a fired prospect again in four weeks.
pub(super) fn later(model: &mut Model) {
    let until = model.today.checked_add_days(Days::new(LATER_DAYS));
    if let (Some(deal), Some(until)) = (model.current_deal(), until) {
        write::act(model, Act::NurtureLater { deal, until }, Then::NextDeal);
    }
}

/// Lets a fired prospect go for good.
pub(super) fn let_go(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        write::act(model, Act::LetGo { deal }, Then::NextDeal);
    }
}

/// Closes deals by a word, or opens the sheet that asks for it.
pub(super) fn close(model: &mut Model, word: Option<&str>) {
    let Some(word) = word else {
        open(model, FormKind::Close);
        return;
    };
    match Status::from_code(&word.to_lowercase()) {
        Some(status) => {
            let deals = model.targets();
            write::act(
                model,
                Act::Close {
                    deals,
                    status,
                    reason: None,
                },
                Then::NextDeal,
            );
        }
        None => say::refused(model, "`:close` takes won, lost, removed or open"),
    }
}

/// Returns the text that `c` copies, masked: what to say, else what is under the cursor.
pub(super) fn text_under_cursor(model: &Model) -> Option<String> {
    if let Page::Journal(journal) = model.page() {
        let row = journal.rows.get(journal.cursor)?;
        return Some(
            model
                .mask
                .free(&row.what, row.deal.as_ref().map(|d| d.0))
                .into_owned(),
        );
    }
    if let Page::Week(week) = model.page() {
        let deal = week.deal()?;
        let text = match (week.current_ask(), week.row()?) {
            (Some(ask), _) => {
                let bank = model.bank.as_deref();
                return Some(model.mask.asked(&ask.text, bank, Some(deal)).into_owned());
            }
            (None, WeekRow::Plan(_)) => week.plan(Some(deal))?.next_step.as_ref(),
            (None, WeekRow::Due(at)) => Some(&week.data.as_ref()?.due.get(at)?.words),
            (None, WeekRow::Gone | WeekRow::Ask(_) | WeekRow::Selling | WeekRow::OwnTime) => None,
        };
        return Some(model.mask.free(text?, Some(deal)).into_owned());
    }
    if let Some(signal) = model.signal() {
        return Some(signal.to_say().to_owned());
    }
    let bank = model.bank.as_deref()?;
    let deal = model.current_deal()?;
    let ix = model.question()?;
    let question = &bank[ix];
    let signals = model.eval(deal).map_or(&[][..], |eval| &eval.signals);
    Some(question.words_to_say(signals).to_owned())
}

#[cfg(test)]
mod tests;
