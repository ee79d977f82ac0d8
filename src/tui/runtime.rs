//! The loop: wait, take everything that happened, let the program answer, draw once.
//!
//! One thread owns the program and the terminal. Everything else (workers, the file watch,
//! signals) sends and wakes it. It waits without a time limit unless the program asks to be woken,
//! so an idle cockpit uses no processor and sends no byte.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::clipboard::CopyToClipboard;
use ratatui::Frame;
use ratatui::layout::Size;

use super::Clock;
use super::clipboard::{Copied, Helper, TERMINAL_LIMIT};
use super::crash::{self, Crashes};
use super::editor::{self, EditorError};
use super::input::{Input, Mouse, Reader};
use super::signals::{self, Heard};
use super::terminal::{self, Guard, Look, PROBE_ROW, TerminalError};
use super::wait::{self, Wait, Waker};
use super::watch::Watch;
use crate::app::chord::Chord;
use crate::domain::clean::TermSafe;

/// The most replies that are taken before the keys get their turn.
const REPLIES: usize = 256;

/// How long a frame may wait for an answer that is about to be there. What a key asks for is read
/// in a tenth of that; half a frame of a fast screen is not noticed by anyone.
const MOMENT: Duration = Duration::from_millis(4);

/// How long the shell may take to stop us; a program that cannot be stopped goes on.
const STOPPING: Duration = Duration::from_millis(500);

/// What the runtime drives.
///
/// No method may block: what takes long is sent to a worker thread, whose answer comes back as
/// [`Event::Reply`].
pub trait Program {
    /// What the worker threads send.
    type Reply: Send + 'static;

    /// What one frame shows.
    type View;

    /// Begins, before the first frame.
    fn start(&mut self, at: DateTime<Utc>, size: Size) -> Flow;

    /// Takes in one event.
    fn update(&mut self, at: DateTime<Utc>, event: Event<Self::Reply>) -> Flow;

    /// Returns what the state as it is looks like; asked once a frame.
    fn view(&self) -> Self::View;

    /// Draws a frame.
    fn draw(&self, view: &Self::View, frame: &mut Frame<'_>);

    /// Learns that the state as it is has been shown.
    fn drawn(&mut self) -> Flow {
        Flow::idle()
    }

    /// Returns when it wants [`Event::Wake`] next; asked before each wait. A time for which it
    /// has been woken does not count again, unless the clock was put back before it.
    fn wake_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    /// Whether an answer is on its way that is about to be there: a frame waits for it, at most
    /// [`MOMENT`], so that one key is one frame.
    fn expects(&self) -> bool {
        false
    }

    /// Returns the window title, one line; asked with each frame.
    fn title(&self, _: &Self::View) -> Option<TermSafe> {
        None
    }
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<R> {
    /// A key was pressed, or repeats.
    Key {
        /// The key.
        chord: Chord,
        /// Nobody types that fast; it must not decide anything. See [`Input::Key`].
        hurried: bool,
    },
    /// A text was pasted.
    Paste {
        /// Clean, in lines.
        text: String,
        /// It was too long, and the rest is lost.
        cut: bool,
    },
    /// The mouse did something, in a cell of the screen.
    Mouse(Mouse),
    /// The window has another size; a frame follows in any case.
    Resize(Size),
    /// A worker thread answers.
    Reply(R),
    /// Somebody may have written to the pipeline; it may have been us.
    DataChanged,
    /// Writes by others are not noticed, for this reason: the program must look for itself while
    /// that matters.
    Unwatched(TermSafe),
    /// The time of [`Program::wake_at`] has come.
    Wake,
    /// The terminal is ours again after a suspend; a frame follows in any case.
    Resumed,
    /// The window has the focus, or has it no longer.
    Focus(bool),
    /// The text of [`Request::Edit`] came back, or did not.
    Edited(Result<String, EditorError>),
    /// The text of [`Request::Copy`] was sent.
    Copied(Copied),
    /// The terminal draws glyphs of ambiguous width so many cells wide: 1 or 2. Comes at most
    /// once, and never from many terminals.
    GlyphWidth(u16),
}

/// What the program wants after an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Flow {
    /// What is shown has changed.
    pub redraw: bool,
    /// What to do, in order.
    pub requests: Vec<Request>,
}

/// What only the runtime can do for the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Leave; what else was waiting is dropped.
    Quit,
    /// Give the terminal to the shell until the person comes back; [`Event::Resumed`] follows.
    Suspend,
    /// Let the person edit this text in their editor; [`Event::Edited`] follows.
    Edit(String),
    /// Put this text on the clipboard; [`Event::Copied`] follows.
    Copy(TermSafe),
}

impl Flow {
    /// Nothing to do, nothing to show.
    pub fn idle() -> Self {
        Self::default()
    }

    /// Something to show.
    pub fn redraw() -> Self {
        Self {
            redraw: true,
            requests: Vec::new(),
        }
    }

    /// Adds something to do.
    pub fn and(mut self, request: Request) -> Self {
        self.requests.push(request);
        self
    }

    /// Leaves.
    pub fn quit() -> Self {
        Self::idle().and(Request::Quit)
    }
}

/// Sends replies to the program, from any thread; cheap to clone, never blocks.
#[derive(Debug)]
pub struct Mailbox<R> {
    sender: Sender<R>,
    waker: Waker,
}

impl<R> Clone for Mailbox<R> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            waker: self.waker.clone(),
        }
    }
}

impl<R> Mailbox<R> {
    /// Sends a reply; false when the program is gone, and the sender may end as well.
    pub fn send(&self, reply: R) -> bool {
        let sent = self.sender.send(reply).is_ok();
        self.waker.wake();
        sent
    }
}

/// The runtime's end of a [`Mailbox`].
#[derive(Debug)]
pub struct Inbox<R> {
    replies: Receiver<R>,
    waker: Waker,
    wait: Wait,
}

/// Makes the connection between worker threads and the program.
pub fn mailbox<R>() -> io::Result<(Mailbox<R>, Inbox<R>)> {
    let (sender, replies) = mpsc::channel();
    let (waker, wait) = wait::pair()?;
    let inbox = Inbox {
        replies,
        waker: waker.clone(),
        wait,
    };
    Ok((Mailbox { sender, waker }, inbox))
}

/// What the runtime must know of the world; read from the environment and the settings by `main`.
#[derive(Clone)]
pub struct Settings {
    /// Mouse, colours, and the question for the width of glyphs.
    pub look: Look,
    /// `TERM`.
    pub term: Option<String>,
    /// Tells the time.
    pub clock: Clock,
    /// What is left of a panic.
    pub crashes: Crashes,
    /// The pipeline to watch for writes by others.
    pub pipeline: Option<PathBuf>,
    /// `VISUAL`, or else `EDITOR`.
    pub editor: Option<String>,
    /// The desktop's own clipboard, beside that of the terminal.
    pub helper: Option<Helper>,
}

/// How the cockpit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The program asked for it.
    Quit,
    /// A signal asked for it.
    Signal(i32),
    /// The terminal was closed.
    Gone,
}

impl Outcome {
    /// Returns the exit code by the custom of shells; a closed terminal counts as a hang-up.
    pub fn code(self) -> i32 {
        match self {
            Self::Quit => 0,
            Self::Signal(signal) => 128 + signal,
            Self::Gone => 129,
        }
    }
}

/// Runs the program on the terminal until it ends. The terminal is as it was found when this
/// returns, also by a panic.
///
/// Call it from the main thread, once: it takes over signals and panics for the rest of the
/// program's life.
pub fn run<P: Program>(
    program: &mut P,
    inbox: Inbox<P::Reply>,
    settings: &Settings,
) -> Result<Outcome, TerminalError> {
    terminal::check(settings.term.as_deref())?;
    crash::install(settings.crashes.clone(), Arc::clone(&settings.clock));
    let Inbox {
        replies,
        waker,
        wait,
    } = inbox;
    let heard = signals::listen(waker.clone()).map_err(TerminalError::Refused)?;
    let reader = Reader::new(wait).map_err(TerminalError::Refused)?;
    let guard = Guard::take(settings.look).map_err(TerminalError::Refused)?;
    let size = guard.size().map_err(TerminalError::Refused)?;
    let mut runtime = Runtime {
        program,
        settings,
        replies,
        waker,
        changed: Arc::default(),
        reader,
        guard,
        heard,
        size,
        stale: true,
        woken_for: None,
        events: VecDeque::new(),
        outcome: None,
        watch: None,
    };
    let outcome = runtime.run();
    drop(runtime);
    match outcome {
        Ok(outcome) => Ok(outcome),
        // Whatever failed: if the terminal does not answer, that is why.
        Err(error) if is_gone(&error) => Ok(Outcome::Gone),
        Err(error) => Err(TerminalError::Lost(error)),
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
        // EIO, which has no kind of its own, and "no such device".
        || cfg!(unix) && matches!(error.raw_os_error(), Some(5 | 6 | 19))
}

struct Runtime<'a, P: Program> {
    program: &'a mut P,
    settings: &'a Settings,
    replies: Receiver<P::Reply>,
    waker: Waker,
    /// The watch saw a write.
    changed: Arc<AtomicBool>,
    reader: Reader,
    guard: Guard,
    heard: Arc<Heard>,
    size: Size,
    /// The screen does not show the state.
    stale: bool,
    woken_for: Option<DateTime<Utc>>,
    events: VecDeque<Event<P::Reply>>,
    outcome: Option<Outcome>,
    watch: Option<Watch>,
}

impl<P: Program> Runtime<'_, P> {
    fn run(&mut self) -> io::Result<Outcome> {
        let flow = self.program.start((self.settings.clock)(), self.size);
        self.follow(flow)?;
        self.show()?;
        self.watch();
        loop {
            self.handle()?;
            if let Some(outcome) = self.outcome {
                return Ok(outcome);
            }
            self.linger()?;
            self.show()?;
            self.collect(None)?;
        }
    }

    /// Takes in, for a moment at most, what belongs into the frame that is about to be drawn. Keys
    /// stay where they are: the next is meant for what this frame shows.
    fn linger(&mut self) -> io::Result<()> {
        let end = Instant::now() + MOMENT;
        while self.stale && self.outcome.is_none() && self.program.expects() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            self.collect(Some(left))?;
            self.handle()?;
        }
        Ok(())
    }

    /// Draws, if there is something new to see.
    fn show(&mut self) -> io::Result<()> {
        if self.outcome.is_some() || !std::mem::take(&mut self.stale) {
            return Ok(());
        }
        let program = &*self.program;
        let view = program.view();
        if let Some(title) = program.title(&view) {
            self.guard.title(&title)?;
        }
        self.guard.draw(|frame| program.draw(&view, frame))?;
        let flow = self.program.drawn();
        self.follow(flow)
    }

    /// Begins to watch the pipeline, after the first frame. What was written before that is
    /// looked for once.
    fn watch(&mut self) {
        let Some(pipeline) = &self.settings.pipeline else {
            return;
        };
        let (changed, waker) = (Arc::clone(&self.changed), self.waker.clone());
        let watch = Watch::start(pipeline, move || {
            changed.store(true, Ordering::Release);
            waker.wake();
        });
        match watch {
            Ok(watch) => {
                self.watch = Some(watch);
                self.events.push_back(Event::DataChanged);
            }
            Err(reason) => self
                .events
                .push_back(Event::Unwatched(TermSafe::caret(&reason.to_string()))),
        }
    }

    /// Waits and puts everything that happened into the queue; with a limit no longer than that,
    /// and no keys.
    fn collect(&mut self, most: Option<Duration>) -> io::Result<()> {
        let now = (self.settings.clock)();
        let due = still_due(self.program.wake_at(), self.woken_for, now);
        let limit = due.map(|due| (due - now).to_std().unwrap_or_default());
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        let ready = match most {
            None => self.reader.wait(limit)?,
            Some(most) => self.reader.wait_for_wake(most)?,
        };

        if let Some(signal) = self.heard.end() {
            self.outcome = Some(Outcome::Signal(signal));
            return Ok(());
        }
        if ready.gone {
            self.outcome = Some(Outcome::Gone);
            return Ok(());
        }
        if self.heard.take_stop() {
            self.suspend()?;
        } else if self.heard.take_continued() {
            self.resume()?;
        }
        if self.heard.take_resized() {
            // A window that went small and came back before it was measured has lost its cells.
            self.guard.forget_frame()?;
            self.stale = true;
            self.measure()?;
        }
        for place in 0.. {
            if place == REPLIES {
                self.waker.wake();
                break;
            }
            let Ok(reply) = self.replies.try_recv() else {
                break;
            };
            self.events.push_back(Event::Reply(reply));
        }
        if self.changed.swap(false, Ordering::AcqRel) {
            self.events.push_back(Event::DataChanged);
        }
        match self.reader.take(ready, self.size)? {
            Some(inputs) => self.events.extend(inputs.into_iter().filter_map(event)),
            None => self.outcome = Some(Outcome::Gone),
        }
        let over = ready.over || end.is_some_and(|end| Instant::now() >= end);
        if due.is_some_and(|due| over || (self.settings.clock)() >= due) {
            self.woken_for = due;
            self.events.push_back(Event::Wake);
        }
        Ok(())
    }

    /// Hands the queue to the program.
    fn handle(&mut self) -> io::Result<()> {
        while self.outcome.is_none() {
            let Some(event) = self.events.pop_front() else {
                break;
            };
            let mut at = (self.settings.clock)();
            if let (Event::Wake, Some(due)) = (&event, self.woken_for) {
                // A clock that stands still must not keep what is due from being done.
                at = at.max(due);
            }
            let flow = self.program.update(at, event);
            self.follow(flow)?;
        }
        Ok(())
    }

    fn follow(&mut self, flow: Flow) -> io::Result<()> {
        self.stale |= flow.redraw;
        for request in flow.requests {
            match request {
                Request::Quit => {
                    self.outcome = Some(Outcome::Quit);
                    break;
                }
                Request::Suspend => self.suspend()?,
                Request::Edit(text) => self.edit(&text)?,
                Request::Copy(text) => self.copy(text)?,
            }
        }
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.guard.lend()?;
        self.heard.take_continued();
        signals::stop_group();
        // The stop may come a moment after the call, and must not find us drawing.
        let end = Instant::now() + STOPPING;
        while !self.heard.take_continued() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.resume()
    }

    fn resume(&mut self) -> io::Result<()> {
        self.retake()?;
        self.events.push_back(Event::Resumed);
        Ok(())
    }

    fn edit(&mut self, text: &str) -> io::Result<()> {
        self.guard.lend()?;
        self.heard.lend(true);
        let edited = editor::edit(text, self.settings.editor.as_deref());
        self.heard.lend(false);
        self.retake()?;
        self.events.push_front(Event::Edited(edited));
        Ok(())
    }

    fn copy(&mut self, text: TermSafe) -> io::Result<()> {
        let text = text.into_string();
        let terminal = text.len() <= TERMINAL_LIMIT;
        if terminal {
            self.guard.send(CopyToClipboard::to_clipboard_from(&text))?;
        }
        let helper = self
            .settings
            .helper
            .filter(|helper| helper.copy(text).is_ok());
        let copied = Copied {
            terminal,
            helper: helper.map(|helper| helper.name),
        };
        self.events.push_front(Event::Copied(copied));
        Ok(())
    }

    fn retake(&mut self) -> io::Result<()> {
        self.guard.take_again()?;
        self.stale = true;
        self.measure()
    }

    fn measure(&mut self) -> io::Result<()> {
        let size = self.guard.size()?;
        if size != self.size {
            self.size = size;
            self.stale = true;
            self.events.push_back(Event::Resize(size));
        }
        Ok(())
    }
}

/// The time to wake for: one that has passed and was woken for is not woken for without end, and
/// one that is to come again is.
fn still_due(
    wanted: Option<DateTime<Utc>>,
    woken_for: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    wanted.filter(|due| woken_for != Some(*due) || *due > now)
}

fn event<R>(input: Input) -> Option<Event<R>> {
    match input {
        Input::Key { chord, hurried } => Some(Event::Key { chord, hurried }),
        Input::Paste { text, cut } => Some(Event::Paste { text, cut }),
        Input::Mouse(mouse) => Some(Event::Mouse(mouse)),
        Input::Focus(focused) => Some(Event::Focus(focused)),
        // The cursor was in the first column before the glyph.
        Input::Cursor {
            row: PROBE_ROW,
            column: column @ 2..=3,
        } => Some(Event::GlyphWidth(column - 1)),
        Input::Cursor { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_arrive_in_order_and_a_gone_program_is_noticed() {
        let (mailbox, inbox) = mailbox().unwrap();
        let other = mailbox.clone();

        assert!(mailbox.send(1) && other.send(2));
        assert_eq!(inbox.replies.try_iter().collect::<Vec<_>>(), [1, 2]);

        drop(inbox);
        assert!(!mailbox.send(3));
    }

    #[test]
    fn the_exit_code_tells_the_signal() {
        assert_eq!(Outcome::Quit.code(), 0);
        assert_eq!(Outcome::Signal(15).code(), 143);
        assert_eq!(Outcome::Gone.code(), 129);
    }

    #[test]
    fn a_time_is_woken_for_once_and_again_where_the_clock_was_put_back_before_it() {
        let midnight: DateTime<Utc> = "2026-11-24T00:00:00Z".parse().unwrap();
        let hour = chrono::TimeDelta::hours(1);
        let due = |woken, now| still_due(Some(midnight), woken, now);
        assert_eq!(due(None, midnight + hour), Some(midnight));
        assert_eq!(due(Some(midnight), midnight), None);
        assert_eq!(due(Some(midnight), midnight + hour), None);
        assert_eq!(due(Some(midnight), midnight - hour), Some(midnight));
        assert_eq!(still_due(None, Some(midnight), midnight), None);
    }

    #[test]
    fn only_the_answer_to_the_question_tells_the_width() {
        let width = |row, column| match event::<()>(Input::Cursor { row, column }) {
            Some(Event::GlyphWidth(width)) => Some(width),
            _ => None,
        };
        assert_eq!(width(PROBE_ROW, 2), Some(1));
        assert_eq!(width(PROBE_ROW, 3), Some(2));
        assert_eq!(width(PROBE_ROW, 9), None);
        assert_eq!(width(7, 2), None);
    }
}
