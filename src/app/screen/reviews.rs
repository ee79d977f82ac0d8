//! Earlier 1:1s of two people: the list, the minutes of one, and how they compare.

mod coaching;

use super::doc::{Line, Role, Row, Span};
use super::text::height_of;
use super::words::{Words, safe};
use super::{Page, head, picked};
use crate::app::model::Model;
use crate::app::reviews::{PairSide, ReviewsPage};
use crate::domain::review::{HeldReview, Minutes, MinutesBlock, PairReviews, Telling};

/// Columns that the lines take at most: longer ones are hard to read in a call.
const COLUMN: u16 = 104;

/// Columns from which on there is room around the columns of a table.
const WIDE: u16 = 100;

/// Columns of the word before an item of the minutes.
const WORD: u16 = 10;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, page: &ReviewsPage) -> Row {
    let what = match (&page.opened, page.side) {
        (Some(_), _) => "Minutes",
        (None, PairSide::Held) => "Earlier 1:1s",
        (None, PairSide::Coaching) => "Coaching",
    };
    let mut title = vec![Span::new(what, Role::Head)];
    if let Some(pair) = page.pair() {
        title.push(Span::text(format!("   {}", safe(&pair.names()))));
    }
    let pairs = page.pairs.as_ref().map_or(0, Vec::len);
    let place = match (&page.opened, page.minutes()) {
        (Some(_), Some(minutes)) => {
            let day = minutes.session.started.date_naive();
            words.locale.whole_date(day)
        }
        (None, _) if pairs > 1 => format!("pair {} of {pairs}", page.at + 1),
        (Some(_), None) | (None, _) => String::new(),
    };
    head::titled(model, title, &place)
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, page: &ReviewsPage) -> Page {
    let column = model.size.width.min(COLUMN);
    let mut lines = vec![Line::Blank];
    match (page.pair(), &page.opened, page.side) {
        (None, ..) if page.pairs.is_some() => {
            lines.push(Line::words(1, "No 1:1 was held yet.", Role::Strong));
        }
        (None, ..) => lines.push(Line::words(1, "loading…", Role::Quiet)),
        (Some(pair), None, PairSide::Held) => {
            let cursor = held(model, words, page, pair, &mut lines);
            return Page::around(model, column, lines, cursor, Vec::new());
        }
        (Some(_), ..) => return scrolled(model, words, page),
    }
    Page::around(model, column, lines, 0, Vec::new())
}

/// What is read from the top, without a cursor.
fn read(model: &Model, words: &Words<'_>, page: &ReviewsPage) -> Vec<Line> {
    let mut lines = vec![Line::Blank];
    match (&page.opened, page.pair()) {
        (Some(_), _) => match page.minutes() {
            Some(of) => minutes(model, words, of, &mut lines),
            None => lines.push(Line::words(1, "loading…", Role::Quiet)),
        },
        (None, Some(pair)) => coaching::lines(model, words, pair, &mut lines),
        (None, None) => {}
    }
    lines
}

fn scrolled(model: &Model, words: &Words<'_>, page: &ReviewsPage) -> Page {
    let column = model.size.width.min(COLUMN);
    Page {
        column,
        lines: read(model, words, page),
        scroll: page.top.min(extent(model, words, page)),
        middle: false,
        ruled: true,
        after: Vec::new(),
    }
}

/// How many rows of what is read can be scrolled away.
pub fn extent(model: &Model, words: &Words<'_>, page: &ReviewsPage) -> usize {
    let column = model.size.width.min(COLUMN);
    let room = usize::from(model.size.height.saturating_sub(4));
    height_of(&read(model, words, page), column.saturating_sub(1)).saturating_sub(room)
}

/// The 1:1s of a pair, the newest first; returns the line under the cursor.
fn held(
    model: &Model,
    words: &Words<'_>,
    page: &ReviewsPage,
    pair: &PairReviews,
    lines: &mut Vec<Line>,
) -> usize {
    let wide = model.size.width >= WIDE;
    let cells: [u16; 5] = if wide {
        [14, 10, 10, 12, 14]
    } else {
        [12, 8, 8, 10, 12]
    };
    let names = ["took", "deals", "fired", "on hold", "continued"];
    let mut heads = Row::new(1).fill(Span::new("when", Role::Head));
    for (name, cell) in names.into_iter().zip(cells) {
        heads = heads.right(cell, Span::quiet(name));
    }
    lines.push(heads.into());
    let mut cursor = 0;
    for (at, one) in pair.held.iter().enumerate() {
        let mut row = meeting(words, one, cells);
        if at == page.cursor {
            cursor = lines.len();
            row = row.picked(picked(model));
        }
        lines.push(row.into());
    }
    cursor
}

fn meeting(words: &Words<'_>, one: &HeldReview, cells: [u16; 5]) -> Row {
    let day = one.session.started.date_naive();
    let took = format!("{} of {} min", one.took(), one.session.clock.plan);
    let mut row = Row::new(1)
        .fill(Span::text(words.near_day(day)))
        .right(cells[0], Span::text(took))
        .right(
            cells[1],
            Span::text(words.locale.number(i64::from(one.talked))),
        );
    for (count, cell) in one.decided.into_iter().zip(&cells[2..]) {
        let count = match count {
            0 => Span::quiet("·"),
            count => Span::strong(words.locale.number(i64::from(count))),
        };
        row = row.right(*cell, count);
    }
    row
}

/// What a meeting left behind.
fn minutes(model: &Model, words: &Words<'_>, minutes: &Minutes, lines: &mut Vec<Line>) {
    let Some(bank) = model.bank.as_deref() else {
        return;
    };
    let told = Telling {
        bank,
        mask: words.mask,
        locale: words.locale,
        today: words.today,
    };
    for block in minutes.told(&told) {
        match block {
            // It stands in the first row of the screen.
            MinutesBlock::Title(_) => {}
            MinutesBlock::Line(text) => lines.push(Line::words(1, safe(&text), Role::Strong)),
            MinutesBlock::Heading(text) => {
                lines.push(Line::Blank);
                lines.push(Line::head(1, safe(&text)));
            }
            MinutesBlock::Item("", text) => lines.push(Line::words(3, safe(&text), Role::Text)),
            MinutesBlock::Item(word, text) => {
                let role = match (word, text.as_str()) {
                    ("Decided" | "Owed" | "Said", _) => Role::Strong,
                    (_, _) => Role::Text,
                };
                let word = format!("{word:<width$}", width = usize::from(WORD));
                let spans = vec![Span::quiet(word), Span::new(safe(&text), role)];
                lines.push(Line::para(3, 3 + WORD, spans));
            }
        }
    }
}
