//! The terminal as a loan: taken with all its modes, given back in every case.
//!
//! [`give_back`] is the only way out and works from any thread, at any moment, once: from the
//! guard's drop, from the panic hook, from the signal thread. It undoes every mode that was set,
//! not only what the terminal library undoes, never prints and never panics. Frames that come
//! after it are dropped, so a screen that still draws cannot spoil the shell.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};

use crossterm::cursor::MoveTo;
use crossterm::style::Print;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate, SetTitle};
use crossterm::{queue, style};
use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Rect, Size};
use ratatui::style::Color;
use ratatui::{Frame, Terminal};
use thiserror::Error;

use super::output::Screen;
use crate::domain::clean::TermSafe;

/// The terminal is ours.
static HELD: AtomicBool = AtomicBool::new(false);

/// Lets one write at a time reach the terminal.
static GATE: Mutex<()> = Mutex::new(());

/// How long a way out waits for a write that may never end.
const STUCK: Duration = Duration::from_millis(100);

/// Alternate screen, emptied; no cursor; no line goes on in the next row, where a terminal takes a
/// glyph for wider than we do; bracketed paste; focus reports.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[2J\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[?1004h";

/// Presses of buttons and the wheel, in the format without limits; not every movement, which
/// would wake an idle program.
const ENTER_MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";

/// Everything that may be set, in reverse, whether it was set or not. The title was put aside by
/// [`Guard::title`] and comes back where the terminal can do that.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[m\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\
\x1b[?7h\x1b[23;0t\x1b[?1049l\x1b[?25h";

/// The row, counted from 1, in which the cursor answers the question of [`Look::probe`]. Not the
/// first: there an answer looks like a function key.
pub const PROBE_ROW: u16 = 2;

/// The cells that the question spoils for a moment.
const PROBED: Rect = Rect::new(0, PROBE_ROW - 1, 4, 1);

/// A glyph that the terminals of some languages draw two cells wide.
const AMBIGUOUS: &str = "●";

/// Why the cockpit does not open here.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// The output goes to a file or a program.
    #[error(
        "standard output is not a terminal, so the cockpit cannot open; \
         `walkaway list` prints the deals"
    )]
    OutputElsewhere,
    /// There is nowhere to read keys from.
    #[error(
        "there is no terminal to read keys from, so the cockpit cannot open; \
         `walkaway list` prints the deals"
    )]
    NoKeys,
    /// The terminal says of itself that it cannot move its cursor.
    #[error(
        "the terminal is a `dumb` one by TERM and cannot show the cockpit; \
         `walkaway list` prints the deals"
    )]
    Dumb,
    /// The terminal refused what the cockpit needs.
    #[error("the terminal cannot be set up for the cockpit: {0}; `walkaway list` prints the deals")]
    Refused(#[source] io::Error),
    /// The terminal failed while the cockpit was open.
    #[error("the terminal failed: {0}; what was decided is saved")]
    Lost(#[source] io::Error),
}

/// Tells whether the cockpit can open here, before anything is changed; `term` is the value of
/// `TERM`.
pub fn check(term: Option<&str>) -> Result<(), TerminalError> {
    if !io::stdout().is_terminal() {
        return Err(TerminalError::OutputElsewhere);
    }
    if !io::stdin().is_terminal() && !has_controlling_terminal() {
        return Err(TerminalError::NoKeys);
    }
    if term == Some("dumb") {
        return Err(TerminalError::Dumb);
    }
    Ok(())
}

#[cfg(unix)]
fn has_controlling_terminal() -> bool {
    std::fs::File::open("/dev/tty").is_ok()
}

#[cfg(not(unix))]
fn has_controlling_terminal() -> bool {
    false
}

/// What the person and the terminal want of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Clicks and the wheel are listened to; the terminal's own selection then needs shift.
    pub mouse: bool,
    /// Colours are drawn; `NO_COLOR` says no. Bold, reverse and underline stay.
    pub color: bool,
    /// The terminal is asked, once, behind the first frame, how wide it draws a glyph of
    /// ambiguous width. Many never answer.
    pub probe: bool,
}

/// The terminal while it is ours. Dropping it gives the terminal back.
pub struct Guard {
    terminal: Terminal<Screen>,
    look: Look,
    title: Option<TermSafe>,
    /// The width of a glyph is still to be asked.
    probe: bool,
}

impl fmt::Debug for Guard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Guard")
            .field("look", &self.look)
            .finish_non_exhaustive()
    }
}

impl Guard {
    /// Takes the terminal. What that sends leaves together with the first frame.
    pub fn take(look: Look) -> io::Result<Self> {
        // Of its own accord the library answers NO_COLOR with a reset that takes bold and reverse
        // along; colours are left out in `draw` instead.
        style::force_color_output(true);
        // The terminal type of ratatui prints when it cannot show the cursor as it is dropped;
        // on our screen that cannot fail.
        let terminal = Terminal::new(Screen::default())?;
        let mut guard = Self {
            terminal,
            look,
            title: None,
            probe: look.probe && cfg!(unix),
        };
        guard.enter()?;
        Ok(guard)
    }

    fn enter(&mut self) -> io::Result<()> {
        crossterm::terminal::enable_raw_mode()?;
        HELD.store(true, Ordering::Release);
        let screen = self.terminal.backend_mut();
        screen.push(ENTER);
        if self.look.mouse {
            screen.push(ENTER_MOUSE);
        }
        screen.forget(false);
        Ok(())
    }

    /// Gives the terminal to another program, or to the shell, for a while.
    pub fn lend(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().send()?;
        give_back();
        Ok(())
    }

    /// Takes the terminal again after [`Guard::lend`], or after somebody else changed its modes;
    /// the next frame is drawn in full.
    pub fn take_again(&mut self) -> io::Result<()> {
        give_back();
        self.title = None;
        self.enter()?;
        self.forget_frame()
    }

    /// Draws the next frame in full: what is on the screen is not known.
    pub fn forget_frame(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Draws a frame; nothing is sent when it is the one that is there.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let color = self.look.color;
        let done = self.terminal.draw(|frame| {
            draw(frame);
            if !color {
                for cell in &mut frame.buffer_mut().content {
                    cell.fg = Color::Reset;
                    cell.bg = Color::Reset;
                    cell.underline_color = Color::Reset;
                }
            }
        })?;
        let under = PROBED.intersection(done.area);
        if std::mem::take(&mut self.probe) && under == PROBED {
            let mut there = Buffer::empty(PROBED);
            for place in PROBED.positions() {
                there[place] = done.buffer[place].clone();
            }
            self.ask_width(&there)?;
        }
        Ok(())
    }

    /// Asks how wide the terminal draws a glyph of ambiguous width: draws one, asks where the
    /// cursor is, and draws what was there before, all in one write. Nothing waits for the
    /// answer, which is an [`super::input::Input::Cursor`] in [`PROBE_ROW`].
    fn ask_width(&mut self, there: &Buffer) -> io::Result<()> {
        let screen = self.terminal.backend_mut();
        queue!(
            screen,
            BeginSynchronizedUpdate,
            MoveTo(PROBED.x, PROBED.y),
            Print(AMBIGUOUS)
        )?;
        screen.push(b"\x1b[6n");
        let mut spoilt = Buffer::empty(PROBED);
        spoilt.content.fill(Cell::new(AMBIGUOUS));
        screen.draw(spoilt.diff(there).into_iter())?;
        queue!(screen, EndSynchronizedUpdate)?;
        screen.send()
    }

    /// Returns the size of the window; 80 by 24 for a terminal that does not know it.
    pub fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Sets the window title, which leaves with the next frame.
    pub fn title(&mut self, title: &TermSafe) -> io::Result<()> {
        if self.title.as_ref() == Some(title) {
            return Ok(());
        }
        let first = self.title.replace(title.clone()).is_none();
        let screen = self.terminal.backend_mut();
        if first {
            screen.push(b"\x1b[22;0t");
        }
        queue!(screen, SetTitle(title.as_str()))
    }

    /// Sends a command of the terminal at once.
    pub fn send(&mut self, command: impl crossterm::Command) -> io::Result<()> {
        let screen = self.terminal.backend_mut();
        queue!(screen, command)?;
        screen.send()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back as it was found. Returns false when it is gone or does not answer.
///
/// Only the first call does something; a second one, from another thread, waits for it.
pub fn give_back() -> bool {
    let _gate = gate(Some(STUCK));
    if !HELD.swap(false, Ordering::AcqRel) {
        return true;
    }
    let said = farewell().is_ok();
    let cooked = crossterm::terminal::disable_raw_mode().is_ok();
    said && cooked
}

/// Sends bytes to the terminal, all of them, if it is ours.
pub(super) fn send(bytes: &[u8]) -> io::Result<()> {
    let _gate = gate(None);
    if HELD.load(Ordering::Acquire) {
        write_all(bytes)
    } else {
        Ok(())
    }
}

/// Enters the gate, within the time if there is one. Nobody panics within it, and if somebody did
/// there is nothing behind it that could be half done.
fn gate(limit: Option<Duration>) -> Option<MutexGuard<'static, ()>> {
    let Some(limit) = limit else {
        return Some(
            GATE.lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
    };
    let end = Instant::now() + limit;
    loop {
        match GATE.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Writes past the standard library, whose lock a stuck writer would hold.
#[cfg(unix)]
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    use rustix::io::Errno;
    while !bytes.is_empty() {
        match rustix::io::write(rustix::stdio::stdout(), bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Somebody who shares the terminal made it answer so.
            Err(Errno::AGAIN) => {
                writable(None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Waits until the terminal takes bytes.
#[cfg(unix)]
fn writable(limit: Option<Duration>) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = rustix::stdio::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    poll(&mut fds, limit.as_ref())?;
    Ok(fds[0].revents() == PollFlags::OUT)
}

/// The last bytes must not hang on a terminal that takes none.
#[cfg(unix)]
fn farewell() -> io::Result<()> {
    if writable(Some(STUCK))? {
        write_all(LEAVE)
    } else {
        Err(io::ErrorKind::TimedOut.into())
    }
}

#[cfg(not(unix))]
fn write_all(bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

#[cfg(not(unix))]
fn farewell() -> io::Result<()> {
    write_all(LEAVE)
}
