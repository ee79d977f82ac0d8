//! Headers that are known by a part of them: renamed modules, one column a stage, the marks that
//! CRMs put on fields of a team's own.

use super::field::Field;
use super::values::amounts::{self, Code};

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
/// `ACV ($k)`, `Umsatz in TEUR`, `Value (millions)`. The unit is a word that a cell may end with.
pub(crate) fn with_scale(header: &str) -> Option<(&str, Option<Code>, &'static str)> {
    let header = header.trim();
    let (name, unit) = match header.strip_suffix([')', ']']) {
        Some(inner) => inner.rsplit_once(['(', '['])?,
        None => header.rsplit_once(" in ")?,
    };
    let unit = unit.trim().trim_start_matches("in ").to_lowercase();
    let unit: String = unit.chars().filter(|c| !" .,'’".contains(*c)).collect();
    let word = |text: &str| {
        Some(match text {
            "k" | "000" | "000s" | "thousand" | "thousands" | "tsd" | "tausend" | "тыс" => "k",
            "m" | "mm" | "mn" | "mio" | "mln" | "million" | "millions" | "millionen" | "млн" => {
                "m"
            }
            "b" | "bn" | "billion" | "billions" | "mrd" | "milliarden" | "млрд" => "bn",
            "lakh" | "lakhs" | "lac" => "lakh",
            "cr" | "crore" | "crores" => "crore",
            _ => return None,
        })
    };
    let name = name.trim();
    if let Some(word) = word(&unit) {
        return Some((name, None, word));
    }
    // The currency stands before the unit or behind it.
    unit.char_indices().skip(1).find_map(|(at, _)| {
        let (first, second) = unit.split_at(at);
        let of = |currency: &str, scale: &str| {
            let scale = if scale == "t" { Some("k") } else { word(scale) };
            Some((amounts::currency(currency)?, scale?))
        };
        let (code, word) = of(first, second).or_else(|| of(second, first))?;
        Some((name, Some(code), word))
    })
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
            ("ACV ($k)", Some(("ACV", Some(*b"USD"), "k"))),
            ("Value ($B)", Some(("Value", Some(*b"USD"), "bn"))),
            ("Umsatz in TEUR", Some(("Umsatz", Some(*b"EUR"), "k"))),
            ("Umsatz (Mio. €)", Some(("Umsatz", Some(*b"EUR"), "m"))),
            ("Deal Size [USD k]", Some(("Deal Size", Some(*b"USD"), "k"))),
            ("Value (in thousands)", Some(("Value", None, "k"))),
            ("Amount (EUR)", None),
            ("Amount", None),
            ("Close Date (A)", None),
        ] {
            assert_eq!(with_scale(header), expected, "{header}");
        }
    }
}
