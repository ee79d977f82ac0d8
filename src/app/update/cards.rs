//! The card of signs, fresh eyes, and what is dead on paper.

use super::{Effects, say, write};
use crate::app::effect::Effect;
use crate::app::model::{Model, Page, Then};
use crate::app::paper::Paper;
use crate::app::signs::SignsCard;
use crate::domain::act::Act;
use crate::domain::deal::{FreshEyes, ListRow};
use crate::domain::signs::Sign;

/// Opens the card of signs of the deal that the keys are about.
pub(super) fn signs(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        model.mask.turn_to(deal);
        model.pages.push(Page::Signs(SignsCard::of(deal)));
    }
}

/// Ticks a sign by its key, or takes the tick back.
pub(super) fn tick(model: &mut Model, key: char) {
    if !matches!(model.page(), Page::Signs(_)) {
        return;
    }
    if model.facts.read_only {
        say::refused(model, "Nothing is ticked: the pipeline can only be read");
        return;
    }
    let kept: Vec<Sign> = model
        .current_detail()
        .map(|detail| detail.seen.signs.iter().map(|row| row.sign).collect())
        .unwrap_or_default();
    let Some(Page::Signs(card)) = model.pages.last_mut() else {
        return;
    };
    let Some(sign) = Sign::from_key(key) else {
        return;
    };
    let deal = card.deal;
    let ticked = !card.is_ticked(sign, kept.contains(&sign));
    card.pending.push((sign, ticked));
    let act = Act::Sign { deal, sign, ticked };
    write::act(model, act, Then::Nothing);
}

/// Forgets what was pressed once it is kept: the loaded deal says it from then on.
pub(super) fn settled(model: &mut Model) {
    let pane = &model.detail;
    let is_on_its_way = model.work.is_writing() || pane.stale || pane.loading.is_some();
    if let Some(Page::Signs(card)) = model.pages.last_mut()
        && !is_on_its_way
    {
        card.pending.clear();
    }
}

/// Shows the deal as if it came today.
pub(super) fn fresh(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        model.mask.turn_to(deal);
        model.pages.push(Page::Fresh(deal));
    }
}

/// Answers whether one would take it today, and closes the card.
pub(super) fn would_take(model: &mut Model, answer: FreshEyes) {
    let Page::Fresh(deal) = model.page() else {
        return;
    };
    let deal = *deal;
    model.pages.pop();
    write::act(
        model,
        Act::FreshEyes {
            deal,
            answer: Some(answer),
        },
        Then::Say,
    );
}

/// Opens what is dead on paper.
pub(super) fn paper(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Paper(_)));
    model.pages.push(Page::Paper(Paper {
        stale: true,
        ..Paper::default()
    }));
}

/// Asks for what is dead on paper: for the page, or after an import to see whether it opens.
pub(super) fn want_paper(model: &mut Model, effects: &mut Effects) {
    // Who sits here is asked first: it says whose deals these are.
    let is_free =
        !model.work.ask_owner && model.overlays.is_empty() && matches!(model.page(), Page::Cockpit);
    if let Some(Page::Paper(page)) = model.pages.last_mut() {
        if page.stale && !page.loading {
            page.stale = false;
            page.loading = true;
            effects.push(Effect::LoadPaper);
        }
    } else if model.work.look_for_paper && is_free {
        model.work.look_for_paper = false;
        model.work.open_paper = true;
        effects.push(Effect::LoadPaper);
    }
}

/// Takes what is dead on paper. After an import the page opens by itself if there is any.
pub(super) fn take_paper(model: &mut Model, rows: Vec<ListRow>, total: usize) {
    let opens = std::mem::take(&mut model.work.open_paper)
        && !rows.is_empty()
        && matches!(model.page(), Page::Cockpit);
    if opens {
        model.pages.push(Page::Paper(Paper::default()));
    }
    let Some(Page::Paper(page)) = model.pages.last_mut() else {
        return;
    };
    page.take(rows, total);
    if page.rows.is_empty() {
        model.pages.pop();
        say::note(model, "Nothing is dead on paper", "");
    }
}

/// It could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model.work.open_paper = false;
    model.pages.retain(|page| !matches!(page, Page::Paper(_)));
}

/// Changes the page of what is dead on paper.
pub(super) fn on_paper(model: &mut Model, change: impl FnOnce(&mut Paper)) {
    if let Some(Page::Paper(page)) = model.pages.last_mut() {
        change(page);
    }
}

/// Goes to the deal under the cursor, in the cockpit.
pub(super) fn open_on_paper(model: &mut Model) {
    let Some(Page::Paper(page)) = model.pages.last() else {
        return;
    };
    if let Some(deal) = page.rows.get(page.cursor).map(|row| row.id) {
        model.pages.truncate(1);
        super::go_to(model, deal);
    }
}
