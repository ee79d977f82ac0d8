//! Sheets: opening them, filling them in, and what confirming does.

use chrono::Days;

use super::{Effects, export, one_on_one, say, write};
use crate::app::effect::Effect;
use crate::app::form::{ActionKind, Form, FormFocus, FormKind, Reading, Seed};
use crate::app::model::{Model, Overlay, Page, Then};
use crate::app::week::WeekRow;
use crate::domain::act::Act;
use crate::domain::bank::QuestionIx;
use crate::domain::deal::Status;
use crate::domain::eval::DealEval;
use crate::domain::ids::DealId;

/// Days after which a fired prospect is asked about again with `2`.
const LATER_DAYS: u64 = 28;

/// Opens a sheet for the deals that the keys are about.
pub(super) fn open(model: &mut Model, kind: FormKind) {
    let deals = match kind {
        FormKind::Fire | FormKind::Hold | FormKind::Continue | FormKind::Close => model.targets(),
        FormKind::Add | FormKind::Charter | FormKind::Export | FormKind::Minutes => Vec::new(),
        FormKind::TripwireHappened
        | FormKind::TripwireAnyway
        | FormKind::TripwireSet
        | FormKind::Reinstate
        | FormKind::Edit
        | FormKind::Note
        | FormKind::Evidence
        | FormKind::Tell(_)
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
        | FormKind::Close
        | FormKind::Add
        | FormKind::Edit
        | FormKind::Note
        | FormKind::Tell(_)
        | FormKind::Charter
        | FormKind::Export
        | FormKind::Minutes => None,
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
        },
    );
    if let Some(detail) = detail.filter(|_| kind == FormKind::Fire) {
        one_on_one::on_whose_word(model, detail, &mut form);
    }
    if let Some(detail) = model.current_detail().filter(|_| kind == FormKind::Charter) {
        one_on_one::charter_line(model, detail, &mut form);
    }
    Some(form)
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
    let filled = build(model, form.kind, &form.deals, question);
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
    match form.actions.get(at).map(|action| action.kind) {
        Some(ActionKind::Confirm) if form.kind == FormKind::Export => export::send(model, effects),
        Some(ActionKind::Confirm) if form.kind == FormKind::Minutes => one_on_one::end(model),
        Some(ActionKind::Confirm) if form.kind == FormKind::Charter => one_on_one::sign(model),
        Some(ActionKind::Confirm) => send(model),
        Some(ActionKind::Copy) => copy(model, effects),
        Some(ActionKind::Edit) => edit(model, effects),
        None => {}
    }
}

fn send(model: &mut Model) {
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
        | FormKind::Add
        | FormKind::Edit
        | FormKind::Note
        | FormKind::Tell(_)
        | FormKind::Charter
        | FormKind::Export
        | FormKind::Minutes => Then::CloseSheet,
    };
    write::act(model, act, then);
}

/// Copies the text of the sheet.
pub(super) fn copy(model: &mut Model, effects: &mut Effects) {
    if matches!(model.overlays.last(), Some(Overlay::Form(form)) if form.kind == FormKind::Minutes)
    {
        one_on_one::copy_minutes(model, effects);
        return;
    }
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else {
        return;
    };
    match form.main_text() {
        Some((_, text)) if !text.trim().is_empty() => {
            form.copied = true;
            effects.push(Effect::Copy(text));
        }
        Some(_) | None => say::refused(model, "There is nothing to copy yet"),
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

/// After a tripwire happened, the sheet that continues the deal comes by itself.
pub(super) fn continue_after(model: &mut Model, deals: &[DealId]) {
    let [deal] = deals else { return };
    // What is loaded still knows the old tripwire; the sheet is filled in from what comes.
    if model
        .detail
        .loaded
        .as_ref()
        .is_some_and(|detail| detail.deal.id == *deal)
    {
        model.detail.loaded = None;
    }
    open_for(model, FormKind::Continue, &[*deal], None);
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
            (Some(ask), _) => Some(&ask.text),
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
    let red = super::judged::red_topics(model.eval(deal)).contains(&question.topic);
    Some(question.words_to_say(red).to_owned())
}
