//! Workbooks, archives and pages, from bytes to rows.

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::super::table;
use super::super::{DealRow, Export, ImportError, Options, Outcome, Status, open};

/// One file, or several, in a folder of their own.
struct Files(TempDir, Vec<PathBuf>);

impl Files {
    fn one(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        Self(tempfile::tempdir().unwrap(), Vec::new()).and(name, bytes)
    }

    fn and(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        self.1.push(path);
        self
    }

    fn open(&self) -> Result<Export, ImportError> {
        open(&self.1, &Options::default())
    }

    #[track_caller]
    fn refused(&self) -> String {
        let error = self.open().expect_err("it is refused");
        assert!(error.hint().is_some(), "{error}");
        error
            .to_string()
            .replace(self.0.path().to_str().unwrap(), "PLACE")
    }

    #[track_caller]
    fn read(&self) -> Read {
        Read::of(&self.open().unwrap())
    }

    /// What is said of each file.
    fn said(&self) -> Vec<(String, bool, String)> {
        let place = format!("{}/", self.0.path().display());
        let export = self.open().unwrap();
        let files = export.files().iter();
        files
            .map(|f| {
                (
                    f.file.replace(&place, ""),
                    f.used,
                    f.why.replace(&place, ""),
                )
            })
            .collect()
    }

    fn assumed(&self) -> Vec<(String, Option<String>)> {
        let place = format!("{}/", self.0.path().display());
        let export = self.open().unwrap();
        export
            .assumptions()
            .map(|a| (a.reading.replace(&place, ""), a.example.clone()))
            .collect()
    }
}

struct Read {
    deals: Vec<DealRow>,
    skips: Vec<(u64, String)>,
    refused: Vec<(u64, String)>,
}

impl Read {
    fn of(export: &Export) -> Self {
        let mut read = Self {
            deals: Vec::new(),
            skips: Vec::new(),
            refused: Vec::new(),
        };
        let mut rows = export.rows();
        for outcome in rows.by_ref() {
            match outcome.unwrap() {
                Outcome::Deal(deal) => read.deals.push(*deal),
                Outcome::Skip { line, why, .. } => read.skips.push((line, why)),
                Outcome::Refuse { line, why, .. } => read.refused.push((line, why)),
            }
        }
        let tally = rows.tally();
        assert_eq!(tally.rows, tally.deals + tally.skipped + tally.refused);
        let progress = rows.progress();
        assert_eq!(progress.read, progress.total);
        read
    }
}

fn day(text: &str) -> Option<chrono::NaiveDate> {
    text.parse().ok()
}

/// A workbook with a sheet for each name, of rows of texts.
fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (at, row) in rows.iter().enumerate() {
            for (column, text) in row.iter().enumerate() {
                sheet.write_string(at as u32, column as u16, *text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet, whose XML is given.
fn raw_book(sheet: &str, strings: &str) -> Vec<u8> {
    const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Deals" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet}</worksheet>"#
    );
    zip(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const DEALS: &str = "Record ID,Deal Name,Deal Stage,Amount,Close Date\n\
                     8001,Plant,Proposal,48000,2027-01-29\n\
                     8002,Press,Closed Won,500.5,2026-10-02\n";
const COMPANIES: &str = "Record ID,Company name,Company Domain Name\n1,Northwind,n.example\n";

#[test]
fn cells_of_a_workbook_are_read_by_what_they_are() {
    let mut book = Workbook::new();
    let day_format = Format::new().set_num_format("dd/mm/yyyy");
    let time_format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let sheet = book.add_worksheet();
    for (column, name) in [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Amount",
        "Close Date",
        "Create Date",
        "Next step",
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_string(0, column as u16, name).unwrap();
    }
    sheet.write_number(1, 0, 123_456_789_012.0).unwrap();
    sheet.write_string(1, 1, "=Plant \"x\", y").unwrap();
    sheet.write_string(1, 2, "Proposal").unwrap();
    sheet.write_number(1, 3, 0.1 + 0.2).unwrap();
    let close = ExcelDateTime::from_ymd(2027, 1, 29).unwrap();
    sheet
        .write_datetime_with_format(1, 4, &close, &day_format)
        .unwrap();
    let created = ExcelDateTime::from_ymd(2026, 7, 26)
        .unwrap()
        .and_hms(23, 59, 59)
        .unwrap();
    sheet
        .write_datetime_with_format(1, 5, &created, &time_format)
        .unwrap();
    sheet.write_boolean(1, 6, true).unwrap();
    sheet.write_number(2, 0, 7.0).unwrap();
    sheet
        .write_formula(2, 1, Formula::new("=A1&\"!\"").set_result("Press line"))
        .unwrap();
    sheet
        .write_formula(2, 3, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet.write_number(3, 0, 12_345_678_901_234_567.0).unwrap();
    sheet.write_string(3, 1, "Rounded").unwrap();
    let files = Files::one("deals.csv", book.save_to_buffer().unwrap());

    let read = files.read();

    let [first, second, rounded] = read.deals.as_slice() else {
        panic!("three deals: {:?}", read.refused)
    };
    assert_eq!(first.external_id.as_deref(), Some("123456789012"));
    assert_eq!(first.title, "=Plant \"x\", y");
    assert_eq!(first.amount.map(|a| a.minor), Some(30));
    assert_eq!(first.expected_close, day("2027-01-29"));
    assert_eq!(first.created, day("2026-07-26"));
    assert_eq!(first.next_step.as_deref(), Some("TRUE"));
    assert_eq!((first.line, second.line), (2, 3));
    assert_eq!(second.title, "Press line");
    assert_eq!(second.amount, None);
    assert_eq!(rounded.external_id, None, "a rounded id is the id of many");
}

#[test]
fn a_currency_that_stands_only_in_the_number_format_is_that_of_the_cell() {
    for (format, code) in [
        ("#,##0.00 [$€-407]", Some("EUR")),
        ("\"€\"#,##0;[Red]-\"€\"#,##0", Some("EUR")),
        ("[$CHF] #,##0.00", Some("CHF")),
        ("[$£-809]#,##0", Some("GBP")),
        ("€ #,##0", Some("EUR")),
        ("#,##0.00", None),
        ("[$-409]#,##0", None),
        ("0.0 \"h\"", None),
    ] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let header = ["Opportunity Name", "Account Name", "Stage", "Amount"];
        for (column, name) in header.into_iter().enumerate() {
            sheet.write_string(0, column as u16, name).unwrap();
        }
        let cells = ["Plant", "Northwind", "Proposal"];
        for (column, text) in cells.into_iter().enumerate() {
            sheet.write_string(1, column as u16, text).unwrap();
        }
        let format_of = Format::new().set_num_format(format);
        sheet
            .write_number_with_format(1, 3, 1234.5, &format_of)
            .unwrap();
        let files = Files::one("report.xlsx", book.save_to_buffer().unwrap());

        let read = files.read();

        let amount = read.deals[0].amount.unwrap();
        assert_eq!(amount.minor, 123_450, "{format}");
        let named = amount
            .currency
            .map(|code| String::from_utf8_lossy(&code).into_owned());
        assert_eq!(named.as_deref(), code, "{format}");
        let told = files.assumed();
        let told = told
            .iter()
            .find(|(reading, _)| reading.contains("number format"));
        assert_eq!(told.is_some(), code.is_some(), "{format}");
        if let Some((_, example)) = told {
            assert_eq!(example.as_deref(), Some("D2"));
        }
    }
}

#[test]
fn cells_with_an_error_are_blank_and_counted() {
    let cells = r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Record ID</t></is></c><c r="B1" t="inlineStr"><is><t>Deal Name</t></is></c><c r="C1" t="inlineStr"><is><t>Deal Stage</t></is></c></row><row r="4"><c r="A4"><v>1</v></c><c r="B4" t="str"><f>x()</f><v>Plant</v></c><c r="C4" t="e"><v>#REF!</v></c></row></sheetData>"#;
    let files = Files::one("deals.xlsx", raw_book(cells, "<sst/>"));

    assert_eq!(
        files.assumed()[..1],
        [(
            "1 cell holds an error of the spreadsheet, and is read as blank".to_owned(),
            Some("#REF! in C4".to_owned())
        )]
    );
    let deal = &files.read().deals[0];
    assert_eq!((deal.line, deal.stage.as_deref()), (4, None));
}

#[test]
fn a_formula_that_looks_into_another_workbook_is_its_last_value() {
    let cells = r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Record ID</t></is></c><c r="B1" t="inlineStr"><is><t>Deal Name</t></is></c><c r="C1" t="inlineStr"><is><t>Deal Stage</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>[1]Deals!$B$2</f><v>Plant</v></c><c r="C2" t="str"><f>WEBSERVICE("https://x.example/")</f><v>Proposal</v></c></row></sheetData>"#;

    let read = Files::one("deals.xlsx", raw_book(cells, "<sst/>")).read();

    assert_eq!(read.deals[0].title, "Plant");
    assert_eq!(read.deals[0].stage.as_deref(), Some("Proposal"));
}

#[test]
fn of_several_sheets_each_known_one_is_read_and_the_others_are_named() {
    let files = Files::one(
        "book.xlsx",
        book(&[
            ("Summary", &[&["Stage", "Sum"], &["Proposal", "5"]]),
            (
                "Deals",
                &[
                    &[
                        "Record ID",
                        "Deal Name",
                        "Deal Stage",
                        "Associated Company IDs",
                    ],
                    &["8001", "Plant", "Proposal", "1"],
                ],
            ),
            (
                "Companies",
                &[
                    &["Record ID", "Company name", "Company Domain Name"],
                    &["1", "Northwind", "n"],
                ],
            ),
            ("Notes", &[]),
        ]),
    );

    let said = files.said();
    let used: Vec<(&str, bool)> = said
        .iter()
        .map(|(f, used, _)| (f.as_str(), *used))
        .collect();

    assert_eq!(
        used,
        [
            ("book.xlsx/Summary", false),
            ("book.xlsx/Deals", true),
            ("book.xlsx/Companies", true),
            ("book.xlsx/Notes", false),
        ]
    );
    assert_eq!(said[3].2, "it is empty");
    assert!(
        files.assumed()[0]
            .0
            .contains("beside it `book.xlsx/Summary`"),
        "{:?}",
        files.assumed()
    );
    assert_eq!(files.read().deals[0].account.as_deref(), Some("Northwind"));
}

#[test]
fn a_second_sheet_that_only_looks_like_deals_is_left() {
    let deals: &[&[&str]] = &[
        &["title", "stage", "amount", "account"],
        &["A", "New", "5", "X"],
    ];
    let more: &[&[&str]] = &[
        &["title", "stage", "amount", "account"],
        &["B", "New", "5", "X"],
    ];
    let other: &[&[&str]] = &[&["stage", "amount", "title"], &["New", "5", "C"]];
    let files = Files::one(
        "b.xlsx",
        book(&[("One", deals), ("Two", other), ("Three", more)]),
    );

    let titles: Vec<String> = files.read().deals.into_iter().map(|d| d.title).collect();

    assert_eq!(titles, ["A", "B"]);
    assert!(
        files.said()[1].2.contains("not those of `b.xlsx/One`"),
        "{:?}",
        files.said()
    );
}

#[test]
fn titles_groups_lines_and_totals_of_a_sheet_are_no_deals_and_are_counted() {
    let rows: &[&[&str]] = &[
        &["Pipeline as of today"],
        &["", ""],
        &[
            "Opportunity Name",
            "Account Name",
            "Stage",
            "Amount",
            "Product",
            "Close Date",
        ],
        &["Proposal (2)", "", "", "300"],
        &[
            "Plant",
            "Northwind",
            "Proposal",
            "100",
            "Press",
            "2026-12-01",
        ],
        &["", "", "", "", "Spare parts"],
        &["Yard (2)", "Contoso", "Proposal", "200", "", "2026-12-02"],
        &["Total", "", "", "300"],
    ];
    let read = Files::one("report.xlsx", book(&[("Report", rows)])).read();

    let titles: Vec<&str> = read.deals.iter().map(|d| d.title.as_str()).collect();
    assert_eq!(titles, ["Plant", "Yard (2)"]);
    let lines: Vec<u64> = read.skips.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 6, 8]);
    assert!(read.skips[0].1.contains("title of a group"));
    assert!(read.skips[1].1.contains("goes on with the row above"));
    assert_eq!(read.refused, []);
}

#[test]
fn merged_cells_are_read_in_each_of_their_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in [
        ["Stage", "Opportunity Name", "Account Name", "Amount"],
        ["Proposal", "Plant", "Northwind", "1"],
        ["", "Yard", "Contoso", "2"],
        ["Closed Won", "Old", "Fabrikam", "3"],
    ]
    .into_iter()
    .enumerate()
    {
        for (column, text) in row.into_iter().enumerate() {
            sheet.write_string(at as u32, column as u16, text).unwrap();
        }
    }
    sheet
        .merge_range(1, 0, 2, 0, "Proposal", &Format::new())
        .unwrap();
    let files = Files::one("report.xlsx", book.save_to_buffer().unwrap());

    let stages: Vec<_> = files
        .read()
        .deals
        .into_iter()
        .map(|d| d.stage.unwrap())
        .collect();

    assert_eq!(stages, ["Proposal", "Proposal", "Closed Won"]);
    assert!(files.assumed()[0].0.contains("merged over several rows"));
}

#[test]
fn the_files_of_a_zip_are_one_export_each_for_what_it_is() {
    let deals = book(&[(
        "Deals",
        &[
            &[
                "Record ID",
                "Deal Name",
                "Deal Stage",
                "Amount",
                "Close Date",
            ],
            &["8003", "Seats", "Proposal", "5", "2027-01-01"],
        ],
    )]);
    let inner = zip(&[("deals.csv", DEALS.as_bytes())]);
    let files = Files::one(
        "export.zip",
        zip(&[
            ("hubspot/deals-1.csv", DEALS.as_bytes()),
            ("../../deals-2.csv", &deals),
            ("hubspot/companies.csv", COMPANIES.as_bytes()),
            ("hubspot/nested.zip", &inner),
            ("hubspot/logo.png", b"\x89PNG...."),
            ("__MACOSX/._deals-1.csv", b"x"),
            ("hubspot/", b""),
        ]),
    );

    let said = files.said();
    let used: Vec<(&str, bool)> = said
        .iter()
        .map(|(f, used, _)| (f.as_str(), *used))
        .collect();

    assert_eq!(
        used,
        [
            ("export.zip/hubspot/deals-1.csv", true),
            ("export.zip/../../deals-2.csv", true),
            ("export.zip/hubspot/companies.csv", false),
            ("export.zip/hubspot/nested.zip", false),
            ("export.zip/hubspot/logo.png", false),
        ]
    );
    assert!(said[3].2.contains("a ZIP within a ZIP"), "{said:?}");
    let read = files.read();
    assert_eq!(read.deals.len(), 3);
    assert!(read.deals.iter().all(|d| &*d.source == "hubspot"));
}

#[test]
fn a_page_that_is_called_a_workbook_is_read() {
    let files = Files::one(
        "report.xls",
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table>\
         <tr><th>Opportunity Name</th><th>Account Name</th><th>Stage</th><th>Amount</th></tr>\
         <tr><td>Umbau</td><td>M&uuml;ller &amp; Co</td><td>Closed Won</td><td>1,200.50</td></tr>\
         </table></body></html>",
    );

    let read = files.read();

    assert_eq!(read.deals[0].account.as_deref(), Some("Müller & Co"));
    assert_eq!(read.deals[0].amount.map(|a| a.minor), Some(120_050));
    assert_eq!(read.deals[0].status, Status::Won);
}

#[test]
fn a_name_proves_nothing() {
    let tabs = DEALS.replace(',', "\t");
    let mut utf16 = vec![0xff, 0xfe];
    tabs.encode_utf16()
        .for_each(|unit| utf16.extend(unit.to_le_bytes()));
    let (mut old, _, _) = encoding_rs::WINDOWS_1252.encode(
        "Record ID,Deal Name,Deal Stage\n8001,Caf\u{e9} M\u{fc}ller,Proposal\n8002,x,Closed Won\n",
    );
    old.to_mut().insert(30, 0);
    for (name, bytes) in [
        ("deals.xls", tabs.clone().into_bytes()),
        ("unicode.xls", utf16),
        ("deals.json", DEALS.as_bytes().to_vec()),
        ("deals.xlsx", DEALS.as_bytes().to_vec()),
        ("deals.csv", zip(&[("deals.csv", DEALS.as_bytes())])),
        (
            "sep.txt",
            format!("sep=;\n{}", DEALS.replace(',', ";")).into_bytes(),
        ),
        ("backup.csv", old.into_owned()),
    ] {
        let read = Files::one(name, bytes).read();
        assert_eq!(read.deals.len(), 2, "{name}: {:?}", read.refused);
    }
}

#[test]
fn what_cannot_be_unpacked_is_named_with_what_to_do() {
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.resize(600, 0);
    "EncryptedPackage"
        .encode_utf16()
        .for_each(|u| locked.extend(u.to_le_bytes()));
    let types: &[u8] = b"<Types/>";
    for (bytes, words) in [
        (locked, "a workbook with a password"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....".to_vec(),
            "an old Excel file",
        ),
        (
            zip(&[("[Content_Types].xml", types), ("xl/workbook.bin", b"x")]),
            "a binary workbook (.xlsb)",
        ),
        (
            zip(&[
                ("mimetype", b"application/vnd.oasis"),
                ("content.xml", b"<x/>"),
            ]),
            "an OpenDocument file",
        ),
        (
            zip(&[
                ("[Content_Types].xml", types),
                ("word/document.xml", b"<x/>"),
            ]),
            "a Word document",
        ),
        (
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            "an empty ZIP",
        ),
        (
            b"PK\x03\x04 and then nothing".to_vec(),
            "its end is missing",
        ),
        (
            zip(&[("[Content_Types].xml", types), ("xl/workbook.xml", b"<x")]),
            "it is damaged",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n".to_vec(),
            "a pointer of Git LFS in place of the file itself",
        ),
        (
            b"<html><form><input type=\"password\"><table><tr><td>a<td>b".to_vec(),
            "a web page",
        ),
        (b"[[\"a\",\"b\"],[1,2]]".to_vec(), "JSON without records"),
    ] {
        let said = Files::one("deals.xlsx", bytes).refused();
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_cell_far_out_is_refused_and_not_made_room_for() {
    let far = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let said = Files::one("far.xlsx", raw_book(far, "<sst/>")).refused();
    assert!(said.contains("16384 columns; at most 2000"), "{said}");

    let below = r#"<sheetData><row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData>"#;
    let said = Files::one("far.xlsx", raw_book(below, "<sst/>")).refused();
    assert!(said.contains("row 1048577"), "{said}");
}

#[test]
fn counts_that_a_workbook_declares_are_not_believed() {
    let said = Files::one(
        "many.xlsx",
        raw_book(
            "<sheetData/>",
            "<sst uniqueCount=\"9000000000000000\"></sst>",
        ),
    )
    .refused();
    assert!(said.contains("4,000,000"), "{said}");
}

#[test]
fn what_grows_beyond_any_honest_file_is_refused() {
    let huge = " ".repeat(80 << 20);
    let said = Files::one("bomb.zip", zip(&[("deals.csv", huge.as_bytes())])).refused();
    assert!(said.contains("200 times"), "{said}");

    let cell =
        format!("<sheetData><row><c t=\"inlineStr\"><is><t>{huge}</t></is></c></row></sheetData>");
    let said = Files::one("bomb.xlsx", raw_book(&cell, "<sst/>")).refused();
    assert!(said.contains("16 MiB"), "{said}");
}

#[test]
fn many_parts_are_refused_before_their_list_is_read() {
    let names: Vec<String> = (0..2_001).map(|n| n.to_string()).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();

    let said = Files::one("many.zip", zip(&parts)).refused();

    assert!(said.contains("2001 parts"), "{said}");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_told_of() {
    let files = Files::one("deals.csv", DEALS);
    let export = files.open().unwrap();
    let mut file = fs::File::options().append(true).open(&files.1[0]).unwrap();
    file.write_all(b"8009,More,Proposal,1,2027-01-01\n")
        .unwrap();

    let last = export.rows().last();

    assert!(
        matches!(last, Some(Err(ImportError::Changed { .. }))),
        "{last:?}"
    );
}

#[test]
fn a_header_alone_is_an_error_and_beside_deals_it_is_not() {
    let header = "Record ID,Deal Name,Deal Stage,Amount,Close Date\n";
    let said = Files::one("deals.csv", header).refused();
    assert_eq!(said, "`PLACE/deals.csv` has a header and no rows below it.");

    let both = Files::one("a.csv", header).and("b.csv", DEALS).read();
    assert_eq!(both.deals.len(), 2);
}

#[test]
fn records_are_found_wherever_json_wraps_them() {
    let record = r#"{"Id":"006A00000000001AAA","Name":"Plant","StageName":"Proposal","CloseDate":"2026-12-01","Account":{"Name":"Northwind"},"n":[{"x":1},{"x":2}]}"#;
    for text in [
        format!("[{record}]"),
        format!("{record}\n{record}\n"),
        format!("{{\"records\":[{record}]}}"),
        format!(
            "{{\n\"status\":0,\n\"result\":{{\"totalSize\":1,\"done\":true,\"records\":[{record}]}},\n\"warnings\":[]}}"
        ),
        format!("{{\"meta\":{{\"tags\":[{{\"a\":1}}]}},\"value\":[{record}]}}"),
        format!("{{\"note\":\"\\\"records\\\":[{{\",\"crm\":[{record}]}}"),
        format!("{{\"data\":{{\"opportunityList\":[{record}]}}}}"),
    ] {
        let read = Files::one("x.json", &text).read();
        assert_eq!(read.deals[0].title, "Plant", "{text}");
        assert_eq!(
            read.deals[0].account.as_deref(),
            Some("Northwind"),
            "{text}"
        );
    }
}

#[test]
fn json_a_thousand_levels_deep_is_refused_in_words() {
    let deep = format!("[{{\"Id\":{}1{}}}]", "[".repeat(1_000), "]".repeat(1_000));
    let said = Files::one("deep.json", deep).refused();
    assert!(said.contains("nested more than 100 levels deep"), "{said}");

    let objects = format!("{}1{}", "{\"a\":".repeat(1_000), "}".repeat(1_000));
    let said = Files::one("deep.json", objects).refused();
    assert!(said.contains("nested more than 100 levels deep"), "{said}");
}

/// A table of texts, its rows of uneven width.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop_oneof![
        Just(String::new()),
        "[0-9]{1,6}(\\.[0-9]{2})?",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        "[ -~]{0,12}",
        "\\PC{0,8}",
        Just("Proposal (3)".to_owned()),
        Just("Closed Won".to_owned()),
    ];
    prop::collection::vec(prop::collection::vec(cell, 0..7), 0..12)
}

fn texts(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let header = [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Amount",
        "Close Date",
    ];
    let mut all = vec![header.iter().map(|h| (*h).to_owned()).collect()];
    all.extend_from_slice(rows);
    all
}

fn filled(rows: &[Vec<String>]) -> u64 {
    let is_filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
    rows.iter().filter(is_filled).count() as u64
}

/// Reads whatever it is; returns the rows that were told of.
fn told(name: &str, bytes: &[u8]) -> Option<u64> {
    let export = Files::one(name, bytes).open_or_words()?;
    let mut rows = export.rows();
    for outcome in rows.by_ref() {
        if outcome.is_err() {
            return None;
        }
    }
    let tally = rows.tally();
    assert_eq!(tally.rows, tally.deals + tally.skipped + tally.refused);
    Some(tally.rows)
}

/// Unpacks whatever it is, and reads all rows of all tables in it.
fn survives(bytes: &[u8]) {
    let files = Files::one("x.xlsx", bytes);
    let Ok(parts) = super::parts(&files.1[0], &super::Unpacking::default()) else {
        return;
    };
    for part in parts {
        let super::Part::Table(whole) = part else {
            continue;
        };
        let mut table = table::open(&whole.input, &whole.sniffed, &[], Arc::default()).unwrap();
        let mut cells = table::Cells::new();
        while let Ok(Some(_)) = table.read(&mut cells) {}
    }
}

impl Files {
    /// What is refused is refused in words.
    fn open_or_words(&self) -> Option<Export> {
        match self.open() {
            Ok(export) => Some(export),
            Err(error) => {
                assert!(!error.to_string().is_empty());
                None
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_row_of_a_random_workbook_is_told_of(rows in table()) {
        let all = texts(&rows);
        let cells: Vec<Vec<&str>> = all.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
        let slices: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();

        if let Some(count) = told("x.xlsx", &book(&[("Deals", &slices)])) {
            prop_assert_eq!(count, filled(&rows));
        }
    }

    #[test]
    fn every_row_of_a_random_page_is_told_of(rows in table()) {
        let escape = |cell: &String| cell.replace('&', "&amp;").replace('<', "&lt;");
        let row = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().map(|c| format!("<td>{}</td>", escape(c))).collect();
            format!("<tr>{}</tr>", cells.concat())
        };
        let all: Vec<String> = texts(&rows).iter().map(row).collect();

        if let Some(count) = told("x.xls", format!("<table>{}</table>", all.concat()).as_bytes()) {
            prop_assert_eq!(count, filled(&rows));
        }
    }

    #[test]
    fn every_record_of_random_json_is_told_of(rows in table()) {
        let names = ["Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "x", "y"];
        let record = |row: &Vec<String>| {
            let members = names.iter().zip(row).map(|(name, cell)| (*name, cell.as_str()));
            serde_json::to_string(&members.collect::<std::collections::BTreeMap<_, _>>()).unwrap()
        };
        let all: Vec<String> = rows.iter().map(record).collect();

        if let Some(count) = told("x.json", format!("{{\"data\":[{}]}}", all.join(",")).as_bytes()) {
            prop_assert_eq!(count, rows.len() as u64);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_spoilt_workbook_or_archive_is_read_or_refused(
        spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        is_zip in any::<bool>(),
    ) {
        let mut bytes = if is_zip {
            zip(&[("a.csv", DEALS.as_bytes()), ("b.csv", COMPANIES.as_bytes())])
        } else {
            book(&[("Deals", &[
                &["Record ID", "Deal Name", "Deal Stage"],
                &["8001", "Plant", "Proposal"],
            ])])
        };
        for (at, byte) in spots {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives(&bytes);
    }

    /// The parts are packed whole, so that the spoilt XML reaches what reads it.
    #[test]
    fn spoilt_xml_of_a_sheet_is_read_or_refused(
        spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut sheet = br#"<dimension ref="A1:C9"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Deal Name</t></is></c><c r="C1" t="str"><v>Deal Stage</v></c></row><row r="2"><c r="A2" s="1"><v>45631.5</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2" t="b"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells>"#.to_vec();
        for (at, byte) in spots {
            let at = at.index(sheet.len());
            sheet[at] = byte;
        }
        let sheet = String::from_utf8_lossy(&sheet);
        survives(&raw_book(&sheet, "<sst uniqueCount=\"1\"><si><t>Record ID</t></si></sst>"));
    }
}
