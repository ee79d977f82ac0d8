//! The map of the pipeline: six cells, and the deals of one of them.

use crate::domain::map::{MapRow, PipelineMap, ProblemTold, Solution};

/// The page of the map.
#[derive(Clone, Debug, Default)]
pub struct MapPage {
    /// The map; `None` while it is on its way the first time.
    pub map: Option<PipelineMap>,
    /// Whether it is on its way.
    pub loading: bool,
    /// Whether somebody wrote since, so that it is to be loaded again.
    pub stale: bool,
    /// The cell under the cursor, by rows, from 0 to 5.
    pub cell: usize,
    /// The deal under the cursor, among those of the cell.
    pub cursor: usize,
}

/// The cells, by rows.
pub fn cells() -> impl Iterator<Item = (ProblemTold, Solution)> {
    let rows = ProblemTold::ALL.into_iter();
    rows.flat_map(|problem| Solution::ALL.map(|solution| (problem, solution)))
}

impl MapPage {
    /// The deals of a cell.
    pub fn deals(&self, cell: (ProblemTold, Solution)) -> impl Iterator<Item = &MapRow> {
        let rows = self.map.iter().flat_map(|map| &map.rows);
        rows.filter(move |row| row.cell() == cell)
    }

    /// The cell under the cursor.
    pub fn here(&self) -> (ProblemTold, Solution) {
        cells()
            .nth(self.cell)
            .unwrap_or((ProblemTold::Told, Solution::Open))
    }

    /// The deal under the cursor.
    pub fn current(&self) -> Option<&MapRow> {
        self.deals(self.here()).nth(self.cursor)
    }

    /// Goes to another cell.
    pub fn go(&mut self, by: isize) {
        self.cell = self.cell.saturating_add_signed(by).min(5);
        self.cursor = 0;
    }

    /// Goes to the first cell that has a deal.
    pub fn go_to_deals(&mut self) {
        let first = cells().position(|cell| self.deals(cell).next().is_some());
        self.cell = first.unwrap_or(self.cell);
    }

    /// Goes to another deal of the cell.
    pub fn step(&mut self, to: impl FnOnce(usize, usize) -> usize) {
        let len = self.deals(self.here()).count();
        self.cursor = to(self.cursor, len).min(len.saturating_sub(1));
    }
}
