//! On whose word a firing is, and how a meeting ends: the charter and the minutes.

use crate::app::effect::Effect;
use crate::app::form::{FieldKey, Form, FormLine, MinutesAs, MinutesOf};
use crate::app::model::{Model, Overlay, Page, Then};
use crate::app::one_on_one::MinutesWish;
use crate::app::toast::Part;
use crate::app::update::{Effects, reviews, say, write};
use crate::domain::act::Act;
use crate::domain::deal::Detail;
use crate::domain::locale::with_days;
use crate::domain::review::CharterReply;
use crate::domain::shown::{Free, Level};

/// Says on whose word a firing would be, and whether it is one's own to decide.
pub(in crate::app::update) fn on_whose_word(model: &Model, detail: &Detail, form: &mut Form) {
    let table = &detail.seen.table;
    charter_line(model, detail, form);
    let said = table.may_fire.as_ref().map(|said| {
        let sentence = model.mask.free(&said.sentence, Some(detail.deal.id));
        let day = model.locale.date(said.day, model.today);
        format!("“{sentence}” {}, {day}", said.who)
    });
    if table.beyond.is_some() && said.is_none() {
        form.lines.push(FormLine {
            label: "above it".to_owned(),
            text: "this one is fired at once and asked for: it stands unless overruled in time"
                .to_owned(),
            warn: true,
        });
    }
    let charter = || table.charter.as_ref()?.authority();
    let word = said.or_else(charter);
    let field = form
        .fields
        .iter_mut()
        .find(|field| field.key == FieldKey::Word);
    if let (Some(field), Some(word)) = (field, word) {
        let written = |day| model.locale.date(day, model.today);
        field.placeholder = with_days(&word, written).into_owned();
    }
}

/// One line of the charter.
fn charter_line(model: &Model, detail: &Detail, form: &mut Form) {
    let charter = detail.seen.table.charter.as_ref();
    let line = charter.and_then(|c| c.line(&model.mask, &model.locale, model.today));
    form.lines.extend(line.map(|text| FormLine {
        label: "charter".to_owned(),
        text,
        warn: false,
    }));
}

/// Signs the charter, with the terms of the form.
pub(in crate::app::update) fn sign(model: &mut Model) {
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else {
        return;
    };
    match form.charter_terms() {
        Ok(terms) => {
            form.sending = true;
            form.failed = None;
            write::act(model, Act::CharterSign { terms }, Then::CloseSheet);
        }
        Err(wrong) => form.failed = Some(wrong),
    }
}

/// Says what the manager says to a firing above the ceiling.
pub(in crate::app::update) fn answer_request(
    model: &mut Model,
    reply: CharterReply,
    reason: Option<&str>,
) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    let answer = Act::CharterAnswer {
        deal,
        reply,
        reason: reason.map(str::to_owned),
    };
    write::act(model, answer, Then::Say);
}

/// Asks what the minutes are written as.
pub(in crate::app::update) fn minutes(model: &mut Model) {
    let form = Form::minutes(model.mask.hides_amounts(), MinutesOf::Running);
    model.overlays.push(Overlay::Form(Box::new(form)));
}

/// The meeting on screen: the one that runs, or an earlier one.
fn review(model: &Model) -> Option<i64> {
    if let Page::OneOnOne(page) = model.page() {
        return Some(page.session()?.id);
    }
    reviews::meant(model)
}

/// What the form on top says of the minutes of a meeting.
pub(in crate::app::update) fn wish(model: &Model) -> Option<MinutesWish> {
    let review = review(model)?;
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return None;
    };
    let is_masked = model.mask.hides_amounts();
    let MinutesAs { path, html, masked } = form.minutes_as(is_masked);
    let mut mask = model.mask.clone();
    match (masked, is_masked) {
        (true, true) => {}
        (true, false) => mask.set(Level::Names, None),
        (false, _) => mask.set(Level::Open, None),
    }
    let ending = if html { "html" } else { "md" };
    let path = path.unwrap_or_else(|| format!("minutes-{}-{review}.{ending}", model.today));
    Some(MinutesWish {
        review,
        path: Some(path),
        html,
        mask,
    })
}

/// Closes the 1:1; the minutes are written once that is done.
pub(in crate::app::update) fn end(model: &mut Model) {
    let wish = wish(model);
    model.overlays.pop();
    if wish.is_none() {
        say::refused(model, "No 1:1 runs here");
        return;
    }
    model.work.minutes = wish;
    write::act(model, Act::ReviewEnd, Then::Nothing);
}

/// Brings the minutes so far, to be copied.
pub(in crate::app::update) fn copy_minutes(model: &mut Model, effects: &mut Effects) {
    match wish(model) {
        Some(wish) => effects.push(Effect::WriteMinutes(Box::new(MinutesWish {
            path: None,
            ..wish
        }))),
        None => say::refused(model, "No 1:1 runs here"),
    }
}

/// The 1:1 is closed.
pub(in crate::app::update) fn closed(model: &mut Model) {
    model.work.is_closed = true;
    model
        .pages
        .retain(|page| !matches!(page, Page::OneOnOne(_)));
}

/// The minutes are written, or there to be copied.
pub(in crate::app::update) fn minuted(
    model: &mut Model,
    path: Option<String>,
    text: String,
    effects: &mut Effects,
) {
    match path {
        Some(path) => {
            let is_earlier = matches!(model.page(), Page::Reviews(_));
            let (says, hint) = if is_earlier {
                ("The minutes are in ", "")
            } else {
                (
                    "The 1:1 is closed, its minutes are in ",
                    ":undo opens it again",
                )
            };
            let parts = vec![Part::from(says), Part::Free(None, Free::new(path))];
            say::done(model, parts, hint);
        }
        None => effects.push(Effect::Copy(text)),
    }
}
