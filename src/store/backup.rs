//! Copies of a pipeline, made and proven through SQLite's own backup.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::error::{StoreError, explain};

/// Pages copied in one step, about 4 MiB.
const PAGES: i32 = 1_000;

/// Copies an open pipeline to a file that then exists whole or not at all.
///
/// The copy is made under another name in the same folder, checked, written through to the
/// disk and then renamed.
pub(crate) fn copy(from: &Connection, to: &Path) -> Result<(), StoreError> {
    let folder = to
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let io = |source| StoreError::Io {
        path: to.into(),
        source,
    };
    let temp = tempfile::Builder::new()
        .prefix(".walkaway-backup-")
        .tempfile_in(folder)
        .map_err(io)?
        .into_temp_path();
    {
        let mut copy = super::open::blank(&temp)?;
        let backup = Backup::new(from, &mut copy).map_err(|e| explain(to, "making a backup", e))?;
        backup
            .run_to_completion(PAGES, std::time::Duration::ZERO, None)
            .map_err(|e| explain(to, "making a backup", e))?;
        drop(backup);
        // A copy stands alone: no write-ahead log beside it.
        let _: String = copy
            .query_row("PRAGMA journal_mode = DELETE", [], |r| r.get(0))
            .map_err(|e| explain(to, "making a backup", e))?;
        let check: String = copy
            .query_row("PRAGMA quick_check", [], |r| r.get(0))
            .map_err(|e| explain(to, "checking the backup", e))?;
        if check != "ok" {
            return Err(StoreError::Damaged {
                path: to.into(),
                what: check,
            });
        }
    }
    std::fs::File::open(&temp)
        .and_then(|f| f.sync_all())
        .map_err(io)?;
    temp.persist(to).map_err(|e| StoreError::Io {
        path: to.into(),
        source: e.error,
    })?;
    #[cfg(unix)]
    std::fs::File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(io)?;
    Ok(())
}
