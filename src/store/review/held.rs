//! The 1:1s that were held.

use rusqlite::Connection;

use super::{SESSION, all, session};
use crate::domain::review::HeldReview;
use crate::store::error::StoreError;

/// The 1:1s that are read at most.
const MOST: i64 = 500;

/// Reads the 1:1s that were closed, the newest first.
pub(super) fn read(conn: &Connection) -> Result<Vec<HeldReview>, StoreError> {
    let decided = |kind: &str| {
        format!(
            "(SELECT count(*) FROM agenda_item i JOIN decision x ON x.deal = i.deal
              WHERE i.review = review.id AND x.kind = '{kind}'
                AND x.at >= review.started AND x.at <= review.ended)"
        )
    };
    all(
        conn,
        "reading the 1:1s",
        &format!(
            "SELECT {SESSION},
               (SELECT count(*) FROM agenda_item i
                WHERE i.review = review.id AND i.state = 'done'),
               {}, {}, {}
             FROM review WHERE kind = 'one_to_one' AND ended IS NOT NULL
             ORDER BY id DESC LIMIT {MOST}",
            decided("fired"),
            decided("hold"),
            decided("continued"),
        ),
        &[],
        |r| {
            Ok(HeldReview {
                session: session(r)?,
                talked: r.get(9)?,
                decided: [r.get(10)?, r.get(11)?, r.get(12)?],
            })
        },
    )
}

/// Whether any 1:1 was closed.
pub(in crate::store) fn any(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM review WHERE kind = 'one_to_one' AND ended IS NOT NULL)",
    )?
    .query_row([], |r| r.get(0))
}
