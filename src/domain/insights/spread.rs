//! The middle of a set of figures and how far half of them reach around it.

/// The median and the quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A quarter lies below.
    pub low: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub high: f64,
}

impl Spread {
    /// Of these figures, by linear interpolation between neighbours (type 7 of Hyndman and Fan,
    /// 1996, which spreadsheets and statistics packages take by default). `None` of none.
    pub fn of(figures: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut sorted: Vec<u32> = figures.into_iter().collect();
        sorted.sort_unstable();
        if sorted.is_empty() {
            return None;
        }
        let at = |share: f64| {
            let place = share * (sorted.len() - 1) as f64;
            let (below, above) = (place.floor() as usize, place.ceil() as usize);
            let (low, high) = (f64::from(sorted[below]), f64::from(sorted[above]));
            low + (high - low) * place.fract()
        };
        Some(Self {
            low: at(0.25),
            median: at(0.5),
            high: at(0.75),
        })
    }

    /// "34 days (half of them 12 to 80)".
    pub fn in_days(self) -> String {
        format!(
            "{:.0} days (half of them {:.0} to {:.0})",
            self.median, self.low, self.high
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `statistics.quantiles(a, n=4, method='inclusive')` of Python 3.11.7; it wants two.
    #[test]
    fn quartiles_are_those_of_a_known_package() {
        let cases: [(&[u32], [f64; 3]); 4] = [
            (&[7], [7.0, 7.0, 7.0]),
            (&[1, 2], [1.25, 1.5, 1.75]),
            (&[9, 1, 5, 3], [2.5, 4.0, 6.0]),
            (&[12, 80, 34, 7, 55, 34, 90, 3, 41], [12.0, 34.0, 55.0]),
        ];
        for (figures, [low, median, high]) in cases {
            let spread = Spread::of(figures.iter().copied()).unwrap();
            assert_eq!(spread, Spread { low, median, high }, "{figures:?}");
        }
        assert_eq!(Spread::of([]), None);
    }
}
