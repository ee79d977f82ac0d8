//! A statement that is carried out for many rows of which most say much the same.

use std::fmt;

use chrono::NaiveDate;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Error};
use serde_json::Value as Json;

use crate::domain::iso::IsoDay;

/// A statement whose parameters stay bound from one row to the next: SQLite copies a text for
/// each binding, so only what differs from the row before is bound again.
pub(super) struct Bound<'c> {
    statement: CachedStatement<'c>,
    /// What each parameter is bound to; at first all are null.
    last: Vec<Value>,
}

impl<'c> Bound<'c> {
    /// Prepares it.
    pub(super) fn prepare(conn: &'c Connection, sql: &str) -> rusqlite::Result<Self> {
        let statement = conn.prepare_cached(sql)?;
        let last = vec![Value::Null; statement.parameter_count()];
        Ok(Self { statement, last })
    }

    /// Carries it out with the values of its parameters, in their order, and returns how many
    /// rows it changed.
    ///
    /// # Errors
    ///
    /// Other than as many values as there are parameters: one left out would keep the value of the
    /// row before.
    pub(super) fn run<'a>(
        &mut self,
        cells: impl IntoIterator<Item = Cell<'a>>,
    ) -> rusqlite::Result<usize> {
        let all = self.last.len();
        let mut given = 0;
        for cell in cells {
            given += 1;
            let Some(last) = self.last.get_mut(given - 1) else {
                return Err(Error::InvalidParameterCount(given, all));
            };
            if !cell.is(last) {
                let value = ToSqlOutput::Borrowed(cell.value());
                self.statement.raw_bind_parameter(given, value)?;
                cell.keep(last);
            }
        }
        if given < all {
            return Err(Error::InvalidParameterCount(given, all));
        }
        self.statement.raw_execute()
    }
}

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound").field("last", &self.last).finish()
    }
}

/// A value as it is written and compared, before it is text.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) enum Cell<'a> {
    /// A blank.
    Nothing,
    /// A text.
    Text(&'a str),
    /// A day, as ISO text.
    Day(IsoDay),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
}

impl<'a> Cell<'a> {
    pub(in crate::store) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    pub(in crate::store) fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Nothing, |day| Self::Day(IsoDay::of(day)))
    }

    pub(in crate::store) fn flag(flag: bool) -> Self {
        Self::Whole(i64::from(flag))
    }

    fn value(&self) -> ValueRef<'_> {
        match self {
            Self::Nothing => ValueRef::Null,
            Self::Whole(whole) => ValueRef::Integer(*whole),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Day(day) => ValueRef::Text(day.as_str().as_bytes()),
        }
    }

    /// Whether it is what was kept.
    fn is(&self, last: &Value) -> bool {
        match (self, last) {
            (Self::Nothing, Value::Null) => true,
            (Self::Whole(whole), Value::Integer(last)) => whole == last,
            (Self::Real(real), Value::Real(last)) => real.to_bits() == last.to_bits(),
            (cell, Value::Text(last)) => cell.as_text() == Some(last),
            (
                Self::Nothing | Self::Whole(_) | Self::Real(_) | Self::Text(_) | Self::Day(_),
                Value::Null | Value::Integer(_) | Value::Real(_) | Value::Blob(_),
            ) => false,
        }
    }

    /// Keeps it, a text in the place of the one before.
    fn keep(&self, last: &mut Value) {
        if let (Value::Text(last), Some(text)) = (&mut *last, self.as_text()) {
            last.clear();
            last.push_str(text);
            return;
        }
        *last = match self {
            Self::Nothing => Value::Null,
            Self::Whole(whole) => Value::Integer(*whole),
            Self::Real(real) => Value::Real(*real),
            Self::Text(text) => Value::Text((*text).to_owned()),
            Self::Day(day) => Value::Text(day.as_str().to_owned()),
        };
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Day(day) => Some(day.as_str()),
            Self::Nothing | Self::Whole(_) | Self::Real(_) => None,
        }
    }

    /// The value as the journal writes it.
    pub(in crate::store) fn to_json(&self) -> Json {
        match self {
            Self::Nothing => Json::Null,
            Self::Text(text) => Json::from(*text),
            Self::Day(day) => Json::from(day.as_str()),
            Self::Whole(whole) => Json::from(*whole),
            Self::Real(real) => Json::from(*real),
        }
    }

    /// Whether a blank, or what stands in a column.
    pub(in crate::store) fn adds_nothing_to(&self, ours: ValueRef<'_>) -> bool {
        match (self, ours) {
            (Self::Nothing, _) => true,
            (Self::Whole(whole), ValueRef::Integer(ours)) => *whole == ours,
            (Self::Real(real), ValueRef::Real(ours)) => (real - ours).abs() < f64::EPSILON,
            (cell, ValueRef::Text(ours)) => cell.as_text().map(str::as_bytes) == Some(ours),
            (
                Self::Text(_) | Self::Day(_) | Self::Whole(_) | Self::Real(_),
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_),
            ) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_and_what_stands_add_nothing() {
        let same = [
            (Cell::Nothing, ValueRef::Text(b"x")),
            (Cell::Text("x"), ValueRef::Text(b"x")),
            (Cell::Whole(5), ValueRef::Integer(5)),
            (Cell::Real(0.5), ValueRef::Real(0.5)),
        ];
        let other = [
            (Cell::Text("x"), ValueRef::Null),
            (Cell::Text("x"), ValueRef::Text(b"y")),
            (Cell::Whole(5), ValueRef::Null),
            (Cell::Real(0.5), ValueRef::Integer(0)),
        ];

        assert!(same.iter().all(|(cell, ours)| cell.adds_nothing_to(*ours)));
        assert!(!other.iter().any(|(cell, ours)| cell.adds_nothing_to(*ours)));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it is about no file of ours")]
    fn a_row_is_written_as_it_is_whatever_the_one_before_was() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t(a, b, c)").unwrap();
        let day = |text: &str| Cell::day(text.parse().ok());
        let rows = [
            [Cell::Text("x"), Cell::Whole(1), Cell::Nothing],
            [Cell::Text("x"), Cell::Real(1.0), day("2026-11-23")],
            [Cell::Nothing, Cell::Real(-0.0), Cell::Text("2026-11-23")],
            [Cell::Text("longer"), Cell::Real(0.0), Cell::Nothing],
            [Cell::Text(""), Cell::Text("0"), Cell::Whole(0)],
        ];

        let mut insert = Bound::prepare(&conn, "INSERT INTO t VALUES(?1, ?2, ?3)").unwrap();
        for row in rows {
            assert_eq!(insert.run(row).unwrap(), 1);
        }
        for few in [2, 4] {
            let cells = (0..few).map(Cell::Whole);
            let refused = insert.run(cells).unwrap_err();
            assert!(
                matches!(refused, Error::InvalidParameterCount(_, 3)),
                "{refused}"
            );
        }

        let mut read = conn
            .prepare("SELECT quote(a) || ' ' || quote(b) || ' ' || quote(c) FROM t")
            .unwrap();
        let written: Vec<String> = read
            .query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(
            written,
            [
                "'x' 1 NULL",
                "'x' 1.0 '2026-11-23'",
                "NULL 0.0 '2026-11-23'",
                "'longer' 0.0 NULL",
                "'' '0' 0",
            ]
        );
    }
}
