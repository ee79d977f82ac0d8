//! What kind of contact an activity was, and how it went, by the words of its columns.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::domain::deal::Direction;
use crate::domain::hours::Channel;

/// What an activity is to the CRM that kept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A contact by this channel.
    Contact(Channel),
    /// Something to do, which may have been a contact.
    Task,
    /// Something written down.
    Note,
}

/// The words, which come with the program.
const FILE: &str = include_str!("../../assets/activity-words.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    r#type: Vec<List<Channelled>>,
    state: Vec<List<State>>,
    direction: Vec<List<Side>>,
}

/// Words, and what they mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List<T> {
    is: T,
    words: Vec<String>,
}

impl<T> List<T> {
    fn has_any(&self, spaced: &str) -> bool {
        self.words.iter().any(|word| has(spaced, word))
    }
}

/// A kind as the file names it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Channelled {
    Demo,
    Workshop,
    Trial,
    Proposal,
    Quote,
    Call,
    Message,
    Email,
    Meeting,
    Task,
    Note,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    In,
    Out,
}

impl Channelled {
    fn kind(self) -> Kind {
        Kind::Contact(match self {
            Self::Demo => Channel::Demo,
            Self::Workshop => Channel::Workshop,
            Self::Trial => Channel::Trial,
            Self::Proposal => Channel::Proposal,
            Self::Quote => Channel::Quote,
            Self::Call => Channel::Call,
            Self::Message => Channel::Message,
            Self::Email => Channel::Email,
            Self::Meeting => Channel::Meeting,
            Self::Task => return Kind::Task,
            Self::Note => return Kind::Note,
        })
    }
}

fn lists() -> &'static File {
    static LISTS: OnceLock<File> = OnceLock::new();
    LISTS
        .get_or_init(|| toml_edit::de::from_str(FILE).expect("the file is built in, see the tests"))
}

/// Words of a type with their kinds, from the most to the least telling.
fn types() -> impl Iterator<Item = (&'static str, Kind)> {
    let lists = lists().r#type.iter();
    lists.flat_map(|list| {
        list.words
            .iter()
            .map(|word| (word.as_str(), list.is.kind()))
    })
}

/// A text as small words with single blanks around each.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

fn has(spaced: &str, words: &str) -> bool {
    // Whole words only, so that a look at each blank is enough: no searcher is built for a row.
    let (text, words) = (spaced.as_bytes(), words.as_bytes());
    let ends_there = |rest: &[u8]| rest.starts_with(words) && rest.get(words.len()) == Some(&b' ');
    let mut blanks = text.iter().enumerate().filter(|(_, byte)| **byte == b' ');
    blanks.any(|(at, _)| ends_there(&text[at + 1..]))
}

fn has_any(spaced: &str, words: &[&str]) -> bool {
    words.iter().any(|word| has(spaced, word))
}

/// Reads the kind in the words of a type; none where they say nothing.
pub(crate) fn of_type(text: &str) -> Option<Kind> {
    let words = spaced(text);
    types()
        .find(|(word, _)| has(&words, word))
        .map(|(_, kind)| kind)
}

/// The word for what a table of activities holds, by the name of its file or by the first word of
/// two of its headers; none where they say nothing of a kind of contact.
pub(crate) fn of_table(file: &str, headers: &[String]) -> Option<&'static str> {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let contact = |words: &str| {
        let words = spaced(words);
        types().find(|(word, kind)| has(&words, word) && matches!(kind, Kind::Contact(_)))
    };
    if let Some((word, _)) = contact(stem) {
        return Some(word);
    }
    let firsts = || {
        headers.iter().filter_map(|header| {
            let lower = header.to_lowercase();
            types().find(|(word, kind)| {
                word.chars().count() > 3
                    && lower.starts_with(word)
                    && matches!(kind, Kind::Contact(_))
            })
        })
    };
    let (word, _) = firsts().find(|first| firsts().filter(|f| f.1 == first.1).count() > 1)?;
    Some(word)
}

/// What the subject of a task says that it was; none where it names no contact.
pub(crate) fn of_subject(subject: &str) -> Option<Channel> {
    let words = spaced(subject);
    types().find_map(|(word, kind)| match kind {
        Kind::Contact(channel) if has(&words, word) => Some(channel),
        Kind::Contact(_) | Kind::Task | Kind::Note => None,
    })
}

/// A meeting, call or mail whose subject says that it was more than that.
///
/// A reply about a proposal is a mail; a meeting is one even where a quote is talked about.
pub(crate) fn refine(channel: Channel, subject: &str, direction: Option<Direction>) -> Channel {
    let words = spaced(subject);
    match channel {
        Channel::Meeting => {
            if has_any(&words, &["demo", "demonstration", "vorführung", "démo"]) {
                Channel::Demo
            } else if has(&words, "workshop") {
                Channel::Workshop
            } else if has_any(&words, &["poc", "proof of concept", "trial", "pilot"]) {
                Channel::Trial
            } else {
                Channel::Meeting
            }
        }
        Channel::Email | Channel::Message if direction != Some(Direction::In) => {
            if ["re ", "aw ", "fw ", "fwd ", "wg "]
                .iter()
                .any(|reply| words[1..].starts_with(reply))
            {
                channel
            } else if has_any(&words, &["proposal", "propuesta", "proposition"]) {
                Channel::Proposal
            } else if has_any(
                &words,
                &["quote", "quotation", "angebot", "devis", "cotización"],
            ) {
                Channel::Quote
            } else {
                channel
            }
        }
        Channel::Email
        | Channel::Message
        | Channel::Call
        | Channel::Demo
        | Channel::Workshop
        | Channel::Trial
        | Channel::Proposal
        | Channel::Quote => channel,
    }
}

/// Whether a task that was done was work on our own desk, by its first word.
pub(crate) fn is_inner_work(subject: &str) -> bool {
    let words = spaced(subject);
    [
        "prepare ",
        "prep ",
        "research ",
        "internal ",
        "update crm",
        "vorbereit",
        "interne",
    ]
    .iter()
    .any(|word| words[1..].starts_with(word))
}

/// The most characters of such a mark; a longer one is the name of the meeting.
const MARK: usize = 24;

/// How an activity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It took place.
    Done,
    /// It is to come.
    Planned,
    /// It was called off.
    Declined,
    /// It was put off.
    Moved,
    /// They did not come.
    NoShow,
    /// A mail that never arrived.
    Lost,
}

/// Reads a status or an outcome; none where it says nothing of that.
pub(crate) fn state(text: &str) -> Option<State> {
    let words = spaced(text);
    let mut lists = lists().state.iter();
    lists.find(|list| list.has_any(&words)).map(|list| list.is)
}

/// Reads what became of a meeting from the mark that a calendar or a person puts before its name:
/// `Declined: Review`, `Canceled event: Demo @ Mon`, `[No show] Review`.
pub(crate) fn marked_state(subject: &str) -> Option<State> {
    let text = subject.trim_start();
    let mark = match text.strip_prefix(['[', '(', '【']) {
        Some(rest) => rest.split([']', ')', '】']).next()?,
        None => text.split_once([':', '：'])?.0,
    };
    let is_of_something = spaced(mark).starts_with(" moved ") && spaced(mark) != " moved ";
    if mark.chars().count() > MARK || is_of_something {
        return None;
    }
    match state(mark)? {
        state @ (State::Declined | State::Moved | State::NoShow) => Some(state),
        // A meeting that was accepted or planned may have taken place or not.
        State::Done | State::Planned | State::Lost => None,
    }
}

/// Reads who began a contact; none where the words say nothing of it.
pub(crate) fn direction(text: &str) -> Option<Direction> {
    let words = spaced(text);
    lists()
        .direction
        .iter()
        .find(|list| list.has_any(&words))
        .map(|list| match list.is {
            Side::In => Direction::In,
            Side::Out => Direction::Out,
        })
}

/// Reads who began a contact from marks that programs put into subjects: `[In]`, `<<`, `>>`.
pub(crate) fn marked_direction(subject: &str) -> Option<Direction> {
    let lower = subject.to_lowercase();
    let begins = |marks: &[&str]| marks.iter().any(|mark| lower.starts_with(mark));
    if lower.contains("[in]")
        || lower.contains("<< ")
        || begins(&[
            "inbound",
            "incoming",
            "received",
            "reply from",
            "email received",
            "email reply",
        ])
    {
        Some(Direction::In)
    } else if lower.contains("[out]")
        || lower.contains(">> ")
        || begins(&["outbound", "outgoing", "email sent", "sent:"])
    {
        Some(Direction::Out)
    } else {
        None
    }
}

/// The name of the document that a subject tells of: without marks of replies.
pub(crate) fn document(subject: &str) -> String {
    let mut text = subject.trim();
    loop {
        let lower = text.to_lowercase();
        let mark = ["re:", "aw:", "fw:", "fwd:", "wg:", "email:", "e-mail:"]
            .iter()
            .find(|mark| lower.starts_with(**mark));
        match mark {
            Some(mark) => text = text[mark.len()..].trim_start(),
            None => return text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_in_the_words_of_the_crms() {
        for (text, kind) in [
            ("Call", Some(Kind::Contact(Channel::Call))),
            ("INCOMING_EMAIL", Some(Kind::Contact(Channel::Email))),
            ("E-Mail", Some(Kind::Contact(Channel::Email))),
            ("Phone Call", Some(Kind::Contact(Channel::Call))),
            ("Appointment", Some(Kind::Contact(Channel::Meeting))),
            ("Product demo", Some(Kind::Contact(Channel::Demo))),
            ("To-do", Some(Kind::Task)),
            ("Note", Some(Kind::Note)),
            ("Anruf", Some(Kind::Contact(Channel::Call))),
            ("Other", None),
            ("Recall", None),
        ] {
            assert_eq!(of_type(text), kind, "{text}");
        }
    }

    #[test]
    fn a_subject_tells_more_than_the_type() {
        let out = Some(Direction::Out);
        for (channel, subject, direction, refined) in [
            (Channel::Meeting, "Demo for the plant", out, Channel::Demo),
            (Channel::Meeting, "POC kick-off", out, Channel::Trial),
            (
                Channel::Meeting,
                "Talk about the quote",
                out,
                Channel::Meeting,
            ),
            (Channel::Email, "Our proposal", out, Channel::Proposal),
            (Channel::Email, "Re: our proposal", out, Channel::Email),
            (
                Channel::Email,
                "Your proposal",
                Some(Direction::In),
                Channel::Email,
            ),
            (Channel::Email, "Quote 4711", out, Channel::Quote),
            (Channel::Call, "About the demo", out, Channel::Call),
        ] {
            assert_eq!(refine(channel, subject, direction), refined, "{subject}");
        }
        assert_eq!(of_subject("Call Kim"), Some(Channel::Call));
        assert_eq!(of_subject("Send the contract"), None);
        assert_eq!(document("Re: FW: Quote 4711"), "Quote 4711");
    }

    #[test]
    fn states_are_read_with_not_before_what_it_denies() {
        for (text, expected) in [
            ("Completed", Some(State::Done)),
            ("Not Started", Some(State::Planned)),
            ("NOT_STARTED", Some(State::Planned)),
            ("Not Held", Some(State::NoShow)),
            ("Held", Some(State::Done)),
            ("RESCHEDULED", Some(State::Moved)),
            ("Canceled", Some(State::Declined)),
            ("Undone", Some(State::Planned)),
            ("Normal", None),
        ] {
            assert_eq!(state(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_calendar_writes_before_the_name_of_a_meeting_is_what_became_of_it() {
        for (subject, expected) in [
            ("Declined: Review of the plan", Some(State::Declined)),
            ("Canceled event: Demo @ Mon 23 Nov", Some(State::Declined)),
            ("Abgelehnt: Vorführung", Some(State::Declined)),
            ("Abgesagt: Vorführung", Some(State::Declined)),
            ("Refusé : Réunion", Some(State::Declined)),
            ("Rechazado: Demo", Some(State::Declined)),
            ("[No show] Review", Some(State::NoShow)),
            ("No show: Review", Some(State::NoShow)),
            ("Rescheduled: Review", Some(State::Moved)),
            ("New Time Proposed: Review", Some(State::Moved)),
            ("Accepted: Review", None),
            ("Moved to the cloud: Review", None),
            ("Review: why the last one was declined", None),
            ("What we do when a meeting is declined: a talk", None),
            ("Review", None),
        ] {
            assert_eq!(marked_state(subject), expected, "{subject}");
        }
    }

    #[test]
    fn directions_are_read_from_columns_and_from_marks() {
        for (text, expected) in [
            ("Inbound", Some(Direction::In)),
            ("INCOMING_EMAIL", Some(Direction::In)),
            ("EMAIL", Some(Direction::Out)),
            ("Outgoing", Some(Direction::Out)),
            ("Missed", Some(Direction::In)),
            ("Internal", None),
        ] {
            assert_eq!(direction(text), expected, "{text}");
        }
        assert_eq!(
            marked_direction("[Outreach] [Email] [In] Re: x"),
            Some(Direction::In)
        );
        assert_eq!(marked_direction("Email: >> x"), Some(Direction::Out));
        assert_eq!(marked_direction("Re: x"), None);
    }
}
