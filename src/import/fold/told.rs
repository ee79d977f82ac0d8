//! What is said of a file in which deals stand on several rows.

use super::super::field::Field;
use super::book::{CONTACT, Group, PRODUCT};
use super::{Folded, How};

/// Something that was decided about a file: the column, what, and an example of it where the
/// column's own would not show it.
pub(crate) struct Told {
    pub(crate) field: Field,
    pub(crate) reading: String,
    pub(crate) example: Option<String>,
}

/// How many deals of a file are what.
#[derive(Default)]
pub(super) struct Summary {
    states: usize,
    lines: usize,
    products: usize,
    contacts: usize,
    notes: usize,
    pub(super) contradicting: usize,
    /// The amounts of the first lines.
    example: Option<String>,
}

impl Summary {
    pub(super) fn note(
        &mut self,
        folded: &Folded,
        group: &Group,
        example: impl FnOnce() -> String,
    ) {
        let count = match folded.how {
            How::States => &mut self.states,
            How::Sum => {
                self.example.get_or_insert_with(example);
                &mut self.lines
            }
            How::Again if group.has(PRODUCT) => &mut self.products,
            How::Again if group.has(CONTACT) => &mut self.contacts,
            How::Again => &mut self.notes,
        };
        *count += 1;
    }

    pub(super) fn told(self, dated: Option<Field>) -> Vec<Told> {
        let stand = |count: usize| match count {
            1 => "1 deal stands on several rows".to_owned(),
            _ => format!("{count} deals stand on several rows"),
        };
        let newest = "the newest by this column is the deal, the others tell how it moved";
        let sum = "they are its lines, and its amount is their sum";
        let first = "the first is taken, the others tell of it again";
        let lost = match dated {
            Some(_) => "that contradict each other: the first is taken, the others are conflicts",
            None => {
                "that differ, and no column says which is the newest: the first is taken, the \
                 others are conflicts"
            }
        };
        [
            (self.states, dated.unwrap_or(Field::Updated), newest),
            (self.lines, Field::Amount, sum),
            (self.products, Field::Product, first),
            (self.contacts, Field::Contact, first),
            (self.notes, Field::Notes, first),
            (self.contradicting, Field::ExternalId, lost),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, field, what)| {
            let mark = if field == Field::ExternalId {
                " "
            } else {
                ": "
            };
            Told {
                field,
                reading: format!("{}{mark}{what}", stand(count)),
                example: self.example.clone().filter(|_| field == Field::Amount),
            }
        })
        .collect()
    }
}
