//! What a person corrected about a kind of file: kept by its shape for the next file of that kind.

use chrono::{DateTime, Utc};

use super::Store;
use super::error::{Doing, StoreError};

/// What is kept of one kind of file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The kind of file.
    pub shape: String,
    /// What was said about it, in the import's own words.
    pub mapping: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Store {
    /// All that was kept; one row for each kind of file that was ever taken in.
    ///
    /// # Errors
    ///
    /// Those of reading the pipeline.
    pub fn mappings(&self) -> Result<Vec<Mapping>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Mapping>> {
            self.conn()
                .prepare_cached("SELECT shape, mapping, at FROM mapping_memory ORDER BY id")?
                .query_map([], |row| {
                    Ok(Mapping {
                        shape: row.get(0)?,
                        mapping: row.get(1)?,
                        at: row.get(2)?,
                    })
                })?
                .collect()
        };
        read()
            .doing("reading what was corrected")
            .map_err(|e| e.at(self.path()))
    }

    /// Keeps what was said about a kind of file, in place of what was kept before.
    ///
    /// It is the program's own, as the place in the list is: not journalled, and untouched by
    /// the undo of the import that it came with.
    ///
    /// # Errors
    ///
    /// Those of writing the pipeline.
    pub fn keep_mapping(&self, mapping: &Mapping) -> Result<(), StoreError> {
        if self.is_read_only() {
            return Ok(());
        }
        self.conn()
            .execute(
                "INSERT INTO mapping_memory(shape, mapping, at) VALUES(?1, ?2, ?3)
                 ON CONFLICT(shape) DO UPDATE SET mapping = excluded.mapping, at = excluded.at",
                (&mapping.shape, &mapping.mapping, mapping.at),
            )
            .map(|_| ())
            .doing("keeping what was corrected")
            .map_err(|e| e.at(self.path()))
    }

    /// Forgets a kind of file; says whether anything was kept of it.
    ///
    /// # Errors
    ///
    /// Those of writing the pipeline.
    pub fn forget_mapping(&self, shape: &str) -> Result<bool, StoreError> {
        if self.is_read_only() {
            return Ok(false);
        }
        self.conn()
            .execute("DELETE FROM mapping_memory WHERE shape = ?1", [shape])
            .map(|rows| rows > 0)
            .doing("forgetting what was corrected")
            .map_err(|e| e.at(self.path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Judge;

    #[test]
    fn a_kind_of_file_is_kept_once_and_forgotten_once() {
        let at: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        let store = Store::in_memory(
            at,
            Judge::new(Vec::new(), crate::domain::verdict::Thresholds::default()),
        )
        .unwrap();
        let mut kept = Mapping {
            shape: "a".into(),
            mapping: "{}".into(),
            at,
        };
        store.keep_mapping(&kept).unwrap();
        kept.mapping = "{\"dates\":\"mdy\"}".into();
        store.keep_mapping(&kept).unwrap();

        assert_eq!(store.mappings().unwrap(), [kept]);
        assert!(store.forget_mapping("a").unwrap());
        assert!(!store.forget_mapping("a").unwrap());
    }
}
