//! One row of a file as a deal: typed, resolved, and judged fit to be taken or not.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;

use super::crm::identity;
use super::entered;
use super::field::Field;
use super::layout;
use super::lookup::{Lookups, Stage, outcome, reference};
use super::own;
use super::reading::{Read, Slot, cell, example};
use super::roots;
use super::table::{COLUMNS, Cells, Place};
use super::text::{self, Lines, clean};
use super::values::amounts::{self, Amount, Code};
use super::values::{dates, flag, html, percent};
use super::words::{Known, Status, Words};
use crate::domain::phase::Phase;
use crate::store::IncomingMove;

/// Bytes of a cell that is no free text; a longer one refuses its row.
const LINE: usize = 4096;
/// Bytes of free text; longer text is cut and marked.
const FREE: usize = 1024 * 1024;
/// Characters at which spreadsheets cut a cell.
const SPREADSHEET: usize = 32_767;

/// A deal as a file tells of it. Blank is none, and says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DealRow {
    /// Which of the files, as an index into the files of the export.
    pub file: usize,
    /// The row, from 1; the header is none.
    pub row: u64,
    /// The physical line on which it begins, from 1; the record for JSON.
    pub line: u64,
    /// Where the deal comes from: a CRM's name, `table:<header of the id>`, or what our own
    /// export says.
    pub source: Arc<str>,
    /// The id as it is written; see `identity` for the form in which two are compared.
    pub external_id: Option<String>,
    /// Our own integer id (own export only).
    pub public_id: Option<i64>,
    /// Never empty.
    pub title: String,
    /// What stands for a title that is not there: `product`, `account` or `id`.
    pub title_assumed: Option<&'static str>,
    /// The account's name.
    pub account: Option<String>,
    /// The account's id.
    pub account_id: Option<String>,
    /// The contact's name.
    pub contact: Option<String>,
    /// The contact's id.
    pub contact_id: Option<String>,
    /// The owner's name, or the id where no name is known.
    pub owner: Option<String>,
    /// The owner's id.
    pub owner_id: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// What that stage means, or else an open deal's chance.
    pub phase: Option<Phase>,
    /// The pipeline.
    pub pipeline: Option<String>,
    /// Chance to win as the CRM states it, 0 to 100; a closed deal's may contradict its status.
    pub probability: Option<f64>,
    /// Where it stands.
    pub status: Status,
    /// None also for an amount of 0 on a lost deal.
    pub amount: Option<Amount>,
    /// Made on.
    pub created: Option<NaiveDate>,
    /// Shall be won on.
    pub expected_close: Option<NaiveDate>,
    /// Was won or lost on; none for an open deal.
    pub closed: Option<NaiveDate>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// The CRM's own "last activity".
    pub last_activity: Option<NaiveDate>,
    /// Last changed on.
    pub updated: Option<NaiveDate>,
    /// Last moved between stages on.
    pub stage_changed: Option<NaiveDate>,
    /// The day of which its row tells, where a file has pictures of several days.
    pub as_of: Option<NaiveDate>,
    /// Into which stages it came on which days, the earliest first.
    pub entered: Vec<(NaiveDate, String)>,
    /// Its moves, where other rows of the file tell how it stood before.
    pub moves: Vec<IncomingMove>,
    /// What is to be done next.
    pub next_step: Option<String>,
    /// When.
    pub next_step_date: Option<NaiveDate>,
    /// Where the lead came from.
    pub lead_source: Option<String>,
    /// What is sold.
    pub product: Option<String>,
    /// New business, renewal, ...
    pub deal_type: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Columns whose text was cut, here or by the program that wrote the file.
    pub cut: Vec<String>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is a deal.
    Deal(Box<DealRow>),
    /// It is no deal, or one that is gone.
    Skip {
        /// Which of the files.
        file: usize,
        /// The row, from 1.
        row: u64,
        /// The physical line, from 1.
        line: u64,
        /// Why, in words.
        why: String,
    },
    /// It cannot be read.
    Refuse {
        /// Which of the files.
        file: usize,
        /// The row, from 1.
        row: u64,
        /// The physical line, from 1.
        line: u64,
        /// The column; none where it is the row as such.
        column: Option<String>,
        /// Why, in words.
        why: String,
    },
}

/// What the rows of one file have in common.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) file: usize,
    pub(crate) source: Arc<str>,
    pub(crate) headers: Vec<String>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) words: Words,
    pub(crate) currency: Option<Code>,
    /// The unit of the amounts, as a cell may end with it.
    pub(crate) scale: Option<&'static str>,
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
struct Loose {
    word: Option<Status>,
    won: Option<bool>,
    lost: Option<bool>,
    closed: Option<bool>,
    deleted: bool,
    archived: bool,
    active: Option<bool>,
    close_date: Option<NaiveDate>,
    won_time: Option<NaiveDate>,
    lost_time: Option<NaiveDate>,
    currency: Option<Code>,
    minor: Option<i64>,
    /// How often the amount is due in a year.
    times: Option<i64>,
    url: Option<String>,
    source: Option<String>,
    /// The party that it is with is a person.
    is_person: bool,
    /// The days on which it came into stages, with the places of their columns.
    entered: Vec<(NaiveDate, usize)>,
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
            let why = "it goes on with the row above: no cell of a deal of its own is filled";
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
        if layout::is_sum(&self.slots, cells) {
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
            Read::Day(order) => match dates::read(text, order) {
                Ok(day) => set_day(slot.field, day, deal, loose),
                Err(why) => return refuse(why),
            },
            Read::Amount(mark) => {
                let currency = loose.currency.or(self.currency);
                let scaled = self
                    .scale
                    .map(|unit| amounts::read(&format!("{text}{unit}"), mark, currency))
                    .and_then(Result::ok);
                match scaled.map_or_else(|| amounts::read(text, mark, currency), Ok) {
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
        if text::is_null_id(text) && !self.is_own {
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
            // Of several names in an array the first is the primary one.
            Field::Account | Field::Contact | Field::Owner if text.starts_with('[') => {
                text::first_of(&text).into_owned()
            }
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

    /// Puts together what the cells say only together.
    fn finish(
        &self,
        mut deal: Box<DealRow>,
        loose: &Loose,
        lookups: &Lookups,
        known: &mut Known,
    ) -> Result<Box<DealRow>, No> {
        deal.source = match &loose.source {
            Some(source) if self.is_own => Arc::from(source.as_str()),
            _ => Arc::clone(&self.source),
        };
        if deal.external_id.is_none() {
            deal.external_id.clone_from(&loose.url);
        }
        if self.is_own && deal.external_id.is_none() {
            deal.external_id = deal.public_id.map(|id| id.to_string());
        }
        if loose.is_person {
            let (name, id) = (deal.account.take(), deal.account_id.take());
            if deal.contact.is_none() && deal.contact_id.is_none() {
                (deal.contact, deal.contact_id) = (name, id);
            }
        }
        self.resolve(&mut deal, lookups);
        let stage = deal
            .stage
            .as_deref()
            .and_then(|id| lookups.stage(id))
            .cloned();
        let status = self.status(&deal, loose, stage.as_ref(), known);
        if loose.deleted {
            return Err(No::Skip("it is deleted in the CRM".to_owned()));
        }
        if status == Status::Removed && !self.is_own {
            return Err(No::Skip("its status says that it was removed".to_owned()));
        }
        if loose.archived && status == Status::Open {
            return Err(No::Skip("it is archived in the CRM".to_owned()));
        }
        deal.status = status;
        if let Some(stage) = stage {
            deal.probability = deal.probability.or(stage.probability);
            if !stage.label.is_empty() {
                deal.stage = Some(stage.label);
            }
        }
        let entered = loose.entered.iter();
        entered::take(
            &mut deal,
            entered.map(|(day, at)| (*day, self.headers[*at].as_str())),
            lookups,
        );
        match status {
            Status::Open | Status::Removed => {
                deal.expected_close = deal.expected_close.or(loose.close_date);
                if status == Status::Open {
                    deal.closed = None;
                }
            }
            Status::Won => deal.closed = loose.won_time.or(deal.closed).or(loose.close_date),
            Status::Lost => deal.closed = loose.lost_time.or(deal.closed).or(loose.close_date),
        }
        if let Some(minor) = loose.minor {
            deal.amount = Some(Amount {
                minor,
                currency: loose.currency.or(self.currency),
            });
        }
        let times = loose.times.or(self.times);
        if let (Some(amount), Some(times)) = (&mut deal.amount, times) {
            amount.minor = amount.minor.saturating_mul(times);
        }
        // Dynamics has one column for why a deal is lost and for how it stands otherwise.
        let is_standing = deal
            .lost_reason
            .as_deref()
            .is_some_and(|reason| self.words.exact(reason) == Some(status));
        if status != Status::Lost && is_standing {
            deal.lost_reason = None;
        }
        if status == Status::Lost && deal.amount.is_some_and(|amount| amount.minor == 0) {
            deal.amount = None;
        }
        let by_words = deal.stage.as_deref().and_then(|stage| known.phase(stage));
        // A closed deal's chance says nothing.
        let chance = deal.probability.filter(|_| status == Status::Open);
        deal.phase = by_words.or_else(|| chance.and_then(Phase::from_probability));
        name(&mut deal)?;
        Ok(deal)
    }

    /// Names for ids.
    fn resolve(&self, deal: &mut DealRow, lookups: &Lookups) {
        if let Some(id) = &deal.external_id {
            let id = identity(&self.source, id);
            if deal.account_id.is_none() {
                deal.account_id = lookups.deal_account(id).map(ToOwned::to_owned);
            }
            if deal.contact_id.is_none() {
                deal.contact_id = lookups.deal_contact(id).map(ToOwned::to_owned);
            }
        }
        if let (None, Some(id)) = (&deal.account, &deal.account_id) {
            deal.account = lookups
                .account(identity(&self.source, id))
                .map(ToOwned::to_owned);
        }
        if let (None, Some(id)) = (&deal.contact, &deal.contact_id) {
            deal.contact = lookups
                .contact(identity(&self.source, id))
                .map(ToOwned::to_owned);
        }
        if let Some(owner) = deal.owner.as_ref().filter(|_| lookups.has_users()) {
            let id = owner.to_lowercase();
            let name = lookups.user(owner).or_else(|| lookups.user(&id));
            if let Some(name) = name.map(ToOwned::to_owned) {
                deal.owner = Some(name);
            }
        }
        if let (None, Some(id)) = (&deal.owner, &deal.owner_id) {
            let name = lookups.user(identity(&self.source, id));
            deal.owner = Some(name.unwrap_or(id).to_owned());
        }
        if let Some(label) = deal.pipeline.as_deref().and_then(|id| lookups.pipeline(id)) {
            deal.pipeline = Some(label.to_owned());
        }
    }

    /// Status before flags before stage; what a CRM calls closed is won or lost.
    fn status(
        &self,
        deal: &DealRow,
        loose: &Loose,
        stage: Option<&Stage>,
        known: &mut Known,
    ) -> Status {
        if let Some(status) = loose.word {
            return status;
        }
        if let Some(status) = outcome(loose.won, loose.lost, loose.closed) {
            return status;
        }
        let by_stage = stage
            .and_then(|stage| stage.status)
            .or_else(|| stage.and_then(|stage| known.status(&self.words, &stage.label)))
            .or_else(|| {
                deal.stage
                    .as_deref()
                    .and_then(|s| known.status(&self.words, s))
            });
        // A stage that is called new or active is no proof against what follows.
        if let Some(status) = by_stage.filter(|status| *status != Status::Open) {
            return status;
        }
        if loose.won_time.is_some() {
            return Status::Won;
        }
        let is_full = deal.probability.is_some_and(|chance| chance >= 100.0);
        if loose.closed == Some(true) {
            return if is_full { Status::Won } else { Status::Lost };
        }
        if loose.lost_time.is_some() || loose.active == Some(false) {
            return Status::Lost;
        }
        Status::Open
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

/// Gives a deal without a title one, or refuses a row that names nothing.
fn name(deal: &mut DealRow) -> Result<(), No> {
    if !deal.title.is_empty() {
        return Ok(());
    }
    let stand_in = [
        (&deal.product, "product"),
        (&deal.account, "account"),
        (&deal.external_id, "id"),
    ]
    .into_iter()
    .find_map(|(text, what)| text.clone().map(|text| (text, what)));
    let Some((text, what)) = stand_in else {
        let why = "it has neither a title nor a product, an account or an id";
        return Err(No::Refuse(None, why.to_owned()));
    };
    deal.title = text;
    deal.title_assumed = Some(what);
    Ok(())
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

/// The id in a link to a record: what is named so, else what follows the word for a deal, else the
/// last part of the path with a digit in it.
pub(crate) fn id_in_link(link: &str) -> Option<&str> {
    const NAMES: &[&str] = &[
        "id",
        "oppid",
        "recordid",
        "dealid",
        "opportunityid",
        "opportunity_id",
    ];
    const WORDS: &[&str] = &[
        "deal",
        "deals",
        "opportunity",
        "opportunities",
        "potentials",
        "potential",
        "0-3",
    ];
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
    let has_digit = |part: &&str| part.bytes().any(|b| b.is_ascii_digit());
    let bare = |part| trim_braces(part);
    let path_end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (path, query) = rest.split_at(path_end);
    let named = query.split(['?', '#', '&']).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_id = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
        Some(value).filter(|value| is_id && has_digit(value))
    });
    if let Some(id) = named {
        return Some(bare(id));
    }
    let parts = || {
        path.split('/')
            .chain(query.split(['?', '#', '&', '=', '/']))
    };
    let mut before = "";
    for part in parts() {
        if WORDS.iter().any(|word| before.eq_ignore_ascii_case(word)) && has_digit(&part) {
            return Some(bare(part));
        }
        before = part;
    }
    let last = path.split('/').rev().find(has_digit);
    last.or_else(|| query.split(['?', '#', '&', '=', '/']).find(has_digit))
        .map(bare)
}

/// An id without the brackets that Dynamics puts around it, also as a link writes them.
fn trim_braces(id: &str) -> &str {
    let id = id.trim_matches(['{', '}']);
    let id = id
        .strip_prefix("%7B")
        .or_else(|| id.strip_prefix("%7b"))
        .unwrap_or(id);
    id.strip_suffix("%7D")
        .or_else(|| id.strip_suffix("%7d"))
        .unwrap_or(id)
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

/// Names the source of a table of no known CRM by the header of its ids.
pub(crate) fn table_source(id_header: Option<&str>) -> String {
    match id_header {
        Some(header) => format!("table:{}", text::snake(header)),
        None => "table".to_owned(),
    }
}

/// The source of deals of our own export that name none.
pub(crate) const OWN: &str = own::SOURCE;
