//! The deal: what is going on, why the verdict is what it is, and what to say next.

mod decided;
mod history;
mod judged;
mod next;
mod opened;
mod past;
mod people;
mod signals;
mod trial;
mod wallets;

pub use decided::fell_due;
pub use wallets::bait_rate;

use std::cell::RefCell;

use super::doc::{Line, Para, Picked, Role, Row, Span};
use super::text::{height_of, spans_width};
use super::words::{Words, safe};
use crate::app::model::{DetailRow, Model, Pane};
use crate::domain::bank::Bank;
use crate::domain::deal::{Deal, Decision, Detail, ListRow, Status};
use crate::domain::eval::DealEval;
use crate::domain::ids::DealId;
use crate::domain::money::Money;
use crate::domain::shown::{Free, Name};

/// How much room there is.
#[derive(Clone, Copy)]
pub struct Room {
    /// Columns of the pane.
    pub width: u16,
    /// Lines of the pane.
    pub height: u16,
}

/// The part of a deal that is known as soon as its row is: nothing blinks while the rest loads.
#[derive(Clone, Copy)]
struct Known<'m> {
    id: DealId,
    account: Option<&'m Name>,
    title: &'m Name,
    amount: Option<Money>,
    stage: Option<&'m str>,
    closes: Option<chrono::NaiveDate>,
    next: Option<&'m Free>,
    next_due: Option<chrono::NaiveDate>,
    standing: Standing,
    eval: Option<&'m DealEval>,
}

/// How far a deal is decided, and so what its pane speaks about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is to be judged: its verdict, what it needs, what to ask.
    Judged,
    /// It was fired: of the firing, and of what came of it.
    Fired,
    /// It waits for them: of what it waits for.
    Held,
    /// It is won, lost or removed.
    Closed,
}

impl Standing {
    fn of(status: Status, decision: Decision, eval: Option<&DealEval>) -> Self {
        let due = eval.and_then(|eval| eval.due);
        match (status, decision) {
            (Status::Won | Status::Lost | Status::Removed, _) => Self::Closed,
            (Status::Open, Decision::Fired) => Self::Fired,
            (Status::Open, Decision::Hold) if due.is_none() => Self::Held,
            (Status::Open, Decision::Undecided | Decision::Continued | Decision::Hold) => {
                Self::Judged
            }
        }
    }
}

impl<'m> Known<'m> {
    fn of_row(row: &'m ListRow) -> Self {
        Self {
            id: row.id,
            account: row.account.as_ref(),
            title: &row.title,
            amount: row.amount,
            stage: row.stage.as_deref(),
            closes: row.expected_close,
            next: row.next_step.as_ref(),
            next_due: row.next_step_due,
            standing: Standing::of(row.status, row.decision, row.eval.as_ref()),
            eval: row.eval.as_ref(),
        }
    }

    fn of_detail(detail: &'m Detail) -> Self {
        let Deal {
            id,
            account,
            title,
            amount,
            stage,
            expected_close,
            ..
        } = &detail.deal;
        Self {
            id: *id,
            account: account.as_ref(),
            title,
            amount: *amount,
            stage: stage.as_deref(),
            closes: *expected_close,
            next: detail.deal.next_step.as_ref(),
            next_due: detail.deal.next_step_due,
            standing: Standing::of(
                detail.deal.status,
                detail.deal.decision,
                detail.eval.as_ref(),
            ),
            eval: detail.eval.as_ref(),
        }
    }
}

/// How the lines are set: airy where there is room, else close together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Airy,
    Close,
}

impl Set {
    /// The width of the column of labels.
    fn label(self) -> u16 {
        match self {
            Self::Airy => 12,
            Self::Close => 10,
        }
    }

    /// Spaces between the musts.
    fn gap(self) -> usize {
        match self {
            Self::Airy => 5,
            Self::Close => 3,
        }
    }
}

/// What stands over the pane; `below` of its lines do not fit.
pub fn title(model: &Model, below: usize) -> Row {
    let mut title = vec![Span::new("Deal", Role::Head)];
    // What does not fit is there all the same.
    if below > 0 {
        let below = model.locale.number(below as i64);
        title.push(Span::quiet(format!(" · {below} more below")));
    }
    let row = Row::new(1).fill_spans(title);
    // Where only one of the two stands beside the list, the key to the other is written here.
    if model.zoom || model.size.panes() < 3 {
        row.fit_spans(vec![Span::key("Tab"), Span::text(" checklist")])
    } else {
        row
    }
}

/// What the pane shows, and where its rows stand.
#[derive(Default)]
pub struct Shown {
    /// The lines.
    pub lines: Vec<Line>,
    /// Rows that can have the cursor, each with the line it begins with and the one after it.
    pub rows: Vec<(DetailRow, std::ops::Range<usize>)>,
}

/// The lines of the deal under the cursor.
pub fn lines(model: &Model, words: &Words<'_>, room: Room) -> Shown {
    let detail = model.current_detail();
    let row = model.current_deal().and_then(|id| model.list.row_of(id));
    let Some(known) = detail
        .map(Known::of_detail)
        .or_else(|| row.map(Known::of_row))
    else {
        return Shown {
            lines: nothing(model),
            rows: Vec::new(),
        };
    };
    let view = View {
        model,
        words,
        known,
        detail,
        room,
        rows: RefCell::default(),
    };
    if room.width >= AIRY {
        let (airy, before) = view.all(Set::Airy);
        let first = &airy.lines[..before];
        let fits = height_of(first, room.width.saturating_sub(1)) <= usize::from(room.height);
        if fits || room.height >= 26 {
            return airy;
        }
    }
    let (mut close, before) = view.all(Set::Close);
    squeeze_first(
        &mut close,
        before,
        room.width.saturating_sub(1),
        usize::from(room.height),
    );
    close
}

/// Takes out empty lines, from the top, until the first `before` lines fit into a height.
fn squeeze_first(shown: &mut Shown, before: usize, columns: u16, height: usize) {
    let mut over = height_of(&shown.lines[..before], columns).saturating_sub(height);
    let mut gone = Vec::new();
    for (at, line) in shown.lines[..before].iter().enumerate() {
        if over > 0 && *line == Line::Blank {
            gone.push(at);
            over -= 1;
        }
    }
    let mut at = 0;
    shown.lines.retain(|_| {
        at += 1;
        gone.binary_search(&(at - 1)).is_err()
    });
    for (_, place) in &mut shown.rows {
        let moved = |line: usize| line - gone.partition_point(|gone| *gone < line);
        *place = moved(place.start)..moved(place.end);
    }
}

/// What is said where there is no deal.
fn nothing(model: &Model) -> Vec<Line> {
    if !model.opened || model.list.current().is_some() {
        return Vec::new();
    }
    vec![
        Line::Blank,
        Line::words(1, "No deal is selected.", Role::Quiet),
    ]
}

/// Columns from which on there is room for air.
const AIRY: u16 = 48;

/// The line with a limit to its height.
fn at_most(most: u16, line: Line) -> Line {
    match line {
        Line::Para(para) => Line::Para(Para { most, ..para }),
        Line::Blank | Line::Row(_) | Line::Rule | Line::Plot(_) => line,
    }
}

/// A paragraph behind a label, all its lines in the column of texts.
fn labelled(set: Set, label: Vec<Span>, text: Vec<Span>) -> Line {
    let column = set.label();
    let wide = spans_width(&label);
    let pad = if wide < column { column - wide } else { 1 };
    let hang = 1 + column.max(wide + 1);
    let mut spans = label;
    spans.push(Span::text(" ".repeat(usize::from(pad))));
    spans.extend(text);
    Line::para(1, hang, spans)
}

/// A deal on its way into lines.
struct View<'a, 'm> {
    model: &'m Model,
    words: &'a Words<'m>,
    known: Known<'m>,
    detail: Option<&'m Detail>,
    room: Room,
    /// Rows that can have the cursor, as they are laid down.
    rows: RefCell<Vec<(DetailRow, std::ops::Range<usize>)>>,
}

impl View<'_, '_> {
    fn bank(&self) -> Option<&Bank> {
        self.model.bank.as_deref()
    }

    /// How a row of the pane is selected.
    fn picked(&self, row: DetailRow) -> Picked {
        let here = self.model.detail.row == Some(row) && self.model.pane == Pane::Detail;
        match (here, self.model.overlays.is_empty()) {
            (true, true) => Picked::Here,
            (true, false) => Picked::There,
            (false, _) => Picked::No,
        }
    }

    /// Whether the keys are here, so that what does not fit is scrolled to and not folded away.
    fn has_keys(&self) -> bool {
        self.model.pane == Pane::Detail
    }

    /// Lays down a row that can have the cursor.
    fn lay(&self, row: DetailRow, mut of: Vec<Line>, lines: &mut Vec<Line>) {
        if let Some(Line::Row(first)) = of.first_mut() {
            first.picked = self.picked(row);
        }
        let start = lines.len();
        lines.append(&mut of);
        self.rows.borrow_mut().push((row, start..lines.len()));
    }

    /// All lines, and how many of them come before the blocks at the end.
    fn all(&self, set: Set) -> (Shown, usize) {
        self.rows.borrow_mut().clear();
        let mut lines = self.name(set);
        let before = lines.len();
        self.due(set, &mut lines);
        self.decision(set, &mut lines);
        let is_judged = self.known.standing == Standing::Judged;
        if let Some(eval) = self.known.eval.filter(|_| is_judged)
            && let Some(suggested) = eval.verdict
        {
            if lines.len() > before {
                lines.push(Line::Blank);
            }
            self.verdict(set, eval, suggested, &mut lines);
            self.needs(set, eval, &mut lines);
            judged::fit_lines(set, eval, &mut lines);
            self.chance(set, eval, &mut lines);
        }
        if let Some(eval) = self.known.eval.filter(|_| self.model.detail.why) {
            self.arithmetic(eval, &mut lines);
        }
        let mut after = Vec::new();
        if is_judged {
            self.next_step(set, &mut lines);
            self.ask(&mut after);
        }
        self.hours(set, &mut after);
        // What was said last fills the room that is left; the ask above it always has its own.
        // Nobody weighs what is over, until they are back.
        if is_judged || self.known.eval.is_some_and(|eval| eval.due.is_some()) {
            self.signals(set, height_of(&after, self.inner()), &mut lines);
        }
        lines.append(&mut after);
        let mut blocks = Vec::new();
        let rows_before = self.rows.borrow().len();
        self.blocks(&mut blocks);
        self.history(set, height_of(&blocks, self.inner()), &mut lines);
        let before = lines.len();
        for (_, place) in &mut self.rows.borrow_mut()[rows_before..] {
            *place = place.start + before..place.end + before;
        }
        lines.append(&mut blocks);
        self.description(&mut lines);
        let shown = Shown {
            lines,
            rows: self.rows.take(),
        };
        (shown, before)
    }

    /// What has something to show beside the judgement, the most telling first.
    fn blocks(&self, lines: &mut Vec<Line>) {
        let Some(detail) = self.detail else { return };
        self.past(detail, lines);
        self.trial(detail, lines);
        self.wallets(detail, lines);
        self.people(detail, lines);
        self.cover(detail, lines);
    }

    fn inner(&self) -> u16 {
        self.room.width.saturating_sub(1)
    }

    /// The name, and the facts of the record. Where there is room they have as many lines for
    /// each deal, so that what follows stays in its place from one to the next.
    fn name(&self, set: Set) -> Vec<Line> {
        let known = &self.known;
        let name = self.words.joined_name(known.id, known.account, known.title);
        let mut facts = Vec::new();
        facts.extend(known.amount.map(|money| self.words.money(money)));
        facts.extend(known.stage.filter(|stage| !stage.is_empty()).map(safe));
        let is_over = known.standing == Standing::Closed;
        if let Some(day) = known.closes.filter(|_| !is_over) {
            let word = if day < self.words.today {
                "was to close"
            } else {
                "closes"
            };
            facts.push(format!("{word} {}", self.words.day(day)));
        }
        if facts.len() < 3 {
            let detail = self.detail.map(|detail| &detail.deal);
            let created = detail.and_then(|deal| deal.created);
            facts.extend(created.map(|day| format!("since {}", self.words.day(day))));
            let owner = detail.and_then(|deal| deal.owner.as_deref());
            facts.extend(owner.filter(|owner| !owner.is_empty()).map(safe));
        }
        if facts.is_empty() {
            facts.push("no amount, stage or date on record".to_owned());
        }
        let mut lines = vec![Row::new(1).fill(Span::strong(name)).into()];
        let said = |facts: &[String]| Line::words(1, facts.join(" · "), Role::Text);
        let whole = said(&facts);
        let is_long = height_of(std::slice::from_ref(&whole), self.inner()) > 1;
        match facts.split_last() {
            Some((last, first)) if is_long && set == Set::Airy && !first.is_empty() => {
                lines.extend([said(first), said(std::slice::from_ref(last))]);
            }
            Some(_) | None => lines.extend([whole, Line::Blank]),
        }
        lines
    }
}
