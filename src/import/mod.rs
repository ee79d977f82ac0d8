//! Files of a CRM, read into typed deals: bytes, a table, its meaning, rows.
//!
//! This half knows nothing of the store. It reads each file twice: once for a sample from which
//! it decides what every column means and how it is written, and once row by row. What is sure
//! is said as a reading, what was chosen as an assumption, and a row that cannot be taken is
//! named with the reason; nothing is dropped in silence.

use std::path::PathBuf;
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
mod candidate;
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
mod grouped;
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
mod opening;
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
mod take_up;
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

use lookup::Lookups;
use opening::Opening;
use rows::DealFile;
use sheet::Sheet;
use update::Written;

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

/// Fails when this flag was set: whoever asked for the work does not want it any more.
fn check_cancel(cancel: Option<&Arc<AtomicBool>>) -> Result<(), ImportError> {
    match cancel {
        Some(flag) if flag.load(Ordering::Relaxed) => Err(ImportError::Cancelled),
        Some(_) | None => Ok(()),
    }
}
