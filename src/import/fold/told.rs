//! What is said of a file in which deals stand on several rows.

use super::super::field::Field;
use super::How;
use super::part::{CONTACT, FIELDS, Group, NOTES, PRODUCT};

/// Something that was decided about a file: the column, what, and an example of it where the
/// column's own would not show it.
pub(crate) struct Told {
    pub(crate) field: Field,
    pub(crate) reading: String,
    pub(crate) example: Option<String>,
}

/// How many deals of a file are what.
pub(super) struct Summary {
    /// By which day a row is newer than another one.
    dated: Option<Field>,
    states: usize,
    lines: usize,
    products: usize,
    contacts: usize,
    notes: usize,
    again: usize,
    pub(super) contradicting: usize,
    /// The parts of which a deal takes what another of its rows says.
    filled: u32,
    /// The amounts of the first lines of the file, and their row.
    example: Option<(u32, String)>,
}

impl Summary {
    pub(super) fn new(dated: Option<Field>) -> Self {
        Self {
            dated,
            states: 0,
            lines: 0,
            products: 0,
            contacts: 0,
            notes: 0,
            again: 0,
            contradicting: 0,
            filled: 0,
            example: None,
        }
    }

    /// Whether lines that begin with a row would be the example.
    pub(super) fn wants(&self, row: u32) -> bool {
        self.example.as_ref().is_none_or(|(first, _)| row < *first)
    }

    /// Counts a deal; the amounts of its lines may be the example.
    pub(super) fn note(&mut self, how: How, group: &Group, example: Option<(u32, String)>) {
        self.example = example.or(self.example.take());
        let count = match how {
            How::States => &mut self.states,
            How::Sum => &mut self.lines,
            How::Again if group.has(PRODUCT) => &mut self.products,
            How::Again if group.has(CONTACT) => &mut self.contacts,
            How::Again if group.has(NOTES) => &mut self.notes,
            How::Again => &mut self.again,
        };
        *count += 1;
    }

    pub(super) fn fill(&mut self, parts: u32) {
        self.filled |= parts;
    }

    pub(super) fn told(self) -> Vec<Told> {
        let stand = |count: usize| match count {
            1 => "1 deal stands on several rows".to_owned(),
            _ => format!("{count} deals stand on several rows"),
        };
        let newest = "the newest by this column is the deal, the others tell how it moved";
        let sum = "they are its lines, and its amount is their sum";
        let first = "the first is taken, the others tell of it again";
        let lost = match self.dated {
            Some(_) => "that contradict each other: the first is taken, the others are conflicts",
            None => {
                "that differ, and no column says which is the newest: the first is taken, the \
                 others are conflicts"
            }
        };
        let example = self.example.map(|(_, text)| text);
        let mut told: Vec<Told> = [
            (self.states, self.dated.unwrap_or(Field::Updated), newest),
            (self.lines, Field::Amount, sum),
            (self.products, Field::Product, first),
            (self.contacts, Field::Contact, first),
            (self.notes, Field::Notes, first),
            (self.again, Field::ExternalId, first),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, field, what)| Told {
            field,
            reading: format!("{}: {what}", stand(count)),
            example: example.clone().filter(|_| field == Field::Amount),
        })
        .collect();
        let filled = FIELDS.iter().enumerate();
        let filled = filled.filter(|(at, _)| self.filled & 1 << at != 0);
        let filled: Vec<Field> = filled.map(|(_, field)| *field).collect();
        if let Some(field) = filled.first() {
            let words: Vec<String> = filled.iter().map(|field| field.words()).collect();
            told.push(Told {
                field: *field,
                reading: format!(
                    "what the row that is the deal leaves blank is taken from another of its rows: \
                     {}",
                    words.join(", ")
                ),
                example: None,
            });
        }
        if self.contradicting > 0 {
            told.push(Told {
                field: Field::ExternalId,
                reading: format!("{} {lost}", stand(self.contradicting)),
                example: None,
            });
        }
        told
    }
}
