//! What a person can do to a pipeline: the one vocabulary of cockpit and commands.
//!
//! An [`Act`] says what is wanted; the store checks it against the deal's state as it is then,
//! writes it as one action, and so makes it undoable as one.

use chrono::NaiveDate;

use super::answer::AnswerKey;
use super::deal::{Disposition, Status};
use super::ids::DealId;

/// One thing to do, whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Makes a deal.
    Add {
        /// Its fields; a title or an account must be among them.
        fields: Vec<FieldValue>,
    },
    /// Changes fields of a deal.
    Edit {
        /// The deal.
        deal: DealId,
        /// The fields; an empty value erases.
        fields: Vec<FieldValue>,
    },
    /// Answers a question.
    Answer {
        /// The deal.
        deal: DealId,
        /// The question's id in the bank in force.
        question: String,
        /// What was pressed.
        key: AnswerKey,
        /// What was said or done; with it a yes or no is shown, not said.
        evidence: Option<String>,
    },
    /// Puts a question on the list of what to ask.
    Ask {
        /// The deal.
        deal: DealId,
        /// The question's id; `None` takes the deal's own next ask.
        question: Option<String>,
        /// To whom.
        whom: Option<String>,
        /// By when; `None` is a week from now.
        due: Option<NaiveDate>,
    },
    /// Writes a note.
    Note {
        /// The deal.
        deal: DealId,
        /// The text.
        text: String,
    },
    /// Fires prospects.
    Fire {
        /// The deals.
        deals: Vec<DealId>,
        /// The sheet.
        sheet: FireSheet,
    },
    /// Stops investing for a while.
    Hold {
        /// The deals.
        deals: Vec<DealId>,
        /// The sheet.
        sheet: HoldSheet,
    },
    /// Continues with intent.
    Continue {
        /// The deals.
        deals: Vec<DealId>,
        /// The sheet.
        sheet: ContinueSheet,
    },
    /// Says that what a tripwire waited for happened.
    TripwireHappened {
        /// The deal.
        deal: DealId,
        /// The evidence.
        words: String,
    },
    /// Keeps going although a tripwire passed.
    TripwireAnyway {
        /// The deal.
        deal: DealId,
        /// The reason.
        words: String,
        /// The new day.
        due: NaiveDate,
    },
    /// Sets or changes a deal's tripwire.
    TripwireSet {
        /// The deal.
        deal: DealId,
        /// The sentence; `None` keeps it.
        sentence: Option<String>,
        /// The day; `None` keeps it.
        due: Option<NaiveDate>,
    },
    /// Takes a fired prospect back.
    Reinstate {
        /// The deal.
        deal: DealId,
        /// On what terms it came back.
        terms: String,
    },
    /// Moves a nurture date that was reached.
    NurtureLater {
        /// The deal.
        deal: DealId,
        /// The new day.
        until: NaiveDate,
    },
    /// Lets a nurtured prospect go: it stays fired and is asked for no more.
    LetGo {
        /// The deal.
        deal: DealId,
    },
    /// Closes deals as won, lost or removed, or opens them again.
    Close {
        /// The deals.
        deals: Vec<DealId>,
        /// The new status.
        status: Status,
        /// Why, in words.
        reason: Option<String>,
    },
    /// Puts another question bank in force.
    UseBank {
        /// Its id.
        bank: String,
    },
    /// Saves or replaces a view.
    SaveView {
        /// Its name.
        name: String,
        /// Its filter, as typed.
        filter: String,
        /// Its order's name.
        order: String,
    },
    /// Removes a saved view.
    DeleteView {
        /// Its name.
        name: String,
    },
    /// Says whose deals are this person's own.
    OwnerIs {
        /// The owner's name as the CRM has it.
        owner: String,
    },
}

/// A field of a deal that a person can set, with its value already read.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldValue {
    /// The field.
    pub field: DealField,
    /// The value; `None` erases.
    pub value: Option<Typed>,
}

/// A value as it was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// Words.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// An amount in minor units with its ISO currency, if one was given.
    Money(super::money::Money),
    /// A phase.
    Phase(super::phase::Phase),
    /// Per cent, 0 to 100.
    Percent(f64),
}

/// The fields of a deal that `add` and `edit` take, named as in `list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DealField {
    /// What the deal is called.
    Title,
    /// The prospect's company.
    Account,
    /// The person there.
    Contact,
    /// Whose deal it is.
    Owner,
    /// The stage, in one's own words.
    Stage,
    /// What the stage means.
    Phase,
    /// The value.
    Amount,
    /// The day on which it is expected to close.
    ExpectedClose,
    /// The day it began.
    Created,
    /// The next step.
    NextStep,
    /// When that is due.
    NextStepDue,
    /// What is being sold.
    Product,
    /// Free text.
    Description,
    /// The margin in per cent.
    Margin,
    /// The discount in per cent.
    Discount,
}

/// What a field holds, and so how its text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// A person's or company's name, one line.
    Name,
    /// Several lines.
    Block,
    /// A day.
    Day,
    /// An amount.
    Money,
    /// A phase's word.
    Phase,
    /// Per cent.
    Percent,
}

/// One row of the table of fields.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// The field.
    pub field: DealField,
    /// Its name in commands, as in `list`.
    pub name: &'static str,
    /// Another name that is taken for it.
    pub short: &'static str,
    /// Its label on screen.
    pub label: &'static str,
    /// Its word in the journal and column in the store.
    pub word: &'static str,
    /// What it holds.
    pub kind: FieldKind,
}

/// The fields, in the order of the form.
pub const FIELDS: &[FieldInfo] = &[
    field(
        DealField::Account,
        "account",
        "company",
        "account",
        "account",
        FieldKind::Name,
    ),
    field(
        DealField::Title,
        "title",
        "name",
        "title",
        "title",
        FieldKind::Name,
    ),
    field(
        DealField::Contact,
        "contact",
        "person",
        "contact",
        "contact",
        FieldKind::Name,
    ),
    field(
        DealField::Owner,
        "owner",
        "rep",
        "owner",
        "owner",
        FieldKind::Line,
    ),
    field(
        DealField::Amount,
        "amount",
        "value",
        "amount",
        "amount",
        FieldKind::Money,
    ),
    field(
        DealField::Stage,
        "stage",
        "step",
        "stage",
        "stage",
        FieldKind::Line,
    ),
    field(
        DealField::Phase,
        "phase",
        "means",
        "phase",
        "phase",
        FieldKind::Phase,
    ),
    field(
        DealField::ExpectedClose,
        "expected_close",
        "close",
        "closes",
        "expected_close",
        FieldKind::Day,
    ),
    field(
        DealField::Created,
        "created",
        "since",
        "created",
        "created",
        FieldKind::Day,
    ),
    field(
        DealField::NextStep,
        "next_step",
        "next",
        "next step",
        "next_step",
        FieldKind::Line,
    ),
    field(
        DealField::NextStepDue,
        "next_step_due",
        "due",
        "due",
        "next_step_due",
        FieldKind::Day,
    ),
    field(
        DealField::Product,
        "product",
        "for",
        "product",
        "product",
        FieldKind::Line,
    ),
    field(
        DealField::Description,
        "description",
        "text",
        "description",
        "description",
        FieldKind::Block,
    ),
    field(
        DealField::Margin,
        "margin",
        "margin_percent",
        "margin %",
        "margin",
        FieldKind::Percent,
    ),
    field(
        DealField::Discount,
        "discount",
        "discount_percent",
        "discount %",
        "discount",
        FieldKind::Percent,
    ),
];

const fn field(
    field: DealField,
    name: &'static str,
    short: &'static str,
    label: &'static str,
    word: &'static str,
    kind: FieldKind,
) -> FieldInfo {
    FieldInfo {
        field,
        name,
        short,
        label,
        word,
        kind,
    }
}

impl DealField {
    /// Its row of the table.
    pub fn info(self) -> &'static FieldInfo {
        FIELDS
            .iter()
            .find(|f| f.field == self)
            .expect("the table has a row for every field")
    }

    /// Finds a field by its name or short name.
    pub fn by_name(name: &str) -> Option<Self> {
        FIELDS
            .iter()
            .find(|f| f.name == name || f.short == name)
            .map(|f| f.field)
    }
}

/// What the sheet for firing says.
#[derive(Clone, Debug, PartialEq)]
pub struct FireSheet {
    /// Why; `None` takes each deal's own reasons from its verdict.
    pub reasons: Option<Vec<String>>,
    /// Where they go.
    pub to: Disposition,
    /// To whom they are given, or who keeps in touch.
    pub whom: Option<String>,
    /// Until when they are nurtured.
    pub until: Option<NaiveDate>,
    /// Two sentences for the phone.
    pub phone: Option<String>,
    /// The mail.
    pub mail: Option<String>,
    /// On whose word.
    pub word: Option<String>,
}

impl Default for FireSheet {
    fn default() -> Self {
        Self {
            reasons: None,
            to: Disposition::WalkedAway,
            whom: None,
            until: None,
            phone: None,
            mail: None,
            word: None,
        }
    }
}

/// What the sheet for holding says.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldSheet {
    /// What they must do first; `None` takes each deal's own next ask.
    pub what: Option<String>,
    /// The day on which it ends at the latest.
    pub until: NaiveDate,
    /// Why.
    pub why: Option<String>,
}

/// What the sheet for continuing says.
#[derive(Clone, Debug, PartialEq)]
pub struct ContinueSheet {
    /// The next step; `None` takes each deal's own next ask.
    pub next: Option<String>,
    /// When it is due.
    pub due: NaiveDate,
    /// The tripwire's sentence; `None` names each deal's weakest must.
    pub tripwire: Option<String>,
    /// The tripwire's day.
    pub by: NaiveDate,
    /// Hours a week meant for it.
    pub hours: Option<f64>,
    /// Which senior joins.
    pub senior: Option<String>,
}
