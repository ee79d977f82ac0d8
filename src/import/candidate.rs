//! A file that is a table, with what its first rows say that it is.

use super::crm::{Found, Object};
use super::field::Field;
use super::input::Input;
use super::sniff::Sniffed;
use super::{roots, stated, text};

/// A file that is a table, before anything of its rows is used.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) input: Input,
    pub(super) sniffed: Sniffed,
    /// The workbook or page of which it is one table.
    pub(super) book: Option<String>,
    /// What was decided when it was unpacked, with an example.
    pub(super) notes: Vec<(String, String)>,
    pub(super) keys: Vec<String>,
    pub(super) above: usize,
    pub(super) headers: Vec<String>,
    pub(super) found: Option<Found>,
    pub(super) object: Object,
    /// Its header is that of deals, and no row of it names one.
    pub(super) is_nameless: bool,
    pub(super) fields: Vec<Option<Field>>,
    /// The columns that only the words of their headers tell of.
    pub(super) guesses: Vec<Option<roots::Guess>>,
    pub(super) shape: String,
    /// The day of which the file says itself that it tells.
    pub(super) stated: Option<stated::Stated>,
    /// The first row, where it is one like those below it, and none is a header.
    pub(super) bare: Option<String>,
    /// It was written here for a CRM.
    pub(super) is_update: bool,
}

impl Candidate {
    /// Whether a file's rows hang on deals.
    pub(super) fn is_part(&self) -> bool {
        let has = |fields: &[Field]| {
            fields
                .iter()
                .any(|field| self.fields.contains(&Some(*field)))
        };
        let place = [
            Field::DealId,
            Field::DealName,
            Field::AccountId,
            Field::Account,
        ];
        match self.object {
            Object::Activity => has(&[
                Field::At,
                Field::Due,
                Field::Completed,
                Field::Created,
                Field::End,
            ]),
            Object::History => has(&[Field::At, Field::Created]) && has(&place),
            Object::Contact => has(&place),
            Object::Link => {
                has(&[Field::ContactId])
                    && has(&[Field::ExternalId])
                    && !has(&[Field::ActivityId, Field::Merged])
            }
            Object::Deal
            | Object::Account
            | Object::Lead
            | Object::User
            | Object::Stage
            | Object::Pipeline
            | Object::Other
            | Object::Unknown => false,
        }
    }

    /// Whether it names what ids in other files refer to.
    pub(super) fn is_lookup(&self) -> bool {
        match self.object {
            Object::Account
            | Object::Contact
            | Object::User
            | Object::Stage
            | Object::Pipeline
            | Object::Link => true,
            Object::Deal
            | Object::Lead
            | Object::Activity
            | Object::History
            | Object::Other
            | Object::Unknown => false,
        }
    }
}

/// Whether nothing but an id names a deal, and next to nothing is told of it.
pub(super) fn names_little(fields: &[Option<Field>]) -> bool {
    let names = [
        Field::Title,
        Field::Account,
        Field::AccountId,
        Field::Product,
        Field::Contact,
        Field::Owner,
        Field::OwnerId,
    ];
    let known = || fields.iter().flatten().filter(|f| **f != Field::Ignore);
    known().count() < 3 && !known().any(|field| names.contains(field))
}

/// Whether there are rows, and none has an id or any other name of a deal.
pub(super) fn names_none(rows: &[Vec<String>], fields: &[Option<Field>]) -> bool {
    let names = |field: &Field| {
        matches!(
            field,
            Field::ExternalId
                | Field::PublicId
                | Field::Url
                | Field::Title
                | Field::Account
                | Field::AccountId
                | Field::Product
        )
    };
    let is_named = |row: &Vec<String>| {
        let mut cells = row.iter().zip(fields);
        cells.any(|(cell, field)| field.as_ref().is_some_and(names) && !text::is_blank(cell.trim()))
    };
    !rows.is_empty() && !rows.iter().any(is_named)
}
