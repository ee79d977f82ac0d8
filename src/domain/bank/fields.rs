//! Reads the fields of one table of a bank file, and tells what is wrong with them.

use std::ops::{Range, RangeInclusive};

use toml_edit::{Item, TableLike};

use super::mistake::{Mistakes, did_you_mean, is_hidden, quoted};
use super::{Direction, Section};

/// What was told about a field that is wrong: nothing more, its mistake is in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrong;

/// A field that may be absent, or wrong.
pub(super) type Optional<T> = Result<Option<T>, Wrong>;

/// Reads the fields of one table.
pub(super) struct Fields<'t, 'm, 's> {
    table: &'t dyn TableLike,
    span: Option<Range<usize>>,
    whose: &'static str,
    mistakes: &'m mut Mistakes<'s>,
}

impl<'t, 'm, 's> Fields<'t, 'm, 's> {
    /// Starts on a table that stands at a span and is called so in messages.
    pub(super) fn new(
        table: &'t dyn TableLike,
        span: Option<Range<usize>>,
        whose: &'static str,
        mistakes: &'m mut Mistakes<'s>,
    ) -> Self {
        Self {
            table,
            span,
            whose,
            mistakes,
        }
    }

    /// Adds a mistake at the value of a key.
    fn wrong(&mut self, key: &str, what: String, hint: impl Into<String>) -> Wrong {
        let span = self.table.get(key).and_then(Item::span);
        let span = span
            .or_else(|| key_span(self.table, key))
            .or_else(|| self.span.clone());
        self.mistakes.add(span, what, hint);
        Wrong
    }

    /// Adds a mistake for each key that is none of these.
    pub(super) fn refuse_other_keys(&mut self, known: &[&'static str]) {
        let others: Vec<String> = self
            .table
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !known.contains(key))
            .map(str::to_owned)
            .collect();
        for key in others {
            let hint = match did_you_mean(&key, known.iter().copied()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("The keys here are {}.", known.join(", ")),
            };
            let span = key_span(self.table, &key).or_else(|| self.span.clone());
            self.mistakes
                .add(span, format!("There is no key {}.", quoted(&key)), hint);
        }
    }

    /// Turns a field that is absent into a mistake.
    pub(super) fn required<T>(&mut self, key: &str, field: Optional<T>) -> Option<T> {
        match field {
            Ok(Some(value)) => Some(value),
            Ok(None) => {
                let what = format!("{} has no `{key}`.", self.whose);
                self.mistakes
                    .add(self.span.clone(), what, format!("Add {key} = …"));
                None
            }
            Err(Wrong) => None,
        }
    }

    /// Reads a line of text that must be there.
    pub(super) fn text(&mut self, key: &str, most: usize) -> Option<String> {
        let text = self.optional_text(key, most);
        self.required(key, text)
    }

    /// Reads a line of text of at most so many characters.
    pub(super) fn optional_text(&mut self, key: &str, most: usize) -> Optional<String> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let Some(text) = item.as_str() else {
            let what = format!("`{key}` is {}, not a text.", kind_of(item));
            return Err(self.wrong(key, what, "Put it in \"quotes\"."));
        };
        let text = text.trim();
        let len = text.chars().count();
        if text.is_empty() {
            let what = format!("`{key}` is empty.");
            return Err(self.wrong(key, what, "Write one line of text."));
        }
        if text.chars().any(is_hidden) {
            let what =
                format!("`{key}` has a line break or another character that cannot be seen.");
            return Err(self.wrong(key, what, "Write it as one plain line."));
        }
        if len > most {
            let what = format!("`{key}` has {len} characters; it may have {most}.");
            return Err(self.wrong(key, what, "Say it shorter."));
        }
        Ok(Some(text.to_owned()))
    }

    /// Reads an id: a letter, then letters, digits, `_` and `-`.
    pub(super) fn id(&mut self, key: &str, most: usize) -> Option<String> {
        let id = self.text(key, 1000)?;
        let starts = id.starts_with(|c: char| c.is_ascii_alphabetic());
        let goes_on = id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !starts || !goes_on || id.len() > most {
            let what = format!("{} cannot be an id.", quoted(&id));
            let hint =
                format!("An id is a letter, then letters, digits, _ or -, {most} at the most.");
            self.wrong(key, what, hint);
            return None;
        }
        Some(id)
    }

    /// Reads the one or two words for a question.
    pub(super) fn short(&mut self) -> Option<String> {
        let short = self.text("short", 24)?;
        if short.split_whitespace().count() > 2 {
            let what = format!("`short` is {}, more than two words.", quoted(&short));
            self.wrong("short", what, "It stands in lists: one or two words.");
            return None;
        }
        Some(short)
    }

    /// Reads a whole number within bounds.
    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<u16>) -> Optional<u16> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let hint = format!(
            "It is a whole number from {} to {}.",
            range.start(),
            range.end()
        );
        let Some(number) = item.as_integer() else {
            let what = format!("`{key}` is {}, not a whole number.", kind_of(item));
            return Err(self.wrong(key, what, hint));
        };
        match u16::try_from(number) {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            Ok(_) | Err(_) => Err(self.wrong(key, format!("`{key}` cannot be {number}."), hint)),
        }
    }

    /// Reads true or false.
    pub(super) fn flag(&mut self, key: &str) -> Optional<bool> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let Some(flag) = item.as_bool() else {
            let what = format!("`{key}` is {}, not true or false.", kind_of(item));
            return Err(self.wrong(key, what, "Write true or false without quotes."));
        };
        Ok(Some(flag))
    }

    /// Reads one of a few words.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &str,
        all: &[T],
        code: fn(T) -> &'static str,
        from_code: fn(&str) -> Option<T>,
    ) -> Optional<T> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let words = || all.iter().map(|word| code(*word));
        let list = words().collect::<Vec<_>>().join(", ");
        let Some(given) = item.as_str() else {
            let what = format!("`{key}` is {}, not a word.", kind_of(item));
            return Err(self.wrong(key, what, format!("It is one of {list}.")));
        };
        if let Some(word) = from_code(given) {
            return Ok(Some(word));
        }
        let what = format!("`{key}` cannot be {}.", quoted(given));
        let hint = match did_you_mean(given, words()) {
            Some(near) => format!("Did you mean `{near}`? It is one of {list}."),
            None => format!("It is one of {list}."),
        };
        Err(self.wrong(key, what, hint))
    }

    /// Joins a direction with its section: that of the section where none is given, or both;
    /// none for money and conduct. The outer `None` stands for a mistake.
    #[expect(
        clippy::option_option,
        reason = "the outer one is a mistake, the inner one a value"
    )]
    pub(super) fn direction(
        &mut self,
        section: Option<Section>,
        direction: Optional<Direction>,
    ) -> Option<Option<Direction>> {
        let given = direction.ok()?;
        let own = match section? {
            Section::TheyFitUs => Direction::TheyFitUs,
            Section::WeFitThem => Direction::WeFitThem,
            Section::Money | Section::Conduct => {
                if given.is_some() {
                    let what = "A question about money or conduct has no `direction`.".to_owned();
                    self.wrong("direction", what, "Take the line out.");
                    return None;
                }
                return Some(None);
            }
        };
        match given {
            None => Some(Some(own)),
            Some(Direction::Both) => Some(given),
            Some(_) if given == Some(own) => Some(given),
            Some(other) => {
                let (other, own) = (other.code(), own.code());
                let what = format!("`direction` {other} contradicts the section {own}.");
                self.wrong("direction", what, format!("It is {own} or both."));
                None
            }
        }
    }
}

/// Returns where a key stands.
pub(super) fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.key(key).and_then(toml_edit::Key::span)
}

/// Names the kind of a value with its article.
pub(super) fn kind_of(item: &Item) -> String {
    let name = item.type_name();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}
