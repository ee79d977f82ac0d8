//! The map: loading it, and going from cell to cell and to a deal.

use super::Effects;
use crate::app::effect::Effect;
use crate::app::map::MapPage;
use crate::app::model::{Model, Page};
use crate::domain::map::PipelineMap;

/// Opens the map.
pub(super) fn open(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Map(_)));
    model.pages.push(Page::Map(MapPage {
        stale: true,
        ..MapPage::default()
    }));
}

/// Asks for the map where it is new or old.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    if let Some(page) = page(model)
        && page.stale
        && !page.loading
    {
        page.stale = false;
        page.loading = true;
        effects.push(Effect::LoadMap);
    }
}

/// Takes the map.
pub(super) fn take(model: &mut Model, map: PipelineMap) {
    if let Some(page) = page(model) {
        page.loading = false;
        let is_first = page.map.replace(map).is_none();
        if is_first {
            page.go_to_deals();
        }
        page.step(|at, _| at);
    }
}

/// It could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Map(_)));
}

/// Goes to another cell.
pub(super) fn go(model: &mut Model, by: isize) {
    if let Some(page) = page(model) {
        page.go(by);
    }
}

/// Goes to the deal under the cursor, in the cockpit.
pub(super) fn open_deal(model: &mut Model) {
    let deal = page(model).and_then(|page| page.current().map(|row| row.id));
    if let Some(deal) = deal {
        model.pages.truncate(1);
        super::go_to(model, deal);
    }
}

fn page(model: &mut Model) -> Option<&mut MapPage> {
    let Some(Page::Map(page)) = model.pages.last_mut() else {
        return None;
    };
    Some(page)
}
