//! Reading what a 1:1 needs: who sits at the table, what is talked about, what changed, what was
//! decided, and how often two people said the same.

mod agenda;
mod changed;
mod charter;
mod coach;
mod held;
mod minutes;
pub(super) mod seals;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row};

use super::Store;
use super::detail::{free, word};
use super::error::StoreError;
use super::journal::Stamp;
use super::rows::{all, first};
use crate::domain::deal::{PersonRole, PersonRow};
use crate::domain::ids::DealId;
use crate::domain::review::{
    Agenda, Changed, Charter, CharterRequest, Coaching, Hand, MayFire, Minutes, OnTable,
    PairReviews, ReviewClock, SealState, Session,
};

pub(super) use agenda::{kept, propose};
pub(super) use charter::{
    beyond, current as charter_now, in_force, in_force_for_all, last_request, may_fire,
};
pub(super) use held::any as any_held;

/// The people of the file.
pub(super) fn people(conn: &Connection) -> Result<Vec<PersonRow>, StoreError> {
    all(
        conn,
        "reading the people",
        "SELECT name, role, senior, owner FROM person ORDER BY name",
        &[],
        |r| {
            Ok(PersonRow {
                name: r.get(0)?,
                role: word(r, 1, PersonRole::from_code, PersonRole::Rep)?,
                senior: r.get(2)?,
                owner: r.get(3)?,
            })
        },
    )
}

/// The columns of a review, in the order in which [`session`] reads them.
const SESSION: &str = "id, rep, manager, started, ended, on_table, table_since, plan, per_deal";

fn session(r: &Row<'_>) -> rusqlite::Result<Session> {
    let instant = |at: Option<String>| {
        at.and_then(|at| DateTime::parse_from_rfc3339(&at).ok())
            .map(|at| at.to_utc())
    };
    let started = instant(r.get(3)?).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let table = r.get::<_, Option<i64>>(5)?.map(DealId);
    Ok(Session {
        id: r.get(0)?,
        rep: r.get::<_, Option<String>>(1)?.unwrap_or_default(),
        manager: r.get(2)?,
        started,
        ended: instant(r.get(4)?),
        table: table.zip(instant(r.get(6)?)),
        clock: ReviewClock {
            started,
            plan: r.get(7)?,
            each: r.get(8)?,
        },
    })
}

/// The 1:1 that runs and at which somebody sits.
pub(super) fn running(conn: &Connection, who: &str) -> Result<Option<Session>, StoreError> {
    first(
        conn,
        "reading the 1:1",
        &format!(
            "SELECT {SESSION} FROM review WHERE kind = 'one_to_one' AND ended IS NULL
               AND (rep = ?1 OR manager = ?1) ORDER BY id DESC LIMIT 1"
        ),
        &[&who],
        session,
    )
}

/// The last 1:1 of a pair that was closed.
pub(super) fn last_of(
    conn: &Connection,
    rep: &str,
    manager: Option<&str>,
) -> Result<Option<Session>, StoreError> {
    first(
        conn,
        "reading the last 1:1",
        &format!(
            "SELECT {SESSION} FROM review WHERE kind = 'one_to_one' AND ended IS NOT NULL
               AND rep = ?1 AND manager IS ?2 ORDER BY id DESC LIMIT 1"
        ),
        &[&rep, &manager],
        session,
    )
}

/// Who is the rep and who the manager when somebody sits down with somebody: roles tell, else
/// whoever begins is the rep. With nobody named, the one other person of the other role; `None`
/// for the manager is somebody who reviews alone.
pub(super) fn pair(
    conn: &Connection,
    who: &str,
    with: Option<&str>,
) -> Result<(String, Option<String>), StoreError> {
    let people = people(conn)?;
    let role = |name: &str| people.iter().find(|p| p.name == name).map(|p| p.role);
    let mine = role(who);
    let other = if let Some(name) = with {
        Some(name.to_owned())
    } else {
        let wanted = match mine {
            Some(PersonRole::Manager) => PersonRole::Rep,
            Some(PersonRole::Rep) | None => PersonRole::Manager,
        };
        let mut of = people.iter().filter(|p| p.role == wanted && p.name != who);
        match (of.next(), of.next()) {
            (Some(one), None) => Some(one.name.clone()),
            (None | Some(_), _) => None,
        }
    };
    let Some(other) = other.filter(|name| name != who) else {
        return Ok((who.to_owned(), None));
    };
    let i_lead = mine == Some(PersonRole::Manager) && role(&other) != Some(PersonRole::Manager);
    Ok(if i_lead {
        (other, Some(who.to_owned()))
    } else {
        (who.to_owned(), Some(other))
    })
}

/// The hands that are up, the oldest first; of one deal or of all.
pub(super) fn hands(conn: &Connection, deal: Option<DealId>) -> Result<Vec<Hand>, StoreError> {
    all(
        conn,
        "reading the hands",
        "SELECT id, deal, note, who, at FROM raised_hand
         WHERE taken = 0 AND (?1 IS NULL OR deal = ?1) ORDER BY id",
        &[&deal.map(|deal| deal.0)],
        |r| {
            Ok(Hand {
                id: r.get(0)?,
                deal: DealId(r.get(1)?),
                note: free(r, 2)?,
                who: r.get(3)?,
                at: r.get(4)?,
            })
        },
    )
}

impl Store {
    /// Reads our own people, by name.
    pub fn people(&self) -> Result<Vec<PersonRow>, StoreError> {
        self.at(people(&self.conn))
    }

    /// The 1:1 that runs and at which somebody sits; `None` where there is none.
    pub fn review(&self, who: &str) -> Result<Option<Session>, StoreError> {
        self.at(running(&self.conn, who))
    }

    /// The last 1:1 at which somebody sat, running or closed.
    pub fn last_review(&self, who: &str) -> Result<Option<Session>, StoreError> {
        self.at(first(
            &self.conn,
            "reading the last 1:1",
            &format!(
                "SELECT {SESSION} FROM review WHERE kind = 'one_to_one'
                   AND (rep = ?1 OR manager = ?1) ORDER BY id DESC LIMIT 1"
            ),
            &[&who],
            session,
        ))
    }

    /// One 1:1 by its number.
    pub fn review_of(&self, id: i64) -> Result<Option<Session>, StoreError> {
        self.at(first(
            &self.conn,
            "reading the 1:1",
            &format!("SELECT {SESSION} FROM review WHERE id = ?1 AND kind = 'one_to_one'"),
            &[&id],
            session,
        ))
    }

    /// The agenda of the 1:1 that runs; where none does, the one that is proposed.
    pub fn agenda(&self, stamp: &Stamp, with: Option<&str>) -> Result<Agenda, StoreError> {
        self.at(agenda::read(&self.conn, &self.judge, stamp, with))
    }

    /// What changed on a deal since it was talked about last, in a 1:1 before `before`; `None`
    /// is the one that runs or is to come.
    pub fn changed(
        &self,
        deal: DealId,
        today: NaiveDate,
        before: Option<i64>,
    ) -> Result<Changed, StoreError> {
        let since = self.at(changed::talked(&self.conn, deal, before))?;
        self.at(changed::read(
            &self.conn,
            &self.judge,
            deal,
            (since, None),
            today,
        ))
    }

    /// What is sealed on a deal, as counts, and what was revealed of it.
    pub fn sealed(&self, deal: DealId, who: &str) -> Result<SealState, StoreError> {
        self.at(seals::state(&self.conn, &self.judge, deal, who))
    }

    /// The deals on which answers are sealed that are not revealed.
    pub fn sealed_deals(&self) -> Result<Vec<DealId>, StoreError> {
        self.at(all(
            &self.conn,
            "reading which deals are sealed",
            "SELECT DISTINCT deal FROM sealed_answer
             WHERE revealed IS NULL AND replaced = 0 ORDER BY deal",
            &[],
            |r| Ok(DealId(r.get(0)?)),
        ))
    }

    /// The charter that holds for somebody; `None` while it is not signed by all who have to.
    pub fn charter(&self, who: &str) -> Result<Option<Charter>, StoreError> {
        self.at(in_force(&self.conn, who))
    }

    /// The charter as it stands, signed or not.
    pub fn charter_draft(&self) -> Result<Option<Charter>, StoreError> {
        self.at(charter::current(&self.conn))
    }

    /// Firings above the charter's ceiling, those that wait first, then the latest.
    pub fn charter_requests(&self, today: NaiveDate) -> Result<Vec<CharterRequest>, StoreError> {
        self.at(charter::requests(&self.conn, None, today))
    }

    /// The manager's sentence that holds for a deal: said since its last decision.
    pub fn may_fire(&self, deal: DealId) -> Result<Option<MayFire>, StoreError> {
        self.at(may_fire(&self.conn, deal))
    }

    /// All that the table of a 1:1 shows of one deal besides its [`Detail`].
    ///
    /// [`Detail`]: crate::domain::deal::Detail
    pub fn on_table(&self, stamp: &Stamp, deal: DealId) -> Result<OnTable, StoreError> {
        let charter = self.charter(&stamp.who)?;
        let mut requests = self.at(charter::requests(&self.conn, Some(deal), stamp.today))?;
        Ok(OnTable {
            deal,
            changed: self.changed(deal, stamp.today, None)?,
            sealed: self.sealed(deal, &stamp.who)?,
            hands: self.at(hands(&self.conn, Some(deal)))?,
            may_fire: self.may_fire(deal)?,
            beyond: self.at(beyond(&self.conn, charter.as_ref(), deal))?,
            charter,
            request: (!requests.is_empty()).then(|| requests.remove(0)),
        })
    }

    /// What a 1:1 leaves behind; `None` where there is none of that number.
    pub fn minutes(&self, id: i64, stamp: &Stamp) -> Result<Option<Minutes>, StoreError> {
        let Some(session) = self.review_of(id)? else {
            return Ok(None);
        };
        self.at(minutes::read(self, session, stamp)).map(Some)
    }

    /// How often two people said the same before they heard each other.
    pub fn coaching(&self, rep: &str, manager: &str) -> Result<Coaching, StoreError> {
        self.at(coach::read(&self.conn, &self.judge, rep, manager))
    }

    /// What each pair of people has behind them: their closed 1:1s, and how they compare.
    pub fn reviews(&self) -> Result<Vec<PairReviews>, StoreError> {
        let mut pairs = PairReviews::group(self.at(held::read(&self.conn))?);
        for pair in &mut pairs {
            if let Some(manager) = &pair.manager {
                let coaching = self.coaching(&pair.rep, manager)?;
                pair.coaching = Some(coaching).filter(|coaching| coaching.deals > 0);
            }
        }
        Ok(pairs)
    }

    /// The pairs who revealed sealed answers together: rep and manager.
    pub fn pairs(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.at(all(
            &self.conn,
            "reading who sat together",
            "SELECT DISTINCT r.rep, r.manager FROM sealed_answer s JOIN review r ON r.id = s.review
             WHERE s.revealed IS NOT NULL AND r.rep IS NOT NULL AND r.manager IS NOT NULL
             ORDER BY r.rep, r.manager",
            &[],
            |r| Ok((r.get(0)?, r.get(1)?)),
        ))
    }
}
