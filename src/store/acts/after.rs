//! What came of a firing, and whether a win would be sold again.

use chrono::{Duration, NaiveDate};
use rusqlite::OptionalExtension;
use serde_json::json;

use super::decide::named;
use super::{Work, Wrote, json_line};
use crate::domain::deal::{OutcomeKind, REGRET_DAYS, Status};
use crate::domain::eval::Due;
use crate::domain::ids::DealId;
use crate::store::error::{Doing, StoreError};
use crate::store::eval;

/// What they can have done differently since a day: a promise kept, a senior met, a meeting
/// held, an answer shown.
const CHANGED: &str = "
  EXISTS(SELECT 1 FROM commitment WHERE deal = ?1 AND side = 'they'
           AND state IN ('kept', 'late') AND settled > ?2)
  OR EXISTS(SELECT 1 FROM access_ask WHERE deal = ?1 AND answer = 'given'
           AND coalesce(answered, day) > ?2)
  OR EXISTS(SELECT 1 FROM touch WHERE deal = ?1 AND status = 'held'
           AND channel IN ('meeting', 'demo', 'workshop') AND substr(at, 1, 10) > ?2)
  OR EXISTS(SELECT 1 FROM answer WHERE deal = ?1 AND current = 1 AND value = 'yes'
           AND grade = 'shown' AND day > ?2)";

impl Work<'_, '_> {
    /// The number and the day of the last firing.
    pub(super) fn firing(&self, deal: DealId) -> Result<(i64, NaiveDate), StoreError> {
        self.row(
            "firing of deal",
            "SELECT id, day FROM decision WHERE deal = ?1 AND kind = 'fired'
             ORDER BY id DESC LIMIT 1",
            deal.0,
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
    }

    /// Whether a fired prospect is on top because it made contact again.
    pub(super) fn is_back(&self, deal: DealId) -> Result<bool, StoreError> {
        let today = self.stamp.today;
        let evaluated = eval::of(self.journal.conn(), self.store.judge(), deal, today)?;
        Ok(evaluated.is_some_and(|evaluated| evaluated.due == Some(Due::CameBack)))
    }

    /// Reads the name and the firing of a deal that is fired; refused where it is not.
    fn fired_deal(&self, deal: DealId) -> Result<(String, i64, NaiveDate), StoreError> {
        let before = self.before(deal)?;
        if before.decision != "fired" || before.status == Status::Removed {
            return Err(StoreError::refused(
                format!("{} is not fired", before.name),
                "only of a fired prospect is it asked what came of it",
            ));
        }
        let (firing, day) = self.firing(deal)?;
        Ok((before.name, firing, day))
    }

    /// Writes down what came of a firing, once a day.
    pub(super) fn came(
        &mut self,
        deal: DealId,
        firing: i64,
        kind: OutcomeKind,
        words: Option<&str>,
    ) -> Result<(), StoreError> {
        let today = self.stamp.today;
        let same: Option<(i64, String)> = self
            .journal
            .conn()
            .prepare_cached(
                "SELECT id, kind FROM outcome WHERE deal = ?1 AND decision = ?2 AND day = ?3
                 ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row((deal.0, firing, today), |r| Ok((r.get(0)?, r.get(1)?)))
                    .optional()
            })
            .doing("reading the outcomes")?;
        match same {
            Some((id, known)) if known == kind.code() => {
                if words.is_some() {
                    self.journal
                        .update("outcome", id, &[("words", json_line(words))])?;
                }
            }
            Some(_) | None => {
                self.journal.insert(
                    "outcome",
                    None,
                    &[
                        ("deal", json!(deal.0)),
                        ("decision", json!(firing)),
                        ("kind", json!(kind.code())),
                        ("day", json!(today)),
                        ("words", json_line(words)),
                        ("who", json!(self.stamp.who)),
                    ],
                )?;
            }
        }
        Ok(())
    }

    /// Refuses "better" where nothing on record says that they changed.
    fn check_changed(&self, deal: DealId, name: &str, fired: NaiveDate) -> Result<(), StoreError> {
        let changed: bool = self
            .journal
            .conn()
            .query_row(&format!("SELECT {CHANGED}"), (deal.0, fired), |r| r.get(0))
            .doing("looking for what they did since")?;
        if changed {
            return Ok(());
        }
        Err(StoreError::refused(
            format!(
                "nothing on record says that {name} does anything differently since {fired}: no \
                 promise kept, no meeting held, no senior met, no answer shown"
            ),
            "write down what they did (touch, commitment, access, an answer with evidence), or \
             say that they came back unchanged",
        ))
    }

    pub(super) fn outcome(
        &mut self,
        deal: DealId,
        kind: OutcomeKind,
        words: Option<&str>,
    ) -> Wrote {
        let (name, firing, day) = self.fired_deal(deal)?;
        match kind {
            OutcomeKind::Won | OutcomeKind::Lost => {
                return Err(StoreError::refused(
                    "that a deal is won or lost is said by closing it",
                    "close it: `close DEAL won`",
                ));
            }
            OutcomeKind::CameBackBetter => self.check_changed(deal, &name, day)?,
            OutcomeKind::CameBackUnchanged
            | OutcomeKind::Silence
            | OutcomeKind::BoughtElsewhere
            | OutcomeKind::BoughtNothing => {}
        }
        self.came(deal, firing, kind, words)?;
        Ok((format!("{name}: {}", kind.words()), vec![deal]))
    }

    pub(super) fn no_change(&mut self, deals: &[DealId]) -> Wrote {
        let mut names = Vec::with_capacity(deals.len());
        let mut silent = Vec::with_capacity(deals.len());
        for deal in Self::each(deals)? {
            let (name, firing, _) = self.fired_deal(deal)?;
            if self.is_back(deal)? {
                self.left
                    .push(format!("{name} made contact again: say what came of that"));
                continue;
            }
            self.came(deal, firing, OutcomeKind::Silence, None)?;
            names.push(name);
            silent.push(deal);
        }
        Ok((format!("No change: {}", named(&names)), silent))
    }

    pub(super) fn regret(&mut self, deal: DealId, again: bool, words: Option<&str>) -> Wrote {
        let before = self.before(deal)?;
        if before.status != Status::Won {
            return Err(StoreError::refused(
                format!("{} is not won", before.name),
                "only of a won deal is it asked whether you would sell it again",
            ));
        }
        let won: Option<NaiveDate> = self.row(
            "deal",
            "SELECT coalesce(closed, stage_changed) FROM deal WHERE id = ?1",
            deal.0,
            |r| r.get(0),
        )?;
        let today = self.stamp.today;
        let due = won.unwrap_or(today) + Duration::days(REGRET_DAYS);
        let known: Option<i64> = self
            .journal
            .conn()
            .query_row(
                "SELECT id FROM regret WHERE deal = ?1 AND due = ?2",
                (deal.0, due),
                |r| r.get(0),
            )
            .optional()
            .doing("reading what was said of the win")?;
        let said = [
            ("answer", json!(if again { "yes" } else { "no" })),
            ("day", json!(today)),
            ("words", json_line(words)),
            ("who", json!(self.stamp.who)),
        ];
        if let Some(id) = known {
            self.journal.update("regret", id, &said)?;
        } else {
            let mut row = vec![("deal", json!(deal.0)), ("due", json!(due))];
            row.extend(said);
            self.journal.insert("regret", None, &row)?;
        }
        let what = if again {
            "you would sell it again"
        } else {
            "you would not sell it again"
        };
        Ok((format!("{}: {what}", before.name), vec![deal]))
    }
}
