use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::signal::Figures;

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn answer(value: Value, grade: Grade) -> Answer {
    Answer::new(value, grade, today())
}

/// The default bank with some answers, ready to be judged.
struct Deal {
    bank: Bank,
    answers: Vec<Option<Answer>>,
}

impl Deal {
    fn blank() -> Self {
        let bank = Bank::default_bank();
        let answers = vec![None; bank.questions().len()];
        Self { bank, answers }
    }

    /// Every core question a yes as shown.
    fn good() -> Self {
        let mut deal = Self::blank();
        for ix in 0..12 {
            deal.answers[ix] = Some(answer(Value::Yes, Grade::Shown));
        }
        deal
    }

    fn with(mut self, id: &str, value: Value, grade: Grade) -> Self {
        let ix = self.bank.find(id).unwrap();
        self.answers[ix.at()] = Some(answer(value, grade));
        self
    }

    fn without(mut self, id: &str) -> Self {
        let ix = self.bank.find(id).unwrap();
        self.answers[ix.at()] = None;
        self
    }

    fn judge_in(&self, circumstances: &Circumstances<'_>) -> Judgement {
        let fit = Fit::of(&self.bank, &self.answers, circumstances.is_late, today());
        judge(
            &self.bank,
            &self.answers,
            &fit,
            circumstances,
            &Thresholds::default(),
        )
    }

    fn judge(&self) -> Judgement {
        self.judge_in(&Circumstances::default())
    }

    fn reasons(&self) -> Vec<String> {
        let texts = self.judge().reasons;
        texts
            .iter()
            .map(|reason| reason.to_text(&self.bank))
            .collect()
    }
}

fn signal(id: SignalId, level: Level) -> Signal {
    Signal {
        id,
        level,
        settled: false,
        since: None,
        figures: Figures::default(),
    }
}

#[test]
fn a_blank_deal_is_never_fired() {
    let judgement = Deal::blank().judge();

    assert_eq!(judgement.verdict, Verdict::GetToNo);
    assert_eq!(
        Deal::blank().reasons(),
        [
            "earn PRB1",
            "earn PWR1",
            "earn PRO1",
            "points +0.0",
            "coverage 0.0"
        ]
    );
    assert_eq!(judgement.ask, Some(QuestionIx::new(0)));
    assert!(!judgement.is_final);
}

#[test]
fn a_knock_out_fires_when_it_was_asked_and_not_on_a_hunch_or_the_record() {
    let with = |grade| Deal::good().with("WIN1", Value::No, grade);

    assert_eq!(with(Grade::Said).judge().verdict, Verdict::Fire);
    assert_eq!(with(Grade::Shown).reasons(), ["knock-out WIN1"]);
    assert_eq!(with(Grade::Hunch).judge().verdict, Verdict::Continue);
    assert_eq!(with(Grade::Record).judge().verdict, Verdict::Continue);
}

#[test]
fn two_hard_noes_fire_and_one_or_two_soft_ones_do_not() {
    let one = Deal::good().with("BIZ1", Value::No, Grade::Said);
    let soft =
        Deal::good()
            .with("PRB2", Value::No, Grade::Said)
            .with("WIN2", Value::No, Grade::Said);

    assert_eq!(one.judge().verdict, Verdict::Continue);
    assert_eq!(soft.judge().verdict, Verdict::Continue);
    let two = one.with("PRO4", Value::No, Grade::Said);
    assert_eq!(two.reasons(), ["two hard noes BIZ1+PRO4"]);
    let a_hunch = two.with("PRO4", Value::No, Grade::Hunch);
    assert_eq!(a_hunch.judge().verdict, Verdict::Continue);
}

#[test]
fn evidence_fires_at_its_bound_and_with_enough_core_answered() {
    // Two hunches on core questions make -1.5, partly fills up the count.
    let three = Deal::blank()
        .with("BIZ1", Value::No, Grade::Hunch)
        .with("BIZ2", Value::No, Grade::Hunch)
        .with("RES2", Value::Partly, Grade::Said);
    let four = || {
        let deal = Deal::blank().with("BIZ1", Value::No, Grade::Hunch);
        let deal = deal.with("BIZ2", Value::No, Grade::Hunch);
        deal.with("RES2", Value::Partly, Grade::Said)
            .with("SIL1", Value::Partly, Grade::Said)
    };

    assert_eq!(three.judge().verdict, Verdict::GetToNo);
    assert_eq!(four().reasons(), ["evidence -1.5"]);
    let a_little_better = four().with("PRB3", Value::Yes, Grade::Hunch);
    assert_eq!(a_little_better.judge().verdict, Verdict::GetToNo);
    let unknown = four().with("SIL1", Value::Unknown, Grade::Said);
    assert_eq!(
        unknown.judge().verdict,
        Verdict::GetToNo,
        "unknown is not answered"
    );
}

#[test]
fn continue_needs_every_must_at_said_or_better() {
    for id in ["PRB1", "PWR1", "PRO1"] {
        let hunch = Deal::good().with(id, Value::Yes, Grade::Hunch);
        let partly = Deal::good().with(id, Value::Partly, Grade::Said);
        let record = Deal::good().with(id, Value::Yes, Grade::Record);

        assert_eq!(hunch.reasons(), [format!("earn {id}")]);
        assert_eq!(partly.reasons(), [format!("earn {id}")]);
        assert_eq!(record.judge().verdict, Verdict::Continue);
    }
}

#[test]
fn continue_needs_its_points_and_its_coverage() {
    let bank = Bank::default_bank();
    let mut poor = Deal::good();
    for question in bank
        .questions()
        .iter()
        .take(12)
        .filter(|q| q.must.is_none())
    {
        poor = poor.with(&question.id, Value::Partly, Grade::Said);
    }
    for id in ["PRB1", "PWR1", "PRO1"] {
        poor = poor.with(id, Value::Yes, Grade::Said);
    }
    // 3 x 0.75 = 2.25, less 0.75 for a no that is a hunch: 1.5.
    let poor = poor.with("BIZ1", Value::No, Grade::Hunch);
    let covered = Deal::good().without("SIL1").without("FIT1").without("OPP2");
    let uncovered = Deal::good()
        .without("SIL1")
        .without("FIT1")
        .without("OPP2")
        .without("MON1");

    assert_eq!(poor.reasons(), ["ask BIZ1", "points +1.5"]);
    assert_eq!(covered.judge().verdict, Verdict::Continue, "27 of 36 is 75");
    assert_eq!(uncovered.reasons(), ["coverage 66.7"]);
    let thresholds = Thresholds {
        continue_earned: 1.5,
        ..Thresholds::default()
    };
    let fit = Fit::of(&poor.bank, &poor.answers, false, today());
    let judged = judge(
        &poor.bank,
        &poor.answers,
        &fit,
        &Circumstances::default(),
        &thresholds,
    );
    assert_eq!(
        judged.verdict,
        Verdict::Continue,
        "the bound itself is enough"
    );
}

#[test]
fn an_open_red_signal_blocks_and_a_settled_or_amber_one_does_not() {
    let judge = |signal: Signal| {
        let signals = [signal];
        let circumstances = Circumstances {
            signals: &signals,
            ..Circumstances::default()
        };
        Deal::good().judge_in(&circumstances)
    };
    let red = signal(SignalId::Slipped, Level::Red);
    let settled = Signal {
        settled: true,
        ..red
    };

    assert_eq!(judge(red).reasons, [Reason::Red(SignalId::Slipped)]);
    assert_eq!(judge(settled).verdict, Verdict::Continue);
    assert_eq!(
        judge(signal(SignalId::Slipped, Level::Amber)).verdict,
        Verdict::Continue
    );
}

#[test]
fn bad_money_turns_continue_into_get_to_no() {
    let money_no = Deal::good().with("MON5", Value::No, Grade::Hunch);
    let conduct_no = Deal::good().with("ROL1", Value::No, Grade::Said);

    assert_eq!(money_no.reasons(), ["ask MON5", "bad money"]);
    assert_eq!(conduct_no.judge().verdict, Verdict::Continue);
    let amber = |id| signal(id, Level::Amber);
    assert!(is_bad_money(&[
        amber(SignalId::ReQuoted),
        amber(SignalId::Bait)
    ]));
    assert!(!is_bad_money(&[
        amber(SignalId::Bait),
        amber(SignalId::Slipped)
    ]));
    assert!(is_bad_money(&[signal(SignalId::ThinMargin, Level::Red)]));
    let settled = Signal {
        settled: true,
        ..signal(SignalId::ThinMargin, Level::Red)
    };
    assert!(!is_bad_money(&[settled]));
}

#[test]
fn not_wanting_the_sale_fires() {
    assert_eq!(
        Deal::good().with("MON4", Value::No, Grade::Said).reasons(),
        ["knock-out MON4"]
    );
}

#[test]
fn each_circumstance_fires_by_itself() {
    let cases = [
        (
            Circumstances {
                paper: Paper::Dead,
                ..Circumstances::default()
            },
            Reason::DeadOnPaper,
        ),
        (
            Circumstances {
                tripwire_passed: true,
                ..Circumstances::default()
            },
            Reason::TripwirePassed,
        ),
        (
            Circumstances {
                hard_question_unanswered: true,
                ..Circumstances::default()
            },
            Reason::HardQuestionUnanswered,
        ),
    ];

    for (circumstances, reason) in cases {
        let judgement = Deal::good().judge_in(&circumstances);
        assert_eq!(judgement.reasons, [reason]);
        assert!(judgement.is_final);
    }
}

#[test]
fn an_old_record_says_import_first_and_fires_nobody() {
    let circumstances = Circumstances {
        paper: Paper::ImportFirst,
        ..Circumstances::default()
    };

    let judgement = Deal::blank().judge_in(&circumstances);

    assert_eq!(judgement.verdict, Verdict::GetToNo);
    assert_eq!(judgement.reasons[0], Reason::ImportFirst);
    assert_eq!(
        Deal::good().judge_in(&circumstances).verdict,
        Verdict::Continue
    );
}

#[test]
fn continue_offers_only_what_is_open_or_a_hunch() {
    let bank = Bank::default_bank();
    let mut all = Deal::good();
    for question in bank.questions() {
        all = all.with(&question.id, Value::Yes, Grade::Shown);
    }

    assert_eq!(all.judge().ask, None);
    let open = all.without("BIZ4");
    assert_eq!(open.judge().ask, bank.find("BIZ4"));
}

#[test]
fn finality_follows_what_is_open() {
    let closed = Deal::good()
        .with("BIZ4", Value::Yes, Grade::Said)
        .with("PWR2", Value::Yes, Grade::Said)
        .with("MON4", Value::Yes, Grade::Said);

    assert!(!Deal::good().judge().is_final, "a knock-out is open");
    assert!(closed.judge().is_final);
    let one_open = closed.without("FIT1");
    assert!(one_open.judge().is_final, "its worst does not turn it");
    let money_open = one_open
        .with("FIT1", Value::Yes, Grade::Said)
        .without("MON1");
    assert!(!money_open.judge().is_final);
}

/// Any answer, or none.
fn any_answer() -> impl Strategy<Value = Option<Answer>> {
    let value = prop::sample::select(vec![
        Value::Yes,
        Value::Yes,
        Value::Yes,
        Value::No,
        Value::Partly,
        Value::Unknown,
        Value::NotApplicable,
    ]);
    let grade = prop::sample::select(Grade::ALL.to_vec());
    let given = (value, grade).prop_map(|(value, grade)| Answer::new(value, grade, today()));
    prop::option::weighted(0.8, given)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// The sums of `finality` say what judging both ends says.
    #[test]
    fn final_means_the_same_at_the_worst_and_at_the_best(
        mut answers in prop::collection::vec(any_answer(), 44),
        is_late: bool,
        musts_are_earned: bool,
        is_red in prop::bool::weighted(0.1),
    ) {
        let bank = Bank::shared_default();
        for must in Must::ALL.iter().filter(|_| musts_are_earned) {
            answers[bank.must(*must).at()] = Some(answer(Value::Yes, Grade::Shown));
        }
        let reds = [signal(SignalId::Slipped, Level::Red)];
        let circumstances = Circumstances {
            is_late,
            signals: if is_red { &reds } else { &[] },
            ..Circumstances::default()
        };
        let judge = |answers: &[Option<Answer>]| {
            let fit = Fit::of(bank, answers, is_late, today());
            judge(bank, answers, &fit, &circumstances, &Thresholds::default())
        };
        let is_open = |ix: QuestionIx| {
            let question = &bank[ix];
            let bears = question.core || question.knockout == Knockout::Alone;
            bears && answers[ix.at()].is_none_or(|a| {
                a.value == Value::Unknown
                    || (a.value == Value::NotApplicable && question.must.is_some())
            })
        };
        let end = |value| {
            let mut filled = answers.clone();
            for (ix, _) in bank.iter().filter(|(ix, _)| is_open(*ix)) {
                filled[ix.at()] = Some(answer(value, Grade::Shown));
            }
            judge(&filled).verdict
        };

        let judged = judge(&answers);

        let expected = match judged.verdict {
            Verdict::GetToNo => !bank.iter().any(|(ix, _)| is_open(ix)),
            Verdict::Fire | Verdict::Continue => {
                end(Value::No) == judged.verdict && end(Value::Yes) == judged.verdict
            }
        };
        prop_assert_eq!(judged.is_final, expected);
    }

    #[test]
    fn a_verdict_has_reasons_unless_it_is_continue_and_get_to_no_has_its_ask(
        answers in prop::collection::vec(any_answer(), 44),
        is_late: bool,
    ) {
        let bank = Bank::shared_default();
        let fit = Fit::of(bank, &answers, is_late, today());
        let circumstances = Circumstances { is_late, ..Circumstances::default() };
        let judged = judge(bank, &answers, &fit, &circumstances, &Thresholds::default());

        prop_assert_eq!(judged.reasons.is_empty(), judged.verdict == Verdict::Continue);
        prop_assert!(judged.verdict != Verdict::GetToNo || judged.ask.is_some());
    }
}
