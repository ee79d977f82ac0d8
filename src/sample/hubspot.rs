//! HubSpot's export: the labels of its own screens, and one file for each kind of activity.

use chrono::NaiveDate;

use super::names::OWNERS;
use super::plan::{Outcome, Plan, Role, Step, Touch};
use super::table::{self, Table};
use super::{File, day_of};
use crate::domain::hours::Channel;

const PEOPLE: usize = 4;
const ROWS: usize = 256;

/// What every kind of activity has.
const ACTIVITY: [&str; 9] = [
    "Record ID",
    "Activity type",
    "Title",
    "Body",
    "Activity date",
    "Activity assigned to",
    "Associated Contact IDs",
    "Associated Company IDs",
    "Associated Deal IDs",
];

/// Returns the id of a deal.
pub(super) fn deal_id(place: usize) -> String {
    (18_300_000_000 + place).to_string()
}

fn company_id(place: usize) -> String {
    (9_400_000_000 + place).to_string()
}

fn contact_id(place: usize, person: usize) -> String {
    (51_000 + place * PEOPLE + person).to_string()
}

fn activity_id(place: usize, row: usize) -> String {
    (62_000_000_000 + place * ROWS + row).to_string()
}

/// Spells an instant; `at` is in minutes after midnight.
fn instant(today: NaiveDate, age: i64, at: u32) -> String {
    format!("{} {:02}:{:02}", day_of(today, age), at / 60, at % 60)
}

fn stage(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Contact => ("Appointment Scheduled", "0.2"),
        Step::Qualify => ("Qualified To Buy", "0.4"),
        Step::Needs => ("Presentation Scheduled", "0.6"),
        Step::Offer => ("Proposal Sent", "0.7"),
        Step::Terms => ("Contract Sent", "0.9"),
        Step::Won => ("Closed Won", "1"),
        Step::Lost => ("Closed Lost", "0"),
    }
}

const STEPS: [Step; 7] = [
    Step::Contact,
    Step::Qualify,
    Step::Needs,
    Step::Offer,
    Step::Terms,
    Step::Won,
    Step::Lost,
];

fn role(role: Role) -> &'static str {
    match role {
        Role::Budget => "Budget Holder",
        Role::Evaluator => "Influencer",
        Role::User => "End User",
    }
}

fn with_more(headers: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    headers.iter().chain(more).copied().collect()
}

/// The files of activities.
struct Activities {
    calls: Table,
    emails: Table,
    meetings: Table,
    tasks: Table,
    notes: Table,
}

/// Writes every file as it was so many days before the day of the record.
pub(super) fn files(plans: &[Plan], today: NaiveDate, cut: i64) -> Vec<File> {
    let entered: Vec<String> = STEPS
        .iter()
        .map(|step| format!("Date entered \"{} (Sales Pipeline)\"", stage(*step).0))
        .collect();
    let mut headers = vec![
        "Record ID",
        "Deal Name",
        "Pipeline",
        "Deal Stage",
        "Amount",
        "Currency",
        "Close Date",
        "Create Date",
        "Deal owner",
        "Deal probability",
        "Next step",
        "Deal Description",
        "Closed Lost Reason",
        "Is Closed Won",
        "Is closed lost",
        "Last Activity Date",
        "Last Modified Date",
        "Associated Company",
        "Associated Company IDs (Primary)",
        "Associated Contact",
        "Associated Contact IDs",
    ];
    headers.extend(entered.iter().map(String::as_str));
    let mut deals = Table::new("deals.csv", &headers);
    let mut companies = Table::new(
        "companies.csv",
        &[
            "Record ID",
            "Company name",
            "Company Domain Name",
            "Company owner",
            "Create Date",
        ],
    );
    let mut contacts = Table::new(
        "contacts.csv",
        &[
            "Record ID",
            "First Name",
            "Last Name",
            "Email",
            "Job Title",
            "Buying Role",
            "Associated Company",
            "Associated Deal IDs",
            "Create Date",
        ],
    );
    let mut activities = Activities {
        calls: Table::new(
            "calls.csv",
            &with_more(
                &ACTIVITY,
                &["Call direction", "Call duration", "Call outcome"],
            ),
        ),
        emails: Table::new("emails.csv", &with_more(&ACTIVITY, &["Email direction"])),
        meetings: Table::new(
            "meetings.csv",
            &with_more(
                &ACTIVITY,
                &["Meeting outcome", "Meeting start time", "Meeting end time"],
            ),
        ),
        tasks: Table::new(
            "tasks.csv",
            &[
                "Record ID",
                "Task title",
                "Task body",
                "Due date",
                "Task status",
                "Task type",
                "Assigned to",
                "Completion date",
                "Associated Deal IDs",
            ],
        ),
        notes: Table::new("notes.csv", &ACTIVITY),
    };

    for plan in plans {
        let Some((step, _)) = plan.stage(cut) else {
            continue;
        };
        let owner = OWNERS[plan.owner];
        let (stage_name, chance) = stage(step);
        let made = instant(today, plan.created(), 8 * 60 + 30);
        let last = plan.touches(cut).map(|touch| touch.age).min();
        let people: Vec<String> = (0..plan.people.len())
            .map(|nth| contact_id(plan.place, nth))
            .collect();
        let names: Vec<String> = plan
            .people
            .iter()
            .map(|person| format!("{} {}", person.name.0, person.name.1))
            .collect();
        let mut row = vec![
            deal_id(plan.place),
            plan.title.clone(),
            "Sales Pipeline".to_owned(),
            stage_name.to_owned(),
            table::amount(plan.amount, plan.currency),
            plan.currency.to_owned(),
            plan.close(cut).to_string(),
            made.clone(),
            owner.to_owned(),
            chance.to_owned(),
            plan.next_step.unwrap_or("").to_owned(),
            String::new(),
            if step == Step::Lost {
                "No decision"
            } else {
                ""
            }
            .to_owned(),
            (step == Step::Won).to_string(),
            (step == Step::Lost).to_string(),
            last.map_or(String::new(), |age| instant(today, age, 17 * 60)),
            instant(today, plan.changed(cut), 17 * 60),
            plan.account.clone(),
            company_id(plan.place),
            names.join(";"),
            people.join(";"),
        ];
        row.extend(STEPS.iter().map(|step| {
            let found = plan
                .stages
                .iter()
                .find(|(other, age)| other == step && *age >= cut);
            found.map_or(String::new(), |(_, age)| instant(today, *age, 9 * 60))
        }));
        deals.row(&row);
        companies.row(&[
            company_id(plan.place).as_str(),
            &plan.account,
            &format!("company{}.example", plan.place),
            owner,
            &made,
        ]);
        for (nth, person) in plan.people.iter().enumerate() {
            let (given, family) = &person.name;
            contacts.row(&[
                contact_id(plan.place, nth).as_str(),
                given,
                family,
                &table::mail(given, family, plan.place, "customer"),
                person.card.unwrap_or(""),
                person.role.map_or("", role),
                &plan.account,
                &deal_id(plan.place),
                &made,
            ]);
        }
        for (nth, touch) in plan.touches(cut).enumerate() {
            activities.write(plan, nth, touch, today);
        }
        if cut == 0 {
            activities.write_plans(plan, today);
        }
    }
    let Activities {
        calls,
        emails,
        meetings,
        tasks,
        notes,
    } = activities;
    [
        deals, companies, contacts, calls, emails, meetings, tasks, notes,
    ]
    .map(Table::finish)
    .into()
}

impl Activities {
    fn write(&mut self, plan: &Plan, nth: usize, touch: &Touch, today: NaiveDate) {
        let at = instant(today, touch.age, touch.at);
        let kind = if touch.is_meeting() {
            "Meeting"
        } else if touch.way == Channel::Call {
            "Call"
        } else {
            "Email"
        };
        let mut row = vec![
            activity_id(plan.place, nth),
            kind.to_owned(),
            touch.title(),
            touch.words.to_owned(),
            at.clone(),
            OWNERS[plan.ours(touch)].to_owned(),
            contact_id(plan.place, touch.who),
            company_id(plan.place),
            deal_id(plan.place),
        ];
        let table = if touch.is_meeting() {
            let outcome = match touch.outcome {
                Outcome::Held => "Completed",
                Outcome::Declined => "Canceled",
                Outcome::Moved => "Rescheduled",
                Outcome::NoShow => "No show",
            };
            let end = instant(today, touch.age, touch.at + touch.cost());
            row.extend([outcome.to_owned(), at, end]);
            &mut self.meetings
        } else if touch.way == Channel::Call {
            let direction = if touch.is_inbound {
                "Inbound"
            } else {
                "Outbound"
            };
            let milliseconds = u64::from(touch.cost()) * 60_000;
            row.extend([
                direction.to_owned(),
                milliseconds.to_string(),
                "Connected".to_owned(),
            ]);
            &mut self.calls
        } else {
            let direction = if touch.is_inbound {
                "INCOMING_EMAIL"
            } else {
                "EMAIL"
            };
            row.push(direction.to_owned());
            &mut self.emails
        };
        table.row(&row);
    }

    /// What is planned, and what was written down.
    fn write_plans(&mut self, plan: &Plan, today: NaiveDate) {
        for (nth, todo) in plan.todos.iter().enumerate() {
            self.tasks.row(&[
                activity_id(plan.place, ROWS - 1 - nth).as_str(),
                todo.subject,
                "",
                &instant(today, todo.age, 9 * 60),
                "NOT_STARTED",
                "TODO",
                OWNERS[plan.owner],
                "",
                &deal_id(plan.place),
            ]);
        }
        for (nth, (age, text)) in plan.notes.iter().enumerate() {
            self.notes.row(&[
                activity_id(plan.place, ROWS - 9 - nth).as_str(),
                "Note",
                "",
                text,
                &instant(today, *age, 12 * 60),
                OWNERS[plan.owner],
                "",
                &company_id(plan.place),
                &deal_id(plan.place),
            ]);
        }
    }
}
