//! `demo --export`: a made-up pipeline as the files that a CRM would export.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::error::CliError;
use super::session::Session;
use crate::export::deals::SCHEMA;
use crate::export::file;
use crate::sample::{Crm, Order, Sample};

/// Whose files to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Maker {
    /// Salesforce: Opportunity.csv, Task.csv and so on, with the names of its API.
    #[default]
    Salesforce,
    /// HubSpot: deals.csv, calls.csv and so on, with the labels of its screens.
    Hubspot,
}

/// What to make up.
#[derive(Args, Debug)]
pub struct SampleArgs {
    /// Writes made-up exports of a CRM into this folder, with a sheet of what is true of them,
    /// and opens nothing; try `walkaway import` on them.
    #[arg(long, value_name = "DIR", conflicts_with = "path")]
    export: Option<PathBuf>,
    /// Deals to make up, closed ones included.
    #[arg(long, value_name = "N", default_value_t = 500, requires = "export",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    deals: u32,
    /// The CRM that seems to have written them.
    #[arg(
        long,
        value_name = "CRM",
        value_enum,
        default_value_t,
        requires = "export"
    )]
    crm: Maker,
    /// Another number makes other deals; the same one makes the same.
    #[arg(long, value_name = "S", default_value_t = 1, requires = "export")]
    seed: u64,
    /// Writes what the CRM would have said so many days earlier, for two imports in a row.
    #[arg(long, value_name = "DAYS", default_value_t = 0, requires = "export",
        value_parser = clap::value_parser!(u32).range(0..=3650))]
    before: u32,
}

impl SampleArgs {
    /// The folder, where files were asked for.
    pub fn folder(&self) -> Option<&Path> {
        self.export.as_deref()
    }
}

/// Writes the files and says what to do with them.
pub fn run(session: &mut Session<'_>, args: &SampleArgs, folder: &Path) -> Result<(), CliError> {
    let sample = Sample::new(Order {
        seed: args.seed,
        deals: args.deals as usize,
        today: session.around.today(),
        crm: match args.crm {
            Maker::Salesforce => Crm::Salesforce,
            Maker::Hubspot => Crm::Hubspot,
        },
    });
    let files = sample.files_before(args.before);
    let mut all: Vec<(&str, &str)> = files.iter().map(|f| (f.name, f.text.as_str())).collect();
    // The sheets tell of the day of the record, and of no earlier one.
    let sheets = (args.before == 0).then(|| (sample.truth_sheet(), sample.acts_sheet()));
    if let Some((truths, acts)) = &sheets {
        all.extend([("truth.tsv", truths.as_str()), ("acts.tsv", acts.as_str())]);
    }

    std::fs::create_dir_all(folder).map_err(|e| CliError::file("make", folder, &e))?;
    for (name, _) in &all {
        file::check(&folder.join(name), false)?;
    }
    for (name, text) in &all {
        file::write::<CliError>(&folder.join(name), false, |out| {
            Ok(out.write_all(text.as_bytes())?)
        })?;
    }

    let shown = folder.to_string_lossy();
    if session.global.json {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        session.out.value(&json!({
            "schema": SCHEMA, "folder": shown, "deals": args.deals, "files": names,
        }))?;
        return Ok(());
    }
    let out = &mut session.out;
    out.safe(&format!(
        "Wrote {} files of made-up deals to {shown}",
        all.len()
    ))?;
    let csv: Vec<String> = files
        .iter()
        .map(|f| format!("{shown}/{}", f.name))
        .collect();
    out.safe(&format!(
        "`walkaway --db try.db import {}` takes them in",
        csv.join(" ")
    ))?;
    if sheets.is_some() {
        out.safe("truth.tsv says what must be true of each open deal then")?;
        out.safe("acts.tsv says what no CRM knows, as commands to try")?;
    }
    Ok(())
}
