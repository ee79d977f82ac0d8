//! The filter language: one parser for the cockpit, the commands and saved views.
//!
//! A filter is a row of terms, all of which must hold: `owner:me dark:yes amount>50k -acme`.
//! Days stay relative as they were typed, so that a saved view means a new day every day;
//! [`Filter::resolve`] turns them into dates where a filter is put to the store.

mod choice;
mod field;
mod known;
mod order;
mod parse;
mod word;

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::locale::DayOrder;
use super::view::View;
use super::when::{Day, Lean};

pub use choice::Choice;
pub use field::{Entry, FIELDS, Field, Kind};
pub use known::{Named, folded};
pub use order::Order;
pub use parse::FilterError;
pub use word::{completions, nearest};

/// What a list is narrowed to: the deals for which every term holds. Empty for all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// The terms, in the order in which they were typed.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// The deals are wanted for which it does not hold.
    pub negated: bool,
    /// What it asks about; `None` for a bare word, which is looked for in account, title, contact,
    /// owner and notes.
    pub field: Option<Field>,
    /// Any of these makes it hold. Never empty. A bare term has words only.
    pub any: Vec<Alternative>,
}

/// One way in which a term holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Alternative {
    /// The text has this word, or the key is it. As typed; compared in either case.
    Word(String),
    /// The choice is this one.
    Choice(&'static str),
    /// The owner is the person at the keyboard.
    Me,
    /// There is no value.
    None,
    /// There is a value.
    Any,
    /// The value compares like this.
    Compare(Op, Value),
    /// The value lies between these, both included; an open end is `None`, never both.
    Range(Option<Value>, Option<Value>),
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// Equal.
    Is,
    /// Less, or earlier.
    Under,
    /// At most, or not later.
    AtMost,
    /// More, or later.
    Over,
    /// At least, or not earlier.
    AtLeast,
}

/// What a field is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A number, or an amount in major units.
    Number(Decimal),
    /// A number of days.
    Length(u32),
    /// A day.
    Day(Day),
}

impl Filter {
    /// Reads a filter. `order` says which of two numbers in `12/11` is the month.
    ///
    /// # Errors
    ///
    /// At the first mistake, with its place.
    pub fn parse(text: &str, order: DayOrder) -> Result<Self, FilterError> {
        parse::filter(text, order)
    }

    /// Says whether the filter leaves every deal.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns the filter for which this one and another hold.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.terms.extend(other.terms);
        self
    }

    /// Returns the same filter with every relative day turned into the date that it means today.
    #[must_use]
    pub fn resolve(&self, today: NaiveDate) -> Self {
        let mut filter = self.clone();
        for term in &mut filter.terms {
            let lean = term.lean();
            for alternative in &mut term.any {
                alternative.resolve(today, lean);
            }
        }
        filter
    }

    /// Iterates over the words typed without a field, which a search can look for as they are
    /// typed, with whether each is negated.
    pub fn bare(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| term.is_bare())
    }

    /// Says whether nothing but bare words stands here.
    pub fn is_only_bare(&self) -> bool {
        self.terms.iter().all(Term::is_bare)
    }

    /// Says whether it is a search: by words alone, none of them negated.
    pub fn is_search(&self) -> bool {
        !self.is_empty() && self.is_only_bare() && self.terms.iter().all(|term| !term.negated)
    }

    /// Returns the view of the program that it names, where it says nothing else.
    pub fn only_view(&self) -> Option<View> {
        let [term] = self.terms.as_slice() else {
            return None;
        };
        match (term.negated, term.field, term.any.as_slice()) {
            (false, Some(Field::View), [Alternative::Choice(word)]) => View::by_name(word),
            (_, _, _) => None,
        }
    }

    /// Says whether a term asks about a field.
    pub fn asks(&self, field: Field) -> bool {
        self.terms.iter().any(|term| term.field == Some(field))
    }

    /// Says whether which deals are left tells their amounts, so that a mask must refuse it.
    pub fn tells_amounts(&self) -> bool {
        self.asks(Field::Amount)
    }
}

impl Term {
    /// Makes a term that one of these words holds for, looked for everywhere.
    pub fn bare(words: impl IntoIterator<Item = String>) -> Self {
        let any = words.into_iter().map(Alternative::Word).collect();
        Self {
            negated: false,
            field: None,
            any,
        }
    }

    /// Says whether it was typed without a field.
    pub fn is_bare(&self) -> bool {
        self.field.is_none()
    }

    /// Iterates over its words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.any.iter().filter_map(|alternative| match alternative {
            Alternative::Word(word) => Some(word.as_str()),
            Alternative::Choice(_)
            | Alternative::Me
            | Alternative::None
            | Alternative::Any
            | Alternative::Compare(..)
            | Alternative::Range(..) => None,
        })
    }

    fn lean(&self) -> Lean {
        match self.field.map(Field::kind) {
            Some(Kind::Day(lean)) => lean,
            Some(
                Kind::Text
                | Kind::Person
                | Kind::Key
                | Kind::Code
                | Kind::Choice(_)
                | Kind::Number { .. }
                | Kind::Amount
                | Kind::Length,
            )
            | None => Lean::Ahead,
        }
    }
}

impl Alternative {
    fn is_equal(&self) -> bool {
        matches!(self, Self::Compare(Op::Is, _))
    }

    fn resolve(&mut self, today: NaiveDate, lean: Lean) {
        match self {
            Self::Compare(_, value) => value.resolve(today, lean),
            Self::Range(from, to) => {
                for value in [from, to].into_iter().flatten() {
                    value.resolve(today, lean);
                }
            }
            Self::Word(_) | Self::Choice(_) | Self::Me | Self::None | Self::Any => {}
        }
    }
}

impl Value {
    fn resolve(&mut self, today: NaiveDate, lean: Lean) {
        match self {
            Self::Day(day) => *day = Day::On(day.resolve(today, lean)),
            Self::Number(_) | Self::Length(_) => {}
        }
    }
}

impl fmt::Display for Filter {
    /// Writes the filter so that it reads back as the same in every locale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        if let Some(field) = self.field {
            write!(f, "{field}")?;
            let bare_sign = matches!(
                self.any.first(),
                Some(Alternative::Compare(
                    Op::Under | Op::AtMost | Op::Over | Op::AtLeast,
                    _
                ))
            );
            if !bare_sign {
                f.write_str(":")?;
            }
        }
        for (at, alternative) in self.any.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
                if self.field == Some(Field::Amount) && alternative.is_equal() {
                    // `48,100` would read as a number with a group.
                    f.write_str("=")?;
                }
            }
            write!(f, "{alternative}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write_word(f, word),
            Self::Choice(word) => f.write_str(word),
            Self::Me => f.write_str("me"),
            Self::None => f.write_str("none"),
            Self::Any => f.write_str("any"),
            Self::Compare(op, value) => write!(f, "{op}{value}"),
            Self::Range(from, to) => {
                if let Some(from) = from {
                    write!(f, "{from}")?;
                }
                f.write_str("..")?;
                if let Some(to) = to {
                    write!(f, "{to}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Is => "",
            Self::Under => "<",
            Self::AtMost => "<=",
            Self::Over => ">",
            Self::AtLeast => ">=",
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Three digits after a lone mark would read as a group.
            Self::Number(number) if number.scale() == 3 => write!(f, "{number}0"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Length(days) => write!(f, "{days}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// Writes a word, in quotes where it would else read as something more than a word.
fn write_word(f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
    let special = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '<' | '>' | '=' | '"');
    let reserved = ["me", "none", "any"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(word));
    if !reserved && !word.is_empty() && !word.starts_with('-') && !word.contains(special) {
        return f.write_str(word);
    }
    f.write_str("\"")?;
    for c in word.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        Filter::parse(text, DayOrder::DayFirst).unwrap()
    }

    #[test]
    fn a_stored_view_means_a_new_day_every_day() {
        let view = filter("close<+30d tripwire:eow created>2w");

        let on = |today: &str| view.resolve(today.parse().unwrap()).to_string();
        assert_eq!(
            on("2026-11-23"),
            "close<2026-12-23 tripwire:2026-11-27 created>2026-11-09"
        );
        assert_eq!(
            on("2026-11-30"),
            "close<2026-12-30 tripwire:2026-12-04 created>2026-11-16"
        );
        assert_eq!(view.to_string(), "close<+30d tripwire:eow created>2w");
    }

    #[test]
    fn bare_words_are_known_from_terms_with_fields() {
        let mixed = filter("north owner:me -acme,contoso");

        let words: Vec<Vec<_>> = mixed.bare().map(|term| term.words().collect()).collect();
        assert_eq!(words, [vec!["north"], vec!["acme", "contoso"]]);
        assert!(!mixed.is_only_bare());
        assert!(filter("north acme").is_only_bare());
        assert!(filter("").is_only_bare());
    }

    #[test]
    fn a_filter_by_amount_is_known() {
        assert!(filter("north -amount>50k").tells_amounts());
        assert!(!filter("currency:EUR").tells_amounts());
    }

    #[test]
    fn filters_are_joined() {
        assert_eq!(
            filter("a").and(filter("b owner:me")).to_string(),
            "a b owner:me"
        );
        assert!(Filter::default().and(filter(" ")).is_empty());
    }

    #[test]
    fn words_that_read_as_more_are_quoted() {
        let words = [
            "two words",
            "a:b",
            "none",
            "ME",
            "-x",
            "a,b",
            "say \"no\"",
            "back\\slash",
        ];
        let term = Term::bare(words.map(str::to_owned));

        assert_eq!(
            term.to_string(),
            r#""two words","a:b","none","ME","-x","a,b","say \"no\"",back\slash"#
        );
    }
}
