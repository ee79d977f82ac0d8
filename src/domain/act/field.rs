//! The fields of a deal that a person can set.

use chrono::NaiveDate;

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
    Money(crate::domain::money::Money),
    /// A phase.
    Phase(crate::domain::phase::Phase),
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
