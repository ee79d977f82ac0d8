//! What a one-line input means, read back as one types; what is wrong with it, at its place.

use super::doc::{Line, Para, Role, Row, Span};
use super::text::{height_of, width};
use super::words::{Words, safe};
use crate::app::form::text::TextInput;
use crate::app::model::{Model, Prompt};
use crate::app::update::{known_names, offered_names};
use crate::domain::act::{CommitmentSheet, ConcessionSheet};
use crate::domain::deal::{AfterHours, ConcessionKind, Direction, Side, TouchStatus};
use crate::domain::hours::Channel;
use crate::domain::ids::DealId;
use crate::domain::line::{self, LineKind, LineMistake, TouchLine};
use crate::domain::shown::{Free, Name};

/// Options that are offered at most.
const MOST: usize = 9;

/// The lines below a one-line input: its mark, its meaning, and what fits at the cursor. Their
/// number stays, so that nothing jumps while one types.
pub fn lines(
    model: &Model,
    words: &Words<'_>,
    prompt: &Prompt,
    kind: LineKind,
    deal: DealId,
) -> Vec<Line> {
    let text = prompt.input.text();
    let columns = model.size.width.min(super::SHEET_COLUMN).saturating_sub(1);
    let view = View { model, words, deal };
    let read = view.read(kind, &text);
    let mut lines = Vec::with_capacity(4);
    let (mark, meaning) = match read {
        _ if text.trim().is_empty() => (Line::Blank, view.guide(kind)),
        Ok(spans) => (Line::Blank, view.named(spans)),
        Err(mistake) => {
            let is_said = prompt.error.is_some();
            let mark = if is_said {
                mark(&text, prompt.label, columns, &mistake)
            } else {
                Line::Blank
            };
            (mark, view.mistake(&text, &mistake, is_said))
        }
    };
    lines.push(mark);
    let meaning = Line::Para(Para {
        indent: 1,
        hang: 3,
        spans: meaning,
        most: 2,
    });
    let is_short = height_of(std::slice::from_ref(&meaning), columns) < 2;
    lines.push(meaning);
    if is_short {
        lines.push(Line::Blank);
    }
    lines.push(view.options(kind, &prompt.input));
    lines
}

/// A row of marks below the place of a mistake; nothing where the line is wider than its field.
fn mark(text: &str, label: &str, columns: u16, mistake: &LineMistake) -> Line {
    let start = mistake.place.start.min(text.len());
    let end = mistake.place.end.clamp(start, text.len());
    let (Some(before), Some(wrong)) = (text.get(..start), text.get(start..end)) else {
        return Line::Blank;
    };
    let indent = 1 + width(label) + 1;
    if indent + width(&safe(text)) + 1 > columns {
        return Line::Blank;
    }
    let marks = "^".repeat(usize::from(width(&safe(wrong)).max(1)));
    Row::new(indent + width(&safe(before)))
        .fill(Span::new(marks, Role::Error))
        .into()
}

struct View<'a, 'm> {
    model: &'a Model,
    words: &'a Words<'m>,
    deal: DealId,
}

impl View<'_, '_> {
    fn read(&self, kind: LineKind, text: &str) -> Result<Vec<Span>, LineMistake> {
        let known = known_names(self.model, self.deal);
        Ok(match kind {
            LineKind::Touch => self.touch(&line::touch(text, &known)?),
            LineKind::Promise(side) => self.promise(&line::promise(text, side, &known)?),
            LineKind::Concession => self.concession(&line::concession(text, &known)?),
        })
    }

    /// The deal before what is said of it, so that no line goes to another one unseen.
    fn named(&self, spans: Vec<Span>) -> Vec<Span> {
        let mut all = Vec::new();
        if let Some(name) = self.model.name(self.deal) {
            all.push(Span::strong(self.words.name(self.deal, name)));
            all.push(Span::text(" · "));
        }
        all.extend(spans);
        all
    }

    fn guide(&self, kind: LineKind) -> Vec<Span> {
        let text = match kind {
            LineKind::Touch => {
                "they or we, by what, how long, with whom, what: \
                                they call 20m with Tom asked for the quote again"
            }
            LineKind::Promise(_) => {
                "what, by when, for what of the other side: \
                                     data sample by fri for quote v3"
            }
            LineKind::Concession => {
                "discount, free, promise or bait: \
                                     discount 10% for early payment"
            }
        };
        self.named(vec![Span::quiet(text)])
    }

    fn mistake(&self, text: &str, mistake: &LineMistake, is_said: bool) -> Vec<Span> {
        let what = self.words.days_in(&safe(&mistake.what));
        let wrong = text.get(mistake.place.clone()).unwrap_or_default().trim();
        let place = if wrong.is_empty() {
            String::new()
        } else {
            format!("`{}`: ", safe(wrong))
        };
        let hint = if mistake.hint.is_empty() || self.hides() {
            String::new()
        } else {
            format!(" · {}", safe(&mistake.hint))
        };
        if is_said {
            vec![
                Span::new(format!("! {place}{what}"), Role::Error),
                Span::text(hint),
            ]
        } else {
            vec![Span::quiet(format!("{what}{hint}"))]
        }
    }

    fn hides(&self) -> bool {
        self.words.mask.hides_names_of(Some(self.deal))
    }

    fn free(&self, text: &str) -> String {
        self.words.free(Some(self.deal), &Free::new(text))
    }

    fn names(&self, names: &[String]) -> String {
        let names = names
            .iter()
            .map(|name| self.words.contact(self.deal, &Name::new(name.as_str())));
        names.collect::<Vec<_>>().join(" and ")
    }

    fn day(&self, day: chrono::NaiveDate) -> String {
        let date = self.words.locale.weekday_date(day, self.words.today);
        if day == self.words.today {
            format!("today, {date}")
        } else {
            date
        }
    }

    fn touch(&self, read: &TouchLine) -> Vec<Span> {
        let touch = &read.touch;
        let mut parts = vec![
            match touch.direction {
                Direction::In => "they".to_owned(),
                Direction::Out => "we".to_owned(),
            },
            touch.channel.code().to_owned(),
        ];
        match touch.status {
            TouchStatus::Held => {}
            TouchStatus::Proposed => parts.push("a time proposed".to_owned()),
            TouchStatus::Declined => parts.push("declined".to_owned()),
            TouchStatus::Moved => parts.push("moved".to_owned()),
            TouchStatus::NoShow => parts.push("nobody came".to_owned()),
        }
        parts.push(match touch.minutes {
            Some(minutes) => format!("{minutes} min"),
            None => format!("{} min assumed", Channel::default_minutes(touch.channel)),
        });
        parts.push(self.day(touch.day));
        if !touch.contacts.is_empty() {
            parts.push(format!("with {}", self.names(&touch.contacts)));
        }
        let mut spans = Vec::new();
        if !read.unknown.is_empty() {
            let names = self.names(&read.unknown);
            spans.push(Span::text(parts.join(" · ")));
            let words = format!(" · {names} is new here: kept as a contact");
            spans.push(Span::new(words, Role::Open));
            // What follows is set off from it.
            parts = vec![String::new()];
        }
        if !touch.people.is_empty() {
            let people: Vec<String> = touch.people.iter().map(|name| safe(name)).collect();
            parts.push(format!("with our {}", people.join(" and ")));
        }
        if touch.after_hours == AfterHours::Yes {
            parts.push("after hours".to_owned());
        }
        if let Some(document) = &touch.document {
            parts.push(format!("document {}", self.free(document)));
        }
        if touch.asks_info {
            parts.push("asks for information".to_owned());
        }
        if touch.is_curt() {
            parts.push("curt".to_owned());
        }
        parts.extend(touch.text.as_deref().map(|text| self.free(text)));
        spans.push(Span::text(parts.join(" · ")));
        spans
    }

    fn promise(&self, read: &CommitmentSheet) -> Vec<Span> {
        let who = match read.side {
            Side::They => "they owe us",
            Side::We => "we owe them",
        };
        let mut parts = vec![who.to_owned(), self.free(&read.what)];
        parts.extend(read.due.map(|day| format!("by {}", self.day(day))));
        let known = known_names(self.model, self.deal);
        let paired = known.promises.iter().find(|p| Some(p.id) == read.paired);
        parts.extend(paired.map(|p| format!("for {}", self.free(&p.what))));
        let mut spans = vec![Span::text(parts.join(" · "))];
        if read.due.is_some_and(|day| day < self.words.today) {
            spans.push(Span::new(" · that day is over", Role::Open));
        }
        spans
    }

    fn concession(&self, read: &ConcessionSheet) -> Vec<Span> {
        let kind = match read.kind {
            ConcessionKind::Discount => "discount",
            ConcessionKind::FreeWork => "free work",
            ConcessionKind::Promise => "a promise of ours",
            ConcessionKind::Bait => "bait of theirs",
        };
        let mut parts = vec![kind.to_owned(), self.free(&read.what)];
        parts.extend(read.amount.map(|amount| self.words.money(amount)));
        if let Some(traded) = read.traded_for.as_deref() {
            parts.push(format!("for {}", self.free(traded)));
        } else if read.kind != ConcessionKind::Bait {
            parts.push("for nothing in return".to_owned());
        }
        if read.hard_to_keep {
            parts.push("hard to keep".to_owned());
        }
        if read.kind == ConcessionKind::Bait {
            parts.push(super::detail::bait_rate(self.model.facts.bait));
        }
        vec![Span::text(parts.join(" · "))]
    }

    /// What fits at the cursor.
    fn options(&self, kind: LineKind, input: &TextInput) -> Line {
        let text = input.text();
        let (_, column) = input.cursor();
        let cursor = text.char_indices().nth(column);
        let cursor = cursor.map_or(text.len(), |(at, _)| at);
        let known = offered_names(self.model, self.deal);
        let Some(found) = line::complete(kind, &text, cursor, &known) else {
            return Line::Blank;
        };
        let mut spans = vec![Span::key("Tab"), Span::text("  ")];
        let options = found.options.iter().take(MOST).map(|option| safe(option));
        spans.push(Span::quiet(options.collect::<Vec<_>>().join("  ")));
        Row::new(1).fill_spans(spans).into()
    }
}
