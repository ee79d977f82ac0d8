//! The screen as a place to draw: a frame leaves in one write, inside a synchronized update.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::pen::Pen;
use super::terminal;

/// What a terminal is taken for that does not know its size.
const UNKNOWN_SIZE: Size = Size::new(80, 24);

/// Collects the bytes of a frame.
///
/// The library's own backend flushes several times a frame, tells the cursor in each frame what it
/// did in the last, and sends up to twice the bytes that a frame needs.
#[derive(Debug, Default)]
pub struct Screen {
    bytes: Vec<u8>,
    pen: Pen,
    /// The cursor can be seen.
    visible: bool,
    /// Where the cursor was put, if it is still there.
    cursor: Option<Position>,
}

impl Screen {
    /// Appends bytes that leave with the next frame, or with the next [`Screen::send`].
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Forgets what it knows of the cursor, which somebody else has moved or hidden.
    pub fn forget(&mut self, visible: bool) {
        self.visible = visible;
        self.cursor = None;
    }

    /// Sends what was collected, in one write.
    pub fn send(&mut self) -> io::Result<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let sent = terminal::send(&self.bytes);
        self.bytes.clear();
        sent
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: commands flush whenever they like, and a frame must leave whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        queue!(self, BeginSynchronizedUpdate)?;
        if self.visible {
            queue!(self, Hide)?;
        }
        self.forget(false);
        self.pen.write(content, &mut self.bytes);
        queue!(self, EndSynchronizedUpdate)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.visible) {
            queue!(self, Hide)?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.visible, true) {
            queue!(self, Show)?;
        }
        Ok(())
    }

    /// Returns where the cursor was last put; a terminal is never asked, since the answer would
    /// come between the keys, or never.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor != Some(position) {
            self.cursor = Some(position);
            queue!(self, MoveTo(position.x, position.y))?;
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        match region {
            ClearType::All => self.pen = Pen::default(),
            ClearType::AfterCursor
            | ClearType::BeforeCursor
            | ClearType::CurrentLine
            | ClearType::UntilNewLine => self.pen.forget(),
        }
        CrosstermBackend::new(&mut self.bytes).clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        let size = terminal_size()?;
        Ok(if size.width == 0 || size.height == 0 {
            UNKNOWN_SIZE
        } else {
            size
        })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size()?,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// One question to the kernel. The library's own falls back to starting a program, and opens the
/// terminal anew each time.
#[cfg(unix)]
fn terminal_size() -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout())?;
    Ok(Size::new(size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
fn terminal_size() -> io::Result<Size> {
    let (width, height) = crossterm::terminal::size()?;
    Ok(Size::new(width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(screen: &mut Screen) -> String {
        String::from_utf8(std::mem::take(&mut screen.bytes)).unwrap()
    }

    #[test]
    fn a_frame_without_a_change_has_no_bytes() {
        let mut screen = Screen::default();

        screen.draw(std::iter::empty()).unwrap();
        screen.hide_cursor().unwrap();

        assert_eq!(text(&mut screen), "");
    }

    #[test]
    fn a_frame_is_inside_one_synchronized_update() {
        let mut screen = Screen::default();
        let cell = Cell::new("x");

        screen.draw([(3, 1, &cell)].into_iter()).unwrap();

        let text = text(&mut screen);
        assert!(text.starts_with("\x1b[?2026h\x1b[2;4Hx"), "{text:?}");
        assert!(text.ends_with("\x1b[?2026l"), "{text:?}");
    }

    #[test]
    fn a_cursor_that_stays_is_not_told_again() {
        let mut screen = Screen::default();

        screen.show_cursor().unwrap();
        screen.set_cursor_position((2, 3)).unwrap();
        assert_eq!(text(&mut screen), "\x1b[?25h\x1b[4;3H");
        screen.show_cursor().unwrap();
        screen.set_cursor_position((2, 3)).unwrap();
        assert_eq!(text(&mut screen), "");

        // Drawing moves it: it is hidden meanwhile, and put back.
        screen.draw([(0, 0, &Cell::new("x"))].into_iter()).unwrap();
        screen.show_cursor().unwrap();
        screen.set_cursor_position((2, 3)).unwrap();
        let text = text(&mut screen);
        assert!(text.contains("\x1b[?25l"), "{text:?}");
        assert!(text.ends_with("\x1b[?25h\x1b[4;3H"), "{text:?}");
    }
}
