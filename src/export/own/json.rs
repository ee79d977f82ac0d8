//! Our JSON: one array, one element a line.

use std::fmt;
use std::io::{BufReader, Read, Write};

use serde::de::{DeserializeSeed, Deserializer as _, SeqAccess, Visitor};
use serde_json::{Map, Value as Json, json};

use super::OwnError;
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::export::json::escaped;
use crate::store::{OwnIntake, OwnParts, Store};

/// How a file begins that tells of its pipeline.
const HEAD: &[u8] = b"[{\"schema\":1,\"pipeline\":";

pub(super) fn is_own(head: &[u8]) -> bool {
    head.starts_with(HEAD)
}

/// Texts by what a mask does to them: names of accounts, of deals, of contacts.
fn hide(map: &mut Map<String, Json>, deal: DealId, mask: &Mask) {
    for (word, value) in map.iter_mut() {
        match value {
            Json::String(text) => {
                let name = |label| mask.name(&Name::new(text.as_str()), label).into_owned();
                let hidden = match word.as_str() {
                    "account" => name(Label::Account {
                        id: deal.0,
                        deal: Some(deal),
                    }),
                    "title" => name(Label::Deal(deal)),
                    "contact" | "contacts" | "name" | "email" | "whom" | "objectives"
                    | "requirements" | "process" | "equipment" => name(Label::Contact {
                        id: deal.0,
                        deal: Some(deal),
                    }),
                    "next_step" | "description" | "lost_reason" | "text" | "evidence" | "reply"
                    | "sentence" | "words" | "what" | "why" | "terms" | "phone" | "subject"
                    | "mail" | "comes_back_if" | "reasons" | "old" | "new" | "value"
                    | "product" | "document" | "traded_for" => mask
                        .free(&Free::new(text.as_str()), Some(deal))
                        .into_owned(),
                    _ => continue,
                };
                *value = json!(hidden);
            }
            Json::Array(rows) => {
                for row in rows {
                    if let Json::Object(row) = row {
                        hide(row, deal, mask);
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => {}
        }
    }
    if mask.hides_amounts() {
        map.shift_remove("amount");
        // The key of a deal without an id is made of its names, and what was told has its values.
        map.shift_remove("key");
        map.shift_remove("told");
    }
}

fn element(to: &mut dyn Write, lead: &str, map: Map<String, Json>) -> std::io::Result<()> {
    let text = Json::Object(map).to_string();
    to.write_all(lead.as_bytes())?;
    to.write_all(escaped(&text).as_bytes())
}

pub(super) fn write(
    store: &Store,
    ids: impl Iterator<Item = DealId>,
    mask: &Mask,
    to: &mut dyn Write,
) -> Result<u64, OwnError> {
    let mut lead = "[";
    let with_schema = || {
        let mut map = Map::new();
        map.insert("schema".to_owned(), json!(super::super::deals::SCHEMA));
        map
    };
    if !mask.hides_amounts() {
        // What is masked cannot be taken in again, so it does not pretend to be whole.
        let mut map = with_schema();
        map.insert("pipeline".to_owned(), Json::Object(store.own_pipeline()?));
        element(to, lead, map)?;
        lead = ",\n";
    }
    let mut count = 0;
    for id in ids {
        let Some(mut deal) = store.own_deal(id, OwnParts::All)? else {
            continue;
        };
        if mask.hides_amounts() {
            hide(&mut deal, id, mask);
        }
        let mut map = with_schema();
        map.extend(deal);
        element(to, lead, map)?;
        lead = ",\n";
        count += 1;
    }
    to.write_all(if lead == "[" { b"[]\n" } else { b"]\n" })?;
    Ok(count)
}

/// Hands each element of an array on as it is read.
struct Elements<'i, 'c> {
    intake: &'i mut OwnIntake<'c>,
    failed: Option<OwnError>,
    line: u64,
}

impl<'de> Visitor<'de> for &mut Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of deals")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(map) = seq.next_element::<Map<String, Json>>()? {
            self.line += 1;
            // A deal may name the pipeline of its CRM: text, and no object.
            let taken = match map.get("pipeline") {
                Some(Json::Object(pipeline)) => self.intake.pipeline(pipeline),
                Some(_) | None => self.intake.deal(map),
            };
            if let Err(error) = taken {
                self.failed = Some(error.into());
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Elements<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

pub(super) fn read(from: impl Read, intake: &mut OwnIntake<'_>) -> Result<(), OwnError> {
    let mut elements = Elements {
        intake,
        failed: None,
        line: 0,
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(from));
    let result = (&mut json)
        .deserialize_seq(&mut elements)
        .and_then(|()| json.end());
    match (elements.failed, result) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(OwnError::Odd {
            what: format!("it is no JSON of ours: {error}"),
            line: error.line() as u64,
            column: None,
        }),
    }
}
