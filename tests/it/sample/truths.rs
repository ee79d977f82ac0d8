//! The program against the sheet of truths: generated exports go in through `import`, and what
//! `list --json` says of every open deal is what was planted, to the last signal and figure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;
use walkaway::sample::{ActLine, Crm, Fate, File, Outcome, Planted, Sample, Truth};

use super::super::support::bench::Bench;
use super::{sample, today};

/// What a deal shows: the level and the figures of each signal by its id.
type Shown = BTreeMap<String, String>;

fn write(bench: &Bench, folder: &str, files: &[File]) -> Vec<String> {
    std::fs::create_dir_all(bench.path(folder)).unwrap();
    let names = files.iter().map(|file| format!("{folder}/{}", file.name));
    let names: Vec<String> = names.collect();
    for (file, name) in files.iter().zip(&names) {
        bench.write(name, &file.text);
    }
    names
}

fn import(bench: &Bench, folder: &str, files: &[File]) -> Value {
    let names = write(bench, folder, files);
    let names = names.iter().map(String::as_str);
    let args: Vec<&str> = ["import", "--json"].into_iter().chain(names).collect();
    bench.run(&args).json()
}

/// The open deals of the pipeline in the order of the queue.
fn open(bench: &Bench) -> Vec<Value> {
    let listed = bench
        .run(&["list", "--json", "--filter", "status:open"])
        .json();
    listed.as_array().unwrap().clone()
}

fn figures(figures: impl Iterator<Item = (String, i64)>) -> String {
    let mut all: Vec<String> = figures
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    all.sort();
    all.join(", ")
}

fn shown(deal: &Value) -> Shown {
    let signals = deal["signals"].as_array().unwrap().iter();
    let signals = signals.map(|signal| {
        let of = signal["figures"].as_object().unwrap();
        let of = of
            .iter()
            .map(|(name, count)| (name.clone(), count.as_i64().unwrap_or(-1)));
        let level = signal["level"].as_str().unwrap();
        let id = signal["id"].as_str().unwrap().to_owned();
        (id, format!("{level} {}", figures(of)))
    });
    signals.collect()
}

fn planted<'p>(planted: impl Iterator<Item = &'p Planted>) -> Shown {
    let each = planted.map(|one| {
        let of = one
            .figures
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count));
        (one.id.to_owned(), format!("{} {}", one.level, figures(of)))
    });
    each.collect()
}

/// Says what a deal has too much and too little.
fn differences(found: &Shown, expected: &Shown) -> Vec<String> {
    let more = found
        .iter()
        .filter(|(id, how)| expected.get(*id) != Some(how));
    let less = expected
        .iter()
        .filter(|(id, how)| found.get(*id) != Some(how));
    let more = more.map(|(id, how)| format!("+ {id}: {how}"));
    more.chain(less.map(|(id, how)| format!("- {id}: {how}")))
        .collect()
}

fn hundredths(value: &Value) -> u64 {
    (value.as_f64().unwrap() * 100.0).round() as u64
}

/// Everything in which a deal differs from its line of the sheet.
fn wrong(deal: &Value, truth: &Truth) -> Vec<String> {
    let mut wrong = differences(&shown(deal), &planted(truth.signals.iter()));
    let hours = &deal["hours"];
    let found = ["spent", "per_week", "at_stake"].map(|name| hundredths(&hours[name]));
    let sheet = [truth.spent, truth.per_week, truth.at_stake];
    if found != sheet || hours["assumed"] != truth.assumed {
        wrong.push(format!(
            "hours {hours} for {sheet:?}, assumed {}",
            truth.assumed
        ));
    }
    let is_dead = deal["reasons"]
        .as_array()
        .unwrap()
        .contains(&"dead on paper".into());
    let verdict = if truth.is_dead_on_paper {
        "fire"
    } else {
        "get_to_no"
    };
    if is_dead != truth.is_dead_on_paper || deal["verdict"] != verdict {
        wrong.push(format!(
            "{} because of {}",
            deal["verdict"], deal["reasons"]
        ));
    }
    let last = truth.last_inbound.map(|day| day.to_string());
    if deal["last_inbound"].as_str() != last.as_deref() {
        wrong.push(format!(
            "last inbound {} for {last:?}",
            deal["last_inbound"]
        ));
    }
    wrong
}

fn by_id(deals: &[Value]) -> BTreeMap<String, &Value> {
    let id = |deal: &Value| deal["external"]["id"].as_str().unwrap().to_owned();
    deals.iter().map(|deal| (id(deal), deal)).collect()
}

/// Compares all open deals with the sheet.
#[track_caller]
fn agree(crm: Crm, deals: &[Value], truths: &[Truth]) {
    let found = by_id(deals);
    assert_eq!(found.len(), truths.len());
    let mut all = Vec::new();
    for truth in truths {
        let deal = found[&truth.id];
        for line in wrong(deal, truth) {
            let (story, phase) = (truth.story, truth.phase);
            all.push(format!("{} {story} {phase}: {line}", truth.id));
        }
    }
    assert!(
        all.is_empty(),
        "{}: {} wrong\n{}",
        crm.code(),
        all.len(),
        all.join("\n")
    );
}

#[test]
fn signals_hours_and_the_dead_of_either_crm_are_those_of_the_sheet() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let (bench, sample) = (Bench::new(), sample(crm, 1, 500));

        let report = import(&bench, "out", &sample.files());

        assert_eq!(report["refused_rows"], 0, "{report}");
        agree(crm, &open(&bench), &sample.truths());
    }
}

#[test]
fn another_sample_agrees_as_well() {
    for (crm, seed) in [(Crm::Hubspot, 23), (Crm::Salesforce, 42)] {
        let (bench, sample) = (Bench::new(), sample(crm, seed, 300));

        import(&bench, "out", &sample.files());

        agree(crm, &open(&bench), &sample.truths());
    }
}

/// Days since their last act, which is what came from them and every meeting that was held.
fn quiet_days(sample: &Sample, truth: &Truth) -> i64 {
    let plan = &sample.plans()[truth.place];
    let theirs = plan
        .touches
        .iter()
        .filter(|touch| touch.is_inbound || (touch.is_meeting() && touch.outcome == Outcome::Held));
    theirs.map(|touch| touch.age).min().unwrap_or(i64::MAX)
}

#[test]
fn the_queue_is_the_dead_first_and_then_by_hours_at_stake() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let (bench, sample) = (Bench::new(), sample(crm, 1, 500));
        import(&bench, "out", &sample.files());
        let listed = open(&bench);
        let id = |deal: &Value| deal["external"]["id"].as_str().unwrap().to_owned();
        let number: BTreeMap<String, i64> = listed
            .iter()
            .map(|d| (id(d), d["id"].as_i64().unwrap()))
            .collect();

        let mut expected = sample.truths();
        expected.sort_by_key(|truth| {
            let tier = u8::from(!truth.is_dead_on_paper);
            let less = (u64::MAX - truth.at_stake, u64::MAX - truth.spent);
            (tier, less, -quiet_days(&sample, truth), number[&truth.id])
        });

        let found: Vec<String> = listed.iter().map(id).collect();
        let expected: Vec<String> = expected.into_iter().map(|truth| truth.id).collect();
        assert_eq!(found, expected, "{}", crm.code());
    }
}

/// Signals that need a kind of file.
const OF_CONTACTS: &[&str] = &["one-contact", "no-power", "handed-down", "speaks-for"];

#[test]
fn what_a_missing_file_would_tell_is_held_against_nobody() {
    for (crm, dropped) in [
        (
            Crm::Salesforce,
            [
                "Task.csv",
                "Event.csv",
                "Contact.csv",
                "OpportunityContactRole.csv",
                "OpportunityHistory.csv",
            ],
        ),
        (
            Crm::Hubspot,
            [
                "calls.csv",
                "emails.csv",
                "meetings.csv",
                "contacts.csv",
                "tasks.csv",
            ],
        ),
    ] {
        let (bench, sample) = (Bench::new(), sample(crm, 1, 500));
        let mut files = sample.files();
        files.retain(|file| !dropped.contains(&file.name) && file.name != "notes.csv");
        let truths = sample.truths();

        import(&bench, "out", &files);

        let deals = open(&bench);
        let found = by_id(&deals);
        for truth in &truths {
            let deal = found[&truth.id];
            // What the deals themselves tell stays; HubSpot's tell of their stages as well.
            let told: BTreeSet<&str> = match crm {
                Crm::Salesforce => ["no-next-step", "overdue"].into(),
                Crm::Hubspot => ["no-next-step", "overdue", "stale-stage"].into(),
            };
            let expected = truth.signals.iter().filter(|one| told.contains(one.id));
            let left = differences(&shown(deal), &planted(expected));
            let left: Vec<_> = left
                .iter()
                .filter(|line| !line.starts_with("+ untouched"))
                .collect();
            assert!(left.is_empty(), "{} {}: {left:?}", truth.id, truth.story);
            assert_eq!(deal["hours"]["assumed"], true);
        }
    }
}

#[test]
fn without_the_file_of_contacts_only_what_it_tells_is_missing() {
    let (bench, sample) = (Bench::new(), sample(Crm::Salesforce, 1, 500));
    let mut files = sample.files();
    files.retain(|file| !["Contact.csv", "OpportunityContactRole.csv"].contains(&file.name));

    import(&bench, "out", &files);

    let deals = open(&bench);
    let found = by_id(&deals);
    for truth in sample.truths() {
        let rest = truth
            .signals
            .iter()
            .filter(|one| !OF_CONTACTS.contains(&one.id));
        let left = differences(&shown(found[&truth.id]), &planted(rest));
        assert!(left.is_empty(), "{} {}: {left:?}", truth.id, truth.story);
    }
}

/// Does what the sheet of acts says of one day, as commands.
fn act(bench: &Bench, acts: &[ActLine], day: NaiveDate) {
    for act in acts.iter().filter(|act| act.day == day) {
        let mut words = act.words.clone();
        if words[0] == "it" {
            let shown = bench.run(&["show", "--json", &act.deal]).json();
            let ids = shown["commitments"].as_array().unwrap().iter();
            let last = ids.map(|one| one["id"].as_i64().unwrap()).max();
            words[0] = last.unwrap().to_string();
        }
        let words = words.iter().map(String::as_str);
        let args: Vec<&str> = std::iter::once(act.verb).chain(words).collect();
        bench.run(&args).ok();
    }
}

/// Days between the two exports.
const BETWEEN: u32 = 30;

#[test]
fn two_exports_and_what_no_crm_knows_between_them_add_and_take_what_the_sheet_says() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let (bench, sample) = (Bench::new(), sample(crm, 1, 500));
        let acts = sample.acts();
        let before = acts.iter().map(|act| act.day).min().unwrap();
        bench.wait(-i64::from(BETWEEN));
        import(&bench, "then", &sample.files_before(BETWEEN));
        bench.wait(i64::from(BETWEEN) - (today() - before).num_days());
        act(&bench, &acts, before);
        bench.wait((today() - before).num_days());
        import(&bench, "now", &sample.files());

        act(&bench, &acts, today());
        act(&bench, &sample.people(), today());

        let deals = open(&bench);
        let found = by_id(&deals);
        let mut all = Vec::new();
        for truth in sample.truths() {
            let deal = found[&truth.id];
            let mine: Vec<&ActLine> = acts
                .iter()
                .filter(|act| act.place == Some(truth.place))
                .collect();
            let left = if mine.is_empty() {
                let people = truth.with_people.clone();
                let signals = [truth.signals.clone(), people].concat();
                wrong(
                    deal,
                    &Truth {
                        signals,
                        ..truth.clone()
                    },
                )
            } else {
                let takes: Vec<&str> = mine.iter().flat_map(|act| act.takes.clone()).collect();
                let known = truth.signals.iter().chain(&truth.with_people);
                let kept = known.filter(|one| !takes.contains(&one.id));
                let adds = mine.iter().flat_map(|act| &act.adds);
                differences(&shown(deal), &planted(kept.chain(adds)))
            };
            let (id, story) = (&truth.id, mine.first().map_or(truth.story, |act| act.story));
            all.extend(left.iter().map(|line| format!("{id} {story}: {line}")));
        }
        assert!(
            all.is_empty(),
            "{}: {} wrong\n{}",
            crm.code(),
            all.len(),
            all.join("\n")
        );
        let fired = acts.iter().filter(|act| act.verb == "fire");
        for act in fired {
            let id = act.deal.split_once(':').unwrap().1;
            assert_eq!(found[id]["due"], "came_back", "{}", act.deal);
        }
    }
}

#[test]
fn a_second_export_makes_facts_of_the_dates_that_moved() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let (bench, sample) = (Bench::new(), sample(crm, 2, 120));
        bench.wait(-i64::from(BETWEEN));
        import(&bench, "then", &sample.files_before(BETWEEN));
        bench.wait(i64::from(BETWEEN));
        import(&bench, "now", &sample.files());

        let cut = i64::from(BETWEEN);
        let moved = sample.plans().iter().filter(|plan| {
            plan.fate == Fate::Open && plan.created() >= cut && plan.close(cut) != plan.close(0)
        });
        let mut seen = 0;
        for plan in moved.take(5) {
            let name = format!("{}:{}", crm.code(), sample.id(plan.place));
            let shown = bench.run(&["show", "--json", &name]).json();
            let moves = shown["moves"].as_array().unwrap().iter();
            let of_close: Vec<_> = moves
                .filter(|one| one["field"] == "expected_close")
                .collect();
            // A file with a history knows every move, one without only what differs.
            let expected = if crm == Crm::Salesforce {
                plan.closes.len() - 1
            } else {
                1
            };
            assert_eq!(of_close.len(), expected, "{name}: {of_close:?}");
            let last = of_close
                .iter()
                .map(|one| one["new"].as_str().unwrap())
                .max();
            assert_eq!(last, Some(plan.close(0).to_string().as_str()), "{name}");
            seen += 1;
        }
        assert_eq!(seen, 5, "{}", crm.code());
    }
}

/// Near midnight the day in London is not the day in California.
#[test]
fn a_touch_is_of_the_day_that_it_was_where_we_are() {
    let bench = Bench::new();
    bench.write(
        "deals.csv",
        "Record ID,Deal Name,Deal Stage,Create Date\n1,Plant,Qualified To Buy,2026-06-01\n",
    );
    bench.write(
        "emails.csv",
        "Record ID,Email subject,Email direction,Activity date,Associated Deal IDs\n\
         7,Dates,INCOMING_EMAIL,2026-11-10T05:30:00Z,1\n",
    );
    let in_california = |args: &[&str]| {
        let output = bench.command(args).env("TZ", "PST8").output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };

    in_california(&["import", "--json", "deals.csv", "emails.csv"]);
    let shown = in_california(&["show", "--json", "hubspot:1"]);
    let again = in_california(&["import", "--json", "emails.csv"]);
    let elsewhere = bench.run(&["import", "--json", "emails.csv"]).json();

    assert_eq!(shown["last_inbound"], "2026-11-09");
    assert_eq!(shown["touches"][0]["at"], "2026-11-10T05:30:00Z");
    assert_eq!(shown["touches"][0]["after_hours"], "yes");
    assert_eq!((&again["same"], &elsewhere["same"]), (&1.into(), &1.into()));
}

#[test]
fn the_working_hours_of_the_configuration_say_what_is_after_hours() {
    let bench = Bench::new();
    bench.config(
        "config.toml",
        "[thresholds.working]\nfrom = \"06:00\"\nto = \"22:00\"\n",
    );
    let sample = sample(Crm::Hubspot, 1, 120);

    import(&bench, "out", &sample.files());

    let deals = open(&bench);
    let night = deals
        .iter()
        .filter(|deal| shown(deal).contains_key("after-hours"));
    assert_eq!(night.count(), 0);
    let planted = sample.truths();
    assert!(
        planted
            .iter()
            .any(|truth| truth.signal("after-hours").is_some())
    );
}
