//! Files of a CRM, read into typed deals: bytes, a table, its meaning, rows.
//!
//! This half knows nothing of the store. It reads each file twice: once for a sample from which
//! it decides what every column means and how it is written, and once row by row. What is sure
//! is said as a reading, what was chosen as an assumption, and a row that cannot be taken is
//! named with the reason; nothing is dropped in silence.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, NaiveDate, Utc};

mod activity;
#[cfg(test)]
mod activity_tests;
mod ahead;
mod answers;
mod apply;
mod archive;
mod assume;
mod bytes;
mod column;
mod crm;
mod csv;
mod deal;
mod entered;
mod error;
mod feed;
mod field;
mod finish;
mod fold;
mod frame;
mod header;
mod history;
mod home;
mod input;
mod json;
mod kind;
mod layout;
mod lexicon;
mod link;
mod lookup;
mod markup;
mod memory;
mod newest;
#[cfg(test)]
mod oddities;
mod old;
pub mod own;
mod page;
mod pairs;
mod parts;
mod people;
mod prose;
#[cfg(test)]
mod random_tests;
mod reading;
#[cfg(test)]
mod real_tests;
mod roots;
mod rowfile;
mod rows;
mod settle;
mod sheet;
mod sniff;
mod stated;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod ties;
mod unpack;
#[cfg(test)]
mod unseen_tests;
pub mod update;
mod values;
mod words;
mod workbook;

pub use apply::{
    By, Conflict, OnLook, OnProgress, Refused, Report, RunError, Seen, SeenAs, Skipped, preview,
    run,
};
pub use crm::{GENERIC, Object, built_in as crm_files, identity};
pub use deal::{DealRow, Outcome};
pub use error::ImportError;
pub use field::Field;
pub use home::open_for;
pub use memory::{About, Remembered, forget, remember, remembered};
pub use newest::{FoundExport, Mark, is_table_name, newest_export, note_taken, taken};
pub use old::OldDeals;
pub use parts::{PartOutcome, Parts};
pub use reading::{Assumption, ColumnReading};
pub use rows::{Progress, Rows, Tally};
pub use values::amounts::{Amount, Code};
pub use values::dates::Order;
pub use values::times::Zone;
pub use words::Status;

use bytes::{Counts, Decoded};
use crm::{Crms, Found};
use error::shown;
use frame::Frame;
use input::Input;
use lookup::Lookups;
use reading::{Around, Given};
use rows::DealFile;
use sheet::Sheet;
use sniff::{Form, Sniffed};
use table::{COLUMNS, Cells, Preview};
use ties::Ties;
use unpack::{Part, Whole};
use update::Written;
use workbook::Unpacking;

/// What the user says about the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `COLUMN=FIELD`, see [`Field`]; `ignore` is a field.
    pub map: Vec<String>,
    /// `dmy`, `mdy` or `ymd`.
    pub dates: Option<String>,
    /// The currency of amounts that name none.
    pub currency: Option<String>,
    /// The source of all deals of these files.
    pub source: Option<String>,
    /// A team's own files about CRMs: name and TOML text.
    pub crm_files: Vec<(String, String)>,
    /// Where times that name no zone are at home.
    pub zone: Zone,
    /// The day of the import: what lies behind it is to come. None: nothing does.
    pub today: Option<NaiveDate>,
    /// What was corrected about kinds of files before.
    pub memory: Vec<Remembered>,
    /// Set by another thread to stop.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The file, printable.
    pub file: String,
    /// The CRM's name; none for a table of no known CRM.
    pub crm: Option<String>,
    /// The same as people write it.
    pub label: Option<String>,
    /// What its rows are.
    pub object: Object,
    /// Whether anything of it is read.
    pub used: bool,
    /// Why it is, or is not.
    pub why: String,
    /// The source of its deals.
    pub source: Option<String>,
    /// The name of its encoding.
    pub encoding: &'static str,
    /// What is between its cells; none for JSON.
    pub delimiter: Option<char>,
    /// What its columns mean (deals only).
    pub columns: Vec<ColumnReading>,
    /// What was decided without proof.
    pub assumptions: Vec<Assumption>,
    /// What is known of it beside its cells.
    pub about: About,
}

impl Recognised {
    /// Returns what holds because it was corrected before, and then what was decided without
    /// proof.
    pub fn assumed(&self) -> impl Iterator<Item = &Assumption> + Clone {
        self.about.corrected.iter().chain(&self.assumptions)
    }
}

/// Files that are recognised, with the deals in them ready to be read.
#[derive(Debug)]
pub struct Export {
    files: Vec<Recognised>,
    deals: Arc<[DealFile]>,
    sheets: Arc<[Sheet]>,
    lookups: Arc<Lookups>,
    cancel: Option<Arc<AtomicBool>>,
    record_day: Option<NaiveDate>,
}

impl Export {
    /// Returns what each file was taken for, in the order given.
    pub fn files(&self) -> &[Recognised] {
        &self.files
    }

    /// Returns all columns of the files of deals.
    pub fn columns(&self) -> impl Iterator<Item = &ColumnReading> {
        self.files.iter().flat_map(|file| &file.columns)
    }

    /// Returns all that was decided without proof.
    pub fn assumptions(&self) -> impl Iterator<Item = &Assumption> {
        self.files.iter().flat_map(Recognised::assumed)
    }

    /// Returns whether something was assumed that nobody has seen yet for such files.
    pub fn has_unseen(&self) -> bool {
        self.files
            .iter()
            .any(|file| file.used && file.about.unseen > 0)
    }

    /// Settles the day up to which the files can know anything: the one given, else the day that
    /// the oldest of them states or else was written on, and never a day after today. Where that is not
    /// today, it is named as an assumption.
    pub fn date(
        &mut self,
        today: NaiveDate,
        given: Option<NaiveDate>,
        day: impl Fn(DateTime<Utc>) -> NaiveDate,
    ) {
        let used = self.files.iter_mut().filter(|file| file.used);
        let dated = used.filter_map(|file| {
            let stated = file.about.stated.as_ref().map(|(stated, _)| *stated);
            Some((stated.or_else(|| file.about.written.map(&day))?, file))
        });
        let oldest = dated.min_by_key(|(written, _)| *written);
        let record = match (given, &oldest) {
            (Some(given), _) => given,
            (None, Some((written, _))) => *written,
            (None, None) => today,
        };
        self.record_day = Some(record.min(today));
        if let (None, Some((written, file))) = (given, oldest)
            && written < today
        {
            let (verb, example) = match &file.about.stated {
                Some((_, words)) => ("tells of", Some(words.clone())),
                None => ("was written on", None),
            };
            let reading = written.format(
                "%-d %b %Y: silence is counted to that day, which is the date of the record; \
                 `--record-day` says otherwise",
            );
            let reading = format!("the file {verb} {reading}");
            let assumption = Assumption {
                file: file.file.clone(),
                column: None,
                reading,
                example,
                is_usual: false,
            };
            file.about.corrected.push(assumption);
        }
    }

    /// Returns the day up to which the files can know anything, once it is settled.
    pub fn record_day(&self) -> Option<NaiveDate> {
        self.record_day
    }

    /// Whether it has files of deals.
    pub fn has_deals(&self) -> bool {
        !self.deals.is_empty()
    }

    /// Reads the rows of the files beside the deals, from the first one. Can be called again.
    pub fn parts(&self) -> Parts {
        Parts::new(
            Arc::clone(&self.sheets),
            Arc::clone(&self.lookups),
            self.cancel.clone(),
        )
    }

    /// Fails when its reader was told to stop.
    fn check_cancel(&self) -> Result<(), ImportError> {
        check_cancel(self.cancel.as_ref())
    }

    /// Returns how many accounts the files name.
    pub fn accounts(&self) -> u64 {
        self.lookups.accounts_named()
    }

    /// Reads the rows, from the first one. Can be called again.
    pub fn rows(&self) -> Rows {
        Rows::new(
            Arc::clone(&self.deals),
            Arc::clone(&self.lookups),
            self.cancel.clone(),
        )
    }
}

/// Recognises files as one export. They may be deals in several parts, and the tables of
/// accounts, people, stages and pipelines that give names to the ids in them.
///
/// Errors: a file that cannot be opened; a single file that is no table; no file with deals; an
/// option that means nothing. Of several files one that is no table is named and not used.
pub fn open(paths: &[PathBuf], options: &Options) -> Result<Export, ImportError> {
    Opening::new(options, &Written::default())?.open(paths)
}

/// A file that is a table, before anything of its rows is used.
struct Candidate {
    input: Input,
    sniffed: Sniffed,
    /// The workbook or page of which it is one table.
    book: Option<String>,
    /// What was decided when it was unpacked, with an example.
    notes: Vec<(String, String)>,
    keys: Vec<String>,
    above: usize,
    headers: Vec<String>,
    found: Option<Found>,
    object: Object,
    /// Its header is that of deals, and no row of it names one.
    is_nameless: bool,
    fields: Vec<Option<Field>>,
    /// The columns that only the words of their headers tell of.
    guesses: Vec<Option<roots::Guess>>,
    shape: String,
    /// The day of which the file says itself that it tells.
    stated: Option<stated::Stated>,
    /// The first row, where it is one like those below it, and none is a header.
    bare: Option<String>,
    /// It was written here for a CRM.
    is_update: bool,
}

/// Fails when this flag was set: whoever asked for the work does not want it any more.
fn check_cancel(cancel: Option<&Arc<AtomicBool>>) -> Result<(), ImportError> {
    match cancel {
        Some(flag) if flag.load(Ordering::Relaxed) => Err(ImportError::Cancelled),
        Some(_) | None => Ok(()),
    }
}

struct Opening<'a> {
    options: &'a Options,
    crms: Arc<Crms>,
    /// Key of a header, and what it means.
    map: Vec<(String, String, Field)>,
    given: Given,
    /// The files that were written here for a CRM.
    written: &'a Written,
}

impl<'a> Opening<'a> {
    fn new(options: &'a Options, written: &'a Written) -> Result<Self, ImportError> {
        let mut map = Vec::new();
        for entry in &options.map {
            let Some((column, word)) = entry.rsplit_once('=') else {
                return Err(ImportError::UnknownField {
                    field: clean(entry),
                });
            };
            let field = Field::parse(word)
                .ok_or_else(|| ImportError::UnknownField { field: clean(word) })?;
            map.push((text::key(column), clean(column), field));
        }
        let order = match &options.dates {
            None => None,
            Some(word) => Some(
                Order::parse(word)
                    .ok_or_else(|| ImportError::UnknownOrder { order: clean(word) })?,
            ),
        };
        let currency = match &options.currency {
            None => None,
            Some(code) => Some(
                values::amounts::currency(code)
                    .ok_or_else(|| ImportError::UnknownCurrency { code: clean(code) })?,
            ),
        };
        let crms = Crms::known(&options.crm_files)?;
        Ok(Self {
            options,
            crms,
            map,
            given: Given { order, currency },
            written,
        })
    }

    fn open(&self, paths: &[PathBuf]) -> Result<Export, ImportError> {
        let mut files = Vec::new();
        let mut candidates = Vec::new();
        let how = Unpacking {
            is_peek: false,
            cancel: self.options.cancel.clone(),
        };
        for path in paths {
            self.check_cancel()?;
            let parts = match unpack::parts(path, &how) {
                Ok(parts) => parts,
                Err(error) if paths.len() > 1 && error.is_of_one() => {
                    files.push(unused(shown(path), error.to_string()));
                    candidates.push(None);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let is_only = paths.len() == 1 && parts.len() == 1;
            for part in parts {
                let (name, looked) = match part {
                    Part::Left { name, why } => {
                        files.push(unused(name, why));
                        candidates.push(None);
                        continue;
                    }
                    Part::Table(whole) => (whole.input.name().to_owned(), self.look(*whole)),
                };
                match looked {
                    Ok(candidate) => {
                        files.push(self.recognised(&candidate));
                        candidates.push(Some(candidate));
                    }
                    Err(error) if !is_only && error.is_of_one() => {
                        files.push(unused(name, error.to_string()));
                        candidates.push(None);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        self.choose(&mut candidates, &mut files);
        self.read_history_as_deals(&mut candidates, &mut files);
        self.check_map(&candidates)?;
        let mut lookups = Lookups::default();
        for (at, candidate) in candidates.iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if is_lookup(candidate.object) {
                self.load(candidate, &candidates, &mut lookups, &mut files[at])?;
            }
        }
        let mut ties = Ties::default();
        for (at, candidate) in candidates.iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if matches!(
                candidate.object,
                Object::User | Object::Contact | Object::Link
            ) {
                self.tie(candidate, &mut ties, &mut files[at])?;
            }
        }
        let ties = Arc::new(ties);
        let bare = candidates.iter().flatten().find_map(|c| c.bare.clone());
        let mut deals = Vec::new();
        let mut sheets = Vec::new();
        for (at, candidate) in candidates.into_iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if candidate.object == Object::Deal {
                deals.push(self.deals(at, candidate, &lookups, &mut files[at])?);
            } else if is_part(&candidate) {
                sheets.push(self.sheet(at, candidate, &lookups, &ties, &mut files[at])?);
            }
        }
        // What a link tells of a contact stands before what is told of them elsewhere.
        sheets.sort_by_key(|sheet| match sheet.object {
            Object::Link => 0,
            Object::Contact => 1,
            Object::History => 2,
            Object::Activity
            | Object::Deal
            | Object::Account
            | Object::Lead
            | Object::User
            | Object::Stage
            | Object::Pipeline
            | Object::Other
            | Object::Unknown => 3,
        });
        if deals.is_empty() && sheets.is_empty() {
            if let (Some(row), [file]) = (bare, files.as_slice()) {
                let path = file.file.clone();
                return Err(ImportError::NoHeader { path, row });
            }
            let names: Vec<String> = files.iter().map(|f| format!("`{}`", f.file)).collect();
            let why: Vec<String> = files
                .iter()
                .map(|f| format!("`{}`: {}", f.file, f.why))
                .collect();
            return Err(ImportError::NoDeals {
                files: names.join(", "),
                why: why.join("; "),
            });
        }
        // What is wrong with a first row is told where the rows are read.
        let is_bare = |file: &DealFile| {
            let mut table = file.open(Arc::default())?;
            table.read(&mut Cells::new()).map(|first| first.is_none())
        };
        if !deals.is_empty() && deals.iter().all(|file| is_bare(file).unwrap_or(false)) {
            let path = files[deals[0].frame.file].file.clone();
            return Err(ImportError::NoRows { path });
        }
        Ok(Export {
            files,
            deals: deals.into(),
            sheets: sheets.into(),
            lookups: Arc::new(lookups),
            cancel: self.options.cancel.clone(),
            record_day: None,
        })
    }

    fn check_cancel(&self) -> Result<(), ImportError> {
        check_cancel(self.options.cancel.as_ref())
    }

    /// Finds out what a file is from its first rows only: its first table of deals, else its first
    /// table.
    fn peek(&self, path: &Path) -> Result<Candidate, ImportError> {
        let how = Unpacking {
            is_peek: true,
            cancel: self.options.cancel.clone(),
        };
        let mut first = None;
        for part in unpack::parts(path, &how)? {
            let Part::Table(whole) = part else { continue };
            let candidate = self.look(*whole)?;
            if candidate.object == Object::Deal {
                return Ok(candidate);
            }
            first.get_or_insert(candidate);
        }
        first.ok_or_else(|| ImportError::Empty { path: shown(path) })
    }

    /// Of the tables of one workbook or page, those are deals that are known as such; tables that
    /// only look like deals are so beside the first one if they have its columns. What is taken
    /// of several is an assumption.
    fn choose(&self, candidates: &mut [Option<Candidate>], files: &mut [Recognised]) {
        for first in 0..candidates.len() {
            let Some(chosen) = &candidates[first] else {
                continue;
            };
            let Some(book) = chosen.book.clone() else {
                continue;
            };
            let is_deals = |c: &Candidate| c.object == Object::Deal;
            let of_book = |c: &Candidate| c.book.as_ref() == Some(&book);
            let is_first = candidates[..first]
                .iter()
                .flatten()
                .all(|c| !(of_book(c) && is_deals(c)));
            if !is_deals(chosen) || !is_first {
                continue;
            }
            let headers = chosen.headers.clone();
            let name = files[first].file.clone();
            for at in first + 1..candidates.len() {
                let is_guess = candidates[at].as_ref().is_some_and(|c| {
                    of_book(c)
                        && is_deals(c)
                        && c.headers != headers
                        && c.found.is_none_or(|found| self.crms.is_generic(found))
                });
                if is_guess {
                    candidates[at] = None;
                    files[at].used = false;
                    files[at].why =
                        format!("its columns are not those of `{name}`, whose deals are read");
                }
            }
            let left: Vec<&str> = files
                .iter()
                .zip(candidates.iter())
                .filter(|(file, candidate)| {
                    let is_of_it = file
                        .file
                        .strip_prefix(&book)
                        .is_some_and(|n| n.starts_with('/'));
                    is_of_it && candidate.as_ref().is_none_or(|c| !is_deals(c))
                })
                .map(|(file, _)| file.file.as_str())
                .collect();
            if !left.is_empty() {
                let left: Vec<String> = left.iter().map(|name| format!("`{name}`")).collect();
                let reading = format!("of several tables its deals are read; beside it {}", {
                    left.join(", ")
                });
                if let Some(chosen) = &mut candidates[first] {
                    chosen.notes.insert(0, (reading, String::new()));
                }
            }
        }
    }

    /// Without a table of deals, those in a history are read that tells what they are.
    fn read_history_as_deals(
        &self,
        candidates: &mut [Option<Candidate>],
        files: &mut [Recognised],
    ) {
        if candidates
            .iter()
            .flatten()
            .any(|c| c.object == Object::Deal)
        {
            return;
        }
        for (candidate, file) in candidates.iter_mut().zip(files) {
            let Some(candidate) = candidate.as_mut().filter(|c| c.object == Object::History) else {
                continue;
            };
            let found = candidate.found;
            let fields = found.and_then(|found| {
                self.crms
                    .of_deals(found, &candidate.headers, &candidate.fields)
            });
            if let Some(fields) = fields {
                candidate.fields = fields;
                candidate.object = Object::Deal;
                let reading = "it is a history that tells of its deals too, and no other file does: \
                               the newest row of each is the deal";
                candidate.notes.push((reading.to_owned(), String::new()));
                *file = self.recognised(candidate);
            }
        }
    }

    /// Finds out what a table is, from its first rows.
    fn look(&self, whole: Whole) -> Result<Candidate, ImportError> {
        let Whole {
            input,
            sniffed,
            book,
            notes,
        } = whole;
        let name = || input.name().to_owned();
        let keys = match sniffed.form {
            Form::Text { .. } | Form::Rows => Vec::new(),
            Form::Json { skip } => {
                let text = Decoded::new(input.open()?, sniffed.encoding, Arc::default());
                json::keys(text, skip, input.name())?
            }
        };
        let mut table = table::open(&input, &sniffed, &keys, Arc::new(Counts::default()))?;
        let preview = Preview::read(table.as_mut())?;
        let is_text = matches!(sniffed.form, Form::Text { .. } | Form::Rows);
        let known = |row: &[String]| {
            if is_text && table::has_figures(row) {
                return 0;
            }
            let names: Vec<String> = row.iter().map(|cell| text::header(cell)).collect();
            match self.crms.recognise(&names) {
                Some(found) => 1000 + found.score,
                // One familiar word may be a title above the header.
                None => self.crms.familiar(&names).saturating_sub(1),
            }
        };
        let Some((above, headers)) = preview.header(known) else {
            return Err(ImportError::Empty { path: name() });
        };
        if headers.len() > COLUMNS {
            return Err(ImportError::TooManyColumns {
                path: name(),
                columns: headers.len(),
                most: COLUMNS,
            });
        }
        let stated = stated::above(preview.above(above)).or_else(|| match sniffed.form {
            Form::Text { .. } => stated::below(&input),
            Form::Json { .. } | Form::Rows => None,
        });
        let is_bare = is_text && table::has_figures(&headers);
        let mut found = self.crms.recognise(&headers).filter(|_| !is_bare);
        let mut object = found.map_or(Object::Unknown, |found| self.crms.object(found).0);
        let mut fields = self.crms.fields(found, &headers);
        let mut guesses = self.crms.guess(found, &headers, &mut fields);
        let is_json = matches!(sniffed.form, Form::Json { .. });
        let shape = memory::shape(is_json, &headers);
        let known = memory::find(self.options, &shape);
        let corrected = known.into_iter().flat_map(memory::Remembered::fields);
        let said = self.map.iter().map(|(key, _, field)| (key.clone(), *field));
        let mut is_mapped = false;
        for (key, field) in corrected.chain(said) {
            let Some(at) = headers.iter().position(|header| text::key(header) == key) else {
                continue;
            };
            is_mapped |= field != Field::Ignore;
            // The column that had the field gives it up.
            for other in fields.iter_mut().filter(|f| **f == Some(field)) {
                *other = Some(Field::Ignore);
            }
            fields[at] = Some(field);
            guesses[at] = None;
        }
        if object == Object::Unknown && is_mapped {
            object = Object::Deal;
        }
        let is_crm = found.is_some_and(|found| !self.crms.is_generic(found));
        // A page that only tells of tables has headers of deals too.
        let is_nameless = object == Object::Deal
            && !is_crm
            && !is_mapped
            && names_none(preview.below(above), &fields);
        if is_nameless {
            object = Object::Other;
        }
        let is_update = self.written.has(&input);
        if is_update && !is_mapped {
            object = Object::Other;
        }
        // What an id and one more column of a table tell is no deal.
        let is_told = self.options.source.is_some()
            || !self.map.is_empty()
            || memory::find(self.options, &shape).is_some();
        let is_little = is_text && !is_crm && !is_told && names_little(&fields);
        if object == Object::Deal && is_little {
            object = Object::Unknown;
        }
        if !is_mapped && !is_crm && answers::are_in(&headers, &fields, preview.below(above)) {
            found = self.crms.answers();
            object = Object::Other;
        }
        let bare = preview.without_header();
        let bare = bare.filter(|_| object == Object::Unknown && is_text);
        Ok(Candidate {
            input,
            sniffed,
            book,
            notes,
            keys,
            above,
            headers,
            found,
            object,
            is_nameless,
            fields,
            guesses,
            shape,
            stated,
            bare,
            is_update,
        })
    }

    /// The name of a CRM as people write it.
    fn label(&self, crm: &str) -> String {
        self.crms.label(crm).unwrap_or(crm).to_owned()
    }

    fn recognised(&self, candidate: &Candidate) -> Recognised {
        let crm = candidate
            .found
            .filter(|found| !self.crms.is_generic(*found));
        let label = crm.map(|found| self.crms.crm(found).label.clone());
        let (object, what) = candidate
            .found
            .map_or((Object::Unknown, None), |found| self.crms.object(found));
        let plural = what.unwrap_or_else(|| object.plural());
        let why = match (candidate.object, &label) {
            (Object::Unknown, _) if candidate.bare.is_some() => {
                let row = candidate.bare.as_deref().unwrap_or_default();
                format!("it has no header: its first row is `{row}`")
            }
            (Object::Unknown, _) => {
                let some: Vec<_> = candidate
                    .headers
                    .iter()
                    .take(8)
                    .map(String::as_str)
                    .collect();
                format!(
                    "its columns are those of nothing known: {}",
                    some.join(", ")
                )
            }
            (Object::Deal, None) => "its columns are those of deals".to_owned(),
            (Object::Deal, Some(label)) => format!("its columns are those of deals of {label}"),
            _ if candidate.is_update => {
                "it was written here for a CRM, which takes it in: nothing of it is new here"
                    .to_owned()
            }
            _ if candidate.is_nameless => {
                "its header is that of deals, but no row below it names one".to_owned()
            }
            _ if candidate.found.is_some_and(|f| self.crms.is_answers(f)) => format!(
                "it is a table of answers, no deals: calibrate reads it (`walkaway calibrate \
                 --from {}`)",
                candidate.input.name()
            ),
            (_, Some(label)) => format!("it holds {plural} of {label}; none of it is read"),
            (_, None) => format!("it holds {plural}; none of it is read"),
        };
        Recognised {
            file: candidate.input.name().to_owned(),
            crm: crm.map(|found| self.crms.crm(found).name.clone()),
            label,
            object: candidate.object,
            used: candidate.object == Object::Deal,
            why,
            source: None,
            encoding: candidate.sniffed.encoding.name(),
            delimiter: match candidate.sniffed.form {
                Form::Text { delimiter } => Some(char::from(delimiter)),
                Form::Json { .. } | Form::Rows => None,
            },
            columns: Vec::new(),
            assumptions: Vec::new(),
            about: About {
                shape: candidate.shape.clone(),
                written: candidate.input.modified().map(DateTime::<Utc>::from),
                stated: candidate.stated.clone(),
                ..About::default()
            },
        }
    }

    /// A column of `--map` must be in one of the files.
    fn check_map(&self, candidates: &[Option<Candidate>]) -> Result<(), ImportError> {
        for (key, column, _) in &self.map {
            let headers = || candidates.iter().flatten().flat_map(|c| &c.headers);
            if !headers().any(|header| text::key(header) == *key) {
                let known: Vec<String> = headers().take(60).map(|h| format!("`{h}`")).collect();
                return Err(ImportError::UnknownColumn {
                    column: column.clone(),
                    known: known.join(", "),
                });
            }
        }
        Ok(())
    }

    /// Reads a table of names, if the deals have ids that it explains.
    fn load(
        &self,
        candidate: &Candidate,
        all: &[Option<Candidate>],
        lookups: &mut Lookups,
        file: &mut Recognised,
    ) -> Result<(), ImportError> {
        let plural = candidate.object.plural();
        let has = |fields: &[Option<Field>], field| fields.contains(&Some(field));
        if has(&candidate.fields, Field::ActivityId) {
            return Ok(());
        }
        if !has(&candidate.fields, Field::ExternalId) {
            file.why = format!("it holds {plural} without ids to which the deals could refer");
            return Ok(());
        }
        let wanted = match candidate.object {
            Object::Account => Field::AccountId,
            Object::Contact => Field::ContactId,
            Object::User => Field::OwnerId,
            Object::Pipeline => Field::Pipeline,
            Object::Stage => Field::Stage,
            Object::Link
            | Object::Deal
            | Object::Lead
            | Object::Activity
            | Object::History
            | Object::Other
            | Object::Unknown => Field::ExternalId,
        };
        let has_link = all.iter().flatten().any(|c| {
            c.object == Object::Link && matches!(wanted, Field::AccountId | Field::ContactId)
        });
        let is_wanted = has_link
            || all.iter().flatten().any(is_part)
            || all
                .iter()
                .flatten()
                .any(|c| c.object == Object::Deal && has(&c.fields, wanted));
        if !is_wanted {
            file.why = format!("it holds {plural}; the deals have no ids of {plural}");
            return Ok(());
        }
        let source = candidate
            .found
            .map_or("", |found| self.crms.crm(found).name.as_str());
        let mut table = self.below_header(candidate)?;
        let count = lookups.load(candidate.object, source, &candidate.fields, table.as_mut())?;
        candidate.input.check()?;
        file.used = count > 0;
        file.why = match (candidate.object, count) {
            (_, 0) => format!("it holds {plural}, but none with an id and a name"),
            (Object::Link, _) if has(&candidate.fields, Field::Merged) => {
                format!(
                    "{count} deals were merged into others; they are kept if they are here, and what \
                     else belongs to them goes to the others"
                )
            }
            (Object::Link, _) => format!("it links {count} deals"),
            _ => format!("it names {count} {plural}"),
        };
        Ok(())
    }

    /// Reads what ties records together, beside their names.
    fn tie(
        &self,
        candidate: &Candidate,
        ties: &mut Ties,
        file: &mut Recognised,
    ) -> Result<(), ImportError> {
        let source = candidate
            .found
            .map_or("", |found| self.crms.crm(found).name.as_str());
        let mut table = self.below_header(candidate)?;
        let count = ties.load(candidate.object, source, &candidate.fields, table.as_mut())?;
        if candidate.object != Object::Link {
            return Ok(());
        }
        let has = |field| candidate.fields.contains(&Some(field));
        if has(Field::ActivityId) {
            file.used = count > 0;
            file.why = format!("it links {count} activities");
        }
        Ok(())
    }

    /// Decides how a file beside the deals is read.
    fn sheet(
        &self,
        at: usize,
        candidate: Candidate,
        lookups: &Lookups,
        ties: &Arc<Ties>,
        file: &mut Recognised,
    ) -> Result<Sheet, ImportError> {
        let (object, what) = candidate
            .found
            .map_or((Object::Unknown, None), |found| self.crms.object(found));
        let is_usual = candidate.found.is_some_and(|f| self.crms.is_generic(f));
        let what = match what {
            // Calls may be known as such only by the name of the file and by the headers.
            Some(what) if is_usual && object == Object::Activity => {
                let word = kind::of_table(candidate.input.name(), &candidate.headers);
                Some(word.unwrap_or(what).to_owned())
            }
            Some(what) => Some(what.to_owned()),
            None => None,
        };
        let label = candidate
            .found
            .filter(|found| !self.crms.is_generic(*found))
            .map(|found| self.crms.crm(found).label.clone());
        let plural = what.clone().unwrap_or_else(|| object.plural().to_owned());
        let sheet = Sheet {
            file: self.deals(at, candidate, lookups, file)?,
            object,
            what,
            zone: self.options.zone,
            today: self.options.today.unwrap_or(NaiveDate::MAX),
            ties: Arc::clone(ties),
        };
        file.used = true;
        if object != Object::Link {
            file.why = match label {
                Some(label) => format!("it holds {plural} of {label}"),
                None => format!("it holds {plural}"),
            };
        }
        if object == Object::Activity {
            for (reading, fields) in activity::assumptions(&sheet) {
                let of = |field: &Field| file.columns.iter().find(|c| c.field == Some(*field));
                let column = fields.iter().filter_map(of).find(|c| c.example.is_some());
                file.assumptions.push(Assumption {
                    file: file.file.clone(),
                    column: column.map(|column| column.column.clone()),
                    reading: reading.to_owned(),
                    example: column.and_then(|column| column.example.clone()),
                    is_usual: false,
                });
            }
        }
        Ok(sheet)
    }

    fn below_header(&self, candidate: &Candidate) -> Result<Box<dyn table::Table>, ImportError> {
        self.check_cancel()?;
        let Candidate {
            input,
            sniffed,
            keys,
            ..
        } = candidate;
        let mut table = table::open(input, sniffed, keys, Arc::new(Counts::default()))?;
        let mut cells = Cells::new();
        for _ in 0..=candidate.above {
            table.read(&mut cells)?;
        }
        Ok(table)
    }

    /// Decides how a file of deals is read.
    fn deals(
        &self,
        at: usize,
        candidate: Candidate,
        lookups: &Lookups,
        file: &mut Recognised,
    ) -> Result<DealFile, ImportError> {
        let known = memory::find(self.options, &candidate.shape);
        let given = known.map_or(self.given, |known| known.given(self.given));
        let mut table = self.below_header(&candidate)?;
        let crm = candidate
            .found
            .map_or_else(|| self.crms.generic(), |f| self.crms.crm(f));
        let around = Around {
            given,
            formats: crm.formats,
            words: &crm.words,
            is_local: candidate
                .found
                .is_some_and(|found| self.crms.is_local(found, &candidate.headers))
                || candidate.guesses.iter().flatten().any(|g| g.is_local),
            object: candidate.object,
            is_crm: file.crm.is_some(),
            guesses: &candidate.guesses,
            beside: lookups,
        };
        let decided = reading::decide(
            &file.file,
            table.as_mut(),
            &candidate.headers,
            &candidate.fields,
            around,
            self.options.cancel.as_ref(),
        )?;
        let is_own = crm.name == deal::OWN;
        let said = self.options.source.as_ref();
        let said = said.or(known.and_then(memory::Remembered::source));
        let source = match (said, &file.crm) {
            (Some(given), _) => text::clean(given, 200, text::Lines::One).into_owned(),
            (None, Some(crm)) => match &decided.portal {
                Some(portal) => format!("{crm}:{}", text::snake(portal)),
                None => crm.clone(),
            },
            (None, None) => {
                let id = candidate
                    .fields
                    .iter()
                    .position(|f| *f == Some(Field::ExternalId));
                deal::table_source(id.map(|at| candidate.headers[at].as_str()))
            }
        };
        file.source = Some(source.clone());
        file.columns = decided.columns;
        let of_file = |(reading, example): (String, String)| Assumption {
            file: file.file.clone(),
            column: None,
            reading,
            example: Some(example).filter(|example| !example.is_empty()),
            is_usual: false,
        };
        file.assumptions = candidate.notes.into_iter().map(of_file).collect();
        file.assumptions.extend(decided.assumptions);
        if candidate.sniffed.is_guess {
            file.assumptions.insert(
                0,
                Assumption {
                    file: file.file.clone(),
                    column: None,
                    reading: format!("the text is no UTF-8; it is read as {}", file.encoding),
                    example: None,
                    is_usual: false,
                },
            );
        }
        let mut words = crm.words.clone();
        words.add(&decided.won, Status::Won);
        let frame = Frame {
            file: at,
            source: Arc::from(source),
            headers: candidate.headers,
            slots: decided.slots,
            has_groups: decided.has_groups,
            scale: decided.scale,
            times: decided.times,
            is_sheet: candidate.sniffed.form == Form::Rows,
            words,
            currency: given.currency.or(decided.currency).or(crm.formats.currency),
            is_own: is_own && said.is_none(),
        };
        let mut deals = DealFile {
            input: candidate.input,
            sniffed: candidate.sniffed,
            keys: candidate.keys,
            above: candidate.above + 1,
            frame,
            folds: None,
        };
        // A file of one day after the other may have more rows of a day than were looked at.
        let of = |object| candidate.found.map(|f| self.crms.object(f).0) == Some(object);
        let is_several = decided.is_lines || deals.frame.has_states() || of(Object::History);
        let may_repeat = decided.repeats || is_several;
        if may_repeat && candidate.object == Object::Deal && !is_own {
            let cancel = self.options.cancel.as_ref();
            let (folds, told) = fold::read(&deals, decided.is_lines, lookups, cancel)?;
            deals.folds = folds;
            // How many deals there are hangs on it: it is told before all else.
            for one in told.into_iter().rev() {
                let of = |field| file.columns.iter().find(|c| c.field == Some(field));
                let column = of(one.field).or_else(|| of(one.field.beside()?));
                let assumption = Assumption {
                    file: file.file.clone(),
                    column: column.map(|column| column.column.clone()),
                    reading: one.reading,
                    example: one.example.or_else(|| column?.example.clone()),
                    is_usual: false,
                };
                file.assumptions.insert(0, assumption);
            }
        }
        memory::tell(file, known, self.options);
        Ok(deals)
    }
}

/// Whether a file's rows hang on deals.
fn is_part(candidate: &Candidate) -> bool {
    let has = |fields: &[Field]| {
        fields
            .iter()
            .any(|field| candidate.fields.contains(&Some(*field)))
    };
    let place = [
        Field::DealId,
        Field::DealName,
        Field::AccountId,
        Field::Account,
    ];
    match candidate.object {
        Object::Activity => has(&[
            Field::At,
            Field::Due,
            Field::Completed,
            Field::Created,
            Field::End,
        ]),
        Object::History => has(&[Field::At, Field::Created]) && has(&place),
        Object::Contact => has(&place),
        Object::Link => {
            has(&[Field::ContactId])
                && has(&[Field::ExternalId])
                && !has(&[Field::ActivityId, Field::Merged])
        }
        Object::Deal
        | Object::Account
        | Object::Lead
        | Object::User
        | Object::Stage
        | Object::Pipeline
        | Object::Other
        | Object::Unknown => false,
    }
}

/// Whether nothing but an id names a deal, and next to nothing is told of it.
fn names_little(fields: &[Option<Field>]) -> bool {
    let names = [
        Field::Title,
        Field::Account,
        Field::AccountId,
        Field::Product,
        Field::Contact,
        Field::Owner,
        Field::OwnerId,
    ];
    let known = || fields.iter().flatten().filter(|f| **f != Field::Ignore);
    known().count() < 3 && !known().any(|field| names.contains(field))
}

/// Whether there are rows, and none has an id or any other name of a deal.
fn names_none(rows: &[Vec<String>], fields: &[Option<Field>]) -> bool {
    let names = |field: &Field| {
        matches!(
            field,
            Field::ExternalId
                | Field::PublicId
                | Field::Url
                | Field::Title
                | Field::Account
                | Field::AccountId
                | Field::Product
        )
    };
    let is_named = |row: &Vec<String>| {
        let mut cells = row.iter().zip(fields);
        cells.any(|(cell, field)| field.as_ref().is_some_and(names) && !text::is_blank(cell.trim()))
    };
    !rows.is_empty() && !rows.iter().any(is_named)
}

fn is_lookup(object: Object) -> bool {
    match object {
        Object::Account
        | Object::Contact
        | Object::User
        | Object::Stage
        | Object::Pipeline
        | Object::Link => true,
        Object::Deal
        | Object::Lead
        | Object::Activity
        | Object::History
        | Object::Other
        | Object::Unknown => false,
    }
}

fn clean(text: &str) -> String {
    text::clean(text, 200, text::Lines::One).into_owned()
}

/// A file that is no table, among others that are.
fn unused(file: String, why: String) -> Recognised {
    Recognised {
        file,
        crm: None,
        label: None,
        object: Object::Unknown,
        used: false,
        why,
        source: None,
        encoding: "",
        delimiter: None,
        columns: Vec::new(),
        assumptions: Vec::new(),
        about: About::default(),
    }
}
