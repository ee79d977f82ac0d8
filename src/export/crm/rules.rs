//! What each CRM takes back, as its own file says it in the section `[update]`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use crate::import::crm_files;

/// A file of a CRM that says something wrong of what goes back.
#[derive(Debug, Error)]
#[error("the CRM file `{name}`: {why}")]
pub struct RulesError {
    /// Which file.
    pub name: String,
    /// What is wrong with it.
    pub why: String,
}

/// A field of a deal that a CRM may have a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The title.
    Title,
    /// The stage; in some CRMs also whether it is won or lost.
    Stage,
    /// Open, won or lost, where that is a column of its own.
    Status,
    /// The amount.
    Amount,
    /// Its currency.
    Currency,
    /// The day on which it is expected to close.
    ExpectedClose,
    /// Why it was lost.
    LostReason,
    /// The next step.
    NextStep,
    /// Free text.
    Description,
}

impl Field {
    /// Its word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Stage => "stage",
            Self::Status => "status",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::ExpectedClose => "expected_close",
            Self::LostReason => "lost_reason",
            Self::NextStep => "next_step",
            Self::Description => "description",
        }
    }

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::ExpectedClose => "close date",
            Self::LostReason => "lost reason",
            Self::NextStep => "next step",
            Self::Title
            | Self::Stage
            | Self::Status
            | Self::Amount
            | Self::Currency
            | Self::Description => self.code(),
        }
    }
}

/// How a deal is closed in a CRM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Close {
    /// By a stage that means won or lost.
    Stage,
    /// By a column for the status.
    Status,
    /// By an action of its own, which no file does.
    #[default]
    Hand,
}

/// How an id is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Id {
    #[default]
    Plain,
    /// Nothing but digits.
    Digits,
    Salesforce18,
    NoZcrm,
}

/// How a day is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Dates {
    #[default]
    Iso,
    Mdy,
}

/// Which cells are quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quote {
    /// Those that need it.
    #[default]
    Needed,
    /// All.
    All,
}

fn most() -> usize {
    usize::MAX
}

/// The section `[update]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    key: Option<String>,
    #[serde(default)]
    id: Id,
    #[serde(default)]
    close: Close,
    status_open: Option<String>,
    won: Option<String>,
    lost: Option<String>,
    #[serde(default)]
    yes: String,
    #[serde(default)]
    no: String,
    #[serde(default)]
    dates: Dates,
    #[serde(default)]
    quote: Quote,
    #[serde(default = "most")]
    rows: usize,
    #[serde(default)]
    needs_reason: bool,
    lose: Option<String>,
    win: Option<String>,
    reopen: Option<String>,
    how: Option<String>,
    link: Option<String>,
    site: Option<String>,
    #[serde(default)]
    columns: BTreeMap<Field, String>,
}

/// A CRM's file, as far as the export reads it.
#[derive(Deserialize)]
struct CrmFile {
    name: String,
    label: String,
    update: Option<Section>,
}

/// What a CRM takes back.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The name by which its deals are known here.
    pub name: String,
    /// Its name for people.
    pub label: String,
    section: Section,
}

impl Rules {
    /// Reads the rules of all CRMs: those of a team (name and text) go before the built-in ones.
    pub fn load(team: &[(String, String)]) -> Result<Vec<Self>, RulesError> {
        let team = team
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let mut all: Vec<Self> = Vec::new();
        for (name, text) in team.chain(crm_files().iter().copied()) {
            let bad = |why: String| RulesError {
                name: name.to_owned(),
                why,
            };
            let file: CrmFile =
                toml_edit::de::from_str(text).map_err(|e| bad(e.message().to_owned()))?;
            let Some(section) = file.update else { continue };
            if section.rows == 0 {
                return Err(bad("a file has at least 1 row".to_owned()));
            }
            if all.iter().all(|rules| rules.name != file.name) {
                all.push(Self {
                    name: file.name,
                    label: file.label,
                    section,
                });
            }
        }
        Ok(all)
    }

    /// Finds the CRM that a person names, or that a source is of.
    pub fn find<'r>(all: &'r [Self], words: &str) -> Option<&'r Self> {
        let name = words.split(':').next().unwrap_or(words);
        all.iter().find(|rules| {
            rules.name.eq_ignore_ascii_case(name) || rules.label.eq_ignore_ascii_case(words)
        })
    }

    /// Whether deals of a source are of this CRM.
    pub fn is_source(&self, source: &str) -> bool {
        source.split(':').next() == Some(self.name.as_str())
    }

    /// The header of the column with the id; `None` where no file goes back.
    pub fn key(&self) -> Option<&str> {
        self.section.key.as_deref()
    }

    /// The header of a field's column; `None` where there is none.
    pub fn column(&self, field: Field) -> Option<&str> {
        self.section.columns.get(&field).map(String::as_str)
    }

    /// The fields with a column of their own, in the order of a file.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        self.section
            .columns
            .iter()
            .map(|(field, header)| (*field, header.as_str()))
    }

    /// How deals are closed.
    pub fn close(&self) -> Close {
        self.section.close
    }

    /// The word for a status; `None` where only the person's own stages have one.
    pub fn word(&self, status: &str) -> Option<&str> {
        match status {
            "won" => self.section.won.as_deref(),
            "lost" => self.section.lost.as_deref(),
            "open" => self.section.status_open.as_deref(),
            _ => None,
        }
    }

    /// What to do by hand to bring a deal to a status.
    pub fn by_hand(&self, status: &str) -> &str {
        let (own, else_) = match status {
            "won" => (&self.section.win, "close it as won"),
            "lost" => (&self.section.lose, "close it as lost"),
            "removed" => (
                &None,
                "delete it, or merge it with the deal that it repeats",
            ),
            _ => (&self.section.reopen, "open it again, in its stage"),
        };
        own.as_deref().unwrap_or(else_)
    }

    /// Whether a deal is not lost without a reason.
    pub fn needs_reason(&self) -> bool {
        self.section.needs_reason
    }

    /// Which cells are quoted.
    pub fn quote(&self) -> Quote {
        self.section.quote
    }

    /// The rows that one file may have at most, without its header.
    pub fn rows(&self) -> usize {
        self.section.rows
    }

    /// How a file is taken in there; empty where none is.
    pub fn how(&self) -> &str {
        self.section.how.as_deref().unwrap_or_default()
    }

    /// Which part of a record's address only the person knows; `None` where there is none.
    pub fn site(&self) -> Option<&str> {
        self.section.site.as_deref()
    }

    /// The word for yes or no.
    pub fn flag(&self, yes: bool) -> &str {
        if yes {
            &self.section.yes
        } else {
            &self.section.no
        }
    }

    /// A day, from ISO, as the CRM reads it.
    pub fn day(&self, iso: &str) -> String {
        match (self.section.dates, iso.parse::<NaiveDate>()) {
            (Dates::Mdy, Ok(day)) => day.format("%-m/%-d/%Y").to_string(),
            (Dates::Iso | Dates::Mdy, _) => iso.to_owned(),
        }
    }

    /// An id as the CRM's import takes it.
    pub fn id(&self, id: &str) -> String {
        match self.section.id {
            Id::Plain | Id::Digits => id.to_owned(),
            Id::NoZcrm => id.strip_prefix("zcrm_").unwrap_or(id).to_owned(),
            Id::Salesforce18 => salesforce18(id),
        }
    }

    /// Whether an id can be one of the CRM: what another program numbered so is no record of it.
    pub fn fits(&self, id: &str) -> bool {
        match self.section.id {
            Id::Plain | Id::NoZcrm => true,
            Id::Digits => id.bytes().all(|b| b.is_ascii_digit()),
            Id::Salesforce18 => {
                matches!(id.len(), 15 | 18) && id.bytes().all(|b| b.is_ascii_alphanumeric())
            }
        }
    }

    /// The address of a record, where all of it is known.
    pub fn link(&self, id: &str, site: Option<&str>) -> Option<String> {
        let pattern = self.section.link.as_deref()?;
        let whole = match (pattern.contains("{site}"), site) {
            (false, _) => pattern.to_owned(),
            (true, Some(site)) => pattern.replace("{site}", site),
            (true, None) => return None,
        };
        let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        (self.fits(id) && id.chars().all(is_safe)).then(|| whole.replace("{id}", &self.id(id)))
    }
}

/// Lengthens a 15 character id to 18: each of the three last characters tells which of five are
/// capitals, as Salesforce defines it.
fn salesforce18(id: &str) -> String {
    const WORDS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    if id.len() != 15 || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return id.to_owned();
    }
    let tail = id.as_bytes().chunks(5).map(|five| {
        let bits = five
            .iter()
            .enumerate()
            .filter(|(_, b)| b.is_ascii_uppercase())
            .fold(0_usize, |bits, (at, _)| bits | (1 << at));
        char::from(WORDS[bits])
    });
    id.chars().chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(name: &str) -> Rules {
        let all = Rules::load(&[]).unwrap();
        Rules::find(&all, name).unwrap().clone()
    }

    #[test]
    fn a_short_salesforce_id_is_lengthened_by_its_capitals() {
        let crm = rules("salesforce");

        assert_eq!(crm.id("006Ec00000AieKF"), "006Ec00000AieKFIAZ");
        assert_eq!(crm.id("006Ec00000AieKFIAZ"), "006Ec00000AieKFIAZ");
    }

    #[test]
    fn an_id_of_another_shape_is_none_of_the_crm() {
        for (crm, id, expected) in [
            ("salesforce", "006Ec00000AieKF", true),
            ("salesforce", "006Ec00000AieKFIAZ", true),
            ("salesforce", "101", false),
            ("salesforce", "006Ec00000-ieKF", false),
            ("hubspot", "8001", true),
            ("hubspot", "D-8001", false),
            ("copper", "anything", true),
        ] {
            assert_eq!(rules(crm).fits(id), expected, "{crm} {id}");
        }
        assert_eq!(rules("salesforce").link("101", Some("x.example")), None);
    }

    #[test]
    fn ids_and_days_have_the_form_of_their_crm() {
        assert_eq!(
            rules("zoho").id("zcrm_5725767000000533001"),
            "5725767000000533001"
        );
        assert_eq!(rules("copper").day("2026-12-01"), "12/1/2026");
        assert_eq!(rules("hubspot").day("2026-12-01"), "2026-12-01");
    }

    #[test]
    fn a_crm_is_found_by_its_name_its_label_and_a_source_of_it() {
        for words in ["dynamics", "Dynamics 365", "dynamics:acme"] {
            assert_eq!(rules(words).name, "dynamics", "{words}");
        }
        assert!(rules("hubspot").is_source("hubspot:77"));
        assert!(!rules("hubspot").is_source("hubspotter"));
    }

    #[test]
    fn a_link_is_made_only_of_what_is_known_and_safe() {
        let crm = rules("hubspot");

        assert_eq!(crm.link("8001", None), None);
        assert_eq!(
            crm.link("8001", Some("77")).as_deref(),
            Some("https://app.hubspot.com/contacts/77/record/0-3/8001")
        );
        assert_eq!(crm.link("8001)<b>", Some("77")), None);
        assert!(rules("zoho").link("zcrm_1", None).unwrap().ends_with("=1"));
    }

    #[test]
    fn a_closing_that_is_a_column_has_its_words() {
        for crm in Rules::load(&[]).unwrap() {
            let has = |field| crm.column(field).is_some();
            match crm.close() {
                Close::Stage => assert!(has(Field::Stage), "{}", crm.name),
                Close::Status => {
                    assert!(has(Field::Status), "{}", crm.name);
                    for status in ["open", "won", "lost"] {
                        assert!(crm.word(status).is_some(), "{} {status}", crm.name);
                    }
                }
                Close::Hand => assert!(!has(Field::Status), "{}", crm.name),
            }
            assert!(!crm.flag(true).is_empty() && !crm.flag(false).is_empty());
        }
    }

    #[test]
    fn a_wrong_section_of_a_team_names_its_file() {
        let text = "name = \"own\"\nlabel = \"Own\"\n[update]\nkeys = \"Id\"\n".to_owned();

        let error = Rules::load(&[("own.toml".to_owned(), text)]).unwrap_err();

        assert!(error.to_string().contains("own.toml"), "{error}");
    }
}
