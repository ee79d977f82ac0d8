//! What happened: keys, pastes, sizes, and the worker's replies. The only way into the model.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::chord::Chord;
use crate::app::effect::Notes;
use crate::app::journal::{ChangeRow, JournalRow};
use crate::app::layout::Size;
use crate::app::list::Group;
use crate::app::model::{Facts, FoundExport};
use crate::app::one_on_one::Meeting;
use crate::app::place::Place;
use crate::app::preview::{PreviewData, RowCounts};
use crate::domain::bank::Bank;
use crate::domain::deal::{After, Detail, Done, HoursView, ListRow, SweepPage, SweepPile, Week};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::insights::Insight;
use crate::domain::load::Ending;
use crate::domain::map::PipelineMap;
use crate::domain::message::{Messages, Way};
use crate::domain::review::{Minutes, OnTable, PairReviews};
use crate::domain::told::Listener;

/// A message with the only clock that [`crate::app::update`] knows.
#[derive(Debug)]
pub struct Stamped {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The local day then.
    pub today: NaiveDate,
    /// What happened.
    pub msg: Msg,
}

/// What happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key {
        /// The key.
        chord: Chord,
        /// Whether it came under 20 ms after a different printable key of the same read: too
        /// fast for a hand, so that it decides nothing.
        hurried: bool,
    },
    /// Text came as a bracketed paste.
    Paste(String),
    /// The mouse was used.
    Mouse(Mouse),
    /// The terminal has a size.
    Resize(Size),
    /// The worker has something.
    Reply(Reply),
    /// Nothing but time passed: a toast expires, a day begins.
    Wake,
    /// The program is in front again after a suspend or an editor: everything is drawn anew.
    Resumed,
    /// The terminal draws glyphs of ambiguous width two cells wide: plain ASCII is drawn, unless
    /// a person chose otherwise.
    AmbiguousIsWide,
}

/// What the mouse did, at a cell counted from the top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub kind: MouseKind,
    /// The column.
    pub column: u16,
    /// The line.
    pub line: u16,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The first button went down.
    Click,
    /// The wheel turned towards the person.
    WheelDown,
    /// The wheel turned away.
    WheelUp,
}

/// What is known once the pipeline is open.
#[derive(Debug)]
pub struct OpenedPipeline {
    /// Who is sitting here.
    pub who: String,
    /// Whether this is the throw-away pipeline.
    pub demo: bool,
    /// The questions in force.
    pub bank: Arc<Bank>,
    /// The figures.
    pub facts: Facts,
    /// What is written to prospects.
    pub messages: Arc<Messages>,
    /// Where this person was last; `None` at the first start.
    pub place: Option<Place>,
}

/// What the worker has to say.
#[derive(Debug)]
pub enum Reply {
    /// The pipeline is open: sent once at start by the worker itself, and after
    /// [`crate::app::effect::Effect::Demo`] changed the file under the cockpit.
    Opened(Box<OpenedPipeline>),
    /// Answers [`crate::app::effect::Effect::LoadFacts`].
    Facts(Box<Facts>),
    /// What is loaded may be old: somebody else wrote, or a new day, or an import that was taken
    /// back, changed what the model says of deals.
    Overtaken,
    /// Another question bank is in force; sent before the `Applied` of the act that changed it.
    BankInForce(Arc<Bank>),
    /// Answers `BuildIndex`: at most two per generation, the first three pages and then the whole.
    Index {
        /// The generation of the request.
        generation: u64,
        /// The deals in order.
        ids: Vec<u32>,
        /// Their headings; for a partial index those of its beginning.
        groups: Vec<Group>,
        /// Whether more is to come for this generation.
        partial: bool,
    },
    /// Answers `FetchWindow`.
    Window {
        /// The number of the request.
        request: u64,
        /// The rows; deals that are gone meanwhile are left out.
        rows: Vec<ListRow>,
    },
    /// Answers `LoadDetail`; `None` when there is no such deal.
    Detail {
        /// The deal.
        deal: DealId,
        /// What is known of it.
        detail: Option<Box<Detail>>,
    },
    /// Answers `Act`, `Undo`, `UndoAction`, `UndoTo` and `Redo`: it is written.
    Applied {
        /// What was done.
        done: Done,
        /// Whether this took something back (undo) or did it again (redo).
        kind: AppliedKind,
        /// What could not be taken back and why, in sentences; an import's undo skips rows that
        /// were changed since.
        left: Vec<String>,
    },
    /// Any effect failed; the pipeline is as it was before it.
    Failed {
        /// Which.
        doing: Doing,
        /// What happened.
        what: String,
        /// Why.
        why: String,
        /// What to do next; empty for nothing.
        hint: String,
    },
    /// Answers `LoadSweep`.
    SweepPage {
        /// The number of the page, from 0.
        page: usize,
        /// Its deals.
        data: SweepPage,
    },
    /// Answers `LoadMap`.
    Map(PipelineMap),
    /// Answers `LoadAfter`.
    After(Box<After>),
    /// Answers `LoadHours`.
    Hours(Box<HoursView>),
    /// Answers `LoadInsights`.
    Insights(Vec<Insight>),
    /// Answers `LoadBehind`.
    Behind(Vec<ListRow>),
    /// Answers `LoadReviews`: the pair that met last comes first.
    Reviews(Vec<PairReviews>),
    /// Answers `LoadMinutes`; `None` where there is no such 1:1.
    MinutesOf(Option<Box<Minutes>>),
    /// Answers `LoadMeeting`.
    Meeting(Box<Meeting>),
    /// Answers `LayTable`.
    Table(Box<OnTable>),
    /// Answers `WriteMinutes`.
    Minutes {
        /// Where they were written; `None` for a text to copy.
        path: Option<String>,
        /// The text to copy; empty where they were written.
        text: String,
    },
    /// Answers `LoadPaper`: the first deals in the order of the queue, and how many there are.
    Paper(Vec<ListRow>, usize),
    /// Answers `LoadSweepPiles`.
    SweepPiles(Vec<SweepPile>),
    /// Answers `LoadWeek`.
    Week(Box<Week>),
    /// Answers `LoadJournal`.
    JournalPage {
        /// The deal of the request.
        deal: Option<DealId>,
        /// The `before` of the request.
        before: Option<ActionId>,
        /// The actions, the latest first.
        rows: Vec<JournalRow>,
        /// Whether there are no earlier ones.
        whole: bool,
    },
    /// Answers `LoadChanges`.
    Changes {
        /// The action.
        action: ActionId,
        /// Its changes, at most 500.
        changes: Vec<ChangeRow>,
        /// How many there are beyond those.
        more: u64,
    },
    /// Answers `PreviewImport`.
    Preview {
        /// The number of the request.
        number: u64,
        /// What the files would do, as far as they are read.
        data: Box<PreviewData>,
        /// How much of them is read, from 0 to 1; `None` once it is all.
        share: Option<f64>,
    },
    /// A long file is still being read for its preview; about ten a second.
    PreviewCounts {
        /// The number of the request.
        number: u64,
        /// The counts so far.
        counts: RowCounts,
        /// How much of the files is read, from 0 to 1.
        share: f64,
    },
    /// An import is on its way; about ten a second.
    ImportProgress {
        /// Rows that are in.
        done: u64,
        /// All rows, when known.
        of: Option<u64>,
        /// What it is at when all rows are read.
        ending: Option<Ending>,
    },
    /// Answers `ApplyImport`: it is over.
    ImportDone {
        /// What it did; all zero when it was cancelled.
        counts: RowCounts,
        /// Whether it was cancelled, and so taken back.
        cancelled: bool,
    },
    /// Answers `FindNewestExport`.
    NewestExport(Option<FoundExport>),
    /// Answers `EditText`: the text as the editor left it, `None` when it was left unchanged or
    /// the editor failed.
    Edited {
        /// The field of the request.
        field: usize,
        /// The text.
        text: Option<String>,
    },
    /// Answers `Copy`.
    Copied {
        /// Whether the text reached a clipboard, or only the terminal was asked (OSC 52).
        sure: bool,
    },
    /// Answers `DraftMail` and `WriteMessage`.
    Left {
        /// How it left.
        way: Way,
        /// The file that was written; `None` where the mail program was opened.
        path: Option<String>,
    },
    /// Answers `PutOutNotes`.
    NotesOut(Box<NotesOut>),
    /// Answers `WriteCalendar`.
    CalendarWritten {
        /// Where.
        path: String,
        /// How many dates it holds.
        dates: usize,
    },
    /// Answers `WriteExport`.
    Exported {
        /// Where it was written.
        path: String,
        /// How many deals.
        deals: u64,
    },
    /// Answers `LoadCrms`.
    Crms(Vec<Listener>),
    /// Answers `ExportForCrm`.
    Told {
        /// What was written where, in words.
        what: String,
        /// Of how many deals something is not in the file.
        left: u64,
    },
    /// Answers `SetActor`.
    Actor(String),
}

/// Closing notes that went out.
#[derive(Clone, Debug)]
pub struct NotesOut {
    /// The request.
    pub notes: Notes,
    /// The deals that have one.
    pub written: Vec<DealId>,
    /// The folder with their files; `None` where they are to be copied.
    pub folder: Option<String>,
    /// The text to copy; empty where they were written.
    pub text: String,
}

/// How an applied action came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppliedKind {
    /// It was done.
    Done,
    /// It was taken back.
    Undone,
    /// It was done again.
    Redone,
}

/// Which effect failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Opening the pipeline.
    Open,
    /// `LoadFacts`.
    Facts,
    /// `BuildIndex` of this generation.
    Index(u64),
    /// `FetchWindow` of this number.
    Window(u64),
    /// `LoadDetail`.
    Detail(DealId),
    /// `Act`, `Undo`, `UndoAction`, `UndoTo` or `Redo`.
    Write,
    /// `LoadMap`.
    Map,
    /// `LoadAfter`.
    After,
    /// `LoadHours`.
    Hours,
    /// `LoadInsights` or `LoadBehind`.
    Insights,
    /// `LoadMeeting` or `LayTable`.
    Meeting,
    /// `LoadReviews` or `LoadMinutes`.
    Reviews,
    /// `LoadPaper`.
    Paper,
    /// `LoadSweep` or `LoadSweepPiles`.
    Sweep,
    /// `LoadWeek`.
    Week,
    /// `LoadJournal` or `LoadChanges`.
    Journal,
    /// `PreviewImport`.
    Preview,
    /// `ApplyImport`.
    Import,
    /// `FindNewestExport`.
    FindExport,
    /// `Copy`.
    Copy,
    /// `EditText`.
    EditText,
    /// `SavePlace`.
    Place,
    /// `SetActor`.
    Actor,
    /// `LoadCrms`.
    Crms,
    /// `WriteMinutes`.
    Minutes,
    /// `WriteExport` or `ExportForCrm`.
    Export,
    /// `DraftMail`, `WriteMessage` or `PutOutNotes`.
    Message,
    /// `WriteCalendar`, or the calendar that follows every change.
    Calendar,
    /// `Demo`.
    Demo,
}
