//! The files of updates that were written here for a CRM: they tell of no deals that are not here.

use std::io::{self, Read};
use std::path::Path;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::input::Input;
use crate::store::{Store, StoreError};

/// The start of the name of such a file, where its name is ours to choose.
const STEM: &str = "walkaway-";
/// What stands in it for the updates.
pub const UPDATE: &str = "-update";
/// The same for how the deals stood before them.
pub const BEFORE: &str = "-before";

/// Where the marks of the files are kept.
const MEMORY: &str = "update_files";
/// Files whose marks are kept.
const KEPT: usize = 200;

/// Names the files of updates of a source without their ends.
pub fn stem(source: &str, day: NaiveDate) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let source: String = source.chars().map(safe).collect();
    format!("{STEM}{source}-{day}")
}

/// Whether a file has a name that was made up here.
fn is_named_so(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let Some(stem) = name.strip_suffix(".csv") else {
        return false;
    };
    let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit() || "- ()".contains(c));
    stem.starts_with(STEM) && (stem.ends_with(UPDATE) || stem.ends_with(BEFORE))
}

/// The marks of the files that were written, whatever they are called: their sizes and digests.
#[derive(Debug, Default)]
pub(super) struct Written(Vec<(u64, String)>);

impl Written {
    /// Those that a pipeline knows. What it cannot read is as good as forgotten.
    pub(super) fn of(store: &Store) -> Result<Self, StoreError> {
        let kept = store.memory(MEMORY)?;
        let kept = kept.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Self(kept.unwrap_or_default()))
    }

    /// Whether a file is one of them.
    pub(super) fn has(&self, input: &Input) -> bool {
        let size = input.size();
        let mut alike = self.0.iter().filter(|(other, _)| *other == size).peekable();
        is_named_so(input.name())
            || alike.peek().is_some()
                && input
                    .open()
                    .ok()
                    .and_then(|bytes| digest(bytes).ok())
                    .is_some_and(|digest| alike.any(|(_, other)| *other == digest))
    }
}

fn digest(mut bytes: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut bytes, &mut hash)?;
    Ok(format!("{:x}", hash.finalize()))
}

/// Keeps what tells files that were written for a CRM from any others.
///
/// # Errors
///
/// Those of the pipeline; a file that cannot be read is known by its name alone.
pub fn note<'p>(store: &Store, files: impl Iterator<Item = &'p Path>) -> Result<(), StoreError> {
    let Written(mut all) = Written::of(store)?;
    for path in files {
        let size = std::fs::metadata(path).map(|meta| meta.len());
        let digest = std::fs::File::open(path).and_then(digest);
        all.extend(size.ok().zip(digest.ok()));
    }
    let old = all.len().saturating_sub(KEPT);
    let text = serde_json::json!(all[old..]).to_string();
    store.remember(MEMORY, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_an_update_are_known_by_their_names() {
        let stem = stem("hubspot:4711", "2026-11-22".parse().unwrap());

        for name in [
            format!("{stem}{UPDATE}.csv"),
            format!("some/folder/{stem}-2{UPDATE}-3.csv"),
            format!("C:\\folder\\{stem}{BEFORE}-1 (2).csv"),
        ] {
            assert!(is_named_so(&name), "{name}");
        }
        for name in ["walkaway-2026-11-22.csv", "my-update.csv", "update.csv"] {
            assert!(!is_named_so(name), "{name}");
        }
    }
}
