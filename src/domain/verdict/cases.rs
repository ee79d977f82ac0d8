//! The worked deals, row by row and column by column.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::domain::signal::{Figures, SignalId};

const CASES: &str = include_str!("../../../tests/data/verdict-cases.tsv");

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

/// One row of the table.
struct Case {
    deal: String,
    answers: Vec<Option<Answer>>,
    flags: Vec<String>,
    verdict: String,
    numbers: [String; 4],
    why: BTreeSet<String>,
}

fn cases(bank: &Bank) -> Vec<Case> {
    let rows = CASES.lines().filter(|row| !row.starts_with('#')).skip(1);
    rows.map(|row| case(row, bank)).collect()
}

fn case(row: &str, bank: &Bank) -> Case {
    let columns: Vec<&str> = row.split('\t').collect();
    let [
        deal,
        given,
        flags,
        verdict,
        evidence,
        earned,
        fit,
        coverage,
        why,
    ] = columns[..]
    else {
        panic!("nine columns: {row}");
    };
    let words = |text: &str| -> Vec<String> {
        let words = text.split(' ').filter(|word| *word != "-");
        words.map(str::to_owned).collect()
    };
    let is_stale = flags.contains("stale");
    let mut answers = vec![None; bank.questions().len()];
    for word in words(given) {
        let (id, answer) = word.split_once('=').unwrap();
        let (value, grade) = answer.split_once('/').unwrap();
        let ix = bank.find(id).unwrap_or_else(|| panic!("{deal}: {id}"));
        let age = if is_stale {
            u64::from(bank[ix].shelf_days) + 1
        } else {
            0
        };
        answers[ix.at()] = Some(Answer::new(
            Value::from_code(value).unwrap(),
            Grade::from_code(grade).unwrap(),
            today() - chrono::Days::new(age),
        ));
    }
    Case {
        deal: deal.to_owned(),
        answers,
        flags: words(flags),
        verdict: verdict.to_owned(),
        numbers: [evidence, earned, fit, coverage].map(str::to_owned),
        why: expected_why(why),
    }
}

/// Reads the column `why` as a set of single reasons; a number behind one is kept.
fn expected_why(why: &str) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    for reason in why.split("; ").filter(|reason| *reason != "-") {
        let (word, rest) = reason.split_once([':', ' ']).unwrap_or((reason, ""));
        let rest = rest.trim();
        match word {
            "knock-out" => set.extend(rest.split('+').map(|id| format!("knock-out {id}"))),
            "earn" => set.extend(rest.split(',').map(|id| format!("earn {id}"))),
            "ask" => set.extend(rest.split(',').map(|id| format!("ask {id}"))),
            "red" => set.extend(rest.split(',').map(|id| format!("red {id}"))),
            "bad" => set.extend(["bad money".to_owned()]),
            _ => set.extend([reason.to_owned()]),
        }
    }
    set
}

/// Spells the reasons of a judgement in the same way.
fn found_why(judgement: &Judgement, bank: &Bank) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    for reason in &judgement.reasons {
        let text = reason.to_text(bank);
        match text.split_once(' ') {
            Some(("ask", list)) => set.extend(list.split(',').map(|id| format!("ask {id}"))),
            Some(("coverage", _)) => set.extend(["coverage".to_owned()]),
            Some(_) | None => set.extend([text]),
        }
    }
    set
}

#[test]
fn every_worked_deal_comes_out_as_by_hand() {
    let bank = Bank::default_bank();
    let cases = cases(&bank);
    assert_eq!(cases.len(), 17);

    for case in cases {
        let has = |flag: &str| case.flags.iter().any(|given| given == flag);
        let reds = case.flags.iter().find_map(|flag| flag.strip_prefix("red="));
        let signals: Vec<Signal> = reds
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(|code| Signal {
                id: SignalId::from_code(code).unwrap(),
                level: Level::Red,
                settled: has("settled"),
                since: None,
                figures: Figures::default(),
            })
            .collect();
        let circumstances = Circumstances {
            is_late: has("late"),
            paper: if has("dead") {
                Paper::Dead
            } else {
                Paper::Alive
            },
            hard_question_unanswered: has("unanswered"),
            signals: &signals,
            ..Circumstances::default()
        };

        let fit = Fit::of(&bank, &case.answers, has("late"), today());
        let thresholds = Thresholds::default();
        let judgement = judge(&bank, &case.answers, &fit, &circumstances, &thresholds);

        let deal = &case.deal;
        assert_eq!(judgement.verdict.words(), case.verdict, "{deal}");
        let numbers = [
            format!("{:+.3}", fit.evidence + 0.0),
            format!("{:+.3}", fit.earned + 0.0),
            format!("{:.1}..{:.1}", fit.fit.lo, fit.fit.hi),
            format!("{:.1}", fit.coverage),
        ];
        assert_eq!(numbers, case.numbers, "{deal}");
        assert_eq!(found_why(&judgement, &bank), case.why, "{deal}");
        let money_noes = Noes::of(&bank, &case.answers).about_money;
        assert_eq!(
            money_noes || is_bad_money(&signals),
            has("badmoney"),
            "{deal}"
        );
        let must_ask = judgement.verdict == Verdict::GetToNo;
        assert!(!must_ask || judgement.ask.is_some(), "{deal}");
    }
}
