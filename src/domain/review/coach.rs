//! How often two people said the same of a deal before they heard each other.
//!
//! Counts first; a share only from eight on, and never without its interval. It compares answers,
//! never people by how many prospects they fired.

use chrono::NaiveDate;

/// Below this many there are too few to say anything.
pub const ENOUGH: u32 = 8;

/// The standard normal quantile of an interval of 95 in 100.
const Z: f64 = 1.96;

/// How low the interval's lower end may be for somebody to lead alone, in per cent.
pub const LEADS_FROM: f64 = 60.0;

/// How often two people agreed on one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// The question's id; `=verdict` is what to do with the deal.
    pub question: String,
    /// How often they said the same.
    pub same: u32,
    /// How often both had answered.
    pub of: u32,
    /// The same in the earlier half, by day: same, of.
    pub earlier: (u32, u32),
    /// And in the later half.
    pub later: (u32, u32),
}

impl Agreement {
    /// Counts what two people said of one question, in the order of the days.
    pub fn count(question: &str, same: &[bool]) -> Self {
        let sum = |part: &[bool]| {
            (
                part.iter().filter(|s| **s).count() as u32,
                part.len() as u32,
            )
        };
        let (earlier, later) = same.split_at(same.len() / 2);
        let (agreed, of) = sum(same);
        Self {
            question: question.to_owned(),
            same: agreed,
            of,
            earlier: sum(earlier),
            later: sum(later),
        }
    }

    /// Whether there are too few to say anything.
    pub fn is_too_few(&self) -> bool {
        self.of < ENOUGH
    }

    /// The share in per cent with the ends of its interval of 95 in 100 (Wilson's); `None` while
    /// there are too few.
    pub fn share(&self) -> Option<(f64, f64, f64)> {
        (!self.is_too_few()).then(|| {
            let (lo, hi) = wilson(self.same, self.of);
            let share = f64::from(self.same) / f64::from(self.of);
            (100.0 * share, 100.0 * lo, 100.0 * hi)
        })
    }

    /// Whether it grows: the share of the later half less that of the earlier one, in per cent;
    /// `None` while one of the two halves has too few.
    pub fn growth(&self) -> Option<f64> {
        let enough = self.earlier.1 >= ENOUGH && self.later.1 >= ENOUGH;
        enough.then(|| {
            let share = |(same, of): (u32, u32)| 100.0 * f64::from(same) / f64::from(of);
            share(self.later) - share(self.earlier)
        })
    }

    /// Whether it is enough to lead alone.
    fn holds(&self) -> bool {
        self.share().is_some_and(|(_, lo, _)| lo >= LEADS_FROM)
    }

    /// Says it: `9 of 12 the same, 47 to 91 in 100`, `3 of 4 the same, too few`.
    pub fn words(&self) -> String {
        let counts = format!("{} of {} the same", self.same, self.of);
        match self.share() {
            Some((_, lo, hi)) => format!("{counts}, {lo:.0} to {hi:.0} in 100"),
            None => format!("{counts}, too few"),
        }
    }
}

/// The ends of Wilson's interval of 95 in 100 for a share, from 0 to 1.
fn wilson(same: u32, of: u32) -> (f64, f64) {
    let (n, p) = (f64::from(of), f64::from(same) / f64::from(of.max(1)));
    if of == 0 {
        return (0.0, 1.0);
    }
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// How a rep's sealed answers compare with a manager's or senior's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coaching {
    /// The rep.
    pub rep: String,
    /// The other one.
    pub manager: String,
    /// On how many deals both sealed and it was revealed.
    pub deals: u32,
    /// The day of the first and of the last of them.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// What to do with the deal.
    pub verdict: Agreement,
    /// Question by question, in the order of the bank; those that both never answered are left
    /// out.
    pub questions: Vec<Agreement>,
    /// The questions that CONTINUE needs, one after the other.
    pub musts: Vec<Agreement>,
    /// Whether the rep is senior already.
    pub is_senior: bool,
}

impl Coaching {
    /// Whether there is something to show: enough deals.
    pub fn is_enough(&self) -> bool {
        self.deals >= ENOUGH
    }

    /// Whether the rep may lead first meetings, as a suggestion: on enough deals, the interval of
    /// each must and of what to do begins at 60 in 100 or above.
    pub fn may_lead(&self) -> bool {
        !self.is_senior
            && self.is_enough()
            && !self.musts.is_empty()
            && self.missing().next().is_none()
    }

    /// What the rep still lacks to lead first meetings: of the verdict and the musts those whose
    /// interval begins too low, or that are too few. None while there are too few deals, and for
    /// somebody senior.
    pub fn missing(&self) -> impl Iterator<Item = &Agreement> {
        let is_asked = self.is_enough() && !self.is_senior;
        let all = std::iter::once(&self.verdict).chain(&self.musts);
        all.filter(move |one| is_asked && !one.holds())
    }

    /// Says what follows.
    pub fn words(&self) -> String {
        if !self.is_enough() {
            return format!("{} of {ENOUGH} deals sealed by both: too few", self.deals);
        }
        if self.is_senior {
            return format!("{} is senior", self.rep);
        }
        if self.may_lead() {
            return format!(
                "{} may lead first meetings: what they see there, {} sees as well",
                self.rep, self.manager
            );
        }
        format!(
            "{} joins {}'s first meetings for now",
            self.manager, self.rep
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(same: u32, of: u32) -> Agreement {
        let all: Vec<bool> = (0..of).map(|n| n < same).collect();
        Agreement::count("PWR1", &all)
    }

    #[test]
    fn under_eight_nothing_is_claimed() {
        assert_eq!(agreement(7, 7).share(), None);
        assert_eq!(agreement(7, 7).words(), "7 of 7 the same, too few");
        assert_eq!(
            agreement(9, 12).words(),
            "9 of 12 the same, 47 to 91 in 100"
        );
    }

    #[test]
    fn the_interval_is_wilsons() {
        let (lo, hi) = wilson(8, 10);
        assert!((lo - 0.4902).abs() < 0.001 && (hi - 0.9433).abs() < 0.001);
        let (lo, hi) = wilson(0, 8);
        assert!(lo.abs() < 1e-9 && (hi - 0.3244).abs() < 0.001);
    }

    #[test]
    fn growth_needs_enough_in_both_halves() {
        let mut told = vec![false; 8];
        told.extend([true; 8]);

        assert_eq!(Agreement::count("PWR1", &told).growth(), Some(100.0));
        assert_eq!(Agreement::count("PWR1", &told[1..]).growth(), None);
    }

    #[test]
    fn a_junior_leads_once_the_musts_and_the_verdict_agree_often_enough() {
        let mut coaching = Coaching {
            rep: "Ana".into(),
            manager: "Dana".into(),
            deals: 20,
            verdict: agreement(18, 20),
            musts: vec![agreement(18, 20), agreement(19, 20), agreement(17, 20)],
            ..Coaching::default()
        };
        assert!(coaching.may_lead());

        coaching.musts[1] = agreement(12, 20);
        assert!(!coaching.may_lead());
        coaching.musts[1] = agreement(7, 7);
        assert!(!coaching.may_lead());
    }
}
