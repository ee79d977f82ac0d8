//! What becomes of the rows of deals that stand on several, as it is kept until they are taken.

use std::io;

use chrono::Datelike;

use super::super::history::Followed;
use super::record::{Record, put_text};
use super::{How, day};
use crate::store::IncomingMove;

const FOLLOWED: [Followed; 3] = [Followed::Amount, Followed::Close, Followed::Stage];

/// What the rows of a deal say together.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Together {
    pub(super) amount: Option<i64>,
    pub(super) product: Option<String>,
    /// Its moves, each with what was before.
    pub(super) moves: Vec<IncomingMove>,
}

/// Why a row goes into the deal of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    As(How),
    /// It has all cells of an earlier row.
    Repeat,
}

const WHYS: [Why; 4] = [
    Why::As(How::States),
    Why::As(How::Sum),
    Why::As(How::Again),
    Why::Repeat,
];

impl Why {
    /// In words, of the line of the deal.
    pub(super) fn told(self, line: u32) -> String {
        match self {
            Self::Repeat => {
                format!("all of its cells are those of another row of line {line}")
            }
            Self::As(How::States) => {
                format!("how the deal on line {line} stood before: its moves are taken")
            }
            Self::As(How::Sum) => {
                format!("a line of the deal on line {line}: its amount is in the sum")
            }
            Self::As(How::Again) => {
                format!("the deal on line {line} again, with another part of it")
            }
        }
    }
}

/// What becomes of a row.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// It is the deal.
    Deal(Together),
    /// It goes into the deal of a line.
    Joined(Why, u32),
}

impl Said {
    pub(super) fn put(&self, into: &mut Vec<u8>) {
        match self {
            Self::Joined(why, line) => {
                let why = WHYS.iter().position(|one| one == why);
                into.push(why.map_or(0, |at| at as u8 + 1));
                into.extend(line.to_le_bytes());
            }
            Self::Deal(together) => {
                let Together {
                    amount,
                    product,
                    moves,
                } = together;
                into.push(0);
                into.push(u8::from(amount.is_some()) | u8::from(product.is_some()) << 1);
                into.extend(amount.iter().flat_map(|amount| amount.to_le_bytes()));
                if let Some(product) = product {
                    put_text(into, product);
                }
                for one in moves {
                    let field = FOLLOWED.iter().position(|what| what.word() == one.field);
                    into.push(field.unwrap_or_default() as u8);
                    into.extend(one.day.num_days_from_ce().to_le_bytes());
                    put_text(into, one.old.as_deref().unwrap_or_default());
                    put_text(into, one.new.as_deref().unwrap_or_default());
                }
            }
        }
    }

    pub(super) fn read(mut record: Record) -> io::Result<Self> {
        let [kind] = record.bytes()?;
        if let Some(at) = usize::from(kind).checked_sub(1) {
            let why = WHYS.get(at).ok_or(io::ErrorKind::InvalidData)?;
            return Ok(Self::Joined(*why, record.u32()?));
        }
        let [has] = record.bytes()?;
        let mut together = Together::default();
        if has & 1 != 0 {
            together.amount = Some(record.i64()?);
        }
        if has & 2 != 0 {
            together.product = Some(record.text()?.to_owned());
        }
        while !record.0.is_empty() {
            let [field] = record.bytes()?;
            let field = FOLLOWED.get(usize::from(field));
            together.moves.push(IncomingMove {
                field: field.ok_or(io::ErrorKind::InvalidData)?.word(),
                day: day(record.i32()?).ok_or(io::ErrorKind::InvalidData)?,
                old: Some(record.text()?.to_owned()),
                new: Some(record.text()?.to_owned()),
            });
        }
        Ok(Self::Deal(together))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn what_is_said_of_a_row_is_read_as_it_was_written() {
        let moved = |what: Followed, new: &str| IncomingMove {
            field: what.word(),
            day: NaiveDate::from_ymd_opt(2026, 4, 3).unwrap(),
            old: Some("Demo".to_owned()),
            new: Some(new.to_owned()),
        };
        let deal = |amount, product: Option<&str>, moves| {
            Said::Deal(Together {
                amount,
                product: product.map(ToOwned::to_owned),
                moves,
            })
        };
        let whys = WHYS.map(|why| Said::Joined(why, 7));
        let deals = [
            deal(None, None, Vec::new()),
            deal(Some(-5), None, Vec::new()),
            deal(None, Some("Sensor, Gateway"), Vec::new()),
            deal(
                Some(i64::MAX),
                Some("Sensor"),
                FOLLOWED.map(|what| moved(what, "Proposal\n")).to_vec(),
            ),
        ];

        for said in whys.into_iter().chain(deals) {
            let mut record = Vec::new();
            said.put(&mut record);
            assert_eq!(Said::read(Record(&record)).unwrap(), said);
            let short = Said::read(Record(&record[..record.len() - 1]));
            assert_ne!(
                short.ok(),
                Some(said),
                "a record that is cut is no other one"
            );
        }
    }
}
