//! How good a prediction is, and how sure a count: the measures, each with its source.

/// The value that a normal draw stays below in 97.5 % of cases.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Returns the area under the ROC curve, 0 to 1: how often a won deal stands above a lost one
/// (Mann and Whitney; a tie counts half). `None` where all ended the same way.
pub fn auc(scores: &[f64], won: &[bool]) -> Option<f64> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let winners = won.iter().filter(|won| **won).count();
    let losers = won.len() - winners;
    if winners == 0 || losers == 0 {
        return None;
    }
    let (mut at, mut ranks) = (0, 0.0);
    while at < order.len() {
        let mut end = at + 1;
        while end < order.len() && scores[order[end]] <= scores[order[at]] {
            end += 1;
        }
        // The mean rank, from 1, of all that are tied.
        let rank = (at + 1 + end) as f64 / 2.0;
        let tied = &order[at..end];
        ranks += rank * tied.iter().filter(|deal| won[**deal]).count() as f64;
        at = end;
    }
    let (w, l) = (winners as f64, losers as f64);
    Some((ranks - w * (w + 1.0) / 2.0) / (w * l))
}

/// Returns the Brier score, 0 to 1 and best at 0: the mean square of chance less outcome.
pub fn brier(chances: &[f64], won: &[bool]) -> f64 {
    let pairs = chances.iter().zip(won);
    let sum: f64 = pairs
        .map(|(chance, won)| (chance - f64::from(*won)).powi(2))
        .sum();
    sum / chances.len() as f64
}

/// Returns Wilson's 95 % interval of a share, 0 to 1 (Wilson 1927, without correction).
pub fn wilson(hits: u32, of: u32) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let n = f64::from(of);
    let share = f64::from(hits) / n;
    let square = Z95 * Z95;
    let middle = share + square / (2.0 * n);
    let half = Z95 * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    let whole = 1.0 + square / n;
    (
        ((middle - half) / whole).max(0.0),
        ((middle + half) / whole).min(1.0),
    )
}

/// Returns what an answer tells about the outcome, in bits: their mutual information as counted,
/// each cell being the lost and the won of one answer.
pub fn bits(cells: &[[u32; 2]]) -> f64 {
    let classes = [0, 1].map(|class| cells.iter().map(|cell| f64::from(cell[class])).sum::<f64>());
    let all = classes[0] + classes[1];
    let mut sum = 0.0;
    for cell in cells {
        let of_word = f64::from(cell[0]) + f64::from(cell[1]);
        for class in [0, 1] {
            let here = f64::from(cell[class]);
            if here > 0.0 {
                sum += here / all * (here * all / (of_word * classes[class])).log2();
            }
        }
    }
    sum.max(0.0)
}

/// Returns how often chance alone would make counts tell at least as much (the G test: twice the
/// deals times the information in nats is as chi-square).
pub fn by_chance(cells: &[[u32; 2]]) -> f64 {
    let all: u32 = cells.iter().map(|cell| cell[0] + cell[1]).sum();
    let words = cells.iter().filter(|cell| cell[0] + cell[1] > 0).count();
    let g = 2.0 * f64::from(all) * bits(cells) * std::f64::consts::LN_2;
    chi_square_tail(g, words.saturating_sub(1) as u32)
}

/// Returns how often chi-square with whole degrees of freedom is at least `x`, by its finite sums
/// (Abramowitz and Stegun 26.4.4 and 26.4.5).
pub fn chi_square_tail(x: f64, freedom: u32) -> f64 {
    if freedom == 0 || x <= 0.0 {
        return 1.0;
    }
    let half = x / 2.0;
    let (mut term, mut sum, mut at) = if freedom.is_multiple_of(2) {
        ((-half).exp(), (-half).exp(), 1.0)
    } else {
        let first = (-half).exp() * (half / std::f64::consts::PI).sqrt() * 2.0;
        (first, 2.0 * normal_tail(x.sqrt()), 1.5)
    };
    let is_odd = !freedom.is_multiple_of(2);
    if is_odd && freedom >= 3 {
        sum += term;
    }
    let more = if is_odd {
        (freedom / 2).saturating_sub(1)
    } else {
        freedom / 2 - 1
    };
    for _ in 0..more {
        term *= half / at;
        sum += term;
        at += 1.0;
    }
    sum.min(1.0)
}

/// Returns how often a normal draw is at least `z` (Abramowitz and Stegun 26.2.17; wrong by less
/// than 7.5e-8).
pub fn normal_tail(z: f64) -> f64 {
    let positive = z.abs();
    let t = 1.0 / (1.0 + 0.231_641_9 * positive);
    let poly = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-positive * positive / 2.0).exp() * 0.398_942_280_401_432_7 * poly;
    if z >= 0.0 { tail } else { 1.0 - tail }
}

/// Returns the mean of paired differences with its 95 % interval, equal deals taken as one draw
/// (the sandwich estimator by cluster, with its correction for few clusters).
pub fn paired(differences: &[f64], groups: &[u32], distinct: usize) -> (f64, f64, f64) {
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let mut sums = vec![0.0; distinct];
    for (difference, group) in differences.iter().zip(groups) {
        sums[*group as usize] += difference - mean;
    }
    let clusters = distinct as f64;
    let correction = if distinct > 1 {
        clusters / (clusters - 1.0)
    } else {
        1.0
    };
    let square: f64 = sums.iter().map(|sum| sum * sum).sum();
    let half = Z95 * (square * correction).sqrt() / n;
    (mean, mean - half, mean + half)
}

/// A figure over repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation over the repeats (by n - 1); 0 for a single one.
    pub sd: f64,
}

impl Spread {
    /// Sums up the figures of repeats; zero where there are none.
    pub fn of(figures: &[f64]) -> Self {
        let n = figures.len() as f64;
        if figures.is_empty() {
            return Self::default();
        }
        let mean = figures.iter().sum::<f64>() / n;
        let square: f64 = figures.iter().map(|f| (f - mean).powi(2)).sum();
        let sd = if figures.len() > 1 {
            (square / (n - 1.0)).sqrt()
        } else {
            0.0
        };
        Self { mean, sd }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64, by: f64) {
        assert!((left - right).abs() < by, "{left} is not {right}");
    }

    #[test]
    fn auc_and_brier_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: roc_auc_score, brier_score_loss.
        let chances = [0.1, 0.4, 0.35, 0.8, 0.4, 0.65, 0.2, 0.9];
        let won = [false, false, true, true, true, false, false, true];

        near(auc(&chances, &won).unwrap(), 0.781_25, 1e-12);
        near(brier(&chances, &won), 0.183_125, 1e-12);
        assert_eq!(auc(&[0.1, 0.2], &[true, true]), None);
    }

    #[test]
    fn intervals_are_those_of_statsmodels() {
        // statsmodels 0.15.0: proportion_confint(method="wilson").
        for (hits, of, low, high) in [
            (7, 9, 0.452_588_969_106_989, 0.936_774_892_882_153),
            (0, 12, 0.0, 0.242_494_006_655_241),
            (8, 8, 0.675_592_435_116_12, 1.0),
            (51, 108, 0.380_649_305_230_893, 0.565_703_325_866_138),
        ] {
            let (found_low, found_high) = wilson(hits, of);
            near(found_low, low, 1e-12);
            near(found_high, high, 1e-12);
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn the_paired_interval_is_that_of_statsmodels() {
        // statsmodels 0.15.0: OLS on a constant, cov_type="cluster", use_t=False.
        let differences = [0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, 0.0, -1.0, 0.2, 0.4];
        let groups = [0, 1, 1, 2, 3, 3, 3, 4, 5, 6, 6, 7];

        let (mean, low, high) = paired(&differences, &groups, 8);

        near(mean, 0.05, 1e-12);
        near(low, -0.280_142_05, 1e-8);
        near(high, 0.380_142_05, 1e-8);
    }

    #[test]
    fn bits_and_chance_are_those_of_scikit_learn_and_scipy() {
        // scikit-learn 1.9.1: mutual_info_score / ln 2; scipy 1.17.1: chi2_contingency with
        // lambda_="log-likelihood" and correction=False.
        let tells = [[30, 12], [8, 25], [10, 10]];
        let tells_not = [[20, 18], [15, 17]];

        near(bits(&tells), 0.130_239_385_828_591_57, 1e-12);
        near(by_chance(&tells), 0.000_188_553_081_156_530_52, 1e-9);
        near(bits(&tells_not), 0.002_374_194_974_802_831_4, 1e-12);
        near(by_chance(&tells_not), 0.631_232_342_827_326_1, 1e-6);
        near(by_chance(&[[4, 9]]), 1.0, 1e-12);
    }

    #[test]
    fn tails_are_those_of_scipy() {
        // scipy 1.17.1: stats.chi2.sf, stats.norm.sf.
        for (x, freedom, tail) in [
            (3.84, 1, 0.050_043_521_248_705_19),
            (5.99, 2, 0.050_036_627_086_586_29),
            (7.81, 3, 0.050_106_056_350_005_9),
            (2.5, 4, 0.644_635_792_935_427_8),
            (20.0, 7, 0.005_569_683_072_945_574),
            (30.0, 13, 0.004_709_704_765_471_494),
        ] {
            near(chi_square_tail(x, freedom), tail, 2e-7);
        }
        for (z, tail) in [
            (0.0, 0.5),
            (0.5, 0.308_537_538_725_986_9),
            (1.96, 0.024_997_895_148_220_435),
            (-1.2, 0.884_930_329_778_291_8),
            (4.0, 3.167_124_183_311_986e-5),
        ] {
            near(normal_tail(z), tail, 7.5e-8);
        }
    }

    #[test]
    fn a_spread_is_over_repeats() {
        let spread = Spread::of(&[0.7, 0.8, 0.9]);

        near(spread.mean, 0.8, 1e-12);
        near(spread.sd, 0.1, 1e-12);
        assert_eq!(Spread::of(&[0.5]), Spread { mean: 0.5, sd: 0.0 });
    }
}
