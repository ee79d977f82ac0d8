//! By what a table of a CRM is known, and what its headers mean.

use std::collections::{HashMap, HashSet};

use super::super::field::{Field, Kind};
use super::super::header::{Pattern, bare};
use super::super::text::key;
use super::Object;

/// How a table of one object of one CRM looks.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) crm: usize,
    pub(super) object: Object,
    pub(super) what: Option<String>,
    /// Of each group one header must be there.
    pub(super) needs: Vec<Vec<Need>>,
    /// The same, without being told from other tables by it.
    pub(super) also: Vec<Vec<Need>>,
    /// Headers that must not be there.
    pub(super) never: Vec<String>,
    /// The same, by a part of them.
    pub(super) never_like: Vec<Pattern>,
    /// Headers with which they may.
    pub(super) despite: Vec<String>,
    /// Field and rank by header key; a smaller rank is read before a greater one.
    pub(super) columns: HashMap<String, (Field, usize)>,
    /// Headers that are known by a part of them, with the field of each.
    pub(super) patterns: Vec<(Pattern, Field)>,
    /// Keys of the headers that are not in English.
    pub(super) local: HashSet<String>,
}

#[derive(Debug)]
pub(super) enum Need {
    /// As it is written.
    Exact(String),
    /// By its key.
    Key(String),
    /// By a part of it.
    Part(Pattern),
    /// Any header of a field.
    Field(Field),
    /// Any header of a field in another language than English.
    Local(Field),
}

impl Need {
    /// Reads `=header`, `@field`, `~field`, `* part` or `header`; none for a field that there is not.
    pub(super) fn new(text: &str) -> Option<Self> {
        if let Some(exact) = text.strip_prefix('=') {
            return Some(Self::Exact(exact.to_owned()));
        }
        if let Some(field) = text.strip_prefix('~') {
            return Field::parse(field).map(Self::Local);
        }
        if let Some(pattern) = Pattern::new(text) {
            return Some(Self::Part(pattern));
        }
        match text.strip_prefix('@') {
            Some(field) => Field::parse(field).map(Self::Field),
            None => Some(Self::Key(key(text))),
        }
    }
}

impl Template {
    /// What a header means, by its key, by the name within it, or by a part of it.
    pub(super) fn field(&self, name: &str, header: &str) -> Option<(Field, usize)> {
        if let Some(known) = self.columns.get(name) {
            return Some(*known);
        }
        if let Some((field, rank)) = bare(header).and_then(|h| self.columns.get(&key(h))) {
            return Some((*field, 300 + rank));
        }
        if let Some(known) = named_part(header).and_then(|name| self.columns.get(&name)) {
            return Some(*known).filter(|(field, _)| field.kind() == Kind::Line);
        }
        self.patterns
            .iter()
            .enumerate()
            .find(|(_, (pattern, _))| pattern.fits(header))
            .map(|(rank, (_, field))| (*field, 600 + rank))
    }

    pub(super) fn fits(&self, headers: &[String], keys: &[String]) -> bool {
        let has = |need: &Need| match need {
            Need::Exact(text) => headers.iter().any(|header| header == text),
            Need::Key(key) => keys.iter().any(|other| other == key),
            Need::Part(pattern) => headers.iter().any(|header| pattern.fits(header)),
            Need::Field(field) => keys.iter().zip(headers).any(|(key, header)| {
                self.field(key, header)
                    .is_some_and(|(other, _)| other == *field)
            }),
            Need::Local(field) => keys.iter().any(|key| {
                self.local.contains(key)
                    && self
                        .columns
                        .get(key)
                        .is_some_and(|(other, _)| other == field)
            }),
        };
        let is_other = || {
            let is_like = |never: &Pattern| headers.iter().any(|header| never.fits(header));
            self.never.iter().any(|never| keys.contains(never))
                || self.never_like.iter().any(is_like)
        };
        let mut groups = self.needs.iter().chain(&self.also);
        groups.all(|group| group.iter().any(has))
            && (!is_other() || self.despite.iter().any(|header| keys.contains(header)))
    }
}

/// The key of what a nested record is, for the member that names it: `stage` for `stage.title`,
/// `owner` for `owner_id.full_name`.
fn named_part(header: &str) -> Option<String> {
    let (record, member) = header.rsplit_once('.')?;
    let names = [
        "name",
        "title",
        "label",
        "fullname",
        "displayname",
        "displayvalue",
    ];
    if !names.contains(&key(member).as_str()) {
        return None;
    }
    let record = key(record.rsplit('.').next().unwrap_or(record));
    let named = record.strip_suffix("id").unwrap_or(&record);
    Some(named.to_owned()).filter(|name| !name.is_empty())
}
