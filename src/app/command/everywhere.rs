//! Keys that work in every place, and everything that is done by name.

use super::Command as C;
use super::{Argument, Block, Category, CommandInfo, Scope, can};

const MOVE: Block = Block(Scope::Browse, Category::Move);
const QUEUE: Block = Block(Scope::Everywhere, Category::Move);
const DECIDE: Block = Block(Scope::Everywhere, Category::Decide);
const WRITE: Block = Block(Scope::Everywhere, Category::Write);
const SEE: Block = Block(Scope::Everywhere, Category::See);
const UNDO: Block = Block(Scope::Everywhere, Category::Undo);
const PROGRAM: Block = Block(Scope::Everywhere, Category::Program);
const BROWSE: Block = Block(Scope::Browse, Category::Program);
const ALWAYS: Block = Block(Scope::Always, Category::Program);

pub(super) const ROWS: &[CommandInfo] = &[
    DECIDE
        .row(
            C::Fire,
            "fire",
            "Fire",
            "Fire the prospect: opens the sheet",
            &["F"],
        )
        .footer(20, "fire")
        .careful()
        .when(can::decide),
    DECIDE
        .row(
            C::Hold,
            "hold",
            "Hold",
            "Nothing more from us until they move",
            &["H"],
        )
        .footer(21, "hold")
        .careful()
        .when(can::decide),
    DECIDE
        .row(
            C::Continue,
            "continue",
            "Continue",
            "Go on, with a step and a tripwire",
            &["C"],
        )
        .footer(22, "continue")
        .careful()
        .when(can::decide),
    WRITE
        .row(
            C::Ask,
            "ask",
            "Ask them",
            "Put the question to somebody by a date",
            &["a"],
        )
        .footer(30, "ask")
        .when(can::ask),
    WRITE
        .row(
            C::Evidence,
            "evidence",
            "Their words",
            "What was said or done; makes it shown",
            &["e"],
        )
        .footer(32, "their words")
        .when(can::words),
    WRITE
        .row(
            C::Copy,
            "copy",
            "Copy",
            "Copy what is under the cursor",
            &["c"],
        )
        .footer(33, "copy"),
    QUEUE
        .row(
            C::NextDeal,
            "next-deal",
            "Next deal",
            "The next deal of the frozen queue",
            &["]"],
        )
        .footer(34, "next")
        .when(can::walk_queue),
    QUEUE
        .row(
            C::PreviousDeal,
            "previous-deal",
            "Previous deal",
            "The deal before it in the queue",
            &["["],
        )
        .when(can::walk_queue),
    UNDO.row(
        C::Undo,
        "undo-mine",
        "Undo mine",
        "Take back what I did last in here",
        &["u"],
    )
    .footer(95, "undo")
    .careful()
    .when(can::undo),
    UNDO.row(
        C::Redo,
        "redo",
        "Redo",
        "Do again what I took back last",
        &["Ctrl-r"],
    )
    .careful()
    .when(can::redo),
    UNDO.row(
        C::UndoAny,
        "undo",
        "Undo any action",
        "Take back the latest, or one by number",
        &[],
    )
    .takes(Argument::Action)
    .when(can::write),
    WRITE
        .row(C::Add, "add", "Add a deal", "A new deal, typed", &[])
        .when(can::write),
    WRITE
        .row(
            C::Edit,
            "edit",
            "Edit the deal",
            "Change the fields of this deal",
            &[],
        )
        .when(can::change),
    WRITE
        .row(C::Note, "note", "Note", "Write a note on this deal", &[])
        .takes(Argument::Words)
        .when(can::change),
    DECIDE
        .row(
            C::Close,
            "close",
            "Close the deal",
            "Won, lost, or removed as a mistake",
            &[],
        )
        .takes(Argument::Status)
        .when(can::change),
    DECIDE
        .row(
            C::Reinstate,
            "reinstate",
            "Reinstate",
            "Take a fired prospect back, on terms",
            &[],
        )
        .takes(Argument::Words)
        .when(can::reinstate),
    DECIDE
        .row(
            C::SetTripwire,
            "tripwire",
            "Tripwire",
            "Set: I fire it if this has not happened",
            &[],
        )
        .when(can::tripwire),
    WRITE
        .row(
            C::Touch,
            "touch",
            "Log a touch",
            "One line: they call 20m asked again",
            &["t"],
        )
        .footer(31, "touch")
        .takes(Argument::Words)
        .when(can::tell),
    WRITE
        .row(
            C::TheyOwe,
            "they-owe",
            "They owe us",
            "What they promised: data sample by fri",
            &["<"],
        )
        .takes(Argument::Words)
        .when(can::tell),
    WRITE
        .row(
            C::WeOwe,
            "we-owe",
            "We owe them",
            "What we promised: quote by wed",
            &[">"],
        )
        .takes(Argument::Words)
        .when(can::tell),
    WRITE
        .row(
            C::Concession,
            "concession",
            "Concession or bait",
            "What we gave up, or they dangle",
            &["$"],
        )
        .takes(Argument::Words)
        .when(can::tell),
    DECIDE
        .row(
            C::Unwanted,
            "unwanted",
            "I do not want this sale",
            "Says so, and opens the way out",
            &["!"],
        )
        .takes(Argument::Words)
        .careful()
        .when(can::tell),
    WRITE
        .row(
            C::Contact,
            "contact",
            "Contact",
            "Who they are, how senior, whether met",
            &[],
        )
        .takes(Argument::Words)
        .when(can::people),
    WRITE
        .row(
            C::Gate,
            "gate",
            "Trial gate",
            "What is agreed before a trial begins",
            &[],
        )
        .when(can::tell_names),
    WRITE
        .row(
            C::Access,
            "access",
            "Access",
            "Asked to meet somebody senior; given?",
            &[],
        )
        .when(can::tell),
    WRITE
        .row(
            C::Handoff,
            "handoff",
            "Hand off",
            "Who carries it, who looks after it",
            &[],
        )
        .when(can::tell),
    WRITE
        .row(
            C::Message,
            "message",
            "Write to them",
            "A first meeting's opener, a no is fine",
            &[],
        )
        .takes(Argument::Words)
        .when(can::message),
    PROGRAM
        .row(
            C::Calendar,
            "calendar",
            "Calendar",
            "Write all dates to a file, .ics",
            &[],
        )
        .takes(Argument::File)
        .when(can::opened),
    SEE.row(
        C::ShowView,
        "view",
        "Show a view",
        "Which deals the list holds",
        &[],
    )
    .takes(Argument::View)
    .when(can::opened),
    SEE.row(
        C::Filter,
        "filter",
        "Filter",
        "Show only what matches; empty: all",
        &[],
    )
    .takes(Argument::Filter)
    .when(can::opened),
    SEE.row(
        C::OrderBy,
        "order",
        "Order by",
        "By what the list is ordered",
        &[],
    )
    .takes(Argument::Order)
    .when(can::opened),
    SEE.row(
        C::SaveView,
        "save-view",
        "Save this view",
        "Keep filter and order under a name",
        &[],
    )
    .takes(Argument::Words)
    .when(can::write),
    SEE.row(
        C::DeleteView,
        "delete-view",
        "Delete a view",
        "Forget a saved view",
        &[],
    )
    .takes(Argument::SavedView)
    .when(can::saved_views),
    PROGRAM
        .row(
            C::GoCockpit,
            "cockpit",
            "Cockpit",
            "Go to the deals",
            &["g c"],
        )
        .when(can::deals),
    PROGRAM
        .row(
            C::GoWeek,
            "week",
            "This week",
            "Asks, hours, what was fired, what is due",
            &["g w"],
        )
        .when(can::week),
    PROGRAM
        .row(
            C::GoJournal,
            "journal",
            "Journal",
            "Every change, undo to any of them",
            &["g j"],
        )
        .when(can::opened),
    PROGRAM
        .row(
            C::GoMap,
            "map",
            "Map",
            "The problem against the solution",
            &["g m"],
        )
        .when(can::map),
    PROGRAM
        .row(
            C::GoAfter,
            "after",
            "What came of it",
            "The fired, and wins: ask, and the record",
            &["g f"],
        )
        .when(can::after),
    PROGRAM
        .row(
            C::GoHours,
            "hours",
            "Hours and money",
            "What firing freed, and where it went",
            &["g h"],
        )
        .when(can::hours),
    PROGRAM
        .row(
            C::GoInsights,
            "insights",
            "Insights",
            "What your own past tells, with plots",
            &["g i"],
        )
        .when(can::insights),
    PROGRAM
        .row(
            C::GoOneOnOne,
            "oneone",
            "1:1 review",
            "Manager and rep, deal by deal",
            &["g o"],
        )
        .takes(Argument::Person)
        .when(can::deals),
    PROGRAM
        .row(
            C::GoReviews,
            "reviews",
            "Earlier 1:1s",
            "The 1:1s that were held, their minutes",
            &["g r"],
        )
        .when(can::reviews),
    PROGRAM
        .row(
            C::GoCoaching,
            "coaching",
            "Coaching",
            "How often two people sealed the same",
            &[],
        )
        .when(can::reviews),
    WRITE
        .row(
            C::SealDeal,
            "seal",
            "Seal",
            "What you say of it, before the 1:1",
            &[],
        )
        .when(can::answer),
    DECIDE
        .row(
            C::Charter,
            "charter",
            "Charter",
            "What a rep may fire alone; sign it",
            &[],
        )
        .when(can::write),
    DECIDE
        .row(
            C::LetStand,
            "stands",
            "It stands",
            "A firing above the ceiling stands",
            &[],
        )
        .when(can::change),
    DECIDE
        .row(
            C::Overrule,
            "overrule",
            "Overrule",
            "Take back a firing above the ceiling",
            &[],
        )
        .takes(Argument::Words)
        .when(can::change),
    PROGRAM
        .row(
            C::Minutes,
            "minutes",
            "Minutes",
            "End the 1:1 with its minutes",
            &[],
        )
        .when(can::one_on_one),
    PROGRAM
        .row(
            C::Import,
            "import",
            "Import a file",
            "A CRM's export; without a file: newest",
            &[],
        )
        .takes(Argument::File)
        .when(can::opened),
    PROGRAM
        .row(
            C::Export,
            "export",
            "Export",
            "A file of this list, or for your CRM",
            &[],
        )
        .takes(Argument::File)
        .when(can::deals),
    PROGRAM
        .row(
            C::UseBank,
            "questions",
            "Questions",
            "Choose the question bank",
            &[],
        )
        .takes(Argument::Bank)
        .when(can::banks),
    PROGRAM
        .row(
            C::SellingHours,
            "selling-hours",
            "Hours to sell",
            "How many hours a week you sell",
            &[],
        )
        .takes(Argument::Words)
        .when(can::write),
    PROGRAM
        .row(
            C::Actor,
            "as",
            "Who sits here",
            "In whose name things are done",
            &[],
        )
        .takes(Argument::Person),
    PROGRAM
        .row(
            C::Owner,
            "me",
            "Which owner I am",
            "Whose deals `owner:me` means",
            &[],
        )
        .takes(Argument::Owner)
        .when(can::owners),
    PROGRAM.row(
        C::Mask,
        "mask",
        "Mask more",
        "Hide amounts, then names",
        &["m"],
    ),
    PROGRAM
        .row(
            C::Unmask,
            "unmask",
            "Unmask",
            "Show this name, all names, or all again",
            &[],
        )
        .takes(Argument::Unmask)
        .when(can::unmask),
    PROGRAM
        .row(
            C::Share,
            "share",
            "Share the screen",
            "Hide all but the opened deal's name",
            &[],
        )
        .takes(Argument::Share),
    PROGRAM
        .row(
            C::Demo,
            "demo",
            "Demo pipeline",
            "A throw-away pipeline to try things on",
            &[],
        )
        .when(can::demo),
    PROGRAM
        .row(
            C::Palette,
            "do",
            "Do by name",
            "Find any command by its name",
            &[":"],
        )
        .footer(91, "do")
        .key_only(),
    MOVE.row(
        C::RowDown,
        "row-down",
        "Down",
        "One row down",
        &["Down", "j"],
    )
    .key_only(),
    MOVE.row(C::RowUp, "row-up", "Up", "One row up", &["Up", "k"])
        .key_only(),
    MOVE.row(
        C::PageDown,
        "page-down",
        "Page down",
        "One page down",
        &["PgDn"],
    )
    .key_only(),
    MOVE.row(C::PageUp, "page-up", "Page up", "One page up", &["PgUp"])
        .key_only(),
    MOVE.row(
        C::HalfDown,
        "half-down",
        "Half a page down",
        "Half a page down",
        &["Ctrl-d"],
    )
    .key_only(),
    MOVE.row(
        C::HalfUp,
        "half-up",
        "Half a page up",
        "Half a page up",
        &["Ctrl-u"],
    )
    .key_only(),
    MOVE.row(
        C::First,
        "first",
        "First",
        "To the first row",
        &["Home", "g g"],
    )
    .key_only(),
    MOVE.row(C::Last, "last", "Last", "To the last row", &["End", "G"])
        .key_only(),
    BROWSE
        .row(C::Help, "help", "Help", "The keys of this place", &["?"])
        .footer(92, "help"),
    BROWSE.row(
        C::BackOrQuit,
        "quit",
        "Back, or quit",
        "Back; on the first page: leave",
        &["q"],
    ),
    ALWAYS
        .row(
            C::Back,
            "back",
            "Back",
            "One step back, nothing is kept",
            &["Esc"],
        )
        .key_only(),
    ALWAYS.row(
        C::Leave,
        "leave",
        "Leave",
        "Leave at once, from anywhere",
        &["Ctrl-c"],
    ),
    ALWAYS
        .row(
            C::Suspend,
            "suspend",
            "Suspend",
            "Give the terminal to the shell",
            &["Ctrl-z"],
        )
        .key_only(),
];
