//! What a person may send or say: written from a template with the deal's facts, never sent.
//!
//! The templates of each language stand in one TOML file, a team's own beside those of the
//! program. A fact that is missing where a template prints it becomes a blank in the text, and
//! the blanks are named, so that a sheet can ask for them in place.

mod about;
mod allowed;
mod farewell;
mod language;

pub use about::About;
pub use farewell::Farewell;
pub use language::{Language, MessageMistake};

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::NaiveDate;
use minijinja::value::{Object, Value};

use super::clean::clean_line;
use super::deal::Disposition;

/// The languages that come with the program: file name and text.
const BUILT_IN: [(&str, &str); 2] = [
    ("en.toml", include_str!("../../../assets/messages/en.toml")),
    ("de.toml", include_str!("../../../assets/messages/de.toml")),
];

/// The longest fact that is written, in characters.
const MOST_CHARS: usize = 300;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// We walk away.
    WalkAway,
    /// They are better served by somebody else.
    Regift,
    /// Not now; one more look on a day.
    Nurture,
    /// They fell silent, and the file is closed.
    CloseFile,
    /// They may say no.
    Permission,
    /// Before a first meeting: either may say no.
    Opener,
}

impl MessageKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 6] = [
        Self::WalkAway,
        Self::Regift,
        Self::Nurture,
        Self::CloseFile,
        Self::Permission,
        Self::Opener,
    ];

    /// Returns its word in templates, commands and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::WalkAway => "walk_away",
            Self::Regift => "regift",
            Self::Nurture => "nurture",
            Self::CloseFile => "close_file",
            Self::Permission => "permission",
            Self::Opener => "opener",
        }
    }

    /// Reads its word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns what it is called on screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::WalkAway => "walking away",
            Self::Regift => "re-gift",
            Self::Nurture => "nurture",
            Self::CloseFile => "closing the file",
            Self::Permission => "a no is fine",
            Self::Opener => "before we meet",
        }
    }

    /// Returns the farewell for where a prospect goes; who fell silent gets the closing note.
    pub fn farewell(to: Disposition, is_silent: bool) -> Self {
        match to {
            Disposition::WalkedAway if is_silent => Self::CloseFile,
            Disposition::WalkedAway => Self::WalkAway,
            Disposition::Regift => Self::Regift,
            Disposition::Nurture => Self::Nurture,
        }
    }
}

/// Joint work, of which a farewell thanks for the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JointWork {
    /// A workshop.
    Workshop,
    /// A trial.
    Trial,
    /// A demonstration.
    Demo,
    /// A meeting.
    Meeting,
}

impl JointWork {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Workshop, Self::Trial, Self::Demo, Self::Meeting];

    /// Returns its word in languages, which is that of its channel.
    pub fn code(self) -> &'static str {
        match self {
            Self::Workshop => "workshop",
            Self::Trial => "trial",
            Self::Demo => "demo",
            Self::Meeting => "meeting",
        }
    }

    /// Reads its word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|work| work.code() == code)
    }
}

/// The word of a closing note in commands and the log, whichever message it was written from.
pub const FAREWELL: &str = "farewell";

/// The way in which a message left the program; it sends none itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Onto the clipboard.
    Copy,
    /// Into a draft of the mail program.
    Mail,
    /// Into a file.
    File,
    /// Onto the output of a command.
    Print,
}

impl Way {
    /// Returns its word in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Mail => "mail",
            Self::File => "file",
            Self::Print => "print",
        }
    }
}

/// A fact that a template may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Whom it goes to.
    FirstName,
    /// Their company.
    Account,
    /// What it was about.
    Deal,
    /// Who signs.
    Me,
    /// To whom they are given.
    Whom,
    /// The day of the next look.
    Until,
    /// Joint work that was done.
    Work,
    /// What they owed us last.
    Promised,
}

impl Fact {
    /// Every fact.
    pub const ALL: [Self; 8] = [
        Self::FirstName,
        Self::Account,
        Self::Deal,
        Self::Me,
        Self::Whom,
        Self::Until,
        Self::Work,
        Self::Promised,
    ];

    /// Returns its name in templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::Account => "account",
            Self::Deal => "deal",
            Self::Me => "me",
            Self::Whom => "whom",
            Self::Until => "until",
            Self::Work => "work",
            Self::Promised => "promised",
        }
    }

    /// Returns what a sheet calls it where it asks for it.
    pub fn title(self) -> &'static str {
        match self {
            Self::FirstName => "their first name",
            Self::Account => "their company",
            Self::Deal => "what it was about",
            Self::Me => "your name",
            Self::Whom => "to whom",
            Self::Until => "until",
            Self::Work => "joint work",
            Self::Promised => "what was agreed",
        }
    }
}

/// What is known for a message; unmasked text, for whoever sends it.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageFacts<'a> {
    /// The contact's name as it is on record.
    pub contact: Option<&'a str>,
    /// Their company.
    pub account: Option<&'a str>,
    /// What the deal is called.
    pub deal: Option<&'a str>,
    /// Who signs.
    pub me: Option<&'a str>,
    /// To whom they are given.
    pub whom: Option<&'a str>,
    /// The day of the next look.
    pub until: Option<NaiveDate>,
    /// Joint work that was done.
    pub work: Option<Work<'a>>,
    /// What they owed us last.
    pub promised: Option<&'a str>,
}

/// Joint work that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work<'a> {
    /// As the record tells it; each language has its own words.
    Known(JointWork),
    /// In the words of whoever writes.
    Words(&'a str),
}

/// A message that is written, ready to be read once more by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The subject of the mail.
    pub subject: String,
    /// The mail.
    pub body: String,
    /// Two sentences to say instead.
    pub phone: String,
    /// The facts that are blank in it, in the order of [`Fact::ALL`].
    pub blanks: Vec<Fact>,
}

/// The languages that come with the program, read when the first message is written.
static BROUGHT: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let read = |(file, text): (&str, &str)| {
        Language::parse(file, text).expect("tests read the languages that come with the program")
    };
    BUILT_IN.into_iter().map(read).collect()
});

/// All languages in which messages can be written; English first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Messages {
    /// With a team's own; `None`: those that come with the program.
    own: Option<Vec<Language>>,
    /// `None`: the first.
    preferred: Option<String>,
}

impl Messages {
    /// Takes a team's own file: a new language, or other words for one that is there. What the
    /// file leaves out stays as it is; a new language falls back to English.
    ///
    /// Errors: the first mistake of the file with its place.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), MessageMistake> {
        let own = Language::parse_part(file, text)?;
        let languages = self.own.get_or_insert_with(|| BROUGHT.clone());
        if let Some(same) = languages.iter_mut().find(|l| l.code() == own.code()) {
            same.take_over(own);
        } else {
            let mut new = languages[0].clone();
            new.take_over(own);
            languages.push(new);
        }
        Ok(())
    }

    /// Says in which language to write where none is named.
    ///
    /// Returns whether there is such a language; else it stays as it is.
    pub fn prefer(&mut self, code: &str) -> bool {
        let found = self.find(code).map(|language| language.code().to_owned());
        let is_known = found.is_some();
        self.preferred = found.or(self.preferred.take());
        is_known
    }

    /// Returns the code of the language in which to write where none is named.
    pub fn preferred(&self) -> &str {
        let first = || self.all()[0].code();
        self.preferred.as_deref().unwrap_or_else(first)
    }

    fn all(&self) -> &[Language] {
        self.own.as_deref().unwrap_or(&BROUGHT)
    }

    /// Returns the languages, English first.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.all().iter()
    }

    /// Finds the language of a code such as `de` or `de_AT.UTF-8`.
    pub fn find(&self, code: &str) -> Option<&Language> {
        let same = |wanted: &str| {
            let mut all = self.all().iter();
            all.find(|language| language.code().eq_ignore_ascii_case(wanted))
        };
        let short = code.split(['_', '-', '.', '@']).next().unwrap_or(code);
        same(code).or_else(|| same(short))
    }

    /// Returns the language of a code; the preferred one where there is none.
    pub fn language(&self, code: &str) -> &Language {
        let found = self.find(code).or_else(|| self.find(self.preferred()));
        found.unwrap_or(&self.all()[0])
    }

    /// Writes a message in a language.
    pub fn write(&self, kind: MessageKind, language: &str, facts: &MessageFacts<'_>) -> Message {
        let language = self.language(language);
        let missing = Missing::default();
        let known = |fact: Fact, value: Option<String>| match value {
            // One line without control characters, whatever a CRM has.
            Some(text) if !text.trim().is_empty() => {
                Value::from(one_line(&clean_line(&text, MOST_CHARS)))
            }
            Some(_) | None => Value::from_object(Blank {
                fact,
                text: language.blank(fact).to_owned(),
                missing: Arc::clone(&missing),
            }),
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let context: BTreeMap<&str, Value> = Fact::ALL
            .into_iter()
            .map(|fact| {
                let value = match fact {
                    Fact::FirstName => facts.contact.and_then(first_name),
                    Fact::Account => owned(facts.account),
                    Fact::Deal => owned(facts.deal),
                    Fact::Me => owned(facts.me),
                    Fact::Whom => owned(facts.whom),
                    Fact::Until => facts.until.map(|day| language.date(day)),
                    Fact::Work => facts.work.map(|work| match work {
                        Work::Known(known) => language.work(known).to_owned(),
                        Work::Words(words) => words.to_owned(),
                    }),
                    Fact::Promised => owned(facts.promised),
                };
                (fact.name(), known(fact, value))
            })
            .collect();
        let [subject, body, phone] = language.render(kind, &Value::from(context));
        let missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
        Message {
            subject: one_line(&subject),
            body,
            phone: one_line(&phone),
            blanks: Fact::ALL
                .into_iter()
                .filter(|fact| missing.contains(fact))
                .collect(),
        }
    }
}

/// The facts that were printed although they are missing.
type Missing = Arc<Mutex<Vec<Fact>>>;

/// A fact that is not known: false in a condition, a blank in the text.
#[derive(Debug)]
struct Blank {
    fact: Fact,
    text: String,
    missing: Missing,
}

impl Object for Blank {
    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        missing.push(self.fact);
        f.write_str(&self.text)
    }
}

/// Returns the name by which a person is addressed: the first one, without a title; of
/// `Lee, Kim` the part behind the comma. `None` where nothing like a name is left.
fn first_name(contact: &str) -> Option<String> {
    const TITLES: [&str; 12] = [
        "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau", "mme", "m", "mx",
    ];
    let given = match contact.split_once(',') {
        Some((_, given)) if !given.trim().is_empty() => given,
        Some((name, _)) => name,
        None => contact,
    };
    let is_title = |word: &&str| {
        let bare = word.trim_end_matches('.').to_lowercase();
        TITLES.contains(&bare.as_str())
    };
    let name = given.split_whitespace().find(|word| !is_title(word))?;
    let is_name = name.chars().any(char::is_alphabetic) && !name.contains('@');
    is_name.then(|| name.to_owned())
}

/// Makes one line of a text.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
