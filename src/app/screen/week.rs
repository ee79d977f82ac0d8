//! This week: what was fired, the asks, the hours, what falls due.

use chrono::Datelike;

use super::doc::{Content, Glyph, Line, Para, Picked, Role, Row, Span, Width};
use super::text::{cut, height_of, width};
use super::words::{Words, quoted, safe};
use super::{Page, head, squeeze};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::week::{WeekPage, WeekRow, invests};
use crate::domain::capacity::Stack;
use crate::domain::deal::{AskState, DueKind, Week, WeekAsk, WeekDue, WeekPlan};
use crate::domain::locale::weekday_name;

/// Minutes of a whole bar, unless a deal takes more.
const BAR: i64 = 12 * 60;

/// Columns that the lines take at most: longer ones are hard to read.
const COLUMN: u16 = 124;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, week: &WeekPage) -> Row {
    let mut left = vec![Span::new("This week", Role::Head)];
    let data = week.data.as_ref();
    if let Some(monday) = data.and_then(|data| data.monday) {
        let weekday = weekday_name(monday.weekday());
        left.push(Span::text(format!(" · {weekday} {}", words.day(monday))));
    }
    let mut right = Vec::new();
    if let Some(minutes) = data.and_then(|data| data.selling_minutes) {
        right.push(format!("{} h to sell", hours(words, minutes)));
    }
    right.extend(
        model
            .facts
            .record
            .map(|day| format!("record of {}", words.day(day))),
    );
    head::titled(model, left, &right.join(" · "))
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, week: &WeekPage) -> Page {
    let column = model.size.width.min(COLUMN);
    let mut after = Vec::new();
    let mut view = View {
        model,
        words,
        page: week,
        free: model.overlays.is_empty(),
        columns: Columns::of(column, week.data.as_ref()),
        lines: Vec::new(),
        cursor: 0,
        due: None,
    };
    match &week.data {
        Some(data) => {
            view.all(data);
            after.extend(view.beside(data));
        }
        None => view.lines.push(Line::words(1, "loading…", Role::Quiet)),
    }
    let (mut lines, cursor, due) = (view.lines, view.cursor, view.due);
    let inner = column.saturating_sub(1);
    let room = usize::from(model.size.height.saturating_sub(4));
    let mut room = room.saturating_sub(height_of(&after, inner));
    let all = height_of(&lines, inner);
    // Where it nearly fits the empty lines go; where it does not they keep the parts apart.
    let blanks = lines.iter().filter(|line| **line == Line::Blank).count();
    let mut scroll = 0;
    if all > room && all - blanks <= room {
        squeeze(&mut lines, inner, room);
    } else if all > room {
        let below = height_of(&lines[..(cursor + 2).min(lines.len())], inner);
        let scrolled = |room: usize| below.saturating_sub(room).min(all - room);
        // What is due is never out of sight without a word.
        let first = due.as_ref();
        let first = first.map(|(line, _)| height_of(&lines[..*line], inner) + 3);
        let is_hidden = |room: usize| first.is_some_and(|first| first > scrolled(room) + room);
        if let Some((_, hint)) = due.filter(|_| room > 1 && is_hidden(room)) {
            room -= 1;
            after.insert(0, hint);
        }
        scroll = scrolled(room);
    }
    Page {
        column,
        lines,
        scroll,
        middle: false,
        ruled: true,
        after,
    }
}

/// How the asks stand, in words.
pub fn tally(words: &Words<'_>, (put, answered, of): (usize, usize, usize)) -> String {
    let number = |n: usize| words.locale.number(n as i64);
    format!(
        "{} of {} put, {} answered",
        number(put),
        number(of),
        number(answered)
    )
}

/// Minutes as hours.
fn hours(words: &Words<'_>, minutes: i64) -> String {
    words.hours(minutes as f64 / 60.0)
}

/// The widths of the columns.
struct Columns {
    name: u16,
    whom: u16,
    bar: u16,
    last: u16,
    /// What the others leave for a step beside its bar.
    step: u16,
}

impl Columns {
    fn of(width: u16, week: Option<&Week>) -> Self {
        let (name, whom, bar, last) = match width {
            ..72 => (15, 0, 8, 0),
            72..100 => (18, 9, 12, 18),
            _ => (26, 16, 24, 20),
        };
        // Where nothing is to be said behind the hours, the steps have the room.
        let says = |week: &Week| week.deals().any(|plan| remark(week, plan).is_some());
        let last = if week.is_some_and(says) { last } else { 0 };
        let gaps = if last > 0 { 7 } else { 5 };
        Self {
            name,
            whom,
            bar,
            last,
            step: width.saturating_sub(name + bar + last + HOURS + gaps),
        }
    }
}

/// What is to be said of the hours of a deal.
fn remark(week: &Week, plan: &WeekPlan) -> Option<Span> {
    match &plan.senior {
        _ if !plan.is_planned => Some(Span::quiet("not planned")),
        _ if plan.minutes == 0 => Some(Span::quiet("starved on purpose")),
        Some(senior) => Some(Span::text(format!("senior: {}", safe(senior)))),
        None if week.lacks_senior(plan) => Some(Span::new("senior: nobody yet", Role::Open)),
        None => None,
    }
}

/// Cells of the hours behind a bar.
const HOURS: u16 = 7;

struct View<'a, 'm> {
    model: &'m Model,
    words: &'a Words<'m>,
    page: &'m WeekPage,
    free: bool,
    columns: Columns,
    lines: Vec<Line>,
    /// The line of the row under the cursor.
    cursor: usize,
    /// The line with which what is due begins, and what is said of it where that is out of sight.
    due: Option<(usize, Line)>,
}

impl View<'_, '_> {
    fn all(&mut self, week: &Week) {
        if week.is_empty() && self.model.facts.after_due == 0 {
            self.lines.push(Line::Blank);
            let text = "Nothing is on the week yet. On a deal, a puts its question here, \
                        C the hours that it is to have.";
            self.lines.push(Line::words(3, text, Role::Text));
            return;
        }
        self.gone(week);
        self.asks(week);
        self.invest(week);
        self.due(week);
    }

    fn heading(&mut self, name: &str, says: String) {
        if !self.lines.is_empty() {
            self.lines.push(Line::Blank);
        }
        let row = Row::new(1)
            .fill(Span::new(name, Role::Head))
            .fit(Span::text(says));
        self.lines.push(row.into());
    }

    /// Adds a row that the cursor can be on.
    fn row(&mut self, which: WeekRow, row: Row) {
        let here = self.page.row() == Some(which);
        if here {
            self.cursor = self.lines.len();
        }
        let picked = match (here, self.free) {
            (true, true) => Picked::Here,
            (true, false) => Picked::There,
            (false, _) => Picked::No,
        };
        self.lines.push(row.picked(picked).into());
    }

    fn number(&self, number: usize) -> String {
        self.words.locale.number(number as i64)
    }

    fn key(&self, command: Command) -> Span {
        let keys = self.model.keymap.keys_of(command);
        let key = keys.first().map(|key| key.label(self.model.spells_keys()));
        Span::key(key.unwrap_or_default())
    }

    fn gone(&mut self, week: &Week) {
        if week.fired.is_empty() {
            if week.may_fire > 0 || self.model.facts.after_due > 0 {
                self.heading("Gone", String::new());
                self.what_follows(week);
            }
            return;
        }
        let back = week.fired.iter().map(|fired| fired.minutes_reclaimed).sum();
        let back = hours(self.words, back);
        self.heading("Gone", format!("{back} h back, an estimate"));
        let today = self.words.today;
        let when = if week.fired.iter().all(|fired| fired.day == today) {
            "today"
        } else {
            "this week"
        };
        let fired = format!("{} fired {when}", self.number(week.fired.len()));
        let notes = week.fired.iter().filter(|fired| !fired.note_left).count();
        let mut row = Row::new(3).fill(Span::text(fired));
        if notes > 0 {
            let left = if notes == 1 {
                "1 closing note not copied yet".to_owned()
            } else {
                format!("{} closing notes not copied yet", self.number(notes))
            };
            row = row.fit_spans(vec![
                Span::text(format!("{left}   ")),
                self.key(Command::Copy),
                Span::text(" copy"),
            ]);
        }
        self.row(WeekRow::Gone, row);
        self.what_follows(week);
    }

    /// Whom one may get to fire, and what the CRMs do not know: beside each other where there
    /// is room.
    fn what_follows(&mut self, week: &Week) {
        let mut fire = (week.may_fire > 0).then(|| {
            let by = week.may_fire_by().filter(|day| *day >= self.words.today);
            let by = by.map_or_else(
                || "now: no answer by its day".to_owned(),
                |day| format!("by {}", self.words.near_day(day)),
            );
            format!("{} you may get to fire {by}", self.number(week.may_fire))
        });
        if self.columns.whom == 0
            && let Some(fire) = fire.take()
        {
            self.lines.push(Row::new(3).fill(fire).into());
        }
        for (crm, unknown) in &self.page.crms {
            let unknown = i64::try_from(*unknown).unwrap_or(i64::MAX);
            let text = format!(
                "{} does not know of {} yet   ",
                safe(crm),
                self.words.locale.number(unknown)
            );
            let row = Row::new(3)
                .fill(fire.take().unwrap_or_default())
                .fit_spans(vec![Span::text(text), Span::key(":export")]);
            self.lines.push(row.into());
        }
        if let Some(fire) = fire {
            self.lines.push(Row::new(3).fill(fire).into());
        }
        let due = self.model.facts.after_due;
        if due > 0 {
            let of = self.words.count(due, "firing or win", "firings and wins");
            let row = Row::new(3).fill(Span::text(format!(
                "{of} to look back on: what came of it?"
            )));
            self.lines
                .push(row.fit_spans(vec![self.key(Command::GoAfter)]).into());
        }
    }

    fn asks(&mut self, week: &Week) {
        if week.asks.is_empty() {
            return;
        }
        self.heading("Ask", tally(self.words, week.tally()));
        for ask in &week.asks {
            let row = self.ask(ask);
            self.row(WeekRow::Ask(ask.id), row);
        }
    }

    fn ask(&self, ask: &WeekAsk) -> Row {
        let late = ask.is_overdue(self.words.today);
        let mark = match ask.state {
            AskState::Answered => vec![Span::sign(Glyph::Yes, Role::Good)],
            AskState::NoReply => vec![Span::sign(Glyph::Waiting, Role::Open)],
            AskState::Open | AskState::NotAsked if ask.put => {
                vec![Span::sign(Glyph::Waiting, Role::Open)]
            }
            AskState::Open | AskState::NotAsked if late => {
                vec![Span::sign(Glyph::Due, Role::Fire)]
            }
            AskState::Open | AskState::NotAsked | AskState::Dropped => Vec::new(),
        };
        let columns = &self.columns;
        let deal = Some(ask.deal);
        let row = Row::new(1)
            .fixed_spans(2, mark)
            .fixed(
                columns.name - 1,
                Span::text(self.words.name(ask.deal, &ask.name)),
            )
            .fixed(1, "")
            .fill(Span::text(self.asked(ask)))
            .fixed(2, "");
        if ask.state == AskState::Answered {
            let reply = ask.reply.as_ref().map(|reply| self.words.free(deal, reply));
            let reply = reply.filter(|reply| !reply.is_empty());
            let text = reply.map_or_else(|| "answered".to_owned(), |reply| quoted(&reply));
            return row.fixed(columns.whom + 11, Span::text(text));
        }
        let by = ask.due.map_or_else(String::new, |day| {
            let day = self.words.near_day(day);
            if late { day } else { format!("by {day}") }
        });
        let whom = ask.contact.as_ref().filter(|name| !name.is_empty());
        let whom = if ask.put {
            "asked".to_owned()
        } else {
            whom.map_or_else(String::new, |name| self.words.contact(ask.deal, name))
        };
        let role = if late { Role::Fire } else { Role::Text };
        let gap = columns.whom.min(1);
        row.fixed(columns.whom - gap, Span::text(whom))
            .fixed(gap, "")
            .fixed(11, Span::new(by, role))
    }

    fn invest(&mut self, week: &Week) {
        if !invests(week) {
            return;
        }
        let placed = hours(self.words, week.placed());
        let says = match week.selling_minutes {
            Some(minutes) => format!("{placed} of {} h placed", hours(self.words, minutes)),
            None => format!("{placed} h placed"),
        };
        self.heading("Invest", says);
        let stack = week.stack();
        if week.selling_minutes.is_none() {
            let row = Row::new(3)
                .fill(Span::text("How many hours a week do you sell?"))
                .fit_spans(vec![self.key(Command::WeekOpen), Span::text(" say")]);
            self.row(WeekRow::Selling, row);
        } else if stack.sum() > 0 {
            self.bar(week, &stack);
        }
        let most = week.deals().map(WeekPlan::takes).chain([week.own_time()]);
        let most = most.max().unwrap_or_default().max(BAR);
        let above = stack.above();
        for plan in week.deals().take(above) {
            self.plan(week, plan, most);
        }
        self.own_time(week, most);
        if let Some(minutes) = week.selling_minutes {
            let free = minutes - week.placed();
            if free > 0 {
                self.lines.push(self.not_placed(free).into());
            }
        }
        if above < week.deals().count() {
            self.waterline(&stack);
        }
        for plan in week.deals().skip(above) {
            self.plan(week, plan, most);
        }
    }

    /// The hours to sell as one line, the deals laid along it up to the line that they reach.
    fn bar(&mut self, week: &Week, stack: &Stack) {
        let room = week.selling_minutes.unwrap_or_default().max(1);
        let whole = (room + stack.below()) as f64;
        let above = stack.above();
        let takes = week.deals().map(WeekPlan::takes);
        let mut parts: Vec<f64> = takes.map(|minutes| minutes as f64 / whole).collect();
        let beyond = parts.split_off(above);
        parts.push(week.own_time() as f64 / whole);
        let here = match self.page.row() {
            Some(WeekRow::Plan(deal)) => {
                let at = week.deals().position(|plan| plan.deal == Some(deal));
                // One's own time lies between those above the line and those below.
                at.map(|at| if at < above { at } else { at + 1 })
            }
            Some(WeekRow::OwnTime) => Some(above),
            Some(WeekRow::Gone | WeekRow::Ask(_) | WeekRow::Selling | WeekRow::Due(_)) | None => {
                None
            }
        };
        let bar = Content::Stack {
            parts,
            line: room as f64 / whole,
            beyond,
            here,
        };
        let row = Row::new(3).cell(Width::Fill, bar).fixed(1, "");
        self.lines.push(row.into());
    }

    fn hours_row(&self, name: &str, step: String, share: f64, minutes: i64) -> Row {
        let columns = &self.columns;
        // A little is still seen, nothing is not.
        let bar = if share > 0.0 {
            Content::Range {
                lo: 0.0,
                hi: share * 100.0,
            }
        } else {
            Content::Share(0.0)
        };
        Row::new(3)
            .fixed(columns.name - 1, name)
            .fixed(1, "")
            .fill(step)
            .fixed(1, "")
            .cell(Width::Fixed(columns.bar), bar)
            .right(
                HOURS,
                Span::text(format!("{} h", hours(self.words, minutes))),
            )
    }

    fn plan(&mut self, week: &Week, plan: &WeekPlan, most: i64) {
        let Some(deal) = plan.deal else { return };
        let words = self.words;
        let name = plan.name.as_ref();
        let name = name.map_or_else(String::new, |name| words.name(deal, name));
        let next = plan.next_step.as_ref();
        let mut step = next.map_or_else(String::new, |next| words.free(Some(deal), next));
        if let Some(day) = plan.next_step_due.map(|day| words.near_day(day)) {
            // Its day stays in sight.
            let room = self.columns.step.saturating_sub(width(&day) + 1);
            step = format!("{} {day}", cut(&step, room));
        }
        let takes = plan.takes();
        let mut row = self.hours_row(&name, step, takes as f64 / most as f64, takes);
        if self.columns.last > 0 {
            let last = remark(week, plan).unwrap_or_else(|| Span::text(""));
            row = row.fixed(2, "").fixed(self.columns.last, last);
        }
        self.row(WeekRow::Plan(deal), row);
    }

    fn own_time(&mut self, week: &Week, most: i64) {
        let own = week.own_time();
        let share = own as f64 / most as f64;
        let mut row = self.hours_row("own time", String::new(), share, own);
        if self.columns.last > 0 {
            row = row.fixed(2, "").fixed(self.columns.last, "");
        }
        self.row(WeekRow::OwnTime, row);
    }

    fn not_placed(&self, minutes: i64) -> Row {
        let mut row = self.hours_row("not placed", String::new(), 0.0, minutes);
        if self.columns.last > 0 {
            row = row.fixed(2, "").fixed(self.columns.last, "");
        }
        row
    }

    fn waterline(&mut self, stack: &Stack) {
        let over = hours(self.words, stack.below());
        let row = Row::new(1)
            .fill(Span::new(
                "below the line: fire, hold or starve on purpose",
                Role::Open,
            ))
            .fit(Span::text(format!("{over} h too many")));
        self.lines.push(row.into());
    }

    fn due(&mut self, week: &Week) {
        if week.due.is_empty() {
            return;
        }
        let now = week.due.iter().filter(|due| due.day <= self.words.today);
        let number = |count: usize| self.words.locale.number(count as i64);
        let hint = match now.count() {
            0 => {
                let later = number(week.due.len());
                Row::new(3).fill(Span::text(format!("{later} to fall due, below")))
            }
            now => {
                let sign = vec![Span::sign(Glyph::Due, Role::Fire)];
                let text = format!("{} due, below", number(now));
                let row = Row::new(1).fixed_spans(2, sign);
                row.fill(Span::new(text, Role::Fire))
            }
        };
        self.due = Some((self.lines.len(), hint.into()));
        self.heading("Due", String::new());
        for (at, due) in week.due.iter().enumerate() {
            let row = self.due_row(due);
            self.row(WeekRow::Due(at), row);
        }
    }

    fn due_row(&self, due: &WeekDue) -> Row {
        let words = self.words;
        let is_due = due.day <= words.today;
        let mark = if is_due {
            vec![Span::sign(Glyph::Due, Role::Fire)]
        } else {
            Vec::new()
        };
        let role = if is_due { Role::Fire } else { Role::Text };
        Row::new(1)
            .fixed_spans(2, mark)
            .fixed(
                self.columns.name - 1,
                Span::text(words.name(due.deal, &due.name)),
            )
            .fixed(1, "")
            .fill(Span::text(self.due_words(due)))
            .fixed(2, "")
            .fixed(10, Span::new(words.near_day(due.day), role))
    }

    fn due_words(&self, due: &WeekDue) -> String {
        let said = self.words.said(Some(due.deal), &due.words);
        match due.what {
            DueKind::Tripwire => quoted(&said),
            DueKind::Hold => format!("on hold until: {said}"),
            DueKind::Commitment | DueKind::Check => said,
            DueKind::Trial => format!("trial begins, {said}"),
        }
    }

    /// What is put to them.
    fn asked(&self, ask: &WeekAsk) -> String {
        let bank = self.model.bank.as_deref();
        self.words.asked(bank, ask.deal, &ask.text)
    }

    /// What is to be said of the row under the cursor, below the rule.
    fn beside(&self, week: &Week) -> Option<Line> {
        let text = match self.page.row()? {
            WeekRow::Gone => {
                return self.notes();
            }
            WeekRow::Ask(id) => {
                let ask = self.page.ask(id)?;
                quoted(&self.asked(ask))
            }
            WeekRow::Plan(deal) => self.displaces(week, deal)?,
            WeekRow::OwnTime => {
                "your own time is a place for hours, and comes off the hours to sell".to_owned()
            }
            WeekRow::Due(at) => self.due_words(week.due.get(at)?),
            WeekRow::Selling => return None,
        };
        Some(Line::Para(Para {
            indent: 3,
            hang: 3,
            spans: vec![Span::text(text)],
            most: 2,
        }))
    }

    /// Whose note is next, and the keys for all that wait.
    fn notes(&self) -> Option<Line> {
        let mut waiting = self.page.waiting_notes();
        let next = waiting.next()?;
        let name = self.words.name(next.deal, &next.name);
        let row = Row::new(3).fill(Span::text(format!("next note: {name}")));
        if waiting.next().is_none() {
            return Some(row.into());
        }
        let keys = [
            (Command::NotesCopy, " copy"),
            (Command::NotesDraft, " drafts"),
            (Command::NotesFile, " files"),
        ];
        let mut spans = vec![Span::text("all of them:")];
        for (command, word) in keys {
            spans.extend([Span::text("  "), self.key(command), Span::text(word)]);
        }
        Some(row.fit_spans(spans).into())
    }

    /// What a deal displaces, or what would have to go for it.
    fn displaces(&self, week: &Week, deal: crate::domain::ids::DealId) -> Option<String> {
        week.selling_minutes?;
        let stack = week.stack();
        let deals: Vec<&WeekPlan> = week.deals().collect();
        let at = deals.iter().position(|plan| plan.deal == Some(deal))?;
        let takes = hours(self.words, stack.takes(at));
        let others: Vec<String> = stack
            .displaces(at)
            .into_iter()
            .filter_map(|place| {
                let plan = deals.get(place)?;
                let name = self.words.name(plan.deal?, plan.name.as_ref()?);
                Some(format!("{name} {} h", hours(self.words, plan.takes())))
            })
            .collect();
        let is_above = at < stack.above();
        let others = others.join(", ");
        Some(match (is_above, others.is_empty()) {
            (true, true) if stack.above() == deals.len() => {
                format!("takes {takes} h; all that goes on has room")
            }
            (true, true) => format!("takes {takes} h; without it nothing below would fit"),
            (true, false) => format!("takes {takes} h, and keeps out: {others}"),
            (false, true) => format!("takes {takes} h, more than the week can give it"),
            (false, false) => format!("takes {takes} h; for it would go: {others}"),
        })
    }
}
