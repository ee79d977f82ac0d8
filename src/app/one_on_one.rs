//! The 1:1: the agenda, the deal on the table, and what two people say of it unseen.

use crate::domain::answer::AnswerKey;
use crate::domain::bank::Bank;
use crate::domain::ids::DealId;
use crate::domain::review::{Agenda, AgendaItem, Chosen, OnTable, PairOf, Session};
use crate::domain::shown::Mask;

/// Who meets, and what about.
#[derive(Clone, Debug, Default)]
pub struct Meeting {
    /// The meeting that runs; `None` while the agenda is only proposed.
    pub session: Option<Session>,
    /// What it talks about.
    pub agenda: Agenda,
}

impl Meeting {
    /// The deal on the table, as the file has it.
    pub fn table(&self) -> Option<DealId> {
        Some(self.session.as_ref()?.table?.0)
    }
}

/// Where the talk about a deal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// Nobody sealed anything: the deal is talked about as it stands.
    Open,
    /// The rep has sealed; the manager says it aloud, and it is typed unseen.
    Asking,
    /// Some of it is revealed.
    Revealing,
    /// All of it is revealed.
    Settling,
}

/// The page of the 1:1.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they do not exclude each other"
)]
pub struct OneOnOne {
    /// With whom, where somebody was named.
    pub with: Option<String>,
    /// Who meets, and what about; `None` while it is on its way.
    pub meeting: Option<Box<Meeting>>,
    /// Whether that was asked for.
    pub loading: bool,
    /// Whether somebody wrote since, so that it is to be loaded again.
    pub stale: bool,
    /// The deal on the table.
    pub deal: Option<DealId>,
    /// What is known of a deal that is or was on the table.
    pub table: Option<Box<OnTable>>,
    /// The deal whose table was asked for.
    pub laying: Option<DealId>,
    /// Whether somebody wrote since, so that the table is to be loaded again.
    pub table_stale: bool,
    /// Whether the agenda is put away.
    pub away: bool,
    /// The row of the comparison under the cursor.
    pub row: usize,
    /// Rows of the deal that are scrolled away where no row has the cursor.
    pub top: usize,
    /// What was typed for the manager on the deal on the table; what was said is in the file only.
    pub said: Vec<PairOf>,
    /// Keys that were pressed before the table was there, in their order.
    pub held: Vec<Held>,
}

/// A key whose meaning depends on what lies on the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// An answer.
    Answer(AnswerKey),
    /// Whose answer the deal takes.
    Choose(Chosen),
    /// `Enter`.
    Enter,
}

impl OneOnOne {
    /// Returns what is known of the deal on the table.
    pub fn on_table(&self) -> Option<&OnTable> {
        self.table
            .as_deref()
            .filter(|table| Some(table.deal) == self.deal)
    }

    /// Returns the item of the deal on the table, and its place.
    pub fn item(&self) -> Option<(usize, &AgendaItem)> {
        let items = &self.meeting.as_ref()?.agenda.items;
        let at = items.iter().position(|item| Some(item.deal) == self.deal)?;
        Some((at, &items[at]))
    }

    /// Returns the deal so many places on in the agenda.
    pub fn along(&self, by: isize) -> Option<DealId> {
        let items = &self.meeting.as_ref()?.agenda.items;
        let at = match self.item() {
            Some((at, _)) => at.checked_add_signed(by)?,
            None => 0,
        };
        items.get(at).map(|item| item.deal)
    }

    /// The meeting that runs.
    pub fn session(&self) -> Option<&Session> {
        let session = self.meeting.as_ref()?.session.as_ref()?;
        session.ended.is_none().then_some(session)
    }

    /// Says where the talk about the deal is.
    pub fn talk(&self) -> Talk {
        let Some(table) = self.on_table() else {
            return Talk::Open;
        };
        let sealed = &table.sealed;
        match (sealed.pairs.is_empty(), sealed.hidden) {
            (false, 0) => Talk::Settling,
            (false, _) => Talk::Revealing,
            (true, _) if self.has_sealed(self.rep()) && self.manager().is_some() => Talk::Asking,
            (true, _) => Talk::Open,
        }
    }

    /// Whether what a key does depends on what is still on its way to the table.
    pub fn waits(&self, is_writing: bool) -> bool {
        let is_coming =
            self.meeting.is_none() || (self.deal.is_some() && self.on_table().is_none());
        // What is being written may be what begins the talk.
        let is_renewed =
            self.stale || self.loading || self.table_stale || self.laying.is_some() || is_writing;
        is_coming || (self.talk() == Talk::Open && is_renewed)
    }

    /// Whether nobody is asked anything, so that the keys of answers settle what fell due.
    pub fn asks_nothing(&self, is_writing: bool) -> bool {
        self.session().is_some() && self.talk() == Talk::Open && !self.waits(is_writing)
    }

    /// The rep's name; empty before the meeting runs.
    pub fn rep(&self) -> &str {
        self.session().map_or("", |session| &session.rep)
    }

    /// The manager's name; `None` for somebody who reviews alone.
    pub fn manager(&self) -> Option<&str> {
        self.session()?.manager.as_deref()
    }

    /// Says whether somebody has sealed something on the deal that is not revealed yet.
    pub fn has_sealed(&self, who: &str) -> bool {
        let counts = self
            .on_table()
            .map_or(&[][..], |table| &table.sealed.counts);
        counts
            .iter()
            .any(|count| count.person == who && (count.sealed > 0 || count.verdict))
    }

    /// Returns what the row under the cursor is about.
    pub fn here(&self, bank: &Bank) -> Option<PairOf> {
        match self.talk() {
            Talk::Open => None,
            Talk::Asking => rows_to_ask(bank).into_iter().nth(self.row),
            Talk::Revealing | Talk::Settling => {
                let pair = self.on_table()?.sealed.pairs.get(self.row)?;
                Some(pair.of.clone())
            }
        }
    }

    /// How many rows the cursor can be on.
    pub fn rows(&self, bank: &Bank) -> usize {
        match self.talk() {
            Talk::Open => 0,
            Talk::Asking => rows_to_ask(bank).len(),
            Talk::Revealing | Talk::Settling => {
                self.on_table().map_or(0, |table| table.sealed.pairs.len())
            }
        }
    }
}

/// What is asked unseen: what to do with the deal, the questions that it needs, and the rest of
/// the core.
pub fn rows_to_ask(bank: &Bank) -> Vec<PairOf> {
    let core = || bank.iter().filter(|(_, question)| question.core);
    let musts = core().filter(|(_, question)| question.must.is_some());
    let others = core().filter(|(_, question)| question.must.is_none());
    let questions = musts
        .chain(others)
        .map(|(_, question)| PairOf::Question(question.id.clone()));
    std::iter::once(PairOf::Verdict).chain(questions).collect()
}

/// Minutes that are to be written or copied.
#[derive(Clone, Debug)]
pub struct MinutesWish {
    /// The meeting's number.
    pub review: i64,
    /// The file; `None` copies them.
    pub path: Option<String>,
    /// Whether they are a page of HTML, and not Markdown.
    pub html: bool,
    /// What they hide.
    pub mask: Mask,
}

/// Sealing what one thinks of a deal before the call.
#[derive(Clone, Debug)]
pub struct SealPage {
    /// The deal.
    pub deal: DealId,
    /// The row under the cursor, of [`rows_to_ask`].
    pub row: usize,
    /// What was sealed here; what was said is in the file only.
    pub said: Vec<PairOf>,
}

impl SealPage {
    /// The page of a deal.
    pub fn of(deal: DealId) -> Self {
        Self {
            deal,
            row: 0,
            said: Vec::new(),
        }
    }
}
