//! Writing what hangs on deals, and taking it back.

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::super::error::{Doing, StoreError};
use super::super::eval;
use super::super::journal::Journal;
use super::super::search;
use super::ids::Numbers;
use super::part::{Part, PartFate, PartKind};
use super::parts::{Decided, Write};
use super::{CACHE, Difference, Incoming, IncomingMove, Intake, SORT, Telling};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::load::Ending;

/// Deals of the run that are judged in one durable step: nobody else decides on them yet, so that
/// the steps are longer than those of a new day.
const STEP: usize = 4_000;

/// The deals that a run touched, one bit each.
#[derive(Debug, Default)]
pub(super) struct Touched(Vec<u64>);

impl Touched {
    pub(super) fn add(&mut self, deal: DealId) {
        let Ok(at) = usize::try_from(deal.0) else {
            return;
        };
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// All of them, by their numbers.
    pub(super) fn deals(&self) -> impl Iterator<Item = DealId> + '_ {
        self.0.iter().enumerate().flat_map(|(word, bits)| {
            (0..64)
                .filter(move |bit| bits & (1 << bit) != 0)
                .map(move |bit| DealId((word * 64 + bit) as i64))
        })
    }
}

impl Intake<'_> {
    /// Notes the name of an account, under which later files may speak of it.
    pub fn account(&mut self, source: &str, id: &str, name: &str) -> Result<(), StoreError> {
        self.write(|intake| {
            let numbers = &mut intake.numbers;
            let made = intake
                .store
                .conn()
                .prepare_cached(
                    "INSERT INTO account(id, source, external_id, name, batch)
                     SELECT ?5, ?1, ?2, ?3, ?4
                     WHERE NOT EXISTS(SELECT 1 FROM account
                                      WHERE source = ?1 AND external_id = ?2)",
                )
                .and_then(|mut s| {
                    s.execute((source, id, name, numbers.batch.0, numbers.of("account")))
                })
                .doing("importing an account")?;
            numbers.made("account", made);
            Ok(())
        })
    }

    /// Takes a row that is no deal and says what became of it; the rows of deals are all in
    /// before. Every [`CHUNK`](super::CHUNK) rows they become durable.
    pub fn part(&mut self, part: &Part) -> Result<PartFate, StoreError> {
        if !self.has_parts {
            self.has_parts = true;
            // What belongs to deals looks for them.
            self.flush()?;
            let belonging = self.loading.belonging();
            belonging
                .doing("preparing to import")
                .map_err(|e| e.at(self.store.path()))?;
            self.room(SORT)?;
            self.build(&["deal"])?;
            self.room(CACHE)?;
        }
        let fate = self.write(|intake| intake.take_part(part))?;
        match &fate {
            PartFate::Taken(_, fate) => self.counts.add(fate),
            PartFate::Skipped(_) => self.skip(),
        }
        Ok(fate)
    }

    fn take_part(&mut self, part: &Part) -> Result<PartFate, StoreError> {
        let conn = self.store.conn();
        let Decided { fate, write } = self.decider.decide(conn, &self.plan, part)?;
        if let PartFate::Taken(Some(deal), _) = &fate
            && !matches!(write, Write::Nothing)
        {
            self.touched.add(*deal);
        }
        let mut journal = Journal::resume(conn, self.action);
        self.keep(&mut journal, part, write)?;
        for deal in journal.touched() {
            self.touched.add(deal);
        }
        Ok(fate)
    }

    fn keep(
        &mut self,
        journal: &mut Journal<'_>,
        part: &Part,
        write: Write,
    ) -> Result<(), StoreError> {
        let conn = journal.conn();
        let fields = |differences: &[Difference]| -> Vec<(&'static str, Json)> {
            differences
                .iter()
                .map(|d| (d.field, d.theirs.clone()))
                .collect()
        };
        match (write, &part.kind) {
            (Write::Touch(new), PartKind::Touch(touch)) => {
                new.write(conn, &part.source, touch, &mut self.numbers)?;
                for deal in &new.deals {
                    self.touched.add(*deal);
                }
            }
            (Write::Change(row, differences), _) => {
                journal.update("touch", row, &fields(&differences))?;
            }
            (Write::ChangeContact(row, differences), _) => {
                journal.update("contact", row, &fields(&differences))?;
            }
            (Write::Note(deal), PartKind::Note(note)) => {
                let id = self.numbers.of("note");
                let made = conn
                    .prepare_cached(
                        "INSERT INTO note(deal, at, who, text, batch, id)
                         VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                    )
                    .and_then(|mut s| {
                        s.execute((deal.0, &note.at, &note.who, &note.text, self.batch.0, id))
                    })
                    .doing("importing a note")?;
                self.numbers.made("note", made);
                search::mark(conn, deal)?;
            }
            (Write::Contact(deals, account), PartKind::Contact(contact)) => {
                let mut insert = conn
                    .prepare_cached(
                        "INSERT INTO contact(deal, account, source, external_id, name, title, role,
                           email, batch, id)
                         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    )
                    .doing("importing a contact")?;
                let homes: Vec<Option<i64>> = if deals.is_empty() {
                    vec![None]
                } else {
                    deals.iter().map(|d| Some(d.0)).collect()
                };
                for deal in homes {
                    let made = insert
                        .execute((
                            deal,
                            &account,
                            part.source.as_ref(),
                            &contact.external_id,
                            &contact.name,
                            &contact.title,
                            contact.role,
                            &contact.email,
                            self.batch.0,
                            self.numbers.of("contact"),
                        ))
                        .doing("importing a contact")?;
                    self.numbers.made("contact", made);
                    if let Some(deal) = deal {
                        search::mark(conn, DealId(deal))?;
                        self.touched.add(DealId(deal));
                    }
                }
            }
            (Write::Moves(deal, moves), _) => {
                for one in &moves {
                    insert_move(conn, deal, one, &part.source, &mut self.numbers)?;
                    let before = journal.changes();
                    drop_noticed(journal, deal, one)?;
                    if journal.changes() > before {
                        self.renumber_moves()?;
                    }
                }
            }
            (Write::Nothing | Write::Touch(_) | Write::Note(_) | Write::Contact(..), _) => {}
        }
        Ok(())
    }

    /// Numbers moves anew, after the journal made or removed some in this transaction.
    pub(super) fn renumber_moves(&mut self) -> Result<(), StoreError> {
        let conn = self.store.conn();
        self.numbers.renew(conn, "move").doing("numbering a move")
    }

    /// Keeps the moves from stage to stage that the row of a new deal tells of.
    pub(super) fn tell_stages(
        &mut self,
        conn: &Connection,
        deal: DealId,
        row: &Incoming,
    ) -> Result<(), StoreError> {
        if row.entered.is_empty() {
            return Ok(());
        }
        for one in &row.entered {
            insert_move(conn, deal, one, &row.source, &mut self.numbers)?;
        }
        self.touched.add(deal);
        Ok(())
    }

    /// Adds what the row of a deal that stands tells of its moves from stage to stage, but for
    /// those that are known: by an earlier row of its own, or by a history.
    pub(super) fn retell_stages(
        journal: &mut Journal<'_>,
        deal: DealId,
        row: &Incoming,
    ) -> Result<(), StoreError> {
        for one in &row.entered {
            let is_known: bool = journal
                .conn()
                .prepare_cached(
                    "SELECT EXISTS(SELECT 1 FROM move WHERE deal = ?1 AND day = ?2
                                   AND field = ?3 AND new IS ?4)",
                )
                .and_then(|mut s| s.query_row((deal.0, one.day, one.field, &one.new), |r| r.get(0)))
                .doing("looking for a move")?;
            if is_known {
                continue;
            }
            drop_noticed(journal, deal, one)?;
            journal.insert(
                "move",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("field", json!(one.field)),
                    ("day", json!(one.day)),
                    ("old", json!(one.old)),
                    ("new", json!(one.new)),
                    ("source", json!(row.source.as_ref())),
                ],
            )?;
        }
        Ok(())
    }

    /// Evaluates the deals of this run that its rows touched, in durable steps. The older ones are
    /// listed when it is in, and judged as those of a new day are.
    pub(super) fn renew_touched(&mut self, tell: Telling<'_>) -> Result<(), StoreError> {
        let store = self.store;
        let mut renew = || -> Result<(), StoreError> {
            let mut mine = Vec::with_capacity(STEP);
            let of = self.touched.deals().count() as u64;
            let mut done = 0;
            let mut deals = self.touched.deals().peekable();
            while deals.peek().is_some() {
                tell(Ending::Judging {
                    done,
                    of,
                    is_in: false,
                })?;
                let tx = store.immediate()?;
                {
                    let mut is_mine = tx
                        .prepare_cached(
                            "SELECT EXISTS(SELECT 1 FROM deal WHERE id = ?1 AND batch = ?2)",
                        )
                        .doing("reading the deals of the import")?;
                    for deal in deals.by_ref().take(STEP) {
                        done += 1;
                        let found: bool = is_mine
                            .query_row((deal.0, self.batch.0), |r| r.get(0))
                            .doing("reading the deals of the import")?;
                        if found {
                            mine.push(deal);
                        }
                    }
                }
                eval::renew(&tx, store.judge(), &mine, self.stamp.today)?;
                mine.clear();
                tx.commit().doing("evaluating deals")?;
                store.upkeep.between_steps(store.conn())?;
            }
            Ok(())
        };
        renew().map_err(|e| e.at(store.path()))
    }
}

fn insert_move(
    conn: &Connection,
    deal: DealId,
    one: &IncomingMove,
    source: &str,
    numbers: &mut Numbers,
) -> Result<(), StoreError> {
    let (batch, id) = (numbers.batch.0, numbers.of("move"));
    let made = conn
        .prepare_cached(
            "INSERT INTO move(deal, field, day, old, new, source, batch, id)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .and_then(|mut s| {
            s.execute((
                deal.0, one.field, one.day, &one.old, &one.new, source, batch, id,
            ))
        })
        .doing("importing a move")?;
    numbers.made("move", made);
    Ok(())
}

/// Whether a history told of a move already that an import notices now: the last one of the
/// field went to the same value.
pub(super) fn is_told(
    conn: &Connection,
    deal: DealId,
    field: &str,
    new: Option<&str>,
) -> Result<bool, StoreError> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM (
           SELECT new, batch FROM move WHERE deal = ?1 AND field = ?2 ORDER BY day DESC, id DESC LIMIT 1)
         WHERE new IS ?3 AND batch IS NOT NULL)",
    )
    .and_then(|mut s| s.query_row((deal.0, field, new), |r| r.get(0)))
    .doing("looking for a move")
}

/// Removes the move that an import noticed, where a history tells on which day it was.
fn drop_noticed(
    journal: &mut Journal<'_>,
    deal: DealId,
    told: &IncomingMove,
) -> Result<(), StoreError> {
    let noticed: Vec<i64> = journal
        .conn()
        .prepare_cached(
            "SELECT m.id FROM move m
             WHERE m.deal = ?1 AND m.field = ?2 AND m.new IS ?3 AND m.batch IS NULL AND m.day >= ?4
               AND NOT EXISTS(SELECT 1 FROM move x WHERE x.deal = m.deal AND x.field = m.field
                 AND x.batch IS NOT NULL AND x.day > ?4 AND x.day < m.day)
             ORDER BY m.day LIMIT 1",
        )
        .and_then(|mut s| {
            s.query_map((deal.0, told.field, &told.new, told.day), |r| r.get(0))?
                .collect()
        })
        .doing("looking for a move")?;
    for id in noticed {
        journal.delete("move", id)?;
    }
    Ok(())
}

/// The tables beside the deals whose rows know their import.
pub(super) const TABLES: [&str; 5] = ["touch", "note", "contact", "move", "account"];

/// The rows of an import that nobody changed since.
pub(super) fn standing(table: &str) -> String {
    format!(
        "batch = ?1 AND NOT EXISTS(
           SELECT 1 FROM change c JOIN action a ON a.id = c.action
           WHERE c.entity = '{table}' AND c.entity_id = {table}.id AND c.action > ?2
             AND a.undone_by IS NULL AND a.kind <> 'undo')"
    )
}

/// Has the deals that an action changed judged again on the next occasion.
pub(super) fn judge_changed_again(conn: &Connection, action: ActionId) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT OR IGNORE INTO judge_todo(deal)
         SELECT deal FROM deal_eval
         WHERE deal IN (SELECT deal FROM change WHERE action = ?1 AND deal IS NOT NULL)",
        [action.0],
    )
    .map(|_| ())
}

/// Takes back the rows of a finished import beside its deals: those that were changed since stay,
/// and their deals are listed.
pub(super) fn undo(
    conn: &Connection,
    journal: &mut Journal<'_>,
    batch: i64,
    action: ActionId,
    kept: &mut Vec<DealId>,
) -> Result<(), StoreError> {
    for table in TABLES {
        let ids: Vec<i64> = conn
            .prepare(&format!("SELECT id FROM {table} WHERE {}", standing(table)))
            .and_then(|mut s| s.query_map((batch, action.0), |r| r.get(0))?.collect())
            .doing("reading what the import made")?;
        for id in ids {
            journal.delete(table, id)?;
        }
        if table == "account" {
            continue;
        }
        let left: Vec<i64> = conn
            .prepare(&format!(
                "SELECT DISTINCT deal FROM {table} WHERE batch = ?1 AND deal IS NOT NULL"
            ))
            .and_then(|mut s| s.query_map([batch], |r| r.get(0))?.collect())
            .doing("reading what was changed since")?;
        for deal in left.into_iter().map(DealId) {
            if !kept.contains(&deal) {
                kept.push(deal);
            }
        }
    }
    Ok(())
}
