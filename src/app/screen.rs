//! What is seen: a document of words, signs and bars, without places or colours.
//!
//! [`derive()`] is the only way from the model to the screen. Names, amounts and free text come out
//! under the mask in force, and everything from outside is made safe for a terminal.

mod after;
mod came_back;
mod cards;
mod checklist;
mod choose;
mod detail;
pub mod doc;
mod foot;
mod head;
pub mod help;
mod hours;
mod import;
mod insights;
mod journal;
mod line;
mod list;
mod map;
mod one_on_one;
mod paper;
mod reviews;
mod sheet;
mod sweep;
pub mod text;
mod walk;
mod week;
mod welcome;
mod words;

use crate::app::layout::{Area, LEAST, cockpit};
use crate::app::model::{self, Model, Overlay};
use crate::app::toast::{Part, Toast, Tone};
pub use checklist::questions as listed_questions;
use doc::{Line, Picked, Role, Row, Span};
use words::{Words, safe};

pub(in crate::app) use sheet::room as sheet_room;

/// Columns that the lines of a sheet take at most: longer ones are hard to read.
pub const SHEET_COLUMN: u16 = 110;

/// Everything that one frame shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// The first row.
    pub head: Row,
    /// What is below it.
    pub body: Body,
    /// What lies over the body.
    pub sheet: Option<Sheet>,
    /// The keys, in the last row.
    pub foot: Foot,
    /// What stays at the right edge of the last row whatever else stands there: the last key, on
    /// a shared screen; empty for nothing.
    pub corner: Vec<Span>,
    /// What just happened.
    pub toast: Option<Vec<Span>>,
    /// The title of the window, masked like all else.
    pub window_title: String,
}

/// The room below the first row.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Panes side by side.
    Panes(Vec<Pane>),
    /// One page.
    Page(Page),
    /// What there is to talk about beside what is talked about.
    Split(Split),
    /// One sentence and nothing else, for terminals that are too small.
    Sentence(String),
}

/// One pane.
#[derive(Clone, Debug, PartialEq)]
pub struct Pane {
    /// Its width in cells.
    pub width: u16,
    /// What stands above its rule.
    pub title: Row,
    /// Whether it has the keys.
    pub here: bool,
    /// What it shows.
    pub lines: Vec<Line>,
    /// Rows of that which are above its upper edge.
    pub scroll: usize,
}

/// One page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The width that its lines are given, centred; all of it when the screen is narrower.
    pub column: u16,
    /// What it shows.
    pub lines: Vec<Line>,
    /// Rows of that which are above its upper edge.
    pub scroll: usize,
    /// Whether the lines stand in the middle of the height when there is room to spare.
    pub middle: bool,
    /// Whether rules stand above and below.
    pub ruled: bool,
    /// What stands below the lower rule, above the keys.
    pub after: Vec<Line>,
}

impl Page {
    /// A page between rules that shows the line under the cursor and what follows it.
    fn around(
        model: &Model,
        column: u16,
        lines: Vec<Line>,
        cursor: usize,
        after: Vec<Line>,
    ) -> Self {
        let room = usize::from(model.size.height.saturating_sub(4)).saturating_sub(after.len());
        let above = &lines[..(cursor + 2).min(lines.len())];
        let below = text::height_of(above, column.saturating_sub(1));
        Self {
            column,
            lines,
            scroll: below.saturating_sub(room),
            middle: false,
            ruled: true,
            after,
        }
    }
}

/// How the row under the cursor stands out: less where something lies over the page.
fn picked(model: &Model) -> Picked {
    if model.overlays.is_empty() {
        Picked::Here
    } else {
        Picked::There
    }
}

/// A list on the left, and what is large on the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The list and its width; `None` where it is put away.
    pub left: Option<(u16, Vec<Line>)>,
    /// What is large.
    pub right: Vec<Line>,
    /// The width that its lines are given at most, from its left edge.
    pub column: u16,
    /// Rows of that which are above its upper edge.
    pub scroll: usize,
    /// What stays in sight below that: the keys that settle and decide.
    pub after: Vec<Line>,
    /// Whether a row is kept free above the lines, and one below the lower rule.
    pub airy: bool,
}

/// What lies over the body: a form, the palette, help.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it is.
    pub title: Row,
    /// What it shows.
    pub lines: Vec<Line>,
    /// Rows of that which are above its upper edge.
    pub scroll: usize,
    /// What stays in sight below the lines: the row of actions.
    pub after: Vec<Line>,
    /// Cells at the left that stay uncovered, so that one's place in the list is not lost.
    pub left: u16,
    /// Whether it takes the whole height, however little it holds.
    pub tall: bool,
}

/// A key and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What joins it to its neighbours, as "decide"; shown before the first of them where there
    /// is room. `None` when it stands alone.
    pub group: Option<&'static str>,
    /// The key's name.
    pub key: String,
    /// What it does, in one or two words.
    pub word: String,
    /// Hints with a larger rank are dropped first when the room is short.
    pub rank: u8,
}

/// The row of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foot {
    /// From the left.
    pub left: Vec<Hint>,
    /// At the right edge.
    pub right: Vec<Hint>,
}

impl Hint {
    /// Makes a hint that stands alone.
    pub fn new(key: impl Into<String>, word: impl Into<String>, rank: u8) -> Self {
        Self {
            group: None,
            key: key.into(),
            word: word.into(),
            rank,
        }
    }
}

/// Derives what is seen from the model. Pure: the same model gives the same screen.
pub fn derive(model: &Model) -> Screen {
    let words = Words::of(model);
    if !model.size.is_enough() {
        return too_small(model);
    }
    let (head, body) = match model.page() {
        model::Page::Cockpit => (head::cockpit(model, &words), panes(model, &words)),
        model::Page::Welcome(welcome) => (
            head::welcome(model),
            Body::Page(welcome::page(model, &words, welcome)),
        ),
        model::Page::Walk(walk) => (
            walk::title(model, &words, walk),
            Body::Page(walk::page(model, walk)),
        ),
        model::Page::Journal(journal) => (
            journal::title(model, &words, journal),
            journal::body(model, &words, journal),
        ),
        model::Page::Preview(preview) => (
            import::title(model, &words, preview),
            Body::Page(import::page(model, &words, preview)),
        ),
        model::Page::Sweep(sweep) => (
            sweep::title(model, &words, sweep),
            Body::Page(sweep::page(model, &words, sweep)),
        ),
        model::Page::Week(week) if week.back.is_some() => (
            came_back::title(model, week),
            Body::Page(came_back::page(model, &words, week)),
        ),
        model::Page::Week(week) => (
            week::title(model, &words, week),
            Body::Page(week::page(model, &words, week)),
        ),
        model::Page::Signs(card) => (
            cards::signs_title(model, &words, card),
            Body::Page(cards::signs(model, card)),
        ),
        model::Page::Fresh(deal) => (
            cards::fresh_title(model, &words, *deal),
            Body::Page(cards::fresh(model, &words, *deal)),
        ),
        model::Page::Map(map) => (
            map::title(model, &words, map),
            Body::Page(map::page(model, &words, map)),
        ),
        model::Page::After(page) => (
            after::title(model, page),
            Body::Page(after::page(model, &words, page)),
        ),
        model::Page::Hours(page) => (
            hours::title(model, page),
            Body::Page(hours::page(model, &words, page)),
        ),
        model::Page::Insights(page) => (
            insights::title(model, page),
            Body::Page(insights::page(model, &words, page)),
        ),
        model::Page::OneOnOne(page) => (
            one_on_one::title(model, &words, page),
            Body::Split(one_on_one::split(model, &words, page)),
        ),
        model::Page::Reviews(page) => (
            reviews::title(model, &words, page),
            Body::Page(reviews::page(model, &words, page)),
        ),
        model::Page::Seal(card) => (
            one_on_one::seal_title(model, &words, card),
            Body::Page(one_on_one::seal_page(model, card)),
        ),
        model::Page::Paper(paper) => (
            paper::title(model, &words, paper),
            Body::Page(paper::page(model, &words, paper)),
        ),
    };
    let sheet = model.overlay().map(|overlay| match overlay {
        Overlay::Help(help) => help::sheet(model, help),
        Overlay::Palette(palette) => choose::palette(model, palette),
        Overlay::Form(form) => sheet::sheet(model, &words, form),
        Overlay::Prompt(prompt) => choose::prompt(model, &words, prompt),
        Overlay::Menu(menu) => choose::menu(model, menu),
    });
    Screen {
        head,
        body,
        sheet,
        foot: foot::foot(model),
        corner: foot::last_key(model),
        toast: model
            .toast
            .as_ref()
            .map(|toast| said(toast, &words))
            .or_else(|| offered(model, &words)),
        window_title: window_title(model, &words),
    }
}

/// The one sentence of a terminal that is too small.
fn too_small(model: &Model) -> Screen {
    let (has, needs) = (model.size, LEAST);
    let words = format!(
        "walkaway needs {} x {} cells; this terminal has {} x {}.",
        needs.width, needs.height, has.width, has.height
    );
    Screen {
        head: Row::new(0),
        body: Body::Sentence(words),
        sheet: None,
        foot: Foot::default(),
        corner: Vec::new(),
        toast: None,
        window_title: "walkaway".to_owned(),
    }
}

/// The panes of the cockpit that are on screen.
fn panes(model: &Model, words: &Words<'_>) -> Body {
    let layout = cockpit(model.size, model.pane, model.side, model.zoom);
    let has_keys = |pane| model.pane == pane;
    // A row is only a full bar, and a pane only lit, where the keys work.
    let free = model.overlays.is_empty();
    let mut panes = Vec::with_capacity(3);
    if let Some(area) = layout.list {
        let here = has_keys(model::Pane::List);
        panes.push(Pane {
            width: area.width,
            title: list::title(model, words, area.width),
            here: here && free,
            lines: list::lines(model, words, (area.width, area.height), here && free),
            scroll: 0,
        });
    }
    if let Some(area) = layout.detail {
        let room = detail::Room {
            width: area.width,
            height: area.height,
        };
        let lines = detail::lines(model, words, room).lines;
        let scroll = scrolled(&lines, area, model.detail.top);
        let all = text::height_of(&lines, area.width.saturating_sub(1));
        let below = all.saturating_sub(scroll + usize::from(area.height));
        panes.push(Pane {
            width: area.width,
            title: detail::title(model, below),
            here: free && has_keys(model::Pane::Detail),
            scroll,
            lines,
        });
    }
    if let Some(area) = layout.checklist {
        let (lines, cursor) = checklist::lines(model, words, area.width);
        panes.push(Pane {
            width: area.width,
            title: checklist::title(model, words),
            here: free && has_keys(model::Pane::Checklist),
            scroll: following(&lines, area, model.detail.checklist_top, cursor),
            lines,
        });
    }
    Body::Panes(panes)
}

/// Takes out empty lines, from the top, until the rest fits into a height.
fn squeeze(lines: &mut Vec<Line>, columns: u16, height: usize) {
    let mut over = text::height_of(lines, columns).saturating_sub(height);
    lines.retain(|line| {
        let goes = over > 0 && *line == Line::Blank;
        over -= usize::from(goes);
        !goes
    });
}

/// A row of the deal's pane that can have its cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// Which one.
    pub row: model::DetailRow,
    /// Its first line in the pane, from 0.
    pub line: usize,
    /// How many lines it takes.
    pub lines: usize,
}

/// Where things stand in the deal's pane: what its scrolling goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailShape {
    /// Its rows, from the top.
    pub rows: Vec<RowPlace>,
    /// All its lines.
    pub extent: usize,
    /// How many of them are on screen.
    pub height: usize,
}

impl DetailShape {
    /// Returns how many lines can be scrolled away.
    pub fn most(&self) -> usize {
        self.extent.saturating_sub(self.height)
    }
}

/// Lays out the deal's pane; `None` where it is not on screen.
pub fn detail_shape(model: &Model) -> Option<DetailShape> {
    let area = cockpit(model.size, model.pane, model.side, model.zoom).detail?;
    let room = detail::Room {
        width: area.width,
        height: area.height,
    };
    let shown = detail::lines(model, &Words::of(model), room);
    let columns = area.width.saturating_sub(1);
    let above = |line: usize| text::height_of(&shown.lines[..line], columns);
    let place = |(row, place): &(model::DetailRow, std::ops::Range<usize>)| RowPlace {
        row: *row,
        line: above(place.start),
        lines: text::height_of(&shown.lines[place.clone()], columns),
    };
    Some(DetailShape {
        rows: shown.rows.iter().map(place).collect(),
        extent: above(shown.lines.len()),
        height: usize::from(area.height),
    })
}

/// How many rows of the minutes, or of the comparison, on screen can be scrolled away.
pub fn reviews_extent(model: &Model) -> usize {
    let model::Page::Reviews(page) = model.page() else {
        return 0;
    };
    reviews::extent(model, &Words::of(model), page)
}

/// How many rows of the deal on the table of the 1:1 can be scrolled away.
pub fn table_extent(model: &Model) -> usize {
    let model::Page::OneOnOne(page) = model.page() else {
        return 0;
    };
    one_on_one::extent(model, &Words::of(model), page)
}

/// Rows that are scrolled away: as many as the model says, but never past the end.
fn scrolled(lines: &[Line], area: Area, top: usize) -> usize {
    let all = text::height_of(lines, area.width.saturating_sub(1));
    top.min(all.saturating_sub(usize::from(area.height)))
}

/// The same for lines with a cursor, which stays in sight.
fn following(lines: &[Line], area: Area, top: usize, cursor: Option<usize>) -> usize {
    let top = scrolled(lines, area, top);
    let Some(at) = cursor else { return top };
    let columns = area.width.saturating_sub(1);
    let above = text::height_of(&lines[..at], columns);
    // With the row its explanation below, and the heading above it.
    let below = above + text::height_of(&lines[at..(at + 3).min(lines.len())], columns);
    let least = below.saturating_sub(usize::from(area.height));
    top.max(least).min(above.saturating_sub(1))
}

/// Cells at the left that a sheet leaves uncovered: the list, where three panes have room.
fn uncovered(model: &Model) -> u16 {
    let panes = matches!(model.page(), model::Page::Cockpit) && !model.zoom;
    if !panes || model.size.panes() < 3 {
        return 0;
    }
    let layout = cockpit(model.size, model.pane, model.side, model.zoom);
    layout.list.map_or(0, |area| area.width + 1)
}

/// A newer export, on the line of what happened: where that line is free on this screen.
fn offered(model: &Model, words: &Words<'_>) -> Option<Vec<Span>> {
    let free = model.size.is_roomy()
        && model.overlays.is_empty()
        && matches!(model.page(), model::Page::Cockpit);
    let offer = head::offer(model, words).filter(|_| free)?;
    Some(vec![Span::quiet(offer)])
}

/// A toast in spans, its names under the mask.
fn said(toast: &Toast, words: &Words<'_>) -> Vec<Span> {
    let role = match toast.tone {
        Tone::Done | Tone::Note => Role::Strong,
        Tone::Refused => Role::Open,
        Tone::Failed => Role::Error,
    };
    let mut spans = Vec::new();
    if toast.tone == Tone::Failed {
        spans.push(Span::new("! ", role));
    }
    spans.extend(toast.parts.iter().map(|part| match part {
        Part::Words(text) => Span::new(words.days_in(&safe(text)), role),
        Part::Name(id, name) => Span::new(words.name(*id, name), role),
        Part::Free(id, text) => Span::new(words.said(*id, text), role),
    }));
    if !toast.hint.is_empty() {
        spans.push(Span::text(format!(" · {}", safe(&toast.hint))));
    }
    spans
}

/// The title of the window: the deal on a page of its own, else the program.
fn window_title(model: &Model, words: &Words<'_>) -> String {
    // The week has many deals, and none of them on the table.
    let is_week = matches!(model.page(), model::Page::Week(_));
    let deal = model.page().deal().filter(|_| !is_week);
    let name = deal.and_then(|deal| Some(words.name(deal, model.name(deal)?)));
    name.map_or_else(
        || "walkaway".to_owned(),
        |name| format!("{name} · walkaway"),
    )
}
