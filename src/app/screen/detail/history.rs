//! What happened last: touches, notes and moves on one line of time.

use chrono::NaiveDate;

use super::super::doc::{Line, Para, Role, Row, Span};
use super::super::text::height_of;
use super::super::words::safe;
use super::{Set, View};
use crate::domain::deal::{Direction, MoveRow, TouchRow};

/// Something that happened.
pub(super) struct Event {
    pub(super) day: NaiveDate,
    pub(super) who: &'static str,
    pub(super) text: String,
}

impl View<'_, '_> {
    /// The latest events, as many as there is room for beside the blocks that follow, and at
    /// least one.
    pub(super) fn history(&self, set: Set, kept: usize, lines: &mut Vec<Line>) {
        let Some(detail) = self.detail else { return };
        let mut events: Vec<Event> = Vec::new();
        events.extend(detail.touches.iter().map(|touch| self.touch(touch)));
        events.extend(detail.notes.iter().map(|note| {
            Event {
                day: note
                    .at
                    .get(..10)
                    .and_then(|day| day.parse().ok())
                    .unwrap_or(self.words.today),
                who: "note",
                text: self.words.free(Some(self.known.id), &note.text),
            }
        }));
        events.extend(detail.moves.iter().filter_map(|row| self.moved(row)));
        events.sort_by_key(|event| std::cmp::Reverse(event.day));
        let used = height_of(lines, self.inner());
        let gap = usize::from(set == Set::Airy);
        let room = usize::from(self.room.height).saturating_sub(used + gap);
        // Blocks take the lower half where there is one; what happened last keeps a few lines.
        let least = match set {
            Set::Airy => 3 + 3 * usize::from(room > 6),
            Set::Close => 1,
        };
        let room = room.saturating_sub(kept);
        if set == Set::Airy {
            lines.push(Line::Blank);
        }
        if events.is_empty() {
            let row = Row::new(1)
                .fixed(12, Span::new("Record", Role::Head))
                .fill("no touch on record");
            lines.push(row.into());
        }
        for event in events.into_iter().take(room.max(least)) {
            let day = self.words.day(event.day);
            lines.push(match set {
                Set::Airy => Row::new(1)
                    .fixed(12, day)
                    .fixed(6, event.who)
                    .fill(Span::text(event.text))
                    .into(),
                Set::Close => Row::new(1)
                    .fill(Span::text(format!("{day} {}: {}", event.who, event.text)))
                    .into(),
            });
        }
    }

    /// The record's own description, where it has one.
    pub(super) fn description(&self, lines: &mut Vec<Line>) {
        let text = self
            .detail
            .and_then(|detail| detail.deal.description.as_ref());
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return;
        };
        let words = self.words.block(Some(self.known.id), text);
        lines.push(Line::Blank);
        lines.push(Line::Para(Para {
            indent: 1,
            hang: 1,
            spans: vec![Span::text(words)],
            most: 12,
        }));
    }

    pub(super) fn touch(&self, touch: &TouchRow) -> Event {
        let mut text = safe(&touch.channel).replace('_', " ");
        match touch.minutes {
            Some(minutes @ 1..120) => text = format!("{text} {minutes} min"),
            Some(minutes @ 120..) => {
                let hours = self.words.hours(minutes as f64 / 60.0);
                text = format!("{text} {hours} h");
            }
            Some(_) | None => {}
        }
        if let Some(said) = touch.text.as_ref().filter(|said| !said.is_empty()) {
            // The subject stands first, on a line of its own.
            let said = self.words.block(Some(self.known.id), said);
            let said = match said.trim().split_once('\n') {
                Some((subject, body)) => format!("{subject} · {}", safe(body.trim())),
                None => safe(&said),
            };
            text = format!("{text}, {said}");
        }
        let who = match touch.direction {
            Direction::In => "they",
            Direction::Out => "we",
        };
        Event {
            day: touch.day,
            who,
            text,
        }
    }

    /// A move of stage or date; amounts are left to the mask and to the journal.
    pub(super) fn moved(&self, row: &MoveRow) -> Option<Event> {
        let day = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| text.parse().ok())
                .map_or_else(|| "none".to_owned(), |day| self.words.day(day))
        };
        let word = |text: &Option<String>| text.as_deref().map_or_else(|| "none".to_owned(), safe);
        let (who, text) = match row.field.as_str() {
            "expected_close" => ("date", format!("{} to {}", day(&row.old), day(&row.new))),
            "stage" => ("stage", format!("{} to {}", word(&row.old), word(&row.new))),
            _ => return None,
        };
        Some(Event {
            day: row.day,
            who,
            text,
        })
    }
}
