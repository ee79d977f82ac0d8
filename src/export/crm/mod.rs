//! Decisions go back to the CRM: the file that it takes as an update, and a print-out of the rest.
//!
//! A file has the CRM's id and only what differs from what the CRM said or was told last: never a
//! blank, so that deals of which different columns changed stand in files of their own. Beside
//! each file stands one with the same columns as they were. A text that a spreadsheet would run
//! is left out, for no guard may be written into a CRM. What no file can do is printed.

mod diff;
mod page;
mod rules;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;

use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use super::file::FileError;
use crate::domain::clean::{clean_line, needs_guard};
use crate::domain::ids::DealId;
use crate::domain::shown::{Label, Mask};
use crate::domain::told::{Choices, Listener, Told};
use crate::store::{Said, Standing, Store, StoreError};

pub use diff::{Cell, Change};
pub use rules::{Close, Field, Quote, Rules, RulesError};
pub use write::{Place, Report, Written, write};

/// The longest header that is taken, in characters.
const HEADER: usize = 255;

/// Why nothing was written for a CRM.
#[derive(Debug, Error)]
pub enum CrmError {
    /// The pipeline.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The system refused to write.
    #[error("the file cannot be written")]
    Io(#[from] io::Error),
    /// A CRM's own file is wrong.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// No CRM has this name.
    #[error("no CRM is called `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Those that there are.
        names: String,
    },
    /// No deal came from the CRM.
    #[error("no deal came from {label}")]
    NoDeals {
        /// The CRM.
        label: String,
    },
    /// Deals came from several portals of it.
    #[error("deals came from several places of {label}")]
    Several {
        /// The CRM.
        label: String,
        /// The sources.
        sources: String,
    },
    /// A column that was named cannot be one.
    #[error("`{name}` cannot be the column for `{told}`: {why}")]
    Column {
        /// What it was named for.
        told: &'static str,
        /// The name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// Nobody said where decisions go.
    #[error("{label} has no column of its own for {}, and none was named", counted(*.deals))]
    NoColumn {
        /// The CRM.
        label: String,
        /// How many deals.
        deals: usize,
    },
}

fn counted(deals: usize) -> String {
    match deals {
        1 => "1 decision".to_owned(),
        n => format!("{n} decisions"),
    }
}

impl CrmError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Store(error) => error.hint(),
            Self::File(error) => error.hint().to_owned(),
            Self::Io(_) => "check the folder, your permission to it, and the room on the disk".into(),
            Self::Rules(_) => "mend the file in the folder `crm` beside the configuration".into(),
            Self::Unknown { names, .. } => format!("there are: {names}"),
            Self::NoDeals { .. } => {
                "import its export first, or name the source of its deals with `--source`".into()
            }
            Self::Several { sources, .. } => format!("name one with `--source`: {sources}"),
            Self::Column { .. } => "name the header of a column, as the CRM's import knows it".into(),
            Self::NoColumn { .. } => {
                "make a field there and name it once, such as `--column fired=Walkaway_Decision__c` \
                 (also decision, hold, tripwire, reasons, next_step), or close what is fired as \
                 lost with `--close-fired`"
                    .into()
            }
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The CRM: its name, its label, or a source of it.
    pub crm: String,
    /// The source of the deals, where it is not the CRM's own.
    pub source: Option<String>,
    /// Whether fired deals are closed there as lost.
    pub close_fired: bool,
    /// Only these deals; `None` for all.
    pub only: Option<HashSet<u32>>,
    /// Only deals that a person changed since this instant, RFC 3339 in UTC.
    pub since: Option<String>,
}

/// A deal's part of the update.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    cells: Vec<Cell>,
}

/// A deal of the print-out.
#[derive(Clone, Debug)]
struct Hand {
    id: Option<String>,
    name: String,
    link: Option<String>,
    what: Vec<String>,
}

/// A deal of which something is not in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: String,
    /// Why.
    pub why: String,
}

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The CRM.
    pub rules: Rules,
    /// The source of the deals.
    pub source: String,
    /// What was chosen for it.
    pub choices: Choices,
    /// Of which deals something is not in the file.
    pub listed: Vec<Listed>,
    /// Deals of other sources that were asked for as well.
    pub elsewhere: u64,
    rows: Vec<Row>,
    hands: Vec<Hand>,
    said: Vec<(DealId, Said)>,
}

impl Plan {
    /// Whether there is nothing that the CRM does not know.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.hands.is_empty()
    }
}

/// Finds a CRM by what a person calls it.
pub fn find(all: &[Rules], words: &str) -> Result<Rules, CrmError> {
    Rules::find(all, words)
        .cloned()
        .ok_or_else(|| CrmError::Unknown {
            name: words.to_owned(),
            names: all
                .iter()
                .map(|rules| rules.name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// The source whose deals are meant.
pub fn source_of(store: &Store, rules: &Rules, request: &Request) -> Result<String, CrmError> {
    let sources = store.sources()?;
    let label = || rules.label.clone();
    if let Some(source) = &request.source {
        let found = sources.into_iter().find(|s| s == source);
        return found.ok_or_else(|| CrmError::NoDeals {
            label: format!("`{source}`"),
        });
    }
    if request.crm.contains(':') && sources.contains(&request.crm) {
        return Ok(request.crm.clone());
    }
    let mut of_it: Vec<String> = sources
        .into_iter()
        .filter(|source| rules.is_source(source))
        .collect();
    match of_it.len() {
        0 => Err(CrmError::NoDeals { label: label() }),
        1 => Ok(of_it.remove(0)),
        _ => Err(CrmError::Several {
            label: label(),
            sources: of_it.join(", "),
        }),
    }
}

fn memory(source: &str) -> String {
    format!("crm:{source}")
}

/// What a person chose for a source before.
pub fn remembered(store: &Store, source: &str) -> Result<Choices, StoreError> {
    let text = store.memory(&memory(source))?;
    let kept: Json = text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let columns = kept.get("columns").and_then(Json::as_object);
    let columns = columns
        .into_iter()
        .flatten()
        .filter_map(|(word, name)| Some((Told::from_code(word)?, name.as_str()?.to_owned())));
    Ok(Choices {
        columns: columns.collect(),
        site: kept.get("site").and_then(Json::as_str).map(str::to_owned),
    })
}

/// Keeps what a person chose for a source.
pub fn remember(store: &Store, source: &str, choices: &Choices) -> Result<(), StoreError> {
    let columns: Map<String, Json> = choices
        .columns
        .iter()
        .map(|(told, name)| (told.code().to_owned(), json!(name)))
        .collect();
    let text = json!({ "columns": columns, "site": choices.site }).to_string();
    store.remember(&memory(source), &text)
}

/// Refuses columns that cannot be: empty ones, the same twice, the id's, a formula.
pub fn check(rules: &Rules, choices: &Choices) -> Result<(), CrmError> {
    let mut used: BTreeSet<&str> = rules.key().into_iter().collect();
    let of_its_own = |told: Told, name: &str| {
        rules.fields().any(|(field, header)| {
            header == name && !(told == Told::NextStep && field == Field::NextStep)
        })
    };
    for (told, name) in &choices.columns {
        let why = if name.trim().is_empty() || clean_line(name, HEADER) != name.as_str() {
            Some("it is empty, too long, or has characters that cannot be seen")
        } else if needs_guard(name) {
            Some("it begins as a formula does")
        } else if !used.insert(name) {
            Some("something else goes there")
        } else if of_its_own(*told, name) && *told != Told::Reasons {
            Some("it is a column for another field of the deal")
        } else {
            None
        };
        if let Some(why) = why {
            return Err(CrmError::Column {
                told: told.code(),
                name: name.clone(),
                why,
            });
        }
    }
    Ok(())
}

/// Looks up stages in the pipeline, each once.
struct Known<'s> {
    store: &'s Store,
    source: &'s str,
    closed: HashMap<(String, Option<String>), Option<String>>,
    stages: HashMap<String, bool>,
}

impl diff::Stages for Known<'_> {
    type Error = StoreError;

    fn closed(
        &mut self,
        status: &str,
        pipeline: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        let key = (status.to_owned(), pipeline.map(str::to_owned));
        if let Some(stage) = self.closed.get(&key) {
            return Ok(stage.clone());
        }
        let stage = self.store.closed_stage(self.source, status, pipeline)?;
        self.closed.insert(key, stage.clone());
        Ok(stage)
    }

    fn is_known(&mut self, stage: &str) -> Result<bool, StoreError> {
        if let Some(known) = self.stages.get(stage) {
            return Ok(*known);
        }
        let known = self.store.is_stage(self.source, stage)?;
        self.stages.insert(stage.to_owned(), known);
        Ok(known)
    }
}

fn name(deal: &Standing) -> String {
    let mask = Mask::off();
    let title = mask.name(&deal.title, Label::Deal(deal.id));
    match &deal.account {
        Some(account) => format!("{} · {title}", mask.name(account, Label::Deal(deal.id))),
        None => title.into_owned(),
    }
}

/// Why a decision went nowhere.
fn no_column(deal: &Standing) -> String {
    match deal.decision.as_str() {
        "fired" => {
            "fired, and no column is named for it: `--column fired=NAME`, or `--close-fired`"
        }
        "hold" => "on hold, and no column is named for it: `--column hold=NAME`",
        "continued" => "continued, and no column is named for it: `--column tripwire=NAME`",
        _ => "undecided again, and no column is named for it: `--column decision=NAME`",
    }
    .to_owned()
}

/// Compares the pipeline with what a CRM knows, and says what there is to write.
///
/// # Errors
///
/// [`CrmError::NoColumn`] where there are decisions, and nobody said where any of them goes.
pub fn plan(
    store: &Store,
    rules: Rules,
    source: String,
    choices: Choices,
    request: &Request,
) -> Result<Plan, CrmError> {
    check(&rules, &choices)?;
    let mut stages = Known {
        store,
        source: &source,
        closed: HashMap::new(),
        stages: HashMap::new(),
    };
    let is_chosen = !choices.columns.is_empty() || request.close_fired;
    let (mut rows, mut hands, mut listed, mut said) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut mute = 0;
    for deal in store.standings(&source)? {
        let is_meant = request
            .only
            .as_ref()
            .is_none_or(|only| only.contains(&deal.id.short()));
        let is_late = request
            .since
            .as_ref()
            .is_none_or(|since| deal.changed.as_ref().is_some_and(|at| at >= since));
        if !is_meant || !is_late {
            continue;
        }
        let change = diff::diff(&rules, &choices, request.close_fired, &deal, &mut stages)?;
        let note = |why: String| Listed {
            deal: deal.id,
            name: name(&deal),
            why,
        };
        if change.is_empty() {
            if change.mute {
                mute += 1;
                listed.push(note(no_column(&deal)));
                if is_chosen {
                    said.push((deal.id, told(&deal, BTreeMap::new())));
                }
            }
            continue;
        }
        listed.extend(change.left.into_iter().map(note));
        let mut what = change.hand;
        let may_stand = |id: &&String| !needs_guard(id) && rules.fits(id);
        let id = deal.external_id.as_ref().filter(may_stand);
        if let Some(id) = id {
            if !change.cells.is_empty() {
                rows.push(Row {
                    id: rules.id(id),
                    cells: change.cells,
                });
            }
        } else {
            listed.push(note(match &deal.external_id {
                Some(id) if needs_guard(id) => {
                    "its id begins as a formula does, so that no file may name it".to_owned()
                }
                Some(id) => {
                    let id = clean_line(id, 60);
                    format!(
                        "`{id}` is no id of {}, so that no file may name it",
                        rules.label
                    )
                }
                None => format!(
                    "it has no id in {}, so that no file can name it",
                    rules.label
                ),
            }));
            let cells = change.cells.into_iter();
            what.extend(cells.map(|cell| format!("{}: {}", cell.header, cell.value)));
        }
        if !what.is_empty() {
            let id = deal.external_id.clone();
            let link = id
                .as_deref()
                .and_then(|id| rules.link(id, choices.site.as_deref()));
            hands.push(Hand {
                id,
                name: name(&deal),
                link,
                what,
            });
        }
        said.push((deal.id, told(&deal, change.told)));
    }
    if rows.is_empty() && hands.is_empty() && mute > 0 && !is_chosen {
        return Err(CrmError::NoColumn {
            label: rules.label,
            deals: mute,
        });
    }
    let elsewhere = elsewhere(store, &source, request)?;
    Ok(Plan {
        rules,
        source,
        choices,
        listed,
        elsewhere,
        rows,
        hands,
        said,
    })
}

/// What a deal's CRM was told, with what it is told now.
fn told(deal: &Standing, now: BTreeMap<String, Option<String>>) -> Said {
    let mut values = deal.said.values.clone();
    values.extend(now);
    Said {
        file: String::new(),
        seen: deal.seen.clone(),
        action: 0,
        values,
    }
}

/// Decided or changed deals of other sources.
fn elsewhere(store: &Store, source: &str, request: &Request) -> Result<u64, StoreError> {
    let mut count = 0;
    for other in store.sources()? {
        if other == source {
            continue;
        }
        for deal in store.standings(&other)? {
            let is_meant = request
                .only
                .as_ref()
                .is_none_or(|only| only.contains(&deal.id.short()));
            let differs = deal.seen != deal.said.seen;
            count += u64::from(is_meant && differs);
        }
    }
    Ok(count)
}

/// The CRMs that deals came from, each with what it does not know.
pub fn listeners(store: &Store, all: &[Rules]) -> Result<Vec<Listener>, StoreError> {
    let mut found = Vec::new();
    for source in store.sources()? {
        let Some(rules) = all.iter().find(|rules| rules.is_source(&source)) else {
            continue;
        };
        found.push(Listener {
            label: match source.split_once(':') {
                Some((_, place)) => format!("{} ({place})", rules.label),
                None => rules.label.clone(),
            },
            unknown: store.unexported(&source)?,
            takes_files: rules.key().is_some(),
            has_next_step: rules.column(Field::NextStep).is_some(),
            choices: remembered(store, &source)?,
            source,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
