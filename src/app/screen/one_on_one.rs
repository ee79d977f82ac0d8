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
use crate::app::one_on_one::{OneOnOne, SealPage};
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

/// The page.
pub fn split(model: &Model, words: &Words<'_>, page: &OneOnOne) -> Split {
    let is_wide = model.size.width >= WIDE;
    let agenda = if is_wide { AGENDA.0 } else { AGENDA.1 };
    let away = page.away || model.size.width < 80;
    let height = usize::from(model.size.height.saturating_sub(4 + u16::from(is_wide)));
    let columns = if away {
        model.size.width
    } else {
        model.size.width - agenda - 1
    };
    let column = columns.min(TABLE);
    let (mut right, cursor) = table::lines(model, words, page, column);
    squeeze(&mut right, column.saturating_sub(1), height);
    let all = height_of(&right, column.saturating_sub(1));
    // The name of the deal stays in sight as long as the row with the cursor does.
    let scroll = (cursor + 3)
        .saturating_sub(height)
        .min(all.saturating_sub(height));
    Split {
        left: (!away).then(|| {
            let mut lines = agenda::lines(model, words, page, agenda);
            squeeze(&mut lines, agenda.saturating_sub(1), height);
            (agenda, lines)
        }),
        right,
        column,
        scroll,
        airy: is_wide,
    }
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
