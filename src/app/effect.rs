//! What is to be done outside: asked for by the update, carried out by the worker or the runtime.
//!
//! Effects of one update are carried out in their order. A write ([`Effect::is_write`]) is handed
//! out only after the reply to the one before it. Nothing that is on its way is asked for twice.

use crate::app::list::ListQuery;
use crate::app::one_on_one::MinutesWish;
use crate::app::place::Place;
use crate::app::preview::Request;
use crate::domain::act::Act;
use crate::domain::ids::{ActionId, DealId};
use crate::domain::insights::Period;
use crate::domain::message::Way;
use crate::domain::told::Choices;

/// What `Undo` may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The latest action of this person since this cockpit was opened that is not undone, and
    /// never an import or the closing of a review: what `u` takes back.
    Mine,
    /// The latest action of all that is not undone.
    Any,
}

/// A message that left the program: about which deal, which one, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The deal.
    pub deal: DealId,
    /// The word of its kind in the log; `farewell` for a closing note.
    pub kind: &'static str,
    /// How.
    pub way: Way,
}

/// A mail on its way out; a person sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Whom it is about, for the name of a file.
    pub name: String,
    /// The one recipient, where known.
    pub to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The mail.
    pub body: String,
    /// What to say on the phone instead.
    pub phone: String,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outgoing")
    }
}

/// Closing notes that go out together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes {
    /// Of which deals.
    pub deals: Vec<DealId>,
    /// How: copied, as drafts, or as files.
    pub way: Way,
    /// Whether the deals were fired just now.
    pub fired: bool,
}

/// What is to be done outside.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Loads the figures of the pipeline; answered by `Facts`.
    LoadFacts,
    /// Orders the deals; stops the index before it. Answered by `Index`, in two parts when it is
    /// long: the first three pages, then the whole.
    BuildIndex {
        /// The number of this request; replies carry it, older ones are dropped.
        generation: u64,
        /// Which deals in which order.
        query: Box<ListQuery>,
    },
    /// Loads rows of the list; answered by `Window`.
    FetchWindow {
        /// The number of this request, which its reply carries.
        request: u64,
        /// The deals, in the order of the index; at most a few hundred.
        ids: Vec<u32>,
    },
    /// Loads all of a deal; answered by `Detail`.
    LoadDetail(DealId),
    /// Does what a person wants; answered by `Applied`.
    Act(Box<Act>),
    /// Takes the latest action back; answered by `Applied`.
    Undo(Reach),
    /// Takes this action back; answered by `Applied`.
    UndoAction(ActionId),
    /// Takes back all actions that came after this one, as one action; answered by `Applied`.
    UndoTo(ActionId),
    /// Does again what this person took back last; answered by `Applied`.
    Redo,
    /// Loads a page of the journal; answered by `JournalPage`.
    LoadJournal {
        /// Only actions of this deal; `None` for all.
        deal: Option<DealId>,
        /// Only actions before this one; `None` from the latest.
        before: Option<ActionId>,
    },
    /// Loads what an action changed; answered by `Changes`.
    LoadChanges(ActionId),
    /// Loads a page of the sweep, from 0; answered by `SweepPage`.
    LoadSweep(usize),
    /// Loads the map of the pipeline; answered by `Map`.
    LoadMap,
    /// Loads what is over; answered by `After`.
    LoadAfter,
    /// Loads hours and money; answered by `Hours`.
    LoadHours,
    /// Loads what one's own past tells; answered by `Insights`.
    LoadInsights(Period),
    /// Loads the deals behind a bar, at most [`crate::app::insights::LISTED`]; answered by
    /// `Behind`.
    LoadBehind(Vec<DealId>),
    /// Loads the 1:1 that runs, or the agenda of one with somebody; answered by `Meeting`.
    LoadMeeting(Option<String>),
    /// Loads what each pair of people has behind them; answered by `Reviews`.
    LoadReviews,
    /// Loads the minutes of a 1:1 by its number; answered by `MinutesOf`.
    LoadMinutes(i64),
    /// Loads what is known of a deal on the table; answered by `Table`.
    LayTable(DealId),
    /// Writes the minutes of a 1:1, or brings them to be copied; answered by `Minutes`.
    WriteMinutes(Box<MinutesWish>),
    /// Loads what is dead on paper; answered by `Paper`.
    LoadPaper,
    /// Loads the piles that the sweep made; answered by `SweepPiles`.
    LoadSweepPiles,
    /// Loads the week; answered by `Week`.
    LoadWeek,
    /// Notes that a message about a deal left the program; no reply.
    LogMessage(Left),
    /// Opens the mail program on a draft, or writes one to a file where there is none; answered
    /// by `Left`.
    DraftMail(Box<Outgoing>),
    /// Writes a message to a file; answered by `Left`.
    WriteMessage(Box<Outgoing>),
    /// Writes the closing notes of fired deals to a new folder, a file each, or brings them as one
    /// text to copy; answered by `NotesOut`.
    PutOutNotes(Box<Notes>),
    /// Writes the calendar; answered by `CalendarWritten`.
    WriteCalendar {
        /// Where; `None` takes the configured file, else picks a name in the folder the program
        /// was started in.
        path: Option<String>,
        /// The level of the mask in force, 0 to 2.
        mask: u8,
    },
    /// Reads files and says what they would do; stops the reading before it. Answered by
    /// `Preview`, several times while a long file is read.
    PreviewImport {
        /// The number of this request; replies carry it, older ones are dropped.
        number: u64,
        /// What to read, and how.
        request: Box<Request>,
    },
    /// Imports the files as previewed; answered by `ImportProgress` and one `ImportDone`.
    ApplyImport(Box<Request>),
    /// Stops the import, which is then taken back; `ImportDone` still comes.
    CancelImport,
    /// Looks for the newest export of a known kind; answered by `NewestExport`.
    FindNewestExport,
    /// Puts text, masked already, on the clipboard; answered by `Copied`.
    Copy(String),
    /// Opens the person's editor on a text; answered by `Edited`.
    EditText {
        /// The field of the form on top.
        field: usize,
        /// The text.
        text: String,
    },
    /// Keeps the place for the next start; no reply.
    SavePlace(Place),
    /// Says who is sitting here, for the writes to come; answered by `Actor`.
    SetActor(String),
    /// Writes the deals of a query to a file; answered by `Exported`.
    WriteExport {
        /// Where; `None` picks a name in the folder the program was started in.
        path: Option<String>,
        /// Which deals.
        query: Box<ListQuery>,
        /// The level of the mask in force, 0 to 2.
        mask: u8,
    },
    /// Looks which CRMs deals came from, and what they do not know; answered by `Crms`.
    LoadCrms,
    /// Writes what a CRM does not know to the file that it takes; answered by `Told`.
    ExportForCrm {
        /// The source of its deals.
        source: String,
        /// Under which columns.
        choices: Box<Choices>,
        /// Whether fired deals are closed there.
        close_fired: bool,
        /// Where; `None` picks names in the folder the program was started in.
        path: Option<String>,
    },
    /// Makes a throw-away pipeline and opens it; answered by `Opened`.
    Demo,
    /// Looks after what time and others left: a day that began, rows to index, an import to take
    /// back. Answered by `Overtaken` where that changed deals.
    Tend,
    /// Leaves, after all effects before this one were carried out.
    Quit,
    /// Stops the program as `Ctrl-z` does; `Resumed` follows.
    Suspend,
}

impl Effect {
    /// Whether this writes to the pipeline by an action that can be undone.
    pub fn is_write(&self) -> bool {
        matches!(
            self,
            Self::Act(_) | Self::Undo(_) | Self::UndoAction(_) | Self::UndoTo(_) | Self::Redo
        )
    }
}
