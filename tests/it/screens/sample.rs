//! A sitting to look at: Northwind and its neighbours, as a Monday would show them.

use std::sync::{Arc, OnceLock};

use chrono::{NaiveDate, TimeZone as _, Utc};
use walkaway::app::keymap::Keymap;
use walkaway::app::layout::Size;
use walkaway::app::list::List;
use walkaway::app::model::{Facts, Model, Start};
use walkaway::app::settings::Settings;
use walkaway::domain::answer::{Answer, Grade, Value};
use walkaway::domain::bank::Bank;
use walkaway::domain::deal::{
    AfterHours, AnswerRow, CommitmentRow, CommitmentState, Deal, Decision, Detail, Direction,
    ListRow, Seen, Side, Status, TouchRow, TouchStatus, TripwireRow, TripwireState,
};
use walkaway::domain::eval::{DealEval, Due, Tier};
use walkaway::domain::fit::{MustState, Musts, Range, Weakest};
use walkaway::domain::hours::Hours;
use walkaway::domain::ids::DealId;
use walkaway::domain::locale::Locale;
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::phase::Phase;
use walkaway::domain::shown::Mask;
use walkaway::domain::signal::{Figure, Figures, Level, Signal, SignalId};
use walkaway::domain::verdict::{Reason, Thresholds, Verdict};
use walkaway::domain::view::{Group, Heading, View};

/// The Monday of the sample.
pub fn today() -> NaiveDate {
    day("2026-11-23")
}

/// A day from its ISO form.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The questions that come with the program.
pub fn bank() -> Arc<Bank> {
    // Read once: some tests draw hundreds of frames.
    static BANK: OnceLock<Arc<Bank>> = OnceLock::new();
    Arc::clone(BANK.get_or_init(|| Arc::new(Bank::default_bank())))
}

/// A deal of the list being written.
pub struct Sample {
    row: ListRow,
}

/// Starts a deal: its number, its name, the days since their last act.
pub fn deal(id: i64, name: &str, silent: Option<i64>) -> Sample {
    let last_act = silent.map(|days| day("2026-11-22") - chrono::Duration::days(days));
    Sample {
        row: ListRow {
            id: DealId(id),
            account: Some(name.into()),
            title: "Plant rollout".into(),
            owner: Some("Ana Ruiz".to_owned()),
            stage: Some("Proposal".to_owned()),
            amount: Some(Money::new(4_800_000, Currency::parse("EUR"))),
            status: Status::Open,
            decision: Decision::Undecided,
            created: None,
            expected_close: Some(day("2027-01-29")),
            eval: Some(DealEval {
                last_act,
                ..blank_eval()
            }),
            next_step: None,
            next_step_due: None,
            asked: None,
            decided: None,
        },
    }
}

/// What is known of a deal about which nothing is known.
pub fn blank_eval() -> DealEval {
    DealEval {
        verdict: Some(Verdict::GetToNo),
        reasons: Vec::new(),
        evidence: 0.0,
        earned: 0.0,
        fit: Range::UNKNOWN,
        they_fit_us: Range::UNKNOWN,
        we_fit_them: Range::UNKNOWN,
        coverage: 0.0,
        chance: None,
        weakest: None,
        musts: Musts {
            problem: MustState::Open,
            signer: MustState::Open,
            date: MustState::Open,
        },
        core_total: 12,
        core_asked: 0,
        core_answered: 0,
        ask: bank().find("PRB1"),
        is_final: false,
        due: None,
        tier: Tier::GetToNo,
        to_decide: true,
        hours: Hours {
            spent: 0.0,
            per_week: 0.1,
            at_stake: 1.2,
            assumed: true,
        },
        last_act: None,
        made: None,
        signals: Vec::new(),
        recorded: Vec::new(),
        valid_until: None,
        holds_until: None,
    }
}

impl Sample {
    fn eval(mut self, change: impl FnOnce(&mut DealEval)) -> Self {
        change(self.row.eval.as_mut().expect("the deal is open"));
        self
    }

    /// FIRE, with its weakest link.
    pub fn fire(self, weakest: &str) -> Self {
        let question = bank().find(weakest).expect("a question of the bank");
        self.eval(|eval| {
            eval.verdict = Some(Verdict::Fire);
            eval.core_asked = 6;
            let answer = Some(Answer::new(Value::No, Grade::Said, day("2026-10-19")));
            eval.weakest = Some(Weakest { question, answer });
            eval.reasons = vec![Reason::KnockOut(question)];
        })
    }

    /// GET TO NO, with what to ask.
    pub fn ask(self, question: &str) -> Self {
        self.eval(|eval| {
            eval.core_asked = 3;
            eval.ask = bank().find(question);
        })
    }

    /// The ask was put, and is to be answered by a day.
    pub fn asked(mut self, by: &str) -> Self {
        self.row.asked = Some(("PRB1".to_owned(), Some(day(by))));
        self.eval(|eval| eval.core_asked = 3)
    }

    /// CONTINUE, with its next step.
    pub fn goes_on(mut self, step: &str, due: &str) -> Self {
        self.row.next_step = Some(step.into());
        self.row.next_step_due = Some(day(due));
        self.eval(|eval| eval.verdict = Some(Verdict::Continue))
    }

    /// On top again.
    pub fn due(mut self, due: Due) -> Self {
        self.row.decision = Decision::Continued;
        self.eval(|eval| eval.due = Some(due))
    }

    /// The row.
    pub fn row(self) -> ListRow {
        self.row
    }
}

/// The 26 deals of the sitting, with their headings.
pub fn sitting() -> (Vec<ListRow>, Vec<Group>) {
    let rows: Vec<ListRow> = [
        deal(1, "Trey Research", Some(2)).due(Due::Tripwire),
        deal(2, "Northwind", Some(34)).fire("PWR1"),
        deal(3, "Contoso", Some(9)).fire("WIN1"),
        deal(4, "Proseware", Some(21)).fire("RES2"),
        deal(5, "Litware", Some(1)).fire("MON1"),
        deal(6, "Fabrikam", Some(6)).ask("PRO1"),
        deal(7, "Tailspin", Some(3)).ask("PWR1"),
        deal(8, "Wingtip", Some(3)).asked("2026-11-27"),
        deal(9, "Lucerne", Some(11)).ask("BIZ1"),
        deal(10, "Woodgrove", Some(19)).asked("2026-11-20"),
        deal(11, "Bellows College", Some(8)).ask("PRO1"),
        deal(12, "Munson", Some(5)).ask("PWR1"),
        deal(13, "Margie Travel", Some(4)).ask("BIZ1"),
        deal(14, "Coho Winery", None),
        deal(15, "Humongous", None),
        deal(16, "VanArsdel", Some(12)).ask("BIZ2"),
        deal(17, "Wide World", Some(2)).ask("PRB1"),
        deal(18, "Southridge", Some(7)).ask("FIT2"),
        deal(19, "Blue Yonder", None),
        deal(20, "City Power & Light", Some(14)).ask("PRO1"),
        deal(21, "Fourth Coffee", None),
        deal(22, "School of Fine Art", Some(30)).ask("RES2"),
        deal(23, "Adventure Works", Some(0)).goes_on("offer", "2026-11-26"),
        deal(24, "Alpine Ski", Some(1)).goes_on("pilot ends", "2026-12-02"),
        deal(25, "Graphic Design", Some(2)).goes_on("demo", "2026-11-25"),
        deal(26, "Relecloud", Some(0)).goes_on("paper", "2026-11-27"),
    ]
    .map(Sample::row)
    .into();
    let group = |heading, start, count, hours| Group {
        heading,
        start,
        count,
        hours,
    };
    let groups = vec![
        group(Heading::Due, 0, 1, None),
        group(Heading::Fire, 1, 4, Some(27.2)),
        group(Heading::GetToNo, 5, 17, None),
        group(Heading::Continue, 22, 4, Some(11.0)),
    ];
    (rows, groups)
}

/// All that is known of Northwind.
pub fn northwind() -> Detail {
    let bank = bank();
    let ix = |id: &str| bank.find(id).expect("a question of the bank");
    let signal = |id, level, figures| Signal {
        id,
        level,
        settled: false,
        since: None,
        figures,
    };
    let days = Figure::Days {
        from: day("2026-10-19"),
        to: Some(day("2026-11-22")),
    };
    let figures = Figures::default()
        .with("days", days)
        .with("unanswered", Figure::Count(4));
    let kept = Figures::default()
        .with("kept", Figure::Count(1))
        .with("of", Figure::Count(3));
    let times = Figures::default().with("times", Figure::Count(3));
    let eval = DealEval {
        verdict: Some(Verdict::Fire),
        reasons: vec![
            Reason::KnockOut(ix("PWR1")),
            Reason::HardQuestionUnanswered,
            Reason::Evidence(-1.6),
        ],
        evidence: -1.6,
        earned: -3.1,
        fit: Range { lo: 37.5, hi: 70.8 },
        they_fit_us: Range { lo: 31.2, hi: 56.1 },
        we_fit_them: Range {
            lo: 50.0,
            hi: 100.0,
        },
        coverage: 75.0,
        weakest: Some(Weakest {
            question: ix("PWR1"),
            answer: None,
        }),
        musts: Musts {
            problem: MustState::Yes,
            signer: MustState::No,
            date: MustState::Open,
        },
        core_asked: 9,
        core_answered: 8,
        ask: Some(ix("SIL1")),
        tier: Tier::Fire,
        hours: Hours {
            spent: 22.5,
            per_week: 1.5,
            at_stake: 14.36,
            assumed: false,
        },
        last_act: Some(day("2026-10-19")),
        signals: vec![
            signal(SignalId::Dark, Level::Red, figures),
            signal(SignalId::TheirWord, Level::Red, kept),
            signal(SignalId::ReQuoted, Level::Amber, times),
        ],
        ..blank_eval()
    };
    let answer = |question: &str, value, grade, evidence: Option<&str>| AnswerRow {
        question: question.to_owned(),
        value,
        grade,
        day: day("2026-11-09"),
        evidence: evidence.map(Into::into),
        who: Some("Ana Ruiz".to_owned()),
    };
    let owed = |id, side, what: &str, due: &str, state: &str| CommitmentRow {
        id,
        side,
        what: what.into(),
        due: Some(day(due)),
        state: CommitmentState::from_code(state).expect("a state"),
        settled: None,
        paired: None,
    };
    let touch = |on: &str, direction, channel: &str, text: &str| TouchRow {
        at: on.to_owned(),
        day: day(on),
        direction,
        channel: channel.to_owned(),
        minutes: None,
        text: Some(text.into()),
        id: 0,
        status: TouchStatus::Held,
        words: None,
        curt: false,
        document: None,
        asks_info: false,
        after_hours: AfterHours::Unknown,
        contacts: Vec::new(),
        people: Vec::new(),
        typed: false,
    };
    Detail {
        deal: Deal {
            contact: Some("Tom Reed".into()),
            ..bare_deal(2, "Northwind")
        },
        eval: Some(eval),
        answers: vec![
            answer("PRB1", Value::Yes, Grade::Said, None),
            answer("BIZ1", Value::Partly, Grade::Said, None),
            answer("BIZ2", Value::Yes, Grade::Hunch, None),
            answer("PWR1", Value::No, Grade::Said, None),
            answer("RES2", Value::No, Grade::Record, None),
            answer("SIL1", Value::No, Grade::Record, None),
            answer("FIT1", Value::Yes, Grade::Hunch, None),
            answer(
                "FIT2",
                Value::Yes,
                Grade::Shown,
                Some("one weld line ran for a day"),
            ),
            answer("MON1", Value::Yes, Grade::Shown, None),
        ],
        decisions: Vec::new(),
        tripwires: vec![TripwireRow {
            id: 1,
            sentence: "I fire it if the signer has not met us by 27 Nov.".into(),
            due: day("2026-11-27"),
            state: TripwireState::Set,
            words: None,
            moved: 0,
            settled: None,
        }],
        holds: Vec::new(),
        asks: Vec::new(),
        touches: vec![
            touch("2026-11-17", Direction::Out, "call", "no answer"),
            touch("2026-11-10", Direction::Out, "quote", "third time"),
            touch("2026-10-19", Direction::In, "email", "\"will look\""),
        ],
        commitments: vec![
            owed(1, Side::They, "data sample", "2026-11-06", "open"),
            owed(2, Side::They, "call", "2026-11-10", "open"),
            owed(3, Side::They, "user list", "2026-10-20", "kept"),
            owed(4, Side::We, "quote v3", "2026-11-10", "kept"),
        ],
        notes: Vec::new(),
        contacts: Vec::new(),
        moves: Vec::new(),
        outcomes: Vec::new(),
        seen: Seen::default(),
        raised: Vec::new(),
        beside: None,
        support: None,
    }
}

/// A deal with what most records have.
pub fn bare_deal(id: i64, account: &str) -> Deal {
    Deal {
        id: DealId(id),
        source: "hubspot".to_owned(),
        external_id: Some("8001".to_owned()),
        title: "Plant rollout".into(),
        account: Some(account.into()),
        contact: None,
        owner: Some("Ana Ruiz".to_owned()),
        stage: Some("Proposal".to_owned()),
        phase: Some(Phase::Proposal),
        pipeline: None,
        amount: Some(Money::new(4_800_000, Currency::parse("EUR"))),
        probability: None,
        margin: None,
        discount: None,
        status: Status::Open,
        decision: Decision::Undecided,
        created: Some(day("2026-06-01")),
        expected_close: Some(day("2027-01-29")),
        closed: None,
        lost_reason: None,
        last_activity: None,
        next_step: None,
        next_step_due: None,
        lead_source: None,
        product: None,
        description: None,
    }
}

/// A deal of which the record has hardly more than a name.
pub fn sparse() -> Detail {
    let deal = Deal {
        stage: Some("Engaging".to_owned()),
        phase: Some(Phase::Early),
        amount: None,
        expected_close: None,
        title: "GTX Plus Basic".into(),
        created: Some(day("2026-09-14")),
        ..bare_deal(14, "Coho Winery")
    };
    let blank = northwind();
    Detail {
        deal,
        eval: Some(blank_eval()),
        answers: Vec::new(),
        tripwires: Vec::new(),
        touches: Vec::new(),
        commitments: Vec::new(),
        ..blank
    }
}

/// The cockpit on the Monday of the sample, with the cursor on Northwind.
pub fn cockpit(width: u16, height: u16) -> Model {
    let (rows, groups) = sitting();
    let mut model = empty(width, height);
    model.list = List::default();
    model.list.ids = rows.iter().map(|row| row.id.short()).collect();
    model.list.loaded = 0..rows.len();
    model.list.rows = rows.into_iter().map(|row| (row.id.short(), row)).collect();
    model.list.groups = groups;
    model.list.cursor = 1;
    model.list.moved = [7].into();
    model.detail.loaded = Some(Box::new(northwind()));
    model.facts = Facts {
        deals: 103,
        to_decide: 26,
        fired_today: 17,
        hours_back_today: 20.3,
        record: Some(day("2026-11-22")),
        views: vec![(View::ToDecide, 26), (View::Open, 103)],
        undo: Some("Fired Contoso".to_owned()),
        ..Facts::default()
    };
    model
}

/// A pipeline that was opened and has no deal.
pub fn empty(width: u16, height: u16) -> Model {
    let mut model = Model::new(Start {
        at: Utc
            .with_ymd_and_hms(2026, 11, 23, 8, 0, 0)
            .single()
            .expect("an instant"),
        today: today(),
        size: Size { width, height },
        settings: Settings::default(),
        keymap: Keymap::default(),
        ascii: false,
        locale: Locale::default(),
        who: "Ana Ruiz".to_owned(),
        demo: false,
        mask: Mask::new(walkaway::domain::shown::Level::Open, 7),
        thresholds: Thresholds::default(),
        query: None,
    });
    model.opened = true;
    model.bank = Some(bank());
    model
}
