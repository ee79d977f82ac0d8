//! JSON records as a table: an array of objects, or objects one after the other.
//!
//! What is nested becomes a column with a dotted name (`amount.minor`), so that recognition and
//! reading are those of any table. The first row handed out is the header.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{BufRead, BufReader, Read};

use serde_json::{Map, Value};

use super::error::ImportError;
use super::table::{Cells, Place, ROW_MIB, Table};

/// Records from which the columns are gathered.
const SAMPLE: usize = 5000;
/// Depth of nesting that becomes columns.
const DEPTH: usize = 6;
/// Depth of nesting of a record that is read at all.
const MOST: u32 = 100;

/// The lists of deals that a record may have within it.
const LISTS: [&str; 3] = ["deals", "opportunities", "Opportunities"];
/// What a record is called beside its deals, where it does not say of what kind it is.
const WITHIN: &str = "within";

/// The rows of a JSON text.
pub(crate) struct JsonTable<R> {
    objects: Objects<R>,
    columns: HashMap<String, usize>,
    header: Option<Vec<String>>,
    row: Vec<String>,
    record: u64,
    /// Whether deals were found within records.
    is_nested: bool,
    path: String,
}

impl<R: Read> JsonTable<R> {
    /// `keys` are the columns, from [`keys`].
    pub(crate) fn new(
        text: R,
        skip: usize,
        keys: &[String],
        path: String,
    ) -> Result<Self, ImportError> {
        let objects = Objects::new(text, skip, &path)?;
        let columns = keys
            .iter()
            .enumerate()
            .map(|(at, key)| (key.clone(), at))
            .collect();
        let is_nested = keys.iter().any(|key| is_within(key));
        Ok(Self {
            is_nested,
            objects,
            columns,
            header: Some(keys.to_vec()),
            row: Vec::new(),
            record: 0,
            path,
        })
    }
}

impl<R: Read + Send> Table for JsonTable<R> {
    fn read(&mut self, cells: &mut Cells) -> Result<Option<Place>, ImportError> {
        cells.clear();
        if let Some(header) = self.header.take() {
            for key in &header {
                cells.push_field(key.as_bytes());
            }
            return Ok(Some(Place {
                line: 0,
                is_open: false,
            }));
        }
        let Some(mut value) = self.objects.next(&self.path)? else {
            return Ok(None);
        };
        self.record += 1;
        // Beside records with deals, one without any says nothing but of itself.
        if self.objects.is_childless && self.is_nested {
            let around = around(&mut value);
            value = Value::Object(Map::from_iter([around]));
        }
        self.row.resize(self.columns.len(), String::new());
        self.row.iter_mut().for_each(String::clear);
        let (columns, row) = (&self.columns, &mut self.row);
        flatten(&value, &mut String::new(), 0, &mut |key, text| {
            if let Some(at) = columns.get(key) {
                row[*at] = text;
            }
        });
        for cell in &self.row {
            cells.push_field(cell.as_bytes());
        }
        Ok(Some(Place {
            line: self.record,
            is_open: false,
        }))
    }
}

/// Gathers the columns of a JSON text from its first records, in the order of their appearance.
pub(crate) fn keys<R: Read>(text: R, skip: usize, path: &str) -> Result<Vec<String>, ImportError> {
    let mut objects = Objects::new(text, skip, path)?;
    let mut known: HashSet<String> = HashSet::new();
    let (mut keys, mut childless) = (Vec::new(), Vec::new());
    for _ in 0..SAMPLE {
        let Some(value) = objects.next(path)? else {
            break;
        };
        if objects.is_childless {
            childless.push(value);
            continue;
        }
        gather(&value, &mut known, &mut keys);
    }
    // Where no record has deals within, those that could have some are what the file is about.
    if !keys.iter().any(|key: &String| is_within(key)) {
        for value in &childless {
            gather(value, &mut known, &mut keys);
        }
    }
    Ok(keys)
}

/// Whether a column tells of the record around a deal.
pub(crate) fn is_within(key: &str) -> bool {
    let rest = key.strip_prefix(WITHIN);
    rest.is_some_and(|rest| rest.starts_with('.'))
}

/// Adds the names of a record's values that are not there yet.
fn gather(value: &Value, known: &mut HashSet<String>, keys: &mut Vec<String>) {
    flatten(value, &mut String::new(), 0, &mut |key, _| {
        if known.insert(key.to_owned()) {
            keys.push(key.to_owned());
        }
    });
}

/// Calls `found` with the dotted name and the text of each value that is not null.
fn flatten(value: &Value, name: &mut String, depth: usize, found: &mut dyn FnMut(&str, String)) {
    match value {
        Value::Null => {}
        Value::Bool(yes) => found(name, yes.to_string()),
        Value::Number(number) => found(name, number.to_string()),
        Value::String(text) => found(name, text.clone()),
        // A list of one is that one: some CRMs keep each value as a list of its versions.
        Value::Array(values) if matches!(values.as_slice(), [Value::Object(_)]) => {
            flatten(&values[0], name, depth, found);
        }
        Value::Array(values) => {
            let texts: Vec<String> = values
                .iter()
                .filter_map(|value| match value {
                    Value::String(text) => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    Value::Bool(yes) => Some(yes.to_string()),
                    Value::Null | Value::Array(_) | Value::Object(_) => None,
                })
                .collect();
            if !texts.is_empty() {
                found(name, texts.join("; "));
            }
        }
        Value::Object(members) => {
            if depth == DEPTH {
                return;
            }
            if let Some(value) = versioned(members) {
                flatten(value, name, depth + 1, found);
                return;
            }
            for (key, value) in members {
                let len = name.len();
                if len > 0 {
                    name.push('.');
                }
                name.push_str(key);
                flatten(value, name, depth + 1, found);
                name.truncate(len);
            }
        }
    }
}

/// The value of a member that also tells where it came from: `{"value": 5, "timestamp": …}`.
fn versioned(members: &Map<String, Value>) -> Option<&Value> {
    const PROVENANCE: [&str; 5] = ["versions", "timestamp", "source", "sourceId", "sourceVid"];
    let value = members.get("value")?;
    let mut others = members.keys().filter(|key| *key != "value");
    let is_plain = !matches!(value, Value::Object(_) | Value::Array(_));
    (is_plain && others.all(|key| PROVENANCE.contains(&key.as_str()))).then_some(value)
}

/// The deals within a record that is none itself: those of a stage, of a pipeline or of an account,
/// each with what else its record says, under the name of its kind.
fn inner(record: &mut Value) -> Option<Vec<Value>> {
    let members = record.as_object_mut()?;
    let name = LISTS.iter().find(|name| match members.get(**name) {
        Some(Value::Array(deals)) => deals.iter().all(Value::is_object) && !deals.is_empty(),
        Some(Value::Object(list)) => list.get("records").is_some_and(Value::is_array),
        _ => false,
    })?;
    let list = members.remove(*name)?;
    let deals = match list {
        Value::Array(deals) => deals,
        Value::Object(mut list) => {
            let Some(Value::Array(deals)) = list.remove("records") else {
                return None;
            };
            deals
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    };
    let (kind, around) = around(record);
    let deals = deals.into_iter().filter_map(|deal| {
        let Value::Object(mut deal) = deal else {
            return None;
        };
        deal.entry(kind.as_str()).or_insert_with(|| around.clone());
        Some(Value::Object(deal))
    });
    Some(deals.collect())
}

/// What a record says beside the deals within it, and the name of its kind.
fn around(record: &mut Value) -> (String, Value) {
    let members = record.as_object_mut().map(std::mem::take);
    let members = members.unwrap_or_default();
    let kind = members
        .get("attributes")
        .and_then(|attributes| attributes.get("type"))
        .and_then(Value::as_str);
    let kind = kind.unwrap_or(WITHIN).to_owned();
    let plain = members
        .into_iter()
        .filter(|(_, value)| !matches!(value, Value::Array(_) | Value::Object(_)));
    (kind, Value::Object(plain.collect()))
}

/// Whether a record has a list for deals, and none in it.
fn is_childless(record: &Value) -> bool {
    LISTS.iter().any(|name| match record.get(name) {
        Some(Value::Array(deals)) => deals.is_empty(),
        _ => false,
    })
}

/// Cuts a text into its outermost objects without holding more than one.
struct Objects<R> {
    /// What is still to come of the last one, where it holds several.
    waiting: VecDeque<Value>,
    /// Whether the last one that was handed out could have deals within, and has none.
    is_childless: bool,
    text: BufReader<R>,
    buffer: Vec<u8>,
    record: u64,
}

impl<R: Read> Objects<R> {
    fn new(text: R, skip: usize, path: &str) -> Result<Self, ImportError> {
        let mut text = BufReader::with_capacity(64 * 1024, text);
        let mut left = skip;
        while left > 0 {
            let n = text.fill_buf().map_err(|e| io(path, e))?.len().min(left);
            if n == 0 {
                break;
            }
            text.consume(n);
            left -= n;
        }
        Ok(Self {
            waiting: VecDeque::new(),
            is_childless: false,
            text,
            buffer: Vec::new(),
            record: 0,
        })
    }

    fn next(&mut self, path: &str) -> Result<Option<Value>, ImportError> {
        loop {
            if let Some(value) = self.waiting.pop_front() {
                self.is_childless = false;
                return Ok(Some(value));
            }
            let Some(mut value) = self.outer(path)? else {
                return Ok(None);
            };
            let Some(deals) = inner(&mut value) else {
                self.is_childless = is_childless(&value);
                return Ok(Some(value));
            };
            self.waiting.extend(deals);
        }
    }

    fn outer(&mut self, path: &str) -> Result<Option<Value>, ImportError> {
        self.buffer.clear();
        self.record += 1;
        let (mut depth, mut is_string, mut is_escaped) = (0_u32, false, false);
        loop {
            let block = self.text.fill_buf().map_err(|e| io(path, e))?;
            if block.is_empty() {
                if depth > 0 {
                    return Err(self.broken(path, "it ends in the middle of a record"));
                }
                return Ok(None);
            }
            let (mut from, mut used) = (0, 0);
            let mut is_whole = false;
            for byte in block {
                if depth == 0 {
                    match byte {
                        b'{' => from = used,
                        b']' => return Ok(None),
                        b',' | b' ' | b'\t' | b'\r' | b'\n' => {
                            used += 1;
                            from = used;
                            continue;
                        }
                        _ => return Err(self.broken(path, "it is no object")),
                    }
                }
                used += 1;
                if is_string {
                    match byte {
                        _ if is_escaped => is_escaped = false,
                        b'\\' => is_escaped = true,
                        b'"' => is_string = false,
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => is_string = true,
                        b'{' | b'[' if depth == MOST => {
                            let why = format!("it is nested more than {MOST} levels deep");
                            return Err(self.broken(path, &why));
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        is_whole = true;
                        break;
                    }
                }
            }
            self.buffer.extend_from_slice(&block[from..used]);
            self.text.consume(used);
            if is_whole {
                let read = serde_json::from_slice(&self.buffer);
                return read
                    .or_else(|e| match mended(&self.buffer) {
                        Some(buffer) => serde_json::from_slice(&buffer),
                        None => Err(e),
                    })
                    .map(Some)
                    .map_err(|e| self.broken(path, &e.to_string()));
            }
            if self.buffer.len() as u64 > ROW_MIB * 1024 * 1024 {
                return Err(ImportError::Runaway {
                    path: path.to_owned(),
                    line: self.record,
                    mib: ROW_MIB,
                });
            }
        }
    }

    fn broken(&self, path: &str, why: &str) -> ImportError {
        ImportError::Json {
            path: path.to_owned(),
            record: self.record,
            why: why.to_owned(),
        }
    }
}

/// A record with the sign of a character that is lost where half of one is written, as programs
/// write it that cut texts inside an emoji; none where all are whole.
fn mended(record: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let digits = record.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut out = Vec::with_capacity(record.len());
    let mut at = 0;
    while at < record.len() {
        if record[at] != b'\\' {
            out.push(record[at]);
            at += 1;
            continue;
        }
        let length = match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.extend_from_slice(b"\\ufffd");
                at += 6;
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        let end = (at + length).min(record.len());
        out.extend_from_slice(&record[at..end]);
        at = end;
    }
    (out != record).then_some(out)
}

fn io(path: &str, source: std::io::Error) -> ImportError {
    ImportError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str, skip: usize) -> Result<Vec<Vec<String>>, ImportError> {
        let keys = keys(text.as_bytes(), skip, "x")?;
        let mut table = JsonTable::new(text.as_bytes(), skip, &keys, "x".to_owned())?;
        let mut cells = Cells::new();
        let mut rows = Vec::new();
        while table.read(&mut cells)?.is_some() {
            rows.push(
                cells
                    .iter()
                    .map(|c| String::from_utf8(c.to_vec()).unwrap())
                    .collect(),
            );
        }
        Ok(rows)
    }

    #[test]
    fn half_a_character_costs_only_that_character() {
        let mend = |text: &str| {
            mended(text.as_bytes()).map(|bytes| String::from_utf8(bytes).expect("it is UTF-8"))
        };

        assert_eq!(
            mend(r#"{"a":"x\ud83d"}"#).as_deref(),
            Some(r#"{"a":"x\ufffd"}"#)
        );
        assert_eq!(
            mend(r#"{"a":"\udc00b\ud83d\ude00"}"#).as_deref(),
            Some(r#"{"a":"\ufffdb\ud83d\ude00"}"#)
        );
        assert_eq!(mend(r#"{"a":"\\ud83d \ud83d\ude00"}"#), None);
    }

    #[test]
    fn nested_members_become_columns() {
        let rows = table(
            r#"[{"id":7,"amount":{"minor":4800000,"currency":"EUR"},"tags":["a","b"],"x":null},
               {"id":8,"amount":null,"t":"[}{\"]"}]"#,
            1,
        )
        .unwrap();

        assert_eq!(
            rows[0],
            ["id", "amount.minor", "amount.currency", "tags", "t"]
        );
        assert_eq!(rows[1], ["7", "4800000", "EUR", "a; b", ""]);
        assert_eq!(rows[2], ["8", "", "", "", "[}{\"]"]);
    }

    #[test]
    fn objects_may_follow_each_other_on_lines() {
        let rows = table("{\"a\":1}\n{\"a\":2}\n", 0).unwrap();

        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn broken_json_is_told_with_its_record() {
        for text in ["[{\"a\":1},{\"a\":}]", "[{\"a\":1},{\"a\"", "[{\"a\":1},7]"] {
            assert!(
                matches!(table(text, 1), Err(ImportError::Json { record: 2, .. })),
                "{text}"
            );
        }
    }
}
