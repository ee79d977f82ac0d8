//! `FIELD=VALUE` arguments: reading them, and saying which were meant.

use crate::domain::act::{DealField, FIELDS, FieldKind, FieldValue, Typed};
use crate::domain::money::{Currency, Money};
use crate::domain::phase::Phase;
use crate::domain::query::nearest;
use crate::domain::when::Lean;

use super::error::CliError;
use super::session::Session;

/// One argument of the form `FIELD=VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The field as typed.
    pub field: &'a str,
    /// The value; empty erases.
    pub value: &'a str,
}

/// Splits an argument at its first `=`, where a word of letters stands before it.
pub fn pair(argument: &str) -> Option<Pair<'_>> {
    let (field, value) = argument.split_once('=')?;
    let is_word = !field.is_empty() && field.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_word.then_some(Pair { field, value })
}

/// Splits arguments into deals and fields.
pub fn split(arguments: &[String]) -> (Vec<String>, Vec<Pair<'_>>) {
    let pairs = arguments.iter().filter_map(|a| pair(a)).collect();
    let others = arguments
        .iter()
        .filter(|a| pair(a).is_none())
        .cloned()
        .collect();
    (others, pairs)
}

/// Takes every argument as a field.
pub fn only(arguments: &[String]) -> Result<Vec<Pair<'_>>, CliError> {
    let read = |argument: &'_ String| {
        CliError::usage(format!("`{argument}` is no FIELD=VALUE"))
            .hint("put quotes around a value with blanks: title=\"Plant rollout\"")
    };
    arguments
        .iter()
        .map(|a| pair(a).ok_or_else(|| read(a)))
        .collect()
}

/// A field that is none of those that a sheet or a deal has.
pub fn unknown<'w>(field: &str, known: impl IntoIterator<Item = &'w str> + Clone) -> CliError {
    let error = CliError::usage(format!("no field is called `{field}`"));
    if let Some(near) = nearest(field, known.clone()) {
        return error.hint(format!("did you mean `{near}`?"));
    }
    let all: Vec<&str> = known.into_iter().collect();
    error.hint(format!("there are: {}", all.join(", ")))
}

/// Reads the fields of a deal. An amount without a currency takes `currency`.
pub fn of_deal(
    session: &Session<'_>,
    pairs: &[Pair<'_>],
    currency: Option<Currency>,
) -> Result<Vec<FieldValue>, CliError> {
    let mut values: Vec<FieldValue> = Vec::with_capacity(pairs.len());
    for Pair { field: name, value } in pairs {
        let Some(field) = DealField::by_name(name) else {
            return Err(unknown(name, FIELDS.iter().map(|f| f.name)));
        };
        if values.iter().any(|v| v.field == field) {
            return Err(CliError::usage(format!(
                "`{}` is given twice",
                field.info().name
            )));
        }
        let value = if value.trim().is_empty() {
            None
        } else {
            Some(typed(session, field, value, currency)?)
        };
        values.push(FieldValue { field, value });
    }
    Ok(values)
}

fn typed(
    session: &Session<'_>,
    field: DealField,
    text: &str,
    currency: Option<Currency>,
) -> Result<Typed, CliError> {
    let name = field.info().name;
    match field.info().kind {
        FieldKind::Line | FieldKind::Name | FieldKind::Block => Ok(Typed::Text(text.to_owned())),
        FieldKind::Day => {
            let lean = if field == DealField::Created {
                Lean::Back
            } else {
                Lean::Ahead
            };
            session.day(text, lean).map(Typed::Day)
        }
        FieldKind::Money => Money::parse(text, currency)
            .map(Typed::Money)
            .map_err(|e| CliError::usage(format!("{name}: `{text}`: {e}"))),
        FieldKind::Phase => Phase::from_code(text.trim())
            .map(Typed::Phase)
            .ok_or_else(|| {
                CliError::usage(format!("no phase is called `{text}`"))
                    .hint("there are: early, middle, proposal, negotiation, won, lost")
            }),
        FieldKind::Percent => percent(text).map(Typed::Percent).ok_or_else(|| {
            CliError::usage(format!("{name}: `{text}` is no percentage"))
                .hint("write a number from 0 to 100")
        }),
    }
}

fn percent(text: &str) -> Option<f64> {
    let text = text.trim();
    let number: f64 = text
        .strip_suffix('%')
        .unwrap_or(text)
        .trim_end()
        .parse()
        .ok()?;
    (0.0..=100.0).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_before_the_sign_makes_a_field() {
        assert_eq!(
            pair("until=+3m"),
            Some(Pair {
                field: "until",
                value: "+3m"
            })
        );
        assert_eq!(
            pair("why=a=b"),
            Some(Pair {
                field: "why",
                value: "a=b"
            })
        );
        assert_eq!(pair("A=b"), None);
        assert_eq!(pair("=b"), None);
        assert_eq!(pair("Northwind"), None);
    }

    #[test]
    fn percentages_end_at_a_hundred() {
        assert_eq!(percent("12.5 %"), Some(12.5));
        assert_eq!(percent("101"), None);
        assert_eq!(percent("NaN"), None);
    }
}
