//! The one place where the cockpit waits: for the terminal, for a wake-up, or for a time to pass.
//!
//! No thread ever blocks in a read of the terminal: it would take keys from an editor that has
//! been lent the terminal, or after a suspend. Worker replies, signals and the file watch wake
//! the wait through a [`Waker`]. Nothing ticks: without a time limit the wait has none.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What ended a wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// The terminal has bytes to read.
    pub bytes: bool,
    /// The terminal is closed; asking it again would never end.
    pub gone: bool,
    /// The time is over, a sleep of the computer counted.
    pub over: bool,
}

/// Ends the wait of the runtime, from any thread; cheap to clone, never blocks.
///
/// Many wake-ups before the runtime looks count as one.
#[derive(Clone, Debug)]
pub struct Waker {
    woken: Arc<AtomicBool>,
    end: Arc<platform::WakeEnd>,
}

impl Waker {
    /// Ends the wait that is going on, or the next one.
    pub fn wake(&self) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            self.end.ring();
        }
    }
}

/// Bytes of the terminal and wake-ups, waited for together.
#[derive(Debug)]
pub struct Wait {
    woken: Arc<AtomicBool>,
    source: platform::Source,
}

/// Makes a wait, and the waker that ends it.
pub fn pair() -> io::Result<(Waker, Wait)> {
    let woken = Arc::new(AtomicBool::new(false));
    let (end, source) = platform::pair()?;
    let waker = Waker {
        woken: Arc::clone(&woken),
        end: Arc::new(end),
    };
    Ok((waker, Wait { woken, source }))
}

impl Wait {
    /// Opens the terminal for reading. Before this only wake-ups end a wait.
    pub fn open(&mut self) -> io::Result<()> {
        self.source.open()
    }

    /// Waits until there is something to do or the time is over. A sleep of the computer counts in
    /// a time that is long; where the system has no clock for that, the wait ends before, to be
    /// asked for anew. The wake-ups so far are taken: what was sent before them is there to be
    /// received.
    pub fn wait(&mut self, limit: Option<Duration>) -> io::Result<Ready> {
        let ready = self.source.wait(limit)?;
        self.woken.store(false, Ordering::Release);
        Ok(ready)
    }

    /// Waits for a wake-up or the end of the time; what the terminal has stays there.
    pub fn wait_for_wake(&mut self, limit: Duration) -> io::Result<Ready> {
        self.source.wait_for_wake(limit)?;
        self.woken.store(false, Ordering::Release);
        Ok(Ready::default())
    }

    /// Reads what the terminal has; no bytes mean that it is closed. Call it only when
    /// [`Ready::bytes`] says so: it blocks otherwise.
    #[cfg(unix)]
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }

    /// Tells whether more bytes are there, without waiting.
    #[cfg(unix)]
    pub fn more(&self) -> bool {
        self.source.more()
    }
}

#[cfg(unix)]
mod platform {
    use std::fs::File;
    use std::io::{self, Read, Write};
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    use super::Ready;
    use crate::tui::alarm::{Alarm, LONG, SLICE};

    #[derive(Debug)]
    pub struct WakeEnd(UnixStream);

    impl WakeEnd {
        pub fn ring(&self) {
            // A full pipe wakes as well, and a closed one has nobody to wake.
            let _ = (&self.0).write(&[0]);
        }
    }

    #[derive(Debug)]
    enum Tty {
        Stdin,
        Opened(File),
    }

    impl AsFd for Tty {
        fn as_fd(&self) -> BorrowedFd<'_> {
            match self {
                Self::Stdin => rustix::stdio::stdin(),
                Self::Opened(file) => file.as_fd(),
            }
        }
    }

    #[derive(Debug)]
    pub struct Source {
        bell: UnixStream,
        tty: Option<Tty>,
        /// Made when it is first needed.
        alarm: Option<Alarm>,
    }

    /// A socket pair and not a pipe: the standard library makes it close on exec everywhere.
    pub fn pair() -> io::Result<(WakeEnd, Source)> {
        let (end, bell) = UnixStream::pair()?;
        end.set_nonblocking(true)?;
        bell.set_nonblocking(true)?;
        let source = Source {
            bell,
            tty: None,
            alarm: None,
        };
        Ok((WakeEnd(end), source))
    }

    const ENDED: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

    impl Source {
        pub fn open(&mut self) -> io::Result<()> {
            let stdin = rustix::termios::isatty(rustix::stdio::stdin());
            self.tty = Some(if stdin {
                Tty::Stdin
            } else {
                Tty::Opened(File::open("/dev/tty")?)
            });
            Ok(())
        }

        pub fn wait(&mut self, limit: Option<Duration>) -> io::Result<Ready> {
            let long = limit.filter(|limit| *limit > LONG);
            if long.is_some() && self.alarm.is_none() {
                self.alarm = Alarm::new();
            }
            let alarm = self.alarm.as_ref();
            let alarm = alarm.filter(|alarm| long.is_some_and(|long| alarm.set(long)));
            let limit = limit.filter(|_| alarm.is_none());
            let limit = limit.and_then(|limit| Timespec::try_from(limit.min(SLICE)).ok());

            let mut fds = Vec::with_capacity(3);
            fds.push(PollFd::new(&self.bell, PollFlags::IN));
            fds.extend(self.tty.iter().map(|tty| PollFd::new(tty, PollFlags::IN)));
            fds.extend(alarm.map(|alarm| PollFd::new(alarm, PollFlags::IN)));
            uninterrupted(poll(&mut fds, limit.as_ref()))?;

            let mut ready = Ready::default();
            let rung = !fds[0].revents().is_empty();
            if self.tty.is_some() {
                ready.gone = fds[1].revents().intersects(ENDED);
                ready.bytes = fds[1].revents().contains(PollFlags::IN) && !ready.gone;
            }
            ready.over = alarm.is_some_and(Alarm::has_come);
            if rung {
                self.silence();
            }
            Ok(ready)
        }

        pub fn wait_for_wake(&mut self, limit: Duration) -> io::Result<()> {
            let limit = Timespec::try_from(limit).ok();
            let mut fds = [PollFd::new(&self.bell, PollFlags::IN)];
            uninterrupted(poll(&mut fds, limit.as_ref()))?;
            if !fds[0].revents().is_empty() {
                self.silence();
            }
            Ok(())
        }

        fn silence(&mut self) {
            let mut rings = [0; 16];
            // Fewer than there is room for were all.
            while matches!(self.bell.read(&mut rings), Ok(n) if n == rings.len()) {}
        }

        pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(tty) = &self.tty else { return Ok(0) };
            match rustix::io::read(tty, buffer) {
                Ok(n) => Ok(n),
                // What a terminal answers that was closed, or that is no longer ours.
                Err(Errno::IO) => Ok(0),
                Err(error) => Err(error.into()),
            }
        }

        pub fn more(&self) -> bool {
            let Some(tty) = &self.tty else { return false };
            let mut fds = [PollFd::new(tty, PollFlags::IN)];
            let now = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            matches!(poll(&mut fds, Some(&now)), Ok(1..))
                && fds[0].revents().contains(PollFlags::IN)
                && !fds[0].revents().intersects(ENDED)
        }
    }

    /// A signal ends a poll early; its handler has rung the bell if there is something to do.
    fn uninterrupted(polled: rustix::io::Result<usize>) -> io::Result<()> {
        match polled {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use std::io;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use std::time::{Duration, Instant};

    use super::Ready;

    /// How long a wake-up may stay unseen: a console and a channel cannot be waited for together.
    const SLICE: Duration = Duration::from_millis(20);

    #[derive(Debug)]
    pub struct WakeEnd(SyncSender<()>);

    impl WakeEnd {
        pub fn ring(&self) {
            let _ = self.0.try_send(());
        }
    }

    #[derive(Debug)]
    pub struct Source {
        bell: Receiver<()>,
        open: bool,
    }

    pub fn pair() -> io::Result<(WakeEnd, Source)> {
        let (end, bell) = sync_channel(1);
        Ok((WakeEnd(end), Source { bell, open: false }))
    }

    impl Source {
        pub fn open(&mut self) -> io::Result<()> {
            self.open = true;
            Ok(())
        }

        pub fn wait_for_wake(&mut self, limit: Duration) -> io::Result<()> {
            let _ = self.bell.recv_timeout(limit);
            Ok(())
        }

        pub fn wait(&mut self, limit: Option<Duration>) -> io::Result<Ready> {
            let end = limit.map(|limit| Instant::now() + limit);
            loop {
                let left = end.map(|end| end.saturating_duration_since(Instant::now()));
                let slice = left.map_or(SLICE, |left| left.min(SLICE));
                let bytes = if self.open {
                    crossterm::event::poll(slice)?
                } else {
                    std::thread::sleep(slice);
                    false
                };
                let rung = self.bell.try_recv().is_ok();
                if bytes || rung || left.is_some_and(|left| left.is_zero()) {
                    return Ok(Ready {
                        bytes,
                        ..Ready::default()
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_wake_ups_end_one_wait() {
        let (waker, mut wait) = pair().unwrap();
        let other = waker.clone();
        std::thread::spawn(move || (0..1_000).for_each(|_| other.wake()))
            .join()
            .unwrap();

        assert_eq!(wait.wait(None).unwrap(), Ready::default());

        // Nothing is left over: the next wait lasts as long as it may.
        let began = std::time::Instant::now();
        wait.wait(Some(Duration::from_millis(30))).unwrap();
        assert!(began.elapsed() >= Duration::from_millis(30));
        waker.wake();
        wait.wait(None).unwrap();
    }
}
