//! `export --for`: decisions go back to the CRM.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::list::{self, ListArgs};
use super::session::Session;
use crate::domain::clean::clean_line;
use crate::domain::told::{Choices, Told};
use crate::domain::when::Lean;
use crate::export::crm::{self, CrmError, Listed, Place, Plan, Report, Request, Rules};
use crate::export::deals::SCHEMA;
use crate::store::{Access, Store};

/// Deals that are named one by one.
const NAMED: usize = 20;

/// The options of an update for a CRM.
#[derive(Args, Debug, Default)]
pub struct TellArgs {
    /// Writes decisions as the update file of a CRM: salesforce, hubspot, pipedrive, zoho, copper,
    /// close, odoo, twenty, espocrm, suitecrm, attio; for dynamics, frappe, monday, bitrix24,
    /// netsuite and maximizer a print-out.
    #[arg(long = "for", value_name = "CRM", conflicts_with_all = ["format", "raw"])]
    pub crm: Option<String>,
    /// With `--for`: names the CRM's column for decision, fired, hold, tripwire, reasons or
    /// next_step, such as fired=Walkaway_Decision__c; it is remembered. No name forgets it.
    #[arg(long, value_name = "WHAT=NAME", requires = "crm")]
    pub column: Vec<String>,
    /// With `--for`: also closes what is fired as lost in the CRM.
    #[arg(long, requires = "crm")]
    pub close_fired: bool,
    /// With `--for`: the source of the deals, where it is not the CRM's name.
    #[arg(long, value_name = "NAME", requires = "crm")]
    pub source: Option<String>,
    /// With `--for`: where its records are found, such as acme.pipedrive.com; it is remembered.
    #[arg(long, value_name = "SITE", requires = "crm")]
    pub site: Option<String>,
    /// With `--for`: only deals that were decided or changed since this day.
    #[arg(long, value_name = "DAY", requires = "crm")]
    pub since: Option<String>,
}

impl From<CrmError> for CliError {
    fn from(error: CrmError) -> Self {
        let hint = error.hint();
        match error {
            CrmError::Store(error) => error.into(),
            CrmError::File(error) => error.into(),
            CrmError::Io(source) => source.into(),
            CrmError::Column { .. } | CrmError::Unknown { .. } => {
                Self::usage(error.to_string()).hint(hint)
            }
            CrmError::Rules(_)
            | CrmError::NoDeals { .. }
            | CrmError::Several { .. }
            | CrmError::NoColumn { .. } => Self::failed(error.to_string()).hint(hint),
        }
    }
}

/// Takes up the columns that are named now.
fn choose(choices: &mut Choices, args: &TellArgs) -> Result<(), CliError> {
    for text in &args.column {
        let bad = |why: String| {
            let words: Vec<&str> = Told::ALL.into_iter().map(Told::code).collect();
            CliError::usage(why).hint(format!(
                "write `WHAT=NAME`; WHAT is one of {}",
                words.join(", ")
            ))
        };
        let (word, name) = text
            .split_once('=')
            .ok_or_else(|| bad(format!("`{text}` names no column")))?;
        let told = Told::from_code(word.trim())
            .ok_or_else(|| bad(format!("`{}` is nothing that is told", word.trim())))?;
        let name = name.trim();
        if name.is_empty() {
            choices.columns.remove(&told);
        } else {
            choices.columns.insert(told, name.to_owned());
        }
    }
    if let Some(site) = &args.site {
        let site = clean_line(site, 200).trim().to_owned();
        let site = site.trim_start_matches("https://").trim_end_matches('/');
        let is_site =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | ':' | '_');
        if !site.chars().all(is_site) {
            return Err(CliError::usage(format!("`{site}` is no address"))
                .hint("name the host, such as acme.pipedrive.com, or the portal's number"));
        }
        choices.site = (!site.is_empty()).then(|| site.to_owned());
    }
    Ok(())
}

/// The deals that a view or a filter leaves; `None` for all.
fn only(
    session: &Session<'_>,
    store: &Store,
    which: &ListArgs,
) -> Result<Option<HashSet<u32>>, CliError> {
    if which.view.is_none() && which.filter.is_none() {
        return Ok(None);
    }
    let query = list::query(session, store, which)?;
    let index = store.index(&query, session.around.today(), &session.who())?;
    Ok(Some(index.ids.into_iter().collect()))
}

/// Carries out `export --for`.
pub fn run(
    session: &mut Session<'_>,
    words: &str,
    args: &TellArgs,
    which: &ListArgs,
    place: &Place,
) -> Result<(), CliError> {
    if place.path.as_deref() == Some(Path::new("-")) {
        return Err(CliError::usage(
            "an update comes with a file of what was before, so it needs a place",
        )
        .hint("name a file or a folder, or nothing for the folder you are in"));
    }
    if which.mask.unwrap_or(0) > 0 {
        return Err(
            CliError::usage("a CRM needs the names and amounts that a mask hides")
                .hint("leave out `--mask`, or leave out `--for` for a file that may be shown"),
        );
    }
    let all = Rules::load(&session.config.crm_files()).map_err(CrmError::from)?;
    let rules = crm::find(&all, words)?;
    let store = session.open(Access::Write)?;
    if store.is_read_only() {
        return Err(crate::store::StoreError::ReadOnly {
            path: store.path().to_owned(),
        }
        .into());
    }
    let since = args
        .since
        .as_deref()
        .map(|day| session.day(day, Lean::Back))
        .transpose()?;
    let since = since.map(|day| {
        let start = session.around.start_of(day);
        start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    });
    let request = Request {
        crm: words.to_owned(),
        source: args.source.clone(),
        close_fired: args.close_fired,
        only: only(session, &store, which)?,
        since,
    };
    let source = crm::source_of(&store, &rules, &request)?;
    let mut choices = crm::remembered(&store, &source)?;
    choose(&mut choices, args)?;
    let plan = crm::plan(&store, rules, source, choices, &request)?;
    let report = crm::write(&store, &session.stamp(), &plan, place)?;
    crm::remember(&store, &plan.source, &plan.choices)?;
    if session.global.json {
        session.out.value(&value(&plan, &report))?;
        return Ok(());
    }
    tell(session, &plan, &report)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn value(plan: &Plan, report: &Report) -> Json {
    let files: Vec<Json> = report
        .files
        .iter()
        .map(|file| {
            json!({
                "path": shown(&file.path), "object": "deal", "rows": file.rows,
                "columns": file.columns, "before": shown(&file.before),
            })
        })
        .collect();
    let before: Vec<String> = report.files.iter().map(|f| shown(&f.before)).collect();
    let listed: Vec<Json> = report
        .listed
        .iter()
        .map(|one| json!({ "deal": one.deal.0, "why": one.why }))
        .collect();
    let columns: serde_json::Map<String, Json> = plan
        .choices
        .columns
        .iter()
        .map(|(told, name)| (told.code().to_owned(), json!(name)))
        .collect();
    json!({
        "schema": SCHEMA,
        "crm": plan.rules.name,
        "source": plan.source,
        "files": files,
        "before": before,
        "printout": report.printout.as_ref().map(|(path, _)| shown(path)),
        "by_hand": report.printout.as_ref().map_or(0, |(_, deals)| *deals),
        "listed": listed,
        "elsewhere": plan.elsewhere,
        "columns": columns,
    })
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

fn tell(session: &mut Session<'_>, plan: &Plan, report: &Report) -> Result<(), CliError> {
    let label = &plan.rules.label;
    let out = &mut session.out;
    for file in &report.files {
        out.safe(&format!(
            "Wrote {} to {}: {}",
            counted(file.rows, "deal"),
            shown(&file.path),
            file.columns.join(", ")
        ))?;
        out.safe(&format!("  as it was: {}", shown(&file.before)))?;
    }
    if let Some((path, deals)) = &report.printout {
        out.safe(&format!(
            "To do by hand for {}: {}",
            counted(*deals, "deal"),
            shown(path)
        ))?;
    }
    if plan.is_empty() {
        out.safe(&format!("There is nothing that {label} does not know"))?;
    }
    for (told, name) in &plan.choices.columns {
        out.safe(&format!("  {} stands in {name}", told.words()))?;
    }
    if !report.files.is_empty() && !plan.rules.how().is_empty() {
        out.safe(&format!("Take it in: {}", plan.rules.how()))?;
    }
    list_left(session, &report.listed)?;
    if plan.elsewhere > 0 {
        let count = usize::try_from(plan.elsewhere).unwrap_or(usize::MAX);
        session.out.safe(&format!(
            "{} of other sources left out",
            counted(count, "decided deal")
        ))?;
    }
    Ok(())
}

fn list_left(session: &mut Session<'_>, listed: &[Listed]) -> Result<(), CliError> {
    if listed.is_empty() {
        return Ok(());
    }
    session.out.safe("Not in the file:")?;
    for one in listed.iter().take(NAMED) {
        session
            .out
            .safe(&format!("  {} {}: {}", one.deal, one.name, one.why))?;
    }
    if listed.len() > NAMED {
        session.out.safe(&format!(
            "  and {} more; --json lists all",
            listed.len() - NAMED
        ))?;
    }
    Ok(())
}

/// The place of the files.
pub fn place(path: Option<&PathBuf>, force: bool) -> Place {
    Place {
        path: path.cloned(),
        force,
    }
}
