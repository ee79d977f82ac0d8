//! Files that were recognised, made ready to be read: tables of names and ties at once, deals and
//! what hangs on them row by row later.

use std::sync::Arc;

use chrono::NaiveDate;

use super::bytes::Counts;
use super::candidate::Candidate;
use super::crm::Object;
use super::error::ImportError;
use super::field::Field;
use super::frame::Frame;
use super::lookup::Lookups;
use super::opening::Opening;
use super::reading::{self, Around, Assumption};
use super::rows::DealFile;
use super::sheet::Sheet;
use super::sniff::Form;
use super::table::{self, Cells};
use super::ties::Ties;
use super::words::Status;
use super::{Recognised, activity, deal, fold, kind, memory, text};

impl Opening<'_> {
    /// Reads a table of names, if the deals have ids that it explains.
    pub(super) fn load(
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
            || all.iter().flatten().any(Candidate::is_part)
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
    pub(super) fn tie(
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
    pub(super) fn sheet(
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
    pub(super) fn deals(
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
