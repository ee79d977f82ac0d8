//! What each side owes the other: promises, the four that a trial waits for, concessions, access.

use chrono::NaiveDate;
use rusqlite::OptionalExtension;
use serde_json::{Value as Json, json};

use super::{Work, Wrote, json_line, line, required};
use crate::domain::act::{CommitmentSheet, ConcessionSheet, Settlement};
use crate::domain::deal::{AccessAnswer, CommitmentState, ConcessionKind, GateFlag, Side};
use crate::domain::ids::DealId;
use crate::domain::money::Currency;
use crate::store::error::{Doing, StoreError};

/// What the rules need to know of a promise.
struct PromiseNow {
    deal: DealId,
    name: String,
    side: String,
    what: String,
    due: Option<NaiveDate>,
}

fn owes(side: Side) -> &'static str {
    match side {
        Side::We => "we owe",
        Side::They => "they owe",
    }
}

impl Work<'_, '_> {
    fn promise_now(&self, id: i64) -> Result<PromiseNow, StoreError> {
        self.row(
            "commitment",
            "SELECT c.deal, coalesce(d.account, d.title), c.side, c.what, c.due
             FROM commitment c JOIN deal d ON d.id = c.deal WHERE c.id = ?1",
            id,
            |r| {
                Ok(PromiseNow {
                    deal: DealId(r.get(0)?),
                    name: r.get(1)?,
                    side: r.get(2)?,
                    what: r.get(3)?,
                    due: r.get(4)?,
                })
            },
        )
    }

    /// Refuses a pair that is not a give for a get of one deal.
    fn check_pair(&self, deal: DealId, side: &str, with: Option<i64>) -> Result<(), StoreError> {
        let Some(with) = with else { return Ok(()) };
        let other = self.promise_now(with)?;
        if other.deal == deal && other.side != side {
            return Ok(());
        }
        Err(StoreError::refused(
            "a give is traded for a get of the same deal",
            "name a commitment of the other side",
        ))
    }

    pub(super) fn promise(&mut self, deal: DealId, sheet: &CommitmentSheet) -> Wrote {
        let before = self.open(deal)?;
        let what = required(&sheet.what, "what is promised")?;
        self.check_pair(deal, sheet.side.code(), sheet.paired)?;
        self.journal.insert(
            "commitment",
            None,
            &[
                ("deal", json!(deal.0)),
                ("side", json!(sheet.side.code())),
                ("what", json!(what)),
                ("due", json!(sheet.due)),
                ("paired", json!(sheet.paired)),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
            ],
        )?;
        let by = sheet.due.map_or(String::new(), |day| format!(" by {day}"));
        let owes = owes(sheet.side);
        Ok((format!("{}: {owes} {what}{by}", before.name), vec![deal]))
    }

    pub(super) fn edit_promise(&mut self, id: i64, to: &CommitmentSheet) -> Wrote {
        let now = self.promise_now(id)?;
        let what = required(&to.what, "what is promised")?;
        self.check_pair(now.deal, to.side.code(), to.paired)?;
        self.journal.update(
            "commitment",
            id,
            &[
                ("side", json!(to.side.code())),
                ("what", json!(what)),
                ("due", json!(to.due)),
                ("paired", json!(to.paired)),
            ],
        )?;
        Ok((
            format!("{}: {} {what}", now.name, owes(to.side)),
            vec![now.deal],
        ))
    }

    /// Settles a promise. Kept after its day is late, whatever was pressed.
    pub(super) fn settle(&mut self, id: i64, settlement: Settlement) -> Wrote {
        let now = self.promise_now(id)?;
        let day = settlement.day.unwrap_or(self.stamp.today);
        if day > self.stamp.today {
            return Err(StoreError::refused(
                format!("{day} is in the future"),
                "a promise is settled when that is known",
            ));
        }
        let is_late = now.due.is_some_and(|due| day > due);
        let state = match settlement.state {
            CommitmentState::Kept if is_late => CommitmentState::Late,
            other @ (CommitmentState::Open
            | CommitmentState::Kept
            | CommitmentState::Late
            | CommitmentState::Missed
            | CommitmentState::Waived) => other,
        };
        let settled = match state {
            CommitmentState::Open => Json::Null,
            CommitmentState::Kept
            | CommitmentState::Late
            | CommitmentState::Missed
            | CommitmentState::Waived => json!(day),
        };
        self.journal.update(
            "commitment",
            id,
            &[("state", json!(state.code())), ("settled", settled)],
        )?;
        let what = now.what;
        Ok((
            format!("{}: {what} {}", now.name, state.code()),
            vec![now.deal],
        ))
    }

    pub(super) fn pair(&mut self, id: i64, with: Option<i64>) -> Wrote {
        let now = self.promise_now(id)?;
        self.check_pair(now.deal, &now.side, with)?;
        self.journal
            .update("commitment", id, &[("paired", json!(with))])?;
        let how = if with.is_some() {
            "is traded"
        } else {
            "is traded for nothing"
        };
        Ok((format!("{}: {} {how}", now.name, now.what), vec![now.deal]))
    }

    /// The row of the four, with what is agreed of them; made where there is none.
    fn gate_row(&mut self, deal: DealId) -> Result<i64, StoreError> {
        let row: Option<i64> = self
            .journal
            .conn()
            .query_row("SELECT id FROM trial_gate WHERE deal = ?1", [deal.0], |r| {
                r.get(0)
            })
            .optional()
            .doing("reading the trial")?;
        match row {
            Some(row) => Ok(row),
            None => self
                .journal
                .insert("trial_gate", None, &[("deal", json!(deal.0))]),
        }
    }

    pub(super) fn gate(&mut self, deal: DealId, flag: GateFlag, owner: Option<&str>) -> Wrote {
        let before = self.open(deal)?;
        let row = self.gate_row(deal)?;
        let owner = json_line(owner);
        let what = match owner.as_str() {
            Some(who) => format!("{}: {} agreed, {who}", before.name, flag.code()),
            None => format!("{}: {} open again", before.name, flag.code()),
        };
        self.journal
            .update("trial_gate", row, &[(flag.code(), owner)])?;
        let (all, agreed): (bool, Option<String>) = self.row(
            "trial",
            "SELECT objectives IS NOT NULL AND requirements IS NOT NULL AND process IS NOT NULL
                    AND equipment IS NOT NULL, agreed FROM trial_gate WHERE id = ?1",
            row,
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        let agreed = match (all, agreed) {
            (true, Some(day)) => json!(day),
            (true, None) => json!(self.stamp.today),
            (false, _) => Json::Null,
        };
        self.journal
            .update("trial_gate", row, &[("agreed", agreed)])?;
        Ok((what, vec![deal]))
    }

    pub(super) fn gate_starts(&mut self, deal: DealId, starts: Option<NaiveDate>) -> Wrote {
        let before = self.open(deal)?;
        let row = self.gate_row(deal)?;
        self.journal
            .update("trial_gate", row, &[("starts", json!(starts))])?;
        let what = match starts {
            Some(day) => format!("{}: the trial begins on {day}", before.name),
            None => format!("{}: the trial has no first day", before.name),
        };
        Ok((what, vec![deal]))
    }

    pub(super) fn gate_sheet(
        &mut self,
        deal: DealId,
        owners: &[(GateFlag, Option<String>)],
        starts: Option<NaiveDate>,
    ) -> Wrote {
        let before = self.open(deal)?;
        for (flag, owner) in owners {
            self.gate(deal, *flag, owner.as_deref())?;
        }
        self.gate_starts(deal, starts)?;
        Ok((
            format!("{}: what the trial waits for", before.name),
            vec![deal],
        ))
    }

    /// Writes a concession; a discount in per cent that is larger than the deal's becomes it.
    pub(super) fn concede(&mut self, deal: DealId, sheet: &ConcessionSheet) -> Wrote {
        let before = self.open(deal)?;
        let what = required(&sheet.what, "what is given up")?;
        let currency = sheet.amount.and_then(|a| a.currency);
        self.journal.insert(
            "concession",
            None,
            &[
                ("deal", json!(deal.0)),
                ("kind", json!(sheet.kind.code())),
                ("what", json!(what)),
                ("amount", json!(sheet.amount.map(|a| a.minor))),
                ("currency", json!(currency.as_ref().map(Currency::as_str))),
                ("percent", json!(sheet.percent)),
                ("traded_for", json_line(sheet.traded_for.as_deref())),
                ("hard_to_keep", json!(i64::from(sheet.hard_to_keep))),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
            ],
        )?;
        if sheet.kind == ConcessionKind::Discount
            && let Some(percent) = sheet.percent
        {
            let stands: Option<f64> = self.row(
                "deal",
                "SELECT discount FROM deal WHERE id = ?1",
                deal.0,
                |r| r.get(0),
            )?;
            if stands.is_none_or(|stands| stands < percent) {
                self.set_fields(deal, &before, &[("discount", json!(percent))])?;
            }
        }
        let kind = match sheet.kind {
            ConcessionKind::Discount => "discount",
            ConcessionKind::FreeWork => "free work",
            ConcessionKind::Promise => "promise",
            ConcessionKind::Bait => "bait",
        };
        Ok((format!("{}: {kind}, {what}", before.name), vec![deal]))
    }

    pub(super) fn settle_bait(&mut self, id: i64, kept: Option<bool>) -> Wrote {
        let (deal, name, kind, what): (i64, String, String, String) = self.row(
            "concession",
            "SELECT c.deal, coalesce(d.account, d.title), c.kind, c.what
             FROM concession c JOIN deal d ON d.id = c.deal WHERE c.id = ?1",
            id,
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
        )?;
        if kind != ConcessionKind::Bait.code() {
            return Err(StoreError::refused(
                format!("concession {id} on {name} is no bait"),
                "only what they dangle is kept or not",
            ));
        }
        self.journal
            .update("concession", id, &[("kept", json!(kept.map(i64::from)))])?;
        let how = match kept {
            Some(true) => "kept",
            Some(false) => "not kept",
            None => "open again",
        };
        Ok((format!("{name}: bait {how}, {what}"), vec![DealId(deal)]))
    }

    /// The latest request to meet somebody of which nothing came yet.
    fn open_access(&self, deal: DealId, whom: &str) -> Result<Option<i64>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(i64, String)>> {
            self.journal
                .conn()
                .prepare_cached(
                    "SELECT id, whom FROM access_ask WHERE deal = ?1 AND answer IS NULL
                     ORDER BY id DESC",
                )?
                .query_map([deal.0], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect()
        };
        let rows = read().doing("reading whom we asked to meet")?;
        let same = |other: &str| other.to_lowercase() == whom.to_lowercase();
        Ok(rows.into_iter().find(|(_, w)| same(w)).map(|(id, _)| id))
    }

    pub(super) fn ask_access(&mut self, deal: DealId, whom: &str, swap: bool) -> Wrote {
        let before = self.open(deal)?;
        let whom = required(whom, "whom we want to meet")?;
        if self.open_access(deal, &whom)?.is_none() {
            self.new_access(deal, &whom, swap)?;
        }
        Ok((format!("{}: asked to meet {whom}", before.name), vec![deal]))
    }

    fn new_access(&mut self, deal: DealId, whom: &str, swap: bool) -> Result<i64, StoreError> {
        self.journal.insert(
            "access_ask",
            None,
            &[
                ("deal", json!(deal.0)),
                ("whom", json!(whom)),
                ("day", json!(self.stamp.today)),
                ("swap", json!(i64::from(swap))),
            ],
        )
    }

    pub(super) fn answer_access(
        &mut self,
        deal: DealId,
        whom: &str,
        answer: AccessAnswer,
    ) -> Wrote {
        let before = self.open(deal)?;
        let whom = line(whom)
            .ok_or_else(|| StoreError::refused("whom we want to meet is empty", "write a name"))?;
        let row = match self.open_access(deal, &whom)? {
            Some(row) => row,
            None => self.new_access(deal, &whom, false)?,
        };
        self.journal.update(
            "access_ask",
            row,
            &[
                ("answer", json!(answer.code())),
                ("answered", json!(self.stamp.today)),
            ],
        )?;
        let how = match answer {
            AccessAnswer::Given => "given",
            AccessAnswer::Refused => "refused",
        };
        Ok((
            format!("{}: access to {whom} {how}", before.name),
            vec![deal],
        ))
    }
}
