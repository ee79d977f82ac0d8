//! `answer` and `note`.

use clap::Args;

use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::answer::AnswerKey;
use crate::domain::query::nearest;
use crate::store::Access;

/// Answers a question about a deal, with the keys of the cockpit.
///
/// 0 asked, nobody knows · 1 or y yes, I think so · 2 yes, they told us · 3 yes, it happened ·
/// p partly · n no, and we asked · N no, I think · x does not apply · . still so, as of today ·
/// clear back to not asked.
#[derive(Args, Debug)]
pub struct AnswerArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// The question's id, as `questions list` shows it.
    question: String,
    /// The key.
    key: String,
    /// Their words, or what happened; with them a yes or no is shown, not only said.
    words: Vec<String>,
}

/// Writes a note on a deal.
#[derive(Args, Debug)]
pub struct NoteArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// The note.
    #[arg(required = true)]
    text: Vec<String>,
}

/// Finds the question's id that was meant; `None` where nothing is near.
pub fn similar<'b>(bank: &'b crate::domain::bank::Bank, id: &str) -> Option<&'b str> {
    let lower: Vec<(String, &str)> = bank
        .questions()
        .iter()
        .map(|q| (q.id.to_ascii_lowercase(), q.id.as_str()))
        .collect();
    let short = bank
        .questions()
        .iter()
        .find(|q| q.short.eq_ignore_ascii_case(id));
    if let Some(question) = short {
        return Some(&question.id);
    }
    let near = nearest(id, lower.iter().map(|(lower, _)| lower.as_str()))?;
    lower
        .iter()
        .find(|(lower, _)| lower == near)
        .map(|(_, id)| *id)
}

/// Refuses a question that the bank in force does not have.
pub fn known(store: &crate::store::Store, id: &str) -> Result<(), CliError> {
    let bank = store.judge().bank();
    if bank.find(id).is_some() {
        return Ok(());
    }
    let error = CliError::failed(format!("the bank `{}` has no question `{id}`", bank.id()));
    Err(match similar(bank, id) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`walkaway questions list` shows them"),
    })
}

/// Carries out `answer`.
pub fn answer(session: &mut Session<'_>, args: &AnswerArgs) -> Result<(), CliError> {
    let Some(key) = AnswerKey::parse(&args.key) else {
        let keys: Vec<String> = AnswerKey::KEYS
            .iter()
            .map(|(key, what)| format!("{key} {what}"))
            .collect();
        return Err(
            CliError::usage(format!("`{}` is no key that answers", args.key))
                .hint(format!("the keys are: {}", keys.join(" · "))),
        );
    };
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    known(&store, &args.question)?;
    let words = args.words.join(" ");
    let act = Act::Answer {
        deal,
        question: args.question.clone(),
        key,
        evidence: (!words.trim().is_empty()).then_some(words),
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

/// Carries out `note`.
pub fn note(session: &mut Session<'_>, args: &NoteArgs) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let act = Act::Note {
        deal,
        text: args.text.join(" "),
    };
    let done = store.act(&session.stamp(), &act)?;
    Session::index(&mut store)?;
    session.done(&store, &done)
}
