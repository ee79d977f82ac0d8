//! Old deals as a table: a column a question, a word an answer, and how each deal ended.
//!
//! Words become small numbers once, when a row is added; everything after that counts bytes.

use std::collections::HashMap;

/// Different answers that one column may have.
pub const MOST_WORDS: usize = 254;

/// One question of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What the table calls it.
    pub name: String,
    /// The answers that were given to it, each once, as they were written first.
    pub words: Vec<String>,
}

/// Deals that are over, with their answers.
///
/// INVARIANT: `codes` has a byte for each deal and column, deal by deal, which is the place of
/// the answer among the column's words, or the number of its words where nothing was answered.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    codes: Vec<u8>,
    won: Vec<bool>,
    groups: Vec<u32>,
    distinct: usize,
}

impl Table {
    /// Returns the questions.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns how many deals there are.
    pub fn deals(&self) -> usize {
        self.won.len()
    }

    /// Returns how many deals have answers of their own: equal ones count once.
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// Tells of each deal whether it was won.
    pub fn won(&self) -> &[bool] {
        &self.won
    }

    /// Returns of each deal the number of its answers as a whole, from 0: equal deals share it.
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// Returns the codes of a deal, aligned to the columns.
    pub fn row(&self, deal: usize) -> &[u8] {
        let width = self.columns.len();
        &self.codes[deal * width..(deal + 1) * width]
    }

    /// Returns the word that a deal has in a column; `None` where it was not asked.
    pub fn word(&self, deal: usize, column: usize) -> Option<&str> {
        let code = usize::from(self.row(deal)[column]);
        self.columns[column].words.get(code).map(String::as_str)
    }
}

/// Takes up deals one by one.
#[derive(Clone, Debug)]
pub struct Gather {
    columns: Vec<Column>,
    known: Vec<HashMap<String, u8>>,
    codes: Vec<u8>,
    won: Vec<bool>,
}

/// A code that stands for *not asked* until the number of words of a column is known.
const BLANK: u8 = u8::MAX;

impl Gather {
    /// Starts a table with these questions.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let columns: Vec<Column> = names
            .into_iter()
            .map(|name| Column {
                name,
                words: Vec::new(),
            })
            .collect();
        Self {
            known: vec![HashMap::new(); columns.len()],
            columns,
            codes: Vec::new(),
            won: Vec::new(),
        }
    }

    /// Adds a deal; a blank answer was not asked, and words differ by more than case and blanks
    /// around them.
    ///
    /// # Errors
    ///
    /// The place of the column with more than [`MOST_WORDS`] different answers.
    pub fn push<'a>(
        &mut self,
        answers: impl IntoIterator<Item = &'a str>,
        won: bool,
    ) -> Result<(), usize> {
        let start = self.codes.len();
        for (at, answer) in answers.into_iter().take(self.columns.len()).enumerate() {
            let answer = answer.trim();
            let code = if answer.is_empty() {
                BLANK
            } else if let Some(code) = self.known[at].get(answer) {
                *code
            } else {
                self.learn(at, answer).ok_or(at)?
            };
            self.codes.push(code);
        }
        self.codes.resize(start + self.columns.len(), BLANK);
        self.won.push(won);
        Ok(())
    }

    /// Gives a spelling its code; `None` where there are too many words.
    fn learn(&mut self, at: usize, answer: &str) -> Option<u8> {
        let words = &mut self.columns[at].words;
        let folded = answer.to_lowercase();
        let same = words.iter().position(|word| word.to_lowercase() == folded);
        let place = same.unwrap_or(words.len());
        if place == words.len() {
            if place == MOST_WORDS {
                return None;
            }
            words.push(answer.to_owned());
        }
        let code = place as u8;
        self.known[at].insert(answer.to_owned(), code);
        Some(code)
    }

    /// Ends the table.
    pub fn finish(self) -> Table {
        let Self {
            columns,
            mut codes,
            won,
            ..
        } = self;
        let width = columns.len();
        for (at, code) in codes.iter_mut().enumerate() {
            if *code == BLANK {
                *code = columns[at % width].words.len() as u8;
            }
        }
        let mut seen: HashMap<&[u8], u32> = HashMap::new();
        let groups = (0..won.len())
            .map(|deal| {
                let next = seen.len() as u32;
                *seen
                    .entry(&codes[deal * width..(deal + 1) * width])
                    .or_insert(next)
            })
            .collect();
        let distinct = seen.len();
        Table {
            columns,
            codes,
            won,
            groups,
            distinct,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_in_any_case_and_a_blank_was_not_asked() {
        let mut gather = Gather::new(["a".to_owned(), "b".to_owned()]);
        gather.push(["Yes", " unknown "], true).unwrap();
        gather.push(["yes ", ""], false).unwrap();
        gather.push(["no"], false).unwrap();

        let table = gather.finish();

        assert_eq!(table.columns()[0].words, ["Yes", "no"]);
        assert_eq!(table.columns()[1].words, ["unknown"]);
        assert_eq!(table.row(1), [0, 1]);
        assert_eq!(table.row(2), [1, 1]);
        assert_eq!(table.word(1, 1), None);
        assert_eq!(table.word(2, 0), Some("no"));
    }

    #[test]
    fn equal_answers_are_one_deal_whatever_became_of_them() {
        let mut gather = Gather::new(["a".to_owned()]);
        for (word, won) in [("x", true), ("y", true), ("X", false)] {
            gather.push([word], won).unwrap();
        }

        let table = gather.finish();

        assert_eq!((table.deals(), table.distinct()), (3, 2));
        assert_eq!(table.groups(), [0, 1, 0]);
    }

    #[test]
    fn a_column_with_too_many_words_is_named() {
        let mut gather = Gather::new(["a".to_owned(), "b".to_owned()]);
        for n in 0..MOST_WORDS {
            gather.push(["x", &n.to_string()], true).unwrap();
        }

        assert_eq!(gather.push(["x", "one more"], true), Err(1));
    }
}
