//! The rows of one file, cell by cell: what is no record, and what each cell says of a deal.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;

use super::deal::{DealRow, Outcome};
use super::field::Field;
use super::json;
use super::layout;
use super::link::{id_in_link, trim_braces};
use super::lookup::{Lookups, reference};
use super::reading::{Read, Slot, cell, example};
use super::roots;
use super::table::{COLUMNS, Cells, Place};
use super::text::{self, Lines, clean};
use super::values::amounts::{self, Code};
use super::values::{dates, flag, html, percent};
use super::words::{Known, Status, Words};

/// Bytes of a cell that is no free text; a longer one refuses its row.
const LINE: usize = 4096;
/// Bytes of free text; longer text is cut and marked.
const FREE: usize = 1024 * 1024;
/// Characters at which spreadsheets cut a cell.
const SPREADSHEET: usize = 32_767;

/// What the rows of one file have in common.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) file: usize,
    pub(crate) source: Arc<str>,
    pub(crate) headers: Vec<String>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) words: Words,
    pub(crate) currency: Option<Code>,
    /// The unit of the amounts, where a cell names none; 1 for most.
    pub(crate) scale: i128,
    /// How often the amount is due in a year, where no cell says so.
    pub(crate) times: Option<i64>,
    /// The file is our own export: removed deals stay, each row names its source.
    pub(crate) is_own: bool,
    /// The file is a sheet, which may have titles of groups between its rows.
    pub(crate) is_sheet: bool,
    /// The header is repeated above each group of rows, below its title.
    pub(crate) has_groups: bool,
}

/// Why a row is no record.
pub(crate) enum No {
    Skip(String),
    Refuse(Option<String>, String),
}

/// Fields of a row that only together say something.
#[derive(Default)]
pub(super) struct Loose {
    pub(super) word: Option<Status>,
    pub(super) won: Option<bool>,
    pub(super) lost: Option<bool>,
    pub(super) closed: Option<bool>,
    pub(super) deleted: bool,
    pub(super) archived: bool,
    pub(super) active: Option<bool>,
    pub(super) close_date: Option<NaiveDate>,
    pub(super) won_time: Option<NaiveDate>,
    pub(super) lost_time: Option<NaiveDate>,
    pub(super) currency: Option<Code>,
    pub(super) minor: Option<i64>,
    /// How often the amount is due in a year.
    pub(super) times: Option<i64>,
    pub(super) url: Option<String>,
    pub(super) source: Option<String>,
    /// The party that it is with is a person.
    pub(super) is_person: bool,
    /// The days on which it came into stages, with the places of their columns.
    pub(super) entered: Vec<(NaiveDate, usize)>,
}

impl Frame {
    /// Judges a row.
    pub(crate) fn judge(
        &self,
        cells: &Cells,
        place: Place,
        row: u64,
        lookups: &Lookups,
        known: &mut Known,
    ) -> Outcome {
        let (file, line) = (self.file, place.line);
        match self.read(cells, place, lookups, known) {
            Ok(mut deal) => {
                (deal.file, deal.row, deal.line) = (file, row, line);
                Outcome::Deal(deal)
            }
            Err(No::Skip(why)) => Outcome::Skip {
                file,
                row,
                line,
                why,
                is_joined: false,
            },
            Err(No::Refuse(column, why)) => Outcome::Refuse {
                file,
                row,
                line,
                column,
                why,
            },
        }
    }

    fn read(
        &self,
        cells: &Cells,
        place: Place,
        lookups: &Lookups,
        known: &mut Known,
    ) -> Result<Box<DealRow>, No> {
        if let Some(why) = self.is_no_record(cells) {
            return Err(No::Skip(why.to_owned()));
        }
        if place.is_open {
            let lines = cells.as_slice().split(|b| *b == b'\n').count() - 1;
            let why = format!(
                "a quote opened in it is never closed: the {lines} lines up to the end of the \
                 file are in it"
            );
            return Err(No::Refuse(None, why));
        }
        self.check_width(cells)?;
        if layout::continues(&self.slots, cells) {
            let filled = self
                .headers
                .iter()
                .zip(cells)
                .filter(|(_, c)| !c.is_empty());
            let mut filled = filled.map(|(header, _)| header).peekable();
            let is_around = filled.peek().is_some() && filled.all(|h| json::is_within(h));
            let why = if is_around {
                "it has no deal within, as others have"
            } else {
                "it goes on with the row above: no cell of a deal of its own is filled"
            };
            return Err(No::Skip(why.to_owned()));
        }
        let mut deal = Box::new(DealRow::default());
        let mut loose = Loose::default();
        for slot in &self.slots {
            let text = cell(cells, slot.at);
            if !text.is_empty() {
                self.take(slot, text, &mut deal, &mut loose, known)?;
            } else if let Read::Flag { blank: Some(value) } = slot.read {
                set_flag(slot.field, value, &mut loose);
            }
        }
        self.finish(deal, &loose, lookups, known)
    }

    /// Whether a header says that a deal stands on a row for each day or stage.
    pub(crate) fn has_states(&self) -> bool {
        self.slots.iter().any(|slot| slot.field == Field::AsOf)
            || self.headers.iter().any(|header| roots::is_exit(header))
    }

    /// The id of a row, whatever else is in it.
    pub(crate) fn id(&self, cells: &Cells) -> Option<String> {
        let (mut deal, mut loose) = (DealRow::default(), Loose::default());
        let of_id = |slot: &&Slot| matches!(slot.field, Field::ExternalId | Field::Url);
        for slot in self.slots.iter().filter(of_id) {
            let text = cell(cells, slot.at);
            if !text.is_empty() {
                let known = &mut Known::default();
                self.take(slot, text, &mut deal, &mut loose, known).ok()?;
            }
        }
        deal.external_id.or(loose.url)
    }

    /// More cells than the header has columns: a delimiter or a quote in the row is wrong.
    pub(crate) fn check_width(&self, cells: &Cells) -> Result<(), No> {
        let width = self.headers.len();
        if cells.len() <= width {
            return Ok(());
        }
        let Some(extra) = cells
            .iter()
            .skip(width)
            .find(|cell| !cell.trim_ascii().is_empty())
        else {
            return Ok(());
        };
        let extra = example(&String::from_utf8_lossy(&extra[..extra.len().min(256)]));
        let more = if cells.len() > COLUMNS {
            " (a quote or a delimiter may be wrong)"
        } else {
            ""
        };
        let why = format!(
            "it has {} cells, the header {width}: `{extra}` is in no column{more}",
            cells.len()
        );
        Err(No::Refuse(None, why))
    }

    /// Rows that are there for a reader of the sheet: a header again, a total, a notice.
    pub(crate) fn is_no_record(&self, cells: &Cells) -> Option<&'static str> {
        let first = cells
            .iter()
            .position(|cell| !cell.trim_ascii().is_empty())?;
        let text = cell(cells, first);
        let header = self.headers.get(first)?;
        if self.is_own && is_pipeline(&self.headers, cells) {
            return Some("it tells of the pipeline it was exported from, not of a deal");
        }
        // Most rows leave here: their first cell does not begin as its header does.
        let begin = text.as_bytes().first().map(u8::to_ascii_lowercase);
        let alike = text.len() <= 400
            && (begin == header.as_bytes().first().map(u8::to_ascii_lowercase)
                || begin.is_some_and(|byte| !byte.is_ascii()));
        if alike && layout::is_header(&self.headers, cells) {
            return Some("it repeats the header");
        }
        if self.is_sheet && first == 0 && layout::is_group_title(&self.slots, cells) {
            return Some("it is the title of a group");
        }
        let is_alone = || {
            cells
                .iter()
                .skip(first + 1)
                .all(|cell| cell.trim_ascii().is_empty())
        };
        if self.has_groups && first == 0 && is_alone() {
            return Some("it is the title of a group");
        }
        if layout::is_sum(&self.slots, cells, self.has_groups) {
            return Some("it is a total");
        }
        // A sum or a notice of one line: most rows leave here.
        if !matches!(
            text.as_bytes().first()?.to_ascii_lowercase(),
            b'a' | b'g' | b't' | b'c' | b's' | b'v' | b'i' | b'r' | 0xc2..
        ) {
            return None;
        }
        let begins = |word: &str| {
            text.get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word))
        };
        let notices = [
            "confidential information",
            "vertrauliche informationen",
            "informations confidentielles",
            "información confidencial",
            "informações confidenciais",
            "informazioni riservate",
            "vertrouwelijke informatie",
            "機密情報",
            "copyright (c)",
            "copyright ©",
            "©",
            "generated by:",
            "as of 20",
        ];
        if notices.into_iter().any(begins) && is_alone() {
            return Some("it is the notice at the end of a report");
        }
        let is_total = begins("grand total") || layout::is_total(text);
        // A deal may be called so: one that has an id or stands somewhere is a deal.
        let has_place = self.slots.iter().any(|slot| {
            matches!(slot.field, Field::ExternalId | Field::Stage | Field::Status)
                && slot.at != first
                && !cell(cells, slot.at).is_empty()
        });
        (is_total && !has_place).then_some("it is a total")
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the kind of a field says which of these takes it"
    )]
    fn take(
        &self,
        slot: &Slot,
        text: &str,
        deal: &mut DealRow,
        loose: &mut Loose,
        known: &mut Known,
    ) -> Result<(), No> {
        let refuse = |why: &str| {
            Err(No::Refuse(
                Some(slot.header.clone()),
                format!("`{}` {why}", example(text)),
            ))
        };
        if let Read::Free = slot.read {
            if !text::is_blank(text) {
                let value = Some(free(text, &slot.header, &mut deal.cut));
                match slot.field {
                    Field::LostReason => deal.lost_reason = value,
                    Field::NextStep => deal.next_step = value,
                    _ => deal.notes = value,
                }
            }
            return Ok(());
        }
        if text.len() > LINE {
            return refuse(&format!(
                "goes on for {} bytes; at most {LINE} are read",
                text.len()
            ));
        }
        if text::is_blank(text) || slot.none.as_deref() == Some(text) {
            return Ok(());
        }
        match slot.read {
            // A cell that is no date tells of no move, and costs nobody the deal.
            Read::Day(order) if slot.field == Field::StageEntered => {
                if let Ok(Some(day)) = dates::read(text, order) {
                    loose.entered.push((day, slot.at));
                }
            }
            Read::Day(order) => match dates::read_beside(text, order, slot.beside) {
                Ok(day) => set_day(slot.field, day, deal, loose),
                Err(why) => return refuse(why),
            },
            Read::Amount(mark) => {
                let currency = loose.currency.or(self.currency);
                match amounts::read_in(text, mark, currency, self.scale) {
                    Ok(amount) => deal.amount = Some(amount),
                    Err(why) => return refuse(why),
                }
            }
            Read::Minor => match text.parse() {
                Ok(minor) => loose.minor = Some(minor),
                Err(_) => return refuse("is no whole number of minor units"),
            },
            Read::Percent(factor) => deal.probability = percent(text, factor),
            Read::Flag { .. } => {
                if let Some(value) = flag(text).or_else(|| named_flag(slot.field, text)) {
                    set_flag(slot.field, value, loose);
                }
            }
            Read::Id => {
                // A rounded id is the id of many; the reading of the column says so.
                if !text::is_rounded(text) {
                    self.set_id(slot, text, deal, loose);
                }
            }
            Read::Named => {
                let first = text::first_of(text);
                let (name, id) = text::name_and_id(&first)
                    .map_or((first.as_ref(), None), |(name, id)| {
                        (name, Some(id.to_owned()))
                    });
                self.set_line(slot.field, name, deal, loose, known);
                match slot.field {
                    Field::Account => deal.account_id = deal.account_id.take().or(id),
                    Field::Contact => deal.contact_id = deal.contact_id.take().or(id),
                    _ => {}
                }
            }
            Read::Line => self.set_line(slot.field, text, deal, loose, known),
            Read::Free => {}
        }
        Ok(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the kind of a field says which of these takes it"
    )]
    fn set_id(&self, slot: &Slot, text: &str, deal: &mut DealRow, loose: &mut Loose) {
        let field = slot.field;
        // Several ids in one cell: the first is the primary one.
        let first = match field {
            Field::ExternalId | Field::Url => Cow::Borrowed(text),
            _ => text::first_of(text),
        };
        let text = trim_braces(reference(&first));
        // A list of records may begin with 0; as the id of another record it is none.
        let is_first = field == Field::ExternalId && text == "0";
        if text::is_null_id(text) && !is_first && !self.is_own {
            return;
        }
        if slot.header.ends_with("referenceId") && text == first {
            // `OpportunityRef1` counts the records of one file: it is no id.
            return;
        }
        let value = || Some(clean(text, LINE, Lines::One).into_owned());
        match field {
            Field::ExternalId => {
                let id = text.strip_prefix("zcrm_").unwrap_or(text);
                let id = if id.contains(':') && id.contains("://") {
                    id_in_link(id)
                } else {
                    Some(id)
                };
                deal.external_id = id.map(|id| clean(id, LINE, Lines::One).into_owned());
            }
            Field::AccountId => deal.account_id = value(),
            Field::ContactId => deal.contact_id = value(),
            Field::OwnerId => deal.owner_id = value(),
            Field::PublicId => deal.public_id = text.parse().ok(),
            Field::Url => loose.url = id_in_link(text).map(ToOwned::to_owned),
            _ => {}
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the kind of a field says which of these takes it"
    )]
    fn set_line(
        &self,
        field: Field,
        text: &str,
        deal: &mut DealRow,
        loose: &mut Loose,
        known: &mut Known,
    ) {
        let text = clean(text, LINE, Lines::One);
        if text.is_empty() {
            return;
        }
        match field {
            Field::Status => {
                loose.word = known.status(&self.words, &text);
                return;
            }
            Field::Currency => {
                loose.currency = known.currency(&text);
                return;
            }
            Field::PartyType => {
                loose.is_person = roots::is_person(&text);
                return;
            }
            Field::AmountPeriod => {
                loose.times = amounts::per_year(&text);
                return;
            }
            Field::Title | Field::Stage | Field::Pipeline | Field::Source => {}
            _ if text::is_unchosen(&text) && !self.is_own => return,
            _ => {}
        }
        let text = match field {
            // vtiger writes which module a name is of before it.
            Field::Account | Field::Contact | Field::Owner
                if text.contains(':') && text.contains("::::") =>
            {
                text.rsplit("::::").next().unwrap_or_default().to_owned()
            }
            // Of several names the first is the primary one.
            Field::Account => text::first_company(&text).into_owned(),
            Field::Owner if text.starts_with('[') => text::first_of(&text).into_owned(),
            Field::Contact => text::without_mail(&text::first_of(&text)).to_owned(),
            _ => text.into_owned(),
        };
        if field == Field::Title {
            deal.title = text;
            return;
        }
        let value = Some(text);
        match field {
            Field::Account => deal.account = value,
            Field::Contact => deal.contact = value,
            Field::Owner => deal.owner = value,
            Field::Stage => deal.stage = value,
            Field::Pipeline => deal.pipeline = value,
            Field::LeadSource => deal.lead_source = value,
            Field::Product => deal.product = value,
            Field::DealType => deal.deal_type = value,
            Field::Source => loose.source = value,
            _ => {}
        }
    }
}

/// Whether a record of our own JSON is its first one, which is no deal.
fn is_pipeline(headers: &[String], cells: &Cells) -> bool {
    let filled = |name: &str| {
        let at = headers.iter().position(|header| header == name);
        at.is_some_and(|at| !cell(cells, at).is_empty())
    };
    filled("pipeline.bank") && !filled("title")
}

/// Long text, cut where it is too long.
fn free(text: &str, header: &str, cut: &mut Vec<String>) -> String {
    if text.len() > FREE {
        let mark = format!("\n[cut: the file has {} bytes here]", text.len());
        let mut end = FREE;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut out = clean(&text[..end], FREE - mark.len(), Lines::Many).into_owned();
        out.push_str(&mark);
        cut.push(header.to_owned());
        return out;
    }
    if text.len() >= SPREADSHEET && text.chars().count() == SPREADSHEET {
        cut.push(header.to_owned());
    }
    clean(&html::to_text(text), FREE, Lines::Many).into_owned()
}

/// Words that CRMs write in a column of yes and no.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kind of a field says which of these takes it"
)]
fn named_flag(field: Field, text: &str) -> Option<bool> {
    match field {
        Field::Archived => Some(text.eq_ignore_ascii_case("archived")),
        Field::Active => Some(!text.eq_ignore_ascii_case("archived")),
        _ => None,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kind of a field says which of these takes it"
)]
fn set_flag(field: Field, value: bool, loose: &mut Loose) {
    match field {
        Field::IsWon => loose.won = Some(value),
        Field::IsLost => loose.lost = Some(value),
        Field::IsClosed => loose.closed = Some(value),
        Field::Deleted => loose.deleted = value,
        Field::Archived => loose.archived = value,
        Field::Active => loose.active = Some(value),
        _ => {}
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kind of a field says which of these takes it"
)]
fn set_day(field: Field, day: Option<NaiveDate>, deal: &mut DealRow, loose: &mut Loose) {
    match field {
        Field::Created => deal.created = day,
        Field::ExpectedClose => deal.expected_close = day,
        Field::Closed => deal.closed = day,
        Field::CloseDate => loose.close_date = day,
        Field::WonTime => loose.won_time = day,
        Field::LostTime => loose.lost_time = day,
        Field::LastActivity => deal.last_activity = day,
        Field::Updated => deal.updated = day,
        Field::StageChanged => deal.stage_changed = day,
        Field::AsOf => deal.as_of = day,
        Field::NextStepDate => deal.next_step_date = day,
        _ => {}
    }
}
