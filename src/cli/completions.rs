//! `completions` and `man`.

use std::fmt::Write as _;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::args::Cli;
use super::error::CliError;
use super::session::Session;

/// Prints the completion script of a shell.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Prints the manual page of the program, or of one command.
#[derive(Args, Debug)]
pub struct ManArgs {
    /// The command.
    command: Option<String>,
}

/// Carries out `completions`.
pub fn completions(session: &mut Session<'_>, args: &CompletionsArgs) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "walkaway", &mut script);
    std::io::Write::write_all(&mut session.out, &script)?;
    Ok(())
}

/// Carries out `man`.
pub fn man(session: &mut Session<'_>, args: &ManArgs) -> Result<(), CliError> {
    let mut root = Cli::command();
    root.build();
    let command = match &args.command {
        None => root,
        Some(name) => {
            let names: Vec<String> = root
                .get_subcommands()
                .map(|c| c.get_name().to_owned())
                .collect();
            let found = root.find_subcommand(name).cloned();
            found.ok_or_else(|| {
                CliError::usage(format!("there is no command `{name}`"))
                    .hint(format!("there are: {}", names.join(", ")))
            })?
        }
    };
    clap_mangen::Man::new(command).render(&mut session.out)?;
    if args.command.is_none() {
        keys(session)?;
    }
    Ok(())
}

/// Writes the keys of the cockpit as a section of the manual.
fn keys(session: &mut Session<'_>) -> Result<(), CliError> {
    // A backslash, and a dot or an apostrophe at the start of a line, mean something to roff.
    let plain = |text: &str| format!("\\&{}", text.replace('\\', "\\(rs"));
    let mut page = String::from(".SH KEYS\n");
    let mut place = "";
    for [here, keys, does] in &(session.around.keys)() {
        if place != here {
            let _ = writeln!(page, ".SS {}", plain(here));
            place = here;
        }
        let _ = write!(page, ".TP\n{}\n{}\n", plain(keys), plain(does));
    }
    std::io::Write::write_all(&mut session.out, page.as_bytes())?;
    Ok(())
}
