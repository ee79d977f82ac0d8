//! Which CRM wrote a table, which of its objects the table holds, and what its columns mean.
//!
//! All of it is data: one TOML file a CRM, built in, and those of a team on top of them.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

mod file;
mod template;

use super::error::ImportError;
use super::field::Field;
use super::header::{ascii, is_converted, may_be_own, own_field, with_currency, with_scale};
use super::own;
use super::reading::Given;
use super::roots;
use super::text::key;
use super::words::{Status, Words};
use file::Reader;
use template::{Need, Template};

/// The files that come with the program; `generic` is the last resort.
const BUILT_IN: &[(&str, &str)] = &[
    (
        "salesforce",
        include_str!("../../assets/crm/salesforce.toml"),
    ),
    ("hubspot", include_str!("../../assets/crm/hubspot.toml")),
    ("pipedrive", include_str!("../../assets/crm/pipedrive.toml")),
    ("zoho", include_str!("../../assets/crm/zoho.toml")),
    ("dynamics", include_str!("../../assets/crm/dynamics.toml")),
    ("close", include_str!("../../assets/crm/close.toml")),
    ("copper", include_str!("../../assets/crm/copper.toml")),
    ("odoo", include_str!("../../assets/crm/odoo.toml")),
    ("espocrm", include_str!("../../assets/crm/espocrm.toml")),
    ("suitecrm", include_str!("../../assets/crm/suitecrm.toml")),
    ("twenty", include_str!("../../assets/crm/twenty.toml")),
    ("attio", include_str!("../../assets/crm/attio.toml")),
    ("frappe", include_str!("../../assets/crm/frappe.toml")),
    ("monday", include_str!("../../assets/crm/monday.toml")),
    ("bitrix24", include_str!("../../assets/crm/bitrix24.toml")),
    ("netsuite", include_str!("../../assets/crm/netsuite.toml")),
    ("maximizer", include_str!("../../assets/crm/maximizer.toml")),
    (GENERIC, include_str!("../../assets/crm/generic.toml")),
];

/// The files that come with the program: name and text.
pub fn built_in() -> &'static [(&'static str, &'static str)] {
    BUILT_IN
}

/// The name of the file that describes tables of no known CRM.
pub const GENERIC: &str = "generic";

/// What a table of answers per question is, as `generic` names it.
const ANSWERS: &str = "answers about deals";

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Object {
    /// Deals, opportunities.
    Deal,
    /// Companies.
    Account,
    /// People outside.
    Contact,
    /// Leads.
    Lead,
    /// Our own people.
    User,
    /// The stages of pipelines.
    Stage,
    /// Pipelines.
    Pipeline,
    /// Calls, mails, meetings, tasks, notes.
    Activity,
    /// Earlier values of fields.
    History,
    /// Which record belongs to which.
    Link,
    /// Something known that is none of these.
    Other,
    /// Nothing that is known.
    Unknown,
}

impl Object {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deal => "deal",
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::User => "user",
            Self::Stage => "stage",
            Self::Pipeline => "pipeline",
            Self::Activity => "activity",
            Self::History => "history",
            Self::Link => "link",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// Returns what its rows are, in words.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Deal => "deals",
            Self::Account => "accounts",
            Self::Contact => "contacts",
            Self::Lead => "leads",
            Self::User => "users",
            Self::Stage => "stages",
            Self::Pipeline => "pipelines",
            Self::Activity => "activities",
            Self::History => "the history of records",
            Self::Link => "links between records",
            Self::Other | Self::Unknown => "records of another kind",
        }
    }
}

/// A CRM.
#[derive(Debug)]
pub(crate) struct Crm {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) words: Words,
    pub(crate) formats: Given,
}

/// What a header was taken for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    template: usize,
    /// How much of it is known; greater for a known CRM than for a table in general use.
    pub(crate) score: usize,
}

/// All CRMs that are known.
#[derive(Debug)]
pub(crate) struct Crms {
    crms: Vec<Crm>,
    templates: Vec<Template>,
}

impl Crms {
    /// Returns what [`Self::load`] gives; without files of a team they are read once.
    pub(crate) fn known(team: &[(String, String)]) -> Result<Arc<Self>, ImportError> {
        static BUILT_IN_ONLY: OnceLock<Arc<Crms>> = OnceLock::new();
        if !team.is_empty() {
            return Ok(Arc::new(Self::load(team)?));
        }
        if let Some(known) = BUILT_IN_ONLY.get() {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(Self::load(&[])?);
        Ok(Arc::clone(BUILT_IN_ONLY.get_or_init(|| known)))
    }

    /// Reads the files of the program and those of a team (name and text), which come first.
    pub(crate) fn load(team: &[(String, String)]) -> Result<Self, ImportError> {
        let mut all = Self {
            crms: Vec::new(),
            templates: Vec::new(),
        };
        let mut more = Vec::new();
        let team = team
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in team.chain(BUILT_IN.iter().copied()) {
            let reader = Reader { name, text };
            all.add(&reader, &mut more)?;
        }
        for template in more {
            all.widen(template)?;
        }
        all.add_own();
        let generic = all
            .crms
            .iter()
            .find(|crm| crm.name == GENERIC)
            .map(|crm| crm.words.clone());
        for crm in &mut all.crms {
            if let Some(generic) = &generic {
                crm.words.extend(generic);
            }
        }
        Ok(all)
    }

    /// The name of a CRM as people write it.
    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        let crm = self.crms.iter().find(|crm| crm.name == name)?;
        Some(&crm.label)
    }

    fn add(&mut self, reader: &Reader<'_>, more: &mut Vec<Wider>) -> Result<(), ImportError> {
        let file = reader.file()?;
        let mut words = Words::default();
        words.add(&file.stages.won, Status::Won);
        words.add(&file.stages.lost, Status::Lost);
        words.add(&file.stages.removed, Status::Removed);
        words.add(&file.stages.open, Status::Open);
        let formats = reader.formats(&file.formats)?;
        // A team's file for a CRM that is built in adds to it.
        let known = self.crms.iter().position(|crm| crm.name == file.name);
        let crm = known.unwrap_or(self.crms.len());
        if let Some(at) = known {
            self.crms[at].words.extend(&words);
        } else {
            self.crms.push(Crm {
                name: file.name,
                label: file.label,
                words,
                formats,
            });
        }
        for object in file.object {
            let template = reader.template(crm, &object)?;
            if template.needs.is_empty() {
                let (name, line) = (reader.name.to_owned(), reader.line_of("[[object]]"));
                more.push(Wider {
                    name,
                    line,
                    template,
                });
            } else {
                self.templates.push(template);
            }
        }
        Ok(())
    }

    /// Adds a team's headers to every table of that kind of that CRM, before those it has.
    fn widen(&mut self, wider: Wider) -> Result<(), ImportError> {
        let Wider {
            name,
            line,
            template: more,
        } = wider;
        let mut is_known = false;
        for template in &mut self.templates {
            if template.crm == more.crm && template.object == more.object {
                is_known = true;
                for (key, (field, _)) in &more.columns {
                    template.columns.insert(key.clone(), (*field, 0));
                }
            }
        }
        if is_known {
            return Ok(());
        }
        Err(ImportError::CrmFile {
            name,
            why: format!("line {line}: an object needs headers by which it is known"),
        })
    }

    /// Our own export, whose columns are known from its code.
    fn add_own(&mut self) {
        let crm = self.crms.len();
        let mut words = Words::default();
        for (word, status) in [
            ("open", Status::Open),
            ("won", Status::Won),
            ("lost", Status::Lost),
            ("removed", Status::Removed),
        ] {
            words.add(&[word.to_owned()], status);
        }
        self.crms.push(Crm {
            name: own::SOURCE.to_owned(),
            label: "walkaway".to_owned(),
            words,
            formats: Given::default(),
        });
        let exact = |names: &[&str]| names.iter().map(|n| Need::Exact((*n).to_owned())).collect();
        self.templates.push(Template {
            crm,
            object: Object::Deal,
            what: None,
            also: Vec::new(),
            needs: vec![
                exact(&["id"]),
                exact(&["phase"]),
                exact(&["status"]),
                exact(&["external_id", "external.id", "decision"]),
                exact(&["title"]),
            ],
            never: Vec::new(),
            never_like: Vec::new(),
            despite: Vec::new(),
            columns: own::COLUMNS
                .iter()
                .chain(own::MEMBERS)
                .map(|(name, field)| (key(name), (*field, 0)))
                .collect(),
            patterns: Vec::new(),
            local: HashSet::new(),
        });
    }

    /// Takes a header for the table of which it has most; none when no table has such a header.
    ///
    /// A table of a known CRM goes before one in general use.
    pub(crate) fn recognise(&self, headers: &[String]) -> Option<Found> {
        let keys: Vec<String> = headers.iter().map(|header| key(header)).collect();
        let mut best: Option<Found> = None;
        for (at, template) in self.templates.iter().enumerate() {
            if !template.fits(headers, &keys) {
                continue;
            }
            let known = keys
                .iter()
                .zip(headers)
                .filter(|(key, header)| template.field(key, header).is_some())
                .count();
            let is_crm = self.crms[template.crm].name != GENERIC;
            let score = 4 * template.needs.len() + known + if is_crm { 10_000 } else { 0 };
            if best.is_none_or(|best| score > best.score) {
                best = Some(Found {
                    template: at,
                    score,
                });
            }
        }
        // A table in general use that has words of activities is none of deals.
        let is_deal =
            |found: &Found| self.is_generic(*found) && self.object(*found).0 == Object::Deal;
        if best.as_ref().is_none_or(is_deal) && roots::are_of_activities(headers) {
            return self.usual(Object::Activity).map(|template| Found {
                template,
                score: best.map_or(1, |best| best.score),
            });
        }
        best.or_else(|| self.by_words(headers, &keys))
    }

    /// The place of a table in general use.
    fn usual(&self, object: Object) -> Option<usize> {
        self.templates
            .iter()
            .position(|t| t.object == object && self.crms[t.crm].name == GENERIC)
    }

    /// Takes a header that no list knows for one of deals, where its words say so.
    fn by_words(&self, headers: &[String], keys: &[String]) -> Option<Found> {
        let at = self.usual(Object::Deal)?;
        let is_other = keys
            .iter()
            .any(|key| self.templates[at].never.contains(key));
        (!is_other && roots::are_of_deals(headers)).then_some(Found {
            template: at,
            score: 1,
        })
    }

    /// Counts the headers that mean something in any table of deals: for a table that is not
    /// recognised, its most likely header.
    pub(crate) fn familiar(&self, headers: &[String]) -> usize {
        let keys: Vec<String> = headers.iter().map(|header| key(header)).collect();
        keys.iter()
            .filter(|key| !key.is_empty())
            .filter(|key| self.templates.iter().any(|t| t.columns.contains_key(*key)))
            .count()
    }

    /// Returns the CRM of a table.
    pub(crate) fn crm(&self, found: Found) -> &Crm {
        &self.crms[self.templates[found.template].crm]
    }

    /// Whether the table is of no CRM that is known.
    pub(crate) fn is_generic(&self, found: Found) -> bool {
        self.crm(found).name == GENERIC
    }

    /// Returns what the rows of a table are, and in words where they are of another kind.
    pub(crate) fn object(&self, found: Found) -> (Object, Option<&str>) {
        let template = &self.templates[found.template];
        (template.object, template.what.as_deref())
    }

    /// Whether a header of the table is in another language than English.
    pub(crate) fn is_local(&self, found: Found, headers: &[String]) -> bool {
        let local = &self.templates[found.template].local;
        headers.iter().any(|header| local.contains(&key(header)))
    }

    /// What the columns of a history, or of activities, with columns of their deals mean for these:
    /// the rows of a history are states of them. None where it does not tell what a deal is.
    pub(crate) fn of_deals(
        &self,
        found: Found,
        headers: &[String],
        others: &[Option<Field>],
    ) -> Option<Vec<Option<Field>>> {
        let (crm, object) = {
            let template = &self.templates[found.template];
            (template.crm, template.object)
        };
        let is_history = object == Object::History;
        let is_deal = |t: &&Template| t.object == Object::Deal;
        let of = |name: &str, header: &str| {
            let own = self.templates.iter().filter(|t| t.crm == crm);
            let usual = self
                .templates
                .iter()
                .filter(|t| self.crms[t.crm].name == GENERIC);
            let mut all = own.chain(usual).filter(is_deal);
            all.find_map(|t| t.field(name, header))
        };
        let told: &[(Field, Field)] = if is_history {
            &[
                (Field::DealId, Field::ExternalId),
                (Field::DealName, Field::Title),
                (Field::At, Field::StageChanged),
                (Field::Stage, Field::Stage),
                (Field::OldStage, Field::Ignore),
            ]
        } else {
            &[
                (Field::DealId, Field::ExternalId),
                (Field::DealName, Field::Title),
                (Field::Account, Field::Account),
                (Field::AccountId, Field::AccountId),
            ]
        };
        let mut fields: Vec<Option<Field>> = vec![None; headers.len()];
        for (at, field) in others.iter().enumerate() {
            fields[at] = told
                .iter()
                .find(|(told, _)| *field == Some(*told))
                .map(|(_, field)| *field);
        }
        for (at, header) in headers.iter().enumerate() {
            // The status of a task, its day and its kind are none of the deal.
            let is_others = others[at].is_some() && !is_history;
            if fields[at].is_none()
                && !is_others
                && let Some((field, _)) = of(&key(header), header)
                && !fields.contains(&Some(field))
            {
                fields[at] = Some(field);
            }
        }
        let has = |any: &[Field]| any.iter().any(|field| fields.contains(&Some(*field)));
        let is_named = has(&[Field::Title]) && has(&[Field::Stage]);
        let has_close = || has(&[Field::CloseDate, Field::ExpectedClose]);
        let has_value = || has(&[Field::Amount, Field::Account]) || has_close();
        let is_told = if is_history {
            has(&[Field::ExternalId]) && has(&[Field::StageChanged]) && has_value()
        } else {
            // Without an id, what a list of activities says beside them is too little to tell a
            // deal from one that is there already.
            has(&[Field::ExternalId]) && has_value()
                || has(&[Field::Owner]) && has(&[Field::Amount]) && has_close()
        };
        (is_named && is_told).then_some(fields)
    }

    /// Adds the fields of headers that only their words tell of, of those that no column has yet;
    /// returns which columns they are.
    pub(crate) fn guess(
        &self,
        found: Option<Found>,
        headers: &[String],
        fields: &mut [Option<Field>],
    ) -> Vec<Option<roots::Guess>> {
        let mut guesses: Vec<Option<roots::Guess>> = vec![None; headers.len()];
        let is_crm = found.is_some_and(|found| !self.is_generic(found));
        let object = found.map(|found| self.object(found).0);
        let is_own = found.is_some_and(|found| self.crm(found).name == own::SOURCE);
        let read = match object {
            Some(Object::Deal) if !is_own => roots::guess,
            Some(Object::Activity) if !is_crm => roots::guess_of_activity,
            Some(_) | None => return guesses,
        };
        let is_close = |field| matches!(field, Field::ExpectedClose | Field::CloseDate);
        let is_taken = |fields: &[Option<Field>], field: Field| {
            let mut all = fields.iter().flatten();
            all.any(|other| *other == field || is_close(field) && is_close(*other))
        };
        for (at, header) in headers.iter().enumerate() {
            if fields[at].is_some() {
                continue;
            }
            let header = common_end(headers, header);
            guesses[at] = read(header)
                .filter(|guess| !is_taken(fields, guess.field))
                .filter(|guess| !is_crm || is_core(guess.field));
        }
        // A day of coming that has one of leaving beside it is that of a stage.
        let is_free = |field| !is_taken(fields, field);
        if headers.iter().any(|header| roots::is_exit(header)) && is_free(Field::StageChanged) {
            let is_entry = |guess: &&mut roots::Guess| guess.field == Field::Created;
            for guess in guesses.iter_mut().flatten().filter(is_entry) {
                guess.field = Field::StageChanged;
            }
        }
        // Where lines have an amount, a price of one piece is none.
        let guessed = guesses.iter().flatten().map(|guess| guess.field);
        let mut all = fields.iter().flatten().copied().chain(guessed);
        if all.any(|field| field == Field::LineAmount) {
            for guess in &mut guesses {
                *guess = guess.filter(|guess| guess.rank != roots::PIECE);
            }
        }
        // A status of something else (`PoC status`) is none of the deal where it has a stage or a
        // status of its own.
        let stands = [Field::Stage, Field::Status, Field::IsWon, Field::IsClosed];
        let has_own = |fields: &[Option<Field>], guesses: &[Option<roots::Guess>]| {
            let guessed = guesses.iter().flatten().filter(|guess| !guess.is_narrow);
            let guessed = guessed.map(|guess| guess.field);
            let mut all = fields.iter().flatten().copied().chain(guessed);
            all.any(|field| stands.contains(&field))
        };
        if has_own(fields, &guesses) {
            for guess in &mut guesses {
                *guess = guess.filter(|guess| !guess.is_narrow);
            }
        }
        // Of several columns for a field the best is read.
        for at in 0..guesses.len() {
            let Some(guess) = guesses[at] else { continue };
            let is_beaten = guesses.iter().enumerate().any(|(other, better)| {
                better.is_some_and(|better| {
                    better.field == guess.field && (better.rank, other) < (guess.rank, at)
                })
            });
            if is_beaten {
                guesses[at] = None;
            } else {
                fields[at] = Some(guess.field);
            }
        }
        guesses
    }

    /// What a table of answers per question is taken for.
    pub(crate) fn answers(&self) -> Option<Found> {
        let is_answers = |t: &Template| t.what.as_deref() == Some(ANSWERS);
        let template = self.templates.iter().position(is_answers)?;
        Some(Found { template, score: 0 })
    }

    /// Whether it is a table of answers per question.
    pub(crate) fn is_answers(&self, found: Found) -> bool {
        self.templates[found.template].what.as_deref() == Some(ANSWERS)
    }

    /// The CRM of tables in general use: for a table that only `--map` makes one of deals.
    pub(crate) fn generic(&self) -> &Crm {
        self.crms
            .iter()
            .find(|crm| crm.name == GENERIC)
            .expect("the file is built in")
    }

    /// Returns the field of each column. A field has one column: of several the one of the best
    /// rank; the others are known and not read.
    pub(crate) fn fields(&self, found: Option<Found>, headers: &[String]) -> Vec<Option<Field>> {
        let template = found.map(|found| &self.templates[found.template]);
        let mut fields: Vec<Option<(Field, usize)>> = headers
            .iter()
            .map(|header| template.and_then(|t| t.field(&key(header), header)))
            .collect();
        let is_own = found.is_some_and(|found| self.crm(found).name == own::SOURCE);
        if template.is_none_or(|t| t.object == Object::Deal) && !is_own {
            // What the CRM's own list does not know may still have a usual name.
            let generic = self
                .templates
                .iter()
                .find(|t| self.crms[t.crm].name == GENERIC && t.object == Object::Deal)
                .expect("the file is built in");
            for (at, header) in headers.iter().enumerate() {
                if fields[at].is_some() {
                    continue;
                }
                let usual = generic.field(&key(header), header).or_else(|| {
                    let name = key(own_field(header)?);
                    let theirs = template.and_then(|t| t.columns.get(&name));
                    let (field, rank) = theirs.or_else(|| generic.columns.get(&name))?;
                    may_be_own(*field).then_some((*field, 1000 + rank))
                });
                let usual = usual.or_else(|| {
                    let header = &ascii(header);
                    let name = with_currency(header).map(|(name, _)| name);
                    let name = name.or_else(|| with_scale(header).map(|(name, ..)| name))?;
                    let (field, rank) = generic.columns.get(&key(name))?;
                    (*field == Field::Amount).then_some((*field, 1000 + rank))
                });
                let Some((field, rank)) = usual else {
                    continue;
                };
                let is_taken = fields
                    .iter()
                    .flatten()
                    .any(|(other, r)| *other == field && *r < 1000);
                // Two ways to say when it closes would contradict each other.
                let is_close =
                    |f: Field| matches!(f, Field::CloseDate | Field::ExpectedClose | Field::Closed);
                let contradicts = !self.is_generic_template(template)
                    && is_close(field)
                    && fields.iter().flatten().any(|(other, _)| is_close(*other));
                if !is_taken && !contradicts {
                    fields[at] = Some((field, 1000 + rank));
                }
            }
        }
        let mut fields: Vec<Option<Field>> = (0..fields.len())
            .map(|at| {
                let (field, rank) = fields[at]?;
                // One column for each stage.
                if field == Field::StageEntered {
                    return Some(field);
                }
                let is_beaten = fields.iter().enumerate().any(|(other, f)| {
                    f.is_some_and(|(f, r)| f == field && (r < rank || (r == rank && other < at)))
                });
                Some(if is_beaten { Field::Ignore } else { field })
            })
            .collect();
        // The currency of a converted amount says nothing of the amount as it was agreed.
        let at = |field| fields.iter().position(|f| *f == Some(field));
        if let (Some(amount), Some(currency)) = (at(Field::Amount), at(Field::Currency))
            && is_converted(&key(&headers[amount])) != is_converted(&key(&headers[currency]))
        {
            fields[currency] = Some(Field::Ignore);
        }
        fields
    }

    fn is_generic_template(&self, template: Option<&Template>) -> bool {
        template.is_none_or(|t| self.crms[t.crm].name == GENERIC)
    }
}

/// Whether words alone may say that a column of a known CRM is this: what every deal has.
fn is_core(field: Field) -> bool {
    [
        Field::Title,
        Field::Account,
        Field::Owner,
        Field::Amount,
        Field::Currency,
        Field::Stage,
        Field::Created,
        Field::ExpectedClose,
        Field::CloseDate,
        Field::Closed,
        Field::WonTime,
        Field::LostTime,
        Field::LostReason,
        Field::StageChanged,
        Field::LineAmount,
    ]
    .contains(&field)
}

/// A header without what most headers of its table begin with: `Anlaşma - Değer`.
fn common_end<'a>(headers: &[String], header: &'a str) -> &'a str {
    let Some((start, end)) = header.split_once(" - ") else {
        return header;
    };
    let alike = headers
        .iter()
        .filter(|other| other.split_once(" - ").is_some_and(|(s, _)| s == start));
    if alike.count() * 2 > headers.len() {
        end
    } else {
        header
    }
}

/// A team's headers for tables of a CRM that is built in, and where they stand.
struct Wider {
    name: String,
    line: usize,
    template: Template,
}

/// Returns the part of an id by which two are the same: Salesforce writes one record with 15
/// letters and digits or with 18.
pub fn identity<'a>(source: &str, id: &'a str) -> &'a str {
    let is_salesforce = source == "salesforce" || source.starts_with("salesforce:");
    if is_salesforce && id.len() == 18 && id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return &id[..15];
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crms() -> Crms {
        Crms::load(&[]).unwrap()
    }

    fn headers(line: &str) -> Vec<String> {
        line.split(',').map(|h| h.trim().to_owned()).collect()
    }

    fn seen(line: &str) -> String {
        let crms = crms();
        let headers = headers(line);
        crms.recognise(&headers).map_or_else(
            || "unknown".to_owned(),
            |found| format!("{} {}", crms.crm(found).name, crms.object(found).0.name()),
        )
    }

    #[test]
    fn each_crm_is_known_by_its_headers() {
        for (line, expected) in [
            (
                "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,OwnerId",
                "salesforce deal",
            ),
            (
                "Opportunity Owner,Account Name,Opportunity Name,Stage,Amount Currency,Amount,Close Date",
                "salesforce deal",
            ),
            (
                "id,name,stage_name,amount,is_won,is_closed,account_id,owner_id",
                "salesforce deal",
            ),
            (
                "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner",
                "hubspot deal",
            ),
            (
                "ID de registro,Nombre del negocio,Etapa del negocio,Valor,Associated Company IDs (Primary)",
                "hubspot deal",
            ),
            (
                "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Status",
                "pipedrive deal",
            ),
            (
                "Record Id,Deal Name,Deal Owner,Amount,Stage,Closing Date,Account Name",
                "zoho deal",
            ),
            (
                "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. revenue,Est. close date,Status,Sales Stage",
                "dynamics deal",
            ),
            (
                "id,lead_name,status_label,status_type,value,value_currency,confidence",
                "close deal",
            ),
            (
                "Name,Company,Company Id,Status,Value,Stage,Pipeline,Win Probability,Copper ID,Copper URL",
                "copper deal",
            ),
            (
                "Opportunity,Customer,Salesperson,Expected Revenue,Stage,Probability,Expected Closing",
                "odoo deal",
            ),
            (
                "id,name,accountName,amount,amountCurrency,stage,closeDate,assignedUserName",
                "espocrm deal",
            ),
            (
                "ID,Opportunity Name,Account Name,Opportunity Amount,Sales Stage,Expected Close Date",
                "suitecrm deal",
            ),
            (
                "Id,Name,Amount / Amount,Amount / Currency,Stage,Close date,Company Id",
                "twenty deal",
            ),
            (
                "Record ID,Name,Deal stage,Deal owner,Deal value,Associated company",
                "attio deal",
            ),
            (
                "ID,Organization,Deal Owner,Deal Value,Status,Probability,Expected Closure Date",
                "frappe deal",
            ),
            (
                "Deal Name,Owner code,Client Code,Deal Status,Deal Stage,Tentative Close Date",
                "monday deal",
            ),
            (
                "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
                "generic deal",
            ),
            (
                "id,source,external_id,title,stage,phase,status,amount",
                "walkaway deal",
            ),
            (
                "schema,id,account,title,owner,stage,phase,amount.minor,status,decision",
                "walkaway deal",
            ),
            (
                "ID,Opportunity From,Party,Customer Name,Status,Opportunity Amount,Expected Closing Date",
                "frappe deal",
            ),
            ("product,series,sales_price", "generic other"),
            ("a,b,c", "unknown"),
        ] {
            assert_eq!(seen(line), expected, "{line}");
        }
    }

    #[test]
    fn what_stands_beside_the_columns_of_deals_is_known_for_what_it_is() {
        for (line, expected) in [
            (
                "Activity - Type,Activity - Subject,Deal - Title,Deal - Stage,Deal - Value,Deal - Owner,Deal - Status,Deal - Pipeline",
                "pipedrive activity",
            ),
            (
                "Aktivität - Betreff,Aktivität - Typ,Deal - Titel,Deal - Phase,Organisation - Name",
                "pipedrive activity",
            ),
            (
                "Actividad - Asunto,Actividad - Tipo,Negocio - ID,Negocio - Negocio creado el,Negocio - Propietario",
                "pipedrive activity",
            ),
            (
                "Activité - Sujet,Activité - Date d’échéance,Affaire - Titre,Affaire - Étape,Affaire - Valeur",
                "pipedrive activity",
            ),
            (
                "Negócio - Título,Negócio - Etapa,Atividade - Assunto,Atividade - Tipo,Atividade - Status",
                "pipedrive activity",
            ),
            (
                "Nota - Conteúdo,Negócio - Título,Negócio - Etapa",
                "pipedrive activity",
            ),
            (
                "Pessoa - Nome,Pessoa - Organização,Pessoa - E-mail - Trabalho",
                "pipedrive contact",
            ),
            (
                "Organización - Nombre,Organización - Propietario",
                "pipedrive account",
            ),
            (
                "Negócio - Título,Negócio - Etapa,Pessoa - Nome,Organização - Nome",
                "pipedrive deal",
            ),
            (
                "Record Id,Deal Name.id,Deal Name,Stage,Stage Duration (Calendar Days),Probability (%),Moved To,Amount,Expected Revenue,Closing Date,Modified By.id,Modified By,Modified Time",
                "zoho history",
            ),
            (
                "Record Id,Deal Name.id,Deal Name,Stage,Amount,Probability (%),Expected Revenue,Closing Date,Duration (Days),Modified By,Modified Time",
                "zoho history",
            ),
            (
                "Opportunity Name,Opportunity Owner,Stage (Stage History),Amount (Stage History),Modified Time (Stage History)",
                "zoho history",
            ),
            (
                "Opportunity Name,Opportunity Owner,Stage,Amount,Close Date,Subject,Type,Date,Assigned,Status",
                "salesforce activity",
            ),
            (
                "Thema,Datum,Status,Priorität,Zugewiesen,Firma/Account,Kontakt,Opportunity",
                "salesforce activity",
            ),
            (
                "Opportunity-Name,Opportunity-ID,Feld/Ereignis,Alter Wert,Neuer Wert,Bearbeitungsdatum",
                "salesforce history",
            ),
            (
                "Nom de l'opportunité,Champ/Événement,Ancienne valeur,Nouvelle valeur,Date de modification",
                "salesforce history",
            ),
        ] {
            assert_eq!(seen(line), expected, "{line}");
        }
    }

    #[test]
    fn a_table_in_general_use_is_not_taken_for_a_crm_with_like_names() {
        assert_eq!(
            seen("id,name,account_name,stage,amount,created_at,close_date"),
            "generic deal"
        );
        assert_eq!(
            seen("deal_id,deal_name,deal_stage,deal_value,owner"),
            "generic deal"
        );
        assert_eq!(
            seen("opportunity_id,account_name,stage,amount,close_date,is_won"),
            "generic deal"
        );
    }

    #[test]
    fn of_two_columns_for_a_field_the_better_one_is_read() {
        let crms = crms();
        let headers = headers(
            "Opportunity Name,Stage,Amount (converted),Amount,Opportunity ID,Opportunity ID (18 Digit)",
        );
        let found = crms.recognise(&headers);

        let fields = crms.fields(found, &headers);

        assert_eq!(fields[2], Some(Field::Ignore));
        assert_eq!(fields[3], Some(Field::Amount));
        assert_eq!(fields[4], Some(Field::Ignore));
        assert_eq!(fields[5], Some(Field::ExternalId));
    }

    #[test]
    fn a_teams_own_file_is_used_before_ours() {
        let team = (
            "ours".to_owned(),
            "name = \"ours\"\nlabel = \"Ours\"\n[[object]]\nkind = \"deal\"\nneeds = [[\"vorgang\"]]\n[object.columns]\ntitle = [\"Vorgang\"]\n".to_owned(),
        );
        let crms = Crms::load(&[team]).unwrap();

        let found = crms.recognise(&headers("Vorgang,Betrag")).unwrap();

        assert_eq!(crms.crm(found).name, "ours");
    }

    #[test]
    fn a_crm_file_with_a_mistake_is_refused_by_name() {
        for text in [
            "name = 1",
            "name = \"x\"\nlabel = \"x\"\n[[object]]\nkind = \"deal\"\nneeds = [[\"a\"]]\n[object.columns]\nfoo = [\"a\"]\n",
        ] {
            let error = Crms::load(&[("x".to_owned(), text.to_owned())]).unwrap_err();
            assert!(matches!(error, ImportError::CrmFile { .. }), "{error}");
        }
    }

    #[test]
    fn salesforce_ids_of_both_lengths_are_one() {
        assert_eq!(
            identity("salesforce", "006Ec00000AieKFIAZ"),
            "006Ec00000AieKF"
        );
        assert_eq!(identity("salesforce", "006Ec00000AieKF"), "006Ec00000AieKF");
        assert_eq!(
            identity("hubspot", "006Ec00000AieKFIAZ"),
            "006Ec00000AieKFIAZ"
        );
    }
}
