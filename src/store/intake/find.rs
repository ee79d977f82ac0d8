//! Which deal an activity belongs to: by id, by name, by its account on a day.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, OptionalExtension};

use super::super::error::{Doing, StoreError};
use super::coming::Coming;
use super::{Incoming, hash};
use crate::domain::deal::Status;
use crate::domain::ids::DealId;

/// What a row says of where it belongs, in the file's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Belongs {
    /// Ids of deals, the main one first.
    pub deals: Vec<String>,
    /// A text that may be the name of a deal.
    pub deal_name: Option<String>,
    /// The account's name.
    pub account: Option<String>,
    /// The account's id.
    pub account_id: Option<String>,
}

/// Where a row belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Its deals, the main one first; none for an orphan.
    pub deals: Vec<DealId>,
    /// Its account.
    pub account: Option<String>,
}

/// Finds deals. Ids are looked up by index; names and accounts in a compact map, which is made
/// when it is needed first: sixteen bytes a deal for each, no texts.
#[derive(Debug, Default)]
pub(super) struct Finder {
    sources: Option<Vec<String>>,
    homes: HashMap<Arc<str>, Vec<String>>,
    names: Option<Names>,
    /// The deals that a preview would make.
    pub(super) coming: Coming,
}

/// What a deal is known by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    title: u64,
    /// 0 for none.
    account: u64,
    /// The days between which it is open.
    from: i32,
    to: i32,
}

#[derive(Debug)]
struct Names {
    /// The deals of each title, with where they come from; a title of two is no name.
    titles: HashMap<u64, Option<i64>>,
    /// Account, deal, and the days between which it is open, in order.
    accounts: Vec<(u64, i64, i32, i32)>,
}

/// How two spellings of a name are one.
fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The sources of all deals: from one to the next by the index.
pub(in crate::store) fn sources(conn: &Connection) -> Result<Vec<String>, StoreError> {
    conn.prepare(
        "WITH RECURSIVE next(source) AS (
           SELECT min(source) FROM deal
           UNION ALL
           SELECT (SELECT min(d.source) FROM deal d WHERE d.source > next.source)
           FROM next WHERE next.source IS NOT NULL
         ) SELECT source FROM next WHERE source IS NOT NULL",
    )
    .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
    .doing("reading the sources of the deals")
}

impl Finder {
    /// The sources of deals among which those of a file's source are looked for: the same CRM,
    /// whatever its portal; where it has none, all.
    pub(super) fn homes(
        &mut self,
        conn: &Connection,
        source: &Arc<str>,
    ) -> Result<&[String], StoreError> {
        if self.sources.is_none() {
            let mut sources = sources(conn)?;
            for source in self.coming.sources() {
                if !sources.iter().any(|known| known == source) {
                    sources.push(source.to_owned());
                }
            }
            self.sources = Some(sources);
        }
        let sources = self.sources.as_deref().unwrap_or_default();
        Ok(self
            .homes
            .entry(Arc::clone(source))
            .or_insert_with(|| homes(sources, source)))
    }

    /// Finds the deal of an id.
    fn by_id(
        &mut self,
        conn: &Connection,
        source: &Arc<str>,
        id: &str,
    ) -> Result<Option<DealId>, StoreError> {
        self.homes(conn, source)?;
        let homes = self.homes.get(source).map_or(&[][..], Vec::as_slice);
        let mut statement = conn
            .prepare_cached("SELECT id FROM deal WHERE source = ?1 AND key = ?2")
            .doing("looking up a deal")?;
        for key in forms(id) {
            for home in homes {
                let found = statement
                    .query_row((home, key), |r| r.get(0).map(DealId))
                    .optional()
                    .doing("looking up a deal")?;
                let deal = match found {
                    Some(deal) => Some(deal),
                    None => self.coming.deal(hash((home, key)))?,
                };
                if deal.is_some() {
                    return Ok(deal);
                }
            }
        }
        Ok(None)
    }

    fn names(&mut self, conn: &Connection) -> Result<&Names, StoreError> {
        if self.names.is_none() {
            self.names = Some(Names::read(conn, &mut self.coming)?);
        }
        Ok(self.names.as_ref().expect("it was made just now"))
    }

    /// Finds where a row of a day belongs.
    pub(super) fn place(
        &mut self,
        conn: &Connection,
        source: &Arc<str>,
        belongs: &Belongs,
        day: NaiveDate,
    ) -> Result<Place, StoreError> {
        let mut place = Place {
            deals: Vec::new(),
            account: belongs.account.clone(),
        };
        for id in &belongs.deals {
            if let Some(deal) = self.by_id(conn, source, id)?
                && !place.deals.contains(&deal)
            {
                place.deals.push(deal);
            }
        }
        if !place.deals.is_empty() {
            return Ok(place);
        }
        if place.account.is_none()
            && let Some(id) = &belongs.account_id
        {
            place.account = self.account(conn, source, id)?;
        }
        if let Some(name) = &belongs.deal_name {
            let homes = self.homes(conn, source)?.to_vec();
            let names = self.names(conn)?;
            let found: Vec<i64> = homes
                .iter()
                .filter_map(|home| *names.titles.get(&title_key(home, name))?)
                .collect();
            if let [deal] = found.as_slice() {
                place.deals.push(DealId(*deal));
                return Ok(place);
            }
            // The record that is named may be the company itself.
            if place.account.is_none() && names.has_account(name) {
                place.account = Some(name.clone());
            }
        }
        // What names a deal that is not here is not another deal's of that account.
        let is_named = !belongs.deals.is_empty()
            || belongs
                .deal_name
                .as_ref()
                .is_some_and(|name| Some(name) != place.account.as_ref());
        if let (false, Some(account)) = (is_named, &place.account)
            && let Some(deal) = self.names(conn)?.only_open(account, day)
        {
            place.deals.push(deal);
        }
        Ok(place)
    }

    fn account(
        &mut self,
        conn: &Connection,
        source: &Arc<str>,
        id: &str,
    ) -> Result<Option<String>, StoreError> {
        let homes = self.homes(conn, source)?;
        let mut statement = conn
            .prepare_cached("SELECT name FROM account WHERE source = ?1 AND external_id = ?2")
            .doing("looking up an account")?;
        for key in forms(id) {
            for home in homes.iter().map(String::as_str).chain([source.as_ref()]) {
                let found = statement
                    .query_row((home, key), |r| r.get(0))
                    .optional()
                    .doing("looking up an account")?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }
}

/// Of all sources those in which the records of one are at home.
pub(super) fn homes(sources: &[String], source: &str) -> Vec<String> {
    let same: Vec<String> = sources
        .iter()
        .filter(|home| {
            home.strip_prefix(source)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        })
        .cloned()
        .collect();
    if same.is_empty() {
        sources.to_vec()
    } else {
        same
    }
}

/// The forms of an id under which a deal may stand: Salesforce's 18 characters as 15.
pub(super) fn forms(id: &str) -> impl Iterator<Item = &str> {
    let is_long = id.len() == 18 && id.bytes().all(|b| b.is_ascii_alphanumeric());
    is_long.then(|| &id[..15]).into_iter().chain([id])
}

fn title_key(source: &str, title: &str) -> u64 {
    hash((source, folded(title)))
}

impl Named {
    /// Bytes that keep it.
    pub(super) const BYTES: usize = 24;

    /// What the deal of a row is known by.
    pub(super) fn of_row(row: &Incoming) -> Self {
        Self::new(
            (&row.source, &row.title, row.account.as_deref()),
            (row.created, row.closed),
            row.status == Status::Open,
        )
    }

    fn new(
        (source, title, account): (&str, &str, Option<&str>),
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
        is_open: bool,
    ) -> Self {
        // Closed nobody knows when: open on no day.
        let to = match (is_open, to) {
            (true, _) => i32::MAX,
            (false, Some(day)) => day.num_days_from_ce(),
            (false, None) => i32::MIN,
        };
        Self {
            title: title_key(source, title),
            account: account.map_or(0, |account| hash(folded(account))),
            from: from.map_or(i32::MIN, |day| day.num_days_from_ce()),
            to,
        }
    }

    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.title.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.account.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.from.to_le_bytes());
        bytes[20..].copy_from_slice(&self.to.to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        fn take<const N: usize>(left: &mut &[u8]) -> [u8; N] {
            let (part, rest) = left.split_first_chunk().expect("its parts add up to it");
            *left = rest;
            *part
        }
        let left = &mut bytes.as_slice();
        Self {
            title: u64::from_le_bytes(take(left)),
            account: u64::from_le_bytes(take(left)),
            from: i32::from_le_bytes(take(left)),
            to: i32::from_le_bytes(take(left)),
        }
    }
}

impl Names {
    fn add(&mut self, deal: i64, known: Named) {
        self.titles
            .entry(known.title)
            .and_modify(|other| *other = None)
            .or_insert(Some(deal));
        if known.account != 0 {
            let (from, to) = (known.from, known.to);
            self.accounts.push((known.account, deal, from, to));
        }
    }

    fn read(conn: &Connection, coming: &mut Coming) -> Result<Self, StoreError> {
        let mut names = Self {
            titles: HashMap::new(),
            accounts: Vec::new(),
        };
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = conn.prepare(
                "SELECT id, source, title, account, created, closed, status FROM deal
                 WHERE status <> 'removed'",
            )?;
            let mut rows = statement.query([])?;
            while let Some(r) = rows.next()? {
                let (source, title): (String, String) = (r.get(1)?, r.get(2)?);
                let account: Option<String> = r.get(3)?;
                let is_open = r.get::<_, String>(6)? == "open";
                let days = (r.get(4)?, r.get(5)?);
                let known = Named::new((&source, &title, account.as_deref()), days, is_open);
                names.add(r.get(0)?, known);
            }
            Ok(())
        };
        read().doing("reading the names of the deals")?;
        coming.each(|deal, known| names.add(deal, known))?;
        names.accounts.sort_unstable();
        Ok(names)
    }

    fn of_account(&self, account: &str) -> &[(u64, i64, i32, i32)] {
        let key = hash(folded(account));
        let from = self.accounts.partition_point(|(k, ..)| *k < key);
        let to = self.accounts.partition_point(|(k, ..)| *k <= key);
        &self.accounts[from..to]
    }

    fn has_account(&self, name: &str) -> bool {
        !self.of_account(name).is_empty()
    }

    /// The only deal of an account that was open on a day.
    fn only_open(&self, account: &str, day: NaiveDate) -> Option<DealId> {
        let day = day.num_days_from_ce();
        let mut open = self
            .of_account(account)
            .iter()
            .filter(|(_, _, from, to)| *from <= day && day <= *to);
        let (_, deal, ..) = open.next()?;
        open.next().is_none().then_some(DealId(*deal))
    }
}
