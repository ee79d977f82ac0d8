//! The search index: words and their prefixes, and parts of words from three letters on.
//!
//! It catches up behind: a deal whose text changed is listed in `search_todo` and found by a
//! scan of that list until [`catch_up`] has indexed it.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Doing, StoreError};
use crate::domain::ids::DealId;

/// Lists a deal for the index.
const MARK: &str = "INSERT OR IGNORE INTO search_todo(deal) VALUES(?1)";

/// Lists all deals from the first to the last of these numbers.
pub(super) fn mark_all(conn: &Connection, first: DealId, last: DealId) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO search_todo(deal) SELECT id FROM deal WHERE id BETWEEN ?1 AND ?2",
    )
    .and_then(|mut s| s.execute((first.0, last.0)))
    .doing("listing the deals for the search index")?;
    Ok(())
}

/// Lists a deal whose text changed.
pub(super) fn mark(conn: &Connection, deal: DealId) -> Result<(), StoreError> {
    conn.prepare_cached(MARK)
        .and_then(|mut s| s.execute([deal.0]))
        .doing("listing the deal for the search index")?;
    Ok(())
}

/// The statement that takes deals that go off the list, behind the number `?3` and up to `?4`, but
/// for those that were indexed: they are still to be removed from the index.
pub(super) fn unlisting(going: &str) -> String {
    format!(
        "DELETE FROM search_todo WHERE deal > ?3 AND deal <= ?4
           AND EXISTS(SELECT 1 FROM deal WHERE deal.id = search_todo.deal AND {going})
           AND NOT EXISTS(SELECT 1 FROM search_word WHERE rowid = search_todo.deal)"
    )
}

/// Whether more than so many deals are listed.
pub(super) fn lacks_more(conn: &Connection, than: usize) -> Result<bool, StoreError> {
    conn.query_row(
        "SELECT EXISTS(SELECT 1 FROM search_todo LIMIT 1 OFFSET ?1)",
        [than as i64],
        |r| r.get(0),
    )
    .doing("reading what to index")
}

/// Indexes up to `limit` listed deals in one transaction and returns how many it did: none while
/// an import runs, which writes as well and may take its rows back.
pub(super) fn catch_up(conn: &mut Connection, limit: usize) -> Result<usize, StoreError> {
    let waiting: i64 = conn
        .query_row(
            "SELECT EXISTS(SELECT 1 FROM search_todo)
               AND NOT EXISTS(SELECT 1 FROM import_batch WHERE state = 'running')",
            [],
            |r| r.get(0),
        )
        .doing("reading what to index")?;
    if waiting == 0 {
        return Ok(0);
    }
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .doing("indexing for the search")?;
    let work = || -> rusqlite::Result<usize> {
        let ids: Vec<i64> = tx
            .prepare_cached("SELECT deal FROM search_todo ORDER BY deal LIMIT ?1")?
            .query_map([limit as i64], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let mut read = tx.prepare_cached(
            "SELECT d.account, d.title, d.contact, d.owner,
                    (SELECT group_concat(n.text, char(10)) FROM note n WHERE n.deal = d.id)
             FROM deal d WHERE d.id = ?1",
        )?;
        let mut drop_word = tx.prepare_cached("DELETE FROM search_word WHERE rowid = ?1")?;
        let mut drop_part = tx.prepare_cached("DELETE FROM search_part WHERE rowid = ?1")?;
        let mut add_word = tx.prepare_cached(
            "INSERT INTO search_word(rowid, account, title, contact, owner, note)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut add_part =
            tx.prepare_cached("INSERT INTO search_part(rowid, account, title) VALUES(?1, ?2, ?3)")?;
        for id in &ids {
            drop_word.execute([id])?;
            drop_part.execute([id])?;
            let mut rows = read.query([id])?;
            if let Some(row) = rows.next()? {
                let text = |i| row.get::<_, Option<String>>(i);
                let (account, title) = (text(0)?, text(1)?);
                add_part.execute((id, &account, &title))?;
                add_word.execute((id, account, title, text(2)?, text(3)?, text(4)?))?;
            }
        }
        if let Some(last) = ids.last() {
            tx.prepare_cached("DELETE FROM search_todo WHERE deal <= ?1")?
                .execute([last])?;
        }
        Ok(ids.len())
    };
    let done = work().doing("indexing for the search")?;
    tx.commit().doing("indexing for the search")?;
    Ok(done)
}
