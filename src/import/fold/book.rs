//! The rows of a file in which deals stand on several, until its end.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use super::super::crm::identity;
use super::super::deal::DealRow;
use super::super::field::Field;
use super::super::frame::Frame;
use super::super::history::Followed;
use super::super::values::amounts::Code;
use super::part::{
    ACCOUNT, AMOUNT, CLOSE, CURRENCY, Group, OF_AGAIN, OF_LINES, PRODUCT, TITLE, digest, hash, said,
};
use super::told::Summary;
use super::{Folded, Folds, How, Lines, Step};
use crate::domain::money::{Currency, Money};

/// Products of a deal that are named.
const PRODUCTS: usize = 5;
/// Lines whose amounts an example shows.
const SHOWN: usize = 3;

/// A row of a deal; what it does not have is 0.
#[derive(Clone, Copy)]
struct Row {
    deal: u32,
    number: u32,
    line: u32,
    /// The parts of which it says something.
    has: u32,
    /// The day by which it is newer than another one.
    day: i32,
    close: i32,
    /// The places of its stage and its product, from 1.
    stage: u32,
    product: u32,
    amount: i64,
    /// All of its cells.
    cells: u64,
}

impl Row {
    fn amount(&self) -> Option<i64> {
        Some(self.amount).filter(|_| self.has & AMOUNT != 0)
    }
}

/// Names of which each is kept once.
#[derive(Default)]
struct Texts {
    all: Vec<String>,
    known: HashMap<String, u32>,
}

impl Texts {
    /// The place of a text, from 1; 0 for none.
    fn place(&mut self, text: Option<&String>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        self.all.push(text.clone());
        let place = self.all.len() as u32;
        self.known.insert(text.clone(), place);
        place
    }
}

/// A row that is read again, for what a deal takes of it.
pub(super) struct Wanted {
    pub(super) row: u32,
    /// The deal, from 1.
    pub(super) deal: u32,
    pub(super) parts: u32,
}

/// What was decided.
pub(super) struct Decided {
    pub(super) folds: Folds,
    pub(super) wanted: Vec<Wanted>,
    pub(super) summary: Summary,
}

/// What tells an id from every other one.
pub(super) fn key(source: &str, id: &str) -> u64 {
    hash(identity(source, id))
}

/// The rows of a file whose ids stand on several, until its end.
pub(super) struct Book<'f> {
    frame: &'f Frame,
    /// By which day a row is newer than another one.
    dated: Option<Field>,
    /// The ids, with the place of their deal, from 1.
    known: HashMap<u64, u32>,
    groups: Vec<Group>,
    rows: Vec<Row>,
    texts: Texts,
    currency: Option<Code>,
}

impl<'f> Book<'f> {
    /// Of a file with these ids.
    pub(super) fn new(frame: &'f Frame, mut keys: Vec<u64>) -> Self {
        keys.sort_unstable();
        let several = || keys.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        let has = |field: &Field| frame.slots.iter().any(|slot| slot.field == *field);
        let dated = [Field::AsOf, Field::StageChanged, Field::Updated];
        let mut known = HashMap::with_capacity(several().count());
        known.extend(several().map(|same| (same[0], 0)));
        Self {
            frame,
            dated: dated.into_iter().find(has),
            known,
            groups: Vec::new(),
            rows: Vec::with_capacity(several().map(<[u64]>::len).sum()),
            texts: Texts::default(),
            currency: None,
        }
    }

    /// Whether no id stands on several rows.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether an id stands on several rows.
    pub(super) fn has(&self, id: &str) -> bool {
        self.known.contains_key(&key(&self.frame.source, id))
    }

    pub(super) fn add(&mut self, deal: &DealRow, cells: u64) {
        let id = deal.external_id.as_ref();
        let Some(place) = id.and_then(|id| self.known.get_mut(&key(&self.frame.source, id))) else {
            return;
        };
        if *place == 0 {
            self.groups.push(Group::default());
            *place = self.groups.len() as u32;
        }
        let number = *place - 1;
        let day = match self.dated {
            Some(Field::AsOf) => deal.as_of,
            Some(Field::StageChanged) => deal.stage_changed,
            Some(_) => deal.updated,
            None => None,
        };
        let digest = digest(deal);
        self.groups[number as usize].meet(&digest, day.is_some());
        self.currency = self.currency.or(deal.amount.and_then(|a| a.currency));
        let number_of = |day: Option<NaiveDate>| day.map_or(0, |day| day.num_days_from_ce());
        self.rows.push(Row {
            deal: number,
            number: deal.row as u32,
            line: deal.line as u32,
            has: said(&digest),
            day: number_of(day),
            close: number_of(deal.expected_close),
            stage: self.texts.place(deal.stage.as_ref()),
            product: self.texts.place(deal.product.as_ref()),
            amount: deal.amount.map_or(0, |amount| amount.minor),
            cells,
        });
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
            // Of one line nobody knows what it is in.
            return (group.gaps() & CURRENCY == 0).then_some(How::Sum);
        }
        // Whether an amount without a currency is the same as one with it nobody knows.
        let is_unlike = group.gaps() & (AMOUNT | CURRENCY) == CURRENCY;
        if group.is_one() && (group.gaps() == 0 || is_unlike) {
            return None;
        }
        if group.only(OF_AGAIN) && !is_unlike {
            return Some(How::Again);
        }
        (group.is_dated && self.dated.is_some()).then_some(How::States)
    }

    pub(super) fn decide(mut self, rows: usize, is_lines: bool) -> Decided {
        let is_lines = is_lines || self.are_lines();
        let mut all = std::mem::take(&mut self.rows);
        all.sort_unstable_by_key(|row| (row.deal, row.number));
        let mut summary = Summary::new(self.dated);
        let mut wanted = Vec::new();
        let mut folds = Folds {
            of: vec![0; rows],
            deals: Vec::new(),
            steps: Vec::new(),
            texts: Vec::new(),
            blanks: HashMap::new(),
        };
        for rows in all.chunk_by_mut(|a, b| a.deal == b.deal) {
            let group = &self.groups[rows[0].deal as usize];
            let Some(how) = self.how(group, is_lines) else {
                summary.contradicting += usize::from(!group.is_one() && rows.len() > 1);
                continue;
            };
            let example = || self.example(rows);
            let example = matches!(how, How::Sum).then(example);
            let lines = match how {
                // The newest comes first, as the first does of the others.
                How::States => in_time(rows).then_some(None),
                How::Sum => self.sum(rows).map(Some),
                How::Again => Some(self.again(rows)),
            };
            let Some(lines) = lines else {
                summary.contradicting += 1;
                continue;
            };
            let from = folds.steps.len() as u32;
            if how == How::States {
                steps(rows, &mut folds.steps);
            }
            folds.deals.push(Folded {
                how,
                row: rows[0].number,
                line: rows[0].line,
                steps: (from, folds.steps.len() as u32),
                lines: lines.map(Box::new),
            });
            let deal = folds.deals.len() as u32;
            for row in &*rows {
                folds.of[row.number as usize - 1] = deal;
            }
            let mut blank = !rows[0].has & !CURRENCY;
            for row in &rows[1..] {
                let parts = row.has & blank;
                if parts != 0 {
                    blank &= !parts;
                    summary.fill(parts);
                    let row = row.number;
                    wanted.push(Wanted { row, deal, parts });
                }
            }
            summary.note(how, group, example);
        }
        folds.texts = self.texts.all;
        Decided {
            folds,
            wanted,
            summary,
        }
    }

    /// The lines of a deal, the first as the deal; none where an amount is missing or too great.
    fn sum(&self, rows: &[Row]) -> Option<Lines> {
        let mut seen = BTreeSet::new();
        let mut repeats = Vec::new();
        let mut sum = 0_i64;
        for row in rows {
            if seen.insert(row.cells) {
                sum = sum.checked_add(row.amount()?)?;
            } else {
                repeats.push(row.number);
            }
        }
        Some(Lines {
            amount: Some(sum),
            repeats,
            product: self.products(rows),
        })
    }

    /// What rows that tell of one deal say together.
    fn again(&self, rows: &[Row]) -> Option<Lines> {
        let product = self.products(rows);
        product.is_some().then(|| Lines {
            product,
            ..Lines::default()
        })
    }

    /// The names of several products.
    fn products(&self, rows: &[Row]) -> Option<String> {
        let mut products: Vec<u32> = Vec::new();
        for row in rows.iter().filter(|row| row.product != 0) {
            if !products.contains(&row.product) {
                products.push(row.product);
            }
        }
        if products.len() < 2 {
            return None;
        }
        let named = products.iter().map(|place| self.named(*place));
        let names = named.take(PRODUCTS).collect::<Vec<_>>().join(", ");
        Some(match products.len() {
            more if more > PRODUCTS => format!("{names} and {} more", more - PRODUCTS),
            _ => names,
        })
    }

    fn named(&self, place: u32) -> &str {
        &self.texts.all[place as usize - 1]
    }

    /// The amounts of some lines, as they are added.
    fn example(&self, rows: &[Row]) -> String {
        let currency = self.currency.and_then(|code| {
            let code = std::str::from_utf8(&code).ok()?;
            Currency::parse(code)
        });
        let shown = |row: &Row| Money::new(row.amount, currency).to_decimal().to_string();
        let shown: Vec<_> = rows.iter().take(SHOWN).map(shown).collect();
        let more = if rows.len() > SHOWN {
            " + \u{2026}"
        } else {
            ""
        };
        format!("{}{more}", shown.join(" + "))
    }
}

/// Puts the rows of states in their order, the newest first; not where all are of one day.
fn in_time(rows: &mut [Row]) -> bool {
    let falls = rows.windows(2).any(|pair| pair[1].day < pair[0].day);
    let rises = rows.windows(2).any(|pair| pair[1].day > pair[0].day);
    // A file may begin with the newest: then so do the rows of one day.
    if !falls || rises {
        rows.reverse();
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.day));
    falls || rises
}

/// The moves between the states of a deal, of which the newest comes first.
fn steps(rows: &[Row], into: &mut Vec<Step>) {
    let mut tell = |what: Followed, value: &dyn Fn(&Row) -> Option<i64>| {
        let mut before = None;
        for row in rows.iter().rev() {
            let Some(new) = value(row) else { continue };
            if let Some(old) = before.replace(new).filter(|old| *old != new) {
                let day = row.day;
                into.push(Step {
                    what,
                    day,
                    old,
                    new,
                });
            }
        }
    };
    tell(Followed::Amount, &Row::amount);
    let has_close = |row: &&Row| row.has & CLOSE != 0;
    tell(Followed::Close, &|row| {
        Some(row).filter(has_close).map(|row| i64::from(row.close))
    });
    tell(Followed::Stage, &|row| {
        i64::from(row.stage).checked_sub(1).filter(|at| *at >= 0)
    });
}
