//! Words of a filter that name questions: by id, by short name, or by topic.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::word::nearest;
use super::{Alternative, Field, Filter, FilterError};
use crate::domain::bank::{Bank, Topic};

/// Returns a text without accents and in lower case, as the search index has it.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let plain = text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    Cow::Owned(plain.flat_map(char::to_lowercase).collect())
}

/// A word as it is compared: folded, hyphens as blanks.
fn plain(word: &str) -> String {
    folded(word.trim()).replace(['_', '-'], " ")
}

/// What a word of `weak:` or `ask:` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The questions of the bank, by id.
    pub questions: Vec<String>,
    /// The topic, where it is one; every bank has the same.
    pub topic: Option<Topic>,
}

impl Named {
    /// Reads a word against a bank; `None` where it names no question and no topic.
    pub fn read(word: &str, bank: &Bank) -> Option<Self> {
        let word = plain(word);
        let topic = Topic::from_code(&word);
        let is_meant = |id: &str, short: &str| plain(id) == word || plain(short) == word;
        let questions: Vec<String> = bank
            .questions()
            .iter()
            .filter(|q| is_meant(&q.id, &q.short) || topic == Some(q.topic))
            .map(|q| q.id.clone())
            .collect();
        (topic.is_some() || !questions.is_empty()).then_some(Self { questions, topic })
    }
}

/// The names that `weak:` and `ask:` take in a bank: the core questions', then the topics.
fn names(bank: &Bank) -> Vec<String> {
    let core = bank.questions().iter().filter(|q| q.core);
    let mut names: Vec<String> = Vec::new();
    let topics = Topic::ALL.iter().map(|topic| topic.code());
    for name in core
        .map(|q| q.short.to_lowercase())
        .chain(topics.map(str::to_owned))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

impl Filter {
    /// Checks the words that name questions against the bank in force. `text` is what the filter
    /// was read from.
    ///
    /// # Errors
    ///
    /// At the first word that names no question and no topic, with its place.
    pub fn check(&self, text: &str, bank: &Bank) -> Result<(), FilterError> {
        for term in &self.terms {
            let Some(field) = term.field.filter(|f| matches!(f, Field::Weak | Field::Ask)) else {
                continue;
            };
            let unknown = term.any.iter().find_map(|way| match way {
                Alternative::Word(word) => {
                    Named::read(word, bank).is_none().then_some(word.as_str())
                }
                Alternative::Choice(_)
                | Alternative::Me
                | Alternative::None
                | Alternative::Any
                | Alternative::Compare(..)
                | Alternative::Range(..) => None,
            });
            if let Some(word) = unknown {
                return Err(mistake(field, word, text, bank));
            }
        }
        Ok(())
    }
}

fn mistake(field: Field, word: &str, text: &str, bank: &Bank) -> FilterError {
    let names = names(bank);
    let hint = nearest(word, names.iter().map(String::as_str)).map_or_else(
        || format!("write one of {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    let from = text.find(&format!("{field}:")).unwrap_or_default();
    let at = text[from..].find(word).map_or(from, |at| from + at);
    FilterError {
        at,
        column: text[..at].chars().count() + 1,
        what: format!("`{field}` knows no question and no topic `{word}`"),
        hint: Some(hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::locale::DayOrder;

    fn check(text: &str) -> Result<(), FilterError> {
        let filter = Filter::parse(text, DayOrder::DayFirst).unwrap();
        filter.check(text, &Bank::default_bank())
    }

    #[test]
    fn a_question_is_named_by_id_short_name_or_topic() {
        for text in [
            "weak:PWR1",
            "weak:signer",
            "weak:power",
            "ask:Signer,date",
            "weak:their-word",
            "weak:\"their word\"",
            "weak:any",
            "-ask:none",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let power = Named::read("power", &Bank::default_bank()).unwrap();
        assert_eq!(power.topic, Some(Topic::Power));
        assert!(power.questions.contains(&"PWR1".to_owned()));
        let signer = Named::read("signer", &Bank::default_bank()).unwrap();
        assert_eq!((signer.questions.len(), signer.topic), (1, None));
    }

    #[test]
    fn a_word_that_names_none_is_marked_and_told_what_there_is() {
        let slip = check("dark:yes weak:singer").unwrap_err();
        assert_eq!((slip.at, slip.column), (14, 15));
        assert_eq!(slip.hint.as_deref(), Some("did you mean `signer`?"));

        let unknown = check("weak:xyzzy").unwrap_err();
        assert_eq!(
            unknown.what,
            "`weak` knows no question and no topic `xyzzy`"
        );
        let hint = unknown.hint.unwrap();
        assert!(
            hint.contains("signer, date") && hint.contains("power"),
            "{hint}"
        );
    }
}
