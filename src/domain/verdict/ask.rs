//! What to ask next.
//!
//! What the record answers is not asked; only the question that an open red signal of its
//! topic answers with no is, since the record is a suspicion there and the hard question has
//! to be put. After the topics of open red signals come the musts that are not earned, then
//! what would move most points; of equals the first in the bank.

use std::cmp::Reverse;

use super::super::answer::{Answer, Grade, Value};
use super::super::bank::{Bank, Must, Question, QuestionIx, Topic};
use super::super::calibration::Worth;
use super::super::fit::answer_at;

/// How much there is still to learn from a question, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// Not asked or unknown.
    Open,
    /// A no that is only a hunch.
    HunchNo,
    /// A yes that is only a hunch.
    HunchYes,
    /// Partly.
    Partly,
    /// A yes as said.
    SaidYes,
    /// A no that was asked.
    AskedNo,
    /// A yes as shown.
    ShownYes,
}

impl Need {
    /// Returns the need of a question; `None` where it does not apply or the record answers it.
    fn of(question: &Question, answer: Option<Answer>) -> Option<Self> {
        let Some(answer) = answer else {
            return Some(Self::Open);
        };
        match (answer.value, answer.grade) {
            (Value::Unknown, _) => Some(Self::Open),
            (Value::NotApplicable, _) => question.must.map(|_| Self::Open),
            (_, Grade::Record) => None,
            (Value::No, Grade::Hunch) => Some(Self::HunchNo),
            (Value::Yes, Grade::Hunch) => Some(Self::HunchYes),
            (Value::Partly, _) => Some(Self::Partly),
            (Value::Yes, Grade::Said) => Some(Self::SaidYes),
            (Value::No, _) => Some(Self::AskedNo),
            (Value::Yes, Grade::Shown) => Some(Self::ShownYes),
        }
    }
}

/// Returns the next question to ask, and whether it is still open or only a hunch.
///
/// `answers` include what red signals answer with no, and `red_topics` are the topics of the
/// open ones. `None` where every question is answered by the record or does not apply.
pub(super) fn next_question(
    bank: &Bank,
    answers: &[Option<Answer>],
    red_topics: &[Topic],
) -> Option<(QuestionIx, bool)> {
    let need = |ix| Need::of(&bank[ix], answer_at(answers, ix));
    let told = |ix| (ix, need(ix).is_none_or(|need| need <= Need::HunchYes));

    let red = red_topics
        .iter()
        .filter_map(|topic| question_of_red(bank, answers, *topic));
    if let Some(ix) = red.min() {
        return Some(told(ix));
    }
    if let Some(ix) = must_to_earn(bank, answers) {
        return Some(told(ix));
    }
    let worth = Worth::of(bank, answers);
    let left = bank.iter().filter_map(|(ix, question)| {
        let need = need(ix)?;
        let change = change(worth, ix, question);
        Some((need, Reverse(change), ix))
    });
    let (.., ix) = left.min()?;
    Some(told(ix))
}

/// Returns what to ask about the topic of an open red signal: its first core question, else
/// one that is open.
fn question_of_red(bank: &Bank, answers: &[Option<Answer>], topic: Topic) -> Option<QuestionIx> {
    let is_to_ask = |ix: &QuestionIx| {
        let answer = answer_at(answers, *ix);
        !answer.is_some_and(|a| a.is_by_person() || a.value == Value::NotApplicable)
    };
    if let Some(core) = bank.core_of(topic).filter(is_to_ask) {
        return Some(core);
    }
    let of_topic = bank.iter().filter(|(_, question)| question.topic == topic);
    of_topic.map(|(ix, _)| ix).find(|ix| {
        let answer = answer_at(answers, *ix);
        answer.is_none_or(|answer| answer.value == Value::Unknown)
    })
}

/// Returns the must to earn next: an open one before one that is known a little.
fn must_to_earn(bank: &Bank, answers: &[Option<Answer>]) -> Option<QuestionIx> {
    let musts = Must::ALL.iter().map(|must| bank.must(*must));
    let unearned = musts.filter_map(|ix| {
        let answer = answer_at(answers, ix);
        let need = Need::of(&bank[ix], answer)?;
        let is_earned = answer.is_some_and(Answer::is_earned_yes);
        (!is_earned).then_some((need, ix))
    });
    unearned.min().map(|(_, ix)| ix)
}

/// How much the answer to a question is expected to change: millionths of a bit about the outcome
/// where the bank learnt it, and its weight; what was learnt comes first.
fn change(worth: Worth<'_>, ix: QuestionIx, question: &Question) -> (Option<u32>, u8) {
    let bits = worth.bits(ix);
    (
        bits.map(|bits| (bits * 1e6).round() as u32),
        question.weight,
    )
}

/// Returns the open core questions in the order in which the walk asks them.
///
/// What the record answers is passed over. First come the topics of open red signals, then the
/// musts, then what tells most about the outcome in a calibrated bank, else what would move most
/// points; of equals the first in the bank.
pub fn walk_order(
    bank: &Bank,
    answers: &[Option<Answer>],
    red_topics: &[Topic],
) -> Vec<QuestionIx> {
    let worth = Worth::of(bank, answers);
    let mut open: Vec<_> = bank
        .iter()
        .filter(|(ix, question)| {
            question.core && Need::of(question, answer_at(answers, *ix)) == Some(Need::Open)
        })
        .map(|(ix, question)| {
            let is_red = red_topics.contains(&question.topic);
            (
                !is_red,
                question.must.is_none(),
                Reverse(change(worth, ix, question)),
                ix,
            )
        })
        .collect();
    open.sort_unstable();
    open.into_iter().map(|(.., ix)| ix).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn day() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn answers(given: &[(&str, Value, Grade)]) -> Vec<Option<Answer>> {
        let bank = Bank::default_bank();
        let mut aligned = vec![None; bank.questions().len()];
        for (id, value, grade) in given {
            let answer = Answer::new(*value, *grade, day());
            aligned[bank.find(id).unwrap().at()] = Some(answer);
        }
        aligned
    }

    fn next(given: &[(&str, Value, Grade)], red: &[Topic]) -> String {
        let bank = Bank::default_bank();
        let (ix, _) = next_question(&bank, &answers(given), red).unwrap();
        bank[ix].id.clone()
    }

    const YES: (Value, Grade) = (Value::Yes, Grade::Said);

    #[test]
    fn the_musts_come_first_in_the_order_of_the_bank() {
        assert_eq!(next(&[], &[]), "PRB1");
        assert_eq!(next(&[("PRB1", YES.0, YES.1)], &[]), "PWR1");
        assert_eq!(
            next(&[("PRB1", YES.0, YES.1), ("PWR1", YES.0, YES.1)], &[]),
            "PRO1"
        );
    }

    #[test]
    fn a_must_that_is_open_comes_before_one_that_is_known_a_little() {
        let hunch = (Value::Yes, Grade::Hunch);
        let given = [
            ("PRB1", hunch.0, hunch.1),
            ("PWR1", Value::Partly, Grade::Said),
        ];

        assert_eq!(next(&given, &[]), "PRO1");
        let all = [given[0], given[1], ("PRO1", YES.0, YES.1)];
        assert_eq!(next(&all, &[]), "PRB1", "a hunch before partly");
    }

    #[test]
    fn the_topic_of_a_red_signal_comes_before_the_musts() {
        assert_eq!(next(&[], &[Topic::Contact]), "SIL1");
        assert_eq!(
            next(&[], &[Topic::Contact, Topic::Word]),
            "RES2",
            "the first in the bank"
        );
    }

    #[test]
    fn the_question_that_a_red_signal_answers_is_asked_until_a_person_answers_it() {
        let by_record = ("SIL1", Value::No, Grade::Record);
        let by_person = ("SIL1", Value::Yes, Grade::Said);

        assert_eq!(next(&[by_record], &[Topic::Contact]), "SIL1");
        assert_eq!(next(&[by_person], &[Topic::Contact]), "SER1");
    }

    #[test]
    fn what_the_record_answers_is_not_asked() {
        let given = [
            ("PRB1", Value::Yes, Grade::Record),
            ("PWR1", Value::No, Grade::Record),
        ];

        assert_eq!(next(&given, &[]), "PRO1");
    }

    #[test]
    fn then_the_most_points_and_of_equals_the_first() {
        let musts = [
            ("PRB1", YES.0, YES.1),
            ("PWR1", YES.0, YES.1),
            ("PRO1", YES.0, YES.1),
        ];

        assert_eq!(next(&musts, &[]), "FIT2");
        let bank = Bank::default_bank();
        let core = bank.questions().iter().filter(|q| q.core);
        let given: Vec<_> = core.map(|q| (q.id.as_str(), YES.0, YES.1)).collect();
        assert_eq!(next(&given, &[]), "PRB2", "the first of weight 2");
    }

    #[test]
    fn when_nothing_is_open_hunches_are_asked_again() {
        let bank = Bank::default_bank();
        let all = bank.questions().iter();
        let mut given: Vec<_> = all.map(|q| (q.id.as_str(), YES.0, YES.1)).collect();
        let at = |id: &str| bank.find(id).unwrap().at();
        given[at("MON5")] = ("MON5", Value::No, Grade::Hunch);
        given[at("FIT1")] = ("FIT1", Value::Yes, Grade::Hunch);

        assert_eq!(next(&given, &[]), "MON5");
        given[at("MON5")].2 = Grade::Said;
        assert_eq!(next(&given, &[]), "FIT1");
    }

    #[test]
    fn the_walk_passes_over_what_is_answered() {
        let bank = Bank::default_bank();
        let given = answers(&[
            ("PWR1", Value::No, Grade::Record),
            ("FIT2", Value::Unknown, Grade::Said),
            ("BIZ1", Value::NotApplicable, Grade::Said),
            ("BIZ2", Value::Yes, Grade::Hunch),
        ]);

        let walk = walk_order(&bank, &given, &[Topic::Margin]);

        let ids: Vec<_> = walk.iter().map(|ix| bank[*ix].id.as_str()).collect();
        let expected = [
            "MON1", "PRB1", "PRO1", "FIT2", "RES2", "WIN1", "SIL1", "OPP2", "FIT1",
        ];
        assert_eq!(ids, expected);
    }
}
