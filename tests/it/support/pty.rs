//! Drives a program on a pseudo-terminal: keys in, a screen out, and what it leaves behind.
//!
//! Hermetic: the program sees nothing of the environment of the tests but `PATH`, and has a home of
//! its own. Nothing sleeps for something to happen: a thread reads the terminal and tells whoever
//! waits, and a wait that takes too long fails with the screen.

#![allow(dead_code, reason = "the tests and the benchmarks use a part each")]

use std::ffi::OsString;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// What begins and what ends a frame that is to be shown as one.
const FRAME: &[u8] = b"\x1b[?2026h";
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// How long something may take that takes milliseconds; a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a hand waits for its key to be read before it presses the next one all the same.
const PATIENCE_OF_A_HAND: Duration = Duration::from_secs(2);

/// Apart from keys of one hand: longer than what counts as a burst.
const BETWEEN_KEYS: Duration = Duration::from_millis(21);

/// A program that is about to be started.
pub struct Launch {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    size: (u16, u16),
    width_of_glyphs: Option<u16>,
    controlling: bool,
}

impl Launch {
    /// Starts this program, in a window of 80 by 24.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            size: (80, 24),
            width_of_glyphs: None,
            controlling: true,
        }
    }

    /// Starts the product itself.
    pub fn walkaway() -> Self {
        Self::new(env!("CARGO_BIN_EXE_walkaway"))
    }

    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    /// Answers the question for the cursor as a terminal that draws ambiguous glyphs so wide;
    /// without this the question stays without an answer.
    #[must_use]
    pub fn answering(mut self, width_of_glyphs: u16) -> Self {
        self.width_of_glyphs = Some(width_of_glyphs);
        self
    }

    /// Starts the program without job control, as some containers do: no signal tells it that
    /// the terminal is closed or has another size.
    #[must_use]
    pub fn without_job_control(mut self) -> Self {
        self.controlling = false;
        self
    }

    /// Starts the program.
    pub fn start(self) -> Pty {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.arguments);
        command.cwd(home.path());
        command.set_controlling_tty(self.controlling);
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("TZ", "UTC"),
            ("LANG", "C.UTF-8"),
        ] {
            command.env(name, value);
        }
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        for (name, folder) in [
            ("HOME", ""),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("TMPDIR", "tmp"),
        ] {
            let folder = home.path().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        for (name, value) in &self.environment {
            command.env(name, value);
        }

        let pair = native_pty_system().openpty(window(self.size)).unwrap();
        let modes = modes(&*pair.master);
        let writer = Arc::new(Mutex::new(Some(pair.master.take_writer().unwrap())));
        let seen = Arc::new(Seen::new(self.size));
        let reader = pair.master.try_clone_reader().unwrap();
        let answer = self
            .width_of_glyphs
            .map(|width| (width, Arc::clone(&writer)));
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || follow(reader, &shared, answer.as_ref()));
        let child = pair.slave.spawn_command(command).unwrap();
        let pid = i32::try_from(child.process_id().unwrap()).unwrap();
        let pid = Pid::from_raw(pid).unwrap();
        Pty {
            home,
            child,
            pid,
            master: Some(pair.master),
            writer,
            seen,
            modes,
        }
    }
}

/// A running program and its terminal. Dropping it ends the program.
pub struct Pty {
    home: TempDir,
    child: Box<dyn Child + Send + Sync>,
    pid: Pid,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Arc<Mutex<Option<Writer>>>,
    seen: Arc<Seen>,
    /// The modes of the line before the start.
    modes: String,
}

type Writer = Box<dyn Write + Send>;

impl Pty {
    /// Returns the home of the program, which lives as long as this.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Returns the process.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Presses keys, one by one as a hand does: `j`, `<CR>`, `<C-r>`, `j*500`, with spaces between
    /// them. No key comes before the program has read the last one: to a program that a busy
    /// machine made wait, two keys in one read are a burst, and an escape before a letter is alt.
    pub fn keys(&self, keys: &str) {
        for key in keys.split_whitespace() {
            let (name, times) = match key.split_once('*') {
                Some((name, times)) if !name.is_empty() => (name, times.parse().unwrap()),
                _ => (key, 1),
            };
            for _ in 0..times {
                self.send(&bytes_of(name));
            }
            std::thread::sleep(BETWEEN_KEYS);
            self.wait_read();
        }
    }

    /// Waits until the program has read all that was sent; not for long, since it may be stopped.
    fn wait_read(&self) {
        let Some(line) = self.master.as_ref().and_then(|master| master.tty_name()) else {
            return;
        };
        let end = Instant::now() + PATIENCE_OF_A_HAND;
        // Opened for each look: a line that we kept open would never tell us of its end.
        let unread = || {
            let line = rustix::fs::open(
                &line,
                OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
                Mode::empty(),
            );
            line.and_then(|line| rustix::io::ioctl_fionread(&line))
        };
        while unread().is_ok_and(|bytes| bytes > 0) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Sends bytes in one piece.
    pub fn send(&self, bytes: &[u8]) {
        let mut writer = self.writer.lock().unwrap();
        let writer = writer.as_mut().expect("the terminal is open");
        writer.write_all(bytes).unwrap();
        writer.flush().unwrap();
    }

    /// Pastes text as a terminal does.
    pub fn paste(&self, text: &str) {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// Gives the window another size.
    pub fn resize(&self, width: u16, height: u16) {
        self.seen
            .state()
            .parser
            .screen_mut()
            .set_size(rows(height), rows(width));
        self.master
            .as_ref()
            .expect("the terminal is open")
            .resize(window((width, height)))
            .unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Leaves the terminal open and takes no more bytes from it, as a connection that hangs.
    pub fn stop_reading(&self) {
        // The reader leaves with the next bytes that it gets.
        self.seen.state().leaving = true;
        let size = self
            .master
            .as_ref()
            .expect("the terminal is open")
            .get_size()
            .unwrap();
        self.resize(size.cols + 1, size.rows);
        self.send(&bytes_of("<Up>"));
        self.seen.wait("the reader to leave", |state| state.closed);
    }

    /// Closes the terminal, as a window that is closed.
    pub fn hang_up(&mut self) {
        // The reader holds the terminal open too.
        self.stop_reading();
        *self.writer.lock().unwrap() = None;
        self.master = None;
    }

    /// Waits until the text is on the screen, and returns the screen.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?} on the screen"), |screen| {
            screen.contains(text)
        })
    }

    /// Waits until the text is not on the screen, and returns the screen.
    pub fn wait_gone(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?} to go"), |screen| !screen.contains(text))
    }

    /// Waits until the screen is as it should be, and returns it.
    pub fn wait_until(&self, what: &str, mut is: impl FnMut(&str) -> bool) -> String {
        self.seen.wait(what, |state| is(&state.text()));
        self.screen()
    }

    /// Waits until the screen is as it should be, or the program ended before: then it is false.
    pub fn settles(&mut self, is: impl Fn(&str) -> bool) -> bool {
        let end = Instant::now() + PATIENCE;
        loop {
            if is(&self.screen()) {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(
                Instant::now() < end,
                "it does not settle:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Returns the screen, a line a row, without blanks at the ends.
    pub fn screen(&self) -> String {
        self.seen.state().text()
    }

    /// Returns the cell in this row and column, counted from 0.
    pub fn cell(&self, row: u16, column: u16) -> vt100::Cell {
        self.seen
            .state()
            .parser
            .screen()
            .cell(row, column)
            .expect("the cell is there")
            .clone()
    }

    /// Returns every byte that the program sent.
    pub fn output(&self) -> Vec<u8> {
        self.seen.state().bytes.clone()
    }

    /// Waits until the program has ended, and returns its exit code; a signal that killed it
    /// counts from 128, as in a shell.
    pub fn wait_exit(&mut self) -> i32 {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                Instant::now() < end,
                "the program does not end:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(1));
        };
        if self.master.is_some() {
            self.seen
                .wait("the rest of the output", |state| state.closed);
        }
        status
            .signal()
            .map_or_else(|| i32::try_from(status.exit_code()).unwrap(), |_| 128)
    }

    /// Waits until the terminal is as it was found: the main screen, a cursor, long lines that go
    /// on, no paste mode, no mouse, no focus reports, and the modes of the line.
    pub fn assert_given_back(&self) {
        // The last bytes of a stopped program may still be on their way to us.
        let end = Instant::now() + PATIENCE;
        while let Some(kept) = self.still_taken() {
            assert!(Instant::now() < end, "not given back: {kept}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What of the terminal is not as it was found.
    fn still_taken(&self) -> Option<&'static str> {
        let state = self.seen.state();
        let screen = state.parser.screen();
        let is_left_on = |set: &str, reset: &str| {
            let last = |mode: &str| find_last(&state.bytes, mode.as_bytes());
            last(set) > last(reset)
        };
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        let line = (self.master.as_ref()).is_some_and(|master| modes(&**master) != self.modes);
        [
            ("the main screen", screen.alternate_screen()),
            ("the cursor", screen.hide_cursor()),
            ("long lines", is_left_on("\x1b[?7l", "\x1b[?7h")),
            ("plain pastes", screen.bracketed_paste()),
            ("the mouse", mouse),
            ("focus", is_left_on("\x1b[?1004h", "\x1b[?1004l")),
            ("updates at once", is_left_on("\x1b[?2026h", "\x1b[?2026l")),
            ("the modes of the line", line),
        ]
        .into_iter()
        .find_map(|(what, taken)| taken.then_some(what))
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process(self.pid, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// What came from the program, and who wants to know.
struct Seen {
    state: Mutex<State>,
    news: Condvar,
}

struct State {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    closed: bool,
    leaving: bool,
}

impl Seen {
    fn new((width, height): (u16, u16)) -> Self {
        let parser = vt100::Parser::new(rows(height), rows(width), 0);
        let state = State {
            parser,
            bytes: Vec::new(),
            closed: false,
            leaving: false,
        };
        Self {
            state: Mutex::new(state),
            news: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A failed wait panics with the state in hand; the reader must not fail with it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, what: &str, mut is: impl FnMut(&State) -> bool) {
        let mut state = self.state();
        let end = Instant::now() + PATIENCE;
        while !is(&state) {
            let left = end.saturating_duration_since(Instant::now());
            let text = state.text();
            assert!(!left.is_zero(), "waited too long for {what}:\n{text}");
            assert!(!state.closed, "the program ended before {what}:\n{text}");
            state = self.news.wait_timeout(state, left).unwrap().0;
        }
    }
}

impl State {
    fn text(&self) -> String {
        let screen = self.parser.screen();
        let width = screen.size().1;
        let rows: Vec<_> = screen
            .rows(0, width.get())
            .map(|row| row.trim_end().to_owned())
            .collect();
        rows.join("\n").trim_end().to_owned()
    }
}

/// Reads until the program closes the terminal.
fn follow(
    mut reader: Box<dyn Read + Send>,
    seen: &Seen,
    answer: Option<&(u16, Arc<Mutex<Option<Writer>>>)>,
) {
    let mut buffer = vec![0; 1 << 16];
    // The beginning of a frame whose end was not read yet: nobody sees half of one.
    let mut begun = Vec::new();
    loop {
        let read = reader.read(&mut buffer).unwrap_or(0);
        let mut state = seen.state();
        state.bytes.extend_from_slice(&buffer[..read]);
        begun.extend_from_slice(&buffer[..read]);
        let (begins, ends) = (find_last(&begun, FRAME), find_last(&begun, FRAME_END));
        let rest = match begins {
            Some(at) if read > 0 && ends < begins => begun.split_off(at),
            Some(_) | None => Vec::new(),
        };
        state.parser.process(&begun);
        begun = rest;
        let leaving = state.leaving || read == 0;
        if leaving {
            // Before anybody is told, so that closing the other end closes the terminal.
            drop(reader);
            state.closed = true;
            seen.news.notify_all();
            return;
        }
        seen.news.notify_all();
        drop(state);
        if let Some((width, writer)) = answer
            && find_last(&buffer[..read], b"\x1b[6n").is_some()
            && let Some(writer) = writer.lock().unwrap().as_mut()
        {
            write!(writer, "\x1b[2;{}R", 1 + width).unwrap();
        }
    }
}

fn find_last(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .rposition(|window| window == pattern)
}

fn window((width, height): (u16, u16)) -> PtySize {
    PtySize {
        rows: height,
        cols: width,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The emulator has no screen without cells.
fn rows(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap_or(NonZeroU16::MIN)
}

fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios())
}

fn bytes_of(name: &str) -> Vec<u8> {
    let Some(named) = name
        .strip_prefix('<')
        .and_then(|name| name.strip_suffix('>'))
    else {
        return name.as_bytes().to_vec();
    };
    let text = match named {
        "CR" => "\r",
        "Esc" => "\x1b",
        "Tab" => "\t",
        "S-Tab" => "\x1b[Z",
        "BS" => "\x7f",
        "Space" => " ",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "PgUp" => "\x1b[5~",
        "PgDn" => "\x1b[6~",
        "Del" => "\x1b[3~",
        other => {
            let letter = other
                .strip_prefix("C-")
                .and_then(|rest| rest.bytes().next());
            let letter = letter.unwrap_or_else(|| panic!("no key is called <{other}>"));
            return vec![letter & 0x1f];
        }
    };
    text.as_bytes().to_vec()
}
