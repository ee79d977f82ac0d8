//! `answer` and `note`.

use clap::Args;

use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::answer::AnswerKey;
use crate::domain::deal::FreshEyes;
use crate::domain::ids::DealId;
use crate::domain::query::nearest;
use crate::domain::signs::Sign;
use crate::store::Access;

/// Answers a question about a deal, with the keys of the cockpit.
///
/// 0 asked, nobody knows · 1 or y yes, I think so · 2 yes, they told us · 3 yes, it happened ·
/// p partly · n no, and we asked · N no, I think · x does not apply · . still so, as of today ·
/// clear back to not asked.
///
/// A sign of the card is a question too (never-answer, curt, no-time, after-hours, lose-quote,
/// no-process, no-power, more-info, block, no-case, no-risk, no-outcome: y ticks it, n takes the
/// tick back), and so are fresh (would we take it today?: y, n, 0 hard to say) and unwanted (y: I
/// do not want this sale).
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

/// What is answered beside the bank: a sign, fresh eyes, a sale that is not wanted.
fn beside(
    deal: DealId,
    question: &str,
    key: AnswerKey,
    words: Option<&String>,
) -> Result<Option<Act>, CliError> {
    let yes = match key {
        AnswerKey::Yes(_) => Some(true),
        AnswerKey::No(_) | AnswerKey::Clear => Some(false),
        AnswerKey::Unknown | AnswerKey::Partly | AnswerKey::NotApplicable | AnswerKey::StillSo => {
            None
        }
    };
    let only = || CliError::usage(format!("`{question}` is answered with y, n or clear"));
    Ok(Some(match question {
        "fresh" => Act::FreshEyes {
            deal,
            answer: match key {
                AnswerKey::Yes(_) => Some(FreshEyes::Yes),
                AnswerKey::No(_) => Some(FreshEyes::No),
                AnswerKey::Unknown | AnswerKey::Partly => Some(FreshEyes::Unknown),
                AnswerKey::Clear => None,
                AnswerKey::NotApplicable | AnswerKey::StillSo => return Err(only()),
            },
        },
        "unwanted" => Act::Unwanted {
            deal,
            unwanted: yes.ok_or_else(only)?,
            words: words.cloned(),
        },
        code => match Sign::from_code(code) {
            Some(sign) => Act::Sign {
                deal,
                sign,
                ticked: yes.ok_or_else(only)?,
            },
            None => return Ok(None),
        },
    }))
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
    let words = args.words.join(" ");
    let words = (!words.trim().is_empty()).then_some(words);
    let of_bank = store.judge().bank().find(&args.question).is_some();
    let beside = if of_bank {
        None
    } else {
        beside(deal, &args.question, key, words.as_ref())?
    };
    let act = if let Some(act) = beside {
        act
    } else {
        known(&store, &args.question)?;
        Act::Answer {
            deal,
            question: args.question.clone(),
            key,
            evidence: words,
        }
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
