//! What a column and its words mean: which question, which answers.

use std::collections::BTreeMap;

use crate::cli::error::CliError;
use crate::domain::answer::Value;
use crate::domain::bank::{Bank, QuestionIx};

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The question.
    pub question: QuestionIx,
    /// What words in it mean, in small letters, beside those that are answers by name.
    words: BTreeMap<String, Value>,
}

impl Meaning {
    /// A question whose words are answers by name.
    pub fn new(question: QuestionIx) -> Self {
        Self {
            question,
            words: BTreeMap::new(),
        }
    }

    /// Returns the answer that a word is; `None` where nobody said.
    pub fn value(&self, word: &str) -> Option<Value> {
        let word = word.trim().to_lowercase();
        self.words.get(&word).copied().or_else(|| by_name(&word))
    }
}

/// Reads a word that is an answer by its name.
fn by_name(word: &str) -> Option<Value> {
    match word.to_lowercase().as_str() {
        "yes" => Some(Value::Yes),
        "no" => Some(Value::No),
        "partly" | "partial" => Some(Value::Partly),
        "unknown" => Some(Value::Unknown),
        "na" | "n/a" | "not applicable" | "does not apply" => Some(Value::NotApplicable),
        _ => None,
    }
}

/// Finds a question by its id or by its short name.
fn question(bank: &Bank, name: &str) -> Option<QuestionIx> {
    let by_short = || {
        let same = |short: &str| short.eq_ignore_ascii_case(name.trim());
        let found = bank.iter().find(|(_, question)| same(&question.short));
        found.map(|(ix, _)| ix)
    };
    bank.find(name.trim()).or_else(by_short)
}

/// Finds a column by its name.
pub fn column(columns: &[String], name: &str) -> Option<usize> {
    let same = |column: &String| column.trim().to_lowercase() == name.trim().to_lowercase();
    columns.iter().position(same)
}

/// Says that there is no such name, with those that are nearest.
pub fn no_such(what: &str, name: &str, names: &[String]) -> CliError {
    let mut near: Vec<(usize, &String)> = names
        .iter()
        .map(|other| (distance(name, other), other))
        .collect();
    near.sort();
    let near: Vec<&str> = near.iter().take(3).map(|(_, name)| name.as_str()).collect();
    CliError::failed(format!("there is no {what} `{name}`"))
        .hint(format!("the nearest names: {}", near.join(", ")))
}

/// How many letters have to be put in, taken out or changed (Levenshtein), whatever their case.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| -> Vec<char> { text.to_lowercase().chars().take(80).collect() };
    let (a, b) = (letters(a), letters(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, left) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (place, right) in b.iter().enumerate() {
            let changed = corner + usize::from(left != right);
            corner = row[place + 1];
            row[place + 1] = changed.min(corner + 1).min(row[place] + 1);
        }
    }
    row[b.len()]
}

/// Finds out what columns mean: by `--map`, else by their names.
///
/// # Errors
///
/// A column, question or answer that does not exist, and a question that two columns are.
pub fn meanings(
    columns: &[String],
    map: &[String],
    bank: &Bank,
) -> Result<Vec<Option<Meaning>>, CliError> {
    let mut found: Vec<Option<Meaning>> = columns
        .iter()
        .map(|name| question(bank, name).map(Meaning::new))
        .collect();
    let mut words = Vec::new();
    for entry in map {
        let Some((left, right)) = entry.rsplit_once('=') else {
            return Err(CliError::usage(format!("`{entry}` maps nothing"))
                .hint("write 'COLUMN=QUESTION' or 'COLUMN:WORD=yes'"));
        };
        if let Some(at) = column(columns, left) {
            let Some(ix) = question(bank, right) else {
                let ids: Vec<String> = bank.questions().iter().map(|q| q.id.clone()).collect();
                return Err(no_such("question", right, &ids));
            };
            found[at] = Some(Meaning::new(ix));
            continue;
        }
        let split = left.match_indices(':').find_map(|(colon, _)| {
            let at = column(columns, &left[..colon])?;
            Some((at, left[colon + 1..].trim().to_lowercase()))
        });
        let Some((at, word)) = split else {
            return Err(no_such("column", left, columns));
        };
        let Some(value) = by_name(right.trim()) else {
            let names = ["yes", "no", "partly", "unknown", "na"].map(str::to_owned);
            return Err(no_such("answer", right, &names));
        };
        words.push((at, word, value));
    }
    for (at, word, value) in words {
        let Some(meaning) = &mut found[at] else {
            let name = &columns[at];
            return Err(
                CliError::failed(format!("the column `{name}` is no question yet"))
                    .hint(format!("say which one it is: --map '{name}=QUESTION'")),
            );
        };
        meaning.words.insert(word, value);
    }
    for (at, meaning) in found.iter().enumerate() {
        let Some(meaning) = meaning else { continue };
        let same = |other: &Option<Meaning>| {
            other
                .as_ref()
                .is_some_and(|other| other.question == meaning.question)
        };
        if let Some(first) = found[..at].iter().position(same) {
            let id = &bank[meaning.question].id;
            let (a, b) = (&columns[first], &columns[at]);
            return Err(CliError::failed(format!("`{a}` and `{b}` are both {id}"))
                .hint("map one of them to another question, or leave it out with `--without`"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<String> {
        ["Funds", "signer", "BIZ1"].map(str::to_owned).to_vec()
    }

    fn read(map: &[&str]) -> Result<Vec<Option<Meaning>>, CliError> {
        let map: Vec<String> = map.iter().map(|m| (*m).to_owned()).collect();
        meanings(&columns(), &map, &Bank::default_bank())
    }

    #[test]
    fn columns_are_questions_by_id_by_short_name_or_by_map() {
        let bank = Bank::default_bank();
        let found = read(&["Funds=BIZ4", "Funds:Approved=yes"]).unwrap();

        let ids: Vec<_> = found
            .iter()
            .flatten()
            .map(|m| bank[m.question].id.as_str())
            .collect();
        assert_eq!(ids, ["BIZ4", "PWR1", "BIZ1"]);
        let budget = found[0].as_ref().unwrap();
        assert_eq!(budget.value(" approved "), Some(Value::Yes));
        assert_eq!(budget.value("Unknown"), Some(Value::Unknown));
        assert_eq!(budget.value("hoped for"), None);
        assert_eq!(read(&[]).unwrap()[0], None);
    }

    #[test]
    fn what_is_not_there_is_named_with_what_is_near() {
        let what = |map: &str| read(&[map]).unwrap_err().to_json().to_string();

        assert!(what("Fudns=BIZ4").contains("the nearest names: Funds"));
        assert!(what("Funds=BIZ9").contains("no question `BIZ9`"));
        assert!(what("Funds:x=perhaps").contains("no answer `perhaps`"));
        assert!(what("Funds:x=yes").contains("is no question yet"));
        assert!(what("Funds=BIZ1").contains("are both BIZ1"));
    }
}
