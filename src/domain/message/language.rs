//! One language: its templates, its blanks, and how it writes a day.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;
use toml_edit::Document;

use super::allowed::{judge, known_facts};
use super::{Fact, JointWork, MessageKind, one_line};

/// Steps that a template may take; the longest of ours takes under a hundred.
const FUEL: u64 = 10_000;

/// The longest text that is written, in bytes; the longest of ours has twelve hundred.
const MOST_WRITTEN: usize = 64 * 1024;

/// The largest file that is read, in bytes; ours has six thousand.
const MOST_BYTES: usize = 256 * 1024;

/// A mistake in a file of messages, told so that its author can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMistake {
    /// The file.
    pub file: String,
    /// The line and the column in characters, both from 1; `None` where it is the file as such.
    pub place: Option<(usize, usize)>,
    /// What is wrong, as a sentence.
    pub what: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl fmt::Display for MessageMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ", line {line}, column {column}")?;
        }
        write!(f, ": {}", self.what)?;
        if !self.hint.is_empty() {
            write!(f, " {}", self.hint)?;
        }
        Ok(())
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
    #[serde(default)]
    work: BTreeMap<String, String>,
    walk_away: Option<Template>,
    regift: Option<Template>,
    nurture: Option<Template>,
    close_file: Option<Template>,
    permission: Option<Template>,
    opener: Option<Template>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    subject: String,
    body: String,
    phone: String,
}

/// The messages of one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Language {
    code: String,
    name: String,
    date: String,
    months: Vec<String>,
    blanks: Vec<(Fact, String)>,
    work: Vec<(JointWork, String)>,
    templates: Vec<(MessageKind, Template)>,
}

impl Language {
    /// Reads a whole language.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, MessageMistake> {
        let language = Self::parse_part(file, text)?;
        let lacks = |what: &str| MessageMistake {
            file: file.to_owned(),
            place: None,
            what: format!("The language has no {what}."),
            hint: String::new(),
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
        if let Some(work) = JointWork::ALL
            .into_iter()
            .find(|work| language.work(*work).is_empty())
        {
            return Err(lacks(&format!("word for {}", work.code())));
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
        let mistake = |place, what: String, hint: String| MessageMistake {
            file: file.to_owned(),
            place,
            what,
            hint,
        };
        if text.len() > MOST_BYTES {
            let what = format!("The file has more than {MOST_BYTES} bytes; is it the right one?");
            return Err(mistake(None, what, String::new()));
        }
        let read: Draft = toml_edit::de::from_str(text).map_err(|error| {
            let place = error.span().map(|span| place_of(text, span.start));
            let what = error.message().trim().trim_end_matches('.');
            mistake(place, format!("{what}."), String::new())
        })?;
        if !is_code(&read.code) {
            let what = format!("`{}` is no code of a language.", read.code);
            let place = find(text, &["language"], &read.code);
            return Err(mistake(
                place,
                what,
                "Write it as `de` or `de_AT`.".to_owned(),
            ));
        }
        let mut blanks = Vec::new();
        for (name, text_of) in &read.blanks {
            let Some(fact) = Fact::ALL.into_iter().find(|fact| fact.name() == name) else {
                let place = find_key(text, "blanks", name);
                let what = format!("There is no fact called `{name}`.");
                return Err(mistake(place, what, known_facts()));
            };
            blanks.push((fact, one_line(text_of)));
        }
        let mut work = Vec::new();
        for (name, text_of) in &read.work {
            let Some(kind) = JointWork::ALL.into_iter().find(|kind| kind.code() == name) else {
                let place = find_key(text, "work", name);
                let all = JointWork::ALL.map(JointWork::code).join(", ");
                let what = format!("No joint work is called `{name}`.");
                return Err(mistake(place, what, format!("There are: {all}.")));
            };
            work.push((kind, one_line(text_of)));
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
            work,
            templates: templates
                .into_iter()
                .filter_map(|(kind, template)| Some((kind, template?)))
                .collect(),
        };
        language.check(file, text)?;
        Ok(language)
    }

    /// Judges every template by what it is made of, and renders it once without a fact and once
    /// with all of them, so that a mistake shows when the file is read and not when a prospect is
    /// fired.
    fn check(&self, file: &str, text: &str) -> Result<(), MessageMistake> {
        for (kind, template) in &self.templates {
            for (part, source) in template.parts() {
                let mistake = |place, what, hint| MessageMistake {
                    file: file.to_owned(),
                    place,
                    what,
                    hint,
                };
                let path = [kind.code(), part];
                if let Err(refused) = judge(source) {
                    let place = place_in(text, &path, refused.place);
                    return Err(mistake(place, refused.what, refused.hint));
                }
                for given in ["", "x"] {
                    let context: BTreeMap<&str, Value> = Fact::ALL
                        .into_iter()
                        .map(|fact| (fact.name(), Value::from(given)))
                        .collect();
                    if let Err(error) = render(source, &Value::from(context)) {
                        let detail = error.detail().map_or(String::new(), |d| format!(": {d}"));
                        let what = format!(
                            "The {part} of {} cannot be written: {}{detail}.",
                            kind.code(),
                            error.kind()
                        );
                        let place = place_in(text, &path, (error.line().unwrap_or(1), 1));
                        return Err(mistake(place, what, String::new()));
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
        for (work, text) in own.work {
            self.work.retain(|(known, _)| *known != work);
            self.work.push((work, text));
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
    pub fn blank(&self, fact: Fact) -> &str {
        let found = self.blanks.iter().find(|(known, _)| *known == fact);
        found.map_or("", |(_, text)| text)
    }

    /// Returns what joint work is called in a sentence.
    pub(super) fn work(&self, work: JointWork) -> &str {
        let found = self.work.iter().find(|(known, _)| *known == work);
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

/// Renders a template that was judged: it knows nothing but the facts, and has a bounded number of
/// steps and a bounded length all the same.
fn render(source: &str, context: &Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let mut written = Written(Vec::new());
    let template = environment.template_from_str(source)?;
    template.render_captured_to(context, &mut written)?;
    Ok(String::from_utf8_lossy(&written.0).into_owned())
}

/// What was written so far, up to [`MOST_WRITTEN`].
struct Written(Vec<u8>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_WRITTEN {
            return Err(std::io::Error::other("the text is too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether a text is like `de` or `pt_BR`.
fn is_code(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (2..=16).contains(&text.len()) && text.chars().all(is_word)
}

/// Returns the line and column of a place in a text, both from 1.
fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// Returns where a word stands by itself.
fn word_at(text: &str, word: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = text.match_indices(word).map(|(at, _)| at);
    found
        .find(|at| !text[..*at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Returns the bytes of a value in a file.
fn span(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let document = Document::parse(text).ok()?;
    let (first, rest) = path.split_first()?;
    let mut item = document.get(first)?;
    for key in rest {
        item = item.get(key)?;
    }
    item.span()
}

/// Returns the place of a word within a value of a file; that of the value where it is not found.
fn find(text: &str, path: &[&str], word: &str) -> Option<(usize, usize)> {
    let span = span(text, path)?;
    let inside = text
        .get(span.clone())
        .and_then(|value| word_at(value, word));
    Some(place_of(text, span.start + inside.unwrap_or(0)))
}

/// Returns the place of a key in a table of a file.
fn find_key(text: &str, table: &str, key: &str) -> Option<(usize, usize)> {
    let document = Document::parse(text).ok()?;
    let table = document.get(table)?.as_table_like()?;
    let (key, _) = table.get_key_value(key)?;
    Some(place_of(text, key.span()?.start))
}

/// Returns the place of a line and a column of a value, both from 1; the beginning of the line
/// where the file has characters written as codes, which are fewer in the value.
fn place_in(text: &str, path: &[&str], (line, column): (usize, usize)) -> Option<(usize, usize)> {
    let span = span(text, path)?;
    let (first, begin) = place_of(text, span.start);
    let value = text.get(span)?;
    let quotes = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quotes| value.starts_with(quotes))?;
    // The end of the line behind three quotes is not part of the text.
    let inner = &value[quotes.len()..];
    let begins_below = quotes.len() == 3 && inner.starts_with(['\n', '\r']);
    let at = first + line - 1 + usize::from(begins_below);
    let before = if at == first { begin + quotes.len() } else { 1 };
    let is_plain = !value.contains('\\') || quotes.starts_with('\'');
    Some((
        at,
        if is_plain {
            before + column - 1
        } else if at == first {
            begin
        } else {
            1
        },
    ))
}
