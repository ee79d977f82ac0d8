//! The filter language as SQL, and the search by words.
//!
//! A bare word is a prefix of a word in account, title, contact, owner or note, found through
//! the word index; from three letters on also a part of account or title, found through the
//! trigram index. Deals that are not indexed yet are looked through one by one.

use chrono::NaiveDate;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};
use rust_decimal::prelude::ToPrimitive;

use super::error::{Doing, StoreError};
use super::eval::Judge;
use super::list;
use crate::domain::answer::Value as Answered;
use crate::domain::ids::DealId;
use crate::domain::money::{Currency, Money};
use crate::domain::query::{Alternative, Field, Filter, Named, Op, Term, Value, folded};
use crate::domain::signal::{KINDS, Level};
use crate::domain::view::View;

/// Letters from which on a word is also looked for inside words.
const PART: usize = 3;

/// Conditions over `deal d` and `deal_eval e` with the values of their marks.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// All must hold.
    pub clauses: Vec<String>,
    /// The values of `?` marks, in order.
    pub values: Vec<Sql>,
}

/// The words of a text, as the search index cuts it.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|t| !t.is_empty())
}

/// Whether every word of `needle` begins a word of `text`, or the needle stands inside it.
fn has_words(text: &str, needle: &str, inside: bool) -> bool {
    let (text, needle) = (folded(text), folded(needle));
    let mut wanted = tokens(&needle).peekable();
    if inside && needle.chars().count() >= PART && text.contains(needle.as_ref()) {
        return true;
    }
    if wanted.peek().is_none() {
        return text.contains(needle.as_ref());
    }
    wanted.all(|w| tokens(&text).any(|t| t.starts_with(w)))
}

/// Teaches a connection the functions that conditions use.
pub(super) fn teach(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("has_words", 3, flags, |ctx| {
        let text: Option<String> = ctx.get(0)?;
        let needle: String = ctx.get(1)?;
        let inside: bool = ctx.get(2)?;
        Ok(text.is_some_and(|text| has_words(&text, &needle, inside)))
    })?;
    conn.create_scalar_function("major", 2, flags, |ctx| {
        let minor: Option<i64> = ctx.get(0)?;
        let currency: Option<String> = ctx.get(1)?;
        let currency = currency.as_deref().and_then(Currency::parse);
        Ok(minor.and_then(|m| Money::new(m, currency).to_decimal().to_f64()))
    })
}

/// One word as queries of the two search tables; `None` where it has no letter to look for.
fn word_query(word: &str) -> Option<String> {
    let terms: Vec<String> = tokens(word).map(|t| format!("\"{t}\"*")).collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

fn part_query(word: &str) -> Option<String> {
    (word.chars().count() >= PART).then(|| format!("\"{}\"", word.replace('"', "\"\"")))
}

/// The condition that a deal has a word anywhere.
fn anywhere(word: &str, out: &mut Vec<Sql>) -> String {
    let word = folded(word).into_owned();
    let mut ways = Vec::new();
    if let Some(query) = word_query(&word) {
        ways.push("d.id IN (SELECT rowid FROM search_word WHERE search_word MATCH ?)".to_owned());
        out.push(Sql::Text(query));
    }
    if let Some(query) = part_query(&word) {
        ways.push("d.id IN (SELECT rowid FROM search_part WHERE search_part MATCH ?)".to_owned());
        out.push(Sql::Text(query));
    }
    let waiting = "EXISTS(SELECT 1 FROM search_todo t WHERE t.deal = d.id)";
    let scan = if ways.is_empty() { "1" } else { waiting };
    ways.push(format!(
        "({scan} AND (has_words(d.account, ?, 1) OR has_words(d.title, ?, 1)
          OR has_words(d.contact, ?, 0) OR has_words(d.owner, ?, 0)
          OR EXISTS(SELECT 1 FROM note n WHERE n.deal = d.id AND has_words(n.text, ?, 0))))"
    ));
    out.extend(std::iter::repeat_n(Sql::Text(word), 5));
    format!("({})", ways.join(" OR "))
}

/// The condition that a deal is weak at a question: it is the weakest link, or was answered with
/// no, by a person or by the record; of a topic also that a signal of it speaks against the deal.
fn weak(judge: &Judge, word: &str, out: &mut Vec<Sql>) -> String {
    let bank = judge.bank();
    let Some(Named { questions, topic }) = Named::read(word, bank) else {
        return "0".into();
    };
    let mut ways = vec![one_of("e.weakest", questions.clone(), out)];
    for question in &questions {
        ways.push("instr(';' || coalesce(e.recorded, ''), ?) > 0".to_owned());
        out.push(Sql::Text(format!(";{question} {} ", Answered::No.code())));
    }
    out.extend([bank.id(), Answered::No.code()].map(|text| Sql::Text(text.to_owned())));
    let answered = one_of("a.question", questions, out);
    ways.push(format!(
        "EXISTS(SELECT 1 FROM answer a WHERE a.deal = d.id AND a.current = 1 AND a.bank = ?
           AND a.value = ? AND {answered})"
    ));
    for kind in KINDS
        .iter()
        .filter(|kind| topic.is_some() && kind.topic == topic)
    {
        for level in [Level::Red, Level::Amber] {
            ways.push("instr(coalesce(e.signals, ''), ?) > 0".to_owned());
            out.push(Sql::Text(format!(";{} {} open ", kind.code, level.code())));
        }
    }
    format!("(e.deal IS NOT NULL AND ({}))", ways.join(" OR "))
}

fn one_of(column: &str, words: Vec<String>, out: &mut Vec<Sql>) -> String {
    if words.is_empty() {
        return "0".into();
    }
    let marks = vec!["?"; words.len()].join(", ");
    out.extend(words.into_iter().map(Sql::Text));
    format!("{column} IN ({marks})")
}

fn number(value: &Value) -> Sql {
    match value {
        Value::Number(n) => Sql::Real(n.to_f64().unwrap_or(f64::MAX)),
        Value::Length(days) => Sql::Integer(i64::from(*days)),
        Value::Day(day) => Sql::Text(day.to_string()),
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Is => "=",
        Op::Under => "<",
        Op::AtMost => "<=",
        Op::Over => ">",
        Op::AtLeast => ">=",
    }
}

/// Where the value of a field stands.
enum Column {
    /// Text of the deal, looked through word by word.
    Text(&'static str),
    /// A value that is compared as it stands.
    Plain(&'static str),
    /// A value that is worked out from today.
    Today(&'static str),
    /// A question's id.
    Question(&'static str),
    /// Anything else has a condition of its own.
    Own,
}

fn column(field: Field) -> Column {
    match field {
        Field::Owner => Column::Text("d.owner"),
        Field::Account => Column::Text("d.account"),
        Field::Title => Column::Text("d.title"),
        Field::Contact => Column::Text("d.contact"),
        Field::Stage => Column::Text("d.stage"),
        Field::Source => Column::Plain("d.source"),
        Field::Phase => Column::Plain("d.phase"),
        Field::Status => Column::Plain("d.status"),
        Field::Decision => Column::Plain("d.decision"),
        Field::Verdict => Column::Plain("e.verdict"),
        Field::Amount => Column::Plain("major(d.amount, d.currency)"),
        Field::Currency => Column::Plain("d.currency"),
        Field::Close => Column::Plain("d.expected_close"),
        Field::Created => Column::Plain("d.created"),
        Field::Closed => Column::Plain("d.closed"),
        Field::Last => Column::Today("CAST(julianday(?) - julianday(e.last_act) AS INTEGER)"),
        Field::Hours => Column::Plain("e.spent"),
        Field::Stake => Column::Plain("e.at_stake"),
        Field::Rate => Column::Plain("e.per_week"),
        Field::Evidence => Column::Plain("e.evidence"),
        Field::Fit => Column::Plain("e.fit_lo"),
        Field::Coverage => Column::Plain("e.coverage"),
        Field::Weak => Column::Question("e.weakest"),
        Field::Ask => Column::Question("e.ask"),
        Field::Due => Column::Plain("e.due"),
        Field::Sweep => {
            Column::Plain("(SELECT s.word FROM sweep s WHERE s.deal = d.id AND s.current = 1)")
        }
        Field::Id => Column::Plain("d.id"),
        Field::Batch => Column::Plain("d.batch"),
        Field::Tripwire => {
            Column::Plain("(SELECT t.due FROM tripwire t WHERE t.deal = d.id AND t.state = 'set')")
        }
        Field::Core => Column::Plain("(e.core_total - e.core_asked)"),
        Field::Dark
        | Field::Signal
        | Field::Next
        | Field::Cover
        | Field::Money
        | Field::Note
        | Field::View
        | Field::Marked => Column::Own,
    }
}

/// The condition of one way in which a field's term holds.
fn alternative(
    judge: &Judge,
    field: Field,
    way: &Alternative,
    today: NaiveDate,
    me: Option<&str>,
    out: &mut Vec<Sql>,
) -> Result<String, StoreError> {
    let column = column(field);
    if let Column::Own = column {
        return own(field, way, out);
    }
    let (place, is_today) = match column {
        Column::Text(c) | Column::Plain(c) | Column::Question(c) => (c, false),
        Column::Today(c) => (c, true),
        Column::Own => ("0", false),
    };
    let place = |out: &mut Vec<Sql>| {
        if is_today {
            out.push(Sql::Text(today.to_string()));
        }
        place
    };
    Ok(match way {
        Alternative::None => format!("{} IS NULL", place(out)),
        Alternative::Any => format!("{} IS NOT NULL", place(out)),
        Alternative::Me => {
            let Some(me) = me else {
                return Err(StoreError::refused(
                    "nobody said yet which owner of the record you are",
                    "say it once: `walkaway me NAME`, or `:me NAME` in the cockpit",
                ));
            };
            let place = place(out);
            out.push(Sql::Text(me.to_owned()));
            format!("{place} = ?")
        }
        Alternative::Word(word) => match column {
            Column::Text(c) => {
                out.push(Sql::Text(word.clone()));
                format!("has_words({c}, ?, 0)")
            }
            Column::Question(_) if field == Field::Weak => weak(judge, word, out),
            Column::Question(c) => {
                let named = Named::read(word, judge.bank());
                one_of(c, named.map(|n| n.questions).unwrap_or_default(), out)
            }
            Column::Plain(_) | Column::Today(_) | Column::Own => {
                let place = place(out);
                out.push(Sql::Text(word.clone()));
                format!("{place} = ? COLLATE NOCASE")
            }
        },
        Alternative::Choice(word) => {
            let place = place(out);
            out.push(Sql::Text((*word).to_owned()));
            format!("{place} = ?")
        }
        Alternative::Compare(op, value) => {
            let place = place(out);
            out.push(number(value));
            format!("{place} {} ?", sign(*op))
        }
        Alternative::Range(from, to) => {
            let mut parts = Vec::new();
            for (bound, sign) in [(from, ">="), (to, "<=")] {
                if let Some(value) = bound {
                    let place = place(out);
                    out.push(number(value));
                    parts.push(format!("{place} {sign} ?"));
                }
            }
            format!("({})", parts.join(" AND "))
        }
    })
}

/// The condition of a field that has one of its own.
fn own(field: Field, way: &Alternative, out: &mut Vec<Sql>) -> Result<String, StoreError> {
    let word = match way {
        Alternative::Word(word) => word.as_str(),
        Alternative::Choice(word) => word,
        Alternative::None => "none",
        Alternative::Any => "any",
        Alternative::Me | Alternative::Compare(..) | Alternative::Range(..) => "",
    };
    let note = "EXISTS(SELECT 1 FROM note n WHERE n.deal = d.id";
    Ok(match (field, word) {
        (Field::Dark, "yes") => "e.dark = 2".into(),
        (Field::Dark, "quiet") => "e.dark = 1".into(),
        (Field::Dark, "any") => "e.dark > 0".into(),
        (Field::Dark, _) => "coalesce(e.dark, 0) = 0".into(),
        (Field::Signal, "any") => "e.signals IS NOT NULL".into(),
        (Field::Signal, "none") => "e.signals IS NULL".into(),
        (Field::Signal, id) => {
            out.push(Sql::Text(format!(";{} ", folded(id))));
            "instr(e.signals, ?) > 0".into()
        }
        (Field::Next, "yes" | "any") => "d.next_step IS NOT NULL".into(),
        (Field::Next, _) => "d.next_step IS NULL".into(),
        (Field::Money, "bad") => "e.bad_money = 1".into(),
        (Field::Money, _) => "e.bad_money = 0".into(),
        (Field::Note, "any") => format!("{note})"),
        (Field::Note, "none") => format!("NOT {note})"),
        (Field::Note, word) => {
            out.push(Sql::Text(word.to_owned()));
            format!("{note} AND has_words(n.text, ?, 0))")
        }
        (Field::Marked, _) => {
            return Err(StoreError::refused(
                "marks are known to the cockpit alone",
                "leave `marked:` out",
            ));
        }
        (Field::View, word) => View::by_name(word)
            .map_or("0", |view| list::condition(&view))
            .to_owned(),
        (Field::Cover, "yes") => "e.deal IS NOT NULL AND e.cover IS NULL".into(),
        (Field::Cover, "any") => "e.cover IS NOT NULL".into(),
        (Field::Cover, word) => {
            out.push(Sql::Text(word.to_owned()));
            "instr(coalesce(e.cover, ''), ?) > 0".into()
        }
        // Every other field has a column.
        (_, _) => "0".into(),
    })
}

fn term(
    judge: &Judge,
    term: &Term,
    today: NaiveDate,
    me: Option<&str>,
    out: &mut Vec<Sql>,
) -> Result<String, StoreError> {
    let mut ways = Vec::new();
    for way in &term.any {
        ways.push(match (term.field, way) {
            (None, Alternative::Word(word)) => anywhere(word, out),
            (None, _) => "0".into(),
            (Some(field), way) => alternative(judge, field, way, today, me, out)?,
        });
    }
    let holds = format!("({})", ways.join(" OR "));
    Ok(if term.negated {
        format!("NOT coalesce({holds}, 0)")
    } else {
        holds
    })
}

/// Turns a filter into conditions.
pub(super) fn sql(
    judge: &Judge,
    filter: &Filter,
    today: NaiveDate,
    me: Option<&str>,
) -> Result<Conditions, StoreError> {
    filter
        .check(&filter.to_string(), judge.bank())
        .map_err(|e| StoreError::refused(e.what, e.hint.unwrap_or_default()))?;
    let mut conditions = Conditions::default();
    for part in &filter.resolve(today).terms {
        let clause = term(judge, part, today, me, &mut conditions.values)?;
        conditions.clauses.push(clause);
    }
    Ok(conditions)
}

/// The first deals of a search by words, in the order of their numbers: what can be shown while
/// the whole set is still being looked for. Only whole words and their beginnings count here.
pub(super) fn first_hits(
    conn: &Connection,
    filter: &Filter,
    condition: &str,
    limit: usize,
) -> Result<Vec<u32>, StoreError> {
    let mut terms = Vec::new();
    for term in &filter.terms {
        let ways: Vec<String> = term
            .words()
            .filter_map(|word| word_query(&folded(word)))
            .map(|query| format!("({})", query.replace(' ', " AND ")))
            .collect();
        if ways.is_empty() {
            return Ok(Vec::new());
        }
        terms.push(format!("({})", ways.join(" OR ")));
    }
    let sql = format!(
        "SELECT w.rowid FROM search_word w JOIN deal d ON d.id = w.rowid
           LEFT JOIN deal_eval e ON e.deal = d.id
         WHERE search_word MATCH ?1 AND {condition} ORDER BY w.rowid LIMIT ?2"
    );
    conn.prepare_cached(&sql)
        .and_then(|mut s| {
            s.query_map((terms.join(" AND "), limit as i64), |r| {
                r.get(0).map(|id| DealId(id).short())
            })?
            .collect()
        })
        .doing("searching")
}

/// The deals that have all these words, at most `limit`; an exact title, account or external id
/// wins over everything else.
pub(super) fn by_words(
    conn: &Connection,
    words: &str,
    limit: usize,
) -> Result<Vec<DealId>, StoreError> {
    let read = |sql: &str, values: &[Sql]| -> Result<Vec<DealId>, StoreError> {
        conn.prepare_cached(sql)
            .and_then(|mut s| {
                s.query_map(params_from_iter(values), |r| r.get(0).map(DealId))?
                    .collect()
            })
            .doing("searching")
    };
    let exact = read(
        "SELECT id FROM deal WHERE external_id = ?1 OR title = ?1 COLLATE NOCASE
           OR account = ?1 COLLATE NOCASE ORDER BY id LIMIT ?2",
        &[Sql::Text(words.to_owned()), Sql::Integer(limit as i64)],
    )?;
    if !exact.is_empty() {
        return Ok(exact);
    }
    let mut values = Vec::new();
    let clauses: Vec<String> = words
        .split_whitespace()
        .map(|word| anywhere(word, &mut values))
        .collect();
    if clauses.is_empty() {
        return Ok(Vec::new());
    }
    values.push(Sql::Integer(limit as i64));
    read(
        &format!(
            "SELECT d.id FROM deal d WHERE {} ORDER BY d.id LIMIT ?",
            clauses.join(" AND ")
        ),
        &values,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_words_and_parts_stand_inside() {
        assert!(has_words("Northwind Traders", "trad north", false));
        assert!(!has_words("Northwind Traders", "wind", false));
        assert!(has_words("Northwind Traders", "wind", true));
        assert!(!has_words("Northwind Traders", "in", true));
        assert!(has_words("Müller & Söhne", "muller sohne", false));
        assert!(has_words("AT&T", "&", false));
    }

    #[test]
    fn search_text_is_quoted_for_the_index() {
        assert_eq!(word_query("co-term"), Some("\"co\"* \"term\"*".into()));
        assert_eq!(word_query("&"), None);
        assert_eq!(part_query("ab"), None);
        assert_eq!(part_query("a\"bc"), Some("\"a\"\"bc\"".into()));
    }
}
