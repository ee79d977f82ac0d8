//! Whose deals a table of no known CRM tells of: those whose ids stand in it.

use std::path::PathBuf;

use super::apply::{RunError, incoming};
use super::deal::Outcome;
use super::error::ImportError;
use super::field::Field;
use super::reading::Assumption;
use super::{Export, Options, open, own};
use crate::store::{Store, StoreError};

/// Deals of a table that are looked for.
const LOOKED_FOR: usize = 100;

/// Sources that are tried.
const TRIED: usize = 8;

/// Recognises files as [`open`] does, for a pipeline: a table of no known CRM whose ids are all those
/// of deals of one source there tells of these, such as a short report of them. Read as a source of
/// its own, each deal would be there twice.
///
/// # Errors
///
/// As for [`open`], and a pipeline that cannot be read.
pub fn open_for(store: &Store, paths: &[PathBuf], options: &Options) -> Result<Export, RunError> {
    let first = open(paths, options);
    if options.source.is_some() || !is_of_nobody(&first) {
        return Ok(first?);
    }
    let sources = store.deal_sources()?;
    let others = sources.into_iter().filter(|source| !own::is_own(source));
    for source in others.take(TRIED) {
        let told = Options {
            source: Some(source.clone()),
            ..options.clone()
        };
        let Ok(mut export) = open(paths, &told) else {
            continue;
        };
        if let Some(id) = first_of_all_known(store, &export)? {
            tell(&mut export, &source, &id);
            return Ok(export);
        }
    }
    Ok(first?)
}

/// Whether files hold deals of no known CRM, or next to nothing of any deal.
fn is_of_nobody(opened: &Result<Export, ImportError>) -> bool {
    match opened {
        Ok(export) => {
            let mut deals = export.files.iter().filter(|file| file.source.is_some());
            deals.all(|file| file.crm.is_none()) && export.has_deals()
        }
        Err(error) => matches!(error, ImportError::NoDeals { .. }),
    }
}

/// The first id of a table, where the deals of all that are looked for are there.
fn first_of_all_known(store: &Store, export: &Export) -> Result<Option<String>, StoreError> {
    let deals = export.rows().filter_map(|outcome| match outcome {
        Ok(Outcome::Deal(deal)) => Some(*deal),
        Ok(Outcome::Skip { .. } | Outcome::Refuse { .. }) | Err(_) => None,
    });
    let mut first = None;
    for deal in deals.take(LOOKED_FOR) {
        let Some(id) = deal.external_id.clone() else {
            return Ok(None);
        };
        let row = incoming(deal, false);
        if !store.has_deal(&row.source, &row.key)? {
            return Ok(None);
        }
        first.get_or_insert(id);
    }
    Ok(first)
}

fn tell(export: &mut Export, source: &str, id: &str) {
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
        file.assumptions.insert(0, assumption);
    }
}
