//! What people tell of a deal, as commands from outside.

use serde_json::json;

use super::support::bench::Bench;

#[test]
fn a_touch_in_one_line_is_written_shown_and_taken_back() {
    let bench = Bench::with_deals();

    let said = bench
        .run(&[
            "touch",
            "1",
            "they call 20m yesterday asked for the quote",
            "--json",
        ])
        .json();
    assert_eq!(said["schema"], json!(1));
    assert_eq!(said["deals"][0]["id"], json!(1));
    assert_eq!(said["deals"][0]["hours"]["spent"], json!(0.33));

    let touch = &bench.run(&["show", "1", "--json"]).json()["touches"][0];
    assert_eq!(
        (&touch["direction"], &touch["channel"], &touch["minutes"]),
        (&json!("in"), &json!("call"), &json!(20))
    );
    assert_eq!(touch["asks_info"], json!(true));
    bench
        .run(&["touch", "edit", "1", "we email 10m the quote"])
        .ok();
    let touch = &bench.run(&["show", "1", "--json"]).json()["touches"][0];
    assert_eq!(touch["channel"], json!("email"));
    bench.run(&["touch", "remove", "1"]).ok();
    bench.run(&["undo"]).ok();
    let shown = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(shown["touches"].as_array().unwrap().len(), 1);
}

#[test]
fn a_line_that_cannot_be_read_marks_its_place_and_is_wrong_usage() {
    let bench = Bench::with_deals();

    let shot = bench.run(&["touch", "1", "they call tomorrow"]);
    assert_eq!(shot.code, 2);
    assert!(shot.err.contains("is in the future"), "{}", shot.err);
    assert!(shot.err.contains("          ^^^^^^^^"), "{}", shot.err);
    let shot = bench.run(&["touch", "1", "they call -20m", "--json"]);
    assert_eq!(shot.code, 2);
    let error: serde_json::Value = serde_json::from_str(&shot.err).unwrap();
    assert_eq!(error["error"]["column"], json!(11));
    let shot = bench.run(&["commitment", "1", "they", "data", "sample"]);
    assert_eq!((shot.code, shot.err.contains("by when")), (2, true));

    let said = bench
        .run(&["touch", "1", "we meeting 60m with Priya", "--json"])
        .json();
    assert_eq!(
        said["left"][0],
        json!("Priya is no known contact of this deal; `contact` adds them")
    );
}

#[test]
fn promises_are_paired_settled_and_counted_late() {
    let bench = Bench::with_deals();

    bench
        .run(&["commitment", "1", "they", "data sample", "2026-11-27"])
        .ok();
    bench
        .run(&["commit", "1", "we quote v3 +2d for data sample"])
        .ok();
    bench.wait(7);
    bench.run(&["commitment", "1", "kept"]).ok();

    let shown = bench.run(&["show", "1", "--json"]).json();
    let rows = shown["commitments"].as_array().unwrap();
    let give = rows.iter().find(|row| row["side"] == "we").unwrap();
    let get = rows.iter().find(|row| row["side"] == "they").unwrap();
    assert_eq!(
        (&give["paired"], &give["what"]),
        (&json!(1), &json!("quote v3"))
    );
    assert_eq!(get["state"], json!("late"));
}

#[test]
fn what_is_given_up_agreed_and_refused_hangs_on_the_deal() {
    let bench = Bench::with_deals();

    for args in [
        &["concession", "1", "discount 10% for early payment"][..],
        &["concession", "1", "free training", "500 EUR"],
        &["concession", "1", "longer payment terms"],
        &["bait", "1", "3", "more", "plants"],
        &["bait", "4", "broken"],
        &["gate", "1", "objectives", "Tom", "Reed"],
        &["gate", "1", "starts", "2026-12-01"],
        &["access", "1", "the", "CFO", "refused"],
        &["contact", "1", "name=Tom Reed", "role=champion", "level=2"],
        &["contact", "1", "name=tom reed", "met=yes"],
        &["handoff", "1", "to=Ben", "overseer=Dana", "check=+1w"],
        &["person", "Dana", "senior=yes"],
    ] {
        bench.run(args).ok();
    }

    let shown = bench.run(&["show", "1", "--json"]).json();
    let concessions = shown["concessions"].as_array().unwrap();
    let kinds: Vec<_> = concessions.iter().map(|c| c["kind"].clone()).collect();
    assert_eq!(kinds, ["bait", "promise", "free_work", "discount"]);
    assert_eq!(concessions[0]["kept"], json!(false));
    assert_eq!(concessions[2]["amount"]["minor"], json!(50_000));
    assert_eq!(concessions[3]["percent"], json!(10.0));
    assert_eq!(concessions[3]["traded_for"], json!("early payment"));
    assert_eq!(shown["gate"]["objectives"], json!("Tom Reed"));
    assert_eq!(shown["gate"]["agreed"], json!(null));
    assert_eq!(shown["access"][0]["answer"], json!("refused"));
    let contacts = shown["contacts"].as_array().unwrap();
    let tom = contacts.iter().find(|c| c["name"] == "Tom Reed").unwrap();
    assert_eq!(
        (&tom["role"], &tom["level"]),
        (&json!("champion"), &json!(2))
    );
    assert!(tom["met"].is_string());
    assert_eq!(shown["handoffs"][0]["overseer"], json!("Dana"));
    // Whom it is about is not who wrote it down.
    let journal = bench.run(&["journal", "--json"]).json();
    let by: Vec<_> = journal
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["who"])
        .collect();
    assert!(by.iter().all(|who| *who == by[0]), "{by:?}");
    // Names and words hide behind a mask; what is open under it stays.
    let masked = bench.run(&["show", "1", "--json", "--mask", "2"]);
    assert!(!masked.out.contains("Tom Reed") && !masked.out.contains("plants"));
    assert!(masked.out.contains("refused"));
}

#[test]
fn a_sign_fresh_eyes_and_an_unwanted_sale_are_questions() {
    let bench = Bench::with_deals();

    bench.run(&["answer", "1", "no-case", "y"]).ok();
    bench.run(&["answer", "1", "fresh", "n"]).ok();
    let shown = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(shown["signs"][0]["sign"], json!("no-case"));
    assert_eq!(shown["fresh_eyes"]["answer"], json!("no"));
    let case = shown["answers"].as_array().unwrap();
    assert_eq!(case[0]["question"], json!("BIZ1"));
    assert_eq!(case[0]["grade"], json!("said"));
    let fired = bench
        .run(&["answer", "2", "unwanted", "y", "--json"])
        .json();
    assert_eq!(fired["deals"][0]["verdict"], json!("fire"));
    bench.run(&["answer", "1", "no-case", "clear"]).ok();
    let shown = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(
        (&shown["signs"], &shown["answers"]),
        (&json!([]), &json!([]))
    );

    assert_eq!(bench.run(&["answer", "1", "no-case", "p"]).code, 2);
    assert_eq!(bench.run(&["answer", "1", "nonsense", "y"]).code, 1);
}

#[test]
fn what_came_back_is_the_answer_and_the_week_shows_it() {
    let bench = Bench::with_deals();

    bench.run(&["ask", "1", "PWR1", "Kim", "fri"]).ok();
    bench.run(&["ask", "2", "PRO1"]).ok();
    let asks = bench.run(&["ask", "list", "--json"]).json();
    assert_eq!(
        (&asks[0]["schema"], &asks[0]["contact"]),
        (&json!(1), &json!("Kim"))
    );
    bench
        .run(&["ask", "reply", "1", "2", "the", "board,", "9", "Dec"])
        .ok();
    bench.run(&["ask", "reply", "2", "."]).ok();
    bench.run(&["ask", "move", "2", "+2w"]).ok();
    bench.run(&["week", "hours", "30"]).ok();
    bench.run(&["week", "place", "1", "6"]).ok();
    bench.run(&["week", "place", "own", "1.5"]).ok();
    bench.run(&["fire", "3"]).ok();

    let week = bench.run(&["week", "--json"]).json();
    assert_eq!(week["hours_to_sell"], json!(30.0));
    assert_eq!(week["hours_placed"], json!(7.5));
    assert_eq!(week["fired"].as_array().unwrap().len(), 1);
    let states: Vec<_> = week["asks"].as_array().unwrap().iter().collect();
    assert_eq!(states[0]["state"], json!("open"));
    assert_eq!(states[1]["reply"], json!("the board, 9 Dec"));
    let shown = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(shown["answers"][0]["answer"], json!("yes"));
    assert_eq!(shown["asks"][0]["state"], json!("answered"));
    let page = bench.run(&["week"]).ok();
    assert!(page.contains("7.5 of 30 h placed"), "{page}");
    assert!(page.contains("own time"), "{page}");
    assert_eq!(bench.run(&["ask", "reply", "9", "2"]).code, 1);
    assert_eq!(bench.run(&["ask", "reply", "1", "Q"]).code, 2);
}

#[test]
fn the_sweep_sorts_deals_into_piles() {
    let bench = Bench::with_deals();

    bench.run(&["sweep", "1", "2", "dread"]).ok();
    let said = bench.run(&["sweep", "3", "glad", "--json"]).json();
    assert_eq!(said["deals"][0]["sweep"], json!("glad"));
    let piles = bench.run(&["sweep", "--json"]).json();

    assert_eq!(piles["piles"][0]["word"], json!("glad"));
    assert_eq!(piles["piles"][1]["deals"], json!(2));
    assert_eq!(bench.run(&["sweep", "1", "meh"]).code, 2);
}
