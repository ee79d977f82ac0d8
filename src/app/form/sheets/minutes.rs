//! The form that ends a 1:1: what its minutes are written as, and what they hide.

use super::super::field::{choice, text};
use super::super::{ActionKind, FieldKey, Follows, Form, FormFocus, FormKind};
use super::action;

/// Which 1:1 minutes are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MinutesOf {
    /// The one that runs, and ends with them.
    Running,
    /// One of before.
    Earlier,
}

/// What minutes are written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinutesAs {
    /// Where; `None` for a name that is made up.
    pub path: Option<String>,
    /// Whether they are a page of HTML, and not Markdown.
    pub html: bool,
    /// Whether they hide what the screen hides.
    pub masked: bool,
}

impl Form {
    /// The form of the minutes. `masked`: something is hidden now, and stays hidden unless it is
    /// chosen otherwise.
    pub fn minutes(masked: bool, of: MinutesOf) -> Self {
        let names = if masked {
            ["as masked on the screen", "everything shown"]
        } else {
            ["everything shown", "amounts and names masked"]
        };
        Self {
            kind: FormKind::Minutes(of),
            deals: Vec::new(),
            name: None,
            question: None,
            fields: vec![
                choice(FieldKey::Format, "as", &["Markdown", "HTML"], 0),
                choice(FieldKey::Masked, "names", &names, 0),
                text(FieldKey::File, "file", "")
                    .hint("a name is made up")
                    .private(),
            ],
            lines: Vec::new(),
            actions: vec![
                action(ActionKind::Confirm, FormKind::Minutes(of).verb(), None),
                action(ActionKind::Copy, "copy", Some('c')),
            ],
            focus: FormFocus::Action(0),
            waiting: false,
            drawn: false,
            sending: false,
            contacts: Vec::new(),
            left: Vec::new(),
            wanted: None,
            notes: None,
            calendar: false,
            failed: None,
            follows: Follows::default(),
        }
    }

    /// What the minutes are to be. `masked`: something is hidden now.
    pub fn minutes_as(&self, masked: bool) -> MinutesAs {
        let first = self.picked(FieldKey::Masked) == 0;
        MinutesAs {
            path: self.words_of(FieldKey::File),
            html: self.picked(FieldKey::Format) == 1,
            masked: first == masked,
        }
    }
}
