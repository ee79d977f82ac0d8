//! What a person corrected about a kind of file, and when it holds again.
//!
//! Files of one kind have one shape: their headers, in any order and spelling, and whether they
//! are a table or JSON. What was said about one of them is said for the next as well, and shows
//! as an assumption that one key takes back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::field::Field;
use super::reading::{Assumption, Given};
use super::values::amounts;
use super::values::dates::Order;
use super::{Export, Options, Recognised, text};
use crate::store::{Mapping, Store, StoreError};

/// What was said about a kind of file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    /// Columns by their headers, with the words of their fields.
    map: BTreeMap<String, String>,
    /// `dmy`, `mdy` or `ymd`.
    dates: Option<String>,
    /// The currency of amounts that name none.
    currency: Option<String>,
    /// The source of the deals.
    source: Option<String>,
    /// Assumptions that stood on the report when a person took such a file in.
    seen: BTreeSet<String>,
}

/// A kind of file that was taken in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    shape: String,
    corrections: Corrections,
    day: NaiveDate,
}

impl Remembered {
    /// What a column means, as corrected.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, Field)> {
        let map = self.corrections.map.iter();
        map.filter_map(|(column, field)| Some((text::key(column), Field::parse(field)?)))
    }

    /// The source of the deals, as corrected.
    pub(super) fn source(&self) -> Option<&String> {
        self.corrections.source.as_ref()
    }

    /// What was said about values, where nothing else is said now.
    pub(super) fn given(&self, now: Given) -> Given {
        let order = self.corrections.dates.as_deref().and_then(Order::parse);
        let currency = self.corrections.currency.as_deref();
        Given {
            order: now.order.or(order),
            currency: now.currency.or(currency.and_then(amounts::currency)),
        }
    }

    /// Says what holds because it was corrected, unless something else is said now.
    fn told(&self, file: &Recognised, options: &Options) -> Vec<Assumption> {
        let when = self.day.format("as you corrected it on %-d %b %Y");
        let assumption = |column: Option<String>, what: String, example: Option<String>| {
            let reading = format!("{what}, {when}");
            let file = file.file.clone();
            Assumption {
                file,
                column,
                reading,
                example,
                is_usual: false,
            }
        };
        let is_said = |key: &str| {
            let columns = options.map.iter().filter_map(|e| e.rsplit_once('='));
            columns.into_iter().any(|(c, _)| text::key(c) == key)
        };
        let mut told = Vec::new();
        for (column, field) in &self.corrections.map {
            let key = text::key(column);
            let found = file.columns.iter().find(|c| text::key(&c.column) == key);
            if let Some(found) = found.filter(|_| !is_said(&key)) {
                let what = Field::parse(field).filter(|f| *f != Field::Ignore);
                let what = what.map_or_else(
                    || "not read".to_owned(),
                    |field| format!("it is the {}", field.words()),
                );
                let column = Some(found.column.clone());
                told.push(assumption(column, what, found.example.clone()));
            }
        }
        if let (Some(order), None) = (&self.corrections.dates, &options.dates) {
            let words = Order::parse(order).map_or("", Order::words);
            told.push(assumption(None, words.to_owned(), None));
        }
        if let (Some(code), None) = (&self.corrections.currency, &options.currency) {
            let what = format!("amounts without a currency are {code}");
            told.push(assumption(None, what, None));
        }
        if let (Some(source), None) = (&self.corrections.source, &options.source) {
            let what = format!("the deals are those of `{source}`");
            told.push(assumption(None, what, None));
        }
        told
    }
}

/// What is known of a file beside its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its kind.
    pub(super) shape: String,
    /// When it was written, by the file system.
    pub written: Option<DateTime<Utc>>,
    /// The day of which it says itself that it tells, with its words.
    pub stated: Option<(NaiveDate, String)>,
    /// What holds because a person corrected it before.
    pub corrected: Vec<Assumption>,
    /// Whether anything does.
    pub is_corrected: bool,
    /// Assumptions that nobody has seen yet for this kind of file.
    pub unseen: usize,
}

/// Whether the kind of file has been taken in before, with what was said about it.
pub(super) fn find<'o>(options: &'o Options, shape: &str) -> Option<&'o Remembered> {
    options.memory.iter().find(|known| known.shape == shape)
}

/// Notes of a recognised file what memory says about it.
pub(super) fn tell(file: &mut Recognised, known: Option<&Remembered>, options: &Options) {
    file.about.corrected = known.map_or_else(Vec::new, |known| known.told(file, options));
    file.about.is_corrected = !file.about.corrected.is_empty();
    let is_usual = |a: &Assumption| file.crm.is_some() && a.is_usual;
    let unseen = |a: &&Assumption| !is_usual(a) && !is_seen(known, a);
    file.about.unseen = file.assumptions.iter().filter(unseen).count();
}

/// Adds, before the others, what was decided only when the file was recognised.
pub(super) fn assume(file: &mut Recognised, assumption: Assumption, options: &Options) {
    let known = find(options, &file.about.shape);
    file.about.unseen += usize::from(!is_seen(known, &assumption));
    file.assumptions.insert(0, assumption);
}

fn is_seen(known: Option<&Remembered>, assumption: &Assumption) -> bool {
    known.is_some_and(|known| known.corrections.seen.contains(&stamp(assumption)))
}

/// What was decided, of however many rows it holds.
fn stamp(assumption: &Assumption) -> String {
    let column = assumption.column.as_deref().unwrap_or_default();
    let reading = &assumption.reading;
    let reading = reading.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{column}: {reading}")
}

/// The shape of a file: equal for all files of one kind, whatever rows they have.
pub(super) fn shape(is_json: bool, headers: &[String]) -> String {
    let keys: BTreeSet<String> = headers.iter().map(|header| text::key(header)).collect();
    let mut hash = Sha256::new();
    hash.update(if is_json { "json" } else { "table" });
    for key in keys {
        hash.update("\u{1f}");
        hash.update(key);
    }
    format!("{:x}", hash.finalize())
}

/// Reads what the pipeline remembers. What it cannot read is as good as forgotten.
///
/// # Errors
///
/// Those of reading the pipeline.
pub fn remembered(
    store: &Store,
    day: impl Fn(DateTime<Utc>) -> NaiveDate,
) -> Result<Vec<Remembered>, StoreError> {
    let mappings = store.mappings()?.into_iter();
    Ok(mappings
        .filter_map(|kept| {
            Some(Remembered {
                corrections: serde_json::from_str(&kept.mapping).ok()?,
                shape: kept.shape,
                day: day(kept.at),
            })
        })
        .collect())
}

/// Keeps, of files that a person has taken in, what was corrected and which assumptions stood.
///
/// # Errors
///
/// Those of writing the pipeline.
pub fn remember(
    store: &Store,
    export: &Export,
    options: &Options,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    for file in export.files().iter().filter(|file| file.used) {
        let known = find(options, &file.about.shape).map(|known| known.corrections.clone());
        let is_known = known.is_some();
        let before = known.unwrap_or_default();
        let mut now = before.clone();
        for entry in &options.map {
            let Some((column, field)) = entry.rsplit_once('=') else {
                continue;
            };
            let key = text::key(column);
            if let Some(found) = file.columns.iter().find(|c| text::key(&c.column) == key) {
                now.map.retain(|other, _| text::key(other) != key);
                now.map
                    .insert(found.column.clone(), field.trim().to_owned());
            }
        }
        now.dates = options.dates.clone().or(now.dates);
        now.currency = options.currency.clone().or(now.currency);
        now.source = options.source.clone().or(now.source);
        now.seen.extend(file.assumptions.iter().map(stamp));
        if file.about.shape.is_empty() || (is_known && now == before) {
            continue;
        }
        let mapping = serde_json::to_string(&now).expect("texts are JSON");
        store.keep_mapping(&Mapping {
            shape: file.about.shape.clone(),
            mapping,
            at,
        })?;
    }
    Ok(())
}

/// Forgets what was corrected about the kinds of these files; says whether there was anything.
///
/// # Errors
///
/// Those of writing the pipeline.
pub fn forget(store: &Store, export: &Export) -> Result<bool, StoreError> {
    let mut any = false;
    for file in export.files() {
        any |= store.forget_mapping(&file.about.shape)?;
    }
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_shape_knows_no_order_and_no_spelling() {
        let one = shape(false, &headers(&["Deal Name", "Amount"]));

        assert_eq!(one, shape(false, &headers(&["amount", "deal name"])));
        assert_ne!(one, shape(true, &headers(&["Deal Name", "Amount"])));
        assert_ne!(
            one,
            shape(false, &headers(&["Deal Name", "Amount", "Stage"]))
        );
    }

    #[test]
    fn what_is_said_now_goes_before_what_was_said_then() {
        let known = Remembered {
            shape: String::new(),
            corrections: Corrections {
                dates: Some("mdy".into()),
                currency: Some("EUR".into()),
                ..Corrections::default()
            },
            day: NaiveDate::default(),
        };
        let now = Given {
            order: Some(Order::Dmy),
            currency: None,
        };

        let given = known.given(now);

        assert_eq!(given.order, Some(Order::Dmy));
        assert_eq!(given.currency, amounts::currency("EUR"));
    }
}
