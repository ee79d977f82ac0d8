//! Exports of CRMs and lists of people that no file in `assets/crm` knows, in the shapes in which
//! they are written: the same three deals in each, read with no option.

use std::fs;
use std::path::Path;

use super::tests::{Files, Read, day};
use super::*;

/// A file, the currency that it names, and the stage of its open deal; blank for none.
const UNSEEN: &[(&str, &str, &str)] = &[
    ("activecampaign.csv", "USD", "To Contact"),
    ("agile.csv", "", "New"),
    ("airtable.csv", "USD", "Qualification"),
    ("amo.csv", "", "Первичный контакт"),
    ("apptivo.csv", "USD", "Qualification"),
    ("bigin.csv", "USD", "Qualification"),
    ("bitrix_html.xls", "USD", "New"),
    ("bitrix_pl.csv", "PLN", "Wycena"),
    ("bitrix_ru.csv", "RUB", "Новая"),
    ("cas.csv", "EUR", "Erstkontakt"),
    ("dynamics_nl.csv", "EUR", ""),
    ("erpnext.csv", "EUR", "Prospecting"),
    ("folk.csv", "EUR", "Lead"),
    ("freshsales.csv", "EUR", "New"),
    ("hand_ch.csv", "CHF", ""),
    ("hand_fr.csv", "EUR", "Prospection"),
    ("hand_in.csv", "INR", "Lead"),
    ("hand_it.csv", "EUR", "Contatto"),
    ("hand_ja.csv", "JPY", ""),
    ("hand_pl.csv", "PLN", "Nowa"),
    ("hand_ru.csv", "RUB", "Переговоры"),
    ("hand_sv.csv", "", "Kontakt"),
    ("hand_tr.csv", "TRY", "Yeni"),
    ("hs_it.csv", "EUR", "Appuntamento fissato"),
    ("hs_nl.csv", "EUR", "Afspraak gepland"),
    ("insightly.csv", "USD", "Lead"),
    ("keap.csv", "", "New Opportunity"),
    ("lacrm.csv", "USD", "Leads"),
    ("messy.csv", "", "Lead"),
    ("notion.csv", "USD", "Lead"),
    ("nutshell.csv", "USD", "Qualify"),
    ("pd_de.csv", "EUR", "Qualifiziert"),
    ("pd_pt.csv", "BRL", "Qualificação"),
    ("pd_tr.csv", "EUR", "Qualified"),
    ("sf_report_de.csv", "EUR", "Prospecting"),
    ("sf_report_ja.csv", "", "見込み"),
    ("streak.csv", "", "Lead"),
    ("sugar.csv", "USD", "Prospecting"),
    ("teamleader.csv", "EUR", "Offerte verstuurd"),
    ("vtiger.csv", "", "Prospecting"),
    ("weclapp.csv", "EUR", "Qualifizierung"),
    ("zsell.csv", "USD", "Incoming"),
];

fn text(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/unseen");
    fs::read(folder.join(name)).unwrap()
}

/// What is wrong with how a file is read.
fn mistakes(name: &str, currency: &str, stage: &str) -> Vec<String> {
    let files = Files::new().file(name, text(name));
    let export = match files.open() {
        Ok(export) => export,
        Err(error) => return vec![error.to_string()],
    };
    let read = Read::of(&export);
    let mut wrong = Vec::new();
    let mut expect = |what: &str, is: bool| {
        if !is {
            wrong.push(format!("{name}: {what}"));
        }
    };
    expect("a row is refused", read.refused.is_empty());
    let titles: Vec<&str> = read.deals.iter().map(|deal| deal.title.as_str()).collect();
    let expected = ["Plant rollout", "Cold chain sensors", "Energy monitoring"];
    expect("titles", titles == expected);
    let cents = if currency == "JPY" { 1 } else { 100 };
    for (deal, (account, owner, status, amount, close)) in read.deals.iter().zip([
        ("Northwind", "Ana Lima", Status::Open, 48_000, "2027-01-13"),
        ("Fabrikam", "Cleo Marsh", Status::Won, 980, "2026-05-15"),
        ("Proseware", "Bo Chen", Status::Lost, 52_000, "2026-03-20"),
    ]) {
        let has = |text: &Option<String>, expected| text.as_deref() == Some(expected);
        expect("account", has(&deal.account, account));
        expect(
            "owner",
            has(&deal.owner, owner) || (name == "messy.csv" && deal.owner.is_none()),
        );
        expect("status", deal.status == status);
        let code = Some(currency.as_bytes()).filter(|code| !code.is_empty());
        let found = deal.amount;
        expect("amount", found.map(|a| a.minor) == Some(amount * cents));
        let named = found.and_then(|a| a.currency);
        expect("currency", named.as_ref().map(|code| &code[..]) == code);
        let closes = deal.expected_close.or(deal.closed);
        // amoCRM does not say when an open deal closes, Zendesk Sell not when another did.
        let is_silent = match status {
            Status::Open => name == "amo.csv",
            Status::Won | Status::Lost | Status::Removed => name == "zsell.csv",
        };
        expect(
            "close",
            closes == day(close) || (is_silent && closes.is_none()),
        );
    }
    let first = read.deals.first().and_then(|deal| deal.stage.as_deref());
    expect("stage", first.unwrap_or_default() == stage);
    wrong
}

#[test]
fn exports_of_crms_that_nobody_described_are_read_whole() {
    let wrong: Vec<String> = UNSEEN
        .iter()
        .flat_map(|(name, currency, stage)| mistakes(name, currency, stage))
        .collect();

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_column_that_only_words_tell_of_is_named_with_a_cell() {
    let files = Files::one(text("hand_tr.csv"));
    let export = files.open().unwrap();
    let file = &export.files()[0];
    let told = |column: &str| {
        file.assumptions.iter().any(|assumption| {
            assumption.column.as_deref() == Some(column)
                && assumption.reading.contains("by the words of its header")
                && assumption.example.is_some()
        })
    };

    for column in &file.columns {
        assert!(column.field.is_none() || told(&column.column), "{column:?}");
    }
}

#[test]
fn a_word_in_a_header_is_not_believed_against_the_cells() {
    let files = Files::one(
        "Deal,Firma,Stage,Decision maker value,Abschluss geplant\n\
         Plant,Northwind,Lead,high,unklar bis Mai\n\
         Yard,Contoso,Lead,low,wenn der Rat tagt\n",
    );
    let export = files.open().unwrap();
    let fields: Vec<_> = export.files()[0].columns.iter().map(|c| c.field).collect();

    assert_eq!(fields[3..], [None, None]);
    assert_eq!(Read::of(&export).deals.len(), 2);
}

#[test]
fn cells_make_a_day_of_closing_a_flag_and_a_status_a_stage() {
    let read = Files::one(
        "Deal Name,Company,Amount,Status,Closed,Close Date\n\
         Plant,Northwind,5,Discovery,No,offen\n\
         Yard,Contoso,6,Won,Yes,2026-10-30\n\
         Mill,Fabrikam,7,Proposal,No,offen\n",
    )
    .read();

    assert!(read.refused.is_empty(), "{:?}", read.refused);
    assert_eq!(read.deals[0].stage.as_deref(), Some("Discovery"));
    assert_eq!(read.deals[0].status, Status::Open);
    assert_eq!(read.deals[1].status, Status::Won);
    assert_eq!(read.deals[1].closed, day("2026-10-30"));
    assert_eq!(read.deals[2].expected_close, None);
}

#[test]
fn sums_titles_and_notices_of_any_language_are_no_deals() {
    let read = Files::one(
        "Deal Name,Company,Amount,Stage\n\
         Active deals,,,\n\
         Deal Name,Company,Amount,Stage\n\
         Plant,Northwind,5,Lead\n\
         ,,5,\n\
         Итого:,,5,\n\
         Gesamtsummen (1 Datensatz),,5,\n\
         Vertrauliche Informationen - Nicht weitergeben,,,\n",
    )
    .read();

    assert_eq!(read.deals.len(), 1);
    assert!(read.refused.is_empty(), "{:?}", read.refused);
    assert_eq!(read.skips.len(), 6, "{:?}", read.skips);
}

#[test]
fn a_lost_deal_that_is_only_archived_is_lost_though_its_stage_is_new() {
    let read = Files::one(
        "id,name,stage_id,expected_revenue,user_id,active\n\
         __export__.crm_lead_1_a,One,New,48000,Ana,False\n\
         __export__.crm_lead_2_b,Two,New,48000,Ana,True\n",
    )
    .read();

    assert_eq!(read.deals[0].status, Status::Lost);
    assert_eq!(read.deals[1].status, Status::Open);
}
