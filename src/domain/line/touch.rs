//! `they call 20m asked for the quote again`: one touch in one line.

use chrono::NaiveDate;

use super::scan::{self, Token};
use super::{Known, LineMistake};
use crate::domain::act::TouchSheet;
use crate::domain::deal::{AfterHours, Direction, Side, TouchStatus};
use crate::domain::hours::Channel;
use crate::domain::when::Lean;

/// Words for each channel, the first one offered.
pub(super) const CHANNELS: [(&[&str], Channel); 9] = [
    (
        &["call", "called", "phone", "phoned", "ring", "rang", "tel"],
        Channel::Call,
    ),
    (
        &["email", "e-mail", "mail", "mailed", "emailed", "wrote"],
        Channel::Email,
    ),
    (
        &[
            "message", "messaged", "chat", "text", "texted", "sms", "whatsapp", "slack",
            "linkedin", "dm",
        ],
        Channel::Message,
    ),
    (
        &[
            "meeting", "meet", "met", "visit", "visited", "zoom", "teams", "lunch",
        ],
        Channel::Meeting,
    ),
    (&["demo", "demoed", "presentation"], Channel::Demo),
    (&["workshop"], Channel::Workshop),
    (&["trial", "poc", "pilot", "proof"], Channel::Trial),
    (&["proposal", "offer", "bid", "tender"], Channel::Proposal),
    (&["quote", "quoted", "quotation"], Channel::Quote),
];

/// The most minutes of one touch.
const LONGEST: u32 = 24 * 60;

/// A touch that was read, and who in it is not known here.
#[derive(Clone, Debug, PartialEq)]
pub struct TouchLine {
    /// The touch.
    pub touch: TouchSheet,
    /// Names that are neither a known contact nor one of us; they are kept as contacts.
    pub unknown: Vec<String>,
}

/// Reads a channel by any of its words.
pub fn channel(word: &str) -> Option<Channel> {
    let word = word.to_lowercase();
    let has = |(words, _): &&(&[&str], Channel)| words.contains(&word.as_str());
    CHANNELS.iter().find(has).map(|(_, channel)| *channel)
}

/// Minutes as typed: `20m`, `90min`, `1h30`, `1.5h`, `2h`, `45'`.
///
/// `None` is no length at all; an error says why it is none that can be.
fn minutes(word: &str) -> Option<Result<u32, &'static str>> {
    let (sign, word) = match word.strip_prefix('-').or_else(|| word.strip_prefix('−')) {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let word = word.to_lowercase();
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = |text: &str| -> Option<f64> {
        let plain = !text.is_empty()
            && text.len() <= 8
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ',');
        plain.then(|| text.replace(',', ".").parse().ok())?
    };
    let units = |text: &str| -> Option<f64> {
        let cut = text
            .strip_suffix("minutes")
            .or_else(|| text.strip_suffix("mins"));
        let cut = cut.or_else(|| text.strip_suffix("min"));
        let cut = cut.or_else(|| text.strip_suffix(['m', '\'']))?;
        number(cut)
    };
    let total = match word.split_once('h') {
        Some((hours, after)) => {
            let hours = number(hours)?;
            let after = match after {
                "" | "r" | "rs" | "our" | "ours" => 0.0,
                more => units(more).or_else(|| number(more))?,
            };
            hours * 60.0 + after
        }
        None => units(&word)?,
    };
    Some(if sign {
        Err("minutes cannot be negative")
    } else if total > f64::from(LONGEST) {
        Err("a touch has at most 24 hours")
    } else {
        Ok(total.round() as u32)
    })
}

/// What a line has told so far.
struct Reader<'l, 'k> {
    line: &'l str,
    tokens: Vec<Token<'l>>,
    at: usize,
    known: &'k Known,
    touch: TouchSheet,
    day: Option<(NaiveDate, std::ops::Range<usize>)>,
    text: Vec<&'l str>,
    unknown: Vec<String>,
    has_channel: bool,
}

/// Reads one line; the first word says whose touch it was, the channel comes before the text.
///
/// # Errors
///
/// A [`LineMistake`] with its place in the line: no side, no channel, minutes or a day that
/// cannot be, a name that fits two people.
pub fn touch(line: &str, known: &Known) -> Result<TouchLine, LineMistake> {
    let tokens = scan::tokens(line);
    let Some(first) = tokens.first() else {
        return Err(LineMistake::new(
            0..line.len(),
            "nothing was written",
            "they call 20m asked for the quote again",
        ));
    };
    let direction = match scan::side(first) {
        Some(Side::They) => Direction::In,
        Some(Side::We) => Direction::Out,
        None => {
            return Err(LineMistake::new(
                first.place.clone(),
                "a touch begins with they or we",
                "they call 20m asked for the quote again",
            ));
        }
    };
    let mut reader = Reader {
        line,
        tokens,
        at: 1,
        known,
        touch: TouchSheet::on(known.today, direction, Channel::Message),
        day: None,
        text: Vec::new(),
        unknown: Vec::new(),
        has_channel: false,
    };
    reader.head()?;
    reader.finish()
}

impl<'l> Reader<'l, '_> {
    fn left(&self) -> &[Token<'l>] {
        &self.tokens[self.at.min(self.tokens.len())..]
    }

    /// Reads words of the head until the text begins.
    fn head(&mut self) -> Result<(), LineMistake> {
        while self.at < self.tokens.len() {
            if !self.one()? {
                self.free_text();
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads one word or group of the head; `false` where the text begins.
    fn one(&mut self) -> Result<bool, LineMistake> {
        let token = self.tokens[self.at].clone();
        if token.quoted {
            self.text.push(token.text);
            self.at += 1;
            return Ok(true);
        }
        if !self.has_channel
            && let Some(channel) = channel(token.text)
        {
            self.touch.channel = channel;
            self.has_channel = true;
            self.at += 1;
            self.document();
            return Ok(true);
        }
        let next_is = |at: usize, words: &[&str]| self.tokens.get(at).is_some_and(|t| t.is(words));
        if token.is(&["after"]) && next_is(self.at + 1, &["hours"]) {
            self.touch.after_hours = AfterHours::Yes;
            self.at += 2;
            return Ok(true);
        }
        if token.is(&["after-hours"]) {
            self.touch.after_hours = AfterHours::Yes;
            self.at += 1;
            return Ok(true);
        }
        if token.is(&["no"]) && next_is(self.at + 1, &["show", "answer"]) {
            let came = next_is(self.at + 1, &["answer"]);
            if came {
                return Ok(false);
            }
            self.touch.status = TouchStatus::NoShow;
            self.at += 2;
            return Ok(true);
        }
        if let Some(status) = status(&token) {
            self.touch.status = status;
            self.at += 1;
            return Ok(true);
        }
        if token.is(&["with"]) && self.at + 1 < self.tokens.len() {
            self.at += 1;
            self.names()?;
            return Ok(true);
        }
        if token.is(&["doc", "document", "file"]) && self.at + 1 < self.tokens.len() {
            let name = self.tokens[self.at + 1].text.to_owned();
            self.touch.document = Some(name);
            self.at += 2;
            return Ok(true);
        }
        if let Some(read) = self.length(&token) {
            self.touch.minutes = Some(read?);
            return Ok(true);
        }
        self.when(&token)
    }

    /// A length in one word or two: `20m`, `20 min`.
    fn length(&mut self, token: &Token<'l>) -> Option<Result<u32, LineMistake>> {
        let two = self.tokens.get(self.at + 1).filter(|next| {
            let is_number = token.text.chars().all(|c| c.is_ascii_digit() || c == '-');
            is_number && next.is(&["m", "min", "mins", "minutes", "h", "hour", "hours"])
        });
        let (word, taken, place) = match two {
            Some(next) => (
                format!("{}{}", token.text, next.text),
                2,
                token.place.start..next.place.end,
            ),
            None => (token.text.to_owned(), 1, token.place.clone()),
        };
        let read = minutes(&word)?;
        self.at += taken;
        Some(read.map_err(|what| LineMistake::new(place, what, "write 20m, 1h30 or 2h")))
    }

    /// A day, with `on` before it or not; `false` where there is none and the text begins.
    fn when(&mut self, token: &Token<'l>) -> Result<bool, LineMistake> {
        let skip = usize::from(token.is(&["on"]));
        let words = &self.tokens[(self.at + skip).min(self.tokens.len())..];
        if let Some((day, taken)) = scan::day(words, self.known, Lean::Back) {
            let place = scan::place(&words[..taken], self.line);
            self.day = Some((day, place));
            self.touch.day = day;
            self.at += skip + taken;
            return Ok(true);
        }
        match scan::odd_day(token, self.known) {
            Some(mistake) => Err(mistake),
            None => Ok(false),
        }
    }

    /// The name of what was sent, right behind `quote` or `proposal`: `v3`, `#12`, or quoted.
    fn document(&mut self) {
        let is_paper = matches!(self.touch.channel, Channel::Quote | Channel::Proposal);
        let Some(token) = self.tokens.get(self.at).filter(|_| is_paper) else {
            return;
        };
        let digits = token.text.trim_start_matches(['v', 'V', '#', 'n']);
        let is_version =
            digits.len() < token.text.len() && digits.starts_with(|c: char| c.is_ascii_digit());
        if token.quoted || is_version {
            self.touch.document = Some(token.text.to_owned());
            self.at += 1;
        }
    }

    /// Names after `with`, until something else begins.
    fn names(&mut self) -> Result<(), LineMistake> {
        loop {
            let (name, taken, who) = self.name()?;
            let last = self.at + taken - 1;
            let comma = self.tokens[last].comma;
            self.at += taken;
            match who {
                Who::Contact => self.touch.contacts.push(name),
                Who::Us => self.touch.people.push(name),
                Who::Nobody => {
                    self.unknown.push(name.clone());
                    self.touch.contacts.push(name);
                }
            }
            let joined = self
                .left()
                .first()
                .is_some_and(|t| t.is(&["and", "&", "+"]));
            if joined && self.left().len() > 1 {
                self.at += 1;
            } else if !(comma && self.is_name_next()) {
                return Ok(());
            }
        }
    }

    /// Whether a known name, or one with a capital, comes next.
    fn is_name_next(&self) -> bool {
        let Some(token) = self.left().first().filter(|t| !t.quoted) else {
            return false;
        };
        let is_word_of_ours = channel(token.text).is_some()
            || token.is(&["after", "on", "doc"])
            || status(token).is_some()
            || minutes(token.text).is_some()
            || scan::day(self.left(), self.known, Lean::Back).is_some();
        !is_word_of_ours
            && (!fitting(token.text, self.known).is_empty()
                || token.text.starts_with(char::is_uppercase))
    }

    /// One name: the most words that fit somebody, else the words with a capital.
    fn name(&self) -> Result<(String, usize, Who), LineMistake> {
        let left = self.left();
        let most = left.len().min(4);
        let whole = (1..=most).take_while(|n| {
            left[..*n - 1].iter().all(|t| !t.comma)
                && left[*n - 1].text.chars().any(char::is_alphanumeric)
        });
        let mut found = None;
        for n in whole {
            let text = scan::rest(self.line, &left[..n]).trim_matches('"');
            match fitting(text, self.known).as_slice() {
                [] => break,
                fits => found = Some((n, fits.to_vec())),
            }
        }
        if let Some((n, fits)) = found {
            return match fits.as_slice() {
                [(name, who)] => Ok((name.clone(), n, *who)),
                many => {
                    let names: Vec<_> = many.iter().map(|(name, _)| name.as_str()).collect();
                    Err(LineMistake::new(
                        scan::place(&left[..n], self.line),
                        "this name fits more than one",
                        format!("write more of it: {}", names.join(", ")),
                    ))
                }
            };
        }
        let capitals = left[..most]
            .iter()
            .enumerate()
            .take_while(|(n, t)| {
                t.text.starts_with(char::is_uppercase) && (*n == 0 || !left[*n - 1].comma)
            })
            .count();
        let n = capitals.max(1);
        Ok((scan::rest(self.line, &left[..n]).to_owned(), n, Who::Nobody))
    }

    /// The rest of the line is text, but for `, after hours` at its end.
    fn free_text(&mut self) {
        let mut words = self.left().to_vec();
        let n = words.len();
        if n > 2 && words[n - 3].comma && words[n - 2].is(&["after"]) && words[n - 1].is(&["hours"])
        {
            self.touch.after_hours = AfterHours::Yes;
            words.truncate(n - 2);
        }
        if let Some(last) = words.last() {
            let from = words[0].place.start;
            self.text.push(self.line[from..last.place.end].trim());
        }
        self.at = self.tokens.len();
    }

    fn finish(mut self) -> Result<TouchLine, LineMistake> {
        if !self.has_channel {
            let place = self.tokens.get(1).map_or_else(
                || self.line.len()..self.line.len(),
                |token| token.place.clone(),
            );
            return Err(LineMistake::new(
                place,
                "say by what they or we were in touch",
                "call, email, message, meeting, demo, workshop, trial, proposal or quote",
            ));
        }
        let happened = matches!(self.touch.status, TouchStatus::Held | TouchStatus::NoShow);
        if let Some((day, place)) = self.day.take()
            && happened
            && day > self.known.today
        {
            return Err(LineMistake::new(
                place,
                format!("{day} is in the future"),
                "a touch is written down when it has been; `proposed` may lie ahead",
            ));
        }
        let quoted = self.tokens.iter().find(|t| t.quoted);
        let is_written = matches!(self.touch.channel, Channel::Email | Channel::Message);
        let theirs = match (quoted, is_written) {
            (Some(token), _) if self.text.contains(&token.text) => Some(token.text),
            (None, true) => self.text.first().copied(),
            _ => None,
        };
        if self.touch.direction == Direction::In {
            self.touch.words =
                theirs.map(|t| u32::try_from(t.split_whitespace().count()).unwrap_or(u32::MAX));
        }
        let text = self.text.join(" ");
        self.touch.asks_info = self.touch.direction == Direction::In
            && text
                .split_whitespace()
                .next()
                .is_some_and(|w| ["asks", "asked", "wants", "requests", "requested"].contains(&w));
        self.touch.text = Some(text).filter(|t| !t.is_empty());
        Ok(TouchLine {
            touch: self.touch,
            unknown: self.unknown,
        })
    }
}

/// Whose name it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Who {
    /// Theirs.
    Contact,
    /// Ours.
    Us,
    /// Nobody's that is known.
    Nobody,
}

/// Who fits some words: the whole name, else the start of it or of one of its words.
pub(super) fn fitting(text: &str, known: &Known) -> Vec<(String, Who)> {
    let text = text.to_lowercase();
    let contacts = known.contacts.iter().map(|name| (name, Who::Contact));
    let people = known.people.iter().map(|name| (name, Who::Us));
    let all: Vec<_> = contacts.chain(people).collect();
    let take = |fits: &dyn Fn(&str) -> bool| -> Vec<(String, Who)> {
        all.iter()
            .filter(|(name, _)| fits(&name.to_lowercase()))
            .map(|(name, who)| ((*name).clone(), *who))
            .collect()
    };
    let exact = take(&|name| name == text);
    if !exact.is_empty() || text.is_empty() {
        return exact;
    }
    let first = take(&|name| name.split_whitespace().any(|word| word == text));
    if !first.is_empty() {
        return first;
    }
    take(&|name| name.starts_with(&text) || name.split_whitespace().any(|w| w.starts_with(&text)))
}

fn status(token: &Token<'_>) -> Option<TouchStatus> {
    let words: [(&[&str], TouchStatus); 5] = [
        (&["held"], TouchStatus::Held),
        (&["proposed", "propose"], TouchStatus::Proposed),
        (
            &["declined", "cancelled", "canceled", "ignored"],
            TouchStatus::Declined,
        ),
        (&["moved", "postponed", "rescheduled"], TouchStatus::Moved),
        (&["no-show", "noshow", "no_show"], TouchStatus::NoShow),
    ];
    let found = words.iter().find(|(words, _)| token.is(words));
    found.map(|(_, status)| *status)
}
