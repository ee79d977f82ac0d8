//! What the person did, as events: one batch for everything that can be read without waiting.

use std::io;
use std::time::{Duration, Instant};

use ratatui::layout::Size;

use super::decode::{Decoder, Raw, Waiting};
pub use super::decode::{Mouse, MouseKind, PASTE_LIMIT};
use super::wait::{Ready, Wait};
use crate::app::chord::Chord;
use crate::domain::clean::clean_block;

/// Two different printable keys of one read are a burst when the second follows so fast.
const BURST: Duration = Duration::from_millis(20);

/// How long the rest of a control sequence may take; it is sent in one piece.
const SEQUENCE_LATE: Duration = Duration::from_millis(50);

/// How long a paste may pause.
const PASTE_LATE: Duration = Duration::from_secs(1);

/// The most bytes that are read before the screen is drawn again.
const BATCH: usize = 64 * 1024;

/// One thing that the person did, or the terminal told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, or repeats.
    Key {
        /// The key.
        chord: Chord,
        /// It is printable and came, in one read, less than 20 ms after another printable key, or
        /// right behind a paste: nobody types like that, so it must not decide anything.
        hurried: bool,
    },
    /// A bracketed paste.
    Paste {
        /// Its text, as [`clean_block`] leaves it.
        text: String,
        /// It was longer than [`PASTE_LIMIT`], and the rest is lost.
        cut: bool,
    },
    /// The mouse, in a cell of the screen.
    Mouse(Mouse),
    /// The window has the focus, or has it no longer.
    Focus(bool),
    /// Where the cursor is, counted from 1.
    Cursor {
        /// The row.
        row: u16,
        /// The column.
        column: u16,
    },
}

/// The terminal as a source of input.
#[derive(Debug)]
pub struct Reader {
    wait: Wait,
    decoder: Decoder,
    /// When bytes last came.
    heard: Instant,
}

impl Reader {
    /// Reads the terminal through this wait.
    pub fn new(mut wait: Wait) -> io::Result<Self> {
        wait.open()?;
        Ok(Self {
            wait,
            decoder: Decoder::default(),
            heard: Instant::now(),
        })
    }

    /// Waits for input, a wake-up or the end of the time; see [`Wait::wait`]. Returns early when
    /// the rest of something that came in part is late.
    pub fn wait(&mut self, limit: Option<Duration>) -> io::Result<Ready> {
        self.wait
            .wait([limit, self.patience()].into_iter().flatten().min())
    }

    /// Waits for a wake-up or the end of the time, whatever the terminal has to say.
    pub fn wait_for_wake(&mut self, limit: Duration) -> io::Result<Ready> {
        self.wait.wait_for_wake(limit)
    }

    /// How much longer the rest of something that came in part is waited for.
    fn patience(&self) -> Option<Duration> {
        let late = match self.decoder.waiting()? {
            Waiting::Sequence => SEQUENCE_LATE,
            Waiting::Paste => PASTE_LATE,
        };
        Some(late.saturating_sub(self.heard.elapsed()))
    }

    /// Takes everything that can be read without waiting, in order. `None` means that the
    /// terminal is closed.
    #[cfg(unix)]
    pub fn take(&mut self, ready: Ready, size: Size) -> io::Result<Option<Vec<Input>>> {
        let mut batch = Batch::new(size);
        let mut raws = Vec::new();
        if ready.gone {
            return Ok(None);
        }
        if !ready.bytes {
            if self.patience() == Some(Duration::ZERO) {
                self.decoder.give_up(&mut raws);
                batch.add(raws, Instant::now());
            }
            return Ok(Some(batch.inputs));
        }
        let mut buffer = [0; 4096];
        let mut total = 0;
        loop {
            let read = match self.wait.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.heard = Instant::now();
            self.decoder.feed(&buffer[..read], &mut raws);
            total += read;
            let more = self.wait.more();
            if !more {
                self.decoder.settle(&mut raws);
            }
            batch.add(std::mem::take(&mut raws), self.heard);
            if !more || total >= BATCH {
                return Ok(Some(batch.inputs));
            }
        }
    }
}

/// The inputs of one batch, and what is needed to tell a burst.
#[derive(Debug)]
struct Batch {
    size: Size,
    inputs: Vec<Input>,
    /// The last printable key and when it was read.
    last: Option<(char, Instant)>,
    pasted: bool,
}

impl Batch {
    fn new(size: Size) -> Self {
        Self {
            size,
            inputs: Vec::new(),
            last: None,
            pasted: false,
        }
    }

    fn add(&mut self, raws: Vec<Raw>, at: Instant) {
        for raw in raws {
            let input = match raw {
                Raw::Key(chord) => Input::Key {
                    chord,
                    hurried: self.is_hurried(chord, at),
                },
                Raw::Paste { bytes, cut } => {
                    self.pasted = true;
                    Input::Paste {
                        text: clean_block(&String::from_utf8_lossy(&bytes), PASTE_LIMIT)
                            .into_owned(),
                        cut,
                    }
                }
                Raw::Mouse(mouse) => Input::Mouse(Mouse {
                    column: mouse.column.min(self.size.width.saturating_sub(1)),
                    row: mouse.row.min(self.size.height.saturating_sub(1)),
                    ..mouse
                }),
                Raw::Focus(focused) => Input::Focus(focused),
                Raw::Cursor { row, column } => Input::Cursor { row, column },
            };
            self.inputs.push(input);
        }
    }

    fn is_hurried(&mut self, chord: Chord, at: Instant) -> bool {
        let Some(c) = chord.printable() else {
            return false;
        };
        let burst = self.last.replace((c, at)).is_some_and(|(before, when)| {
            before != c && at.saturating_duration_since(when) < BURST
        });
        burst || self.pasted
    }
}

#[cfg(not(unix))]
mod console {
    use std::io;
    use std::time::{Duration, Instant};

    use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton};
    use crossterm::event::{KeyEvent, MouseEventKind};
    use ratatui::layout::Size;

    use super::{Batch, Input, Mouse, MouseKind, Raw, Reader, Ready};
    use crate::app::chord::{Chord, Key};

    impl Reader {
        /// Takes everything that can be read without waiting, in order.
        pub fn take(&mut self, ready: Ready, size: Size) -> io::Result<Option<Vec<Input>>> {
            let mut batch = Batch::new(size);
            let mut more = ready.bytes;
            while more {
                if let Some(raw) = raw(event::read()?) {
                    batch.add(vec![raw], Instant::now());
                }
                more = event::poll(Duration::ZERO)?;
            }
            Ok(Some(batch.inputs))
        }
    }

    fn raw(event: Event) -> Option<Raw> {
        match event {
            Event::FocusGained => Some(Raw::Focus(true)),
            Event::FocusLost => Some(Raw::Focus(false)),
            Event::Key(key) => chord(key).map(Raw::Key),
            Event::Mouse(mouse) => {
                let what = match mouse.kind {
                    MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
                    MouseEventKind::ScrollUp => MouseKind::WheelUp,
                    MouseEventKind::ScrollDown => MouseKind::WheelDown,
                    _ => return None,
                };
                Some(Raw::Mouse(Mouse {
                    what,
                    column: mouse.column,
                    row: mouse.row,
                }))
            }
            Event::Paste(text) => Some(Raw::Paste {
                bytes: text.into_bytes(),
                cut: false,
            }),
            Event::Resize(..) => None,
        }
    }

    fn chord(event: KeyEvent) -> Option<Chord> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let key = match event.code {
            KeyCode::Char(c) => Key::Char(c),
            KeyCode::Enter => Key::Enter,
            KeyCode::Esc => Key::Esc,
            KeyCode::Tab => Key::Tab,
            KeyCode::BackTab => Key::BackTab,
            KeyCode::Backspace => Key::Backspace,
            KeyCode::Delete => Key::Delete,
            KeyCode::Insert => Key::Insert,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            KeyCode::F(n) => Key::F(n),
            _ => return None,
        };
        let held = |modifier| event.modifiers.contains(modifier);
        let chord = Chord {
            key,
            ctrl: held(KeyModifiers::CONTROL),
            alt: held(KeyModifiers::ALT),
            shift: held(KeyModifiers::SHIFT),
        };
        Some(chord.canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hurries(raws: &[(&str, u64)]) -> Vec<bool> {
        let begin = Instant::now();
        let mut batch = Batch::new(Size::new(80, 24));
        for (keys, after) in raws {
            let raws = keys
                .split(' ')
                .map(|key| Raw::Key(key.parse().unwrap()))
                .collect();
            batch.add(raws, begin + Duration::from_millis(*after));
        }
        let hurried = |input: &Input| matches!(input, Input::Key { hurried: true, .. });
        batch.inputs.iter().map(hurried).collect()
    }

    #[test]
    fn a_different_key_of_the_same_read_is_hurried() {
        assert_eq!(hurries(&[("j F", 0)]), [false, true]);
        assert_eq!(hurries(&[("o k F", 0)]), [false, true, true]);
    }

    #[test]
    fn repeats_of_one_key_are_not_hurried() {
        assert_eq!(hurries(&[("j j j j", 0)]), [false; 4]);
        assert_eq!(hurries(&[("Down Down PgDn Down", 0)]), [false; 4]);
    }

    #[test]
    fn a_key_that_takes_its_time_is_not_hurried() {
        assert_eq!(hurries(&[("j", 0), ("F", 19)]), [false, true]);
        assert_eq!(hurries(&[("j", 0), ("F", 20)]), [false, false]);
    }

    #[test]
    fn a_key_that_types_nothing_does_not_hurry_the_next() {
        assert_eq!(hurries(&[("Down F", 0)]), [false, false]);
        assert_eq!(hurries(&[("j Down F", 0)]), [false, false, true]);
    }

    #[test]
    fn what_follows_a_paste_in_its_read_is_hurried() {
        let mut batch = Batch::new(Size::new(80, 24));

        let paste = Raw::Paste {
            bytes: b"one\r\ntwo\tthree\x07\xff".to_vec(),
            cut: false,
        };
        batch.add(vec![paste, Raw::Key(Chord::char('F'))], Instant::now());

        let text = "one\ntwo    three\u{fffd}".to_owned();
        assert_eq!(
            batch.inputs,
            [
                Input::Paste { text, cut: false },
                Input::Key {
                    chord: Chord::char('F'),
                    hurried: true
                }
            ]
        );
    }

    #[test]
    fn the_mouse_stays_on_the_screen() {
        for (size, column, row) in [((80, 24), 79, 23), ((0, 0), 0, 0)] {
            let mut batch = Batch::new(Size::from(size));
            let far = Mouse {
                what: MouseKind::Click,
                column: u16::MAX,
                row: u16::MAX,
            };

            batch.add(vec![Raw::Mouse(far)], Instant::now());

            assert_eq!(batch.inputs, [Input::Mouse(Mouse { column, row, ..far })]);
        }
    }
}
