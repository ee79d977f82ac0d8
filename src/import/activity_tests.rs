//! Whole files of activities, histories and contacts in the shapes of the CRMs, from bytes to what
//! stands in the pipeline.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::domain::ids::DealId;
use crate::domain::verdict::Thresholds;
use crate::store::{Judge, Place, Stamp, Store};

struct Desk {
    folder: TempDir,
    store: Store,
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

fn options() -> Options {
    Options {
        today: Some(stamp().today),
        ..Options::default()
    }
}

impl Desk {
    fn new() -> Self {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        Self {
            folder: tempfile::tempdir().unwrap(),
            store: Store::in_memory(stamp().at, judge).unwrap(),
        }
    }

    fn write(&self, files: &[(&str, &str)]) -> Vec<PathBuf> {
        files
            .iter()
            .map(|(name, text)| {
                let path = self.folder.path().join(name);
                fs::write(&path, text).unwrap();
                path
            })
            .collect()
    }

    /// Imports files as one export; the preview must have said the same.
    fn take(&self, files: &[(&str, &str)]) -> Report {
        let export = open(&self.write(files), &options()).unwrap();
        let foretold = preview(&self.store, &export, false, &mut |_, _| {}).unwrap();
        let report = run(&self.store, &export, false, stamp(), &mut |_, _| {}).unwrap();
        assert_eq!(foretold.counts, report.counts, "the preview said so");
        assert_eq!(foretold.by, report.by);
        let c = report.counts;
        assert_eq!(
            c.rows,
            c.new + c.updated + c.same + c.conflict + c.skipped + c.refused
        );
        report
    }

    /// Takes the same files twice: nothing changes.
    fn take_twice(&self, files: &[(&str, &str)]) -> Report {
        let report = self.take(files);
        let again = self.take(files);
        let c = again.counts;
        assert_eq!((c.new, c.updated), (0, 0), "{again:?}");
        assert_eq!(again.action, None);
        report
    }

    fn deal(&self, words: &str) -> DealId {
        match self.store.find(words).unwrap() {
            crate::store::Matches::One(deal) => deal,
            other @ (crate::store::Matches::None | crate::store::Matches::Many(_)) => {
                panic!("{words}: {other:?}")
            }
        }
    }

    /// The touches of a deal as lines, the latest first.
    fn touches(&self, deal: &str) -> Vec<String> {
        let detail = self.store.detail(self.deal(deal)).unwrap().unwrap();
        detail
            .touches
            .iter()
            .map(|t| {
                let minutes = t.minutes.map_or_else(|| "-".to_owned(), |m| m.to_string());
                format!("{} {} {} {minutes}", t.at, t.direction.code(), t.channel)
            })
            .collect()
    }

    fn moves(&self, deal: &str) -> Vec<String> {
        let detail = self.store.detail(self.deal(deal)).unwrap().unwrap();
        detail
            .moves
            .iter()
            .map(|m| {
                let text = |t: &Option<String>| t.clone().unwrap_or_default();
                format!("{} {} {}>{}", m.day, m.field, text(&m.old), text(&m.new))
            })
            .collect()
    }

    fn notes(&self, deal: &str) -> usize {
        self.store
            .detail(self.deal(deal))
            .unwrap()
            .unwrap()
            .notes
            .len()
    }

    fn contacts(&self, deal: &str) -> Vec<(Option<String>, bool)> {
        let detail = self.store.detail(self.deal(deal)).unwrap().unwrap();
        let row = |c: &crate::domain::deal::ContactRow| (c.title.clone(), c.role.is_some());
        detail.contacts.iter().map(row).collect()
    }
}

const SALESFORCE: (&str, &str) = (
    "Opportunity.csv",
    "Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,OwnerId,CreatedDate\n\
     006A00000000001AAA,001A00000000001AAA,Plant,Negotiation,35000,2026-12-29,,,005A00000000001AAA,2026-07-11T21:22:07.000+0000\n\
     006A00000000002AAA,001A00000000002AAA,Yard,Proposal,1200,2026-12-06,,,005A00000000001AAA,2026-07-11T21:22:07.000+0000\n",
);
const ACCOUNTS: (&str, &str) = (
    "Account.csv",
    "Id,Name,BillingCity\n001A00000000001AAA,Northwind,Ulm\n001A00000000002AAA,Contoso,Bern\n",
);

#[test]
fn salesforce_tasks_and_events_become_touches_and_plans_none() {
    let desk = Desk::new();
    let report = desk.take_twice(&[
        (
            "Task.csv",
            "Id,WhoId,WhatId,Subject,ActivityDate,Status,OwnerId,Description,IsDeleted,AccountId,IsClosed,CreatedDate,CallDurationInSeconds,CallType,TaskSubtype,CompletedDateTime\n\
             00T1,,006A00000000001,Call,2026-11-02,Completed,005A00000000001AAA,,,,1,2026-11-02T10:00:00.000+0000,125,Inbound,Call,2026-11-02T10:02:00.000+0000\n\
             00T2,,006A00000000001AAA,Email: Our proposal,2026-11-03,Completed,,,,,1,2026-11-03T10:00:00.000+0000,,,Email,\n\
             00T3,,006A00000000001AAA,Send the contract,2026-11-30,Not Started,,,,,,2026-11-03T10:00:00.000+0000,,,Task,\n\
             00T4,,006A00000000001AAA,Gone,2026-11-03,Completed,,,1,,1,2026-11-03T10:00:00.000+0000,,,Task,\n\
             00T5,,001A00000000002AAA,Follow up,2026-11-04,Completed,,,,001A00000000002AAA,1,2026-11-04T10:00:00.000+0000,,,Task,\n\
             00T6,,006A00000000009AAA,Call,2026-11-04,Completed,,,,,1,2026-11-04T10:00:00.000+0000,,,Call,\n",
        ),
        (
            "Event.csv",
            "Id,WhoId,WhatId,Subject,StartDateTime,EndDateTime,DurationInMinutes,ActivityDate,IsDeleted\n\
             00U1,,006A00000000001AAA,Demo with Kim,2026-11-05T09:00:00.000+0000,2026-11-05T10:30:00.000+0000,90,2026-11-05,\n\
             00U2,,006A00000000001AAA,Meeting,2026-12-05T09:00:00.000+0000,2026-12-05T10:00:00.000+0000,60,2026-12-05,\n",
        ),
        SALESFORCE,
        ACCOUNTS,
    ]);

    assert_eq!(
        desk.touches("plant"),
        [
            "2026-12-05T09:00:00Z out meeting 60",
            "2026-11-05T09:00:00Z out demo 90",
            "2026-11-03 out proposal -",
            "2026-11-02T10:02:00Z in call 3",
        ]
    );
    assert_eq!(desk.touches("yard"), ["2026-11-04 out message -"]);
    assert_eq!((report.by.deal, report.by.touch), (2, 6));
    assert_eq!((report.counts.skipped, report.orphans), (2, 1));
}

#[test]
fn activities_alone_go_to_deals_that_are_there_and_orphans_find_theirs_later() {
    let desk = Desk::new();
    let calls = (
        "calls.csv",
        "Record ID,Call title,Call direction,Call duration,Activity date,Associated Deal IDs\n\
         1,Call,INBOUND,90000,2026-11-02 10:00,8001\n\
         2,Call,OUTBOUND,,2026-11-03 10:00,8002;8001\n",
    );
    let one = (
        "one.csv",
        "Record ID,Deal Name,Deal Stage,Pipeline,Create Date\n8001,Plant,Proposal,Sales,2026-08-01\n",
    );
    let two = (
        "two.csv",
        "Record ID,Deal Name,Deal Stage,Pipeline,Create Date\n8002,Yard,Proposal,Sales,2026-08-01\n",
    );
    let orphans = desk.take(&[calls]);
    assert_eq!((orphans.counts.new, orphans.orphans), (2, 2));

    desk.take(&[one]);
    let found = desk.take(&[calls]);

    assert_eq!((found.counts.updated, found.orphans), (2, 0));
    desk.take(&[two]);
    desk.take(&[calls]);
    assert_eq!(desk.touches("plant")[0], "2026-11-02T10:00:00Z in call 2");
    assert_eq!(desk.touches("yard"), ["2026-11-03T10:00:00Z out call -"]);
    let undone = desk.store.latest(true).unwrap().unwrap();
    assert!(undone.what.contains("calls.csv"), "{}", undone.what);
}

#[test]
fn each_crm_has_its_own_shape_of_the_same_call_mail_and_meeting() {
    for (deals, files, expected) in [
        (
            "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Organization\n7,Plant,Proposal,Open,Northwind\n",
            vec![
                "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Duration,Activity - Done,Activity - Marked as done time,Deal,Organization\n\
                  1,Call Kim,Call,2026-11-02,10:00,00:30,Done,2026-11-02 10:40:00,Plant,Northwind\n\
                  2,Send it,Task,2026-11-20,,,Undone,,Plant,Northwind\n\
                  3,Meet,Meeting,2026-11-04,14:00,01:30,Done,2026-11-04 18:00:00,,Northwind\n",
            ],
            vec![
                "2026-11-04T14:00:00Z out meeting 90",
                "2026-11-02T10:00:00Z out call 30",
            ],
        ),
        (
            "Record Id,Deal Name,Deal Owner,Amount,Stage,Closing Date,Account Name\nzcrm_51,Plant,Ana,10,Proposal,2026-12-01,Northwind\n",
            vec![
                "Record Id,Call Owner,Subject,Call Type,Call Start Time,Call Duration,Related To.id,Related To\n\
                  zcrm_61,Ana,Hello,Inbound,2026-11-02 10:00:00,05:30,zcrm_51,Plant\n",
                "Record Id,Task Owner,Subject,Due Date,Status,Closed Time,Related To.id\n\
                  zcrm_62,Ana,Email Kim,2026-11-03,Completed,2026-11-03 12:00:00,zcrm_51\n\
                  zcrm_63,Ana,Email Kim,2026-11-30,Not Started,,zcrm_51\n\
                  zcrm_62,Ana,Email Kim,2026-11-03,Completed,2026-11-03 12:00:00,zcrm_51\n",
            ],
            vec![
                "2026-11-03T12:00:00Z out email -",
                "2026-11-02T10:00:00Z in call 6",
            ],
        ),
        (
            "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. revenue,Est. close date,Status,Sales Stage\n9b0ea2f4-1111-2222-3333-444455556666,Plant,Northwind,100,2026-12-01,Open,Propose\n",
            vec![
                "Subject,Regarding,Required Attendees,Start Time,End Time,Activity Status,Description\n\
                  Site visit,Plant,Kim; Lee,11/4/2026 9:00 AM,11/4/2026 10:00 AM,Completed,<p>hello</p>\n\
                  Site visit,Elsewhere,Kim,11/14/2026 9:00 AM,11/14/2026 10:00 AM,Completed,\n",
                "Subject,Regarding,From,To,Direction,Status Reason,Date Sent,Reply Count,Description\n\
                  Re: price,Plant,Kim,Ana,Incoming,Received,11/15/2026 8:00 PM,0,<div>No</div><br>From: Ana<br>Sent: Monday<br>all of it\n",
            ],
            vec![
                "2026-11-15T20:00:00Z in email -",
                "2026-11-04T09:00:00Z out meeting 60",
            ],
        ),
        (
            "id,name,accountName,amount,amountCurrency,stage,closeDate,assignedUserName\na1b2,Plant,Northwind,10,EUR,Proposal,2026-12-01,Ana\n",
            vec![
                "id,name,status,direction,dateStart,dateEnd,parentType,parentId,parentName,assignedUserName\n\
                  c1,Call,Held,Inbound,2026-11-02 10:00:00,2026-11-02 10:15:00,Opportunity,a1b2,Plant,Ana\n\
                  c2,Call,Planned,Outbound,2026-12-02 10:00:00,2026-12-02 10:15:00,Opportunity,a1b2,Plant,Ana\n",
            ],
            vec!["2026-11-02T10:00:00Z in call 15"],
        ),
        (
            "ID,Opportunity Name,Account Name,Opportunity Amount,Sales Stage,Expected Close Date\ns1,Plant,Northwind,10,Proposal,2026-12-01\n",
            vec![
                "ID,Subject,Status,Start Date,Duration Hours,Duration Minutes,Direction,Parent Type,Parent ID\n\
                  x1,Call,Held,2026-11-02 10:00:00,0,45,Outbound,Opportunities,s1\n",
                "ID,Subject,Status,Start Date,End Date,Duration Hours,Duration Minutes,Parent Type,Parent ID\n\
                  x2,Meet,Not Held,2026-11-03 10:00:00,2026-11-03 11:00:00,1,0,Opportunities,s1\n",
            ],
            vec![
                "2026-11-03T10:00:00Z out meeting 60",
                "2026-11-02T10:00:00Z out call 45",
            ],
        ),
        (
            "Name,Company,Company Id,Status,Value,Stage,Pipeline,Win Probability,Copper ID,Copper URL\nPlant,Northwind,5,Open,10,Proposal,Sales,50%,77,\n",
            vec![
                "Name,Details,Status,Owner,Due Date,Completed At,Activity Type,Related To,Copper ID\n\
                  Call Kim,,Completed,Ana,11/2/2026,11/2/2026,To Do,Plant,901\n\
                  Call Lee,,Open,Ana,11/30/2026,,To Do,Plant,902\n",
            ],
            vec!["2026-11-02 out call -"],
        ),
        (
            "id,lead_id,lead_name,status_label,status_type,value,value_currency,confidence,date_created,note\noppo_1,lead_1,Northwind,Proposal,active,10,EUR,50,2026-08-01,Plant\n",
            vec![
                "id,_type,lead_id,direction,duration,date_created,note,user_name\n\
                  acti_1,Call,lead_1,inbound,61,2026-11-02T10:00:00+00:00,hello there Kim,Ana\n",
            ],
            vec!["2026-11-02T10:00:00Z in call 2"],
        ),
        (
            "Opportunity,Customer,Salesperson,Expected Revenue,Stage,Probability,Expected Closing\nPlant,Northwind,Ana,10,Proposition,20,2026-12-01\n",
            vec![
                "Activity Type,Summary,Due Date,Document Name,Assigned to,Done Date\n\
                  Call,Kim,2026-11-02,Plant,Ana,2026-11-02\n\
                  Email,Kim,2026-12-02,Plant,Ana,\n",
            ],
            vec!["2026-11-02 out call -"],
        ),
        (
            "deal_id,title,account,stage,amount,created\n1,Plant,Northwind,Proposal,10,2026-08-01\n",
            vec![
                "date,type,direction,deal,minutes,note\n\
                  2026-11-02,call,in,Plant,20,they ask for more\n\
                  2026-11-03,e-mail,out,Plant,,hello\n\
                  2026-11-03,e-mail,out,Plant,,hello\n\
                  2026-11-04,note,,Plant,,they like it\n",
            ],
            vec!["2026-11-03 out email -", "2026-11-02 in call 20"],
        ),
    ] {
        let desk = Desk::new();
        let names = ["a.csv", "b.csv"];
        let mut all = vec![("deals.csv", deals)];
        all.extend(names.iter().copied().zip(files.iter().copied()));

        let report = desk.take_twice(&all);

        assert_eq!(desk.touches("plant"), expected, "{deals} {report:?}");
    }
}

#[test]
fn activities_of_pipedrive_are_touches_in_every_language_and_no_deals() {
    for (deals, activities) in [
        (
            "Deal - ID,Deal - Titel,Deal - Phase,Deal - Status\n7,Plant,Angebot,Offen\n",
            "Aktivität - Betreff,Aktivität - Typ,Aktivität - Fälligkeitsdatum,Aktivität - Erledigt,Deal - Titel,Deal - Phase,Deal - Wert\n\
             Preis,Anruf,2026-11-02,Erledigt,Plant,Angebot,100\nRückruf,Anruf,2026-12-02,Zu erledigen,Plant,Angebot,100\n",
        ),
        (
            "Negócio - ID,Negócio - Título,Negócio - Etapa,Negócio - Status\n7,Plant,Proposta,Aberto\n",
            "Negócio - Título,Negócio - Funil,Negócio - Etapa,Atividade - Assunto,Atividade - Tipo,Atividade - Status,Atividade - Data de vencimento\n\
             Plant,Vendas,Proposta,Ligar,Chamada,Concluída,2026-11-02\nPlant,Vendas,Proposta,Ligar,Chamada,A fazer,2026-12-02\n",
        ),
        (
            "Affaire - ID,Affaire - Titre,Affaire - Étape,Affaire - Statut\n7,Plant,Offre,Ouverte\n",
            "Activité - Sujet,Activité - Type,Activité - Date d'échéance,Activité - Terminé,Activité - Date d’ajout,Affaire - Titre,Affaire - Étape\n\
             Prix,Appel,2026-11-02,Terminé,2026-11-01 09:00:00,Plant,Offre\nPrix,Appel,2026-12-02,À faire,2026-11-01 09:00:00,Plant,Offre\n",
        ),
        (
            "Negocio - ID,Negocio - Título,Negocio - Etapa,Negocio - Estado\n7,Plant,Oferta,Abierto\n",
            "Negocio - ID,Negocio - Negocio creado el,Negocio - Propietario,Actividad - Tipo,Actividad - Asunto,Actividad - Hora en que se marcó como completada,Actividad - Fecha de vencimiento\n\
             7,2026-10-01 09:00:00,Ana,Llamada,Precio,2026-11-02,2026-11-02\n7,2026-10-01 09:00:00,Ana,Tarea,Precio,,2026-12-02\n",
        ),
    ] {
        let desk = Desk::new();

        let report = desk.take_twice(&[("deals.csv", deals), ("activities.csv", activities)]);

        assert_eq!(
            (report.by.deal, report.by.touch),
            (1, 1),
            "{deals} {report:?}"
        );
        assert_eq!(desk.touches("plant"), ["2026-11-02 out call -"], "{deals}");
    }
}

#[test]
fn the_stages_of_deals_in_zoho_are_moves_and_no_deals() {
    let desk = Desk::new();
    let deals = (
        "Deals.csv",
        "Record Id,Deal Name,Deal Owner,Amount,Stage,Closing Date,Account Name\n\
         zcrm_51,Plant,Ana,48000,Proposal,2026-12-18,Northwind\n",
    );
    let stages = (
        "Stage_History.csv",
        "Record Id,Deal Name.id,Deal Name,Stage,Stage Duration (Calendar Days),Probability (%),Moved To,Amount,Expected Revenue,Closing Date,Modified By.id,Modified By,Modified Time\n\
         zcrm_81,zcrm_51,Plant,Qualification,20,10,Proposal,48000,4800,2026-12-18,zcrm_3,Ana,2026-10-02 09:11:02\n\
         zcrm_82,zcrm_51,Plant,Proposal,,75,,48000,36000,2026-12-18,zcrm_3,Ana,2026-10-22 09:11:02\n",
    );
    let report = (
        "report.csv",
        "Opportunity Name,Opportunity Owner,Stage (Stage History),Pipeline,Amount (Stage History),Modified Time (Stage History)\n\
         Plant,Ana,Qualification,Sales,48000,2026-10-02 09:11:02\n\
         Plant,Ana,Proposal,Sales,48000,2026-10-22 09:11:02\n",
    );

    let taken = desk.take_twice(&[deals, stages]);
    assert_eq!(taken.by.deal, 1, "{taken:?}");
    desk.take(&[report]);

    assert_eq!(
        desk.moves("plant"),
        ["2026-10-22 stage Qualification>Proposal"]
    );
}

#[test]
fn a_report_of_activities_with_their_deals_is_both_and_a_task_says_nothing_of_its_deal() {
    let desk = Desk::new();
    let report = desk.take_twice(&[(
        "report.csv",
        "Opportunity Name,Opportunity Owner,Stage,Amount,Close Date,Subject,Type,Date,Assigned,Status\n\
         Plant,Ana,Negotiation/Review,48000,12/30/2026,Send the offer,Email,11/14/2026,Ana,Completed\n\
         Plant,Ana,Negotiation/Review,48000,12/30/2026,Write again,Email,12/14/2026,Ana,Not Started\n\
         Yard,Bo,Closed Won,900,09/30/2026,Onboarding,Call,12/14/2026,Bo,In Progress\n\
         Mill,Bo,Closed Lost,900,09/30/2026,Write a letter,Call,09/14/2026,Bo,Completed\n",
    )]);

    // The second row of a deal is the same again.
    assert_eq!(
        (report.counts.new, report.counts.same),
        (5, 1),
        "{report:?}"
    );
    assert_eq!(desk.touches("plant"), ["2026-11-14 out email -"]);
    assert_eq!(desk.touches("mill"), ["2026-09-14 out call -"]);
    let status = |words: &str| {
        let detail = desk.store.detail(desk.deal(words)).unwrap().unwrap();
        detail.deal.status
    };
    assert_eq!(
        [status("plant"), status("yard"), status("mill")],
        [Status::Open, Status::Won, Status::Lost]
    );
}

#[test]
fn a_report_of_activities_beside_the_deals_makes_none_of_its_own() {
    let desk = Desk::new();
    let report = desk.take_twice(&[
        SALESFORCE,
        (
            "report.csv",
            "Opportunity Name,Opportunity ID,Stage,Amount,Close Date,Subject,Date,Assigned,Status\n\
             Plant,006A00000000001,Closed Lost,48000,12/30/2026,Call,11/14/2026,Ana,Completed\n",
        ),
    ]);

    assert_eq!((report.by.deal, report.by.touch), (2, 1));
    assert_eq!(desk.touches("plant"), ["2026-11-14 out call -"]);
}

#[test]
fn a_history_that_is_all_there_is_keeps_the_stage_before_its_first_row() {
    let desk = Desk::new();
    desk.take_twice(&[(
        "history.csv",
        "Opportunity Name,Opportunity ID,From Stage,To Stage,Amount,Close Date,Last Modified,Opportunity Owner,Account Name\n\
         Plant,006A00000000001,Prospecting,Qualification,48000,12/18/2026,09/22/2026,Ana,Northwind\n\
         Plant,006A00000000001,Qualification,Proposal,52000,12/31/2026,10/22/2026,Ana,Northwind\n\
         Yard,006A00000000002,Negotiation,Closed Won,900,09/30/2026,09/30/2026,Bo,Contoso\n",
    )]);

    let mut moves = desk.moves("plant");
    moves.sort();
    assert_eq!(
        moves,
        [
            "2026-09-22 stage Prospecting>Qualification",
            "2026-10-22 amount 4800000>5200000",
            "2026-10-22 expected_close 2026-12-18>2026-12-31",
            "2026-10-22 stage Qualification>Proposal",
        ]
    );
    assert_eq!(
        desk.moves("yard"),
        ["2026-09-30 stage Negotiation>Closed Won"]
    );
}

#[test]
fn a_history_of_fields_in_german_is_one_of_salesforce() {
    let desk = Desk::new();
    let report = desk.take_twice(&[
        SALESFORCE,
        (
            "Verlauf.csv",
            "Opportunity-Name;Opportunity-ID;Feld/Ereignis;Alter Wert;Neuer Wert;Bearbeitungsdatum;Bearbeitet von\n\
             Plant;006A00000000001;Phase;Prospecting;Negotiation;02.11.2026 09:11;Ana\n\
             Plant;006A00000000001;Betrag;40.000,00;48.000,00;03.11.2026 09:11;Ana\n\
             Plant;006A00000000001;Schlusstermin;30.11.2026;18.12.2026;04.11.2026 09:11;Ana\n",
        ),
    ]);

    assert_eq!((report.by.deal, report.by.moved), (2, 3), "{report:?}");
    let mut moves = desk.moves("plant");
    moves.sort();
    assert_eq!(
        moves,
        [
            "2026-11-02 stage Prospecting>Negotiation",
            "2026-11-03 amount 4000000>4800000",
            "2026-11-04 expected_close 2026-11-30>2026-12-18",
        ]
    );
}

#[test]
fn a_history_gives_moves_their_own_days_and_is_one_with_what_imports_noticed() {
    let desk = Desk::new();
    desk.take(&[SALESFORCE]);
    let moved = SALESFORCE.1.replace(
        "Negotiation,35000,2026-12-29",
        "Negotiation,40000,2027-01-29",
    );
    desk.take(&[("Opportunity.csv", &moved)]);
    assert_eq!(desk.moves("plant").len(), 2, "noticed today");

    let report = desk.take_twice(&[(
        "OpportunityHistory.csv",
        "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate,Probability,IsDeleted\n\
         h3,006A00000000001AAA,2026-11-10T10:00:00.000+0000,Negotiation,40000,2027-01-29,90,\n\
         h1,006A00000000001AAA,2026-07-11T10:00:00.000+0000,Proposal,35000,2026-12-29,50,\n\
         h2,006A00000000001AAA,2026-09-10T10:00:00.000+0000,Negotiation,35000,2026-12-29,90,\n\
         h4,006A00000000009AAA,2026-09-10T10:00:00.000+0000,Negotiation,35000,2026-12-29,90,\n",
    )]);

    assert_eq!((report.by.moved, report.counts.skipped), (3, 1));
    let mut moves = desk.moves("plant");
    moves.sort();
    assert_eq!(
        moves,
        [
            "2026-09-10 stage Proposal>Negotiation",
            "2026-11-10 amount 3500000>4000000",
            "2026-11-10 expected_close 2026-12-29>2027-01-29",
        ]
    );
}

#[test]
fn contacts_come_by_role_and_by_account_with_title_and_mail() {
    let desk = Desk::new();
    desk.take_twice(&[
        SALESFORCE,
        ACCOUNTS,
        (
            "Contact.csv",
            "Id,AccountId,LastName,FirstName,Name,Email,Title\n\
             003A00000000001AAA,001A00000000001AAA,Fox,Dana,Dana Fox,d@n.example,CFO\n\
             003A00000000002AAA,,Lee,Kim,Kim Lee,k@n.example,Clerk\n\
             003A00000000003AAA,001A00000000009AAA,Poe,Al,Al Poe,a@n.example,\n",
        ),
        (
            "OpportunityContactRole.csv",
            "Id,OpportunityId,ContactId,Role,IsPrimary\n\
             00K1,006A00000000001AAA,003A00000000001AAA,Decision Maker,1\n\
             00K2,006A00000000001AAA,003A00000000002AAA,Influencer,\n",
        ),
    ]);

    assert_eq!(
        desk.contacts("plant"),
        [
            (Some("CFO".to_owned()), true),
            (Some("Clerk".to_owned()), false)
        ]
    );
}

#[test]
fn hubspot_tables_are_tied_by_their_links_and_merged_deals_go_to_the_survivor() {
    let desk = Desk::new();
    let report = desk.take_twice(&[
        (
            "deal.csv",
            "deal_id,portal_id,property_dealname,deal_pipeline_stage_id,property_createdate\n\
             11,472,Plant,st2,2026-08-01\n",
        ),
        ("merged_deal.csv", "deal_id,merged_deal_id,_fivetran_synced\n11,10,2026-01-01\n"),
        ("engagement_deal.csv", "deal_id,engagement_id,engagement_type,type_id,_fivetran_synced,category\n10,900,CALL,1,,\n"),
        (
            "engagement_call.csv",
            "engagement_id,property_hs_timestamp,property_hs_call_direction,property_hs_call_duration,type\n\
             900,2026-11-02 10:00:00,INBOUND,60000,CALL\n",
        ),
        (
            "deal_stage.csv",
            "_fivetran_start,deal_id,date_entered,source,source_id,value\n\
             2026-08-01 10:00:00,10,2026-08-01 10:00:00,x,y,st1\n\
             2026-09-01 10:00:00,11,2026-09-01 10:00:00,x,y,st2\n",
        ),
        (
            "stage.csv",
            "stage_id,label,closed_won,pipeline_id,probability\nst1,Qualified,FALSE,p,0.2\nst2,Proposal,FALSE,p,0.5\n",
        ),
    ]);

    assert_eq!(desk.touches("plant"), ["2026-11-02T10:00:00Z in call 1"]);
    assert_eq!(desk.moves("plant"), ["2026-09-01 stage Qualified>Proposal"]);
    assert_eq!(report.orphans, 0);
}

#[test]
fn notes_are_kept_once_as_text() {
    let desk = Desk::new();
    desk.take_twice(&[
        ("deals.csv", "Deal - ID,Deal - Title,Deal - Stage,Deal - Status\n7,Plant,Proposal,Open\n"),
        (
            "notes.csv",
            "Note - Content,Note - Creation date,Deal\n<p>They &amp; we</p>,2026-11-02,Plant\nNo deal,2026-11-02,\n",
        ),
    ]);

    assert_eq!(desk.notes("plant"), 1);
}

fn with_stages(stage: &str, qualified: &str, proposal: &str) -> String {
    let header = r#"Record ID,Deal Name,Pipeline,Deal Stage,Create Date,"Date entered ""Qualified (Sales)""","Date entered ""Proposal (Sales)""","Date entered ""Proposal (Renewals)""""#;
    format!("{header}\n1,Plant,Sales,{stage},2026-08-01,{qualified},{proposal},2026-08-02\n")
}

#[test]
fn columns_of_days_on_which_stages_were_entered_are_moves_with_their_days() {
    let desk = Desk::new();

    let first = with_stages("Qualified", "2026-08-05 09:00", "");
    desk.take(&[("deals.csv", &first)]);
    assert_eq!(desk.moves("plant"), [""; 0]);

    // The day of the column, not that of the import that notices.
    let second = with_stages("Proposal", "2026-08-05 09:00", "2026-10-01 09:00");
    desk.take(&[("deals.csv", &second)]);
    assert_eq!(desk.moves("plant"), ["2026-10-01 stage Qualified>Proposal"]);

    let again = desk.take(&[("deals.csv", &second)]);
    assert_eq!(again.counts.same, 1);
    assert_eq!(desk.moves("plant").len(), 1);
}

const DEALS: (&str, &str) = (
    "deals.csv",
    "Deal ID,Deal Name,Company,Amount,Stage,Created\n\
     101,Plant,Northwind,48000,Proposal,2026-06-01\n\
     102,Yard,Contoso,1000,Lead,2026-06-01\n",
);

#[test]
fn activities_in_any_language_are_touches_with_direction_and_minutes() {
    for (name, table) in [
        (
            "activites.csv",
            "Objet;Type;Date;Affaire;Société;Contact;Durée (min);Sens;Statut\n\
             Appel découverte;Appel;01/10/2026 09:00;Plant;Northwind;Dana Fox;20;Entrant;Terminé\n\
             Réunion;Réunion;15/10/2026 14:00;Yard;Contoso;Eli Stone;60;Sortant;Terminé\n\
             Relance;Appel;15/12/2026 14:00;Yard;Contoso;Eli Stone;;Sortant;À faire\n",
        ),
        (
            "actividades.csv",
            "Asunto;Tipo;Fecha;Negocio;Empresa;Duración;Dirección;Estado\n\
             Primera;Llamada;01/10/2026 09:00;Plant;Northwind;20 min;Entrante;Completada\n\
             Reunión;Reunión;15/10/2026 14:00;Yard;Contoso;1 h;Saliente;Completada\n\
             Otra;Llamada;15/12/2026 14:00;Yard;Contoso;;Saliente;Pendiente\n",
        ),
        (
            "dela.csv",
            "Тема;Тип;Дата;Сделка;Компания;Длительность;Направление;Статус\n\
             Цена;Звонок;01.10.2026 09:00;Plant;Northwind;00:20:00;Входящий;Завершено\n\
             Встреча;Встреча;15.10.2026 14:00;Yard;Contoso;60;Исходящий;Завершено\n\
             Ещё;Звонок;15.12.2026 14:00;Yard;Contoso;;Исходящий;Запланировано\n",
        ),
        (
            "anrufe.csv",
            "Aktivität - Betreff,Aktivität - Typ,Aktivität - Fälligkeitsdatum,Aktivität - Fälligkeitszeit,Aktivität - Dauer,Aktivität - Richtung,Aktivität - Erledigt,Aktivität - Deal\n\
             Preis,Anruf,2026-10-01,09:00,00:20,eingehend,Erledigt,Plant\n\
             Vor Ort,Besprechung,2026-10-15,14:00,01:00,ausgehend,Erledigt,Yard\n\
             Nachfassen,Anruf,2026-12-15,14:00,,ausgehend,Zu erledigen,Yard\n",
        ),
    ] {
        let desk = Desk::new();
        let report = desk.take_twice(&[(name, table), DEALS]);

        let day = |touches: Vec<String>| -> Vec<String> {
            let short =
                |line: String| format!("{}{}", &line[..10], &line[line.find(' ').unwrap()..]);
            touches.into_iter().map(short).collect()
        };
        assert_eq!(
            day(desk.touches("plant")),
            ["2026-10-01 in call 20"],
            "{name}"
        );
        assert_eq!(
            day(desk.touches("yard")),
            ["2026-10-15 out meeting 60"],
            "{name}"
        );
        assert_eq!(
            report.counts.skipped, 1,
            "{name}: what is to come is a plan"
        );
    }
}

#[test]
fn a_mail_that_names_only_addresses_goes_to_the_deal_of_its_person() {
    let desk = Desk::new();
    desk.take_twice(&[
        (
            "mails.csv",
            "Date,From,To,Subject,Body\n\
             \"Thu, 01 Oct 2026 09:00:00 +0000\",Dana Fox <dana@n.example>,ana@us.example,Re: price,ok\n\
             \"Fri, 02 Oct 2026 09:00:00 +0000\",ana@us.example,Dana Fox <dana@n.example>,price,here\n",
        ),
        (
            "contacts.csv",
            "Contact ID,First Name,Last Name,Email,Company,Deal ID\n1,Dana,Fox,dana@n.example,Northwind,101\n",
        ),
        DEALS,
    ]);

    assert_eq!(
        desk.touches("plant"),
        [
            "2026-10-02T09:00:00Z out email -",
            "2026-10-01T09:00:00Z in email -"
        ]
    );
}

#[test]
fn durations_that_cannot_be_minutes_are_seconds_or_milliseconds() {
    for (first, second) in [("600", "3660"), ("600000", "3660000")] {
        let desk = Desk::new();
        let calls = format!(
            "Call ID,Deal,Date,Type,Duration,Direction\n\
             1,Plant,2026-10-01,Call,{first},Inbound\n2,Plant,2026-10-02,Call,{second},Outbound\n"
        );
        let files = [("log.csv", calls.as_str()), DEALS];
        desk.take(&files);

        assert_eq!(
            desk.touches("plant"),
            ["2026-10-02 out call 61", "2026-10-01 in call 10"]
        );
        let export = open(&desk.write(&files), &options()).unwrap();
        let mut told = export.files().iter().flat_map(|file| &file.assumptions);
        assert!(told.any(|a| a.reading.contains("no unit is named")));
    }
}

#[test]
fn a_deal_with_its_id_in_brackets_and_a_person_with_the_address_are_found() {
    let desk = Desk::new();
    desk.take_twice(&[
        (
            "meetings.csv",
            "Record ID,Meeting name,Meeting start time,Meeting end time,Associated Deals,Associated Contacts\n\
             1,Review,2026-10-08 10:00,2026-10-08 11:00,Plant (900000000801),Dana Fox (d@n.example)\n",
        ),
        (
            "deals.csv",
            "Record ID,Deal Name,Deal Stage,Pipeline,Create Date\n900000000801,Plant,Proposal,Sales,2026-08-01\n",
        ),
    ]);

    assert_eq!(
        desk.touches("plant"),
        ["2026-10-08T10:00:00Z out meeting 60"]
    );
}

#[test]
fn contacts_and_history_in_german_are_read() {
    let desk = Desk::new();
    desk.take_twice(&[
        (
            "Kontakte.csv",
            "Vorname;Nachname;E-Mail;Firma;Position\nDana;Fox;d@n.example;Northwind;CFO\n",
        ),
        (
            "Verlauf.csv",
            "Deal ID;Feld;Alter Wert;Neuer Wert;Datum\n\
             101;Phase;Lead;Proposal;01.10.2026\n101;Abschlussdatum;01.12.2026;13.01.2027;02.10.2026\n",
        ),
        DEALS,
    ]);

    assert_eq!(desk.contacts("plant").len(), 1);
    assert_eq!(desk.moves("plant").len(), 2, "{:?}", desk.moves("plant"));
}

#[test]
fn a_tick_in_the_column_of_events_makes_a_meeting_of_a_report_of_activities() {
    let desk = Desk::new();
    desk.take_twice(&[
        (
            "report.csv",
            "Subject,Assigned,Company / Account,Opportunity,Task,Event,Date\n\
             Review of the offer,Ana,Northwind,Plant,0,1,2026-10-01\n\
             Papers,Ana,Northwind,Plant,1,0,2026-10-02\n",
        ),
        DEALS,
    ]);

    assert_eq!(
        desk.touches("plant"),
        ["2026-10-02 out message -", "2026-10-01 out meeting -"],
    );
}
