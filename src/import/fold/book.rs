//! The rows of a file in which deals stand on several, until its end.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{Datelike, NaiveDate};

use super::super::crm::identity;
use super::super::deal::DealRow;
use super::super::field::Field;
use super::super::frame::Frame;
use super::super::values::amounts::Code;
use super::told::{Summary, Told};
use super::{Folded, Folds, How};
use crate::domain::money::{Currency, Money};
use crate::store::IncomingMove;

/// Products of a deal that are named.
const PRODUCTS: usize = 5;
/// Lines whose amounts an example shows.
const SHOWN: usize = 3;

// What rows of one deal are compared by, as bits.
const TITLE: u32 = 1;
const ACCOUNT: u32 = 1 << 1;
const AMOUNT: u32 = 1 << 2;
pub(super) const PRODUCT: u32 = 1 << 3;
const NOTES: u32 = 1 << 4;
const KIND: u32 = 1 << 5;
const UPDATED: u32 = 1 << 6;
pub(super) const CONTACT: u32 = 1 << 7;
/// The first bit of what neither a line nor a contact has of its own.
const REST: usize = 8;
/// How many there are.
const PARTS: usize = 22;

/// What the lines of one deal may differ in.
const OF_LINES: u32 = AMOUNT | PRODUCT | NOTES | KIND | UPDATED;
/// What a row may differ in that tells of the same deal again.
const OF_AGAIN: u32 = PRODUCT | NOTES | CONTACT;

/// Two bytes for each part of a deal, 0 for a blank.
fn digest(deal: &DealRow) -> [u16; PARTS] {
    fn part(value: Option<impl Hash>) -> u16 {
        value.map_or(0, |value| hash(value) as u16 | 1)
    }
    let title = Some(&deal.title).filter(|_| deal.title_assumed.is_none());
    let amount = deal.amount.map(|amount| amount.minor);
    let currency = deal.amount.and_then(|amount| amount.currency);
    [
        part(title),
        part(deal.account.as_ref().or(deal.account_id.as_ref())),
        part(amount),
        part(deal.product.as_ref()),
        part(deal.notes.as_ref()),
        part(deal.deal_type.as_ref()),
        part(deal.updated),
        part(deal.contact.as_ref().or(deal.contact_id.as_ref())),
        part(currency),
        part(deal.owner.as_ref()),
        part(deal.stage.as_ref()),
        part(deal.pipeline.as_ref()),
        part(deal.probability.map(f64::to_bits)),
        part(Some(deal.status.code())),
        part(deal.created),
        part(deal.expected_close),
        part(deal.closed),
        part(deal.lost_reason.as_ref()),
        part(deal.last_activity),
        part(deal.stage_changed),
        part(deal.next_step.as_ref()),
        part(deal.lead_source.as_ref()),
    ]
}

pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A deal, while the rows are read.
pub(super) struct Group {
    first: [u16; PARTS],
    /// What its rows differ in.
    differs: u32,
    rows: u32,
    is_dated: bool,
}

impl Group {
    fn meet(&mut self, digest: &[u16; PARTS]) {
        for (bit, (mine, theirs)) in self.first.iter_mut().zip(digest).enumerate() {
            if *mine == 0 {
                *mine = *theirs;
            } else if *theirs != 0 && mine != theirs {
                self.differs |= 1 << bit.min(REST);
            }
        }
    }

    pub(super) fn has(&self, bit: u32) -> bool {
        self.differs & bit != 0
    }

    fn only(&self, bits: u32) -> bool {
        self.differs & !bits == 0
    }
}

/// A row of a deal.
#[derive(Clone, Copy)]
struct Row {
    deal: u32,
    number: u32,
    line: u32,
    /// The day by which it is newer than another one.
    day: i32,
    close: i32,
    /// Its stage and its product; 0 for none.
    stage: u32,
    product: u32,
    /// All of its cells.
    cells: u64,
    amount: Option<i64>,
}

/// The rows of a file, until its end.
pub(super) struct Book {
    /// By which day a row is newer than another one.
    dated: Option<Field>,
    groups: Vec<Group>,
    known: HashMap<u64, u32>,
    rows: Vec<Row>,
    texts: Vec<String>,
    known_texts: HashMap<String, u32>,
    currency: Option<Code>,
}

impl Book {
    pub(super) fn new(frame: &Frame) -> Self {
        let has = |field: &Field| frame.slots.iter().any(|slot| slot.field == *field);
        let dated = [Field::AsOf, Field::StageChanged, Field::Updated];
        let dated = dated.into_iter().find(has);
        Self {
            dated,
            groups: Vec::new(),
            known: HashMap::new(),
            rows: Vec::new(),
            texts: Vec::new(),
            known_texts: HashMap::new(),
            currency: None,
        }
    }

    fn text(&mut self, text: Option<&String>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(known) = self.known_texts.get(text) {
            return *known;
        }
        self.texts.push(text.clone());
        let number = self.texts.len() as u32;
        self.known_texts.insert(text.clone(), number);
        number
    }

    pub(super) fn add(&mut self, deal: &DealRow, cells: u64) {
        let Some(id) = &deal.external_id else { return };
        let key = hash((&*deal.source, identity(&deal.source, id)));
        let digest = digest(deal);
        let groups = &mut self.groups;
        let number = *self.known.entry(key).or_insert_with(|| {
            groups.push(Group {
                first: digest,
                differs: 0,
                rows: 0,
                is_dated: true,
            });
            groups.len() as u32 - 1
        });
        let day = match self.dated {
            Some(Field::AsOf) => deal.as_of,
            Some(Field::StageChanged) => deal.stage_changed,
            Some(_) => deal.updated,
            None => None,
        };
        let group = &mut self.groups[number as usize];
        group.rows += 1;
        group.is_dated &= day.is_some();
        group.meet(&digest);
        self.currency = self.currency.or(deal.amount.and_then(|a| a.currency));
        let number_of = |day: Option<NaiveDate>| day.map_or(0, |day| day.num_days_from_ce());
        let row = Row {
            deal: number,
            number: deal.row as u32,
            line: deal.line as u32,
            day: number_of(day),
            close: number_of(deal.expected_close),
            stage: self.text(deal.stage.as_ref()),
            product: self.text(deal.product.as_ref()),
            cells,
            amount: deal.amount.map(|amount| amount.minor),
        };
        self.rows.push(row);
    }

    /// Whether the amounts are those of lines: products differ, nothing else of the deal does, and
    /// so do the amounts of most such deals.
    fn are_lines(&self) -> bool {
        let of_products = |group: &&Group| group.has(PRODUCT) && group.only(OF_LINES);
        let (mut all, mut different) = (0, 0);
        for group in self.groups.iter().filter(of_products) {
            all += 1;
            different += usize::from(group.has(AMOUNT));
        }
        different * 2 > all
    }

    fn how(&self, group: &Group, is_lines: bool) -> Option<How> {
        let is_other = group.has(TITLE) && group.has(ACCOUNT);
        if group.rows < 2 || is_other {
            return None;
        }
        if is_lines && group.only(OF_LINES) {
            return Some(How::Sum);
        }
        if group.differs == 0 {
            return None;
        }
        if group.only(OF_AGAIN) {
            return Some(How::Again);
        }
        (group.is_dated && self.dated.is_some()).then_some(How::States)
    }

    pub(super) fn decide(mut self, rows: usize, is_lines: bool) -> (Option<Folds>, Vec<Told>) {
        let is_lines = is_lines || self.are_lines();
        let mut folds = Folds {
            of: vec![0; rows],
            deals: Vec::new(),
        };
        let mut counts = Summary::default();
        self.rows.sort_by_key(|row| (row.deal, row.number));
        let all = std::mem::take(&mut self.rows);
        for rows in all.chunk_by(|a, b| a.deal == b.deal) {
            let group = &self.groups[rows[0].deal as usize];
            let Some(how) = self.how(group, is_lines) else {
                counts.contradicting += usize::from(group.differs != 0);
                continue;
            };
            let folded = match how {
                How::States => self.states(rows),
                How::Sum => self.sum(rows),
                How::Again => Some(self.again(rows)),
            };
            let Some(folded) = folded else {
                counts.contradicting += 1;
                continue;
            };
            counts.note(&folded, group, || self.example(rows));
            folds.deals.push(folded);
            for row in rows {
                folds.of[row.number as usize - 1] = folds.deals.len() as u32;
            }
        }
        let told = counts.told(self.dated);
        (Some(folds).filter(|folds| !folds.deals.is_empty()), told)
    }

    /// The rows of states, the newest as the deal; none where all are of one day.
    fn states(&self, rows: &[Row]) -> Option<Folded> {
        let mut rows = rows.to_vec();
        // A file may begin with the newest: then so do the rows of one day.
        let falls = rows.windows(2).any(|pair| pair[1].day < pair[0].day);
        let rises = rows.windows(2).any(|pair| pair[1].day > pair[0].day);
        if !falls && !rises {
            return None;
        }
        if falls && !rises {
            rows.reverse();
        }
        rows.sort_by_key(|row| row.day);
        let newest = rows.last()?;
        let day = |number| NaiveDate::from_num_days_from_ce_opt(number);
        let mut moves = Vec::new();
        let mut tell = |field, value: &dyn Fn(&Row) -> Option<String>| {
            let mut before = None;
            for row in &rows {
                let Some(now) = value(row) else { continue };
                if let (Some(old), Some(day)) = (before.replace(now.clone()), day(row.day))
                    && old != now
                {
                    moves.push(IncomingMove {
                        field,
                        day,
                        old: Some(old),
                        new: Some(now),
                    });
                }
            }
        };
        tell("amount", &|row| row.amount.map(|minor| minor.to_string()));
        tell("expected_close", &|row| {
            (row.close != 0).then(|| day(row.close).map(|day| day.to_string()))?
        });
        tell("stage", &|row| self.named(row.stage));
        Some(Folded {
            how: How::States,
            row: newest.number,
            line: newest.line,
            moves,
            amount: None,
            product: None,
            repeats: Vec::new(),
        })
    }

    /// The lines of a deal, the first as the deal; none where an amount is missing or too great.
    fn sum(&self, rows: &[Row]) -> Option<Folded> {
        let mut seen = BTreeSet::new();
        let mut repeats = Vec::new();
        let mut sum = 0_i64;
        for row in rows {
            if seen.insert(row.cells) {
                sum = sum.checked_add(row.amount?)?;
            } else {
                repeats.push(row.number);
            }
        }
        Some(Folded {
            how: How::Sum,
            amount: Some(sum),
            repeats,
            ..self.again(rows)
        })
    }

    /// Rows that tell of one deal, the first as the deal.
    fn again(&self, rows: &[Row]) -> Folded {
        let mut products: Vec<u32> = Vec::new();
        for row in rows.iter().filter(|row| row.product != 0) {
            if !products.contains(&row.product) {
                products.push(row.product);
            }
        }
        let named = products.iter().filter_map(|product| self.named(*product));
        let mut names = named.take(PRODUCTS).collect::<Vec<_>>().join(", ");
        if products.len() > PRODUCTS {
            names = format!("{names} and {} more", products.len() - PRODUCTS);
        }
        Folded {
            how: How::Again,
            row: rows[0].number,
            line: rows[0].line,
            moves: Vec::new(),
            amount: None,
            product: Some(names).filter(|_| products.len() > 1),
            repeats: Vec::new(),
        }
    }

    fn named(&self, number: u32) -> Option<String> {
        let at = (number as usize).checked_sub(1)?;
        self.texts.get(at).cloned()
    }

    /// The amounts of some lines, as they are added.
    fn example(&self, rows: &[Row]) -> String {
        let currency = self.currency.and_then(|code| {
            let code = std::str::from_utf8(&code).ok()?;
            Currency::parse(code)
        });
        let shown = |row: &Row| {
            let minor = row.amount.unwrap_or_default();
            Money::new(minor, currency).to_decimal().to_string()
        };
        let shown: Vec<_> = rows.iter().take(SHOWN).map(shown).collect();
        let more = if rows.len() > SHOWN {
            " + \u{2026}"
        } else {
            ""
        };
        format!("{}{more}", shown.join(" + "))
    }
}
