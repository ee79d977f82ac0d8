//! The arithmetic of answers: evidence, earned, fit, coverage, weakest link, musts.
//!
//! One additive model in nats (scoring model): a yes gains half its weight times its grade, a
//! no that was asked loses half its weight, partly and unknown are 0. A yes must be earned and
//! a no is believed. [`contributions`] opens every number to the answers that made it.

use chrono::NaiveDate;

use super::answer::{Answer, Grade, Value};
use super::bank::{Bank, Direction, Must, Question, QuestionIx, Section};

/// Returns the points of an answer to a question, in nats; 0 where it is not asked. Learnt points
/// are used as they are, whatever the grade and the age.
pub fn points(question: &Question, answer: Option<Answer>, today: NaiveDate) -> f64 {
    let Some(answer) = answer else { return 0.0 };
    if let Some(learnt) = question.told.as_ref().and_then(|t| t.points(answer.value)) {
        return learnt;
    }
    match answer.value {
        Value::Yes => {
            let grade = match answer.grade {
                Grade::Hunch => 0.25,
                Grade::Said => 0.5,
                Grade::Shown | Grade::Record => 1.0,
            };
            let is_stale = answer.is_stale(question.shelf_days, today);
            question.stake() * grade * if is_stale { 0.5 } else { 1.0 }
        }
        Value::No => {
            let is_hunch = answer.grade == Grade::Hunch;
            -question.stake() * if is_hunch { 0.5 } else { 1.0 }
        }
        Value::Partly | Value::Unknown | Value::NotApplicable => 0.0,
    }
}

/// Tells whether a question is out of the sum: it does not apply, and is no must.
fn is_out(question: &Question, answer: Option<Answer>) -> bool {
    question.must.is_none() && answer.is_some_and(|a| a.value == Value::NotApplicable)
}

/// Tells whether a question is answered: no, partly or yes.
fn is_answered(answer: Option<Answer>) -> bool {
    answer.is_some_and(|answer| answer.value.is_answered())
}

/// What an unknown core question takes off *earned* once the deal is late, in nats.
fn late_cost(question: &Question) -> f64 {
    f64::from(question.weight) / 4.0
}

/// The worst and the best that a fit can still be, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Every open question at its worst, every answer as it stands.
    pub lo: f64,
    /// Every open question at its best, every yes as if shown and fresh.
    pub hi: f64,
}

impl Range {
    /// The range of what nothing is known about.
    pub const UNKNOWN: Self = Self { lo: 0.0, hi: 100.0 };
}

/// How far one must is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MustState {
    /// Not asked, unknown, or a yes that is only a hunch and so not earned yet.
    Open,
    /// A no.
    No,
    /// Partly.
    Partly,
    /// Yes at *said* or better.
    Yes,
}

impl MustState {
    /// Returns the word that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Yes => "yes",
        }
    }

    /// Reads a stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Open, Self::No, Self::Partly, Self::Yes];
        all.into_iter().find(|state| state.code() == code)
    }

    /// Reads the state off the answer to a must.
    pub fn of(answer: Option<Answer>) -> Self {
        let Some(answer) = answer else {
            return Self::Open;
        };
        match answer.value {
            Value::Yes if answer.is_earned_yes() => Self::Yes,
            Value::Yes | Value::Unknown | Value::NotApplicable => Self::Open,
            Value::Partly => Self::Partly,
            Value::No => Self::No,
        }
    }
}

/// The three things that CONTINUE needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Musts {
    /// They have a problem.
    pub problem: MustState,
    /// Who can sign has met us.
    pub signer: MustState,
    /// They know when and how they buy.
    pub date: MustState,
}

impl Musts {
    /// Returns the state of one of them.
    pub fn get(self, must: Must) -> MustState {
        match must {
            Must::Problem => self.problem,
            Must::Signer => self.signer,
            Must::Date => self.date,
        }
    }
}

/// The core question that holds a deal back most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weakest {
    /// The question.
    pub question: QuestionIx,
    /// Its answer; `None` where it is not asked. Its age is counted from `as_of`.
    pub answer: Option<Answer>,
}

/// What the answers of one deal add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The sum of points about the prospect and the race, in nats.
    pub evidence: f64,
    /// Evidence less what is still unknown late, in nats.
    pub earned: f64,
    /// The fit over all sections.
    pub fit: Range,
    /// Whether they fit us.
    pub they_fit_us: Range,
    /// Whether we fit them.
    pub we_fit_them: Range,
    /// The answered share of the weight of core and answered questions, 0 to 100.
    pub coverage: f64,
    /// The weakest link; `None` where each core question is a fresh yes as shown.
    pub weakest: Option<Weakest>,
    /// The musts.
    pub musts: Musts,
    /// The core questions that apply.
    pub core_total: u16,
    /// Those of them that are asked, whatever came back.
    pub core_asked: u16,
    /// Those of them that are answered: no, partly or yes.
    pub core_answered: u16,
}

/// Sums up one fit.
#[derive(Default)]
struct Sum {
    lo: f64,
    hi: f64,
    least: f64,
    most: f64,
}

impl Sum {
    fn add(&mut self, part: &Contribution) {
        if part.stake > 0.0 {
            self.lo += part.worst;
            self.hi += part.best;
            self.least += part.least;
            self.most += part.most;
        }
    }

    fn range(&self) -> Range {
        let width = self.most - self.least;
        if width <= 0.0 {
            return Range::UNKNOWN;
        }
        let share = |points: f64| (points - self.least) / width * 100.0;
        Range {
            lo: share(self.lo),
            hi: share(self.hi),
        }
    }
}

impl Fit {
    /// Adds up the answers of a deal, which are aligned to the bank; those past the end of
    /// `answers` are not asked. `is_late` tells whether the deal is at or past proposal.
    pub fn of(bank: &Bank, answers: &[Option<Answer>], is_late: bool, today: NaiveDate) -> Self {
        let (mut evidence, mut unknown_late) = (0.0, 0.0);
        let (mut all, mut they, mut we) = (Sum::default(), Sum::default(), Sum::default());
        let (mut known, mut weighed) = (0.0, 0.0);
        let (mut core_total, mut core_asked, mut core_answered) = (0, 0, 0);
        let mut weakest: Option<(f64, Weakest)> = None;

        for part in parts(bank, answers, is_late, today) {
            let question = &bank[part.question];
            let is_answered = is_answered(part.answer);
            if part.line == Line::Evidence {
                evidence += part.points;
                unknown_late += part.late_cost;
            }
            if question.core {
                core_total += 1;
                core_asked += u16::from(part.answer.is_some());
                core_answered += u16::from(is_answered);
                if part.loss() > weakest.map_or(0.0, |(most, _)| most) {
                    let (question, answer) = (part.question, part.answer);
                    weakest = Some((part.loss(), Weakest { question, answer }));
                }
            }
            weighed += part.stake;
            known += if is_answered { part.stake } else { 0.0 };
            all.add(&part);
            match question.direction {
                Some(Direction::TheyFitUs) => they.add(&part),
                Some(Direction::WeFitThem) => we.add(&part),
                Some(Direction::Both) => {
                    they.add(&part);
                    we.add(&part);
                }
                None => {}
            }
        }

        let state = |must| MustState::of(answer_at(answers, bank.must(must)));
        Self {
            evidence,
            earned: evidence - unknown_late,
            fit: all.range(),
            they_fit_us: they.range(),
            we_fit_them: we.range(),
            coverage: if weighed > 0.0 {
                known / weighed * 100.0
            } else {
                0.0
            },
            weakest: weakest.map(|(_, weakest)| weakest),
            musts: Musts {
                problem: state(Must::Problem),
                signer: state(Must::Signer),
                date: state(Must::Date),
            },
            core_total,
            core_asked,
            core_answered,
        }
    }
}

/// The line on which the points of a question stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// They count as evidence.
    Evidence,
    /// They are about the money, and have their own line.
    Money,
    /// They are about our own conduct, and have their own line.
    Conduct,
}

impl Line {
    /// Returns the line of a question.
    pub fn of(question: &Question) -> Self {
        match question.section {
            Section::TheyFitUs | Section::WeFitThem => Self::Evidence,
            Section::Money => Self::Money,
            Section::Conduct => Self::Conduct,
        }
    }
}

/// What one question adds to the numbers of a deal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// The question.
    pub question: QuestionIx,
    /// The line on which its points stand.
    pub line: Line,
    /// Its answer; `None` where it is not asked.
    pub answer: Option<Answer>,
    /// Its points, in nats.
    pub points: f64,
    /// What it takes off *earned* for being unknown late, in nats; 0 or more.
    pub late_cost: f64,
    /// Half its weight, by which it counts in fit and coverage, in nats; 0 where it counts in
    /// neither, being open and not core.
    pub stake: f64,
    /// The least that any answer to it brings, in nats.
    pub least: f64,
    /// The most that any answer to it brings, in nats.
    pub most: f64,
    /// The least that it may bring to the fit, in nats.
    pub worst: f64,
    /// The most that it may bring to the fit, in nats.
    pub best: f64,
    /// Whether it is a yes past its shelf life, and so counts half.
    pub is_stale: bool,
}

impl Contribution {
    /// Returns what is lost against a fresh yes as shown, in nats; not asked counts as no.
    fn loss(&self) -> f64 {
        match self.answer {
            None => self.most - self.least,
            Some(_) => self.most - self.points,
        }
    }
}

/// Returns the answer to a question; those past the end are not asked.
pub(crate) fn answer_at(answers: &[Option<Answer>], ix: QuestionIx) -> Option<Answer> {
    answers.get(ix.at()).copied().flatten()
}

/// Returns what each core or asked question adds, in the order of the bank, without those that
/// do not apply.
///
/// Evidence is the sum of `points` on its line, *earned* is that less all `late_cost`.
pub fn contributions(
    bank: &Bank,
    answers: &[Option<Answer>],
    is_late: bool,
    today: NaiveDate,
) -> Vec<Contribution> {
    parts(bank, answers, is_late, today).collect()
}

/// Iterates over what [`contributions`] returns.
fn parts<'a>(
    bank: &'a Bank,
    answers: &'a [Option<Answer>],
    is_late: bool,
    today: NaiveDate,
) -> impl Iterator<Item = Contribution> + 'a {
    bank.iter().filter_map(move |(ix, question)| {
        let answer = answer_at(answers, ix);
        if (answer.is_none() && !question.core) || is_out(question, answer) {
            return None;
        }
        let line = Line::of(question);
        let points = points(question, answer, today);
        let is_answered = is_answered(answer);
        let is_yes = answer.is_some_and(|answer| answer.value == Value::Yes);
        let counts = question.core || is_answered;
        let stake = if counts { question.stake() } else { 0.0 };
        let (least, most) = if counts {
            (question.least(), question.most())
        } else {
            (0.0, 0.0)
        };
        let costs = is_late && question.core && !is_answered && line == Line::Evidence;
        Some(Contribution {
            question: ix,
            line,
            answer,
            points,
            late_cost: if costs { late_cost(question) } else { 0.0 },
            stake,
            least,
            most,
            worst: if is_answered { points } else { least },
            best: if is_answered && (!is_yes || question.told.is_some()) {
                points
            } else {
                most
            },
            is_stale: answer.is_some_and(|a| a.is_stale(question.shelf_days, today)),
        })
    })
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "points are sums of sixteenths, which are exact"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn today() -> NaiveDate {
        day("2026-11-23")
    }

    /// Aligns a few answers to the default bank.
    fn answers(bank: &Bank, given: &[(&str, Value, Grade)]) -> Vec<Option<Answer>> {
        let mut aligned = vec![None; bank.questions().len()];
        for (id, value, grade) in given {
            let ix = bank.find(id).unwrap();
            aligned[ix.at()] = Some(Answer::new(*value, *grade, today()));
        }
        aligned
    }

    fn fit(given: &[(&str, Value, Grade)], is_late: bool) -> Fit {
        let bank = Bank::default_bank();
        Fit::of(&bank, &answers(&bank, given), is_late, today())
    }

    #[test]
    fn points_follow_value_and_grade() {
        let bank = Bank::default_bank();
        let core = &bank[bank.find("BIZ1").unwrap()];
        let at = |value, grade| points(core, Some(Answer::new(value, grade, today())), today());

        assert_eq!(at(Value::Yes, Grade::Hunch), 0.375);
        assert_eq!(at(Value::Yes, Grade::Said), 0.75);
        assert_eq!(at(Value::Yes, Grade::Shown), 1.5);
        assert_eq!(at(Value::Yes, Grade::Record), 1.5);
        assert_eq!(at(Value::No, Grade::Hunch), -0.75);
        assert_eq!(at(Value::No, Grade::Said), -1.5);
        assert_eq!(at(Value::No, Grade::Shown), -1.5);
        assert_eq!(at(Value::No, Grade::Record), -1.5);
        assert_eq!(at(Value::Partly, Grade::Said), 0.0);
        assert_eq!(at(Value::Unknown, Grade::Said), 0.0);
        assert_eq!(points(core, None, today()), 0.0);
    }

    #[test]
    fn a_stale_yes_counts_half_and_a_stale_no_in_full() {
        let bank = Bank::default_bank();
        let core = &bank[bank.find("BIZ1").unwrap()];
        let old = day("2026-09-23");
        let at = |value| points(core, Some(Answer::new(value, Grade::Shown, old)), today());

        assert_eq!(at(Value::Yes), 0.75);
        assert_eq!(at(Value::No), -1.5);
    }

    #[test]
    fn of_a_blank_deal_nothing_is_known() {
        let blank = fit(&[], false);

        assert_eq!(
            (blank.evidence, blank.earned, blank.coverage),
            (0.0, 0.0, 0.0)
        );
        assert_eq!(blank.fit, Range::UNKNOWN);
        assert_eq!(blank.they_fit_us, Range::UNKNOWN);
        assert_eq!(blank.we_fit_them, Range::UNKNOWN);
        assert_eq!(
            (blank.core_total, blank.core_asked, blank.core_answered),
            (12, 0, 0)
        );
        let weakest = blank.weakest.unwrap();
        assert_eq!(
            (weakest.question, weakest.answer),
            (QuestionIx::new(0), None)
        );
        assert_eq!(blank.musts.get(Must::Problem), MustState::Open);
    }

    #[test]
    fn money_and_conduct_never_raise_or_lower_evidence() {
        let good = fit(
            &[
                ("MON1", Value::Yes, Grade::Shown),
                ("OPP2", Value::Yes, Grade::Shown),
                ("WIN3", Value::Yes, Grade::Shown),
            ],
            false,
        );
        let bad = fit(
            &[
                ("MON1", Value::No, Grade::Shown),
                ("ROL1", Value::No, Grade::Shown),
            ],
            false,
        );

        assert_eq!((good.evidence, bad.evidence), (0.0, 0.0));
        assert!(good.fit.lo > 0.0 && bad.fit.hi < 100.0);
        assert_eq!(
            (good.they_fit_us, bad.we_fit_them),
            (Range::UNKNOWN, Range::UNKNOWN)
        );
    }

    #[test]
    fn a_question_of_both_directions_counts_in_both() {
        let fit = fit(&[("WIN1", Value::No, Grade::Said)], false);

        assert!(fit.they_fit_us.hi < 100.0);
        assert_eq!(fit.we_fit_them, Range { lo: 0.0, hi: 50.0 });
    }

    #[test]
    fn late_each_unknown_core_question_about_them_costs_a_quarter_of_its_weight() {
        let late = fit(&[("BIZ1", Value::Unknown, Grade::Said)], true);

        assert_eq!(late.evidence, 0.0);
        assert_eq!(late.earned, -7.5);
    }

    #[test]
    fn what_does_not_apply_is_out_of_every_sum() {
        let early = fit(&[("BIZ1", Value::NotApplicable, Grade::Said)], true);

        assert_eq!(early.core_total, 11);
        assert_eq!(early.earned, -6.75);
        assert_eq!(early.fit, Range::UNKNOWN);
    }

    #[test]
    fn a_must_stays_in_the_sum_even_where_it_does_not_apply() {
        let fit = fit(&[("PWR1", Value::NotApplicable, Grade::Said)], true);

        assert_eq!((fit.core_total, fit.core_answered), (12, 0));
        assert_eq!(fit.musts.signer, MustState::Open);
    }

    #[test]
    fn the_weakest_link_is_the_greatest_loss_and_the_earliest_of_equals() {
        let bank = Bank::default_bank();
        let mut given: Vec<_> = bank
            .questions()
            .iter()
            .filter(|q| q.core)
            .map(|q| (q.id.as_str(), Value::Yes, Grade::Shown))
            .collect();
        let all_shown = fit(&given, false);
        given[3].2 = Grade::Hunch;
        given[7].1 = Value::Partly;
        let partly = fit(&given, false);
        given[5].1 = Value::No;
        given[9].1 = Value::No;
        let no = fit(&given, false);

        assert_eq!(all_shown.weakest, None);
        assert_eq!(partly.weakest.unwrap().question, QuestionIx::new(7));
        assert_eq!(no.weakest.unwrap().question, QuestionIx::new(5));
    }

    #[test]
    fn musts_are_earned_by_said_and_not_by_a_hunch() {
        let state = |value, grade| MustState::of(Some(Answer::new(value, grade, today())));

        assert_eq!(state(Value::Yes, Grade::Hunch), MustState::Open);
        assert_eq!(state(Value::Yes, Grade::Said), MustState::Yes);
        assert_eq!(state(Value::Yes, Grade::Record), MustState::Yes);
        assert_eq!(state(Value::Partly, Grade::Said), MustState::Partly);
        assert_eq!(state(Value::No, Grade::Hunch), MustState::No);
        assert_eq!(state(Value::Unknown, Grade::Said), MustState::Open);
        assert_eq!(MustState::of(None), MustState::Open);
        let codes = ["open", "no", "partly", "yes"];
        assert!(
            codes
                .iter()
                .all(|c| MustState::from_code(c).unwrap().code() == *c)
        );
    }

    /// Any answer, or none.
    fn any_answer() -> impl Strategy<Value = Option<Answer>> {
        let value = prop::sample::select(Value::ALL.to_vec());
        let grade = prop::sample::select(Grade::ALL.to_vec());
        let answer = (value, grade, 0u64..200).prop_map(|(value, grade, age)| {
            let as_of = today() - chrono::Days::new(age);
            Answer::new(value, grade, as_of)
        });
        prop::option::of(answer)
    }

    proptest! {
        #[test]
        fn ranges_stay_in_their_bounds(
            given in prop::collection::vec(any_answer(), 0..50),
            is_late: bool,
        ) {
            let bank = Bank::shared_default();
            let fit = Fit::of(bank, &given, is_late, today());

            for range in [fit.fit, fit.they_fit_us, fit.we_fit_them] {
                prop_assert!(0.0 <= range.lo && range.lo <= range.hi && range.hi <= 100.0);
            }
            prop_assert!((0.0..=100.0).contains(&fit.coverage));
            prop_assert!(fit.earned <= fit.evidence);
            prop_assert!(fit.core_answered <= fit.core_asked && fit.core_asked <= fit.core_total);
        }

        #[test]
        fn the_numbers_are_the_sums_of_their_contributions(
            given in prop::collection::vec(any_answer(), 44),
            is_late: bool,
        ) {
            let bank = Bank::shared_default();
            let fit = Fit::of(bank, &given, is_late, today());
            let list = contributions(bank, &given, is_late, today());

            let of_line = list.iter().filter(|c| c.line == Line::Evidence);
            let evidence: f64 = of_line.map(|c| c.points).sum();
            let late: f64 = list.iter().map(|c| c.late_cost).sum();
            let stakes: f64 = list.iter().map(|c| c.stake).sum();
            let worst: f64 = list.iter().map(|c| c.worst).sum();
            prop_assert_eq!(fit.evidence, evidence);
            prop_assert_eq!(fit.earned, evidence - late);
            if stakes > 0.0 {
                let lo = (worst + stakes) / (2.0 * stakes) * 100.0;
                prop_assert!((fit.fit.lo - lo).abs() < 1e-9);
            }
        }

        #[test]
        fn one_more_answer_never_widens_the_range(
            mut given in prop::collection::vec(any_answer(), 44),
            at in 0usize..12,
            answer in any_answer(),
        ) {
            let bank = Bank::shared_default();
            given[at] = None;
            let before = Fit::of(bank, &given, false, today()).fit;
            let takes_part = answer.is_some_and(|a| a.value.is_answered());
            given[at] = answer;
            let after = Fit::of(bank, &given, false, today()).fit;

            if takes_part {
                prop_assert!(after.lo >= before.lo - 1e-9 && after.hi <= before.hi + 1e-9);
            }
        }
    }
}
