//! Whom of them we met: one rule for the signals and for what is shown.

use std::collections::HashMap;

use chrono::NaiveDate;

/// Returns the first day on which we met somebody: the day noted for them, or that of a meeting
/// that was held with them, whichever came first.
pub fn first_met(noted: Option<NaiveDate>, held: Option<NaiveDate>) -> Option<NaiveDate> {
    noted.into_iter().chain(held).min()
}

/// Returns a name in the spelling by which a person is found: small letters, single blanks.
pub fn spelt(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// The first meeting that was held with each person of a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meetings(HashMap<String, NaiveDate>);

impl Meetings {
    /// Notes a meeting that was held with somebody.
    pub fn held(&mut self, name: &str, day: NaiveDate) {
        let first = self.0.entry(spelt(name)).or_insert(day);
        *first = day.min(*first);
    }

    /// Returns the first day on which we met a person.
    pub fn met(&self, name: &str, noted: Option<NaiveDate>) -> Option<NaiveDate> {
        first_met(noted, self.0.get(&spelt(name)).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_earlier_of_what_was_noted_and_what_was_held_counts() {
        let mut meetings = Meetings::default();
        meetings.held("Dana  FOX", day("2026-10-08"));
        meetings.held("dana fox", day("2026-09-30"));
        let met = |name, noted: Option<&str>| {
            let noted = noted.map(day);
            let met = meetings.met(name, noted);
            met.map(|day| day.to_string())
        };

        assert_eq!(met("Dana Fox", None).as_deref(), Some("2026-09-30"));
        assert_eq!(
            met("Dana Fox", Some("2026-09-01")).as_deref(),
            Some("2026-09-01")
        );
        assert_eq!(
            met("Dana Fox", Some("2026-11-01")).as_deref(),
            Some("2026-09-30")
        );
        assert_eq!(met("Raj Patel", None), None);
    }
}
