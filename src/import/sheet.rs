//! A file beside the deals: what its rows have in common, and what all of them need.

use std::sync::Arc;

use chrono::NaiveDate;

use super::crm::{Object, identity};
use super::field::Field;
use super::frame::No;
use super::lookup::{Lookups, reference};
use super::reading::{Read, cell};
use super::rows::DealFile;
use super::table::{Cells, Place};
use super::text::{self, Lines, clean};
use super::ties::{Home, Ties};
use super::values::dates::Order;
use super::values::flag;
use super::values::times::{self, When, Zone};
use crate::store::Belongs;

/// Bytes of a line of text; a longer one is cut.
const LINE: usize = 2048;
/// Deals that one activity belongs to; further ones are not followed.
const DEALS: usize = 20;

/// What the rows of one file have in common.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) file: DealFile,
    pub(crate) object: Object,
    /// What the rows are, in words: `calls`.
    pub(crate) what: Option<String>,
    pub(crate) zone: Zone,
    /// The day of the import: what lies behind it is to come.
    pub(crate) today: NaiveDate,
    pub(crate) ties: Arc<Ties>,
}

/// A row of a sheet with all that explains it.
pub(crate) struct Row<'a> {
    pub(crate) sheet: &'a Sheet,
    pub(crate) cells: &'a Cells,
    pub(crate) lookups: &'a Lookups,
}

impl Sheet {
    /// Whether the file has a column of a field.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.file.frame.slots.iter().any(|slot| slot.field == field)
    }

    /// The order of days of the file's columns, for cells that are of no column of days.
    pub(crate) fn order(&self) -> Order {
        self.file
            .frame
            .slots
            .iter()
            .find_map(|slot| {
                if let Read::Day(order) = slot.read {
                    Some(order)
                } else {
                    None
                }
            })
            .unwrap_or(Order::Ymd)
    }

    /// Refuses and passes over what is no record.
    pub(crate) fn check(&self, cells: &Cells, place: Place) -> Result<(), No> {
        if let Some(why) = self.file.frame.is_no_record(cells) {
            return Err(No::Skip(why.to_owned()));
        }
        if place.is_open {
            let why = "a quote opened in it is never closed: the rest of the file is in it";
            return Err(No::Refuse(None, why.to_owned()));
        }
        self.file.frame.check_width(cells)
    }
}

impl<'a> Row<'a> {
    /// The cell of a field; none for a blank and for a field that the file does not have.
    pub(crate) fn raw(&self, field: Field) -> Option<&'a str> {
        let slot = self
            .sheet
            .file
            .frame
            .slots
            .iter()
            .find(|s| s.field == field)?;
        let text = cell(self.cells, slot.at);
        (!text::is_blank(text)).then_some(text)
    }

    /// The cell of a field as one clean line.
    pub(crate) fn line(&self, field: Field) -> Option<String> {
        let text = self.raw(field)?;
        let text = clean(cut(text, 4 * LINE), LINE, Lines::One);
        (!text.is_empty()).then(|| text.into_owned())
    }

    /// Yes or no.
    pub(crate) fn flag(&self, field: Field) -> Option<bool> {
        let slot = self
            .sheet
            .file
            .frame
            .slots
            .iter()
            .find(|s| s.field == field)?;
        match (self.raw(field), slot.read) {
            (Some(text), _) => flag(text),
            (None, Read::Flag { blank }) => blank,
            (None, _) => None,
        }
    }

    /// When something was. A cell that is no date refuses the row.
    pub(crate) fn when(&self, field: Field) -> Result<Option<When>, No> {
        let Some(slot) = self
            .sheet
            .file
            .frame
            .slots
            .iter()
            .find(|s| s.field == field)
        else {
            return Ok(None);
        };
        let (Some(text), Read::Day(order)) = (self.raw(field), slot.read) else {
            return Ok(None);
        };
        times::read(text, order, self.sheet.zone).map_err(|why| {
            let shown = super::reading::example(text);
            No::Refuse(Some(slot.header.clone()), format!("`{shown}` {why}"))
        })
    }

    /// The ids in a cell, in the form in which two are compared.
    pub(crate) fn ids(&self, field: Field) -> Vec<String> {
        let Some(text) = self.raw(field) else {
            return Vec::new();
        };
        let source = &self.sheet.file.frame.source;
        let crm = source.split(':').next().unwrap_or_default();
        ids(cut(text, 64 * LINE))
            .iter()
            .map(|id| identity(crm, id).to_owned())
            .collect()
    }

    /// Where the row belongs: by ids and names of its columns and by the tables of links.
    pub(crate) fn belongs(&self, id: Option<&str>, contacts: &[String]) -> Belongs {
        let ties = &self.sheet.ties;
        let mut belongs = Belongs {
            deal_name: self.line(Field::DealName),
            account: self.line(Field::Account),
            account_id: self.ids(Field::AccountId).into_iter().next(),
            ..Belongs::default()
        };
        let deal_field = if self.sheet.object == Object::Link {
            Field::ExternalId
        } else {
            Field::DealId
        };
        // `Plant (900000000801)`: the id says it exactly.
        if let Some((name, id)) = belongs.deal_name.as_deref().and_then(text::name_and_id)
            && id.bytes().all(|b| b.is_ascii_digit())
        {
            belongs.deals.push(id.to_owned());
            belongs.deal_name = Some(name.to_owned());
        }
        let parent = self.raw(Field::ParentType).map(parent_of);
        for id in self.ids(deal_field) {
            match parent.or_else(|| self.prefixed(&id)) {
                Some(Parent::Account) => belongs.account_id = Some(id),
                Some(Parent::Other) => {}
                Some(Parent::Deal) | None => belongs.deals.push(id),
            }
        }
        match parent {
            Some(Parent::Account) => belongs.account = belongs.account.or(belongs.deal_name.take()),
            Some(Parent::Other) => belongs.deal_name = None,
            Some(Parent::Deal) | None => {}
        }
        if let Some(id) = id {
            belongs.deals.extend(ties.deals(id).iter().cloned());
            if belongs.account_id.is_none() {
                belongs.account_id = ties.account(id).map(ToOwned::to_owned);
            }
        }
        for deal in &mut belongs.deals {
            *deal = ties.survivor(deal).to_owned();
        }
        belongs.deals.truncate(DEALS);
        if belongs.account_id.is_none() && belongs.account.is_none() {
            // A row that only names a person is one of that person's company.
            belongs.account_id = contacts
                .iter()
                .find_map(|id| ties.person(id)?.account_id.clone());
        }
        if belongs == Belongs::default()
            && let Some(home) = self.home()
        {
            belongs.deals.extend(home.deal.clone());
            belongs.account.clone_from(&home.account);
            belongs.account_id.clone_from(&home.account_id);
        }
        if belongs.account.is_none()
            && let Some(id) = &belongs.account_id
        {
            belongs.account = self.lookups.account(id).map(ToOwned::to_owned);
        }
        belongs
    }

    /// What the people of a row belong to, where it names nothing else.
    fn home(&self) -> Option<&Home> {
        let texts = [Field::Contact, Field::From, Field::To, Field::Email];
        let mut people = texts
            .iter()
            .filter_map(|field| self.raw(*field))
            .flat_map(|text| {
                let ends = |c: char| matches!(c, '<' | '>' | ';' | ',' | '"' | '(' | ')' | '|');
                cut(text, LINE).split(ends)
            });
        people.find_map(|person| self.sheet.ties.home(person.trim()))
    }

    /// Salesforce's ids say what they are of by their first three characters.
    fn prefixed(&self, id: &str) -> Option<Parent> {
        let is_salesforce = self.sheet.file.frame.source.split(':').next() == Some("salesforce");
        if !is_salesforce || !matches!(id.len(), 15 | 18) {
            return None;
        }
        Some(match id.get(..3).unwrap_or_default() {
            "006" => Parent::Deal,
            "001" => Parent::Account,
            _ => Parent::Other,
        })
    }

    /// The names of people in a cell and of ids, `; ` between them.
    pub(crate) fn people(
        &self,
        names: Field,
        by_id: impl Iterator<Item = Option<String>>,
    ) -> Option<String> {
        let text = self
            .raw(names)
            .map(|text| cut(text, 4 * LINE))
            .unwrap_or_default();
        let mut all: Vec<String> = Vec::new();
        let named = text
            .trim_matches(['[', ']'])
            .split([';', '|'])
            .map(|name| text::without_mail(name.trim().trim_matches('"')))
            .map(|name| clean(name, 200, Lines::One).into_owned());
        for name in named.chain(by_id.flatten().map(|name| name.replace(';', ","))) {
            if !name.is_empty() && !all.contains(&name) && all.len() < 30 {
                all.push(name);
            }
        }
        (!all.is_empty()).then(|| all.join("; "))
    }
}

/// What kind of record a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parent {
    Deal,
    Account,
    Other,
}

fn parent_of(text: &str) -> Parent {
    let key = text::key(text);
    if ["opportunit", "deal", "potential", "crmlead"]
        .iter()
        .any(|word| key.contains(word))
    {
        Parent::Deal
    } else if ["account", "compan", "organi", "respartner"]
        .iter()
        .any(|word| key.contains(word))
    {
        Parent::Account
    } else {
        Parent::Other
    }
}

/// The beginning of a text, at most so many bytes of it.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The ids in a cell: several with `;`, in brackets behind a name, in links, as a JSON list.
pub(crate) fn ids(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let list = text.trim().trim_matches(['[', ']']);
    let is_list = list.len() < text.trim().len();
    let parts: Vec<&str> = if list.contains("://") || !(is_list || looks_like_ids(list)) {
        list.split([';', '|']).collect()
    } else {
        list.split([';', '|', ',']).collect()
    };
    for part in parts {
        let part = part.trim().trim_matches('"');
        let inner = part
            .strip_suffix(')')
            .and_then(|p| p.rsplit_once('('))
            .map(|(_, id)| id)
            .filter(|id| {
                id.len() >= 5 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        let id = inner.unwrap_or(part);
        let id = if id.contains("://") {
            super::link::id_in_link(id).unwrap_or_default()
        } else {
            id
        };
        let id = reference(id.strip_prefix("zcrm_").unwrap_or(id));
        if text::is_null_id(id) || id.len() > 200 || text::is_rounded(id) {
            continue;
        }
        let id = clean(id, 200, Lines::One).into_owned();
        if !found.contains(&id) {
            found.push(id);
        }
        if found.len() >= 1000 {
            break;
        }
    }
    found
}

/// Whether the parts between commas are ids and not words.
fn looks_like_ids(text: &str) -> bool {
    text.split(',').all(|part| {
        let part = part.trim();
        !part.is_empty()
            && part.bytes().any(|b| b.is_ascii_digit())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_alone_in_lists_behind_names_and_in_links() {
        for (text, expected) in [
            ("8001", vec!["8001"]),
            ("8001;8002", vec!["8001", "8002"]),
            ("8001, 8002", vec!["8001", "8002"]),
            ("Acme (1234567)", vec!["1234567"]),
            ("[\"a1\",\"b2\"]", vec!["a1", "b2"]),
            ("zcrm_12345", vec!["12345"]),
            ("@ref0010S00000C1t21QAB", vec!["0010S00000C1t21QAB"]),
            (
                "https://x.lightning.force.com/lightning/r/Opportunity/006A00000000001/view",
                vec!["006A00000000001"],
            ),
            ("000000000000000AAA", vec![]),
            ("1.23E+17", vec![]),
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
    }
}
