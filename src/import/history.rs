//! The earlier values of deals: moves of stage, amount and close date with their own days.
//!
//! Some tables tell the old value beside the new one. Others tell what a field was from a moment
//! on: there a move is the difference between two rows of a deal, so all rows of such a file are
//! kept, forty bytes each, until its end.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::activity::NO_TIME;
use super::field::Field;
use super::frame::No;
use super::reading::Read;
use super::roots;
use super::sheet::{Row, Sheet};
use super::text;
use super::values::amounts::{self, Mark};
use super::values::dates;
use super::values::times::When;
use crate::store::{Belongs, IncomingMove, Part, PartKind};

/// The fields whose moves are facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Followed {
    Stage,
    Amount,
    Close,
}

impl Followed {
    /// Its word in a move.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Amount => "amount",
            Self::Close => "expected_close",
        }
    }

    /// Reads the name of a field by its words, in the languages of the users.
    fn by_words(name: &str) -> Option<Self> {
        let field = roots::guess(name)?.field;
        if matches!(field, Field::Stage | Field::Status) {
            Some(Self::Stage)
        } else if field == Field::Amount {
            Some(Self::Amount)
        } else if matches!(field, Field::ExpectedClose | Field::CloseDate) {
            Some(Self::Close)
        } else {
            None
        }
    }

    /// Reads the name of a field, as the CRMs write it.
    fn of(name: &str) -> Option<Self> {
        let key = text::key(name);
        let key = key.strip_prefix("opportunity").unwrap_or(&key);
        let key = key.strip_prefix("deal").unwrap_or(key);
        match key {
            "stage" | "stagename" | "salesstage" | "stageid" | "statuslabel" | "status" => {
                Some(Self::Stage)
            }
            "amount" | "value" | "revenue" | "estrevenue" | "expectedrevenue" => Some(Self::Amount),
            "closedate" | "closingdate" | "expectedclose" | "expectedclosedate"
            | "estclosedate" | "dateclosed" | "expectedclosing" | "datedeadline" => {
                Some(Self::Close)
            }
            _ => Self::by_words(name),
        }
    }
}

/// What a row of history tells.
pub(crate) enum Told {
    /// A move with what was before; or any other part that needs no other rows.
    Part(Box<Part>),
    /// What fields were from a moment on.
    States {
        belongs: Belongs,
        when: When,
        states: Vec<(Followed, String)>,
        /// What one of them was until then.
        before: Option<(Followed, String)>,
    },
}

/// Reads a row.
pub(crate) fn read(row: &Row<'_>, place: (usize, u64, u64)) -> Result<Told, No> {
    if row.flag(Field::Deleted) == Some(true) {
        return Err(No::Skip("it is deleted in the CRM".to_owned()));
    }
    let belongs = row.belongs(None, &[]);
    if belongs.deals.is_empty() && belongs.deal_name.is_none() {
        return Err(No::Skip("it names no deal".to_owned()));
    }
    let when = match row.when(Field::At)? {
        Some(when) => when,
        None => match row.when(Field::Created)? {
            Some(when) => when,
            None => return Err(No::Refuse(None, NO_TIME.to_owned())),
        },
    };
    let sheet = row.sheet;
    let moves = |field: Followed, old: Option<String>, new: Option<String>| {
        let one = IncomingMove {
            field: field.word(),
            day: when.day(sheet.zone),
            old,
            new,
        };
        let is_move = one.old != one.new;
        Told::Part(Box::new(Part {
            source: Arc::clone(&sheet.file.frame.source),
            belongs: belongs.clone(),
            kind: PartKind::Moves(if is_move { vec![one] } else { Vec::new() }),
            place,
        }))
    };
    if let Some(name) = row.line(Field::FieldName) {
        let Some(field) = Followed::of(&name) else {
            return Err(No::Skip(
                "it is about a field that is not followed".to_owned(),
            ));
        };
        let value = |column| row.line(column).map(|text| uniform(row, field, &text));
        if sheet.has(Field::OldValue) {
            return Ok(moves(field, value(Field::OldValue), value(Field::NewValue)));
        }
        let Some(new) = value(Field::NewValue) else {
            return Err(No::Skip("it has no value".to_owned()));
        };
        return Ok(Told::States {
            belongs,
            when,
            states: vec![(field, new)],
            before: None,
        });
    }
    let has_states = sheet.has(Field::Amount) || sheet.has(Field::CloseDate);
    let stage = |column| {
        row.line(column)
            .map(|text| uniform(row, Followed::Stage, &text))
    };
    if sheet.has(Field::OldStage) && !has_states {
        return Ok(moves(
            Followed::Stage,
            stage(Field::OldStage),
            stage(Field::Stage),
        ));
    }
    let columns = [
        (Followed::Stage, Field::Stage),
        (Followed::Amount, Field::Amount),
        (Followed::Close, Field::CloseDate),
    ];
    let states: Vec<_> = columns
        .into_iter()
        .filter_map(|(field, column)| Some((field, uniform(row, field, row.raw(column)?))))
        .collect();
    if states.is_empty() {
        return Err(No::Skip("it has no value".to_owned()));
    }
    Ok(Told::States {
        belongs,
        when,
        states,
        before: stage(Field::OldStage).map(|old| (Followed::Stage, old)),
    })
}

/// A value in the form in which a deal's own stands: a stage's name, minor units, an ISO day.
fn uniform(row: &Row<'_>, field: Followed, text: &str) -> String {
    let slot = |column| {
        row.sheet
            .file
            .frame
            .slots
            .iter()
            .find(|s| s.field == column)
    };
    let plain = || text::clean(super::sheet::cut(text, 1000), 1000, text::Lines::One).into_owned();
    match field {
        Followed::Stage => match row.lookups.stage(text) {
            Some(stage) if !stage.label.is_empty() => stage.label.clone(),
            Some(_) | None => plain(),
        },
        Followed::Amount => {
            let mark = match slot(Field::Amount) {
                Some(slot) if let Read::Amount(mark) = slot.read => mark,
                Some(_) | None => {
                    // Old values of all fields stand in one column: a cell speaks for itself.
                    let mut alone = amounts::Tally::default();
                    alone.add(text);
                    alone.proven().unwrap_or(Mark::Dot)
                }
            };
            let currency = row
                .line(Field::Currency)
                .and_then(|text| amounts::currency(&text))
                .or(row.sheet.file.frame.currency);
            amounts::read_in(text, mark, currency, row.sheet.file.frame.scale)
                .map_or_else(|_| plain(), |amount| amount.minor.to_string())
        }
        Followed::Close => {
            let order = match slot(Field::CloseDate) {
                Some(slot) if let Read::Day(order) = slot.read => order,
                Some(_) | None => row.sheet.order(),
            };
            match dates::read(text, order) {
                Ok(Some(day)) => day.to_string(),
                Ok(None) | Err(_) => plain(),
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Entry {
    deal: u32,
    field: Followed,
    at: i64,
    row: u32,
    /// Whether it is what was until then.
    is_before: bool,
    value: u32,
    day: i32,
}

/// The rows of a file that tell what fields were, until its end.
#[derive(Default)]
pub(crate) struct Book {
    entries: Vec<Entry>,
    deals: Vec<Belongs>,
    known_deals: HashMap<Belongs, u32>,
    values: Vec<String>,
    known_values: HashMap<String, u32>,
    /// The place of each row, and its deal.
    rows: Vec<((usize, u64, u64), u32)>,
}

impl Book {
    /// Notes a row.
    pub(crate) fn add(
        &mut self,
        sheet: &Sheet,
        place: (usize, u64, u64),
        belongs: Belongs,
        when: When,
        states: Vec<(Followed, String)>,
        before: Option<(Followed, String)>,
    ) {
        let deals = &mut self.deals;
        let deal = *self.known_deals.entry(belongs).or_insert_with_key(|key| {
            deals.push(key.clone());
            (deals.len() - 1) as u32
        });
        let row = self.rows.len() as u32;
        self.rows.push((place, deal));
        let day = when.day(sheet.zone);
        let at = match when {
            When::Day(day) => day.and_time(NaiveTime::MIN).and_utc().timestamp(),
            When::At(at) => at.timestamp(),
        };
        let before = before.into_iter().map(|state| (state, true));
        let all = before.chain(states.into_iter().map(|state| (state, false)));
        for ((field, value), is_before) in all {
            let values = &mut self.values;
            let value = *self.known_values.entry(value).or_insert_with_key(|key| {
                values.push(key.clone());
                (values.len() - 1) as u32
            });
            self.entries.push(Entry {
                deal,
                field,
                at,
                row,
                is_before,
                value,
                day: day.num_days_from_ce(),
            });
        }
    }

    /// Returns a part for each row, in their order, with the moves that it tells of.
    pub(crate) fn parts(mut self, source: &Arc<str>) -> impl Iterator<Item = Part> + use<> {
        self.entries
            .sort_unstable_by_key(|e| (e.deal, e.field, e.at, e.row, !e.is_before));
        let mut moves: Vec<(u32, Followed, i32, u32, u32)> = Vec::new();
        for pair in self.entries.windows(2) {
            let [before, after] = pair else { continue };
            let is_same = (before.deal, before.field) == (after.deal, after.field);
            if is_same && before.value != after.value && !after.is_before {
                moves.push((after.row, after.field, after.day, before.value, after.value));
            }
        }
        self.entries = Vec::new();
        moves.sort_unstable();
        let source = Arc::clone(source);
        let mut next = 0;
        let Self {
            rows,
            deals,
            values,
            ..
        } = self;
        rows.into_iter()
            .enumerate()
            .map(move |(row, (place, deal))| {
                let mut told = Vec::new();
                while let Some((of, field, day, old, new)) = moves.get(next).copied()
                    && of as usize == row
                {
                    next += 1;
                    told.push(IncomingMove {
                        field: field.word(),
                        day: NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default(),
                        old: Some(values[old as usize].clone()),
                        new: Some(values[new as usize].clone()),
                    });
                }
                Part {
                    source: Arc::clone(&source),
                    belongs: deals[deal as usize].clone(),
                    kind: PartKind::Moves(told),
                    place,
                }
            })
    }
}
