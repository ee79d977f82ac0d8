//! A deal whose bank learnt from deals that are over.

use std::sync::Arc;

use walkaway::app::model::Model;
use walkaway::app::walk::WalkNote;
use walkaway::domain::answer::Answer;
use walkaway::domain::bank::Bank;
use walkaway::domain::calibration::{Learnt, LearntQuestion, chance_of};

use super::{look, pages, sample};

/// Puts a bank in force that learnt from 223 deals that the signer tells most, and what comes
/// once they have decided a little.
fn learnt(mut model: Model) -> Model {
    let question = |id: &str, no: [u32; 2], yes: [u32; 2]| LearntQuestion {
        id: id.to_owned(),
        counts: [[0, 0], no, [0, 0], yes, [0, 0]],
    };
    let bank = Bank::default_bank().with_learnt(&Learnt {
        deals: 223,
        won: 111,
        shrink: 7,
        stop_at: 50,
        questions: vec![
            question("PRB1", [50, 30], [62, 81]),
            question("PWR1", [80, 30], [32, 81]),
            question("PRO1", [90, 24], [22, 87]),
        ],
    });
    let detail = model.detail.loaded.as_mut().expect("a deal is shown");
    let mut answers = vec![None; bank.questions().len()];
    for row in &detail.answers {
        if let Some(ix) = bank.find(&row.question) {
            answers[ix.at()] = Some(Answer::new(row.value, row.grade, row.day));
        }
    }
    let eval = detail.eval.as_mut().expect("it is open");
    eval.chance = chance_of(&bank, &answers);
    eval.ask = bank.find("PRO1");
    model.bank = Some(Arc::new(bank));
    model
}

/// The same, and what is open is unlikely to turn it.
fn settled(mut model: Model) -> Model {
    let detail = model.detail.loaded.as_mut().expect("a deal is shown");
    let mut last = detail.answers[3].clone();
    "PRO1".clone_into(&mut last.question);
    detail.answers.push(last);
    let mut model = learnt(model);
    let detail = model.detail.loaded.as_mut().expect("a deal is shown");
    let eval = detail.eval.as_mut().expect("it is open");
    eval.is_final = true;
    eval.ask = None;
    model
}

#[test]
fn a_chance_stands_with_the_deals_that_it_was_learnt_from() {
    for (width, height) in [(80, 24), (120, 36)] {
        let shown = look(&learnt(sample::cockpit(width, height)));

        assert!(shown.contains("learnt from 223 closed"), "{shown}");
        insta::assert_snapshot!(format!("learnt_chance_{width}x{height}"), shown);
    }
}

#[test]
fn a_question_says_what_it_tells_about_the_outcome() {
    for (width, height) in [(80, 24), (120, 36)] {
        let shown = look(&learnt(pages::walk(width, height, "PRO1", None)));

        assert!(shown.contains("tells most: 0.24 bit"), "{shown}");
        insta::assert_snapshot!(format!("learnt_walk_{width}x{height}"), shown);
    }
}

#[test]
fn a_verdict_is_final_before_everything_is_asked() {
    for (width, height) in [(80, 24), (120, 36)] {
        let shown = look(&settled(sample::cockpit(width, height)));
        let walk = pages::walk(width, height, "PRO2", Some(WalkNote::Final));
        let asked = look(&settled(walk));

        assert!(shown.contains("final: no open answer is likely"), "{shown}");
        assert!(asked.contains(" is final: what is open would"), "{asked}");
        insta::assert_snapshot!(format!("learnt_final_{width}x{height}"), shown);
        insta::assert_snapshot!(format!("learnt_final_walk_{width}x{height}"), asked);
    }
}
