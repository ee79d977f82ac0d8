//! `config`: the configuration file, read with the place of every mistake.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use toml_edit::{Document, Item, Key, TableLike, Value};

use super::error::CliError;
use super::questions;
use super::session::Session;
use super::surroundings::Surroundings;
use crate::domain::bank::{Bank, BankMistake};
use crate::domain::message::{Language, MessageMistake, Messages};
use crate::domain::query::nearest;
use crate::domain::verdict::Thresholds;
use crate::export::deals::SCHEMA;

/// The name of the file in the configuration folder.
const FILE: &str = "config.toml";

/// Shows where the configuration is, or checks it.
///
/// It is TOML. Settings: theme, glyphs, locale, mouse, import_folders, calendar, language,
/// `[keys]`, and `[thresholds]`, the lines of the scoring model, among them silent_days: a fired
/// prospect of whom nothing was heard for so many days of the record is told as silence
/// [default: 30].
#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Prints where the configuration file is, whether it is there or not.
    Path,
    /// Looks for mistakes in it, and in a team's own messages and question banks.
    Check,
}

/// A key that is bound to another command than it is by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The part of the screen: `list`, `checklist`, ….
    pub scope: String,
    /// The command's name: `answer-yes`.
    pub command: String,
    /// The keys as written.
    pub keys: Vec<String>,
}

/// What the configuration says; what it leaves out, or says wrongly, is as by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Where the file is, or would be; none without a home folder.
    pub file: Option<PathBuf>,
    /// The theme's name.
    pub theme: Option<String>,
    /// `auto`, `unicode` or `ascii`.
    pub glyphs: Option<String>,
    /// The locale's name.
    pub locale: Option<String>,
    /// Whether the mouse works; where nothing is said it does, but within GNU screen.
    pub mouse: Option<bool>,
    /// Folders in which exports are looked for.
    pub folders: Vec<String>,
    /// Which file or folder holds the calendar; nothing is written without it.
    pub calendar: Option<String>,
    /// What is written to prospects, a team's own texts among it.
    pub messages: Messages,
    /// Keys.
    pub keys: Vec<Keys>,
    /// The lines of the scoring model.
    pub thresholds: Thresholds,
    /// What is wrong, each with its file.
    pub mistakes: Vec<(String, BankMistake)>,
    language: Option<(String, Span)>,
    banks: Vec<Bank>,
    crms: Vec<(String, String)>,
}

/// Words of a key of the first level.
const TOP: [&str; 9] = [
    "theme",
    "glyphs",
    "locale",
    "mouse",
    "import_folders",
    "calendar",
    "language",
    "keys",
    "thresholds",
];

const THEMES: [&str; 4] = ["dark", "light", "contrast", "none"];
const GLYPHS: [&str; 3] = ["auto", "unicode", "ascii"];

/// Reads one text and gathers its mistakes.
struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<BankMistake>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Option<std::ops::Range<usize>>, what: String, hint: String) {
        let mut end = at.map_or(0, |span| span.start).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.mistakes.push(BankMistake {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what,
            hint,
        });
    }

    fn unknown(&mut self, at: Option<std::ops::Range<usize>>, key: &str, known: &[&str]) {
        let hint = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", known.join(", ")),
        };
        self.wrong(at, format!("no setting is called `{key}`"), hint);
    }

    fn word(&mut self, key: &str, item: &Item, known: &[&str]) -> Option<String> {
        let Some(word) = item.as_str() else {
            self.wrong(
                item.span(),
                format!("`{key}` is no text"),
                format!("write {key} = \"…\""),
            );
            return None;
        };
        if !known.is_empty() && !known.contains(&word) {
            let hint = format!("there are: {}", known.join(", "));
            self.wrong(item.span(), format!("`{word}` is no {key}"), hint);
            return None;
        }
        Some(word.to_owned())
    }

    fn words(&mut self, key: &str, value: &Value) -> Vec<String> {
        let one = |value: &Value| value.as_str().map(str::to_owned);
        let list = match value {
            Value::Array(array) => array.iter().map(one).collect(),
            Value::String(_) => one(value).map(|word| vec![word]),
            Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::InlineTable(_) => None,
        };
        list.unwrap_or_else(|| {
            let hint = format!("write {key} = [\"…\", \"…\"]");
            self.wrong(value.span(), format!("`{key}` is no list of texts"), hint);
            Vec::new()
        })
    }

    fn config(&mut self, config: &mut Config) {
        let document = match Document::parse(self.text) {
            Ok(document) => document,
            Err(error) => {
                let what = error
                    .message()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                self.wrong(
                    error.span(),
                    format!("this is no TOML: {what}"),
                    String::new(),
                );
                return;
            }
        };
        for (key, item) in document.iter() {
            let key_span = document.get_key_value(key).and_then(|(key, _)| key.span());
            match key {
                "theme" => config.theme = self.word(key, item, &THEMES),
                "glyphs" => config.glyphs = self.word(key, item, &GLYPHS),
                "locale" => config.locale = self.word(key, item, &[]),
                "calendar" => config.calendar = self.word(key, item, &[]),
                // Which languages there are is known once the messages are read.
                "language" => {
                    let word = self.word(key, item, &[]);
                    config.language = word.map(|word| (word, item.span()));
                }
                "mouse" => match item.as_bool() {
                    Some(yes) => config.mouse = Some(yes),
                    None => self.wrong(
                        item.span(),
                        "`mouse` is neither true nor false".into(),
                        "write mouse = true".into(),
                    ),
                },
                "import_folders" => match item.as_value() {
                    Some(value) => config.folders = self.words(key, value),
                    None => self.wrong(
                        item.span().or(key_span),
                        "`import_folders` is no list of texts".into(),
                        "write import_folders = [\"~/Downloads\"]".into(),
                    ),
                },
                "keys" => self.keys(item, config),
                "thresholds" => self.thresholds(item, config),
                other => self.unknown(key_span, other, &TOP),
            }
        }
    }

    fn keys(&mut self, item: &Item, config: &mut Config) {
        let Some(scopes) = item.as_table_like() else {
            let hint = "write [keys.list] with one command a line".to_owned();
            return self.wrong(item.span(), "`keys` is no table".into(), hint);
        };
        for (scope, commands) in scopes.iter() {
            let Some(commands) = commands.as_table_like() else {
                let hint = format!("write [keys.{scope}] with one command a line");
                self.wrong(commands.span(), format!("`keys.{scope}` is no table"), hint);
                continue;
            };
            for (command, keys) in commands.iter() {
                let keys = match keys.as_value() {
                    Some(value) => self.words(command, value),
                    None => Vec::new(),
                };
                let (scope, command) = (scope.to_owned(), command.to_owned());
                config.keys.push(Keys {
                    scope,
                    command,
                    keys,
                });
            }
        }
    }

    fn thresholds(&mut self, item: &Item, config: &mut Config) {
        let Some(table) = item.as_table_like() else {
            let hint = "write [thresholds] with one number a line".to_owned();
            return self.wrong(item.span(), "`thresholds` is no table".into(), hint);
        };
        // Each line for itself, so that a mistake in one leaves the others in force.
        let mut lines: Vec<(String, Span, String)> = Vec::new();
        for (key, value) in table.iter() {
            let inner = value.as_table_like();
            let parts = inner.into_iter().flat_map(TableLike::iter);
            lines.extend(parts.map(|(part, v)| line(&[key, part], v)));
            if inner.is_none() {
                lines.push(line(&[key], value));
            }
        }
        lines.retain(|(name, span, text)| {
            let read = toml_edit::de::from_str::<Thresholds>(text);
            if let Err(error) = &read {
                let what = error.message().lines().next().unwrap_or_default();
                self.wrong(
                    span.clone(),
                    format!("`thresholds.{name}`: {what}"),
                    String::new(),
                );
            }
            read.is_ok()
        });
        let all = together(lines.iter());
        let Some(what) = all.mistakes().into_iter().next() else {
            config.thresholds = all;
            return;
        };
        // The line without which the rest makes sense; where there is none, they all go.
        let culprit = (0..lines.len()).rev().find_map(|at| {
            let rest = lines.iter().enumerate().filter(|(i, _)| *i != at);
            let rest = together(rest.map(|(_, line)| line));
            rest.mistakes().is_empty().then_some((at, rest))
        });
        let (span, name) = match &culprit {
            Some((at, _)) => (lines[*at].1.clone(), format!("thresholds.{}", lines[*at].0)),
            None => (item.span(), "thresholds".to_owned()),
        };
        self.wrong(span, format!("`{name}`: {what}"), String::new());
        config.thresholds = culprit.map(|(_, rest)| rest).unwrap_or_default();
    }
}

/// Where something stands in a text.
type Span = Option<std::ops::Range<usize>>;

/// One setting of the thresholds: its name, its place, and a line of TOML that says it alone.
fn line(path: &[&str], value: &Item) -> (String, Span, String) {
    let keys: Vec<String> = path.iter().map(|k| Key::new(*k).to_string()).collect();
    let text = format!("{} = {}\n", keys.join("."), value.to_string().trim());
    (path.join("."), value.span(), text)
}

/// Reads lines that are sound each for itself.
fn together<'l>(lines: impl Iterator<Item = &'l (String, Span, String)>) -> Thresholds {
    let text: String = lines.map(|(.., text)| text.as_str()).collect();
    toml_edit::de::from_str(&text).unwrap_or_default()
}

/// The files of a folder that end in `.toml`, in the order of their names.
fn tomls(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml") && path.is_file())
        .collect();
    files.sort();
    files
}

/// The most that is read of one file, in bytes.
const MOST: u64 = 1 << 20;

fn text_of(path: &Path) -> Result<String, String> {
    use std::io::Read as _;
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    file.take(MOST)
        .read_to_string(&mut text)
        .map_err(|e| e.to_string())?;
    Ok(text)
}

impl Config {
    /// Reads the configuration, a team's messages, question banks and descriptions of CRMs.
    ///
    /// Mistakes are kept, never fatal: what is wrong is as by default.
    pub fn read(folder: Option<&Path>) -> Self {
        let Some(folder) = folder else {
            return Self::default();
        };
        let file = folder.join(FILE);
        let mut config = Self {
            file: Some(file.clone()),
            ..Self::default()
        };
        let unreadable = |path: &Path, why: String| {
            let what = format!("this file cannot be read: {why}");
            (
                shown(path),
                BankMistake {
                    line: 1,
                    column: 1,
                    what,
                    hint: String::new(),
                },
            )
        };
        if file.exists() {
            match text_of(&file) {
                Ok(text) => {
                    let mut reader = Reader {
                        text: &text,
                        mistakes: Vec::new(),
                    };
                    reader.config(&mut config);
                    let found = reader.mistakes.into_iter().map(|m| (shown(&file), m));
                    config.mistakes.extend(found);
                }
                Err(why) => config.mistakes.push(unreadable(&file, why)),
            }
        }
        for path in tomls(&folder.join("messages")) {
            match text_of(&path) {
                Ok(text) => {
                    if let Err(mistake) = config.messages.add(&shown(&path), &text) {
                        config.mistakes.push(of_messages(mistake));
                    }
                }
                Err(why) => config.mistakes.push(unreadable(&path, why)),
            }
        }
        config.prefer_language();
        for path in tomls(&folder.join("questions")) {
            match text_of(&path).map(|text| Bank::parse(&text)) {
                Ok(Ok(bank)) => config.banks.push(bank),
                Ok(Err(mistakes)) => {
                    config
                        .mistakes
                        .extend(mistakes.into_iter().map(|m| (shown(&path), m)));
                }
                Err(why) => config.mistakes.push(unreadable(&path, why)),
            }
        }
        for path in tomls(&folder.join("crm")) {
            match text_of(&path) {
                Ok(text) => {
                    let name = path
                        .file_stem()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned();
                    config.crms.push((name, text));
                }
                Err(why) => config.mistakes.push(unreadable(&path, why)),
            }
        }
        config
    }

    /// Writes in the language that the configuration names, where there is one of that name.
    fn prefer_language(&mut self) {
        let Some((code, span)) = self.language.clone() else {
            return;
        };
        if self.messages.prefer(&code) {
            return;
        }
        let file = self.file.clone().unwrap_or_default();
        let text = text_of(&file).unwrap_or_default();
        let mut reader = Reader {
            text: &text,
            mistakes: Vec::new(),
        };
        let known: Vec<&str> = self.messages.languages().map(Language::code).collect();
        let hint = format!("there are: {}", known.join(", "));
        reader.wrong(span, format!("no messages are written in `{code}`"), hint);
        let found = reader.mistakes.into_iter().map(|m| (shown(&file), m));
        self.mistakes.extend(found);
    }

    /// A team's own question banks.
    pub fn banks(&self) -> Vec<Bank> {
        self.banks.clone()
    }

    /// A team's own descriptions of CRMs: name and text.
    pub fn crm_files(&self) -> Vec<(String, String)> {
        self.crms.clone()
    }

    /// Where the calendar is kept; `None` where none is configured.
    pub fn calendar_path(&self, around: &Surroundings) -> Option<PathBuf> {
        self.calendar.as_ref().map(|path| in_home(path, around))
    }

    /// The folders in which exports are looked for; by default that of downloads, the desktop,
    /// the home folder and the current one.
    pub fn import_folders(&self, around: &Surroundings) -> Vec<PathBuf> {
        if self.folders.is_empty() {
            let places = [&around.downloads, &around.desktop, &around.home];
            let mut places: Vec<PathBuf> = places.into_iter().flatten().cloned().collect();
            places.push(PathBuf::from("."));
            return places;
        }
        self.folders
            .iter()
            .map(|path| in_home(path, around))
            .collect()
    }
}

/// A path whose `~` is the home folder.
fn in_home(path: &str, around: &Surroundings) -> PathBuf {
    match (path.strip_prefix("~/"), &around.home) {
        (Some(rest), Some(home)) => home.join(rest),
        (Some(_) | None, _) => PathBuf::from(path),
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A mistake in a file of messages among the others.
fn of_messages(mistake: MessageMistake) -> (String, BankMistake) {
    let (line, column) = mistake.place.unwrap_or((1, 1));
    let told = BankMistake {
        line,
        column,
        what: mistake.what.trim_end_matches('.').to_owned(),
        hint: mistake.hint,
    };
    (mistake.file, told)
}

/// Carries out `config`.
pub fn run(session: &mut Session<'_>, args: &ConfigArgs) -> Result<(), CliError> {
    let Some(file) = session.config.file.clone() else {
        return Err(
            CliError::failed("there is no home folder for a configuration")
                .hint("set HOME, or XDG_CONFIG_HOME"),
        );
    };
    let is_there = file.exists();
    match args.verb.as_ref().unwrap_or(&Verb::Path) {
        Verb::Path => {
            if session.global.json {
                session.out.value(&json!({
                    "schema": SCHEMA, "file": shown(&file), "exists": is_there,
                }))?;
            } else {
                session
                    .out
                    .line(crate::domain::clean::TermSafe::caret(&shown(&file)).as_str())?;
            }
            Ok(())
        }
        Verb::Check => {
            let found = session.config.mistakes.clone();
            if session.global.json {
                let all: Vec<_> = found
                    .iter()
                    .flat_map(|(file, m)| questions::mistakes_json(file, std::slice::from_ref(m)))
                    .collect();
                session.out.value(&json!({
                    "schema": SCHEMA, "file": shown(&file), "exists": is_there, "mistakes": all,
                }))?;
            } else {
                for (file, mistake) in &found {
                    questions::mistakes(session, file, std::slice::from_ref(mistake))?;
                }
                let note = if is_there { "" } else { " (there is none)" };
                if found.is_empty() {
                    let file = shown(&file);
                    session.out.safe(&format!("{file}{note}: no mistakes"))?;
                }
            }
            if found.is_empty() {
                Ok(())
            } else {
                Err(CliError::told())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Config {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        Config::read(Some(folder.path()))
    }

    fn places(config: &Config) -> Vec<(usize, usize)> {
        config
            .mistakes
            .iter()
            .map(|(_, m)| (m.line, m.column))
            .collect()
    }

    #[test]
    fn every_setting_is_read() {
        let config = read(
            "theme = \"light\"\nglyphs = \"ascii\"\nlocale = \"de_DE\"\nmouse = false\n\
             import_folders = [\"~/x\"]\n[keys.list]\nfire = [\"F\", \"f\"]\n\
             [thresholds]\nfire_evidence = -2.0\n",
        );

        assert_eq!(config.mistakes, []);
        assert_eq!(config.theme.as_deref(), Some("light"));
        assert_eq!(config.mouse, Some(false));
        assert_eq!(config.keys[0].keys, ["F", "f"]);
        assert!((config.thresholds.fire_evidence + 2.0).abs() < 1e-9);
        assert_eq!(
            config.thresholds.untouched_days,
            Thresholds::default().untouched_days
        );
    }

    #[test]
    fn the_lines_of_the_signals_are_read_group_by_group() {
        let config = read(
            "[thresholds.contact]\nquiet_days = 10 # ours\n[thresholds.working]\n\
             days = [\"mon\", \"sat\"]\nfrom = \"19:00\"\nto = \"22:30\"\n\
             holidays = [\n  \"2026-12-25\",\n]\n[thresholds.timing]\nyear_starts = 4\n",
        );

        assert_eq!(config.mistakes, []);
        let read = &config.thresholds;
        assert_eq!((read.contact.quiet_days, read.contact.dark_days), (10, 30));
        assert_eq!(read.timing.year_starts, 4);
        let after = |at: &str| read.working.is_after_hours(at.parse().unwrap());
        assert!(!after("2026-11-21T22:29:00"), "a Saturday");
        assert!(after("2026-11-21T22:30:00"));
        assert!(after("2026-12-25T20:00:00"));
    }

    #[test]
    fn what_makes_no_sense_is_named_with_its_place_and_as_by_default() {
        let config = read(
            "[thresholds]\nrecord_days = 9\n[thresholds.contact]\nquiet_days = -1\n\
             no_such = 2\n[thresholds.timing]\nyear_starts = 13\n[thresholds.working]\n\
             from = \"8 o'clock\"\n",
        );

        let said: Vec<&str> = config
            .mistakes
            .iter()
            .map(|(_, m)| m.what.as_str())
            .collect();
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(
            said[0].starts_with("`thresholds.contact.quiet_days`"),
            "{said:?}"
        );
        assert!(said[1].contains("no_such"), "{said:?}");
        assert!(said[2].contains("no time of day"), "{said:?}");
        assert_eq!(
            said[3],
            "`thresholds.timing.year_starts`: year_starts is a month from 1 to 12"
        );
        assert_eq!(places(&config), [(4, 14), (5, 11), (9, 8), (7, 15)]);
        assert_eq!(config.thresholds.record_days, 9);
        assert_eq!(config.thresholds.contact, Thresholds::default().contact);
        assert_eq!(config.thresholds.timing.year_starts, 1);
    }

    #[test]
    fn the_days_of_silence_are_read_and_are_at_least_one() {
        let of = |text: &str| read(&format!("[thresholds]\nsilent_days = {text}\n"));

        assert_eq!(read("").thresholds.silent_days, 30);
        assert_eq!(of("45").thresholds.silent_days, 45);
        for wrong in ["0", "-3", "\"a month\"", "1.5"] {
            let config = of(wrong);
            assert_eq!(places(&config), [(2, 15)], "{wrong}");
            assert!(config.mistakes[0].1.what.contains("silent_days"), "{wrong}");
            assert_eq!(config.thresholds.silent_days, 30);
        }
    }

    #[test]
    fn mistakes_have_their_place_and_leave_the_rest_in_force() {
        let config = read(
            "theme = \"pink\"\nglphs = \"ascii\"\nmouse = 3\n[thresholds]\nfire_evidence = -2\n\
             no_such = 1\n",
        );

        assert_eq!(places(&config), [(1, 9), (2, 1), (3, 9), (6, 11)]);
        assert!(config.mistakes[1].1.hint.contains("glyphs"));
        assert!((config.thresholds.fire_evidence + 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_place() {
        let config = read("theme = \"dark\"\nmouse =\n");

        assert_eq!(places(&config).len(), 1);
        assert_eq!(config.mistakes[0].1.line, 2);
    }
}
