//! The terminal is taken and given back in every case, and no key is lost on the way.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::pty::{Launch, Pty};

/// The example that shows what reaches it. Only a run of all targets builds it by itself.
fn probe() -> Launch {
    static BUILT: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let build = [
            "build",
            "--quiet",
            "--offline",
            "--example",
            "terminal_probe",
        ];
        let built = Command::new(env!("CARGO")).args(build).output().unwrap();
        let target = Path::new(env!("CARGO_BIN_EXE_walkaway")).parent().unwrap();
        let said = String::from_utf8_lossy(&built.stderr).into_owned();
        built
            .status
            .success()
            .then(|| target.join("examples/terminal_probe"))
            .ok_or(said)
    });
    Launch::new(BUILT.as_ref().unwrap_or_else(|said| panic!("{said}")))
}

fn started(launch: Launch) -> Pty {
    let pty = launch.start();
    pty.wait_for("ready");
    pty
}

/// Everything that the program said after it left its screen.
fn last_words(pty: &Pty) -> String {
    let output = String::from_utf8_lossy(&pty.output()).into_owned();
    let words = output.rsplit("\x1b[?25h").next().unwrap();
    words.replace("\r\n", "\n").trim().to_owned()
}

#[test]
fn quitting_gives_the_terminal_back() {
    let mut pty = started(probe());

    pty.keys("j q");

    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();
    assert_eq!(last_words(&pty), "");
}

#[test]
fn signals_give_the_terminal_back_and_set_the_exit_code() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::HUP, 129),
    ] {
        let mut pty = started(probe());

        pty.signal(signal);

        assert_eq!(pty.wait_exit(), code, "{signal:?}");
        pty.assert_given_back();
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_leaves_a_report_without_deals() {
    for (key, thread, words) in [
        ("P", "main", "left out"),
        ("D", "main", "the drawing stumbled"),
        ("W", "worker", "a worker stumbled"),
    ] {
        let crashes = tempfile::tempdir().unwrap();
        let mut pty = started(probe().arg("--crashes").arg(crashes.path()));

        pty.keys(key);

        assert_eq!(pty.wait_exit(), 101, "{key}");
        pty.assert_given_back();
        let file = crashes
            .path()
            .read_dir()
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let report = std::fs::read_to_string(&file).unwrap();
        assert!(report.contains("version  probe 1"), "{report}");
        assert!(report.contains(&format!("thread   {thread}")), "{report}");
        assert!(report.contains("examples/terminal_probe.rs:"), "{report}");
        assert!(report.contains(words), "{report}");
        let said = last_words(&pty);
        assert!(
            !format!("{report}{said}").contains("SECRET"),
            "{report}{said}"
        );
        assert!(
            said.contains(file.to_str().unwrap()) && said.lines().count() == 1,
            "{said}"
        );
    }
}

#[test]
fn a_closed_terminal_leaves_no_process() {
    for round in 0..10 {
        // Told by a signal, or only by the terminal itself.
        let mut pty = started(if round % 2 == 0 {
            probe()
        } else {
            probe().without_job_control()
        });
        pty.hang_up();

        assert_eq!(pty.wait_exit(), 129);
    }
}

#[test]
fn a_terminal_that_takes_no_bytes_does_not_keep_the_program() {
    let mut pty = started(probe());
    pty.stop_reading();
    // Many small frames fill what the terminal holds, and the program is stuck in a write.
    for _ in 0..3_000 {
        pty.send(b"j");
        std::thread::sleep(Duration::from_micros(100));
    }

    pty.signal(Signal::TERM);

    assert_eq!(pty.wait_exit(), 143);
}

#[test]
fn a_key_that_comes_with_a_resize_is_not_stranded() {
    let pty = started(probe().size(90, 30));
    for round in 1..=40 {
        pty.resize(if round % 2 == 0 { 90 } else { 80 }, 30);
        pty.send(b"j");

        pty.wait_for(&format!("down {round}"));
    }
}

#[test]
fn a_storm_of_sizes_leaves_the_program_alive() {
    let mut pty = started(probe());
    let sizes = [
        (1, 1),
        (0, 0),
        (300, 200),
        (2, 5),
        (80, 1),
        (5, 0),
        (1, 50),
        (80, 24),
    ];
    for round in 0..500 {
        let (width, height) = sizes[(round * 7) % sizes.len()];
        pty.resize(width, height);
    }
    pty.resize(81, 25);

    pty.wait_for("probe 81x25");
    pty.keys("q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();
}

#[test]
fn hostile_bytes_are_swallowed_and_keys_work_after_them() {
    let mut pty = started(probe());
    for hostile in [
        &b"\x1b[<0;0;5M\x1b[M   \x1b[0;0R\x1b[32;0;0M"[..],
        b"\x1b]52;c;aGk=\x07\x1bP>|x\x1b\\\x1b[?62;22c\xff\xfe\xc2\x9b",
        b"\x1b[999999999999999999999999;1A\x1b[1;99999999999u\x1b[;;;;;;R",
        b"\x1b[200~F\x1b[201~\x1b[201~\x1b[I\x1b[O",
    ] {
        pty.send(hostile);
    }
    let mut seed = 2_u32;
    let mut junk = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    for _ in 0..200 {
        let bytes: Vec<u8> = (0..50)
            .map(|_| junk())
            .filter(|b| !b"qPDWze".contains(b))
            .collect();
        pty.send(&bytes);
    }
    // Ends whatever was begun: a string, a sequence, a paste.
    pty.send(b"\x1b\\\x1b[201~");
    std::thread::sleep(Duration::from_millis(60));

    pty.keys("<Esc> <Up>");
    pty.wait_for("key Up");
    pty.keys("q");

    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();
}

#[test]
fn keys_in_a_burst_are_marked_and_typed_ones_are_not() {
    let pty = started(probe());

    pty.keys("j F");
    let screen = pty.wait_for("key F");
    assert!(!screen.contains("hurried"), "{screen}");

    pty.send(b"jH");
    let screen = pty.wait_for("key H");
    assert!(screen.contains("key H hurried"), "{screen}");
}

#[test]
fn a_paste_is_one_text_and_its_controls_are_gone() {
    let pty = started(probe());

    pty.paste("one\r\ntwo\x07 F q P");

    pty.wait_for(r#"paste 13 "one\ntwo F q P""#);
    pty.paste(&"x".repeat(100_000));
    pty.wait_for("paste 65536");
    assert!(pty.wait_for("cut").contains("ready"));
}

#[test]
fn five_hundred_presses_are_drawn_a_few_times() {
    let pty = started(probe());

    pty.send(&b"j".repeat(500));
    pty.wait_for("down 500");
    pty.keys("f");

    let screen = pty.wait_for("frames");
    let frames: u32 = screen
        .split("frames ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(frames < 20, "{screen}");
}

#[test]
fn replies_and_times_wake_the_program() {
    let pty = started(probe());

    pty.keys("r");
    pty.wait_for("reply 0");
    pty.keys("w");
    pty.wait_for("woke");
}

#[test]
fn a_write_by_somebody_else_wakes_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.db");
    std::fs::write(&file, "").unwrap();
    let pty = started(probe().arg("--watch").arg(&file));
    pty.wait_for("data changed");

    std::fs::write(folder.path().join("p.db-wal"), "x").unwrap();

    pty.wait_until("a second change", |screen| {
        screen.matches("data changed").count() >= 2
    });
}

#[test]
fn a_window_that_came_back_to_its_size_is_drawn_in_full() {
    let pty = started(probe());
    let before = pty.output().len();

    pty.signal(Signal::WINCH);

    let end = Instant::now() + Duration::from_secs(60);
    while !String::from_utf8_lossy(&pty.output()[before..]).contains("probe 80x24") {
        assert!(Instant::now() < end, "nothing was drawn:\n{}", pty.screen());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_suspended_program_comes_back_with_its_screen() {
    for by_key in [true, false] {
        let mut pty = started(probe());
        if by_key {
            pty.keys("z");
        } else {
            pty.signal(Signal::TSTP);
        }
        wait_stopped(&pty);
        pty.assert_given_back();

        pty.signal(Signal::CONT);

        pty.wait_for("resumed");
        pty.keys("q");
        assert_eq!(pty.wait_exit(), 0);
        pty.assert_given_back();
    }
}

#[test]
fn a_program_that_was_stopped_from_outside_takes_the_terminal_again() {
    let pty = started(probe());
    pty.signal(Signal::STOP);
    wait_stopped(&pty);

    pty.signal(Signal::CONT);

    let screen = pty.wait_for("resumed");
    assert!(screen.starts_with("probe 80x24"), "{screen}");
}

fn wait_stopped(pty: &Pty) {
    let status = format!("/proc/{}/stat", pty.pid().as_raw_nonzero());
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let text = std::fs::read_to_string(&status).unwrap();
        if text
            .rsplit(')')
            .next()
            .unwrap()
            .trim_start()
            .starts_with('T')
        {
            return;
        }
        assert!(Instant::now() < end, "{text}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn an_editor_gets_the_terminal_and_gives_it_back() {
    // It reads a key from the terminal, which nobody else may take.
    let editor = "f() { printf 'editing: '; read -r line; printf '%s' \"$line\" >>\"$1\"; }; f";
    let mut pty = started(probe().arg("--editor").arg(editor));
    pty.keys("e");
    pty.wait_for("editing:");

    pty.send(b" more\r");

    let screen = pty.wait_for(r#"edited "textmore""#);
    assert!(screen.starts_with("probe 80x24"), "{screen}");
    pty.keys("q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();
}

#[test]
fn a_copy_goes_to_the_terminal() {
    let pty = started(probe());

    pty.keys("y");

    pty.wait_for("copied Copied");
    let output = String::from_utf8_lossy(&pty.output()).into_owned();
    assert!(output.contains("\x1b]52;c;Y29waWVkIHRleHQ="), "{output:?}");
}

#[test]
fn the_width_of_glyphs_is_asked_once_and_no_key_waits_for_the_answer() {
    for answer in [Some(1), Some(2), None] {
        let launch = probe().arg("--probe");
        let pty = started(match answer {
            Some(width) => launch.answering(width),
            None => launch,
        });
        if let Some(width) = answer {
            pty.wait_for(&format!("width {width}"));
        }
        pty.keys("j");

        let screen = pty.wait_for("down 1");
        assert!(!screen.contains('●'), "{screen}");
        let asked = String::from_utf8_lossy(&pty.output())
            .matches("\x1b[6n")
            .count();
        assert_eq!(asked, 1);
    }
}

#[test]
fn without_colour_the_selection_still_shows() {
    for (launch, colour) in [
        (probe(), vt100::Color::Idx(3)),
        (
            probe().arg("--no-color").env("NO_COLOR", "1"),
            vt100::Color::Default,
        ),
    ] {
        let pty = started(launch);
        let cell = pty.cell(0, 0);
        assert!(cell.inverse() && cell.bold());
        assert_eq!(cell.fgcolor(), colour);
    }
}

#[test]
fn where_no_cockpit_can_open_the_words_name_a_command() {
    let mut pty = probe().arg("--term").arg("dumb").start();
    assert_eq!(pty.wait_exit(), 1);
    let output = String::from_utf8_lossy(&pty.output()).into_owned();
    assert!(
        output.contains("walkaway list") && !output.contains('\x1b'),
        "{output:?}"
    );
}

#[test]
fn an_idle_program_sends_nothing_and_never_wakes() {
    let pty = started(probe());
    // Let the start end: the last thread to begin is asleep.
    std::thread::sleep(Duration::from_millis(200));
    let (bytes, wakes) = (pty.output().len(), wakes(&pty));

    std::thread::sleep(Duration::from_millis(500));

    assert_eq!((pty.output().len(), self::wakes(&pty)), (bytes, wakes));
}

/// How often a thread of the program went to sleep.
fn wakes(pty: &Pty) -> u64 {
    let tasks = format!("/proc/{}/task", pty.pid().as_raw_nonzero());
    let of_task = |task: std::io::Result<std::fs::DirEntry>| {
        let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.unwrap().trim().parse::<u64>().unwrap()
    };
    std::fs::read_dir(tasks).unwrap().map(of_task).sum()
}
