//! The tables beside the deals: names for the ids of accounts, people, stages and pipelines.

use std::collections::HashMap;

use super::crm::{Object, identity};
use super::error::ImportError;
use super::field::Field;
use super::table::{Cells, Table};
use super::text::{self, Lines, clean};
use super::values::{flag, percent};
use super::words::Status;

/// Bytes of a name.
const NAME: usize = 4096;

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) label: String,
    /// Won or lost; none for a stage that is open, or does not say.
    pub(crate) status: Option<Status>,
    pub(crate) probability: Option<f64>,
}

/// What ids mean. All of it is held in memory.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    accounts: HashMap<String, String>,
    contacts: HashMap<String, String>,
    users: HashMap<String, String>,
    stages: HashMap<String, Stage>,
    pipelines: HashMap<String, String>,
    /// The account and the contact of a deal.
    deal_accounts: HashMap<String, String>,
    deal_contacts: HashMap<String, String>,
}

impl Lookups {
    /// Reads a table whose header was read; returns how many records it gave.
    pub(crate) fn load(
        &mut self,
        object: Object,
        source: &str,
        fields: &[Option<Field>],
        table: &mut dyn Table,
    ) -> Result<u64, ImportError> {
        let mut cells = Cells::new();
        let mut count = 0;
        let column = |field| fields.iter().position(|f| *f == Some(field));
        while table.read(&mut cells)?.is_some() {
            let cell = |field| {
                let raw = column(field)
                    .and_then(|at| cells.get(at))
                    .unwrap_or_default();
                let raw = std::str::from_utf8(raw).unwrap_or_default().trim();
                let text = clean(text::unguard(raw), NAME, Lines::One);
                if text::is_blank(&text) {
                    String::new()
                } else {
                    text.into_owned()
                }
            };
            let id = cell(Field::ExternalId);
            if text::is_null_id(&id) {
                continue;
            }
            let id = identity(source, reference(&id)).to_owned();
            let name = || {
                let title = cell(Field::Title);
                if !title.is_empty() {
                    return title;
                }
                let both = format!("{} {}", cell(Field::FirstName), cell(Field::LastName));
                let both = both.trim();
                if both.is_empty() {
                    cell(Field::Email)
                } else {
                    both.to_owned()
                }
            };
            let is_new = match object {
                Object::Account => put(&mut self.accounts, id, name()),
                Object::Contact => put(&mut self.contacts, id, name()),
                Object::User => {
                    // Some columns of owners have the address.
                    let email = cell(Field::Email).to_lowercase();
                    if !email.is_empty() {
                        put(&mut self.users, email, name());
                    }
                    put(&mut self.users, id, name())
                }
                Object::Pipeline => put(&mut self.pipelines, id, name()),
                Object::Stage => {
                    let stage = Stage {
                        label: name(),
                        status: outcome(
                            flag(&cell(Field::IsWon)),
                            flag(&cell(Field::IsLost)),
                            flag(&cell(Field::IsClosed)),
                        ),
                        probability: {
                            let text = cell(Field::Probability);
                            let is_share = text.parse().is_ok_and(|p: f64| p <= 1.0);
                            percent(&text, if is_share { 100.0 } else { 1.0 })
                        },
                    };
                    self.stages.insert(id, stage).is_none()
                }
                Object::Link if column(Field::Merged).is_some() => {
                    !text::is_null_id(&cell(Field::Merged))
                }
                Object::Link => {
                    let account = put(&mut self.deal_accounts, id.clone(), cell(Field::AccountId));
                    let contact = put(&mut self.deal_contacts, id, cell(Field::ContactId));
                    account || contact
                }
                Object::Deal
                | Object::Lead
                | Object::Activity
                | Object::History
                | Object::Other
                | Object::Unknown => false,
            };
            count += u64::from(is_new);
        }
        Ok(count)
    }

    /// How many accounts have a name.
    pub(crate) fn accounts_named(&self) -> u64 {
        self.accounts.len() as u64
    }

    pub(crate) fn account(&self, id: &str) -> Option<&str> {
        self.accounts.get(id).map(String::as_str)
    }

    pub(crate) fn contact(&self, id: &str) -> Option<&str> {
        self.contacts.get(id).map(String::as_str)
    }

    pub(crate) fn user(&self, id: &str) -> Option<&str> {
        self.users.get(id).map(String::as_str)
    }

    /// Whether a table of owners was read.
    pub(crate) fn has_users(&self) -> bool {
        !self.users.is_empty()
    }

    /// Whether a table of stages was read.
    pub(crate) fn has_stages(&self) -> bool {
        !self.stages.is_empty()
    }

    /// Whether a table of accounts was read.
    pub(crate) fn has_accounts(&self) -> bool {
        !self.accounts.is_empty()
    }

    pub(crate) fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.get(id)
    }

    pub(crate) fn pipeline(&self, id: &str) -> Option<&str> {
        self.pipelines.get(id).map(String::as_str)
    }

    /// The id of a deal's account, where a table of links says it.
    pub(crate) fn deal_account(&self, deal: &str) -> Option<&str> {
        self.deal_accounts.get(deal).map(String::as_str)
    }

    /// The id of a deal's contact, where a table of links says it.
    pub(crate) fn deal_contact(&self, deal: &str) -> Option<&str> {
        self.deal_contacts.get(deal).map(String::as_str)
    }
}

/// The id in a reference of Salesforce's command line: `@ref001...`; any other id as it is.
pub(crate) fn reference(id: &str) -> &str {
    let name = id.strip_prefix('@').unwrap_or(id);
    match name.strip_prefix("ref") {
        Some(real)
            if matches!(real.len(), 15 | 18) && real.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            real
        }
        Some(_) | None => name,
    }
}

/// Keeps the first name of an id.
fn put(map: &mut HashMap<String, String>, id: String, name: String) -> bool {
    if name.is_empty() || map.contains_key(&id) {
        return false;
    }
    map.insert(id, name);
    true
}

/// Won and lost by flags; none when they say neither.
pub(crate) fn outcome(
    won: Option<bool>,
    lost: Option<bool>,
    closed: Option<bool>,
) -> Option<Status> {
    match (won, lost, closed) {
        (Some(true), _, _) => Some(Status::Won),
        (_, Some(true), _) | (Some(false), _, Some(true)) => Some(Status::Lost),
        (_, _, Some(false)) | (Some(false), Some(false), None) => Some(Status::Open),
        (Some(false) | None, Some(false) | None, Some(true) | None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_say_won_lost_or_open() {
        for (won, lost, closed, status) in [
            (Some(true), None, None, Some(Status::Won)),
            (Some(false), None, Some(true), Some(Status::Lost)),
            (None, Some(true), None, Some(Status::Lost)),
            (Some(false), None, Some(false), Some(Status::Open)),
            (Some(false), None, None, None),
            (None, None, Some(true), None),
            (None, None, None, None),
        ] {
            assert_eq!(
                outcome(won, lost, closed),
                status,
                "{won:?} {lost:?} {closed:?}"
            );
        }
    }
}
