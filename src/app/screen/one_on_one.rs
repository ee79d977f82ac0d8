//! The 1:1: the agenda on the left, the deal on the table on the right, and little else.

mod agenda;
mod seal;
mod table;

pub(super) use seal::name as said_of;

use super::doc::{Line, Role, Row, Span};
use super::text::{height_of, spans_width, width};
use super::words::{Words, safe};
use super::{Page, Split, head, squeeze};
use crate::app::model::Model;
use crate::app::one_on_one::{OneOnOne, SealPage, Talk};
use crate::domain::review::ReviewClock;

/// Columns from which on the agenda stands beside the deal without taking its room.
const WIDE: u16 = 110;

/// Columns of the agenda, there and on a narrow screen.
const AGENDA: (u16, u16) = (34, 26);

/// Columns that the deal takes at most: longer lines are hard to read in a call.
const TABLE: u16 = 110;

/// The first row: who meets, which deal it is, and the time; in fewer words where it is narrow.
pub fn title(model: &Model, words: &Words<'_>, page: &OneOnOne) -> Row {
    let badges = spans_width(&head::badges(model));
    let room = model.size.width.saturating_sub(badges + 6);
    let named = page.session().map_or_else(String::new, |session| {
        let rep = safe(&session.rep);
        match &session.manager {
            Some(manager) => format!("   {rep} and {}", safe(manager)),
            None => format!("   {rep} alone"),
        }
    });
    let places = places(model, words, page);
    let both = places
        .iter()
        .flat_map(|place| [(named.as_str(), place), ("", place)]);
    let fits = |(named, place): &(&str, &String)| 3 + width(named) + width(place) <= room;
    let last = ("", &places[places.len() - 1]);
    let (named, place) = both.clone().find(fits).unwrap_or(last);
    let title = vec![Span::new("1:1", Role::Head), Span::text(named)];
    head::titled(model, title, place)
}

/// Which deal it is and how much time is left, from the longest wording to the shortest.
fn places(model: &Model, words: &Words<'_>, page: &OneOnOne) -> Vec<String> {
    let count = page
        .meeting
        .as_ref()
        .map_or(0, |one| one.agenda.items.len());
    let deal = page
        .item()
        .map(|(at, _)| format!("{} of {count}", at + 1))
        .unwrap_or_default();
    let Some(session) = page.session() else {
        return vec![format!("deal {deal}"), deal];
    };
    let left = session.clock.left(model.at);
    let left = if left < 0 {
        format!("{} min over", words.locale.number(-left))
    } else {
        format!("{} min left", words.locale.number(left))
    };
    let each = session.clock.each;
    let since = session.table.filter(|(deal, _)| Some(*deal) == page.deal);
    let minute = since.map(|(_, since)| ReviewClock::on_deal(since, model.at));
    let on = minute.map_or_else(String::new, |minute| format!(" · {minute} of {each} min"));
    vec![
        format!("deal {deal}{on}      {left}"),
        format!("deal {deal}{on} · {left}"),
        format!("{deal}{on} · {left}"),
        format!("{deal} · {left}"),
        left,
    ]
}

/// The room on the page.
struct Room {
    is_wide: bool,
    /// Columns of the agenda; `None` where it is put away.
    agenda: Option<u16>,
    /// Columns and rows of the deal.
    column: u16,
    height: usize,
}

impl Room {
    fn of(model: &Model, page: &OneOnOne) -> Self {
        let is_wide = model.size.width >= WIDE;
        let agenda = if is_wide { AGENDA.0 } else { AGENDA.1 };
        let agenda = (!page.away && model.size.width >= 80).then_some(agenda);
        let columns = model.size.width - agenda.map_or(0, |agenda| agenda + 1);
        Self {
            is_wide,
            agenda,
            column: columns.min(TABLE),
            height: usize::from(model.size.height.saturating_sub(4 + 2 * u16::from(is_wide))),
        }
    }
}

/// The page.
pub fn split(model: &Model, words: &Words<'_>, page: &OneOnOne) -> Split {
    let room = Room::of(model, page);
    let Laid {
        right,
        after,
        scroll,
        ..
    } = lay(model, words, page, &room);
    Split {
        left: room.agenda.map(|agenda| {
            let mut lines = agenda::lines(model, words, page, agenda);
            squeeze(&mut lines, agenda.saturating_sub(1), room.height);
            (agenda, lines)
        }),
        right,
        column: room.column,
        scroll,
        after,
        airy: room.is_wide,
    }
}

/// Rows of the deal that stay on screen where its keys would take all of it.
const LEAST: usize = 4;

/// The deal on the table, laid out.
struct Laid {
    right: Vec<Line>,
    after: Vec<Line>,
    scroll: usize,
    /// How many rows can be scrolled away.
    extent: usize,
}

/// Lays out the deal in its room. What does not fit is scrolled, and counted; the
/// keys that settle and decide stay.
fn lay(model: &Model, words: &Words<'_>, page: &OneOnOne, room: &Room) -> Laid {
    let (inner, height) = (room.column.saturating_sub(1), room.height);
    let table = table::of(model, words, page, room.column);
    let mut parts = [table.above, table.below, table.keys];
    for at in 0..parts.len() {
        let all: usize = parts.iter().map(|part| height_of(part, inner)).sum();
        let mine = height_of(&parts[at], inner);
        squeeze(&mut parts[at], inner, (height + mine).saturating_sub(all));
    }
    let [mut right, below, mut after] = parts;
    let cursor = height_of(&right, inner);
    right.extend(below);
    if height_of(&right, inner) + height_of(&after, inner) <= height {
        right.append(&mut after);
        return Laid {
            right,
            after,
            scroll: 0,
            extent: 0,
        };
    }
    while !after.is_empty() && height_of(&after, inner) + 1 + LEAST > height {
        right.push(after.remove(0));
    }
    let tall = height.saturating_sub(height_of(&after, inner) + 1);
    let extent = height_of(&right, inner).saturating_sub(tall);
    // With the row its effect on the verdict, below it.
    let scroll = match page.talk() {
        Talk::Open => page.top,
        Talk::Asking | Talk::Revealing | Talk::Settling => (cursor + 1).saturating_sub(tall),
    };
    let scroll = scroll.min(extent);
    let inset = if room.column >= table::AIRY { 3 } else { 1 };
    after.insert(0, more(words, inset, (scroll, extent - scroll)));
    Laid {
        right,
        after,
        scroll,
        extent,
    }
}

/// How much more there is, above and below.
fn more(words: &Words<'_>, inset: u16, (above, below): (usize, usize)) -> Line {
    let number = |count: usize| {
        words
            .locale
            .number(i64::try_from(count).unwrap_or(i64::MAX))
    };
    let text = match (above, below) {
        (0, below) => format!("{} more below", number(below)),
        (above, 0) => format!("{} more above", number(above)),
        (above, below) => format!("{} more above, {} below", number(above), number(below)),
    };
    Line::words(inset, text, Role::Quiet)
}

/// How many rows of the deal on the table can be scrolled away.
pub fn extent(model: &Model, words: &Words<'_>, page: &OneOnOne) -> usize {
    let room = Room::of(model, page);
    lay(model, words, page, &room).extent
}

/// The first row of the page on which answers are sealed.
pub fn seal_title(model: &Model, words: &Words<'_>, card: &SealPage) -> Row {
    let name = model
        .name(card.deal)
        .map(|name| words.name(card.deal, name));
    let title = vec![Span::strong(name.unwrap_or_default())];
    head::titled(model, title, "sealed before the 1:1")
}

/// The page on which answers are sealed.
pub fn seal_page(model: &Model, card: &SealPage) -> Page {
    let mut lines = vec![Line::Blank];
    lines.push(Line::words(
        3,
        "What do you say of it, before you hear the other one?",
        Role::Strong,
    ));
    lines.push(Line::Blank);
    let cursor = lines.len() + card.row;
    lines.extend(seal::rows(model, (3, 16), card.row, &card.said));
    lines.push(Line::Blank);
    let plain = "What is sealed is kept plainly in the file, and shown nowhere before the reveal: \
                 not here, not in the deal, not in the journal.";
    lines.push(Line::words(3, plain, Role::Quiet));
    let column = model.size.width.min(96);
    let room = usize::from(model.size.height.saturating_sub(4));
    squeeze(&mut lines, column.saturating_sub(1), room);
    let all = height_of(&lines, column.saturating_sub(1));
    Page {
        column,
        scroll: if all > room {
            (cursor + 3).saturating_sub(room).min(all - room)
        } else {
            0
        },
        lines,
        middle: false,
        ruled: true,
        after: Vec::new(),
    }
}
