//! Deals that nobody has: rows in the shape of a CRM's report, the same for the same number.
//!
//! The account of about one row in a thousand holds the word `topaz`, that of one in ten the word
//! `quill`; both are there to be searched for.

use std::io::{self, Write};

/// The columns, as a Salesforce report names them.
pub const HEADER: [&str; 12] = [
    "Opportunity ID",
    "Opportunity Name",
    "Account Name",
    "Primary Contact",
    "Opportunity Owner",
    "Stage",
    "Amount",
    "Amount Currency",
    "Created Date",
    "Close Date",
    "Last Activity",
    "Next Step",
];

/// The last word of every account: one of them on the screen means that deals are shown.
pub const KINDS: [&str; 12] = [
    "Boatyard", "Brewery", "Foundry", "Glazing", "Haulage", "Joinery", "Kilns", "Lighting",
    "Millwork", "Optics", "Printing", "Tannery",
];

const TONES: [&str; 16] = [
    "Amber", "Birch", "Cobalt", "Dune", "Elder", "Flint", "Grove", "Hazel", "Indigo", "Jasper",
    "Lark", "Maple", "Nettle", "Onyx", "Pebble", "Rowan",
];
const PLACES: [&str; 16] = [
    "Abbey", "Bay", "Cliff", "Dale", "Estuary", "Ferry", "Gate", "Hill", "Isle", "Junction",
    "Lock", "Moor", "Pass", "Quay", "Ridge", "Sound",
];
const GIVEN: [&str; 12] = [
    "Aino", "Bram", "Chiara", "Dario", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jana", "Kofi",
    "Lena",
];
const FAMILY: [&str; 12] = [
    "Aalto", "Baptiste", "Costa", "Dvorak", "Engel", "Fischer", "Garcia", "Horvat", "Ito",
    "Jansen", "Kowalski", "Lindgren",
];
const OPEN: [&str; 7] = [
    "Prospecting",
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Id. Decision Makers",
    "Proposal/Price Quote",
    "Negotiation/Review",
];
const STEPS: [&str; 6] = [
    "",
    "Agree who signs",
    "Send the second quote",
    "Show it to the users",
    "Hear from purchasing",
    "Plan the trial",
];
const WISHES: [&str; 6] = [
    "rollout",
    "renewal",
    "pilot",
    "second site",
    "replacement",
    "yearly terms",
];

/// One row, in the order of [`HEADER`].
pub type Row = [String; 12];

/// Returns that many rows.
pub fn rows(count: u64) -> impl Iterator<Item = Row> {
    rows_from(1, count)
}

/// Returns that many rows, the first with this number.
fn rows_from(first: u64, count: u64) -> impl Iterator<Item = Row> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    (first..first + count).map(move |number| row(number, &mut dice))
}

fn row(number: u64, dice: &mut Dice) -> Row {
    let word = match dice.below(1000) {
        0 => "Topaz ",
        1..=100 => "Quill ",
        _ => "",
    };
    let account = format!(
        "{word}{} {} {}",
        dice.of(&TONES),
        dice.of(&PLACES),
        dice.of(&KINDS)
    );
    let stage = match dice.below(10) {
        0 => "Closed Won",
        1 | 2 => "Closed Lost",
        _ => dice.of(&OPEN),
    };
    // Days since 1 January 2025; the record is of November 2026, day 690.
    let created = dice.below(650);
    let active = (created + dice.below(300)).min(690);
    let close = if stage.starts_with("Closed") {
        active
    } else {
        created + 30 + dice.below(700)
    };
    [
        format!("006{number:012}"),
        format!("{account}, {} {}", dice.of(&WISHES), number % 89),
        account,
        format!("{} {}", dice.of(&GIVEN), dice.of(&FAMILY)),
        format!("{} {}", dice.of(&GIVEN[..4]), dice.of(&FAMILY[..6])),
        stage.to_owned(),
        (500 + dice.below(40) * dice.below(40) * dice.below(400)).to_string(),
        dice.of(&["EUR", "USD", "GBP"]).to_owned(),
        day(created),
        day(close),
        day(active),
        dice.of(&STEPS).to_owned(),
    ]
}

/// Writes that many rows as a file of the CRM, the first with this number.
pub fn write_csv(first: u64, count: u64, out: impl Write) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER)?;
    for row in rows_from(first, count) {
        out.write_record(row)?;
    }
    out.flush()
}

/// The columns of activities, as Salesforce names them.
const TOUCH: [&str; 10] = [
    "Id",
    "WhoId",
    "WhatId",
    "Subject",
    "ActivityDate",
    "Status",
    "TaskSubtype",
    "CallType",
    "CallDurationInSeconds",
    "Description",
];

/// Writes that many activities of that many deals as a file of the CRM.
pub fn write_touches(count: u64, deals: u64, out: impl Write) -> io::Result<()> {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut out = csv::Writer::from_writer(out);
    out.write_record(TOUCH)?;
    for number in 1..=count {
        let kind = dice.of(&["Call", "Email", "Task", "Event"]);
        let is_call = kind == "Call";
        out.write_record([
            format!("00T{number:012}"),
            String::new(),
            format!("006{:012}", 1 + dice.below(deals)),
            format!("{kind}: {}", dice.of(&WISHES)),
            day(dice.below(690)),
            "Completed".to_owned(),
            kind.to_owned(),
            (if is_call {
                dice.of(&["Inbound", "Outbound"])
            } else {
                ""
            })
            .to_owned(),
            (if is_call {
                dice.below(3_000).to_string()
            } else {
                String::new()
            }),
            dice.of(&STEPS).to_owned(),
        ])?;
    }
    out.flush()
}

fn day(after: u64) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day of the calendar");
    (first + chrono::Days::new(after)).to_string()
}

/// Numbers that look thrown and are not.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The high bits are the better ones.
        (self.0 >> 33) % end
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}
