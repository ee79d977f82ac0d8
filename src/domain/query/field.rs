//! The fields of the filter language: one table for reading, hints, help and completion.

use std::fmt;

use super::super::when::Lean;
use super::choice::{
    COVERS, Choice, DARKNESS, DECISIONS, EITHER, FEELINGS, MONIES, PHASES, REASONS_DUE, STATUSES,
    VERDICTS, VIEWS,
};

/// What a filter can ask about a deal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Field {
    /// Whose deal it is.
    Owner,
    /// The prospect's company.
    Account,
    /// The deal's title.
    Title,
    /// A person at the prospect.
    Contact,
    /// The CRM that the deal came from.
    Source,
    /// The CRM's own stage.
    Stage,
    /// How far along the deal is, in any CRM.
    Phase,
    /// Open, won, lost or removed.
    Status,
    /// What a person chose.
    Decision,
    /// What the cockpit suggests.
    Verdict,
    /// The deal's value, in major units.
    Amount,
    /// The currency of that value.
    Currency,
    /// The expected close date.
    Close,
    /// The day on which the deal was created.
    Created,
    /// The day on which the deal was won or lost.
    Closed,
    /// Days since the prospect's last act.
    Last,
    /// Hours spent.
    Hours,
    /// Hours at stake.
    Stake,
    /// Hours a week at present.
    Rate,
    /// The sum of points.
    Evidence,
    /// The lower end of the fit range.
    Fit,
    /// The share of the questions that is answered.
    Coverage,
    /// Whether they are silent.
    Dark,
    /// Where the deal is weak: at a question, or in all that touches a topic.
    Weak,
    /// The question to put next.
    Ask,
    /// A signal that is on.
    Signal,
    /// Why the deal is due.
    Due,
    /// Whether there is a next step.
    Next,
    /// The answer of the sweep.
    Sweep,
    /// Whether a senior was there when it counts.
    Cover,
    /// Whether the money is good.
    Money,
    /// The public number of the deal.
    Id,
    /// The import that made the deal.
    Batch,
    /// The notes.
    Note,
    /// The day on which a tripwire falls due.
    Tripwire,
    /// How many core questions were never asked.
    Core,
    /// Whether the deal is marked in the list.
    Marked,
    /// Whether a view of the program has it.
    View,
}

/// What kind of values a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Words, found as prefixes of words.
    Text,
    /// Words like [`Kind::Text`], or `me`.
    Person,
    /// Short names and ids, found whole.
    Key,
    /// Three letters of a currency.
    Code,
    /// One of these words.
    Choice(&'static [Choice]),
    /// A number; the sign may follow it.
    Number {
        /// The sign that may follow: `%`, `h`.
        sign: Option<char>,
    },
    /// An amount in major units: `50k`.
    Amount,
    /// A number of days: `30`, `2w`.
    Length,
    /// A day; the way in which an open word leans.
    Day(Lean),
}

/// What people are told about a field.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The field.
    pub field: Field,
    /// Its name in a filter.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What it asks, in one line.
    pub help: &'static str,
    /// A term that uses it.
    pub example: &'static str,
}

const fn entry(
    field: Field,
    name: &'static str,
    kind: Kind,
    help: &'static str,
    example: &'static str,
) -> Entry {
    Entry {
        field,
        name,
        kind,
        help,
        example,
    }
}

const NUMBER: Kind = Kind::Number { sign: None };
const PERCENT: Kind = Kind::Number { sign: Some('%') };
const HOURS: Kind = Kind::Number { sign: Some('h') };

/// Every field, in the order of the help.
pub const FIELDS: [Entry; 38] = [
    entry(
        Field::Owner,
        "owner",
        Kind::Person,
        "whose deal it is; `me` is you",
        "owner:me",
    ),
    entry(
        Field::Account,
        "account",
        Kind::Text,
        "the prospect's company",
        "account:north",
    ),
    entry(
        Field::Title,
        "title",
        Kind::Text,
        "the title of the deal",
        "title:rollout",
    ),
    entry(
        Field::Contact,
        "contact",
        Kind::Text,
        "a person at the prospect",
        "contact:reed",
    ),
    entry(
        Field::Source,
        "source",
        Kind::Key,
        "the CRM it came from",
        "source:hubspot",
    ),
    entry(
        Field::Stage,
        "stage",
        Kind::Text,
        "the CRM's own stage",
        "stage:proposal",
    ),
    entry(
        Field::Phase,
        "phase",
        Kind::Choice(PHASES),
        "how far along, in any CRM",
        "phase:proposal,negotiation",
    ),
    entry(
        Field::Status,
        "status",
        Kind::Choice(STATUSES),
        "open, or how it ended",
        "status:lost",
    ),
    entry(
        Field::Decision,
        "decision",
        Kind::Choice(DECISIONS),
        "what a person chose",
        "decision:hold",
    ),
    entry(
        Field::Verdict,
        "verdict",
        Kind::Choice(VERDICTS),
        "what the cockpit suggests",
        "verdict:fire",
    ),
    entry(
        Field::Amount,
        "amount",
        Kind::Amount,
        "the value of the deal",
        "amount>50k",
    ),
    entry(
        Field::Currency,
        "currency",
        Kind::Code,
        "the currency of the value",
        "currency:EUR",
    ),
    entry(
        Field::Close,
        "close",
        Kind::Day(Lean::Ahead),
        "the expected close date",
        "close<+30d",
    ),
    entry(
        Field::Created,
        "created",
        Kind::Day(Lean::Back),
        "the day it was created",
        "created<-180d",
    ),
    entry(
        Field::Closed,
        "closed",
        Kind::Day(Lean::Back),
        "the day it was won or lost",
        "closed>-90d",
    ),
    entry(
        Field::Last,
        "last",
        Kind::Length,
        "days since their last act",
        "last>2w",
    ),
    entry(Field::Hours, "hours", HOURS, "hours spent", "hours>20"),
    entry(Field::Stake, "stake", HOURS, "hours at stake", "stake>10"),
    entry(
        Field::Rate,
        "rate",
        HOURS,
        "hours a week at present",
        "rate>=1.5",
    ),
    entry(
        Field::Evidence,
        "evidence",
        NUMBER,
        "the sum of points",
        "evidence<-1.5",
    ),
    entry(
        Field::Fit,
        "fit",
        PERCENT,
        "the worst that the fit can be",
        "fit>50",
    ),
    entry(
        Field::Coverage,
        "coverage",
        PERCENT,
        "the share that is answered",
        "coverage<75",
    ),
    entry(
        Field::Dark,
        "dark",
        Kind::Choice(DARKNESS),
        "silent: yes is red, quiet is amber",
        "dark:yes,quiet",
    ),
    entry(
        Field::Weak,
        "weak",
        Kind::Key,
        "weak there: a question or a topic",
        "weak:power",
    ),
    entry(
        Field::Ask,
        "ask",
        Kind::Key,
        "the question to put next",
        "ask:date",
    ),
    entry(
        Field::Signal,
        "signal",
        Kind::Key,
        "a signal that is on",
        "signal:re-quoted",
    ),
    entry(
        Field::Due,
        "due",
        Kind::Choice(REASONS_DUE),
        "why it is due",
        "due:any",
    ),
    entry(
        Field::Next,
        "next",
        Kind::Choice(EITHER),
        "has a next step",
        "next:no",
    ),
    entry(
        Field::Sweep,
        "sweep",
        Kind::Choice(FEELINGS),
        "the answer of the sweep",
        "sweep:dread",
    ),
    entry(
        Field::Cover,
        "cover",
        Kind::Choice(COVERS),
        "a senior at the start and the close",
        "cover:no_start",
    ),
    entry(
        Field::Money,
        "money",
        Kind::Choice(MONIES),
        "whether the money is good",
        "money:bad",
    ),
    entry(Field::Id, "id", NUMBER, "the number of the deal", "id:7,12"),
    entry(
        Field::Batch,
        "batch",
        NUMBER,
        "the import that made it",
        "batch:3",
    ),
    entry(
        Field::Note,
        "note",
        Kind::Text,
        "a word of the notes",
        "note:pilot",
    ),
    entry(
        Field::Tripwire,
        "tripwire",
        Kind::Day(Lean::Ahead),
        "the day its tripwire falls due",
        "tripwire<=eow",
    ),
    entry(
        Field::Core,
        "core",
        NUMBER,
        "core questions never asked",
        "core>=4",
    ),
    entry(
        Field::Marked,
        "marked",
        Kind::Choice(EITHER),
        "marked in the list",
        "marked:yes",
    ),
    entry(
        Field::View,
        "view",
        Kind::Choice(VIEWS),
        "a view of the program has it",
        "view:to-decide",
    ),
];

impl Field {
    /// Returns what people are told about the field.
    pub fn entry(self) -> &'static Entry {
        FIELDS
            .iter()
            .find(|entry| entry.field == self)
            .expect("the table has every field")
    }

    /// Returns the name of the field in a filter.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Returns what kind of values the field takes.
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// Finds a field by its name, in either case.
    pub fn parse(name: &str) -> Option<Self> {
        let found = FIELDS
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name));
        found.map(|entry| entry.field)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::super::locale::DayOrder;
    use super::super::Filter;
    use super::*;

    #[test]
    fn every_field_has_a_name_of_its_own_and_a_line_of_help() {
        let names: HashSet<_> = FIELDS.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), FIELDS.len());
        for entry in FIELDS {
            assert!(
                entry.name.bytes().all(|b| b.is_ascii_lowercase()),
                "{}",
                entry.name
            );
            assert!((5..=40).contains(&entry.help.len()), "{}", entry.name);
            assert_eq!(entry.field.name(), entry.name);
            assert_eq!(Field::parse(&entry.name.to_uppercase()), Some(entry.field));
        }
    }

    #[test]
    fn every_example_is_a_term_of_its_field() {
        for entry in FIELDS {
            let filter = Filter::parse(entry.example, DayOrder::DayFirst).unwrap();
            let fields: Vec<_> = filter.terms.iter().map(|term| term.field).collect();
            assert_eq!(fields, [Some(entry.field)], "{}", entry.example);
        }
    }
}
