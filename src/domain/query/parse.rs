//! Reading of filters.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::super::locale::DayOrder;
use super::super::money::{Currency, parse_number};
use super::super::signal::{KINDS, SignalId};
use super::super::when::{Day, Unit};
use super::choice::choose;
use super::word::nearest;
use super::{Alternative, FIELDS, Field, Filter, Kind, Op, Term, Value};

/// Longest filter, in bytes.
const LONGEST: usize = 4_096;

/// Largest number that a filter compares with.
const LARGEST: i64 = 1_000_000_000_000_000;

/// Digits that are kept after the decimal mark of a number.
const PLACES: u32 = 6;

/// A mistake in a filter, and its place.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what} at column {column}{}", .hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default())]
pub struct FilterError {
    /// The byte at which it starts; lies on a character.
    pub at: usize,
    /// The character at which it starts, counted from 1.
    pub column: usize,
    /// What is wrong, in one clause.
    pub what: String,
    /// What to write instead, if that is known.
    pub hint: Option<String>,
}

/// Reads a filter; see [`Filter::parse`].
pub(super) fn filter(text: &str, order: DayOrder) -> Result<Filter, FilterError> {
    let mut reader = Reader { text, at: 0, order };
    if text.len() > LONGEST {
        let hint = "save parts of it as views".to_owned();
        return Err(reader.error(0, "this filter is too long", Some(hint)));
    }
    let mut terms = Vec::new();
    loop {
        reader.skip_spaces();
        if reader.rest().is_empty() {
            return Ok(Filter { terms });
        }
        terms.push(reader.term()?);
    }
}

/// Text and how far it was read.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    order: DayOrder,
}

/// A word and how it was written.
struct Word {
    at: usize,
    text: String,
    /// It has quotes, and so is no keyword.
    quoted: bool,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len() } else { 0 };
        found
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn error(&self, at: usize, what: impl Into<String>, hint: Option<String>) -> FilterError {
        let column = self.text[..at].chars().count() + 1;
        FilterError {
            at,
            column,
            what: what.into(),
            hint,
        }
    }

    fn term(&mut self) -> Result<Term, FilterError> {
        let start = self.at;
        let negated = self.takes("-");
        if negated && self.peek().is_none_or(char::is_whitespace) {
            let hint = "write it before a term: -dark:yes".to_owned();
            return Err(self.error(start, "there is nothing to leave out", Some(hint)));
        }
        let field = self.field()?;
        let mut any = Vec::new();
        loop {
            let alternative = match field {
                Some(field) => self.alternative(field, &any)?,
                None => Alternative::Word(self.word("a word is missing")?.text),
            };
            any.push(alternative);
            if !self.takes(",") {
                return Ok(Term {
                    negated,
                    field,
                    any,
                });
            }
        }
    }

    /// Reads a name and the sign after it, if that is what stands here. Of the signs only `:` is
    /// taken: the others belong to the first alternative.
    fn field(&mut self) -> Result<Option<Field>, FilterError> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '_');
        let name = &rest[..length.unwrap_or(rest.len())];
        if name.is_empty() || !rest[name.len()..].starts_with([':', '<', '>', '=']) {
            return Ok(None);
        }
        let Some(field) = Field::parse(name) else {
            let near = nearest(name, FIELDS.iter().map(|entry| entry.name));
            let hint = near.map_or_else(
                || "put it in quotes to look for it as a word".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(self.error(self.at, format!("no field is called `{name}`"), Some(hint)));
        };
        self.at += name.len();
        self.takes(":");
        Ok(Some(field))
    }

    fn op(&mut self) -> Option<Op> {
        let ops = [
            (">=", Op::AtLeast),
            ("<=", Op::AtMost),
            (">", Op::Over),
            ("<", Op::Under),
            ("=", Op::Is),
        ];
        ops.into_iter()
            .find(|(sign, _)| self.takes(sign))
            .map(|(_, op)| op)
    }

    /// Reads a word up to a space or comma outside quotes.
    fn word(&mut self, missing: &str) -> Result<Word, FilterError> {
        let at = self.at;
        let mut text = String::new();
        let mut quoted = false;
        while let Some(c) = self.peek() {
            if c == ',' || c.is_whitespace() {
                break;
            }
            self.at += c.len_utf8();
            if c == '"' {
                quoted = true;
                self.quoted(&mut text)?;
            } else {
                text.push(c);
            }
        }
        if text.trim().is_empty() {
            return Err(self.error(at, missing, None));
        }
        Ok(Word { at, text, quoted })
    }

    /// Reads the rest of a quoted text into `text`; the first quote was read.
    fn quoted(&mut self, text: &mut String) -> Result<(), FilterError> {
        let open = self.at - 1;
        let mut escaped = false;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                '"' | '\\' if escaped => text.push(c),
                '"' => return Ok(()),
                '\\' => {
                    escaped = true;
                    continue;
                }
                c => {
                    if escaped {
                        text.push('\\');
                    }
                    text.push(c);
                }
            }
            escaped = false;
        }
        let hint = "end it with another \"".to_owned();
        Err(self.error(open, "this quote is never closed", Some(hint)))
    }

    fn alternative(
        &mut self,
        field: Field,
        before: &[Alternative],
    ) -> Result<Alternative, FilterError> {
        let start = self.at;
        let op = self.op();
        let word = self
            .word("a value is missing")
            .map_err(|error| FilterError {
                hint: error
                    .hint
                    .or_else(|| Some(format!("for example {}", field.entry().example))),
                ..error
            })?;
        let ordered = match field.kind() {
            Kind::Number { .. } | Kind::Amount | Kind::Length | Kind::Day(_) => true,
            Kind::Text | Kind::Person | Kind::Key | Kind::Code | Kind::Choice(_) => false,
        };
        if !ordered && op.is_some_and(|op| op != Op::Is) {
            let hint = format!("write {field}:word");
            return Err(self.error(start, format!("`{field}` has no more or less"), Some(hint)));
        }
        if !word.quoted && op.is_none() {
            match word.text.to_ascii_lowercase().as_str() {
                "none" => return Ok(Alternative::None),
                "any" => return Ok(Alternative::Any),
                "me" if field.kind() == Kind::Person => return Ok(Alternative::Me),
                _ => {}
            }
        }
        if ordered {
            return self.measure(field, op, &word, before);
        }
        self.named(field, word)
    }

    /// Reads a value that is a word.
    fn named(&self, field: Field, word: Word) -> Result<Alternative, FilterError> {
        match field.kind() {
            Kind::Choice(choices) => {
                if let Some(choice) = choose(choices, &word.text) {
                    return Ok(Alternative::Choice(choice));
                }
                let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
                let hint = nearest(&word.text, words.iter().copied()).map_or_else(
                    || format!("write one of {}", words.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let what = format!("`{field}` has no value `{}`", word.text);
                Err(self.error(word.at, what, Some(hint)))
            }
            Kind::Code => {
                if let Some(currency) = Currency::parse(&word.text) {
                    return Ok(Alternative::Word(currency.to_string()));
                }
                let hint = "write its three letters: EUR".to_owned();
                Err(self.error(word.at, "this is no currency", Some(hint)))
            }
            Kind::Key if field == Field::Signal => self.signal(&word),
            Kind::Text
            | Kind::Person
            | Kind::Key
            | Kind::Number { .. }
            | Kind::Amount
            | Kind::Length
            | Kind::Day(_) => Ok(Alternative::Word(word.text)),
        }
    }

    /// Reads the name of a signal.
    fn signal(&self, word: &Word) -> Result<Alternative, FilterError> {
        let code = word.text.trim().to_lowercase().replace(['_', ' '], "-");
        if SignalId::from_code(&code).is_some() {
            return Ok(Alternative::Word(code));
        }
        let hint = nearest(&code, KINDS.iter().map(|kind| kind.code)).map_or_else(
            || {
                let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
                format!("write one of {}", codes.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        );
        let what = format!("no signal is called `{}`", word.text);
        Err(self.error(word.at, what, Some(hint)))
    }

    /// Reads a value that has more and less: one, or a range.
    fn measure(
        &self,
        field: Field,
        op: Option<Op>,
        word: &Word,
        before: &[Alternative],
    ) -> Result<Alternative, FilterError> {
        self.check_grouping(field, op, word, before)?;
        let Some((from, to)) = word.text.split_once("..") else {
            let value = self.value(field, word.at, &word.text)?;
            return Ok(Alternative::Compare(op.unwrap_or(Op::Is), value));
        };
        if op.is_some() {
            let hint = format!("write {field}:{}", word.text);
            return Err(self.error(word.at, "a range takes no sign before it", Some(hint)));
        }
        if from.is_empty() && to.is_empty() {
            return Err(self.error(word.at, "this range has no end", None));
        }
        // With quotes inside, the place of the second end is not where the text has it.
        let to_at = if word.quoted {
            word.at
        } else {
            word.at + from.len() + 2
        };
        let end = |at, text: &str| {
            if text.is_empty() {
                Ok(None)
            } else {
                self.value(field, at, text).map(Some)
            }
        };
        Ok(Alternative::Range(end(word.at, from)?, end(to_at, to)?))
    }

    /// Refuses `amount>48,000`: here a comma means or, and the term would mean something that
    /// nobody wants.
    fn check_grouping(
        &self,
        field: Field,
        op: Option<Op>,
        word: &Word,
        before: &[Alternative],
    ) -> Result<(), FilterError> {
        let three = word.text.len() == 3 && word.text.bytes().all(|b| b.is_ascii_digit());
        let after_number = matches!(
            before.last(),
            Some(Alternative::Compare(_, Value::Number(_)))
        );
        if field != Field::Amount || op.is_some() || !three || !after_number {
            return Ok(());
        }
        let hint = "write 48000, 48k or \"48,000\"".to_owned();
        Err(self.error(word.at - 1, "a comma means or, not thousands", Some(hint)))
    }

    fn value(&self, field: Field, at: usize, text: &str) -> Result<Value, FilterError> {
        let no_number = || {
            let hint = format!("for example {}", field.entry().example);
            self.error(at, format!("`{text}` is no number"), Some(hint))
        };
        match field.kind() {
            Kind::Number { sign } => {
                let digits = sign
                    .and_then(|sign| text.strip_suffix(sign))
                    .unwrap_or(text);
                plain_number(digits)
                    .map(Value::Number)
                    .ok_or_else(no_number)
            }
            Kind::Amount => parse_number(text, 2)
                .ok()
                .and_then(bounded)
                .map(Value::Number)
                .ok_or_else(|| {
                    let hint = "write 48000, 50k or 1.2m".to_owned();
                    self.error(at, format!("`{text}` is no amount"), Some(hint))
                }),
            Kind::Length => length(text, self.order).map(Value::Length).ok_or_else(|| {
                let hint = "write days or weeks: 30, 2w".to_owned();
                self.error(at, format!("`{text}` is no number of days"), Some(hint))
            }),
            Kind::Day(_) => Day::parse(text, self.order)
                .map(Value::Day)
                .map_err(|error| {
                    let words = error.to_string();
                    let (what, hint) = words.split_once("; ").unwrap_or((&words, ""));
                    let hint = (!hint.is_empty()).then(|| hint.to_owned());
                    self.error(at, what, hint)
                }),
            Kind::Text | Kind::Person | Kind::Key | Kind::Code | Kind::Choice(_) => {
                Err(no_number())
            }
        }
    }
}

/// Reads a number as commands write it: a sign, digits, a dot.
fn plain_number(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let known = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let edges = digits.starts_with(|c: char| c.is_ascii_digit()) && !digits.ends_with('.');
    if !known || !edges || digits.len() > 24 {
        return None;
    }
    Decimal::from_str(text).ok().and_then(bounded)
}

fn bounded(number: Decimal) -> Option<Decimal> {
    let number = number.round_dp(PLACES).normalize();
    (number.abs() <= Decimal::from(LARGEST)).then(|| {
        if number.is_zero() {
            Decimal::ZERO
        } else {
            number
        }
    })
}

/// Reads a number of days, or of longer units: `30`, `30d`, `2w`.
fn length(text: &str, order: DayOrder) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let days = text.parse().ok()?;
        return (days <= 36_525).then_some(days);
    }
    match Day::parse(text, order).ok()? {
        Day::Span { count, unit } => Some(count * Unit::days(unit)),
        Day::On(_)
        | Day::Offset { .. }
        | Day::Weekday { .. }
        | Day::MonthDay { .. }
        | Day::EndOf(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, Weekday};
    use proptest::prelude::*;

    use super::super::super::when::{Stretch, Which};
    use super::*;

    fn read(text: &str) -> Result<Filter, FilterError> {
        Filter::parse(text, DayOrder::DayFirst)
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    fn only_term(text: &str) -> Term {
        let filter = read(text).unwrap();
        assert_eq!(filter.terms.len(), 1, "{text}");
        filter.terms.into_iter().next().unwrap()
    }

    #[test]
    fn the_filter_of_the_manual_is_read() {
        let filter = read("owner:me dark:yes amount>50k").unwrap();

        let alternatives: Vec<_> = filter
            .terms
            .iter()
            .map(|term| term.any[0].clone())
            .collect();
        let expected = [
            Alternative::Me,
            Alternative::Choice("yes"),
            Alternative::Compare(Op::Over, number("50000")),
        ];
        assert_eq!(alternatives, expected);
    }

    #[test]
    fn each_form_is_written_in_its_own_way() {
        let cases = [
            ("", ""),
            ("  north   acme ", "north acme"),
            ("\"two words\"", "\"two words\""),
            ("-acme,contoso", "-acme,contoso"),
            ("10:30", "\"10:30\""),
            ("OWNER:Ana", "owner:Ana"),
            ("owner:me,none", "owner:me,none"),
            ("owner:\"me\"", "owner:\"me\""),
            (
                "account:\"Trey Research\",Contoso",
                "account:\"Trey Research\",Contoso",
            ),
            ("account=Contoso", "account:Contoso"),
            ("verdict:no", "verdict:get_to_no"),
            ("due:any", "due:any"),
            ("cover:no_start", "cover:no_start"),
            ("currency:eur,usd", "currency:EUR,USD"),
            ("amount>50k", "amount>50000"),
            ("amount:>50k", "amount>50000"),
            ("amount=1.2m", "amount:1200000"),
            ("amount:10k..50k", "amount:10000..50000"),
            ("amount:\"48,000\"", "amount:48000"),
            ("amount:none", "amount:none"),
            ("amount:>50k,none", "amount>50000,none"),
            ("amount<5k,>50k", "amount<5000,>50000"),
            ("evidence<-1.5", "evidence<-1.5"),
            ("evidence:-3..-1", "evidence:-3..-1"),
            ("fit>=50%", "fit>=50"),
            ("hours>20h", "hours>20"),
            ("last>2w", "last>14"),
            ("last:10..", "last:10.."),
            ("close<+30d", "close<+30d"),
            ("close:..eoq", "close:..eoq"),
            ("close<\"12 dec\"", "close<12dec"),
            ("close:next-fri", "close:next-fri"),
            ("close<31.12.2026", "close<2026-12-31"),
            ("tripwire<=eow", "tripwire<=eow"),
            ("id:7,112", "id:7,112"),
            ("amount:48,=100,5000", "amount:48,=100,=5000"),
            ("-dark:quiet", "-dark:quiet"),
        ];
        for (text, written) in cases {
            let filter = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(filter.to_string(), written, "{text}");
        }
    }

    #[test]
    fn quotes_keep_their_marks() {
        assert_eq!(
            only_term(r#""say \"no\" \\ \n""#).any,
            [Alternative::Word(r#"say "no" \ \n"#.into())]
        );
        assert_eq!(
            only_term(r#"tr"ey re"s"#).any,
            [Alternative::Word("trey res".into())]
        );
    }

    #[test]
    fn mistakes_are_named_at_their_place() {
        let cases = [
            (
                "ownr:ana",
                1,
                "no field is called `ownr`",
                "did you mean `owner`?",
            ),
            (
                "é ownr:ana",
                3,
                "no field is called `ownr`",
                "did you mean `owner`?",
            ),
            (
                "http://x",
                1,
                "no field is called `http`",
                "put it in quotes to look for it as a word",
            ),
            (
                "dark:yse",
                6,
                "`dark` has no value `yse`",
                "did you mean `yes`?",
            ),
            (
                "status:zzzz",
                8,
                "`status` has no value `zzzz`",
                "write one of open, won, lost, removed",
            ),
            ("owner:", 7, "a value is missing", "for example owner:me"),
            (
                "owner:ana,",
                11,
                "a value is missing",
                "for example owner:me",
            ),
            ("a, b", 3, "a word is missing", ""),
            (
                "- x",
                1,
                "there is nothing to leave out",
                "write it before a term: -dark:yes",
            ),
            (
                "acme \"two",
                6,
                "this quote is never closed",
                "end it with another \"",
            ),
            (
                "stage>3",
                6,
                "`stage` has no more or less",
                "write stage:word",
            ),
            (
                "amount>lots",
                8,
                "`lots` is no amount",
                "write 48000, 50k or 1.2m",
            ),
            (
                "amount>48,000",
                10,
                "a comma means or, not thousands",
                "write 48000, 48k or \"48,000\"",
            ),
            (
                "amount:>1..2",
                9,
                "a range takes no sign before it",
                "write amount:1..2",
            ),
            ("amount:..", 8, "this range has no end", ""),
            (
                "amount:1..x",
                11,
                "`x` is no amount",
                "write 48000, 50k or 1.2m",
            ),
            ("hours>1,5x", 9, "`5x` is no number", "for example hours>20"),
            (
                "last>soon",
                6,
                "`soon` is no number of days",
                "write days or weeks: 30, 2w",
            ),
            (
                "close<soon",
                7,
                "this is no day",
                "write fri, +2w, 12 dec or 2026-12-12",
            ),
            ("close<\"31 feb\"", 7, "the calendar has no such day", ""),
            (
                "currency:euro",
                10,
                "this is no currency",
                "write its three letters: EUR",
            ),
        ];
        for (text, column, what, hint) in cases {
            let error = read(text).unwrap_err();
            assert_eq!(
                (error.column, error.what.as_str()),
                (column, what),
                "{text}"
            );
            assert_eq!(error.hint.unwrap_or_default(), hint, "{text}");
        }
    }

    #[test]
    fn an_error_reads_as_a_sentence() {
        let text = read("ownr:ana").unwrap_err().to_string();

        assert_eq!(
            text,
            "no field is called `ownr` at column 1; did you mean `owner`?"
        );
    }

    #[test]
    fn a_filter_beyond_all_reason_is_refused() {
        assert_eq!(
            read(&"a ".repeat(3_000)).unwrap_err().what,
            "this filter is too long"
        );
    }

    fn word() -> impl Strategy<Value = String> {
        let odd = "[-a-z:,<>=\"\\\\ .]{1,6}|me|none|any|[A-Zé中 ]{1,4}|\\PC{1,5}";
        odd.prop_filter("words have letters", |word: &String| {
            !word.trim().is_empty()
        })
    }

    fn day() -> impl Strategy<Value = Day> {
        let unit = proptest::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]);
        let span = (1u32..90, unit.clone()).prop_map(|(count, unit)| Day::Span { count, unit });
        let offset = (-90i32..90, unit).prop_map(|(count, unit)| {
            if count == 0 {
                Day::TODAY
            } else {
                Day::Offset { count, unit }
            }
        });
        let date = (1900i32..3000, 1u32..366)
            .prop_map(|(year, day)| Day::On(NaiveDate::from_yo_opt(year, day).unwrap()));
        let which = proptest::sample::select(vec![Which::Nearest, Which::Next, Which::Last]);
        let weekday = (0u8..7, which).prop_map(|(day, which)| Day::Weekday {
            day: Weekday::try_from(day).unwrap(),
            which,
        });
        let month_day = (1u32..13, 1u32..30).prop_map(|(month, day)| Day::MonthDay { month, day });
        let end = proptest::sample::select(vec![
            Stretch::Week,
            Stretch::Month,
            Stretch::Quarter,
            Stretch::Year,
        ]);
        prop_oneof![
            span,
            offset,
            date,
            weekday,
            month_day,
            end.prop_map(Day::EndOf)
        ]
    }

    fn value(kind: Kind) -> BoxedStrategy<Value> {
        match kind {
            Kind::Day(_) => day().prop_map(Value::Day).boxed(),
            Kind::Length => (0u32..36_525).prop_map(Value::Length).boxed(),
            Kind::Text
            | Kind::Person
            | Kind::Key
            | Kind::Code
            | Kind::Choice(_)
            | Kind::Number { .. }
            | Kind::Amount => (-1_000_000_000_000i64..1_000_000_000_000, 0u32..7)
                .prop_map(|(n, scale)| Value::Number(Decimal::new(n, scale).normalize()))
                .boxed(),
        }
    }

    fn alternative(field: Option<Field>) -> BoxedStrategy<Alternative> {
        let special = prop_oneof![Just(Alternative::None), Just(Alternative::Any)];
        let text = || word().prop_map(Alternative::Word);
        match field.map(Field::kind) {
            None => text().boxed(),
            Some(Kind::Key) if field == Some(Field::Signal) => {
                let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
                let code = proptest::sample::select(codes);
                let code = code.prop_map(|code| Alternative::Word(code.to_owned()));
                prop_oneof![4 => code, 1 => special].boxed()
            }
            Some(Kind::Text | Kind::Key) => prop_oneof![4 => text(), 1 => special].boxed(),
            Some(Kind::Person) => {
                prop_oneof![4 => text(), 1 => special, 1 => Just(Alternative::Me)].boxed()
            }
            Some(Kind::Code) => "[A-Z]{3}".prop_map(Alternative::Word).boxed(),
            Some(Kind::Choice(choices)) => {
                let choice = proptest::sample::select(choices);
                prop_oneof![4 => choice.prop_map(|c| Alternative::Choice(c.word)), 1 => special]
                    .boxed()
            }
            Some(kind @ (Kind::Number { .. } | Kind::Amount | Kind::Length | Kind::Day(_))) => {
                let op = proptest::sample::select(vec![
                    Op::Is,
                    Op::Under,
                    Op::AtMost,
                    Op::Over,
                    Op::AtLeast,
                ]);
                let compare = (op, value(kind)).prop_map(|(op, v)| Alternative::Compare(op, v));
                let range = (value(kind), value(kind), 0u8..3).prop_map(|(from, to, open)| {
                    Alternative::Range((open != 1).then_some(from), (open != 2).then_some(to))
                });
                prop_oneof![4 => compare, 2 => range, 1 => special].boxed()
            }
        }
    }

    fn any_filter() -> impl Strategy<Value = Filter> {
        let field = proptest::option::weighted(0.8, proptest::sample::select(&FIELDS[..]));
        let term = (any::<bool>(), field).prop_flat_map(|(negated, entry)| {
            let field = entry.map(|entry| entry.field);
            proptest::collection::vec(alternative(field), 1..4).prop_map(move |any| Term {
                negated,
                field,
                any,
            })
        });
        proptest::collection::vec(term, 0..5).prop_map(|terms| Filter { terms })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(filter in any_filter()) {
            let written = filter.to_string();
            for order in [DayOrder::DayFirst, DayOrder::MonthFirst] {
                prop_assert_eq!(Filter::parse(&written, order), Ok(filter.clone()), "{}", &written);
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}", likely in "(-?(amount|close|last|dark|owner)?[:<>=]{0,2}[-+0-9a-z.,\"\\\\ ]{0,8}){0,3}") {
            for text in [text, likely] {
                match read(&text) {
                    Ok(filter) => {
                        let written = filter.to_string();
                        prop_assert_eq!(read(&written), Ok(filter), "{}", written);
                    }
                    Err(error) => prop_assert!(text.is_char_boundary(error.at)),
                }
            }
        }
    }
}
