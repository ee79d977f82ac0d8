//! What no CRM knows of a deal, as the words that follow `walkaway` on a command line, and what
//! each changes in the signals of its deal.
//!
//! A promise is settled by its number, which a command prints; so a row that settles one says
//! `it` in its place, meaning the last promise of that deal. A row of an earlier day belongs
//! between the export of thirty days before the record and that of its day.

use chrono::{Days, NaiveDate};

use super::Crm;
use super::names::{OWNERS, SENIORS};
use super::truth::{Planted, Truth};

/// One thing that a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActLine {
    /// The day on which it is done.
    pub day: NaiveDate,
    /// The deal's place in the file of deals; none where it is about no deal.
    pub place: Option<usize>,
    /// The deal, as a command takes it: `salesforce:006...`; empty where it is about none.
    pub deal: String,
    /// Why it is done.
    pub story: &'static str,
    /// The command.
    pub verb: &'static str,
    /// Its words, each an argument.
    pub words: Vec<String>,
    /// The signals that the deal shows for it, once all of the deal's rows are done; on its last
    /// row only.
    pub adds: Vec<Planted>,
    /// The signals that it no longer shows.
    pub takes: Vec<&'static str>,
}

/// What silences by a hold: everything that a clock brings.
const CLOCKS: &[&str] = &[
    "dark",
    "dark-after-work",
    "no-next-step",
    "overdue",
    "untouched",
];

/// Fired so many days before the day of the record: after an export of thirty days earlier was
/// taken in, and before they wrote again.
const FIRED: i64 = 20;

/// How many deeds there are.
const DEEDS: usize = 12;

/// A promise of theirs: what, its day counted from the day of the record, and how it ended.
type Get = (&'static str, i64, Option<&'static str>);

/// What is done about one deal.
enum Deed {
    Gets(&'static [Get], Option<Planted>),
    Hold,
    Bait,
    Margin,
    Refused,
    Gate,
    Fire,
    Answers,
}

/// What speaks for a deal, as answers.
const FOR: &[&str] = &["PRB1", "PRB2", "WIN1", "FIT3"];

fn deed(nth: usize) -> (&'static str, Deed) {
    let word = |planted: Planted, kept, late| {
        let of = planted.with("late", late).with("kept", kept);
        Some(of.with("of", kept + late))
    };
    match nth % DEEDS {
        0 => (
            "get-late",
            Deed::Gets(
                &[("the list of sites", -4, None)],
                word(Planted::amber("their-word"), 0, 1),
            ),
        ),
        1 => (
            "two-gets-late",
            Deed::Gets(
                &[
                    ("the list of sites", -9, None),
                    ("a date with the buyer", -2, None),
                ],
                word(Planted::red("their-word"), 0, 2),
            ),
        ),
        2 => (
            "get-due-today",
            Deed::Gets(&[("the list of sites", 0, None)], None),
        ),
        3 => (
            "get-kept",
            Deed::Gets(
                &[("the numbers of last year", -3, Some("kept"))],
                Some(Planted::good("speaks-for").with("kept", 1)),
            ),
        ),
        4 => (
            "one-of-three-kept",
            Deed::Gets(
                &[
                    ("the numbers of last year", -20, Some("kept")),
                    ("the list of sites", -12, Some("missed")),
                    ("a date with the buyer", -6, Some("missed")),
                ],
                word(Planted::red("their-word"), 1, 2),
            ),
        ),
        5 => ("bait", Deed::Bait),
        6 => ("margin", Deed::Margin),
        7 => ("access-refused", Deed::Refused),
        8 => ("trial-half-gated", Deed::Gate),
        9 => ("came-back", Deed::Fire),
        10 => ("answered", Deed::Answers),
        _ => ("hold", Deed::Hold),
    }
}

/// Tells whether a deal has room for one more truth: a red signal of the record beside it would
/// make two topics, and a hold needs clocks to silence.
fn suits(deed: &Deed, truth: &Truth) -> bool {
    let is_silent = truth.signal("dark").is_some();
    match deed {
        Deed::Hold => {
            let others = ["stale-stage", "slipped", "heavy"];
            is_silent && others.iter().all(|id| truth.signal(id).is_none())
        }
        Deed::Gate => truth.story == "trial",
        // A fired deal has no share of the hours and the value of all, so it had none before.
        Deed::Fire => !is_silent && truth.story == "lively" && truth.amount.is_none(),
        Deed::Gets(..) | Deed::Bait | Deed::Margin | Deed::Refused | Deed::Answers => {
            !is_silent && truth.story == "lively" && truth.amount.is_some()
        }
    }
}

/// Returns what is done about the deals of a sample.
pub(super) fn of(crm: Crm, truths: &[Truth], today: NaiveDate) -> Vec<ActLine> {
    let mut acts = Vec::new();
    let mut left: Vec<&Truth> = truths.iter().collect();
    // Every deed takes the first deal that suits it; one in twenty deals has a deed.
    for nth in 0..truths.len().div_ceil(20).max(DEEDS) {
        let (story, deed) = deed(nth);
        let Some(at) = left.iter().position(|truth| suits(&deed, truth)) else {
            continue;
        };
        let truth = left.remove(at);
        lines(crm, truth, story, deed, today, &mut acts);
    }
    acts
}

/// A signal with what of it the record shows already.
fn beside(truth: &Truth, planted: Planted) -> Planted {
    let shown = truth.signal(planted.id).filter(|_| planted.level == "good");
    let figures = shown.into_iter().flat_map(|shown| &shown.figures);
    figures.fold(planted, |sum, (name, count)| sum.with(name, *count))
}

/// Returns the lines that say who of us is senior.
pub(super) fn of_people(today: NaiveDate) -> Vec<ActLine> {
    let people = OWNERS.iter().enumerate();
    people
        .map(|(nth, name)| {
            let senior = if SENIORS.contains(&nth) { "yes" } else { "no" };
            ActLine {
                day: today,
                place: None,
                deal: String::new(),
                story: "our-people",
                verb: "person",
                words: vec![(*name).to_owned(), format!("senior={senior}")],
                adds: Vec::new(),
                takes: Vec::new(),
            }
        })
        .collect()
}

fn lines(
    crm: Crm,
    truth: &Truth,
    story: &'static str,
    deed: Deed,
    today: NaiveDate,
    acts: &mut Vec<ActLine>,
) {
    let deal = format!("{}:{}", crm.code(), truth.id);
    let day = |from_today: i64| {
        let days = Days::new(from_today.unsigned_abs());
        if from_today < 0 {
            today - days
        } else {
            today + days
        }
    };
    let done = match deed {
        Deed::Fire => day(-FIRED),
        Deed::Gets(..)
        | Deed::Hold
        | Deed::Bait
        | Deed::Margin
        | Deed::Refused
        | Deed::Gate
        | Deed::Answers => today,
    };
    let mut line = |verb: &'static str, words: &[&str]| {
        acts.push(ActLine {
            day: done,
            place: Some(truth.place),
            deal: deal.clone(),
            story,
            verb,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            adds: Vec::new(),
            takes: Vec::new(),
        });
    };
    let mut adds = Vec::new();
    let mut takes = Vec::new();
    match deed {
        Deed::Gets(gets, planted) => {
            for (what, due, end) in gets {
                let due = day(*due).to_string();
                line("commitment", &[&deal, "they", what, &due]);
                // What was kept was kept on its day, and not today when it is written down.
                match end {
                    Some("kept") => line("commitment", &["it", "kept", &due]),
                    Some(end) => line("commitment", &["it", end]),
                    None => {}
                }
            }
            adds.extend(planted.map(|planted| beside(truth, planted)));
        }
        Deed::Answers => {
            for question in FOR {
                line("answer", &[&deal, question, "3"]);
            }
            let agreed = Planted::good("speaks-for").with("problem", 1);
            let agreed = agreed.with("wired", 1).with("agreed", 1);
            adds.push(beside(truth, agreed));
        }
        Deed::Bait => {
            line("bait", &[&deal, "twice as many sites next year"]);
            adds.push(Planted::amber("bait").with("times", 1));
        }
        Deed::Margin => {
            line("edit", &[&deal, "margin=4"]);
            adds.push(Planted::red("thin-margin").with("margin", 4));
        }
        Deed::Refused => {
            line("access", &[&deal, "the chief of operations", "refused"]);
            adds.push(Planted::red("blocked").with("times", 1));
        }
        Deed::Gate => {
            line("gate", &[&deal, "objectives", "the head of the plant"]);
            adds.push(Planted::red("trial-ungated").with("open", 3));
        }
        Deed::Fire => {
            line("fire", &[&deal, "to=walked_away"]);
            adds.push(Planted::good("returned"));
        }
        Deed::Hold => {
            let until = format!("until={}", day(21));
            line("hold", &[&deal, "what=their budget", &until]);
            takes.extend(CLOCKS.iter().filter(|id| truth.signal(id).is_some()));
        }
    }
    if let Some(last) = acts.last_mut() {
        last.adds = adds;
        last.takes = takes;
    }
}
