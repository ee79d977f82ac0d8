//! What is over: those to ask about, and the record to be proud of.

use super::doc::{Glyph, Line, Role, Row, Span};
use super::text::width;
use super::words::{Words, safe};
use super::{Page, head, picked};
use crate::app::after::{AfterPage, AfterRow};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::domain::deal::{
    After, Disposition, FiredRow, FiredSums, OutcomeDue, OutcomeKind, Overruled, RegretRow,
};
use crate::domain::shown::Free;

/// Columns that the lines take at most.
const COLUMN: u16 = 124;

/// The first row of the page.
pub fn title(model: &Model, page: &AfterPage) -> Row {
    let due = page
        .data
        .as_ref()
        .map_or(0, |data| data.outcomes.len() + data.regrets.len());
    let place = match due {
        0 => "nothing to ask".to_owned(),
        due => format!("{} to ask", model.locale.number(due as i64)),
    };
    head::titled(
        model,
        vec![Span::new("What came of it", Role::Head)],
        &place,
    )
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, page: &AfterPage) -> Page {
    let column = model.size.width.min(COLUMN);
    let mut view = View {
        model,
        words,
        page,
        wide: column >= 100,
        day: 0,
        lines: Vec::new(),
        cursor: 0,
    };
    match &page.data {
        Some(data) => {
            view.day = view.cells_of_a_day(data);
            view.all(data);
        }
        None => view.lines.push(Line::words(1, "loading…", Role::Quiet)),
    }
    let after: Vec<Line> = page
        .data
        .as_ref()
        .and_then(|data| view.beside(data))
        .into_iter()
        .collect();
    Page::around(model, column, view.lines, view.cursor, after)
}

/// What happened where the manager overruled a firing, counted; `None` where nobody did.
fn overruled(words: &Words<'_>, sums: &FiredSums) -> Option<String> {
    let all: usize = sums.overruled.iter().map(|(_, count)| count).sum();
    let fates = sums.overruled.iter();
    let number = |count: usize| words.locale.number(count as i64);
    let fates: Vec<String> = fates
        .map(|(fate, count)| format!("{} {}", number(*count), fate.words()))
        .collect();
    (all > 0).then(|| {
        format!(
            "{} overruled by the manager, since then: {}",
            number(all),
            fates.join(" · ")
        )
    })
}

struct View<'a, 'm> {
    model: &'m Model,
    words: &'a Words<'m>,
    page: &'m AfterPage,
    wide: bool,
    /// The cells of a day: those of another year name it.
    day: u16,
    lines: Vec<Line>,
    /// The line of the row under the cursor.
    cursor: usize,
}

impl View<'_, '_> {
    fn cells_of_a_day(&self, data: &After) -> u16 {
        let fired = data.fired.iter().map(|row| row.day);
        let asked = data.outcomes.iter().map(|due| due.fired);
        let won = data.regrets.iter().map(|win| win.won);
        let days = fired.chain(asked).chain(won);
        let cells = days.map(|day| width(&self.words.day(day)));
        cells.max().unwrap_or(0).max(6)
    }

    fn all(&mut self, data: &After) {
        if !data.outcomes.is_empty() {
            let keys = self.keys(Command::NoChange, "no change for all");
            self.heading("What came of them?", keys);
            for (at, due) in data.outcomes.iter().enumerate() {
                let row = self.outcome(due);
                self.row(AfterRow::Outcome(at), row);
            }
        }
        if !data.regrets.is_empty() {
            let mut keys = self.keys(Command::SellAgain, "yes   ");
            keys.extend(self.keys(Command::NotAgain, "no"));
            self.heading("Would you sell it again?", keys);
            for (at, win) in data.regrets.iter().enumerate() {
                let row = self.win(win);
                self.row(AfterRow::Regret(at), row);
            }
        }
        self.record(data);
        self.forecast(data);
    }

    fn keys(&self, command: Command, word: &str) -> Vec<Span> {
        let keys = self.model.keymap.keys_of(command);
        let key = keys.first().map(|key| key.label(self.model.spells_keys()));
        vec![
            Span::key(key.unwrap_or_default()),
            Span::text(format!(" {word}")),
        ]
    }

    fn heading(&mut self, name: &str, says: Vec<Span>) {
        if !self.lines.is_empty() {
            self.lines.push(Line::Blank);
        }
        let row = Row::new(1)
            .fill(Span::new(name, Role::Head))
            .fit_spans(says);
        self.lines.push(row.into());
    }

    fn row(&mut self, which: AfterRow, row: Row) {
        let mut row = row;
        if self.page.row() == Some(which) {
            self.cursor = self.lines.len();
            row = row.picked(picked(self.model));
        }
        self.lines.push(row.into());
    }

    fn name_width(&self) -> u16 {
        if self.wide { 26 } else { 17 }
    }

    fn outcome(&self, due: &OutcomeDue) -> Row {
        let words = self.words;
        let mark = if due.heard.is_some() {
            vec![Span::sign(Glyph::Due, Role::Fire)]
        } else {
            Vec::new()
        };
        let why = due.reason.as_deref().map(Free::new);
        let why = why.map_or_else(String::new, |why| words.free(Some(due.deal), &why));
        let heard = match due.heard {
            Some(day) => format!("came back {}", words.day(day)),
            None => format!("after {} days", due.check),
        };
        Row::new(1)
            .fixed_spans(2, mark)
            .fixed(
                self.name_width() - 1,
                Span::text(words.name(due.deal, &due.name)),
            )
            .fixed(1, "")
            .fixed(
                7 + self.day,
                Span::text(format!("fired {}", words.day(due.fired))),
            )
            .fixed(2, "")
            .fill(Span::text(why))
            .fixed(2, "")
            .fixed(16, Span::text(heard))
    }

    fn win(&self, win: &RegretRow) -> Row {
        let words = self.words;
        Row::new(3)
            .fixed(
                self.name_width() - 1,
                Span::text(words.name(win.deal, &win.name)),
            )
            .fixed(1, "")
            .fixed(
                7 + self.day,
                Span::text(format!("won {}", words.day(win.won))),
            )
            .fixed(2, "")
            .fill(Span::text(safe(&win.money_said())))
    }

    fn hours(&self, minutes: i64) -> String {
        self.words.hours(minutes as f64 / 60.0)
    }

    fn record(&mut self, data: &After) {
        if data.fired.is_empty() {
            return;
        }
        let sums = &data.sums;
        let back = format!("{} h back, an estimate", self.hours(sums.minutes_reclaimed));
        let fired = self.words.count(sums.fired as u64, "fired", "fired");
        self.heading(&format!("The record: {fired}"), vec![Span::text(back)]);
        let number = |count: usize| self.words.locale.number(count as i64);
        let mut said: Vec<String> = sums
            .outcomes
            .iter()
            .map(|(kind, count)| format!("{} {}", number(*count), kind.words()))
            .collect();
        if sums.open > 0 {
            said.push(format!("{} too early to say", number(sums.open)));
        }
        if sums.reinstated > 0 {
            said.push(format!("{} of them taken back", number(sums.reinstated)));
        }
        if !said.is_empty() {
            self.lines
                .push(Line::words(3, said.join(" · "), Role::Text));
        }
        if let Some(text) = overruled(self.words, sums) {
            self.lines.push(Line::words(3, text, Role::Text));
        }
        for (at, row) in data.fired.iter().enumerate() {
            let line = self.fired(row);
            self.row(AfterRow::Fired(at), line);
        }
        let more = sums.fired.saturating_sub(data.fired.len());
        if more > 0 {
            let text = format!("{} earlier ones: walkaway outcome list", number(more));
            self.lines.push(Line::words(3, text, Role::Quiet));
        }
    }

    fn fired(&self, row: &FiredRow) -> Row {
        let words = self.words;
        let why = Free::new(row.reasons.join("; "));
        let (came, role) = self.came(row);
        let mut line = Row::new(3)
            .fixed(
                self.name_width() - 1,
                Span::text(words.name(row.deal, &row.name)),
            )
            .fixed(1, "")
            .fixed(self.day + 1, Span::text(words.day(row.day)))
            .fixed(2, "")
            .fill(Span::text(words.free(Some(row.deal), &why)))
            .fixed(2, "");
        if self.wide {
            line = line.fixed(16, Span::text(self.went(row))).fixed(2, "");
        }
        line.right(
            7,
            Span::text(format!("{} h", self.hours(row.minutes_reclaimed))),
        )
        .fixed(2, "")
        .fixed(19, Span::new(came, role))
    }

    fn came(&self, row: &FiredRow) -> (String, Role) {
        if let (Some(_), Some((day, _))) = (&row.overruled, &row.reinstated) {
            return (format!("overruled {}", self.words.day(*day)), Role::Text);
        }
        if let Some((day, _)) = &row.reinstated {
            return (format!("taken back {}", self.words.day(*day)), Role::Text);
        }
        match row.came_of() {
            Some(kind @ (OutcomeKind::CameBackBetter | OutcomeKind::Won)) => {
                (kind.words().to_owned(), Role::Good)
            }
            Some(kind) => (kind.words().to_owned(), Role::Text),
            None if row.heard.is_some() => ("made contact".to_owned(), Role::Fire),
            None => (String::new(), Role::Text),
        }
    }

    fn overruled(&self, row: &FiredRow, overruled: &Overruled) -> String {
        let by = overruled.by.as_deref().map(safe);
        let by = by.unwrap_or_else(|| "the manager".to_owned());
        let why = overruled.why.as_ref();
        let why = why.map_or_else(String::new, |why| {
            format!(": {}", self.words.free(Some(row.deal), why))
        });
        let since = overruled.since.words();
        format!("overruled by {by}{why} · since then: {since}")
    }

    fn went(&self, row: &FiredRow) -> String {
        match (row.to, &row.whom) {
            (None, _) => String::new(),
            (Some(Disposition::WalkedAway), _) => "walked away".to_owned(),
            (Some(Disposition::Regift), Some(whom)) => {
                format!("to {}", self.words.loose_name(whom))
            }
            (Some(Disposition::Regift), None) => "re-gifted".to_owned(),
            (Some(Disposition::Nurture), _) => row.until.map_or_else(
                || "nurture".to_owned(),
                |day| format!("nurture {}", self.words.day(day)),
            ),
        }
    }

    /// How often the money questions were right about the wins.
    fn forecast(&mut self, data: &After) {
        if data.told.is_empty() {
            return;
        }
        let right = data.told.iter().filter(|row| row.was_right() == Some(true));
        let of = data.told.iter().filter(|row| row.was_right().is_some());
        let (right, of) = (right.count(), of.count());
        let again = data.told.iter().filter(|row| row.again == Some(true));
        let says = format!(
            "{} of {} you would sell again",
            again.count(),
            data.told.len()
        );
        self.heading("Wins, looked back on", vec![Span::text(says)]);
        let text = if of == 0 {
            "The money questions were not answered before any of them.".to_owned()
        } else {
            format!("The money questions had it right for {right} of {of}.")
        };
        self.lines.push(Line::words(3, text, Role::Text));
    }

    /// The keys that say what came of it.
    fn told_by(&self) -> Line {
        let keys = [
            (Command::CameBackBetter, "back, better"),
            (Command::CameBackUnchanged, "unchanged"),
            (Command::BoughtElsewhere, "bought elsewhere"),
            (Command::BoughtNothing, "nothing"),
            (Command::Silence, "no change"),
        ];
        let mut spans = Vec::new();
        for (command, word) in keys {
            if !spans.is_empty() {
                spans.push(Span::text("  "));
            }
            spans.extend(self.keys(command, word));
        }
        Row::new(1).fill_spans(spans).into()
    }

    /// What is to be said of the row under the cursor, below the rule.
    fn beside(&self, data: &After) -> Option<Line> {
        let words = self.words;
        let text = match self.page.row()? {
            AfterRow::Outcome(_) => return Some(self.told_by()),
            AfterRow::Regret(at) => {
                let win = data.regrets.get(at)?;
                format!("won {} days ago", (words.today - win.won).num_days())
            }
            AfterRow::Fired(at) => {
                let row = data.fired.get(at)?;
                let mut said = vec![format!("by {}", safe(&row.who))];
                if !self.wide {
                    said.push(self.went(row));
                }
                if row.time.1 > 1 {
                    said.push(format!("firing {} of {}", row.time.0, row.time.1));
                }
                if let Some(overruled) = &row.overruled {
                    said.push(self.overruled(row, overruled));
                }
                // The terms of an overruling are its reason.
                let terms = row
                    .reinstated
                    .as_ref()
                    .filter(|_| row.overruled.is_none())
                    .and_then(|(_, terms)| terms.as_ref());
                said.extend(
                    terms.map(|terms| format!("taken back: {}", words.free(Some(row.deal), terms))),
                );
                said.extend(
                    row.words
                        .as_ref()
                        .map(|text| words.free(Some(row.deal), text)),
                );
                said.retain(|part| !part.is_empty());
                said.join(" · ")
            }
        };
        Some(Row::new(3).fill(Span::text(text)).into())
    }
}
