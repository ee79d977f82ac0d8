//! One run of one program on a pseudo-terminal, with a clock.
//!
//! The clock starts right before a key is written and stops when the read of the bytes returns, on
//! a thread that does nothing but read; the emulator works afterwards.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The size at which everything is measured.
pub const SIZE: (u16, u16) = (120, 40);

/// A key has settled when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(15);

/// How long a key may stay without any answer.
const SILENT: Duration = Duration::from_millis(400);

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes, and when their read returned; none at the end.
struct Chunk {
    at: Instant,
    bytes: Vec<u8>,
}

/// What a key cost.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// From the write of the key to its last byte; `None` when nothing came.
    pub settled: Option<Duration>,
    /// How many bytes came.
    pub bytes: usize,
}

/// What the kernel says of a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// Time on a processor, in nanoseconds.
    pub cpu: u64,
    /// How often its threads went to sleep.
    pub sleeps: u64,
}

/// A running program.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    pid: u32,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Chunk>,
    screen: vt100::Parser,
    started: Instant,
    answer_after: Option<Duration>,
    /// The bytes so far.
    seen: usize,
    /// Keeps the terminal open.
    _master: Box<dyn MasterPty + Send>,
}

/// What to start.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program and its arguments.
    pub words: Vec<OsString>,
    /// What it sees of the environment, beside the terminal.
    pub environment: Vec<(&'static str, OsString)>,
}

impl Session {
    /// Starts a program. The question for the cursor is answered after this time, or never.
    pub fn start(command: &Command, home: &Path, answer_after: Option<Duration>) -> Self {
        let (cols, rows) = SIZE;
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a terminal can be opened");
        let mut builder = CommandBuilder::from_argv(command.words.clone());
        builder.env_clear();
        builder.cwd(home);
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
        ] {
            builder.env(name, value);
        }
        builder.env("HOME", home);
        for (name, value) in &command.environment {
            builder.env(name, value);
        }
        let mut reader = pair
            .master
            .try_clone_reader()
            .expect("the terminal can be read");
        let writer = pair
            .master
            .take_writer()
            .expect("the terminal can be written");
        let (sender, chunks) = channel();
        // It reads before the program runs, so that no byte waits for it.
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let chunk = Chunk {
                    at: Instant::now(),
                    bytes: buffer[..read].to_vec(),
                };
                if sender.send(chunk).is_err() || read == 0 {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pair
            .slave
            .spawn_command(builder)
            .expect("the program starts");
        let pid = child.process_id().expect("a running program has a number");
        let cells = |count| NonZeroU16::new(count).expect("the size is not zero");
        let screen = vt100::Parser::new(cells(rows), cells(cols), 0);
        Self {
            child,
            pid,
            writer,
            chunks,
            screen,
            started,
            answer_after,
            seen: 0,
            _master: pair.master,
        }
    }

    /// Waits until one of the words is on the screen; the time since the start.
    pub fn wait_for(&mut self, words: &[&str]) -> Option<Duration> {
        let end = Instant::now() + PATIENCE;
        loop {
            let chunk = self.next(end)?;
            let text = self.screen.screen().contents();
            if words.iter().any(|word| text.contains(word)) {
                return Some(chunk - self.started);
            }
        }
    }

    /// Takes what comes until nothing has come for a while; the bytes.
    pub fn settle(&mut self, quiet: Duration) -> usize {
        let before = self.seen;
        while self.next(Instant::now() + quiet).is_some() {}
        self.seen - before
    }

    /// Presses a key and measures its answer.
    pub fn press(&mut self, key: &[u8]) -> Answer {
        self.press_all(&[key], QUIET, SILENT)
    }

    /// Presses keys back to back and measures until the last of their answers.
    pub fn hold(&mut self, key: &[u8], times: usize) -> Answer {
        self.press_all(
            &vec![key; times],
            Duration::from_millis(100),
            Duration::from_secs(5),
        )
    }

    fn press_all(&mut self, keys: &[&[u8]], quiet: Duration, silent: Duration) -> Answer {
        let before = self.seen;
        let began = Instant::now();
        for key in keys {
            self.writer.write_all(key).expect("the program listens");
        }
        let mut last = None;
        loop {
            let end = last.map_or(began + silent, |last: Instant| last + quiet);
            match self.next(end) {
                Some(at) => last = Some(at),
                None => break,
            }
        }
        let settled = last.map(|last| last - began);
        Answer {
            settled,
            bytes: self.seen - before,
        }
    }

    /// Waits and returns what the program spent meanwhile, and the bytes that it sent.
    pub fn idle(&mut self, time: Duration) -> (Spent, usize) {
        let (before, sent) = (spent(self.pid), self.seen);
        let end = Instant::now() + time;
        while self.next(end).is_some() {}
        let after = spent(self.pid);
        let spent = Spent {
            cpu: after.cpu - before.cpu,
            sleeps: after.sleeps - before.sleeps,
        };
        (spent, self.seen - sent)
    }

    /// Returns the most memory that the program had, and its own part now, in KiB.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid));
        let status = status.unwrap_or_default();
        (field(&status, "VmHWM"), field(&status, "RssAnon"))
    }

    /// Presses the key that quits and returns how long it took until the program was gone.
    pub fn quit(mut self, key: &[u8]) -> Option<Duration> {
        let began = Instant::now();
        self.writer.write_all(key).expect("the program listens");
        let end = began + Duration::from_secs(5);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return Some(began.elapsed());
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        None
    }

    /// Returns the screen as text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Takes the next bytes, if they come before the end; when they came.
    fn next(&mut self, end: Instant) -> Option<Instant> {
        let left = end.saturating_duration_since(Instant::now());
        let chunk = self
            .chunks
            .recv_timeout(left)
            .ok()
            .filter(|chunk| !chunk.bytes.is_empty())?;
        self.seen += chunk.bytes.len();
        self.screen.process(&chunk.bytes);
        if let Some(late) = self.answer_after
            && chunk.bytes.windows(4).any(|window| window == b"\x1b[6n")
        {
            std::thread::sleep(late);
            self.writer
                .write_all(b"\x1b[2;2R")
                .expect("the program listens");
        }
        Some(chunk.at)
    }
}

fn spent(pid: u32) -> Spent {
    let mut spent = Spent::default();
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    for task in tasks {
        let read = |name: &str| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        let cpu = read("schedstat")
            .split(' ')
            .next()
            .and_then(|field| field.parse::<u64>().ok());
        spent.cpu += cpu.unwrap_or_default();
        spent.sleeps += field(&read("status"), "voluntary_ctxt_switches");
    }
    spent
}

/// A number of a status file.
fn field(status: &str, name: &str) -> u64 {
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value
        .and_then(|value| value.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}
