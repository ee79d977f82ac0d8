//! Keys of one page: the cockpit, the journal, an import, the welcome.

use super::Command as C;
use super::{Argument, Block, Category, CommandInfo, Scope, can};

const PANES: Block = Block(Scope::Cockpit, Category::Move);
const SEE: Block = Block(Scope::Cockpit, Category::See);
const PROGRAM: Block = Block(Scope::Cockpit, Category::Program);
const LIST: Block = Block(Scope::List, Category::See);
const DETAIL: Block = Block(Scope::Detail, Category::See);
const DUE: Block = Block(Scope::Due, Category::Decide);
const RETURNED: Block = Block(Scope::Returned, Category::Decide);
const SIGNAL: Block = Block(Scope::Signal, Category::See);
const OWED: Block = Block(Scope::Owed, Category::Write);
const JOURNAL: Block = Block(Scope::Journal, Category::Undo);
const PREVIEW: Block = Block(Scope::Preview, Category::Program);
const SWEEP: Block = Block(Scope::Sweep, Category::See);
const SWEPT: Block = Block(Scope::Swept, Category::See);
const WEEK: Block = Block(Scope::Week, Category::See);
const CAME_BACK: Block = Block(Scope::CameBack, Category::Answer);
const SIGNS: Block = Block(Scope::Signs, Category::Answer);
const FRESH: Block = Block(Scope::Fresh, Category::Answer);
const PAPER: Block = Block(Scope::Paper, Category::Decide);
const ONE: Block = Block(Scope::OneOnOne, Category::Decide);
const REVIEWS: Block = Block(Scope::Reviews, Category::See);
const SEAL: Block = Block(Scope::Seal, Category::Answer);
const MAP: Block = Block(Scope::Map, Category::See);
const AFTER: Block = Block(Scope::After, Category::Answer);
const HOURS: Block = Block(Scope::Hours, Category::See);
const INSIGHTS: Block = Block(Scope::Insights, Category::See);
const WELCOME: Block = Block(Scope::Welcome, Category::Program);

pub(super) const COCKPIT: &[CommandInfo] = &[
    SEE.row(
        C::OpenQuestions,
        "walk",
        "Questions",
        "Ask one question after the other",
        &["Enter"],
    )
    .footer(10, "questions")
    .when(can::questions),
    SEE.row(
        C::OpenSweep,
        "sweep",
        "Sweep",
        "Whose call would you dread?",
        &["S"],
    )
    .footer(55, "sweep")
    .when(can::opened),
    SEE.row(
        C::OpenPaper,
        "dead-on-paper",
        "Dead on paper",
        "What the record alone fires, at once",
        &[],
    )
    .when(can::opened),
    SEE.row(
        C::OpenSigns,
        "signs",
        "Signs",
        "Tick what they do, of twelve signs",
        &["s"],
    )
    .footer(56, "signs")
    .when(can::questions),
    SEE.row(
        C::OpenFresh,
        "fresh-eyes",
        "Fresh eyes",
        "Would we take it if it came today?",
        &["f"],
    )
    .footer(57, "fresh eyes")
    .when(can::questions),
    SEE.row(
        C::Find,
        "find",
        "Find",
        "Search as you type; empty: all deals",
        &["/"],
    )
    .footer(50, "find")
    .when(can::opened),
    SEE.row(
        C::Views,
        "views",
        "Views",
        "Choose which deals are listed",
        &["v"],
    )
    .footer(51, "views")
    .when(can::deals),
    SEE.row(
        C::Orders,
        "orders",
        "Orders",
        "Choose by what they are ordered",
        &["o"],
    )
    .footer(52, "order")
    .when(can::opened),
    SEE.row(
        C::Renew,
        "renew",
        "Renew the order",
        "Sort again; in a sitting: next 25",
        &["R"],
    )
    .footer(53, "renew")
    .when(can::opened),
    SEE.row(
        C::RaiseHand,
        "raise-hand",
        "Raise a hand",
        "To be talked about in the next 1:1",
        &["r"],
    )
    .footer(58, "raise a hand")
    .takes(Argument::Words)
    .when(can::change),
    LIST.row(
        C::Mark,
        "mark",
        "Mark",
        "Mark this deal; decide all at once",
        &["Space"],
    )
    .footer(54, "mark")
    .when(can::has_deal),
    DETAIL
        .row(
            C::Why,
            "why",
            "Why",
            "Open the arithmetic of the verdict",
            &["Space", "="],
        )
        .footer(12, "why")
        .when(can::has_deal),
    PANES
        .row(
            C::PaneNext,
            "pane-next",
            "Next pane",
            "Go to the next pane",
            &["Tab"],
        )
        .footer(60, "pane")
        .key_only(),
    PANES
        .row(
            C::PanePrevious,
            "pane-previous",
            "Previous pane",
            "Go to the pane before",
            &["Shift-Tab"],
        )
        .key_only(),
    PANES
        .row(
            C::PaneRight,
            "pane-right",
            "Pane to the right",
            "Go to the pane on the right",
            &["Right", "l"],
        )
        .key_only(),
    PANES
        .row(
            C::PaneLeft,
            "pane-left",
            "Pane to the left",
            "Go to the pane on the left",
            &["Left", "h"],
        )
        .key_only(),
    PANES
        .row(
            C::Zoom,
            "zoom",
            "One pane full",
            "This pane alone, and back",
            &["z"],
        )
        .footer(61, "full"),
    PROGRAM
        .row(
            C::ImportNewest,
            "import-newest",
            "Import the newest",
            "Import the newest export",
            &["I"],
        )
        .footer(70, "import")
        .when(can::opened),
    PROGRAM
        .row(
            C::TakeNewest,
            "take-newest",
            "Take the newest",
            "Take the newest export if all is clear",
            &["T"],
        )
        .careful()
        .when(can::take_newest),
    DUE.row(
        C::Happened,
        "happened",
        "It happened",
        "What the tripwire waited for happened",
        &["3"],
    )
    .footer(1, "it happened")
    .careful()
    .when(can::change)
    .key_only(),
    DUE.row(
        C::FireAsPromised,
        "fire-as-promised",
        "Fire as promised",
        "Fire it, as you promised yourself",
        &["F"],
    )
    .footer(2, "fire as promised")
    .careful()
    .when(can::change)
    .key_only(),
    DUE.row(
        C::KeepGoing,
        "keep-going",
        "Keep going anyway",
        "Go on all the same, because; counted",
        &["C"],
    )
    .footer(3, "keep going")
    .careful()
    .when(can::change)
    .key_only(),
    RETURNED
        .row(
            C::TakeBack,
            "take-back",
            "Reinstate",
            "They are back: on which terms",
            &["1"],
        )
        .footer(1, "reinstate")
        .careful()
        .when(can::change)
        .key_only(),
    RETURNED
        .row(
            C::Later,
            "later",
            "Later",
            "Ask me again in four weeks",
            &["2"],
        )
        .footer(2, "later")
        .careful()
        .when(can::change)
        .key_only(),
    RETURNED
        .row(
            C::LetGo,
            "let-go",
            "Let go",
            "Stays fired, and is asked no more",
            &["3"],
        )
        .footer(3, "let go")
        .careful()
        .when(can::change)
        .key_only(),
    SIGNAL
        .row(
            C::OpenSignal,
            "signal-open",
            "Open",
            "What raised it, and what settles it",
            &["Enter", "Space"],
        )
        .footer(1, "open")
        .key_only(),
    OWED.row(
        C::SettleKept,
        "owed-kept",
        "Kept",
        "Kept, or access given",
        &["3"],
    )
    .footer(1, "kept")
    .when(can::settle)
    .key_only(),
    OWED.row(
        C::SettleLate,
        "owed-late",
        "Late",
        "It came, but late",
        &["1"],
    )
    .footer(2, "late")
    .when(can::settle_promise)
    .key_only(),
    OWED.row(
        C::SettleMissed,
        "owed-missed",
        "Missed",
        "Not kept, or access refused",
        &["n"],
    )
    .footer(3, "missed")
    .when(can::settle)
    .key_only(),
    OWED.row(
        C::SettleWaived,
        "owed-waived",
        "Waived",
        "Not asked for any more",
        &["x"],
    )
    .footer(4, "waived")
    .when(can::settle_promise)
    .key_only(),
    OWED.row(
        C::SettleOpen,
        "owed-open",
        "Open again",
        "It is still to come",
        &["Del"],
    )
    .when(can::settle_again)
    .key_only(),
];

pub(super) const PAGES: &[CommandInfo] = &[
    JOURNAL
        .row(
            C::JournalOpen,
            "journal-open",
            "Changes",
            "What this action changed",
            &["Enter"],
        )
        .footer(10, "changes")
        .when(can::journal_row)
        .key_only(),
    JOURNAL
        .row(
            C::JournalUndo,
            "journal-undo",
            "Undo this one",
            "Take this action back",
            &["u"],
        )
        .footer(11, "undo this")
        .careful()
        .when(can::journal_undo)
        .key_only(),
    JOURNAL
        .row(
            C::JournalUndoTo,
            "journal-undo-to",
            "Undo to here",
            "Take back all that came after this",
            &["U"],
        )
        .footer(12, "undo to here")
        .careful()
        .when(can::journal_undo_to)
        .key_only(),
    JOURNAL
        .row(
            C::JournalDeal,
            "journal-deal",
            "This deal only",
            "Only the actions on one deal, or all",
            &["d"],
        )
        .footer(13, "this deal")
        .key_only(),
    PREVIEW
        .row(
            C::PreviewApply,
            "import-apply",
            "Import",
            "Import the file as previewed",
            &["Enter"],
        )
        .footer(10, "import")
        .careful()
        .when(can::apply)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewPart,
            "import-part",
            "Next part",
            "Rows, problems, columns",
            &["Tab"],
        )
        .footer(11, "part")
        .key_only(),
    PREVIEW
        .row(
            C::PreviewProblems,
            "import-problems",
            "Problems",
            "Only the problems, or all rows again",
            &["p"],
        )
        .footer(12, "problems")
        .when(can::reread)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewMeaning,
            "import-meaning",
            "Meaning",
            "What this column means",
            &["e"],
        )
        .footer(13, "meaning")
        .when(can::meaning)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewTheirs,
            "import-theirs",
            "Take the file's",
            "The file's value in conflicts, or ours",
            &["t"],
        )
        .footer(14, "take the file's")
        .when(can::theirs)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewDates,
            "import-dates",
            "Days",
            "In which order days are read",
            &["d"],
        )
        .footer(15, "days")
        .when(can::reread)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewCurrency,
            "import-currency",
            "Currency",
            "The currency of amounts without one",
            &["c"],
        )
        .footer(16, "currency")
        .when(can::reread)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewSource,
            "import-source",
            "Source",
            "Which system the deals come from",
            &["s"],
        )
        .footer(18, "source")
        .when(can::reread)
        .key_only(),
    PREVIEW
        .row(
            C::PreviewForget,
            "import-forget",
            "Forget",
            "Forget what was corrected before",
            &["x"],
        )
        .footer(17, "forget")
        .when(can::forget)
        .key_only(),
    SWEEP
        .row(
            C::SweepNext,
            "sweep-next",
            "Next page",
            "Keep this page and turn to the next",
            &["Enter"],
        )
        .footer(10, "next page")
        .careful()
        .when(can::change)
        .key_only(),
    SWEEP
        .row(
            C::SweepBack,
            "sweep-back",
            "Page back",
            "Back to the page before",
            &["Left", "Backspace"],
        )
        .footer(11, "page back")
        .key_only(),
    SWEEP
        .row(
            C::SweepDown,
            "sweep-down",
            "Down",
            "To the next name",
            &["Down", "j"],
        )
        .footer(12, "move")
        .key_only(),
    SWEEP
        .row(
            C::SweepUp,
            "sweep-up",
            "Up",
            "To the name before",
            &["Up", "k"],
        )
        .key_only(),
    SWEEP
        .row(
            C::SweepSide,
            "sweep-side",
            "Other column",
            "To the name beside it",
            &["Tab"],
        )
        .key_only(),
    SWEEP
        .row(
            C::SweepDread,
            "sweep-dread",
            "Dread",
            "Dread the one under the cursor",
            &["Space"],
        )
        .footer(13, "dread")
        .key_only(),
    SWEPT
        .row(
            C::SweptGo,
            "swept-go",
            "One by one",
            "List the dreaded, one by one",
            &["Enter"],
        )
        .footer(10, "one by one")
        .key_only(),
    WEEK.row(
        C::WeekOpen,
        "week-open",
        "Open",
        "What came back; the deal; what is gone",
        &["Enter"],
    )
    .footer(10, "open")
    .key_only(),
    WEEK.row(
        C::WeekMore,
        "week-more",
        "An hour more",
        "An hour more for this deal, or for you",
        &["+"],
    )
    .footer(34, "hours")
    .when(can::write)
    .key_only(),
    WEEK.row(
        C::WeekLess,
        "week-less",
        "An hour less",
        "An hour less for it; none: not planned",
        &["-"],
    )
    .when(can::write)
    .key_only(),
    WEEK.row(
        C::NotesCopy,
        "notes-copy",
        "Copy all notes",
        "Copy every closing note that waits",
        &["A"],
    )
    .when(can::notes),
    WEEK.row(
        C::NotesDraft,
        "notes-drafts",
        "Draft all notes",
        "A folder with a mail draft for each",
        &["d"],
    )
    .when(can::notes),
    WEEK.row(
        C::NotesFile,
        "notes-files",
        "All notes to files",
        "A folder with a text file for each",
        &["w"],
    )
    .when(can::notes),
    CAME_BACK
        .row(
            C::NoReply,
            "no-reply",
            "No reply yet",
            "It was put to them; nothing came back",
            &["."],
        )
        .footer(10, "no reply yet")
        .when(can::write)
        .key_only(),
    CAME_BACK
        .row(
            C::NotAsked,
            "not-asked",
            "I did not ask",
            "It was not put to them yet",
            &["Right", "l"],
        )
        .footer(11, "I did not ask")
        .when(can::write)
        .key_only(),
    CAME_BACK
        .row(
            C::TheirWords,
            "their-words",
            "Their words",
            "What they said, before the key",
            &["e"],
        )
        .footer(12, "their words")
        .when(can::write)
        .key_only(),
    CAME_BACK
        .row(
            C::AskBefore,
            "ask-before",
            "The one before",
            "Back to the ask before",
            &["Left", "Backspace", "h"],
        )
        .footer(13, "back")
        .key_only(),
    SIGNS
        .row(
            C::SignsDone,
            "signs-done",
            "Done",
            "Close the card",
            &["Enter"],
        )
        .footer(10, "done")
        .key_only(),
    FRESH
        .row(
            C::FreshYes,
            "fresh-yes",
            "Yes",
            "We would take it today",
            &["y"],
        )
        .when(can::change)
        .key_only(),
    FRESH
        .row(
            C::FreshNo,
            "fresh-no",
            "No",
            "We would not take it today",
            &["n"],
        )
        .when(can::change)
        .key_only(),
    FRESH
        .row(
            C::FreshUnknown,
            "fresh-unknown",
            "Hard to say",
            "Neither yes nor no today",
            &["0"],
        )
        .when(can::change)
        .key_only(),
    PAPER
        .row(
            C::PaperTick,
            "paper-tick",
            "Tick",
            "Tick this deal, or spare it",
            &["Space"],
        )
        .footer(11, "tick")
        .key_only(),
    PAPER
        .row(
            C::PaperTickAll,
            "paper-tick-all",
            "All or none",
            "Tick all of them, or spare all",
            &["A"],
        )
        .footer(12, "all or none")
        .key_only(),
    PAPER
        .row(
            C::PaperOpen,
            "paper-open",
            "Look at it",
            "Go to this deal in the cockpit",
            &["Enter"],
        )
        .footer(10, "look at it")
        .key_only(),
    MAP.row(
        C::MapNext,
        "map-next",
        "Next cell",
        "To the next cell of the map",
        &["Tab", "Right", "l"],
    )
    .footer(11, "cell")
    .key_only(),
    MAP.row(
        C::MapPrevious,
        "map-previous",
        "Cell before",
        "To the cell before",
        &["Shift-Tab", "Left", "h"],
    )
    .key_only(),
    MAP.row(
        C::MapOpen,
        "map-open",
        "Look at it",
        "Go to this deal in the cockpit",
        &["Enter"],
    )
    .footer(10, "look at it")
    .key_only(),
    INSIGHTS
        .row(
            C::InsightNext,
            "insight-next",
            "Next insight",
            "To the next insight",
            &["Tab", "Right", "l"],
        )
        .footer(11, "next")
        .key_only(),
    INSIGHTS
        .row(
            C::InsightPrevious,
            "insight-previous",
            "Insight before",
            "To the insight before",
            &["Shift-Tab", "Left", "h"],
        )
        .key_only(),
    INSIGHTS
        .row(
            C::InsightOpen,
            "insight-open",
            "Its deals",
            "The deals behind a bar; a deal of them",
            &["Enter"],
        )
        .footer(10, "its deals")
        .key_only(),
    INSIGHTS
        .row(
            C::InsightPeriod,
            "insight-period",
            "Other period",
            "12, 26 or 52 weeks, or all time",
            &["p"],
        )
        .footer(12, "period")
        .key_only(),
    INSIGHTS
        .row(
            C::InsightOwn,
            "insight-own",
            "Yours or all",
            "Your own deals, or those of all",
            &["o"],
        )
        .footer(13, "yours or all")
        .key_only(),
    AFTER
        .row(
            C::CameBackBetter,
            "came-back-better",
            "Came back better",
            "They changed what they do, on record",
            &["1"],
        )
        .footer(11, "better")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::CameBackUnchanged,
            "came-back-unchanged",
            "Came back unchanged",
            "They came back, and nothing had changed",
            &["2"],
        )
        .footer(12, "unchanged")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::BoughtElsewhere,
            "bought-elsewhere",
            "Bought elsewhere",
            "They bought from somebody else",
            &["3"],
        )
        .footer(13, "elsewhere")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::BoughtNothing,
            "bought-nothing",
            "Bought nothing",
            "They bought from nobody",
            &["4"],
        )
        .footer(14, "nothing")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::Silence,
            "no-change",
            "No change",
            "Nothing was heard of this one",
            &["."],
        )
        .footer(15, "no change")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::NoChange,
            "no-change-all",
            "No change for all",
            "Nothing was heard of all that are asked",
            &["A"],
        )
        .footer(16, "for all")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::SellAgain,
            "sell-again",
            "I would sell it again",
            "A win that was worth it",
            &["y"],
        )
        .footer(17, "sell again")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::NotAgain,
            "not-again",
            "I would not",
            "A win that was not worth it",
            &["n"],
        )
        .footer(18, "not again")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::AfterWords,
            "after-words",
            "In words",
            "Say what came of it, with your words",
            &["e"],
        )
        .footer(19, "in words")
        .when(can::write)
        .key_only(),
    AFTER
        .row(
            C::AfterOpen,
            "after-open",
            "Look at it",
            "Go to this deal in the cockpit",
            &["Enter"],
        )
        .footer(10, "look at it")
        .key_only(),
    HOURS
        .row(
            C::HoursMore,
            "hours-more",
            "An hour more",
            "An hour of this week more for it, or you",
            &["+"],
        )
        .footer(11, "hours")
        .when(can::write)
        .key_only(),
    HOURS
        .row(
            C::HoursLess,
            "hours-less",
            "An hour less",
            "An hour of this week less for it, or you",
            &["-"],
        )
        .when(can::write)
        .key_only(),
    HOURS
        .row(
            C::HoursOpen,
            "hours-open",
            "Look at it",
            "Go to this deal in the cockpit",
            &["Enter"],
        )
        .footer(10, "look at it")
        .key_only(),
    ONE.row(
        C::OneOnOneEnter,
        "oneone-go-on",
        "Go on",
        "Begin; seal what stands; reveal the next",
        &["Enter"],
    )
    .footer(1, "go on")
    .when(can::write)
    .key_only(),
    ONE.row(
        C::TakeRep,
        "oneone-take-rep",
        "The rep's answer",
        "The deal takes what the rep said",
        &["Left", "h"],
    )
    .when(can::change)
    .key_only(),
    ONE.row(
        C::TakeManager,
        "oneone-take-manager",
        "The manager's answer",
        "The deal takes what the manager said",
        &["Right", "l"],
    )
    .when(can::change)
    .key_only(),
    ONE.row(
        C::MayFire,
        "oneone-may-fire",
        "You may fire them",
        "Puts the manager's sentence on the deal",
        &["P"],
    )
    .footer(35, "may fire")
    .careful()
    .when(can::may_fire)
    .key_only(),
    ONE.row(
        C::AgendaAway,
        "agenda-away",
        "Agenda away",
        "The deal alone, and back",
        &["z"],
    )
    .footer(36, "agenda away")
    .key_only(),
    ONE.row(
        C::AgendaUp,
        "agenda-up",
        "Earlier",
        "This deal one place up the agenda",
        &["K"],
    )
    .when(can::change)
    .key_only(),
    ONE.row(
        C::AgendaDown,
        "agenda-down",
        "Later",
        "This deal one place down the agenda",
        &["J"],
    )
    .when(can::change)
    .key_only(),
    ONE.row(
        C::NextTime,
        "agenda-next-time",
        "Next time",
        "Put this deal off to the next 1:1",
        &["L"],
    )
    .when(can::change)
    .key_only(),
    ONE.row(
        C::MeetingLonger,
        "meeting-longer",
        "Longer",
        "Five minutes more for the meeting",
        &["+"],
    )
    .when(can::write)
    .key_only(),
    ONE.row(
        C::MeetingShorter,
        "meeting-shorter",
        "Shorter",
        "Five minutes less for the meeting",
        &["-"],
    )
    .when(can::write)
    .key_only(),
    SEAL.row(
        C::SealStanding,
        "seal-standing",
        "As they stand",
        "Seal the deal's answers as they stand",
        &["Enter"],
    )
    .footer(1, "as they stand")
    .when(can::answer)
    .key_only(),
    REVIEWS
        .row(
            C::ReviewOpen,
            "review-open",
            "Its minutes",
            "What this 1:1 left behind",
            &["Enter"],
        )
        .footer(10, "its minutes")
        .when(can::review_open)
        .key_only(),
    REVIEWS
        .row(
            C::ReviewTurn,
            "review-turn",
            "1:1s or coaching",
            "The 1:1s of the two, or how they agree",
            &["Tab"],
        )
        .footer(11, "1:1s, coaching")
        .when(can::review_turn)
        .key_only(),
    REVIEWS
        .row(
            C::ReviewNext,
            "review-next",
            "Next pair",
            "To the next two people who met",
            &["Right", "l"],
        )
        .footer(12, "next pair")
        .when(can::review_pairs)
        .key_only(),
    REVIEWS
        .row(
            C::ReviewPrevious,
            "review-previous",
            "Pair before",
            "To the two people before",
            &["Left", "h"],
        )
        .when(can::review_pairs)
        .key_only(),
    REVIEWS
        .row(
            C::ReviewSave,
            "review-save",
            "Write the minutes",
            "Write them to a file, masked or not",
            &["w"],
        )
        .footer(13, "write them")
        .when(can::review_save)
        .key_only(),
    WELCOME
        .row(
            C::WelcomeOpen,
            "welcome-open",
            "Choose",
            "Take what is under the cursor",
            &["Enter"],
        )
        .footer(10, "choose")
        .key_only(),
    WELCOME
        .row(
            C::WelcomeImport,
            "welcome-import",
            "Import",
            "Import an export of your CRM",
            &["i"],
        )
        .footer(11, "import")
        .key_only(),
    WELCOME
        .row(
            C::WelcomeTake,
            "welcome-take",
            "Take it",
            "Take the export in, if all is clear",
            &["T"],
        )
        .footer(14, "take it")
        .careful()
        .when(can::take_newest)
        .key_only(),
    WELCOME
        .row(
            C::WelcomeDemo,
            "welcome-demo",
            "Demo",
            "Try it on a throw-away pipeline",
            &["d"],
        )
        .footer(12, "demo")
        .key_only(),
    WELCOME
        .row(
            C::WelcomeAdd,
            "welcome-add",
            "First deal",
            "Type the first deal",
            &["a"],
        )
        .footer(13, "first deal")
        .key_only(),
];
