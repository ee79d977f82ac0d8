//! Records in the order of their keys, with little of them in memory: each time that a run of them
//! is full it goes to a temporary file, in order, and the runs are merged as they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fmt;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::super::input::{Spool, SpoolWriter};

/// Bytes of a run.
pub(super) const RUN: usize = 4 * 1024 * 1024;
/// Bytes that are read ahead, of all runs together and of one at least and at most.
const AHEAD: usize = 4 * 1024 * 1024;
const LEAST: usize = 4 * 1024;
const MOST: usize = 64 * 1024;
/// Bytes before each record: its key and its length.
const HEAD: usize = 16;

/// By what records are in order: a number, and among equals another one.
pub(super) type Key = (u64, u32);

/// Takes records in any order.
#[derive(Debug)]
pub(super) struct Sorter {
    /// How many bytes a run has.
    run: usize,
    /// The records of this run, and the key of each with its place.
    bytes: Vec<u8>,
    places: Vec<(u64, u32, u32)>,
    /// The runs before it, and where each begins.
    file: Option<SpoolWriter>,
    starts: Vec<u64>,
    written: u64,
    /// How many bytes the file may have.
    most: u64,
}

impl Sorter {
    /// With runs of so many bytes.
    pub(super) fn new(run: usize) -> Self {
        Self {
            run,
            bytes: Vec::new(),
            places: Vec::new(),
            file: None,
            starts: Vec::new(),
            written: 0,
            most: u64::MAX,
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty() && self.file.is_none()
    }

    /// Adds a record.
    pub(super) fn push(&mut self, key: Key, record: &[u8]) -> io::Result<()> {
        let held = self.bytes.len() + self.places.len() * size_of::<(u64, u32, u32)>();
        if held >= self.run {
            self.write_out()?;
        }
        self.places.push((key.0, key.1, self.bytes.len() as u32));
        self.bytes.extend(key.0.to_le_bytes());
        self.bytes.extend(key.1.to_le_bytes());
        self.bytes.extend((record.len() as u32).to_le_bytes());
        self.bytes.extend(record);
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(SpoolWriter::new(self.most)?),
        };
        self.starts.push(self.written);
        self.places.sort_unstable();
        for (_, _, at) in self.places.drain(..) {
            let record = record(&self.bytes, at as usize);
            file.write_all(record)?;
            self.written += record.len() as u64;
        }
        self.bytes.clear();
        Ok(())
    }

    /// Ends the adding.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        if self.file.is_some() {
            self.write_out()?;
        }
        let Some(file) = self.file else {
            self.places.sort_unstable();
            let mut bytes = Vec::with_capacity(self.bytes.len());
            for (_, _, at) in self.places {
                bytes.extend(record(&self.bytes, at as usize));
            }
            return Ok(Sorted::Memory(bytes.into()));
        };
        Ok(Sorted::File(file.finish()?, self.starts))
    }
}

/// The bytes of the record that begins at a place.
fn record(bytes: &[u8], at: usize) -> &[u8] {
    let len = bytes[at + HEAD - 4..at + HEAD]
        .try_into()
        .expect("a length has four bytes");
    &bytes[at..at + HEAD + u32::from_le_bytes(len) as usize]
}

/// Records that can be read in order, as often as needed.
#[derive(Debug)]
pub(super) enum Sorted {
    /// One run that was never full.
    Memory(Arc<[u8]>),
    /// Runs, and where each begins.
    File(Spool, Vec<u64>),
}

impl Sorted {
    /// Reads from the first record on.
    pub(super) fn read(&self) -> io::Result<Merge> {
        let mut runs: Vec<Run> = match self {
            Self::Memory(bytes) => vec![Run::of(bytes.len() as u64, 0, Cursor::new(bytes.clone()))],
            Self::File(file, starts) => {
                let ahead = (AHEAD / starts.len()).clamp(LEAST, MOST);
                let ends = starts.iter().skip(1).copied().chain([file.size()]);
                let run = |(start, end): (&u64, u64)| {
                    let mut from = file.open();
                    from.seek(SeekFrom::Start(*start))?;
                    Ok(Run::of(end - start, ahead, from))
                };
                starts
                    .iter()
                    .zip(ends)
                    .map(run)
                    .collect::<io::Result<_>>()?
            }
        };
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (at, run) in runs.iter_mut().enumerate() {
            if let Some(key) = run.next()? {
                heads.push(Reverse((key, at)));
            }
        }
        Ok(Merge { runs, heads })
    }
}

/// A run that is read.
struct Run {
    from: BufReader<Box<dyn Read + Send>>,
    left: u64,
    /// The record that is next.
    record: Vec<u8>,
}

impl Run {
    fn of(left: u64, ahead: usize, from: impl Read + Send + 'static) -> Self {
        Self {
            from: BufReader::with_capacity(ahead, Box::new(from)),
            left,
            record: Vec::new(),
        }
    }

    fn next(&mut self) -> io::Result<Option<Key>> {
        if self.left == 0 {
            return Ok(None);
        }
        let (mut number, mut other, mut len) = ([0; 8], [0; 4], [0; 4]);
        self.from.read_exact(&mut number)?;
        self.from.read_exact(&mut other)?;
        self.from.read_exact(&mut len)?;
        let len = u32::from_le_bytes(len);
        let left = self.left.checked_sub(HEAD as u64 + u64::from(len));
        self.left = left.ok_or(io::ErrorKind::InvalidData)?;
        self.record.resize(len as usize, 0);
        self.from.read_exact(&mut self.record)?;
        Ok(Some((
            u64::from_le_bytes(number),
            u32::from_le_bytes(other),
        )))
    }
}

/// Reads records in order.
pub(super) struct Merge {
    runs: Vec<Run>,
    /// The next key of each run that has one, the least on top.
    heads: BinaryHeap<Reverse<(Key, usize)>>,
}

impl fmt::Debug for Merge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merge")
            .field("heads", &self.heads)
            .finish_non_exhaustive()
    }
}

impl Merge {
    /// The record that is next.
    pub(super) fn head(&self) -> Option<(Key, &[u8])> {
        let Reverse((key, at)) = self.heads.peek()?;
        Some((*key, &self.runs[*at].record))
    }

    /// Goes on to the one behind it.
    pub(super) fn advance(&mut self) -> io::Result<()> {
        let Some(mut head) = self.heads.peek_mut() else {
            return Ok(());
        };
        match self.runs[head.0.1].next()? {
            Some(key) => head.0.0 = key,
            None => drop(PeekMut::pop(head)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(sorted: &Sorted) -> Vec<(Key, Vec<u8>)> {
        let mut merge = sorted.read().unwrap();
        let mut all = Vec::new();
        while let Some((key, record)) = merge.head() {
            all.push((key, record.to_vec()));
            merge.advance().unwrap();
        }
        all
    }

    proptest! {
        #[test]
        fn records_come_in_the_order_of_their_keys_however_many_runs_they_fill(
            run in prop_oneof![1_usize..600, Just(RUN)],
            keys in prop::collection::btree_set((0_u64..50, 0_u32..9), 0..120),
            seed in any::<u64>(),
        ) {
            let record = |key: &Key| vec![key.0 as u8; (key.0 * u64::from(key.1) % 37) as usize];
            let expected: Vec<_> = keys.iter().map(|key| (*key, record(key))).collect();
            let mut mixed: Vec<Key> = keys.into_iter().collect();
            mixed.sort_by_key(|key| (key.0 * 9 + u64::from(key.1)).wrapping_mul(seed | 1));
            let mut sorter = Sorter::new(run);
            for key in &mixed {
                sorter.push(*key, &record(key)).unwrap();
            }

            prop_assert_eq!(sorter.is_empty(), expected.is_empty());
            let sorted = sorter.finish().unwrap();

            prop_assert_eq!(all(&sorted), expected.clone());
            prop_assert_eq!(all(&sorted), expected, "they can be read again");
        }
    }

    #[test]
    fn a_disk_without_room_is_an_error() {
        let mut sorter = Sorter {
            most: 100_000,
            ..Sorter::new(1_000)
        };
        let mut push = |number| sorter.push((number, 0), &[7; 84]);

        // What the file's own buffer holds is written later.
        let failed = (0..2_000).find_map(|number| push(number).err());

        assert_eq!(failed.unwrap().kind(), io::ErrorKind::FileTooLarge);
    }
}
