//! The figures of a signal: a few named whole numbers.
//!
//! A figure that grows with the day is kept as the day from which it counts, so that a stored
//! signal stays right overnight and only its reader counts.

use std::fmt;

use chrono::NaiveDate;

use super::super::iso::IsoDay;

/// One number of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A count.
    Count(u32),
    /// Days since `from`: to `to` where the clock stands still, else to the day of reading.
    Days {
        /// The day from which it counts.
        from: NaiveDate,
        /// The day at which the clock stands still.
        to: Option<NaiveDate>,
    },
}

impl Figure {
    /// Returns the number on a day; days are never below 0.
    pub fn on(self, today: NaiveDate) -> i64 {
        match self {
            Self::Count(count) => i64::from(count),
            Self::Days { from, to } => {
                let end = to.map_or(today, |to| to.min(today));
                (end - from).num_days().max(0)
            }
        }
    }
}

/// The names that figures have; their texts never change their meaning.
const NAMES: [&str; 30] = [
    "days",
    "unanswered",
    "touches",
    "late",
    "kept",
    "of",
    "open",
    "out",
    "in",
    "times",
    "refused",
    "no_shows",
    "requests",
    "steps",
    "moves",
    "margin",
    "discount",
    "hours",
    "warranted",
    "start",
    "close",
    "sponsor",
    "problem",
    "wired",
    "agreed",
    "percent",
    "won",
    "within",
    "longest",
    "unnamed",
];

/// At most five figures by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures([Option<(&'static str, Figure)>; 5]);

impl Figures {
    /// Adds a figure; one past the fifth is dropped.
    #[must_use]
    pub fn with(mut self, name: &'static str, figure: Figure) -> Self {
        if let Some(free) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *free = Some((name, figure));
        }
        self
    }

    /// Iterates over names and numbers on a day.
    pub fn on(&self, today: NaiveDate) -> impl Iterator<Item = (&'static str, i64)> {
        let figures = self.0.into_iter().flatten();
        figures.map(move |(name, figure)| (name, figure.on(today)))
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Tells whether there is one of a name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().flatten().any(|(n, _)| *n == name)
    }

    /// Returns the days between which the days are counted: from the first to the last, or to
    /// today; `None` where none are.
    pub fn days(&self) -> Option<(NaiveDate, Option<NaiveDate>)> {
        self.0
            .iter()
            .flatten()
            .find_map(|(_, figure)| match figure {
                Figure::Days { from, to } => Some((*from, *to)),
                Figure::Count(_) => None,
            })
    }

    /// Returns one number on a day.
    pub fn get(&self, name: &str, today: NaiveDate) -> Option<i64> {
        self.on(today)
            .find(|(n, _)| *n == name)
            .map(|(_, number)| number)
    }

    /// Says them for people: `34 d, 4 unanswered`; empty where there are none. Large numbers are
    /// written by `large`.
    pub fn words(&self, today: NaiveDate, large: impl Fn(i64) -> String) -> String {
        let mut words = Vec::new();
        for (name, n) in self.on(today) {
            words.push(match name {
                "days" => format!("{n} d"),
                "kept" => match self.get("of", today) {
                    Some(of) => format!("kept {n} of {of}"),
                    None => format!("{n} kept"),
                },
                "touches" => match self.get("of", today) {
                    Some(of) => format!("{n} of {of}"),
                    None => format!("the last {n}"),
                },
                "of" if self.has("kept") || self.has("touches") => continue,
                "of" => format!("of {n}"),
                "in" | "won" | "percent" => continue,
                "out" => format!("{n} of ours to {}", self.get("in", today).unwrap_or(0)),
                "open" => format!("{n} of 4 open"),
                "no_shows" if n == 1 => "1 no-show".to_owned(),
                "no_shows" => format!("{n} no-shows"),
                "times" if n == 1 => "once".to_owned(),
                "times" => format!("{n} times"),
                "requests" if n == 1 => "1 request".to_owned(),
                "steps" => format!("{n} asked and unknown"),
                "moves" => format!("moved {n} times"),
                "margin" => format!("margin {n} %"),
                "discount" => format!("discount {n} %"),
                "hours" => format!("{n} h"),
                "warranted" => format!("its value warrants {n}"),
                "start" => "not at the start".to_owned(),
                "within" | "longest" | "unnamed" => self.of_the_won(name, n, today, &large),
                "late" if self.has("kept") && self.get("of", today) > Some(1) => continue,
                "close" => "not in closing".to_owned(),
                "sponsor" => "sponsor met".to_owned(),
                "problem" => "problem known, solution open".to_owned(),
                "wired" => "the race leans to us".to_owned(),
                "agreed" => "a no is fine, agreed".to_owned(),
                other => format!("{n} {other}"),
            });
        }
        words.join(", ")
    }

    /// Says what the won deals tell of themselves.
    fn of_the_won(
        &self,
        name: &str,
        n: i64,
        today: NaiveDate,
        large: impl Fn(i64) -> String,
    ) -> String {
        let won = large(self.get("won", today).unwrap_or(0));
        match (name, n, self.get("percent", today)) {
            ("unnamed", 0, _) => format!("all {won} won name one"),
            ("unnamed", _, _) => format!("all but {n} of {won} won name one"),
            ("longest", _, _) => format!("none of {won} won took over {n}"),
            (_, _, Some(75) | None) => format!("3 in 4 of {won} won took {n} at most"),
            (_, _, Some(percent)) => format!("{percent} % of {won} won took {n} at most"),
        }
    }

    /// Reads what the `Display` of figures spelled, split at its spaces.
    pub(super) fn from_words<'a>(words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut figures = Self::default();
        for word in words {
            let (name, value) = word.split_once(':')?;
            let name = NAMES.into_iter().find(|known| *known == name)?;
            let figure = match value.split_once("..") {
                None => Figure::Count(value.parse().ok()?),
                Some((from, to)) => Figure::Days {
                    from: from.parse().ok()?,
                    to: match to {
                        "" => None,
                        day => Some(day.parse().ok()?),
                    },
                },
            };
            figures = figures.with(name, figure);
        }
        Some(figures)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, figure) in self.0.into_iter().flatten() {
            // Not by `write!`, which takes most of the time of keeping an evaluation.
            for part in [" ", name, ":"] {
                f.write_str(part)?;
            }
            match figure {
                Figure::Count(count) => fmt::Display::fmt(&count, f)?,
                Figure::Days { from, to } => {
                    f.write_str(IsoDay::of(from).as_str())?;
                    f.write_str("..")?;
                    if let Some(to) = to {
                        f.write_str(IsoDay::of(to).as_str())?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_when_read_and_stop_where_the_clock_does() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let from = day("2026-11-01");
        let running = Figure::Days { from, to: None };
        let stopped = Figure::Days {
            from,
            to: Some(day("2026-11-20")),
        };
        let figures = Figures::default().with("days", running);

        assert_eq!(running.on(day("2026-11-23")), 22);
        assert_eq!(stopped.on(day("2026-11-23")), 19);
        assert_eq!(stopped.on(day("2026-11-05")), 4);
        assert_eq!(running.on(day("2026-10-01")), 0);
        assert_eq!(figures.get("days", day("2026-11-02")), Some(1));
        assert_eq!(figures.get("unanswered", day("2026-11-02")), None);
    }
}
