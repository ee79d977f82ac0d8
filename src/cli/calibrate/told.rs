//! A calibration, told in words or as JSON.

use serde_json::{Value as Json, json};

use super::source::Source;
use crate::cli::error::CliError;
use crate::cli::out::Tone;
use crate::cli::session::Session;
use crate::cli::table::{Table as Lines, cell, figures, text};
use crate::domain::calibration::{
    Asked, ENOUGH_ANSWERS, Measured, QuestionWorth, Report, Spread, base, count,
};
use crate::export::deals::SCHEMA;
use crate::export::json::rounded;

/// A share as a percentage with one decimal.
fn percent(share: f64) -> f64 {
    rounded(share * 100.0, 1)
}

fn spread(of: Spread, decimals: i32) -> Json {
    json!({ "mean": rounded(of.mean, decimals), "sd": rounded(of.sd, decimals) })
}

fn shares(of: Spread) -> Json {
    json!({ "mean": percent(of.mean), "sd": percent(of.sd) })
}

fn measured(of: Measured) -> Json {
    json!({
        "auc": spread(of.auc, 4), "accuracy": shares(of.accuracy), "brier": spread(of.brier, 4),
    })
}

fn asked(of: Asked) -> Json {
    json!({
        "mean": rounded(of.mean.mean, 2), "sd": rounded(of.mean.sd, 2),
        "median": rounded(of.median, 1), "p90": rounded(of.p90, 1),
    })
}

fn questions(all: &[QuestionWorth]) -> Json {
    let one = |question: &QuestionWorth| {
        let answers: Vec<Json> = question
            .answers
            .iter()
            .map(|answer| {
                json!({
                    "value": answer.value, "won": answer.won, "lost": answer.lost,
                    "points": rounded(answer.points, 3),
                    "low": percent(answer.interval.0), "high": percent(answer.interval.1),
                    "too_few": answer.is_too_few(),
                })
            })
            .collect();
        json!({
            "name": question.name, "bits": rounded(question.bits, 4),
            "tells_nothing": question.tells_nothing, "answers": answers,
        })
    };
    all.iter().map(one).collect()
}

/// Tells the counts alone, of deals that are too few to learn from.
pub fn counts(session: &mut Session<'_>, source: &Source) -> Result<(), CliError> {
    let table = &source.table;
    let counted = count(table, 0);
    let (rate, won) = base(table);
    if session.global.json {
        session.out.value(&json!({
            "schema": SCHEMA, "deals": table.deals(), "distinct": table.distinct(),
            "base_rate": percent(rate), "folds": null, "repeats": null, "seed": null,
            "learnt": null, "bank": null, "majority": null, "adaptive": null,
            "reliability": [], "questions": questions(&counted),
        }))?;
        return Ok(());
    }
    let deals = table.deals();
    session.out.line(format!(
        "Too early to learn: {deals} closed deals with answers, {won} of them won. Counts only."
    ))?;
    for question in &counted {
        session.out.line("")?;
        session.out.safe(&question.name)?;
        for answer in &question.answers {
            let of = answer.won + answer.lost;
            session
                .out
                .safe(&format!("  {}: {} of {of} won", answer.value, answer.won))?;
        }
    }
    session.out.flush()?;
    Ok(())
}

/// Tells all of a calibration.
pub fn report(session: &mut Session<'_>, source: &Source, of: &Report) -> Result<(), CliError> {
    if session.global.json {
        return as_json(session, of);
    }
    head(session, source, of)?;
    ways(session, of)?;
    fewer(session, of)?;
    reliability(session, of)?;
    worth(session, of)
}

fn as_json(session: &mut Session<'_>, of: &Report) -> Result<(), CliError> {
    let reliability: Vec<Json> = of
        .reliability
        .iter()
        .enumerate()
        .map(|(at, decile)| {
            json!({
                "decile": at + 1, "deals": decile.deals, "chance": percent(decile.chance),
                "won": decile.won, "low": percent(decile.interval.0),
                "high": percent(decile.interval.1),
            })
        })
        .collect();
    let curve: Vec<Json> = of
        .adaptive
        .curve
        .iter()
        .map(|stop| {
            json!({
                "threshold": stop.threshold, "accuracy": shares(stop.accuracy),
                "questions": asked(stop.questions),
            })
        })
        .collect();
    let (mean, low, high) = of.adaptive.difference;
    session.out.value(&json!({
        "schema": SCHEMA,
        "deals": of.deals,
        "distinct": of.distinct,
        "base_rate": percent(of.base_rate),
        "folds": of.trial.folds,
        "repeats": of.trial.repeats,
        "seed": of.trial.seed,
        "learnt": measured(of.learnt),
        "bank": of.present.map(measured),
        "majority": measured(of.majority),
        "adaptive": {
            "threshold": of.adaptive.threshold,
            "accuracy": shares(of.adaptive.accuracy),
            "questions": asked(of.adaptive.questions),
            "difference": { "mean": percent(mean), "low": percent(low), "high": percent(high) },
            "curve": curve,
        },
        "reliability": reliability,
        "questions": questions(&of.questions),
    }))?;
    Ok(())
}

fn head(session: &mut Session<'_>, source: &Source, of: &Report) -> Result<(), CliError> {
    let Report {
        deals,
        distinct,
        won,
        ..
    } = of;
    let rate = percent(of.base_rate);
    session.out.line(format!(
        "{deals} closed deals, {distinct} of them distinct; {won} won. Base rate {rate:.1} %: \
         these deals and a first guess of 25 % that counts as 20."
    ))?;
    if source.open > 0 {
        let open = source.open;
        session
            .out
            .line(format!("{open} rows say no outcome and were left out."))?;
    }
    let (folds, repeats, seed) = (of.trial.folds, of.trial.repeats, of.trial.seed);
    session.out.line(format!(
        "Each deal was judged by what was learnt from others: {folds} folds, {repeats} repeats, \
         seed {seed}; equal deals never on both sides. Points shrunk to {:.1}.",
        f64::from(of.shrink) / 10.0
    ))?;
    Ok(session.out.line("")?)
}

/// A figure with its spread.
fn figure(of: Spread, scale: f64, decimals: usize) -> String {
    format!(
        "{:.decimals$} ± {:.decimals$}",
        of.mean * scale,
        of.sd * scale
    )
}

fn ways(session: &mut Session<'_>, of: &Report) -> Result<(), CliError> {
    let columns = [
        text("", 20),
        figures("right %"),
        figures("AUC"),
        figures("Brier"),
    ];
    let mut lines = Lines::new(&mut session.out, &columns);
    let ways = [
        ("learnt weights", Some(of.learnt)),
        ("the bank's weights", of.present),
        ("always the majority", Some(of.majority)),
    ];
    for (name, way) in ways {
        let Some(way) = way else { continue };
        lines.row(vec![
            cell(name),
            cell(&figure(way.accuracy, 100.0, 1)),
            cell(&figure(way.auc, 1.0, 3)),
            cell(&figure(way.brier, 1.0, 3)),
        ])?;
    }
    lines.end()?;
    if of.present.is_none() {
        session
            .out
            .line("No column is a question of the bank in force.")?;
    }
    Ok(())
}

fn fewer(session: &mut Session<'_>, of: &Report) -> Result<(), CliError> {
    let adaptive = &of.adaptive;
    let (mean, low, high) = adaptive.difference;
    let q = adaptive.questions;
    session.out.line("")?;
    session.out.line(format!(
        "Fewer questions: {:.1} in the mean, {:.0} in the middle, {:.0} at most for nine in ten deals, \
         instead of all {}.",
        q.mean.mean,
        q.median,
        q.p90,
        of.questions.len()
    ))?;
    session.out.line(format!(
        "They are right in {} %, {:+.1} points beside asking everything (95 % interval {:+.1} to {:+.1}).",
        figure(adaptive.accuracy, 100.0, 1),
        mean * 100.0,
        low * 100.0,
        high * 100.0
    ))?;
    let columns = [
        figures("stop below %"),
        figures("right %"),
        figures("questions"),
        figures("median"),
        figures("p90"),
        text("", 6),
    ];
    let mut lines = Lines::new(&mut session.out, &columns);
    for stop in &adaptive.curve {
        let is_it = (stop.threshold - adaptive.threshold).abs() < 1e-9;
        let q = stop.questions;
        lines.row(vec![
            cell(&format!("{:.1}", stop.threshold * 100.0)),
            cell(&figure(stop.accuracy, 100.0, 1)),
            cell(&format!("{:.1}", q.mean.mean)),
            cell(&format!("{:.0}", q.median)),
            cell(&format!("{:.0}", q.p90)),
            cell(if is_it { "chosen" } else { "" }),
        ])?;
    }
    Ok(lines.end()?)
}

fn reliability(session: &mut Session<'_>, of: &Report) -> Result<(), CliError> {
    session.out.line("")?;
    session
        .out
        .line("What was expected against what happened, by tenths of the deals (Wilson, 95 %):")?;
    let columns = [
        figures("expected %"),
        figures("won"),
        figures("of"),
        figures("won %"),
        figures("interval"),
    ];
    let mut lines = Lines::new(&mut session.out, &columns);
    for decile in &of.reliability {
        let share = f64::from(decile.won) / f64::from(decile.deals.max(1));
        let (low, high) = decile.interval;
        lines.row(vec![
            cell(&format!("{:.0}", decile.chance * 100.0)),
            cell(&decile.won.to_string()),
            cell(&decile.deals.to_string()),
            cell(&format!("{:.0}", share * 100.0)),
            cell(&format!("{:.0} to {:.0}", low * 100.0, high * 100.0)),
        ])?;
    }
    Ok(lines.end()?)
}

fn worth(session: &mut Session<'_>, of: &Report) -> Result<(), CliError> {
    session.out.line("")?;
    session.out.line(format!(
        "What each question tells, in bits; the share won with its interval (Wilson, 95 %); fewer \
         than {ENOUGH_ANSWERS} deals are too few:"
    ))?;
    let columns = [
        text("question", 16),
        text("answer", 10),
        figures("won"),
        figures("points"),
        figures("interval %"),
        text("", 8),
    ];
    let mut lines = Lines::new(&mut session.out, &columns);
    for question in &of.questions {
        let bits = if question.tells_nothing {
            format!("{:.3} bit: tells nothing", question.bits)
        } else {
            format!("{:.3} bit", question.bits)
        };
        let mut head = vec![cell(&question.name), cell(&bits)];
        head.extend((0..4).map(|_| cell("")));
        if question.tells_nothing {
            for cell in &mut head {
                cell.1 = Tone::Quiet;
            }
        }
        lines.row(head)?;
        for answer in &question.answers {
            let (low, high) = answer.interval;
            let of = answer.won + answer.lost;
            lines.row(vec![
                cell(""),
                cell(&answer.value),
                cell(&format!("{} of {of}", answer.won)),
                cell(&format!("{:+.2}", answer.points)),
                cell(&format!("{:.0} to {:.0}", low * 100.0, high * 100.0)),
                cell(if answer.is_too_few() { "too few" } else { "" }),
            ])?;
        }
    }
    Ok(lines.end()?)
}
