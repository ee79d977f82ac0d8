//! The words of headers by what they are about, and how a header has them.

use std::collections::BTreeMap;
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

/// The words of one class.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Roots {
    pub(super) english: Vec<String>,
    #[serde(default)]
    pub(super) local: Vec<String>,
}

impl Roots {
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        self.english.iter().chain(&self.local)
    }
}

/// Whether a word of a header is one of a class.
pub(super) fn is_of(class: Class, word: &str) -> bool {
    let own = [word.to_owned()];
    roots()[&class].all().any(|root| fits(root, &own, word))
}

/// Returns the words of all classes.
pub(super) fn roots() -> &'static BTreeMap<Class, Roots> {
    static ROOTS: OnceLock<BTreeMap<Class, Roots>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots: BTreeMap<Class, Roots> =
            toml_edit::de::from_str(FILE).expect("the file is built in, see the test");
        for list in roots.values_mut() {
            let plain: Vec<String> = list.local.iter().flat_map(|root| plain(root)).collect();
            list.local.extend(plain);
        }
        roots
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

pub(super) fn fits(root: &str, words: &[String], whole: &str) -> bool {
    if let Some(word) = root.strip_prefix('=') {
        return words.iter().any(|other| other == word);
    }
    if let Some(end) = root.strip_prefix('*') {
        return words
            .iter()
            .any(|other| other.len() > end.len() && other.ends_with(end));
    }
    if root.contains(' ') || is_without_blanks(root) {
        return whole.contains(root);
    }
    words.iter().any(|other| other.starts_with(root))
}

/// Whether a text is of a script that has no blanks between words.
fn is_without_blanks(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c >= '\u{2e80}')
}
