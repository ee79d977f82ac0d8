//! Questions: one deal, one question at a time, one key that answers, grades and goes on.

use crate::domain::bank::QuestionIx;
use crate::domain::ids::DealId;

/// What the page says instead of its question, until one goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkNote {
    /// They were asked and said no to this one: that is enough to fire.
    EnoughToFire(QuestionIx),
    /// The verdict cannot change any more; the decision is offered.
    Final,
    /// Every question was asked or passed over.
    NoneLeft,
}

/// The page of questions.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The deal.
    pub deal: DealId,
    /// The question on screen; `None` before the deal is loaded and when none is left.
    pub question: Option<QuestionIx>,
    /// Questions that were on screen before, the latest last: the way back.
    pub trail: Vec<QuestionIx>,
    /// Questions that were skipped in this walk.
    pub skipped: Vec<QuestionIx>,
    /// What the page says instead of its question.
    pub note: Option<WalkNote>,
    /// Whether the person asks on though the verdict is final.
    pub asks_on: bool,
}
