//! The command line: every verb with its arguments. The doc comments are the help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::{
    add, after, answer, ask, backup, calendar, calibrate, completions, config, decide, demo,
    doctor, export, hours, import, journal, list, message, nurture, owed, people, questions,
    report, review, seal, show, touch, tripwire, undo, view, week,
};

/// A deal-review cockpit: fire the prospect, or continue with intent.
///
/// Without a command the cockpit opens. Every command works on one pipeline, a local file; what
/// the cockpit does can be done by commands as well, and everything can be undone.
#[derive(Debug, Parser)]
#[command(
    name = "walkaway",
    version,
    max_term_width = 100,
    arg_required_else_help = false
)]
pub struct Cli {
    /// What to do; without it the cockpit opens.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What every command takes.
    #[command(flatten)]
    pub global: Global,

    /// How the cockpit starts.
    #[command(flatten)]
    pub cockpit: Cockpit,
}

/// What every command takes.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// The pipeline [default: the one of this computer; also WALKAWAY_DB].
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Who does it [default: also WALKAWAY_AS, the person last chosen, the login name].
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub who: Option<String>,
    /// Prints one JSON value instead of words; errors too, on standard error.
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How the cockpit starts.
#[derive(Args, Clone, Debug, Default)]
pub struct Cockpit {
    /// Starts for a shared screen: amounts and names are masked.
    #[arg(long)]
    pub share: bool,
    /// Starts with this view.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Starts with this filter, such as 'owner:me dark:yes amount>50k'.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    pub mask: Option<u8>,
}

/// The verbs; the help of each stands with its arguments.
#[expect(
    missing_docs,
    reason = "a verb's help is the doc of its arguments, which this would hide"
)]
#[derive(Debug, Subcommand)]
pub enum Command {
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    Show(show::ShowArgs),
    Answer(answer::AnswerArgs),
    Note(answer::NoteArgs),
    Fire(decide::FireArgs),
    Hold(decide::HoldArgs),
    Continue(decide::ContinueArgs),
    Reinstate(nurture::ReinstateArgs),
    Nurture(nurture::NurtureArgs),
    Outcome(after::OutcomeArgs),
    Regret(after::RegretArgs),
    Hours(hours::HoursArgs),
    Close(decide::CloseArgs),
    Add(add::AddArgs),
    Edit(add::EditArgs),
    Ask(ask::AskArgs),
    Message(message::MessageArgs),
    Calendar(calendar::CalendarArgs),
    Touch(touch::TouchArgs),
    #[command(visible_alias = "commit")]
    Commitment(owed::CommitmentArgs),
    Concession(owed::ConcessionArgs),
    Bait(owed::BaitArgs),
    Gate(owed::GateArgs),
    Access(owed::AccessArgs),
    Contact(people::ContactArgs),
    Handoff(people::HandoffArgs),
    Person(people::PersonArgs),
    Sweep(week::SweepArgs),
    Week(week::WeekArgs),
    Review(review::ReviewArgs),
    Seal(seal::SealArgs),
    Charter(seal::CharterArgs),
    Tripwire(tripwire::TripwireArgs),
    Undo(undo::UndoArgs),
    Redo(undo::RedoArgs),
    Journal(journal::JournalArgs),
    Questions(questions::QuestionsArgs),
    Calibrate(calibrate::CalibrateArgs),
    Report(report::ReportArgs),
    View(view::ViewArgs),
    Me(view::MeArgs),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    Config(config::ConfigArgs),
    Completions(completions::CompletionsArgs),
    Man(completions::ManArgs),
    Demo(demo::DemoArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    /// Looks at the arguments of a command, and of those below it.
    fn each(command: &clap::Command, of: &str, look: &mut dyn FnMut(&str, &clap::Arg)) {
        let of = format!("{of} {}", command.get_name());
        for arg in command.get_arguments() {
            look(&of, arg);
        }
        for verb in command.get_subcommands() {
            each(verb, &of, look);
        }
    }

    /// Else the value of the one becomes that of the other: whom we ask, who did it.
    #[test]
    fn no_verb_has_an_argument_of_the_name_of_one_that_is_everywhere() {
        let cli = Cli::command();
        let everywhere = cli.get_arguments().filter(|arg| arg.is_global_set());
        let everywhere: Vec<_> = everywhere.map(|arg| arg.get_id().clone()).collect();
        assert!(everywhere.len() >= 4, "{everywhere:?}");
        for verb in cli.get_subcommands() {
            each(verb, "", &mut |of, arg| {
                assert!(!everywhere.contains(arg.get_id()), "{of} {}", arg.get_id());
            });
        }
    }

    #[test]
    fn every_verb_and_argument_has_help() {
        for verb in Cli::command().get_subcommands() {
            assert!(verb.get_about().is_some(), "{}", verb.get_name());
            for arg in verb.get_arguments() {
                assert!(
                    arg.get_help().is_some(),
                    "{} {}",
                    verb.get_name(),
                    arg.get_id()
                );
            }
        }
    }
}
