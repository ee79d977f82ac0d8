//! `ask`: a question onto the week, and what came back.

use clap::Args;

use super::answer::known;
use super::error::CliError;
use super::session::Session;
use super::touch::number;
use super::week::{ask_json, ask_table};
use crate::domain::act::Act;
use crate::domain::answer::AnswerKey;
use crate::domain::when::Lean;
use crate::store::Access;

/// Puts a question on the week, for a person and a day; or says what came back.
///
/// `ask DEAL QUESTION [WHO] [DAY]` puts it there. `ask list` shows what waits and what came back.
/// `ask reply ID KEY [WORDS]` answers the question: 3 2 1 0 p n N x, with their words; `.` no
/// reply yet, `-` not asked. `ask put ID` says that it was put to them, `ask move ID DAY` gives it
/// another day, `ask drop ID` takes it off.
#[derive(Args, Debug)]
pub struct AskArgs {
    /// The deal: its number, `source:id`, or words that find it alone; or list, reply, put, move,
    /// drop.
    #[arg(value_name = "DEAL|VERB")]
    deal: String,
    /// The question's id; without it the deal's own next ask. After a verb the ask's number.
    #[arg(value_name = "QUESTION|ID")]
    question: Option<String>,
    /// Whom to ask; after reply the key, after move the day.
    #[arg(value_name = "WHO|KEY")]
    whom: Option<String>,
    /// By when, such as fri or +1w [default: in a week]; after reply their words.
    #[arg(value_name = "DAY|WORDS")]
    day: Vec<String>,
}

/// Carries out `ask`.
pub fn run(session: &mut Session<'_>, args: &AskArgs) -> Result<(), CliError> {
    let id = || {
        let text = args.question.as_deref();
        let text = text.ok_or_else(|| {
            CliError::usage("the ask's number is missing").hint("`walkaway ask list` shows them")
        })?;
        number(text)
    };
    let rest = args.day.join(" ");
    let act = match args.deal.as_str() {
        "list" => return list(session),
        "reply" => reply(args, id()?, rest)?,
        "put" => Act::AskPut { ask: id()? },
        "drop" => Act::AskDrop { ask: id()? },
        "move" => {
            let text = args.whom.as_deref().unwrap_or_default();
            let day = format!("{text} {rest}");
            Act::AskMove {
                ask: id()?,
                due: session.day(day.trim(), Lean::Ahead)?,
            }
        }
        _ => return ask(session, args, &rest),
    };
    let mut store = session.open(Access::Write)?;
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

fn reply(args: &AskArgs, ask: i64, words: String) -> Result<Act, CliError> {
    let key = args.whom.as_deref().unwrap_or_default();
    match key {
        "." => return Ok(Act::AskNoReply { ask }),
        "-" => return Ok(Act::AskNotAsked { ask }),
        _ => {}
    }
    let key = AnswerKey::parse(key)
        .filter(|key| !matches!(key, AnswerKey::StillSo | AnswerKey::Clear))
        .ok_or_else(|| {
            CliError::usage(format!("`{key}` is no key that answers an ask"))
                .hint("3 2 1 0 p n N x; `.` no reply yet, `-` not asked")
        })?;
    Ok(Act::AskReply {
        ask,
        key,
        reply: Some(words).filter(|words| !words.is_empty()),
    })
}

fn list(session: &mut Session<'_>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let asks = store.asks()?;
    let bank = store.judge().bank();
    let mask = session.mask(None);
    if !session.global.json {
        return ask_table(session, &asks, bank, &mask);
    }
    let mut array = session.out.array();
    for ask in &asks {
        array.push(&ask_json(ask, bank, &mask))?;
    }
    Ok(array.end()?)
}

fn ask(session: &mut Session<'_>, args: &AskArgs, day: &str) -> Result<(), CliError> {
    let due = if day.is_empty() {
        None
    } else {
        Some(session.day(day, Lean::Ahead)?)
    };
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    if let Some(question) = &args.question {
        known(&store, question)?;
    }
    let act = Act::Ask {
        deal,
        question: args.question.clone(),
        whom: args.whom.clone(),
        due,
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
