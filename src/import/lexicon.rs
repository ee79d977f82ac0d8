//! The words of headers by what they are about, and how a header has them.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

/// What words of a header are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Class {
    /// Says that the column is none of those that are looked for.
    Other,
    Deal,
    Name,
    Account,
    Contact,
    Owner,
    Amount,
    Currency,
    Stage,
    Status,
    Pipeline,
    Chance,
    Date,
    Close,
    Closed,
    Signed,
    Expected,
    Actual,
    Created,
    Changed,
    Won,
    Lost,
    Reason,
    Last,
    Next,
    Contacted,
    Step,
    Product,
    Source,
    Notes,
    By,
    Kind,
    Direction,
    Duration,
    Due,
    Done,
    Sender,
    Recipient,
    Activity,
    /// Words of selling, which say nothing of what a status is of.
    Selling,
    /// Names of an id or a number.
    Key,
    /// When what was sold begins.
    Begin,
    /// The amount of a line of a deal.
    Line,
    /// The price of one piece, and what may be one.
    Piece,
    Sale,
    /// Said of an amount that was another one since.
    Former,
    /// Said of the amount of a month.
    Monthly,
    /// How many pieces.
    Quantity,
    /// When something was left.
    Exit,
}

/// The words, which come with the program.
const FILE: &str = include_str!("../../assets/header-words.toml");

/// The words of one class as the file has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roots {
    english: Vec<String>,
    #[serde(default)]
    local: Vec<String>,
}

/// A set of classes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u64);

impl Classes {
    pub(super) fn of(classes: &[Class]) -> Self {
        Self(
            classes
                .iter()
                .fold(0, |bits, class| bits | 1 << *class as u64),
        )
    }

    pub(super) fn has(self, class: Class) -> bool {
        self.meets(Self::of(&[class]))
    }

    /// Whether a class is in both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The classes of which some words have one, by the language of what they have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    english: Classes,
    local: Classes,
}

impl Found {
    fn add(&mut self, other: Self) {
        self.english.0 |= other.english.0;
        self.local.0 |= other.local.0;
    }

    pub(super) fn all(self) -> Classes {
        Classes(self.english.0 | self.local.0)
    }

    /// Whether a class was found in another language than English alone.
    pub(super) fn has_local(self) -> bool {
        self.local.0 & !self.english.0 != 0
    }
}

/// The words of all classes, by how a header has them.
#[derive(Default)]
struct Lexicon {
    /// Whole words, in the file behind a `=`.
    words: HashMap<String, Found>,
    /// Ends of words that are longer, in the file behind a `*`.
    ends: HashMap<String, Found>,
    beginnings: HashMap<String, Found>,
    /// What stands anywhere: several words, or one of a script without blanks.
    parts: Vec<(String, Found)>,
}

impl Lexicon {
    fn add(&mut self, root: &str, found: Found) {
        let kept = if let Some(word) = root.strip_prefix('=') {
            self.words.entry(word.to_owned())
        } else if let Some(end) = root.strip_prefix('*') {
            self.ends.entry(end.to_owned())
        } else if root.contains(' ') || root.starts_with(is_without_blanks) {
            self.parts.push((root.to_owned(), found));
            return;
        } else {
            self.beginnings.entry(root.to_owned())
        };
        kept.or_default().add(found);
    }

    fn find(&self, words: &[&str], whole: &str) -> Found {
        let mut found = Found::default();
        for word in words {
            let places = word.char_indices().map(|(at, _)| at).skip(1);
            let ends = places.clone().filter_map(|at| self.ends.get(&word[at..]));
            let all = places.chain([word.len()]);
            let beginnings = all.filter_map(|at| self.beginnings.get(&word[..at]));
            for part in self
                .words
                .get(*word)
                .into_iter()
                .chain(ends)
                .chain(beginnings)
            {
                found.add(*part);
            }
        }
        if whole.contains(|c| c == ' ' || is_without_blanks(c)) {
            for (part, of) in &self.parts {
                if whole.contains(part.as_str()) {
                    found.add(*of);
                }
            }
        }
        found
    }
}

/// Whether a letter is of a script that has no blanks between words.
fn is_without_blanks(letter: char) -> bool {
    letter >= '\u{2e80}'
}

/// The classes of which the words of a header have one; they and what they are together are in small
/// letters.
pub(super) fn find(words: &[&str], whole: &str) -> Found {
    lexicon().find(words, whole)
}

/// The classes of which a word of a header is one.
pub(super) fn classes(word: &str) -> Classes {
    find(&[word], word).all()
}

/// What stands before a whole word of a class at the end of a word, which may be nothing.
pub(super) fn before_end(word: &str, class: Class) -> impl Iterator<Item = &str> {
    let places = word.char_indices().map(|(at, _)| at);
    places.filter_map(move |at| {
        let found = lexicon().words.get(&word[at..])?;
        found.all().has(class).then_some(&word[..at])
    })
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let file: BTreeMap<Class, Roots> =
            toml_edit::de::from_str(FILE).expect("the file is built in, see the test");
        let mut lexicon = Lexicon::default();
        for (class, roots) in &file {
            let classes = Classes::of(&[*class]);
            let (mut english, mut local) = (Found::default(), Found::default());
            english.english = classes;
            local.local = classes;
            for root in &roots.english {
                lexicon.add(root, english);
            }
            for root in &roots.local {
                lexicon.add(root, local);
                for root in plain(root) {
                    lexicon.add(&root, local);
                }
            }
        }
        lexicon
    })
}

/// A root as it is written without the marks of its letters, with the sign that stands before it.
fn plain(root: &str) -> Vec<String> {
    let bare = root.trim_start_matches(['=', '*']);
    let sign = &root[..root.len() - bare.len()];
    let forms = super::text::plain(bare).into_iter();
    forms.map(|form| format!("{sign}{form}")).collect()
}

/// The words of a header: at blanks and signs, and where a small letter is followed by a great one.
pub(super) fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in header.chars() {
        let starts = was_small && c.is_uppercase();
        if (!c.is_alphanumeric() && c != '%') || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            let last = words.last_mut().expect("there is one from the start");
            last.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
        was_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether some words have one of the file, looked at by itself.
    fn has(root: &str, words: &[&str], whole: &str) -> bool {
        if let Some(word) = root.strip_prefix('=') {
            words.contains(&word)
        } else if let Some(end) = root.strip_prefix('*') {
            words.iter().any(|word| *word != end && word.ends_with(end))
        } else if root.contains(' ') || root.starts_with(is_without_blanks) {
            whole.contains(root)
        } else {
            words.iter().any(|word| word.starts_with(root))
        }
    }

    fn file() -> BTreeMap<Class, Roots> {
        toml_edit::de::from_str(FILE).unwrap()
    }

    fn found_one_by_one(file: &BTreeMap<Class, Roots>, words: &[&str], whole: &str) -> Found {
        let mut found = Found::default();
        for (class, roots) in file {
            let bits = Classes::of(&[*class]).0;
            let local = roots.local.iter().cloned();
            let mut local = local.chain(roots.local.iter().flat_map(|root| plain(root)));
            if roots.english.iter().any(|root| has(root, words, whole)) {
                found.english.0 |= bits;
            }
            if local.any(|root| has(&root, words, whole)) {
                found.local.0 |= bits;
            }
        }
        found
    }

    #[test]
    fn every_word_of_the_file_is_found_as_one_by_one() {
        let file = file();
        for root in file
            .values()
            .flat_map(|of| of.english.iter().chain(&of.local))
        {
            for whole in [root.clone(), format!("x{root}"), format!("{root}s {root}")] {
                let words = words(&whole);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let whole = words.join(" ");
                let expected = found_one_by_one(&file, &words, &whole);
                assert_eq!(find(&words, &whole), expected, "{whole}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_header_is_found_as_one_by_one(header in "[a-zäöüéçñ成交金額日 ]{0,24}") {
            let words = words(&header);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let whole = words.join(" ");
            prop_assert_eq!(find(&words, &whole), found_one_by_one(&file(), &words, &whole));
        }
    }

    #[test]
    fn the_ids_of_a_thing_end_in_a_word_for_an_id() {
        let deals: Vec<&str> = before_end("dealid", Class::Key).collect();
        assert_eq!(deals, ["deal"]);
        assert_eq!(before_end("deal", Class::Key).count(), 0);
    }
}
