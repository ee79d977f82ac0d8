//! One language: its templates, its blanks, and how it writes a day.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;

use super::{Fact, MessageKind};

/// Steps that a template may take; the longest of ours takes under a hundred.
const FUEL: u64 = 10_000;

/// The largest file that is read, in bytes; ours has six thousand.
const MOST_BYTES: usize = 256 * 1024;

/// A mistake in a file of messages, told so that its author can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMistake {
    /// The file.
    pub file: String,
    /// The line, from 1; `None` where it is the file as such.
    pub line: Option<usize>,
    /// What is wrong, as a sentence.
    pub what: String,
}

impl fmt::Display for MessageMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    #[serde(rename = "language")]
    code: String,
    name: Option<String>,
    date: Option<String>,
    months: Option<[String; 12]>,
    #[serde(default)]
    blanks: BTreeMap<String, String>,
    walk_away: Option<Template>,
    regift: Option<Template>,
    nurture: Option<Template>,
    close_file: Option<Template>,
    permission: Option<Template>,
    opener: Option<Template>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    subject: String,
    body: String,
    phone: String,
}

/// The messages of one language.
#[derive(Clone, Debug)]
pub struct Language {
    code: String,
    name: String,
    date: String,
    months: Vec<String>,
    blanks: Vec<(Fact, String)>,
    templates: Vec<(MessageKind, Template)>,
}

impl Language {
    /// Reads a whole language.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, MessageMistake> {
        let language = Self::parse_part(file, text)?;
        let lacks = |what: &str| MessageMistake {
            file: file.to_owned(),
            line: None,
            what: format!("The language has no {what}."),
        };
        if let Some(kind) = MessageKind::ALL
            .into_iter()
            .find(|k| language.template(*k).is_none())
        {
            return Err(lacks(kind.code()));
        }
        if language.months.is_empty() || language.date.is_empty() {
            return Err(lacks("form of a day"));
        }
        match Fact::ALL
            .into_iter()
            .find(|fact| language.blank(*fact).is_empty())
        {
            Some(fact) => Err(lacks(&format!("blank for {}", fact.name()))),
            None => Ok(language),
        }
    }

    /// Reads what a file says of a language; it may leave things out.
    pub(super) fn parse_part(file: &str, text: &str) -> Result<Self, MessageMistake> {
        let mistake = |line, what: String| MessageMistake {
            file: file.to_owned(),
            line,
            what,
        };
        if text.len() > MOST_BYTES {
            let what = format!("The file has more than {MOST_BYTES} bytes; is it the right one?");
            return Err(mistake(None, what));
        }
        let read: Draft = toml_edit::de::from_str(text).map_err(|error| {
            let line = error.span().map(|span| line_of(text, span.start));
            mistake(
                line,
                format!("{}.", error.message().trim().trim_end_matches('.')),
            )
        })?;
        let mut blanks = Vec::new();
        for (name, text_of) in &read.blanks {
            let Some(fact) = Fact::ALL.into_iter().find(|fact| fact.name() == name) else {
                let line = line_with(text, name);
                return Err(mistake(line, format!("There is no fact called `{name}`.")));
            };
            blanks.push((fact, text_of.clone()));
        }
        let templates = [
            (MessageKind::WalkAway, read.walk_away),
            (MessageKind::Regift, read.regift),
            (MessageKind::Nurture, read.nurture),
            (MessageKind::CloseFile, read.close_file),
            (MessageKind::Permission, read.permission),
            (MessageKind::Opener, read.opener),
        ];
        let language = Self {
            code: read.code,
            name: read.name.unwrap_or_default(),
            date: read.date.unwrap_or_default(),
            months: read.months.map(Vec::from).unwrap_or_default(),
            blanks,
            templates: templates
                .into_iter()
                .filter_map(|(kind, template)| Some((kind, template?)))
                .collect(),
        };
        language.check(file, text)?;
        Ok(language)
    }

    /// Renders every template once without a fact and once with all of them, so that a mistake
    /// shows when the file is read and not when a prospect is fired.
    fn check(&self, file: &str, text: &str) -> Result<(), MessageMistake> {
        for given in ["", "x"] {
            let context: BTreeMap<&str, Value> = Fact::ALL
                .into_iter()
                .map(|fact| (fact.name(), Value::from(given)))
                .collect();
            for (kind, template) in &self.templates {
                for (part, source) in template.parts() {
                    if let Err(error) = render(source, &Value::from(context.clone())) {
                        let head = format!("[{}]", kind.code());
                        let line = line_with(text, &head);
                        let detail = error.detail().map_or(String::new(), |d| format!(": {d}"));
                        let what = format!(
                            "The {part} of {} cannot be written: {}{detail}.",
                            kind.code(),
                            error.kind()
                        );
                        return Err(MessageMistake {
                            file: file.to_owned(),
                            line,
                            what,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// Replaces what another part of the same language says.
    pub(super) fn take_over(&mut self, own: Self) {
        self.code = own.code;
        if !own.name.is_empty() {
            self.name = own.name;
        }
        if !own.date.is_empty() {
            self.date = own.date;
        }
        if !own.months.is_empty() {
            self.months = own.months;
        }
        for (fact, text) in own.blanks {
            self.blanks.retain(|(known, _)| *known != fact);
            self.blanks.push((fact, text));
        }
        for (kind, template) in own.templates {
            self.templates.retain(|(known, _)| *known != kind);
            self.templates.push((kind, template));
        }
    }

    /// Returns its code, as in `de`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns its own name for itself; its code where the file names none.
    pub fn name(&self) -> &str {
        if self.name.is_empty() {
            &self.code
        } else {
            &self.name
        }
    }

    /// Returns what stands where a fact is missing.
    pub(super) fn blank(&self, fact: Fact) -> &str {
        let found = self.blanks.iter().find(|(known, _)| *known == fact);
        found.map_or("", |(_, text)| text)
    }

    /// Writes a day.
    pub(super) fn date(&self, day: NaiveDate) -> String {
        let month = self.months.get(day.month0() as usize);
        self.date
            .replace("{day}", &day.day().to_string())
            .replace("{month}", month.map_or("", String::as_str))
            .replace("{year}", &day.year().to_string())
    }

    fn template(&self, kind: MessageKind) -> Option<&Template> {
        let found = self.templates.iter().find(|(known, _)| *known == kind);
        found.map(|(_, template)| template)
    }

    /// Renders subject, body and what to say on the phone.
    pub(super) fn render(&self, kind: MessageKind, context: &Value) -> [String; 3] {
        let template = self
            .template(kind)
            .expect("a language has every kind, its own or that of English");
        template.parts().map(|(_, source)| {
            // A template that was checked can still fail on a fact of ours only by its fuel.
            render(source, context)
                .map(|text| text.trim().to_owned())
                .unwrap_or_default()
        })
    }
}

impl Template {
    fn parts(&self) -> [(&'static str, &str); 3] {
        [
            ("subject", &self.subject),
            ("body", &self.body),
            ("phone", &self.phone),
        ]
    }
}

/// Renders a template that knows nothing but the facts: no files, no includes, a bounded number
/// of steps.
fn render(source: &str, context: &Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.render_str(source, context)
}

/// Returns the line of a place in a text, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// Returns the first line that begins with something.
fn line_with(text: &str, start: &str) -> Option<usize> {
    let at = text
        .lines()
        .position(|line| line.trim_start().starts_with(start))?;
    Some(at + 1)
}
