//! Rules that files from outside taught: shapes in which people and programs really keep deals, and
//! tables that only look as if they did.

use super::tests::{Files, Read, day};
use super::*;

/// The fields of the columns of a file alone.
fn fields(text: &str) -> Vec<Option<Field>> {
    let files = Files::one(text);
    let export = files.open().unwrap();
    export.files()[0].columns.iter().map(|c| c.field).collect()
}

/// Why a file alone is not read.
fn refusal(text: &str) -> String {
    let files = Files::one(text);
    match files.open() {
        Ok(export) => format!("read: {:?}", export.files()[0].columns),
        Err(error) => error.why().unwrap_or_default(),
    }
}

fn told(export: &Export, what: &str) -> bool {
    let files = export.files().iter();
    let mut all = files.flat_map(|file| &file.assumptions);
    all.any(|assumption| assumption.reading.contains(what))
}

#[test]
fn deals_that_name_their_contact_by_its_id_are_no_table_of_links() {
    let read = Files::one(
        "deal_id,deal_name,contact_id,company,amount,stage,owner,close_date\n\
         D1,Plant,C9,Northwind,480,Proposal,Ana,2026-11-09\n\
         D2,Yard,C8,Contoso,90,Closed Won,Bo,2026-08-17\n",
    )
    .read();

    assert_eq!(read.deals.len(), 2, "{:?}", read.skips);
    assert_eq!(read.deals[0].title, "Plant");
    assert_eq!(read.deals[1].status, Status::Won);
}

#[test]
fn a_status_of_something_else_is_not_where_the_deal_stands() {
    let read = Files::one(
        "opportunity_id,account_name,stage,poc_status,is_closed,is_won,contacts_engaged\n\
         O1,Northwind,5 - Contract,Passed,False,False,4\n\
         O2,Contoso,Closed Lost,In Progress,True,False,2\n\
         O3,Fabrikam,Closed Won,Failed,True,True,1\n",
    )
    .read();
    let papers = Files::one(
        "account,deal_name,stage,close_date,paper_status\n\
         Northwind,Plant,Review,2026-06-17,signed\n",
    )
    .read();

    let status: Vec<Status> = read.deals.iter().map(|deal| deal.status).collect();
    assert_eq!(status, [Status::Open, Status::Lost, Status::Won]);
    assert!(read.deals.iter().all(|deal| deal.contact.is_none()));
    assert_eq!(papers.deals[0].status, Status::Open);
    assert_eq!(
        fields("Firma,Projekt,Angebotsstatus,Betrag\nNorthwind,Plant,Gewonnen,5\n")[2],
        Some(Field::Status),
    );
}

#[test]
fn headers_are_known_without_the_marks_of_their_letters() {
    assert_eq!(
        fields(
            "ID,Cliente,Projeto,Valor_Est,Estagio,Previsao_Fechamento\n\
             1,Northwind,Plant,48000,Proposta,2027-01-13\n",
        ),
        [
            Some(Field::ExternalId),
            Some(Field::Account),
            Some(Field::Title),
            Some(Field::Amount),
            Some(Field::Stage),
            Some(Field::ExpectedClose),
        ],
    );
    assert_eq!(
        fields(
            "Titel,Firma,Stufe,Waehrung,Naechster Schritt\nPlant,Northwind,Erstkontakt,EUR,Anruf\n"
        )[3..],
        [Some(Field::Currency), Some(Field::NextStep)],
    );
}

#[test]
fn the_id_of_a_deal_is_known_by_its_words() {
    for (header, field) in [
        ("OPORTUNIDADE_ID", Some(Field::ExternalId)),
        ("Codigo da oportunidade", Some(Field::ExternalId)),
        ("Angebotsnr", Some(Field::ExternalId)),
        ("Lead ID", None),
        ("Client code", None),
    ] {
        let text = format!(
            "{header},Cliente,Valor,Etapa,Responsável\n7,Northwind,5,Lead,Ana\n8,Contoso,6,Lead,Bo\n"
        );
        let found = fields(&text)[0];
        assert_eq!(
            found == Some(Field::ExternalId),
            field.is_some(),
            "{header}"
        );
    }
}

#[test]
fn a_person_who_leads_and_a_day_of_service_are_no_title_and_no_product() {
    let found = fields(
        "Company,Stage,Syndicate Lead,Started Service,Amount\n\
         Northwind,Seed,Ana,8/3/2026,5\n\
         Contoso,Seed,Bo,9/3/2026,6\n",
    );

    assert_eq!(found[2..4], [None, None]);
}

#[test]
fn tables_of_another_kind_are_named_and_not_imported() {
    for (text, what) in [
        (
            "Ticket ID,Subject,Status,Priority,Created,Customer,Assigned To\n\
             1,Login broken,Open,High,2026-05-01,Northwind,Bo\n",
            "support tickets",
        ),
        (
            "order_id,customer,order_date,status,total,currency\n\
             1,Northwind,2026-05-01,shipped,120.50,USD\n",
            "orders",
        ),
        (
            "Company,Position,Stage,Applied On,Salary,Contact,Status\n\
             Northwind,Engineer,Phone screen,2026-01-02,150000,Ana,Active\n",
            "applications for jobs",
        ),
        (
            "Project,Client,Stage,Start Date,End Date,Budget,Project Manager,Status\n\
             Move,Northwind,Planning,2026-01-10,2026-06-30,50000,Ana,On track\n",
            "projects",
        ),
        (
            "title,date,phase,content\nRover lands,2004-01-25,Operation,It landed.\n",
            "nothing known",
        ),
        (
            "dealId,fromCurrency,toCurrency,dealTimestamp,dealAmount\n\
             D1,USD,EUR,2025-01-15T10:30:00,1000.50\n",
            "nothing known",
        ),
    ] {
        let why = refusal(text);
        assert!(why.contains(what), "{what}: {why}");
    }
}

#[test]
fn what_is_closed_and_says_no_more_is_lost_and_told_of() {
    let files = Files::one(
        "ID,Title,Company,Stage,Closed,Amount\n\
         1,Plant,Northwind,Handed over,Y,5\n\
         2,Yard,Contoso,Proposal,N,6\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    assert_eq!(read.deals[0].status, Status::Lost);
    assert!(told(&export, "`Handed over`, is taken for lost"));
    assert_eq!(
        fields("deal_id,deal_name,is_closed,is_closed_won,amount\n1,Plant,True,False,5\n")[3],
        Some(Field::IsWon),
    );
}

#[test]
fn a_stage_that_begins_with_closed_says_by_its_end_how() {
    let read = Files::one(
        "Deal Name,Stage\nPlant,Closed - Dropped\nYard,Closed (No decision)\n\
         Dock,Descartada\nPier,Nao fechado\n",
    )
    .read();

    let status: Vec<Status> = read.deals.iter().map(|deal| deal.status).collect();
    let lost = Status::Lost;
    assert_eq!(status, [lost; 4]);
}

#[test]
fn amounts_are_in_the_unit_of_their_header() {
    let files = Files::one(
        "Deal Name,Company,Stage,ACV ($k)\nPlant,Northwind,Lead,12.5\nYard,Contoso,Lead,0.125\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);
    let amounts: Vec<_> = read.deals.iter().filter_map(|deal| deal.amount).collect();

    assert_eq!(amounts[0].minor, 1_250_000);
    assert_eq!(amounts[1].minor, 12_500);
    assert_eq!(amounts[0].currency, Some(*b"USD"));
    assert!(told(&export, "units of `1k`"));
}

#[test]
fn a_value_with_its_provenance_is_that_value() {
    let read = Files::new()
        .file(
            "deals.json",
            r#"{"deals":[{"dealId":931,"properties":{
                "dealname":{"value":"Plant","timestamp":1,"source":"CRM_UI","versions":[{"name":"dealname"}]},
                "amount":{"value":"100"},"closedate":{"value":"1802563200000"},
                "dealstage":{"value":"closedwon"}}}]}"#,
        )
        .read();

    assert_eq!(read.deals[0].title, "Plant");
    assert_eq!(read.deals[0].external_id.as_deref(), Some("931"));
    assert_eq!(read.deals[0].status, Status::Won);
    assert_eq!(read.deals[0].closed, day("2027-02-14"));
}

#[test]
fn a_nested_record_is_known_by_its_name_and_not_by_its_number() {
    let read = Files::new()
        .file(
            "deals.json",
            r#"{"data":[{"id":1,"title":"Plant","value":750,"currency":"USD","status":"open",
                "stage_id":{"id":4,"name":"Proposal"},"org_id":{"id":20,"name":"Northwind"},
                "person_id":{"id":10,"name":"Ana Lima"},"owner_name":"Bo Chen",
                "expected_close_date":"2027-01-13"}]}"#,
        )
        .read();
    let deal = &read.deals[0];

    assert_eq!(deal.stage.as_deref(), Some("Proposal"));
    assert_eq!(deal.account.as_deref(), Some("Northwind"));
    assert_eq!(deal.contact.as_deref(), Some("Ana Lima"));
}

#[test]
fn the_deals_within_the_stages_of_a_board_are_the_records() {
    let board = Files::new()
        .file(
            "board.json",
            r#"{"data":{"name":"Sales","stages":[
                {"id":"s1","name":"Lead","deals":[
                    {"id":"d1","title":"Plant","value":15000,"expected_close_date":"2027-01-13"},
                    {"id":"d2","title":"Yard","value":500,"expected_close_date":"2027-02-13"}]},
                {"id":"s2","name":"Offer","deals":[
                    {"id":"d3","title":"Mill","value":90,"expected_close_date":"2027-03-13"}]}]}}"#,
        )
        .map("within.name=stage")
        .read();
    let accounts = Files::new()
        .file(
            "Account.json",
            r#"{"records":[{"attributes":{"type":"Account"},"Name":"Northwind","Opportunities":{
                "totalSize":1,"records":[{"attributes":{"type":"Opportunity"},"Id":"006000000000001AAA",
                "Name":"Plant","StageName":"Prospecting","CloseDate":"2027-01-13","Amount":5}]}}]}"#,
        )
        .read();

    let titles: Vec<&str> = board.deals.iter().map(|deal| deal.title.as_str()).collect();
    assert_eq!(titles, ["Plant", "Yard", "Mill"]);
    assert_eq!(board.deals[2].stage.as_deref(), Some("Offer"));
    assert_eq!(accounts.deals[0].title, "Plant");
    assert_eq!(accounts.deals[0].account.as_deref(), Some("Northwind"));
}

#[test]
fn the_sums_below_the_groups_of_a_board_are_totals() {
    let board = "Name,Person,Deal value,Close date,Company\n\
                 Plant,Ana,48000,2026-12-18,Northwind\nRoof,Bo,1200,2027-01-18,Contoso\n\
                 ,,49200,2026-12-18 to 2027-01-18,\n\
                 Name,Person,Deal value,Close date,Company\nYard,Bo,980,2026-09-30,Fabrikam\n\
                 ,,980,2026-09-30,\n";

    let read = Files::one(board).read();

    assert!(read.refused.is_empty(), "{:?}", read.refused);
    assert_eq!((read.deals.len(), read.skips.len()), (3, 3));
}

#[test]
fn a_record_without_deals_is_none_beside_those_that_have_some() {
    let leads = |second: &str| {
        format!(
            r#"[{{"id":"lead_2","display_name":"Fabrikam","status_label":"Bad Fit","opportunities":[]}},
                {{"id":"lead_1","display_name":"Northwind","status_label":"Qualified","opportunities":[{second}]}}]"#
        )
    };
    let one = r#"{"id":"oppo_1","lead_name":"Northwind","status_type":"active","status_label":"Proposal",
        "value":4800000,"value_formatted":"$48,000","value_currency":"USD","confidence":50,
        "note":"Plant","date_won":"2026-12-18"}"#;

    let read = Files::new().file("leads.json", leads(one)).read();

    let titles: Vec<&str> = read.deals.iter().map(|deal| deal.title.as_str()).collect();
    assert_eq!(titles, ["Plant"]);
    assert_eq!((read.skips.len(), read.refused.len()), (1, 0));
    assert!(
        read.skips[0].1.contains("no deal within"),
        "{:?}",
        read.skips
    );
    // The day of an active opportunity is that on which it shall be won.
    assert_eq!(read.deals[0].expected_close, day("2026-12-18"));
    let bare = Files::new().file("leads.json", leads("")).open();
    assert!(bare.is_err(), "they are accounts, and there is no deal");
}

#[test]
fn what_a_status_says_of_an_open_deal_is_no_reason_for_a_loss() {
    let read = Files::new()
        .file(
            "d.csv",
            "(Niet wijzigen) Verkoopkans,Onderwerp,Potentiële klant,Status,Statusreden,Geschatte omzet\n\
             a1,Plant,Northwind,Open,Wordt beoordeeld,48\n\
             a2,Mill,Proseware,Verloren,Te duur,52\n",
        )
        .read();

    let reasons: Vec<Option<&str>> = read
        .deals
        .iter()
        .map(|deal| deal.lost_reason.as_deref())
        .collect();
    assert_eq!(reasons, [None, Some("Te duur")]);
}

#[test]
fn what_is_just_closed_is_won_where_others_are_lost() {
    let files = Files::one(
        "ID Oportunidade,Cliente,Resultado,Valor,Responsável\n\
         1,Northwind,Fechado,200,Ana\n2,Contoso,Não fechado,500,Bo\n3,Fabrikam,Aberto,500,Bo\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);
    let status: Vec<Status> = read.deals.iter().map(|deal| deal.status).collect();
    let alone =
        Files::one("Deal,Company,Status,Value\nPlant,Northwind,Closed,5\nYard,Contoso,Open,6\n");

    assert_eq!(status, [Status::Won, Status::Lost, Status::Open]);
    assert!(told(&export, "none is won but what is `Fechado`"));
    assert_eq!(alone.read().deals[0].status, Status::Open);
}

#[test]
fn a_lead_with_a_sum_and_a_day_of_closing_is_a_deal() {
    let read = Files::one(
        "First Name,Last Name,Company,Estimated Value,Expected Close Date\n\
         Ana,Lima,Northwind,15000,2027-01-13\n",
    )
    .read();

    assert_eq!(read.deals[0].account.as_deref(), Some("Northwind"));
    assert_eq!(
        read.deals[0].amount.map(|amount| amount.minor),
        Some(1_500_000)
    );
}

#[test]
fn a_table_without_a_header_says_what_is_missing() {
    let rows = "100,Windrose,179500.00,2015-08-14,Closed Lost,Ana Lima\n\
                104,Megamall,420.00,2015-08-14,Closed Won,Bo Chen\n\
                108,Mobil Tech,800.00,2015-10-08,Proposal,Ana Lima\n";

    let error = Files::one(rows).open().unwrap_err();
    assert!(matches!(error, ImportError::NoHeader { .. }), "{error}");
    let why = error.why().unwrap();
    assert!(
        why.contains("`100, Windrose, 179500.00, 2015-08-14, Closed Lost, Ana Lima`"),
        "{why}"
    );
    assert!(error.hint().unwrap().contains("Deal Name"));

    // Words of deals in a row of a dump are no header.
    let dump = "\"100\",\"Windrose\",\"179500.00\",\\N,\"Closed Lost\",\"Northwind\",\"2015-08-14 16:08:10\"\n\
                \"108\",\"Mobil\",\"800.00\",\"2015-10-08\",\"Closed Won\",\"Cliente\",\"2015-08-14 16:43:48\"\n";
    let error = Files::one(dump).open().unwrap_err();
    assert!(matches!(error, ImportError::NoHeader { .. }), "{error}");

    // Years name columns, and a header may be in words that nobody knows.
    for headed in [
        "Region,2024,2025\nNorth,12,14\nSouth,3,5\n",
        "Foo,Bar\n1,2\n3,4\n",
    ] {
        let error = Files::one(headed).open().unwrap_err();
        assert!(matches!(error, ImportError::NoDeals { .. }), "{error}");
    }
}

#[test]
fn a_deal_with_a_person_has_a_contact_and_no_account() {
    let files = Files::one(
        "Id,Name,Party Id,Party Name,Party Type,Milestone,Value,Expected Close\n\
         1,Plant rollout,11,Northwind,Organisation,Proposal,48000,2027-01-13\n\
         2,Yard audit,12,Kim Lee,Person,Demo,1200,2027-02-13\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    let told: Vec<_> = read
        .deals
        .iter()
        .map(|deal| (deal.account.as_deref(), deal.contact.as_deref()))
        .collect();
    assert_eq!(told, [(Some("Northwind"), None), (None, Some("Kim Lee"))]);
    assert_eq!(read.deals[1].account_id, None);
    assert!(self::told(&export, "such a deal is with a person"));
}

#[test]
fn what_a_stage_of_a_teams_own_means_is_told_beside_it() {
    let english = "ID;Deal name;Stage;Stage type;Deal closed;Total;Company\n\
                   1;Plant;Went elsewhere;Lost;Y;480;Northwind\n\
                   2;Yard;Talks;In progress;N;120;Contoso\n\
                   3;Dock;Paid;Won;Y;300;Fabrikam\n";
    let russian = "ID;Название сделки;Стадия сделки;Группа стадии;Сумма;Компания\n\
                   1;Plant;Ушли к другим;Неуспех;480;Northwind\n\
                   2;Yard;Переговоры;В работе;120;Contoso\n\
                   3;Dock;Оплачено;Успех;300;Fabrikam\n";
    let rest = "ID,TITLE,STAGE_ID,STAGE_SEMANTIC_ID,OPPORTUNITY\n\
                1,Plant,C5:7,F,480\n2,Yard,C5:NEW,P,120\n3,Dock,C5:UC_1,S,300\n";

    for text in [english, russian, rest] {
        let read = Files::one(text).read();
        let status: Vec<Status> = read.deals.iter().map(|deal| deal.status).collect();
        assert_eq!(status, [Status::Lost, Status::Open, Status::Won], "{text}");
    }
}

#[test]
fn crms_whose_words_for_a_deal_are_their_own() {
    for (text, crm) in [
        (
            "Internal ID,Document Number,Title,Name,Projected Total,Status,Expected Close,Sales Rep\n\
             900,OPP0,Plant rollout,Northwind,\"48,000.00\",In Discussion,1/13/2027,Ana Lima\n",
            "netsuite",
        ),
        (
            "Objective,Company/Individual,Revenue,Status,Current Stage,Close Date,Leader\n\
             Plant rollout,Northwind,\"48,000.00\",In Progress,Qualify,13-Jan-2027,Ana Lima\n",
            "maximizer",
        ),
    ] {
        let files = Files::one(text);
        let export = files.open().unwrap();
        let read = Read::of(&export);
        let deal = &read.deals[0];

        assert_eq!(export.files()[0].crm.as_deref(), Some(crm));
        assert_eq!(
            (
                deal.title.as_str(),
                deal.account.as_deref(),
                deal.owner.as_deref()
            ),
            ("Plant rollout", Some("Northwind"), Some("Ana Lima")),
            "{crm}"
        );
        assert_eq!(
            deal.amount.map(|amount| amount.minor),
            Some(4_800_000),
            "{crm}"
        );
        assert_eq!(deal.expected_close, day("2027-01-13"), "{crm}");
        assert_eq!(deal.status, Status::Open, "{crm}");
    }
}

#[test]
fn stages_with_their_days_alone_are_a_history() {
    let files = Files::new()
        .file(
            "Deals.csv",
            "Deal Id,Deal Name,Account Name,Stage,Closing Date,Amount\n\
             123,Plant,Northwind,Negotiation,2027-01-13,48000\n",
        )
        .file(
            "Stage_History.csv",
            "Deal Id,Stage,Changed Time\n123,Qualified,2026-09-10 14:30:00\n\
             123,Negotiation,2026-10-10 14:30:00\n",
        );
    let export = files.open().unwrap();

    assert_eq!(export.files()[1].object, Object::History);
    assert!(export.files()[1].used);
    assert_eq!(Read::of(&export).deals.len(), 1);
}

#[test]
fn an_amount_in_the_currency_at_home_is_read_where_there_is_no_other() {
    let home = "Deal ID,Stage,Amount in home currency,Close date\n1,Demo,30200,2027-01-13\n";
    let both = "Deal ID,Stage,Amount in home currency,Amount,Close date\n\
                1,Demo,30200,28000,2027-01-13\n";

    let minor = |text| Files::one(text).read().deals[0].amount.map(|a| a.minor);
    assert_eq!(
        (minor(home), minor(both)),
        (Some(3_020_000), Some(2_800_000))
    );
}

#[test]
fn an_amount_of_a_month_is_taken_times_twelve_and_named() {
    let files = Files::one(
        "deal_id,company,status,list_price_mrr_usd,final_mrr_usd,close_date\n\
         1,Northwind,Closed Won,136.03,122.43,2026-05-18\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    assert_eq!(
        read.deals[0].amount.map(|amount| amount.minor),
        Some(146_916)
    );
    assert!(self::told(&export, "taken times 12"));
}

#[test]
fn an_id_and_one_more_column_are_no_deals() {
    assert!(refusal("Id,StageName,WA_Fired__c\n006A,Closed Lost,true\n").contains("nothing known"));
    let named = Files::one("Deal,Stage\nPlant,Demo\n").read();
    assert_eq!(named.deals[0].title, "Plant");
}
