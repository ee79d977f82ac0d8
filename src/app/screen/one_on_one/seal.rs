//! What is asked unseen: the rows, and which of them somebody said.

use super::super::doc::{Line, Picked, Role, Row, Span};
use super::super::words::{capital, safe};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::one_on_one::rows_to_ask;
use crate::domain::review::PairOf;

/// Columns of a name from which on the keys have room for their words.
const AIRY: u16 = 14;

/// The rows that are asked unseen. What was said is not here: only that something was.
pub fn rows(model: &Model, (inset, label): (u16, u16), row: usize, said: &[PairOf]) -> Vec<Line> {
    let Some(bank) = model.bank.as_deref() else {
        return Vec::new();
    };
    let free = model.overlays.is_empty();
    let line = |(at, of): (usize, PairOf)| {
        let here = at == row;
        let is_said = said.contains(&of);
        let takes = match (&of, here) {
            (PairOf::Verdict, true) => verdict_keys(model),
            (PairOf::Question(_), true) if label < AIRY => few_answer_keys(model),
            (PairOf::Question(_), true) => answer_keys(model),
            (_, false) => String::new(),
        };
        let mark = if is_said { "sealed" } else { "" };
        let picked = match (here, free) {
            (true, true) => Picked::Here,
            (true, false) => Picked::There,
            (false, _) => Picked::No,
        };
        Row::new(inset)
            .fixed(label, Span::text(name(model, &of)))
            .fixed(8, Span::new(mark, Role::Good))
            .fill(Span::quiet(takes))
            .picked(picked)
            .into()
    };
    rows_to_ask(bank)
        .into_iter()
        .enumerate()
        .map(line)
        .collect()
}

/// What a row is about, in a word or two.
pub fn name(model: &Model, of: &PairOf) -> String {
    match of {
        PairOf::Verdict => "Verdict".to_owned(),
        PairOf::Question(id) => {
            let bank = model.bank.as_deref();
            let ix = bank.and_then(|bank| bank.find(id));
            match bank.zip(ix) {
                Some((bank, ix)) => capital(&safe(&bank[ix].short)),
                None => safe(id),
            }
        }
    }
}

fn key(model: &Model, command: Command) -> String {
    let keys = model.keymap.keys_of(command);
    keys.first()
        .map(|key| key.label(model.spells_keys()))
        .unwrap_or_default()
}

/// The keys that say a verdict.
fn verdict_keys(model: &Model) -> String {
    format!(
        "{} FIRE  {} GET TO NO  {} CONTINUE",
        key(model, Command::AnswerNo),
        key(model, Command::AnswerPartly),
        key(model, Command::AnswerYesShown),
    )
}

/// The keys that say an answer, in few cells.
fn few_answer_keys(model: &Model) -> String {
    let yes = [
        Command::AnswerYesShown,
        Command::AnswerYesSaid,
        Command::AnswerYes,
    ];
    let yes: Vec<String> = yes.into_iter().map(|command| key(model, command)).collect();
    format!(
        "{} yes  {} partly  {} no",
        yes.join(" "),
        key(model, Command::AnswerPartly),
        key(model, Command::AnswerNo),
    )
}

/// The keys that say an answer.
fn answer_keys(model: &Model) -> String {
    let keys = [
        (Command::AnswerYesShown, "shown"),
        (Command::AnswerYesSaid, "said"),
        (Command::AnswerYes, "hunch"),
        (Command::AnswerPartly, "partly"),
        (Command::AnswerNo, "no"),
        (Command::AnswerUnknown, "unknown"),
    ];
    let words: Vec<String> = keys
        .into_iter()
        .map(|(command, says)| format!("{} {says}", key(model, command)))
        .collect();
    words.join("  ")
}
