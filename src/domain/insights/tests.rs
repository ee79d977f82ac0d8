use chrono::NaiveDate;

use super::*;

fn fired(deal: u32) -> Fired {
    Fired {
        deal,
        day: "2026-11-10".parse().unwrap(),
        days: Some(deal),
        phase: Some(Phase::Early),
        unasked: 0,
        on_paper: false,
        outcome: None,
        knocked: None,
    }
}

fn won(deal: u32) -> Won {
    Won {
        deal,
        days: Some(deal),
    }
}

fn get(facts: &Facts, id: InsightId) -> Insight {
    let found = insights(facts).into_iter().find(|found| found.id == id);
    found.expect("every insight is there")
}

fn values(insight: &Insight) -> Vec<Vec<f64>> {
    let plot = insight.plot.as_ref().expect("it is drawn");
    let bars = |series: &Series| series.bars.iter().map(|bar| bar.value).collect();
    plot.series.iter().map(bars).collect()
}

#[test]
fn nothing_is_drawn_from_nothing_and_each_says_what_is_missing() {
    for insight in insights(&Facts::default()) {
        assert_eq!(insight.plot, None, "{insight:?}");
        assert!(insight.sentence.contains(" so far"), "{insight:?}");
    }
}

#[test]
fn seven_are_too_few_and_eight_are_enough() {
    let facts = |count: u32| Facts {
        fired: (1..=count).map(fired).collect(),
        ..Facts::default()
    };

    let few = get(&facts(7), InsightId::FiredByStage);
    assert_eq!(few.plot, None);
    assert_eq!(
        few.sentence,
        "8 fired deals are needed before this tells anything; 7 so far."
    );
    assert!(get(&facts(8), InsightId::FiredByStage).plot.is_some());
}

#[test]
fn days_to_no_stand_beside_days_to_yes() {
    let mut facts = Facts {
        fired: (1..=9).map(|day| fired(day * 10)).collect(),
        won: (1..=8).map(|day| won(day * 50)).collect(),
        ..Facts::default()
    };
    // Nobody knows when it was made: not counted, and not said to be.
    facts.fired.push(Fired {
        days: None,
        ..fired(1000)
    });

    let insight = get(&facts, InsightId::DaysToNo);

    assert_eq!(
        insight.sentence,
        "A no took 50 days (half of them 30 to 70), a yes 225 days (half of them 138 to 312): \
         medians of 9 deals fired and 8 deals won."
    );
    assert_eq!(
        values(&insight),
        [
            vec![0.0, 3.0, 3.0, 3.0, 0.0, 0.0, 0.0],
            vec![0.0, 0.0, 1.0, 0.0, 2.0, 4.0, 1.0]
        ]
    );
    let plot = insight.plot.unwrap();
    assert_eq!(
        plot.places,
        ["0-7", "8-30", "31-60", "61-90", "91-180", "181-365", ">365"]
    );
    assert_eq!(plot.series[0].bars[1].deals, [10, 20, 30]);
    assert!((plot.highest() - 4.0).abs() < f64::EPSILON);
}

#[test]
fn the_stages_of_leaving_are_shares_of_the_fired() {
    let mut facts = Facts {
        fired: (1..=10).map(fired).collect(),
        ..Facts::default()
    };
    facts.fired[0].phase = None;
    facts.fired[1].phase = Some(Phase::Negotiation);
    facts.fired[2].phase = Some(Phase::Middle);

    let insight = get(&facts, InsightId::FiredByStage);

    assert_eq!(values(&insight), [[70.0, 10.0, 0.0, 10.0, 10.0]]);
    assert_eq!(
        insight.sentence,
        "8 of 10 deals fired were left before a proposal was out."
    );
}

#[test]
fn a_knockout_that_stood_unheard_has_its_days_and_hours() {
    let mut facts = Facts {
        fired: (1..=9).map(fired).collect(),
        ..Facts::default()
    };
    for (fired, days) in facts.fired.iter_mut().zip([0, 0, 5, 7, 8, 30, 31, 200]) {
        fired.knocked = Some(Knocked { days, minutes: 90 });
    }

    let insight = get(&facts, InsightId::KnockoutLate);

    assert_eq!(values(&insight), [[2.0, 2.0, 2.0, 1.0, 1.0]]);
    assert_eq!(
        insight.sentence,
        "Of 9 deals fired, 8 had a knock-out on record, for 8 days (half of them 4 to 30) before \
         we left; 12 hours went in after it."
    );
}

#[test]
fn what_the_record_alone_fired_needed_no_question() {
    let mut facts = Facts {
        fired: (1..=12).map(fired).collect(),
        ..Facts::default()
    };
    for fired in &mut facts.fired[..3] {
        fired.on_paper = true;
        fired.unasked = 12;
    }
    facts.fired[4].unasked = 3;
    facts.fired[5].unasked = 12;

    let insight = get(&facts, InsightId::Unasked);

    assert_eq!(values(&insight), [[7.0, 1.0, 0.0, 1.0]]);
    assert!(
        insight
            .sentence
            .starts_with("2 of 9 deals were fired with core questions")
    );
    assert!(insight.sentence.contains("3 dead on paper are not counted"));
}

#[test]
fn what_is_not_known_of_the_fired_is_a_bar_of_its_own() {
    let mut facts = Facts {
        fired: (1..=8).map(fired).collect(),
        ..Facts::default()
    };
    facts.fired[0].outcome = Some(OutcomeKind::CameBackBetter);
    facts.fired[1].outcome = Some(OutcomeKind::Silence);

    let insight = get(&facts, InsightId::Outcomes);

    assert_eq!(values(&insight), [[1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 6.0]]);
    assert!(insight.sentence.ends_with("of 6 nothing is known yet."));
}

#[test]
fn promises_of_both_sides_are_counted_with_all_that_fell_due() {
    let promise = |deal, side, state| Promise { deal, side, state };
    let facts = Facts {
        promises: vec![
            promise(1, Side::They, CommitmentState::Kept),
            promise(1, Side::They, CommitmentState::Missed),
            promise(2, Side::They, CommitmentState::Missed),
            promise(3, Side::They, CommitmentState::Late),
            promise(1, Side::We, CommitmentState::Kept),
            promise(2, Side::We, CommitmentState::Kept),
            promise(3, Side::We, CommitmentState::Kept),
            promise(4, Side::We, CommitmentState::Waived),
        ],
        ..Facts::default()
    };

    let insight = get(&facts, InsightId::Promises);

    assert_eq!(
        insight.sentence,
        "They kept 1 of 4 promises on their day, we 3 of 4."
    );
    assert_eq!(
        values(&insight),
        [[1.0, 1.0, 2.0, 0.0], [3.0, 0.0, 0.0, 1.0]]
    );
}

#[test]
fn of_two_sweeps_in_a_month_the_later_counts() {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let word = |deal: u32| {
        if deal <= 2 {
            SweepWord::Dread
        } else {
            SweepWord::Glad
        }
    };
    let mut swept: Vec<Swept> = (1..=9)
        .flat_map(|deal| [(deal, day(10, 5)), (deal, day(11, 2))])
        .map(|(deal, day)| Swept {
            deal,
            day,
            word: word(deal),
        })
        .collect();
    swept.push(Swept {
        deal: 1,
        day: day(11, 9),
        word: SweepWord::Unknown,
    });
    let facts = Facts {
        swept,
        ..Facts::default()
    };

    let insight = get(&facts, InsightId::Sweeps);

    assert_eq!(values(&insight), [[7.0, 7.0], [2.0, 1.0], [0.0, 1.0]]);
    assert_eq!(
        insight.plot.as_ref().unwrap().places,
        ["2026-10", "2026-11"]
    );
    assert!(
        insight
            .sentence
            .starts_with("The latest sweep of 9 deals: 7 glad, 1 dread, of 1 no idea.")
    );
}

#[test]
fn the_first_tenth_is_the_one_with_most_hours() {
    let facts = Facts {
        taken: (1..=20)
            .map(|deal| Taken {
                deal,
                hours: if deal > 18 { 41.0 } else { 1.0 },
            })
            .collect(),
        ..Facts::default()
    };

    let insight = get(&facts, InsightId::Concentration);

    assert_eq!(
        insight.sentence,
        "A tenth of 20 deals open with hours on record took 82 % of 100 hours."
    );
    assert_eq!(values(&insight)[0][..2], [82.0, 2.0]);
    let plot = insight.plot.unwrap();
    assert_eq!(plot.series[0].bars[0].deals, [19, 20]);
    let all: f64 = plot.series[0].bars.iter().map(|bar| bar.value).sum();
    assert!((all - 100.0).abs() < 1e-9);
}

#[test]
fn the_bank_by_week_says_what_has_no_place() {
    let week = |monday: &str, reclaimed, reinvested, not_placed| LedgerWeek {
        monday: monday.parse().unwrap(),
        reclaimed,
        reinvested,
        planned: 0,
        own_time: 60,
        not_placed,
    };
    let facts = Facts {
        weeks: vec![
            week("2026-11-09", 600, 0, 540),
            week("2026-11-16", 0, 120, 360),
        ],
        decisions: 8,
        fired: vec![fired(4), fired(7)],
        invested: vec![9],
        ..Facts::default()
    };

    let insight = get(&facts, InsightId::Bank);

    assert_eq!(
        insight.sentence,
        "10 hours came back, an estimate; 2 of them went into other deals and 2 into one's own \
         time. 6 have no place yet."
    );
    assert_eq!(values(&insight), [[10.0, 0.0], [0.0, 2.0], [9.0, 6.0]]);
    let plot = insight.plot.unwrap();
    let behind = |series: usize, at: usize| plot.series[series].bars[at].deals.clone();
    assert_eq!(behind(0, 0), [4, 7]);
    assert_eq!(behind(1, 1), [9]);
    assert_eq!(behind(2, 1), [4, 7]);
    assert!(behind(0, 1).is_empty());
}
