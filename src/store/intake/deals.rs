//! Writing the rows of deals: new ones, and what moved of those that stand.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::super::bound::{Bound, Cell};
use super::super::error::{Doing, StoreError};
use super::super::eval::Kept;
use super::super::journal::{Journal, as_text};
use super::super::search;
use super::compare::{Standing, compare};
use super::ids::Numbers;
use super::row::FIELDS;
use super::{Difference, Fate, Incoming, Intake, Judged, take};
use crate::domain::bank::Bank;
use crate::domain::ids::{BatchId, DealId};

/// Fields whose changes are facts with a date.
const MOVES: [&str; 3] = ["stage", "amount", "expected_close"];

/// The statements that make a deal, prepared once for a run.
#[derive(Debug)]
pub(super) struct DealWriter<'c> {
    conn: &'c Connection,
    deal: Bound<'c>,
    eval: Bound<'c>,
    batch: BatchId,
    /// The first and the last deal made that are not listed for the search index yet.
    made: Option<(i64, i64)>,
}

impl<'c> DealWriter<'c> {
    /// Prepares them; a file whose indexes are put off cannot tell that a key is taken.
    pub(super) fn new(
        conn: &'c Connection,
        batch: BatchId,
        is_put_off: bool,
    ) -> rusqlite::Result<Self> {
        let marks: Vec<String> = (1..=FIELDS.len() + 4).map(|n| format!("?{n}")).collect();
        let mut sql = format!(
            "INSERT INTO deal(id, source, key, batch, {}) VALUES({})",
            FIELDS.join(", "),
            marks.join(", ")
        );
        if !is_put_off {
            sql.push_str(" ON CONFLICT(source, key) DO NOTHING");
        }
        Ok(Self {
            conn,
            deal: Bound::prepare(conn, &sql)?,
            eval: Kept::prepare_new(conn)?,
            batch,
            made: None,
        })
    }

    /// Makes the deal of a row, unless its key is taken.
    fn make(
        &mut self,
        numbers: &mut Numbers,
        judged: &Judged,
        bank: &Bank,
    ) -> rusqlite::Result<Option<DealId>> {
        let row = &judged.row;
        let head = [
            numbers.of("deal").map_or(Cell::Nothing, Cell::Whole),
            Cell::Text(&row.source),
            Cell::Text(&row.key),
            Cell::Whole(self.batch.0),
        ];
        if self.deal.run(head.into_iter().chain(row.cells()))? == 0 {
            return Ok(None);
        }
        numbers.made("deal", 1);
        let deal = DealId(self.conn.last_insert_rowid());
        if let Some(kept) = &judged.kept {
            kept.write(&mut self.eval, bank, deal)?;
        }
        let first = self.made.map_or(deal.0, |(first, _)| first);
        self.made = Some((first, deal.0));
        Ok(Some(deal))
    }

    /// Lists the deals made for the search index, inside the transaction that made them: nobody
    /// else makes one in between.
    pub(super) fn list(&mut self) -> Result<(), StoreError> {
        match self.made.take() {
            Some((first, last)) => search::mark_all(self.conn, DealId(first), DealId(last)),
            None => Ok(()),
        }
    }
}

impl Intake<'_> {
    /// Writes one row of a deal, inside the chunk.
    pub(super) fn take_deal(
        &mut self,
        judged: &Judged,
    ) -> Result<(Option<DealId>, Fate), StoreError> {
        let row = &judged.row;
        let identity = judged.identity;
        let noted = self.met.get(identity)?;
        let is_first = noted.is_none();
        if is_first
            && !self.expects_known
            && let Some(deal) = self.make(judged, identity)?
        {
            return Ok((Some(deal), Fate::New));
        }
        let made_here = noted.filter(|deal| *deal > 0);
        let made_here = made_here.map(|deal| DealId(deal.cast_signed()));
        let standing = Standing::of(self.store.conn(), row, made_here)?;
        let is_known = !matches!(standing, Standing::None);
        // Without indexes a key is not looked up: what was not met is new.
        self.expects_known = is_known && !self.is_put_off;
        if is_first {
            if !is_known && let Some(deal) = self.make(judged, identity)? {
                return Ok((Some(deal), Fate::New));
            }
            self.met.put(identity, 0)?;
        }
        let compared = compare(self.store.conn(), &self.plan, row, is_first, standing)?;
        if let Some(deal) = compared.deal {
            let updated: &[Difference] = match &compared.fate {
                Fate::Updated(updated) | Fate::Conflict { updated, .. } => updated,
                Fate::New | Fate::Same => &[],
            };
            let mut journal = Journal::resume(self.store.conn(), self.action);
            Self::retell_stages(&mut journal, deal, row)?;
            self.update(&mut journal, deal, row, updated, &compared.settled)?;
            if journal.changes() > 0 {
                self.renumber_moves()?;
            }
            self.changed
                .extend(journal.touched().iter().map(|deal| deal.0));
        }
        Ok((compared.deal, compared.fate))
    }

    fn make(&mut self, judged: &Judged, identity: u64) -> Result<Option<DealId>, StoreError> {
        let bank = self.store.judge().bank();
        let made = self.deals.make(&mut self.numbers, judged, bank);
        let made = made.doing("importing a deal")?;
        if let Some(deal) = made {
            self.met.put(identity, deal.0.cast_unsigned())?;
            self.tell_stages(self.store.conn(), deal, &judged.row)?;
        }
        Ok(made)
    }

    fn update(
        &self,
        journal: &mut Journal<'_>,
        deal: DealId,
        row: &Incoming,
        updated: &[Difference],
        settled: &[i64],
    ) -> Result<(), StoreError> {
        for shadow in settled {
            journal.delete("imported_value", *shadow)?;
        }
        for difference in updated.iter().filter(|d| MOVES.contains(&d.field)) {
            let new = as_text(&difference.theirs);
            // The row itself tells on which day the deal came into its stage.
            let last = row.entered.last().and_then(|one| one.new.as_deref());
            if difference.field == "stage" && last.is_some() && last == new.as_deref() {
                continue;
            }
            if take::is_told(journal.conn(), deal, difference.field, new.as_deref())? {
                continue;
            }
            journal.insert(
                "move",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("field", json!(difference.field)),
                    ("day", json!(self.record_day)),
                    ("old", json!(as_text(&difference.ours))),
                    ("new", json!(as_text(&difference.theirs))),
                    ("source", json!(self.plan.source)),
                ],
            )?;
        }
        let fields: Vec<(&str, Json)> = updated
            .iter()
            .map(|d| (d.field, d.theirs.clone()))
            .collect();
        if !fields.is_empty() {
            journal.update("deal", deal.0, &fields)?;
        }
        if updated
            .iter()
            .any(|d| d.field == "status" && d.theirs != json!("open"))
        {
            moot_tripwires(journal, deal, self.stamp.today)?;
        }
        Ok(())
    }
}

/// Marks tripwires of a deal that was closed as overtaken.
fn moot_tripwires(
    journal: &mut Journal<'_>,
    deal: DealId,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let open: Vec<i64> = journal
        .conn()
        .prepare_cached("SELECT id FROM tripwire WHERE deal = ?1 AND state = 'set'")
        .and_then(|mut s| s.query_map([deal.0], |r| r.get(0))?.collect())
        .doing("reading the tripwires")?;
    for id in open {
        journal.update(
            "tripwire",
            id,
            &[("state", json!("moot")), ("settled", json!(today))],
        )?;
    }
    Ok(())
}
