//! The card of signs, and the deal with fresh eyes.

use super::doc::{Line, Role, Row, Span};
use super::text::height_of;
use super::words::{Words, must};
use super::{Page, head, squeeze};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::signs::SignsCard;
use crate::domain::deal::FreshEyes;
use crate::domain::ids::DealId;
use crate::domain::shown::Free;
use crate::domain::signs::{SIGNS, SignEffect, SignInfo};

/// Columns of a card.
const COLUMN: u16 = 80;

/// The first row of the card of signs.
pub fn signs_title(model: &Model, words: &Words<'_>, card: &SignsCard) -> Row {
    let kept = |info: &SignInfo| is_kept(model, info);
    let ticked = SIGNS
        .iter()
        .filter(|info| card.is_ticked(info.sign, kept(info)))
        .count();
    let place = format!("signs · {ticked} of {}", SIGNS.len());
    head::titled(
        model,
        vec![Span::strong(name(model, words, card.deal))],
        &place,
    )
}

/// The card of signs.
pub fn signs(model: &Model, card: &SignsCard) -> Page {
    let mut rows = Vec::new();
    let mut lines = vec![
        Line::Blank,
        Line::words(3, "They …", Role::Strong),
        Line::Blank,
    ];
    for (at, info) in SIGNS.iter().enumerate() {
        // The five of the worst customers, then the seven of contacts to leave to others.
        if at == 5 {
            lines.push(Line::Blank);
        }
        let is_ticked = card.is_ticked(info.sign, is_kept(model, info));
        let (mark, role) = if is_ticked {
            ("x", Role::Fire)
        } else {
            ("", Role::Text)
        };
        let does = match (is_ticked, info.effect) {
            (false, _) => "",
            (true, SignEffect::Answers(_)) => "no, said",
            (true, SignEffect::Raises(_)) => "a signal",
        };
        let row = Row::new(3)
            .fixed(4, Span::key(info.key.to_string()))
            .fixed(3, Span::new(mark, role))
            .fill(Span::new(info.words, role))
            .fixed(10, Span::quiet(does));
        rows.push(Line::from(row.clone()));
        lines.push(row.into());
    }
    lines.push(Line::Blank);
    let what =
        "A tick is a no that they gave you, or the signal itself. The letter again takes it back.";
    lines.push(Line::words(3, what, Role::Quiet));
    let page = card_page(model, lines);
    let room = usize::from(model.size.height.saturating_sub(5));
    if height_of(&page.lines, page.column.saturating_sub(1)) <= room {
        return page;
    }
    // All twelve stay in sight: what frames them goes.
    Page {
        lines: rows,
        ruled: false,
        ..page
    }
}

/// The first row of fresh eyes.
pub fn fresh_title(model: &Model, words: &Words<'_>, deal: DealId) -> Row {
    let title = vec![Span::strong(name(model, words, deal))];
    head::titled(model, title, "as if it came today")
}

/// The deal as if it came today: no age, no stage, no amount, no hours, no history.
pub fn fresh(model: &Model, words: &Words<'_>, deal: DealId) -> Page {
    let mut lines = vec![Line::Blank];
    let Some(detail) = model.current_detail() else {
        lines.push(Line::words(3, "loading…", Role::Quiet));
        return card_page(model, lines);
    };
    let label = |label: &'static str, text: String| -> Line {
        Line::para(
            3,
            15,
            vec![Span::quiet(format!("{label:<12}")), Span::text(text)],
        )
    };
    let row = &detail.deal;
    if let Some(product) = &row.product {
        lines.push(label("wants", typed(words, deal, product)));
    }
    if let Some(contact) = &row.contact {
        lines.push(label("through", words.contact(deal, contact)));
    }
    if let Some(source) = &row.lead_source {
        lines.push(label("came by", typed(words, deal, source)));
    }
    if let Some(text) = &row.description {
        lines.push(label(
            "in words",
            super::text::cut(&words.free(Some(deal), text), 400),
        ));
    }
    if let Some(eval) = &detail.eval {
        let mut spans = vec![Span::quiet(format!("{:<12}", "known"))];
        let musts = [
            (eval.musts.problem, "problem"),
            (eval.musts.signer, "signer"),
            (eval.musts.date, "date"),
        ];
        for (state, short) in musts {
            spans.extend(must(state, short));
            spans.push(Span::text("   "));
        }
        lines.push(Line::para(3, 15, spans));
    }
    lines.push(Line::Blank);
    lines.push(Line::words(
        3,
        "Would we take it, if it came today?",
        Role::Strong,
    ));
    lines.push(Line::Blank);
    let keys = [
        (Command::FreshYes, "yes, gladly"),
        (Command::FreshNo, "no"),
        (Command::FreshUnknown, "hard to say"),
    ];
    for (command, says) in keys {
        let keys = model.keymap.keys_of(command);
        let key = keys
            .first()
            .map(|key| key.label(model.spells_keys()))
            .unwrap_or_default();
        lines.push(Row::new(5).fixed(4, Span::key(key)).fill(says).into());
    }
    if let Some(last) = &detail.seen.fresh_eyes {
        let said = match last.answer {
            FreshEyes::Yes => "yes",
            FreshEyes::No => "no",
            FreshEyes::Unknown => "hard to say",
        };
        lines.push(Line::Blank);
        let text = format!("On {} the answer was: {said}.", words.day(last.day));
        lines.push(Line::words(3, text, Role::Quiet));
    }
    card_page(model, lines)
}

/// What a person may have typed into a field of the CRM: a name, perhaps.
fn typed(words: &Words<'_>, deal: DealId, text: &str) -> String {
    words.free(Some(deal), &Free::new(text))
}

fn card_page(model: &Model, mut lines: Vec<Line>) -> Page {
    let column = model.size.width.min(COLUMN);
    let room = usize::from(model.size.height.saturating_sub(5));
    if height_of(&lines, column.saturating_sub(1)) > room {
        squeeze(&mut lines, column.saturating_sub(1), room);
    }
    Page {
        column,
        lines,
        scroll: 0,
        middle: true,
        ruled: true,
        after: Vec::new(),
    }
}

fn is_kept(model: &Model, info: &SignInfo) -> bool {
    let detail = model.current_detail();
    detail.is_some_and(|detail| detail.seen.signs.iter().any(|row| row.sign == info.sign))
}

fn name(model: &Model, words: &Words<'_>, deal: DealId) -> String {
    let detail = model
        .current_detail()
        .filter(|detail| detail.deal.id == deal);
    let loaded = detail.map(|detail| words.full_name(&detail.deal));
    let listed = || {
        let row = model.list.row_of(deal)?;
        Some(words.joined_name(row.id, row.account.as_ref(), &row.title))
    };
    loaded.or_else(listed).unwrap_or_default()
}
