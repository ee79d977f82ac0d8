//! What the cockpit is opened with.

use std::path::PathBuf;

use super::args::{Cockpit, When};
use super::config::Config;
use super::error::CliError;
use super::list::filter;
use super::session::{PERSON, Session};

/// What the cockpit is opened with, as the command line, the environment and the configuration
/// say it.
#[derive(Debug)]
pub struct Launch {
    /// The pipeline; it may not be there yet.
    pub path: PathBuf,
    /// Who sits here.
    pub who: String,
    /// Whether that person was named for this run only.
    pub who_was_named: bool,
    /// The file that remembers who sat here last; none without a home folder.
    pub person_file: Option<PathBuf>,
    /// The view to start with, by its name; none takes the place kept in the file.
    pub view: Option<String>,
    /// The filter to start with; it has no mistakes.
    pub filter: Option<String>,
    /// The level of the mask, 0 to 2.
    pub mask: u8,
    /// Whether the screen is shared.
    pub share: bool,
    /// Whether there are colours.
    pub colour: bool,
    /// The configuration.
    pub config: Config,
    /// A throw-away pipeline: its folder, which goes with this value.
    pub scratch: Option<tempfile::TempDir>,
}

impl Launch {
    /// What opens the cockpit over a pipeline.
    pub fn new(session: &Session<'_>, path: PathBuf, cockpit: &Cockpit) -> Self {
        let around = session.around;
        let colour = match session.global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => !around.no_color,
        };
        Self {
            path,
            who: session.who(),
            who_was_named: session.global.who.is_some() || around.who.is_some(),
            person_file: around.data.as_ref().map(|folder| folder.join(PERSON)),
            view: cockpit.view.clone(),
            filter: cockpit.filter.clone(),
            mask: cockpit.mask.unwrap_or(if cockpit.share { 2 } else { 0 }),
            share: cockpit.share,
            colour,
            config: session.config.clone(),
            scratch: None,
        }
    }
}

/// Refuses a terminal on which the cockpit cannot be drawn, and says what to use instead.
pub fn needs_terminal(session: &Session<'_>) -> Result<(), CliError> {
    let around = session.around;
    if !around.out_is_terminal || !around.in_is_terminal {
        return Err(
            CliError::failed("the cockpit needs a terminal, and this is none")
                .hint("use a command: `walkaway list`, `walkaway --help`"),
        );
    }
    if matches!(around.term.as_str(), "" | "dumb") {
        return Err(
            CliError::failed("the cockpit needs a terminal that can move its cursor")
                .because(format!("TERM is `{}`", around.term))
                .hint("use a command: `walkaway list`, `walkaway --help`"),
        );
    }
    Ok(())
}

/// Answers a call without a command.
pub fn cockpit(session: &Session<'_>, cockpit: &Cockpit) -> Result<Launch, CliError> {
    if session.global.json {
        return Err(CliError::usage("the cockpit prints no JSON")
            .hint("use a command: `walkaway list --json`"));
    }
    if let Some(text) = &cockpit.filter {
        filter(session, text)?;
    }
    needs_terminal(session)?;
    let path = session.path()?;
    Ok(Launch::new(session, path, cockpit))
}
