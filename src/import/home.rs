//! Whose deals a table of no known CRM tells of: those whose ids stand in it.

use std::path::PathBuf;

use super::apply::RunError;
use super::crm::identity;
use super::deal::Outcome;
use super::error::ImportError;
use super::field::Field;
use super::opening::Opening;
use super::reading::Assumption;
use super::update::Written;
use super::{Export, Options, memory, own};
use crate::store::{Store, StoreError};

/// Deals of a table that are looked for.
const LOOKED_FOR: usize = 100;

/// Sources that are tried.
const TRIED: usize = 8;

/// What is looked for: an id, and the title where the table has one.
type Told = (String, Option<String>);

/// Recognises files as [`super::open`] does, for a pipeline: a table of no known CRM whose first
/// hundred ids are all those of deals of one source there tells of these, such as a short report of
/// them. Read as a source of its own, each deal would be there twice. A file that was written there
/// for a CRM tells of nothing.
///
/// # Errors
///
/// As for [`super::open`], and a pipeline that cannot be read.
pub fn open_for(store: &Store, paths: &[PathBuf], options: &Options) -> Result<Export, RunError> {
    let written = Written::of(store)?;
    let open = |options: &Options| Opening::new(options, &written)?.open(paths);
    let first = open(options);
    if options.source.is_some() || !is_of_nobody(&first, options) {
        return Ok(first?);
    }
    let sources = store.deal_sources()?;
    let others = sources.into_iter().filter(|source| !own::is_own(source));
    let others: Vec<Options> = others
        .take(TRIED)
        .map(|source| Options {
            source: Some(source),
            ..options.clone()
        })
        .collect();
    // With a source an id and one more column are a deal; the ids are the same whatever it is.
    let told = match (&first, others.first()) {
        (_, None) => return Ok(first?),
        (Ok(export), Some(_)) => looked_for(export),
        (Err(_), Some(any)) => open(any).ok().and_then(|export| looked_for(&export)),
    };
    let Some(told) = told else {
        return Ok(first?);
    };
    // A table that came before is its own source.
    let own = first.iter().flat_map(Export::files);
    for source in own.filter_map(|file| file.source.as_ref()) {
        if are_there(store, source, &told)? {
            return Ok(first?);
        }
    }
    for options in &others {
        let Some(source) = &options.source else {
            continue;
        };
        if are_there(store, source, &told)? {
            let mut export = open(options)?;
            tell(&mut export, source, &told[0].0, options);
            return Ok(export);
        }
    }
    Ok(first?)
}

/// Whether files hold deals of no known CRM and of no source that a person named, or next to
/// nothing of any deal.
fn is_of_nobody(opened: &Result<Export, ImportError>, options: &Options) -> bool {
    match opened {
        Ok(export) => {
            let mut deals = export.files.iter().filter(|file| file.source.is_some());
            let is_said = |shape| {
                let known = memory::find(options, shape);
                known.is_some_and(|known| known.source().is_some())
            };
            export.has_deals()
                && deals.all(|file| file.crm.is_none() && !is_said(&file.about.shape))
        }
        Err(error) => matches!(error, ImportError::NoDeals { .. }),
    }
}

/// The first deals of a table; none where one of them has no id.
fn looked_for(export: &Export) -> Option<Vec<Told>> {
    let deals = export.rows().filter_map(|outcome| match outcome {
        Ok(Outcome::Deal(deal)) => Some(*deal),
        Ok(Outcome::Skip { .. } | Outcome::Refuse { .. }) | Err(_) => None,
    });
    let told = deals.take(LOOKED_FOR).map(|deal| {
        let title = Some(deal.title).filter(|_| deal.title_assumed.is_none());
        Some((deal.external_id?, title))
    });
    let told: Option<Vec<Told>> = told.collect();
    told.filter(|told| !told.is_empty())
}

/// Whether all of these are deals of a source: their ids are there, and where the table has titles
/// one of them at least is called so.
fn are_there(store: &Store, source: &str, told: &[Told]) -> Result<bool, StoreError> {
    let (mut titles, mut alike) = (0, 0);
    for (id, title) in told {
        let Some(known) = store.title_of(source, identity(source, id))? else {
            return Ok(false);
        };
        titles += usize::from(title.is_some());
        alike += usize::from(title.as_ref() == Some(&known));
    }
    Ok(titles == 0 || alike > 0)
}

fn tell(export: &mut Export, source: &str, id: &str, options: &Options) {
    for file in export.files.iter_mut().filter(|f| f.source.is_some()) {
        let mut columns = file.columns.iter();
        let column = columns.find(|column| column.field == Some(Field::ExternalId));
        let assumption = Assumption {
            file: file.file.clone(),
            column: column.map(|column| column.column.clone()),
            reading: format!("its ids are those of deals of {source} here: it tells of them"),
            example: Some(id.to_owned()),
            is_usual: false,
        };
        memory::assume(file, assumption, options);
    }
}
