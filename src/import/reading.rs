//! How the columns of a file of deals are read, decided once from a sample of its rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::ImportError;
use super::field::{Field, Kind};
use super::table::{Cells, Table};
use super::text;
use super::values::amounts::{self, Code, Mark};
use super::values::dates::{self, Order};
use super::values::{Percents, flag};

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
}

/// How the cells of one column are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    Line,
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
}

/// What a sample told.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) slots: Vec<Slot>,
    pub(crate) columns: Vec<ColumnReading>,
    pub(crate) assumptions: Vec<Assumption>,
    /// The portal, when all rows of the sample have one and the same.
    pub(crate) portal: Option<String>,
}

/// What the user said about columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given {
    pub(crate) order: Option<Order>,
    pub(crate) currency: Option<Code>,
}

/// What the sample says about one column.
#[derive(Default)]
struct Column {
    seen: u64,
    example: Option<String>,
    dates: dates::Tally,
    amounts: amounts::Tally,
    percents: Percents,
    /// Cells that say yes, and cells that say no.
    yes: u64,
    no: u64,
    /// The one value of the column, while there is only one.
    constant: Option<String>,
    is_mixed: bool,
    /// Currencies that are none.
    strange: Option<String>,
}

impl Column {
    fn add(&mut self, kind: Kind, field: Field, cell: &str) {
        self.seen += 1;
        if self.example.is_none() {
            self.example = Some(example(cell));
        }
        match kind {
            Kind::Day => self.dates.add(cell),
            Kind::Amount => self.amounts.add(cell),
            Kind::Percent => self.percents.add(cell),
            Kind::Flag => match flag(cell) {
                Some(true) => self.yes += 1,
                Some(false) => self.no += 1,
                None => {}
            },
            Kind::Id if field == Field::Portal && !self.is_mixed => match &self.constant {
                None => self.constant = Some(cell.to_owned()),
                Some(constant) => self.is_mixed = constant != cell,
            },
            Kind::Line if field == Field::Currency && self.strange.is_none() => {
                if amounts::currency(cell).is_none() {
                    self.strange = Some(example(cell));
                }
            }
            Kind::Line | Kind::Free | Kind::Id | Kind::Nothing => {}
        }
    }
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
    given: Given,
    cancel: Option<&Arc<AtomicBool>>,
) -> Result<Decided, ImportError> {
    let mut stats: Vec<Column> = headers.iter().map(|_| Column::default()).collect();
    let mut cells = Cells::new();
    let mut rows = 0;
    while rows < SAMPLE {
        if cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(ImportError::Cancelled);
        }
        match table.read(&mut cells) {
            Ok(Some(_)) => rows += 1,
            // A row without end is told of when the rows are read, behind the good ones.
            Ok(None) | Err(ImportError::Runaway { .. } | ImportError::Json { .. }) => break,
            Err(error) => return Err(error),
        }
        for (at, column) in stats.iter_mut().enumerate() {
            let text = cell(&cells, at);
            if text::is_blank(text) || text.len() > 4096 || text == headers[at] {
                continue;
            }
            let field = fields[at].unwrap_or(Field::Ignore);
            column.add(field.kind(), field, text);
        }
    }
    Ok(Decider {
        file,
        headers,
        fields,
        stats: &stats,
        given,
    }
    .decide())
}

struct Decider<'a> {
    file: &'a str,
    headers: &'a [String],
    fields: &'a [Option<Field>],
    stats: &'a [Column],
    given: Given,
}

impl Decider<'_> {
    fn decide(&self) -> Decided {
        let mut out = Decided {
            slots: Vec::new(),
            columns: Vec::new(),
            assumptions: Vec::new(),
            portal: None,
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
                } else {
                    out.slots.push(Slot {
                        at,
                        field,
                        header: header.clone(),
                        read,
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
        self.assume_title(&mut out);
        out
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
            });
        };
        match field.kind() {
            Kind::Line => (Read::Line, "text".to_owned()),
            Kind::Free => (Read::Free, "free text".to_owned()),
            Kind::Id | Kind::Nothing => (Read::Id, "id, as text".to_owned()),
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
                let decision = stats.dates.decide(self.given.order, siblings);
                let words = if stats.dates.needs_order() {
                    decision.order.words().to_owned()
                } else if stats.dates.serial > stats.dates.fixed {
                    "date, as a spreadsheet's number".to_owned()
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

    fn has(&self, field: Field) -> bool {
        self.fields
            .iter()
            .zip(self.stats)
            .any(|(f, s)| *f == Some(field) && s.seen > 0)
    }

    fn assume_currency(&self, out: &mut Decided) {
        let mut assume = |column: Option<&String>, reading: &str, example: Option<String>| {
            out.assumptions.push(Assumption {
                file: self.file.to_owned(),
                column: column.cloned(),
                reading: reading.to_owned(),
                example,
            });
        };
        for (at, field) in self.fields.iter().enumerate() {
            let stats = &self.stats[at];
            if *field == Some(Field::Amount) && stats.seen > 0 {
                let header = Some(&self.headers[at]);
                let dollar = &stats.amounts.dollar;
                if self.given.currency.is_none() && !self.has(Field::Currency) {
                    if dollar.is_some() {
                        assume(
                            header,
                            "`$` is read as USD; `--currency` says otherwise",
                            dollar.clone(),
                        );
                    } else if !stats.amounts.has_currency {
                        assume(
                            header,
                            "no currency is named: amounts have none; `--currency` gives one",
                            stats.example.clone(),
                        );
                    }
                }
            }
            if *field == Some(Field::Currency)
                && let Some(strange) = &stats.strange
            {
                let reading = "no currency that is known: such amounts have none";
                assume(Some(&self.headers[at]), reading, Some(strange.clone()));
            }
        }
    }

    fn assume_title(&self, out: &mut Decided) {
        let is_deal = |field: &Option<Field>| {
            !matches!(
                field,
                Some(
                    Field::At
                        | Field::Due
                        | Field::Completed
                        | Field::DealId
                        | Field::LastName
                        | Field::Subject
                )
            )
        };
        if self.has(Field::Title) || !self.fields.iter().all(is_deal) {
            return;
        }
        let stand_ins = [
            (Field::Product, "product"),
            (Field::Account, "account"),
            (Field::ExternalId, "id"),
        ];
        let stand_in = stand_ins.into_iter().find(|(field, _)| self.has(*field));
        let Some((field, word)) = stand_in else {
            return;
        };
        let at = self.fields.iter().position(|f| *f == Some(field));
        out.assumptions.push(Assumption {
            file: self.file.to_owned(),
            column: at.map(|at| self.headers[at].clone()),
            reading: format!("the file has no title: the {word} stands for it"),
            example: at.and_then(|at| self.stats[at].example.clone()),
        });
    }
}
