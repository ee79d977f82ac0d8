//! What the CRM was told: deals whose decision or fields it does not know, and what it knows.
//!
//! A file that went to a CRM leaves a row in the message log for each of its deals, with the
//! values that were told. The log is no part of the journal: what left the program is not undone,
//! so that an undo makes the deal differ from what the CRM was told.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::error::{Doing, StoreError};
use super::journal::{Stamp, as_text, to_json};
use super::{Store, facts};
use crate::domain::ids::DealId;
use crate::domain::shown::Name;

/// The kind of these rows of the message log.
pub(super) const KIND: &str = "crm_export";

/// The fields of a deal that a person may change, and that a CRM may have.
const FIELDS: [&str; 15] = [
    "title",
    "account",
    "contact",
    "owner",
    "stage",
    "pipeline",
    "amount",
    "currency",
    "status",
    "expected_close",
    "lost_reason",
    "next_step",
    "next_step_due",
    "product",
    "description",
];

/// What stands of a decision, as text that differs when the decision does: nothing for a deal
/// that is undecided, else its word, its number and the day of its tripwire.
const SEEN: &str = "CASE d.decision WHEN 'undecided' THEN '' ELSE d.decision || ':' ||
    coalesce((SELECT max(x.id) FROM decision x WHERE x.deal = d.id), 0) || ':' ||
    coalesce((SELECT t.due FROM tripwire t WHERE t.deal = d.id AND t.state = 'set'
              ORDER BY t.id DESC LIMIT 1), '') END";

/// What a CRM was told of a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The file.
    pub file: String,
    /// Which state of the decision.
    pub seen: String,
    /// The newest action then.
    pub action: i64,
    /// All values that were told up to then; `None`: that there is none.
    pub values: BTreeMap<String, Option<String>>,
}

/// A deal that was decided, changed or told of, with all that a CRM may be told.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The deal.
    pub id: DealId,
    /// Its id in its CRM.
    pub external_id: Option<String>,
    /// Its title.
    pub title: Name,
    /// Its account.
    pub account: Option<Name>,
    /// Its fields, as text.
    pub fields: BTreeMap<&'static str, Option<String>>,
    /// What the last import had said of the fields that a person changed since.
    pub imported: BTreeMap<String, Option<String>>,
    /// The decision's word.
    pub decision: String,
    /// Why it was fired, where it is.
    pub reasons: Vec<String>,
    /// Until when it is on hold, where it is.
    pub hold: Option<String>,
    /// The day of the tripwire, where it is continued.
    pub tripwire: Option<String>,
    /// The day of the decision.
    pub decided: Option<String>,
    /// When a person changed it last, RFC 3339 in UTC.
    pub changed: Option<String>,
    /// What stands of the decision, to compare.
    pub seen: String,
    /// What its CRM was told last.
    pub said: Said,
    /// Fields that an import moved after that.
    pub moved: BTreeSet<String>,
}

impl Store {
    /// The sources of the deals, in alphabetical order; at most a hundred.
    pub fn sources(&self) -> Result<Vec<String>, StoreError> {
        self.at(facts::sources(self.conn()))
    }

    /// Counts the deals whose decision differs from what their CRM was told.
    pub fn unexported(&self, source: &str) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT count(*) FROM deal d
             WHERE d.id IN (SELECT deal FROM decision UNION
                            SELECT deal FROM message_log WHERE kind = '{KIND}')
               AND d.source = ?1 AND d.external_id IS NOT NULL
               AND {SEEN} <> coalesce((SELECT json_extract(m.way, '$.seen') FROM message_log m
                     WHERE m.deal = d.id AND m.kind = '{KIND}' ORDER BY m.id DESC LIMIT 1), '')"
        );
        self.at(self
            .conn()
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row([source], |r| r.get::<_, i64>(0)))
            .map(i64::unsigned_abs)
            .doing("counting what the CRM does not know"))
    }

    /// Reads the deals of a source that a person decided, changed, or told the CRM of.
    pub fn standings(&self, source: &str) -> Result<Vec<Standing>, StoreError> {
        self.at(standings(self.conn(), source))
    }

    /// Notes what was told of each deal, all or none of it.
    pub fn tell(&self, stamp: &Stamp, said: &[(DealId, Said)]) -> Result<(), StoreError> {
        let write = || -> Result<(), StoreError> {
            let tx = self.immediate()?;
            let newest: i64 = tx
                .query_row("SELECT coalesce(max(id), 0) FROM action", [], |r| r.get(0))
                .doing("reading the journal")?;
            for (deal, said) in said {
                let mut said = said.clone();
                said.action = newest;
                let way = serde_json::to_string(&said).expect("text and numbers are JSON");
                tx.prepare_cached(
                    "INSERT INTO message_log(deal, kind, way, at, who) VALUES(?1, ?2, ?3, ?4, ?5)",
                )
                .and_then(|mut s| s.execute((deal.0, KIND, way, stamp.at_text(), &stamp.who)))
                .doing("noting what the CRM was told")?;
            }
            tx.commit().doing("saving")
        };
        self.at(write())
    }
}

fn standings(conn: &Connection, source: &str) -> Result<Vec<Standing>, StoreError> {
    let read = || -> rusqlite::Result<Vec<Standing>> {
        let sql = format!(
            "SELECT d.id, d.external_id, d.title, d.account, d.decision, {SEEN}, {}
             FROM deal d
             WHERE d.id IN (SELECT deal FROM decision UNION SELECT deal FROM imported_value UNION
                            SELECT deal FROM message_log WHERE kind = '{KIND}')
               AND d.source = ?1
             ORDER BY d.id",
            FIELDS.map(|field| format!("d.{field}")).join(", ")
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map([source], |r| {
            let mut fields = BTreeMap::new();
            for (at, field) in FIELDS.into_iter().enumerate() {
                fields.insert(field, as_text(&to_json(r.get_ref(6 + at)?)));
            }
            Ok(Standing {
                id: DealId(r.get(0)?),
                external_id: r.get(1)?,
                title: Name::new(r.get::<_, String>(2)?),
                account: r.get::<_, Option<String>>(3)?.map(Name::new),
                decision: r.get(4)?,
                seen: r.get(5)?,
                fields,
                imported: BTreeMap::new(),
                reasons: Vec::new(),
                hold: None,
                tripwire: None,
                decided: None,
                changed: None,
                said: Said::default(),
                moved: BTreeSet::new(),
            })
        })?;
        let mut all = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        for deal in &mut all {
            fill(conn, deal)?;
        }
        Ok(all)
    };
    read().doing("reading what the CRM does not know")
}

/// Reads what hangs on a deal.
fn fill(conn: &Connection, deal: &mut Standing) -> rusqlite::Result<()> {
    deal.imported = conn
        .prepare_cached("SELECT field, value FROM imported_value WHERE deal = ?1")?
        .query_map([deal.id.0], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let said: Option<String> = conn
        .prepare_cached(
            "SELECT way FROM message_log WHERE deal = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((deal.id.0, KIND), |r| r.get(0))
        .optional()?;
    if let Some(said) = said.and_then(|text| serde_json::from_str(&text).ok()) {
        deal.said = said;
        deal.moved = conn
            .prepare_cached(
                "SELECT DISTINCT j.key FROM change c JOIN action a ON a.id = c.action,
                   json_each(c.fields) j
                 WHERE c.deal = ?1 AND c.entity = 'deal' AND c.op = 'update' AND c.action > ?2
                   AND a.kind = 'import' AND a.undone_by IS NULL",
            )?
            .query_map((deal.id.0, deal.said.action), |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
    }
    deal.changed = conn
        .prepare_cached(
            "SELECT max(a.at) FROM change c JOIN action a ON a.id = c.action
             WHERE c.deal = ?1 AND a.kind <> 'import'",
        )?
        .query_row([deal.id.0], |r| r.get(0))?;
    if deal.decision == "undecided" {
        return Ok(());
    }
    let decision: Option<(String, Option<String>)> = conn
        .prepare_cached(
            "SELECT day, reasons FROM decision WHERE deal = ?1 AND kind = ?2
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row((deal.id.0, &deal.decision), |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    if let Some((day, reasons)) = decision {
        deal.decided = Some(day);
        let reasons = reasons.and_then(|text| serde_json::from_str::<Json>(&text).ok());
        let reasons = reasons.as_ref().and_then(Json::as_array);
        deal.reasons = reasons
            .into_iter()
            .flatten()
            .filter_map(|reason| Some(reason.as_str()?.to_owned()))
            .collect();
    }
    match deal.decision.as_str() {
        "hold" => {
            deal.hold = conn
                .prepare_cached(
                    "SELECT until FROM hold WHERE deal = ?1 AND ended IS NULL
                     ORDER BY id DESC LIMIT 1",
                )?
                .query_row([deal.id.0], |r| r.get(0))
                .optional()?;
        }
        "continued" => {
            deal.tripwire = conn
                .prepare_cached(
                    "SELECT due FROM tripwire WHERE deal = ?1 AND state = 'set'
                     ORDER BY id DESC LIMIT 1",
                )?
                .query_row([deal.id.0], |r| r.get(0))
                .optional()?;
        }
        _ => {}
    }
    Ok(())
}

impl Store {
    /// The word by which a source's closed deals stand in its stages: the one that most deals of
    /// a status have, those of the same pipeline first; `None` where no deal tells it.
    pub fn closed_stage(
        &self,
        source: &str,
        status: &str,
        pipeline: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        self.at(self
            .conn()
            .prepare_cached(
                "SELECT stage FROM deal d
                 WHERE d.status = ?2 AND d.status <> 'open' AND d.source = ?1
                   AND d.stage IS NOT NULL
                   AND NOT EXISTS(SELECT 1 FROM imported_value i WHERE i.deal = d.id
                                  AND i.field IN ('stage', 'status'))
                 GROUP BY stage ORDER BY max(pipeline IS ?3) DESC, count(*) DESC, stage LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row((source, status, pipeline), |r| r.get(0))
                    .optional()
            })
            .doing("reading the stages"))
    }

    /// Whether a deal of the source came with this stage.
    pub fn is_stage(&self, source: &str, stage: &str) -> Result<bool, StoreError> {
        self.at(self
            .conn()
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM deal d WHERE d.source = ?1 AND d.stage = ?2
                   AND NOT EXISTS(SELECT 1 FROM imported_value i WHERE i.deal = d.id
                                  AND i.field = 'stage'))
                 OR EXISTS(SELECT 1 FROM imported_value i JOIN deal d ON d.id = i.deal
                   WHERE d.source = ?1 AND i.field = 'stage' AND i.value = ?2)",
            )
            .and_then(|mut s| s.query_row((source, stage), |r| r.get(0)))
            .doing("reading the stages"))
    }
}
