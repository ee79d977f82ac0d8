//! What lies over a page: help, palette, forms, lines to type, menus.

use crate::app::form::Form;
use crate::app::form::text::TextInput;
use crate::app::list::{ListQuery, Order, View};
use crate::app::palette::Palette;
use crate::domain::bank::QuestionIx;
use crate::domain::ids::DealId;
use crate::domain::line::LineKind;

/// What lies over the page and owns the keys. `Esc` takes off exactly one.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys of this place.
    Help(Help),
    /// Doing by name.
    Palette(Palette),
    /// A sheet or form.
    Form(Box<Form>),
    /// One line to type.
    Prompt(Prompt),
    /// One of several things to pick.
    Menu(Menu),
}

/// Help for the place it was opened from.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// The first line on screen.
    pub top: usize,
    /// The question under the cursor when it was opened, explained first.
    pub question: Option<QuestionIx>,
}

/// What a prompt's line is for.
#[derive(Clone, Debug)]
pub enum PromptKind {
    /// The filter of the list; the query as it was is put back by `Esc`.
    Filter {
        /// The query before the first letter.
        before: Box<ListQuery>,
        /// The deal under the cursor then.
        anchor: Option<DealId>,
    },
    /// The path of a file to import.
    Import,
    /// Who is sitting here.
    Actor,
    /// How many hours a week one sells.
    Selling,
    /// What they said to an ask.
    Reply,
    /// What a hand is raised for on a deal.
    Hand(DealId),
    /// What no CRM sees of a deal: a touch, a promise, a concession.
    Line {
        /// Which of them.
        kind: LineKind,
        /// The deal.
        deal: DealId,
    },
}

/// One line to type, at the foot of the page.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What it is for.
    pub kind: PromptKind,
    /// What stands before the line: `find`, `import`, `as`.
    pub label: &'static str,
    /// The line.
    pub input: TextInput,
    /// What is wrong with it, with the place in the text where that is known.
    pub error: Option<String>,
    /// A hint behind the line: an example, the meaning.
    pub hint: String,
}

/// What a menu chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MenuKind {
    /// The view of the list.
    Views,
    /// The order of the list.
    Orders,
    /// What a column of an import means.
    Field {
        /// The column's header.
        header: String,
    },
    /// How the days of an import are read.
    Dates,
    /// The currency of an import's amounts.
    Currency,
    /// Where the deals of an import come from.
    Source,
    /// The question bank in force.
    Banks,
    /// Which of the owners is oneself.
    Owner,
    /// Which of the people at the prospect's.
    Contact,
}

/// What picking a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Shows a view.
    View(View),
    /// Orders the list.
    Order(Order),
    /// Gives the column this field; `None`: the column is not used.
    Field(Option<String>),
    /// Reads days in this order; `None`: as the file itself tells.
    Dates(Option<&'static str>),
    /// Gives amounts without a currency this one; `None`: none.
    Currency(Option<String>),
    /// Says where the deals come from; `None`: as the file itself tells.
    Source(Option<String>),
    /// Puts a bank in force.
    Bank(String),
    /// Says that this owner is oneself.
    Owner(String),
    /// Opens the form of a contact; `None`: of a new one.
    Contact(Option<i64>),
}

/// A row of a menu.
#[derive(Clone, Debug)]
pub struct MenuRow {
    /// What it says.
    pub title: String,
    /// A figure or word at its right edge; empty for none.
    pub note: String,
    /// What picking it does.
    pub pick: Pick,
    /// Whether it is what is in force now.
    pub current: bool,
}

/// One of several things to pick.
#[derive(Clone, Debug)]
pub struct Menu {
    /// What is chosen.
    pub kind: MenuKind,
    /// The title over it.
    pub title: String,
    /// The rows; never empty.
    pub rows: Vec<MenuRow>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on screen.
    pub top: usize,
    /// What narrows the rows as it is typed; `None` where letters are keys.
    pub find: Option<Find>,
}

/// Typing that narrows a menu.
#[derive(Clone, Debug)]
pub struct Find {
    /// What was typed.
    pub input: TextInput,
    /// The rows before anything was typed.
    pub all: Vec<MenuRow>,
}
