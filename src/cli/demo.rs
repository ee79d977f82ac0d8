//! `demo`: a throw-away pipeline with made-up deals, so that everything has something to show.
//!
//! Its deals are those of the generator of exports; which story each tells and what people did
//! about it is data (`assets/demo/pipeline.toml`), with days relative to today. All of it goes in
//! the way that a person's would: two exports some weeks apart are imported, and between them and
//! after them acts are done, each stamped with its day. So the demo can do nothing that the
//! program cannot.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::args::Cockpit;
use super::error::CliError;
use super::launch::{self, Launch};
use super::sample::{self, SampleArgs};
use super::session::Session;
use crate::domain::act::{Act, CommitmentSheet, ContinueSheet, FireSheet, HoldSheet, PersonSheet};
use crate::domain::answer::AnswerKey;
use crate::domain::deal::{Disposition, Side, Status, SweepWord};
use crate::domain::ids::DealId;
use crate::domain::line::{self, Known, LineMistake};
use crate::domain::locale::DayOrder;
use crate::domain::money::Money;
use crate::export::deals::SCHEMA;
use crate::import::{self, Options};
use crate::sample::{Crm, Fate, Order, Part, Sample, Step, Story};
use crate::store::{Access, Judge, Matches, Place, Stamp, Store, StoreError};

/// Whose exports are imported.
const CRM: Crm = Crm::Hubspot;

const DEALS: &str = include_str!("../../assets/demo/pipeline.toml");

/// Opens a throw-away pipeline with made-up deals.
///
/// Nothing that you do there is kept. With `--path` or `--json` it is only made.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Makes the demo as this file and does not open it; the file must not be there yet.
    #[arg(long, value_name = "FILE")]
    path: Option<PathBuf>,
    #[command(flatten)]
    sample: SampleArgs,
}

/// The whole of the data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    /// Who is at the keyboard.
    who: String,
    /// What the generator makes up the rest from.
    seed: u64,
    /// Days since the first import.
    first_import: i64,
    /// Days since the second import, which is the day of the record.
    second_import: i64,
    deal: Vec<DealData>,
    #[serde(default)]
    view: Vec<ViewData>,
    #[serde(default)]
    person: Vec<PersonData>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewData {
    name: String,
    filter: String,
    order: String,
}

/// One of our own people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonData {
    name: String,
    senior: bool,
}

/// A deal: whose it is, which story it tells, and what people did about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DealData {
    account: String,
    title: String,
    contact: Option<String>,
    amount: Option<String>,
    story: String,
    step: Option<String>,
    /// In how many days from the record it is to close.
    closes: Option<i64>,
    /// Whether whoever signs was not met, though it is to close in so many days.
    #[serde(default)]
    unmet: bool,
    /// How many days before the record it was won.
    won: Option<i64>,
    /// How many days before the record it was lost.
    lost: Option<i64>,
    #[serde(default, rename = "do")]
    acts: Vec<ActData>,
}

impl DealData {
    /// The part that the generator is to fill in.
    fn part(&self) -> Result<Part, StoreError> {
        let amount = self.amount.as_ref().map(|text| {
            let money = Money::parse(text, None).map_err(|e| odd(format!("`{text}`: {e}")))?;
            let code = money.currency.map(|code| code.to_string());
            let known = CODES.iter().find(|known| code.as_deref() == Some(known));
            let code = known.ok_or_else(|| odd(format!("the currency of `{text}`")))?;
            Ok::<_, StoreError>((money.minor, *code))
        });
        let contact = self.contact.as_ref().and_then(|name| {
            let (given, family) = name.rsplit_once(' ')?;
            Some((given.to_owned(), family.to_owned()))
        });
        let step = self.step.as_ref().map(|word| {
            let step = Step::from_word(word);
            step.ok_or_else(|| odd(format!("the step `{word}`")))
        });
        let story = Story::from_code(&self.story);
        Ok(Part {
            account: self.account.clone(),
            title: self.title.clone(),
            contact,
            amount: amount.transpose()?,
            story: story.ok_or_else(|| odd(format!("the story `{}`", self.story)))?,
            fate: match (self.won, self.lost) {
                (Some(age), _) => Fate::Won(age),
                (None, Some(age)) => Fate::Lost(age),
                (None, None) => Fate::Open,
            },
            step: step.transpose()?,
            closes: self.closes,
            unmet: self.unmet,
        })
    }
}

/// The currencies that the demo knows.
const CODES: [&str; 2] = ["EUR", "CHF"];

/// Something that a person did, so many days from today.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ActData {
    day: i64,
    who: Option<String>,
    /// Question and key, parted by a blank; several parted by commas.
    answers: Option<String>,
    words: Option<String>,
    note: Option<String>,
    ask: Option<String>,
    whom: Option<String>,
    due: Option<i64>,
    fire: Option<String>,
    hold: Option<String>,
    #[serde(rename = "continue")]
    go_on: Option<String>,
    until: Option<i64>,
    by: Option<i64>,
    tripwire: Option<String>,
    hours: Option<f64>,
    senior: Option<String>,
    reinstate: Option<String>,
    anyway: Option<String>,
    happened: Option<String>,
    close: Option<String>,
    /// What no CRM sees, as after `t`.
    touch: Option<String>,
    /// What they promised, due on `due`.
    they: Option<String>,
    /// A concession or bait, as after `$`.
    gives: Option<String>,
    /// The word of a sweep.
    sweep: Option<String>,
}

/// What a demo is made with.
struct Maker<'d> {
    data: &'d Data,
    sample: Sample,
    now: DateTime<Utc>,
    today: NaiveDate,
}

fn odd(what: impl Into<String>) -> StoreError {
    StoreError::refused(format!("the demo: {}", what.into()), "")
}

impl Maker<'_> {
    fn day(&self, from_today: i64) -> NaiveDate {
        let days = Days::new(from_today.unsigned_abs());
        if from_today < 0 {
            self.today - days
        } else {
            self.today + days
        }
    }

    /// The stamp of the `place`th thing done on a day.
    fn stamp(&self, from_today: i64, who: &str, place: usize) -> Stamp {
        let at = self.now + Duration::days(from_today) - Duration::hours(3)
            + Duration::seconds(i64::try_from(place).unwrap_or(0));
        Stamp {
            at,
            today: self.day(from_today),
            who: who.to_owned(),
            place: Place::Cockpit,
            session: "demo".to_owned(),
        }
    }

    /// Takes in the export of a day, as a person would.
    fn import(&self, store: &Store, ago: i64) -> Result<(), StoreError> {
        let folder = tempfile::tempdir().map_err(|e| odd(e.to_string()))?;
        let cut = u32::try_from(ago - self.data.second_import).unwrap_or(0);
        let mut paths = Vec::new();
        for file in self.sample.files_before(cut) {
            let path = folder.path().join(file.name);
            std::fs::write(&path, file.text).map_err(|e| odd(e.to_string()))?;
            paths.push(path);
        }
        let options = Options {
            today: Some(self.day(-ago)),
            ..Options::default()
        };
        let export = import::open(&paths, &options).map_err(|e| odd(e.to_string()))?;
        let stamp = self.stamp(-ago, &self.data.who, 0);
        let report = import::run(store, &export, false, stamp, &mut |_, _| {});
        report.map_err(|e| odd(e.to_string()))?;
        Ok(())
    }

    fn number(&self, store: &Store, place: usize) -> Result<DealId, StoreError> {
        let name = format!("{}:{}", CRM.code(), self.sample.id(place));
        match store.find(&name)? {
            Matches::One(deal) => Ok(deal),
            Matches::None | Matches::Many(_) => Err(odd(format!("no deal `{name}`"))),
        }
    }

    /// What a person told of a deal because no CRM sees it.
    fn told(&self, deal: DealId, data: &ActData) -> Result<Vec<Act>, StoreError> {
        let known = Known {
            today: self.day(data.day),
            order: DayOrder::DayFirst,
            contacts: Vec::new(),
            people: Vec::new(),
            promises: Vec::new(),
            currency: None,
        };
        let wrong = |text: &str, mistake: LineMistake| odd(format!("`{text}`: {}", mistake.what));
        let mut acts = Vec::new();
        if let Some(text) = &data.touch {
            let line = line::touch(text, &known).map_err(|e| wrong(text, e))?;
            let touch = line.touch;
            acts.push(Act::TouchAdd { deal, touch });
        }
        if let Some(what) = &data.they {
            let commitment = CommitmentSheet {
                side: Side::They,
                what: what.clone(),
                due: data.due.map(|d| self.day(d)),
                paired: None,
            };
            acts.push(Act::CommitmentAdd { deal, commitment });
        }
        if let Some(text) = &data.gives {
            let concession = line::concession(text, &known).map_err(|e| wrong(text, e))?;
            acts.push(Act::ConcessionAdd { deal, concession });
        }
        if let Some(word) = &data.sweep {
            let word =
                SweepWord::from_code(word).ok_or_else(|| odd(format!("swept as `{word}`")))?;
            acts.push(Act::Sweep {
                words: vec![(deal, word)],
            });
        }
        Ok(acts)
    }

    fn acts(&self, deal: DealId, data: &ActData) -> Result<Vec<Act>, StoreError> {
        let mut acts = Vec::new();
        for pair in data.answers.iter().flat_map(|all| all.split(',')) {
            let (question, key) = pair
                .trim()
                .split_once(' ')
                .ok_or_else(|| odd(format!("answer `{pair}`")))?;
            let key = AnswerKey::parse(key).ok_or_else(|| odd(format!("key `{key}`")))?;
            let (question, evidence) = (question.to_owned(), data.words.clone());
            acts.push(Act::Answer {
                deal,
                question,
                key,
                evidence,
            });
        }
        if let Some(text) = &data.note {
            acts.push(Act::Note {
                deal,
                text: text.clone(),
            });
        }
        acts.extend(self.told(deal, data)?);
        if let Some(question) = &data.ask {
            let due = data.due.map(|d| self.day(d));
            let question = Some(question.clone());
            acts.push(Act::Ask {
                deal,
                question,
                whom: data.whom.clone(),
                due,
            });
        }
        let deals = vec![deal];
        if let Some(to) = &data.fire {
            let to = Disposition::from_code(to).ok_or_else(|| odd(format!("fired to `{to}`")))?;
            let until = data.until.map(|d| self.day(d));
            let sheet = FireSheet {
                to,
                whom: data.whom.clone(),
                until,
                ..FireSheet::default()
            };
            acts.push(Act::Fire {
                deals: deals.clone(),
                sheet,
            });
        }
        if let Some(what) = &data.hold {
            let until = self.day(data.until.unwrap_or(data.day + 28));
            let sheet = HoldSheet {
                what: Some(what.clone()),
                until,
                why: data.words.clone(),
            };
            acts.push(Act::Hold {
                deals: deals.clone(),
                sheet,
            });
        }
        if let Some(next) = &data.go_on {
            let sheet = ContinueSheet {
                next: Some(next.clone()),
                due: self.day(data.due.unwrap_or(data.day + 7)),
                tripwire: data.tripwire.clone(),
                by: self.day(data.by.unwrap_or(data.day + 14)),
                hours: data.hours,
                senior: data.senior.clone(),
            };
            acts.push(Act::Continue {
                deals: deals.clone(),
                sheet,
            });
        }
        if let Some(terms) = &data.reinstate {
            acts.push(Act::Reinstate {
                deal,
                terms: terms.clone(),
            });
        }
        if let Some(words) = &data.anyway {
            let due = self.day(data.by.unwrap_or(data.day + 14));
            acts.push(Act::TripwireAnyway {
                deal,
                words: words.clone(),
                due,
            });
        }
        if let Some(words) = &data.happened {
            acts.push(Act::TripwireHappened {
                deal,
                words: words.clone(),
            });
        }
        if let Some(status) = &data.close {
            let status =
                Status::from_code(status).ok_or_else(|| odd(format!("status `{status}`")))?;
            acts.push(Act::Close {
                deals,
                status,
                reason: data.words.clone(),
            });
        }
        Ok(acts)
    }

    /// Everything that is done, in the order of its days.
    fn make(&self, store: &mut Store) -> Result<(), StoreError> {
        self.import(store, self.data.first_import)?;
        let mut done: Vec<(i64, usize, &ActData)> = Vec::new();
        for (place, deal) in self.data.deal.iter().enumerate() {
            done.extend(deal.acts.iter().map(|act| (act.day, place, act)));
        }
        done.sort_by_key(|(day, place, _)| (*day, *place));
        let mut is_second_in = false;
        for (at, (day, place, data)) in done.into_iter().enumerate() {
            if !is_second_in && day > -self.data.second_import {
                self.import(store, self.data.second_import)?;
                is_second_in = true;
            }
            let deal = self.number(store, place)?;
            let who = data.who.as_deref().unwrap_or(&self.data.who);
            for act in self.acts(deal, data)? {
                let title = &self.data.deal[place].title;
                store.act(&self.stamp(day, who, at), &act).map_err(|e| {
                    if let StoreError::Refused { what, .. } = e {
                        odd(format!("{title}, day {day}: {what}"))
                    } else {
                        e
                    }
                })?;
            }
        }
        if !is_second_in {
            self.import(store, self.data.second_import)?;
        }
        let stamp = self.stamp(-self.data.first_import, &self.data.who, 1);
        store.act(
            &stamp,
            &Act::OwnerIs {
                owner: self.data.who.clone(),
            },
        )?;
        for person in &self.data.person {
            let sheet = PersonSheet {
                senior: Some(person.senior),
                ..PersonSheet::default()
            };
            let name = person.name.clone();
            store.act(&stamp, &Act::PersonSet { name, sheet })?;
        }
        for view in &self.data.view {
            let act = Act::SaveView {
                name: view.name.clone(),
                filter: view.filter.clone(),
                order: view.order.clone(),
            };
            store.act(&stamp, &act)?;
        }
        store.renew_all(self.today)?;
        while store.index_search(1_000)? > 0 {}
        store.checkpoint()
    }
}

/// Makes the demo as a new file and returns it open, with the person who sits there.
///
/// # Errors
///
/// Those of making a pipeline; the file must not hold deals.
pub fn make(
    path: &Path,
    judge: Judge,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<(Store, String), StoreError> {
    let data: Data = toml_edit::de::from_str(DEALS).expect("a test reads the demo's data");
    let mut store = Store::open(path, Access::Create, now, judge)?;
    if !store.is_empty()? {
        return Err(StoreError::refused(
            format!("`{}` holds deals already", path.display()),
            "name a file that is not there yet",
        ));
    }
    let parts: Result<Vec<Part>, StoreError> = data.deal.iter().map(DealData::part).collect();
    let order = Order {
        seed: data.seed,
        deals: data.deal.len(),
        today: today - Duration::days(data.second_import),
        crm: CRM,
    };
    Maker {
        data: &data,
        sample: Sample::of_cast(order, &parts?),
        now,
        today,
    }
    .make(&mut store)?;
    Ok((store, data.who))
}

/// Carries out `demo`.
pub fn run(session: &mut Session<'_>, args: &DemoArgs) -> Result<Option<Box<Launch>>, CliError> {
    if let Some(folder) = args.sample.folder() {
        return sample::run(session, &args.sample, folder).map(|()| None);
    }
    let around = session.around;
    let is_made_only = session.global.json || args.path.is_some();
    if !is_made_only {
        launch::needs_terminal(session)?;
    }
    let (path, scratch) = if let Some(path) = &args.path {
        (path.clone(), None)
    } else {
        let folder = tempfile::Builder::new().prefix("walkaway-demo-").tempdir();
        let folder =
            folder.map_err(|e| CliError::failed("cannot make a folder").because(e.to_string()))?;
        (folder.path().join("demo.db"), Some(folder))
    };
    let (store, who) = make(&path, session.judge(), around.now, around.today())?;
    if !is_made_only {
        let mut launch = Launch::new(session, path, &Cockpit::default());
        launch.scratch = scratch;
        if !launch.who_was_named {
            launch.who = who;
        }
        return Ok(Some(Box::new(launch)));
    }
    // What was only made stays: whoever asked for it is told where it is.
    let path = match scratch {
        Some(folder) => folder.keep().join("demo.db"),
        None => path,
    };
    let deals = store.health()?.deals;
    let shown = path.to_string_lossy();
    if session.global.json {
        session.out.value(&json!({
            "schema": SCHEMA, "pipeline": shown, "deals": deals, "person": who,
        }))?;
    } else {
        session
            .out
            .safe(&format!("Made {shown} with {deals} deals"))?;
        session
            .out
            .safe(&format!("`walkaway --db {shown}` opens it"))?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::{Thresholds, Verdict};
    use crate::domain::view::{ListQuery, View};

    fn made() -> (tempfile::TempDir, Store, NaiveDate) {
        let folder = tempfile::tempdir().unwrap();
        let now: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        let today = now.date_naive();
        let judge = Judge::new(Vec::new(), Thresholds::default());
        let (store, _) = make(&folder.path().join("demo.db"), judge, now, today).unwrap();
        (folder, store, today)
    }

    #[test]
    fn every_view_has_something_to_show() {
        let (_folder, store, today) = made();

        for view in View::BUILT_IN {
            let query = ListQuery {
                view: view.clone(),
                ..ListQuery::default()
            };
            let count = store.index(&query, today, "Ana Ruiz").unwrap().ids.len();
            // A continued deal with bad money, and one without a senior, would not be shown off.
            let is_rare = matches!(view, View::BadMoney | View::NoSeniorAtStart);
            assert!(count > 0 || is_rare, "{}", view.code());
        }
    }

    #[test]
    fn every_verdict_occurs() {
        let (_folder, store, today) = made();
        let query = ListQuery {
            view: View::All,
            ..ListQuery::default()
        };
        let ids = store.index(&query, today, "Ana Ruiz").unwrap().ids;
        let ids: Vec<DealId> = ids.into_iter().map(DealId::from).collect();
        let verdicts: Vec<_> = store
            .rows(&ids)
            .unwrap()
            .into_iter()
            .filter_map(|row| row.eval.and_then(|e| e.verdict))
            .collect();

        for verdict in Verdict::ALL {
            assert!(verdicts.contains(&verdict), "{verdict:?}");
        }
        assert!(ids.len() >= 30);
    }
}
