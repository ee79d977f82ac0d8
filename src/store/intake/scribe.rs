//! Writing back the log of a long load, on a thread of its own while the next rows go in.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::super::error::StoreError;
use super::super::{Entrance, log};

/// Writes back what the log holds as often as it is asked to. Dropping it waits for its end.
#[derive(Debug)]
pub(super) struct Scribe {
    asked: Option<SyncSender<()>>,
    done: Receiver<Result<(), StoreError>>,
    is_at_it: bool,
    thread: Option<JoinHandle<()>>,
}

impl Scribe {
    /// Opens a connection for it.
    pub(super) fn start(entrance: &Entrance) -> Result<Self, StoreError> {
        let store = entrance.open()?;
        let (ask, asked) = sync_channel(1);
        let (tell, done) = sync_channel(1);
        let thread = thread::spawn(move || {
            for () in asked {
                if tell.send(log::write_back(store.conn())).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            asked: Some(ask),
            done,
            is_at_it: false,
            thread: Some(thread),
        })
    }

    /// Asks for what the log holds now to be written back, once that of before is.
    pub(super) fn ask(&mut self) -> Result<(), StoreError> {
        self.wait()?;
        self.is_at_it = self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.send(()).is_ok());
        Ok(())
    }

    /// Waits until what was asked for is done.
    pub(super) fn wait(&mut self) -> Result<(), StoreError> {
        if !std::mem::take(&mut self.is_at_it) {
            return Ok(());
        }
        // A thread that is gone wrote nothing back; whoever writes back next does.
        self.done.recv().unwrap_or(Ok(()))
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        self.asked = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::super::{Access, Judge, Store};
    use super::*;
    use crate::domain::verdict::Thresholds;

    #[test]
    fn what_is_asked_for_is_in_the_file_when_it_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let at = "2026-11-23T09:00:00Z".parse().unwrap();
        let judge = Judge::new(Vec::new(), Thresholds::default());
        let store = Store::open(&path, Access::Create, at, judge).unwrap();
        log::write_back(store.conn()).unwrap();
        let size = || fs::metadata(&path).unwrap().len();
        let before = size();
        let mut scribe = Scribe::start(&store.entrance()).unwrap();
        scribe.wait().unwrap();

        let mut expected = before;
        for round in 0..3 {
            store
                .remember("long", &"x".repeat(100_000 * (round + 1)))
                .unwrap();
            assert_eq!(size(), expected, "a commit alone writes to the log");
            scribe.ask().unwrap();
            scribe.wait().unwrap();
            assert!(size() >= before + 90_000 * (round as u64 + 1));
            expected = size();
        }
    }
}
