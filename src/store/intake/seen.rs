//! What a run has read already, so that a row that stands twice is taken once.
//!
//! Eight bytes tell one row from another, eight more say what is noted of it. The newest rows are
//! in memory; when they are many they go to a temporary file, in order, and of them only a filter
//! stays: so that millions of rows need no memory, and a row that was not met costs no look into
//! the file.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::super::error::StoreError;
use super::spill::failed;

/// Rows in memory: as many as fill a table of half a million places.
const NEWEST: usize = 458_752;
/// Rows of a temporary file that are read at once.
const BLOCK: usize = 256;
/// Bytes of a row there.
const ENTRY: usize = 16;
/// Bits of a filter for each row: of those not met, one in 300 is looked for in the file.
const BITS: u64 = 12;
/// Bits of a filter that each row sets.
const MARKS: u64 = 6;

/// Takes a key as it is: it is a hash already.
#[derive(Clone, Copy, Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// The rows met, each with a number that is noted of it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    newest: HashMap<u64, u64, BuildHasherDefault<AsItIs>>,
    runs: Vec<Run>,
    file: Option<File>,
}

impl Seen {
    /// Returns what was noted of a row; none where it was not met.
    pub(super) fn get(&mut self, key: u64) -> Result<Option<u64>, StoreError> {
        if let Some(noted) = self.newest.get(&key) {
            return Ok(Some(*noted));
        }
        let Some(file) = &mut self.file else {
            return Ok(None);
        };
        for run in self.runs.iter().rev().filter(|run| run.may_have(key)) {
            if let Some(noted) = run.find(file, key).map_err(failed)? {
                return Ok(Some(noted));
            }
        }
        Ok(None)
    }

    /// Notes a row that was not met.
    pub(super) fn put(&mut self, key: u64, noted: u64) -> Result<(), StoreError> {
        if self.newest.len() == NEWEST {
            self.write_out().map_err(failed)?;
        }
        self.newest.insert(key, noted);
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        let mut rows: Vec<(u64, u64)> = self.newest.drain().collect();
        rows.sort_unstable();
        let start = file.seek(SeekFrom::End(0))?;
        let mut out = io::BufWriter::new(file);
        for (key, noted) in &rows {
            out.write_all(&key.to_le_bytes())?;
            out.write_all(&noted.to_le_bytes())?;
        }
        out.flush()?;
        self.runs.push(Run::of(start, &rows));
        Ok(())
    }
}

/// Rows that went to the file together.
#[derive(Debug)]
struct Run {
    start: u64,
    len: usize,
    /// The first key of each block.
    blocks: Vec<u64>,
    filter: Vec<u64>,
}

impl Run {
    fn of(start: u64, rows: &[(u64, u64)]) -> Self {
        let bits = rows.len() as u64 * BITS;
        let mut run = Self {
            start,
            len: rows.len(),
            blocks: rows.iter().step_by(BLOCK).map(|(key, _)| *key).collect(),
            filter: vec![0; bits.div_ceil(64) as usize],
        };
        for (key, _) in rows {
            for (word, bit) in run.marks(*key) {
                run.filter[word] |= bit;
            }
        }
        run
    }

    /// The bits that a key sets, each with its word of the filter.
    fn marks(&self, key: u64) -> impl Iterator<Item = (usize, u64)> + use<> {
        let bits = self.filter.len() as u64 * 64;
        let step = key.rotate_left(32) | 1;
        (0..MARKS).map(move |n| {
            let at = key.wrapping_add(step.wrapping_mul(n)) % bits;
            ((at / 64) as usize, 1 << (at % 64))
        })
    }

    fn may_have(&self, key: u64) -> bool {
        self.marks(key)
            .all(|(word, bit)| self.filter[word] & bit != 0)
    }

    fn find(&self, file: &mut File, key: u64) -> io::Result<Option<u64>> {
        let Some(block) = self
            .blocks
            .partition_point(|first| *first <= key)
            .checked_sub(1)
        else {
            return Ok(None);
        };
        let rows = BLOCK.min(self.len - block * BLOCK);
        let mut bytes = [0; BLOCK * ENTRY];
        let bytes = &mut bytes[..rows * ENTRY];
        file.seek(SeekFrom::Start(self.start + (block * BLOCK * ENTRY) as u64))?;
        file.read_exact(bytes)?;
        let number =
            |at: &[u8]| u64::from_le_bytes(at.try_into().expect("half an entry has eight bytes"));
        let mut entries = bytes.chunks_exact(ENTRY);
        let found = entries.find(|entry| number(&entry[..ENTRY / 2]) == key);
        Ok(found.map(|entry| number(&entry[ENTRY / 2..])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> u64 {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn what_was_met_is_known_whether_it_is_in_memory_or_in_the_file() {
        let mut seen = Seen::default();
        let many = 2 * NEWEST as u64 + 1000;
        for number in 0..many {
            seen.put(key(number), number).unwrap();
        }

        assert_eq!(seen.runs.len(), 2);
        for number in (0..many).step_by(997).chain([many - 1]) {
            assert_eq!(seen.get(key(number)).unwrap(), Some(number));
        }
        for number in (many..2 * many).step_by(997) {
            assert_eq!(seen.get(key(number)).unwrap(), None);
        }
    }

    #[test]
    fn few_rows_that_were_not_met_are_looked_for_in_the_file() {
        let rows: Vec<_> = (0..10_000).map(|number| (key(number), 0)).collect();
        let run = Run::of(0, &rows);

        let looked = (10_000..40_000).filter(|n| run.may_have(key(*n))).count();

        assert!(looked < 300, "{looked}");
    }
}
