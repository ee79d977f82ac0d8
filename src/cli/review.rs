//! `review`: the 1:1 by commands.

use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use super::error::CliError;
use super::fields::{self, Pair, unknown};
use super::session::Session;
use super::table::{Table, cell, text};
use crate::domain::act::Act;
use crate::domain::ids::DealId;
use crate::domain::review::{
    Agenda, AgendaWhy, Agreement, Chosen, Coaching, ItemState, Part, ReviewClock, Telling,
};
use crate::domain::shown::{Label, Mask};
use crate::domain::verdict::Verdict;
use crate::export::deals::SCHEMA;
use crate::export::json::rounded;
use crate::export::minutes::{self, Layout, pair_json};
use crate::store::{Access, Store};

/// The 1:1 of a manager and a rep: without a verb its agenda.
#[derive(Args, Debug)]
pub struct ReviewArgs {
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
    /// What to do instead of showing the agenda.
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Raises a hand: this deal is to be talked about in the next 1:1.
    Raise {
        /// The deal: its number, `source:id`, or words that find it alone.
        deal: String,
        /// What about.
        note: Vec<String>,
    },
    /// Lowers the hands that are up on a deal.
    Lower {
        /// The deal.
        deal: String,
    },
    /// Begins a 1:1 with the agenda that is proposed. Fields: for (minutes), each (minutes of a deal).
    Start {
        /// With whom [default: the one other person there is, else alone], and how long.
        #[arg(value_name = "NAME|FIELD=VALUE")]
        words: Vec<String>,
    },
    /// Changes how long the meeting, or each deal of it, is meant to take. Fields: for, each.
    Time {
        /// How long.
        #[arg(value_name = "FIELD=VALUE", required = true)]
        fields: Vec<String>,
    },
    /// Puts a deal on the table; the one before was talked about.
    Open {
        /// The deal.
        deal: String,
    },
    /// Puts the next deal of the agenda on the table.
    Next,
    /// Says that a deal was talked about.
    Done {
        /// The deal.
        deal: String,
    },
    /// Puts a deal off to the next 1:1.
    Later {
        /// The deal.
        deal: String,
    },
    /// Puts a deal on the agenda that runs.
    Add {
        /// The deal.
        deal: String,
    },
    /// Moves a deal of the agenda to a place.
    Move {
        /// The deal.
        deal: String,
        /// The place, from 1.
        place: usize,
    },
    /// Shows what changed on a deal since it was talked about last, side by side.
    Changed {
        /// The deal.
        deal: String,
    },
    /// Reveals what two people sealed on a deal: the next row, the differences first.
    Reveal {
        /// The deal.
        deal: String,
        /// All that is left.
        #[arg(long)]
        all: bool,
    },
    /// Says whose answer the deal takes where two differ.
    Choose {
        /// The deal.
        deal: String,
        /// The question's id, or verdict.
        question: String,
        /// Whose: rep, manager, other.
        whose: String,
    },
    /// Puts the manager's sentence on a deal: "You may fire them."
    MayFire {
        /// The deal.
        deal: String,
        /// The sentence, where it is another one.
        words: Vec<String>,
    },
    /// Shows what the 1:1 leaves behind.
    Minutes {
        /// Its number [default: the one that runs, else the last].
        review: Option<i64>,
        /// Hides amounts (1), or names and all free text as well (2).
        #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
        mask: Option<u8>,
    },
    /// Closes the 1:1; what was not talked about waits for the next one.
    End,
    /// Shows how often two people sealed the same, question by question.
    Coaching {
        /// The rep [default: every pair there is].
        rep: Option<String>,
        /// The manager or senior.
        manager: Option<String>,
    },
}

/// Carries out `review`.
pub fn run(session: &mut Session<'_>, args: &ReviewArgs) -> Result<(), CliError> {
    let Some(verb) = &args.verb else {
        return agenda(session, args.mask);
    };
    match verb {
        Verb::Raise { deal, note } => {
            let note = Some(note.join(" ")).filter(|note| !note.is_empty());
            on_deal(session, deal, |deal| Act::RaiseHand { deal, note })
        }
        Verb::Lower { deal } => on_deal(session, deal, |deal| Act::LowerHand { deal }),
        Verb::Start { words } => start(session, words),
        Verb::Time { fields } => {
            let store = session.open(Access::Write)?;
            let now = store.review(&session.who())?.map(|session| session.clock);
            let plan = now.map_or(ReviewClock::PLAN, |clock| clock.plan);
            let each = now.map_or(ReviewClock::EACH, |clock| clock.each);
            let (minutes, each) = time(&fields::only(fields)?, plan, each)?;
            act(session, store, &Act::ReviewTime { minutes, each })
        }
        Verb::Open { deal } => on_deal(session, deal, |deal| Act::ReviewTurn { deal: Some(deal) }),
        Verb::Next => next(session),
        Verb::Done { deal } => on_deal(session, deal, |deal| Act::ReviewItem {
            deal,
            state: ItemState::Done,
        }),
        Verb::Later { deal } => on_deal(session, deal, |deal| Act::ReviewItem {
            deal,
            state: ItemState::NextTime,
        }),
        Verb::Add { deal } => on_deal(session, deal, |deal| Act::ReviewAdd { deal }),
        Verb::Move { deal, place } => {
            let place = *place;
            on_deal(session, deal, |deal| Act::ReviewMove { deal, place })
        }
        Verb::Changed { deal } => changed(session, deal, args.mask),
        Verb::Reveal { deal, all } => reveal(session, deal, *all),
        Verb::Choose {
            deal,
            question,
            whose,
        } => choose(session, deal, question, whose),
        Verb::MayFire { deal, words } => {
            let sentence = Some(words.join(" ")).filter(|words| !words.is_empty());
            on_deal(session, deal, |deal| Act::MayFire {
                deal,
                sentence,
                who: None,
            })
        }
        Verb::Minutes { review, mask } => {
            let mask = mask.or(args.mask);
            let text = minutes_of(session, *review, mask, Layout::Markdown)?;
            print(session, &text)
        }
        Verb::End => {
            let store = session.open(Access::Write)?;
            act(session, store, &Act::ReviewEnd)
        }
        Verb::Coaching { rep, manager } => coaching(session, rep.as_deref(), manager.as_deref()),
    }
}

fn act(session: &mut Session<'_>, mut store: Store, act: &Act) -> Result<(), CliError> {
    let done = store.act(&session.stamp(), act)?;
    session.done(&store, &done)
}

fn on_deal(
    session: &mut Session<'_>,
    words: &str,
    make: impl FnOnce(DealId) -> Act,
) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let deal = Session::deal(&store, words)?;
    act(session, store, &make(deal))
}

/// Reads `for` and `each`.
fn time(pairs: &[Pair<'_>], plan: u16, each: u16) -> Result<(u16, u16), CliError> {
    let mut time = (plan, each);
    for Pair { field, value } in pairs {
        let minutes = value
            .trim_end_matches("min")
            .trim()
            .parse()
            .map_err(|error| {
                CliError::usage(format!(
                    "{field}: `{value}` is no number of minutes: {error}"
                ))
                .hint("write for=30 each=5")
            })?;
        match *field {
            "for" => time.0 = minutes,
            "each" => time.1 = minutes,
            other => return Err(unknown(other, ["for", "each"])),
        }
    }
    Ok(time)
}

fn start(session: &mut Session<'_>, words: &[String]) -> Result<(), CliError> {
    let (names, pairs) = fields::split(words);
    let (minutes, each) = time(&pairs, ReviewClock::PLAN, ReviewClock::EACH)?;
    let with = Some(names.join(" ")).filter(|name| !name.is_empty());
    let store = session.open(Access::Write)?;
    let start = Act::ReviewStart {
        with,
        minutes,
        each,
    };
    act(session, store, &start)
}

fn next(session: &mut Session<'_>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let stamp = session.stamp();
    let now = store.review(&stamp.who)?.ok_or_else(|| {
        CliError::failed(format!("{} is in no 1:1", stamp.who))
            .hint("`walkaway review start` begins one")
    })?;
    let agenda = store.agenda(&stamp, None)?;
    let table = now.table.map(|(deal, _)| deal);
    let next = agenda.next_after(table).map(|item| item.deal);
    let next = next.filter(|deal| Some(*deal) != table);
    act(session, store, &Act::ReviewTurn { deal: next })
}

/// An item's reason as JSON.
fn why_json(why: &AgendaWhy, deal: DealId, mask: &Mask) -> Json {
    let mut value = json!({"why": why.code()});
    match why {
        AgendaWhy::Raised { who, note } => {
            value["who"] = json!(who);
            value["note"] = json!(note.as_ref().map(|note| mask.free(note, Some(deal))));
        }
        AgendaWhy::Due(due) => value["due"] = json!(due.code()),
        AgendaWhy::Request { id, due } => {
            value["request"] = json!(id);
            value["answer_by"] = json!(due);
        }
        AgendaWhy::Differ { questions } => value["questions"] = json!(questions),
        AgendaWhy::Stale { answers } => value["answers"] = json!(answers),
        AgendaWhy::LeftOver { .. }
        | AgendaWhy::Fire
        | AgendaWhy::Money
        | AgendaWhy::Invest
        | AgendaWhy::Added => {}
    }
    value
}

fn agenda_json(agenda: &Agenda, mask: &Mask) -> (Vec<Json>, Vec<Json>) {
    let items = agenda.items.iter().enumerate().map(|(at, item)| {
        json!({
            "place": at + 1, "deal": item.deal.0,
            "name": mask.name(&item.name, Label::Deal(item.deal)),
            "verdict": item.verdict.map(Verdict::code),
            "for": why_json(&item.why, item.deal, mask), "minutes": item.minutes,
            "seconds": item.seconds, "state": item.state.code(), "if_time": at >= agenda.fits,
        })
    });
    let decided = agenda.decided_last_time.iter().map(|row| {
        json!({
            "deal": row.deal.0, "name": mask.name(&row.name, Label::Deal(row.deal)),
            "kind": row.kind.code(), "day": row.day, "since": row.since,
        })
    });
    (items.collect(), decided.collect())
}

fn agenda(session: &mut Session<'_>, mask: Option<u8>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let stamp = session.stamp();
    let running = store.review(&stamp.who)?;
    let agenda = store.agenda(&stamp, None)?;
    let mask = session.mask(mask);
    if session.global.json {
        let (items, decided) = agenda_json(&agenda, &mask);
        let review = running.as_ref().map(|now| {
            json!({
                "id": now.id, "rep": now.rep, "manager": now.manager, "started": now.started,
                "planned_minutes": now.clock.plan, "left_minutes": now.clock.left(stamp.at),
                "on_table": now.table.map(|(deal, _)| deal.0),
            })
        });
        session.out.value(&json!({
            "schema": SCHEMA, "review": review, "agenda": items, "decided_last_time": decided,
        }))?;
        return Ok(());
    }
    session.out.safe(&match &running {
        Some(now) => format!(
            "1:1 of {}{}, {} min left",
            now.rep,
            now.manager
                .as_ref()
                .map(|m| format!(" and {m}"))
                .unwrap_or_default(),
            now.clock.left(stamp.at)
        ),
        None => "proposed; `walkaway review start` begins the 1:1".to_owned(),
    })?;
    let columns = [
        text("", 3),
        text("id", 4),
        text("deal", 20),
        text("for", 16),
        text("state", 9),
        text("note", 24),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for (at, item) in agenda.items.iter().enumerate() {
        let note = match &item.why {
            AgendaWhy::Raised {
                note: Some(note), ..
            } => mask.free(note, Some(item.deal)).into_owned(),
            AgendaWhy::Request { due, .. } => format!("answer by {due}"),
            AgendaWhy::Raised { note: None, .. }
            | AgendaWhy::LeftOver { .. }
            | AgendaWhy::Due(_)
            | AgendaWhy::Fire
            | AgendaWhy::Differ { .. }
            | AgendaWhy::Money
            | AgendaWhy::Invest
            | AgendaWhy::Stale { .. }
            | AgendaWhy::Added => {
                let word = if at >= agenda.fits {
                    "if time is left"
                } else {
                    ""
                };
                word.to_owned()
            }
        };
        table.row(vec![
            cell(&(at + 1).to_string()),
            cell(&item.deal.to_string()),
            cell(&mask.name(&item.name, Label::Deal(item.deal))),
            cell(&item.why.words()),
            cell(item.state.code()),
            cell(&note),
        ])?;
    }
    table.end()?;
    if !agenda.decided_last_time.is_empty() {
        session.out.safe("decided last time")?;
    }
    for row in &agenda.decided_last_time {
        session.out.safe(&format!(
            "  {}  {}, {}",
            mask.name(&row.name, Label::Deal(row.deal)),
            row.kind.code(),
            row.since
        ))?;
    }
    Ok(())
}

fn changed(session: &mut Session<'_>, words: &str, mask: Option<u8>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let deal = Session::deal(&store, words)?;
    let today = session.around.today();
    let changed = store.changed(deal, today, None)?;
    let mask = session.mask(mask);
    let told = Telling {
        bank: store.judge().bank(),
        mask: &mask,
        locale: &session.around.locale,
        today,
    };
    let parts: Vec<(&str, Vec<String>)> = Part::ALL
        .iter()
        .map(|part| {
            let words = changed
                .of(*part)
                .map(|one| one.words(deal, &told))
                .collect();
            (part.code(), words)
        })
        .collect();
    if session.global.json {
        let mut value = json!({"schema": SCHEMA, "deal": deal.0, "since": changed.since});
        for (part, words) in parts {
            value[part] = json!(words);
        }
        session.out.value(&value)?;
        return Ok(());
    }
    session.out.safe(&match changed.since {
        Some(day) => format!("since {day}"),
        None => "never talked about before".to_owned(),
    })?;
    for (part, words) in parts {
        let words = if words.is_empty() {
            "nothing".to_owned()
        } else {
            words.join(", ")
        };
        session.out.safe(&format!("  {part:<10}{words}"))?;
    }
    Ok(())
}

fn reveal(session: &mut Session<'_>, words: &str, all: bool) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    let deal = Session::deal(&store, words)?;
    let stamp = session.stamp();
    let done = store.act(&stamp, &Act::Reveal { deal, all })?;
    let state = store.sealed(deal, &stamp.who)?;
    if session.global.json {
        session.out.value(&json!({
            "schema": SCHEMA,
            "action": done.action.map(|id| json!({"id": id.0, "what": done.what})),
            "deal": deal.0, "hidden": state.hidden,
            "pairs": state.pairs.iter().map(pair_json).collect::<Vec<_>>(),
        }))?;
        return Ok(());
    }
    session.done(&store, &done)?;
    let columns = [
        text("question", 10),
        text("rep", 16),
        text("manager", 16),
        text("", 8),
        text("verdict", 24),
    ];
    let mut table = Table::new(&mut session.out, &columns);
    for pair in &state.pairs {
        table.row(vec![
            cell(pair.of.code()),
            cell(&pair.rep.words()),
            cell(&pair.manager.words()),
            cell(match (pair.differs, pair.is_one_sided()) {
                (true, _) => "differ",
                (false, true) => "stands",
                (false, false) => "agree",
            }),
            cell(&pair.effect.words()),
        ])?;
    }
    table.end()?;
    Ok(())
}

fn choose(
    session: &mut Session<'_>,
    words: &str,
    question: &str,
    whose: &str,
) -> Result<(), CliError> {
    let chosen = Chosen::from_code(whose).ok_or_else(|| {
        CliError::usage(format!("`{whose}` is nobody's")).hint("say rep, manager or other")
    })?;
    let question = (question != "verdict").then(|| question.to_owned());
    on_deal(session, words, |deal| Act::Choose {
        deal,
        question,
        chosen,
    })
}

/// Finds a 1:1 and lays its minutes out; as JSON where that is asked for.
pub(super) fn minutes_of(
    session: &Session<'_>,
    review: Option<i64>,
    mask: Option<u8>,
    layout: Layout,
) -> Result<String, CliError> {
    let store = session.open(Access::Write)?;
    let stamp = session.stamp();
    let found = match review {
        Some(id) => store.review_of(id)?,
        None => store.last_review(&stamp.who)?,
    };
    let found = found.ok_or_else(|| {
        CliError::failed("there is no such 1:1").hint("`walkaway review start` begins one")
    })?;
    let minutes = store.minutes(found.id, &stamp)?;
    let minutes = minutes.ok_or_else(|| CliError::failed("the 1:1 is gone"))?;
    let mask = session.mask(mask);
    let told = Telling {
        bank: store.judge().bank(),
        mask: &mask,
        locale: &session.around.locale,
        today: stamp.today,
    };
    if session.global.json {
        let value = minutes::to_json(&minutes, &told);
        let text = serde_json::to_string_pretty(&value)?;
        return Ok(format!("{}\n", crate::export::json::escaped(&text)));
    }
    Ok(minutes::write(&minutes, &told, layout))
}

pub(super) fn print(session: &mut Session<'_>, text: &str) -> Result<(), CliError> {
    for line in text.lines() {
        session.out.line(line)?;
    }
    Ok(())
}

fn agreement_json(one: &Agreement) -> Json {
    let share = one.share();
    json!({
        "question": one.question, "same": one.same, "of": one.of, "too_few": one.is_too_few(),
        "share": share.map(|(share, ..)| rounded(share, 1)),
        "lo": share.map(|(_, lo, _)| rounded(lo, 1)),
        "hi": share.map(|(.., hi)| rounded(hi, 1)),
        "earlier": {"same": one.earlier.0, "of": one.earlier.1},
        "later": {"same": one.later.0, "of": one.later.1},
        "growth": one.growth().map(|growth| rounded(growth, 1)),
    })
}

fn coaching(
    session: &mut Session<'_>,
    rep: Option<&str>,
    manager: Option<&str>,
) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let pairs = store.pairs()?.into_iter().filter(|(one, two)| {
        rep.is_none_or(|name| name == one) && manager.is_none_or(|name| name == two)
    });
    let mut all: Vec<Coaching> = Vec::new();
    for (rep, manager) in pairs {
        all.push(store.coaching(&rep, &manager)?);
    }
    if session.global.json {
        let mut array = session.out.array();
        for one in &all {
            array.push(&json!({
                "schema": SCHEMA, "rep": one.rep, "manager": one.manager, "deals": one.deals,
                "from": one.days.map(|days| days.0), "to": one.days.map(|days| days.1),
                "verdict": agreement_json(&one.verdict),
                "questions": one.questions.iter().map(agreement_json).collect::<Vec<_>>(),
                "may_lead": one.may_lead(), "words": one.words(),
            }))?;
        }
        return Ok(array.end()?);
    }
    if all.is_empty() {
        session
            .out
            .safe("nobody revealed sealed answers together yet")?;
    }
    for one in &all {
        let line = format!("{} and {}: {}", one.rep, one.manager, one.words());
        session.out.safe(&line)?;
        for row in std::iter::once(&one.verdict).chain(&one.questions) {
            let name = row.question.trim_start_matches('=');
            session.out.safe(&format!("  {name:<10}{}", row.words()))?;
        }
    }
    Ok(())
}
