//! `doctor`: the pipeline's health, and what it depends on.

use std::path::Path;

use clap::Args;
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::out::Tone;
use super::session::Session;
use crate::export::deals::SCHEMA;
use crate::store::{self, Access, Health};

/// A write-ahead log above this many bytes should have been written back.
const LARGE_LOG: u64 = 64 << 20;

/// Checks the pipeline and what it depends on.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// Looks through every index and the search index; on a large file this takes a while.
    #[arg(long)]
    deep: bool,
}

/// One line of the report.
struct Fact {
    name: &'static str,
    value: Json,
    /// What is wrong with it; `None` when it is well.
    problem: Option<String>,
    /// Whether the problem fails the check, or is only worth knowing.
    grave: bool,
}

/// What is found out, in order.
#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn well(&mut self, name: &'static str, value: impl Into<Json>) {
        self.0.push(Fact {
            name,
            value: value.into(),
            problem: None,
            grave: false,
        });
    }

    fn warn(&mut self, name: &'static str, value: impl Into<Json>, problem: Option<String>) {
        self.0.push(Fact {
            name,
            value: value.into(),
            problem,
            grave: false,
        });
    }

    fn grave(&mut self, name: &'static str, value: impl Into<Json>, problem: Option<String>) {
        self.0.push(Fact {
            name,
            value: value.into(),
            problem,
            grave: true,
        });
    }
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

fn beside(path: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// File systems that other computers write to, where the write-ahead log is not safe.
const SHARED: [&str; 9] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "9p",
    "fuse.rclone",
    "afs",
];

/// Folders that a program keeps the same on several computers.
const SYNCED: [&str; 5] = ["Dropbox", "OneDrive", "iCloud", "Google Drive", "Nextcloud"];

/// The kind of file system that a path is on; `None` where the system does not tell.
fn mount(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let table = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let mut best: Option<(usize, String)> = None;
    for line in table.lines() {
        let mut parts = line.split(' ').skip(1);
        let (Some(point), Some(kind)) = (parts.next(), parts.next()) else {
            continue;
        };
        let point = point.replace("\\040", " ");
        if path.starts_with(&point) && best.as_ref().is_none_or(|(len, _)| *len <= point.len()) {
            best = Some((point.len(), kind.to_owned()));
        }
    }
    best.map(|(_, kind)| kind)
}

fn mount_problem(path: &Path, kind: Option<&str>) -> Option<String> {
    if let Some(kind) = kind.filter(|kind| SHARED.contains(kind)) {
        return Some(format!(
            "{kind} is shared with other computers: keep the pipeline on a disk of this one"
        ));
    }
    let text = path.to_string_lossy();
    let synced = SYNCED.iter().find(|name| text.contains(**name))?;
    Some(format!(
        "{synced} copies files while they are written: keep the pipeline elsewhere, and put backups there"
    ))
}

#[cfg(unix)]
fn permissions(path: &Path) -> (Json, Option<String>) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(meta) = std::fs::metadata(path) else {
        return (Json::Null, None);
    };
    let mode = meta.permissions().mode() & 0o777;
    let is_open = mode & 0o007 != 0;
    let problem = is_open.then(|| "others on this computer can read it: chmod 600".to_owned());
    (json!(format!("{mode:03o}")), problem)
}

#[cfg(not(unix))]
fn permissions(_path: &Path) -> (Json, Option<String>) {
    (Json::Null, None)
}

/// Free space below which the next import may not fit.
const LITTLE_SPACE: u64 = 256 << 20;

/// Bytes that are free where a path is; `None` where the system does not tell.
#[cfg(unix)]
fn free(path: &Path) -> Option<u64> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let told = rustix::fs::statvfs(folder.unwrap_or(Path::new("."))).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(not(unix))]
fn free(_path: &Path) -> Option<u64> {
    None
}

/// A path as it can be shown to others: the home folder, which has somebody's name, is `~`.
fn nameless(path: &Path, home: Option<&Path>) -> String {
    let inside = home.and_then(|home| path.strip_prefix(home).ok());
    match inside {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.to_string_lossy()),
        None => path.to_string_lossy().into_owned(),
    }
}

/// The reports of the program's own errors: how many, and the name of the latest.
fn crashes(folder: &Path) -> (usize, Option<String>) {
    let Ok(files) = std::fs::read_dir(folder.join("crashes")) else {
        return (0, None);
    };
    let mut reports: Vec<_> = files
        .flatten()
        .map(|file| {
            (
                file.metadata().and_then(|m| m.modified()).ok(),
                file.file_name(),
            )
        })
        .collect();
    reports.sort();
    let latest = reports
        .last()
        .map(|(_, name)| name.to_string_lossy().into_owned());
    (reports.len(), latest)
}

/// Copies that migrations and restores left beside the pipeline.
fn backups(path: &Path) -> usize {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let files = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
    let names = files
        .into_iter()
        .flatten()
        .flatten()
        .map(|file| file.file_name());
    names
        .filter(|other| {
            let other = other.to_string_lossy();
            other.starts_with(&*name) && other.ends_with(".bak")
        })
        .count()
}

fn program(facts: &mut Facts, session: &Session<'_>) {
    let around = session.around;
    facts.well("version", env!("CARGO_PKG_VERSION"));
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let build = if cfg!(debug_assertions) {
        "development"
    } else {
        "release"
    };
    facts.well("system", format!("{os} {arch}, {build} build"));
    let sqlite = store::sqlite_version();
    let old = !store::is_sqlite_safe();
    let oldest = store::SAFE_SQLITE;
    facts.grave(
        "sqlite",
        sqlite,
        old.then(|| format!("two programs on one file need {oldest}")),
    );
    let term = if around.term.is_empty() {
        "none"
    } else {
        &around.term
    };
    let dumb = matches!(around.term.as_str(), "" | "dumb");
    let problem = dumb.then(|| "the cockpit needs a terminal that can move its cursor".to_owned());
    facts.warn("terminal", term, problem);
    facts.well("columns", around.width);
    facts.well("colour", !around.no_color && !dumb);
    facts.well("locale", around.locale_name.as_str());
    let ascii =
        (!around.utf8).then(|| "the locale is not UTF-8: frames are plain ASCII".to_owned());
    facts.warn("utf8", around.utf8, ascii);
    facts.well(
        "now",
        around
            .now
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    );
    let held = around
        .frozen
        .then(|| "WALKAWAY_NOW holds the clock still".to_owned());
    facts.warn("clock_held", around.frozen, held);
    facts.well("today", around.today().to_string());
    let zone = around.now.with_timezone(&chrono::Local).format("%:z");
    facts.well("utc_offset", zone.to_string());
    let home = around.home.as_deref();
    let folder = around.data.as_deref();
    facts.well("data_folder", folder.map(|folder| nameless(folder, home)));
    let (count, latest) = folder.map_or((0, None), crashes);
    let problem = latest.map(|name| format!("the latest is `{name}`; it has no word of any deal"));
    facts.warn("crash_reports", count, problem);
    let file = session
        .config
        .file
        .as_deref()
        .map(|file| nameless(file, home));
    let wrong = session.config.mistakes.len();
    let problem =
        (wrong > 0).then(|| format!("{wrong} mistakes: `walkaway config check` shows them"));
    facts.warn("config", file, problem);
}

fn counts(facts: &mut Facts, health: Health) {
    facts.well("schema_version", health.schema);
    facts.well("deals", health.deals);
    facts.well("open_deals", health.open);
    facts.well("answers", health.answers);
    facts.well("decisions", health.decisions);
    facts.well("actions", health.actions);
    facts.well("changes", health.changes);
    let running = (health.unfinished > 0)
        .then(|| "an import is running, or was broken off and will be taken back".to_owned());
    facts.warn("unfinished", health.unfinished, running);
    let unjudged = (health.unjudged > 0).then(|| "some open deals have no verdict".to_owned());
    facts.grave("without_verdict", health.unjudged, unjudged);
    facts.well("not_indexed", health.to_index);
}

fn pipeline(facts: &mut Facts, session: &Session<'_>, deep: bool) -> Result<(), CliError> {
    let path = session.path()?;
    facts.well("pipeline", nameless(&path, session.around.home.as_deref()));
    let left = free(&path);
    let little = left.is_some_and(|left| left < LITTLE_SPACE);
    let problem = little.then(|| "the disk is almost full: an import may not fit".to_owned());
    facts.warn("free_bytes", left, problem);
    if !path.exists() {
        facts.warn("exists", false, Some("there is none yet".to_owned()));
        return Ok(());
    }
    facts.well("bytes", size(&path));
    facts.well("backups", backups(&path));
    let log = size(&beside(&path, "-wal"));
    let large = (log > LARGE_LOG).then(|| "the log is large: close all programs on it".to_owned());
    facts.warn("log_bytes", log, large);
    let (mode, problem) = permissions(&path);
    facts.warn("permissions", mode, problem);
    let kind = mount(&path);
    let problem = mount_problem(&path, kind.as_deref());
    facts.warn("file_system", kind, problem);
    let store = match session.open(Access::Write) {
        Ok(store) => store,
        Err(error) => {
            let what = error.to_json()["error"]["what"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            facts.grave("opens", false, Some(what));
            return Ok(());
        }
    };
    let only = store
        .is_read_only()
        .then(|| "it can only be read".to_owned());
    facts.warn("read_only", store.is_read_only(), only);
    counts(facts, store.health()?);
    facts.well("bank", store.judge().bank().id().to_owned());
    let import = store.latest(true)?;
    facts.well("last_import", import.map(|entry| entry.at));
    let action = store.latest(false)?.map(|entry| entry.at);
    let now = session.stamp().at_text();
    let ahead = action.as_ref().is_some_and(|at| *at > now);
    let problem = ahead.then(|| "that is in the future: the clock was put back".to_owned());
    facts.warn("last_action", action, problem);
    let wrong = store.check(deep)?;
    let problem = (!wrong.is_empty()).then(|| wrong.join("; "));
    facts.grave(
        if deep { "deep_check" } else { "check" },
        wrong.is_empty(),
        problem,
    );
    Ok(())
}

/// Carries out `doctor`.
pub fn run(session: &mut Session<'_>, args: &DoctorArgs) -> Result<(), CliError> {
    let mut facts = Facts::default();
    program(&mut facts, session);
    pipeline(&mut facts, session, args.deep)?;
    let problems: Vec<Json> = facts
        .0
        .iter()
        .filter_map(|f| {
            let what = f.problem.as_ref()?;
            Some(json!({ "fact": f.name, "what": what, "grave": f.grave }))
        })
        .collect();
    let is_well = !facts.0.iter().any(|f| f.grave && f.problem.is_some());
    if session.global.json {
        let mut value = json!({ "schema": SCHEMA, "well": is_well });
        for fact in facts.0 {
            value[fact.name] = fact.value;
        }
        value["problems"] = Json::Array(problems);
        session.out.value(&value)?;
    } else {
        for fact in &facts.0 {
            let text = match &fact.value {
                Json::String(text) => text.clone(),
                Json::Null => "unknown".to_owned(),
                Json::Bool(true) => "yes".to_owned(),
                Json::Bool(false) => "no".to_owned(),
                Json::Number(number) => number.to_string(),
                Json::Array(_) | Json::Object(_) => fact.value.to_string(),
            };
            let name = fact.name.replace('_', " ");
            let text = crate::domain::clean::TermSafe::caret(&text);
            session.out.line(format!("{name:<16} {text}"))?;
            if let Some(problem) = &fact.problem {
                let tone = if fact.grave { Tone::Alarm } else { Tone::Open };
                let problem = crate::domain::clean::TermSafe::caret(problem);
                session.out.line(tone.paint(&format!("  ! {problem}")))?;
            }
        }
        session.out.line(if is_well {
            "All is well."
        } else {
            "Something is wrong."
        })?;
    }
    if is_well {
        Ok(())
    } else {
        Err(CliError::told())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_and_synced_folders_are_warned_of() {
        let path = Path::new("/home/ana/Dropbox/pipeline.db");

        assert!(mount_problem(path, Some("ext4")).is_some_and(|p| p.contains("Dropbox")));
        assert!(mount_problem(Path::new("/x/p.db"), Some("nfs4")).is_some());
        assert_eq!(mount_problem(Path::new("/x/p.db"), Some("ext4")), None);
    }

    #[test]
    fn a_path_in_the_home_folder_names_nobody() {
        let home = Some(Path::new("/home/ana"));

        assert_eq!(nameless(Path::new("/home/ana/x/p.db"), home), "~/x/p.db");
        assert_eq!(nameless(Path::new("/home/ana"), home), "~");
        assert_eq!(nameless(Path::new("/srv/p.db"), home), "/srv/p.db");
    }

    #[test]
    fn reports_and_backups_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        for name in ["p.db", "p.db.v1.bak", "p.db.20261123.bak", "other.bak"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("crashes")).unwrap();
        std::fs::write(folder.path().join("crashes/walkaway-crash-7.txt"), "").unwrap();

        assert_eq!(backups(&path), 2);
        let latest = Some("walkaway-crash-7.txt".to_owned());
        assert_eq!(crashes(folder.path()), (1, latest));
        assert_eq!(crashes(&path), (0, None));
    }
}
