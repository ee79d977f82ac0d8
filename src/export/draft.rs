//! A message on its way out: as an address that a mail program opens, as a draft in a file, or as
//! text. A person sends it.

use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::clean::{clean_block, clean_line};

/// The longest address that desktops hand on whole; a longer mail becomes a file.
const MOST_BYTES: usize = 6_000;

/// The longest subject, in characters.
const SUBJECT: usize = 300;

/// The longest text, in characters.
const BODY: usize = 20_000;

/// The longest part of a file's name that comes from a deal, in characters.
const NAME: usize = 40;

/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A mail that is written and not sent.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The one recipient, where known.
    pub to: Option<&'d str>,
    /// The subject.
    pub subject: &'d str,
    /// The text.
    pub body: &'d str,
}

impl Draft<'_> {
    /// Returns the `mailto:` address that opens it; `None` where it is too long for one.
    pub fn address(&self) -> Option<String> {
        let encode = |text: &str| utf8_percent_encode(text, PLAIN).to_string();
        let to = self.recipient();
        // The sign between name and host stands as it is.
        let to = to.split('@').map(encode).collect::<Vec<_>>().join("@");
        let body = clean_block(self.body, BODY).replace('\n', "\r\n");
        let subject = clean_line(self.subject, SUBJECT);
        let address = format!(
            "mailto:{to}?subject={}&body={}",
            encode(&subject),
            encode(&body)
        );
        (address.len() <= MOST_BYTES).then_some(address)
    }

    /// Returns it as a file that mail programs open as a draft (`.eml`, marked as not sent).
    ///
    /// `at` dates it; it has no sender, since whoever sends it has one.
    pub fn file(&self, at: DateTime<Utc>) -> Vec<u8> {
        let to = self.recipient();
        let mut mail = MessageBuilder::new()
            .header("X-Unsent", Raw::new("1"))
            .message_id(format!("{}@walkaway.invalid", uuid::Uuid::now_v7()))
            .date(at.timestamp())
            .subject(clean_line(self.subject, SUBJECT).into_owned())
            .text_body(clean_block(self.body, BODY).into_owned());
        if !to.is_empty() {
            mail = mail.to(to);
        }
        mail.write_to_vec()
            .expect("a list of bytes takes all that is written")
    }

    /// An address that can hold neither a line's end nor a second recipient.
    fn recipient(&self) -> String {
        let to = self.to.unwrap_or_default();
        let is_one = to.matches('@').count() == 1
            && !to
                .contains(|c: char| c.is_control() || c.is_whitespace() || ",;<>()\"".contains(c));
        if is_one { to.to_owned() } else { String::new() }
    }
}

/// Returns a message as plain text: subject, mail, and what to say instead.
pub fn text(subject: &str, body: &str, phone: &str) -> String {
    let parts = [
        clean_line(subject, SUBJECT).into_owned(),
        clean_block(body, BODY).into_owned(),
        clean_block(phone, BODY).into_owned(),
    ];
    let shown: Vec<&str> = parts
        .iter()
        .map(|p| p.trim())
        .filter(|p| !p.is_empty())
        .collect();
    format!("{}\n", shown.join("\n\n"))
}

/// Returns a file's name for a message about somebody: letters, digits and hyphens, without a
/// folder, whatever they are called. `again` is 0 for the first of that name.
pub fn file_name(about: &str, day: chrono::NaiveDate, ending: &str, again: usize) -> String {
    let mut name = String::new();
    for c in about.chars().flat_map(char::to_lowercase).take(NAME) {
        if c.is_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    let name = if name.is_empty() { "prospect" } else { name };
    let number = match again {
        0 => String::new(),
        n => format!("-{}", n + 1),
    };
    format!("note-{name}-{day}{number}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: Draft<'static> = Draft {
        to: Some("tom@a.example\r\nBcc: eve@b.example"),
        subject: "Plant\r\nBcc: eve@b.example\r\n\r\nhello",
        body: "Dear Tom,\n.\nBcc: eve@b.example\n",
    };

    fn at() -> DateTime<Utc> {
        "2026-11-23T09:00:00Z".parse().unwrap()
    }

    fn headers(draft: &Draft<'_>) -> Vec<String> {
        let text = String::from_utf8(draft.file(at())).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap().to_owned();
        let mut lines: Vec<String> = Vec::new();
        for line in head.split("\r\n") {
            match lines.last_mut() {
                Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
                Some(_) | None => lines.push(line.to_owned()),
            }
        }
        lines
    }

    #[test]
    fn a_draft_is_marked_as_not_sent() {
        let draft = Draft {
            to: Some("tom@northwind.example"),
            subject: "Werk Süd: wir ziehen uns zurück",
            body: "Guten Tag Tom,\n\nalles Gute\n",
        };

        let lines = headers(&draft);

        assert!(lines.contains(&"X-Unsent: 1".to_owned()), "{lines:?}");
        assert!(
            lines.contains(&"To: <tom@northwind.example>".to_owned()),
            "{lines:?}"
        );
        assert!(
            lines
                .iter()
                .any(|l| l.starts_with("Date: Mon, 23 Nov 2026")),
            "{lines:?}"
        );
        assert!(!lines.iter().any(|l| l.starts_with("From:")), "{lines:?}");
    }

    #[test]
    fn no_text_of_a_crm_becomes_a_header() {
        let lines = headers(&HOSTILE);

        assert!(!lines.iter().any(|l| l.starts_with("Bcc")), "{lines:?}");
        assert!(!lines.iter().any(|l| l.starts_with("To")), "{lines:?}");
        let address = HOSTILE.address().unwrap();
        assert!(
            address.starts_with("mailto:?subject=Plant%20Bcc%3A%20eve%40"),
            "{address}"
        );
        assert_eq!(address.matches('&').count(), 1, "{address}");
    }

    #[test]
    fn an_address_carries_lines_and_no_second_recipient() {
        let draft = Draft {
            to: Some("tom+x@northwind.example"),
            subject: "a & b?",
            body: "one\n\ntwö",
        };

        assert_eq!(
            draft.address().unwrap(),
            "mailto:tom%2Bx@northwind.example?subject=a%20%26%20b%3F&body=one%0D%0A%0D%0Atw%C3%B6"
        );
        let long = "x".repeat(MOST_BYTES);
        assert_eq!(
            Draft {
                body: &long,
                ..draft
            }
            .address(),
            None
        );
    }

    #[test]
    fn a_file_stays_in_its_folder_whatever_they_are_called() {
        let day = "2026-11-23".parse().unwrap();
        let name = |about: &str| file_name(about, day, "txt", 0);

        assert_eq!(
            name("Northwind & Söhne"),
            "note-northwind-söhne-2026-11-23.txt"
        );
        assert_eq!(name("../../etc/passwd"), "note-etc-passwd-2026-11-23.txt");
        assert_eq!(name("\\\\host\\share\0"), "note-host-share-2026-11-23.txt");
        assert_eq!(name("..."), "note-prospect-2026-11-23.txt");
        assert!(name(&"long ".repeat(99)).len() < 80);
        assert_eq!(file_name("a", day, "eml", 2), "note-a-2026-11-23-3.eml");
    }
}
