//! The words by which CRMs and people say that a deal is open, won, lost or gone.

use std::collections::HashMap;

use super::text::{key, plain};
use super::values::amounts::{self, Code};
use crate::domain::phase::Phase;

pub use crate::domain::deal::Status;

/// Words inside a longer stage (`7. Project won`) that are clear enough alone.
const CLEAR: &[(&str, Status)] = &[
    ("won", Status::Won),
    ("gewonnen", Status::Won),
    ("gagné", Status::Won),
    ("gagnée", Status::Won),
    ("remporté", Status::Won),
    ("remportée", Status::Won),
    ("ganado", Status::Won),
    ("ganada", Status::Won),
    ("ganho", Status::Won),
    ("vinto", Status::Won),
    ("vinta", Status::Won),
    ("ganha", Status::Won),
    ("wygrany", Status::Won),
    ("wygrana", Status::Won),
    ("wygrane", Status::Won),
    ("vunnen", Status::Won),
    ("vundet", Status::Won),
    ("vunnet", Status::Won),
    ("voitettu", Status::Won),
    ("kazanıldı", Status::Won),
    ("kazanılan", Status::Won),
    ("выиграна", Status::Won),
    ("выиграно", Status::Won),
    ("lost", Status::Lost),
    ("kaybedildi", Status::Lost),
    ("kaybedilen", Status::Lost),
    ("проиграна", Status::Lost),
    ("проиграно", Status::Lost),
    ("verloren", Status::Lost),
    ("perdu", Status::Lost),
    ("perdido", Status::Lost),
    ("perdida", Status::Lost),
    ("perso", Status::Lost),
    ("persa", Status::Lost),
    ("perdue", Status::Lost),
    ("przegrany", Status::Lost),
    ("utracony", Status::Lost),
    ("utracona", Status::Lost),
    ("utracone", Status::Lost),
    ("przegrana", Status::Lost),
    ("przegrane", Status::Lost),
    ("förlorad", Status::Lost),
    ("förlorat", Status::Lost),
    ("tabt", Status::Lost),
    ("tapt", Status::Lost),
    ("hävitty", Status::Lost),
    ("menetetty", Status::Lost),
    ("abandoned", Status::Lost),
    ("disqualified", Status::Lost),
];

/// The words of one CRM and those in general use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    words: HashMap<String, Status>,
}

impl Words {
    /// Adds words; what is there already stays.
    pub(crate) fn add<'a>(&mut self, words: impl IntoIterator<Item = &'a String>, status: Status) {
        for word in words {
            let key = key(word);
            for plain in plain(&key) {
                self.words.entry(plain).or_insert(status);
            }
            self.words.entry(key).or_insert(status);
        }
    }

    /// Adds the words of another list; what is there already stays.
    pub(crate) fn extend(&mut self, other: &Self) {
        for (word, status) in &other.words {
            self.words.entry(word.clone()).or_insert(*status);
        }
    }

    /// Returns the status that a word of the lists means.
    pub(crate) fn exact(&self, text: &str) -> Option<Status> {
        self.words.get(&key(text)).copied()
    }

    /// Returns the status that a stage or a status means, or none for any other stage.
    pub(crate) fn status(&self, text: &str) -> Option<Status> {
        let key = key(text);
        if let Some(status) = self.words.get(&key) {
            return Some(*status);
        }
        // `6 - Closed Won`, `Won (100%)`: numbers around the words.
        let bare = key.trim_matches(|c: char| c.is_ascii_digit());
        if let Some(status) = self.words.get(bare) {
            return Some(*status);
        }
        // `Closed - Dropped`: why it was closed.
        let why = bare
            .strip_prefix("closed")
            .and_then(|why| self.words.get(why))
            .filter(|status| **status != Status::Open);
        if let Some(status) = why {
            return Some(*status);
        }
        let lower = text.to_lowercase();
        let mut found = None;
        let mut before = "";
        for word in lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            let is_denied = matches!(before, "not" | "nicht" | "no" | "non" | "never");
            if let Some((_, status)) = CLEAR.iter().find(|(clear, _)| *clear == word) {
                if is_denied || found.is_some_and(|other| other != *status) {
                    // `Won/Lost` is a stage that is neither.
                    return None;
                }
                found = Some(*status);
            }
            if matches!((before, word), ("won", "t")) {
                return None;
            }
            before = word;
        }
        // `Closed-Cancel/Expire`: why it was closed, in words of its own.
        let is_closed = lower.starts_with("closed") && found.is_none();
        let why = is_closed.then(|| Phase::from_stage_words(text)).flatten();
        found.or(why.filter(|why| *why == Phase::Lost).map(|_| Status::Lost))
    }
}

/// Words that were looked at already: a file has few, in millions of rows.
#[derive(Debug, Default)]
pub(crate) struct Known {
    statuses: Memo<Status>,
    phases: Memo<Phase>,
    currencies: Memo<Code>,
}

/// What few different texts mean.
#[derive(Debug)]
struct Memo<T>(HashMap<String, Option<T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Copy> Memo<T> {
    fn get(&mut self, text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if let Some(known) = self.0.get(text) {
            return *known;
        }
        let meaning = read(text);
        if self.0.len() < 1000 && text.len() < 200 {
            self.0.insert(text.to_owned(), meaning);
        }
        meaning
    }
}

impl Known {
    /// Returns what [`Words::status`] returns.
    pub(crate) fn status(&mut self, words: &Words, text: &str) -> Option<Status> {
        self.statuses.get(text, |text| words.status(text))
    }

    /// Returns what [`Phase::from_stage_words`] returns.
    pub(crate) fn phase(&mut self, stage: &str) -> Option<Phase> {
        self.phases.get(stage, Phase::from_stage_words)
    }

    /// Returns what [`amounts::currency`] returns.
    pub(crate) fn currency(&mut self, text: &str) -> Option<Code> {
        self.currencies.get(text, amounts::currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_won_or_lost_by_their_words() {
        let mut words = Words::default();
        words.add(&["closed won".to_owned(), "受注".to_owned()], Status::Won);
        words.add(&["closed lost".to_owned(), "Dead".to_owned()], Status::Lost);

        for (text, status) in [
            ("Closed Won", Some(Status::Won)),
            ("closedwon", Some(Status::Won)),
            ("6 - Closed Won", Some(Status::Won)),
            ("Won \u{1f389}", Some(Status::Won)),
            ("G. Project Won", Some(Status::Won)),
            ("受注", Some(Status::Won)),
            ("Dead", Some(Status::Lost)),
            ("Lost - price", Some(Status::Lost)),
            ("Close", None),
            ("Won/Lost review", None),
            ("Not won yet", None),
            ("Wonder", None),
            ("Closed-Cancel/Expire", Some(Status::Lost)),
            ("Closed for now", None),
            ("Deal przegrany", Some(Status::Lost)),
            ("Nicht gewonnen", None),
        ] {
            assert_eq!(words.status(text), status, "{text}");
        }
    }
}
