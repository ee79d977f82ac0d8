//! `undo` and `redo`.

use clap::Args;

use super::error::CliError;
use super::session::Session;
use crate::domain::ids::ActionId;
use crate::store::{Access, StoreError};

/// Takes back an action, whole; undoing it again is `redo`.
///
/// Without an argument the latest action of anyone that still stands; `import` for the latest
/// import; a number, as `journal` shows it, for any.
#[derive(Args, Debug)]
pub struct UndoArgs {
    /// The action's number, or `import`.
    #[arg(value_name = "ID|import")]
    which: Option<String>,
}

/// Takes back your latest undo.
#[derive(Args, Debug)]
pub struct RedoArgs {}

/// Carries out `undo`.
pub fn undo(session: &mut Session<'_>, args: &UndoArgs) -> Result<(), CliError> {
    let number = match args.which.as_deref() {
        None | Some("import") => None,
        Some(text) => {
            let number = text.parse::<i64>().ok().map(ActionId);
            Some(number.ok_or_else(|| {
                CliError::usage(format!("`{text}` is no number of an action"))
                    .hint("`walkaway journal` lists them; `import` is the latest import")
            })?)
        }
    };
    let mut store = session.open(Access::Write)?;
    let action = if let Some(action) = number {
        action
    } else {
        let entry = store.latest(args.which.is_some())?;
        entry.ok_or(StoreError::Nothing { verb: "undo" })?.id
    };
    let done = store.undo_action(&session.stamp(), action)?;
    Session::index(&mut store)?;
    session.done(&store, &done)
}

/// Carries out `redo`.
pub fn redo(session: &mut Session<'_>, _args: &RedoArgs) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let done = store.redo(&session.stamp(), false)?;
    Session::index(&mut store)?;
    session.done(&store, &done)
}
