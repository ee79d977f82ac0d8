//! The page of hours and money: the bank, where its hours went, and what they earned.

use crate::domain::deal::{HoursView, WeekPlan};
use crate::domain::ids::DealId;

/// A row that the cursor can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursRow {
    /// The hours of a deal this week.
    Plan(DealId),
    /// One's own time.
    OwnTime,
    /// A deal that hours of the bank went into, by its place.
    Earned(usize),
    /// A deal whose money is bad, by its place.
    BadMoney(usize),
}

/// The page.
#[derive(Clone, Debug, Default)]
pub struct HoursPage {
    /// What it shows; `None` while it is on its way the first time.
    pub data: Option<HoursView>,
    /// Whether it is on its way.
    pub loading: bool,
    /// Whether somebody wrote since, so that it is to be loaded again.
    pub stale: bool,
    /// The row under the cursor.
    pub cursor: usize,
}

impl HoursPage {
    /// Returns the rows that the cursor can be on, from top to bottom.
    pub fn rows(&self) -> Vec<HoursRow> {
        let Some(data) = &self.data else {
            return Vec::new();
        };
        let plans = data.plans.iter().filter_map(|plan| plan.deal);
        let plans = plans.map(HoursRow::Plan).chain([HoursRow::OwnTime]);
        let earned = (0..data.earned.len()).map(HoursRow::Earned);
        let bad = (0..data.bad_money.len()).map(HoursRow::BadMoney);
        plans.chain(earned).chain(bad).collect()
    }

    /// Returns the row under the cursor.
    pub fn row(&self) -> Option<HoursRow> {
        self.rows().get(self.cursor).copied()
    }

    /// Returns the deal of the row under the cursor; `None` on one's own time.
    pub fn deal(&self) -> Option<DealId> {
        let data = self.data.as_ref()?;
        match self.row()? {
            HoursRow::Plan(deal) => Some(deal),
            HoursRow::OwnTime => None,
            HoursRow::Earned(at) => data.earned.get(at).map(|row| row.deal),
            HoursRow::BadMoney(at) => data.bad_money.get(at).map(|row| row.deal),
        }
    }

    /// Returns the plan of a deal, or of one's own time.
    pub fn plan(&self, deal: Option<DealId>) -> Option<&WeekPlan> {
        let plans = &self.data.as_ref()?.plans;
        plans.iter().find(|plan| plan.deal == deal)
    }

    /// Takes what was loaded; the cursor stays on its row.
    pub fn take(&mut self, data: HoursView) {
        let row = self.row();
        self.loading = false;
        self.data = Some(data);
        let rows = self.rows();
        if let Some(at) = row.and_then(|row| rows.iter().position(|other| *other == row)) {
            self.cursor = at;
        }
        self.cursor = self.cursor.min(rows.len().saturating_sub(1));
    }

    /// Notes at once the minutes that a deal, or one's own time, is to have.
    pub fn note_minutes(&mut self, deal: Option<DealId>, minutes: i64) {
        let plans = self.data.iter_mut().flat_map(|data| &mut data.plans);
        for plan in plans.filter(|plan| plan.deal == deal) {
            plan.minutes = minutes;
            plan.is_planned = true;
        }
    }
}
