//! An export of deals alone, without activity and without a history of stages: its first page is
//! worth opening, and absence alone fires nobody.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};

use crate::support::bench::{Bench, START};
use crate::support::pty::Launch;
use crate::support::shared as data;

/// So many days before the file was written.
fn day(before: u64) -> NaiveDate {
    let last: NaiveDate = "2026-11-23".parse().unwrap();
    last - Days::new(before)
}

/// Forty won deals that took 3 to 120 days, and open ones of every age; the same columns as in a
/// public pipeline, and no other.
fn export() -> String {
    let mut text =
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
            .to_owned();
    for n in 1..=40 {
        let (closed, made) = (day(n), day(n + 3 * n));
        let _ = writeln!(
            text,
            "W{n:02},Ana Ruiz,Press,Account {n},Won,{made},{closed},900"
        );
    }
    let open = [
        ("Northwind", 30),
        ("Contoso", 90),
        ("Proseware", 91),
        ("Litware", 120),
        ("Fabrikam", 121),
        ("Tailspin", 400),
        ("", 200),
    ];
    for (n, (account, age)) in open.into_iter().enumerate() {
        let made = day(age);
        let _ = writeln!(text, "O{n},Ana Ruiz,Press,{account},Engaging,{made},,");
    }
    text + "O7,Ana Ruiz,Plate,,Prospecting,,,\nO8,Ana Ruiz,Press,Wingtip,Prospecting,,,\n"
}

/// The first page of the cockpit in a window of a size.
fn first_page(bench: &Bench, (width, height): (u16, u16)) -> String {
    let pty = Launch::walkaway()
        .arg("--db")
        .arg(bench.path("pipeline.db"))
        .env("WALKAWAY_NOW", START)
        .env("WALKAWAY_AS", "Ana")
        .size(width, height)
        .start();
    pty.wait_for("won took");
    pty.screen()
}

#[test]
fn deals_alone_are_queued_by_their_age_and_say_how_long_they_are_open() {
    let bench = Bench::new();
    bench.write("deals.csv", &export());
    bench.run(&["import", "deals.csv"]).ok();

    let list = bench.run(&["list", "--view", "to-decide", "--json"]).json();

    let told = |deal: &serde_json::Value| {
        let name = deal["account"].as_str().unwrap_or("nobody").to_owned();
        let signals = deal["signals"].as_array().unwrap();
        let each = signals.iter().map(|s| {
            let days = s["figures"]["days"].as_i64();
            let days = days.map_or_else(String::new, |days| format!(" {days}"));
            format!(
                "{} {}{days}",
                s["level"].as_str().unwrap(),
                s["id"].as_str().unwrap()
            )
        });
        format!("{name}: {}", each.collect::<Vec<_>>().join(", "))
    };
    let deals = list.as_array().unwrap();
    assert_eq!(
        deals.iter().map(told).collect::<Vec<_>>(),
        [
            "Tailspin: red open-long 400",
            "nobody: red open-long 200, amber no-account",
            "Fabrikam: red open-long 121",
            "Litware: amber open-long 120",
            "Proseware: amber open-long 91",
            "Contoso: ",
            "Northwind: ",
            "nobody: amber no-account",
            "Wingtip: ",
        ]
    );
    let verdicts = deals.iter().map(|deal| deal["verdict"].as_str().unwrap());
    assert!(verdicts.into_iter().all(|verdict| verdict == "get_to_no"));
    insta::assert_snapshot!("deals_only_80x24", first_page(&bench, (80, 24)));
}

#[test]
fn a_newer_export_of_deals_alone_moves_their_ages_on() {
    let bench = Bench::new();
    bench.write("deals.csv", &export());
    bench.run(&["import", "deals.csv"]).ok();
    bench.wait(7);
    bench.run(&["import", "deals.csv"]).ok();

    let old = bench.run(&["list", "--filter", "signal:open-long", "--json"]);
    let figures = old.json();
    let figures = figures.as_array().unwrap().iter().map(|deal| {
        let days = &deal["signals"][0]["figures"]["days"];
        (
            deal["account"].as_str().unwrap_or("nobody").to_owned(),
            days.as_i64().unwrap(),
        )
    });

    let expected = [
        ("Tailspin", 407),
        ("nobody", 207),
        ("Fabrikam", 128),
        ("Litware", 127),
        ("Proseware", 98),
        ("Contoso", 97),
    ];
    let expected = expected.map(|(name, days)| (name.to_owned(), days));
    assert_eq!(figures.collect::<Vec<_>>(), expected);
}

#[test]
fn the_public_pipeline_of_deals_alone_has_a_first_page_worth_opening() {
    let Some(file) = data("maven/sales_pipeline_isodates.csv") else {
        return;
    };
    let bench = Bench::new();
    bench.run(&["import", file.to_str().unwrap()]).ok();

    let count = |filter: &str| {
        let list = bench.run(&["list", "--filter", filter, "--json"]).json();
        list.as_array().unwrap().len()
    };
    // Of 2,089; counted by hand from the file, to its last close on the last day of 2017.
    assert_eq!(count("signal:open-long"), 1_291 + 190);
    assert_eq!(count("signal:no-account"), 1_425);
    assert_eq!(count("view:to-decide verdict:fire"), 0);

    for size in [(80, 24), (120, 36), (200, 60)] {
        let name = format!("maven_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, first_page(&bench, size));
    }
}
