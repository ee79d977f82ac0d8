//! What each answer weighs: counts among won and lost, and the points that they make.

use super::table::Table;

/// How often each answer came among the lost (0) and the won (1), cell by cell.
///
/// A question has a cell for each of its words and one more for *not asked*, which is kept for
/// its place and never counts.
#[derive(Clone, Debug)]
pub struct Counts {
    /// The counts.
    pub cells: Vec<[u32; 2]>,
    /// The lost and the won deals themselves.
    pub deals: [u32; 2],
}

/// Where the cells of each question are.
#[derive(Clone, Debug)]
pub struct Cells {
    starts: Vec<usize>,
}

impl Cells {
    /// Lays out the cells of a table.
    pub fn of(table: &Table) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        for column in table.columns() {
            end += column.words.len() + 1;
            starts.push(end);
        }
        Self { starts }
    }

    /// Returns the questions that there are.
    pub fn questions(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns the number of all cells.
    pub fn len(&self) -> usize {
        self.starts[self.questions()]
    }

    /// Returns the cell of a code.
    pub fn at(&self, question: usize, code: u8) -> usize {
        self.starts[question] + usize::from(code)
    }

    /// Returns the cells of the words of a question, without *not asked*.
    pub fn words(&self, question: usize) -> std::ops::Range<usize> {
        self.starts[question]..self.starts[question + 1] - 1
    }

    /// Returns the sum over a row of what each of its cells has.
    pub fn sum(&self, row: &[u8], of: &[f64]) -> f64 {
        let cells = row.iter().zip(&self.starts);
        cells
            .map(|(code, start)| of[start + usize::from(*code)])
            .sum()
    }
}

impl Counts {
    /// Counts nothing yet.
    pub fn none(cells: &Cells) -> Self {
        Self {
            cells: vec![[0; 2]; cells.len()],
            deals: [0; 2],
        }
    }

    /// Counts a deal.
    pub fn add(&mut self, cells: &Cells, row: &[u8], won: bool) {
        for (question, code) in row.iter().enumerate() {
            self.cells[cells.at(question, *code)][usize::from(won)] += 1;
        }
        self.deals[usize::from(won)] += 1;
    }

    /// Returns these counts without others that are part of them.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        let less = |all: [u32; 2], part: [u32; 2]| [all[0] - part[0], all[1] - part[1]];
        let cells = self.cells.iter().zip(&part.cells);
        Self {
            cells: cells.map(|(all, part)| less(*all, *part)).collect(),
            deals: less(self.deals, part.deals),
        }
    }
}

/// The base rate before any deal is seen (scoring model): 25 %, as sure as 20 deals make it.
pub const PRIOR: [f64; 2] = [15.0, 5.0];

/// Returns the base rate of won deals, 0 to 1: the mean of the Beta posterior.
pub fn base_rate(deals: [u32; 2]) -> f64 {
    let [lost, won] = [0, 1].map(|class| f64::from(deals[class]) + PRIOR[class]);
    won / (won + lost)
}

/// Returns the chance, 0 to 1, of log odds.
pub fn chance(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Returns the log odds of a chance that is neither 0 nor 1.
pub fn log_odds(chance: f64) -> f64 {
    (chance / (1.0 - chance)).ln()
}

/// How often an answer comes among the lost (0) and the won (1), one added to each count.
pub fn smoothed(counts: &[[u32; 2]]) -> impl Iterator<Item = [f64; 2]> + '_ {
    let total = |class: usize| {
        let counted: u32 = counts.iter().map(|cell| cell[class]).sum();
        f64::from(counted) + counts.len() as f64
    };
    let totals = [total(0), total(1)];
    let one =
        move |cell: &[u32; 2]| [0, 1].map(|class| (f64::from(cell[class]) + 1.0) / totals[class]);
    counts.iter().map(one)
}

/// What was learnt from some deals, before it is shrunk.
#[derive(Clone, Debug)]
pub struct Model {
    /// The log odds of winning before any answer.
    pub base: f64,
    /// The log ratio of each cell, in nats; 0 for *not asked*.
    pub points: Vec<f64>,
    /// How often each cell comes among the lost (0) and the won (1).
    pub rates: Vec<[f64; 2]>,
}

impl Model {
    /// Learns from counts.
    pub fn of(cells: &Cells, counts: &Counts) -> Self {
        let mut points = vec![0.0; cells.len()];
        let mut rates = vec![[0.0; 2]; cells.len()];
        for question in 0..cells.questions() {
            let words = cells.words(question);
            for (cell, rate) in words.clone().zip(smoothed(&counts.cells[words])) {
                points[cell] = (rate[1] / rate[0]).ln();
                rates[cell] = rate;
            }
        }
        Self {
            base: log_odds(base_rate(counts.deals)),
            points,
            rates,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Gather;
    use super::*;

    #[test]
    fn the_base_rate_starts_at_a_quarter() {
        assert!((base_rate([0, 0]) - 0.25).abs() < 1e-12);
        assert!((base_rate([15, 25]) - 0.5).abs() < 1e-12);
        assert!((log_odds(chance(1.25)) - 1.25).abs() < 1e-12);
    }

    #[test]
    fn points_are_the_log_of_the_smoothed_ratio() {
        let mut gather = Gather::new(["a".to_owned(), "b".to_owned()]);
        for (a, b, won) in [
            ("yes", "x", true),
            ("yes", "", true),
            ("no", "x", false),
            ("yes", "x", false),
            ("no", "x", false),
        ] {
            gather.push([a, b], won).unwrap();
        }
        let table = gather.finish();
        let cells = Cells::of(&table);
        let mut counts = Counts::none(&cells);
        for deal in 0..table.deals() {
            counts.add(&cells, table.row(deal), table.won()[deal]);
        }

        let model = Model::of(&cells, &counts);

        // By hand: yes (2 + 1) of (2 + 2) won, (1 + 1) of (3 + 2) lost.
        let yes = (0.75_f64 / 0.4).ln();
        let no = (0.25_f64 / 0.6).ln();
        assert!((model.points[0] - yes).abs() < 1e-12);
        assert!((model.points[1] - no).abs() < 1e-12);
        assert!(model.points[2].abs() < 1e-12, "not asked");
        assert!(model.points[3].abs() < 1e-12, "one answer tells nothing");
        let sum = cells.sum(table.row(0), &model.points);
        assert!((sum - yes).abs() < 1e-12);
    }
}
