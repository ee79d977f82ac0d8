//! Every header that is known of a CRM's exports is recognised for that CRM. The list is beside
//! the checkout; where it is not, this says so.

use std::collections::BTreeMap;

use walkaway::import::{self, Field, ImportError, Options};

use crate::support::shared;

/// Headers by which a table of each CRM of the list is known, and the CRM's name.
const TABLES: &[(&str, &str, &[&str])] = &[
    (
        "salesforce_report",
        "salesforce",
        &["Opportunity Name", "Stage", "Close Date"],
    ),
    (
        "salesforce_api",
        "salesforce",
        &["Id", "Name", "StageName", "CloseDate"],
    ),
    (
        "hubspot",
        "hubspot",
        &["Record ID", "Deal Name", "Deal Stage"],
    ),
    ("pipedrive", "pipedrive", &["Deal - Title", "Deal - Stage"]),
    ("zoho", "zoho", &["Deal Name", "Closing Date", "Stage"]),
    (
        "zoho_bigin",
        "zoho",
        &["Deal Name", "Closing Date", "Stage"],
    ),
    (
        "dynamics",
        "dynamics",
        &["Topic", "Est. close date", "Potential Customer"],
    ),
    ("copper", "copper", &["Name", "Stage", "Copper ID"]),
    (
        "close",
        "close",
        &["status_label", "status_type", "lead_name"],
    ),
    (
        "close_leads",
        "close",
        &["id", "display_name", "primary_opportunity_value"],
    ),
    (
        "odoo",
        "odoo",
        &["Salesperson", "Expected Revenue", "Stage"],
    ),
    ("twenty", "twenty", &["Amount / Amount", "Stage", "Name"]),
    ("espocrm", "espocrm", &["name", "stage", "accountName"]),
    (
        "suitecrm",
        "suitecrm",
        &["Sales Stage", "Opportunity Name", "Expected Close Date"],
    ),
    ("attio", "attio", &["Deal stage", "Deal value"]),
    (
        "frappe",
        "frappe",
        &["Deal Value", "Deal Owner", "Organization", "Status"],
    ),
    (
        "monday",
        "monday",
        &["Deal Name", "Deal Status", "Owner code"],
    ),
    (
        "bitrix24",
        "bitrix24",
        &["deal_id", "stage_id", "title", "expected_amount"],
    ),
];

/// What the words of the list are here; none: known, and of no use to a pipeline.
fn fields(canonical: &str) -> &'static [Field] {
    match canonical {
        "external_id" => &[Field::ExternalId],
        "url" => &[Field::Url],
        "title" => &[Field::Title],
        "account" => &[Field::Account],
        "account_id" => &[Field::AccountId],
        "contact" => &[Field::Contact],
        "contact_id" => &[Field::ContactId],
        "owner" => &[Field::Owner],
        "owner_id" => &[Field::OwnerId],
        "amount" | "amount_company" => &[Field::Amount],
        "amount_text" => &[Field::AmountText],
        "amount_period" => &[Field::AmountPeriod],
        "currency" => &[Field::Currency],
        "stage" => &[Field::Stage],
        "pipeline" => &[Field::Pipeline],
        "probability" => &[Field::Probability],
        "created" => &[Field::Created],
        "updated" => &[Field::Updated],
        "expected_close" => &[Field::ExpectedClose, Field::CloseDate],
        "closed" => &[
            Field::Closed,
            Field::CloseDate,
            Field::WonTime,
            Field::LostTime,
        ],
        "won_time" => &[Field::WonTime],
        "lost_time" => &[Field::LostTime],
        "status" => &[Field::Status],
        "is_won" => &[Field::IsWon],
        "is_closed" => &[Field::IsClosed],
        "is_closed_lost" => &[Field::IsLost],
        "deleted" => &[Field::Deleted],
        "archived" => &[Field::Archived, Field::Active],
        "lost_reason" => &[Field::LostReason],
        "last_activity" | "last_contacted" => &[Field::LastActivity],
        "next_activity" => &[Field::NextStep, Field::NextStepDate],
        "next_step" => &[Field::NextStep],
        "source" => &[Field::LeadSource],
        "stage_changed" => &[Field::StageChanged],
        "stage_entered" => &[Field::StageEntered],
        "notes" | "needs" | "lost_notes" => &[Field::Notes],
        _ => &[],
    }
}

/// Opens a table of these headers.
fn opened(headers: &[&str]) -> Result<import::Export, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deals.csv");
    let row = vec!["x"; headers.len()].join("\t");
    std::fs::write(&path, format!("{}\n{row}\n", headers.join("\t"))).unwrap();
    import::open(&[path], &Options::default())
}

#[test]
fn every_known_header_is_recognised_for_its_crm() {
    let Some(path) = shared("crm-header-aliases.tsv") else {
        return;
    };
    let list = std::fs::read_to_string(path).unwrap();
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [crm, canonical, header, _] = cells[..] else {
            panic!("{line}");
        };
        *seen.entry(crm).or_default() += 1;
        let Some((_, name, table)) = TABLES.iter().find(|(known, ..)| *known == crm) else {
            wrong.push(format!("{crm} is not known"));
            continue;
        };
        // Headers of the table for the same field would be read in place of this one.
        let expected = fields(canonical);
        let columns = |headers: &[&str]| {
            let export = opened(headers).unwrap();
            (
                export.files()[0].crm.clone(),
                export
                    .columns()
                    .map(|c| (c.field, c.reading.clone()))
                    .collect::<Vec<_>>(),
            )
        };
        let (_, of_table) = columns(table);
        let mut headers: Vec<&str> = table
            .iter()
            .zip(&of_table)
            .filter(|(other, (field, _))| {
                **other != header && !field.is_some_and(|f| expected.contains(&f))
            })
            .map(|(other, _)| *other)
            .collect();
        headers.push(header);
        let (mut seen_as, mut found) = match opened(&headers) {
            Ok(_) => columns(&headers),
            Err(_) => (None, Vec::new()),
        };
        if seen_as.as_deref() != Some(name) {
            // The table is known by that very field: the header stands beside it.
            headers = table.iter().copied().filter(|h| *h != header).collect();
            headers.push(header);
            (seen_as, found) = columns(&headers);
        }
        let (field, reading) = found.last().cloned().unwrap_or_default();
        let is_right = match field {
            Some(field) => expected.contains(&field),
            None => reading == "not read",
        };
        if seen_as.as_deref() != Some(name) || !is_right {
            wrong.push(format!(
                "{crm} {canonical} `{header}`: {seen_as:?} {field:?} {reading}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(seen.values().sum::<usize>(), 343);
}
