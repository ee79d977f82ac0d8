//! Reading rows: a statement that is kept prepared, and what becomes of each row.

use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::error::{Doing, StoreError};

/// Reads every row of a statement.
pub(super) fn all<T>(
    conn: &Connection,
    doing: &str,
    sql: &str,
    with: &[&dyn ToSql],
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    each(conn, sql, with, map).doing(doing)
}

/// The same as one step of a reading that says itself what it was about.
pub(super) fn each<T>(
    conn: &Connection,
    sql: &str,
    with: &[&dyn ToSql],
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(sql)?.query_map(with, map)?.collect()
}

/// Reads the first row of a statement, if there is one.
pub(super) fn first<T>(
    conn: &Connection,
    doing: &str,
    sql: &str,
    with: &[&dyn ToSql],
    map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.query_row(with, map).optional())
        .doing(doing)
}
