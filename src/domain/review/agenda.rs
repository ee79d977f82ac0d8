//! What a 1:1 talks about, in which order.

use chrono::NaiveDate;

use crate::domain::deal::{DecisionKind, words};
use crate::domain::eval::Due;
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Name};
use crate::domain::verdict::Verdict;

/// The most items that an agenda has of what a day brought or the cockpit proposes: twice what
/// the time of a 1:1 takes. What is left waits for the next one; what a person asked for is never
/// left out.
pub const LONGEST: usize = 12;

/// The rank of what a day brought, among what was asked for.
const DUE: usize = 2;

words! {
    /// How an item of the agenda stands.
    ItemState {
        /// Still to be talked about.
        Open = "open",
        /// Talked about.
        Done = "done",
        /// Put off to the next 1:1.
        NextTime = "next_time",
    }
}

/// Why a deal is on the agenda, in the order in which the kinds come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgendaWhy {
    /// It was fired above the charter's ceiling, and the manager has to answer.
    Request {
        /// The request's number.
        id: i64,
        /// The day after which the firing stands.
        due: NaiveDate,
    },
    /// It was on the agenda of last time and was not talked about.
    LeftOver {
        /// Whether somebody put it off, or had asked for it; else it was proposed, and time ran
        /// out.
        wanted: bool,
    },
    /// Somebody raised a hand.
    Raised {
        /// Who; `None` where it is not known.
        who: Option<String>,
        /// What about.
        note: Option<Free>,
    },
    /// It is due again.
    Due(Due),
    /// The cockpit would fire it.
    Fire,
    /// Two people sealed answers to it that have not been looked at together, or differ.
    Differ {
        /// How many questions both answered unseen.
        questions: u16,
    },
    /// It would be won for bad money.
    Money,
    /// It can be won and gets too few hours.
    Invest,
    /// Its answers are past their shelf life.
    Stale {
        /// How many are.
        answers: u16,
    },
    /// Somebody put it there.
    Added,
}

impl AgendaWhy {
    /// Returns the word that is kept and printed; it never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::LeftOver { .. } => "left_over",
            Self::Raised { .. } => "raised",
            Self::Due(_) => "due",
            Self::Fire => "fire",
            Self::Differ { .. } => "differ",
            Self::Money => "money",
            Self::Invest => "invest",
            Self::Stale { .. } => "stale",
            Self::Added => "added",
        }
    }

    /// Returns a word or two for the list: `fire?`, `Ana asks`.
    pub fn words(&self) -> String {
        match self {
            Self::Request { .. } => "above the ceiling".to_owned(),
            Self::LeftOver { .. } => "from last time".to_owned(),
            Self::Raised { who: Some(who), .. } => format!("{who} asks"),
            Self::Raised { who: None, .. } => "asked for".to_owned(),
            Self::Due(Due::Tripwire) => "due".to_owned(),
            Self::Due(Due::Hold) => "hold ended".to_owned(),
            Self::Due(Due::Nurture) => "nurture date".to_owned(),
            Self::Due(Due::CameBack) => "came back".to_owned(),
            Self::Due(Due::Worse) => "worse".to_owned(),
            Self::Fire => "fire?".to_owned(),
            Self::Differ { .. } => "sealed".to_owned(),
            Self::Money => "money".to_owned(),
            Self::Invest => "invest".to_owned(),
            Self::Stale { .. } => "stale".to_owned(),
            Self::Added => "added".to_owned(),
        }
    }

    /// Returns the same in the room of a narrow list: `again`, `hold due`.
    pub fn brief(&self) -> String {
        match self {
            Self::Request { .. } => "ceiling".to_owned(),
            Self::LeftOver { .. } => "again".to_owned(),
            Self::Due(Due::Hold) => "hold due".to_owned(),
            Self::Due(Due::Nurture) => "nurture".to_owned(),
            Self::Raised { .. }
            | Self::Due(Due::Tripwire | Due::CameBack | Due::Worse)
            | Self::Fire
            | Self::Differ { .. }
            | Self::Money
            | Self::Invest
            | Self::Stale { .. }
            | Self::Added => self.words(),
        }
    }

    /// Whether somebody asked for it, or a day did; it then comes before what the cockpit
    /// proposes by itself.
    pub fn is_asked_for(&self) -> bool {
        match self {
            Self::Request { .. }
            | Self::LeftOver { wanted: true }
            | Self::Raised { .. }
            | Self::Due(_)
            | Self::Added => true,
            Self::LeftOver { wanted: false }
            | Self::Fire
            | Self::Differ { .. }
            | Self::Money
            | Self::Invest
            | Self::Stale { .. } => false,
        }
    }

    /// Its rank among the kinds, from 0.
    fn rank(&self) -> usize {
        match self {
            Self::Request { .. } => 0,
            Self::Raised { .. } => 1,
            Self::Due(_) => DUE,
            Self::LeftOver { wanted: true } => 3,
            Self::Added => 4,
            Self::LeftOver { wanted: false } => 5,
            Self::Fire => 6,
            Self::Differ { .. } => 7,
            Self::Money => 8,
            Self::Invest => 9,
            Self::Stale { .. } => 10,
        }
    }
}

/// A deal that could be on the agenda.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The deal.
    pub deal: DealId,
    /// Why.
    pub why: AgendaWhy,
}

/// Arranges what a 1:1 talks about: each deal once, for its strongest reason, at most `most`, and
/// more only where people asked for more.
///
/// First what was asked for, kind by kind; then the kinds that the cockpit proposes take turns,
/// so that a pipeline full of deals to fire does not push out the one that can be won. Within a
/// kind the given order stands.
pub fn arrange(candidates: impl IntoIterator<Item = Candidate>, most: usize) -> Vec<Candidate> {
    let mut kinds: [std::collections::VecDeque<Candidate>; 11] = Default::default();
    for candidate in candidates {
        kinds[candidate.why.rank()].push_back(candidate);
    }
    let mut taken: Vec<Candidate> = Vec::new();
    let take = |from: &mut std::collections::VecDeque<Candidate>, taken: &mut Vec<Candidate>| {
        while let Some(next) = from.pop_front() {
            if taken.iter().all(|one| one.deal != next.deal) {
                taken.push(next);
                return true;
            }
        }
        false
    };
    let (asked, proposed) = kinds.split_at_mut(5);
    for (rank, kind) in asked.iter_mut().enumerate() {
        while (rank != DUE || taken.len() < most) && take(kind, &mut taken) {}
    }
    let mut any = true;
    while any && taken.len() < most {
        any = false;
        for kind in proposed.iter_mut() {
            if taken.len() < most {
                any |= take(kind, &mut taken);
            }
        }
    }
    taken
}

/// One deal of an agenda.
#[derive(Clone, Debug)]
pub struct AgendaItem {
    /// Its number; `None` where the review has not begun and the item is only proposed.
    pub id: Option<i64>,
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// What the cockpit says of it; `None` for closed deals.
    pub verdict: Option<Verdict>,
    /// Why it is there.
    pub why: AgendaWhy,
    /// Minutes meant for it.
    pub minutes: u16,
    /// Seconds spent on it so far, without those since it was opened last.
    pub seconds: u32,
    /// How it stands.
    pub state: ItemState,
}

/// A decision of last time, with what came of it.
#[derive(Clone, Debug)]
pub struct DecidedRow {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// What was decided.
    pub kind: DecisionKind,
    /// The day.
    pub day: NaiveDate,
    /// What came of it, in a word or two: `silent`, `came back`, `won`, `tripwire due`.
    pub since: String,
}

/// A hand that is up.
#[derive(Clone, Debug)]
pub struct Hand {
    /// Its number.
    pub id: i64,
    /// The deal.
    pub deal: DealId,
    /// What about.
    pub note: Option<Free>,
    /// By whom.
    pub who: Option<String>,
    /// When, RFC 3339 in UTC.
    pub at: String,
}

/// What a 1:1 talks about.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    /// The deals in their order.
    pub items: Vec<AgendaItem>,
    /// How many of them, from the first, the time is enough for; the rest is "if time is left".
    pub fits: usize,
    /// What was decided last time, and what came of it.
    pub decided_last_time: Vec<DecidedRow>,
}

impl Agenda {
    /// How many items are still to be talked about.
    pub fn open(&self) -> usize {
        let open = self
            .items
            .iter()
            .filter(|item| item.state == ItemState::Open);
        open.count()
    }

    /// The next item that is open after a deal, round to the first; `None` where none is.
    pub fn next_after(&self, deal: Option<DealId>) -> Option<&AgendaItem> {
        let at = deal.and_then(|deal| self.items.iter().position(|item| item.deal == deal));
        let start = at.map_or(0, |at| at + 1);
        let (before, after) = self.items.split_at(start.min(self.items.len()));
        let mut round = after.iter().chain(before);
        round.find(|item| item.state == ItemState::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(deal: i64, why: AgendaWhy) -> Candidate {
        Candidate {
            deal: DealId(deal),
            why,
        }
    }

    fn deals(of: &[Candidate]) -> Vec<i64> {
        of.iter().map(|one| one.deal.0).collect()
    }

    #[test]
    fn what_was_asked_for_comes_first_and_the_rest_takes_turns() {
        let all = [
            candidate(1, AgendaWhy::Fire),
            candidate(2, AgendaWhy::Fire),
            candidate(3, AgendaWhy::Fire),
            candidate(4, AgendaWhy::Invest),
            candidate(5, AgendaWhy::Stale { answers: 4 }),
            candidate(6, AgendaWhy::Due(Due::Tripwire)),
            candidate(
                7,
                AgendaWhy::Raised {
                    who: Some("Ana".into()),
                    note: None,
                },
            ),
        ];

        assert_eq!(deals(&arrange(all.clone(), 12)), [7, 6, 1, 4, 5, 2, 3]);
        assert_eq!(deals(&arrange(all, 4)), [7, 6, 1, 4]);
    }

    #[test]
    fn what_time_ran_out_for_waits_behind_what_is_asked_for_and_takes_turns() {
        let left = |deal, wanted| candidate(deal, AgendaWhy::LeftOver { wanted });
        let raised = AgendaWhy::Raised {
            who: None,
            note: None,
        };
        let all = [
            left(1, false),
            left(2, false),
            left(3, true),
            candidate(4, AgendaWhy::Fire),
            candidate(5, raised),
        ];

        assert_eq!(deals(&arrange(all, 12)), [5, 3, 1, 4, 2]);
    }

    #[test]
    fn what_people_asked_for_is_never_left_out() {
        let raised = || AgendaWhy::Raised {
            who: None,
            note: None,
        };
        let hands = (1..=14).map(|deal| candidate(deal, raised()));
        let due = (21..=34).map(|deal| candidate(deal, AgendaWhy::Due(Due::Tripwire)));
        let put_off = candidate(41, AgendaWhy::LeftOver { wanted: true });
        let all: Vec<Candidate> = hands.chain(due).chain([put_off]).collect();

        let expected: Vec<i64> = (1..=14).chain([41]).collect();
        assert_eq!(deals(&arrange(all.clone(), LONGEST)), expected);
        assert_eq!(deals(&arrange(all[14..].to_vec(), LONGEST)).len(), 13);
    }

    #[test]
    fn a_deal_is_on_the_agenda_once_for_its_strongest_reason() {
        let all = [
            candidate(1, AgendaWhy::Stale { answers: 1 }),
            candidate(1, AgendaWhy::Fire),
            candidate(1, AgendaWhy::Due(Due::Hold)),
        ];

        let arranged = arrange(all, 12);

        assert_eq!(deals(&arranged), [1]);
        assert_eq!(arranged[0].why, AgendaWhy::Due(Due::Hold));
    }
}
