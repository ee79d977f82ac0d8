//! Which CRM wrote a table, which of its objects the table holds, and what its columns mean.
//!
//! All of it is data: one TOML file a CRM, built in, and those of a team on top of them.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::error::ImportError;
use super::field::Field;
use super::own;
use super::text::key;
use super::words::{Status, Words};

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
    (GENERIC, include_str!("../../assets/crm/generic.toml")),
];

/// The files that come with the program: name and text.
pub fn built_in() -> &'static [(&'static str, &'static str)] {
    BUILT_IN
}

const GENERIC: &str = "generic";

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrmFile {
    name: String,
    label: String,
    #[serde(default)]
    stages: StageWords,
    #[serde(default)]
    object: Vec<ObjectFile>,
    /// What goes back to the CRM is read by the export.
    #[serde(default)]
    #[expect(dead_code, reason = "the section is allowed here and read elsewhere")]
    update: Option<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StageWords {
    won: Vec<String>,
    lost: Vec<String>,
    removed: Vec<String>,
    open: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectFile {
    kind: Object,
    what: Option<String>,
    needs: Vec<Vec<String>>,
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    columns: BTreeMap<String, Vec<String>>,
}

/// A CRM.
#[derive(Debug)]
pub(crate) struct Crm {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) words: Words,
}

/// How a table of one object of one CRM looks.
#[derive(Debug)]
struct Template {
    crm: usize,
    object: Object,
    what: Option<String>,
    /// Of each group one header must be there.
    needs: Vec<Vec<Need>>,
    /// Headers that must not be there.
    never: Vec<String>,
    /// Field and rank by header key; a smaller rank is read before a greater one.
    columns: HashMap<String, (Field, usize)>,
}

#[derive(Debug)]
enum Need {
    /// As it is written.
    Exact(String),
    /// By its key.
    Key(String),
    /// Any header of a field.
    Field(Field),
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
    /// Reads the files of the program and those of a team (name and text), which come first.
    pub(crate) fn load(team: &[(String, String)]) -> Result<Self, ImportError> {
        let mut all = Self {
            crms: Vec::new(),
            templates: Vec::new(),
        };
        let team = team
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in team.chain(BUILT_IN.iter().copied()) {
            all.add(name, text)?;
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

    fn add(&mut self, name: &str, text: &str) -> Result<(), ImportError> {
        let bad = |why: String| ImportError::CrmFile {
            name: name.to_owned(),
            why,
        };
        let file: CrmFile =
            toml_edit::de::from_str(text).map_err(|e| bad(e.message().to_owned()))?;
        let mut words = Words::default();
        words.add(&file.stages.won, Status::Won);
        words.add(&file.stages.lost, Status::Lost);
        words.add(&file.stages.removed, Status::Removed);
        words.add(&file.stages.open, Status::Open);
        let crm = self.crms.len();
        self.crms.push(Crm {
            name: file.name,
            label: file.label,
            words,
        });
        for object in file.object {
            let mut columns = HashMap::new();
            for (word, headers) in &object.columns {
                let field =
                    Field::parse(word).ok_or_else(|| bad(format!("`{word}` is no field")))?;
                for (rank, header) in headers.iter().enumerate() {
                    let before = columns.insert(key(header), (field, rank));
                    if before.is_some_and(|(other, _)| other != field) {
                        return Err(bad(format!("`{header}` means two fields")));
                    }
                }
            }
            if object.needs.is_empty() {
                return Err(bad(
                    "an object needs headers by which it is known".to_owned()
                ));
            }
            self.templates.push(Template {
                crm,
                object: object.kind,
                what: object.what,
                needs: object
                    .needs
                    .iter()
                    .map(|group| group.iter().map(|need| Need::new(need)).collect())
                    .collect::<Option<_>>()
                    .ok_or_else(|| bad("a need names no field after its `@`".to_owned()))?,
                never: object.never.iter().map(|header| key(header)).collect(),
                columns,
            });
        }
        Ok(())
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
        });
        let exact = |names: &[&str]| names.iter().map(|n| Need::Exact((*n).to_owned())).collect();
        self.templates.push(Template {
            crm,
            object: Object::Deal,
            what: None,
            needs: vec![
                exact(&["id"]),
                exact(&["phase"]),
                exact(&["status"]),
                exact(&["external_id", "external.id", "decision"]),
                exact(&["title"]),
            ],
            never: Vec::new(),
            columns: own::COLUMNS
                .iter()
                .chain(own::MEMBERS)
                .map(|(name, field)| (key(name), (*field, 0)))
                .collect(),
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
                .filter(|key| template.columns.contains_key(*key))
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
        best
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
            .map(|header| template.and_then(|t| t.columns.get(&key(header)).copied()))
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
                let Some((field, rank)) = generic.columns.get(&key(header)).copied() else {
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
        (0..fields.len())
            .map(|at| {
                let (field, rank) = fields[at]?;
                let is_beaten = fields.iter().enumerate().any(|(other, f)| {
                    f.is_some_and(|(f, r)| f == field && (r < rank || (r == rank && other < at)))
                });
                Some(if is_beaten { Field::Ignore } else { field })
            })
            .collect()
    }

    fn is_generic_template(&self, template: Option<&Template>) -> bool {
        template.is_none_or(|t| self.crms[t.crm].name == GENERIC)
    }
}

impl Need {
    /// Reads `=header`, `@field` or `header`; none for a field that there is not.
    fn new(text: &str) -> Option<Self> {
        if let Some(exact) = text.strip_prefix('=') {
            return Some(Self::Exact(exact.to_owned()));
        }
        match text.strip_prefix('@') {
            Some(field) => Field::parse(field).map(Self::Field),
            None => Some(Self::Key(key(text))),
        }
    }
}

impl Template {
    fn fits(&self, headers: &[String], keys: &[String]) -> bool {
        let has = |need: &Need| match need {
            Need::Exact(text) => headers.iter().any(|header| header == text),
            Need::Key(key) => keys.iter().any(|other| other == key),
            Need::Field(field) => keys.iter().any(|key| {
                self.columns
                    .get(key)
                    .is_some_and(|(other, _)| other == field)
            }),
        };
        self.needs.iter().all(|group| group.iter().any(has))
            && !self.never.iter().any(|never| keys.contains(never))
    }
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
            ("product,series,sales_price", "generic other"),
            ("a,b,c", "unknown"),
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
