//! Cross-validation: every deal is judged by what was learnt from other deals only.
//!
//! Shrink and stopping threshold are chosen inside the training folds as well. Leaving two folds
//! out gives the model for both of them, and counts of folds only have to be subtracted, so a
//! repeat reads the table a few times and no more.

use super::adaptive::{Plan, STOPS};
use super::folds::{Draw, folds};
use super::measure::{Spread, Z95, auc, brier, paired};
use super::model::{Cells, Counts, Model, chance};
use super::table::Table;

/// The shrinks that are tried, in tenths.
pub const SHRINKS: usize = 11;

/// How it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Into how many folds the deals are dealt, from 2 to 255.
    pub folds: usize,
    /// How often all of it is repeated, with other folds.
    pub repeats: usize,
    /// Where the first repeat starts to draw; the next one starts at the next number.
    pub seed: u64,
}

impl Default for Trial {
    fn default() -> Self {
        Self {
            folds: 10,
            repeats: 5,
            seed: 1,
        }
    }
}

/// How well a way to predict does, over repeats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The area under the ROC curve, 0 to 1, the mean over the folds of a repeat.
    pub auc: Spread,
    /// The share of right predictions, 0 to 1.
    pub accuracy: Spread,
    /// The Brier score, 0 to 1.
    pub brier: Spread,
}

/// How many questions were asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Asked {
    /// The mean over deals, over repeats.
    pub mean: Spread,
    /// The median over all deals and repeats.
    pub median: f64,
    /// The 90th percentile over all deals and repeats.
    pub p90: f64,
}

/// What one stopping threshold leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// The threshold, 0 to 1; at 0 everything is asked.
    pub threshold: f64,
    /// The share of right predictions.
    pub accuracy: Spread,
    /// How many questions it took.
    pub questions: Asked,
}

/// How few questions are enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Adaptive {
    /// The threshold that all deals together choose.
    pub threshold: f64,
    /// The share of right predictions with thresholds chosen on training folds.
    pub accuracy: Spread,
    /// How many questions that took.
    pub questions: Asked,
    /// The accuracy less that of asking everything, with its paired 95 % interval.
    pub difference: (f64, f64, f64),
    /// Every threshold on its own.
    pub curve: Vec<Stop>,
}

/// What was found out about a table.
#[derive(Clone, Debug)]
pub struct Found {
    /// The shrink that all deals together choose, in tenths.
    pub shrink: u8,
    /// The learnt weights.
    pub learnt: Measured,
    /// The present weights; `None` where nothing of the bank is asked.
    pub present: Option<Measured>,
    /// Always guessing what most deals came to; its chance is the base rate.
    pub majority: Measured,
    /// Fewer questions.
    pub adaptive: Adaptive,
    /// The learnt chance of each deal, the mean over repeats.
    pub chances: Vec<f64>,
}

/// Figures of the repeats of one way to predict.
#[derive(Default)]
struct Figures {
    auc: Vec<f64>,
    accuracy: Vec<f64>,
    brier: Vec<f64>,
}

impl Figures {
    /// Takes the log odds of a repeat; the curve is drawn fold by fold, since each fold has a
    /// model of its own.
    fn take(&mut self, scores: &[f64], won: &[bool], members: &[Vec<usize>]) {
        let of_folds: Vec<f64> = members
            .iter()
            .filter_map(|deals| {
                let scores: Vec<f64> = deals.iter().map(|deal| scores[*deal]).collect();
                let won: Vec<bool> = deals.iter().map(|deal| won[*deal]).collect();
                auc(&scores, &won)
            })
            .collect();
        let chances: Vec<f64> = scores.iter().map(|score| chance(*score)).collect();
        let right = scores
            .iter()
            .zip(won)
            .filter(|(s, won)| (**s > 0.0) == **won);
        self.accuracy.push(right.count() as f64 / won.len() as f64);
        self.auc.push(Spread::of(&of_folds).mean);
        self.brier.push(brier(&chances, won));
    }

    fn sum_up(&self) -> Measured {
        Measured {
            auc: Spread::of(&self.auc),
            accuracy: Spread::of(&self.accuracy),
            brier: Spread::of(&self.brier),
        }
    }
}

/// Predictions and questions of each threshold.
#[derive(Clone, Default)]
struct Tally {
    asked: [u64; STOPS.len()],
    /// Right with everything asked, and wrong here.
    lost: [u32; STOPS.len()],
    /// Wrong with everything asked, and right here.
    gained: [u32; STOPS.len()],
    deals: u32,
}

/// How many questions are asked of a deal, in the mean (the aim).
const BUDGET: f64 = 4.0;

/// How much less often than with everything asked a threshold may be right (the aim: one point).
const ALLOWED: f64 = 0.01;

/// The place at which everything is asked.
const EVERYTHING: usize = STOPS.len() - 1;

impl Tally {
    /// Counts a deal: the log odds at each threshold, and the questions that it took.
    fn add(&mut self, stops: &[(f64, u16); STOPS.len()], won: bool) {
        let is_right = |place: usize| (stops[place].0 > 0.0) == won;
        let full = is_right(EVERYTHING);
        for (place, (_, asked)) in stops.iter().enumerate() {
            self.asked[place] += u64::from(*asked);
            self.lost[place] += u32::from(full && !is_right(place));
            self.gained[place] += u32::from(!full && is_right(place));
        }
        self.deals += 1;
    }

    /// Returns the most careful threshold that keeps to the budget of questions; where the deals
    /// show that it costs more than a point, the next more careful one of which they do not.
    ///
    /// How many questions a threshold takes is known well from few deals; how often it is right is
    /// not, and the best of many that are tried looks better than it is. So the first chooses, and
    /// the second only objects. `repeats` is how often each deal was counted.
    fn choose(&self, repeats: usize) -> usize {
        let most = BUDGET * f64::from(self.deals);
        let keeps_to_it = |place: &usize| self.asked[*place] as f64 <= most;
        let start = (0..EVERYTHING).rev().find(keeps_to_it).unwrap_or(0);
        let may_be_right = |place: &usize| !self.costs_too_much(*place, repeats);
        (start..EVERYTHING).find(may_be_right).unwrap_or(EVERYTHING)
    }

    /// Whether the upper end of the paired 95 % interval of its difference from asking everything
    /// is below what is allowed.
    fn costs_too_much(&self, place: usize, repeats: usize) -> bool {
        let counted = f64::from(self.deals);
        let deals = counted / repeats.max(1) as f64;
        let (lost, gained) = (f64::from(self.lost[place]), f64::from(self.gained[place]));
        let mean = (gained - lost) / counted;
        let variance = (gained + lost) / counted - mean * mean;
        mean + Z95 * (variance / deals).sqrt() < -ALLOWED
    }
}

/// How often each number of questions was needed, and the mean of each repeat.
struct Needed {
    counts: Vec<u64>,
    means: Vec<f64>,
}

impl Needed {
    fn new(questions: usize) -> Self {
        Self {
            counts: vec![0; questions + 1],
            means: Vec::new(),
        }
    }

    fn take(&mut self, asked: &[u16]) {
        let mut sum = 0_u64;
        for number in asked {
            self.counts[usize::from(*number)] += 1;
            sum += u64::from(*number);
        }
        self.means.push(sum as f64 / asked.len() as f64);
    }

    /// The number that a share of all deals needs no more than; between two numbers where the
    /// share falls between two deals.
    fn quantile(&self, share: f64) -> f64 {
        let all: u64 = self.counts.iter().sum();
        let place = share * (all.saturating_sub(1)) as f64;
        let at = |rank: u64| {
            let mut seen = 0;
            let found = self.counts.iter().position(|count| {
                seen += count;
                seen > rank
            });
            found.unwrap_or(0) as f64
        };
        let (below, above) = (at(place.floor() as u64), at(place.ceil() as u64));
        below + (above - below) * place.fract()
    }

    fn sum_up(&self) -> Asked {
        Asked {
            mean: Spread::of(&self.means),
            median: self.quantile(0.5),
            p90: self.quantile(0.9),
        }
    }
}

/// A model with the order that it asks in.
struct Learned {
    model: Model,
    plan: Plan,
}

impl Learned {
    fn of(cells: &Cells, counts: &Counts) -> Self {
        let model = Model::of(cells, counts);
        let plan = Plan::of(cells, &model);
        Self { model, plan }
    }
}

/// What each shrink loses: the sum of squares of chance less outcome.
type Losses = [f64; SHRINKS];

fn add_losses(losses: &mut Losses, base: f64, sum: f64, won: bool) {
    for (tenths, loss) in losses.iter_mut().enumerate() {
        let at = chance(base + tenths as f64 / 10.0 * sum);
        *loss += (at - f64::from(won)).powi(2);
    }
}

/// Returns the shrink, in tenths, that loses least; of equals the smaller.
fn least(losses: &Losses) -> usize {
    let by = |a: &usize, b: &usize| losses[*a].total_cmp(&losses[*b]).then(a.cmp(b));
    (0..SHRINKS).min_by(by).unwrap_or(0)
}

/// Tries a table. `present` has the points of each deal by the bank's present weights.
pub fn run(table: &Table, trial: Trial, present: Option<&[f64]>) -> Found {
    let cells = Cells::of(table);
    let won = table.won();
    let deals = table.deals();
    let mut all = Counts::none(&cells);
    for (deal, is_won) in won.iter().enumerate() {
        all.add(&cells, table.row(deal), *is_won);
    }

    let (mut learnt, mut banked, mut guessed) =
        (Figures::default(), Figures::default(), Figures::default());
    let mut losses: Losses = [0.0; SHRINKS];
    let mut stops: Vec<(Vec<f64>, Needed)> = STOPS
        .iter()
        .map(|_| (Vec::new(), Needed::new(cells.questions())))
        .collect();
    let mut chosen = (Vec::new(), Needed::new(cells.questions()));
    let mut differences = vec![0.0; deals];
    let mut chances = vec![0.0; deals];
    let repeats = trial.repeats.max(1);

    let mut outs: Vec<Out> = Vec::new();
    for repeat in 0..repeats {
        let mut draw = Draw::new(trial.seed.wrapping_add(repeat as u64));
        let fold_of = folds(table, trial.folds, &mut draw);
        outs.push(Repeat::new(table, &cells, &all, &fold_of, trial.folds).run(&mut losses));
    }
    for out in &outs {
        learnt.take(&out.full, won, &out.members);
        guessed.take(&out.bases, won, &out.members);
        if let Some(present) = present {
            let sums = out.bases.iter().zip(present);
            let scores: Vec<f64> = sums.map(|(base, points)| base + points).collect();
            banked.take(&scores, won, &out.members);
        }
        for (place, (accuracy, needed)) in stops.iter_mut().enumerate() {
            let right = (0..deals)
                .filter(|d| out.is_right(*d, place, won[*d]))
                .count();
            accuracy.push(right as f64 / deals as f64);
            let asked: Vec<u16> = (0..deals).map(|d| out.at(d, place).1).collect();
            needed.take(&asked);
        }
        let mut right = 0_u32;
        let mut asked = Vec::with_capacity(deals);
        for deal in 0..deals {
            let place = out.places[usize::from(out.fold_of[deal])];
            let is_right = out.is_right(deal, place, won[deal]);
            let is_full_right = (out.full[deal] > 0.0) == won[deal];
            right += u32::from(is_right);
            asked.push(out.at(deal, place).1);
            let difference = f64::from(is_right) - f64::from(is_full_right);
            differences[deal] += difference / repeats as f64;
            chances[deal] += chance(out.full[deal]) / repeats as f64;
        }
        chosen.0.push(f64::from(right) / deals as f64);
        chosen.1.take(&asked);
    }

    // What all deals choose: the same rule, with every fold left out once.
    let shrink = least(&losses);
    let mut tally = Tally::default();
    for out in &outs {
        for (stops, is_won) in out.stops.iter().zip(won) {
            tally.add(stops, *is_won);
        }
    }
    let threshold = STOPS[tally.choose(repeats)];
    Found {
        shrink: shrink as u8,
        learnt: learnt.sum_up(),
        present: present.map(|_| banked.sum_up()),
        majority: guessed.sum_up(),
        adaptive: Adaptive {
            threshold,
            accuracy: Spread::of(&chosen.0),
            questions: chosen.1.sum_up(),
            difference: paired(&differences, table.groups(), table.distinct()),
            curve: STOPS
                .iter()
                .zip(&stops)
                .map(|(threshold, (accuracy, needed))| Stop {
                    threshold: *threshold,
                    accuracy: Spread::of(accuracy),
                    questions: needed.sum_up(),
                })
                .collect(),
        },
        chances,
    }
}

/// What came out of one repeat, deal by deal, each from models that never saw it.
struct Out {
    fold_of: Vec<u8>,
    members: Vec<Vec<usize>>,
    /// The log odds with every answer.
    full: Vec<f64>,
    /// The log odds before any answer.
    bases: Vec<f64>,
    /// Of each deal, log odds and questions asked at each threshold.
    stops: Vec<[(f64, u16); STOPS.len()]>,
    /// The place of the threshold that the training folds of each fold chose.
    places: Vec<usize>,
}

impl Out {
    fn at(&self, deal: usize, place: usize) -> (f64, u16) {
        self.stops[deal][place]
    }

    fn is_right(&self, deal: usize, place: usize, won: bool) -> bool {
        (self.at(deal, place).0 > 0.0) == won
    }
}

/// One repeat at work.
struct Repeat<'t> {
    table: &'t Table,
    cells: &'t Cells,
    fold_of: &'t [u8],
    /// The deals of each fold.
    members: Vec<Vec<usize>>,
    /// The models without one fold.
    single: Vec<Learned>,
    /// The models without two folds, by [`pair`].
    double: Vec<Learned>,
}

/// The place of a pair of different folds.
fn pair(a: usize, b: usize) -> usize {
    let (low, high) = (a.min(b), a.max(b));
    high * (high - 1) / 2 + low
}

impl<'t> Repeat<'t> {
    fn new(
        table: &'t Table,
        cells: &'t Cells,
        all: &Counts,
        fold_of: &'t [u8],
        count: usize,
    ) -> Self {
        let mut members = vec![Vec::new(); count];
        let mut parts: Vec<Counts> = (0..count).map(|_| Counts::none(cells)).collect();
        for (deal, fold) in fold_of.iter().enumerate() {
            let fold = usize::from(*fold);
            members[fold].push(deal);
            parts[fold].add(cells, table.row(deal), table.won()[deal]);
        }
        let without: Vec<Counts> = parts.iter().map(|part| all.without(part)).collect();
        let single = without
            .iter()
            .map(|counts| Learned::of(cells, counts))
            .collect();
        let mut double = Vec::with_capacity(count * (count - 1) / 2);
        for high in 1..count {
            for part in &parts[..high] {
                double.push(Learned::of(cells, &without[high].without(part)));
            }
        }
        Self {
            table,
            cells,
            fold_of,
            members,
            single,
            double,
        }
    }

    /// Runs it, and adds to `losses` what each shrink loses with all other folds to learn from.
    fn run(&self, losses: &mut Losses) -> Out {
        let (table, cells) = (self.table, self.cells);
        let (deals, won) = (table.deals(), table.won());
        let mut out = Out {
            fold_of: self.fold_of.to_vec(),
            members: self.members.clone(),
            full: vec![0.0; deals],
            bases: vec![0.0; deals],
            stops: vec![[(0.0, 0); STOPS.len()]; deals],
            places: Vec::new(),
        };
        for (fold, members) in self.members.iter().enumerate() {
            let (shrink, place) = self.choose(fold);
            let Learned { model, plan } = &self.single[fold];
            for deal in members.iter().copied() {
                let row = table.row(deal);
                let sum = cells.sum(row, &model.points);
                add_losses(losses, model.base, sum, won[deal]);
                out.full[deal] = model.base + shrink * sum;
                out.bases[deal] = model.base;
                out.stops[deal] = plan.ask(cells, model, shrink, row);
            }
            out.places.push(place);
        }
        out
    }

    /// Chooses shrink and threshold for a fold on the others, each of them judged by the rest.
    fn choose(&self, fold: usize) -> (f64, usize) {
        let (table, cells) = (self.table, self.cells);
        let others = || (0..self.members.len()).filter(move |other| *other != fold);
        let mut losses: Losses = [0.0; SHRINKS];
        for other in others() {
            let model = &self.double[pair(fold, other)].model;
            for deal in self.members[other].iter().copied() {
                let sum = cells.sum(table.row(deal), &model.points);
                add_losses(&mut losses, model.base, sum, table.won()[deal]);
            }
        }
        let shrink = least(&losses) as f64 / 10.0;
        let mut tally = Tally::default();
        for other in others() {
            let Learned { model, plan } = &self.double[pair(fold, other)];
            for deal in self.members[other].iter().copied() {
                let stops = plan.ask(cells, model, shrink, table.row(deal));
                tally.add(&stops, table.won()[deal]);
            }
        }
        (shrink, tally.choose(1))
    }
}
