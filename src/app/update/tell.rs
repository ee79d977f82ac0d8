//! What no CRM sees: one-line inputs, promises settled by a key, contacts, the unwanted sale.

use super::{decide, lists, prompts, say, write};
use crate::app::command::can_decide;
use crate::app::form::{FormKind, Tell};
use crate::app::model::{Facts, MenuKind, Model, Overlay, Pick, PromptKind, Settled, Then};
use crate::domain::act::{Act, Settlement};
use crate::domain::deal::{AccessAnswer, CommitmentState, Detail, Side};
use crate::domain::ids::DealId;
use crate::domain::line::{self, Known, LineKind, LineMistake};
use crate::domain::locale::DayOrder;
use crate::domain::shown::Label;

/// Opens the line for the current deal; with an argument writes it down at once, unless it
/// cannot be read.
pub(super) fn open(model: &mut Model, kind: LineKind, arg: Option<&str>) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    let text = arg.unwrap_or_default();
    prompts::open(
        model,
        PromptKind::Line { kind, deal },
        label(kind),
        text,
        "",
    );
    if arg.is_some() {
        take(model, kind, deal);
    }
}

fn label(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Touch => "touch",
        LineKind::Promise(Some(Side::They)) => "they owe",
        LineKind::Promise(Some(Side::We)) => "we owe",
        LineKind::Promise(None) => "owed",
        LineKind::Concession => "concession",
    }
}

/// What the lines of a deal may name, as far as it is loaded.
pub(in crate::app) fn known(model: &Model, deal: DealId) -> Known {
    let detail = model.detail.loaded.as_deref();
    known_of(
        detail.filter(|detail| detail.deal.id == deal),
        &model.facts,
        model.today,
        model.locale.order(),
    )
}

fn known_of(
    detail: Option<&Detail>,
    facts: &Facts,
    today: chrono::NaiveDate,
    order: DayOrder,
) -> Known {
    let people = facts.people.iter().map(|person| person.name.clone());
    match detail {
        Some(detail) => Known::of(detail, people.collect(), today, order),
        None => Known {
            people: people.collect(),
            ..Known::on(today, order)
        },
    }
}

/// What may be offered while somebody looks on: names that are masked are not.
pub(in crate::app) fn offered(model: &Model, deal: DealId) -> Known {
    let mut known = known(model, deal);
    if model.mask.hides_names_of(Some(deal)) {
        known.contacts.clear();
        known.promises.clear();
    }
    known
}

/// Reads a line into what is to be done.
fn read(kind: LineKind, deal: DealId, text: &str, known: &Known) -> Result<Act, LineMistake> {
    Ok(match kind {
        LineKind::Touch => Act::TouchAdd {
            deal,
            touch: line::touch(text, known)?.touch,
        },
        LineKind::Promise(side) => Act::CommitmentAdd {
            deal,
            commitment: line::promise(text, side, known)?,
        },
        LineKind::Concession => Act::ConcessionAdd {
            deal,
            concession: line::concession(text, known)?,
        },
    })
}

/// Takes the line on top: it is written down, or stays with what is wrong marked.
pub(super) fn take(model: &mut Model, kind: LineKind, deal: DealId) {
    let known = known(model, deal);
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return;
    };
    match read(kind, deal, &prompt.input.text(), &known) {
        Ok(act) => {
            if let Some(Overlay::Prompt(prompt)) = model.overlays.pop() {
                write::line(model, act, prompt);
            }
        }
        Err(mistake) => prompt.error = Some(mistake.what),
    }
}

/// Completes the word at the cursor of the line, as far as it is certain.
pub(super) fn complete(model: &mut Model, kind: LineKind, deal: DealId) {
    let known = offered(model, deal);
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return;
    };
    let text = prompt.input.text();
    let (_, column) = prompt.input.cursor();
    let cursor = text
        .char_indices()
        .nth(column)
        .map_or(text.len(), |(at, _)| at);
    let Some(found) = line::complete(kind, &text, cursor, &known) else {
        return;
    };
    let (before, after) = (&text[..found.place.start], &text[found.place.end..]);
    let put = match found.options.as_slice() {
        [one] => format!("{one} "),
        many => match prompts::common(many) {
            Some(common) if common.len() > found.place.len() => common.to_owned(),
            Some(_) | None => return,
        },
    };
    let completed = format!("{before}{put}{}", after.trim_start());
    prompt.input.set(&completed);
    prompt.error = None;
}

/// Says that one does not want the current sale; `no` takes that back, other words say why.
pub(super) fn unwanted(model: &mut Model, arg: Option<&str>) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    let is_already = model
        .current_detail()
        .is_some_and(|detail| detail.seen.is_unwanted);
    let unwanted = arg.is_none_or(|arg| !arg.eq_ignore_ascii_case("no"));
    if unwanted && is_already && arg.is_none() {
        say::refused(
            model,
            "You said so already: F opens the way out, `:unwanted no` takes it back",
        );
        return;
    }
    let words = arg.filter(|_| unwanted).map(str::to_owned);
    let act = Act::Unwanted {
        deal,
        unwanted,
        words,
    };
    let then = if unwanted && can_decide(model).is_ok() {
        Then::FireSheet
    } else {
        Then::Say
    };
    write::act(model, act, then);
}

/// Opens the form of a contact: by name, or of those that there are.
pub(super) fn contact(model: &mut Model, arg: Option<&str>) {
    let Some(detail) = model.current_detail() else {
        contact_form(model, None);
        return;
    };
    let contacts = &detail.contacts;
    if let Some(name) = arg {
        let same = |row: &&crate::domain::deal::ContactRow| {
            let known = row.name.expose_for_storage().to_lowercase();
            known.contains(&name.to_lowercase())
        };
        let found = contacts.iter().find(same).map(|row| row.id);
        if found.is_none() {
            say::refused(
                model,
                format!("No contact of this deal is called `{name}`: `:contact` adds one"),
            );
            return;
        }
        contact_form(model, found);
        return;
    }
    if contacts.is_empty() {
        contact_form(model, None);
        return;
    }
    let deal = detail.deal.id;
    let mut rows: Vec<_> = contacts
        .iter()
        .map(|row| {
            let label = Label::Contact {
                id: row.id,
                deal: Some(deal),
            };
            let name = model.mask.name(&row.name, label).into_owned();
            let role = row.role.and_then(|role| {
                let mut words = crate::app::form::ROLES.iter();
                words.find(|(_, known)| *known == role)
            });
            let note = role.map_or("", |(word, _)| *word);
            lists::row(name, note.to_owned(), Pick::Contact(Some(row.id)), false)
        })
        .collect();
    let new = "a new contact".to_owned();
    rows.push(lists::row(new, String::new(), Pick::Contact(None), false));
    lists::menu(model, MenuKind::Contact, "Which contact?", rows, "");
}

/// Opens the form of one contact.
pub(super) fn contact_form(model: &mut Model, id: Option<i64>) {
    decide::open(model, FormKind::Tell(Tell::Contact(id)));
}

/// Says how what is under the cursor ended.
pub(super) fn settle(model: &mut Model, state: CommitmentState) {
    let Some(what) = model.to_settle() else {
        return;
    };
    let act = match what {
        Settled::Promise(id) => Act::CommitmentSettle {
            commitment: id,
            settlement: Settlement { state, day: None },
        },
        Settled::Bait(id) => Act::BaitSettle {
            concession: id,
            kept: match state {
                CommitmentState::Kept | CommitmentState::Late => Some(true),
                CommitmentState::Missed | CommitmentState::Waived => Some(false),
                CommitmentState::Open => None,
            },
        },
        Settled::Access(id) => {
            let Some(detail) = model.current_detail() else {
                return;
            };
            let Some(row) = detail.seen.access.iter().find(|row| row.id == id) else {
                return;
            };
            Act::AccessAnswer {
                deal: detail.deal.id,
                whom: row.whom.expose_for_storage().to_owned(),
                answer: if state == CommitmentState::Kept {
                    AccessAnswer::Given
                } else {
                    AccessAnswer::Refused
                },
            }
        }
    };
    write::act(model, act, Then::Say);
}

#[cfg(test)]
mod tests;
