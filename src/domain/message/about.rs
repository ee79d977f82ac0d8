//! What the record of a deal tells for a message.

use super::{JointWork, MessageFacts, Work};
use crate::domain::deal::{CommitmentState, ContactRole, Detail, Side, TouchStatus};
use crate::domain::shown::Name;
use crate::domain::signal::SignalId;
use crate::domain::verdict::Reason;

/// What the record of a deal tells for a message; unmasked, for whoever sends it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Whom it goes to.
    pub contact: Option<String>,
    /// Their mail address.
    pub email: Option<String>,
    /// Their company.
    pub account: Option<String>,
    /// What it was about.
    pub deal: Option<String>,
    /// The latest joint work.
    pub work: Option<JointWork>,
    /// What they promised last and still owe.
    pub promised: Option<String>,
    /// Whether they fell silent.
    pub is_silent: bool,
    /// Whether we have met, or they ever wrote.
    pub is_known: bool,
}

impl std::fmt::Debug for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("About")
    }
}

impl About {
    /// Reads it from all that is known of a deal.
    pub fn of(detail: &Detail) -> Self {
        let deal = &detail.deal;
        let account = deal.account.as_ref().map(Name::expose_for_storage);
        let title = deal.product.as_deref();
        let title = title.unwrap_or_else(|| bare(deal.title.expose_for_storage(), account));
        let (contact, email) = addressee(detail);
        let happened = || {
            let held = |status| matches!(status, TouchStatus::Held);
            detail.touches.iter().filter(move |t| held(t.status))
        };
        let owed = detail.commitments.iter().find(|promise| {
            let is_open = match promise.state {
                CommitmentState::Open | CommitmentState::Missed => true,
                CommitmentState::Kept | CommitmentState::Late | CommitmentState::Waived => false,
            };
            promise.side == Side::They && is_open
        });
        let eval = detail.eval.as_ref();
        let is_silent = eval.is_some_and(|eval| {
            let dark = [SignalId::Dark, SignalId::DarkAfterWork];
            let mut signals = eval.signals.iter();
            eval.reasons.contains(&Reason::DeadOnPaper)
                || signals.any(|s| dark.contains(&s.id) && s.is_open_red())
        });
        Self {
            contact,
            email,
            account: account.and_then(filled),
            deal: filled(title),
            work: happened().find_map(|touch| JointWork::from_code(&touch.channel)),
            promised: owed.and_then(|promise| filled(promise.what.expose_for_storage())),
            is_silent,
            is_known: happened().any(|touch| {
                touch.direction == crate::domain::deal::Direction::In
                    || JointWork::from_code(&touch.channel).is_some()
            }),
        }
    }

    /// Returns the facts of a message that somebody signs.
    pub fn facts<'a>(&'a self, me: &'a str) -> MessageFacts<'a> {
        MessageFacts {
            contact: self.contact.as_deref(),
            account: self.account.as_deref(),
            deal: self.deal.as_deref(),
            me: Some(me),
            whom: None,
            until: None,
            work: self.work.map(Work::Known),
            promised: self.promised.as_deref(),
        }
    }
}

/// One line without blanks around it; `None` when nothing is left.
fn filled(text: &str) -> Option<String> {
    let line = super::one_line(text);
    (!line.is_empty()).then_some(line)
}

/// The title of a deal without the account that many CRMs put before it.
fn bare<'t>(title: &'t str, account: Option<&str>) -> &'t str {
    let Some(rest) = account.and_then(|account| title.strip_prefix(account)) else {
        return title;
    };
    let rest = rest.trim_start();
    let is_sign = |c: char| matches!(c, '-' | '–' | '—' | '·' | ':' | '|' | '/' | ',');
    let bare = rest.trim_start_matches(is_sign).trim_start();
    if bare.is_empty() || bare.len() == rest.len() {
        return title;
    }
    bare
}

/// Whom a message goes to: the person named in the record, else the one nearest to a decision;
/// with the mail address where it is known.
fn addressee(detail: &Detail) -> (Option<String>, Option<String>) {
    let rank = |role: Option<ContactRole>| match role {
        Some(ContactRole::Champion) => 0,
        Some(ContactRole::EconomicBuyer) => 1,
        Some(ContactRole::User | ContactRole::Purchasing | ContactRole::Blocker) | None => 2,
    };
    let named = detail.deal.contact.as_ref().map(Name::expose_for_storage);
    let named = named.filter(|name| !name.trim().is_empty());
    let mut people = detail.contacts.iter();
    let row = match named {
        Some(name) => people.find(|person| {
            let other = person.name.expose_for_storage();
            other.trim().to_lowercase() == name.trim().to_lowercase()
        }),
        None => people.min_by_key(|person| (person.met.is_none(), rank(person.role))),
    };
    let name = named.or_else(|| row.map(|person| person.name.expose_for_storage()));
    let email = row.and_then(|person| person.email.as_ref());
    let email = email.and_then(|email| filled(email.expose_for_storage()));
    (name.and_then(filled), email.filter(|e| is_address(e)))
}

/// Whether a text can stand as the one recipient of a mail.
fn is_address(text: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "@.-_+'".contains(c);
    let parts: Vec<&str> = text.split('@').collect();
    text.len() <= 254 && text.chars().all(is_plain) && parts.len() == 2 && !parts.contains(&"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_before_a_title_is_not_said_twice() {
        let bare = |title| bare(title, Some("Northwind"));

        assert_eq!(bare("Northwind - Plant rollout"), "Plant rollout");
        assert_eq!(bare("Northwind · Plant"), "Plant");
        assert_eq!(bare("Northwinders: Plant"), "Northwinders: Plant");
        assert_eq!(bare("Northwind 2027"), "Northwind 2027");
        assert_eq!(bare("Northwind"), "Northwind");
        assert_eq!(bare("Plant"), "Plant");
    }

    #[test]
    fn an_address_has_no_room_for_a_second_one() {
        assert!(is_address("tom.reed+x@northwind.example"));
        for wrong in [
            "tom",
            "tom@a,eve@b",
            "tom@a@b",
            "Tom <tom@a>",
            "tom@a?bcc=eve",
            "tom@a\nBcc: eve@b",
            "@a",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
