//! The form of an export: as what, or for which CRM, and under which of its columns.

use super::super::field::{choice, text};
use super::super::{ActionKind, FieldKey, Follows, Form, FormFocus, FormKind};
use super::action;
use crate::domain::locale::Locale;
use crate::domain::told::{Choices, Listener, Told};

/// What the list can be written as, and the ending of such a file.
const FORMATS: [(&str, &str); 2] = [("CSV", "csv"), ("JSON", "json")];

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportAs {
    /// The deals of the list.
    List {
        /// Where; `None` for a name that is made up.
        path: Option<String>,
        /// The ending of such a name.
        ending: &'static str,
    },
    /// What a CRM does not know.
    Crm {
        /// The source of its deals.
        source: String,
        /// Under which columns.
        choices: Choices,
        /// Whether fired deals are closed there.
        close_fired: bool,
        /// Where; `None` for a name that is made up.
        path: Option<String>,
    },
}

/// What the choice says of a CRM.
fn offer(crm: &Listener, locale: &Locale) -> String {
    let unknown = match crm.unknown {
        0 => "it knows every decision".to_owned(),
        1 => "1 decision it does not know".to_owned(),
        n => {
            let n = locale.number(i64::try_from(n).unwrap_or(i64::MAX));
            format!("{n} decisions it does not know")
        }
    };
    format!("for {} ({unknown})", crm.label)
}

impl Form {
    /// The form of an export. `masked`: what a CRM needs is hidden, so that none is offered.
    pub fn export(crms: Vec<Listener>, locale: &Locale, masked: bool) -> Self {
        let mut crms = if masked { Vec::new() } else { crms };
        // What waits stands first, where a narrow screen shows it.
        crms.sort_by_key(|crm| std::cmp::Reverse(crm.unknown));
        let mut options: Vec<String> = crms.iter().map(|crm| offer(crm, locale)).collect();
        options.extend(FORMATS.iter().map(|(word, _)| (*word).to_owned()));
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let waits = crms.first().is_some_and(|crm| crm.unknown > 0);
        let picked = if waits { 0 } else { crms.len() };
        let mut fields = vec![
            choice(FieldKey::Format, "as", &options, picked),
            text(FieldKey::File, "file", "")
                .hint("a name is made up")
                .private(),
        ];
        for told in Told::ALL {
            let label = told.words();
            fields.push(text(FieldKey::Column(told), label, "").private());
        }
        let closing = ["stay open there", "are closed there as lost"];
        fields.push(choice(FieldKey::CloseFired, "fired deals", &closing, 0));
        let mut form = Self {
            kind: FormKind::Export,
            deals: Vec::new(),
            name: None,
            question: None,
            fields,
            lines: Vec::new(),
            actions: vec![action(ActionKind::Confirm, FormKind::Export.verb(), None)],
            focus: FormFocus::Field(0),
            waiting: false,
            drawn: false,
            sending: false,
            contacts: Vec::new(),
            left: Vec::new(),
            wanted: None,
            notes: None,
            calendar: false,
            failed: None,
            follows: Follows {
                crms,
                ..Follows::default()
            },
        };
        if masked {
            form.line("masked", "a CRM's file is offered once nothing is masked");
        }
        form.follow();
        form
    }

    /// The CRM that is picked.
    fn crm(&self) -> Option<&Listener> {
        self.follows.crms.get(self.picked(FieldKey::Format))
    }

    /// Shows the columns of the CRM that is picked, as they were named before.
    pub(super) fn follow_crm(&mut self) {
        let crm = self.crm().cloned();
        for field in &mut self.fields {
            if field.key == FieldKey::CloseFired {
                field.hidden = crm.is_none();
            }
            let FieldKey::Column(told) = field.key else {
                continue;
            };
            field.hidden = crm.as_ref().is_none_or(|crm| !crm.takes_files);
            let Some(crm) = &crm else { continue };
            let is_own = told == Told::NextStep && crm.has_next_step;
            let hint = if is_own {
                "its own column"
            } else {
                "not told; name a column of the CRM"
            };
            hint.clone_into(&mut field.placeholder);
            let kept = crm.choices.columns.get(&told);
            field.refill(kept.map_or("", String::as_str));
        }
    }

    /// What is to be written.
    pub fn export_as(&self) -> ExportAs {
        let path = self.words_of(FieldKey::File);
        let Some(crm) = self.crm() else {
            let at = self
                .picked(FieldKey::Format)
                .saturating_sub(self.follows.crms.len());
            let (_, ending) = FORMATS[at.min(FORMATS.len() - 1)];
            return ExportAs::List { path, ending };
        };
        let columns = Told::ALL
            .into_iter()
            .filter_map(|told| Some((told, self.words_of(FieldKey::Column(told))?)));
        ExportAs::Crm {
            source: crm.source.clone(),
            choices: Choices {
                columns: columns.collect(),
                site: crm.choices.site.clone(),
            },
            close_fired: self.picked(FieldKey::CloseFired) == 1,
            path,
        }
    }
}
