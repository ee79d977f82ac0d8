//! What is known about one question of one deal: a value, how well it is known, and since when.
//!
//! *Not asked* is the absence of an [`Answer`]. An answer is *open* when it is not asked or
//! unknown, and *answered* when it is no, partly or yes; not applicable is neither. The keys
//! of the cockpit are parsed here too, so that a command and a key stroke mean the same.

use chrono::NaiveDate;
use thiserror::Error;

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// We asked, and nobody knows.
    Unknown,
    /// No.
    No,
    /// Partly.
    Partly,
    /// Yes.
    Yes,
    /// The question does not apply to this deal.
    NotApplicable,
}

impl Value {
    /// Every value, in the order of their worth.
    pub const ALL: [Self; 5] = [
        Self::Unknown,
        Self::No,
        Self::Partly,
        Self::Yes,
        Self::NotApplicable,
    ];

    /// Returns the text that is stored; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Yes => "yes",
            Self::NotApplicable => "na",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.code() == code)
    }

    /// Tells whether this counts as answered: no, partly or yes.
    pub fn is_answered(self) -> bool {
        match self {
            Self::No | Self::Partly | Self::Yes => true,
            Self::Unknown | Self::NotApplicable => false,
        }
    }
}

/// How well an answer is known, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// We think so.
    Hunch,
    /// They told us.
    Said,
    /// It happened.
    Shown,
    /// The record answers, until a person does.
    Record,
}

impl Grade {
    /// Every grade, the weakest first.
    pub const ALL: [Self; 4] = [Self::Hunch, Self::Said, Self::Shown, Self::Record];

    /// Returns the text that is stored; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hunch => "hunch",
            Self::Said => "said",
            Self::Shown => "shown",
            Self::Record => "record",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.code() == code)
    }
}

/// One answer to one question of one deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// What was found out.
    pub value: Value,
    /// How well it is known; *said* for partly, unknown and not applicable.
    pub grade: Grade,
    /// The day on which it was last known to be so.
    pub as_of: NaiveDate,
}

impl Answer {
    /// Makes an answer.
    pub fn new(value: Value, grade: Grade, as_of: NaiveDate) -> Self {
        Self {
            value,
            grade,
            as_of,
        }
    }

    /// Tells whether this is a no that they gave or showed us, and so counts as asked.
    ///
    /// A hunch is no reason to fire anyone, and what the record says is a suspicion that a
    /// question has to confirm.
    pub fn is_asked_no(self) -> bool {
        self.value == Value::No && matches!(self.grade, Grade::Said | Grade::Shown)
    }

    /// Tells whether this is a yes known at *said* or better.
    pub fn is_earned_yes(self) -> bool {
        self.value == Value::Yes && self.grade >= Grade::Said
    }

    /// Tells whether a person answered no, partly or yes.
    pub fn is_by_person(self) -> bool {
        self.value.is_answered() && self.grade != Grade::Record
    }

    /// Tells whether a yes is older than its shelf life, in days, on the given day.
    pub fn is_stale(self, shelf_days: u16, today: NaiveDate) -> bool {
        self.value == Value::Yes && (today - self.as_of).num_days() > i64::from(shelf_days)
    }
}

/// A key that answers, with the grade that it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKey {
    /// `0`: asked, nobody knows.
    Unknown,
    /// `1` or `y`, `2`, `3`: yes as a hunch, as said, as shown.
    Yes(Grade),
    /// `p`: partly.
    Partly,
    /// `n`: no, we asked; `N`: no, a hunch.
    No(Grade),
    /// `x`: does not apply.
    NotApplicable,
    /// `.`: still so, as of today.
    StillSo,
    /// `Del` or `clear`: back to not asked.
    Clear,
}

/// Why a key cannot answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyRefused {
    /// A must applies to every deal.
    #[error("this question applies to every deal: answer it with 0 1 2 3 p n or N")]
    MustApplies,
    /// There is no answer that could still be so.
    #[error("there is no answer yet that could still be so: answer it with 0 1 2 3 p n N or x")]
    NothingToKeep,
}

impl AnswerKey {
    /// The keys as they are typed, with what they mean, for help and for error messages.
    pub const KEYS: [(&'static str, &'static str); 11] = [
        ("0", "asked, nobody knows"),
        ("1", "yes, I think so"),
        ("y", "yes, I think so"),
        ("2", "yes, they told us"),
        ("3", "yes, it happened"),
        ("p", "partly"),
        ("n", "no, and we asked"),
        ("N", "no, I think"),
        ("x", "does not apply"),
        (".", "still so, as of today"),
        ("clear", "back to not asked"),
    ];

    /// Reads a key as typed in the cockpit or given to a command.
    pub fn parse(key: &str) -> Option<Self> {
        match key {
            "0" => Some(Self::Unknown),
            "1" | "y" => Some(Self::Yes(Grade::Hunch)),
            "2" => Some(Self::Yes(Grade::Said)),
            "3" => Some(Self::Yes(Grade::Shown)),
            "p" => Some(Self::Partly),
            "n" => Some(Self::No(Grade::Said)),
            "N" => Some(Self::No(Grade::Hunch)),
            "x" => Some(Self::NotApplicable),
            "." => Some(Self::StillSo),
            "clear" | "Del" => Some(Self::Clear),
            _ => None,
        }
    }

    /// Returns the answer after this key, `None` for not asked.
    ///
    /// `is_must` tells whether the question is one of the three musts. Refused are *does not
    /// apply* on a must and *still so* where nothing was answered.
    pub fn apply(
        self,
        before: Option<Answer>,
        is_must: bool,
        today: NaiveDate,
    ) -> Result<Option<Answer>, KeyRefused> {
        let answer = |value, grade| Ok(Some(Answer::new(value, grade, today)));
        match self {
            Self::Unknown => answer(Value::Unknown, Grade::Said),
            Self::Yes(grade) => answer(Value::Yes, grade),
            Self::Partly => answer(Value::Partly, Grade::Said),
            Self::No(grade) => answer(Value::No, grade),
            Self::NotApplicable if is_must => Err(KeyRefused::MustApplies),
            Self::NotApplicable => answer(Value::NotApplicable, Grade::Said),
            Self::StillSo => match before {
                Some(kept) => answer(kept.value, kept.grade),
                None => Err(KeyRefused::NothingToKeep),
            },
            Self::Clear => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn stored_texts_are_read_back_and_never_change() {
        let values: Vec<_> = Value::ALL.iter().map(|value| value.code()).collect();
        let grades: Vec<_> = Grade::ALL.iter().map(|grade| grade.code()).collect();

        assert_eq!(values, ["unknown", "no", "partly", "yes", "na"]);
        assert_eq!(grades, ["hunch", "said", "shown", "record"]);
        assert!(
            Value::ALL
                .into_iter()
                .all(|v| Value::from_code(v.code()) == Some(v))
        );
        assert!(
            Grade::ALL
                .into_iter()
                .all(|g| Grade::from_code(g.code()) == Some(g))
        );
        assert_eq!(Value::from_code("Yes"), None);
        assert_eq!(Grade::from_code(""), None);
    }

    #[test]
    fn every_key_answers_with_its_grade() {
        let today = day("2026-11-23");
        let cases = [
            ("0", Some((Value::Unknown, Grade::Said))),
            ("1", Some((Value::Yes, Grade::Hunch))),
            ("y", Some((Value::Yes, Grade::Hunch))),
            ("2", Some((Value::Yes, Grade::Said))),
            ("3", Some((Value::Yes, Grade::Shown))),
            ("p", Some((Value::Partly, Grade::Said))),
            ("n", Some((Value::No, Grade::Said))),
            ("N", Some((Value::No, Grade::Hunch))),
            ("x", Some((Value::NotApplicable, Grade::Said))),
            ("clear", None),
        ];

        for (key, expected) in cases {
            let answer = AnswerKey::parse(key).unwrap().apply(None, false, today);
            let expected = expected.map(|(value, grade)| Answer::new(value, grade, today));
            assert_eq!(answer, Ok(expected), "{key}");
        }
        assert!(
            AnswerKey::KEYS
                .iter()
                .all(|(key, _)| AnswerKey::parse(key).is_some())
        );
    }

    #[test]
    fn an_unknown_key_is_none() {
        for key in ["", "4", "Y", "P", "X", " n", "nn", "ja", "CLEAR", "..", "é"] {
            assert_eq!(AnswerKey::parse(key), None, "{key:?}");
        }
    }

    #[test]
    fn a_must_always_applies() {
        let key = AnswerKey::NotApplicable;

        assert_eq!(
            key.apply(None, true, day("2026-11-23")),
            Err(KeyRefused::MustApplies)
        );
    }

    #[test]
    fn still_so_moves_only_the_day() {
        let before = Answer::new(Value::Yes, Grade::Shown, day("2026-08-01"));
        let today = day("2026-11-23");

        let after = AnswerKey::StillSo.apply(Some(before), true, today);

        assert_eq!(
            after,
            Ok(Some(Answer::new(Value::Yes, Grade::Shown, today)))
        );
        let nothing = AnswerKey::StillSo.apply(None, true, today);
        assert_eq!(nothing, Err(KeyRefused::NothingToKeep));
    }

    #[test]
    fn only_a_yes_goes_stale_and_only_past_its_shelf_life() {
        let as_of = day("2026-09-01");
        let sixty_later = day("2026-10-31");
        let yes = Answer::new(Value::Yes, Grade::Said, as_of);
        let no = Answer::new(Value::No, Grade::Said, as_of);

        assert!(!yes.is_stale(60, sixty_later));
        assert!(yes.is_stale(60, sixty_later.succ_opt().unwrap()));
        assert!(!yes.is_stale(60, day("2020-01-01")));
        assert!(!no.is_stale(60, day("2030-01-01")));
    }

    #[test]
    fn a_no_counts_as_asked_only_when_they_said_or_showed_it() {
        let no = |grade| Answer::new(Value::No, grade, day("2026-11-23")).is_asked_no();

        assert!(no(Grade::Said) && no(Grade::Shown));
        assert!(!no(Grade::Hunch) && !no(Grade::Record));
    }
}
