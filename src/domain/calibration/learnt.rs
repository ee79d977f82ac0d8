//! What a bank learnt from deals that are over: counts of each answer, and what they weigh.

use serde::{Deserialize, Serialize};

use super::super::answer::{Answer, Value};
use super::super::bank::{Bank, QuestionIx};
use super::super::fit::answer_at;
use super::adaptive::{Moments, information};
use super::model::{base_rate, chance, log_odds, smoothed};

/// How often each answer to a question came among the lost (0) and the won (1), in the order of
/// [`Value::ALL`].
pub type AnswerCounts = [[u32; 2]; Value::ALL.len()];

/// What was accepted: the new version of a bank. Whole numbers only, so that it is kept exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learnt {
    /// The deals behind it.
    pub deals: u32,
    /// Those of them that were won.
    pub won: u32,
    /// By what the points are shrunk, in tenths, 0 to 10.
    pub shrink: u8,
    /// Asking may stop when the prediction turns less often than this, in thousandths.
    pub stop_at: u16,
    /// The questions that were learnt.
    pub questions: Vec<LearntQuestion>,
}

/// The counts of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearntQuestion {
    /// Its id.
    pub id: String,
    /// The counts.
    pub counts: AnswerCounts,
}

/// The deals behind what a bank learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// All of them.
    pub deals: u32,
    /// Those that were won.
    pub won: u32,
    /// Asking may stop when the prediction turns less often than this, in thousandths.
    pub stop_at: u16,
}

impl Basis {
    /// Returns the log odds of winning before any answer.
    fn log_odds(self) -> f64 {
        log_odds(base_rate([self.deals.saturating_sub(self.won), self.won]))
    }
}

/// What was learnt of one question, ready to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    counts: AnswerCounts,
    /// Thousandths of a nat; `None` for an answer that no deal had.
    points: [Option<i32>; Value::ALL.len()],
}

impl Told {
    /// Weighs counts; `shrink` is in tenths.
    pub fn new(counts: AnswerCounts, shrink: u8) -> Self {
        let seen: Vec<usize> = (0..counts.len())
            .filter(|at| counts[*at] != [0, 0])
            .collect();
        let of_seen: Vec<[u32; 2]> = seen.iter().map(|at| counts[*at]).collect();
        let mut points = [None; Value::ALL.len()];
        for (at, rate) in seen.into_iter().zip(smoothed(&of_seen)) {
            let nats = f64::from(shrink.min(10)) / 10.0 * (rate[1] / rate[0]).ln();
            points[at] = Some((nats * 1000.0).round() as i32);
        }
        Self { counts, points }
    }

    /// Returns the points of an answer, in nats; `None` where no deal had it.
    pub fn points(&self, value: Value) -> Option<f64> {
        self.points[place(value)].map(|thousandths| f64::from(thousandths) / 1000.0)
    }

    /// Returns how many of the lost (0) and of the won (1) had an answer.
    pub fn counts(&self, value: Value) -> [u32; 2] {
        self.counts[place(value)]
    }

    /// Iterates over the answers that deals had: their points, and how often each comes, one added
    /// to each count.
    fn words(&self) -> impl Iterator<Item = (f64, [f64; 2])> {
        let seen = || (0..self.counts.len()).filter(|at| self.points[*at].is_some());
        let total = |class: usize| {
            seen()
                .map(|at| f64::from(self.counts[at][class]) + 1.0)
                .sum()
        };
        let totals: [f64; 2] = [total(0), total(1)];
        seen().map(move |at| {
            let points = f64::from(self.points[at].unwrap_or(0)) / 1000.0;
            let rate = |class: usize| (f64::from(self.counts[at][class]) + 1.0) / totals[class];
            (points, [rate(0), rate(1)])
        })
    }
}

/// The place of a value in [`Value::ALL`].
pub fn place(value: Value) -> usize {
    match value {
        Value::Unknown => 0,
        Value::No => 1,
        Value::Partly => 2,
        Value::Yes => 3,
        Value::NotApplicable => 4,
    }
}

/// Returns the log odds of winning by what was learnt; `None` where nothing was, or where no
/// answer of the deal weighs anything.
fn odds(bank: &Bank, answers: &[Option<Answer>]) -> Option<f64> {
    let basis = bank.basis()?;
    let mut known = false;
    let mut sum = basis.log_odds();
    for (question, answer) in bank.questions().iter().zip(answers) {
        let points = question.told.as_ref().zip(*answer);
        if let Some(points) = points.and_then(|(told, answer)| told.points(answer.value)) {
            known = true;
            sum += points;
        }
    }
    known.then_some(sum)
}

/// Returns the chance of winning, 0 to 100, by what was learnt from deals that are over; `None`
/// before a calibration, and where nothing that was learnt is answered.
pub fn chance_of(bank: &Bank, answers: &[Option<Answer>]) -> Option<f64> {
    odds(bank, answers).map(|log_odds| chance(log_odds) * 100.0)
}

/// What a calibrated bank expects of the questions that are still open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlook {
    /// Whether the deal is predicted to be won.
    pub won: bool,
    /// The probability, 0 to 1, that the open questions turn that.
    pub turn: f64,
}

impl Outlook {
    /// Looks ahead; `None` where there is no chance yet.
    pub fn of(bank: &Bank, answers: &[Option<Answer>]) -> Option<Self> {
        let log_odds = odds(bank, answers)?;
        let open = bank.iter().filter_map(|(ix, question)| {
            let is_open = answer_at(answers, ix).is_none();
            question.told.as_ref().filter(|_| is_open)
        });
        let moments: Vec<Moments> = open.map(|told| Moments::of(told.words())).collect();
        Some(Self {
            won: log_odds > 0.0,
            turn: Moments::total(&moments).turn(log_odds, 1.0),
        })
    }
}

/// What the answers to a deal's questions would tell, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Worth<'b> {
    bank: &'b Bank,
    /// The chance, 0 to 1: the base rate where nothing is known yet.
    at: Option<f64>,
}

impl<'b> Worth<'b> {
    /// Looks at a deal.
    pub fn of(bank: &'b Bank, answers: &[Option<Answer>]) -> Self {
        let base = || bank.basis().map(Basis::log_odds);
        Self {
            bank,
            at: odds(bank, answers).or_else(base).map(chance),
        }
    }

    /// Returns what the answer to a question would tell about the outcome, in bits; `None` where
    /// the bank learnt nothing of the question.
    pub fn bits(self, ix: QuestionIx) -> Option<f64> {
        let told = self.bank[ix].told.as_ref()?;
        let rates = told.words().map(|(_, rates)| rates);
        self.at.map(|at| information(at, rates))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::answer::Grade;
    use super::*;

    /// A bank that learnt from 60 deals that the signer tells all, and the problem nothing.
    fn learnt() -> Bank {
        let question = |id: &str, no: [u32; 2], yes: [u32; 2]| LearntQuestion {
            id: id.to_owned(),
            counts: [[0, 0], no, [0, 0], yes, [0, 0]],
        };
        Bank::default_bank().with_learnt(&Learnt {
            deals: 60,
            won: 20,
            shrink: 10,
            stop_at: 250,
            questions: vec![
                question("PWR1", [38, 1], [2, 19]),
                question("PRB1", [20, 10], [20, 10]),
                question("GONE", [1, 1], [1, 1]),
            ],
        })
    }

    fn answers(bank: &Bank, given: &[(&str, Value)]) -> Vec<Option<Answer>> {
        let mut aligned = vec![None; bank.questions().len()];
        for (id, value) in given {
            let day = "2026-11-23".parse().unwrap();
            aligned[bank.find(id).unwrap().at()] = Some(Answer::new(*value, Grade::Said, day));
        }
        aligned
    }

    #[test]
    fn a_chance_needs_a_calibration_and_an_answer() {
        let bank = learnt();
        let given = answers(&bank, &[("PWR1", Value::Yes)]);

        assert_eq!(chance_of(&Bank::default_bank(), &given), None);
        assert_eq!(chance_of(&bank, &[]), None);
        let other = answers(&bank, &[("BIZ1", Value::Yes)]);
        assert_eq!(chance_of(&bank, &other), None, "never learnt");
        let unseen = answers(&bank, &[("PWR1", Value::Partly)]);
        assert_eq!(chance_of(&bank, &unseen), None, "no deal had it");
    }

    #[test]
    fn a_chance_is_base_rate_and_points() {
        let bank = learnt();

        let chance = chance_of(&bank, &answers(&bank, &[("PWR1", Value::Yes)])).unwrap();

        // By hand: base 25 of 80; yes (19 + 1)/22 of the won, (2 + 1)/42 of the lost.
        let odds: f64 = 25.0 / 55.0 * (20.0 / 22.0) / (3.0 / 42.0);
        assert!(
            (chance - 100.0 * odds / (1.0 + odds)).abs() < 0.02,
            "{chance}"
        );
    }

    #[test]
    fn what_tells_most_is_worth_most_and_what_is_known_turns_nothing() {
        let bank = learnt();
        let worth_of = |id: &str| Worth::of(&bank, &[]).bits(bank.find(id).unwrap());

        assert!(worth_of("PWR1").unwrap() > 0.4);
        assert!(worth_of("PRB1").unwrap() < 0.001);
        assert_eq!(worth_of("BIZ1"), None);
        let blind = Outlook::of(&bank, &answers(&bank, &[("PRB1", Value::Yes)])).unwrap();
        let clear = Outlook::of(&bank, &answers(&bank, &[("PWR1", Value::No)])).unwrap();
        assert!(!blind.won && blind.turn > 0.2, "{blind:?}");
        assert!(!clear.won && clear.turn < 0.01, "{clear:?}");
    }
}
