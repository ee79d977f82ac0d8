//! Reading ahead: one thread reads and judges rows while another writes them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
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
pub(super) struct Ahead<T>(Receiver<Vec<T>>);

impl<T: Send> Ahead<T> {
    /// Reads on a thread of its own; it ends with the rows, or when nobody takes them any more.
    pub(super) fn start<'scope, 'env>(
        scope: &'scope Scope<'scope, 'env>,
        rows: impl Iterator<Item = T> + Send + 'scope,
    ) -> Self
    where
        T: 'scope,
    {
        let (send, receive) = sync_channel(WAITING);
        scope.spawn(move || hand_on(rows, &send));
        Self(receive)
    }

    /// Waits for rows, a while.
    pub(super) fn next(&self) -> Next<T> {
        match self.0.recv_timeout(PATIENCE) {
            Ok(rows) => Next::Rows(rows),
            Err(RecvTimeoutError::Timeout) => Next::Late,
            Err(RecvTimeoutError::Disconnected) => Next::End,
        }
    }
}

fn hand_on<T>(mut rows: impl Iterator<Item = T>, send: &SyncSender<Vec<T>>) {
    loop {
        let batch: Vec<T> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() || send.send(batch).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_come_in_their_order() {
        let mut all = Vec::new();
        std::thread::scope(|scope| {
            let ahead = Ahead::start(scope, 0..5_000);
            loop {
                match ahead.next() {
                    Next::Rows(rows) => all.extend(rows),
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
            let ahead = Ahead::start(scope, 0_u64..);
            assert!(matches!(ahead.next(), Next::Rows(_)));
            drop(ahead);
        });
    }
}
