//! Where commands work, what they are about, and what they take.

/// Where keys work. A place has several, the innermost first; see [`crate::app::keymap::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In every place, also where text is typed.
    Always,
    /// Wherever no text is typed.
    Browse,
    /// On every page, with nothing on top of it.
    Everywhere,
    /// The three panes.
    Cockpit,
    /// The list of deals.
    List,
    /// The deal.
    Detail,
    /// List and detail, on a deal whose tripwire is due.
    Due,
    /// List and detail, on a fired prospect that is on top.
    Returned,
    /// The deal, with its cursor on a signal.
    Signal,
    /// On a promise of the checklist; on bait or a request for access of the deal.
    Owed,
    /// The checklist, and questions: the keys that answer.
    Checklist,
    /// Questions.
    Questions,
    /// The journal.
    Journal,
    /// The preview of an import.
    Preview,
    /// The sweep, while its letters are labels.
    Sweep,
    /// The end of the sweep: its piles.
    Swept,
    /// The week.
    Week,
    /// The week, while it asks what came back.
    CameBack,
    /// The card of signs, whose letters are labels.
    Signs,
    /// A deal with fresh eyes.
    Fresh,
    /// What is dead on paper.
    Paper,
    /// The map.
    Map,
    /// What is over.
    After,
    /// Hours and money.
    Hours,
    /// What one's own past tells.
    Insights,
    /// The 1:1.
    OneOnOne,
    /// Sealing before it.
    Seal,
    /// Earlier 1:1s.
    Reviews,
    /// The first screen of an empty pipeline.
    Welcome,
    /// Doing by name.
    Palette,
    /// One line to type.
    Prompt,
    /// Views, orders, the meaning of a column.
    Menu,
    /// A form, wherever its cursor is.
    Form,
    /// A field of a form in which something is picked.
    Choice,
    /// A text field of a form.
    Text,
    /// The row of actions of a form.
    Sheet,
}

impl Scope {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 36] = [
        Self::Everywhere,
        Self::Cockpit,
        Self::List,
        Self::Detail,
        Self::Due,
        Self::Returned,
        Self::Signal,
        Self::Owed,
        Self::Checklist,
        Self::Questions,
        Self::Journal,
        Self::Preview,
        Self::Sweep,
        Self::Swept,
        Self::Week,
        Self::CameBack,
        Self::Signs,
        Self::Fresh,
        Self::Paper,
        Self::Map,
        Self::After,
        Self::Hours,
        Self::Insights,
        Self::OneOnOne,
        Self::Seal,
        Self::Reviews,
        Self::Welcome,
        Self::Palette,
        Self::Prompt,
        Self::Menu,
        Self::Sheet,
        Self::Form,
        Self::Choice,
        Self::Text,
        Self::Browse,
        Self::Always,
    ];

    /// Returns its word in the config file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Browse => "browse",
            Self::Everywhere => "everywhere",
            Self::Cockpit => "cockpit",
            Self::List => "list",
            Self::Detail => "detail",
            Self::Due => "due",
            Self::Returned => "returned",
            Self::Signal => "signal",
            Self::Owed => "owed",
            Self::Checklist => "checklist",
            Self::Questions => "questions",
            Self::Journal => "journal",
            Self::Preview => "preview",
            Self::Sweep => "sweep",
            Self::Swept => "swept",
            Self::Week => "week",
            Self::CameBack => "came-back",
            Self::Signs => "signs",
            Self::Fresh => "fresh",
            Self::Paper => "paper",
            Self::Map => "map",
            Self::After => "after",
            Self::Hours => "hours",
            Self::Insights => "insights",
            Self::OneOnOne => "oneone",
            Self::Seal => "seal",
            Self::Reviews => "reviews",
            Self::Welcome => "welcome",
            Self::Palette => "palette",
            Self::Prompt => "prompt",
            Self::Menu => "menu",
            Self::Form => "form",
            Self::Choice => "choice",
            Self::Text => "text",
            Self::Sheet => "sheet",
        }
    }

    /// Returns the heading of its keys in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::Browse => "Wherever no text is typed",
            Self::Everywhere => "On every page",
            Self::Cockpit => "Cockpit",
            Self::List => "List",
            Self::Detail => "Deal",
            Self::Due => "A tripwire is due",
            Self::Returned => "Fired, and on top again",
            Self::Signal => "A signal of the deal",
            Self::Owed => "A promise, bait, access",
            Self::Checklist => "Answers",
            Self::Questions => "Questions",
            Self::Journal => "Journal",
            Self::Preview => "Import",
            Self::Sweep => "Sweep",
            Self::Swept => "Sweep, at its end",
            Self::Week => "This week",
            Self::CameBack => "What came back",
            Self::Signs => "Signs",
            Self::Fresh => "Fresh eyes",
            Self::Paper => "Dead on paper",
            Self::Map => "Map",
            Self::After => "What came of it",
            Self::Hours => "Hours and money",
            Self::Insights => "Insights",
            Self::OneOnOne => "1:1",
            Self::Seal => "Sealing",
            Self::Reviews => "Earlier 1:1s",
            Self::Welcome => "Welcome",
            Self::Palette => "Do",
            Self::Prompt => "A line to type",
            Self::Menu => "Menu",
            Self::Form => "Sheet",
            Self::Choice => "A field to pick in",
            Self::Text => "A field to type in",
            Self::Sheet => "Actions of a sheet",
        }
    }

    /// Reads the word of the config file.
    pub fn from_code(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == word)
    }
}

/// What a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Going from row to row and place to place.
    Move,
    /// Fire, hold, continue and what follows from them.
    Decide,
    /// Answers.
    Answer,
    /// Which deals are seen.
    See,
    /// Writing down.
    Write,
    /// Taking back.
    Undo,
    /// The program itself.
    Program,
}

/// What a command takes behind its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// The name of a view.
    View,
    /// The name of an order.
    Order,
    /// The id of a question bank.
    Bank,
    /// `won`, `lost` or `removed`.
    Status,
    /// A filter.
    Filter,
    /// The path of a file.
    File,
    /// The number of an action.
    Action,
    /// How much is shown again: `this`, `names` or `all`.
    Unmask,
    /// `on` or `off`.
    Share,
    /// A person's name.
    Person,
    /// The name of an owner of the record.
    Owner,
    /// The name of a view that is kept.
    SavedView,
    /// Text.
    Words,
}

impl Argument {
    /// Returns what stands for it behind the name; empty for nothing.
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::None => "",
            Self::View | Self::SavedView | Self::Person | Self::Owner => "NAME",
            Self::Order => "ORDER",
            Self::Bank => "BANK",
            Self::Status => "won|lost|removed",
            Self::Filter => "FILTER",
            Self::File => "FILE",
            Self::Action => "ID",
            Self::Unmask => "this|names|all",
            Self::Share => "on|off",
            Self::Words => "WORDS",
        }
    }
}
