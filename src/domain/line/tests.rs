use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::deal::{AfterHours, ConcessionKind, Direction, TouchStatus};
use crate::domain::hours::Channel;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Monday 23 November; Dana Fox is one of us, the rest are theirs.
fn known() -> Known {
    let promise = |id, side, what: &str| OpenPromise {
        id,
        side,
        what: what.to_owned(),
    };
    Known {
        contacts: ["Tom Reed", "Tom Hill", "Ines Prado", "Kim"]
            .map(str::to_owned)
            .to_vec(),
        people: vec!["Dana Fox".to_owned()],
        promises: vec![
            promise(7, Side::They, "data sample"),
            promise(8, Side::We, "quote v3"),
        ],
        currency: Currency::parse("EUR"),
        ..Known::on(day("2026-11-23"), DayOrder::DayFirst)
    }
}

fn read(line: &str) -> TouchLine {
    touch(line, &known()).unwrap_or_else(|m| panic!("{line}: {m} at {:?}", m.place))
}

#[test]
fn a_touch_says_side_channel_minutes_day_and_text() {
    let cases = [
        (
            "they call 20m asked for the quote again",
            Direction::In,
            Channel::Call,
            Some(20),
            "2026-11-23",
            Some("asked for the quote again"),
        ),
        (
            "we meeting 60m with Dana, after hours",
            Direction::Out,
            Channel::Meeting,
            Some(60),
            "2026-11-23",
            None,
        ),
        (
            "they email yesterday \"will look\"",
            Direction::In,
            Channel::Email,
            None,
            "2026-11-22",
            Some("will look"),
        ),
        (
            "we proposal 2h fri",
            Direction::Out,
            Channel::Proposal,
            Some(120),
            "2026-11-20",
            None,
        ),
        (
            "they call 20m yesterday will look",
            Direction::In,
            Channel::Call,
            Some(20),
            "2026-11-22",
            Some("will look"),
        ),
        (
            "WE Demo 1h30 on 3 days ago went well",
            Direction::Out,
            Channel::Demo,
            Some(90),
            "2026-11-20",
            Some("went well"),
        ),
        (
            "we poc 1.5h",
            Direction::Out,
            Channel::Trial,
            Some(90),
            "2026-11-23",
            None,
        ),
        (
            "we phone 20 min 12 nov",
            Direction::Out,
            Channel::Call,
            Some(20),
            "2026-11-12",
            None,
        ),
        (
            "them chat 5' ok",
            Direction::In,
            Channel::Message,
            Some(5),
            "2026-11-23",
            Some("ok"),
        ),
        (
            "we workshop 1h30m last fri",
            Direction::Out,
            Channel::Workshop,
            Some(90),
            "2026-11-20",
            None,
        ),
    ];
    for (line, direction, channel, minutes, on, text) in cases {
        let read = read(line);
        let touch = read.touch;
        assert_eq!(touch.direction, direction, "{line}");
        assert_eq!(touch.channel, channel, "{line}");
        assert_eq!(touch.minutes, minutes, "{line}");
        assert_eq!(touch.day, day(on), "{line}");
        assert_eq!(touch.text.as_deref(), text, "{line}");
        assert!(read.unknown.is_empty(), "{line}");
    }
}

#[test]
fn names_are_completed_and_whoever_is_not_known_is_said() {
    let both = read("we meeting 60m with dana and ines, Tom Reed, after hours roadmap").touch;
    assert_eq!(both.people, ["Dana Fox"]);
    assert_eq!(both.contacts, ["Ines Prado", "Tom Reed"]);
    assert_eq!(both.after_hours, AfterHours::Yes);
    assert_eq!(both.text.as_deref(), Some("roadmap"));

    let stranger = read("they call with Priya Shah asked for a demo");
    assert_eq!(stranger.unknown, ["Priya Shah"]);
    assert_eq!(stranger.touch.contacts, ["Priya Shah"]);
    assert_eq!(stranger.touch.text.as_deref(), Some("asked for a demo"));

    let line = "we call with Tom 20m";
    let two = touch(line, &known()).unwrap_err();
    assert_eq!(&line[two.place], "Tom");
    assert!(two.hint.contains("Tom Reed") && two.hint.contains("Tom Hill"));
}

#[test]
fn what_came_of_a_time_is_a_status() {
    let status = |line| read(line).touch.status;
    assert_eq!(status("they meeting declined"), TouchStatus::Declined);
    assert_eq!(
        status("we meeting proposed tomorrow"),
        TouchStatus::Proposed
    );
    assert_eq!(status("they meeting moved"), TouchStatus::Moved);
    assert_eq!(
        status("they meeting no show yesterday"),
        TouchStatus::NoShow
    );
    assert_eq!(status("they meeting no-show"), TouchStatus::NoShow);
    assert_eq!(
        read("we call no answer").touch.text.as_deref(),
        Some("no answer")
    );
}

#[test]
fn two_words_of_theirs_are_curt_and_a_summary_is_not() {
    let curt = |line| read(line).touch.is_curt();
    assert!(curt("they email \"will look\""));
    assert!(curt("they email ok"));
    assert!(!curt("they email \"we will look at it\""));
    assert!(!curt("they call 20m will look"));
    assert!(!curt("we email \"any news\""));
}

#[test]
fn papers_and_requests_are_known_as_such() {
    let quote = read("we quote v3 30m for the third time").touch;
    assert_eq!(quote.document.as_deref(), Some("v3"));
    assert_eq!(quote.text.as_deref(), Some("for the third time"));
    assert_eq!(
        read("we email doc plan.pdf").touch.document.as_deref(),
        Some("plan.pdf")
    );
    assert!(read("they call asked for the quote again").touch.asks_info);
    assert!(!read("we call asked for a date").touch.asks_info);
    let late = read("they call 20m wants news, after hours").touch;
    assert_eq!(late.after_hours, AfterHours::Yes);
    assert_eq!(late.text.as_deref(), Some("wants news"));
}

#[test]
fn a_mistake_has_its_place() {
    let cases = [
        ("", "", "nothing"),
        ("call 20m", "call", "they or we"),
        ("they 20m", "20m", "by what"),
        ("they", "", "by what"),
        ("they call -20m", "-20m", "negative"),
        ("they call 90h", "90h", "24 hours"),
        ("they call tomorrow", "tomorrow", "future"),
        ("they call 2026-12-01 hi", "2026-12-01", "future"),
        ("they call 2026-02-30", "2026-02-30", "no such day"),
    ];
    for (line, place, says) in cases {
        let mistake = touch(line, &known()).unwrap_err();
        assert_eq!(&line[mistake.place.clone()], place, "{line}: {mistake}");
        assert!(mistake.what.contains(says), "{line}: {mistake}");
    }
}

#[test]
fn a_promise_says_who_what_by_when_and_for_what() {
    let cases = [
        (
            "they data sample by fri",
            None,
            Side::They,
            "data sample",
            "2026-11-27",
            None,
        ),
        (
            "we quote v3 wed for data sample",
            None,
            Side::We,
            "quote v3",
            "2026-11-25",
            Some(7),
        ),
        (
            "user list by 12 dec",
            Some(Side::They),
            Side::They,
            "user list",
            "2026-12-12",
            None,
        ),
        (
            "call with the board by +2w for quote",
            Some(Side::They),
            Side::They,
            "call with the board",
            "2026-12-07",
            Some(8),
        ),
        (
            "we slides for the board 2026-12-01",
            None,
            Side::We,
            "slides for the board",
            "2026-12-01",
            None,
        ),
        (
            "they \"sign by hand\" eom",
            None,
            Side::They,
            "sign by hand",
            "2026-11-30",
            None,
        ),
    ];
    for (line, given, side, what, due, paired) in cases {
        let sheet = promise(line, given, &known())
            .unwrap_or_else(|m| panic!("{line}: {m} at {:?}", m.place));
        assert_eq!(sheet.side, side, "{line}");
        assert_eq!(sheet.what, what, "{line}");
        assert_eq!(sheet.due, Some(day(due)), "{line}");
        assert_eq!(sheet.paired, paired, "{line}");
    }
    let mistakes = [
        ("data sample by fri", "data", "who owes"),
        ("they data sample", "", "by when"),
        ("they data sample by frday", "frday", "by when"),
        ("they fri", "", "nothing is promised"),
    ];
    for (line, place, says) in mistakes {
        let mistake = promise(line, None, &known()).unwrap_err();
        assert_eq!(&line[mistake.place.clone()], place, "{line}: {mistake}");
        assert!(mistake.what.contains(says), "{line}: {mistake}");
    }
}

#[test]
fn a_concession_says_its_kind_its_worth_and_what_it_was_traded_for() {
    let euros = |minor| Some((minor, "EUR".to_owned()));
    let cases = [
        (
            "discount 10% for early payment",
            ConcessionKind::Discount,
            "10%",
            Some(10.0),
            None,
            Some("early payment"),
            false,
        ),
        (
            "discount 500 for a reference",
            ConcessionKind::Discount,
            "500",
            None,
            euros(50_000),
            Some("a reference"),
            false,
        ),
        (
            "bait 3 more plants next year",
            ConcessionKind::Bait,
            "3 more plants next year",
            None,
            None,
            None,
            false,
        ),
        (
            "bait a deal for the group",
            ConcessionKind::Bait,
            "a deal for the group",
            None,
            None,
            None,
            false,
        ),
        (
            "free 2 days of training",
            ConcessionKind::FreeWork,
            "2 days of training",
            None,
            None,
            None,
            false,
        ),
        (
            "free 2 new seats",
            ConcessionKind::FreeWork,
            "2 new seats",
            None,
            None,
            None,
            false,
        ),
        (
            "free training 1,200 EUR",
            ConcessionKind::FreeWork,
            "training 1,200 EUR",
            None,
            euros(120_000),
            None,
            false,
        ),
        (
            "promise uptime hard to keep",
            ConcessionKind::Promise,
            "uptime",
            None,
            None,
            None,
            true,
        ),
    ];
    for (line, kind, what, percent, amount, traded, hard) in cases {
        let sheet = concession(line, &known()).unwrap();
        assert_eq!(sheet.kind, kind, "{line}");
        assert_eq!(sheet.what, what, "{line}");
        assert_eq!(sheet.percent, percent, "{line}");
        let of = |m: crate::domain::money::Money| (m.minor, m.currency.unwrap().to_string());
        assert_eq!(sheet.amount.map(of), amount, "{line}");
        assert_eq!(sheet.traded_for.as_deref(), traded, "{line}");
        assert_eq!(sheet.hard_to_keep, hard, "{line}");
    }
    for (line, place) in [
        ("cheaper", "cheaper"),
        ("bait", ""),
        ("discount 120%", "120%"),
    ] {
        let mistake = concession(line, &known()).unwrap_err();
        assert_eq!(&line[mistake.place.clone()], place, "{line}: {mistake}");
    }
}

#[test]
fn what_fits_at_the_cursor_is_offered() {
    let offered = |kind, line: &str| {
        complete(kind, line, line.len(), &known())
            .map(|c| (line[c.place].to_owned(), c.options))
            .unwrap_or_default()
    };
    assert_eq!(
        offered(LineKind::Touch, "th"),
        ("th".into(), vec!["they".into()])
    );
    assert_eq!(
        offered(LineKind::Touch, "they me").1,
        ["message", "meeting"].map(str::to_owned)
    );
    assert_eq!(
        offered(LineKind::Touch, "we call with to").1,
        ["Tom Reed", "Tom Hill"].map(str::to_owned)
    );
    assert_eq!(
        offered(LineKind::Touch, "we call with Dana and i").1,
        ["Ines Prado"]
    );
    let give = LineKind::Promise(Some(Side::We));
    assert_eq!(offered(give, "quote v3 fri for d").1, ["data sample"]);
    assert_eq!(offered(LineKind::Concession, "b").1, ["bait"]);
    assert_eq!(
        complete(LineKind::Touch, "they call hm", 12, &known()),
        None
    );
}

/// Lines of words that mean something, of odd marks, and of anything at all.
fn lines() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "they",
        "we",
        "call",
        "email",
        "20m",
        "-20m",
        "1h30",
        "yesterday",
        "fri",
        "12",
        "nov",
        "with",
        "Tom",
        "and",
        ",",
        "\"",
        "“",
        "after",
        "hours",
        "no",
        "show",
        "for",
        "by",
        "data",
        "sample",
        "10%",
        "€5",
        "hard",
        "to",
        "keep",
        "bait",
        "doc",
        "v3",
        "ß",
        "日本",
        "2026-13-40",
        ";",
        "on",
    ]);
    prop_oneof![
        prop::collection::vec(word, 0..12).prop_map(|words| words.join(" ")),
        ".{0,60}",
    ]
}

proptest! {
    #[test]
    fn no_line_panics_and_every_place_is_in_the_line(line in lines(), cursor in 0_usize..80) {
        let known = known();
        let mistakes = [
            touch(&line, &known).err(),
            promise(&line, None, &known).err(),
            promise(&line, Some(Side::We), &known).err(),
            concession(&line, &known).err(),
        ];
        for mistake in mistakes.into_iter().flatten() {
            prop_assert!(line.get(mistake.place.clone()).is_some(), "{:?}", mistake);
            prop_assert!(!mistake.what.is_empty());
        }
        for kind in [LineKind::Touch, LineKind::Promise(None), LineKind::Concession] {
            if let Some(completion) = complete(kind, &line, cursor, &known) {
                prop_assert!(line.get(completion.place).is_some());
            }
        }
    }
}
