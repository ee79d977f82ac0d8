//! Sharing the screen, and what is hidden on it.

use super::{lists, say};
use crate::app::model::{Model, Page};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Level};

/// What `:unmask` takes, and what each word shows.
pub(super) const UNMASK: [(&str, &str); 3] = [
    ("this", "Show this deal's name, hide all others"),
    ("names", "Show names, hide amounts"),
    ("all", "Show everything"),
];

/// What `:share` takes, and what each word does.
pub(super) const SHARE: [(&str, &str); 2] = [
    ("on", "Hide all but the name of the opened deal"),
    ("off", "Not shared any more; masks stay"),
];

/// Hides one step more.
pub(super) fn mask(model: &mut Model) {
    let on_the_table = model.current_deal();
    if !model.mask.tighten(on_the_table) {
        say::refused(model, "Everything is masked already: `:unmask` shows it");
        return;
    }
    lists::masked(model);
    let words = model.mask.header().unwrap_or_default();
    say::note(model, words, ":unmask shows it again");
}

/// Shows more again: only ever in words.
pub(super) fn unmask(model: &mut Model, arg: Option<&str>) {
    match arg {
        None | Some("all") => {
            model.mask.set(Level::Open, None);
            say::note(model, "Nothing is masked now", "m masks");
        }
        Some("names") => {
            model.mask.set(Level::Amounts, None);
            say::note(model, "Names are shown, amounts are masked", "m masks more");
        }
        Some("this") => {
            let this = model.current_deal();
            model.mask.share(this);
            lists::masked(model);
            say::note(model, "This deal is shown by name", "m masks it again");
        }
        Some(other) => say::refused(
            model,
            format!("`:unmask` takes this, names or all, not `{other}`"),
        ),
    }
}

/// Shares the screen: all is hidden but the name of the deal that is opened.
pub(super) fn share(model: &mut Model, arg: Option<&str>) {
    match arg {
        None | Some("on") => {
            model.shared = true;
            let table = on_the_table(model);
            model.mask.share(table);
            lists::masked(model);
            let words = model.mask.header().unwrap_or_default();
            say::note(model, words, "m masks more · :share off ends it");
        }
        Some("off") if model.shared => {
            model.shared = false;
            say::note(
                model,
                "Not shared any more; what is masked stays so",
                ":unmask shows it",
            );
        }
        Some("off") => say::refused(model, "The screen is not shared"),
        Some(other) => say::refused(model, format!("`:share` takes on or off, not `{other}`")),
    }
}

/// The deal that was opened, and not just passed by the cursor.
fn on_the_table(model: &Model) -> Option<DealId> {
    let opened = model.pages.iter().rev().find_map(Page::opened_deal);
    opened.or(model.mask.open_deal())
}

/// What somebody typed before, as it may be shown.
pub(super) fn typed(model: &Model, text: &str) -> String {
    model.mask.free(&Free::new(text), None).into_owned()
}
