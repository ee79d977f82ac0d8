//! Records of one size in the order in which they came, of which a temporary file holds all but the
//! newest: so that millions of rows need no memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::super::error::StoreError;

/// Records in memory.
const NEWEST: usize = 16_384;

/// Records of `N` bytes.
#[derive(Debug)]
pub(super) struct Spill<const N: usize> {
    newest: Vec<[u8; N]>,
    file: Option<File>,
    /// How many are in the file.
    written: u64,
}

impl<const N: usize> Default for Spill<N> {
    fn default() -> Self {
        Self {
            newest: Vec::new(),
            file: None,
            written: 0,
        }
    }
}

impl<const N: usize> Spill<N> {
    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.written + self.newest.len() as u64
    }

    /// Adds one.
    pub(super) fn push(&mut self, record: [u8; N]) -> Result<(), StoreError> {
        if self.newest.len() == NEWEST {
            self.write_out().map_err(failed)?;
        }
        self.newest.push(record);
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.written * N as u64))?;
        file.write_all(self.newest.as_flattened())?;
        self.written += self.newest.len() as u64;
        self.newest.clear();
        Ok(())
    }

    /// Returns one that was added, by its place from 0.
    pub(super) fn get(&mut self, at: u64) -> Result<[u8; N], StoreError> {
        let newest = at.checked_sub(self.written);
        if let Some(record) = newest.and_then(|at| self.newest.get(usize::try_from(at).ok()?)) {
            return Ok(*record);
        }
        let mut record = [0; N];
        let mut read = || -> io::Result<()> {
            let file = self.file.as_mut().ok_or(io::ErrorKind::UnexpectedEof)?;
            file.seek(SeekFrom::Start(at * N as u64))?;
            file.read_exact(&mut record)
        };
        read().map_err(failed)?;
        Ok(record)
    }

    /// Calls with each in turn.
    pub(super) fn each(&mut self, mut call: impl FnMut(&[u8; N])) -> Result<(), StoreError> {
        if let Some(file) = &mut self.file {
            let read = || -> io::Result<()> {
                file.seek(SeekFrom::Start(0))?;
                let mut file = io::BufReader::new(file);
                let mut record = [0; N];
                for _ in 0..self.written {
                    file.read_exact(&mut record)?;
                    call(&record);
                }
                Ok(())
            };
            read().map_err(failed)?;
        }
        self.newest.iter().for_each(call);
        Ok(())
    }
}

/// What became of a temporary file.
pub(super) fn failed(source: io::Error) -> StoreError {
    let path = std::env::temp_dir();
    if source.kind() == io::ErrorKind::StorageFull {
        StoreError::DiskFull { path }
    } else {
        StoreError::Io { path, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_back_whether_it_is_in_memory_or_in_the_file() {
        let mut spill = Spill::<8>::default();
        let many = 2 * NEWEST as u64 + 7;
        for number in 0..many {
            spill.push(number.to_le_bytes()).unwrap();
            if number % 5_003 == 0 {
                // A look between two writes does not move where the next one goes.
                assert_eq!(spill.get(number / 2).unwrap(), (number / 2).to_le_bytes());
            }
        }

        assert_eq!((spill.len(), spill.newest.len()), (many, 7));
        for number in (0..many).step_by(997).chain([many - 1]) {
            assert_eq!(spill.get(number).unwrap(), number.to_le_bytes());
        }
        let mut all = Vec::new();
        spill.each(|r| all.push(u64::from_le_bytes(*r))).unwrap();
        assert_eq!(all, (0..many).collect::<Vec<_>>());
    }
}
