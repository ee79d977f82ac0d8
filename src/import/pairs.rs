//! What the cells of a row say of its amount together: how often it is due, whether it is in cents,
//! whether it is what so many pieces cost.

use super::field::Field;
use super::reading::{cell, example};
use super::table::Cells;
use super::text;
use super::values::amounts::{self, Mark};

/// How often amounts are due, and what the amount is in cents against the text beside it.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) cents: u64,
    pub(super) units: u64,
    /// The amount and its text where they show cents.
    pub(super) example: Option<String>,
    /// What a period is taken times, with an amount of that period.
    pub(super) periods: Vec<(String, i64, String)>,
    /// A period that is not known.
    pub(super) strange: Option<String>,
    /// Rows whose amount is a number of pieces at their price, and all others of several pieces.
    pub(super) products: u64,
    pub(super) others: u64,
}

impl Pairs {
    pub(super) fn add(
        &mut self,
        cells: &Cells,
        fields: &[Option<Field>],
        pieces: Option<(usize, usize)>,
    ) {
        let of = |field| {
            let at = fields.iter().position(|f| *f == Some(field))?;
            Some(cell(cells, at)).filter(|text| !text::is_blank(text))
        };
        let (amount, shown) = (of(Field::Amount), of(Field::AmountText));
        if let (Some(amount), Some(shown)) = (amount, shown) {
            let minor = |text| amounts::read(text, Mark::Dot, None).ok().map(|a| a.minor);
            if let (Some(a), Some(b)) = (minor(amount), minor(shown))
                && b != 0
            {
                self.units += u64::from(a == b);
                if a == b * 100 {
                    self.cents += 1;
                    self.example
                        .get_or_insert_with(|| example(&format!("{amount} = {shown}")));
                }
            }
        }
        let shown = shown.or(amount);
        self.add_pieces(cells, amount, pieces);
        if let (Some(period), Some(amount)) = (of(Field::AmountPeriod), shown) {
            let is_new = !self.periods.iter().any(|(p, ..)| p == period);
            match amounts::per_year(period) {
                Some(times) if times > 1 && is_new && self.periods.len() < 4 => {
                    self.periods.push((example(period), times, example(amount)));
                }
                None if self.strange.is_none() => self.strange = Some(example(period)),
                Some(_) | None => {}
            }
        }
    }
}

impl Pairs {
    /// Whether an amount is what so many pieces cost; one piece costs what all do.
    fn add_pieces(&mut self, cells: &Cells, amount: Option<&str>, pieces: Option<(usize, usize)>) {
        let Some((count, price)) = pieces else { return };
        let minor = |text: &str| amounts::read(text, Mark::Dot, None).ok().map(|a| a.minor);
        let all = (
            amount.and_then(minor),
            minor(cell(cells, count)),
            minor(cell(cells, price)),
        );
        let (Some(amount), Some(count), Some(price)) = all else {
            return;
        };
        if count == 100 {
            return;
        }
        if i128::from(count) * i128::from(price) == i128::from(amount) * 100 {
            self.products += 1;
        } else {
            self.others += 1;
        }
    }
}
