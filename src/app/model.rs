//! The cockpit's whole state: plain data that only [`crate::app::update`] changes.

mod facts;
mod overlay;
mod rows;
mod work;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use facts::{Facts, FoundExport, SavedView};
pub use overlay::{Find, Help, Menu, MenuKind, MenuRow, Overlay, Pick, Prompt, PromptKind};
pub use rows::{DetailRow, Settled};
pub use work::{Then, Work, Write};

use crate::app::after::AfterPage;
use crate::app::chord::Chord;
use crate::app::hours::HoursPage;
use crate::app::insights::InsightsPage;
use crate::app::journal::Journal;
use crate::app::keymap::{Continuation, Found, Keymap};
use crate::app::layout::Size;
use crate::app::list::{List, ListQuery};
use crate::app::map::MapPage;
use crate::app::one_on_one::{OneOnOne, SealPage};
use crate::app::paper::Paper;
use crate::app::preview::Preview;
use crate::app::reviews::ReviewsPage;
use crate::app::settings::Settings;
use crate::app::signs::SignsCard;
use crate::app::sweep::Sweep;
use crate::app::toast::{Part, Toast, Tone};
use crate::app::walk::Walk;
use crate::app::week::WeekPage;
use crate::domain::bank::{Bank, QuestionIx, Section};
use crate::domain::deal::{AnswerRow, Decision, Detail, ListRow, Status};
use crate::domain::eval::{DealEval, Due};
use crate::domain::ids::DealId;
use crate::domain::locale::Locale;
use crate::domain::message::Messages;
use crate::domain::review::PairOf;
use crate::domain::shown::{Mask, Name};
use crate::domain::signal::SignalId;
use crate::domain::verdict::Thresholds;

/// A pane of the cockpit, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    /// The deals.
    #[default]
    List,
    /// What is going on with one.
    Detail,
    /// What is not known about it.
    Checklist,
}

/// What fills the screen. The first page of [`Model::pages`] is the cockpit or the welcome.
#[derive(Clone, Debug)]
pub enum Page {
    /// The pipeline has no deal yet.
    Welcome(Welcome),
    /// List, detail and checklist.
    Cockpit,
    /// Questions.
    Walk(Walk),
    /// The journal.
    Journal(Journal),
    /// The preview of an import, and its progress.
    Preview(Preview),
    /// The sweep.
    Sweep(Sweep),
    /// The week.
    Week(WeekPage),
    /// The card of signs of a deal.
    Signs(SignsCard),
    /// A deal as if it came today.
    Fresh(DealId),
    /// What is dead on paper.
    Paper(Paper),
    /// The problem against the solution.
    Map(MapPage),
    /// What is over, and what came of it.
    After(AfterPage),
    /// Hours and money.
    Hours(HoursPage),
    /// What one's own past tells.
    Insights(InsightsPage),
    /// The 1:1.
    OneOnOne(Box<OneOnOne>),
    /// Sealing what one thinks of a deal before it.
    Seal(SealPage),
    /// Earlier 1:1s, and how two people compare.
    Reviews(Box<ReviewsPage>),
}

impl Page {
    /// Returns the deal that the page is about; `None` where it is about none or about many.
    pub fn deal(&self) -> Option<DealId> {
        match self {
            Self::Walk(walk) => Some(walk.deal),
            Self::Week(week) => week.deal(),
            Self::Signs(card) => Some(card.deal),
            Self::Fresh(deal) => Some(*deal),
            Self::Paper(paper) => paper.rows.get(paper.cursor).map(|row| row.id),
            Self::Map(map) => map.current().map(|row| row.id),
            Self::After(page) => page.deal(),
            Self::Hours(page) => page.deal(),
            Self::Insights(page) => page.deal(),
            Self::OneOnOne(page) => page.deal,
            Self::Seal(card) => Some(card.deal),
            Self::Welcome(_)
            | Self::Cockpit
            | Self::Journal(_)
            | Self::Preview(_)
            | Self::Sweep(_)
            | Self::Reviews(_) => None,
        }
    }

    /// Returns the deal that the page was opened on, and that alone is on the table; `None` where
    /// a cursor passes over many.
    pub fn opened_deal(&self) -> Option<DealId> {
        match self {
            Self::Walk(walk) => Some(walk.deal),
            Self::Signs(card) => Some(card.deal),
            Self::Fresh(deal) => Some(*deal),
            Self::OneOnOne(page) => page.deal,
            Self::Seal(card) => Some(card.deal),
            Self::Welcome(_)
            | Self::Cockpit
            | Self::Journal(_)
            | Self::Preview(_)
            | Self::Sweep(_)
            | Self::Week(_)
            | Self::Paper(_)
            | Self::Map(_)
            | Self::After(_)
            | Self::Hours(_)
            | Self::Insights(_)
            | Self::Reviews(_) => None,
        }
    }

    /// Returns the page of what is dead on paper, where it is it.
    pub fn paper(&self) -> Option<&Paper> {
        if let Self::Paper(paper) = self {
            return Some(paper);
        }
        None
    }

    /// Returns the preview of an import, where it is one.
    pub fn preview(&self) -> Option<&Preview> {
        if let Self::Preview(preview) = self {
            return Some(preview);
        }
        None
    }

    /// Returns the preview of an import to be changed, where it is one.
    pub fn preview_mut(&mut self) -> Option<&mut Preview> {
        if let Self::Preview(preview) = self {
            return Some(preview);
        }
        None
    }
}

/// The first screen of an empty pipeline: import, a demo, or a first deal.
#[derive(Clone, Debug, Default)]
pub struct Welcome {
    /// The row under the cursor; see [`Welcome::ROWS`].
    pub cursor: usize,
}

/// What the welcome offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WelcomeRow {
    /// The newest export that was found, or a file that is named.
    Import,
    /// A throw-away pipeline.
    Demo,
    /// The first deal, typed.
    Add,
}

impl Welcome {
    /// The rows, from top to bottom.
    pub const ROWS: [WelcomeRow; 3] = [WelcomeRow::Import, WelcomeRow::Demo, WelcomeRow::Add];
}

/// The deal that detail and checklist show.
#[derive(Clone, Debug, Default)]
pub struct DetailPane {
    /// The newest loaded detail. Shown as it is while its deal is under the cursor, also when a
    /// renewed one is on its way.
    pub loaded: Option<Box<Detail>>,
    /// The deal whose detail is on its way.
    pub loading: Option<DealId>,
    /// Whether what is loaded was overtaken by a change, so that it is to be loaded again.
    pub stale: bool,
    /// A deal that could not be loaded; not asked for again until something changes.
    pub missing: Option<DealId>,
    /// The first line of the detail on screen.
    pub top: usize,
    /// The question under the checklist's cursor.
    pub question: Option<QuestionIx>,
    /// The first line of the checklist on screen.
    pub checklist_top: usize,
    /// Whether the checklist also lists the questions beyond the core.
    pub all_questions: bool,
    /// Whether the detail shows the arithmetic of the verdict.
    pub why: bool,
    /// The row of the detail under its cursor.
    pub row: Option<DetailRow>,
    /// The signal that is open to what raised it.
    pub opened: Option<SignalId>,
    /// The promise under the checklist's cursor; `None` while that is on a question.
    pub promise: Option<i64>,
    /// The deal that these rows are of.
    pub of: Option<DealId>,
}

/// The whole state.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they do not exclude each other"
)]
pub struct Model {
    /// The instant of the newest message.
    pub at: DateTime<Utc>,
    /// Its local day.
    pub today: NaiveDate,
    /// The terminal's size.
    pub size: Size,
    /// What a person set.
    pub settings: Settings,
    /// Whether ASCII is drawn in place of glyphs; settled by the runtime at start.
    pub ascii: bool,
    /// How amounts, days and numbers are written.
    pub locale: Locale,
    /// Who is sitting here.
    pub who: String,
    /// Whether this is the throw-away pipeline.
    pub demo: bool,
    /// Whether the pipeline has been opened.
    pub opened: bool,
    /// The questions in force; `None` before the pipeline is open.
    pub bank: Option<Arc<Bank>>,
    /// What is written to prospects.
    pub messages: Arc<Messages>,
    /// Where the model draws its lines.
    pub thresholds: Thresholds,
    /// Figures of the whole pipeline.
    pub facts: Facts,
    /// What is hidden from those who look on.
    pub mask: Mask,
    /// Whether others look on: the last key is shown, in colours that a video call leaves legible.
    pub shared: bool,
    /// The pages, the shown one last; never empty.
    pub pages: Vec<Page>,
    /// What lies over the page, the top one last.
    pub overlays: Vec<Overlay>,
    /// The pane that has the keys.
    pub pane: Pane,
    /// Detail or checklist: the one shown beside the list where only one of them fits.
    pub side: Pane,
    /// Whether the pane with the keys has the screen to itself.
    pub zoom: bool,
    /// The list.
    pub list: List,
    /// Whether the list was asked for on the command line, so that a saved place does not
    /// change it.
    pub asked_for: bool,
    /// Detail and checklist.
    pub detail: DetailPane,
    /// The newest export that was found.
    pub export: Option<FoundExport>,
    /// The line that says what happened.
    pub toast: Option<Toast>,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// The keys of a started sequence; empty for none.
    pub pending: Vec<Chord>,
    /// The last key that was pressed, for the header of a shared screen.
    pub last_key: Option<Chord>,
    /// The day on which the cockpit last opened with "what came back?"; once a day is enough.
    pub asked_back: Option<NaiveDate>,
    /// What the worker is doing.
    pub work: Work,
    /// Whether the cockpit has been left.
    pub left: bool,
}

/// What a cockpit starts from; the rest comes with the opened pipeline.
#[derive(Clone, Debug)]
pub struct Start {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Its local day.
    pub today: NaiveDate,
    /// The terminal's size.
    pub size: Size,
    /// What a person set.
    pub settings: Settings,
    /// The keys; see [`Keymap::with_own`].
    pub keymap: Keymap,
    /// Whether ASCII is drawn in place of glyphs.
    pub ascii: bool,
    /// How amounts, days and numbers are written.
    pub locale: Locale,
    /// Who is sitting here.
    pub who: String,
    /// Whether this is the throw-away pipeline.
    pub demo: bool,
    /// What is hidden, with the session's own labels.
    pub mask: Mask,
    /// Where the model draws its lines.
    pub thresholds: Thresholds,
    /// The view, filter and order asked for on the command line; the saved place otherwise.
    pub query: Option<ListQuery>,
}

impl Model {
    /// Makes the cockpit as it is before the pipeline is open.
    pub fn new(start: Start) -> Self {
        let list = List {
            query: start.query.clone().unwrap_or_default(),
            ..List::default()
        };
        Self {
            at: start.at,
            today: start.today,
            size: start.size,
            ascii: start.ascii,
            settings: start.settings,
            locale: start.locale,
            who: start.who,
            demo: start.demo,
            opened: false,
            bank: None,
            messages: Arc::default(),
            thresholds: start.thresholds,
            facts: Facts::default(),
            mask: start.mask,
            shared: false,
            pages: vec![Page::Cockpit],
            overlays: Vec::new(),
            pane: Pane::List,
            side: Pane::Detail,
            zoom: false,
            list,
            asked_for: start.query.is_some(),
            detail: DetailPane::default(),
            export: None,
            toast: None,
            keymap: Arc::new(start.keymap),
            pending: Vec::new(),
            last_key: None,
            asked_back: None,
            work: Work::default(),
            left: false,
        }
    }

    /// Says what is wrong before anything is shown; it stands until something else is said, or for
    /// a minute.
    pub fn warn(&mut self, words: String, hint: &str) {
        self.toast = Some(Toast {
            tone: Tone::Failed,
            parts: vec![Part::Words(words)],
            hint: hint.to_owned(),
            until: self.at + TimeDelta::minutes(1),
        });
    }

    /// The page on screen.
    pub fn page(&self) -> &Page {
        self.pages.last().expect("there is always a page")
    }

    /// The overlay that owns the keys.
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlays.last()
    }

    /// The detail of the deal that the keys are about, once it is loaded.
    pub fn current_detail(&self) -> Option<&Detail> {
        let id = self.current_deal()?;
        self.detail
            .loaded
            .as_deref()
            .filter(|detail| detail.deal.id == id)
    }

    /// The deal that the keys are about: that of the questions page, else the one under the
    /// list's cursor.
    pub fn current_deal(&self) -> Option<DealId> {
        if let Page::Week(week) = self.page() {
            // Some of its rows are about no deal: then no key is about one.
            return week.deal();
        }
        if let Page::OneOnOne(page) = self.page() {
            return page.deal;
        }
        if let Page::Reviews(_) = self.page() {
            return None;
        }
        let own = self.pages.iter().rev().find_map(Page::deal);
        own.or_else(|| self.list.current())
    }

    /// The deals that a decision is about: the marked ones in the order of the list, else the
    /// current one.
    pub fn targets(&self) -> Vec<DealId> {
        if let Page::Paper(paper) = self.page() {
            return paper.ticked();
        }
        let marks = &self.list.marks;
        if !matches!(self.page(), Page::Cockpit) || marks.is_empty() {
            return self.current_deal().into_iter().collect();
        }
        // Marks outlive a filter, so that some may not be listed now.
        let listed = self.list.ids.iter().filter(|id| marks.contains(id));
        let mut targets: Vec<u32> = listed.copied().collect();
        targets.extend(marks.iter().filter(|id| !self.list.ids.contains(id)));
        targets.into_iter().map(DealId::from).collect()
    }

    /// How a deal stands, as far as it is loaded.
    pub fn standing(&self, deal: DealId) -> Option<Standing> {
        if let Some(detail) = self.detail.loaded.as_deref().filter(|d| d.deal.id == deal) {
            return Some(Standing {
                status: detail.deal.status,
                decision: detail.deal.decision,
                due: detail.eval.as_ref().and_then(|eval| eval.due),
            });
        }
        self.row(deal).map(|row| Standing {
            status: row.status,
            decision: row.decision,
            due: row.eval.as_ref().and_then(|eval| eval.due),
        })
    }

    /// What the model says of a deal, as far as it is loaded.
    pub fn eval(&self, deal: DealId) -> Option<&DealEval> {
        match self.detail.loaded.as_deref().filter(|d| d.deal.id == deal) {
            Some(detail) => detail.eval.as_ref(),
            None => self.row(deal)?.eval.as_ref(),
        }
    }

    /// The row of a deal, as far as it is loaded: of the list, else of the page.
    fn row(&self, deal: DealId) -> Option<&ListRow> {
        let listed = self.list.row_of(deal);
        listed.or_else(|| {
            let rows = &self.page().paper()?.rows;
            rows.iter().find(|row| row.id == deal)
        })
    }

    /// What a deal is called, as far as it is loaded.
    pub fn name(&self, deal: DealId) -> Option<&Name> {
        match self.detail.loaded.as_deref().filter(|d| d.deal.id == deal) {
            Some(detail) => Some(detail.deal.name()),
            None => self
                .row(deal)
                .map(|row| row.account.as_ref().unwrap_or(&row.title)),
        }
    }

    /// The question that the keys are about: the one on the questions page, the one under the
    /// checklist's cursor, else the deal's own next ask.
    pub fn question(&self) -> Option<QuestionIx> {
        if let Page::Walk(walk) = self.page() {
            return walk.question.filter(|_| walk.note.is_none());
        }
        if let Page::Week(week) = self.page() {
            return match week.current_ask().filter(|_| week.back.is_some()) {
                Some(ask) => self.bank.as_deref()?.find(&ask.question),
                None => self.eval(self.current_deal()?)?.ask,
            };
        }
        if let Page::OneOnOne(page) = self.page() {
            let bank = self.bank.as_deref()?;
            return match page.here(bank) {
                Some(PairOf::Question(id)) => bank.find(&id),
                Some(PairOf::Verdict) | None => self.eval(page.deal?)?.ask,
            };
        }
        if let Page::Seal(_) = self.page() {
            return None;
        }
        if self.pane == Pane::Checklist {
            return self
                .detail
                .question
                .filter(|_| self.detail.promise.is_none());
        }
        self.eval(self.current_deal()?)?.ask
    }

    /// The questions that the checklist lists, in its order: by section, the core first and what
    /// was answered beyond it; all of them on request.
    pub fn listed_questions(&self) -> Vec<QuestionIx> {
        let Some(bank) = self.bank.as_deref() else {
            return Vec::new();
        };
        let answers = self
            .current_detail()
            .map(|detail| detail.answers.as_slice());
        let answered = |id: &str| answers.is_some_and(|rows| rows.iter().any(|r| r.question == id));
        let mut listed = Vec::new();
        for section in Section::ALL {
            let rows = bank
                .iter()
                .filter(|(_, question)| question.section == *section);
            let shown = rows.filter(|(_, question)| {
                question.core || self.detail.all_questions || answered(&question.id)
            });
            listed.extend(shown.map(|(ix, _)| ix));
        }
        listed
    }

    /// The answer in force to a question of the current deal; `None` for not asked.
    pub fn answer(&self, question: QuestionIx) -> Option<&AnswerRow> {
        let id = &self.bank.as_deref()?[question].id;
        self.current_detail()?
            .answers
            .iter()
            .find(|row| row.question == *id)
    }

    /// Whether the names of keys are spelled: `Enter`, `Right`. Signs for them are lost where the
    /// terminal has no such glyphs, and in the small, blurred picture of a video call.
    pub fn spells_keys(&self) -> bool {
        self.ascii || self.shared
    }

    /// When time alone changes the screen next: the runtime sends a `Wake` then.
    pub fn wake_at(&self) -> Option<DateTime<Utc>> {
        let toast = self.toast.as_ref().map(|toast| toast.until);
        let clock = match self.page() {
            Page::OneOnOne(page) => page.session().map(|one| one.clock.changes_at(self.at)),
            Page::Welcome(_)
            | Page::Cockpit
            | Page::Walk(_)
            | Page::Journal(_)
            | Page::Preview(_)
            | Page::Sweep(_)
            | Page::Week(_)
            | Page::Signs(_)
            | Page::Fresh(_)
            | Page::Paper(_)
            | Page::Map(_)
            | Page::After(_)
            | Page::Hours(_)
            | Page::Insights(_)
            | Page::Reviews(_)
            | Page::Seal(_) => None,
        };
        toast.into_iter().chain(clock).min()
    }

    /// Whether the rows on screen, or the deal under the cursor, are on their way: both are read by
    /// their number, which takes no longer than drawing a frame without them.
    pub fn expects(&self) -> bool {
        self.list.expects() || self.detail.loading.is_some()
    }

    /// Notes that the model as it is has been shown. A sheet confirms only after this.
    pub fn drawn(&mut self) {
        if let Some(Overlay::Form(form)) = self.overlays.last_mut() {
            form.drawn = !form.waiting;
        }
    }

    /// What continues a started sequence of keys, for a hint; empty when none was started.
    pub fn continuations(&self) -> Vec<Continuation> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        match self
            .keymap
            .find(&crate::app::keymap::scopes(self), &self.pending)
        {
            // A page that has nothing to show is not offered.
            Found::More(more) => more
                .into_iter()
                .filter(|next| (next.command.info().enabled)(self).is_ok())
                .collect(),
            Found::Command(_) | Found::Nothing => Vec::new(),
        }
    }
}

/// How a deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Open or closed.
    pub status: Status,
    /// What was decided.
    pub decision: Decision,
    /// Why it is on top again, if it is.
    pub due: Option<Due>,
}
