//! Notices what another program writes to the pipeline, without ever looking by itself.
//!
//! Another cockpit's commit shows as a change of the `-wal` file beside the pipeline, so the folder
//! is watched. The log is written before it is safe on the disk, and only then do readers find the
//! commit in it; nothing tells of that moment. So after the last write it is looked again, twice,
//! and then no more. Our own commits show as well: whoever is told reads `PRAGMA data_version` on the
//! connection that writes, and finds nothing new.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use thiserror::Error;

/// How long after the last write it is looked again, each counted from the look before.
const AGAIN: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(650)];

/// Why changes by others are not noticed at once.
#[derive(Debug, Error)]
pub enum WatchError {
    /// The folder is on a file system that does not tell of what other machines write.
    #[error("`{folder}` is on a {kind} file system, which tells nothing of other machines")]
    Remote {
        /// The folder of the pipeline.
        folder: PathBuf,
        /// The kind of file system, such as `nfs4`.
        kind: String,
    },
    /// The system refuses to watch; often a limit is reached.
    #[error("the system does not watch the folder: {0}")]
    Refused(#[from] notify::Error),
    /// The system gives no thread to look on.
    #[error("the system gives no thread to watch the folder: {0}")]
    NoThread(#[from] std::io::Error),
}

/// A watch that lasts until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Calls `changed`, on a thread of its own, each time the pipeline may have been written.
    /// It must be quick, and may be called many times for one change.
    pub fn start(pipeline: &Path, changed: impl Fn() + Send + 'static) -> Result<Self, WatchError> {
        // A link to the pipeline lies in another folder than its `-wal` file.
        let pipeline = pipeline
            .canonicalize()
            .unwrap_or_else(|_| pipeline.to_owned());
        let folder = folder(&pipeline);
        if let Some(kind) = remote_kind(&folder) {
            return Err(WatchError::Remote { folder, kind });
        }
        let names = names(&pipeline);
        let (wrote, writes) = mpsc::channel();
        thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || look(&writes, &changed))?;
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // An error may be a queue that ran over: something happened, so look.
                if event.as_ref().map_or(true, |event| concerns(event, &names)) {
                    // It looks for as long as this watch lasts.
                    let _ = wrote.send(());
                }
            })?;
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        Ok(Self { _watcher: watcher })
    }
}

/// Tells of every write at once, and again after the last one.
fn look(writes: &Receiver<()>, changed: &impl Fn()) {
    while writes.recv().is_ok() {
        changed();
        let mut again = AGAIN.iter();
        while let Some(wait) = again.next() {
            match writes.recv_timeout(*wait) {
                Ok(()) => again = AGAIN.iter(),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            changed();
        }
    }
}

fn folder(pipeline: &Path) -> PathBuf {
    match pipeline.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// The pipeline and its log. The shared memory file beside them changes when somebody only reads.
fn names(pipeline: &Path) -> [OsString; 2] {
    let name = pipeline.file_name().unwrap_or_default().to_owned();
    let mut log = name.clone();
    log.push("-wal");
    [name, log]
}

/// Opening and closing by readers, and changes of permissions, are not for us.
fn concerns(event: &notify::Event, names: &[OsString]) -> bool {
    let written = match event.kind {
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(
            ModifyKind::Any | ModifyKind::Data(_) | ModifyKind::Name(_) | ModifyKind::Other,
        )
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    let ours = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| names.iter().any(|own| own.as_os_str() == name))
    };
    written && (event.need_rescan() || event.paths.iter().any(ours))
}

/// Returns the kind of the file system on which the folder lies, if it is one that other machines
/// write to.
pub fn remote_kind(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let folder = folder.canonicalize().ok()?;
    let kind = mounted_kind(&mounts, &folder)?;
    is_remote(&kind).then_some(kind)
}

/// The kind of the mount that lies nearest above the folder; a later one hides an earlier one.
fn mounted_kind(mounts: &str, folder: &Path) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let place = fields.next()?.replace("\\040", " ");
        Some((PathBuf::from(place), fields.next()?))
    });
    let above = mounts.filter(|(place, _)| folder.starts_with(place));
    above
        .max_by_key(|(place, _)| place.components().count())
        .map(|(_, kind)| kind.to_owned())
}

fn is_remote(kind: &str) -> bool {
    const KINDS: [&str; 12] = [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "nfs",
        "nfs4",
        "smb2",
        "smb3",
        "smbfs",
    ];
    KINDS.iter().any(|&remote| OsStr::new(remote) == kind)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use notify::event::{AccessKind, CreateKind, DataChange, MetadataKind, RemoveKind};

    use super::*;

    fn event(kind: EventKind, file: &str) -> notify::Event {
        notify::Event::new(kind).add_path(Path::new("/data").join(file))
    }

    #[test]
    fn only_writes_to_the_pipeline_and_its_log_count() {
        let names = names(Path::new("/data/pipeline.db"));
        let data = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        for (kind, file, counts) in [
            (data, "pipeline.db-wal", true),
            (data, "pipeline.db", true),
            (EventKind::Create(CreateKind::File), "pipeline.db-wal", true),
            (EventKind::Remove(RemoveKind::File), "pipeline.db", true),
            (data, "pipeline.db-shm", false),
            (data, "other.db-wal", false),
            (EventKind::Access(AccessKind::Any), "pipeline.db", false),
            (
                EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)),
                "pipeline.db",
                false,
            ),
        ] {
            assert_eq!(
                concerns(&event(kind, file), &names),
                counts,
                "{kind:?} {file}"
            );
        }
    }

    #[test]
    fn a_write_beside_the_pipeline_is_noticed_and_an_idle_file_is_silent() {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = folder.path().join("p.db");
        std::fs::write(&pipeline, "").unwrap();
        let (tell, told) = mpsc::channel();
        let tell = move || {
            let _ = tell.send(());
        };
        let _watch = Watch::start(&pipeline, tell).unwrap();

        std::fs::read(&pipeline).unwrap();
        std::fs::write(folder.path().join("else"), "x").unwrap();
        assert!(told.recv_timeout(Duration::from_millis(100)).is_err());

        std::fs::write(folder.path().join("p.db-wal"), "x").unwrap();
        told.recv_timeout(Duration::from_secs(5)).unwrap();
    }

    #[test]
    fn after_the_last_write_it_is_looked_again_and_then_no_more() {
        let ((wrote, writes), (tell, told)) = (mpsc::channel(), mpsc::channel());
        let tell = move || {
            let _ = tell.send(());
        };
        let looks = thread::spawn(move || look(&writes, &tell));

        wrote.send(()).unwrap();

        for _ in 0..=AGAIN.len() {
            told.recv_timeout(Duration::from_secs(5)).unwrap();
        }
        drop(wrote);
        looks.join().unwrap();
        assert!(told.recv().is_err(), "it looked once more than it should");
    }

    #[test]
    fn a_folder_that_is_not_there_says_so() {
        let error = Watch::start(Path::new("/nowhere/p.db"), || {}).unwrap_err();
        assert!(matches!(error, WatchError::Refused(_)), "{error}");
    }

    #[test]
    fn the_nearest_mount_tells_the_kind() {
        let mounts = "/dev/sda / ext4 rw 0 0\n\
                      host:/a /home/a\\040b nfs4 rw 0 0\n\
                      tmpfs /home/a\\040b/x tmpfs rw 0 0\n";
        for (folder, kind, remote) in [
            ("/var", "ext4", false),
            ("/home/a b/deals", "nfs4", true),
            ("/home/a b/x/y", "tmpfs", false),
        ] {
            let found = mounted_kind(mounts, Path::new(folder)).unwrap();
            assert_eq!((found.as_str(), is_remote(&found)), (kind, remote));
        }
    }
}
