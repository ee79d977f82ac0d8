//! The commands: everything that the cockpit does, for scripts and for people in a hurry.
//!
//! One file holds one verb, or a few that belong together. A verb parses its arguments into an
//! [`Act`](crate::domain::act::Act) or a query, hands it to the store, and prints the answer as
//! words or as JSON. It never asks back.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are their help, which is read on a terminal"
)]

pub mod args;
pub mod config;
pub mod error;
pub mod launch;
pub mod surroundings;

mod add;
mod after;
mod answer;
mod ask;
mod backup;
mod calendar;
mod calibrate;
mod completions;
mod decide;
pub mod demo;
mod doctor;
mod export;
mod fields;
mod hours;
mod import;
mod journal;
mod list;
mod message;
mod nurture;
mod out;
mod owed;
mod people;
mod questions;
mod report;
mod review;
mod sample;
mod seal;
mod session;
mod show;
mod table;
mod tell;
mod touch;
mod tripwire;
mod undo;
mod view;
mod week;

use std::ffi::OsString;
use std::io::Write as _;

use anstream::AutoStream;
use clap::Parser;
use clap::error::ErrorKind;

use args::{Cli, Command};
pub use error::CliError;
pub use launch::Launch;
use out::colour;
use session::Session;
pub use surroundings::Surroundings;

/// What the program does after the command line was read.
#[derive(Debug)]
pub enum Next {
    /// It ends with this exit code.
    Exit(u8),
    /// It opens the cockpit.
    Cockpit(Box<Launch>),
}

/// Reads the command line and carries it out, unless it asks for the cockpit.
pub fn run(args: impl IntoIterator<Item = OsString>, around: &Surroundings) -> Next {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return misread(&error, &args, around),
    };
    let mut session = Session::new(around, &cli.global);
    if !matches!(
        cli.command,
        None | Some(
            Command::Config(_)
                | Command::Questions(_)
                | Command::Doctor(_)
                | Command::Completions(_)
        )
    ) {
        warn(&session);
    }
    let result = carry_out(&mut session, cli.command, &cli.cockpit)
        .and_then(|next| session.out.flush().map(|()| next).map_err(CliError::from));
    match result {
        Ok(Some(launch)) => Next::Cockpit(launch),
        Ok(None) => Next::Exit(0),
        Err(error) => {
            // What was printed before the failure belongs before its message.
            let _ = session.out.flush();
            Next::Exit(tell(&error, cli.global.json, cli.global.color, around))
        }
    }
}

/// Says that the configuration has mistakes, in one line; what is wrong there is as by default.
fn warn(session: &Session<'_>) {
    let (false, Some((file, first))) = (session.global.json, session.config.mistakes.first())
    else {
        return;
    };
    let text = format!(
        "warning: {file}:{}:{}: {}; `walkaway config check` shows all",
        first.line, first.column, first.what
    );
    // A warning that cannot be written is not worth failing for.
    let _ = writeln!(
        std::io::stderr(),
        "{}",
        crate::domain::clean::TermSafe::caret(&text)
    );
}

/// Prints an error where errors go and returns the exit code.
pub fn tell(error: &CliError, json: bool, when: args::When, around: &Surroundings) -> u8 {
    if !error.is_silent() {
        let choice = colour(when, around, around.err_is_terminal);
        let mut stream = AutoStream::new(std::io::stderr().lock(), choice);
        // Nothing is left to do where even the error cannot be written.
        let _ = if json {
            writeln!(
                stream,
                "{}",
                crate::export::json::escaped(&error.to_json().to_string())
            )
        } else {
            error.print(&mut stream)
        };
    }
    error.code()
}

/// Answers a command line that clap did not take, or that asks for help.
fn misread(error: &clap::Error, args: &[OsString], around: &Surroundings) -> Next {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if !is_help && args.iter().any(|a| a == "--json") {
        let text = error.render().to_string();
        let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        let what = lines
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let hint = lines.collect::<Vec<_>>().join(" ");
        let told = CliError::usage(what).hint(hint);
        return Next::Exit(tell(&told, true, args::When::Never, around));
    }
    // A pipe that was closed is no failure of ours.
    let _ = error.print();
    Next::Exit(if is_help { 0 } else { 2 })
}

fn carry_out(
    session: &mut Session<'_>,
    command: Option<Command>,
    cockpit: &args::Cockpit,
) -> Result<Option<Box<Launch>>, CliError> {
    let Some(command) = command else {
        return launch::cockpit(session, cockpit).map(|launch| Some(Box::new(launch)));
    };
    match command {
        Command::Import(args) => import::run(session, &args),
        Command::Export(args) => export::run(session, &args),
        Command::List(args) => list::run(session, &args),
        Command::Show(args) => show::run(session, &args),
        Command::Answer(args) => answer::answer(session, &args),
        Command::Note(args) => answer::note(session, &args),
        Command::Fire(args) => decide::fire(session, &args),
        Command::Hold(args) => decide::hold(session, &args),
        Command::Continue(args) => decide::go_on(session, &args),
        Command::Reinstate(args) => nurture::reinstate(session, &args),
        Command::Nurture(args) => nurture::nurture(session, &args),
        Command::Outcome(args) => after::outcome(session, &args),
        Command::Regret(args) => after::regret(session, &args),
        Command::Hours(args) => hours::run(session, &args),
        Command::Close(args) => decide::close(session, &args),
        Command::Add(args) => add::add(session, &args),
        Command::Edit(args) => add::edit(session, &args),
        Command::Ask(args) => ask::run(session, &args),
        Command::Message(args) => message::run(session, &args),
        Command::Calendar(args) => calendar::run(session, &args),
        Command::Touch(args) => touch::run(session, &args),
        Command::Commitment(args) => owed::commitment(session, &args),
        Command::Concession(args) => owed::concession(session, &args),
        Command::Bait(args) => owed::bait(session, &args),
        Command::Gate(args) => owed::gate(session, &args),
        Command::Access(args) => owed::access(session, &args),
        Command::Contact(args) => people::contact(session, &args),
        Command::Handoff(args) => people::handoff(session, &args),
        Command::Person(args) => people::person(session, &args),
        Command::Sweep(args) => week::sweep(session, &args),
        Command::Week(args) => week::week(session, &args),
        Command::Review(args) => review::run(session, &args),
        Command::Seal(args) => seal::run(session, &args),
        Command::Charter(args) => seal::charter(session, &args),
        Command::Tripwire(args) => tripwire::run(session, &args),
        Command::Undo(args) => undo::undo(session, &args),
        Command::Redo(args) => undo::redo(session, &args),
        Command::Journal(args) => journal::run(session, &args),
        Command::Questions(args) => questions::run(session, &args),
        Command::Calibrate(args) => calibrate::run(session, &args),
        Command::Report(args) => report::run(session, &args),
        Command::View(args) => view::run(session, &args),
        Command::Me(args) => view::me(session, &args),
        Command::Backup(args) => backup::backup(session, &args),
        Command::Restore(args) => backup::restore(session, &args),
        Command::Doctor(args) => doctor::run(session, &args),
        Command::Config(args) => config::run(session, &args),
        Command::Completions(args) => completions::completions(session, &args),
        Command::Man(args) => completions::man(session, &args),
        Command::Demo(args) => return demo::run(session, &args),
    }?;
    Ok(None)
}
