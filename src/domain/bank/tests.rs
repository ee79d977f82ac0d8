use std::collections::HashSet;

use proptest::prelude::*;

use super::super::signal::{Figures, KINDS, Level};
use super::*;

/// A small sound bank; each test spoils one line of it.
const SMALL: &str = r#"id = "small"
name = "A small bank"
version = 2

[[question]]
id = "A1"
text = "Is there a problem?"
short = "problem"
section = "they_fit_us"
weight = 3
core = true
must = "problem"
knockout = "alone"
topic = "problem"
ask = "What is the matter?"

[[question]]
id = "A2"
text = "Have we met who signs?"
short = "signer"
section = "they_fit_us"
direction = "both"
weight = 3
core = true
must = "signer"
shelf_days = 30
topic = "power"
ask = "Who signs?"
hard_question = "Who signs, and when do we meet?"
counts_as_evidence = "A meeting."

[[question]]
id = "A3"
text = "Do they know when?"
short = "date"
section = "we_fit_them"
weight = 2
core = true
must = "date"
topic = "timing"
ask = "When?"

[[question]]
id = "M1"
text = "Is the margin good?"
short = "margin"
section = "money"
weight = 1
topic = "margin"
ask = "What can go?"
"#;

/// Returns what is wrong as (line, column, what).
fn mistakes(text: &str) -> Vec<(usize, usize, String)> {
    let found = Bank::parse(text).unwrap_err();
    let parts = found.into_iter().map(|m| (m.line, m.column, m.what));
    parts.collect()
}

/// Spoils the first place of a text in the small bank.
fn spoilt(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

/// A red signal that is open.
fn red_signal(id: SignalId) -> Signal {
    Signal {
        id,
        level: Level::Red,
        settled: false,
        since: None,
        figures: Figures::default(),
    }
}

/// Expects exactly one mistake.
fn only_mistake(text: &str) -> BankMistake {
    let mut found = Bank::parse(text).unwrap_err();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn a_sound_bank_is_read_with_its_defaults() {
    let bank = Bank::parse(SMALL).unwrap();

    assert_eq!(
        (bank.id(), bank.name(), bank.version()),
        ("small", "A small bank", 2)
    );
    let [first, second, third, money] = bank.questions() else {
        panic!("four questions");
    };
    assert_eq!(first.direction, Some(Direction::TheyFitUs));
    assert_eq!((first.shelf_days, first.knockout), (60, Knockout::Alone));
    assert_eq!(first.counts_as_evidence, "");
    assert_eq!(second.direction, Some(Direction::Both));
    assert_eq!((second.shelf_days, second.knockout), (30, Knockout::None));
    let red = |topic| {
        let kind = KINDS.iter().find(|kind| kind.topic == Some(topic));
        [red_signal(kind.unwrap().id)]
    };
    let hard = "Who signs, and when do we meet?";
    assert_eq!(second.words_to_say(&red(second.topic)), hard);
    assert_eq!(second.words_to_say(&[]), "Who signs?");
    assert_eq!(third.words_to_say(&red(third.topic)), "When?");
    let long = [red_signal(SignalId::OpenLong)];
    let ours = Bank::default_bank();
    let date = &ours[ours.must(Must::Date)];
    assert_eq!(date.words_to_say(&long), SignalId::OpenLong.to_say());
    let both = [long[0], red_signal(SignalId::Overdue)];
    assert_eq!(
        date.words_to_say(&both),
        date.hard_question.as_deref().unwrap()
    );
    assert_eq!(
        (money.direction, money.core, money.must),
        (None, false, None)
    );
    assert_eq!(bank.must(Must::Date).at(), 2);
    assert_eq!(bank.find("m1").map(QuestionIx::at), Some(3));
    assert_eq!(bank.core_of(Topic::Power).map(QuestionIx::at), Some(1));
    assert_eq!(bank.core_of(Topic::Margin), None);
    assert_eq!(bank[bank.must(Must::Signer)].short, "signer");
}

#[test]
fn line_ends_and_byte_order_marks_make_no_difference() {
    let windows = SMALL.replace('\n', "\r\n");
    let with_bom = format!("\u{feff}{SMALL}");

    assert_eq!(Bank::parse(&windows), Bank::parse(SMALL));
    assert_eq!(Bank::parse(&with_bom), Bank::parse(SMALL));
    let spoilt = spoilt("weight = 2", "weight = 9").replace('\n', "\r\n");
    assert_eq!(mistakes(&spoilt)[0].0, 37);
}

#[test]
fn questions_may_be_inline_tables() {
    let inline = |question: &str| {
        let fields: Vec<_> = question.trim().lines().collect();
        format!("{{ {} }}", fields.join(", "))
    };
    let (head, questions) = SMALL.split_once("[[question]]").unwrap();
    let inlined: Vec<_> = questions.split("[[question]]").map(inline).collect();
    let text = format!("{head}question = [{}]", inlined.join(", "));

    assert_eq!(Bank::parse(&text), Bank::parse(SMALL));
}

#[test]
fn an_unknown_key_is_placed_and_the_near_one_offered() {
    let mistake = only_mistake(&spoilt("shelf_days = 30", "  shelfdays = 30"));

    assert_eq!((mistake.line, mistake.column), (26, 3));
    assert_eq!(mistake.what, "There is no key `shelfdays`.");
    assert_eq!(mistake.hint, "Did you mean `shelf_days`?");
    let top = only_mistake(&spoilt("version = 2", "version = 2\nbanana = true"));
    assert_eq!((top.line, top.column), (4, 1));
    assert_eq!(top.hint, "The keys here are id, name, version, question.");
}

#[test]
fn each_kind_of_mistake_is_placed() {
    let cases = [
        ("weight = 2", "weight = 4", 37, 10, "`weight` cannot be 4."),
        (
            "weight = 2",
            "weight = -1",
            37,
            10,
            "`weight` cannot be -1.",
        ),
        (
            "weight = 2",
            "weight = \"2\"",
            37,
            10,
            "`weight` is a string, not a whole number.",
        ),
        (
            "weight = 2",
            "weight = 2.0",
            37,
            10,
            "`weight` is a float, not a whole number.",
        ),
        ("weight = 2", "", 32, 1, "This question has no `weight`."),
        (
            "text = \"Do they know when?\"",
            "",
            32,
            1,
            "This question has no `text`.",
        ),
        (
            "text = \"Do they know when?\"",
            "text = 7",
            34,
            8,
            "`text` is an integer, not a text.",
        ),
        (
            "text = \"Do they know when?\"",
            "text = \"  \"",
            34,
            8,
            "`text` is empty.",
        ),
        (
            "text = \"Do they know when?\"",
            "text = \"Do\\u001b[31m\"",
            34,
            8,
            "`text` has a line break or another character that cannot be seen.",
        ),
        (
            "short = \"date\"",
            "short = \"when and how\"",
            35,
            9,
            "`short` is `when and how`, more than two words.",
        ),
        ("id = \"A3\"", "id = \"3A\"", 33, 6, "`3A` cannot be an id."),
        (
            "id = \"A3\"",
            "id = \"A b\"",
            33,
            6,
            "`A b` cannot be an id.",
        ),
        (
            "id = \"A3\"",
            "id = \"ABCDEFGHIJKLMNOPQ\"",
            33,
            6,
            "`ABCDEFGHIJKLMNOPQ` cannot be an id.",
        ),
        (
            "id = \"A3\"",
            "id = \"a1\"",
            33,
            6,
            "The id `a1` is that of question 1 too.",
        ),
        (
            "id = \"A3\"",
            "id = \"Fresh\"",
            33,
            6,
            "The id `Fresh` is used by the program itself.",
        ),
        (
            "core = true\nmust = \"date\"",
            "core = 1\nmust = \"date\"",
            38,
            8,
            "`core` is an integer, not true or false.",
        ),
        (
            "section = \"we_fit_them\"",
            "section = \"we_fit\"",
            36,
            11,
            "`section` cannot be `we_fit`.",
        ),
        (
            "topic = \"timing\"",
            "topic = \"time\"",
            40,
            9,
            "`topic` cannot be `time`.",
        ),
        (
            "knockout = \"alone\"",
            "knockout = \"always\"",
            13,
            12,
            "`knockout` cannot be `always`.",
        ),
        (
            "must = \"date\"",
            "must = \"signer\"",
            39,
            8,
            "A second question has must = \"signer\".",
        ),
        (
            "section = \"money\"",
            "section = \"money\"\ndirection = \"both\"",
            48,
            13,
            "A question about money or conduct has no `direction`.",
        ),
        (
            "section = \"we_fit_them\"",
            "section = \"we_fit_them\"\ndirection = \"they_fit_us\"",
            37,
            13,
            "`direction` they_fit_us contradicts the section we_fit_them.",
        ),
        (
            "shelf_days = 30",
            "shelf_days = 0",
            26,
            14,
            "`shelf_days` cannot be 0.",
        ),
        (
            "version = 2",
            "version = 0",
            3,
            11,
            "`version` cannot be 0.",
        ),
        (
            "name = \"A small bank\"",
            "",
            1,
            1,
            "The bank has no `name`.",
        ),
    ];

    for (from, to, line, column, what) in cases {
        let found = mistakes(&spoilt(from, to));
        let expected = (line, column, what.to_owned());
        assert!(found.contains(&expected), "{to}: {found:#?}");
    }
}

#[test]
fn a_wrong_word_is_answered_with_the_list() {
    let mistake = only_mistake(&spoilt("knockout = \"alone\"", "knockout = \"hrad\""));

    let hint = "Did you mean `hard`? It is one of none, soft, hard, alone.";
    assert_eq!(mistake.hint, hint);
    assert_eq!(
        mistake.to_string(),
        format!("line 13, column 12: `knockout` cannot be `hrad`. {hint}")
    );
}

#[test]
fn every_mistake_is_told_at_once_in_the_order_of_the_file() {
    let text = spoilt("weight = 3", "weight = 7")
        .replacen("topic = \"power\"", "topic = \"powr\"", 1)
        .replacen("ask = \"When?\"", "", 1);

    let lines: Vec<_> = mistakes(&text).into_iter().map(|(line, ..)| line).collect();

    assert_eq!(lines, [10, 27, 32]);
}

#[test]
fn a_must_that_is_missing_is_named_unless_one_could_not_be_read() {
    let missing = mistakes(&spoilt("must = \"date\"\n", ""));
    let misspelt = mistakes(&spoilt("must = \"date\"", "must = \"dat\""));

    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].2, "No question has must = \"date\".");
    assert_eq!(misspelt.len(), 1);
    assert_eq!(misspelt[0].2, "`must` cannot be `dat`.");
}

#[test]
fn a_must_belongs_to_the_core() {
    let mistake = only_mistake(&spoilt("core = true\nmust = \"date\"", "must = \"date\""));

    assert_eq!(
        mistake.what,
        "The question with must = \"date\" is not core."
    );
    assert_eq!(mistake.line, 38);
}

#[test]
fn a_bank_without_core_or_without_questions_is_refused() {
    let no_core = mistakes(&SMALL.replace("core = true\n", ""));
    let nothing = mistakes("id = \"a\"\nname = \"b\"\nversion = 1\n");
    let no_list = mistakes("id = \"a\"\nname = \"b\"\nversion = 1\nquestion = 3\n");
    let empty_list = mistakes("id = \"a\"\nname = \"b\"\nversion = 1\nquestion = []\n");
    let odd_list = mistakes("id = \"a\"\nname = \"b\"\nversion = 1\nquestion = [1]\n");

    assert!(
        no_core
            .iter()
            .any(|(.., what)| what == "No question is core.")
    );
    assert_eq!(nothing[0].2, "The bank has no question.");
    assert_eq!(
        no_list[0].2,
        "`question` is an integer, not a list of questions."
    );
    assert_eq!((no_list[0].0, no_list[0].1), (4, 1));
    assert_eq!(empty_list[0].2, "The bank has no question.");
    assert_eq!((odd_list[0].0, odd_list[0].1), (4, 13));
    assert!(!Bank::parse("").unwrap_err().is_empty());
}

#[test]
fn what_is_not_toml_is_placed() {
    let broken = mistakes(&spoilt("weight = 2", "weight = = 2"));
    let unclosed = mistakes(&spoilt("ask = \"When?\"", "ask = \"When?"));
    let twice = mistakes(&spoilt("version = 2", "version = 2\nversion = 3"));

    assert_eq!(broken[0].0, 37);
    assert!(
        broken[0].2.starts_with("This is not TOML: "),
        "{}",
        broken[0].2
    );
    assert_eq!(unclosed[0].0, 41);
    assert_eq!(twice[0].0, 4);
}

#[test]
fn limits_of_size_are_kept() {
    let long = "x".repeat(161);
    let long_text = only_mistake(&spoilt("Do they know when?", &long));
    let most = spoilt("Do they know when?", &"é".repeat(160));
    let huge = mistakes(&"#".repeat((1 << 20) + 1));
    let question = "\n[[question]]\nid = \"Q0\"\ntext = \"t\"\nshort = \"s\"\nsection = \"money\"\n\
                    weight = 1\ntopic = \"money\"\nask = \"a\"\n";
    let many: String = (0..197)
        .map(|n| question.replace("Q0", &format!("Q{n}")))
        .collect();
    let up_to = |count: usize| -> String {
        let ends = many.match_indices("\n[[question]]").nth(count);
        let end = ends.map_or(many.len(), |(at, _)| at);
        format!("{SMALL}{}", &many[..end])
    };

    assert_eq!(
        long_text.what,
        "`text` has 161 characters; it may have 160."
    );
    assert!(Bank::parse(&most).is_ok());
    assert!(huge[0].2.starts_with("The file has 1048577 bytes"));
    assert_eq!(Bank::parse(&up_to(196)).unwrap().questions().len(), 200);
    let too_many = only_mistake(&up_to(197));
    assert_eq!(
        too_many.what,
        "The bank has 201 questions; it may have 200."
    );
}

#[test]
fn the_default_bank_holds_what_the_contract_says() {
    let bank = Bank::default_bank();
    let questions = bank.questions();
    let core: Vec<_> = questions
        .iter()
        .filter(|q| q.core)
        .map(|q| q.id.as_str())
        .collect();
    let of = |kind| -> HashSet<&str> {
        let of_kind = questions.iter().filter(|q| q.knockout == kind);
        of_kind.map(|q| q.id.as_str()).collect()
    };
    let in_direction = |direction| {
        let fits =
            |q: &&Question| q.direction == Some(direction) || q.direction == Some(Direction::Both);
        questions.iter().filter(fits).count()
    };

    assert_eq!(questions.len(), 44);
    assert_eq!(
        core,
        [
            "PRB1", "PWR1", "PRO1", "FIT2", "BIZ1", "BIZ2", "RES2", "WIN1", "SIL1", "MON1", "OPP2",
            "FIT1"
        ]
    );
    assert!(
        questions.iter().take(12).all(|q| q.core),
        "the core stands first"
    );
    let alone = [
        "FIT2", "PRB1", "BIZ4", "PWR1", "PWR2", "WIN1", "MON1", "MON4", "OPP2",
    ];
    assert_eq!(of(Knockout::Alone), alone.into_iter().collect());
    let soft = [
        "FIT3", "PRB2", "PRB3", "PWR3", "PWR4", "PRO3", "POC2", "SIL2", "WIN2", "WIN3",
    ];
    assert_eq!(of(Knockout::Soft), soft.into_iter().collect());
    let none = ["FIT4", "ROL1", "ROL2", "ROL3", "OPP4"];
    assert_eq!(of(Knockout::None), none.into_iter().collect());
    assert!(in_direction(Direction::TheyFitUs) >= 4);
    assert!(in_direction(Direction::WeFitThem) >= 4);
    let shorts: HashSet<_> = questions.iter().map(|q| &q.short).collect();
    assert_eq!(shorts.len(), 44, "no short stands for two questions");
    let topics: HashSet<_> = questions.iter().map(|q| q.topic).collect();
    assert_eq!(
        topics.len(),
        Topic::ALL.len(),
        "every topic has its question"
    );
    for (id, short) in [("PRB1", "problem"), ("PWR1", "signer"), ("PRO1", "date")] {
        assert_eq!(bank[bank.find(id).unwrap()].short, short);
    }
    assert!(questions.iter().all(|q| q.text.ends_with('?')));
    assert!(questions.iter().all(|q| !q.counts_as_evidence.is_empty()));
}

#[test]
fn weights_of_the_default_bank_follow_core_and_knock_out() {
    let only_sometimes_hard = ["PRB2", "PWR3", "PRO3", "POC2", "WIN2"];

    for question in Bank::default_bank().questions() {
        let is_hard = matches!(question.knockout, Knockout::Hard | Knockout::Alone)
            || only_sometimes_hard.contains(&question.id.as_str());
        let expected = match (question.core, is_hard) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        };
        assert_eq!(question.weight, expected, "{}", question.id);
    }
}

#[test]
fn money_and_conduct_of_the_default_bank_are_the_known_ones() {
    let bank = Bank::default_bank();
    let of = |section| -> HashSet<String> {
        let of_section = bank.questions().iter().filter(|q| q.section == section);
        of_section.map(|q| q.id.clone()).collect()
    };
    let ids = |list: &str| -> HashSet<String> { list.split(' ').map(str::to_owned).collect() };

    assert_eq!(
        of(Section::Money),
        ids("MON1 MON2 MON3 MON4 MON5 MON6 OPP2")
    );
    assert_eq!(
        of(Section::Conduct),
        ids("FIT4 WIN3 ROL1 ROL2 ROL3 OPP1 OPP3 OPP4")
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,200}") {
        let told = Bank::parse(&text).is_err_and(|found| !found.is_empty());
        prop_assert!(told);
    }

    #[test]
    fn no_cut_or_smear_of_a_bank_makes_the_parser_panic(
        cut in 0usize..SMALL.len(),
        len in 0usize..40,
        smear in "[\\PC\\n\"\\[\\]=\\\\]{0,12}",
    ) {
        let end = (cut + len).min(SMALL.len());
        let text = format!("{}{smear}{}", &SMALL[..cut], &SMALL[end..]);

        if let Err(found) = Bank::parse(&text) {
            prop_assert!(!found.is_empty());
            let lines = text.matches('\n').count() + 1;
            prop_assert!(found.iter().all(|m| (1..=lines).contains(&m.line) && m.column >= 1));
        }
    }
}

#[test]
fn every_bank_that_is_brought_along_covers_what_signals_need() {
    for (id, name, text) in Bank::BROUGHT {
        let bank = Bank::parse(text).unwrap_or_else(|mistakes| panic!("{id}: {mistakes:?}"));
        assert_eq!((bank.id(), bank.name()), (id, name));
        // A signal finds its question by one of these topics.
        for topic in Topic::ALL {
            assert!(bank.first_of(*topic).is_some(), "{id}: {}", topic.code());
        }
        // What the record answers, what the hours ask for, and what makes money bad.
        for topic in [
            Topic::Contact,
            Topic::Word,
            Topic::Power,
            Topic::Timing,
            Topic::Margin,
        ] {
            assert!(
                bank.core_of(topic).is_some(),
                "{id}: {} is not core",
                topic.code()
            );
        }
        let alone = bank
            .questions()
            .iter()
            .filter(|q| q.knockout == Knockout::Alone);
        assert!((3..=9).contains(&alone.count()), "{id}");
        let core = bank.questions().iter().filter(|q| q.core).count();
        assert!((8..=13).contains(&core), "{id}: {core}");
        let ways = [Direction::TheyFitUs, Direction::WeFitThem];
        for way in ways {
            let tells =
                |q: &&Question| q.direction == Some(way) || q.direction == Some(Direction::Both);
            assert!(bank.questions().iter().filter(tells).count() >= 4, "{id}");
        }
    }
}
