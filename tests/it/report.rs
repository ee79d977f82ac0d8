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

/// A sitting: one fired, one on hold, one continued, one asked.
fn sitting() -> Bench {
    let bench = decided();
    bench
        .run(&[
            "continue",
            "10",
            "next=<script>offer</script>",
            "due=2w",
            "tripwire=I fire it if nobody signs",
            "by=2w",
        ])
        .ok();
    bench
}

#[test]
fn a_sitting_is_told_on_one_page() {
    let bench = sitting();

    let text = bench.run(&["report", "triage"]).ok();
    let page = bench.run(&["report", "triage", "--format", "html"]).ok();
    let masked = bench.run(&["report", "triage", "--mask", "2"]).ok();
    let told = bench.run(&["report", "triage", "--json"]).json();

    assert!(text.starts_with("# Triage of "), "{text}");
    assert!(text.contains("9 fired, 0 on hold, 1 continued"), "{text}");
    for heading in ["## Fired", "## Continued", "## Due"] {
        assert!(text.contains(heading), "{heading}: {text}");
    }
    assert!(!text.contains("## On hold"), "{text}");
    assert!(text.contains("Account 10"), "{text}");
    assert!(
        page.contains("<h2>Fired</h2>") && !page.contains("<script"),
        "{page}"
    );
    assert!(
        !masked.contains("Account") && !masked.contains("offer"),
        "{masked}"
    );
    assert!(masked.contains("9 fired"), "{masked}");
    assert_eq!(told["decisions"].as_array().map(Vec::len), Some(10));
    assert_eq!(
        (&told["schema"], &told["due"][0]["what"]),
        (&json!(1), &json!("tripwire"))
    );
}

#[test]
fn a_sitting_counts_from_a_day_on() {
    let bench = sitting();

    let later = bench
        .run(&["report", "triage", "--since", "2099-01-01", "--json"])
        .json();
    let earlier = bench
        .run(&["report", "triage", "--since", "4w", "--json"])
        .json();

    assert_eq!(later["decisions"], json!([]));
    assert_eq!(earlier["decisions"].as_array().map(Vec::len), Some(10));
}
