//! What the file as a whole tells of each deal: what its imports can know, who of us is senior,
//! and the figures of all deals together.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rusqlite::Connection;

use super::super::error::{Doing, StoreError};
use super::stats::Stats;
use crate::domain::eval::{Known, WonAges};
use crate::domain::verdict::Thresholds;

/// What the columns of a file can tell of its deals; what they cannot is held against none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a file can tell or not"
)]
pub struct Facts {
    /// Contacts in either direction.
    pub activity: bool,
    /// Next steps.
    pub next_step: bool,
    /// The CRM's own last activity.
    pub last_activity: bool,
    /// Who is known at the prospect's, and not only one name.
    pub contacts: bool,
    /// Moves from stage to stage.
    pub stage_moves: bool,
}

impl Facts {
    fn words(&mut self) -> [(&mut bool, &'static str); 5] {
        [
            (&mut self.activity, "activity"),
            (&mut self.next_step, "next_step"),
            (&mut self.last_activity, "last_activity"),
            (&mut self.contacts, "contacts"),
            (&mut self.stage_moves, "stage_moves"),
        ]
    }

    /// The text that is kept.
    pub(in crate::store) fn code(mut self) -> String {
        let words = self.words().into_iter().filter(|(has, _)| **has);
        words.map(|(_, w)| w).collect::<Vec<_>>().join(" ")
    }

    fn add(&mut self, code: &str) {
        for word in code.split(' ') {
            for (has, own) in self.words() {
                *has |= own == word;
            }
        }
    }
}

/// The days of a quarter, in which a pipeline that is worked on closes something.
const QUARTER: i64 = 92;

/// How the source of deals that were made here begins.
const OWN: &str = "walkaway:";

/// What the file as a whole tells of each deal.
#[derive(Debug, Default)]
pub(in crate::store) struct Sources {
    imports: HashMap<String, (Facts, NaiveDate)>,
    /// Our seniors, in small letters.
    seniors: HashSet<String>,
    /// Whether several of us work in this file.
    is_shared: bool,
    /// The figures of all deals together.
    pub(super) stats: Stats,
}

impl Sources {
    /// What could be known of a deal; of one that was made here, that it has no next step.
    pub(super) fn known(&self, source: &str) -> Known {
        let seniors = self.is_shared && !self.seniors.is_empty();
        match self.imports.get(source) {
            Some((facts, day)) => Known {
                day: Some(*day),
                activity: facts.activity,
                next_step: facts.next_step,
                last_activity: facts.last_activity,
                contacts: facts.contacts,
                stage_moves: facts.stage_moves,
                seniors,
            },
            None => Known {
                next_step: source.starts_with(OWN),
                seniors,
                ..Known::default()
            },
        }
    }

    /// How long the won deals of a source took, where its imports tell of no stages and enough are
    /// known. The age of an open one is counted to the date of the record; but a file in which
    /// nothing was closed for a quarter before that tells of an earlier time, and ends with its last
    /// close.
    pub(super) fn won_ages(&self, source: &str, thresholds: &Thresholds) -> Option<WonAges> {
        let (facts, record) = self.imports.get(source)?;
        let ages = self.stats.ages(source, thresholds)?;
        let is_over = (*record - ages.last_close).num_days() > QUARTER;
        (!facts.stage_moves).then_some(WonAges {
            won: ages.won,
            within: ages.within,
            longest: ages.longest,
            unnamed: ages.unnamed,
            until: if is_over { ages.last_close } else { *record },
        })
    }

    /// The sources whose imports can tell something else than they could before.
    pub(super) fn which_know_more(&self, before: &Self) -> impl Iterator<Item = &str> {
        let others = self.imports.iter();
        let others = others.filter(|(source, now)| before.imports.get(*source) != Some(now));
        others.map(|(source, _)| source.as_str())
    }

    /// Whether a senior is among our people; `None` where nobody is named.
    pub(super) fn has_senior(&self, people: &[String]) -> Option<bool> {
        let is_senior = |name: &String| self.seniors.contains(&name.trim().to_lowercase());
        (!people.is_empty()).then(|| people.iter().any(is_senior))
    }
}

/// Reads it.
pub(in crate::store) fn sources(conn: &Connection) -> Result<Sources, StoreError> {
    let read = || -> rusqlite::Result<Sources> {
        let mut sources = Sources {
            stats: Stats::read(conn)?,
            ..Sources::default()
        };
        let mut statement = conn.prepare_cached(
            "SELECT source, knows, max(record_day) FROM import_batch
             WHERE state <> 'taken_back' GROUP BY source, knows",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let day: NaiveDate = row.get(2)?;
            let (facts, newest) = sources
                .imports
                .entry(row.get(0)?)
                .or_insert((Facts::default(), day));
            facts.add(&row.get::<_, String>(1)?);
            *newest = day.max(*newest);
        }
        let mut statement = conn.prepare_cached("SELECT name, senior, owner FROM person")?;
        let mut rows = statement.query([])?;
        let mut people = 0;
        while let Some(row) = rows.next()? {
            people += 1;
            if row.get::<_, bool>(1)? {
                let names = [Some(row.get::<_, String>(0)?), row.get(2)?];
                let names = names.into_iter().flatten();
                sources.seniors.extend(names.map(|n| n.to_lowercase()));
            }
        }
        sources.is_shared = people > 1;
        Ok(sources)
    };
    read().doing("reading what the imports can tell")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_as_words_and_added_up() {
        let one = Facts {
            activity: true,
            last_activity: true,
            stage_moves: true,
            ..Facts::default()
        };
        let mut sum = Facts {
            next_step: true,
            ..Facts::default()
        };

        sum.add(&one.code());

        assert_eq!(one.code(), "activity last_activity stage_moves");
        assert_eq!(
            sum,
            Facts {
                next_step: true,
                ..one
            }
        );
        assert_eq!(Facts::default().code(), "");
    }
}
