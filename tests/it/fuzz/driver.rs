//! Changes kept inputs by chance and gives them to a function that must not panic, hang or lie.
//!
//! The inputs are kept in `tests/corpus/NAME`; whatever once broke something stays there. No
//! nightly compiler, and no code that is not ours, stands between a finding and its test.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::rounds::{dice, pick, rounds, tell};

/// Longer than anything of this size may take on a machine that does other things beside.
const HANG: Duration = Duration::from_secs(20);

/// The largest input that is made.
const LARGEST: usize = 16 << 10;

/// Bytes from which on an input is a long one: it takes as long as many short ones, and is begun
/// with once in so many times.
const LONG: usize = 2 << 10;
const SELDOM: usize = 20;

/// Bytes that have broken parsers before.
const BYTES: [u8; 16] = [
    0, 0xff, 0x7f, 0x80, b'\n', b'\r', b'\t', b'"', b'\'', b',', b';', b'\\', 0x1b, b'=', b'-',
    b' ',
];

/// Texts that have broken parsers before.
const TEXTS: [&str; 28] = [
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "é",
    "e\u{301}\u{301}\u{301}",
    "👩‍👩‍👧",
    "ß",
    "İ",
    "\u{2028}",
    "\r\n",
    "\"\"",
    "'''",
    "9999999999999999999",
    "-1",
    "0",
    "1e999",
    "NaN",
    "2026-02-30",
    "9999-12-31",
    "-262143-01-01",
    "29 feb",
    "[[[[",
    "{{{{",
    "%s%n",
    "../",
    "\u{1b}[",
    "٣",
    "１",
];

/// What is fuzzed: a name, what it begins with, words of its language, and the function.
pub struct Target<'t> {
    /// The folder of its corpus.
    pub name: &'t str,
    /// Inputs beside those of the corpus.
    pub seeds: Vec<Vec<u8>>,
    /// Words that mean something to it.
    pub words: &'t [&'t str],
    /// Takes an input, whatever it is.
    pub run: &'t dyn Fn(&[u8]),
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(name)
}

fn kept(name: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(files) = std::fs::read_dir(folder(name)) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read(&path).unwrap());
    paths.into_iter().map(read).collect()
}

/// Picks an input to begin with, and a long one seldom.
fn begin(dice: &mut fastrand::Rng, from: &[Vec<u8>]) -> Vec<u8> {
    let short: Vec<&Vec<u8>> = from.iter().filter(|input| input.len() < LONG).collect();
    if short.is_empty() || dice.usize(..SELDOM) == 0 {
        return pick(dice, from).clone();
    }
    (*pick(dice, &short)).clone()
}

/// Changes an input in a few places.
fn mutate(dice: &mut fastrand::Rng, from: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut bytes = begin(dice, from);
    for _ in 0..=dice.usize(..6) {
        let at = dice.usize(..=bytes.len());
        let until = (at + dice.usize(..32)).min(bytes.len());
        match dice.u8(..12) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.u8(..8),
            1 if at < bytes.len() => bytes[at] = *pick(dice, &BYTES),
            2 if at < bytes.len() => bytes[at] = dice.u8(..),
            3 => bytes.insert(at, *pick(dice, &BYTES)),
            4 => drop(bytes.drain(at..until)),
            5 => {
                let again = bytes[at..until].repeat(1 + dice.usize(..4));
                bytes.splice(at..at, again);
            }
            6 => {
                let other = pick(dice, from);
                let begin = dice.usize(..=other.len());
                let end = (begin + dice.usize(..200)).min(other.len());
                bytes.splice(at..until, other[begin..end].iter().copied());
            }
            7 => bytes.truncate(at),
            8 => drop(bytes.splice(at..at, pick(dice, &TEXTS).bytes())),
            9 | 10 if !words.is_empty() => {
                drop(bytes.splice(at..until, pick(dice, words).bytes()));
            }
            _ => {
                let number = dice.i64(-20..2_000).to_string();
                bytes.splice(at..until, number.bytes());
            }
        }
    }
    bytes.truncate(LARGEST);
    bytes
}

fn run(target: &Target<'_>, input: &[u8], what: &str) {
    let began = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let hangs = began.elapsed() > HANG;
    if ended.is_err() || hangs {
        let found = std::env::temp_dir().join(format!("walkaway-found-{}", target.name));
        std::fs::write(&found, input).unwrap();
        let how = if hangs { "hangs" } else { "panics" };
        panic!(
            "{} {how} on {what}, which is kept in {}: {:?}",
            target.name,
            found.display(),
            String::from_utf8_lossy(&input[..input.len().min(300)])
        );
    }
}

/// Runs what is kept as it is, and then so many changed inputs.
pub fn fuzz(target: &Target<'_>, few: u64) {
    let corpus = kept(target.name);
    for (name, input) in &corpus {
        run(target, input, name);
    }
    let mut inputs: Vec<Vec<u8>> = corpus.into_iter().map(|(_, input)| input).collect();
    inputs.extend(target.seeds.iter().cloned());
    assert!(!inputs.is_empty(), "{} begins with nothing", target.name);
    let rounds = rounds(few);
    let began = Instant::now();
    for round in 0..rounds {
        let input = mutate(&mut dice(round), &inputs, target.words);
        run(target, &input, &format!("round {round}"));
    }
    tell(format!(
        "{}: {rounds} inputs in {:.0?}, 0 panics, 0 hangs",
        target.name,
        began.elapsed()
    ));
}
