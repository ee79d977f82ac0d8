//! `touch`: what no CRM sees, in one line.

use clap::Args;

use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::ids::DealId;
use crate::domain::line::{self, Known, LineMistake};
use crate::store::{Access, Store};

/// Writes down a touch that no CRM saw, in one line.
///
/// First they or we, then by what (call, email, message, meeting, demo, workshop, trial,
/// proposal, quote), then what else there is: minutes (20m, 1h30), a day (yesterday, fri),
/// with NAMES, after hours, proposed, declined, moved, no-show, doc NAME, and what it was about:
/// 'they call 20m yesterday asked for the quote again'. `touch edit ID LINE` corrects one that
/// was typed here, `touch remove ID` removes it.
#[derive(Args, Debug)]
pub struct TouchArgs {
    /// The deal: its number, `source:id`, or words that find it alone; or edit, or remove.
    deal: String,
    /// The line.
    #[arg(required = true)]
    line: Vec<String>,
}

/// What the lines of a deal may name.
pub fn known(session: &Session<'_>, store: &Store, deal: DealId) -> Result<Known, CliError> {
    let gone = || CliError::failed(format!("deal {deal} is gone"));
    let detail = store.detail(deal)?.ok_or_else(gone)?;
    let people = store.people()?.into_iter().map(|p| p.name).collect();
    let order = session.around.locale.order();
    Ok(Known::of(&detail, people, session.around.today(), order))
}

/// Tells where a line went wrong: its column, and a mark below it.
pub fn misread(line: &str, mistake: &LineMistake) -> CliError {
    let cells = |text: &str| text.chars().count();
    let before = cells(&line[..mistake.place.start]);
    let wide = cells(&line[mistake.place.clone()]).max(1);
    let mark = format!("{}{}", " ".repeat(before), "^".repeat(wide));
    CliError::usage(mistake.what.clone())
        .because(line.to_owned())
        .because(mark)
        .hint(mistake.hint.clone())
        .at(1, Some(before as u64 + 1))
}

/// Reads a row's number.
pub fn number(text: &str) -> Result<i64, CliError> {
    text.parse().map_err(|error| {
        CliError::usage(format!("`{text}` is no number of a row: {error}"))
            .hint("`walkaway show DEAL --json` has the numbers")
    })
}

/// Carries out `touch`.
pub fn run(session: &mut Session<'_>, args: &TouchArgs) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let act = match args.deal.as_str() {
        "remove" => Act::TouchRemove {
            touch: number(&args.line[0])?,
        },
        "edit" => {
            let touch = number(&args.line[0])?;
            let text = args.line[1..].join(" ");
            let deal = store.touch_deal(touch)?;
            let known = known(session, &store, deal)?;
            let read = line::touch(&text, &known).map_err(|m| misread(&text, &m))?;
            Act::TouchEdit {
                touch,
                to: read.touch,
            }
        }
        _ => {
            let deal = Session::deal(&store, &args.deal)?;
            let text = args.line.join(" ");
            let known = known(session, &store, deal)?;
            let read = line::touch(&text, &known).map_err(|m| misread(&text, &m))?;
            Act::TouchAdd {
                deal,
                touch: read.touch,
            }
        }
    };
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}
