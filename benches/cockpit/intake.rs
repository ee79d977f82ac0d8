//! How fast deals and activities go in, and in how much memory, beside the least that could be.
//!
//! The floor is the shell of SQLite: `.import` of the same file into a table with typed columns,
//! durable as the product's own, and the same indexes built behind. It knows no CRM, no second
//! look at a row and no undo. Each file is imported into a pipeline that is empty or does not know
//! its rows, and again. Floor and product take turns, so that the noise of the machine meets both.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use walkaway::domain::verdict::Thresholds;
use walkaway::import::{self, Options};
use walkaway::store::{Access, Judge, Store};

use crate::{NOW, deals};

type Failed = Box<dyn Error>;

/// Between two looks at a program.
const LOOK: Duration = Duration::from_millis(20);

/// Kernel ticks of processor time in a second.
const TICKS: f64 = 100.0;

/// The memory that an import may take, in KiB.
const MEMORY: u64 = 64 * 1024;

const DEALS: &str = "CREATE TABLE deals(key TEXT, title TEXT, account TEXT, contact TEXT,
  owner TEXT, stage TEXT, amount INTEGER, currency TEXT, created TEXT, close TEXT, active TEXT,
  step TEXT) STRICT;";
const DEAL_INDEXES: &str = "CREATE UNIQUE INDEX deals_key ON deals(key);
  CREATE INDEX deals_close ON deals(close);
  CREATE INDEX deals_amount ON deals(amount);
  CREATE INDEX deals_owner ON deals(owner);
  CREATE INDEX deals_closed ON deals(stage) WHERE stage LIKE 'Closed%';";
const TOUCHES: &str = "CREATE TABLE touches(id TEXT, who TEXT, deal TEXT, subject TEXT, at TEXT,
  status TEXT, kind TEXT, call TEXT, seconds TEXT, text TEXT) STRICT;";
const TOUCH_INDEXES: &str = "CREATE UNIQUE INDEX touches_id ON touches(id);
  CREATE INDEX touches_deal ON touches(deal, at);";

/// What a program took.
struct Took {
    time: Duration,
    /// Seconds of processors, as far as the kernel told before it ended.
    processor: f64,
    /// The most memory that it had, in KiB.
    peak: u64,
}

/// A file to import, with what is asked of its rate beside the floor's.
struct Task<'a> {
    what: &'static str,
    file: &'a Path,
    rows: u64,
    floor: &'a str,
    gate: Option<f64>,
}

/// Imports that many deals, and that many activities of theirs, and prints the figures.
pub fn run(rows: u64, touches: u64, rounds: usize) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = |name: &str| folder.path().join(name);
    let (deals, more, calls) = (file("deals.csv"), file("more.csv"), file("touches.csv"));
    let out = |path: &Path| File::create(path).map(BufWriter::new);
    deals::write_csv(1, rows, out(&deals)?)?;
    deals::write_csv(rows + 1, rows, out(&more)?)?;
    deals::write_touches(touches, rows, out(&calls)?)?;
    println!("{rows} deals, {touches} touches, {rounds} rounds\n");
    first_deals(&deals, folder.path())?;
    println!(
        "{:<26} {:>8} {:>10} {:>8} {:>9} {:>8} {:>9} {:>9}  gate",
        "", "s", "rows a s", "cpu s", "peak MiB", "floor s", "x floor", "x by cpu"
    );
    let floor_of_deals = [DEALS, DEAL_INDEXES].join("\n--\n");
    let floor_of_touches = [TOUCHES, TOUCH_INDEXES].join("\n--\n");
    let of_deals = |what, file, gate| Task {
        what,
        file,
        rows,
        floor: floor_of_deals.as_str(),
        gate: Some(gate),
    };
    let of_touches = |what| Task {
        what,
        file: calls.as_path(),
        rows: touches,
        floor: floor_of_touches.as_str(),
        gate: None,
    };
    let tasks = [
        of_deals("deals, empty file", deals.as_path(), 0.7),
        of_deals("further deals, full file", more.as_path(), 0.3),
        of_deals("deals, known and the same", deals.as_path(), 0.3),
        of_touches("touches"),
        of_touches("touches, the same"),
    ];
    for _ in 0..rounds {
        let home = tempfile::tempdir_in(folder.path())?;
        for task in &tasks {
            print(
                task,
                &floor(home.path(), task)?,
                &import(home.path(), task.file)?,
            );
        }
        println!();
    }
    Ok(())
}

fn print(task: &Task<'_>, floor: &Took, own: &Took) {
    let seconds = |took: &Took| took.time.as_secs_f64();
    let ratio = seconds(floor) / seconds(own);
    let rate = task.rows as f64 / seconds(own);
    let mut verdict = task.gate.map_or_else(String::new, |gate| {
        let kept = if ratio >= gate { "kept" } else { "MISSED" };
        format!(">= {gate} {kept}")
    });
    if own.peak > MEMORY {
        verdict.push_str(", memory MISSED");
    }
    println!(
        "{:<26} {:>8.1} {rate:>10.0} {:>8.1} {:>9.1} {:>8.1} {ratio:>9.2} {:>9.2}  {verdict}",
        task.what,
        seconds(own),
        own.processor,
        own.peak as f64 / 1024.0,
        seconds(floor),
        floor.processor / own.processor,
    );
}

/// How long it takes until the first deals of a file can be looked at, in its preview.
fn first_deals(file: &Path, folder: &Path) -> Result<(), Failed> {
    let judge = Judge::new(Vec::new(), Thresholds::default());
    let store = Store::open(&folder.join("look.db"), Access::Create, NOW.parse()?, judge)?;
    let began = Instant::now();
    let mut export = import::open(&[file.to_owned()], &Options::default())?;
    export.date(NOW[..10].parse::<NaiveDate>()?, None, |at| at.date_naive());
    let mut first = None;
    let mut look = |_: import::Progress, report: &import::Report| {
        first.get_or_insert((began.elapsed(), report.seen.len()));
    };
    import::preview(&store, &export, false, &mut look)?;
    if let Some((time, deals)) = first {
        let ms = time.as_secs_f64() * 1_000.0;
        let kept = if ms <= 1_000.0 { "kept" } else { "MISSED" };
        println!("first {deals} deals to review after {ms:.0} ms (<= 1000 {kept})\n");
    }
    Ok(())
}

/// Imports a file by the shell of SQLite, the rows first and the indexes behind.
fn floor(folder: &Path, task: &Task<'_>) -> Result<Took, Failed> {
    let pipeline = folder.join("floor.db");
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(folder.join(format!("floor.db{ending}")));
    }
    let (table, indexes) = task.floor.split_once("--").ok_or("a floor has indexes")?;
    let name = table
        .split(['(', ' '])
        .nth(2)
        .ok_or("a floor has a table")?;
    let script = folder.join("floor.sql");
    fs::write(
        &script,
        format!(
            "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\n{table}\n\
             .import --csv --skip 1 '{}' {name}\n{indexes}\nPRAGMA wal_checkpoint(TRUNCATE);\n",
            task.file.display()
        ),
    )?;
    watch(
        Command::new("sqlite3")
            .arg(&pipeline)
            .stdin(File::open(&script)?),
    )
}

/// Imports a file by the product.
fn import(folder: &Path, file: &Path) -> Result<Took, Failed> {
    watch(
        Command::new(product())
            .arg("import")
            .arg(file)
            .env_clear()
            .env("HOME", folder)
            .env("WALKAWAY_DB", folder.join("pipeline.db"))
            .env("WALKAWAY_NOW", NOW)
            .env("WALKAWAY_AS", "Bench"),
    )
}

/// The program that is measured: that of this build, or the one that `WALKAWAY_BIN` names.
fn product() -> PathBuf {
    std::env::var_os("WALKAWAY_BIN").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_walkaway")),
        PathBuf::from,
    )
}

/// Runs a program to its end and looks at it meanwhile.
fn watch(command: &mut Command) -> Result<Took, Failed> {
    let began = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    let (mut peak, mut processor) = (0, 0.0);
    let status = loop {
        peak = highest(child.id()).unwrap_or(peak);
        processor = spent(child.id()).unwrap_or(processor);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    let time = began.elapsed();
    if !status.success() {
        let mut said = String::new();
        if let Some(mut error) = child.stderr.take() {
            error.read_to_string(&mut said)?;
        }
        return Err(said.into());
    }
    Ok(Took {
        time,
        processor,
        peak,
    })
}

/// The most memory that a process had so far, in KiB, as the kernel of Linux tells.
fn highest(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// The seconds that a process and its threads spent on processors so far.
fn spent(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name of the program, which may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}
