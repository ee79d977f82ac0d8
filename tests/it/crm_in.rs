//! What each CRM exports goes in with no option: for each one its deals, and every other kind of
//! file that the README says is read, in the shapes in which it writes them.

use std::collections::BTreeSet;

use serde_json::Value;
use walkaway::import::{GENERIC, crm_files};

use super::support::bench::Bench;

/// The files of one export.
struct Crm {
    name: &'static str,
    /// What a file is, and its text.
    files: &'static [(&'static str, &'static str)],
    /// The fields of its deals that must be known.
    fields: &'static str,
    /// Of the deal called Plant: account, and how many touches, contacts and moves it has.
    plant: (&'static str, usize, usize, usize),
}

const ALL: &[Crm] = &[
    Crm {
        name: "salesforce",
        files: &[
            (
                "deal",
                "Id,IsDeleted,AccountId,Name,StageName,Amount,Probability,CloseDate,Type,NextStep,LeadSource,IsClosed,IsWon,CurrencyIsoCode,OwnerId,CreatedDate,LastModifiedDate,LastActivityDate\n\
                 006Ec00000AieKFIAZ,,001Ec00000AieKFIAZ,Plant,Proposal/Price Quote,48000,75,2027-01-29,New,call Kim,Web,,,EUR,005Ec00000AieKFIAZ,2026-06-01T08:00:00.000+0000,2026-11-01T08:00:00.000+0000,2026-11-02\n\
                 006Ec00000AieKGIAZ,,001Ec00000AieKGIAZ,Yard,Closed Won,1000,100,2026-10-30,,,,1,1,USD,005Ec00000AieKFIAZ,2026-06-01T08:00:00.000+0000,2026-11-01T08:00:00.000+0000,\n",
            ),
            (
                "account",
                "Id,Name,BillingCity,Industry\n001Ec00000AieKFIAZ,Northwind,Ulm,Energy\n001Ec00000AieKGIAZ,Contoso,Bern,\n",
            ),
            (
                "contact",
                "Id,AccountId,LastName,FirstName,Email,Title,Phone\n003Ec00000AieKFIAZ,001Ec00000AieKFIAZ,Fox,Dana,d@n.example,CFO,\n",
            ),
            (
                "activity",
                "Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,IsClosed,CreatedDate,CallDurationInSeconds,CallType,TaskSubtype,CompletedDateTime\n\
                 00TEc00000AieKFIAZ,,006Ec00000AieKFIAZ,Call,2026-11-02,Completed,Normal,1,2026-11-02T09:00:00.000+0000,600,Outbound,Call,2026-11-02T09:15:00.000+0000\n",
            ),
            (
                "history",
                "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate,Probability\n\
                 008a,006Ec00000AieKFIAZ,2026-06-01T08:00:00.000+0000,Qualification,48000,2027-01-29,10\n\
                 008b,006Ec00000AieKFIAZ,2026-09-01T08:00:00.000+0000,Proposal/Price Quote,48000,2027-01-29,75\n",
            ),
        ],
        fields: "external_id account_id title stage amount currency probability close_date \
                 next_step lead_source is_closed is_won owner_id created updated last_activity",
        plant: ("Northwind", 1, 1, 1),
    },
    Crm {
        name: "hubspot",
        files: &[
            (
                "deal",
                "\u{feff}Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Close Date,Create Date,Deal owner,Deal probability,Last Activity Date,Next step,Closed Lost Reason,Associated Company IDs (Primary),Associated Company (Primary),Associated Contact IDs,Associated Contact\n\
                 900000000801,Plant,Presentation Scheduled,Sales Pipeline,48000,EUR,2027-01-29 10:00,2026-06-01 10:00,Ana Lima,0.6,2026-11-02 10:00,call Kim,,700000000801,Northwind (700000000801),600000000801;600000000802,Dana Fox (d@n.example)\n\
                 900000000802,Yard,Closed Lost,Sales Pipeline,1000,EUR,2026-10-30 10:00,2026-06-01 10:00,Ana Lima,0,,,Price,700000000802,Contoso (700000000802),,\n",
            ),
            (
                "account",
                "Record ID,Company name,Company owner,Create Date,City,Industry\n700000000801,Northwind,Ana Lima,2026-01-01 10:00,Ulm,ENERGY\n",
            ),
            (
                "contact",
                "Record ID,First Name,Last Name,Email,Job Title,Buying Role,Associated Company IDs (Primary),Associated Company (Primary)\n600000000801,Dana,Fox,d@n.example,CFO,Decision Maker,700000000801,Northwind\n",
            ),
            (
                "activity",
                "Record ID,Call title,Call direction,Call duration,Call outcome,Activity date,Activity assigned to,Associated Deal IDs,Associated Company IDs\n\
                 500000000801,Call,OUTBOUND,600000,Connected,2026-11-02 10:00,Ana Lima,900000000801,700000000801\n",
            ),
            (
                "activity",
                "Record ID,Email subject,Email direction,Email send status,Email body,Activity date,Activity assigned to,Associated Deal IDs\n\
                 500000000802,Price,INCOMING_EMAIL,SENT,<p>too dear</p>,2026-11-03 10:00,Ana Lima,900000000801\n",
            ),
            (
                "history",
                "deal_id,date_entered,source,value\n900000000801,2026-06-01 10:00:00,CRM_UI,Qualified To Buy\n900000000801,2026-09-01 10:00:00,CRM_UI,Presentation Scheduled\n",
            ),
        ],
        fields: "external_id title stage pipeline amount currency close_date created owner \
                 probability last_activity next_step lost_reason account_id account contact_id \
                 contact",
        plant: ("Northwind", 2, 1, 1),
    },
    Crm {
        name: "pipedrive",
        files: &[
            (
                "deal",
                "Deal - ID,Deal - Title,Deal - Organization,Deal - Contact person,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Stage,Deal - Pipeline,Deal - Status,Deal - Probability,Deal - Deal created,Deal - Expected close date,Deal - Won time,Deal - Lost time,Deal - Lost reason,Deal - Last activity date,Deal - Next activity date,Deal - Last stage change\n\
                 7,Plant,Northwind,Dana Fox,Ana Lima,48000,EUR,Demo Scheduled,Sales,Open,60,2026-06-01 08:00:00,2027-01-29,,,,2026-11-02,2026-11-30,2026-09-01 08:00:00\n\
                 8,Yard,Contoso,,Ana Lima,1000,EUR,Qualified,Sales,Lost,,2026-06-01 08:00:00,,,2026-10-30 08:00:00,price,,,\n",
            ),
            (
                "account",
                "Organization - ID,Organization - Name,Organization - Owner\n3,Northwind,Ana Lima\n",
            ),
            (
                "contact",
                "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Job title\n4,Dana Fox,Northwind,d@n.example,CFO\n",
            ),
            (
                "activity",
                "Activity - ID,Activity - Subject,Activity - Due date,Activity - Due time,Activity - Duration,Activity - Assigned to user,Activity - Note,Activity - Type,Activity - Done,Activity - Marked as done time,Activity - Creation date,Deal,Organization,Contact person\n\
                 1,Call Kim,2026-11-02,10:00,00:15,Ana Lima,,Call,Done,2026-11-02 10:20:00,2026-11-01 08:00:00,Plant,Northwind,Dana Fox\n\
                 2,Send it,2026-11-30,,,Ana Lima,,Task,Undone,,2026-11-01 08:00:00,Plant,Northwind,\n",
            ),
        ],
        fields: "external_id title account contact owner amount currency stage pipeline status \
                 probability created expected_close won_time lost_time lost_reason last_activity \
                 next_step_date stage_changed",
        plant: ("Northwind", 1, 1, 0),
    },
    Crm {
        name: "zoho",
        files: &[
            (
                "deal",
                "Record Id,Deal Name,Account Name.id,Account Name,Contact Name,Deal Owner,Amount,Currency,Stage,Pipeline,Probability (%),Closing Date,Created Time,Modified Time,Reason For Loss,Last Activity Time,Next Step,Lead Source,Description\n\
                 zcrm_5725767000000533001,Plant,zcrm_5725767000000511001,Northwind,Dana Fox,Ana Lima,48000,EUR,Needs Analysis,Standard,20,\"Jan 29, 2027\",\"01 Jun, 2026 08:00:00\",\"01 Nov, 2026 08:00:00\",,\"02 Nov, 2026 10:00:00\",call Kim,Web,<b>big</b>\n\
                 zcrm_5725767000000533002,Yard,,Contoso,,Ana Lima,1000,EUR,Closed Lost,Standard,100,\"Oct 30, 2026\",\"01 Jun, 2026 08:00:00\",,Price,,,,\n",
            ),
            (
                "account",
                "Record Id,Account Owner,Account Name,Industry\nzcrm_5725767000000511001,Ana Lima,Northwind,Energy\n",
            ),
            (
                "contact",
                "Record Id,Contact Owner,First Name,Last Name,Email,Title,Account Name.id,Account Name\nzcrm_5725767000000522001,Ana Lima,Dana,Fox,d@n.example,CFO,zcrm_5725767000000511001,Northwind\n",
            ),
            (
                "activity",
                "Record Id,Call Owner,Subject,Call Type,Call Start Time,Call Duration,Related To.id,Related To,Contact Name,Created Time\n\
                 zcrm_5725767000000544001,Ana Lima,Hello,Outbound,\"02 Nov, 2026 10:00:00\",05:30,zcrm_5725767000000533001,Plant,Dana Fox,\"02 Nov, 2026 11:00:00\"\n",
            ),
            (
                "history",
                "Stage,Amount,Stage Duration (Calendar Days),Modified Time,Deal Name.id,Deal Name,Closing Date\n\
                 Qualification,48000,92,\"01 Jun, 2026 08:00:00\",zcrm_5725767000000533001,Plant,\"Jan 29, 2027\"\n\
                 Needs Analysis,48000,60,\"01 Sep, 2026 08:00:00\",zcrm_5725767000000533001,Plant,\"Jan 29, 2027\"\n",
            ),
        ],
        fields: "external_id title account_id account contact owner amount currency stage pipeline \
                 probability close_date created updated lost_reason last_activity next_step \
                 lead_source notes",
        plant: ("Northwind", 1, 1, 1),
    },
    Crm {
        name: "dynamics",
        files: &[
            (
                "deal",
                "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Potential Customer,Contact,Est. close date,Est. revenue,Currency,Sales Stage,Probability,Status,Status Reason,Actual Close Date,Owner,Created On\r\n\
                 0f000000-0000-4000-8000-000000000001,aa==,11/1/2026 8:00 AM,Plant,Northwind,Dana Fox,1/29/2027,\"$48,000.00\",US Dollar,Propose,60,Open,In Progress,,Ana Lima,6/13/2026 8:00 AM\r\n\
                 0f000000-0000-4000-8000-000000000002,bb==,11/1/2026 8:00 AM,Yard,Contoso,,10/30/2026,\"$1,000.00\",US Dollar,Close,0,Lost,Out-Sold,10/30/2026,Ana Lima,6/13/2026\r\n",
            ),
            (
                "account",
                "(Do Not Modify) Account,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Account Name,Main Phone\r\n0a000000-0000-4000-8000-000000000001,aa==,11/1/2026 8:00 AM,Northwind,\r\n",
            ),
            (
                "contact",
                "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Full Name,Email,Company Name,Job Title\r\n0c000000-0000-4000-8000-000000000001,aa==,11/1/2026 8:00 AM,Dana Fox,d@n.example,Northwind,CFO\r\n",
            ),
            (
                "activity",
                "(Do Not Modify) Appointment,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Subject,Regarding,Required Attendees,Start Time,End Time,Status,Description\r\n\
                 0e000000-0000-4000-8000-000000000001,aa==,11/4/2026 11:00 AM,Site visit,Plant,Dana Fox; Ana Lima,11/4/2026 9:00 AM,11/4/2026 10:00 AM,Completed,\"<div>\nhello</div>\"\r\n",
            ),
        ],
        fields: "external_id title account contact expected_close amount currency stage \
                 probability status lost_reason closed owner created updated",
        plant: ("Northwind", 1, 1, 0),
    },
    Crm {
        name: "close",
        files: &[
            (
                "deal",
                "id,lead_id,lead_name,contact_name,user_name,status_label,status_type,pipeline_name,confidence,value,value_formatted,value_currency,value_period,note,expected_date,date_created,date_updated,date_won,date_lost\n\
                 oppo_1,lead_1,Northwind,Dana Fox,Ana Lima,Proposal,active,Sales,60,4800000,\"€48,000\",EUR,one_time,Plant,2027-01-29,2026-06-01T08:00:00.000000+00:00,2026-11-01T08:00:00.000000+00:00,,\n\
                 oppo_2,lead_2,Contoso,,Ana Lima,Lost,lost,Sales,0,100000,\"€1,000\",EUR,one_time,Yard,,2026-06-01T08:00:00.000000+00:00,2026-11-01T08:00:00.000000+00:00,,2026-10-30\n",
            ),
            (
                "account",
                "id,display_name,status_label,description,html_url,num_contacts\nlead_1,Northwind,Qualified,,https://app.close.com/lead/lead_1/,1\n",
            ),
            (
                "contact",
                "id,lead_id,lead_name,name,title,primary_email,primary_phone\ncont_1,lead_1,Northwind,Dana Fox,CFO,d@n.example,\n",
            ),
            (
                "activity",
                "id,_type,lead_id,opportunity_id,contact_id,user_name,direction,duration,date_created,note\n\
                 acti_1,Call,lead_1,,cont_1,Ana Lima,outbound,600,2026-11-02T10:00:00.000000+00:00,no news\n",
            ),
            (
                "history",
                "id,_type,opportunity_id,lead_id,old_status_label,new_status_label,date_created\n\
                 acti_9,OpportunityStatusChange,oppo_1,lead_1,Qualified,Proposal,2026-09-01T08:00:00.000000+00:00\n",
            ),
        ],
        fields: "external_id account_id account contact owner stage status pipeline probability \
                 amount amount_text currency amount_period title expected_close created updated \
                 close_date lost_time",
        plant: ("Northwind", 1, 1, 1),
    },
    Crm {
        name: "copper",
        files: &[
            (
                "deal",
                "Name,Primary Person Contact,Company,Company Id,Details,Status,Owner,Owner Id,Close Date,Completed Date,Value,Currency,Win Probability,Pipeline,Stage,Source,Loss Reason,Interaction Count,Last Contacted,Inactive Days,Created At,Updated At,Days in Stage,Last Stage At,Copper ID,Copper URL\n\
                 Plant,Dana Fox,Northwind,51,,Open,Ana Lima,9,1/29/2027,,48000,EUR,60%,Sales,Proposal,Web,,12,11/2/2026,20,6/13/2026,11/1/2026,60,9/1/2026,21,https://app.copper.com/companies/1/app#/deal/21\n\
                 Yard,,Contoso,52,,Abandoned,Ana Lima,9,10/30/2026,10/30/2026,1000,EUR,0%,Sales,Proposal,,price,1,,90,6/13/2026,11/1/2026,60,,22,https://app.copper.com/companies/1/app#/deal/22\n",
            ),
            (
                "account",
                "Name,Owner,Email Domain,Website,Street,City,Postal Code,Country,Copper ID,Copper URL\nNorthwind,Ana Lima,n.example,,,Ulm,,DE,51,https://app.copper.com/companies/1/app#/organization/51\n",
            ),
            (
                "contact",
                "Name,First Name,Last Name,Title,Company,Company Id,Email,Copper ID,Copper URL\nDana Fox,Dana,Fox,CFO,Northwind,51,d@n.example,41,\n",
            ),
            (
                "activity",
                "Name,Related To,Details,Status,Owner,Due Date,Completed At,Activity Type,Created At,Copper ID\n\
                 Call Kim,Plant,,Completed,Ana Lima,11/2/2026,11/2/2026,To Do,11/1/2026,61\n",
            ),
        ],
        fields: "title contact account account_id status owner owner_id expected_close closed \
                 amount currency probability pipeline stage lead_source lost_reason last_activity \
                 created updated stage_changed external_id url",
        plant: ("Northwind", 1, 1, 0),
    },
    Crm {
        name: "odoo",
        files: &[
            (
                "deal",
                "\"id\",\"Opportunity\",\"Customer\",\"Contact Name\",\"Salesperson\",\"Expected Revenue\",\"Stage\",\"Probability\",\"Active\",\"Created on\",\"Expected Closing\",\"Closed Date\",\"Lost Reason\",\"Last Stage Update\"\n\
                 \"__export__.crm_lead_1_a\",\"Plant\",\"Northwind\",\"Dana Fox\",\"Ana Lima\",\"48000.0\",\"Proposition\",\"60.0\",\"True\",\"2026-06-01 08:00:00\",\"2027-01-29\",\"\",\"\",\"2026-09-01 08:00:00\"\n\
                 \"__export__.crm_lead_2_b\",\"Yard\",\"Contoso\",\"\",\"Ana Lima\",\"1000.0\",\"Qualified\",\"0.0\",\"False\",\"2026-06-01 08:00:00\",\"\",\"2026-10-30 08:00:00\",\"Too expensive\",\"\"\n",
            ),
            (
                "contact",
                "\"id\",\"Display Name\",\"Name\",\"Is a Company\",\"Related Company\",\"Job Position\",\"Email\"\n\
                 \"__export__.res_partner_4_a\",\"Northwind, Dana Fox\",\"Dana Fox\",\"False\",\"Northwind\",\"CFO\",\"d@n.example\"\n",
            ),
            (
                "activity",
                "\"Activity Type\",\"Summary\",\"Due Date\",\"Document Name\",\"Assigned to\",\"Done Date\"\n\
                 \"Call\",\"Kim\",\"2026-11-02\",\"Plant\",\"Ana Lima\",\"2026-11-02\"\n\
                 \"To-Do\",\"Send it\",\"2026-11-30\",\"Plant\",\"Ana Lima\",\"\"\n",
            ),
            (
                "history",
                "\"Record Name\",\"Created on\",\"Field Description\",\"Old Value Char\",\"New Value Char\"\n\
                 \"Plant\",\"2026-09-01 08:00:00\",\"Stage\",\"Qualified\",\"Proposition\"\n",
            ),
        ],
        fields: "external_id title account contact owner amount stage probability active created \
                 expected_close closed lost_reason stage_changed",
        plant: ("Northwind", 1, 1, 1),
    },
    Crm {
        name: "espocrm",
        files: &[
            (
                "deal",
                "id;name;deleted;amount;amountCurrency;amountConverted;stage;lastStage;probability;leadSource;closeDate;description;createdAt;modifiedAt;accountId;accountName;contactsIds;assignedUserName\n\
                 5f1aaaaaaaaaaaaa1;Plant;0;48000,50;EUR;48000,50;Proposal;Proposal;50;Web;29.01.2027;'+49 1;01.06.2026 08:00;01.11.2026 08:00;5f1aaaaaaaaaaaaa8;Northwind;\"[\"\"5f1aaaaaaaaaaaaa9\"\"]\";Ana Lima\n\
                 5f1aaaaaaaaaaaaa2;Yard;0;1000,00;EUR;1000,00;Closed Lost;Proposal;0;;30.10.2026;;01.06.2026 08:00;;;Contoso;[];Ana Lima\n",
            ),
            (
                "account",
                "id,name,deleted,website,type,industry,billingAddressCity\n5f1aaaaaaaaaaaaa8,Northwind,0,,Customer,Energy,Ulm\n",
            ),
            (
                "contact",
                "id,name,firstName,lastName,title,emailAddress,accountId,accountName\n5f1aaaaaaaaaaaaa9,Dana Fox,Dana,Fox,CFO,d@n.example,5f1aaaaaaaaaaaaa8,Northwind\n",
            ),
            (
                "activity",
                "id,name,status,direction,dateStart,dateEnd,duration,parentType,parentId,parentName,assignedUserName\n\
                 5f1aaaaaaaaaaaaac,Call,Held,Outbound,2026-11-02 10:00:00,2026-11-02 10:15:00,900,Opportunity,5f1aaaaaaaaaaaaa1,Plant,Ana Lima\n",
            ),
        ],
        fields: "external_id title amount currency stage probability lead_source close_date notes \
                 created updated account_id account contact_id owner deleted",
        plant: ("Northwind", 1, 1, 0),
    },
    Crm {
        name: "suitecrm",
        files: &[
            (
                "deal",
                "Opportunity Name,ID,Account Name,Opportunity Amount,Currency,Sales Stage,Probability (%),Lead Source,Next Step,Description,Assigned to,Date Created,Date Modified,Expected Close Date,Deleted\n\
                 Plant,0e1a-1,Northwind,\"48,000.00\",EUR,Proposal/Price Quote,65,Web Site,call Kim,,Ana Lima,06/13/2026 08:00,11/01/2026 08:00,01/29/2027,0\n\
                 Yard,0e1a-2,Contoso,\"1,000.00\",EUR,Closed Lost,0,,,,Ana Lima,06/13/2026 08:00,11/01/2026 08:00,10/30/2026,0\n",
            ),
            (
                "account",
                "ID,Name,Office Phone,Website,Annual Revenue,Industry,Billing Street\n0e1a-5,Northwind,,,,Energy,\n",
            ),
            (
                "contact",
                "ID,First Name,Last Name,Title,Account Name,Email Address,Office Phone\n0e1a-6,Dana,Fox,CFO,Northwind,d@n.example,\n",
            ),
            (
                "activity",
                "ID,Subject,Status,Start Date,Duration Hours,Duration Minutes,Direction,Parent Type,Parent ID,Assigned to\n\
                 0e1a-7,Call,Held,11/02/2026 10:00,0,15,Outbound,Opportunities,0e1a-1,Ana Lima\n\
                 0e1a-8,Call,Held,11/13/2026 10:00,0,15,Inbound,Opportunities,0e1a-1,Ana Lima\n",
            ),
            (
                "history",
                "id,parent_id,date_created,created_by,field_name,data_type,before_value_string,after_value_string\n\
                 a,0e1a-1,2026-09-01 08:00:00,1,sales_stage,enum,Qualification,Proposal/Price Quote\n",
            ),
        ],
        fields: "title external_id account amount currency stage probability lead_source next_step \
                 owner created updated close_date deleted",
        plant: ("Northwind", 2, 1, 1),
    },
    Crm {
        name: "twenty",
        files: &[
            (
                "deal",
                "Id,Name,Amount / Amount,Amount / Currency,Stage,Close date,Company Id,Point of Contact Id,Creation date,Last update\n\
                 0b1c2d3e-0000-4000-8000-000000000001,Plant,48000,EUR,PROPOSAL,2027-01-29T00:00:00.000Z,0b1c2d3e-0000-4000-8000-0000000000c1,0b1c2d3e-0000-4000-8000-0000000000d1,2026-06-01T08:00:00.000Z,2026-11-01T08:00:00.000Z\n\
                 0b1c2d3e-0000-4000-8000-000000000002,Yard,1000,EUR,CUSTOMER,2026-10-30T00:00:00.000Z,,,2026-06-01T08:00:00.000Z,2026-11-01T08:00:00.000Z\n",
            ),
            (
                "account",
                "Id,Name,Domain Name / Link URL,Employees,Linkedin / Link URL,Address / Address City\n0b1c2d3e-0000-4000-8000-0000000000c1,Northwind,n.example,12,,Ulm\n",
            ),
            (
                "contact",
                "Id,Name / First Name,Name / Last Name,Emails / Primary Email,Job Title,Company Id\n0b1c2d3e-0000-4000-8000-0000000000d1,Dana,Fox,d@n.example,CFO,0b1c2d3e-0000-4000-8000-0000000000c1\n",
            ),
            (
                "activity",
                "Id,Title,Body / Markdown,Status,Due Date,Assignee Id,Creation date,Opportunity Id\n\
                 0b1c2d3e-0000-4000-8000-0000000000e1,Call Kim,,DONE,2026-11-02T10:00:00.000Z,,2026-11-01T10:00:00.000Z,0b1c2d3e-0000-4000-8000-000000000001\n\
                 0b1c2d3e-0000-4000-8000-0000000000e2,Call Lee,,TODO,2026-11-30T10:00:00.000Z,,2026-11-01T10:00:00.000Z,0b1c2d3e-0000-4000-8000-000000000001\n",
            ),
        ],
        fields: "external_id title amount currency stage close_date account_id contact_id created \
                 updated",
        plant: ("Northwind", 1, 1, 0),
    },
    Crm {
        name: "attio",
        files: &[
            (
                "deal",
                "Record ID,Name,Deal stage,Deal owner,Deal value,Associated people,Associated company,Created at,Last interaction\n\
                 aa-1,Plant,In Progress,Ana Lima,48000,Dana Fox,Northwind,2026-06-01T08:00:00.000Z,2026-11-02T10:00:00.000Z\n\
                 aa-2,Yard,Won 🎉,Ana Lima,1000,,Contoso,2026-06-01T08:00:00.000Z,\n",
            ),
            (
                "account",
                "Record ID,Record,Domains,Categories,Employee range\ncc-1,Northwind,n.example,Energy,11-50\n",
            ),
            (
                "contact",
                "Record ID,Name,Email addresses,Company,Job title\npp-1,Dana Fox,d@n.example,Northwind,CFO\n",
            ),
            (
                "activity",
                "Task ID,Content,Deadline,Is completed,Completed at,Linked record,Linked record ID,Assignees,Created at\n\
                 tt-1,Call Kim,2026-11-02T10:00:00.000Z,true,2026-11-02T10:30:00.000Z,Plant,aa-1,Ana Lima,2026-11-01T10:00:00.000Z\n",
            ),
        ],
        fields: "external_id title stage owner amount contact account created last_activity",
        plant: ("Northwind", 1, 1, 0),
    },
    Crm {
        name: "frappe",
        files: &[(
            "deal",
            "ID,Organization,Lead Name,Deal Owner,Deal Value,Currency,Status,Probability,Expected Closure Date,Closed Date,Lost Reason,Next Step,Created On\n\
             CRM-1,Northwind,Plant,ana@w.example,48000,EUR,Proposal/Quotation,50,2027-01-29,,,call Kim,2026-06-01 08:00:00\n\
             CRM-2,Contoso,Yard,ana@w.example,1000,EUR,Lost,0,2026-10-30,2026-10-30,Price,,2026-06-01 08:00:00\n",
        )],
        fields: "external_id account title owner amount currency stage probability expected_close \
                 closed lost_reason next_step created",
        plant: ("Northwind", 0, 0, 0),
    },
    Crm {
        name: "monday",
        files: &[(
            "deal",
            "Item ID,Deal Name,Owner code,Client Code,Deal Status,Deal Stage,Closure Probability,Masked Deal value,Tentative Close Date,Close Date (A),Created Date\n\
             31,Plant,OWNER_1,Northwind,Open,B. Sales Qualified Leads,Medium,48000,2027-01-29,,2026-06-01\n\
             32,Yard,OWNER_1,Contoso,Dead,G. Project Won,High,1000,,2026-10-30,2026-06-01\n",
        )],
        fields: "external_id title owner account status stage probability amount expected_close \
                 closed created",
        plant: ("Northwind", 0, 0, 0),
    },
    Crm {
        name: "bitrix24",
        files: &[(
            "deal",
            "ID;TITLE;STAGE_ID;STAGE_SEMANTIC_ID;OPPORTUNITY;CURRENCY_ID;PROBABILITY;ASSIGNED_BY_ID;DATE_CREATE;CLOSEDATE;SOURCE_ID;COMMENTS\n\
             7;Plant;C5:PREPARATION;P;48000.00;EUR;60;3;01.06.2026 08:00:00;29.01.2027;WEB;big\n\
             8;Yard;C5:LOSE;F;1000.00;EUR;0;3;01.06.2026 08:00:00;30.10.2026;;\n",
        )],
        fields: "external_id title stage status amount currency probability owner_id created \
                 close_date lead_source notes",
        plant: ("", 0, 0, 0),
    },
    Crm {
        name: "netsuite",
        files: &[(
            "deal",
            "Internal ID,Document Number,Title,Name,Sales Rep,Projected Total,Currency,Entity Status,Probability,Date Created,Expected Close,Win/Loss Reason,Lead Source,Memo\n\
             900,OPP1,Plant,Northwind,Ana Lima,48000.00,EUR,Proposal,60.0%,6/13/2026,1/29/2027,,Web,big\n\
             901,OPP2,Yard,Contoso,Ana Lima,1000.00,EUR,Closed Lost,0.0%,6/13/2026,10/30/2026,Price,,\n",
        )],
        fields: "external_id title account owner amount currency stage probability created \
                 expected_close lost_reason lead_source notes",
        plant: ("Northwind", 0, 0, 0),
    },
    Crm {
        name: "maximizer",
        files: &[(
            "deal",
            "Objective,Company/Individual,Contact,Leader,Revenue,Current Stage,Status,Probability of Close,Start Date,Close Date,Next Action,Source,Reason\n\
             Plant,Northwind,Dana Fox,Ana Lima,48000.00,Qualify,In Progress,60,1-Jun-2026,29-Jan-2027,call Kim,Web,\n\
             Yard,Contoso,,Ana Lima,1000.00,Qualify,Lost,0,1-Jun-2026,30-Oct-2026,,,Price\n",
        )],
        fields: "title account contact owner amount stage status probability created close_date \
                 next_step lead_source lost_reason",
        plant: ("Northwind", 0, 1, 0),
    },
];

/// The kinds of files that a CRM's own file says are read, as the README has them.
fn kinds(file: &str) -> BTreeSet<String> {
    let file: Value = toml_edit::de::from_str(file).unwrap();
    let objects = file["object"].as_array().unwrap().iter();
    let read = objects.filter(|object| object["columns"].is_object());
    read.map(|object| object["kind"].as_str().unwrap().to_owned())
        .filter(|kind| {
            !matches!(
                kind.as_str(),
                "user" | "stage" | "pipeline" | "link" | "other"
            )
        })
        .collect()
}

#[test]
fn every_kind_of_file_that_is_said_to_be_read_has_its_sample() {
    for (name, file) in crm_files().iter().filter(|(name, _)| *name != GENERIC) {
        let crm = ALL.iter().find(|crm| crm.name == *name);
        let crm = crm.unwrap_or_else(|| panic!("{name} has no sample"));
        let here: BTreeSet<String> = crm.files.iter().map(|(kind, _)| (*kind).into()).collect();
        assert_eq!(kinds(file), here, "{name}");
    }
}

#[test]
fn what_each_crm_exports_goes_in_with_no_option_and_once() {
    // All of them are tried, so that one run names all that fail.
    let failed = |crm: &&Crm| std::panic::catch_unwind(|| goes_in_once(crm)).is_err();
    let names: Vec<&str> = ALL.iter().filter(failed).map(|crm| crm.name).collect();
    assert!(names.is_empty(), "{names:?}");
}

fn goes_in_once(crm: &Crm) {
    let bench = Bench::new();
    let mut arguments = vec!["import".to_owned()];
    for (at, (kind, text)) in crm.files.iter().enumerate() {
        let name = format!("{at} {kind}.csv");
        bench.write(&name, text);
        arguments.push(name);
    }
    arguments.push("--json".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();

    let report = bench.run(&arguments).json();

    for (file, (kind, _)) in report["files"].as_array().unwrap().iter().zip(crm.files) {
        assert_eq!(file["crm"], crm.name, "{file:#}");
        assert_eq!(file["object"], *kind, "{file:#}");
        assert_eq!(file["used"], true, "{}: {file:#}", crm.name);
    }
    let count = |field: &str| report[field].as_u64().unwrap();
    assert_eq!(count("refused_rows"), 0, "{report:#}");
    assert_eq!(count("conflict"), 0, "{report:#}");
    let known = |column: &&Value| column["file"].as_str().unwrap().ends_with("deal.csv");
    let columns = report["columns"].as_array().unwrap();
    let fields: Vec<&str> = columns
        .iter()
        .filter(known)
        .filter_map(|column| column["field"].as_str())
        .collect();
    for field in crm.fields.split_whitespace() {
        assert!(fields.contains(&field), "{}: {field} {report:#}", crm.name);
    }

    let deals = bench.run(&["list", "--json"]).json();
    assert_eq!(deals.as_array().unwrap().len(), 2, "{}", crm.name);
    let plant = bench.run(&["show", "plant", "--json"]).json();
    let (account, touches, contacts, moves) = crm.plant;
    let of = |list: &str| plant[list].as_array().unwrap().len();
    let told = plant["account"].as_str().unwrap_or_default();
    assert_eq!(told, account, "{}", crm.name);
    let found = (of("touches"), of("contacts"), of("moves"));
    assert_eq!(found, (touches, contacts, moves), "{}: {plant:#}", crm.name);
    assert_eq!(plant["status"], "open", "{}", crm.name);
    assert_eq!(
        plant["amount"]["minor"].as_i64().map(|m| m / 100),
        Some(48_000),
        "{}",
        crm.name
    );
    let yard = bench.run(&["show", "yard", "--json"]).json();
    assert_ne!(yard["status"], "open", "{}", crm.name);

    let again = bench.run(&arguments).json();
    assert_eq!(again["action"], Value::Null, "{}: {again:#}", crm.name);
    assert_eq!((&again["new"], &again["updated"]), (&0.into(), &0.into()));
}
