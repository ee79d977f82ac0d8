use std::fmt::Write as _;

use super::super::tests::{Files, Read};
use super::super::*;

/// One row for each stage, of which the newest is the last one.
const STAGES: &str = "\
Record ID,Deal Name,Deal Stage,Date entered stage,Associated Company,Amount,Deal owner,Close Date
8001,Plant rollout,Qualified,2026-03-02 09:00,Northwind,48000,Ana,2027-01-13
8001,Plant rollout,Demo,2026-03-10 10:00,Northwind,48000,Ana,2027-01-13
8002,Yard audit,Demo,2026-03-12 10:00,Contoso,1200,Bo,2027-02-13
8001,Plant rollout,Proposal,2026-04-03 11:00,Northwind,52000,Ana,2027-02-20
8002,Yard audit,Closed won,2026-04-05 11:00,Contoso,1200,Bo,2026-04-05
8003,Cold chain,Demo,2026-04-06 11:00,Fabrikam,700,Bo,2027-03-05
";

/// Lines of deals, with no amount of the deal.
const LINES: &str = "\
Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Product Name,Quantity,Sales Price,Total Price
0065f00000NI2Jv,Plant rollout,Northwind,Proposal,2027-01-13,Sensor,10,100.00,1000.00
0065f00000NI2Jv,Plant rollout,Northwind,Proposal,2027-01-13,Gateway,2,500.00,1000.00
0065f00000NI2Jw,Yard audit,Contoso,Closed Won,2026-02-13,Sensor,3,100.00,300.00
0065f00000NI2Jv,Plant rollout,Northwind,Proposal,2027-01-13,Support,1,300.50,300.50
";

fn moves(deal: &DealRow) -> Vec<(String, &str, Option<&str>, Option<&str>)> {
    let moves = deal.moves.iter();
    moves
        .map(|one| {
            let day = one.day.to_string();
            (day, one.field, one.old.as_deref(), one.new.as_deref())
        })
        .collect()
}

fn minor(deal: &DealRow) -> Option<i64> {
    deal.amount.map(|amount| amount.minor)
}

/// What is assumed that says so, with its column and example.
fn assumed(export: &Export, part: &str) -> Vec<(Option<String>, Option<String>)> {
    let all = export.assumptions();
    all.filter(|assumption| assumption.reading.contains(part))
        .map(|assumption| (assumption.column.clone(), assumption.example.clone()))
        .collect()
}

#[test]
fn of_one_row_a_stage_the_newest_is_the_deal_and_the_others_are_its_moves() {
    let files = Files::one(STAGES);
    let export = files.open().unwrap();
    let read = Read::of(&export);

    let [plant, yard, cold] = read.deals.as_slice() else {
        panic!("three deals")
    };
    assert_eq!(
        [plant, yard, cold].map(|deal| (deal.row, deal.stage.as_deref(), minor(deal))),
        [
            (4, Some("Proposal"), Some(5_200_000)),
            (5, Some("Closed won"), Some(120_000)),
            (6, Some("Demo"), Some(70_000)),
        ]
    );
    assert_eq!(
        moves(plant),
        [
            (
                "2026-04-03".into(),
                "amount",
                Some("4800000"),
                Some("5200000")
            ),
            (
                "2026-04-03".into(),
                "expected_close",
                Some("2027-01-13"),
                Some("2027-02-20")
            ),
            (
                "2026-03-10".into(),
                "stage",
                Some("Qualified"),
                Some("Demo")
            ),
            ("2026-04-03".into(), "stage", Some("Demo"), Some("Proposal")),
        ]
    );
    assert_eq!(yard.status, Status::Won);
    assert!(cold.moves.is_empty());
    let rows: Vec<u64> = read.skips.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [1, 2, 3]);
    assert!(
        read.skips[0].1.contains("the deal on line 5"),
        "{}",
        read.skips[0].1
    );
    assert_eq!(
        assumed(&export, "2 deals stand on several rows: the newest"),
        [(
            Some("Date entered stage".to_owned()),
            Some("2026-03-02 09:00".to_owned())
        )]
    );
}

#[test]
fn rows_of_one_day_go_by_the_order_of_the_file() {
    let header = "Deal ID,Deal,Company,Stage,Stage entered\n";
    let newest = "1,Plant,Northwind,Proposal,2026-04-03\n1,Plant,Northwind,Demo,2026-04-03\n";
    let oldest = "1,Plant,Northwind,Lead,2026-03-01\n";

    let read = Files::one(format!("{header}{newest}{oldest}")).read();

    assert_eq!(read.deals.len(), 1);
    assert_eq!(read.deals[0].stage.as_deref(), Some("Proposal"));
}

#[test]
fn pictures_of_several_days_are_one_deal_with_its_moves() {
    let read = Files::one(
        "Snapshot date,Opportunity ID,Opportunity Name,Account,Stage,Amount\n\
         2026-01-05,A1,Plant rollout,Northwind,Demo,1000\n\
         2026-01-12,A1,Plant rollout,Northwind,Demo,1000\n\
         2026-01-19,A1,Plant rollout,Northwind,Proposal,900\n",
    )
    .read();

    assert_eq!(read.deals.len(), 1);
    assert_eq!(
        moves(&read.deals[0]),
        [
            ("2026-01-19".into(), "amount", Some("100000"), Some("90000")),
            ("2026-01-19".into(), "stage", Some("Demo"), Some("Proposal")),
        ]
    );
}

#[test]
fn a_history_that_tells_what_its_deals_are_gives_them() {
    let text = "\
Opportunity ID,Opportunity Name,Account Name,Opportunity Owner,Amount,Close Date,From Stage,To Stage,Last Modified
0065f00000NI2Jv,Plant rollout,Northwind,Ana,48000,2027-01-13,,Qualification,2026-03-02
0065f00000NI2Jv,Plant rollout,Northwind,Ana,48000,2027-01-13,Qualification,Proposal,2026-03-22
";
    let read = Files::one(text).read();

    assert_eq!(read.deals.len(), 1);
    let deal = &read.deals[0];
    assert_eq!(deal.account.as_deref(), Some("Northwind"));
    assert_eq!(deal.owner.as_deref(), Some("Ana"));
    assert_eq!(
        moves(deal),
        [(
            "2026-03-22".into(),
            "stage",
            Some("Qualification"),
            Some("Proposal")
        )]
    );

    // Beside its deals it is a history; without ids nothing says which deals they are.
    let with_deals =
        Files::one("Id,Name,StageName,CloseDate,IsWon\n0065f00000NI2Jv,Plant,Demo,2027-01-13,0\n");
    let files = with_deals.file("history.csv", text);
    let export = files.open().unwrap();
    assert_eq!(export.files()[1].object, Object::History);
    let text = text
        .replace("Opportunity ID,", "")
        .replace("0065f00000NI2Jv,", "");
    let files = Files::one(text);
    let export = files.open().unwrap();
    assert_eq!(export.files()[0].object, Object::History);
}

#[test]
fn lines_of_a_deal_are_added_and_named() {
    let files = Files::one(LINES);
    let export = files.open().unwrap();
    let read = Read::of(&export);

    let told: Vec<_> = read
        .deals
        .iter()
        .map(|deal| (deal.title.as_str(), minor(deal), deal.product.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "Plant rollout",
                Some(230_050),
                Some("Sensor, Gateway, Support")
            ),
            ("Yard audit", Some(30_000), Some("Sensor")),
        ]
    );
    let rows: Vec<u64> = read.skips.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 4]);
    assert_eq!(
        assumed(&export, "1 deal stands on several rows: they are its lines"),
        [(
            Some("Total Price".to_owned()),
            Some("1000.00 + 1000.00 + 300.50".to_owned())
        )]
    );
    assert_eq!(assumed(&export, "there is no amount of the deal").len(), 1);
}

#[test]
fn a_line_that_stands_twice_is_added_once() {
    let text = format!(
        "{LINES}0065f00000NI2Jw,Yard audit,Contoso,Closed Won,2026-02-13,Sensor,3,100.00,300.00\n"
    );
    let read = Files::one(text).read();

    assert_eq!(minor(&read.deals[1]), Some(30_000));
    assert!(
        read.skips[2].1.contains("all of its cells"),
        "{:?}",
        read.skips
    );
}

#[test]
fn an_amount_that_all_lines_have_is_the_deals() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Product,Quantity,Total Price,Amount\n\
         1,Plant rollout,Northwind,Proposal,Sensor,10,1000,2300\n\
         1,Plant rollout,Northwind,Proposal,Gateway,2,1300,2300\n",
    )
    .read();

    assert_eq!((read.deals.len(), read.skips.len()), (1, 1));
    assert_eq!(minor(&read.deals[0]), Some(230_000));
    assert_eq!(read.deals[0].product.as_deref(), Some("Sensor, Gateway"));
}

#[test]
fn amounts_that_differ_with_the_product_alone_are_those_of_lines() {
    let header = "Deal ID,Deal,Company,Stage,Owner,Product,Amount\n";
    let one = "1,Plant rollout,Northwind,Proposal,Ana,Sensor,1000\n";
    let read = |second: &str| Files::one(format!("{header}{one}{second}\n")).read();

    let added = read("1,Plant rollout,Northwind,Proposal,Ana,Gateway,500");
    assert_eq!(added.deals.len(), 1);
    assert_eq!(minor(&added.deals[0]), Some(150_000));

    // Another stage or owner, or no other product, is no line; neither is another deal.
    for other in [
        "1,Plant rollout,Northwind,Demo,Ana,Gateway,500",
        "1,Plant rollout,Northwind,Proposal,Bo,Gateway,500",
        "1,Plant rollout,Northwind,Proposal,Ana,Sensor,500",
        "1,Yard audit,Contoso,Proposal,Ana,Gateway,500",
        "2,Plant rollout,Northwind,Proposal,Ana,Gateway,500",
    ] {
        let kept = read(other);
        assert_eq!((kept.deals.len(), kept.skips.len()), (2, 0), "{other}");
        assert_eq!(minor(&kept.deals[0]), Some(100_000), "{other}");
    }
    let empty = read("1,Plant rollout,Northwind,Proposal,Ana,Gateway,");
    assert_eq!(minor(&empty.deals[0]), Some(100_000));
}

#[test]
fn lines_in_two_currencies_are_not_added() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Product,Total Price,Currency\n\
         1,Plant rollout,Northwind,Proposal,Sensor,1000,EUR\n\
         1,Plant rollout,Northwind,Proposal,Gateway,500,USD\n",
    )
    .read();

    assert_eq!((read.deals.len(), read.skips.len()), (2, 0));
}

#[test]
fn a_row_for_each_contact_is_one_deal() {
    let files = Files::one(
        "Deal ID,Deal,Company,Stage,Amount,Contact\n\
         1,Plant rollout,Northwind,Proposal,1000,Kim Lee\n\
         1,Plant rollout,Northwind,Proposal,1000,Max Doe\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    assert_eq!((read.deals.len(), read.skips.len()), (1, 1));
    assert_eq!(read.deals[0].contact.as_deref(), Some("Kim Lee"));
    assert_eq!(assumed(&export, "the first is taken").len(), 1);
}

#[test]
fn rows_that_contradict_each_other_stay_and_are_named() {
    let files = Files::one(
        "Deal ID,Deal,Company,Stage,Amount\n\
         1,Plant rollout,Northwind,Proposal,1000\n\
         1,Plant rollout,Northwind,Demo,1000\n\
         2,Yard audit,Contoso,Demo,1000\n\
         2,Yard audit,Contoso,Demo,1000\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    assert_eq!((read.deals.len(), read.skips.len()), (4, 0));
    let told = assumed(&export, "no column says which is the newest");
    assert_eq!(told, [(Some("Deal ID".to_owned()), Some("1".to_owned()))]);
}

#[test]
fn what_the_newest_row_leaves_blank_an_older_one_tells() {
    let files = Files::one(
        "Snapshot date,Opportunity ID,Opportunity Name,Owner,Stage,Amount,Next Step\n\
         2026-01-05,A1,Plant rollout,Ana,Demo,1000,call Kim\n\
         2026-01-12,A1,Plant rollout,Bo,Demo,,send it\n\
         2026-01-19,A1,,,Proposal,,\n",
    );
    let export = files.open().unwrap();
    let read = Read::of(&export);

    let [deal] = read.deals.as_slice() else {
        panic!("one deal")
    };
    assert_eq!((deal.row, deal.title.as_str()), (3, "Plant rollout"));
    assert_eq!(deal.stage.as_deref(), Some("Proposal"));
    assert_eq!(deal.owner.as_deref(), Some("Bo"));
    assert_eq!(deal.next_step.as_deref(), Some("send it"));
    assert_eq!(minor(deal), Some(100_000));
    assert_eq!(
        moves(deal),
        [("2026-01-19".into(), "stage", Some("Demo"), Some("Proposal"))]
    );
    assert_eq!(
        assumed(
            &export,
            "taken from another of its rows: title, amount, owner, next step"
        ),
        [(
            Some("Opportunity Name".to_owned()),
            Some("Plant rollout".to_owned())
        )]
    );
}

#[test]
fn rows_of_which_one_only_says_more_are_one_deal() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Amount,Contact\n\
         1,Plant rollout,Northwind,Proposal,1000,\n\
         1,Plant rollout,Northwind,Proposal,1000,Kim Lee\n",
    )
    .read();

    assert_eq!((read.deals.len(), read.skips.len()), (1, 1));
    assert_eq!(read.deals[0].contact.as_deref(), Some("Kim Lee"));
}

#[test]
fn an_amount_whose_currency_one_row_alone_tells_stays_a_conflict() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Amount,Currency\n\
         1,Plant rollout,Northwind,Proposal,1000,\n\
         1,Plant rollout,Northwind,Proposal,1000,EUR\n",
    )
    .read();

    assert_eq!((read.deals.len(), read.skips.len()), (2, 0));
}

#[test]
fn pictures_of_more_deals_than_are_looked_at_are_known_by_their_header() {
    let mut text = String::from("Snapshot date,Deal ID,Deal,Company,Stage\n");
    for (day, stage) in [("2026-01-05", "Demo"), ("2026-01-12", "Proposal")] {
        for id in 0..20_001 {
            writeln!(text, "{day},{id},Deal {id},Northwind,{stage}").unwrap();
        }
    }

    let read = Files::one(text).read();

    assert_eq!((read.deals.len(), read.skips.len()), (20_001, 20_001));
    assert_eq!(moves(&read.deals[0]).len(), 1);
}

#[test]
fn a_line_whose_currency_is_not_told_is_not_added() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Product,Total Price,Currency\n\
         1,Plant rollout,Northwind,Proposal,Sensor,1000,EUR\n\
         1,Plant rollout,Northwind,Proposal,Gateway,500,\n",
    )
    .read();

    assert_eq!((read.deals.len(), read.skips.len()), (2, 0));
}

#[test]
fn two_deals_under_one_id_stay_a_conflict() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Stage entered\n\
         1,Plant rollout,Northwind,Proposal,2026-01-01\n\
         1,Yard audit,Contoso,Demo,2026-02-01\n",
    )
    .read();

    assert_eq!((read.deals.len(), read.skips.len()), (2, 0));
}

#[test]
fn an_amount_that_is_what_the_pieces_cost_is_that_of_a_line() {
    let read = Files::one(
        "id,title,customerName,stage,productName,quantity,unitPrice,totalValue\n\
         d1,Plant,Northwind,PROPOSAL,Sensor,10,100,1000\n\
         d1,Plant,Northwind,PROPOSAL,Gateway,2,500,1000\n\
         d2,Yard,Contoso,WON,Sensor,3,100,300\n",
    )
    .read();

    let sums: Vec<_> = read.deals.iter().map(minor).collect();
    assert_eq!(sums, [Some(200_000), Some(30_000)]);
}

#[test]
fn a_day_of_entry_beside_one_of_exit_is_that_of_a_stage() {
    let read = Files::one(
        "deal_id,company,stage,entered_date,exited_date,arr_usd\n\
         D1,Northwind,prospecting,2026-07-01,2026-07-08,24000\n\
         D1,Northwind,discovery,2026-07-08,2026-07-19,24000\n",
    )
    .read();

    assert_eq!(read.deals.len(), 1);
    let stage = Some("discovery");
    assert_eq!(
        (read.deals[0].stage.as_deref(), read.deals[0].created),
        (stage, None)
    );
}

#[test]
fn the_first_id_of_a_list_may_be_0() {
    let read = Files::one(
        "Deal ID,Deal,Company,Stage,Stage entered\n\
         0,Plant,Northwind,Lead,2026-03-01\n\
         0,Plant,Northwind,Demo,2026-03-09\n",
    )
    .read();

    assert_eq!(read.deals.len(), 1);
    assert_eq!(read.deals[0].external_id.as_deref(), Some("0"));
}
