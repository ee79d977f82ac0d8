//! A time that ends a wait, also when the computer slept over it.
//!
//! The limit of a poll stands still while the computer sleeps: what is due at midnight would come
//! as much later as the sleep was long. Where the system has a timer that goes on in a sleep, that
//! is waited for instead. It goes off at the latest when the computer is awake again, and costs
//! nothing before. Elsewhere long waits are cut short, so that the clock is looked at again now and
//! then.

use std::time::Duration;

/// Waits up to this are left to the poll: nobody notices when a word on the screen outlives a
/// sleep by so much.
pub const LONG: Duration = Duration::from_secs(60);

/// The longest wait where there is no such timer.
pub const SLICE: Duration = Duration::from_secs(600);

#[cfg(all(unix, not(target_os = "linux")))]
pub use none::Alarm;
#[cfg(target_os = "linux")]
pub use timer::Alarm;

#[cfg(all(unix, not(target_os = "linux")))]
mod none {
    use std::os::fd::{AsFd, BorrowedFd};
    use std::time::Duration;

    /// Never made.
    #[derive(Debug)]
    pub enum Alarm {}

    impl Alarm {
        /// Returns none: there is no such timer here.
        pub fn new() -> Option<Self> {
            None
        }

        /// Sets it.
        pub fn set(&self, _: Duration) -> bool {
            match *self {}
        }

        /// Tells whether its time has come.
        pub fn has_come(&self) -> bool {
            match *self {}
        }
    }

    impl AsFd for Alarm {
        fn as_fd(&self) -> BorrowedFd<'_> {
            match *self {}
        }
    }
}

#[cfg(target_os = "linux")]
mod timer {
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::time::Duration;

    use rustix::event::Timespec;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create,
        timerfd_settime,
    };

    /// One timer, which is set anew for each wait.
    #[derive(Debug)]
    pub struct Alarm(OwnedFd);

    impl Alarm {
        /// Makes a timer, if the system lets us.
        pub fn new() -> Option<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            timerfd_create(TimerfdClockId::Boottime, flags)
                .ok()
                .map(Self)
        }

        /// Sets it to go off so much later; false where that cannot be told.
        pub fn set(&self, after: Duration) -> bool {
            let Ok(it_value) = Timespec::try_from(after) else {
                return false;
            };
            let it_interval = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            let time = Itimerspec {
                it_interval,
                it_value,
            };
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &time).is_ok()
        }

        /// Tells whether its time has come, once.
        pub fn has_come(&self) -> bool {
            let mut count = [0; 8];
            matches!(rustix::io::read(&self.0, &mut count), Ok(8))
        }
    }

    impl AsFd for Alarm {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.0.as_fd()
        }
    }

    #[cfg(test)]
    mod tests {
        use rustix::event::{PollFd, PollFlags, poll};

        use super::*;

        #[test]
        fn a_timer_ends_a_wait_that_has_no_limit_of_its_own() {
            let alarm = Alarm::new().unwrap();
            assert!(alarm.set(Duration::from_millis(20)));
            assert!(!alarm.has_come());

            let mut fds = [PollFd::new(&alarm, PollFlags::IN)];
            poll(&mut fds, None).unwrap();

            assert!(alarm.has_come());
            assert!(!alarm.has_come(), "once");
        }

        #[test]
        fn a_time_that_is_set_anew_does_not_come_twice() {
            let alarm = Alarm::new().unwrap();
            assert!(alarm.set(Duration::from_millis(1)));
            std::thread::sleep(Duration::from_millis(20));

            assert!(alarm.set(Duration::from_secs(3_600)));

            assert!(!alarm.has_come());
        }
    }
}
