//! What ties the records of an export together, beside the names of ids: which deals an activity
//! belongs to, into which deal another was merged, whose mail address it is.

use std::collections::{HashMap, HashSet};

use super::crm::{Object, identity};
use super::error::ImportError;
use super::field::Field;
use super::reading::cell;
use super::sheet::ids;
use super::table::{Cells, Table};
use super::text::{self, Lines, clean};

/// Mail providers whose addresses say nothing of the company.
const PUBLIC: [&str; 8] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "web.de",
];

/// What is known of a person beside the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) title: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) account_id: Option<String>,
}

/// What a person belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) deal: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) account_id: Option<String>,
}

/// The ties of an export, all of it in memory.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    deals: HashMap<String, Vec<String>>,
    contacts: HashMap<String, Vec<String>>,
    accounts: HashMap<String, String>,
    merged: HashMap<String, String>,
    people: HashMap<String, Person>,
    /// Where people are at home, by mail address and by name; none for a name of several.
    homes: HashMap<String, Option<Home>>,
    ours: HashSet<String>,
    theirs: HashSet<String>,
}

impl Ties {
    /// Reads a table whose header was read; returns how many ties it gave.
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
            let text = |field| {
                let text = column(field).map_or("", |at| cell(&cells, at));
                (!text::is_blank(text)).then(|| clean(text, 4096, Lines::One).into_owned())
            };
            let id = |field| {
                let first = text(field).and_then(|text| ids(&text).into_iter().next());
                first.map(|id| identity(source, &id).to_owned())
            };
            let is_new = match object {
                Object::User => match text(Field::Email) {
                    Some(mail) => self.add_ours(&mail),
                    None => false,
                },
                Object::Contact => {
                    let home = Home {
                        deal: id(Field::DealId),
                        account: text(Field::Account),
                        account_id: id(Field::AccountId),
                    };
                    let both = match (text(Field::FirstName), text(Field::LastName)) {
                        (Some(first), Some(last)) => Some(format!("{first} {last}")),
                        (first, last) => first.or(last),
                    };
                    for key in [text(Field::Email), text(Field::Title).or(both)] {
                        self.settle(key, &home);
                    }
                    if let Some(mail) = text(Field::Email) {
                        self.theirs.insert(mail.to_lowercase());
                    }
                    match id(Field::ExternalId) {
                        Some(key) => {
                            let person = Person {
                                title: text(Field::JobTitle),
                                email: text(Field::Email),
                                account_id: id(Field::AccountId),
                            };
                            person != Person::default() && self.people.insert(key, person).is_none()
                        }
                        None => false,
                    }
                }
                Object::Link => self.link(
                    id(Field::ActivityId),
                    id(Field::Merged),
                    id(Field::ExternalId).or_else(|| id(Field::DealId)),
                    id(Field::ContactId),
                    id(Field::AccountId),
                ),
                Object::Deal
                | Object::Account
                | Object::Lead
                | Object::Stage
                | Object::Pipeline
                | Object::Activity
                | Object::History
                | Object::Other
                | Object::Unknown => false,
            };
            count += u64::from(is_new);
        }
        Ok(count)
    }

    fn settle(&mut self, key: Option<String>, home: &Home) {
        if let Some(key) = key.filter(|_| *home != Home::default()) {
            self.homes
                .entry(key.to_lowercase())
                .and_modify(|known| *known = known.take().filter(|known| known == home))
                .or_insert_with(|| Some(home.clone()));
        }
    }

    /// What a person belongs to, by mail address or by name; none where nobody knows, or where
    /// several have the name.
    pub(crate) fn home(&self, person: &str) -> Option<&Home> {
        self.homes.get(&person.to_lowercase())?.as_ref()
    }

    fn add_ours(&mut self, mail: &str) -> bool {
        let mail = mail.to_lowercase();
        if let Some((_, domain)) = mail.split_once('@')
            && !PUBLIC.contains(&domain)
        {
            self.ours.insert(domain.to_owned());
        }
        self.ours.insert(mail)
    }

    fn link(
        &mut self,
        activity: Option<String>,
        merged: Option<String>,
        deal: Option<String>,
        contact: Option<String>,
        account: Option<String>,
    ) -> bool {
        let Some(activity) = activity else {
            return match (merged, deal) {
                (Some(merged), Some(deal)) if merged != deal => {
                    self.merged.insert(merged, deal).is_none()
                }
                (Some(_) | None, _) => false,
            };
        };
        let mut is_new = false;
        if let Some(deal) = deal {
            self.deals.entry(activity.clone()).or_default().push(deal);
            is_new = true;
        }
        if let Some(contact) = contact {
            self.contacts
                .entry(activity.clone())
                .or_default()
                .push(contact);
            is_new = true;
        }
        if let Some(account) = account {
            is_new |= self.accounts.insert(activity, account).is_none();
        }
        is_new
    }

    /// The deals of an activity.
    pub(crate) fn deals(&self, activity: &str) -> &[String] {
        self.deals.get(activity).map_or(&[], Vec::as_slice)
    }

    /// The contacts of an activity.
    pub(crate) fn contacts(&self, activity: &str) -> &[String] {
        self.contacts.get(activity).map_or(&[], Vec::as_slice)
    }

    /// The account of an activity.
    pub(crate) fn account(&self, activity: &str) -> Option<&str> {
        self.accounts.get(activity).map(String::as_str)
    }

    /// The deal into which a deal was merged, however often; else the deal itself.
    pub(crate) fn survivor<'a>(&'a self, deal: &'a str) -> &'a str {
        let mut deal = deal;
        for _ in 0..20 {
            match self.merged.get(deal) {
                Some(into) => deal = into,
                None => break,
            }
        }
        deal
    }

    /// What is known of a person.
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id)
    }

    /// Whether a mail address is ours (`true`) or theirs; none where nobody knows.
    pub(crate) fn is_ours(&self, mail: &str) -> Option<bool> {
        let mail = mail.to_lowercase();
        let domain = mail.split_once('@').map_or("", |(_, domain)| domain);
        if self.ours.contains(&mail) || self.ours.contains(domain) {
            return Some(true);
        }
        if self.theirs.contains(&mail) || !self.ours.is_empty() {
            return Some(false);
        }
        None
    }
}
