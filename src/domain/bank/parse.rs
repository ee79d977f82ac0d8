//! Reads a bank from TOML, question by question.
//!
//! Every table is read to its end, so that an author sees all mistakes at once; what only the
//! whole bank can tell is checked in [`super::check`].

use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::check::{Draft, check};
use super::fields::{Fields, key_span, kind_of};
use super::mistake::{Mistakes, is_hidden};
use super::{Bank, BankMistake, Direction, Knockout, Must, Question, Section, Topic};

/// The largest bank file that is read, in bytes; 200 long questions need a quarter of it.
const MOST_BYTES: usize = 1 << 20;

/// Keys of a bank.
const BANK_KEYS: [&str; 4] = ["id", "name", "version", "question"];

/// Keys of a question.
const QUESTION_KEYS: [&str; 14] = [
    "id",
    "text",
    "short",
    "section",
    "direction",
    "weight",
    "core",
    "must",
    "knockout",
    "shelf_days",
    "topic",
    "ask",
    "counts_as_evidence",
    "hard_question",
];

/// Reads a bank from TOML, or returns every mistake in it, in the order of the file.
pub(super) fn parse(text: &str) -> Result<Bank, Vec<BankMistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut mistakes = Mistakes::new(text);
    let bank = parse_into(text, &mut mistakes);
    match bank {
        Some(bank) if mistakes.is_empty() => Ok(bank),
        Some(_) | None => Err(mistakes.into_sorted()),
    }
}

/// Reads a bank; `None` goes with at least one mistake.
fn parse_into(text: &str, mistakes: &mut Mistakes<'_>) -> Option<Bank> {
    if text.len() > MOST_BYTES {
        let what = format!(
            "The file has {} bytes; a bank has at most {MOST_BYTES}.",
            text.len()
        );
        mistakes.add(None, what, "Is this the right file?");
        return None;
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let why: String = error
                .message()
                .chars()
                .map(|c| if is_hidden(c) { ' ' } else { c })
                .collect();
            let hint = "Texts stand in \"quotes\", each question starts with [[question]].";
            mistakes.add(
                error.span(),
                format!("This is not TOML: {}.", why.trim()),
                hint,
            );
            return None;
        }
    };

    let root = document.as_table();
    let tables = question_tables(root, mistakes);
    let mut fields = Fields::new(root, Some(0..0), "The bank", mistakes);
    fields.refuse_other_keys(&BANK_KEYS);
    let id = fields.id("id", 32);
    let name = fields.text("name", 60);
    let version = fields.number("version", 1..=9999);
    let version = fields.required("version", version);

    let drafts: Vec<Draft> = tables
        .iter()
        .map(|(table, span)| draft(*table, span.clone(), mistakes))
        .collect();
    let musts = check(&drafts, mistakes)?;
    let questions: Option<Vec<Question>> = drafts.into_iter().map(|draft| draft.question).collect();
    Some(Bank::assemble(
        id?,
        name?,
        u32::from(version?),
        questions?,
        musts,
    ))
}

/// A table with where it starts.
type Placed<'a> = (&'a dyn TableLike, Option<Range<usize>>);

/// Returns the tables of the questions, however they are written.
fn question_tables<'a>(root: &'a dyn TableLike, mistakes: &mut Mistakes<'_>) -> Vec<Placed<'a>> {
    let hint = "Start each question with [[question]].";
    let Some(item) = root.get("question") else {
        mistakes.add(None, "The bank has no question.", hint);
        return Vec::new();
    };
    match item {
        Item::ArrayOfTables(tables) => tables
            .iter()
            .map(|table| (table as &dyn TableLike, table.span()))
            .collect(),
        Item::Value(_) | Item::Table(_) | Item::None => {
            let mut found: Vec<Placed<'a>> = Vec::new();
            let Some(array) = item.as_array() else {
                let what = format!("`question` is {}, not a list of questions.", kind_of(item));
                mistakes.add(key_span(root, "question"), what, hint);
                return found;
            };
            for value in array {
                match value.as_inline_table() {
                    Some(table) => found.push((table, value.span())),
                    None => mistakes.add(value.span(), "This is not a question.", hint),
                }
            }
            if array.is_empty() {
                mistakes.add(item.span(), "The bank has no question.", hint);
            }
            found
        }
    }
}

/// Reads one question as far as it goes.
fn draft(table: &dyn TableLike, span: Option<Range<usize>>, mistakes: &mut Mistakes<'_>) -> Draft {
    let mut fields = Fields::new(table, span.clone(), "This question", mistakes);
    fields.refuse_other_keys(&QUESTION_KEYS);
    let id = fields.id("id", 16);
    let text = fields.text("text", 160);
    let short = fields.short();
    let section = fields.word("section", Section::ALL, Section::code, Section::from_code);
    let section = fields.required("section", section);
    let direction = fields.word(
        "direction",
        Direction::ALL,
        Direction::code,
        Direction::from_code,
    );
    let direction = fields.direction(section, direction);
    let weight = fields.number("weight", 1..=3);
    let weight = fields.required("weight", weight);
    let core = fields.flag("core");
    let must = fields.word("must", Must::ALL, Must::code, Must::from_code);
    let knockout = fields.word(
        "knockout",
        Knockout::ALL,
        Knockout::code,
        Knockout::from_code,
    );
    let shelf_days = fields.number("shelf_days", 1..=3650);
    let topic = fields.word("topic", Topic::ALL, Topic::code, Topic::from_code);
    let topic = fields.required("topic", topic);
    let ask = fields.text("ask", 300);
    let counts_as_evidence = fields.optional_text("counts_as_evidence", 300);
    let hard_question = fields.optional_text("hard_question", 300);

    let question = (|| {
        Some(Question {
            id: id.clone()?,
            text: text?,
            short: short?,
            section: section?,
            direction: direction?,
            weight: weight? as u8,
            core: core.ok()?.unwrap_or(false),
            must: must.ok()?,
            knockout: knockout.ok()?.unwrap_or(Knockout::None),
            shelf_days: shelf_days.ok()?.unwrap_or(Question::SHELF_DAYS),
            topic: topic?,
            ask: ask?,
            counts_as_evidence: counts_as_evidence.ok()?.unwrap_or_default(),
            hard_question: hard_question.ok()?,
            told: None,
        })
    })();
    Draft {
        id,
        id_span: table
            .get("id")
            .and_then(Item::span)
            .or_else(|| span.clone()),
        core,
        must,
        must_span: table.get("must").and_then(Item::span).or(span),
        question,
    }
}
