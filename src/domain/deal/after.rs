//! What came of a firing and of a win, and the hours that firing freed.

use chrono::{Duration, NaiveDate};

use super::{Disposition, Status, WeekPlan};
use crate::domain::ids::DealId;
use crate::domain::judgement::Fate;
use crate::domain::ledger::Ledger;
use crate::domain::money::Money;
use crate::domain::shown::{Free, Name};

words! {
    /// What happened after a firing.
    OutcomeKind {
        /// They came back, and changed what they do.
        CameBackBetter = "came_back_better",
        /// They came back, and nothing had changed.
        CameBackUnchanged = "came_back_unchanged",
        /// Nothing was heard of them.
        Silence = "silence",
        /// They bought from somebody else.
        BoughtElsewhere = "bought_elsewhere",
        /// They bought nothing.
        BoughtNothing = "bought_nothing",
        /// They bought from us after all.
        Won = "won",
        /// Lost, as the CRM says.
        Lost = "lost",
    }
}

impl OutcomeKind {
    /// Those that a person can say; won and lost are the CRM's, or of `close`.
    pub const TOLD: [Self; 5] = [
        Self::CameBackBetter,
        Self::CameBackUnchanged,
        Self::Silence,
        Self::BoughtElsewhere,
        Self::BoughtNothing,
    ];

    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::CameBackBetter => "came back better",
            Self::CameBackUnchanged => "came back unchanged",
            Self::Silence => "silence",
            Self::BoughtElsewhere => "bought elsewhere",
            Self::BoughtNothing => "bought nothing",
            Self::Won => "won after all",
            Self::Lost => "lost in the CRM",
        }
    }

    /// Reads what a person types; the short words are those of the page.
    pub fn told(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "better" => Some(Self::CameBackBetter),
            "unchanged" => Some(Self::CameBackUnchanged),
            "elsewhere" => Some(Self::BoughtElsewhere),
            "nothing" => Some(Self::BoughtNothing),
            other => Self::from_code(other).filter(|kind| Self::TOLD.contains(kind)),
        }
    }

    /// Tells whether nothing can follow that would be worth asking for.
    pub fn is_final(self) -> bool {
        match self {
            Self::BoughtElsewhere | Self::BoughtNothing | Self::Won => true,
            Self::CameBackBetter | Self::CameBackUnchanged | Self::Silence | Self::Lost => false,
        }
    }
}

/// Days after a firing on which it is asked what came of it.
pub const CHECKS: [i64; 2] = [90, 180];

/// Days after a win on which it is asked whether one would sell it again.
pub const REGRET_DAYS: i64 = 60;

/// Returns the check that is due as of a day: which one, and since when. `told` is the day of
/// the newest outcome.
pub fn check_due(
    fired: NaiveDate,
    told: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<(i64, NaiveDate)> {
    let days = CHECKS.into_iter().rev().find(|days| {
        let check = fired + Duration::days(*days);
        check <= today
    })?;
    let check = fired + Duration::days(days);
    told.is_none_or(|day| day < check).then_some((days, check))
}

/// A firing, and what came of it.
#[derive(Clone, Debug)]
pub struct FiredRow {
    /// The number of the decision.
    pub decision: i64,
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The day.
    pub day: NaiveDate,
    /// By whom.
    pub who: String,
    /// Why, in words.
    pub reasons: Vec<String>,
    /// Where they went.
    pub to: Option<Disposition>,
    /// To whom.
    pub whom: Option<Name>,
    /// Until when they are nurtured.
    pub until: Option<NaiveDate>,
    /// Minutes freed, an estimate.
    pub minutes_reclaimed: i64,
    /// Which firing of this deal it is, from 1, and of how many.
    pub time: (u32, u32),
    /// What came of it last; `None`: nothing is known yet.
    pub outcome: Option<(OutcomeKind, NaiveDate)>,
    /// What was said of that.
    pub words: Option<Free>,
    /// Whether so many days of the record passed without a word that it is told as silence.
    pub is_silent: bool,
    /// The day of their last touch after it; `None`: none is on record.
    pub heard: Option<NaiveDate>,
    /// The day on which they were taken back, and the terms.
    pub reinstated: Option<(NaiveDate, Option<Free>)>,
    /// That the manager overruled it, and what happened then; `None` where nobody did.
    pub overruled: Option<Overruled>,
    /// Where the deal stands now.
    pub status: Status,
}

/// A firing above the charter's ceiling that the manager overruled.
#[derive(Clone, Debug)]
pub struct Overruled {
    /// By whom.
    pub by: Option<String>,
    /// Why.
    pub why: Option<Free>,
    /// What became of the deal.
    pub since: Fate,
}

impl FiredRow {
    /// What came of it: as it was told, as the CRM says, or silence where enough days of record
    /// passed without a word; `None` while it is too early.
    pub fn came_of(&self) -> Option<OutcomeKind> {
        let told = self.outcome.map(|(kind, _)| kind);
        told.or(self.is_silent.then_some(OutcomeKind::Silence))
    }
}

/// What came of all firings, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FiredSums {
    /// How many firings.
    pub fired: usize,
    /// Minutes that they freed, an estimate.
    pub minutes_reclaimed: i64,
    /// How often each outcome, in the order of [`OutcomeKind::ALL`]; none at 0.
    pub outcomes: Vec<(OutcomeKind, usize)>,
    /// Of how many nothing is known yet.
    pub open: usize,
    /// How many were taken back.
    pub reinstated: usize,
    /// Of those that the manager overruled, how many met each fate; none at 0.
    pub overruled: Vec<(Fate, usize)>,
}

/// A fired prospect of which it is time to ask what came of it.
#[derive(Clone, Debug)]
pub struct OutcomeDue {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The day on which it was fired.
    pub fired: NaiveDate,
    /// Which check it is, in days after the firing.
    pub check: i64,
    /// Since when it is due.
    pub due: NaiveDate,
    /// Why it was fired, the first reason.
    pub reason: Option<String>,
    /// The day of their last touch since; then they came back, and "no change" is no answer.
    pub heard: Option<NaiveDate>,
}

words! {
    /// What the money questions said of a deal.
    MoneySaid {
        /// All that were answered said yes.
        Good = "good",
        /// One of them said no.
        Bad = "bad",
        /// None was answered with yes or no.
        Nothing = "nothing",
    }
}

/// A deal that was won, and whether one would sell it again.
#[derive(Clone, Debug)]
pub struct RegretRow {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The day on which it was won.
    pub won: NaiveDate,
    /// The day on which it is asked.
    pub due: NaiveDate,
    /// What the money questions said.
    pub money: MoneySaid,
    /// Their short names, of those that said no.
    pub against: Vec<String>,
    /// Whether one would sell it again; `None`: not said yet.
    pub again: Option<bool>,
    /// The day on which that was said.
    pub day: Option<NaiveDate>,
    /// In words.
    pub words: Option<Free>,
}

impl RegretRow {
    /// What the money questions said of it, in words.
    pub fn money_said(&self) -> String {
        match self.money {
            MoneySaid::Good => "the money questions said good".to_owned(),
            MoneySaid::Bad => format!("they said no to: {}", self.against.join(", ")),
            MoneySaid::Nothing => "the money questions were not answered".to_owned(),
        }
    }

    /// Tells whether the money questions had said so; `None` where either said nothing.
    pub fn was_right(&self) -> Option<bool> {
        let again = self.again?;
        match self.money {
            MoneySaid::Good => Some(again),
            MoneySaid::Bad => Some(!again),
            MoneySaid::Nothing => None,
        }
    }
}

/// All that is to be asked of what is over, and the record of it.
#[derive(Clone, Debug, Default)]
pub struct After {
    /// Fired prospects of which to ask, the longest due first.
    pub outcomes: Vec<OutcomeDue>,
    /// Wins of which to ask, the longest due first.
    pub regrets: Vec<RegretRow>,
    /// The firings, the latest first, at most so many as were asked for.
    pub fired: Vec<FiredRow>,
    /// All firings, counted.
    pub sums: FiredSums,
    /// What was said of wins, the latest first.
    pub told: Vec<RegretRow>,
}

impl After {
    /// Tells whether there is anything to ask for.
    pub fn is_due(&self) -> bool {
        !self.outcomes.is_empty() || !self.regrets.is_empty()
    }
}

/// A deal that hours of the bank went into.
#[derive(Clone, Debug)]
pub struct EarnedRow {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// Minutes spent on it out of the bank.
    pub reinvested: i64,
    /// Minutes planned onto it out of the bank.
    pub planned: i64,
    /// Where it stands.
    pub status: Status,
    /// Its value.
    pub amount: Option<Money>,
    /// Its stage.
    pub stage: Option<String>,
    /// Moves of its stage since the first of those hours.
    pub moves: usize,
}

/// An open deal whose money is bad, with its hours.
#[derive(Clone, Debug)]
pub struct BadMoneyRow {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// Its value.
    pub amount: Option<Money>,
    /// Hours that went into it.
    pub spent: f64,
    /// Hours a week that go into it.
    pub per_week: f64,
}

/// Hours and money: the bank, where its hours went, and what they earned.
#[derive(Clone, Debug, Default)]
pub struct HoursView {
    /// The bank.
    pub ledger: Ledger,
    /// The Monday of this week.
    pub monday: Option<NaiveDate>,
    /// Decisions on record: plots wait for enough of them.
    pub decisions: usize,
    /// Deals that go on with their hours of this week, then one's own time.
    pub plans: Vec<WeekPlan>,
    /// Deals that hours of the bank went into, those with most first.
    pub earned: Vec<EarnedRow>,
    /// Open deals whose money is bad, those that take most first, at most twenty.
    pub bad_money: Vec<BadMoneyRow>,
    /// How many such deals there are.
    pub bad_count: usize,
    /// Hours a week that go into all of them.
    pub bad_per_week: f64,
}

/// Decisions from which on plots are drawn.
pub const ENOUGH: usize = 8;

impl HoursView {
    /// Tells how many decisions are missing until plots are drawn; `None` where there are enough.
    pub fn missing(&self) -> Option<usize> {
        (self.decisions < ENOUGH).then(|| ENOUGH - self.decisions)
    }
}

/// A tripwire on its way, with what became of the ones before it.
#[derive(Clone, Debug)]
pub struct TripwireDue {
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// The sentence.
    pub sentence: Free,
    /// Its day.
    pub due: NaiveDate,
    /// How often its day was moved.
    pub moved: i64,
    /// How often the deal was kept going although one had passed.
    pub anyway: i64,
}

/// How tripwires ended, and holds, counted over the whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PromiseSums {
    /// Tripwires that wait.
    pub waiting: i64,
    /// What they waited for happened.
    pub happened: i64,
    /// Fired as promised.
    pub fired: i64,
    /// Kept going anyway.
    pub anyway: i64,
    /// Days moved.
    pub moved: i64,
    /// Holds that last.
    pub held: i64,
    /// Holds that ended.
    pub ended: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn it_is_asked_at_ninety_and_at_a_hundred_and_eighty_days_once_each() {
        let fired = day("2026-01-01");
        let due = |told: Option<&str>, today| check_due(fired, told.map(day), day(today));

        assert_eq!(due(None, "2026-03-31"), None);
        assert_eq!(due(None, "2026-04-01"), Some((90, day("2026-04-01"))));
        assert_eq!(due(Some("2026-04-01"), "2026-05-01"), None);
        assert_eq!(
            due(Some("2026-04-01"), "2026-06-30"),
            Some((180, day("2026-06-30")))
        );
        assert_eq!(due(None, "2026-12-01"), Some((180, day("2026-06-30"))));
        assert_eq!(due(Some("2026-07-01"), "2027-12-01"), None);
    }

    #[test]
    fn outcomes_are_read_in_short_words_and_the_crms_are_not_told() {
        assert_eq!(
            OutcomeKind::told("better"),
            Some(OutcomeKind::CameBackBetter)
        );
        assert_eq!(
            OutcomeKind::told("Came back unchanged"),
            Some(OutcomeKind::CameBackUnchanged)
        );
        assert_eq!(
            OutcomeKind::told("bought-elsewhere"),
            Some(OutcomeKind::BoughtElsewhere)
        );
        assert_eq!(OutcomeKind::told("won"), None);
        assert_eq!(OutcomeKind::told("gone"), None);
    }
}
