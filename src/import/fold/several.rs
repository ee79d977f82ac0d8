//! Which rows of a file have an id that another one has too.

use std::io;

use super::sorted::{Key, Sorted};

/// A bit for each row.
#[derive(Default)]
pub(super) struct Several(Vec<u64>);

impl Several {
    /// Of the rows of a file, in the order of the keys of their ids.
    pub(super) fn of(keys: &Sorted) -> io::Result<Self> {
        let mut several = Self::default();
        let mut before: Option<Key> = None;
        let mut keys = keys.read()?;
        while let Some(((key, row), _)) = keys.head() {
            if let Some((_, first)) = before.filter(|before| before.0 == key) {
                several.set(first);
                several.set(row);
            }
            before = Some((key, row));
            keys.advance()?;
        }
        Ok(several)
    }

    fn set(&mut self, row: u32) {
        let (at, bit) = place(row);
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= bit;
    }

    /// Whether no id stands on several rows.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the id of a row stands on another one too.
    pub(super) fn has(&self, row: u32) -> bool {
        let (at, bit) = place(row);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }
}

fn place(row: u32) -> (usize, u64) {
    (row as usize / 64, 1 << (row % 64))
}
