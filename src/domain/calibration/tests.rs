//! Calibration as a whole, on tables made for it.

use super::folds::Draw;
use super::*;

/// Deals in which one question tells much, one a little and one nothing.
fn made(deals: usize) -> Table {
    let mut draw = Draw::new(11);
    let mut hundred: Vec<u32> = (0..100).collect();
    let mut percent = |of: u32| {
        draw.shuffle(&mut hundred);
        hundred[0] < of
    };
    let noise = (0..8).map(|n| format!("noise {n}"));
    let names = ["much", "little", "nothing"].map(str::to_owned);
    let mut gather = Gather::new(names.into_iter().chain(noise));
    for _ in 0..deals {
        let won = percent(40);
        let much = percent(if won { 85 } else { 15 });
        let little = percent(if won { 60 } else { 40 });
        let word = |yes: bool| if yes { "yes" } else { "no" };
        let nothing = if percent(50) { "Unknown" } else { "" };
        let mut row = vec![word(much), word(little), nothing];
        row.extend((0..8).map(|_| word(percent(50))));
        gather.push(row, won).unwrap();
    }
    gather.finish()
}

#[test]
fn what_tells_is_found_and_what_does_not_is_said() {
    let report = calibrate(&made(400), Trial::default(), None).unwrap();

    let names: Vec<_> = report.questions.iter().map(|q| q.name.as_str()).collect();
    assert_eq!(names[0], "much");
    let nothing = report.questions.iter().find(|q| q.name == "nothing");
    assert!(nothing.unwrap().tells_nothing);
    assert!(!report.questions[0].tells_nothing);
    assert!(report.learnt.auc.mean > 0.85, "{:?}", report.learnt);
    assert!(report.learnt.accuracy.mean > report.majority.accuracy.mean + 0.1);
    assert!(report.learnt.brier.mean < report.majority.brier.mean);
    assert!((report.majority.auc.mean - 0.5).abs() < 1e-12);
    assert!(report.adaptive.questions.mean.mean < 6.0);
    let (mean, low, high) = report.adaptive.difference;
    assert!(low <= mean && mean <= high && low > -0.1);
}

/// Deals in which each of many questions tells as much as any other.
fn even(deals: usize) -> Table {
    let mut draw = Draw::new(5);
    let mut hundred: Vec<u32> = (0..100).collect();
    let mut gather = Gather::new((0..16).map(|n| format!("question {n}")));
    for deal in 0..deals {
        let won = deal % 2 == 0;
        let row: Vec<&str> = (0..16)
            .map(|_| {
                draw.shuffle(&mut hundred);
                let is_yes = hundred[0] < if won { 65 } else { 35 };
                if is_yes { "yes" } else { "no" }
            })
            .collect();
        gather.push(row, won).unwrap();
    }
    gather.finish()
}

#[test]
fn four_questions_are_asked_unless_the_deals_show_that_they_are_too_few() {
    let enough = calibrate(&made(200), Trial::default(), None).unwrap();
    let too_few = calibrate(&even(4_000), Trial::default(), None).unwrap();

    let asked = |report: &Report| report.adaptive.questions.mean.mean;
    assert!(asked(&enough) <= 4.2, "{:?}", enough.adaptive);
    assert!(asked(&too_few) > 5.0, "{:?}", too_few.adaptive);
    let (_, _, high) = too_few.adaptive.difference;
    assert!(high > -0.01, "{high}");
}

#[test]
fn the_same_seed_gives_the_same_and_another_does_not() {
    let table = made(120);
    let with = |seed| {
        let trial = Trial {
            seed,
            ..Trial::default()
        };
        calibrate(&table, trial, None).unwrap()
    };

    let (first, second, other) = (with(1), with(1), with(2));

    assert_eq!(first.learnt, second.learnt);
    assert_eq!(first.adaptive, second.adaptive);
    assert_ne!(first.learnt, other.learnt);
}

#[test]
fn deciles_hold_all_deals_and_rise() {
    let report = calibrate(&made(203), Trial::default(), None).unwrap();

    assert_eq!(report.reliability.len(), 10);
    assert_eq!(report.reliability.iter().map(|d| d.deals).sum::<u32>(), 203);
    let chances: Vec<f64> = report.reliability.iter().map(|d| d.chance).collect();
    assert!(chances.is_sorted());
}

#[test]
fn chance_that_has_nothing_to_go_by_learns_nothing() {
    let mut gather = Gather::new(["a".to_owned()]);
    let mut draw = Draw::new(3);
    let mut words: Vec<&str> = [["x"; 50], ["y"; 50]].concat();
    draw.shuffle(&mut words);
    for (n, word) in words.into_iter().enumerate() {
        gather.push([word], n % 2 == 0).unwrap();
    }

    let report = calibrate(&gather.finish(), Trial::default(), None).unwrap();

    // Two distinct deals only: equal rows never stand on both sides, so nothing can be learnt.
    assert_eq!(report.distinct, 2);
    assert!(report.questions[0].tells_nothing);
}

#[test]
fn present_points_are_measured_beside() {
    let table = made(100);
    let present: Vec<f64> = (0..100)
        .map(|deal| {
            if table.word(deal, 0) == Some("yes") {
                2.0
            } else {
                -2.0
            }
        })
        .collect();

    let report = calibrate(&table, Trial::default(), Some(&present)).unwrap();

    assert!(report.present.unwrap().accuracy.mean > 0.75);
}

#[test]
fn useless_tables_are_refused_in_words() {
    let table = |rows: &[(&str, bool)]| {
        let mut gather = Gather::new(["a".to_owned()]);
        for (word, won) in rows {
            gather.push([*word], *won).unwrap();
        }
        check(&gather.finish()).unwrap_err().to_string()
    };
    let names: Vec<String> = (0..40).map(|n| format!("deal {n}")).collect();
    let unique: Vec<(&str, bool)> = names
        .iter()
        .map(|n| (n.as_str(), n.ends_with('1')))
        .collect();

    assert_eq!(
        table(&[("yes", true); 39]),
        "39 closed deals are too few to learn from: it takes 40"
    );
    assert_eq!(
        table(&[("yes", false); 40]),
        "every one of the 40 deals was lost: there is nothing to tell apart"
    );
    assert!(table(&unique).starts_with("the column `a` has a different value in every row"));
}

#[test]
fn all_counts_add_up() {
    let questions = count(&made(100), 10);

    let much = questions.iter().find(|q| q.name == "much").unwrap();
    assert_eq!(
        much.answers.iter().map(|a| a.won + a.lost).sum::<u32>(),
        100
    );
    assert_eq!(
        much.answers[0].value, "yes",
        "what speaks for winning first"
    );
    assert!(much.answers[0].points > 0.0 && much.answers[1].points < 0.0);
    assert!(!much.answers[0].is_too_few());
}
