//! Signals: a thread that waits for them and tells the runtime, or acts where the runtime cannot.
//!
//! A flag alone does not do. When the terminal was closed the runtime may be stuck in a write to
//! it, so a hang-up ends the program from here, at once; a request to end gives the runtime a
//! moment to leave in order and then ends it all the same. What was acknowledged is on disk.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::terminal::give_back;
use super::wait::Waker;

/// How long the runtime has to leave in order.
const GRACE: Duration = Duration::from_millis(300);

/// What the signals said, until the runtime takes it.
#[derive(Debug, Default)]
pub struct Heard {
    end: AtomicI32,
    resized: AtomicBool,
    continued: AtomicBool,
    stop: AtomicBool,
    /// Another program has the terminal: keys that make signals are meant for it.
    lent: AtomicBool,
}

impl Heard {
    /// Returns the signal that asks the program to end, if one did.
    pub fn end(&self) -> Option<i32> {
        Some(self.end.load(Ordering::Acquire)).filter(|&signal| signal != 0)
    }

    /// Takes the news that the window has another size.
    pub fn take_resized(&self) -> bool {
        self.resized.swap(false, Ordering::AcqRel)
    }

    /// Takes the news that the program goes on after a stop.
    pub fn take_continued(&self) -> bool {
        self.continued.swap(false, Ordering::AcqRel)
    }

    /// Takes the request to stop.
    pub fn take_stop(&self) -> bool {
        self.stop.swap(false, Ordering::AcqRel)
    }

    /// Says whether another program has the terminal.
    pub fn lend(&self, lent: bool) {
        self.lent.store(lent, Ordering::Release);
    }
}

/// Starts to listen, for the rest of the program's life: a handler cannot be taken back, and a
/// signal must end the program also while it closes its files.
pub fn listen(waker: Waker) -> io::Result<Arc<Heard>> {
    let heard = Arc::new(Heard::default());
    let told = Arc::clone(&heard);
    let all = [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT];
    let mut signals = Signals::new(all)?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                hear(signal, &told, &waker);
            }
        })?;
    Ok(heard)
}

fn hear(signal: i32, told: &Heard, waker: &Waker) {
    let lent = told.lent.load(Ordering::Acquire);
    match signal {
        SIGWINCH => told.resized.store(true, Ordering::Release),
        SIGCONT => told.continued.store(true, Ordering::Release),
        // The editor stops and we wait for it: stop as well, or the shell never gets its turn.
        SIGTSTP if lent => stop_alone(),
        SIGTSTP => told.stop.store(true, Ordering::Release),
        SIGINT | SIGQUIT if lent => return,
        _ => {
            told.end.store(signal, Ordering::Release);
            waker.wake();
            if signal != SIGHUP {
                std::thread::sleep(GRACE);
            }
            give_back();
            std::process::exit(128 + signal);
        }
    }
    waker.wake();
}

/// Stops the whole job, as the terminal does for Ctrl-Z when a program leaves the key to it. The
/// program goes on with [`Heard::take_continued`].
pub fn stop_group() {
    // There is nobody to tell if it fails; the cockpit then just goes on.
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::STOP);
}

fn stop_alone() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
}
