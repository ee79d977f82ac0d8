//! Headers that are known by a part of them: renamed modules, one column a stage, the marks that
//! CRMs put on fields of a team's own.

use std::borrow::Cow;

use super::field::Field;
use super::roots;
use super::text::key;
use super::values::amounts::{self, Code};
use super::values::narrow;

/// A header with any text at its beginning (`* Owner`) or at its end (`Date entered *`).
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    is_end: bool,
}

impl Pattern {
    /// Reads a header with a `*` at one end; none for any other header.
    pub(crate) fn new(header: &str) -> Option<Self> {
        let (text, is_end) = match (header.strip_prefix('*'), header.strip_suffix('*')) {
            (Some(end), None) => (end, true),
            (None, Some(start)) => (start, false),
            (Some(_) | None, _) => return None,
        };
        let text = plain(text);
        (!text.trim().is_empty()).then_some(Self { text, is_end })
    }

    /// Whether a header is such a one; it must have more than the fixed part.
    pub(crate) fn fits(&self, header: &str) -> bool {
        let header = plain(header);
        header.len() > self.text.len()
            && if self.is_end {
                header.ends_with(&self.text)
            } else {
                header.starts_with(&self.text)
            }
    }
}

/// Small letters, `_` as a blank.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == '_' { ' ' } else { c })
        .collect()
}

/// Takes off what an API or a connector puts before the name of a field of the CRM's own.
pub(crate) fn bare(header: &str) -> Option<&str> {
    ["property_", "properties."]
        .iter()
        .find_map(|start| header.strip_prefix(start))
}

/// Takes off what marks a field that a team made: `Foo__c`, `Foo cf_123456`, `custom.Foo`.
pub(crate) fn own_field(header: &str) -> Option<&str> {
    if let Some(name) = header.strip_suffix("__c") {
        return Some(name);
    }
    for start in ["custom.", "cf_", "x_studio_", "Deal - ", "Opportunity: "] {
        if let Some(name) = header.strip_prefix(start) {
            return Some(name);
        }
    }
    let (name, number) = header.rsplit_once(" cf_")?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(name)
}

/// A header with the brackets and signs of East Asian keyboards as those of ASCII.
pub(crate) fn ascii(header: &str) -> Cow<'_, str> {
    narrow(header).map_or(Cow::Borrowed(header), Cow::Owned)
}

/// The name and the currency of a header that names one: `Amount (EUR)`, `Betrag in EUR`.
pub(crate) fn with_currency(header: &str) -> Option<(&str, Code)> {
    let header = header.trim().trim_end_matches([')', ']', '.']);
    let at = header.rfind(|c: char| c.is_whitespace() || "([_".contains(c))?;
    let (name, currency) = header.split_at(at);
    let currency = currency.trim_start_matches(|c: char| c.is_whitespace() || "([_".contains(c));
    let code = amounts::currency(currency).filter(|_| currency.chars().count() <= 3)?;
    let name = name.trim().trim_end_matches(['(', '[', ',', '_']).trim();
    let name = name
        .strip_suffix(" in")
        .or_else(|| name.strip_suffix(" en"))
        .unwrap_or(name);
    Some((name, code))
}

/// The name, the currency and the unit of a header whose amounts are in thousands or more:
/// `ACV ($k)`, `Umsatz in TEUR`, `Сумма, тыс. руб.`, `Belopp tkr`.
pub(crate) fn with_scale(header: &str) -> Option<(&str, Option<Code>, i128)> {
    let of = |(name, unit): (&'_ str, &str)| {
        let (code, times) = amounts::unit(unit)?;
        Some((name.trim().len(), code, times))
    };
    let header = header.trim();
    let (end, code, times) = match bracketed(header) {
        Some(apart) => of(apart)?,
        // One letter behind a blank is none: it may be a grade or a name.
        None => [" in ", " en ", " i ", ", ", " "].iter().find_map(|mark| {
            let apart = header.rsplit_once(mark)?;
            of(apart).filter(|(_, code, _)| {
                mark.len() > 1 || code.is_some() || apart.1.chars().count() > 2
            })
        })?,
    };
    Some((header[..end].trim_end_matches(','), code, times))
}

/// A header in two: what stands before brackets at its end, and in them.
fn bracketed(header: &str) -> Option<(&str, &str)> {
    let inner = header.trim_end().strip_suffix([')', ']', '】'])?;
    inner.rsplit_once(['(', '[', '【'])
}

/// What stands in brackets at the end of the header of an amount, and says nothing that is known
/// of its unit, its currency or its kind.
pub(crate) fn strange_unit(header: &str) -> Option<&str> {
    let (_, unit) = bracketed(header)?;
    let is_known = with_scale(header).is_some()
        || with_currency(header).is_some()
        || amounts::currency(unit).is_some()
        || is_converted(&key(unit))
        || roots::is_word(unit);
    (unit.chars().any(char::is_alphabetic) && !is_known).then_some(unit)
}

/// Whether a team's own field may stand for this one. What says how a deal stands, what it is
/// worth and who it is must be the CRM's own.
pub(crate) fn may_be_own(field: Field) -> bool {
    [
        Field::LostReason,
        Field::NextStep,
        Field::NextStepDate,
        Field::Product,
        Field::LeadSource,
        Field::DealType,
    ]
    .contains(&field)
}

/// Whether an amount or a currency is the converted twin of another one.
pub(crate) fn is_converted(key: &str) -> bool {
    [
        "converted",
        "umgerechnet",
        "konvertiert",
        "converti",
        "convertid",
        "companycurrency",
        "換算",
    ]
    .iter()
    .any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_open_at_one_end() {
        let owner = Pattern::new("* Owner.id").unwrap();
        let entered = Pattern::new("Date entered \"*").unwrap();

        assert!(owner.fits("Students Pipeline Owner.id"));
        assert!(!owner.fits("Owner.id") && !owner.fits("Owner.id x"));
        assert!(entered.fits("Date entered \"Demo (Sales Pipeline)\""));
        assert!(Pattern::new("Owner").is_none() && Pattern::new("*").is_none());
    }

    #[test]
    fn marks_of_own_fields_are_taken_off() {
        assert_eq!(with_currency("Сумма, руб."), Some(("Сумма", *b"RUB")));
        for header in [
            "Loss Reason__c",
            "Loss Reason cf_123456",
            "custom.Loss Reason",
        ] {
            assert_eq!(own_field(header), Some("Loss Reason"), "{header}");
        }
        assert_eq!(own_field("Value cf_x"), None);
        for header in [
            "Amount (EUR)",
            "Amount in EUR",
            "Amount €",
            "Amount_EUR",
            "Amount [€]",
        ] {
            assert_eq!(with_currency(header), Some(("Amount", *b"EUR")), "{header}");
        }
        assert_eq!(with_currency("Deal Name"), None);
        assert_eq!(bare("property_amount"), Some("amount"));
    }

    #[test]
    fn a_header_may_say_that_its_amounts_are_in_thousands() {
        for (header, expected) in [
            ("ACV ($k)", Some(("ACV", Some(*b"USD"), 1_000))),
            ("Value ($B)", Some(("Value", Some(*b"USD"), 1_000_000_000))),
            ("Umsatz in TEUR", Some(("Umsatz", Some(*b"EUR"), 1_000))),
            (
                "Umsatz (Mio. €)",
                Some(("Umsatz", Some(*b"EUR"), 1_000_000)),
            ),
            (
                "Deal Size [USD k]",
                Some(("Deal Size", Some(*b"USD"), 1_000)),
            ),
            ("Value (in thousands)", Some(("Value", None, 1_000))),
            ("Amount (000s)", Some(("Amount", None, 1_000))),
            ("Value (USD '000)", Some(("Value", Some(*b"USD"), 1_000))),
            ("金額(千円)", Some(("金額", Some(*b"JPY"), 1_000))),
            ("金額（百万円）", Some(("金額", Some(*b"JPY"), 1_000_000))),
            (
                "受注金額（万円）",
                Some(("受注金額", Some(*b"JPY"), 10_000)),
            ),
            ("금액(만원)", Some(("금액", Some(*b"KRW"), 10_000))),
            ("Сумма, тыс. руб.", Some(("Сумма", Some(*b"RUB"), 1_000))),
            ("Сумма (млн)", Some(("Сумма", None, 1_000_000))),
            ("Kwota (tys. zł)", Some(("Kwota", Some(*b"PLN"), 1_000))),
            ("Belopp (tkr)", Some(("Belopp", None, 1_000))),
            ("Belopp tkr", Some(("Belopp", None, 1_000))),
            ("Beløb (t.kr.)", Some(("Beløb", None, 1_000))),
            ("Betrag (in 1000 €)", Some(("Betrag", Some(*b"EUR"), 1_000))),
            ("Betrag in Tsd.", Some(("Betrag", None, 1_000))),
            ("Montant en k€", Some(("Montant", Some(*b"EUR"), 1_000))),
            ("Bedrag (x1000)", Some(("Bedrag", None, 1_000))),
            ("Valor (R$ mil)", Some(("Valor", Some(*b"BRL"), 1_000))),
            ("Valor (miles)", Some(("Valor", None, 1_000))),
            ("Importo (migliaia)", Some(("Importo", None, 1_000))),
            ("Revenue ($ mil)", None),
            ("Amount (EUR)", None),
            ("Amount (RMB)", None),
            ("Amount K", None),
            ("Amount", None),
            ("Close Date (A)", None),
        ] {
            assert_eq!(with_scale(&ascii(header)), expected, "{header}");
        }
    }

    #[test]
    fn a_unit_that_is_not_known_is_told_from_what_is() {
        for (header, unit) in [
            ("Revenue ($ mil)", Some("$ mil")),
            ("Umsatz (Einheiten)", Some("Einheiten")),
            ("Amount (EUR)", None),
            ("Amount (US Dollar)", None),
            ("Amount (converted)", None),
            ("Amount (expected)", None),
            ("Amount (2026)", None),
            ("Amount ($k)", None),
            ("Amount", None),
        ] {
            assert_eq!(strange_unit(header), unit, "{header}");
        }
    }
}
