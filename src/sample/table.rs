//! Tables as text: a CRM's CSV, and the cells that CRMs have in common.

use chrono::NaiveDate;
use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::day_of;

/// A CSV file in the making.
pub(super) struct Table {
    name: &'static str,
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    pub(super) fn new(name: &'static str, headers: &[&str]) -> Self {
        let writer = WriterBuilder::new()
            .quote_style(QuoteStyle::Necessary)
            .terminator(Terminator::CRLF)
            .from_writer(Vec::new());
        let mut table = Self { name, writer };
        table.row(headers);
        table
    }

    pub(super) fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) {
        let written = self.writer.write_record(cells);
        written.expect("rows are as long as the header, and memory takes them");
    }

    pub(super) fn finish(self) -> super::File {
        let bytes = self.writer.into_inner();
        let bytes = bytes.expect("memory takes what is left");
        super::File {
            name: self.name,
            text: String::from_utf8(bytes).expect("only text was written"),
        }
    }
}

/// Spells an amount: whole units where the currency has no smaller ones.
pub(super) fn amount(hundredths: Option<i64>, currency: &str) -> String {
    match hundredths {
        None => String::new(),
        Some(amount) if currency == "JPY" => (amount / 100).to_string(),
        Some(amount) => format!("{}.{:02}", amount / 100, amount % 100),
    }
}

/// Spells the day of an age.
pub(super) fn day(today: NaiveDate, age: i64) -> String {
    day_of(today, age).to_string()
}

/// Spells a mail address of somebody of a deal, or of ours.
pub(super) fn mail(given: &str, family: &str, place: usize, host: &str) -> String {
    let (given, family) = (given.to_lowercase(), family.to_lowercase());
    format!("{given}.{family}{place}@{host}.example")
}
