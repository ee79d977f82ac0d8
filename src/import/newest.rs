//! The newest export in the places that people download to, and which files were taken in.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Options;
use super::crm::Object;
use super::opening::Opening;
use super::update::Written;
use crate::store::{Store, StoreError};

/// Entries of one folder that are looked through; a folder with more is no place to search.
const ENTRIES: usize = 20_000;
/// Files of all folders, the newest first, whose first bytes are read.
const FILES: usize = 50;
/// Files of one export are downloaded within so many minutes of each other.
const TOGETHER: i64 = 15;
/// Files that were taken in and are known again.
const TAKEN: usize = 200;
/// The key under which they are kept.
const KEY: &str = "taken_files";

/// The endings of tables.
const ENDINGS: [&str; 5] = ["csv", "tsv", "json", "xlsx", "zip"];

/// An export of a known kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundExport {
    /// Its files, the one with the deals first.
    pub files: Vec<PathBuf>,
    /// The CRM's name as people write it.
    pub crm: String,
    /// When the newest of them was written.
    pub written: DateTime<Utc>,
    /// Whether it was taken in already.
    pub is_taken: bool,
}

/// A file as the file system tells it from others, and from itself when it was rewritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    name: String,
    size: u64,
    /// Milliseconds since 1970.
    written: i64,
}

impl Mark {
    /// The mark of a file; `None` where there is none, or no regular one.
    pub fn of(path: &Path) -> Option<Self> {
        let meta = std::fs::metadata(path)
            .ok()
            .filter(std::fs::Metadata::is_file)?;
        Some(Self {
            name: path.file_name()?.to_string_lossy().into_owned(),
            size: meta.len(),
            written: at(meta.modified().ok()?).timestamp_millis(),
        })
    }

    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.size
    }
}

fn at(time: SystemTime) -> DateTime<Utc> {
    DateTime::from(time)
}

/// Whether a file's name says that it is a table, and one that is complete.
pub fn is_table_name(path: &Path) -> bool {
    let is_hidden = path
        .file_name()
        .is_none_or(|name| name.to_string_lossy().starts_with(['.', '~']));
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    !is_hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The files that were taken into a pipeline, the latest first.
///
/// # Errors
///
/// Those of reading the pipeline.
pub fn taken(store: &Store) -> Result<Vec<Mark>, StoreError> {
    let text = store.memory(KEY)?.unwrap_or_default();
    // What cannot be read is as good as forgotten: the file is offered once more.
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// Notes that files were taken in, as they are now.
///
/// # Errors
///
/// Those of writing the pipeline.
pub fn note_taken(store: &Store, files: &[PathBuf]) -> Result<(), StoreError> {
    let mut all: Vec<Mark> = files.iter().filter_map(|file| Mark::of(file)).collect();
    let before = taken(store)?;
    all.extend(
        before
            .into_iter()
            .filter(|mark| !all.contains(mark))
            .collect::<Vec<_>>(),
    );
    all.truncate(TAKEN);
    store.remember(KEY, &serde_json::to_string(&all).expect("texts are JSON"))
}

/// Looks through folders, not below them, for the newest deals of a known CRM, and for the other
/// files of that CRM that were downloaded with them; where there is nothing new of these, for
/// activities that were downloaded by themselves.
///
/// Of at most fifty files the first bytes are read.
pub fn newest_export(
    folders: &[PathBuf],
    options: &Options,
    taken: &[Mark],
) -> Option<FoundExport> {
    let mut files: Vec<(DateTime<Utc>, PathBuf)> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().take(ENTRIES))
        .filter_map(|entry| {
            let path = entry.path();
            let meta = is_table_name(&path)
                .then(|| entry.metadata().ok())
                .flatten()?;
            let written = at(meta.modified().ok()?);
            let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
            meta.is_file().then_some((written, path))
        })
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    files.truncate(FILES);
    // One file may be seen by two ways: the current folder may be the home folder.
    files.dedup_by(|a, b| a.0 == b.0 && same_file(&a.1, &b.1));
    if files.is_empty() {
        return None;
    }
    let options = Options {
        crm_files: options.crm_files.clone(),
        ..Options::default()
    };
    let written = Written::default();
    let opening = Opening::new(&options, &written).ok()?;
    let kinds: Vec<_> = files.iter().map(|_| std::cell::OnceCell::new()).collect();
    let kind = |place: usize| {
        kinds[place]
            .get_or_init(|| {
                let file = opening.recognised(&opening.peek(&files[place].1).ok()?);
                Some((file.crm?, file.object, file.about.shape))
            })
            .clone()
    };
    let group = |begins: fn(Object) -> bool| {
        let (place, crm) = (0..files.len()).find_map(|place| {
            let (crm, object, _) = kind(place)?;
            begins(object).then_some((place, crm))
        })?;
        let (when, path) = &files[place];
        let mut found = FoundExport {
            files: vec![path.clone()],
            crm: opening.label(&crm),
            written: *when,
            is_taken: false,
        };
        let mut kept = Vec::new();
        for (other, (written, path)) in files.iter().enumerate() {
            let is_near = (*written - *when).abs() <= TimeDelta::minutes(TOGETHER);
            if other == place || !is_near {
                continue;
            }
            // Calls, e-mails and tasks may be a file each; of two files with the same columns
            // the older one is an export of another time.
            if let Some((_, object, shape)) = kind(other).filter(|(other, ..)| *other == crm)
                && goes_along(object)
                && !kept.contains(&(object, shape.clone()))
            {
                kept.push((object, shape));
                found.files.push(path.clone());
                found.written = found.written.max(*written);
            }
        }
        found.is_taken = found
            .files
            .iter()
            .all(|file| Mark::of(file).is_some_and(|mark| taken.contains(&mark)));
        Some(found)
    };
    let deals = group(|object| object == Object::Deal);
    if deals.as_ref().is_some_and(|deals| !deals.is_taken) {
        return deals;
    }
    // No deals, or none that are new: activities may have been downloaded by themselves since.
    let later = group(|object| object == Object::Activity).filter(|later| {
        let is_newer = |deals: &FoundExport| later.written > deals.written;
        !later.is_taken && deals.as_ref().is_none_or(is_newer)
    });
    later.or(deals)
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        (Ok(_) | Err(_), _) => false,
    }
}

/// Whether a table of this kind is of use beside one of deals.
fn goes_along(object: Object) -> bool {
    match object {
        Object::Account
        | Object::Contact
        | Object::User
        | Object::Stage
        | Object::Pipeline
        | Object::Activity
        | Object::History
        | Object::Link => true,
        Object::Deal | Object::Lead | Object::Other | Object::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    const DEALS: &str =
        "Record ID,Deal Name,Deal Stage,Deal owner,Amount\n1,Rollout,Proposal,Ana,5\n";

    /// A file that was written so many minutes ago.
    fn put(folder: &Path, name: &str, text: &str, minutes: u64) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        let base = SystemTime::UNIX_EPOCH + Duration::from_hours(490_000);
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(base - Duration::from_secs(60 * minutes))
            .unwrap();
        path
    }

    fn find(folder: &Path, taken: &[Mark]) -> Option<FoundExport> {
        newest_export(&[folder.to_owned()], &Options::default(), taken)
    }

    #[test]
    fn the_newest_deals_of_a_known_crm_are_found_among_other_files() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "old.csv", DEALS, 900);
        let newest = put(folder.path(), "deals.csv", DEALS, 30);
        put(folder.path(), "deals.csv.crdownload", DEALS, 1);
        put(folder.path(), "bill.csv", "a,b\n1,2\n", 2);
        put(folder.path(), "photo.png", "x", 3);

        let found = find(folder.path(), &[]).unwrap();

        assert_eq!((found.files, found.crm.as_str()), (vec![newest], "HubSpot"));
        assert!(!found.is_taken);
    }

    #[test]
    fn the_activities_that_were_downloaded_with_the_deals_come_along_each_kind_once() {
        let folder = tempfile::tempdir().unwrap();
        let calls = "Record ID,Call title,Call direction,Activity date,Associated Deal IDs\n\
                     1,Call,INBOUND,2026-11-02 10:00,8001\n";
        let mails = "Record ID,Email subject,Email direction,Activity date,Associated Deal IDs\n\
                     2,Price,EMAIL,2026-11-02 10:00,8001\n";
        let deals = put(folder.path(), "deals.csv", DEALS, 30);
        let newer = put(folder.path(), "calls (1).csv", calls, 31);
        put(folder.path(), "calls.csv", calls, 40);
        let mails = put(folder.path(), "emails.csv", mails, 32);

        let found = find(folder.path(), &[]).unwrap();

        assert_eq!(found.files, [deals, newer, mails]);
    }

    #[test]
    fn activities_by_themselves_are_offered_where_no_deals_are_new() {
        let folder = tempfile::tempdir().unwrap();
        let calls = "Record ID,Call title,Call direction,Activity date,Associated Deal IDs\n\
                     1,Call,INBOUND,2026-11-02 10:00,8001\n";
        let old = put(folder.path(), "calls.csv", calls, 500);
        assert_eq!(find(folder.path(), &[]).unwrap().files, [old]);

        let deals = put(folder.path(), "deals.csv", DEALS, 300);
        let later = put(folder.path(), "calls (1).csv", calls, 30);
        assert_eq!(
            find(folder.path(), &[]).unwrap().files,
            std::slice::from_ref(&deals)
        );

        let taken = [Mark::of(&deals).unwrap()];
        assert_eq!(
            find(folder.path(), &taken).unwrap().files,
            std::slice::from_ref(&later)
        );
        let taken = [Mark::of(&deals).unwrap(), Mark::of(&later).unwrap()];
        let found = find(folder.path(), &taken).unwrap();
        assert!(found.is_taken && found.files == [deals]);
    }

    #[test]
    fn a_file_that_was_taken_is_known_again_until_it_is_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = put(folder.path(), "deals.csv", DEALS, 30);
        let taken = [Mark::of(&path).unwrap()];
        assert!(find(folder.path(), &taken).unwrap().is_taken);

        put(folder.path(), "deals.csv", DEALS, 20);

        assert!(!find(folder.path(), &taken).unwrap().is_taken);
    }

    #[test]
    fn folders_that_are_not_there_have_no_export() {
        assert_eq!(
            newest_export(&[PathBuf::from("/nowhere")], &Options::default(), &[]),
            None
        );
    }
}
