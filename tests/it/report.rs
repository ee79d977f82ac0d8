//! `report` from outside: what one's own past tells, as Markdown, as a page and as JSON.

use std::fs;

use serde_json::json;

use super::support::bench::Bench;

/// A pipeline in which twelve deals were made and nine of them fired.
fn decided() -> Bench {
    let bench = Bench::new();
    for nth in 1..=12 {
        let account = format!("account=Account {nth}");
        let title = format!("title=<b>Deal | {nth}</b>");
        bench
            .run(&["add", &account, &title, "created=2026-09-01"])
            .ok();
    }
    for nth in 1..=9 {
        bench.run(&["fire", &nth.to_string()]).ok();
    }
    bench
}

#[test]
fn the_report_has_the_figures_and_names_nobody() {
    let bench = decided();

    let text = bench.run(&["report", "insights"]).ok();

    assert!(text.starts_with("# Insights, "), "{text}");
    assert!(text.contains("## Where we left"), "{text}");
    assert!(text.contains("of 9 deals fired were left"), "{text}");
    assert!(
        text.contains("8 promises that fell due are needed"),
        "{text}"
    );
    assert!(
        !text.contains("Account") && !text.contains("Deal |"),
        "{text}"
    );
}

#[test]
fn every_figure_opens_to_its_deals_in_json() {
    let bench = decided();

    let told = bench.run(&["report", "insights", "--json"]).json();

    assert_eq!(told["schema"], json!(1));
    let insights = told["insights"].as_array().unwrap();
    let left = insights
        .iter()
        .find(|i| i["id"] == "fired_by_stage")
        .unwrap();
    let bars = left["plot"]["series"][0]["bars"].as_array().unwrap();
    let deals: Vec<&serde_json::Value> = bars
        .iter()
        .flat_map(|bar| bar["deals"].as_array().unwrap())
        .collect();
    assert_eq!(deals.len(), 9);
    let promises = insights.iter().find(|i| i["id"] == "promises").unwrap();
    assert_eq!(promises["plot"], json!(null));
}

#[test]
fn a_page_goes_to_a_file_whole_and_over_none() {
    let bench = decided();
    let file = bench.path("insights.html");
    let path = file.to_str().unwrap();

    bench.run(&["report", "insights", "-o", path]).ok();

    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("<svg") && page.trim_end().ends_with("</html>"));
    let again = bench.run(&["report", "insights", "-o", path]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("--force"), "{}", again.err);
    bench
        .run(&["report", "insights", "-o", path, "--force"])
        .ok();
}

#[test]
fn a_period_without_decisions_says_what_is_missing() {
    let bench = decided();

    let text = bench
        .run(&["report", "insights", "--since", "2030-01-01"])
        .ok();

    assert!(text.contains("8 fired deals are needed"), "{text}");
    assert_eq!(bench.run(&["report", "insights", "--owner", "me"]).code, 1);
    assert_eq!(
        bench.run(&["report", "insights", "--since", "soon"]).code,
        2
    );
}
