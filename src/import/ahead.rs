//! Reading ahead: one thread reads and judges rows while another writes them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::Scope;
use std::time::Duration;

/// Rows that are handed on together.
const BATCH: usize = 512;
/// Batches that may wait: what is read ahead is bounded.
const WAITING: usize = 4;
/// How long a row may let others wait: a slow disk or pipe must not keep the pipeline locked.
const PATIENCE: Duration = Duration::from_millis(200);

/// What comes of waiting for rows.
pub(super) enum Next<T> {
    /// Some rows.
    Rows(Vec<T>),
    /// None yet.
    Late,
    /// There are no more.
    End,
}

/// The rows that another thread reads.
pub(super) struct Ahead<T, L> {
    rows: Receiver<Vec<T>>,
    left: Sender<Vec<L>>,
}

impl<T: Send, L: Send> Ahead<T, L> {
    /// Reads on a thread of its own; it ends with the rows, or when nobody takes them any more.
    pub(super) fn start<'scope, 'env>(
        scope: &'scope Scope<'scope, 'env>,
        rows: impl Iterator<Item = T> + Send + 'scope,
    ) -> Self
    where
        T: 'scope,
        L: 'scope,
    {
        let (send, receive) = sync_channel(WAITING);
        let (give_back, left) = channel();
        scope.spawn(move || hand_on(rows, &send, &left));
        Self {
            rows: receive,
            left: give_back,
        }
    }

    /// Waits for rows, a while.
    pub(super) fn next(&self) -> Next<T> {
        match self.rows.recv_timeout(PATIENCE) {
            Ok(rows) => Next::Rows(rows),
            Err(RecvTimeoutError::Timeout) => Next::Late,
            Err(RecvTimeoutError::Disconnected) => Next::End,
        }
    }

    /// Gives back what is left of rows, so that the thread frees it that took its memory: two
    /// threads at one heap wait for each other.
    pub(super) fn give_back(&self, left: Vec<L>) {
        // A thread that is through has no use for it.
        let _ = self.left.send(left);
    }
}

fn hand_on<T, L>(
    mut rows: impl Iterator<Item = T>,
    send: &SyncSender<Vec<T>>,
    left: &Receiver<Vec<L>>,
) {
    loop {
        left.try_iter().for_each(drop);
        let batch: Vec<T> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() || send.send(batch).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread::ThreadId;

    use super::*;

    #[test]
    fn all_rows_come_in_their_order() {
        let mut all: Vec<i32> = Vec::new();
        std::thread::scope(|scope| {
            let ahead = Ahead::start(scope, 0..5_000);
            loop {
                match ahead.next() {
                    Next::Rows(rows) => {
                        all.extend(&rows);
                        ahead.give_back(rows);
                    }
                    Next::Late => {}
                    Next::End => break,
                }
            }
        });

        assert_eq!(all, (0..5_000).collect::<Vec<_>>());
    }

    #[test]
    fn reading_ends_when_nobody_takes_the_rows() {
        std::thread::scope(|scope| {
            let ahead: Ahead<_, ()> = Ahead::start(scope, 0_u64..);
            assert!(matches!(ahead.next(), Next::Rows(_)));
            drop(ahead);
        });
    }

    #[test]
    fn what_is_left_of_a_row_is_freed_by_the_thread_that_read_it() {
        struct Left(Sender<ThreadId>);
        impl Drop for Left {
            fn drop(&mut self) {
                self.0.send(std::thread::current().id()).unwrap();
            }
        }
        let (freed, by) = channel();
        std::thread::scope(|scope| {
            let ahead = Ahead::start(scope, (0..5_000).map(|_| Left(freed.clone())));
            while let Next::Rows(rows) = ahead.next() {
                ahead.give_back(rows);
            }
        });
        drop(freed);
        let here = std::thread::current().id();
        let elsewhere = by.iter().filter(|id| *id != here).count();

        // What comes back after the last row is freed with the channel, by whichever ends last.
        assert!(elsewhere >= 5_000 - (WAITING + 2) * BATCH, "{elsewhere}");
    }
}
