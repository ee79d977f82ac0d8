//! How long it takes to learn from many deals.

use std::error::Error;
use std::time::Instant;

use walkaway::domain::calibration::{Gather, Trial, calibrate};

/// Questions of each deal.
const QUESTIONS: usize = 40;

/// Calibrates so many made-up deals and prints how long it took.
pub fn run(deals: u64) -> Result<(), Box<dyn Error>> {
    let mut draw = fastrand::Rng::with_seed(7);
    let names = (0..QUESTIONS).map(|n| format!("question {n}"));
    let mut gather = Gather::new(names);
    for _ in 0..deals {
        let won = draw.u32(..100) < 35;
        let words: Vec<&str> = (0..QUESTIONS)
            .map(|question| {
                let tells = if won { question } else { 0 };
                match draw.usize(..100) {
                    n if n < 40 + tells => "yes",
                    n if n < 85 => "no",
                    n if n < 93 => "partly",
                    _ => "unknown",
                }
            })
            .collect();
        if let Err(column) = gather.push(words, won) {
            return Err(format!("question {column} has too many words").into());
        }
    }
    let table = gather.finish();
    let start = Instant::now();
    let report = calibrate(&table, Trial::default(), None)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "calibrate {deals} deals x {QUESTIONS} questions, {} folds x {} repeats: {seconds:.2} s \
         (right {:.1} %, {:.1} questions)",
        report.trial.folds,
        report.trial.repeats,
        report.learnt.accuracy.mean * 100.0,
        report.adaptive.questions.mean.mean
    );
    Ok(())
}
