//! `import --watch`: takes each export as it arrives in a folder, and leaves what must be seen.
//!
//! The folder is told of by the system; nothing ticks while nothing arrives. A file is taken once
//! it is complete: its writer has closed it, or it did not grow for a while.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecursiveMode, Watcher};
use serde_json::json;

use super::told::{Told, value};
use super::{ImportArgs, Prepared, prepare, rows};
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::surroundings::Surroundings;
use crate::domain::clean::TermSafe;
use crate::export::deals::SCHEMA;
use crate::export::json;
use crate::import::{self, Mark, Report, is_table_name};

/// How long a file that was closed must stay as it is.
const CLOSED: Duration = Duration::from_millis(300);

/// The same for a file that nobody said was closed.
const QUIET: Duration = Duration::from_secs(if cfg!(target_os = "linux") { 4 } else { 1 });

/// What wakes the watch.
enum Heard {
    /// A file was written or came; whether its writer is done with it.
    File(PathBuf, bool),
    /// Something happened and nobody knows what: the folder is looked through.
    Something,
    /// The person wants to leave.
    Stop,
}

/// A file that is not taken yet.
struct Waiting {
    mark: Option<Mark>,
    since: Instant,
    closed: bool,
}

impl Waiting {
    fn ends(&self) -> Instant {
        self.since + if self.closed { CLOSED } else { QUIET }
    }
}

/// The files of the folder: those that are known as they are, and those that wait.
#[derive(Default)]
struct Files {
    known: HashMap<PathBuf, Mark>,
    waiting: BTreeMap<PathBuf, Waiting>,
}

impl Files {
    fn note(&mut self, path: PathBuf, closed: bool, now: Instant) {
        if is_table_name(&path) {
            let waiting = Waiting {
                mark: Mark::of(&path),
                since: now,
                closed,
            };
            self.waiting.insert(path, waiting);
        }
    }

    /// When the next file may be complete; `None` while none waits.
    fn next(&self) -> Option<Instant> {
        self.waiting.values().map(Waiting::ends).min()
    }

    /// Takes the files that are complete and not known as they are.
    fn complete(&mut self, now: Instant) -> Vec<PathBuf> {
        let mut complete = Vec::new();
        let known = &mut self.known;
        self.waiting.retain(|path, waiting| {
            if waiting.ends() > now {
                return true;
            }
            let mark = Mark::of(path);
            if mark != waiting.mark {
                // It grew after all; one that is gone is forgotten.
                waiting.mark.clone_from(&mark);
                waiting.since = now;
                return mark.is_some();
            }
            if let Some(mark) = mark.filter(|mark| mark.size() > 0)
                && known.get(path) != Some(&mark)
            {
                known.insert(path.clone(), mark);
                complete.push(path.clone());
            }
            false
        });
        complete
    }
}

/// Carries out `import --watch`.
pub fn run(session: &mut Session<'_>, args: &ImportArgs, folder: &Path) -> Result<(), CliError> {
    let (tell, heard) = mpsc::channel();
    let cancel = Arc::new(AtomicBool::new(false));
    let mut files = Files::default();
    let watcher = watch(folder, tell.clone())?;
    for path in listed(folder)? {
        if let Some(mark) = Mark::of(&path) {
            files.known.insert(path, mark);
        }
    }
    stop_on_signal(&cancel, &tell)?;
    if !session.global.json {
        session.out.safe(&format!(
            "Watching {}: each new export is taken in; Ctrl-C ends it",
            folder.to_string_lossy()
        ))?;
    }
    session.out.flush()?;
    while let Some(complete) = next(&mut files, &heard, folder)? {
        for path in complete {
            let around = Surroundings {
                now: session.around.instant(),
                ..session.around.clone()
            };
            let mut one = Session::new(&around, session.global);
            arrived(&mut one, args, &path, &cancel)?;
            one.out.flush()?;
        }
    }
    drop(watcher);
    Ok(())
}

/// Waits for complete files; `None` when the person wants to leave.
fn next(
    files: &mut Files,
    heard: &Receiver<Heard>,
    folder: &Path,
) -> Result<Option<Vec<PathBuf>>, CliError> {
    loop {
        let news = match files.next() {
            Some(end) => heard.recv_timeout(end.saturating_duration_since(Instant::now())),
            None => heard.recv().map_err(RecvTimeoutError::from),
        };
        let now = Instant::now();
        match news {
            Ok(Heard::File(path, closed)) => files.note(path, closed, now),
            Ok(Heard::Something) => {
                for path in listed(folder)? {
                    files.note(path, false, now);
                }
            }
            Ok(Heard::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let complete = files.complete(now);
        if !complete.is_empty() {
            return Ok(Some(complete));
        }
    }
}

/// The tables in a folder.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let entries = std::fs::read_dir(folder).map_err(|e| CliError::file("read", folder, &e))?;
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.filter(|path| is_table_name(path)).collect())
}

fn watch(folder: &Path, tell: Sender<Heard>) -> Result<notify::RecommendedWatcher, CliError> {
    let refused = |e: notify::Error| {
        CliError::failed(format!("`{}` cannot be watched", folder.to_string_lossy()))
            .because(e.to_string())
            .hint("name a folder of this computer, or import the files by name")
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Where nobody listens any more the watch is over, and with it this.
        let Some(event) = event.ok().filter(|event| !event.need_rescan()) else {
            let _ = tell.send(Heard::Something);
            return;
        };
        let closed = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(_)) => true,
            EventKind::Access(_)
            | EventKind::Modify(ModifyKind::Metadata(_))
            | EventKind::Remove(_) => return,
            EventKind::Any
            | EventKind::Create(_)
            | EventKind::Modify(ModifyKind::Any | ModifyKind::Data(_) | ModifyKind::Other)
            | EventKind::Other => false,
        };
        for path in event.paths {
            let _ = tell.send(Heard::File(path, closed));
        }
    })
    .map_err(refused)?;
    watcher
        .watch(folder, RecursiveMode::NonRecursive)
        .map_err(refused)?;
    Ok(watcher)
}

/// Lets Ctrl-C end the watch, also while an import runs, which is then taken back; a second one
/// ends the program at once.
#[cfg(unix)]
fn stop_on_signal(cancel: &Arc<AtomicBool>, tell: &Sender<Heard>) -> Result<(), CliError> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let (cancel, tell) = (Arc::clone(cancel), tell.clone());
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if cancel.swap(true, Ordering::SeqCst) {
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
            let _ = tell.send(Heard::Stop);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere signals may not be heard"
)]
fn stop_on_signal(_cancel: &Arc<AtomicBool>, _tell: &Sender<Heard>) -> Result<(), CliError> {
    Ok(())
}

/// Takes a file in, or leaves it and says why. A file that cannot be taken ends nothing.
fn arrived(
    session: &mut Session<'_>,
    args: &ImportArgs,
    path: &Path,
    cancel: &Arc<AtomicBool>,
) -> Result<(), CliError> {
    match take(session, args, path, cancel) {
        Ok(why) if why.is_empty() => Ok(()),
        Ok(why) => left(session, path, &why),
        Err(error) => left(session, path, &[error.what().to_owned()]),
    }
}

/// Takes a file in; returns why not where a person must see it first.
fn take(
    session: &mut Session<'_>,
    args: &ImportArgs,
    path: &Path,
    cancel: &Arc<AtomicBool>,
) -> Result<Vec<String>, CliError> {
    let files = [path.to_owned()];
    let Prepared {
        mut store,
        options,
        export,
    } = prepare(session, args, &files, cancel, false)?;
    let report = import::preview(&store, &export, args.takes_file(), &mut |_, _| {})?;
    let why = to_see(&export, &report);
    if !why.is_empty() {
        return Ok(why);
    }
    let stamp = session.stamp();
    let report = import::run(&store, &export, args.takes_file(), stamp, &mut |_, _| {})?;
    import::remember(&store, &export, &options, session.around.now)?;
    import::note_taken(&store, &files)?;
    Session::index_import(&mut store)?;
    if session.global.json {
        let action = report.action.map(|id| store.action(id)).transpose()?;
        let told = Told {
            files: export.files(),
            report: &report,
            what: action.flatten().map(|entry| entry.what),
            dry: false,
        };
        line(session, &value(&told))?;
        return Ok(why);
    }
    let counts = report.counts;
    let undo = report.action.map_or_else(
        || "nothing had to change".to_owned(),
        |id| format!("`walkaway undo {id}` takes it back"),
    );
    session.out.safe(&format!(
        "{}: {} new, {} updated, {} same, {} skipped; {undo}",
        name(path),
        counts.new,
        counts.updated,
        counts.same,
        counts.skipped
    ))?;
    Ok(why)
}

/// What a person must see before the file goes in.
fn to_see(export: &import::Export, report: &Report) -> Vec<String> {
    let counts = report.counts;
    let mut why = Vec::new();
    if counts.conflict > 0 {
        why.push(format!("{} in conflict", rows(counts.conflict)));
    }
    if counts.refused > 0 {
        why.push(format!("{} cannot be read", rows(counts.refused)));
    }
    if export.has_unseen() {
        why.push("nobody has seen yet what is assumed of such a file".to_owned());
    }
    why
}

fn left(session: &mut Session<'_>, path: &Path, why: &[String]) -> Result<(), CliError> {
    let file = TermSafe::caret(&path.to_string_lossy()).into_string();
    let command = format!("walkaway import {}", quoted(&file));
    if session.global.json {
        let value = json!({
            "schema": SCHEMA, "file": file, "left": true, "why": why, "command": command,
        });
        return line(session, &value);
    }
    let why = why.join(", ");
    let why = why.trim_end_matches('.');
    session
        .out
        .safe(&format!("{}: left, {why}; look: {command}", name(path)))?;
    Ok(())
}

/// One value on one line.
fn line(session: &mut Session<'_>, value: &serde_json::Value) -> Result<(), CliError> {
    session.out.line(json::escaped(&value.to_string()))?;
    Ok(())
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    TermSafe::caret(&name).into_string()
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-~+:,".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a file that waits in it.
    fn noted(text: &str) -> (tempfile::TempDir, PathBuf, Files, Instant) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deals.csv");
        std::fs::write(&path, text).unwrap();
        let (mut files, now) = (Files::default(), Instant::now());
        files.note(path.clone(), true, now);
        (folder, path, files, now)
    }

    #[test]
    fn a_closed_file_is_complete_after_a_moment_and_only_once() {
        let (_folder, path, mut files, now) = noted("a,b\n");
        assert!(files.complete(now).is_empty());

        assert_eq!(files.complete(now + CLOSED), std::slice::from_ref(&path));

        files.note(path, true, now + CLOSED);
        assert!(files.complete(now + 2 * CLOSED).is_empty());
        assert_eq!(files.next(), None);
    }

    #[test]
    fn a_file_that_grows_waits_on_and_one_that_is_rewritten_is_taken_again() {
        let (_folder, path, mut files, now) = noted("a,b\n");
        std::fs::write(&path, "a,b\n1,2\n").unwrap();

        assert!(files.complete(now + CLOSED).is_empty());
        assert_eq!(files.next(), Some(now + 2 * CLOSED));
        assert_eq!(
            files.complete(now + 2 * CLOSED),
            std::slice::from_ref(&path)
        );

        std::fs::write(&path, "a,b\n1,2\n3,4\n").unwrap();
        files.note(path.clone(), true, now);
        assert_eq!(files.complete(now + CLOSED), [path]);
    }

    #[test]
    fn partial_downloads_empty_files_and_what_is_gone_are_nothing() {
        let (folder, path, mut files, now) = noted("");
        for name in ["a.csv.part", "a.csv.crdownload", ".a.csv", "a.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
            files.note(folder.path().join(name), true, now);
        }
        assert!(files.complete(now + CLOSED).is_empty());

        std::fs::write(&path, "a,b\n").unwrap();
        files.note(path.clone(), true, now);
        std::fs::remove_file(path).unwrap();
        assert!(files.complete(now + CLOSED).is_empty());
        assert_eq!(files.next(), None);
    }

    #[test]
    fn a_command_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("/a/b-1.csv"), "/a/b-1.csv");
        assert_eq!(quoted("/a/it's (1).csv"), "'/a/it'\\''s (1).csv'");
    }
}
