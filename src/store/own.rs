//! The whole of a pipeline as plain values, out and in again: what our own files of deals hold.
//!
//! The values are named in the journal's frozen words, so that a file written by one version is
//! read by every later one. What an action may touch is what goes out: nothing that a person
//! decided is left behind. The journal itself stays in the file (a backup has it), and so does
//! what is sealed until it is revealed. What is derived is derived anew.

mod learnt;
mod review;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde_json::{Map, Value as Json, json};

use super::error::{Doing, StoreError};
use super::journal::{Journal, Stamp, to_json};
use super::rows::first;
use super::told::KIND;
use super::vocabulary::{ENTITIES, Entity};
use super::{Store, eval};
use crate::domain::clean;
use crate::domain::deal::{Done, ListRow};
use crate::domain::ids::DealId;
use crate::domain::money::Currency;
use crate::domain::phase::Phase;

/// The longest text that is taken, in characters.
const LONGEST: usize = 1 << 20;

/// What joins the parts of a key of a deal without an id, and how that is written in a file.
const JOINT: &str = "\u{1f}";
const SEEN_JOINT: &str = "\u{241f}";

/// A deal's row of the list, with what else is printed of it.
#[derive(Clone, Debug)]
pub struct OwnRow {
    /// The row.
    pub row: ListRow,
    /// What its stage means.
    pub phase: Option<Phase>,
    /// Where it came from.
    pub source: String,
    /// Its id there.
    pub external_id: Option<String>,
    /// What the sweep said of it.
    pub sweep: Option<String>,
    /// The day of their last touch; `None`: none on record.
    pub last_inbound: Option<NaiveDate>,
}

/// How much of a deal goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnParts {
    /// All.
    All,
    /// Its own fields, and what stands of its decision.
    Decision,
}

/// The member under which the rows of an entity stand in a deal.
fn member(word: &str) -> String {
    match word {
        "imported_value" => "imported".to_owned(),
        "touch" => "touches".to_owned(),
        "fresh_eyes" | "may_fire" => word.to_owned(),
        other => format!("{other}s"),
    }
}

fn parts() -> impl Iterator<Item = &'static Entity> {
    ENTITIES.iter().filter(|e| e.has_deal() && !e.stays)
}

/// Reads the rows of an entity that belong to a deal, or to none, the oldest first, without empty
/// fields.
fn rows_of(
    conn: &Connection,
    entity: &Entity,
    deal: Option<DealId>,
) -> rusqlite::Result<Vec<Json>> {
    let fields: Vec<_> = entity
        .fields
        .iter()
        .filter(|(word, _)| *word != "deal")
        .collect();
    let columns: Vec<&str> = fields.iter().map(|(_, column)| *column).collect();
    let of = if entity.has_deal() { "deal" } else { "NULL" };
    let sql = format!(
        "SELECT id, {} FROM {} WHERE {of} IS ?1 ORDER BY id",
        columns.join(", "),
        entity.table
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([deal.map(|deal| deal.0)], |r| {
        let mut map = Map::new();
        map.insert("id".to_owned(), json!(r.get::<_, i64>(0)?));
        for (at, (word, _)) in fields.iter().enumerate() {
            let value = to_json(r.get_ref(at + 1)?);
            if !value.is_null() {
                map.insert((*word).to_owned(), value);
            }
        }
        Ok(Json::Object(map))
    })?;
    rows.collect()
}

/// Reads one deal with what hangs on it; `None` when there is no such deal.
fn deal_of(
    conn: &Connection,
    id: DealId,
    which: OwnParts,
) -> Result<Option<Map<String, Json>>, StoreError> {
    let entity = Entity::by_word("deal").expect("the vocabulary has deals");
    let columns: Vec<&str> = entity.fields.iter().map(|(_, column)| *column).collect();
    let sql = format!("SELECT {} FROM deal WHERE id = ?1", columns.join(", "));
    let found = first(conn, "reading the deal", &sql, &[&id.0], |r| {
        let mut map = Map::new();
        for (at, (word, _)) in entity.fields.iter().enumerate() {
            map.insert((*word).to_owned(), to_json(r.get_ref(at)?));
        }
        Ok(map)
    })?;
    let Some(mut fields) = found else {
        return Ok(None);
    };
    let currency = fields.shift_remove("currency").unwrap_or_default();
    if let Some(amount) = fields.get_mut("amount")
        && !amount.is_null()
    {
        *amount = json!({ "minor": amount.take(), "currency": currency });
    }
    if let Some(Json::String(key)) = fields.get_mut("key") {
        *key = key.replace(JOINT, SEEN_JOINT);
    }
    let is_decided = fields.get("decision").is_some_and(|d| d != "undecided");
    let mut map = Map::new();
    map.insert("id".to_owned(), json!(id.0));
    map.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
    for part in parts() {
        let wanted = match which {
            OwnParts::All => true,
            OwnParts::Decision => {
                is_decided && matches!(part.word, "decision" | "tripwire" | "hold")
            }
        };
        if !wanted {
            continue;
        }
        let rows = if part.word == review::REVEALED {
            review::revealed(conn, id)?
        } else {
            rows_of(conn, part, Some(id)).doing("reading the deal")?
        };
        if !rows.is_empty() {
            map.insert(member(part.word), Json::Array(rows));
        }
    }
    if which == OwnParts::All {
        let told = told_of(conn, id).doing("reading the deal")?;
        if !told.is_empty() {
            map.insert(TOLD.to_owned(), Json::Array(told));
        }
    }
    Ok(Some(map))
}

/// The member of what left the program about a deal.
const TOLD: &str = "told";

/// Reads what left the program about a deal, the oldest first: the log is no part of the journal.
/// The number of an action means nothing in another file.
fn told_of(conn: &Connection, deal: DealId) -> rusqlite::Result<Vec<Json>> {
    let mut statement = conn
        .prepare_cached("SELECT kind, way, at, who FROM message_log WHERE deal = ?1 ORDER BY id")?;
    let rows = statement.query_map([deal.0], |r| {
        let (kind, way): (String, String) = (r.get(0)?, r.get(1)?);
        let way = match serde_json::from_str(&way) {
            Ok(Json::Object(mut said)) => {
                said.shift_remove("action");
                Json::Object(said).to_string()
            }
            Ok(_) | Err(_) => way,
        };
        let mut map = Map::new();
        map.insert("kind".to_owned(), json!(kind));
        map.insert("way".to_owned(), json!(way));
        map.insert("at".to_owned(), to_json(r.get_ref(2)?));
        map.insert("who".to_owned(), to_json(r.get_ref(3)?));
        map.retain(|_, value| !value.is_null());
        Ok(Json::Object(map))
    })?;
    rows.collect()
}

/// What a batch of an import tells of the record.
const BATCH: [&str; 11] = [
    "source",
    "files",
    "record_day",
    "rows",
    "created",
    "updated",
    "same",
    "conflict",
    "skipped",
    "refused",
    "knows",
];

fn pipeline(conn: &Connection) -> rusqlite::Result<Map<String, Json>> {
    let list = |sql: &str, words: &[&str]| -> rusqlite::Result<Json> {
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |r| {
            let mut map = Map::new();
            for (at, word) in words.iter().enumerate() {
                let value = to_json(r.get_ref(at)?);
                if !value.is_null() {
                    map.insert((*word).to_owned(), value);
                }
            }
            Ok(Json::Object(map))
        })?;
        Ok(Json::Array(rows.collect::<Result<_, _>>()?))
    };
    let bank: String = conn.query_row("SELECT value FROM meta WHERE key = 'bank'", [], |r| {
        r.get(0)
    })?;
    let mut batch = vec!["id"];
    batch.extend(BATCH);
    let batches = format!(
        "SELECT {} FROM import_batch b WHERE state = 'done'
           AND id IN (SELECT batch FROM deal) ORDER BY id",
        batch.join(", ")
    );
    let mut map = Map::new();
    map.insert("bank".to_owned(), json!(bank));
    map.insert(
        "people".to_owned(),
        list(
            "SELECT name, role, senior, owner FROM person ORDER BY name",
            &["name", "role", "senior", "owner"],
        )?,
    );
    map.insert(
        "views".to_owned(),
        list(
            "SELECT name, filter, ordering FROM saved_view ORDER BY name",
            &["name", "filter", "ordering"],
        )?,
    );
    let own_time = list(
        "SELECT id, week, minutes, at, who FROM hours_plan WHERE deal IS NULL ORDER BY id",
        &["id", "week", "minutes", "at", "who"],
    )?;
    let selling = list(
        "SELECT key, value FROM meta WHERE key LIKE 'selling_minutes:%' ORDER BY key",
        &["key", "value"],
    )?;
    for (member, rows) in [("own_time", own_time), ("selling", selling)] {
        if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            map.insert(member.to_owned(), rows);
        }
    }
    let learnt = learnt::rows(conn)?;
    if !learnt.is_empty() {
        map.insert(learnt::MEMBER.to_owned(), Json::Array(learnt));
    }
    for word in review::OF_ALL {
        let entity = Entity::by_word(word).expect("the words of this module are in the table");
        let rows = rows_of(conn, entity, None)?;
        if !rows.is_empty() {
            map.insert(member(word), Json::Array(rows));
        }
    }
    map.insert("imports".to_owned(), list(&batches, &batch)?);
    Ok(map)
}

/// A pipeline that is being taken in from a file of our own.
pub struct OwnIntake<'c> {
    journal: Journal<'c>,
    banks: Vec<String>,
    batches: BTreeMap<i64, i64>,
    deals: Vec<DealId>,
}

impl std::fmt::Debug for OwnIntake<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnIntake")
            .field("deals", &self.deals.len())
            .finish_non_exhaustive()
    }
}

fn odd(what: impl Into<String>) -> StoreError {
    StoreError::refused(
        what,
        "export it again with this version, or restore a backup",
    )
}

/// A value as it may be kept: numbers and clean text.
fn kept(value: &Json) -> Result<Json, StoreError> {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => Ok(value.clone()),
        Json::String(text) => Ok(json!(clean::clean_block(text, LONGEST))),
        Json::Array(_) | Json::Object(_) => Err(odd("a value is neither text nor a number")),
    }
}

fn text<'m>(map: &'m Map<String, Json>, word: &str) -> Option<&'m str> {
    map.get(word).and_then(Json::as_str)
}

impl OwnIntake<'_> {
    /// Takes what the file says of itself: bank, people, views, and the dates of the record.
    pub fn pipeline(&mut self, map: &Map<String, Json>) -> Result<(), StoreError> {
        let list = |word: &str| {
            map.get(word)
                .and_then(Json::as_array)
                .cloned()
                .unwrap_or_default()
        };
        for batch in list("imports") {
            let Json::Object(batch) = batch else {
                return Err(odd("an import is no object"));
            };
            self.batch(&batch)?;
        }
        for (member, entity, key) in [
            ("people", "person", "name"),
            ("views", "saved_view", "name"),
        ] {
            for row in list(member) {
                let Json::Object(row) = row else {
                    return Err(odd(format!("one of `{member}` is no object")));
                };
                let name = text(&row, key).unwrap_or_default();
                let sql = format!("SELECT EXISTS(SELECT 1 FROM {entity} WHERE {key} = ?1)");
                let is_there: bool = self
                    .journal
                    .conn()
                    .query_row(&sql, [name], |r| r.get(0))
                    .doing("looking for what is there")?;
                if !is_there {
                    self.row(entity, None, &row, &[])?;
                }
            }
        }
        for row in list("own_time") {
            let Json::Object(row) = row else {
                return Err(odd("one of `own_time` is no object"));
            };
            let number = row.get("id").and_then(Json::as_i64);
            self.row("hours_plan", number, &row, &[])?;
        }
        for entity in review::OF_ALL {
            for row in list(&member(entity)) {
                let Json::Object(row) = row else {
                    return Err(odd(format!("one of `{}` is no object", member(entity))));
                };
                let number = row.get("id").and_then(Json::as_i64);
                self.row(entity, number, &row, &[])?;
            }
        }
        for row in list("selling") {
            let Json::Object(row) = row else {
                return Err(odd("one of `selling` is no object"));
            };
            let key = text(&row, "key").unwrap_or_default();
            if !super::acts::is_selling_key(key) {
                return Err(odd("one of `selling` is no setting of hours"));
            }
            if !self.is_set(key)? {
                self.row("setting", None, &row, &[])?;
            }
        }
        for row in list(learnt::MEMBER) {
            self.learnt(row)?;
        }
        if let Some(bank) = text(map, "bank").filter(|b| self.banks.iter().any(|known| known == b))
        {
            let row: i64 = self
                .journal
                .conn()
                .query_row("SELECT id FROM meta WHERE key = 'bank'", [], |r| r.get(0))
                .doing("reading the bank in force")?;
            self.journal
                .update("setting", row, &[("value", json!(bank))])?;
        }
        Ok(())
    }

    /// Whether the file has a setting of its own.
    fn is_set(&self, key: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS(SELECT 1 FROM meta WHERE key = ?1)";
        let found = self.journal.conn().query_row(sql, [key], |r| r.get(0));
        found.doing("looking for what is there")
    }

    /// Keeps the date of the record and what its files could know.
    fn batch(&mut self, batch: &Map<String, Json>) -> Result<(), StoreError> {
        let old = batch.get("id").and_then(Json::as_i64);
        let is_free = |id: i64| -> Result<bool, StoreError> {
            let sql = "SELECT NOT EXISTS(SELECT 1 FROM import_batch WHERE id = ?1)";
            self.journal
                .conn()
                .query_row(sql, [id], |r| r.get(0))
                .doing("numbering the import")
        };
        let id = match old {
            Some(id) if is_free(id)? => Some(id),
            Some(_) | None => None,
        };
        let number = |word: &str| batch.get(word).and_then(Json::as_i64).unwrap_or(0);
        let clean = |word: &str| clean::clean_line(text(batch, word).unwrap_or_default(), 500);
        self.journal
            .conn()
            .execute(
                "INSERT INTO import_batch(id, action, source, files, record_day, state, rows,
                   created, updated, same, conflict, skipped, refused, knows)
                 VALUES(?1, ?2, ?3, ?4, ?5, 'done', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                rusqlite::params![
                    id,
                    self.journal.action().0,
                    clean("source"),
                    clean("files"),
                    clean("record_day"),
                    number("rows"),
                    number("created"),
                    number("updated"),
                    number("same"),
                    number("conflict"),
                    number("skipped"),
                    number("refused"),
                    clean("knows"),
                ],
            )
            .doing("keeping the date of the record")?;
        if let Some(old) = old {
            self.batches
                .insert(old, self.journal.conn().last_insert_rowid());
        }
        Ok(())
    }

    /// Writes one row in the journal's words: the members of a map, and `more` as they are.
    fn row(
        &mut self,
        word: &str,
        id: Option<i64>,
        map: &Map<String, Json>,
        more: &[(&str, Json)],
    ) -> Result<i64, StoreError> {
        let entity = Entity::by_word(word).expect("the words of this module are in the table");
        let mut fields: Vec<(&str, Json)> = more.to_vec();
        for (name, value) in map.iter().filter(|(name, _)| *name != "id") {
            if entity.column(name).is_none() {
                return Err(odd(format!("a {word} has no member `{name}`")));
            }
            let value = match (name.as_str(), value.as_i64()) {
                ("batch", Some(old)) => self.batches.get(&old).map_or(Json::Null, |new| json!(new)),
                ("batch", None) => Json::Null,
                _ => kept(value)?,
            };
            fields.push((name, value));
        }
        self.journal.insert(word, id, &fields)
    }

    /// Keeps that something left the program. What a CRM was told counts from this action on: no
    /// import of the other file was taken in here.
    fn told(&self, deal: DealId, row: &Map<String, Json>) -> Result<(), StoreError> {
        let clean = |word: &str| clean::clean_line(text(row, word).unwrap_or_default(), LONGEST);
        let mut way = clean("way");
        if text(row, "kind") == Some(KIND)
            && let Ok(Json::Object(mut said)) = serde_json::from_str(&way)
        {
            said.insert("action".to_owned(), json!(self.journal.action().0));
            way = Json::Object(said).to_string().into();
        }
        let who = text(row, "who").map(|who| clean::clean_line(who, 500));
        self.journal
            .conn()
            .execute(
                "INSERT INTO message_log(deal, kind, way, at, who) VALUES(?1, ?2, ?3, ?4, ?5)",
                rusqlite::params![deal.0, clean("kind"), way, clean("at"), who],
            )
            .doing("keeping what was told")?;
        Ok(())
    }

    /// Takes a deal with what hangs on it, under the number that it has in the file.
    pub fn deal(&mut self, mut map: Map<String, Json>) -> Result<(), StoreError> {
        let Some(id) = map.get("id").and_then(Json::as_i64).filter(|id| *id > 0) else {
            return Err(odd("a deal has no number"));
        };
        map.shift_remove("schema");
        let mut more = Vec::new();
        if let Some(Json::String(key)) = map.get("key") {
            let key = clean::clean_block(key, LONGEST).replace(SEEN_JOINT, JOINT);
            more.push(("key", json!(key)));
            map.shift_remove("key");
        }
        if let Some(Json::Object(amount)) = map.get("amount").cloned() {
            let currency = text(&amount, "currency").and_then(Currency::parse);
            map.insert(
                "amount".to_owned(),
                amount.get("minor").cloned().unwrap_or_default(),
            );
            map.insert(
                "currency".to_owned(),
                currency.map_or(Json::Null, |c| json!(c.as_str())),
            );
        }
        let mut taken = Vec::new();
        for part in parts() {
            match map.shift_remove(&member(part.word)) {
                None => {}
                Some(Json::Array(rows)) => taken.push((part.word, rows)),
                Some(_) => {
                    return Err(odd(format!(
                        "deal {id}: `{}` is no list",
                        member(part.word)
                    )));
                }
            }
        }
        let told = match map.shift_remove(TOLD) {
            None => Vec::new(),
            Some(Json::Array(rows)) => rows,
            Some(_) => return Err(odd(format!("deal {id}: `{TOLD}` is no list"))),
        };
        let of = |e: StoreError| {
            if let StoreError::Refused { what, hint } = e {
                StoreError::refused(format!("deal {id}: {what}"), hint)
            } else if let StoreError::Sql { source, .. } = e {
                odd(format!("deal {id}: {source}"))
            } else {
                e
            }
        };
        let deal = DealId(self.row("deal", Some(id), &map, &more).map_err(of)?);
        let mut pairs = Vec::new();
        for (word, rows) in taken {
            for row in rows {
                let Json::Object(mut row) = row else {
                    return Err(odd(format!("deal {id}: a {word} is no object")));
                };
                let number = row.get("id").and_then(Json::as_i64);
                let pair = if word == "commitment" {
                    row.shift_remove("paired")
                } else {
                    None
                };
                let made = self
                    .row(word, number, &row, &[("deal", json!(deal.0))])
                    .map_err(of)?;
                pairs.extend(pair.map(|pair| (made, pair)));
            }
        }
        // A promise may be traded for one that comes after it, so pairs are tied at last.
        for (made, pair) in pairs {
            let pair = ("paired", kept(&pair)?);
            self.journal
                .update("commitment", made, &[pair])
                .map_err(of)?;
        }
        for row in told {
            let Json::Object(row) = row else {
                return Err(odd(format!("deal {id}: one of `{TOLD}` is no object")));
            };
            self.told(deal, &row).map_err(of)?;
        }
        super::search::mark(self.journal.conn(), deal)?;
        self.deals.push(deal);
        Ok(())
    }

    /// How many deals were taken so far.
    pub fn count(&self) -> usize {
        self.deals.len()
    }
}

impl Store {
    /// Reads what is printed of deals, in the order given; deals that are gone are left out.
    pub fn own_rows(&self, ids: &[DealId]) -> Result<Vec<OwnRow>, StoreError> {
        let read = |row: ListRow| -> rusqlite::Result<OwnRow> {
            self.conn
                .prepare_cached(
                    "SELECT phase, source, external_id,
                       (SELECT word FROM sweep WHERE deal = d.id AND current = 1
                        ORDER BY id DESC LIMIT 1),
                       (SELECT max(substr(at, 1, 10)) FROM touch
                        WHERE deal = d.id AND direction = 'in' AND status <> 'no_show')
                     FROM deal d WHERE id = ?1",
                )?
                .query_row([row.id.0], |r| {
                    Ok(OwnRow {
                        phase: r
                            .get::<_, Option<String>>(0)?
                            .as_deref()
                            .and_then(Phase::from_code),
                        source: r.get(1)?,
                        external_id: r.get(2)?,
                        sweep: r.get(3)?,
                        last_inbound: r.get(4)?,
                        row,
                    })
                })
        };
        let rows = self.rows(ids)?;
        let rows = rows.into_iter().map(read).collect::<Result<_, _>>();
        self.at(rows.doing("reading the deals"))
    }

    /// Reads what our own files say of a pipeline: bank, people, views, and its record.
    pub fn own_pipeline(&self) -> Result<Map<String, Json>, StoreError> {
        self.at(pipeline(&self.conn).doing("reading the pipeline"))
    }

    /// Reads a deal in the journal's words; `None` when there is no such deal.
    pub fn own_deal(
        &self,
        deal: DealId,
        parts: OwnParts,
    ) -> Result<Option<Map<String, Json>>, StoreError> {
        self.at(deal_of(&self.conn, deal, parts))
    }

    /// Whether the file holds no deal, so that a file of our own can be taken as it is.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        let any = self
            .conn
            .query_row("SELECT NOT EXISTS(SELECT 1 FROM deal)", [], |r| r.get(0))
            .doing("looking for deals");
        self.at(any)
    }

    /// Takes in a file of our own as one action: numbers, answers and decisions as they were.
    ///
    /// `read` hands over what the file says of itself, then deal by deal. Where anything fails,
    /// nothing is kept.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] where the pipeline has deals already, and for a file that is not
    /// as this program writes it.
    pub fn take_own<E: From<StoreError>>(
        &mut self,
        stamp: &Stamp,
        file: &str,
        read: impl FnOnce(&mut OwnIntake<'_>) -> Result<(), E>,
    ) -> Result<Done, E> {
        if !self.is_empty()? {
            return Err(StoreError::refused(
                "the pipeline has deals already",
                "name an empty one with `--db FILE`",
            )
            .into());
        }
        let banks = self.judge.banks().map(|b| b.id().to_owned()).collect();
        let tx = self.immediate()?;
        let journal = Journal::begin(&tx, stamp, "import", &format!("Importing {file}"))?;
        let mut intake = OwnIntake {
            journal,
            banks,
            batches: BTreeMap::new(),
            deals: Vec::new(),
        };
        read(&mut intake)?;
        intake.clear_tables()?;
        let OwnIntake { journal, deals, .. } = intake;
        let what = format!("Imported {file}: {} deals as they were", deals.len());
        let (action, _) = journal.finish(&what)?;
        let mut judge = self.judge.clone();
        judge.take_up(&tx)?;
        eval::rebuild(&tx, &judge, stamp.today)?;
        self.at(tx.commit().doing("saving the import"))?;
        self.judge = judge;
        Ok(Done {
            action: Some(action),
            what,
            deals,
            hours_back: None,
            left: Vec::new(),
        })
    }
}
