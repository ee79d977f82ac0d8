//! The smallest program on the runtime of the cockpit: it shows what reaches it, and does on a key
//! what a cockpit must never do, such as a panic. The tests of the terminal drive it.
//!
//! `terminal_probe [--crashes DIR] [--watch FILE] [--editor COMMAND] [--term NAME] [--no-color]
//! [--no-mouse] [--probe]`
//!
//! Keys: `q` quits, `P` panics here, `D` while it draws and `W` in a worker thread, `r` asks a
//! worker for a reply, `w` asks to be woken, `z` suspends, `e` edits, `y` copies. Everything else
//! is shown.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::Frame;
use ratatui::layout::Size;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use walkaway::app::chord::{Chord, Key};
use walkaway::domain::clean::TermSafe;
use walkaway::tui::crash::Crashes;
use walkaway::tui::runtime::{Event, Flow, Program, Request, Settings, mailbox, run};
use walkaway::tui::terminal::Look;

/// How many events stay on the screen.
const SHOWN: usize = 16;

/// What the worker is asked for: a reply, or a panic.
enum Job {
    Reply,
    Panic,
}

struct Probe {
    worker: Sender<Job>,
    size: Size,
    frames: u64,
    downs: u64,
    secret: String,
    wake_at: Option<DateTime<Utc>>,
    log: Vec<String>,
    /// The next frame panics.
    stumbles: bool,
}

impl Program for Probe {
    type Reply = String;
    type View = ();

    fn start(&mut self, _at: DateTime<Utc>, size: Size) -> Flow {
        self.size = size;
        Flow::redraw()
    }

    fn update(&mut self, at: DateTime<Utc>, event: Event<String>) -> Flow {
        let mut flow = Flow::redraw();
        let words = match event {
            Event::Key { chord, hurried } => {
                flow = self.key(at, chord, hurried);
                let hurried = if hurried { " hurried" } else { "" };
                format!("key {chord}{hurried}")
            }
            Event::Paste { text, cut } => {
                let tail: String = text.chars().take(40).collect();
                format!(
                    "paste {} {tail:?}{}",
                    text.len(),
                    if cut { " cut" } else { "" }
                )
            }
            Event::Mouse(mouse) => format!("mouse {:?} {} {}", mouse.what, mouse.column, mouse.row),
            Event::Resize(size) => {
                self.size = size;
                format!("resize {}x{}", size.width, size.height)
            }
            Event::Reply(text) => format!("reply {text}"),
            Event::DataChanged => "data changed".to_owned(),
            Event::Unwatched(reason) => format!("unwatched {reason}"),
            Event::Wake => {
                self.wake_at = None;
                "woke".to_owned()
            }
            Event::Resumed => "resumed".to_owned(),
            Event::Focus(focused) => format!("focus {focused}"),
            Event::Edited(Ok(text)) => format!("edited {text:?}"),
            Event::Edited(Err(error)) => format!("not edited {error}"),
            Event::Copied(copied) => format!("copied {copied:?}"),
            Event::GlyphWidth(width) => format!("width {width}"),
        };
        self.log.push(words);
        let old = self.log.len().saturating_sub(SHOWN);
        self.log.drain(..old);
        flow
    }

    fn view(&self) {}

    fn draw(&self, (): &(), frame: &mut Frame<'_>) {
        assert!(!self.stumbles, "the drawing stumbled");
        let Size { width, height } = self.size;
        let head = format!("probe {width}x{height} down {}", self.downs);
        let styled = Style::new().fg(Color::Yellow).bold().reversed();
        let head = Line::from(vec![Span::styled(head, styled), Span::from("  ready")]);
        let lines = std::iter::once(head).chain(self.log.iter().map(|line| Line::from(&**line)));
        for (row, line) in frame.area().rows().zip(lines) {
            frame.render_widget(line, row);
        }
    }

    fn drawn(&mut self) -> Flow {
        self.frames += 1;
        Flow::idle()
    }

    fn wake_at(&self) -> Option<DateTime<Utc>> {
        self.wake_at
    }

    fn title(&self, (): &()) -> Option<TermSafe> {
        Some(TermSafe::new("probe"))
    }
}

impl Probe {
    fn key(&mut self, at: DateTime<Utc>, chord: Chord, hurried: bool) -> Flow {
        let Chord {
            key: Key::Char(c),
            ctrl: false,
            alt: false,
            ..
        } = chord
        else {
            return Flow::redraw();
        };
        match c {
            'q' if !hurried => return Flow::quit(),
            'P' => panic!("the words of a deal: {}", self.secret),
            'D' => self.stumbles = true,
            'W' => self.ask(Job::Panic),
            'r' => self.ask(Job::Reply),
            'w' => self.wake_at = Some(at + TimeDelta::milliseconds(30)),
            'j' => self.downs += 1,
            'f' => self.log.push(format!("frames {}", self.frames)),
            'z' => return Flow::redraw().and(Request::Suspend),
            'e' => return Flow::redraw().and(Request::Edit("text".to_owned())),
            'y' => return Flow::redraw().and(Request::Copy(TermSafe::new("copied text"))),
            _ => {}
        }
        Flow::redraw()
    }

    fn ask(&self, job: Job) {
        self.worker
            .send(job)
            .expect("the worker lives as long as the program");
    }
}

fn main() {
    let mut look = Look {
        mouse: true,
        color: true,
        probe: false,
    };
    let mut term = Some("xterm-256color".to_owned());
    let (mut crashes, mut pipeline, mut editor) = (std::env::temp_dir(), None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().expect("the argument has a value");
        match name.as_str() {
            "--crashes" => crashes = PathBuf::from(value()),
            "--watch" => pipeline = Some(PathBuf::from(value())),
            "--editor" => editor = Some(value()),
            "--term" => term = Some(value()),
            "--no-color" => look.color = false,
            "--no-mouse" => look.mouse = false,
            "--probe" => look.probe = true,
            other => panic!("no such argument: {other}"),
        }
    }
    let (mail, inbox) = mailbox().expect("two sockets can be had");
    let (worker, jobs) = channel();
    let work = move || {
        for (count, job) in jobs.into_iter().enumerate() {
            match job {
                Job::Reply => drop(mail.send(count.to_string())),
                Job::Panic => panic!("a worker stumbled"),
            }
        }
    };
    let named = std::thread::Builder::new().name("worker".to_owned());
    named.spawn(work).expect("a thread can be had");
    #[expect(
        clippy::disallowed_methods,
        reason = "an example has no clock handed in"
    )]
    let clock = Arc::new(Utc::now);
    let crashes = Crashes {
        folder: crashes,
        version: "probe 1",
    };
    let settings = Settings {
        look,
        term,
        clock,
        crashes,
        pipeline,
        editor,
        helper: None,
    };
    let mut probe = Probe {
        worker,
        size: Size::ZERO,
        frames: 0,
        downs: 0,
        secret: "SECRET".to_owned(),
        wake_at: None,
        log: Vec::new(),
        stumbles: false,
    };
    let code = match run(&mut probe, inbox, &settings) {
        Ok(outcome) => outcome.code(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            1
        }
    };
    std::process::exit(code);
}
