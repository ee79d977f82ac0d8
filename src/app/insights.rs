//! The page of the insights: one at a time, its bars, and the deals of a bar.

use crate::domain::deal::ListRow;
use crate::domain::ids::DealId;
use chrono::{NaiveDate, TimeDelta};

use crate::domain::insights::{Bar, Insight, Period};

/// The most deals of a bar that are listed.
pub const LISTED: usize = 200;

/// From how many weeks the insights can be drawn, one after the other; from all time after them.
const WEEKS: [u16; 3] = [12, 26, 52];

/// What the insights are drawn from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The last so many weeks; `None` for all time.
    pub weeks: Option<u16>,
    /// Only from one's own deals.
    pub is_own: bool,
}

impl Reach {
    /// Returns the next period: a longer one, all time, or the shortest again.
    #[must_use]
    pub fn next_period(self) -> Self {
        let longer = |weeks: u16| WEEKS.into_iter().find(|next| *next > weeks);
        Self {
            weeks: self.weeks.map_or(Some(WEEKS[0]), longer),
            ..self
        }
    }

    /// Returns it as days, and as the owner that one is in the record.
    pub fn period(self, today: NaiveDate, me: Option<&str>) -> Period {
        let back = |weeks: u16| today - TimeDelta::weeks(i64::from(weeks));
        Period {
            since: self.weeks.map(back),
            until: None,
            owner: me.filter(|_| self.is_own).map(str::to_owned),
        }
    }
}

/// The deals of one bar.
#[derive(Clone, Debug)]
pub struct OpenedBar {
    /// How many there are.
    pub total: usize,
    /// The first ones; `None` while they are on their way.
    pub rows: Option<Vec<ListRow>>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on screen.
    pub top: usize,
}

/// The page.
#[derive(Clone, Debug, Default)]
pub struct InsightsPage {
    /// What it shows; `None` while it is on its way the first time.
    pub all: Option<Vec<Insight>>,
    /// What it is drawn from.
    pub reach: Reach,
    /// Whether it is on its way.
    pub loading: bool,
    /// Whether somebody wrote since, so that it is to be loaded again.
    pub stale: bool,
    /// The place of the insight on screen.
    pub at: usize,
    /// The bar under the cursor: place after place, in each one series after the other.
    pub cursor: usize,
    /// The deals of the bar under the cursor, when it was opened.
    pub opened: Option<OpenedBar>,
}

impl InsightsPage {
    /// Returns the insight on screen.
    pub fn insight(&self) -> Option<&Insight> {
        self.all.as_ref()?.get(self.at)
    }

    /// Returns how many bars the cursor can be on.
    pub fn bars(&self) -> usize {
        let plot = self.insight().and_then(|insight| insight.plot.as_ref());
        plot.map_or(0, |plot| plot.places.len() * plot.series.len())
    }

    /// Returns the bar under the cursor.
    pub fn bar(&self) -> Option<&Bar> {
        let plot = self.insight()?.plot.as_ref()?;
        let of = plot.series.len();
        let series = plot.series.get(self.cursor % of)?;
        series.bars.get(self.cursor / of)
    }

    /// Returns the deal under the cursor of an opened bar.
    pub fn deal(&self) -> Option<DealId> {
        let opened = self.opened.as_ref()?;
        opened.rows.as_ref()?.get(opened.cursor).map(|row| row.id)
    }

    /// Goes to another insight.
    pub fn go(&mut self, by: isize) {
        let last = self
            .all
            .as_ref()
            .map_or(0, |all| all.len().saturating_sub(1));
        self.at = self.at.saturating_add_signed(by).min(last);
        self.cursor = 0;
    }

    /// Takes what was loaded; the cursor stays where it can.
    pub fn take(&mut self, all: Vec<Insight>) {
        self.loading = false;
        self.all = Some(all);
        self.go(0);
    }

    /// Opens the bar under the cursor; returns its first deals, to be loaded.
    pub fn open(&mut self) -> Option<Vec<DealId>> {
        let bar = self.bar()?;
        if bar.deals.is_empty() {
            return None;
        }
        let (total, first) = (bar.deals.len(), bar.deals.iter().take(LISTED));
        let deals = first.map(|id| DealId::from(*id)).collect();
        self.opened = Some(OpenedBar {
            total,
            rows: None,
            cursor: 0,
            top: 0,
        });
        Some(deals)
    }
}
