//! Files that want to fill the memory, hang the program or lie, given to the program as it is.
//!
//! The bombs are built here. Each is read by a child whose address space ends at 512 MiB, so that
//! one that is believed ends the child, and the test.

use std::io::{Cursor, Write};

use serde_json::json;
use zip::write::SimpleFileOptions;

use super::support::bench::{Bench, DEALS, Shot, permissions_bind};

/// Kilobytes of address space of a child.
const SPACE: u32 = 512 * 1024;

const TYPES: &str =
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Deals" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A part of an archive: a text, with something in it again and again.
struct Part<'p> {
    name: &'p str,
    head: &'p str,
    again: &'p str,
    times: usize,
    tail: &'p str,
}

fn part<'p>(name: &'p str, head: &'p str) -> Part<'p> {
    Part {
        name,
        head,
        again: "",
        times: 0,
        tail: "",
    }
}

fn archive(parts: &[Part<'_>]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        zip.start_file(part.name, SimpleFileOptions::default())
            .unwrap();
        zip.write_all(part.head.as_bytes()).unwrap();
        let block = part.again.repeat((1 << 20) / part.again.len().max(1));
        let per_block = block.len() / part.again.len().max(1);
        for _ in 0..part.times / per_block.max(1) {
            zip.write_all(block.as_bytes()).unwrap();
        }
        zip.write_all(part.tail.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(strings: Part<'_>, sheet: Part<'_>) -> Vec<u8> {
    archive(&[
        part("[Content_Types].xml", TYPES),
        part("_rels/.rels", RELS),
        part("xl/workbook.xml", BOOK),
        part("xl/_rels/workbook.xml.rels", BOOK_RELS),
        strings,
        sheet,
    ])
}

const STRINGS: &str = "xl/sharedStrings.xml";
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// Runs the import of a file in a child of little memory; `None`, visibly, where that cannot be.
fn import(bench: &Bench, name: &str) -> Option<Shot> {
    if !cfg!(target_os = "linux") {
        eprintln!("SKIPPED: no bound on the address space here");
        return None;
    }
    Some(bench.run_within(SPACE, &["import", name, "--dry-run", "--json"]))
}

fn put(bench: &Bench, name: &str, bytes: &[u8]) {
    std::fs::write(bench.path(name), bytes).unwrap();
}

#[test]
fn bombs_are_refused_in_little_memory() {
    let sheet = r"<worksheet><sheetData>";
    let tail = "</sheetData></worksheet>";
    let many = 128 << 20;
    let far = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#;
    let wide = r#"<worksheet><dimension ref="A1:XFD20000"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="XFD20000"><v>1</v></c></row></sheetData></worksheet>"#;
    let bench = Bench::new();
    for (name, bytes, words) in [
        (
            "far.xlsx",
            workbook(part(STRINGS, "<sst/>"), part(SHEET, far)),
            "16384 columns",
        ),
        (
            "wide.xlsx",
            workbook(part(STRINGS, "<sst/>"), part(SHEET, wide)),
            "16384 columns",
        ),
        (
            "inline.xlsx",
            workbook(
                part(STRINGS, "<sst/>"),
                Part {
                    name: SHEET,
                    head: &format!("{sheet}<row><c t=\"inlineStr\"><is><t>"),
                    again: "x",
                    times: many,
                    tail: &format!("</t></is></c></row>{tail}"),
                },
            ),
            "16 MiB",
        ),
        (
            "runs.xlsx",
            workbook(
                part(STRINGS, "<sst/>"),
                Part {
                    name: SHEET,
                    head: &format!("{sheet}<row><c t=\"inlineStr\"><is>"),
                    again: "<r><t>xxxxxxxxxxxxxxxxxxxxx</t></r>",
                    times: 1 << 20,
                    tail: &format!("</is></c></row>{tail}"),
                },
            ),
            "16 MiB",
        ),
        (
            "declared.xlsx",
            workbook(
                part(STRINGS, "<sst uniqueCount=\"99999999999999\"></sst>"),
                part(SHEET, "<worksheet><sheetData/></worksheet>"),
            ),
            "different texts",
        ),
        (
            "strings.xlsx",
            workbook(
                Part {
                    name: STRINGS,
                    head: "<sst>",
                    again: "<si/>",
                    times: 10_000_000,
                    tail: "</sst>",
                },
                part(SHEET, "<worksheet><sheetData/></worksheet>"),
            ),
            "cannot be unpacked",
        ),
        (
            "rows.xlsx",
            workbook(
                part(STRINGS, "<sst/>"),
                Part {
                    name: SHEET,
                    head: sheet,
                    again: "<row/>",
                    times: 24_000_000,
                    tail,
                },
            ),
            "cannot be unpacked",
        ),
        (
            "deals.zip",
            archive(&[Part {
                name: "deals.csv",
                head: "",
                again: "x",
                times: many,
                tail: "",
            }]),
            "200 times",
        ),
    ] {
        put(&bench, name, &bytes);
        let Some(shot) = import(&bench, name) else {
            return;
        };
        assert_eq!(shot.code, 1, "{name}: {shot}");
        assert!(shot.err.contains(words), "{name}: {shot}");
        assert!(!bench.path("pipeline.db").exists());
    }
}

#[test]
fn a_size_that_is_forged_is_not_believed() {
    let mut bytes = archive(&[Part {
        name: "deals.csv",
        head: "",
        again: "x",
        times: 80 << 20,
        tail: "",
    }]);
    // The size in the central list: 1,000 bytes instead of 80 MiB.
    let real = (80_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4)
        .filter(|at| bytes[*at..*at + 4] == real)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    let bench = Bench::new();
    put(&bench, "forged.zip", &bytes);
    let Some(shot) = import(&bench, "forged.zip") else {
        return;
    };

    assert_eq!(shot.code, 1, "{shot}");
    assert!(shot.err.contains("cannot be unpacked"), "{shot}");
}

#[test]
fn an_honest_sheet_of_many_rows_passes_in_little_memory() {
    const ROWS: u32 = 20_000;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for (at, name) in ["Record ID", "Deal Name", "Deal Stage", "Amount"]
        .into_iter()
        .enumerate()
    {
        sheet.write_string(0, at as u16, name).unwrap();
    }
    for row in 1..=ROWS {
        sheet.write_number(row, 0, f64::from(row)).unwrap();
        sheet.write_string(row, 1, format!("Deal {row}")).unwrap();
        sheet.write_string(row, 2, "Proposal").unwrap();
        sheet.write_number(row, 3, 100.0).unwrap();
    }
    let bench = Bench::new();
    book.save(bench.path("many.xlsx")).unwrap();
    let Some(shot) = import(&bench, "many.xlsx") else {
        return;
    };

    assert_eq!(shot.json()["new"], json!(ROWS));
}

#[test]
fn deep_json_is_refused_and_does_not_crash() {
    let bench = Bench::new();
    let deep = format!(
        "[{{\"a\":{}1{}}}]",
        "{\"a\":".repeat(1_000),
        "}".repeat(1_000)
    );
    for (name, text) in [("deep.json", deep), ("open.json", "[".repeat(1_000_000))] {
        bench.write(name, &text);
        let Some(shot) = import(&bench, name) else {
            return;
        };
        assert_eq!(shot.code, 1, "{name}: {shot}");
    }
}

#[test]
fn the_files_of_a_zip_go_in_as_one_import_and_come_out_with_one_undo() {
    let bench = Bench::new();
    let second = DEALS.replace(",Plant", ",Other").replace("\n800", "\n900");
    put(
        &bench,
        "export.zip",
        &archive(&[part("deals-1.csv", DEALS), part("deals-2.csv", &second)]),
    );

    let said = bench.run(&["import", "export.zip"]).ok();

    assert!(
        said.starts_with("export.zip/deals-1.csv: its columns are those of deals of HubSpot\n"),
        "{said}"
    );
    assert!(said.contains("8 rows: 8 are new"), "{said}");
    let again = bench.run(&["import", "export.zip", "--json"]).json();
    assert_eq!(
        (&again["same"], &again["action"]),
        (&json!(8), &json!(null))
    );
    bench.run(&["undo", "import"]).ok();
    assert_eq!(bench.run(&["list", "--json"]).ok().trim(), "[]");
}

#[test]
fn what_is_no_table_ends_with_words_and_code_one() {
    let bench = Bench::new();
    bench.write("empty.csv", "");
    bench.write("header.csv", DEALS.lines().next().unwrap());
    bench.write(
        "pointer.csv",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n",
    );
    put(
        &bench,
        "noise.csv",
        &(0..9_999_u32)
            .flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes())
            .collect::<Vec<_>>(),
    );
    bench.write("secret.csv", DEALS);
    let mut files = vec!["empty.csv", "header.csv", "pointer.csv", "noise.csv"];
    #[cfg(unix)]
    if permissions_bind(&bench.path("")) {
        use std::os::unix::fs::PermissionsExt as _;
        let none = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(bench.path("secret.csv"), none).unwrap();
        files.push("secret.csv");
    } else {
        eprintln!("SKIPPED: permissions do not bind whoever runs this");
    }
    for name in files {
        let shot = bench.run(&["import", name]);
        assert_eq!(shot.code, 1, "{name}: {shot}");
        assert!(
            shot.err.contains(name) && shot.err.contains("hint:"),
            "{name}: {shot}"
        );
        assert!(!bench.path("pipeline.db").exists(), "{name}");
    }
}

#[test]
fn a_workbook_of_ours_changes_nothing_when_it_comes_back() {
    let bench = Bench::with_deals();
    bench.run(&["edit", "1", "title==SUM(A1) 'plant'"]).ok();
    bench.run(&["edit", "2", "title='=quoted"]).ok();
    bench
        .run(&[
            "add",
            "account=Fabrikam",
            "title=Ours",
            "amount=5000.25 EUR",
        ])
        .ok();
    let said = bench.run(&["export", "out.xlsx"]).ok();
    assert_eq!(said, "Wrote 5 deals to out.xlsx\n");

    let again = bench.run(&["import", "out.xlsx", "--json"]).json();

    assert_eq!(
        (&again["rows"], &again["same"], &again["action"]),
        (&json!(5), &json!(5), &json!(null)),
        "{again:#}"
    );
}

#[test]
fn a_text_of_which_a_workbook_holds_only_the_start_is_not_cut_here() {
    let bench = Bench::new();
    let long = format!("{}, and so on", "They told us more. ".repeat(2_000));
    bench.write(
        "deals.csv",
        &format!("deal_id,title,stage,notes\n1,Plant,New,\"{long}\"\n2,Yard,New,short\n"),
    );
    bench.run(&["import", "deals.csv"]).ok();
    let said = bench.run(&["export", "out.xlsx"]).ok();
    assert!(said.contains("1 text is cut"), "{said}");

    let again = bench.run(&["import", "out.xlsx", "--json"]).json();

    assert_eq!(again["same"], json!(2), "{again:#}");
    assert_eq!(again["action"], json!(null), "{again:#}");
    bench.run(&["export", "out.csv"]).ok();
    assert!(bench.read("out.csv").contains("and so on"));
}

#[test]
fn a_table_that_changes_nothing_leaves_no_entry_in_the_journal() {
    let bench = Bench::with_deals();
    bench.run(&["export", "out.csv"]).ok();
    let journal = bench.run(&["journal"]).ok();

    for file in ["deals.csv", "out.csv"] {
        let again = bench.run(&["import", file, "--json"]).json();
        assert_eq!(again["action"], json!(null), "{file}: {again:#}");
    }

    assert_eq!(bench.run(&["journal"]).ok(), journal);
}

#[test]
fn a_workbook_of_ours_has_typed_cells_and_no_formula() {
    use calamine::{Data, Reader as _, Xlsx, open_workbook};

    let bench = Bench::with_deals();
    bench.run(&["edit", "1", "title==1+1"]).ok();
    bench.run(&["export", "out.dat", "--format", "xlsx"]).ok();

    let mut book: Xlsx<_> = open_workbook(bench.path("out.dat")).unwrap();
    let formulas = book.worksheet_formula("Deals").unwrap();
    assert_eq!(formulas.used_cells().count(), 0);
    let cells = book.worksheet_range("Deals").unwrap();
    let column = |name: &str| {
        let header = cells.rows().next().unwrap();
        header.iter().position(|c| *c == *name).unwrap()
    };
    let first = cells.rows().nth(1).unwrap();
    assert_eq!(first[column("title")], Data::String("=1+1".to_owned()));
    assert_eq!(first[column("amount")], Data::Float(48_000.0));
    assert!(matches!(first[column("expected_close")], Data::DateTime(_)));

    bench.run(&["export", "hidden.xlsx", "--mask", "2"]).ok();
    let mut book: Xlsx<_> = open_workbook(bench.path("hidden.xlsx")).unwrap();
    let cells = book.worksheet_range("Deals").unwrap();
    assert!(
        cells
            .used_cells()
            .all(|(_, _, cell)| !cell.to_string().contains("Northwind"))
    );
    assert_ne!(
        cells.rows().nth(1).unwrap()[column("amount")],
        Data::Float(48_000.0)
    );
}
