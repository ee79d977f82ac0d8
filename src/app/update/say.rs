//! Toasts: what happened, in one line.

use chrono::TimeDelta;

use crate::app::model::Model;
use crate::app::toast::{Part, Toast, Tone};
use crate::domain::shown::Free;

/// How long a line stands, in seconds.
const STANDS: i64 = 8;

/// How long a failure stands, in seconds.
const FAILURE_STANDS: i64 = 20;

/// Says something, with a hint behind it.
pub(super) fn say(model: &mut Model, tone: Tone, parts: Vec<Part>, hint: &str) {
    let seconds = match tone {
        Tone::Done | Tone::Note | Tone::Refused => STANDS,
        Tone::Failed => FAILURE_STANDS,
    };
    let until = model
        .at
        .checked_add_signed(TimeDelta::seconds(seconds))
        .unwrap_or(model.at);
    model.toast = Some(Toast {
        tone,
        parts,
        hint: hint.to_owned(),
        until,
    });
}

/// Says that something was done.
pub(super) fn done(model: &mut Model, parts: Vec<Part>, hint: &str) {
    say(model, Tone::Done, parts, hint);
}

/// Says something worth knowing.
pub(super) fn note(model: &mut Model, words: impl Into<String>, hint: &str) {
    say(model, Tone::Note, vec![Part::Words(words.into())], hint);
}

/// Says why a key did nothing.
pub(super) fn refused(model: &mut Model, words: impl Into<String>) {
    say(model, Tone::Refused, vec![Part::Words(words.into())], "");
}

/// Says what went wrong. It may name or quote something of the user's.
pub(super) fn failed(model: &mut Model, what: &str, why: &str, hint: &str) {
    let deal = model.current_deal();
    let sentence = Free::new(sentence(what, why));
    say(model, Tone::Failed, vec![Part::Free(deal, sentence)], hint);
}

/// Joins what happened and why.
pub(super) fn sentence(what: &str, why: &str) -> String {
    if why.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {why}")
    }
}
