//! Calibration: how much each answer really tells, learnt from the deals that are over, and how
//! few questions are enough (scoring model).
//!
//! The points of an answer are the log ratio of how often it came among the won and the lost,
//! with one added to each count, times a shrink. Everything that is reported was measured on
//! deals that had no part in what was learnt: stratified folds, equal deals never on both sides,
//! shrink and stopping threshold chosen inside the training folds. It is deterministic: chance
//! comes from a stated seed.

mod adaptive;
mod cross;
mod folds;
mod learnt;
mod measure;
mod model;
mod table;

pub use cross::{Adaptive, Asked, Measured, Stop, Trial};
pub use learnt::{
    AnswerCounts, Basis, Learnt, LearntQuestion, Outlook, Told, Worth, chance_of, place,
};
pub use measure::{Spread, wilson};
pub use table::{Column, Gather, MOST_WORDS, Table};

use thiserror::Error;

use adaptive::MOST_QUESTIONS;
use measure::{bits, by_chance};
use model::{Cells, Counts, Model, base_rate};

/// Closed deals that a calibration takes.
pub const ENOUGH_DEALS: usize = 40;
/// Deals with an answer below which its count is too few to say much.
pub const ENOUGH_ANSWERS: u32 = 8;
/// A question tells nothing when chance alone would make it tell as much more often than this.
const BY_CHANCE: f64 = 0.05;
/// Groups into which the deals are put by their chance.
const DECILES: usize = 10;

/// Why a table cannot be learnt from.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalibrationError {
    /// There are too few deals.
    #[error("{deals} closed deals are too few to learn from: it takes {ENOUGH_DEALS}")]
    TooFew {
        /// How many there are.
        deals: usize,
    },
    /// All ended the same way.
    #[error("every one of the {deals} deals was {}: there is nothing to tell apart", if *won { "won" } else { "lost" })]
    OneClass {
        /// How many there are.
        deals: usize,
        /// Whether they were won.
        won: bool,
    },
    /// A column has a different value in every row.
    #[error(
        "the column `{column}` has a different value in every row: that is a name or a number, no answer"
    )]
    EveryRowDiffers {
        /// Its name.
        column: String,
    },
    /// A table has no or too many questions.
    #[error("{}: it takes 1 to {MOST_QUESTIONS}", match questions {
        0 => "no column has answers".to_owned(),
        many => format!("{many} columns have answers"),
    })]
    Questions {
        /// How many it has.
        questions: usize,
    },
}

/// What one answer to a question came to.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerWorth {
    /// The answer as it was written.
    pub value: String,
    /// Won deals that had it.
    pub won: u32,
    /// Lost deals that had it.
    pub lost: u32,
    /// Its learnt points, in nats.
    pub points: f64,
    /// Wilson's 95 % interval of the share that was won, 0 to 1.
    pub interval: (f64, f64),
}

impl AnswerWorth {
    /// Tells whether the deals that had it are too few to say much.
    pub fn is_too_few(&self) -> bool {
        self.won + self.lost < ENOUGH_ANSWERS
    }
}

/// What one question is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionWorth {
    /// Its name in the table.
    pub name: String,
    /// What it tells about the outcome of the deals that have an answer, in bits.
    pub bits: f64,
    /// Whether chance alone would make it tell as much in more than one case of twenty.
    pub tells_nothing: bool,
    /// Its answers, the one that speaks most for winning first.
    pub answers: Vec<AnswerWorth>,
}

/// Deals with about the same chance, against what became of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decile {
    /// How many deals it has.
    pub deals: u32,
    /// Their mean chance, 0 to 1.
    pub chance: f64,
    /// How many of them were won.
    pub won: u32,
    /// Wilson's 95 % interval of the share that was won, 0 to 1.
    pub interval: (f64, f64),
}

/// All that is reported of a table.
#[derive(Clone, Debug)]
pub struct Report {
    /// How many deals there are.
    pub deals: usize,
    /// How many of them have answers of their own.
    pub distinct: usize,
    /// How many were won.
    pub won: usize,
    /// The base rate, 0 to 1: 25 % as sure as 20 deals make it, and these deals.
    pub base_rate: f64,
    /// How it was tried.
    pub trial: Trial,
    /// By what points are shrunk, in tenths.
    pub shrink: u8,
    /// The learnt weights.
    pub learnt: Measured,
    /// The bank's present weights; `None` where no column is one of its questions.
    pub present: Option<Measured>,
    /// Always guessing what most deals came to.
    pub majority: Measured,
    /// Fewer questions.
    pub adaptive: Adaptive,
    /// Ten groups of deals by their chance, the lowest first.
    pub reliability: Vec<Decile>,
    /// The questions, the one that tells most first.
    pub questions: Vec<QuestionWorth>,
}

/// Looks for what makes a table useless.
///
/// # Errors
///
/// See [`CalibrationError`].
pub fn check(table: &Table) -> Result<(), CalibrationError> {
    let deals = table.deals();
    let questions = table.columns().len();
    if questions == 0 || questions > MOST_QUESTIONS {
        return Err(CalibrationError::Questions { questions });
    }
    if deals < ENOUGH_DEALS {
        return Err(CalibrationError::TooFew { deals });
    }
    let won = table.won().iter().filter(|won| **won).count();
    if won == 0 || won == deals {
        let won = won > 0;
        return Err(CalibrationError::OneClass { deals, won });
    }
    let differs = table.columns().iter().find(|c| c.words.len() == deals);
    match differs {
        Some(column) => Err(CalibrationError::EveryRowDiffers {
            column: column.name.clone(),
        }),
        None => Ok(()),
    }
}

/// Counts the answers of a table; points are shrunk by tenths.
pub fn count(table: &Table, shrink: u8) -> Vec<QuestionWorth> {
    let cells = Cells::of(table);
    let mut counts = Counts::none(&cells);
    for (deal, won) in table.won().iter().enumerate() {
        counts.add(&cells, table.row(deal), *won);
    }
    let model = Model::of(&cells, &counts);
    let mut questions: Vec<QuestionWorth> = table
        .columns()
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let words = cells.words(at);
            let counted = &counts.cells[words.clone()];
            let mut answers: Vec<AnswerWorth> = column
                .words
                .iter()
                .zip(words)
                .map(|(word, cell)| {
                    let [lost, won] = counts.cells[cell];
                    AnswerWorth {
                        value: word.clone(),
                        won,
                        lost,
                        points: f64::from(shrink) / 10.0 * model.points[cell],
                        interval: wilson(won, won + lost),
                    }
                })
                .collect();
            answers.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.value.cmp(&b.value)));
            QuestionWorth {
                name: column.name.clone(),
                bits: bits(counted),
                tells_nothing: by_chance(counted) > BY_CHANCE,
                answers,
            }
        })
        .collect();
    questions.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    questions
}

/// Returns the base rate of a table, 0 to 1, and how many of its deals were won.
pub fn base(table: &Table) -> (f64, usize) {
    let won = table.won().iter().filter(|won| **won).count();
    (base_rate([(table.deals() - won) as u32, won as u32]), won)
}

/// Learns from a table, and measures what that is worth on deals that had no part in it.
/// `present` has the points of each deal by the bank's present weights.
///
/// # Errors
///
/// See [`CalibrationError`].
pub fn calibrate(
    table: &Table,
    trial: Trial,
    present: Option<&[f64]>,
) -> Result<Report, CalibrationError> {
    check(table)?;
    let found = cross::run(table, trial, present);
    let (base_rate, won) = base(table);
    Ok(Report {
        deals: table.deals(),
        distinct: table.distinct(),
        won,
        base_rate,
        trial,
        shrink: found.shrink,
        reliability: reliability(&found.chances, table.won()),
        learnt: found.learnt,
        present: found.present,
        majority: found.majority,
        adaptive: found.adaptive,
        questions: count(table, found.shrink),
    })
}

/// Puts deals into ten groups of about the same size by their chance.
fn reliability(chances: &[f64], won: &[bool]) -> Vec<Decile> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*a].total_cmp(&chances[*b]).then(a.cmp(b)));
    (0..DECILES)
        .map(|decile| {
            let of = |n: usize| order.len() * n / DECILES;
            let deals = &order[of(decile)..of(decile + 1)];
            let hits = deals.iter().filter(|deal| won[**deal]).count() as u32;
            let sum: f64 = deals.iter().map(|deal| chances[*deal]).sum();
            Decile {
                deals: deals.len() as u32,
                chance: sum / deals.len().max(1) as f64,
                won: hits,
                interval: wilson(hits, deals.len() as u32),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
