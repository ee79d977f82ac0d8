//! A CRM's file as it is written, and how it is read.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::super::error::ImportError;
use super::super::field::Field;
use super::super::header::Pattern;
use super::super::reading::Given;
use super::super::text::{key, plain};
use super::super::values::amounts;
use super::super::values::dates::Order;
use super::Object;
use super::template::{Need, Template};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CrmFile {
    pub(super) name: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) stages: StageWords,
    #[serde(default)]
    pub(super) formats: FormatsFile,
    #[serde(default)]
    pub(super) object: Vec<ObjectFile>,
    /// What goes back to the CRM is read by the export.
    #[serde(default)]
    #[expect(dead_code, reason = "the section is allowed here and read elsewhere")]
    update: Option<serde::de::IgnoredAny>,
}

/// How a team's CRM writes what its columns do not prove.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FormatsFile {
    dates: Option<String>,
    currency: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StageWords {
    pub(super) won: Vec<String>,
    pub(super) lost: Vec<String>,
    pub(super) removed: Vec<String>,
    pub(super) open: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObjectFile {
    pub(super) kind: Object,
    pub(super) what: Option<String>,
    /// None: more headers for all tables of this kind of the CRM.
    #[serde(default)]
    pub(super) needs: Vec<Vec<String>>,
    /// The same, of what such a table has beside what tells it from others.
    #[serde(default)]
    pub(super) also: Vec<Vec<String>>,
    /// Headers of which none may be there; a `*` at one end stands for any text.
    #[serde(default)]
    pub(super) never: Vec<String>,
    /// Headers that allow what `never` names.
    #[serde(default)]
    pub(super) despite: Vec<String>,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, Vec<String>>,
    /// The same in the languages of its users.
    #[serde(default)]
    pub(super) local: BTreeMap<String, Vec<String>>,
}

/// A CRM's file while it is read: a mistake in it is told with its line.
pub(super) struct Reader<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

impl Reader<'_> {
    fn bad(&self, line: usize, why: &str) -> ImportError {
        ImportError::CrmFile {
            name: self.name.to_owned(),
            why: format!("line {line}: {why}"),
        }
    }

    /// The line, from 1, on which a text stands for the first time; 1 where it does not.
    pub(super) fn line_of(&self, text: &str) -> usize {
        let at = self.text.find(text).unwrap_or(0);
        self.text[..at].matches('\n').count() + 1
    }

    pub(super) fn file(&self) -> Result<CrmFile, ImportError> {
        toml_edit::de::from_str(self.text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            let before = self.text.get(..at).unwrap_or_default();
            self.bad(before.matches('\n').count() + 1, e.message())
        })
    }

    pub(super) fn formats(&self, file: &FormatsFile) -> Result<Given, ImportError> {
        let bad = |text: &String, why: &str| self.bad(self.line_of(text), why);
        let order = match &file.dates {
            None => None,
            Some(text) => {
                let why = format!("`{text}` is no order of day, month and year; write `dmy`");
                Some(Order::parse(text).ok_or_else(|| bad(text, &why))?)
            }
        };
        let currency = match &file.currency {
            None => None,
            Some(text) => {
                let why = format!("`{text}` is no currency; write its three letters");
                Some(amounts::currency(text).ok_or_else(|| bad(text, &why))?)
            }
        };
        Ok(Given { order, currency })
    }

    pub(super) fn template(
        &self,
        crm: usize,
        object: &ObjectFile,
    ) -> Result<Template, ImportError> {
        let mut columns: HashMap<String, (Field, usize)> = HashMap::new();
        let mut patterns = Vec::new();
        let mut local = HashSet::new();
        for (is_local, list) in [(false, &object.columns), (true, &object.local)] {
            for (word, headers) in list {
                let no_field = || self.bad(self.line_of(word), &format!("`{word}` is no field"));
                let field = Field::parse(word).ok_or_else(no_field)?;
                for (rank, header) in headers.iter().enumerate() {
                    if let Some(pattern) = Pattern::new(header) {
                        patterns.push((pattern, field));
                        continue;
                    }
                    let key = key(header);
                    if is_local {
                        // A header that two languages use for two fields means the first.
                        if let Entry::Vacant(free) = columns.entry(key) {
                            local.insert(free.key().clone());
                            free.insert((field, 100 + rank));
                        }
                        continue;
                    }
                    // One that is written twice has the rank of its first place.
                    let (before, _) = *columns.entry(key).or_insert((field, 1 + rank));
                    if before != field {
                        let why = format!("`{header}` means two fields");
                        return Err(self.bad(self.line_of(header), &why));
                    }
                }
            }
        }
        // Many write the headers of their language without the marks of its letters.
        let marked: Vec<_> = columns.iter().filter(|(key, _)| !key.is_ascii()).collect();
        let mut forms: Vec<(String, (Field, usize))> = marked
            .into_iter()
            .flat_map(|(key, known)| plain(key).into_iter().map(|form| (form, *known)))
            .collect();
        forms.sort_by_key(|(form, (field, rank))| (form.clone(), *rank, field.name()));
        for (form, known) in forms {
            if let Entry::Vacant(free) = columns.entry(form) {
                local.insert(free.key().clone());
                free.insert(known);
            }
        }
        let read = |groups: &[Vec<String>]| -> Result<Vec<Vec<Need>>, ImportError> {
            let mut read = Vec::new();
            for group in groups {
                let mut any = Vec::new();
                for need in group {
                    let why = format!("`{need}` names no field");
                    any.push(Need::new(need).ok_or_else(|| self.bad(self.line_of(need), &why))?);
                }
                read.push(any);
            }
            Ok(read)
        };
        let (needs, also) = (read(&object.needs)?, read(&object.also)?);
        let (mut never, mut never_like) = (Vec::new(), Vec::new());
        for header in &object.never {
            match Pattern::new(header) {
                Some(pattern) => never_like.push(pattern),
                None => never.push(key(header)),
            }
        }
        Ok(Template {
            crm,
            object: object.kind,
            what: object.what.clone(),
            needs,
            also,
            never,
            never_like,
            despite: object.despite.iter().map(|header| key(header)).collect(),
            columns,
            patterns,
            local,
        })
    }
}
