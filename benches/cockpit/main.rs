//! The speed of the cockpit, against the least that a program with the same rows can be, in the
//! same run.
//!
//! ```text
//! cargo bench --bench cockpit -- --rows 1000,100000,1000000 --rounds 3
//! cargo bench --bench cockpit -- deals 100000 deals.csv
//! cargo bench --bench cockpit -- touches 100000 touches.csv
//! cargo bench --bench cockpit -- intake 1000000 5000000 3
//! cargo bench --bench cockpit -- renewal 100000
//! cargo bench --bench cockpit -- calibrate 10000
//! ```
//!
//! `intake DEALS TOUCHES ROUNDS` imports deals and activities beside `sqlite3`, which must be
//! installed, and prints rates and memory; the others measure the cockpit:
//! each round starts each program anew, so that the noise of the machine meets all of them. A
//! figure counts as a ratio; milliseconds are for orientation. Needs Linux, for what the kernel
//! says of a process. `--keep DIR` keeps the files, `--only NAME` drives one program, `--show`
//! prints the last screens.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures"
)]

mod calibration;
mod deals;
mod floor;
mod intake;
mod renewal;
mod report;
mod session;

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use report::{BARE, FLOOR, Figures, Gate, Line, PRODUCT};
use session::{Command, Session};

/// The day of the record.
const NOW: &str = "2026-11-22T09:00:00Z";

/// How often each key is pressed in a round.
const PRESSES: usize = 60;

/// So many rows of a list are on the screen at least, and so many at most: in between is a key that
/// may move the list or not.
const ROWS: [usize; 2] = [20, 40];

/// How long a program is watched doing nothing.
const IDLE: Duration = Duration::from_secs(5);

const LINES: [Line; 25] = [
    line("import", "rows/s", Gate::Free),
    line("start", "ms", Gate::Times(3.0)),
    line("start, cold", "ms", Gate::Times(3.0)),
    line("start, answered late", "ms", Gate::Times(3.6)),
    line("down", "ms", Gate::Times(1.5)),
    line("down, worst", "ms", Gate::Above(4.0)),
    line("down, bytes", "B", Gate::AtMost(400.0)),
    line(
        "down, bytes where the list moves",
        "B",
        Gate::AtMost(1_200.0),
    ),
    line("page", "ms", Gate::Times(1.5)),
    line("page, worst", "ms", Gate::Above(6.0)),
    line("page, bytes", "B", Gate::AtMost(8192.0)),
    line("end", "ms", Gate::Times(1.5)),
    line("end, worst", "ms", Gate::Above(6.0)),
    line("find, a letter", "ms", Gate::Plus(1.0)),
    line("find, worst", "ms", Gate::Above(8.0)),
    line("500 downs", "ms", Gate::Times(0.25)),
    line("500 downs, bytes", "B", Gate::Free),
    line("memory, peak", "KiB", Gate::AtMost(65_536.0)),
    line("memory, own", "KiB", Gate::AtMost(24_576.0)),
    line("idle, processor", "ms", Gate::AtMost(0.0)),
    line("idle, wake-ups", "", Gate::AtMost(0.0)),
    line("idle, bytes", "B", Gate::AtMost(0.0)),
    line("quit", "ms", Gate::Plus(10.0)),
    line("silent downs", "", Gate::AtMost(0.0)),
    line("silent letters", "", Gate::AtMost(0.0)),
];

const fn line(what: &'static str, unit: &'static str, gate: Gate) -> Line {
    Line { what, unit, gate }
}

/// A program and the keys that it knows.
struct Subject {
    name: &'static str,
    command: Command,
    page: &'static [u8],
    /// Its files, which a cold start reads from the disk.
    files: Vec<PathBuf>,
}

struct Options {
    rows: Vec<u64>,
    rounds: usize,
    keep: Option<PathBuf>,
    only: Option<String>,
    show: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).filter(|word| word != "--bench");
    let mut options = Options {
        rows: vec![100_000],
        rounds: 3,
        keep: None,
        only: None,
        show: false,
    };
    while let Some(word) = arguments.next() {
        let mut value = || arguments.next().ok_or("an argument lacks its value");
        match word.to_str().unwrap_or_default() {
            // The floors are this very program: compiled like it, and nothing to look for.
            "floor" => return floor::list(Path::new(&value()?)),
            "bare" => return floor::bare(),
            "intake" => {
                let mut count = |usual: u64| -> Result<u64, Box<dyn Error>> {
                    Ok(arguments
                        .next()
                        .map(text)
                        .transpose()?
                        .map_or(Ok(usual), |n| n.parse())?)
                };
                let deals = count(100_000)?;
                let (touches, rounds) = (count(deals)?, count(1)?);
                return intake::run(deals, touches, rounds as usize);
            }
            "touches" => {
                let count = text(value()?)?.parse()?;
                let file = BufWriter::new(File::create(value()?)?);
                return Ok(deals::write_touches(count, count, file)?);
            }
            "calibrate" => return calibration::run(text(value()?)?.parse()?),
            "renewal" => return renewal::run(text(value()?)?.parse()?),
            "deals" => {
                let count = text(value()?)?.parse()?;
                let file = BufWriter::new(File::create(value()?)?);
                return Ok(deals::write_csv(1, count, file)?);
            }
            "--rows" => {
                let counts = text(value()?)?;
                options.rows = counts
                    .split(',')
                    .map(str::parse)
                    .collect::<Result<_, _>>()?;
            }
            "--rounds" => options.rounds = text(value()?)?.parse()?,
            "--keep" => options.keep = Some(value()?.into()),
            "--only" => options.only = Some(text(value()?)?),
            "--show" => options.show = true,
            other => return Err(format!("no such argument: `{other}`").into()),
        }
    }
    if !cfg!(target_os = "linux") {
        println!("SKIPPED: the figures of a process are read from /proc");
        return Ok(());
    }
    let mut kept = true;
    for &rows in &options.rows {
        kept &= measure(rows, &options)?;
    }
    println!(
        "{}",
        if kept {
            "every gate is kept"
        } else {
            "a gate is MISSED"
        }
    );
    Ok(())
}

fn text(word: OsString) -> Result<String, Box<dyn Error>> {
    word.into_string()
        .map_err(|word| format!("not text: {}", word.display()).into())
}

/// Measures all programs over this many rows; false when a gate is not kept.
fn measure(rows: u64, options: &Options) -> Result<bool, Box<dyn Error>> {
    let scratch = tempfile::tempdir()?;
    let folder = options
        .keep
        .clone()
        .unwrap_or_else(|| scratch.path().to_owned());
    std::fs::create_dir_all(&folder)?;
    let mut figures = Figures::default();
    let subjects = prepare(rows, &folder, &mut figures)?;
    for round in 0..options.rounds {
        for subject in &subjects {
            if options
                .only
                .as_deref()
                .is_none_or(|only| only == subject.name)
            {
                eprintln!("{rows} rows, round {}: {}", round + 1, subject.name);
                drive(subject, &folder, &mut figures, options.show)?;
            }
        }
    }
    let (table, kept) = report::table(&LINES, &figures);
    println!(
        "\n{rows} deals, {} rounds, 120x40\n\n{table}",
        options.rounds
    );
    Ok(kept)
}

/// Makes the files of all programs, those that are not there yet.
fn prepare(
    rows: u64,
    folder: &Path,
    figures: &mut Figures,
) -> Result<Vec<Subject>, Box<dyn Error>> {
    let csv = folder.join(format!("deals-{rows}.csv"));
    if !csv.exists() {
        deals::write_csv(1, rows, BufWriter::new(File::create(&csv)?))?;
    }
    let own = folder.join(format!("floor-{rows}.db"));
    if !own.exists() {
        let began = Instant::now();
        floor::make(&own, rows)?;
        figures.add("import", FLOOR, rows as f64 / began.elapsed().as_secs_f64());
    }
    let product = PathBuf::from(env!("CARGO_BIN_EXE_walkaway"));
    let pipeline = folder.join(format!("walkaway-{rows}.db"));
    let environment = vec![
        ("WALKAWAY_DB", pipeline.clone().into_os_string()),
        ("WALKAWAY_NOW", NOW.into()),
        ("WALKAWAY_AS", "Bench".into()),
    ];
    if !pipeline.exists() {
        let began = Instant::now();
        let import = std::process::Command::new(&product)
            .arg("import")
            .arg(&csv)
            .env_clear()
            .env("HOME", folder)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .output()?;
        if !import.status.success() {
            return Err(String::from_utf8_lossy(&import.stderr).into_owned().into());
        }
        figures.add(
            "import",
            PRODUCT,
            rows as f64 / began.elapsed().as_secs_f64(),
        );
    }
    let floor = std::env::current_exe()?;
    let subject = |name, words: Vec<OsString>, environment, files| Subject {
        name,
        command: Command { words, environment },
        page: b"\x1b[6~",
        files,
    };
    Ok(vec![
        subject(
            PRODUCT,
            // All that is open, in the order of the queue: a list as long as the others'.
            vec![product.clone().into(), "--view".into(), "open".into()],
            environment,
            vec![product, pipeline],
        ),
        subject(
            FLOOR,
            vec![floor.clone().into(), "floor".into(), own.clone().into()],
            Vec::new(),
            vec![floor.clone(), own],
        ),
        subject(
            BARE,
            vec![floor.into(), "bare".into()],
            Vec::new(),
            Vec::new(),
        ),
    ])
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Starts a program until its deals are on the screen.
fn start(
    subject: &Subject,
    home: &Path,
    answer_after: Option<Duration>,
) -> Result<(Session, f64), Box<dyn Error>> {
    let mut session = Session::start(&subject.command, home, answer_after);
    let Some(time) = session.wait_for(&deals::KINDS) else {
        return Err(format!("{} shows no deals:\n{}", subject.name, session.text()).into());
    };
    session.settle(Duration::from_millis(300));
    Ok((session, ms(time)))
}

fn drive(
    subject: &Subject,
    home: &Path,
    figures: &mut Figures,
    show: bool,
) -> Result<(), Box<dyn Error>> {
    let name = subject.name;
    if !subject.files.is_empty() && subject.files.iter().all(|file| evict(file)) {
        let (session, time) = start(subject, home, None)?;
        figures.add("start, cold", name, time);
        session.quit(b"q");
    }
    for _ in 0..5 {
        let (session, time) = start(subject, home, None)?;
        figures.add("start", name, time);
        figures.add_some("quit", name, session.quit(b"q").map(ms));
    }
    let (session, time) = start(subject, home, Some(Duration::from_millis(150)))?;
    figures.add("start, answered late", name, time);
    session.quit(b"q");

    let (mut session, _) = start(subject, home, None)?;
    let mut press = |session: &mut Session, key: &[u8], names: [&'static str; 2]| {
        let answer = session.press(key);
        let time = answer.settled.map(ms);
        for what in names {
            figures.add_some(what, name, time);
        }
        answer
    };
    let mut silent = 0;
    let mut bytes = Vec::new();
    for place in 0..PRESSES {
        let answer = press(&mut session, b"j", ["down", "down, worst"]);
        silent += u32::from(answer.settled.is_none());
        if place < ROWS[0] {
            bytes.push(("down, bytes", answer.bytes));
        } else if place >= ROWS[1] {
            bytes.push(("down, bytes where the list moves", answer.bytes));
        }
    }
    // So few that a list of a thousand deals does not end.
    for _ in 0..PRESSES / 4 {
        let answer = press(&mut session, subject.page, ["page", "page, worst"]);
        bytes.push(("page, bytes", answer.bytes));
    }
    for _ in 0..PRESSES / 6 {
        press(&mut session, b"\x1b[F", ["end", "end, worst"]);
        press(&mut session, b"\x1b[H", ["end", "end, worst"]);
    }
    let mut unfound = 0;
    for word in ["quill", "topaz", "amber"] {
        session.press(b"/");
        for letter in word.bytes() {
            let answer = press(&mut session, &[letter], ["find, a letter", "find, worst"]);
            unfound += u32::from(answer.settled.is_none());
        }
        if show {
            println!("{name}, /{word}:\n{}\n", session.text());
        }
        session.press(b"\x1b");
        session.settle(Duration::from_millis(100));
    }
    for (what, bytes) in bytes {
        figures.add(what, name, bytes as f64);
    }
    figures.add("silent downs", name, f64::from(silent));
    figures.add("silent letters", name, f64::from(unfound));

    session.press(b"\x1b[H");
    let held = session.hold(b"j", 500);
    figures.add_some("500 downs", name, held.settled.map(ms));
    figures.add("500 downs, bytes", name, held.bytes as f64);
    session.settle(Duration::from_millis(1_500));
    let (spent, sent) = session.idle(IDLE);
    figures.add("idle, processor", name, spent.cpu as f64 / 1e6);
    figures.add("idle, wake-ups", name, spent.sleeps as f64);
    figures.add("idle, bytes", name, sent as f64);
    let (peak, own) = session.memory();
    figures.add("memory, peak", name, peak as f64);
    figures.add("memory, own", name, own as f64);
    if show {
        println!("{name}, at the end:\n{}\n", session.text());
    }
    session.quit(b"q");
    Ok(())
}

/// Asks the kernel to forget the content of a file, so that the next start reads the disk; false
/// where the program for that is another one.
fn evict(file: &Path) -> bool {
    let mut input = OsString::from("if=");
    input.push(file);
    let done = std::process::Command::new("dd")
        .arg(input)
        .args(["iflag=nocache", "count=0"])
        .output();
    done.is_ok_and(|done| done.status.success())
}
