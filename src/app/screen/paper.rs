//! Dead on paper: one row a deal, ticked, with what the record says of it.

use super::doc::{Glyph, Line, Picked, Role, Row, Span};
use super::words::Words;
use super::{Page, head};
use crate::app::model::Model;
use crate::app::paper::Paper;
use crate::domain::deal::ListRow;

/// Columns from which on an amount has room.
const AMOUNT: u16 = 100;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, paper: &Paper) -> Row {
    let ticked = paper.ticked().len();
    let place = format!(
        "{} of {} ticked · {} h back, an estimate",
        words.locale.number(ticked as i64),
        words.locale.number(paper.total as i64),
        words.locale.hours(paper.hours())
    );
    head::titled(model, vec![Span::new("Dead on paper", Role::Head)], &place)
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, paper: &Paper) -> Page {
    let mut lines = vec![Line::words(
        1,
        "The record alone fires these: nothing from them, nothing by anyone, and past the date or \
         without a next step.",
        Role::Text,
    )];
    lines.push(Line::Blank);
    if paper.rows.is_empty() {
        lines.push(Line::words(1, "loading…", Role::Quiet));
    }
    let more = paper.total.saturating_sub(paper.rows.len());
    let height = usize::from(model.size.height.saturating_sub(7)).max(1);
    // What does not fit is said in a line of its own.
    let is_cut = more > 0 || paper.rows.len() > height;
    let height = (height - usize::from(is_cut && height > 1)).max(1);
    let last = (paper.cursor + 1).saturating_sub(height);
    let first = paper.top.min(paper.cursor).max(last);
    let rows = paper.rows.iter().enumerate().skip(first).take(height);
    for (at, row) in rows {
        let picked = if at == paper.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        let ticked = !paper.spared.contains(&row.id);
        lines.push(deal(model, words, row, ticked).picked(picked).into());
    }
    let mut after = Vec::new();
    let below = paper.rows.len().saturating_sub(first + height);
    if below > 0 {
        let text = format!("{} more below", words.locale.number(below as i64));
        after.push(Line::words(1, text, Role::Quiet));
    } else if more > 0 {
        let more = words.count(more as u64, "more deal", "more deals");
        let text = format!("{more} than are listed here: they follow once these are gone.");
        after.push(Line::words(1, text, Role::Quiet));
    }
    Page {
        column: model.size.width,
        lines,
        scroll: 0,
        middle: false,
        ruled: true,
        after,
    }
}

fn deal(model: &Model, words: &Words<'_>, row: &ListRow, ticked: bool) -> Row {
    let width = model.size.width;
    let name = words.joined_name(row.id, row.account.as_ref(), &row.title);
    let eval = row.eval.as_ref();
    let silence = words.silence(eval.and_then(|eval| eval.last_act));
    let silent = silence.map_or_else(
        || "never a word".to_owned(),
        |days| format!("silent {}", words.locale.days(days)),
    );
    // A date that passed but lately is not what fires it, unless nothing else does.
    let least = match row.next_step {
        Some(_) => 1,
        None => i64::from(model.thresholds.overdue_days),
    };
    let passed = row
        .expected_close
        .map(|close| (words.today - close).num_days())
        .filter(|days| *days >= least);
    let ahead = match passed {
        Some(days) => format!("date passed {}", words.locale.days(days)),
        None => "no next step".to_owned(),
    };
    let back = eval.map_or(0.0, |eval| eval.hours.at_stake);
    let mark = if ticked {
        Span::sign(Glyph::Yes, Role::Strong)
    } else {
        Span::text(" ")
    };
    let row_out = Row::new(1)
        .fixed_spans(2, vec![mark])
        .fill(Span::new(
            name,
            if ticked { Role::Text } else { Role::Quiet },
        ))
        .fixed(1, "")
        .fixed(15, Span::text(silent))
        .fixed(20, Span::text(ahead));
    let row_out = match row.amount {
        Some(money) if width >= AMOUNT => row_out.right(16, Span::text(words.money(money))),
        Some(_) | None if width >= AMOUNT => row_out.fixed(16, ""),
        Some(_) | None => row_out,
    };
    row_out.right(8, Span::quiet(format!("{} h", words.locale.hours(back))))
}
