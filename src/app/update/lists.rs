//! Which deals are listed: views, filters, orders.

use super::{Renewal, palette, say, share, tell, write};
use crate::app::command::Command;
use crate::app::form::text::TextInput;
use crate::app::list::{ListQuery, Order, View};
use crate::app::model::{Find, Menu, MenuKind, MenuRow, Model, Overlay, Pane, Pick, Then};
use crate::domain::act::Act;
use crate::domain::ids::DealId;
use crate::domain::money::Currency;
use crate::domain::query::Filter;
use crate::domain::view::COUNTED;

/// Reads a filter, and refuses one that would tell what a mask hides.
pub(super) fn read_filter(model: &Model, text: &str) -> Result<Option<Filter>, String> {
    let filter = Filter::parse(text, model.locale.order()).map_err(|error| error.to_string())?;
    if let Some(bank) = &model.bank {
        filter
            .check(text, bank)
            .map_err(|error| error.to_string())?;
    }
    if filter.tells_amounts() && model.mask.hides_amounts() {
        return Err("amounts are masked: `:unmask` shows them".to_owned());
    }
    Ok((!filter.is_empty()).then_some(filter))
}

/// Filters the list. A text that cannot be read changes nothing and says why.
pub(super) fn set_filter(model: &mut Model, text: &str) {
    match read_filter(model, text) {
        Ok(filter) => {
            if model.list.query.text == text {
                return;
            }
            model.list.anchor = model
                .list
                .anchor
                .or(model.list.current().map(DealId::short));
            text.clone_into(&mut model.list.query.text);
            model.list.query.filter = filter;
            model.list.want(Renewal::Renew);
        }
        Err(error) => say::refused(model, error),
    }
}

/// Shows a view.
pub(super) fn show(model: &mut Model, view: &View) {
    let mut query = ListQuery {
        view: view.clone(),
        ..ListQuery::default()
    };
    if let View::Saved(name) = view {
        let Some(saved) = model.facts.saved.iter().find(|s| s.name == *name).cloned() else {
            say::refused(model, format!("No view is called `{name}`"));
            return;
        };
        match read_filter(model, &saved.filter) {
            Ok(filter) => query.filter = filter,
            Err(error) => {
                say::refused(model, error);
                return;
            }
        }
        query.text = saved.filter;
        query.order = allowed(model, Order::parse(&saved.order).unwrap_or_default());
    } else if !matches!(view, View::ToDecide | View::Open | View::Due) {
        // These have no verdicts to order a queue by.
        query.order = allowed(model, model.list.query.order);
    }
    model.list.query = query;
    renew(model);
    home(model);
}

/// Goes back to the cockpit with the keys on the list.
pub(super) fn home(model: &mut Model) {
    model.pages.truncate(1);
    model.pane = Pane::List;
}

/// An order by amount would tell what a mask hides.
pub(super) fn allowed(model: &Model, order: Order) -> Order {
    let hidden = order.tells_amounts() && model.mask.hides_amounts();
    if hidden { Order::default() } else { order }
}

/// Orders the list.
pub(super) fn order(model: &mut Model, order: Order) {
    if allowed(model, order) != order {
        say::refused(model, "The order by amount would tell what is masked");
        return;
    }
    model.list.query.order = order;
    renew(model);
}

/// Takes the order as it is now.
pub(super) fn renew(model: &mut Model) {
    model.list.anchor = None;
    model.list.from_top = true;
    model.list.cursor = 0;
    model.list.top = 0;
    model.list.want(Renewal::Renew);
}

/// Renews the order with the cursor on its deal.
pub(super) fn renew_in_place(model: &mut Model) {
    model.list.anchor = model.list.current().map(DealId::short);
    // Whoever asks for it may have seen what no watch noticed.
    model.list.outdate();
    model.list.want(Renewal::Renew);
}

/// The mask was tightened: what would tell an amount goes.
pub(super) fn masked(model: &mut Model) {
    if !model.mask.hides_amounts() {
        return;
    }
    let tells = model
        .list
        .query
        .filter
        .as_ref()
        .is_some_and(Filter::tells_amounts);
    if tells {
        model.list.query.filter = None;
        model.list.query.text.clear();
    }
    if tells || model.list.query.order.tells_amounts() {
        model.list.query.order = allowed(model, model.list.query.order);
        renew_in_place(model);
    }
}

/// Marks the deal under the cursor, or takes its mark off, and goes on to the next.
pub(super) fn mark(model: &mut Model) {
    if let Some(deal) = model.list.current() {
        let id = deal.short();
        if !model.list.marks.remove(&id) {
            model.list.marks.insert(id);
        }
        model.list.step(1);
    }
}

/// The views that the program brings along and that have a deal, with how many; in the moment
/// before they are counted all of them.
pub(super) fn built_in(model: &Model) -> Vec<(View, Option<u64>)> {
    let facts = &model.facts;
    if facts.views.is_empty() && facts.deals > 0 {
        return View::BUILT_IN.map(|view| (view, None)).into();
    }
    let counted = facts.views.iter();
    let counted = counted.filter(|(view, _)| !matches!(view, View::Saved(_)));
    counted
        .map(|(view, count)| (view.clone(), Some(*count)))
        .collect()
}

/// Opens the menu of views: those that have something in them.
pub(super) fn views(model: &mut Model) {
    let now = &model.list.query.view;
    let mut rows: Vec<MenuRow> = built_in(model)
        .into_iter()
        .map(|(view, count)| {
            let note = count.map_or(String::new(), |count| {
                let number = i64::try_from(count).unwrap_or(i64::MAX);
                let more = if count < COUNTED { "" } else { "+" };
                format!("{}{more}", model.locale.number(number))
            });
            let current = view == *now;
            row(view.title(), note, Pick::View(view), current)
        })
        .collect();
    rows.extend(model.facts.saved.iter().map(|saved| {
        let view = View::Saved(saved.name.clone());
        let current = view == *now;
        row(
            share::typed(model, &saved.name),
            share::typed(model, &saved.filter),
            Pick::View(view),
            current,
        )
    }));
    menu(
        model,
        MenuKind::Views,
        "Views",
        rows,
        "No view has a deal in it",
    );
}

/// Opens the menu of orders.
pub(super) fn orders(model: &mut Model) {
    let now = model.list.query.order;
    let rows = Order::ALL
        .into_iter()
        .filter(|order| allowed(model, *order) == *order);
    let rows = rows
        .map(|order| {
            let note = order.help().to_owned();
            row(
                order.name().to_owned(),
                note,
                Pick::Order(order),
                order == now,
            )
        })
        .collect();
    menu(
        model,
        MenuKind::Orders,
        "Order by",
        rows,
        "There is no other order",
    );
}

/// Opens the menu of question banks.
pub(super) fn banks(model: &mut Model) {
    let now = model.bank.as_deref().map(|bank| bank.id().to_owned());
    let rows = model.facts.banks.iter().map(|(id, title)| {
        let current = now.as_ref() == Some(id);
        row(title.clone(), id.clone(), Pick::Bank(id.clone()), current)
    });
    let rows = rows.collect();
    menu(
        model,
        MenuKind::Banks,
        "Question bank in force",
        rows,
        "There is one bank only",
    );
}

/// Opens the menu of owners.
pub(super) fn owners(model: &mut Model) {
    let me = model.facts.me.as_ref();
    let rows = model.facts.owners.iter().map(|owner| {
        row(
            owner.clone(),
            String::new(),
            Pick::Owner(owner.clone()),
            me == Some(owner),
        )
    });
    let rows = rows.collect();
    menu(
        model,
        MenuKind::Owner,
        "Which of them are you?",
        rows,
        "The record names no owners",
    );
}

pub(super) fn row(title: String, note: String, pick: Pick, current: bool) -> MenuRow {
    MenuRow {
        title,
        note,
        pick,
        current,
    }
}

/// Opens a menu with the cursor on what is in force; without rows it says why not.
pub(super) fn menu(
    model: &mut Model,
    kind: MenuKind,
    title: &str,
    rows: Vec<MenuRow>,
    none: &'static str,
) {
    if rows.is_empty() {
        say::refused(model, none);
        return;
    }
    let cursor = rows.iter().position(|row| row.current).unwrap_or(0);
    let shown = crate::app::layout::overlay_rows(model.size);
    let top = (cursor + 1).saturating_sub(shown.max(1));
    model.overlays.push(Overlay::Menu(Menu {
        kind,
        title: title.to_owned(),
        rows,
        cursor,
        top,
        find: None,
    }));
}

/// Lets the menu on top be narrowed by typing.
pub(super) fn find_by_typing(model: &mut Model) {
    if let Some(Overlay::Menu(menu)) = model.overlays.last_mut() {
        menu.find = Some(Find {
            input: TextInput::line(""),
            all: menu.rows.clone(),
        });
    }
}

/// What was typed into the menu on top has changed.
pub(super) fn menu_typed(model: &mut Model) {
    let Some(Overlay::Menu(menu)) = model.overlays.last_mut() else {
        return;
    };
    let Some(find) = &menu.find else { return };
    let text = find.input.text();
    menu.rows = palette::best(&text, &find.all, |row| {
        format!("{} {}", row.title, row.note)
    });
    if menu.kind == MenuKind::Currency
        && let Some(code) = Currency::parse(&text)
        && menu.rows.iter().all(|row| row.title != code.as_str())
    {
        let code = code.as_str().to_owned();
        let pick = Pick::Currency(Some(code.clone()));
        menu.rows.insert(0, row(code, String::new(), pick, false));
    }
    let name = text.trim();
    if menu.kind == MenuKind::Source
        && !name.is_empty()
        && menu.rows.iter().all(|row| row.title != name)
    {
        let pick = Pick::Source(Some(name.to_owned()));
        let named = row(name.to_owned(), String::new(), pick, false);
        menu.rows.insert(0, named);
    }
    let current = menu.rows.iter().position(|row| row.current);
    menu.cursor = current.filter(|_| text.is_empty()).unwrap_or(0);
    menu.top = 0;
}

/// Takes what is under the cursor of the menu.
pub(super) fn menu_take(model: &mut Model, effects: &mut super::Effects) {
    let Some(Overlay::Menu(menu)) = model.overlays.pop() else {
        return;
    };
    let Some(taken) = menu.rows.into_iter().nth(menu.cursor) else {
        return;
    };
    match (taken.pick, menu.kind) {
        (Pick::View(view), _) => show(model, &view),
        (Pick::Order(by), _) => order(model, by),
        (Pick::Bank(bank), _) => write::act(model, Act::UseBank { bank }, Then::Say),
        (Pick::Contact(id), _) => tell::contact_form(model, id),
        (Pick::Owner(owner), _) => write::act(model, Act::OwnerIs { owner }, Then::Say),
        (Pick::Field(field), MenuKind::Field { header }) => {
            super::preview::set_meaning(model, header, field, effects);
        }
        (Pick::Dates(order), _) => super::preview::set_dates(model, order, effects),
        (Pick::Currency(code), _) => super::preview::set_currency(model, code, effects),
        (Pick::Source(name), _) => super::preview::set_source(model, name, effects),
        (
            Pick::Field(_),
            MenuKind::Views
            | MenuKind::Orders
            | MenuKind::Dates
            | MenuKind::Currency
            | MenuKind::Source
            | MenuKind::Banks
            | MenuKind::Owner
            | MenuKind::Contact,
        ) => {}
    }
}

/// Keeps the filter and order of the list under a name, or asks for the name.
pub(super) fn save_view(model: &mut Model, name: Option<&str>) {
    let Some(name) = name else {
        palette::open(model, &format!("{} ", Command::SaveView.info().name));
        return;
    };
    if View::by_name(name).is_some() {
        say::refused(
            model,
            format!("`{name}` is a view of the program: take another name"),
        );
        return;
    }
    let query = &model.list.query;
    // A search from "to decide" looks everywhere, and goes on doing so.
    let searches = query.filter.as_ref().is_some_and(Filter::is_search);
    let terms = if searches && query.view == View::ToDecide {
        String::new()
    } else {
        query.view.terms()
    };
    let filter = format!("{terms} {}", query.text);
    let save = Act::SaveView {
        name: name.to_owned(),
        filter: filter.trim().to_owned(),
        order: query.order.name().to_owned(),
    };
    write::act(model, save, Then::Say);
}
