//! How the columns of a file of deals are read, decided once from a sample of its rows.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::check_cancel;
use super::column::Column;
use super::crm::Object;
use super::error::ImportError;
use super::field::{Field, Kind};
use super::layout;
use super::lookup::Lookups;
use super::pairs::Pairs;
use super::roots::{self, Guess};
use super::settle::settle;
use super::table::{Cells, Table};
use super::text;
use super::values::amounts::{Code, Mark};
use super::values::dates::{Beside, Order};
use super::words::Words;

/// Rows from which the meaning of the columns is decided.
const SAMPLE: u64 = 20_000;
/// Characters of an example.
const EXAMPLE: usize = 40;
/// What became of a column, for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnReading {
    /// The file, printable.
    pub file: String,
    /// The header.
    pub column: String,
    /// What it means; none: not known, not read.
    pub field: Option<Field>,
    /// How its cells are read, in words.
    pub reading: String,
    /// A cell of it.
    pub example: Option<String>,
}

/// Something that was decided though the file does not prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The file, printable.
    pub file: String,
    /// The column; none where it concerns all of the file.
    pub column: Option<String>,
    /// What was decided, and why.
    pub reading: String,
    /// A cell that shows it.
    pub example: Option<String>,
    /// Whether it only tells of words that a known CRM has for won and lost.
    pub is_usual: bool,
}

/// How the cells of one column are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    Line,
    /// A name with an id in brackets behind it.
    Named,
    Free,
    Id,
    Day(Order),
    Amount(Mark),
    Minor,
    Percent(f64),
    /// Whether a blank means no: where a file writes only the yes.
    Flag {
        blank: Option<bool>,
    },
}

/// One column that is read.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// Which column, from 0.
    pub(crate) at: usize,
    pub(crate) field: Field,
    pub(crate) header: String,
    pub(crate) read: Read,
    /// A text by which its cells say that there is no day or amount.
    pub(crate) none: Option<String>,
    /// What a column of days has beside days.
    pub(crate) beside: Beside,
}

/// What a sample told.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) slots: Vec<Slot>,
    pub(crate) columns: Vec<ColumnReading>,
    pub(crate) assumptions: Vec<Assumption>,
    /// The portal, when all rows of the sample have one and the same.
    pub(crate) portal: Option<String>,
    /// The currency that the header of the amount names.
    pub(crate) currency: Option<Code>,
    /// The word of the stages or statuses that is won in this file alone.
    pub(crate) won: Option<String>,
    /// The unit of the amounts by their header; 1 where it names none.
    pub(crate) scale: i128,
    /// How often the amount is due in a year, by its header.
    pub(crate) times: Option<i64>,
    /// The header is repeated among the rows, above each group of them.
    pub(crate) has_groups: bool,
    /// An id stands on several rows.
    pub(crate) repeats: bool,
    /// The amounts are those of lines of the deals.
    pub(crate) is_lines: bool,
}

/// What the user said about columns, or a team's file about its CRM.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given {
    pub(crate) order: Option<Order>,
    pub(crate) currency: Option<Code>,
}

/// What is known of a file beside its columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'a> {
    pub(crate) given: Given,
    /// What a team's file says of its CRM.
    pub(crate) formats: Given,
    /// The words of the CRM for won and lost.
    pub(crate) words: &'a Words,
    /// Headers of it are in another language than English.
    pub(crate) is_local: bool,
    /// What its rows are.
    pub(crate) object: Object,
    /// It is of a CRM that is known, whose status is one.
    pub(crate) is_crm: bool,
    /// The columns that only the words of their headers tell of.
    pub(crate) guesses: &'a [Option<Guess>],
    /// The tables of owners, accounts and stages beside it.
    pub(crate) beside: &'a Lookups,
}

/// Returns a cell as it may be shown: clean, and not long.
pub(crate) fn example(cell: &str) -> String {
    let head: String = cell.chars().take(EXAMPLE).collect();
    let is_cut = head.len() < cell.len();
    let mut text = text::clean(&head, 4 * EXAMPLE, text::Lines::One).into_owned();
    if is_cut {
        text.push('\u{2026}');
    }
    text
}

/// Returns the text of a cell, trimmed and without the guard of a spreadsheet.
pub(crate) fn cell(cells: &Cells, at: usize) -> &str {
    let raw = cells.get(at).unwrap_or_default();
    let text = std::str::from_utf8(raw).unwrap_or_default().trim();
    match text.as_bytes().first() {
        Some(b'\'' | 0xe2) => text::unguard(text),
        _ => text,
    }
}

/// Reads the sample of a table whose header was read, and decides.
pub(crate) fn decide(
    file: &str,
    table: &mut dyn Table,
    headers: &[String],
    fields: &[Option<Field>],
    around: Around<'_>,
    cancel: Option<&Arc<AtomicBool>>,
) -> Result<Decided, ImportError> {
    let mut stats: Vec<Column> = headers.iter().map(|_| Column::default()).collect();
    let mut pairs = Pairs::default();
    let find = |is: fn(&str) -> bool| headers.iter().position(|header| is(header));
    let is_deal = around.object == Object::Deal;
    let pieces = find(roots::is_quantity).zip(find(roots::is_price));
    let pieces = pieces.filter(|_| is_deal);
    let is_paired = pieces.is_some()
        || fields
            .iter()
            .any(|f| matches!(f, Some(Field::AmountText | Field::AmountPeriod)));
    let mut cells = Cells::new();
    let mut rows = 0;
    let mut has_groups = false;
    let of_id = |f: &Option<Field>| matches!(f, Some(Field::ExternalId | Field::Url));
    let id = fields.iter().position(of_id);
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let mut ids: HashSet<u64> = HashSet::new();
    let mut repeats = false;
    while rows < SAMPLE {
        check_cancel(cancel)?;
        match table.read(&mut cells) {
            Ok(Some(_)) => rows += 1,
            // A row without end is told of when the rows are read, behind the good ones.
            Ok(None) | Err(ImportError::Runaway { .. } | ImportError::Json { .. }) => break,
            Err(error) => return Err(error),
        }
        if is_paired {
            pairs.add(&cells, fields, pieces);
        }
        if let Some(id) = id.map(|at| cell(&cells, at)) {
            repeats |= !text::is_blank(id) && !ids.insert(hasher.hash_one(id));
        }
        has_groups |= layout::is_header(headers, &cells);
        for (at, column) in stats.iter_mut().enumerate() {
            let text = cell(&cells, at);
            if text::is_blank(text) || text.len() > 4096 || text == headers[at] {
                continue;
            }
            let field = fields[at].unwrap_or(Field::Ignore);
            column.add(field.kind(), field, text);
        }
    }
    let (fields, is_lines, mut assumptions) = settle(file, headers, fields, &mut stats, around);
    let mut decided = Decider {
        file,
        headers,
        fields: &fields,
        stats: &stats,
        pairs: &pairs,
        around,
    }
    .decide();
    assumptions.append(&mut decided.assumptions);
    decided.assumptions = assumptions;
    decided.has_groups = has_groups;
    decided.repeats = repeats;
    decided.is_lines = is_lines || pairs.products > pairs.others;
    Ok(decided)
}

pub(crate) struct Decider<'a> {
    pub(super) file: &'a str,
    pub(super) headers: &'a [String],
    pub(super) fields: &'a [Option<Field>],
    pub(super) stats: &'a [Column],
    pub(super) pairs: &'a Pairs,
    pub(super) around: Around<'a>,
}

impl Decider<'_> {
    fn decide(&self) -> Decided {
        let mut out = Decided {
            slots: Vec::new(),
            columns: Vec::new(),
            assumptions: Vec::new(),
            portal: None,
            currency: None,
            won: None,
            scale: 1,
            times: None,
            has_groups: false,
            repeats: false,
            is_lines: false,
        };
        let siblings = self.siblings();
        for (at, header) in self.headers.iter().enumerate() {
            let stats = &self.stats[at];
            let field = self.fields[at];
            let (read, reading) = match field {
                None => (None, "not known, not read".to_owned()),
                Some(Field::Ignore) => (None, "not read".to_owned()),
                Some(field) => {
                    let (read, words) = self.reading(at, field, siblings, &mut out.assumptions);
                    (Some(read), words)
                }
            };
            if let (Some(field), Some(read)) = (field, read) {
                if field == Field::Portal {
                    out.portal = stats.constant.clone().filter(|_| !stats.is_mixed);
                } else if !self.is_passed_over(field, stats) {
                    out.slots.push(Slot {
                        at,
                        field,
                        header: header.clone(),
                        read,
                        none: stats.none().map(ToOwned::to_owned),
                        beside: self.beside(at, field),
                    });
                }
            }
            out.columns.push(ColumnReading {
                file: self.file.to_owned(),
                column: header.clone(),
                field: field.filter(|field| *field != Field::Ignore),
                reading,
                example: stats.example.clone(),
            });
        }
        // An amount needs the currency of its row.
        out.slots.sort_by_key(|slot| slot.field != Field::Currency);
        self.assume_currency(&mut out);
        self.assume_periods(&mut out);
        self.assume_ids(&mut out);
        self.assume_cells(&mut out);
        self.assume_days(&mut out);
        self.assume_status(&mut out);
        self.assume_title(&mut out);
        out
    }

    /// Columns that only prove something of another one, or of which nothing can be used.
    fn is_passed_over(&self, field: Field, stats: &Column) -> bool {
        match (field, self.has(Field::Amount)) {
            (Field::AmountText, has_amount) => has_amount,
            (Field::LineAmount, _) => true,
            (Field::ExternalId, _) => stats.is_round(),
            _ => field == Field::Merged,
        }
    }

    /// What most people do who write such a file, and how it is known.
    fn habit(&self) -> Option<(Order, &'static str)> {
        if let Some(order) = self.around.formats.order {
            return Some((order, "both orders fit; the file about this CRM says so"));
        }
        if self.around.is_local {
            let why = "both orders fit; in the language of the headers the day comes first";
            return Some((Order::Dmy, why));
        }
        let mut amounts = self
            .fields
            .iter()
            .zip(self.stats)
            .filter(|(field, _)| **field == Some(Field::Amount));
        amounts
            .any(|(_, stats)| stats.amounts.proven() == Some(Mark::Comma))
            .then_some((
                Order::Dmy,
                "both orders fit; who writes a decimal comma has the day first",
            ))
    }

    /// The order that the other date columns of the file prove.
    fn siblings(&self) -> Option<Order> {
        let mut proven = None;
        for (at, column) in self.stats.iter().enumerate() {
            if self.fields[at].is_none_or(|field| field.kind() != Kind::Day) {
                continue;
            }
            match (proven, column.dates.proven()) {
                (None, order) => proven = order,
                (Some(a), Some(b)) if a != b => return None,
                (Some(_), _) => {}
            }
        }
        proven
    }

    fn reading(
        &self,
        at: usize,
        field: Field,
        siblings: Option<Order>,
        assumptions: &mut Vec<Assumption>,
    ) -> (Read, String) {
        let stats = &self.stats[at];
        let mut assume = |reading: String, example: Option<String>| {
            assumptions.push(Assumption {
                file: self.file.to_owned(),
                column: Some(self.headers[at].clone()),
                reading,
                example,
                is_usual: false,
            });
        };
        match field.kind() {
            Kind::Line if stats.named * 2 > stats.seen => {
                (Read::Named, "name, with its id in brackets".to_owned())
            }
            Kind::Line => (Read::Line, "text".to_owned()),
            Kind::Free if stats.has_html => (Read::Free, "free text, from HTML".to_owned()),
            Kind::Free => (Read::Free, "free text".to_owned()),
            Kind::Id if field == Field::ExternalId && stats.is_round() => (
                Read::Id,
                "ids that a spreadsheet rounded, not read".to_owned(),
            ),
            Kind::Id if field == Field::Merged => (
                Read::Id,
                "ids of records that were merged into it".to_owned(),
            ),
            Kind::Id | Kind::Nothing => (Read::Id, "id, as text".to_owned()),
            Kind::Amount if field == Field::Amount && self.pairs.cents > self.pairs.units => {
                let words = "amount in cents".to_owned();
                assume(
                    format!("{words}, as the text of the amount beside it shows"),
                    self.pairs.example.clone(),
                );
                (Read::Minor, words)
            }
            Kind::Amount if field == Field::AmountMinor => {
                (Read::Minor, "amount in minor units".to_owned())
            }
            Kind::Amount => {
                let decision = stats.amounts.decide();
                let words = format!("amount, {}", decision.mark.words());
                if let Some(why) = decision.assumed {
                    assume(format!("{words}: {why}"), decision.example);
                }
                (Read::Amount(decision.mark), words)
            }
            Kind::Day => {
                let order = self.around.given.order;
                let decision = stats.dates.decide(order, siblings, self.habit());
                let words = if stats.dates.needs_order() {
                    decision.order.words().to_owned()
                } else if stats.dates.serial > stats.dates.fixed {
                    let words = "date, as a spreadsheet's number of days";
                    assume(words.to_owned(), stats.example.clone());
                    words.to_owned()
                } else {
                    "date that names its parts".to_owned()
                };
                if let Some(why) = decision.assumed.filter(|_| stats.dates.needs_order()) {
                    assume(format!("{words}: {why}"), decision.example);
                }
                (Read::Day(decision.order), words)
            }
            Kind::Percent => {
                let factor = stats.percents.factor();
                let words = if factor > 1.0 {
                    "chance, 0 to 1"
                } else {
                    "chance, 0 to 100"
                };
                (Read::Percent(factor), words.to_owned())
            }
            Kind::Flag => {
                // Salesforce's command line writes true as 1 and false as nothing.
                let only_yes = stats.yes > 0 && stats.no == 0;
                let blank = only_yes.then_some(false);
                let words = if only_yes {
                    "yes, or blank for no"
                } else {
                    "yes or no"
                };
                (Read::Flag { blank }, words.to_owned())
            }
        }
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.fields
            .iter()
            .zip(self.stats)
            .any(|(f, s)| *f == Some(field) && s.seen > 0)
    }
}
