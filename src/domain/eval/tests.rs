use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::domain::bank::Must;
use crate::domain::deal::Status;
use crate::domain::fit::MustState;
use crate::domain::hours::{LONG_WINDOW, Spent};
use crate::domain::phase::Phase;
use crate::domain::signal::{Level, SignalId};

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

fn ahead(days: u64) -> NaiveDate {
    today() + Days::new(days)
}

fn eval_on(record: &Record, day: NaiveDate) -> DealEval {
    evaluate(record, Bank::shared_default(), &Thresholds::default(), day)
}

fn eval(record: &Record) -> DealEval {
    eval_on(record, today())
}

fn reasons(record: &Record) -> Vec<String> {
    let bank = Bank::default_bank();
    eval(record)
        .reasons
        .iter()
        .map(|reason| reason.to_text(&bank))
        .collect()
}

fn decided(verdict: Verdict) -> Decided {
    Decided {
        on: ago(20),
        verdict: Some(verdict),
        worse_was_seen: false,
    }
}

/// A deal of which everything speaks for going on.
fn good() -> Record {
    let bank = Bank::default_bank();
    let yes = Some(Answer::new(Value::Yes, Grade::Shown, ago(1)));
    let answers = bank.questions().iter().map(|_| yes).collect();
    Record {
        answers,
        has_next_step: true,
        ..Record::default()
    }
}

/// A deal that nobody has touched for 75 days and whose date passed 70 days ago.
fn zombie(known: Known) -> Record {
    Record {
        phase: Some(Phase::Proposal),
        expected_close: Some(ago(70)),
        created: Some(ago(300)),
        last_activity: Some(ago(75)),
        known,
        ..Record::default()
    }
}

fn with_activity(record_age: u64) -> Known {
    Known {
        day: Some(ago(record_age)),
        activity: true,
        last_activity: true,
        ..Known::default()
    }
}

#[test]
fn a_blank_deal_is_to_get_to_no_and_never_changes_by_itself() {
    let blank = eval(&Record::default());

    assert_eq!(blank.verdict, Some(Verdict::GetToNo));
    assert_eq!(
        (blank.tier, blank.to_decide, blank.due),
        (Tier::GetToNo, true, None)
    );
    assert_eq!(blank.weakest.unwrap().question, QuestionIx::new(0));
    assert_eq!((blank.hours.per_week, blank.hours.at_stake), (0.1, 1.2));
    assert_eq!(blank.valid_until, None);
    assert!(blank.signals.is_empty());
}

#[test]
fn stored_texts_are_read_back_and_never_change() {
    let dues: Vec<_> = Due::ALL.iter().map(|due| due.code()).collect();

    assert_eq!(dues, ["tripwire", "hold", "nurture", "came_back", "worse"]);
    assert!(
        Due::ALL
            .into_iter()
            .all(|due| Due::from_code(due.code()) == Some(due))
    );
    assert!(
        Tier::ALL
            .into_iter()
            .all(|tier| Tier::from_rank(tier.rank()) == Some(tier))
    );
    assert!(Tier::ALL.is_sorted());
}

#[test]
fn dead_on_paper_fires_where_the_file_could_know() {
    let dead = zombie(with_activity(0));
    let unknowing = zombie(Known {
        day: Some(today()),
        ..Known::default()
    });

    assert_eq!(reasons(&dead), ["dead on paper"]);
    assert_eq!(eval(&dead).tier, Tier::Fire);
    assert!(eval(&dead).is_final);
    assert_eq!(eval(&unknowing).verdict, Some(Verdict::GetToNo));
}

#[test]
fn dead_on_paper_needs_each_of_its_parts() {
    let dead = || zombie(with_activity(0));
    let is_dead = |record: &Record| eval(record).reasons.contains(&Reason::DeadOnPaper);
    let inbound = |days| Record {
        last_inbound: Some(ago(days)),
        ..dead()
    };
    let touch = |days| Record {
        last_touch: Some(ago(days)),
        ..dead()
    };
    let close = |days| Record {
        expected_close: Some(ago(days)),
        ..dead()
    };
    let created = |days| Record {
        created: Some(ago(days)),
        ..dead()
    };

    assert!(is_dead(&inbound(60)) && !is_dead(&inbound(59)));
    assert!(is_dead(&touch(45)) && !is_dead(&touch(44)));
    assert!(is_dead(&close(30)) && !is_dead(&close(29)));
    assert!(is_dead(&created(45)) && !is_dead(&created(44)));
    let no_date = Record {
        expected_close: None,
        ..dead()
    };
    assert!(!is_dead(&no_date));
    let no_step = Record {
        known: Known {
            next_step: true,
            ..with_activity(0)
        },
        ..no_date
    };
    assert!(is_dead(&no_step));
    let planned = Record {
        has_next_step: true,
        ..no_step
    };
    assert!(!is_dead(&planned));
}

#[test]
fn the_crm_s_last_activity_stands_in_where_no_touches_are_recorded() {
    let known = Known {
        activity: false,
        ..with_activity(0)
    };
    let is_dead = |last_activity: Option<NaiveDate>| {
        let record = Record {
            last_activity,
            ..zombie(known)
        };
        eval(&record).reasons.contains(&Reason::DeadOnPaper)
    };

    assert!(is_dead(Some(ago(60))));
    assert!(!is_dead(Some(ago(59))), "they may have been in touch then");
    assert!(is_dead(None), "none on record");
}

#[test]
fn silence_is_counted_to_the_record_and_an_old_record_fires_nobody() {
    let fresh = zombie(with_activity(7));
    let old = zombie(with_activity(8));
    let lately = Record {
        last_activity: Some(ago(48)),
        ..zombie(with_activity(7))
    };

    assert_eq!(eval(&fresh).verdict, Some(Verdict::Fire));
    assert_eq!(reasons(&old)[0], "import first");
    assert_eq!(eval(&old).verdict, Some(Verdict::GetToNo));
    assert_eq!(
        eval(&lately).verdict,
        Some(Verdict::GetToNo),
        "41 days to the record"
    );
    assert_eq!(
        eval(&fresh).valid_until,
        Some(ahead(1)),
        "tomorrow the record is old"
    );
}

#[test]
fn a_red_signal_answers_the_first_core_question_of_its_topic_until_a_person_does() {
    let bank = Bank::default_bank();
    let date = bank.must(Must::Date);
    let overdue = |answer: Option<Answer>| {
        let mut answers = vec![None; date.at() + 1];
        answers[date.at()] = answer;
        eval(&Record {
            answers,
            expected_close: Some(ago(30)),
            ..Record::default()
        })
    };

    let by_record = overdue(None);
    assert_eq!(by_record.musts.date, MustState::No);
    assert_eq!(by_record.evidence, -1.5);
    assert_eq!(by_record.verdict, Some(Verdict::GetToNo));
    assert_eq!(by_record.ask, Some(date));
    let unknown = overdue(Some(Answer::new(Value::Unknown, Grade::Said, ago(1))));
    assert_eq!(unknown.musts.date, MustState::No);
    let by_person = overdue(Some(Answer::new(Value::Yes, Grade::Said, ago(1))));
    assert_eq!(
        (by_person.musts.date, by_person.evidence),
        (MustState::Yes, 0.75)
    );
    assert!(by_person.reasons.contains(&Reason::Red(SignalId::Overdue)));
    let no_memory = eval(&Record {
        expected_close: Some(ago(30)),
        ..Record::default()
    });
    assert_eq!(no_memory.evidence, -1.5);
}

#[test]
fn late_is_told_by_the_phase_and_an_unknown_one_is_never_late() {
    let at = |phase| {
        eval(&Record {
            phase,
            ..Record::default()
        })
    };

    assert_eq!(at(Some(Phase::Proposal)).earned, -7.5);
    assert_eq!(at(Some(Phase::Middle)).earned, 0.0);
    assert_eq!(at(None).earned, 0.0);
}

#[test]
fn closed_deals_have_no_verdict_and_leave_the_queue() {
    for status in [Status::Won, Status::Lost, Status::Removed] {
        let closed = eval(&Record {
            status,
            decision: Decision::Fired {
                decided: decided(Verdict::Fire),
                nurture: Some(ago(3)),
                came_back: true,
            },
            ..zombie(with_activity(0))
        });

        assert_eq!(
            (closed.verdict, closed.due, closed.tier),
            (None, None, Tier::Settled)
        );
        assert!(!closed.to_decide && closed.reasons.is_empty() && closed.signals.is_empty());
        assert_eq!((closed.hours.at_stake, closed.ask), (0.0, None));
    }
}

#[test]
fn a_tripwire_is_due_on_its_day_and_fires_once_it_passed() {
    let continued = |tripwire| {
        eval(&Record {
            decision: Decision::Continued {
                decided: decided(Verdict::Continue),
                tripwire,
            },
            ..good()
        })
    };

    let before = continued(Some(ahead(1)));
    assert_eq!(
        (before.due, before.tier, before.to_decide),
        (None, Tier::Settled, false)
    );
    assert_eq!(before.valid_until, Some(ahead(1)));
    let on = continued(Some(today()));
    assert_eq!(
        (on.due, on.tier, on.to_decide),
        (Some(Due::Tripwire), Tier::Due, true)
    );
    assert_eq!(on.verdict, Some(Verdict::Continue));
    let after = continued(Some(ago(1)));
    assert_eq!(
        (after.due, after.verdict),
        (Some(Due::Tripwire), Some(Verdict::Fire))
    );
    assert_eq!(after.reasons, [Reason::TripwirePassed]);
    assert_eq!(continued(None).due, None);
}

#[test]
fn a_decided_deal_comes_back_once_when_its_verdict_is_worse() {
    let continued = |verdict, worse_was_seen| {
        eval(&Record {
            decision: Decision::Continued {
                decided: Decided {
                    worse_was_seen,
                    ..decided(verdict)
                },
                tripwire: None,
            },
            ..Record::default()
        })
    };

    assert_eq!(continued(Verdict::Continue, false).due, Some(Due::Worse));
    assert_eq!(continued(Verdict::Continue, true).due, None);
    assert_eq!(continued(Verdict::GetToNo, false).due, None);
    assert_eq!(
        continued(Verdict::Fire, false).due,
        None,
        "better is no reason"
    );
}

#[test]
fn a_hold_ends_by_its_date_an_inbound_touch_or_a_kept_get() {
    let held = |until, last_inbound: Option<NaiveDate>, last_kept_get| {
        eval(&Record {
            decision: Decision::Held {
                decided: decided(Verdict::GetToNo),
                until,
            },
            last_inbound,
            last_kept_get,
            ..Record::default()
        })
    };

    assert_eq!(
        held(ahead(1), Some(ago(20)), None).due,
        None,
        "on the day of the decision"
    );
    assert_eq!(held(today(), None, None).due, Some(Due::Hold));
    assert_eq!(held(ahead(9), Some(ago(19)), None).due, Some(Due::Hold));
    assert_eq!(held(ahead(9), None, Some(ago(2))).due, Some(Due::Hold));
}

#[test]
fn a_hold_silences_the_clocks_until_it_ends() {
    let held = |until| Record {
        decision: Decision::Held {
            decided: decided(Verdict::GetToNo),
            until,
        },
        ..zombie(with_activity(0))
    };

    let silent = eval(&held(ahead(5)));
    assert_eq!(
        (silent.verdict, silent.signals.len()),
        (Some(Verdict::GetToNo), 0)
    );
    assert_eq!(
        (silent.tier, silent.valid_until),
        (Tier::Settled, Some(ahead(5)))
    );
    let ended = eval(&held(today()));
    assert_eq!(
        (ended.verdict, ended.due),
        (Some(Verdict::Fire), Some(Due::Hold))
    );
}

#[test]
fn a_fired_deal_is_on_top_when_they_come_back_or_its_date_comes() {
    let fired = |nurture, came_back| {
        eval(&Record {
            decision: Decision::Fired {
                decided: decided(Verdict::GetToNo),
                nurture,
                came_back,
            },
            ..zombie(with_activity(0))
        })
    };

    assert_eq!(
        fired(None, false).tier,
        Tier::Settled,
        "a worse verdict is no news"
    );
    assert_eq!(fired(Some(today()), false).due, Some(Due::Nurture));
    assert_eq!(fired(Some(ahead(4)), false).due, None);
    assert_eq!(fired(Some(today()), true).due, Some(Due::CameBack));
}

#[test]
fn a_hard_question_fires_the_day_after_its_date() {
    let asked = |due| {
        eval(&Record {
            hard_question_due: Some(due),
            ..good()
        })
    };

    assert_eq!(asked(today()).verdict, Some(Verdict::Continue));
    assert_eq!(asked(ago(1)).reasons, [Reason::HardQuestionUnanswered]);
}

#[test]
fn the_queue_goes_by_verdict_and_next_step() {
    let without_step = Record {
        has_next_step: false,
        ..good()
    };

    assert_eq!(eval(&good()).tier, Tier::Rest);
    assert_eq!(eval(&without_step).tier, Tier::ContinueNoStep);
    assert_eq!(eval(&zombie(with_activity(0))).tier, Tier::Fire);
}

#[test]
fn their_last_act_may_be_more_than_a_touch() {
    let record = Record {
        last_inbound: Some(ago(30)),
        last_their_act: Some(ago(9)),
        ..Record::default()
    };

    assert_eq!(eval(&record).last_act, Some(ago(9)));
    assert_eq!(eval(&Record::default()).last_act, None);
}

#[test]
fn hours_at_stake_shrink_towards_the_close_date() {
    let closing = |days| {
        eval(&Record {
            expected_close: Some(ahead(days)),
            ..Record::default()
        })
    };

    assert_eq!(
        closing(200).valid_until,
        Some(ahead(116)),
        "twelve weeks before it"
    );
    assert_eq!(closing(60).valid_until, Some(ahead(1)));
    assert_eq!(
        closing(7).valid_until,
        Some(ahead(8)),
        "one week until it has passed"
    );
    assert_eq!(closing(7).hours.at_stake, 0.1);
}

#[test]
fn the_record_says_yes_where_it_can_and_a_person_outranks_it() {
    let bank = Bank::shared_default();
    let kept = |id, days| Promise {
        id,
        side: crate::domain::deal::Side::They,
        due: Some(ago(days)),
        state: PromiseState::Kept,
        settled: Some(ago(days)),
    };
    let mut record = Record {
        last_inbound: Some(ago(13)),
        last_kept_get: Some(ago(20)),
        promises: vec![kept(1, 40), kept(2, 30), kept(3, 20)],
        contacts: vec![Contact {
            id: 1,
            role: Some(ContactRole::EconomicBuyer),
            met: Some(ago(9)),
        }],
        margin: Some(20.0),
        discount: Some(20.0),
        known: with_activity(0),
        ..Record::default()
    };
    let said = |record: &Record| -> Vec<String> {
        let all = eval(record).recorded.into_iter();
        all.map(|r| format!("{} {}", bank[r.question].id, r.answer.value.code()))
            .collect()
    };

    assert_eq!(
        said(&record),
        ["SIL1 yes", "RES2 yes", "PWR1 yes", "MON1 yes"]
    );
    assert_eq!(eval(&record).core_answered, 4);
    assert_eq!(eval(&record).musts.signer, MustState::Yes);
    let mut answers = vec![None; bank.questions().len()];
    let no = Answer::new(Value::No, Grade::Hunch, today());
    answers[bank.must(Must::Signer).at()] = Some(no);
    record.answers = answers;
    assert_eq!(eval(&record).musts.signer, MustState::No);

    record.last_inbound = Some(ago(14));
    record.promises.truncate(2);
    record.contacts[0].met = None;
    record.margin = Some(19.9);
    assert_eq!(said(&record), ["MON1 no"]);
    let unknowing = Record::default();
    assert!(said(&unknowing).is_empty());
}

#[test]
fn a_signal_that_is_red_says_so_in_the_row() {
    let signals = eval(&zombie(with_activity(0))).signals;

    let found: Vec<_> = signals.iter().map(|s| (s.id, s.level)).collect();
    assert_eq!(
        found,
        [
            (SignalId::Overdue, Level::Red),
            (SignalId::Untouched, Level::Amber)
        ]
    );
    assert_eq!(signals[0].figures.get("days", today()), Some(70));
}

/// A day around today, or none.
fn any_day(before: u64, after: u64) -> impl Strategy<Value = Option<NaiveDate>> {
    let day = (0..=before + after).prop_map(move |n| ago(before) + Days::new(n));
    prop::option::weighted(0.7, day)
}

fn any_answers() -> impl Strategy<Value = Vec<Option<Answer>>> {
    let value = prop::sample::select(vec![Value::Yes, Value::Yes, Value::No, Value::Unknown]);
    let grade = prop::sample::select(Grade::ALL.to_vec());
    let answer = (value, grade, 0u64..130)
        .prop_map(|(value, grade, age)| Answer::new(value, grade, ago(age)));
    prop::collection::vec(prop::option::weighted(0.6, answer), 0..44)
}

fn any_decision() -> impl Strategy<Value = Decision> {
    let verdict = prop::sample::select(Verdict::ALL.to_vec());
    let parts = (verdict, any_day(30, 60), 0u64..40, 0..5, any::<bool>());
    parts.prop_map(|(verdict, day, age, kind, flag)| {
        let decided = Decided {
            on: ago(age),
            verdict: Some(verdict),
            worse_was_seen: flag,
        };
        match kind {
            0 => Decision::Continued {
                decided,
                tripwire: day,
            },
            1 => Decision::Held {
                decided,
                until: day.unwrap_or(ahead(20)),
            },
            2 => Decision::Fired {
                decided,
                nurture: day,
                came_back: flag,
            },
            _ => Decision::Undecided,
        }
    })
}

/// A deal, and the touches that its minutes are added up from on each day.
fn any_deal() -> impl Strategy<Value = (Record, Vec<(NaiveDate, u32)>)> {
    let days = (
        any_day(200, 0),
        any_day(120, 120),
        any_day(120, 10),
        any_day(120, 5),
        any_day(120, 5),
        any_day(60, 0),
        any_day(20, 20),
    );
    let known = (any_day(40, 0), any::<bool>(), any::<bool>(), any::<bool>());
    let status = prop::sample::select(vec![Status::Open, Status::Open, Status::Open, Status::Won]);
    let phase = prop::option::of(prop::sample::select(Phase::ALL.to_vec()));
    let touches = prop::collection::vec((0u64..110, 1u32..300), 0..6);
    let rest = (status, phase, any::<bool>(), touches);
    (any_answers(), any_decision(), days, known, rest).prop_map(
        |(answers, decision, days, known, (status, phase, has_next_step, touches))| {
            let record = Record {
                answers,
                status,
                decision,
                phase,
                created: days.0,
                expected_close: days.1,
                has_next_step,
                hard_question_due: days.6,
                last_inbound: days.3,
                last_their_act: None,
                last_touch: days.2,
                last_activity: days.4,
                last_kept_get: days.5,
                spent: Spent::default(),
                known: Known {
                    day: known.0,
                    activity: known.1,
                    next_step: known.2,
                    last_activity: known.3,
                    ..Known::default()
                },
                ..Record::default()
            };
            let touches = touches
                .into_iter()
                .map(|(age, minutes)| (ago(age), minutes));
            (record, touches.collect())
        },
    )
}

/// Everything of a row but the day until which it holds.
fn row(deal: &(Record, Vec<(NaiveDate, u32)>), bank: &Bank, day: NaiveDate) -> DealEval {
    let mut record = deal.0.clone();
    record.spent = Spent::from_touches(deal.1.iter().copied(), day);
    evaluate(&record, bank, &Thresholds::default(), day)
}

/// Everything that happened between both sides of a deal.
fn any_dealings() -> impl Strategy<Value = Record> {
    let channel = prop::sample::select(crate::domain::hours::Channel::ALL.to_vec());
    let status = prop::sample::select(vec![
        TouchStatus::Held,
        TouchStatus::Held,
        TouchStatus::Proposed,
        TouchStatus::Declined,
        TouchStatus::NoShow,
    ]);
    let touch = (0u64..150, any::<bool>(), channel, status, 0u8..8);
    let touch = touch.prop_map(|(age, inbound, channel, status, kind)| Touch {
        status,
        words: Some(u16::from(kind)),
        asks_info: kind % 2 == 0,
        after_hours: Some(kind % 3 == 0),
        document: std::num::NonZeroU64::new(u64::from(kind % 2)),
        level: Some(kind % 4),
        purchasing: Some(kind % 2 == 0),
        senior: Some(kind == 0),
        ..Touch::new(age as i64, ahead(20) - Days::new(age), inbound, channel)
    });
    let state = prop::sample::select(vec![
        PromiseState::Open,
        PromiseState::Kept,
        PromiseState::Late,
        PromiseState::Missed,
    ]);
    let promise =
        (any_day(90, 30), state, any_day(90, 10)).prop_map(|(due, state, settled)| Promise {
            id: 1,
            side: crate::domain::deal::Side::They,
            due,
            state,
            settled,
        });
    let day = || any_day(90, 20).prop_map(|day| day.unwrap_or(today()));
    let access = (day(), prop::option::of(any::<bool>())).prop_map(|(day, given)| AccessAsk {
        id: 1,
        day,
        given,
    });
    let moved = (day(), any::<bool>()).prop_map(|(day, out)| CloseMove { id: 1, day, out });
    let conceded = (day(), any::<bool>()).prop_map(|(day, bait)| Concession {
        id: 1,
        day,
        bait,
        hard_to_keep: !bait,
        kept: None,
    });
    let contact = (any_day(60, 20), any::<bool>()).prop_map(|(met, signs)| Contact {
        id: 1,
        role: Some(if signs {
            ContactRole::EconomicBuyer
        } else {
            ContactRole::Other
        }),
        met,
    });
    let tick = day().prop_map(|day| Tick {
        id: 1,
        signal: SignalId::Curt,
        day,
    });
    let lists = (
        prop::collection::vec(touch, 0..14),
        prop::collection::vec(promise, 0..4),
        prop::collection::vec(access, 0..3),
        prop::collection::vec(moved, 0..5),
        prop::collection::vec(conceded, 0..3),
        prop::collection::vec(contact, 0..3),
        prop::collection::vec(tick, 0..2),
    );
    let rest = (any_day(90, 0), any_day(20, 20), 0u8..3, 0.0..40.0f64);
    (lists, rest).prop_map(|(lists, (since, starts, open, percent))| {
        let (mut touches, promises, access, moves, concessions, contacts, ticks) = lists;
        touches.sort_by_key(|touch| touch.day);
        Record {
            touches,
            promises,
            access,
            contacts,
            gate: Some(Gate {
                id: 1,
                open,
                starts,
            }),
            concessions,
            moves,
            ticks,
            stage_since: since,
            stage_limit: Some(20),
            margin: Some(percent),
            discount: Some(percent),
            ..Record::default()
        }
    })
}

/// A deal of which everything is known, as the store would read it on a day.
fn whole(deal: &(Record, Vec<(NaiveDate, u32)>), dealings: &Record, day: NaiveDate) -> Record {
    let had = |of: fn(&Touch) -> bool| {
        let touches = dealings.touches.iter();
        let days = touches.filter(|t| of(t) && t.day <= day).map(|t| t.day);
        days.max()
    };
    let (fields, happened) = (deal.0.clone(), dealings.clone());
    Record {
        spent: Spent::from_touches(deal.1.iter().copied(), day),
        last_touch: had(|_| true),
        last_inbound: had(|t| t.inbound),
        last_their_act: had(Touch::is_theirs),
        touches: happened.touches,
        promises: happened.promises,
        access: happened.access,
        contacts: happened.contacts,
        gate: happened.gate,
        concessions: happened.concessions,
        moves: happened.moves,
        ticks: happened.ticks,
        stage_since: happened.stage_since,
        stage_limit: happened.stage_limit,
        margin: happened.margin,
        discount: happened.discount,
        known: Known {
            seniors: true,
            ..fields.known
        },
        ..fields
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_signal_changes_before_the_day_that_the_row_names(
        deal in any_deal(),
        dealings in any_dealings(),
    ) {
        let on = |day| {
            let record = whole(&deal, &dealings, day);
            evaluate(&record, Bank::shared_default(), &Thresholds::default(), day)
        };
        let mut kept = on(today());
        for later in 1..=130 {
            let day = ahead(later);
            let mut fresh = on(day);
            if kept.valid_until.is_some_and(|until| day >= until) {
                kept = fresh;
                continue;
            }
            fresh.valid_until = kept.valid_until;
            prop_assert_eq!(&fresh, &kept, "{} days later", later);
        }
    }

    #[test]
    fn only_the_hours_change_before_the_day_until_which_all_else_holds(
        deal in any_deal(),
        dealings in any_dealings(),
        touches in prop::collection::vec((0u64..120, 1u32..500), 0..6),
    ) {
        let thresholds = Thresholds::default();
        let on = |day| {
            let mut record = whole(&deal, &dealings, day);
            let touches = touches.iter().map(|(age, minutes)| (ago(*age), *minutes));
            record.spent = Spent::from_touches(touches, day);
            let eval = evaluate(&record, Bank::shared_default(), &thresholds, day);
            (record, eval)
        };
        let mut kept = on(today()).1;
        for later in 1..=130 {
            let day = ahead(later);
            let (record, fresh) = on(day);
            if kept.holds_until.is_some_and(|until| day >= until) {
                kept = fresh;
                continue;
            }
            if record.is_open() {
                // Of the touches only those of the longer window are known then.
                let lately = touches.iter().filter(|(age, _)| age + later < LONG_WINDOW);
                let lately = lately.map(|(age, minutes)| (ago(*age), *minutes));
                let (spent, close) = (Spent::from_touches(lately, day), record.expected_close);
                let hours = Hours::of_open(spent, close, &thresholds.hours, day);
                let change = Hours::change_on(spent, close, &thresholds.hours, day);
                kept.hours = Hours { spent: kept.hours.spent, ..hours };
                kept.valid_until = change.into_iter().chain(kept.holds_until).min();
            } else {
                kept.hours = fresh.hours;
                kept.valid_until = fresh.valid_until;
            }
            prop_assert_eq!(&fresh, &kept, "{} days later", later);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Being early with `valid_until` costs a little work, being late shows what is not so.
    #[test]
    fn nothing_changes_before_the_day_that_the_row_names(deal in any_deal()) {
        let bank = Bank::shared_default();
        let mut kept = row(&deal, bank, today());
        for later in 1..=130 {
            let day = ahead(later);
            let mut fresh = row(&deal, bank, day);
            if kept.valid_until.is_some_and(|until| day >= until) {
                kept = fresh;
                continue;
            }
            fresh.valid_until = kept.valid_until;
            prop_assert_eq!(&fresh, &kept, "{} days later", later);
        }
    }
}

#[test]
fn the_ends_of_the_calendar_do_no_harm() {
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        let record = Record {
            answers: vec![Some(Answer::new(Value::Yes, Grade::Said, day)); 44],
            created: Some(day),
            expected_close: Some(day),
            last_inbound: Some(day),
            last_touch: Some(day),
            hard_question_due: Some(day),
            spent: Spent::from_touches([(day, u32::MAX), (today(), u32::MAX)], today()),
            known: Known {
                day: Some(day),
                ..with_activity(0)
            },
            ..Record::default()
        };

        for today in [NaiveDate::MIN, today(), NaiveDate::MAX] {
            let row = eval_on(&record, today);
            assert!(row.hours.at_stake.is_finite());
        }
    }
}
