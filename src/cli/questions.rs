//! `questions`: banks of discovery questions.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::error::CliError;
use super::out::Tone;
use super::session::Session;
use super::table::{Table, cell, text};
use crate::domain::act::Act;
use crate::domain::bank::{Bank, BankMistake};
use crate::domain::clean::TermSafe;
use crate::export::deals::SCHEMA;
use crate::export::file::{self, FileError};
use crate::store::{Access, Judge};

/// Works with banks of discovery questions.
///
/// A team's own banks are the files `questions/*.toml` in the configuration folder.
#[derive(Args, Debug)]
pub struct QuestionsArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Lists the questions of the bank in force, or the banks.
    List {
        /// Lists the banks instead.
        #[arg(long)]
        banks: bool,
    },
    /// Looks for mistakes in a file of questions.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Writes a file of questions to start from; never over one that is there.
    New {
        /// The file.
        file: PathBuf,
    },
    /// Puts another bank in force.
    Use {
        /// Its id.
        bank: String,
    },
}

/// Carries out `questions`.
pub fn run(session: &mut Session<'_>, args: &QuestionsArgs) -> Result<(), CliError> {
    match &args.verb {
        Verb::List { banks: true } => banks(session),
        Verb::List { banks: false } => list(session),
        Verb::Check { file } => check(session, file),
        Verb::New { file } => new(session, file),
        Verb::Use { bank } => {
            let mut store = session.open(Access::Write)?;
            let done = store.act(&session.stamp(), &Act::UseBank { bank: bank.clone() })?;
            session.done(&store, &done)
        }
    }
}

/// The judge of the pipeline, or where there is none that of this computer.
fn judge(session: &Session<'_>) -> Result<Judge, CliError> {
    if session.path()?.exists() {
        Ok(session.open(Access::Write)?.judge().clone())
    } else {
        Ok(session.judge())
    }
}

fn banks(session: &mut Session<'_>) -> Result<(), CliError> {
    let judge = judge(session)?;
    let in_force = judge.bank().id().to_owned();
    if session.global.json {
        let mut array = session.out.array();
        for bank in judge.banks() {
            array.push(&json!({
                "schema": SCHEMA, "id": bank.id(), "name": bank.name(), "version": bank.version(),
                "questions": bank.questions().len(), "in_force": bank.id() == in_force,
            }))?;
        }
        array.end()?;
        return Ok(());
    }
    let columns = [
        text("id", 8),
        text("name", 10),
        text("questions", 9),
        text("", 8),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for bank in judge.banks() {
        let note = if bank.id() == in_force {
            "in force"
        } else {
            ""
        };
        let count = bank.questions().len().to_string();
        table.row(vec![
            cell(bank.id()),
            cell(bank.name()),
            cell(&count),
            cell(note),
        ])?;
    }
    table.end()?;
    Ok(())
}

fn list(session: &mut Session<'_>) -> Result<(), CliError> {
    let judge = judge(session)?;
    let bank = judge.bank();
    if session.global.json {
        let mut array = session.out.array();
        for question in bank.questions() {
            array.push(&json!({
                "schema": SCHEMA,
                "bank": bank.id(),
                "id": question.id,
                "text": question.text,
                "short": question.short,
                "section": question.section.code(),
                "direction": question.direction.map(crate::domain::bank::Direction::code),
                "weight": question.weight,
                "core": question.core,
                "must": question.must.map(crate::domain::bank::Must::code),
                "knockout": question.knockout.code(),
                "shelf_days": question.shelf_days,
                "topic": question.topic.code(),
                "ask": question.ask,
                "counts_as_evidence": question.counts_as_evidence,
                "hard_question": question.hard_question,
            }))?;
        }
        array.end()?;
        return Ok(());
    }
    let columns = [
        text("id", 8),
        text("short", 8),
        text("", 4),
        text("question", 20),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for question in bank.questions() {
        let core = if question.core { "core" } else { "" };
        let tone = if question.core {
            Tone::Plain
        } else {
            Tone::Quiet
        };
        let mut row = vec![
            cell(&question.id),
            cell(&question.short),
            cell(core),
            cell(&question.text),
        ];
        for cell in &mut row {
            cell.1 = tone;
        }
        table.row(row)?;
    }
    table.end()?;
    Ok(())
}

/// Prints mistakes, each with its place.
pub fn mistakes(
    session: &mut Session<'_>,
    file: &str,
    mistakes: &[BankMistake],
) -> Result<(), CliError> {
    let file = TermSafe::caret(file);
    for mistake in mistakes {
        let what = TermSafe::caret(&mistake.what);
        session.out.line(format!(
            "{file}:{}:{}: {what}",
            mistake.line, mistake.column
        ))?;
        if !mistake.hint.is_empty() {
            session
                .out
                .line(format!("  hint: {}", TermSafe::caret(&mistake.hint)))?;
        }
    }
    Ok(())
}

/// Mistakes as JSON.
pub fn mistakes_json(file: &str, mistakes: &[BankMistake]) -> Vec<serde_json::Value> {
    let all = mistakes.iter();
    all.map(|m| {
        json!({
            "file": file, "line": m.line, "column": m.column, "what": m.what,
            "hint": if m.hint.is_empty() { None } else { Some(&m.hint) },
        })
    })
    .collect()
}

fn check(session: &mut Session<'_>, path: &std::path::Path) -> Result<(), CliError> {
    let name = path.to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).map_err(|e| CliError::file("read", path, &e))?;
    let result = Bank::parse(&text);
    let found = result.as_ref().err().map_or(&[][..], Vec::as_slice);
    if session.global.json {
        let bank = result.as_ref().ok();
        session.out.value(&json!({
            "schema": SCHEMA,
            "file": name,
            "bank": bank.map(|b| json!({
                "id": b.id(), "name": b.name(), "version": b.version(),
                "questions": b.questions().len(),
            })),
            "mistakes": mistakes_json(&name, found),
        }))?;
    } else if let Ok(bank) = &result {
        let core = bank.questions().iter().filter(|q| q.core).count();
        let count = bank.questions().len();
        session.out.safe(&format!(
            "{name}: {count} questions, {core} of them core; no mistakes"
        ))?;
    } else {
        mistakes(session, &name, found)?;
        let count = found.len();
        let mistakes = if count == 1 { "mistake" } else { "mistakes" };
        session.out.line(format!("{count} {mistakes}"))?;
    }
    if result.is_err() {
        Err(CliError::told())
    } else {
        Ok(())
    }
}

/// A bank to start from: the shortest one that is sound, with every key explained.
const TEMPLATE: &str = include_str!("../../assets/questions/template.toml");

fn new(session: &mut Session<'_>, path: &std::path::Path) -> Result<(), CliError> {
    #[derive(Debug)]
    struct Fault(CliError);
    impl From<FileError> for Fault {
        fn from(error: FileError) -> Self {
            let told = CliError::from(error);
            Self(told.hint("name another file; `questions new` never writes over one"))
        }
    }
    impl From<std::io::Error> for Fault {
        fn from(error: std::io::Error) -> Self {
            Self(error.into())
        }
    }
    file::write(path, false, |to| -> Result<(), Fault> {
        to.write_all(TEMPLATE.as_bytes())?;
        Ok(())
    })
    .map_err(|fault| fault.0)?;
    let shown = path.to_string_lossy();
    if session.global.json {
        session
            .out
            .value(&json!({ "schema": SCHEMA, "file": shown }))?;
    } else {
        session.out.safe(&format!("Wrote {shown}"))?;
        session.out.safe(&format!(
            "`walkaway questions check {shown}` looks for mistakes in it"
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_sound() {
        let bank = Bank::parse(TEMPLATE).unwrap();

        assert_eq!(bank.id(), "team");
    }
}
