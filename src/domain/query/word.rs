//! Finding the word that was meant: slips of the finger, completion.

use super::field::{FIELDS, Field, Kind};
use crate::domain::bank::Topic;
use crate::domain::signal::KINDS;

/// Finds the word that was probably meant: the nearest within two slips of the finger.
pub fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word = word.to_ascii_lowercase();
    let slips = if word.chars().count() < 4 { 1 } else { 2 };
    known
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(far, candidate)| *far <= slips || begins(candidate, &word))
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

fn begins(candidate: &str, word: &str) -> bool {
    word.len() >= 2 && candidate.starts_with(word)
}

/// Counts the letters to change, add, drop or swap with their neighbour (optimal string
/// alignment, after Damerau 1964).
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(40).collect();
    let b: Vec<char> = b.chars().take(40).collect();
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                least = least.min(rows[i - 1][j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

/// Completes the word under the cursor: names of fields, or the words of a choice once a field
/// stands there. The results replace the whole word; a negated word stays negated.
pub fn completions(word: &str) -> Vec<String> {
    let (sign, body) = word
        .strip_prefix('-')
        .map_or(("", word), |body| ("-", body));
    let Some((name, value)) = body.split_once(':') else {
        let lower = body.to_ascii_lowercase();
        let fitting = FIELDS.iter().filter(|entry| entry.name.starts_with(&lower));
        return fitting
            .map(|entry| format!("{sign}{}:", entry.name))
            .collect();
    };
    let Some(field) = Field::parse(name) else {
        return Vec::new();
    };
    let (done, last) = value
        .rsplit_once(',')
        .map_or(("", value), |(done, last)| (done, last));
    let comma = if done.is_empty() { "" } else { "," };
    let mut words: Vec<&str> = match field.kind() {
        Kind::Choice(choices) => choices.iter().map(|choice| choice.word).collect(),
        Kind::Person => vec!["me"],
        Kind::Key if field == Field::Signal => KINDS.iter().map(|kind| kind.code).collect(),
        Kind::Key if matches!(field, Field::Weak | Field::Ask) => {
            Topic::ALL.iter().map(|topic| topic.code()).collect()
        }
        Kind::Text
        | Kind::Key
        | Kind::Code
        | Kind::Number { .. }
        | Kind::Amount
        | Kind::Length
        | Kind::Day(_) => Vec::new(),
    };
    words.extend(["any", "none"]);
    let last = last.to_ascii_lowercase();
    let fitting = words.into_iter().filter(|word| word.starts_with(&last));
    fitting
        .map(|word| format!("{sign}{field}:{done}{comma}{word}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let cases = [
            ("ownr", Some("owner")),
            ("onwer", Some("owner")),
            ("Acount", Some("account")),
            ("verd", Some("verdict")),
            ("nxt", Some("next")),
            ("xyzzy", None),
            ("", None),
        ];
        for (word, expected) in cases {
            let names = FIELDS.iter().map(|entry| entry.name);
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }

    #[test]
    fn swapped_letters_are_one_slip() {
        assert_eq!(distance("onwer", "owner"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn words_are_completed() {
        assert_eq!(completions("ow"), ["owner:"]);
        assert_eq!(completions("-dar"), ["-dark:"]);
        assert_eq!(
            completions("dark:"),
            ["dark:yes", "dark:quiet", "dark:no", "dark:any", "dark:none"]
        );
        assert_eq!(completions("dark:yes,q"), ["dark:yes,quiet"]);
        assert_eq!(completions("owner:m"), ["owner:me"]);
        assert_eq!(completions("weak:po"), ["weak:power"]);
        assert_eq!(completions("signal:re-"), ["signal:re-quoted"]);
        assert!(completions("nope:").is_empty());
        assert_eq!(completions("").len(), FIELDS.len());
    }
}
