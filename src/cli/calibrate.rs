//! `calibrate`: how much each answer really tells, learnt from deals that are over.

mod meaning;
mod source;
mod told;

use std::path::PathBuf;

use clap::Args;

use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::bank::Bank;
use crate::domain::calibration::{CalibrationError, Trial, calibrate, check};
use crate::store::Access;

/// Learns from closed deals how much each answer tells, and how few questions are enough.
///
/// Without a file it reads the deals of the pipeline that are won, lost, or fired with a known
/// outcome, with their answers as they stood then. With one it reads a table of old deals: one
/// column a question, any words as answers; a blank cell was not asked. All figures are measured
/// on deals that had no part in what was learnt. Shares are in per cent.
#[derive(Args, Debug)]
pub struct CalibrateArgs {
    /// A table of old deals: one column a question, one the outcome.
    #[arg(long, value_name = "FILE", requires_all = ["outcome", "won"])]
    from: Option<PathBuf>,
    /// The column that says how a deal ended.
    #[arg(long, value_name = "COLUMN", requires = "from")]
    outcome: Option<String>,
    /// The word in it for a deal that was won.
    #[arg(long, value_name = "VALUE", requires = "from")]
    won: Option<String>,
    /// Which question a column is, or which answer a word in it: 'Budget=BIZ4',
    /// 'Budget:approved=yes'.
    #[arg(long, value_name = "COLUMN=QUESTION", requires = "from")]
    map: Vec<String>,
    /// Leaves out a column that is no question.
    #[arg(long, value_name = "COLUMN", requires = "from")]
    without: Vec<String>,
    /// Makes the learnt points the bank's new version; `undo` takes it back.
    #[arg(long)]
    accept: bool,
    /// Goes back to the weights of the bank's file.
    #[arg(long, conflicts_with_all = ["accept", "from"])]
    forget: bool,
    /// Where chance starts to draw the folds.
    #[arg(long, value_name = "NUMBER", default_value_t = Trial::default().seed)]
    seed: u64,
}

/// Carries out `calibrate`.
pub fn run(session: &mut Session<'_>, args: &CalibrateArgs) -> Result<(), CliError> {
    if args.forget {
        let mut store = session.open(Access::Write)?;
        let bank = store.judge().bank().id().to_owned();
        let done = store.act(&session.stamp(), &Act::Learn { bank, learnt: None })?;
        return session.done(&store, &done);
    }
    let trial = Trial {
        seed: args.seed,
        ..Trial::default()
    };
    let bank = bank(session)?;
    let table = args
        .from
        .as_ref()
        .zip(args.outcome.as_ref())
        .zip(args.won.as_ref());
    let today = session.around.today();
    let source = if let Some(((file, outcome), won)) = table {
        source::file(file, outcome, won, args, &bank, today)?
    } else {
        let store = session.open(Access::Write)?;
        source::pipeline(&store, &bank, today)?
    };
    if let Err(why) = check(&source.table) {
        if let CalibrationError::TooFew { .. } = why {
            told::counts(session, &source)?;
        }
        return Err(refused(&why, args));
    }
    let report = calibrate(&source.table, trial, source.present.as_deref())
        .map_err(|why| refused(&why, args))?;
    let learnt = if args.accept {
        Some(source::learn(&source, &bank, trial)?)
    } else {
        None
    };
    told::report(session, &source, &report)?;
    let Some(learnt) = learnt else { return Ok(()) };
    let mut store = session.open(Access::Write)?;
    let act = Act::Learn {
        bank: bank.id().to_owned(),
        learnt: Some(Box::new(learnt)),
    };
    let done = store.act(&session.stamp(), &act)?;
    if session.global.json {
        return Ok(());
    }
    session.done(&store, &done)
}

/// The bank in force with the weights of its file, so that they are what is compared with.
fn bank(session: &Session<'_>) -> Result<Bank, CliError> {
    let judge = if session.path()?.exists() {
        session.open(Access::Write)?.judge().clone()
    } else {
        session.judge()
    };
    Ok(judge.bank().without_learnt())
}

/// Says why a table cannot be learnt from, and what to do.
fn refused(why: &CalibrationError, args: &CalibrateArgs) -> CliError {
    let hint = match (why, &args.from) {
        (CalibrationError::TooFew { .. }, None) => {
            "close deals and keep their answers; `calibrate --from FILE` learns from a table"
                .to_owned()
        }
        (CalibrationError::TooFew { .. }, Some(_)) => "add older deals to the table".to_owned(),
        (CalibrationError::OneClass { .. }, None) => {
            "it takes deals of both kinds: `close DEAL lost`, `close DEAL won`".to_owned()
        }
        (CalibrationError::OneClass { .. }, Some(_)) => {
            "it takes deals of both kinds; is `--won` the word for those that were won?".to_owned()
        }
        (CalibrationError::EveryRowDiffers { column }, _) => {
            format!("leave it out: `--without '{column}'`")
        }
        (CalibrationError::Questions { .. }, None) => {
            "answer questions before deals are closed".to_owned()
        }
        (CalibrationError::Questions { .. }, Some(_)) => {
            "leave out what is no question with `--without COLUMN`".to_owned()
        }
    };
    CliError::failed(why.to_string()).hint(hint)
}
