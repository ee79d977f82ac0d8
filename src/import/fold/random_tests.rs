//! Rows of a few deals in any order, told apart as if all of them were in memory.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::super::tests::Files;
use super::super::*;
use super::part::{
    ACCOUNT, AMOUNT, CURRENCY, Digest, OF_AGAIN, OF_LINES, PRODUCT, TITLE, digest, nothing, said,
    take,
};
use super::said::Why;
use super::sorted::RUN;
use super::{How, Told, read_in};
use crate::store::IncomingMove;

const HEADER: &str =
    "Deal ID,Deal,Company,Stage,Stage entered,Amount,Currency,Product,Contact,Owner,Close Date";
/// What is in the columns behind the id; the first in most rows of a deal.
const CELLS: [&[&str]; 10] = [
    &["Plant", "Yard", ""],
    &["Northwind", "Contoso", ""],
    &["Demo", "Proposal", "Negotiation", ""],
    &["2026-03-01", "2026-03-09", "2026-04-02", ""],
    &["100", "200", "350.50", ""],
    &["EUR", "USD", ""],
    &["Sensor", "Gateway", "Cable", ""],
    &["Kim Lee", "Max Doe", ""],
    &["Ana", "Bo", ""],
    &["2027-01-13", "2027-02-20", ""],
];

/// Rows whose columns are the same for all of a deal, but for some.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let differ = prop::collection::vec(prop::bool::weighted(0.35), CELLS.len());
    let row = (0_usize..9, prop::collection::vec(0_usize..4, CELLS.len()));
    (differ, prop::collection::vec(row, 1..40)).prop_map(|(differ, rows)| {
        let row = |(id, at): (usize, Vec<usize>)| {
            let cells = CELLS.iter().zip(at).zip(&differ);
            let cells = cells.map(|((words, at), differs)| {
                let at = if *differs { at } else { id };
                words[at % words.len()]
            });
            let id = ["", "1", "2", "3", "4", "5", "6", "7", "8"][id].to_owned();
            let cells: Vec<String> = [id].into_iter().chain(cells.map(str::to_owned)).collect();
            cells.join(",")
        };
        // What the columns are is the same each time.
        let first = "9,Mill,Fabrikam,Demo,2026-03-05,70.00,EUR,Sensor,Jo Roe,Cy,2027-03-14";
        let rows = rows.into_iter().map(row);
        [first.to_owned()].into_iter().chain(rows).collect()
    })
}

/// A row of a deal, as it is judged alone.
struct Row<'r> {
    deal: &'r DealRow,
    parts: Digest,
    text: &'r str,
}

impl Row<'_> {
    fn has(&self, bit: u32) -> bool {
        self.parts[bit.trailing_zeros() as usize] != 0
    }
}

/// The parts in which rows differ, and those of which only some say something.
fn compared(rows: &[Row]) -> (u32, u32) {
    let (mut differ, mut gaps) = (0, 0);
    for bit in (0..Digest::default().len()).map(|at| 1_u32 << at) {
        let said: Vec<&Row> = rows.iter().filter(|row| row.has(bit)).collect();
        let part = |row: &Row| row.parts[bit.trailing_zeros() as usize];
        if said.iter().any(|row| part(row) != part(said[0])) {
            differ |= bit;
        }
        if !said.is_empty() && said.len() < rows.len() {
            gaps |= bit;
        }
    }
    (differ, gaps)
}

fn how(rows: &[Row], is_lines: bool) -> Option<How> {
    let (differ, gaps) = compared(rows);
    let only = |parts: u32| differ & !parts == 0;
    let is_unlike = gaps & CURRENCY != 0 && gaps & AMOUNT == 0;
    if rows.len() < 2 || differ & (TITLE | ACCOUNT) == TITLE | ACCOUNT {
        None
    } else if is_lines && only(OF_LINES) {
        Some(How::Sum).filter(|_| gaps & CURRENCY == 0)
    } else if differ == 0 && (gaps == 0 || is_unlike) {
        None
    } else if only(OF_AGAIN) && !is_unlike {
        Some(How::Again)
    } else {
        let is_dated = rows.iter().all(|row| row.deal.stage_changed.is_some());
        Some(How::States).filter(|_| is_dated)
    }
}

type Value<'v> = &'v dyn Fn(&DealRow) -> Option<String>;

fn moves(rows: &[Row]) -> Vec<IncomingMove> {
    let minor = |deal: &DealRow| Some(deal.amount?.minor.to_string());
    let close = |deal: &DealRow| Some(deal.expected_close?.to_string());
    let stage = |deal: &DealRow| deal.stage.clone();
    let followed: [(&'static str, Value); 3] = [
        ("amount", &minor),
        ("expected_close", &close),
        ("stage", &stage),
    ];
    let mut moves = Vec::new();
    for (field, value) in followed {
        let told = rows.iter().rev();
        let told = told.filter_map(|row| Some((row.deal.stage_changed?, value(row.deal)?)));
        let told: Vec<_> = told.collect();
        for pair in told.windows(2).filter(|pair| pair[0].1 != pair[1].1) {
            moves.push(IncomingMove {
                field,
                day: pair[1].0,
                old: Some(pair[0].1.clone()),
                new: Some(pair[1].1.clone()),
            });
        }
    }
    moves
}

fn products(rows: &[Row]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in rows.iter().filter_map(|row| row.deal.product.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (names.len() > 1).then(|| names.join(", "))
}

/// Makes of the rows of a deal what they are, the first that of the deal.
fn joined(mut rows: Vec<Row>, how: How) -> Option<Vec<Outcome>> {
    if how == How::States {
        let mut days: Vec<_> = rows.iter().map(|row| row.deal.stage_changed).collect();
        let falls = !days.is_sorted();
        days.reverse();
        let is_newest_first = days.is_sorted() && falls;
        days.dedup();
        if days.len() < 2 {
            return None;
        }
        if !is_newest_first {
            rows.reverse();
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.deal.stage_changed));
    }
    let mut deal = rows[0].deal.clone();
    let (mut others, mut filled) = (nothing(), 0);
    for row in &rows[1..] {
        let parts = said(&row.parts) & !said(&rows[0].parts) & !CURRENCY & !filled;
        take(&mut others, row.deal, parts);
        filled |= parts;
    }
    if filled != 0 {
        take(&mut deal, &others, u32::MAX);
    }
    let mut texts = BTreeSet::new();
    let is_new: Vec<bool> = rows.iter().map(|row| texts.insert(row.text)).collect();
    match how {
        How::States => deal.moves = moves(&rows),
        How::Again => deal.product = products(&rows).or(deal.product),
        How::Sum => {
            let lines = rows.iter().zip(&is_new).filter(|(_, is_new)| **is_new);
            let minor = lines.map(|(row, _)| Some(row.deal.amount?.minor));
            let sum = minor.sum::<Option<i64>>()?;
            deal.amount.as_mut().unwrap().minor = sum;
            deal.product = products(&rows).or(deal.product);
        }
    }
    let line = deal.line as u32;
    let others = rows[1..].iter().zip(&is_new[1..]).map(|(row, is_new)| {
        let is_repeat = how == How::Sum && !is_new;
        let why = if is_repeat { Why::Repeat } else { Why::As(how) };
        Outcome::Skip {
            file: row.deal.file,
            row: row.deal.row,
            line: row.deal.line,
            why: why.told(line),
            is_joined: true,
        }
    });
    let others: Vec<Outcome> = others.collect();
    Some(
        [Outcome::Deal(Box::new(deal))]
            .into_iter()
            .chain(others)
            .collect(),
    )
}

/// What becomes of rows that are judged alone, with the text of each by its line.
fn expected(alone: &[Outcome], texts: &[String], is_lines: bool) -> Vec<Outcome> {
    let mut deals: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for outcome in alone {
        if let Outcome::Deal(deal) = outcome
            && let Some(id) = &deal.external_id
        {
            deals.entry(id).or_default().push(Row {
                deal,
                parts: digest(deal),
                text: &texts[deal.line as usize - 2],
            });
        }
    }
    let of_products = deals.values().map(|rows| compared(rows).0);
    let of_products = of_products.filter(|differ| differ & PRODUCT != 0 && differ & !OF_LINES == 0);
    let of_products: Vec<u32> = of_products.collect();
    let different = of_products.iter().filter(|differ| **differ & AMOUNT != 0);
    let is_lines = is_lines || different.count() * 2 > of_products.len();
    let mut all = alone.to_vec();
    for rows in deals.into_values() {
        let joined = how(&rows, is_lines).and_then(|how| joined(rows, how));
        for outcome in joined.into_iter().flatten() {
            let row = match &outcome {
                Outcome::Deal(deal) => deal.row,
                Outcome::Skip { row, .. } | Outcome::Refuse { row, .. } => *row,
            };
            all[row as usize - 1] = outcome;
        }
    }
    all
}

/// Reads all rows, with so many bytes of what is sorted in memory; alone each without any.
fn outcomes(
    export: &mut Export,
    run: Option<usize>,
    is_lines: bool,
) -> (Vec<Outcome>, Vec<String>) {
    let files = Arc::get_mut(&mut export.deals).unwrap();
    let (folds, told) = match run {
        Some(run) => read_in(run, &files[0], is_lines, &export.lookups, None).unwrap(),
        None => (None, Vec::new()),
    };
    files[0].folds = folds;
    let told = told.into_iter().map(|told| {
        let Told {
            field,
            reading,
            example,
        } = told;
        format!("{field:?}: {reading}, {example:?}")
    });
    let told = told.collect();
    (export.rows().map(Result::unwrap).collect(), told)
}

#[test]
fn rows_are_what_they_are_with_all_of_them_in_memory() {
    let mut runner = TestRunner::new(Config {
        cases: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let run = prop_oneof![1_usize..4_000, Just(RUN)];
    let seen = RefCell::new(BTreeSet::new());

    let ran = runner.run(&(rows(), run, any::<bool>()), |(rows, run, is_lines)| {
        let files = Files::one(format!("{HEADER}\n{}\n", rows.join("\n")));
        let mut export = files.open().unwrap();
        let (alone, _) = outcomes(&mut export, None, is_lines);
        let expected = expected(&alone, &rows, is_lines);
        for outcome in &expected {
            if let Outcome::Skip { why, .. } = outcome {
                seen.borrow_mut()
                    .insert(why.split("line").next().unwrap().to_owned());
            }
        }

        let (all, told) = outcomes(&mut export, Some(run), is_lines);

        prop_assert_eq!(all, expected);
        prop_assert_eq!(told, outcomes(&mut export, Some(RUN), is_lines).1);
        Ok(())
    });

    ran.unwrap();
    assert!(seen.borrow().len() >= 4, "{seen:?}");
}

#[test]
fn the_example_is_of_the_first_lines_of_the_file() {
    let mut text = "Deal ID,Deal,Company,Stage,Product,Amount\n".to_owned();
    for id in 0..50 {
        for (product, amount) in [("Sensor", 100 + id), ("Gateway", 500)] {
            writeln!(text, "{id},Plant {id},Northwind,Demo,{product},{amount}").unwrap();
        }
    }

    let export = Files::one(text).open().unwrap();

    let mut examples = export
        .assumptions()
        .filter_map(|one| one.example.as_deref());
    assert!(examples.any(|example| example == "100.00 + 500.00"));
}
