//! How fast deals and activities go in, and in how much memory.
//!
//! Each file is imported twice: into a pipeline that does not know its rows, and again.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{NOW, deals};

/// Between two looks at the memory of the program; what the kernel tells is its highest.
const LOOK: Duration = Duration::from_millis(20);

/// Imports that many deals, and that many activities of theirs, and prints the figures.
pub fn run(rows: u64) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = |name: &str| folder.path().join(name);
    let (deals, touches) = (file("deals.csv"), file("touches.csv"));
    deals::write_csv(rows, BufWriter::new(File::create(&deals)?))?;
    deals::write_touches(rows, rows, BufWriter::new(File::create(&touches)?))?;
    println!("{rows} rows a file\n");
    println!(
        "{:<16} {:>8} {:>12} {:>14}",
        "", "s", "rows a s", "peak memory"
    );
    for (what, file) in [
        ("deals", &deals),
        ("deals, again", &deals),
        ("touches", &touches),
        ("touches, again", &touches),
    ] {
        let (took, peak) = import(folder.path(), file)?;
        let seconds = took.as_secs_f64();
        println!(
            "{what:<16} {seconds:>8.1} {:>12.0} {:>10} KiB",
            rows as f64 / seconds,
            peak.map_or_else(|| "?".to_owned(), |kib| kib.to_string()),
        );
    }
    Ok(())
}

/// Imports a file; how long it took, and the most memory that it had, in KiB.
fn import(folder: &Path, file: &PathBuf) -> Result<(Duration, Option<u64>), Box<dyn Error>> {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_walkaway"))
        .arg("import")
        .arg(file)
        .env_clear()
        .env("HOME", folder)
        .env("WALKAWAY_DB", folder.join("pipeline.db"))
        .env("WALKAWAY_NOW", NOW)
        .env("WALKAWAY_AS", "Bench")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut peak = None;
    let status = loop {
        peak = highest(child.id()).or(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    let took = began.elapsed();
    if !status.success() {
        let mut said = String::new();
        if let Some(mut error) = child.stderr.take() {
            error.read_to_string(&mut said)?;
        }
        return Err(said.into());
    }
    Ok((took, peak))
}

/// The most memory that a process had so far, as the kernel of Linux tells.
fn highest(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
