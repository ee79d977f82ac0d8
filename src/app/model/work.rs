//! What the worker is doing for the cockpit.

use std::collections::VecDeque;

use super::Prompt;
use crate::app::effect::{Effect, Left};
use crate::app::one_on_one::MinutesWish;
use crate::domain::ids::DealId;

/// A write that was handed out or waits its turn. One at a time is handed out, so that each
/// sees what the one before it did.
#[derive(Clone, Debug)]
pub struct Write {
    /// What the worker is asked for.
    pub effect: Effect,
    /// What to do with its reply.
    pub then: Then,
    /// The line that asked for it: refused, it comes back into its field.
    pub line: Option<Box<Prompt>>,
}

/// What follows a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Says what happened.
    Say,
    /// Says nothing: the screen shows it (an answer).
    Nothing,
    /// Closes the sheet, says what happened and goes on to the next undecided deal.
    NextDeal,
    /// Closes the sheet and says what happened.
    CloseSheet,
    /// Closes the sheet and opens the one that continues the deal.
    ContinueSheet,
    /// Says what happened and opens the sheet that fires the deal.
    FireSheet,
    /// Closes the sheet and goes on to the next question.
    NextQuestion,
}

/// What the worker is doing for the cockpit.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each notes one thing that is on its way"
)]
pub struct Work {
    /// The write that was handed out.
    pub write: Option<Write>,
    /// Writes that wait.
    pub waiting: VecDeque<Write>,
    /// Whether the figures are on their way.
    pub facts: bool,
    /// Whether they were overtaken by a change, so that they are to be loaded again.
    pub facts_stale: bool,
    /// Whether the week is on its way, to see whether it opens by itself.
    pub week: bool,
    /// Whether "what came back?" opens as soon as the week is known.
    pub came_back: bool,
    /// Messages that left the program, to be noted.
    pub notes: Vec<Left>,
    /// The deals whose closing notes are on their way to the clipboard.
    pub copying: Vec<DealId>,
    /// What is said of them beside their number, where they are all that wait.
    pub copied: Option<(String, &'static str)>,
    /// Whether a message is on its way to the mail program or a file.
    pub leaving: bool,
    /// Whether the calendar is being written.
    pub calendar: bool,
    /// Whether the newest export is being looked for.
    pub finding: bool,
    /// Whether its preview opens as soon as it is found.
    pub open_found: bool,
    /// The number of the newest preview.
    pub previews: u64,
    /// Whether the owner who is oneself is asked for with the next figures, after an import.
    pub ask_owner: bool,
    /// Whether, after an import, what is dead on paper is to be looked for.
    pub look_for_paper: bool,
    /// Whether its page opens as soon as it is found.
    pub open_paper: bool,
    /// Whether a text is out in an editor.
    pub editing: bool,
    /// Whether the name of the person was handed on and not confirmed yet.
    pub naming: bool,
    /// Whether an export is being written.
    pub exporting: bool,
    /// Whether it is on its way what the CRMs do not know.
    pub crms: bool,
    /// Whether the form of the export opens as soon as that is known.
    pub export_form: bool,
    /// Minutes that are written once the 1:1 is closed.
    pub minutes: Option<MinutesWish>,
    /// Whether it is closed, so that they can be.
    pub is_closed: bool,
    /// Whether the demo pipeline is being made.
    pub demo: bool,
}

impl Work {
    /// Whether an act of a person is on its way or waits; most take milliseconds, another bank as
    /// long as judging every deal anew.
    pub fn is_acting(&self) -> bool {
        let all = self.write.iter().chain(&self.waiting);
        all.into_iter()
            .any(|write| matches!(write.effect, Effect::Act(_)))
    }

    /// Whether a write is on its way or waits.
    pub fn is_writing(&self) -> bool {
        self.write.is_some() || !self.waiting.is_empty()
    }
}
