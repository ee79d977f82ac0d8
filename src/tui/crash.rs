//! What is left of a panic: a terminal that works, and a report without a word of any deal.

use std::backtrace::Backtrace;
use std::fmt;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

use super::Clock;
use super::terminal::give_back;
use crate::domain::clean::TermSafe;

/// What a report says and where it goes.
#[derive(Clone)]
pub struct Crashes {
    /// The folder for reports; made when it is missing.
    pub folder: PathBuf,
    /// The program with its version.
    pub version: &'static str,
}

/// The exit code of a program that panicked.
pub const CRASHED: i32 = 101;

/// Makes every panic, in whatever thread, give the terminal back, write a report and print one
/// line with its place.
///
/// A panic of this thread then unwinds as usual. One of any other thread ends the program: a
/// cockpit without its worker would show old figures and take no decision.
pub fn install(crashes: Crashes, clock: Clock) {
    let ui = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        let report = Report::new(info, crashes.version, clock().to_rfc3339()).to_string();
        let line = match write(&crashes.folder, &report) {
            Ok(path) => {
                let path = TermSafe::caret(&path.to_string_lossy());
                format!("a report without deal data is in `{path}`")
            }
            Err(error) => format!("no report could be written: {error}"),
        };
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let version = crashes.version;
        // A closed terminal takes no line, and a second panic here would end the report.
        let _ = writeln!(
            io::stderr(),
            "{version} stopped on an error of its own at {place}; what was decided is saved, {line}"
        );
        if std::thread::current().id() != ui {
            std::process::exit(CRASHED);
        }
    }));
}

/// Writes the report into the folder, or into the temporary folder where that is not possible.
fn write(folder: &Path, report: &str) -> io::Result<PathBuf> {
    let name = format!("walkaway-crash-{}.txt", std::process::id());
    let wanted = folder.join(&name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&wanted, report));
    if written.is_ok() {
        return Ok(wanted);
    }
    // A name that others can guess: never follow a link that waits there.
    let path = std::env::temp_dir().join(name);
    std::fs::File::create_new(&path)?.write_all(report.as_bytes())?;
    Ok(path)
}

struct Report<'a> {
    version: &'static str,
    at: String,
    thread: String,
    place: String,
    words: &'a str,
}

impl<'a> Report<'a> {
    fn new(info: &'a PanicHookInfo<'_>, version: &'static str, at: String) -> Self {
        // A message that was put together at run time may quote a deal; one from the source
        // cannot.
        let words = info.payload().downcast_ref::<&'static str>().copied();
        Self {
            version,
            at,
            thread: std::thread::current()
                .name()
                .unwrap_or("without a name")
                .to_owned(),
            place: info.location().map(ToString::to_string).unwrap_or_default(),
            words: words.unwrap_or("left out, it may quote what you typed"),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "version  {}", self.version)?;
        writeln!(
            out,
            "system   {} {}",
            std::env::consts::OS,
            std::env::consts::ARCH
        )?;
        writeln!(out, "time     {}", self.at)?;
        writeln!(out, "thread   {}", self.thread)?;
        writeln!(out, "place    {}", self.place)?;
        writeln!(out, "message  {}", self.words)?;
        write!(out, "\n{}", Backtrace::force_capture())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_goes_into_a_folder_that_it_makes() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("a/b");

        let path = write(&missing, "report").unwrap();

        assert_eq!(path.parent(), Some(missing.as_path()));
        assert_eq!(std::fs::read_to_string(path).unwrap(), "report");
    }
}
