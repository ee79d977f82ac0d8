//! Lines to type: the filter, the path of a file, a name.

use super::lists::{read_filter, set_filter};
use super::{Effects, Renewal, one_on_one, preview, run, tell, week};
use crate::app::form::text::TextInput;
use crate::app::model::{Model, Overlay, Prompt, PromptKind};
use crate::domain::ids::DealId;
use crate::domain::query::completions;

/// What the prompt of the filter says behind an empty line.
const FILTER_HINT: &str = "a name, or owner:me dark:yes amount>50k";

/// Opens the line to type a filter.
pub(super) fn find(model: &mut Model) {
    let kind = PromptKind::Filter {
        before: Box::new(model.list.query.clone()),
        anchor: model.list.current(),
    };
    // What was typed before the mask may name what it hides.
    let text = if model.mask.hides_names() {
        String::new()
    } else {
        model.list.query.text.clone()
    };
    open(model, kind, "find", &text, FILTER_HINT);
}

/// Opens a line to type.
pub(super) fn open(
    model: &mut Model,
    kind: PromptKind,
    label: &'static str,
    text: &str,
    hint: &str,
) {
    let input = TextInput::line(text);
    let hint = hint.to_owned();
    model.overlays.push(Overlay::Prompt(Prompt {
        kind,
        label,
        input,
        error: None,
        hint,
    }));
}

/// The line on top was changed: a filter searches as it is typed.
pub(super) fn changed(model: &mut Model) {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return;
    };
    match prompt.kind {
        PromptKind::Filter { .. } => {}
        PromptKind::Line { .. } => {
            // What is wrong is said when the line is taken; the next key takes that back.
            if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
                prompt.error = None;
            }
            return;
        }
        PromptKind::Import
        | PromptKind::Actor
        | PromptKind::Selling
        | PromptKind::Reply
        | PromptKind::Hand(_) => return,
    }
    let text = prompt.input.text();
    let wrong = read_filter(model, &text).err();
    if wrong.is_none() {
        set_filter(model, &text);
    }
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.error = wrong;
    }
}

/// The line on top was left: the list is again what it was.
pub(super) fn left(model: &mut Model, prompt: Prompt) {
    match prompt.kind {
        PromptKind::Filter { before, anchor } => {
            if before.text != model.list.query.text {
                model.list.query = *before;
                model.list.anchor = anchor.map(DealId::short);
                model.list.want(Renewal::Renew);
            }
        }
        PromptKind::Import
        | PromptKind::Actor
        | PromptKind::Selling
        | PromptKind::Reply
        | PromptKind::Hand(_)
        | PromptKind::Line { .. } => {}
    }
}

/// The line on top was taken.
pub(super) fn take(model: &mut Model, effects: &mut Effects) {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return;
    };
    let text = prompt.input.text().trim().to_owned();
    match prompt.kind {
        PromptKind::Filter { .. } => {
            if prompt.error.is_none() {
                model.overlays.pop();
            }
        }
        PromptKind::Import | PromptKind::Actor if text.is_empty() => {
            prompt.error = Some("nothing was typed; Esc goes back".to_owned());
        }
        PromptKind::Selling => match week::selling(model, &text) {
            Ok(()) => {
                // The prompt is the one on top: nothing else opens meanwhile.
                model.overlays.pop();
            }
            Err(wrong) => {
                if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
                    prompt.error = Some(wrong);
                }
            }
        },
        PromptKind::Reply => {
            model.overlays.pop();
            week::words(model, &text);
        }
        PromptKind::Hand(deal) => {
            model.overlays.pop();
            one_on_one::raise(model, deal, &text);
        }
        PromptKind::Import => {
            model.overlays.pop();
            preview::open(model, vec![text], effects);
        }
        PromptKind::Line { kind, deal } => tell::take(model, kind, deal),
        PromptKind::Actor => {
            model.overlays.pop();
            run::set_actor(model, text, effects);
        }
    }
}

/// Completes the word before the cursor of a filter, as far as it is certain.
pub(super) fn complete(model: &mut Model) {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return;
    };
    match prompt.kind {
        PromptKind::Filter { .. } => {}
        PromptKind::Line { kind, deal } => return tell::complete(model, kind, deal),
        PromptKind::Import
        | PromptKind::Actor
        | PromptKind::Selling
        | PromptKind::Reply
        | PromptKind::Hand(_) => return,
    }
    let text = prompt.input.text();
    let start = text.rfind(' ').map_or(0, |blank| blank + 1);
    let word = &text[start..];
    let found = completions(word);
    let Some(common) = common(&found) else { return };
    if common.len() > word.len() {
        let completed = format!("{}{common}", &text[..start]);
        prompt.input.set(&completed);
    }
    prompt.hint = found.into_iter().take(8).collect::<Vec<_>>().join("  ");
    changed(model);
}

/// What all words begin with; `None` where there are none.
pub(super) fn common(words: &[String]) -> Option<&str> {
    let first = words.first()?.as_str();
    Some(words.iter().fold(first, |common, other| {
        let same = common
            .char_indices()
            .zip(other.chars())
            .take_while(|((_, a), b)| a == b);
        let end = same.last().map_or(0, |((at, c), _)| at + c.len_utf8());
        &common[..end]
    }))
}
