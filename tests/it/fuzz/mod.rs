//! Everything that reads what others wrote, given what nobody should write.
//!
//! Long runs: `WALKAWAY_ROUNDS=1000000 cargo test --test it fuzz::filter -- --nocapture`. A
//! finding goes into `tests/corpus` and gets a test of its own name beside what it broke.

mod driver;
mod files;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use walkaway::app::chord::Sequence;
use walkaway::app::keymap::Keymap;
use walkaway::domain::bank::Bank;
use walkaway::domain::clean::{TermSafe, clean_block, clean_line, guard_formula, unguard_formula};
use walkaway::domain::deal::Side;
use walkaway::domain::line::{Known, complete, concession, promise, touch};
use walkaway::domain::line::{LineKind, OpenPromise};
use walkaway::domain::locale::{DayOrder, Locale};
use walkaway::domain::message::{Fact, MessageFacts, MessageKind, Messages, Work};
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::query::Filter;
use walkaway::domain::when::{Day, Lean};
use walkaway::tui::decode::Decoder;
use walkaway::ui::{Colors, Glyphs, Styles};

use driver::{Target, fuzz};

const ORDERS: [DayOrder; 2] = [DayOrder::DayFirst, DayOrder::MonthFirst];

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Reads an input as text, as all that reads a line gets it.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn filter() {
    let run = |bytes: &[u8]| {
        let text = text(bytes);
        for order in ORDERS {
            if let Ok(filter) = Filter::parse(&text, order) {
                let _ = filter.resolve(today());
                let printed = filter.to_string();
                let again = Filter::parse(&printed, order);
                assert_eq!(
                    again.as_ref(),
                    Ok(&filter),
                    "{text:?} prints as {printed:?}"
                );
            }
        }
    };
    fuzz(
        &Target {
            name: "filter",
            seeds: seeds(&[
                "owner:me verdict:fire close<+30d",
                "-stage:\"in review\",won amount>=50k dark:quiet plant",
                "touched<12/11 hours>1.5 a,b -c",
            ]),
            words: &[
                "owner:", "amount>", "close<", "dark:yes", "-", ",", "\"", ">=", "+2w", "50k",
                "verdict:", "fri", "12/11", "me",
            ],
            run: &run,
        },
        2_000,
    );
}

#[test]
fn days_and_amounts() {
    let run = |bytes: &[u8]| {
        let text = text(bytes);
        for order in ORDERS {
            if let Ok(day) = Day::parse(&text, order) {
                for lean in [Lean::Back, Lean::Ahead] {
                    let _ = day.resolve(today(), lean);
                    let _ = day.resolve(NaiveDate::MAX, lean);
                    let _ = day.resolve(NaiveDate::MIN, lean);
                }
                let printed = day.to_string();
                assert_eq!(
                    Day::parse(&printed, order),
                    Ok(day),
                    "{text:?} is {printed:?}"
                );
            }
        }
        for name in ["en_GB.UTF-8", "de_DE", "C"] {
            if let Ok(money) = Money::parse(&text, Currency::parse("JPY")) {
                let locale = Locale::named(name);
                let _ = (locale.amount(money), locale.short_amount(money));
            }
        }
    };
    fuzz(
        &Target {
            name: "days-and-amounts",
            seeds: seeds(&[
                "2026-12-12",
                "next fri",
                "in 2 weeks",
                "12 dec 2026",
                "12/12",
                "eoq",
                "+3m",
                "1.234,56 EUR",
                "$ 95,000.50",
                "-12k",
                "1'000 CHF",
                "29 feb",
            ]),
            words: &[
                "w", "d", "m", "eom", "last", "k", "m", "EUR", "€", ".", "/", "99999999",
            ],
            run: &run,
        },
        4_000,
    );
}

#[test]
fn lines() {
    let run = |bytes: &[u8]| {
        let text = text(bytes);
        for order in ORDERS {
            let known = Known {
                contacts: vec!["Tom Reed".into(), "Zoë".into()],
                people: vec!["Ana".into()],
                promises: vec![OpenPromise {
                    id: 1,
                    side: Side::They,
                    what: "data sample".into(),
                }],
                currency: Currency::parse("EUR"),
                ..Known::on(today(), order)
            };
            let places = [
                touch(&text, &known).err().map(|e| e.place),
                promise(&text, None, &known).err().map(|e| e.place),
                promise(&text, Some(Side::We), &known)
                    .err()
                    .map(|e| e.place),
                concession(&text, &known).err().map(|e| e.place),
            ];
            for place in places.into_iter().flatten() {
                assert!(
                    text.get(place.clone()).is_some(),
                    "{place:?} is no place in {text:?}"
                );
            }
            for kind in [
                LineKind::Touch,
                LineKind::Promise(None),
                LineKind::Concession,
            ] {
                for cursor in [0, text.len() / 2, text.len()] {
                    if text.is_char_boundary(cursor) {
                        let _ = complete(kind, &text, cursor, &known);
                    }
                }
            }
        }
    };
    fuzz(
        &Target {
            name: "lines",
            seeds: seeds(&[
                "they call 20m asked for the quote again",
                "we meeting 1h30 yesterday with Tom Reed and Ana about the board",
                "they data sample by fri",
                "we quote v3 wed for data sample",
                "discount 10% for a reference",
                "bait 3 more plants 50k EUR",
            ]),
            words: &[
                "they",
                "we",
                "call",
                "by",
                "for",
                "with",
                "20m",
                "1h",
                "%",
                "hard",
                "to keep",
                "yesterday",
                "no show",
                "curt",
                "Tom",
                "data sample",
            ],
            run: &run,
        },
        1_500,
    );
}

#[test]
fn banks() {
    let whole = Bank::default_text().as_bytes().to_vec();
    let small = include_bytes!("../../../assets/questions/template.toml").to_vec();
    let run = |bytes: &[u8]| match Bank::parse(&text(bytes)) {
        Ok(bank) => {
            for (ix, question) in bank.iter() {
                assert_eq!(bank.find(&question.id), Some(ix));
            }
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in mistakes {
                assert!(!mistake.to_string().is_empty());
            }
        }
    };
    fuzz(
        &Target {
            name: "banks",
            seeds: vec![whole[..LARGE.min(whole.len())].to_vec(), small],
            words: &[
                "[[question]]\n",
                "id = ",
                "must = \"date\"\n",
                "weight = 4\n",
                "core = true\n",
                "knockout = \"alone\"\n",
                "topic = \"power\"\n",
                "shelf_days = 0\n",
                "\"\"\"",
            ],
            run: &run,
        },
        40,
    );
}

/// As much of the long bank as is changed at a time.
const LARGE: usize = 6_000;

#[test]
fn messages() {
    let facts = MessageFacts {
        contact: Some("Dr. Tom Reed"),
        account: Some("Northwind {{ me }}"),
        deal: Some("Plant\u{202e}\x1b[31m rollout"),
        me: Some("Ana"),
        whom: None,
        until: NaiveDate::from_ymd_opt(2026, 12, 1),
        work: Some(Work::Words("the {% if work %}trial")),
        promised: None,
    };
    let run = |bytes: &[u8]| {
        let text = text(bytes);
        let mut messages = Messages::default();
        if let Err(mistake) = messages.add("own.toml", &text) {
            assert!(!mistake.to_string().is_empty());
            assert_eq!(messages, Messages::default(), "{text:?} was taken in part");
            return;
        }
        for language in messages.languages() {
            for kind in MessageKind::ALL {
                for facts in [facts, MessageFacts::default()] {
                    let message = messages.write(kind, language.code(), &facts);
                    let line = |text: &str| !text.contains(['\n', '\r', '\t']);
                    assert!(line(&message.subject) && line(&message.phone), "{text:?}");
                    let known = message.blanks.iter().all(|fact| Fact::ALL.contains(fact));
                    assert!(known, "{text:?}");
                }
            }
        }
    };
    let whole = include_bytes!("../../../assets/messages/de.toml");
    fuzz(
        &Target {
            name: "messages",
            seeds: vec![
                whole.to_vec(),
                b"language = \"fr\"\n[walk_away]\nsubject = \"{{ deal }}\"\nbody = \"{% if work \
                  %}{{ work | upper }}{% else %}-{% endif %}\"\nphone = \"{{ until }}\"\n"
                    .to_vec(),
            ],
            words: &[
                "{{ deal }}",
                "{% if work %}",
                "{% endif %}",
                "{% for x in range(99999999) %}",
                "{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ deal | replace('', deal) }}",
                "{{ deal | indent(99999999999) }}",
                "{{ '%999999999s' | format(deal) }}",
                " | tojson",
                "{{ 'x' * 999999999 }}",
                "{{ range(1000000000) | list }}",
                "{% set deal = deal ~ deal %}",
                "{% include 'x' %}",
                "{# ",
                "{% raw %}",
                "[opener]\n",
                "phone = \"{{ promised }}\"\n",
                "language = \"en\"\n",
                "{day} {month} {year}",
            ],
            run: &run,
        },
        60,
    );
}

#[test]
fn themes_and_keys() {
    let run = |bytes: &[u8]| {
        let text = text(bytes);
        for colors in [Colors::None, Colors::Sixteen, Colors::Palette, Colors::True] {
            let _ = Styles::parse(&text, colors, Glyphs::Unicode);
        }
        for line in text.lines().take(8) {
            if let Ok(keys) = line.parse::<Sequence>() {
                let printed = keys.to_string();
                assert_eq!(
                    printed.parse().as_ref(),
                    Ok(&keys),
                    "{line:?} is {printed:?}"
                );
                let _ = (keys.label(true), keys.label(false));
            }
            let (scope, rest) = line.split_once(' ').unwrap_or(("list", line));
            let (command, keys) = rest.split_once(' ').unwrap_or((rest, "g g"));
            let own = BTreeMap::from([(command.to_owned(), vec![keys.to_owned()])]);
            let _ = Keymap::with_own(&BTreeMap::from([(scope.to_owned(), own)]));
        }
    };
    fuzz(
        &Target {
            name: "themes-and-keys",
            seeds: vec![
                include_bytes!("../../../assets/themes/dark.toml").to_vec(),
                b"list fire ctrl-f\neverywhere undo u\ng g\nF12\nalt-shift-tab\nspace\n".to_vec(),
            ],
            words: &[
                "ctrl-",
                "alt-",
                "shift-",
                "space",
                "esc",
                "F1",
                "fg = ",
                "bold = true",
                "#",
            ],
            run: &run,
        },
        300,
    );
}

fn decoded(bytes: &[u8], piece: usize) -> Vec<walkaway::tui::decode::Raw> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    for piece in bytes.chunks(piece) {
        decoder.feed(piece, &mut out);
    }
    decoder.settle(&mut out);
    decoder.give_up(&mut out);
    assert_eq!(decoder.waiting(), None);
    out
}

#[test]
fn keys_from_the_terminal() {
    let run = |bytes: &[u8]| {
        let whole = decoded(bytes, bytes.len().max(1));
        for piece in [1, 2, 7] {
            assert_eq!(
                decoded(bytes, piece),
                whole,
                "in pieces of {piece}: {bytes:?}"
            );
        }
    };
    fuzz(
        &Target {
            name: "keys-from-the-terminal",
            seeds: vec![
                b"jkF\r\x1b[A\x1b[1;5C\x1bOP\x1b[3~\x1b[Z".to_vec(),
                b"\x1b[200~a paste\x1b[201~\x1b[I\x1b[O\x1b[2;3R".to_vec(),
                b"\x1b[<0;12;5M\x1b[M !!\x1b[97;5u\x1b[[A\x1b]52;c;aGk=\x07".to_vec(),
            ],
            words: &[
                "\x1b",
                "\x1b[",
                "\x1b[200~",
                "\x1b[201~",
                "\x1b]",
                "\x07",
                ";",
                "u",
                "~",
                "M",
            ],
            run: &run,
        },
        4_000,
    );
}

#[test]
fn cleaning() {
    let run = |bytes: &[u8]| {
        let text = text(bytes);
        for clean in [
            clean_line(&text, 80).into_owned(),
            clean_block(&text, 200).into_owned(),
            TermSafe::new(&text).into_string(),
            TermSafe::block(&text).into_string(),
            TermSafe::caret(&text).into_string(),
        ] {
            let forbidden = clean.chars().find(|c| {
                (c.is_control() && *c != '\n')
                    || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                        | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
                        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
            });
            assert_eq!(forbidden, None, "{clean:?}");
            let twice = clean_block(&clean, 200).into_owned();
            assert_eq!(clean_block(&twice, 200), twice, "cleaned again it changes");
        }
        let guarded = guard_formula(&text).into_owned();
        assert!(
            !guarded
                .trim_start()
                .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        );
        assert_eq!(unguard_formula(&guarded), text);
    };
    fuzz(
        &Target {
            name: "cleaning",
            seeds: seeds(&[
                "plain \u{1b}[31mred\u{1b}[0m \u{202e}back\u{202c} e\u{301}\u{301}\u{301}\u{301}\u{301}",
                "=1+1",
                "'=quoted",
                "  @SUM(A1)",
                "👩‍👩‍👧‍👦 ok\u{200d}\u{200b}\u{ad}",
                "two\nlines\r\n\tand\u{2028}more\u{e0041}",
            ]),
            words: &[
                "=",
                "'",
                "\u{200d}",
                "\u{202e}",
                "\u{1b}]52;c;",
                "\u{9b}",
                "\u{301}",
            ],
            run: &run,
        },
        3_000,
    );
}
