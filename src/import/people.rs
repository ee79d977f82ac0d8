//! One row of a file of contacts, or of links between deals and contacts, as a person.

use std::sync::Arc;

use super::crm::Object;
use super::field::Field;
use super::frame::No;
use super::sheet::Row;
use super::text;
use crate::store::{IncomingContact, Part, PartKind};

/// What people are in a purchase, by the words of the CRMs.
const ROLES: &[(&str, &str)] = &[
    ("economicbuyer", "economic_buyer"),
    ("economicdecisionmaker", "economic_buyer"),
    ("budgetholder", "economic_buyer"),
    ("decisionmaker", "economic_buyer"),
    ("executivesponsor", "economic_buyer"),
    ("signer", "economic_buyer"),
    ("entscheider", "economic_buyer"),
    ("champion", "champion"),
    ("sponsor", "champion"),
    ("coach", "champion"),
    ("enduser", "user"),
    ("businessuser", "user"),
    ("user", "user"),
    ("evaluator", "user"),
    ("technicalbuyer", "user"),
    ("purchasing", "purchasing"),
    ("procurement", "purchasing"),
    ("einkauf", "purchasing"),
    ("blocker", "blocker"),
    ("detractor", "blocker"),
];

/// Reads a role; none for one that is none of ours, such as `influencer`.
pub(crate) fn role(text: &str) -> Option<&'static str> {
    let key = text::key(text);
    ROLES
        .iter()
        .find(|(word, _)| key.contains(word))
        .map(|(_, role)| *role)
}

/// Reads a row.
pub(crate) fn read(row: &Row<'_>, place: (usize, u64, u64)) -> Result<Part, No> {
    if row.flag(Field::Deleted) == Some(true) {
        return Err(No::Skip("it is deleted in the CRM".to_owned()));
    }
    let is_link = row.sheet.object == Object::Link;
    let ids = row.ids(if is_link {
        Field::ContactId
    } else {
        Field::ExternalId
    });
    let id = ids.into_iter().next();
    let full = row.line(Field::Title).or_else(|| {
        let parts = [row.line(Field::FirstName), row.line(Field::LastName)];
        let both = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!both.is_empty()).then_some(both)
    });
    let known = id.as_deref().and_then(|id| row.sheet.ties.person(id));
    let named = || {
        let id = id.as_deref()?;
        row.lookups.contact(id).map(ToOwned::to_owned)
    };
    let email = row
        .line(Field::Email)
        .or_else(|| known.and_then(|person| person.email.clone()));
    let name = if is_link { named() } else { full };
    let Some(name) = name.or_else(|| email.clone()) else {
        return Err(No::Skip(
            "it is a contact whose name is in none of the files".to_owned(),
        ));
    };
    let title = row
        .line(Field::JobTitle)
        .or_else(|| known.and_then(|person| person.title.clone()));
    let mut belongs = row.belongs(None, &[]);
    if is_link {
        // The link says which deal; the company is the deal's.
        belongs.account = None;
        belongs.account_id = None;
    }
    Ok(Part {
        source: Arc::clone(&row.sheet.file.frame.source),
        belongs,
        kind: PartKind::Contact(Box::new(IncomingContact {
            external_id: id,
            name,
            title,
            role: row.line(Field::Role).and_then(|text| role(&text)),
            email,
        })),
        place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_in_the_words_of_the_crms() {
        for (text, expected) in [
            ("Economic Buyer", Some("economic_buyer")),
            ("Decision Maker", Some("economic_buyer")),
            ("DECISION_MAKER", Some("economic_buyer")),
            ("Executive Sponsor", Some("economic_buyer")),
            ("Champion", Some("champion")),
            ("Business User", Some("user")),
            ("Procurement", Some("purchasing")),
            ("Blocker", Some("blocker")),
            ("Influencer", None),
        ] {
            assert_eq!(role(text), expected, "{text}");
        }
    }
}
