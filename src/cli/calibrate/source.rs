//! Where the deals come from: the pipeline, or a table of old ones.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::CalibrateArgs;
use super::meaning::{Meaning, column, meanings, no_such};
use crate::cli::error::CliError;
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::calibration::{
    Gather, Learnt, LearntQuestion, MOST_WORDS, Table, Trial, calibrate, place,
};
use crate::domain::fit::points;
use crate::import::OldDeals;
use crate::store::Store;

/// Deals that are over, and what their columns mean.
pub struct Source {
    /// The deals.
    pub table: Table,
    /// What each column means; `None` for what is no question of the bank.
    pub meanings: Vec<Option<Meaning>>,
    /// The points of each deal by the bank's present weights; `None` where no column matches.
    pub present: Option<Vec<f64>>,
    /// Rows that were left out since they have no outcome.
    pub open: usize,
}

/// Reads the deals of the pipeline that are over.
pub fn pipeline(store: &Store, bank: &Bank, today: NaiveDate) -> Result<Source, CliError> {
    let deals = store.closed_deals(bank.id())?;
    let is_asked = |id: &String| deals.iter().any(|deal| deal.answers.contains_key(id));
    let asked: Vec<_> = bank.iter().filter(|(_, q)| is_asked(&q.id)).collect();
    let mut gather = Gather::new(asked.iter().map(|(_, question)| question.id.clone()));
    let mut present = Vec::with_capacity(deals.len());
    for deal in &deals {
        let answer = |id: &String| deal.answers.get(id).copied();
        let words = asked
            .iter()
            .map(|(_, q)| answer(&q.id).map_or("", |(value, _)| value.code()));
        gather
            .push(words, deal.won)
            .expect("there are fewer answers than a column takes");
        let sum: f64 = asked
            .iter()
            .filter_map(|(_, q)| {
                let (value, grade) = answer(&q.id)?;
                Some(points(q, Some(Answer::new(value, grade, today)), today))
            })
            .sum();
        present.push(sum);
    }
    Ok(Source {
        table: gather.finish(),
        meanings: asked
            .iter()
            .map(|(ix, _)| Some(Meaning::new(*ix)))
            .collect(),
        present: (!asked.is_empty()).then_some(present),
        open: 0,
    })
}

/// Reads a table of old deals.
pub fn file(
    path: &Path,
    outcome: &str,
    won: &str,
    args: &CalibrateArgs,
    bank: &Bank,
    today: NaiveDate,
) -> Result<Source, CliError> {
    let deals = OldDeals::read(path, outcome)?;
    let ends = deals
        .column(outcome)
        .ok_or_else(|| no_such("column", outcome, &deals.columns))?;
    let is_won = outcomes(&deals, ends, won)?;
    let mut left_out = vec![ends];
    for name in &args.without {
        let at = column(&deals.columns, name);
        left_out.push(at.ok_or_else(|| no_such("column", name, &deals.columns))?);
    }
    let asked: Vec<usize> = (0..deals.columns.len())
        .filter(|at| !left_out.contains(at))
        .collect();
    let names: Vec<String> = asked.iter().map(|at| deals.columns[*at].clone()).collect();
    let meanings = meanings(&names, &args.map, bank)?;

    let mut gather = Gather::new(names.iter().cloned());
    let mut present = Vec::new();
    for (row, won) in deals.rows.iter().zip(&is_won) {
        let Some(won) = won else { continue };
        let words = asked.iter().map(|at| row[*at].as_str());
        if let Err(at) = gather.push(words, *won) {
            return Err(CliError::failed(format!(
                "the column `{}` has more than {MOST_WORDS} different values: that is a name or a number, no answer",
                names[at]
            ))
            .hint(format!("leave it out: `--without '{}'`", names[at])));
        }
        let sum = meanings.iter().zip(&asked).filter_map(|(meaning, at)| {
            let meaning = meaning.as_ref()?;
            let value = meaning.value(&row[*at])?;
            // A table has no grades: they told us, once.
            let answer = Answer::new(value, Grade::Said, today);
            Some(points(&bank[meaning.question], Some(answer), today))
        });
        present.push(sum.sum());
    }
    let is_known = meanings.iter().any(Option::is_some);
    Ok(Source {
        table: gather.finish(),
        meanings,
        present: is_known.then_some(present),
        open: is_won.iter().filter(|won| won.is_none()).count(),
    })
}

/// Reads how each row ended; `None` where it does not say.
fn outcomes(deals: &OldDeals, ends: usize, won: &str) -> Result<Vec<Option<bool>>, CliError> {
    let name = &deals.columns[ends];
    let mut words: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for row in &deals.rows {
        let word = row[ends].as_str();
        if !word.is_empty() {
            let known = words.entry(word.to_lowercase());
            known.or_insert_with(|| (word.to_owned(), 0)).1 += 1;
        }
    }
    let wanted = won.trim().to_lowercase();
    let told: Vec<String> = words
        .values()
        .take(8)
        .map(|(word, count)| format!("{word} {count}"))
        .collect();
    if !words.contains_key(&wanted) {
        let names: Vec<String> = words.values().map(|(word, _)| word.clone()).collect();
        return Err(no_such("deal whose outcome is", won, &names)
            .because(format!("the column `{name}` has: {}", told.join(", "))));
    }
    if words.len() > 2 {
        let more = if words.len() > told.len() {
            ", …"
        } else {
            ""
        };
        return Err(CliError::failed(format!(
            "the outcome `{name}` is a mixture of {} words",
            words.len()
        ))
        .because(format!("it has: {}{more}", told.join(", ")))
        .hint("keep only deals that are over, with one word for won and one for lost"));
    }
    let read = |row: &Vec<String>| {
        let word = row[ends].to_lowercase();
        (!word.is_empty()).then(|| word == wanted)
    };
    Ok(deals.rows.iter().map(read).collect())
}

/// Learns for a bank: its questions only, and its answers only.
pub fn learn(source: &Source, bank: &Bank, trial: Trial) -> Result<Learnt, CliError> {
    let mut known = Vec::new();
    for (at, meaning) in source.meanings.iter().enumerate() {
        let Some(meaning) = meaning else { continue };
        let column = &source.table.columns()[at];
        let values: Vec<Option<Value>> = column.words.iter().map(|w| meaning.value(w)).collect();
        let odd: Vec<&str> = column
            .words
            .iter()
            .zip(&values)
            .filter(|(_, value)| value.is_none())
            .map(|(word, _)| word.as_str())
            .take(5)
            .collect();
        if let Some(first) = odd.first() {
            let name = &column.name;
            return Err(CliError::failed(format!(
                "the column `{name}` is {}, but not all of its words are answers",
                bank[meaning.question].id
            ))
            .because(format!("it has: {}", odd.join(", ")))
            .hint(format!(
                "say what they mean: --map '{name}:{first}=yes' (or no, partly, unknown, na)"
            )));
        }
        known.push((at, meaning.question, values));
    }
    if known.is_empty() {
        return Err(CliError::failed(format!(
            "no column is a question of {}: this is a report, and nothing can be accepted",
            bank.name()
        ))
        .hint("name the questions: --map 'COLUMN=QUESTION'; `questions list` shows them"));
    }
    let mut questions: Vec<LearntQuestion> = known
        .iter()
        .map(|(_, ix, _)| LearntQuestion {
            id: bank[*ix].id.clone(),
            counts: [[0; 2]; Value::ALL.len()],
        })
        .collect();
    let table = &source.table;
    let mut gather = Gather::new(questions.iter().map(|question| question.id.clone()));
    for (deal, won) in table.won().iter().enumerate() {
        let row = table.row(deal);
        let values: Vec<Option<Value>> = known
            .iter()
            .map(|(at, _, values)| values.get(usize::from(row[*at])).copied().flatten())
            .collect();
        for (question, value) in questions.iter_mut().zip(&values) {
            if let Some(value) = value {
                question.counts[place(*value)][usize::from(*won)] += 1;
            }
        }
        gather
            .push(values.iter().map(|v| v.map_or("", Value::code)), *won)
            .expect("there are fewer answers than a column takes");
    }
    // Shrink and threshold belong to these questions, not to all columns of the table.
    let report = calibrate(&gather.finish(), trial, None)
        .map_err(|why| CliError::failed(why.to_string()))?;
    Ok(Learnt {
        deals: report.deals as u32,
        won: report.won as u32,
        shrink: report.shrink,
        stop_at: (report.adaptive.threshold * 1000.0).round() as u16,
        questions,
    })
}
