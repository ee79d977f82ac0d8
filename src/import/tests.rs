//! Whole files, from bytes to rows: our own in the shapes of the CRMs, and the shared ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// Files in a folder of their own.
pub(super) struct Files {
    folder: TempDir,
    paths: Vec<PathBuf>,
    pub(super) options: Options,
}

impl Files {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            paths: Vec::new(),
            options: Options::default(),
        }
    }

    pub(super) fn one(bytes: impl AsRef<[u8]>) -> Self {
        Self::new().file("deals.csv", bytes)
    }

    pub(super) fn file(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        self.paths.push(path);
        self
    }

    pub(super) fn map(mut self, entry: &str) -> Self {
        self.options.map.push(entry.to_owned());
        self
    }

    pub(super) fn open(&self) -> Result<Export, ImportError> {
        open(&self.paths, &self.options)
    }

    pub(super) fn read(&self) -> Read {
        Read::of(&self.open().unwrap())
    }
}

/// All outcomes of an export.
pub(super) struct Read {
    pub(super) deals: Vec<DealRow>,
    pub(super) skips: Vec<(u64, String)>,
    pub(super) refused: Vec<(u64, Option<String>, String)>,
}

impl Read {
    pub(super) fn of(export: &Export) -> Self {
        let mut read = Self {
            deals: Vec::new(),
            skips: Vec::new(),
            refused: Vec::new(),
        };
        let mut rows = export.rows();
        for outcome in rows.by_ref() {
            match outcome.unwrap() {
                Outcome::Deal(deal) => read.deals.push(*deal),
                Outcome::Skip { row, why, .. } => read.skips.push((row, why)),
                Outcome::Refuse {
                    row, column, why, ..
                } => read.refused.push((row, column, why)),
            }
        }
        let tally = rows.tally();
        assert_eq!(tally.rows, tally.deals + tally.skipped + tally.refused);
        assert_eq!(tally.deals, read.deals.len() as u64);
        let progress = rows.progress();
        assert_eq!(progress.read, progress.total);
        read
    }
}

pub(super) fn day(text: &str) -> Option<chrono::NaiveDate> {
    text.parse().ok()
}

#[test]
fn a_salesforce_table_with_its_accounts_and_users() {
    let read = Files::new()
        .file(
            "Opportunity.csv",
            "\u{feff}Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,OwnerId,CreatedDate,NextStep\n\
             006A00000000001AAA,,001A00000000001AAA,Plant rollout,Negotiation,35000.5,2024-07-29,,,005A00000000001AAA,2024-07-11T21:22:07.000+0000,Call Kim\n\
             006A00000000002AAA,,000000000000000AAA,Old one,Closed Won,1200,2024-07-06,1,1,005A00000000009AAA,2024-07-11T21:22:07.000+0000,\n\
             006A00000000003AAA,,,Lost one,Closed Lost,0,2024-07-06,1,,,2024-07-11T21:22:07.000+0000,\n\
             006A00000000004AAA,1,,Gone,Prospecting,,2024-07-06,,,,2024-07-11T21:22:07.000+0000,\n",
        )
        .file("Account.csv", "Id,Name,BillingCity,NumberOfEmployees\n001A00000000001,Northwind,Ulm,7\n")
        .file("User.csv", "Id,Username,FirstName,LastName,Email\n005A00000000001AAA,ana,Ana,Ruiz,a@b.c\n")
        .read();

    assert_eq!(read.skips, [(4, "it is deleted in the CRM".to_owned())]);
    let [open, won, lost] = read.deals.as_slice() else {
        panic!("three deals")
    };
    assert_eq!(
        (open.status, won.status, lost.status),
        (Status::Open, Status::Won, Status::Lost)
    );
    assert_eq!(&*open.source, "salesforce");
    assert_eq!(open.external_id.as_deref(), Some("006A00000000001AAA"));
    assert_eq!(open.account.as_deref(), Some("Northwind"));
    assert_eq!(open.owner.as_deref(), Some("Ana Ruiz"));
    assert_eq!(
        open.amount,
        Some(Amount {
            minor: 3_500_050,
            currency: None
        })
    );
    assert_eq!(
        (open.expected_close, open.closed),
        (day("2024-07-29"), None)
    );
    assert_eq!(open.created, day("2024-07-11"));
    assert_eq!(open.next_step.as_deref(), Some("Call Kim"));
    assert_eq!((won.expected_close, won.closed), (None, day("2024-07-06")));
    assert_eq!(won.account, None);
    assert_eq!(won.owner.as_deref(), Some("005A00000000009AAA"));
    assert_eq!(lost.amount, None);
}

#[test]
fn a_german_table_with_semicolons_commas_and_windows_letters() {
    let text = "Titel;Firma;Stufe;Betrag;Erstellt am;Abschlussdatum\r\n\
                Umbau;M\u{fc}ller & S\u{f6}hne GmbH;Angebot;1.234,50 \u{20ac};03.04.2026;30.09.2026\r\n\
                Neubau;Stra\u{df}enbau Gr\u{fc}n;Gewonnen;12.000;01.02.2026;05.03.2026\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let files = Files::one(&bytes);

    let read = files.read();

    assert_eq!(
        read.deals[0].account.as_deref(),
        Some("Müller & Söhne GmbH")
    );
    assert_eq!(
        read.deals[0].amount,
        Some(Amount {
            minor: 123_450,
            currency: Some(*b"EUR")
        })
    );
    assert_eq!(read.deals[0].expected_close, day("2026-09-30"));
    assert_eq!(read.deals[1].status, Status::Won);
    assert_eq!(read.deals[1].amount.map(|a| a.minor), Some(1_200_000));
    assert_eq!(read.deals[1].closed, day("2026-03-05"));
    let export = files.open().unwrap();
    assert_eq!(export.files()[0].encoding, "windows-1252");
    assert!(export.assumptions().any(|a| a.reading.contains("no UTF-8")));
}

#[test]
fn a_pipedrive_table_in_utf16_keeps_its_two_close_dates() {
    let text = "Deal - ID\tDeal - Title\tDeal - Status\tDeal - Stage\tDeal - Value\tDeal - Currency\tDeal - Expected close date\tDeal - Won time\n\
                7\tPlant\tWon\tProposal\t1500\tJPY\t2026-05-01\t2026-04-20 10:00:00\n\
                8\tYard\tOpen\tWon back\t10\tEUR\t2026-05-01\t\n";
    let mut bytes = vec![0xff, 0xfe];
    text.encode_utf16()
        .for_each(|unit| bytes.extend(unit.to_le_bytes()));

    let read = Files::one(bytes).read();

    let [won, open] = read.deals.as_slice() else {
        panic!("two deals")
    };
    assert_eq!((won.status, open.status), (Status::Won, Status::Open));
    assert_eq!(
        won.amount,
        Some(Amount {
            minor: 1500,
            currency: Some(*b"JPY")
        })
    );
    assert_eq!(won.closed, day("2026-04-20"));
    assert_eq!(won.expected_close, day("2026-05-01"));
}

#[test]
fn a_report_has_titles_above_totals_below_and_headers_between() {
    let read = Files::one(
        "Pipeline report\n\
         As of 2026-11-01\n\
         Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner,\n\
         \"Plant, rollout\",Northwind,Proposal,\"1,000.00\",5/20/2026,Ana,\n\
         Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner,\n\
         Yard,Contoso,Proposal,\"2,000.00\",8/3/2026,Ben,\n\
         \n,,,,,,\n\
         \"Grand Totals (2 records)\",,,\"3,000.00\",,,\n\
         \"Confidential Information - Do Not Distribute\"\n\
         \"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n",
    )
    .read();

    assert_eq!(read.deals.len(), 2);
    assert_eq!(read.deals[1].expected_close, day("2026-08-03"));
    assert_eq!(read.deals[1].line, 6);
    let rows: Vec<u64> = read.skips.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 4, 5, 6]);
}

#[test]
fn cells_that_cannot_be_read_refuse_their_row_unless_a_deal_can_do_without() {
    let read = Files::one(
        "deal_id,title,stage,amount,created\n\
         1,A,New,100,2026-01-05\n\
         2,B,New,lots,2026-01-05\n\
         3,C,New,100,2026-02-30\n\
         4,D,New,100,2026-01-05,extra\n\
         5,E\n\
         1.23E+17,F,New,1,\n\
         ,,New,1,\n",
    )
    .read();

    let titles: Vec<&str> = read.deals.iter().map(|deal| deal.title.as_str()).collect();
    assert_eq!(titles, ["A", "C", "E", "F"]);
    assert_eq!(read.deals[1].created, None);
    assert_eq!(read.deals[3].external_id, None);
    let refused: Vec<_> = read
        .refused
        .iter()
        .map(|(row, column, _)| (*row, column.as_deref()))
        .collect();
    assert_eq!(refused, [(2, Some("amount")), (4, None), (7, None)]);
    assert!(
        read.refused[0].2.contains("`lots`"),
        "{}",
        read.refused[0].2
    );
}

#[test]
fn an_open_quote_refuses_its_row_and_says_how_much_is_in_it() {
    let read = Files::one("deal_id,title,stage\n1,A,New\n2,\"B,New\n3,C,New\n4,D,New\n").read();

    assert_eq!(read.deals.len(), 1);
    assert!(
        read.refused[0].2.contains("3 lines"),
        "{}",
        read.refused[0].2
    );
}

#[test]
fn a_huge_cell_is_cut_as_a_note_and_refused_elsewhere() {
    let huge = "x".repeat(10 * 1024 * 1024);
    let read = Files::one(format!(
        "deal_id,title,stage,amount,notes\n1,A,New,1,{huge}\n2,B,New,{huge},\n3,{huge},New,1,\n4,D,New,1,ok\n"
    ))
    .read();

    assert_eq!(read.deals.len(), 2);
    assert_eq!(read.deals[0].cut, ["notes"]);
    let notes = read.deals[0].notes.as_deref().unwrap();
    assert!(notes.len() <= 1024 * 1024 && notes.ends_with("10485760 bytes here]"));
    let columns: Vec<_> = read
        .refused
        .iter()
        .map(|(_, column, _)| column.as_deref())
        .collect();
    assert_eq!(columns, [Some("amount"), Some("title")]);
}

#[test]
fn columns_are_mapped_by_hand() {
    let files = Files::one("Vorgang,Summe,Tag\nUmbau,100,1/2/2026\n")
        .map("vorgang=title")
        .map("Summe=amount")
        .map("Tag=created");
    let mut files = Files {
        options: Options {
            dates: Some("dmy".to_owned()),
            ..files.options.clone()
        },
        ..files
    };
    files.options.currency = Some("chf".to_owned());
    files.options.source = Some("erp".to_owned());

    let read = files.read();

    assert_eq!(read.deals[0].title, "Umbau");
    assert_eq!(read.deals[0].created, day("2026-02-01"));
    assert_eq!(
        read.deals[0].amount,
        Some(Amount {
            minor: 10_000,
            currency: Some(*b"CHF")
        })
    );
    assert_eq!(&*read.deals[0].source, "erp");
}

#[test]
fn what_is_mapped_to_nothing_is_told() {
    let files = || Files::one("deal_id,title,stage\n1,A,New\n");

    assert!(matches!(
        files().map("nope=title").open(),
        Err(ImportError::UnknownColumn { .. })
    ));
    assert!(matches!(
        files().map("title=nope").open(),
        Err(ImportError::UnknownField { .. })
    ));
    assert!(matches!(
        files().map("title").open(),
        Err(ImportError::UnknownField { .. })
    ));
    let ignored = files().map("title=ignore").read();
    assert_eq!(ignored.deals[0].title_assumed, Some("id"));
}

#[test]
fn files_of_no_use_are_named_and_one_alone_is_an_error() {
    let unknown = Files::one("a,b,c\n1,2,3\n");
    assert!(matches!(unknown.open(), Err(ImportError::NoDeals { .. })));

    let export = Files::one("deal_id,title,stage\n1,A,New\n")
        .file("logo.png", b"\x89PNG\r\n")
        .file("products.csv", "product,series,sales_price\nA,B,1\n")
        .open()
        .unwrap();

    let used: Vec<bool> = export.files().iter().map(|file| file.used).collect();
    assert_eq!(used, [true, false, false]);
    assert!(export.files()[1].why.contains("a picture"));
    assert!(export.files()[2].why.contains("products"));
}

#[test]
fn our_own_csv_comes_back_as_it_went_out() {
    let header: Vec<&str> = own::COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut writer = csv_crate().from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    let row = |values: &[(&str, &str)]| -> Vec<String> {
        header
            .iter()
            .map(|name| {
                let value = values
                    .iter()
                    .find(|(n, _)| n == name)
                    .map_or("", |(_, v)| *v);
                crate::domain::clean::guard_formula(value).into_owned()
            })
            .collect()
    };
    writer
        .write_record(row(&[
            ("id", "7"),
            ("source", "hubspot"),
            ("external_id", "8001"),
            ("title", "=cmd|x"),
            ("status", "removed"),
            ("stage", "Won"),
            ("phase", "won"),
            ("expected_close", "2027-01-29"),
            ("next_step", "call Kim"),
            ("next_step_due", "2026-11-27"),
            ("description", "a\n'quoted'\nb"),
        ]))
        .unwrap();
    writer
        .write_record(row(&[
            ("id", "8"),
            ("source", "walkaway:u1"),
            ("title", "Yard"),
            ("status", "open"),
        ]))
        .unwrap();

    let read = Files::one(writer.into_inner().unwrap()).read();

    let [first, second] = read.deals.as_slice() else {
        panic!("two deals")
    };
    assert_eq!((first.public_id, &*first.source), (Some(7), "hubspot"));
    assert_eq!(first.title, "=cmd|x");
    assert_eq!(first.status, Status::Removed);
    assert_eq!(first.stage.as_deref(), Some("Won"));
    assert_eq!(first.next_step_date, day("2026-11-27"));
    assert_eq!(first.notes.as_deref(), Some("a\n'quoted'\nb"));
    assert_eq!(&*second.source, "walkaway:u1");
    assert_eq!(second.external_id.as_deref(), Some("8"));
}

fn csv_crate() -> ::csv::WriterBuilder {
    ::csv::WriterBuilder::new()
}

#[test]
fn our_own_json_is_read() {
    let read = Files::new()
        .file(
            "deals.json",
            r#"[{"schema":1,"id":7,"account":"Northwind","title":"Plant","owner":null,"stage":"Proposal",
              "phase":"proposal","amount":{"minor":4800000,"currency":"EUR"},"status":"open","decision":"undecided",
              "next_step":{"what":"call Kim","due":"2026-11-27"},"expected_close":"2027-01-29",
              "external":{"source":"hubspot","id":"8001"}},
              {"schema":1,"id":8,"account":null,"title":"Yard","phase":"lost","amount":null,"status":"lost",
              "decision":"fired","external":null}]"#,
        )
        .read();

    let [first, second] = read.deals.as_slice() else {
        panic!("two deals")
    };
    assert_eq!(&*first.source, "hubspot");
    assert_eq!(first.external_id.as_deref(), Some("8001"));
    assert_eq!(
        first.amount,
        Some(Amount {
            minor: 4_800_000,
            currency: Some(*b"EUR")
        })
    );
    assert_eq!(first.next_step.as_deref(), Some("call Kim"));
    assert_eq!(second.status, Status::Lost);
    assert_eq!(
        (&*second.source, second.external_id.as_deref()),
        ("walkaway", Some("8"))
    );
}

#[test]
fn an_id_is_text_and_may_stand_in_a_link() {
    let read = Files::one(
        "Record Id,Deal Name,Closing Date,Stage\n\
         zcrm_1234567890123456789,A,2026-01-01,New\n\
         https://crm.zoho.eu/crm/org1/tab/Potentials/55501,B,2026-01-01,New\n",
    )
    .read();

    let ids: Vec<_> = read
        .deals
        .iter()
        .map(|deal| deal.external_id.as_deref())
        .collect();
    assert_eq!(ids, [Some("1234567890123456789"), Some("55501")]);
}

#[test]
fn cancelling_stops_between_rows() {
    let mut files = Files::one("deal_id,title,stage\n1,A,New\n2,B,New\n");
    let flag = Arc::new(AtomicBool::new(false));
    files.options.cancel = Some(Arc::clone(&flag));
    let mut rows = files.open().unwrap().rows();

    assert!(matches!(rows.next(), Some(Ok(_))));
    flag.store(true, Ordering::Relaxed);

    assert!(matches!(rows.next(), Some(Err(ImportError::Cancelled))));
    assert!(rows.next().is_none());
}

#[test]
fn stages_are_read_from_their_own_table() {
    let read = Files::new()
        .file(
            "deal_data.csv",
            "deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,portal_id,property_dealname,property_closedate\n\
             1,false,p1,s1,47,A,2026-01-02\n2,false,p1,s2,47,B,2026-01-02\n3,true,p1,s2,47,C,\n",
        )
        .file(
            "stages.csv",
            "active,closed_won,is_closed,probability,stage_id,label,pipeline_id\n\
             TRUE,TRUE,TRUE,1.0,s1,Signed,p1\nTRUE,FALSE,FALSE,0.4,s2,Talking,p1\n",
        )
        .file("pipelines.csv", "pipeline_id,active,display_order,label\np1,TRUE,0,Sales\n")
        .file("deal_company.csv", "company_id,deal_id,type_id,category\n9,1,1,x\n")
        .file("company.csv", "id,is_deleted,property_name,property_industry\n9,false,Northwind,x\n")
        .read();

    let [won, open] = read.deals.as_slice() else {
        panic!("two deals")
    };
    assert_eq!(&*won.source, "hubspot:47");
    assert_eq!((won.status, won.closed), (Status::Won, day("2026-01-02")));
    assert_eq!(won.stage.as_deref(), Some("Signed"));
    assert_eq!(won.pipeline.as_deref(), Some("Sales"));
    assert_eq!(won.account.as_deref(), Some("Northwind"));
    assert_eq!((open.status, open.probability), (Status::Open, Some(40.0)));
    assert_eq!(read.skips.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn rows_add_up_for_any_table(
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        rows in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![
                    "[a-zA-Z ]{0,8}", "[0-9.,/-]{0,10}", "\\PC{0,6}", "[\"\r\n,;=']{0,4}",
                    Just("2026-01-02".to_owned()), Just("Closed Won".to_owned()),
                ],
                0..9,
            ),
            0..20,
        ),
    ) {
        let mut text = ["deal_id", "title", "stage", "amount", "created", "notes"].join(&delimiter.to_string());
        for row in rows {
            text.push('\n');
            text.push_str(&row.join(&delimiter.to_string()));
        }
        let files = Files::one(text);
        if let Ok(export) = files.open() {
            Read::of(&export);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let files = Files::one(bytes);
        if let Ok(export) = files.open() {
            for outcome in export.rows() {
                let _ = outcome;
            }
        }
    }
}

#[test]
fn mutated_files_never_panic() {
    let seed = b"Id,Name,StageName,Amount,CloseDate,IsWon,Description\n\
                 006A,Plant,Closed Won,\"1,000.50\",2026-01-02,1,\"a\nb\"\n\
                 006B,Yard,New,200,1/2/2026,,\n";
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for _ in 0..600 {
        let mut bytes = seed.to_vec();
        for _ in 0..=next() % 6 {
            let at = next() % bytes.len();
            match next() % 3 {
                0 => bytes[at] = next() as u8,
                1 => bytes.insert(at, b"\",;\n\r\0\xff\t="[next() % 9]),
                _ => drop(bytes.remove(at)),
            }
        }
        if let Ok(export) = Files::one(&bytes).open() {
            let mut rows = export.rows();
            for outcome in rows.by_ref() {
                let _ = outcome;
            }
            let tally = rows.tally();
            assert_eq!(tally.rows, tally.deals + tally.skipped + tally.refused);
        }
    }
}

/// The shared data, or none with a word on it.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The same files from a worktree, which is one level further down.
pub(super) fn shared_or_above(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
        .join(name);
    if path.exists() {
        Some(path)
    } else {
        shared(name)
    }
}

fn read_shared(names: &[&str]) -> Option<(Export, Read)> {
    let paths: Vec<PathBuf> = names
        .iter()
        .map(|name| shared_or_above(name))
        .collect::<Option<_>>()?;
    let export = open(&paths, &Options::default()).unwrap();
    let read = Read::of(&export);
    Some((export, read))
}

#[test]
fn maven_is_the_same_in_both_date_formats() {
    let Some((export, us)) = read_shared(&["maven/sales_pipeline.csv"]) else {
        return;
    };
    let Some((_, iso)) = read_shared(&["maven/sales_pipeline_isodates.csv"]) else {
        return;
    };

    assert_eq!(us.deals.len(), 8800);
    assert_eq!(us.deals, iso.deals);
    assert_eq!(
        us.deals
            .iter()
            .filter(|deal| deal.account.is_none())
            .count(),
        1425
    );
    assert!(
        us.deals
            .iter()
            .all(|deal| deal.title_assumed == Some("product"))
    );
    assert!(
        us.deals
            .iter()
            .all(|deal| deal.amount.is_some() == (deal.status == Status::Won))
    );
    assert_eq!(
        us.deals
            .iter()
            .filter(|deal| deal.created.is_none())
            .count(),
        500
    );
    assert!(
        us.deals
            .iter()
            .all(|d| d.closed.is_some() == (d.status != Status::Open))
    );
    assert!(
        us.deals
            .iter()
            .all(|deal| deal.owner.is_some() && deal.external_id.is_some())
    );
    assert_eq!(
        export.files()[0].source.as_deref(),
        Some("table:opportunity_id")
    );
    let order = export
        .columns()
        .find(|c| c.column == "engage_date")
        .unwrap();
    assert_eq!(order.reading, "month/day/year");
}

#[test]
fn exports_of_crms_need_nothing_mapped_by_hand() {
    for (name, crm, rows) in [
        ("salesforce-export-a/Opportunity.csv", "salesforce", 50),
        ("salesforce-export-b/Opportunity.csv", "salesforce", 58),
        ("salesforce-history/Opportunity.csv", "salesforce", 36),
        ("hubspot-tables/deal_data.csv", "hubspot", 44),
    ] {
        let Some((export, read)) = read_shared(&[name]) else {
            return;
        };

        assert_eq!(export.files()[0].crm.as_deref(), Some(crm), "{name}");
        assert_eq!(read.deals.len(), rows, "{name}");
        assert!(read.refused.is_empty(), "{name}: {:?}", read.refused);
        assert!(
            read.deals.iter().all(|deal| deal.title_assumed.is_none()),
            "{name}"
        );
        assert!(
            read.deals.iter().all(|deal| deal.external_id.is_some()),
            "{name}"
        );
        assert!(
            read.deals.iter().all(|deal| deal.created.is_some()),
            "{name}"
        );
    }
}

#[test]
fn accounts_beside_the_deals_give_names() {
    let Some((export, read)) = read_shared(&[
        "salesforce-export-a/Opportunity.csv",
        "salesforce-export-a/Account.csv",
        "salesforce-export-a/Contact.csv",
        "salesforce-export-a/Task.csv",
        "salesforce-export-a/Lead.csv",
        "salesforce-export-a/Campaign.csv",
        "salesforce-export-a/CampaignMember.csv",
        "salesforce-export-a/Case.csv",
    ]) else {
        return;
    };

    let objects: Vec<Object> = export.files().iter().map(|file| file.object).collect();
    assert_eq!(
        objects,
        [
            Object::Deal,
            Object::Account,
            Object::Contact,
            Object::Activity,
            Object::Lead,
            Object::Other,
            Object::Other,
            Object::Other,
        ]
    );
    assert_eq!(read.deals.len(), 50);
    assert!(read.deals.iter().all(|deal| deal.account.is_some()));
}

#[test]
fn deleted_deals_are_skipped() {
    let Some((_, read)) = read_shared(&["salesforce-tables/sf_opportunity_data.csv"]) else {
        return;
    };

    assert_eq!(read.deals.len() + read.skips.len(), 10);
    assert!(read.refused.is_empty(), "{:?}", read.refused);
    assert!(read.skips.iter().all(|(_, why)| why.contains("deleted")));
    assert_eq!(read.skips.len(), 10);
}

#[test]
fn tables_of_no_crm_are_read_too() {
    let Some((_, olga)) = read_shared(&["olga/opportunities.csv"]) else {
        return;
    };
    let Some((export, gtm)) = read_shared(&[
        "gtm/opportunities.csv",
        "gtm/accounts.csv",
        "gtm/sales_reps.csv",
    ]) else {
        return;
    };

    assert_eq!(olga.deals.len(), 6000);
    assert_eq!(
        olga.deals
            .iter()
            .filter(|deal| deal.status == Status::Won)
            .count(),
        1824
    );
    assert_eq!(
        olga.deals
            .iter()
            .filter(|deal| deal.status == Status::Lost)
            .count(),
        3760
    );
    assert_eq!(gtm.deals.len(), 2784);
    assert_eq!(
        gtm.deals
            .iter()
            .filter(|deal| deal.status == Status::Open)
            .count(),
        71
    );
    assert!(gtm.deals.iter().all(|deal| deal.account.is_some()));
    assert!(
        gtm.deals
            .iter()
            .all(|d| d.owner.as_deref().is_some_and(|o| !o.starts_with("REP-")))
    );
    let open = gtm.deals.iter().filter(|deal| deal.status == Status::Open);
    assert!(
        open.clone()
            .all(|deal| deal.expected_close.is_some() && deal.closed.is_none())
    );
    assert!(
        export.files().iter().all(|file| file.used),
        "{:?}",
        export.files()
    );
}

#[test]
fn every_shared_table_is_recognised_for_what_it_is() {
    for (name, object) in [
        ("hubspot-tables/company_data.csv", Object::Account),
        ("hubspot-tables/contact_data.csv", Object::Contact),
        ("hubspot-tables/deal_company_data.csv", Object::Link),
        ("hubspot-tables/deal_contact_data.csv", Object::Link),
        ("hubspot-tables/deal_pipeline_data.csv", Object::Pipeline),
        ("hubspot-tables/deal_pipeline_stage_data.csv", Object::Stage),
        (
            "hubspot-tables/deal_property_history_data.csv",
            Object::History,
        ),
        ("hubspot-tables/deal_stage_data.csv", Object::History),
        ("hubspot-tables/engagement_call_data.csv", Object::Activity),
        ("hubspot-tables/engagement_data.csv", Object::Activity),
        ("hubspot-tables/engagement_deal_data.csv", Object::Link),
        (
            "hubspot-tables/engagement_meeting_data.csv",
            Object::Activity,
        ),
        ("hubspot-tables/merged_deal_data.csv", Object::Link),
        ("hubspot-tables/owner_data.csv", Object::User),
        ("hubspot-tables/property_data.csv", Object::Other),
        ("maven/accounts.csv", Object::Account),
        ("maven/products.csv", Object::Other),
        ("maven/sales_teams.csv", Object::User),
        ("qualification/b2b-sales-sample.csv", Object::Other),
        ("salesforce-history/OpportunityHistory.csv", Object::History),
        ("salesforce-tables/sf_account_data.csv", Object::Account),
        ("salesforce-tables/sf_contact_data.csv", Object::Contact),
        (
            "salesforce-tables/sf_opportunity_history_data.csv",
            Object::History,
        ),
        (
            "salesforce-tables/sf_opportunity_line_item_data.csv",
            Object::Other,
        ),
        ("salesforce-tables/sf_order_data.csv", Object::Other),
        ("salesforce-tables/sf_product_2_data.csv", Object::Other),
        ("salesforce-tables/sf_task_data.csv", Object::Activity),
        ("salesforce-tables/sf_user_data.csv", Object::User),
        ("salesforce-tables/sf_user_role_data.csv", Object::Other),
    ] {
        let Some(path) = shared_or_above(name) else {
            return;
        };
        let options = Options::default();
        let seen = Opening::new(&options, &Written::default())
            .unwrap()
            .peek(&path)
            .unwrap();
        assert_eq!(seen.object, object, "{name}: {:?}", seen.headers);
    }
}

/// How long a million rows take; run in a release build with `--ignored --nocapture`.
#[test]
#[ignore = "measures time"]
fn a_million_rows() {
    let Some(path) = shared_or_above("maven/sales_pipeline.csv") else {
        return;
    };
    let text = fs::read_to_string(path).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut big = format!("{header}\n");
    while big.lines().count() < 10 && big.len() < 68 * 1024 * 1024 {
        big.push_str(&rows.repeat(114));
    }
    let files = Files::one(big);
    let export = files.open().unwrap();
    let start = std::time::Instant::now();

    let mut rows = export.rows();
    for outcome in rows.by_ref() {
        std::hint::black_box(outcome.unwrap());
    }

    let taken = start.elapsed().as_secs_f64();
    let count = rows.tally().rows;
    println!(
        "{count} rows in {taken:.2} s: {:.0} rows a second",
        count as f64 / taken
    );
}
