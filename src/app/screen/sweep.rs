//! The sweep: twenty names a page, one letter each; at its end the piles and their hours.

use super::doc::{Content, Line, Role, Row, Span, Width};
use super::text::height_of;
use super::words::Words;
use super::{Page, head, squeeze};
use crate::app::model::Model;
use crate::app::sweep::{End, LABELS, Sweep};
use crate::domain::deal::{SweepDeal, SweepPile, SweepWord};

/// Cells of a word beside a name.
const WORD: u16 = 9;

/// Columns from which on the rule of thumb has room beside the counts.
const ROOM_FOR_THUMB: u16 = 76;

/// What somebody once said of pipelines; shown as that.
const RULE_OF_THUMB: &str = "rule of thumb: 90/10";

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, sweep: &Sweep) -> Row {
    let number = |n: usize| words.locale.number(i64::try_from(n).unwrap_or(i64::MAX));
    let place = match (&sweep.deals, sweep.is_asking()) {
        (Some(deals), true) => format!(
            "{} of {} · page {} of {}",
            number(deals.len()),
            number(sweep.total),
            number(sweep.page + 1),
            number(sweep.pages())
        ),
        (_, false) => words.count(sweep.total as u64, "deal", "deals"),
        (None, true) => String::new(),
    };
    head::titled(model, vec![Span::new("Sweep", Role::Head)], &place)
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, sweep: &Sweep) -> Page {
    let column = match model.size.width {
        ..100 => model.size.width,
        _ => 100,
    };
    let mut after = Vec::new();
    if sweep.is_asking() && sweep.deals.is_some() {
        after.push(tally(words, sweep, column));
    }
    let room = usize::from(model.size.height.saturating_sub(5)).saturating_sub(after.len());
    let columns = column.saturating_sub(1);
    let mut lines = match &sweep.end {
        Some(end) => ending(words, sweep, end),
        None => asking(words, sweep, column),
    };
    squeeze(&mut lines, columns, room);
    if sweep.is_asking() && height_of(&lines, columns) > room {
        // A page is written whole: no name may be out of sight, whatever else is.
        lines = names(words, sweep, column);
    }
    Page {
        column,
        lines,
        scroll: 0,
        middle: true,
        ruled: true,
        after,
    }
}

fn asking(words: &Words<'_>, sweep: &Sweep, column: u16) -> Vec<Line> {
    let mut lines = vec![
        Line::Blank,
        Line::words(3, "Whose call would you dread?", Role::Strong),
        Line::Blank,
        Line::words(
            3,
            "Press their letters. A capital: I have no idea about them. All others: glad.",
            Role::Text,
        ),
        Line::Blank,
    ];
    lines.extend(names(words, sweep, column));
    lines
}

/// The names with their letters, in two columns.
fn names(words: &Words<'_>, sweep: &Sweep, column: u16) -> Vec<Line> {
    let Some(deals) = &sweep.deals else {
        return vec![Line::words(3, "loading…", Role::Quiet)];
    };
    if deals.is_empty() {
        return vec![Line::words(3, "No deal is open.", Role::Text)];
    }
    let mut lines = Vec::new();
    let rows = LABELS.len() / 2;
    let half = column.saturating_sub(4) / 2;
    for at in 0..rows {
        let Some(left) = deals.get(at) else { break };
        let mut row = Row::new(1);
        row = entry(row, words, sweep, at, left, half);
        row = match deals.get(at + rows) {
            Some(right) => entry(row, words, sweep, at + rows, right, half),
            None => row.fixed(half, ""),
        };
        lines.push(row.into());
    }
    lines
}

fn entry(
    row: Row,
    words: &Words<'_>,
    sweep: &Sweep,
    at: usize,
    deal: &SweepDeal,
    room: u16,
) -> Row {
    let cells = room.saturating_sub(WORD + 5);
    // Where an account stands more than once on the page, its titles tell its deals apart.
    let mut others = sweep.deals.iter().flatten();
    let is_shared = deal.account.is_some()
        && others.any(|other| other.id != deal.id && other.account == deal.account);
    let name = if is_shared && !words.mask.hides_names_of(Some(deal.id)) {
        words.name_by_title(deal.id, deal.account.as_ref(), &deal.title, cells)
    } else {
        words.joined_name(deal.id, deal.account.as_ref(), &deal.title)
    };
    let (said, role) = match sweep.word(deal) {
        SweepWord::Glad => ("", Role::Text),
        SweepWord::Dread => ("dread", Role::Fire),
        SweepWord::Unknown => ("no idea", Role::Open),
    };
    // The cursor is a bar over one name, not over the row of two.
    let (key, text) = if sweep.cursor == at {
        (Role::Here, Role::Here)
    } else {
        (Role::Key, Role::Text)
    };
    row.fixed(2, "")
        .fixed(3, Span::new(format!("{}  ", LABELS[at]), key))
        .fixed(cells, Span::new(name, text))
        .fixed(1, "")
        .fixed(WORD - 1, Span::new(said, role))
}

fn tally(words: &Words<'_>, sweep: &Sweep, column: u16) -> Line {
    let [glad, dread, unknown] = sweep.tally();
    let number = |n: usize| words.locale.number(i64::try_from(n).unwrap_or(i64::MAX));
    let so_far = format!(
        "so far   {} glad   {} dread   {} no idea",
        number(glad),
        number(dread),
        number(unknown)
    );
    let row = Row::new(3).fill(Span::text(so_far));
    if column < ROOM_FOR_THUMB {
        return row.into();
    }
    row.fit(Span::quiet(RULE_OF_THUMB)).into()
}

fn ending(words: &Words<'_>, sweep: &Sweep, end: &End) -> Vec<Line> {
    let mut lines = vec![
        Line::Blank,
        Line::words(3, "The split", Role::Strong),
        Line::Blank,
    ];
    let Some(piles) = &end.piles else {
        lines.push(Line::words(3, "adding up…", Role::Quiet));
        return lines;
    };
    let of = |word| piles.iter().find(|pile| pile.word == word);
    let swept: usize = piles
        .iter()
        .filter(|p| p.word.is_some())
        .map(|p| p.deals)
        .sum();
    let rows = [
        (Some(SweepWord::Dread), "dread", Role::Fire),
        (Some(SweepWord::Unknown), "no idea", Role::Open),
        (Some(SweepWord::Glad), "glad", Role::Good),
        (None, "not asked", Role::Quiet),
    ];
    for (word, label, role) in rows {
        if let Some(pile) = of(word) {
            lines.push(pile_row(words, pile, label, role, swept));
        }
    }
    lines.push(Line::Blank);
    let dreaded = of(Some(SweepWord::Dread)).map_or(0, |pile| pile.deals);
    let share = if swept == 0 {
        0.0
    } else {
        dreaded as f64 * 100.0 / swept as f64
    };
    let told = format!(
        "You dread {} of {}, {} in a hundred.",
        words.count(dreaded as u64, "deal", "deals"),
        words.locale.number(swept as i64),
        words.locale.decimal(share, 0)
    );
    lines.push(Line::words(3, told, Role::Text));
    let thumb = "Somebody's rule of thumb is ten; it stands here until you have your own.";
    lines.push(Line::words(3, thumb, Role::Quiet));
    if dreaded > 0 {
        lines.push(Line::Blank);
        let next = "Go through the dreaded: what would it take, or who fits them better?";
        lines.push(Line::words(3, next, Role::Text));
    } else if sweep.total > 0 {
        lines.push(Line::Blank);
        lines.push(Line::words(
            3,
            "None is dreaded. Enjoy your calls.",
            Role::Text,
        ));
    }
    lines
}

fn pile_row(words: &Words<'_>, pile: &SweepPile, label: &str, role: Role, swept: usize) -> Line {
    let share = if swept == 0 {
        0.0
    } else {
        pile.deals as f64 / swept as f64
    };
    let row = Row::new(3)
        .fixed(12, Span::new(label, role))
        .right(8, Span::strong(words.locale.number(pile.deals as i64)))
        .fixed(3, "");
    let row = if pile.word.is_some() {
        row.cell(Width::Fixed(20), Content::Share(share))
    } else {
        row.fixed(20, "")
    };
    let hours = format!(
        "{} h spent   {} h a week",
        words.locale.hours(pile.spent),
        words.locale.hours(pile.per_week)
    );
    row.fixed(3, "").fill(Span::text(hours)).into()
}
