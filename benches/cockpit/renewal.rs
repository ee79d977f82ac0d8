//! What it takes to judge deals again: one after a write, and all that a new day changes.
//!
//! Every deal is open and has touches of half a year, as an import of activities would leave it.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use walkaway::domain::act::Act;
use walkaway::domain::answer::AnswerKey;
use walkaway::domain::deal::Status;
use walkaway::domain::ids::DealId;
use walkaway::domain::money::Money;
use walkaway::domain::phase::Phase;
use walkaway::domain::verdict::Thresholds;
use walkaway::store::{Access, Assumed, Facts, Incoming, Intake, Judge, Place, Plan, Stamp, Store};

/// Touches of one deal.
const TOUCHES: i64 = 20;

/// How often a single write is measured.
const WRITES: i64 = 200;

fn stamp(today: NaiveDate) -> Result<Stamp, Box<dyn Error>> {
    Ok(Stamp {
        at: format!("{today}T09:00:00Z").parse()?,
        today,
        who: "Ana".into(),
        place: Place::Command,
        session: "bench".into(),
    })
}

fn deal(n: u64, today: NaiveDate) -> Incoming {
    Incoming {
        source: Arc::from("bench"),
        key: n.to_string(),
        external_id: Some(n.to_string()),
        title: format!("Rollout {n}"),
        account: Some(format!("Account {n}")),
        contact: None,
        owner: Some(format!("Owner {}", n % 20)),
        stage: Some("Proposal".into()),
        phase: Some(Phase::Proposal),
        pipeline: None,
        amount: Some(Money::new(100_000 + n as i64, None)),
        probability: None,
        status: Status::Open,
        created: Some(today - Days::new(200)),
        expected_close: Some(today + Days::new(n % 300)),
        closed: None,
        lost_reason: None,
        last_activity: None,
        stage_changed: Some(today - Days::new(n % 90)),
        updated: None,
        next_step: (!n.is_multiple_of(3)).then(|| "call".into()),
        next_step_due: None,
        lead_source: None,
        product: None,
        description: None,
        is_cut: false,
        assumed: Assumed::default(),
        entered: Vec::new(),
    }
}

fn say(what: &str, took: Duration) {
    println!("{what:<44} {:>10.2} ms", took.as_secs_f64() * 1000.0);
}

/// Measures a pipeline of so many open deals.
pub fn run(deals: u64) -> Result<(), Box<dyn Error>> {
    let today: NaiveDate = "2026-11-22".parse()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pipeline.db");
    let judge = || Judge::new(Vec::new(), Thresholds::default());
    let store = Store::open(&path, Access::Create, stamp(today)?.at, judge())?;
    let plan = Plan {
        source: "bench".into(),
        files: vec!["deals.csv".into()],
        take_theirs: false,
        facts: Facts {
            activity: true,
            next_step: true,
            ..Facts::default()
        },
        record_day: None,
    };
    let mut intake = Intake::begin(&store, plan, stamp(today)?)?;
    for n in 0..deals {
        intake.row(deal(n, today))?;
    }
    intake.finish()?;
    drop(store);
    #[expect(
        clippy::disallowed_methods,
        reason = "no act writes touches by the million"
    )]
    let mut raw = rusqlite::Connection::open(&path)?;
    let writing = raw.transaction()?;
    writing.execute(
        "WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < ?1 - 1)
         INSERT INTO touch(deal, source, at, direction, channel)
         SELECT d.id, 'bench', date(?2, '-' || (t.n * 9 + d.id % 9) || ' days'),
           CASE (t.n + d.id) % 3 WHEN 0 THEN 'in' ELSE 'out' END,
           CASE t.n % 4 WHEN 0 THEN 'call' WHEN 1 THEN 'meeting' ELSE 'email' END
         FROM deal d CROSS JOIN t ORDER BY d.id, t.n DESC",
        (TOUCHES, today),
    )?;
    writing.commit()?;
    drop(raw);

    println!("{deals} open deals with {TOUCHES} touches each");
    let mut store = Store::open(&path, Access::Write, stamp(today)?.at, judge())?;
    let start = Instant::now();
    store.renew_all(today)?;
    say("all of them judged", start.elapsed());

    let mut took = Vec::new();
    for n in 0..WRITES {
        let act = Act::Answer {
            deal: DealId(1 + n * 7 % deals.max(1) as i64),
            question: "PRB1".into(),
            key: AnswerKey::parse("2").ok_or("a key")?,
            evidence: None,
        };
        let start = Instant::now();
        store.act(&stamp(today)?, &act)?;
        took.push(start.elapsed());
    }
    took.sort_unstable();
    say(
        "one write with its deal, half of them within",
        took[took.len() / 2],
    );
    say(
        "one write with its deal, 99 of 100",
        took[took.len() * 99 / 100],
    );

    for ahead in 1..=3 {
        let day = today + Days::new(ahead);
        let start = Instant::now();
        let mut renewed = 0;
        store.renew_day(day, |more| {
            renewed += more;
            Ok(())
        })?;
        say(
            &format!("a new day, {renewed} deals renewed"),
            start.elapsed(),
        );
    }
    Ok(())
}
