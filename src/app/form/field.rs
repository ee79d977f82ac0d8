//! Fields of a form: what they hold, and how that is read.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::text::TextInput;
use crate::domain::act::DealField;
use crate::domain::deal::GateFlag;
use crate::domain::locale::DayOrder;
use crate::domain::message::Fact;
use crate::domain::money::Money;
use crate::domain::phase::Phase;
use crate::domain::told::Told;
use crate::domain::when::{Lean, parse_day};

/// Which value a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKey {
    /// Why a prospect is fired.
    Reasons,
    /// Where they go.
    To,
    /// To whom, or who keeps in touch; whom to ask.
    Whom,
    /// Until when.
    Until,
    /// Two sentences for the phone.
    Phone,
    /// The mail.
    Mail,
    /// Its subject.
    Subject,
    /// Which message is written.
    Note,
    /// In which language.
    Language,
    /// A fact that is not on record and stands in a message.
    Fact(Fact),
    /// Who walked away.
    Walked,
    /// On which condition they would be taken back.
    BackIf,
    /// On whose word.
    Word,
    /// What they must do.
    What,
    /// Why.
    Why,
    /// The next step.
    Next,
    /// When it is due; by when to ask.
    Due,
    /// The tripwire's sentence.
    Tripwire,
    /// The tripwire's day.
    By,
    /// What follows where they did not act.
    Else,
    /// Hours a week.
    Hours,
    /// Which senior joins.
    Senior,
    /// Their words, the evidence, the terms, the note.
    Words,
    /// Won, lost or removed.
    Status,
    /// What came of a firing.
    Outcome,
    /// Whether a win would be sold again.
    Again,
    /// Yes, partly, no.
    Answer,
    /// As what, or for which CRM, an export is written.
    Format,
    /// The file.
    File,
    /// The CRM's column for something that it is told.
    Column(Told),
    /// Whether fired deals are closed in the CRM.
    CloseFired,
    /// Up to which value a rep fires alone.
    Ceiling,
    /// In which phases a rep fires alone.
    Phases,
    /// To which accounts a charter does not apply.
    Exceptions,
    /// Whether minutes name and price what is masked.
    Masked,
    /// The name of a contact.
    Name,
    /// Their job.
    Title,
    /// What they are in the purchase.
    Role,
    /// How high up they are.
    Level,
    /// The day we met.
    Met,
    /// The mail address.
    Email,
    /// Who answers for one of the four that a trial waits for.
    Gate(GateFlag),
    /// The first day of a trial.
    Starts,
    /// Who had a deal.
    From,
    /// Who carries it now.
    Taker,
    /// Who looks over their shoulder.
    Overseer,
    /// When they look next.
    Check,
    /// What came of asking for access.
    Came,
    /// Whether something was offered in return.
    Swap,
    /// A field of the deal.
    Deal(DealField),
}

/// How a field is filled in.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a form has a dozen fields")]
pub enum Input {
    /// Typed, on one line or several.
    Text(TextInput),
    /// One of several words.
    Choice {
        /// The words.
        options: Vec<String>,
        /// The picked one.
        picked: usize,
    },
    /// Any of several sentences.
    Ticks {
        /// The sentences, and whether they are ticked.
        rows: Vec<(String, bool)>,
        /// The one under the cursor.
        cursor: usize,
    },
}

/// What a typed field must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holds {
    /// Words.
    Words,
    /// A day.
    Day,
    /// A day after today.
    DayAhead,
    /// A day; one without a year lies behind.
    DayBehind,
    /// An amount.
    Money,
    /// A number of hours.
    Hours,
    /// Per cent.
    Percent,
    /// A phase's word.
    Phase,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Which value it is.
    pub key: FieldKey,
    /// Its label.
    pub label: String,
    /// How it is filled in.
    pub input: Input,
    /// What it must hold.
    pub holds: Holds,
    /// Whether it must not be empty.
    pub required: bool,
    /// Whether it does not apply now (nurture's date when they walk away); not shown.
    pub hidden: bool,
    /// What an empty field means, shown in it: `each deal's own reasons`.
    pub placeholder: String,
    /// Whether the text names or quotes something of the user's, so that masks hide it while the
    /// cursor is elsewhere.
    pub private: bool,
    /// The value as it was read, where typing and meaning differ: a day.
    pub read: Option<NaiveDate>,
    /// What is wrong with it; stands under it.
    pub error: Option<String>,
    /// What it was filled with.
    pub filled: String,
}

/// What a form must know to read what was typed.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Today.
    pub today: NaiveDate,
    /// Which of two numbers is the month.
    pub order: DayOrder,
}

impl Field {
    /// Returns the typed text; empty for fields that are picked.
    pub fn text(&self) -> String {
        match &self.input {
            Input::Text(input) => input.text(),
            Input::Choice { .. } | Input::Ticks { .. } => String::new(),
        }
    }

    /// Returns the typed text without blanks around it; `None` when nothing is left.
    pub fn words(&self) -> Option<String> {
        let text = self.text();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether the text is still the one that it was filled with.
    pub fn is_untouched(&self) -> bool {
        match &self.input {
            Input::Text(input) => input.text() == self.filled,
            Input::Choice { picked, .. } => picked.to_string() == self.filled,
            Input::Ticks { rows, .. } => ticks(rows) == self.filled,
        }
    }

    /// Puts another text in place of what was typed.
    pub fn replace(&mut self, text: &str) {
        if let Input::Text(input) = &mut self.input {
            input.set(text);
            self.error = None;
            self.read = None;
        }
    }

    /// Fills in another text, unless a person changed it.
    pub(super) fn refill(&mut self, text: &str) {
        if self.is_untouched()
            && let Input::Text(input) = &mut self.input
        {
            input.set(text);
            text.clone_into(&mut self.filled);
        }
    }

    /// Reads the field and notes what is wrong with it; says whether it holds.
    pub(super) fn check(&mut self, reading: Reading) -> bool {
        self.read = None;
        self.error = None;
        let Some(text) = self.words() else {
            if self.required && !self.hidden && matches!(self.input, Input::Text(_)) {
                self.error = Some(format!("{} is missing", self.label));
            }
            return self.error.is_none();
        };
        if self.hidden {
            return true;
        }
        let lean = match self.holds {
            Holds::DayBehind => Lean::Back,
            Holds::Words
            | Holds::Day
            | Holds::DayAhead
            | Holds::Money
            | Holds::Hours
            | Holds::Percent
            | Holds::Phase => Lean::Ahead,
        };
        let wrong = match self.holds {
            Holds::Words => None,
            Holds::Day | Holds::DayAhead | Holds::DayBehind => {
                match parse_day(&text, reading.today, reading.order, lean) {
                    Ok(day) if self.holds == Holds::DayAhead && day <= reading.today => {
                        Some("it must be after today: take a later day, such as +2w".to_owned())
                    }
                    Ok(day) => {
                        self.read = Some(day);
                        None
                    }
                    Err(error) => Some(error.to_string()),
                }
            }
            Holds::Money => Money::parse(&text, None)
                .err()
                .map(|error| error.to_string()),
            Holds::Hours => (!is_number(&text, 0.0..=168.0))
                .then(|| "write a number of hours a week, such as 2.5".to_owned()),
            Holds::Percent => (!is_number(text.trim_end_matches('%'), -1000.0..=100.0))
                .then(|| "write per cent, such as 12.5".to_owned()),
            Holds::Phase => Phase::from_code(&text.to_lowercase())
                .is_none()
                .then(|| format!("write one of {}", Phase::ALL.map(Phase::code).join(", "))),
        };
        self.error = wrong;
        self.error.is_none()
    }
}

fn is_number(text: &str, range: RangeInclusive<f64>) -> bool {
    number(text).is_some_and(|number| range.contains(&number))
}

/// Reads a number with a decimal point or comma.
pub(in crate::app) fn number(text: &str) -> Option<f64> {
    let number: f64 = text.trim().replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number)
}

fn ticks(rows: &[(String, bool)]) -> String {
    rows.iter()
        .map(|(_, on)| if *on { '1' } else { '0' })
        .collect()
}

fn field(key: FieldKey, label: &str, input: Input, filled: String) -> Field {
    Field {
        key,
        label: label.to_owned(),
        input,
        holds: Holds::Words,
        required: false,
        hidden: false,
        placeholder: String::new(),
        private: false,
        read: None,
        error: None,
        filled,
    }
}

pub(super) fn text(key: FieldKey, label: &str, filled: &str) -> Field {
    field(
        key,
        label,
        Input::Text(TextInput::line(filled)),
        filled.to_owned(),
    )
}

pub(super) fn block(key: FieldKey, label: &str, filled: &str) -> Field {
    field(
        key,
        label,
        Input::Text(TextInput::block(filled)),
        filled.to_owned(),
    )
}

pub(super) fn day(key: FieldKey, label: &str, filled: &str, holds: Holds) -> Field {
    text(key, label, filled).holding(holds)
}

pub(super) fn choice(key: FieldKey, label: &str, options: &[&str], picked: usize) -> Field {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    field(
        key,
        label,
        Input::Choice { options, picked },
        picked.to_string(),
    )
}

pub(super) fn tick_field(key: FieldKey, label: &str, rows: Vec<(String, bool)>) -> Field {
    let filled = ticks(&rows);
    field(key, label, Input::Ticks { rows, cursor: 0 }, filled)
}

impl Field {
    pub(super) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) fn private(mut self) -> Self {
        self.private = true;
        self
    }

    pub(super) fn hint(mut self, placeholder: &str) -> Self {
        placeholder.clone_into(&mut self.placeholder);
        self
    }

    pub(super) fn holding(mut self, holds: Holds) -> Self {
        self.holds = holds;
        self
    }
}
