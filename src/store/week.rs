//! What a sitting leaves behind: asks, hours, what was fired, what falls due; and the sweep.

use chrono::{Duration, NaiveDate};
use rusqlite::{Connection, OptionalExtension};

use super::Store;
use super::acts::{monday, selling_key};
use super::detail::{free, name, word};
use super::error::{Doing, StoreError};
use super::journal::Stamp;
use super::list::QUEUE;
use super::rows::all;
use crate::domain::deal::{
    AskState, DecisionKind, DueKind, PersonRow, SweepDeal, SweepPile, SweepWord, Week, WeekAsk,
    WeekDue, WeekFired, WeekPlan,
};
use crate::domain::ids::DealId;
use crate::domain::message::{About, Farewell};
use crate::domain::shown::{Free, Name};

/// Days ahead of which the week tells what falls due.
pub(super) const AHEAD: i64 = 14;

/// The deals of the sweep: open ones that are not fired.
const SWEPT: &str = "d.status = 'open' AND d.decision <> 'fired'";

/// Asks that wait, and what came back or was dropped no earlier than `since`.
fn asks(conn: &Connection, since: Option<NaiveDate>) -> Result<Vec<WeekAsk>, StoreError> {
    asks_where(
        conn,
        "(d.status = 'open' AND d.decision <> 'fired'
          AND a.state IN ('open', 'no_reply', 'not_asked'))
         OR (a.state = 'answered' AND (?1 IS NULL OR a.replied >= ?1))",
        since,
    )
}

/// Asks `a` of deals `d` of which a condition of ours is true, what came back last.
pub(super) fn asks_where(
    conn: &Connection,
    condition: &str,
    since: Option<NaiveDate>,
) -> Result<Vec<WeekAsk>, StoreError> {
    let sql = format!(
        "SELECT a.id, a.deal, coalesce(d.account, d.title), a.question, a.signal, a.text,
                a.contact, a.due, a.state, a.put, a.reply, a.replied
         FROM ask a JOIN deal d ON d.id = a.deal WHERE {condition}
         ORDER BY a.state = 'answered', a.due IS NULL, a.due, a.id"
    );
    all(conn, "reading the asks", &sql, &[&since], |r| {
        Ok(WeekAsk {
            id: r.get(0)?,
            deal: DealId(r.get(1)?),
            name: Name::new(r.get::<_, String>(2)?),
            question: r.get(3)?,
            signal: r.get(4)?,
            text: Free::new(r.get::<_, String>(5)?),
            contact: name(r, 6)?,
            due: r.get(7)?,
            state: word(r, 8, AskState::from_code, AskState::Dropped)?,
            put: r.get(9)?,
            reply: free(r, 10)?,
            replied: r.get(11)?,
        })
    })
}

fn fired(conn: &Connection, since: NaiveDate) -> Result<Vec<WeekFired>, StoreError> {
    all(
        conn,
        "reading what was fired",
        "SELECT x.deal, coalesce(d.account, d.title), x.day, coalesce(x.minutes_reclaimed, 0),
                coalesce(nullif(x.mail, ''), nullif(x.phone, '')),
                EXISTS(SELECT 1 FROM message_log m WHERE m.deal = x.deal AND m.kind = 'farewell'
                       AND m.at >= x.at)
         FROM decision x JOIN deal d ON d.id = x.deal
         WHERE x.kind = 'fired' AND d.decision = 'fired' AND x.day >= ?1
           AND x.id = (SELECT max(id) FROM decision WHERE deal = x.deal)
         ORDER BY x.id DESC",
        &[&since],
        |r| {
            Ok(WeekFired {
                deal: DealId(r.get(0)?),
                name: Name::new(r.get::<_, String>(1)?),
                day: r.get(2)?,
                minutes_reclaimed: r.get(3)?,
                note: free(r, 4)?,
                note_left: r.get(5)?,
            })
        },
    )
}

pub(super) fn plans(
    conn: &Connection,
    who: &str,
    week: NaiveDate,
) -> Result<Vec<WeekPlan>, StoreError> {
    // 0 and 5 are the ranks of what is due and what was continued.
    let sql = format!(
        "WITH p(deal, minutes) AS (
           SELECT deal, sum(minutes) FROM hours_plan
           WHERE week = ?1 AND who = ?2 AND deal IS NOT NULL GROUP BY deal)
         SELECT d.id, coalesce(d.account, d.title),
                coalesce(p.minutes, CAST(round(x.hours_per_week * 60) AS INTEGER)), e.per_week,
                d.next_step, d.next_step_due, x.senior
         FROM deal_eval e JOIN deal d ON d.id = e.deal LEFT JOIN p ON p.deal = d.id
         LEFT JOIN decision x ON d.decision = 'continued' AND x.id =
           (SELECT max(id) FROM decision y WHERE y.deal = d.id AND y.kind = 'continued')
         WHERE e.deal IN (SELECT deal FROM deal_eval WHERE tier IN (0, 5)
                          UNION SELECT deal FROM p)
           AND d.status = 'open' AND d.decision <> 'fired'
           AND (d.decision = 'continued' OR p.minutes > 0)
         ORDER BY {QUEUE}"
    );
    let mut plans = all(
        conn,
        "reading the hours of the week",
        &sql,
        &[&week, &who],
        |r| {
            let minutes: Option<i64> = r.get(2)?;
            Ok(WeekPlan {
                deal: Some(DealId(r.get(0)?)),
                name: name(r, 1)?,
                minutes: minutes.unwrap_or_default(),
                is_planned: minutes.is_some(),
                per_week: r.get(3)?,
                next_step: free(r, 4)?,
                next_step_due: r.get(5)?,
                senior: r.get(6)?,
            })
        },
    )?;
    let own: Option<i64> = conn
        .query_row(
            "SELECT sum(minutes) FROM hours_plan WHERE week = ?1 AND who = ?2 AND deal IS NULL",
            (week, who),
            |r| r.get(0),
        )
        .doing("reading one's own time")?;
    plans.extend(own.map(|minutes| WeekPlan {
        deal: None,
        name: None,
        minutes,
        is_planned: true,
        per_week: 0.0,
        next_step: None,
        next_step_due: None,
        senior: None,
    }));
    Ok(plans)
}

/// Whether the week of a day has anything to show, as far as the latest of each kind tell: the
/// header asks after each write, and costs the same in a pipeline of any size.
pub(super) fn has_any(conn: &Connection, stamp: &Stamp) -> rusqlite::Result<bool> {
    const LATEST: [(&str, &str); 6] = [
        (
            "ask",
            "state IN ('open', 'no_reply', 'not_asked') OR state = 'answered' AND replied >= ?1",
        ),
        ("decision", "kind = 'fired' AND day >= ?1"),
        ("hold", "ended IS NULL AND until <= ?3"),
        ("commitment", "state = 'open' AND due <= ?3"),
        ("trial_gate", "agreed IS NULL AND starts <= ?3"),
        ("handoff", "next_check <= ?3"),
    ];
    let start = monday(stamp.today);
    let latest = LATEST.map(|(table, holds)| {
        format!(
            "OR EXISTS(SELECT 1 FROM (SELECT * FROM {table} ORDER BY rowid DESC LIMIT 200)
                       WHERE {holds})"
        )
    });
    let sql = format!(
        "SELECT EXISTS(SELECT 1 FROM deal_eval WHERE tier = 5)
           OR EXISTS(SELECT 1 FROM hours_plan WHERE week = ?1 AND who = ?2) {}",
        latest.join(" ")
    );
    let until = stamp.today + Duration::days(AHEAD);
    conn.prepare_cached(&sql)?
        .query_row((start, &stamp.who, until), |r| r.get(0))
}

/// What falls due up to a day: tripwires, holds, promises, trials that lack one of the four, and
/// an overseer's next look.
const DUE: &str = "
  SELECT t.deal, t.due, 'tripwire', t.sentence FROM tripwire t WHERE t.state = 'set'
  UNION ALL SELECT h.deal, h.until, 'hold', h.what FROM hold h WHERE h.ended IS NULL
  UNION ALL SELECT c.deal, c.due, 'commitment', c.side || ' owe ' || c.what FROM commitment c
    WHERE c.state = 'open' AND c.due IS NOT NULL
  UNION ALL SELECT g.deal, g.starts, 'trial', 'open: ' || substr(
      iif(g.objectives IS NULL, ', objectives', '')
      || iif(g.requirements IS NULL, ', requirements', '')
      || iif(g.process IS NULL, ', process', '')
      || iif(g.equipment IS NULL, ', equipment', ''), 3)
    FROM trial_gate g WHERE g.agreed IS NULL AND g.starts IS NOT NULL
  UNION ALL SELECT h.deal, h.next_check, 'check', coalesce(h.overseer || ' looks at ', '')
      || h.taker
    FROM handoff h WHERE h.next_check IS NOT NULL
      AND h.id = (SELECT max(id) FROM handoff WHERE deal = h.deal)";

pub(super) fn due(conn: &Connection, until: NaiveDate) -> Result<Vec<WeekDue>, StoreError> {
    let sql = format!(
        "WITH x(deal, day, kind, words) AS ({DUE})
         SELECT x.deal, x.day, x.kind, x.words, coalesce(d.account, d.title)
         FROM x JOIN deal d ON d.id = x.deal
         WHERE d.status = 'open' AND d.decision <> 'fired' AND x.day <= ?1
         ORDER BY x.day, x.kind <> 'tripwire', x.deal"
    );
    all(conn, "reading what falls due", &sql, &[&until], |r| {
        Ok(WeekDue {
            deal: DealId(r.get(0)?),
            day: r.get(1)?,
            what: word(r, 2, DueKind::from_code, DueKind::Commitment)?,
            words: Free::new(r.get::<_, String>(3)?),
            name: Name::new(r.get::<_, String>(4)?),
        })
    })
}

/// How often bait of theirs was kept, over the whole file: kept, of how many settled.
pub(super) fn bait(conn: &Connection) -> rusqlite::Result<(u32, u32)> {
    conn.prepare_cached(
        "SELECT coalesce(sum(kept), 0), count(kept) FROM concession WHERE kind = 'bait'",
    )?
    .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
}

impl Store {
    /// Reads the week that a day is in, for a person.
    pub fn week(&self, stamp: &Stamp) -> Result<Week, StoreError> {
        let conn = self.conn();
        let start = monday(stamp.today);
        let sunday = start + Duration::days(6);
        let read = || -> Result<Week, StoreError> {
            let asks = asks(conn, Some(start))?;
            let soon = asks.iter().filter(|ask| {
                ask.signal.is_some()
                    && matches!(ask.state, AskState::Open | AskState::NoReply)
                    && ask.due.is_some_and(|day| day <= sunday)
            });
            let mut deals: Vec<DealId> = soon.map(|ask| ask.deal).collect();
            deals.sort_unstable();
            deals.dedup();
            let people = self.people()?;
            let is_senior = |person: &&PersonRow| person.name == stamp.who && person.senior;
            Ok(Week {
                wants_senior: people.len() > 1 && !people.iter().any(|p| is_senior(&p)),
                monday: Some(start),
                selling_minutes: self.selling_minutes(&stamp.who)?,
                fired: fired(conn, start)?,
                may_fire: deals.len(),
                plans: plans(conn, &stamp.who, start)?,
                due: due(conn, stamp.today + Duration::days(AHEAD))?,
                asks,
            })
        };
        self.at(read())
    }

    /// Reads every ask that waits or came back, the soonest first.
    pub fn asks(&self) -> Result<Vec<WeekAsk>, StoreError> {
        self.at(asks(self.conn(), None))
    }

    /// Minutes a week that a person has to sell; `None` until said.
    pub fn selling_minutes(&self, who: &str) -> Result<Option<i64>, StoreError> {
        let kept = self.memory(&selling_key(who))?;
        Ok(kept.and_then(|text| text.parse().ok()))
    }

    /// Reads which deals a sweep goes through and in which order: open ones that are not fired, by
    /// name, whatever their amount or stage.
    pub fn sweep_order(&self) -> Result<Vec<u32>, StoreError> {
        let sql = format!(
            "SELECT d.id FROM deal d WHERE {SWEPT}
             ORDER BY coalesce(d.account, d.title) COLLATE NOCASE, d.id"
        );
        let read = all(self.conn(), "reading the sweep", &sql, &[], |r| r.get(0));
        self.at(read)
    }

    /// Reads deals of a sweep, in the order given; one that is no longer swept is left out.
    pub fn sweep_deals(&self, ids: &[u32]) -> Result<Vec<SweepDeal>, StoreError> {
        let sql = format!(
            "SELECT d.id, d.account, d.title,
                    (SELECT word FROM sweep s WHERE s.deal = d.id AND s.current = 1)
             FROM deal d WHERE d.id = ?1 AND {SWEPT}"
        );
        let mut deals = Vec::with_capacity(ids.len());
        for id in ids {
            let read = all(self.conn(), "reading the sweep", &sql, &[id], |r| {
                Ok(SweepDeal {
                    id: DealId(r.get(0)?),
                    account: name(r, 1)?,
                    title: Name::new(r.get::<_, String>(2)?),
                    word: r
                        .get::<_, Option<String>>(3)?
                        .as_deref()
                        .and_then(SweepWord::from_code),
                })
            });
            deals.extend(self.at(read)?);
        }
        Ok(deals)
    }

    /// The piles that the sweep made, with the hours of each: glad, dread, unknown, not swept.
    pub fn sweep_piles(&self) -> Result<Vec<SweepPile>, StoreError> {
        let sql = format!(
            "SELECT s.word, count(*), total(e.spent), total(e.per_week)
             FROM deal d LEFT JOIN sweep s ON s.deal = d.id AND s.current = 1
             LEFT JOIN deal_eval e ON e.deal = d.id
             WHERE {SWEPT} GROUP BY s.word ORDER BY s.word IS NULL, s.word"
        );
        let piles = all(self.conn(), "adding up the sweep", &sql, &[], |r| {
            Ok(SweepPile {
                word: r
                    .get::<_, Option<String>>(0)?
                    .as_deref()
                    .and_then(SweepWord::from_code),
                deals: usize::try_from(r.get::<_, i64>(1)?).unwrap_or_default(),
                spent: r.get(2)?,
                per_week: r.get(3)?,
            })
        });
        let mut piles = self.at(piles)?;
        piles.sort_by_key(|pile| (pile.word.is_none(), pile.word));
        Ok(piles)
    }

    /// The deals of one pile, those with the most hours a week first.
    pub fn sweep_pile(&self, word: SweepWord) -> Result<Vec<DealId>, StoreError> {
        let sql = format!(
            "SELECT d.id FROM deal d JOIN sweep s ON s.deal = d.id AND s.current = 1
             LEFT JOIN deal_eval e ON e.deal = d.id
             WHERE {SWEPT} AND s.word = ?1 ORDER BY e.per_week DESC, d.id"
        );
        let code = word.code();
        let read = all(self.conn(), "reading the pile", &sql, &[&code], |r| {
            Ok(DealId(r.get(0)?))
        });
        self.at(read)
    }

    /// The deal of a touch.
    pub fn touch_deal(&self, touch: i64) -> Result<DealId, StoreError> {
        let found: Option<i64> = self.at(self
            .conn()
            .query_row(
                "SELECT deal FROM touch WHERE id = ?1 AND deal IS NOT NULL",
                [touch],
                |r| r.get(0),
            )
            .optional()
            .doing("reading the touch"))?;
        found.map(DealId).ok_or_else(|| {
            StoreError::refused(
                format!("there is no touch {touch}"),
                "`walkaway show DEAL --json` has their numbers",
            )
        })
    }

    /// Reads the closing notes with which deals were fired last, in their order; without those that
    /// have none.
    pub fn closing_notes(&self, deals: &[DealId]) -> Result<Vec<Farewell>, StoreError> {
        let mut notes = Vec::with_capacity(deals.len());
        for deal in deals {
            let Some(detail) = self.detail(*deal)? else {
                continue;
            };
            let fired = detail.decisions.iter();
            let Some(fired) = fired.into_iter().find(|d| d.kind == DecisionKind::Fired) else {
                continue;
            };
            let text = |text: &Option<Free>| text.clone().unwrap_or_else(|| Free::new(""));
            let note = Farewell {
                deal: *deal,
                name: detail.deal.name().clone(),
                to: About::of(&detail).email.map(Free::new),
                subject: text(&fired.note.subject),
                body: text(&fired.note.mail),
                phone: text(&fired.note.phone),
            };
            if !note.is_empty() {
                notes.push(note);
            }
        }
        Ok(notes)
    }

    /// Notes in the log that a message left the program; never undone.
    ///
    /// `kind` is `farewell` or `ask`, `way` is `copy`, `mail` or `file`.
    pub fn log_message(
        &self,
        stamp: &Stamp,
        deal: DealId,
        kind: &str,
        way: &str,
    ) -> Result<(), StoreError> {
        let work = || -> Result<(), StoreError> {
            let tx = self.immediate()?;
            tx.execute(
                "INSERT INTO message_log(deal, kind, way, at, who) VALUES(?1, ?2, ?3, ?4, ?5)",
                (deal.0, kind, way, stamp.at_text(), &stamp.who),
            )
            .doing("writing the log")?;
            tx.commit().doing("saving")
        };
        self.at(work())
    }
}
