//! Files of others: what an import reads, a CRM's own description, and the database itself.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use walkaway::domain::ids::DealId;
use walkaway::domain::verdict::Thresholds;
use walkaway::domain::view::ListQuery;
use walkaway::import::{Options, open, preview};
use walkaway::store::{Access, Judge, Store, StoreError};
use zip::write::SimpleFileOptions;

use super::driver::{Target, fuzz};
use super::today;
use crate::support::bench::{Bench, DEALS, START};
use crate::support::content::stamp;

/// Where files are read: a preview writes nothing, so that one pipeline is enough for all of them.
struct Place {
    folder: tempfile::TempDir,
    store: Store,
}

impl Place {
    fn new() -> Self {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        Self {
            folder: tempfile::tempdir().unwrap(),
            store: Store::in_memory(START.parse().unwrap(), judge).unwrap(),
        }
    }
}

/// Reads a file as an import does, through to what a preview says.
fn read(place: &Place, name: &str, bytes: &[u8], crm_files: Vec<(String, String)>) {
    let path = place.folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let options = Options {
        today: Some(today()),
        crm_files,
        ..Options::default()
    };
    let Ok(export) = open(&[path], &options) else {
        return;
    };
    let rows = export.rows().flatten().count() + export.parts().flatten().count();
    let report = preview(&place.store, &export, false, &mut |_, _| {}).unwrap();
    let counts = report.counts;
    assert_eq!(counts.rows, rows as u64);
    assert_eq!(
        counts.rows,
        counts.new
            + counts.updated
            + counts.same
            + counts.conflict
            + counts.skipped
            + counts.refused
    );
}

const CELLS: &[&str] = &[
    ",",
    ";",
    "\t",
    "\"",
    "\n",
    "\r\n",
    "Record ID",
    "Amount",
    "Close Date",
    "EUR",
    "1.234,56",
    "12/11/2026",
    "29 Feb 2027",
    "Closed Won",
    "\u{feff}",
    "=cmd()",
    "deal_id",
];

fn importer(name: &str, file: &'static str, seeds: Vec<Vec<u8>>, few: u64) {
    let place = Place::new();
    let run = |bytes: &[u8]| read(&place, file, bytes, Vec::new());
    fuzz(
        &Target {
            name,
            seeds,
            words: CELLS,
            run: &run,
        },
        few,
    );
}

#[test]
fn import_of_csv() {
    let calls = b"date,type,direction,deal id,minutes\n2026-02-05,call,out,1,5\n".to_vec();
    let german =
        "Deal-Name;Betrag;W\u{e4}hrung;Abschlussdatum\nW\u{e4}lzlager;1.234,56;EUR;31.12.2026\n";
    let latin: Vec<u8> = german.chars().map(|c| u32::from(c) as u8).collect();
    let wide: Vec<u8> = "\u{feff}Deal Name\tAmount\nPlant\t5\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let seeds = vec![DEALS.into(), calls, german.into(), latin, wide];
    importer("csv", "deals.csv", seeds, 150);
}

#[test]
fn import_of_json() {
    let records = br#"{"results":[{"id":"8001","properties":{"dealname":"Plant","amount":"48000.5","closedate":"2027-01-29T00:00:00Z"}}]}"#;
    let array = br#"[{"id":1,"title":"Plant","value":5,"currency":"EUR","note":null},{"id":2}]"#;
    let lines = b"{\"id\":1,\"title\":\"Plant\"}\n{\"id\":2,\"title\":\"\\u202e\\ud83d\"}\n";
    let seeds = vec![records.to_vec(), array.to_vec(), lines.to_vec()];
    importer("json", "deals.json", seeds, 150);
}

#[test]
fn import_of_pages() {
    let page = b"<html><head><meta charset=utf-8></head><body><table><tr><th>Opportunity Name<th>Amount</tr><tr><td>Plant &amp; rollout<td>&euro;48.000</tr></table></body></html>";
    importer("pages", "report.xls", vec![page.to_vec()], 150);
}

fn archive(parts: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn import_of_archives() {
    let calls = b"date,type,deal id\n2026-02-05,call,1\n";
    let parts: [(&str, &[u8]); 2] = [("deals.csv", DEALS.as_bytes()), ("a/calls.csv", calls)];
    let seeds = vec![
        archive(&parts, zip::CompressionMethod::Stored),
        archive(&parts, zip::CompressionMethod::Deflated),
    ];
    importer("archives", "export.zip", seeds, 120);
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [
        ["Record ID", "Deal Name", "Amount", "Close Date"],
        ["8001", "Plant", "48000", "2027-01-29"],
        ["8002", "Press", "95000.5", "18.12.2026"],
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet
                .write_string(row as u32, column as u16, *cell)
                .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The parts of an archive with their names.
fn parts_of(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut whole = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let read = |at| {
        let mut part = whole.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut part, &mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    (0..zip::ZipArchive::new(Cursor::new(book)).unwrap().len())
        .map(read)
        .collect()
}

/// A workbook without compression, so that a change reaches what is in its parts.
fn laid_open(book: &[u8]) -> Vec<u8> {
    let parts = parts_of(book);
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    archive(&parts, zip::CompressionMethod::Stored)
}

#[test]
fn import_of_workbooks() {
    let book = workbook();
    let seeds = vec![laid_open(&book), book];
    importer("workbooks", "deals.xlsx", seeds, 120);
}

/// The text of a sheet is changed and packed again, so that the archive itself is whole.
#[test]
fn import_of_sheets() {
    let place = Place::new();
    let book = workbook();
    let parts = parts_of(&book);
    let changed = [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
    ];
    let of = |name: &str| parts.iter().find(|(n, _)| n == name).unwrap().1.clone();
    let seeds: Vec<Vec<u8>> = (0_u8..)
        .zip(changed)
        .map(|(which, name)| {
            let mut seed = vec![which];
            seed.extend(of(name));
            seed
        })
        .collect();
    let run = |bytes: &[u8]| {
        let Some((which, text)) = bytes.split_first() else {
            return;
        };
        let name = changed[usize::from(*which) % changed.len()];
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(n, b)| (n.as_str(), if n == name { text } else { &b[..] }))
            .collect();
        let book = archive(&parts, zip::CompressionMethod::Stored);
        read(&place, "deals.xlsx", &book, Vec::new());
    };
    fuzz(
        &Target {
            name: "sheets",
            seeds,
            words: &[
                "<row r=\"1048576\">",
                "<c r=\"XFD9\" t=\"s\">",
                "t=\"inlineStr\"",
                "<v>",
                "</v>",
                "s=\"9\"",
                "<si><t>",
                "<mergeCell ref=\"A1:XFD1048576\"/>",
                "&#x1b;",
                "<!--",
            ],
            run: &run,
        },
        100,
    );
}

#[test]
fn descriptions_of_a_crm() {
    let place = Place::new();
    let seeds = walkaway::import::crm_files()
        .iter()
        .filter(|(name, _)| name.contains("copper") || name.contains("monday"))
        .map(|(_, text)| text.as_bytes().to_vec())
        .collect();
    let run = |bytes: &[u8]| {
        let own = vec![("own.toml".to_owned(), super::text(bytes))];
        read(&place, "deals.csv", DEALS.as_bytes(), own);
    };
    fuzz(
        &Target {
            name: "descriptions",
            seeds,
            words: &[
                "[deals]\n",
                "= [\"Record ID\"]\n",
                "\"\"",
                "[[",
                "dates = \"dmy\"\n",
                "name = ",
            ],
            run: &run,
        },
        40,
    );
}

fn pipeline() -> Vec<u8> {
    let bench = Bench::with_deals();
    bench.run(&["answer", "8001", "PWR1", "n"]).ok();
    bench.run(&["fire", "8001"]).ok();
    bench.run(&["note", "8002", "they shout"]).ok();
    std::fs::read(bench.path("pipeline.db")).unwrap()
}

/// Reads all that a cockpit reads; whatever is wrong with the file is an error in words.
fn look_around(store: &Store, today: NaiveDate) -> Result<(), StoreError> {
    let wrong = store.check(true)?;
    store.overview(&stamp("Ana", "one"))?;
    let index = store.index(&ListQuery::default(), today, "Ana")?;
    let ids: Vec<DealId> = index.ids.iter().map(|id| DealId(i64::from(*id))).collect();
    store.rows(&ids)?;
    for id in 1..=4 {
        store.detail(DealId(id))?;
        store.raised(DealId(id), today)?;
    }
    store.journal(None, None, None, 100)?;
    let found = store.find("plant");
    // A search that fails in a file that is well would be a fault of ours.
    if wrong.is_empty() {
        found?;
    }
    Ok(())
}

fn mutate(dice: &mut fastrand::Rng, whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.usize(..8) {
        // The headers of the file and of its pages are where it hurts most.
        let page = dice.usize(..bytes.len() / 4096) * 4096;
        let at = match dice.u8(..4) {
            0 => dice.usize(..100),
            1 => page + dice.usize(..16),
            2 => page + dice.usize(..256),
            _ => dice.usize(..bytes.len()),
        };
        match dice.u8(..5) {
            0 => bytes[at] ^= 1 << dice.u8(..8),
            1 => bytes[at] = dice.u8(..),
            2 => {
                let end = (at + dice.usize(1..64)).min(bytes.len());
                bytes[at..end].fill(*[0, 0xff, 0x41].get(dice.usize(..3)).unwrap());
            }
            3 => {
                let from = dice.usize(..bytes.len() / 4096) * 4096;
                bytes.copy_within(from..from + 4096, page);
            }
            _ => {
                let end = (at + 4).min(bytes.len());
                let number = dice.u32(..).to_be_bytes();
                bytes[at..end].copy_from_slice(&number[..end - at]);
            }
        }
    }
    if dice.u8(..10) == 0 {
        bytes.truncate(dice.usize(..bytes.len()));
    }
    bytes
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}

#[test]
fn a_damaged_pipeline_is_refused_or_read_and_never_written() {
    use crate::support::rounds::{dice, rounds, tell};

    let whole = pipeline();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let rounds = rounds(60);
    let (mut refused, mut flagged, mut well) = (0, 0, 0);
    for round in 0..rounds {
        for ending in ["-wal", "-shm", ".lock"] {
            let _ = std::fs::remove_file(with_ending(&path, ending));
        }
        let bytes = mutate(&mut dice(round), &whole);
        std::fs::write(&path, &bytes).unwrap();
        let began = std::time::Instant::now();
        let judge = Judge::new(Vec::new(), Thresholds::default());
        match Store::open(&path, Access::Read, START.parse().unwrap(), judge) {
            Err(error) => {
                assert!(
                    !error.to_string().is_empty() && !error.hint().is_empty(),
                    "{error:?}"
                );
                refused += 1;
            }
            Ok(store) => match look_around(&store, today()) {
                Err(_) => flagged += 1,
                Ok(()) => well += 1,
            },
        }
        assert!(began.elapsed().as_secs() < 20, "round {round} hangs");
        let after = std::fs::read(&path).unwrap();
        assert!(after == bytes, "round {round}: a look has written");
        assert!(
            !with_ending(&path, "-wal").exists() || {
                std::fs::metadata(with_ending(&path, "-wal")).unwrap().len() == 0
            }
        );
    }
    tell(format!(
        "{rounds} damaged files: {refused} refused at the door, {flagged} while they were read, \
         {well} read to the end; 0 crashes, 0 written"
    ));
}

#[test]
fn a_damaged_pipeline_that_is_written_to_breaks_nothing_else() {
    use crate::support::rounds::{dice, rounds, tell};

    let whole = pipeline();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.db");
    let rounds = rounds(30);
    let mut written = 0;
    for round in 0..rounds {
        for ending in ["-wal", "-shm", ".lock"] {
            let _ = std::fs::remove_file(with_ending(&path, ending));
        }
        std::fs::write(&path, mutate(&mut dice(round), &whole)).unwrap();
        let judge = Judge::new(Vec::new(), Thresholds::default());
        let opened = Store::open(&path, Access::Write, START.parse().unwrap(), judge);
        let Ok(mut store) = opened else { continue };
        let ana = stamp("Ana", "one");
        let acts = [
            crate::model::carry_out(
                &mut store,
                &ana,
                &crate::model::reference::Deed::Fire(vec![2]),
            ),
            crate::model::carry_out(&mut store, &ana, &crate::model::reference::Deed::Undo),
        ];
        written += acts.iter().filter(|act| act.is_ok()).count();
        let _ = store.renew_all(today());
        let _ = store.index_search(100);
        let _ = store.checkpoint();
    }
    tell(format!(
        "{rounds} damaged files written to, {written} acts went through: 0 crashes"
    ));
}
