//! Room on the disk that a load keeps, to give it up when there is no other.
//!
//! Rows are written to the log first and from there into the file, which grows by them. A disk that
//! becomes full in between holds them in the log for good: neither can the file grow, nor the log
//! take another write, not even one that removes them. With this room given up, the file can.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::super::error::StoreError;
use super::super::open::beside;

/// The least that is kept, in bytes: more than the log of a chunk of common rows.
const LEAST: u64 = 16 << 20;
/// The most, where rows are long.
const MOST: u64 = 256 << 20;

/// Room that is kept until this is dropped.
#[derive(Debug)]
pub(super) struct Room(PathBuf);

impl Room {
    /// Keeps room beside a pipeline for so many chunks and one more, each as large as its log is now;
    /// none where that is not possible for another reason than a full disk.
    ///
    /// # Errors
    ///
    /// [`StoreError::DiskFull`].
    pub(super) fn keep(pipeline: &Path, chunks: u64) -> Result<Option<Self>, StoreError> {
        let log = fs::metadata(beside(pipeline, "-wal")).map_or(0, |log| log.len());
        forget(pipeline);
        let room = Self(beside(pipeline, ".room"));
        match fill(&room.0, ((chunks + 1) * log).clamp(LEAST, MOST)) {
            Ok(()) => Ok(Some(room)),
            Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(StoreError::DiskFull {
                path: pipeline.to_owned(),
            }),
            Err(_) => Ok(None),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // One that stays is given up by whoever takes the import back.
        let _ = fs::remove_file(&self.0);
    }
}

/// Gives up the room that a killed load kept.
pub(super) fn forget(pipeline: &Path) {
    let _ = fs::remove_file(beside(pipeline, ".room"));
}

/// Makes a file that has so much room: one of a length without content has none. Where the system
/// cannot keep room unwritten, zeros are written.
fn fill(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    #[cfg(target_os = "linux")]
    match rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
        Ok(()) => return Ok(()),
        Err(error) if error == rustix::io::Errno::NOSPC => return Err(error.into()),
        Err(_) => {}
    }
    let zeros = [0; 1 << 13];
    for _ in 0..bytes.div_ceil(1 << 13) {
        file.write_all(&zeros)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_there_until_it_is_given_up_and_a_killed_load_leaves_none() {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = folder.path().join("p.db");
        let path = folder.path().join("p.db.room");
        let room = Room::keep(&pipeline, 1).unwrap().unwrap();
        let kept = fs::metadata(&path).unwrap();
        assert_eq!(kept.len(), LEAST);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            assert!(kept.blocks() * 512 >= LEAST, "a length alone is no room");
        }
        drop(room);
        assert!(!path.exists());

        std::mem::forget(Room::keep(&pipeline, 1).unwrap());
        let room = Room::keep(&pipeline, 1).unwrap();
        assert!(room.is_some(), "what was left is in nobody's way");
        std::mem::forget(room);
        forget(&pipeline);
        assert!(!path.exists());
    }

    #[test]
    fn there_is_room_for_more_than_the_log_may_hold() {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = folder.path().join("p.db");
        fs::write(folder.path().join("p.db-wal"), vec![0; 5 << 20]).unwrap();
        let size = || fs::metadata(folder.path().join("p.db.room")).unwrap().len();

        let of_one = Room::keep(&pipeline, 1).unwrap();
        assert_eq!(size(), LEAST);
        drop(of_one);
        let of_many = Room::keep(&pipeline, 4).unwrap();
        assert_eq!(size(), 25 << 20);
        drop(of_many);
    }

    #[test]
    fn a_folder_in_which_nothing_can_be_made_costs_no_import() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("gone").join("p.db");

        assert!(Room::keep(&nowhere, 1).unwrap().is_none());
    }
}
