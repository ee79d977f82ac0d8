//! `report`: what the pipeline tells about ourselves, to read and to pass on.

mod insights;
mod judgement;
mod minutes;
mod triage;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::error::CliError;
use super::session::Session;
use crate::export::file;
use insights::InsightsArgs;
use minutes::MinutesArgs;
use triage::TriageArgs;

/// Reports what the pipeline tells about ourselves.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// What to report.
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What your own past tells: days to no and to yes, where you left, what came of it.
    Insights(InsightsArgs),
    /// What a sitting did: fired, on hold, continued, asked, and what is due.
    Triage(TriageArgs),
    /// What a 1:1 leaves behind.
    Minutes(MinutesArgs),
    /// Holds decisions and verdicts against what happened, for rep and manager.
    Judgement,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Markdown.
    Md,
    /// One HTML page that needs nothing else.
    Html,
}

/// Where a report goes, and in which form.
#[derive(Args, Debug)]
struct Output {
    /// The form [default: by the file's ending, else md].
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
    /// The file; without it the report is printed.
    #[arg(long = "output", short = 'o', value_name = "FILE")]
    file: Option<PathBuf>,
    /// Writes over the file if there is one.
    #[arg(long)]
    force: bool,
}

impl Output {
    fn form(&self) -> Form {
        let ending = self.file.as_ref().and_then(|path| path.extension());
        let is_page = ending
            .is_some_and(|end| end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm"));
        self.format
            .unwrap_or(if is_page { Form::Html } else { Form::Md })
    }

    fn put(&self, session: &mut Session<'_>, text: &str) -> Result<(), CliError> {
        let Some(path) = &self.file else {
            for line in text.lines() {
                session.out.safe(line)?;
            }
            return Ok(());
        };
        file::write(path, self.force, |to| -> Result<(), CliError> {
            Ok(to.write_all(text.as_bytes())?)
        })?;
        session.out.safe(&format!("Wrote {}", path.display()))?;
        Ok(())
    }
}

/// Carries out `report`.
pub fn run(session: &mut Session<'_>, args: &ReportArgs) -> Result<(), CliError> {
    match &args.what {
        What::Insights(args) => insights::run(session, args),
        What::Triage(args) => triage::run(session, args),
        What::Minutes(args) => minutes::run(session, args),
        What::Judgement => judgement::run(session),
    }
}
