//! `list`: deals, one a line.

use std::collections::HashMap;

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use serde_json::Value as Json;

use super::error::CliError;
use super::out::Tone;
use super::session::Session;
use super::table::{Cell, Table, cell, figures, text};
use crate::domain::bank::Bank;
use crate::domain::deal::cover_is_unknown;
use crate::domain::deal::{Decision, Status};
use crate::domain::ids::DealId;
use crate::domain::locale::Locale;
use crate::domain::money::Money;
use crate::domain::query::{Field, Filter, FilterError, Order};
use crate::domain::shown::{Label, Mask};
use crate::domain::verdict::Verdict;
use crate::domain::view::{ListQuery, View};
use crate::export::deals::{self, DealJson, Record};
use crate::store::{Access, Store};

/// Deals that are fetched at a time.
const WINDOW: usize = 500;

/// Lists deals: all of them, unless a view or a filter narrows them.
#[derive(Args, Debug, Default)]
pub struct ListArgs {
    /// Only those of a view.
    #[arg(long, value_name = "NAME", help = views())]
    pub view: Option<String>,
    /// Only those for which every term holds, such as 'owner:me dark:yes amount>50k'.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// In which order: queue, amount, close, hours, last, account, verdict, stage, created.
    #[arg(long, value_name = "NAME")]
    pub order: Option<String>,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    pub mask: Option<u8>,
}

fn views() -> String {
    let names: Vec<&str> = View::BUILT_IN.iter().map(View::code).collect();
    format!(
        "Only those of a view: {}, or one of your own",
        names.join(", ")
    )
}

/// Reads a filter, without the words that only a question bank knows.
pub fn filter(session: &Session<'_>, text: &str) -> Result<Filter, CliError> {
    Filter::parse(text, session.around.locale.order()).map_err(|e| mistake(e, text))
}

/// Reads a filter against the bank in force.
pub fn filter_of(session: &Session<'_>, store: &Store, text: &str) -> Result<Filter, CliError> {
    let read = filter(session, text)?;
    let checked = read.check(text, store.judge().bank());
    checked.map_err(|e| mistake(e, text))?;
    Ok(read)
}

/// Turns a mistake in a filter into an error that marks its place.
fn mistake(e: FilterError, text: &str) -> CliError {
    let mark = format!("{}^", " ".repeat(e.column.saturating_sub(1)));
    let error = CliError::usage(format!("{} at column {} of the filter", e.what, e.column))
        .because(text.to_owned())
        .because(mark);
    match e.hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Reads which deals are meant, in which order.
pub fn query(session: &Session<'_>, store: &Store, args: &ListArgs) -> Result<ListQuery, CliError> {
    let mut query = ListQuery {
        view: View::All,
        ..ListQuery::default()
    };
    if let Some(name) = &args.view {
        if let Some(view) = View::by_name(name) {
            query.view = view;
        } else {
            let saved = store.overview(&session.stamp())?.saved;
            let Some(view) = saved.iter().find(|v| v.name.eq_ignore_ascii_case(name)) else {
                let mut names: Vec<&str> = View::BUILT_IN.iter().map(View::code).collect();
                names.extend(saved.iter().map(|v| v.name.as_str()));
                return Err(CliError::failed(format!("no view is called `{name}`"))
                    .hint(format!("there are: {}", names.join(", "))));
            };
            query.view = View::Saved(view.name.clone());
            query.order = Order::parse(&view.order).unwrap_or_default();
            query.filter = Some(filter_of(session, store, &view.filter)?);
        }
    }
    if let Some(text) = &args.filter {
        let more = filter_of(session, store, text)?;
        query.filter = Some(match query.filter.take() {
            Some(filter) => filter.and(more),
            None => more,
        });
    }
    if let Some(name) = &args.order {
        query.order = Order::parse(name).ok_or_else(|| {
            let names: Vec<&str> = Order::ALL.into_iter().map(Order::name).collect();
            CliError::usage(format!("no order is called `{name}`"))
                .hint(format!("there are: {}", names.join(", ")))
        })?;
    }
    let tells =
        query.filter.as_ref().is_some_and(Filter::tells_amounts) || query.order.tells_amounts();
    if args.mask.unwrap_or(0) > 0 && tells {
        return Err(CliError::usage(
            "a filter or an order by amount would tell what the mask hides",
        )
        .hint("leave it out, or leave out `--mask`"));
    }
    query.filter = query.filter.filter(|f| !f.is_empty());
    query.text = query
        .filter
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    Ok(query)
}

/// Carries out `list`.
pub fn run(session: &mut Session<'_>, args: &ListArgs) -> Result<(), CliError> {
    if let Some(text) = &args.filter {
        filter(session, text)?;
    }
    let store = session.open(Access::Write)?;
    let query = query(session, &store, args)?;
    let today = session.around.today();
    let index = store.index(&query, today, &session.who())?;
    let mask = session.mask(args.mask);
    let windows = index.ids.chunks(WINDOW);
    let bank = store.judge().bank();
    if session.global.json {
        let firings = if query.view == View::Gone {
            firings(&store, today, &mask)?
        } else {
            HashMap::new()
        };
        let mut array = session.out.array();
        for window in windows {
            let ids: Vec<DealId> = window.iter().map(|id| DealId::from(*id)).collect();
            for record in deals::records(&store, &ids)? {
                let deal = DealJson::new(&record, bank, &mask, today);
                match firings.get(&record.row.id) {
                    Some(fired) => array.push(&Gone { deal, fired })?,
                    None => array.push(&deal)?,
                }
            }
        }
        array.end()?;
        return Ok(());
    }
    if query.view == View::Gone && !index.ids.is_empty() {
        return gone(session, &store, &index.ids, &mask);
    }
    let columns = [
        figures("id"),
        text("account", 8),
        text("title", 8),
        figures("amount"),
        text("stage", 6),
        text("verdict", 9),
        text("weakest or ask", 8),
        figures("silent"),
    ];
    // Nobody is silent beyond what the record can know.
    let known = store.record_day()?.map_or(today, |day| day.min(today));
    let mut table = Table::new(&mut session.out, &columns);
    for window in windows {
        let ids: Vec<DealId> = window.iter().map(|id| DealId::from(*id)).collect();
        for record in deals::records(&store, &ids)? {
            table.row(row(&record, bank, &mask, known))?;
        }
    }
    table.end()?;
    let asks = |filter: &Filter| filter.asks(Field::Cover);
    if index.ids.is_empty() && query.filter.as_ref().is_some_and(asks) {
        let people = store.overview(&session.stamp())?.people;
        if let Some(why) = cover_is_unknown(&people) {
            session
                .out
                .safe(&format!("{why}: `walkaway person NAME senior=yes`"))?;
        }
    }
    Ok(())
}

/// A fired prospect: the deal as ever, with its firings, the latest first.
#[derive(Serialize)]
struct Gone<'f> {
    #[serde(flatten)]
    deal: DealJson,
    fired: &'f [Json],
}

/// All firings by their deal.
fn firings(
    store: &Store,
    today: NaiveDate,
    mask: &Mask,
) -> Result<HashMap<DealId, Vec<Json>>, CliError> {
    let after = store.after(today, usize::MAX)?;
    let mut firings: HashMap<DealId, Vec<Json>> = HashMap::new();
    for row in &after.fired {
        let fired = crate::export::after::fired(row, mask);
        firings.entry(row.deal).or_default().push(fired);
    }
    Ok(firings)
}

/// Prints the fired as a record: who, why, what it freed, what came of it.
fn gone(
    session: &mut Session<'_>,
    store: &Store,
    ids: &[u32],
    mask: &Mask,
) -> Result<(), CliError> {
    let mut record = store.after(session.around.today(), usize::MAX)?;
    let places: HashMap<i64, usize> = ids
        .iter()
        .enumerate()
        .map(|(place, id)| (i64::from(*id), place))
        .collect();
    record.fired.retain(|row| places.contains_key(&row.deal.0));
    record.fired.sort_by_key(|row| places[&row.deal.0]);
    super::after::record(session, &record, mask)
}

/// What stands where a deal is: its verdict while that is asked for, else what was decided.
pub fn standing(record: &Record) -> (String, Tone) {
    let row = &record.row;
    if row.status != Status::Open {
        return (row.status.code().to_owned(), Tone::Quiet);
    }
    let due = row.eval.as_ref().and_then(|e| e.due);
    let decided = match row.decision {
        Decision::Undecided => None,
        Decision::Continued => Some("continued"),
        Decision::Hold => Some("on hold"),
        Decision::Fired => Some("fired"),
    };
    if let Some(decided) = decided {
        return match due {
            Some(due) => (
                format!("{decided}, due: {}", due.code().replace('_', " ")),
                Tone::Alarm,
            ),
            None => (decided.to_owned(), Tone::Quiet),
        };
    }
    match row.eval.as_ref().and_then(|e| e.verdict) {
        Some(Verdict::Fire) => ("FIRE".to_owned(), Tone::Alarm),
        Some(Verdict::GetToNo) => ("GET TO NO".to_owned(), Tone::Open),
        Some(Verdict::Continue) => ("CONTINUE".to_owned(), Tone::Good),
        None => (String::new(), Tone::Plain),
    }
}

/// An amount as commands print it: without groups, in every locale.
pub fn amount(money: Money, mask: &Mask) -> String {
    mask.money(money, &Locale::default()).replace(',', "")
}

fn row(record: &Record, bank: &Bank, mask: &Mask, known: chrono::NaiveDate) -> Vec<Cell> {
    let row = &record.row;
    let account = row
        .account
        .as_ref()
        .map(|a| deals::account_name(a, row.id, mask));
    let amount = row.amount.map(|money| amount(money, mask));
    let eval = row.eval.as_ref();
    let link = eval.and_then(|e| match e.verdict {
        Some(Verdict::Fire) => e.reasons.first().map(|reason| reason.words(bank)),
        Some(Verdict::GetToNo | Verdict::Continue) => {
            e.ask.map(|ix| format!("ask: {}", bank[ix].short))
        }
        None => None,
    });
    let silent = eval
        .and_then(|e| e.last_act)
        .map(|day| format!("{} d", (known - day).num_days().max(0)));
    let (verdict, tone) = standing(record);
    vec![
        cell(&row.id.to_string()),
        cell(&account.unwrap_or_default()),
        cell(&mask.name(&row.title, Label::Deal(row.id))),
        cell(&amount.unwrap_or_default()),
        cell(row.stage.as_deref().unwrap_or_default()),
        (verdict, tone),
        cell(&link.unwrap_or_default()),
        cell(&silent.unwrap_or_default()),
    ]
}
