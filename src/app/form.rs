//! Forms: fields that are typed or picked, then a row of actions.

mod act;
mod field;
mod letter;
mod sheets;
pub mod text;

pub(in crate::app) use field::number;
pub use field::{Field, FieldKey, Holds, Input, Reading};
pub use letter::Letter;
pub use sheets::{ExportAs, MinutesAs, MinutesOf, ROLES, Seed, Tell};

use chrono::NaiveDate;

use crate::app::chord::Chord;
use crate::app::form::text::TextInput;
use crate::domain::ids::DealId;
use crate::domain::locale::Locale;
use crate::domain::message::{MessageKind, Way};
use crate::domain::shown::Name;
use crate::domain::told::Listener;

/// What a form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormKind {
    /// `F`.
    Fire,
    /// `H`.
    Hold,
    /// `C`.
    Continue,
    /// What a tripwire waited for happened.
    TripwireHappened,
    /// Going on although a tripwire passed.
    TripwireAnyway,
    /// Setting or changing a tripwire.
    TripwireSet,
    /// A fired prospect came back.
    Reinstate,
    /// What came of a firing, in words.
    Outcome,
    /// Whether a win would be sold again, in words.
    Regret,
    /// Won, lost or removed.
    Close,
    /// A new deal.
    Add,
    /// Changing a deal's fields.
    Edit,
    /// A note.
    Note,
    /// Their words behind an answer.
    Evidence,
    /// Putting a question to somebody by a date.
    Ask,
    /// Telling what no CRM sees.
    Tell(Tell),
    /// Writing to somebody of a deal; nothing is sent.
    Message,
    /// Writing deals to a file.
    Export,
    /// The minutes of a 1:1: one that ends with them, or one of before.
    Minutes(MinutesOf),
    /// What a rep may fire alone: the terms, and one's signature.
    Charter,
}

/// What an action of a form does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Does what the form is for.
    Confirm,
    /// Copies its text.
    Copy,
    /// Opens the editor on its text.
    Edit,
    /// Hands the mail to the mail program, as a draft.
    Draft,
    /// Writes the text to a file.
    File,
    /// Does what the form is for, and writes the calendar.
    Calendar,
}

/// An action of the row at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormAction {
    /// What it does.
    pub kind: ActionKind,
    /// Its word: `Fire`, `copy`.
    pub label: &'static str,
    /// The letter that does it from the row; `None` for the first, which is `Enter`.
    pub letter: Option<char>,
}

/// Where the cursor of a form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormFocus {
    /// On a field.
    Field(usize),
    /// On an action.
    Action(usize),
}

/// A line that is only read: hours back, questions never asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormLine {
    /// Its label.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Whether it is a warning.
    pub warn: bool,
}

/// A form on screen.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they do not exclude each other"
)]
pub struct Form {
    /// What it is for.
    pub kind: FormKind,
    /// The deals it is about; empty for a new one.
    pub deals: Vec<DealId>,
    /// The name of the deal when it is one.
    pub name: Option<Name>,
    /// The question it is about, by its id.
    pub question: Option<String>,
    /// The fields.
    pub fields: Vec<Field>,
    /// Lines that are only read.
    pub lines: Vec<FormLine>,
    /// The actions; never empty.
    pub actions: Vec<FormAction>,
    /// Where the cursor is.
    pub focus: FormFocus,
    /// Whether it waits for its deal and is not filled in yet.
    pub waiting: bool,
    /// Whether it has been on screen; before that it confirms nothing.
    pub drawn: bool,
    /// Whether it was handed to the worker.
    pub sending: bool,
    /// The names of the deal's contacts, with which whom to ask is completed.
    pub contacts: Vec<String>,
    /// The ways in which its text left the program.
    pub left: Vec<Way>,
    /// The message that was asked for by name.
    pub wanted: Option<MessageKind>,
    /// How the closing notes go out once it is done.
    pub notes: Option<Way>,
    /// Whether the calendar is to be written once it is done.
    pub calendar: bool,
    /// Why the worker refused it; goes with the next key.
    pub failed: Option<String>,
    /// What fields of the sheet fill in for others.
    pub follows: Follows,
}

/// What one field of a sheet fills in for another.
#[derive(Clone, Debug, Default)]
pub struct Follows {
    /// A tripwire's sentence in words of one's own, with a place for its day.
    pub tripwire: Option<String>,
    /// Whether the tripwire's sentence is made of its parts, even where they are left blank.
    pub slots: bool,
    /// How the tripwire's sentence writes its day: in which locale, as of which day.
    pub written: Option<(Locale, NaiveDate)>,
    /// The CRMs that an export may be for, in the order in which they are offered.
    pub crms: Vec<Listener>,
    /// What its texts for a prospect are written from; `None` where it has none.
    pub letter: Option<Letter>,
}

impl Form {
    /// Returns a field.
    pub fn field(&self, key: FieldKey) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Returns the text field under the cursor.
    pub fn text_mut(&mut self) -> Option<&mut TextInput> {
        let FormFocus::Field(at) = self.focus else {
            return None;
        };
        match &mut self.fields.get_mut(at)?.input {
            Input::Text(input) => Some(input),
            Input::Choice { .. } | Input::Ticks { .. } => None,
        }
    }

    /// Says how many cells its text fields have on screen.
    pub fn set_width(&mut self, cells: u16) {
        for field in &mut self.fields {
            if let Input::Text(input) = &mut field.input {
                input.set_width(cells);
            }
        }
    }

    /// Goes to the next field, from the last one to the actions, from there to the first.
    pub fn next(&mut self, reading: Reading) {
        let shown = self.shown();
        self.leave(reading);
        self.focus = match self.focus {
            FormFocus::Field(at) => match shown.iter().find(|other| **other > at) {
                Some(next) => FormFocus::Field(*next),
                None => FormFocus::Action(0),
            },
            FormFocus::Action(_) => shown
                .first()
                .map_or(FormFocus::Action(0), |at| FormFocus::Field(*at)),
        };
        self.enter(true);
    }

    /// Goes to the field before, from the first one to the actions, from there to the last.
    pub fn previous(&mut self, reading: Reading) {
        let shown = self.shown();
        self.leave(reading);
        self.focus = match self.focus {
            FormFocus::Field(at) => match shown.iter().rev().find(|other| **other < at) {
                Some(before) => FormFocus::Field(*before),
                None => FormFocus::Action(0),
            },
            FormFocus::Action(_) => shown
                .last()
                .map_or(FormFocus::Action(0), |at| FormFocus::Field(*at)),
        };
        self.enter(false);
    }

    /// Goes a line down within the field, else to the next one.
    pub fn down(&mut self, reading: Reading) {
        let moved = match self.focused_mut().map(|field| &mut field.input) {
            Some(Input::Text(input)) => input.down(),
            Some(Input::Ticks { rows, cursor }) if *cursor + 1 < rows.len() => {
                *cursor += 1;
                true
            }
            Some(Input::Ticks { .. } | Input::Choice { .. }) | None => false,
        };
        if !moved {
            self.next(reading);
        }
    }

    /// Goes a line up within the field, else to the one before.
    pub fn up(&mut self, reading: Reading) {
        let moved = match self.focused_mut().map(|field| &mut field.input) {
            Some(Input::Text(input)) => input.up(),
            Some(Input::Ticks { cursor, .. }) if *cursor > 0 => {
                *cursor -= 1;
                true
            }
            Some(Input::Ticks { .. } | Input::Choice { .. }) | None => false,
        };
        if !moved {
            self.previous(reading);
        }
    }

    /// Goes to another action of the row.
    pub fn action_step(&mut self, by: isize) {
        if let FormFocus::Action(at) = self.focus {
            let last = self.actions.len().saturating_sub(1);
            self.focus = FormFocus::Action(at.saturating_add_signed(by).min(last));
        }
    }

    /// Ticks what is under the cursor, or picks the next.
    pub fn tick(&mut self) {
        match self.focused_mut().map(|field| &mut field.input) {
            Some(Input::Ticks { rows, cursor }) => {
                if let Some((_, on)) = rows.get_mut(*cursor) {
                    *on = !*on;
                }
            }
            Some(Input::Choice { .. }) => self.choose(1),
            Some(Input::Text(_)) | None => {}
        }
    }

    /// Picks the next or the one before, around the end.
    pub fn choose(&mut self, by: isize) {
        if let Some(Input::Choice { options, picked }) =
            self.focused_mut().map(|field| &mut field.input)
        {
            let count = options.len().max(1);
            *picked = (*picked + count).saturating_add_signed(by) % count;
        }
        self.follow();
    }

    /// Types a key into the field under the cursor.
    pub fn key(&mut self, chord: Chord) {
        self.failed = None;
        if let Some(input) = self.text_mut() {
            input.key(chord);
            self.touched();
        }
    }

    /// Types text into the field under the cursor, and says whether there is one to type into.
    pub fn paste(&mut self, text: &str) -> bool {
        self.failed = None;
        let Some(input) = self.text_mut() else {
            return false;
        };
        input.insert(text);
        self.touched();
        true
    }

    /// Checks every field. On a mistake the cursor goes to the first one.
    pub fn check(&mut self, reading: Reading) -> bool {
        let mut first = None;
        for (at, field) in self.fields.iter_mut().enumerate() {
            if !field.check(reading) && first.is_none() {
                first = Some(at);
            }
        }
        if let Some(at) = first {
            self.focus = FormFocus::Field(at);
        }
        first.is_none()
    }

    /// The fields that are shown.
    fn shown(&self) -> Vec<usize> {
        let fields = self.fields.iter().enumerate();
        fields
            .filter(|(_, field)| !field.hidden)
            .map(|(at, _)| at)
            .collect()
    }

    fn focused_mut(&mut self) -> Option<&mut Field> {
        match self.focus {
            FormFocus::Field(at) => self.fields.get_mut(at),
            FormFocus::Action(_) => None,
        }
    }

    /// Completes what was typed of a contact's name, where only one of them begins so.
    fn complete(&mut self) {
        let known = std::mem::take(&mut self.contacts);
        if let Some(field) = self
            .focused_mut()
            .filter(|field| field.key == FieldKey::Whom)
            && let Some(typed) = field.words()
        {
            let typed = typed.to_lowercase();
            let begins = |name: &&String| {
                let name = name.to_lowercase();
                name.starts_with(&typed) || name.split(' ').any(|word| word.starts_with(&typed))
            };
            let mut found = known.iter().filter(begins);
            if let (Some(name), None) = (found.next(), found.next()) {
                field.replace(name);
            }
        }
        self.contacts = known;
    }

    fn leave(&mut self, reading: Reading) {
        self.complete();
        if let Some(field) = self.focused_mut() {
            // What is missing is said when the form is sent, not on the way to it.
            if field.words().is_some() {
                field.check(reading);
            } else {
                field.error = None;
                field.read = None;
            }
        }
        self.follow();
    }

    /// A list of ticks is entered at the end that is nearer.
    fn enter(&mut self, from_above: bool) {
        if let Some(Input::Ticks { rows, cursor }) =
            self.focused_mut().map(|field| &mut field.input)
        {
            *cursor = if from_above {
                0
            } else {
                rows.len().saturating_sub(1)
            };
        }
    }

    fn touched(&mut self) {
        if let Some(field) = self.focused_mut() {
            field.error = None;
            field.read = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::{Desk, today};
    use crate::domain::act::{Act, DealField, FieldValue, Typed};
    use crate::domain::locale::DayOrder;
    use crate::domain::phase::Phase;

    fn reading() -> Reading {
        Reading {
            today: today(),
            order: DayOrder::default(),
        }
    }

    /// Goes to a field and types into it.
    fn fill(desk: &mut Desk, key: FieldKey, text: &str) {
        for _ in 0..40 {
            let at = desk.form().fields.iter().position(|field| field.key == key);
            if at.map(FormFocus::Field) == Some(desk.form().focus) {
                break;
            }
            desk.press("Tab");
        }
        desk.press("Ctrl-u").type_text(text);
    }

    fn add(fields: &[(DealField, &str)]) -> Desk {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("add").press("Enter");
        for (field, text) in fields {
            fill(&mut desk, FieldKey::Deal(*field), text);
        }
        while !matches!(desk.form().focus, FormFocus::Action(_)) {
            desk.press("Tab");
        }
        desk.press("Enter");
        desk
    }

    #[test]
    fn fields_are_read_as_what_they_hold() {
        let desk = add(&[
            (DealField::Account, "  Northwind "),
            (DealField::Amount, "50k EUR"),
            (DealField::Phase, "Proposal"),
            (DealField::Created, "fri"),
            (DealField::NextStepDue, "fri"),
            (DealField::Margin, "12,5 %"),
        ]);

        let Act::Add { fields } = desk.act() else {
            panic!("nothing was added")
        };
        let value = |field| {
            let found = fields
                .iter()
                .find(|value: &&FieldValue| value.field == field);
            found.and_then(|value| value.value.clone())
        };
        assert_eq!(
            value(DealField::Account),
            Some(Typed::Text("Northwind".to_owned()))
        );
        assert!(matches!(value(DealField::Amount), Some(Typed::Money(m)) if m.minor == 5_000_000));
        assert_eq!(value(DealField::Phase), Some(Typed::Phase(Phase::Proposal)));
        let day = |text: &str| Some(Typed::Day(text.parse().unwrap()));
        assert_eq!(
            value(DealField::Created),
            day("2026-11-20"),
            "what began lies behind"
        );
        assert_eq!(
            value(DealField::NextStepDue),
            day("2026-11-27"),
            "what is due lies ahead"
        );
        assert_eq!(value(DealField::Margin), Some(Typed::Percent(12.5)));
        assert_eq!(fields.len(), 6, "blank fields are left out");
    }

    #[test]
    fn mistakes_stand_under_their_fields_and_the_first_has_the_cursor() {
        let desk = add(&[(DealField::Amount, "lots"), (DealField::Phase, "soon")]);

        let form = desk.form();
        let wrong: Vec<FieldKey> = form
            .fields
            .iter()
            .filter(|f| f.error.is_some())
            .map(|f| f.key)
            .collect();
        assert_eq!(
            wrong,
            [DealField::Amount, DealField::Phase].map(FieldKey::Deal)
        );
        let first = form.fields.iter().position(|f| f.error.is_some()).unwrap();
        assert_eq!(form.focus, FormFocus::Field(first));
        assert!(desk.acts.is_empty());
    }

    #[test]
    fn an_edit_sends_only_what_was_changed() {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("edit").press("Enter");
        fill(&mut desk, FieldKey::Deal(DealField::Owner), "Kim");
        fill(&mut desk, FieldKey::Deal(DealField::Contact), "");
        while !matches!(desk.form().focus, FormFocus::Action(_)) {
            desk.press("Tab");
        }
        desk.press("Enter");

        let Act::Edit { fields, .. } = desk.act() else {
            panic!("nothing was changed")
        };
        let owner = FieldValue {
            field: DealField::Owner,
            value: Some(Typed::Text("Kim".to_owned())),
        };
        let nobody = FieldValue {
            field: DealField::Contact,
            value: None,
        };
        assert_eq!(fields.len(), 2);
        assert!(fields.contains(&owner) && fields.contains(&nobody));
    }

    #[test]
    fn tab_goes_round_over_the_fields_that_are_shown() {
        let mut desk = Desk::new(1);
        desk.press("F");
        let mut form = desk.form().clone();
        let shown = form.fields.iter().filter(|field| !field.hidden).count();
        for _ in 0..shown {
            form.next(reading());
            assert!(matches!(form.focus, FormFocus::Field(at) if !form.fields[at].hidden));
        }
        form.next(reading());
        assert_eq!(form.focus, FormFocus::Action(0));
        form.previous(reading());
        assert!(matches!(form.focus, FormFocus::Field(_)));
    }

    #[test]
    fn reasons_are_ticked_off_and_added_to() {
        let mut desk = Desk::new(1);
        desk.press("Enter 2 n F Tab Space");
        let Some(Input::Ticks { rows, .. }) = desk.form().fields.first().map(|f| &f.input) else {
            panic!("no reasons to tick");
        };
        assert_eq!(rows[0], ("asked for the signer: no".to_owned(), false));
        fill(&mut desk, FieldKey::Why, "they were rude");
        while !matches!(desk.form().focus, FormFocus::Action(_)) {
            desk.press("Tab");
        }
        desk.press("Enter");

        let Act::Fire { sheet, .. } = desk.act() else {
            panic!("not fired")
        };
        assert_eq!(sheet.reasons, Some(vec!["they were rude".to_owned()]));
    }
}
