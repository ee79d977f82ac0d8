//! The map: the problem against the solution, and the deals of the cell under the cursor.

use super::doc::{Line, Picked, Role, Row, Span};
use super::words::Words;
use super::{Page, head};
use crate::app::map::MapPage;
use crate::app::model::Model;
use crate::domain::map::{ProblemTold, Solution};

/// Columns of the words for the rows.
const LABEL: u16 = 17;

/// Lines from which on there is room for empty ones.
const ROOMY: usize = 19;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, page: &MapPage) -> Row {
    let place = page.map.as_ref().map_or_else(String::new, |map| {
        let asked = map.rows.len() as u64;
        let all = words.locale.number((map.rows.len() + map.unasked) as i64);
        format!("{} of {all} asked", words.count(asked, "deal", "deals"))
    });
    head::titled(model, vec![Span::new("Map", Role::Head)], &place)
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, page: &MapPage) -> Page {
    let column = model.size.width.min(120);
    let mut lines = vec![Line::Blank];
    if page.map.is_none() {
        lines.push(Line::words(1, "loading…", Role::Quiet));
    } else {
        let room = usize::from(model.size.height.saturating_sub(5));
        grid(words, page, column, &mut lines);
        if room < ROOMY {
            lines.retain(|line| *line != Line::Blank);
        }
        let left = room.saturating_sub(lines.len() + 1).max(1);
        deals(words, page, left, &mut lines);
    }
    Page {
        column,
        lines,
        scroll: 0,
        middle: false,
        ruled: true,
        after: Vec::new(),
    }
}

fn solution(solution: Solution) -> &'static str {
    match solution {
        Solution::Open => "solution open",
        Solution::Unknown => "not known",
        Solution::Chosen => "solution chosen",
    }
}

/// The same where a cell is narrow.
fn short(solution: Solution) -> &'static str {
    match solution {
        Solution::Open => "open",
        Solution::Unknown => "not known",
        Solution::Chosen => "chosen",
    }
}

fn problem(problem: ProblemTold) -> &'static str {
    match problem {
        ProblemTold::Told => "problem told",
        ProblemTold::NotTold => "problem not told",
    }
}

/// What a cell is for, in a few words; a chosen solution is no progress.
fn advice(cell: (ProblemTold, Solution)) -> &'static str {
    match cell {
        (ProblemTold::Told, Solution::Open) => "the best place",
        (ProblemTold::Told, Solution::Unknown) => "ask: is it open?",
        (ProblemTold::Told, Solution::Chosen) => "no progress",
        (ProblemTold::NotTold, Solution::Open) => "early: ask why",
        (ProblemTold::NotTold, Solution::Unknown) => "know little",
        (ProblemTold::NotTold, Solution::Chosen) => "leave, kindly",
    }
}

fn grid(words: &Words<'_>, page: &MapPage, column: u16, lines: &mut Vec<Line>) {
    let width = column.saturating_sub(LABEL + 2) / 3;
    let is_wide = width >= 18;
    let cell = |row: Row, span: Span| row.fixed(width.saturating_sub(1), span).fixed(1, "");
    let mut heads = Row::new(1).fixed(LABEL, "");
    for kind in Solution::ALL {
        let words = if is_wide { solution(kind) } else { short(kind) };
        heads = cell(heads, Span::new(words, Role::Head));
    }
    lines.push(heads.into());
    for (row, told) in ProblemTold::ALL.into_iter().enumerate() {
        lines.push(Line::Blank);
        let mut counts = Row::new(1).fixed(LABEL, Span::new(problem(told), Role::Head));
        let mut hours = Row::new(1).fixed(LABEL, "");
        let mut hints = Row::new(1).fixed(LABEL, "");
        for (at, kind) in Solution::ALL.into_iter().enumerate() {
            let place = (told, kind);
            let (mut count, mut week) = (0, 0.0);
            for deal in page.deals(place) {
                count += 1;
                week += deal.per_week;
            }
            let here = page.cell == row * Solution::ALL.len() + at;
            let role = match (here, count) {
                (true, _) => Role::Here,
                (false, 0) => Role::Quiet,
                (false, _) => Role::Strong,
            };
            let text = format!("{:<w$}", words.count(count, "deal", "deals"), w = 12);
            counts = cell(counts, Span::new(text, role));
            let text = format!("{} h a week", words.locale.hours(week));
            let text = if count > 0 { text } else { String::new() };
            hours = cell(hours, Span::text(text));
            let role = if place == (ProblemTold::Told, Solution::Open) {
                Role::Good
            } else {
                Role::Quiet
            };
            hints = cell(hints, Span::new(advice(place), role));
        }
        lines.extend([counts.into(), hours.into()]);
        if is_wide {
            lines.push(hints.into());
        }
    }
    lines.push(Line::Blank);
}

fn deals(words: &Words<'_>, page: &MapPage, room: usize, lines: &mut Vec<Line>) {
    let (told, kind) = page.here();
    let head = format!("{}, {}", problem(told), solution(kind));
    lines.push(Line::head(1, head));
    let all: Vec<_> = page.deals((told, kind)).collect();
    if all.is_empty() {
        lines.push(Line::words(3, "None.", Role::Quiet));
    }
    let first = (page.cursor + 1).saturating_sub(room);
    for (at, deal) in all.into_iter().enumerate().skip(first).take(room) {
        let name = words.joined_name(deal.id, deal.account.as_ref(), &deal.title);
        let picked = if at == page.cursor {
            Picked::Here
        } else {
            Picked::No
        };
        let hours = format!("{} h a week", words.locale.hours(deal.per_week));
        let row = Row::new(3)
            .fill(Span::text(name))
            .right(14, Span::text(hours));
        lines.push(row.picked(picked).into());
    }
}
