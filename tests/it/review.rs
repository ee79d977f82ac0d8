//! A whole 1:1 of six deals by commands, on an imported pipeline, from the hand to the minutes.

use serde_json::{Value, json};

use super::support::bench::Bench;

/// Six open deals of one rep, and one that is lost.
const SIX: &str = "\
Record ID,Deal Name,Associated Company,Deal owner,Amount,Currency,Deal Stage,Create Date,Close Date,Next step
8001,Plant rollout,Northwind,Ana,48000,EUR,Presentation Scheduled,2026-08-03,2027-01-29,call Kim
8002,Press line 2,Contoso,Ana,31500,EUR,Appointment Scheduled,2026-09-14,2026-12-18,
8003,Group deal,Proseware,Ana,120000,EUR,Contract Sent,2026-02-11,2027-02-28,
8004,Renewal plus,Litware,Ana,8900,EUR,Qualified To Buy,2026-10-01,2027-02-15,demo
8005,Archive,Lucerne,Ana,22000,EUR,Appointment Scheduled,2026-10-02,2027-03-01,
8006,Press line 3,Fabrikam,Ana,15000,EUR,Appointment Scheduled,2026-10-02,2027-03-01,
8007,Kiosks,VanArsdel,Ana,15000,EUR,Closed Lost,2026-01-02,2026-05-01,
";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("six.csv", SIX);
    bench.run(&["import", "six.csv", "--as", "Ana"]).ok();
    bench.run(&["person", "Ana", "role=rep", "owner=Ana"]).ok();
    bench
        .run(&["person", "Dana", "role=manager", "senior=yes"])
        .ok();
    bench
}

/// The deals of an agenda, each with the word that says why.
fn agenda(value: &Value) -> Vec<(i64, String)> {
    let items = value["agenda"].as_array().unwrap().iter();
    items
        .map(|item| {
            let why = item["for"]["why"].as_str().unwrap().to_owned();
            (item["deal"].as_i64().unwrap(), why)
        })
        .collect()
}

#[test]
fn a_whole_1_1_of_six_deals_is_driven_by_commands() {
    let bench = bench();
    let ana = |args: &[&str]| bench.run(&[args, &["--as", "Ana"]].concat());
    let dana = |args: &[&str]| bench.run(&[args, &["--as", "Dana"]].concat());

    // At the desk, before: a hand, answers, the charter, and seals.
    ana(&["review", "raise", "Fabrikam", "may", "I", "fire", "them?"]).ok();
    for (deal, question, key) in [("Contoso", "PWR1", "n"), ("Lucerne", "WIN1", "n")] {
        ana(&["answer", deal, question, key]).ok();
    }
    ana(&["charter", "sign", "ceiling=50000 EUR"]).ok();
    let signed = dana(&["charter", "sign"]).ok();
    assert!(signed.contains("Charter signed by Dana"), "{signed}");
    ana(&[
        "seal",
        "Northwind",
        "PWR1=1 Kim says she can",
        "PRB1=2",
        "verdict=continue",
    ])
    .ok();
    let sealed = ana(&["seal"]).ok();
    assert!(sealed.contains("Ana sealed 2 of 12"), "{sealed}");

    // The meeting: the agenda is there by itself, with what was asked for first.
    ana(&["review", "start", "Dana", "for=30", "each=5"]).ok();
    for deal in ["Northwind", "Proseware", "Litware"] {
        ana(&["review", "add", deal]).ok();
    }
    let now = ana(&["review", "--json"]).json();
    let on = agenda(&now);
    assert_eq!(on.len(), 6, "{on:?}");
    assert_eq!(on[0], (6, "raised".to_owned()));
    assert!(on[1..3].iter().all(|(_, why)| why == "fire"), "{on:?}");
    assert_eq!(now["review"]["planned_minutes"], json!(30));

    // 1: Fabrikam. The manager's sentence is the authority of the firing.
    ana(&["review", "next"]).ok();
    ana(&["review", "may-fire", "Fabrikam"]).ok();
    ana(&["fire", "Fabrikam", "reasons=no race to win"]).ok();
    // 2 and 3: what was asked and answered no is fired on the charter.
    ana(&["review", "next"]).ok();
    ana(&["fire", "Contoso"]).ok();
    ana(&["review", "next"]).ok();
    ana(&["fire", "Lucerne"]).ok();
    // 4: Northwind. Sealed by both, revealed by turns, settled, continued.
    ana(&["review", "open", "Northwind"]).ok();
    ana(&[
        "seal",
        "Northwind",
        "PWR1=n",
        "PRB1=2",
        "verdict=fire",
        "--for",
        "Dana",
    ])
    .ok();
    let first = ana(&["review", "reveal", "Northwind", "--json"]).json();
    assert_eq!(first["pairs"].as_array().unwrap().len(), 1);
    assert_eq!(first["pairs"][0]["question"], json!("=verdict"));
    assert_eq!(first["hidden"], json!(2));
    let all = ana(&["review", "reveal", "Northwind", "--all", "--json"]).json();
    assert_eq!(all["pairs"][1]["question"], json!("PWR1"));
    assert_eq!(all["pairs"][1]["verdict_manager"], json!("fire"));
    ana(&["review", "choose", "Northwind", "PWR1", "manager"]).ok();
    ana(&["ask", "Northwind", "PWR1", "Kim", "2026-11-27"]).ok();
    ana(&[
        "commitment",
        "Northwind",
        "they",
        "meeting with the signer",
        "2026-11-27",
    ])
    .ok();
    ana(&[
        "hold",
        "Northwind",
        "what=the signer meets us",
        "until=2026-12-11",
    ])
    .ok();
    // 5: Proseware is above the ceiling: fired at once, and asked for. Dana lets it stand.
    ana(&["review", "next"]).ok();
    let above = ana(&["fire", "Proseware", "--json"]).json();
    assert!(
        above["left"][0].as_str().unwrap().contains("ceiling"),
        "{above}"
    );
    dana(&["charter", "stands", "Proseware"]).ok();
    // 6: Litware waits for next time.
    ana(&["review", "later", "Litware"]).ok();
    let ended = ana(&["review", "end"]).ok();
    assert!(
        ended.contains("5 deals talked about, 1 next time"),
        "{ended}"
    );

    // What it leaves behind.
    let minutes = dana(&["review", "minutes", "--json"]).json();
    let deals = minutes["deals"].as_array().unwrap();
    assert_eq!(deals.len(), 5);
    let fabrikam = &deals[0]["decisions"][0];
    assert_eq!(
        fabrikam["authority"],
        json!("“You may fire them.” Dana, 2026-11-23")
    );
    let of = |id: i64| deals.iter().find(|deal| deal["deal"] == json!(id)).unwrap();
    assert_eq!(
        of(2)["decisions"][0]["authority"],
        json!("charter, 2026-11-23")
    );
    assert_eq!(of(1)["differences"].as_array().unwrap().len(), 2);
    assert_eq!(of(1)["owed"].as_array().unwrap().len(), 2);
    assert_eq!(of(3)["request"]["reply"], json!("stands"));
    assert_eq!(minutes["next_time"][0]["deal"], json!(4));

    let page = ana(&["report", "minutes", "--format", "html", "--mask", "2"]).ok();
    for name in ["Northwind", "Contoso", "Proseware", "48000", "120", "Kim"] {
        assert!(!page.contains(name), "{name} in\n{page}");
    }
    assert!(page.contains("<h1>") && page.contains("signer"), "{page}");
    let text = ana(&["report", "minutes"]).ok();
    assert!(
        text.starts_with("# 1\\:1") || text.starts_with("# 1:1"),
        "{text}"
    );
    assert!(
        text.contains("Northwind") && text.contains("## Next time"),
        "{text}"
    );
    ana(&[
        "report",
        "minutes",
        "-o",
        "minutes.html",
        "--format",
        "html",
    ])
    .ok();
    assert!(bench.read("minutes.html").contains("Northwind"));

    // All of it goes along in a file of our own, but for what is still sealed.
    bench.run(&["export", "out.json"]).ok();
    bench.run(&["--db", "new.db", "import", "out.json"]).ok();
    bench.run(&["--db", "new.db", "export", "second.json"]).ok();
    assert_eq!(bench.read("out.json"), bench.read("second.json"));
    let told = |db: &str, what: &[&str]| bench.run(&[&["--db", db], what].concat()).ok();
    for what in [
        &["review", "minutes", "1"][..],
        &["review", "coaching", "--json"],
        &["charter", "--json"],
    ] {
        let what = [what, &["--as", "Dana"]].concat();
        assert_eq!(told("new.db", &what), told("pipeline.db", &what));
    }

    // The next one begins with what was left, and with what came of the last.
    bench.wait(14);
    let next = ana(&["review", "--json"]).json();
    assert_eq!(agenda(&next)[0], (4, "left_over".to_owned()));
    let decided = next["decided_last_time"].as_array().unwrap();
    assert_eq!(decided.len(), 5);
    assert!(decided.iter().any(|row| row["since"] == "silent"));
    let changed = ana(&["review", "changed", "Litware", "--json"]).json();
    assert_eq!(changed["since"], Value::Null);
    let coaching = ana(&["review", "coaching", "--json"]).json();
    assert_eq!(coaching[0]["deals"], json!(1));
    assert_eq!(coaching[0]["verdict"]["too_few"], json!(true));
}

#[test]
fn two_machines_exchange_seals_by_file() {
    let ana = Bench::with_deals();
    let dana = Bench::with_deals();
    ana.run(&["seal", "1", "PWR1=n", "--as", "Ana"]).ok();
    dana.run(&["seal", "1", "PWR1=2", "--as", "Dana"]).ok();
    let carry = |from: &Bench, to: &Bench, name: &str| to.write(name, &from.read(name));

    ana.run(&["seal", "export", "ana.1", "--as", "Ana"]).ok();
    dana.run(&["seal", "export", "dana.1", "--as", "Dana"]).ok();
    carry(&dana, &ana, "dana.1");
    carry(&ana, &dana, "ana.1");
    ana.run(&["seal", "import", "dana.1", "--as", "Ana"]).ok();
    dana.run(&["seal", "import", "ana.1", "--as", "Dana"]).ok();
    assert!(!ana.read("ana.1").contains("PWR1"));
    ana.run(&["seal", "export", "ana.2", "--as", "Ana"]).ok();
    carry(&ana, &dana, "ana.2");
    let shot = dana.run(&["seal", "import", "dana.1", "--as", "Dana"]);
    assert_eq!(shot.code, 1, "{shot}");
    let said = dana.run(&["seal", "import", "ana.2", "--as", "Dana"]).ok();
    assert!(said.contains("agree with the commitment"), "{said}");

    let sealed = dana.run(&["seal", "--json", "--as", "Dana"]).json();
    let counts = sealed[0]["sealed"].as_array().unwrap();
    assert_eq!(counts.len(), 2);
    assert!(
        counts
            .iter()
            .any(|c| c["person"] == "Ana" && c["checked"] == json!(true))
    );
    for args in [
        &["list", "--json"][..],
        &["show", "1", "--json"],
        &["journal", "--json"],
        &["export", "--format", "json"],
    ] {
        let out = dana.run(args).ok();
        assert!(
            !out.contains("sealed_answer") && !out.contains("\"salt\""),
            "{out}"
        );
    }
}

#[test]
fn what_a_review_cannot_do_is_said_in_words() {
    let bench = Bench::with_deals();

    for (args, says) in [
        (&["review", "next"][..], "is in no 1:1"),
        (&["review", "end"], "is in no 1:1"),
        (&["review", "reveal", "1"], "not both have sealed"),
        (&["review", "minutes"], "there is no such 1:1"),
        (&["charter", "overrule", "1", "no"], "nothing waits"),
        (&["seal", "export", "x.seal"], "has sealed nothing"),
    ] {
        let shot = bench.run(args);
        assert_eq!(shot.code, 1, "{shot}");
        assert!(shot.err.contains(says), "{says}: {shot}");
    }
    for args in [
        &["seal", "1", "PWR1=Q"][..],
        &["seal", "1", "verdict=maybe"],
        &["review", "start", "each=long"],
        &["charter", "burn"],
        &["review", "choose", "1", "PWR1", "mine"],
    ] {
        assert_eq!(bench.run(args).code, 2, "{args:?}");
    }
}
