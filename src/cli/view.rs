//! `view` and `me`: saved views, and whose deals are one's own.

use clap::{Args, Subcommand};
use serde_json::json;

use super::error::CliError;
use super::list;
use super::session::Session;
use super::table::{Table, cell, text};
use crate::domain::act::Act;
use crate::domain::view::View;
use crate::export::deals::SCHEMA;
use crate::store::Access;

/// Works with saved views: a filter and an order under a name.
#[derive(Args, Debug)]
pub struct ViewArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Saves or replaces a view.
    Save {
        /// Its name.
        name: String,
        /// Its filter, such as 'owner:me amount>50k'; relative days stay relative.
        #[arg(long, value_name = "FILTER", default_value = "")]
        filter: String,
        /// Its order.
        #[arg(long, value_name = "NAME", default_value = "queue")]
        order: String,
    },
    /// Removes a view.
    Delete {
        /// Its name.
        name: String,
    },
    /// Lists the views, the built-in ones first.
    List,
}

/// Says which owner of the record you are, or asks.
#[derive(Args, Debug)]
pub struct MeArgs {
    /// The owner's name as the CRM has it; without it the one in force is shown.
    owner: Option<String>,
}

/// Carries out `view`.
pub fn run(session: &mut Session<'_>, args: &ViewArgs) -> Result<(), CliError> {
    let act = match &args.verb {
        Verb::List => return names(session),
        Verb::Save {
            name,
            filter,
            order,
        } => {
            list::filter(session, filter)?;
            Act::SaveView {
                name: name.clone(),
                filter: filter.clone(),
                order: order.clone(),
            }
        }
        Verb::Delete { name } => Act::DeleteView { name: name.clone() },
    };
    let mut store = session.open(Access::Write)?;
    if let Act::SaveView { filter, .. } = &act {
        list::filter_of(session, &store, filter)?;
    }
    let done = store.act(&session.stamp(), &act)?;
    session.done(&store, &done)
}

fn names(session: &mut Session<'_>) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let saved = store.overview(&session.stamp())?.saved;
    if session.global.json {
        let mut array = session.out.array();
        for view in View::BUILT_IN {
            array.push(&json!({
                "schema": SCHEMA, "name": view.code(), "built_in": true, "filter": null,
                "order": "queue",
            }))?;
        }
        for view in saved {
            array.push(&json!({
                "schema": SCHEMA, "name": view.name, "built_in": false, "filter": view.filter,
                "order": view.order,
            }))?;
        }
        array.end()?;
        return Ok(());
    }
    let columns = [text("name", 12), text("filter", 10), text("order", 8)];
    let mut table = Table::new(&mut session.out, &columns);
    for view in View::BUILT_IN {
        table.row(vec![cell(view.code()), cell(""), cell("queue")])?;
    }
    for view in saved {
        table.row(vec![
            cell(&view.name),
            cell(&view.filter),
            cell(&view.order),
        ])?;
    }
    table.end()?;
    Ok(())
}

/// Carries out `me`.
pub fn me(session: &mut Session<'_>, args: &MeArgs) -> Result<(), CliError> {
    let mut store = session.open(Access::Write)?;
    if let Some(owner) = &args.owner {
        let done = store.act(
            &session.stamp(),
            &Act::OwnerIs {
                owner: owner.clone(),
            },
        )?;
        return session.done(&store, &done);
    }
    let overview = store.overview(&session.stamp())?;
    let who = session.who();
    if session.global.json {
        session.out.value(&json!({
            "schema": SCHEMA, "person": who, "owner": overview.me, "owners": overview.owners,
        }))?;
        return Ok(());
    }
    match overview.me {
        Some(owner) => session
            .out
            .safe(&format!("{who} is {owner} in the record"))?,
        None if overview.owners.is_empty() => {
            session
                .out
                .safe(&format!("{who} is no owner in the record"))?;
        }
        None => {
            let owners = overview.owners.join(", ");
            session.out.safe(&format!(
                "{who} is no owner in the record; the owners are: {owners}"
            ))?;
        }
    }
    Ok(())
}
