//! Calibration and other methods as people and scripts meet them.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::support::bench::Bench;
use crate::support::shared as data;

/// A table of old deals in which the signer tells most of how it ended.
fn table() -> String {
    let mut text = String::from("signer;Budget ok?;noise;more;other;Result\n");
    for n in 0..120_u32 {
        let draw = |of: u32| n.wrapping_mul(2_654_435_761).wrapping_add(of * 97_003) >> 9;
        let won = n % 3 == 0;
        let signer = if won == (n % 10 != 1) { "yes" } else { "no" };
        let budget = ["approved", "Unknown", "none"][draw(1) as usize % 3];
        let noise = ["a", "b", "c", "d"][draw(2) as usize % 4];
        let more = ["a", "b", "c"][draw(3) as usize % 3];
        let other = ["x", "y", "z"][draw(5) as usize % 3];
        let result = if won { "Won" } else { "Lost" };
        writeln!(text, "{signer};{budget};{noise};{more};{other};{result}").unwrap();
    }
    text
}

const FROM: [&str; 7] = [
    "calibrate",
    "--from",
    "old.csv",
    "--outcome",
    "Result",
    "--won",
    "Won",
];

fn calibrate(bench: &Bench, more: &[&str]) -> crate::support::bench::Shot {
    bench.run(&[&FROM[..], more].concat())
}

#[test]
fn a_table_of_old_deals_is_reported_as_json() {
    let bench = Bench::new();
    bench.write("old.csv", &table());

    let told = calibrate(&bench, &["--json"]).json();

    let keys: Vec<&str> = told
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "schema",
            "deals",
            "distinct",
            "base_rate",
            "folds",
            "repeats",
            "seed",
            "learnt",
            "bank",
            "majority",
            "adaptive",
            "reliability",
            "questions"
        ]
    );
    assert_eq!((&told["schema"], &told["deals"]), (&json!(1), &json!(120)));
    // (40 + 5) of (120 + 20).
    assert_eq!(told["base_rate"], json!(32.1));
    assert_eq!(
        (&told["folds"], &told["repeats"], &told["seed"]),
        (&json!(10), &json!(5), &json!(1))
    );
    assert!(
        told["learnt"]["auc"]["mean"].as_f64().unwrap() > 0.8,
        "{told}"
    );
    assert!(told["learnt"]["accuracy"]["sd"].is_number());
    assert!(
        told["bank"]["accuracy"]["mean"].as_f64().unwrap() > 50.0,
        "the signer matches"
    );
    assert_eq!(
        told["majority"]["accuracy"],
        json!({"mean": 66.7, "sd": 0.0})
    );
    for word in ["mean", "sd", "median", "p90"] {
        assert!(told["adaptive"]["questions"][word].is_number(), "{word}");
    }
    assert_eq!(told["reliability"].as_array().unwrap().len(), 10);
    let first = &told["questions"][0];
    assert_eq!(first["name"], json!("signer"));
    let answer = &first["answers"][0];
    assert_eq!(
        (&answer["value"], &answer["won"]),
        (&json!("yes"), &json!(36))
    );
    for word in ["lost", "points", "low", "high"] {
        assert!(answer[word].is_number(), "{word}");
    }
    assert_eq!(
        told,
        calibrate(&bench, &["--json"]).json(),
        "chance has a seed"
    );
}

#[test]
fn the_words_say_what_tells_nothing_and_what_is_too_few() {
    let bench = Bench::new();
    let mut text = table();
    text.push_str("partly;none;a;a;x;Lost\n");
    bench.write("old.csv", &text);

    let told = calibrate(&bench, &[]).ok();

    for words in [
        "121 closed deals",
        "tells nothing",
        "too few",
        "Fewer questions",
        "Wilson",
        "chosen",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_table_that_is_of_no_use_is_refused_in_words() {
    let bench = Bench::new();
    let refused = |text: &str, args: &[&str], words: &[&str]| {
        bench.write("old.csv", text);
        let shot = bench.run(&[&["calibrate", "--from", "old.csv"], args].concat());
        assert_eq!(shot.code, 1, "{shot}");
        for word in words {
            assert!(shot.err.contains(word), "{word}: {shot}");
        }
    };
    let good = ["--outcome", "Result", "--won", "Won"];
    let many = table();
    let few: String = many.split_inclusive('\n').take(40).collect();
    let mut unique = String::from("name;signer;Result\n");
    for n in 0..60 {
        writeln!(
            unique,
            "deal {n};yes;{}",
            if n % 2 == 0 { "Won" } else { "Lost" }
        )
        .unwrap();
    }

    refused(
        &many,
        &["--outcome", "Resalt", "--won", "Won"],
        &["no column `Resalt`", "nearest names: Result"],
    );
    refused(
        &many,
        &["--outcome", "Result", "--won", "won!"],
        &["won!", "Lost 80"],
    );
    refused(&few, &good, &["39 closed deals are too few", "it takes 40"]);
    refused(
        &unique,
        &good,
        &[
            "`name` has a different value in every row",
            "--without 'name'",
        ],
    );
    refused(
        &many.replace(";Lost", ";Won"),
        &good,
        &["every one of the 120 deals was won"],
    );
    let mixed = format!("{many}yes;none;a;a;x;Open\n");
    refused(&mixed, &good, &["a mixture of 3 words", "Open 1"]);
    refused(
        &many,
        &[&good[..], &["--accept", "--map", "Budget ok?=BIZ4"]].concat(),
        &[
            "`Budget ok?` is BIZ4, but not all of its words are answers",
            "approved",
        ],
    );
    refused(
        &many.replacen("signer", "who signs", 1),
        &[&good[..], &["--accept"]].concat(),
        &["no column is a question"],
    );
}

#[test]
fn what_is_accepted_gives_chances_and_is_taken_back_exactly() {
    let bench = Bench::with_deals();
    bench.write("old.csv", &table());
    bench.run(&["answer", "1", "PWR1", "n"]).ok();
    let chance = || bench.run(&["list", "--json", "--filter", "id:1"]).json()[0]["chance"].clone();
    let before = bench.run(&["list", "--json"]).json();
    assert_eq!(chance(), Json::Null);

    let map = [
        "--map",
        "Budget ok?=BIZ4",
        "--map",
        "Budget ok?:approved=yes",
        "--map",
        "Budget ok?:none=no",
    ];
    let said = calibrate(&bench, &[&["--accept"], &map[..]].concat()).ok();

    assert!(
        said.contains("points learnt from 120 closed deals"),
        "{said}"
    );
    let learnt = chance().as_f64().unwrap();
    assert!(learnt > 0.0 && learnt < 30.0, "{learnt}");
    bench.run(&["undo"]).ok();
    assert_eq!(bench.run(&["list", "--json"]).json(), before);
    bench.run(&["redo"]).ok();
    assert_eq!(chance().as_f64(), Some(learnt));
    bench.run(&["calibrate", "--forget"]).ok();
    assert_eq!(bench.run(&["list", "--json"]).json(), before);
}

#[test]
fn what_was_learnt_goes_along_with_the_pipeline_and_never_over_what_is_there() {
    let bench = Bench::with_deals();
    bench.write("old.csv", &table());
    bench.run(&["answer", "1", "PWR1", "n"]).ok();
    calibrate(&bench, &["--accept"]).ok();
    let before = bench.run(&["list", "--json"]).json();
    assert!(before[0]["chance"].is_number(), "{before}");
    let learnt = |file: &str| {
        let whole: Json = serde_json::from_str(&bench.read(file)).unwrap();
        whole[0]["pipeline"]["learnt"].clone()
    };
    bench.run(&["export", "out.json"]).ok();
    assert_eq!(learnt("out.json")[0]["deals"], json!(120));

    let new = |args: &[&str]| bench.run(&[&["--db", "new.db"], args].concat());
    new(&["import", "out.json"]).ok();
    assert_eq!(new(&["list", "--json"]).json(), before);
    new(&["export", "again.json"]).ok();
    assert_eq!(bench.read("again.json"), bench.read("out.json"));
    new(&["undo", "import"]).ok();
    new(&["export", "none.json"]).ok();
    assert_eq!(learnt("none.json"), Json::Null);
    new(&["redo"]).ok();
    assert_eq!(new(&["list", "--json"]).json(), before);

    // A pipeline without a deal that learnt from a table of its own.
    let own = |args: &[&str]| bench.run(&[&["--db", "own.db"], args].concat());
    own(&["add", "title=Yard"]).ok();
    own(&["undo"]).ok();
    let few: Vec<String> = table().lines().take(91).map(str::to_owned).collect();
    bench.write("old.csv", &few.join("\n"));
    own(&[&FROM[..], &["--accept"]].concat()).ok();
    own(&["import", "out.json"]).ok();
    own(&["export", "own.json"]).ok();
    assert_eq!(learnt("own.json")[0]["deals"], json!(90));
    own(&["undo", "import"]).ok();
    own(&["export", "own.json", "--force"]).ok();
    assert_eq!(learnt("own.json")[0]["deals"], json!(90));
}

#[test]
fn what_nobody_can_have_learnt_is_refused_and_nothing_is_kept() {
    let bench = Bench::new();
    let none =
        r#"{"bank": "default", "deals": 3, "won": 4, "shrink": 5, "stop_at": 0, "questions": []}"#;
    for (learnt, says) in [(none, "more deals won"), ("7", "not what a bank learns")] {
        let text = format!(r#"[{{"schema":1,"pipeline":{{"learnt":[{learnt}]}}}}]"#);
        bench.write("out.json", &text);

        let said = bench.run(&["--db", "new.db", "import", "out.json"]);

        assert_eq!(said.code, 1, "{said}");
        assert!(said.err.contains(says), "{said}");
    }
}

#[test]
fn a_pipeline_with_few_closed_deals_tells_counts_only() {
    let bench = Bench::with_deals();
    bench.run(&["answer", "1", "PWR1", "3"]).ok();
    bench.run(&["close", "1", "won"]).ok();

    let words = bench.run(&["calibrate"]);
    let machine = bench.run(&["calibrate", "--json"]);

    assert_eq!((words.code, machine.code), (1, 1));
    assert!(words.out.contains("yes: 1 of 1 won"), "{words}");
    let told: Json = serde_json::from_str(&machine.out).unwrap();
    assert_eq!((&told["deals"], &told["learnt"]), (&json!(1), &Json::Null));
    assert_eq!(told["questions"][0]["name"], json!("PWR1"));
}

#[test]
fn another_method_judges_by_its_own_answers_and_keeps_those_of_the_first() {
    let bench = Bench::with_deals();
    let verdict = || bench.run(&["show", "2", "--json"]).json()["verdict"].clone();
    bench.run(&["answer", "2", "PRB1", "n"]).ok();
    assert_eq!(verdict(), json!("fire"));

    for bank in ["meddpicc", "bant", "spiced", "gonogo"] {
        bench.run(&["questions", "use", bank]).ok();
        assert_eq!(
            verdict(),
            json!("get_to_no"),
            "{bank}: nothing is answered there"
        );
        let list = bench.run(&["questions", "list", "--json"]).json();
        let must = list
            .as_array()
            .unwrap()
            .iter()
            .find(|q| q["must"] == "problem");
        let id = must.unwrap()["id"].as_str().unwrap().to_owned();
        bench.run(&["answer", "2", &id, "n"]).ok();
        assert_eq!(verdict(), json!("fire"), "{bank}");
        bench.run(&["answer", "2", &id, "clear"]).ok();
    }
    bench.run(&["questions", "use", "walkaway"]).ok();
    assert_eq!(verdict(), json!("fire"), "the answers were kept");
}

#[test]
fn decisions_are_held_against_what_happened() {
    let bench = Bench::with_deals();
    bench.run(&["answer", "1", "PRB1", "n"]).ok();
    bench.run(&["fire", "1"]).ok();

    let told = bench.run(&["report", "judgement", "--json"]).json();
    let words = bench.run(&["report", "judgement"]).ok();

    assert_eq!(told["decisions"][0]["what"], json!("fired"));
    assert_eq!(told["decisions"][0]["not_known"], json!(1));
    assert_eq!(told["verdicts"][0]["what"], json!("fire"));
    assert!(words.contains("nobody can know"), "{words}");
}

/// The figures of the README, and the aim of fewer questions.
#[test]
fn the_public_table_of_old_deals_is_learnt_as_the_readme_says() {
    let Some(file) = data("qualification/b2b-sales-sample.csv") else {
        return;
    };
    let bench = Bench::new();
    let file = file.to_string_lossy().into_owned();

    let args = [
        "calibrate",
        "--json",
        "--from",
        &file,
        "--outcome",
        "Status",
        "--won",
        "Won",
    ];
    let told = bench.run(&args).json();

    let number = |way: &Json| way["mean"].as_f64().unwrap();
    assert_eq!(
        (&told["deals"], &told["distinct"]),
        (&json!(223), &json!(172))
    );
    assert!(
        number(&told["learnt"]["accuracy"]) > 73.0,
        "{}",
        told["learnt"]
    );
    assert!(number(&told["learnt"]["auc"]) > 0.75, "{}", told["learnt"]);
    assert_eq!(told["bank"], Json::Null);
    assert!(
        number(&told["adaptive"]["questions"]) < 6.0,
        "{}",
        told["adaptive"]
    );
    assert!(
        number(&told["adaptive"]["difference"]) > -3.0,
        "{}",
        told["adaptive"]
    );
}
