//! What a command could not do, and how that is told: in words, or as JSON.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::domain::clean::TermSafe;
use crate::export::calendar::CalendarError;
use crate::import::ImportError;
use crate::store::StoreError;

/// How a failed command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was asked could not be done: exit code 1.
    Failed,
    /// What was asked is no use of the command: exit code 2.
    Usage,
    /// Nobody reads the output any more: no message, exit code 0.
    Pipe,
    /// The failure is in the report that was printed already: no message, exit code 1.
    Told,
}

/// What a command could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliError(Box<Told>);

/// All that is told of it; boxed, since most calls end well.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    kind: Kind,
    what: String,
    why: Vec<String>,
    hint: String,
    file: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
}

impl CliError {
    fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self(Box::new(Told {
            kind,
            what: what.into(),
            why: Vec::new(),
            hint: String::new(),
            file: None,
            line: None,
            column: None,
        }))
    }

    /// What was asked could not be done.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Kind::Failed, what)
    }

    /// The command was called in a way that means nothing.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what)
    }

    /// A report that was printed already says what failed.
    pub fn told() -> Self {
        Self::new(Kind::Told, "")
    }

    /// A file could not be read or written.
    pub fn file(doing: &str, path: &Path, source: &io::Error) -> Self {
        let path = path.to_string_lossy();
        Self::failed(format!("cannot {doing} `{path}`"))
            .because(source.to_string())
            .in_file(path.into_owned())
    }

    /// Adds a reason; several stand below each other.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.0.why.push(why.into());
        self
    }

    /// What happened, in one sentence.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = hint.into();
        self
    }

    /// Names the file that it is about.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.file = Some(file.into());
        self
    }

    /// Names the place in the file, both counted from 1.
    #[must_use]
    pub fn at(mut self, line: u64, column: Option<u64>) -> Self {
        self.0.line = Some(line);
        self.0.column = column;
        self
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self.0.kind {
            Kind::Failed | Kind::Told => 1,
            Kind::Usage => 2,
            Kind::Pipe => 0,
        }
    }

    /// Whether there is something to say.
    pub fn is_silent(&self) -> bool {
        match self.0.kind {
            Kind::Failed | Kind::Usage => false,
            Kind::Pipe | Kind::Told => true,
        }
    }

    /// The error as JSON.
    pub fn to_json(&self) -> Json {
        let why = if self.0.why.is_empty() {
            Json::Null
        } else {
            json!(self.0.why.join("; "))
        };
        let hint = if self.0.hint.is_empty() {
            Json::Null
        } else {
            json!(self.0.hint)
        };
        json!({
            "schema": 1,
            "error": {
                "what": self.0.what,
                "why": why,
                "hint": hint,
                "file": self.0.file,
                "line": self.0.line,
                "column": self.0.column,
            }
        })
    }

    /// Prints the error in words.
    pub fn print(&self, to: &mut dyn Write) -> io::Result<()> {
        let place = match (&self.0.file, self.0.line, self.0.column) {
            (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
            (Some(file), Some(line), None) => format!("{file}:{line}: "),
            (Some(_), None, _) | (None, ..) => String::new(),
        };
        writeln!(
            to,
            "error: {}{}",
            TermSafe::caret(&place),
            safe(&self.0.what)
        )?;
        match self.0.why.as_slice() {
            [] => {}
            [one] => writeln!(to, "  because {}", safe(one))?,
            many => {
                for why in many {
                    writeln!(to, "  {}", safe(why))?;
                }
            }
        }
        if !self.0.hint.is_empty() {
            writeln!(to, "hint: {}", safe(&self.0.hint))?;
        }
        Ok(())
    }
}

fn safe(text: &str) -> TermSafe {
    TermSafe::caret(text)
}

impl From<io::Error> for CliError {
    fn from(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Kind::Pipe, "");
        }
        Self::failed("cannot write the output").because(source.to_string())
    }
}

impl From<serde_json::Error> for CliError {
    fn from(source: serde_json::Error) -> Self {
        Self::from(io::Error::from(source))
    }
}

impl From<CalendarError> for CliError {
    fn from(error: CalendarError) -> Self {
        let hint = error.hint();
        Self::failed(error.to_string()).hint(hint)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = error.hint();
        let file = match &error {
            StoreError::Missing { path }
            | StoreError::NotAPipeline { path, .. }
            | StoreError::TooNew { path, .. }
            | StoreError::Locked { path }
            | StoreError::ReadOnly { path }
            | StoreError::Moved { path }
            | StoreError::DiskFull { path }
            | StoreError::NotTakenBack { path }
            | StoreError::Disk { path, .. }
            | StoreError::Io { path, .. }
            | StoreError::Damaged { path, .. } => Some(path.to_string_lossy().into_owned()),
            StoreError::Refused { .. }
            | StoreError::UndoConflict { .. }
            | StoreError::Nothing { .. }
            | StoreError::Cancelled
            | StoreError::Sql { .. } => None,
        };
        let mut told = Self::failed(error.to_string()).hint(hint);
        told.0.file = file;
        told
    }
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        let what = error.to_string();
        let mut told = Self::failed(what.trim_end_matches('.'));
        if let Some(why) = error.why() {
            told = told.because(why);
        }
        if let Some(hint) = error.hint() {
            told = told.hint(hint);
        }
        match &error {
            ImportError::Runaway { path, line, .. } => told = told.in_file(path).at(*line, None),
            ImportError::UnknownField { .. }
            | ImportError::UnknownColumn { .. }
            | ImportError::UnknownCurrency { .. }
            | ImportError::UnknownOrder { .. } => told.0.kind = Kind::Usage,
            ImportError::Missing { path }
            | ImportError::Folder { path }
            | ImportError::NoPermission { path }
            | ImportError::Empty { path }
            | ImportError::Special { path, .. }
            | ImportError::NotATable { path, .. }
            | ImportError::Unpack { path, .. }
            | ImportError::Changed { path }
            | ImportError::NoRows { path }
            | ImportError::NoHeader { path, .. }
            | ImportError::TooManyColumns { path, .. }
            | ImportError::Json { path, .. }
            | ImportError::DiskFull { path }
            | ImportError::Io { path, .. } => told = told.in_file(path),
            ImportError::NoDeals { .. } | ImportError::CrmFile { .. } | ImportError::Cancelled => {}
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(error: &CliError) -> String {
        let mut out = Vec::new();
        error.print(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_error_says_what_why_and_what_next() {
        let error = CliError::failed("a is not b").because("of c").hint("do d");

        assert_eq!(
            words(&error),
            "error: a is not b\n  because of c\nhint: do d\n"
        );
        assert_eq!(error.code(), 1);
    }

    #[test]
    fn a_place_comes_first() {
        let error = CliError::failed("odd").in_file("x.toml").at(3, Some(7));

        assert_eq!(words(&error), "error: x.toml:3:7: odd\n");
    }

    #[test]
    fn json_has_every_member() {
        let json = CliError::usage("odd").to_json().to_string();

        assert_eq!(
            json,
            r#"{"schema":1,"error":{"what":"odd","why":null,"hint":null,"file":null,"line":null,"column":null}}"#
        );
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert!(!words(&CliError::failed("\u{1b}]0;x\u{7}")).contains('\u{1b}'));
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let error = CliError::from(io::Error::from(io::ErrorKind::BrokenPipe));

        assert_eq!((error.code(), error.is_silent()), (0, true));
    }
}
