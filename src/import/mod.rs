//! Files of a CRM, read into typed deals: bytes, a table, its meaning, rows.
//!
//! This half knows nothing of the store. It reads each file twice: once for a sample from which
//! it decides what every column means and how it is written, and once row by row. What is sure
//! is said as a reading, what was chosen as an assumption, and a row that cannot be taken is
//! named with the reason; nothing is dropped in silence.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

mod apply;
mod bytes;
mod crm;
mod csv;
mod deal;
mod error;
mod field;
mod json;
mod lookup;
pub mod own;
mod reading;
mod rows;
mod sniff;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod words;

pub use apply::{
    Conflict, Found as FoundExport, OnProgress, Refused, Report, RunError, Seen, SeenAs, Skipped,
    newest_export, preview, run,
};
pub use crm::{Object, built_in as crm_files, identity};
pub use deal::{DealRow, Outcome};
pub use error::ImportError;
pub use field::Field;
pub use reading::{Assumption, ColumnReading};
pub use rows::{Progress, Rows, Tally};
pub use values::amounts::{Amount, Code};
pub use values::dates::Order;
pub use words::Status;

use bytes::{Counts, Decoded};
use crm::{Crms, Found};
use deal::Frame;
use error::shown;
use lookup::Lookups;
use reading::Given;
use rows::DealFile;
use sniff::{Form, Sniffed};
use table::{COLUMNS, Cells, Preview};

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
}

/// Files that are recognised, with the deals in them ready to be read.
#[derive(Debug)]
pub struct Export {
    files: Vec<Recognised>,
    deals: Arc<[DealFile]>,
    lookups: Arc<Lookups>,
    cancel: Option<Arc<AtomicBool>>,
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
        self.files.iter().flat_map(|file| &file.assumptions)
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
    Opening::new(options)?.open(paths)
}

/// A file that is a table, before anything of its rows is used.
struct Candidate {
    path: PathBuf,
    sniffed: Sniffed,
    keys: Vec<String>,
    above: usize,
    headers: Vec<String>,
    found: Option<Found>,
    object: Object,
    fields: Vec<Option<Field>>,
}

struct Opening<'a> {
    options: &'a Options,
    crms: Crms,
    /// Key of a header, and what it means.
    map: Vec<(String, String, Field)>,
    given: Given,
}

impl<'a> Opening<'a> {
    fn new(options: &'a Options) -> Result<Self, ImportError> {
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
        let crms = Crms::load(&options.crm_files)?;
        Ok(Self {
            options,
            crms,
            map,
            given: Given { order, currency },
        })
    }

    fn open(&self, paths: &[PathBuf]) -> Result<Export, ImportError> {
        let mut files = Vec::new();
        let mut candidates = Vec::new();
        for path in paths {
            self.check_cancel()?;
            match self.look(path) {
                Ok(candidate) => {
                    files.push(self.recognised(&candidate));
                    candidates.push(Some(candidate));
                }
                Err(error @ (ImportError::NotATable { .. } | ImportError::Empty { .. }))
                    if paths.len() > 1 =>
                {
                    files.push(unused(path, error.to_string()));
                    candidates.push(None);
                }
                Err(error) => return Err(error),
            }
        }
        self.check_map(&candidates)?;
        let mut lookups = Lookups::default();
        for (at, candidate) in candidates.iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if is_lookup(candidate.object) {
                self.load(candidate, &candidates, &mut lookups, &mut files[at])?;
            }
        }
        let mut deals = Vec::new();
        for (at, candidate) in candidates.into_iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if candidate.object == Object::Deal {
                deals.push(self.deals(at, candidate, &mut files[at])?);
            }
        }
        if deals.is_empty() {
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
        Ok(Export {
            files,
            deals: deals.into(),
            lookups: Arc::new(lookups),
            cancel: self.options.cancel.clone(),
        })
    }

    fn check_cancel(&self) -> Result<(), ImportError> {
        match &self.options.cancel {
            Some(flag) if flag.load(Ordering::Relaxed) => Err(ImportError::Cancelled),
            Some(_) | None => Ok(()),
        }
    }

    /// Finds out what a file is, from its first rows.
    fn look(&self, path: &Path) -> Result<Candidate, ImportError> {
        let sniffed = sniff::sniff(path)?;
        let keys = match sniffed.form {
            Form::Text { .. } => Vec::new(),
            Form::Json { skip } => {
                let (file, _) = sniff::open(path)?;
                let text = Decoded::new(file, sniffed.encoding, Arc::default());
                json::keys(text, skip, &shown(path))?
            }
        };
        let mut table = table::open(path, &sniffed, &keys, Arc::new(Counts::default()))?;
        let preview = Preview::read(table.as_mut())?;
        let known = |row: &[String]| {
            let names: Vec<String> = row.iter().map(|cell| text::header(cell)).collect();
            match self.crms.recognise(&names) {
                Some(found) => 1000 + found.score,
                // One familiar word may be a title above the header.
                None => self.crms.familiar(&names).saturating_sub(1),
            }
        };
        let Some((above, headers)) = preview.header(known) else {
            return Err(ImportError::Empty { path: shown(path) });
        };
        if headers.len() > COLUMNS {
            return Err(ImportError::TooManyColumns {
                path: shown(path),
                columns: headers.len(),
                most: COLUMNS,
            });
        }
        let found = self.crms.recognise(&headers);
        let mut object = found.map_or(Object::Unknown, |found| self.crms.object(found).0);
        let mut fields = self.crms.fields(found, &headers);
        let mut is_mapped = false;
        for (key, _, field) in &self.map {
            let Some(at) = headers.iter().position(|header| text::key(header) == *key) else {
                continue;
            };
            is_mapped |= *field != Field::Ignore;
            // The column that had the field gives it up.
            for other in fields.iter_mut().filter(|f| **f == Some(*field)) {
                *other = Some(Field::Ignore);
            }
            fields[at] = Some(*field);
        }
        if object == Object::Unknown && is_mapped {
            object = Object::Deal;
        }
        let path = path.to_owned();
        Ok(Candidate {
            path,
            sniffed,
            keys,
            above,
            headers,
            found,
            object,
            fields,
        })
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
        let why = match (candidate.object, label) {
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
            (_, Some(label)) => format!("it holds {plural} of {label}; none of it is read"),
            (_, None) => format!("it holds {plural}; none of it is read"),
        };
        Recognised {
            file: shown(&candidate.path),
            crm: crm.map(|found| self.crms.crm(found).name.clone()),
            object: candidate.object,
            used: candidate.object == Object::Deal,
            why,
            source: None,
            encoding: candidate.sniffed.encoding.name(),
            delimiter: match candidate.sniffed.form {
                Form::Text { delimiter } => Some(char::from(delimiter)),
                Form::Json { .. } => None,
            },
            columns: Vec::new(),
            assumptions: Vec::new(),
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
        file.used = count > 0;
        file.why = match (candidate.object, count) {
            (_, 0) => format!("it holds {plural}, but none with an id and a name"),
            (Object::Link, _) => format!("it links {count} deals"),
            _ => format!("it names {count} {plural}"),
        };
        Ok(())
    }

    fn below_header(&self, candidate: &Candidate) -> Result<Box<dyn table::Table>, ImportError> {
        self.check_cancel()?;
        let Candidate {
            path,
            sniffed,
            keys,
            ..
        } = candidate;
        let mut table = table::open(path, sniffed, keys, Arc::new(Counts::default()))?;
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
        file: &mut Recognised,
    ) -> Result<DealFile, ImportError> {
        let mut table = self.below_header(&candidate)?;
        let decided = reading::decide(
            &file.file,
            table.as_mut(),
            &candidate.headers,
            &candidate.fields,
            self.given,
            self.options.cancel.as_ref(),
        )?;
        let crm = candidate
            .found
            .map_or_else(|| self.crms.generic(), |f| self.crms.crm(f));
        let is_own = crm.name == deal::OWN;
        let source = match (&self.options.source, &file.crm) {
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
        file.assumptions = decided.assumptions;
        if candidate.sniffed.is_guess {
            file.assumptions.insert(
                0,
                Assumption {
                    file: file.file.clone(),
                    column: None,
                    reading: format!("the text is no UTF-8; it is read as {}", file.encoding),
                    example: None,
                },
            );
        }
        let frame = Frame {
            file: at,
            source: Arc::from(source),
            headers: candidate.headers,
            slots: decided.slots,
            words: crm.words.clone(),
            currency: self.given.currency,
            is_own: is_own && self.options.source.is_none(),
        };
        Ok(DealFile {
            path: candidate.path,
            sniffed: candidate.sniffed,
            keys: candidate.keys,
            above: candidate.above + 1,
            frame,
        })
    }
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
fn unused(path: &Path, why: String) -> Recognised {
    Recognised {
        file: shown(path),
        crm: None,
        object: Object::Unknown,
        used: false,
        why,
        source: None,
        encoding: "",
        delimiter: None,
        columns: Vec::new(),
        assumptions: Vec::new(),
    }
}
