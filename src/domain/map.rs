//! Where the pipeline stands: is the problem told, against is the solution still open.
//!
//! The best prospect knows the problem and not yet the solution; a solution that was chosen is no
//! progress, for then every seller is the same.

use super::answer::Value;
use super::ids::DealId;
use super::shown::Name;

/// Whether they have told their problem in their own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemTold {
    /// They have.
    Told,
    /// They have not, or not all of it, or nobody knows.
    NotTold,
}

impl ProblemTold {
    /// Both, in the order of the rows.
    pub const ALL: [Self; 2] = [Self::Told, Self::NotTold];
}

/// Whether it is still open how they will solve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Solution {
    /// It is.
    Open,
    /// Nobody knows, or only in part.
    Unknown,
    /// They have chosen.
    Chosen,
}

impl Solution {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 3] = [Self::Open, Self::Unknown, Self::Chosen];
}

/// A deal on the map.
#[derive(Clone, Debug)]
pub struct MapRow {
    /// The deal.
    pub id: DealId,
    /// Its company.
    pub account: Option<Name>,
    /// Its title.
    pub title: Name,
    /// What stands for the problem; `None` for not asked.
    pub problem: Option<Value>,
    /// What stands for the question whether the solution is open; `None` for not asked.
    pub solution: Option<Value>,
    /// Hours a week that go into it.
    pub per_week: f64,
}

impl MapRow {
    /// The cell in which it stands.
    pub fn cell(&self) -> (ProblemTold, Solution) {
        let problem = match self.problem {
            Some(Value::Yes) => ProblemTold::Told,
            Some(Value::No | Value::Partly | Value::Unknown | Value::NotApplicable) | None => {
                ProblemTold::NotTold
            }
        };
        let solution = match self.solution {
            Some(Value::Yes) => Solution::Open,
            Some(Value::No) => Solution::Chosen,
            Some(Value::Partly | Value::Unknown | Value::NotApplicable) | None => Solution::Unknown,
        };
        (problem, solution)
    }
}

/// The map of the pipeline.
#[derive(Clone, Debug, Default)]
pub struct PipelineMap {
    /// Open deals of which one of the two was asked, those with the most hours a week first.
    pub rows: Vec<MapRow>,
    /// Open deals of which neither was asked.
    pub unasked: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(problem: Option<Value>, solution: Option<Value>) -> (ProblemTold, Solution) {
        MapRow {
            id: DealId(1),
            account: None,
            title: Name::new("a"),
            problem,
            solution,
            per_week: 0.0,
        }
        .cell()
    }

    #[test]
    fn only_a_yes_tells_a_problem_and_only_a_no_has_chosen() {
        use Value::{No, Partly, Yes};

        assert_eq!(
            cell(Some(Yes), Some(Yes)),
            (ProblemTold::Told, Solution::Open)
        );
        assert_eq!(
            cell(Some(Partly), Some(No)),
            (ProblemTold::NotTold, Solution::Chosen)
        );
        assert_eq!(
            cell(None, Some(Partly)),
            (ProblemTold::NotTold, Solution::Unknown)
        );
        assert_eq!(
            cell(Some(Yes), None),
            (ProblemTold::Told, Solution::Unknown)
        );
    }
}
