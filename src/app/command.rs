//! The table of commands: what a person may invoke, with its keys and where they work.
//!
//! One row a command. Dispatch, footer, help, palette, which-key and the manual read this table
//! and nothing else; its order is the order of the help. The rows stand in one file for each kind
//! of place, and tests hold for every row.

mod answers;
mod can;
mod everywhere;
mod forms;
mod kinds;
mod pages;

use crate::app::chord::Sequence;
use crate::app::model::Model;

pub use can::{decide as can_decide, is_fired_on_top, is_tripwire_due};
pub use kinds::{Argument, Category, Scope};

/// Why a command cannot be done now: half a sentence, without a full stop.
pub type Reason = &'static str;

/// What a person may invoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table says of each what it does")]
pub enum Command {
    // Always.
    Back,
    Leave,
    Suspend,
    // Wherever no text is typed.
    RowDown,
    RowUp,
    PageDown,
    PageUp,
    HalfDown,
    HalfUp,
    First,
    Last,
    BackOrQuit,
    Help,
    // On every page.
    NextDeal,
    PreviousDeal,
    Fire,
    Hold,
    Continue,
    Ask,
    Evidence,
    Copy,
    Undo,
    Redo,
    Palette,
    GoCockpit,
    GoWeek,
    GoJournal,
    GoMap,
    GoAfter,
    GoHours,
    GoInsights,
    InsightNext,
    InsightPrevious,
    InsightOpen,
    /// Draws the insights from a shorter or longer time.
    InsightPeriod,
    /// Draws the insights from one's own deals, or from all.
    InsightOwn,
    GoOneOnOne,
    LetStand,
    Overrule,
    GoReviews,
    GoCoaching,
    SealDeal,
    RaiseHand,
    Minutes,
    Charter,
    Mask,
    Unmask,
    Share,
    Add,
    Edit,
    Note,
    Close,
    Reinstate,
    SetTripwire,
    Touch,
    TheyOwe,
    WeOwe,
    Concession,
    Unwanted,
    Contact,
    Gate,
    Access,
    Handoff,
    Message,
    Calendar,
    UndoAny,
    ShowView,
    SaveView,
    DeleteView,
    Filter,
    OrderBy,
    Import,
    Export,
    UseBank,
    SellingHours,
    Actor,
    Owner,
    Demo,
    // The cockpit.
    OpenQuestions,
    OpenSweep,
    OpenPaper,
    OpenSigns,
    OpenFresh,
    PaneNext,
    PanePrevious,
    PaneRight,
    PaneLeft,
    Zoom,
    Find,
    Views,
    Orders,
    Renew,
    ImportNewest,
    TakeNewest,
    Mark,
    Why,
    // A tripwire that is due.
    Happened,
    FireAsPromised,
    KeepGoing,
    // A fired prospect on top.
    TakeBack,
    Later,
    LetGo,
    // A row of the deal, and what is owed.
    OpenSignal,
    SettleKept,
    SettleLate,
    SettleMissed,
    SettleWaived,
    SettleOpen,
    // Answers.
    AnswerUnknown,
    AnswerYes,
    AnswerYesSaid,
    AnswerYesShown,
    AnswerPartly,
    AnswerNo,
    AnswerNoHunch,
    AnswerNotForThem,
    AnswerStillSo,
    AnswerClear,
    AllQuestions,
    // Questions.
    Skip,
    QuestionBack,
    // The journal.
    JournalOpen,
    JournalUndo,
    JournalUndoTo,
    JournalDeal,
    // The preview of an import.
    PreviewApply,
    PreviewPart,
    PreviewProblems,
    PreviewMeaning,
    PreviewDates,
    PreviewCurrency,
    PreviewSource,
    PreviewTheirs,
    PreviewForget,
    // The sweep.
    SweepNext,
    SweepBack,
    SweepDown,
    SweepUp,
    SweepSide,
    SweepDread,
    SweptGo,
    // The week.
    WeekOpen,
    WeekMore,
    WeekLess,
    NoReply,
    NotAsked,
    AskBefore,
    TheirWords,
    // Cards about a deal, and what is dead on paper.
    SignsDone,
    FreshYes,
    FreshNo,
    FreshUnknown,
    PaperTick,
    PaperTickAll,
    PaperOpen,
    // The map.
    MapNext,
    MapPrevious,
    MapOpen,
    // What is over; hours and money.
    CameBackBetter,
    CameBackUnchanged,
    BoughtElsewhere,
    BoughtNothing,
    Silence,
    NoChange,
    SellAgain,
    NotAgain,
    NotesCopy,
    NotesDraft,
    NotesFile,
    AfterWords,
    AfterOpen,
    HoursMore,
    HoursLess,
    HoursOpen,
    // The 1:1.
    OneOnOneEnter,
    TakeRep,
    TakeManager,
    MayFire,
    AgendaAway,
    AgendaUp,
    AgendaDown,
    NextTime,
    MeetingLonger,
    MeetingShorter,
    SealStanding,
    // Earlier 1:1s.
    ReviewOpen,
    ReviewTurn,
    ReviewNext,
    ReviewPrevious,
    ReviewSave,
    // The welcome.
    WelcomeOpen,
    WelcomeImport,
    WelcomeTake,
    WelcomeDemo,
    WelcomeAdd,
    // Palette, prompts, menus.
    PaletteRun,
    PaletteComplete,
    PaletteDown,
    PaletteUp,
    PromptTake,
    PromptComplete,
    MenuTake,
    // Forms.
    FieldNext,
    FieldPrevious,
    FieldDown,
    FieldUp,
    ChoiceTick,
    ChoiceNext,
    ChoicePrevious,
    TextNewline,
    TextEditor,
    SheetConfirm,
    SheetNext,
    SheetPrevious,
    SheetEdit,
    SheetDraft,
    SheetFile,
    SheetCopy,
}

/// Where a command stands in the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footer {
    /// The place: smaller stands more to the left; hints are dropped whole from the largest.
    pub rank: u8,
    /// One or two words.
    pub word: &'static str,
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct CommandInfo {
    /// The command.
    pub command: Command,
    /// Its name in the palette and the config file: `answer-yes`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it does, in at most 40 columns.
    pub summary: &'static str,
    /// What it is about.
    pub category: Category,
    /// Where its keys work.
    pub scope: Scope,
    /// The keys, as written; empty for commands that are only done by name.
    pub chords: &'static [&'static str],
    /// Its place in the footer; `None` keeps it out.
    pub footer: Option<Footer>,
    /// What it takes behind its name.
    pub argument: Argument,
    /// Whether the palette offers it.
    pub by_name: bool,
    /// Whether it decides something, so that a key that came too fast for a hand is ignored.
    pub careful: bool,
    /// Whether it can be done now, and why not.
    pub enabled: fn(&Model) -> Result<(), Reason>,
}

impl std::fmt::Debug for CommandInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.scope.code())
    }
}

impl CommandInfo {
    const fn footer(mut self, rank: u8, word: &'static str) -> Self {
        self.footer = Some(Footer { rank, word });
        self
    }

    const fn takes(mut self, argument: Argument) -> Self {
        self.argument = argument;
        self
    }

    const fn when(mut self, enabled: fn(&Model) -> Result<(), Reason>) -> Self {
        self.enabled = enabled;
        self
    }

    const fn careful(mut self) -> Self {
        self.careful = true;
        self
    }

    /// Keeps it out of the palette: it means something only where its key is pressed.
    const fn key_only(mut self) -> Self {
        self.by_name = false;
        self
    }
}

/// What the rows of one block of the table share.
#[derive(Clone, Copy)]
struct Block(Scope, Category);

impl Block {
    const fn row(
        self,
        command: Command,
        name: &'static str,
        title: &'static str,
        summary: &'static str,
        chords: &'static [&'static str],
    ) -> CommandInfo {
        CommandInfo {
            command,
            name,
            title,
            summary,
            category: self.1,
            scope: self.0,
            chords,
            footer: None,
            argument: Argument::None,
            by_name: true,
            careful: false,
            enabled: can::always,
        }
    }
}

/// Returns the rows of the table, in the order of the help.
pub fn table() -> impl Iterator<Item = &'static CommandInfo> {
    [
        everywhere::ROWS,
        pages::COCKPIT,
        answers::ROWS,
        pages::PAGES,
        forms::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// A row of the key table as it is printed: in the README, and in the manual page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Where the keys work.
    pub place: &'static str,
    /// The keys, several parted by a blank.
    pub keys: String,
    /// What they do.
    pub does: &'static str,
}

/// Returns every command that has keys, place by place in the order of the help.
pub fn key_table() -> Vec<KeyRow> {
    let of = |scope: Scope| table().filter(move |row| row.scope == scope);
    let rows = Scope::ALL.into_iter().flat_map(of);
    rows.filter(|row| !row.chords.is_empty())
        .map(|row| {
            let keys = row.command.default_keys();
            let keys: Vec<String> = keys.iter().map(|keys| keys.label(false)).collect();
            KeyRow {
                place: row.scope.title(),
                keys: keys.join(" "),
                does: row.summary,
            }
        })
        .collect()
}

impl Command {
    /// Returns its row of the table.
    pub fn info(self) -> &'static CommandInfo {
        table()
            .find(|row| row.command == self)
            .expect("a test finds a row for every command")
    }

    /// Finds a command by its name.
    pub fn by_name(name: &str) -> Option<Self> {
        table().find(|row| row.name == name).map(|row| row.command)
    }

    /// Returns the default keys.
    pub fn default_keys(self) -> Vec<Sequence> {
        let keys = self.info().chords.iter();
        keys.map(|text| text.parse().expect("a test parses every key of the table"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn a_pipeline_that_can_only_be_read_refuses_what_writes() {
        let mut desk = crate::app::desk::Desk::new(3);
        let can = |model: &Model, command: Command| {
            let row = table().find(|row| row.command == command).unwrap();
            (row.enabled)(model)
        };
        assert_eq!(can(&desk.model, Command::Fire), Ok(()));

        desk.model.facts.read_only = true;

        for command in [
            Command::Fire,
            Command::Hold,
            Command::Continue,
            Command::Ask,
            Command::Evidence,
            Command::Add,
            Command::Edit,
            Command::Note,
            Command::Close,
            Command::Undo,
            Command::UndoAny,
            Command::AnswerNo,
            Command::SaveView,
            Command::FireAsPromised,
            Command::JournalUndoTo,
        ] {
            let reason = can(&desk.model, command).unwrap_err();
            assert!(reason.contains("only be read"), "{command:?}: {reason}");
        }
        for command in [Command::OpenQuestions, Command::Export, Command::Views] {
            assert_eq!(can(&desk.model, command), Ok(()), "{command:?}");
        }
    }

    #[test]
    fn names_are_unique_and_written_like_names() {
        let mut seen = BTreeSet::new();
        for row in table() {
            assert!(seen.insert(row.name), "two rows are called {}", row.name);
            assert!(
                row.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn every_command_has_one_row() {
        // The last variant in the order of the enum; the derive counts them from 0.
        let count = Command::SheetCopy as usize + 1;
        let rows: BTreeSet<Command> = table().map(|row| row.command).collect();

        assert_eq!(rows.len(), count, "a command without a row, or with two");
        assert_eq!(table().count(), count);
    }

    #[test]
    fn summaries_are_short_and_have_no_full_stop() {
        for row in table() {
            assert!(row.summary.width() <= 40, "{}: {}", row.name, row.summary);
            assert!(!row.summary.ends_with('.'), "{}", row.name);
            assert!(row.title.width() <= 24, "{}: {}", row.name, row.title);
            assert!(
                row.footer.is_none_or(|f| f.word.width() <= 16),
                "{}",
                row.name
            );
            assert!(
                row.by_name || !row.chords.is_empty(),
                "{} cannot be reached",
                row.name
            );
        }
    }

    #[test]
    fn every_key_parses_and_prints_back() {
        for row in table() {
            for text in row.chords {
                let keys: Sequence = text.parse().unwrap();
                assert_eq!(keys.to_string(), *text, "{}", row.name);
            }
        }
    }

    #[test]
    fn no_key_stands_twice_in_a_scope() {
        let mut seen = BTreeMap::new();
        for row in table() {
            for text in row.chords {
                let other = seen.insert((row.scope, *text), row.name);
                assert_eq!(other, None, "{text} is also {}", row.name);
            }
        }
    }

    #[test]
    fn no_key_is_the_beginning_of_another() {
        let keys: Vec<_> = table()
            .flat_map(|row| {
                row.command
                    .default_keys()
                    .into_iter()
                    .map(move |keys| (row, keys))
            })
            .collect();
        for (row, short) in &keys {
            for (other, long) in &keys {
                let (short, long) = (short.chords(), long.chords());
                let begins = short.len() < long.len() && long.starts_with(short);
                assert!(!begins, "{row:?} hides {other:?}");
            }
        }
    }

    #[test]
    fn no_key_needs_alt_or_a_function_key() {
        for row in table() {
            for keys in row.command.default_keys() {
                for chord in keys.chords() {
                    assert!(!chord.alt, "{row:?}");
                    assert!(
                        !matches!(chord.key, crate::app::chord::Key::F(_)),
                        "{row:?}"
                    );
                    let taken = ["Ctrl-s", "Ctrl-q"].contains(&chord.to_string().as_str());
                    assert!(!taken, "{row:?}");
                }
            }
        }
    }

    #[test]
    fn places_in_the_footer_differ_within_a_scope() {
        let mut seen = BTreeMap::new();
        for row in table() {
            if let Some(footer) = row.footer {
                let other = seen.insert((row.scope, footer.rank), row.name);
                assert_eq!(other, None, "{} stands where {other:?} does", row.name);
            }
        }
    }

    #[test]
    fn scopes_read_back_from_their_words() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_code(scope.code()), Some(scope));
            assert!(
                scope == Scope::Text || table().any(|row| row.scope == scope),
                "{scope:?}"
            );
        }
    }
}
