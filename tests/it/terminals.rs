//! The cockpit itself in the terminals that people have: their sizes, colours, signals and lines.

use std::fmt::Write as _;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::bench::{Bench, START};
use crate::support::pty::{Launch, Pty};
use crate::support::rounds::{rounds, tell};

/// A pipeline of so many deals.
fn pipeline(deals: usize) -> (Bench, PathBuf) {
    let bench = Bench::new();
    let mut table = String::from("Record ID,Deal Name,Associated Company,Deal Stage,Amount\n");
    for n in 0..deals {
        writeln!(table, "{n},Rollout {n},Account {n},Proposal,{n}00").unwrap();
    }
    bench.write("deals.csv", &table);
    bench.run(&["import", "deals.csv"]).ok();
    let path = bench.path("pipeline.db");
    (bench, path)
}

fn cockpit(path: &Path) -> Launch {
    Launch::walkaway()
        .env("WALKAWAY_DB", path)
        .env("WALKAWAY_NOW", START)
        .env("USER", "ana")
}

/// Keys that lead to every place of the cockpit, each with what leads back.
const PLACES: [&str; 16] = [
    "j", "<CR>", "F", "H", "C", "t", "/", ":", "?", "v", "S", "s", "f", "g w", "g j", "g m",
];

fn leave(mut pty: Pty) {
    pty.keys("<Esc> <Esc> <Esc>");
    pty.keys("<C-c>");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();
}

#[test]
fn every_place_lives_through_a_storm_of_sizes() {
    let (_bench, path) = pipeline(12);
    let pty = cockpit(&path).start();
    pty.wait_for("to decide");
    let sizes = [
        (1, 1),
        (500, 200),
        (0, 0),
        (59, 15),
        (60, 16),
        (300, 5),
        (5, 60),
        (120, 36),
    ];
    for (at, place) in PLACES.iter().enumerate() {
        pty.keys(place);
        for turn in 0..rounds(16) as usize {
            let (width, height) = sizes[(at + turn * 5) % sizes.len()];
            pty.resize(width, height);
        }
        pty.resize(100, 30);
        pty.keys("<Esc> <Esc> <Esc>");
    }
    pty.wait_for("to decide");
    leave(pty);
}

#[test]
fn it_starts_in_the_smallest_and_in_the_largest_window() {
    let (_bench, path) = pipeline(12);
    for (width, height) in [(1, 1), (2, 40), (60, 16), (500, 200)] {
        let pty = cockpit(&path).size(width, height).start();
        if width >= 60 {
            let screen = pty.wait_for("to decide");
            assert!(screen.contains("Account 3"), "{screen}");
        }
        pty.keys("j F <Esc> g w <Esc>");
        leave(pty);
    }
}

/// All numbers of colours that were asked for: palette places, and -1 for a colour of its own.
fn colours(output: &[u8]) -> Vec<i32> {
    let text = String::from_utf8_lossy(output);
    let mut found = Vec::new();
    for sequence in text.split("\x1b[").skip(1) {
        let Some((numbers, _)) = sequence.split_once('m') else {
            continue;
        };
        if !numbers.bytes().all(|b| b.is_ascii_digit() || b == b';') {
            continue;
        }
        let numbers: Vec<i32> = numbers.split(';').filter_map(|n| n.parse().ok()).collect();
        for (at, number) in numbers.iter().enumerate() {
            match (number, numbers.get(at + 1)) {
                (38 | 48, Some(2)) => found.push(-1),
                (38 | 48, Some(5)) => found.extend(numbers.get(at + 2)),
                (30..=37 | 40..=47 | 90..=97 | 100..=107, _) if !numbers.contains(&5) => {
                    found.push(number % 10);
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn a_terminal_gets_no_more_colours_than_it_has() {
    let (_bench, path) = pipeline(12);
    for (term, colorterm, no_color, most) in [
        ("xterm-256color", Some("truecolor"), false, 256),
        ("xterm-256color", None, false, 255),
        ("xterm", None, false, 15),
        ("vt220", None, false, -2),
        ("xterm-256color", Some("truecolor"), true, -2),
    ] {
        let mut launch = cockpit(&path).size(120, 36).env("TERM", term);
        if let Some(colorterm) = colorterm {
            launch = launch.env("COLORTERM", colorterm);
        }
        if no_color {
            launch = launch.env("NO_COLOR", "1");
        }
        let pty = launch.start();
        pty.wait_for("to decide");
        pty.keys("F");
        pty.wait_for("hours back");
        pty.keys("<Esc>");
        let found = colours(&pty.output());
        let own = found.contains(&-1);
        assert!(!own || most == 256, "{term}: a colour of its own");
        let highest = found.iter().max().copied().unwrap_or(-2);
        assert!(highest <= most, "{term}: colour {highest} of {most}");
        assert_eq!(highest == -2 && !own, most == -2, "{term}: {found:?}");
        leave(pty);
    }
}

#[test]
fn a_locale_without_utf8_gets_ascii_and_nothing_else() {
    let (_bench, path) = pipeline(12);
    for (name, value) in [
        ("LC_ALL", "C"),
        ("LC_ALL", "POSIX"),
        ("LC_ALL", "en_US.ISO-8859-1"),
    ] {
        let pty = cockpit(&path).size(100, 30).env(name, value).start();
        pty.wait_for("to decide");
        for place in PLACES {
            pty.keys(place);
            pty.keys("<Esc> <Esc>");
        }
        let output = pty.output();
        let other = output.iter().position(|byte| !byte.is_ascii());
        let near = other.map(|at| {
            String::from_utf8_lossy(&output[at.saturating_sub(40)..(at + 40).min(output.len())])
                .into_owned()
        });
        assert_eq!(near, None, "{value}");
        leave(pty);
    }
}

/// Bytes that a key takes to the terminal, once nothing more comes.
fn bytes_of(pty: &Pty, key: &str) -> usize {
    let settled = |pty: &Pty| {
        let mut before = pty.output().len();
        loop {
            std::thread::sleep(Duration::from_millis(120));
            let now = pty.output().len();
            if now == before {
                return now;
            }
            before = now;
        }
    };
    let before = settled(pty);
    pty.keys(key);
    settled(pty) - before
}

#[test]
fn a_slow_line_carries_few_bytes_a_key() {
    let (_bench, path) = pipeline(200);
    let pty = cockpit(&path).size(120, 40).start();
    pty.wait_for("to decide");
    let mut figures = Vec::new();
    for (key, most) in [
        ("j", 1_200),
        ("j", 1_200),
        ("k", 1_200),
        ("<PgDn>", 8_192),
        ("G", 8_192),
    ] {
        let bytes = bytes_of(&pty, key);
        figures.push(format!("{key} {bytes}"));
        assert!(
            bytes <= most,
            "{key} sends {bytes} bytes, and {most} are the most"
        );
    }
    tell(format!(
        "bytes to the terminal at 120x40: {}",
        figures.join(", ")
    ));
    leave(pty);
}

fn wait_stopped(pty: &Pty) {
    let status = format!("/proc/{}/stat", pty.pid().as_raw_nonzero());
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let text = std::fs::read_to_string(&status).unwrap();
        let state = text.rsplit(')').next().unwrap().trim_start();
        if state.starts_with('T') {
            return;
        }
        assert!(Instant::now() < end, "{text}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_suspended_cockpit_comes_back_where_it_was() {
    let (_bench, path) = pipeline(12);
    let pty = cockpit(&path).size(100, 30).start();
    pty.wait_for("to decide");
    pty.keys("F");
    let before = pty.wait_for("hours back");

    pty.keys("<C-z>");
    wait_stopped(&pty);
    pty.assert_given_back();
    pty.resize(110, 32);
    pty.signal(Signal::CONT);

    let after = pty.wait_for("hours back");
    assert_ne!(before, after, "the new size is taken");
    pty.keys("<CR>");
    pty.wait_for("Fired ");
    leave(pty);
}

#[test]
fn signals_in_every_place_give_the_terminal_back_and_keep_the_file() {
    let (bench, path) = pipeline(12);
    let ends = [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ];
    for (at, place) in PLACES.iter().enumerate().take(rounds(6) as usize) {
        let (signal, code) = ends[at % ends.len()];
        let mut pty = cockpit(&path).start();
        pty.wait_for("to decide");
        pty.keys(place);

        pty.signal(signal);

        assert_eq!(pty.wait_exit(), code, "{place}: {signal:?}");
        pty.assert_given_back();
    }
    bench.run(&["doctor", "--deep"]).ok();
}

#[test]
fn a_window_that_is_closed_in_any_place_leaves_no_process() {
    let (bench, path) = pipeline(12);
    for place in PLACES.iter().take(rounds(4) as usize) {
        let mut pty = cockpit(&path).start();
        pty.wait_for("to decide");
        pty.keys(place);

        pty.hang_up();

        assert_eq!(pty.wait_exit(), 129, "{place}");
    }
    bench.run(&["doctor", "--deep"]).ok();
}

/// A multiplexer, or none with a word on it where there is none.
fn multiplexer(name: &str) -> bool {
    let there = Command::new(name).arg("-V").output().is_ok();
    if !there {
        eprintln!("SKIPPED: there is no {name} here");
    }
    there
}

#[test]
fn in_tmux_it_starts_takes_another_size_and_ends() {
    if !multiplexer("tmux") {
        return;
    }
    let (bench, path) = pipeline(12);
    let socket = bench.path("tmux.socket");
    let tmux = |args: &[&str]| {
        let mut command = Command::new("tmux");
        command
            .arg("-S")
            .arg(&socket)
            .args(args)
            .env("LC_ALL", "C.UTF-8");
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let wait = |words: &str| {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let screen = tmux(&["capture-pane", "-p"]);
            if screen.contains(words) {
                return screen;
            }
            assert!(Instant::now() < end, "no {words}:\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let run = format!(
        "env WALKAWAY_DB={} WALKAWAY_NOW={START} HOME={} TZ=UTC {}; echo it ended as $?; sleep 60",
        path.display(),
        bench.path("").display(),
        env!("CARGO_BIN_EXE_walkaway")
    );
    tmux(&[
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        "80",
        "-y",
        "24",
        &run,
    ]);

    wait("to decide");
    tmux(&["send-keys", "j"]);
    wait("2 of 12");
    std::thread::sleep(Duration::from_millis(50));
    tmux(&["send-keys", "F"]);
    wait("hours back");
    tmux(&["resize-window", "-x", "100", "-y", "30"]);
    wait("hours back");
    tmux(&["send-keys", "Enter"]);
    wait("Fired ");
    tmux(&["send-keys", "q"]);
    wait("it ended as 0");
    tmux(&["kill-server"]);
}

#[test]
fn in_screen_it_starts_and_ends() {
    if !multiplexer("screen") {
        return;
    }
    let (bench, path) = pipeline(12);
    let sockets = bench.path("sockets");
    // It takes no folder that others can look into.
    DirBuilder::new().mode(0o700).create(&sockets).unwrap();
    let mut pty = Launch::new("screen")
        .arg("-U")
        .arg(env!("CARGO_BIN_EXE_walkaway"))
        .env("SCREENDIR", sockets)
        .env("WALKAWAY_DB", &path)
        .env("WALKAWAY_NOW", START)
        .start();
    pty.wait_for("to decide");
    pty.keys("j");
    pty.wait_for("2 of 12");
    pty.keys("F");
    pty.wait_for("hours back");
    // It holds an escape back for a while, and for good where a mouse is asked for.
    pty.keys("<Esc>");
    pty.wait_for("to decide  ");
    pty.keys("q");
    pty.wait_exit();
}
