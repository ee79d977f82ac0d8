//! Salesforce's export: a file an object, the names of the API, true as 1 and false as nothing.

use chrono::NaiveDate;

use super::ids::id;
use super::names::OWNERS;
use super::plan::{Outcome, Plan, Role, Step, Touch};
use super::table::{self, Table};
use super::{File, day_of};
use crate::domain::hours::Channel;

/// People of one deal have so many ids to themselves.
const PEOPLE: usize = 4;
/// So have its contacts, stages and moves of the close date.
const ROWS: usize = 256;

/// Returns the id of a deal.
pub(super) fn deal_id(place: usize) -> String {
    id("006", 700_000 + place)
}

fn account_id(place: usize) -> String {
    id("001", 500_000 + place)
}

fn user_id(owner: usize) -> String {
    id("005", 40_000 + owner)
}

fn contact_id(place: usize, person: usize) -> String {
    id("003", 900_000 + place * PEOPLE + person)
}

fn row_id(object: &str, place: usize, row: usize) -> String {
    id(object, 3_000_000 + place * ROWS + row)
}

fn flag(is_so: bool) -> &'static str {
    if is_so { "1" } else { "" }
}

/// Spells an instant; `at` is in minutes after midnight.
fn instant(today: NaiveDate, age: i64, at: u32) -> String {
    let day = day_of(today, age);
    format!("{day}T{:02}:{:02}:00.000+0000", at / 60, at % 60)
}

fn stage(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Contact => ("Prospecting", "10"),
        Step::Qualify => ("Qualification", "10"),
        Step::Needs => ("Needs Analysis", "20"),
        Step::Offer => ("Proposal/Price Quote", "75"),
        Step::Terms => ("Negotiation/Review", "90"),
        Step::Won => ("Closed Won", "100"),
        Step::Lost => ("Closed Lost", "0"),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Budget => "Economic Buyer",
        Role::Evaluator => "Evaluator",
        Role::User => "Business User",
    }
}

/// Writes every file as it was so many days before the day of the record.
pub(super) fn files(plans: &[Plan], today: NaiveDate, cut: i64) -> Vec<File> {
    let mut opportunities = Table::new(
        "Opportunity.csv",
        &[
            "Id",
            "IsDeleted",
            "AccountId",
            "Name",
            "Description",
            "StageName",
            "Amount",
            "Probability",
            "CloseDate",
            "Type",
            "NextStep",
            "LeadSource",
            "IsClosed",
            "IsWon",
            "CurrencyIsoCode",
            "OwnerId",
            "CreatedDate",
            "LastModifiedDate",
            "LastActivityDate",
            "LastStageChangeDate",
            "Loss_Reason__c",
            "Product__c",
        ],
    );
    let mut accounts = Table::new(
        "Account.csv",
        &[
            "Id",
            "IsDeleted",
            "Name",
            "BillingCity",
            "NumberOfEmployees",
            "OwnerId",
            "CreatedDate",
        ],
    );
    let mut contacts = Table::new(
        "Contact.csv",
        &[
            "Id",
            "IsDeleted",
            "AccountId",
            "LastName",
            "FirstName",
            "Name",
            "Email",
            "Title",
            "OwnerId",
            "CreatedDate",
        ],
    );
    let mut roles = Table::new(
        "OpportunityContactRole.csv",
        &[
            "Id",
            "OpportunityId",
            "ContactId",
            "Role",
            "IsPrimary",
            "CreatedDate",
            "IsDeleted",
        ],
    );
    let mut history = Table::new(
        "OpportunityHistory.csv",
        &[
            "Id",
            "OpportunityId",
            "CreatedById",
            "CreatedDate",
            "StageName",
            "Amount",
            "ExpectedRevenue",
            "CloseDate",
            "Probability",
            "ForecastCategory",
            "IsDeleted",
        ],
    );
    let mut tasks = Table::new(
        "Task.csv",
        &[
            "Id",
            "WhoId",
            "WhatId",
            "Subject",
            "ActivityDate",
            "Status",
            "Priority",
            "OwnerId",
            "Description",
            "IsDeleted",
            "AccountId",
            "IsClosed",
            "CreatedDate",
            "CallDurationInSeconds",
            "CallType",
            "TaskSubtype",
            "CompletedDateTime",
        ],
    );
    let mut events = Table::new(
        "Event.csv",
        &[
            "Id",
            "WhoId",
            "WhatId",
            "Subject",
            "Location",
            "ActivityDateTime",
            "ActivityDate",
            "DurationInMinutes",
            "StartDateTime",
            "EndDateTime",
            "Description",
            "AccountId",
            "OwnerId",
            "Type",
            "IsDeleted",
            "CreatedDate",
        ],
    );

    for plan in plans {
        let Some((step, entered)) = plan.stage(cut) else {
            continue;
        };
        let (deal, account) = (deal_id(plan.place), account_id(plan.place));
        let owner = user_id(plan.owner);
        let made = instant(today, plan.created(), 8 * 60 + 30);
        let amount = table::amount(plan.amount, plan.currency);
        let (stage_name, chance) = stage(step);
        let is_closed = matches!(step, Step::Won | Step::Lost);
        let last = plan.touches(cut).map(|touch| touch.age).min();
        opportunities.row(&[
            deal.as_str(),
            "",
            &account,
            &plan.title,
            "",
            stage_name,
            &amount,
            chance,
            &plan.close(cut).to_string(),
            "New Business",
            plan.next_step.unwrap_or(""),
            ["Web", "Referral", "Trade Show"][plan.place % 3],
            flag(is_closed),
            flag(step == Step::Won),
            plan.currency,
            &owner,
            &made,
            &instant(today, plan.changed(cut), 17 * 60),
            &last.map_or(String::new(), |age| table::day(today, age)),
            &instant(today, entered, 9 * 60),
            if step == Step::Lost {
                "No decision"
            } else {
                ""
            },
            plan.product,
        ]);
        let size = (20 + plan.place * 37 % 900).to_string();
        accounts.row(&[
            account.as_str(),
            "",
            &plan.account,
            "Tarnbridge",
            &size,
            &owner,
            &made,
        ]);
        for (nth, person) in plan.people.iter().enumerate() {
            let contact = contact_id(plan.place, nth);
            let (given, family) = &person.name;
            contacts.row(&[
                contact.as_str(),
                "",
                &account,
                family,
                given,
                &format!("{given} {family}"),
                &table::mail(given, family, plan.place, "customer"),
                person.card.unwrap_or(""),
                &owner,
                &made,
            ]);
            roles.row(&[
                row_id("00K", plan.place, nth).as_str(),
                &deal,
                &contact,
                person.role.map_or("", role),
                flag(nth == 0),
                &made,
                "",
            ]);
        }
        write_history(&mut history, plan, today, cut);
        for (nth, touch) in plan.touches(cut).enumerate() {
            if touch.is_meeting() {
                write_event(&mut events, plan, nth, touch, today);
            } else {
                write_task(&mut tasks, plan, nth, touch, today);
            }
        }
        for (nth, todo) in plan.todos.iter().enumerate().filter(|_| cut == 0) {
            tasks.row(&[
                row_id("00T", plan.place, ROWS - 1 - nth).as_str(),
                "",
                &deal,
                todo.subject,
                &table::day(today, todo.age),
                "Not Started",
                "Normal",
                &owner,
                "",
                "",
                &account,
                "",
                &instant(today, 4, 9 * 60),
                "",
                "",
                "Task",
                "",
            ]);
        }
    }
    let mut users = Table::new(
        "User.csv",
        &["Id", "Username", "LastName", "FirstName", "Name", "Email"],
    );
    for (nth, name) in OWNERS.iter().enumerate() {
        let (given, family) = name.split_once(' ').unwrap_or(("", name));
        let mail = table::mail(given, family, nth, "ours");
        users.row(&[user_id(nth).as_str(), &mail, family, given, name, &mail]);
    }
    [
        opportunities,
        accounts,
        contacts,
        roles,
        history,
        tasks,
        events,
        users,
    ]
    .map(Table::finish)
    .into()
}

/// A row for each stage that was entered and for each move of the close date.
fn write_history(history: &mut Table, plan: &Plan, today: NaiveDate, cut: i64) {
    let stages = plan.stages.iter().map(|(_, age)| *age);
    let moves = plan.closes.iter().map(|(_, age)| *age);
    let mut ages: Vec<i64> = stages.chain(moves).filter(|age| *age >= cut).collect();
    ages.sort_unstable_by(|a, b| b.cmp(a));
    ages.dedup();
    let amount = table::amount(plan.amount, plan.currency);
    for (nth, age) in ages.into_iter().enumerate() {
        let Some((step, _)) = plan.stage(age) else {
            continue;
        };
        let (stage_name, chance) = stage(step);
        let forecast = match step {
            Step::Won | Step::Lost => "Closed",
            Step::Contact | Step::Qualify | Step::Needs | Step::Offer | Step::Terms => "Pipeline",
        };
        history.row(&[
            row_id("008", plan.place, nth).as_str(),
            &deal_id(plan.place),
            &user_id(plan.owner),
            &instant(today, age, 9 * 60),
            stage_name,
            &amount,
            "",
            &plan.close(age).to_string(),
            chance,
            forecast,
            "",
        ]);
    }
}

/// A call or a mail, done.
fn write_task(tasks: &mut Table, plan: &Plan, nth: usize, touch: &Touch, today: NaiveDate) {
    let is_call = touch.way == Channel::Call;
    let (kind, mark) = if is_call {
        ("Call", "Call: ")
    } else {
        ("Email", "Email: ")
    };
    let seconds = touch
        .minutes
        .filter(|_| is_call)
        .map(|minutes| (minutes * 60).to_string());
    let at = instant(today, touch.age, touch.at);
    tasks.row(&[
        row_id("00T", plan.place, nth).as_str(),
        &contact_id(plan.place, touch.who),
        &deal_id(plan.place),
        &format!("{mark}{}", touch.title()),
        &table::day(today, touch.age),
        "Completed",
        "Normal",
        &user_id(plan.ours(touch)),
        touch.words,
        "",
        &account_id(plan.place),
        "1",
        &at,
        &seconds.unwrap_or_default(),
        if touch.is_inbound {
            "Inbound"
        } else {
            "Outbound"
        },
        kind,
        &at,
    ]);
}

/// A meeting, or the one that it was to be.
fn write_event(events: &mut Table, plan: &Plan, nth: usize, touch: &Touch, today: NaiveDate) {
    let mark = match touch.outcome {
        Outcome::Held => "",
        Outcome::Declined => "Declined: ",
        Outcome::Moved => "Rescheduled: ",
        Outcome::NoShow => "No show: ",
    };
    let kind = match touch.way {
        Channel::Demo => "Demo",
        Channel::Workshop => "Workshop",
        Channel::Trial => "Trial",
        Channel::Meeting
        | Channel::Email
        | Channel::Call
        | Channel::Message
        | Channel::Proposal
        | Channel::Quote => "Meeting",
    };
    let start = instant(today, touch.age, touch.at);
    events.row(&[
        row_id("00U", plan.place, nth).as_str(),
        &contact_id(plan.place, touch.who),
        &deal_id(plan.place),
        &format!("{mark}{}", touch.title()),
        "",
        &start,
        &table::day(today, touch.age),
        &touch.cost().to_string(),
        &start,
        &instant(today, touch.age, touch.at + touch.cost()),
        touch.words,
        &account_id(plan.place),
        &user_id(plan.ours(touch)),
        kind,
        "",
        &instant(today, touch.age + 2, 9 * 60),
    ]);
}
