//! What a sample of its cells says about one column.

use super::field::{Field, Kind};
use super::link::id_in_link;
use super::reading::example;
use super::text;
use super::values::{Percents, amounts, dates, flag};

/// Stages and statuses of a column that are looked at.
const VALUES: usize = 60;

/// Texts without a digit in a column of days or amounts.
#[derive(Default)]
pub(super) struct Wordless {
    /// The first of them.
    pub(super) text: Option<String>,
    pub(super) times: u64,
    pub(super) has_others: bool,
}

/// Bare numbers of a column of durations, and cells of a column of amounts.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) count: u64,
    pub(super) longest: f64,
    /// Not all are thousands, as whole seconds in milliseconds are.
    pub(super) has_odd: bool,
}

/// What the sample says about one column.
#[derive(Default)]
pub(super) struct Column {
    pub(super) seen: u64,
    pub(super) example: Option<String>,
    pub(super) dates: dates::Tally,
    pub(super) amounts: amounts::Tally,
    pub(super) percents: Percents,
    /// Cells that say yes, and cells that say no.
    pub(super) yes: u64,
    pub(super) no: u64,
    /// The one value of the column, while there is only one.
    pub(super) constant: Option<String>,
    pub(super) is_mixed: bool,
    /// A cell that does not say what its column says: a currency that is none, neither yes nor no.
    pub(super) strange: Option<String>,
    /// Cells with a name and an id.
    pub(super) named: u64,
    /// A cell with several names or ids.
    pub(super) several: Option<String>,
    /// The id in a link to a record.
    pub(super) in_link: Option<String>,
    /// An id of which a spreadsheet dropped digits.
    pub(super) rounded: Option<String>,
    /// Ids with more digits than a spreadsheet keeps, and those that end as if it had not.
    pub(super) long: u64,
    pub(super) long_round: u64,
    pub(super) has_html: bool,
    /// The different stages or statuses.
    pub(super) values: Vec<String>,
    /// What cells of days and amounts say without a digit.
    pub(super) wordless: Wordless,
    /// Cells of figures alone, where words are looked for: a count, an id, a day.
    pub(super) figures: u64,
    /// Cells that are bare numbers, or can be read as an amount.
    pub(super) numbers: Numbers,
}

impl Column {
    pub(super) fn add(&mut self, kind: Kind, field: Field, cell: &str) {
        self.seen += 1;
        if self.example.is_none() {
            self.example = Some(example(cell));
        }
        if matches!(kind, Kind::Day | Kind::Amount) && !cell.chars().any(char::is_numeric) {
            let known = &mut self.wordless;
            known.times += 1;
            known.has_others |= known.text.as_deref().is_some_and(|text| text != cell);
            known.text.get_or_insert_with(|| cell.to_owned());
        }
        if matches!(kind, Kind::Line | Kind::Free) {
            self.figures += u64::from(is_figures(cell));
        }
        match kind {
            // A day of closing may turn out to say only whether it is closed, and the other way.
            Kind::Day | Kind::Flag => {
                self.dates.add(cell);
                match flag(cell) {
                    Some(true) => self.yes += 1,
                    Some(false) => self.no += 1,
                    None if self.strange.is_none() => self.strange = Some(example(cell)),
                    None => {}
                }
            }
            Kind::Amount => {
                self.amounts.add(cell);
                self.numbers.count += u64::from(amounts::is_amount(cell));
            }
            Kind::Percent => self.percents.add(cell),
            Kind::Id if field == Field::Portal && !self.is_mixed => match &self.constant {
                None => self.constant = Some(cell.to_owned()),
                Some(constant) => self.is_mixed = constant != cell,
            },
            Kind::Line if field == Field::Currency => {
                if self.strange.is_none() && amounts::currency(cell).is_none() {
                    self.strange = Some(example(cell));
                }
            }
            Kind::Line if matches!(field, Field::Stage | Field::Status | Field::PartyType) => {
                if self.values.len() < VALUES && !self.values.iter().any(|v| v == cell) {
                    self.values.push(cell.to_owned());
                }
            }
            Kind::Line if matches!(field, Field::Account | Field::Contact) => {
                let mut first = text::first_of(cell);
                if text::name_and_id(&first).is_some() {
                    self.named += 1;
                } else if field == Field::Account {
                    first = text::first_company(cell);
                }
                if self.several.is_none() && first != cell {
                    self.several = Some(example(cell));
                }
            }
            Kind::Line if field == Field::Duration => {
                if let Ok(number) = cell.parse::<f64>() {
                    let numbers = &mut self.numbers;
                    numbers.count += 1;
                    numbers.longest = numbers.longest.max(number);
                    numbers.has_odd |= number % 1000.0 != 0.0;
                }
            }
            Kind::Id => self.add_id(field, cell),
            Kind::Free => self.has_html |= cell.contains("</") || cell.contains("<br"),
            Kind::Line | Kind::Nothing => {}
        }
    }
}

/// Whether a cell has figures and no word.
fn is_figures(cell: &str) -> bool {
    cell.bytes().any(|b| b.is_ascii_digit())
        && cell
            .bytes()
            .all(|b| b.is_ascii_digit() || b" .,:/-".contains(&b))
}

impl Column {
    fn add_id(&mut self, field: Field, cell: &str) {
        if text::is_rounded(cell) {
            self.rounded.get_or_insert_with(|| example(cell));
        }
        if self.in_link.is_none() && cell.contains("://") {
            self.in_link = id_in_link(cell).map(example);
        }
        let digits = cell.strip_prefix("zcrm_").unwrap_or(cell);
        if digits.len() > 15 && digits.bytes().all(|b| b.is_ascii_digit()) {
            self.long += 1;
            self.long_round += u64::from(digits[15..].bytes().all(|b| b == b'0'));
        }
        if field != Field::ExternalId && self.several.is_none() && text::first_of(cell) != cell {
            self.several = Some(example(cell));
        }
    }

    /// Whether the column has ids of which a spreadsheet made zeros of the last digits.
    pub(super) fn is_round(&self) -> bool {
        self.long >= 3 && self.long == self.long_round
    }
}
