//! `import`: the export of a CRM, or any table of deals, and our own files.

mod told;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chrono::{DateTime, Local, NaiveDate, TimeDelta, Utc};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::error::CliError;
use super::session::Session;
use crate::domain::act::Act;
use crate::domain::clean::TermSafe;
use crate::domain::load::Ending;
use crate::domain::when::Lean;
use crate::export::own;
use crate::import::{self, Export, Options, Progress, Recognised, Report, RunError};
use crate::store::{Access, Counts, Store};
use told::{Told, tell};

/// Takes in the export of a CRM, or any table of deals: CSV, TSV, XLSX, JSON, or a ZIP of them.
///
/// CRM and columns are recognised; the report says what was read as what. Deals that are known
/// are updated where the file moved and you did not; what was decided here is never touched. All
/// of it is one action, which `undo import` takes back. Our own exports, taken into an empty
/// pipeline, bring their decisions along.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// The files; without one, the newest export of a known CRM in the folders for downloads, on
    /// the desktop, at home and here.
    files: Vec<PathBuf>,
    /// Names the source of the deals, half of their identity [default: the CRM's name].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Says what a column means, such as 'Deal value=amount'; `ignore` is a field too.
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Says the order of day, month and year.
    #[arg(long, value_name = "ORDER")]
    dates: Option<Dates>,
    /// The currency of amounts that name none, such as EUR.
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Says what would happen and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Takes in nothing if any row cannot be read, and fails.
    #[arg(long)]
    strict: bool,
    /// Which side is taken where a field moved here and in the file.
    #[arg(long, value_name = "SIDE")]
    take: Option<Take>,
    /// The day up to which the files can know anything, and silence is counted [default: the day
    /// on which they were written].
    #[arg(long, value_name = "DAY")]
    record_day: Option<String>,
    /// Forgets what was corrected for this kind of file before it is read.
    #[arg(long)]
    forget: bool,
    /// Takes in each new export as it arrives in a folder, until Ctrl-C; what is in conflict,
    /// cannot be read or was never seen before is left and named.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["files", "dry_run", "strict", "forget"])]
    watch: Option<PathBuf>,
}

impl ImportArgs {
    /// Whether the file's value is taken where both moved.
    fn takes_file(&self) -> bool {
        self.take == Some(Take::File)
    }

    /// How files are read.
    fn options(&self, session: &Session<'_>, cancel: &Arc<AtomicBool>) -> Options {
        Options {
            map: self.map.clone(),
            dates: self.dates.map(|order| {
                let word = match order {
                    Dates::Dmy => "dmy",
                    Dates::Mdy => "mdy",
                    Dates::Ymd => "ymd",
                };
                word.to_owned()
            }),
            currency: self.currency.clone(),
            source: self.source.clone(),
            crm_files: session.config.crm_files(),
            memory: Vec::new(),
            zone: import::Zone::Local,
            today: Some(session.around.today()),
            cancel: Some(Arc::clone(cancel)),
        }
    }
}

/// The order of day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dates {
    /// 31.12.2026
    Dmy,
    /// 12/31/2026
    Mdy,
    /// 2026-12-31
    Ymd,
}

/// A side of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Take {
    /// What the file says.
    File,
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        if error.is_cancelled() {
            return Self::failed("the import was cancelled; nothing of it was kept");
        }
        match error {
            RunError::Import(error) => error.into(),
            RunError::Store(error) => error.into(),
        }
    }
}

/// Files that are recognised, with the pipeline that they are for.
struct Prepared {
    store: Store,
    options: Options,
    export: Export,
}

/// Opens files and pipeline. One that is not there yet is made only to be written to, and only
/// when the files are some that can be read.
fn prepare(
    session: &Session<'_>,
    args: &ImportArgs,
    files: &[PathBuf],
    cancel: &Arc<AtomicBool>,
    dry: bool,
) -> Result<Prepared, CliError> {
    let mut options = args.options(session, cancel);
    let given = args.record_day.as_deref();
    let given = given.map(|day| session.day(day, Lean::Back)).transpose()?;
    let is_there = session.path()?.exists();
    let store = is_there.then(|| session.open(Access::Write)).transpose()?;
    if let (Some(store), false) = (&store, args.forget) {
        options.memory = import::remembered(store, local)?;
    }
    let mut export = match &store {
        Some(store) => import::open_for(store, files, &options)?,
        None => import::open(files, &options)?,
    };
    let today = session.around.today();
    let is_frozen = session.around.frozen;
    // A clock that is held still says nothing about files.
    let day = |at| if is_frozen { today } else { local(at) };
    export.date(today, given, day);
    let store = match store {
        Some(store) => store,
        None if dry => Store::in_memory(session.around.now, session.judge())?,
        None => session.open(Access::Create)?,
    };
    Ok(Prepared {
        store,
        options,
        export,
    })
}

fn local(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Local).date_naive()
}

/// Carries out `import`.
pub fn run(session: &mut Session<'_>, args: &ImportArgs) -> Result<(), CliError> {
    if let Some(folder) = &args.watch {
        return watch::run(session, args, folder);
    }
    let cancel = Arc::new(AtomicBool::new(false));
    let files = match args.files.as_slice() {
        [] => newest(session, &args.options(session, &cancel))?,
        files => files.to_vec(),
    };
    if let Some(format) = own_format(args, &files)?
        && is_empty(session)?
    {
        return take_own(session, &files[0], format, args.dry_run);
    }
    listen(&cancel);
    let looks = args.dry_run || args.strict;
    let is_new = !session.path()?.exists();
    let Prepared {
        mut store,
        options,
        export,
    } = prepare(session, args, &files, &cancel, looks)?;
    let take_theirs = args.takes_file();
    if looks {
        let bar = bar(session);
        let mut look = |at: Progress, report: &Report| show(&bar, at, report.counts.rows);
        let report = import::preview(&store, &export, take_theirs, &mut look)?;
        bar.finish_and_clear();
        let is_refused = args.strict && report.counts.refused > 0;
        if args.dry_run || is_refused {
            tell(
                session,
                &Told {
                    files: export.files(),
                    report: &report,
                    what: None,
                    dry: true,
                },
            )?;
            if !is_refused {
                return Ok(());
            }
            session.out.flush()?;
            let count = rows(report.counts.refused);
            return Err(CliError::failed(format!(
                "{count} cannot be read, and nothing was imported"
            ))
            .hint("mend the file, or leave out `--strict`"));
        }
    }
    if looks && is_new {
        store = session.open(Access::Create)?;
    }
    if args.forget {
        import::forget(&store, &export)?;
    }
    let bar = bar(session);
    let mut progress = |at: Progress, rows: u64| show(&bar, at, rows);
    let report = import::run(&store, &export, take_theirs, session.stamp(), &mut progress);
    bar.finish_and_clear();
    let report = report?;
    import::remember(&store, &export, &options, session.around.now)?;
    import::note_taken(&store, &files)?;
    let what = report
        .action
        .map(|id| store.action(id))
        .transpose()?
        .flatten()
        .map(|e| e.what);
    let told = Told {
        files: export.files(),
        report: &report,
        what,
        dry: false,
    };
    tell(session, &told)?;
    Session::index_import(&mut store)?;
    session.follow(&store);
    who_am_i(session, &mut store)
}

fn rows(count: u64) -> String {
    if count == 1 {
        "1 row".to_owned()
    } else {
        format!("{count} rows")
    }
}

/// Which of our own formats the one file has, unless it is to be read as a table of others.
fn own_format(args: &ImportArgs, files: &[PathBuf]) -> Result<Option<own::Format>, CliError> {
    let [file] = files else { return Ok(None) };
    if args.source.is_some() || !args.map.is_empty() {
        return Ok(None);
    }
    super::export::recognise(file)
}

/// Whether there is no deal yet that a file of our own could contradict.
fn is_empty(session: &Session<'_>) -> Result<bool, CliError> {
    if !session.path()?.exists() {
        return Ok(true);
    }
    Ok(session.open(Access::Create)?.is_empty()?)
}

fn take_own(
    session: &mut Session<'_>,
    file: &Path,
    format: own::Format,
    dry: bool,
) -> Result<(), CliError> {
    let from = std::fs::File::open(file).map_err(|e| CliError::file("read", file, &e))?;
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let name = TermSafe::new(&name).into_string();
    let today = session.around.today();
    let mut store = if dry {
        Store::in_memory(session.around.now, session.judge())?
    } else {
        session.open(Access::Create)?
    };
    let done = store
        .take_own(&session.stamp(), &name, |intake| {
            own::read(from, format, today, intake)
        })
        .map_err(|e| CliError::from(e).in_file(file.to_string_lossy()))?;
    let count = done.deals.len() as u64;
    let counts = Counts {
        rows: count,
        new: count,
        ..Counts::default()
    };
    let report = Report {
        action: done.action.filter(|_| !dry),
        counts,
        ..Report::default()
    };
    let files = [Recognised {
        file: name,
        crm: Some("walkaway".to_owned()),
        label: Some("walkaway".to_owned()),
        object: import::Object::Deal,
        used: true,
        why: "our own export: numbers and decisions are taken as they were".to_owned(),
        source: None,
        encoding: "UTF-8",
        delimiter: None,
        columns: Vec::new(),
        assumptions: Vec::new(),
        about: import::About::default(),
    }];
    let what = Some(done.what).filter(|_| !dry);
    tell(
        session,
        &Told {
            files: &files,
            report: &report,
            what,
            dry,
        },
    )?;
    Session::index_import(&mut store)?;
    session.follow(&store);
    Ok(())
}

/// The newest export of a known CRM, which is named with its age.
fn newest(session: &mut Session<'_>, options: &Options) -> Result<Vec<PathBuf>, CliError> {
    let folders = session.config.import_folders(session.around);
    let found = import::newest_export(&folders, options, &[]).ok_or_else(|| {
        let shown: Vec<String> = folders
            .iter()
            .map(|f| format!("`{}`", f.to_string_lossy()))
            .collect();
        CliError::failed("there is no export of a known CRM where files are downloaded to")
            .because(format!("none is in {}", shown.join(", ")))
            .hint("name the file: walkaway import FILE")
    })?;
    if !session.global.json {
        let files: Vec<_> = found.files.iter().map(|f| f.to_string_lossy()).collect();
        let age = age(session.around.now - found.written);
        session
            .out
            .safe(&format!("{}: {}, {age}", files.join(", "), found.crm))?;
    }
    Ok(found.files)
}

/// How old something is, in the largest unit that tells enough.
fn age(age: TimeDelta) -> String {
    let (minutes, hours, days) = (age.num_minutes(), age.num_hours(), age.num_days());
    match (minutes, hours, days) {
        (..1, ..) => "written just now".to_owned(),
        (1..=119, ..) => format!("{minutes} min old"),
        (_, ..=47, _) => format!("{hours} h old"),
        (..) => format!("{days} days old"),
    }
}

/// Lets Ctrl-C stop the import, which is then taken back; a second one ends the program.
#[cfg(unix)]
fn listen(cancel: &Arc<AtomicBool>) {
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Where a signal cannot be heard, it ends the program, and the next one takes back.
        let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(cancel));
        let _ = signal_hook::flag::register(signal, Arc::clone(cancel));
    }
}

#[cfg(not(unix))]
fn listen(_cancel: &Arc<AtomicBool>) {}

fn bar(session: &Session<'_>) -> ProgressBar {
    if session.global.json || !session.around.err_is_terminal {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

/// Shows how far the reading is, how fast, and how long it still takes.
fn show(bar: &ProgressBar, at: Progress, rows: u64) {
    let doing = match at.ending {
        None => pace(at, rows, bar.elapsed()),
        Some(ending) => format!("{rows} rows · {}", ending.words(|n| n.to_string())),
    };
    let stop = if at.ending.is_none_or(Ending::can_be_taken_back) {
        "Ctrl-C stops and keeps nothing"
    } else {
        "all is in; Ctrl-C leaves the rest for later"
    };
    bar.set_message(format!("{doing} · {stop}"));
    if at.ending == Some(Ending::Sorting) {
        // Nothing comes for a while that would draw it.
        bar.force_draw();
    }
}

fn pace(at: Progress, rows: u64, since: Duration) -> String {
    let percent = (at.read * 100).checked_div(at.total).unwrap_or(0);
    let read = format!("reading  {percent}%  {rows} rows");
    let seconds = since.as_secs_f64();
    // The first moments tell nothing of the rate.
    if seconds < 1.0 || at.read == 0 {
        return read;
    }
    let rate = rows as f64 / seconds;
    let left = seconds * at.total.saturating_sub(at.read) as f64 / at.read as f64;
    format!("{read} · {rate:.0} a second · {left:.0} s left")
}

/// Takes the one owner that the record names for the person who imported it, and says so.
fn who_am_i(session: &mut Session<'_>, store: &mut Store) -> Result<(), CliError> {
    let overview = store.overview(&session.stamp())?;
    if overview.me.is_some() {
        return Ok(());
    }
    if let [owner] = overview.owners.as_slice() {
        let done = store.act(
            &session.stamp(),
            &Act::OwnerIs {
                owner: owner.clone(),
            },
        )?;
        if !session.global.json {
            session.out.safe(&format!(
                "{}, its only owner; `walkaway me NAME` corrects it",
                done.what
            ))?;
        }
    } else if overview.owners.len() > 1 && !session.global.json {
        let owners = overview.owners.len();
        session.out.line(format!(
            "The record names {owners} owners; `walkaway me NAME` says which one you are"
        ))?;
    }
    Ok(())
}
