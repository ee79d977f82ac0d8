//! Fewer questions: ask what tells most about the outcome, and stop when the rest would hardly
//! turn the prediction.

use super::measure::normal_tail;
use super::model::{Cells, Model, chance};

/// The stopping thresholds that are tried, the boldest first; at 0 everything is asked.
pub const STOPS: [f64; 14] = [
    0.45, 0.4, 0.35, 0.325, 0.3, 0.275, 0.25, 0.225, 0.2, 0.15, 0.1, 0.05, 0.02, 0.0,
];

/// Log odds are told apart in steps of 1/8 from -8 to 8 when questions are put in order.
const BINS: usize = 129;
const STEP: f64 = 0.125;

/// Returns what one more answer tells about the outcome at a chance, in bits.
///
/// `rates` has, for each word, how often it comes among the lost (0) and the won (1); the result
/// is the entropy now, less what is expected to be left after the answer.
pub fn information(at: f64, rates: impl IntoIterator<Item = [f64; 2]>) -> f64 {
    let mut left = 0.0;
    for [lost, won] in rates {
        let joint = [(1.0 - at) * lost, at * won];
        let word = joint[0] + joint[1];
        for part in joint {
            if part > 0.0 {
                left -= part * (part / word).log2();
            }
        }
    }
    (entropy(at) - left).max(0.0)
}

fn entropy(at: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    part(at) + part(1.0 - at)
}

/// Mean and variance of the points that a question brings, among the lost (0) and the won (1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// The means.
    pub mean: [f64; 2],
    /// The variances.
    pub variance: [f64; 2],
}

impl Moments {
    /// Sums up the words of one question: their points, and how often each comes.
    pub fn of(words: impl IntoIterator<Item = (f64, [f64; 2])>) -> Self {
        let (mut mean, mut square) = ([0.0; 2], [0.0; 2]);
        for (points, rates) in words {
            for class in [0, 1] {
                mean[class] += rates[class] * points;
                square[class] += rates[class] * points * points;
            }
        }
        Self {
            mean,
            variance: [0, 1].map(|class| (square[class] - mean[class] * mean[class]).max(0.0)),
        }
    }

    fn add(&mut self, other: &Self, sign: f64) {
        for class in [0, 1] {
            self.mean[class] += sign * other.mean[class];
            self.variance[class] += sign * other.variance[class];
        }
    }

    /// Sums up several questions, taken as independent.
    pub fn total<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut total = Self::default();
        for one in all {
            total.add(one, 1.0);
        }
        total
    }

    /// Returns the probability, 0 to 1, that what is still open turns the prediction: that the
    /// log odds end on the other side of 0, the rest being about normal. `shrink` scales the
    /// points.
    pub fn turn(&self, log_odds: f64, shrink: f64) -> f64 {
        if self.variance[0] + self.variance[1] <= 1e-12 || shrink <= 0.0 {
            return 0.0;
        }
        let at = chance(log_odds);
        let ends_below = |class: usize| {
            let deviation = shrink * self.variance[class].max(1e-12).sqrt();
            normal_tail((log_odds + shrink * self.mean[class]) / deviation)
        };
        let below = at * ends_below(1) + (1.0 - at) * ends_below(0);
        if log_odds > 0.0 { below } else { 1.0 - below }
    }
}

/// The order and the expectations of one model.
#[derive(Clone, Debug)]
pub struct Plan {
    order: Vec<u8>,
    moments: Vec<Moments>,
}

/// The most questions that a plan has room for.
pub const MOST_QUESTIONS: usize = 256;

impl Plan {
    /// Plans by a model.
    pub fn of(cells: &Cells, model: &Model) -> Self {
        let questions = cells.questions();
        let mut order = Vec::with_capacity(BINS * questions);
        let mut told: Vec<(f64, u8)> = Vec::with_capacity(questions);
        for bin in 0..BINS {
            let at = chance((bin as f64 - (BINS / 2) as f64) * STEP);
            told.clear();
            told.extend((0..questions).map(|question| {
                let rates = model.rates[cells.words(question)].iter().copied();
                (information(at, rates), question as u8)
            }));
            told.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            order.extend(told.iter().map(|(_, question)| *question));
        }
        let moments = (0..questions)
            .map(|question| {
                let words = cells.words(question);
                let points = model.points[words.clone()].iter().copied();
                Moments::of(points.zip(model.rates[words].iter().copied()))
            })
            .collect();
        Self { order, moments }
    }

    /// Asks one deal in the order that suits it; for each threshold of [`STOPS`], the log odds when
    /// it stopped and the questions asked so far.
    pub fn ask(
        &self,
        cells: &Cells,
        model: &Model,
        shrink: f64,
        row: &[u8],
    ) -> [(f64, u16); STOPS.len()] {
        let mut open = [false; MOST_QUESTIONS];
        let mut rest = Moments::default();
        for (question, code) in row.iter().enumerate() {
            let words = cells.words(question);
            if cells.at(question, *code) < words.end {
                open[question] = true;
                rest.add(&self.moments[question], 1.0);
            }
        }
        let mut log_odds = model.base;
        let mut stops = [(0.0, 0); STOPS.len()];
        let (mut asked, mut stopped) = (0, 0);
        loop {
            let turn = rest.turn(log_odds, shrink);
            while stopped < STOPS.len() && turn < STOPS[stopped] {
                stops[stopped] = (log_odds, asked);
                stopped += 1;
            }
            let Some(question) = self.next(log_odds, &open) else {
                break;
            };
            open[question] = false;
            rest.add(&self.moments[question], -1.0);
            log_odds += shrink * model.points[cells.at(question, row[question])];
            asked += 1;
        }
        stops[stopped..].fill((log_odds, asked));
        stops
    }

    /// Returns the open question that tells most at these log odds.
    fn next(&self, log_odds: f64, open: &[bool; MOST_QUESTIONS]) -> Option<usize> {
        let half = (BINS / 2) as f64;
        let bin = ((log_odds / STEP).round() + half).clamp(0.0, half * 2.0) as usize;
        let questions = self.moments.len();
        let order = &self.order[bin * questions..(bin + 1) * questions];
        let best = order
            .iter()
            .find(|question| open[usize::from(**question)])?;
        Some(usize::from(*best))
    }
}
