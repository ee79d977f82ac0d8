//! The signals of a system that has none: closing the console ends the program there.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::wait::Waker;

/// What the signals said; here only the size of the console is news.
#[derive(Debug, Default)]
pub struct Heard {
    size: AtomicU64,
}

impl Heard {
    /// Returns the signal that asks the program to end: never.
    pub fn end(&self) -> Option<i32> {
        None
    }

    /// Tells whether the console has another size than at the last call.
    pub fn take_resized(&self) -> bool {
        let Ok((width, height)) = crossterm::terminal::size() else {
            return false;
        };
        let size = u64::from(width) << 16 | u64::from(height);
        self.size.swap(size, Ordering::AcqRel) != size
    }

    /// Takes the news that the program goes on after a stop: never.
    pub fn take_continued(&self) -> bool {
        false
    }

    /// Takes the request to stop: never.
    pub fn take_stop(&self) -> bool {
        false
    }

    /// Says whether another program has the terminal; nobody needs to know.
    pub fn lend(&self, _lent: bool) {}
}

/// Starts to listen.
pub fn listen(_waker: Waker) -> io::Result<Arc<Heard>> {
    Ok(Arc::new(Heard::default()))
}

/// Stops the whole job; there are no jobs here.
pub fn stop_group() {}
