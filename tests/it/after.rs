//! What is over: the whole circle of a deal by commands, with the bank adding up at every step.

use serde_json::{Value, json};

use super::support::bench::{Bench, DEALS};

/// Reads the bank in hundredths of hours; what was freed is always what has a place and what has
/// none.
#[track_caller]
fn bank(bench: &Bench) -> [i64; 5] {
    let hours = bench.run(&["hours", "--json"]).json();
    let hundredths = |value: &Value| (value.as_f64().unwrap() * 100.0).round() as i64;
    let figure = |name: &str| hundredths(&hours[name]);
    let [reclaimed, reinvested, planned, own, free] = [
        "reclaimed",
        "reinvested",
        "planned",
        "own_time",
        "not_placed",
    ]
    .map(figure);
    let sum = reinvested + planned + own + free;
    assert!(near(reclaimed, sum), "{hours}");
    let weeks = hours["weeks"].as_array().unwrap();
    if let Some(last) = weeks.last() {
        assert!(near(hundredths(&last["not_placed"]), free), "{hours}");
    }
    [reclaimed, reinvested, planned, own, free]
}

#[track_caller]
fn due_of(bench: &Bench, deal: &str) -> Value {
    bench.run(&["show", deal, "--json"]).json()["due"].clone()
}

/// Rounding may be a hundredth off.
fn near(a: i64, b: i64) -> bool {
    (a - b).abs() <= 2
}

#[test]
fn a_deal_goes_the_whole_circle_and_the_bank_adds_up_at_every_step() {
    let bench = Bench::with_deals();
    bench.run(&["touch", "1", "we workshop 8h 5 oct plan"]).ok();
    assert_eq!(bank(&bench), [0; 5], "nothing is freed yet");

    // Dark, and fired as nurture.
    bench
        .run(&["fire", "1", "to=nurture", "until=+3m", "reasons=gone dark"])
        .ok();
    let [freed, _, _, _, free] = bank(&bench);
    assert!(freed > 0 && near(freed, free));

    // Its hours are planned onto a deal worth winning, and onto one's own time.
    bench.run(&["continue", "3"]).ok();
    bench.run(&["week", "place", "3", "1"]).ok();
    bench.run(&["week", "place", "own", "0.5"]).ok();
    let placed = bank(&bench);
    assert!(near(placed[2], 100) && near(placed[3], 50), "{placed:?}");
    bench.run(&["touch", "3", "we call 30m offer"]).ok();
    let moved = bank(&bench);
    assert!(near(moved[1], 50) && near(moved[2], 50), "{moved:?}");
    bench.run(&["undo"]).ok();
    assert_eq!(bank(&bench), placed, "undo is exact");
    bench.run(&["redo"]).ok();
    assert_eq!(bank(&bench), moved);

    // A week later what was not spent has no place again.
    bench.wait(7);
    let later = bank(&bench);
    assert!(near(later[1], 50) && near(later[2], 0), "{later:?}");

    // At ninety days it is asked what came of it.
    assert_eq!(bench.run(&["outcome", "due", "--json"]).json(), json!([]));
    bench.wait(84);
    let due = bench.run(&["outcome", "due", "--json"]).json();
    assert_eq!((&due[0]["deal"], &due[0]["check"]), (&json!(1), &json!(90)));
    assert_eq!(due[0]["why"], json!("gone dark"));

    // Better is refused until something on record says so.
    let refused = bench.run(&["outcome", "1", "better"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("no promise kept"), "{refused}");
    bench.run(&["touch", "1", "they meeting 45m budget"]).ok();
    assert_eq!(due_of(&bench, "1"), json!("came_back"));
    bench
        .run(&["outcome", "1", "better", "they bring the budget"])
        .ok();
    assert_eq!(due_of(&bench, "1"), json!("came_back"), "until taken back");
    assert_eq!(bench.run(&["outcome", "due", "--json"]).json(), json!([]));
    bank(&bench);

    // Taken back on terms; the old decision stays.
    bench.run(&["reinstate", "1", "half the scope"]).ok();
    let shown = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(shown["decision"], json!("undecided"));
    assert_eq!(shown["decisions"][0]["terms"], json!("half the scope"));
    assert_eq!(shown["decisions"][1]["reasons"], json!(["gone dark"]));
    bank(&bench);

    // Continued with a tripwire made of its parts, which then happens.
    bench
        .run(&[
            "continue",
            "1",
            "who=Tom Reed",
            "act=met us",
            "by=+2w",
            "hours=2",
        ])
        .ok();
    let wires = bench.run(&["tripwire", "list", "--json"]).json();
    assert_eq!(wires["waiting"], json!(2));
    let wires = wires["tripwires"].as_array().unwrap();
    let own = wires.iter().find(|wire| wire["deal"] == 1).unwrap();
    let sentence = own["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("I fire it if Tom Reed has not met us by"));
    let before = bank(&bench);
    assert!(
        before[2] > 0,
        "the hours of the sheet are planned: {before:?}"
    );
    bench.run(&["touch", "1", "we meeting 30m with Tom"]).ok();
    let after = bank(&bench);
    assert!(near(before[1], 125), "of this week, and of ninety days ago");
    assert!(near(after[1] - before[1], 50), "{after:?}");
    bench.run(&["tripwire", "1", "happened", "Tom came"]).ok();
    bank(&bench);

    // Won, and looked back on at sixty days.
    bench.run(&["answer", "1", "MON1", "2"]).ok();
    bench.run(&["close", "1", "won"]).ok();
    bank(&bench);
    assert_eq!(bench.run(&["regret", "due", "--json"]).json(), json!([]));
    bench.wait(60);
    let due = bench.run(&["regret", "due", "--json"]).json();
    assert_eq!(
        (&due[0]["deal"], &due[0]["money"]),
        (&json!(1), &json!("good"))
    );
    bench.run(&["regret", "1", "yes", "they pay on time"]).ok();
    assert_eq!(bench.run(&["regret", "due", "--json"]).json(), json!([]));
    let told = bench.run(&["regret", "list", "--json"]).json();
    assert_eq!(
        (&told[0]["again"], &told[0]["was_right"]),
        (&json!(true), &json!(true))
    );
    bank(&bench);

    let earned = bench.run(&["hours", "--json"]).json();
    let deals = earned["deals"].as_array().unwrap();
    let won = deals.iter().find(|row| row["deal"] == 1).unwrap();
    assert_eq!(won["status"], json!("won"));
    let record = bench.run(&["outcome", "list", "--json"]).json();
    assert_eq!(record["fired"], json!(1));
    assert_eq!(record["rows"][0]["outcome"], json!("came_back_better"));
    assert_eq!(
        record["rows"][0]["reinstated"]["terms"],
        json!("half the scope")
    );
}

#[test]
fn no_change_is_said_of_all_at_once_but_of_those_who_made_contact() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "2", "3"]).ok();
    bench.wait(91);
    bench.run(&["touch", "2", "they mail will you quote"]).ok();

    bench.run(&["outcome", "nochange"]).ok();
    let due = bench.run(&["outcome", "due", "--json"]).json();
    assert_eq!(due.as_array().unwrap().len(), 1);
    assert_eq!(due[0]["deal"], json!(2));
    let shown = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(shown["outcomes"][0]["kind"], json!("silence"));

    bench.run(&["nurture", "2", "let-go"]).ok();
    assert_eq!(
        due_of(&bench, "2"),
        Value::Null,
        "not on top for that any more"
    );
    let shown = bench.run(&["show", "2", "--json"]).json();
    assert_eq!(shown["outcomes"][0]["kind"], json!("came_back_unchanged"));
    bench.run(&["undo"]).ok();
    assert_eq!(due_of(&bench, "2"), json!("came_back"));

    bench.wait(90);
    let due = bench.run(&["outcome", "due", "--json"]).json();
    assert_eq!(due.as_array().unwrap().len(), 3, "and again at 180 days");
    bench.run(&["outcome", "1", "elsewhere"]).ok();
    let refused = bench.run(&["outcome", "1", "won"]);
    assert_eq!(refused.code, 2, "{refused}");
    bench.wait(400);
    let due = bench.run(&["outcome", "due", "--json"]).json();
    assert!(due.as_array().unwrap().iter().all(|row| row["deal"] != 1));
}

#[test]
fn an_import_that_brings_contact_puts_a_fired_prospect_on_top() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    bench.wait(10);
    bench.write(
        "calls.csv",
        "Call Title,Call direction,Call duration,Call outcome,Activity date,Record ID,\
         Associated Deal IDs\nAgain,INBOUND,00:10:00,Connected,2026-12-02 10:00,901,8001\n",
    );

    bench.run(&["import", "calls.csv"]).ok();

    assert_eq!(due_of(&bench, "1"), json!("came_back"));
    let top = bench.run(&["list", "--view", "came-back", "--json"]).json();
    assert_eq!(top[0]["id"], json!(1));
}

#[test]
fn a_fired_deal_that_the_crm_wins_is_an_outcome_and_overwrites_nothing() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "3"]).ok();
    bench.wait(5);
    bench.write("later.csv", &DEALS.replace(",Negotiation,", ",Closed Won,"));
    bench.run(&["import", "later.csv"]).ok();

    let record = bench.run(&["outcome", "list", "--json"]).json();
    assert_eq!(record["rows"][0]["outcome"], json!("won"));
    let shown = bench.run(&["show", "3", "--json"]).json();
    assert_eq!(
        (&shown["status"], &shown["decision"]),
        (&json!("won"), &json!("fired"))
    );
}

#[test]
fn the_fired_read_as_a_record_that_a_mask_hides() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "reasons=no signer"]).ok();
    bench.run(&["reinstate", "1", "new boss"]).ok();
    bench.run(&["fire", "1", "reasons=no signer again"]).ok();

    let list = bench.run(&["list", "--view", "fired"]).ok();
    assert!(list.contains("2 fired"), "{list}");
    assert!(
        list.contains("firing 2 of 2") && list.contains("no signer again"),
        "{list}"
    );
    let json = bench.run(&["list", "--view", "gone", "--json"]).json();
    assert_eq!((&json[0]["id"], &json[0]["schema"]), (&json!(1), &json!(1)));
    assert_eq!(json[0]["fired"].as_array().unwrap().len(), 2);
    assert_eq!(
        json[0]["fired"][1]["reinstated"]["terms"],
        json!("new boss")
    );
    let masked = bench.run(&["outcome", "list", "--mask", "2"]).ok();
    assert!(
        !masked.contains("Northwind") && !masked.contains("no signer"),
        "{masked}"
    );
    let refused = bench.run(&["outcome", "2", "silence"]);
    assert!(
        refused.code == 1 && refused.err.contains("not fired"),
        "{refused}"
    );
}

#[test]
fn silence_is_told_after_the_days_that_the_configuration_sets() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    // The record must reach that far: silence is counted to its day.
    bench.wait(20);
    bench.write("later.csv", DEALS);
    bench.run(&["import", "later.csv"]).ok();
    let came_of = || {
        let record = bench.run(&["outcome", "list", "--json"]).json();
        record["rows"][0]["outcome"].clone()
    };

    assert_eq!(came_of(), Value::Null, "30 days by default");
    bench.config("config.toml", "[thresholds]\nsilent_days = 20\n");
    assert_eq!(came_of(), json!("silence"));
    bench.config("config.toml", "[thresholds]\nsilent_days = 0\n");
    let told = bench.run(&["config", "check"]);
    assert_eq!(told.code, 1);
    assert!(
        told.err.contains("silent_days") || told.out.contains("silent_days"),
        "{told}"
    );
    assert_eq!(came_of(), Value::Null, "a mistake leaves the default");
}
