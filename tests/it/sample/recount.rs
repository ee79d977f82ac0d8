//! The sheet, counted again from the rows of the files alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Weekday};
use walkaway::sample::{Crm, File, Truth};

use super::{Rows, sample, today};

/// A contact as a row tells of it.
struct Contact {
    at: NaiveDateTime,
    is_inbound: bool,
    is_meeting: bool,
    /// Empty for one that took place.
    failed: &'static str,
    minutes: i64,
    who: String,
    ours: String,
    subject: String,
    words: String,
}

impl Contact {
    fn age(&self) -> i64 {
        (today() - self.at.date()).num_days()
    }

    fn is_theirs(&self) -> bool {
        self.is_inbound || (self.is_meeting && self.failed.is_empty())
    }

    fn has(&self, word: &str) -> bool {
        self.subject.contains(word)
    }
}

/// A deal as the rows of all files tell of it.
#[derive(Default)]
struct Deal {
    title: String,
    close: NaiveDate,
    created: NaiveDate,
    has_next_step: bool,
    stage: String,
    is_open: bool,
    value: Option<f64>,
    currency: String,
    contacts: Vec<Contact>,
    roles: HashMap<String, String>,
    cards: HashMap<String, String>,
    /// Days on which stages were entered, by their names.
    entered: BTreeMap<NaiveDate, String>,
    closes: Vec<(NaiveDateTime, NaiveDate)>,
}

fn instant(text: &str) -> NaiveDateTime {
    let text = text.replace('T', " ");
    NaiveDateTime::parse_from_str(&text[..16], "%Y-%m-%d %H:%M").unwrap()
}

fn minutes_of(subject: &str, is_inbound: bool) -> i64 {
    match subject {
        text if !is_inbound && text.contains("Quote") => 30,
        text if !is_inbound && text.contains("Proposal") => 120,
        _ => 10,
    }
}

fn salesforce(files: &[File]) -> HashMap<String, Deal> {
    let mut deals = HashMap::new();
    let users = Rows::of(files, "User.csv");
    let users = users
        .iter()
        .map(|row| (row["Id"].clone(), row["Name"].clone()));
    let users: HashMap<String, String> = users.collect();
    for row in Rows::of(files, "Opportunity.csv").iter() {
        let deal = Deal {
            title: row["Name"].clone(),
            close: row["CloseDate"].parse().unwrap(),
            created: instant(&row["CreatedDate"]).date(),
            has_next_step: !row["NextStep"].is_empty(),
            stage: row["StageName"].clone(),
            is_open: row["IsClosed"].is_empty(),
            value: row["Amount"].parse().ok(),
            currency: row["CurrencyIsoCode"].clone(),
            ..Deal::default()
        };
        deals.insert(row["Id"].clone(), deal);
    }
    for row in Rows::of(files, "Task.csv")
        .iter()
        .filter(|r| r["Status"] == "Completed")
    {
        let deal = deals.get_mut(&row["WhatId"]).unwrap();
        let is_inbound = row["CallType"] == "Inbound";
        let minutes = match row["CallDurationInSeconds"].as_str() {
            "" if row["TaskSubtype"] == "Call" => 20,
            "" => minutes_of(&row["Subject"], is_inbound),
            seconds => seconds.parse::<i64>().unwrap() / 60,
        };
        deal.contacts.push(Contact {
            at: instant(&row["CompletedDateTime"]),
            is_inbound,
            is_meeting: false,
            failed: "",
            minutes,
            who: row["WhoId"].clone(),
            ours: users[&row["OwnerId"]].clone(),
            subject: row["Subject"].clone(),
            words: row["Description"].clone(),
        });
        assert_eq!(row["ActivityDate"], row["CompletedDateTime"][..10]);
    }
    for row in Rows::of(files, "Event.csv").iter() {
        let deal = deals.get_mut(&row["WhatId"]).unwrap();
        let failed = match row["Subject"].split_once(": ").map(|(mark, _)| mark) {
            Some("Declined" | "Rescheduled") => "declined",
            Some("No show") => "no_shows",
            Some(_) | None => "",
        };
        deal.contacts.push(Contact {
            at: instant(&row["StartDateTime"]),
            is_inbound: false,
            is_meeting: true,
            failed,
            minutes: row["DurationInMinutes"].parse().unwrap(),
            who: row["WhoId"].clone(),
            ours: users[&row["OwnerId"]].clone(),
            subject: row["Subject"].clone(),
            words: row["Description"].clone(),
        });
    }
    for row in Rows::of(files, "OpportunityContactRole.csv").iter() {
        let deal = deals.get_mut(&row["OpportunityId"]).unwrap();
        deal.roles
            .insert(row["ContactId"].clone(), row["Role"].clone());
    }
    for row in Rows::of(files, "Contact.csv").iter() {
        for deal in deals
            .values_mut()
            .filter(|d| d.roles.contains_key(&row["Id"]))
        {
            deal.cards.insert(row["Id"].clone(), row["Title"].clone());
        }
    }
    for row in Rows::of(files, "OpportunityHistory.csv").iter() {
        let deal = deals.get_mut(&row["OpportunityId"]).unwrap();
        let at = instant(&row["CreatedDate"]);
        let last = deal.entered.values().next_back();
        if last != Some(&row["StageName"]) {
            deal.entered.insert(at.date(), row["StageName"].clone());
        }
        deal.closes.push((at, row["CloseDate"].parse().unwrap()));
    }
    deals
}

fn hubspot(files: &[File]) -> HashMap<String, Deal> {
    let mut deals = HashMap::new();
    for row in Rows::of(files, "deals.csv").iter() {
        let entered = row
            .iter()
            .filter(|(_, at)| !at.is_empty())
            .filter_map(|(header, at)| {
                let stage = header.strip_prefix("Date entered \"")?;
                let stage = stage.strip_suffix(" (Sales Pipeline)\"")?;
                Some((instant(at).date(), stage.to_owned()))
            });
        let deal = Deal {
            title: row["Deal Name"].clone(),
            close: row["Close Date"].parse().unwrap(),
            created: instant(&row["Create Date"]).date(),
            has_next_step: !row["Next step"].is_empty(),
            value: row["Amount"].parse().ok(),
            currency: row["Currency"].clone(),
            stage: row["Deal Stage"].clone(),
            is_open: row["Is Closed Won"] == "false" && row["Is closed lost"] == "false",
            entered: entered.collect(),
            ..Deal::default()
        };
        deals.insert(row["Record ID"].clone(), deal);
    }
    for name in ["calls.csv", "emails.csv", "meetings.csv"] {
        for row in Rows::of(files, name).iter() {
            let deal = deals.get_mut(&row["Associated Deal IDs"]).unwrap();
            let at = instant(&row["Activity date"]);
            let is_inbound = row
                .get("Email direction")
                .is_some_and(|d| d == "INCOMING_EMAIL")
                || row.get("Call direction").is_some_and(|d| d == "Inbound");
            let minutes = match name {
                "calls.csv" => row["Call duration"].parse::<i64>().unwrap() / 60_000,
                "emails.csv" => minutes_of(&row["Title"], is_inbound),
                _ => (instant(&row["Meeting end time"]) - at).num_minutes(),
            };
            let outcome = row.get("Meeting outcome").map_or("", String::as_str);
            deal.contacts.push(Contact {
                at,
                is_inbound,
                is_meeting: name == "meetings.csv",
                failed: match outcome {
                    "Canceled" | "Rescheduled" => "declined",
                    "No show" => "no_shows",
                    _ => "",
                },
                minutes,
                who: row["Associated Contact IDs"].clone(),
                ours: row["Activity assigned to"].clone(),
                subject: row["Title"].clone(),
                words: row["Body"].clone(),
            });
        }
    }
    for row in Rows::of(files, "contacts.csv").iter() {
        let deal = deals.get_mut(&row["Associated Deal IDs"]).unwrap();
        deal.roles
            .insert(row["Record ID"].clone(), row["Buying Role"].clone());
        deal.cards
            .insert(row["Record ID"].clone(), row["Job Title"].clone());
    }
    deals
}

/// Early, middle, proposal or negotiation, as its limit's factor.
fn factor(stage: &str) -> f64 {
    match stage {
        "Prospecting" | "Qualification" | "Appointment Scheduled" | "Qualified To Buy" => 1.5,
        "Needs Analysis" | "Presentation Scheduled" => 1.0,
        "Proposal/Price Quote" | "Proposal Sent" => 0.75,
        "Negotiation/Review" | "Contract Sent" => 0.5,
        other => panic!("{other}"),
    }
}

/// How many days three in four won deals were in each stage at most.
fn stage_limits(deals: &HashMap<String, Deal>) -> HashMap<String, i64> {
    let mut ages: HashMap<String, Vec<i64>> = HashMap::new();
    for deal in deals.values().filter(|deal| deal.stage == "Closed Won") {
        let stages: Vec<_> = deal.entered.iter().collect();
        for pair in stages.windows(2) {
            let days = (*pair[1].0 - *pair[0].0).num_days();
            ages.entry(pair[0].1.clone()).or_default().push(days);
        }
    }
    let limits = ages.into_iter().filter(|(_, ages)| ages.len() >= 20);
    limits
        .map(|(stage, mut ages)| {
            ages.sort_unstable();
            (stage, ages[(ages.len() * 3).div_ceil(4) - 1])
        })
        .collect()
}

type Signals = BTreeMap<&'static str, (&'static str, BTreeMap<&'static str, i64>)>;

/// Finds every signal that the rows of a deal show.
fn signals(deal: &Deal, limits: &HashMap<String, i64>) -> Signals {
    let mut found = Signals::new();
    let mut add = |id, level, figures: &[(&'static str, i64)]| {
        found.insert(id, (level, figures.iter().copied().collect()));
    };
    let amber_or = |is_red: bool| if is_red { "red" } else { "amber" };
    let contacts = &deal.contacts;
    let inbound: Vec<&Contact> = contacts.iter().filter(|c| c.is_inbound).collect();
    let factor = factor(&deal.stage);
    let is_late = factor < 1.0;

    let over = (today() - deal.close).num_days();
    if over > 0 {
        add("overdue", amber_or(over >= 30), &[("days", over)]);
    }
    let last = contacts
        .iter()
        .map(|c| c.at.date())
        .max()
        .unwrap_or(deal.created);
    let still = (today() - last).num_days();
    if still >= 45 {
        add("untouched", "amber", &[("days", still)]);
    }
    if !deal.has_next_step {
        add("no-next-step", "amber", &[]);
    }

    let last_act = contacts
        .iter()
        .filter(|c| c.is_theirs())
        .map(|c| c.at)
        .max();
    let waiting = contacts.iter().filter(|c| {
        !c.is_theirs() && c.failed.is_empty() && last_act.is_none_or(|last| c.at > last)
    });
    let waiting: Vec<&Contact> = waiting.collect();
    if let Some(first) = waiting.iter().map(|c| c.at.date()).min() {
        let since = last_act.map_or(first, |at| at.date());
        let days = (today() - since).num_days();
        let to_close = (deal.close - today()).num_days();
        let near = if (0..=14).contains(&to_close) {
            0.5
        } else {
            1.0
        };
        let ages: BTreeSet<i64> = waiting.iter().map(|c| c.age()).collect();
        let span = ages.last().unwrap() - ages.first().unwrap();
        let by_touches = waiting.len() >= 4 && ages.len() >= 3 && span > 7;
        let is_red = by_touches || days as f64 >= 30.0 * factor * near;
        if is_red || days as f64 >= 14.0 * factor * near {
            let unanswered = waiting.len() as i64;
            add(
                "dark",
                amber_or(is_red),
                &[("days", days), ("unanswered", unanswered)],
            );
        }
        let joint = ["Demo", "Workshop", "Trial", "Proposal"];
        let worked = contacts
            .iter()
            .filter(|c| joint.iter().any(|word| c.has(word)));
        if is_red
            && worked
                .map(|c| c.at.date())
                .max()
                .is_some_and(|day| day >= since)
        {
            add("dark-after-work", "red", &[("days", days)]);
        }
    }

    let recent = |c: &&&Contact| c.age() <= 60;
    let theirs = inbound.iter().filter(recent).count() as i64;
    let ours = contacts
        .iter()
        .filter(|c| !c.is_inbound && c.age() <= 60)
        .count() as i64;
    if ours > 3 * theirs && ours + theirs >= 8 {
        add("one-sided", "amber", &[("out", ours), ("in", theirs)]);
    }
    let mut by_time = inbound.clone();
    by_time.sort_by_key(|c| c.at);
    let curt = by_time.iter().rev().take(3);
    let curt = curt.filter(|c| (1..=2).contains(&c.words.split_whitespace().count()));
    if curt.count() == 3 {
        add("curt", "amber", &[("touches", 3)]);
    }
    let failed = |how| contacts.iter().filter(|c| c.failed == how).count() as i64;
    let (declined, no_shows) = (failed("declined"), failed("no_shows"));
    let refused = declined + no_shows;
    if no_shows > 0 && refused >= 2 {
        let figures = [("refused", refused), ("no_shows", no_shows)];
        add(
            "won't-meet",
            amber_or(no_shows >= 2 || refused >= 3),
            &figures,
        );
    } else if refused >= 2 {
        add(
            "won't-meet",
            amber_or(refused >= 3),
            &[("refused", refused)],
        );
    }
    let is_off = |c: &&&Contact| {
        let is_weekend = matches!(c.at.weekday(), Weekday::Sat | Weekday::Sun);
        is_weekend || !(8..18).contains(&c.at.hour())
    };
    let off = inbound.iter().filter(is_off).count();
    if off * 3 > inbound.len() && inbound.len() >= 3 {
        add(
            "after-hours",
            "amber",
            &[("touches", off as i64), ("of", inbound.len() as i64)],
        );
    }
    let mut copies: HashMap<&str, i64> = HashMap::new();
    for sent in contacts.iter().filter(|c| !c.is_inbound && c.has("Q-")) {
        *copies.entry(&sent.subject).or_default() += 1;
    }
    let most = copies.into_values().max().unwrap_or(0);
    if most >= 3 {
        add("re-quoted", amber_or(most >= 4), &[("times", most)]);
    }
    let asks = inbound.iter().filter(|c| c.words.contains("send")).count() as i64;
    if asks >= 3 {
        add("info-drip", "amber", &[("requests", asks)]);
    }

    if is_late && deal.roles.len() == 1 {
        add("one-contact", "amber", &[]);
    }
    let signs = ["Economic Buyer", "Budget Holder"];
    let is_met = deal.roles.iter().any(|(id, role)| {
        let is_held = |c: &Contact| c.who == *id && c.is_meeting && c.failed.is_empty();
        signs.contains(&role.as_str()) && contacts.iter().any(is_held)
    });
    let sponsors = deal.roles.iter().filter(|(id, role)| {
        let is_held = |c: &Contact| c.who == **id && c.is_meeting && c.failed.is_empty();
        signs.contains(&role.as_str()) && contacts.iter().any(is_held)
    });
    let sponsors = sponsors.count() as i64;
    if sponsors > 0 {
        add("speaks-for", "good", &[("sponsor", sponsors)]);
    }
    if is_late && deal.roles.values().any(|role| !role.is_empty()) && !is_met {
        add("no-power", "red", &[]);
    }
    let mut steps: Vec<usize> = by_time
        .iter()
        .filter_map(|c| {
            let cards = ["Assistant", "Head of Finance", "Chief Financial Officer"];
            cards
                .iter()
                .position(|card| deal.cards.get(&c.who).is_some_and(|at| at == card))
        })
        .collect();
    steps.dedup();
    let downs = steps.windows(2).filter(|pair| pair[1] < pair[0]).count();
    if downs > 0 {
        add(
            "handed-down",
            amber_or(downs > 1),
            &[("times", downs as i64)],
        );
    }

    let mut closes = deal.closes.clone();
    closes.sort();
    let moves = closes
        .windows(2)
        .filter(|pair| pair[1].1 > pair[0].1)
        .count() as i64;
    if moves >= 2 {
        add("slipped", amber_or(moves >= 3), &[("moves", moves)]);
    }
    if let (Some((since, stage)), false) = (deal.entered.last_key_value(), limits.is_empty()) {
        assert_eq!(*stage, deal.stage);
        let age = (today() - *since).num_days();
        if age > limits[stage] {
            add("stale-stage", "amber", &[("days", age)]);
        }
    }
    found
}

/// Our seniors, as the sheet of acts names them.
fn seniors(sheet: &str) -> BTreeSet<String> {
    let people = sheet.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let (name, senior) = cells[4].split_once(" | ")?;
        (cells[3] == "person" && senior == "senior=yes").then(|| name.to_owned())
    });
    people.collect()
}

/// How many of the first two meetings, and of those in closing, no senior of ours was in.
fn alone(deal: &Deal, seniors: &BTreeSet<String>) -> Option<(usize, usize)> {
    let mut held: Vec<&Contact> = deal
        .contacts
        .iter()
        .filter(|c| c.is_meeting && c.failed.is_empty() && !c.has("Trial"))
        .collect();
    held.sort_by_key(|c| c.at);
    let is_senior = |c: &&&Contact| seniors.contains(&c.ours);
    let first = held.iter().take(2);
    let at_start = held.len() >= 2 && first.filter(is_senior).count() == 0;
    let closing = ["Negotiation/Review", "Contract Sent"].contains(&deal.stage.as_str());
    let since = deal.entered.last_key_value().map(|(day, _)| *day);
    let closing = held
        .iter()
        .filter(|c| closing && since.is_some_and(|day| c.at.date() >= day));
    let (seniors, others): (Vec<&&Contact>, Vec<_>) = closing.partition(|c| is_senior(c));
    let in_closing = if seniors.is_empty() { others.len() } else { 0 };
    let joined = held.iter().filter(is_senior).count() > 0;
    let start = if at_start { 2 } else { 0 };
    let is_it = in_closing > 0 || (at_start && !joined);
    is_it.then_some((start, in_closing))
}

/// The hours of a deal.
fn hours(deal: &Deal) -> f64 {
    let minutes: i64 = deal.contacts.iter().map(|c| c.minutes).sum();
    (minutes as f64 / 60.0 * 100.0).round() / 100.0
}

/// The hours that each deal's value warrants among the open ones of its currency, five at least.
fn warranted(deals: &HashMap<String, Deal>) -> HashMap<String, f64> {
    let open = || deals.iter().filter(|(_, d)| d.is_open && d.value.is_some());
    let each = open().filter_map(|(id, deal)| {
        let same: Vec<&Deal> = open()
            .map(|(_, other)| other)
            .filter(|other| other.currency == deal.currency)
            .collect();
        let all: f64 = same.iter().filter_map(|d| d.value).sum();
        let spent: f64 = same.iter().map(|d| hours(d)).sum();
        (same.len() >= 5).then(|| (id.clone(), spent * deal.value.unwrap() / all))
    });
    each.collect()
}

fn compare(truth: &Truth, deal: &Deal, limits: &HashMap<String, i64>, warranted: Option<f64>) {
    let name = format!("{} ({}, {})", truth.id, truth.story, truth.phase);
    let planted: Signals = truth
        .signals
        .iter()
        .map(|p| (p.id, (p.level, p.figures.iter().copied().collect())))
        .collect();
    let mut found = signals(deal, limits);
    let spent = hours(deal);
    if let Some(warranted) = warranted.filter(|w| spent >= 8.0 && spent > 2.0 * w) {
        let figures = [("hours", spent), ("warranted", warranted)];
        let figures = figures.map(|(name, hours)| (name, hours.round() as i64));
        found.insert("heavy", ("amber", figures.into()));
    }
    assert_eq!(planted, found, "{name}");
    assert_eq!(truth.title, deal.title, "{name}");
    assert_eq!(truth.expected_close, deal.close, "{name}");

    let contacts = &deal.contacts;
    let day_of = |days: &mut dyn Iterator<Item = &Contact>| days.map(|c| c.at.date()).max();
    assert_eq!(truth.last_touch, day_of(&mut contacts.iter()), "{name}");
    let last_inbound = day_of(&mut contacts.iter().filter(|c| c.is_inbound));
    assert_eq!(truth.last_inbound, last_inbound, "{name}");

    let sum = |days: i64| -> f64 {
        let within = contacts.iter().filter(|c| c.age() < days);
        within.map(|c| c.minutes).sum::<i64>() as f64 / 60.0
    };
    let per_week = (sum(28) / 4.0).max(sum(84) / 12.0);
    let weeks = (deal.close - today()).num_days() as f64 / 7.0;
    let weeks = if weeks < 0.0 {
        12.0
    } else {
        weeks.clamp(1.0, 12.0)
    };
    let is_same = |hundredths: u64, hours: f64| (hundredths as f64 - hours * 100.0).abs() <= 0.5001;
    assert!(is_same(truth.spent, sum(100_000)), "{name}");
    assert!(
        is_same(truth.per_week, per_week.max(0.1)),
        "{name}: {per_week}"
    );
    assert!(
        is_same(truth.at_stake, per_week.max(0.1) * weeks),
        "{name}: {per_week} x {weeks}"
    );
    assert_eq!(truth.assumed, per_week < 0.1, "{name}");

    let silent =
        |day: Option<NaiveDate>, days| day.is_none_or(|day| today() - day >= Duration::days(days));
    let last = truth.last_touch.max(Some(deal.created));
    let is_dead = silent(last_inbound, 60)
        && silent(last, 45)
        && (today() - deal.close >= Duration::days(30) || !deal.has_next_step);
    assert_eq!(truth.is_dead_on_paper, is_dead, "{name}");
}

#[test]
fn the_sheet_is_true_of_the_rows_of_either_crm() {
    for (crm, seed, deals) in [
        (Crm::Salesforce, 1, 500),
        (Crm::Hubspot, 1, 500),
        (Crm::Salesforce, 2, 120),
        (Crm::Hubspot, 3, 2_000),
    ] {
        let sample = sample(crm, seed, deals);
        let files = sample.files();
        let told = match crm {
            Crm::Salesforce => salesforce(&files),
            Crm::Hubspot => hubspot(&files),
        };
        let limits = stage_limits(&told);
        let truths = sample.truths();
        let (warranted, seniors) = (warranted(&told), seniors(&sample.acts_sheet()));
        assert_eq!(seniors.len(), 2);

        assert_eq!(
            truths.len(),
            told.values().filter(|deal| deal.is_open).count()
        );
        for truth in &truths {
            let deal = &told[&truth.id];
            compare(truth, deal, &limits, warranted.get(&truth.id).copied());
            let found = alone(deal, &seniors);
            let sheet = truth.with_people.first().map(|one| {
                let of = |name| one.figures.iter().find(|(n, _)| *n == name);
                let count = |name| of(name).map_or(0, |(_, count)| *count as usize);
                (count("start"), count("close"))
            });
            assert_eq!(sheet, found, "{} ({})", truth.id, truth.story);
        }
    }
}

#[test]
fn every_signal_that_a_file_can_show_is_planted_in_each_of_its_levels() {
    let truths = sample(Crm::Salesforce, 1, 500).truths();
    let planted: BTreeSet<String> = truths
        .iter()
        .flat_map(|truth| truth.signals.iter().chain(&truth.with_people))
        .map(|p| format!("{}:{}", p.id, p.level))
        .collect();

    for signal in [
        "after-hours:amber",
        "curt:amber",
        "dark-after-work:red",
        "dark:amber",
        "dark:red",
        "handed-down:amber",
        "heavy:amber",
        "junior-alone:amber",
        "speaks-for:good",
        "handed-down:red",
        "info-drip:amber",
        "no-next-step:amber",
        "no-power:red",
        "one-contact:amber",
        "one-sided:amber",
        "overdue:amber",
        "overdue:red",
        "re-quoted:amber",
        "re-quoted:red",
        "slipped:amber",
        "slipped:red",
        "stale-stage:amber",
        "untouched:amber",
        "won't-meet:amber",
        "won't-meet:red",
    ] {
        assert!(planted.contains(signal), "{signal}");
    }
    assert!(truths.iter().any(|truth| truth.is_dead_on_paper));
}
