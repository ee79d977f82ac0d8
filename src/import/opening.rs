//! Files recognised as one export: what each is, and which of them are read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::bytes::{Counts, Decoded};
use super::candidate::{Candidate, names_little, names_none};
use super::crm::{Crms, Object};
use super::error::{ImportError, shown};
use super::field::Field;
use super::lookup::Lookups;
use super::memory::{self, About};
use super::reading::Given;
use super::rows::DealFile;
use super::sniff::Form;
use super::table::{self, COLUMNS, Cells, Preview};
use super::ties::Ties;
use super::unpack::{self, Part, Whole};
use super::update::Written;
use super::values::amounts;
use super::values::dates::Order;
use super::workbook::Unpacking;
use super::{Export, Options, Recognised, answers, check_cancel, json, stated, text};

/// How files are recognised as one export.
pub(super) struct Opening<'a> {
    pub(super) options: &'a Options,
    pub(super) crms: Arc<Crms>,
    /// Key of a header, and what it means.
    map: Vec<(String, String, Field)>,
    pub(super) given: Given,
    /// The files that were written here for a CRM.
    written: &'a Written,
}

impl<'a> Opening<'a> {
    pub(super) fn new(options: &'a Options, written: &'a Written) -> Result<Self, ImportError> {
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
                amounts::currency(code)
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

    pub(super) fn open(&self, paths: &[PathBuf]) -> Result<Export, ImportError> {
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
        self.read_deals_beside(&mut candidates, &mut files);
        self.check_map(&candidates)?;
        let mut lookups = Lookups::default();
        for (at, candidate) in candidates.iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if candidate.is_lookup() {
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
            } else if candidate.is_part() {
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

    pub(super) fn check_cancel(&self) -> Result<(), ImportError> {
        check_cancel(self.options.cancel.as_ref())
    }

    /// Finds out what a file is from its first rows only: its first table of deals, else its first
    /// table.
    pub(super) fn peek(&self, path: &Path) -> Result<Candidate, ImportError> {
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

    /// Without a table of deals, those are read of which a history or a list of activities tells
    /// what they are; what these tell themselves is read beside.
    fn read_deals_beside(
        &self,
        candidates: &mut Vec<Option<Candidate>>,
        files: &mut Vec<Recognised>,
    ) {
        let mut all = candidates.iter().flatten();
        if all.any(|c| c.object == Object::Deal) {
            return;
        }
        for at in 0..candidates.len() {
            let Some(other) = &candidates[at] else {
                continue;
            };
            let is_history = other.object == Object::History;
            if !is_history && other.object != Object::Activity {
                continue;
            }
            let fields = other
                .found
                .and_then(|found| self.crms.of_deals(found, &other.headers, &other.fields));
            let Some(fields) = fields else { continue };
            // The first stage of a deal stands in no row of its own.
            let is_both = !is_history || other.fields.contains(&Some(Field::OldStage));
            let mut deals = other.clone();
            deals.fields = fields;
            deals.object = Object::Deal;
            let reading = if is_history {
                "it is a history that tells of its deals too, and no other file does: the newest \
                 row of each is the deal"
            } else {
                "its activities tell of their deals too, and no other file does: both are read"
            };
            deals.notes.push((reading.to_owned(), String::new()));
            let file = self.recognised(&deals);
            if is_both {
                candidates.push(Some(deals));
                files.push(file);
            } else {
                candidates[at] = Some(deals);
                files[at] = file;
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
    pub(super) fn label(&self, crm: &str) -> String {
        self.crms.label(crm).unwrap_or(crm).to_owned()
    }

    pub(super) fn recognised(&self, candidate: &Candidate) -> Recognised {
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
