//! What the rows of each deal are.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::io;

use super::super::field::Field;
use super::super::history::Followed;
use super::super::values::amounts::Code;
use super::book::{Row, Rows};
use super::part::{ACCOUNT, AMOUNT, CURRENCY, Group, OF_AGAIN, OF_LINES, TITLE};
use super::record::Record;
use super::said::{Said, Together, Why};
use super::sorted::{Sorted, Sorter};
use super::told::Summary;
use super::{How, day};
use crate::domain::money::{Currency, Money};
use crate::store::IncomingMove;

/// Products of a deal that are named.
const PRODUCTS: usize = 5;
/// Lines whose amounts an example shows.
const SHOWN: usize = 3;

/// What was decided.
pub(super) struct Decided {
    /// What becomes of the rows, by their numbers; what a deal takes of another row comes later,
    /// behind what is said of its own, by the number of that row.
    pub(super) said: Sorter,
    /// The rows that are read again for what a deal takes of them, by their numbers: the row of
    /// the deal, and the parts.
    pub(super) wanted: Sorted,
    pub(super) summary: Summary,
}

/// Reads of a wanted row the row of the deal, and the parts.
pub(super) fn wanted(record: &[u8]) -> io::Result<(u32, u32)> {
    let mut record = Record(record);
    Ok((record.u32()?, record.u32()?))
}

/// What the rows of a deal come to.
struct Lines {
    together: Together,
    /// Rows that have all cells of an earlier one.
    repeats: BTreeSet<u32>,
}

/// Decides of one deal after the other.
pub(super) struct Decider {
    /// By which day a row is newer than another one.
    dated: Option<Field>,
    /// Whether the amounts are those of lines.
    is_lines: bool,
    currency: Option<Code>,
    said: Sorter,
    wanted: Sorter,
    summary: Summary,
    record: Vec<u8>,
}

impl Decider {
    pub(super) fn new(
        dated: Option<Field>,
        is_lines: bool,
        currency: Option<Code>,
        run: usize,
    ) -> Self {
        Self {
            dated,
            is_lines,
            currency,
            said: Sorter::new(run),
            wanted: Sorter::new(run),
            summary: Summary::new(dated),
            record: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> io::Result<Decided> {
        Ok(Decided {
            said: self.said,
            wanted: self.wanted.finish()?,
            summary: self.summary,
        })
    }

    /// Decides of a deal.
    pub(super) fn take(&mut self, rows: &mut Rows) -> io::Result<()> {
        let Some(how) = self.how(&rows.group) else {
            let is_lost = !rows.group.is_one() && rows.all.len() > 1;
            self.summary.contradicting += usize::from(is_lost);
            return Ok(());
        };
        let first = rows.all[0].number;
        let is_example = how == How::Sum && self.summary.wants(first);
        let example = is_example.then(|| self.example(&rows.all));
        let lines = match how {
            // The newest comes first, as the first does of the others.
            How::States => in_time(&mut rows.all).then(|| Lines {
                together: Together {
                    moves: moves(rows),
                    ..Together::default()
                },
                repeats: BTreeSet::new(),
            }),
            How::Sum => sum(rows),
            How::Again => Some(Lines {
                together: Together {
                    product: products(rows),
                    ..Together::default()
                },
                repeats: BTreeSet::new(),
            }),
        };
        let Some(Lines { together, repeats }) = lines else {
            self.summary.contradicting += 1;
            return Ok(());
        };
        let (deal, others) = rows.all.split_first().expect("it has several rows");
        self.say(deal.number, &Said::Deal(together))?;
        let mut blank = !deal.has & !CURRENCY;
        for row in others {
            let why = if repeats.contains(&row.number) {
                Why::Repeat
            } else {
                Why::As(how)
            };
            self.say(row.number, &Said::Joined(why, deal.line))?;
            let parts = row.has & blank;
            if parts != 0 {
                blank &= !parts;
                self.summary.fill(parts);
                self.record.clear();
                self.record.extend(deal.number.to_le_bytes());
                self.record.extend(parts.to_le_bytes());
                self.wanted.push((row.number.into(), 0), &self.record)?;
            }
        }
        self.summary
            .note(how, &rows.group, example.map(|text| (first, text)));
        Ok(())
    }

    fn say(&mut self, row: u32, said: &Said) -> io::Result<()> {
        self.record.clear();
        said.put(&mut self.record);
        self.said.push((row.into(), 0), &self.record)
    }

    fn how(&self, group: &Group) -> Option<How> {
        let is_other = group.has(TITLE) && group.has(ACCOUNT);
        if group.rows < 2 || is_other {
            return None;
        }
        if self.is_lines && group.only(OF_LINES) {
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

    /// The amounts of some lines, as they are added.
    fn example(&self, rows: &[Row]) -> String {
        let currency = self.currency.and_then(|code| {
            let code = std::str::from_utf8(&code).ok()?;
            Currency::parse(code)
        });
        let shown = |row: &Row| {
            let minor = row.amount().unwrap_or_default();
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

/// The lines of a deal, the first as the deal; none where an amount is missing or too great.
fn sum(rows: &Rows) -> Option<Lines> {
    let mut seen = BTreeSet::new();
    let mut repeats = BTreeSet::new();
    let mut sum = 0_i64;
    for row in &rows.all {
        if seen.insert(row.cells) {
            sum = sum.checked_add(row.amount()?)?;
        } else {
            repeats.insert(row.number);
        }
    }
    Some(Lines {
        together: Together {
            amount: Some(sum),
            product: products(rows),
            moves: Vec::new(),
        },
        repeats,
    })
}

/// The names of several products.
fn products(rows: &Rows) -> Option<String> {
    let mut known = HashSet::new();
    let all = rows.all.iter().filter_map(|row| rows.product(row));
    let products: Vec<&str> = all.filter(|product| known.insert(*product)).collect();
    if products.len() < 2 {
        return None;
    }
    let names = &products[..products.len().min(PRODUCTS)];
    let names = names.join(", ");
    Some(match products.len() {
        more if more > PRODUCTS => format!("{names} and {} more", more - PRODUCTS),
        _ => names,
    })
}

/// Puts the rows of states in their order, the newest first; not where all are of one day.
fn in_time(rows: &mut [Row]) -> bool {
    let falls = rows.windows(2).any(|pair| pair[1].day < pair[0].day);
    let rises = rows.windows(2).any(|pair| pair[1].day > pair[0].day);
    // A file may begin with the newest: then so do the rows of one day.
    let is_newest_first = falls && !rises;
    let of_day = |number| {
        if is_newest_first {
            number
        } else {
            u32::MAX - number
        }
    };
    rows.sort_unstable_by_key(|row| (Reverse(row.day), of_day(row.number)));
    falls || rises
}

/// The moves between the states of a deal, of which the newest comes first.
fn moves(rows: &Rows) -> Vec<IncomingMove> {
    let mut moves = Vec::new();
    let minor = |minor: i64| Some(minor.to_string());
    let close = |close| Some(day(close)?.to_string());
    let stage = |stage: &str| Some(stage.to_owned());
    tell(rows, Followed::Amount, Row::amount, minor, &mut moves);
    tell(rows, Followed::Close, Row::close, close, &mut moves);
    tell(
        rows,
        Followed::Stage,
        |row| rows.stage(row),
        stage,
        &mut moves,
    );
    moves
}

fn tell<'r, T: Copy + PartialEq>(
    rows: &'r Rows,
    what: Followed,
    value: impl Fn(&'r Row) -> Option<T>,
    word: impl Fn(T) -> Option<String>,
    into: &mut Vec<IncomingMove>,
) {
    let mut before = None;
    for row in rows.all.iter().rev() {
        let Some(new) = value(row) else { continue };
        if let Some(old) = before.replace(new).filter(|old| *old != new)
            && let Some(day) = day(row.day)
        {
            into.push(IncomingMove {
                field: what.word(),
                day,
                old: word(old),
                new: word(new),
            });
        }
    }
}
