//! What one's own past tells: figures with their counts, each of which opens to its deals.
//!
//! Nothing is drawn from fewer deals than it can bear: an insight then says how many are missing.
//! Neither rescues nor firings are praised; each count stands beside what it is a part of.

mod spread;

mod hours;
mod leaving;
mod timing;
mod word;

use chrono::NaiveDate;

use super::deal::{CommitmentState, OutcomeKind, Side, SweepWord};
use super::ledger::LedgerWeek;
use super::phase::Phase;

pub use spread::Spread;

/// The fewest deals from which anything is drawn (design of the screens: plots after 8 decisions).
pub const PER_PLOT: usize = 8;

/// Which deals and days the insights are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Only what happened on this day or later.
    pub since: Option<NaiveDate>,
    /// Only what happened on this day or earlier.
    pub until: Option<NaiveDate>,
    /// Only deals of this owner, as the record names them.
    pub owner: Option<String>,
}

/// A deal that was won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Won {
    /// The deal.
    pub deal: u32,
    /// From the day it was made to the day it was won; `None` where one of them is not known.
    pub days: Option<u32>,
}

/// A knock-out that stood on record before the deal was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knocked {
    /// Days from the first asked "no" to a question that fires alone, to the firing.
    pub days: u32,
    /// Minutes that went into the deal after that day.
    pub minutes: u32,
}

/// A deal that was fired; its latest firing where there were several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The deal.
    pub deal: u32,
    /// The day of the firing.
    pub day: NaiveDate,
    /// From the day it was made to the firing; `None` where the former is not known.
    pub days: Option<u32>,
    /// Where it stood on that day; `None` where its stage tells no phase.
    pub phase: Option<Phase>,
    /// Core questions that were never asked.
    pub unasked: u32,
    /// Whether the record alone fired it: then nobody had to be asked.
    pub on_paper: bool,
    /// What came of it, the latest; `None` where nothing is known yet.
    pub outcome: Option<OutcomeKind>,
    /// The knock-out that stood on record before, if one did.
    pub knocked: Option<Knocked>,
}

/// A promise, of either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The deal.
    pub deal: u32,
    /// Who gave it.
    pub side: Side,
    /// What became of it.
    pub state: CommitmentState,
}

/// What a sweep said of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// The deal.
    pub deal: u32,
    /// The day.
    pub day: NaiveDate,
    /// The word.
    pub word: SweepWord,
}

/// The hours that went into an open deal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taken {
    /// The deal.
    pub deal: u32,
    /// Hours spent, above 0.
    pub hours: f64,
}

/// All that the insights are drawn from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Deals that were won.
    pub won: Vec<Won>,
    /// Deals that were fired.
    pub fired: Vec<Fired>,
    /// Promises that were settled, and open ones that are overdue, as missed.
    pub promises: Vec<Promise>,
    /// What sweeps said, older words too.
    pub swept: Vec<Swept>,
    /// Hours of the open deals.
    pub taken: Vec<Taken>,
    /// The bank of hours, week by week.
    pub weeks: Vec<LedgerWeek>,
    /// Deals that hours of the bank went into, in the order of their ids.
    pub invested: Vec<u32>,
    /// Decisions that were made.
    pub decisions: usize,
}

/// Which insight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InsightId {
    /// Days to "no" beside days to "yes".
    DaysToNo,
    /// The stage in which the fired were left.
    FiredByStage,
    /// What came of the fired.
    Outcomes,
    /// First knock-out on record against the day of leaving.
    KnockoutLate,
    /// Firings with core questions never asked.
    Unasked,
    /// Promises kept.
    Promises,
    /// What the sweeps said, over time.
    Sweeps,
    /// How few deals take how many of the hours.
    Concentration,
    /// Hours reclaimed, reinvested and not placed, by week.
    Bank,
}

impl InsightId {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 9] = [
        Self::DaysToNo,
        Self::FiredByStage,
        Self::KnockoutLate,
        Self::Unasked,
        Self::Outcomes,
        Self::Bank,
        Self::Promises,
        Self::Concentration,
        Self::Sweeps,
    ];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::DaysToNo => "Days to no, days to yes",
            Self::FiredByStage => "Where we left",
            Self::Outcomes => "What came of the fired",
            Self::KnockoutLate => "Known before we left",
            Self::Unasked => "Fired without asking",
            Self::Promises => "Promises",
            Self::Sweeps => "Whose call we dread",
            Self::Concentration => "Where the hours are",
            Self::Bank => "Hours that came back",
        }
    }

    /// The name in JSON; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::DaysToNo => "days_to_no",
            Self::FiredByStage => "fired_by_stage",
            Self::Outcomes => "outcomes",
            Self::KnockoutLate => "knockout_late",
            Self::Unasked => "unasked",
            Self::Promises => "promises",
            Self::Sweeps => "sweeps",
            Self::Concentration => "concentration",
            Self::Bank => "bank",
        }
    }
}

/// One bar of a plot, with the deals behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// Its height, in the unit of the axis.
    pub value: f64,
    /// The deals that it is made of, each once, in the order of their ids.
    pub deals: Vec<u32>,
}

/// The bars of one kind, one for each place on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What the bars are; empty where there is only one kind.
    pub name: &'static str,
    /// As many as the axis has places.
    pub bars: Vec<Bar>,
}

/// Bars over an axis of places: a histogram, or a count by kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// What stands along the bottom, with its unit.
    pub across: &'static str,
    /// What the height is, with its unit.
    pub up: &'static str,
    /// The places along the bottom.
    pub places: Vec<String>,
    /// The bars.
    pub series: Vec<Series>,
}

impl Plot {
    /// The highest bar, at least 0.
    pub fn highest(&self) -> f64 {
        let bars = self.series.iter().flat_map(|series| &series.bars);
        bars.map(|bar| bar.value).fold(0.0, f64::max)
    }
}

/// One thing that the past tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// Which one.
    pub id: InsightId,
    /// What it shows and from how many deals; or how many are missing. No name and no amount.
    pub sentence: String,
    /// The plot; `None` where too little is known for one.
    pub plot: Option<Plot>,
}

/// Draws every insight from the facts, in the order of the page.
pub fn insights(facts: &Facts) -> Vec<Insight> {
    InsightId::ALL
        .into_iter()
        .map(|id| {
            let drawn = match id {
                InsightId::DaysToNo => timing::days_to_no(facts),
                InsightId::KnockoutLate => timing::knockout_late(facts),
                InsightId::FiredByStage => leaving::by_stage(facts),
                InsightId::Unasked => leaving::unasked(facts),
                InsightId::Outcomes => leaving::outcomes(facts),
                InsightId::Promises => word::promises(facts),
                InsightId::Sweeps => word::sweeps(facts),
                InsightId::Concentration => hours::concentration(facts),
                InsightId::Bank => hours::bank(facts),
            };
            let (sentence, plot) = match drawn {
                Ok((sentence, plot)) => (sentence, Some(plot)),
                Err(missing) => (missing, None),
            };
            Insight { id, sentence, plot }
        })
        .collect()
}

/// A sentence with its plot, or the sentence that says what is missing.
type Drawn = Result<(String, Plot), String>;

/// Says what is missing where there are fewer than enough.
fn enough(have: usize, what: &str) -> Result<(), String> {
    if have >= PER_PLOT {
        return Ok(());
    }
    Err(format!(
        "{PER_PLOT} {what} are needed before this tells anything; {have} so far."
    ))
}

/// Counts things into places, one bar each.
fn count<T>(
    name: &'static str,
    places: usize,
    things: impl IntoIterator<Item = T>,
    place: impl Fn(&T) -> usize,
    deal: impl Fn(&T) -> u32,
) -> Series {
    let mut bars = vec![Bar::default(); places];
    for thing in things {
        let bar = &mut bars[place(&thing)];
        bar.value += 1.0;
        bar.deals.push(deal(&thing));
    }
    for bar in &mut bars {
        bar.deals.sort_unstable();
        bar.deals.dedup();
    }
    Series { name, bars }
}

/// A whole number in words of a sentence: "1 deal", "3 deals".
fn deals(count: usize) -> String {
    match count {
        1 => "1 deal".to_owned(),
        many => format!("{many} deals"),
    }
}

#[cfg(test)]
mod tests;
