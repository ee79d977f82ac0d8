//! What exports of CRMs really look like: one test or more for each oddity that was seen.

use super::tests::{Files, Read, day};
use super::*;
use crate::domain::phase::Phase;
use crate::domain::verdict::Thresholds;
use crate::store::{Judge, Place, Stamp, Store};

const HUBSPOT: &str = "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date";

fn read(text: &str) -> Read {
    Files::one(text).read()
}

/// The first deal of a text.
fn first(text: &str) -> DealRow {
    let read = read(text);
    assert!(read.refused.is_empty(), "{:?}", read.refused);
    read.deals.into_iter().next().expect("a deal is in it")
}

/// The assumption about a column (none: about the file) with these words, and its example.
#[track_caller]
fn assumed(export: &Export, column: Option<&str>, words: &str) -> Option<String> {
    let found = export
        .assumptions()
        .find(|a| a.column.as_deref() == column && a.reading.contains(words));
    let all: Vec<_> = export.assumptions().collect();
    found
        .unwrap_or_else(|| panic!("{words}: {all:#?}"))
        .example
        .clone()
}

fn reading(export: &Export, column: &str) -> String {
    let found = export.columns().find(|c| c.column == column);
    found
        .unwrap_or_else(|| panic!("no column {column}"))
        .reading
        .clone()
}

fn field(export: &Export, column: &str) -> Option<Field> {
    let found = export.columns().find(|c| c.column == column);
    found.unwrap_or_else(|| panic!("no column {column}")).field
}

/// The days of a column `Created` with these cells.
fn days(cells: &[&str]) -> Vec<Option<chrono::NaiveDate>> {
    let rows: Vec<_> = cells
        .iter()
        .enumerate()
        .map(|(n, cell)| format!("{n};D{n};New;{cell}\n"))
        .collect();
    let read = read(&format!("deal_id;title;stage;created\n{}", rows.concat()));
    assert!(read.refused.is_empty(), "{:?}", read.refused);
    read.deals.iter().map(|deal| deal.created).collect()
}

/// The minor units of a column `amount` with these cells.
fn amounts(cells: &[&str]) -> Vec<Option<i64>> {
    let rows: Vec<_> = cells
        .iter()
        .enumerate()
        .map(|(n, cell)| format!("{n}\tD{n}\tNew\t{cell}\n"))
        .collect();
    let read = read(&format!("deal_id\ttitle\tstage\tamount\n{}", rows.concat()));
    assert!(read.refused.is_empty(), "{:?}", read.refused);
    read.deals
        .iter()
        .map(|deal| deal.amount.map(|a| a.minor))
        .collect()
}

fn store() -> Store {
    Store::in_memory(stamp().at, Judge::new(Vec::new(), Thresholds::default())).unwrap()
}

fn stamp() -> Stamp {
    Stamp {
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        today: "2026-11-23".parse().unwrap(),
        who: "Ana".into(),
        place: Place::Command,
        session: "one".into(),
    }
}

/// Imports a file; returns (new, updated, same, conflict).
fn take(store: &Store, files: &Files) -> (u64, u64, u64, u64) {
    let report = run(
        store,
        &files.open().unwrap(),
        false,
        stamp(),
        &mut |_, _| {},
    )
    .unwrap();
    let c = report.counts;
    assert_eq!(
        c.rows,
        c.new + c.updated + c.same + c.conflict + c.skipped + c.refused
    );
    (c.new, c.updated, c.same, c.conflict)
}

// Bytes and structure.

#[test]
fn oddity_01_a_byte_order_mark_is_no_part_of_the_first_header() {
    let deal = first("\u{feff}deal_id,title,stage\n7,A,New\n");

    assert_eq!(deal.external_id.as_deref(), Some("7"));
}

#[test]
fn oddity_01_windows_text_with_nuls_is_read() {
    let text = "Id,Name,StageName,CloseDate\n006A,M\u{fc}ller\0\0 & S\u{f6}hne,Neu \u{2013} offen,2026-01-02\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);

    let read = Files::one(&bytes).read();

    assert_eq!(read.deals[0].title, "Müller & Söhne");
}

#[test]
fn oddity_02_the_delimiter_is_found_and_a_sep_line_is_none_of_the_rows() {
    for text in [
        "deal_id;title;stage;amount\n1;A, B;New;1,5\n",
        "deal_id\ttitle\tstage\tamount\n1\tA, B\tNew\t1,5\n",
        "sep=;\ndeal_id;title;stage;amount\n1;A, B;New;1,5\n",
        "\"sep=;\"\r\ndeal_id;title;stage;amount\r\n1;A, B;New;1,5\r\n",
    ] {
        let deal = first(text);
        assert_eq!(
            (deal.title.as_str(), deal.amount.map(|a| a.minor)),
            ("A, B", Some(150)),
            "{text}"
        );
    }
}

#[test]
fn oddity_03_lines_may_end_otherwise_inside_cells_than_behind_rows() {
    for (row, cell) in [("\r\n", "\n"), ("\n", "\r\n")] {
        let read = read(&format!(
            "deal_id,title,stage,notes{row}1,A,New,\"one{cell}two\"{row}2,B,New,{row}"
        ));
        assert_eq!(read.deals.len(), 2);
        assert_eq!(read.deals[0].notes.as_deref(), Some("one\ntwo"));
    }
}

#[test]
fn oddity_03_a_report_has_titles_above_and_totals_and_notices_below() {
    let read = read(
        "Open deals\nFiltered by: my deals\n\nOpportunity Name,Stage,Amount,Close Date\n\
         A,Proposal,\"1,000.00\",5/20/2026\nTotal,,\"1,000.00\",\n\n\
         \"Grand Totals (5700 records)\",,,\n\"Confidential Information - Do Not Distribute\"\n\
         \"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n",
    );

    assert_eq!(read.deals.len(), 1);
    assert_eq!(read.skips.len(), 4);
    assert!(read.refused.is_empty(), "{:?}", read.refused);
}

#[test]
fn oddity_03_a_report_that_states_its_day_dates_the_record() {
    let files = Files::one(
        "Opportunity Name,Account Name,Stage,Close Date,Opportunity Owner\n\
         Yard,Contoso,Proposal,2027-03-08,Ben\n\
         \n\"Generated By:  Ana Lima  11/20/2026 10:15 AM\"\n",
    );
    let today = day("2026-11-23").unwrap();
    let mut export = files.open().unwrap();

    export.date(today, None, |_| today);

    assert_eq!(export.record_day(), day("2026-11-20"));
    assert!(assumed(&export, None, "tells of 20 Nov 2026").is_some());
    let read = files.read();
    assert_eq!((read.deals.len(), read.skips.len()), (1, 1));
}

#[test]
fn oddity_04_a_cell_that_a_spreadsheet_cut_is_marked() {
    let read = read(&format!(
        "deal_id,title,stage,notes\n1,A,New,{}\n2,B,New,{}\n",
        "x".repeat(32_767),
        "x".repeat(180_000)
    ));

    assert_eq!(read.deals[0].cut, ["notes"]);
    assert!(read.deals[1].cut.is_empty());
    assert_eq!(read.deals[1].notes.as_ref().map(String::len), Some(180_000));
}

#[test]
fn oddity_05_headers_are_tidied_and_may_come_twice() {
    let files = Files::one(
        "Record ID, Deal  Name ,Deal Stage *,Amount,Amount,Re\u{301}gion,Close Date,\n1,A,New,5,6,x,2026-01-02,\n",
    );
    let export = files.open().unwrap();

    let deal = files.read().deals.remove(0);

    let names: Vec<_> = export.columns().map(|c| c.column.as_str()).collect();
    assert_eq!(
        names,
        [
            "Record ID",
            "Deal Name",
            "Deal Stage",
            "Amount",
            "Amount (2)",
            "Région",
            "Close Date"
        ]
    );
    assert_eq!(
        (deal.title.as_str(), deal.amount.map(|a| a.minor)),
        ("A", Some(500))
    );
}

#[test]
fn oddity_05_a_pointer_in_place_of_the_file_is_named() {
    let error = Files::one("version https://git-lfs.github.com/spec/v1\noid sha256:0\n").open();

    assert!(error.unwrap_err().to_string().contains("Git LFS"));
}

#[test]
fn oddity_06_headers_between_rows_and_blank_lines_are_no_deals_and_doubles_are_one() {
    let files = Files::one(format!(
        "{HUBSPOT}\n1,A,New,5,2026-01-02,2025-01-02\n\n{HUBSPOT}\n1,A,New,5,2026-01-02,2025-01-02\n\
         2,B,New,5,2026-01-02,2025-01-02\n"
    ));

    let read = files.read();

    assert_eq!(read.skips, [(2, "it repeats the header".to_owned())]);
    assert_eq!(take(&store(), &files), (2, 0, 1, 0));
}

#[test]
fn oddity_06_one_id_with_two_contents_is_a_conflict() {
    let files = Files::one(
        "Record ID,Deal Name,Deal Stage,Associated Company\n1,Plant,New,Acme\n1,Yard,New,Contoso\n",
    );

    assert_eq!(take(&store(), &files), (1, 0, 0, 1));
}

#[test]
fn oddity_07_a_table_of_617_columns_is_read_row_by_row() {
    let more: Vec<String> = (0..611)
        .map(|n| format!(",Date entered \"Stage {n} (Sales)\""))
        .collect();
    let cells = ",".repeat(611);
    let files = Files::one(format!(
        "{HUBSPOT}{}\n1,A,New,5,2026-01-02,2025-01-02{cells}\n",
        more.concat()
    ));

    let export = files.open().unwrap();

    assert_eq!(export.columns().count(), 617);
    assert!(export.columns().all(|c| !c.reading.contains("not known")));
    assert_eq!(files.read().deals.len(), 1);
}

#[test]
fn oddity_07_several_files_are_one_export() {
    let row = |n: u32| format!("{HUBSPOT}\n{n},D{n},New,5,2026-01-02,2025-01-02\n");
    let read = Files::new()
        .file("1.csv", row(1))
        .file("2.csv", row(2))
        .read();

    let ids: Vec<_> = read
        .deals
        .iter()
        .filter_map(|d| d.external_id.as_deref())
        .collect();
    assert_eq!(ids, ["1", "2"]);
}

// Values.

#[test]
fn oddity_08_rows_that_go_on_with_a_record_are_no_deals_and_are_counted() {
    let read = read(
        "id,name,partner_id,user_id,stage_id,expected_revenue,activity_ids/summary,order_ids/name\n\
         __export__.crm_lead_1_a,Plant,Northwind,Ana,Proposition,48000,call Kim,S00012\n\
         ,,,,,,mail Lee,S00013\n\
         ,,,,,,,S00014\n\
         __export__.crm_lead_2_b,Yard,Contoso,Ana,New,1000,,\n",
    );

    let titles: Vec<&str> = read.deals.iter().map(|deal| deal.title.as_str()).collect();
    assert_eq!(titles, ["Plant", "Yard"]);
    let rows: Vec<u64> = read.skips.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 3]);
    assert!(read.skips[0].1.contains("goes on with the row above"));
}

#[test]
fn oddity_09_dates_of_every_kind_are_read_by_column() {
    let day = |text| day(text);
    assert_eq!(
        days(&[
            "2024-01-22",
            "2024-01-22T16:14:25.000+0000",
            "2023-05-11 00:00:00",
            "2026/06/15",
            "TBD"
        ]),
        [
            day("2024-01-22"),
            day("2024-01-22"),
            day("2023-05-11"),
            day("2026-06-15"),
            None
        ]
    );
    assert_eq!(
        days(&["5/20/2024 7:42", "8/31/2024", "8/3/2024"]),
        [day("2024-05-20"), day("2024-08-31"), day("2024-08-03")]
    );
    assert_eq!(
        days(&["02/23/26 08:55 PM", "01/02/26 08:55 AM"]),
        [day("2026-02-23"), day("2026-01-02")]
    );
    assert_eq!(
        days(&["15 Apr, 2021 00:02:00", "Oct 7, 2025 6:55 PM"]),
        [day("2021-04-15"), day("2025-10-07")]
    );
    assert_eq!(
        days(&["1/08/26", "31/08/26"]),
        [day("2026-08-01"), day("2026-08-31")]
    );
    assert_eq!(
        days(&["01-14-2020", "01-02-2020"]),
        [day("2020-01-14"), day("2020-01-02")]
    );
    assert_eq!(
        days(&["26-02-2018 19:58", "01-02-2018 10:00"]),
        [day("2018-02-26"), day("2018-02-01")]
    );
    assert_eq!(
        days(&["30.09.2026", "01.02.2026"]),
        [day("2026-09-30"), day("2026-02-01")]
    );
    assert_eq!(
        days(&["45631", "45632.5"]),
        [day("2024-12-05"), day("2024-12-06")]
    );
    assert_eq!(
        days(&["15 ene 2024", "3 févr. 2024", "1. März 2024", "2 mai 2024"]),
        [
            day("2024-01-15"),
            day("2024-02-03"),
            day("2024-03-01"),
            day("2024-05-02")
        ]
    );
}

#[test]
fn oddity_09_a_day_alone_is_never_moved_by_a_zone() {
    assert_eq!(
        days(&[
            "2024-01-01",
            "2024-01-01T00:30:00+14:00",
            "2024-01-01T23:30:00-11:00"
        ]),
        [day("2024-01-01"); 3]
    );
}

#[test]
fn oddity_09_where_both_orders_fit_the_choice_is_named_with_a_cell() {
    let text = "deal_id,title,stage,created,expected close\n1,A,New,1/2/2026,";

    let alone = Files::one(format!("{text}\n")).open().unwrap();
    let beside = Files::one(format!("{text}31/12/2026\n")).open().unwrap();

    assert_eq!(
        assumed(&alone, Some("created"), "both orders fit"),
        Some("1/2/2026".to_owned())
    );
    assert_eq!(reading(&alone, "created"), "month/day/year");
    assert_eq!(reading(&beside, "created"), "day/month/year");
    assumed(&beside, Some("created"), "as in the other date columns");
}

#[test]
fn oddity_09_the_habits_of_the_file_decide_where_no_cell_does() {
    let german = Files::one("Titel;Firma;Stufe;Betrag;Angelegt am\nA;B;Neu;1;1/2/2026\n");
    let comma = Files::one("deal_id;title;stage;amount;created\n1;A;New;1.234,56;1/2/2026\n");

    for files in [german, comma] {
        assert_eq!(files.read().deals[0].created, day("2026-02-01"));
        let export = files.open().unwrap();
        assert!(
            export
                .assumptions()
                .any(|a| a.reading.contains("both orders fit"))
        );
    }
}

#[test]
fn oddity_09_both_orders_in_one_column_are_named() {
    let files = Files::one(
        "deal_id,title,stage,created\n1,A,New,1/31/2026\n2,B,New,31/1/2026\n3,C,New,2/28/2026\n",
    );

    assumed(&files.open().unwrap(), Some("created"), "occur");
    let read = files.read();
    assert_eq!((read.deals.len(), read.refused.len()), (2, 1));
}

#[test]
fn oddity_09_a_month_in_an_expected_close_is_its_last_day_and_named() {
    let files = Files::one(
        "Deal,Company,Stage,Expected Close\nA,N,Lead,Q1 2027\nB,N,Lead,2026-11\n\
         C,N,Lead,Dezember 2026\nD,N,Lead,2027-01-15\n",
    );
    let export = files.open().unwrap();
    let found = Read::of(&export);

    let days: Vec<_> = found.deals.iter().map(|deal| deal.expected_close).collect();
    let expected = ["2027-03-31", "2026-11-30", "2026-12-31", "2027-01-15"];
    assert_eq!(days, expected.map(day));
    let example = assumed(&export, Some("Expected Close"), "means its last day");
    assert_eq!(example.as_deref(), Some("Q1 2027"));
    assert!(
        !export
            .assumptions()
            .any(|a| a.reading.contains("without it"))
    );

    let guessed = read("Deal;Firma;Phase;Abschluss geplant\nA;N;Lead;Q1 2027\nB;N;Lead;12/2026\n");
    assert_eq!(guessed.deals[1].expected_close, day("2026-12-31"));
}

#[test]
fn oddity_09_a_number_behind_a_month_is_a_year_where_all_of_the_column_may_be() {
    let files = |second| {
        let text = format!("Deal,Company,Stage,Close Date\nA,N,Lead,Nov-26\nB,N,Lead,{second}\n");
        Files::one(text)
    };

    let years = files("Jan-27");
    let export = years.open().unwrap();
    assert_eq!(Read::of(&export).deals[1].expected_close, day("2027-01-31"));
    assumed(&export, Some("Close Date"), "behind a month is a year");

    let days = files("Dec-05");
    let export = days.open().unwrap();
    let read = Read::of(&export);
    assert!(read.deals.iter().all(|deal| deal.expected_close.is_none()));
    assert_eq!(read.deals.len(), 2);
    assumed(
        &export,
        Some("Close Date"),
        "2 of the 2 cells looked at are no date",
    );
}

#[test]
fn oddity_09_a_deal_is_taken_without_a_day_that_nobody_can_read_and_it_is_named() {
    let files = Files::one(
        "Deal;Firma;Phase;Abschluss;Erstellt;Letzter Kontakt\n\
         A;N1;Angebot;23.11.2026;3.10.2026;vor 3 Tagen\n\
         B;N2;Angebot;KW 48;2026-10;2.11.2026\n\
         C;N3;Angebot;end of year;1.2.2026;gestern\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    assert!(read.refused.is_empty(), "{:?}", read.refused);
    let [a, b, _] = read.deals.as_slice() else {
        panic!("three deals")
    };
    assert_eq!((a.last_activity, a.created), (None, day("2026-10-03")));
    assert_eq!((b.expected_close, b.created), (None, None));
    assert_eq!(b.last_activity, day("2026-11-02"));
    for (column, words, cell) in [
        (
            "Abschluss",
            "2 of the 3 cells looked at are no date",
            "KW 48",
        ),
        (
            "Erstellt",
            "1 of the 3 cells looked at is no date",
            "2026-10",
        ),
        (
            "Letzter Kontakt",
            "2 of the 3 cells looked at are no date",
            "vor 3 Tagen",
        ),
    ] {
        let example = assumed(&export, Some(column), words);
        assert_eq!(example.as_deref(), Some(cell));
    }
}

#[test]
fn oddity_09_a_day_on_which_a_deal_was_won_must_be_one() {
    let read = read("id,Deal,Status,Won time\n1,A,Won,KW 48\n2,B,Won,2026-11-02\n");

    assert_eq!((read.deals.len(), read.refused.len()), (1, 1));
}

#[test]
fn oddity_10_amounts_of_every_kind_are_read_by_column() {
    for (cells, minor) in [
        (
            vec!["$22,700.00", "$1,117.10K", "1.2M"],
            vec![2_270_000, 111_710_000, 120_000_000],
        ),
        (vec!["USD 450,000.00", "450 USD"], vec![45_000_000, 45_000]),
        (
            vec!["120\u{a0}000", "120\u{202f}000", "1'200'000.50"],
            vec![12_000_000, 12_000_000, 120_000_050],
        ),
        (
            vec!["9350,09", "1.234,56", "1.234"],
            vec![935_009, 123_456, 123_400],
        ),
        (
            vec!["-12000", "(1,500.00)", "−3"],
            vec![-1_200_000, -150_000, -300],
        ),
        (vec!["1,234", "1,234.50"], vec![123_400, 123_450]),
        (
            vec!["12.-", "€ 5", "5 €", "CHF 7"],
            vec![1_200, 500, 500, 700],
        ),
    ] {
        let expected: Vec<_> = minor.into_iter().map(Some).collect();
        assert_eq!(amounts(&cells), expected, "{cells:?}");
    }
    assert_eq!(
        amounts(&["1", "", "-", "n/a"]),
        [Some(100), None, None, None]
    );
}

#[test]
fn oddity_10_a_unit_behind_a_number_is_left_out_and_named() {
    let files = Files::one("deal_id,title,stage,amount\n1,A,New,5360 HA\n");

    assert_eq!(files.read().deals[0].amount.map(|a| a.minor), Some(536_000));
    let example = assumed(&files.open().unwrap(), Some("amount"), "left out");
    assert_eq!(example.as_deref(), Some("5360 HA"));
}

#[test]
fn oddity_10_the_unit_in_a_header_scales_its_amounts_and_is_named() {
    for (header, cell, minor, code) in [
        ("金額（百万円）", "48", 48_000_000, Some(*b"JPY")),
        ("금액(만원)", "1,200", 12_000_000, Some(*b"KRW")),
        ("Сумма, тыс. руб.", "48", 4_800_000, Some(*b"RUB")),
        ("Belopp (tkr)", "48", 4_800_000, None),
        ("Bedrag (x1000)", "48", 4_800_000, None),
        ("Valor (R$ mil)", "48", 4_800_000, Some(*b"BRL")),
        ("Amount ($K)", "48k", 4_800_000, Some(*b"USD")),
    ] {
        let text = format!("Deal\tCompany\t{header}\tStage\nA\tN\t{cell}\tLead\n");
        let files = Files::one(&text);
        let export = files.open().unwrap();
        let amount = Read::of(&export).deals[0].amount.unwrap();
        assert_eq!((amount.minor, amount.currency), (minor, code), "{header}");
        let shown = &export.columns().nth(2).unwrap().column;
        assumed(&export, Some(shown), "in units of `");
    }
}

#[test]
fn oddity_10_a_unit_that_is_not_known_is_named() {
    let text = "Deal\tCompany\tRevenue ($ mil)\tStage\nA\tN\t48\tLead\n";
    let export = Files::one(text).open().unwrap();

    let example = assumed(
        &export,
        Some("Revenue ($ mil)"),
        "what `$ mil` in its header",
    );
    assert_eq!(example.as_deref(), Some("48"));
}

#[test]
fn oddity_10_words_behind_an_amount_that_may_mean_two_things_are_named() {
    let text = "Deal\tCompany\tAmount\tStage\nA\tN\tkr 48 000,00\tLead\nB\tC\t$12 mil\tLead\n\
                C\tD\t$1.2 mil\tLead\n";
    let files = Files::one(text);
    let export = files.open().unwrap();
    let read = Read::of(&export);

    let example = assumed(&export, Some("Amount"), "`mil` is taken for a thousand");
    assert_eq!(example.as_deref(), Some("$12 mil"));
    assert_eq!(read.deals.len(), 2);
    let (_, column, why) = &read.refused[0];
    assert_eq!(column.as_deref(), Some("Amount"));
    assert!(why.contains("write it out"), "{why}");

    let text = "Deal\tCompany\tAmount\tStage\nA\tN\tkr 48 000,00\tLead\nB\tC\t9 tkr\tLead\n";
    let export = Files::one(text).open().unwrap();
    let example = assumed(&export, Some("Amount"), "the money of several countries");
    assert_eq!(example.as_deref(), Some("kr 48 000,00"));
    assert!(
        export
            .assumptions()
            .all(|a| !a.reading.contains("left out"))
    );
}

#[test]
fn oddity_10_one_mark_and_three_digits_is_decided_by_the_column_and_named() {
    let files = Files::one("deal_id;title;stage;amount\n1;A;New;1.234\n2;B;New;20.500\n");

    assumed(&files.open().unwrap(), Some("amount"), "it groups");
    assert_eq!(files.read().deals[0].amount.map(|a| a.minor), Some(123_400));
}

#[test]
fn oddity_10_nothing_for_a_lost_deal_is_no_amount() {
    let read = read("deal_id,title,stage,amount\n1,A,Closed Lost,0\n2,B,New,0\n");

    assert_eq!(read.deals[0].amount, None);
    assert_eq!(read.deals[1].amount.map(|a| a.minor), Some(0));
}

const CLOSE: &str =
    "id,lead_name,status_label,status_type,value,value_formatted,value_currency,value_period";

#[test]
fn oddity_10_an_amount_in_cents_is_known_by_the_text_beside_it() {
    let cents = Files::one(format!(
        "{CLOSE}\noppo_1,Acme,Active,active,500000,\"$5,000\",USD,one_time\n"
    ));
    let units = Files::one(format!(
        "{CLOSE}\noppo_1,Acme,Active,active,5000,\"$5,000\",USD,one_time\n"
    ));

    for files in [&cents, &units] {
        let amount = files.read().deals[0].amount.unwrap();
        assert_eq!((amount.minor, amount.currency), (500_000, Some(*b"USD")));
    }
    let example = assumed(&cents.open().unwrap(), Some("value"), "cents");
    assert_eq!(example.as_deref(), Some("500000 = $5,000"));
}

#[test]
fn oddity_10_amounts_of_a_month_become_those_of_a_year_visibly() {
    let files = Files::one(format!(
        "{CLOSE}\noppo_1,Acme,Active,active,50000,$500,USD,monthly\n\
         oppo_2,Acme,Active,active,60000,$600,USD,annual\noppo_3,Acme,Active,active,70000,$700,USD,one_time\n"
    ));

    let minor: Vec<_> = files
        .read()
        .deals
        .iter()
        .filter_map(|d| d.amount)
        .map(|a| a.minor)
        .collect();
    assert_eq!(minor, [600_000, 60_000, 70_000]);
    let example = assumed(
        &files.open().unwrap(),
        Some("value_period"),
        "`monthly` are taken times 12",
    );
    assert_eq!(example.as_deref(), Some("$500"));
}

#[test]
fn oddity_11_a_currency_is_a_name_a_symbol_or_a_code_in_its_own_column() {
    let read = read(
        "deal_id,title,stage,Currency,amount\n1,A,New,US Dollar,1\n2,B,New,€,1\n3,C,New,MXN,1\n\
         4,D,New,COP,1\n5,E,New,PEN,1\n6,F,New,Schweizer Franken,1\n",
    );

    let codes: Vec<_> = read
        .deals
        .iter()
        .filter_map(|d| d.amount?.currency)
        .collect();
    assert_eq!(
        codes,
        [*b"USD", *b"EUR", *b"MXN", *b"COP", *b"PEN", *b"CHF"]
    );
}

#[test]
fn oddity_11_of_converted_twins_the_agreed_amount_is_read() {
    let both = "Opportunity Name,Stage,Amount Currency,Amount,Amount (converted) Currency,Amount (converted),Close Date\n\
                A,New,EUR,100.00,USD,110.00,1/31/2026\n";
    let only = "Opportunity Name,Stage,Amount (converted) Currency,Amount (converted),Close Date\n\
                A,New,USD,110.00,1/31/2026\n";
    let torn = "Opportunity Name,Stage,Amount (converted) Currency,Amount,Close Date\nA,New,USD,100.00,1/31/2026\n";

    for (text, minor, code) in [
        (both, 10_000, Some(*b"EUR")),
        (only, 11_000, Some(*b"USD")),
        (torn, 10_000, None),
    ] {
        let amount = first(text).amount.unwrap();
        assert_eq!((amount.minor, amount.currency), (minor, code));
    }
}

#[test]
fn oddity_11_no_currency_and_an_unknown_one_are_named() {
    let none = Files::one("deal_id,title,stage,amount\n1,A,New,5\n")
        .open()
        .unwrap();
    let strange = Files::one("deal_id,title,stage,amount,currency\n1,A,New,5,Gil\n")
        .open()
        .unwrap();

    assumed(&none, Some("amount"), "no currency is named");
    assert_eq!(
        assumed(&strange, Some("currency"), "no currency that is known").as_deref(),
        Some("Gil")
    );
}

#[test]
fn oddity_11_a_header_may_name_the_currency() {
    let deal = first("Project,Stage,Amount (EUR)\nA,New,\"1,500.00\"\n");

    assert_eq!(
        deal.amount,
        Some(Amount {
            minor: 150_000,
            currency: Some(*b"EUR")
        })
    );
}

#[test]
fn oddity_12_chances_of_every_kind_are_read_by_column() {
    let chances = |cells: &[&str]| -> Vec<Option<f64>> {
        let rows: Vec<_> = cells.iter().map(|c| format!("{c};A;New;{c}\n")).collect();
        let text = format!("deal_id;title;stage;probability\n{}", rows.concat());
        let read = read(&text);
        assert!(read.refused.is_empty());
        read.deals.iter().map(|d| d.probability).collect()
    };

    assert_eq!(chances(&["75%", "5 %"]), [Some(75.0), Some(5.0)]);
    assert_eq!(chances(&["75", "1"]), [Some(75.0), Some(1.0)]);
    assert_eq!(chances(&["0.75", "1"]), [Some(75.0), Some(100.0)]);
    assert_eq!(chances(&["0,75", "0,2"]), [Some(75.0), Some(20.0)]);
    assert_eq!(chances(&["1000", "50"]), [None, Some(50.0)]);
    assert_eq!(chances(&["High", "Low"]), [None, None]);
}

#[test]
fn oddity_12_a_chance_that_is_none_is_named() {
    let export = Files::one("deal_id,title,stage,probability\n1,A,New,50\n2,B,New,1000\n")
        .open()
        .unwrap();

    assert_eq!(
        assumed(&export, Some("probability"), "no chance").as_deref(),
        Some("1000")
    );
}

#[test]
fn oddity_12_a_chance_that_contradicts_the_stage_is_kept() {
    let read = read(
        "deal_id,title,stage,probability\n1,A,Closed Won,0\n2,B,Closed Lost,100\n3,C,Negotiation,0\n",
    );

    let seen: Vec<_> = read
        .deals
        .iter()
        .map(|d| (d.status, d.probability))
        .collect();
    assert_eq!(
        seen,
        [
            (Status::Won, Some(0.0)),
            (Status::Lost, Some(100.0)),
            (Status::Open, Some(0.0))
        ]
    );
}

#[test]
fn oddity_12_nothing_is_derived_from_the_chance_of_a_closed_deal() {
    let read = read(
        "deal_id,title,stage,status,probability\n\
         1,Open,Zeta,Open,60\n2,Won,Zeta,Won,0\n3,Lost,Zeta,Lost,100\n",
    );

    let phases: Vec<bool> = read
        .deals
        .into_iter()
        .map(|deal| apply::incoming(deal, false).phase.is_some())
        .collect();
    assert_eq!(phases, [true, false, false]);
}

#[test]
fn oddity_13_the_status_wins_over_the_stage() {
    let read = read(
        "deal_id,title,stage,status\n1,A,A. Lead Generated,Won\n2,B,G. Project Won,Dead\n3,C,Closed Won,Open\n\
         4,D,Close,Open\n5,E,Proposal,Lost\n",
    );

    let seen: Vec<_> = read.deals.iter().map(|d| d.status).collect();
    assert_eq!(
        seen,
        [
            Status::Won,
            Status::Lost,
            Status::Open,
            Status::Open,
            Status::Lost
        ]
    );
    assert_eq!(read.deals[0].stage.as_deref(), Some("A. Lead Generated"));
}

#[test]
fn oddity_13_outcomes_beside_won_and_lost_are_known() {
    let read = read(
        "deal_id,title,status\n1,A,Abandoned\n2,B,Dead\n3,C,On Hold\n4,D,Canceled\n5,E,Out-Sold\n6,F,Archived\n7,G,Deleted\n",
    );

    let seen: Vec<_> = read.deals.iter().map(|d| d.status).collect();
    assert_eq!(
        seen,
        [
            Status::Lost,
            Status::Lost,
            Status::Open,
            Status::Lost,
            Status::Lost
        ]
    );
    assert_eq!(read.skips.len(), 2);
}

#[test]
fn oddity_13_a_stage_alone_is_mapped_by_its_words_and_named() {
    let text =
        "deal_id,title,stage\n1,A,2. Gain Access\n2,B,Won \u{1f389}\n3,C,Perdido\n4,D,商談中\n";
    let files = Files::one(text);

    let seen: Vec<_> = files.read().deals.iter().map(|d| d.status).collect();
    assert_eq!(
        seen,
        [Status::Open, Status::Won, Status::Lost, Status::Open]
    );
    assumed(
        &files.open().unwrap(),
        Some("stage"),
        "`Won \u{1f389}` is won, `Perdido` is lost",
    );
}

#[test]
fn oddity_13_a_status_that_is_not_known_goes_by_the_stage_and_is_named() {
    let files = Files::one("deal_id,title,stage,status\n1,A,Closed Won,Frobbed\n");

    assert_eq!(files.read().deals[0].status, Status::Won);
    assumed(
        &files.open().unwrap(),
        Some("status"),
        "no status that is known: `Frobbed`",
    );
}

#[test]
fn oddity_13_won_and_lost_are_known_in_many_languages() {
    for (won, lost) in [
        ("Closed Won", "Closed Lost"),
        ("Cierre ganado", "Cierre perdido"),
        ("Abgeschlossen und gewonnen", "Abgeschlossen und verloren"),
        ("Gewonnen", "Verloren"),
        ("Fermée gagnée", "Fermée perdue"),
        ("Chiusa/Vinta", "Chiusa/Persa"),
        ("Fechado e ganho", "Fechado e perdido"),
        ("Gesloten - gewonnen", "Gesloten - verloren"),
        ("Zamknięte wygrane", "Zamknięte przegrane"),
        ("Vunnen", "Förlorad"),
        ("Voitettu", "Hävitty"),
        ("受注", "失注"),
        ("Vundet", "Tabt"),
    ] {
        let read = read(&format!("deal_id,title,stage\n1,A,{won}\n2,B,{lost}\n"));
        let seen: Vec<_> = read.deals.iter().map(|d| d.status).collect();
        assert_eq!(seen, [Status::Won, Status::Lost], "{won}, {lost}");
    }
}

#[test]
fn oddity_13_the_stages_of_each_crm_have_a_phase() {
    let open: &[(Phase, &[&str])] = &[
        (
            Phase::Early,
            &[
                "Prospecting",
                "Qualification",
                "Appointment Scheduled",
                "appointmentscheduled",
                "Qualified To Buy",
                "qualifiedtobuy",
                "Qualified",
                "Contact Made",
                "Qualify",
                "New",
                "NEW",
                "SCREENING",
                "Lead",
            ],
        ),
        (
            Phase::Middle,
            &[
                "Needs Analysis",
                "Value Proposition",
                "Id. Decision Makers",
                "Perception Analysis",
                "Presentation Scheduled",
                "presentationscheduled",
                "Decision Maker Bought-In",
                "decisionmakerboughtin",
                "Demo Scheduled",
                "Develop",
                "Demo/Making",
                "MEETING",
                "In Progress",
            ],
        ),
        (
            Phase::Proposal,
            &[
                "Proposal/Price Quote",
                "Proposal Made",
                "Propose",
                "Proposition",
                "Proposal/Quotation",
                "PROPOSAL",
                "Proposal",
            ],
        ),
        (
            Phase::Negotiation,
            &[
                "Negotiation/Review",
                "Contract Sent",
                "contractsent",
                "Negotiations Started",
                "Negotiation",
                "Close",
                "Ready to Close",
            ],
        ),
    ];
    for (phase, stages) in open {
        for stage in *stages {
            assert_eq!(Phase::from_stage_words(stage), Some(*phase), "{stage}");
            let deal = first(&format!("deal_id,title,stage\n1,A,{stage}\n"));
            assert_eq!(deal.status, Status::Open, "{stage}");
        }
    }
}

#[test]
fn oddity_14_a_close_date_is_expected_for_an_open_deal_and_actual_for_a_closed_one() {
    let rows = |header: &str| {
        let read = read(&format!(
            "{header}\n1,A,New,2020-01-02\n2,B,Closed Won,2099-01-02\n3,C,Closed Lost,\n"
        ));
        let seen: Vec<_> = read
            .deals
            .iter()
            .map(|d| (d.expected_close, d.closed))
            .collect();
        seen
    };
    for header in [
        "Id,Name,StageName,CloseDate",
        "Opportunity ID,Opportunity Name,Stage,Close Date",
        "Record ID,Deal Name,Deal Stage,Close Date",
        "Record Id,Deal Name,Stage,Closing Date",
    ] {
        assert_eq!(
            rows(header),
            [
                (day("2020-01-02"), None),
                (None, day("2099-01-02")),
                (None, None)
            ],
            "{header}"
        );
    }
}

#[test]
fn oddity_14_crms_with_two_close_dates_keep_both() {
    for text in [
        "Deal - ID,Deal - Title,Deal - Status,Deal - Expected close date,Deal - Deal closed on\n1,A,Won,2026-01-02,2026-02-03\n",
        "Topic,Potential Customer,Est. revenue,Status,Est. close date,Actual Close Date\nA,B,5,Won,2026-01-02,2026-02-03\n",
        "Name,Company,Status,Close Date,Completed Date,Copper ID,Pipeline\nA,B,Won,2026-01-02,2026-02-03,7,Sales\n",
        "Opportunity,Salesperson,Expected Revenue,Stage,Expected Closing,Closed Date\nA,B,5,Won,2026-01-02,2026-02-03\n",
    ] {
        let deal = first(text);
        assert_eq!(
            (deal.status, deal.expected_close, deal.closed),
            (Status::Won, day("2026-01-02"), day("2026-02-03")),
            "{text}"
        );
    }
}

#[test]
fn oddity_15_yes_and_no_are_read_in_every_form() {
    let header = "Id,Name,StageName,CloseDate,IsClosed,IsWon";
    for (yes, no) in [
        ("TRUE", "FALSE"),
        ("true", "false"),
        ("1", "0"),
        ("Yes", "No"),
        ("si", "no"),
        ("1", ""),
        ("WAHR", "FALSCH"),
        ("はい", "いいえ"),
    ] {
        let read = read(&format!(
            "{header}\n006A,A,X,2026-01-02,{yes},{yes}\n006B,B,X,2026-01-02,{yes},{no}\n006C,C,X,2026-01-02,{no},{no}\n"
        ));
        let seen: Vec<_> = read.deals.iter().map(|d| d.status).collect();
        assert_eq!(
            seen,
            [Status::Won, Status::Lost, Status::Open],
            "{yes}/{no}"
        );
    }
}

#[test]
fn oddity_15_words_for_nothing_are_nothing_in_names_and_choices() {
    let read = read(
        "deal_id,title,stage,account,account id,owner,lead source\n\
         1,Unknown,Select,Unknown,000000000000000AAA,Unassigned,Select\n\
         2,B,New,Sin_Factura,0,N/A,--None--\n3,C,New,-,,,Web\n",
    );

    let first = &read.deals[0];
    assert_eq!(
        (first.title.as_str(), first.stage.as_deref()),
        ("Unknown", Some("Select"))
    );
    for deal in &read.deals {
        assert_eq!(
            (&deal.account, &deal.account_id, &deal.owner),
            (&None, &None, &None)
        );
    }
    assert_eq!(read.deals[2].lead_source.as_deref(), Some("Web"));
}

#[test]
fn oddity_16_guards_against_formulas_are_taken_off() {
    let read = read(
        "deal_id,title,stage,next step,notes\n1,'=Plant,New,'+33 1 23,\u{200d}-later\n\
         2,\u{200d}@home,New,'s Hertogenbosch,'quoted'\n",
    );

    let seen: Vec<_> = read
        .deals
        .iter()
        .map(|d| (d.title.as_str(), d.next_step.as_deref(), d.notes.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            ("=Plant", Some("+33 1 23"), Some("-later")),
            ("@home", Some("'s Hertogenbosch"), Some("'quoted'"))
        ]
    );
}

#[test]
fn oddity_17_of_several_names_and_ids_in_a_cell_the_first_is_taken_and_named() {
    let files = Files::one(
        "Record ID,Deal Name,Deal Stage,Associated Company,Associated Contact IDs,Associated Contacts\n\
         1,A,New,Acme (1234567);Beta (7654321),8001;8002,Kim Lee;Ana Ruiz\n\
         2,B,New,Contoso (2019) Ltd (7654322),8003,Bo\n",
    );

    let read = files.read();

    let one = &read.deals[0];
    assert_eq!(
        (one.account.as_deref(), one.account_id.as_deref()),
        (Some("Acme"), Some("1234567"))
    );
    assert_eq!(
        (one.contact.as_deref(), one.contact_id.as_deref()),
        (Some("Kim Lee"), Some("8001"))
    );
    assert_eq!(read.deals[1].account.as_deref(), Some("Contoso (2019) Ltd"));
    let export = files.open().unwrap();
    assert_eq!(
        assumed(
            &export,
            Some("Associated Contact IDs"),
            "the first is taken"
        )
        .as_deref(),
        Some("8001;8002")
    );
    assert_eq!(
        reading(&export, "Associated Company"),
        "name, with its id in brackets"
    );
}

#[test]
fn oddity_17_arrays_and_labels_with_commas_are_read() {
    let espo = first(
        "id,name,stage,accountName,contactsIds,closeDate\n1,A,Prospecting,B,\"[\"\"c1\"\",\"\"c2\"\"]\",2026-01-02\n",
    );
    let pipedrive =
        first("Deal - ID,Deal - Title,Deal - Status,Deal - Label\n1,A,Open,\"Hot, Partner\"\n");

    assert_eq!(espo.contact_id.as_deref(), Some("c1"));
    assert_eq!(pipedrive.deal_type.as_deref(), Some("Hot, Partner"));
}

#[test]
fn oddity_18_headers_are_known_in_the_languages_of_the_users() {
    for (crm, header) in [
        (
            "hubspot",
            "Datensatz-ID,Deal-Name,Deal-Phase,Pipeline,Betrag,Abschlussdatum,Erstellungsdatum,Für Deal zuständiger Mitarbeiter,Zugeordnetes Unternehmen",
        ),
        (
            "hubspot",
            "ID de registro,Nombre del negocio,Etapa del negocio,Pipeline,Valor,Fecha de cierre,Fecha de creación,Propietario del negocio,Associated Company",
        ),
        (
            "hubspot",
            "ID d'enregistrement,Nom de la transaction,Phase de la transaction,Pipeline,Montant,Date de fermeture,Date de création,Propriétaire de la transaction,Entreprise associée",
        ),
        (
            "hubspot",
            "ID record,Nome affare,Fase affare,Pipeline,Importo,Data di chiusura,Data di creazione,Proprietario affare,Azienda associata",
        ),
        (
            "hubspot",
            "レコードID,取引名,取引ステージ,パイプライン,金額,クローズ日,作成日,取引担当者,関連会社",
        ),
        (
            "hubspot",
            "Record-ID,Dealnaam,Dealfase,Pipeline,Bedrag,Sluitingsdatum,Aanmaakdatum,Dealeigenaar,Gekoppeld bedrijf",
        ),
        (
            "hubspot",
            "ID rekordu,Nazwa transakcji,Etap transakcji,Pipeline,Kwota,Data zamknięcia,Data utworzenia,Właściciel transakcji,Powiązana firma",
        ),
        (
            "hubspot",
            "ID do registro,Nome do negócio,Etapa do negócio,Pipeline,Valor,Data de fechamento,Data de criação,Proprietário do negócio,Empresa associada",
        ),
        (
            "hubspot",
            "Post-ID,Affärsnamn,Affärsfas,Pipeline,Belopp,Stängningsdatum,Skapandedatum,Affärsägare,Associerat företag",
        ),
        (
            "hubspot",
            "Tietueen tunnus,Dealin nimi,Dealin vaihe,Pipeline,Määrä,Sulkemispäivä,Luontipäivä,Dealin omistaja,Liittyvä yritys",
        ),
        (
            "salesforce",
            "Opportunity-ID,Opportunity-Name,Phase,Typ,Betrag,Schlusstermin,Erstelldatum,Opportunity-Inhaber,Accountname",
        ),
        (
            "salesforce",
            "ID d'opportunité,Nom de l'opportunité,Étape,Type,Montant,Date de clôture,Date de création,Propriétaire de l'opportunité,Nom du compte",
        ),
        (
            "salesforce",
            "ID de oportunidad,Nombre de la oportunidad,Etapa,Tipo,Importe,Fecha de cierre,Fecha de creación,Propietario de la oportunidad,Nombre de la cuenta",
        ),
        (
            "salesforce",
            "ID opportunità,Nome opportunità,Fase,Tipo,Importo,Data di chiusura,Data di creazione,Titolare opportunità,Nome account",
        ),
        (
            "salesforce",
            "商談 ID,商談名,フェーズ,種別,金額,完了予定日,作成日,商談 所有者,取引先名",
        ),
        (
            "salesforce",
            "ID da oportunidade,Nome da oportunidade,Fase,Tipo,Valor,Data de fechamento,Data de criação,Proprietário da oportunidade,Nome da conta",
        ),
        (
            "pipedrive",
            "Deal - ID,Deal - Titel,Deal - Phase,Deal - Status,Deal - Wert,Deal - Erwartetes Abschlussdatum,Deal - Deal erstellt,Deal - Besitzer,Deal - Organisation",
        ),
        (
            "pipedrive",
            "Trato - ID,Trato - Título,Trato - Etapa,Trato - Estado,Trato - Valor,Trato - Fecha prevista de cierre,Trato - Trato creado,Trato - Propietario,Trato - Organización",
        ),
        (
            "zoho",
            "Datensatz-ID,Abschlussname,Phase,Typ,Betrag,Abschlussdatum,Erstellungszeit,Abschluss-Besitzer,Kontoname",
        ),
        (
            "dynamics",
            "(Nicht ändern) Verkaufschance,Thema,Verkaufsphase,Status,Gesch. Umsatz,Gesch. Abschlussdatum,Erstellt am,Besitzer,Potenzieller Kunde",
        ),
        (
            "odoo",
            "ID externo,Oportunidad,Etapa,Activo,Ingreso esperado,Cierre esperado,Creado el,Vendedor,Cliente",
        ),
        (
            "odoo",
            "ID externe,Opportunité,Étape,Actif,Revenu espéré,Clôture prévue,Créé le,Vendeur,Client",
        ),
        (
            "odoo",
            "Externe ID,Verkaufschance,Phase,Aktiv,Erwarteter Umsatz,Erwarteter Abschluss,Angelegt am,Vertriebsmitarbeiter,Kunde",
        ),
        (
            "suitecrm",
            "ID,Nombre de Oportunidad,Etapa de Ventas,Tipo,Cantidad de Oportunidad,Fecha de Cierre Esperada,Fecha de Creación,Asignado a,Nombre de Cuenta",
        ),
    ] {
        let row = "7,Plant,X,,1000,2026-03-04,2026-01-02,Ana,Acme";
        let files = Files::one(format!("{header}\n{row}\n"));
        let export = files.open().unwrap();
        assert_eq!(export.files()[0].crm.as_deref(), Some(crm), "{header}");
        let deal = files.read().deals.remove(0);
        assert_eq!(deal.external_id.as_deref(), Some("7"), "{header}");
        assert_eq!(deal.title, "Plant", "{header}");
        assert_eq!(deal.stage.as_deref(), Some("X"), "{header}");
        assert_eq!(deal.amount.map(|a| a.minor), Some(100_000), "{header}");
        assert_eq!(deal.expected_close, day("2026-03-04"), "{header}");
        assert_eq!(deal.created, day("2026-01-02"), "{header}");
        assert_eq!(deal.owner.as_deref(), Some("Ana"), "{header}");
        assert_eq!(deal.account.as_deref(), Some("Acme"), "{header}");
    }
}

#[test]
fn oddity_18_any_other_table_is_known_in_those_languages() {
    for header in [
        "Projekt,Kunde,Phase,Betrag,Angelegt am",
        "Affaire,Société,Étape,Montant,Créé le",
        "Oportunidad,Empresa,Etapa,Importe,Fecha de creación",
        "Trattativa,Azienda,Fase,Importo,Data di creazione",
        "Oportunidade,Cliente,Etapa,Valor,Data de criação",
        "Verkoopkans,Klant,Fase,Bedrag,Aangemaakt op",
        "Transakcja,Klient,Etap,Kwota,Data utworzenia",
        "Affär,Företag,Fas,Belopp,Skapad",
        "Kauppa,Asiakas,Vaihe,Summa,Luotu",
        "案件名,会社名,ステージ,金額,作成日",
        "Project,Client,Stage,Value,Created",
    ] {
        let deal = first(&format!("{header}\nPlant,Acme,X,1000,2026-01-02\n"));
        assert_eq!(
            (deal.title.as_str(), deal.account.as_deref()),
            ("Plant", Some("Acme")),
            "{header}"
        );
        assert_eq!(deal.amount.map(|a| a.minor), Some(100_000), "{header}");
        assert_eq!(deal.created, day("2026-01-02"), "{header}");
    }
}

#[test]
fn oddity_18_a_renamed_module_is_known_by_what_is_behind_its_name() {
    let files = Files::one(
        "Record Id,Students Pipeline Owner.id,Students Pipeline Owner,Students Pipeline Name,Account Name,Stage,Closing Date,Amount\n\
         zcrm_55501,77,Ana,Plant,Acme,Qualification,2026-01-02,5\n",
    );

    let deal = files.read().deals.remove(0);

    assert_eq!(
        files.open().unwrap().files()[0].crm.as_deref(),
        Some("zoho")
    );
    assert_eq!(
        (deal.title.as_str(), deal.account.as_deref()),
        ("Plant", Some("Acme"))
    );
    assert_eq!(
        (deal.owner.as_deref(), deal.owner_id.as_deref()),
        (Some("Ana"), Some("77"))
    );
}

#[test]
fn oddity_18_fields_of_a_teams_own_are_known_by_their_name() {
    for (header, row) in [
        (
            "Id,Name,StageName,CloseDate,Amount,Reason_for_Loss__c,Amount__c",
            "006A,A,Closed Lost,2026-01-02,5,Price,9",
        ),
        (
            "Name,Company,Stage,Value,Copper ID,Pipeline,Lost Reason cf_123456,Value cf_123456",
            "A,B,Lost,5,7,P,Price,9",
        ),
        (
            "id,lead_name,status_label,status_type,value,value_formatted,custom.Lost Reason",
            "o1,A,Lost,lost,5,5,Price",
        ),
    ] {
        let deal = first(&format!("{header}\n{row}\n"));
        assert_eq!(deal.lost_reason.as_deref(), Some("Price"), "{header}");
        assert_eq!(deal.amount.map(|a| a.minor), Some(500), "{header}");
    }
}

#[test]
fn oddity_19_notes_in_html_become_text() {
    let deal = first(
        "deal_id,title,stage,notes\n1,A,New,\"<p>Met <b>Kim</b> &amp; Bo</p><ul><li>budget</li></ul><script>x()</script>\
         <img src=\"\"https://t.example/p.gif\"\"><a href=\"\"https://a.example\"\">offer</a>\"\n",
    );

    assert_eq!(
        deal.notes.as_deref(),
        Some("Met Kim & Bo\n- budget\n\noffer (https://a.example)")
    );
}

#[test]
fn oddity_20_an_owner_is_a_name_an_address_an_id_or_nobody() {
    let deals = "Record ID,Deal Name,Deal Stage,Deal owner,hubspot_owner_id\n\
                 1,A,New,ana@acme.example,\n2,B,New,,77\n3,C,New,Unassigned,\n4,D,New,77,\n5,E,New,Bo Li,\n";
    let owners = "owner_id,email,first_name,last_name,portal_id\n77,Ana@acme.example,Ana,Ruiz,47\n";
    let owners_of = |files: Files| -> Vec<Option<String>> {
        files.read().deals.into_iter().map(|d| d.owner).collect()
    };

    let named = owners_of(Files::one(deals).file("owners.csv", owners));

    let ana = Some("Ana Ruiz".to_owned());
    assert_eq!(
        named,
        [
            ana.clone(),
            ana.clone(),
            None,
            ana,
            Some("Bo Li".to_owned())
        ]
    );
    let alone = Files::one("Id,Name,StageName,CloseDate,OwnerId\n006A,A,New,2026-01-02,005A\n")
        .open()
        .unwrap();
    assert_eq!(
        assumed(&alone, Some("OwnerId"), "the id stands for the name").as_deref(),
        Some("005A")
    );
}

// Identity.

#[test]
fn oddity_21_an_id_is_found_in_a_link() {
    for (link, id) in [
        ("https://app.hubspot.com/contacts/4711/deal/80015", "80015"),
        (
            "https://app.hubspot.com/contacts/4711/record/0-3/80015?eschref=x9",
            "80015",
        ),
        (
            "https://acme.lightning.force.com/lightning/r/Opportunity/006Ec00000AieKFIAZ/view",
            "006Ec00000AieKFIAZ",
        ),
        (
            "https://acme.my.salesforce.com/006Ec00000AieKF",
            "006Ec00000AieKF",
        ),
        ("https://acme.pipedrive.com/deal/123", "123"),
        ("https://crm.zoho.eu/crm/org1/tab/Potentials/55501", "55501"),
        (
            "https://acme.crm4.dynamics.com/main.aspx?appid=9&etn=opportunity&id=%7B1A2B%7D",
            "1A2B",
        ),
        (
            "https://odoo.acme.example/web#id=42&model=crm.lead&view_type=form&menu_id=1",
            "42",
        ),
        ("https://app.copper.com/companies/1/app#/deal/777", "777"),
    ] {
        let deal = first(&format!("title,stage,url\nA,New,{link}\n"));
        assert_eq!(deal.external_id.as_deref(), Some(id), "{link}");
    }
}

#[test]
fn oddity_21_ids_of_both_lengths_and_with_a_prefix_are_one_deal() {
    let store = store();
    let api = |id: &str| {
        Files::one(format!(
            "Id,Name,StageName,CloseDate\n{id},A,New,2026-01-02\n"
        ))
    };
    let zoho = |id: &str| {
        Files::one(format!(
            "Record Id,Deal Name,Closing Date,Stage\n{id},A,2026-01-02,New\n"
        ))
    };

    assert_eq!(take(&store, &api("006Ec00000AieKFIAZ")), (1, 0, 0, 0));
    assert_eq!(take(&store, &api("006Ec00000AieKF")).0, 0);
    assert_eq!(
        take(&store, &api("006Ec00000Aiekf")).0,
        1,
        "letters are compared as they are"
    );
    assert_eq!(take(&store, &zoho("zcrm_55501000000000123")), (1, 0, 0, 0));
    assert_eq!(take(&store, &zoho("55501000000000123")).0, 0);
}

#[test]
fn oddity_21_an_id_that_a_spreadsheet_rounded_is_not_used() {
    let cases = [
        "1.23457E+17,A,2026-01-02,New\n1.23457E+17,B,2026-01-02,New\n1.23457E+17,C,2026-01-02,New\n",
        "123456789012345000,A,2026-01-02,New\n123456789012346000,B,2026-01-02,New\n123456789012346000,C,2026-01-02,New\n",
    ];
    for rows in cases {
        let files = Files::one(format!("Record Id,Deal Name,Closing Date,Stage\n{rows}"));
        let read = files.read();
        assert_eq!(read.deals.len(), 3);
        assert!(read.deals.iter().all(|d| d.external_id.is_none()));
        let example = assumed(
            &files.open().unwrap(),
            Some("Record Id"),
            "a spreadsheet rounded",
        );
        assert_eq!(example.as_deref(), rows.split(',').next());
        assert_eq!(take(&store(), &files), (3, 0, 0, 0));
    }
}

#[test]
fn oddity_21_without_an_id_fields_are_the_key_and_that_is_named() {
    let files = Files::one(
        "Topic,Potential Customer,Est. revenue,Created On,Owner\nOffice,Acme,5,2026-01-02,Ana\n\
         Office,Contoso,5,2026-01-02,Ana\nOffice,Acme,5,2026-01-03,Ana\nOffice,Acme,5,2026-01-02,Bo\n",
    );
    let store = store();

    assert_eq!(take(&store, &files), (4, 0, 0, 0));
    assert_eq!(take(&store, &files), (0, 0, 4, 0));
    assumed(&files.open().unwrap(), None, "there is no id");
}

#[test]
fn oddity_22_the_same_deals_in_another_form_change_nothing_and_a_later_export_does() {
    let store = store();
    let file = |rows: &str| Files::one(format!("{HUBSPOT}\n{rows}"));

    assert_eq!(
        take(
            &store,
            &file("1,A,New,\"1,000.00\",1/31/2026,1/2/2026\n2,B,New,5,1/31/2026,1/3/2026\n")
        ),
        (2, 0, 0, 0)
    );
    assert_eq!(
        take(
            &store,
            &file("1,A,New,1000,2026-01-31,2026-01-02\n2,B,New,5.0,2026-01-31,2026-01-03\n")
        ),
        (0, 0, 2, 0)
    );
    assert_eq!(
        take(
            &store,
            &file("1,A,Contract Sent,1000,2026-02-28,2026-01-02\n")
        ),
        (0, 1, 0, 0)
    );
    let other = Files::one("Deal - ID,Deal - Title,Deal - Status\n1,A,Open\n");
    assert_eq!(
        take(&store, &other),
        (1, 0, 0, 0),
        "another CRM has ids of its own"
    );
}

#[test]
fn oddity_23_a_blank_says_nothing_of_what_is_known() {
    let store = store();
    take(
        &store,
        &Files::one(format!("{HUBSPOT}\n1,A,New,1000,2026-01-31,2026-01-02\n")),
    );

    let narrow = Files::one("Record ID,Deal Name,Deal Stage,Amount\n1,A,New,\n");

    assert_eq!(take(&store, &narrow), (0, 0, 1, 0));
}

#[test]
fn oddity_24_merged_deals_are_kept_counted_and_named() {
    let files = Files::one(
        "Record ID,Deal Name,Deal Stage,Merged Deal IDs\n1,A,New,8001;8002\n2,B,New,\n8001,Old,New,\n",
    );
    let table =
        Files::one("deal_id,is_deleted,deal_pipeline_stage_id,property_dealname\n1,false,s,A\n")
            .file("merged.csv", "deal_id,merged_deal_id\n1,8001\n1,8002\n");

    assert_eq!(files.read().deals.len(), 3);
    let export = files.open().unwrap();
    assert_eq!(field(&export, "Merged Deal IDs"), Some(Field::Merged));
    assert_eq!(
        assumed(&export, Some("Merged Deal IDs"), "1 deals had others").as_deref(),
        Some("8001;8002")
    );
    let export = table.open().unwrap();
    assert!(
        export.files()[1].why.contains("2 deals"),
        "{}",
        export.files()[1].why
    );
}

// Other tables, and a team's own file.

#[test]
fn a_deal_may_have_the_name_of_its_contact_in_two_columns() {
    let deal = first("Deal Name,First Name,Last Name,Stage,Amount\nA,Kim,Lee,New,5\n");

    assert_eq!(deal.title, "A");
    let contacts = Files::one("First Name,Last Name,Company,Status\nKim,Lee,Acme,New\n").open();
    assert!(matches!(contacts, Err(ImportError::NoDeals { .. })));
}

#[test]
fn a_page_that_tells_of_tables_is_no_table_of_deals() {
    let files = Files::one(
        "accounts,,,,\nopportunity_id,product,deal_stage,close_date,close_value\n,,,,\n,,,products,sales\n",
    );

    let why = files.open().unwrap_err().why().unwrap();
    assert!(why.contains("no row below it names one"), "{why}");
}

#[test]
fn a_table_of_answers_is_named_for_calibrate_and_not_imported() {
    let rows: Vec<String> = (0..24)
        .map(|n: u32| {
            let (a, b) = (
                ["Yes", "No", "Unknown"][n as usize % 3],
                ["Big", "Mid"][n as usize % 2],
            );
            format!(
                "{a};{b};{a};{b};{a};{b};{}\n",
                ["Won", "Lost"][n as usize / 12]
            )
        })
        .collect();
    let files = Files::one(format!(
        "Authority;Size;Budget;Growth;Need;Scope;Status\n{}",
        rows.concat()
    ));

    let error = files.open().unwrap_err();

    let why = error.why().unwrap();
    assert!(
        why.contains("table of answers") && why.contains("walkaway calibrate --from"),
        "{why}"
    );
}

fn team(text: &str, rows: &str) -> Files {
    let mut files = Files::one(rows);
    files.options.crm_files = vec![("ours".to_owned(), text.to_owned())];
    files
}

#[test]
fn a_teams_file_adds_headers_stages_and_formats_to_a_crm() {
    let files = team(
        "name = \"hubspot\"\nlabel = \"HubSpot\"\n[stages]\nwon = [\"Champagne\"]\nlost = [\"Kaputt\"]\n\
         [formats]\ndates = \"dmy\"\ncurrency = \"CHF\"\n[[object]]\nkind = \"deal\"\n[object.columns]\n\
         amount = [\"Preis\"]\nlost_reason = [\"Warum\"]\n",
        "Record ID,Deal Name,Deal Stage,Preis,Create Date,Warum\n1,A,Champagne,5,1/2/2026,\n2,B,Kaputt,5,1/2/2026,zu teuer\n",
    );

    let read = files.read();

    let [won, lost] = read.deals.as_slice() else {
        panic!("two deals")
    };
    assert_eq!((won.status, lost.status), (Status::Won, Status::Lost));
    assert_eq!(
        won.amount,
        Some(Amount {
            minor: 500,
            currency: Some(*b"CHF")
        })
    );
    assert_eq!(won.created, day("2026-02-01"));
    assert_eq!(lost.lost_reason.as_deref(), Some("zu teuer"));
    assumed(
        &files.open().unwrap(),
        Some("Create Date"),
        "the file about this CRM says so",
    );
}

#[test]
fn a_mistake_in_a_teams_file_is_told_with_its_line() {
    for (text, line) in [
        ("name = \"x\"\nlabel = \n", 2),
        ("name = \"x\"\nlabel = \"X\"\nfoo = 1\n", 3),
        (
            "name = \"x\"\nlabel = \"X\"\n[[object]]\nkind = \"deal\"\nneeds = [[\"a\"]]\n[object.columns]\nfoo = [\"a\"]\n",
            7,
        ),
        (
            "name = \"x\"\nlabel = \"X\"\n[[object]]\nkind = \"deal\"\nneeds = [[\"@bar\"]]\n",
            5,
        ),
        (
            "name = \"x\"\nlabel = \"X\"\n[formats]\ndates = \"myd\"\n",
            4,
        ),
        (
            "name = \"x\"\nlabel = \"X\"\n[[object]]\nkind = \"deal\"\n",
            3,
        ),
    ] {
        let error = team(text, "deal_id,title,stage\n1,A,New\n")
            .open()
            .unwrap_err();
        let words = error.to_string();
        assert!(
            words.contains("`ours`") && words.contains(&format!("line {line}:")),
            "{words}"
        );
    }
}
