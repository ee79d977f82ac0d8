//! What a rep may fire alone, in writing, and what happens above that.

use chrono::NaiveDate;

use crate::domain::deal::words;
use crate::domain::ids::DealId;
use crate::domain::locale::Locale;
use crate::domain::money::Money;
use crate::domain::phase::Phase;
use crate::domain::shown::{Free, Mask, Name};

/// The manager's sentence.
pub const YOU_MAY_FIRE_THEM: &str = "You may fire them.";

/// Up to which value a rep fires alone, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// The most; in the currency of its own.
    pub most: Money,
}

/// The written permission. Under it, a deal that was fired is not held against anybody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Charter {
    /// Its number.
    pub id: i64,
    /// What it says, in the words of those who signed.
    pub text: Free,
    /// Up to which value a rep fires alone, a currency each; none: without a limit.
    pub ceilings: Vec<Ceiling>,
    /// In which phases; none: in all.
    pub phases: Vec<Phase>,
    /// The accounts and owners to which it does not apply, in words.
    pub exceptions: Vec<String>,
    /// Who signed, each with the day; both of a pair, or one who works alone.
    pub signed: Vec<(String, NaiveDate)>,
}

/// Why a deal is above what a rep may fire alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Its value is above the ceiling of its currency.
    Ceiling(Money),
    /// Its phase is none of the charter's.
    Phase(Phase),
    /// It is one of the exceptions.
    Exception,
}

impl Charter {
    /// The day on which the last of them signed; `None` where nobody did.
    pub fn day(&self) -> Option<NaiveDate> {
        self.signed.iter().map(|(_, day)| *day).max()
    }

    /// Whether a deal is above what may be fired alone, and why. What is not known of a deal is
    /// not held against it: without an amount, a phase or a ceiling of its currency it is not
    /// above.
    pub fn beyond(
        &self,
        amount: Option<Money>,
        phase: Option<Phase>,
        account: Option<&Name>,
        title: &Name,
    ) -> Option<Beyond> {
        let matches = |name: &Name, word: &str| {
            name.expose_for_storage().trim().to_lowercase() == word.trim().to_lowercase()
        };
        let is_excepted = self.exceptions.iter().any(|word| {
            account.is_some_and(|account| matches(account, word)) || matches(title, word)
        });
        if is_excepted {
            return Some(Beyond::Exception);
        }
        let ceiling = amount.and_then(|amount| {
            let above = self.ceilings.iter().find(|ceiling| {
                amount
                    .cmp_within(ceiling.most)
                    .is_some_and(std::cmp::Ordering::is_gt)
            });
            above.map(|ceiling| ceiling.most)
        });
        if let Some(most) = ceiling {
            return Some(Beyond::Ceiling(most));
        }
        let phase = phase.filter(|phase| !self.phases.is_empty() && !self.phases.contains(phase));
        phase.map(Beyond::Phase)
    }

    /// The one line of it that stands in every FIRE sheet; `None` while nobody signed. Masked
    /// where amounts are.
    pub fn line(&self, mask: &Mask, locale: &Locale, today: NaiveDate) -> Option<String> {
        let day = self.day()?;
        let mut most: Vec<String> = Vec::new();
        for ceiling in &self.ceilings {
            most.push(mask.money(ceiling.most, locale).into_owned());
        }
        let limit = if most.is_empty() {
            "at any value".to_owned()
        } else {
            format!("up to {}", most.join(", "))
        };
        let names: Vec<&str> = self.signed.iter().map(|(name, _)| name.as_str()).collect();
        Some(format!(
            "Charter of {}, {}: you may fire alone {limit}{}, and it is not held against you.",
            locale.date(day, today),
            names.join(" and "),
            self.within(),
        ))
    }

    /// In which phases it holds, and that there are exceptions: `, early or middle, with 2
    /// exceptions`; empty where it holds for all.
    fn within(&self) -> String {
        let mut text = String::new();
        if !self.phases.is_empty() {
            let phases: Vec<&str> = self.phases.iter().map(|phase| phase.code()).collect();
            text = format!(", {}", phases.join(" or "));
        }
        match self.exceptions.len() {
            0 => text,
            1 => text + ", with 1 exception",
            many => text + &format!(", with {many} exceptions"),
        }
    }

    /// The authority that a decision under it carries: `charter, 2026-11-09`; `None` while nobody
    /// signed.
    pub fn authority(&self) -> Option<String> {
        self.day().map(|day| format!("charter, {day}"))
    }
}

words! {
    /// What the manager said to a firing above the ceiling.
    CharterReply {
        /// It stands.
        Stands = "stands",
        /// The deal is taken back.
        Overruled = "overruled",
    }
}

/// A firing above the charter's ceiling: done at once, and asked for.
#[derive(Clone, Debug)]
pub struct CharterRequest {
    /// Its number.
    pub id: i64,
    /// The deal.
    pub deal: DealId,
    /// What it is called.
    pub name: Name,
    /// Its value.
    pub amount: Option<Money>,
    /// The day of the firing.
    pub fired: NaiveDate,
    /// By whom.
    pub who: String,
    /// Why it was fired: the evidence.
    pub reasons: Vec<String>,
    /// The last day on which it can be overruled.
    pub due: NaiveDate,
    /// What the manager said; `None` while nothing, and where the day is over it stands.
    pub reply: Option<CharterReply>,
    /// Why it was overruled.
    pub reason: Option<Free>,
    /// When that was said.
    pub replied: Option<NaiveDate>,
    /// By whom.
    pub replied_by: Option<String>,
    /// What happened to the deal since: `open`, `won`, `lost`, or the word of its last outcome.
    pub since: String,
}

impl CharterRequest {
    /// Whether it waits for the manager on a day.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.reply.is_none() && today <= self.due
    }

    /// Whether the firing stands on a day: the manager said so, or said nothing in time.
    pub fn stands(&self, today: NaiveDate) -> bool {
        match self.reply {
            Some(CharterReply::Stands) => true,
            Some(CharterReply::Overruled) => false,
            None => today > self.due,
        }
    }
}

/// The manager's sentence on a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MayFire {
    /// Its number.
    pub id: i64,
    /// What was said.
    pub sentence: Free,
    /// By whom.
    pub who: String,
    /// When.
    pub day: NaiveDate,
}

impl MayFire {
    /// The authority that the decision carries: `“You may fire them.” Dana, 2026-11-23`.
    pub fn authority(&self) -> String {
        let sentence = self.sentence.expose_for_storage();
        format!("“{sentence}” {}, {}", self.who, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::shown::Level;

    fn euro(major: i64) -> Money {
        Money::new(major * 100, Currency::parse("EUR"))
    }

    fn charter() -> Charter {
        Charter {
            ceilings: vec![Ceiling { most: euro(50_000) }],
            phases: vec![Phase::Early, Phase::Middle],
            exceptions: vec!["Contoso".into()],
            signed: vec![
                ("Ana".into(), "2026-11-02".parse().unwrap()),
                ("Dana".into(), "2026-11-09".parse().unwrap()),
            ],
            ..Charter::default()
        }
    }

    #[test]
    fn only_what_is_known_to_be_above_is_above() {
        let charter = charter();
        let beyond = |amount, phase, account: &str| {
            let account = Name::from(account);
            charter.beyond(amount, phase, Some(&account), &"Plant rollout".into())
        };

        assert_eq!(
            beyond(Some(euro(50_000)), Some(Phase::Early), "Northwind"),
            None
        );
        assert_eq!(beyond(None, None, "Northwind"), None);
        let dollars = Money::new(9_000_000, Currency::parse("USD"));
        assert_eq!(beyond(Some(dollars), None, "Northwind"), None);
        assert_eq!(
            beyond(Some(euro(50_001)), None, "Northwind"),
            Some(Beyond::Ceiling(euro(50_000)))
        );
        assert_eq!(
            beyond(None, Some(Phase::Proposal), "Northwind"),
            Some(Beyond::Phase(Phase::Proposal))
        );
        assert_eq!(beyond(None, None, "contoso "), Some(Beyond::Exception));
    }

    #[test]
    fn its_line_obeys_the_mask_and_is_not_there_before_a_signature() {
        let today = "2026-11-23".parse().unwrap();
        let line = |charter: &Charter, mask: &Mask| charter.line(mask, &Locale::default(), today);

        let open = line(&charter(), &Mask::off()).unwrap();
        let hidden = line(&charter(), &Mask::new(Level::Amounts, 1)).unwrap();

        assert!(
            open.contains("Ana and Dana") && open.contains("50"),
            "{open}"
        );
        assert!(!hidden.contains("50"), "{hidden}");
        assert_eq!(line(&Charter::default(), &Mask::off()), None);
    }
}
