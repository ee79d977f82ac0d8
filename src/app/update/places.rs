//! Where a person is: kept on the way out, found again at the next start.

use super::lists::{allowed, read_filter};
use super::{go_to, moves};
use crate::app::list::{ListQuery, Order, View};
use crate::app::model::{Model, Pane};
use crate::app::place::Place;
use crate::domain::ids::DealId;

/// Returns where a person is, to be kept.
pub(super) fn of(model: &Model) -> Place {
    let query = &model.list.query;
    Place {
        view: query.view.code().to_owned(),
        filter: query.text.clone(),
        order: query.order.name().to_owned(),
        deal: model
            .list
            .current()
            .or(model.list.anchor.map(DealId::from))
            .map(|deal| deal.0),
        above: model.list.cursor.saturating_sub(model.list.top),
        pane: match model.pane {
            Pane::List => "list",
            Pane::Detail => "detail",
            Pane::Checklist => "checklist",
        }
        .to_owned(),
        zoom: model.zoom,
        left: Some(model.at),
        day: Some(model.today),
        came_back: model.asked_back,
    }
}

/// Goes back to where a person was.
pub(super) fn restore(model: &mut Model, place: &Place) {
    let saved = model
        .facts
        .saved
        .iter()
        .any(|saved| saved.name == place.view);
    let view = View::by_name(&place.view)
        .or_else(|| saved.then(|| View::Saved(place.view.clone())))
        .unwrap_or_default();
    let filter = read_filter(model, &place.filter).ok().flatten();
    model.list.query = ListQuery {
        view,
        text: if filter.is_some() {
            place.filter.clone()
        } else {
            String::new()
        },
        filter,
        order: allowed(model, Order::parse(&place.order).unwrap_or_default()),
    };
    let pane = match place.pane.as_str() {
        "detail" => Pane::Detail,
        "checklist" => Pane::Checklist,
        _ => Pane::List,
    };
    moves::focus(model, pane);
    model.zoom = place.zoom;
    if let Some(deal) = place.deal {
        go_to(model, DealId(deal));
        // The scroll follows from the rows above the cursor once the index is there.
        model.list.cursor = place.above;
        model.list.top = 0;
    }
}
