//! Our CSV: a deal's fields, and what stands of its decision.

use std::io::{Read, Write};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::OwnError;
use crate::domain::clean::{guard_formula, unguard_formula};
use crate::domain::ids::DealId;
use crate::domain::money::{Currency, Money};
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::store::{OwnIntake, OwnParts, Store};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number.
    Number,
    /// Text of ours or of the CRM that a mask leaves alone.
    Text,
    /// The name of the account.
    Account,
    /// The name of the deal.
    Title,
    /// The name of a contact.
    Contact,
    /// Text about the deal.
    Free,
    /// A day.
    Day,
    /// A number with decimals.
    Real,
    /// The amount in units of its currency.
    Amount,
}

/// From where a column comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// A field of the deal.
    Deal,
    /// A field of its latest decision, where it is decided.
    Decision,
    /// The field of the hold that lasts, or of the tripwire that waits.
    Hold,
    /// The same of the tripwire.
    Tripwire,
}

pub(super) struct Column {
    pub(super) name: &'static str,
    from: From,
    word: &'static str,
    pub(super) kind: Kind,
}

const fn deal(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        from: From::Deal,
        word: name,
        kind,
    }
}

const fn other(name: &'static str, from: From, word: &'static str, kind: Kind) -> Column {
    Column {
        name,
        from,
        word,
        kind,
    }
}

pub(super) const TABLE: [Column; 40] = [
    deal("id", Kind::Number),
    deal("source", Kind::Text),
    deal("external_id", Kind::Text),
    deal("key", Kind::Text),
    deal("title", Kind::Title),
    deal("account", Kind::Account),
    deal("contact", Kind::Contact),
    deal("owner", Kind::Text),
    deal("stage", Kind::Text),
    deal("phase", Kind::Text),
    deal("pipeline", Kind::Text),
    deal("amount", Kind::Amount),
    deal("currency", Kind::Text),
    deal("status", Kind::Text),
    deal("probability", Kind::Real),
    deal("created", Kind::Day),
    deal("expected_close", Kind::Day),
    deal("closed", Kind::Day),
    deal("lost_reason", Kind::Free),
    deal("last_activity", Kind::Day),
    deal("updated", Kind::Day),
    deal("stage_changed", Kind::Day),
    deal("next_step", Kind::Free),
    deal("next_step_due", Kind::Day),
    deal("lead_source", Kind::Text),
    deal("product", Kind::Text),
    deal("description", Kind::Free),
    deal("margin", Kind::Real),
    deal("discount", Kind::Real),
    deal("decision", Kind::Text),
    other("decided", From::Decision, "day", Kind::Day),
    other("decided_by", From::Decision, "who", Kind::Text),
    other("reasons", From::Decision, "reasons", Kind::Free),
    other("disposition", From::Decision, "disposition", Kind::Text),
    other("whom", From::Decision, "whom", Kind::Free),
    other("nurture_until", From::Decision, "until", Kind::Day),
    other("waits_for", From::Hold, "what", Kind::Free),
    other("hold_until", From::Hold, "until", Kind::Day),
    other("tripwire", From::Tripwire, "sentence", Kind::Free),
    other("tripwire_due", From::Tripwire, "due", Kind::Day),
];

/// The headers, in their order.
pub const COLUMNS: [&str; 40] = {
    let mut names = [""; 40];
    let mut at = 0;
    while at < names.len() {
        names[at] = TABLE[at].name;
        at += 1;
    }
    names
};

/// What stands between two reasons of one decision.
const BETWEEN: &str = "; ";

/// Whether cells are kept from being run by a spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A text that a spreadsheet would run begins with an apostrophe, which import takes off.
    On,
    /// Texts are written as they are.
    Off,
}

pub(super) fn is_own(head: &[u8]) -> bool {
    let header = COLUMNS.join(",");
    head.starts_with(header.as_bytes()) && matches!(head.get(header.len()), Some(b'\n' | b'\r'))
}

fn io(error: csv::Error) -> OwnError {
    let (what, line) = (
        error.to_string(),
        error.position().map_or(0, csv::Position::line),
    );
    if let csv::ErrorKind::Io(source) = error.into_kind() {
        OwnError::Io(source)
    } else {
        OwnError::Odd {
            what,
            line,
            column: None,
        }
    }
}

/// The latest row of a part that is of a kind.
fn latest<'m>(
    map: &'m Map<String, Json>,
    part: &str,
    is_it: impl Fn(&Map<String, Json>) -> bool,
) -> Option<&'m Map<String, Json>> {
    let rows = map.get(part)?.as_array()?;
    rows.iter()
        .rev()
        .filter_map(Json::as_object)
        .find(|row| is_it(row))
}

fn plain(value: Option<&Json>) -> String {
    match value {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) | None => String::new(),
    }
}

/// The text of one cell before guard and mask.
fn cell(column: &Column, map: &Map<String, Json>, rows: [Option<&Map<String, Json>>; 3]) -> String {
    let row = match column.from {
        From::Deal => Some(map),
        From::Decision => rows[0],
        From::Hold => rows[1],
        From::Tripwire => rows[2],
    };
    let Some(row) = row else { return String::new() };
    let value = row.get(column.word);
    match (column.name, column.kind) {
        ("key", _) => {
            let (key, id) = (plain(value), plain(map.get("external_id")));
            if key == id { String::new() } else { key }
        }
        ("currency", _) => plain(map.get("amount").and_then(|a| a.get("currency"))),
        ("reasons", _) => {
            let list: Vec<String> = serde_json::from_str(&plain(value)).unwrap_or_default();
            list.join(BETWEEN)
        }
        (_, Kind::Amount) => {
            let minor = value.and_then(|a| a.get("minor")).and_then(Json::as_i64);
            let currency = value.and_then(|a| a.get("currency")).and_then(Json::as_str);
            let money = |minor| Money::new(minor, currency.and_then(Currency::parse));
            minor.map_or_else(String::new, |minor| money(minor).expose_for_storage())
        }
        _ => plain(value),
    }
}

fn masked(column: &Column, text: String, deal: DealId, mask: &Mask) -> String {
    if text.is_empty() || !mask.hides_amounts() {
        return text;
    }
    let name = |label| mask.name(&Name::new(text.as_str()), label).into_owned();
    if column.name == "key" {
        // The key of a deal without an id is made of its names.
        return String::new();
    }
    match column.kind {
        Kind::Number | Kind::Text | Kind::Day | Kind::Real => text,
        Kind::Account => name(Label::Account {
            id: deal.0,
            deal: Some(deal),
        }),
        Kind::Title => name(Label::Deal(deal)),
        Kind::Contact => name(Label::Contact {
            id: deal.0,
            deal: Some(deal),
        }),
        Kind::Free => mask.free(&Free::new(text), Some(deal)).into_owned(),
        Kind::Amount => mask.figure().to_owned(),
    }
}

/// Whether a cell is text, which a spreadsheet might take for a formula.
pub(super) fn is_text(kind: Kind) -> bool {
    match kind {
        Kind::Text | Kind::Account | Kind::Title | Kind::Contact | Kind::Free => true,
        Kind::Number | Kind::Day | Kind::Real | Kind::Amount => false,
    }
}

/// The texts of a deal, one a column, masked and without guard; `None` for a deal that is gone.
pub(super) fn texts(
    store: &Store,
    id: DealId,
    mask: &Mask,
) -> Result<Option<Vec<String>>, OwnError> {
    let Some(map) = store.own_deal(id, OwnParts::Decision)? else {
        return Ok(None);
    };
    let decision = plain(map.get("decision"));
    let rows = [
        latest(&map, "decisions", |row| plain(row.get("kind")) == decision),
        latest(&map, "holds", |row| {
            decision == "hold" && !row.contains_key("ended")
        }),
        latest(&map, "tripwires", |row| plain(row.get("state")) == "set"),
    ];
    let text = |column| masked(column, cell(column, &map, rows), id, mask);
    Ok(Some(TABLE.iter().map(text).collect()))
}

pub(super) fn write(
    store: &Store,
    ids: impl Iterator<Item = DealId>,
    guard: Guard,
    mask: &Mask,
    to: &mut dyn Write,
) -> Result<u64, OwnError> {
    let mut out = csv::Writer::from_writer(to);
    out.write_record(COLUMNS).map_err(io)?;
    let mut count = 0;
    for id in ids {
        let Some(texts) = texts(store, id, mask)? else {
            continue;
        };
        for (column, text) in TABLE.iter().zip(&texts) {
            if guard == Guard::On && is_text(column.kind) {
                out.write_field(guard_formula(text).as_bytes())
                    .map_err(io)?;
            } else {
                out.write_field(text.as_bytes()).map_err(io)?;
            }
        }
        out.write_record(None::<&[u8]>).map_err(io)?;
        count += 1;
    }
    out.flush()?;
    Ok(count)
}

/// A cell as the value of its field.
fn value(column: &Column, text: &str) -> Result<Json, String> {
    if text.is_empty() {
        return Ok(Json::Null);
    }
    match column.kind {
        Kind::Number => text
            .parse::<i64>()
            .ok()
            .map(Json::from)
            .ok_or_else(|| "is no whole number".to_owned()),
        Kind::Real => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(json!(number)),
            Ok(_) | Err(_) => Err("is no number".to_owned()),
        },
        Kind::Day => match text.parse::<NaiveDate>() {
            Ok(_) => Ok(json!(text)),
            Err(_) => Err("is no day; write it as 2026-11-23".to_owned()),
        },
        Kind::Amount => Ok(json!(text)),
        Kind::Text | Kind::Account | Kind::Title | Kind::Contact | Kind::Free => {
            Ok(json!(unguard_formula(text)))
        }
    }
}

/// Puts one line back together as a deal.
fn assemble(
    cells: &csv::StringRecord,
    today: NaiveDate,
) -> Result<Map<String, Json>, (String, Option<&'static str>)> {
    let mut map = Map::new();
    let mut rows = [Map::new(), Map::new(), Map::new()];
    for (column, text) in TABLE.iter().zip(cells) {
        let value =
            value(column, text).map_err(|why| (format!("`{text}` {why}"), Some(column.name)))?;
        if value.is_null() {
            continue;
        }
        let row = match column.from {
            From::Deal => &mut map,
            From::Decision => &mut rows[0],
            From::Hold => &mut rows[1],
            From::Tripwire => &mut rows[2],
        };
        row.insert(column.word.to_owned(), value);
    }
    let currency = map
        .shift_remove("currency")
        .and_then(|c| Currency::parse(c.as_str()?));
    if let Some(Json::String(text)) = map.get("amount") {
        let money = text
            .parse::<Decimal>()
            .ok()
            .ok_or_else(|| (format!("`{text}` is no amount"), Some("amount")))
            .and_then(|d| {
                Money::from_decimal(d, currency).map_err(|e| (e.to_string(), Some("amount")))
            })?;
        let code = currency.map(|c| c.as_str().to_owned());
        map.insert(
            "amount".to_owned(),
            json!({"minor": money.minor, "currency": code}),
        );
    }
    if !plain(map.get("source")).starts_with("walkaway") {
        map.insert("batch".to_owned(), json!(IMPORT));
    }
    if !map.contains_key("key") {
        let key = map
            .get("external_id")
            .or_else(|| map.get("id"))
            .cloned()
            .unwrap_or_default();
        map.insert("key".to_owned(), json!(plain(Some(&key))));
    }
    let decision = plain(map.get("decision"));
    if !matches!(decision.as_str(), "" | "undecided") {
        let [mut decided, mut hold, mut tripwire] = rows;
        let day = decided.get("day").cloned().unwrap_or_else(|| json!(today));
        let at = json!(format!("{}T00:00:00Z", plain(Some(&day))));
        let reasons: Vec<&str> = decided
            .get("reasons")
            .and_then(Json::as_str)
            .map_or_else(Vec::new, |text| text.split(BETWEEN).collect());
        if !reasons.is_empty() {
            decided.insert("reasons".to_owned(), json!(json!(reasons).to_string()));
        }
        decided.insert("kind".to_owned(), json!(decision));
        decided.insert("day".to_owned(), day.clone());
        decided.insert("at".to_owned(), at.clone());
        decided.entry("who").or_insert_with(|| json!(""));
        map.insert("decisions".to_owned(), json!([decided]));
        if !hold.is_empty() {
            hold.insert("starts".to_owned(), day);
            map.insert("holds".to_owned(), json!([hold]));
        }
        if !tripwire.is_empty() {
            tripwire.insert("at".to_owned(), at);
            map.insert("tripwires".to_owned(), json!([tripwire]));
        }
    }
    Ok(map)
}

/// The number under which the file's one import is announced.
const IMPORT: i64 = 1;

/// What a CSV tells of its record: the day is not in it, so it is taken as of today.
fn record(today: NaiveDate) -> Map<String, Json> {
    let import = json!([{
        "id": IMPORT, "source": "walkaway", "files": "", "record_day": today,
        "knows": "next_step last_activity",
    }]);
    Map::from_iter([("imports".to_owned(), import)])
}

pub(super) fn read(
    from: impl Read,
    today: NaiveDate,
    intake: &mut OwnIntake<'_>,
) -> Result<(), OwnError> {
    intake.pipeline(&record(today))?;
    let mut reader = csv::Reader::from_reader(from);
    let mut cells = csv::StringRecord::new();
    loop {
        if !reader.read_record(&mut cells).map_err(io)? {
            return Ok(());
        }
        let place = cells.position().map_or(0, csv::Position::line);
        let deal = assemble(&cells, today).map_err(|(what, column)| OwnError::Odd {
            what,
            line: place,
            column: column.map(str::to_owned),
        })?;
        intake.deal(deal)?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_import_knows_the_same_columns() {
        let known: Vec<&str> = crate::import::own::COLUMNS
            .iter()
            .map(|(name, _)| *name)
            .collect();

        assert_eq!(known, COLUMNS);
    }

    #[test]
    fn no_column_is_named_twice() {
        for (at, name) in COLUMNS.iter().enumerate() {
            assert!(!COLUMNS[..at].contains(name), "{name}");
        }
    }

    proptest! {
        /// CWE-1236: no cell of text begins as a formula, and each reads back as it was.
        #[test]
        fn a_text_cell_is_no_formula_and_comes_back(text in "['=+@ \t-]{0,3}\\PC{1,8}") {
            let column = &TABLE[4];
            let guarded = guard_formula(&text);
            let first = guarded.trim_start().chars().next();

            prop_assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{guarded:?}");
            prop_assert_eq!(value(column, &guarded).unwrap(), json!(text));
        }
    }
}
