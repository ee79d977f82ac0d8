//! Decisions go back to the CRM: for each one, from its own export to its update and in again.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use walkaway::export::crm::{Close, Rules};

use super::support::bench::{Bench, DEALS};

/// An export of four deals as a CRM writes it: three open ones and a lost one.
struct Sample {
    crm: &'static str,
    header: &'static str,
    rows: [&'static str; 4],
    /// The column with the id.
    key: &'static str,
    /// Under which header the fired deal is closed, and by which word; none: by hand.
    closed: Option<(&'static str, &'static str)>,
}

const SAMPLES: &[Sample] = &[
    Sample {
        crm: "salesforce",
        header: "Id,Name,AccountId,StageName,Amount,CloseDate,NextStep",
        rows: [
            "006Ec00000AieKFIAZ,One,001A,Proposal,48000,2027-01-29,wait",
            "006Ec00000AieKGIAZ,Two,001B,Proposal,1000,2027-01-30,wait",
            "006Ec00000AieKHIAZ,Three,001C,Proposal,2000,2027-01-31,",
            "006Ec00000AieKIIAZ,Four,001D,Closed Lost,3000,2026-10-31,",
        ],
        key: "Id",
        closed: Some(("StageName", "Closed Lost")),
    },
    Sample {
        crm: "hubspot",
        header: "Record ID,Deal Name,Associated Company,Deal Stage,Amount,Close Date,Next step",
        rows: [
            "8001,One,Northwind,Angebot,48000,2027-01-29,wait",
            "8002,Two,Contoso,Angebot,1000,2027-01-30,wait",
            "8003,Three,Fabrikam,Angebot,2000,2027-01-31,",
            "8004,Four,Lucerne,Cierre perdido,3000,2026-10-31,",
        ],
        key: "Record ID",
        closed: Some(("Deal Stage", "Cierre perdido")),
    },
    Sample {
        crm: "pipedrive",
        header: "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value,Deal - Lost reason",
        rows: [
            "11,One,Demo,Open,48000,",
            "12,Two,Demo,Open,1000,",
            "13,Three,Demo,Open,2000,",
            "14,Four,Demo,Lost,3000,price",
        ],
        key: "Deal - Pipedrive System ID",
        closed: Some(("Deal - Status", "Lost")),
    },
    Sample {
        crm: "zoho",
        header: "Record Id,Deal Name,Stage,Closing Date,Amount,Next Step,Reason For Loss",
        rows: [
            "5725767000000533001,One,Qualification,2027-01-29,48000,wait,",
            "5725767000000533002,Two,Qualification,2027-01-29,1000,wait,",
            "5725767000000533003,Three,Qualification,2027-01-29,2000,,",
            "5725767000000533004,Four,Closed Lost,2026-10-29,3000,,price",
        ],
        key: "Record Id",
        closed: Some(("Stage", "Closed Lost")),
    },
    Sample {
        crm: "copper",
        header: "Copper ID,Name,Company,Stage,Status,Close Date,Value,Loss Reason",
        rows: [
            "21,One,Northwind,Demo,Open,1/29/2027,48000,",
            "22,Two,Contoso,Demo,Open,1/30/2027,1000,",
            "23,Three,Fabrikam,Demo,Open,1/31/2027,2000,",
            "24,Four,Lucerne,Demo,Lost,10/31/2026,3000,price",
        ],
        key: "Copper ID",
        closed: Some(("Status", "Lost")),
    },
    Sample {
        crm: "close",
        header: "id,lead_name,note,status_label,status_type,expected_date",
        rows: [
            "oppo_1,Northwind,One,Demo,active,2027-01-29",
            "oppo_2,Contoso,Two,Demo,active,2027-01-30",
            "oppo_3,Fabrikam,Three,Demo,active,2027-01-31",
            "oppo_4,Lucerne,Four,Gone,lost,2026-10-31",
        ],
        key: "id",
        closed: None,
    },
    Sample {
        crm: "odoo",
        header: "id,name,stage_id,expected_revenue,user_id,date_deadline",
        rows: [
            "__export__.crm_lead_1_a,One,Qualified,48000,Ana,2027-01-29",
            "__export__.crm_lead_2_b,Two,Qualified,1000,Ana,2027-01-30",
            "__export__.crm_lead_3_c,Three,Qualified,2000,Ana,2027-01-31",
            "__export__.crm_lead_4_d,Four,Qualified,3000,Ana,2027-02-01",
        ],
        key: "id",
        closed: None,
    },
    Sample {
        crm: "twenty",
        header: "Id,Name,Amount / Amount,Amount / Currency,Stage,Close date",
        rows: [
            "0b1c2d3e-0000-4000-8000-000000000001,One,48000,EUR,MEETING,2027-01-29",
            "0b1c2d3e-0000-4000-8000-000000000002,Two,1000,EUR,MEETING,2027-01-30",
            "0b1c2d3e-0000-4000-8000-000000000003,Three,2000,EUR,MEETING,2027-01-31",
            "0b1c2d3e-0000-4000-8000-000000000004,Four,3000,EUR,LOST,2026-10-31",
        ],
        key: "Id",
        closed: Some(("Stage", "LOST")),
    },
    Sample {
        crm: "espocrm",
        header: "id,name,stage,amount,amountCurrency,accountName,closeDate",
        rows: [
            "5f1,One,Proposal,48000,EUR,Northwind,2027-01-29",
            "5f2,Two,Proposal,1000,EUR,Contoso,2027-01-30",
            "5f3,Three,Proposal,2000,EUR,Fabrikam,2027-01-31",
            "5f4,Four,Closed Lost,3000,EUR,Lucerne,2026-10-31",
        ],
        key: "id",
        closed: Some(("stage", "Closed Lost")),
    },
    Sample {
        crm: "suitecrm",
        header: "ID,Opportunity Name,Sales Stage,Opportunity Amount,Expected Close Date,Next Step",
        rows: [
            "a-1,One,Prospecting,48000,2027-01-29,wait",
            "a-2,Two,Prospecting,1000,2027-01-30,wait",
            "a-3,Three,Prospecting,2000,2027-01-31,",
            "a-4,Four,Closed Lost,3000,2026-10-31,",
        ],
        key: "ID",
        closed: Some(("Sales Stage", "Closed Lost")),
    },
    Sample {
        crm: "attio",
        header: "Record ID,Name,Deal stage,Deal value,Associated company",
        rows: [
            "aa-1,One,In Progress,48000,Northwind",
            "aa-2,Two,In Progress,1000,Contoso",
            "aa-3,Three,In Progress,2000,Fabrikam",
            "aa-4,Four,Lost,3000,Lucerne",
        ],
        key: "Record ID",
        closed: Some(("Deal stage", "Lost")),
    },
    Sample {
        crm: "dynamics",
        header: "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. revenue,Est. close date,Status",
        rows: [
            "0f000000-0000-0000-0000-000000000001,One,Northwind,48000,2027-01-29,Open",
            "0f000000-0000-0000-0000-000000000002,Two,Contoso,1000,2027-01-30,Open",
            "0f000000-0000-0000-0000-000000000003,Three,Fabrikam,2000,2027-01-31,Open",
            "0f000000-0000-0000-0000-000000000004,Four,Lucerne,3000,2026-10-31,Lost",
        ],
        key: "",
        closed: None,
    },
    Sample {
        crm: "frappe",
        header: "ID,Organization,Deal Owner,Deal Value,Status,Expected Closure Date",
        rows: [
            "CRM-1,Northwind,Ana,48000,Qualification,2027-01-29",
            "CRM-2,Contoso,Ana,1000,Qualification,2027-01-30",
            "CRM-3,Fabrikam,Ana,2000,Qualification,2027-01-31",
            "CRM-4,Lucerne,Ana,3000,Lost,2026-10-31",
        ],
        key: "",
        closed: None,
    },
    Sample {
        crm: "monday",
        header: "Item ID,Deal Name,Deal Status,Deal Stage,Tentative Close Date",
        rows: [
            "31,One,Open,Demo,2027-01-29",
            "32,Two,Open,Demo,2027-01-30",
            "33,Three,Open,Demo,2027-01-31",
            "34,Four,Dead,Demo,2026-10-31",
        ],
        key: "",
        closed: None,
    },
    Sample {
        crm: "bitrix24",
        header: "ID,TITLE,STAGE_ID,STAGE_SEMANTIC_ID,OPPORTUNITY,CLOSEDATE",
        rows: [
            "41,One,C5:NEW,P,48000,2027-01-29",
            "42,Two,C5:NEW,P,1000,2027-01-30",
            "43,Three,C5:NEW,P,2000,2027-01-31",
            "44,Four,C5:LOSE,F,3000,2026-10-31",
        ],
        key: "",
        closed: None,
    },
    Sample {
        crm: "netsuite",
        header: "Internal ID,Title,Name,Entity Status,Projected Total,Expected Close",
        rows: [
            "51,One,Northwind,Proposal,48000,2027-01-29",
            "52,Two,Contoso,Proposal,1000,2027-01-30",
            "53,Three,Fabrikam,Proposal,2000,2027-01-31",
            "54,Four,Lucerne,Closed Lost,3000,2026-10-31",
        ],
        key: "",
        closed: None,
    },
    Sample {
        crm: "maximizer",
        header: "Objective,Company/Individual,Revenue,Status,Current Stage,Close Date,Leader",
        rows: [
            "One,Northwind,48000,In Progress,Qualify,2027-01-29,Ana",
            "Two,Contoso,1000,In Progress,Qualify,2027-01-30,Ana",
            "Three,Fabrikam,2000,In Progress,Qualify,2027-01-31,Ana",
            "Four,Lucerne,3000,Lost,Qualify,2026-10-31,Ana",
        ],
        key: "",
        closed: None,
    },
];

const COLUMNS: [&str; 8] = [
    "--column",
    "fired=WA Fired",
    "--column",
    "hold=WA Hold",
    "--column",
    "tripwire=WA Tripwire",
    "--column",
    "reasons=WA Reasons",
];

impl Sample {
    fn file(&self) -> String {
        format!("{}\n{}\n", self.header, self.rows.join("\n"))
    }

    /// Imports it, fires the first deal, continues the second, and puts the third on hold.
    fn decided(&self) -> Bench {
        let bench = Bench::new();
        bench.write("export.csv", &self.file());
        let report = bench.run(&["import", "export.csv", "--json"]).json();
        assert_eq!(report["new"], json!(4), "{} {report}", self.crm);
        decide(&bench);
        bench
    }
}

fn decide(bench: &Bench) {
    bench.run(&["fire", "1", "reasons=no signer"]).ok();
    bench
        .run(&["continue", "2", "next=call Kim", "by=2026-12-07"])
        .ok();
    bench.run(&["hold", "3", "until=2026-12-14"]).ok();
}

/// A table: its header, and its rows by their first cell.
fn table(text: &str) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = reader.records().map(|row| {
        let row = row.unwrap();
        row.iter().map(str::to_owned).collect::<Vec<_>>()
    });
    let header = rows.next().unwrap();
    (header, rows.map(|row| (row[0].clone(), row)).collect())
}

/// The CRM's own export after it took the update files in.
fn merged(sample: &Sample, updates: &[String]) -> String {
    let (mut header, mut rows) = table(&sample.file());
    for update in updates {
        let (columns, cells) = table(update);
        for (at, column) in columns.iter().enumerate().skip(1) {
            let place = header.iter().position(|h| h == column).unwrap_or_else(|| {
                header.push(column.clone());
                for row in rows.values_mut() {
                    row.push(String::new());
                }
                header.len() - 1
            });
            for (id, row) in &cells {
                rows.get_mut(id).expect("a deal of the export")[place].clone_from(&row[at]);
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in rows.values() {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn files(bench: &Bench, report: &Value) -> Vec<String> {
    let files = report["files"].as_array().unwrap();
    files
        .iter()
        .map(|file| bench.read(file["path"].as_str().unwrap()))
        .collect()
}

fn decisions(bench: &Bench) -> Vec<Value> {
    let deals = bench.run(&["list", "--json"]).json();
    let mut all: Vec<Value> = deals
        .as_array()
        .unwrap()
        .iter()
        .map(|deal| json!([deal["id"], deal["decision"]]))
        .collect();
    all.sort_by_key(|pair| pair[0].as_i64());
    all
}

#[test]
fn every_crm_that_takes_something_back_has_its_sample() {
    for rules in Rules::load(&[]).unwrap() {
        let sample = SAMPLES.iter().find(|sample| sample.crm == rules.name);
        let sample = sample.unwrap_or_else(|| panic!("no sample of {}", rules.name));

        assert_eq!(
            sample.key,
            rules.key().unwrap_or_default(),
            "{}",
            rules.name
        );
        assert_eq!(
            sample.closed.is_some(),
            rules.key().is_some() && rules.close() != Close::Hand,
            "{}",
            rules.name
        );
    }
}

#[test]
fn decisions_go_to_every_crm_and_come_back_without_a_conflict() {
    for sample in SAMPLES {
        let bench = sample.decided();
        let before = decisions(&bench);
        let mut args = vec!["export", "--for", sample.crm, "--close-fired", "--json"];
        args.extend(COLUMNS);

        let report = bench.run(&args).json();

        let updates = files(&bench, &report);
        assert_eq!(
            updates.is_empty(),
            sample.key.is_empty(),
            "{} {report}",
            sample.crm
        );
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        for (at, update) in updates.iter().enumerate() {
            assert!(update.ends_with("\r\n"), "{}", sample.crm);
            let (header, rows) = table(update);
            assert_eq!(header[0], sample.key, "{}", sample.crm);
            for row in rows.values() {
                assert!(
                    row.iter().all(|cell| !cell.is_empty()),
                    "{} {row:?}",
                    sample.crm
                );
                for (column, cell) in header.iter().zip(row) {
                    told.insert(format!("{} {column}", row[0]), cell.clone());
                }
            }
            let old = bench.read(report["before"][at].as_str().unwrap());
            let (columns, old) = table(&old);
            assert_eq!(columns, header, "{}", sample.crm);
            assert!(old.keys().eq(rows.keys()), "{}", sample.crm);
        }
        let id = sample.rows.map(|row| row.split(',').next().unwrap());
        if !sample.key.is_empty() {
            let cell = |row: usize, column: &str| told.get(&format!("{} {column}", id[row]));
            let yes = cell(0, "WA Fired").map(|cell| cell.to_lowercase());
            assert!(
                yes.is_some_and(|yes| matches!(yes.as_str(), "true" | "yes" | "1")),
                "{} {told:?}",
                sample.crm
            );
            assert_eq!(
                cell(0, "WA Reasons").unwrap(),
                "no signer",
                "{}",
                sample.crm
            );
            for (row, column, day) in [(1, "WA Tripwire", "7"), (2, "WA Hold", "14")] {
                let iso = format!("2026-12-{day:0>2}");
                let us = format!("12/{day}/2026");
                let cell = cell(row, column).unwrap();
                assert!(*cell == iso || *cell == us, "{} {cell}", sample.crm);
            }
        }
        if let Some((column, word)) = sample.closed {
            assert_eq!(told[&format!("{} {column}", id[0])], word, "{}", sample.crm);
        } else {
            let page = bench.read(report["printout"].as_str().unwrap());
            assert!(page.contains(if sample.crm == "dynamics" {
                "Close as Lost"
            } else {
                "ost"
            }));
        }

        let again = bench.run(&["export", "--for", sample.crm, "--json"]).json();
        assert_eq!(
            (&again["files"], &again["printout"]),
            (&json!([]), &json!(null)),
            "{} {again}",
            sample.crm
        );
        let same = bench.run(&["import", "export.csv", "--json"]).json();
        assert_eq!(
            (&same["same"], &same["conflict"]),
            (&json!(4), &json!(0)),
            "{}",
            sample.crm
        );

        // What was written for the CRM is no export of it, whatever the CRM is called.
        for file in report["files"].as_array().unwrap() {
            let path = file["path"].as_str().unwrap();
            bench.write("of my own name.csv", &bench.read(path));
            for path in [path, "of my own name.csv"] {
                let told = bench.run(&["import", path]);
                assert_eq!(told.code, 1, "{}", sample.crm);
                assert!(
                    told.err.contains("it was written here for a CRM"),
                    "{}",
                    told.err
                );
            }
        }

        bench.write("later.csv", &merged(sample, &updates));
        let later = bench.run(&["import", "later.csv", "--json"]).json();
        assert_eq!(
            (&later["conflict"], &later["refused_rows"], &later["new"]),
            (&json!(0), &json!(0), &json!(0)),
            "{} {later}",
            sample.crm
        );
        assert_eq!(decisions(&bench), before, "{}", sample.crm);
        let known = bench.run(&["export", "--for", sample.crm, "--json"]).json();
        assert_eq!(known["files"], json!([]), "{} {known}", sample.crm);
    }
}

#[test]
fn what_was_changed_here_stands_when_the_same_export_comes_again() {
    for sample in SAMPLES {
        let bench = sample.decided();
        bench.run(&["edit", "2", "amount=777"]).ok();
        bench.run(&["edit", "3", "close=2027-03-31"]).ok();
        let before = bench.run(&["list", "--json"]).json();

        let same = bench.run(&["import", "export.csv", "--json"]).json();

        assert_eq!(same["same"], json!(4), "{} {same}", sample.crm);
        assert_eq!(same["action"], Value::Null, "{} {same}", sample.crm);
        assert_eq!(
            bench.run(&["list", "--json"]).json(),
            before,
            "{}",
            sample.crm
        );
    }
}

#[test]
fn an_update_has_the_id_and_only_what_changed() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "reasons=no signer; no date"]).ok();
    bench.run(&["edit", "2", "amount=90000 EUR"]).ok();

    let told = bench.run(&[
        "export",
        "--for",
        "hubspot",
        "--column",
        "fired=walkaway_fired",
        "--column",
        "reasons=walkaway_reasons",
    ]);

    insta::assert_snapshot!(told, @r#"
    Wrote 1 deal to walkaway-hubspot-2026-11-23-update-1.csv: Record ID, walkaway_fired, walkaway_reasons
      as it was: walkaway-hubspot-2026-11-23-before-1.csv
    Wrote 1 deal to walkaway-hubspot-2026-11-23-update-2.csv: Record ID, Amount
      as it was: walkaway-hubspot-2026-11-23-before-2.csv
      fired stands in walkaway_fired
      reasons stands in walkaway_reasons
    Take it in: CRM, Import, Deals, "Update existing"; map Record ID; dates are year-month-day
    --- exit 0
    "#);
    for (file, text) in [
        (
            "update-1",
            "Record ID,walkaway_fired,walkaway_reasons\r\n8001,true,no signer; no date\r\n",
        ),
        (
            "before-1",
            "Record ID,walkaway_fired,walkaway_reasons\r\n8001,,\r\n",
        ),
        ("update-2", "Record ID,Amount\r\n8002,90000\r\n"),
        ("before-2", "Record ID,Amount\r\n8002,95000.5\r\n"),
    ] {
        let name = format!("walkaway-hubspot-2026-11-23-{file}.csv");
        assert_eq!(bench.read(&name), text, "{name}");
    }
}

#[test]
fn an_undo_is_told_again() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    let args = [
        "export",
        "--for",
        "hubspot",
        "--column",
        "fired=F",
        "--close-fired",
        "--json",
    ];
    bench.run(&args).json();
    bench.run(&["undo"]).ok();

    let report = bench.run(&args).json();

    assert_eq!(
        files(&bench, &report),
        ["Record ID,Deal Stage,F\r\n8001,Proposal,false\r\n"]
    );
}

#[test]
fn without_a_column_nothing_is_written_and_it_says_what_to_do() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();

    let told = bench.run(&["export", "--for", "hubspot"]);

    assert_eq!(told.code, 1);
    assert!(told.err.contains("--column fired="), "{told}");
    assert!(
        !bench
            .path("walkaway-hubspot-2026-11-23-update.csv")
            .exists()
    );
    let report = bench
        .run(&["export", "--for", "hubspot", "--close-fired", "--json"])
        .json();
    assert_eq!(
        report["files"][0]["rows"],
        json!(1),
        "it still is not known"
    );
}

#[test]
fn columns_are_remembered_and_can_be_forgotten() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    bench
        .run(&["export", "--for", "HubSpot", "--column", "fired=F"])
        .ok();
    bench.run(&["fire", "2"]).ok();

    let kept = bench.run(&["export", "--for", "hubspot", "--json"]).json();
    assert_eq!(kept["columns"], json!({"fired": "F"}));
    assert_eq!(kept["files"][0]["columns"], json!(["Record ID", "F"]));

    bench.run(&["fire", "3"]).ok();
    let forgot = bench.run(&["export", "--for", "hubspot", "--column", "fired="]);
    assert_eq!(forgot.code, 1, "{forgot}");
}

#[test]
fn what_no_file_may_say_is_left_out_and_listed() {
    let bench = Bench::new();
    bench.write(
        "deals.csv",
        "Deal Name,Closing Date,Stage,Next Step\nOne,2027-01-29,Demo,x\n",
    );
    bench.write("hub.csv", DEALS);
    bench.run(&["import", "deals.csv"]).ok();
    bench.run(&["import", "hub.csv"]).ok();
    bench.run(&["fire", "1"]).ok();
    bench.run(&["edit", "2", "title==1+1"]).ok();
    bench.run(&["fire", "3"]).ok();

    let zoho = bench
        .run(&["export", "--for", "zoho", "--close-fired", "--json"])
        .json();
    assert_eq!(zoho["files"], json!([]), "{zoho}");
    assert_eq!(zoho["listed"][0]["deal"], json!(1));
    assert_eq!(zoho["elsewhere"], json!(1));
    let page = bench.read(zoho["printout"].as_str().unwrap());
    assert!(
        page.contains("no id") && page.contains("Closed Lost"),
        "{page}"
    );

    let hub = bench
        .run(&[
            "export", "--for", "hubspot", "--column", "fired=F", "--json",
        ])
        .json();
    assert_eq!(files(&bench, &hub), ["Record ID,F\r\n8002,true\r\n"]);
    assert_eq!(hub["listed"][0]["deal"], json!(2));
}

#[test]
fn an_id_that_a_spreadsheet_would_run_is_in_no_file() {
    let bench = Bench::new();
    bench.write("deals.csv", &DEALS.replace("8001", "=8001"));
    bench.run(&["import", "deals.csv"]).ok();
    bench.run(&["fire", "1", "2"]).ok();

    let report = bench
        .run(&[
            "export", "--for", "hubspot", "--column", "fired=F", "--json",
        ])
        .json();

    assert_eq!(files(&bench, &report), ["Record ID,F\r\n8002,true\r\n"]);
    assert_eq!(report["listed"][0]["deal"], json!(1));
}

#[test]
fn files_are_split_at_the_limit_of_the_crm() {
    let bench = Bench::new();
    bench.config(
        "crm/own.toml",
        "name = \"hubspot\"\nlabel = \"HubSpot\"\n[update]\nkey = \"Record ID\"\nrows = 2\n\
         yes = \"y\"\nno = \"n\"\n",
    );
    bench.write("deals.csv", DEALS);
    bench
        .run(&["import", "deals.csv", "--source", "hubspot"])
        .ok();
    bench.run(&["fire", "1", "2", "3"]).ok();

    let report = bench
        .run(&[
            "export", "out.csv", "--for", "hubspot", "--column", "fired=F", "--json",
        ])
        .json();

    assert_eq!(
        files(&bench, &report),
        [
            "Record ID,F\r\n8001,y\r\n8002,y\r\n",
            "Record ID,F\r\n8003,y\r\n"
        ]
    );
    assert!(bench.path("out-1.csv").exists() && bench.path("out-before-2.csv").exists());
}

#[test]
fn a_filter_narrows_what_is_told() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "2"]).ok();

    let report = bench
        .run(&[
            "export",
            "--for",
            "hubspot",
            "--column",
            "fired=F",
            "--filter",
            "account:Contoso",
            "--json",
        ])
        .json();

    assert_eq!(files(&bench, &report), ["Record ID,F\r\n8002,true\r\n"]);
}

#[test]
fn masks_pipes_and_files_that_are_there_are_refused() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    bench.write("out.csv", "mine");
    let export = |more: &[&str]| {
        let mut args = vec!["export", "--for", "hubspot", "--close-fired"];
        args.extend(more);
        bench.run(&args)
    };

    assert_eq!(export(&["--mask", "1"]).code, 2);
    assert_eq!(export(&["-"]).code, 2);
    assert_eq!(export(&["out.csv"]).code, 1);
    assert_eq!(export(&["--column", "fired=Record ID"]).code, 2);
    assert_eq!(bench.run(&["export", "--for", "nothing"]).code, 2);
    assert_eq!(bench.run(&["export", "--for", "zoho"]).code, 1);
    assert_eq!(bench.read("out.csv"), "mine");
    export(&["out.csv", "--force"]).ok();
    assert!(
        bench
            .read("out.csv")
            .starts_with("Record ID,Deal Stage,Closed Lost Reason\r\n8001,Closed Lost,")
    );
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_and_nothing_counts_as_told() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    bench.write("mine.csv", "mine");
    std::os::unix::fs::symlink(bench.path("mine.csv"), bench.path("out-before.csv")).unwrap();
    let args = [
        "export",
        "out.csv",
        "--for",
        "hubspot",
        "--close-fired",
        "--force",
        "--json",
    ];

    assert_eq!(bench.run(&args).code, 1);

    assert_eq!(bench.read("mine.csv"), "mine");
    assert!(!bench.path("out.csv").exists());
    std::fs::remove_file(bench.path("out-before.csv")).unwrap();
    assert_eq!(bench.run(&args).json()["files"][0]["rows"], json!(1));
}

#[test]
fn a_second_update_of_a_day_has_a_name_of_its_own() {
    let bench = Bench::with_deals();
    let export = || {
        let args = [
            "export", "--for", "hubspot", "--column", "fired=F", "--json",
        ];
        bench.run(&args).json()["files"][0]["path"].clone()
    };
    bench.run(&["fire", "1"]).ok();
    assert_eq!(export(), json!("walkaway-hubspot-2026-11-23-update.csv"));
    bench.run(&["fire", "2"]).ok();
    assert_eq!(export(), json!("walkaway-hubspot-2026-11-23-2-update.csv"));
}

#[test]
fn closing_here_is_closing_there() {
    let bench = Bench::with_deals();
    bench.run(&["close", "1", "lost"]).ok();
    bench.run(&["close", "2", "won"]).ok();
    bench.run(&["close", "3", "removed"]).ok();

    let report = bench.run(&["export", "--for", "hubspot", "--json"]).json();

    assert_eq!(
        files(&bench, &report),
        [
            "Record ID,Deal Stage,Closed Lost Reason\r\n8001,Closed Lost,walked away\r\n",
            "Record ID,Deal Stage\r\n8002,Closed Won\r\n",
        ]
    );
    let page = bench.read(report["printout"].as_str().unwrap());
    assert!(page.contains("delete it"), "{page}");
}

#[test]
fn only_what_changed_since_a_day_is_told() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    bench.wait(3);
    bench.run(&["fire", "2"]).ok();

    let report = bench
        .run(&[
            "export",
            "--for",
            "hubspot",
            "--column",
            "fired=F",
            "--since",
            "2026-11-25",
            "--json",
        ])
        .json();

    assert_eq!(files(&bench, &report), ["Record ID,F\r\n8002,true\r\n"]);
}

#[test]
fn a_short_report_of_deals_that_are_here_tells_of_them_and_makes_none_anew() {
    let bench = Bench::new();
    let full = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date\n\
                0065g00000AbCd1AAA,Line two,Northwind,Prospecting,900,2026-12-18\n\
                0065g00000AbCd2AAB,Press,Contoso,Prospecting,700,2026-12-19\n";
    bench.write("full.csv", full);
    let first = bench.run(&["import", "full.csv", "--json"]).json();
    assert_eq!(first["new"], json!(2), "{first}");
    bench.write(
        "short.csv",
        "Id,StageName,Next\n0065g00000AbCd1AAA,Closed Lost,\n0065g00000AbCd2AAB,Prospecting,\n",
    );
    bench.write("two.csv", "Id,StageName\n0065g00000AbCd2AAB,Prospecting\n");
    bench.write(
        "amounts.csv",
        "Opportunity ID,Amount,Close Date\n0065g00000AbCd1AAA,950,2026-12-20\n",
    );
    bench.write(
        "others.csv",
        "Id,Title,StageName\n0065g00000AbCd2AAB,Press,Prospecting\n77,Another,Prospecting\n",
    );

    let short = bench.run(&["import", "short.csv", "--json"]).json();
    let two = bench.run(&["import", "two.csv", "--json"]).json();
    bench.run(&["import", "amounts.csv"]).ok();
    let listed = bench.run(&["list", "--view", "all", "--json"]).json();
    let others = bench.run(&["import", "others.csv", "--json"]).json();

    assert_eq!(
        (&short["new"], &short["updated"], &short["same"]),
        (&json!(0), &json!(1), &json!(1))
    );
    let assumed = short["assumptions"].to_string();
    assert!(
        assumed.contains("its ids are those of deals of salesforce here"),
        "{assumed}"
    );
    assert_eq!((&two["new"], &two["same"]), (&json!(0), &json!(1)));
    // What a report does not say changes nothing: neither name nor how a deal stands.
    let told = |deal: &Value| (deal["title"].clone(), deal["status"].clone());
    let mut deals: Vec<_> = listed.as_array().unwrap().iter().map(told).collect();
    deals.sort_by_key(|(title, _)| title.to_string());
    let expected = [("Line two", "lost"), ("Press", "open")];
    assert_eq!(
        deals,
        expected.map(|(title, status)| (json!(title), json!(status)))
    );
    assert_eq!(
        others["new"],
        json!(2),
        "an id that is not here: deals of their own"
    );
}

#[test]
fn a_table_whose_ids_are_those_of_other_deals_tells_of_none_that_are_here() {
    let bench = Bench::new();
    bench.write(
        "full.csv",
        "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value\n\
         1,Plant,Demo,Open,900\n2,Yard,Demo,Open,700\n3,Dock,Demo,Open,100\n",
    );
    bench.run(&["import", "full.csv"]).ok();
    bench.write(
        "ours.csv",
        "id,title,stage,amount\n1,Plant,Offer,900\n2,Yard (new),Demo,700\n",
    );
    bench.write(
        "theirs.csv",
        "id,title,stage,amount\n1,Lamp,Offer,5\n2,Chair,Offer,6\n",
    );

    let ours = bench.run(&["import", "ours.csv", "--json"]).json();
    let theirs = bench.run(&["import", "theirs.csv", "--json"]).json();

    let again = bench.run(&["import", "theirs.csv", "--json"]).json();

    assert_eq!(
        (&ours["new"], &ours["updated"]),
        (&json!(0), &json!(2)),
        "{ours}"
    );
    assert_eq!(
        (&theirs["new"], &theirs["updated"]),
        (&json!(2), &json!(0)),
        "{theirs}"
    );
    let told = again["assumptions"].to_string();
    assert!(!told.contains("its ids are"), "{again}");
}
